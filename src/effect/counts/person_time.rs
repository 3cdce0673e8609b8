//! Events over person-time, and the ratio of two rates.

use super::{Intervals, of_split};
use crate::diagnostic::Refused;
use crate::numeric::dist::{beta_cdf, gamma_quantile, ln_choose, normal_quantile};
use crate::numeric::interval::Interval;

/// Events over person-time.
///
/// ```
/// use reffect::effect::counts::person_time::Rate;
/// let rate = Rate::new(3, 7.0)?;
/// let garwood = rate.intervals(0.95).by_method("garwood").map(|ci| ci.scaled(7.0));
/// assert!(garwood.is_some_and(|ci| (ci.lower - 0.6187).abs() < 5e-5 && (ci.upper - 8.7673).abs() < 5e-5));
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    events: u64,
    time: f64,
}

impl Rate {
    /// The most events of a rate: the sum of two such counts is still one.
    pub const MOST_EVENTS: u64 = u64::MAX / 2;

    /// A rate.
    ///
    /// # Errors
    /// If the time is not above 0 and finite, or the events are more than [`Rate::MOST_EVENTS`].
    pub fn new(events: u64, time: f64) -> Result<Self, Refused> {
        if !(time > 0.0 && time.is_finite()) {
            return Err(format!("a person-time is above 0, and this is {time}").into());
        }
        if events > Self::MOST_EVENTS {
            return Err(format!("{events} events are too many: at most {} are computed with", Self::MOST_EVENTS).into());
        }
        Ok(Self { events, time })
    }

    /// How many events.
    pub fn events(self) -> u64 {
        self.events
    }

    /// Over which person-time.
    pub fn time(self) -> f64 {
        self.time
    }

    /// The rate with the exact interval of Garwood (1936), Biometrika 28:437, and Byar's
    /// approximation to it (Rothman & Boice 1979).
    pub fn intervals(self, level: f64) -> Intervals {
        let (x, tail) = (self.events as f64, 0.5 * (1.0 - level));
        if let Some(refused) = Intervals::refused_at(level, Some(x / self.time)) {
            return refused;
        }
        let garwood = Interval {
            lower: if self.events == 0 { 0.0 } else { gamma_quantile(tail, x) },
            upper: gamma_quantile(1.0 - tail, x + 1.0),
        };
        let z = normal_quantile(1.0 - tail);
        let cube = |x: f64, z: f64| x * (1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt())).powi(3);
        let byar =
            Interval { lower: if self.events == 0 { 0.0 } else { cube(x, -z).max(0.0) }, upper: cube(x + 1.0, z) };
        let per_time = |range: Interval| range.scaled(1.0 / self.time);
        let by = vec![("garwood", per_time(garwood)), ("byar", per_time(byar))];
        Intervals { estimate: Some(x / self.time), by, notes: Vec::new() }
    }
}

/// The ratio of two rates, rate 1 over rate 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// Rate 1.
    pub first: Rate,
    /// Rate 2.
    pub second: Rate,
}

impl RateRatio {
    /// The ratio with the exact conditional interval, the same with half the probability of what was
    /// seen (mid-p), and that of the log ratio by the delta method (`wald`).
    ///
    /// Given the number of all events, those in group 1 are binomial with odds ratio · t₁/t₂, so that
    /// limits of that proportion are limits of the ratio.
    ///
    /// Source: Rothman, Greenland & Lash (2008), Modern Epidemiology, p. 253; Lancaster (1961).
    pub fn intervals(&self, level: f64) -> Intervals {
        let (x1, x2) = (self.first.events as f64, self.second.events as f64);
        let mut notes = Vec::new();
        let rate = |of: Rate| of.events as f64 / of.time;
        let estimate = (x2 > 0.0).then(|| rate(self.first) / rate(self.second));
        if let Some(refused) = Intervals::refused_at(level, estimate) {
            return refused;
        }
        let per_time = self.second.time / self.first.time;
        let split = of_split(self.first.events, self.second.events, level).into_iter();
        let by: Vec<_> = split.map(|(name, of_counts)| (name, of_counts.scaled(per_time))).collect();
        if by.is_empty() {
            notes.push("no events at all: every ratio is possible".to_owned());
        }
        if x1 == 0.0 || x2 == 0.0 {
            notes.push("no Wald interval: a group has no events".to_owned());
        }
        if estimate.is_none() {
            notes.push("the estimate is infinite or not defined: group 2 has no events".to_owned());
        }
        Intervals { estimate, by, notes }
    }

    /// The probability of every split of the events that is at most as likely as the one seen, at a ratio of 1: the
    /// exact p of R's `poisson.test`. None without events, or with more than a million.
    ///
    /// ```
    /// use reffect::effect::counts::person_time::{Rate, RateRatio};
    /// let ratio = RateRatio { first: Rate::new(0, 18.4)?, second: Rate::new(4, 23.3)? };
    /// // R 4.2.2: poisson.test(c(0, 4), c(18.4, 23.3))$p.value
    /// assert!(ratio.likelihood_p().is_some_and(|p| (p / 0.135_379_575_612_2 - 1.0).abs() < 1e-10));
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn likelihood_p(&self) -> Option<f64> {
        const MOST: u64 = 1_000_000;
        let (seen, n) = (self.first.events, self.first.events.checked_add(self.second.events)?);
        if n == 0 || n > MOST {
            return None;
        }
        let share = self.first.time / (self.first.time + self.second.time);
        let log_odds = share.ln() - (-share).ln_1p();
        // Logarithms of the probabilities, up to a constant; equal ones are equal up to a relative 1e-7, as in R.
        let log = |k: u64| ln_choose(n as f64, k as f64) + k as f64 * log_odds;
        let most = log(seen) + 1e-7;
        let total = (0..=n).map(log).fold(f64::NEG_INFINITY, f64::max);
        let (mut below, mut all) = (0.0, 0.0);
        for k in 0..=n {
            let weight = (log(k) - total).exp();
            all += weight;
            below += if log(k) <= most { weight } else { 0.0 };
        }
        Some((below / all).min(1.0))
    }

    /// Twice the smaller tail of the conditional binomial at a ratio of 1, at most 1: each p is below
    /// 1 − level exactly where its interval leaves out 1.
    pub fn p_values(&self) -> Option<PValues> {
        let (x, n) = (self.first.events, self.first.events + self.second.events);
        (n > 0).then(|| two_sided(x, n, self.first.time / (self.first.time + self.second.time)))
    }
}

/// An exact p-value, and the same with half the probability of what was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PValues {
    /// The exact one.
    pub exact: f64,
    /// Mid-p.
    pub mid_p: f64,
}

/// Twice the smaller tail of `k` of `n` at probability `p`.
pub(super) fn two_sided(k: u64, n: u64, p: f64) -> PValues {
    let (x, size) = (k as f64, n as f64);
    // P(X ≥ j) = I_p(j, n − j + 1)
    let at_least = if k == 0 { 1.0 } else { beta_cdf(p, x, size - x + 1.0) };
    let more = if k == n { 0.0 } else { beta_cdf(p, x + 1.0, size - x) };
    // P(X ≤ j) = I_{1 − p}(n − j, j + 1)
    let at_most = if k == n { 1.0 } else { beta_cdf(1.0 - p, size - x, x + 1.0) };
    let less = if k == 0 { 0.0 } else { beta_cdf(1.0 - p, size - x + 1.0, x) };
    let twice = |tail: f64| (2.0 * tail).min(1.0);
    PValues { exact: twice(at_least.min(at_most)), mid_p: twice((0.5 * (at_least + more)).min(0.5 * (at_most + less))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// The interval leaves out 1 exactly where its p is below its level.
        #[test]
        fn intervals_agree_with_their_tests(
            x in 0u64..40, y in 0u64..40, t in 0.2f64..9.0, u in 0.2f64..9.0, level in 0.5f64..0.999,
        ) {
            let ratio = RateRatio { first: Rate::new(x, t).unwrap(), second: Rate::new(y, u).unwrap() };
            let Some(p) = ratio.p_values() else { return Ok(()) };
            for (name, ci) in ratio.intervals(level).by {
                let p = match name {
                    "exact" => p.exact,
                    "mid-p" => p.mid_p,
                    _ => continue,
                };
                proptest::prop_assert_eq!(!ci.contains(1.0), p < 1.0 - level, "{} {:?} {}", name, ci, p);
            }
        }
    }

    #[test]
    fn a_rate_without_time_is_refused() {
        assert!(Rate::new(3, 0.0).is_err() && Rate::new(3, -1.0).is_err() && Rate::new(3, f64::NAN).is_err());
    }
}
