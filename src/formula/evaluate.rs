//! The values of expressions over a frame.

use super::conditions::{condition, truth};
use super::deparse::number;
use super::error::FormulaError;
use super::frame::{Column, Frame};
use super::parse::{Expr, Node, Operator};
use crate::diagnostic::meant_or_known;
use crate::numeric::numeral::plain_number;

/// What an expression is in each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Numbers; NaN is missing.
    Numbers(Vec<f64>),
    /// Levels.
    Factor(Factor),
}

/// A level in each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The levels in order.
    pub levels: Vec<String>,
    /// The position of the level of each row; none where it is missing.
    pub codes: Vec<Option<usize>>,
}

impl Factor {
    /// The factor of texts: levels sorted by their characters, as R does in the C locale, and the
    /// reference first.
    pub fn of_texts(values: &[Option<String>], reference: Option<&str>) -> Self {
        let mut levels: Vec<String> = values.iter().flatten().cloned().collect();
        levels.sort_unstable();
        levels.dedup();
        if let Some(at) = reference.and_then(|reference| levels.iter().position(|level| level == reference)) {
            levels[..=at].rotate_right(1);
        }
        let places: std::collections::HashMap<&str, usize> =
            levels.iter().enumerate().map(|(at, level)| (level.as_str(), at)).collect();
        let codes = values.iter().map(|value| value.as_deref().and_then(|text| places.get(text).copied())).collect();
        Self { codes, levels }
    }

    /// The same factor with a level put first; unchanged where it has no such level.
    pub fn with_first(mut self, level: Option<&str>) -> Self {
        let Some(at) = level.and_then(|level| self.levels.iter().position(|own| own == level)) else { return self };
        self.levels[..=at].rotate_right(1);
        let moved = |code: usize| match code.cmp(&at) {
            std::cmp::Ordering::Less => code + 1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => code,
        };
        self.codes.iter_mut().for_each(|code| *code = code.map(moved));
        self
    }

    /// Texts such as V1, V2, … V10 or t0.25, t0.5 in the order of their numbers; others unchanged.
    pub fn in_number_order(self) -> Self {
        let split = |level: &str| {
            let head = level.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            // The point of month.12 belongs to its head.
            let tail = level[head.len()..].trim_start_matches('.');
            Some((level[..level.len() - tail.len()].to_owned(), plain_number(tail)?))
        };
        let parts: Option<Vec<(String, f64)>> = self.levels.iter().map(|level| split(level)).collect();
        let Some(parts) = parts.filter(|parts| parts.windows(2).all(|pair| pair[0].0 == pair[1].0)) else {
            return self;
        };
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|&one, &two| parts[one].1.total_cmp(&parts[two].1));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &at)| places[at] = place);
        let codes = self.codes.iter().map(|code| code.map(|code| places[code])).collect();
        Self { levels: order.iter().map(|&at| self.levels[at].clone()).collect(), codes }
    }

    /// The factor of numbers: levels in ascending order, named as R prints them; by the shortest text that reads back
    /// where R's 15 digits do not, so that no two levels have one name.
    pub fn of_numbers(values: &[f64]) -> Self {
        // −0 is 0, and a sum with 0 makes it that.
        let values: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let find = |value: &f64| sorted.binary_search_by(|level| level.total_cmp(value)).ok();
        let codes = values.iter().map(find).collect();
        Self { levels: sorted.iter().map(|&level| level_name(level)).collect(), codes }
    }
}

/// The name of a level that is a number.
pub(super) fn level_name(level: f64) -> String {
    let name = number(level);
    if plain_number(&name) == Some(level) { name } else { level.to_string() }
}

type Function = fn(f64) -> f64;

/// The functions of one number that a formula may use.
const FUNCTIONS: [(&str, Function); 12] = [
    ("log", f64::ln),
    ("exp", f64::exp),
    ("sqrt", f64::sqrt),
    ("abs", f64::abs),
    ("log2", f64::log2),
    ("log10", f64::log10),
    ("log1p", f64::ln_1p),
    ("expm1", f64::exp_m1),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("as.numeric", |x| x),
];

/// What makes terms instead of numbers.
const OF_TERMS: [&str; 7] = ["scale", "poly", "ns", "offset", "factor", "as.factor", "relevel"];

/// The value of an expression in the given rows.
///
/// # Errors
/// If a column or function is unknown, or something else than numbers stands in arithmetic.
pub fn evaluate(expr: &Expr, frame: &Frame, rows: &[usize], source: &str) -> Result<Value, FormulaError> {
    match &expr.node {
        Node::Name(name) => match frame.column(name) {
            Some(Column::Numbers(values)) => Ok(Value::Numbers(rows.iter().map(|&row| values[row]).collect())),
            Some(Column::Texts { values, reference }) => {
                let chosen: Vec<Option<String>> = rows.iter().map(|&row| values[row].clone()).collect();
                Ok(Value::Factor(Factor::of_texts(&chosen, reference.as_deref())))
            }
            None if name == "pi" => Ok(Value::Numbers(vec![std::f64::consts::PI; rows.len()])),
            None => Err(unknown_column(name, expr, frame, source)),
        },
        Node::Call(name, arguments) if name == "relevel" => releveled(arguments, expr, frame, rows, source),
        Node::Call(name, arguments) if name == "I" => match only_argument(name, arguments, expr, source)? {
            argument if argument.is_condition() => truth(argument, frame, rows, source),
            _ => numbers(expr, frame, rows, source).map(Value::Numbers),
        },
        Node::Call(name, arguments) if matches!(name.as_str(), "factor" | "as.factor") => {
            let argument = only_argument(name, arguments, expr, source)?;
            // A condition has the levels FALSE and TRUE already.
            if argument.is_condition() {
                return truth(argument, frame, rows, source);
            }
            Ok(match evaluate(argument, frame, rows, source)? {
                Value::Numbers(values) => {
                    let reference = match &argument.node {
                        Node::Name(name) => frame.factor_reference(name),
                        _ => None,
                    };
                    Value::Factor(Factor::of_numbers(&values).with_first(reference))
                }
                factor => factor,
            })
        }
        Node::Parenthesis(inner) => evaluate(inner, frame, rows, source),
        _ => numbers(expr, frame, rows, source).map(Value::Numbers),
    }
}

/// The numbers of an expression of arithmetic.
pub(super) fn numbers(expr: &Expr, frame: &Frame, rows: &[usize], source: &str) -> Result<Vec<f64>, FormulaError> {
    let of = |inner: &Expr| numbers(inner, frame, rows, source);
    if expr.is_condition() {
        // In arithmetic a condition is 1 where it holds and 0 where it does not: I((t - 10) * (t > 10)).
        let holds = condition(expr, frame, rows, source)?;
        return Ok(holds.iter().map(|holds| holds.map_or(f64::NAN, f64::from)).collect());
    }
    match &expr.node {
        Node::Number(value) => Ok(vec![*value; rows.len()]),
        Node::Name(_) => match evaluate(expr, frame, rows, source)? {
            Value::Numbers(values) => Ok(values),
            Value::Factor(_) => {
                let message = format!("{} is a column of texts, and a number was expected", &source[expr.span.clone()]);
                Err(FormulaError::new(message, source, expr.span.clone())
                    .with_hint("arithmetic needs columns of numbers"))
            }
        },
        Node::Parenthesis(inner) | Node::Positive(inner) => of(inner),
        Node::Negative(inner) => Ok(of(inner)?.into_iter().map(|value| -value).collect()),
        Node::Binary(operator, left, right) => {
            let apply: fn(f64, f64) -> f64 = match operator {
                Operator::Add => |a, b| a + b,
                Operator::Subtract => |a, b| a - b,
                Operator::Times => |a, b| a * b,
                Operator::Divide => |a, b| a / b,
                Operator::Power => f64::powf,
                _ => {
                    let error = FormulaError::new("this sign is no arithmetic", source, expr.span.clone());
                    return Err(error.with_hint("inside a function, + - * / ^ are arithmetic"));
                }
            };
            let (left, right) = (of(left)?, of(right)?);
            Ok(left.into_iter().zip(right).map(|(a, b)| apply(a, b)).collect())
        }
        Node::Call(name, arguments) if name == "I" => of(only_argument(name, arguments, expr, source)?),
        Node::Call(name, arguments) if matches!(name.as_str(), "pmin" | "pmax" | "ifelse") => {
            let mut all = Vec::new();
            for argument in in_their_places(name, arguments, source)? {
                all.push(of(argument)?);
            }
            row_by_row(name, &all, rows.len()).ok_or_else(|| {
                let count = if name == "ifelse" { "three arguments" } else { "two or more arguments" };
                let error = FormulaError::new(format!("{name}() takes {count}"), source, expr.span.clone());
                error.with_hint(OF_SEVERAL)
            })
        }
        Node::Call(name, arguments) => {
            let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| known == name) else {
                return Err(unknown_function(name, expr, source));
            };
            Ok(of(only_argument(name, arguments, expr, source)?)?.into_iter().map(function).collect())
        }
        Node::Text(_) => Err(FormulaError::new("a number was expected, and this is a text", source, expr.span.clone())),
        Node::Not(_) => Err(FormulaError::new("a number was expected here", source, expr.span.clone())),
    }
}

/// How functions of several columns are written.
const OF_SEVERAL: &str = "for example pmax(t - 10, 0), or ifelse(t > 10, t - 10, 0)";

/// The arguments of a function of several columns in their places: `ifelse` knows its own by name, and the others have none.
fn in_their_places<'a>(
    name: &str,
    arguments: &'a [(Option<String>, Expr)],
    source: &str,
) -> Result<Vec<&'a Expr>, FormulaError> {
    const OF_IFELSE: [&str; 3] = ["test", "yes", "no"];
    let known: &[&str] = if name == "ifelse" { &OF_IFELSE } else { &[] };
    let place = |named: &Option<String>| named.as_ref().map(|own| known.iter().position(|known| known == own));
    if let Some((named, argument)) = arguments.iter().find(|(named, _)| place(named) == Some(None)) {
        let named = named.as_deref().unwrap_or_default();
        let error = FormulaError::new(format!("{name}() has no argument {named}"), source, argument.span.clone());
        return Err(error.with_hint(OF_SEVERAL));
    }
    let mut unnamed = arguments.iter().filter(|(named, _)| named.is_none()).map(|(_, argument)| argument);
    let mut all: Vec<&Expr> = Vec::new();
    for own in known {
        let by_name = arguments.iter().find(|(named, _)| named.as_deref() == Some(*own)).map(|(_, argument)| argument);
        all.extend(by_name.or_else(|| unnamed.next()));
    }
    all.extend(unnamed);
    Ok(all)
}

/// R's functions of several columns; none where there are too few or too many of them. A row without a value of one has
/// none, but for the branch that `ifelse` does not choose.
fn row_by_row(name: &str, columns: &[Vec<f64>], rows: usize) -> Option<Vec<f64>> {
    let chosen: fn(&[f64]) -> f64 = match (name, columns.len()) {
        ("ifelse", 3) => |of| match of[0] {
            condition if condition.is_nan() => f64::NAN,
            0.0 => of[2],
            _ => of[1],
        },
        ("pmin", 2..) => |of| among(of, f64::min),
        ("pmax", 2..) => |of| among(of, f64::max),
        _ => return None,
    };
    let row = |at: usize| {
        let own: Vec<f64> = columns.iter().map(|values| values[at]).collect();
        chosen(&own)
    };
    Some((0..rows).map(row).collect())
}

/// The one of some numbers that is picked of each two; none where one of them has no value.
fn among(of: &[f64], pick: fn(f64, f64) -> f64) -> f64 {
    if of.iter().any(|value| value.is_nan()) { f64::NAN } else { of.iter().copied().reduce(pick).unwrap_or(f64::NAN) }
}

/// `relevel(arm, ref = "placebo")`: the factor with another reference.
fn releveled(
    arguments: &[(Option<String>, Expr)],
    expr: &Expr,
    frame: &Frame,
    rows: &[usize],
    source: &str,
) -> Result<Value, FormulaError> {
    let wrong = |message: String| {
        let error = FormulaError::new(message, source, expr.span.clone());
        Err(error
            .with_hint("write relevel(arm, ref = \"placebo\"): a column of texts, or factor(…), and one of its levels"))
    };
    let [(None, argument), (name, Expr { node: Node::Text(level), .. })] = arguments else {
        return wrong("relevel() takes a factor and a level".to_owned());
    };
    if name.as_deref().is_some_and(|name| name != "ref") {
        return wrong("relevel() takes a factor and a level".to_owned());
    }
    match evaluate(argument, frame, rows, source)? {
        Value::Factor(factor) => Ok(Value::Factor(factor.with_first(Some(level)))),
        Value::Numbers(_) => wrong("relevel() takes a factor, and this is a column of numbers".to_owned()),
    }
}

fn only_argument<'a>(
    name: &str,
    arguments: &'a [(Option<String>, Expr)],
    expr: &Expr,
    source: &str,
) -> Result<&'a Expr, FormulaError> {
    match arguments {
        [(None, argument)] => Ok(argument),
        _ => Err(FormulaError::new(format!("{name}() takes one argument here"), source, expr.span.clone())),
    }
}

fn unknown_column(name: &str, expr: &Expr, frame: &Frame, source: &str) -> FormulaError {
    let error = FormulaError::new(format!("there is no column `{name}`"), source, expr.span.clone());
    error.with_hint(meant_or_known(name, "columns", frame.names()))
}

fn unknown_function(name: &str, expr: &Expr, source: &str) -> FormulaError {
    if OF_TERMS.contains(&name) {
        let message = format!("{name}() makes a term of the right side, and cannot stand here");
        let error = FormulaError::new(message, source, expr.span.clone());
        let hint = match name {
            "scale" => "a response is scaled with numbers, as in (y - 50) / 10, or in the table beforehand",
            _ => "it stands by itself between + signs, and neither in the response nor in another function",
        };
        return error.with_hint(hint);
    }
    let error = FormulaError::new(format!("the function `{name}` is not known"), source, expr.span.clone());
    if name == "bs" {
        return error.with_hint("curves are ns(x, df = 4), natural splines, or poly(x, 3)");
    }
    if name == "mean" {
        return error.with_hint("scale(x, scale = FALSE) is x less its mean, also in predictions for new rows");
    }
    let others = ["pmin", "pmax", "ifelse", "factor", "relevel", "I", "scale", "poly", "ns", "offset"];
    let known = FUNCTIONS.iter().map(|(known, _)| *known).chain(others);
    error.with_hint(meant_or_known(name, "functions", known))
}
