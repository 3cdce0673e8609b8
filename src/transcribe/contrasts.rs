//! Values that stand against each other: "lower in the drug group than in the placebo group (3.2 ± 2.1 vs 5.4 ± 2.0)".

use super::flow::Flow;
use super::lists::{found_in, values_joined};
use super::named::{Named, distinct, named_within, unnamed};
use super::occasions::Time;
use super::scan::Found;
use super::sentences::sentence;
use std::ops::Range;

/// What stands between values that are compared.
const VERSUS: [&str; 11] = [
    "as compared with",
    "as compared to",
    "vs",
    "vs.",
    "v",
    "v.",
    "versus",
    "against",
    "compared with",
    "compared to",
    "対",
];

/// Words in front of a group, or behind it, with which another is compared.
const IN_FRONT: [&str; 8] = ["than", "compared with", "compared to", "relative to", "against", "versus", "vs", "vs."];
const BEHIND: [&str; 13] = [
    "より",
    "に比",
    "と比",
    "に較",
    "と較",
    "に対し",
    "に対する",
    "を基準",
    "を対照",
    "を参照",
    "as reference",
    "as the reference",
    "as a reference",
];

/// Two values or more of which one is compared with the next.
#[derive(Clone, Debug)]
pub(super) struct Contrast {
    /// Where each begins.
    pub(super) starts: Vec<usize>,
    /// Where the last ends.
    pub(super) end: usize,
    /// The group of each, in order; none where the text leaves it open.
    pub(super) groups: Option<Vec<String>>,
    /// Whether a group that is named in front is that of none of them alone.
    pub(super) is_open: bool,
    /// Whether its sentence compares others as well.
    pub(super) is_one_of_several: bool,
    /// Whether the values stand against each other, and no times do: "3.2 vs 4.8 at week 12".
    is_of_two: bool,
}

impl Contrast {
    /// Whether a time behind the last value is that of all: with "3.2 compared with 4.5 at baseline" it is none of
    /// both.
    pub(super) fn has_one_time(&self) -> bool {
        self.groups.is_some() || self.is_one_of_several
    }

    /// Whether the values are of different groups, and nobody knows of which.
    pub(super) fn is_of_unknown_groups(&self) -> bool {
        self.groups.is_none() && (self.is_one_of_several || self.is_open)
    }

    /// Whether the values are those of two groups of which the text says no more.
    pub(super) fn is_of_two_unknown(&self) -> bool {
        self.groups.is_none() && self.is_of_two
    }
}

/// The values of a text that are compared, with the groups that stand in front of them in the same order.
pub(super) fn contrasts(
    flow: &Flow,
    found: &[Found],
    times: &[Named<Time>],
    groups: &[Named<String>],
) -> Vec<Contrast> {
    let mut all: Vec<(Range<usize>, Contrast)> = Vec::new();
    for values in values_joined(flow, found, &VERSUS) {
        let Some((first, last)) = values.first().zip(values.last()) else { continue };
        let own = sentence(flow, first.range.start);
        let before = found_in(found, own.start..first.range.start).filter(|of| of.is_result()).last();
        let front = before.map_or(own.start, |of| of.range.end.max(own.start))..first.range.start;
        let named: Vec<&Named<String>> = named_within(groups, front.clone()).collect();
        let here = distinct(groups, front.clone());
        let is_compared = named.iter().any(|of| is_other(flow, &of.range, &front));
        // "Compared with placebo, pain was lower with drug A (3.2 vs 5.4)": nobody knows which comes first.
        let is_turned = named.first().is_some_and(|of| is_other(flow, &of.range, &front));
        let is_of_times = distinct(times, front.clone()).len() > 1;
        let next = found_in(found, last.range.end..own.end).find(|of| of.is_result());
        let behind = distinct(times, last.range.end..next.map_or(own.end, |of| of.range.start)).len();
        let is_one_of_several = all.last().is_some_and(|(of, _)| *of == own);
        // What is named in front may be the time of the values before.
        let in_front = distinct(times, front).len();
        let has_times = behind > 1 || is_of_times || !is_one_of_several && in_front + behind > 1;
        let between = unnamed(flow, first.range.end..values[1].range.start, &[]);
        // "1.5 as against 1.8 with placebo": each may be of its own.
        let is_named_behind = distinct(groups, last.range.end..next.map_or(own.end, |of| of.range.start)).len() == 1;
        let is_of_two = !has_times && !is_named_behind && !between.contains("compared");
        let known = if here.is_empty() {
            // "… (3.2 vs 5.4) and at week 24 (2.2 vs 5.1)" goes on.
            let last = all.last().filter(|(of, _)| *of == own);
            last.and_then(|(_, of)| of.groups.clone()).filter(|of| of.len() == values.len())
        } else {
            let is_each = here.len() == values.len() && !is_turned && !is_of_times;
            is_each.then(|| here.into_iter().cloned().collect())
        };
        let known = known.or_else(|| groups_behind(flow, found, &values, groups));
        let is_open = known.is_none() && is_compared;
        let starts = values.iter().map(|of| of.range.start).collect();
        for (_, other) in all.iter_mut().rev().take_while(|(of, _)| *of == own) {
            other.is_one_of_several = true;
            // What is named once at the end of several is of all.
            let is_meant = other.groups.is_none() && !other.is_open && other.starts.len() == values.len();
            other.groups = other.groups.take().or_else(|| known.clone().filter(|_| is_meant));
        }
        all.push((own, Contrast { starts, end: last.range.end, groups: known, is_open, is_one_of_several, is_of_two }));
    }
    all.into_iter().map(|(_, contrast)| contrast).collect()
}

/// The groups that are named behind the last of some values in their order: "3.2 vs 5.4 in the drug group vs the
/// placebo group".
fn groups_behind(flow: &Flow, found: &[Found], values: &[&Found], groups: &[Named<String>]) -> Option<Vec<String>> {
    let end = values.last()?.range.end;
    let own = sentence(flow, end.checked_sub(1)?);
    let next = found_in(found, end..own.end).find(|of| of.is_result()).map_or(own.end, |of| of.range.start);
    let within = end..next.min(own.end);
    let named: Vec<&Named<String>> = named_within(groups, within.clone()).collect();
    let is_joined = |pair: &[&Named<String>]| {
        let between = unnamed(flow, pair[0].range.end..pair[1].range.start.max(pair[0].range.end), &[]);
        let between = without_last(without_last(between.trim(), &["the"]), &["in", "with"]);
        VERSUS.contains(&between) || ["and", "と", "、"].contains(&between)
    };
    let here = distinct(groups, within);
    let is_each = here.len() == values.len() && named.len() == here.len() && named.windows(2).all(is_joined);
    is_each.then(|| here.into_iter().cloned().collect())
}

/// Whether words beside a group say that another one is compared with it.
pub(super) fn is_other(flow: &Flow, name: &Range<usize>, within: &Range<usize>) -> bool {
    const FAR: usize = 24;
    let front = unnamed(flow, within.start.max(name.start.saturating_sub(FAR))..name.start, &[]);
    // "Than in the", "compared with".
    let front = without_last(front.trim_end(), &["the"]);
    let says =
        |front: &str| IN_FRONT.iter().any(|word| front.strip_suffix(word).is_some_and(|rest| !ends_in_letter(rest)));
    let is_in_front = says(front) || says(without_last(front, &["in", "with", "for", "on"]));
    let behind = unnamed(flow, name.end..within.end.min(name.end + FAR), &[]);
    let behind = behind.trim_start();
    // プラセボ群（n=24）より
    let behind = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(behind, |(_, rest)| rest);
    is_in_front || BEHIND.iter().any(|word| behind.trim_start_matches('の').starts_with(word))
}

/// A text without the last word, if it is one of some.
fn without_last<'a>(text: &'a str, words: &[&str]) -> &'a str {
    let short = words.iter().find_map(|word| text.strip_suffix(word)).filter(|rest| !ends_in_letter(rest));
    short.unwrap_or(text).trim_end()
}

fn ends_in_letter(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphabetic())
}
