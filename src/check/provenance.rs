//! Whether every number stands in its phrase, and every phrase in its source.
//!
//! Text that was extracted from a PDF breaks lines inside sentences and numbers, and mixes widths.
//! So phrases and sources are compared without white space, with full-width forms made narrow and
//! all dashes alike.

use super::signs::{of_changes, says_the_sign};
use super::{Check, Status};
use crate::numeric::format::grouped;
use crate::numeric::numeral::{
    Expression, Numeral, Qualifier, fold, fold_char, is_middle_dot, is_minus_behind, is_of_kanji_number,
    magnitude_ahead, number_in_words,
};
use crate::reported::{Localized, Origin, Passage, Release};

/// Whether every number of a release stands in the phrase that it was read from.
pub fn numbers_in_quotes(release: &Release) -> Vec<Check> {
    let mut checks = Vec::new();
    let changes = of_changes(release);
    // 25.1 stands in "25.1万/μL" where the release says that it counts in 万/μL.
    let of_outcomes = release.outcomes.iter().filter_map(|outcome| outcome.unit.as_ref());
    let units: Vec<&Localized> = of_outcomes.chain(release.numbers.iter().filter_map(|of| of.unit.as_ref())).collect();
    let begun =
        units.iter().flat_map(|unit| [&unit.en, &unit.ja]).filter_map(|unit| magnitude_ahead(&unit.to_lowercase()));
    let magnitudes: Vec<&str> = begun.collect();
    for (passage, texts) in release.passages() {
        for text in texts {
            let with = |magnitude: &&str| holds_number(&passage.quote, &format!("{text}{magnitude}"));
            let stands = holds_number(&passage.quote, text) || magnitudes.iter().any(with);
            let is_change = || changes.iter().any(|change| std::ptr::eq(*change, text));
            let says_sign = || {
                let with_points = with_decimal_points(&passage.quote);
                [Some(passage.quote.clone()), with_points].iter().flatten().any(|quote| says_the_sign(quote, text))
            };
            let is_there = stands || is_change() && says_sign();
            let message = match (stands, is_there) {
                (true, _) => "the number stands in its quote",
                (_, true) => "the number stands in its quote, and its sign in the words",
                _ => "the number is not in its quote",
            };
            checks.push(Check {
                release: release.id.clone(),
                subject: text.to_owned(),
                code: "quote-number",
                status: if is_there { Status::Pass } else { Status::Fail },
                message: message.to_owned(),
                expected: Some(text.to_owned()),
                found: Some(passage.quote.clone()),
                place: None,
            });
        }
    }
    checks
}

/// Whether every phrase stands in the text of the source, on the line that the release gives.
/// Phrases of the paper are not looked for there.
///
/// ```
/// use reffect::check::{Status, provenance::quotes_in_source};
/// # let text = std::fs::read_to_string("data/nmo-tocilizumab-2014.toml")?;
/// # let mut release = reffect::read::read_release("nmo", "nmo.toml", &text)?;
/// # release.arms[0].passage.line = Some(2);
/// # release.arms[0].passage.quote = "患者 7 名".to_owned();
/// # release.outcomes.clear(); release.numbers.clear(); release.statements.clear();
/// // A release whose only phrase is "患者 7 名", said to begin on line 2.
/// let checks = quotes_in_source(&release, "通常治療が無効であった\n難治性患者 7\n名に対し");
/// assert_eq!(checks[0].status, Status::Pass);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn quotes_in_source(release: &Release, source: &str) -> Vec<Check> {
    let source = Squeezed::new(source);
    let own = release.passages().into_iter().map(|(passage, _)| passage);
    own.filter(|passage| passage.origin == Origin::Release)
        .map(|passage| in_source(release, passage, &source))
        .collect()
}

fn in_source(release: &Release, passage: &Passage, source: &Squeezed) -> Check {
    let lines = source.lines_of(&passage.quote);
    let stated = passage.line;
    let list = || lines.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let (status, message) = match (lines.is_empty(), stated) {
        (true, _) => (Status::Fail, "the quote does not stand in the source".to_owned()),
        (false, Some(line)) if !lines.contains(&(line as usize)) => {
            (Status::Fail, format!("the quote stands on line {}, and not on line {line}", list()))
        }
        (false, _) => (Status::Pass, format!("the quote stands on line {}", list())),
    };
    Check {
        release: release.id.clone(),
        subject: passage.quote.clone(),
        code: "quote-source",
        status,
        message,
        expected: stated.map(|line| format!("line {line}")),
        found: (!lines.is_empty()).then(|| format!("line {}", list())),
        place: None,
    }
}

/// Whether the source is the text that the release was transcribed from.
#[cfg(feature = "sources")]
pub fn source_hash(release: &Release, source: &[u8]) -> Check {
    let found = sha256(source);
    let (status, message) = match &release.source.sha256 {
        None => (Status::Refused, "the release states no sha256 of its source"),
        Some(expected) if *expected == found => (Status::Pass, "the source is the one that was transcribed"),
        Some(_) => (Status::Fail, "the source has changed since it was transcribed"),
    };
    Check {
        release: release.id.clone(),
        subject: release.source.file.clone(),
        code: "source-hash",
        status,
        message: message.to_owned(),
        expected: release.source.sha256.clone(),
        found: Some(found),
        place: None,
    }
}

/// The SHA-256 of some bytes in hexadecimal digits, as `sha256sum` prints it.
#[cfg(feature = "sources")]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text without white space, and the line of each of its characters.
struct Squeezed {
    text: String,
    /// Where each line begins in it, as a byte position.
    starts: Vec<usize>,
}

impl Squeezed {
    fn new(text: &str) -> Self {
        let mut squeezed = Self { text: String::with_capacity(text.len()), starts: Vec::new() };
        for line in text.lines() {
            squeezed.starts.push(squeezed.text.len());
            squeezed.text.extend(squeeze(line));
        }
        squeezed
    }

    /// The lines, counted from 1, on which a phrase begins.
    fn lines_of(&self, phrase: &str) -> Vec<usize> {
        let phrase: String = squeeze(phrase).collect();
        if phrase.is_empty() {
            return Vec::new();
        }
        let mut lines: Vec<usize> = self
            .text
            .match_indices(&phrase)
            .map(|(position, _)| self.starts.partition_point(|start| *start <= position))
            .collect();
        lines.dedup();
        lines
    }
}

fn squeeze(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(fold_char).filter(|c| !c.is_whitespace())
}

/// A text in small letters without white space, but for a space between digits, which keeps two numbers apart; and
/// behind which of its bytes there was white space.
struct Gapped {
    text: String,
    gaps: Vec<usize>,
}

impl Gapped {
    fn new(text: &str) -> Self {
        let mut gapped = Self { text: String::with_capacity(text.len()), gaps: Vec::new() };
        let mut gap = false;
        for c in fold(text).chars() {
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if gap {
                gapped.gaps.push(gapped.text.len());
                if c.is_ascii_digit() && gapped.text.ends_with(|last: char| last.is_ascii_digit()) {
                    gapped.text.push(' ');
                }
            }
            gap = false;
            gapped.text.extend(c.to_lowercase());
        }
        gapped
    }

    /// Whether there was white space in front of what begins at this byte.
    fn has_gap(&self, at: usize) -> bool {
        self.gaps.binary_search(&at).is_ok()
    }

    /// Whether what begins with a digit at this byte goes on from something in front: digits, a decimal point, a comma
    /// behind digits, a sign.
    fn is_cut_in_front(&self, at: usize) -> bool {
        let mut before = self.text[..at].chars().rev();
        // "▲0.35", "マイナス0.35" and "minus 0.35" are below 0.
        if ["▲", "△", "マイナス", "minus"].iter().any(|sign| self.text[..at].ends_with(sign)) {
            return true;
        }
        match before.next() {
            _ if self.has_gap(at) => false,
            Some('-') => {
                let sign = at - 1;
                self.has_gap(sign) || is_minus_behind(before)
            }
            // "18,198" has no 198, nor "2,5" a 5; behind decimals a comma divides two numbers: "36.7,123.9".
            Some(',') => {
                let is_joined = !self.has_gap(at - 1) && before.next().is_some_and(|c| c.is_ascii_digit());
                is_joined && !has_decimals(&self.text[..at - 1])
            }
            last => last.is_some_and(|c| c.is_ascii_digit() || c == '.'),
        }
    }

    /// Whether what ends with a digit before this byte goes on behind it: with digits, or with what multiplies it.
    fn is_cut_behind(&self, at: usize) -> bool {
        // Behind a blank a kanji may begin a name.
        if magnitude_ahead(&self.text[at..]).is_some_and(|word| word.is_ascii() || !self.has_gap(at)) {
            return true;
        }
        let mut after = self.text[at..].chars();
        match after.next() {
            _ if self.has_gap(at) => false,
            Some(',') if has_decimals(&self.text[..at]) => false,
            Some('.' | ',') => !self.has_gap(at + 1) && after.next().is_some_and(|c| c.is_ascii_digit()),
            next => next.is_some_and(|c| c.is_ascii_digit()),
        }
    }
}

/// Whether a text ends in a number with decimals.
fn has_decimals(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('.') && text.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether a printed number stands in a phrase, and is not a part of a longer one there.
///
/// ```
/// use reffect::check::provenance::holds_number;
/// assert!(holds_number("難治性患者 7 名", "7"));
/// assert!(!holds_number("難治性患者 17 名", "7"));
/// assert!(holds_number("scores of 9.2 (SD 3.1; n = 106)", "9.2 (3.1)"));
/// assert!(holds_number("18.4か月（95%信頼区間：15.9-21.0）", "18.4（15.9-21.0）"));
/// assert!(holds_number("12.3 months (95% CI, 10.1 to 15.2)", "12.3 (10.1 to 15.2)"));
/// assert!(holds_number("fell to 0,4 ± 0,8", "0.4 ± 0.8") && !holds_number("1,234", "1.234"));
/// assert!(holds_number("risk ratio 0·62", "0.62") && holds_number("18,198 participants", "18198"));
/// assert!(!holds_number("2千人", "2") && !holds_number("5 million cells", "5"));
/// assert!(!holds_number("差は▲0.35", "0.35") && !holds_number("9.2 (SD 3.1)", "9.2 (1.1)"));
/// ```
pub fn holds_number(phrase: &str, number: &str) -> bool {
    if holds_text(phrase, number) {
        return true;
    }
    if let Ok(Expression::Fraction { part, whole }) = number.parse::<Expression>() {
        return holds_part_of_whole(phrase, part.text(), whole.text());
    }
    // "2,9 ± 1,1" where the file has 2.9 ± 1.1.
    if number.contains('.') && with_decimal_points(phrase).is_some_and(|phrase| holds_number(&phrase, number)) {
        return true;
    }
    match number.parse::<Expression>() {
        Ok(Expression::Spread { center, spread, .. }) => {
            return holds_in_brackets(phrase, center.text(), |first, _| holds_text(first, spread.text()));
        }
        Ok(Expression::Range { center, lower, upper, .. }) => {
            let ends = [lower, upper];
            let holds_both = |_: &str, inside: &str| ends.iter().all(|end| holds_text(inside, end.text()));
            return holds_in_brackets(phrase, center.text(), holds_both);
        }
        _ => {}
    }
    // A whole number may stand there in words: "seven patients", "twenty-one women", "一年間".
    let read = number.parse::<Numeral>().ok().filter(|read| read.qualifier() == Qualifier::Exact);
    let Some(value) = read.and_then(|read| read.decimal().to_integer()) else { return false };
    // "18,198" where the text has n = 18198.
    if value >= 1000 && holds_text(phrase, &grouped(value.unsigned_abs())) {
        return true;
    }
    // "32例" where the text has n = 32.
    if number.ends_with(|c: char| !c.is_ascii_digit()) && holds_text(phrase, &value.to_string()) {
        return true;
    }
    if kanji_numbers_in(phrase).any(|found| found == value) {
        return true;
    }
    let pieces =
        phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    let kanji = pieces.filter(|word| !word.is_ascii()).filter_map(|word| word.parse::<Numeral>().ok());
    words_in(phrase).any(|found| i128::from(found) == value)
        || kanji.into_iter().any(|word| word.decimal().to_integer() == Some(value))
}

/// A phrase with points for the commas in it that divide no thousands: `2,9`, `0,004`; none where it has none.
fn with_decimal_points(phrase: &str) -> Option<String> {
    let chars: Vec<char> = phrase.chars().collect();
    let digits = |chars: &mut dyn Iterator<Item = &char>| chars.take_while(|c| c.is_ascii_digit()).count();
    let is_point = |at: usize| {
        let (front, behind) = (digits(&mut chars[..at].iter().rev()), digits(&mut chars[at + 1..].iter()));
        let is_zero = front == 1 && chars[at - 1] == '0';
        chars[at] == ',' && front > 0 && behind > 0 && (behind != 3 || is_zero)
    };
    let read: String = (0..chars.len()).map(|at| if is_point(at) { '.' } else { chars[at] }).collect();
    (read != phrase).then_some(read)
}

/// Whether a number stands in front of a bracket that holds what belongs to it: "9.2 (SD 3.1; n = 106)",
/// "18.4か月（95%信頼区間：15.9-21.0）". The function sees the first part of the bracket, and all of it.
fn holds_in_brackets(phrase: &str, center: &str, holds: impl Fn(&str, &str) -> bool) -> bool {
    let mut brackets = phrase.char_indices().filter(|(_, c)| matches!(fold_char(*c), '(' | '['));
    brackets.any(|(at, _)| {
        let (front, behind) = phrase.split_at(at);
        let inside = behind.split([')', '）', ']', '］']).next().unwrap_or_default();
        let first = inside.split([';', '；', ',', '，', '、']).next().unwrap_or_default();
        last_number(front).is_some_and(|last| holds_text(last, center)) && holds(first, inside)
    })
}

/// The last number in front of a bracket with the unit behind it: "12.3 months", 18.4か月; none where more than that
/// stands between.
fn last_number(front: &str) -> Option<&str> {
    /// No unit has more characters.
    const UNIT: usize = 24;
    let (at, digit) = front.char_indices().rfind(|(_, c)| fold_char(*c).is_ascii_digit())?;
    let (number, unit) = front.split_at(at + digit.len_utf8());
    let is_unit =
        unit.chars().count() <= UNIT && !unit.contains([',', ';', ':', '.', '、', '。', '；', '(', '（', ')', '）']);
    // An ideographic blank has more than one byte.
    let start = number.rfind([' ', '\u{3000}']).unwrap_or(0);
    is_unit.then(|| front[start..].trim_start())
}

/// The numbers of a phrase that stand there in words, each as a whole: "twenty-one" holds no one.
fn words_in(phrase: &str) -> impl Iterator<Item = u64> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(c) = phrase[at..].chars().next() {
            let before = phrase[..at].chars().next_back();
            let is_start = !before.is_some_and(|c| c.is_alphanumeric() || c == '-');
            if let Some((value, length)) = number_in_words(&phrase[at..]).filter(|_| is_start) {
                at += length;
                return Some(value);
            }
            at += c.len_utf8();
        }
        None
    })
}

/// The numbers of a phrase that stand there with kanji powers, each as a whole: 1万5,210, 十二.
fn kanji_numbers_in(phrase: &str) -> impl Iterator<Item = i128> {
    /// No number has more characters.
    const LONGEST: usize = 16;
    let chars: Vec<char> = fold(phrase).chars().collect();
    let is_part = |c: char| c.is_ascii_digit() || is_of_kanji_number(c);
    let all = chars.clone();
    let starts = (0..all.len()).filter(move |&at| {
        let before = at.checked_sub(1).map(|before| chars[before]);
        is_part(chars[at]) && !before.is_some_and(|c| is_part(c) || matches!(c, '.' | ','))
    });
    starts.filter_map(move |at| {
        let rest = &all[at..all.len().min(at + LONGEST)];
        let length = rest.iter().take_while(|c| is_part(**c) || **c == ',').count();
        let text: String = rest[..length].iter().collect();
        let is_written = text.contains(is_of_kanji_number);
        text.trim_end_matches(',').parse::<Numeral>().ok().filter(|_| is_written)?.decimal().to_integer()
    })
}

/// Whether a phrase says how many of how many: "five of seven", "7 of 24", "21 (12%) of 174", "24名中3名".
fn holds_part_of_whole(phrase: &str, part: &str, whole: &str) -> bool {
    /// Characters beside a sign that joins the two without blanks: "24 名中 3 名".
    const BESIDE: usize = 6;
    let joined = |word: &str, first: &str, second: &str| {
        phrase.match_indices(word).any(|(at, _)| {
            let (front, back) = (&phrase[..at], &phrase[at + word.len()..]);
            let (front, back): (String, String) = if word.starts_with(' ') {
                // The share of these stands between.
                let share = front.strip_suffix([')', ']']).and_then(|front| front.rsplit_once(['(', '[']));
                let front = share.filter(|(_, share)| share.ends_with('%')).map_or(front, |(front, _)| front);
                let back = back.strip_prefix("the ").unwrap_or(back);
                let beside = (front.split_whitespace().next_back(), back.split_whitespace().next());
                (beside.0.unwrap_or_default().to_owned(), beside.1.unwrap_or_default().to_owned())
            } else {
                let skipped = front.chars().count().saturating_sub(BESIDE);
                (front.chars().skip(skipped).collect(), back.chars().take(BESIDE).collect())
            };
            holds_number(&front, first) && holds_number(&back, second)
        })
    };
    joined(" of ", part, whole)
        || joined(" out of ", part, whole)
        || joined("/", part, whole)
        || joined("／", part, whole)
        || joined("中", whole, part)
}

fn holds_text(phrase: &str, number: &str) -> bool {
    // A number with a middle dot for its point stands there so, whatever a middle dot elsewhere divides.
    if number.contains(is_middle_dot) {
        let plain = |text: &str| text.chars().map(|c| if is_middle_dot(c) { '.' } else { c }).collect::<String>();
        return holds_text(&plain(phrase), &plain(number));
    }
    let (phrase, number) = (Gapped::new(phrase), Gapped::new(number).text);
    let is_digit = |c: char| c.is_ascii_digit();
    !number.is_empty()
        && phrase.text.match_indices(&number).any(|(start, _)| {
            let end = start + number.len();
            let cut_in_front = number.starts_with(is_digit) && phrase.is_cut_in_front(start);
            let cut_behind = number.ends_with(is_digit) && phrase.is_cut_behind(end);
            let goes_on = |next: Option<char>| next.is_some_and(|c| c.is_ascii_alphabetic() || c == '-');
            let is_word = |c: char| c.is_ascii_alphabetic();
            let word_in_front = number.starts_with(is_word)
                && !phrase.has_gap(start)
                && goes_on(phrase.text[..start].chars().next_back());
            let word_behind =
                number.ends_with(is_word) && !phrase.has_gap(end) && goes_on(phrase.text[end..].chars().next());
            !cut_in_front && !cut_behind && !word_in_front && !word_behind
        })
}

/// What a draft says where a person has to decide.
pub const TO_DO: &str = "to do";

/// Whether a draft has been finished: nothing for a file without a word of it.
pub fn unfinished(release: &Release) -> Option<Check> {
    let labels = [&release.label, &release.title]
        .into_iter()
        .chain(&release.publisher)
        .chain(release.arms.iter().map(|arm| &arm.label))
        .chain(release.occasions.iter().map(|occasion| &occasion.label))
        .chain(release.outcomes.iter().map(|outcome| &outcome.label))
        .chain(release.numbers.iter().map(|number| &number.label))
        .chain(release.estimates.iter().map(|estimate| &estimate.label))
        .chain(release.statements.iter().map(|statement| &statement.label));
    let count = labels.filter(|label| label.en.starts_with(TO_DO)).count();
    let message = format!("not decidable: the draft is not finished, {count} entries say \"{TO_DO}\"");
    (count > 0).then(|| Check::of(release, "to-do", "the file", (Status::Refused, message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_whole_or_not_at_all() {
        for (phrase, number) in [
            ("2.9 ± 1.1 回から", "2.9±1.1"),
            ("難治性患者 7 名", "7"),
            ("ヒト Muse 細胞（５万細胞/回）", "5万細胞"),
            ("全国に約 4000 人", "約4000人"),
            ("発症から 3～5 年", "3"),
            ("Six females and", "six"),
            ("seven patients", "7"),
            ("1.0 ± 1.1 6.9 ± 5.1", "1.0 ± 1.1"),
            ("(p = 0.004). 5 of 20", "5"),
            ("mean change -3.1, 95% CI", "-3.1"),
            ("変化は−4.1±3.4", "−4.1±3.4"),
            ("aged 3-5 years", "5"),
            ("1年-3年", "3年"),
            ("IL-6", "6"),
            ("Twenty-one patients", "21"),
            ("Sixteen of 24", "16"),
            ("in five of seven patients", "5/7"),
            ("7 of the 24 (29.2%)", "7/24"),
            ("１６ 名中 ３ 名（18.8％）", "3/16"),
            ("11 out of 15", "11 of 15"),
            ("平均　4.2（SD 3.1）", "4.2 (3.1)"),
            ("平均は　4.2か月　（SD 3.1）", "4.2 (3.1)"),
            ("4.2［3.1–5.0］、後は7.7", "4.2 (3.1–5.0)"),
            ("患者7千葉大学", "7"),
            ("５万細胞", "5万"),
            ("2.5 Million people", "2.5 million"),
            ("18,198 participants", "18,198"),
            ("arms of 18, 198 and 20", "198"),
        ] {
            assert!(holds_number(phrase, number), "{number} in {phrase}");
        }
        for (phrase, number) in [
            ("患者 17 名", "7"),
            ("患者 70 名", "7"),
            ("0.25ポイント", "25"),
            ("2.91", "2.9"),
            ("7.5 名", "7"),
            ("変化は−4.1±3.4", "4.1±3.4"),
            ("change -3.1", "3.1"),
            ("(−3.1)", "3.1"),
            ("Twenty-one patients", "1"),
            ("Twenty-one patients", "one"),
            ("5 women, 7 of 24", "5/24"),
            ("7 of 24", "7/2"),
            ("4.2［3.1–5.0］、後の値は7.7", "4.2 (3.1–7.7)"),
            ("（５万細胞/回）", "５"),
            ("2千人", "2"),
            ("2.5 Million people", "2.5"),
            ("18,198 participants", "198"),
            ("um 2,5 Punkte", "5"),
        ] {
            assert!(!holds_number(phrase, number), "{number} in {phrase}");
        }
    }

    #[test]
    fn phrases_are_found_across_lines_and_widths() {
        let source = Squeezed::new("年間再発率は ２．９ ±\n1.1 回から\n0.4 ± 0.8 回に");
        assert_eq!(source.lines_of("2.9 ± 1.1 回から 0.4 ± 0.8 回"), [1]);
        assert_eq!(source.lines_of("0.4±0.8"), [3]);
        assert_eq!(source.lines_of("0.5"), [0usize; 0]);
    }
}
