//! Marginal means of a factor with more levels than names fit under a chart: a row for each.

use super::Look;
use super::fit::FitResult;
use super::forest::with_arrows_explained;
use super::means::{Mean, caption, is_share, response};
use super::visits::{is_of_time, tell_time};
use crate::chart::{Axis, Column, Forest, ForestRow, ForestScale, RowMark, TickNumbers};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::plain_number;
use crate::report::number::level_in;
use crate::reported::Lang;
use serde_json::Map;

/// The room that names have under a chart, in letters.
const LETTERS: usize = 110;

/// A row for each mean, where they are by one factor alone, whose levels are neither numbers nor times, and whose names
/// have no room beside each other; none otherwise.
pub fn means_in_rows(fit: &FitResult, lang: Lang) -> Option<Forest> {
    let all = fit.emmeans.as_deref()?;
    let factors = |mean: &Mean| mean.levels.iter().flat_map(Map::keys).cloned().collect::<Vec<String>>();
    let own = factors(all.first()?);
    let [factor] = &own[..] else { return None };
    let names: Vec<String> = all.iter().map(|mean| mean.level(factor)).collect();
    let is_time = is_of_time(factor) || tell_time(&names) || names.iter().all(|name| plain_number(name).is_some());
    if is_time || all.iter().any(|mean| factors(mean) != own) || fits_beside(&names) {
        return None;
    }
    let link = fit.link().ok()?;
    let drawn = all.iter().zip(&names).filter_map(|(mean, name)| {
        let ends = [mean.ci?[0]?, mean.ci?[1]?].map(|end| link.inverse(end));
        let ci = Interval { lower: ends[0].min(ends[1]), upper: ends[0].max(ends[1]) };
        Some((name.clone(), link.inverse(mean.estimate?), ci))
    });
    let drawn: Vec<(String, f64, Interval)> = drawn.collect();
    let intervals: Vec<_> = drawn.iter().map(|(_, mean, ci)| (*mean, ci.ends())).collect();
    let digits = Look::default().digits_of_column(drawn.iter().map(|of| of.2.width()), &intervals, &[]);
    let row = |(name, mean, ci): (String, f64, Interval)| ForestRow {
        cells: vec![name, digits.with_interval(mean, ci.ends())],
        mark: RowMark::Study { estimate: mean, ci: Some(ci), weight: None, fitted: None },
    };
    let rows = drawn.into_iter().map(row).collect();
    let response = response(fit, lang);
    let ci = level_in(lang, fit.level.unwrap_or(0.95));
    let ticks = if is_share(fit) { TickNumbers::Shares(lang) } else { TickNumbers::Plain };
    Some(with_arrows_explained(Forest {
        caption: caption(fit, &response, &own, link, lang),
        left: vec![Column { heading: factor.clone(), numeric: false, spare: false }],
        right: vec![Column {
            heading: match lang {
                Lang::En => format!("Mean [{ci} CI]"),
                Lang::Ja => format!("平均 [{ci}信頼区間]"),
            },
            numeric: true,
            spare: false,
        }],
        rows,
        scale: ForestScale { axis: Axis { ticks, ..Axis::linear(response) }, reference: None, summary: None },
    }))
}

/// Whether the longest word of any name has room in its share of the width.
fn fits_beside(names: &[String]) -> bool {
    let words = names.iter().flat_map(|name| name.split([' ', '-', '_', '/']));
    let longest = words.map(|word| word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()).max().unwrap_or(0);
    (longest + 1) * names.len() <= LETTERS
}
