//! The score intervals of Miettinen and Nurminen (1985), Stat Med 4:213: the differences and ratios
//! of two proportions that their test does not reject, with the variance at the constrained
//! estimate and a factor n/(n − 1).

use super::two_by_two::TwoByTwo;
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;
use std::f64::consts::PI;

/// Proportions under a constraint, which maximise the likelihood.
struct Constrained {
    p1: f64,
    p2: f64,
}

impl TwoByTwo {
    fn score(&self, distance: f64, variance: f64) -> f64 {
        let n = self.n1() + self.n2();
        let variance = variance.max(0.0) * n / (n - 1.0);
        if variance == 0.0 && distance == 0.0 { 0.0 } else { distance / variance.sqrt() }
    }

    /// The score statistic for p₁ − p₂ = `difference`: eq. 3, 7 and appendix I.
    fn difference_score(&self, difference: f64) -> f64 {
        let (n1, n2) = (self.n1(), self.n2());
        let Constrained { p1, p2 } = self.at_difference(difference);
        let variance = p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2;
        self.score(self.p1() - self.p2() - difference, variance)
    }

    fn at_difference(&self, difference: f64) -> Constrained {
        let (n1, n2, x1, x2) = (self.n1(), self.n2(), self.a as f64, self.c as f64);
        let (n, x) = (n1 + n2, x1 + x2);
        // A cubic in p₂, divided by its first coefficient n.
        let l2 = ((n1 + 2.0 * n2) * difference - n - x) / n;
        let l1 = ((n2 * difference - n - 2.0 * x2) * difference + x) / n;
        let l0 = x2 * difference * (1.0 - difference) / n;
        let q = l2 * l2 * l2 / 27.0 - l1 * l2 / 6.0 + 0.5 * l0;
        let p = (l2 * l2 / 9.0 - l1 / 3.0).max(0.0).sqrt().copysign(q);
        let cosine = if p == 0.0 { 0.0 } else { (q / (p * p * p)).clamp(-1.0, 1.0) };
        let p2 = 2.0 * p * ((PI + cosine.acos()) / 3.0).cos() - l2 / 3.0;
        let lower = (-difference).max(0.0);
        let upper = (1.0 - difference).min(1.0);
        let p2 = p2.clamp(lower, upper);
        Constrained { p1: (p2 + difference).clamp(0.0, 1.0), p2 }
    }

    /// The score statistic for p₁/p₂ = `ratio`: eq. 10.
    fn ratio_score(&self, ratio: f64) -> f64 {
        let (n1, n2, x1, x2) = (self.n1(), self.n2(), self.a as f64, self.c as f64);
        let a = (n1 + n2) * ratio;
        let b = -(n1 * ratio + x1 + n2 + x2 * ratio);
        let c = x1 + x2;
        let p2 = smaller_root(a, b, c).clamp(0.0, (1.0 / ratio).min(1.0));
        let p1 = (ratio * p2).clamp(0.0, 1.0);
        let variance = p1 * (1.0 - p1) / n1 + ratio * ratio * p2 * (1.0 - p2) / n2;
        self.score(self.p1() - ratio * self.p2(), variance)
    }

    /// The score statistic for an odds ratio: eq. 12.
    fn odds_score(&self, odds: f64) -> f64 {
        let (n1, n2) = (self.n1(), self.n2());
        let events = self.a as f64 + self.c as f64;
        let (a, b) = (n2 * (odds - 1.0), n1 * odds + n2 - events * (odds - 1.0));
        // The root of a p² + b p − events, without a difference of near numbers.
        let root = (b * b + 4.0 * a * events).max(0.0).sqrt();
        let p2 = if b >= 0.0 { 2.0 * events / (b + root) } else { (root - b) / (2.0 * a) }.clamp(0.0, 1.0);
        let p1 = p2 * odds / (1.0 + p2 * (odds - 1.0));
        let information = 1.0 / (n1 * p1 * (1.0 - p1)) + 1.0 / (n2 * p2 * (1.0 - p2));
        let n = n1 + n2;
        n1 * (self.p1() - p1) * (information * (n - 1.0) / n).sqrt()
    }

    /// The interval of p₁ − p₂.
    pub(super) fn difference_interval(&self, z: f64) -> Interval {
        let estimate = self.p1() - self.p2();
        let lower = if estimate <= -1.0 { -1.0 } else { limit(|d| self.difference_score(d) - z, -1.0, estimate, -1.0) };
        let upper = if estimate >= 1.0 { 1.0 } else { limit(|d| self.difference_score(d) + z, estimate, 1.0, 1.0) };
        Interval { lower, upper }
    }

    /// The interval of p₁/p₂, on its own scale; the upper end is infinite without events in group 2.
    pub(super) fn ratio_interval(&self, z: f64) -> Interval {
        log_interval(|log| self.ratio_score(log.exp()), z, self.a == 0, self.c == 0)
    }

    /// The interval of the odds ratio.
    pub(super) fn odds_interval(&self, z: f64) -> Interval {
        let (no_lower, no_upper) = (self.a == 0 || self.d == 0, self.b == 0 || self.c == 0);
        log_interval(|log| self.odds_score(log.exp()), z, no_lower, no_upper)
    }
}

/// The smaller root of a x² + b x + c with b < 0, without a difference of near numbers.
fn smaller_root(a: f64, b: f64, c: f64) -> f64 {
    2.0 * c / (-b + (b * b - 4.0 * a * c).max(0.0).sqrt())
}

/// A zero between two ends, or what stands at the border where the statistic never gets so far.
fn limit(f: impl Fn(f64) -> f64, a: f64, b: f64, border: f64) -> f64 {
    brent(f, a, b, 1e-15).unwrap_or(border)
}

/// Where a falling function of a logarithm passes z and −z, as ratios.
fn log_interval(score: impl Fn(f64) -> f64, z: f64, no_lower: bool, no_upper: bool) -> Interval {
    // Far out, where shares are 0 or 1 to all digits, the statistic is no number, so that the bracket
    // is widened only as far as need be.
    let crossing = |level: f64| {
        let excess = |log: f64| score(log) - level;
        let reach = (0..9).map(|step| 2f64.powi(step)).find(|reach| excess(-reach) >= 0.0 && excess(*reach) <= 0.0);
        reach.and_then(|reach| brent(excess, -reach, reach, 1e-15).ok()).map_or(f64::NAN, f64::exp)
    };
    let lower = if no_lower { 0.0 } else { crossing(z) };
    let upper = if no_upper { f64::INFINITY } else { crossing(-z) };
    Interval { lower, upper }
}
