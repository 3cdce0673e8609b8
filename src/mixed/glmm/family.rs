//! The likelihood of one row given its linear predictor, with the derivatives that Laplace's
//! approximation and its gradient need.

use super::super::options::{Family, Link};
use super::polygamma::{log_rise_ratio, power_sums};
use crate::numeric::dist::{ln_choose, normal_cdf, normal_density};

/// The distribution of a row given its linear predictor η.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Likelihood {
    Binomial(Link),
    Poisson,
    NegativeBinomial2,
    NegativeBinomial1,
}

/// ln f and its first three derivatives in η.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Slopes {
    pub log: f64,
    pub first: f64,
    pub second: f64,
    pub third: f64,
}

impl Slopes {
    /// All of them times a weight.
    pub fn times(self, weight: f64) -> Self {
        let [log, first, second, third] = [self.log, self.first, self.second, self.third].map(|value| weight * value);
        Self { log, first, second, third }
    }
}

/// Derivatives in τ = ln(dispersion) of ln f and its first two derivatives in η.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct DispersionSlopes {
    pub log: f64,
    pub first: f64,
    pub second: f64,
}

/// ln Φ(x) and its derivatives; the tail by its continued fraction.
fn log_normal_cdf(x: f64) -> Slopes {
    // The ratio φ/Φ.
    let (log, ratio) = if x > -30.0 {
        let below = normal_cdf(x);
        (below.ln(), normal_density(x) / below)
    } else {
        let t = x.abs();
        let fraction = (1..=40).rev().fold(0.0, |tail, k| f64::from(k) / (t + tail));
        let ratio = t + fraction;
        (-0.5 * t * t - 0.5 * (2.0 * std::f64::consts::PI).ln() - ratio.ln(), ratio)
    };
    let second = -ratio * (x + ratio);
    Slopes { log, first: ratio, second, third: -second * (x + ratio) - ratio * (1.0 + second) }
}

impl Likelihood {
    /// The likelihood of a family with a link; none where they do not go together.
    pub fn new(family: Family, link: Link) -> Option<Self> {
        match (family, link) {
            (Family::Binomial, Link::Logit | Link::Probit | Link::Cloglog | Link::Log) => Some(Self::Binomial(link)),
            (Family::Poisson, Link::Log) => Some(Self::Poisson),
            (Family::NegativeBinomial2, Link::Log) => Some(Self::NegativeBinomial2),
            (Family::NegativeBinomial1, Link::Log) => Some(Self::NegativeBinomial1),
            _ => None,
        }
    }

    /// Whether there is a dispersion to estimate.
    pub fn has_dispersion(self) -> bool {
        matches!(self, Self::NegativeBinomial2 | Self::NegativeBinomial1)
    }

    /// What of ln f does not depend on η or the dispersion.
    pub fn constant(self, y: f64, trials: f64) -> f64 {
        match self {
            Self::Binomial(_) => ln_choose(trials, y),
            _ => -libm::lgamma(y + 1.0),
        }
    }

    /// A linear predictor near the data, to start from.
    pub fn start(self, y: f64, trials: f64) -> f64 {
        let share = (y + 0.5) / (trials + 1.0);
        match self {
            Self::Binomial(Link::Log) => share.min(0.9).ln(),
            Self::Binomial(Link::Probit) => crate::numeric::dist::normal_quantile(share),
            Self::Binomial(Link::Cloglog) => (-(1.0 - share).ln()).ln(),
            Self::Binomial(_) => (share / (1.0 - share)).ln(),
            _ => (y + 0.1).ln(),
        }
    }

    /// The mean of one trial, or of the count.
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Binomial(link) => link.inverse(eta),
            _ => Link::Log.inverse(eta),
        }
    }

    /// The variance of y at this mean.
    pub fn variance(self, mean: f64, trials: f64, dispersion: f64) -> f64 {
        match self {
            Self::Binomial(_) => trials * mean * (1.0 - mean),
            Self::Poisson => mean,
            Self::NegativeBinomial2 => mean + mean * mean / dispersion,
            Self::NegativeBinomial1 => mean * (1.0 + dispersion),
        }
    }

    /// ln f, without its constant, and its derivatives.
    pub fn at(self, eta: f64, y: f64, trials: f64, dispersion: f64) -> Slopes {
        match self {
            Self::Binomial(Link::Logit) => {
                let e = (-eta.abs()).exp();
                let p = if eta >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
                let curve = trials * e / ((1.0 + e) * (1.0 + e));
                let log = y * eta - trials * (eta.max(0.0) + e.ln_1p());
                Slopes { log, first: y - trials * p, second: -curve, third: -curve * (1.0 - 2.0 * p) }
            }
            Self::Binomial(link) => {
                let (yes, no) = binomial_logs(link, eta);
                let failures = trials - y;
                let mix = |a: f64, b: f64| {
                    (if y > 0.0 { y * a } else { 0.0 }) + (if failures > 0.0 { failures * b } else { 0.0 })
                };
                Slopes {
                    log: mix(yes.log, no.log),
                    first: mix(yes.first, no.first),
                    second: mix(yes.second, no.second),
                    third: mix(yes.third, no.third),
                }
            }
            Self::Poisson => {
                let mean = eta.exp();
                Slopes { log: y * eta - mean, first: y - mean, second: -mean, third: -mean }
            }
            Self::NegativeBinomial2 => negative_binomial2(eta, y, dispersion),
            Self::NegativeBinomial1 => negative_binomial1(eta, y, dispersion),
        }
    }

    /// The first two derivatives alone, which Newton's steps need.
    pub fn first_two(self, eta: f64, y: f64, trials: f64, dispersion: f64) -> (f64, f64) {
        match self {
            Self::Binomial(Link::Logit) => {
                let e = (-eta.abs()).exp();
                let s = 1.0 / (1.0 + e);
                let p = if eta >= 0.0 { s } else { e * s };
                (y - trials * p, -trials * e * s * s)
            }
            Self::Poisson => {
                let mean = eta.exp();
                (y - mean, -mean)
            }
            Self::NegativeBinomial2 => {
                let mean = eta.exp();
                let sum = dispersion + mean;
                let share = dispersion / sum;
                (share * (y - mean), -(y + dispersion) / sum * share * mean)
            }
            _ => {
                let of = self.at(eta, y, trials, dispersion);
                (of.first, of.second)
            }
        }
    }

    /// Derivatives in the logarithm of the dispersion; 0 where there is none.
    pub fn along_dispersion(self, eta: f64, y: f64, dispersion: f64) -> DispersionSlopes {
        match self {
            Self::NegativeBinomial2 => {
                let (mean, k) = (eta.exp(), dispersion);
                let sum = k + mean;
                let [rise, ..] = power_sums(y, k);
                DispersionSlopes {
                    log: k * (rise - (mean / k).ln_1p() + (mean - y) / sum),
                    first: k * (y - mean) * mean / (sum * sum),
                    second: -k * mean * (y * mean - y * k + 2.0 * k * mean) / (sum * sum * sum),
                }
            }
            Self::NegativeBinomial1 => {
                // r = μ/φ falls as φ grows, ∂r/∂τ = −r.
                let (phi, r) = (dispersion, eta.exp() / dispersion);
                let [one, two, three] = power_sums(y, r);
                let share = phi / (1.0 + phi);
                let first = r * (one - phi.ln_1p());
                DispersionSlopes {
                    log: -first + y * (1.0 - share) - r * share,
                    first: -first + r * r * two - r * share,
                    second: -first + 3.0 * r * r * two - 2.0 * r * r * r * three - r * share,
                }
            }
            _ => DispersionSlopes::default(),
        }
    }
}

/// ln p and ln(1 − p) with their derivatives.
fn binomial_logs(link: Link, eta: f64) -> (Slopes, Slopes) {
    match link {
        Link::Probit => {
            let (yes, no) = (log_normal_cdf(eta), log_normal_cdf(-eta));
            (yes, Slopes { log: no.log, first: -no.first, second: no.second, third: -no.third })
        }
        Link::Cloglog => {
            let e = eta.exp();
            let no = Slopes { log: -e, first: -e, second: -e, third: -e };
            // e/(exp(e) − 1) and the derivative of its logarithm.
            let ratio = if e < 1e-300 { 1.0 } else { e / e.exp_m1() };
            let bend = if e < 1e-5 { -e / 2.0 - e * e / 12.0 } else { 1.0 - e - ratio };
            let second = ratio * bend;
            let third = second * bend + ratio * (-e - second);
            (Slopes { log: (-(-e).exp_m1()).ln(), first: ratio, second, third }, no)
        }
        _ => {
            // p = exp(η), which must stay below 1.
            let yes = Slopes { log: if eta <= 0.0 { eta } else { f64::NEG_INFINITY }, first: 1.0, ..Slopes::default() };
            let p = eta.exp();
            let rest = -eta.exp_m1();
            let (log, odds) = if rest > 0.0 { (rest.ln(), p / rest) } else { (f64::NEG_INFINITY, f64::INFINITY) };
            let second = -odds / rest;
            (yes, Slopes { log, first: -odds, second, third: second * (1.0 + p) / rest })
        }
    }
}

/// Variance μ + μ²/k.
fn negative_binomial2(eta: f64, y: f64, k: f64) -> Slopes {
    let mean = eta.exp();
    let sum = k + mean;
    let weight = (y + k) / sum * (k / sum) * mean;
    Slopes {
        // Γ(y + k)/Γ(k) μʸ kᵏ/(k + μ)^(y + k) = Π(1 + j/k) μʸ (1 + μ/k)^−(y + k)
        log: log_rise_ratio(y, k) + y * eta - (y + k) * (mean / k).ln_1p(),
        first: k * (y - mean) / sum,
        second: -weight,
        third: -weight * (k - mean) / sum,
    }
}

/// Variance μ(1 + φ): the size r = μ/φ grows with the mean.
fn negative_binomial1(eta: f64, y: f64, phi: f64) -> Slopes {
    let r = eta.exp() / phi;
    let [one, two, three] = power_sums(y, r);
    let first = r * (one - phi.ln_1p());
    Slopes {
        // Γ(y + r)/Γ(r) φʸ (1 + φ)^−(y + r), with rφ = μ
        log: log_rise_ratio(y, r) + y * eta - (y + r) * phi.ln_1p(),
        first,
        second: first - r * r * two,
        third: first - 3.0 * r * r * two + 2.0 * r * r * r * three,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Likelihood, f64)> {
        let links = [Link::Logit, Link::Probit, Link::Cloglog, Link::Log];
        let mut all: Vec<(Likelihood, f64)> = links.map(|link| (Likelihood::Binomial(link), 1.0)).to_vec();
        all.push((Likelihood::Poisson, 1.0));
        for dispersion in [0.3f64, 2.0, 5e4] {
            all.extend([
                (Likelihood::NegativeBinomial2, dispersion),
                (Likelihood::NegativeBinomial1, dispersion.min(9.0)),
            ]);
        }
        all
    }

    #[test]
    fn derivatives_are_those_of_the_logarithm() {
        for (likelihood, dispersion) in all() {
            for eta in [-4.0, -1.3, -0.2, 0.8, 3.0] {
                let is_log = likelihood == Likelihood::Binomial(Link::Log);
                for (y, trials) in [(0.0, 7.0), (3.0, 7.0), (7.0, 7.0), (40.0, 40.0)] {
                    if is_log && eta > 0.0 {
                        continue;
                    }
                    let h = 1e-4;
                    let at = |by: f64| likelihood.at(eta + by, y, trials, dispersion);
                    let here = at(0.0);
                    let close = |found: f64, expected: f64, what: &str| {
                        let bound = 1e-6 * (1.0 + expected.abs()).max(1e-1 * here.log.abs().max(here.second.abs()));
                        assert!(
                            (found - expected).abs() < bound,
                            "{likelihood:?} {eta} {y} {what}: {found} {expected}"
                        );
                    };
                    let slope = |of: fn(Slopes) -> f64| {
                        (8.0 * (of(at(h)) - of(at(-h))) - (of(at(2.0 * h)) - of(at(-2.0 * h)))) / (12.0 * h)
                    };
                    close(here.first, slope(|s| s.log), "first");
                    close(here.second, slope(|s| s.first), "second");
                    close(here.third, slope(|s| s.second), "third");
                    if likelihood.has_dispersion() {
                        let at = |by: f64| likelihood.at(eta, y, trials, dispersion * f64::exp(by));
                        let slope = |of: fn(Slopes) -> f64| {
                            (8.0 * (of(at(h)) - of(at(-h))) - (of(at(2.0 * h)) - of(at(-2.0 * h)))) / (12.0 * h)
                        };
                        let own = likelihood.along_dispersion(eta, y, dispersion);
                        close(own.log, slope(|s| s.log), "dispersion");
                        close(own.first, slope(|s| s.first), "dispersion, first");
                        close(own.second, slope(|s| s.second), "dispersion, second");
                    }
                }
            }
        }
    }

    #[test]
    fn probabilities_add_up_to_one() {
        for (likelihood, dispersion) in
            all().into_iter().filter(|of| of.0.has_dispersion() || of.0 == Likelihood::Poisson)
        {
            let total: f64 = (0..400)
                .map(|y| {
                    let y = f64::from(y);
                    (likelihood.at(0.7, y, 1.0, dispersion).log + likelihood.constant(y, 1.0)).exp()
                })
                .sum();
            assert!((total - 1.0).abs() < 1e-9, "{likelihood:?} {dispersion}: {total}");
        }
    }

    #[test]
    fn far_tails_stay_finite() {
        let tail = log_normal_cdf(-40.0);
        // R: pnorm(-40, log.p = TRUE)
        assert!((tail.log + 804.608_442_013_753_9).abs() < 1e-9, "{}", tail.log);
        let near = (log_normal_cdf(-29.999_999), log_normal_cdf(-30.000_001));
        assert!((near.0.first - near.1.first).abs() < 1e-5 && (near.0.third - near.1.third).abs() < 1e-4);
        assert!(Likelihood::Binomial(Link::Cloglog).at(-40.0, 1.0, 1.0, 1.0).second.abs() < 1e-15);
    }
}
