//! GRIM, GRIMMER and DEBIT against exhaustive search (`tests/ref/reconstruct/*.py`).

use crate::common::golden;
use reffect::check::debit::debit;
use reffect::check::grim::{grim, grim_percentage};
use reffect::check::grimmer::grimmer;
use reffect::reconstruct::{Lattice, Summary};
use reffect::reported::SpreadMeaning;

fn summary(mean: &str, sd: Option<&str>, n: &str, rounding: &str, kind: &str) -> Summary {
    let meaning = if kind == "population" { SpreadMeaning::PopulationSd } else { SpreadMeaning::Sd };
    Summary {
        mean: mean.parse().unwrap(),
        spread: sd.map(|sd| sd.parse().unwrap()),
        meaning,
        n: n.parse().unwrap(),
        rounding: rounding.parse().unwrap(),
    }
}

#[test]
fn grim_agrees_with_every_total() {
    let rows = golden("reconstruct/grim.csv");
    assert!(rows.len() >= 300);
    for row in rows {
        let summary = summary(&row[0], None, &row[1], &row[4], "sample");
        let found = match row[3].as_str() {
            "true" => grim_percentage(&summary.mean, summary.n, summary.rounding),
            _ => grim(&summary, Lattice::whole(row[2].parse().unwrap())),
        };
        let found = found.unwrap();
        assert_eq!(found.is_consistent(), row[5] == "true", "{row:?}");
        let totals: Vec<String> = found.totals().map(|total| total.to_string()).collect();
        assert_eq!(totals.join("|"), row[6], "{row:?}");
    }
}

#[test]
fn grimmer_agrees_with_exhaustive_search() {
    let rows = golden("reconstruct/grimmer.csv");
    assert!(rows.len() >= 500);
    for row in rows {
        let summary = summary(&row[0], Some(&row[1]), &row[2], &row[4], &row[5]);
        let found = grimmer(&summary, Lattice::whole(row[3].parse().unwrap())).unwrap();
        assert_eq!(found.is_consistent(), row[7] == "true", "{row:?} {found:?}");
    }
}

#[test]
fn debit_agrees_with_every_count() {
    let rows = golden("reconstruct/debit.csv");
    assert!(rows.len() >= 300);
    for row in rows {
        let found = debit(&summary(&row[0], Some(&row[1]), &row[2], &row[3], &row[4])).unwrap();
        let counts: Vec<String> = found.iter().map(u64::to_string).collect();
        assert_eq!((counts.join("|"), !found.is_empty()), (row[6].clone(), row[5] == "true"), "{row:?}");
    }
}
