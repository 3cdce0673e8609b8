//! Panels in rows, and the legend above them.

use super::frame::{Plan, Plot};
use super::{Content, DASH, Dot, Frame, Layer, Plane, Shape, layers, names};
use crate::chart::ChartError;
use crate::chart::Style;
use crate::chart::scene::{Point, Scene};
use crate::chart::sheet::{MARGIN, Sheet};
use crate::chart::text::{Along, Fonts};

/// Width in pixels when the chart chooses: one, two, or more panels side by side.
const WIDTHS: [f64; 3] = [720.0, 1040.0, 1280.0];
/// Narrowest panel before a row takes fewer.
const LEAST_PANEL: f64 = 240.0;
/// Space around a name under a plot, and the room of the labels at its sides.
const NAME_GAP: f64 = 6.0;
const AXIS: f64 = 60.0;
/// Free space between panels, and between rows of them.
const GUTTER: f64 = 30.0;
const ROW_GAP: f64 = 22.0;
/// Least and greatest height of a plot when the chart chooses.
const HEIGHTS: (f64, f64) = (150.0, 900.0);
/// The least height of a plot in a picture whose height is given.
const LEAST_HEIGHT: f64 = 60.0;

pub(super) fn chart(chart: &Plane, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
    if chart.panels.is_empty() {
        return Err(ChartError::Empty);
    }
    let side_by_side = chart.columns.clamp(1, chart.panels.len());
    let width = style.width_or(WIDTHS[side_by_side.min(3) - 1])?;
    let room = width - 2.0 * MARGIN + GUTTER;
    let mut sheet = Sheet::new(fonts, &style.theme, width);
    let fitting = ((room / (least_panel(&sheet, chart)? + GUTTER)) as usize).max(1);
    // Rows of even length.
    let rows = chart.panels.len().div_ceil(side_by_side.min(fitting));
    let columns = if side_by_side <= fitting { side_by_side } else { chart.panels.len().div_ceil(rows) };
    let panel_width = room / columns as f64 - GUTTER;
    check_names(&sheet, chart)?;
    let y = sheet.heading(&chart.caption)? + 6.0;
    let start = legend(&mut sheet, chart, y)? + 6.0;
    let plans: Vec<Vec<Plan<'_>>> = chart
        .panels
        .chunks(columns)
        .map(|row| row.iter().map(|panel| Plan::new(&sheet, panel, panel_width)).collect())
        .collect::<Result<_, _>>()?;
    let mut around = 0.0;
    for row in &plans {
        let (head, foot) = ends(&sheet, row)?;
        around += head + foot + ROW_GAP;
    }
    let inner = plans.iter().flatten().map(|plan| plan.inner(&sheet)).fold(0.0, f64::max);
    let needed = plans.iter().flatten().map(Plan::least_height).fold(LEAST_HEIGHT, f64::max);
    let natural = (chart.aspect * inner).clamp(HEIGHTS.0, HEIGHTS.1).max(needed);
    let height = match style.height {
        None => natural,
        Some(asked) => {
            // The notes are measured on a sheet that is thrown away.
            let mut trial = Sheet::new(fonts, &style.theme, width);
            let rest = trial.notes(start + around - ROW_GAP + 16.0, &chart.caption)?;
            let height = (asked - rest) / plans.len() as f64;
            if height < needed {
                let least = rest + needed * plans.len() as f64;
                return Err(ChartError::TooLow { height: asked, least: least.ceil() });
            }
            height
        }
    };
    let mut top = start;
    for row in &plans {
        let (head, foot) = ends(&sheet, row)?;
        for (i, plan) in row.iter().enumerate() {
            let left = MARGIN + i as f64 * (panel_width + GUTTER);
            let plot = plan.plot(&sheet, left, top + head, height);
            panel(&mut sheet, plan, &plot, (left, top))?;
        }
        top += head + height + foot + ROW_GAP;
    }
    let end = sheet.notes(top - ROW_GAP + 16.0, &chart.caption)?;
    Ok(sheet.finish(style.height.unwrap_or(end).round()))
}

/// The narrowest panel in which names under a plot keep their words whole.
fn least_panel(sheet: &Sheet<'_>, chart: &Plane) -> Result<f64, ChartError> {
    let mut least = LEAST_PANEL;
    for panel in &chart.panels {
        let names = &panel.x.names;
        for (_, name) in names {
            let word = sheet.least(name, sheet.theme.small)?;
            least = least.max(names.len() as f64 * (word + NAME_GAP) + AXIS);
        }
    }
    // One panel alone is drawn in whatever room there is.
    Ok(least.min(sheet.width - 2.0 * MARGIN))
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

fn panel(sheet: &mut Sheet<'_>, plan: &Plan<'_>, plot: &Plot, (left, top): Point) -> Result<(), ChartError> {
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
    names::write(sheet, plot, &named, &lines);
    plan.surround(sheet, plot, left, top)
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
    let (sample, room) = (24.0, sheet.width - 2.0 * MARGIN);
    let (mut x, mut y, mut line) = (MARGIN, top, 0.0_f64);
    for layer in listed {
        let block = sheet.block(&layer.name, size, room - sample - 6.0)?;
        let width = sample + 6.0 + block.width;
        if x > MARGIN && x + width > MARGIN + room {
            (x, y, line) = (MARGIN, y + line + 2.0, 0.0);
        }
        draw_sample(sheet, layer, (x, y + size * 0.68), sample);
        sheet.write(&block, x + sample + 6.0, y, Along::Start, ink);
        line = line.max(block.height());
        x += width + 22.0;
    }
    Ok(y + line + 6.0)
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
