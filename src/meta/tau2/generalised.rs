//! The exact distribution of generalised Q statistics.

use super::interval::Tau2Limits;
use super::moments::variance;
use super::roots::only_zero;
use super::{Estimator, Tau2};
use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::dist::{Complex, LogOfProduct, quadratic_form_cdf};
use crate::numeric::interval::Interval;

/// Q = y′Py at fixed weights a, with what its distribution needs.
///
/// With Σ = V + τ²I, Q is Σ λ χ²₁ with the eigenvalues λ of Σ^½PΣ^½. They are not needed one by one: with the
/// orthonormal columns O of √a X and bᵢ = aᵢ(vᵢ + τ²),
/// Π(1 + 2sλ) = Π(1 + 2s bᵢ) |O′ diag(1/(1 + 2s bᵢ)) O|,
/// so that k studies cost k p² a point.
struct GeneralisedQ<'a> {
    weights: Vec<f64>,
    columns: Vec<Vec<f64>>,
    vi: &'a [f64],
    observed: f64,
}

impl<'a> GeneralisedQ<'a> {
    fn new(problem: &'a Problem, weights: &[f64], at: &mut Projection<'_>) -> Self {
        // The distribution does not depend on the unit of the weights, and sums stay in range.
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let weights: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        at.at_weights(&weights);
        Self { weights, columns: at.q.clone(), vi: &problem.vi, observed: at.rss() }
    }

    /// P(Q ≥ what was observed) at a τ²; it grows with τ².
    fn upper_p(&self, tau2: f64) -> f64 {
        1.0 - quadratic_form_cdf(self.observed, |s| self.log_transform(s, tau2))
    }

    /// −½ ln Π(1 + 2sλ). The determinant is the product of its pivots, each of which has an argument between
    /// −π and π because the eigenvalues interlace column by column: principal logarithms are the right ones.
    fn log_transform(&self, s: Complex, tau2: f64) -> Complex {
        let p = self.columns.len();
        let mut inner = vec![vec![Complex::real(0.0); p]; p];
        let mut product = LogOfProduct::default();
        for (study, (weight, v)) in self.weights.iter().zip(self.vi).enumerate() {
            let factor = Complex::real(1.0) + s.scaled(2.0 * weight * (v + tau2));
            product.times(factor);
            let inverse = factor.inverse();
            for (a, row) in inner.iter_mut().enumerate() {
                for (entry, column) in row.iter_mut().zip(&self.columns).take(a + 1) {
                    *entry = *entry + inverse.scaled(self.columns[a][study] * column[study]);
                }
            }
        }
        let mut sum = product.ln();
        // L D L′ without pivoting, in the lower triangle.
        for a in 0..p {
            let pivot = inner[a][a];
            sum = sum + pivot.ln();
            let below: Vec<Complex> = inner[a + 1..].iter().map(|row| row[a]).collect();
            for (at, row) in inner[a + 1..].iter_mut().enumerate() {
                let factor = below[at] * pivot.inverse();
                for (entry, other) in row[a + 1..].iter_mut().zip(&below[..=at]) {
                    *entry = *entry - factor * *other;
                }
            }
        }
        sum.scaled(-0.5)
    }

    /// The τ² ≥ 0 at which P(Q ≥ observed) is `target`; 0 where it is more than that already at 0.
    fn solve(&self, target: f64, start: f64) -> Result<f64, MetaError> {
        let gap = |tau2: f64| target - self.upper_p(tau2);
        only_zero(gap, start).map_err(MetaError::of_root("the search for tau2"))
    }

    /// A τ² of the size that the effects suggest.
    fn start(&self) -> f64 {
        let df = (self.weights.len() - self.columns.len()).max(1) as f64;
        let smallest = self.vi.iter().copied().fold(f64::INFINITY, f64::min);
        (self.observed / df).max(smallest)
    }
}

/// GENQM: the τ² at which Q is as often above as below what was observed.
///
/// Source: Viechtbauer (2021), in Handbook of Meta-Analysis (Schmid, Stijnen & White), chapter 11.
pub(super) fn median_unbiased(problem: &Problem, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    let weights = problem.weights.clone();
    let weights = weights.ok_or_else(|| MetaError::Option("GENQM needs weights: name their column".to_owned()))?;
    let q = GeneralisedQ::new(problem, &weights, at);
    let value = q.solve(0.5, q.start())?;
    at.at_weights(&weights);
    let se = variance(at, &problem.vi, value).sqrt() / at.trace_p();
    let notes = if value == 0.0 {
        vec!["tau2 is estimated as 0: half of all Q would be larger than this one".to_owned()]
    } else {
        Vec::new()
    };
    Ok(Tau2 { value, se: Some(se), notes })
}

/// The τ² for which Q is no unusual value of its distribution.
///
/// Source: Jackson (2013), Res Synth Methods 4:220; Jackson et al. (2014), Res Synth Methods 5:238.
pub(super) fn interval(
    problem: &Problem,
    estimator: Estimator,
    level: f64,
    at: &mut Projection<'_>,
) -> Result<Tau2Limits, MetaError> {
    let (weights, what) = match (&problem.weights, estimator) {
        (Some(weights), _) => (weights.clone(), "the given weights"),
        (None, Estimator::He) => (vec![1.0; problem.k()], "equal weights"),
        (None, _) => (problem.vi.iter().map(|v| 1.0 / v).collect(), "weights 1/v"),
    };
    let q = GeneralisedQ::new(problem, &weights, at);
    let alpha = 0.5 * (1.0 - level);
    let mut notes = vec![format!("the interval of tau2 inverts the exact distribution of Q with {what}")];
    if q.upper_p(0.0) > 1.0 - alpha {
        notes.push(
            "the generalised-Q interval of tau2 is empty: the effects differ less than their sampling variances let \
             expect for any tau2; it is given as 0 to 0"
                .to_owned(),
        );
        return Ok(Tau2Limits { interval: Some(Interval::point(0.0)), notes });
    }
    let lower = q.solve(alpha, q.start())?;
    let upper = q.solve(1.0 - alpha, q.start())?;
    Ok(Tau2Limits { interval: Some(Interval { lower, upper }), notes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::matrix::Matrix;

    /// The transform without eigenvalues is that with the eigenvalues of Σ^½PΣ^½.
    #[test]
    fn eigenvalues_give_the_same_distribution() {
        let yi = vec![-0.9, -1.6, -1.3, -1.4, -0.2, -0.8, -1.6, 0.0];
        let vi = vec![0.33, 0.19, 0.42, 0.02, 0.05, 0.01, 0.22, 0.004];
        let x = vec![44.0, 55.0, 42.0, 52.0, 13.0, 44.0, 19.0, 13.0];
        let mut problem = Problem::new(yi, vi.clone()).unwrap();
        problem.names.push("x".to_owned());
        problem.columns.push(x);
        let weights: Vec<f64> = vi.iter().map(|v| 1.0 / (v + 0.1)).collect();
        let mut at = Projection::new(&problem);
        let q = GeneralisedQ::new(&problem, &weights, &mut at);
        for tau2 in [0.0, 0.07, 0.4, 3.0] {
            let k = problem.k();
            let root = |i: usize| (q.weights[i] * (vi[i] + tau2)).sqrt();
            let along = |i: usize, j: usize| q.columns.iter().map(|column| column[i] * column[j]).sum::<f64>();
            let form = Matrix::from_fn(k, k, |i, j| root(i) * root(j) * (if i == j { 1.0 } else { 0.0 } - along(i, j)));
            let (values, _) = form.symmetric_eigen();
            let lambda: Vec<f64> = values.into_iter().filter(|value| *value > 1e-12).collect();
            assert_eq!(lambda.len(), k - 2);
            let transform = |s: Complex| {
                let one = |value: &f64| (Complex::real(1.0) + s.scaled(2.0 * value)).ln().scaled(-0.5);
                lambda.iter().map(one).fold(Complex::real(0.0), |a, b| a + b)
            };
            let expected = 1.0 - quadratic_form_cdf(q.observed, transform);
            assert!((q.upper_p(tau2) - expected).abs() < 1e-11, "{tau2}: {} {expected}", q.upper_p(tau2));
        }
    }

    /// Half of all Q are larger at the median-unbiased τ².
    #[test]
    fn the_median_is_in_the_middle() {
        let problem = Problem::new(vec![0.1, 0.9, -0.4, 1.2, 0.3], vec![0.1, 0.05, 0.2, 0.08, 0.1]).unwrap();
        let weights = vec![3.0, 1.0, 2.0, 5.0, 4.0];
        let problem = problem.weighted(weights.clone()).unwrap();
        let mut at = Projection::new(&problem);
        let tau2 = median_unbiased(&problem, &mut at).unwrap().value;
        let q = GeneralisedQ::new(&problem, &weights, &mut at);
        assert!((q.upper_p(tau2) - 0.5).abs() < 1e-10);
    }
}
