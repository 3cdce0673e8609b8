//! Statistics of a fit: its likelihood and criteria, and tests of several coefficients together.

use super::problem::Problem;
use crate::numeric::dist::{chi_squared_sf, f_sf, normal_critical, t_critical};
use crate::numeric::matrix::{Matrix, dot};

/// A test of several coefficients together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Omnibus {
    /// χ², or F where `df2` is there.
    pub statistic: f64,
    /// How many coefficients are tested.
    pub df: f64,
    /// The denominator degrees of freedom of an F.
    pub df2: Option<f64>,
    /// The p-value.
    pub p: f64,
}

/// How well a model describes the data.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FitStatistics {
    /// The log-likelihood: the restricted one for REML.
    pub log_likelihood: f64,
    /// Minus twice the log-likelihood, against the saturated model where it is the full one.
    pub deviance: f64,
    /// Akaike's criterion; τ² counts as a parameter where it is estimated.
    pub aic: f64,
    /// The Bayesian criterion, with ln k, or ln(k − p) for REML.
    pub bic: f64,
    /// Akaike's criterion for few studies.
    pub aicc: f64,
}

impl FitStatistics {
    /// The criteria of a log-likelihood with so many parameters, for independent sampling errors.
    pub(super) fn of(log_likelihood: f64, parameters: f64, problem: &Problem, is_restricted: bool) -> Self {
        let log_v = problem.vi.iter().map(|v| v.ln()).sum();
        Self::of_errors(log_likelihood, parameters, problem, is_restricted, log_v)
    }

    /// The same with ln |V| of sampling errors that may depend on each other. The full likelihood is compared with that
    /// of a mean for each study.
    pub(super) fn of_errors(
        log_likelihood: f64,
        parameters: f64,
        problem: &Problem,
        is_restricted: bool,
        log_v: f64,
    ) -> Self {
        let n = if is_restricted { problem.residual_df() } else { problem.k() as f64 };
        let saturated = -0.5 * (problem.k() as f64 * (2.0 * std::f64::consts::PI).ln() + log_v);
        Self::from_parts(log_likelihood, if is_restricted { 0.0 } else { saturated }, parameters, n)
    }

    /// The criteria of a log-likelihood of n observations with so many parameters, beside the one of the saturated
    /// model.
    ///
    /// Sources: Akaike (1974), IEEE Trans Autom Control 19:716; Schwarz (1978), Ann Stat 6:461; Hurvich & Tsai (1989),
    /// Biometrika 76:297.
    pub(super) fn from_parts(log_likelihood: f64, saturated: f64, parameters: f64, n: f64) -> Self {
        let m = n.max(parameters + 2.0);
        Self {
            log_likelihood,
            // Adding 0 makes −0 a 0.
            deviance: -2.0 * (log_likelihood - saturated) + 0.0,
            aic: -2.0 * log_likelihood + 2.0 * parameters,
            bic: -2.0 * log_likelihood + parameters * n.ln(),
            aicc: -2.0 * log_likelihood + 2.0 * parameters * m / (m - parameters - 1.0),
        }
    }
}

/// The two-sided critical value of t, or of the normal distribution.
pub(super) fn critical(level: f64, df: Option<f64>) -> f64 {
    df.map_or_else(|| normal_critical(level), |df| t_critical(level, df))
}

/// The p-value of Q; 1 where there are no degrees of freedom, and nothing that could differ.
pub(super) fn heterogeneity_p(q: f64, df: f64) -> f64 {
    if df > 0.0 { chi_squared_sf(q, df) } else { 1.0 }
}

/// The Wald test of some coefficients: b′V⁻¹b, as χ² or over its degrees of freedom as F.
pub(super) fn wald(beta: &[f64], covariance: &Matrix, tested: &[usize], df2: Option<f64>) -> Option<Omnibus> {
    let (statistic, df) = (wald_statistic(beta, covariance, tested, df2)?, tested.len() as f64);
    let p = df2.map_or_else(|| chi_squared_sf(statistic, df), |rest| f_sf(statistic, df, rest));
    Some(Omnibus { statistic, df, df2, p })
}

/// The statistic of [`wald`].
pub(super) fn wald_statistic(beta: &[f64], covariance: &Matrix, tested: &[usize], df2: Option<f64>) -> Option<f64> {
    let part: Vec<f64> = tested.iter().map(|&at| beta[at]).collect();
    let chi_squared = dot(&part, &covariance.part(tested).cholesky()?.solve(&part));
    Some(if df2.is_none() { chi_squared } else { chi_squared / tested.len() as f64 })
}

/// The coefficients that are tested together: all but the intercept where there are others.
pub(super) fn tested(problem: &Problem) -> Vec<usize> {
    tested_of(problem.intercept, problem.p())
}

/// The same of any coefficients: all of them, or all but an intercept that is not alone.
pub(super) fn tested_of(has_intercept: bool, count: usize) -> Vec<usize> {
    (usize::from(has_intercept && count > 1)..count).collect()
}
