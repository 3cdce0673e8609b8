//! Whether a result is as expected.

use crate::numeric::decimal::Decimal;
use crate::numeric::format::{decimals_for, fixed, p_value, significant};
use crate::numeric::numeral::{Comparison, Numeral, Relation, fold};
use crate::numeric::rounding::Rounding;
use crate::reported::Expected;

/// A result, as far as it can be compared with what is expected.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// A number.
    Number(f64),
    /// An interval.
    Interval(f64, f64),
    /// A word, or a count with more digits than a double holds.
    Text(String),
    /// There is no result, and why.
    Refused(String),
}

/// How close is close enough.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tolerance {
    /// How the expected value was rounded.
    pub rounding: Rounding,
    /// How far the result may be from it, where its printed digits are not meant.
    pub within: Option<Decimal>,
}

/// What was found, and in what it differs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The result in digits that show the difference.
    pub found: String,
    /// In what it differs, as the end of a sentence.
    pub why: String,
}

/// Whether a result is as expected; if it is not, in what it differs.
///
/// ```
/// use reffect::expect::{Answer, Tolerance, compare};
/// use reffect::reported::Expected;
///
/// let expected = Expected::Number("2.05".parse()?);
/// assert_eq!(compare(&expected, &Answer::Number(2.0541), Tolerance::default()), None);
/// let difference = compare(&expected, &Answer::Number(2.0941), Tolerance::default()).ok_or("it differs")?;
/// assert_eq!(difference.found, "2.0941");
/// assert_eq!(difference.why, "2.05 stands for 2.045 to 2.055, missed by 0.0391");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(expected: &Expected, answer: &Answer, tolerance: Tolerance) -> Option<Difference> {
    match (expected, answer) {
        (Expected::Refused(words), Answer::Refused(reason)) if holds_words(reason, words) => None,
        (Expected::Refused(_), Answer::Refused(reason)) => {
            Some(difference(answer, format!("it is refused for another reason: {reason}")))
        }
        (Expected::Refused(_), _) => Some(difference(answer, "a refusal was expected")),
        (_, Answer::Refused(reason)) => Some(difference(answer, format!("there is no result: {reason}"))),
        (Expected::Number(expected), Answer::Number(found)) => number(expected, *found, tolerance),
        (Expected::Comparison(expected), Answer::Number(found)) => comparison(expected, *found, tolerance),
        (Expected::Interval(lower, upper), Answer::Interval(low, high)) => {
            let ends = [("lower", lower, *low), ("upper", upper, *high)];
            let missed = ends.iter().filter_map(|(end, expected, found)| {
                number(expected, *found, tolerance).map(|miss| format!("{end} end {}: {}", miss.found, miss.why))
            });
            let why = missed.collect::<Vec<_>>().join("; ");
            (!why.is_empty()).then(|| difference(answer, why))
        }
        (Expected::Number(expected), Answer::Text(found)) => printed(expected, found, tolerance),
        (Expected::Text(expected), Answer::Text(found)) => {
            (squeezed(expected) != squeezed(found)).then(|| difference(answer, format!("`{expected}` was expected")))
        }
        (Expected::Interval(..), _) => Some(difference(answer, "an interval was expected")),
        (Expected::Text(_), _) => Some(difference(answer, "words were expected")),
        (_, Answer::Interval(..)) => Some(difference(answer, "one number was expected")),
        (Expected::Comparison(_), Answer::Text(_)) => Some(difference(answer, "a number was expected")),
    }
}

fn difference(answer: &Answer, why: impl Into<String>) -> Difference {
    Difference { found: answer.to_string(), why: why.into() }
}

/// A reason holds the expected words; without any, each reason will do.
fn holds_words(reason: &str, words: &str) -> bool {
    squeezed(reason).contains(&squeezed(words))
}

fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

fn number(expected: &Numeral, found: f64, tolerance: Tolerance) -> Option<Difference> {
    let shown = |miss: f64| Difference {
        found: beside(found, expected, miss),
        why: match tolerance.within {
            Some(within) => format!("{expected} ± {within} was expected, missed by {}", significant(miss, 3)),
            None => {
                let range = expected.printed_range(tolerance.rounding);
                let missed = if miss == 0.0 {
                    format!("whose end does not print so when rounded {}", tolerance.rounding)
                } else {
                    format!("missed by {}", significant(miss, 3))
                };
                format!("{expected} stands for {} to {}, {missed}", signed(range.lower), signed(range.upper))
            }
        },
    };
    let Some(within) = tolerance.within else { return expected.miss(found, tolerance.rounding).map(shown) };
    let Some(decimal) = Decimal::of_f64(found) else { return Some(shown(f64::INFINITY)) };
    let away = decimal.minus(expected.scaled(expected.decimal())).abs();
    let within = expected.scaled(within);
    (away > within).then(|| shown(away.minus(within).to_f64()))
}

/// A number beside a text that is one as well: a count, or what is printed. Whole numbers are compared as numbers,
/// others, whose zeros at the end were printed, digit by digit.
fn printed(expected: &Numeral, found: &str, tolerance: Tolerance) -> Option<Difference> {
    let without_groups = |text: &str| fold(text).replace(',', "");
    let miss = |why: String| Some(Difference { found: found.to_owned(), why });
    let plainly = || match fold(expected.text()) == fold(found) || without_groups(expected.text()) == found {
        true => None,
        false => miss(format!("{expected} was expected")),
    };
    let Ok(number) = found.parse::<Numeral>() else { return plainly() };
    let away = number.decimal().minus(expected.decimal()).abs();
    let are_whole = number.decimal().decimals() == 0 && expected.decimal().decimals() == 0;
    match tolerance.within {
        Some(within) if away > within => {
            miss(format!("{expected} ± {within} was expected, missed by {}", away.minus(within)))
        }
        Some(_) => None,
        None if are_whole && number.is_percent() == expected.is_percent() && away.signum() == 0 => None,
        None => plainly(),
    }
}

fn signed(value: Decimal) -> String {
    value.to_string().replace('-', "−")
}

/// The number with enough digits that the miss shows.
fn beside(found: f64, expected: &Numeral, miss: f64) -> String {
    let own = expected.decimal().decimals() as usize;
    let needed = if miss > 0.0 && miss.is_finite() { decimals_for(miss, 3) } else { own + 2 };
    fixed(found, needed.clamp(own, own + 6))
}

fn comparison(expected: &Comparison, found: f64, tolerance: Tolerance) -> Option<Difference> {
    if expected.holds_for(found, tolerance.rounding) {
        return None;
    }
    let why = match expected.relation {
        Relation::Equal => format!("{expected} was expected"),
        _ => format!("{expected} does not hold"),
    };
    let digits = significant(found, 3);
    // A p just beside its bound needs digits that show on which side it is.
    let found = if found > 0.0 && found < 1.0 { significant(found, 4) } else { digits };
    Some(Difference { found, why })
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => f.write_str(&significant(*value, 5)),
            Self::Interval(lower, upper) => write!(f, "{} to {}", significant(*lower, 5), significant(*upper, 5)),
            Self::Text(text) => f.write_str(text),
            Self::Refused(_) => f.write_str("refused"),
        }
    }
}

/// The texts that would stand in the file if the result were accepted: in the form and with the decimals
/// of what is there, rounded as it is.
pub fn rewritten(expected: &Expected, answer: &Answer, tolerance: Tolerance) -> Option<Vec<String>> {
    let printed = |numeral: &Numeral, value: f64| printed_as(numeral, value, tolerance);
    let text = match (expected, answer) {
        (Expected::Number(numeral), Answer::Number(value)) => printed(numeral, *value),
        (Expected::Interval(lower, upper), Answer::Interval(low, high)) => {
            return Some(vec![printed(lower, *low), printed(upper, *high)]);
        }
        // Only a probability can stand as a comparison.
        (Expected::Comparison(_), Answer::Number(p)) if !(0.0..=1.0).contains(p) => significant(*p, 4),
        (Expected::Comparison(own), Answer::Number(p)) if *p < 1e-4 => {
            // A p that was printed with more digits keeps them: a bound would hold for every smaller one.
            let text = fixed(*p, own.bound.decimal().decimals() as usize);
            let has_digits = own.relation == Relation::Equal && text.contains(|c: char| ('1'..='9').contains(&c));
            if has_digits { format!("p = {text}") } else { format!("p {}", p_value(*p)) }
        }
        (Expected::Comparison(_), Answer::Number(p)) => format!("p = {}", significant(*p, 3)),
        (_, Answer::Refused(reason)) => format!("refused: {reason}"),
        (_, Answer::Text(text)) => text.clone(),
        (_, Answer::Number(value)) => significant(*value, 4),
        (_, Answer::Interval(..)) => return None,
    };
    // One text cannot stand where an interval did.
    (!matches!(expected, Expected::Interval(..))).then(|| vec![text])
}

/// A value that is accepted gets no more decimals than so many more than were there.
const MORE_DECIMALS: usize = 12;

/// The text with the form and the decimals of a number that stands for a value: the nearest or, where others are rounded
/// down or up, one beside it.
fn printed_as(form: &Numeral, value: f64, tolerance: Tolerance) -> String {
    let shown = if form.is_percent() { 100.0 * value } else { value };
    let unit = form.unit().to_f64();
    let own = form.decimal().decimals() as usize;
    let to = |decimals: usize, shown: f64| {
        let text = fixed(shown, decimals);
        if form.is_percent() { format!("{text}%") } else { text }
    };
    let text = |shown: f64| to(own, shown);
    let stands_for_it = |text: &String| text.parse().is_ok_and(|own| number(&own, value, tolerance).is_none());
    let all = [shown, shown - unit, shown + unit].map(text);
    // Where less than half of the last digit is allowed, more of them are needed.
    let more = (own + 1..=own + MORE_DECIMALS).map(|decimals| to(decimals, shown));
    all.iter().cloned().chain(more).find(stands_for_it).unwrap_or_else(|| text(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_of(text: &str) -> Expected {
        Expected::Number(text.parse().unwrap())
    }

    #[test]
    fn each_form_meets_its_answer() {
        let usual = Tolerance::default();
        let holds = |expected: &Expected, answer: Answer| compare(expected, &answer, usual).is_none();
        assert!(holds(&Expected::Comparison("p < 0.05".parse().unwrap()), Answer::Number(0.049)));
        assert!(!holds(&Expected::Comparison("p < 0.05".parse().unwrap()), Answer::Number(0.05)));
        let interval = Expected::Interval("−0.93".parse().unwrap(), "0.12".parse().unwrap());
        assert!(holds(&interval, Answer::Interval(-0.931, 0.1249)));
        let missed = compare(&interval, &Answer::Interval(-0.931, 0.1349), usual).unwrap();
        assert!(missed.why.starts_with("upper end 0.13490: 0.12 stands for 0.115 to 0.125"), "{missed:?}");
        assert!(holds(&Expected::Refused("no SD".to_owned()), Answer::Refused("the release gives no SD".to_owned())));
        assert!(!holds(&Expected::Refused("no n".to_owned()), Answer::Refused("the release gives no SD".to_owned())));
        assert!(!holds(&Expected::Refused(String::new()), Answer::Number(1.0)));
        assert!(holds(&number_of("35,197,116"), Answer::Number(35_197_116.0)));
        assert!(holds(&number_of("3"), Answer::Text("3".to_owned())));
        assert!(holds(&number_of("6,554"), Answer::Text("6554".to_owned())));
        let large = "123456789012345678901234567890123456789012345";
        assert!(
            holds(&number_of("7"), Answer::Text("7".to_owned())) && !holds(&number_of("7"), Answer::Text(large.into()))
        );
        assert!(!holds(&number_of("6,555"), Answer::Text("6554".to_owned())));
        // A printed zero was printed.
        assert!(!holds(&number_of("2.9"), Answer::Text("2.90".to_owned())));
        assert!(!holds(&number_of("7%"), Answer::Text("7".to_owned())));
        assert!(holds(&Expected::Text("2.9±1.1".to_owned()), Answer::Text("２．９ ± １．１".to_owned())));
    }

    /// A bound would hold for every smaller p.
    #[test]
    fn a_small_p_keeps_its_digits() {
        let rewritten = |expected: &str| {
            let expected = Expected::Comparison(expected.parse().unwrap());
            rewritten(&expected, &Answer::Number(0.000_031_06), Tolerance::default()).unwrap()
        };
        assert_eq!(rewritten("p = 0.00001"), ["p = 0.00003"]);
        assert_eq!(rewritten("p = 0.001"), ["p < 0.0001"]);
        assert_eq!(rewritten("p < 0.00001"), ["p < 0.0001"]);
    }

    #[test]
    fn a_tolerance_takes_the_place_of_the_printed_digits() {
        let tolerance = Tolerance { within: Some(Decimal::new(2, -1)), ..Tolerance::default() };
        assert_eq!(compare(&number_of("2.05"), &Answer::Number(2.25), tolerance), None);
        let of_count = Tolerance { within: Some(Decimal::from_integer(10)), ..Tolerance::default() };
        assert_eq!(compare(&number_of("6,550"), &Answer::Text("6554".to_owned()), of_count), None);
        let missed = compare(&number_of("6,550"), &Answer::Text("6574".to_owned()), of_count).unwrap();
        assert_eq!(missed.why, "6,550 ± 10 was expected, missed by 14");
        let missed = compare(&number_of("2.05"), &Answer::Number(2.26), tolerance).unwrap();
        assert_eq!(missed.why, "2.05 ± 0.2 was expected, missed by 0.0100");
    }

    #[test]
    fn what_is_accepted_holds_within_less_than_a_digit() {
        for (within, text) in
            [(Decimal::new(1, -2), "−0.96"), (Decimal::new(5, -1), "−1"), (Decimal::new(1, -5), "−0.96004")]
        {
            let tolerance = Tolerance { within: Some(within), ..Tolerance::default() };
            let found = rewritten(&number_of("3"), &Answer::Number(-0.960_04), tolerance).unwrap();
            assert_eq!(found, [text]);
            assert_eq!(compare(&number_of(&found[0]), &Answer::Number(-0.960_04), tolerance), None);
        }
    }

    #[test]
    fn what_is_accepted_has_the_form_of_what_was_there() {
        for (expected, answer, texts) in [
            (number_of("−2.5"), Answer::Number(-2.4137), vec!["−2.4"]),
            (number_of("85.7%"), Answer::Number(0.71428), vec!["71.4%"]),
            (Expected::Comparison("p < 0.05".parse().unwrap()), Answer::Number(0.0712), vec!["p = 0.0712"]),
            (Expected::Comparison("< 0.9".parse().unwrap()), Answer::Number(19.0), vec!["19.00"]),
            (Expected::Comparison("> 0.3".parse().unwrap()), Answer::Number(-2.714), vec!["−2.714"]),
            (Expected::Text("pass".to_owned()), Answer::Text("fail".to_owned()), vec!["fail"]),
        ] {
            assert_eq!(rewritten(&expected, &answer, Tolerance::default()).unwrap(), texts);
        }
    }
}
