//! Whether an effect of counts can be that of a stratified or adjusted analysis, by its interval.

use super::cells::Verdict;
use super::named_test::{counts_of, values_of};
use super::{Status, range};
use crate::effect::counts::Intervals;
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::implied::Implied;
use crate::effect::reported::{OnScale, is_risk_in_percent};
use crate::effect::tables_of_arms::{CountsBehind, possible_tables};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{IntervalMethod, Release, ReportedEstimate, ReportedMeasure};

/// So many tables are tried.
const MOST_TABLES: u64 = 400;

/// Whether the interval of an effect is none of those that the counts of both arms have by themselves, in either
/// direction, and what they give is not far from it: then the effect need not be that of the plain counts either.
/// Without an interval nothing says so.
pub(super) fn is_of_another_analysis(
    release: &Release,
    reported: &ReportedEstimate,
    found: &[Implied],
    rounding: Rounding,
) -> bool {
    let Some(interval) = &reported.interval else { return false };
    if !OnScale::of(reported, rounding).is_ok_and(|own| found.iter().any(|of| is_near(of.range, reported, &own))) {
        return false;
    }
    let Some(pair) = values_of(release, reported) else { return false };
    let Some(counts) = counts_of(release, &pair, rounding) else { return false };
    let unit = if is_risk_in_percent(release, reported) { 100.0 } else { 1.0 };
    let prints = |printed: &Numeral, end: f64| printed.rounding_interval(rounding).to_interval().contains(unit * end);
    let is_printed = |of: Interval| prints(&interval.lower, of.lower) && prints(&interval.upper, of.upper);
    let intervals = |table: TwoByTwo| usual_intervals(reported.measure, &table, interval.level);
    tables(&counts).is_some_and(|tables| !tables.into_iter().flat_map(intervals).any(is_printed))
}

/// The verdict on an interval of counts whose method the release names: it is that of some table that prints so. None of
/// a method that is not made of the counts alone, and of an adjusted effect.
pub(super) fn of_named_method(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let (interval, method) = reported.interval.as_ref().zip(reported.method)?;
    let names: &[&str] = match method {
        IntervalMethod::Normal => &["katz", "woolf"],
        IntervalMethod::Newcombe => &["newcombe"],
        IntervalMethod::MiettinenNurminen => &["miettinen-nurminen"],
        IntervalMethod::Exact => &["exact"],
        _ => return None,
    };
    if reported.adjusted.is_some() {
        return None;
    }
    let pair = values_of(release, reported)?;
    let tables = tables(&counts_of(release, &pair, rounding)?)?;
    let unit = if is_risk_in_percent(release, reported) { 100.0 } else { 1.0 };
    let of_method = |table: &TwoByTwo| {
        let found = of_table(reported.measure, table, interval.level)?;
        let named = found.by.into_iter().find(|(name, _)| names.contains(name)).map(|(_, of)| of);
        let is_wald = method == IntervalMethod::Normal && reported.measure == ReportedMeasure::RiskDifference;
        named.or_else(|| is_wald.then(|| wald_of_difference(table, interval.level)))
    };
    let found: Vec<Interval> = tables.iter().filter_map(of_method).collect();
    let own = found.first()?.scaled(unit);
    let prints = |printed: &Numeral, end: f64| {
        printed.rounding_interval(rounding).to_interval().nearly_meets(Interval::point(unit * end))
    };
    let name = method.name();
    if found.iter().any(|of| prints(&interval.lower, of.lower) && prints(&interval.upper, of.upper)) {
        return Some((Status::Pass, format!("the interval is that of the counts by the method `{name}`")));
    }
    let told = format!("by the method `{name}` the counts have an interval of {}", range(own));
    Some((Status::Fail, format!("{told}, and {} to {} is printed", interval.lower, interval.upper)))
}

/// Wald's interval of a difference of risks.
fn wald_of_difference(table: &TwoByTwo, level: f64) -> Interval {
    let (p1, p2) = (table.p1(), table.p2());
    let [a, b, c, d] = table.cells().map(|cell| cell as f64);
    let se = (p1 * (1.0 - p1) / (a + b) + p2 * (1.0 - p2) / (c + d)).sqrt();
    Interval::around(p1 - p2, normal_critical(level) * se)
}

/// A verdict on the interval of a risk difference that is more lopsided than any of those that the counts of both arms
/// have: a lost sign, or a wrong digit.
///
/// The intervals of strata and of models are no more lopsided than those of the counts they are made of, but for what
/// weights do. How much that is is a convention.
pub(super) fn too_lopsided_for_counts(
    release: &Release,
    reported: &ReportedEstimate,
    rounding: Rounding,
) -> Option<Verdict> {
    const MORE: f64 = 1.3;
    let interval = reported.interval.as_ref().filter(|_| reported.measure == ReportedMeasure::RiskDifference)?;
    let own = OnScale::of(reported, rounding).ok()?;
    let pair = values_of(release, reported)?;
    let tables = tables(&counts_of(release, &pair, rounding)?)?;
    let of_table = |table: &TwoByTwo| {
        let estimate = table.p1() - table.p2();
        let lopsided = |of: Interval| {
            let halves = [estimate - of.lower, of.upper - estimate];
            halves[0].max(halves[1]) / halves[0].min(halves[1])
        };
        usual_intervals(reported.measure, table, interval.level).into_iter().map(lopsided).fold(1.0, f64::max)
    };
    let most = MORE * tables.iter().map(of_table).fold(1.0, f64::max);
    own.is_more_lopsided_than(most).then(|| {
        let told =
            "one half of the interval is longer than the other, and no usual interval of these counts is so lopsided";
        (Status::Fail, told.to_owned())
    })
}

/// Another measure of the counts of both arms that the effect and its interval are, to every digit that is printed: an
/// odds ratio that is called a risk ratio.
///
/// Only where that lies far from what the counts give as the measure that is named, in units of the last digit: of rare
/// events both ratios are nearly the same, and an adjusted one may be the other by chance.
pub(super) fn as_other_measure(
    release: &Release,
    reported: &ReportedEstimate,
    found: &[Implied],
    rounding: Rounding,
) -> Option<ReportedMeasure> {
    /// Units of the last digit. A convention.
    const FAR: f64 = 5.0;
    /// With more tables one of them has what is printed sooner or later.
    const MOST: u64 = 4;
    const OF_COUNTS: [ReportedMeasure; 3] =
        [ReportedMeasure::RiskRatio, ReportedMeasure::OddsRatio, ReportedMeasure::RiskDifference];
    let interval = reported.interval.as_ref().filter(|_| OF_COUNTS.contains(&reported.measure))?;
    let around = |printed: &Numeral| printed.rounding_interval(rounding).to_interval();
    let value = around(&reported.value);
    if found.iter().any(|of| of.range.gap(value) < FAR * (value.upper - value.lower)) {
        return None;
    }
    let pair = values_of(release, reported)?;
    let [first, second] = counts_of(release, &pair, rounding)?;
    let tables: Vec<TwoByTwo> = possible_tables([&first, &second], MOST)?.collect();
    let is_of = |measure: &ReportedMeasure| {
        let units: &[f64] = if *measure == ReportedMeasure::RiskDifference { &[1.0, 100.0] } else { &[1.0] };
        let prints = |table: &TwoByTwo, unit: f64| {
            let is_own = |of: Interval| {
                around(&interval.lower).contains(unit * of.lower) && around(&interval.upper).contains(unit * of.upper)
            };
            of_table(*measure, table, interval.level)
                .and_then(|of| of.estimate)
                .is_some_and(|effect| value.contains(unit * effect))
                && usual_intervals(*measure, table, interval.level).into_iter().any(is_own)
        };
        tables.iter().any(|table| units.iter().any(|unit| prints(table, *unit)))
    };
    OF_COUNTS.into_iter().filter(|measure| *measure != reported.measure).find(is_of)
}

/// Whether what the counts give lies nearer to an effect than the middle between it and an end of its interval, which
/// is about one standard error: strata seldom move it further. A convention.
fn is_near(implied: Interval, reported: &ReportedEstimate, own: &OnScale) -> bool {
    let scale = reported.measure.scale();
    let on_scale = |number: f64| scale.of(scale.domain().clamp(number));
    let value = own.estimate.range;
    let Some([lower, upper]) = own.ends else { return false };
    let ends = on_scale(implied.lower).zip(on_scale(implied.upper));
    ends.is_some_and(|(first, last)| {
        let near =
            Interval { lower: 0.5 * (value.lower + lower.range.lower), upper: 0.5 * (value.upper + upper.range.upper) };
        Interval { lower: first, upper: last }.meets(near)
    })
}

/// The tables that print so, and those with the arms in the other order; none where they are too many.
fn tables([first, second]: &[CountsBehind; 2]) -> Option<Vec<TwoByTwo>> {
    let turned = possible_tables([second, first], MOST_TABLES)?;
    Some(possible_tables([first, second], MOST_TABLES)?.chain(turned).collect())
}

/// The effect of a table with its intervals; none of what is no measure of counts.
fn of_table(measure: ReportedMeasure, table: &TwoByTwo, level: f64) -> Option<Intervals> {
    match measure {
        ReportedMeasure::RiskRatio => Some(table.risk_ratio(level)),
        ReportedMeasure::OddsRatio => Some(table.odds_ratio(level)),
        ReportedMeasure::RiskDifference => Some(table.risk_difference(level)),
        _ => None,
    }
}

/// The intervals by every usual method, Wald's of a risk difference among them.
pub(super) fn usual_intervals(measure: ReportedMeasure, table: &TwoByTwo, level: f64) -> Vec<Interval> {
    let Some(found) = of_table(measure, table, level) else { return Vec::new() };
    let is_difference = measure == ReportedMeasure::RiskDifference;
    let wald = is_difference.then(|| wald_of_difference(table, level));
    found.by.into_iter().map(|(_, interval)| interval).chain(wald).collect()
}
