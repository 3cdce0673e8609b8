//! What somebody expects of the numbers in a file, and which inconsistencies somebody has accepted.

use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use std::fmt;
use std::ops::Range;

/// A result that is expected to come out as it was printed somewhere: one `[[expect]]`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Expectation {
    /// Which result.
    pub result: Asked,
    /// What is expected of it: the value itself and what stands around it.
    pub values: Vec<ExpectedPart>,
    /// How far the value may be from the expected one, where the printed precision is not meant.
    pub within: Option<Decimal>,
    /// How the source rounded, where that differs from the usual.
    pub rounding: Option<Rounding>,
    /// Where the expected value comes from: a paper with page or table, a program with version and call.
    pub source: String,
    /// Where it stands.
    pub place: FilePlace,
}

/// An inconsistency that somebody has looked at and accepted: one `[[ignore]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The code of the check.
    pub check: String,
    /// What was checked, as the check names it; everything where it is missing.
    pub subject: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Where it stands.
    pub place: FilePlace,
}

impl Ignored {
    /// Whether it accepts that a check of this code and subject fails.
    pub fn accepts(&self, code: &str, subject: &str) -> bool {
        self.check == code && self.subject.as_ref().is_none_or(|own| own == subject)
    }
}

/// A line of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePlace {
    /// The file.
    pub file: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// Which result is meant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Asked {
    /// What is printed of an outcome at an occasion.
    Cell(CellAsked),
    /// What is printed of a number that is no outcome.
    Number {
        /// The number.
        number: String,
    },
    /// The share that a number is of its whole.
    Proportion {
        /// The number.
        number: String,
    },
    /// An effect, by the code of its measure.
    Effect {
        /// The outcome, the arm and the later occasion.
        cell: CellAsked,
        /// The arm that it is compared with; without one, the effect is that of before and after.
        versus: Option<String>,
        /// The code of the measure.
        measure: String,
        /// The correlation between before and after.
        r: Option<f64>,
        /// The level of the interval.
        level: f64,
    },
    /// The verdict of a check.
    Verdict {
        /// The code of the check.
        check: String,
        /// What was checked, as the check names it.
        subject: Option<String>,
    },
    /// How many data sets are behind a cell.
    Sets(CellAsked),
    /// What all pairings of before and after give.
    Pairing {
        /// The outcome, the arm and the later occasion.
        cell: CellAsked,
        /// Which quantity of the paired result.
        quantity: String,
    },
    /// A field in the JSON result of a command.
    Run {
        /// The command and its arguments.
        words: Vec<String>,
        /// The field: `coefficients[name=ablat].estimate`.
        at: String,
    },
}

/// An outcome in an arm at an occasion. Where a release has one only, it need not be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellAsked {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: Option<String>,
    /// The occasion; the last one for a change.
    pub occasion: Option<String>,
}

/// One expected value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExpectedPart {
    /// Which part of the result: `is` is the result itself; `ci`, `se`, `p` and others stand around it.
    pub key: String,
    /// The value.
    pub value: Expected,
    /// Where its text stands in the file: one place, or one for each end of an interval.
    pub spans: Vec<Range<usize>>,
}

/// An expected value, as it was printed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expected {
    /// `−2.5`
    Number(Numeral),
    /// `p < 0.005`
    Comparison(Comparison),
    /// `−3.41` to `−1.59`
    Interval(Numeral, Numeral),
    /// `refused: no SD`: there is no result, for a reason that holds these words.
    Refused(String),
    /// A word, such as `pass`.
    Text(String),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(numeral) => write!(f, "{numeral}"),
            Self::Comparison(comparison) => write!(f, "{comparison}"),
            Self::Interval(lower, upper) => write!(f, "{lower} to {upper}"),
            Self::Refused(reason) if reason.is_empty() => f.write_str("refused"),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The result in a few words.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell(cell) => write!(f, "{cell}"),
            Self::Number { number } => f.write_str(number),
            Self::Proportion { number } => write!(f, "share of {number}"),
            Self::Effect { cell, versus, measure, r, .. } => {
                write!(f, "{measure} of {cell}")?;
                versus.as_ref().map_or(Ok(()), |arm| write!(f, " against {arm}"))?;
                r.map_or(Ok(()), |r| write!(f, " at r = {r}"))
            }
            Self::Verdict { check, subject: Some(subject) } => write!(f, "{check} of {subject}"),
            Self::Verdict { check, .. } => f.write_str(check),
            Self::Sets(cell) => write!(f, "data sets behind {cell}"),
            Self::Pairing { cell, quantity } => write!(f, "{quantity} over the pairings of {cell}"),
            Self::Run { words, at } => {
                let quoted = |word: &String| if word.contains(' ') { format!("\"{word}\"") } else { word.clone() };
                write!(f, "{at} of {}", words.iter().map(quoted).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

impl fmt::Display for CellAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.outcome)?;
        let parts = [&self.arm, &self.occasion];
        parts.into_iter().flatten().try_for_each(|part| write!(f, ", {part}"))
    }
}
