//! What follows from counts, for people.

use super::between::number_needed;
use super::document::{Align, Document, Table};
use super::number::{decimals_for, fixed, level_text, p_is, plain, significant};
use crate::effect::common_language::NumberNeeded;
use crate::effect::counts::Intervals;
use crate::effect::counts::pairs::Pairs;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::numeric::interval::Interval;

/// Estimates with the name of what they are of.
pub type Named = Vec<(&'static str, Intervals)>;

/// The rates and their ratio.
pub fn rates_of(first: Rate, ratio: Option<&RateRatio>, level: f64) -> Named {
    let mut all = vec![("rate 1", first.intervals(level))];
    if let Some(ratio) = ratio {
        all.push(("rate 2", ratio.second.intervals(level)));
        all.push(("rate ratio", ratio.intervals(level)));
    }
    all
}

/// The measures of a 2×2 table.
pub fn table_of(table: &TwoByTwo, level: f64) -> Named {
    vec![("RR", table.risk_ratio(level)), ("OR", table.odds_ratio(level)), ("RD", table.risk_difference(level))]
}

/// The measures of a table of pairs.
pub fn pairs_of(pairs: &Pairs, level: f64) -> Named {
    vec![("difference", pairs.difference(level)), ("odds ratio", pairs.odds_ratio(level))]
}

fn intervals(named: &Named, level: f64) -> (Table, Vec<String>) {
    let ci = format!("{} CI", level_text(level));
    let columns = [("", Align::Left), ("estimate", Align::Right), (ci.as_str(), Align::Left), ("by", Align::Left)];
    let (mut table, mut notes) = (Table::new(&columns), Vec::new());
    for (name, of) in named {
        let estimate = of.estimate.map_or_else(|| "—".to_owned(), |estimate| significant(estimate, 3));
        for (position, (method, range)) in of.by.iter().enumerate() {
            let (name, estimate) = if position == 0 { (*name, estimate.as_str()) } else { ("", "") };
            table.row([name, estimate, &ends(*range), method]);
        }
        if of.by.is_empty() {
            table.row([*name, &estimate, "—", ""]);
        }
        notes.extend(of.notes.iter().map(|note| format!("{name}: {note}")));
    }
    (table, notes)
}

/// Both ends with three significant digits each: those of ratios are of different size.
fn ends(range: Interval) -> String {
    // A narrow interval needs the digits that tell its ends apart.
    let apart = if range.is_finite() && range.width() > 0.0 { decimals_for(range.width(), 2) } else { 0 };
    range.ends().map(|end| fixed(end, decimals_for(end, 3).max(apart))).join(" to ")
}

/// The rates and their ratio on one screen.
pub fn rates(first: Rate, ratio: Option<&RateRatio>, level: f64) -> Document {
    let show = |rate: Rate| format!("{} in {}", rate.events(), plain(rate.time()));
    let title = match ratio {
        Some(ratio) => format!("events over time: {} against {}", show(first), show(ratio.second)),
        None => format!("events over time: {}", show(first)),
    };
    rates_called(title, first, ratio, level)
}

/// The same under another title.
pub(super) fn rates_called(title: String, first: Rate, ratio: Option<&RateRatio>, level: f64) -> Document {
    let mut document = Document::default();
    document.heading(2, title);
    let (table, mut notes) = intervals(&rates_of(first, ratio, level), level);
    document.table(table);
    if let Some(p) = ratio.and_then(RateRatio::p_values) {
        notes.push(format!("test of ratio = 1: exact {}, mid-p {}", p_is(p.exact), p_is(p.mid_p)));
    }
    document.list(notes);
    document
}

/// A 2×2 table on one screen.
pub fn table(table: &TwoByTwo, level: f64) -> Document {
    let [a, b, c, d] = table.cells();
    let needed = table.number_needed(level);
    table_called(format!("{a} of {} against {c} of {}", a + b, c + d), table, needed, level)
}

/// The same under another title, with these numbers needed to treat.
pub(super) fn table_called(
    title: String,
    table: &TwoByTwo,
    needed: Vec<(&'static str, NumberNeeded)>,
    level: f64,
) -> Document {
    let mut document = Document::default();
    document.heading(2, title);
    let (estimates, notes) = intervals(&table_of(table, level), level);
    document.table(estimates);
    let mut points = vec![format!("Fisher's exact test: {}", p_is(table.fisher_p()))];
    points.extend(needed.into_iter().map(|(method, needed)| format!("{} ({method})", number_needed(needed))));
    points.extend(notes);
    document.list(points);
    document
}

/// What is told where there is no test of pairs.
pub const NO_PAIR_IS_DISCORDANT: &str = "no test: no pair is discordant";

/// What is told where there is no number needed to treat.
pub const RISKS_DO_NOT_DIFFER: &str = "the risks do not differ: the number needed is infinite";

/// What is told of the sign of a number needed to treat, where one arm is the treated one.
pub const SIGN_OF_NEEDED: &str = "positive numbers are those of a benefit of group 1, negative ones those of a harm";

/// What is to be known of a number needed to treat that stands by itself.
pub(super) fn note_on_needed(needed: &NumberNeeded) -> Option<&'static str> {
    match needed.estimate {
        None => Some(RISKS_DO_NOT_DIFFER),
        Some(_) => needed.is_of_benefit.then_some(SIGN_OF_NEEDED),
    }
}

/// A table of pairs on one screen.
pub fn pairs(pairs: &Pairs, level: f64) -> Document {
    let mut document = Document::default();
    let [a, b, c, d] = pairs.cells();
    document.heading(2, format!("pairs: {a} yes/yes, {b} yes/no, {c} no/yes, {d} no/no"));
    let (table, notes) = intervals(&pairs_of(pairs, level), level);
    document.table(table);
    let mut points = Vec::new();
    match pairs.mcnemar() {
        Some(test) => points.push(format!(
            "McNemar's test: {} exact, {} mid-p, {} by χ² = {} without a correction for continuity",
            p_is(test.p_values.exact),
            p_is(test.p_values.mid_p),
            p_is(test.p),
            fixed(test.statistic, 2),
        )),
        None => points.push(NO_PAIR_IS_DISCORDANT.to_owned()),
    }
    points.extend(notes);
    document.list(points);
    document
}
