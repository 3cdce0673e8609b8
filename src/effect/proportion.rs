//! A part of a whole.

use crate::diagnostic::Refused;
use crate::estimate::is_level;
use crate::numeric::dist::{beta_cdf, beta_quantile, normal_critical};
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;
use crate::numeric::rounding::RoundingInterval;
use std::ops::RangeInclusive;

/// How an interval for a proportion is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProportionCi {
    /// Wilson (1927), J Am Stat Assoc 22:209: the values that the score test does not reject.
    Wilson,
    /// Clopper & Pearson (1934), Biometrika 26:404: tails of at most α/2 each.
    ClopperPearson,
    /// Lancaster (1961), J Am Stat Assoc 56:223: the same with half the probability of what was seen.
    MidP,
    /// Brown, Cai & DasGupta (2001), Stat Sci 16:101, eq. 6–8: the quantiles of Beta(k + ½, n − k + ½).
    Jeffreys,
    /// Agresti & Coull (1998), Am Stat 52:119: as Wald, about the centre of Wilson's.
    AgrestiCoull,
}

impl ProportionCi {
    /// Every method with its name in results.
    pub const ALL: [(&'static str, Self); 5] = [
        ("wilson", Self::Wilson),
        ("clopper-pearson", Self::ClopperPearson),
        ("mid-p", Self::MidP),
        ("jeffreys", Self::Jeffreys),
        ("agresti-coull", Self::AgrestiCoull),
    ];
}

/// `k` of `n`.
///
/// ```
/// use reffect::effect::proportion::{Proportion, ProportionCi};
///
/// let relapse_free = Proportion::new(5, 7)?;
/// let wilson = relapse_free.interval(ProportionCi::Wilson, 0.95);
/// assert!((wilson.lower - 0.3589).abs() < 5e-5 && (wilson.upper - 0.9178).abs() < 5e-5);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    k: u64,
    n: u64,
}

impl Proportion {
    /// `k` of `n`.
    ///
    /// # Errors
    /// If `n` is 0 or `k` is more than `n`.
    pub fn new(k: u64, n: u64) -> Result<Self, Refused> {
        match (k, n) {
            (_, 0) => Err("a proportion of nobody has no meaning: n is 0".into()),
            (k, n) if k > n => Err(format!("{k} of {n} is more than all").into()),
            _ => Ok(Self { k, n }),
        }
    }

    /// The part.
    pub fn k(self) -> u64 {
        self.k
    }

    /// The whole.
    pub fn n(self) -> u64 {
        self.n
    }

    /// k/n.
    pub fn estimate(self) -> f64 {
        self.k as f64 / self.n as f64
    }

    /// A confidence interval. That of Agresti and Coull may leave 0 … 1 and is given as it is. Neither end is a number
    /// where the level is no share between 0 and 1.
    pub fn interval(self, method: ProportionCi, level: f64) -> Interval {
        if !is_level(level) {
            return Interval::UNKNOWN;
        }
        let (k, n) = (self.k as f64, self.n as f64);
        let tail = 0.5 * (1.0 - level);
        match method {
            ProportionCi::Wilson => {
                let (center, half) = self.score(level);
                // At the ends the limit is 0 or 1 exactly; rounding must not move it beyond.
                let lower = if self.k == 0 { 0.0 } else { center - half };
                let upper = if self.k == self.n { 1.0 } else { center + half };
                Interval { lower, upper }
            }
            ProportionCi::ClopperPearson => Interval {
                lower: if self.k == 0 { 0.0 } else { beta_quantile(tail, k, n - k + 1.0) },
                upper: if self.k == self.n { 1.0 } else { beta_quantile(1.0 - tail, k + 1.0, n - k) },
            },
            ProportionCi::Jeffreys => Interval {
                lower: if self.k == 0 { 0.0 } else { beta_quantile(tail, k + 0.5, n - k + 0.5) },
                upper: if self.k == self.n { 1.0 } else { beta_quantile(1.0 - tail, k + 0.5, n - k + 0.5) },
            },
            ProportionCi::MidP => {
                Interval { lower: self.mid_p_lower(tail), upper: 1.0 - self.complement().mid_p_lower(tail) }
            }
            ProportionCi::AgrestiCoull => {
                let z = normal_critical(level);
                let (center, _) = self.score(level);
                let half = z * (center * (1.0 - center) / (n + z * z)).sqrt();
                Interval::around(center, half)
            }
        }
    }

    /// Centre and half-width of Wilson's interval.
    fn score(self, level: f64) -> (f64, f64) {
        let (p, n) = (self.estimate(), self.n as f64);
        let z = normal_critical(level);
        let weight = 1.0 + z * z / n;
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((p + z * z / (2.0 * n)) / weight, half / weight)
    }

    fn complement(self) -> Self {
        Self { k: self.n - self.k, ..self }
    }

    /// The probability of success at which P(X > k) + P(X = k)/2 is `tail`.
    fn mid_p_lower(self, tail: f64) -> f64 {
        if self.k == 0 {
            return 0.0;
        }
        let (k, n) = (self.k as f64, self.n as f64);
        // P(X ≥ j) = I_p(j, n − j + 1), and P(X > k) + P(X = k)/2 is the mean of two of them.
        let beyond = |p: f64| if self.k == self.n { 0.0 } else { beta_cdf(p, k + 1.0, n - k) };
        let excess = |p: f64| 0.5 * (beta_cdf(p, k, n - k + 1.0) + beyond(p)) - tail;
        // The excess has opposite signs at the ends, so there is a zero; no number is better than a wrong one.
        brent(excess, 0.0, 1.0, 0.0).unwrap_or(f64::NAN)
    }
}

/// A count and the whole that it is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Denominator {
    /// The part.
    pub k: u64,
    /// The whole.
    pub n: u64,
}

/// Every whole up to `largest` of which some part prints as the percentage, with each such part.
///
/// Whether k/n prints so is decided in whole numbers: 100 k lies between n times the ends.
///
/// ```
/// use reffect::effect::proportion::denominators;
/// use reffect::numeric::{numeral::Numeral, rounding::Rounding};
///
/// let printed: Numeral = "85.7%".parse()?;
/// let possible = denominators(printed.rounding_interval(Rounding::UpOrDown), 21);
/// let wholes: Vec<u64> = possible.iter().map(|d| d.n).collect();
/// assert_eq!(wholes, [7, 14, 21]);
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn denominators(printed: RoundingInterval, largest: u64) -> Vec<Denominator> {
    (1..=largest).flat_map(|n| parts_of(printed, n).map(move |k| Denominator { k, n })).collect()
}

/// The parts of a whole that print as the percentage; an empty range where none does.
///
/// ```
/// use reffect::effect::proportion::parts_of;
/// use reffect::numeric::{numeral::Numeral, rounding::Rounding};
///
/// let printed: Numeral = "79%".parse()?;
/// assert_eq!(parts_of(printed.rounding_interval(Rounding::UpOrDown), 14), 11..=11);
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn parts_of(printed: RoundingInterval, n: u64) -> RangeInclusive<u64> {
    let (share, whole) = (printed.hundredth(), i128::from(n));
    let first = share.lower.least_integer(whole, share.lower_included).map(|first| first.max(0));
    let last = share.upper.greatest_integer(whole, share.upper_included).map(|last| last.min(whole));
    let ends = first.zip(last).and_then(|(first, last)| Some((u64::try_from(first).ok()?, u64::try_from(last).ok()?)));
    ends.map_or(NO_PARTS, |(first, last)| first..=last)
}

/// A range of parts that holds none.
pub const NO_PARTS: RangeInclusive<u64> = RangeInclusive::new(1, 0);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::decimal::Decimal;
    use crate::numeric::rounding::Rounding;

    #[test]
    fn impossible_counts_are_refused() {
        assert!(Proportion::new(8, 7).is_err());
        assert!(Proportion::new(0, 0).is_err());
    }

    proptest::proptest! {
        /// Turning success into failure turns every interval round.
        #[test]
        fn intervals_are_equivariant(n in 1u64..60, share in 0.0f64..=1.0, level in 0.5f64..0.999) {
            let proportion = Proportion::new((share * n as f64) as u64, n).unwrap();
            for (name, method) in ProportionCi::ALL {
                let interval = proportion.interval(method, level);
                let turned = proportion.complement().interval(method, level);
                proptest::prop_assert!((interval.lower - (1.0 - turned.upper)).abs() < 1e-12, "{}", name);
                proptest::prop_assert!(interval.contains(proportion.estimate()) || method == ProportionCi::Jeffreys);
            }
        }

        /// A percentage printed from k of n allows that n.
        #[test]
        fn the_true_denominator_is_found(n in 1u64..200, share in 0.0f64..=1.0, decimals in 0i32..3) {
            let k = (share * n as f64) as u64;
            let scale = 10i128.pow(decimals.unsigned_abs());
            // Round 100 k/n half up in whole numbers.
            let mantissa = (2 * 100 * i128::from(k) * scale + i128::from(n)).div_euclid(2 * i128::from(n));
            let printed = Decimal::new(mantissa, -decimals);
            let behind = RoundingInterval::of(printed, printed.unit(), Rounding::HalfAway);
            let possible = denominators(behind, n);
            proptest::prop_assert!(possible.contains(&Denominator { k, n }), "{}", printed);
        }
    }
}
