//! Numbers that are dates: days, months and years; a count or a value from 1900 to 2099 is none.

use super::people::PEOPLE;
use super::scan::Scanner;

/// Months as datelines shorten them.
const SHORT_MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

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

/// Whom else a number counts, and words that stand in front of them.
const ALSO_COUNTED: [&str; 20] = [
    "adults",
    "boys",
    "girls",
    "infants",
    "newborns",
    "controls",
    "cases",
    "volunteers",
    "individuals",
    "persons",
    "males",
    "females",
    "respondents",
    "enrollees",
    "carriers",
    "survivors",
    "deaths",
    "events",
    "of",
    "out of",
];
const IN_FRONT_OF_PEOPLE: [&str; 9] =
    ["adult", "eligible", "evaluable", "healthy", "randomized", "randomised", "treated", "untreated", "other"];

/// Units in which there is so much of something.
const UNITS: [&str; 40] = [
    "mg", "g", "kg", "µg", "μg", "mcg", "ng", "pg", "ml", "l", "dl", "µl", "μl", "mm", "cm", "m", "km", "mmhg", "iu",
    "u", "units", "cells", "copies", "steps", "points", "kcal", "kj", "ms", "hz", "seconds", "minutes", "hours",
    "days", "weeks", "months", "meters", "metres", "mmol", "nmol", "times",
];

/// What a bracket behind a value says: how far it is known, or how far it varies.
const OF_SPREADS: [&str; 9] = ["ci", "confidence", "credible", "iqr", "interquartile", "sd", "se", "sem", "信頼区間"];

/// What rises or falls by so much.
const CHANGES: [&str; 20] = [
    "rose", "rise", "rising", "increas", "fell", "fall", "declin", "decreas", "reduc", "drop", "improv", "grew",
    "gain", "lower", "higher", "lost", "chang", "differ", "exceed", "short",
];

impl Scanner<'_> {
    /// Whether a number is the year in front of another, a later one: "2017 and 2022", but no "2050 to 1950 kcal".
    pub(super) fn is_year_of_two(&self, at: usize, end: usize) -> bool {
        let is_year = |from: usize| self.digits_at(from) == 4 && (self.holds(from, "19") || self.holds(from, "20"));
        let next = self.skip_blanks(end);
        let joined = ["and ", "to ", "or ", "through "].into_iter().find(|word| self.holds(next, word));
        let second =
            joined.map(|word| next + word.len()).filter(|second| end - at == 4 && is_year(at) && is_year(*second));
        second.is_some_and(|second| {
            let is_later = self.folded[second..second + 4] >= self.folded[at..end];
            is_later && !self.is_counted_or_measured(second + 4)
        })
    }

    /// 2023年11月28日, 2014/3/15, 15 March 2014, in 2014: but "5 年" is a length of time.
    pub(super) fn is_date(&self, at: usize, end: usize) -> bool {
        let next = self.skip_blanks(end);
        if self.is_slashed_date(at) {
            return true;
        }
        let is_whole = self.folded[at..end].iter().all(char::is_ascii_digit);
        if end - at == 4 && is_whole && self.is_of_two_centuries(at) {
            return self.is_year(at, end);
        }
        // 3月15日, and 4月 alone: か月 is another thing, and 6月齢 an age.
        let is_day = self.holds(next, "月") && !self.holds(next, "月齢") && end - at <= 2;
        let in_month = self.holds(next, "日") && self.ends_before(at, "月");
        end - at <= 2 && (is_day || in_month || self.is_month(next) || self.is_behind_month(at))
    }

    /// Whether a number of four digits is a year, from what stands around it.
    fn is_year(&self, at: usize, end: usize) -> bool {
        const BEHIND: [&str; 6] = ["年", ")", ";", "/", "-", "."];
        let next = self.skip_blanks(end);
        let is_behind = |words: &[&str]| words.iter().any(|word| self.ends_before(at, word));
        if is_behind(&["since", "until"]) || self.is_behind_month(at) {
            return true;
        }
        if is_behind(&["="]) || self.is_counted_or_measured(end) {
            return false;
        }
        if is_behind(&["in"]) || BEHIND.iter().any(|mark| self.holds(next, mark)) {
            return true;
        }
        is_behind(&["by"]) && !self.is_change_by(at)
            || is_behind(&[",", "(", "by", "and"]) && self.is_beside_date(at, end)
    }

    fn is_of_two_centuries(&self, at: usize) -> bool {
        self.holds(at, "19") || self.holds(at, "20")
    }

    /// Whether a month is named at a place: "18 Jan", and neither "3 marked" nor "12 may have relapsed".
    fn is_month(&self, at: usize) -> bool {
        let is_verb = || ["may", "march"].iter().any(|verb| self.is_word(at, verb)) && self.folded[at].is_lowercase();
        MONTHS.iter().chain(&SHORT_MONTHS).any(|month| self.is_word(at, month)) && !is_verb()
    }

    fn is_behind_month(&self, at: usize) -> bool {
        let mut months = MONTHS.iter().chain(&SHORT_MONTHS);
        months.any(|month| self.ends_before(at, month) || self.ends_before(at, &format!("{month}.")))
    }

    /// Whether this word, in small letters, stands at a place, and none that begins with it.
    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.holds(at, word) && !self.folded.get(at + word.chars().count()).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Whether what follows a number says that it counts people, or is so much of something: "2045 patients",
    /// "1850 ± 280", "1950 (95% CI 1520 to 2380)".
    fn is_counted_or_measured(&self, end: usize) -> bool {
        let next = self.skip_blanks(end);
        let is_any = |at: usize, words: &[&str]| words.iter().any(|word| self.is_word(at, word));
        let front = IN_FRONT_OF_PEOPLE.iter().find(|word| self.is_word(next, word));
        let people = front.map_or(next, |word| self.skip_blanks(next + word.len()));
        match self.folded.get(next) {
            Some('±' | '%') => true,
            Some('(' | '[') => self.is_of_spread(next + 1),
            _ => {
                self.holds(next, "+/-")
                    || is_any(people, &PEOPLE)
                    || is_any(people, &ALSO_COUNTED)
                    || is_any(next, &UNITS)
            }
        }
    }

    /// Whether what stands in a bracket that opens before a place says how far a value is known, or varies.
    fn is_of_spread(&self, at: usize) -> bool {
        const LONGEST: usize = 60;
        let inside =
            self.folded[at.min(self.folded.len())..].iter().take(LONGEST).take_while(|c| !matches!(c, ')' | ']'));
        let inside: String = inside.flat_map(|c| c.to_lowercase()).collect();
        let mut words = inside.split(|c: char| !c.is_alphanumeric());
        inside.starts_with('±') || words.any(|word| OF_SPREADS.contains(&word))
    }

    /// Whether something rises or falls by a number, in front of which "by" stands: nothing but words divides them.
    fn is_change_by(&self, at: usize) -> bool {
        const NEAR: usize = 48;
        let front: String = self.folded[at.saturating_sub(NEAR)..at].iter().flat_map(|c| c.to_lowercase()).collect();
        let clause = front.rsplit(|c: char| c.is_ascii_digit() || matches!(c, '.' | ';' | ',')).next();
        clause.is_some_and(|clause| clause.split(' ').any(|word| CHANGES.iter().any(|stem| word.starts_with(stem))))
    }

    /// Whether a month or another year stands beside a number, with no more than a sign or a joint between them:
    /// "Nov 28, 2023", "(2014 to 2016", "2017, 2018 and 2022".
    fn is_beside_date(&self, at: usize, end: usize) -> bool {
        const JOINTS: [&str; 7] = [",", "and ", "to ", "or ", "through ", "-", "("];
        let next = self.skip_blanks(end);
        let joint = JOINTS.iter().find(|joint| self.holds(next, joint));
        let behind = joint.map_or(next, |joint| self.skip_blanks(next + joint.len()));
        if self.is_month(behind) || self.digits_at(behind) == 4 && self.is_of_two_centuries(behind) {
            return true;
        }
        let mut front = at;
        while front > 0 && matches!(self.folded[front - 1], ' ' | ',' | '(') {
            front -= 1;
        }
        for word in ["and", "by"] {
            if self.ends_before(front, word) {
                front -= word.len();
                while front > 0 && matches!(self.folded[front - 1], ' ' | ',') {
                    front -= 1;
                }
            }
        }
        let digits = self.folded[..front].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let number = front - digits;
        match digits {
            0 => self.is_behind_month(front),
            1 | 2 => self.is_behind_month(number),
            4 => self.is_of_two_centuries(number),
            _ => false,
        }
    }

    /// 12/01/2022
    fn is_slashed_date(&self, at: usize) -> bool {
        let digits = |from: usize| self.digits_at(from);
        let first = digits(at);
        let second = digits(at + first + 1);
        let slash = |place: usize| self.folded.get(place) == Some(&'/');
        (1..=2).contains(&first)
            && slash(at + first)
            && (1..=2).contains(&second)
            && slash(at + first + 1 + second)
            && digits(at + first + second + 2) == 4
    }
}
