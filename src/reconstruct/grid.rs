//! The values that one person can have, as whole numbers of a common step.

use super::Unreconstructable;
use crate::diagnostic::Refused;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::reported::Scale;
use std::fmt;

/// More values than this in one scale are no scale that people are rated on.
const MOST_VALUES: i128 = 100_000;

/// Steps finer than this part of a unit are no scale that people are rated on.
const FINEST: i128 = 1_000_000;

/// The values that one person can have: whole numbers (*codes*) over a common denominator.
///
/// ```
/// use reffect::reconstruct::Grid;
/// use reffect::reported::Scale;
///
/// let edss = Grid::of_scale(&Scale::Edss)?;
/// assert_eq!(edss.denominator(), 2);
/// assert_eq!(edss.text(3), "1.5");
/// // The means of three items, each rated 1 to 7.
/// let means = Grid::items(3, 1, 7)?;
/// assert_eq!(means.text(11), "11/3");
/// # Ok::<(), reffect::reconstruct::Unreconstructable>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    denominator: i64,
    codes: Codes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Codes {
    /// These, in rising order.
    List(Vec<i64>),
    /// `origin + step·z` for whole numbers z, between limits where there are any.
    Lattice { origin: i64, step: i64, min: Option<i64>, max: Option<i64> },
}

/// An exact fraction, as a user writes a value: `2.5` or `11/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    pub(super) numerator: i64,
    pub(super) denominator: i64,
}

impl Fraction {
    /// `numerator` over `denominator`; none where that is not above 0.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// The numerator.
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator, above 0.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// Reads a decimal number or a fraction of two whole numbers.
    ///
    /// # Errors
    /// If the text is neither.
    pub fn read(text: &str) -> Result<Self, Refused> {
        let expected =
            || Refused::from(format!("`{}` is no value; a number such as 2.5 or 11/3 was expected", text.trim()));
        let whole = |part: &str| {
            let numeral = part.parse::<Numeral>().ok()?;
            numeral.exact().ok()?.decimal().to_integer().and_then(|whole| i64::try_from(whole).ok())
        };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let (numerator, denominator) =
                whole(numerator).zip(whole(denominator).filter(|d| *d > 0)).ok_or_else(expected)?;
            return Ok(Self { numerator, denominator });
        }
        let numeral = text.parse::<Numeral>().map_err(|_| expected())?;
        let decimal = numeral.exact().map_err(|_| expected())?.decimal();
        Self::of(decimal).ok_or_else(expected)
    }

    /// The same number as a fraction in lowest terms; none where it does not fit.
    pub fn of(decimal: Decimal) -> Option<Self> {
        let power = 10i128.checked_pow(decimal.exponent().unsigned_abs())?;
        let (numerator, denominator) = if decimal.exponent() >= 0 {
            (decimal.mantissa().checked_mul(power)?, 1)
        } else {
            (decimal.mantissa(), power)
        };
        let divisor = gcd(numerator, denominator).max(1);
        let narrow = |value: i128| i64::try_from(value / divisor).ok();
        Some(Self { numerator: narrow(numerator)?, denominator: narrow(denominator)? })
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quotient(self.numerator, self.denominator))
    }
}

/// The evenly spaced numbers on which all values of a scale lie: codes `origin + step·z` over a
/// denominator, without limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// One of the codes.
    pub(crate) origin: i64,
    /// The distance between neighbouring codes, above 0.
    pub(crate) step: i64,
    /// A value is its code divided by this, above 0.
    pub(crate) denominator: i64,
}

impl Lattice {
    /// Codes `origin + step·z` over a denominator; none where step or denominator are not above 0.
    pub const fn new(origin: i64, step: i64, denominator: i64) -> Option<Self> {
        if step > 0 && denominator > 0 { Some(Self { origin, step, denominator }) } else { None }
    }

    /// Whole numbers, or means of so many whole-number items.
    pub const fn whole(items: u32) -> Self {
        Self { origin: 0, step: 1, denominator: if items == 0 { 1 } else { items as i64 } }
    }
}

impl Grid {
    /// The grid of a scale.
    ///
    /// # Errors
    /// If the scale has no steps.
    pub fn of_scale(scale: &Scale) -> Result<Self, Unreconstructable> {
        let whole = Decimal::from_integer;
        match scale {
            Scale::Edss => Ok(Self { denominator: 2, codes: Codes::List([0].into_iter().chain(2..=20).collect()) }),
            Scale::Nrs => Self::range(Some(whole(0)), Some(whole(10)), whole(1)),
            Scale::AlsfrsR => Self::range(Some(whole(0)), Some(whole(48)), whole(1)),
            Scale::Count => Self::range(Some(whole(0)), None, whole(1)),
            Scale::Percent => Err(Unreconstructable::NoSteps("a percentage of one person can be any number")),
            Scale::Continuous => Err(Unreconstructable::NoSteps("its values can be any number")),
            Scale::Range { step: None, .. } => {
                Err(Unreconstructable::NoSteps("its limits are known and its step is not"))
            }
            Scale::Range { min, max, step: Some(step) } => Self::range(*min, *max, *step),
            Scale::Values(values) => Self::list(values),
            Scale::Items { items, min, max } => Self::items(*items, *min, *max),
        }
    }

    /// `min, min + step, …` up to `max`; without a smallest value the same downwards from the
    /// largest, and without either the multiples of the step.
    ///
    /// # Errors
    /// If the step is not above 0, the limits are in the wrong order, or there are too many values.
    pub fn range(min: Option<Decimal>, max: Option<Decimal>, step: Decimal) -> Result<Self, Unreconstructable> {
        let wrong = |message: String| Err(Unreconstructable::Scale(message));
        if step.signum() <= 0 {
            return wrong(format!("the step is {step}; a number above 0 was expected"));
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            return wrong(format!("the smallest value {min} lies above the largest value {max}"));
        }
        let fraction = |value: Decimal| Fraction::of(value).ok_or_else(|| too_fine(&value));
        let step = fraction(step)?;
        let (min, max) = (min.map(fraction).transpose()?, max.map(fraction).transpose()?);
        let numbers: Vec<Fraction> = [Some(step), min, max].into_iter().flatten().collect();
        let denominator = common_denominator(&numbers)?;
        let codes = |value: Fraction| code(value, denominator);
        let (min, max) = (min.map(codes).transpose()?, max.map(codes).transpose()?);
        let lattice = Codes::Lattice { origin: min.or(max).unwrap_or(0), step: codes(step)?, min, max };
        Self { denominator: denominator as i64, codes: lattice }.checked()
    }

    /// Means of `items` whole-number ratings, each from `min` to `max`.
    ///
    /// # Errors
    /// If there is no item, or the limits are in the wrong order.
    pub fn items(items: u32, min: i64, max: i64) -> Result<Self, Unreconstructable> {
        let k = i64::from(items);
        let ends = min.checked_mul(k).zip(max.checked_mul(k)).filter(|(low, high)| k > 0 && low <= high);
        let Some((min, max)) = ends else {
            let message = format!(
                "{items} items from {min} to {max} are no scale; at least one item was expected, and the smaller limit first"
            );
            return Err(Unreconstructable::Scale(message));
        };
        let codes = Codes::Lattice { origin: min, step: 1, min: Some(min), max: Some(max) };
        Self { denominator: k, codes }.checked()
    }

    /// These values and no others.
    ///
    /// # Errors
    /// If there is none, or one is too large or too fine.
    pub fn list(values: &[Decimal]) -> Result<Self, Unreconstructable> {
        let fraction = |value: &Decimal| Fraction::of(*value).ok_or_else(|| too_fine(value));
        Self::of_fractions(&values.iter().map(fraction).collect::<Result<Vec<_>, _>>()?)
    }

    /// These fractions and no others, as the means of items are.
    ///
    /// # Errors
    /// As [`Grid::list`].
    pub fn of_fractions(values: &[Fraction]) -> Result<Self, Unreconstructable> {
        if values.is_empty() {
            return Err(Unreconstructable::Scale("a scale needs at least one value".to_owned()));
        }
        let denominator = common_denominator(values)?;
        let mut codes: Vec<i64> = values.iter().map(|value| code(*value, denominator)).collect::<Result<_, _>>()?;
        codes.sort_unstable();
        codes.dedup();
        Ok(Self { denominator: denominator as i64, codes: Codes::List(codes) })
    }

    /// A value is its code divided by this.
    pub fn denominator(&self) -> i64 {
        self.denominator
    }

    /// The value of a code.
    pub fn value(&self, code: i64) -> f64 {
        code as f64 / self.denominator as f64
    }

    /// The value of a code as people write it: a decimal number where there is one, or a fraction.
    pub fn text(&self, code: i64) -> String {
        quotient(code, self.denominator)
    }

    /// The code of a value; none where the scale has no such value.
    pub fn code_of(&self, value: Fraction) -> Option<i64> {
        let scaled = i128::from(value.numerator) * i128::from(self.denominator);
        let denominator = i128::from(value.denominator);
        let code = i64::try_from(scaled / denominator).ok().filter(|_| scaled % denominator == 0)?;
        self.has(code).then_some(code)
    }

    /// Whether both ends are limited.
    pub fn is_bounded(&self) -> bool {
        let (min, max) = self.limits();
        min.is_some() && max.is_some()
    }

    /// The smallest and the largest code, where there are any.
    pub fn limits(&self) -> (Option<i64>, Option<i64>) {
        match &self.codes {
            Codes::List(codes) => (codes.first().copied(), codes.last().copied()),
            Codes::Lattice { origin, step, min, max } => {
                (*min, max.map(|max| origin + (max - origin).div_euclid(*step) * step))
            }
        }
    }

    /// The codes in rising order, where the values were given one by one.
    pub fn listed(&self) -> Option<&[i64]> {
        match &self.codes {
            Codes::List(codes) => Some(codes),
            Codes::Lattice { .. } => None,
        }
    }

    /// The step between neighbouring codes where it is the same everywhere.
    pub fn step(&self) -> Option<i64> {
        match &self.codes {
            Codes::Lattice { step, .. } => Some(*step),
            Codes::List(codes) => {
                let mut steps = codes.windows(2).map(|pair| pair[1] - pair[0]);
                let first = steps.next().unwrap_or(1);
                steps.all(|step| step == first).then_some(first)
            }
        }
    }

    /// The evenly spaced numbers on which all values lie.
    pub fn lattice(&self) -> Lattice {
        let denominator = self.denominator;
        match &self.codes {
            Codes::Lattice { origin, step, .. } => Lattice { origin: *origin, step: *step, denominator },
            Codes::List(codes) => {
                let origin = codes.first().copied().unwrap_or(0);
                let step = codes.iter().fold(0, |step, code| gcd(step, i128::from(code - origin)));
                Lattice { origin, step: i64::try_from(step).unwrap_or(1).max(1), denominator }
            }
        }
    }

    /// The codes from `low` to `high`, ends included.
    pub(super) fn between(&self, low: i64, high: i64) -> Result<Vec<i64>, Unreconstructable> {
        match &self.codes {
            Codes::List(codes) => Ok(codes.iter().copied().filter(|code| (low..=high).contains(code)).collect()),
            Codes::Lattice { origin, step, min, max } => {
                let low = low.max(min.unwrap_or(low));
                let high = high.min(max.unwrap_or(high));
                let first = origin + (low - origin + step - 1).div_euclid(*step) * step;
                if high >= first && i128::from((high - first) / step) > MOST_VALUES {
                    return Err(too_many((high - first) / step));
                }
                Ok((first..=high).step_by(usize::try_from(*step).unwrap_or(usize::MAX)).collect())
            }
        }
    }

    /// Whether a code is that of a value.
    pub(crate) fn has(&self, code: i64) -> bool {
        match &self.codes {
            Codes::List(codes) => codes.binary_search(&code).is_ok(),
            Codes::Lattice { origin, step, min, max } => {
                min.is_none_or(|min| code >= min)
                    && max.is_none_or(|max| code <= max)
                    && (code - origin).rem_euclid(*step) == 0
            }
        }
    }

    fn checked(self) -> Result<Self, Unreconstructable> {
        if let (Some(min), Some(max), Some(step)) = (self.limits().0, self.limits().1, self.step())
            && i128::from((max - min) / step) > MOST_VALUES
        {
            return Err(too_many((max - min) / step));
        }
        Ok(self)
    }
}

fn too_many(values: i64) -> Unreconstructable {
    Unreconstructable::TooLarge(format!("the scale has {values} values, and at most {MOST_VALUES} are searched"))
}

fn common_denominator(values: &[Fraction]) -> Result<i128, Unreconstructable> {
    let mut common = 1i128;
    for value in values {
        let divisor = gcd(i128::from(value.numerator), i128::from(value.denominator)).max(1);
        let denominator = i128::from(value.denominator) / divisor;
        common = common / gcd(common, denominator) * denominator;
        if common > FINEST {
            return Err(too_fine(value));
        }
    }
    Ok(common)
}

fn too_fine(value: &impl fmt::Display) -> Unreconstructable {
    Unreconstructable::Scale(format!("{value} is too large or too fine for a value of a scale"))
}

/// A value times the common denominator, which its own divides.
fn code(value: Fraction, denominator: i128) -> Result<i64, Unreconstructable> {
    let code = i128::from(value.numerator) * denominator / i128::from(value.denominator);
    i64::try_from(code).ok().filter(|code| code.abs() < 1 << 40).ok_or_else(|| too_fine(&value))
}

/// The greatest common divisor; 0 has every divisor.
pub(super) fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// A quotient as a decimal number where it is one of few digits, and as a fraction otherwise.
fn quotient(numerator: i64, denominator: i64) -> String {
    let (numerator, denominator) = (i128::from(numerator), i128::from(denominator));
    let divisor = gcd(numerator, denominator).max(1);
    let (numerator, denominator) = (numerator / divisor, denominator / divisor);
    let exact = (0..=6).find(|decimals| 10i128.pow(*decimals) % denominator == 0);
    match exact {
        Some(decimals) => {
            Decimal::new(numerator * (10i128.pow(decimals) / denominator), -(decimals as i32)).to_string()
        }
        None => format!("{numerator}/{denominator}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_values_belong_to_each_other() {
        let edss = Grid::of_scale(&Scale::Edss).unwrap();
        let all = edss.between(-100, 100).unwrap();
        assert_eq!(all.len(), 20);
        assert_eq!(edss.code_of(Fraction::read("0.5").unwrap()), None);
        assert_eq!(edss.code_of(Fraction::read("1.5").unwrap()), Some(3));
        let count = Grid::of_scale(&Scale::Count).unwrap();
        assert!(!count.is_bounded());
        assert_eq!(count.between(-5, 3).unwrap(), [0, 1, 2, 3]);
        let steps =
            Grid::range(Some(Decimal::new(-10, -1)), Some(Decimal::from_integer(1)), Decimal::new(75, -2)).unwrap();
        let texts: Vec<String> = steps.between(-100, 100).unwrap().iter().map(|code| steps.text(*code)).collect();
        assert_eq!(texts, ["-1", "-0.25", "0.5"]);
        assert_eq!(steps.limits(), (Some(-4), Some(2)));
        let items = Grid::items(3, 1, 7).unwrap();
        assert_eq!(items.code_of(Fraction::read("11/3").unwrap()), Some(11));
        assert_eq!((items.text(9), items.text(10)), ("3".to_owned(), "10/3".to_owned()));
    }

    #[test]
    fn what_is_no_scale_is_refused() {
        assert!(Grid::of_scale(&Scale::Continuous).is_err());
        assert!(Grid::range(None, None, Decimal::from_integer(0)).is_err());
        assert!(Grid::items(0, 1, 7).is_err() && Grid::items(2, 7, 1).is_err());
        assert!(Grid::list(&[]).is_err());
        assert!(Fraction::read("a/3").is_err() && Fraction::read("1/0").is_err() && Fraction::read("≥ 3").is_err());
    }
}
