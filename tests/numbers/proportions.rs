//! Proportions against 50-digit values (`tests/ref/proportions.py`) and brute force.

use crate::common::{Comparison, golden, number};
use reffect::effect::proportion::{Proportion, ProportionCi, denominators};
use reffect::numeric::numeral::Numeral;
use reffect::numeric::rounding::Rounding;

#[test]
fn intervals_agree_with_independent_values() {
    let mut comparison = Comparison::default();
    for row in golden("proportions.csv") {
        let proportion = Proportion::new(row[0].parse().unwrap(), row[1].parse().unwrap()).unwrap();
        let (_, method) = ProportionCi::ALL.into_iter().find(|(name, _)| *name == row[3]).unwrap();
        let interval = proportion.interval(method, number(&row[2]).unwrap());
        for (found, expected) in [(interval.lower, &row[4]), (interval.upper, &row[5])] {
            comparison.close(&row.join(","), found, number(expected).unwrap(), 1e-11, 1e-15);
        }
    }
    comparison.finish(240);
}

#[test]
fn denominators_of_a_percentage_agree_with_brute_force() {
    let printed: Numeral = "85.7%".parse().unwrap();
    let found = denominators(printed.rounding_interval(Rounding::UpOrDown), 100);
    let expected: Vec<(u64, u64)> =
        golden("denominators.csv").iter().map(|row| (row[0].parse().unwrap(), row[1].parse().unwrap())).collect();
    assert_eq!(found.iter().map(|d| (d.k, d.n)).collect::<Vec<_>>(), expected);
}

#[test]
fn huge_counts_have_their_intervals_at_once() {
    for (k, n) in
        [(0, 10_000_000), (1, 10_000_000), (9_999_999, 10_000_000), (5_000_000, 10_000_000), (3, 1_000_000_000)]
    {
        let proportion = Proportion::new(k, n).unwrap();
        for (name, method) in ProportionCi::ALL {
            let interval = proportion.interval(method, 0.95);
            assert!(
                interval.lower <= proportion.estimate() && proportion.estimate() <= interval.upper,
                "{name} {k}/{n}"
            );
            // Every interval is about as wide as the normal one, or as the rule of three.
            let half = 1.96 * (proportion.estimate() * (1.0 - proportion.estimate()) / n as f64).sqrt();
            assert!(interval.width() < 4.0 * half + 12.0 / n as f64, "{name} {k}/{n}: {interval:?}");
        }
    }
}
