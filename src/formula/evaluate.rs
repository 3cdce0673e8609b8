//! The values of expressions over a frame.

use super::conditions::{condition, truth};
use super::error::FormulaError;
use super::factor::Factor;
use super::frame::{Column, Frame};
use super::functions::{
    OF_LEVELS, in_their_places, of_one, remainder, row_by_row, takes_several, unknown_function, whole_quotient,
};
use super::levels::{Place, levels_call};
use super::parse::{Expr, Node, Operator};
use crate::diagnostic::meant_or_known;

/// What an expression is in each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Numbers; NaN is missing.
    Numbers(Vec<f64>),
    /// Levels.
    Factor(Factor),
}

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
        Node::Call(name, arguments) if OF_LEVELS.contains(&name.as_str()) => {
            levels_call(name, arguments, expr, Place { frame, rows, source })
        }
        Node::Call(name, arguments) if name == "I" => match only_argument(name, arguments, expr, source)? {
            argument if argument.is_condition() => truth(argument, frame, rows, source),
            _ => numbers(expr, frame, rows, source).map(Value::Numbers),
        },
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
                Operator::Remainder => remainder,
                Operator::WholeQuotient => whole_quotient,
                _ => {
                    let error = FormulaError::new("this sign is no arithmetic", source, expr.span.clone());
                    return Err(error.with_hint("inside a function, + - * / ^ %% %/% are arithmetic"));
                }
            };
            let (left, right) = (of(left)?, of(right)?);
            Ok(left.into_iter().zip(right).map(|(a, b)| apply(a, b)).collect())
        }
        Node::Call(name, arguments) if name == "I" => of(only_argument(name, arguments, expr, source)?),
        Node::Call(name, arguments) if takes_several(name) => {
            let mut all = Vec::new();
            for argument in in_their_places(name, arguments, source)? {
                all.push(of(argument)?);
            }
            row_by_row(name, &all, rows.len(), expr, source)
        }
        Node::Call(name, arguments) => {
            let function = of_one(name).ok_or_else(|| unknown_function(name, expr, source))?;
            Ok(of(only_argument(name, arguments, expr, source)?)?.into_iter().map(function).collect())
        }
        Node::Text(_) => Err(FormulaError::new("a number was expected, and this is a text", source, expr.span.clone())),
        Node::Not(_) => Err(FormulaError::new("a number was expected here", source, expr.span.clone())),
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
