//! How long before/after effects take: `cargo bench --bench before_after`.
//!
//! Each line is the median of many runs, with the fastest and the slowest of the middle half, so
//! that two runs of this program can be compared on a loaded machine.

#[path = "measure.rs"]
mod measure;

use measure::measure;
use reffect::effect::before_after::BeforeAfter;
use reffect::effect::contrast::{Contrast, ContrastOptions};
use reffect::effect::of_release::effects;
use reffect::estimate::{Measure, Moments};
use reffect::numeric::dist::noncentrality;
use reffect::numeric::rounding::Rounding;
use reffect::read::{Dataset, read_release};
use std::hint::black_box;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let edss = BeforeAfter { n: Some(7), before: Moments::exact(5.1, 1.7), after: Moments::exact(4.1, 1.6) };
    let root = env!("CARGO_MANIFEST_DIR");
    let text = std::fs::read_to_string(format!("{root}/data/nmo-tocilizumab-2014.toml"))?;
    let trials = Dataset::load(format!("{root}/data"))?;
    let nmo = trials.release("nmo-tocilizumab-2014")?;
    let options = ContrastOptions::default();

    measure("one limit of the noncentral t", 2000, || noncentrality(black_box(-1.6), 6.0, 0.975));
    measure("SMCR at one r", 20000, || edss.estimate(Measure::Smcr, black_box(Some(0.5)), 0.95));
    measure("every measure at one r", 1000, || edss.estimates(black_box(Some(0.5)), 0.95));
    measure("one contrast with its scenarios", 300, || Contrast::new(black_box(edss), &options));
    measure("every effect of a release", 100, || effects(black_box(nmo), &options, Rounding::UpOrDown));
    measure("reading a release", 300, || read_release("nmo", "nmo.toml", black_box(&text)));
    #[cfg(feature = "font-ja")]
    {
        let computed = effects(nmo, &options, Rounding::UpOrDown);
        use reffect::chart::Chart;
        let style = reffect::chart::Style::default();
        let chart =
            reffect::report::charts::before_after(nmo, &computed, reffect::reported::Lang::Ja).ok_or("no chart")?;
        measure("a chart of four panels as SVG", 100, || chart.svg(&style));
        measure("the same as PNG, 1280 pixels wide", 30, || chart.png(&style, 1.0));
    }
    Ok(())
}
