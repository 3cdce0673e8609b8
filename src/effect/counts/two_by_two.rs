//! Two groups with and without an event.

use super::Intervals;
use crate::diagnostic::Refused;
use crate::effect::common_language::NumberNeeded;
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::numeric::dist::{NoncentralHypergeometric, chi_squared_sf, normal_critical};
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;
use crate::reported::LARGEST_COUNT;

/// Events and non-events of group 1, then of group 2.
///
/// ```
/// use reffect::effect::counts::two_by_two::TwoByTwo;
/// // Newcombe (1998), Stat Med 17:873, example a: 56 of 70 against 48 of 80.
/// let table = TwoByTwo::new([56, 14, 48, 32])?;
/// let difference = table.risk_difference(0.95);
/// let newcombe = difference.by_method("newcombe");
/// assert!(newcombe.is_some_and(|ci| (ci.lower - 0.0524).abs() < 5e-5 && (ci.upper - 0.3339).abs() < 5e-5));
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoByTwo {
    pub(super) a: u64,
    pub(super) b: u64,
    pub(super) c: u64,
    pub(super) d: u64,
}

impl TwoByTwo {
    /// A table from its cells.
    ///
    /// # Errors
    /// If a group has no members, or more than [`LARGEST_COUNT`].
    pub fn new([a, b, c, d]: [u64; 4]) -> Result<Self, Refused> {
        for (first, second) in [(a, b), (c, d)] {
            match i128::from(first) + i128::from(second) {
                0 => return Err("a group has no members".into()),
                size if size > LARGEST_COUNT => {
                    return Err(
                        format!("a group of {size} is too large: at most {LARGEST_COUNT} are computed with").into()
                    );
                }
                _ => {}
            }
        }
        Ok(Self { a, b, c, d })
    }

    /// The cells.
    pub fn cells(&self) -> [u64; 4] {
        [self.a, self.b, self.c, self.d]
    }

    pub(super) fn n1(&self) -> f64 {
        (self.a + self.b) as f64
    }

    pub(super) fn n2(&self) -> f64 {
        (self.c + self.d) as f64
    }

    /// The share with the event in group 1.
    pub fn p1(&self) -> f64 {
        self.a as f64 / self.n1()
    }

    /// The share with the event in group 2.
    pub fn p2(&self) -> f64 {
        self.c as f64 / self.n2()
    }

    fn as_f64(&self) -> [f64; 4] {
        self.cells().map(|cell| cell as f64)
    }

    /// The ratio of the risks: Katz et al. (1978), Biometrics 34:469, and Miettinen & Nurminen.
    pub fn risk_ratio(&self, level: f64) -> Intervals {
        let [a, b, c, d] = self.as_f64();
        let z = normal_critical(level);
        let (estimate, mut notes) = (ratio(self.p1(), self.p2()), Vec::new());
        if let Some(refused) = Intervals::refused_at(level, estimate) {
            return refused;
        }
        let mut by = Vec::new();
        if b == 0.0 && d == 0.0 {
            // Its variance is 0, however few the people are.
            notes.push("no Katz interval: everybody has the event".to_owned());
        } else if a > 0.0 && c > 0.0 {
            let half = z * (b / (a * self.n1()) + d / (c * self.n2())).sqrt();
            by.push(("katz", around_log((self.p1() / self.p2()).ln(), half)));
        } else {
            notes.push("no Katz interval: a group has no events".to_owned());
        }
        if self.a + self.c > 0 {
            by.push(("miettinen-nurminen", self.ratio_interval(z)));
        } else {
            notes.push("no Miettinen–Nurminen interval: no group has events".to_owned());
        }
        undefined(estimate, &mut notes, "group 2 has no events");
        Intervals { estimate, by, notes }
    }

    /// The odds ratio: Woolf (1955), Ann Hum Genet 19:251; exact limits of Fisher's conditional
    /// distribution, Cornfield (1956); the same with half the probability of what was seen; and
    /// Miettinen & Nurminen.
    pub fn odds_ratio(&self, level: f64) -> Intervals {
        let [a, b, c, d] = self.as_f64();
        let z = normal_critical(level);
        let (estimate, mut notes) = (ratio(a * d, b * c), Vec::new());
        if let Some(refused) = Intervals::refused_at(level, estimate) {
            return refused;
        }
        let mut by = Vec::new();
        if [a, b, c, d].contains(&0.0) {
            notes.push("no Woolf interval: a cell is 0".to_owned());
        } else {
            let half = z * (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
            by.push(("woolf", around_log((a / b * (d / c)).ln(), half)));
        }
        let tail = 0.5 * (1.0 - level);
        by.push(("exact", self.conditional_interval(tail, 1.0)));
        by.push(("mid-p", self.conditional_interval(tail, 0.5)));
        if self.a + self.c > 0 && self.b + self.d > 0 {
            by.push(("miettinen-nurminen", self.odds_interval(z)));
        } else {
            notes.push("no Miettinen–Nurminen interval: all have the event, or nobody has".to_owned());
        }
        undefined(estimate, &mut notes, "b or c is 0");
        Intervals { estimate, by, notes }
    }

    /// The difference of the risks: Newcombe (1998), Stat Med 17:873, method 10, and Miettinen &
    /// Nurminen (method 6 there).
    pub fn risk_difference(&self, level: f64) -> Intervals {
        let estimate = Some(self.p1() - self.p2());
        Intervals::refused_at(level, estimate).unwrap_or_else(|| {
            let z = normal_critical(level);
            let by = vec![("newcombe", self.newcombe(level)), ("miettinen-nurminen", self.difference_interval(z))];
            Intervals { estimate, by, notes: Vec::new() }
        })
    }

    /// How many have to be in group 1 for one more event than in group 2, with each interval of the
    /// difference; none at a level that is no share between 0 and 1.
    pub fn number_needed(&self, level: f64) -> Vec<(&'static str, NumberNeeded)> {
        let difference = self.p1() - self.p2();
        let of = |(name, ci): (&'static str, Interval)| (name, NumberNeeded::of_difference(difference, ci));
        self.risk_difference(level).by.into_iter().map(of).collect()
    }

    /// The odds ratio at which what was seen is what is expected given all margins: the conditional maximum-likelihood
    /// estimate, which Fisher's test goes with; 0 or infinite where the margins allow no less or no more, none where
    /// they allow one table only.
    ///
    /// ```
    /// use reffect::effect::counts::two_by_two::TwoByTwo;
    /// // R 4.2.2, x <- 0:10: the root in l of sum(x*w)/sum(w) - 8 with w <- dhyper(x, 12, 12, 10)*exp(l*x).
    /// let ratio = TwoByTwo::new([8, 2, 4, 10])?.conditional_odds_ratio();
    /// assert!(ratio.is_some_and(|ratio| (ratio / 8.913_989_200_209_76 - 1.0).abs() < 1e-9));
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    ///
    /// Source: Cornfield (1956), Proc 3rd Berkeley Symp 4:135.
    pub fn conditional_odds_ratio(&self) -> Option<f64> {
        let (conditional, a) = (self.conditional(), self.a as f64);
        match (a <= conditional.least(), a >= conditional.most()) {
            (true, true) => return None,
            (true, false) => return Some(0.0),
            (false, true) => return Some(f64::INFINITY),
            (false, false) => {}
        }
        let excess = |log: f64| conditional.mean(log) - a;
        let mut reach = 1.0;
        while reach < 600.0 && (excess(-reach) > 0.0 || excess(reach) < 0.0) {
            reach *= 2.0;
        }
        brent(excess, -reach, reach, 1e-14).ok().map(f64::exp)
    }

    /// Fisher's exact test, two-sided, by the probabilities of the tables: Fisher (1935).
    pub fn fisher_p(&self) -> f64 {
        self.conditional().fisher_p(self.a as f64)
    }

    /// The one-sided p-values of Fisher's exact test: of so few events in the first group, and of so many.
    pub fn fisher_one_sided(&self) -> [f64; 2] {
        let [below, at, above] = self.conditional().probabilities(self.a as f64, 0.0);
        [below + at, at + above]
    }

    /// The p-value of Pearson's χ² test, or of the same corrected for continuity; 1 where a margin is empty.
    ///
    /// Sources: Pearson (1900), Philos Mag 50:157; Yates (1934), J R Stat Soc Suppl 1:217, with a correction of no more
    /// than the distance itself, as in R's `chisq.test`.
    ///
    /// ```
    /// use reffect::effect::counts::two_by_two::TwoByTwo;
    ///
    /// // R 4.2.2: chisq.test(matrix(c(11, 5, 3, 12), 2), correct = FALSE) and with its default.
    /// let table = TwoByTwo::new([11, 5, 3, 12])?;
    /// assert!((table.chi_squared_p(false) - 0.006_417).abs() < 1e-6);
    /// assert!((table.chi_squared_p(true) - 0.018_05).abs() < 1e-5);
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn chi_squared_p(&self, is_corrected: bool) -> f64 {
        self.chi_squared(is_corrected).map_or(1.0, |statistic| chi_squared_sf(statistic, 1.0))
    }

    /// The statistic of that test, χ² with one degree of freedom; none where all or nobody has an event.
    pub fn chi_squared(&self, is_corrected: bool) -> Option<f64> {
        let [a, b, c, d] = self.cells().map(|cell| cell as f64);
        let n = a + b + c + d;
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        let correction = if is_corrected { 0.5 * n } else { 0.0 };
        let distance = ((a * d - b * c).abs() - correction).max(0.0);
        (margins > 0.0).then_some(n * distance * distance / margins)
    }

    /// The likelihood-ratio statistic 2·Σ O·ln(O/E), a χ² with one degree of freedom; none where all or nobody has an
    /// event.
    ///
    /// Source: Wilks (1938), Ann Math Stat 9:60.
    ///
    /// ```
    /// use reffect::effect::counts::two_by_two::TwoByTwo;
    ///
    /// // R 4.2.2: o <- matrix(c(12, 20, 23, 15), 2); e <- outer(rowSums(o), colSums(o)) / 70; 2 * sum(o * log(o / e))
    /// let found = TwoByTwo::new([12, 23, 20, 15])?.likelihood_ratio();
    /// assert!(found.is_some_and(|statistic| (statistic - 3.7183).abs() < 1e-4));
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn likelihood_ratio(&self) -> Option<f64> {
        let cells = self.cells().map(|cell| cell as f64);
        let [a, b, c, d] = cells;
        let n = a + b + c + d;
        let expected = [(a + b) * (a + c), (a + b) * (b + d), (c + d) * (a + c), (c + d) * (b + d)].map(|e| e / n);
        let terms = cells.iter().zip(expected).filter(|(o, _)| **o > 0.0).map(|(o, e)| o * (o / e).ln());
        self.chi_squared(false).map(|_| (2.0 * terms.sum::<f64>()).max(0.0))
    }

    fn newcombe(&self, level: f64) -> Interval {
        let wilson = |k: u64, n: u64| {
            let p = Proportion::new(k, n).map(|p| p.interval(ProportionCi::Wilson, level));
            // Both groups have members.
            p.unwrap_or(Interval { lower: 0.0, upper: 1.0 })
        };
        let (first, second) = (wilson(self.a, self.a + self.b), wilson(self.c, self.c + self.d));
        let (p1, p2) = (self.p1(), self.p2());
        Interval {
            lower: p1 - p2 - (p1 - first.lower).hypot(second.upper - p2),
            upper: p1 - p2 + (first.upper - p1).hypot(p2 - second.lower),
        }
    }

    fn conditional(&self) -> NoncentralHypergeometric {
        NoncentralHypergeometric { n1: self.n1(), n2: self.n2(), events: (self.a + self.c) as f64 }
    }

    /// The odds ratios at which each tail, with `share` of what was seen, has probability `tail`.
    fn conditional_interval(&self, tail: f64, share: f64) -> Interval {
        let (conditional, a) = (self.conditional(), self.a as f64);
        let limit = |above: bool| {
            let excess = |log: f64| {
                let [below_a, at_a, above_a] = conditional.probabilities(a, log);
                share * at_a + if above { above_a } else { below_a } - tail
            };
            // Wider until the tail is on the other side.
            let (mut reach, sign) = (1.0, if above { 1.0 } else { -1.0 });
            while reach < 600.0 && (excess(-sign * reach) > 0.0 || excess(sign * reach) < 0.0) {
                reach *= 2.0;
            }
            brent(excess, -reach, reach, 1e-14).map(f64::exp)
        };
        let lower = if a <= conditional.least() { 0.0 } else { limit(true).unwrap_or(f64::NAN) };
        let upper = if a >= conditional.most() { f64::INFINITY } else { limit(false).unwrap_or(f64::NAN) };
        Interval { lower, upper }
    }
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

fn undefined(estimate: Option<f64>, notes: &mut Vec<String>, why: &str) {
    if estimate.is_none() {
        notes.push(format!("the estimate is infinite or not defined: {why}"));
    }
}

fn around_log(log: f64, half: f64) -> Interval {
    Interval::around(log, half).exp()
}
