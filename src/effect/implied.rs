//! What the reported values imply for an effect that the source reports beside them.

use super::counts::two_by_two::TwoByTwo;
use super::of_release::moments;
use super::tables_of_arms::{CountsBehind, is_count};
use super::two_groups::TwoGroups;
use crate::diagnostic::Refused;
use crate::estimate::Measure;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{Cell, OutcomeResult, Release, ReportedEstimate, ReportedMeasure, Statistic, USUAL_LEVEL};

/// A value that a reported effect can have by the values that are reported.
#[derive(Clone, Debug, PartialEq)]
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
    let row = |arm: &str| outcome.results.iter().find(|row| row.arm == arm);
    let found = match (&reported.arm, &reported.versus) {
        (Some(arm), Some(versus)) => {
            let (first, second) = row(arm).zip(row(versus)).ok_or("the values of both arms are not reported")?;
            of_arms(release, reported, [first, second], rounding)?
        }
        (None, Some(_)) => return Err("it names one of the arms that it compares, and not the other".into()),
        (None, None) if outcome.results.len() > 1 => {
            return Err("its outcome has several arms, and it names none".into());
        }
        (arm, None) => {
            let only = || if outcome.results.len() == 1 { outcome.results.first() } else { None };
            let row = arm.as_deref().map_or_else(only, row).ok_or("the values of its arm are not reported")?;
            of_one(release, reported, row, rounding)?
        }
    };
    Ok(found)
}

/// From the first occasion of a row to that of the effect, or to the last one.
fn of_one(
    release: &Release,
    reported: &ReportedEstimate,
    row: &OutcomeResult,
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let occasion = release.occasion_of(reported).unwrap_or_default();
    let later = row.at(occasion).ok_or_else(|| format!("its arm reports no `{occasion}`"))?;
    if later.statistic == Statistic::Change {
        let range = change_of(reported.measure, mean(later, rounding)?)?;
        return Ok(vec![Implied { range, from: later.text.clone() }]);
    }
    let (first_id, first) = row.cells.first().ok_or("its arm reports no value")?;
    if first_id == occasion {
        return Err(format!("its arm reports `{occasion}` alone: there is no change").into());
    }
    let [before, after] = comparable([first, later], rounding)?;
    let range = match reported.measure {
        ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction => {
            change_of(reported.measure, after.minus(before))?
        }
        measure => ratio(measure, after, before)?,
    };
    Ok(vec![Implied { range, from: format!("{first} → {later}") }])
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
        _ => return Err(format!("a {} does not follow from two means", measure.in_words()).into()),
    };
    let ratio = over.range.abs().divided_by(under.range.abs()).filter(|_| same_sign);
    Ok(ratio.ok_or("values of both signs, or near 0, have no ratio")?.map_monotone(of_ratio))
}

fn of_arms(
    release: &Release,
    reported: &ReportedEstimate,
    rows: [&OutcomeResult; 2],
    rounding: Rounding,
) -> Result<Vec<Implied>, Refused> {
    let shared = rows[0].cells.iter().rev().map(|(id, _)| id.as_str()).find(|id| rows[1].at(id).is_some());
    let occasion = reported.occasion.as_deref().or(shared).unwrap_or_default();
    let cells = rows.map(|row| row.at(occasion));
    let [Some(first), Some(second)] = cells else { return Err("its arms report no occasion in common".into()) };
    let from = format!("{first} vs {second}");
    if is_count(first) && is_count(second) {
        let unit = if reported.is_risk_in_percent() { 100.0 } else { 1.0 };
        let range = of_counts(release, reported.measure, rows, [first, second], rounding)?.scaled(unit);
        return Ok(vec![Implied { range, from }]);
    }
    let values = comparable([first, second], rounding)?;
    if reported.measure == ReportedMeasure::StandardizedMeanDifference {
        return standardised(release, rows, [first, second], rounding);
    }
    let mut found = vec![Implied { range: of_values(reported.measure, values)?, from }];
    // What is called a difference is often that of the changes.
    let starts = rows.map(|row| row.cells.first().filter(|(id, _)| id != occasion).map(|(_, cell)| cell));
    if let ([Some(a), Some(b)], false) = (starts, first.statistic == Statistic::Change) {
        let change = |pair: [&Cell; 2]| comparable(pair, rounding).map(|[before, after]| after.minus(before));
        if let (Ok(one), Ok(other)) = (change([a, first]), change([b, second]))
            && let Ok(range) = of_values(reported.measure, [one, other])
        {
            found.push(Implied { range, from: format!("{a} → {first} vs {b} → {second}") });
        }
    }
    Ok(found)
}

/// The standardised differences that go by this name: by the pooled SD, with and without Hedges' correction, and by
/// the SD of the second arm.
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
    let by = [(Measure::D, "pooled SD"), (Measure::G, "pooled SD, corrected"), (Measure::Smd1, "SD of the second arm")];
    let found: Vec<Implied> = by
        .into_iter()
        .filter_map(|(measure, name)| {
            let range = groups.estimate(measure, USUAL_LEVEL).rounding?;
            Some(Implied { range, from: format!("{} vs {}, by the {name}", cells[0], cells[1]) })
        })
        .collect();
    if found.is_empty() { Err("the values have no SD".into()) } else { Ok(found) }
}

fn of_values(measure: ReportedMeasure, [first, second]: [Rounded; 2]) -> Result<Interval, Refused> {
    match measure {
        ReportedMeasure::MeanDifference => Ok(first.minus(second).range),
        measure => ratio(measure, first, second),
    }
}

/// Over every table of counts that prints so.
fn of_counts(
    release: &Release,
    measure: ReportedMeasure,
    rows: [&OutcomeResult; 2],
    cells: [&Cell; 2],
    rounding: Rounding,
) -> Result<Interval, Refused> {
    let counts = |at: usize| CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), rounding);
    let [first, second] = [counts(0)?, counts(1)?];
    // Each measure rises with the events of the first arm and falls with those of the second.
    let extremes = |counts: &CountsBehind| [counts.events.first().copied(), counts.events.last().copied()];
    let [lowest, highest] = [(extremes(&first)[0], extremes(&second)[1]), (extremes(&first)[1], extremes(&second)[0])]
        .map(|(a, c)| {
            let (a, c) = a.zip(c).ok_or("no count prints so")?;
            of_table(measure, TwoByTwo::new([a, first.n - a, c, second.n - c])?)
        });
    Ok(Interval::between(lowest?, highest?))
}

fn of_table(measure: ReportedMeasure, table: TwoByTwo) -> Result<f64, Refused> {
    let [a, b, c, d] = table.cells().map(|cell| cell as f64);
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
    if one.statistic != other.statistic || one.center().is_percent() != other.center().is_percent() {
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
