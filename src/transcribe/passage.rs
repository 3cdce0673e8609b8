//! The phrase around a number, to quote.

use super::draft::Drafted;
use super::sentences::is_decimal_point;
use crate::numeric::numeral::fold_char;
use crate::reported::{Origin, Passage};
use std::ops::Range;

/// The longest quote, in characters: a phrase and no sentence.
pub(super) const QUOTE: usize = 60;

/// No file can hold a longer one, such as the name of a group that is no name.
pub(super) const MOST: usize = 100;

impl Drafted<'_> {
    /// The phrase around a number: as much of its sentence as a quote may hold.
    pub(super) fn passage(&self, range: Range<usize>) -> Passage {
        let is_end = |at: usize| match self.flow.chars[at] {
            // A full-width point ends a sentence, and a middle dot an item of a list, but for one between digits.
            '．' | '・' => !is_decimal_point(&self.flow.chars, at),
            c => matches!(c, '。' | '！' | '？' | '【' | '】' | '◆' | '■'),
        };
        let range = range.start..range.end.min(range.start + MOST);
        let room = QUOTE.saturating_sub(range.len());
        let (mut start, mut end) = (range.start, range.end);
        let heads = |at: usize| self.flow.heads_paragraph(at);
        while start > 0 && range.start - start < room / 2 && !is_end(start - 1) && !heads(start) {
            start -= 1;
        }
        while end < self.flow.chars.len() && end - range.end < room - room / 2 && !is_end(end) && !heads(end) {
            end += 1;
        }
        let cuts = |at: usize| {
            let is_part = |at: usize| {
                self.flow.chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ','))
            };
            at > 0 && is_part(at - 1) && is_part(at)
        };
        while start < range.start && (cuts(start) || self.flow.chars[start] == ' ') {
            start += 1;
        }
        while end > range.end && (cuts(end) || self.flow.chars[end - 1] == ' ') {
            end -= 1;
        }
        // What opens behind the number and does not close says nothing of it.
        let mut open = Vec::new();
        for at in range.end..end {
            match fold_char(self.flow.chars[at]) {
                '(' => open.push(at),
                ')' => drop(open.pop()),
                _ => {}
            }
        }
        let end = open.first().map_or(end, |open| if self.flow.chars[open - 1] == ' ' { open - 1 } else { *open });
        let line = self.flow.lines.get(start).copied();
        Passage { origin: Origin::Release, quote: self.flow.printed(start..end), line, section: None }
    }
}

#[cfg(test)]
mod tests {
    use crate::transcribe::draft;

    #[test]
    fn quotes_keep_to_their_sentence() {
        let quote =
            |text: &str| draft("t", "t.txt", text).unwrap().outcomes[0].results[0].cells[0].1.passage.quote.clone();
        assert_eq!(quote("Relapses of NMO\n\nThe rate was 2.9 ± 1.1 in 2012."), "The rate was 2.9 ± 1.1 in 2012.");
        let long =
            "The rate was 2.9 ± 1.1 (as it was counted by the physicians of all of the hospitals that took part)";
        assert_eq!(quote(long), "The rate was 2.9 ± 1.1");
    }
}
