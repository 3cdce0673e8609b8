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
const PAIR: usize = 24;

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
        let first = self.result_before(second.range.start)?;
        self.led(first).is_some_and(|led| led.range == second.range).then_some(first)
    }

    /// What stands in front of a value, in small letters.
    fn front(&self, first: &Found) -> String {
        const FAR: usize = 24;
        let front = self.flow.text(first.range.start.saturating_sub(FAR)..first.range.start);
        fold(&front).to_lowercase().trim_end().to_owned()
    }

    /// "Ranged from 2.1 to 5.0" is of several, and neither before nor after.
    fn is_ranged(&self, first: &Found) -> bool {
        let front = self.front(first);
        let front = front.strip_suffix("from").unwrap_or_default().trim_end();
        ["ranged", "ranging", "range", "varied", "varying"].iter().any(|word| front.ends_with(word))
    }

    /// "… from 8.1", "[from a mean of 8.1".
    fn is_behind_from(&self, first: &Found) -> bool {
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
        const NEAR: usize = 4;
        let placed = all.iter().rev().take(NEAR).flatten().find(|placed| placed.found.range == leader.range)?;
        Some(placed.called)
    }
}

/// Whether から stands right behind a number and its unit: "（ベースラインからの変化" is another thing.
fn begins_with_from(between: &str) -> bool {
    const UNIT: usize = 12;
    let Some((unit, behind)) = between.split_once("から") else { return false };
    let is_unit = unit.chars().count() <= UNIT && !unit.contains(['は', 'が', 'に', 'で', '、', '。', ',', '；', ';']);
    let depth = |open: &[char], close: &[char]| {
        let count = |marks: &[char]| unit.chars().filter(|c| marks.contains(c)).count();
        count(open) <= count(close)
    };
    is_unit && depth(&['(', '（', '['], &[')', '）', ']']) && !behind.starts_with('の')
}
