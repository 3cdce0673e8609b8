//! The letter of a statistic in running text, with its degrees of freedom and its number.

use super::test_statistic::TestStatistic;
use crate::numeric::numeral::Numeral;

/// The letters of statistics.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    T,
    F,
    R,
    Z,
    ChiSquared,
}

/// Whether a character goes on with a word; between those of Japanese and a letter there is no blank.
pub(super) fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}')
}

pub(super) fn spaces(text: &[char], mut at: usize) -> usize {
    while text.get(at) == Some(&' ') {
        at += 1;
    }
    at
}

/// Whether words stand at a place, in any capitals.
pub(super) fn has_word(text: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| text.get(at + i).is_some_and(|found| found.to_ascii_lowercase() == c))
}

/// The letter of a statistic, and where it ends.
pub(super) fn letter_at(text: &[char], at: usize) -> Option<(Letter, usize)> {
    let squared = |at: usize| match (text.get(at), text.get(at + 1)) {
        (Some('^'), Some('2')) => Some(at + 2),
        (Some('2' | '²'), _) => Some(at + 1),
        _ => None,
    };
    match text.get(at)? {
        't' => Some((Letter::T, at + 1)),
        'F' => Some((Letter::F, at + 1)),
        'r' => Some((Letter::R, at + 1)),
        'z' | 'Z' => Some((Letter::Z, at + 1)),
        'χ' | 'Χ' | '𝜒' | 'ҳ' | 'X' | 'x' => Some((Letter::ChiSquared, squared(at + 1)?)),
        // Cochran's Q is a χ², also that within or between groups.
        'Q' => {
            let letters = text[at + 1..].iter().take(8).take_while(|c| c.is_ascii_lowercase()).count();
            Some((Letter::ChiSquared, at + 1 + letters))
        }
        'c' | 'C' if has_word(text, at, "chi") => {
            let word = ["chi-squared", "chi-square", "chi squared", "chi square"]
                .into_iter()
                .find(|word| has_word(text, at, word));
            word.map(|word| at + word.len()).or_else(|| squared(at + 3)).map(|end| (Letter::ChiSquared, end))
        }
        _ => None,
    }
}

/// The degrees of freedom in brackets, and where they end. Without brackets there are none, which z alone can do
/// without, and t and χ² where they are named behind it.
pub(super) fn degrees_at(text: &[char], at: usize, letter: Letter) -> Option<(Vec<Numeral>, usize)> {
    /// So long is what stands in brackets, at most.
    const LONGEST: usize = 40;
    let Some(close) = text.get(at).and_then(|c| match c {
        '(' => Some(')'),
        '[' => Some(']'),
        _ => None,
    }) else {
        return matches!(letter, Letter::Z | Letter::T | Letter::ChiSquared).then_some((Vec::new(), at));
    };
    let length = text[at + 1..].iter().take(LONGEST).position(|c| *c == close)?;
    let inside: String = text[at + 1..at + 1 + length].iter().collect();
    let number = |part: &str| {
        let part = part.trim().trim_start_matches("df").trim_start_matches([' ', '=']).trim();
        part.parse::<Numeral>().ok().filter(|df| df.exact().is_ok() && df.value() > 0.0)
    };
    let expected = match letter {
        Letter::Z => 0,
        Letter::F => 2,
        Letter::T | Letter::R | Letter::ChiSquared => 1,
    };
    // Behind the degrees of freedom of χ² stands how many people there were.
    let parts = parts_of(&inside, if letter == Letter::ChiSquared { usize::MAX } else { expected });
    let degrees: Vec<Numeral> = match letter {
        Letter::Z => Vec::new(),
        // What follows is how many people there were.
        Letter::ChiSquared => parts.first().and_then(|part| number(part)).into_iter().collect(),
        Letter::T | Letter::R | Letter::F => parts.iter().map(|part| number(part)).collect::<Option<_>>()?,
    };
    (degrees.len() == expected).then_some((degrees, at + length + 2))
}

/// What stands between the commas in brackets; where these are more parts than there can be, `1,245` is one number.
fn parts_of(inside: &str, expected: usize) -> Vec<String> {
    let mut parts: Vec<String> = inside.split([',', ';']).map(str::to_owned).collect();
    let is_thousands = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    while parts.len() > expected {
        let Some(at) = (1..parts.len())
            .rev()
            .find(|at| is_thousands(&parts[*at]) && parts[at - 1].ends_with(|c: char| c.is_ascii_digit()))
        else {
            break;
        };
        let tail = parts.remove(at);
        parts[at - 1].push_str(&tail);
    }
    parts
}

/// Degrees of freedom that are named between a statistic and its p: `t = 2.31, df = 18, p = .03`.
pub(super) fn named_degrees(between: &[char]) -> Vec<Numeral> {
    let found = (0..between.len()).find_map(|at| {
        let is_start = at == 0 || !between[at - 1].is_alphanumeric();
        if !is_start || !(has_word(between, at, "df") || has_word(between, at, "d.f.")) {
            return None;
        }
        let behind = at + if has_word(between, at, "df") { 2 } else { 4 };
        let sign = spaces(between, behind);
        let at = if between.get(sign) == Some(&'=') { spaces(between, sign + 1) } else { sign };
        number_at(between, at).map(|(df, _)| df)
    });
    found.filter(|df| df.value() > 0.0).into_iter().collect()
}

/// A number, and where it ends. A comma stands in front of thousands, or where these are no three digits in front of
/// decimals, as German has them.
pub(super) fn number_at(text: &[char], start: usize) -> Option<(Numeral, usize)> {
    number_with(text, start, false)
}

/// The same where three digits behind a comma are decimals as well, if they are to be.
pub(super) fn number_with(text: &[char], start: usize, has_decimal_commas: bool) -> Option<(Numeral, usize)> {
    let mut at = start;
    if matches!(text.get(at), Some('-' | '+')) {
        at = spaces(text, at + 1);
    }
    let first = at;
    let is_digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    let mut read: String = text[start..at].iter().filter(|c| **c != ' ').collect();
    let mut has_decimals = false;
    loop {
        match text.get(at) {
            Some(digit) if digit.is_ascii_digit() => read.push(*digit),
            Some('.') if !has_decimals && is_digit(at + 1) => {
                has_decimals = true;
                read.push('.');
            }
            Some(',') if !has_decimals && at > first && is_digit(at + 1) => {
                let are_three = (1..=3).all(|step| is_digit(at + step)) && !is_digit(at + 4);
                let is_zero = at == first + 1 && text[first] == '0';
                if !are_three || is_zero || has_decimal_commas {
                    has_decimals = true;
                    read.push('.');
                }
            }
            _ => break,
        }
        at += 1;
    }
    if at == first {
        return None;
    }
    let number = read.parse::<Numeral>().ok().filter(|number| number.exact().is_ok())?;
    Some((number, at))
}

/// Whether a number goes on with a power of 10: `1.25e+03`, `1.3 × 10^3`.
pub(super) fn has_power(behind: &[char]) -> bool {
    let next: String = behind.iter().take(8).filter(|c| **c != ' ').collect();
    let mut rest = next.chars();
    match rest.next() {
        Some('e' | 'E') => rest.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '+' | '-')),
        Some('×' | 'x' | '*' | '·') => rest.as_str().starts_with("10"),
        _ => false,
    }
}

/// Whether a z is a score, as those of growth are, and no statistic.
pub(super) fn is_of_a_score(statistic: &TestStatistic, sentence: &str, before: &[char]) -> bool {
    const SCORES: [&str; 9] = ["z-score", "z score", "bmi", "haz", "waz", "whz", "for-age", "zスコア", "標準得点"];
    const NOUNS: [&str; 9] =
        ["mean", "average", "baseline", "weight", "height", "length", "age", "composite", "density"];
    if !matches!(statistic, TestStatistic::Z(_)) {
        return false;
    }
    let letters = before.iter().rev().skip_while(|c| matches!(c, ' ' | '-')).take_while(|c| c.is_alphabetic());
    let word: String = letters.collect::<Vec<_>>().into_iter().rev().collect();
    // An abbreviation of what is measured: FEV z.
    let is_abbreviation = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
    let has_word = |text: &str, word: &str| text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|of| of == word);
    let sentence = sentence.to_lowercase();
    let is_scored = |score: &str| if score.len() > 3 { sentence.contains(score) } else { has_word(&sentence, score) };
    is_abbreviation || NOUNS.contains(&word.to_lowercase().as_str()) || SCORES.iter().any(|score| is_scored(score))
}
