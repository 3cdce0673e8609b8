//! A selection model with steps: studies with larger p-values are published less often.

use crate::meta::Estimator;
use crate::meta::fit::{Coefficient, Model, Test, coefficient, residual};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::dist::{chi_squared_sf, normal_cdf, normal_quantile, normal_sf};
use crate::numeric::matrix::Matrix;
use crate::numeric::minimum::{gradient, hessian, minimise};
use std::f64::consts::PI;

/// A fitted selection model.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// τ².
    pub tau2: f64,
    /// Its standard error; none at 0.
    pub tau2_se: Option<f64>,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// How often the studies of each interval of p-values are selected, relative to the first.
    pub delta: Vec<f64>,
    /// Their standard errors; none for the first.
    pub delta_se: Vec<Option<f64>>,
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// The likelihood-ratio test of no selection.
    pub lrt: f64,
    /// Its p-value.
    pub lrt_p: f64,
    /// How many studies each interval of p-values has.
    pub counts: Vec<usize>,
    /// What is to be known of the fit.
    pub notes: Vec<String>,
}

/// The likelihood of effects that were selected by their one-sided p-value.
struct Likelihood<'a> {
    problem: &'a Problem,
    /// The upper ends of the intervals of p-values; the last is 1.
    steps: &'a [f64],
    /// The interval of each study.
    interval: Vec<usize>,
}

impl Likelihood<'_> {
    /// Minus the log-likelihood: each density is weighted with δ of its p-value, and divided by the
    /// probability of being selected at all.
    fn minus(&self, beta: &[f64], tau2: f64, delta: &[f64]) -> f64 {
        let weight = |interval: usize| if interval == 0 { 1.0 } else { delta[interval - 1] };
        let mut sum = 0.0;
        for study in 0..self.problem.k() {
            let v = self.problem.vi[study];
            let spread = (v + tau2).sqrt();
            let e = residual(self.problem, beta, study);
            let mean = self.problem.yi[study] - e;
            let mut selected = 0.0;
            // P(effect above the border of each interval).
            let mut above = 0.0;
            for (interval, step) in self.steps.iter().enumerate() {
                let upper = if *step >= 1.0 {
                    1.0
                } else {
                    normal_cdf((mean - normal_quantile(1.0 - step) * v.sqrt()) / spread)
                };
                selected += weight(interval) * (upper - above);
                above = upper;
            }
            sum += -0.5 * (2.0 * PI).ln() - spread.ln() - 0.5 * (e / spread).powi(2);
            sum += weight(self.interval[study]).ln() - selected.ln();
        }
        -sum
    }
}

/// Fits a step-function selection model by maximum likelihood. `steps` are the ends of the intervals of
/// one-sided p-values; 1 is added.
///
/// Source: Hedges (1992), Stat Sci 7:246; Vevea & Hedges (1995), Psychometrika 60:419, eq. 6 to 9.
///
/// # Errors
/// If the steps are no increasing numbers below 1, an interval has no study, or there is no maximum.
pub fn step_selection(problem: &Problem, steps: &[f64], level: f64) -> Result<Selection, MetaError> {
    let mut ends: Vec<f64> = steps.iter().copied().filter(|step| *step < 1.0).collect();
    let is_rising = ends.windows(2).all(|pair| pair[0] < pair[1]) && ends.iter().all(|step| *step > 0.0);
    if ends.is_empty() || !is_rising {
        return Err(MetaError::Option("steps are increasing numbers between 0 and 1, such as 0.025,0.5".to_owned()));
    }
    ends.push(1.0);
    let p_value = |study: usize| normal_sf(problem.yi[study] / problem.vi[study].sqrt());
    let interval: Vec<usize> = (0..problem.k())
        .map(|study| ends.iter().position(|end| p_value(study) <= *end).unwrap_or(ends.len() - 1))
        .collect();
    let counts: Vec<usize> = (0..ends.len()).map(|at| interval.iter().filter(|own| **own == at).count()).collect();
    if let Some(empty) = counts.iter().position(|count| *count == 0) {
        let message =
            format!("no study has a one-sided p-value in interval {} of the steps; take fewer steps", empty + 1);
        return Err(MetaError::Option(message));
    }
    let likelihood = Likelihood { problem, steps: &ends, interval };
    let plain = Model { estimator: Estimator::Ml, test: Test::Z, ..Model::default() }.fit(problem)?;
    let p = problem.p();
    // Searched in τ and ln δ, of which none has a border.
    let natural = |x: &[f64]| (x[..p].to_vec(), x[p] * x[p], x[p + 1..].iter().map(|d| d.exp()).collect::<Vec<f64>>());
    let f = |x: &[f64]| {
        let (beta, tau2, delta) = natural(x);
        likelihood.minus(&beta, tau2, &delta)
    };
    let typical = problem.vi.iter().sum::<f64>() / problem.k() as f64;
    let mut start = plain.beta();
    start.push(plain.tau2.max(0.05 * typical).sqrt());
    start.extend(vec![0.0; ends.len() - 1]);
    let found = minimise(f, |x| gradient(f, x), start);
    let (beta, mut tau2, delta) = natural(&found.at);
    let zero = tau2 < 1e-8 * typical;
    if zero {
        tau2 = 0.0;
    }
    let mut notes = vec![format!("studies in the intervals of p-values: {counts:?}")];
    if !found.converged && !zero {
        let why =
            "the likelihood has no clear maximum; too few studies may stand in an interval of p-values".to_owned();
        return Err(MetaError::NotConverged { what: "the selection model", why });
    }
    if counts.iter().any(|count| *count < 4) {
        notes.push("an interval of p-values with fewer than four studies says little".to_owned());
    }
    let covariance = natural_covariance(&likelihood, &beta, tau2, &delta).ok_or_else(|| MetaError::NotConverged {
        what: "the selection model",
        why: "its information is singular".to_owned(),
    })?;
    let se = |at: usize| covariance[(at, at)].sqrt();
    let lrt = (2.0 * (-found.value - plain.statistics.log_likelihood)).max(0.0);
    let shift = usize::from(tau2 > 0.0);
    Ok(Selection {
        tau2,
        tau2_se: (tau2 > 0.0).then(|| se(p)),
        coefficients: (0..p).map(|j| coefficient(&problem.names[j], beta[j], se(j), None, level)).collect(),
        delta_se: std::iter::once(None).chain((0..delta.len()).map(|j| Some(se(p + shift + j)))).collect(),
        delta: std::iter::once(1.0).chain(delta).collect(),
        log_likelihood: -found.value,
        lrt,
        lrt_p: chi_squared_sf(lrt, ends.len() as f64 - 1.0),
        counts,
        notes,
    })
}

/// The inverse of the second derivatives in the coefficients, τ² (unless it is 0) and δ themselves.
fn natural_covariance(likelihood: &Likelihood<'_>, beta: &[f64], tau2: f64, delta: &[f64]) -> Option<Matrix> {
    let p = beta.len();
    let mut at = beta.to_vec();
    at.extend((tau2 > 0.0).then_some(tau2));
    at.extend(delta);
    // In units of the estimates, so that a small τ² is not stepped over.
    let unit: Vec<f64> = at.iter().enumerate().map(|(j, value)| if j < p { 1.0 } else { value.abs() }).collect();
    let f = |x: &[f64]| {
        let value: Vec<f64> = x.iter().zip(&unit).map(|(x, unit)| x * unit).collect();
        let (tau2, rest) = if tau2 > 0.0 { (value[p], &value[p + 1..]) } else { (0.0, &value[p..]) };
        likelihood.minus(&value[..p], tau2, rest)
    };
    let scaled: Vec<f64> = at.iter().zip(&unit).map(|(value, unit)| value / unit).collect();
    let inverse = hessian(|x| gradient(f, x), &scaled).cholesky()?.inverse();
    Some(Matrix::from_fn(at.len(), at.len(), |i, j| inverse[(i, j)] * unit[i] * unit[j]))
}
