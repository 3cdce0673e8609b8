//! Expressions as R prints them: they are the names of variables and columns.

use super::lex::is_in_name;
use super::parse::{Expr, Node, Operator};
use crate::numeric::numeral::plain_number;

/// An expression as R prints it.
pub(super) fn deparse(expr: &Expr) -> String {
    match &expr.node {
        Node::Number(value) => number(*value),
        // As the value of an argument.
        Node::Name(name) if matches!(name.as_str(), "TRUE" | "FALSE" | "Inf") => name.clone(),
        Node::Name(name) => quoted_name(name),
        Node::Text(text) => format!("\"{text}\""),
        Node::Negative(inner) => format!("-{}", deparse(inner)),
        Node::Positive(inner) => format!("+{}", deparse(inner)),
        Node::Not(inner) => format!("!{}", deparse(inner)),
        Node::Parenthesis(inner) => format!("({})", deparse(inner)),
        Node::Call(name, arguments) => {
            let argument = |(name, value): &(Option<String>, Expr)| match name {
                Some(name) => format!("{name} = {}", deparse(value)),
                None => deparse(value),
            };
            format!("{name}({})", arguments.iter().map(argument).collect::<Vec<_>>().join(", "))
        }
        Node::Binary(operator, left, right) => format!("{}{}{}", deparse(left), sign(*operator), deparse(right)),
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => " + ",
        Operator::Subtract => " - ",
        Operator::Times => " * ",
        Operator::Divide => "/",
        Operator::Power => "^",
        Operator::Colon => ":",
        Operator::In => " %in% ",
        Operator::Remainder => "%%",
        Operator::WholeQuotient => "%/%",
        Operator::Bar => " | ",
        Operator::DoubleBar => " || ",
        Operator::Less => " < ",
        Operator::LessOrEqual => " <= ",
        Operator::Greater => " > ",
        Operator::GreaterOrEqual => " >= ",
        Operator::Equal => " == ",
        Operator::NotEqual => " != ",
        Operator::And => " & ",
    }
}

/// Words of R that are no names.
const RESERVED: [&str; 19] = [
    "if",
    "else",
    "repeat",
    "while",
    "function",
    "for",
    "next",
    "break",
    "in",
    "TRUE",
    "FALSE",
    "NULL",
    "Inf",
    "NaN",
    "NA",
    "NA_integer_",
    "NA_real_",
    "NA_character_",
    "NA_complex_",
];

/// A name as R reads it: in backticks where it needs them, with its own ones escaped.
///
/// ```
/// use reffect::formula::quoted_name;
/// assert_eq!(quoted_name("dose.mg"), "dose.mg");
/// assert_eq!(quoted_name("dose [mg]"), "`dose [mg]`");
/// assert_eq!(quoted_name("TRUE"), "`TRUE`");
/// ```
pub fn quoted_name(name: &str) -> String {
    let mut chars = name.chars();
    let begins = match chars.next() {
        // A point and a digit begin a number.
        Some('.') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        first => first.is_some_and(char::is_alphabetic),
    };
    let is_plain = begins && name.chars().all(is_in_name) && !RESERVED.contains(&name);
    if is_plain { name.to_owned() } else { format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")) }
}

/// A number as R prints it: 15 significant digits, and a power of ten where that is shorter.
///
/// This also names the levels of `factor(number)`.
pub(super) fn number(value: f64) -> String {
    let shortest = (0..15).map(|digits| format!("{value:.digits$e}"));
    let close = |text: &String| plain_number(text).is_some_and(|read| (read - value).abs() <= 5e-16 * value.abs());
    let scientific = shortest.into_iter().find(close).unwrap_or_else(|| format!("{value:.14e}"));
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let Some(exponent) = exponent.parse::<i32>().ok() else { return scientific };
    let digits = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let decimals = usize::try_from(digits as i32 - exponent).unwrap_or(0);
    let fixed = format!("{value:.decimals$}");
    let scientific = format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    if fixed.len() <= scientific.len() { fixed } else { scientific }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_in_r() {
        for (value, text) in [
            (2.0, "2"),
            (0.5, "0.5"),
            (-1.25, "-1.25"),
            (1e5, "1e+05"),
            (123_456.0, "123456"),
            (0.1 + 0.2, "0.3"),
            (1e-5, "1e-05"),
            (0.0001, "1e-04"),
            (0.001, "0.001"),
            (1989.0, "1989"),
            (0.0, "0"),
            (1.0 / 3.0, "0.333333333333333"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn unusual_names_stand_in_backticks() {
        assert_eq!(quoted_name("dose [mg]"), "`dose [mg]`");
        assert_eq!(quoted_name("年"), "年");
        assert_eq!(quoted_name("ai"), "ai");
        for name in ["a`b", "a\\b", "\\", "`", "a\\`", "dose [mg]", "x\\\\`y"] {
            assert_eq!(crate::formula::Expr::parse(&quoted_name(name)).unwrap().columns(), [name]);
        }
        // A backslash before another character is one, as names were written before.
        assert_eq!(crate::formula::Expr::parse("`a\\b`").unwrap().columns(), ["a\\b"]);
    }
}
