//! Of whom a result is where others are spoken of: nobody's rather than another's.

use super::assemble::{Assembled, Assembler};
use super::occasions::Time;
use super::pairs::begins_with_from;
use super::scan::Found;
use super::sentences::{said_before, sentence};
use super::series::Placed;
use super::table::row;
use crate::numeric::numeral::fold;
use std::ops::Range;

/// Words for people, and those that turn from one group to another.
const PEOPLE: [&str; 33] = [
    "placebo",
    "sham",
    "control",
    "controls",
    "comparator",
    "group",
    "groups",
    "arm",
    "arms",
    "cohort",
    "other",
    "others",
    "another",
    "those",
    "patient",
    "patients",
    "participants",
    "subjects",
    "volunteers",
    "counterparts",
    "people",
    "adults",
    "children",
    "boys",
    "girls",
    "men",
    "women",
    "males",
    "females",
    "untreated",
    "whereas",
    "whilst",
    "while",
];

/// The same in Japanese.
const JAPANESE: [&str; 16] = [
    "群",
    "プラセボ",
    "偽薬",
    "対照",
    "一方",
    "に対し",
    "他の",
    "患者",
    "者",
    "男性",
    "女性",
    "症例",
    "投与例",
    "の人",
    "成人",
    "小児",
];

/// Words for people of another group than the one in front, whatever that is.
const OTHERS: [&str; 15] = [
    "usual care",
    "standard care",
    "standard treatment",
    "waitlist",
    "placebo",
    "sham",
    "controls",
    "comparator",
    "untreated",
    "whereas",
    "responders",
    "nonresponders",
    "対照",
    "偽薬",
    "健常者",
];

/// Whether words between two numbers, but for the names that are known, speak of another group than the one in front, or
/// in a text of several groups compare the two.
fn names_others(words: &str, is_of_several: bool) -> bool {
    let mut latin = words.split(|c: char| !c.is_ascii_alphabetic());
    latin.any(|word| OTHERS.contains(&word) || is_of_several && matches!(word, "vs" | "versus"))
        || OTHERS.iter().any(|word| (!word.is_ascii() || word.contains(' ')) && words.contains(word))
}

/// Whether words between two numbers, but for the names that are known, speak of somebody.
fn names_somebody(words: &str) -> bool {
    let mut latin = words.split(|c: char| !c.is_ascii_alphabetic());
    let is_latin = latin.any(|word| PEOPLE.contains(&word));
    is_latin || JAPANESE.iter().any(|word| words.contains(word)) || names_others(words, false)
}

impl<'a> Assembler<'_, 'a> {
    /// Whether words between a result and the one in front of it speak of somebody who is known by no name: what is
    /// named further in front is then the group of the other alone. "The drug group scored 1.5 ± 0.2, placebo 1.8".
    pub(super) fn is_of_another(&self, found: &Found) -> bool {
        let start = found.range.start;
        let own = sentence(self.flow, start).start;
        let before = self.result_before(start).filter(|before| before.range.start >= own);
        before.is_some_and(|before| names_somebody(&self.said_between(before.range.end..start)))
    }

    /// What is said between two places outside of brackets, in small letters, but for the names in it; of a bracket that
    /// is open in front the rest is none of that.
    pub(super) fn said_between(&self, within: Range<usize>) -> String {
        let mut said = String::new();
        let mut depth = 0;
        for c in self.unnamed(within).chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' if depth == 0 => said.clear(),
                ')' | ']' => depth -= 1,
                c if depth == 0 => said.push(c),
                _ => {}
            }
        }
        said
    }

    /// Takes results out of their series that are of nobody although their sentence names groups: they are of one of
    /// these, and the text does not say of which.
    pub(super) fn leave_unknown(&self, all: &mut Assembled<'a>) {
        let has_unread_groups = self.has_unread_groups();
        for series in &mut all.series {
            // Both of a pair are of the same people.
            let is_pair_of_unknown = |placed: &Placed<'_>| {
                let Range { start, end } = placed.found.range;
                let first = self.result_before(start).filter(|first| self.is_pair(first, placed.found));
                let second = self.result_behind(end).filter(|second| self.is_pair(placed.found, second));
                let is_named = |second: &Found| self.groups.within(end..second.range.start.max(end)).next().is_some();
                let second = second.filter(|second| !is_named(second));
                first.into_iter().chain(second).any(|of| self.is_of_one_of_several(of))
            };
            let is_unknown = |placed: &Placed<'_>| {
                let is_of_several = has_unread_groups || self.is_of_one_of_several(placed.found);
                let is_its = is_of_several && !self.is_what_all_had(placed) || is_pair_of_unknown(placed);
                placed.group.is_none() && is_its
            };
            let (unknown, known): (Vec<_>, Vec<_>) = std::mem::take(series).into_iter().partition(is_unknown);
            all.of_unknown.extend(unknown.iter().map(|placed| placed.found));
            *series = known;
        }
        all.series.retain(|series| !series.is_empty());
        all.of_unknown.sort_by_key(|found| found.range.start);
    }

    /// Whether a text with decimal commas speaks of groups in a language whose names of groups are not read.
    fn has_unread_groups(&self) -> bool {
        const WORDS: [&str; 6] = ["gruppe", "groupe", "grupo", "gruppo", "groep", "grupp"];
        let text = || fold(&self.flow.text(0..self.flow.chars.len())).to_lowercase();
        !self.flow.decimal_commas.is_empty() && WORDS.iter().any(|word| text().contains(word))
    }

    /// Whether the sentence of a result names groups of several, and does not say that it is of all.
    fn is_of_one_of_several(&self, found: &Found) -> bool {
        const ALL: [&str; 9] = ["all ", "overall", "whole", "total", "both ", "全体", "全例", "全患者", "全員"];
        let names = self.groups.all();
        let is_several = names.iter().any(|named| named.what != names[0].what);
        let is_one_group = !is_several
            && !self.is_of_another(found)
            && !self.is_behind_unread_group(found)
            && !self.is_beside_another(found)
            && !self.is_beside_others(found, is_several);
        if is_one_group || row(self.flow, found.range.start).is_some() {
            return false;
        }
        let own = sentence(self.flow, found.range.start);
        let front = fold(&said_before(self.flow, own.start, found.range.start)).to_lowercase();
        let is_named = self.groups.within(own).next().is_some() || self.is_beside_others(found, is_several);
        (is_named || self.is_behind_unread_group(found)) && !ALL.iter().any(|word| front.contains(word))
    }

    /// Whether words between a result and another in its sentence speak of others, or compare the two: neither is of all
    /// then. "The intervention condition had 4.1 ± 0.7, and controls 3.9 ± 0.8".
    fn is_beside_others(&self, found: &Found, is_several: bool) -> bool {
        let Range { start, end } = found.range;
        let own = sentence(self.flow, start);
        let says = |within: Range<usize>| names_others(&self.said_between(within), is_several);
        let before = self.result_before(start).filter(|before| before.range.start >= own.start);
        let next = self.result_behind(end).filter(|next| own.contains(&next.range.start));
        before.is_some_and(|before| says(before.range.end.min(start)..start))
            || next.is_some_and(|next| says(end..next.range.start.max(end)))
    }

    /// Whether the one group of a text is named in front of a result, and the sentence goes on with others: "the treatment
    /// group improved from 14.2 ± 4.1 to 8.3 ± 4.9, while the waitlist did not".
    fn is_beside_another(&self, found: &Found) -> bool {
        const TURNS: [&str; 4] = ["while ", "whereas ", "whilst ", "compared with "];
        let own = sentence(self.flow, found.range.start);
        let is_named = self.groups.within(own.start..found.range.start).next().is_some();
        let behind = fold(&self.flow.text(found.range.end..own.end)).to_lowercase();
        is_named && TURNS.iter().any(|word| behind.contains(word))
    }

    /// Whether a 群 that made no name stands between a result and the one in front of it: みかん群1.8±0.2点.
    fn is_behind_unread_group(&self, found: &Found) -> bool {
        let start = found.range.start;
        let own = sentence(self.flow, start).start;
        let before = self.result_before(start).map_or(own, |before| before.range.end.max(own));
        let words: Vec<char> = self.unnamed(before..start).chars().collect();
        (0..words.len()).filter(|at| words[*at] == '群').any(|at| {
            let front = at.checked_sub(1).map(|front| words[front]);
            let is_word = matches!(words.get(at + 1), Some('間' | '別' | '内' | '分' | '集' | '衆'));
            let is_of_all = matches!(front, None | Some('両' | '各' | '全' | '同' | '本' | '他' | '候'));
            !is_word && !is_of_all
        })
    }

    /// Whether a value is what all had before, from which each group came to another: 6.1±1.2から実薬群では4.0±1.5に.
    fn is_what_all_had(&self, placed: &Placed<'_>) -> bool {
        let Range { start, end } = placed.found.range;
        let own = sentence(self.flow, start);
        let next = self.result_behind(end).map_or(own.end, |next| next.range.start.min(own.end));
        let is_named_in_front = self.groups.within(own.start..start).next().is_some();
        let is_from = begins_with_from(&self.flow.text(end..next)) || self.is_behind_from(placed.found);
        placed.time == Time::Before && is_from && !is_named_in_front
    }
}
