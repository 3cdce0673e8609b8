//! Reconstruction against forward brute force, and against the cases in which published tools err.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reffect::numeric::decimal::Decimal;
use reffect::numeric::rounding::{Rounding, RoundingInterval};
use reffect::reconstruct::{Constraint, DataSets, Grid, Summary};
use reffect::reported::{Scale, SpreadMeaning};
use std::ops::ControlFlow;

fn whole(min: i64, max: i64) -> Grid {
    Grid::range(Some(Decimal::from_integer(min)), Some(Decimal::from_integer(max)), Decimal::from_integer(1)).unwrap()
}

fn sets(cell: &str, n: u64, grid: &Grid) -> DataSets {
    DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), grid, &[]).unwrap()
}

fn count(cell: &str, n: u64, grid: &Grid) -> u128 {
    sets(cell, n, grid).count().unwrap()
}

/// Release 002: consistency.md gives these counts, from an exhaustive search in another program.
#[test]
fn cells_of_release_002() {
    let [relapses, edss, nrs] =
        [Scale::Count, Scale::Edss, Scale::Nrs].map(|scale| Grid::of_scale(&scale).unwrap());
    for (cell, grid, readings) in [
        ("2.9 ± 1.1", &relapses, [3, 3, 39, 3]),
        ("0.4 ± 0.8", &relapses, [1, 0, 0, 0]),
        ("5.1 ± 1.7", &edss, [369, 509, 473, 509]),
        ("4.1 ± 1.6", &edss, [224, 351, 0, 351]),
        ("3.0 ± 1.5", &nrs, [6, 5, 12, 5]),
        ("0.9 ± 1.2", &nrs, [1, 0, 0, 0]),
        ("6.1 ± 2.0", &nrs, [19, 21, 0, 21]),
        ("3.0 ± 1.4", &nrs, [5, 6, 20, 6]),
    ] {
        let summary = Summary::sample(&cell.parse().unwrap(), 7);
        let meanings = [SpreadMeaning::Sd, SpreadMeaning::PopulationSd, SpreadMeaning::Se, SpreadMeaning::Ci95];
        let counts = meanings.map(|meaning| {
            DataSets::new(&summary.read_as(meaning), grid, &[]).unwrap().count().unwrap()
        });
        println!("{cell} {counts:?} {readings:?}");
    }
}

#[test]
fn counts_that_other_programs_found() {
    for (cell, n, low, high, expected) in [
        ("2.9 ± 0.5", 25, 1, 5, 4),
        ("3.5 ± 1.7", 70, 1, 5, 2_492),
        ("4.0 ± 1.5", 30, 1, 7, 5_398),
        ("6.1 ± 2.0", 25, 0, 10, 41_754),
        ("4.7 ± 2.2", 50, 1, 7, 81_020),
        ("3.7 ± 1.2", 120, 1, 5, 49_375),
        ("4.26 ± 1.58", 100, 1, 7, 43_533),
        ("3.0 ± 1.2", 200, 1, 5, 661_948),
        ("4.3 ± 1.6", 100, 1, 7, 7_732_205),
        ("3.81 ± 3.09", 156, 1, 7, 0),
        ("6.1 ± 2.0", 50, 0, 10, 67_925_450),
        ("2.5 ± 0.7", 2, 1, 5, 1),
        ("0.3 ± 0.9", 12, -3, 3, 10),
    ] {
        let t = std::time::Instant::now();
        let c = count(cell, n, &whole(low, high));
        println!("{cell} {c} {expected} {:?}", t.elapsed());
    }
}
