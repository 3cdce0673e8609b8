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
    lines.extend(chart.facts.iter().cloned());
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
    let axes = match lang {
        Lang::En => format!("x: {}, y: {}", panel.x.title, panel.y.title),
        Lang::Ja => format!("横軸：{}、縦軸：{}", panel.x.title, panel.y.title),
    };
    let mut parts: Vec<String> = [&panel.heading, &axes].into_iter().filter(|part| !part.is_empty()).cloned().collect();
    for layer in &panel.layers {
        let said = match &layer.content {
            Content::Dots { dots, .. } => listed(dots.len(), lang, || {
                dots.iter().map(|dot| point(dot, &panel.x, layer.origin)).collect::<Vec<_>>().join(comma)
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
            Content::Curve { .. } | Content::Band { .. } | Content::Area { .. } => continue,
        };
        if !layer.name.is_empty() {
            parts.push(format!("{}{colon}{said}", layer.name));
        }
    }
    parts.extend(Some(panel.remark.clone()).filter(|remark| !remark.is_empty()));
    parts.join(semicolon) + stop
}

fn listed(count: usize, lang: Lang, list: impl Fn() -> String) -> String {
    match lang {
        _ if count <= MOST => list(),
        Lang::En => format!("{count} data"),
        Lang::Ja => format!("{count}個"),
    }
}

fn point(dot: &Dot, x: &Axis, origin: f64) -> String {
    let y = short(dot.y - origin);
    let place = match x.name_at(dot.x) {
        // A name that tells its place says it once.
        Some(name) if dot.name.contains(name) => format!("({y})"),
        Some(name) => format!("({name}, {y})"),
        None => format!("({}, {y})", short(dot.x)),
    };
    if dot.name.is_empty() { place } else { format!("{} {place}", dot.name) }
}

fn short(value: f64) -> String {
    match value {
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        value => significant(value, 3),
    }
}
