//! The unconditional model with random study effects (UM.RS).

use super::design::Design;
use super::limit::refuse_unbound;
use super::study::Group;
use super::{Found, MOST_TAU, estimates_tau2, failed, notes_on, possible_estimator};
use crate::meta::counts::{CountMeasure, Counts, check};
use crate::meta::fit::Fit;
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::tau2::Estimator;
use crate::numeric::format::significant;
use crate::numeric::gauss_hermite::gauss_hermite;
use crate::numeric::minimum::{Minimum, descend, gradient, minimise};
use std::f64::consts::{PI, SQRT_2};

/// Points of the rule in each direction: exact for polynomials of degree 41 times a normal density round the
/// mode of the integrand.
pub const POINTS: usize = 21;

/// More points tell no more.
const MOST_POINTS: usize = 61;

/// Studies of two groups whose logits, or log rates, are a + u ± (x′β + t)/2 with u ~ N(0, σ²) and t ~ N(0, τ²). Their
/// parameters are γ of the design, a, σ and τ in this order; a list without the last has τ = 0.
struct Studies {
    pairs: Vec<(Group, Group)>,
    design: Design,
    nodes: Vec<(f64, f64)>,
}

/// θ of one study, a, σ and τ.
#[derive(Clone, Copy)]
struct At {
    theta: f64,
    mean: f64,
    sigma: f64,
    tau: f64,
}

/// ln of the integral of one study, and its derivatives in θ, a, σ and τ.
type Marginal = (f64, [f64; 4]);

/// The logarithm of the integrand over standard normal x and y, its gradient and minus its Hessian.
fn integrand((first, second): &(Group, Group), at: At, x: f64, y: f64) -> (f64, [f64; 2], [f64; 3]) {
    let half = 0.5 * (at.theta + at.tau * y);
    let base = at.mean + at.sigma * x;
    let (a, b) = (first.at(base + half), second.at(base - half));
    let (s, t) = (at.sigma, 0.5 * at.tau);
    let slope = [s * (a[1] + b[1]) - x, t * (a[1] - b[1]) - y];
    let curvature = [s * s * (a[2] + b[2]) + 1.0, s * t * (a[2] - b[2]), t * t * (a[2] + b[2]) + 1.0];
    (a[0] + b[0] - 0.5 * (x * x + y * y), slope, curvature)
}

/// Where the integrand is highest, with its value and curvature there.
fn mode(pair: &(Group, Group), at: At) -> (f64, f64, f64, [f64; 3]) {
    let (mut x, mut y) = (0.0, 0.0);
    let (mut value, mut slope, mut curvature) = integrand(pair, at, x, y);
    for _ in 0..60 {
        let [a, b, c] = curvature;
        let determinant = a * c - b * b;
        let (dx, dy) = ((c * slope[0] - b * slope[1]) / determinant, (a * slope[1] - b * slope[0]) / determinant);
        let mut step = 1.0;
        let mut next = integrand(pair, at, x + dx, y + dy);
        while next.0 < value - 1e-13 * value.abs() && step > 1e-6 {
            step *= 0.5;
            next = integrand(pair, at, x + step * dx, y + step * dy);
        }
        (x, y) = (x + step * dx, y + step * dy);
        (value, slope, curvature) = next;
        if dx.abs() + dy.abs() < 1e-9 {
            break;
        }
    }
    (x, y, value, curvature)
}

impl Studies {
    /// The double integral of one study, by Gauss–Hermite quadrature round its mode: Liu & Pierce (1994),
    /// Biometrika 81:624. The derivatives are expectations over the integrand (Fisher's identity), which those of the
    /// rule itself approach with its points.
    fn marginal(&self, pair: &(Group, Group), at: At) -> Marginal {
        let (x, y, value, curvature) = mode(pair, at);
        // With the curvature R′R, R = [p q; 0 r], the mode plus R⁻¹z.
        let p = curvature[0].sqrt();
        let q = curvature[1] / p;
        let r = (curvature[2] - q * q).sqrt();
        // Where an effect does not vary, its integral is 1.
        let nodes = |sd: f64| if sd == 0.0 { &[(0.0, 1.0)][..] } else { self.nodes.as_slice() };
        let mut sums = [0.0; 5];
        for (z1, w1) in nodes(at.sigma) {
            for (z2, w2) in nodes(at.tau) {
                let dy = z2 / r;
                let (x, y) = (x + (z1 - q * dy) / p, y + dy);
                let half = 0.5 * (at.theta + at.tau * y);
                let base = at.mean + at.sigma * x;
                let (a, b) = (pair.0.at(base + half), pair.1.at(base - half));
                let log = a[0] + b[0] - 0.5 * (x * x + y * y);
                let weight = w1 * w2 * (log - value + 0.5 * (z1 * z1 + z2 * z2)).exp();
                let (both, apart) = (a[1] + b[1], 0.5 * (a[1] - b[1]));
                let parts = [1.0, apart, both, x * both, y * apart];
                sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += weight * part);
            }
        }
        let [all, slopes @ ..] = sums;
        (value + (all / (p * r)).ln(), slopes.map(|slope| slope / all))
    }

    /// Every study with what its likelihood depends on.
    fn each<'a>(&'a self, x: &'a [f64]) -> impl Iterator<Item = (&'a (Group, Group), At)> + 'a {
        let p = self.design.p();
        let tau = x.get(p + 2).map_or(0.0, |tau| tau.abs());
        let at = move |theta| At { theta, mean: x[p], sigma: x[p + 1].abs(), tau };
        self.pairs.iter().zip(self.design.eta(x).map(at))
    }

    /// Minus the log-likelihood.
    fn minus(&self, x: &[f64]) -> f64 {
        let is_bounded = x.get(self.design.p() + 2).is_none_or(|tau| tau.abs() <= MOST_TAU);
        let value = |(pair, at)| self.marginal(pair, at).0;
        if is_bounded { -self.each(x).map(value).sum::<f64>() } else { f64::INFINITY }
    }

    /// The gradient of [`Self::minus`]. With few points, the derivatives of the rule itself are taken by differences.
    fn slopes(&self, x: &[f64]) -> Vec<f64> {
        if self.nodes.len() < POINTS_FOR_IDENTITY {
            return gradient(|x| self.minus(x), x);
        }
        let p = self.design.p();
        let mut total = vec![0.0; x.len()];
        for ((pair, at), row) in self.each(x).zip(self.design.rows()) {
            let (_, [theta, others @ ..]) = self.marginal(pair, at);
            let (gamma, rest) = total.split_at_mut(p);
            gamma.iter_mut().zip(row).for_each(|(total, value)| *total -= theta * value);
            rest.iter_mut().zip(others).for_each(|(total, slope)| *total -= slope);
        }
        // The likelihood is even in σ and τ.
        total.iter_mut().zip(x).skip(p + 1).for_each(|(slope, sd)| *slope *= sign(*sd));
        total
    }

    /// Minus the likelihood in which each study has a θ of its own, at its best, with its derivatives in a and |σ|.
    /// Here a + u are the levels of the second groups, and a + u + θ those of the first, as in metafor: where each
    /// study has its own θ, the likelihood depends on whether the levels u are those of a group or of the middle
    /// between both.
    fn saturated(&self, mean: f64, sigma: f64) -> (f64, [f64; 2]) {
        let mut total = (0.0, [0.0; 2]);
        for pair in &self.pairs {
            let at = |theta: f64| {
                let middle = At { theta, mean: mean + 0.5 * theta, sigma, tau: 0.0 };
                let (value, [theta, mean, sigma, tau]) = self.marginal(pair, middle);
                (value, [theta + 0.5 * mean, mean, sigma, tau])
            };
            let (value, slopes) = highest(at);
            total.0 -= value;
            total.1[0] -= slopes[1];
            total.1[1] -= slopes[2];
        }
        total
    }
}

/// With so many points the rule is exact enough that its derivatives are those of the integral.
const POINTS_FOR_IDENTITY: usize = 15;

/// The maximum over θ between −30 and 30 of a log-concave function whose slope comes first.
fn highest(at: impl Fn(f64) -> Marginal) -> Marginal {
    let (mut low, mut high) = (-30.0, 30.0);
    let (at_low, at_high) = (at(low), at(high));
    if at_low.1[0] <= 0.0 {
        return at_low;
    }
    if at_high.1[0] >= 0.0 {
        return at_high;
    }
    // Secants of the slope inside a bracket, and halves where they do not shrink it.
    let (mut theta, mut before) = (0.0, None::<(f64, f64)>);
    for _ in 0..200 {
        let here = at(theta);
        let slope = here.1[0];
        if slope > 0.0 {
            low = theta
        } else {
            high = theta
        }
        let secant = before.map(|(other, rise)| theta - slope * (theta - other) / (slope - rise));
        before = Some((theta, slope));
        let next = secant.filter(|next| *next > low && *next < high).unwrap_or(0.5 * (low + high));
        if slope.abs() < 1e-11 || (next - theta).abs() < 1e-12 {
            return here;
        }
        theta = next;
    }
    at(theta)
}

/// Nodes and weights for expectations over a standard normal variable.
fn normal_rule(points: usize) -> Result<Vec<(f64, f64)>, MetaError> {
    if !(1..=MOST_POINTS).contains(&points) {
        let told = format!("UM.RS takes 1 to {MOST_POINTS} points in each direction, not {points}");
        return Err(MetaError::Option(told));
    }
    let scaled = |(x, log_weight): (f64, f64)| (SQRT_2 * x, (log_weight - 0.5 * PI.ln()).exp());
    Ok(gauss_hermite(points).into_iter().map(scaled).collect())
}

/// That there is a model for the measure, and two studies with possible counts.
fn check_studies(measure: CountMeasure, counts: &[Counts]) -> Result<(), MetaError> {
    if !matches!(measure, CountMeasure::Or | CountMeasure::Irr) {
        return Err(MetaError::Option(format!("UM.RS models OR or IRR, and not {}", measure.name())));
    }
    if counts.len() < 2 {
        let what = "UM.RS needs at least two studies";
        return Err(MetaError::TooFewStudies { needed: 2, found: counts.len(), what });
    }
    check(counts, measure)
}

/// A fitted model with random study effects.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RandomStudies {
    /// The pooled effect with τ².
    pub fit: Fit,
    /// The variance between the studies' own levels.
    pub sigma2: f64,
}

fn sign(x: f64) -> f64 {
    if x < 0.0 { -1.0 } else { 1.0 }
}

/// The likeliest γ, a, σ and τ, from those without heterogeneity. Where these searches do not end, or end no higher
/// than without heterogeneity, the likelihood is followed along τ with the others at their best, and searched from each
/// of its hills: of rare events the highest may lie at a τ of 10, with θ as far from where it was.
fn with_heterogeneity(studies: &Studies, fixed: &Minimum) -> Minimum {
    let value = |x: &[f64]| studies.minus(x);
    let slopes = |x: &[f64]| studies.slopes(x);
    let with = |others: &[f64], tau: f64| others.iter().copied().chain([tau]).collect::<Vec<f64>>();
    let mut best = Minimum { converged: false, ..fixed.clone() };
    best.at.push(0.0);
    for tau in STARTS {
        let found = minimise(value, slopes, with(&fixed.at, tau));
        if found.converged && found.value < fixed.value - LEAST_GAIN {
            return found;
        }
        best = better(best, found);
    }
    for start in hills(studies, fixed) {
        let mut found = minimise(value, slopes, start);
        if !found.converged {
            // Far out the rule is less exact, and its own derivatives are not quite those of the integral.
            found = minimise(value, |x| gradient(value, x), found.at);
        }
        best = better(best, found);
    }
    best
}

/// The likelier of two ends of searches. Where only one of them is a maximum, the other has to be likelier by more than
/// the rule may be wrong.
fn better(best: Minimum, found: Minimum) -> Minimum {
    let least = match (found.converged, best.converged) {
        (true, false) => -ERROR_OF_THE_RULE,
        (false, true) => ERROR_OF_THE_RULE,
        _ => LEAST_GAIN,
    };
    if found.value < best.value - least { found } else { best }
}

/// Where the search for τ begins, one after the other until it ends in a maximum that is likelier than τ = 0.
const STARTS: [f64; 3] = [0.5, 0.1, 2.0];

/// How far the logarithm of a likelihood may be off where counts are rare and τ is large.
const ERROR_OF_THE_RULE: f64 = 1e-4;

/// A likelihood that is higher by less is not told from the other.
const LEAST_GAIN: f64 = 1e-10;

/// The τ at which the likelihood is followed.
const ALONG_TAU: [f64; 9] = [0.1, 0.25, 1.0, 2.0, 4.0, 8.0, 12.0, 18.0, 27.0];

/// The highest γ, a and σ at each τ that is higher than its neighbours, with this τ.
fn hills(studies: &Studies, fixed: &Minimum) -> Vec<Vec<f64>> {
    let mut ridge: Vec<(f64, Vec<f64>)> = vec![(fixed.value, fixed.at.clone())];
    for tau in ALONG_TAU {
        let with = |x: &[f64]| x.iter().copied().chain([tau]).collect::<Vec<f64>>();
        let slopes = |x: &[f64]| {
            let mut all = studies.slopes(&with(x));
            all.truncate(x.len());
            all
        };
        let start = ridge.last().map_or_else(|| fixed.at.clone(), |(_, at)| at.clone());
        let found = descend(|x| studies.minus(&with(x)), slopes, start);
        ridge.push((found.value, found.at));
    }
    let value = |place: usize| ridge.get(place).map_or(f64::INFINITY, |(value, _)| *value);
    let is_hill = |place: &usize| value(*place) <= value(place - 1) && value(*place) <= value(place + 1);
    let with_tau = |place: usize| ridge[place].1.iter().copied().chain([ALONG_TAU[place - 1]]).collect();
    (1..ridge.len()).filter(is_hill).map(with_tau).collect()
}

/// Fits UM.RS of log odds ratios or log rate ratios by maximum likelihood, σ² and τ² both estimated, with both
/// integrals by quadrature of `points` from 1 to 61 in each direction, 21 where there are none. With 1 it is the
/// Laplace approximation.
///
/// Source: Jackson et al. (2018), Stat Med 37:1059, model 5 (random study effects, α ± η/2).
///
/// # Errors
/// If the measure is another one, the points are others, no study says anything, or the likelihood has no maximum.
pub fn glmm_random_studies(
    measure: CountMeasure,
    counts: &[Counts],
    points: Option<usize>,
    level: f64,
) -> Result<RandomStudies, MetaError> {
    check_studies(measure, counts)?;
    let problem = Problem::new(vec![0.0; counts.len()], vec![1.0; counts.len()])?;
    glmm_random_studies_with_moderators(measure, counts, &problem, Estimator::Ml, points, level)
}

/// The same with moderators of the effect, α + u ± (x′β + t)/2, or with τ² = 0 by the estimators [`Estimator::Fe`] and
/// [`Estimator::Ee`]. Of the problem, the columns of moderators count, and not the effects.
///
/// # Errors
/// As for [`glmm_random_studies`]; also if the estimator is another one, there is not one row for each study, a
/// moderator follows from the others, or the counts put no bound on its coefficient.
///
/// ```
/// use reffect::meta::glmm::glmm_random_studies_with_moderators;
/// use reffect::meta::mantel_haenszel::{CountMeasure, Counts};
/// use reffect::meta::{Estimator, Problem};
/// let of = |(events1, events2)| Counts { events1, size1: 50.0, events2, size2: 50.0 };
/// let counts = [(4.0, 9.0), (6.0, 12.0), (9.0, 10.0), (13.0, 14.0), (10.0, 11.0)].map(of);
/// let names = vec!["intrcpt".to_owned(), "late".to_owned()];
/// let columns = vec![vec![1.0; 5], vec![0.0, 0.0, 1.0, 1.0, 1.0]];
/// let moderators = Problem::with_columns(vec![0.0; 5], vec![1.0; 5], names, columns, true)?;
/// let found = glmm_random_studies_with_moderators(CountMeasure::Or, &counts, &moderators, Estimator::Ml, None, 0.95)?;
/// assert!(found.fit.coefficients[0].estimate < -0.7 && found.fit.coefficients[1].estimate > 0.5);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
pub fn glmm_random_studies_with_moderators(
    measure: CountMeasure,
    counts: &[Counts],
    problem: &Problem,
    estimator: Estimator,
    points: Option<usize>,
    level: f64,
) -> Result<RandomStudies, MetaError> {
    check_studies(measure, counts)?;
    possible_level(level)?;
    possible_estimator(estimator)?;
    problem.each_has("the counts", counts.len())?;
    let is_rate = measure.is_rate();
    let pair = |of: &Counts| (Group::new(of.events1, of.size1, is_rate), Group::new(of.events2, of.size2, is_rate));
    let nodes = normal_rule(points.unwrap_or(POINTS))?;
    let studies = Studies { pairs: counts.iter().map(pair).collect(), design: Design::new(problem)?, nodes };
    let p = problem.p();
    let fixed = without_heterogeneity(&studies, mean_level(counts, is_rate)?)?;
    let random = if estimates_tau2(estimator, problem) {
        let found = with_heterogeneity(&studies, &fixed);
        let is_better = found.value < fixed.value - LEAST_GAIN && found.at[p + 2].abs() > 1e-4;
        if is_better && !found.converged {
            return Err(failed("its likelihood rises with tau2, and the search found no maximum"));
        }
        Some(found).filter(|_| is_better)
    } else {
        None
    };
    let (best, tau2) = random.as_ref().map_or((&fixed, 0.0), |found| (found, found.at[p + 2].powi(2)));
    let sigma2 = best.at[p + 1].powi(2);
    // At σ = 0 the likelihood is flat in its sign, and the rest of the information is what counts.
    let chosen: Vec<usize> = (0..best.at.len()).filter(|&j| j != p + 1 || sigma2 > 1e-8).collect();
    let inverse = best.hessian.part(&chosen).cholesky().ok_or_else(|| failed("its information is singular"))?.inverse();
    let mut notes = vec![format!(
        "the variance between the studies' own levels, sigma2, is estimated as {}",
        significant(sigma2, 4)
    )];
    notes.extend(notes_on(estimator, problem, random.is_none()));
    let found = Found {
        beta: studies.design.coefficients(&best.at),
        covariance: studies.design.covariance(&inverse),
        tau2,
        value: best.value,
        common: fixed.value,
        saturated: -saturated(&studies, fixed.at[p], fixed.at[p + 1]),
        wald: None,
        parameters: p + 2 + usize::from(estimates_tau2(estimator, problem)),
        counts: 2 * counts.len(),
    };
    Ok(RandomStudies { fit: found.fit(problem, estimator, notes, level), sigma2 })
}

/// The logit, or the logarithm of the rate, of all groups together.
fn mean_level(counts: &[Counts], is_rate: bool) -> Result<f64, MetaError> {
    let total = |f: fn(&Counts) -> f64| counts.iter().map(f).sum::<f64>();
    let (events, size) = (total(|of| of.events1 + of.events2), total(|of| of.size1 + of.size2));
    let mean = if is_rate { (events / size).ln() } else { (events / (size - events)).ln() };
    if mean.is_finite() { Ok(mean) } else { Err(failed("there are no events, or nothing but events")) }
}

/// The likeliest γ, a and σ with τ = 0.
fn without_heterogeneity(studies: &Studies, mean: f64) -> Result<Minimum, MetaError> {
    let from = |sigma: f64| {
        let start = vec![0.0; studies.design.p()].into_iter().chain([mean, sigma]).collect();
        minimise(|x| studies.minus(x), |x| studies.slopes(x), start)
    };
    let fixed =
        [2.0, 0.1].into_iter().fold(from(0.5), |found, sigma| if found.converged { found } else { from(sigma) });
    refuse_unbound(&studies.design, &fixed)?;
    Ok(fixed)
}

/// The least of [`Studies::saturated`], from a and σ. The same with τ = 0 has the same likelihood by either coding.
fn saturated(studies: &Studies, mean: f64, sigma: f64) -> f64 {
    let own = |x: &[f64]| studies.saturated(x[0], x[1].abs()).0;
    let slopes = |x: &[f64]| {
        if studies.nodes.len() < POINTS_FOR_IDENTITY {
            return gradient(own, x);
        }
        let [mean, sigma] = studies.saturated(x[0], x[1].abs()).1;
        vec![mean, sign(x[1]) * sigma]
    };
    minimise(own, slopes, vec![mean, sigma]).value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_integrate_moments() {
        let nodes = normal_rule(POINTS).unwrap();
        assert_eq!(nodes.len(), POINTS);
        for (power, expected) in [(0, 1.0), (2, 1.0), (4, 3.0), (6, 15.0), (8, 105.0), (3, 0.0)] {
            let found: f64 = nodes.iter().map(|(x, w)| w * x.powi(power)).sum();
            assert!((found - expected).abs() < 1e-11 * (1.0 + expected), "{power}: {found}");
        }
    }
}
