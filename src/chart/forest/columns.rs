//! How the width is shared between texts and plot.

use super::{Forest, RowMark};
use crate::chart::ChartError;
use crate::chart::sheet::Sheet;

/// Width in pixels when the chart chooses.
pub(super) const WIDTH: f64 = 1000.0;
/// Space between columns; a narrow sheet, such as a column of a journal, takes the second.
const GUTTERS: [f64; 2] = [18.0, 9.0];
/// A sheet below this width is narrow.
const NARROW: f64 = 560.0;
/// Least share of the sheet for the plot; the names of the rows shrink to leave it.
const LEAST_PLOT: f64 = 0.26;
/// Least share of the sheet for the plot where numbers would have to be broken to leave it more.
const SQUEEZED: f64 = 0.2;
/// The same on a narrow sheet, where a fifth is too little to see intervals in.
const SQUEEZED_NARROW: f64 = 0.3;
/// The narrowest plot that still shows something.
const NARROWEST: f64 = 52.0;

/// A cell that is no longer than so many ems, and has no space, stays on one line: ハザード比.
const WORD: f64 = 6.0;

/// Where texts and plot lie.
pub(super) struct Columns {
    /// Left edge and width of each text column, left ones first.
    pub texts: Vec<(f64, f64)>,
    /// Left and right edge of the plot.
    pub plot: (f64, f64),
}

/// How wide the texts of a column are: on one line, and broken as far as numbers and words stay whole.
#[derive(Clone, Copy, Default)]
struct Extent {
    natural: f64,
    least: f64,
    /// The widest number.
    number: f64,
}

impl Extent {
    fn take(&mut self, natural: f64, least: f64) {
        // Half a pixel keeps a text that just fits from being broken by rounding.
        self.natural = self.natural.max(natural + 0.5);
        self.least = self.least.max(least + 0.5);
    }
}

impl Columns {
    /// Columns as wide as their texts; where there is less room, texts are broken between words, the
    /// longest ones first. Numbers stay whole.
    pub fn new(sheet: &Sheet<'_>, chart: &Forest, indent: f64) -> Result<Self, ChartError> {
        let extents = extents(sheet, chart, indent)?;
        let gutter = GUTTERS[usize::from(sheet.width < NARROW)];
        let gutters = extents.iter().filter(|extent| extent.natural > 0.0).count() as f64 * gutter;
        let room = sheet.inner_width() - gutters;
        let plot = (LEAST_PLOT * sheet.width).max(NARROWEST);
        let mut widths: Vec<f64> = extents.iter().map(|extent| extent.natural).collect();
        let numbers: f64 = widths.iter().skip(1).sum();
        if let (Some(name), Some(extent)) = (widths.first_mut(), extents.first()) {
            let left = (room - plot - numbers).max(0.22 * sheet.width).min(0.4 * sheet.width);
            *name = name.min(left.max(extent.least));
        }
        let squeezed = if sheet.width < NARROW { SQUEEZED_NARROW } else { SQUEEZED };
        shrink(&mut widths, &extents, room - (squeezed * sheet.width).max(NARROWEST));
        // What is broken anyway takes no more than it needs.
        let columns = chart.left.iter().chain(&chart.right);
        for ((width, extent), column) in widths.iter_mut().zip(&extents).zip(columns) {
            if column.numeric && *width < extent.natural {
                *width = extent.least;
            }
        }
        Self::placed(&widths, chart, sheet, gutter)
    }

    fn placed(widths: &[f64], chart: &Forest, sheet: &Sheet<'_>, gutter: f64) -> Result<Self, ChartError> {
        let mut x = sheet.left();
        let mut texts = Vec::with_capacity(widths.len());
        for width in &widths[..chart.left.len()] {
            texts.push((x, *width));
            x += if *width > 0.0 { width + gutter } else { 0.0 };
        }
        let left = x;
        let mut x = sheet.right();
        let mut last = Vec::new();
        for width in widths[chart.left.len()..].iter().rev() {
            last.push((x - width, *width));
            x -= if *width > 0.0 { width + gutter } else { 0.0 };
        }
        texts.extend(last.into_iter().rev());
        if x - left < NARROWEST {
            return Err(ChartError::Crowded { place: chart.caption.title.clone() });
        }
        Ok(Columns { texts, plot: (left, x) })
    }
}

/// Whether the sheet is so narrow that its columns leave the plot less than its share.
pub(super) fn is_tight(sheet: &Sheet<'_>, chart: &Forest, indent: f64) -> bool {
    let room = Columns::new(sheet, chart, indent).map_or(0.0, |columns| columns.plot.1 - columns.plot.0);
    sheet.width < NARROW && room < SQUEEZED_NARROW * sheet.width
}

/// The extents of all columns, left ones first.
fn extents(sheet: &Sheet<'_>, chart: &Forest, indent: f64) -> Result<Vec<Extent>, ChartError> {
    let theme = sheet.theme;
    let mut extents = Vec::new();
    for column in chart.left.iter().chain(&chart.right) {
        let mut extent = Extent::default();
        if !column.heading.is_empty() {
            let least = sheet.least_of_heading(&column.heading, theme.small)?;
            extent.take(sheet.measure(&column.heading, theme.small)?.min((0.16 * sheet.width).max(least)), least);
        }
        extents.push(extent);
    }
    let is_sentence = |mark: &RowMark| matches!(mark, RowMark::Heading | RowMark::Note);
    for row in chart.rows.iter().filter(|row| !is_sentence(&row.mark)) {
        for (column, (extent, cell)) in extents.iter_mut().zip(&row.cells).enumerate() {
            if cell.is_empty() {
                continue;
            }
            let indent = if column == 0 { indent } else { 0.0 };
            let natural = sheet.measure(cell, theme.label)?;
            // Japanese ends a line within words too, in a column that is no wider than some characters in each of them.
            let is_word = natural <= WORD * theme.label && !cell.contains(' ');
            let least = if is_word { natural } else { sheet.least(cell, theme.label)? };
            extent.take(natural + indent, least + indent);
            extent.number = extent.number.max(sheet.widest_number(cell, theme.label)? + indent + 0.5);
        }
    }
    // A word of a text column is cut where it is longer than any column may be; a number never is.
    for (extent, column) in extents.iter_mut().zip(chart.left.iter().chain(&chart.right)) {
        if !column.numeric {
            extent.least = extent.least.min((0.3 * sheet.width).max(extent.number));
        }
    }
    Ok(extents)
}

/// Takes from the columns that have most to give until they fit, none below its least width.
fn shrink(widths: &mut [f64], extents: &[Extent], room: f64) {
    let over = widths.iter().sum::<f64>() - room;
    let spare = |width: f64, extent: &Extent| (width - extent.least).max(0.0);
    let all: f64 = widths.iter().zip(extents).map(|(width, extent)| spare(*width, extent)).sum();
    if over > 0.0 && all > 0.0 {
        let share = (over / all).min(1.0);
        widths.iter_mut().zip(extents).for_each(|(width, extent)| *width -= share * spare(*width, extent));
    }
}
