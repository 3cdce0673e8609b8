//! Where numbers stand that look like results.

use super::flow::Flow;
use crate::numeric::numeral::{Comparison, Expression, Numeral, fold_all, is_minus_behind, number_in_words};
use std::ops::{Range, RangeInclusive};

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// `2.9 ± 1.1`, `1.5 (0–5)`
    Result(Expression),
    /// `p < 0.005`
    Probability(Comparison),
    /// `4000`, `85.7%`, `70例以上`, `5/7`
    Number(Expression),
}

/// A number and where it stands in the flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it is.
    pub form: Form,
    /// Its text, as printed.
    pub text: String,
    /// Its characters in the flow.
    pub range: Range<usize>,
}

/// Words in front of a number that belong to it.
const BEFORE: [&str; 23] = [
    "約",
    "およそ",
    "approximately ",
    "about ",
    "around ",
    "at least ",
    "more than ",
    "fewer than ",
    "less than ",
    "up to ",
    "at most ",
    "over ",
    "ca. ",
    "approx. ",
    "≈",
    "minus ",
    "マイナス",
    "▲",
    "△",
    "≥",
    "≤",
    "<",
    ">",
];

/// A number behind these is a date, an address or a reference and no result.
const NO_RESULT_BEFORE: [&str; 27] = [
    "図",
    "表",
    "第",
    "vol.",
    "vol",
    "no.",
    "fig.",
    "figure",
    "table",
    "doi:",
    "doi",
    "pmid",
    "tel",
    "fax",
    "〒",
    "平成",
    "令和",
    "昭和",
    "p.",
    "pp.",
    "issue",
    "ref.",
    "refs.",
    "phase",
    "tse",
    "nasdaq",
    "コード",
];

/// The months, in small letters.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const KANJI: &str = "一二三四五六七八九十";

/// What a kanji digit counts.
const COUNTED: [&str; 12] = ["年", "回", "名", "人", "例", "つ", "か月", "ヶ月", "ヵ月", "カ月", "日", "週"];

/// The longest text that one number takes, in characters.
const LONGEST: usize = 28;

/// Every number of the text that looks like a result, in order.
pub fn scan(flow: &Flow) -> Vec<Found> {
    let folded = fold_all(&flow.chars);
    let scanner = Scanner { flow, folded: &folded };
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        match scanner.at(at) {
            Step::Found(number) => {
                at = number.range.end.max(at + 1);
                found.push(*number);
            }
            Step::Skip(end) => at = end.max(at + 1),
            Step::Nothing => at += 1,
        }
    }
    found
}

enum Step {
    Found(Box<Found>),
    /// Something with digits that is no result, up to here.
    Skip(usize),
    Nothing,
}

struct Scanner<'a> {
    flow: &'a Flow,
    folded: &'a [char],
}

impl Scanner<'_> {
    fn at(&self, at: usize) -> Step {
        let c = self.folded[at];
        if matches!(c, 'p' | 'P')
            && !self.is_inside_word(at)
            && let Some(found) = self.probability(at)
        {
            return Step::Found(Box::new(found));
        }
        if c.is_ascii_digit() {
            return self.digits(at);
        }
        // 三名, and 五例中二例.
        if KANJI.contains(c) && self.before(at).is_none_or(|before| !is_kanji(before) || before == '中') {
            return self.counted_kanji(at).map_or(Step::Nothing, |found| Step::Found(Box::new(found)));
        }
        if c.is_ascii_alphabetic() && !self.is_inside_word(at) {
            return self.word(at);
        }
        Step::Nothing
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.folded.get(before)).copied()
    }

    fn is_inside_word(&self, at: usize) -> bool {
        self.before(at).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Whether these words, in small letters, stand at a place.
    fn holds(&self, at: usize, words: &str) -> bool {
        let here = self.folded[at.min(self.folded.len())..].iter().flat_map(|c| c.to_lowercase());
        here.zip(words.chars().map(Some).chain(std::iter::repeat(None)))
            .take_while(|(_, w)| w.is_some())
            .all(|(c, w)| Some(c) == w)
            && self.folded.len() >= at + words.chars().count()
    }

    fn ends_before(&self, at: usize, words: &str) -> bool {
        let mut end = at;
        while end > 0 && self.folded[end - 1] == ' ' {
            end -= 1;
        }
        let words = words.trim_end();
        let Some(start) = end.checked_sub(words.chars().count()) else { return false };
        // Whole words: "turnover 25" is not over 25, "stable 6.1" is in no table, and 代表 3 名 neither.
        let cuts = match words.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => self.is_inside_word(start),
            Some('表') => self.before(start).is_some_and(is_kanji),
            _ => false,
        };
        !cuts && self.holds(start, words)
    }

    /// A number in digits with all that belongs to it, or what it is instead.
    fn digits(&self, at: usize) -> Step {
        let end = self.run(at);
        if let Some(end) = self.telephone(at) {
            return Step::Skip(end);
        }
        if self.is_level(end)
            || self.is_name(at)
            || self.is_reference(at, end)
            || self.is_date(at, end)
            || self.is_alone(at, end)
        {
            return Step::Skip(end);
        }
        let start = self.start(at);
        let longest =
            self.longest(start, end..=at + LONGEST, |expression, text| is_sensible(expression, text.contains('±')));
        if let Some((expression, text)) = longest {
            let form = match expression {
                Expression::Spread { .. } | Expression::Range { .. } => Form::Result(expression),
                _ => Form::Number(expression),
            };
            let range = start..start + text.chars().count();
            return Step::Found(Box::new(Found { form, text, range }));
        }
        Step::Skip(end)
    }

    /// Where a telephone number with the code of its country ends: "+81-3-1234-5678", "+44 20 7946 0958".
    fn telephone(&self, at: usize) -> Option<usize> {
        const FEWEST: usize = 9;
        if self.before(at) != Some('+') {
            return None;
        }
        let is_part = |c: &char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
        let length = self.folded[at..].iter().take_while(|c| is_part(c)).count();
        let digits = self.folded[at..at + length].iter().filter(|c| c.is_ascii_digit()).count();
        (digits >= FEWEST && digits < length).then_some(at + length)
    }

    /// Where the digits, points and commas of a number end.
    fn run(&self, at: usize) -> usize {
        let mut end = at;
        while let Some(c) = self.folded.get(end) {
            let is_point = matches!(c, '.' | ',') && self.folded.get(end + 1).is_some_and(char::is_ascii_digit);
            if !c.is_ascii_digit() && !is_point {
                break;
            }
            end += 1;
        }
        end
    }

    /// Where a number begins with its sign and the words that belong to it.
    fn start(&self, at: usize) -> usize {
        let mut start = at;
        // ".45" without its zero.
        if self.before(at) == Some('.') && at.checked_sub(2).is_none_or(|place| !self.folded[place].is_alphanumeric()) {
            start -= 1;
        }
        let is_sign = |place: usize| matches!(self.folded[place], '-' | '+');
        if start > 0 && is_sign(start - 1) && is_minus_behind(self.folded[..start - 1].iter().rev().copied()) {
            start -= 1;
        }
        for words in BEFORE {
            // "over 52 weeks" is how long, and no limit.
            let is_time = *words == *"over " && self.is_time(self.run(at));
            if self.ends_before(start, words) && !is_time {
                let mut begin = start;
                while begin > 0 && self.folded[begin - 1] == ' ' {
                    begin -= 1;
                }
                return begin - words.trim_end().chars().count();
            }
        }
        start
    }

    /// Whether a unit of time stands here.
    fn is_time(&self, at: usize) -> bool {
        let next = self.skip_blanks(at + usize::from(self.folded.get(at) == Some(&'-')));
        ["week", "month", "year", "day", "hour"].iter().any(|unit| self.holds(next, unit))
    }

    /// Whether a number is the level of an interval: "95% CI", 95％信頼区間.
    fn is_level(&self, end: usize) -> bool {
        let sign = self.skip_blanks(end);
        let next = self.skip_blanks(sign + 1);
        self.folded.get(sign) == Some(&'%')
            && ["ci", "confidence", "信頼", "cri", "credible"].iter().any(|word| self.holds(next, word))
    }

    /// Digits that are a part of a name: IL-6, AQP4, CL2020, a number of a registry, an address.
    fn is_name(&self, at: usize) -> bool {
        let Some(before) = self.before(at) else { return false };
        if before.is_ascii_alphabetic() {
            return true;
        }
        if self.is_upper_end(at) {
            return false;
        }
        let Some(second) = at.checked_sub(2).map(|place| self.folded[place]) else { return false };
        match before {
            // "n=20" and "CI:0.45" are results; "82:123" are pages, and "?x=1" is a part of an address.
            '=' => self.is_in_address(at),
            ':' => second.is_ascii_digit() || self.is_in_address(at),
            // "120/80 mmHg", but 2014/3/15 and 7/2022.
            '/' if second.is_ascii_digit() => self.is_in_chain(at, '/'),
            '-' | '/' | '.' | '_' | '@' | '#' | '&' | '?' => second.is_ascii_alphanumeric() || second == '/',
            _ => false,
        }
    }

    /// Whether a place is within a word with the signs of an address on the web.
    fn is_in_address(&self, at: usize) -> bool {
        let word = self.folded[..at].iter().rev().take_while(|c| c.is_ascii() && **c != ' ');
        word.into_iter().any(|c| matches!(c, '/' | '?' | '&' | '@'))
    }

    /// Whether a number is one of three or more that a sign joins, or joined to a year.
    fn is_in_chain(&self, at: usize, sign: char) -> bool {
        let before = at - 1 - self.folded[..at - 1].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let end = self.run(at);
        let is_year = |from: usize, to: usize| to - from == 4 && (self.holds(from, "19") || self.holds(from, "20"));
        self.folded.get(end) == Some(&sign)
            || self.before(before) == Some(sign)
            || is_year(before, at - 1)
            || is_year(at, end)
    }

    /// Whether a number is the upper end of a range: "80–200", "18.0-31.2". A hyphen also joins the parts of telephone
    /// numbers, dates and addresses, so that what stands before it must be a number of its own, and no other part follow.
    fn is_upper_end(&self, at: usize) -> bool {
        if at < 2 || !self.folded[at - 2].is_ascii_digit() {
            return false;
        }
        if self.flow.chars[at - 1] == '–' {
            return true;
        }
        let is_number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let lower = at - 1 - self.folded[..at - 1].iter().rev().take_while(|c| is_number(c)).count();
        let another = self.folded.get(self.run(at)) == Some(&'-');
        let is_whole = !self.is_name(lower) && !self.is_reference(lower, at - 1) && !self.is_date(lower, at - 1);
        self.folded[at - 1] == '-' && !another && is_whole && self.folded[lower].is_ascii_digit()
    }

    fn is_reference(&self, at: usize, end: usize) -> bool {
        let word = NO_RESULT_BEFORE
            .iter()
            .any(|words| self.ends_before(at, words) || self.ends_before(at, &format!("{words}:")));
        // Volume and pages, time of day, address, postal code and telephone.
        let next = self.folded.get(end).copied();
        let after = self.folded.get(end + 1).copied().is_some_and(|c| c.is_ascii_digit());
        let is_joined = matches!(next, Some(':' | '@')) && after;
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        let is_telephone = next == Some('-') && after && end - at >= 2 && is_whole && self.folded[at] == '0';
        let is_web = next == Some('/') && self.holds(end, "/s4") || self.ends_before(at, "10.");
        word || is_joined || is_telephone || is_web
    }

    /// 2023年11月28日, 2014/3/15, 15 March 2014, in 2014: but "5 年" is a length of time.
    fn is_date(&self, at: usize, end: usize) -> bool {
        let next = self.skip_blanks(end);
        if self.is_slashed_date(at) {
            return true;
        }
        let is_month = |place: usize| MONTHS.iter().any(|month| self.holds(place, month));
        let after_month =
            MONTHS.iter().any(|month| self.ends_before(at, month) || self.ends_before(at, &format!("{month}.")));
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        if end - at == 4 && is_whole && (self.holds(at, "19") || self.holds(at, "20")) {
            let behind = ["年", ")", ";", "/", "-", "."].iter().any(|mark| self.holds(next, mark));
            let before = [",", "in", "(", "since", "until", "by", "and"].iter().any(|word| self.ends_before(at, word));
            return behind || before || after_month;
        }
        let is_day =
            self.holds(next, "月") && self.folded.get(self.skip_blanks(next + 1)).is_some_and(char::is_ascii_digit);
        let in_month = self.holds(next, "日") && self.ends_before(at, "月");
        end - at <= 2 && (is_day || in_month || is_month(next) || after_month)
    }

    /// 12/01/2022
    fn is_slashed_date(&self, at: usize) -> bool {
        let digits =
            |from: usize| self.folded[from.min(self.folded.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
        let first = digits(at);
        let second = digits(at + first + 1);
        let slash = |place: usize| self.folded.get(place) == Some(&'/');
        (1..=2).contains(&first)
            && slash(at + first)
            && (1..=2).contains(&second)
            && slash(at + first + 1 + second)
            && digits(at + first + second + 2) == 4
    }

    /// A page number, or the number of a heading or note.
    fn is_alone(&self, at: usize, end: usize) -> bool {
        let begins = self.flow.starts_line[at];
        let ends = self.flow.starts_line.get(end).copied().unwrap_or(true) || self.folded.get(end) == Some(&' ');
        let next_begins = self.flow.starts_line.get(self.skip_blanks(end)).copied().unwrap_or(true);
        let is_heading = begins
            && matches!(self.folded.get(end), Some('.' | ')' | ':'))
            && !self.folded.get(end + 1).is_some_and(char::is_ascii_digit);
        let is_note = matches!(self.folded.get(end), Some(')')) && !self.open_bracket(at);
        (begins && ends && next_begins) || is_heading || is_note
    }

    /// Whether a bracket is open at a place.
    fn open_bracket(&self, at: usize) -> bool {
        let start = at.saturating_sub(60);
        let depth = self.folded[start..at].iter().fold(0i32, |depth, c| match c {
            '(' | '[' => depth + 1,
            ')' | ']' => (depth - 1).max(0),
            _ => depth,
        });
        depth > 0
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while self.folded.get(at) == Some(&' ') {
            at += 1;
        }
        at
    }

    fn probability(&self, at: usize) -> Option<Found> {
        let mut sign = self.skip_blanks(at + 1);
        if self.folded.get(sign) == Some(&'-') {
            sign += 1;
        }
        // "p-value = 0.03", "p値＝0.03".
        let named = ["value", "値"].into_iter().find(|word| self.holds(sign, word));
        sign = self.skip_blanks(sign + named.map_or(0, |word| word.chars().count()));
        if !matches!(self.folded.get(sign)?, '<' | '>' | '=' | '≤' | '≥' | '≦' | '≧') {
            return None;
        }
        let mut digits = sign + 1;
        while self.folded.get(digits).is_some_and(|c| matches!(c, ' ' | '=' | '<' | '>')) {
            digits += 1;
        }
        // "p = 2.3 × 10⁻⁵" goes on behind its digits.
        const POWER: usize = 8;
        let end = self.run(digits);
        (end..=(end + POWER).min(self.folded.len())).rev().find_map(|end| {
            let text = self.flow.text(at..end);
            let comparison = text.parse::<Comparison>().ok().filter(|_| !text.ends_with(' '))?;
            Some(Found { form: Form::Probability(comparison), text, range: at..end })
        })
    }

    /// "seven of 64", 五例中二例: a part of a whole that begins with a word.
    fn part_of_whole(&self, at: usize) -> Option<Found> {
        let is_fraction =
            |of: &Expression, _: &str| matches!(of, Expression::Fraction { .. }) && is_sensible(of, false);
        let (expression, text) = self.longest(at, at + 1..=at + LONGEST, is_fraction)?;
        let range = at..at + text.chars().count();
        Some(Found { form: Form::Number(expression), text, range })
    }

    /// The longest text from a place that is an expression of the kind that is looked for.
    fn longest(
        &self,
        start: usize,
        stops: RangeInclusive<usize>,
        is_meant: impl Fn(&Expression, &str) -> bool,
    ) -> Option<(Expression, String)> {
        let most = (*stops.end()).min(self.folded.len());
        (*stops.start()..=most).rev().find_map(|stop| {
            // Whole words, and no number cut in two.
            if stop < self.folded.len() && cuts(self.folded[stop - 1], self.folded[stop], self.folded.get(stop + 1)) {
                return None;
            }
            let text = self.flow.text(start..stop);
            let text = text.trim_end();
            // The full stop of a sentence is no point of a number.
            if text.ends_with(['.', '．', ',']) {
                return None;
            }
            let expression = text.parse::<Expression>().ok().filter(|expression| is_meant(expression, text))?;
            Some((expression, text.to_owned()))
        })
    }

    /// 一年間, 二つ: one kanji digit and what it counts.
    fn counted_kanji(&self, at: usize) -> Option<Found> {
        if let Some(found) = self.part_of_whole(at) {
            return Some(found);
        }
        COUNTED.iter().find(|counted| self.holds(at + 1, counted))?;
        let text = self.flow.text(at..at + 1);
        let expression = Expression::Number(text.parse::<Numeral>().ok()?);
        Some(Found { form: Form::Number(expression), text, range: at..at + 1 })
    }

    /// "seven patients", "five of seven"; a number in words that counts nothing is skipped whole.
    fn word(&self, at: usize) -> Step {
        let words: String = self.folded[at..(at + LONGEST).min(self.folded.len())].iter().collect();
        let Some((_, length)) = number_in_words(&words).filter(|_| self.before(at) != Some('-')) else {
            return Step::Nothing;
        };
        if let Some(found) = self.part_of_whole(at) {
            return Step::Found(Box::new(found));
        }
        const NOUNS: [&str; 16] = [
            "patient",
            "participant",
            "subject",
            "women",
            "men",
            "woman",
            "man ",
            "female",
            "male",
            "of ",
            "out of",
            "trial",
            "studies",
            "dose",
            "month",
            "year",
        ];
        // Number words are of letters that take one byte each.
        let end = at + length;
        let next = self.skip_blanks(end);
        let text = self.flow.text(at..end);
        match text.parse::<Numeral>() {
            Ok(read) if NOUNS.iter().any(|noun| self.holds(next, noun)) => {
                Step::Found(Box::new(Found { form: Form::Number(Expression::Number(read)), range: at..end, text }))
            }
            _ => Step::Skip(end),
        }
    }
}

fn is_kanji(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Whether ending between two characters would cut a word or a number.
fn cuts(last: char, next: char, after: Option<&char>) -> bool {
    let is_number = |c: char| c.is_ascii_digit();
    (is_number(last) && is_number(next))
        || (is_number(last) && matches!(next, '.' | ',') && after.is_some_and(|c| is_number(*c)))
        || ((last.is_ascii_alphabetic() || last == '%') && next.is_ascii_alphabetic())
}

/// Whether an expression can be a result: a fraction is a part of a whole, and "14 (60.9)" and "10名（83.3％）" are counts
/// with their shares and no means with their spreads.
fn is_sensible(expression: &Expression, is_plus_minus: bool) -> bool {
    match expression {
        Expression::Fraction { part, whole } => match (part.count(), whole.count()) {
            (Some(part), Some(whole)) => part <= whole && whole > 0,
            _ => false,
        },
        Expression::Spread { center, spread, .. } => {
            let is_count = center.decimal().decimals() == 0 && spread.decimal().decimals() > 0;
            spread.is_percent() == center.is_percent() && !is_count || is_plus_minus
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        scan(&Flow::of(text)).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn signs_ranges_shares_and_dates_are_what_they_are() {
        for (text, expected) in [
            ("実薬群で−4.1±3.4、対照群で-1.0±2.0点", &["−4.1±3.4", "-1.0±2.0点"] as &[&str]),
            ("1年-3年の経過", &["1", "3"]),
            ("fell to 120 m (IQR 80–200)", &["120 m (IQR 80–200)"]),
            ("10名（83.3％）が改善", &["10名", "83.3％"]),
            ("in 5 of 20 (25%) and 14 (60.9)", &["5 of 20", "25%", "14", "60.9"]),
            ("Seven out of 64 and 15例中11例（73.3%）", &["Seven out of 64", "15例中11例", "73.3%"]),
            ("It was seven of 64. 五例中二例.", &["seven of 64", "五例中二例"]),
            (
                "Sixty-one patients; one hundred and five women, a one-sided test",
                &["Sixty-one", "one hundred and five"],
            ),
            ("p = 2.3 × 10⁻⁵, P<0.001 and p=0.04%", &["p = 2.3 × 10⁻⁵", "P<0.001", "p=0.04"]),
            ("| <0.001 | 2.3 × 10⁻⁵ | 1\u{202F}204 patients", &["<0.001", "2.3 × 10⁻⁵", "1\u{202F}204"]),
            ("over 52 weeks, over 5 points; 95% CI 1.2 to 3.4; 95％信頼区間 2", &["52", "over 5", "1.2", "3.4", "2"]),
            ("+81-3-1234-5678, +44 20 7946 0958, +2.5 points", &["+2.5"]),
            ("was 41.8 ± 2.2\n%FVC", &["41.8 ± 2.2"]),
            ("on 12/01/2022 in 5/7", &["5/7"]),
            ("by 20.5 points (19.2), 20.3, and 19.8 ± 3.1", &["20.5", "19.2", "20.3", "19.8 ± 3.1"]),
            ("in 2014 and 2015, (2016)", &[]),
            ("IQR 18.0-31.2; 3-5 days; from 10-20 to 5-8", &["18.0", "31.2", "3", "5", "10", "20", "5", "8"]),
            ("(n=20), CI:0.45-0.86, HR .45, 120/80 mmHg, day 28.", &["20", "0.45", "0.86", ".45", "120", "80", "28"]),
            ("in the group. 7 of 12, follow-up. 8.4 ± 2.0, stable 6.1 ± 1.3", &["7 of 12", "8.4 ± 2.0", "6.1 ± 1.3"]),
            (
                "turnover 25, at most 5, fell by minus 2.4, マイナス1.3点",
                &["25", "at most 5", "minus 2.4", "マイナス1.3点"],
            ),
            ("五例中二例、代表 3 名", &["五例中二例", "3 名"]),
            ("https://x.jp/a?id=12&p=3, phase 3, Ref. 3, 2014/3/15", &[]),
            ("Tel 03-3813-3111, 0120-123-456, 2012-2014, IL-6, 2021-03-15, 82:123-130", &[]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }
}
