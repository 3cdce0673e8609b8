//! What a text names right beside a result, and calls it.

use super::assemble::Assembler;
use super::changes::{Way, is_said_before, without_mean};
use super::named::{Named, unnamed};
use super::names::{called, is_called_change_from_baseline, is_called_rate, is_heading_of_change};
use super::occasions::Time;
use super::scan::{Form, Found, is_kanji};
use super::sentences::{lists_in_order, said_before, sentence};
use super::series::{Placed, is_change, is_possible};
use super::shares::closed_behind;
use crate::numeric::numeral::Expression;
use crate::reported::Statistic;
use std::ops::Range;

/// What the text names right behind a result, and calls it in front.
pub(super) struct Own {
    pub(super) time: Option<Time>,
    /// Whether that stands behind it.
    pub(super) is_time_behind: bool,
    pub(super) group: Option<String>,
    pub(super) called: Option<Statistic>,
    /// Whether it is a value, whatever the words in front say of a change.
    pub(super) is_value: bool,
    /// Which way the words right beside it say that something changed by it.
    pub(super) way: Option<Way>,
    pub(super) falls: bool,
    /// Whether it is the first of a pair of values.
    pub(super) leads: bool,
    /// The time of the second of that pair.
    pub(super) then: Option<Time>,
}

impl<'a> Assembler<'_, 'a> {
    /// What the text names right beside a result, and calls it.
    pub(super) fn own(&mut self, found: &'a Found, all: &[Vec<Placed<'a>>]) -> Own {
        /// So many characters in front may call it a change.
        const CALLED: usize = 48;
        let Range { start, end } = found.range.clone();
        let own = sentence(self.flow, start).start;
        let second = self.led(found);
        let way = if second.is_none() { self.changed_beside(found) } else { None };
        let last = all.last().and_then(|series| series.last());
        let said = |from: usize| called(&said_before(self.flow, from, start));
        let is_range = matches!(&found.form, Form::Result(Expression::Range { .. }));
        let of_heading = self.is_in_column_of(found, &["change", "変化量", "変化"]).then_some(Statistic::Change);
        let called = of_heading.or_else(|| {
            self.called_as_leader(found, all).unwrap_or_else(|| {
                // The names of groups in between do not count.
                let names = CALLED - self.unnamed(start.saturating_sub(CALLED)..start).chars().count().min(CALLED);
                said(own.max(start.saturating_sub(CALLED + names)))
                    .or_else(|| self.change_goes_on(own..start, last?))
                    // What makes a range that of a mean or of a median may stand further in front.
                    .or_else(|| if is_range { said(own).filter(|called| !is_change(Some(*called))) } else { None })
                    .or_else(|| self.called_further_in_front(own, start, is_range))
            })
        });
        // "Change from baseline, mean (SD): −0.5 (0.9)" says first what it is, and then how it is told.
        let is_in_row = self.flow.in_row[start];
        let front = said_before(self.flow, own, start);
        let is_told_so =
            matches!(called, Some(Statistic::Mean | Statistic::Median)) && is_heading_of_change(&front, is_in_row);
        let called = if is_told_so { Some(Statistic::Change) } else { called };
        // "Fell by 37 % from 8.1 to 5.0": these are values.
        let called = called.filter(|called| second.is_none() || *called != Statistic::Change);
        let called = if way.is_some() { Some(Statistic::Change) } else { called };
        // "Fell by 4.7 ± 3.9 kg from 81.2 ± 10.1 kg".
        let is_of_change = |last: &Placed<'_>| is_change(last.called) && last.found.range.start >= own;
        let is_start = second.is_none() && last.is_some_and(is_of_change) && self.is_behind_from(found);
        let mut is_before =
            || if is_change(called) { self.is_value_before(found) } else { is_said_before(self.flow, end) };
        let is_before = is_start || way.is_none() && is_before();
        let is_value = is_change(called) && way.is_none() && (is_before || self.is_value_after(found, last));
        let is_value = is_value || is_start;
        let called = called.filter(|_| !is_value);
        let falls = is_change(called) && self.falls(found, way, last);
        let listed = self.lists.time(found).or_else(|| self.times.of_column(self.flow, start));
        // "5.4 vs 3.2 at week 12": both are.
        let of_all = self
            .lists
            .contrast(start)
            .filter(|of| of.has_one_time())
            .map(|of| closed_behind(self.flow, of.end).unwrap_or(of.end));
        // "To 14.2, 12.9 and 18.3 at week 8": what all became.
        let last_of_list = || self.found_from(*self.lists.of_value(start)?.last()?).first().map(|last| last.range.end);
        let of_list = if self.of_list_before(found).is_some() { last_of_list() } else { None };
        let ends = [Some(end), of_all, of_list].into_iter().flatten();
        let mut ends = if listed.is_some() { None } else { Some(ends) }.into_iter().flatten();
        let time_behind = ends.find_map(|end| self.times.right_behind(self.flow, end, &self.names));
        let is_time_behind = time_behind.is_some();
        let time = listed.or(time_behind).filter(|time| is_possible(called, *time));
        let of_list = self.lists.group(found.range.start).or_else(|| self.groups.of_column(self.flow, start));
        // "4.4 to 4.5 in the placebo group": both are.
        let paired = second.or_else(|| self.result_behind(end).filter(|next| self.is_pair(found, next)));
        let behind = paired.map_or(end, |second| second.range.end);
        let group = of_list.or_else(|| self.groups.right_behind(self.flow, end, &self.names));
        let group = group.or_else(|| self.groups.right_behind(self.flow, behind, &self.names));
        let of_pair = second.map(|second| self.times_of_pair(own..start, second));
        let is_before = is_before || self.is_left_by_change(found);
        let time = time.or(of_pair.map(|(first, _)| first)).or(Some(Time::Before).filter(|_| is_before));
        let then = of_pair.and_then(|(_, then)| then);
        // "Change 6.3±1.4から6.3±1.4": nothing changes up to before.
        let called = called.filter(|called| !(time == Some(Time::Before) && is_change(Some(*called))));
        let falls = falls && is_change(called);
        Own { time, is_time_behind, group, called, is_value, way, falls, leads: second.is_some(), then }
    }

    /// What the whole sentence in front of its first result calls it: a change from baseline, or a rate.
    fn called_further_in_front(&self, own: usize, start: usize, is_range: bool) -> Option<Statistic> {
        let is_first = self.result_before(start).is_none_or(|before| before.range.start < own);
        let front = said_before(self.flow, own, start);
        if is_first && is_called_change_from_baseline(&front) {
            return Some(Statistic::Change);
        }
        (is_range && is_called_rate(&front)).then_some(Statistic::Rate)
    }

    /// A result that begins a series; behind one that it is linked with, from its end on.
    pub(super) fn beginning(
        &self,
        found: &'a Found,
        named: Own,
        from: Option<usize>,
        before: Option<&Vec<Placed<'a>>>,
    ) -> Placed<'a> {
        /// So few characters, but for names, stand between a name and its own number.
        const BESIDE: usize = 4;
        let Own { called, falls, then, .. } = named;
        let start = found.range.start;
        let whole = sentence(self.flow, start);
        let (own, whole_end) = (whole.start, whole.end);
        // "4.1 and 4.3, respectively": nothing that is named once is that of each.
        let text = unnamed(self.flow, whole, &[]);
        let is_listed = lists_in_order(&text);
        // "Baseline scores were 9.1 and 9.3, respectively": the one time of a list of groups is that of all.
        let is_only = self.lists.group(start).is_some() && self.times.distinct(own..start).len() == 1;
        let from = from.unwrap_or(own);
        // What is named at the beginning of a sentence is the time of its first number.
        let is_first = self.result_before(start).is_none_or(|before| before.range.start < own);
        let (time, is_near) = match (named.time, self.time_before(from..start, called)) {
            (Some(time), _) => (Some(time), true),
            (None, Some((time, is_near))) => {
                // "At baseline 6.5 with the drug, and at week 12 3.2 and 5.4, respectively".
                let is_alone = !is_listed || !self.lists.holds(start);
                // Behind a semicolon stand others: "98.2 (SD …); at week 24 it was 95.1 and 93.0, respectively".
                let clause = self.unnamed(start..whole_end);
                let is_in_order = || clause.split(';').next().is_some_and(|own| own.contains("respectively"));
                let is_its = if is_near { !is_in_order() } else { is_first && is_alone } || is_only;
                (Some(time).filter(|_| is_its), is_near)
            }
            (None, None) => (None, false),
        };
        let of_values = || before.and_then(|series| self.time_of_change(own, series));
        // プラセボ群では-1.4±1.4、-1.3±1.7、-1.5±1.7: of three values of one group no time is that of the first.
        let time = time.filter(|_| named.time.is_some() || !self.lists.is_of_one_group(start));
        let time = match time {
            None if is_change(called) => of_values().unwrap_or(Time::After),
            None if self.is_reached(found) => before.and_then(|of| time_of_last_change(own, of)).unwrap_or(Time::Open),
            time => time.unwrap_or(Time::Open),
        };
        let last_group = || {
            let before = self.result_before(start).map_or(own, |before| before.range.end);
            let is_its = |named: &&Named<String>| named.range.start >= before || !self.is_of_another(found);
            let named = self.group_before(from..start).filter(is_its)?;
            let between = self.unnamed(named.range.end..start);
            // 実薬群でそれぞれ is beside as well.
            let between = between.replace("それぞれ", "");
            let is_alone = !is_listed || !self.lists.holds(start);
            let is_beside = || between.chars().count() <= BESIDE && !between.contains(is_kanji);
            (is_alone || is_beside()).then(|| named.what.clone())
        };
        let is_open = self.lists.contrast(start).is_some_and(|of| of.is_open);
        let group = named.group.or_else(|| if is_open { None } else { last_group() });
        let size = self.size_beside(found, group.as_ref());
        Placed { found, time, is_near, group, called, falls, size, then }
    }

    /// The group that is named last in a stretch in front of a number, unless it is that of the number before: in "3.4
    /// after the course in the drug group, and 3.2" a new one begins behind the comma.
    pub(super) fn group_before(&self, within: Range<usize>) -> Option<&Named<String>> {
        let named = self.groups.last_named(self.flow, within.clone(), |_| true)?;
        let is_of_front = || {
            // "(n = 52) and".
            let joint = self.said_between(named.range.end..within.end);
            // "And from a mean of".
            let joint = without_mean(joint.trim());
            let joint = [" from", " to"].iter().find_map(|end| joint.strip_suffix(end)).unwrap_or(joint);
            let is_joint = [",", "and", ", and", ";", "; and", "vs", "versus"].contains(&joint.trim());
            let first = self.result_before(named.range.start).filter(|_| is_joint)?;
            let is_of_sentence = sentence(self.flow, named.range.start).contains(&first.range.start);
            let between = self.said_between(first.range.end..named.range.start);
            // "3.1 ± 1.9, p = 0.03, in the drug group; 4.8".
            let says_of_whom =
                ["in the", "in", "with", "for the", "for", "on the", "on", "under", "of the", "among the"].iter().any(
                    |word| {
                        between.trim_end().strip_suffix(word).is_some_and(|front| !front.ends_with(char::is_alphabetic))
                    },
                );
            let is_anew = between.contains(" and ") || between.contains(';');
            let is_of_first = !is_anew && (says_of_whom || !between.contains([',', '、']));
            (is_of_sentence && is_of_first).then_some(())
        };
        if is_of_front().is_some() { None } else { Some(named) }
    }

    /// The time of a change of which the sentence has told the values: 投与前8.1±0.9、24週後7.0±0.8、変化量は−1.1±0.7.
    fn time_of_change(&self, own: usize, values: &[Placed<'a>]) -> Option<Time> {
        let [before, after] = values else { return None };
        let is_of_sentence =
            before.found.range.start >= own && before.time == Time::Before && !is_change(before.called);
        (is_of_sentence && after.time.is_told()).then_some(after.time)
    }

    /// A change in the same sentence that goes on: "was −21.4 ± 1.3 with the drug and −17.0 ± 1.4 with placebo".
    fn change_goes_on(&self, within: Range<usize>, last: &Placed<'a>) -> Option<Statistic> {
        let is_of_sentence = within.contains(&last.found.range.start);
        let between = last.found.range.end..within.end;
        if !is_of_sentence || !is_change(last.called) || between.is_empty() {
            return None;
        }
        // "; in the placebo group it was".
        const OTHERS: [&str; 12] =
            ["in", "the", "it", "was", "were", "with", "for", "on", "point", "points", "group", "a"];
        let words = self.unnamed(between.clone());
        let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let goes_on = words.iter().any(|word| ["and", "versus", "vs", "compared"].contains(word));
        let is_of_other =
            self.groups.within(between).next().is_some() && words.iter().all(|word| OTHERS.contains(word));
        (goes_on || is_of_other).then_some(Statistic::Change)
    }

    /// The time that is named last in a stretch in front of a number, and whether it stands right there. Behind a
    /// length of time that is no name, as in "2 h", it is no longer that of the number.
    pub(super) fn time_before(&self, within: Range<usize>, called: Option<Statistic>) -> Option<(Time, bool)> {
        const NEAR: usize = 8;
        let named = self.times.last_named(self.flow, within.clone(), |time| is_possible(called, *time))?;
        let between = self.unnamed(named.range.end..within.end);
        let is_other = names_length(&between) || names_unread_time(&between);
        (!is_other).then_some((named.what, within.end - named.range.end <= NEAR))
    }
}

/// The time of the change that is told last in a sentence.
fn time_of_last_change(own: usize, series: &[Placed<'_>]) -> Option<Time> {
    series.last().filter(|last| is_change(last.called) && last.found.range.start >= own).map(|last| last.time)
}

/// Whether a text speaks of a time that is not known by a name: "at screening", "initially", 来院時は.
fn names_unread_time(text: &str) -> bool {
    const AT: [&str; 17] = [
        "screening",
        "entry",
        "study entry",
        "inclusion",
        "start",
        "outset",
        "onset",
        "beginning",
        "diagnosis",
        "presentation",
        "visit",
        "first",
        "second",
        "end",
        "completion",
        "follow-up",
        "randomi",
    ];
    const WORDS: [&str; 17] = [
        "initially",
        "initial",
        "pre-",
        "predose",
        "before",
        "prior to",
        "after",
        "later",
        "earlier",
        "previously",
        "beforehand",
        "thereafter",
        "afterwards",
        "washout",
        "wash-out",
        "during follow",
        "finally",
    ];
    let says = |word: &&str| {
        let mut places = text.match_indices(*word);
        places.any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphabetic()))
    };
    let at = |word: &&str| ["at ", "at the ", "on ", "by the "].iter().any(|at| says(&format!("{at}{word}").as_str()));
    // 時間, 時点 and 期間 go on.
    let is_topic = |(at, mark): (usize, &str)| {
        let front =
            text[..at].chars().next_back().is_some_and(|c| is_kanji(c) || ('\u{30A1}'..='\u{30FC}').contains(&c));
        let behind = &text[at + mark.len()..];
        front && ["は", "には", "では", "で", "に"].iter().any(|particle| behind.starts_with(particle))
    };
    WORDS.iter().any(says) || AT.iter().any(at) || text.match_indices(['前', '後', '時', '期']).any(is_topic)
}

/// Whether a text holds a length of time: "2 h", １時間.
fn names_length(text: &str) -> bool {
    const UNITS: [&str; 14] =
        ["year", "month", "week", "day", "hour", "minute", "h ", "min", "年", "か月", "ヶ月", "カ月", "週", "時間"];
    let behind = |(at, _): (usize, &str)| {
        let rest =
            text[at..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start_matches([' ', '-']);
        UNITS.iter().any(|unit| rest.starts_with(unit))
    };
    text.match_indices(|c: char| c.is_ascii_digit()).any(behind)
}
