//! Reconstruction against forward brute force and other algorithms (`tests/ref/reconstruct/*.py`),
//! and the cases in which published tools err.

use crate::common::{Comparison, golden, number};
use proptest::prelude::*;
use reffect::check::slopes::follow_ups;
use reffect::numeric::decimal::Decimal;
use reffect::numeric::dist::signed_rank_test;
use reffect::numeric::interval::Interval;
use reffect::numeric::numeral::Numeral;
use reffect::numeric::rounding::Rounding;
use reffect::reconstruct::independent::Independent;
use reffect::reconstruct::paired::{JointTables, Paired, RNeeded, thresholds};
use reffect::reconstruct::{Constraint, DataSets, Grid, Lattice, Summary};
use reffect::reported::{Scale, SpreadMeaning};

fn decimal(text: &str) -> Decimal {
    text.parse::<Numeral>().unwrap().decimal()
}

/// `0:10:1`, `items=3:1:7` or `0|1|1.5`.
fn grid(text: &str) -> Grid {
    if let Some(items) = text.strip_prefix("items=") {
        let parts: Vec<i64> = items.split(':').map(|part| part.parse().unwrap()).collect();
        return Grid::items(parts[0] as u32, parts[1], parts[2]).unwrap();
    }
    match text.split(':').collect::<Vec<_>>()[..] {
        [min, max, step] => Grid::range(Some(decimal(min)), Some(decimal(max)), decimal(step)).unwrap(),
        _ => Grid::list(&text.split('|').map(decimal).collect::<Vec<_>>()).unwrap(),
    }
}

fn meaning(name: &str) -> SpreadMeaning {
    match name {
        "sample" => SpreadMeaning::Sd,
        "population" => SpreadMeaning::PopulationSd,
        "se" => SpreadMeaning::Se,
        "ci95" => SpreadMeaning::Ci95,
        other => panic!("{other}"),
    }
}

fn summary(mean: &str, sd: &str, n: &str, rounding: &str) -> Summary {
    Summary {
        mean: mean.parse().unwrap(),
        spread: Some(sd.parse().unwrap()),
        meaning: SpreadMeaning::Sd,
        n: n.parse().unwrap(),
        rounding: rounding.parse().unwrap(),
    }
}

fn sets(cell: &str, n: u64, grid: &Grid) -> DataSets {
    DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), grid, &[]).unwrap()
}

/// 615 cells: all rounding conventions, four readings of ±, half steps, items, lists, negative scales,
/// constraints, impossible SDs, n = 1 and 2, and every count that the literature names.
#[test]
fn counts_agree_with_brute_force() {
    let mut compared = 0;
    for row in golden("reconstruct/cells.csv") {
        let [mean, sd, n, scale, rounding, kind, constraints, expected] = &row[..] else { panic!("{row:?}") };
        let summary = summary(mean, sd, n, rounding).read_as(meaning(kind));
        let constraints: Vec<Constraint> =
            constraints.split(';').filter(|text| !text.trim().is_empty()).map(|text| text.parse().unwrap()).collect();
        let found = DataSets::new(&summary, &grid(scale), &constraints).and_then(|sets| sets.count());
        if n == "1" && kind != "population" {
            assert!(found.unwrap_err().to_string().contains("at least 2"), "{row:?}");
        } else {
            assert_eq!(found.unwrap().to_string(), *expected, "{row:?}");
        }
        compared += 1;
    }
    assert!(compared >= 600);
}

/// Paired cells by all permutations: how many tables, how many significant, and every range.
#[test]
fn paired_ranges_agree_with_all_permutations() {
    let mut comparison = Comparison::default();
    for row in golden("reconstruct/paired.csv") {
        let behind = |mean: &str, sd: &str, scale: &str| {
            DataSets::new(&summary(mean, sd, &row[4], &row[7]), &grid(scale), &[]).unwrap()
        };
        let (before, after) = (behind(&row[0], &row[1], &row[5]), behind(&row[2], &row[3], &row[6]));
        if before.grid().denominator() != after.grid().denominator() {
            assert!(Paired::new(&before, &after, 0.05).is_err());
            continue;
        }
        let tables: f64 = number(&row[10]).unwrap();
        let found = Paired::new(&before, &after, 0.05).unwrap();
        assert_eq!(found.is_some(), tables > 0.0, "{row:?}");
        let Some(found) = found else { continue };
        assert!(found.exact);
        let what = row[..5].join(",");
        // Where everybody may change by the same amount, t is infinite there and p is 0; the golden
        // ranges leave such tables out.
        let is_degenerate = number(&row[31]).unwrap() > 0.0;
        let mut range = |name: &str, found: Option<Interval>, column: usize| {
            let ends = [number(&row[column]), number(&row[column + 1])];
            let Some([lower, upper]) = ends[0].zip(ends[1]).map(<[f64; 2]>::from) else { return };
            let found = found.unwrap_or_else(|| panic!("{what}: no {name}"));
            for (found, expected) in [(found.lower, lower), (found.upper, upper)] {
                comparison.close(&format!("{what} {name}"), found, expected, 1e-9, 1e-12);
            }
        };
        range("r", found.r, 11);
        range("sd_change", Some(found.sd_change), 13);
        if !is_degenerate {
            range("dz", found.dz, 15);
            range("t", found.t, 17);
            range("p", found.p, 19);
        }
        if let (Some(lower), Some(upper)) = (number(&row[27]), number(&row[28])) {
            let expected = match found.r_needed {
                RNeeded::Any => upper < -1.0,
                RNeeded::None => lower >= 1.0,
                RNeeded::Between { r, sometimes_none } => {
                    // The golden upper end is that of all data sets, those in which no r does included.
                    let ends =
                        (r.lower - lower.max(-1.0)).abs() < 1e-9 && (sometimes_none || (r.upper - upper).abs() < 1e-9);
                    ends && sometimes_none == (upper >= 1.0)
                }
                RNeeded::Undefined => false,
            };
            assert!(expected, "{what}: {:?} against {lower} to {upper}", found.r_needed);
        }
        if let (false, Some(found)) = (is_degenerate, thresholds(&before, &after, 0.05)) {
            for (found, expected) in [(found.least_significant, &row[33]), (found.most_not_significant, &row[34])] {
                assert_eq!(found.is_some(), !expected.is_empty(), "{row:?}");
                let [found, expected] = [found, number(expected)].map(Option::unwrap_or_default);
                assert!((found - expected).abs() < 1e-9, "{what}: {found} and not {expected}");
            }
        }
        if tables > 1e6 {
            continue; // the pairings of EDSS have a test of their own
        }
        let joint = JointTables::new(&before, &after, 0.05, 1_000_000).unwrap();
        range("wilcoxon", Some(joint.wilcoxon_p), 21);
        range("pratt", Some(joint.pratt_p), 23);
        range("sign", Some(joint.sign_p), 25);
        let moved = number(&row[32]).unwrap();
        for (found, expected) in [
            (joint.tables, tables),
            (joint.significant, number(&row[29]).unwrap() + moved),
            (joint.wilcoxon_significant, number(&row[30]).unwrap()),
        ] {
            assert_eq!(found as f64, expected, "{row:?}");
        }
        if !is_degenerate {
            for (found, expected) in [(joint.least_r_significant, &row[33]), (joint.most_r_not_significant, &row[34])] {
                assert_eq!(found.is_some(), !expected.is_empty(), "{row:?}");
                comparison.close(&what, found.unwrap_or(0.0), number(expected).unwrap_or(0.0), 1e-9, 1e-12);
            }
        }
    }
    comparison.finish(500);
}

/// The 35 million joint tables of EDSS in release 002; the golden row gives the counts.
#[test]
#[ignore = "a quarter of a minute: 35 million joint tables"]
fn all_pairings_of_edss() {
    let mut compared = 0;
    for row in golden("reconstruct/paired.csv").into_iter().filter(|row| number(&row[10]).unwrap() > 1e6) {
        let behind =
            |mean: &str, sd: &str| DataSets::new(&summary(mean, sd, &row[4], &row[7]), &grid(&row[5]), &[]).unwrap();
        let (before, after) = (behind(&row[0], &row[1]), behind(&row[2], &row[3]));
        let joint = JointTables::new(&before, &after, 0.05, 100_000_000).unwrap();
        let found = [joint.tables, joint.significant, joint.wilcoxon_significant].map(|count| count.to_string());
        assert_eq!(found, [row[10].clone(), row[29].clone(), row[30].clone()]);
        compared += 1;
    }
    assert_eq!(compared, 2);
}

#[test]
fn independent_groups_agree_with_all_data_sets() {
    let mut comparison = Comparison::default();
    for row in golden("reconstruct/welch.csv") {
        let behind = |at: usize| {
            DataSets::new(&summary(&row[at], &row[at + 1], &row[at + 2], &row[8]), &grid(&row[at + 3]), &[]).unwrap()
        };
        let found = Independent::new(&behind(0), &behind(4)).unwrap();
        if number(&row[23]).unwrap() > 0.0 {
            continue; // some data sets leave t undefined, and then there is no range
        }
        let Some(found) = found else {
            assert!(row[11].is_empty(), "{row:?}");
            continue;
        };
        for (name, range, column) in [
            ("t", found.student_t, 11),
            ("p", found.student_p, 13),
            ("welch t", found.welch_t, 15),
            ("welch df", found.welch_df, 17),
            ("welch p", found.welch_p, 19),
            ("g", found.g, 21),
        ] {
            let range = range.unwrap_or_else(|| panic!("{name} {row:?}"));
            for (found, column) in [(range.lower, column), (range.upper, column + 1)] {
                comparison.close(&format!("{name} {row:?}"), found, number(&row[column]).unwrap(), 1e-9, 1e-12);
            }
        }
    }
    comparison.finish(250);
}

#[test]
fn tests_of_ranks_agree_with_r() {
    let mut comparison = Comparison::default();
    for row in golden("reconstruct/signedrank.csv") {
        // Differences of at most two decimals, as whole numbers.
        let differences: Vec<i64> =
            row[0].split('|').map(|d| (d.parse::<f64>().unwrap() * 100.0).round() as i64).collect();
        let found = signed_rank_test(&differences);
        for (found, column) in [(found.exact, 2), (found.pratt, 3), (found.normal, 5), (found.sign, 6)] {
            if let Some(expected) = number(&row[column]) {
                comparison.close(&row.join(","), found, expected, 1e-11, 1e-300);
            }
        }
    }
    comparison.finish(240);
}

/// closure-core returns no data set for these, since its sums are doubles; the exact counts.
#[test]
fn means_that_fall_on_a_tie_are_not_lost() {
    let scale = grid("1:5:1");
    for (cell, expected) in [("3.32 ± 1.27", 56), ("3.43 ± 1.36", 48), ("4.22 ± 0.80", 6), ("4.48 ± 1.30", 1)] {
        assert_eq!(sets(cell, 40, &scale).count(), Ok(expected), "{cell}");
    }
}

/// closure-core gives 10 for the first and 0 for the second; brute force says otherwise.
#[test]
fn two_people_and_negative_scales_are_counted_right() {
    assert_eq!(sets("2.5 ± 0.7", 2, &grid("1:5:1")).count(), Ok(1));
    assert_eq!(sets("0.3 ± 0.9", 12, &grid("-3:3:1")).count(), Ok(10));
}

/// An SD above what the scale allows is seen before anything is searched.
#[test]
fn an_impossible_sd_has_no_data() {
    assert_eq!(sets("3.81 ± 3.09", 156, &grid("1:7:1")).count(), Ok(0));
}

/// "5 of 7 relapse-free" follows from 0.4 ± 0.8.
#[test]
fn relapses_after_tocilizumab_are_determined() {
    let relapses = Grid::of_scale(&Scale::Count).unwrap();
    let behind = sets("0.4 ± 0.8", 7, &relapses);
    let all = behind.list(10).unwrap();
    assert_eq!(all.iter().map(|counts| behind.texts(counts).join(" ")).collect::<Vec<_>>(), ["0 0 0 0 0 1 2"]);
}

/// Cells with more pairs of data sets than tables are visited are not tried one by one.
#[test]
fn too_many_tables_are_seen_without_visiting_them() {
    let scale = Grid::of_scale(&Scale::AlsfrsR).unwrap();
    let (before, after) = (sets("37.73 ± 3.81", 15, &scale), sets("37.07 ± 3.81", 15, &scale));
    assert!(before.count().unwrap() * after.count().unwrap() > 200_000_000);
    let began = std::time::Instant::now();
    assert!(JointTables::new(&before, &after, 0.05, 200_000_000).is_none());
    // It takes no second; visiting tables took a hundred.
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

#[test]
fn levels_that_are_none_are_refused() {
    let grid = Grid::of_scale(&Scale::Count).unwrap();
    let (before, after) = (sets("2.9 ± 1.1", 7, &grid), sets("0.4 ± 0.8", 7, &grid));
    for alpha in [0.0, 1.0, -0.05, 5.0, f64::NAN] {
        let refused = Paired::new(&before, &after, alpha).unwrap_err();
        assert!(refused.to_string().contains("a level between 0 and 1"), "{refused}");
    }
}

/// With so many people that data sets cannot be paired one by one, the ranges are a bracket: every
/// attained value lies inside it.
#[test]
fn brackets_hold_what_is_attained() {
    let nrs = Grid::of_scale(&Scale::Nrs).unwrap();
    let paired = Paired::new(&sets("6.1 ± 2.0", 40, &nrs), &sets("3.0 ± 1.4", 40, &nrs), 0.05).unwrap().unwrap();
    let attained = paired.attained.as_ref().unwrap();
    assert!(!paired.exact && attained.exact);
    for (outer, inner) in [
        (paired.r, attained.r),
        (paired.t, attained.t),
        (paired.p, attained.p),
        (Some(paired.sd_change), Some(attained.sd_change)),
    ] {
        let (outer, inner) = (outer.unwrap(), inner.unwrap());
        assert!(outer.lower <= inner.lower && inner.upper <= outer.upper, "{outer:?} {inner:?}");
    }
    // Drawn data sets in random order never leave it.
    let (before, after) = (sets("6.1 ± 2.0", 40, &nrs), sets("3.0 ± 1.4", 40, &nrs));
    let mut random = reffect::numeric::random::Random::seeded(3);
    for (x, y) in before.sample(50, 1).unwrap().iter().zip(after.sample(50, 2).unwrap()) {
        let (x, mut y) = (before.expanded(x), after.expanded(&y));
        random.shuffle(&mut y);
        let changes: Vec<f64> = x.iter().zip(&y).map(|(x, y)| (y - x) as f64).collect();
        let mean = changes.iter().sum::<f64>() / 40.0;
        let sd = (changes.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
        assert!(paired.sd_change.contains(sd) && paired.t.unwrap().contains(mean / sd * 40f64.sqrt()));
    }
}

/// A uniform sample hits every data set about equally often: χ² with 18 degrees of freedom below its
/// 99.99 % point (49.2).
#[test]
fn samples_are_uniform() {
    let nrs = Grid::of_scale(&Scale::Nrs).unwrap();
    let behind = sets("6.1 ± 2.0", 7, &nrs);
    let mut seen = std::collections::BTreeMap::new();
    for counts in behind.sample(19_000, 5).unwrap() {
        *seen.entry(counts).or_insert(0.0) += 1.0;
    }
    let chi_squared: f64 = seen.values().map(|count: &f64| (count - 1000.0).powi(2) / 1000.0).sum();
    assert!(seen.len() == 19 && chi_squared < 49.2, "{chi_squared}");
}

/// A printed cell, a scale and a rounding, small enough to enumerate.
fn small_cells() -> impl Strategy<Value = (Summary, Grid)> {
    let rounding = prop::sample::select(Rounding::ALL.map(|(_, rounding)| rounding).to_vec());
    (2u64..7, -20i64..60, 0i64..35, 0i64..3, 2i64..6, rounding).prop_map(|(n, mean, sd, low, width, rounding)| {
        let text = |tenths: i64| Decimal::new(i128::from(tenths), -1).to_string().parse::<Numeral>().unwrap();
        let summary = Summary { mean: text(mean), spread: Some(text(sd)), meaning: SpreadMeaning::Sd, n, rounding };
        let ends = [low - 2, low - 2 + width].map(|end| Some(Decimal::from_integer(end)));
        (summary, Grid::range(ends[0], ends[1], Decimal::from_integer(1)).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Every listed data set prints back as reported, no two are the same, and there are as many as
    /// are counted.
    #[test]
    fn what_is_listed_prints_as_reported((summary, grid) in small_cells()) {
        let behind = DataSets::new(&summary, &grid, &[]).unwrap();
        let mut all = behind.list(1_000_000).unwrap();
        prop_assert_eq!(all.len() as u128, behind.count().unwrap());
        for counts in &all {
            let values = behind.values(counts);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let sd = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            let near = |numeral: &Numeral, value: f64| {
                let range = numeral.rounding_interval(summary.rounding).to_interval();
                range.lower - 1e-9 <= value && value <= range.upper + 1e-9
            };
            prop_assert!(near(&summary.mean, mean) && near(summary.spread.as_ref().unwrap(), sd));
        }
        all.sort();
        all.dedup();
        prop_assert_eq!(all.len() as u128, behind.count().unwrap());
    }

    /// Closed rounding holds every convention that rounds halves; more constraints never add a set;
    /// and each way to have k people at a value is counted once.
    #[test]
    fn orders_between_counts((summary, grid) in small_cells()) {
        let count = |rounding, constraints: &[Constraint]| {
            let summary = Summary { rounding, ..summary.clone() };
            DataSets::new(&summary, &grid, constraints).unwrap().count().unwrap()
        };
        let closed = count(Rounding::UpOrDown, &[]);
        for rounding in [Rounding::HalfAway, Rounding::HalfDown, Rounding::HalfEven] {
            prop_assert!(count(rounding, &[]) <= closed);
        }
        let value = grid.text(grid.limits().0.unwrap() + 1);
        let split: u128 = (0..=summary.n)
            .map(|k| count(Rounding::UpOrDown, &[format!("{value} = {k}").parse().unwrap()]))
            .sum();
        prop_assert_eq!(split, closed);
        let at_least: Constraint = format!("{value} >= 1").parse().unwrap();
        let none: Constraint = format!("{value} = 0").parse().unwrap();
        prop_assert_eq!(count(Rounding::UpOrDown, &[at_least]) + count(Rounding::UpOrDown, &[none]), closed);
    }

    /// Moving all codes and the mean by a whole number, or turning both round, keeps the count.
    #[test]
    fn relabelling_keeps_counts((summary, grid) in small_cells(), shift in -7i64..8) {
        let summary = Summary { rounding: Rounding::UpOrDown, ..summary };
        let (Some(low), Some(high)) = grid.limits() else { unreachable!() };
        let moved = |mean: Decimal, low: i64, high: i64| {
            let summary = Summary { mean: mean.to_string().parse().unwrap(), ..summary.clone() };
            let ends = [low, high].map(|end| Some(Decimal::from_integer(end)));
            let grid = Grid::range(ends[0], ends[1], Decimal::from_integer(1)).unwrap();
            DataSets::new(&summary, &grid, &[]).unwrap().count().unwrap()
        };
        let mean = summary.mean.decimal();
        let own = moved(mean, low, high);
        prop_assert_eq!(moved(mean.plus(Decimal::from_integer(shift)), low + shift, high + shift), own);
        prop_assert_eq!(moved(mean.negated(), -high, -low), own);
    }
}

/// Without an SD the data of a count are the partitions of its total into at most n parts: 1, 2, 3, 5, 7, 11, 15, 22
/// (Sloane's A000041), and those into few parts for few people.
#[test]
fn counts_without_a_spread_are_partitions() {
    let grid = Grid::of_scale(&Scale::Count).unwrap();
    for (mean, n, count) in [
        ("0.1", 10, 1),
        ("0.2", 10, 2),
        ("0.3", 10, 3),
        ("1.0", 6, 11),
        ("1.00", 8, 22),
        ("2.0", 3, 7),
        ("0.0", 5, 1),
        ("0", 5, 4),
    ] {
        assert_eq!(sets(mean, n, &grid).count().unwrap(), count, "{mean} of {n}");
    }
    let upwards = Grid::range(None, Some(decimal("0")), decimal("1")).unwrap();
    assert_eq!(sets("−1.0", 6, &upwards).count().unwrap(), 11);
    let both = Grid::range(None, None, decimal("1")).unwrap();
    assert!(DataSets::new(&Summary::sample(&"1.0".parse().unwrap(), 6), &both, &[]).is_err());
}

/// Which lengths of follow-up five slopes in whole numbers allow, by trying every total.
#[test]
fn follow_ups_are_those_of_every_total() {
    let rows = golden("reconstruct/follow_up.csv");
    assert_eq!(rows.len(), 60);
    for (text, column) in [("0.47", 1), ("0.25", 2)] {
        let slope: Numeral = text.parse().unwrap();
        let found = follow_ups(&slope, 5, Lattice::whole(1), Rounding::default());
        let is_found = |months: &str| found.contains(&months.parse::<u64>().unwrap());
        for row in &rows {
            assert_eq!(is_found(&row[0]), row[column] == "true", "{text} in {} months", row[0]);
        }
    }
}
