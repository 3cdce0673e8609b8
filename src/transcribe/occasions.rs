//! When results were measured: "at week 24", 投与前, 12か月後.

use super::flow::Flow;
use super::named::{Named, named_within};
use super::table::cells_of;
use super::time_reader::Reader;
use super::time_words::MARKS;
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::fold_all;
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
    /// A day of a cycle of treatment; day 0 where the text names the cycle alone.
    InCycle {
        cycle: u16,
        day: u16,
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
    pub(super) const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Its Japanese names, longer ones before those that they begin with.
    pub(super) fn japanese(self) -> &'static [&'static str] {
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
    pub(super) fn at(count: u16, unit: Unit) -> Self {
        Self::At { days: u32::from(count) * unit.days(), count, unit }
    }

    /// Whether the text says when it is, and not only before or after what.
    pub(super) fn is_told(self) -> bool {
        matches!(self, Self::At { .. } | Self::InCycle { .. })
    }

    /// The name of its occasion in a release.
    pub(super) fn id(self) -> String {
        match self {
            Self::Before => "before".to_owned(),
            Self::After => "after".to_owned(),
            Self::Last => "last".to_owned(),
            Self::Open => "open".to_owned(),
            Self::At { count, unit, .. } => format!("{}-{count}", unit.name()),
            Self::InCycle { cycle, day: 0 } => format!("cycle-{cycle}"),
            Self::InCycle { cycle, day } => format!("cycle-{cycle}-day-{day}"),
        }
    }

    /// The occasion of a release.
    pub(super) fn occasion(self, lang: Lang) -> Occasion {
        let label = match self {
            Self::Before => Localized::new("before", "前"),
            Self::After => Localized::new("after", "後"),
            Self::Last => Localized::new("final follow-up", "最終観察時"),
            Self::Open => Localized::same(format!("{TO_DO}: when")),
            Self::InCycle { cycle, day: 0 } => Localized::new(format!("cycle {cycle}"), format!("第{cycle}サイクル")),
            Self::InCycle { cycle, day } => {
                Localized::new(format!("cycle {cycle}, day {day}"), format!("第{cycle}サイクル{day}日目"))
            }
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

/// The lengths of time that head the columns of a table, and those that end the names of its rows, where nothing says
/// that they are times: "Baseline | 4 weeks | 8 weeks", "MoCA, 6 months".
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
        } else if let Some(both) = pre_and_post(folded, others) {
            found.extend(both.into_iter().filter(|named| !is_known(&named.range)));
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

/// The one cell of a header that says before, and the one that says after: "Measure | Pre | Post | t | p".
fn pre_and_post(folded: &[char], cells: &[Range<usize>]) -> Option<[Named<Time>; 2]> {
    const BEFORE: [&str; 8] = ["pre", "pretest", "pre-test", "before", "前", "事前", "介入前", "開始前"];
    const AFTER: [&str; 8] = ["post", "posttest", "post-test", "after", "後", "事後", "介入後", "終了後"];
    let one = |words: &[&str], what: Time| {
        let is_named = |cell: &&Range<usize>| {
            let text: String = folded[(*cell).clone()].iter().collect();
            // "Pre (n = 30)", "Post, mean (SD)".
            words.contains(&text.split(['(', ',']).next().unwrap_or_default().trim())
        };
        let mut named = cells.iter().filter(is_named);
        let cell = named.next().filter(|_| named.next().is_none())?;
        Some(Named { what, range: cell.clone() })
    };
    Some([one(&BEFORE, Time::Before)?, one(&AFTER, Time::After)?])
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
