//! What a row of a table brings, and why it may not be enough.

use crate::diagnostic::Refused;

use std::fmt;
use std::str::FromStr;

/// Defines the fields once: variant, column name and meaning.
macro_rules! fields {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// A quantity from which measures are computed, under metafor's name of its column. Some
        /// names stand for different things in different measures.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
        }

        impl Field {
            /// Every field, in the order of the columns in documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of its column.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What stands in it.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fields! {
    Ai "ai" "Events of group 1, upper left cell, a reliability (alpha), or an area under the curve.";
    Bi "bi" "Non-events of group 1, upper right cell.";
    Ci "ci" "Events of group 2, lower left cell.";
    Di "di" "Non-events of group 2, lower right cell, or a standardised mean difference (Cohen's d).";
    N1i "n1i" "The size of group 1.";
    N2i "n2i" "The size of group 2.";
    X1i "x1i" "Events of group 1 over time.";
    X2i "x2i" "Events of group 2 over time.";
    T1i "t1i" "The person-time of group 1.";
    T2i "t2i" "The person-time of group 2.";
    M1i "m1i" "The mean of group 1 or at time 1.";
    M2i "m2i" "The mean of group 2 or at time 2.";
    Sd1i "sd1i" "The SD of group 1 or at time 1.";
    Sd2i "sd2i" "The SD of group 2 or at time 2.";
    Xi "xi" "Events of one group.";
    Mi "mi" "Non-events of one group, its mean, a number of items or of predictors.";
    Ri "ri" "A correlation.";
    Ti "ti" "The person-time of one group, or a t statistic.";
    Fi "fi" "An F statistic.";
    Pi "pi" "A two-sided p-value with the sign of the effect, or a proportion.";
    Sdi "sdi" "The SD of one group.";
    R2i "r2i" "A coefficient of determination R².";
    Ni "ni" "The size of one group.";
    Yi "yi" "An effect that was computed elsewhere.";
    Vi "vi" "Its sampling variance.";
    Sei "sei" "Its standard error.";
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Field {
    type Err = Refused;

    fn from_str(name: &str) -> Result<Self, Refused> {
        let known = Self::ALL.iter().find(|field| field.name() == name);
        known.copied().ok_or_else(|| format!("`{name}` is no column from which a measure is computed").into())
    }
}

/// The quantities of one row. What is not there is missing, and never 0.
///
/// ```
/// use reffect::effect::measures::{Field, Inputs};
///
/// let mut row = Inputs::from([(Field::M1i, 2.9), (Field::Sd1i, 1.1)]);
/// assert_eq!(row.get(Field::M1i), Some(2.9));
/// row.set(Field::M1i, None);
/// assert_eq!(row.get(Field::M1i), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Inputs {
    /// NaN stands for what is missing: no input is ever NaN.
    values: [f64; Field::ALL.len()],
}

impl Default for Inputs {
    fn default() -> Self {
        Self { values: [f64::NAN; Field::ALL.len()] }
    }
}

impl<const N: usize> From<[(Field, f64); N]> for Inputs {
    fn from(pairs: [(Field, f64); N]) -> Self {
        let mut inputs = Self::default();
        pairs.into_iter().for_each(|(field, value)| inputs.set(field, Some(value)));
        inputs
    }
}

impl Inputs {
    /// The quantity, if it is there.
    pub fn get(&self, field: Field) -> Option<f64> {
        let value = self.values[field as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Sets or removes a quantity.
    pub fn set(&mut self, field: Field, value: Option<f64>) {
        self.values[field as usize] = value.unwrap_or(f64::NAN);
    }

    /// All of these quantities.
    pub(super) fn need<const N: usize>(&self, fields: [Field; N]) -> Result<[f64; N], Reason> {
        let values = fields.map(|field| self.values[field as usize]);
        if values.iter().any(|value| value.is_nan()) {
            return Err(Reason::Missing(fields.into_iter().filter(|field| self.get(*field).is_none()).collect()));
        }
        Ok(values)
    }

    /// The sizes of groups that have a spread: more than one member each.
    pub(super) fn sizes<const N: usize>(&self, fields: [Field; N]) -> Result<[f64; N], Reason> {
        self.all(fields, |n| n > 1.0, "a group with a spread has at least 2 members")
    }

    /// Standard deviations, counts or sizes that are not below 0.
    pub(super) fn not_negative<const N: usize>(
        &self,
        fields: [Field; N],
        expected: &'static str,
    ) -> Result<[f64; N], Reason> {
        self.all(fields, |value| value >= 0.0, expected)
    }

    /// All of these quantities, each within its bounds.
    pub(super) fn all<const N: usize>(
        &self,
        fields: [Field; N],
        holds: impl Fn(f64) -> bool,
        expected: &'static str,
    ) -> Result<[f64; N], Reason> {
        let values = self.need(fields)?;
        match fields.into_iter().zip(values).find(|(_, value)| !holds(*value)) {
            Some((field, value)) => Err(Reason::Impossible { field, value, expected }),
            None => Ok(values),
        }
    }
}

/// Sentences that several families say of an impossible value.
pub(super) const SD: &str = "an SD is never below 0";
pub(super) const COUNT: &str = "a count is never below 0";
pub(super) const TIME: &str = "a person-time is above 0";

/// Why a measure has no value for a row.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Something that it needs is not there.
    #[error("missing: {}", names(.0))]
    Missing(Vec<Field>),
    /// The effect needs no sizes, and its variance does.
    #[error("no variance: {} missing", are(.0))]
    WithoutSize(Vec<Field>),
    /// None of several things is there, one of which it needs.
    #[error("missing: one of {}", names(.0))]
    MissingAny(Vec<Field>),
    /// A quantity lies where it cannot.
    #[error("{field} = {value}: {expected}")]
    Impossible {
        /// Which.
        field: Field,
        /// What it is.
        value: f64,
        /// What it ought to be.
        expected: &'static str,
    },
    /// Two quantities contradict each other.
    #[error("{0} = {1} and {2} = {3}: {4}")]
    Contradiction(Field, f64, Field, f64, &'static str),
    /// The measure is not defined at these values.
    #[error("{0}")]
    Undefined(&'static str),
    /// The correction for small samples is not defined.
    #[error("the correction J is not defined for {0} degrees of freedom: it needs more than 1")]
    NoCorrection(f64),
    /// The result lies beyond the range of double precision.
    #[error("the {0} is beyond the range of double-precision numbers")]
    Overflow(&'static str),
    /// Both means are below 0.
    #[error("{}", crate::effect::ranges::RATIO_OF_SIZES)]
    RatioOfSizes,
    /// The correction of a log ratio for bias is larger than the ratio itself.
    #[error("{}", crate::effect::ranges::LARGE_CORRECTION)]
    LargeCorrection,
    /// A constant was added to cells, as was asked for.
    #[error("{0} was added to each {1}")]
    Added(f64, &'static str),
    /// A table without events, or with events only, was to be dropped.
    #[error("both groups have no events, or nothing but events: dropped, as --drop00 asks")]
    Dropped,
}

fn are(fields: &[Field]) -> String {
    format!("{} {}", names(fields), if fields.len() == 1 { "is" } else { "are" })
}

fn names(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_positions_are_those_of_the_list() {
        for (position, field) in Field::ALL.iter().enumerate() {
            assert_eq!(field.name().parse(), Ok(*field));
            assert_eq!(*field as usize, position);
            assert!(field.meaning().ends_with('.'));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let row = Inputs::from([(Field::Ai, 1.0)]);
        let reason = row.need([Field::Ai, Field::Bi, Field::Ci]).unwrap_err();
        assert_eq!(reason.to_string(), "missing: bi, ci");
    }
}
