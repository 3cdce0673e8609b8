//! Outcomes and their results.

use super::super::fields::{Fields, Located};
use super::entries::size;
use super::{BEFORE, Names, id, localized, passage, scale};
use crate::numeric::decimal::Decimal;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Expression, Numeral, NumeralError, count_and_percent};
use crate::numeric::rounding::Rounding;
use crate::reported::{
    Cell, CellForm, Direction, Exposure, Occasion, Outcome, OutcomeResult, Quantity, Scale, SpreadMeaning, Statistic,
};
use std::ops::Range;

/// The fields of a result that are no occasions.
pub(super) const RESULT_FIELDS: [&str; 10] =
    ["arm", "n", "statistic", "spread", "time", "adjusted", "quote", "line", "section", "from"];

const UNDECLARED: &str = "an occasion other than before and after is declared first: [[occasion]]";

pub(super) fn outcomes(top: &Fields<'_, '_>, arms: &Names, occasions: &[Located<Occasion>]) -> (Vec<Outcome>, Names) {
    let mut names = Names::default();
    let mut outcomes = Vec::new();
    for fields in top.tables("outcome", "the outcome") {
        if let Some(outcome) = outcome(fields, &mut names, arms, occasions) {
            outcomes.push(outcome);
        }
    }
    (outcomes, names)
}

fn outcome(
    fields: Fields<'_, '_>,
    names: &mut Names,
    arms: &Names,
    occasions: &[Located<Occasion>],
) -> Option<Outcome> {
    let id = id(&fields, "outcome", |id| names.contains(id));
    if let Some(id) = &id {
        names.0.push((id.value.clone(), id.span.clone()));
    }
    let label = localized(&fields, "label", "write what people call it");
    let unit = fields.get("unit").and_then(|_| localized(&fields, "unit", "write the unit"));
    let better = fields.named("better", &Direction::ALL).map(|located| located.value);
    let scale = scale::scale(&fields);
    let slope_of = fields.named("slope_of", &scale::SCORES).map(|located| located.value);
    let exposure = exposure(&fields, scale.as_ref());
    let mut results: Vec<OutcomeResult> = Vec::new();
    for row in fields.tables("outcome.result", "the result") {
        let span = row.span();
        let Some(result) = result(&row, arms, occasions, scale.as_ref(), exposure.as_ref()) else {
            row.finish_with(UNDECLARED);
            continue;
        };
        add(&mut results, result, occasions, &row, span);
        row.finish_with(UNDECLARED);
    }
    fields.finish();
    Some(Outcome { id: id?.value, label: label?, unit, better, scale: scale?, slope_of, exposure, results })
}

/// Adds a result. Several of one arm are one row, each with its own occasions, quote and n.
fn add(
    results: &mut Vec<OutcomeResult>,
    result: OutcomeResult,
    occasions: &[Located<Occasion>],
    row: &Fields<'_, '_>,
    span: Range<usize>,
) {
    let Some(known) = results.iter_mut().find(|known| known.arm == result.arm) else {
        results.push(result);
        return;
    };
    for (quantity, what) in [(Quantity::Value, "values"), (Quantity::Change, "changes")] {
        let mut new = result.all(quantity).iter();
        if let Some((twice, _)) = new.find(|(occasion, _)| known.get(quantity, occasion).is_some()) {
            let message = format!("the outcome has two {what} of the arm `{}` at `{twice}`", result.arm);
            let hint = "write each occasion of an arm once; a second result of the arm has other occasions, or is its \
                        change (statistic = \"change\")";
            row.report(span, message, hint);
            return;
        }
    }
    let place = |(id, _): &(String, Cell)| occasions.iter().position(|occasion| occasion.value.id == *id);
    known.cells.extend(result.cells);
    known.cells.sort_by_key(place);
    known.changes.extend(result.changes);
    known.changes.sort_by_key(place);
}

/// The time over which the events of each person were counted.
fn exposure(fields: &Fields<'_, '_>, scale: Option<&Scale>) -> Option<Exposure> {
    const HINT: &str = "write exposure = { unit = { en = \"person-years\", ja = \"人年\" } }, with time = 1 where each person was \
                        observed so long";
    let table = fields.table("exposure", "the exposure")?;
    let unit = localized(&table, "unit", HINT);
    let time = table.parsed::<Numeral>("time");
    if let Some((span, error)) = time.as_ref().and_then(|time| Some((time.span.clone(), inexact_time(&time.value)?))) {
        table.explain(span, &error);
    }
    if let Some(time) = time.as_ref().filter(|time| time.value.value() <= 0.0) {
        table.report(time.span.clone(), format!("a time is above 0, and this is {}", time.value.text()), HINT);
    }
    if scale.is_some_and(|scale| scale.name() != Some("count")) {
        let message = "only events have an `exposure`, and the outcome's scale is no count";
        table.report(table.span(), message, "write scale = \"count\", or leave the exposure out");
    }
    table.finish();
    Some(Exposure { time: time.map(|time| time.value), unit: unit? })
}

fn result(
    row: &Fields<'_, '_>,
    arms: &Names,
    occasions: &[Located<Occasion>],
    scale: Option<&Scale>,
    exposure: Option<&Exposure>,
) -> Option<OutcomeResult> {
    let arm = arm(row, arms);
    let statistic = row.named("statistic", &Statistic::ALL);
    let spread = row.named("spread", &SpreadMeaning::ALL);
    let n = if row.has("n") { size(row, "the result").flatten() } else { None };
    let is_of_events = statistic.as_ref().is_some_and(|of| of.value == Statistic::Events);
    let time = person_time(row, is_of_events, exposure);
    let adjusted = row.get("adjusted").and_then(|_| localized(row, "adjusted", "write for what, or by which model"));
    let unit = row.parsed::<Numeral>("rounded_to");
    let passage = passage(row);
    let mut cells = Vec::new();
    let mut complete = true;
    for occasion in occasions.iter().map(|occasion| &occasion.value) {
        let Some(text) = row.text(&occasion.id) else { continue };
        let statistic = statistic.as_ref().map(|located| located.value);
        let spread = spread.as_ref().map(|located| located.value);
        // A count may have its share beside it.
        let counts = matches!(statistic, None | Some(Statistic::Count)) && spread.is_none();
        let (counted, percent) = count_and_percent(&text.value).filter(|_| counts).unzip();
        let statistic = if percent.is_some() { Some(Statistic::Count) } else { statistic };
        match cell(counted.as_deref().unwrap_or(&text.value), statistic, spread) {
            Ok((statistic, form)) => {
                let Some(form) = marked(row, form, unit.as_ref()) else {
                    complete = false;
                    continue;
                };
                let Some(passage) = passage.clone() else { continue };
                let cell = Cell {
                    text: text.value.trim().to_owned(),
                    statistic,
                    form,
                    n: n.clone(),
                    time: time.clone(),
                    adjusted: adjusted.clone(),
                    percent,
                    passage,
                };
                // The first occasion of a file may be one up to which there is a change from a time that has no values.
                if statistic == Statistic::Change && occasion.id == BEFORE {
                    let hint = "write the change at the occasion up to which it is";
                    row.report(text.span.clone(), format!("nothing comes before `{}`", occasion.id), hint);
                }
                check_cell(row, &cell, text.span.clone());
                check_limits(row, &cell, scale, text.span);
                cells.push((occasion.id.clone(), cell));
            }
            Err(error) => {
                complete = false;
                row.explain(text.span, &error);
            }
        }
    }
    if cells.is_empty() && complete && passage.is_some() {
        let ids: Vec<&str> = occasions.iter().map(|occasion| occasion.value.id.as_str()).collect();
        row.report(row.span(), "the result has no value", format!("write a value for {}", ids.join(" or ")));
    }
    passage?;
    Some(OutcomeResult::new(arm?, cells))
}

/// The numbers of a cell with the unit that they look rounded to.
fn marked(row: &Fields<'_, '_>, form: CellForm, unit: Option<&Located<Numeral>>) -> Option<CellForm> {
    const HINT: &str = "write the unit that all numbers of the result look rounded to, such as 100; counts have none";
    let Some(unit) = unit else { return Some(form) };
    match form.rounded_to(unit.value.decimal()) {
        Ok(form) => Some(form),
        Err(number) => {
            let message = format!("{} is not rounded to multiples of {}", number.text(), unit.value);
            row.report(unit.span.clone(), message, HINT);
            None
        }
    }
}

/// Reports what contradicts itself in a cell.
fn check_cell(row: &Fields<'_, '_>, cell: &Cell, span: Range<usize>) {
    if cell.statistic == Statistic::Events && cell.center().count().is_none() {
        let hint = "write how many events there were, as a whole number; statistic = \"rate\" is a rate";
        row.report(span.clone(), format!("{} is no whole number of events", cell.text), hint);
    }
    if let Some(error) = inexact(cell) {
        row.explain(span.clone(), &error);
    }
    if let CellForm::Pair { center, lower, upper, .. } = &cell.form
        && !(lower.decimal()..=upper.decimal()).contains(&center.decimal())
    {
        let message = format!("{} lies outside its own range {} to {}", center, lower, upper);
        row.report(span, message, "check the three numbers against the source");
    }
}

/// The person-time over which events were counted.
fn person_time(row: &Fields<'_, '_>, is_of_events: bool, exposure: Option<&Exposure>) -> Option<Numeral> {
    let time = row.parsed::<Numeral>("time")?;
    let text = time.value.text().to_owned();
    if !is_of_events {
        row.report(time.span, "only events have a `time`", "write statistic = \"events\", or leave the time out");
        return None;
    }
    if exposure.is_none() {
        let hint = "write exposure = { unit = { en = \"person-years\", ja = \"人年\" } } for the outcome";
        row.report(time.span, format!("the unit of {text} is not said"), hint);
        return None;
    }
    if let Some(error) = inexact_time(&time.value) {
        row.explain(time.span, &error);
        return None;
    }
    if time.value.value() <= 0.0 {
        row.report(time.span, format!("a person-time is above 0, and this is {text}"), "check it against the source");
        return None;
    }
    Some(time.value)
}

/// The arm of a result; the only one where there is only one.
fn arm(row: &Fields<'_, '_>, arms: &Names) -> Option<String> {
    let Some(text) = row.text("arm") else {
        let mut ids = arms.ids();
        return match (ids.next(), ids.next()) {
            (Some(only), None) => Some(only.to_owned()),
            (None, _) => {
                row.missing("arm", "define the group of patients first: [[arm]] with id, label, n and quote");
                None
            }
            _ => {
                row.missing("arm", &arms.hint(""));
                None
            }
        };
    };
    arms.check(row, "arm", &text).then(|| text.value.into_owned())
}

/// Reads one cell. What `±` or a pair in brackets means has to be said, and so has what a number
/// is that stands alone: nothing is assumed.
fn cell(
    text: &str,
    statistic: Option<Statistic>,
    spread: Option<SpreadMeaning>,
) -> Result<(Statistic, CellForm), NumeralError> {
    let fail = |problem: &str, hint: &str| {
        Err(NumeralError { text: text.to_owned(), problem: problem.to_owned(), hint: Some(hint.to_owned()) })
    };
    let form = match (text.parse()?, spread) {
        (Expression::Spread { name: Some(name), .. } | Expression::Range { name: Some(name), .. }, Some(meaning))
            if !meaning.agrees_with(name) =>
        {
            let said = meaning.name();
            let problem = format!("gives {}, and spread = \"{said}\" says something else", name.in_words());
            return fail(&problem, "write in `spread` what the source says; a row has one spread for all its cells");
        }
        (Expression::Number(numeral), _) => CellForm::Single(numeral),
        (Expression::Fraction { part, whole }, _) => CellForm::Fraction { part, whole },
        (Expression::Spread { center, spread, .. }, Some(meaning)) if meaning.fits_plus_minus() => {
            CellForm::PlusMinus { center, spread, meaning }
        }
        (Expression::Range { center, lower, upper, .. }, Some(meaning)) if meaning.fits_pair() => {
            CellForm::Pair { center, lower, upper, meaning }
        }
        (Expression::Spread { .. }, meaning) => {
            let hint = "write spread = \"sd\", \"population-sd\", \"se\" or \"ci95\" as the source says, \
                        or \"unexplained\" where it does not";
            return fail(&unsaid("a ±", meaning), hint);
        }
        (Expression::Range { .. }, meaning) => {
            let hint = "write spread = \"range\", \"quartiles\" or \"ci95\" as the source says, \
                        or \"unexplained\" where it does not";
            return fail(&unsaid("a pair of numbers", meaning), hint);
        }
    };
    let statistic = match (statistic, &form) {
        (Some(statistic), _) => statistic,
        (None, CellForm::PlusMinus { .. }) => Statistic::Mean,
        (None, CellForm::Fraction { .. }) => Statistic::Count,
        _ => {
            let hint = "write statistic = \"mean\", \"median\", \"rate\", \"slope\", \"change\", \"percent\", \"count\" or \"events\"";
            return fail("is a number, and `statistic` does not say what it is", hint);
        }
    };
    Ok((statistic, form))
}

/// A bound or an approximation in a cell that is no count: it has no value to compute with.
fn inexact(cell: &Cell) -> Option<NumeralError> {
    let counts = matches!(cell.statistic, Statistic::Count | Statistic::Percent);
    cell.numerals().into_iter().filter(|_| !counts).find_map(|numeral| numeral.exact().err())
}

/// The same in a time over which events were counted.
fn inexact_time(time: &Numeral) -> Option<NumeralError> {
    let hint = "rates need the time itself: leave it out where the source has it approximately";
    time.exact().err().map(|error| NumeralError { hint: Some(hint.to_owned()), ..error })
}

/// What is missing where nothing fitting is said of a spread.
fn unsaid(form: &str, meaning: Option<SpreadMeaning>) -> String {
    match meaning {
        None => format!("has {form}, and `spread` does not say what that is"),
        Some(meaning) => format!("has {form}, which cannot be `{}`", meaning.name()),
    }
}

/// A mean or median lies within the limits of its scale, and so do quartiles and the values of a range.
fn check_limits(row: &Fields<'_, '_>, cell: &Cell, scale: Option<&Scale>, span: Range<usize>) {
    const HINT: &str = "check the number and the scale of the outcome against the source";
    let Some(scale) = scale else { return };
    let bounded = matches!(cell.statistic, Statistic::Mean | Statistic::Median | Statistic::Rate | Statistic::Percent);
    if !bounded {
        return;
    }
    // A rate of one person may lie between the counts; values on finer steps are printed rounded.
    let has_steps = matches!(cell.statistic, Statistic::Mean | Statistic::Median)
        && matches!(scale, Scale::Edss | Scale::Nrs | Scale::AlsfrsR | Scale::Count);
    let (ends, is_range) = match &cell.form {
        CellForm::Pair { lower, upper, meaning: SpreadMeaning::Range, .. } => (vec![lower, upper], true),
        CellForm::Pair { lower, upper, meaning: SpreadMeaning::Quartiles, .. } => (vec![lower, upper], false),
        _ => (Vec::new(), false),
    };
    // The ends may have been rounded beyond the scale.
    let limits = Interval {
        lower: scale.min().map_or(f64::NEG_INFINITY, Decimal::to_f64),
        upper: scale.max().map_or(f64::INFINITY, Decimal::to_f64),
    };
    let is_outside = |end: &&Numeral| !end.rounding_interval(Rounding::default()).to_interval().meets(limits);
    let center = Some(cell.center()).filter(|number| !scale.covers(number.decimal()));
    if let Some(outside) = center.or_else(|| ends.iter().copied().find(|end| is_outside(end))) {
        let limits = match (scale.min(), scale.max()) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("from {min} upwards"),
            (_, max) => max.map(|max| format!("up to {max}")).unwrap_or_default(),
        };
        let message = format!("{} lies outside the scale, which goes {limits}", outside.text());
        row.report(span, message, HINT);
    } else if let Some(absent) = ends.into_iter().find(|end| is_range && has_steps && !scale.admits(end.decimal())) {
        let message = format!("{} is an end of the range, and no value of the scale", absent.text());
        row.report(span, message, HINT);
    }
}
