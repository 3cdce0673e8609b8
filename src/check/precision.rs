//! Whether a reported effect can have its precision by the values beside it.

use super::cells::Verdict;
use super::changes::{is_of_no_model, or_by_normal, possible_sd, possible_sds, whatever_it_is};
use super::{Status, range, refused};
use crate::effect::of_release::moments;
use crate::effect::reported::{DegreesOfFreedom, OnScale, is_risk_in_percent, sizes, standard_error};
use crate::effect::tables_of_arms::CountsBehind;
use crate::effect::two_groups::TwoGroups;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::numeric::two_samples::pooled_variance;
use crate::reported::{
    ArmPair, Cell, EffectScale, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure,
    SpreadMeaning, Statistic,
};

/// No model, imputation or exact method makes an interval of two arms so many times as wide as the values do; among
/// more arms, intervals are widened for several comparisons as well. Conventions.
pub(super) const WIDENED: [f64; 2] = [1.5, 2.0];

/// No model makes it so many times as narrow: what it adjusts for would have to explain 96 % of the variance. A
/// convention.
const NARROWED: f64 = 5.0;

/// So many times as narrow, what it adjusts for would have to explain three quarters of it. A convention.
const DOUBTFUL: f64 = 2.0;

/// The same of counts, of which there may be few: exact intervals of one event are 1.6 times as wide as Wald's. Only
/// the same people in both arms make them much narrower. A convention.
const OF_COUNTS: f64 = 2.5;

/// Whether an effect cannot have its precision by the values beside it.
pub(super) fn is_impossible(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> bool {
    impossible_precision(release, reported, rounding).is_some_and(|(status, _)| status == Status::Fail)
}

/// The verdict on an effect that cannot have its precision, or of which that is doubtful; none of any other.
pub(super) fn impossible_precision(
    release: &Release,
    reported: &ReportedEstimate,
    rounding: Rounding,
) -> Option<Verdict> {
    if reported.adjusted.is_some() {
        return None;
    }
    if reported.measure.is_of_one_arm() {
        return impossible_change(release, reported, rounding);
    }
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let &[arm, versus] = release.arms_of(reported).as_slice() else { return None };
    let rows = [outcome.of_arm(arm)?, outcome.of_arm(versus)?];
    let occasion = release.occasion_of(reported)?;
    match reported.measure {
        ReportedMeasure::MeanDifference => {
            let se = printed_precision(release, reported, rounding)?;
            of_means(release, outcome, rows, occasion, se, rounding)
        }
        ReportedMeasure::RiskRatio | ReportedMeasure::OddsRatio | ReportedMeasure::RiskDifference => {
            let se = printed_precision(release, reported, rounding)?;
            of_counts(release, reported, rows, occasion, se, rounding)
        }
        ReportedMeasure::PercentReduction | ReportedMeasure::PercentIncrease => {
            // That of each one's percentage is none of the logarithm of a ratio.
            let is_of_ratio = OnScale::of_percentages(reported, rounding).is_none();
            let se = printed_precision(release, reported, rounding).filter(|_| is_of_ratio)?;
            of_counts(release, reported, rows, occasion, se, rounding)
                .or_else(|| of_ratio_of_means(release, rows, occasion, se, rounding))
        }
        ReportedMeasure::RatioOfMeans => {
            let se = printed_precision(release, reported, rounding)?;
            of_ratio_of_means(release, rows, occasion, se, rounding)
        }
        ReportedMeasure::StandardizedMeanDifference => {
            let se = printed_precision(release, reported, rounding)?;
            of_standardised(release, rows, occasion, se)
        }
        ReportedMeasure::RateRatio => {
            let se = printed_precision(release, reported, rounding)?;
            of_events(rows, occasion, se)
        }
        _ => None,
    }
}

/// Whether other arms are compared beside those of an effect.
pub(super) fn has_other_arms(release: &Release, reported: &ReportedEstimate) -> bool {
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id));
    reported.compares_arms() && outcome.map_or(release.arms.len(), |outcome| outcome.results.len()) > 2
}

/// The standard errors that the interval can have, or those that print as the reported one.
fn printed_precision(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Interval> {
    let on_scale = OnScale::of(reported, rounding).ok()?;
    if let Some(interval) = &reported.interval {
        return on_scale
            .standard_errors(interval.level, DegreesOfFreedom::of(reported.measure, &sizes(release, reported)));
    }
    let se = reported.se.as_ref().filter(|_| on_scale.scale == EffectScale::Identity)?;
    Some(se.rounded(rounding).not_negative().range)
}

/// The standard errors of a difference of means with such SDs, by each its own and by the pooled one.
fn standard_error_of(sds: [Interval; 2], n: [f64; 2]) -> Interval {
    let by = |of: fn(Interval) -> f64| {
        let [first, second] = sds.map(|sd| of(sd).powi(2));
        let own = first / n[0] + second / n[1];
        let pooled = pooled_variance([first, second], n);
        [own, pooled * (1.0 / n[0] + 1.0 / n[1])].map(f64::sqrt)
    };
    let [lower, upper] = [by(|sd| sd.lower), by(|sd| sd.upper)];
    Interval { lower: lower[0].min(lower[1]), upper: upper[0].max(upper[1]) }
}

/// The standard errors that the values of two arms make of a difference of their means: of the values, of how much they
/// changed, or of the reported changes.
struct OfMeans {
    possible: Interval,
    /// What they would be if SDs were standard errors that are named wrongly, or the other way round.
    misnamed: Vec<(&'static str, Interval)>,
    /// What is to be said of a spread that nobody explains.
    assumed: &'static str,
}

/// Those of a difference that is printed, where one is named, are of the pairs alone whose difference it is.
fn possible_of_means(
    release: &Release,
    outcome: &Outcome,
    rows: [&OutcomeResult; 2],
    (occasion, difference): (&str, Option<Interval>),
    rounding: Rounding,
) -> Option<OfMeans> {
    let people = |pair: [&Cell; 2]| {
        let n = [0, 1].map(|at| release.size_at(&rows[at].arm, pair[at]).filter(|n| *n > 1).map(|n| n as f64));
        Some([n[0]?, n[1]?])
    };
    let sd = |at: usize, cell: &Cell| possible_sd(cell, release.size_at(&rows[at].arm, cell), rounding);
    let sds = |pair: [&Cell; 2]| Some([sd(0, pair[0])?, sd(1, pair[1])?]);
    let mean = |cell: &Cell| cell.center().rounding_interval(rounding).to_interval();
    let is_theirs = |of: Interval| difference.is_none_or(|printed| of.nearly_meets(printed));
    let mut possible = Vec::new();
    let mut misnamed = Vec::new();
    let mut assumed = "";
    for pair in Quantity::BOTH.into_iter().filter_map(|quantity| ArmPair::at(rows, quantity, occasion)) {
        let (Some(of), Some(n)) = (sds(pair.cells), people(pair.cells)) else { continue };
        let own = mean(pair.cells[0]).minus(mean(pair.cells[1]));
        if is_theirs(own) {
            possible.push(standard_error_of(of, n));
            assumed = whatever_it_is(&pair.cells);
            possible.extend(by_all_arms(release, outcome, (pair.quantity, occasion), n, rounding));
            misnamed.extend(as_the_other_one(pair.cells, of, n));
        }
        let first = ArmPair::all(rows, Quantity::Value).next().filter(|first| first.occasion != occasion);
        let first = first.filter(|first| {
            let of_changes = own.minus(mean(first.cells[0]).minus(mean(first.cells[1])));
            pair.quantity == Quantity::Value && is_theirs(of_changes)
        });
        let first = first.and_then(|first| sds(first.cells));
        // Whoever is missing before or after changes the SD of change of the others.
        possible.extend(first.map(|first| standard_error_of([0, 1].map(|at| possible_sds([first[at], of[at]])), n)));
    }
    Some(OfMeans { possible: Interval::hull(possible.into_iter().flat_map(Interval::ends))?, misnamed, assumed })
}

impl OfMeans {
    /// What the precision is and what the values make it, and which other reading of these would fit.
    fn told(&self, se: Interval) -> (String, bool) {
        let [printed, possible] = [se, self.possible].map(range);
        let told =
            format!("its precision is a standard error of {printed}, and the values give {possible}{}", self.assumed);
        match self.misnamed.iter().find(|(_, other)| other.meets(se)) {
            Some((name, other)) => (format!("{told}; were their {name}, they would give {}", range(*other)), true),
            None => (told, false),
        }
    }
}

fn of_means(
    release: &Release,
    outcome: &Outcome,
    rows: [&OutcomeResult; 2],
    occasion: &str,
    se: Interval,
    rounding: Rounding,
) -> Option<Verdict> {
    let found = possible_of_means(release, outcome, rows, (occasion, None), rounding)?;
    let of_several = usize::from(outcome.results.len() > rows.len());
    let (told, is_misnamed) = found.told(se);
    if se.lower > WIDENED[of_several] * found.possible.upper {
        let advice = "where it is that of a model or of clusters, `adjusted` says of which";
        return Some((Status::Fail, format!("{told}; {advice}")));
    }
    if NARROWED * se.upper < found.possible.lower {
        let advice = "no model of the values makes it so narrow";
        return Some((Status::Fail, format!("{told}; {advice}")));
    }
    // Narrower ones are mostly those of a model.
    let is_narrow = DOUBTFUL * se.upper < found.possible.lower || (se.upper < found.possible.lower && is_misnamed);
    is_narrow.then(|| refused(format!("{told}; or it is that of a model, and `adjusted` says of which")))
}

/// What is said of the precision of a difference of means that is not adjusted, and is none of those that the values
/// make by Student's or Welch's t, nor by the normal distribution.
pub(super) fn of_another_precision(
    release: &Release,
    reported: &ReportedEstimate,
    rounding: Rounding,
) -> Option<Verdict> {
    if reported.measure != ReportedMeasure::MeanDifference || reported.adjusted.is_some() {
        return None;
    }
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let &[arm, versus] = release.arms_of(reported).as_slice() else { return None };
    let rows = [outcome.of_arm(arm)?, outcome.of_arm(versus)?];
    let se = printed_precision(release, reported, rounding)?;
    let printed = reported.value.rounding_interval(rounding).to_interval();
    let occasion = release.occasion_of(reported)?;
    // A difference that is none of the values or changes is that of a model, whichever they are.
    let found = possible_of_means(release, outcome, rows, (occasion, Some(printed)), rounding)
        .or_else(|| possible_of_means(release, outcome, rows, (occasion, None), rounding))?;
    (!se.nearly_meets(found.possible)).then(|| {
        let (told, _) = found.told(se);
        refused(format!("{told}, by Student's t or Welch's; it is that of a model, or one of the numbers is wrong"))
    })
}

/// By the SD of all arms, as an analysis of variance of more than two has it; none where one of them has no SD.
fn by_all_arms(
    release: &Release,
    outcome: &Outcome,
    (quantity, occasion): (Quantity, &str),
    n: [f64; 2],
    rounding: Rounding,
) -> Option<Interval> {
    let mut sum = Interval::point(0.0);
    let mut df = 0.0;
    for row in &outcome.results {
        let cell = row.get(quantity, occasion)?;
        let size = release.size_at(&row.arm, cell).filter(|n| *n > 1)?;
        let sd = possible_sd(cell, Some(size), rounding)?;
        sum = sum.plus(sd.map_monotone(|sd| sd * sd * (size as f64 - 1.0)));
        df += size as f64 - 1.0;
    }
    Some(sum.map_monotone(|sum| (sum / df * (1.0 / n[0] + 1.0 / n[1])).sqrt()))
}

/// The standard error of the difference if SDs are standard errors that are named wrongly, or the other way round.
fn as_the_other_one(cells: [&Cell; 2], sds: [Interval; 2], n: [f64; 2]) -> Option<(&'static str, Interval)> {
    let roots = n.map(f64::sqrt);
    let by = |factors: [f64; 2]| standard_error_of([0, 1].map(|at| sds[at].scaled(factors[at])), n);
    match cells.map(Cell::spread) {
        [Some(first), Some(second)] if first.is_sd() && second.is_sd() => Some(("SDs standard errors", by(roots))),
        [Some(SpreadMeaning::Se), Some(SpreadMeaning::Se)] => {
            Some(("standard errors SDs", by(roots.map(|root| 1.0 / root))))
        }
        _ => None,
    }
}

/// A ratio or difference of counts, whose variance is the sum of one term of each arm.
///
/// Source: Cochrane Handbook (2024), 10.4.1 and 6.4.1 (the usual standard errors of log RR, log OR and RD).
fn of_counts(
    release: &Release,
    reported: &ReportedEstimate,
    rows: [&OutcomeResult; 2],
    occasion: &str,
    se: Interval,
    rounding: Rounding,
) -> Option<Verdict> {
    /// More counts than these print as no usual percentage does.
    const MOST: u64 = 10_000;
    let unit = if is_risk_in_percent(release, reported) { 100.0 } else { 1.0 };
    let counts = |row: &OutcomeResult| {
        let cell = row.at(occasion)?;
        let found = CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding).ok()?;
        (found.possibilities() <= MOST).then_some(found)
    };
    let [first, second] = [counts(rows[0])?, counts(rows[1])?];
    let variance = |counts: &CountsBehind| {
        let of = |events: u64| unit * unit * variance_of_count(reported.measure, events, counts.n);
        let all = Interval::hull(counts.events.clone().map(of))?;
        (all.lower > 0.0 && all.is_finite()).then_some(all)
    };
    let possible = variance(&first)?.plus(variance(&second)?).map_monotone(f64::sqrt);
    let (is_wider, is_narrower) = (se.lower > OF_COUNTS * possible.upper, OF_COUNTS * se.upper < possible.lower);
    let may_be_the_same = first.n == second.n;
    let told = told_of_counts(reported.measure, se, possible);
    if is_narrower && may_be_the_same {
        return Some(refused(format!("{told}; the same people may be in both arms, each with two answers")));
    }
    (is_wider || is_narrower).then(|| {
        (Status::Fail, format!("{told}; where it is that of a model or of clusters, `adjusted` says of which"))
    })
}

/// What the events of one arm add to the variance of a difference of risks, or of the logarithm of a ratio.
fn variance_of_count(measure: ReportedMeasure, events: u64, n: u64) -> f64 {
    let (a, n) = (events as f64, n as f64);
    match measure {
        ReportedMeasure::RiskRatio | ReportedMeasure::PercentReduction | ReportedMeasure::PercentIncrease => {
            1.0 / a - 1.0 / n
        }
        ReportedMeasure::OddsRatio => 1.0 / a + 1.0 / (n - a),
        _ => a / n * (1.0 - a / n) / n,
    }
}

fn told_of_counts(measure: ReportedMeasure, se: Interval, possible: Interval) -> String {
    let [printed, possible] = [se, possible].map(range);
    let of = if measure == ReportedMeasure::RiskDifference { "" } else { " of its logarithm" };
    format!("its precision is a standard error{of} of {printed}, and the counts give {possible}")
}

/// The verdict on the precision of an effect that is that of counts of a table, where it is not theirs. Nothing there says
/// that it is that of clusters, which make it wider at will.
pub(super) fn beside_counts(
    measure: ReportedMeasure,
    se: Interval,
    [first, second]: [(u64, u64); 2],
    unit: f64,
) -> Option<Verdict> {
    /// The standard errors of usual intervals are so near to each other. A convention.
    const NEAR: f64 = 1.05;
    let variance = [first, second].map(|(events, n)| variance_of_count(measure, events, n)).iter().sum::<f64>();
    let own = unit * variance.sqrt();
    if !own.is_finite() || own <= 0.0 || se.meets(Interval { lower: own / NEAR, upper: own * NEAR }) {
        return None;
    }
    let told = told_of_counts(measure, se, Interval::point(own));
    let is_narrower = OF_COUNTS * se.upper < own;
    Some(match (is_narrower, first.1 == second.1) {
        (true, false) => (Status::Fail, told),
        (true, true) => refused(format!("{told}; the same people may be in both arms, each with two answers")),
        (false, _) => refused(format!("{told}; that of strata, clusters or a model need not be theirs")),
    })
}

/// The same of an effect of means of a table, whose variance this is: of a ratio that of its logarithm.
pub(super) fn beside_means(measure: ReportedMeasure, se: Interval, groups: &TwoGroups) -> Option<Verdict> {
    let n = groups.n.map(|n| n.filter(|n| *n > 1).map(|n| n as f64));
    let [n1, n2] = [n[0]?, n[1]?];
    if measure == ReportedMeasure::StandardizedMeanDifference {
        return if_too_narrow(se, Interval::point((1.0 / n1 + 1.0 / n2).sqrt()), "");
    }
    let variance = |at: usize, n: f64| of_relative(groups.groups[at].mean.range, groups.groups[at].sd?.range, n);
    let possible = variance(0, n1)?.plus(variance(1, n2)?).map_monotone(f64::sqrt);
    if_too_narrow(se, possible, " of its logarithm")
}

/// The same of a standardised difference beside which the sizes of both groups stand alone.
pub(super) fn narrower_than_sizes(reported: &ReportedEstimate, sizes: &[u64], rounding: Rounding) -> Option<Verdict> {
    let is_standardised = reported.measure == ReportedMeasure::StandardizedMeanDifference;
    let &[n1, n2] = sizes.first_chunk::<2>().filter(|n| is_standardised && n.iter().all(|n| *n > 1))?;
    let level = reported.interval.as_ref()?.level;
    let on_scale = OnScale::of(reported, rounding).ok()?;
    let se = on_scale.standard_errors(level, DegreesOfFreedom::of(reported.measure, sizes))?;
    if_too_narrow(se, Interval::point((1.0 / n1 as f64 + 1.0 / n2 as f64).sqrt()), "")
}

/// What one arm adds to the variance of the logarithm of a ratio of means.
fn of_relative(mean: Interval, sd: Interval, n: f64) -> Option<Interval> {
    let by = |sd: f64, mean: f64| (sd / mean).powi(2) / n;
    (mean.lower > 0.0).then(|| Interval { lower: by(sd.lower, mean.upper), upper: by(sd.upper, mean.lower) })
}

/// The verdict on a precision that is narrower than what the values make it, by the logarithm of a ratio or in units of
/// the SD. A wider one may be that of a model.
fn if_too_narrow(se: Interval, possible: Interval, of: &str) -> Option<Verdict> {
    let told =
        || format!("its precision is a standard error{of} of {}, and the values give {}", range(se), range(possible));
    if NARROWED * se.upper < possible.lower {
        return Some((Status::Fail, format!("{}; no model of the values makes it so narrow", told())));
    }
    let is_doubtful = DOUBTFUL * se.upper < possible.lower;
    is_doubtful.then(|| refused(format!("{}; or it is that of a model, and `adjusted` says of which", told())))
}

/// A ratio of means, whose logarithm has the variance of the squared coefficients of variation over n.
///
/// Source: Hedges, Gurevitch & Curtis (1999), Ecology 80:1150, eq. 1.
fn of_ratio_of_means(
    release: &Release,
    rows: [&OutcomeResult; 2],
    occasion: &str,
    se: Interval,
    rounding: Rounding,
) -> Option<Verdict> {
    let cells = ArmPair::at(rows, Quantity::Value, occasion)?.cells;
    let variance = |at: usize| {
        let cell = cells[at];
        let n = release.size_at(&rows[at].arm, cell).filter(|n| *n > 1)?;
        let mean = moments(cell, Some(n), rounding, &mut Vec::new()).ok()?.mean.range;
        let sd = possible_sd(cell, Some(n), rounding)?;
        of_relative(mean, sd, n as f64)
    };
    let possible = variance(0)?.plus(variance(1)?).map_monotone(f64::sqrt);
    if_too_narrow(se, possible, " of its logarithm")
}

/// A standardised mean difference of two arms, whose variance is no less than 1/n₁ + 1/n₂.
///
/// Source: Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, p. 86, eq. 14, without the term of the effect.
fn of_standardised(release: &Release, rows: [&OutcomeResult; 2], occasion: &str, se: Interval) -> Option<Verdict> {
    let cells = ArmPair::at(rows, Quantity::Value, occasion)?.cells;
    let part = |at: usize| Some(1.0 / release.size_at(&rows[at].arm, cells[at]).filter(|n| *n > 1)? as f64);
    let least = (part(0)? + part(1)?).sqrt();
    if_too_narrow(se, Interval::point(least), "")
}

/// A ratio of rates, whose logarithm has the variance 1/x₁ + 1/x₂ of the events, or more where they vary more than
/// Poisson's.
///
/// Source: Cochrane Handbook (2024), 6.7.1.
fn of_events(rows: [&OutcomeResult; 2], occasion: &str, se: Interval) -> Option<Verdict> {
    let part = |row: &OutcomeResult| {
        let cell = row.at(occasion).filter(|cell| cell.statistic == Statistic::Events)?;
        cell.center().count().filter(|events| *events > 0).map(|events| 1.0 / events as f64)
    };
    let least = (part(rows[0])? + part(rows[1])?).sqrt();
    if_too_narrow(se, Interval::point(least), " of its logarithm")
}

/// The same of a change, by the SD of the change that is reported, or by those before and after.
fn impossible_change(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    of_reported_change(release, reported, rounding).or_else(|| of_both_times(release, reported, rounding))
}

/// By the SD of the same change that the arm reports: its standard error is that over √n.
fn of_reported_change(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let &[arm] = release.arms_of(reported).as_slice() else { return None };
    let row = release.outcome(reported.outcome.as_deref()?)?.of_arm(arm)?;
    let change = row.get(Quantity::Change, release.occasion_of(reported)?)?;
    let n = release.size_at(arm, change).filter(|n| *n > 1)?;
    change.spread().filter(|meaning| meaning.is_sd() && *meaning != SpreadMeaning::Unexplained)?;
    let sd = moments(change, Some(n), rounding, &mut Vec::new()).ok()?.sd?.range;
    let se = printed_precision(release, reported, rounding)?;
    let possible = sd.scaled(1.0 / (n as f64).sqrt());
    if se.nearly_meets(possible) {
        return None;
    }
    let [own, of_sd] = [se, possible].map(range);
    let told = format!("its precision is a standard error of {own}, and the change of {change} has one of {of_sd}");
    let is_far = se.lower > WIDENED[0] * possible.upper || NARROWED * se.upper < possible.lower;
    Some(if is_far { (Status::Fail, told) } else { refused(format!("{told}; its precision may be that of a model")) })
}

/// Whether the SDs before and after allow no change of the precision that is reported: its SD is the standard error
/// times √n, and lies between the difference and the sum of both.
fn of_both_times(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let sizes = sizes(release, reported);
    let &[n] = sizes.as_slice() else { return None };
    let &[arm] = release.arms_of(reported).as_slice() else { return None };
    let row = release.outcome(reported.outcome.as_deref()?)?.of_arm(arm)?;
    let occasion = release.occasion_of(reported)?;
    let (first, last) = (&row.cells.first().filter(|(id, _)| id != occasion)?.1, row.at(occasion)?);
    let [before, after] = [first, last].map(|cell| possible_sd(cell, Some(n), rounding));
    let (before, after) = (before?, after?);
    let df = DegreesOfFreedom::of(reported.measure, &sizes);
    let (se, _) = standard_error(reported, df, rounding).ok()?;
    let of_change = se.range.scaled((n as f64).sqrt());
    let possible = possible_sds([before, after]);
    let with_normal = match &reported.interval {
        Some(interval) => or_by_normal(of_change, df.critical(interval.level), interval.level),
        None => of_change,
    };
    let is_possible = with_normal.nearly_meets(possible);
    let is_too_large = is_of_no_model(of_change, possible);
    if is_possible {
        return None;
    }
    let [of_change, allowed] = [of_change, possible].map(range);
    let assumed = whatever_it_is(&[first, last]);
    let told = format!(
        "its precision makes the SD of change {of_change}, and SDs of {first} and {last} allow {allowed}{assumed}"
    );
    Some(if is_too_large {
        (Status::Fail, told)
    } else {
        refused(format!("{told}; its precision may be that of a model"))
    })
}
