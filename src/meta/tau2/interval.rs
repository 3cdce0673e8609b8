//! Intervals for τ².

use super::Estimator;
use super::iterated::{beyond_maxima, log_likelihood, q_equals, restricted_log_likelihood};
use super::roots::{falling_zeros, only_zero};
use crate::diagnostic::named;
use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use std::cell::RefCell;

/// How an interval for τ² is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tau2Interval {
    /// Q-profile: the τ² at which Q(τ²) is no unusual value of its χ² distribution.
    #[default]
    QProfile,
    /// Profile likelihood; for ML and REML.
    ProfileLikelihood,
    /// The exact distribution of a generalised Q, with the weights of the estimator: the user's, all alike
    /// for HE, and 1/v otherwise.
    GeneralisedQ,
    /// None: for fits of which only the estimates are needed.
    None,
}

named!(
    Tau2Interval,
    "interval of tau2",
    [QProfile "QP", ProfileLikelihood "PL", GeneralisedQ "GENQ"] beside [None "none"]
);

/// An interval and what is to be known of it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::meta) struct Tau2Limits {
    pub interval: Option<Interval>,
    pub notes: Vec<String>,
}

/// An interval for τ².
pub(in crate::meta) fn interval(
    problem: &Problem,
    kind: Tau2Interval,
    estimator: Estimator,
    tau2: f64,
    level: f64,
    at: &mut Projection<'_>,
) -> Result<Tau2Limits, MetaError> {
    if problem.residual_df() < 1.0 {
        let note = "tau2 has no interval: there are no more studies than coefficients".to_owned();
        return Ok(Tau2Limits { interval: None, notes: vec![note] });
    }
    match kind {
        Tau2Interval::None => Ok(Tau2Limits { interval: None, notes: Vec::new() }),
        Tau2Interval::QProfile => q_profile(problem, level, at),
        Tau2Interval::GeneralisedQ => super::generalised::interval(problem, estimator, level, at),
        Tau2Interval::ProfileLikelihood => profile_likelihood(problem, estimator, tau2, level, at),
    }
}

/// The set of τ² ≥ 0 for which Q(τ²) lies between the quantiles of χ² with k − p degrees of freedom.
///
/// Source: Viechtbauer (2007), Stat Med 26:37, eq. 12; Knapp, Biggerstaff & Hartung (2006).
fn q_profile(problem: &Problem, level: f64, at: &mut Projection<'_>) -> Result<Tau2Limits, MetaError> {
    let df = problem.residual_df();
    let alpha = 0.5 * (1.0 - level);
    let (low, high) = (chi_squared_quantile(alpha, df), chi_squared_quantile(1.0 - alpha, df));
    at.at_tau2(0.0);
    if at.rss() < low {
        let note = "the Q-profile interval of tau2 is empty: the effects differ less than their sampling variances \
                    let expect for any tau2; it is given as 0 to 0";
        return Ok(Tau2Limits { interval: Some(Interval::point(0.0)), notes: vec![note.to_owned()] });
    }
    let interval = Interval { lower: q_equals(problem, high, at)?, upper: q_equals(problem, low, at)? };
    Ok(Tau2Limits { interval: Some(interval), notes: Vec::new() })
}

/// The τ² whose profile log-likelihood is at most ½ χ²₁ below its maximum.
///
/// Source: Hardy & Thompson (1996), Stat Med 15:619.
fn profile_likelihood(
    problem: &Problem,
    estimator: Estimator,
    tau2: f64,
    level: f64,
    at: &mut Projection<'_>,
) -> Result<Tau2Limits, MetaError> {
    if !matches!(estimator, Estimator::Ml | Estimator::Reml) {
        let message = format!("a profile-likelihood interval belongs to ML or REML, not to {}", estimator.name());
        return Err(MetaError::Option(message));
    }
    let far = beyond_maxima(problem, at);
    let at = RefCell::new(at);
    let likelihood = |tau2: f64| {
        let mut at = at.borrow_mut();
        at.at_tau2(tau2);
        match estimator {
            Estimator::Reml => restricted_log_likelihood(problem, &at),
            _ => log_likelihood(problem, &at),
        }
    };
    let floor = likelihood(tau2) - 0.5 * chi_squared_quantile(level, 1.0);
    let failed = MetaError::of_root("the profile-likelihood interval of tau2");
    // Downwards from the estimate the likelihood falls as the distance grows.
    let lower = if tau2 == 0.0 || likelihood(0.0) >= floor {
        0.0
    } else {
        tau2 - only_zero(|down| if down > tau2 { -1.0 } else { likelihood(tau2 - down) - floor }, tau2)
            .map_err(&failed)?
    };
    let smallest = problem.vi.iter().copied().fold(f64::INFINITY, f64::min);
    let upper = tau2 + only_zero(|up| likelihood(tau2 + up) - floor, tau2.max(smallest)).map_err(&failed)?;
    // Around another maximum the likelihood may be as high again. Beyond the square of some residuals it only falls.
    let beyond = |tau2: f64| likelihood(tau2) - floor;
    let lower = if lower > 0.0 {
        let rises = falling_zeros(|tau2| -beyond(tau2), 0.03 * smallest, lower).map_err(&failed)?;
        rises.first().map_or(lower, |first| lower.min(*first))
    } else {
        lower
    };
    let upper = if far > upper {
        let falls = falling_zeros(beyond, upper, far).map_err(&failed)?;
        let past = if beyond(far) > 0.0 { far + only_zero(|up| beyond(far + up), far).map_err(&failed)? } else { 0.0 };
        falls.last().map_or(upper, |last| upper.max(*last)).max(past)
    } else {
        upper
    };
    // A likelihood with two maxima may leave out what lies between them.
    const PLACES: i32 = 100;
    let nearer_below = |at: i32| (f64::from(at) / f64::from(PLACES)).powi(3);
    let between =
        (1..PLACES).map(nearer_below).flat_map(|share| [lower + (tau2 - lower) * share, tau2 + (upper - tau2) * share]);
    let left_out = Interval::hull(between.filter(|tau2| likelihood(*tau2) < floor));
    let note = |of: Interval| {
        let [from, to] = of.ends().map(|end| significant(end, 2));
        format!(
            "the profile likelihood has two maxima: it leaves out tau2 from about {from} to {to}, which the interval holds"
        )
    };
    Ok(Tau2Limits { interval: Some(Interval { lower, upper }), notes: left_out.map(note).into_iter().collect() })
}
