//! Panels in rows, and the legend above them.

use super::frame::{Plan, Plot};
use super::{Content, DASH, Dot, Frame, Layer, Plane, Shape, layers, names};
use crate::chart::ChartError;
use crate::chart::Style;
use crate::chart::legend::LegendLines;
use crate::chart::scene::{Point, Scene};
use crate::chart::sheet::Sheet;
use crate::chart::text::{Along, Fonts};

/// Width in pixels when the chart chooses: one, two, or more panels side by side.
const WIDTHS: [f64; 3] = [720.0, 1040.0, 1280.0];
/// Narrowest panel before a row takes fewer.
const LEAST_PANEL: f64 = 240.0;
/// The same in a picture too low for the usual.
const LEAST_TIGHT_PANEL: f64 = 160.0;
/// Space around a name under a plot, and the room of the labels at its sides.
const NAME_GAP: f64 = 6.0;
const AXIS: f64 = 60.0;
const LEAST_NAME_GAP: f64 = 2.0;
const LEAST_AXIS: f64 = 30.0;
/// Free space between panels, and between rows of them.
const GUTTER: f64 = 30.0;
const ROW_GAP: f64 = 22.0;
const LEAST_GUTTER: f64 = 16.0;
/// Least and greatest height of a plot when the chart chooses.
const HEIGHTS: (f64, f64) = (150.0, 900.0);
/// The least height of a plot in a picture whose height is given, before texts and free space become smaller and
/// when they have.
const LEAST_HEIGHTS: (f64, f64) = (140.0, 60.0);

/// A datum whose name stands nowhere: its panel, its place among the marks there, and its name.
type Unwritten = Vec<(usize, usize, String)>;

/// The chart, with a note on the names that find no room beside their marks.
pub(super) fn chart(chart: &Plane, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
    let mut without = Unwritten::new();
    loop {
        // The note may take room that a further name would have needed; names only ever become fewer.
        let (scene, found) = drawn(chart, fonts, style, &without)?;
        if found == without {
            return Ok(scene);
        }
        without = found;
    }
}

/// The chart without some names, and all that stay unwritten.
fn drawn(
    chart: &Plane,
    fonts: &Fonts<'_>,
    style: &Style,
    without: &Unwritten,
) -> Result<(Scene, Unwritten), ChartError> {
    if chart.panels.is_empty() {
        return Err(ChartError::Empty);
    }
    let side_by_side = chart.columns.clamp(1, chart.panels.len());
    let width = style.width_or(WIDTHS[side_by_side.min(3) - 1])?;
    let mut sheet = Sheet::new(fonts, &style.theme, width);
    let (gutter, row_gap) = (style.theme.between(LEAST_GUTTER, GUTTER), sheet.gap(ROW_GAP));
    let room = sheet.inner_width() + gutter;
    let fitting = |levels: f64| -> Result<usize, ChartError> {
        Ok(((room / (least_panel(&sheet, chart, levels)? + gutter)) as usize).max(1))
    };
    // Rather than one below the other, panels stand side by side with their names on two levels.
    let fitting = match fitting(1.0)? {
        1 => fitting(2.0)?,
        several => several,
    };
    let (rows, columns) = arranged(&chart.panels, side_by_side, fitting);
    let panel_width = room / columns as f64 - gutter;
    check_names(&sheet, chart)?;
    let caption = names::told(&chart.caption, without.iter().map(|(_, _, name)| name.as_str()));
    let y = sheet.heading(&caption)? + sheet.gap(6.0);
    let start = legend(&mut sheet, chart, y)? + sheet.gap(6.0);
    let plans: Vec<Vec<Plan<'_>>> = rows
        .iter()
        .map(|row| row.iter().map(|&panel| Plan::new(&sheet, panel, panel_width)).collect())
        .collect::<Result<_, _>>()?;
    let mut around = 0.0;
    for row in &plans {
        let (head, foot) = ends(&sheet, row)?;
        around += head + foot + row_gap;
    }
    // The notes are measured on a sheet that is thrown away.
    let mut trial = Sheet::new(fonts, &style.theme, width);
    let rest = trial.notes(start + around - row_gap + sheet.gap(16.0), &caption)?;
    // Where fewer stand side by side than are wanted, plots are no higher than those would be.
    let usual = WIDTHS[side_by_side.min(3) - 1] / side_by_side as f64;
    let widest = if columns < side_by_side { usual } else { f64::INFINITY };
    let height = plot_height(&sheet, chart, &plans, widest, style.height.map(|asked| (asked, rest)))?;
    let (mut top, mut unwritten) = (start, Unwritten::new());
    for (at, row) in plans.iter().enumerate() {
        let (head, foot) = ends(&sheet, row)?;
        for (i, plan) in row.iter().enumerate() {
            let left = sheet.left() + i as f64 * (panel_width + gutter);
            let plot = plan.plot(&sheet, left, top + head, height);
            let number = at * columns + i;
            let own: Vec<usize> = without.iter().filter(|(of, ..)| *of == number).map(|(_, mark, _)| *mark).collect();
            let found = panel(&mut sheet, plan, &plot, (left, top), &own)?;
            unwritten.extend(found.into_iter().map(|(mark, name)| (number, mark, name)));
        }
        top += head + height + foot + row_gap;
    }
    let end = sheet.notes(top - row_gap + sheet.gap(16.0), &caption)?;
    Ok((sheet.finish(style.height.unwrap_or(end).round()), unwritten))
}

/// The height of every plot, which is that of one no wider than `widest`; `asked` is the height of the picture, and what everything but the plots takes of it.
fn plot_height(
    sheet: &Sheet<'_>,
    chart: &Plane,
    plans: &[Vec<Plan<'_>>],
    widest: f64,
    asked: Option<(f64, f64)>,
) -> Result<f64, ChartError> {
    let all = || plans.iter().flatten();
    let inner = all().map(|plan| plan.inner(sheet)).fold(0.0, f64::max).min(widest);
    let (usual, tight) = LEAST_HEIGHTS;
    let needed = all().map(Plan::least_height).fold(sheet.theme.between(tight, usual), f64::max);
    let Some((asked, rest)) = asked else {
        return Ok((chart.aspect * inner).clamp(HEIGHTS.0, HEIGHTS.1).max(needed));
    };
    let height = (asked - rest) / plans.len() as f64;
    if height < needed {
        let least = rest + needed * plans.len() as f64;
        return Err(ChartError::TooLow { height: asked, least: least.ceil() });
    }
    Ok(height)
}

/// The rows of panels, and how many of them stand side by side where so many are wanted and so many fit. A panel
/// without a heading belongs to the one that stands above it, and stays there.
fn arranged(panels: &[Frame], wanted: usize, fitting: usize) -> (Vec<Vec<&Frame>>, usize) {
    let in_rows = |columns: usize| panels.chunks(columns).map(|row| row.iter().collect()).collect();
    let count = panels.len();
    let is_grid =
        count > wanted && count.is_multiple_of(wanted) && panels[wanted..].iter().all(|it| it.heading.is_empty());
    if wanted <= fitting {
        return (in_rows(wanted), wanted);
    }
    if !is_grid {
        // Rows of even length.
        let columns = count.div_ceil(count.div_ceil(fitting));
        return (in_rows(columns), columns);
    }
    let columns = wanted.div_ceil(wanted.div_ceil(fitting));
    let blocks = (0..wanted).step_by(columns);
    let of_block =
        |first: usize| panels.chunks(wanted).map(move |row| row.iter().skip(first).take(columns).collect::<Vec<_>>());
    (blocks.flat_map(of_block).collect(), columns)
}

/// The narrowest panel in which names under a plot keep their words whole, on so many levels where there are several.
fn least_panel(sheet: &Sheet<'_>, chart: &Plane, levels: f64) -> Result<f64, ChartError> {
    let theme = sheet.theme;
    let mut least = theme.between(LEAST_TIGHT_PANEL, LEAST_PANEL);
    let (gap, axis) = (theme.between(LEAST_NAME_GAP, NAME_GAP), theme.between(LEAST_AXIS, AXIS));
    for panel in &chart.panels {
        let names = &panel.x.names;
        for (_, name) in names {
            let word = sheet.least(name, sheet.theme.small)?;
            let levels = if names.len() > 2 { levels } else { 1.0 };
            least = least.max(names.len() as f64 / levels * (word + gap) + axis);
        }
    }
    // One panel alone is drawn in whatever room there is.
    Ok(least.min(sheet.inner_width()))
}

/// Room above and below the plots of a row.
fn ends(sheet: &Sheet<'_>, row: &[Plan<'_>]) -> Result<(f64, f64), ChartError> {
    let (mut head, mut foot) = (0.0_f64, 0.0_f64);
    for plan in row {
        head = head.max(plan.head());
        foot = foot.max(plan.foot(sheet)?);
    }
    Ok((head, foot))
}

/// Draws a panel, and gives the marks whose names stay unwritten: at least those in `without`.
fn panel(
    sheet: &mut Sheet<'_>,
    plan: &Plan<'_>,
    plot: &Plot,
    (left, top): Point,
    without: &[usize],
) -> Result<Vec<(usize, String)>, ChartError> {
    let is_area = |layer: &&Layer| matches!(layer.content, Content::Band { .. } | Content::Area { .. });
    let mut named: Vec<(&Dot, Point)> = Vec::new();
    // Areas lie below the guides, everything else above.
    for layer in plan.panel.layers.iter().filter(is_area) {
        layers::draw(sheet, plot, layer, &mut named);
    }
    plan.guides(sheet, plot);
    for layer in plan.panel.layers.iter().filter(|layer| !is_area(layer)) {
        layers::draw(sheet, plot, layer, &mut named);
    }
    let lines: Vec<Vec<Point>> = plan.panel.layers.iter().flat_map(|layer| layers::lines_of(plot, layer)).collect();
    let unwritten = names::write(sheet, plot, &named, &lines, without);
    plan.surround(sheet, plot, left, top)?;
    Ok(unwritten.into_iter().map(|mark| (mark, named[mark].0.name.clone())).collect())
}

/// Every name must be writable, since the description tells it, also where there is no room for it.
fn check_names(sheet: &Sheet<'_>, chart: &Plane) -> Result<(), ChartError> {
    for layer in chart.panels.iter().flat_map(|panel| &panel.layers) {
        if let Content::Dots { dots, .. } = &layer.content {
            dots.iter().filter(|dot| dot.named).try_for_each(|dot| sheet.fonts.prepare(&dot.name).map(|_| ()))?;
        }
    }
    Ok(())
}

/// Samples with names, each once; gives where they end.
fn legend(sheet: &mut Sheet<'_>, chart: &Plane, top: f64) -> Result<f64, ChartError> {
    let (size, ink) = (sheet.theme.small, sheet.theme.ink);
    let mut listed: Vec<&Layer> = Vec::new();
    for layer in chart.panels.iter().flat_map(|panel: &Frame| &panel.layers).filter(|layer| layer.listed) {
        if !listed.iter().any(|other| other.name == layer.name) {
            listed.push(layer);
        }
    }
    if listed.is_empty() {
        return Ok(top);
    }
    let (sample, room) = (24.0, sheet.inner_width());
    let mut lines = LegendLines::new(sheet, top, 2.0);
    for layer in listed {
        let block = sheet.block(&layer.name, size, room - sample - 6.0)?;
        let (x, y) = lines.place((sample + 6.0 + block.width, block.height()), 22.0);
        draw_sample(sheet, layer, (x, y + sheet.beside(size)), sample);
        sheet.write(&block, x + sample + 6.0, y, Along::Start, ink);
    }
    Ok(lines.bottom() + 6.0)
}

fn draw_sample(sheet: &mut Sheet<'_>, layer: &Layer, (x, y): Point, length: f64) {
    let colour = layer.ink.colour(sheet.theme);
    let (from, to) = ((x, y), (x + length, y));
    match &layer.content {
        Content::Dots { shape, .. } => {
            let radius = if *shape == Shape::Diamond { 4.0 } else { 4.6 };
            layers::mark(sheet, (x + length / 2.0, y), radius, *shape, colour);
        }
        Content::Curve { dashed: true, width, .. } => sheet.dashed(&[from, to], DASH, colour, *width),
        Content::Rule { dash, .. } => match dash.pattern() {
            Some(pattern) => sheet.dashed(&[from, to], pattern, colour, 1.2),
            None => sheet.line(from, to, colour, 1.2),
        },
        Content::Curve { width, .. } | Content::Spans { width, .. } | Content::Lines { width, .. } => {
            sheet.line(from, to, colour, *width);
        }
        Content::Band { .. } | Content::Area { .. } => {
            let (top, bottom) = (y - 5.0, y + 5.0);
            sheet.area(vec![(x, top), (x + length, top), (x + length, bottom), (x, bottom)], colour);
        }
    }
}
