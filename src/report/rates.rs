//! Events over person-time of the arms of a release, for people.

use super::between::{arm_label, heading, title};
use super::counts::rates_called;
use super::document::{Align, Document, Table};
use super::number::{interval, level_text, p_value, plain, significant};
use super::words::Wording;
use crate::effect::counts::Intervals;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::of_release::{ReleaseEffects, ReleaseRate};
use crate::reported::{Lang, Quantity, Release};

/// Every ratio of two rates, and the rates of arms that are compared with none.
pub fn of_release(release: &Release, effects: &ReleaseEffects, level: f64, lang: Lang) -> Document {
    let mut document = Document::default();
    for named in &effects.rate_ratios {
        let of = |arm: &str, rate| counted(release, [&named.outcome, arm, &named.occasion], rate, lang);
        let (first, second) = (of(&named.arms[0], named.ratio.first), of(&named.arms[1], named.ratio.second));
        let title = heading(release, &named.outcome, &named.occasion, Quantity::Value, Wording::screen(lang));
        let title = format!("{title}: {first} against {second}");
        document.append(rates_called(title, named.ratio.first, Some(&named.ratio), level));
    }
    for alone in alone(effects) {
        let title = heading(release, &alone.outcome, &alone.occasion, Quantity::Value, Wording::screen(lang));
        let counted = counted(release, [&alone.outcome, &alone.arm, &alone.occasion], alone.rate, lang);
        document.append(rates_called(format!("{title}: {counted}"), alone.rate, None, level));
    }
    document
}

/// The rates that no ratio has.
fn alone(effects: &ReleaseEffects) -> impl Iterator<Item = &ReleaseRate> {
    effects.rates.iter().filter(|of| {
        !effects
            .rate_ratios
            .iter()
            .any(|pair| (&pair.outcome, &pair.occasion) == (&of.outcome, &of.occasion) && pair.arms.contains(&of.arm))
    })
}

/// `45 events in 120.5 person-years (drug)`, with the time as it is printed.
fn counted(release: &Release, [outcome, arm, occasion]: [&str; 3], rate: Rate, lang: Lang) -> String {
    let outcome = release.outcome(outcome);
    let exposure = outcome.and_then(|outcome| outcome.exposure.as_ref());
    let cell = outcome.and_then(|outcome| outcome.of_arm(arm)).and_then(|row| row.at(occasion));
    let time =
        cell.and_then(|cell| cell.time.as_ref()).map_or_else(|| plain(rate.time()), |time| time.text().to_owned());
    let unit = exposure.map_or("", |exposure| exposure.unit.get(lang));
    let over = format!("{} events in {time} {unit}", rate.events());
    format!("{} ({})", over.trim_end(), arm_label(release, arm, lang))
}

/// Events over person-time, a line each: the rate with Garwood's interval, and the ratio of two with the exact one.
pub fn in_lines(release: &Release, effects: &ReleaseEffects, level: f64, lang: Lang) -> Table {
    let ci = format!("{} CI", level_text(level));
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("rate, or ratio", Align::Right),
        (ci.as_str(), Align::Left),
        ("p (exact)", Align::Right),
        ("", Align::Left),
    ]);
    let mut line = |name: String, of: Intervals, method: &str, p: Option<f64>, from: String| {
        let dash = || "—".to_owned();
        let range = of.by_method(method);
        let estimate = of.estimate.map_or_else(dash, |value| significant(value, 3));
        table.row([name, estimate, range.map_or_else(dash, interval), p.map_or_else(String::new, p_value), from]);
    };
    for named in &effects.rates {
        let title = title(release, &named.outcome, &named.occasion, Quantity::Value, Wording::screen(lang));
        let from = counted(release, [&named.outcome, &named.arm, &named.occasion], named.rate, lang);
        line(title, named.rate.intervals(level), "garwood", None, from);
    }
    for named in &effects.rate_ratios {
        let title = title(release, &named.outcome, &named.occasion, Quantity::Value, Wording::screen(lang));
        let p = named.ratio.p_values().map(|p| p.exact);
        let [first, second] = named.arms.each_ref().map(|arm| arm_label(release, arm, lang));
        line(title, RateRatio::intervals(&named.ratio, level), "exact", p, format!("{first} / {second}"));
    }
    table
}
