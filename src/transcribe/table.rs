//! Tables in a text: rows with `|` or tabs between their cells, of which a header names the columns.

use super::flow::Flow;
use super::named::Named;
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
