//! Which rows of a table a model has, and what is read from them beside the columns of its terms.

use super::data::{DataOptions, parts, unknown_column};
use super::error::MixedError;
use super::groups;
use crate::diagnostic::listed;
use crate::formula::{
    Column, DECIMAL_COMMA, Expr, Formula, FormulaError, Frame, NO_DATES, Node, Response, Value, evaluate,
    has_decimal_comma, is_date,
};
use crate::numeric::numeral::plain_number;

pub(super) fn no_rows(frame: &Frame, missing: &[Option<String>]) -> MixedError {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in missing.iter().flatten() {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let told: Vec<String> = counts.iter().map(|(name, count)| format!("{count} lack `{name}`")).collect();
    let message = match told.as_slice() {
        [_, ..] if !frame.is_empty() => {
            format!("every row lacks a value: of {} rows {}", frame.len(), listed(&told))
        }
        _ => "the table has no rows".to_owned(),
    };
    MixedError::NoRows { message, hint: "check the names of the columns, and which values are missing".to_owned() }
}

/// An expression with the text in which its places stand.
pub(super) struct Sourced {
    pub expr: Expr,
    pub source: String,
}

pub(super) fn offsets(formula: &Formula, options: &DataOptions) -> Result<Vec<Sourced>, MixedError> {
    let own = formula.terms.offsets.iter().cloned().map(|expr| Sourced { expr, source: formula.source.clone() });
    let mut offsets: Vec<Sourced> = own.collect();
    if let Some(text) = &options.offset {
        let hint = "write a column, or a function of one such as log(years)";
        let expr = Expr::parse(text).map_err(|error| error.with_hint(hint))?;
        offsets.push(Sourced { expr, source: text.clone() });
    }
    Ok(offsets)
}

/// For each row, the name of what is missing in it.
pub(super) fn missing(
    formula: &Formula,
    response: &Response,
    offsets: &[Sourced],
    frame: &Frame,
    options: &DataOptions,
) -> Result<Vec<Option<String>>, MixedError> {
    let mut all = formula.terms.missing_in_frame(frame)?;
    let mut add = |name: &str, absent: &dyn Fn(usize) -> bool| {
        for (row, place) in all.iter_mut().enumerate() {
            if place.is_none() && absent(row) {
                *place = Some(name.to_owned());
            }
        }
    };
    let rows: Vec<usize> = (0..frame.len()).collect();
    let sides: Vec<&Expr> = match response {
        Response::One(expr) => vec![expr],
        Response::Pair(a, b) => vec![a, b],
    };
    let expressions = sides.into_iter().map(|expr| (expr, formula.source.as_str()));
    for (expr, source) in expressions.chain(offsets.iter().map(|offset| (&offset.expr, offset.source.as_str()))) {
        let name = source.get(expr.span.clone()).unwrap_or("the response");
        match evaluate(expr, frame, &rows, source)? {
            Value::Numbers(values) => {
                add(name, &|row| values[row].is_nan());
                // Such as the logarithm of 0.
                add(&format!("a finite {name}"), &|row| values[row].is_infinite());
            }
            Value::Factor(factor) => add(name, &|row| factor.codes[row].is_none()),
        }
    }
    for term in &formula.random {
        let own = term.terms.missing_in_frame(frame)?;
        let groups = groups::missing(term, frame)?;
        for (row, (varies, group)) in own.into_iter().zip(groups).enumerate() {
            if all[row].is_none() {
                all[row] = varies.or(group);
            }
        }
    }
    let needed = options.needed.iter().flat_map(|name| parts(name, frame));
    for name in options.weights.iter().map(String::as_str).chain(needed) {
        let column = frame.column(name).ok_or_else(|| unknown_column(name, frame))?;
        for (row, place) in all.iter_mut().enumerate() {
            let is_absent = match column {
                Column::Numbers(values) => values[row].is_nan(),
                Column::Texts { values, .. } => values[row].is_none(),
            };
            if place.is_none() && is_absent {
                *place = Some(name.to_owned());
            }
        }
    }
    Ok(all)
}

/// The response: values, trials of `cbind`, and the texts that were read as 0 and 1.
pub(super) struct Values {
    pub y: Vec<f64>,
    pub trials: Option<Vec<f64>>,
    pub texts: Option<[String; 2]>,
}

pub(super) fn response_values(
    response: &Response,
    source: &str,
    frame: &Frame,
    rows: &[usize],
    options: &DataOptions,
) -> Result<Values, MixedError> {
    let mut texts = None;
    let mut numbers = |expr: &Expr| match evaluate(expr, frame, rows, source)? {
        Value::Numbers(values) => Ok(values),
        Value::Factor(factor) if options.binary_response && factor.levels.len() == 2 => {
            texts = Some([factor.levels[0].clone(), factor.levels[1].clone()]);
            Ok(factor.codes.iter().map(|code| f64::from(u8::from(*code == Some(1)))).collect())
        }
        Value::Factor(factor) => {
            let name = source.get(expr.span.clone()).unwrap_or("the response");
            // Where most are numbers, those that are none are what is wrong.
            let is_text = |level: &&String| plain_number(level).is_none_or(|value| !value.is_finite());
            let texts: Vec<&str> = factor.levels.iter().filter(is_text).take(3).map(String::as_str).collect();
            // A column of numbers that are all read as texts has one that is too long for a number.
            let is_numeric = texts.is_empty() && matches!(expr.node, Node::Name(_));
            let digits = |level: &str| level.chars().filter(char::is_ascii_digit).count();
            let longest = factor.levels.iter().max_by_key(|level| digits(level)).filter(|_| is_numeric);
            let is_long = longest.is_some_and(|longest| digits(longest) > 15);
            let message = match longest {
                Some(longest) if is_long => {
                    format!("the response {name} holds identifiers of more than 15 digits, such as `{longest}`")
                }
                Some(level) => format!("the response {name} is a column of texts that are numbers, such as `{level}`"),
                None => format!("the response {name} holds texts, such as `{}`", texts.join("`, `")),
            };
            let hint = match longest {
                Some(_) if !is_long => "give it as numbers",
                Some(_) => "whole numbers so long are read as names; with a decimal point they are measurements",
                None if texts.iter().all(|text| has_decimal_comma(text)) => DECIMAL_COMMA,
                None if texts.iter().all(|text| is_date(text)) => NO_DATES,
                None => "a response is a column of numbers; NA or an empty field is missing",
            };
            Err(MixedError::from(FormulaError::new(message, source, expr.span.clone()).with_hint(hint)))
        }
    };
    match response {
        Response::One(expr) => {
            let y = numbers(expr)?;
            Ok(Values { y, trials: None, texts })
        }
        Response::Pair(events, others) => {
            let (events, others) = (numbers(events)?, numbers(others)?);
            let trials = events.iter().zip(&others).map(|(a, b)| a + b).collect();
            Ok(Values { y: events, trials: Some(trials), texts: None })
        }
    }
}

pub(super) fn sum_of_offsets(
    offsets: &[Sourced],
    frame: &Frame,
    rows: &[usize],
) -> Result<Option<Vec<f64>>, MixedError> {
    let mut sum: Option<Vec<f64>> = None;
    for offset in offsets {
        let Value::Numbers(values) = evaluate(&offset.expr, frame, rows, &offset.source)? else {
            let error = FormulaError::new("an offset holds numbers", &offset.source, offset.expr.span.clone());
            return Err(error.into());
        };
        sum = Some(match sum {
            Some(known) => known.iter().zip(&values).map(|(a, b)| a + b).collect(),
            None => values,
        });
    }
    Ok(sum)
}

pub(super) fn weights(frame: &Frame, name: &str, rows: &[usize]) -> Result<Vec<f64>, MixedError> {
    let Some(Column::Numbers(values)) = frame.column(name) else {
        return Err(MixedError::data(format!("the column `{name}` of weights holds texts"), "weights are numbers"));
    };
    let chosen: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
    match chosen.iter().find(|weight| !weight.is_finite() || **weight <= 0.0) {
        Some(bad) => {
            let message = format!("the column `{name}` of weights holds {bad}, and a weight must be above 0");
            Err(MixedError::data(message, "leave rows without weight out of the table"))
        }
        None => Ok(chosen),
    }
}
