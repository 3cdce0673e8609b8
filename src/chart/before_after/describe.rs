//! The chart in sentences, for those who do not see it.

use super::{BeforeAfter, LabelledInterval, Panel};
use crate::chart::axis::number;
use crate::numeric::format::decimals_for;
use crate::reported::{Direction, Lang};

/// What lower or higher means, with the arrow that points the good way.
pub(super) fn direction(better: Direction, lang: Lang) -> &'static str {
    match (better, lang) {
        (Direction::LowerIsBetter, Lang::En) => "↓ lower is better",
        (Direction::HigherIsBetter, Lang::En) => "↑ higher is better",
        (Direction::LowerIsBetter, Lang::Ja) => "↓ 低いほど良い",
        (Direction::HigherIsBetter, Lang::Ja) => "↑ 高いほど良い",
    }
}

/// The outcome with its unit in the parentheses of the language.
pub(super) fn outcome(panel: &Panel, lang: Lang) -> String {
    match (panel.unit.as_deref().filter(|unit| !unit.trim().is_empty()), lang) {
        (None, _) => panel.outcome.clone(),
        (Some(unit), Lang::En) => format!("{} ({unit})", panel.outcome),
        (Some(unit), Lang::Ja) => format!("{}（{unit}）", panel.outcome),
    }
}

/// Subtitle, a sentence for each panel, and the source.
pub(super) fn chart(chart: &BeforeAfter) -> String {
    let mut sentences = vec![chart.caption.subtitle.clone()];
    sentences.extend(chart.panels.iter().map(|panel| sentence(panel, chart.caption.lang)));
    sentences.push(chart.caption.source.clone());
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences.join("\n")
}

fn sentence(panel: &Panel, lang: Lang) -> String {
    let (colon, comma, semicolon, stop) = match lang {
        Lang::En => (": ", ", ", "; ", "."),
        Lang::Ja => ("：", "、", "；", "。"),
    };
    let mut head = vec![outcome(panel, lang)];
    head.extend(panel.n.iter().map(|n| format!("n = {n}")));
    head.extend(panel.better.map(|better| direction(better, lang).trim_start_matches(['↓', '↑', ' ']).to_owned()));
    let difference = &panel.difference;
    let values = [
        format!("{} {}", panel.before.label, panel.before.printed),
        format!("{} {}", panel.after.label, panel.after.printed),
        format!("{} {}", difference.label, difference.printed),
    ];
    let mut parts = vec![format!("{}{colon}{}", head.join(comma), values.join(comma))];
    if !difference.intervals.is_empty() {
        let decimals = places(&difference.intervals);
        let list: Vec<String> = difference
            .intervals
            .iter()
            .map(|interval| format!("{}{colon}{}", interval.label, range(interval, decimals, lang)))
            .collect();
        parts.push(format!("{} {}", difference.intervals_title, list.join(comma)));
    }
    parts.extend(difference.absent.clone());
    parts.extend(panel.remark.clone());
    let text = parts.join(semicolon);
    if text.ends_with(['.', '。']) { text } else { text + stop }
}

/// Decimals that give the widest interval three significant digits; one count for all of them.
fn places(intervals: &[LabelledInterval]) -> usize {
    let widths = intervals.iter().map(|labelled| labelled.interval.width());
    let widest = widths.filter(|width| width.is_finite()).fold(0.0, f64::max);
    decimals_for(widest, 3)
}

fn range(interval: &LabelledInterval, decimals: usize, lang: Lang) -> String {
    let end = |value: f64| match value {
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        value => number(value, decimals, false),
    };
    let to = match lang {
        Lang::En => " to ",
        Lang::Ja => "〜",
    };
    format!("{}{to}{}", end(interval.interval.lower), end(interval.interval.upper))
}
