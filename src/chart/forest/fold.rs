//! Charts of rows for a small sheet: one column of names, one of numbers, and the other texts under each row where
//! the sheet is narrow, and left out where it is low.

use super::{Column, Forest, ForestRow, RowMark, describe};
use crate::reported::Lang;

/// The same chart with its name and its first column of numbers beside the plot; what stood in the other columns
/// follows each row as a sentence. None where there is nothing to move.
pub(super) fn folded(chart: &Forest) -> Option<Forest> {
    let (first_left, first_right) = (0, chart.left.len());
    let kept = |column: usize| column == first_left || column == first_right;
    if chart.left.len() + chart.right.len() <= 2 {
        return None;
    }
    let mut rows = Vec::new();
    for row in &chart.rows {
        let is_sentence = matches!(row.mark, RowMark::Heading | RowMark::Note);
        if is_sentence {
            rows.push(row.clone());
            continue;
        }
        let cells = [first_left, first_right].map(|column| row.cells.get(column).cloned().unwrap_or_default());
        rows.push(ForestRow { cells: cells.into(), mark: row.mark.clone() });
        let rest = describe::with_headings(chart, row, |column| !kept(column));
        if !rest.is_empty() {
            rows.push(ForestRow::note(rest));
        }
    }
    let left = chart.left.iter().take(1).cloned().collect();
    let right = chart.right.iter().take(1).cloned().collect();
    Some(Forest { left, right, rows, ..chart.clone() })
}

/// The same chart with the name of each row in a line of its own above it.
pub(super) fn named_above(chart: &Forest) -> Forest {
    let named = |row: &ForestRow| match row.mark {
        RowMark::Heading | RowMark::Note => vec![row.clone()],
        _ => {
            let rest = row.cells.iter().skip(1).cloned();
            let cells = std::iter::once(String::new()).chain(rest).collect();
            vec![ForestRow::note(row.name()), ForestRow { cells, mark: row.mark.clone() }]
        }
    };
    Forest { rows: chart.rows.iter().flat_map(named).collect(), ..chart.clone() }
}

/// The same chart without the columns between name and plot, the last first, and then without those behind the first
/// right of it; a note says which are left out.
pub(super) fn without_columns(chart: &Forest) -> Vec<Forest> {
    let first_right = chart.left.len();
    let order = (1..first_right).rev().chain(first_right + 1..first_right + chart.right.len());
    let mut gone = Vec::new();
    let shorter = order.map(|column| {
        gone.push(column);
        without(chart, &gone)
    });
    shorter.collect()
}

/// The same chart without the columns that its plot shows too; none where there are none.
pub(super) fn without_spare(chart: &Forest) -> Option<Forest> {
    let columns = chart.left.iter().chain(&chart.right).enumerate();
    let spare: Vec<usize> = columns.filter(|(_, column)| column.spare).map(|(at, _)| at).collect();
    (!spare.is_empty()).then(|| without(chart, &spare))
}

/// The same chart without some columns, which a note names.
fn without(chart: &Forest, gone: &[usize]) -> Forest {
    let first_right = chart.left.len();
    let is_kept = |column: usize| !gone.contains(&column);
    let kept = |columns: &[Column], from: usize| -> Vec<Column> {
        let all = columns.iter().enumerate().filter(|(at, _)| is_kept(from + at));
        all.map(|(_, column)| column.clone()).collect()
    };
    let headings = chart.left.iter().chain(&chart.right).map(|column| column.heading.as_str()).enumerate();
    let names: Vec<&str> =
        headings.filter(|(at, name)| !is_kept(*at) && !name.is_empty()).map(|(_, name)| name).collect();
    let row = |row: &ForestRow| {
        let is_sentence = matches!(row.mark, RowMark::Heading | RowMark::Note);
        let cells = row.cells.iter().enumerate().filter(|(at, _)| is_sentence || is_kept(*at));
        ForestRow { cells: cells.map(|(_, cell)| cell.clone()).collect(), mark: row.mark.clone() }
    };
    let mut shorter = Forest {
        left: kept(&chart.left, 0),
        right: kept(&chart.right, first_right),
        rows: chart.rows.iter().map(row).collect(),
        ..chart.clone()
    };
    shorter.caption.footnotes.push(match chart.caption.lang {
        Lang::En => format!("Columns that found no room: {}.", names.join("; ")),
        Lang::Ja => format!("幅や高さが足りず省いた列：{}。", names.join("、")),
    });
    shorter
}
