//! The conditional exact test for counts of the same subjects under two conditions.
//!
//! Given each subject's total, its random effect drops out of the likelihood: with a log rate ratio (or log
//! odds ratio) δ the sum S of the events under the second condition has P(S = s) ∝ cₛ exp(δs), where c is the
//! convolution over subjects of the weights of their splits.
//!
//! Source: Cox & Hinkley (1974), Theoretical Statistics, section 5.2; for proportions Cox & Snell (1989),
//! Analysis of Binary Data, section 2.1.3.

use crate::numeric::dist::ln_choose;
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;

/// The exact conditional test of a log ratio δ = 0, with the interval of what δ the data allow.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConditionalTest {
    /// The conditional maximum-likelihood estimate of δ; infinite where all events fall on one side.
    pub estimate: f64,
    /// The interval from both one-sided tests; an end may be infinite.
    pub ci: Interval,
    /// Twice the smaller tail, at most 1.
    pub p: f64,
    /// How many subjects have a total that splits in more than one way, and so say something.
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

/// Out of what events are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Trials, each with an event or without: δ is a log odds ratio.
    Trials,
    /// Person-time: δ is a log rate ratio.
    PersonTime,
}

/// More events than these are not split one by one.
pub(super) const MOST_EVENTS: f64 = 20_000.0;

/// The logarithms of the weights of a subject's splits of its total, the largest one 0.
fn splits(first: Events, second: Events, exposure: Exposure) -> Vec<f64> {
    let total = first.events + second.events;
    let weight = |s: u32| {
        let s = f64::from(s);
        if exposure == Exposure::Trials {
            let possible = s <= second.exposure && total - s <= first.exposure;
            if possible {
                ln_choose(second.exposure, s) + ln_choose(first.exposure, total - s)
            } else {
                f64::NEG_INFINITY
            }
        } else {
            ln_choose(total, s) + s * second.exposure.ln() + (total - s) * first.exposure.ln()
        }
    };
    let logs: Vec<f64> = (0..=total as u32).map(weight).collect();
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.into_iter().map(|log| log - top).collect()
}

/// The logarithm of Σ exp(wₛ + δs), and the mean of s under these weights.
fn total_and_mean(logs: &[f64], delta: f64) -> (f64, f64) {
    let at = |(s, log): (usize, &f64)| log + s as f64 * delta;
    let top = logs.iter().enumerate().map(at).fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut mean) = (0.0, 0.0);
    for (s, log) in logs.iter().enumerate() {
        let share = (at((s, log)) - top).exp();
        sum += share;
        mean += s as f64 * share;
    }
    (top + sum.ln(), mean / sum)
}

/// The distribution of S, with weights held at the δ at which what was seen is the mean, so that they do not
/// vanish where they are needed, however far from δ = 0 that lies.
struct Sum {
    subjects: Vec<Vec<f64>>,
    /// ln cₛ + tilt · s; −∞ where it vanishes beside the others.
    tilted: Vec<f64>,
    tilt: f64,
    seen: usize,
}

impl Sum {
    fn new(subjects: Vec<Vec<f64>>, seen: usize, tilt: f64) -> Self {
        let (mut weights, mut scale) = (vec![1.0], 0.0);
        for logs in &subjects {
            let own = logs.iter().enumerate().map(|(s, log)| log + s as f64 * tilt);
            let top = own.clone().fold(f64::NEG_INFINITY, f64::max);
            let own: Vec<f64> = own.map(|log| (log - top).exp()).collect();
            let mut sum = vec![0.0; weights.len() + own.len() - 1];
            for (i, a) in weights.iter().enumerate().filter(|(_, a)| **a > 0.0) {
                own.iter().enumerate().for_each(|(j, b)| sum[i + j] += a * b);
            }
            let most = sum.iter().copied().fold(0.0, f64::max);
            scale += top + most.ln();
            weights = sum.into_iter().map(|weight| weight / most).collect();
        }
        let tilted = weights.into_iter().map(|weight| weight.ln() + scale).collect();
        Self { subjects, tilted, tilt, seen }
    }

    /// ln P(S ≤ seen) and ln P(S ≥ seen) at δ. The sum over all s is the product of those of the subjects; the
    /// larger tail is what the smaller one leaves.
    fn tails(&self, delta: f64) -> (f64, f64) {
        let all: f64 = self.subjects.iter().map(|logs| total_and_mean(logs, delta).0).sum();
        let log = |s: usize| self.tilted[s] + s as f64 * (delta - self.tilt) - all;
        let sum = |range: std::ops::Range<usize>| range.map(|s| log(s).exp()).sum::<f64>();
        let rest = |share: f64| (1.0 - share).max(f64::MIN_POSITIVE).ln();
        let (seen, end) = (self.seen, self.tilted.len());
        let log_sum = |range: std::ops::Range<usize>| {
            let top = range.clone().map(log).fold(f64::NEG_INFINITY, f64::max);
            if top == f64::NEG_INFINITY { top } else { top + range.map(|s| (log(s) - top).exp()).sum::<f64>().ln() }
        };
        if delta >= self.tilt {
            (log_sum(0..seen + 1), rest(sum(0..seen)))
        } else {
            (rest(sum(seen + 1..end)), log_sum(seen..end))
        }
    }
}

/// The δ at which a function that rises passes 0, from a bracket that is widened until it holds it.
fn crossing(of: &dyn Fn(f64) -> f64) -> Option<f64> {
    // Logarithms of tails may be infinite far away.
    let of = |delta: f64| of(delta).clamp(-1e6, 1e6);
    let mut half = 2.0;
    while half < 1e5 {
        if of(-half) <= 0.0 && of(half) >= 0.0 {
            return brent(of, -half, half, 1e-13).ok();
        }
        half *= 2.0;
    }
    None
}

/// The exact conditional test over pairs of conditions, one for each subject; none where no subject has an event, or
/// too many for their splits to be counted.
///
/// Source: Cox & Hinkley (1974), Theoretical Statistics, section 5.2; Cox & Snell (1989), Analysis of Binary Data,
/// section 2.1.3.
///
/// ```
/// use reffect::mixed::glmm::{Events, Exposure, conditional_test};
/// // One patient with 8 events in a year before and 1 in a year after: the binomial test of 1 out of 9.
/// let year = |events: f64| Events { events, exposure: 1.0 };
/// let test = conditional_test(&[(year(8.0), year(1.0))], Exposure::PersonTime, 0.95).ok_or("events")?;
/// assert!((test.estimate - 0.125_f64.ln()).abs() < 1e-9 && (test.p - 20.0 / 512.0).abs() < 1e-12);
/// # Ok::<(), &str>(())
/// ```
pub fn conditional_test(pairs: &[(Events, Events)], exposure: Exposure, level: f64) -> Option<ConditionalTest> {
    let total: f64 = pairs.iter().map(|(a, b)| a.events + b.events).sum();
    if total == 0.0 || total > MOST_EVENTS {
        return None;
    }
    let subjects: Vec<Vec<f64>> = pairs.iter().map(|(first, second)| splits(*first, *second, exposure)).collect();
    let possible = |logs: &Vec<f64>| logs.iter().filter(|log| log.is_finite()).count();
    let informative = subjects.iter().filter(|logs| possible(logs) > 1).count();
    let least: usize = subjects.iter().filter_map(|logs| logs.iter().position(|log| log.is_finite())).sum();
    let most: usize = subjects.iter().filter_map(|logs| logs.iter().rposition(|log| log.is_finite())).sum();
    if least == most {
        return None;
    }
    let seen: usize = pairs.iter().map(|(_, second)| second.events as usize).sum();
    let (is_least, is_most) = (seen == least, seen == most);
    let near =
        |mean: f64| crossing(&|delta| subjects.iter().map(|logs| total_and_mean(logs, delta).1).sum::<f64>() - mean);
    let tilt = match (is_least, is_most) {
        (true, _) => near(seen as f64 + 0.5)?,
        (_, true) => near(seen as f64 - 0.5)?,
        _ => near(seen as f64)?,
    };
    let estimate = match (is_least, is_most) {
        (true, _) => f64::NEG_INFINITY,
        (_, true) => f64::INFINITY,
        _ => tilt,
    };
    let sum = Sum::new(subjects, seen, tilt);
    let half = (0.5 * (1.0 - level)).ln();
    // The upper tail grows with δ, the lower one falls.
    let lower = if is_least { f64::NEG_INFINITY } else { crossing(&|delta| sum.tails(delta).1 - half)? };
    let upper = if is_most { f64::INFINITY } else { crossing(&|delta| half - sum.tails(delta).0)? };
    let (below, above) = sum.tails(0.0);
    let p = (2.0 * below.min(above).exp()).min(1.0);
    Some(ConditionalTest { estimate, ci: Interval { lower, upper }, p, informative })
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
        let test = conditional_test(
            &[pair((9.0, 1.0), (2.0, 1.0)), pair((11.0, 1.0), (1.0, 1.0))],
            Exposure::PersonTime,
            0.95,
        )
        .unwrap();
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
        let test = conditional_test(&pairs, Exposure::Trials, 0.95).unwrap();
        assert!((test.p - 0.125).abs() < 1e-12 && test.informative == 7);
        assert!((test.estimate - 6f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn no_event_after_leaves_one_end_open() {
        let test = conditional_test(
            &[pair((12.0, 2.0), (0.0, 1.0)), pair((8.0, 1.0), (0.0, 0.5))],
            Exposure::PersonTime,
            0.95,
        )
        .unwrap();
        assert!(test.estimate == f64::NEG_INFINITY && test.ci.lower == f64::NEG_INFINITY && test.ci.upper < 0.0);
        // Each event falls before with probability 2/3.
        assert!((test.p - 2.0 * (2.0f64 / 3.0).powi(20)).abs() < 1e-12);
        assert!(conditional_test(&[pair((0.0, 1.0), (0.0, 1.0))], Exposure::PersonTime, 0.95).is_none());
    }

    #[test]
    fn hundreds_of_events_beside_single_ones_are_told() {
        // Equal exposures make the sum binomial: R: binom.test(10, 5055): 0.000949037510583766 to 0.003635033680786719.
        let pairs: Vec<_> = (0..10).map(|at| pair((500.0 + f64::from(at), 1.0), (1.0, 1.0))).collect();
        let test = conditional_test(&pairs, Exposure::PersonTime, 0.95).unwrap();
        let odds = |p: f64| (p / (1.0 - p)).ln();
        assert!((test.estimate - (10.0f64 / 5045.0).ln()).abs() < 1e-9, "{}", test.estimate);
        assert!((test.ci.lower - odds(0.000_949_037_510_583_766)).abs() < 1e-8, "{}", test.ci.lower);
        assert!((test.ci.upper - odds(0.003_635_033_680_786_719)).abs() < 1e-8, "{}", test.ci.upper);
        // Smaller than any number, and still no NaN.
        assert!(test.p < 1e-300);
    }
}
