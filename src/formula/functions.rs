//! The functions that a formula may use in its arithmetic.

use super::error::FormulaError;
use super::parse::Expr;
use crate::diagnostic::meant_or_known;

type Function = fn(f64) -> f64;

/// The functions of one number that a formula may use.
const OF_ONE: [(&str, Function); 17] = [
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
    ("floor", f64::floor),
    ("ceiling", f64::ceil),
    ("trunc", f64::trunc),
    ("sign", sign),
    ("as.numeric", |x| x),
    ("as.integer", f64::trunc),
];

/// The functions of several numbers.
const OF_SEVERAL: [&str; 4] = ["pmin", "pmax", "ifelse", "round"];

/// What makes levels out of numbers or of other levels.
pub(super) const OF_LEVELS: [&str; 6] = ["factor", "as.factor", "ordered", "relevel", "cut", "interaction"];

/// What makes terms instead of numbers.
const OF_TERMS: [&str; 5] = ["scale", "poly", "ns", "bs", "offset"];

fn sign(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() { x } else { x.signum() }
}

/// R's `%%`: what is left of a division that is rounded down; none by 0.
pub(super) fn remainder(a: f64, b: f64) -> f64 {
    let left = a % b;
    // −0 has no sign in R's output either.
    if left != 0.0 && (left < 0.0) != (b < 0.0) { left + b } else { left }
}

/// R's `%/%`: a division that is rounded down.
pub(super) fn whole_quotient(a: f64, b: f64) -> f64 {
    if b == 0.0 { a / b } else { ((a - remainder(a, b)) / b).round() }
}

/// A function of one number by its name.
pub(super) fn of_one(name: &str) -> Option<Function> {
    OF_ONE.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// Whether a function takes several numbers.
pub(super) fn takes_several(name: &str) -> bool {
    OF_SEVERAL.contains(&name)
}

/// How functions of several columns are written.
fn usage(name: &str) -> &'static str {
    match name {
        "round" => "for example round(age), or round(age / 10, 1)",
        _ => "for example pmax(t - 10, 0), or ifelse(t > 10, t - 10, 0)",
    }
}

/// The arguments of a function of several columns in their places: some know their own by name, and others have none.
///
/// # Errors
/// If an argument has a name that is none of the function's.
pub(super) fn in_their_places<'a>(
    name: &str,
    arguments: &'a [(Option<String>, Expr)],
    source: &str,
) -> Result<Vec<&'a Expr>, FormulaError> {
    let known: &[&str] = match name {
        "ifelse" => &["test", "yes", "no"],
        "round" => &["x", "digits"],
        _ => &[],
    };
    let place = |named: &Option<String>| named.as_ref().map(|own| known.iter().position(|known| known == own));
    if let Some((named, argument)) = arguments.iter().find(|(named, _)| place(named) == Some(None)) {
        let named = named.as_deref().unwrap_or_default();
        let error = FormulaError::new(format!("{name}() has no argument {named}"), source, argument.span.clone());
        return Err(error.with_hint(usage(name)));
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

/// R's functions of several columns. A row without a value of one has none, but for the branch that `ifelse` does not
/// choose.
///
/// # Errors
/// If there are too few or too many columns.
pub(super) fn row_by_row(
    name: &str,
    columns: &[Vec<f64>],
    rows: usize,
    expr: &Expr,
    source: &str,
) -> Result<Vec<f64>, FormulaError> {
    let chosen: fn(&[f64]) -> f64 = match (name, columns.len()) {
        ("ifelse", 3) => |of| match of[0] {
            condition if condition.is_nan() => f64::NAN,
            0.0 => of[2],
            _ => of[1],
        },
        ("pmin", 2..) => |of| among(of, f64::min),
        ("pmax", 2..) => |of| among(of, f64::max),
        ("round", 1) => |of| of[0].round_ties_even(),
        ("round", 2) => |of| rounded(of[0], of[1]),
        _ => {
            let count = match name {
                "ifelse" => "three arguments",
                "round" => "a number and how many decimals",
                _ => "two or more arguments",
            };
            let error = FormulaError::new(format!("{name}() takes {count}"), source, expr.span.clone());
            return Err(error.with_hint(usage(name)));
        }
    };
    let row = |at: usize| {
        let own: Vec<f64> = columns.iter().map(|values| values[at]).collect();
        chosen(&own)
    };
    Ok((0..rows).map(row).collect())
}

/// The one of some numbers that is picked of each two; none where one of them has no value.
fn among(of: &[f64], pick: fn(f64, f64) -> f64) -> f64 {
    if of.iter().any(|value| value.is_nan()) { f64::NAN } else { of.iter().copied().reduce(pick).unwrap_or(f64::NAN) }
}

/// A number at so many decimals, negative ones for tens and hundreds; an even last digit where two are as near.
fn rounded(value: f64, decimals: f64) -> f64 {
    if value.is_nan() || decimals.is_nan() {
        return f64::NAN;
    }
    let decimals = decimals.trunc();
    // More digits than a number has.
    if decimals > 17.0 - value.abs().max(f64::MIN_POSITIVE).log10().floor() {
        return value;
    }
    // A power of ten is exact where its exponent is positive.
    let (scale, is_fine) = (10f64.powf(decimals.abs()), decimals >= 0.0);
    let back = |whole: f64| if is_fine { whole / scale } else { whole * scale };
    let scaled = if is_fine { value * scale } else { value / scale };
    let (below, above) = (back(scaled.floor()), back(scaled.ceil()));
    let (down, up) = (value - below, above - value);
    let is_below = down < up || (down == up && scaled.floor() % 2.0 == 0.0);
    if is_below { below } else { above }
}

/// That a function has no meaning where a number was expected.
pub(super) fn unknown_function(name: &str, expr: &Expr, source: &str) -> FormulaError {
    if OF_TERMS.contains(&name) || OF_LEVELS.contains(&name) {
        let message = format!("{name}() makes a term of the right side, and cannot stand here");
        let error = FormulaError::new(message, source, expr.span.clone());
        let hint = match name {
            "scale" => "a response is scaled with numbers, as in (y - 50) / 10, or in the table beforehand",
            _ => "it stands by itself between + signs, and neither in the response nor in another function",
        };
        return error.with_hint(hint);
    }
    let error = FormulaError::new(format!("the function `{name}` is not known"), source, expr.span.clone());
    if name == "mean" {
        return error.with_hint("scale(x, scale = FALSE) is x less its mean, also in predictions for new rows");
    }
    let all = OF_ONE.iter().map(|(known, _)| *known).chain(OF_SEVERAL).chain(OF_LEVELS).chain(["I"]).chain(OF_TERMS);
    error.with_hint(meant_or_known(name, "functions", all))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2.2: `round(x, d)`, `a %% b`, `a %/% b`.
    #[test]
    fn rounding_and_division_are_those_of_r() {
        let cases = [
            (0.15, 1.0, 0.1),
            (0.25, 1.0, 0.2),
            (0.35, 1.0, 0.3),
            (2.675, 2.0, 2.67),
            (-1.005, 2.0, -1.0),
            (1234.5, -2.0, 1200.0),
            (1250.0, -2.0, 1200.0),
            (5.015, 2.0, 5.02),
            (0.1, 20.0, 0.1),
        ];
        for (value, decimals, expected) in cases {
            assert_eq!(rounded(value, decimals).to_bits(), f64::to_bits(expected), "{value} at {decimals}");
        }
        for (a, b, left, whole) in [
            (5.0, 3.0, 2.0, 1.0),
            (-5.0, 3.0, 1.0, -2.0),
            (5.0, -3.0, -1.0, -2.0),
            (5.5, 2.0, 1.5, 2.0),
            (1.0, 0.1, 0.1 - 5.551_115_123_125_783e-17, 9.0),
            (-6.0, 3.0, 0.0, -2.0),
        ] {
            assert!((remainder(a, b) - left).abs() < 1e-15, "{a} %% {b}");
            assert_eq!(whole_quotient(a, b), whole, "{a} %/% {b}");
        }
        assert!(remainder(5.0, 0.0).is_nan() && whole_quotient(5.0, 0.0).is_infinite());
    }
}
