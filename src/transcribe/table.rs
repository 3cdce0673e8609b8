//! Tables in a text: rows with `|` or tabs between their cells, of which a header names the columns.

use super::flow::Flow;
use super::named::Named;
use crate::numeric::numeral::fold;
use std::ops::Range;

/// The characters of the row of a table in which a place stands.
pub(super) fn row(flow: &Flow, at: usize) -> Option<Range<usize>> {
    let is_here = |other: &usize| flow.lines.get(*other) == flow.lines.get(at);
    flow.in_row.get(at).filter(|is_row| **is_row)?;
    let start = (0..=at).rev().take_while(is_here).last()?;
    let end = (at..flow.chars.len()).take_while(is_here).last()?;
    Some(start..end + 1)
}

/// The cell of its row, counted from the left, in which a place stands.
fn column(flow: &Flow, row: &Range<usize>, at: usize) -> usize {
    (row.start..=at).filter(|place| flow.starts_cell[*place]).count()
}

/// What the header of its table names the column of a place: the row above that names two columns and more, each one
/// thing, and has as many cells.
pub(super) fn of_column<T: Clone>(flow: &Flow, names: &[Named<T>], at: usize) -> Option<T> {
    let own = row(flow, at)?;
    let cells = |row: &Range<usize>| column(flow, row, row.end - 1);
    let mut above = own.start.checked_sub(1).and_then(|before| row(flow, before));
    while let Some(header) = above {
        let is_within =
            |named: &&Named<T>| header.contains(&named.range.start) && header.contains(&(named.range.end - 1));
        let named: Vec<(usize, &Named<T>)> =
            names.iter().filter(is_within).map(|named| (column(flow, &header, named.range.start), named)).collect();
        let is_each_one = named.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if named.len() > 1 {
            let is_header = is_each_one && cells(&header) == cells(&own);
            let here = named.iter().find(|(place, _)| *place == column(flow, &own, at)).filter(|_| is_header)?;
            return Some(here.1.what.clone());
        }
        above = header.start.checked_sub(1).and_then(|before| row(flow, before));
    }
    None
}

/// The rows of a text, in order.
fn rows(flow: &Flow) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < flow.chars.len() {
        match row(flow, at) {
            Some(own) => {
                at = own.end;
                all.push(own);
            }
            None => at += 1,
        }
    }
    all
}

/// The characters of each cell of a row, without what divides them.
fn cells_of(flow: &Flow, row: &Range<usize>) -> Vec<Range<usize>> {
    let starts = row.clone().filter(|at| *at > row.start && flow.starts_cell[*at]);
    let mut starts: Vec<usize> = std::iter::once(row.start).chain(starts).collect();
    starts.push(row.end);
    let is_divider = |at: &usize| matches!(flow.chars[*at], ' ' | '|' | '｜');
    let inner = |pair: &[usize]| {
        let start = (pair[0]..pair[1]).find(|at| !is_divider(at)).unwrap_or(pair[1]);
        let end = (start..pair[1]).rev().find(|at| !is_divider(at)).map_or(start, |last| last + 1);
        start..end
    };
    starts.windows(2).map(inner).filter(|cell| !cell.is_empty()).collect()
}

/// The names of arms in the headings of tables: cells with their n, several in one row, or one at the beginning of each of
/// several rows: "Drug X (n=52)   Placebo (n=50)".
pub(super) fn sized_headings(flow: &Flow) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut beginnings: Vec<Range<usize>> = Vec::new();
    let mut last = 0;
    for own in rows(flow) {
        let cells = cells_of(flow, &own);
        if own.start != last {
            keep_several(&mut found, &mut beginnings);
        }
        last = own.end;
        let sized: Vec<Range<usize>> = cells.iter().filter_map(|cell| sized_name(flow, cell)).collect();
        match sized.as_slice() {
            [one] if cells.first().is_some_and(|cell| cell.start == one.start) => beginnings.push(one.clone()),
            [_, _, ..] => found.extend(sized),
            _ => {}
        }
    }
    keep_several(&mut found, &mut beginnings);
    found
}

/// One heading of a row with its n may be that of all; two are of arms.
fn keep_several(found: &mut Vec<Range<usize>>, beginnings: &mut Vec<Range<usize>>) {
    if beginnings.len() > 1 {
        found.append(beginnings);
    }
    beginnings.clear();
}

/// The name in front of the n of a cell: "Drug X (n=52)".
fn sized_name(flow: &Flow, cell: &Range<usize>) -> Option<Range<usize>> {
    /// No name of an arm is longer.
    const LONGEST: usize = 32;
    /// All people of a table are no arm.
    const ALL: [&str; 8] = ["total", "all", "overall", "whole", "全体", "合計", "全例", "計"];
    let text = fold(&flow.text(cell.clone())).to_lowercase();
    let open = text.rfind(['(', '['])?;
    let (name, size) = text.split_at(open);
    let size: String = size.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = size[1..].strip_prefix("n=").and_then(|rest| rest.strip_suffix([')', ']']));
    let is_size = digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit() || c == ','));
    let name = name.trim_end();
    let is_name = name.chars().any(char::is_alphabetic) && name.chars().count() <= LONGEST;
    let is_all = ALL.iter().any(|word| name.starts_with(word));
    (is_size && is_name && !is_all).then(|| cell.start..cell.start + name.chars().count())
}

/// What stands in the first cell of a row, in small letters.
pub(super) fn label(flow: &Flow, row: &Range<usize>) -> Option<String> {
    let cell = cells_of(flow, row).into_iter().next()?;
    Some(fold(&flow.text(cell)).to_lowercase())
}

/// What the top row of its table calls the column of a place, in small letters, where both have as many cells.
pub(super) fn heading(flow: &Flow, at: usize) -> Option<String> {
    let own = row(flow, at)?;
    let place = column(flow, &own, at);
    let mut top = None;
    let mut above = own.start.checked_sub(1).and_then(|before| row(flow, before));
    while let Some(header) = above {
        above = header.start.checked_sub(1).and_then(|before| row(flow, before));
        top = Some(header);
    }
    let top = top.filter(|top| column(flow, top, top.end - 1) == column(flow, &own, own.end - 1))?;
    let cell = cells_of(flow, &top).into_iter().find(|cell| column(flow, &top, cell.start) == place)?;
    Some(fold(&flow.text(cell)).to_lowercase())
}
