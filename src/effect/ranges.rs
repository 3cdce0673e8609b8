//! Functions of reported numbers over all numbers that print so.

use crate::diagnostic::Refused;
use crate::estimate::Estimate;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;
use crate::numeric::two_samples::pooled_variance;

/// A difference in units of a spread that is independent of the means.
pub(super) fn standardised(change: Rounded, spread: Rounded) -> Result<Rounded, Refused> {
    if spread.value <= 0.0 {
        return Err("its standardiser is 0".into());
    }
    let range = change.range.divided_by(spread.range).unwrap_or(Interval::UNBOUNDED);
    Ok(Rounded { value: change.value / spread.value, range })
}

/// A function of two numbers that are not negative, which rises in both.
pub(super) fn both_rising(a: Rounded, b: Rounded, f: impl Fn(f64, f64) -> f64) -> Rounded {
    let (low, high) = (a.not_negative().range, b.not_negative().range);
    let range = Interval { lower: f(low.lower, high.lower), upper: f(low.upper, high.upper) };
    Rounded { value: f(a.value, b.value), range }
}

/// √((s₁² + s₂²)/2)
pub(super) fn root_mean_square(s1: Rounded, s2: Rounded) -> Rounded {
    both_rising(s1, s2, |a, b| (0.5 * (a * a + b * b)).sqrt())
}

/// The pooled SD of two groups.
pub(super) fn pooled_sd(s: [Rounded; 2], n: [f64; 2]) -> Rounded {
    both_rising(s[0], s[1], |s1, s2| pooled_variance([s1 * s1, s2 * s2], n).sqrt())
}

/// The logarithm of a number above 0.
pub(super) fn log(of: Rounded) -> Rounded {
    Rounded { value: of.value.ln(), range: of.not_negative().range.map_monotone(f64::ln) }
}

/// What is to be known of a ratio of two means below 0.
/// What is said of a log ratio that its correction for bias turns round or more than doubles.
pub(super) const LARGE_CORRECTION: &str =
    "the correction for bias is larger than the log ratio itself: n is too small for it";

/// Whether a correction is so large.
pub(super) fn is_large_correction(plain: f64, corrected: f64) -> bool {
    (corrected - plain).abs() > plain.abs()
}

/// The same with the name of the measure, where one of a contrast has it.
pub(super) fn told_of_correction(estimates: &[Estimate]) -> Option<String> {
    let found = estimates.iter().find(|of| of.notes.iter().any(|note| note == LARGE_CORRECTION))?;
    Some(format!("{}: {LARGE_CORRECTION}", found.measure))
}

pub(super) const RATIO_OF_SIZES: &str = "both means are negative: the ratio is that of their sizes";

/// Why a coefficient of variation has no value.
pub(super) const POSITIVE_MEAN: &str = "a coefficient of variation needs a mean above 0";

/// Two means of one sign without it: the ratio of the sizes is that of the means.
pub(super) fn of_one_sign([a, b]: [Rounded; 2]) -> Result<[Rounded; 2], Refused> {
    if a.value > 0.0 && b.value > 0.0 {
        Ok([a, b])
    } else if a.value < 0.0 && b.value < 0.0 {
        Ok([a, b].map(|mean| mean.scaled(-1.0)))
    } else {
        Err("a ratio needs two means above 0, or two below".into())
    }
}

/// ln m + s²/(2 n m²), the log of a mean to second order: Lajeunesse (2015), eq. 8.
///
/// It rises in s. In m it falls up to s/√n and rises from there, so that over an interval its
/// maximum is at an end, and its minimum at an end or there.
pub(super) fn log_mean(m: Rounded, s: Rounded, n: f64) -> Rounded {
    let value = |m: f64, s: f64| m.ln() + s * s / (2.0 * n * m * m);
    if m.range.lower <= 0.0 {
        return Rounded { value: value(m.value, s.value), range: Interval::UNBOUNDED };
    }
    let s_range = s.not_negative().range;
    let lowest = m.range.clamp(s_range.lower / n.sqrt());
    let [a, b] = m.range.ends();
    let lower = [a, b, lowest].map(|m| value(m, s_range.lower)).into_iter().fold(f64::INFINITY, f64::min);
    let upper = value(a, s_range.upper).max(value(b, s_range.upper));
    Rounded { value: value(m.value, s.value), range: Interval { lower, upper } }
}

/// ln c − c²/(2n) for the coefficient of variation c = s/m, its log to second order in the mean.
///
/// It rises in c up to √n and falls from there, so that over an interval its minimum is at an end,
/// and its maximum at an end or there. c itself is monotone in s and in m.
pub(super) fn log_cv(m: Rounded, s: Rounded, n: f64) -> Rounded {
    let value = |c: f64| c.ln() - c * c / (2.0 * n);
    let of = value(s.value / m.value);
    match s.not_negative().range.divided_by(m.range) {
        Some(c) => {
            let [a, b] = c.ends().map(value);
            Rounded { value: of, range: Interval { lower: a.min(b), upper: a.max(b).max(value(c.clamp(n.sqrt()))) } }
        }
        None => Rounded { value: of, range: Interval::UNBOUNDED },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type OfRounded = fn(Rounded, Rounded, f64) -> Rounded;
    type OfPlain = fn(f64, f64, f64) -> f64;

    proptest::proptest! {
        /// No point of the box gives a value outside the range, and the range is not much too wide.
        #[test]
        fn logs_of_means_and_cvs_stay_in_their_ranges(
            m in 0.1f64..5.0, wm in 0.0f64..2.0, s in 0.0f64..9.0, ws in 0.0f64..2.0, n in 2u32..30,
        ) {
            let rounded = |a: f64, w: f64| Rounded { value: a + 0.3 * w, range: Interval::between(a, a + w) };
            let (mean, sd, size) = (rounded(m, wm), rounded(s + 0.01, ws), f64::from(n));
            let functions: [(OfRounded, OfPlain); 2] = [
                (log_mean, |m, s, n| m.ln() + s * s / (2.0 * n * m * m)),
                (log_cv, |m, s, n| (s / m).ln() - s * s / (2.0 * n * m * m)),
            ];
            for (of, plain) in functions {
                let range = of(mean, sd, size).range;
                let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
                for i in 0..=40 {
                    for j in 0..=40 {
                        let at = |r: Interval, k: i32| r.lower + r.width() * f64::from(k) / 40.0;
                        let value = plain(at(mean.range, i), at(sd.range, j), size);
                        low = low.min(value);
                        high = high.max(value);
                    }
                }
                proptest::prop_assert!(range.lower <= low + 1e-9 && high <= range.upper + 1e-9);
                proptest::prop_assert!(range.width() <= 1.05 * (high - low) + 1e-9);
            }
        }
    }
}
