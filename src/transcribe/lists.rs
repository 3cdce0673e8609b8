//! Values that are listed in the order of their names: "at weeks 4, 8 and 12 … 7.1, 6.2 and 5.0", プラセボ群、実薬群でそれぞれ.

use super::contrasts::{Contrast, contrasts, is_other};
use super::flow::Flow;
use super::named::{Named, distinct, is_beside, named_within, unnamed, with_short_unit};
use super::occasions::Time;
use super::scan::Found;
use super::sentences::{is_closed_off, lists_in_order, sentence};
use super::series::is_alike;
use crate::numeric::numeral::fold_char;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What stands between the parts of a list.
const JOINTS: [&str; 14] =
    [",", "and", ", and", "or", ", or", "&", "、", "・", "と", "および", "及び", "、および", "ならびに", "/"];

/// The time or the group of each value of a list, by where the value begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    times: BTreeMap<usize, Time>,
    groups: BTreeMap<usize, String>,
    contrasts: Vec<Contrast>,
    /// Which of these has the value that begins at a place.
    contrasted: BTreeMap<usize, usize>,
    /// Where the values of the list begin of which the one is that begins at a place.
    listed: BTreeMap<usize, Vec<usize>>,
}

impl Lists {
    /// Gives each value of a list its name, where the sentence lists as many names: those in front, or else behind.
    /// Where it lists as many times as groups, nobody knows which are meant.
    pub(super) fn of(flow: &Flow, found: &[Found], times: &[Named<Time>], groups: &[Named<String>]) -> Self {
        let mut lists = Self::default();
        for values in values_listed(flow, found) {
            let all: Vec<usize> = values.iter().map(|of| of.range.start).collect();
            lists.listed.extend(all.iter().map(|start| (*start, all.clone())));
            let of_times = of_list(flow, &values, times);
            let of_groups = of_list(flow, &values, groups);
            match (of_times, of_groups) {
                (Some(of), None) => lists.times.extend(values.iter().map(|of| of.range.start).zip(of)),
                (None, Some(of)) => lists.groups.extend(values.iter().map(|of| of.range.start).zip(of)),
                (None, None) => {
                    let again = groups_again(flow, found, &values, times, groups);
                    let before = || groups_before(flow, &values, times, groups);
                    let of_one = || of_one_group(flow, found, &values, groups);
                    let (of, time) = again.unwrap_or_else(|| (before().or_else(of_one).unwrap_or_default(), None));
                    let starts = || values.iter().map(|of| of.range.start);
                    lists.groups.extend(starts().zip(of));
                    lists.times.extend(starts().zip(std::iter::repeat(time)).filter_map(|(at, of)| Some((at, of?))));
                }
                _ => {}
            }
        }
        lists.contrasts = contrasts(flow, found, times, groups);
        for (place, of) in lists.contrasts.iter().enumerate() {
            for (start, group) in of.starts.iter().zip(of.groups.iter().flatten()) {
                lists.groups.entry(*start).or_insert_with(|| group.clone());
            }
            for start in &of.starts {
                lists.contrasted.entry(*start).or_insert(place);
            }
        }
        lists
    }

    pub(super) fn time(&self, found: &Found) -> Option<Time> {
        self.times.get(&found.range.start).copied()
    }

    /// The group of the value that begins at a place.
    pub(super) fn group(&self, start: usize) -> Option<String> {
        self.groups.get(&start).cloned()
    }

    /// Whether the value that begins at a place stands in a list.
    pub(super) fn holds(&self, start: usize) -> bool {
        self.listed.contains_key(&start)
    }

    /// Whether a value is one of three and more that are all of one group, at times that the text does not tell:
    /// プラセボ群では-1.4±1.4、-1.3±1.7、-1.5±1.7.
    pub(super) fn is_of_one_group(&self, start: usize) -> bool {
        let group = self.groups.get(&start);
        let is_same = |at: &usize| self.groups.get(at) == group && !self.times.contains_key(at);
        group.is_some() && self.of_value(start).is_some_and(|list| list.len() > 2 && list.iter().all(is_same))
    }

    /// Where the values of its list begin, of the value that begins at a place.
    pub(super) fn of_value(&self, start: usize) -> Option<&[usize]> {
        self.listed.get(&start).map(Vec::as_slice)
    }

    /// The values that are compared, of which one begins at a place.
    pub(super) fn contrast(&self, start: usize) -> Option<&Contrast> {
        self.contrasts.get(*self.contrasted.get(&start)?)
    }
}

/// The places of the names that are listed one behind the other, each list in one sentence; none where the first is
/// that of the number in front of it: "6.1 ± 1.2 at baseline and at week 12 5.0 ± 1.1".
pub(super) fn names_listed<T: PartialEq>(flow: &Flow, found: &[Found], names: &[Named<T>]) -> Vec<Range<usize>> {
    let joined = |pair: &[Named<T>]| {
        let between = pair[0].range.end..pair[1].range.start.max(pair[0].range.end);
        let between = unnamed(flow, between.clone(), &sizes_within(flow, between));
        let between = between.trim().trim_end_matches(" the");
        // "In the drug group and in the placebo group"; behind a comma "with" may begin anything.
        let in_front = ["and", "or"].into_iter().find(|joint| {
            let words = between.trim_start().strip_prefix(joint);
            words.is_some_and(|words| [" in", " for", " with"].contains(&words))
        });
        let between = in_front.unwrap_or(between).trim_end_matches(" at").trim();
        // 投与前後 are two times, and nothing stands between.
        let is_joined = between.is_empty() || JOINTS.contains(&between);
        is_joined && sentence(flow, pair[0].range.start).contains(&pair[1].range.start)
    };
    let values: BTreeSet<usize> = values_listed(flow, found).iter().flatten().map(|of| of.range.start).collect();
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

/// The characters of lists of names, with all that joins them but the sizes behind them.
pub(super) fn whole_lists<T>(flow: &Flow, names: &[Named<T>], lists: &[Range<usize>]) -> Vec<Range<usize>> {
    let parts = |list: &Range<usize>| {
        let whole = names[list.start].range.start..names[list.end - 1].range.end;
        let sizes = sizes_within(flow, whole.clone());
        let starts = std::iter::once(whole.start).chain(sizes.iter().map(|size| size.end));
        let ends = sizes.iter().map(|size| size.start).chain(std::iter::once(whole.end));
        starts.zip(ends).map(|(start, end)| start..end).collect::<Vec<_>>()
    };
    lists.iter().flat_map(parts).collect()
}

/// The brackets in a stretch that hold no more than a number of people: "(n = 12)", （20例）.
fn sizes_within(flow: &Flow, within: Range<usize>) -> Vec<Range<usize>> {
    /// No size is longer.
    const LONGEST: usize = 16;
    const PEOPLE: [&str; 4] = ["例", "名", "人", "patients"];
    let size_at = |start: usize| {
        let end = within.end.min(start + LONGEST);
        let close = (start..end).find(|at| matches!(fold_char(flow.chars[*at]), ')' | ']'))?;
        let inside: String = unnamed(flow, start + 1..close, &[]).chars().filter(|c| !c.is_whitespace()).collect();
        let named = inside.strip_prefix("n=");
        let count = named.unwrap_or(&inside);
        let people = count.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
        let is_size = people.len() < count.len() && (PEOPLE.contains(&people) || named.is_some() && people.is_empty());
        is_size.then_some(start..close + 1)
    };
    within.clone().filter(|at| matches!(fold_char(flow.chars[*at]), '(' | '[')).filter_map(size_at).collect()
}

/// Whether a name is that of a number right in front of it, which is the last of no list.
fn is_of_one_number<T>(flow: &Flow, found: &[Found], values: &BTreeSet<usize>, name: &Named<T>) -> bool {
    const FAR: usize = 36;
    let in_front = &found[..found.partition_point(|of| of.range.end <= name.range.start)];
    let Some(number) = in_front.iter().rfind(|of| of.is_result()) else { return false };
    if name.range.start - number.range.end > FAR {
        return false;
    }
    let between = unnamed(flow, number.range.end..name.range.start, &[]);
    let is_listed = values.contains(&number.range.start);
    is_beside(&between, flow.chars[name.range.start]) && !is_listed
}

/// The results that are listed one behind the other, two and more.
fn values_listed<'a>(flow: &Flow, found: &'a [Found]) -> Vec<Vec<&'a Found>> {
    values_joined(flow, found, &JOINTS)
}

/// The results with one of some words between each and the next, two and more.
pub(super) fn values_joined<'a>(flow: &Flow, found: &'a [Found], joints: &[&str]) -> Vec<Vec<&'a Found>> {
    let mut lists: Vec<Vec<&Found>> = Vec::new();
    for value in found.iter().filter(|of| of.is_result()) {
        let goes_on = lists.last().and_then(|list| list.last()).is_some_and(|last| is_next(flow, last, value, joints));
        match lists.last_mut().filter(|_| goes_on) {
            Some(list) => list.push(value),
            None => lists.push(vec![value]),
        }
    }
    lists.retain(|list| list.len() > 1);
    lists
}

/// Whether no more than a unit, what stands in brackets, and a joint of a list stand between two values.
fn is_next(flow: &Flow, first: &Found, second: &Found, joints: &[&str]) -> bool {
    /// No longer is a unit.
    const UNIT: usize = 10;
    const FAR: usize = 60;
    let between = first.range.end..second.range.start;
    if !is_alike(first, second) || between.len() > FAR || !sentence(flow, first.range.start).contains(&between.end) {
        return false;
    }
    let is_aside = |at: &usize| is_closed_off(flow, *at, between.end) && !is_closed_off(flow, between.start, *at);
    let aside: Vec<Range<usize>> = between.clone().filter(is_aside).map(|at| at..at + 1).collect();
    let words = with_short_unit(&unnamed(flow, between, &aside).replace(['(', ')', '[', ']'], ""));
    let words = words.trim();
    let is_unit = |unit: &str| unit.chars().count() <= UNIT && !unit.contains([' ', '、', ',', '。']);
    // No joint ends a word.
    let is_cut = |unit: &str, joint: &str| joint.is_ascii() && unit.ends_with(|c: char| c.is_ascii_alphabetic());
    let divides = |joint: &str| words.strip_suffix(joint).filter(|unit| !is_cut(unit, joint));
    joints.iter().any(|joint| divides(joint).is_some_and(|unit| is_unit(unit.trim_end())))
}

/// The groups of a list of values that goes on from others of its sentence, each of one group, and its own time:
/// 投与前の値は実薬群 6.5、プラセボ群6.3、12週後にはそれぞれ3.2、5.4.
fn groups_again(
    flow: &Flow,
    found: &[Found],
    values: &[&Found],
    times: &[Named<Time>],
    groups: &[Named<String>],
) -> Option<(Vec<String>, Option<Time>)> {
    let (first, last) = values.first().zip(values.last())?;
    let own = sentence(flow, first.range.start);
    let mut results = found_in(found, own.clone()).filter(|of| of.is_result());
    let before: Vec<&Found> = results.by_ref().take_while(|of| of.range.start < first.range.start).collect();
    let next = results.find(|of| of.range.start >= last.range.end).map_or(own.end, |of| of.range.start);
    // What is named right behind the value in front is its own.
    let of_times = named_within(times, own.clone()).map(|of| of.range.clone());
    let names: Vec<Range<usize>> =
        of_times.chain(named_within(groups, own.clone()).map(|of| of.range.clone())).collect();
    let front = before.last()?.range.end;
    let is_its = |name: &&Range<usize>| {
        let between = || unnamed(flow, front..name.start, &names);
        front <= name.start && name.end <= first.range.start && is_beside(&between(), flow.chars[name.start])
    };
    let front = names.iter().filter(is_its).map(|name| name.end).max().unwrap_or(front)..first.range.start;
    let behind = last.range.end..next;
    let is_in_order = [&front, &behind].iter().any(|part| lists_in_order(&unnamed(flow, (*part).clone(), &[])));
    let of_groups = distinct(groups, own.start..first.range.start);
    let is_each = of_groups.len() == values.len() && before.len().is_multiple_of(values.len());
    if !is_in_order || !is_each || !distinct(groups, front.clone()).is_empty() {
        return None;
    }
    let named = [front, behind].into_iter().map(|part| distinct(times, part)).find(|named| !named.is_empty());
    let time = match named.as_deref() {
        None => None,
        Some([time]) => Some(**time),
        Some(_) => return None,
    };
    Some((of_groups.into_iter().cloned().collect(), time))
}

/// The one group that is named right in front of a list of values, of each of which it is then: "in the placebo group
/// they were 54.9 ± 19.8 and 56.2 ± 21.4".
fn of_one_group(flow: &Flow, found: &[Found], values: &[&Found], groups: &[Named<String>]) -> Option<Vec<String>> {
    let (first, last) = values.first().zip(values.last())?;
    let own = sentence(flow, first.range.start);
    let before = found_in(found, own.start..first.range.start).filter(|of| of.is_result()).last();
    let begin = before.map_or(own.start, |of| of.range.end);
    // What stands in front of a semicolon is said of others.
    let clause = (begin..first.range.start).rev().find(|at| matches!(flow.chars[*at], ';' | '；'));
    let front = clause.map_or(begin, |at| at + 1)..first.range.start;
    let next = found_in(found, last.range.end..own.end).find(|of| of.is_result()).map_or(own.end, |of| of.range.start);
    // 2.5±1.7、実薬群では: in Japanese a name stands in front of its value.
    let is_behind = |of: &Named<String>| of.range.start < last.range.end || flow.chars[of.range.start].is_ascii();
    let is_free = !named_within(groups, first.range.end..next).any(is_behind);
    let is_plain = !lists_in_order(&unnamed(flow, own, &[])) && is_free;
    let [group] = distinct(groups, front.clone())[..] else { return None };
    let named = named_within(groups, front.clone()).last()?;
    let is_its = !is_other(flow, &named.range, &front) && !is_closed_off(flow, named.range.end, front.end);
    // "In the placebo group, 54.9" and "in the placebo group they were": no other thing stands between.
    let between = unnamed(flow, named.range.end..front.end, &[]);
    let is_beside = !between.contains([',', ';', '、']) || between.trim() == ",";
    (is_plain && is_its && is_beside).then(|| vec![group.clone(); values.len()])
}

/// What was found in a stretch; everything stands in the order of the text.
pub(super) fn found_in(found: &[Found], within: Range<usize>) -> impl Iterator<Item = &Found> {
    let first = found.partition_point(|of| of.range.start < within.start);
    found[first..].iter().take_while(move |of| of.range.start < within.end)
}

/// The groups of a list of values in a sentence that names none, nor several times: "… to drug A or placebo. Baseline
/// scores were 9.1 (SD 2.6) and 9.3 (SD 2.8), respectively."
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
    let is_one_list = distinct(times, own.clone()).len() < 2 && distinct(groups, own.clone()).is_empty();
    if !is_one_list {
        return None;
    }
    let before = sentence(flow, own.start.checked_sub(2)?);
    let all = distinct(groups, before);
    if all.len() == values.len() {
        return Some(all.into_iter().cloned().collect());
    }
    // Further in front, where these are named in the last sentence that names several, and no other since then.
    /// So many sentences in front.
    const FAR: usize = 8;
    let mut place = own.clone();
    for _ in 0..FAR {
        place = sentence(flow, place.start.checked_sub(2)?);
        let all = distinct(groups, place.clone());
        if all.len() > 1 {
            let since = distinct(groups, place.start..own.start);
            let is_each = values.len() > 2 && all.len() == values.len() && since.len() == all.len();
            return is_each.then(|| all.into_iter().cloned().collect());
        }
    }
    None
}

/// The names of a list of values, one for each.
fn of_list<T: Clone + PartialEq>(flow: &Flow, values: &[&Found], names: &[Named<T>]) -> Option<Vec<T>> {
    let (first, last) = values.first().zip(values.last())?;
    let own = sentence(flow, first.range.start);
    let begin = names.partition_point(|name| name.range.start < own.start);
    let of_sentence = names[begin..].iter().take_while(|name| own.contains(&name.range.start));
    let of_sentence: Vec<Named<T>> = of_sentence.cloned().collect();
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
