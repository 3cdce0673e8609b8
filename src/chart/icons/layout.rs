//! Icons at the left, intervals over one axis at the right.

use super::{IconRow, Icons};
use crate::chart::ChartError;
use crate::chart::Style;
use crate::chart::axis::{Scale, decimals, number, step, ticks};
use crate::chart::clip;
use crate::chart::legend::LegendLines;
use crate::chart::scene::{Point, Scene};
use crate::chart::sheet::{Block, Sheet};
use crate::chart::text::{Across, Along, Fonts};
use crate::reported::Lang;

/// Width in pixels when the chart chooses.
const WIDTH: f64 = 820.0;
/// Share of the width that the icons take.
const ICONS: f64 = 0.36;
/// Distance of icons, and their radius, where there are few.
const PITCH: f64 = 22.0;
const RADIUS: f64 = 7.5;
/// Rows of more people than this have smaller icons, and all others with them.
const MANY: u64 = 60;
/// Where all shares are below this, or all above its complement, the axis shows that end of the range only.
const AT_AN_END: f64 = 0.1;
/// Such an axis goes on for at most so much of the range.
const LONGEST_END: f64 = 0.5;
/// Where all intervals lie within so much of the range, the axis shows that part of it.
const PART: f64 = 0.2;
/// More people than this are drawn as a bar, since nobody counts so many icons.
const MOST_ICONS: u64 = 200;
/// Where all rows together have more icons than that, rows of more people than this are drawn as bars: a page of icons
/// shows less than its intervals.
const MOST_OF_MANY: u64 = 40;
const MOST_TOGETHER: u64 = 600;
/// Height of a line of an interval.
const LINE: f64 = 18.0;
const LEAST_LINE: f64 = 14.0;
/// Space between rows, and between columns.
const GAP: f64 = 18.0;

/// Below this width the intervals stand under the icons instead of beside them.
const NARROW: f64 = 620.0;

/// Where everything lies along x.
struct Columns {
    icons: (f64, f64),
    methods: f64,
    plot: (f64, f64),
    printed: f64,
    is_stacked: bool,
}

/// A row whose texts are measured.
struct Measured<'r> {
    row: &'r IconRow,
    name: Block,
    printed: Block,
    per_line: u64,
    pitch: f64,
    icon_height: f64,
    is_bar: bool,
    is_stacked: bool,
    /// Height of a line of an interval.
    line: f64,
}

/// The ends of the axis: from 0 to 1, or that part of it in which all shares lie close to one end, or all intervals
/// within a fifth of it; and the step to which the ends of a part are taken.
fn domain(chart: &Icons) -> ((f64, f64), f64) {
    let shares = || chart.rows.iter().map(|row| row.k as f64 / row.n as f64);
    let ends = || chart.rows.iter().flat_map(|row| &row.intervals).flat_map(|one| one.interval.ends());
    let (low, high) = (ends().fold(1.0, f64::min).max(0.0), ends().fold(0.0, f64::max).min(1.0));
    let part = |end: f64| (end / step_of(end) - 1e-9).ceil() * step_of(end);
    if shares().all(|share| share < AT_AN_END) && high > 0.0 && high < LONGEST_END {
        return ((0.0, part(high)), step_of(high));
    }
    if shares().all(|share| share > 1.0 - AT_AN_END) && low < 1.0 && low > 1.0 - LONGEST_END {
        return ((1.0 - part(1.0 - low), 1.0), step_of(1.0 - low));
    }
    if high - low <= PART {
        let step = step_of(high - low);
        let down = ((low / step + 1e-9).floor() * step).max(0.0);
        return ((down, ((high / step - 1e-9).ceil() * step).min(1.0)), step);
    }
    ((0.0, 1.0), 1.0)
}

/// The steps to which the ends of a part of the range are taken: 5 %, or 1 % where that is enough, and a power of ten
/// where all is within 1 %.
fn step_of(span: f64) -> f64 {
    match span {
        span if span >= 0.05 => 0.05,
        span if span < 0.01 && span > 0.0 => 10_f64.powf((span * (1.0 + 1e-9)).log10().floor()),
        _ => 0.01,
    }
}

/// The shares at which the axis has a tick: quarters of the whole, round numbers of a part of it.
fn ticks_of((low, high): (f64, f64), parts: f64) -> Vec<f64> {
    let whole = high - low >= 1.0;
    ticks(low, high, if whole { 1.0 / parts } else { step(high - low, parts + 1.0) })
}

/// The most people of a row that are drawn one by one.
fn most_icons(chart: &Icons) -> u64 {
    let together: u64 = chart.rows.iter().map(|row| row.n).filter(|n| *n <= MOST_ICONS).sum();
    if together > MOST_TOGETHER { MOST_OF_MANY } else { MOST_ICONS }
}

pub(super) fn chart(chart: &Icons, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
    let mut sheet = Sheet::new(fonts, &style.theme, style.width_or(WIDTH)?);
    let y = sheet.heading(&chart.caption)? + sheet.gap(6.0);
    let columns = columns(&sheet, chart)?;
    let (domain, to) = domain(chart);
    let scale = Scale::linear(domain, columns.plot);
    let start = legend(&mut sheet, chart, y)? + sheet.gap(4.0);
    let gap = sheet.gap(GAP);
    let most = most_icons(chart);
    // A circle is as large in every row.
    let are_many = chart.rows.iter().any(|row| row.n <= most && row.n > MANY);
    let pitch = if are_many { PITCH * 0.6 } else { PITCH };
    let rows: Vec<Measured<'_>> =
        chart.rows.iter().map(|row| measure(&sheet, row, &columns, (row.n > most, pitch))).collect::<Result<_, _>>()?;
    let end = start + rows.iter().map(|row| row.height() + gap).sum::<f64>();
    let mut top = start;
    for row in &rows {
        // Guides run through, unless names stand in their way.
        let from = top + if columns.is_stacked { row.left() } else { 0.0 };
        let to = top + row.height() + if columns.is_stacked { 0.0 } else { gap };
        for tick in ticks_of(domain, 4.0) {
            let x = scale.at(tick);
            sheet.line((x, from), (x, to), sheet.theme.rule, 0.8);
        }
        draw(&mut sheet, row, &columns, &scale, top);
        top += row.height() + gap;
    }
    let below = axis(&mut sheet, chart, (&scale, to), end)?;
    let height = sheet.notes(below + sheet.gap(12.0), &chart.caption)?;
    Ok(sheet.finish(height))
}

fn columns(sheet: &Sheet<'_>, chart: &Icons) -> Result<Columns, ChartError> {
    let small = sheet.theme.small;
    let (mut method, mut printed) = (0.0_f64, 0.0_f64);
    for one in chart.rows.iter().flat_map(|row| &row.intervals) {
        method = method.max(sheet.measure(&one.method, small)?);
        printed = printed.max(sheet.measure(&one.printed, small)?);
    }
    let room = sheet.inner_width();
    let is_stacked = sheet.width < NARROW;
    let icons = (sheet.left(), if is_stacked { sheet.right() } else { sheet.left() + ICONS * room - GAP });
    let methods = if is_stacked { sheet.left() } else { icons.1 + GAP };
    let right = sheet.right() - printed;
    let gap = if is_stacked { GAP / 2.0 } else { GAP };
    let plot = (methods + method + gap, right - gap);
    // Half a tick label at each end.
    if plot.1 - plot.0 < 90.0 {
        return Err(ChartError::Crowded { place: chart.caption.title.clone() });
    }
    Ok(Columns { icons, methods, plot, printed: right, is_stacked })
}

fn measure<'r>(
    sheet: &Sheet<'_>,
    row: &'r IconRow,
    columns: &Columns,
    (is_bar, pitch): (bool, f64),
) -> Result<Measured<'r>, ChartError> {
    let width = columns.icons.1 - columns.icons.0;
    let fits = (width / pitch).floor().max(1.0) as u64;
    // Lines of ten are counted at a glance.
    let per_line = if row.n <= fits { fits } else { (fits / 10 * 10).max(fits.min(10)) };
    let lines = if is_bar { 1.0 } else { row.n.div_ceil(per_line) as f64 };
    let name = sheet.block(&row.name, sheet.theme.label, width)?;
    let printed = sheet.block(&row.printed, sheet.theme.label, width)?;
    let icon_height = lines * if is_bar { PITCH } else { pitch };
    let (line, is_stacked) = (sheet.theme.between(LEAST_LINE, LINE), columns.is_stacked);
    Ok(Measured { row, name, printed, per_line, pitch, icon_height, is_bar, is_stacked, line })
}

impl Measured<'_> {
    fn height(&self) -> f64 {
        let intervals = self.row.intervals.len() as f64 * self.line + 4.0;
        if self.is_stacked { self.left() + intervals } else { self.left().max(intervals) }
    }

    /// Height of the name with the icons.
    fn left(&self) -> f64 {
        self.name.height() + self.printed.height_and(4.0) + self.icon_height
    }
}

fn draw(sheet: &mut Sheet<'_>, measured: &Measured<'_>, columns: &Columns, scale: &Scale, top: f64) {
    let theme = sheet.theme;
    let row = measured.row;
    let left = columns.icons.0;
    sheet.write(&measured.name, left, top, Along::Start, theme.ink);
    let y = top + measured.name.height();
    sheet.write(&measured.printed, left, y, Along::Start, theme.before_text);
    let y = y + measured.printed.height_and(4.0);
    if measured.is_bar {
        bar(sheet, row, columns.icons, y);
    } else {
        for person in 0..row.n {
            let (line, column) = (person / measured.per_line, person % measured.per_line);
            let half = measured.pitch / 2.0;
            let centre = (left + half + column as f64 * measured.pitch, y + half + line as f64 * measured.pitch);
            icon(sheet, centre, RADIUS * measured.pitch / PITCH, person < row.k);
        }
    }
    let share = row.k as f64 / row.n as f64;
    let top = top + if columns.is_stacked { measured.left() } else { 0.0 };
    for (i, one) in row.intervals.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * measured.line + 2.0;
        sheet.text(&one.method, (columns.methods, y), theme.small, theme.ink, (Along::Start, Across::Middle));
        // Some methods leave the range of a share; what cannot be is not drawn.
        let cut = clip::interval(one.interval.lower, one.interval.upper, scale.domain);
        sheet.line((scale.at(cut.lower), y), (scale.at(cut.upper), y), theme.line, 2.0);
        sheet.disc((scale.at(share), y), 4.2, theme.before);
        sheet.text(&one.printed, (columns.printed, y), theme.small, theme.ink, (Along::Start, Across::Middle));
    }
}

fn icon(sheet: &mut Sheet<'_>, centre: Point, radius: f64, has: bool) {
    let (filled, line, paper) = (sheet.theme.before, sheet.theme.line, sheet.theme.paper);
    if has {
        sheet.disc(centre, radius, filled);
    } else {
        sheet.disc(centre, radius, line);
        sheet.disc(centre, radius - 1.4, paper);
    }
}

fn bar(sheet: &mut Sheet<'_>, row: &IconRow, (left, right): (f64, f64), top: f64) {
    let (filled, rule) = (sheet.theme.before, sheet.theme.rule);
    let end = left + (right - left) * row.k as f64 / row.n as f64;
    let area = |from: f64, to: f64| vec![(from, top + 2.0), (to, top + 2.0), (to, top + 16.0), (from, top + 16.0)];
    sheet.area(area(left, right), rule);
    sheet.area(area(left, end), filled);
}

fn legend(sheet: &mut Sheet<'_>, chart: &Icons, top: f64) -> Result<f64, ChartError> {
    let (size, ink) = (sheet.theme.small, sheet.theme.ink);
    let mut lines = LegendLines::new(sheet, top, 0.0);
    for (text, has) in chart.legend.iter().zip([true, false]) {
        let block = sheet.block(text, size, sheet.inner_width() - 20.0)?;
        let (x, y) = lines.place((20.0 + block.width, block.height()), 21.0);
        icon(sheet, (x + 6.0, y + sheet.beside(size)), 5.5, has);
        sheet.write(&block, x + 17.0, y, Along::Start, ink);
    }
    Ok(lines.bottom() + 6.0)
}

fn axis(sheet: &mut Sheet<'_>, chart: &Icons, (scale, to): (&Scale, f64), y: f64) -> Result<f64, ChartError> {
    let theme = sheet.theme;
    let (left, right) = scale.range;
    sheet.line((left, y), (right, y), theme.line, 1.0);
    let parts = if right - left > 190.0 { 4.0 } else { 2.0 };
    let all = ticks_of(scale.domain, parts);
    let apart = if let [first, second, ..] = all[..] { 100.0 * (second - first) } else { 1.0 };
    for share in all {
        let x = scale.at(share);
        sheet.line((x, y), (x, y + 4.0), theme.line, 1.0);
        let text = number(100.0 * share, decimals(apart), false);
        sheet.text(&text, (x, y + 8.0), theme.small, theme.ink, (Along::Middle, Across::Top));
    }
    let below = y + 8.0 + theme.small * 1.2;
    let (low, high) = scale.domain;
    let places = decimals(100.0 * to);
    let ends = [low, high].map(|end| number(100.0 * end, if end == 0.0 || end == 1.0 { 0 } else { places }, false));
    let ends = ends.join("–");
    let title = match chart.caption.lang {
        _ if high - low >= 1.0 => chart.axis_title.clone(),
        Lang::En => format!("{}: {ends} of 0–100", chart.axis_title),
        Lang::Ja => format!("{}：0–100のうち{ends}", chart.axis_title),
    };
    let title = sheet.block(&title, theme.small, right - left)?;
    sheet.write(&title, (left + right) / 2.0, below, Along::Middle, theme.muted);
    Ok(below + title.height())
}
