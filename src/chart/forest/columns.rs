//! How the width is shared between texts and plot.

use super::{Forest, RowMark};
use crate::chart::ChartError;
use crate::chart::sheet::{MARGIN, Sheet};

/// Width in pixels when the chart chooses.
pub(super) const WIDTH: f64 = 1000.0;
/// Space between columns.
const GUTTER: f64 = 18.0;
/// Least share of the sheet for the plot; the names of the rows shrink to leave it.
const LEAST_PLOT: f64 = 0.26;
/// The narrowest plot that still shows something.
const NARROWEST: f64 = 70.0;

/// Where texts and plot lie.
pub(super) struct Columns {
    /// Left edge and width of each text column, left ones first.
    pub texts: Vec<(f64, f64)>,
    /// Left and right edge of the plot.
    pub plot: (f64, f64),
}

impl Columns {
    /// Columns as wide as their texts; numbers stay whole, names can be broken between words.
    pub fn new(sheet: &Sheet<'_>, chart: &Forest, indent: f64) -> Result<Self, ChartError> {
        let theme = sheet.theme;
        let headings: Vec<&str> = chart.left.iter().chain(&chart.right).map(|column| column.heading.as_str()).collect();
        let mut widths = Vec::with_capacity(headings.len());
        for heading in &headings {
            widths.push(sheet.measure(heading, theme.small)?.min(0.16 * sheet.width));
        }
        for row in &chart.rows {
            if matches!(row.mark, RowMark::Heading | RowMark::Note) {
                continue;
            }
            for (column, (width, cell)) in widths.iter_mut().zip(&row.cells).enumerate() {
                let indent = if column == 0 { indent } else { 0.0 };
                *width = width.max(sheet.measure(cell, theme.label)? + indent);
            }
        }
        // Half a pixel keeps a text that just fits from being broken by rounding.
        widths.iter_mut().filter(|width| **width > 0.0).for_each(|width| *width += 0.5);
        let gutters = widths.iter().filter(|width| **width > 0.0).count() as f64 * GUTTER;
        let room = sheet.width - 2.0 * MARGIN - gutters;
        let plot = (LEAST_PLOT * sheet.width).max(NARROWEST);
        let numbers: f64 = widths.iter().skip(1).sum();
        if let Some(name) = widths.first_mut() {
            let left = room - plot - numbers;
            *name = name.min(left.max(0.22 * sheet.width)).min(0.4 * sheet.width);
        }
        let over = widths.iter().sum::<f64>() + NARROWEST - room;
        if over > 0.0 {
            // Numbers are broken too before a chart is refused.
            let share = (numbers - over).max(0.3 * numbers) / numbers.max(1.0);
            widths.iter_mut().skip(1).for_each(|width| *width *= share);
        }
        let mut x = MARGIN;
        let mut texts = Vec::with_capacity(widths.len());
        for width in &widths[..chart.left.len()] {
            texts.push((x, *width));
            x += if *width > 0.0 { width + GUTTER } else { 0.0 };
        }
        let left = x;
        let mut x = sheet.width - MARGIN;
        let mut last = Vec::new();
        for width in widths[chart.left.len()..].iter().rev() {
            last.push((x - width, *width));
            x -= if *width > 0.0 { width + GUTTER } else { 0.0 };
        }
        texts.extend(last.into_iter().rev());
        if x - left < NARROWEST {
            return Err(ChartError::Crowded { place: chart.title.clone() });
        }
        Ok(Columns { texts, plot: (left, x) })
    }
}
