//! A chart of rows for a narrow sheet: one column of names, one of numbers, and the other texts under each row.

use super::{Forest, ForestRow, RowMark, describe};

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
