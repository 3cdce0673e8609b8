//! What the reported values imply for an effect that the source reports beside them.

use super::counts::two_by_two::TwoByTwo;
use super::of_release::moments;
use super::rates_of_arms::{is_events, rate};
use super::reported::is_risk_in_percent;
use super::tables_of_arms::{CountsBehind, is_count};
use super::two_groups::TwoGroups;
use crate::diagnostic::Refused;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{
    ArmPair, Cell, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure, SpreadMeaning, Statistic,
};

/// A value that a reported effect can have by the values that are reported.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Implied {
    /// The effect as it would be printed, for all that rounding hides.
    pub range: Interval,
    /// Of what it is made: `5.1 ± 1.7 → 4.1 ± 1.6`.
    pub from: String,
}

/// Every value that the reported values imply: that of one arm from its first occasion to the one that is named, or
/// that of two arms by their values, and by their changes where both report a first occasion.
///
/// # Errors
/// There are no such values, or the effect is adjusted and does not follow from them.
pub fn implied(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Result<Vec<Implied>, Refused> {
    if let Some(adjusted) = &reported.adjusted {
        return Err(format!("it is adjusted ({}), and does not follow from the values alone", adjusted.en).into());
    }
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id)).ok_or("it names no outcome")?;
    match (release.arms_of(reported).as_slice(), reported.compares_arms()) {
        (&[arm, versus], true) => {
            let rows = outcome.of_arm(arm).zip(outcome.of_arm(versus));
            let (first, second) = rows.ok_or("the values of both arms are not reported")?;
            of_arms(release, reported, [first, second], rounding)
        }
        (_, true) => Err("it names one of the arms that it compares, and not the other".into()),
        (&[arm], false) => {
            of_one(release, reported, outcome.of_arm(arm).ok_or("the values of its arm are not reported")?, rounding)
        }
        (_, false) if outcome.results.is_empty() => Err("the values of its arm are not reported".into()),
        (_, false) => Err("its outcome has several arms, and it names none".into()),
    }
}

/// Whether everything that the values imply has the other sign than the effect, whatever SD stands below it. Sources
/// often print standardised differences without a sign.
pub fn has_other_sign(found: &[Implied], printed: Interval) -> bool {
    let is_opposite =
        |of: &Implied| of.range.upper < 0.0 && printed.lower > 0.0 || of.range.lower > 0.0 && printed.upper < 0.0;
    !found.is_empty() && found.iter().all(is_opposite)
}

/// Up to the occasion of the effect, or to the last one: from the first one of the row, and as a change that it
/// reports.
fn of_one(
    release: &Release,
    reported: &ReportedEstimate,
    row: &OutcomeResult,
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let occasion = release.occasion_of(reported).unwrap_or_default();
    if row.reported_at(occasion).is_none() {
        return Err(format!("its arm reports no `{occasion}`").into());
    }
    let change = row.get(Quantity::Change, occasion).map(|change| {
        let range = change_of(reported.measure, mean(change, rounding)?)?;
        Ok(Implied { range, from: change.text.clone() })
    });
    let values = row.at(occasion).map(|later| {
        let (first_id, first) = row.cells.first().ok_or("its arm reports no value")?;
        if first_id == occasion {
            return Err(format!("its arm reports `{occasion}` alone: there is no change").into());
        }
        let is_change = matches!(reported.measure, ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction);
        if is_events(first) && is_events(later) && !is_change {
            return of_rates(release, reported, [(&row.arm, later), (&row.arm, first)], rounding);
        }
        same_people(release, row, [first, later])?;
        if is_count(first) && is_count(later) && !is_change {
            return of_counts(release, reported, [row, row], [later, first], rounding);
        }
        let [before, after] = comparable([first, later], rounding)?;
        let range = if is_change {
            change_of(reported.measure, after.minus(before))?
        } else {
            ratio(of_cells_as(reported.measure, [later, first], rounding), after, before)?
        };
        Ok(vec![Implied { range, from: format!("{first} → {later}") }])
    });
    let mut ways: Vec<Result<Implied, Refused>> = change.into_iter().collect();
    match values {
        Some(Ok(found)) => ways.extend(found.into_iter().map(Ok)),
        Some(Err(reason)) => ways.push(Err(reason)),
        None => {}
    }
    those_found(ways)
}

/// The change is that of those who were measured twice; the difference of two means is that of others where people are
/// missing.
fn same_people(release: &Release, row: &OutcomeResult, cells: [&Cell; 2]) -> Result<(), Refused> {
    match cells.map(|cell| release.size_at(&row.arm, cell)) {
        [Some(first), Some(last)] if first != last => Err(format!(
            "{first} people are reported before and {last} after, and the change is that of those who were measured twice"
        )
        .into()),
        _ => Ok(()),
    }
}

/// Why a difference of two arms may be that of the changes of fewer people than have the values; none where it may not.
pub fn of_fewer_people(release: &Release, reported: &ReportedEstimate) -> Option<Refused> {
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let rows = [outcome.of_arm(reported.arm.as_deref()?)?, outcome.of_arm(reported.versus.as_deref()?)?];
    let occasion = release.occasion_of(reported)?;
    let first = ArmPair::all(rows, Quantity::Value).next().filter(|first| first.occasion != occasion)?;
    let last = ArmPair::at(rows, Quantity::Value, occasion)?;
    (0..2).find_map(|at| same_people(release, rows[at], [first.cells[at], last.cells[at]]).err())
}

/// What was found one way or the other; why nothing was, if nothing was.
fn those_found(ways: Vec<Result<Implied, Refused>>) -> Result<Vec<Implied>, Refused> {
    let (found, missing): (Vec<_>, Vec<_>) = ways.into_iter().partition(Result::is_ok);
    match missing.into_iter().find_map(Result::err) {
        Some(reason) if found.is_empty() => Err(reason),
        _ => Ok(found.into_iter().flatten().collect()),
    }
}

fn change_of(measure: ReportedMeasure, change: Rounded) -> Result<Interval, Refused> {
    match measure {
        ReportedMeasure::MeanChange => Ok(change.range),
        ReportedMeasure::MeanReduction => Ok(change.range.scaled(-1.0)),
        _ => Err(format!("a {} does not follow from a change alone", measure.in_words()).into()),
    }
}

/// A ratio of means, or the percentage that is made of it.
fn ratio(measure: ReportedMeasure, over: Rounded, under: Rounded) -> Result<Interval, Refused> {
    let same_sign =
        over.range.lower > 0.0 && under.range.lower > 0.0 || over.range.upper < 0.0 && under.range.upper < 0.0;
    let of_ratio: fn(f64) -> f64 = match measure {
        ReportedMeasure::RatioOfMeans | ReportedMeasure::RateRatio => |ratio| ratio,
        ReportedMeasure::PercentIncrease => |ratio| 100.0 * (ratio - 1.0),
        ReportedMeasure::PercentReduction => |ratio| 100.0 * (1.0 - ratio),
        _ => return Err(format!("a {} is no ratio of two of them", measure.in_words()).into()),
    };
    let ratio = over.range.abs().divided_by(under.range.abs()).filter(|_| same_sign);
    Ok(ratio.ok_or("values of both signs, or near 0, have no ratio")?.map_monotone(of_ratio))
}

/// Of two arms at the occasion of the effect, or at the last one that both report: by their values, by how much those
/// changed, and by the changes that they report. What is called a difference is often that of the changes.
fn of_arms(
    release: &Release,
    reported: &ReportedEstimate,
    rows: [&OutcomeResult; 2],
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let occasion = release.occasion_of(reported).unwrap_or_default();
    let [values, changes] = Quantity::BOTH.map(|quantity| ArmPair::at(rows, quantity, occasion));
    let mut ways = Vec::new();
    for pair in values.iter().chain(&changes) {
        let [first, second] = pair.cells;
        if is_count(first) && is_count(second) {
            return of_counts(release, reported, rows, pair.cells, rounding);
        }
        if is_events(first) && is_events(second) {
            return of_rates(release, reported, [0, 1].map(|at| (pair.arms()[at], pair.cells[at])), rounding);
        }
        if reported.measure == ReportedMeasure::StandardizedMeanDifference {
            match standardised(release, rows, pair.cells, rounding) {
                Ok(found) => ways.extend(found.into_iter().map(Ok)),
                Err(reason) => ways.push(Err(reason)),
            }
            if pair.cells.iter().all(|cell| cell.spread() == Some(SpreadMeaning::Unexplained)) {
                ways.extend(as_standard_errors(release, rows, pair.cells, rounding).into_iter().map(Ok));
            }
            continue;
        }
        let measure = of_cells_as(reported.measure, pair.cells, rounding);
        let range = comparable(pair.cells, rounding).and_then(|of| of_values(measure, of));
        ways.push(range.map(|range| Implied { range, from: format!("{first} vs {second}") }));
        // The first occasion that both report, before this one.
        let start = ArmPair::all(rows, Quantity::Value).next().filter(|first| first.occasion != occasion);
        if let (Some(ArmPair { cells: [a, b], .. }), Quantity::Value) = (start, pair.quantity) {
            let change = |at: usize, pair: [&Cell; 2]| {
                same_people(release, rows[at], pair)?;
                comparable(pair, rounding).map(|[before, after]| after.minus(before))
            };
            let range =
                change(0, [a, first]).and_then(|one| of_values(reported.measure, [one, change(1, [b, second])?]));
            ways.extend(
                range.ok().map(|range| Ok(Implied { range, from: format!("{a} → {first} vs {b} → {second}") })),
            );
        }
    }
    if ways.is_empty() {
        return Err("its arms report no occasion in common".into());
    }
    those_found(ways)
}

/// The standardised differences that go by this name: by the pooled SD, by that of either arm and by both, with and
/// without Hedges' correction.
fn standardised(
    release: &Release,
    rows: [&OutcomeResult; 2],
    cells: [&Cell; 2],
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let n = [0, 1].map(|at| release.size_at(&rows[at].arm, cells[at]));
    let mut notes = Vec::new();
    let mut of = |at: usize| moments(cells[at], n[at], rounding, &mut notes);
    let groups = TwoGroups { n, groups: [of(0)?, of(1)?] };
    let found = groups.standardised_differences().unwrap_or_default().into_iter();
    let found =
        found.map(|(name, range)| Implied { range, from: format!("{} vs {}, by the {name}", cells[0], cells[1]) });
    let found: Vec<Implied> = found.collect();
    if found.is_empty() { Err("the values have no SD".into()) } else { Ok(found) }
}

/// The same where what stands behind the ± are standard errors.
fn as_standard_errors(
    release: &Release,
    rows: [&OutcomeResult; 2],
    cells: [&Cell; 2],
    rounding: Rounding,
) -> Vec<Implied> {
    let [first, second] = cells.map(|cell| cell.read_as(SpreadMeaning::Se));
    let found = standardised(release, rows, [&first, &second], rounding).unwrap_or_default();
    found.into_iter().map(|of| Implied { from: format!("{}, with ± as standard errors", of.from), ..of }).collect()
}

/// What a standardised difference would be if the SDs of its arms were standard errors that are named wrongly; none of
/// other effects, and where the arms report other spreads.
pub fn were_sds_standard_errors(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Vec<Implied> {
    let rows = || {
        let outcome = release.outcome(reported.outcome.as_deref()?)?;
        let &[arm, versus] = release.arms_of(reported).as_slice() else { return None };
        Some([outcome.of_arm(arm)?, outcome.of_arm(versus)?])
    };
    let is_own = reported.measure == ReportedMeasure::StandardizedMeanDifference && reported.adjusted.is_none();
    let Some((rows, occasion)) = rows().zip(release.occasion_of(reported)).filter(|_| is_own) else {
        return Vec::new();
    };
    let pairs = Quantity::BOTH.into_iter().filter_map(|quantity| ArmPair::at(rows, quantity, occasion));
    let are_sds = |pair: &ArmPair<'_>| pair.cells.iter().all(|cell| cell.spread().is_some_and(SpreadMeaning::is_sd));
    pairs.filter(are_sds).flat_map(|pair| as_standard_errors(release, rows, pair.cells, rounding)).collect()
}

/// Geometric means have a ratio like others; that of other means is another one.
fn of_cells_as(measure: ReportedMeasure, cells: [&Cell; 2], rounding: Rounding) -> ReportedMeasure {
    let are_geometric = cells.iter().all(|cell| cell.is_geometric(rounding));
    match measure {
        ReportedMeasure::RatioOfGeometricMeans if are_geometric => ReportedMeasure::RatioOfMeans,
        measure => measure,
    }
}

fn of_values(measure: ReportedMeasure, [first, second]: [Rounded; 2]) -> Result<Interval, Refused> {
    match measure {
        ReportedMeasure::MeanDifference => Ok(first.minus(second).range),
        measure => ratio(measure, first, second),
    }
}

/// The ratio of the rates of two arms, or of a later time to an earlier one, over the person-times that print so.
fn of_rates(
    release: &Release,
    reported: &ReportedEstimate,
    cells: [(&str, &Cell); 2],
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id)).ok_or("it names no outcome")?;
    let of = |at: usize| {
        let (arm, cell) = cells[at];
        let found = rate(release, outcome, arm, cell)?;
        let time = cell.time.as_ref().map_or(Interval::point(found.time()), |time| time.rounded(rounding).range);
        let events = Interval::point(found.events() as f64);
        let range = events.divided_by(time).ok_or("the person-time may be 0")?;
        Ok::<_, Refused>(Rounded { value: found.events() as f64 / found.time(), range })
    };
    let range = ratio(reported.measure, of(0)?, of(1)?)?;
    Ok(vec![Implied { range, from: format!("{} vs {}, over their person-time", cells[0].1, cells[1].1) }])
}

/// Over every table of counts that prints so. Odds ratios are printed as they are, by the conditional likelihood that
/// goes with Fisher's test, or with half a person added to each cell, as others are where a cell is empty.
fn of_counts(
    release: &Release,
    reported: &ReportedEstimate,
    rows: [&OutcomeResult; 2],
    cells: [&Cell; 2],
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let counts = |at: usize| CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), rounding);
    let counts = [counts(0)?, counts(1)?];
    let unit = if is_risk_in_percent(release, reported) { 100.0 } else { 1.0 };
    let way = |by: &str, of: &dyn Fn(TwoByTwo) -> Result<f64, Refused>| {
        let range = over_tables(&counts, of)?.scaled(unit);
        Ok(Implied { range, from: format!("{} vs {}{by}", cells[0], cells[1]) })
    };
    let mut ways = vec![way("", &|table| of_table(reported.measure, table))];
    if reported.measure == ReportedMeasure::RiskDifference && cells.iter().all(|cell| cell.center().is_percent()) {
        let [first, second] = cells.map(|cell| cell.center().rounded(rounding));
        let range = first.minus(second).range.scaled(0.01 * unit);
        ways.push(Ok(Implied { range, from: format!("{} less {}, as printed", cells[0], cells[1]) }));
    }
    if reported.measure == ReportedMeasure::OddsRatio {
        let conditional = |table: TwoByTwo| table.conditional_odds_ratio().filter(|ratio| ratio.is_finite());
        let missing = || Refused::from("the margins leave no conditional odds ratio");
        let by_likelihood = way(", by the conditional likelihood", &|table| conditional(table).ok_or_else(missing));
        ways.push(by_likelihood.map(|way| Implied { range: as_software_finds(way.range), ..way }));
    }
    let may_be_empty = |of: &CountsBehind| *of.events.start() == 0 || *of.events.end() == of.n;
    if reported.measure == ReportedMeasure::OddsRatio || counts.iter().any(may_be_empty) {
        let of = |table: TwoByTwo| of_cells(reported.measure, table.cells().map(|cell| cell as f64 + 0.5));
        ways.push(way(", with ½ added to each count", &of));
    }
    those_found(ways)
}

/// Conditional odds ratios as R prints them: `fisher.test` stops within 1.3e-4 of them, or of their inverse above 1.
pub(crate) fn as_software_finds(exact: Interval) -> Interval {
    const TOLERANCE: f64 = 1.3e-4;
    let moved = |ratio: f64, by: f64| if ratio > 1.0 { 1.0 / (1.0 / ratio - by).max(1e-300) } else { ratio + by };
    Interval { lower: moved(exact.lower, -TOLERANCE).max(0.0), upper: moved(exact.upper, TOLERANCE) }
}

/// From the smallest to the largest value of a measure that moves in one direction with the events of the first arm,
/// and in the other with those of the second.
fn over_tables(
    [first, second]: &[CountsBehind; 2],
    of: &dyn Fn(TwoByTwo) -> Result<f64, Refused>,
) -> Result<Interval, Refused> {
    let extremes = |counts: &CountsBehind| [*counts.events.start(), *counts.events.end()];
    let [lowest, highest] = [(extremes(first)[0], extremes(second)[1]), (extremes(first)[1], extremes(second)[0])]
        .map(|(a, c)| of(TwoByTwo::new([a, first.n - a, c, second.n - c])?));
    Ok(Interval::between(lowest?, highest?))
}

fn of_table(measure: ReportedMeasure, table: TwoByTwo) -> Result<f64, Refused> {
    of_cells(measure, table.cells().map(|cell| cell as f64))
}

/// A ratio or difference of two counts, from the numbers of people with and without an event in each group.
///
/// # Errors
/// The measure is none of counts, or has no value of these.
pub(crate) fn of_cells(measure: ReportedMeasure, [a, b, c, d]: [f64; 4]) -> Result<f64, Refused> {
    let risks = [a / (a + b), c / (c + d)];
    let value = match measure {
        ReportedMeasure::RiskRatio => risks[0] / risks[1],
        ReportedMeasure::OddsRatio => a * d / (b * c),
        ReportedMeasure::RiskDifference => risks[0] - risks[1],
        ReportedMeasure::PercentReduction => 100.0 * (1.0 - risks[0] / risks[1]),
        ReportedMeasure::PercentIncrease => 100.0 * (risks[0] / risks[1] - 1.0),
        _ => return Err(format!("a {} does not follow from counts", measure.in_words()).into()),
    };
    if value.is_finite() { Ok(value) } else { Err("a cell without anybody leaves it without a value".into()) }
}

/// Two means that are of the same kind and unit.
fn comparable(cells: [&Cell; 2], rounding: Rounding) -> Result<[Rounded; 2], Refused> {
    let [one, other] = cells;
    if !one.is_comparable_with(other) {
        return Err(format!("`{one}` and `{other}` are different statistics or units").into());
    }
    Ok([mean(one, rounding)?, mean(other, rounding)?])
}

/// The mean of a cell. Percentages of measurements are values like others.
fn mean(cell: &Cell, rounding: Rounding) -> Result<Rounded, Refused> {
    match cell.statistic {
        Statistic::Median => Err(format!("`{cell}` is a median").into()),
        _ => Ok(cell.center().rounded(rounding)),
    }
}
