//! The chart in sentences, for those who do not see it.

use super::{Ensemble, Joint, Side};
use crate::numeric::format::significant;
use crate::reported::Lang;

/// Subtitle, two sentences for each panel, and the source.
pub(super) fn chart(chart: &Ensemble) -> String {
    let mut lines = vec![chart.caption.subtitle.clone()];
    lines.extend(chart.panels.iter().map(|panel| sentence(panel, chart.caption.lang)));
    lines.push(chart.caption.source.clone());
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

fn sentence(panel: &Joint, lang: Lang) -> String {
    let (colon, semicolon) = match lang {
        Lang::En => (": ", "; "),
        Lang::Ja => ("：", "；"),
    };
    let mut parts = vec![format!("{}{colon}{}", panel.outcome, panel.facts)];
    parts.extend(panel.sides().map(|(side, _)| facts(side, lang)));
    parts.extend(panel.remark.clone());
    parts.join(semicolon)
}

fn facts(side: &Side, lang: Lang) -> String {
    let (colon, comma, people) = match lang {
        Lang::En => (": ", ", ", " × "),
        Lang::Ja => ("：", "、", "人が"),
    };
    let bars: Vec<String> = side
        .bars
        .iter()
        .map(|bar| match bar.range {
            Some((least, most)) if least == most => format!("{least}{people}{}", bar.label),
            Some((least, most)) => format!("{least}–{most}{people}{}", bar.label),
            None => format!("{}{people}{}", significant(bar.mean, 2), bar.label),
        })
        .collect();
    format!("{} {}{comma}{}{colon}{}", side.label, side.printed, side.count, bars.join(comma))
}
