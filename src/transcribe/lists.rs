//! Values that are listed in the order of their names: "at weeks 4, 8 and 12 … 7.1, 6.2 and 5.0", プラセボ群、実薬群でそれぞれ.

use super::flow::Flow;
use super::named::{Named, distinct, is_beside, unnamed};
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::{is_closed_off, lists_in_order, sentence};
use super::series::is_alike;
use std::ops::Range;

/// What stands between the parts of a list.
const JOINTS: [&str; 12] = [",", "and", ", and", "&", "、", "・", "と", "および", "及び", "、および", "ならびに", "/"];

/// The time or the group of each value of a list, by where the value begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    times: Vec<(usize, Time)>,
    groups: Vec<(usize, String)>,
}

impl Lists {
    /// Gives each value of a list its name, where the sentence lists as many names: those in front, or else behind. Where it
    /// lists as many times as groups, nobody knows which are meant.
    pub(super) fn of(flow: &Flow, found: &[Found], times: &[Named<Time>], groups: &[Named<String>]) -> Self {
        let mut lists = Self::default();
        for values in values_listed(flow, found) {
            let of_times = of_list(flow, &values, times);
            let of_groups = of_list(flow, &values, groups);
            match (of_times, of_groups) {
                (Some(of), None) => lists.times.extend(values.iter().map(|of| of.range.start).zip(of)),
                (None, Some(of)) => lists.groups.extend(values.iter().map(|of| of.range.start).zip(of)),
                (None, None) => {
                    let of = groups_before(flow, &values, times, groups).unwrap_or_default();
                    lists.groups.extend(values.iter().map(|of| of.range.start).zip(of));
                }
                _ => {}
            }
        }
        lists
    }

    pub(super) fn time(&self, found: &Found) -> Option<Time> {
        self.times.iter().find(|(start, _)| *start == found.range.start).map(|(_, time)| *time)
    }

    pub(super) fn group(&self, found: &Found) -> Option<String> {
        self.groups.iter().find(|(start, _)| *start == found.range.start).map(|(_, group)| group.clone())
    }
}

/// The places of the names that are listed one behind the other, each list in one sentence; none where the first is that of
/// the number in front of it: "6.1 ± 1.2 at baseline and at week 12 5.0 ± 1.1".
pub(super) fn names_listed<T: PartialEq>(flow: &Flow, found: &[Found], names: &[Named<T>]) -> Vec<Range<usize>> {
    let joined = |pair: &[Named<T>]| {
        let between = unnamed(flow, pair[0].range.end..pair[1].range.start.max(pair[0].range.end), &[]);
        let between = between.trim().trim_end_matches(" the").trim_end_matches(" at").trim();
        JOINTS.contains(&between) && sentence(flow, pair[0].range.start).contains(&pair[1].range.start)
    };
    let values = values_listed(flow, found);
    let mut lists: Vec<Range<usize>> = Vec::new();
    let mut begin = 0;
    for end in 1..=names.len() {
        if end < names.len() && joined(&names[end - 1..=end]) {
            continue;
        }
        if end - begin > 1 && !is_of_one_number(flow, found, &values, &names[begin]) {
            lists.push(begin..end);
        }
        begin = end;
    }
    lists
}

/// Whether a name is that of a number right in front of it, which is the last of no list.
fn is_of_one_number<T>(flow: &Flow, found: &[Found], values: &[Vec<&Found>], name: &Named<T>) -> bool {
    const FAR: usize = 36;
    let Some(place) = found.iter().rposition(|of| of.range.end <= name.range.start && is_result(of)) else {
        return false;
    };
    let number = &found[place];
    if name.range.start - number.range.end > FAR {
        return false;
    }
    let between = unnamed(flow, number.range.end..name.range.start, &[]);
    let is_listed = values.iter().flatten().any(|of| of.range == number.range);
    is_beside(&between, flow.chars[name.range.start]) && !is_listed
}

fn is_result(found: &Found) -> bool {
    matches!(found.form, Form::Result(_))
}

/// The results that are listed one behind the other, two and more.
fn values_listed<'a>(flow: &Flow, found: &'a [Found]) -> Vec<Vec<&'a Found>> {
    let mut lists: Vec<Vec<&Found>> = Vec::new();
    for value in found.iter().filter(|of| is_result(of)) {
        let goes_on = lists.last().and_then(|list| list.last()).is_some_and(|last| is_next(flow, last, value));
        match lists.last_mut().filter(|_| goes_on) {
            Some(list) => list.push(value),
            None => lists.push(vec![value]),
        }
    }
    lists.retain(|list| list.len() > 1);
    lists
}

/// Whether no more than a unit, what stands in brackets, and a joint of a list stand between two values.
fn is_next(flow: &Flow, first: &Found, second: &Found) -> bool {
    /// No longer is a unit.
    const UNIT: usize = 10;
    const FAR: usize = 60;
    let between = first.range.end..second.range.start;
    if !is_alike(first, second) || between.len() > FAR || !sentence(flow, first.range.start).contains(&between.end) {
        return false;
    }
    let is_aside = |at: &usize| is_closed_off(flow, *at, between.end) && !is_closed_off(flow, between.start, *at);
    let aside: Vec<Range<usize>> = between.clone().filter(is_aside).map(|at| at..at + 1).collect();
    let words = unnamed(flow, between, &aside).replace(['(', ')', '[', ']'], "");
    let words = words.trim();
    let is_unit = |unit: &str| unit.chars().count() <= UNIT && !unit.contains([' ', '、', ',', '。']);
    JOINTS.iter().any(|joint| words.strip_suffix(joint).is_some_and(|unit| is_unit(unit.trim_end())))
}

/// The groups of a list of values in a sentence that names none, nor several times: "… to drug A or placebo. Baseline scores
/// were 9.1 (SD 2.6) and 9.3 (SD 2.8), respectively."
fn groups_before(
    flow: &Flow,
    values: &[&Found],
    times: &[Named<Time>],
    groups: &[Named<String>],
) -> Option<Vec<String>> {
    let own = sentence(flow, values.first()?.range.start);
    let says = unnamed(flow, own.clone(), &[]);
    if !lists_in_order(&says) {
        return None;
    }
    let before = sentence(flow, own.start.checked_sub(2)?);
    let is_one_list = distinct(times, own.clone()).len() < 2 && distinct(groups, own).is_empty();
    let all = distinct(groups, before);
    (is_one_list && all.len() == values.len()).then(|| all.into_iter().cloned().collect())
}

/// The names of a list of values, one for each.
fn of_list<T: Clone + PartialEq>(flow: &Flow, values: &[&Found], names: &[Named<T>]) -> Option<Vec<T>> {
    let (first, last) = values.first().zip(values.last())?;
    let own = sentence(flow, first.range.start);
    let of_sentence: Vec<Named<T>> = names.iter().filter(|name| own.contains(&name.range.start)).cloned().collect();
    let lists: Vec<Vec<Named<T>>> =
        names_listed(flow, &[], &of_sentence).into_iter().map(|range| of_sentence[range].to_vec()).collect();
    let is_before = |list: &&Vec<Named<T>>| list.last().is_some_and(|name| name.range.end <= first.range.start);
    let is_behind = |list: &&Vec<Named<T>>| list.first().is_some_and(|name| name.range.start >= last.range.end);
    let list = lists.iter().rfind(is_before).or_else(|| lists.iter().find(is_behind))?;
    // "Between baseline and week 12" is how long, and no list.
    let begin = list.first()?.range.start;
    let front = unnamed(flow, own.start..begin, &[]);
    let is_span = front.trim_end().ends_with("between");
    (list.len() == values.len() && !is_span).then(|| list.iter().map(|name| name.what.clone()).collect())
}
