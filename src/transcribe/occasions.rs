//! When results were measured: "at week 24", 投与前, 12か月後.

use super::flow::Flow;
use super::named::{Named, named_within};
use super::table::cells_of;
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
    /// When people were seen last, each at another time.
    Last,
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
            Self::Last => "last".to_owned(),
            Self::Open => "open".to_owned(),
            Self::At { count, unit, .. } => format!("{}-{count}", unit.name()),
        }
    }

    /// The occasion of a release.
    pub(super) fn occasion(self, lang: Lang) -> Occasion {
        let label = match self {
            Self::Before => Localized::new("before", "前"),
            Self::After => Localized::new("after", "後"),
            Self::Last => Localized::new("final follow-up", "最終観察時"),
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
        if let Some(both) = reader.before_and_after() {
            found.extend(both);
            continue;
        }
        reader.at = start;
        let time = reader.time();
        let end = reader.at;
        match time {
            // "From baseline" says of what a change is, and not when a value was measured.
            Some(what) if !Reader::is_reference(&folded, start, end) => {
                found.push(Named { what, range: start..end });
                found.extend(std::iter::from_fn(|| reader.next_listed()).flatten());
            }
            Some(_) => {}
            None => reader.at = start + 1,
        }
    }
    let of_tables = in_tables(flow, &folded, &found);
    found.extend(of_tables);
    found.sort_by_key(|named| named.range.start);
    found
}

/// The lengths of time that head the columns of a table, and those that end the names of its rows, where nothing says that
/// they are times: "Baseline | 4 weeks | 8 weeks", "MoCA, 6 months".
fn in_tables(flow: &Flow, folded: &[char], known: &[Named<Time>]) -> Vec<Named<Time>> {
    let mut found = Vec::new();
    let is_known = |cell: &Range<usize>| named_within(known, cell.clone()).next().is_some();
    let length = |cell: Range<usize>| Some(Named { what: length_of(&folded[..cell.end], cell.start)?, range: cell });
    for row in &flow.rows {
        let cells = cells_of(flow, &row.range);
        let Some((first, others)) = cells.split_first() else { continue };
        let times: Vec<Named<Time>> = others.iter().filter_map(|cell| length(cell.clone())).collect();
        let is_header = others.iter().all(|cell| is_known(cell) || length(cell.clone()).is_some());
        if is_header && others.len() > 1 {
            found.extend(times.into_iter().filter(|named| !is_known(&named.range)));
        }
        // "MoCA, 6 months", HbA1c（24週）
        let end = first.end - usize::from(folded[first.end - 1] == ')');
        let name = &folded[first.start..end];
        let divider = name.iter().rposition(|c| matches!(c, ',' | '(' | '、' | ':'));
        let start = divider.map(|at| first.start + at + 1).map(|at| at + usize::from(folded.get(at) == Some(&' ')));
        let of_row = start.filter(|start| *start < end).and_then(|start| length(start..end));
        found.extend(of_row.filter(|named| !is_known(&named.range) && !is_header));
    }
    found
}

/// The time that a whole text from a place on is: "6 months", 24週, "12-week".
fn length_of(chars: &[char], at: usize) -> Option<Time> {
    let mut reader = Reader { chars, at };
    let count = reader.count()?;
    if !reader.take("-") {
        reader.blanks();
    }
    let japanese = Unit::ALL.into_iter().find(|unit| reader.take_any(unit.japanese()));
    let unit = japanese.or_else(|| {
        let unit = Unit::ALL.into_iter().find(|unit| reader.take(unit.name()))?;
        reader.take("s");
        Some(unit)
    })?;
    reader.take_any(&MARKS);
    (reader.at == chars.len()).then(|| Time::at(count, unit))
}

/// Words for the time before a treatment, longer ones before those that they begin with.
const BEFORE: [&str; 36] = [
    "投与開始前",
    "投与開始時",
    "治療開始時",
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
    "開始時",
    "入院時",
    "ベースライン時",
    "ベースライン期間",
    "ベースライン期",
    "ベースライン",
    "baseline period",
    "baseline phase",
    "run-in period",
    "baseline",
    "before treatment",
    "before therapy",
    "before surgery",
    "pretreatment",
    "pre-treatment",
    "preoperatively",
    "pre-operatively",
    "at admission",
    "on admission",
    "at entry",
    "at enrolment",
    "at enrollment",
];

/// Words for the time after a treatment, which may say how long after.
const AFTER: [&str; 36] = [
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
    "退院時",
    "投与期間中",
    "治療期間中",
    "維持期間中",
    "treatment period",
    "treatment phase",
    "maintenance period",
    "maintenance phase",
    "double-blind period",
    "double-blind phase",
    "double-blind treatment period",
    "during treatment",
    "during therapy",
    "at discharge",
    "postoperatively",
    "post-operatively",
    "after treatment",
    "after therapy",
    "after surgery",
    "post-treatment",
    "posttreatment",
    "end of treatment",
];

/// Words for the time when people were seen last.
const LAST: [&str; 16] = [
    "最終観察時",
    "最終評価時",
    "最終来院時",
    "最終測定時",
    "最終追跡時",
    "最終フォローアップ時",
    "final follow-up",
    "last follow-up",
    "final followup",
    "last followup",
    "final visit",
    "last visit",
    "final assessment",
    "last assessment",
    "last observation",
    "end of follow-up",
];

/// What stands in front of a treatment, or the beginning of one, in English.
const TREATED: [&str; 25] = [
    "programme",
    "program",
    "course",
    "vaccination",
    "procedure",
    "infusion",
    "injection",
    "exercise",
    "diet",
    "admission",
    "drug",
    "treatment",
    "therapy",
    "surgery",
    "operation",
    "intervention",
    "training",
    "enrolment",
    "enrollment",
    "randomisation",
    "randomization",
    "entry",
    "baseline",
    "supplementation",
    "transplantation",
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

    /// What is listed behind a time, without its own "at", and moves behind it: "baseline, 3 months and 6 months", "baseline, 6
    /// and 12 months".
    fn next_listed(&mut self) -> Option<Vec<Named<Time>>> {
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
    fn before_and_after(&mut self) -> Option<[Named<Time>; 2]> {
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
        let is_ordinal = self.take("第");
        let count = self.count()?;
        let unit = Unit::ALL.into_iter().find(|unit| self.take_any(unit.japanese()))?;
        let is_mark = self.take_any(&MARKS);
        let is_time = is_mark || is_ordinal && unit != Unit::Year || !is_marked;
        (is_time && !is_date).then(|| Time::at(count, unit))
    }

    /// "week 24", "after six months", "at 2 years", "12 months after surgery".
    fn english(&mut self) -> Option<Time> {
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

    /// Moves behind words that say since when a length of time is counted: "12 months after surgery" is one time.
    fn take_since(&mut self) -> bool {
        let end = self.at;
        let is_there = self.take(" after") && self.take_treatment();
        if !is_there {
            self.at = end;
        }
        is_there
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
