//! How long it takes to find the data behind printed numbers: `cargo bench --bench reconstruct`.
//! `benches/peers` compares the same cases with closure-core.

#[path = "measure.rs"]
mod measure;

use measure::measure;
use reffect::check;
use reffect::numeric::decimal::Decimal;
use reffect::numeric::rounding::Rounding;
use reffect::read::Dataset;
use reffect::reconstruct::paired::{JointTables, Paired, thresholds};
use reffect::reconstruct::{DataSets, Grid, Summary};
use reffect::reported::Scale;
use std::hint::black_box;
use std::ops::ControlFlow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let whole = |low, high| {
        let [low, high] = [low, high].map(|end| Some(Decimal::from_integer(end)));
        Grid::range(low, high, Decimal::from_integer(1))
    };
    for (cell, n, low, high, runs) in [
        ("4.7 ± 2.2", 50, 1, 7, 200),
        ("3.7 ± 1.2", 120, 1, 5, 200),
        ("4.26 ± 1.58", 100, 1, 7, 100),
        ("3.0 ± 1.2", 200, 1, 5, 100),
        ("4.3 ± 1.6", 100, 1, 7, 10),
        ("3.81 ± 3.09", 156, 1, 7, 200),
        ("6.1 ± 2.0", 50, 0, 10, 10),
    ] {
        let (grid, summary) = (whole(low, high)?, Summary::sample(&cell.parse()?, n));
        let sets = || DataSets::new(black_box(&summary), &grid, &[]);
        let found = sets()?.count()?;
        measure(&format!("count {cell}, {n}, {low}–{high}: {found}"), runs, || sets().map(|sets| sets.count()));
        measure(&format!("list  {cell}, {n}, {low}–{high}"), runs, || {
            let mut listed = 0u64;
            let _ = sets().map(|sets| {
                sets.for_each(|counts| {
                    black_box(counts);
                    listed += 1;
                    ControlFlow::Continue(())
                })
            });
            listed
        });
    }
    let edss = Grid::of_scale(&Scale::Edss)?;
    let behind = |cell: &str| -> Result<DataSets, Box<dyn std::error::Error>> {
        Ok(DataSets::new(&Summary::sample(&cell.parse()?, 7), &edss, &[])?)
    };
    let (before, after) = (behind("5.1 ± 1.7")?, behind("4.1 ± 1.6")?);
    measure("EDSS: ranges over all pairings", 50, || Paired::new(&before, &after, 0.05));
    measure("EDSS: thresholds of r", 20, || thresholds(&before, &after, 0.05));
    measure("EDSS: 35 million joint tables", 3, || JointTables::new(&before, &after, 0.05, 100_000_000));
    let trials = Dataset::load(format!("{}/data", env!("CARGO_MANIFEST_DIR")))?;
    let nmo = trials.release("nmo-tocilizumab-2014")?;
    measure("every check of release 002", 20, || check::of_release(nmo, Rounding::default()));
    Ok(())
}
