//! Numbers as printed: the only place that reads them.
//!
//! A [`Numeral`] is one number with its text, its exact value and the unit of its last digit. An
//! [`Expression`] is what stands in one cell of a table: a number, `2.9 ± 1.1`, `1.5 (0–5)` or
//! `5/7`. A [`Comparison`] is `p < 0.005`.

mod comparison;
mod expression;
mod fold;
mod kanji;
mod middle_dot;
mod parse;
mod prints;
mod units;
mod words;

pub use comparison::{Comparison, Relation};
pub use expression::{Expression, SpreadName, count_and_percent, interval_ends};
pub use fold::{fold, fold_all, fold_char, is_minus_behind};
pub(crate) use kanji::is_of_kanji_number;
pub(crate) use middle_dot::is_middle_dot;
pub(crate) use parse::{divides_thousands, magnitude_ahead};
pub use words::number_in_words;

use super::decimal::Decimal;
use super::rounding::{Rounded, Rounding, RoundingInterval};
use crate::diagnostic::{inert, shortened};
use std::fmt;
use std::str::FromStr;

/// A number as it was printed.
///
/// ```
/// use reffect::numeric::numeral::{Numeral, Qualifier};
///
/// let numeral: Numeral = "２．９０".parse()?;
/// assert_eq!(numeral.value(), 2.9);
/// assert_eq!(numeral.decimal().decimals(), 2);
/// assert_eq!(numeral.to_string(), "２．９０");
///
/// let lines: Numeral = "70例以上".parse()?;
/// assert_eq!((lines.value(), lines.qualifier()), (70.0, Qualifier::AtLeast));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numeral {
    text: String,
    decimal: Decimal,
    unit: Decimal,
    qualifier: Qualifier,
    percent: bool,
}

/// What a text says of the number beside its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// The number stands alone.
    Exact,
    /// `約4000`, `about 4000`: near this number, and how near is not said.
    About,
    /// `70例以上`, `≥ 70`: this number or more.
    AtLeast,
    /// `70超`, `> 70`: more than this number.
    MoreThan,
    /// `70以下`, `≤ 70`: this number or less.
    AtMost,
    /// `70未満`, `< 70`: less than this number.
    LessThan,
}

/// Which numbers a numeral allows: an end that is missing is open to infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowed {
    /// The smallest number that it allows.
    pub lower: Option<Decimal>,
    /// The largest number that it allows.
    pub upper: Option<Decimal>,
}

impl Numeral {
    /// The text, exactly as it was printed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The exact value of the digits. A percentage keeps its number: 85.7 for `85.7%`.
    pub fn decimal(&self) -> Decimal {
        self.decimal
    }

    /// The value of the digits as a double.
    pub fn value(&self) -> f64 {
        self.decimal.to_f64()
    }

    /// What it was rounded to: a unit of the last printed digit unless [`Numeral::rounded_to`]
    /// said otherwise.
    pub fn unit(&self) -> Decimal {
        self.unit
    }

    /// Whether it is a whole number that was rounded to nothing more than one: of people, and not of thousands.
    ///
    /// ```
    /// use reffect::numeric::numeral::Numeral;
    ///
    /// let is_whole = |text: &str| text.parse::<Numeral>().map(|number| number.is_whole());
    /// assert_eq!([is_whole("1500")?, is_whole("5万")?, is_whole("7.0")?], [true, false, false]);
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn is_whole(&self) -> bool {
        self.unit == Decimal::from_integer(1)
    }

    /// Whether a per cent sign follows.
    pub fn is_percent(&self) -> bool {
        self.percent
    }

    /// "About", "at least" and their like.
    pub fn qualifier(&self) -> Qualifier {
        self.qualifier
    }

    /// The number itself, unless the text says that it is a bound or an approximation: neither has a
    /// value that could be computed with.
    ///
    /// # Errors
    /// What the text says.
    pub fn exact(&self) -> Result<&Self, NumeralError> {
        let problem = match self.qualifier {
            Qualifier::Exact => return Ok(self),
            Qualifier::About => "is said to be approximate, and nothing says how near it is",
            _ => "is a bound and no value",
        };
        Err(NumeralError::new(&self.text, problem).hint("only a number that stands alone can be computed with"))
    }

    /// The count that this is: a whole number, not below 0, with no "about" or "at least" and no per cent
    /// sign.
    pub fn count(&self) -> Option<u64> {
        let is_plain = self.qualifier == Qualifier::Exact && !self.percent;
        self.decimal.to_integer().filter(|_| is_plain).and_then(|count| u64::try_from(count).ok())
    }

    /// The same number, marked as rounded to a multiple of `unit`: `1500` rounded to 100 stands
    /// for 1450 to 1550. None where the unit is not positive or the number is no multiple of it.
    ///
    /// ```
    /// use reffect::numeric::{decimal::Decimal, numeral::Numeral, rounding::Rounding};
    ///
    /// let arrays: Numeral = "1500".parse()?;
    /// let marked = arrays.rounded_to(Decimal::from_integer(100)).expect("1500 is a multiple of 100");
    /// assert_eq!(marked.rounding_interval(Rounding::UpOrDown).lower, Decimal::from_integer(1450));
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn rounded_to(&self, unit: Decimal) -> Option<Self> {
        let fits = unit.signum() > 0 && self.decimal.is_multiple_of(unit);
        fits.then(|| Self { unit, ..self.clone() })
    }

    /// What nearly every field of a table is, read without a look at what else it could be.
    fn plain(text: &str) -> Option<Self> {
        let text = text.trim();
        let Plain { is_negative, digits, decimals } = plain_digits(text.as_bytes())?;
        let mantissa = if is_negative { -i128::from(digits) } else { i128::from(digits) };
        let decimal = Decimal::new(mantissa, -i32::try_from(decimals).ok()?);
        let (unit, qualifier) = (decimal.unit(), Qualifier::Exact);
        Some(Self { text: text.to_owned(), decimal, unit, qualifier, percent: false })
    }

    /// A number so near to 0 that nothing but a probability is printed so: `4.7e-78`. Its decimal is exact, and is to
    /// be held against no other decimal.
    fn far_below_one(text: &str) -> Option<Self> {
        /// What a double still holds with all its digits.
        const LEAST: i32 = -300;
        let folded = fold(text.trim());
        let (mantissa, power) = match folded.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.to_owned()),
            None => {
                let at = folded.find(['×', 'x', 'X', '✕', '*'])?;
                (folded[..at].trim_end(), parse::behind_ten(&folded[at..])?)
            }
        };
        let (mantissa, power) = (Self::plain(mantissa)?, power.trim().parse::<i32>().ok()?);
        let exponent = mantissa.decimal.exponent().checked_add(power)?;
        if !(LEAST..0).contains(&exponent) {
            return None;
        }
        let decimal = Decimal::new(mantissa.decimal.mantissa(), exponent);
        Some(Self { text: text.trim().to_owned(), decimal, unit: decimal.unit(), ..mantissa })
    }

    /// The numbers that print as this one.
    pub fn rounding_interval(&self, rounding: Rounding) -> RoundingInterval {
        RoundingInterval::of(self.decimal, self.unit, rounding)
    }

    /// The value with the numbers that print as this one, in double precision.
    pub fn rounded(&self, rounding: Rounding) -> Rounded {
        Rounded { value: self.value(), range: self.rounding_interval(rounding).to_interval() }
    }

    /// The numbers that the text allows. "About" allows none that could be named, since nothing
    /// says how near it is.
    pub fn allowed(&self, rounding: Rounding) -> Option<Allowed> {
        let printed = self.rounding_interval(rounding);
        match self.qualifier {
            Qualifier::Exact => Some(Allowed { lower: Some(printed.lower), upper: Some(printed.upper) }),
            Qualifier::About => None,
            Qualifier::AtLeast | Qualifier::MoreThan => Some(Allowed { lower: Some(self.decimal), upper: None }),
            Qualifier::AtMost | Qualifier::LessThan => Some(Allowed { lower: None, upper: Some(self.decimal) }),
        }
    }
}

/// Writes the text as it was printed.
impl fmt::Display for Numeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Numeral {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        Self::plain(text).map_or_else(|| parse::numeral(text), Ok)
    }
}

/// The double that a plain number of a table stands for: `-0.5`, `12`, `1e-3`; none for every other
/// text, which [`Numeral`] may still know how to read, and for what no double can hold.
///
/// ```
/// use reffect::numeric::numeral::plain_number;
/// assert_eq!(plain_number("-1.5e-3"), Some(-0.0015));
/// assert_eq!(plain_number("inf"), None);
/// assert_eq!(plain_number("1e999"), None);
/// assert_eq!([plain_number("1e-999"), plain_number("0e5")], [None, Some(0.0)]);
/// ```
pub fn plain_number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let value = text.parse::<f64>().ok().filter(|value| is_plain && value.is_finite())?;
    // A number so close to 0 that a double cannot tell them apart is not 0.
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    (value != 0.0 || !mantissa.contains(|c: char| matches!(c, '1'..='9'))).then_some(value)
}

/// The double nearest to a number in its plainest form, digits with or without a sign and a point,
/// as nearly every field of a table has; none for every other text.
///
/// Up to 15 digits and 10²² are doubles themselves, so that one division rounds once, to the
/// nearest (Clinger 1990, How to read floating point numbers accurately).
///
/// ```
/// use reffect::numeric::numeral::plain_decimal;
/// assert_eq!(plain_decimal(b"-12.75"), Some(-12.75));
/// assert_eq!([plain_decimal(b""), plain_decimal(b"."), plain_decimal(b"1e3"), plain_decimal(b" 1")], [None; 4]);
/// ```
pub fn plain_decimal(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let Plain { is_negative, digits, decimals } = plain_digits(text)?;
    // At most 15 decimals, as there are at most 15 digits.
    let value = digits as f64 / POWERS[decimals];
    Some(if is_negative { -value } else { value })
}

/// A number in its plainest form: its digits as an integer, and how many of them stand behind the point.
struct Plain {
    is_negative: bool,
    digits: u64,
    decimals: usize,
}

/// At most 15 digits with or without a sign and a point.
fn plain_digits(text: &[u8]) -> Option<Plain> {
    let (is_negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if text.len() > 16 {
        return None;
    }
    let (mut digits, mut count, mut decimals) = (0u64, 0, None);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                digits = 10 * digits + u64::from(byte - b'0');
                count += 1;
                decimals = decimals.map(|decimals| decimals + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    (1..=15).contains(&count).then_some(Plain { is_negative, digits, decimals: decimals.unwrap_or(0) })
}

/// A text that is no number, or not the kind of number that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` {problem}")]
pub struct NumeralError {
    /// The text.
    pub text: String,
    /// What is wrong with it, as the end of a sentence that begins with the text.
    pub problem: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Of a longer text the beginning is shown.
const LONGEST_SHOWN: usize = 60;

impl NumeralError {
    pub(super) fn new(text: &str, problem: impl Into<String>) -> Self {
        Self { text: inert(&shortened(text.trim(), LONGEST_SHOWN)).into_owned(), problem: problem.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
