//! Which results of a text are the same thing at several times and of several groups, and which effects it reports.

use super::cells::{only, range_before};
use super::changes::{Way, changed_behind, is_said_before};
use super::compared::OfGroups;
use super::contrasts::Contrast;
use super::effects::{effect_at, interval_behind, open_interval_behind};
use super::flow::Flow;
use super::groups::{groups, is_control};
use super::lists::{Lists, found_in, names_listed, whole_lists};
use super::named::{Named, Names, Stretches, distinct, unnamed};
use super::names::{
    called, is_called_change_from_baseline, is_called_difference, is_called_mean, is_called_median, is_called_rate,
};
use super::numbers::{Ends, OfNumber};
use super::occasions::{Time, occasions};
use super::scan::{Form, Found};
use super::sentences::{is_closed_off, lists_in_order, said_before, sentence};
use super::shares::closed_behind;
use super::sizes::Size;
use super::table::{heading, row};
use super::tallies::{Tally, add_events};
use crate::numeric::numeral::{Expression, SpreadName, fold};
use crate::reported::{SpreadMeaning, Statistic};
use std::ops::Range;

/// A result with the time and the group that the text names.
pub(super) struct Placed<'a> {
    pub(super) found: &'a Found,
    pub(super) time: Time,
    /// Whether its time is named right beside it.
    is_near: bool,
    pub(super) group: Option<String>,
    /// What the text calls it, or what it goes on from.
    pub(super) called: Option<Statistic>,
    /// Whether it is a change that words call a fall.
    pub(super) falls: bool,
    /// Of how many people it is, where the text says that beside it.
    pub(super) size: Option<Size>,
    /// The time of the second of its pair, which the text names in front of both.
    then: Option<Time>,
}

/// What the numbers of a text belong to.
pub(super) struct Assembled<'a> {
    /// Results, each list those of one outcome.
    pub(super) series: Vec<Vec<Placed<'a>>>,
    pub(super) effects: Vec<OfGroups>,
    /// The groups that a probability compares, by where it begins: which, and with which.
    pub(super) compared: Vec<(usize, [String; 2])>,
    /// Counts that are results, each list those of one outcome.
    pub(super) tallies: Vec<Vec<Tally>>,
    /// The intervals behind numbers that stand in none of these.
    pub(super) intervals: Vec<OfNumber>,
    /// Results that are of no outcome.
    pub(super) loose: Vec<&'a Found>,
    /// Results of which the text does not say of whom they are.
    pub(super) of_unknown: Vec<&'a Found>,
    /// Numbers that stand in none of these.
    pub(super) others: Vec<&'a Found>,
    /// Every name of a group.
    pub(super) groups: Vec<Named<String>>,
}

/// Puts together what was found in a text.
pub(super) fn assemble<'a>(flow: &Flow, found: &'a [Found]) -> Assembled<'a> {
    let (mut assembler, plain) = assembler(flow, found);
    let mut all = Assembled {
        series: Vec::new(),
        effects: Vec::new(),
        compared: Vec::new(),
        tallies: Vec::new(),
        intervals: Vec::new(),
        loose: Vec::new(),
        of_unknown: Vec::new(),
        others: Vec::new(),
        groups: assembler.groups.all().to_vec(),
    };
    // Numbers before this one belong to an effect.
    let mut taken = 0;
    for (position, number) in found.iter().enumerate() {
        if position < taken {
            continue;
        }
        if let Some(of_column) = assembler.effect_of_column(position) {
            taken = position + of_column.effect.numbers;
            all.effects.push(of_column);
            continue;
        }
        if let Some(effect) = effect_at(&plain, found, position, all.effects.last().map(|of| &of.effect)) {
            taken = position + effect.numbers;
            all.others.extend(effect.of_other_test.and_then(|place| found.get(place)));
            let mut of_groups = assembler.of_groups(effect, all.effects.last());
            if let Some(before) = all.effects.last_mut() {
                assembler.each_of_its_group(before, &mut of_groups);
                assembler.time_of_both(before, &of_groups);
            }
            all.effects.push(of_groups);
            continue;
        }
        if position == taken
            && let Some(compared) = assembler.compared_by(number, &all.effects)
        {
            all.compared.push((number.range.start, compared));
        }
        if let Some(tally) = assembler.events_at(position) {
            taken = position + 2;
            add_events(&mut all.tallies, tally, &sentence(flow, number.range.start));
            continue;
        }
        if let Some((tallies, shares, numbers)) = assembler.counts_of_row(position) {
            taken = position + numbers;
            all.tallies.push(tallies);
            all.others.extend(shares);
            continue;
        }
        if let Some((tallies, numbers)) = assembler.people_at(position) {
            taken = position + numbers;
            all.tallies.push(tallies);
            continue;
        }
        if let Some((tallies, numbers)) = assembler.ordered_at(position) {
            taken = position + numbers;
            all.tallies.push(tallies);
            continue;
        }
        match &number.form {
            Form::Result(_) if is_next_interval(flow, number, &all) => all.loose.push(number),
            Form::Result(_) if assembler.is_of_unknown(number) => all.of_unknown.push(number),
            Form::Result(_) if assembler.is_cell(position) => {
                assembler.place(number, &mut all.series);
            }
            Form::Result(_) => all.loose.push(number),
            // "12か月後" names a time, and "50 mg group" a group: neither is a number of its own.
            Form::Number(_) if assembler.is_in_name(number) => {}
            Form::Number(_) => {
                all.others.push(number);
                let interval = interval_behind(&plain, &found[position..]);
                let is_beside = is_right_behind(&plain, &found[position..]);
                if let Some((ends, level, end)) = interval.filter(|_| is_beside) {
                    taken = position + 3;
                    let (number, ends, level) = (number.range.start, Ends::Both(ends), Some(level));
                    all.intervals.push(OfNumber { number, ends, level, end });
                } else if let Some((text, level, end)) =
                    open_interval_behind(&plain, &found[position..]).filter(|_| is_beside)
                {
                    taken = position + 2;
                    let (number, ends, level) = (number.range.start, Ends::Open(text), Some(level));
                    all.intervals.push(OfNumber { number, ends, level, end });
                }
            }
            _ => all.others.push(number),
        }
    }
    all
}

/// What puts the numbers of a text together, and the text without the digits in its names.
fn assembler<'f, 'a>(flow: &'f Flow, found: &'a [Found]) -> (Assembler<'f, 'a>, Flow) {
    let times = occasions(flow);
    let groups = groups(flow, &times, found);
    let mut names: Vec<Range<usize>> = times.iter().map(|named| named.range.clone()).collect();
    names.extend(groups.iter().map(|named| named.range.clone()));
    let lists = Lists::of(flow, found, &times, &groups);
    let (of_times, of_groups) = (names_listed(flow, found, &times), names_listed(flow, found, &groups));
    let control = only(distinct(&groups, 0..flow.chars.len()).into_iter().filter(|name| is_control(name)).cloned());
    names.extend(whole_lists(&times, &of_times));
    let (times, groups) = (Names::new(flow, times, &of_times), Names::new(flow, groups, &of_groups));
    let names = Stretches::new(names);
    let plain = flow.without_digits(names.all());
    (Assembler { flow, times, groups, lists, names, control, found }, plain)
}

/// What the text names right behind a result, and calls it in front.
struct Own {
    time: Option<Time>,
    /// Whether that stands behind it.
    is_time_behind: bool,
    group: Option<String>,
    called: Option<Statistic>,
    /// Which way the words right beside it say that something changed by it.
    way: Option<Way>,
    falls: bool,
    /// Whether it is the first of a pair of values.
    leads: bool,
    /// The time of the second of that pair.
    then: Option<Time>,
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

pub(super) struct Assembler<'f, 'a> {
    pub(super) flow: &'f Flow,
    pub(super) times: Names<Time>,
    pub(super) groups: Names<String>,
    /// Which values of lists are of which.
    pub(super) lists: Lists,
    /// The places of both.
    pub(super) names: Stretches,
    /// The one control that the whole text names.
    pub(super) control: Option<String>,
    pub(super) found: &'a [Found],
}

impl<'a> Assembler<'_, 'a> {
    /// The text of a stretch but for the names in it.
    pub(super) fn unnamed(&self, within: Range<usize>) -> String {
        unnamed(self.flow, within.clone(), self.names.near(&within))
    }

    /// Whether a result is that of an outcome: what has a confidence interval may be anything, unless it is called a mean
    /// or changes.
    fn is_cell(&self, position: usize) -> bool {
        let number = &self.found[position];
        let start = sentence(self.flow, number.range.start).start;
        if is_called_difference(self.flow, number)
            || self.is_in_column_of(number, &["difference", "diff.", "群間差", "平均差", "の差"])
        {
            return false;
        }
        let center = match &number.form {
            Form::Result(Expression::Range { center, name: Some(SpreadName::Ci), .. }) => center,
            // "Survival was 71.0% (61.2–78.8)" is a share with its interval, unless it is called a mean or a median.
            // "Compared with +1.1 points (-0.9 to 3.1)" has any range.
            Form::Result(Expression::Range { center, name: None, .. }) => {
                match range_before(self.flow, number.range.start) {
                    Some(SpreadMeaning::Ci95) => center,
                    Some(_) => return true,
                    None => {
                        let is_called = called(&said_before(self.flow, start, number.range.start)).is_some();
                        return is_called || !center.is_percent() && self.is_behind_range(number, start);
                    }
                }
            }
            _ => return true,
        };
        let said = self.flow.text(start..number.range.start);
        let called =
            is_called_mean(&said).filter(|is_mean| *is_mean || !is_called_median(&said) || center.is_percent());
        let (before, next) = (self.result_before(number.range.start), self.result_behind(number.range.end));
        let is_paired = next.is_some_and(|next| self.is_pair(number, next))
            || before.is_some_and(|before| self.is_pair(before, number));
        let is_other = is_paired || is_called_median(&said) || is_called_rate(&said);
        called.unwrap_or(is_other && !center.is_percent()) || is_called_rate(&said) && !center.is_percent()
    }

    /// Whether the heading of its column begins with, or ends in, one of some words.
    fn is_in_column_of(&self, number: &Found, words: &[&str]) -> bool {
        let heading = heading(self.flow, number.range.start).unwrap_or_default();
        let name = heading.split(['(', '[', ',', ';']).next().unwrap_or_default().trim();
        words.iter().any(|word| name.starts_with(word) || name.ends_with(word))
    }

    /// Whether the result before one in the same sentence has its quartiles or its range: "34.2 (IQR 21.0–55.1) at baseline
    /// and 25.3 (16.0–40.2) at month 6".
    fn is_behind_range(&self, number: &Found, start: usize) -> bool {
        let before = self.result_before(number.range.start).filter(|before| before.range.start >= start);
        before.is_some_and(|before| {
            let Form::Result(Expression::Range { name, .. }) = &before.form else { return false };
            matches!(name, Some(SpreadName::Quartiles | SpreadName::Range))
        })
    }

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
        if !is_alike(first, second) || between.len() > FAR {
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

    /// Puts a result into the series that it goes on, or begins one with it. What the text does not name beside a result stays
    /// open.
    fn place(&mut self, found: &'a Found, all: &mut Vec<Vec<Placed<'a>>>) {
        let named = self.own(found, all);
        self.change_of_both(found, named.way, all.last_mut());
        // Values and changes may stand in turns.
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
            let is_same = named.called == last.called || !is_of_changes || goes_on();
            let is_apart = [last.found, found].into_iter().any(|of| self.is_of_nobody(of));
            Some((of, self.link(last.found, found).filter(|_| is_same && !is_aside && !is_apart)?))
        });
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
                let unnamed = series.iter_mut().rev().skip(1).take_while(|placed| placed.group.is_none());
                unnamed.for_each(|placed| placed.group.clone_from(&named.group));
            }
            return;
        }
        let from = linked.and_then(|(of, _)| all[of].last()).map(|last| last.found.range.end);
        let placed = self.beginning(found, named, from, all.last());
        all.push(vec![placed]);
    }

    /// Whether a value is one of several that are compared, and the text does not say of which groups they are: they are of
    /// different ones.
    fn is_of_nobody(&self, found: &Found) -> bool {
        self.lists.contrast(found.range.start).is_some_and(Contrast::is_of_unknown_groups)
    }

    /// Whether a result is one of several that are of different people, and the text does not say which is of whom: a list
    /// with "respectively" that names nobody, a row of a table without names of its columns.
    fn is_of_unknown(&self, found: &Found) -> bool {
        let start = found.range.start;
        if self.lists.group(start).is_some() || self.lists.time(found).is_some() || self.lists.contrast(start).is_some()
        {
            return false;
        }
        let names_groups = || self.groups.all().iter().any(|named| named.what != self.groups.all()[0].what);
        if self.lists.holds(start) {
            let own = sentence(self.flow, start);
            // Behind the last result that is none of the list.
            let before = found_in(self.found, own.start..start).filter(|of| of.is_result());
            let front =
                before.filter(|of| !self.lists.holds(of.range.start)).last().map_or(own.start, |of| of.range.end);
            let is_named = self.groups.within(front..start).next().is_some();
            return !is_named && lists_in_order(&self.flow.text(own).to_lowercase()) && names_groups();
        }
        let Some(row) = row(self.flow, start) else { return false };
        let others = found_in(self.found, row).any(|other| is_alike(other, found) || is_alike(found, other));
        let is_named =
            self.times.of_column(self.flow, start).is_some() || self.groups.of_column(self.flow, start).is_some();
        others && !is_named && !self.is_in_column_of(found, &["change", "変化量", "変化"])
    }

    /// What the text names right beside a result, and calls it.
    fn own(&mut self, found: &'a Found, all: &[Vec<Placed<'a>>]) -> Own {
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
                said(own.max(start.saturating_sub(CALLED)))
                    .or_else(|| self.change_goes_on(own..start, last?))
                    // What makes a range that of a mean or of a median may stand further in front.
                    .or_else(|| if is_range { said(own).filter(|called| !is_change(Some(*called))) } else { None })
                    .or_else(|| self.called_further_in_front(own, start, is_range))
            })
        });
        // "Fell by 37 % from 8.1 to 5.0": these are values.
        let called = called.filter(|called| second.is_none() || *called != Statistic::Change);
        let called = if way.is_some() { Some(Statistic::Change) } else { called };
        let is_before = way.is_none()
            && if is_change(called) { self.is_value_before(found) } else { is_said_before(self.flow, end) };
        let is_value = is_change(called) && way.is_none() && (is_before || self.is_value_after(found, last));
        let called = called.filter(|_| !is_value);
        let falls = is_change(called) && self.falls(found, way, last);
        let listed = self.lists.time(found).or_else(|| self.times.of_column(self.flow, start));
        // "5.4 vs 3.2 at week 12": both are.
        let of_all = self
            .lists
            .contrast(start)
            .filter(|of| of.has_one_time())
            .map(|of| closed_behind(self.flow, of.end).unwrap_or(of.end));
        let ends = [Some(end), of_all].into_iter().flatten();
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
        Own { time, is_time_behind, group, called, way, falls, leads: second.is_some(), then }
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
    fn beginning(
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
        let own = whole.start;
        // "4.1 and 4.3, respectively": nothing that is named once is that of each.
        let text = unnamed(self.flow, whole.clone(), &[]);
        let is_listed = lists_in_order(&text);
        // "Baseline scores were 9.1 and 9.3, respectively": the one time of a list of groups is that of all.
        let is_only = self.lists.group(found.range.start).is_some() && self.times.distinct(whole).len() == 1;
        let from = from.unwrap_or(own);
        // What is named at the beginning of a sentence is the time of its first number.
        let is_first = self.result_before(start).is_none_or(|before| before.range.start < own);
        let (time, is_near) = match (named.time, self.time_before(from..start, called)) {
            (Some(time), _) => (Some(time), true),
            (None, Some((time, is_near))) => {
                // "At baseline 6.5 with the drug, and at week 12 3.2 and 5.4, respectively".
                let is_alone = !is_listed || !self.lists.holds(start);
                let is_its = if is_near { !text.contains("respectively") } else { is_first && is_alone } || is_only;
                (Some(time).filter(|_| is_its), is_near)
            }
            (None, None) => (None, false),
        };
        let of_values = || before.and_then(|series| self.time_of_change(own, series));
        let time = match time {
            None if is_change(called) => of_values().unwrap_or(Time::After),
            None if self.is_reached(found) => before.and_then(|of| time_of_last_change(own, of)).unwrap_or(Time::Open),
            time => time.unwrap_or(Time::Open),
        };
        let last_group = || {
            let named = self.group_before(from..start)?;
            let between = self.unnamed(named.range.end..start);
            (!is_listed || between.chars().count() <= BESIDE).then(|| named.what.clone())
        };
        let is_open = self.lists.contrast(start).is_some_and(|of| of.is_open);
        let group = named.group.or_else(|| if is_open { None } else { last_group() });
        let size = self.size_beside(found, group.as_ref());
        Placed { found, time, is_near, group, called, falls, size, then }
    }

    /// The group that is named last in a stretch in front of a number, unless it is that of the number before: in "3.4 after the
    /// course in the drug group, and 3.2" a new one begins behind the comma.
    fn group_before(&self, within: Range<usize>) -> Option<&Named<String>> {
        let named = self.groups.last_named(self.flow, within.clone(), |_| true)?;
        let is_of_front = || {
            let joint = self.unnamed(named.range.end..within.end);
            let is_joint = [",", "and", ", and", ";", "; and", "vs", "versus"].contains(&joint.trim());
            let first = self.result_before(named.range.start).filter(|_| is_joint)?;
            let is_of_sentence = sentence(self.flow, named.range.start).contains(&first.range.start);
            let between = self.unnamed(first.range.end..named.range.start);
            (is_of_sentence && !between.contains([',', ';', '、']) && !between.contains(" and ")).then_some(())
        };
        if is_of_front().is_some() { None } else { Some(named) }
    }

    /// The time of a change of which the sentence has told the values: 投与前8.1±0.9、24週後7.0±0.8、変化量は−1.1±0.7.
    fn time_of_change(&self, own: usize, values: &[Placed<'a>]) -> Option<Time> {
        let [before, after] = values else { return None };
        let is_of_sentence =
            before.found.range.start >= own && before.time == Time::Before && !is_change(before.called);
        (is_of_sentence && matches!(after.time, Time::At { .. })).then_some(after.time)
    }

    /// A change in the same sentence that goes on: "was −21.4 ± 1.3 with the drug and −17.0 ± 1.4 with placebo".
    fn change_goes_on(&self, within: Range<usize>, last: &Placed<'a>) -> Option<Statistic> {
        let is_of_sentence = within.contains(&last.found.range.start);
        let between = last.found.range.end..within.end;
        if !is_of_sentence || !is_change(last.called) || between.is_empty() {
            return None;
        }
        let words = self.unnamed(between);
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        let goes_on = words.any(|word| ["and", "versus", "vs", "compared"].contains(&word));
        goes_on.then_some(Statistic::Change)
    }

    /// The time that is named last in a stretch in front of a number, and whether it stands right there. Behind a length of
    /// time that is no name, as in "2 h", it is no longer that of the number.
    pub(super) fn time_before(&self, within: Range<usize>, called: Option<Statistic>) -> Option<(Time, bool)> {
        const NEAR: usize = 8;
        let named = self.times.last_named(self.flow, within.clone(), |time| is_possible(called, *time))?;
        let between = self.unnamed(named.range.end..within.end);
        let is_other = names_length(&between);
        (!is_other).then_some((named.what, within.end - named.range.end <= NEAR))
    }

    /// A result as the next of a series, with what the text names beside it; none where its place in the series is taken, or
    /// nobody knows which it has.
    fn going_on(&self, found: &'a Found, series: &mut [Placed<'a>], link: Link, named: &Own) -> Option<Placed<'a>> {
        let called = named.called.or(series.last()?.called);
        let falls = if named.called.is_some() { named.falls } else { series.last()?.falls };
        let between = series.last()?.found.range.end..found.range.start;
        let time = named.time.or_else(|| self.time_before(between.clone(), called).map(|(time, _)| time));
        let group = named.group.clone().or_else(|| self.group_before(between).map(|of| of.what.clone()));
        let (is_time_named, is_group_named) = (time.is_some(), group.is_some());
        if link == Link::Pair && !is_time_named && !is_change(called) {
            let size = self.size_beside(found, group.as_ref());
            return second_of_pair(found, series, group, called, size);
        }
        let first = series.first()?;
        let is_other = is_group_named && first.group.is_some() && group != first.group;
        let group = group.or_else(|| series.last()?.group.clone());
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

    pub(super) fn is_in_name(&self, number: &Found) -> bool {
        self.names.near(&number.range).iter().any(|name| name.contains(&number.range.start))
    }
}

/// Whether a number with a pair in brackets is listed behind one with its interval: "8.8 months (95% CI 7.7–10.2) with drug A
/// and 10.7 months (9.6–12.4) with placebo".
fn is_next_interval(flow: &Flow, number: &Found, all: &Assembled<'_>) -> bool {
    /// No list has more between two of its values.
    const FAR: usize = 120;
    let is_pair = matches!(number.form, Form::Result(Expression::Range { name: None, .. }));
    let start = number.range.start;
    let has_interval =
        |of: &&&Found| matches!(of.form, Form::Result(Expression::Range { name: Some(SpreadName::Ci), .. }));
    let of_loose = all.loose.last().filter(has_interval).map(|of| of.range.clone());
    let of_number = all.intervals.last().map(|of| of.number..of.end);
    let mut before = [of_loose, of_number].into_iter().flatten();
    is_pair && before.any(|of| of.end + FAR >= start && sentence(flow, of.start).contains(&start))
}

/// Whether no more than a unit stands between the first of these numbers and the bracket or comma in front of the second.
pub(super) fn is_right_behind(flow: &Flow, found: &[Found]) -> bool {
    const WORDS: usize = 2;
    let [number, lower, ..] = found else { return false };
    let between = unnamed(flow, number.range.end..lower.range.start.max(number.range.end), &[]);
    let unit = between.split(['(', '[', ',', '、', ';']).next().unwrap_or_default();
    unit.split_whitespace().count() <= WORDS && !between.contains("), ")
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

/// The time of the change that is told last in a sentence.
fn time_of_last_change(own: usize, series: &[Placed<'_>]) -> Option<Time> {
    series.last().filter(|last| is_change(last.called) && last.found.range.start >= own).map(|last| last.time)
}

/// Gives the time that stands behind the last of several groups to all of them, if each has one value and none a time of its
/// own: "3.2 ± 2.1 in the drug group and 5.4 ± 2.0 in the placebo group at week 12".
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

pub(super) fn is_change(called: Option<Statistic>) -> bool {
    called == Some(Statistic::Change)
}

/// Nothing has changed before.
fn is_possible(called: Option<Statistic>, time: Time) -> bool {
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
    const WORDS: [&str; 18] = [
        "and",
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
    let between = between.replace("vs.", "vs");
    if between.contains(['。', '.', '!', '?']) {
        return false;
    }
    let between = between.trim_start();
    let unit: usize = between.chars().take_while(|c| !is_divider(*c) && !is_kana(*c)).count();
    let rest: String = between.chars().skip(if unit <= UNIT { unit } else { 0 }).collect();
    let mut words = rest.split(|c| is_divider(c) || is_kana(c)).filter(|word| !word.is_empty());
    words.all(|word| WORDS.contains(&word))
}
