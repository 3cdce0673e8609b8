//! Pairs with and without an event: one person twice, or two matched persons.

use super::person_time::{PValues, two_sided};
use super::{Intervals, of_split};
use crate::diagnostic::Refused;
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::numeric::dist::{chi_squared_sf, ln_choose, normal_critical};
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;
use std::f64::consts::LN_2;

/// Pairs with the event under both (yes/yes), the first only (yes/no), the second only (no/yes) and
/// neither.
///
/// ```
/// use reffect::effect::counts::pairs::Pairs;
/// // Relapse-free: nobody before, 5 of 7 after.
/// let pairs = Pairs::new([0, 0, 5, 2])?;
/// let test = pairs.mcnemar().ok_or("there are discordant pairs")?;
/// assert!((test.p_values.exact - 0.0625).abs() < 1e-15 && (test.p_values.mid_p - 0.03125).abs() < 1e-15);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    cells: [u64; 4],
}

/// McNemar's test.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct McNemar {
    /// From the binomial distribution of the discordant pairs.
    pub p_values: PValues,
    /// (b − c)²/(b + c), without a correction for continuity.
    pub statistic: f64,
    /// The p-value of that, by χ² with one degree of freedom.
    pub p: f64,
}

impl Pairs {
    /// A table from its cells.
    ///
    /// # Errors
    /// If there is no pair.
    pub fn new(cells: [u64; 4]) -> Result<Self, Refused> {
        match cells.iter().try_fold(0u64, |sum, cell| sum.checked_add(*cell)) {
            Some(0) => Err("there are no pairs".into()),
            Some(_) => Ok(Self { cells }),
            None => Err("the counts are too large".into()),
        }
    }

    /// The cells.
    pub fn cells(&self) -> [u64; 4] {
        self.cells
    }

    fn n(&self) -> f64 {
        self.cells.iter().sum::<u64>() as f64
    }

    /// The discordant pairs.
    fn discordant(&self) -> (u64, u64) {
        (self.cells[1], self.cells[2])
    }

    /// McNemar's test: McNemar (1947), Psychometrika 12:153; exact and mid-p as in Fagerland,
    /// Lydersen & Laake (2013), BMC Med Res Methodol 13:91, where equal discordant counts have a mid-p below 1. None
    /// without discordant pairs.
    pub fn mcnemar(&self) -> Option<McNemar> {
        let (b, c) = self.discordant();
        let sum = b + c;
        (sum > 0).then(|| {
            let statistic = (b as f64 - c as f64).powi(2) / sum as f64;
            McNemar { p_values: exact_and_mid_p(b, c), statistic, p: chi_squared_sf(statistic, 1.0) }
        })
    }

    /// The share with the event under the first less that under the second, with the intervals of
    /// Newcombe (1998), Stat Med 17:2635, method 10; Tango (1998), Stat Med 17:891; and Bonett &
    /// Price (2012), J Educ Behav Stat 37:479.
    pub fn difference(&self, level: f64) -> Intervals {
        let (b, c) = self.discordant();
        let (n, z) = (self.n(), normal_critical(level));
        let estimate = Some((b as f64 - c as f64) / n);
        if let Some(refused) = Intervals::refused_at(level, estimate) {
            return refused;
        }
        let by = vec![
            ("newcombe", self.newcombe(level)),
            ("tango", self.tango(z)),
            ("bonett-price", {
                let (p, q) = ((b as f64 + 1.0) / (n + 2.0), (c as f64 + 1.0) / (n + 2.0));
                let half = z * ((p + q - (p - q) * (p - q)) / (n + 2.0)).sqrt();
                Interval::around(p - q, half)
            }),
        ];
        Intervals { estimate, by, notes: Vec::new() }
    }

    fn newcombe(&self, level: f64) -> Interval {
        let [a, b, c, d] = self.cells;
        let n = a + b + c + d;
        let wilson = |k: u64| {
            let p = Proportion::new(k, n).map(|p| p.interval(ProportionCi::Wilson, level));
            p.unwrap_or(Interval { lower: 0.0, upper: 1.0 })
        };
        let (first, second) = (wilson(a + b), wilson(a + c));
        let size = n as f64;
        let (p1, p2) = ((a + b) as f64 / size, (a + c) as f64 / size);
        let phi = self.corrected_phi();
        let distance = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
        Interval {
            lower: p1 - p2 - distance(p1 - first.lower, second.upper - p2),
            upper: p1 - p2 + distance(first.upper - p1, p2 - second.lower),
        }
    }

    /// The correlation of both events, with Newcombe's correction: n/2 is taken from a positive
    /// ad − bc, as far as it goes, and 0 stands for no correlation at an empty margin.
    fn corrected_phi(&self) -> f64 {
        let [a, b, c, d] = self.cells.map(|cell| cell as f64);
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        if margins == 0.0 {
            return 0.0;
        }
        let cross = a * d - b * c;
        let corrected = if cross > 0.0 { (cross - 0.5 * self.n()).max(0.0) } else { cross };
        corrected / margins.sqrt()
    }

    /// Tango's score statistic for a difference.
    pub fn tango_score(&self, difference: f64) -> f64 {
        let (b, c) = self.discordant();
        let (b, c, n) = (b as f64, c as f64, self.n());
        // The constrained share of pairs with the event under the second only.
        let (first, second) = (2.0 * n, -b - c + (2.0 * n - b + c) * difference);
        let third = -c * difference * (1.0 - difference);
        let root = (second * second - 4.0 * first * third).max(0.0).sqrt();
        let share = if second <= 0.0 { (root - second) / (2.0 * first) } else { -2.0 * third / (root + second) };
        let variance = n * (2.0 * share + difference * (1.0 - difference));
        let distance = b - c - n * difference;
        if distance == 0.0 { 0.0 } else { distance / variance.max(0.0).sqrt() }
    }

    fn tango(&self, z: f64) -> Interval {
        let (b, c) = self.discordant();
        let estimate = (b as f64 - c as f64) / self.n();
        let limit = |sign: f64| {
            let border = -sign;
            if estimate == border {
                return border;
            }
            brent(|difference| self.tango_score(difference) - sign * z, estimate, border, 1e-15).unwrap_or(border)
        };
        Interval { lower: limit(1.0), upper: limit(-1.0) }
    }

    /// The conditional odds ratio b/c with limits from those of b of b + c: exact (Clopper–Pearson),
    /// mid-p, and that of the log ratio by the delta method (`wald`).
    ///
    /// Source: Breslow & Day (1980), Statistical Methods in Cancer Research 1, eq. 5.7.
    pub fn odds_ratio(&self, level: f64) -> Intervals {
        let (b, c) = self.discordant();
        let estimate = (c > 0).then(|| b as f64 / c as f64);
        if let Some(refused) = Intervals::refused_at(level, estimate) {
            return refused;
        }
        let mut notes = Vec::new();
        let by = of_split(b, c, level);
        if by.is_empty() {
            notes.push("no pair is discordant: every odds ratio is possible".to_owned());
        }
        if b == 0 || c == 0 {
            notes.push("no Wald interval: all discordant pairs go the same way, or there are none".to_owned());
        }
        if estimate.is_none() {
            notes.push(
                "the estimate is infinite or not defined: no pair has the event under the second only".to_owned(),
            );
        }
        Intervals { estimate, by, notes }
    }
}

/// The exact conditional p of McNemar's test, and that less the probability of what was seen.
///
/// Twice the smaller tail with half of what was seen is the same, but for equal counts: there the exact p is 1, which
/// is less than twice a tail.
fn exact_and_mid_p(b: u64, c: u64) -> PValues {
    let found = two_sided(b, b + c, 0.5);
    if b != c {
        return found;
    }
    let seen = (ln_choose((b + c) as f64, b as f64) - (b + c) as f64 * LN_2).exp();
    PValues { mid_p: 1.0 - 0.5 * seen, ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2.2: `1 - 0.5 * dbinom(b, 2 * b, 0.5)` for b = 2, 5 and 9, Fagerland, Lydersen & Laake's mid-p of equal
    /// counts.
    #[test]
    fn equal_discordant_counts_have_a_mid_p_below_1() {
        for (b, expected) in [(2, 0.8125), (5, 0.876_953_125), (9, 0.907_264_709_472_656_2)] {
            let test = Pairs::new([3, b, b, 4]).unwrap().mcnemar().unwrap();
            assert_eq!(test.p_values.exact, 1.0);
            assert!((test.p_values.mid_p - expected).abs() < 1e-13, "{b}: {}", test.p_values.mid_p);
        }
    }

    proptest::proptest! {
        /// Exchanging first and second turns every interval round, and the score interval leaves out
        /// 0 exactly where McNemar's statistic is beyond its quantile.
        #[test]
        fn intervals_turn_round_and_agree_with_their_test(
            a in 0u64..20, b in 0u64..20, c in 0u64..20, d in 0u64..20, level in 0.5f64..0.999,
        ) {
            let Ok(pairs) = Pairs::new([a, b, c, d]) else { return Ok(()) };
            let turned = Pairs::new([a, c, b, d]).unwrap();
            for ((name, ci), (_, other)) in pairs.difference(level).by.into_iter().zip(turned.difference(level).by) {
                proptest::prop_assert!((ci.lower + other.upper).abs() < 1e-12, "{}", name);
                proptest::prop_assert!(ci.contains(pairs.difference(level).estimate.unwrap()) || name == "bonett-price");
            }
            if let Some(test) = pairs.mcnemar() {
                let tango = pairs.difference(level).by_method("tango").unwrap();
                // At 0 the score statistic is McNemar's.
                proptest::prop_assert!((pairs.tango_score(0.0).powi(2) - test.statistic).abs() < 1e-9);
                proptest::prop_assert_eq!(!tango.contains(0.0), test.p < 1.0 - level);
                for (name, ci) in pairs.odds_ratio(level).by {
                    let p = if name == "exact" { test.p_values.exact } else { test.p_values.mid_p };
                    // The mid-p of equal counts has no interval of its own.
                    let is_other = name == "wald" || name == "mid-p" && pairs.discordant().0 == pairs.discordant().1;
                    proptest::prop_assert!(is_other || ci.contains(1.0) != (p < 1.0 - level), "{} {:?}", name, ci);
                }
            }
        }
    }
}
