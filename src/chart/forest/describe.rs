//! The rows in sentences, for those who do not see them.

use super::{Forest, ForestRow, RowMark};
use crate::reported::Lang;

/// Subtitle, a sentence for each row, and the source.
pub(super) fn chart(chart: &Forest) -> String {
    let mut lines = vec![chart.caption.subtitle.clone()];
    lines.extend(rows(chart));
    lines.push(chart.caption.source.clone());
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// A sentence for each row, and what lies to either side.
pub(super) fn rows(chart: &Forest) -> Vec<String> {
    let sentences = chart.rows.iter().map(|row| sentence(chart, row));
    sentences.chain(chart.scale.axis.sides.iter().cloned()).collect()
}

/// The texts of a row with the headings of their columns.
fn sentence(chart: &Forest, row: &ForestRow) -> String {
    if matches!(row.mark, RowMark::Heading | RowMark::Note) {
        return row.name().to_owned();
    }
    format!("{}{}{}", row.name(), colon(chart), with_headings(chart, row, |column| column > 0))
}

fn colon(chart: &Forest) -> &'static str {
    chart.caption.lang.choose(": ", "：")
}

/// The texts of some columns of a row, each after the heading of its column.
pub(super) fn with_headings(chart: &Forest, row: &ForestRow, of: impl Fn(usize) -> bool) -> String {
    let comma = match chart.caption.lang {
        Lang::En => ", ",
        Lang::Ja => "、",
    };
    let headings = chart.left.iter().chain(&chart.right).map(|column| column.heading.as_str());
    let cells: Vec<String> = headings
        .zip(&row.cells)
        .enumerate()
        .filter(|(column, (_, cell))| of(*column) && !cell.is_empty())
        .map(
            |(_, (heading, cell))| {
                if heading.is_empty() { cell.clone() } else { format!("{heading}{}{cell}", colon(chart)) }
            },
        )
        .collect();
    cells.join(comma)
}
