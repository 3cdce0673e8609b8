//! Estimators of τ² that solve an equation: each by bracketing, to the last digits.

use super::moments::spread;
use super::roots::{falling_zeros, only_zero};
use super::{Estimator, Tau2};
use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::format::significant;
use std::cell::RefCell;
use std::f64::consts::PI;

/// ML, REML, EB, PM, PMM, DLIT and SJIT.
pub(super) fn estimate(problem: &Problem, estimator: Estimator, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    match estimator {
        Estimator::Ml | Estimator::Reml => by_likelihood(problem, estimator, at),
        Estimator::Sjit => {
            let value = iterated_sidik_jonkman(problem, at)?;
            at.at_tau2(value);
            Ok(Tau2 { value, se: Some(moment_se(problem, at)), notes: Vec::new() })
        }
        Estimator::Dlit => iterated_dersimonian_laird(problem, at),
        _ => by_moments(problem, estimator, at),
    }
}

/// PM, PMM and EB: Q(τ²) = Σ w e² equals its expectation k − p, or the median of its distribution. Q
/// falls strictly, so that there is one solution or τ² = 0.
///
/// EB has the same solution as PM: the fixed point of its step is Q = k − p.
///
/// Sources: Paule & Mandel (1982), J Res Natl Bur Stand 87:377; DerSimonian & Kacker (2007), Contemp
/// Clin Trials 28:105, eq. 8 and 9; Morris (1983), JASA 78:47; Viechtbauer (2021) for PMM.
fn by_moments(problem: &Problem, estimator: Estimator, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    let df = problem.residual_df();
    let target = if estimator == Estimator::Pmm { chi_squared_quantile(0.5, df) } else { df };
    let value = q_equals(problem, target, at)?;
    at.at_tau2(value);
    let notes = if value == 0.0 { vec![boundary()] } else { Vec::new() };
    Ok(Tau2 { value, se: Some(moment_se(problem, at)), notes })
}

/// The standard error of a τ² that solves Q = k − p: √(2k²/(k − p))/Σ w.
///
/// Source: Viechtbauer (2005) for EB; metafor uses it for the others as well.
fn moment_se(problem: &Problem, at: &Projection<'_>) -> f64 {
    let (k, total) = (problem.k() as f64, at.w.iter().sum::<f64>());
    (2.0 * k * k / problem.residual_df()).sqrt() / total
}

/// DerSimonian & Laird, repeated with weights 1/(v + τ²) until τ² = (Q − (k − p))/tr P no longer
/// changes. As in metafor, whose DLIT this is, the sampling variances are not taken out of Q anew, so
/// that it lies below Paule–Mandel.
///
/// Q falls and τ² tr P rises in τ², so that there is one solution.
fn iterated_dersimonian_laird(problem: &Problem, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    let df = problem.residual_df();
    at.at_weights(&vec![1.0; problem.k()]);
    let highest = at.rss() / df;
    let value = {
        let at = RefCell::new(&mut *at);
        let gap = |tau2: f64| {
            let mut at = at.borrow_mut();
            at.at_tau2(tau2);
            at.rss() - df - tau2 * at.trace_p()
        };
        only_zero(gap, highest).map_err(MetaError::of_root("the search for tau2"))?
    };
    at.at_tau2(value);
    let trace = at.trace_p();
    let squares = at.trace_pdpe(|_| 1.0, |_| 1.0);
    let variance = 2.0 * df + 4.0 * value * trace + 2.0 * value * value * squares;
    let notes = if value == 0.0 { vec![boundary()] } else { Vec::new() };
    Ok(Tau2 { value, se: Some(variance.sqrt() / trace), notes })
}

pub(in crate::meta) fn boundary() -> String {
    "tau2 is estimated as 0: the effects differ no more than sampling error alone would explain".to_owned()
}

/// What is to be known of a τ² of 0 by a likelihood. It does not mean that Q is small: variances of very different size
/// can do this.
pub(in crate::meta) fn note_at_zero(q: f64, df: f64) -> String {
    if q > df { highest_at_zero() } else { boundary() }
}

fn highest_at_zero() -> String {
    "tau2 is estimated as 0, where the likelihood is highest, although Q is larger than its degrees of freedom: compare \
     with PM"
        .to_owned()
}

/// The τ² ≥ 0 at which Q(τ²) is a given number, 0 if Q is below it everywhere.
pub(super) fn q_equals(problem: &Problem, target: f64, at: &mut Projection<'_>) -> Result<f64, MetaError> {
    at.at_weights(&vec![1.0; problem.k()]);
    // Q(τ²) ≤ Σ e²/τ², with the residuals of least squares.
    let highest = at.rss() / target;
    let at = RefCell::new(at);
    let mean = CommonMean::of(problem);
    let q = |tau2: f64| {
        if let Some(mean) = &mean {
            return mean.at(tau2).q - target;
        }
        let mut at = at.borrow_mut();
        at.at_tau2(tau2);
        at.rss() - target
    };
    only_zero(q, highest).map_err(MetaError::of_root("the search for tau2"))
}

/// ML and REML. The score, up to ½, is Σ w² e² minus Σ w (ML) or tr P (REML). Every maximum is found
/// and their likelihoods are compared, also with the one at 0.
///
/// Sources: Hardy & Thompson (1996), Stat Med 15:619; Harville (1977), JASA 72:320; Viechtbauer (2005).
fn by_likelihood(problem: &Problem, estimator: Estimator, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    let is_reml = estimator == Estimator::Reml;
    let mut highest = beyond_maxima(problem, at);
    let smallest = problem.vi.iter().copied().fold(f64::INFINITY, f64::min);
    let at = RefCell::new(at);
    let mean = CommonMean::of(problem);
    let score = |tau2: f64| {
        if let Some(mean) = &mean {
            let sums = mean.at(tau2);
            return sums.y_pp_y - if is_reml { sums.trace_p } else { sums.total };
        }
        let mut at = at.borrow_mut();
        at.at_tau2(tau2);
        at.y_pp_y() - if is_reml { at.trace_p() } else { at.w.iter().sum() }
    };
    while score(highest) > 0.0 && highest.is_finite() {
        highest *= 4.0;
    }
    let mut candidates =
        falling_zeros(score, 0.03 * smallest, highest).map_err(MetaError::of_root("the search for tau2"))?;
    if score(0.0) <= 0.0 {
        candidates.insert(0, 0.0);
    }
    let at = at.into_inner();
    let likelihood = |at: &mut Projection<'_>, tau2: f64| {
        at.at_tau2(tau2);
        if is_reml { restricted_log_likelihood(problem, at) } else { log_likelihood(problem, at) }
    };
    let mut notes = Vec::new();
    let mut value = candidates.first().copied().unwrap_or(0.0);
    if candidates.len() > 1 {
        let best = candidates.iter().map(|&tau2| (likelihood(at, tau2), tau2)).max_by(|a, b| a.0.total_cmp(&b.0));
        value = best.map_or(value, |(_, tau2)| tau2);
        let listed: Vec<String> = candidates.iter().map(|tau2| significant(*tau2, 4)).collect();
        notes.push(format!(
            "the likelihood of tau2 has {} maxima, at {}; the highest is taken",
            candidates.len(),
            listed.join(" and ")
        ));
    }
    at.at_tau2(value);
    if value == 0.0 {
        notes.push(note_at_zero(at.rss(), problem.residual_df()));
    }
    let information = if is_reml { at.trace_pdpe(|_| 1.0, |_| 1.0) } else { at.w.iter().map(|w| w * w).sum() };
    Ok(Tau2 { value, se: Some((2.0 / information).sqrt()), notes })
}

/// A τ² beyond which the likelihood has no maximum: with residuals up to r, (4r)² leaves Σ w² e² far below Σ w.
pub(super) fn beyond_maxima(problem: &Problem, at: &mut Projection<'_>) -> f64 {
    at.at_weights(&vec![1.0; problem.k()]);
    let largest = at.rest.iter().fold(0.0f64, |most, rest| most.max(rest.abs()));
    let smallest = problem.vi.iter().copied().fold(f64::INFINITY, f64::min);
    (16.0 * largest * largest).max(smallest)
}

/// Effects with nothing but a mean: what a search needs at each τ² comes from one pass over the studies.
struct CommonMean<'a> {
    vi: &'a [f64],
    /// The effects less their mean, so that no digits are lost in the sums.
    centred: Vec<f64>,
}

/// At one τ².
struct Sums {
    q: f64,
    y_pp_y: f64,
    trace_p: f64,
    total: f64,
}

impl<'a> CommonMean<'a> {
    fn of(problem: &'a Problem) -> Option<Self> {
        let is_plain = problem.is_intercept_only() && problem.columns[0].iter().all(|x| *x == 1.0);
        let mean = problem.yi.iter().sum::<f64>() / problem.k() as f64;
        is_plain.then(|| Self { vi: &problem.vi, centred: problem.yi.iter().map(|y| y - mean).collect() })
    }

    /// With W = Σ w and b the weighted mean: Q = Σ w(y − b)², y′PPy = Σ w²(y − b)², tr P = W − Σ w²/W. The
    /// squares are taken about b in a second pass, because their difference from Wb² would lose digits.
    fn at(&self, tau2: f64) -> Sums {
        let [total, sum, squares] = self.summed(|v, y| {
            let w = 1.0 / (v + tau2);
            [w, w * y, w * w]
        });
        let b = sum / total;
        let [q, y_pp_y] = self.summed(|v, y| {
            let w = 1.0 / (v + tau2);
            let part = w * (y - b) * (y - b);
            [part, w * part]
        });
        Sums { q, y_pp_y, trace_p: total - squares / total, total }
    }

    /// The sums of several functions of a variance and a centred effect, each in lanes of its own, so that one
    /// addition need not wait for the one before.
    fn summed<const N: usize>(&self, f: impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
        let ((variances, last_v), (effects, last_y)) =
            (self.vi.as_chunks::<LANES>(), self.centred.as_chunks::<LANES>());
        let mut lanes = [[0.0; LANES]; N];
        for (v, y) in variances.iter().zip(effects) {
            for lane in 0..LANES {
                let parts = f(v[lane], y[lane]);
                for (sums, part) in lanes.iter_mut().zip(parts) {
                    sums[lane] += part;
                }
            }
        }
        let mut sums = lanes.map(|lane| lane.iter().sum::<f64>());
        for (v, y) in last_v.iter().zip(last_y) {
            sums.iter_mut().zip(f(*v, *y)).for_each(|(sum, part)| *sum += part);
        }
        sums
    }
}

/// How many sums grow beside each other.
const LANES: usize = 8;

/// The fixed point of the estimator of Sidik & Jonkman: Σ w e² = k − p again, unless the start is 0.
fn iterated_sidik_jonkman(problem: &Problem, at: &mut Projection<'_>) -> Result<f64, MetaError> {
    let start = spread(problem);
    if start == 0.0 {
        return Ok(0.0);
    }
    // τ² Q(τ²)/(k − p) = τ² has the solutions 0 and Q = k − p; from above, the steps fall to the
    // second one where it exists, and to 0 where it does not.
    q_equals(problem, problem.residual_df(), at)
}

/// The log-likelihood at the weights of the projection:
/// −½[k ln 2π + Σ ln(v + τ²) + Σ w e²].
pub(in crate::meta) fn log_likelihood(problem: &Problem, at: &Projection<'_>) -> f64 {
    let k = problem.k() as f64;
    -0.5 * (k * (2.0 * PI).ln() - log_sum(at) + at.rss())
}

/// The restricted log-likelihood: −½[(k − p) ln 2π − ln|X′X| + Σ ln(v + τ²) + ln|X′W X| + Σ w e²].
///
/// The term ln|X′X| makes it the density of k − p orthonormal contrasts; Harville (1974), Biometrika
/// 61:383. It does not depend on the parameters and is added by the caller.
pub(in crate::meta) fn restricted_log_likelihood(problem: &Problem, at: &Projection<'_>) -> f64 {
    let df = problem.residual_df();
    -0.5 * (df * (2.0 * PI).ln() - log_sum(at) + at.log_determinant() + at.rss())
}

/// Σ ln w.
fn log_sum(at: &Projection<'_>) -> f64 {
    at.w.iter().map(|w| w.ln()).sum()
}
