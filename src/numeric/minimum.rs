//! Minima of smooth functions of a few variables.

use super::matrix::{Matrix, dot};

/// A minimum.
#[cfg(feature = "models")]
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// Where it is.
    pub at: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The second derivatives there.
    pub hessian: Matrix,
    /// Whether the gradient vanishes there and the second derivatives are positive.
    pub converged: bool,
}

/// More steps than these are not taken.
const MOST_STEPS: usize = 500;

/// A local minimum of `f` near `start`: steps of BFGS with halving, then Newton's steps with second
/// derivatives from differences of the gradient, until they no longer help.
///
/// Where `f` is not finite, it counts as too high.
///
/// Source: Nocedal & Wright (2006), Numerical Optimization, algorithm 6.1.
///
/// ```
/// use reffect::numeric::minimum::minimise;
/// let f = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
/// let slope = |x: &[f64]| {
///     let rest = x[1] - x[0] * x[0];
///     vec![-2.0 * (1.0 - x[0]) - 400.0 * x[0] * rest, 200.0 * rest]
/// };
/// let found = minimise(f, slope, vec![-1.2, 1.0]);
/// assert!(found.converged && (found.at[0] - 1.0).abs() < 1e-10);
/// ```
#[cfg(feature = "models")]
pub fn minimise(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64]) -> Vec<f64>, start: Vec<f64>) -> Minimum {
    let Lowest { at, value } = descend(&f, &gradient, start);
    polished(&finite_or_high(f), &gradient, at, value)
}

/// Where a descent ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowest {
    /// Where it is.
    pub at: Vec<f64>,
    /// The value there.
    pub value: f64,
}

/// A function that is too high where it is not finite.
fn finite_or_high(f: impl Fn(&[f64]) -> f64) -> impl Fn(&[f64]) -> f64 {
    move |x| {
        let value = f(x);
        if value.is_finite() { value } else { f64::INFINITY }
    }
}

/// A local minimum by steps of BFGS alone, for functions whose second derivatives may be 0 there. The gradient is asked
/// for where the value was found last, and where `f` is not finite, it counts as too high.
pub fn descend(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64]) -> Vec<f64>, start: Vec<f64>) -> Lowest {
    let n = start.len();
    let value_at = finite_or_high(f);
    let mut value = value_at(&start);
    let (mut x, mut slope) = (start.clone(), gradient(&start));
    let mut inverse = Matrix::identity(n);
    for step in 0..MOST_STEPS {
        let mut direction: Vec<f64> = inverse.times_vector(&slope).iter().map(|d| -d).collect();
        let mut fall = dot(&direction, &slope);
        if fall.is_nan() || fall >= 0.0 {
            inverse = Matrix::identity(n);
            direction = slope.iter().map(|d| -d).collect();
            fall = dot(&direction, &slope);
        }
        if -fall <= 1e-16 * (1.0 + value.abs()) {
            break;
        }
        // The first step has no scale; it is kept short.
        let longest = direction.iter().fold(0.0f64, |m, d| m.max(d.abs()));
        let first = if step == 0 { (1.0 / longest).min(1.0) } else { 1.0 };
        let Some((next, lower)) = halved(&value_at, &x, value, &direction, fall, first) else { break };
        let next_slope = gradient(&next);
        update_inverse(&mut inverse, &minus(&next, &x), &minus(&next_slope, &slope));
        (x, value, slope) = (next, lower, next_slope);
    }
    Lowest { at: x, value }
}

/// A point along a direction where the function falls enough.
fn halved(
    f: &impl Fn(&[f64]) -> f64,
    x: &[f64],
    value: f64,
    direction: &[f64],
    fall: f64,
    first: f64,
) -> Option<(Vec<f64>, f64)> {
    let mut step = first;
    for _ in 0..60 {
        let next: Vec<f64> = x.iter().zip(direction).map(|(x, d)| x + step * d).collect();
        let lower = f(&next);
        if lower <= value + 1e-4 * step * fall && lower < value {
            return Some((next, lower));
        }
        step *= 0.5;
    }
    None
}

fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Updates the inverse of the second derivatives by how the gradient changed by `y` over a step `s`: BFGS,
/// left out where the curvature along the step is not positive.
///
/// Source: Nocedal & Wright (2006), Numerical Optimization, eq. 6.17.
pub fn update_inverse(inverse: &mut Matrix, s: &[f64], y: &[f64]) {
    let Some(sy) = curvature_along(s, y) else { return };
    let hy = inverse.times_vector(y);
    let factor = (1.0 + dot(y, &hy) / sy) / sy;
    for i in 0..s.len() {
        for j in 0..s.len() {
            inverse[(i, j)] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}

/// s′y of a step `s` over which the gradient changed by `y`, where it is positive and no rounding.
pub fn curvature_along(s: &[f64], y: &[f64]) -> Option<f64> {
    Some(dot(s, y)).filter(|sy| *sy > 1e-12 * (dot(s, s) * dot(y, y)).sqrt())
}

#[cfg(feature = "models")]
fn polished(
    f: &impl Fn(&[f64]) -> f64,
    gradient: &impl Fn(&[f64]) -> Vec<f64>,
    start: Vec<f64>,
    value: f64,
) -> Minimum {
    let (mut x, mut value) = (start, value);
    let mut converged = false;
    for _ in 0..20 {
        let hessian = hessian(gradient, &x);
        let slope = gradient(&x);
        let Some(cholesky) = hessian.cholesky() else { break };
        let step = cholesky.solve(&slope);
        let fall = dot(&step, &slope);
        converged = fall <= 1e-9 * (1.0 + value.abs());
        if fall <= 1e-26 {
            break;
        }
        let next = minus(&x, &step);
        let lower = f(&next);
        // Rounding may hide the last falls.
        if lower > value + 1e-13 * value.abs() {
            break;
        }
        (x, value) = (next, lower);
    }
    let hessian = hessian(gradient, &x);
    Minimum { at: x, value, hessian, converged }
}

/// Second derivatives as central differences of the gradient.
pub fn hessian(gradient: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> Matrix {
    let n = x.len();
    let mut matrix = Matrix::zeros(n, n);
    for i in 0..n {
        let step = 6e-6 * x[i].abs().max(0.1);
        let moved = |by: f64| {
            let mut at = x.to_vec();
            at[i] += by;
            gradient(&at)
        };
        let (up, down) = (moved(step), moved(-step));
        for j in 0..n {
            matrix[(i, j)] += 0.25 * (up[j] - down[j]) / step;
            matrix[(j, i)] += 0.25 * (up[j] - down[j]) / step;
        }
    }
    matrix
}

/// First derivatives as central differences of the fourth order.
pub fn gradient(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let of = |i: usize| {
        let step = 1e-3 * x[i].abs().max(0.1);
        let moved = |by: f64| {
            let mut at = x.to_vec();
            at[i] += by;
            f(&at)
        };
        (8.0 * (moved(step) - moved(-step)) - (moved(2.0 * step) - moved(-2.0 * step))) / (12.0 * step)
    };
    (0..x.len()).map(of).collect()
}

#[cfg(all(test, feature = "models"))]
mod tests {
    use super::*;

    #[test]
    fn differences_suffice_for_a_smooth_function() {
        let f = |x: &[f64]| (x[0] - 0.3).powi(2) * 2.0 + (x[0] * x[1]).cosh() + (x[1] + 1.5).powi(4);
        let found = minimise(f, |x| gradient(f, x), vec![2.0, 2.0]);
        assert!(found.converged, "{found:?}");
        assert!(gradient(f, &found.at).iter().all(|slope| slope.abs() < 1e-7));
        let second = found.hessian[(0, 0)];
        let exact = 4.0 + found.at[1].powi(2) * (found.at[0] * found.at[1]).cosh();
        assert!((second - exact).abs() < 1e-5 * exact, "{second} {exact}");
    }

    #[test]
    fn a_function_without_a_minimum_is_not_called_converged() {
        let found = minimise(|x| x[0].exp(), |x| vec![x[0].exp()], vec![0.0]);
        assert!(found.value < 1e-6 && found.at[0] < -10.0, "{found:?}");
        let saddle = |x: &[f64]| x[0] * x[0] - x[1] * x[1];
        assert!(!minimise(saddle, |x| vec![2.0 * x[0], -2.0 * x[1]], vec![1.0, 0.0]).converged);
    }
}
