//! Where in a text a value stands.

use crate::reported::Passage;
use std::cell::Cell;

/// The characters of a text that are not white space, with the line of each: a quote has other white space.
pub(super) struct Places {
    /// All characters.
    text: Vec<char>,
    /// Where in it each one that is not white space stands.
    places: Vec<usize>,
    chars: Vec<char>,
    lines: Vec<usize>,
    /// Behind which one to go on looking: quotes follow each other as the text has them.
    found: Cell<usize>,
}

impl Places {
    pub(super) fn of(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let mut all = Self { places: Vec::new(), chars: Vec::new(), lines: Vec::new(), found: Cell::new(0), text };
        let mut line = 1;
        for (at, c) in all.text.iter().enumerate() {
            line += usize::from(*c == '\n');
            if !c.is_whitespace() {
                all.places.push(at);
                all.chars.push(*c);
                all.lines.push(line);
            }
        }
        all
    }

    /// The line on which a value of a phrase stands; that on which the phrase begins, where it is not found there.
    pub(super) fn line(&self, passage: &Passage, value: &str) -> usize {
        self.place(passage, value, &[]).map_or_else(|| begun(passage), |at| self.line_of(at))
    }

    /// The line of a place.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.lines.get(at).copied().unwrap_or(1)
    }

    /// Where a value of a phrase stands among the characters that are not white space; where it stands there several
    /// times, next to others.
    pub(super) fn place(&self, passage: &Passage, value: &str, others: &[&str]) -> Option<usize> {
        /// So far behind the beginning of its line a phrase is looked for, at most: longer lines hold all of a text.
        const FARTHEST: usize = 20_000;
        /// So far from each other they stand, at most.
        const NEAR: usize = 60;
        let (quote, value) = (bare(&passage.quote), bare(value));
        let start = self.lines.partition_point(|line| *line < begun(passage));
        let reach = self.lines.partition_point(|line| *line <= begun(passage)) + quote.len();
        let within = |from: usize| {
            let last = reach.min(self.chars.len()).min(from.saturating_add(FARTHEST)).max(from);
            let near = self.chars.get(from..last)?;
            let at = near.windows(quote.len().max(1)).position(|window| window == quote)?;
            Some(from + at)
        };
        let last = self.found.get();
        let quoted = (last > start && last < reach).then(|| within(last)).flatten().or_else(|| within(start))?;
        self.found.set(quoted);
        let places = (quoted..quoted + quote.len()).filter(|at| self.is_at(*at, &value));
        let others: Vec<Vec<char>> = others.iter().map(|other| bare(other)).collect();
        let distance = |at: &usize| {
            let of = |other: &Vec<char>| {
                let near = at.saturating_sub(NEAR)..at + NEAR;
                let found = near.filter(|near| near != at && self.is_at(*near, other));
                found.map(|near| near.abs_diff(*at)).min().unwrap_or(NEAR)
            };
            others.iter().map(of).sum::<usize>()
        };
        places.min_by_key(distance)
    }

    /// Whether a value stands at a place, and is no part of a longer number: `8` is none of `18`.
    fn is_at(&self, at: usize, value: &[char]) -> bool {
        let end = at + value.len();
        if value.is_empty() || self.chars.get(at..end).is_none_or(|found| found != value) {
            return false;
        }
        let is_part = |c: Option<&char>| c.is_some_and(|c| c.is_numeric());
        let joins = |at: usize| self.places[at] == self.places[at - 1] + 1;
        let goes_on = |at: usize| is_part(self.chars.get(at)) && is_part(self.chars.get(at - 1)) && joins(at);
        // The point of a decimal in front of it.
        let is_decimal = || at > 1 && matches!(self.chars[at - 1], '.' | '·' | ',') && goes_on_over(at, self);
        let is_cut = at > 0 && goes_on(at) || goes_on(end) || is_decimal();
        !is_cut
    }

    /// So many characters in front of a place and behind it, white space as a blank.
    pub(super) fn round(&self, at: usize, before: usize, behind: usize) -> [String; 2] {
        let at = self.places.get(at).copied().unwrap_or(self.text.len());
        let of = |range: &[char]| range.iter().map(|c| if c.is_whitespace() { ' ' } else { *c }).collect();
        [
            of(&self.text[at.saturating_sub(before)..at]),
            of(&self.text[at..self.text.len().min(at.saturating_add(behind))]),
        ]
    }
}

/// Whether a digit, a point and a digit stand in a row up to a place.
fn goes_on_over(at: usize, of: &Places) -> bool {
    let in_a_row = of.places[at] == of.places[at - 2] + 2;
    in_a_row && of.chars[at - 2].is_numeric() && of.chars[at].is_numeric()
}

fn begun(passage: &Passage) -> usize {
    passage.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1)
}

fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
