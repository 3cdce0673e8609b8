//! Numbers in English words.

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The whole number below 1000 that a text begins with in words, and how many bytes they take; none where the word goes
/// on, as in "one-sided" and "tense".
///
/// ```
/// use reffect::numeric::numeral::number_in_words;
/// assert_eq!(number_in_words("Twenty-one patients"), Some((21, 10)));
/// assert_eq!(number_in_words("one hundred and five women"), Some((105, 20)));
/// assert_eq!(number_in_words("one-sided"), None);
/// ```
pub fn number_in_words(text: &str) -> Option<(u64, usize)> {
    let (first, mut end) = below_hundred(text)?;
    let mut value = first;
    if let Some(rest) = behind(&text[end..], " hundred").filter(|_| (1..=9).contains(&first)) {
        value *= 100;
        end = text.len() - rest.len();
        let tens =
            behind(rest, " and ").or_else(|| behind(rest, " ")).and_then(|rest| Some((rest, below_hundred(rest)?)));
        if let Some((rest, (more, length))) = tens {
            value += more;
            end = text.len() - rest.len() + length;
        }
    }
    let mut after = text[end..].chars();
    let goes_on = match after.next() {
        Some('-') => after.next().is_some_and(char::is_alphabetic),
        next => next.is_some_and(char::is_alphanumeric),
    };
    (!goes_on).then_some((value, end))
}

fn below_hundred(text: &str) -> Option<(u64, usize)> {
    let word = first_word(text).to_ascii_lowercase();
    if let Some(tens) = TENS.iter().position(|known| *known == word) {
        let value = 10 * (tens as u64 + 2);
        let rest = &text[word.len()..];
        let unit = rest.strip_prefix(['-', ' ']).map(first_word).and_then(|unit| {
            let place = UNITS[1..10].iter().position(|known| known.eq_ignore_ascii_case(unit))?;
            Some((place as u64 + 1, unit.len()))
        });
        return Some(unit.map_or((value, word.len()), |(unit, length)| (value + unit, word.len() + 1 + length)));
    }
    let unit = UNITS.iter().position(|known| *known == word)?;
    Some((unit as u64, word.len()))
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
}

/// What stands behind words in any letters.
fn behind<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let start = text.get(..words.len())?;
    start.eq_ignore_ascii_case(words).then(|| &text[words.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whole() {
        for (text, value) in [
            ("seven", Some(7)),
            ("Sixteen of 24", Some(16)),
            ("sixty one", Some(61)),
            ("forty patients", Some(40)),
            ("two hundred", Some(200)),
            ("Three Hundred and Twelve", Some(312)),
            ("nine hundred ninety-nine", Some(999)),
            ("twenty-one-year-olds", None),
            ("two-arm", None),
            ("eightfold", None),
            ("someone", None),
            ("", None),
        ] {
            assert_eq!(number_in_words(text).map(|(value, _)| value), value, "{text}");
        }
    }
}
