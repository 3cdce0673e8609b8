//! Which results of a text are the same thing at several times and of several groups.

use super::assemble::Assembler;
use super::changes::changed_behind;
use super::contrasts::Contrast;
use super::flow::Flow;
use super::named::{unnamed, with_short_unit, without_people, without_per};
use super::occasions::Time;
use super::own::Own;
use super::scan::{Form, Found};
use super::sentences::{is_closed_off, sentence};
use super::sizes::Size;
use super::table::row;
use crate::numeric::numeral::fold;
use crate::reported::Statistic;
use std::ops::Range;

/// A result with the time and the group that the text names.
pub(super) struct Placed<'a> {
    pub(super) found: &'a Found,
    pub(super) time: Time,
    /// Whether its time is named right beside it.
    pub(super) is_near: bool,
    pub(super) group: Option<String>,
    /// What the text calls it, or what it goes on from.
    pub(super) called: Option<Statistic>,
    /// Whether it is a change that words call a fall.
    pub(super) falls: bool,
    /// Of how many people it is, where the text says that beside it.
    pub(super) size: Option<Size>,
    /// The time of the second of its pair, which the text names in front of both.
    pub(super) then: Option<Time>,
}

/// What makes two results those of one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// "から", "→" or "to" stands between them.
    Pair,
    /// A time or a group is named between them.
    Named,
    /// They are listed: "41.7 ± 2.8 and 35.3 ± 6.5, respectively".
    Respectively,
}

impl<'a> Assembler<'_, 'a> {
    /// How a result goes on from one before it; none where it is another thing.
    pub(super) fn link(&self, first: &Found, second: &Found) -> Option<Link> {
        // "… to 0.4, and in controls 1.1 to 1.0" begins anew.
        let is_anew = self.groups.within(first.range.end..second.range.start).next().is_some();
        if self.is_pair(first, second) && !is_anew {
            return Some(Link::Pair);
        }
        /// No list has more between two of its values.
        const FAR: usize = 160;
        let between = first.range.end..second.range.start;
        // The last of several of one group is of another time than the first of the next.
        let is_of_many = self.lists.is_of_one_group(first.range.start);
        if !is_alike(first, second) || between.len() > FAR || is_of_many {
            return None;
        }
        // The values of one row of a table.
        if row(self.flow, first.range.start).is_some_and(|row| row.contains(&second.range.start)) {
            return Some(Link::Named);
        }
        let is_within = |range: &&Range<usize>| between.start <= range.start && range.end <= between.end;
        let names = self.names.near(&between);
        let is_named = names.iter().any(|name| is_within(&name));
        let numbers = self.found_from(between.start).iter().map(|found| &found.range);
        let numbers = numbers.take_while(|number| number.start < between.end).filter(is_within);
        let known: Vec<Range<usize>> = names.iter().filter(is_within).chain(numbers).cloned().collect();
        let is_aside =
            |at: &usize| is_closed_off(self.flow, *at, between.end) && !is_closed_off(self.flow, between.start, *at);
        let aside: Vec<Range<usize>> = between.clone().filter(is_aside).map(|at| at..at + 1).collect();
        let words = unnamed(self.flow, between, &[known, aside].concat());
        joins(&words).then_some(if is_named { Link::Named } else { Link::Respectively })
    }

    /// Puts a result into the series that it goes on, or begins one with it. What the text does not name beside a
    /// result stays open.
    pub(super) fn place(&mut self, found: &'a Found, all: &mut Vec<Vec<Placed<'a>>>) {
        let named = self.own(found, all);
        self.change_of_both(found, named.way, all.last_mut());
        // Values and changes may stand in turns.
        let of_list = self.of_list_before(found);
        let of_list = of_list
            .and_then(|first| all.iter().rposition(|of| of.last().is_some_and(|last| last.found.range == first.range)));
        let near = (all.len().saturating_sub(2)..all.len()).rev();
        let linked = near.filter_map(|of| Some((of, all[of].last()?))).find_map(|(of, last)| {
            // What stands in brackets of its own is called what it is there.
            let is_aside =
                named.called.is_none() && is_closed_off(self.flow, last.found.range.start, found.range.start);
            let is_of_changes = is_change(named.called) || is_change(last.called);
            // Columns have headings: what is called nothing there is no change.
            let is_in_row = row(self.flow, found.range.start).is_some();
            // What stands behind "fell 1.2 ± 0.7" is what it became.
            let goes_on = || {
                let is_reached = || changed_behind(self.flow, last.found).is_some();
                named.called.is_none() && !named.leads && !is_in_row && !is_reached()
            };
            // "Improved by 2.1 ± 1.0 from 6.3 ± 1.4": the second is no change.
            let is_same = (named.called == last.called || !is_of_changes || goes_on())
                && !(named.is_value && is_change(last.called));
            let is_apart = [last.found, found].into_iter().any(|of| self.is_of_nobody(of));
            Some((of, self.link(last.found, found).filter(|_| is_same && !is_aside && !is_apart)?))
        });
        // "By 0.7 ± 1.1 from 6.2 ± 1.5 to 5.5 ± 1.7": the last goes on from the first of its pair.
        let of_leader = || {
            let leader = self.leader(found)?;
            all.iter().rposition(|of| of.last().is_some_and(|last| last.found.range == leader.range))
        };
        let linked = of_list.or_else(of_leader).map(|of| (of, Link::Pair)).or(linked);
        if let Some((of, link)) = linked
            && let Some(placed) = self.going_on(found, &mut all[of], link, &named)
        {
            let series = &mut all[of];
            series.push(placed);
            if named.is_time_behind {
                time_of_each(self.flow, series);
            }
            // "6.3 ± 1.4 at baseline and 4.2 ± 1.9 at week 12 in the placebo group": both are.
            if named.group.is_some() {
                self.group_of_all(series, &named.group);
            }
            return;
        }
        let from = linked.and_then(|(of, _)| all[of].last()).map(|last| last.found.range.end);
        let placed = self.beginning(found, named, from, all.last());
        all.push(vec![placed]);
    }

    /// Gives the group of the last of a series to those in front of it that have none, up to one behind which another
    /// group is named, and where it has no value of that time.
    fn group_of_all(&self, series: &mut [Placed<'a>], group: &Option<String>) {
        let mut next = series.last().map_or(0, |last| last.found.range.start);
        for place in (0..series.len().saturating_sub(1)).rev() {
            let Placed { found, time, group: own, .. } = &series[place];
            let is_others = self.groups.within(found.range.end..next).any(|named| Some(&named.what) != group.as_ref());
            let is_taken = *time != Time::Open && series.iter().any(|of| of.group == *group && of.time == *time);
            if own.is_some() || is_others || is_taken {
                break;
            }
            next = found.range.start;
            series[place].group.clone_from(group);
        }
    }

    /// Whether a value is one of several that are compared, and the text does not say of which groups they are: they
    /// are of different ones.
    pub(super) fn is_of_nobody(&self, found: &Found) -> bool {
        self.lists.contrast(found.range.start).is_some_and(Contrast::is_of_unknown_groups)
    }

    /// A result as the next of a series, with what the text names beside it; none where its place in the series is
    /// taken, or nobody knows which it has.
    fn going_on(&self, found: &'a Found, series: &mut [Placed<'a>], link: Link, named: &Own) -> Option<Placed<'a>> {
        let called = named.called.or(series.last()?.called);
        let falls = if named.called.is_some() { named.falls } else { series.last()?.falls };
        let between = series.last()?.found.range.end..found.range.start;
        let time = named.time.or_else(|| self.time_before(between.clone(), called).map(|(time, _)| time));
        let group = named.group.clone().or_else(|| self.group_before(between.clone()).map(|of| of.what.clone()));
        let (is_time_named, is_group_named) = (time.is_some(), group.is_some());
        if link == Link::Pair && !is_time_named && !is_change(called) {
            let size = self.size_beside(found, group.as_ref());
            return second_of_pair(found, series, group, called, size);
        }
        let first = series.first()?;
        let is_other = is_group_named && first.group.is_some() && group != first.group;
        // The first of a list has no group of a value in front of the list.
        let is_of_list =
            |of: &Found| self.lists.of_value(of.range.start).is_some_and(|list| list.contains(&found.range.start));
        // "3.1 in the drug group, and 3.2" is of another, unless its time goes on: "and 3.2 at week 12".
        let is_named_between = self.groups.within(between).next().is_some() && !is_time_named;
        let goes_on = |last: &&Placed<'_>| {
            let is_anew = self.lists.holds(found.range.start) && !is_of_list(last.found);
            !is_anew && !is_named_between && !self.is_of_another(found)
        };
        let group = group.or_else(|| series.last().filter(goes_on)?.group.clone());
        // The times of the first group hold for the others, in their order.
        let of_group = series.iter().filter(|placed| placed.group == group).count();
        let same = series.iter().filter(|placed| placed.group == first.group).nth(of_group).map(|placed| placed.time);
        let same = same.filter(|_| is_other || group != first.group);
        let time = match (time, link) {
            (Some(time), _) => time,
            // "… to 31.7 with the drug and to 34.9 with placebo": it is what came of the other group.
            (None, Link::Named) if is_group_named && self.is_led_to(found) => match series.last()?.time {
                Time::Before => Time::After,
                later => later,
            },
            (None, Link::Named) if is_group_named => same.or(Some(series.last()?.time))?,
            (None, Link::Respectively) => same?,
            _ => return None,
        };
        // Nothing has changed before.
        if !is_possible(called, time) {
            return None;
        }
        let is_free = |group: &Option<String>| series.iter().all(|of| (of.time, &of.group) != (time, group));
        let size = self.size_beside(found, group.as_ref());
        let placed = |group: Option<String>| {
            let size = size.clone();
            Placed { found, time, is_near: true, group, called, falls, size, then: named.then }
        };
        if is_free(&group) {
            return Some(placed(group));
        }
        // Of another group, which is named further behind.
        (is_time_named && !is_group_named && is_free(&None)).then(|| placed(None))
    }

    /// Whether words say that values became this one: "and to 34.9", 5.5±1.4に.
    fn is_led_to(&self, found: &Found) -> bool {
        const UNIT: usize = 4;
        let Range { start, end } = found.range;
        let front = fold(&self.flow.text(start.saturating_sub(4)..start)).to_lowercase();
        let behind = self.flow.text(end..self.flow.chars.len().min(end + UNIT));
        let behind = behind.trim_start_matches(|c: char| !('\u{3041}'..='\u{309F}').contains(&c) && c != '、');
        front.trim_end().ends_with(" to") || behind.starts_with(['に', 'へ'])
    }
}

/// The second of a pair without a time of its own: "from 8.1 to 5.0" is before and after; "at week 12, from 8.1 to 5.0"
/// before and then.
fn second_of_pair<'a>(
    found: &'a Found,
    series: &mut [Placed<'a>],
    group: Option<String>,
    called: Option<Statistic>,
    size: Option<Size>,
) -> Option<Placed<'a>> {
    // What the first group had then holds for the others.
    let of_first = series.first().map(|first| first.group.clone())?;
    let then = series.iter().filter(|placed| placed.group == of_first).nth(1).map(|placed| placed.time);
    let last = series.last_mut()?;
    let then = last.then.or(then.filter(|_| last.group != of_first));
    let after = match last.time {
        Time::Before | Time::Open | Time::After => then.unwrap_or(Time::After),
        // "From week 12 to week 24, it fell from 4.0 to 3.0".
        from if last.then.is_some_and(|then| from < then) => last.then?,
        _ if last.is_near => return None,
        later => later,
    };
    let group = group.or_else(|| last.group.clone());
    let is_first = last.time == Time::Before || last.is_near;
    if !is_first {
        last.time = Time::Before;
    }
    let is_taken = series.iter().rev().skip(1).any(|of| of.group == group && of.time == after);
    (!is_taken).then_some(Placed { found, time: after, is_near: true, group, called, falls: false, size, then: None })
}

/// Gives the time that stands behind the last of several groups to all of them, if each has one value and none a time
/// of its own: "3.2 ± 2.1 in the drug group and 5.4 ± 2.0 in the placebo group at week 12".
fn time_of_each(flow: &Flow, series: &mut [Placed<'_>]) {
    let Some((last, before)) = series.split_last_mut() else { return };
    let own = sentence(flow, last.found.range.start);
    let is_without = |placed: &Placed<'_>| match placed.time {
        Time::Open => true,
        // A change is after something where no time is named.
        Time::After => is_change(placed.called),
        _ => false,
    };
    let count = before.iter().rev().take_while(|placed| own.contains(&placed.found.range.start)).count();
    let of_sentence = before.len() - count;
    let listed = &mut before[of_sentence..];
    let groups: Vec<Option<String>> = listed.iter().map(|placed| placed.group.clone()).collect();
    let is_another = |(at, group): (usize, &Option<String>)| {
        group.is_some() && *group != last.group && !groups[..at].contains(group)
    };
    let is_each = groups.iter().enumerate().all(is_another) && last.group.is_some();
    if is_each && listed.iter().all(is_without) {
        listed.iter_mut().for_each(|placed| placed.time = last.time);
    }
}

pub(super) fn is_change(called: Option<Statistic>) -> bool {
    called == Some(Statistic::Change)
}

/// Nothing has changed before.
pub(super) fn is_possible(called: Option<Statistic>, time: Time) -> bool {
    !(is_change(called) && time == Time::Before)
}

pub(super) fn is_alike(first: &Found, second: &Found) -> bool {
    match (&first.form, &second.form) {
        (Form::Result(a), Form::Result(b)) => {
            first.range.end <= second.range.start && std::mem::discriminant(a) == std::mem::discriminant(b)
        }
        _ => false,
    }
}

/// Whether a text between two numbers, without the names in it, holds a unit at its beginning and else only words that
/// join: particles in hiragana, "and in the".
fn joins(between: &str) -> bool {
    const UNIT: usize = 8;
    const WORDS: [&str; 28] = [
        "対",
        "一方",
        "and",
        "as",
        "while",
        "whereas",
        "whilst",
        "but",
        "against",
        "before",
        "after",
        "than",
        "during",
        "in",
        "the",
        "for",
        "with",
        "at",
        "to",
        "by",
        "on",
        "from",
        "vs",
        "versus",
        "compared",
        "or",
        "変化量",
        "change",
    ];
    let is_divider =
        |c: char| matches!(c, ' ' | ',' | '、' | ';' | '(' | ')' | '[' | ']' | ':' | '→' | '⇒' | '-' | '・');
    let is_kana = |c: char| ('\u{3041}'..='\u{309F}').contains(&c);
    // "Vs." ends no sentence.
    let between = with_short_unit(between).replace("vs.", "vs");
    if between.contains(['。', '.', '!', '?']) {
        return false;
    }
    let between = without_people(&without_per(&between));
    let between = between.trim_start();
    let unit: usize = between.chars().take_while(|c| !is_divider(*c) && !is_kana(*c)).count();
    let rest: String = between.chars().skip(if unit <= UNIT { unit } else { 0 }).collect();
    let mut words = rest.split(|c| is_divider(c) || is_kana(c)).filter(|word| !word.is_empty());
    words.all(|word| WORDS.contains(&word))
}
