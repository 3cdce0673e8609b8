//! The conditional exact test for counts of the same subjects under two conditions.
//!
//! Given each subject's total, its random effect drops out of the likelihood: with a log rate ratio (or log
//! odds ratio) δ the sum S of the events under the second condition has P(S = s) ∝ cₛ exp(δs), where c is the
//! convolution over subjects of the weights of their splits.
//!
//! Source: Cox & Hinkley (1974), Theoretical Statistics, section 5.2; for proportions Cox & Snell (1989),
//! Analysis of Binary Data, section 2.1.3.

use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;

/// The test of δ = 0 and what δ the data allow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConditionalTest {
    /// The conditional maximum-likelihood estimate of δ; infinite where all events fall on one side.
    pub estimate: f64,
    /// The interval from both one-sided tests; an end may be infinite.
    pub ci: Interval,
    /// Twice the smaller tail, at most 1.
    pub p: f64,
    /// How many subjects have events, and so say something.
    pub informative: usize,
}

/// The events and the exposure (or trials) of a subject under one condition.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Events {
    /// Events.
    pub events: f64,
    /// Person-time, or trials.
    pub exposure: f64,
}

/// The weights of a subject's splits of its total.
fn splits(first: Events, second: Events, is_binomial: bool) -> Vec<f64> {
    let total = first.events + second.events;
    let choose = |n: f64, k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let weight = |s: u32| {
        let s = f64::from(s);
        if is_binomial {
            let possible = s <= second.exposure && total - s <= first.exposure;
            if possible { choose(second.exposure, s) + choose(first.exposure, total - s) } else { f64::NEG_INFINITY }
        } else {
            choose(total, s) + s * second.exposure.ln() + (total - s) * first.exposure.ln()
        }
    };
    let logs: Vec<f64> = (0..=total as u32).map(weight).collect();
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.into_iter().map(|log| (log - top).exp()).collect()
}

/// The test over pairs of conditions, one for each subject; none where no subject has an event, or too
/// many for the numbers to be held.
pub fn conditional_test(pairs: &[(Events, Events)], is_binomial: bool, level: f64) -> Option<ConditionalTest> {
    let total: f64 = pairs.iter().map(|(a, b)| a.events + b.events).sum();
    if total == 0.0 || total > 20_000.0 {
        return None;
    }
    let mut weights = vec![1.0];
    let mut informative = 0;
    for (first, second) in pairs {
        let own = splits(*first, *second, is_binomial);
        informative += usize::from(own.iter().filter(|weight| **weight > 0.0).count() > 1);
        let mut sum = vec![0.0; weights.len() + own.len() - 1];
        for (i, a) in weights.iter().enumerate() {
            own.iter().enumerate().for_each(|(j, b)| sum[i + j] += a * b);
        }
        let top = sum.iter().copied().fold(0.0, f64::max);
        weights = sum.into_iter().map(|weight| weight / top).collect();
    }
    let seen: usize = pairs.iter().map(|(_, second)| second.events as usize).sum();
    let logs: Vec<(f64, f64)> =
        weights.iter().enumerate().filter(|(_, w)| **w > 0.0).map(|(s, w)| (s as f64, w.ln())).collect();
    let (least, most) = (logs.first()?.0, logs.last()?.0);
    if least == most {
        return None;
    }
    let at = |delta: f64| tails(&logs, seen as f64, delta);
    let half = 0.5 * (1.0 - level);
    let solve = |of: &dyn Fn(f64) -> f64| brent(of, -60.0, 60.0, 1e-13).ok();
    let seen = seen as f64;
    let (is_least, is_most) = (seen == least, seen == most);
    let estimate = match (is_least, is_most) {
        (true, _) => f64::NEG_INFINITY,
        (_, true) => f64::INFINITY,
        _ => solve(&|delta| at(delta).2 - seen)?,
    };
    // The upper tail grows with δ, the lower one falls.
    let lower = if is_least { f64::NEG_INFINITY } else { solve(&|delta| at(delta).1 - half)? };
    let upper = if is_most { f64::INFINITY } else { solve(&|delta| half - at(delta).0)? };
    let (below, above, _) = at(0.0);
    Some(ConditionalTest { estimate, ci: Interval { lower, upper }, p: (2.0 * below.min(above)).min(1.0), informative })
}

/// P(S ≤ seen), P(S ≥ seen) and the mean of S at δ.
fn tails(logs: &[(f64, f64)], seen: f64, delta: f64) -> (f64, f64, f64) {
    let top = logs.iter().map(|(s, w)| w + s * delta).fold(f64::NEG_INFINITY, f64::max);
    let (mut below, mut above, mut mean, mut all) = (0.0, 0.0, 0.0, 0.0);
    for (s, w) in logs {
        let share = (w + s * delta - top).exp();
        all += share;
        mean += s * share;
        if *s <= seen {
            below += share;
        }
        if *s >= seen {
            above += share;
        }
    }
    (below / all, above / all, mean / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: (f64, f64), b: (f64, f64)) -> (Events, Events) {
        (Events { events: a.0, exposure: a.1 }, Events { events: b.0, exposure: b.1 })
    }

    #[test]
    fn equal_exposures_are_the_binomial_test() {
        // R: binom.test(3, 23): 95 percent interval 0.0277515074 to 0.3358891375; twice the tail of pbinom(3, 23, .5)
        let test =
            conditional_test(&[pair((9.0, 1.0), (2.0, 1.0)), pair((11.0, 1.0), (1.0, 1.0))], false, 0.95).unwrap();
        let odds = |p: f64| (p / (1.0 - p)).ln();
        assert!((test.estimate - (3.0f64 / 20.0).ln()).abs() < 1e-9);
        assert!(
            (test.ci.lower - odds(0.027_751_507_422_8)).abs() < 1e-10
                && (test.ci.upper - odds(0.335_889_137_537_1)).abs() < 1e-10
        );
        let tail = (1.0 + 23.0 + 253.0 + 1771.0) / 8_388_608.0;
        assert!((test.p - 2.0 * tail).abs() < 1e-15);
    }

    #[test]
    fn yes_and_no_of_pairs_is_mcnemars_exact_test() {
        // Six change from no to yes, one back, three stay: twice P(Bin(7, ½) ≥ 6) = 2 · 8/128
        let mut pairs = vec![pair((0.0, 1.0), (1.0, 1.0)); 6];
        pairs.push(pair((1.0, 1.0), (0.0, 1.0)));
        pairs.extend([pair((1.0, 1.0), (1.0, 1.0)); 3]);
        let test = conditional_test(&pairs, true, 0.95).unwrap();
        assert!((test.p - 0.125).abs() < 1e-12 && test.informative == 7);
        assert!((test.estimate - 6f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn no_event_after_leaves_one_end_open() {
        let test =
            conditional_test(&[pair((12.0, 2.0), (0.0, 1.0)), pair((8.0, 1.0), (0.0, 0.5))], false, 0.95).unwrap();
        assert!(test.estimate == f64::NEG_INFINITY && test.ci.lower == f64::NEG_INFINITY && test.ci.upper < 0.0);
        // Each event falls before with probability 2/3.
        assert!((test.p - 2.0 * (2.0f64 / 3.0).powi(20)).abs() < 1e-12);
        assert!(conditional_test(&[pair((0.0, 1.0), (0.0, 1.0))], false, 0.95).is_none());
    }
}
