//! Binomial and Poisson models with a normal random effect: counts without approximate variances.

mod random_studies;

pub use random_studies::glmm_random_studies;

use crate::meta::fit::{Fit, FitStatistics, Model, Omnibus, coefficient};
use crate::meta::problem::MetaError;
use crate::meta::tau2::Estimator;
use crate::numeric::dist::{chi_squared_sf, normal_density};
use crate::numeric::matrix::Matrix;
use crate::numeric::minimum::{gradient, minimise};
use crate::numeric::quadrature::over_panels;
use std::str::FromStr;

/// How two groups are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlmmModel {
    /// Unconditional, with a fixed effect for each study.
    UmFs,
    /// Unconditional, with a random effect for each study.
    UmRs,
    /// Conditional on the margins, with the hypergeometric likelihood approximated by a binomial.
    CmAl,
    /// Conditional on the margins, exact.
    CmEl,
}

impl FromStr for GlmmModel {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "UM.FS" => Ok(Self::UmFs),
            "CM.AL" => Ok(Self::CmAl),
            "CM.EL" => Ok(Self::CmEl),
            "UM.RS" => Ok(Self::UmRs),
            _ => Err("one of UM.FS, UM.RS, CM.AL or CM.EL was expected".to_owned()),
        }
    }
}

/// The likelihood of one study, as a function of its true effect η.
#[derive(Clone, Debug, PartialEq)]
pub enum StudyLikelihood {
    /// `events` of `trials`, with logit η + offset.
    Binomial {
        /// Events.
        events: f64,
        /// Trials.
        trials: f64,
        /// What is added to η.
        offset: f64,
    },
    /// `events` in `time`, with log rate η.
    Poisson {
        /// Events.
        events: f64,
        /// Person-time.
        time: f64,
    },
    /// `events1` of `n1` and `events2` of `n2`, given their sum, with log odds ratio η.
    Hypergeometric {
        /// Events of group 1.
        events1: f64,
        /// The logarithms of the weights of each possible number of events of group 1.
        weights: Vec<(f64, f64)>,
    },
    /// Two binomials with logits α ± η/2, where α is whatever fits best.
    TwoBinomials {
        /// Events and trials of group 1.
        first: (f64, f64),
        /// Events and trials of group 2.
        second: (f64, f64),
    },
}

/// ln(1 + e^x).
fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

fn expit(x: f64) -> f64 {
    if x > 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

fn log_choose(n: f64, k: f64) -> f64 {
    libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
}

/// ln f of a binomial at a logit, its derivative and minus its second derivative.
fn one_binomial((events, trials): (f64, f64), x: f64) -> [f64; 3] {
    let p = expit(x);
    let log = events * x - trials * softplus(x) + log_choose(trials, events);
    [log, events - trials * p, trials * p * (1.0 - p)]
}

/// The same for a Poisson count at a log rate.
fn one_poisson((events, time): (f64, f64), x: f64) -> [f64; 3] {
    let mean = time * x.exp();
    [events * (x + time.ln()) - mean - libm::lgamma(events + 1.0), events - mean, mean]
}

impl StudyLikelihood {
    /// The noncentral hypergeometric likelihood of a 2×2 table.
    pub fn hypergeometric(events1: f64, n1: f64, events2: f64, n2: f64) -> Self {
        let sum = events1 + events2;
        let (low, high) = ((sum - n2).max(0.0) as u64, n1.min(sum) as u64);
        let weight = |u: u64| (u as f64, log_choose(n1, u as f64) + log_choose(n2, sum - u as f64));
        Self::Hypergeometric { events1, weights: (low..=high).map(weight).collect() }
    }

    /// ln f(η), its derivative and minus its second derivative; α is for two binomials alone.
    fn at(&self, eta: f64, alpha: f64) -> [f64; 3] {
        match self {
            Self::Binomial { events, trials, offset } => one_binomial((*events, *trials), eta + offset),
            Self::Poisson { events, time } => one_poisson((*events, *time), eta),
            Self::Hypergeometric { events1, weights } => {
                let top = weights.iter().map(|(u, w)| w + u * eta).fold(f64::NEG_INFINITY, f64::max);
                let (mut sum, mut mean, mut square, mut own) = (0.0, 0.0, 0.0, f64::NEG_INFINITY);
                for (u, w) in weights {
                    let share = (w + u * eta - top).exp();
                    sum += share;
                    mean += u * share;
                    square += u * u * share;
                    if u == events1 {
                        own = w + u * eta - top;
                    }
                }
                let mean = mean / sum;
                [own - sum.ln(), events1 - mean, (square / sum - mean * mean).max(0.0)]
            }
            Self::TwoBinomials { first, second } => {
                let (a, b) = (one_binomial(*first, alpha + 0.5 * eta), one_binomial(*second, alpha - 0.5 * eta));
                [a[0] + b[0], 0.5 * (a[1] - b[1]), 0.25 * (a[2] + b[2])]
            }
        }
    }

    /// The first and second derivative of ln f with respect to α.
    fn along_alpha(&self, eta: f64, alpha: f64) -> (f64, f64) {
        let Self::TwoBinomials { first, second } = self else { return (0.0, 0.0) };
        let (p1, p2) = (expit(alpha + 0.5 * eta), expit(alpha - 0.5 * eta));
        let slope = first.0 - first.1 * p1 + second.0 - second.1 * p2;
        (slope, -first.1 * p1 * (1.0 - p1) - second.1 * p2 * (1.0 - p2))
    }

    /// ln ∫ f(θ + τz) φ(z) dz and its first two derivatives in α, with panels round the mode of the
    /// integrand, which is log-concave.
    fn marginal(&self, theta: f64, tau: f64, alpha: f64) -> [f64; 3] {
        if tau == 0.0 {
            let (slope, curvature) = self.along_alpha(theta, alpha);
            return [self.at(theta, alpha)[0], slope, curvature];
        }
        let log = |z: f64| self.at(theta + tau * z, alpha)[0] - 0.5 * z * z;
        let (mut z, mut spread) = (0.0, 1.0);
        for _ in 0..50 {
            let [_, slope, curvature] = self.at(theta + tau * z, alpha);
            let (slope, curvature) = (tau * slope - z, tau * tau * curvature + 1.0);
            spread = 1.0 / curvature.sqrt();
            let mut step = slope / curvature;
            let here = log(z);
            while log(z + step) < here - 1e-12 * here.abs() && step.abs() > 1e-12 {
                step *= 0.5;
            }
            z += step;
            if step.abs() < 1e-9 * spread {
                break;
            }
        }
        let top = log(z);
        // The tails fall no faster than those of the prior, whose SD is 1.
        let reach = |panel: i32| z + f64::from(panel) * spread;
        let mut breaks: Vec<f64> = (-10..=10).step_by(2).map(reach).collect();
        breaks.insert(0, (z - 10.0).min(reach(-10)));
        breaks.push((z + 10.0).max(reach(10)));
        let moments = |x: f64| {
            let weight = (log(x) - top).exp();
            let (slope, curvature) = self.along_alpha(theta + tau * x, alpha);
            [weight, weight * slope, weight * (slope * slope + curvature)]
        };
        let [integral, first, second] = over_panels(moments, &breaks);
        let slope = first / integral;
        [top + (integral * normal_density(0.0)).ln(), slope, second / integral - slope * slope]
    }

    /// The marginal likelihood at its best α.
    fn profiled(&self, theta: f64, tau: f64) -> f64 {
        let Self::TwoBinomials { first, second } = self else { return self.marginal(theta, tau, 0.0)[0] };
        let (events, trials) = (first.0 + second.0, first.1 + second.1);
        let mut alpha = ((events + 0.5) / (trials - events + 0.5)).ln();
        let mut here = self.marginal(theta, tau, alpha);
        // Log-concave in α too, so that Newton's steps, halved where they go too far, find the maximum.
        for _ in 0..100 {
            let mut step = -here[1] / here[2].min(-1e-12);
            let mut next = self.marginal(theta, tau, alpha + step);
            while next[0] < here[0] - 1e-13 * here[0].abs() && step.abs() > 1e-10 {
                step *= 0.5;
                next = self.marginal(theta, tau, alpha + step);
            }
            alpha += step;
            here = next;
            if step.abs() < 1e-8 {
                break;
            }
        }
        here[0]
    }
}

/// Fits η ~ N(θ, τ²) by maximum likelihood, every integral by adaptive quadrature to about 1e-12.
///
/// Sources: Stijnen, Hamza & Özdemir (2010), Stat Med 29:3046, sections 3 and 4; Jackson et al. (2018),
/// Stat Med 37:1059 (models with fixed study effects, α ± η/2).
///
/// # Errors
/// If no study says anything, or the likelihood has no maximum.
pub fn glmm(studies: &[StudyLikelihood], level: f64) -> Result<Fit, MetaError> {
    if studies.is_empty() {
        return Err(MetaError::NoStudies);
    }
    let minus = |x: &[f64]| -studies.iter().map(|study| study.profiled(x[0], x[1].abs())).sum::<f64>();
    let common = |x: &[f64]| minus(&[x[0], 0.0]);
    let fixed = minimise(common, |x| gradient(common, x), vec![0.0]);
    if !fixed.converged || fixed.at[0].abs() > 20.0 {
        return Err(failed("the counts put no bound on the effect"));
    }
    let mut best = None;
    if studies.len() > 1 {
        let found = minimise(minus, |x| gradient(minus, x), vec![fixed.at[0], 0.5]);
        if found.converged && found.value < fixed.value - 1e-10 && found.at[1].abs() > 1e-4 {
            best = Some(found);
        }
    }
    let mut notes = vec!["Q is the likelihood-ratio test against an effect of its own for every study".to_owned()];
    let (theta, tau2, variance, value, parameters) = match &best {
        Some(found) => {
            let inverse = found.hessian.cholesky().ok_or_else(|| failed("its information is singular"))?.inverse();
            (found.at[0], found.at[1].powi(2), inverse[(0, 0)], found.value, 2.0)
        }
        None => {
            notes.push("tau2 is estimated as 0".to_owned());
            (fixed.at[0], 0.0, 1.0 / fixed.hessian[(0, 0)], fixed.value, 2.0)
        }
    };
    let saturated: f64 = studies.iter().map(own_maximum).sum();
    let qe = 2.0 * (saturated + fixed.value).max(0.0);
    Ok(assembled_fit(studies.len(), [theta, tau2, variance], [value, saturated, qe, parameters], notes, level))
}

fn failed(why: &str) -> MetaError {
    MetaError::NotConverged { what: "the model with random effects", why: why.to_owned() }
}

/// The fit from θ, τ² and the variance of θ; minus the log-likelihood, the highest one that studies with
/// effects of their own have, Q, and the number of parameters.
fn assembled_fit(
    count: usize,
    [theta, tau2, variance]: [f64; 3],
    [value, saturated, qe, parameters]: [f64; 4],
    notes: Vec<String>,
    level: f64,
) -> Fit {
    let k = count as f64;
    let effect = coefficient("intrcpt", theta, variance.sqrt(), None, level);
    let m = k.max(parameters + 2.0);
    Fit {
        model: Model { estimator: Estimator::Ml, level, ..Model::default() },
        k: count,
        p: 1,
        covariance: Matrix::from_fn(1, 1, |_, _| variance),
        tau2,
        tau2_se: None,
        tau2_ci: None,
        typical_variance: f64::NAN,
        i2: f64::NAN,
        h2: f64::NAN,
        r2: None,
        qe,
        qe_p: if k > 1.0 { chi_squared_sf(qe, k - 1.0) } else { 1.0 },
        qm: Some(Omnibus { statistic: effect.statistic.powi(2), df: 1.0, df2: None, p: effect.p }),
        statistics: FitStatistics {
            log_likelihood: -value,
            deviance: 2.0 * (value + saturated),
            aic: 2.0 * value + 2.0 * parameters,
            bic: 2.0 * value + parameters * k.ln(),
            aicc: 2.0 * value + 2.0 * parameters * m / (m - parameters - 1.0),
        },
        scale: None,
        robust: None,
        // The likelihood gives no study a weight.
        weights: Vec::new(),
        notes,
        coefficients: vec![effect],
    }
}

/// The highest log-likelihood of one study with an effect of its own.
fn own_maximum(study: &StudyLikelihood) -> f64 {
    let f = |x: &[f64]| -study.profiled(x[0].clamp(-30.0, 30.0), 0.0);
    // Where all or none have events, it rises towards an infinite effect, and its limit is close.
    -minimise(f, |x| gradient(f, x), vec![0.0]).value
}
