//! Natural splines and B-splines, fixed by the rows of a fit.

use super::basis::Knots;
use super::error::FormulaError;
use super::parse::Expr;
use crate::numeric::matrix::dot;
use crate::numeric::quantile::quantile;

/// Where a spline is told to have its knots.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Places {
    pub knots: Knots,
    /// `Boundary.knots = c(0, 10)`, ascending; the range of the values where they are not given.
    pub boundary: Option<[f64; 2]>,
}

impl Places {
    /// The boundary and the knots between its ends, ascending; `inner` is how many they are where `df` is given.
    fn fixed(
        &self,
        values: &[f64],
        inner: impl Fn(usize) -> Option<usize>,
        expr: &Expr,
        source: &str,
    ) -> Result<([f64; 2], Vec<f64>), FormulaError> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let refuse = |message: String| Err(FormulaError::new(message, source, expr.span.clone()));
        let (Some(&least), Some(&greatest)) = (sorted.first(), sorted.last()) else {
            return refuse("a spline needs values".to_owned());
        };
        if least >= greatest {
            return refuse("a spline needs more than one value".to_owned());
        }
        let [low, high] = self.boundary.unwrap_or([least, greatest]);
        // Quantiles are those of the values that are not outside.
        sorted.retain(|value| (low..=high).contains(value));
        let inner: Vec<f64> = match &self.knots {
            Knots::At(knots) => knots.clone(),
            Knots::OfWidth(df) => match inner(*df) {
                None => return refuse(format!("a spline of this degree has more than {df} columns")),
                Some(0) => Vec::new(),
                Some(_) if sorted.is_empty() => {
                    return refuse(format!("no value lies between the boundary knots {low} and {high}"));
                }
                Some(count) => (1..=count).filter_map(|at| quantile(&sorted, at as f64 / (count + 1) as f64)).collect(),
            },
        };
        if let Some(bad) = inner.iter().find(|knot| **knot <= low || **knot >= high) {
            let ends = if self.boundary.is_some() { "the boundary knots" } else { "the least and the greatest value" };
            return refuse(format!("the knot {bad} does not lie between {ends}, {low} and {high}"));
        }
        if inner.windows(2).any(|pair| pair[0] == pair[1]) {
            let error = refuse("two knots coincide: the column has too few different values".to_owned());
            return error.map_err(|error: FormulaError| error.with_hint("use a smaller df, or poly(x, 2)"));
        }
        Ok(([low, high], inner))
    }
}

/// The columns of some values, of which each gives a row; a missing one gives none.
fn by_columns(values: &[f64], width: usize, row: impl Fn(f64) -> Vec<f64>) -> Vec<Vec<f64>> {
    let row = |x: &f64| if x.is_finite() { row(*x) } else { vec![f64::NAN; width] };
    let rows: Vec<Vec<f64>> = values.iter().map(row).collect();
    (0..width).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

/// Inner knots between the boundary, which stands as often at each end as the order says.
fn all_knots([low, high]: [f64; 2], inner: Vec<f64>, order: usize) -> Vec<f64> {
    let ends = |value: f64| std::iter::repeat_n(value, order);
    ends(low).chain(inner).chain(ends(high)).collect()
}

/// B-splines of a degree without the first one, which the intercept stands for.
///
/// Source: de Boor (1978), A Practical Guide to Splines, chapters IX and X; the columns are those of R's `splines::bs`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BSpline {
    /// Every knot, the boundary once more than the degree at each end.
    knots: Vec<f64>,
    order: usize,
}

impl BSpline {
    pub(super) fn new(
        values: &[f64],
        places: &Places,
        degree: usize,
        expr: &Expr,
        source: &str,
    ) -> Result<Self, FormulaError> {
        let (boundary, inner) = places.fixed(values, |df| df.checked_sub(degree), expr, source)?;
        let order = degree + 1;
        Ok(Self { knots: all_knots(boundary, inner, order), order })
    }

    pub(super) fn width(&self) -> usize {
        self.knots.len() - self.order - 1
    }

    pub(super) fn columns(&self, values: &[f64]) -> Vec<Vec<f64>> {
        let (low, high) = (self.knots[0], self.knots[self.knots.len() - 1]);
        by_columns(values, self.width(), |x| {
            let at = x.clamp(low, high);
            let mut basis = b_splines(&self.knots, self.order, 0, at);
            // Beyond the boundary the outermost polynomial goes on: its Taylor series is finite.
            let mut factor = 1.0;
            for derivative in (1..self.order).take_while(|_| x != at) {
                factor *= (x - at) / derivative as f64;
                let of = b_splines(&self.knots, self.order, derivative, at);
                basis.iter_mut().zip(of).for_each(|(value, of)| *value += factor * of);
            }
            basis[1..].to_vec()
        })
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
    pub(super) fn new(values: &[f64], places: &Places, expr: &Expr, source: &str) -> Result<Self, FormulaError> {
        let ([low, high], inner) = places.fixed(values, |df| df.checked_sub(1), expr, source)?;
        let knots = all_knots([low, high], inner, ORDER);
        let constraint = |at: f64| b_splines(&knots, ORDER, 2, at)[1..].to_vec();
        let first = reflection(&constraint(low), 0);
        let mut second = constraint(high);
        reflect(&first, 0, &mut second);
        let second = reflection(&second, 1);
        Ok(Self { knots, reflections: [first, second] })
    }

    pub(super) fn width(&self) -> usize {
        self.knots.len() - ORDER - 3
    }

    pub(super) fn columns(&self, values: &[f64]) -> Vec<Vec<f64>> {
        let (low, high) = (self.knots[0], self.knots[self.knots.len() - 1]);
        by_columns(values, self.width(), |x| {
            let at = x.clamp(low, high);
            let mut basis = b_splines(&self.knots, ORDER, 0, at);
            if x != at {
                // A straight line beyond the boundary.
                let slope = b_splines(&self.knots, ORDER, 1, at);
                basis.iter_mut().zip(slope).for_each(|(value, slope)| *value += (x - at) * slope);
            }
            let mut turned = basis[1..].to_vec();
            self.reflections.iter().enumerate().for_each(|(at, of)| reflect(of, at, &mut turned));
            turned[2..].to_vec()
        })
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
