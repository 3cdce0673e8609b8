//! Layers drawn into a plot: every line is cut at the edges, what goes on beyond them ends in an arrow.

use super::frame::Plot;
use super::{Content, DASH, Dot, Layer, Shape, Span};
use crate::chart::clip;
use crate::chart::scene::Point;
use crate::chart::sheet::{Heading, Sheet};
use crate::chart::text::{Across, Along};
use crate::chart::theme::Colour;

/// Distance of a name from its mark.
const NAME_SPACE: f64 = 4.0;

/// More data than these leave no room for names, and looking for it would take the square of their number.
const MOST_NAMED: usize = 1000;

/// A rectangle that is taken: left, top, right, bottom.
type Box4 = [f64; 4];

/// Draws a layer; names of its data are remembered for later.
pub(super) fn draw<'l>(sheet: &mut Sheet<'_>, plot: &Plot, layer: &'l Layer, names: &mut Vec<(&'l Dot, Point)>) {
    let colour = layer.ink.colour(sheet.theme);
    let at = |(x, y): (f64, f64)| (plot.x.at(x), plot.y.at(y));
    match &layer.content {
        Content::Dots { dots, shape } => {
            for dot in dots {
                let place = at((dot.x, dot.y));
                match beyond(plot, place) {
                    None => {
                        mark(sheet, place, dot.radius, *shape, colour);
                        names.push((dot, place));
                    }
                    Some((edge, heading)) => sheet.arrow(edge, heading, colour),
                }
            }
        }
        Content::Curve { points, width, dashed } => {
            let points: Vec<Point> = points.iter().copied().map(at).collect();
            for piece in cut(plot, &points) {
                if *dashed {
                    sheet.dashed(&piece, DASH, colour, *width);
                } else {
                    sheet.polyline(piece, colour, *width);
                }
            }
        }
        Content::Lines { lines, width } => {
            for (_, points) in lines {
                let points: Vec<Point> = points.iter().copied().map(at).collect();
                cut(plot, &points).into_iter().for_each(|piece| sheet.polyline(piece, colour, *width));
                // A single observation makes no line, and must not vanish.
                if let ([only], None) = (&points[..], points.first().and_then(|point| beyond(plot, *point))) {
                    sheet.disc(*only, width + 0.8, colour);
                }
            }
        }
        Content::Band { points } => {
            let lower = points.iter().map(|(x, lower, _)| at((*x, *lower)));
            let upper = points.iter().rev().map(|(x, _, upper)| at((*x, *upper)));
            fill(sheet, plot, lower.chain(upper).collect(), colour);
        }
        Content::Area { corners } => fill(sheet, plot, corners.iter().copied().map(at).collect(), colour),
        Content::Spans { spans, lying, width } => {
            spans.iter().for_each(|one| span(sheet, plot, one, *lying, *width, colour));
        }
        Content::Rule { at: value, upright, dash } => {
            let ends = if *upright {
                let x = plot.x.at(*value);
                [(x, plot.bottom), (x, plot.top)]
            } else {
                let y = plot.y.at(*value);
                [(plot.left, y), (plot.right, y)]
            };
            for piece in cut(plot, &ends) {
                match dash.pattern() {
                    Some(pattern) => sheet.dashed(&piece, pattern, colour, 1.2),
                    None => sheet.polyline(piece, colour, 1.2),
                }
            }
        }
    }
}

/// A mark of a shape.
pub(super) fn mark(sheet: &mut Sheet<'_>, (x, y): Point, radius: f64, shape: Shape, colour: Colour) {
    match shape {
        Shape::Disc => sheet.disc((x, y), radius, colour),
        Shape::Ring => {
            sheet.disc((x, y), radius, colour);
            sheet.disc((x, y), (radius - 1.4).max(0.4 * radius), sheet.theme.paper);
        }
        Shape::Square => sheet.square((x, y), radius * 0.886, colour),
        Shape::Diamond => sheet.diamond((x, y), radius * 1.253, colour),
        Shape::Triangle => {
            let half = 1.347 * radius;
            let low = y + half * 0.577;
            sheet.area(vec![(x - half, low), (x + half, low), (x, low - half * 1.732)], colour);
        }
    }
}

/// Where a mark that has no place in the plot is shown as an arrow.
fn beyond(plot: &Plot, (x, y): Point) -> Option<(Point, Heading)> {
    let slack = 0.01;
    let inside = (x.clamp(plot.left, plot.right), y.clamp(plot.top, plot.bottom));
    if x < plot.left - slack {
        Some((inside, Heading::Left))
    } else if x > plot.right + slack {
        Some((inside, Heading::Right))
    } else if y < plot.top - slack {
        Some((inside, Heading::Up))
    } else if y > plot.bottom + slack {
        Some((inside, Heading::Down))
    } else {
        None
    }
}

/// The pieces of a line inside the plot.
fn cut(plot: &Plot, points: &[Point]) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = clip::segment(pair[0], pair[1], (plot.left, plot.top), (plot.right, plot.bottom)) else {
            continue;
        };
        match pieces.last_mut().filter(|piece| piece.last() == Some(&from)) {
            Some(piece) => piece.push(to),
            None => pieces.push(vec![from, to]),
        }
    }
    pieces
}

fn fill(sheet: &mut Sheet<'_>, plot: &Plot, corners: Vec<Point>, colour: Colour) {
    let inside = clip::polygon(&corners, (plot.left, plot.top), (plot.right, plot.bottom));
    if inside.len() > 2 {
        sheet.area(inside, colour);
    }
}

fn span(sheet: &mut Sheet<'_>, plot: &Plot, span: &Span, lying: bool, width: f64, colour: Colour) {
    let (scale, other) = if lying { (&plot.x, &plot.y) } else { (&plot.y, &plot.x) };
    let cut = clip::interval(span.lower, span.upper, scale.domain);
    let across = other.at(span.at);
    let place = |value: f64| if lying { (value, across) } else { (across, value) };
    let (from, to) = (scale.at(cut.lower), scale.at(cut.upper));
    // The line ends inside its arrowhead, not before its tip.
    let inwards = (to - from).signum() * 4.0;
    let start = from + if cut.below { inwards } else { 0.0 };
    let end = to - if cut.above { inwards } else { 0.0 };
    sheet.line(place(start), place(end), colour, width);
    let grows = scale.range.1 > scale.range.0;
    let (down, up) = match (lying, grows) {
        (true, true) => (Heading::Left, Heading::Right),
        (true, false) => (Heading::Right, Heading::Left),
        (false, true) => (Heading::Up, Heading::Down),
        (false, false) => (Heading::Down, Heading::Up),
    };
    if cut.below {
        sheet.arrow(place(from), down, colour);
    }
    if cut.above {
        sheet.arrow(place(to), up, colour);
    }
}

/// Writes the names of data beside their marks, each where it meets no other text, no mark and no line, and
/// is nearer to its own mark than to any other; a name without such a place stays unwritten.
pub(super) fn names(sheet: &mut Sheet<'_>, plot: &Plot, marks: &[(&Dot, Point)], lines: &[Vec<Point>]) {
    if marks.len() > MOST_NAMED {
        return;
    }
    let size = sheet.theme.small;
    let ink = sheet.theme.ink;
    let mut taken: Vec<Box4> =
        marks.iter().map(|(dot, (x, y))| [x - dot.radius, y - dot.radius, x + dot.radius, y + dot.radius]).collect();
    for (number, (dot, place)) in marks.iter().enumerate().filter(|(_, (dot, _))| dot.named) {
        let Ok(text) = sheet.fonts.prepare(&dot.name) else { continue };
        let width = sheet.fonts.width(&text, size);
        let fits = |&(at, along): &(Point, Along)| {
            let area = text_area(at, along, width, size);
            let inside = area[0] >= plot.left && area[2] <= plot.right && area[1] >= plot.top && area[3] <= plot.bottom;
            let others = marks.iter().enumerate().filter(|(other, _)| *other != number);
            let own = distance(&area, *place) - dot.radius;
            inside
                && !taken.iter().any(|other| meets(&area, other))
                && !lines.iter().any(|line| crosses(line, &area))
                && others.into_iter().all(|(_, (other, at))| distance(&area, *at) - other.radius > own)
        };
        if let Some((at, along)) = places(*place, dot.radius + NAME_SPACE, size).into_iter().find(fits) {
            sheet.text(&text, at, size, ink, (along, Across::Middle));
            taken.push(text_area(at, along, width, size));
        }
    }
}

/// Where a name can stand: right, left, above, below, and at the corners.
fn places((x, y): Point, reach: f64, size: f64) -> [(Point, Along); 8] {
    let (up, down) = (y - reach - 0.4 * size, y + reach + 0.4 * size);
    let aside = 0.7 * reach;
    [
        ((x + reach, y), Along::Start),
        ((x - reach, y), Along::End),
        ((x, up), Along::Middle),
        ((x, down), Along::Middle),
        ((x + aside, up + 0.3 * reach), Along::Start),
        ((x + aside, down - 0.3 * reach), Along::Start),
        ((x - aside, up + 0.3 * reach), Along::End),
        ((x - aside, down - 0.3 * reach), Along::End),
    ]
}

fn text_area(at: Point, along: Along, width: f64, size: f64) -> Box4 {
    let left = match along {
        Along::Start => at.0,
        Along::Middle => at.0 - width / 2.0,
        Along::End => at.0 - width,
    };
    [left, at.1 - 0.65 * size, left + width, at.1 + 0.65 * size]
}

/// How far a point is from a rectangle; 0 inside.
fn distance(area: &Box4, (x, y): Point) -> f64 {
    let aside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    aside(x, area[0], area[2]).hypot(aside(y, area[1], area[3]))
}

/// Whether a line runs through a rectangle.
fn crosses(line: &[Point], area: &Box4) -> bool {
    let corners = ((area[0], area[1]), (area[2], area[3]));
    line.windows(2).any(|pair| clip::segment(pair[0], pair[1], corners.0, corners.1).is_some())
}

/// The lines of a layer that names keep clear of: curves, straight lines and intervals, not the many thin ones.
pub(super) fn lines_of(plot: &Plot, layer: &Layer) -> Vec<Vec<Point>> {
    let at = |(x, y): &(f64, f64)| (plot.x.at(*x), plot.y.at(*y));
    match &layer.content {
        Content::Curve { points, .. } => vec![points.iter().map(at).collect()],
        Content::Rule { at: value, upright: true, .. } => {
            let x = plot.x.at(*value);
            vec![vec![(x, plot.bottom), (x, plot.top)]]
        }
        Content::Rule { at: value, .. } => {
            let y = plot.y.at(*value);
            vec![vec![(plot.left, y), (plot.right, y)]]
        }
        Content::Spans { spans, lying, .. } => {
            // An end that is infinite is that of the plot.
            let end = |span: &Span, value: f64| {
                let (x, y) = if *lying { at(&(value, span.at)) } else { at(&(span.at, value)) };
                (x.clamp(plot.left, plot.right), y.clamp(plot.top, plot.bottom))
            };
            spans.iter().map(|span| vec![end(span, span.lower), end(span, span.upper)]).collect()
        }
        _ => Vec::new(),
    }
}

fn meets(a: &Box4, b: &Box4) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
