//! Conditions on rows: comparisons, and what `&`, `|`, `!` and `%in%` make of them.

use super::error::FormulaError;
use super::evaluate::{Value, evaluate, numbers};
use super::factor::{Factor, level_name};
use super::frame::Frame;
use super::levels::{Place, check_listed_levels};
use super::parse::{Expr, Node, Operator};
use crate::diagnostic::listed;
use crate::numeric::numeral::plain_number;

impl Expr {
    /// Whether it holds or does not, instead of being a number: `age > 65`, `arm %in% c("a", "b") & !(dose == 0)`.
    pub fn is_condition(&self) -> bool {
        match &self.node {
            Node::Binary(operator, ..) => {
                operator.is_comparison() || operator.joins_conditions() || *operator == Operator::In
            }
            Node::Not(_) => true,
            Node::Parenthesis(inner) => inner.is_condition(),
            _ => false,
        }
    }
}

/// Whether a condition holds in each of the given rows; none where a value is missing that decides it.
///
/// As in R, `FALSE & NA` is FALSE and `TRUE | NA` is TRUE. Other than in R, a missing value is not known to be outside
/// of `%in% c(…)`.
///
/// # Errors
/// If a column is unknown, or what is compared cannot be.
pub(super) fn condition(
    expr: &Expr,
    frame: &Frame,
    rows: &[usize],
    source: &str,
) -> Result<Vec<Option<bool>>, FormulaError> {
    let of = |inner: &Expr| condition(inner, frame, rows, source);
    match &expr.node {
        Node::Parenthesis(inner) => of(inner),
        Node::Not(inner) => Ok(of(inner)?.into_iter().map(|holds| holds.map(|holds| !holds)).collect()),
        Node::Binary(operator, left, right) if operator.is_comparison() => {
            let left = evaluate_or_text(left, frame, rows, source)?;
            against(*operator, &left, right, expr.span.clone(), frame, rows, source)
        }
        Node::Binary(Operator::In, left, right) => any_of([left, right], frame, rows, source),
        Node::Binary(operator, left, right) if operator.joins_conditions() => {
            let decides = *operator != Operator::And;
            let both = of(left)?.into_iter().zip(of(right)?);
            Ok(both.map(|(a, b)| joined(a, b, decides)).collect())
        }
        _ => {
            let error = FormulaError::new("a condition was expected here", source, expr.span.clone());
            Err(error.with_hint("on both sides of & and |, and behind !, stands a comparison such as age > 65"))
        }
    }
}

/// Of two conditions: the value that decides whatever the other is, or else what both are.
fn joined(a: Option<bool>, b: Option<bool>, decides: bool) -> Option<bool> {
    if a == Some(decides) || b == Some(decides) { Some(decides) } else { a.zip(b).map(|_| !decides) }
}

/// The values of a list behind `%in%`; none where it is no list.
fn listed_values(list: &Expr) -> Vec<&Expr> {
    match &list.node {
        Node::Call(name, arguments) if name == "c" => arguments.iter().map(|(_, value)| value).collect(),
        Node::Text(_) | Node::Number(_) | Node::Negative(_) => vec![list],
        _ => Vec::new(),
    }
}

/// `arm %in% c("a", "b")`: whether any of `arm == "a"` and `arm == "b"` holds.
fn any_of(
    [left, list]: [&Expr; 2],
    frame: &Frame,
    rows: &[usize],
    source: &str,
) -> Result<Vec<Option<bool>>, FormulaError> {
    let values = listed_values(list);
    if values.is_empty() {
        let error = FormulaError::new("a list of values was expected here", source, list.span.clone());
        return Err(error.with_hint("write them as in arm %in% c(\"a\", \"b\") or dose %in% c(10, 20)"));
    }
    let left = evaluate_or_text(left, frame, rows, source)?;
    values.into_iter().try_fold(vec![Some(false); rows.len()], |known, value| {
        let equal = against(Operator::Equal, &left, value, value.span.clone(), frame, rows, source)?;
        Ok(known.into_iter().zip(equal).map(|(a, b)| joined(a, b, true)).collect())
    })
}

/// The factor of FALSE and TRUE that R makes of a condition.
///
/// # Errors
/// Those of [`condition`].
pub(super) fn truth(expr: &Expr, frame: &Frame, rows: &[usize], source: &str) -> Result<Value, FormulaError> {
    let holds = condition(expr, frame, rows, source)?;
    let codes = holds.into_iter().map(|holds| holds.map(usize::from)).collect();
    Ok(Value::Factor(Factor { levels: vec!["FALSE".to_owned(), "TRUE".to_owned()], codes }))
}

/// `age > 65`, `arm == "drug"`, where the left side has its values already.
fn against(
    operator: Operator,
    left: &Value,
    right: &Expr,
    span: std::ops::Range<usize>,
    frame: &Frame,
    rows: &[usize],
    source: &str,
) -> Result<Vec<Option<bool>>, FormulaError> {
    match (left, &right.node) {
        (Value::Factor(factor), Node::Text(text)) if matches!(operator, Operator::Equal | Operator::NotEqual) => {
            // Rows of a new table need not have every level; those of a fit are checked for it.
            let is_equal = |code: usize| (factor.levels[code] == *text) == (operator == Operator::Equal);
            Ok(factor.codes.iter().map(|code| code.map(is_equal)).collect())
        }
        (Value::Factor(_), _) => {
            let error = FormulaError::new("texts are compared with a text by == or !=", source, span);
            Err(error.with_hint("write the level in quotes, as in arm == \"drug\""))
        }
        (Value::Numbers(left), Node::Text(text)) => {
            let level = level_in_quotes(operator, text, right.span.clone(), source)?;
            let is_equal = |value: &f64| (*value == level) == (operator == Operator::Equal);
            Ok(left.iter().map(|value| (!value.is_nan()).then(|| is_equal(value))).collect())
        }
        (Value::Numbers(left), _) => {
            let holds: fn(&f64, &f64) -> bool = match operator {
                Operator::Less => |a, b| a < b,
                Operator::LessOrEqual => |a, b| a <= b,
                Operator::Greater => |a, b| a > b,
                Operator::GreaterOrEqual => |a, b| a >= b,
                Operator::Equal => |a, b| a == b,
                _ => |a, b| a != b,
            };
            let right = numbers(right, frame, rows, source)?;
            let of_row = |(a, b): (&f64, &f64)| (!a.is_nan() && !b.is_nan()).then(|| holds(a, b));
            Ok(left.iter().zip(&right).map(of_row).collect())
        }
    }
}

/// The number in quotes that numbers are compared with: R makes texts of the numbers then, so that only the text that
/// it would print is equal to one.
fn level_in_quotes(
    operator: Operator,
    text: &str,
    span: std::ops::Range<usize>,
    source: &str,
) -> Result<f64, FormulaError> {
    let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    match plain_number(text) {
        Some(value) if is_equality && level_name(value) == text => Ok(value),
        Some(value) => {
            let message = "numbers are compared with a number, and this is a text";
            let hint = format!("write it without quotes: {}", level_name(value));
            Err(FormulaError::new(message, source, span).with_hint(hint))
        }
        None => {
            let message = format!("numbers are compared with a number, and `{text}` is none");
            let hint = "a column of which every field is a number has no texts: write for example code == 1";
            Err(FormulaError::new(message, source, span).with_hint(hint))
        }
    }
}

fn evaluate_or_text(expr: &Expr, frame: &Frame, rows: &[usize], source: &str) -> Result<Value, FormulaError> {
    match &expr.node {
        Node::Text(_) => {
            let error = FormulaError::new("the text of a comparison stands behind its sign", source, expr.span.clone());
            Err(error.with_hint("write I(arm == \"drug\")"))
        }
        _ => evaluate(expr, frame, rows, source),
    }
}

/// That the levels which an expression names, in `relevel(arm, ref = "drug")` or `I(arm == "drug")`, are those of the
/// rows of a fit.
pub(super) fn check_named_levels(expr: &Expr, frame: &Frame, rows: &[usize], source: &str) -> Result<(), FormulaError> {
    let check = |inner: &Expr| check_named_levels(inner, frame, rows, source);
    if let Node::Call(name, arguments) = &expr.node
        && matches!(name.as_str(), "factor" | "as.factor" | "ordered")
    {
        // Rows of other levels are missing, and none of the fit.
        let all: Vec<usize> = (0..frame.len()).collect();
        check_listed_levels(name, arguments, expr, Place { frame, rows: &all, source })?;
    }
    let (of, named): (&Expr, Vec<&Expr>) = match &expr.node {
        Node::Binary(operator, left, right) if operator.is_comparison() => (left, vec![right]),
        Node::Binary(Operator::In, left, right) => (left, listed_values(right)),
        Node::Call(name, arguments) if name == "relevel" => match arguments.as_slice() {
            [(_, argument), (_, level)] => (argument, vec![level]),
            _ => (expr, Vec::new()),
        },
        _ => (expr, Vec::new()),
    };
    let levels: Vec<(&String, &Expr)> = named
        .into_iter()
        .filter_map(|value| match &value.node {
            Node::Text(level) => Some((level, value)),
            _ => None,
        })
        .collect();
    if !levels.is_empty() {
        check(of)?;
        let Value::Factor(factor) = evaluate(of, frame, rows, source)? else { return Ok(()) };
        let is_there = |level: &String| factor.codes.iter().flatten().any(|&code| factor.levels[code] == *level);
        let Some((level, value)) = levels.into_iter().find(|(level, _)| !is_there(level)) else { return Ok(()) };
        let message = format!("{} has no level `{level}`", &source[of.span.clone()]);
        let error = FormulaError::new(message, source, value.span.clone());
        return Err(error.with_hint(format!("the levels are {}", listed(&factor.levels))));
    }
    match &expr.node {
        Node::Binary(_, left, right) => check(left).and_then(|()| check(right)),
        Node::Parenthesis(inner) | Node::Positive(inner) | Node::Negative(inner) | Node::Not(inner) => check(inner),
        Node::Call(_, arguments) => arguments.iter().try_for_each(|(_, argument)| check(argument)),
        Node::Name(_) | Node::Number(_) | Node::Text(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parse::sides;

    /// R 4.2.2, but for `%in%` of a missing value:
    /// `d <- data.frame(x = c(1, 2, 3, NA), arm = c("a", "b", NA, "c")); with(d, x > 1 & arm == "b")` and so on.
    #[test]
    fn conditions_are_joined_as_in_r() {
        let mut frame = Frame::default();
        frame.numbers("x", vec![1.0, 2.0, 3.0, f64::NAN]);
        frame.texts("arm", [Some("a"), Some("b"), None, Some("c")].map(|text| text.map(str::to_owned)));
        let (yes, no) = (Some(true), Some(false));
        for (text, expected) in [
            ("x > 1 & arm == 'b'", [no, yes, None, no]),
            ("x > 1 | arm == 'b'", [no, yes, yes, None]),
            ("x > 1 && arm == 'b'", [no, yes, None, no]),
            ("!(x > 1)", [yes, no, no, None]),
            ("! x == 2 & x < 3", [yes, no, no, None]),
            ("arm %in% c('a', 'c')", [yes, no, None, yes]),
            ("!arm %in% 'a'", [no, yes, None, yes]),
            ("x %in% c(1, 3) | x == 2 & arm != 'b'", [yes, no, yes, None]),
            ("x + 1 %in% 2 == 2", [no, yes, no, None]),
        ] {
            let Some((expr, rows)) = sides(text).ok().map(|sides| (sides.right, [0, 1, 2, 3])) else {
                panic!("{text}");
            };
            assert!(expr.is_condition(), "{text}");
            assert_eq!(condition(&expr, &frame, &rows, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_told() {
        let mut frame = Frame::default();
        frame.numbers("x", vec![1.0]);
        frame.texts("arm", [Some("a".to_owned())]);
        for (text, marked) in [
            ("x & x > 1", "x"),
            ("!x", "x"),
            ("arm %in% x", "x"),
            ("arm %in% c()", "c()"),
            ("arm %in% c(1)", "1"),
            ("x %in% c('one')", "'one'"),
        ] {
            let expr = sides(text).unwrap().right;
            let error = condition(&expr, &frame, &[0], text).unwrap_err();
            assert_eq!(&text[error.span.clone()], marked, "{error}");
        }
    }
}
