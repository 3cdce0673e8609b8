//! The plotted numbers as a table.

use super::{Content, Frame, Layer, Plane};
use crate::chart::drawn::Plotted;

/// One row a datum: panel, series, name, x, y, lower and upper end.
pub(super) fn table(chart: &Plane) -> Plotted {
    let mut table = Plotted::new(&["panel", "series", "name", "x", "y", "lower", "upper"]);
    for panel in &chart.panels {
        for layer in &panel.layers {
            rows(panel, layer, &mut table);
        }
    }
    table
}

fn rows(panel: &Frame, layer: &Layer, table: &mut Plotted) {
    let is_lying = matches!(layer.content, Content::Spans { lying: true, .. });
    // Places along y as values: all but x, and but the ends of what lies along x.
    let mut put = |name: &str, [x, y, lower, upper]: [Option<f64>; 4]| {
        let value = |place: Option<f64>| place.map(|place| place - layer.origin);
        let ends = if is_lying { [lower, upper] } else { [value(lower), value(upper)] };
        // A place with a name has no number that says more.
        let name = if name.is_empty() { x.and_then(|x| panel.x.name_at(x)).unwrap_or_default() } else { name };
        table.row(&[&panel.heading, &layer.name, name], &[x, value(y), ends[0], ends[1]]);
    };
    match &layer.content {
        Content::Dots { dots, .. } => {
            dots.iter().for_each(|dot| put(&dot.name, [Some(dot.x), Some(dot.y), None, None]));
        }
        Content::Curve { points, .. } | Content::Area { corners: points } => {
            points.iter().for_each(|(x, y)| put("", [Some(*x), Some(*y), None, None]));
        }
        Content::Lines { lines, .. } => {
            for (name, points) in lines {
                points.iter().for_each(|(x, y)| put(name, [Some(*x), Some(*y), None, None]));
            }
        }
        Content::Band { points } => {
            points.iter().for_each(|(x, lower, upper)| put("", [Some(*x), None, Some(*lower), Some(*upper)]));
        }
        Content::Spans { spans, lying, .. } => {
            for span in spans {
                let at = Some(span.at);
                let (x, y) = if *lying { (None, at) } else { (at, None) };
                put(&span.name, [x, y, Some(span.lower), Some(span.upper)]);
            }
        }
        Content::Rule { at, upright, .. } => {
            put("", if *upright { [Some(*at), None, None, None] } else { [None, Some(*at), None, None] });
        }
    }
}
