//! Estimators of τ² in closed form.

use super::{Estimator, Tau2};
use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::format::significant;

/// The estimators whose formula needs no iteration.
///
/// With a projection P at some weights, Q = y′Py has the expectation tr PV + τ² tr P, and each of them
/// equates the two: DL at the weights 1/v, HE at equal weights, GENQ at the user's. HS divides Q − k by
/// Σ 1/v instead. The variances of the estimates follow from Var Q = 2 tr PΣPΣ with Σ = V + τ²I.
///
/// Sources: DerSimonian & Laird (1986), Control Clin Trials 7:177, eq. 7–8; Hedges & Olkin (1985),
/// 9.B.1; Hunter & Schmidt (1990); Sidik & Jonkman (2005), JRSS C 54:367, eq. 5; Raudenbush (2009);
/// Jackson et al. (2014), Res Synth Methods 5:238; Viechtbauer (2005), J Educ Behav Stat 30:261.
pub(super) fn estimate(problem: &Problem, estimator: Estimator, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    let (k, df) = (problem.k() as f64, problem.residual_df());
    let v = &problem.vi;
    let value = match estimator {
        Estimator::Sj => {
            let start = spread(problem);
            let sj = sidik_jonkman(problem, start, at);
            return Ok(Tau2 { value: sj, se: Some(variance(at, v, sj).sqrt() * start / df), notes: Vec::new() });
        }
        Estimator::Hs | Estimator::Hsk => {
            at.at_tau2(0.0);
            let total: f64 = at.w.iter().sum();
            let inflation = if estimator == Estimator::Hsk { k / df } else { 1.0 };
            let value = (inflation * at.rss() - k) / total;
            let se = inflation * variance(at, v, value.max(0.0)).sqrt() / total;
            return Ok(truncated(value, Some(se)));
        }
        Estimator::He => {
            at.at_weights(&vec![1.0; problem.k()]);
            (at.rss() - at.trace_p_times(v)) / df
        }
        Estimator::Genq => {
            let weights = problem.weights.as_ref();
            at.at_weights(
                weights.ok_or_else(|| MetaError::Option("GENQ needs weights: name their column".to_owned()))?,
            );
            (at.rss() - at.trace_p_times(v)) / at.trace_p()
        }
        _ => {
            at.at_tau2(0.0);
            (at.rss() - df) / at.trace_p()
        }
    };
    let se = variance(at, v, value.max(0.0)).sqrt() / at.trace_p();
    Ok(truncated(value, Some(se)))
}

/// Var y′Py = 2 tr PΣPΣ.
pub(super) fn variance(at: &Projection<'_>, v: &[f64], tau2: f64) -> f64 {
    2.0 * at.trace_pdpe(|i| v[i] + tau2, |i| v[i] + tau2)
}

pub(in crate::meta) fn truncated(value: f64, se: Option<f64>) -> Tau2 {
    let mut notes = Vec::new();
    if value < 0.0 {
        notes.push(format!("the estimate of tau2 was {}, below 0, and is set to 0", significant(value, 3)));
    }
    Tau2 { value: value.max(0.0), se, notes }
}

/// The variance of the effects about their mean, with k in the denominator: the start of Sidik &
/// Jonkman.
pub(super) fn spread(problem: &Problem) -> f64 {
    let k = problem.k() as f64;
    let mean = problem.yi.iter().sum::<f64>() / k;
    problem.yi.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / k
}

/// One step of Sidik & Jonkman from τ₀²: τ₀² times the residual mean square at weights 1/(v + τ₀²).
pub(super) fn sidik_jonkman(problem: &Problem, start: f64, at: &mut Projection<'_>) -> f64 {
    at.at_tau2(start);
    start * at.rss() / problem.residual_df()
}
