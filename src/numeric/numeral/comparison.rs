//! What a p-value is compared with: `p < 0.005`.

use super::expression::split_at;
use super::{Numeral, NumeralError, fold_char};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use std::fmt;
use std::str::FromStr;

/// How a number is compared with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `≤`
    LessOrEqual,
    /// `=`
    Equal,
    /// `≥`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Relation {
    const SIGNS: [(&'static str, Self); 8] = [
        ("<=", Self::LessOrEqual),
        (">=", Self::GreaterOrEqual),
        ("≦", Self::LessOrEqual),
        ("≧", Self::GreaterOrEqual),
        ("≤", Self::LessOrEqual),
        ("≥", Self::GreaterOrEqual),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "≤",
            Self::Equal => "=",
            Self::GreaterOrEqual => "≥",
            Self::Greater => ">",
        }
    }
}

/// A reported probability: `p < 0.005`, `p = 0.0013`, `0.03`.
///
/// ```
/// use reffect::numeric::numeral::{Comparison, Relation};
///
/// let p: Comparison = "p < 0.005".parse()?;
/// assert_eq!((p.relation, p.bound.value()), (Relation::Less, 0.005));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The text, as printed.
    pub text: String,
    /// How it is compared; a bare number is equal to itself.
    pub relation: Relation,
    /// With what.
    pub bound: Numeral,
}

impl FromStr for Comparison {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        let text = text.trim();
        let unnamed = without_name(text);
        // In front of the sign stand words, such as "-value": "p = 0.03, p < 0.001" are two.
        let is_words = |text: &str| !text.chars().any(|c| fold_char(c).is_ascii_digit());
        let split = |sign: &str| split_at(unnamed, sign).filter(|(before, _)| is_words(before));
        let (relation, bound) = Relation::SIGNS
            .iter()
            .find_map(|(sign, relation)| split(sign).map(|(_, bound)| (*relation, bound)))
            .or_else(|| split("=").map(|(_, bound)| (Relation::Equal, bound)))
            .unwrap_or((Relation::Equal, unnamed));
        let bound = match bound.parse::<Numeral>() {
            Ok(bound) => bound,
            Err(error) => Numeral::far_below_one(bound).ok_or(error)?,
        };
        if !(0.0..=1.0).contains(&bound.value()) || bound.is_percent() {
            return Err(NumeralError::new(text, "is no probability: it does not lie between 0 and 1")
                .hint("write `p < 0.005`, `p = 0.03` or `0.03`"));
        }
        Ok(Self { text: text.to_owned(), relation, bound })
    }
}

/// A probability without the name in front of it: "p", "P-value: ", p値は.
fn without_name(text: &str) -> &str {
    let Some(behind) = text.strip_prefix(['p', 'P', 'ｐ', 'Ｐ']) else { return text };
    let value = behind.trim_start_matches(|c| matches!(fold_char(c), '-' | ' '));
    let is_value = |word: &&str| value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let Some(word) = ["value", "値"].into_iter().find(is_value) else { return behind };
    let rest = value[word.len()..].trim_start();
    let joined = [":", "：", "は", "of ", "was "].iter().find_map(|sign| rest.strip_prefix(sign));
    joined.unwrap_or(rest)
}

impl Comparison {
    /// Whether some number of a range is as it is printed.
    pub fn holds_in(&self, range: Interval, rounding: Rounding) -> bool {
        let bound = self.bound.value();
        // What lies on an end that belongs to it is not left out by the last digits of a double.
        let near =
            Interval { lower: range.lower - 1e-12 * range.lower.abs(), upper: range.upper + 1e-12 * range.upper.abs() };
        match self.relation {
            Relation::Equal => self.bound.rounding_interval(rounding).to_interval().meets(near) && bound >= 0.0,
            Relation::Less => range.lower < bound,
            Relation::LessOrEqual => near.lower <= bound,
            Relation::Greater => range.upper > bound,
            Relation::GreaterOrEqual => near.upper >= bound,
        }
    }

    /// Whether it says that a p lies below a level, or that it does not; none where it leaves that open.
    pub fn says_significant(&self, alpha: f64) -> Option<bool> {
        let bound = self.bound.value();
        match self.relation {
            Relation::Equal => Some(bound < alpha),
            Relation::Less => (bound <= alpha).then_some(true),
            Relation::LessOrEqual => (bound < alpha).then_some(true),
            Relation::Greater | Relation::GreaterOrEqual => (bound >= alpha).then_some(false),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities() {
        for (text, relation, bound) in [
            ("p < 0.005", Relation::Less, 0.005),
            ("P=0.03", Relation::Equal, 0.03),
            ("p ≤ .05", Relation::LessOrEqual, 0.05),
            ("ｐ＜０．０５", Relation::Less, 0.05),
            ("0.0013", Relation::Equal, 0.0013),
            ("p > 0.05", Relation::Greater, 0.05),
            ("p = 4.7e-78", Relation::Equal, 4.7e-78),
            ("p = 4.7e−78", Relation::Equal, 4.7e-78),
            ("p < ４．７ｅ－７８", Relation::Less, 4.7e-78),
            ("4.7 × 10⁻⁷⁸", Relation::Equal, 4.7e-78),
            ("p = 4.7 x 10^-78", Relation::Equal, 4.7e-78),
            ("4.7×10−78", Relation::Equal, 4.7e-78),
        ] {
            let p: Comparison = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((p.relation, p.bound.value()), (relation, bound), "{text}");
            assert_eq!(p.to_string(), text);
        }
        assert!("p = 5".parse::<Comparison>().is_err());
        assert!("p < 5%".parse::<Comparison>().is_err());
        for text in ["4.7e-999", "4.7e78", "e-78", "-1e-78", "1e-99999999999"] {
            assert!(text.parse::<Comparison>().is_err(), "{text}");
        }
        let tiny: Comparison = "4.7e-78".parse().unwrap();
        let holds = |p: f64| tiny.holds_in(Interval::point(p), Rounding::default());
        assert!(holds(4.7e-78) && holds(4.66e-78) && !holds(4.8e-78) && !holds(0.0));
    }
}
