//! The table of the overview: text columns with a plot between them.

use super::reach::reach;
use super::{Group, Overview, Row};
use crate::chart::ChartError;
use crate::chart::axes::Axis;
use crate::chart::axis::{Scale, log_ceil, log_floor};
use crate::chart::clip;
use crate::chart::legend::LegendLines;
use crate::chart::sheet::{Block, Heading, Sheet};
use crate::chart::text::{Across, Along};
use crate::numeric::interval::Interval;

/// Space between columns.
const GUTTER: f64 = 20.0;
/// Indent of a group's rows.
const INDENT: f64 = 12.0;
/// Free space above and below the text of a row.
const PAD: f64 = 4.0;
/// Widest text columns (outcome, printed, n, estimate, remark) as shares of the sheet.
const WIDEST: [f64; 5] = [0.19, 0.16, 0.05, 0.15, 0.17];
/// Least share of the sheet for the plot; the text columns shrink to leave it.
const LEAST_PLOT: f64 = 0.3;
/// Least share of the sheet for the plot where words or numbers would have to be cut to leave it more; where
/// even that is not left, texts stand above and below the marks.
const SQUEEZED: f64 = 0.2;
/// More lines than these of one outcome's name would tear the rows apart: texts then stand above and below the
/// marks too.
const MOST_LINES: usize = 5;
/// Least share of the sheet for a text that is broken between words, where it needs as much.
const LEAST_TEXT: f64 = 0.13;
/// How far the axis reaches beyond 1 to either side, at least; the first that leaves room for what
/// is written there is taken.
const REACHES: [f64; 3] = [2.0, 5.0, 10.0];
/// What stands between the value before and the value after.
const ARROW: &str = " → ";
/// Least width of a line beside it, in sizes of its text.
const LEAST_LINE: f64 = 5.0;
/// Space between the line of no change and what is written beside it.
const SIDE: f64 = 8.0;

/// Widest number of people beside the printed values of a stacked row, as a share of the row.
const WIDEST_N: f64 = 0.3;

/// Below this width the texts of a row stand above and below its marks instead of beside them.
const NARROW: f64 = 620.0;
/// An interval that reaches so far from its point is seen beside the point and its halo.
const CLEAR: f64 = 8.5;
/// The smallest radius of a point.
const LEAST_POINT: f64 = 1.5;
/// Least height of the line of the marks.
const MARKS: f64 = 16.0;

/// A row of the table with its texts broken to the columns.
struct Cells {
    texts: [Block; 5],
    /// Free space above and below them.
    pad: f64,
    is_stacked: bool,
}

impl Cells {
    fn height(&self) -> f64 {
        if self.is_stacked {
            return self.above() + self.texts[3].height().max(MARKS) + self.texts[4].height() + 2.0 * self.pad;
        }
        self.texts.iter().map(Block::height).fold(0.0, f64::max) + 2.0 * self.pad
    }

    /// Height of what stands above the marks.
    fn above(&self) -> f64 {
        if !self.is_stacked {
            return 0.0;
        }
        self.texts[0].height() + self.texts[1].height().max(self.texts[2].height())
    }

    /// How far below the row's first line each text stands.
    fn drop(&self, column: usize) -> f64 {
        match column {
            _ if !self.is_stacked => 0.0,
            0 => 0.0,
            1 | 2 => self.texts[0].height(),
            3 => self.above(),
            _ => self.above() + self.texts[3].height().max(MARKS),
        }
    }
}

/// Left edges and widths of the columns.
struct Columns {
    /// Outcome, printed, n, estimate, remark.
    texts: [(f64, f64); 5],
    /// Left and right edge of the plot.
    plot: (f64, f64),
    /// The texts of a row stand above and below its marks.
    is_stacked: bool,
    /// What stands before a number of people that has no heading.
    before_n: String,
}

/// Draws what the marks mean; gives where the legend ends.
pub(super) fn legend(sheet: &mut Sheet<'_>, chart: &Overview, top: f64) -> Result<f64, ChartError> {
    let (size, ink) = (sheet.theme.small, sheet.theme.ink);
    let shown = [
        (&chart.legend.wide, chart.rows().any(|row| row.wide.is_some())),
        (&chart.legend.narrow, chart.rows().any(|row| row.narrow.is_some())),
        (&chart.legend.hollow, chart.rows().any(Row::is_bare)),
    ];
    let (sample, room) = (26.0, sheet.inner_width());
    let mut lines = LegendLines::new(sheet, top, 0.0);
    for (kind, (name, occurs)) in shown.into_iter().enumerate() {
        let block = sheet.block(name, size, room - sample - 8.0)?;
        if !occurs || block.width == 0.0 {
            continue;
        }
        let (x, y) = lines.place((sample + 8.0 + block.width, block.height()), 28.0);
        let middle = y + sheet.beside(size);
        match kind {
            0 => thin(sheet, (x, x + sample), middle),
            1 => thick(sheet, (x, x + sample), middle),
            _ => hollow(sheet, (x + sample / 2.0, middle)),
        }
        if kind < 2 {
            point(sheet, (x + sample / 2.0, middle));
        }
        sheet.write(&block, x + sample + 8.0, y, Along::Start, ink);
    }
    Ok(lines.bottom() + sheet.gap(10.0))
}

/// Draws headings, groups, rows and axis; gives where they end, and whether anything lies beyond the axis.
pub(super) fn table(sheet: &mut Sheet<'_>, chart: &Overview, top: f64) -> Result<(f64, bool), ChartError> {
    let columns = Columns::new(sheet, chart)?;
    let scale = scale(sheet, chart, &columns)?;
    let start = headings(sheet, chart, &columns, &scale, top)?;

    // Measured first: the guides lie behind the rows and need to know where those end.
    let mut groups = Vec::with_capacity(chart.groups.len());
    let mut end = start;
    for group in &chart.groups {
        let measured = Measured::new(sheet, group, &columns)?;
        end += measured.height();
        groups.push(measured);
    }
    if !columns.is_stacked {
        guides(sheet, &scale, start, end);
    }
    let mut y = start;
    for group in &groups {
        y = group.draw(sheet, &columns, &scale, y);
    }
    let (from, to) = scale.domain;
    let mut shown = chart.rows().flat_map(|row| row.ends().chain(row.ratio));
    let has_arrows = shown.any(|value| value < from || value > to);
    Ok((axis(sheet, chart, &scale, end)?, has_arrows))
}

/// A group with all its texts broken to the columns.
struct Measured<'g> {
    group: &'g Group,
    name: Block,
    absent: Block,
    rows: Vec<Cells>,
    /// The share of the usual free space between groups.
    spacing: f64,
}

impl<'g> Measured<'g> {
    fn new(sheet: &Sheet<'_>, group: &'g Group, columns: &Columns) -> Result<Self, ChartError> {
        let theme = sheet.theme;
        let room = if columns.is_stacked { sheet.inner_width() } else { columns.plot.0 - GUTTER - sheet.left() };
        let absent = if group.rows.is_empty() { group.absent.as_str() } else { "" };
        Ok(Measured {
            group,
            name: sheet.block(&group.name, theme.heading - 1.0, room)?,
            absent: sheet.block(absent, theme.label, room - INDENT)?,
            rows: group.rows.iter().map(|row| cells(sheet, row, columns)).collect::<Result<_, _>>()?,
            spacing: theme.spacing,
        })
    }

    fn height(&self) -> f64 {
        let rows: f64 = self.rows.iter().map(Cells::height).sum();
        self.head() + self.absent.height_and(2.0 * PAD * self.spacing) + rows + 8.0 * self.spacing
    }

    fn head(&self) -> f64 {
        self.spacing * 6.0 + self.name.height_and(2.0 * self.spacing)
    }

    fn draw(&self, sheet: &mut Sheet<'_>, columns: &Columns, scale: &Scale, top: f64) -> f64 {
        let theme = sheet.theme;
        sheet.line((sheet.left(), top), (sheet.right(), top), theme.rule, 1.0);
        sheet.write(&self.name, sheet.left(), top + sheet.gap(6.0), Along::Start, theme.ink);
        let mut y = top + self.head();
        sheet.write(&self.absent, sheet.left() + INDENT, y + sheet.gap(PAD), Along::Start, theme.muted);
        for (row, cells) in self.group.rows.iter().zip(&self.rows) {
            draw_row(sheet, row, cells, columns, scale, y);
            y += cells.height();
        }
        top + self.height()
    }
}

impl Columns {
    /// Text columns as wide as their texts, up to a share of the sheet; the plot takes the rest.
    fn new(sheet: &Sheet<'_>, chart: &Overview) -> Result<Self, ChartError> {
        let (label, small) = (sheet.theme.label, sheet.theme.small);
        let heads = heading_texts(chart);
        if sheet.width < NARROW {
            return Self::stacked(sheet, chart);
        }
        let (mut widths, mut least) = ([0.0; 5], [0.0; 5]);
        for column in 0..5 {
            let mut natural = sheet.measure(heads[column], small)?;
            let mut whole = sheet.least(heads[column], small)?;
            for row in chart.rows() {
                let text = row_texts(row)[column];
                natural = natural.max(sheet.measure(text, label)?);
                whole = whole.max(unbroken(sheet, column, text)?);
            }
            let indent = if column == 0 { INDENT } else { 0.0 };
            // Half a pixel keeps a text that just fits from being broken by rounding.
            let natural = natural + indent + 0.5;
            least[column] = (whole + indent + 0.5).max(natural.min(LEAST_TEXT * sheet.width));
            widths[column] = natural.min(WIDEST[column] * sheet.width).max(least[column]);
        }
        let gutter = |width: f64| if width > 1.0 { GUTTER } else { 0.0 };
        let gutters: f64 = widths.iter().copied().map(gutter).sum();
        let room = sheet.inner_width() - sheet.theme.between(SQUEEZED, LEAST_PLOT) * sheet.width - gutters;
        // Numbers stay whole; outcomes and remarks can be broken between words.
        let [outcome, printed, n, estimate, remark] = widths;
        let shrink = ((room - printed - n - estimate) / (outcome + remark).max(1.0)).clamp(0.2, 1.0);
        let (outcome, remark) = ((outcome * shrink).max(least[0]), (remark * shrink).max(least[4]));

        let second = sheet.left() + outcome + gutter(outcome);
        let third = second + printed + gutter(printed);
        let left = third + n + gutter(n);
        let last = sheet.right() - remark;
        let fourth = last - gutter(remark) - estimate;
        // Sentences in place of rows need room too, where there are no columns.
        let plot = (left.max(sheet.left() + 0.3 * sheet.width), fourth - gutter(estimate));
        if plot.1 - plot.0 < SQUEEZED * sheet.width {
            return Self::stacked(sheet, chart);
        }
        for row in chart.rows() {
            if sheet.block(&row.outcome, label, outcome - INDENT)?.count() > MOST_LINES {
                return Self::stacked(sheet, chart);
            }
        }
        Ok(Columns {
            texts: [(sheet.left(), outcome), (second, printed), (third, n), (fourth, estimate), (last, remark)],
            plot,
            is_stacked: false,
            before_n: String::new(),
        })
    }

    /// Only the ratio stands beside the marks.
    fn stacked(sheet: &Sheet<'_>, chart: &Overview) -> Result<Self, ChartError> {
        let label = sheet.theme.label;
        let before_n = if chart.headings.n.is_empty() { String::new() } else { format!("{} = ", chart.headings.n) };
        let (mut estimate, mut n) = (0.0_f64, 0.0_f64);
        for row in chart.rows() {
            let own = sheet.measure(&row.estimate, label)?;
            // A sentence in place of a ratio is broken.
            estimate = estimate.max(if row.ratio.is_some() { own } else { own.min(0.3 * sheet.width) });
            n = n.max(sheet.measure(&format!("{before_n}{}", row_texts(row)[2]), label)?);
        }
        let estimate = (estimate + 0.5).min(0.45 * sheet.width);
        let (left, right) = (sheet.left() + INDENT, sheet.right());
        let room = right - left;
        let plot = (left, right - estimate - GUTTER);
        if plot.1 - plot.0 < 100.0 {
            return Err(ChartError::Crowded { place: chart.caption.title.clone() });
        }
        let n = n.min(WIDEST_N * room);
        let third = right - n - 0.5;
        let texts = [
            (sheet.left(), room + INDENT),
            (left, third - left - GUTTER),
            (third, n + 0.5),
            (right - estimate, estimate),
            (left, room),
        ];
        Ok(Columns { texts, plot, is_stacked: true, before_n })
    }
}

/// The widest part of a text that stays on one line: in the column of printed values what stands at either side
/// of the arrow, elsewhere a word or a number with its sign.
fn unbroken(sheet: &Sheet<'_>, column: usize, text: &str) -> Result<f64, ChartError> {
    let label = sheet.theme.label;
    let mut widest = sheet.least(text, label)?;
    if column == 1 {
        for (at, side) in text.split(ARROW).enumerate() {
            let arrow = if at > 0 { ARROW.trim_start() } else { "" };
            widest = widest.max(sheet.measure(&format!("{arrow}{side}"), label)?);
        }
    }
    Ok(widest)
}

fn heading_texts(chart: &Overview) -> [&str; 5] {
    let headings = &chart.headings;
    [&headings.outcome, &headings.printed, &headings.n, &headings.estimate, &headings.remark]
}

fn row_texts(row: &Row) -> [&str; 5] {
    let n = row.n.as_deref().unwrap_or("");
    [&row.outcome, &row.printed, n, &row.estimate, row.remark.as_deref().unwrap_or("")]
}

fn cells(sheet: &Sheet<'_>, row: &Row, columns: &Columns) -> Result<Cells, ChartError> {
    let mut texts: [Block; 5] = Default::default();
    for (column, text) in row_texts(row).into_iter().enumerate() {
        let indent = if column == 0 { INDENT } else { 0.0 };
        let width = columns.texts[column].1 - indent;
        let before = if column == 2 && !text.is_empty() { columns.before_n.as_str() } else { "" };
        texts[column] = match text.split_once(ARROW) {
            // What was printed at either side of the arrow stays together.
            Some((first, second)) if column == 1 && sheet.measure(text, sheet.theme.label)? > width => {
                let second = format!("{}{second}", ARROW.trim_start());
                sheet.block(first, sheet.theme.label, width)?.above(sheet.block(&second, sheet.theme.label, width)?)
            }
            _ => sheet.block(&format!("{before}{text}"), sheet.theme.label, width)?,
        };
    }
    Ok(Cells { texts, pad: sheet.gap(PAD), is_stacked: columns.is_stacked })
}

/// Column headings and, over the plot, what lies on each side of 1. All stand on one line.
fn headings(
    sheet: &mut Sheet<'_>,
    chart: &Overview,
    columns: &Columns,
    scale: &Scale,
    top: f64,
) -> Result<f64, ChartError> {
    let (size, muted, ink) = (sheet.theme.small, sheet.theme.muted, sheet.theme.ink);
    let one = scale.at(1.0);
    let [left, right] = [one - columns.plot.0 - SIDE, columns.plot.1 - one - SIDE];
    let mut top = top;
    let mut blocks = Vec::new();
    // A few characters on a line are no name: Japanese has no words that would stay whole.
    let needs = |text: &str| {
        Ok::<f64, ChartError>(sheet.least(text, size)?.max(sheet.measure(text, size)?.min(LEAST_LINE * size)))
    };
    let outer = [one - sheet.left() - SIDE, sheet.right() - one - SIDE];
    if needs(&chart.lower)? <= left && needs(&chart.higher)? <= right {
        blocks.push((sheet.block(&chart.lower, size, left)?, one - SIDE, Along::End, ink));
        blocks.push((sheet.block(&chart.higher, size, right)?, one + SIDE, Along::Start, ink));
    } else {
        // Where 1 lies close to an end of the axis, both stand on a line of their own: beside 1 as well, over the
        // columns beyond the plot, or with the whole width.
        let is_beside = needs(&chart.lower)? <= outer[0] && needs(&chart.higher)? <= outer[1];
        let half = sheet.inner_width() / 2.0 - SIDE;
        let sides = match is_beside {
            true => {
                [(&chart.lower, one - SIDE, Along::End, outer[0]), (&chart.higher, one + SIDE, Along::Start, outer[1])]
            }
            false => {
                [(&chart.lower, sheet.left(), Along::Start, half), (&chart.higher, sheet.right(), Along::End, half)]
            }
        };
        let mut height = 0.0_f64;
        for (text, x, along, room) in sides {
            let block = sheet.block(text, size, room)?;
            sheet.write(&block, x, top, along, ink);
            height = height.max(block.height());
        }
        top += height;
    }
    let beside = heading_texts(chart).into_iter().zip(columns.texts).enumerate();
    // Above and below the marks, texts speak for themselves.
    for (_, (text, (x, width))) in beside.filter(|(column, _)| !columns.is_stacked || *column == 3) {
        blocks.push((sheet.block(text, size, width)?, x, Along::Start, muted));
    }
    let height = blocks.iter().map(|(block, ..)| block.height()).fold(0.0, f64::max);
    for (block, x, along, colour) in blocks {
        sheet.write(&block, x, top + height - block.height(), along, colour);
    }
    Ok(top + height + sheet.gap(6.0))
}

/// Light rules at the ticks and the line of no change.
fn guides(sheet: &mut Sheet<'_>, scale: &Scale, top: f64, bottom: f64) {
    let (rule, reference) = (sheet.theme.rule, sheet.theme.reference);
    for (tick, _) in axis_ticks(sheet, scale) {
        let x = scale.at(tick);
        sheet.line((x, top), (x, bottom), rule, 0.8);
    }
    let one = scale.at(1.0);
    sheet.line((one, top - 4.0), (one, bottom), reference, 1.4);
}

/// As many ticks as their labels leave room for.
fn axis_ticks(sheet: &Sheet<'_>, scale: &Scale) -> Vec<(f64, String)> {
    Axis::logarithmic("").across(sheet, scale)
}

fn axis(sheet: &mut Sheet<'_>, chart: &Overview, scale: &Scale, y: f64) -> Result<f64, ChartError> {
    let theme = sheet.theme;
    let (left, right) = scale.range;
    sheet.line((sheet.left(), y), (sheet.right(), y), theme.rule, 1.0);
    sheet.line((left, y), (right, y), theme.line, 1.0);
    for (tick, text) in axis_ticks(sheet, scale) {
        let x = scale.at(tick);
        sheet.line((x, y), (x, y + 4.0), theme.line, 1.0);
        let at = (x, y + 8.0);
        sheet.text(&text, at, theme.small, theme.ink, (Along::Middle, Across::Top));
    }
    let title = sheet.block(&chart.axis_title, theme.small, right - left)?;
    let below = y + 8.0 + theme.small * 1.2;
    sheet.write(&title, (left + right) / 2.0, below, Along::Middle, theme.muted);
    Ok(below + title.height())
}

fn draw_row(sheet: &mut Sheet<'_>, row: &Row, cells: &Cells, columns: &Columns, scale: &Scale, top: f64) {
    let (ink, muted) = (sheet.theme.ink, sheet.theme.muted);
    for (column, block) in cells.texts.iter().enumerate() {
        let indent = if column == 0 { INDENT } else { 0.0 };
        let bare_reason = column == 3 && (row.is_bare() || row.ratio.is_none());
        let colour = if column == 4 || bare_reason { muted } else { ink };
        let x = columns.texts[column].0 + indent;
        sheet.write(block, x, top + cells.pad + cells.drop(column), Along::Start, colour);
    }
    if columns.is_stacked && row.ratio.is_some() {
        let line = top + cells.pad + cells.above();
        guides(sheet, scale, line + 4.0, line + cells.texts[3].height().max(MARKS));
    }
    // The marks stand beside the first line of text, which names them, or below it.
    let y = top + cells.pad + cells.above() + sheet.beside(sheet.theme.label);
    for (span, is_narrow) in [(row.wide, false), (row.narrow, true)] {
        if let Some(span) = span {
            draw_span(sheet, span, is_narrow, scale, y);
        }
    }
    if let Some(ratio) = row.ratio {
        let (at, (from, to)) = ((scale.at(ratio), y), scale.domain);
        match ratio {
            far if far < from => sheet.arrow((scale.range.0, y), Heading::Left, ink),
            far if far > to => sheet.arrow((scale.range.1, y), Heading::Right, ink),
            _ if row.is_bare() => hollow(sheet, at),
            _ => point_within(sheet, at, clearance(row, ratio, scale)),
        }
    }
}

fn draw_span(sheet: &mut Sheet<'_>, span: Interval, is_narrow: bool, scale: &Scale, y: f64) {
    let cut = clip::interval(span.lower, span.upper, scale.domain);
    let from = scale.at(cut.lower) + if cut.below { 4.0 } else { 0.0 };
    let to = scale.at(cut.upper) - if cut.above { 4.0 } else { 0.0 };
    if from < to {
        if is_narrow { thick(sheet, (from, to), y) } else { thin(sheet, (from, to), y) }
    }
    let line = if is_narrow { sheet.theme.before } else { sheet.theme.line };
    if cut.below {
        sheet.arrow((scale.range.0, y), Heading::Left, line);
    }
    if cut.above {
        sheet.arrow((scale.range.1, y), Heading::Right, line);
    }
}

fn thin(sheet: &mut Sheet<'_>, (from, to): (f64, f64), y: f64) {
    sheet.line((from, y), (to, y), sheet.theme.line, 1.4);
}

fn thick(sheet: &mut Sheet<'_>, (from, to): (f64, f64), y: f64) {
    sheet.line((from, y), (to, y), sheet.theme.before, 5.0);
}

fn point(sheet: &mut Sheet<'_>, at: (f64, f64)) {
    let (ink, paper) = (sheet.theme.ink, sheet.theme.paper);
    sheet.disc(at, 5.4, paper);
    sheet.disc(at, 4.2, ink);
}

/// How far the shortest interval of a row reaches from its point, to the nearer side.
fn clearance(row: &Row, ratio: f64, scale: &Scale) -> f64 {
    let spans = [row.wide, row.narrow].into_iter().flatten();
    let sides = spans.map(|span| {
        let cut = clip::interval(span.lower, span.upper, scale.domain);
        (scale.at(ratio) - scale.at(cut.lower)).min(scale.at(cut.upper) - scale.at(ratio))
    });
    sides.fold(f64::INFINITY, f64::min)
}

/// A point that leaves both ends of its interval to be seen: where that is short, a small one without a halo.
fn point_within(sheet: &mut Sheet<'_>, at: (f64, f64), reach: f64) {
    if reach >= CLEAR {
        return point(sheet, at);
    }
    let ink = sheet.theme.ink;
    sheet.disc(at, (reach / 2.0).clamp(LEAST_POINT, 4.2), ink);
}

fn hollow(sheet: &mut Sheet<'_>, at: (f64, f64)) {
    let (ink, paper) = (sheet.theme.ink, sheet.theme.paper);
    sheet.disc(at, 4.8, ink);
    sheet.disc(at, 3.2, paper);
}

/// The axis takes in what rows need, and reaches far enough on both sides of 1 to name them, if it can.
fn scale(sheet: &Sheet<'_>, chart: &Overview, columns: &Columns) -> Result<Scale, ChartError> {
    let (from, to) = reach(chart);
    let at_least = |below: f64, above: f64| {
        let domain = (log_floor(from.min(1.0 / below)), log_ceil(to.max(above)));
        Scale::log(domain, columns.plot)
    };
    let small = sheet.theme.small;
    let lower = sheet.measure(&chart.lower, small)? + SIDE;
    let higher = sheet.measure(&chart.higher, small)? + SIDE;
    // How well the names fit beside the line of no change; from 1 on they stand on one line.
    let fit = |scale: &Scale| {
        let one = scale.at(1.0);
        ((one - columns.plot.0) / lower).min((columns.plot.1 - one) / higher)
    };
    let pairs = REACHES.iter().flat_map(|b| REACHES.iter().map(move |a| (*b, *a)));
    let scales: Vec<Scale> = pairs.map(|(below, above)| at_least(below, above)).collect();
    let roomy = scales.iter().find(|scale| fit(scale) >= 1.0);
    let best = roomy.or_else(|| scales.iter().max_by(|a, b| fit(a).total_cmp(&fit(b))));
    Ok(best.copied().unwrap_or_else(|| at_least(REACHES[0], REACHES[0])))
}
