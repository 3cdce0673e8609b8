//! Profile likelihoods of variances and correlations: how much the data say of them.

use super::fit::Model;
use super::problem::{MetaError, Problem};
use super::projection::Projection;
use super::tau2::{self, Estimator, Tau2Interval, log_likelihood, restricted_log_likelihood};
use crate::meta::Fit;
use crate::numeric::interval::Interval;

/// The profile of one variance or correlation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// Its name: that of metafor (tau2, sigma2, rho, gamma2, phi), and behind it what varies.
    pub parameter: String,
    /// The estimate.
    pub estimate: f64,
    /// Its profile-likelihood interval.
    pub ci: Option<Interval>,
    /// Values in their order, the estimate and the ends of the interval among them.
    pub points: Vec<ProfilePoint>,
}

/// One value of a parameter with the likelihood that is the highest there over all others.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProfilePoint {
    /// The value.
    pub value: f64,
    /// The log-likelihood, restricted for REML.
    pub log_likelihood: f64,
    /// ±√(2 (l_max − l)) with the sign of value − estimate: Bates et al. (2015), J Stat Softw 67(1), section 5.1.
    pub zeta: f64,
}

impl ProfilePoint {
    pub(super) fn new(value: f64, log_likelihood: f64, estimate: f64, most: f64) -> Self {
        // Where a search ended a little below its maximum, nothing has fallen yet.
        let root = (2.0 * (most - log_likelihood)).max(0.0).sqrt();
        let zeta = if value < estimate { -root } else { root };
        Self { value, log_likelihood, zeta }
    }
}

impl Profile {
    /// By how much the likelihood is higher somewhere else than at the estimate; none where it is not.
    pub fn rise(&self) -> Option<f64> {
        let at_estimate = self.points.iter().find(|point| point.value == self.estimate)?.log_likelihood;
        let most = self.points.iter().map(|point| point.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
        (most > at_estimate + 1e-6).then_some(most - at_estimate)
    }
}

/// So many steps lead from one end of a profile to the other.
const STEPS: usize = 40;

/// The values of a profile: even steps from below the interval to above it, with its ends and the estimate.
pub(super) fn values(estimate: f64, ci: Interval, range: [f64; 2]) -> Vec<f64> {
    let beyond = 0.25 * (ci.upper - ci.lower);
    let (lower, upper) = ((ci.lower - beyond).max(range[0]), (ci.upper + beyond).min(range[1]));
    let step = |at: usize| lower + (upper - lower) * at as f64 / STEPS as f64;
    let own = [estimate, ci.lower, ci.upper];
    // A step that is one of these but for rounding is no value of its own.
    let is_own = |step: &f64| own.iter().any(|own| (own - step).abs() <= 1e-9 * (upper - lower));
    let mut all: Vec<f64> = (0..=STEPS).map(step).filter(|step| !is_own(step)).chain(own).collect();
    all.retain(|value| value.is_finite());
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

impl Model {
    /// The profile of τ² of a fit by ML or REML: with τ² fixed, the coefficients are at their best.
    ///
    /// Source: Hardy & Thompson (1996), Stat Med 15:619.
    ///
    /// # Errors
    /// If τ² is not estimated by ML or REML, or there are other weights than 1/(v + τ²).
    ///
    /// ```
    /// use reffect::meta::{Model, Problem};
    /// let model = Model::default();
    /// let trials = Problem::new(vec![0.1, 0.9, 0.4, 0.7], vec![0.02, 0.03, 0.02, 0.05])?;
    /// let fit = model.fit(&trials)?;
    /// let profile = model.profile(&trials, &fit)?;
    /// let most = profile.points.iter().map(|point| point.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
    /// assert!((most - fit.statistics.log_likelihood).abs() < 1e-9 && profile.rise().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "profile.rma.uni")]
    pub fn profile(&self, problem: &Problem, fit: &Fit) -> Result<Profile, MetaError> {
        let restricted = match self.estimator {
            Estimator::Reml => true,
            Estimator::Ml => false,
            other => {
                let message = format!("a profile is that of the likelihood by ML or REML, and not of {}", other.name());
                return Err(MetaError::Option(message));
            }
        };
        let is_own = problem.weights.is_some() || self.weighting != super::Weighting::Inverse;
        if is_own || self.tau2.is_some() {
            let message = "a profile takes no other weights than those of the likelihood, and a tau2 that is estimated";
            return Err(MetaError::Option(message.to_owned()));
        }
        let mut at = Projection::new(problem);
        let found =
            tau2::interval(problem, Tau2Interval::ProfileLikelihood, self.estimator, fit.tau2, self.level, &mut at)?;
        at.at_weights(&vec![1.0; problem.k()]);
        let log_xx = at.log_determinant();
        let mut likelihood = |tau2: f64| {
            at.at_tau2(tau2);
            if restricted {
                restricted_log_likelihood(problem, &at) + 0.5 * log_xx
            } else {
                log_likelihood(problem, &at)
            }
        };
        let most = likelihood(fit.tau2);
        let wide = Interval { lower: 0.0, upper: 10.0 * fit.tau2.max(problem.mean_variance()) };
        let values = values(fit.tau2, found.interval.unwrap_or(wide), [0.0, f64::INFINITY]);
        let points =
            values.into_iter().map(|value| ProfilePoint::new(value, likelihood(value), fit.tau2, most)).collect();
        Ok(Profile { parameter: "tau2".to_owned(), estimate: fit.tau2, ci: found.interval, points })
    }
}
