//! The rows with their marks, and the axis under them.

use super::columns::Columns;
use super::reach::domain;
use super::{Forest, ForestRow, RowMark};
use crate::chart::ChartError;
use crate::chart::axis::Scale;
use crate::chart::clip;
use crate::chart::sheet::{Block, Heading, Sheet};
use crate::chart::text::{Across, Along};
use crate::chart::theme::Colour;
use crate::numeric::interval::Interval;

/// Free space above and below the text of a row.
const PAD: f64 = 2.5;
/// The least height of a row without it.
const LEAST_ROW: f64 = 13.0;
/// Indent of rows in a group.
const INDENT: f64 = 12.0;
/// Half the side of the heaviest and of the lightest square.
const LARGEST: f64 = 7.5;
const LARGEST_TIGHT: f64 = 6.5;
const SMALLEST: f64 = 1.6;
/// In a plot narrower than this squares are smaller, by no more than the second: they would cover their intervals.
const WIDE: f64 = 200.0;
const LEAST_SQUARE: f64 = 0.5;
/// The share of the largest square that a row without a weight has.
const UNWEIGHTED: f64 = 0.25;
/// Half the height of the band of rounding, and half the side of what is empty in a hollow square.
const BAND: f64 = 6.0;
const HOLLOW: f64 = 2.2;
/// How far from the edge the arrow of a diamond stands beside that of its prediction interval.
const INSET: f64 = 8.0;
/// Half the height of a diamond.
const DIAMOND: f64 = 6.0;

/// How far the names of rows that stand in groups stand off.
pub(super) fn indent(chart: &Forest) -> f64 {
    if is_grouped(chart) { INDENT } else { 0.0 }
}

fn is_grouped(chart: &Forest) -> bool {
    chart.rows.iter().any(|row| row.mark == RowMark::Heading)
}

/// Draws headings, rows and axis; gives where they end.
pub(super) fn table(sheet: &mut Sheet<'_>, chart: &Forest, top: f64) -> Result<f64, ChartError> {
    let columns = Columns::new(sheet, chart, indent(chart))?;
    table_in(sheet, chart, &columns, top)
}

/// The same in columns that are given.
pub(super) fn table_in(sheet: &mut Sheet<'_>, chart: &Forest, columns: &Columns, top: f64) -> Result<f64, ChartError> {
    let is_grouped = is_grouped(chart);
    let domain = domain(chart)?;
    // Marks at the ends stay whole.
    let plot = (columns.plot.0 + LARGEST, columns.plot.1 - LARGEST);
    let scale = chart.scale.axis.scale(domain, plot);
    let start = headings(sheet, chart, columns, top)?;
    let measured: Vec<Measured<'_>> =
        chart.rows.iter().map(|row| Measured::new(sheet, row, columns, is_grouped)).collect::<Result<_, _>>()?;
    let end = start + measured.iter().map(Measured::height).sum::<f64>() + sheet.gap(4.0);
    // The guides end above the notes under the last row with a mark.
    let notes =
        measured.iter().rev().take_while(|row| row.row.mark == RowMark::Note).map(Measured::height).sum::<f64>();
    guides(sheet, chart, &scale, start, if notes > 0.0 { end - notes - 2.0 } else { end });
    let mut y = start + sheet.gap(2.0);
    for row in &measured {
        if y + row.height() <= end - notes {
            row.clear_way(sheet, columns, y);
        }
        row.draw(sheet, chart, columns, &scale, y);
        y += row.height();
    }
    axis(sheet, chart, &scale, end)
}

/// Headings of the columns, all standing on one line; gives where the rows start.
fn headings(sheet: &mut Sheet<'_>, chart: &Forest, columns: &Columns, top: f64) -> Result<f64, ChartError> {
    let (size, muted, rule) = (sheet.theme.small, sheet.theme.muted, sheet.theme.line);
    let mut blocks = Vec::new();
    for (column, (left, width)) in chart.left.iter().chain(&chart.right).zip(&columns.texts) {
        let (x, along) = if column.numeric { (left + width, Along::End) } else { (*left, Along::Start) };
        blocks.push((sheet.block(&column.heading, size, *width)?, x, along));
    }
    let height = blocks.iter().map(|(block, ..)| block.height()).fold(0.0, f64::max);
    for (block, x, along) in &blocks {
        sheet.write(block, *x, top + height - block.height(), *along, muted);
    }
    let y = top + height + 2.0;
    sheet.line((sheet.left(), y), (sheet.right(), y), rule, 1.0);
    Ok(y)
}

/// A row whose texts are broken to the columns.
struct Measured<'r> {
    row: &'r ForestRow,
    cells: Vec<Block>,
    indent: f64,
    /// Free space above the row, and above and below its text.
    above: f64,
    pad: f64,
    /// The least height of its text.
    least: f64,
}

impl<'r> Measured<'r> {
    fn new(sheet: &Sheet<'_>, row: &'r ForestRow, columns: &Columns, is_grouped: bool) -> Result<Self, ChartError> {
        let theme = sheet.theme;
        let wide = columns.plot.1 - sheet.left();
        let (indent, size) = match row.mark {
            RowMark::Heading => (0.0, theme.label),
            RowMark::Note => (0.0, theme.small),
            RowMark::Study { .. } | RowMark::Reported { .. } => (if is_grouped { INDENT } else { 0.0 }, theme.label),
            RowMark::Summary { .. } => (0.0, theme.label),
        };
        let cells = match row.mark {
            // Sentences may run below the plot, whose marks stand in rows of their own.
            RowMark::Heading | RowMark::Note => vec![sheet.block(row.name(), size, wide)?],
            _ => {
                let mut cells = Vec::new();
                for (column, (cell, (_, width))) in row.cells.iter().zip(&columns.texts).enumerate() {
                    let width = if column == 0 { width - indent } else { *width };
                    cells.push(sheet.block(cell, size, width)?);
                }
                cells
            }
        };
        let above = if row.mark == RowMark::Heading { sheet.gap(6.0) } else { 0.0 };
        let least = theme.between(theme.small, LEAST_ROW);
        Ok(Measured { row, cells, indent, above, pad: sheet.gap(PAD), least })
    }

    fn height(&self) -> f64 {
        let texts = self.cells.iter().map(Block::height).fold(0.0, f64::max);
        texts.max(self.least) + 2.0 * self.pad + self.above
    }

    /// Takes the lines of the plot away from behind a sentence that reaches into it.
    fn clear_way(&self, sheet: &mut Sheet<'_>, columns: &Columns, top: f64) {
        let ([block], RowMark::Heading | RowMark::Note) = (&self.cells[..], &self.row.mark) else { return };
        let top = top + self.above;
        let (from, to) = (columns.plot.0, sheet.left() + block.width + 4.0);
        if from < to {
            let (upper, lower) = (top + self.pad, top + self.pad + block.height());
            let corners = vec![(from, upper), (to, upper), (to, lower), (from, lower)];
            sheet.area(corners, sheet.theme.paper);
        }
    }

    fn draw(&self, sheet: &mut Sheet<'_>, chart: &Forest, columns: &Columns, scale: &Scale, top: f64) {
        let theme = sheet.theme;
        let top = top + self.above;
        let colour = if self.row.mark == RowMark::Note { theme.muted } else { theme.ink };
        let kinds = chart.left.iter().chain(&chart.right);
        for (column, (block, kind)) in self.cells.iter().zip(kinds).enumerate() {
            let (left, width) = columns.texts[column];
            let (x, along) = match (column, kind.numeric) {
                (0, _) => (left + self.indent, Along::Start),
                (_, true) => (left + width, Along::End),
                (_, false) => (left, Along::Start),
            };
            sheet.write(block, x, top + self.pad, along, colour);
        }
        // Marks stand beside the first line of text.
        let y = top + self.pad + sheet.beside(theme.label);
        match &self.row.mark {
            RowMark::Heading | RowMark::Note => {}
            RowMark::Study { estimate, ci, weight, fitted } => {
                if let Some(fitted) = fitted {
                    diamond(sheet, fitted.estimate, fitted.ci, scale, y, theme.rule);
                }
                let cut = ci.map(|ci| line(sheet, ci, scale, y, theme.ink, 1.3));
                square(sheet, *estimate, weight.unwrap_or(UNWEIGHTED), scale, y);
                // A square at the edge does not hide that the interval goes on.
                if let Some(cut) = cut {
                    arrows(sheet, &cut, scale, y, theme.ink);
                }
            }
            RowMark::Reported { estimate, ci, rounding, contradicted } => {
                for range in rounding {
                    band(sheet, *range, scale, y);
                }
                if let Some(ci) = ci {
                    span(sheet, *ci, scale, y, theme.ink, 1.3);
                }
                square(sheet, *estimate, UNWEIGHTED, scale, y);
                if *contradicted && within(scale, *estimate) {
                    // Hollow: what stands there contradicts itself.
                    sheet.square((scale.at(*estimate), y), HOLLOW, theme.paper);
                }
            }
            RowMark::Summary { estimate, ci, prediction } => {
                let beyond = prediction.map(|prediction| span(sheet, prediction, scale, y, theme.series[1], 2.0));
                let cut = outline(sheet, *estimate, *ci, scale, y, theme.ink);
                // Where both go on beyond the axis both arrows are seen, that of the prediction interval outside.
                let inset =
                    |goes_on: fn(&clip::Cut) -> bool| if beyond.is_some_and(|of| goes_on(&of)) { INSET } else { 0.0 };
                arrows_at(sheet, &cut, scale, y, theme.ink, [inset(|of| of.below), inset(|of| of.above)]);
            }
        }
    }
}

/// The numbers that print as an estimate or an end does.
fn band(sheet: &mut Sheet<'_>, range: Interval, scale: &Scale, y: f64) {
    let cut = clip::interval(range.lower, range.upper, scale.domain);
    let (from, to) = (scale.at(cut.lower), scale.at(cut.upper));
    if from < to {
        let corners = vec![(from, y - BAND), (to, y - BAND), (to, y + BAND), (from, y + BAND)];
        sheet.area(corners, sheet.theme.rule);
    }
}

fn within(scale: &Scale, value: f64) -> bool {
    (scale.domain.0..=scale.domain.1).contains(&value)
}

fn square(sheet: &mut Sheet<'_>, estimate: f64, weight: f64, scale: &Scale, y: f64) {
    let colour = sheet.theme.series[0];
    let (first, last) = scale.domain;
    if estimate < first || estimate > last {
        let (x, heading) =
            if estimate < first { (scale.range.0, Heading::Left) } else { (scale.range.1, Heading::Right) };
        return sheet.arrow((x, y), heading, colour);
    }
    let narrow = ((scale.range.1 - scale.range.0) / WIDE).clamp(LEAST_SQUARE, 1.0);
    let largest = narrow * sheet.theme.between(LARGEST_TIGHT, LARGEST);
    // The area is the weight.
    sheet.square((scale.at(estimate), y), (largest * weight.sqrt()).max(SMALLEST), colour);
}

fn diamond(sheet: &mut Sheet<'_>, estimate: f64, ci: Interval, scale: &Scale, y: f64, colour: Colour) {
    let cut = outline(sheet, estimate, ci, scale, y, colour);
    arrows(sheet, &cut, scale, y, colour);
}

/// A diamond without its arrows.
fn outline(sheet: &mut Sheet<'_>, estimate: f64, ci: Interval, scale: &Scale, y: f64, colour: Colour) -> clip::Cut {
    let cut = clip::interval(ci.lower, ci.upper, scale.domain);
    let middle = scale.at(estimate.clamp(cut.lower, cut.upper));
    let (from, to) = (scale.at(cut.lower).min(middle - 1.5), scale.at(cut.upper).max(middle + 1.5));
    sheet.area(vec![(from, y), (middle, y - DIAMOND), (to, y), (middle, y + DIAMOND)], colour);
    cut
}

fn span(sheet: &mut Sheet<'_>, interval: Interval, scale: &Scale, y: f64, colour: Colour, width: f64) -> clip::Cut {
    let cut = line(sheet, interval, scale, y, colour, width);
    arrows(sheet, &cut, scale, y, colour);
    cut
}

/// An interval without the arrows at the edges of the plot.
fn line(sheet: &mut Sheet<'_>, interval: Interval, scale: &Scale, y: f64, colour: Colour, width: f64) -> clip::Cut {
    // On a logarithmic axis an end at 0 lies beyond every edge.
    let lower = if scale.logarithmic { interval.lower.max(f64::MIN_POSITIVE) } else { interval.lower };
    let cut = clip::interval(lower, interval.upper, scale.domain);
    let from = scale.at(cut.lower) + if cut.below { 4.0 } else { 0.0 };
    let to = scale.at(cut.upper) - if cut.above { 4.0 } else { 0.0 };
    if from < to {
        sheet.line((from, y), (to, y), colour, width);
    }
    cut
}

fn arrows(sheet: &mut Sheet<'_>, cut: &clip::Cut, scale: &Scale, y: f64, colour: Colour) {
    arrows_at(sheet, cut, scale, y, colour, [0.0, 0.0]);
}

/// The same, so far from the edges.
fn arrows_at(sheet: &mut Sheet<'_>, cut: &clip::Cut, scale: &Scale, y: f64, colour: Colour, [left, right]: [f64; 2]) {
    if cut.below {
        sheet.arrow((scale.range.0 + left, y), Heading::Left, colour);
    }
    if cut.above {
        sheet.arrow((scale.range.1 - right, y), Heading::Right, colour);
    }
}

/// The line of no effect and the broken line of the summary.
fn guides(sheet: &mut Sheet<'_>, chart: &Forest, scale: &Scale, top: f64, bottom: f64) {
    let (reference, ink) = (sheet.theme.reference, sheet.theme.muted);
    let inside = |value: &f64| *value >= scale.domain.0 && *value <= scale.domain.1;
    if let Some(value) = chart.scale.reference.filter(inside) {
        let x = scale.at(value);
        sheet.line((x, top), (x, bottom), reference, 1.2);
    }
    if let Some(value) = chart.scale.summary.filter(inside) {
        let x = scale.at(value);
        sheet.dashed(&[(x, top), (x, bottom)], (3.0, 3.0), ink, 0.9);
    }
}

fn axis(sheet: &mut Sheet<'_>, chart: &Forest, scale: &Scale, y: f64) -> Result<f64, ChartError> {
    let theme = sheet.theme;
    let (left, right) = scale.range;
    sheet.line((sheet.left(), y), (sheet.right(), y), theme.rule, 1.0);
    sheet.line((left, y), (right, y), theme.line, 1.0);
    for (tick, text) in chart.scale.axis.across(sheet, scale) {
        let x = scale.at(tick);
        sheet.line((x, y), (x, y + 4.0), theme.line, 1.0);
        sheet.text(&text, (x, y + 8.0), theme.small, theme.ink, (Along::Middle, Across::Top));
    }
    let mut below = y + 8.0 + theme.small * 1.2;
    let title = sheet.block(&chart.scale.axis.title, theme.small, (right - left).max(160.0))?;
    let middle = middle(sheet, &title, (left + right) / 2.0);
    sheet.write(&title, middle, below, Along::Middle, theme.muted);
    below += title.height_and(2.0);
    // What lies to either side stands on its side of the line of no effect.
    let centre = chart
        .scale
        .reference
        .map_or((left + right) / 2.0, |value| scale.at(value.clamp(scale.domain.0, scale.domain.1)));
    let [lower, higher] = &chart.scale.axis.sides;
    let lower = sheet.block(lower, theme.small, (centre - sheet.left() - 8.0).clamp(20.0, 200.0))?;
    let higher = sheet.block(higher, theme.small, (sheet.right() - centre - 8.0).clamp(20.0, 200.0))?;
    sheet.write(&lower, centre - 8.0, below, Along::End, theme.ink);
    sheet.write(&higher, centre + 8.0, below, Along::Start, theme.ink);
    Ok(below + lower.height().max(higher.height()))
}

/// Keeps a centred block inside the sheet.
fn middle(sheet: &Sheet<'_>, block: &Block, x: f64) -> f64 {
    let half = block.width / 2.0;
    x.clamp(sheet.left() + half, (sheet.right() - half).max(sheet.left() + half))
}
