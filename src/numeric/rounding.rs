//! Which numbers print as a given one.

use crate::diagnostic::Refused;

use super::decimal::Decimal;
use super::interval::Interval;
use std::fmt;
use std::str::FromStr;

/// How the number behind a printed one may have been rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rounding {
    /// To nearest; a half may have gone either way. The default, since releases do not say.
    #[default]
    UpOrDown,
    /// To nearest, halves away from zero (spreadsheets, SAS).
    HalfAway,
    /// To nearest, halves downwards, towards −∞: 2.5 prints as 2, and −2.5 as −3.
    HalfDown,
    /// To nearest, halves to the even digit (IEEE 754).
    HalfEven,
    /// Downwards.
    Floor,
    /// Upwards.
    Ceil,
}

impl Rounding {
    /// Every convention with its name on the command line.
    pub const ALL: [(&'static str, Self); 6] = [
        ("up-or-down", Self::UpOrDown),
        ("half-away", Self::HalfAway),
        ("half-down", Self::HalfDown),
        ("half-even", Self::HalfEven),
        ("floor", Self::Floor),
        ("ceil", Self::Ceil),
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, rounding)| *rounding == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rounding {
    type Err = Refused;

    fn from_str(name: &str) -> Result<Self, Refused> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, rounding)| *rounding).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("`{name}` is no rounding convention; one of {} was expected", names.join(", ")).into()
        })
    }
}

/// The numbers that print as a given one: an interval whose ends may or may not belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundingInterval {
    /// The lower end.
    pub lower: Decimal,
    /// The upper end.
    pub upper: Decimal,
    /// Whether the lower end itself prints so.
    pub lower_included: bool,
    /// Whether the upper end itself prints so.
    pub upper_included: bool,
}

impl RoundingInterval {
    /// The numbers that print as `value` when rounded to multiples of `unit`.
    ///
    /// Source: the sets for each convention follow from its definition; the table is in
    /// Brown & Heathers (2017), Soc Psychol Personal Sci 8:363, for halves either way.
    ///
    /// ```
    /// use reffect::numeric::{decimal::Decimal, rounding::{Rounding, RoundingInterval}};
    ///
    /// let printed = Decimal::new(29, -1);
    /// let behind = RoundingInterval::of(printed, printed.unit(), Rounding::UpOrDown);
    /// assert_eq!(behind.lower.to_string(), "2.85");
    /// assert_eq!(behind.upper.to_string(), "2.95");
    /// assert!(behind.contains(Decimal::new(295, -2)));
    /// ```
    pub fn of(value: Decimal, unit: Decimal, rounding: Rounding) -> Self {
        let half = unit.half();
        let nearest = |lower_included, upper_included| Self {
            lower: value.minus(half),
            upper: value.plus(half),
            lower_included,
            upper_included,
        };
        match rounding {
            Rounding::UpOrDown => nearest(true, true),
            Rounding::HalfAway => nearest(value.signum() > 0, value.signum() < 0),
            Rounding::HalfDown => nearest(false, true),
            Rounding::HalfEven => {
                let even = value.is_multiple_of(unit.plus(unit));
                nearest(even, even)
            }
            Rounding::Floor => {
                Self { lower: value, upper: value.plus(unit), lower_included: true, upper_included: false }
            }
            Rounding::Ceil => {
                Self { lower: value.minus(unit), upper: value, lower_included: false, upper_included: true }
            }
        }
    }

    /// Whether the number prints as the given one.
    pub fn contains(&self, value: Decimal) -> bool {
        let above = if self.lower_included { value >= self.lower } else { value > self.lower };
        let below = if self.upper_included { value <= self.upper } else { value < self.upper };
        above && below
    }

    /// The same interval divided by 100: the shares behind a percentage.
    pub fn hundredth(self) -> Self {
        let divided = |end: Decimal| Decimal::new(end.mantissa(), end.exponent() - 2);
        Self { lower: divided(self.lower), upper: divided(self.upper), ..self }
    }

    /// The closed interval in double precision, for arithmetic with it.
    pub fn to_interval(&self) -> Interval {
        Interval { lower: self.lower.to_f64(), upper: self.upper.to_f64() }
    }
}

/// A number and all the numbers that print as it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounded {
    /// The number as printed.
    pub value: f64,
    /// The numbers behind it.
    pub range: Interval,
}

impl Rounded {
    /// A number that was not rounded.
    pub const fn exact(value: f64) -> Self {
        Self { value, range: Interval::point(value) }
    }

    /// The number multiplied by a constant.
    pub fn scaled(self, factor: f64) -> Self {
        Self { value: self.value * factor, range: self.range.scaled(factor) }
    }

    /// The number without its sign.
    pub fn abs(self) -> Self {
        Self { value: self.value.abs(), range: self.range.abs() }
    }

    /// The number less another.
    pub fn minus(self, other: Self) -> Self {
        Self { value: self.value - other.value, range: self.range.minus(other.range) }
    }

    /// The number and the part of its range that is not negative.
    pub fn not_negative(self) -> Self {
        Self { range: Interval { lower: self.range.lower.max(0.0), ..self.range }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints_as(value: Decimal, printed: Decimal, rounding: Rounding) -> bool {
        RoundingInterval::of(printed, printed.unit(), rounding).contains(value)
    }

    /// Every multiple of 0.01 near a printed number prints as exactly those numbers of one decimal
    /// that the convention names: one of them, or two for a half that may go either way.
    #[test]
    fn every_number_prints_as_one_number() {
        for (_, rounding) in Rounding::ALL {
            for hundredths in -250..=250 {
                let value = Decimal::new(hundredths, -2);
                let printed: Vec<i128> =
                    (-27..=27).filter(|&tenths| prints_as(value, Decimal::new(tenths, -1), rounding)).collect();
                let is_half = hundredths.rem_euclid(10) == 5;
                let expected = if rounding == Rounding::UpOrDown && is_half { 2 } else { 1 };
                assert_eq!(printed.len(), expected, "{rounding}: {value} prints as {printed:?} tenths");
            }
        }
    }

    #[test]
    fn halves_go_where_the_convention_says() {
        let half = Decimal::new(245, -2);
        for (rounding, up, down) in [
            (Rounding::UpOrDown, true, true),
            (Rounding::HalfAway, true, false),
            (Rounding::HalfDown, false, true),
            (Rounding::HalfEven, false, true),
            (Rounding::Floor, false, true),
            (Rounding::Ceil, true, false),
        ] {
            assert_eq!(prints_as(half, Decimal::new(25, -1), rounding), up, "{rounding} up");
            assert_eq!(prints_as(half, Decimal::new(24, -1), rounding), down, "{rounding} down");
        }
        assert!(prints_as(Decimal::new(-245, -2), Decimal::new(-25, -1), Rounding::HalfAway));
        assert!(!prints_as(Decimal::new(5, -2), Decimal::new(0, -1), Rounding::HalfAway));
        // Downwards is towards −∞ on both sides of 0.
        assert!(prints_as(Decimal::new(-25, -1), Decimal::new(-3, 0), Rounding::HalfDown));
        assert!(!prints_as(Decimal::new(-25, -1), Decimal::new(-2, 0), Rounding::HalfDown));
    }

    #[test]
    fn names_round_trip() {
        for (name, rounding) in Rounding::ALL {
            assert_eq!(name.parse::<Rounding>().unwrap(), rounding);
            assert_eq!(rounding.to_string(), name);
        }
        assert!("nearest".parse::<Rounding>().unwrap_err().reason().contains("up-or-down"));
    }
}
