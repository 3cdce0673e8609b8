//! Curves of one column: orthogonal polynomials and natural splines, fixed by the rows of a fit so that new
//! rows get columns of the same meaning.

use super::error::FormulaError;
use super::parse::{Expr, Node};
use super::spline::{BSpline, NaturalSpline, Places};
use crate::diagnostic::did_you_mean;
use crate::numeric::matrix::dot;

/// A curve as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Curve {
    /// `poly(x, degree)`
    Polynomial(usize),
    /// `poly(x, degree, raw = TRUE)`
    Powers(usize),
    /// `scale(x)`: less the mean, and over the standard deviation.
    Scaled {
        /// Whether the mean is taken off.
        center: bool,
        /// Whether it is divided by the standard deviation (about 0 without the mean taken off).
        scale: bool,
    },
    /// `ns(x, …)`
    Natural(Places),
    /// `bs(x, …)` of a degree.
    BSplines(Places, usize),
}

/// The knots between the boundary knots.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Knots {
    /// As many as so many columns have, at quantiles: `df = 3`.
    OfWidth(usize),
    /// `knots = c(2, 5)`, ascending.
    At(Vec<f64>),
}

/// The columns of a curve.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Basis {
    Polynomial(Polynomial),
    /// The powers from the first on.
    Powers(usize),
    /// What is taken off, and what the rest is divided by.
    Scaled {
        center: f64,
        spread: f64,
    },
    Natural(NaturalSpline),
    BSplines(BSpline),
}

impl Basis {
    /// Fixes a curve by the values of the rows of a fit.
    pub fn new(values: &[f64], curve: &Curve, expr: &Expr, source: &str) -> Result<Self, FormulaError> {
        Ok(match curve {
            Curve::Polynomial(degree) => Self::Polynomial(Polynomial::new(values, *degree, expr, source)?),
            Curve::Powers(degree) => Self::Powers(*degree),
            Curve::Scaled { center, scale } => {
                let n = values.len() as f64;
                let mean = if *center { values.iter().sum::<f64>() / n } else { 0.0 };
                let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
                let spread = if *scale { (squares / (n - 1.0)).sqrt() } else { 1.0 };
                if !(spread > 0.0 && spread.is_finite()) {
                    let message = "scale() needs two different values";
                    return Err(FormulaError::new(message, source, expr.span.clone()));
                }
                Self::Scaled { center: mean, spread }
            }
            Curve::Natural(places) => Self::Natural(NaturalSpline::new(values, places, expr, source)?),
            Curve::BSplines(places, degree) => Self::BSplines(BSpline::new(values, places, *degree, expr, source)?),
        })
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Self::Polynomial(polynomial) => polynomial.alpha.len(),
            Self::Powers(degree) => *degree,
            Self::Scaled { .. } => 1,
            Self::Natural(spline) => spline.width(),
            Self::BSplines(spline) => spline.width(),
        }
    }

    /// The columns of some values.
    pub fn columns(&self, values: &[f64]) -> Vec<Vec<f64>> {
        match self {
            Self::Polynomial(polynomial) => polynomial.columns(values),
            Self::Powers(degree) => {
                (1..=*degree as i32).map(|power| values.iter().map(|value| value.powi(power)).collect()).collect()
            }
            Self::Scaled { center, spread } => vec![values.iter().map(|value| (value - center) / spread).collect()],
            Self::Natural(spline) => spline.columns(values),
            Self::BSplines(spline) => spline.columns(values),
        }
    }
}

/// The argument of `poly(x, 2)`, `ns(x, df = 3)` and so on, and which curve it is.
pub(super) fn basis_call<'a>(expr: &'a Expr, source: &str) -> Result<Option<(&'a Expr, Curve)>, FormulaError> {
    let Node::Call(name, arguments) = &expr.node else { return Ok(None) };
    let known: &[&str] = match name.as_str() {
        "poly" => &["degree", "raw"],
        "ns" => &["df", "knots", "Boundary.knots"],
        "bs" => &["df", "knots", "Boundary.knots", "degree"],
        "scale" => &["center", "scale"],
        _ => return Ok(None),
    };
    let Some(((None, argument), rest)) = arguments.split_first() else {
        return Err(misused(name, "the first argument is a column", expr, source));
    };
    let mut given: [Option<&Expr>; 4] = [None; 4];
    for (option, value) in rest {
        // Without names, the arguments of scale() stand in their order; the others have one that may go without.
        let place = if name == "scale" { given.iter().position(Option::is_none).unwrap_or(0) } else { 0 };
        let option = option.as_deref().unwrap_or_else(|| known[place.min(known.len() - 1)]);
        let Some(at) = known.iter().position(|known| *known == option) else {
            let error = misused(name, &format!("{name}() has no argument {option}"), value, source);
            let meant = did_you_mean(option, known.iter().copied());
            return Err(meant.into_iter().fold(error, FormulaError::with_hint));
        };
        if given[at].replace(value).is_some() {
            return Err(misused(name, &format!("{option} is given twice"), value, source));
        }
    }
    let [first, second, third, fourth] = given;
    if name == "scale" {
        let is = |of: Option<&Expr>, what: &str| of.map_or(Ok(true), |of| flag(of, what, source));
        let (center, scale) = (is(first, "center"), is(second, "scale"));
        return Ok(Some((argument, Curve::Scaled { center: center?, scale: scale? })));
    }
    let curve = if name == "poly" {
        let degree = first.map_or(Ok(1), |of| whole(of, "the degree", source))?;
        if second.map_or(Ok(false), |of| flag(of, "raw", source))? {
            Curve::Powers(degree)
        } else {
            Curve::Polynomial(degree)
        }
    } else {
        let boundary = third.map(|of| boundary(of, source)).transpose()?;
        let knots = match (first, second) {
            (Some(df), None) => Knots::OfWidth(whole(df, "df", source)?),
            (None, Some(knots)) => Knots::At(numbers(knots, source)?),
            (Some(_), Some(knots)) => {
                let message = "df and knots say the same thing twice";
                return Err(misused(name, message, knots, source));
            }
            (None, None) => return Err(misused(name, &format!("{name}() needs df or knots"), expr, source)),
        };
        let places = Places { knots, boundary };
        match name.as_str() {
            "ns" => Curve::Natural(places),
            _ => Curve::BSplines(places, fourth.map_or(Ok(3), |of| whole(of, "the degree", source))?),
        }
    };
    if rest.is_empty() {
        return Err(misused(name, "poly() needs a degree", expr, source));
    }
    Ok(Some((argument, curve)))
}

fn misused(name: &str, message: &str, expr: &Expr, source: &str) -> FormulaError {
    let usage = if name == "scale" {
        "write scale(x), or scale(x, scale = FALSE) to take off the mean alone"
    } else if name == "poly" {
        "write poly(x, 2) or poly(x, 2, raw = TRUE): a column and a degree"
    } else {
        "write ns(x, df = 3) or ns(x, knots = c(2, 5)), bs(x, df = 5) or bs(x, knots = c(2, 5), degree = 3): a column, \
         and how many columns or which knots; Boundary.knots = c(0, 10) says where the range ends that they are for"
    };
    FormulaError::new(message, source, expr.span.clone()).with_hint(usage)
}

fn whole(of: &Expr, what: &str, source: &str) -> Result<usize, FormulaError> {
    match of.node {
        Node::Number(value) if value >= 1.0 && value.fract() == 0.0 && value < 100.0 => Ok(value as usize),
        _ => Err(FormulaError::new(format!("{what} is a whole number from 1"), source, of.span.clone())),
    }
}

fn flag(of: &Expr, what: &str, source: &str) -> Result<bool, FormulaError> {
    let error = || FormulaError::new(format!("{what} is TRUE or FALSE"), source, of.span.clone());
    of.as_flag().ok_or_else(error)
}

fn boundary(of: &Expr, source: &str) -> Result<[f64; 2], FormulaError> {
    match numbers(of, source)?[..] {
        [low, high] if low < high => Ok([low, high]),
        _ => {
            let error = FormulaError::new("the boundary knots are two different numbers", source, of.span.clone());
            Err(error.with_hint("write Boundary.knots = c(0, 10)"))
        }
    }
}

/// `5`, or `c(2, 5)`, ascending.
fn numbers(expr: &Expr, source: &str) -> Result<Vec<f64>, FormulaError> {
    let number = |of: &Expr| match &of.node {
        Node::Number(value) => Ok(*value),
        Node::Negative(inner) => match inner.node {
            Node::Number(value) => Ok(-value),
            _ => Err(FormulaError::new("a knot is a number", source, of.span.clone())),
        },
        _ => Err(FormulaError::new("a knot is a number", source, of.span.clone())),
    };
    match &expr.node {
        Node::Call(name, arguments) if name == "c" && !arguments.is_empty() => {
            let mut all = arguments.iter().map(|(_, of)| number(of)).collect::<Result<Vec<f64>, _>>()?;
            all.sort_by(f64::total_cmp);
            Ok(all)
        }
        _ => Ok(vec![number(expr)?]),
    }
}

/// The orthonormal polynomials over 1, 2, … so many levels, from the first degree on to the last: R's `contr.poly`.
///
/// Each is the one before times x, made orthogonal to all before it twice, so that high degrees stay exact: a
/// recurrence of three terms alone does not. Source: Lanczos's method with full orthogonalisation; Gautschi (2004),
/// Orthogonal Polynomials, section 2.2.3.
pub(super) fn polynomials_over(levels: usize) -> Vec<Vec<f64>> {
    let middle = (levels as f64 + 1.0) / 2.0;
    let mut all = vec![vec![1.0 / (levels as f64).sqrt(); levels]];
    for degree in 1..levels {
        let mut next: Vec<f64> = all[degree - 1].iter().zip(1..).map(|(p, x)| (f64::from(x) - middle) * p).collect();
        for _ in 0..2 {
            for earlier in &all {
                let share = dot(&next, earlier);
                next.iter_mut().zip(earlier).for_each(|(value, p)| *value -= share * p);
            }
        }
        let length = dot(&next, &next).sqrt();
        next.iter_mut().for_each(|value| *value /= length);
        all.push(next);
    }
    all.split_off(1)
}

/// Orthogonal polynomials over the rows of a fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Polynomial {
    alpha: Vec<f64>,
    norms: Vec<f64>,
}

impl Polynomial {
    /// By the recurrence of three terms; Kennedy & Gentle (1980), Statistical Computing, 343–344.
    fn new(values: &[f64], degree: usize, expr: &Expr, source: &str) -> Result<Self, FormulaError> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        if sorted.len() <= degree {
            let message = format!("a polynomial of degree {degree} needs more than {degree} different values");
            return Err(FormulaError::new(message, source, expr.span.clone()));
        }
        let mut polynomial = Self { alpha: Vec::new(), norms: vec![1.0] };
        let mut previous = vec![0.0; values.len()];
        let mut current = vec![1.0; values.len()];
        let sum = |f: &dyn Fn(usize) -> f64| (0..values.len()).map(f).sum::<f64>();
        let mut norm = values.len() as f64;
        polynomial.norms.push(norm);
        for _ in 0..degree {
            let alpha = sum(&|i| values[i] * current[i] * current[i]) / norm;
            let beta = norm / polynomial.norms[polynomial.norms.len() - 2];
            let next: Vec<f64> = (0..values.len())
                .map(|i| {
                    (values[i] - alpha) * current[i] - if polynomial.norms.len() > 2 { beta * previous[i] } else { 0.0 }
                })
                .collect();
            norm = next.iter().map(|value| value * value).sum();
            polynomial.alpha.push(alpha);
            polynomial.norms.push(norm);
            (previous, current) = (current, next);
        }
        Ok(polynomial)
    }

    fn columns(&self, values: &[f64]) -> Vec<Vec<f64>> {
        let mut columns: Vec<Vec<f64>> = vec![vec![1.0; values.len()]];
        for (degree, alpha) in self.alpha.iter().enumerate() {
            let beta = if degree == 0 { 0.0 } else { self.norms[degree + 1] / self.norms[degree] };
            let current = &columns[degree];
            let older = columns.get(degree.wrapping_sub(1));
            let next = (0..values.len())
                .map(|i| (values[i] - alpha) * current[i] - older.map_or(0.0, |older| beta * older[i]))
                .collect();
            columns.push(next);
        }
        let scaled = columns.into_iter().zip(self.norms[1..].iter()).skip(1);
        scaled.map(|(column, norm)| column.into_iter().map(|value| value / norm.sqrt()).collect()).collect()
    }
}
