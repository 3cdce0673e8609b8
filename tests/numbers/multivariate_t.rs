//! The largest of several correlated t statistics against R's mvtnorm (`tests/ref/mvt.R`), tables and other integrals.

use reffect::numeric::dist::{LargestOf, studentized_range_sf, t_two_sided_p};
use reffect::numeric::matrix::Matrix;
use std::collections::BTreeMap;

fn correlation(k: usize, of: impl Fn(usize, usize) -> f64) -> Matrix {
    Matrix::from_fn(k, k, |i, j| if i == j { 1.0 } else { of(i, j) })
}

#[test]
fn probabilities_agree_with_mvtnorm() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/mvt.csv").as_bytes());
    let mut known: BTreeMap<String, LargestOf> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let k: usize = row[1].parse().unwrap();
        let entries: Vec<f64> = row[2].split(' ').map(|text| text.parse().unwrap()).collect();
        let largest = known
            .entry(row[0].to_owned())
            .or_insert_with(|| LargestOf::new(&Matrix::from_fn(k, k, |i, j| entries[i * k + j])).unwrap());
        let df = if number(3) == 0.0 { f64::INFINITY } else { number(3) };
        let (found, expected) = (largest.sf(number(4), df), number(5));
        let within = number(6) + 3.0 * largest.error() * expected + 1e-9;
        assert!((found - expected).abs() <= within, "{row:?}: {found} for {expected}, {within:.1e}");
        assert!(largest.error() < 2e-4, "{row:?}: {}", largest.error());
        let is_product = row[0].starts_with("dunnett") || k == 2;
        assert_eq!(is_product, largest.error() == 0.0, "{row:?}");
    }
    assert_eq!(known.len(), 7);
}

/// Dunnett (1964), Biometrics 20:482, table II: two-sided 5 % points for k treatments and a control.
#[test]
fn critical_values_are_those_of_dunnett() {
    for (df, values) in [
        (5.0, [2.57, 3.03, 3.29, 3.48, 3.62]),
        (10.0, [2.23, 2.57, 2.76, 2.89, 2.99]),
        (20.0, [2.09, 2.38, 2.54, 2.65, 2.73]),
        (60.0, [2.00, 2.27, 2.41, 2.51, 2.58]),
        (f64::INFINITY, [1.96, 2.21, 2.35, 2.44, 2.51]),
    ] {
        for (k, expected) in values.into_iter().enumerate() {
            let found = LargestOf::new(&correlation(k + 1, |_, _| 0.5)).unwrap().critical(0.95, df);
            assert!((found - expected).abs() < 0.0051, "{} with {df}: {found} for {expected}", k + 1);
        }
    }
}

/// All differences of independent means with one variance have the distribution of the studentized range.
#[test]
fn all_pairs_of_equal_means_are_the_studentized_range() {
    for means in [3usize, 4] {
        let pairs: Vec<(usize, usize)> =
            (1..means).flat_map(|later| (0..later).map(move |earlier| (later, earlier))).collect();
        let sign =
            |at: usize, pair: (usize, usize)| f64::from(u8::from(pair.0 == at)) - f64::from(u8::from(pair.1 == at));
        let of = |i: usize, j: usize| (0..means).map(|at| sign(at, pairs[i]) * sign(at, pairs[j])).sum::<f64>() / 2.0;
        let largest = LargestOf::new(&correlation(pairs.len(), of)).unwrap();
        for df in [4.0, 17.5, f64::INFINITY] {
            for t in [0.4, 1.3, 2.4, 3.3, 5.0, 9.0] {
                let (found, exact) = (largest.sf(t, df), studentized_range_sf(t * 2f64.sqrt(), means, df));
                let relative = (found / exact - 1.0).abs();
                eprintln!("{means} {df} {t} {relative:.1e} {}", largest.error());
                assert!(relative < 2e-4, "{means} means, {df} df, t = {t}: {found} for {exact}, {relative:.1e}");
            }
        }
    }
}

#[test]
fn limits_are_exact() {
    // Independent statistics with a known standard error: Šidák.
    let alone = LargestOf::new(&correlation(4, |_, _| 0.0)).unwrap();
    let one = t_two_sided_p(2.0, f64::INFINITY);
    assert!((alone.sf(2.0, f64::INFINITY) - (1.0 - (1.0 - one).powi(4))).abs() < 1e-13);
    // One statistic, and the same one three times.
    for k in [1, 3] {
        let same = LargestOf::new(&correlation(k, |_, _| 1.0)).unwrap();
        for t in [0.7, 2.5, 6.0] {
            assert!((same.sf(t, 7.3) / t_two_sided_p(t, 7.3) - 1.0).abs() < 1e-6, "{k} {t}");
        }
    }
    // Signs do not matter, and tails keep their digits: far out each fails alone.
    let (plus, minus) = (correlation(3, |_, _| 0.5), correlation(3, |i, j| if i == 0 || j == 0 { -0.5 } else { 0.5 }));
    let [plus, minus] = [plus, minus].map(|of| LargestOf::new(&of).unwrap());
    assert!((plus.sf(2.3, 9.0) / minus.sf(2.3, 9.0) - 1.0).abs() < 1e-9);
    let far = plus.sf(8.0, f64::INFINITY) / (3.0 * t_two_sided_p(8.0, f64::INFINITY));
    assert!(far < 1.0 && far > 0.98, "{far}");
    assert!(LargestOf::new(&correlation(2, |_, _| 1.5)).is_none() && plus.sf(f64::NAN, 5.0).is_nan());
    assert!(plus.sf(1.0, 0.0).is_nan() && plus.critical(1.0, 5.0).is_nan());
}
