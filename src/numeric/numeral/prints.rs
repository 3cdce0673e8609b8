//! Whether a computed value prints as a given number.

use super::{Comparison, Numeral, Qualifier, Relation};
use crate::numeric::decimal::Decimal;
use crate::numeric::rounding::{Rounding, RoundingInterval};

impl Numeral {
    /// By how much a computed value misses the numbers that print as this one: nothing where it prints
    /// so. `85.7%` stands for the share 0.857. An infinite or undefined value misses by infinity.
    ///
    /// The value counts as the decimal of its first 15 significant digits, which is what a double
    /// holds for certain; that decimal is then compared exactly. So 0.1 + 0.2 prints as `0.3`, and 2.45
    /// is the half that a convention rounds up or down.
    ///
    /// ```
    /// use reffect::numeric::{numeral::Numeral, rounding::Rounding};
    ///
    /// let printed: Numeral = "2.05".parse()?;
    /// assert_eq!(printed.miss(2.0541, Rounding::UpOrDown), None);
    /// assert!(printed.miss(2.0551, Rounding::UpOrDown).is_some_and(|miss| (miss - 1e-4).abs() < 1e-12));
    /// assert_eq!("0.3".parse::<Numeral>()?.miss(0.1 + 0.2, Rounding::HalfEven), None);
    /// assert_eq!("2.5".parse::<Numeral>()?.miss(2.45, Rounding::HalfAway), None);
    /// assert_eq!("2.5".parse::<Numeral>()?.miss(2.45, Rounding::HalfEven), Some(0.0));
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn miss(&self, value: f64, rounding: Rounding) -> Option<f64> {
        let Some(decimal) = Decimal::of_f64(value) else { return Some(f64::INFINITY) };
        let printed = self.printed_range(rounding);
        let bound = self.scaled(self.decimal);
        let holds = match self.qualifier {
            Qualifier::Exact | Qualifier::About => printed.contains(decimal),
            Qualifier::AtLeast => decimal >= bound,
            Qualifier::MoreThan => decimal > bound,
            Qualifier::AtMost => decimal <= bound,
            Qualifier::LessThan => decimal < bound,
        };
        if holds {
            return None;
        }
        let nearest = match self.qualifier {
            Qualifier::Exact | Qualifier::About if decimal < printed.lower => printed.lower,
            Qualifier::Exact | Qualifier::About if decimal > printed.upper => printed.upper,
            Qualifier::Exact | Qualifier::About => decimal,
            _ => bound,
        };
        Some(decimal.minus(nearest).abs().to_f64())
    }

    /// The numbers that print as this one; those behind a percentage are shares.
    pub fn printed_range(&self, rounding: Rounding) -> RoundingInterval {
        let range = self.rounding_interval(rounding);
        if self.percent { range.hundredth() } else { range }
    }

    /// What stands behind a number of the same unit: that of a percentage is a share.
    pub(crate) fn scaled(&self, value: Decimal) -> Decimal {
        if self.percent { Decimal::new(value.mantissa(), value.exponent() - 2) } else { value }
    }
}

impl Comparison {
    /// Whether a computed probability is as this one says: `p = 0.013` is that of every p that prints so.
    ///
    /// ```
    /// use reffect::numeric::{numeral::Comparison, rounding::Rounding};
    /// assert!("p < 0.005".parse::<Comparison>()?.holds_for(0.0049, Rounding::UpOrDown));
    /// assert!(!"p < 0.005".parse::<Comparison>()?.holds_for(0.005, Rounding::UpOrDown));
    /// assert!("p = 0.013".parse::<Comparison>()?.holds_for(0.01312, Rounding::UpOrDown));
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn holds_for(&self, p: f64, rounding: Rounding) -> bool {
        let Some(decimal) = Decimal::of_f64(p) else { return false };
        let bound = self.bound.decimal();
        match self.relation {
            Relation::Less => decimal < bound,
            Relation::LessOrEqual => decimal <= bound,
            Relation::Equal => self.bound.miss(p, rounding).is_none(),
            Relation::GreaterOrEqual => decimal >= bound,
            Relation::Greater => decimal > bound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(printed: &str, value: f64, rounding: Rounding) -> bool {
        printed.parse::<Numeral>().unwrap().miss(value, rounding).is_none()
    }

    #[test]
    fn the_noise_of_doubles_decides_nothing() {
        for rounding in Rounding::ALL.map(|(_, rounding)| rounding) {
            assert!(holds("0.3", 0.1 + 0.2, rounding), "{rounding}");
            assert!(holds("−0.22", 0.25 - 0.47, rounding), "{rounding}");
            assert!(holds("0", 0.1 + 0.2 - 0.3 - 5.551115123125783e-17, rounding), "{rounding}");
        }
        assert!(holds("1.1", 1.15 - 1e-9, Rounding::HalfAway) && !holds("1.1", 1.15, Rounding::HalfAway));
        assert!(holds("1.2", 0.15 + 1.0, Rounding::HalfAway));
    }

    /// Against the decision by integers: k/1000 printed with two decimals.
    #[test]
    fn thousandths_print_as_integers_say() {
        for k in -250i64..=250 {
            let value = k as f64 / 1000.0;
            for hundredths in -25i64..=25 {
                let printed = Decimal::new(i128::from(hundredths), -2).to_string();
                let twice = 2 * k - 20 * hundredths;
                assert_eq!(holds(&printed, value, Rounding::UpOrDown), twice.abs() <= 10, "{k} {printed}");
                let away = if hundredths > 0 { (-10..10).contains(&twice) } else { twice > -10 && twice < 10 };
                if hundredths >= 0 {
                    assert_eq!(holds(&printed, value, Rounding::HalfAway), away, "{k} {printed}");
                }
            }
        }
    }

    #[test]
    fn shares_bounds_and_what_is_no_number() {
        assert!(holds("85.7%", 6.0 / 7.0, Rounding::UpOrDown) && !holds("85.7%", 85.7, Rounding::UpOrDown));
        assert!(holds("> 70", 71.0, Rounding::UpOrDown) && !holds("> 70", 70.0, Rounding::UpOrDown));
        assert!(holds("70例以上", 70.0, Rounding::UpOrDown) && !holds("70例以上", 69.9, Rounding::UpOrDown));
        let printed: Numeral = "2.0".parse().unwrap();
        assert_eq!(printed.miss(f64::NAN, Rounding::UpOrDown), Some(f64::INFINITY));
        assert_eq!(printed.miss(2.0 + 1e300, Rounding::UpOrDown).map(f64::is_finite), Some(true));
    }
}
