//! Scales, ticks and the numbers written at them.

use crate::numeric::format::{fixed, scientific};

/// Maps values to positions, linearly or by logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// First and last value.
    pub domain: (f64, f64),
    /// Their positions.
    pub range: (f64, f64),
    /// Distances stand for ratios.
    pub logarithmic: bool,
}

impl Scale {
    /// Equal distances for equal differences.
    pub fn linear(domain: (f64, f64), range: (f64, f64)) -> Self {
        Scale { domain, range, logarithmic: false }
    }

    /// Equal distances for equal ratios; the domain must be above zero.
    pub fn log(domain: (f64, f64), range: (f64, f64)) -> Self {
        Scale { domain, range, logarithmic: true }
    }

    /// Position of a value.
    pub fn at(&self, value: f64) -> f64 {
        let of = |v: f64| if self.logarithmic { v.ln() } else { v };
        let (first, last) = (of(self.domain.0), of(self.domain.1));
        let share = (of(value) - first) / (last - first);
        self.range.0 + share * (self.range.1 - self.range.0)
    }
}

/// A step of 1, 2 or 5 times a power of ten that cuts `span` into at most `parts` parts.
pub(super) fn step(span: f64, parts: f64) -> f64 {
    let rough = span / parts;
    let power = 10_f64.powf(rough.log10().floor());
    let lead = [1.0, 2.0, 5.0].into_iter().find(|lead| lead * power >= rough * (1.0 - 1e-9));
    lead.unwrap_or(10.0) * power
}

/// Multiples of `step` from `low` to `high`, ends included.
pub(super) fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let slack = 1e-9;
    let first = (low / step - slack).ceil();
    let last = (high / step + slack).floor();
    let count = (last - first).clamp(-1.0, 200.0) as i64;
    (0..=count).map(|i| (first + i as f64) * step).collect()
}

/// Widens `low..=high` to full steps, without going past the limits of the scale unless the values
/// themselves do. Gives the range and the step.
pub(super) fn nice_range(low: f64, high: f64, limits: (Option<f64>, Option<f64>), parts: f64) -> ((f64, f64), f64) {
    // A scale that has a least value is shown from there: the eye compares heights.
    let low = limits.0.map_or(low, |least| least.min(low));
    // What differs by rounding alone is one value: no label tells its ends apart.
    let is_one = high - low <= 1e-12 * low.abs().max(high.abs());
    let (low, high) = if is_one { spread(low, limits) } else { (low, high) };
    let step = step(high - low, parts);
    // A multiple of 0.1 is not always the number that was printed: the range holds both.
    let down = limits.0.map_or(((low / step + 1e-9).floor() * step).min(low), |_| low);
    let up = ((high / step - 1e-9).ceil() * step).max(high);
    let up = limits.1.map_or(up, |most| up.min(most.max(high)));
    ((down, up), step)
}

/// A range around a single value.
fn spread(value: f64, limits: (Option<f64>, Option<f64>)) -> (f64, f64) {
    let half = if value == 0.0 { 1.0 } else { value.abs() / 2.0 };
    match limits {
        (Some(least), _) if least >= value => (value, value + 2.0 * half),
        (_, Some(most)) if most <= value => (value - 2.0 * half, value),
        _ => (value - half, value + half),
    }
}

/// The median, of an even count the greater of both in the middle: fewer than half of the values, wherever they lie,
/// cannot move it beyond the others.
pub(super) fn upper_median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// How close together the ticks of a logarithmic axis stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Density {
    /// At 1, 2 and 5 times each power of ten.
    OneTwoFive,
    /// At every so many powers of ten; 1 is always among them.
    Powers(u32),
}

impl Density {
    /// The next sparser one.
    pub fn sparser(self) -> Self {
        match self {
            Density::OneTwoFive => Density::Powers(1),
            Density::Powers(every) => Density::Powers(every + 1),
        }
    }
}

/// Ticks of a logarithmic axis from `low` to `high`.
pub(super) fn log_ticks(low: f64, high: f64, density: Density) -> Vec<f64> {
    let (leads, every): (&[f64], i32) = match density {
        Density::OneTwoFive => (&[1.0, 2.0, 5.0], 1),
        Density::Powers(every) => (&[1.0], every.clamp(1, 600) as i32),
    };
    let first = low.log10().floor().max(-300.0) as i32;
    let last = high.log10().ceil().min(300.0) as i32;
    (first..=last)
        .filter(|power| power % every == 0)
        .flat_map(|power| leads.iter().map(move |lead| lead * 10_f64.powi(power)))
        .filter(|tick| *tick >= low * (1.0 - 1e-9) && *tick <= high * (1.0 + 1e-9))
        .collect()
}

/// The nearest 1, 2 or 5 times a power of ten at or below `value` (above zero).
pub(super) fn log_floor(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let lead = [5.0, 2.0, 1.0].into_iter().find(|lead| lead * power <= value * (1.0 + 1e-9));
    (lead.unwrap_or(1.0) * power).min(value)
}

/// The nearest 1, 2 or 5 times a power of ten at or above `value` (above zero).
pub(super) fn log_ceil(value: f64) -> f64 {
    (1.0 / log_floor(1.0 / value)).max(value)
}

/// Decimals that a multiple of `step` needs.
pub(super) fn decimals(step: f64) -> usize {
    (0..=300)
        .find(|&d| {
            let scaled = step * 10_f64.powi(d);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        })
        .map_or(12, |d| d as usize)
}

/// From here on a number has a power of ten instead of zeros.
const LARGE: f64 = 1e7;
/// The most decimals of a number that is written without a power of ten though it is near 0.
const MOST_DECIMALS: usize = 5;

/// A number with the given decimals and a true minus sign; `signed` also writes a plus.
pub(super) fn number(value: f64, decimals: usize, signed: bool) -> String {
    let magnitude = value.abs();
    let power = magnitude.log10().floor();
    let text = if magnitude >= LARGE && magnitude.is_finite() {
        // As many digits as the number has, which is a multiple of a round step.
        let digits = (1..=15).find(|digits| {
            let unit = 10_f64.powf(power + 1.0 - f64::from(*digits));
            ((magnitude / unit).round() * unit - magnitude).abs() <= 1e-9 * magnitude
        });
        scientific(value, digits.map_or(15, |digits| digits as usize))
    } else if decimals > MOST_DECIMALS && magnitude == 0.0 {
        "0".to_owned()
    } else if decimals > MOST_DECIMALS && magnitude < 1e-4 && decimals as f64 + power >= 0.0 {
        scientific(value, (decimals as f64 + power) as usize + 1)
    } else {
        fixed(value, decimals)
    };
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if signed && value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_1_2_5() {
        assert_eq!(step(5.0, 6.0), 1.0);
        assert_eq!(step(8.0, 5.0), 2.0);
        assert_eq!(step(48.0, 6.0), 10.0);
        assert!((step(0.5, 6.0) - 0.1).abs() < 1e-15);
        assert!((step(0.0031, 6.0) - 0.001).abs() < 1e-15);
    }

    #[test]
    fn ranges_respect_the_scale() {
        assert_eq!(nice_range(0.4, 4.0, (Some(0.0), None), 6.0), ((0.0, 4.0), 1.0));
        assert_eq!(nice_range(2.1, 9.4, (Some(0.0), Some(10.0)), 6.0), ((0.0, 10.0), 2.0));
        assert_eq!(nice_range(20.0, 47.0, (Some(0.0), Some(48.0)), 6.0), ((0.0, 48.0), 10.0));
        let ((low, high), _) = nice_range(-7.2, -3.1, (None, None), 6.0);
        assert!(low <= -7.2 && high >= -3.1);
    }

    #[test]
    fn a_single_value_gets_room() {
        assert_eq!(nice_range(0.0, 0.0, (Some(0.0), None), 6.0).0, (0.0, 2.0));
        let ((low, high), _) = nice_range(5.0, 5.0, (None, None), 6.0);
        assert!(low < 5.0 && 5.0 < high);
        let ((low, high), _) = nice_range(10.0, 10.0, (None, Some(10.0)), 6.0);
        assert!(low < 10.0 && high == 10.0);
    }

    #[test]
    fn ticks_hit_both_ends() {
        assert_eq!(ticks(-2.0, 2.0, 1.0), [-2.0, -1.0, 0.0, 1.0, 2.0]);
        assert_eq!(ticks(0.3, 0.9, 1.0), [0.0; 0]);
        assert_eq!(ticks(0.0, 0.5, 0.1).len(), 6);
    }

    #[test]
    fn log_axes_have_ticks_below_one() {
        let labels: Vec<String> = log_ticks(0.1, 5.0, Density::OneTwoFive)
            .into_iter()
            .map(|tick| number(tick, decimals(tick), false))
            .collect();
        assert_eq!(labels, ["0.1", "0.2", "0.5", "1", "2", "5"]);
        assert_eq!(log_ticks(0.001, 1000.0, Density::Powers(1)).len(), 7);
        assert_eq!(log_ticks(0.001, 1000.0, Density::Powers(2)), [0.01, 1.0, 100.0]);
    }

    #[test]
    fn log_ends_are_round() {
        for (value, below, above) in [(0.03, 0.02, 0.05), (0.2, 0.2, 0.2), (7.0, 5.0, 10.0)] {
            assert!((log_floor(value) - below).abs() < 1e-12, "{value}");
            assert!((log_ceil(value) - above).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn numbers_have_a_true_minus_and_no_minus_zero() {
        assert_eq!(number(-2.5, 1, false), "−2.5");
        assert_eq!(number(-0.0, 0, true), "0");
        assert_eq!(number(-0.04, 1, false), "0.0");
        assert_eq!(number(1.0, 0, true), "+1");
        assert_eq!((decimals(0.5), decimals(2.0), decimals(0.25)), (1, 0, 2));
        let texts =
            [(2e-9, 9), (-1.5e-8, 9), (0.0, 9), (1.2e7, 0), (-5e6, 0)].map(|(value, d)| number(value, d, false));
        assert_eq!(texts, ["2e−9", "−1.5e−8", "0", "1.2e7", "−5000000"]);
    }

    #[test]
    fn log_scale_puts_one_halfway_between_reciprocals() {
        let scale = Scale::log((0.1, 10.0), (0.0, 200.0));
        assert!((scale.at(1.0) - 100.0).abs() < 1e-9);
    }
}
