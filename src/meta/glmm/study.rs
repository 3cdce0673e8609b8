//! The likelihood of the counts of one study, as a function of its true effect.

use crate::meta::counts::{CountMeasure, Counts, check};
use crate::meta::problem::MetaError;
use crate::numeric::dist::{NoncentralHypergeometric, ln_choose, normal_density};

/// The likelihood of one study, as a function of its true effect η. Terms without η are computed once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StudyLikelihood {
    /// A binomial with logit η + offset.
    Binomial {
        /// The counts.
        counts: Binomial,
        /// What is added to η.
        offset: f64,
    },
    /// A Poisson count with log rate η.
    Poisson(Poisson),
    /// A 2×2 table given its margins, with log odds ratio η.
    Hypergeometric(Hypergeometric),
    /// Two groups with logits, or log rates, α ± η/2, where α is whatever fits best.
    TwoGroups {
        /// Group 1.
        first: Group,
        /// Group 2.
        second: Group,
    },
}

/// ln f at a linear predictor, its derivative and minus its second derivative.
pub(super) type Terms = [f64; 3];

/// Events among trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binomial {
    events: f64,
    trials: f64,
    constant: f64,
}

impl Binomial {
    /// The binomial likelihood of `events` in `trials`.
    pub fn new(events: f64, trials: f64) -> Self {
        Self { events, trials, constant: ln_choose(trials, events) }
    }

    /// The observed logit and its variance.
    fn own(&self) -> (f64, f64) {
        let rest = self.trials - self.events;
        ((self.events / rest).ln(), 1.0 / self.events + 1.0 / rest)
    }

    pub(super) fn at(&self, x: f64) -> Terms {
        let small = (-x.abs()).exp();
        // p and 1 − p, whichever side of 0 the logit is.
        let (p, rest) = if x > 0.0 { (1.0, small) } else { (small, 1.0) };
        let p = p / (1.0 + small);
        let log = self.events * x - self.trials * (x.max(0.0) + small.ln_1p()) + self.constant;
        [log, self.events - self.trials * p, self.trials * p * rest / (1.0 + small)]
    }
}

/// Events in some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson {
    events: f64,
    time: f64,
    constant: f64,
}

impl Poisson {
    /// The Poisson likelihood of `events` in `time`.
    pub fn new(events: f64, time: f64) -> Self {
        Self { events, time, constant: events * time.ln() - libm::lgamma(events + 1.0) }
    }

    /// The logarithm of the observed rate and its variance.
    fn own(&self) -> (f64, f64) {
        ((self.events / self.time).ln(), 1.0 / self.events)
    }

    pub(super) fn at(&self, x: f64) -> Terms {
        let mean = self.time * x.exp();
        [self.events * x - mean + self.constant, self.events - mean, mean]
    }
}

/// The events of one group: among its members, or in its person-time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Group {
    /// Events among members.
    Events(Binomial),
    /// Events in some time.
    Rate(Poisson),
}

impl Group {
    pub(super) fn new(events: f64, size: f64, is_rate: bool) -> Self {
        if is_rate { Self::Rate(Poisson::new(events, size)) } else { Self::Events(Binomial::new(events, size)) }
    }

    /// The observed logit, or logarithm of a rate, and its variance.
    fn own(&self) -> (f64, f64) {
        match self {
            Self::Events(counts) => counts.own(),
            Self::Rate(counts) => counts.own(),
        }
    }

    pub(super) fn at(&self, x: f64) -> Terms {
        match self {
            Self::Events(counts) => counts.at(x),
            Self::Rate(counts) => counts.at(x),
        }
    }
}

/// The noncentral hypergeometric likelihood of a 2×2 table.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypergeometric {
    /// The logarithms of the weights of each possible number of events of group 1.
    logs: Vec<f64>,
    /// The logarithms of the ratios of neighbouring weights, and the ratios; both fall.
    steps: Vec<(f64, f64)>,
    /// Which of the numbers was observed.
    own: usize,
}

impl Hypergeometric {
    /// The conditional maximum-likelihood estimate, which is finite inside of the range, and its variance. The slope
    /// falls, so that Newton's steps, halved where they go too far, find its zero.
    fn own_effect(&self) -> (f64, f64) {
        let mut eta = 0.0;
        let mut here = self.at(eta);
        for _ in 0..200 {
            let mut step = (here[1] / here[2].max(1e-300)).clamp(-2.0, 2.0);
            let mut next = self.at(eta + step);
            while next[0] < here[0] - 1e-14 * here[0].abs() && step.abs() > 1e-12 {
                step *= 0.5;
                next = self.at(eta + step);
            }
            eta += step;
            here = next;
            if step.abs() < 1e-11 {
                break;
            }
        }
        (eta, 1.0 / here[2])
    }

    fn at(&self, eta: f64) -> Terms {
        let mode = self.steps.partition_point(|(log, _)| log + eta > 0.0);
        let factor = eta.exp();
        // Shares relative to the mode, and moments about it.
        let (mut sum, mut first, mut second) = (1.0, 0.0, 0.0);
        let mut add = |share: f64, distance: f64| {
            sum += share;
            first += share * distance;
            second += share * distance * distance;
        };
        let (mut share, mut distance) = (1.0, 0.0);
        for (_, ratio) in &self.steps[mode..] {
            share *= ratio * factor;
            distance += 1.0;
            add(share, distance);
            if share < LEAST_SHARE {
                break;
            }
        }
        (share, distance) = (1.0, 0.0);
        for (_, ratio) in self.steps[..mode].iter().rev() {
            share /= ratio * factor;
            distance -= 1.0;
            add(share, distance);
            if share < LEAST_SHARE {
                break;
            }
        }
        let mean = first / sum;
        let away = self.own as f64 - mode as f64;
        let own = self.logs[self.own] - self.logs[mode] + away * eta;
        [own - sum.ln(), away - mean, (second / sum - mean * mean).max(0.0)]
    }
}

/// Where the likelihood of a study is highest in its true effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It rises to 1 as the effect falls without end.
    Lower,
    /// It rises to 1 as the effect grows without end.
    Upper,
    /// It is 1 at every effect.
    Both,
    /// It falls on either side of a maximum.
    Neither,
}

impl End {
    /// The end of a count from `least` to `most`.
    fn of(count: f64, least: f64, most: f64) -> Self {
        match (count <= least, count >= most) {
            (true, true) => Self::Both,
            (true, false) => Self::Lower,
            (false, true) => Self::Upper,
            (false, false) => Self::Neither,
        }
    }

    fn of_group(group: &Group) -> Self {
        match group {
            Group::Events(counts) => Self::of(counts.events, 0.0, counts.trials),
            Group::Rate(counts) => Self::of(counts.events, 0.0, f64::INFINITY),
        }
    }

    /// The end of two groups whose common level is free.
    fn of_groups(first: Self, second: Self) -> Self {
        match (first, second) {
            (Self::Neither, _) | (_, Self::Neither) => Self::Neither,
            (Self::Lower, Self::Upper) => Self::Lower,
            (Self::Upper, Self::Lower) => Self::Upper,
            _ => Self::Both,
        }
    }
}

/// Shares below this one do not move a sum of at least 1 and its moments.
const LEAST_SHARE: f64 = 1e-22;

/// The logarithm of an integral over η with its derivatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marginal {
    /// The logarithm.
    pub value: f64,
    /// Its derivative in θ.
    pub along_theta: f64,
    /// In τ.
    pub along_tau: f64,
    /// Its first and second derivatives in α.
    pub along_alpha: (f64, f64),
}

impl StudyLikelihood {
    /// `events` of `trials`, with logit η + offset.
    pub fn binomial(events: f64, trials: f64, offset: f64) -> Self {
        Self::Binomial { counts: Binomial::new(events, trials), offset }
    }

    /// `events` in `time`, with log rate η.
    pub fn poisson(events: f64, time: f64) -> Self {
        Self::Poisson(Poisson::new(events, time))
    }

    /// Two binomials, each with events and trials.
    pub fn two_binomials(first: (f64, f64), second: (f64, f64)) -> Self {
        let group = |(events, trials)| Group::Events(Binomial::new(events, trials));
        Self::TwoGroups { first: group(first), second: group(second) }
    }

    /// Two Poisson counts, each with events and person-time.
    pub fn two_poissons(first: (f64, f64), second: (f64, f64)) -> Self {
        let group = |(events, time)| Group::Rate(Poisson::new(events, time));
        Self::TwoGroups { first: group(first), second: group(second) }
    }

    /// The noncentral hypergeometric likelihood of a 2×2 table: `events1` of `n1` given the events of both groups.
    ///
    /// # Errors
    /// If the counts are impossible, or more tables than can be summed have these margins.
    pub fn hypergeometric(events1: f64, n1: f64, events2: f64, n2: f64) -> Result<Self, MetaError> {
        const MOST_TABLES: f64 = 5e6;
        let counts = Counts { events1, size1: n1, events2, size2: n2 };
        check(&[counts], CountMeasure::Or)?;
        let given = NoncentralHypergeometric { n1, n2, events: events1 + events2 };
        let tables = given.most() - given.least() + 1.0;
        if tables > MOST_TABLES {
            let message = format!("CM.EL sums over {tables:.0} tables, and {MOST_TABLES} are the most");
            return Err(MetaError::Data(message));
        }
        let (low, high) = (given.least() as u64, given.most() as u64);
        let weight = |u: u64| ln_choose(n1, u as f64) + ln_choose(n2, given.events - u as f64);
        let logs: Vec<f64> = (low..=high).map(weight).collect();
        let step = |u: u64| {
            let ratio = given.step(u as f64);
            (ratio.ln(), ratio)
        };
        Ok(Self::Hypergeometric(Hypergeometric {
            logs,
            steps: (low..high).map(step).collect(),
            own: (events1 as u64).saturating_sub(low) as usize,
        }))
    }

    /// ln f(η), its derivative and minus its second derivative; α is for two groups alone, whose first and second
    /// derivatives in α follow.
    fn at(&self, eta: f64, alpha: f64) -> (Terms, (f64, f64)) {
        match self {
            Self::Binomial { counts, offset } => (counts.at(eta + offset), (0.0, 0.0)),
            Self::Poisson(counts) => (counts.at(eta), (0.0, 0.0)),
            Self::Hypergeometric(table) => (table.at(eta), (0.0, 0.0)),
            Self::TwoGroups { first, second } => {
                let (a, b) = (first.at(alpha + 0.5 * eta), second.at(alpha - 0.5 * eta));
                ([a[0] + b[0], 0.5 * (a[1] - b[1]), 0.25 * (a[2] + b[2])], (a[1] + b[1], -a[2] - b[2]))
            }
        }
    }

    /// Towards which effects the likelihood rises without end.
    pub(super) fn end(&self) -> End {
        match self {
            Self::Binomial { counts, .. } => End::of_group(&Group::Events(*counts)),
            Self::Poisson(counts) => End::of_group(&Group::Rate(*counts)),
            Self::Hypergeometric(table) => End::of(table.own as f64, 0.0, table.steps.len() as f64),
            Self::TwoGroups { first, second } => End::of_groups(End::of_group(first), End::of_group(second)),
        }
    }

    /// ln ∫ f(θ + τz) φ(z) dz. The integrand is log-concave and analytic in a strip of width π/(2τ) and more on
    /// either side, so that the trapezoidal rule about its mode converges as exp(−2π · width/step).
    /// The derivatives are expectations over the integrand: E f′/f for θ, and E z f′/f for τ.
    ///
    /// Source: Trefethen & Weideman (2014), SIAM Rev 56:385, theorem 5.1, for the rule; Fisher's identity, as in
    /// Louis (1982), JRSS B 44:226, eq. 3.1 and 3.2, for the derivatives.
    fn marginal(&self, theta: f64, tau: f64, alpha: f64) -> Marginal {
        if tau == 0.0 {
            let ([value, slope, _], along_alpha) = self.at(theta, alpha);
            return Marginal { value, along_theta: slope, along_tau: 0.0, along_alpha };
        }
        let (z, spread) = self.mode(theta, tau, alpha);
        let top = self.at(theta + tau * z, alpha).0[0] - 0.5 * z * z;
        let step = (0.4 * spread).min(0.35 / tau);
        // The sum of the integrand, and with it of f′/f, z f′/f, and what the derivatives in α need.
        let mut sums = [0.0; 5];
        let mut add = |x: f64| {
            let ([log, slope, _], (first, second)) = self.at(theta + tau * x, alpha);
            let weight = (log - 0.5 * x * x - top).exp();
            let parts = [1.0, slope, x * slope, first, first * first + second];
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += weight * part);
            weight
        };
        add(z);
        for direction in [step, -step] {
            let mut x = z + direction;
            // Log-concave: once the terms are this small, all that follow are smaller.
            while add(x) > 1e-19 {
                x += direction;
            }
        }
        let [all, slope, pulled, first, second] = sums;
        let first = first / all;
        Marginal {
            value: top + (all * step * normal_density(0.0)).ln(),
            along_theta: slope / all,
            along_tau: pulled / all,
            along_alpha: (first, second / all - first * first),
        }
    }

    /// Where the integrand is highest, and its width there.
    fn mode(&self, theta: f64, tau: f64, alpha: f64) -> (f64, f64) {
        let log = |z: f64| self.at(theta + tau * z, alpha).0[0] - 0.5 * z * z;
        let (mut z, mut spread) = (0.0, 1.0);
        for _ in 0..50 {
            let ([value, slope, curvature], _) = self.at(theta + tau * z, alpha);
            let (slope, curvature) = (tau * slope - z, tau * tau * curvature + 1.0);
            spread = 1.0 / curvature.sqrt();
            let mut step = slope / curvature;
            let here = value - 0.5 * z * z;
            while log(z + step) < here - 1e-12 * here.abs() && step.abs() > 1e-12 {
                step *= 0.5;
            }
            z += step;
            // The rule does not need the mode itself.
            if step.abs() < 1e-3 * spread {
                break;
            }
        }
        (z, spread)
    }

    /// The marginal likelihood at its best α, where its other derivatives are those of the profile.
    pub(super) fn profiled(&self, theta: f64, tau: f64) -> Marginal {
        let mut alpha = match self {
            Self::TwoGroups { first: Group::Events(first), second: Group::Events(second) } => {
                let (events, trials) = (first.events + second.events, first.trials + second.trials);
                ((events + 0.5) / (trials - events + 0.5)).ln()
            }
            Self::TwoGroups { first: Group::Rate(first), second: Group::Rate(second) } => {
                ((first.events + second.events + 0.5) / (first.time + second.time)).ln()
            }
            Self::TwoGroups { .. } => 0.0,
            _ => return self.marginal(theta, tau, 0.0),
        };
        let mut here = self.marginal(theta, tau, alpha);
        // Log-concave in α too, so that Newton's steps, halved where they go too far, find the maximum.
        for _ in 0..100 {
            let mut step = -here.along_alpha.0 / here.along_alpha.1.min(-1e-12);
            let mut next = self.marginal(theta, tau, alpha + step);
            while next.value < here.value - 1e-13 * here.value.abs() && step.abs() > 1e-10 {
                step *= 0.5;
                next = self.marginal(theta, tau, alpha + step);
            }
            alpha += step;
            here = next;
            if step.abs() < 1e-9 {
                break;
            }
        }
        here
    }

    /// The highest log-likelihood with an effect of its own. Where all or none have events, it rises towards an
    /// infinite effect, and its limit is close.
    pub(super) fn own_maximum(&self) -> f64 {
        let mut eta: f64 = 0.0;
        let mut here = self.profiled(eta, 0.0);
        for _ in 0..200 {
            let mut step = self.newton(eta, &here).clamp(-2.0, 2.0);
            let mut next = self.profiled(eta + step, 0.0);
            while next.value < here.value && step.abs() > 1e-10 {
                step *= 0.5;
                next = self.profiled(eta + step, 0.0);
            }
            if next.value <= here.value {
                break;
            }
            eta += step;
            here = next;
            if eta.abs() > 30.0 {
                break;
            }
        }
        here.value
    }

    /// The likeliest effect of the study alone, with the variance that the information gives it; none where it is
    /// infinite.
    pub(super) fn own_effect(&self) -> Option<(f64, f64)> {
        if self.end() != End::Neither {
            return None;
        }
        let own = match self {
            Self::Binomial { counts, offset } => {
                let (eta, variance) = counts.own();
                (eta - offset, variance)
            }
            Self::Poisson(counts) => counts.own(),
            Self::Hypergeometric(table) => table.own_effect(),
            Self::TwoGroups { first, second } => {
                let ((eta1, variance1), (eta2, variance2)) = (first.own(), second.own());
                (eta1 - eta2, variance1 + variance2)
            }
        };
        // One group at an end of its range is enough for an infinite effect.
        Some(own).filter(|(eta, variance)| eta.is_finite() && variance.is_finite())
    }

    /// Newton's step for the effect of the study alone.
    fn newton(&self, eta: f64, here: &Marginal) -> f64 {
        let width = 1e-4;
        let curvature =
            (self.profiled(eta + width, 0.0).along_theta - self.profiled(eta - width, 0.0).along_theta) / (2.0 * width);
        -here.along_theta / curvature.min(-1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn studies() -> [StudyLikelihood; 6] {
        [
            StudyLikelihood::binomial(3.0, 20.0, 0.4),
            StudyLikelihood::binomial(0.0, 200.0, 0.0),
            StudyLikelihood::poisson(7.0, 12.5),
            StudyLikelihood::hypergeometric(4.0, 30.0, 11.0, 25.0).unwrap(),
            StudyLikelihood::two_binomials((2.0, 15.0), (9.0, 17.0)),
            StudyLikelihood::two_poissons((3.0, 40.5), (9.0, 38.0)),
        ]
    }

    /// The rule against panels of Gauss and Legendre that are finer than it needs.
    #[test]
    fn integrals_agree_with_another_rule() {
        for study in studies() {
            for (theta, tau) in [(0.0, 0.3), (-1.5, 1.0), (0.7, 4.0)] {
                let f = |z: f64| [study.at(theta + tau * z, 0.2).0[0].exp() * normal_density(z)];
                let breaks: Vec<f64> = (-360..=360).map(|panel| f64::from(panel) / 10.0).collect();
                let [integral] = crate::numeric::quadrature::over_panels(f, &breaks);
                let found = study.marginal(theta, tau, 0.2).value;
                assert!((found - integral.ln()).abs() < 1e-11, "{study:?} {theta} {tau}: {found} {}", integral.ln());
            }
        }
    }

    #[test]
    fn derivatives_are_those_of_the_integral() {
        for study in studies() {
            let (theta, tau, step) = (-0.4, 0.8, 1e-5);
            let here = study.profiled(theta, tau);
            let theta_slope =
                (study.profiled(theta + step, tau).value - study.profiled(theta - step, tau).value) / (2.0 * step);
            let tau_slope =
                (study.profiled(theta, tau + step).value - study.profiled(theta, tau - step).value) / (2.0 * step);
            assert!((here.along_theta - theta_slope).abs() < 1e-7, "{study:?}: {} {theta_slope}", here.along_theta);
            assert!((here.along_tau - tau_slope).abs() < 1e-7, "{study:?}: {} {tau_slope}", here.along_tau);
        }
    }

    #[test]
    fn impossible_and_endless_tables_are_refused() {
        for (events1, n1, said) in [(5.0, 4.0, "impossible"), (1e12, 4e12, "tables")] {
            let refused = StudyLikelihood::hypergeometric(events1, n1, events1, 4e12).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }

    /// Weights by logarithms of factorials, one by one.
    #[test]
    fn tables_have_their_conditional_probabilities() {
        let StudyLikelihood::Hypergeometric(table) = StudyLikelihood::hypergeometric(4.0, 30.0, 11.0, 25.0).unwrap()
        else {
            panic!("no table");
        };
        for eta in [-3.0, 0.0, 0.4, 12.0] {
            let weight = |u: f64| (ln_choose(30.0, u) + ln_choose(25.0, 15.0 - u) + u * eta).exp();
            let total: f64 = (0..=15).map(|u| weight(f64::from(u))).sum();
            let mean = (0..=15).map(|u| f64::from(u) * weight(f64::from(u))).sum::<f64>() / total;
            let [log, slope, _] = table.at(eta);
            assert!((log - (weight(4.0) / total).ln()).abs() < 1e-11, "{eta}");
            assert!((slope - (4.0 - mean)).abs() < 1e-11, "{eta}");
        }
    }
}
