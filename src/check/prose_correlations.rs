//! The interval of a correlation in running text: `r(58) = .28, 95% CI [.03, .50], p = .03`.

use super::cells::Verdict;
use super::prose_statistic::{has_word, number_at, spaces};
use super::test_statistic::TestStatistic;
use super::{Status, refused};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Numeral, plain_number};
use crate::numeric::rounding::Rounding;

/// An interval with its level.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PrintedInterval {
    level: f64,
    ends: [Numeral; 2],
}

/// Whether a text speaks of intervals or correlations that are not Fisher's.
pub(super) fn has_others(text: &str) -> bool {
    const OTHERS: &str = "boot bca bayes credible posterior spearman kendall rank partial robust resampl imput cluster \
        multilevel latent meta-analy ブートストラップ スピアマン 偏相関 順位 ベイズ";
    let text = text.to_lowercase();
    OTHERS.split_whitespace().any(|word| text.contains(word))
}

/// The interval between a correlation and its p, if one stands there.
pub(super) fn interval_in(between: &[char]) -> Option<PrintedInterval> {
    let at = (0..between.len()).find(|at| has_word(between, *at, "% ci") || has_word(between, *at, "%ci"))?;
    let digits = between[..at].iter().rev().take_while(|c| c.is_ascii_digit() || **c == '.').count();
    let level: String = between[at - digits..at].iter().collect();
    let level = plain_number(&level).map(|level| level / 100.0).filter(|level| (0.5..1.0).contains(level))?;
    let sign =
        |at: usize| spaces(between, at) + usize::from(matches!(between.get(spaces(between, at)), Some('=' | ':')));
    let open = spaces(between, sign(spaces(between, at + 1) + 2));
    if !matches!(between.get(open), Some('[' | '(')) {
        return None;
    }
    let (lower, end) = number_at(between, spaces(between, open + 1))?;
    let comma = spaces(between, end);
    let joint = ["to ", ",", ";"].into_iter().find(|joint| has_word(between, comma, joint))?;
    let (upper, end) = number_at(between, spaces(between, comma + joint.len()))?;
    let closes = matches!(between.get(spaces(between, end)), Some(']' | ')'));
    closes.then_some(PrintedInterval { level, ends: [lower, upper] })
}

impl PrintedInterval {
    /// Whether it is Fisher's, tanh(artanh r ± z/√(n − 3)) with n = df + 2, for all correlations that print so. One that lies
    /// beside it by less than 0.6 of its half is left open: of data that are far from normal resampling gives such ones. A
    /// convention.
    ///
    /// Source: Fisher (1921), Metron 1:3.
    pub(super) fn verdict(&self, statistic: &TestStatistic, rounding: Rounding) -> Option<Verdict> {
        const MOST: f64 = 0.6;
        let TestStatistic::R { value, df } = statistic else { return None };
        let half = normal_critical(self.level) / (df.value() - 1.0).sqrt();
        let on_scale = |number: &Numeral| {
            let range = number.rounding_interval(rounding).to_interval();
            range.map_monotone(|r| r.clamp(-1.0, 1.0).atanh())
        };
        let (middle, ends) = (on_scale(value), self.ends.each_ref().map(on_scale));
        let expected = [-half, half].map(|by| Interval { lower: middle.lower + by, upper: middle.upper + by });
        let finite = [middle, ends[0], ends[1]].iter().all(|of| of.lower.is_finite() && of.upper.is_finite());
        if !half.is_finite() || !finite {
            return None;
        }
        let apart = |at: usize| (ends[at].lower - expected[at].upper).max(expected[at].lower - ends[at].upper).max(0.0);
        let [lower, upper] = expected.map(|of| of.map_monotone(f64::tanh).ends().map(|end| format!("{end:.2}")));
        let either = |[low, high]: [String; 2]| if low == high { low } else { format!("{low} or {high}") };
        let told = format!(
            "Fisher's interval is {} to {}, and {} to {} is printed",
            either(lower),
            either(upper),
            self.ends[0],
            self.ends[1]
        );
        Some(match apart(0).max(apart(1)) / half {
            // Quantiles of t and n for df.
            by if by < 0.1 => (Status::Pass, String::new()),
            by if by < MOST => refused(told),
            _ => (Status::Fail, told),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::prose::tests_in;

    /// R 4.2.2: psych::r.con(.32, 100) = 0.132, 0.485; r.con(.14, 80) = -0.082, 0.349.
    #[test]
    fn intervals_of_correlations_are_held_against_those_of_fisher() {
        let of = |text: &str| {
            let found = tests_in(text, 0.05);
            (found[0].judge(0.95, Default::default()).interval, found.len())
        };
        assert_eq!(of("r(98) = .32, 95% CI [.13, .49], p = .001"), (Some(true), 1));
        assert_eq!(of("r(78) = .14, 95% CI [-.08, .35], p = .22"), (Some(true), 1));
        assert_eq!(of("r(78) = .14, 95% CI = [-0.08, 0.49], p = .22"), (Some(false), 1));
        assert_eq!(of("r(78) = .14, 95% CI [-.15, .40], p = .22"), (None, 1));
        assert_eq!(of("Intervals were bootstrapped. r(78) = .14, 95% CI [-0.08, 0.49], p = .22"), (None, 1));
        // A p of another number of people.
        assert_eq!(of("r(12) = .30, 95% CI [.25, .35], p < .001"), (None, 1));
    }
}
