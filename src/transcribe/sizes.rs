//! Of how many people a result is, where that stands beside it: "3.2 ± 2.1 with drug A (n = 23)".

use super::arms::{between, counted};
use super::assemble::Assembler;
use super::scan::Found;
use super::sentences::sentence;
use crate::numeric::numeral::{Numeral, fold};
use std::ops::Range;

/// A number of people, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Size {
    pub(super) n: Numeral,
    pub(super) range: Range<usize>,
}

impl Assembler<'_, '_> {
    /// The number of people in brackets right behind a result, or behind the name of its group on either side.
    pub(super) fn size_beside(&self, found: &Found, group: Option<&String>) -> Option<Size> {
        let Range { start, end } = found.range.clone();
        let own = sentence(self.flow, start);
        let next = self.result_behind(end).map_or(own.end, |next| next.range.start.min(own.end));
        let before = self.result_before(start).map_or(own.start, |before| before.range.end.max(own.start));
        let is_its = |what: &String| Some(what) == group;
        let behind = self.groups.within(end..next).next().filter(|named| is_its(&named.what));
        let in_front = self.groups.last_named(self.flow, before..start, |_| true).filter(|named| is_its(&named.what));
        let names = [behind, in_front].into_iter().flatten().map(|named| named.range.end);
        std::iter::once(end).chain(names).find_map(|at| self.size_at(at))
    }

    /// The number of people in a bracket that opens at a place: "(n = 23)".
    fn size_at(&self, at: usize) -> Option<Size> {
        let number = self.found_from(at).first()?;
        let is_size = matches!(&*between(self.flow, &(at..at), number), "(n=" | "[n=");
        // "(n = 20, 19 and 21)" tells those of several.
        let behind = fold(&self.flow.text(number.range.end..self.flow.chars.len().min(number.range.end + 8)));
        let rest = behind.trim_start();
        let mut goes_on = [",", "and ", "/", "、"].iter().filter_map(|joint| rest.strip_prefix(joint));
        let is_list = goes_on.any(|next| next.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        let n = counted(number).filter(|_| is_size && !is_list)?;
        Some(Size { n, range: number.range.clone() })
    }
}
