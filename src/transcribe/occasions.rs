//! When results were measured: "at week 24", 投与前, 12か月後.

use super::flow::Flow;
use super::named::Named;
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{fold_all, number_in_words};
use crate::reported::{Lang, Localized, Occasion};
use std::ops::Range;

/// A time that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Time {
    Before,
    /// So many days, and how a text counts them.
    At {
        days: u32,
        count: u16,
        unit: Unit,
    },
    /// Behind those: no text says how long after.
    After,
    /// The text names none.
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Its Japanese names, longer ones before those that they begin with.
    fn japanese(self) -> &'static [&'static str] {
        match self {
            Self::Day => &["日間", "日"],
            Self::Week => &["週間", "週"],
            Self::Month => &["か月間", "ヶ月間", "カ月間", "ヵ月間", "か月", "ヶ月", "カ月", "ヵ月", "ケ月", "箇月"],
            Self::Year => &["年間", "年"],
        }
    }

    fn in_japanese(self) -> &'static str {
        match self {
            Self::Day => "日",
            Self::Week => "週",
            Self::Month => "か月",
            Self::Year => "年",
        }
    }

    /// To put times in order.
    fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }
}

impl Time {
    fn at(count: u16, unit: Unit) -> Self {
        Self::At { days: u32::from(count) * unit.days(), count, unit }
    }

    /// The name of its occasion in a release.
    pub(super) fn id(self) -> String {
        match self {
            Self::Before => "before".to_owned(),
            Self::After => "after".to_owned(),
            Self::Open => "open".to_owned(),
            Self::At { count, unit, .. } => format!("{}-{count}", unit.name()),
        }
    }

    /// The occasion of a release.
    pub(super) fn occasion(self, lang: Lang) -> Occasion {
        let label = match self {
            Self::Before => Localized::new("before", "前"),
            Self::After => Localized::new("after", "後"),
            Self::Open => Localized::same(format!("{TO_DO}: when")),
            Self::At { count, unit, .. } => {
                let after = if lang == Lang::Ja { "後" } else { "" };
                Localized::new(format!("{} {count}", unit.name()), format!("{count}{}{after}", unit.in_japanese()))
            }
        };
        Occasion { id: self.id(), label }
    }
}

/// Every time that a text names, in order.
pub(super) fn occasions(flow: &Flow) -> Vec<Named<Time>> {
    let folded: Vec<char> = fold_all(&flow.chars).iter().map(char::to_ascii_lowercase).collect();
    let mut reader = Reader { chars: &folded, at: 0 };
    let mut found = Vec::new();
    while reader.at < folded.len() {
        let start = reader.at;
        if let Some(listed) = reader.listed() {
            found.extend(listed);
            continue;
        }
        reader.at = start;
        let time = reader.time();
        let end = reader.at;
        match time {
            // "From baseline" says of what a change is, and not when a value was measured.
            Some(what) if !Reader::is_reference(&folded, start, end) => found.push(Named { what, range: start..end }),
            Some(_) => {}
            None => reader.at = start + 1,
        }
    }
    found
}

/// Words for the time before a treatment, longer ones before those that they begin with.
const BEFORE: [&str; 23] = [
    "投与開始前",
    "治療開始前",
    "投与前",
    "治療前",
    "介入前",
    "使用前",
    "開始前",
    "導入前",
    "登録時",
    "手術前",
    "術前",
    "試験前",
    "ベースライン時",
    "ベースライン",
    "baseline",
    "before treatment",
    "before therapy",
    "before surgery",
    "pretreatment",
    "pre-treatment",
    "at entry",
    "at enrolment",
    "at enrollment",
];

/// Words for the time after a treatment, which may say how long after.
const AFTER: [&str; 20] = [
    "投与開始後",
    "治療開始後",
    "投与終了時",
    "治療終了時",
    "投与後",
    "治療後",
    "介入後",
    "使用後",
    "導入後",
    "開始後",
    "手術後",
    "術後",
    "試験後",
    "終了時",
    "after treatment",
    "after therapy",
    "after surgery",
    "post-treatment",
    "posttreatment",
    "end of treatment",
];

/// From when on a length of time is counted, where it stands right behind.
const SINCE: [&str; 8] = ["投与開始", "治療開始", "投与", "治療", "介入", "使用", "手術", "術"];

/// What makes a length of time one at which something was measured.
const MARKS: [&str; 6] = ["時点", "の時点", "目", "時", "後", "経過"];

/// What stands between the numbers of a list of times, longer ones before those that they begin with.
const JOINTS: [&str; 10] = [", and ", ", ", ",", " and ", "、", "・", "および", "及び", "と", " & "];

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    /// The times of a list with one unit, and moves behind it: "weeks 4, 8 and 12", "at 2, 3, and 6 months", 4・8・12週後.
    fn listed(&mut self) -> Option<Vec<Named<Time>>> {
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
        let count_of_last = counts.len() - 1;
        let named = counts.into_iter().enumerate().map(|(place, (count, range))| {
            let end = if place == count_of_last { self.at } else { range.end };
            Named { what: Time::at(count, unit), range: range.start..end }
        });
        Some(named.collect())
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

    /// The unit behind a list: "months" where "at" stands in front, 週後. Behind a comma alone in Japanese the first may be
    /// another number.
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
    fn time(&mut self) -> Option<Time> {
        if self.is_inside_word() {
            return None;
        }
        if self.take_any(&BEFORE) {
            return Some(Time::Before);
        }
        if self.take_any(&AFTER) {
            let own = self.at;
            return Some(self.japanese(false).unwrap_or_else(|| {
                self.at = own;
                Time::After
            }));
        }
        let begin = self.at;
        // 投与12か月後
        let is_since = self.take_any(&SINCE);
        self.japanese(true).or_else(|| {
            self.at = begin;
            if is_since { None } else { self.english() }
        })
    }

    /// 12か月後, 第24週, 一年後; behind 投与後 without a mark.
    fn japanese(&mut self, is_marked: bool) -> Option<Time> {
        // 3月15日 is a day of the year.
        let is_date = self.at.checked_sub(1).is_some_and(|before| self.chars[before] == '月');
        let is_ordinal = self.take("第");
        let count = self.count()?;
        let unit = Unit::ALL.into_iter().find(|unit| self.take_any(unit.japanese()))?;
        let is_mark = self.take_any(&MARKS);
        let is_time = is_mark || is_ordinal && unit != Unit::Year || !is_marked;
        (is_time && !is_date).then(|| Time::at(count, unit))
    }

    /// "week 24", "after six months", "at 2 years".
    fn english(&mut self) -> Option<Time> {
        if let Some(unit) = Unit::ALL.into_iter().find(|unit| self.take(unit.name())) {
            self.blanks()?;
            let count = self.digits()?;
            return Some(Time::at(count, unit));
        }
        ["at", "after", "by"].into_iter().find(|word| self.take(word))?;
        self.blanks()?;
        let count = self.digits().or_else(|| self.words())?;
        // "At 24 weeks", no "12-week".
        self.blanks()?;
        let unit = Unit::ALL.into_iter().find(|unit| self.take(unit.name()))?;
        self.take("s");
        let ends = !self.chars.get(self.at).is_some_and(char::is_ascii_alphanumeric);
        ends.then(|| Time::at(count, unit))
    }

    fn count(&mut self) -> Option<u16> {
        const KANJI: &str = "一二三四五六七八九十";
        let kanji = self.chars.get(self.at).and_then(|c| KANJI.chars().position(|digit| digit == *c));
        match kanji {
            Some(place) => {
                self.at += 1;
                Some(place as u16 + 1)
            }
            None => self.digits(),
        }
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
    fn blanks(&mut self) -> Option<()> {
        let count = self.chars[self.at.min(self.chars.len())..].iter().take_while(|c| **c == ' ').count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn take(&mut self, word: &str) -> bool {
        let length = word.chars().count();
        let found = self.chars.get(self.at..self.at + length).is_some_and(|here| here.iter().copied().eq(word.chars()));
        self.at += if found { length } else { 0 };
        found
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    /// Whether a name says from when on something changed: "from baseline" before no number, 投与前から, 投与前と比べ.
    fn is_reference(chars: &[char], start: usize, end: usize) -> bool {
        let behind: String = chars[end..].iter().take(6).collect();
        let japanese = ["から", "より", "に比", "と比", "との", "に対"].iter().any(|word| behind.starts_with(word));
        let front: String = chars[start.saturating_sub(9)..start].iter().collect();
        let from = ["from ", "from the ", " to "].iter().any(|word| front.ends_with(word));
        let value = behind.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '(' | '[' | '-'));
        let value = value || behind.trim_start().starts_with("of ");
        japanese || from && !value && chars[start] == 'b'
    }
}
