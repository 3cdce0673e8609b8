//! Layers drawn into a plot: every line is cut at the edges, what goes on beyond them ends in an arrow.

use super::frame::Plot;
use super::{Content, DASH, Dot, Layer, Shape, Span};
use crate::chart::clip;
use crate::chart::scene::Point;
use crate::chart::sheet::{Heading, Sheet};
use crate::chart::theme::Colour;

/// Draws a layer; names of its data are remembered for later.
pub(super) fn draw<'l>(sheet: &mut Sheet<'_>, plot: &Plot, layer: &'l Layer, names: &mut Vec<(&'l Dot, Point)>) {
    let colour = layer.ink.colour(sheet.theme);
    let at = |(x, y): (f64, f64)| (plot.x.at(x + layer.beside), plot.y.at(y));
    match &layer.content {
        Content::Dots { dots, shape } => {
            for dot in dots {
                let place = at((dot.x + dot.beside, dot.y));
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
            let beside = if *lying { 0.0 } else { layer.beside };
            spans.iter().for_each(|one| span(sheet, plot, one, *lying, (beside, *width), colour));
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

fn span(sheet: &mut Sheet<'_>, plot: &Plot, span: &Span, lying: bool, (beside, width): (f64, f64), colour: Colour) {
    let (scale, other) = if lying { (&plot.x, &plot.y) } else { (&plot.y, &plot.x) };
    let cut = clip::interval(span.lower, span.upper, scale.domain);
    let across = other.at(span.at + beside);
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

/// The lines of a layer that names keep clear of: curves, straight lines and intervals, not the many thin ones.
pub(super) fn lines_of(plot: &Plot, layer: &Layer) -> Vec<Vec<Point>> {
    let at = |(x, y): &(f64, f64)| (plot.x.at(*x + layer.beside), plot.y.at(*y));
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
