//! Curves of one column: orthogonal polynomials and natural splines, fixed by the rows of a fit so that new
//! rows get columns of the same meaning.

use super::error::FormulaError;
use super::parse::{Expr, Node};
use crate::diagnostic::did_you_mean;
use crate::numeric::matrix::dot;
use crate::numeric::quantile::quantile;

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
    Spline {
        knots: Knots,
        /// `Boundary.knots = c(0, 10)`, ascending; the range of the values where they are not given.
        boundary: Option<[f64; 2]>,
    },
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
    Spline(NaturalSpline),
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
            Curve::Spline { knots, boundary } => {
                Self::Spline(NaturalSpline::new(values, knots, *boundary, expr, source)?)
            }
        })
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Self::Polynomial(polynomial) => polynomial.alpha.len(),
            Self::Powers(degree) => *degree,
            Self::Scaled { .. } => 1,
            Self::Spline(spline) => spline.width(),
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
            Self::Spline(spline) => spline.columns(values),
        }
    }
}

/// The argument of `poly(x, 2)` or `ns(x, df = 3)`, and which curve it is.
pub(super) fn basis_call<'a>(expr: &'a Expr, source: &str) -> Result<Option<(&'a Expr, Curve)>, FormulaError> {
    let Node::Call(name, arguments) = &expr.node else { return Ok(None) };
    let known: &[&str] = match name.as_str() {
        "poly" => &["degree", "raw"],
        "ns" => &["df", "knots", "Boundary.knots"],
        "scale" => &["center", "scale"],
        _ => return Ok(None),
    };
    let Some(((None, argument), rest)) = arguments.split_first() else {
        return Err(misused(name, "the first argument is a column", expr, source));
    };
    let mut given: [Option<&Expr>; 3] = [None; 3];
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
    let [first, second, third] = given;
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
            (None, None) => return Err(misused(name, "ns() needs df or knots", expr, source)),
        };
        Curve::Spline { knots, boundary }
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
        "write ns(x, df = 3) or ns(x, knots = c(2, 5)): a column, and how many columns or which knots; \
         Boundary.knots = c(0, 10) says where the lines begin that are straight"
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
    match &of.node {
        Node::Name(name) if matches!(name.as_str(), "TRUE" | "T") => Ok(true),
        Node::Name(name) if matches!(name.as_str(), "FALSE" | "F") => Ok(false),
        _ => Err(FormulaError::new(format!("{what} is TRUE or FALSE"), source, of.span.clone())),
    }
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

/// Cubic splines that are straight lines beyond their outermost knots.
///
/// Cubic B-splines whose second derivatives vanish at the boundary: the columns are their products with the
/// part of an orthogonal matrix that is orthogonal to both constraints, made by Householder's reflections as
/// LINPACK makes them, so that they are those of R's `splines::ns`. Source: de Boor (1978), A Practical Guide
/// to Splines, chapters IX and X; Hastie (1992) in Chambers & Hastie, Statistical Models in S, section 7.3.2.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NaturalSpline {
    /// Every knot, the boundary four times at each end.
    knots: Vec<f64>,
    /// The vectors of the two reflections, over the B-splines without the first one.
    reflections: [Vec<f64>; 2],
}

/// The order of cubic splines.
const ORDER: usize = 4;

impl NaturalSpline {
    fn new(
        values: &[f64],
        knots: &Knots,
        boundary: Option<[f64; 2]>,
        expr: &Expr,
        source: &str,
    ) -> Result<Self, FormulaError> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let refuse = |message: String| Err(FormulaError::new(message, source, expr.span.clone()));
        let (Some(&least), Some(&greatest)) = (sorted.first(), sorted.last()) else {
            return refuse("a spline needs values".to_owned());
        };
        if least >= greatest {
            return refuse("a spline needs more than one value".to_owned());
        }
        let [low, high] = boundary.unwrap_or([least, greatest]);
        // Quantiles are those of the values that are not outside.
        sorted.retain(|value| (low..=high).contains(value));
        let inner: Vec<f64> = match knots {
            Knots::At(knots) => knots.clone(),
            Knots::OfWidth(1) => Vec::new(),
            Knots::OfWidth(_) if sorted.is_empty() => {
                return refuse(format!("no value lies between the boundary knots {low} and {high}"));
            }
            Knots::OfWidth(df) => (1..*df).filter_map(|at| quantile(&sorted, at as f64 / *df as f64)).collect(),
        };
        if let Some(bad) = inner.iter().find(|knot| **knot <= low || **knot >= high) {
            let ends = if boundary.is_some() { "the boundary knots" } else { "the least and the greatest value" };
            return refuse(format!("the knot {bad} does not lie between {ends}, {low} and {high}"));
        }
        if inner.windows(2).any(|pair| pair[0] == pair[1]) {
            let error = refuse("two knots coincide: the column has too few different values".to_owned());
            return error.map_err(|error: FormulaError| error.with_hint("use a smaller df, or poly(x, 2)"));
        }
        let ends = |value: f64| std::iter::repeat_n(value, ORDER);
        let knots: Vec<f64> = ends(low).chain(inner).chain(ends(high)).collect();
        let constraint = |at: f64| b_splines(&knots, ORDER, 2, at)[1..].to_vec();
        let first = reflection(&constraint(low), 0);
        let mut second = constraint(high);
        reflect(&first, 0, &mut second);
        let second = reflection(&second, 1);
        Ok(Self { knots, reflections: [first, second] })
    }

    fn width(&self) -> usize {
        self.knots.len() - ORDER - 3
    }

    fn columns(&self, values: &[f64]) -> Vec<Vec<f64>> {
        let (low, high) = (self.knots[0], self.knots[self.knots.len() - 1]);
        let row = |x: &f64| {
            if !x.is_finite() {
                return vec![f64::NAN; self.width()];
            }
            let at = x.clamp(low, high);
            let mut basis = b_splines(&self.knots, ORDER, 0, at);
            if *x != at {
                // A straight line beyond the boundary.
                let slope = b_splines(&self.knots, ORDER, 1, at);
                basis.iter_mut().zip(slope).for_each(|(value, slope)| *value += (x - at) * slope);
            }
            let mut turned = basis[1..].to_vec();
            self.reflections.iter().enumerate().for_each(|(at, of)| reflect(of, at, &mut turned));
            turned[2..].to_vec()
        };
        let rows: Vec<Vec<f64>> = values.iter().map(row).collect();
        (0..self.width()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
    }
}

/// The vector of the reflection that takes all entries of a vector after `at` away.
fn reflection(of: &[f64], at: usize) -> Vec<f64> {
    let mut u = of.to_vec();
    u[..at].fill(0.0);
    let length = dot(&u, &u).sqrt().copysign(u[at]);
    u.iter_mut().for_each(|value| *value /= length);
    u[at] += 1.0;
    u
}

fn reflect(u: &[f64], at: usize, vector: &mut [f64]) {
    let share = -dot(u, vector) / u[at];
    vector.iter_mut().zip(u).for_each(|(value, u)| *value += share * u);
}

/// The B-splines of an order over given knots, or a derivative of them, at a point of their range.
fn b_splines(knots: &[f64], order: usize, derivative: usize, x: f64) -> Vec<f64> {
    let count = knots.len() - order;
    let ratio = |top: f64, bottom: f64| if bottom > 0.0 { top / bottom } else { 0.0 };
    if order == 1 {
        // The last interval that is not empty is closed at its right end.
        let last = (0..count).rev().find(|&at| knots[at] < knots[at + 1]).unwrap_or(0);
        let inside = |at: usize| (knots[at] <= x && x < knots[at + 1]) || (at == last && x == knots[at + 1]);
        return (0..count).map(|at| f64::from(u8::from(inside(at)))).collect();
    }
    let lower = b_splines(knots, order - 1, derivative.saturating_sub(1), x);
    let width = |at: usize| knots[at + order - 1] - knots[at];
    let of = |at: usize| match derivative {
        0 => {
            ratio((x - knots[at]) * lower[at], width(at))
                + ratio((knots[at + order] - x) * lower[at + 1], width(at + 1))
        }
        _ => (order - 1) as f64 * (ratio(lower[at], width(at)) - ratio(lower[at + 1], width(at + 1))),
    };
    (0..count).map(of).collect()
}
