//! The grammar of one printed number.
//!
//! ```text
//! numeral = [about] [sign] digits [point digits] [power] [magnitude] [percent] [counter] [limit]
//! point   = ".", or "·" and the "・" of newspapers
//! digits  = plain ("2080"), grouped ("2,080"; by blanks that do not break as well), kanji ("一", "十二"), words ("seven", "twenty-one") or
//!           parts with their powers ("1万5,210", "1万5千")
//! percent = "%", "per cent", "percentage points", "パーセント", or "割" for tens of them
//! power   = "e-5", "×10⁻⁵", "x 10^-5"; "×10-5" where a text has lost its raised digits
//! ```

use super::kanji::kanji_number;
use super::middle_dot::with_point;
use super::words::number_in_words;
use super::{Numeral, NumeralError, Qualifier, fold};
use crate::numeric::decimal::{Decimal, MAX_DIGITS, MAX_EXPONENT};

/// What stands for a minus; the triangles are those of Japanese accounts.
pub(super) const MINUS: [&str; 5] = ["-", "minus", "マイナス", "▲", "△"];

const BEFORE: [(&str, Qualifier); 22] = [
    ("約", Qualifier::About),
    ("およそ", Qualifier::About),
    ("about", Qualifier::About),
    ("approximately", Qualifier::About),
    ("approx.", Qualifier::About),
    ("ca.", Qualifier::About),
    ("around", Qualifier::About),
    ("≈", Qualifier::About),
    ("~", Qualifier::About),
    ("at least", Qualifier::AtLeast),
    ("≥", Qualifier::AtLeast),
    (">=", Qualifier::AtLeast),
    ("more than", Qualifier::MoreThan),
    ("over", Qualifier::MoreThan),
    (">", Qualifier::MoreThan),
    ("at most", Qualifier::AtMost),
    ("up to", Qualifier::AtMost),
    ("≤", Qualifier::AtMost),
    ("<=", Qualifier::AtMost),
    ("less than", Qualifier::LessThan),
    ("fewer than", Qualifier::LessThan),
    ("<", Qualifier::LessThan),
];

const AFTER: [(&str, Qualifier); 8] = [
    ("以上", Qualifier::AtLeast),
    ("or more", Qualifier::AtLeast),
    ("+", Qualifier::AtLeast),
    ("超", Qualifier::MoreThan),
    ("以下", Qualifier::AtMost),
    ("or less", Qualifier::AtMost),
    ("or fewer", Qualifier::AtMost),
    ("未満", Qualifier::LessThan),
];

/// Powers of ten written as a word; the longer words stand first where one begins another.
const MAGNITUDES: [(&str, i32); 6] = [("億", 8), ("万", 4), ("千", 3), ("billion", 9), ("million", 6), ("thousand", 3)];

/// The sign of per cent and its words; the longer ones stand first where one begins another.
const PERCENT: [&str; 9] = [
    "% points",
    "%ポイント",
    "%",
    "percentage points",
    "percentage point",
    "percent",
    "per cent",
    "パーセントポイント",
    "パーセント",
];

/// Words that count things; they say nothing of the number.
const COUNTERS: [&str; 14] = ["施設", "症例", "細胞", "例", "人", "名", "回", "点", "個", "匹", "頭", "件", "本", "株"];

const KANJI_DIGITS: &str = "〇一二三四五六七八九十";

/// The word at the beginning of a text that multiplies the number in front of it: 万細胞, "million cells".
pub fn magnitude_ahead(rest: &str) -> Option<&'static str> {
    let is_ahead = |word: &&str| rest.starts_with(*word) && !rest.starts_with("千葉");
    MAGNITUDES.iter().map(|(word, _)| *word).find(is_ahead)
}

const EXAMPLES: &str = "write a number as it is printed: 2.9, −0.4, 1,234, 85.7%, ２．９, 5万, 約4000 or 70例以上";

/// Reads one number; the whole text must be it.
pub(super) fn numeral(text: &str) -> Result<Numeral, NumeralError> {
    let folded = fold(&without_narrow_blanks(text));
    // What is one number has no list in it.
    let folded = with_point(&folded).unwrap_or(folded);
    let mut rest = Rest(folded.trim());
    if rest.0.is_empty() {
        return Err(NumeralError::new(text, "holds no number").hint(EXAMPLES));
    }
    let before = rest.take_any(&BEFORE);
    let decimal = decimal(text, &mut rest)?;
    let power = power_of_ten(text, &mut rest)?;
    rest.0 = rest.0.trim_start();
    let exponent = power + rest.take_any(&MAGNITUDES).unwrap_or(0);
    // 6割 are 60 %.
    let tenths = rest.take("割");
    let decimal = Decimal::new(decimal.mantissa(), decimal.exponent() + exponent + i32::from(tenths));
    let percent = tenths || rest.take_any(&PERCENT.map(|word| (word, ()))).is_some();
    rest.take_any(&COUNTERS.map(|word| (word, ())));
    let after = rest.take_any(&AFTER);
    if !rest.0.is_empty() {
        let problem = format!("is not one number: `{}` follows it", rest.0);
        let hint = format!("{EXAMPLES}; leave a unit out (in a release it is `unit`)");
        return Err(NumeralError::new(text, problem).hint(hint));
    }
    let qualifier = match (before, after) {
        (Some(_), Some(_)) => {
            return Err(NumeralError::new(text, "is limited twice, in front and behind")
                .hint("keep the one that the source prints"));
        }
        (one, other) => one.or(other).unwrap_or(Qualifier::Exact),
    };
    Ok(Numeral { text: text.trim().to_owned(), decimal, unit: decimal.unit(), qualifier, percent })
}

/// Reads sign, digits and decimals.
fn decimal(text: &str, rest: &mut Rest<'_>) -> Result<Decimal, NumeralError> {
    if let Some((value, length)) = number_in_words(rest.0) {
        rest.0 = rest.0[length..].trim_start();
        return Ok(Decimal::new(i128::from(value), 0));
    }
    let negative = MINUS.iter().any(|sign| rest.take(sign));
    if !negative {
        rest.take("+");
    }
    if let Some((value, length)) = kanji_number(rest.0) {
        rest.0 = &rest.0[length..];
        return Ok(if negative { value.negated() } else { value });
    }
    let whole = match rest.take_while(|c| KANJI_DIGITS.contains(c)) {
        "" => rest.take_while(|c| c.is_ascii_digit() || c == ',').to_owned(),
        kanji => kanji_digit(text, kanji)?.to_string(),
    };
    let whole = ungroup(text, &whole)?;
    // Behind a point with a blank another sentence begins: "3. 12" is no 3.12.
    let fraction = match rest.0.strip_prefix('.') {
        Some(behind) => {
            rest.0 = behind;
            rest.take_while(|c| c.is_ascii_digit())
        }
        None => "",
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(NumeralError::new(text, "is not a number").hint(EXAMPLES));
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.len() > MAX_DIGITS || fraction.len() > MAX_EXPONENT as usize {
        return Err(NumeralError::new(text, format!("has more than {MAX_DIGITS} digits"))
            .hint("a printed result has a handful; check that nothing ran together"));
    }
    let magnitude: i128 = if significant.is_empty() { 0 } else { significant.parse().unwrap_or(i128::MAX) };
    let exponent = -i32::try_from(fraction.len()).unwrap_or(MAX_EXPONENT);
    Ok(Decimal::new(if negative { -magnitude } else { magnitude }, exponent))
}

/// Reads the exponent of `1e-3` or `1 × 10⁻³`, if there is one.
fn power_of_ten(text: &str, rest: &mut Rest<'_>) -> Result<i32, NumeralError> {
    let plain = rest.0.strip_prefix(['e', 'E']).map(str::to_owned);
    let Some(after) = plain.or_else(|| behind_ten(rest.0)) else { return Ok(0) };
    if !after.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(0);
    }
    let mut power = Rest(&after);
    let sign = if power.take("-") { -1 } else { 1 };
    power.take("+");
    let digits = power.take_while(|c| c.is_ascii_digit());
    // Raised digits are of one character, as those are that they stand for.
    let left = power.0.chars().count();
    let read = rest.0.chars().count().saturating_sub(left);
    rest.0 = rest.0.char_indices().nth(read).map_or("", |(at, _)| &rest.0[at..]);
    match digits.parse::<i32>() {
        Ok(power) if power <= MAX_EXPONENT => Ok(sign * power),
        _ => Err(NumeralError::new(text, format!("has an exponent beyond {MAX_EXPONENT}")).hint(EXAMPLES)),
    }
}

/// What stands behind the ten of `× 10⁻⁵`, `x 10^-5` and `×10-5`, raised digits as plain ones. `×105` is no power:
/// nothing says that its 5 was raised.
pub(super) fn behind_ten(text: &str) -> Option<String> {
    let after = text.trim_start().strip_prefix(['×', 'x', 'X', '✕', '*'])?.trim_start().strip_prefix("10")?;
    let raised = after.starts_with(|c| plain_digit(c).is_some());
    match after.strip_prefix('^') {
        Some(power) => Some(power.to_owned()),
        None if raised => Some(after.chars().map(|c| plain_digit(c).unwrap_or(c)).collect()),
        None => after.starts_with('-').then(|| after.to_owned()),
    }
}

/// A raised digit or sign as a plain one.
fn plain_digit(c: char) -> Option<char> {
    const RAISED: [(char, char); 12] = [
        ('⁰', '0'),
        ('¹', '1'),
        ('²', '2'),
        ('³', '3'),
        ('⁴', '4'),
        ('⁵', '5'),
        ('⁶', '6'),
        ('⁷', '7'),
        ('⁸', '8'),
        ('⁹', '9'),
        ('⁻', '-'),
        ('⁺', '+'),
    ];
    RAISED.iter().find(|(raised, _)| *raised == c).map(|(_, plain)| *plain)
}

/// Whether a blank is one of those that stand between thousands: they do not break, or are thin.
pub(crate) fn divides_thousands(blank: char) -> bool {
    matches!(blank, '\u{A0}' | '\u{2009}' | '\u{202F}')
}

/// The text without the narrow and unbreakable blanks between thousands; a plain blank divides two numbers.
fn without_narrow_blanks(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let divides = |at: usize| {
        divides_thousands(chars[at])
            && at > 0
            && is_digit(at - 1)
            && (1..=3).all(|step| is_digit(at + step))
            && !is_digit(at + 4)
    };
    (0..chars.len()).filter(|&at| !divides(at)).map(|at| chars[at]).collect()
}

fn kanji_digit(text: &str, kanji: &str) -> Result<usize, NumeralError> {
    let mut digits = kanji.chars();
    match (digits.next().and_then(|c| KANJI_DIGITS.chars().position(|d| d == c)), digits.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(NumeralError::new(text, "is a kanji numeral of several characters")
            .hint("十二 and 百二十 are read, 二三 may be two or three; write the number in digits")),
    }
}

/// Removes the commas of thousands, and refuses a comma that separates no thousands: it may be a
/// decimal comma, and guessing between 1.5 and 15 is not for us.
fn ungroup(text: &str, digits: &str) -> Result<String, NumeralError> {
    let mut groups = digits.split(',');
    let first = groups.next().unwrap_or("");
    let grouped: Vec<&str> = groups.collect();
    // No number of thousands begins with 0: `0,500` is a half with a decimal comma.
    let begins = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let thousands = begins && grouped.iter().all(|group| group.len() == 3);
    if grouped.is_empty() || thousands {
        return Ok(digits.replace(',', ""));
    }
    Err(NumeralError::new(text, "has a comma that separates no thousands")
        .hint("write 1.5 for a decimal comma, 1,500 or 1500 for thousands"))
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, word: &str) -> bool {
        // English words may stand in capitals, and the words are all of one byte a letter there.
        let found = self.0.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if found {
            self.0 = self.0[word.len()..].trim_start();
        }
        found
    }

    fn take_any<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        words.iter().find(|(word, _)| self.take(word)).map(|(_, value)| *value)
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !accept(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Qualifier) {
        let numeral = numeral(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(numeral.text(), text.trim());
        (numeral.decimal().to_string(), numeral.qualifier())
    }

    #[test]
    fn numbers_in_both_languages_and_widths() {
        for (text, value) in [
            ("2.9", "2.9"),
            ("2.90", "2.90"),
            ("２．９", "2.9"),
            ("−0.4", "-0.4"),
            ("-0.5", "-0.5"),
            ("+1.5", "1.5"),
            ("－１．５", "-1.5"),
            (".5", "0.5"),
            ("1,234", "1234"),
            ("50,000", "50000"),
            ("2,080", "2080"),
            ("２，０８０", "2080"),
            ("5万", "50000"),
            ("５万", "50000"),
            ("1.2万", "12000"),
            ("3億", "300000000"),
            ("2.5 million", "2500000"),
            ("85.7%", "85.7"),
            ("85.7％", "85.7"),
            ("85.7 %", "85.7"),
            ("85.7 per cent", "85.7"),
            ("31.2 percentage points", "31.2"),
            ("３１．２パーセントポイント", "31.2"),
            ("1500 例", "1500"),
            ("39施設", "39"),
            ("一", "1"),
            ("十二名", "12"),
            ("百二十", "120"),
            ("1万5,210人", "15210"),
            ("１万５,２１０人", "15210"),
            ("1万5千人", "15000"),
            ("3億2,000万", "320000000"),
            ("6割", "60"),
            ("2.5割", "25"),
            ("seven", "7"),
            ("Six", "6"),
            ("twenty-one", "21"),
            ("sixty", "60"),
            ("007", "7"),
            ("1e-3", "0.001"),
            ("2.5E+2", "250"),
            ("0.0", "0.0"),
            ("2.3 × 10⁻⁵", "0.000023"),
            ("3×10-4", "0.0003"),
            ("1.5x10^9", "1500000000"),
            ("4.0 ×10⁹", "4000000000"),
            ("1\u{202F}204", "1204"),
            ("12\u{A0}345.6", "12345.6"),
        ] {
            assert_eq!(read(text), (value.to_owned(), Qualifier::Exact), "{text}");
        }
    }

    #[test]
    fn limits_are_kept_as_what_they_are() {
        for (text, value, qualifier) in [
            ("約4000", "4000", Qualifier::About),
            ("約 4000 人", "4000", Qualifier::About),
            ("約6割", "60", Qualifier::About),
            ("About 4,000", "4000", Qualifier::About),
            ("70例以上", "70", Qualifier::AtLeast),
            ("70 例以上", "70", Qualifier::AtLeast),
            ("more than 70", "70", Qualifier::MoreThan),
            ("≥ 70", "70", Qualifier::AtLeast),
            ("100人超", "100", Qualifier::MoreThan),
            ("5%未満", "5", Qualifier::LessThan),
            ("< 0.005", "0.005", Qualifier::LessThan),
        ] {
            assert_eq!(read(text), (value.to_owned(), qualifier), "{text}");
        }
    }

    #[test]
    fn the_unit_of_the_last_digit_is_kept() {
        for (text, unit) in [("2.90", "0.01"), ("5万", "10000"), ("1.2万", "1000"), ("2,080", "1")] {
            assert_eq!(numeral(text).unwrap().unit().to_string(), unit, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_to_do() {
        for (text, problem) in [
            ("", "holds no number"),
            ("  ", "holds no number"),
            ("abc", "is not a number"),
            (".", "is not a number"),
            ("-", "is not a number"),
            ("1,5", "has a comma that separates no thousands"),
            ("12,34,567", "has a comma that separates no thousands"),
            ("0,500", "has a comma that separates no thousands"),
            ("-0,040", "has a comma that separates no thousands"),
            ("1.2.3", "is not one number"),
            ("2.9 ± 1.1", "is not one number"),
            ("約70以上", "is limited twice"),
            ("sixtyone", "is not a number"),
            ("二三", "is a kanji numeral of several characters"),
            ("1e308", "has an exponent beyond 30"),
            ("1e", "is not one number"),
            ("2 × 105", "is not one number"),
            ("1 204", "is not one number"),
            ("3. 12", "is not one number"),
            ("25 percentile", "is not one number"),
            ("NaN", "is not a number"),
            ("12345678901234567890123456789", "has more than 28 digits"),
        ] {
            let error = numeral(text).unwrap_err();
            assert!(error.problem.contains(problem), "{text}: {error}");
            assert!(error.hint.is_some(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = numeral(&text);
        }

        #[test]
        fn plain_decimals_print_as_they_were_read(mantissa in -10_000_000i64..10_000_000, decimals in 0i32..6) {
            let text = Decimal::new(i128::from(mantissa), -decimals).to_string();
            let read = numeral(&text).unwrap();
            proptest::prop_assert_eq!(read.to_string(), text.clone());
            proptest::prop_assert_eq!(read.decimal().to_string(), text);
        }
    }
}
