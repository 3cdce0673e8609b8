//! The p of a test that the source names, and of another one that it may be, where the reported values allow that test.

use super::cells::Verdict;
use super::claim_sources::mcnemar_range;
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::test_names::names_exact_test;
use super::{Status, refused};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::of_release::moments;
use crate::effect::tables_of_arms::{CountsBehind, fisher_range, p_range};
use crate::numeric::dist::{chi_squared_sf, normal_two_sided_p};
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reported::{ArmPair, Cell, Quantity, Release, ReportedEstimate, ReportedMeasure};

/// The values that both arms of an effect report at its occasion.
pub(super) fn values_of<'a>(release: &'a Release, reported: &'a ReportedEstimate) -> Option<ArmPair<'a>> {
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let rows = [outcome.of_arm(reported.arm.as_deref()?)?, outcome.of_arm(reported.versus.as_deref()?)?];
    ArmPair::at(rows, Quantity::Value, release.occasion_of(reported)?)
}

/// The counts of both.
pub(super) fn counts_of(release: &Release, pair: &ArmPair<'_>, rounding: Rounding) -> Option<[CountsBehind; 2]> {
    let counts = |at: usize| {
        let size = release.size_at(pair.arms()[at], pair.cells[at]);
        CountsBehind::of(pair.cells[at], size, rounding).ok()
    };
    Some([counts(0)?, counts(1)?])
}

/// A p that is that of a usual test of the counts; none of any other, and where a test is named.
pub(super) fn of_counts(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let printed = reported.p.as_ref()?;
    let ByCounts { tests, cells: [first, second] } = by_counts(release, reported, rounding)?;
    let (name, p) = tests.into_iter().find(|(_, p)| printed.holds_in(*p, rounding))?;
    let p = p_interval(p);
    Some((Status::Pass, format!("{name} of {first} against {second} has a p of {p}")))
}

/// What is made of a p that stands beside an effect of counts without an interval, and is that of no usual test of them.
pub(super) fn of_p_alone(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let printed = reported.p.as_ref().filter(|_| reported.interval.is_none() && reported.se.is_none())?;
    let tests = by_counts(release, reported, rounding)?.tests;
    let told = format!("{}, and {printed} is printed", told_by_counts(release, reported, rounding)?);
    if let Some(other) = tests.iter().find_map(|(_, p)| as_another_p(printed, *p, None, rounding)) {
        return Some(refused(format!("{told}; {other}")));
    }
    if paired_range(release, reported, rounding).is_some_and(|p| printed.holds_in(p, rounding)) {
        return Some(refused(format!("{told}; McNemar's test may give it, if the same people are in both arms")));
    }
    let is_near = tests.iter().any(|(_, p)| Leeway::usual().admits_printed(printed, *p, rounding));
    Some(if is_near {
        refused(format!("{told}; a test of trends, of rates or of a model may give it"))
    } else {
        (Status::Fail, format!("{told}; no common test of these counts is likely to give this p"))
    })
}

/// The p that McNemar's test has if the same people are in both arms; none where there are not as many in both, and where
/// a cell prints for several counts.
fn paired_range(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Interval> {
    let [first, second] = counts_of(release, &values_of(release, reported)?, rounding)?;
    let of_both = (first.n == second.n).then_some(first.n)?;
    let events = [first.only()?, second.only()?].map(u32::try_from);
    let [Ok(first), Ok(second)] = events else { return None };
    Some(mcnemar_range([first, second], u32::try_from(of_both).ok()?))
}

/// What the usual tests of the counts give, for a p that is none of theirs.
pub(super) fn told_by_counts(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<String> {
    let found = by_counts(release, reported, rounding)?.tests;
    let told = |(name, p): &(&str, Interval)| format!("{name} {}", p_interval(*p));
    Some(format!("the counts give {}", found.iter().map(told).collect::<Vec<_>>().join(", ")))
}

/// The p-values of the usual tests of two counts, and the cells that they are of.
struct ByCounts<'a> {
    tests: Vec<(&'static str, Interval)>,
    cells: [&'a Cell; 2],
}

/// A test of counts, with its name.
type TestOfCounts = (&'static str, fn(&TwoByTwo) -> f64);

/// The p-values of the usual tests of two counts that an effect is of, and the cells.
fn by_counts<'a>(release: &'a Release, reported: &'a ReportedEstimate, rounding: Rounding) -> Option<ByCounts<'a>> {
    let may_be_of_counts = matches!(
        reported.measure,
        ReportedMeasure::RiskRatio
            | ReportedMeasure::OddsRatio
            | ReportedMeasure::RiskDifference
            | ReportedMeasure::PercentReduction
            | ReportedMeasure::PercentIncrease
    );
    if !may_be_of_counts || reported.test.is_some() || reported.adjusted.is_some() {
        return None;
    }
    let pair = values_of(release, reported)?;
    let [first, second] = counts_of(release, &pair, rounding)?;
    let tests: [TestOfCounts; 4] = [
        ("Fisher's exact test", |table| table.fisher_p()),
        ("Pearson's χ² test", |table| table.chi_squared_p(false)),
        ("Yates' χ² test", |table| table.chi_squared_p(true)),
        ("the likelihood-ratio test", |table| table.likelihood_ratio().map_or(1.0, |of| chi_squared_sf(of, 1.0))),
    ];
    // Of an interval beside it Wald's is the one of that, and looked at there.
    let wald: Option<TestOfCounts> = reported.interval.is_none().then_some(match reported.measure {
        ReportedMeasure::OddsRatio => ("Wald's test", wald_of_odds),
        ReportedMeasure::RiskDifference => ("Wald's test", wald_of_difference),
        _ => ("Wald's test", wald_of_risks),
    });
    let found = tests.into_iter().chain(wald).filter_map(|(name, p)| Some((name, p_range([&first, &second], p)?)));
    Some(ByCounts { tests: found.collect(), cells: pair.cells })
}

/// The p of an effect over its standard error; 1 where it has none.
fn wald(effect: f64, variance: f64) -> f64 {
    let z = effect.abs() / variance.sqrt();
    if z.is_finite() { normal_two_sided_p(z) } else { 1.0 }
}

/// Wald's test of the logarithm of a ratio of risks.
fn wald_of_risks(table: &TwoByTwo) -> f64 {
    let [a, b, c, d] = table.cells().map(|cell| cell as f64);
    wald((table.p1() / table.p2()).ln(), 1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d))
}

/// The same of a ratio of odds.
fn wald_of_odds(table: &TwoByTwo) -> f64 {
    let [a, b, c, d] = table.cells().map(|cell| cell as f64);
    wald((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)
}

/// The same of a difference of risks.
fn wald_of_difference(table: &TwoByTwo) -> f64 {
    let [a, b, c, d] = table.cells().map(|cell| cell as f64);
    let of = |p: f64, n: f64| p * (1.0 - p) / n;
    wald(table.p1() - table.p2(), of(table.p1(), a + b) + of(table.p2(), c + d))
}

/// Whether a p is below a printed one that stands for everything below it, too, where programs print no less: 0.001,
/// 0.0001.
pub(super) fn is_or_less(printed: &Comparison, p: Interval, rounding: Rounding) -> bool {
    let bound = &printed.bound;
    let decimals = bound.decimal().decimals();
    let is_least =
        decimals >= 3 && bound.value() > 0.0 && (bound.value() * 10f64.powi(decimals as i32) - 1.0).abs() < 1e-9;
    is_least && printed.relation == Relation::Equal && p.lower < bound.rounding_interval(rounding).to_interval().lower
}

/// Whether a p is that of a test: of two sides unless it is said to be of one, and nobody says which direction was
/// expected.
pub(super) fn is_p_of(printed: &Comparison, two_sided: Interval, tails: Option<Tails>, rounding: Rounding) -> bool {
    let is = |p: Interval| printed.holds_in(p, rounding);
    match tails {
        Some(Tails::One) => is(two_sided.scaled(0.5)) || is(two_sided.map_monotone(|p| 1.0 - 0.5 * p)),
        _ => is(two_sided),
    }
}

/// What else a p may be than the one of a test: one that is adjusted for several comparisons or, where nothing says how
/// many tails it counts, one of one side.
pub(super) fn as_another_p(
    printed: &Comparison,
    two_sided: Interval,
    tails: Option<Tails>,
    rounding: Rounding,
) -> Option<String> {
    match tails {
        None => as_one_sided_p(printed, two_sided, rounding).or_else(|| as_adjusted_p(printed, two_sided, rounding)),
        Some(Tails::One) => [two_sided.scaled(0.5), two_sided.map_monotone(|p| 1.0 - 0.5 * p)]
            .into_iter()
            .find_map(|p| as_adjusted_p(printed, p, rounding)),
        Some(Tails::Two) => as_adjusted_p(printed, two_sided, rounding),
    }
}

/// Which one of one side it may be.
fn as_one_sided_p(printed: &Comparison, p: Interval, rounding: Rounding) -> Option<String> {
    let is = |p: Interval| printed.holds_in(p, rounding);
    if is(p.scaled(0.5)) {
        return Some("that is half of it: a one-sided one may have been meant".to_owned());
    }
    let exact = printed.relation == Relation::Equal;
    if !is_or_less(printed, p, rounding) && exact && is(p.map_monotone(|p| 1.0 - 0.5 * p)) {
        return Some(
            "that is 1 less half of it: a one-sided one of the other direction may have been meant".to_owned(),
        );
    }
    None
}

/// What a p may be that is not the one of a test of as many sides: the least one that is printed, or one that is adjusted for
/// several comparisons.
fn as_adjusted_p(printed: &Comparison, p: Interval, rounding: Rounding) -> Option<String> {
    /// So many comparisons are thought of. With more of them nearly every larger p is such a multiple, and no slip is
    /// found.
    const MOST: u32 = 3;
    let is = |p: Interval| printed.holds_in(p, rounding);
    let exact = printed.relation == Relation::Equal;
    if is_or_less(printed, p, rounding) {
        return Some("programs that print no smaller p print this one".to_owned());
    }
    let times = (2..=MOST).find(|times| exact && is(p.map_monotone(|p| (f64::from(*times) * p).min(1.0))));
    times.map(|times| {
        format!(
            "that is {times} times as much, at most 1: one that is adjusted for several comparisons may have been meant"
        )
    })
}

/// Whether a difference of means is one of much skewed values: data without means below 0, on no scale that goes below
/// 0, whose SD is above their mean.
/// Above half of it they are skewed already, but tests of ranks and of means seldom differ by much then.
///
/// Source: Altman & Bland (1996), BMJ 313:1200.
pub(super) fn is_of_skewed(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> bool {
    let scale = reported.outcome.as_deref().and_then(|id| release.outcome(id)).map(|outcome| &outcome.scale);
    let may_be_below_0 = scale.is_some_and(|scale| scale.min().is_some_and(|least| least.to_f64() < 0.0));
    let pair = values_of(release, reported).filter(|_| reported.measure == ReportedMeasure::MeanDifference);
    let Some(pair) = pair.filter(|_| !may_be_below_0 && reported.adjusted.is_none()) else { return false };
    are_skewed([0, 1].map(|at| {
        let cell = pair.cells[at];
        match moments(cell, release.size_at(pair.arms()[at], cell), rounding, &mut Vec::new()) {
            Ok(of) => (of.mean.value, of.sd.map(|sd| sd.value)),
            Err(_) => (cell.center().value(), None),
        }
    }))
}

/// Whether the values of two groups, of which these are mean and SD, are much skewed: no mean is below 0, and an SD is
/// above its mean. Where a mean is below 0, values may be so as well, and an SD above a mean says nothing.
pub(super) fn are_skewed(groups: [(f64, Option<f64>); 2]) -> bool {
    groups.iter().all(|(mean, _)| *mean > 0.0) && groups.iter().any(|(mean, sd)| sd.is_some_and(|sd| sd > *mean))
}

/// What is made of the p of a reported effect whose `test` is Fisher's, by the counts of both arms; none where another
/// test is named, or the counts are not reported.
pub(super) fn of_fisher(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let printed = reported.p.as_ref().filter(|_| reported.test.as_deref().is_some_and(names_exact_test))?;
    let pair = values_of(release, reported)?;
    let counts = counts_of(release, &pair, rounding)?;
    let counts = [&counts[0], &counts[1]];
    let p = fisher_range(counts)?;
    let [first, second] = pair.cells;
    let told = format!("Fisher's exact test of {first} against {second} has a p of {}", p_interval(p));
    if printed.holds_in(p, rounding) {
        return Some((Status::Pass, told));
    }
    let told = format!("{told}, and {printed} is printed");
    let tails: Vec<Interval> =
        [0, 1].into_iter().filter_map(|tail| p_range(counts, |table| table.fisher_one_sided()[tail])).collect();
    if tails.iter().any(|p| printed.holds_in(*p, rounding)) {
        return Some(refused(format!("{told}; a one-sided one may have been meant")));
    }
    if let Some(other) = as_adjusted_p(printed, p, rounding) {
        return Some(refused(format!("{told}; {other}")));
    }
    let of_tails: Vec<String> = tails.iter().copied().map(p_interval).collect();
    Some((Status::Fail, format!("{told}; of one side it would be {}", of_tails.join(" or "))))
}
