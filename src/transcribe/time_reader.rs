//! Times as a text names them from a place on: "week 24", 投与12か月後, "6 and 12 months".

use super::named::Named;
use super::occasions::{Time, Unit};
use super::time_words::{AFTER, BEFORE, JOINTS, LAST, MARKS, SINCE, TREATED};
use crate::numeric::numeral::{Numeral, is_of_kanji_number, number_in_words};
use std::ops::Range;

/// Reads the times that a text names, from a place on.
pub(super) struct Reader<'a> {
    /// The folded characters of the text, in small letters.
    pub(super) chars: &'a [char],
    pub(super) at: usize,
}

impl Reader<'_> {
    /// The times of a list with one unit, and moves behind it: "weeks 4, 8 and 12", "at 2, 3, and 6 months", 4・8・12週後.
    pub(super) fn listed(&mut self) -> Option<Vec<Named<Time>>> {
        let start = self.at;
        if self.is_inside_word() {
            return None;
        }
        let in_front = Unit::ALL.into_iter().find(|unit| self.take(&format!("{}s ", unit.name())));
        if in_front.is_none() {
            self.at = start;
            let is_said = ["at ", "after ", "by "].iter().any(|word| self.take(word));
            if !is_said && !self.chars[start].is_ascii_digit() {
                return None;
            }
        }
        let counts = self.counts(start)?;
        let unit = match in_front {
            Some(unit) => unit,
            None => self.unit_of_list(&counts)?,
        };
        Some(self.of_counts(counts, unit))
    }

    /// The times of counts with one unit, the last of which ends here.
    fn of_counts(&self, counts: Vec<(u16, Range<usize>)>, unit: Unit) -> Vec<Named<Time>> {
        let count_of_last = counts.len() - 1;
        let named = counts.into_iter().enumerate().map(|(place, (count, range))| {
            let end = if place == count_of_last { self.at } else { range.end };
            Named { what: Time::at(count, unit), range: range.start..end }
        });
        named.collect()
    }

    /// What is listed behind a time, without its own "at", and moves behind it: "baseline, 3 months and 6 months",
    /// "baseline, 6 and 12 months".
    pub(super) fn next_listed(&mut self) -> Option<Vec<Named<Time>>> {
        let start = self.at;
        let listed = self.take_any(&JOINTS).then(|| self.lengths_with_unit()).flatten();
        if listed.is_none() {
            self.at = start;
        }
        listed
    }

    fn lengths_with_unit(&mut self) -> Option<Vec<Named<Time>>> {
        let start = self.at;
        let counts = self.counts(start).or_else(|| {
            self.at = start;
            Some(vec![(self.digits()?, start..self.at)])
        })?;
        let unit = self.english_unit()?;
        // "12 weeks of treatment" are how long, and "3 months before" begins another time.
        let rest: String = self.chars[self.at..].iter().take(8).collect();
        let goes_on = [" of ", " before", " after", " prior", " later"].iter().any(|word| rest.starts_with(word));
        (!goes_on).then(|| self.of_counts(counts, unit))
    }

    /// A blank and the name of a unit, which ends there.
    fn english_unit(&mut self) -> Option<Unit> {
        self.blanks()?;
        let unit = Unit::ALL.into_iter().find(|unit| self.take(unit.name()))?;
        self.take("s");
        self.is_end_of_word().then_some(unit)
    }

    fn is_end_of_word(&self) -> bool {
        !self.chars.get(self.at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '-')
    }

    /// Both times of "before and after treatment" and 投与前後, and moves behind them.
    pub(super) fn before_and_after(&mut self) -> Option<[Named<Time>; 2]> {
        let start = self.at;
        if self.is_inside_word() {
            return None;
        }
        let (before, after) = if self.take("before and after") && self.is_end_of_word() {
            let words = (start..start + "before".len(), self.at - "after".len());
            self.take_treatment();
            words
        } else {
            self.at = start;
            let is_japanese = self.take_any(&BEFORE) && self.chars[self.at - 1] == '前' && self.take("後");
            if !is_japanese {
                return None;
            }
            (start..self.at - 1, self.at - 1)
        };
        Some([Named { what: Time::Before, range: before }, Named { what: Time::After, range: after..self.at }])
    }

    /// Moves behind the name of a treatment, if one stands behind a blank: " the treatment".
    fn take_treatment(&mut self) -> bool {
        let start = self.at;
        let is_there = self.take(" ") && {
            self.take_any(&["starting ", "start of ", "the start of ", "initiation of "]);
            self.take("the ");
            self.take_any(&TREATED) && self.is_end_of_word()
        };
        if !is_there {
            self.at = start;
        }
        is_there
    }

    /// Two whole numbers or more, with their places; the first from where its list begins.
    fn counts(&mut self, start: usize) -> Option<Vec<(u16, Range<usize>)>> {
        let mut counts = vec![(self.digits()?, start..self.at)];
        loop {
            let end = self.at;
            let begin = if self.take_any(&JOINTS) { self.at } else { break };
            match self.digits() {
                Some(count) => counts.push((count, begin..self.at)),
                None => {
                    self.at = end;
                    break;
                }
            }
        }
        (counts.len() > 1).then_some(counts)
    }

    /// The unit behind a list: "months" where "at" stands in front, 週後. Behind a comma alone in Japanese the first may
    /// be another number.
    fn unit_of_list(&mut self, counts: &[(u16, Range<usize>)]) -> Option<Unit> {
        if !self.chars[counts[0].1.start].is_ascii_digit() {
            self.blanks()?;
            let unit = Unit::ALL.into_iter().find(|unit| self.take(unit.name()))?;
            let ends = self.take("s") && !self.chars.get(self.at).is_some_and(char::is_ascii_alphanumeric);
            return ends.then_some(unit);
        }
        let is_certain = counts.len() > 2 || self.chars[counts[0].1.end] != '、';
        let unit = Unit::ALL.into_iter().find(|unit| self.take_any(unit.japanese()))?;
        (self.take_any(&MARKS) && is_certain).then_some(unit)
    }

    /// Whether this place is within a word or a number.
    fn is_inside_word(&self) -> bool {
        let is_part = |c: &char| c.is_ascii_alphanumeric();
        self.at.checked_sub(1).is_some_and(|before| is_part(&self.chars[before])) && is_part(&self.chars[self.at])
    }

    /// The time that is named here, and moves behind it.
    pub(super) fn time(&mut self) -> Option<Time> {
        if self.is_inside_word() {
            return None;
        }
        if self.take_any(&BEFORE) {
            self.take_length_before();
            return Some(Time::Before);
        }
        if self.take_last() {
            return Some(Time::Last);
        }
        if self.take_any(&AFTER) {
            let own = self.at;
            return Some(self.japanese(false).unwrap_or_else(|| {
                self.at = own;
                Time::After
            }));
        }
        let begin = self.at;
        if let Some(time) = self.around_treatment() {
            return Some(time);
        }
        self.at = begin;
        if let Some(time) = self.period_of_length() {
            return Some(time);
        }
        self.at = begin;
        if let Some(time) = self.bare() {
            return Some(time);
        }
        self.at = begin;
        // 投与12か月後
        let is_since = self.take_any(&SINCE);
        self.japanese(true).or_else(|| {
            self.at = begin;
            if is_since { None } else { self.english() }
        })
    }

    /// Moves behind how long the time before was, if that stands there: 投与前1年間.
    fn take_length_before(&mut self) {
        let start = self.at;
        let is_before = start.checked_sub(1).is_some_and(|last| self.chars[last] == '前');
        let is_length = is_before && {
            self.take("の");
            self.count().is_some() && Unit::ALL.into_iter().any(|unit| self.take_any(unit.japanese()))
        };
        if !is_length || self.chars[self.at - 1] != '間' {
            self.at = start;
        }
    }

    /// Moves behind words for the last time: "at the final follow-up", 最終観察時.
    fn take_last(&mut self) -> bool {
        let start = self.at;
        let is_said = self.take("at ");
        if is_said {
            self.take("the ");
        }
        // "The last follow-up was in May" tells of no value; "a median at last follow-up".
        let is_there = (is_said || !self.chars.get(self.at).is_some_and(char::is_ascii)) && self.take_any(&LAST);
        if !is_there {
            self.at = start;
        }
        is_there
    }

    /// "The year before treatment", "the 12 months before enrolment", "the year after", "before the intervention".
    fn around_treatment(&mut self) -> Option<Time> {
        const SIDES: [(&str, Time); 5] = [
            ("before", Time::Before),
            ("prior to", Time::Before),
            ("preceding", Time::Before),
            ("after", Time::After),
            ("following", Time::After),
        ];
        let is_stretch = self.take("the ");
        let unit = if is_stretch {
            let count = self.digits();
            if count.is_some() {
                self.blanks()?;
            }
            let unit = Unit::ALL.into_iter().find(|unit| self.take(unit.name()))?;
            self.take("s");
            self.blanks()?;
            Some((count, unit))
        } else {
            None
        };
        let (_, side) = SIDES.into_iter().find(|(word, _)| self.take(word))?;
        if !self.is_end_of_word() {
            return None;
        }
        let is_named = self.take_treatment();
        let time = match (side, unit) {
            (Time::After, Some((Some(count), unit))) => Time::at(count, unit),
            (side, _) => side,
        };
        (is_named || is_stretch && self.ends_clause()).then_some(time)
    }

    /// "8-week baseline period": a period with its length in front.
    fn period_of_length(&mut self) -> Option<Time> {
        self.digits()?;
        if !self.take("-") {
            return None;
        }
        Unit::ALL.into_iter().find(|unit| self.take(unit.name()))?;
        self.blanks()?;
        let words = |all: &[&'static str]| -> Vec<&'static str> {
            all.iter().copied().filter(|word| word.ends_with(" period") || word.ends_with(" phase")).collect()
        };
        if self.take_any(&words(&BEFORE)) {
            return Some(Time::Before);
        }
        self.take_any(&words(&AFTER)).then_some(Time::After)
    }

    /// "6.5 ± 1.8 before and 3.2 ± 2.1 after.": a word alone right behind a number and its unit.
    fn bare(&mut self) -> Option<Time> {
        /// So many characters of a number and its unit are looked at.
        const FAR: usize = 16;
        let front: String = self.chars[self.at.saturating_sub(FAR)..self.at].iter().collect();
        let (_, unit) = front.trim_end().rsplit_once(|c: char| c.is_ascii_digit())?;
        let is_unit = |c: char| c.is_ascii_alphabetic() || " )]%/".contains(c);
        if !front.ends_with(' ') || !unit.chars().all(is_unit) || unit.split_whitespace().count() > 1 {
            return None;
        }
        let time = if self.take("before") {
            Time::Before
        } else if self.take("after") {
            Time::After
        } else {
            return None;
        };
        self.ends_clause().then_some(time)
    }

    /// Whether what is said here ends, or another value is joined to it.
    fn ends_clause(&self) -> bool {
        let rest: String = self.chars[self.at..].iter().take(6).collect();
        let joined = [" and ", " to "].iter().find_map(|word| rest.strip_prefix(word));
        // "And 20.1 ± 3.5 after in the control group."
        if rest.starts_with(" in th") {
            return true;
        }
        let is_value = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
        rest.is_empty() || rest.starts_with(['.', ',', ';', ')']) || joined.is_some_and(is_value)
    }

    /// 12か月後, 第24週, 一年後; behind 投与後 without a mark.
    fn japanese(&mut self, is_marked: bool) -> Option<Time> {
        // 3月15日 is a day of the year.
        let is_date = self.at.checked_sub(1).is_some_and(|before| self.chars[before] == '月');
        // 投与終了4週後 is behind the time of treatment.
        let front: String = self.chars[self.at.saturating_sub(2)..self.at].iter().collect();
        let is_behind_end = ["終了", "中止", "休薬", "離脱", "完了"].contains(&front.as_str());
        let is_ordinal = self.take("第");
        // 投与後 18 カ月
        if !is_marked && !is_ordinal && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit) {
            self.blanks();
        }
        let count = self.count()?;
        let unit = Unit::ALL.into_iter().find(|unit| self.take_any(unit.japanese()))?;
        let (count, unit) = if unit == Unit::Year { self.with_months(count) } else { (count, unit) };
        let is_mark = self.take_any(&MARKS);
        let is_time = is_mark || is_ordinal && unit != Unit::Year || !is_marked;
        (is_time && !is_date).then(|| if is_behind_end { Time::After } else { Time::at(count, unit) })
    }

    /// So many years, or with the months that stand behind them so many months: 1年6か月.
    fn with_months(&mut self, years: u16) -> (u16, Unit) {
        const MONTHS: u16 = 12;
        let start = self.at;
        self.take("と");
        let months = self.count().filter(|_| self.take_any(Unit::Month.japanese()));
        match months.zip(years.checked_mul(MONTHS)).and_then(|(months, years)| years.checked_add(months)) {
            Some(months) => (months, Unit::Month),
            None => {
                self.at = start;
                (years, Unit::Year)
            }
        }
    }

    /// "week 24", "after six months", "at 2 years", "12 months after surgery".
    fn english(&mut self) -> Option<Time> {
        let start = self.at;
        if let Some(time) = self.in_cycle() {
            return Some(time);
        }
        self.at = start;
        if let Some(unit) = Unit::ALL.into_iter().find(|unit| self.take(unit.name())) {
            self.blanks()?;
            let count = self.digits()?;
            self.take_since();
            return Some(Time::at(count, unit));
        }
        let is_said = ["at", "after", "by"].into_iter().any(|word| self.take(word));
        if is_said {
            self.blanks()?;
        }
        let count = self.digits().or_else(|| self.words())?;
        // "At 24 weeks", no "12-week".
        let time = Time::at(count, self.english_unit()?);
        (self.take_since() || is_said).then_some(time)
    }

    /// "Cycle 3 day 1", "day 1 of cycle 3", "C3D1", "cycle 3".
    fn in_cycle(&mut self) -> Option<Time> {
        if self.take("day ") {
            let day = self.digits()?;
            let cycle = if self.take(" of cycle ") { self.digits() } else { None }?;
            return Some(Time::InCycle { cycle, day });
        }
        let is_word = self.take("cycle ");
        if !is_word && !self.take("c") {
            return None;
        }
        let cycle = self.digits()?;
        let end = self.at;
        let is_joined = if is_word { self.take_any(&[", day ", " day "]) } else { self.take("d") };
        let day = if is_joined { self.digits() } else { None };
        if day.is_none() {
            self.at = end;
        }
        (self.is_end_of_word() && (is_word || day.is_some())).then(|| Time::InCycle { cycle, day: day.unwrap_or(0) })
    }

    /// Moves behind words that say since when a length of time is counted: "12 months after surgery" is one time.
    fn take_since(&mut self) -> bool {
        let end = self.at;
        let is_there = self.take(" after") && self.take_treatment();
        if !is_there {
            self.at = end;
        }
        is_there
    }

    pub(super) fn count(&mut self) -> Option<u16> {
        /// 令和5年 is a year of an era.
        const ERAS: [&str; 3] = ["令和", "平成", "昭和"];
        let at = self.at.min(self.chars.len());
        let front = &self.chars[at.saturating_sub(2)..at];
        let is_of_era = ERAS.iter().any(|era| era.chars().eq(front.iter().copied()));
        // 二か月 is no part of 十二か月.
        if is_of_era || front.last().is_some_and(|c| is_of_kanji_number(*c)) {
            return None;
        }
        let length = self.chars[at..].iter().take_while(|c| is_of_kanji_number(**c)).count();
        if length == 0 {
            return self.digits();
        }
        let number: String = self.chars[at..at + length].iter().collect();
        let count = number.parse::<Numeral>().ok()?.count()?;
        self.at += length;
        u16::try_from(count).ok().filter(|count| *count < 1000)
    }

    /// A whole number of few digits.
    fn digits(&mut self) -> Option<u16> {
        let is_part = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        if self.at > 0 && is_part(self.chars.get(self.at - 1)) {
            return None;
        }
        let length = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let digits: String = self.chars[self.at..self.at + length].iter().collect();
        let is_decimal = self.chars.get(self.at + length) == Some(&'.')
            && self.chars.get(self.at + length + 1).is_some_and(char::is_ascii_digit);
        if length > 3 || is_decimal {
            return None;
        }
        self.at += length;
        let count = digits.parse().ok()?;
        if self.chars.get(self.at) == Some(&' ') && !self.chars.get(self.at + 1).is_some_and(char::is_ascii) {
            self.at += 1;
        }
        Some(count)
    }

    fn words(&mut self) -> Option<u16> {
        let words: String = self.chars[self.at..].iter().take(20).collect();
        let (value, length) = number_in_words(&words)?;
        self.at += length;
        u16::try_from(value).ok().filter(|count| *count < 1000)
    }

    /// Moves behind one blank or more.
    pub(super) fn blanks(&mut self) -> Option<()> {
        let count = self.chars[self.at.min(self.chars.len())..].iter().take_while(|c| **c == ' ').count();
        self.at += count;
        (count > 0).then_some(())
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let length = word.chars().count();
        let found = self.chars.get(self.at..self.at + length).is_some_and(|here| here.iter().copied().eq(word.chars()));
        self.at += if found { length } else { 0 };
        found
    }

    pub(super) fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    /// Whether a name says from when on something changed: "from baseline" before no number, 投与前から, 投与前と比べ.
    pub(super) fn is_reference(chars: &[char], start: usize, end: usize) -> bool {
        let behind: String = chars[end..].iter().take(6).collect();
        let japanese = ["から", "より", "に比", "と比", "との", "に対"].iter().any(|word| behind.starts_with(word));
        let front: String = chars[start.saturating_sub(9)..start].iter().collect();
        let from = ["from ", "from the ", " to "].iter().any(|word| front.ends_with(word));
        let value = behind.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '(' | '[' | '-'));
        let value = value || behind.trim_start().starts_with("of ");
        japanese || from && !value && chars[start] == 'b'
    }
}
