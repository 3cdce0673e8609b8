//! Exact decimal numbers: an integer times a power of ten.
//!
//! A printed number is a decimal, and so are the ends of the interval that rounds to it. Keeping
//! them exact means that no verdict on a printed digit ever hangs on a binary fraction.

use std::cmp::Ordering;
use std::fmt;

/// The exact value `mantissa × 10^exponent`.
///
/// Two decimals of the same value may differ in exponent (`2.9` and `2.90`): they compare as
/// equal, and each remembers how many digits it was written with.
///
/// ```
/// use reffect::numeric::decimal::Decimal;
///
/// let printed = Decimal::new(290, -2);
/// assert_eq!(printed.to_string(), "2.90");
/// assert_eq!(printed, Decimal::new(29, -1));
/// assert_eq!(printed.to_f64(), 2.9);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

/// The most digits that a decimal holds. Sums and halves of such numbers stay inside `i128`.
pub const MAX_DIGITS: usize = 28;

/// Exponents beyond this are no printed numbers; the bound keeps alignment of exponents cheap.
pub const MAX_EXPONENT: i32 = 30;

impl Decimal {
    /// The number `mantissa × 10^exponent`.
    pub const fn new(mantissa: i128, exponent: i32) -> Self {
        Self { mantissa, exponent }
    }

    /// A whole number.
    pub const fn from_integer(value: i64) -> Self {
        Self::new(value as i128, 0)
    }

    /// The digits as an integer, with sign: 290 for `2.90`.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// The power of ten of the last digit: −2 for `2.90`, 4 for `5万`.
    pub const fn exponent(self) -> i32 {
        self.exponent
    }

    /// How many digits stand behind the decimal point: 2 for `2.90`, 0 for `2,080`.
    pub fn decimals(self) -> u32 {
        if self.exponent < 0 { self.exponent.unsigned_abs() } else { 0 }
    }

    /// The value of one unit of the last digit: 0.01 for `2.90`.
    pub const fn unit(self) -> Self {
        Self::new(1, self.exponent)
    }

    /// Half of the number, exactly.
    pub const fn half(self) -> Self {
        Self::new(self.mantissa.saturating_mul(5), self.exponent.saturating_sub(1))
    }

    /// The number with its sign turned.
    pub const fn negated(self) -> Self {
        Self::new(self.mantissa.saturating_neg(), self.exponent)
    }

    /// The number without its sign.
    pub const fn abs(self) -> Self {
        Self::new(self.mantissa.saturating_abs(), self.exponent)
    }

    /// −1, 0 or 1.
    pub const fn signum(self) -> i128 {
        self.mantissa.signum()
    }

    /// The exact sum. The exponents of printed numbers lie close together, so that the aligned
    /// mantissas fit; where they would not, the sum saturates.
    pub fn plus(self, other: Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let sum = self.aligned(exponent).saturating_add(other.aligned(exponent));
        Self::new(sum, exponent)
    }

    /// The exact difference `self − other`.
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    /// Whether the number is a whole multiple of `step`. Nothing is a multiple of zero but zero.
    pub fn is_multiple_of(self, step: Self) -> bool {
        let exponent = self.exponent.min(step.exponent);
        match step.aligned(exponent) {
            0 => self.mantissa == 0,
            step => self.aligned(exponent) % step == 0,
        }
    }

    /// The exact square; none where it has more digits than an `i128` holds.
    pub fn squared(self) -> Option<Self> {
        Some(Self::new(self.mantissa.checked_mul(self.mantissa)?, self.exponent.checked_mul(2)?))
    }

    /// The smallest whole number that is at least `self × factor`, or above it where the end itself
    /// does not count; none where the product is too large. The factor is positive.
    ///
    /// ```
    /// use reffect::numeric::decimal::Decimal;
    /// // Seven people with a mean of at least 2.85 have a total of at least 20.
    /// assert_eq!(Decimal::new(285, -2).least_integer(7, true), Some(20));
    /// assert_eq!(Decimal::new(25, -1).least_integer(2, true), Some(5));
    /// assert_eq!(Decimal::new(25, -1).least_integer(2, false), Some(6));
    /// ```
    pub fn least_integer(self, factor: i128, included: bool) -> Option<i128> {
        let (product, scale) = self.product(factor)?;
        let floor = product.div_euclid(scale);
        let is_whole = product.rem_euclid(scale) == 0;
        Some(if is_whole && included { floor } else { floor + 1 })
    }

    /// The largest whole number that is at most `self × factor`, or below it where the end itself
    /// does not count; none where the product is too large. The factor is positive.
    pub fn greatest_integer(self, factor: i128, included: bool) -> Option<i128> {
        self.negated().least_integer(factor, included).map(|negated| -negated)
    }

    /// `self × factor` as a quotient of two whole numbers.
    fn product(self, factor: i128) -> Option<(i128, i128)> {
        let power = 10i128.checked_pow(self.exponent.unsigned_abs())?;
        let product = self.mantissa.checked_mul(factor)?;
        if self.exponent >= 0 { Some((product.checked_mul(power)?, 1)) } else { Some((product, power)) }
    }

    /// The whole number that this is, if it is one and an `i128` holds it.
    pub fn to_integer(self) -> Option<i128> {
        let power = 10i128.checked_pow(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            return if self.mantissa == 0 { Some(0) } else { self.mantissa.checked_mul(power?) };
        }
        // A power beyond every mantissa divides none but 0.
        let Some(scale) = power else { return (self.mantissa == 0).then_some(0) };
        (self.mantissa % scale == 0).then_some(self.mantissa / scale)
    }

    /// The decimal of the first 15 significant digits of a double, which are what it holds for certain, as far as they
    /// stand before the 38th decimal; none where it is no number. What is larger than any printed number counts as the
    /// largest.
    ///
    /// ```
    /// use reffect::numeric::decimal::Decimal;
    /// assert_eq!(Decimal::of_f64(0.1 + 0.2), Some(Decimal::new(3, -1)));
    /// assert_eq!(Decimal::of_f64(1.684e-20), Some(Decimal::new(1684, -23)));
    /// assert_eq!(Decimal::of_f64(f64::NAN), None);
    /// ```
    pub fn of_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        /// Decimals with more places than these cannot be compared with numbers of some size.
        const LAST_PLACE: i32 = 38;
        let size = value.abs().log10().floor();
        if size <= -f64::from(LAST_PLACE) {
            return Some(Self::new(0, 0));
        }
        let digits = (LAST_PLACE + size as i32).clamp(0, 14);
        let text = format!("{:.*e}", digits as usize, value.clamp(-1e24, 1e24));
        let (mantissa, exponent) = text.split_once('e')?;
        Some(Self::new(mantissa.replace('.', "").parse().ok()?, exponent.parse::<i32>().ok()? - digits))
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        // Parsing decimal text is correctly rounded, which dividing two doubles is not.
        let text = format!("{}e{}", self.mantissa, self.exponent);
        text.parse().unwrap_or(f64::NAN)
    }

    fn aligned(self, exponent: i32) -> i128 {
        let shift = self.exponent.saturating_sub(exponent).unsigned_abs();
        self.mantissa.saturating_mul(power_of_ten(shift))
    }
}

fn power_of_ten(exponent: u32) -> i128 {
    10i128.checked_pow(exponent).unwrap_or(i128::MAX)
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let exponent = self.exponent.min(other.exponent);
        self.aligned(exponent).cmp(&other.aligned(exponent))
    }
}

/// Writes plain digits with an ASCII minus, which every reader of numbers takes.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        if self.exponent >= 0 {
            let zeros = if self.mantissa == 0 { 0 } else { self.exponent as usize };
            return write!(f, "{sign}{digits}{}", "0".repeat(zeros));
        }
        let decimals = self.exponent.unsigned_abs() as usize;
        let padded = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = padded.split_at(padded.len() - decimals);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_digits_it_was_written_with() {
        for (mantissa, exponent, text) in
            [(290, -2, "2.90"), (-4, -1, "-0.4"), (5, 4, "50000"), (0, -1, "0.0"), (0, 4, "0"), (7, -3, "0.007")]
        {
            assert_eq!(Decimal::new(mantissa, exponent).to_string(), text);
        }
    }

    #[test]
    fn arithmetic_is_exact_where_doubles_are_not() {
        let sum = Decimal::new(1, -1).plus(Decimal::new(2, -1));
        assert_eq!(sum, Decimal::new(3, -1));
        assert_ne!(0.1 + 0.2, 0.3);
        assert_eq!(Decimal::new(29, -1).minus(Decimal::new(29, -1).unit().half()), Decimal::new(285, -2));
    }

    #[test]
    fn multiples_of_a_half_step() {
        let half = Decimal::new(5, -1);
        assert!(Decimal::new(65, -1).is_multiple_of(half));
        assert!(!Decimal::new(64, -1).is_multiple_of(half));
        assert!(Decimal::new(5, 4).is_multiple_of(Decimal::from_integer(1)));
        assert!(!Decimal::from_integer(1).is_multiple_of(Decimal::from_integer(0)));
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(Decimal::new(70, -1).to_integer(), Some(7));
        assert_eq!(Decimal::new(5, 4).to_integer(), Some(50_000));
        assert_eq!(Decimal::new(75, -1).to_integer(), None);
    }
}
