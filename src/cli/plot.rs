//! `reffect plot`: one chart.

use super::args::{ChartKind, Common, PlotArgs};
use super::failure::Failure;
use super::output::write_file;
use crate::chart::{Chart, ChartError, Style};
use crate::effect::contrast::{ContrastOptions, Correlation};
use crate::effect::of_release::{ReleaseEffects, effects};
use crate::read::Dataset;
use crate::report::charts;
use crate::reported::Release;

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        Self::call(format!("the chart could not be drawn: {error}"), "")
    }
}

pub fn run(args: &PlotArgs, common: &Common) -> Result<(), Failure> {
    let ending = args.output.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_png = match ending.as_deref() {
        Some("svg") => false,
        Some("png") => true,
        other => {
            let found = other.map_or("no ending".to_owned(), |ending| format!(".{ending}"));
            return Err(Failure::call(
                format!("{} has {found}, and charts are written as .svg or .png", args.output.display()),
                "name the file as in -o chart.svg",
            ));
        }
    };
    let dataset = Dataset::load_all(&args.paths)?;
    let correlation = if args.r.is_empty() { Correlation::Unknown } else { Correlation::Given(args.r.clone()) };
    let options = ContrastOptions { correlation, level: common.level, ..ContrastOptions::default() };
    let computed: Vec<(&Release, ReleaseEffects)> =
        dataset.releases().iter().map(|release| (release, effects(release, &options, common.rounding))).collect();
    let style = Style { width: args.width, ..Style::default() };
    let chart: Box<dyn Chart> = match args.kind {
        ChartKind::BeforeAfter => {
            let (release, effects) = one_with_a_chart(&computed)?;
            Box::new(charts::before_after(release, effects, common.lang).ok_or_else(|| no_chart(release))?)
        }
        ChartKind::Overview => {
            let pairs: Vec<(&Release, &ReleaseEffects)> = computed.iter().map(|(r, e)| (*r, e)).collect();
            Box::new(charts::overview(&pairs, common.lang))
        }
    };
    let bytes = if is_png { chart.png(&style, args.scale)? } else { chart.svg(&style)?.into_bytes() };
    write_file(&args.output, &bytes)
}

/// A before/after chart shows one release: the only one that there is, or the only one with results.
fn one_with_a_chart<'a>(
    computed: &'a [(&'a Release, ReleaseEffects)],
) -> Result<(&'a Release, &'a ReleaseEffects), Failure> {
    if let [(release, effects)] = computed {
        return Ok((release, effects));
    }
    let with: Vec<_> = computed.iter().filter(|(_, effects)| !effects.contrasts.is_empty()).collect();
    match with[..] {
        [(release, effects)] => Ok((release, effects)),
        [] => Err(Failure::call("no release has a before/after result", "`reffect effect` says why for each")),
        _ => {
            let names: Vec<&str> = with.iter().map(|(release, _)| release.id.as_str()).collect();
            Err(Failure::call(
                format!("a before/after chart shows one release, and {} have results", names.join(" and ")),
                "name one of their files, or draw all of them with `reffect plot overview`",
            ))
        }
    }
}

fn no_chart(release: &Release) -> Failure {
    Failure::call(
        format!("{} has no before/after result to draw", release.id),
        format!("`reffect effect {}.toml` says why", release.id),
    )
}
