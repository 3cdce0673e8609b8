//! Numbers that are no results: telephones, dates, references, parts of names, numbers of pages and headings.

use super::scan::Scanner;

/// A number behind these is a date, an address or a reference and no result.
const NO_RESULT_BEFORE: [&str; 35] = [
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
    "grade",
    "grades",
    "グレード",
    "stage",
    "stages",
    "ステージ",
    "class",
    "type",
    "tse",
    "nasdaq",
    "コード",
];

/// Months as datelines shorten them.
const SHORT_MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

/// Criteria of response that are named by a score and a percentage: "PASI 75".
const CRITERIA: [&str; 7] = ["pasi", "easi", "acr", "asas", "hiscr", "salt", "glass"];

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

impl Scanner<'_> {
    /// Where a telephone number with the code of its country ends: "+81-3-1234-5678", "+44 20 7946 0958".
    pub(super) fn telephone(&self, at: usize) -> Option<usize> {
        const FEWEST: usize = 9;
        if self.before(at) != Some('+') {
            return None;
        }
        let is_part = |c: &char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
        let length = self.folded[at..].iter().take_while(|c| is_part(c)).count();
        let digits = self.folded[at..at + length].iter().filter(|c| c.is_ascii_digit()).count();
        (digits >= FEWEST && digits < length).then_some(at + length)
    }

    /// Whether a number is the level of an interval: "95% CI", 95％信頼区間.
    pub(super) fn is_level(&self, end: usize) -> bool {
        let sign = self.skip_blanks(end);
        let next = self.skip_blanks(sign + 1);
        self.folded.get(sign) == Some(&'%')
            && ["ci", "confidence", "信頼", "cri", "credible"].iter().any(|word| self.holds(next, word))
    }

    /// Digits that are a part of a name: IL-6, AQP4, CL2020, a number of a registry, an address.
    pub(super) fn is_name(&self, at: usize) -> bool {
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

    pub(super) fn is_reference(&self, at: usize, end: usize) -> bool {
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
    pub(super) fn is_date(&self, at: usize, end: usize) -> bool {
        let next = self.skip_blanks(end);
        if self.is_slashed_date(at) {
            return true;
        }
        // "18 Jan", and no "3 marked".
        let is_word = |month: &str, place: usize| {
            let end = place + month.len();
            self.holds(place, month) && !self.folded.get(end).is_some_and(char::is_ascii_alphabetic)
        };
        let is_month = |place: usize| {
            MONTHS.iter().any(|month| self.holds(place, month))
                || SHORT_MONTHS.iter().any(|month| is_word(month, place))
        };
        let mut months = MONTHS.iter().chain(&SHORT_MONTHS);
        let after_month = months.any(|month| self.ends_before(at, month) || self.ends_before(at, &format!("{month}.")));
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

    /// Where the range of a score ends that begins here: "(0–10)", "(0 to 20)", 0～80点.
    pub(super) fn range_of_score(&self, at: usize, end: usize) -> Option<usize> {
        let is_first = end - at == 1 && matches!(self.folded[at], '0' | '1');
        let sign = self.skip_blanks(end);
        let joined = ["-", "~", "から", "to "].into_iter().find(|word| self.holds(sign, word))?;
        let upper = self.skip_blanks(sign + joined.chars().count());
        let last =
            upper + self.folded[upper.min(self.folded.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
        let unit = self.skip_blanks(last);
        let of_points = ["points", "点"].into_iter().find(|word| self.holds(unit, word));
        let behind = self.skip_blanks(unit + of_points.map_or(0, |word| word.chars().count()));
        let is_in_brackets =
            matches!(self.before(at), Some('(' | '[')) && matches!(self.folded.get(behind), Some(')' | ']'));
        // "from 1 to 5 points" is a change.
        let is_change = self.ends_before(at, "from") || joined == "から";
        let is_range = is_first && last > upper && !is_change && (is_in_brackets || of_points == Some("点"));
        is_range.then_some(behind)
    }

    /// A dose, and a percentage that names a criterion: 50 mg, "PASI 75". Doses that change are results.
    pub(super) fn is_in_name_of_treatment(&self, at: usize, end: usize) -> bool {
        const UNITS: [&str; 6] = ["mg", "μg", "µg", "mcg", "iu", "単位"];
        let unit = self.skip_blanks(end);
        let named = UNITS.into_iter().find(|word| self.holds(unit, word));
        let is_dose = named.is_some_and(|word| {
            let behind = unit + word.chars().count();
            let next = self.folded.get(behind).copied();
            // mg/dL is how much there is in blood.
            let is_amount =
                next == Some('/') && !["/kg", "/day", "/日", "/m2", "/m²"].iter().any(|of| self.holds(behind, of));
            let goes_on = next.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '±' | '('));
            let changes = ["から", "まで", "へ", "に減", "に増", "減", "増", "to "]
                .iter()
                .any(|word| self.holds(self.skip_blanks(behind), word))
                || ["to", "from", "by", "was", "were", "than", "は", "が", "±"]
                    .iter()
                    .any(|word| self.ends_before(at, word));
            !is_amount && !goes_on && !changes
        });
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        let is_plain = is_whole && !matches!(self.folded.get(unit), Some('±' | '(' | '%'));
        is_dose || is_plain && CRITERIA.iter().any(|word| self.ends_before(at, word))
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
    pub(super) fn is_alone(&self, at: usize, end: usize) -> bool {
        let begins = self.flow.starts_line[at];
        let ends = self.flow.starts_line.get(end).copied().unwrap_or(true) || self.folded.get(end) == Some(&' ');
        let next_begins = self.flow.starts_line.get(self.skip_blanks(end)).copied().unwrap_or(true);
        let is_heading = begins
            && matches!(self.folded.get(end), Some('.' | ')' | ':'))
            && !self.folded.get(end + 1).is_some_and(char::is_ascii_digit);
        let is_note = matches!(self.folded.get(end), Some(')')) && !self.open_bracket(at);
        (begins && ends && next_begins) || is_heading || is_note
    }
}
