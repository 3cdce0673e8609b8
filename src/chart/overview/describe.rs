//! The chart in sentences, for those who do not see it.

use super::{Overview, Row};
use crate::reported::Lang;

/// Subtitle, a sentence for each row, and the source.
pub(super) fn chart(chart: &Overview) -> String {
    let (colon, stop) = match chart.caption.lang {
        Lang::En => (": ", "."),
        Lang::Ja => ("：", "。"),
    };
    let mut lines = vec![chart.caption.subtitle.clone()];
    for group in &chart.groups {
        let texts: Vec<String> = if group.rows.is_empty() {
            vec![group.absent.clone()]
        } else {
            group.rows.iter().map(|row| sentence(row, &chart.axis_title, chart.caption.lang)).collect()
        };
        for text in texts {
            let end = if text.ends_with(['.', '。']) { "" } else { stop };
            lines.push(format!("{}{colon}{text}{end}", group.name));
        }
    }
    lines.push(chart.caption.source.clone());
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

fn sentence(row: &Row, axis: &str, lang: Lang) -> String {
    let (comma, semicolon) = match lang {
        Lang::En => (", ", "; "),
        Lang::Ja => ("、", "；"),
    };
    let mut facts = vec![row.outcome.clone(), row.printed.clone()];
    facts.extend(row.n.iter().map(|n| format!("n = {n}")));
    let mut parts = vec![facts.join(comma), format!("{axis} {}", row.estimate)];
    parts.extend(row.remark.clone());
    parts.join(semicolon)
}
