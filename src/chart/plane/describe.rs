//! The chart in sentences, for those who do not see it.

use super::{Content, Dot, Frame, Plane};
use crate::chart::axes::Axis;
use crate::numeric::format::significant;
use crate::reported::Lang;

/// More data than this are counted and not listed.
const MOST: usize = 60;

/// Subtitle, facts, a sentence for each panel, and the source.
pub(super) fn chart(chart: &Plane) -> String {
    let mut lines = vec![chart.caption.subtitle.clone()];
    let told = || chart.panels.iter().map(|panel| &panel.remark).chain([&chart.caption.subtitle]);
    lines.extend(chart.facts.iter().filter(|fact| !told().any(|text| text.contains(fact.as_str()))).cloned());
    lines.extend(chart.panels.iter().map(|panel| sentence(panel, chart.caption.lang)));
    lines.push(chart.caption.source.clone());
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

fn sentence(panel: &Frame, lang: Lang) -> String {
    let (colon, comma, semicolon, stop) = match lang {
        Lang::En => (": ", ", ", "; ", "."),
        Lang::Ja => ("：", "、", "；", "。"),
    };
    let between = lang.choose(" to ", "〜");
    let names = [(lang.choose("x", "横軸"), &panel.x.title), (lang.choose("y", "縦軸"), &panel.y.title)];
    let titled = names.iter().filter(|(_, title)| !title.is_empty());
    let axes = titled.map(|(axis, title)| format!("{axis}{colon}{title}")).collect::<Vec<_>>().join(comma);
    let mut parts: Vec<String> = [&panel.heading, &axes].into_iter().filter(|part| !part.is_empty()).cloned().collect();
    for layer in &panel.layers {
        let said = match &layer.content {
            Content::Dots { dots, .. } => listed(dots.len(), lang, || {
                dots.iter().map(|dot| point(dot, panel, layer.origin)).collect::<Vec<_>>().join(comma)
            }),
            Content::Lines { lines, .. } => match lang {
                Lang::En => format!("{} lines", lines.len()),
                Lang::Ja => format!("{}本の線", lines.len()),
            },
            Content::Spans { spans, lying, .. } => listed(spans.len(), lang, || {
                let origin = if *lying { 0.0 } else { layer.origin };
                let one = |span: &super::Span| {
                    let [lower, upper] = [span.lower, span.upper].map(|end| short(end - origin));
                    format!("{} {lower}{between}{upper}", span.name)
                };
                spans.iter().map(one).collect::<Vec<_>>().join(comma)
            }),
            Content::Rule { at, .. } => short(*at),
            Content::Curve { points, .. } => match points.first() {
                Some((_, first)) if points.iter().all(|(_, y)| y == first) => short(first - layer.origin),
                _ => {
                    let one = |&(x, y): &(f64, f64)| format!("({}, {})", short(x), short(y - layer.origin));
                    some_of(points).map(one).collect::<Vec<_>>().join(comma)
                }
            },
            Content::Band { points } => {
                let one = |&(x, lower, upper): &(f64, f64, f64)| {
                    let [lower, upper] = [lower, upper].map(|end| short(end - layer.origin));
                    format!("{lower}{between}{upper} ({})", short(x))
                };
                some_of(points).map(one).collect::<Vec<_>>().join(comma)
            }
            Content::Area { .. } => continue,
        };
        // A layer of one thing may have its name.
        if !layer.name.is_empty() {
            let is_named = said.starts_with(&layer.name);
            parts.push(if is_named { said } else { format!("{}{colon}{said}", layer.name) });
        }
    }
    parts.extend(Some(panel.remark.clone()).filter(|remark| !remark.is_empty()));
    let sentence = parts.join(semicolon);
    // A remark may be a sentence of its own.
    if sentence.ends_with(stop) { sentence } else { sentence + stop }
}

fn listed(count: usize, lang: Lang, list: impl Fn() -> String) -> String {
    match lang {
        _ if count <= MOST => list(),
        Lang::En => format!("{count} data"),
        Lang::Ja => format!("{count}個"),
    }
}

fn point(dot: &Dot, panel: &Frame, origin: f64) -> String {
    let places = [coordinate(&panel.x, dot.x, 0.0, dot), coordinate(&panel.y, dot.y, origin, dot)];
    let place = places.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match (dot.name.is_empty(), place.is_empty()) {
        (true, _) => format!("({place})"),
        (false, true) => dot.name.clone(),
        (false, false) => format!("{} ({place})", dot.name),
    }
}

/// Where a point lies along an axis. A name that tells its place says it once, and a place beside the names of an axis
/// is there to keep marks apart.
fn coordinate(axis: &Axis, value: f64, origin: f64, dot: &Dot) -> Option<String> {
    match axis.name_at(value) {
        Some(name) if !dot.name.is_empty() && (dot.name.contains(name) || name.starts_with(&dot.name)) => None,
        Some(name) => Some(name.to_owned()),
        None => axis.names.is_empty().then(|| short(value - origin)),
    }
}

/// A few of the points of a curve, from one end to the other.
fn some_of<T>(points: &[T]) -> impl Iterator<Item = &T> {
    const FEW: usize = 5;
    let last = points.len().saturating_sub(1);
    let count = points.len().min(FEW);
    (0..count).map(move |at| &points[at * last / (count - 1).max(1)])
}

fn short(value: f64) -> String {
    match value {
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        value => significant(value, 3),
    }
}
