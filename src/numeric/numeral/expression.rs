//! What stands in one cell of a table, and what a p-value is compared with.

use super::units::without_unit;
use super::{Numeral, NumeralError, fold_char, magnitude_ahead};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The forms in which a result is printed.
///
/// ```
/// use reffect::numeric::numeral::Expression;
///
/// let Expression::Spread { center, spread, .. } = "2.9±1.1".parse()? else { unreachable!() };
/// assert_eq!((center.text(), spread.text()), ("2.9", "1.1"));
/// assert!(matches!("1.5 (0–5)".parse()?, Expression::Range { .. }));
/// assert!(matches!("5/7".parse()?, Expression::Fraction { .. }));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `0.47`
    Number(Numeral),
    /// `2.9 ± 1.1`, `2.9 +/- 1.1`, `2.9 +- 1.1`, `2.9 (±1.1)`, `2.9 (1.1)`, `2.9 (SD 1.1)` or `2.9, SD = 1.1`
    Spread {
        /// The number in front.
        center: Numeral,
        /// The number behind the sign, never negative.
        spread: Numeral,
        /// What the text calls it, where it does.
        name: Option<SpreadName>,
    },
    /// `1.5 (0–5)`, `1.5 (range 0–5)`, `1.5, range 0–5` or `0.42 [0.03, 0.81]`
    Range {
        /// The number in front.
        center: Numeral,
        /// The lower end.
        lower: Numeral,
        /// The upper end.
        upper: Numeral,
        /// What the text calls the pair, where it does.
        name: Option<SpreadName>,
    },
    /// `5/7`, `5 of 7`, `5 out of 7` or `7例中5例`
    Fraction {
        /// The part.
        part: Numeral,
        /// The whole.
        whole: Numeral,
    },
}

/// What a text calls a spread: `2.9 (SE 0.4)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpreadName {
    /// A standard deviation.
    Sd,
    /// A standard error.
    Se,
    /// A confidence interval of 95 %, or of a level that is not named.
    Ci,
    /// Quartiles, or the range between them.
    Quartiles,
    /// The smallest and the largest value.
    Range,
}

impl SpreadName {
    /// The names that sources give in brackets, longer ones before those that they begin with.
    const ALL: [(&'static str, Self); 24] = [
        ("95% confidence interval", Self::Ci),
        ("confidence interval", Self::Ci),
        ("95% CI", Self::Ci),
        ("95 % CI", Self::Ci),
        ("95%CI", Self::Ci),
        ("95%信頼区間", Self::Ci),
        ("信頼区間", Self::Ci),
        ("CI", Self::Ci),
        ("SEM", Self::Se),
        ("s.e.m.", Self::Se),
        ("s.e.", Self::Se),
        ("s.d.", Self::Sd),
        ("standard error", Self::Se),
        ("標準誤差", Self::Se),
        ("SE", Self::Se),
        ("standard deviation", Self::Sd),
        ("標準偏差", Self::Sd),
        ("SD", Self::Sd),
        ("interquartile range", Self::Quartiles),
        ("四分位範囲", Self::Quartiles),
        ("四分位", Self::Quartiles),
        ("IQR", Self::Quartiles),
        ("range", Self::Range),
        ("範囲", Self::Range),
    ];

    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Sd => "a standard deviation",
            Self::Se => "a standard error",
            Self::Ci => "a confidence interval",
            Self::Quartiles => "quartiles",
            Self::Range => "a range",
        }
    }
}

const FORMS: &str = "write `2.9 ± 1.1`, `2.9 (1.1)`, `1.5 (0–5)`, `5/7` or one number, as the source prints it";

impl FromStr for Expression {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        if let Some(number) = Numeral::plain(text) {
            return Ok(Self::Number(number));
        }
        let is_in_brackets = |center: &str| center.trim_end().ends_with(['(', '[', '（']);
        let plus_minus = ["±", "+/-", "+-"].into_iter().find_map(|sign| split_at(text, sign));
        if let Some((center, spread)) = plus_minus.filter(|(center, _)| !is_in_brackets(center)) {
            return Self::spread(text, without_unit(center), without_unit(spread), None);
        }
        if let Some((center, inside)) = parenthesised(text) {
            let (name, inside) = named(inside);
            if let Some(spread) = ["±", "+/-", "+-"].into_iter().find_map(|sign| inside.trim_start().strip_prefix(sign))
            {
                return Self::spread(text, without_unit(center), without_unit(spread), name);
            }
            return match split_range(inside) {
                Some((lower, upper)) => Self::range(text, center, lower, upper, name),
                // Behind a unit, a number alone in brackets may be anything.
                None if name.is_none() => Self::spread(text, center, inside, name),
                None => Self::spread(text, without_unit(center), without_unit(inside), name),
            };
        }
        if let Some((center, name, inside)) = behind_comma(text) {
            return match split_range(inside) {
                Some((lower, upper)) => Self::range(text, center, lower, upper, Some(name)),
                None => Self::spread(text, without_unit(center), without_unit(inside), Some(name)),
            };
        }
        if let Some((part, whole)) = split_at(text, "/") {
            return Ok(Self::Fraction { part: part.parse()?, whole: whole.parse()? });
        }
        if let Some((part, whole)) = part_of_whole(text) {
            return Ok(Self::Fraction { part, whole });
        }
        text.parse().map(Self::Number).map_err(|error: NumeralError| match error.problem.as_str() {
            "is not a number" | "holds no number" => error.hint(FORMS),
            _ => error,
        })
    }
}

impl Expression {
    fn spread(text: &str, center: &str, spread: &str, name: Option<SpreadName>) -> Result<Self, NumeralError> {
        let (center, spread): (Numeral, Numeral) = (of_same_power(center, spread).parse()?, spread.parse()?);
        if spread.decimal().signum() < 0 {
            return Err(NumeralError::new(text, "has a negative spread")
                .hint("a standard deviation, standard error or half-width is never below 0"));
        }
        Ok(Self::Spread { center, spread, name })
    }

    fn range(
        text: &str,
        center: &str,
        lower: &str,
        upper: &str,
        name: Option<SpreadName>,
    ) -> Result<Self, NumeralError> {
        let center: Numeral = without_unit(center).parse()?;
        let of_unit = |end: &str| end.trim()[without_unit(end).len()..].trim().to_owned();
        let units = [of_unit(lower), of_unit(upper)];
        let (lower, upper) = (without_unit(lower), without_unit(upper));
        let (lower, upper): (Numeral, Numeral) = (of_same_power(lower, upper).parse()?, upper.parse()?);
        let center = of_power_within(center, &lower, &upper);
        // The unit behind the upper end is that of both: "(35.9–54.3%)", and not "(10.1%, 15 mg)".
        let is_other = !units[0].is_empty() && units[0] != units[1] || lower.is_percent() && !upper.is_percent();
        if is_other {
            return Err(NumeralError::new(text, "has ends in different units")
                .hint("write both ends in the unit of the value: `45.0% (35.9–54.3)`"));
        }
        in_order(text, &lower, &upper)?;
        Ok(Self::Range { center, lower, upper, name })
    }
}

/// The two ends of an interval: `0.03–0.81`, `0.03 to 0.81`, `(95% CI −2.6, −0.4)`.
///
/// # Errors
/// These are no two numbers, or the lower one does not stand first.
///
/// ```
/// use reffect::numeric::numeral::interval_ends;
///
/// let [lower, upper] = interval_ends("−2.62 to −1.87")?;
/// assert_eq!((lower.value(), upper.value()), (-2.62, -1.87));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn interval_ends(text: &str) -> Result<[Numeral; 2], NumeralError> {
    let trimmed = text.trim();
    let is_bracketed = trimmed.starts_with(['(', '[', '（']) && trimmed.ends_with([')', ']', '）']);
    let inside = if is_bracketed { trimmed.trim_matches(['(', '[', '（', ')', ']', '）']) } else { trimmed };
    let (name, inside) = named(inside);
    let Some((lower, upper)) = split_range(inside).filter(|_| name.is_none_or(|name| name == SpreadName::Ci)) else {
        return Err(NumeralError::new(text, "is no interval").hint("write both ends: `0.03–0.81` or `0.03 to 0.81`"));
    };
    let (lower, upper): (Numeral, Numeral) = (of_same_power(lower, upper).parse()?, upper.parse()?);
    in_order(text, &lower, &upper)?;
    Ok([lower, upper])
}

/// A number with the power of ten that stands behind the second of two and is that of both: `2.1 ± 0.4 ×10^9`,
/// `21.3±4.5万`, `1.5〜3.0万`. One with a power of its own, or behind a number without one, is what it is.
fn of_same_power<'t>(first: &'t str, second: &str) -> Cow<'t, str> {
    let power = power_behind(second);
    if power.is_empty() || !power_behind(first).is_empty() || first.parse::<Numeral>().is_err() {
        return Cow::Borrowed(first);
    }
    Cow::Owned(format!("{}{power}", first.trim_end()))
}

/// A value with the power of ten of the ends of its interval, where it lies between them with that and not without.
fn of_power_within(center: Numeral, lower: &Numeral, upper: &Numeral) -> Numeral {
    let lies_between = |of: &Numeral| lower.decimal() <= of.decimal() && of.decimal() <= upper.decimal();
    if lies_between(&center) {
        return center;
    }
    let scaled = of_same_power(center.text(), upper.text()).parse::<Numeral>().ok().filter(lies_between);
    scaled.unwrap_or(center)
}

/// What stands behind the digits of a number and multiplies it: `×10^9`, `万`; nothing where it is none.
fn power_behind(text: &str) -> &str {
    let text = text.trim();
    let is_of_number = |c: char| matches!(fold_char(c), '0'..='9' | '.' | ',' | '-' | '+' | ' ' | '±');
    let end = text.find(|c| !is_of_number(c)).unwrap_or(text.len());
    let behind = &text[end..];
    let is_power = behind.starts_with('×') || magnitude_ahead(behind).is_some();
    if is_power { behind } else { "" }
}

fn in_order(text: &str, lower: &Numeral, upper: &Numeral) -> Result<(), NumeralError> {
    if lower.decimal() > upper.decimal() {
        return Err(
            NumeralError::new(text, "has a range that ends below its beginning").hint("write the lower end first")
        );
    }
    Ok(())
}

/// `5 of 7`, `seven out of 64`, and `7例中5例` where the whole stands in front.
fn part_of_whole(text: &str) -> Option<(Numeral, Numeral)> {
    let (part, whole) =
        ["out of", "of"].iter().find_map(|word| text.split_once(&format!(" {word} "))).or_else(|| {
            let (whole, part) = text.split_once('中')?;
            Some((part.trim_start_matches(['、', '，', ' ', '\u{3000}']), whole))
        })?;
    let whole = whole.strip_prefix("the ").unwrap_or(whole);
    Some((part.parse().ok()?, whole.parse().ok()?))
}

/// A count and the percentage beside it, in either order: `27 (13.6%)`, `13.6% (27/206)`; none where a text is another.
///
/// ```
/// use reffect::numeric::numeral::count_and_percent;
///
/// let (count, percent) = count_and_percent("27 (13.6%)").ok_or("both are there")?;
/// assert_eq!((count.as_str(), percent.text()), ("27", "13.6%"));
/// # Ok::<(), &str>(())
/// ```
pub fn count_and_percent(text: &str) -> Option<(String, Numeral)> {
    let (front, behind) = text.split_once(['(', '（'])?;
    let inside = behind.trim_end().strip_suffix([')', '）'])?;
    let is_count = |text: &str| match text.parse() {
        // There are no 0.9 people: "8.0% (0.9)" is a mean in per cent with its spread.
        Ok(Expression::Number(numeral)) => {
            !numeral.is_percent() && numeral.decimal().decimals() == 0 && numeral.decimal().signum() >= 0
        }
        Ok(Expression::Fraction { .. }) => true,
        _ => false,
    };
    let percent = |text: &str| text.parse::<Numeral>().ok().filter(Numeral::is_percent);
    match (percent(inside), percent(front)) {
        (Some(percent), None) if is_count(front) => Some((front.trim().to_owned(), percent)),
        (None, Some(percent)) if is_count(inside) => Some((inside.trim().to_owned(), percent)),
        _ => None,
    }
}

/// The texts in front of and behind a sign in any width.
fn split_at<'a>(text: &'a str, sign: &str) -> Option<(&'a str, &'a str)> {
    let (start, end) = find_folded(text, sign)?;
    Some((&text[..start], &text[end..]))
}

/// Where a sign stands in the text, as byte positions, when both are folded.
fn find_folded(text: &str, sign: &str) -> Option<(usize, usize)> {
    text.char_indices().find_map(|(start, _)| {
        let mut rest = text[start..].char_indices();
        for expected in sign.chars() {
            let (_, c) = rest.next()?;
            if fold_char(c) != expected {
                return None;
            }
        }
        Some((start, start + rest.offset()))
    })
}

/// `center (inside)` or `center [inside]`.
fn parenthesised(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (open, start) = text.char_indices().find(|(_, c)| matches!(fold_char(*c), '(' | '['))?;
    let close = text.chars().last().filter(|c| matches!((fold_char(start), fold_char(*c)), ('(', ')') | ('[', ']')))?;
    let inside = text.get(open + start.len_utf8()..text.len() - close.len_utf8())?;
    (open > 0).then_some((&text[..open], inside))
}

/// What a comma divides as papers of psychology do: `24.3, SD = 5.1`, `4, IQR = 2–7`. A spread has one number,
/// quartiles and a range two.
fn behind_comma(text: &str) -> Option<(&str, SpreadName, &str)> {
    text.char_indices().filter(|(_, c)| matches!(fold_char(*c), ',' | '、')).find_map(|(at, comma)| {
        let (name, inside) = named(&text[at + comma.len_utf8()..]);
        let is_pair = split_range(inside).is_some();
        let fits = |name: &SpreadName| match name {
            SpreadName::Sd | SpreadName::Se => !is_pair,
            SpreadName::Quartiles | SpreadName::Range => is_pair,
            SpreadName::Ci => false,
        };
        Some((&text[..at], name.filter(fits)?, inside))
    })
}

/// The name that some sources give in brackets, and what stands behind it.
fn named(inside: &str) -> (Option<SpreadName>, &str) {
    let inside = inside.trim_start();
    let found = SpreadName::ALL.iter().find_map(|(words, name)| {
        // In any width.
        let mut rest = inside.chars();
        let is_same = words.chars().all(|word| rest.next().is_some_and(|c| fold_char(c).eq_ignore_ascii_case(&word)));
        is_same.then(|| (*name, rest.as_str()))
    });
    match found {
        Some((name, rest)) => (Some(name), rest.trim_start_matches(|c| matches!(fold_char(c), ':' | '=' | ' ' | ','))),
        None => (None, inside),
    }
}

/// The two ends of a range: `0–5`, `−8 to −2`, `0.03, 0.81`, `0〜5`.
fn split_range(text: &str) -> Option<(&str, &str)> {
    for word in [" to ", "から", "~", ", ", "、", ";"] {
        if let Some(ends) = split_at(text, word) {
            return Some(ends);
        }
    }
    // No comma of thousands follows decimals, or stands in front of a sign: "−1.05,−0.62".
    for (position, c) in text.char_indices().filter(|(_, c)| fold_char(*c) == ',') {
        let (front, behind) = (&text[..position], &text[position + c.len_utf8()..]);
        let number = front.chars().rev().map(fold_char).take_while(|c| c.is_ascii_digit() || *c == '.');
        let is_decimal = number.into_iter().any(|c| c == '.');
        if is_decimal || behind.starts_with(|c| matches!(fold_char(c), '-' | '+')) {
            return Some((front, behind));
        }
    }
    // A dash divides only where a number ended before it: elsewhere it is a minus sign.
    let mut after_number = false;
    for (position, c) in text.char_indices() {
        match fold_char(c) {
            '-' if after_number => return Some((&text[..position], &text[position + c.len_utf8()..])),
            ' ' => {}
            folded => after_number = folded.is_ascii_digit() || folded == '%',
        }
    }
    None
}

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

    fn read(text: &str) -> Expression {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn means_with_their_spread() {
        for text in [
            "2.9 ± 1.1",
            "2.9±1.1",
            "2.9 +/- 1.1",
            "2.9 +- 1.1",
            "2.9+-1.1",
            "2.9 (1.1)",
            "２．９±１．１",
            "２．９（１．１）",
            "2.9 ±1.1 ",
            "2.9 (SD 1.1)",
            "2.9点±1.1点",
            "2.9 years (SD 1.1 years)",
            "2.9歳（標準偏差1.1）",
        ] {
            let Expression::Spread { center, spread, .. } = read(text) else { panic!("{text}") };
            assert_eq!((center.value(), spread.value()), (2.9, 1.1), "{text}");
        }
        let Expression::Spread { center, .. } = read("-0.5 ± 1.0") else { panic!() };
        assert_eq!(center.value(), -0.5);
    }

    #[test]
    fn centres_with_their_range() {
        for (text, ends) in [
            ("1.5 (0–5)", (0.0, 5.0)),
            ("1.5か月（範囲0～5）", (0.0, 5.0)),
            ("1.5% (0–5%)", (0.0, 5.0)),
            ("1.5 (0 months to 5 months)", (0.0, 5.0)),
            ("1.5 mmHg (IQR 0 to 5)", (0.0, 5.0)),
            ("1.5 (0 - 5)", (0.0, 5.0)),
            ("1.5 [0, 5]", (0.0, 5.0)),
            ("1.5 (0.5 to 5)", (0.5, 5.0)),
            ("1.5（0〜5）", (0.0, 5.0)),
            ("1.75 (range 0.5–5)", (0.5, 5.0)),
            ("0.42 (95% CI 0.03 to 0.81)", (0.03, 0.81)),
            ("−2.25 (−2.62 to −1.87)", (-2.62, -1.87)),
            ("−2.25 (−2.62–−1.87)", (-2.62, -1.87)),
            ("−2.25[−2.62,−1.87]", (-2.62, -1.87)),
            ("1.75 (0.5,5.5)", (0.5, 5.5)),
            ("1,234.5 (1,000.5-2,000)", (1000.5, 2000.0)),
        ] {
            let Expression::Range { lower, upper, .. } = read(text) else { panic!("{text}") };
            assert_eq!((lower.value(), upper.value()), ends, "{text}");
        }
    }

    #[test]
    fn names_in_brackets_are_kept() {
        for (text, expected) in [
            ("2.9 (SE 1.1)", SpreadName::Se),
            ("2.9（標準誤差 1.1）", SpreadName::Se),
            ("2.9 (s.e.m. 1.1)", SpreadName::Se),
            ("2.9 (s.d. = 1.1)", SpreadName::Sd),
            ("2.9, SD = 1.1", SpreadName::Sd),
            ("2.9 points, SE 1.1", SpreadName::Se),
            ("4, IQR = 2–7", SpreadName::Quartiles),
            ("62 years, range 40 to 81", SpreadName::Range),
            ("14.2（四分位範囲 10.1–19.8）", SpreadName::Quartiles),
            ("1.2（95%信頼区間：0.4〜2.0）", SpreadName::Ci),
            ("0.42 (95% CI 0.03 to 0.81)", SpreadName::Ci),
            ("12.3 months (95% CI, 10.1 to 15.2)", SpreadName::Ci),
            ("12.3 months (95% confidence interval: 10.1–15.2)", SpreadName::Ci),
            ("1.75 (range 0.5–5)", SpreadName::Range),
        ] {
            let (Expression::Spread { name, .. } | Expression::Range { name, .. }) = read(text) else {
                panic!("{text}")
            };
            assert_eq!(name, Some(expected), "{text}");
        }
    }

    #[test]
    fn fractions_and_single_numbers() {
        for text in ["5/7", "５／７", "5 / 7"] {
            let Expression::Fraction { part, whole } = read(text) else { panic!("{text}") };
            assert_eq!((part.value(), whole.value()), (5.0, 7.0));
        }
        assert!(matches!(read("85.7%"), Expression::Number(_)));
    }

    #[test]
    fn wrong_forms_say_what_to_write() {
        for (text, problem) in [
            ("2.9 ±", "holds no number"),
            ("± 1.1", "holds no number"),
            ("2.9 ± -1.1", "negative spread"),
            ("1.5 (5–0)", "ends below its beginning"),
            ("8.2 kg (10.1%, 15 mg)", "ends in different units"),
            ("8.2 (10.1%, 15)", "ends in different units"),
            ("8.2 (5 mg to 10 kg)", "ends in different units"),
            ("2.9, SD 1.1 to 2", "is not one number"),
            ("high", "is not a number"),
            ("5/", "holds no number"),
        ] {
            let error = text.parse::<Expression>().unwrap_err();
            assert!(error.to_string().contains(problem), "{text}: {error}");
            assert!(error.hint.is_some(), "{text}");
        }
    }

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

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Expression>();
            let _ = text.parse::<Comparison>();
        }
    }
}
