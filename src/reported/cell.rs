//! One result as it was printed.

use super::estimate::names_another_level;
use super::text::name_in;
use super::{Localized, Passage};
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::{Expression, Numeral, NumeralError, SpreadName};
use crate::numeric::rounding::{Rounded, Rounding};
use std::fmt;
use std::str::FromStr;

/// What a printed result is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Statistic {
    /// The mean of a group.
    Mean,
    /// The median of a group.
    Median,
    /// Events per person and time.
    Rate,
    /// The mean change per unit of time.
    Slope,
    /// The mean change since the first occasion.
    Change,
    /// A share in per cent.
    Percent,
    /// How many people.
    Count,
    /// How many events all people had together, over a person-time.
    Events,
}

impl Statistic {
    /// Every statistic with its name in a release file.
    pub const ALL: [(&'static str, Self); 8] = [
        ("mean", Self::Mean),
        ("median", Self::Median),
        ("rate", Self::Rate),
        ("slope", Self::Slope),
        ("change", Self::Change),
        ("percent", Self::Percent),
        ("count", Self::Count),
        ("events", Self::Events),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }
}

/// What the number behind `±`, or the pair in brackets, is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpreadMeaning {
    /// The sample standard deviation, with n − 1.
    Sd,
    /// The population standard deviation, with n.
    PopulationSd,
    /// The standard error of the mean.
    Se,
    /// A 95 % confidence interval, or half its width behind `±`.
    Ci95,
    /// The lower and the upper quartile.
    Quartiles,
    /// The smallest and the largest value.
    Range,
    /// The source does not say.
    Unexplained,
}

impl SpreadMeaning {
    /// Every meaning with its name in a release file.
    pub const ALL: [(&'static str, Self); 7] = [
        ("sd", Self::Sd),
        ("population-sd", Self::PopulationSd),
        ("se", Self::Se),
        ("ci95", Self::Ci95),
        ("quartiles", Self::Quartiles),
        ("range", Self::Range),
        ("unexplained", Self::Unexplained),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// Whether it is what a text calls its spread.
    pub fn agrees_with(self, name: SpreadName) -> bool {
        self == name.into() || (self == Self::PopulationSd && name == SpreadName::Sd)
    }

    /// Whether it is a standard deviation of people, by n − 1 or by n.
    pub fn is_sd(self) -> bool {
        matches!(self, Self::Sd | Self::PopulationSd)
    }

    /// Whether one number behind `±` can mean this.
    pub fn fits_plus_minus(self) -> bool {
        !matches!(self, Self::Quartiles | Self::Range)
    }

    /// Whether a pair in brackets can mean this.
    pub fn fits_pair(self) -> bool {
        matches!(self, Self::Ci95 | Self::Quartiles | Self::Range | Self::Unexplained)
    }
}

impl From<SpreadName> for SpreadMeaning {
    fn from(name: SpreadName) -> Self {
        match name {
            SpreadName::Sd => Self::Sd,
            SpreadName::Se => Self::Se,
            SpreadName::Ci => Self::Ci95,
            SpreadName::Quartiles => Self::Quartiles,
            SpreadName::Range => Self::Range,
        }
    }
}

/// What was reported of one arm at one occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The text, as printed.
    pub text: String,
    /// What it is said to be.
    pub statistic: Statistic,
    /// The numbers in it.
    pub form: CellForm,
    /// Of how many people it is, where these are not all of the arm.
    pub n: Option<Numeral>,
    /// Over which person-time events were counted, in the unit of the outcome's exposure.
    pub time: Option<Numeral>,
    /// For what it is adjusted, or of which model it is, such as least squares.
    pub adjusted: Option<Localized>,
    /// The percentage that is printed beside a count.
    pub percent: Option<Numeral>,
    /// Where it was read.
    pub passage: Passage,
}

/// The numbers of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellForm {
    /// One number and no word on its spread.
    Single(Numeral),
    /// `2.9 ± 1.1`
    PlusMinus {
        /// The number in front.
        center: Numeral,
        /// The number behind the sign.
        spread: Numeral,
        /// What that is said to be.
        meaning: SpreadMeaning,
    },
    /// `1.5 (0–5)`
    Pair {
        /// The number in front.
        center: Numeral,
        /// The lower end.
        lower: Numeral,
        /// The upper end.
        upper: Numeral,
        /// What the ends are said to be.
        meaning: SpreadMeaning,
    },
    /// `5/7`
    Fraction {
        /// The part.
        part: Numeral,
        /// The whole.
        whole: Numeral,
    },
}

impl CellForm {
    /// The number that stands first: the mean, the median, the count.
    pub fn center(&self) -> &Numeral {
        match self {
            Self::Single(center) | Self::PlusMinus { center, .. } | Self::Pair { center, .. } => center,
            Self::Fraction { part, .. } => part,
        }
    }

    /// The same numbers, each marked as rounded to a multiple of a unit.
    ///
    /// # Errors
    /// The first number that is no multiple of it; of a fraction that of its part, since counts are not rounded.
    pub(crate) fn rounded_to(&self, unit: Decimal) -> Result<Self, &Numeral> {
        fn marked(number: &Numeral, unit: Decimal) -> Result<Numeral, &Numeral> {
            number.rounded_to(unit).ok_or(number)
        }
        let of = |number| marked(number, unit);
        Ok(match self {
            Self::Single(center) => Self::Single(of(center)?),
            Self::PlusMinus { center, spread, meaning } => {
                Self::PlusMinus { center: of(center)?, spread: of(spread)?, meaning: *meaning }
            }
            Self::Pair { center, lower, upper, meaning } => {
                Self::Pair { center: of(center)?, lower: of(lower)?, upper: of(upper)?, meaning: *meaning }
            }
            Self::Fraction { part, .. } => return Err(part),
        })
    }

    /// The unit that the numbers are marked as rounded to, where that is not the place of their last digit.
    pub(crate) fn marked_unit(&self) -> Option<Decimal> {
        let center = self.center();
        (center.unit() != center.decimal().unit()).then(|| center.unit())
    }

    /// Whether the number in front lies in the middle of the logarithms of its confidence interval alone.
    pub fn is_geometric(&self, rounding: Rounding) -> bool {
        let Self::Pair { center, lower, upper, .. } = self else { return false };
        let [center, lower, upper] = [center, lower, upper].map(|number| number.rounded(rounding).range);
        self.may_be_geometric(rounding) && !lower.middle_to(upper).meets(center)
    }

    /// Whether the number in front lies in the middle of the logarithms of its confidence interval.
    pub fn may_be_geometric(&self, rounding: Rounding) -> bool {
        let Self::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } = self else { return false };
        let [center, lower, upper] = [center, lower, upper].map(|number| number.rounded(rounding).range);
        let logarithms = || lower.map_monotone(f64::ln).middle_to(upper.map_monotone(f64::ln)).exp();
        lower.lower > 0.0 && logarithms().meets(center)
    }
}

impl Cell {
    /// Whether the difference of two cells means something: they are the same statistic in the same unit.
    pub fn is_comparable_with(&self, other: &Self) -> bool {
        self.statistic == other.statistic && self.center().is_percent() == other.center().is_percent()
    }

    /// Whether the mean lies in the middle of the logarithms of its confidence interval alone, as a geometric mean
    /// does: the interval is one of the logarithm, and gives no SD of the values.
    ///
    /// ```
    /// use reffect::numeric::rounding::Rounding;
    /// use reffect::reported::{CellForm, SpreadMeaning};
    ///
    /// let titre = |lower: &str, upper: &str| -> Result<bool, Box<dyn std::error::Error>> {
    ///     let [center, lower, upper] = ["9.4".parse()?, lower.parse()?, upper.parse()?];
    ///     let form = CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 };
    ///     Ok(form.is_geometric(Rounding::default()))
    /// };
    /// assert!(titre("7.1", "12.4")?);
    /// assert!(!titre("6.4", "12.4")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_geometric(&self, rounding: Rounding) -> bool {
        self.statistic != Statistic::Median && self.form.is_geometric(rounding)
    }

    /// Whether it is no median, and lies in the middle of the logarithms of its confidence interval.
    pub fn may_be_geometric(&self, rounding: Rounding) -> bool {
        self.statistic != Statistic::Median && self.form.may_be_geometric(rounding)
    }

    /// Whether a 95 % confidence interval stands behind it in brackets.
    pub fn has_interval(&self) -> bool {
        matches!(self.form, CellForm::Pair { meaning: SpreadMeaning::Ci95, .. })
    }

    /// What its spread is said to be, if it has one.
    pub fn spread(&self) -> Option<SpreadMeaning> {
        match &self.form {
            CellForm::PlusMinus { meaning, .. } | CellForm::Pair { meaning, .. } => Some(*meaning),
            CellForm::Single(_) | CellForm::Fraction { .. } => None,
        }
    }

    /// What its spread is, where the source says so.
    pub fn explained_spread(&self) -> Option<SpreadMeaning> {
        self.spread().filter(|meaning| *meaning != SpreadMeaning::Unexplained)
    }

    /// The same cell with the number behind its ± read as this; any other is unchanged.
    #[must_use]
    pub fn read_as(&self, meaning: SpreadMeaning) -> Self {
        let mut cell = self.clone();
        if let CellForm::PlusMinus { meaning: known, .. } = &mut cell.form {
            *known = meaning;
        }
        cell
    }

    /// What stands in the phrase that it was read from: the text, or a count and the percentage beside it, which need
    /// not stand side by side there.
    pub fn texts(&self) -> Vec<&str> {
        let both = self.percent.as_ref().and_then(|_| self.text.split_once(['(', '（']));
        match both {
            Some((front, behind)) => vec![front.trim(), behind.trim_end().trim_end_matches([')', '）']).trim()],
            None => vec![&self.text],
        }
    }

    /// Every number in it.
    pub fn numerals(&self) -> Vec<&Numeral> {
        match &self.form {
            CellForm::Single(center) => vec![center],
            CellForm::PlusMinus { center, spread, .. } => vec![center, spread],
            CellForm::Pair { center, lower, upper, .. } => vec![center, lower, upper],
            CellForm::Fraction { part, whole } => vec![part, whole],
        }
    }

    /// The number that stands first: the mean, the median, the count.
    pub fn center(&self) -> &Numeral {
        self.form.center()
    }
}

/// Writes the text as it was printed.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A mean with a spread, straight from a sentence.
///
/// ```
/// use reffect::reported::MeanSd;
///
/// let before: MeanSd = "2.9 ± 1.1".parse()?;
/// assert_eq!(before.mean.value(), 2.9);
/// assert_eq!(before.spread.as_ref().map(|sd| sd.text()), Some("1.1"));
///
/// // A mean without one is kept as what it is.
/// let slope: MeanSd = "0.47".parse()?;
/// assert!(slope.spread.is_none());
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeanSd {
    /// The mean.
    pub mean: Numeral,
    /// What stands behind `±` or in brackets, if anything does.
    pub spread: Option<Numeral>,
}

impl FromStr for MeanSd {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        let problem = match text.parse()? {
            Expression::Number(mean) => {
                mean.exact()?;
                return Ok(Self { mean, spread: None });
            }
            Expression::Spread { name: Some(name), center, spread } if name != SpreadName::Sd => {
                let option = match name {
                    SpreadName::Se => "and say with --spread se that this is the ±",
                    SpreadName::Ci => "and say with --spread ci95 that this is half of the interval",
                    _ => {
                        "if its ± is an SD; `reffect convert --to mean-sd` makes means and SDs of quartiles and ranges"
                    }
                };
                return Err(NumeralError {
                    text: text.trim().to_owned(),
                    problem: format!("gives {} and no standard deviation", name.in_words()),
                    hint: Some(format!("write `{center} ± {spread}` {option}")),
                });
            }
            Expression::Spread { center, spread, .. } => {
                center.exact()?;
                spread.exact()?;
                return Ok(Self { mean: center, spread: Some(spread) });
            }
            Expression::Range { .. } => "has a range and no standard deviation",
            Expression::Fraction { .. } => "is a count and no mean",
        };
        Err(NumeralError {
            text: text.trim().to_owned(),
            problem: problem.to_owned(),
            hint: Some(
                "write `2.9 ± 1.1`, `2.9 (1.1)` or the mean alone; of a confidence interval its half-width, as \
                 `2.9 ± 0.8`, with --spread ci95"
                    .to_owned(),
            ),
        })
    }
}

impl fmt::Display for MeanSd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spread {
            Some(spread) => write!(f, "{} ± {spread}", self.mean),
            None => write!(f, "{}", self.mean),
        }
    }
}

/// A mean with a spread of any kind, straight from a sentence.
///
/// ```
/// use reffect::reported::{MeanSpread, PrintedSpread, SpreadMeaning};
///
/// let mean: MeanSpread = "12.1 (95% CI 10.1 to 14.1)".parse()?;
/// assert!(matches!(mean.spread, Some(PrintedSpread::Interval { .. })));
/// assert_eq!(mean.named(), Some(SpreadMeaning::Ci95));
/// assert_eq!("12.1 (SE 1.0)".parse::<MeanSpread>()?.named(), Some(SpreadMeaning::Se));
/// assert_eq!("12.1 ± 1.0".parse::<MeanSpread>()?.named(), None);
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeanSpread {
    /// The text, as printed.
    pub text: String,
    /// The mean.
    pub mean: Numeral,
    /// What stands behind `±` or in brackets, if anything does.
    pub spread: Option<PrintedSpread>,
}

/// What stands behind `±` or in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrintedSpread {
    /// `± 1.1`, `(1.1)`, `(SE 1.1)`
    PlusMinus {
        /// The number.
        spread: Numeral,
        /// What the text calls it, where it does.
        name: Option<SpreadName>,
    },
    /// `(95% CI 10.1 to 14.1)`, or a pair that the text does not name.
    Interval {
        /// The lower end.
        lower: Numeral,
        /// The upper end.
        upper: Numeral,
        /// Whether the text calls it a confidence interval.
        is_named: bool,
    },
}

impl MeanSpread {
    /// The same as the form of a cell, where its spread is said to mean this.
    pub fn form(&self, meaning: SpreadMeaning) -> CellForm {
        let center = self.mean.clone();
        match self.spread.clone() {
            None => CellForm::Single(center),
            Some(PrintedSpread::PlusMinus { spread, .. }) => CellForm::PlusMinus { center, spread, meaning },
            Some(PrintedSpread::Interval { lower, upper, .. }) => CellForm::Pair { center, lower, upper, meaning },
        }
    }

    /// What the text itself calls the spread.
    pub fn named(&self) -> Option<SpreadMeaning> {
        match self.spread.as_ref()? {
            PrintedSpread::PlusMinus { name, .. } => name.map(SpreadMeaning::from),
            PrintedSpread::Interval { is_named, .. } => is_named.then_some(SpreadMeaning::Ci95),
        }
    }

    /// The number behind `±`, or half the width of the interval, with all that prints so.
    pub fn half_width(&self, rounding: Rounding) -> Option<Rounded> {
        Some(match self.spread.as_ref()? {
            PrintedSpread::PlusMinus { spread, .. } => spread.rounded(rounding),
            PrintedSpread::Interval { lower, upper, .. } => {
                upper.rounded(rounding).minus(lower.rounded(rounding)).scaled(0.5).not_negative()
            }
        })
    }
}

const OF_95_PER_CENT: &str = "beside a mean only an interval of 95 % is read; of another level give the standard error, half of its \
                              width over the quantile of t: `2.9 (SE 0.51)`";

impl FromStr for MeanSpread {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        let parsed = text.parse().map_err(|error: NumeralError| match names_another_level(text) {
            true => NumeralError { hint: Some(OF_95_PER_CENT.to_owned()), ..error },
            false => error,
        });
        let (mean, spread) = match parsed? {
            Expression::Number(mean) => (mean, None),
            Expression::Spread {
                center,
                spread,
                name: name @ (None | Some(SpreadName::Sd | SpreadName::Se | SpreadName::Ci)),
            } => {
                spread.exact()?;
                (center, Some(PrintedSpread::PlusMinus { spread, name }))
            }
            Expression::Range { center, lower, upper, name: name @ (None | Some(SpreadName::Ci)) } => {
                lower.exact()?;
                upper.exact()?;
                (center, Some(PrintedSpread::Interval { lower, upper, is_named: name.is_some() }))
            }
            Expression::Spread { name, .. } | Expression::Range { name, .. } => {
                let what = name.map_or("a range", SpreadName::in_words);
                return Err(NumeralError {
                    text: text.trim().to_owned(),
                    problem: format!("gives {what} and no standard deviation"),
                    hint: Some("`reffect convert --to mean-sd` makes means and SDs of quartiles and ranges".to_owned()),
                });
            }
            Expression::Fraction { .. } => {
                return Err(NumeralError {
                    text: text.trim().to_owned(),
                    problem: "is a count and no mean".to_owned(),
                    hint: Some("give counts by --proportion 5/7 or --table".to_owned()),
                });
            }
        };
        mean.exact()?;
        Ok(Self { text: text.trim().to_owned(), mean, spread })
    }
}

/// Writes the text as it was printed.
impl fmt::Display for MeanSpread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
