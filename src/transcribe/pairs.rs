//! Pairs of results: "from 8.1 ± 1.0 to 5.0 ± 1.2", 5.1±1.7から4.1±1.6に.

use super::assemble::Assembler;
use super::changes::changed_behind;
use super::occasions::Time;
use super::scan::Found;
use super::sentences::sentence;
use super::series::{Placed, is_alike};
use crate::numeric::numeral::fold;
use crate::reported::Statistic;
use std::ops::Range;

/// Two results with so many characters between them belong to one before/after pair, if the words say so.
pub(super) const PAIR: usize = 24;

impl<'a> Assembler<'_, 'a> {
    /// The last result in front of a place.
    pub(super) fn result_before(&self, at: usize) -> Option<&'a Found> {
        let in_front = self.found.partition_point(|of| of.range.end <= at);
        self.found[..in_front].iter().rfind(|of| of.is_result())
    }

    /// The first result behind a place.
    pub(super) fn result_behind(&self, at: usize) -> Option<&'a Found> {
        self.found_from(at).iter().find(|of| of.is_result())
    }

    /// What was found from a place on; everything stands in the order of the text.
    pub(super) fn found_from(&self, at: usize) -> &'a [Found] {
        &self.found[self.found.partition_point(|of| of.range.start < at)..]
    }

    /// Whether two results of a sentence are the same thing before and after: "から", "→" or "to" stands between them.
    pub(super) fn is_pair(&self, first: &Found, second: &Found) -> bool {
        self.is_joined_as_pair(first, second) && !self.is_of_two_lists(first, second)
    }

    fn is_joined_as_pair(&self, first: &Found, second: &Found) -> bool {
        let between = self.between(first, second);
        is_alike(first, second)
            && between.chars().count() <= PAIR
            && !self.is_ranged(first)
            // "6.5±1.8から3.3±1.9低下" says by how much.
            && changed_behind(self.flow, second).is_none()
            && sentence(self.flow, first.range.start).contains(&second.range.start)
            && (begins_with_from(&between)
                || ["→", "⇒", " to "].iter().any(|word| between.contains(word))
                // "…に低下し、疲労は" is of another thing.
                || between.contains('に') && !between.contains(['は', '、', ',']))
            // "…から18.9点に、男性では23.0点から" ends a change, and begins another.
            && !["に、", "に,", "へ、", "へ,"].iter().any(|word| between.contains(word))
    }

    fn between(&self, first: &Found, second: &Found) -> String {
        self.flow.text(first.range.end.min(second.range.start)..second.range.start)
    }

    /// The second of the pair that a result begins, where words say from what to what: its first is then a value, and
    /// what was before, whatever else the sentence names in front.
    pub(super) fn led(&self, first: &Found) -> Option<&'a Found> {
        if let Some(second) = self.of_next_list(first) {
            return Some(second);
        }
        let second = self.result_behind(first.range.end)?;
        // "From" stands right in front, から and → right behind.
        let says_from = |first: &Found, second: &Found| {
            let between = self.between(first, second);
            begins_with_from(&between) || between.contains(['→', '⇒']) || self.is_behind_from(first)
        };
        // The second value of three in a chain is none of before.
        let is_chained = self
            .result_before(first.range.start)
            .is_some_and(|before| self.is_pair(before, first) && says_from(before, first));
        (self.is_pair(first, second) && says_from(first, second) && !is_chained).then_some(second)
    }

    /// Whether から stands between a result and the change from it: 6.5±1.8から3.3±1.9低下.
    pub(super) fn is_left_by_change(&self, first: &Found) -> bool {
        let own = sentence(self.flow, first.range.start);
        let next = self.result_behind(first.range.end).filter(|next| own.contains(&next.range.start));
        next.is_some_and(|next| {
            changed_behind(self.flow, next).is_some() && begins_with_from(&self.between(first, next))
        })
    }

    /// Whether words behind a result say that something became it: 7.0±0.8％となった, 3.2±2.1に達した.
    pub(super) fn is_reached(&self, found: &Found) -> bool {
        const FAR: usize = 12;
        let end = found.range.end;
        let behind = self.flow.text(end..self.flow.chars.len().min(end + FAR));
        let is_kana = |c: char| ('\u{3041}'..='\u{309F}').contains(&c) || "、。（(".contains(c);
        let behind = behind.trim_start_matches(|c| !is_kana(c));
        ["とな", "にな", "に達"].iter().any(|word| behind.starts_with(word))
    }

    /// The first of the pair that a result ends.
    pub(super) fn leader(&self, second: &Found) -> Option<&'a Found> {
        let first = self.of_list_before(second).or_else(|| self.result_before(second.range.start))?;
        self.led(first).is_some_and(|led| led.range == second.range).then_some(first)
    }

    /// What stands in front of a value, in small letters.
    fn front(&self, first: &Found) -> String {
        const FAR: usize = 24;
        let front = self.flow.text(first.range.start.saturating_sub(FAR)..first.range.start);
        fold(&front).to_lowercase().trim_end().to_owned()
    }

    /// Whether one is the last of a list of values and the other the first of a list of as many: in "from 5.1, 6.1 and
    /// 3.0 to 4.1, 3.0 and 0.9" they are of two things. In a chain, 5.1→4.1、6.1→3.0, each is of a pair.
    fn is_of_two_lists(&self, first: &Found, second: &Found) -> bool {
        let starts = |of: &Found| self.lists.of_value(of.range.start);
        let Some((one, other)) = starts(first).zip(starts(second)) else { return false };
        let is_between = one.last() == Some(&first.range.start) && other.first() == Some(&second.range.start);
        let is_chained = || {
            let head = one.first().and_then(|start| self.found_from(*start).first());
            let before = head.and_then(|head| self.result_before(head.range.start));
            before.zip(head).is_some_and(|(before, head)| self.is_pair(before, head))
        };
        is_between && one.len() == other.len() && !is_chained()
    }

    /// The value that one of a list became, where words say from which list to which: the third of three is that of the
    /// third.
    fn of_next_list(&self, first: &Found) -> Option<&'a Found> {
        let one = self.lists.of_value(first.range.start)?;
        let place = one.iter().position(|start| *start == first.range.start)?;
        let last = self.found_from(*one.last()?).first()?;
        let next = self.result_behind(last.range.end)?;
        let is_joined = self.is_joined_as_pair(last, next) && self.is_of_two_lists(last, next);
        let other = self.lists.of_value(next.range.start).filter(|_| is_joined)?;
        self.found_from(*other.get(place)?).first()
    }

    /// The value of a list from which one of the next list came.
    pub(super) fn of_list_before(&self, second: &Found) -> Option<&'a Found> {
        let other = self.lists.of_value(second.range.start)?;
        let place = other.iter().position(|start| *start == second.range.start)?;
        let last = self.result_before(*other.first()?)?;
        let first = self.found_from(*self.lists.of_value(last.range.start)?.get(place)?).first()?;
        self.of_next_list(first).is_some_and(|next| next.range == second.range).then_some(first)
    }

    /// "Ranged from 2.1 to 5.0" is of several, and neither before nor after.
    fn is_ranged(&self, first: &Found) -> bool {
        let front = self.front(first);
        let front = front.strip_suffix("from").unwrap_or_default().trim_end();
        ["ranged", "ranging", "range", "varied", "varying"].iter().any(|word| front.ends_with(word))
    }

    /// "… from 8.1", "[from a mean of 8.1".
    pub(super) fn is_behind_from(&self, first: &Found) -> bool {
        let front = self.front(first);
        let front = front.as_str();
        let ends = ["a mean of", "an average of", "a median of", "a mean", "a median", "mean", "median"];
        let front = ends.iter().find_map(|end| front.strip_suffix(end)).unwrap_or(front).trim_end();
        front == "from" || front.strip_suffix("from").is_some_and(|front| front.ends_with([' ', '(', '[', ',', '。']))
    }

    /// The time of the first of a pair, and the one that is named in front of both, which is that of the second: "at
    /// week 12, from 8.1 to 5.0", 治療後、5.1から4.1に. A time right beside the first is its own where the second has one as
    /// well.
    pub(super) fn times_of_pair(&self, own: Range<usize>, second: &Found) -> (Time, Option<Time>) {
        const BESIDE: usize = 3;
        let start = own.end;
        let Some((time, is_near)) = self.time_before(own.clone(), None) else { return (Time::Before, None) };
        // "From week 12 to week 24, it fell from 4.0 to 3.0".
        let named: Vec<_> = self.times.within(own.clone()).collect();
        if let [.., from, to] = named[..]
            && self.flow.text(from.range.end..to.range.start.max(from.range.end)).trim() == "to"
            && from.what < to.what
        {
            return (from.what, Some(to.what));
        }
        let is_beside = || {
            self.times.within(start.saturating_sub(BESIDE + 1)..start).next().is_some()
                || self
                    .times
                    .last_named(self.flow, own.clone(), |_| true)
                    .is_some_and(|of| start - of.range.end <= BESIDE)
        };
        let is_told = |second: &Found| self.times.within(start..second.range.start).next().is_some();
        if time == Time::Before {
            return (Time::Before, None);
        }
        if is_beside() && is_told(second) {
            return (time, None);
        }
        // What is named at the beginning of a sentence is the time of its first pair.
        let is_first = self.result_before(start).is_none_or(|before| before.range.start < own.start);
        (Time::Before, Some(time).filter(|_| is_near || is_first))
    }

    /// What the first of a pair is called, for its second.
    pub(super) fn called_as_leader(&self, found: &Found, all: &[Vec<Placed<'a>>]) -> Option<Option<Statistic>> {
        let leader = self.leader(found)?;
        /// Values and changes may stand in turns.
        const NEAR: usize = 8;
        let placed = all.iter().rev().take(NEAR).flatten().find(|placed| placed.found.range == leader.range)?;
        Some(placed.called)
    }
}

/// Whether から stands right behind a number and its unit: "（ベースラインからの変化" is another thing.
pub(super) fn begins_with_from(between: &str) -> bool {
    const UNIT: usize = 12;
    let Some((unit, behind)) = between.split_once("から") else { return false };
    let is_unit = unit.chars().count() <= UNIT && !unit.contains(['は', 'が', 'に', 'で', '、', '。', ',', '；', ';']);
    let depth = |open: &[char], close: &[char]| {
        let count = |marks: &[char]| unit.chars().filter(|c| marks.contains(c)).count();
        count(open) <= count(close)
    };
    is_unit && depth(&['(', '（', '['], &[')', '）', ']']) && !behind.starts_with('の')
}
