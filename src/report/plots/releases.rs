//! Counts: proportions as icons, rates with their ratio.

use super::Missing;
use crate::chart::{Axis, Caption, Dash, Dot, Frame, IconRow, Icons, Ink, Layer, MethodInterval, Plane, Shape, Span};
use crate::effect::counts::person_time::RateRatio;
use crate::effect::of_release::ReleaseEffects;
use crate::effect::of_release::ReleaseRateRatio;
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::effect::rates_of_release::ReportedRates;
use crate::effect::tables_of_arms::{CountsBehind, is_count};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::report::charts::{source, sources_of, with_release};
use crate::report::japanese::translated;
use crate::report::json::rates_document;
use crate::report::not_drawn::{not_drawn, of_release, with_reason};
use crate::report::number::{brief, level_in, p_is, percent, percent_interval, percent_sign, significant};
use crate::report::words::say;
use crate::reported::{Lang, Release, ReportedNumber};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Counts as `reffect effect --json` writes them.
#[derive(Debug, Clone, Deserialize)]
pub struct CountsResult {
    /// A proportion.
    pub proportion: Option<ProportionOf>,
    /// A ratio of two rates.
    pub rate_ratio: Option<RatioOf>,
    /// Rates.
    #[serde(default)]
    pub rates: Vec<RateOf>,
    /// Level of the intervals.
    pub level: Option<f64>,
}

/// A part of a whole.
#[derive(Debug, Clone, Deserialize)]
pub struct ProportionOf {
    /// The part.
    pub k: u64,
    /// The whole.
    pub n: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Intervals by method.
    pub intervals: BTreeMap<String, [f64; 2]>,
}

/// A ratio of rates.
#[derive(Debug, Clone, Deserialize)]
pub struct RatioOf {
    /// The ratio.
    pub estimate: Option<f64>,
    /// Intervals by method; none where a method gives none, and an end that is null is infinite.
    pub intervals: BTreeMap<String, Option<[Option<f64>; 2]>>,
    /// p-values by method.
    #[serde(default)]
    pub p: Option<BTreeMap<String, Option<f64>>>,
}

/// A rate.
#[derive(Debug, Clone, Deserialize)]
pub struct RateOf {
    /// Events.
    pub events: f64,
    /// Person-time.
    pub time: f64,
    /// Events per time.
    pub estimate: Option<f64>,
    /// Intervals by method.
    pub intervals: BTreeMap<String, [Option<f64>; 2]>,
}

/// Methods of intervals in the order in which they are shown, and their names.
const METHODS: [(&str, &str, ProportionCi); 4] = [
    ("wilson", "Wilson", ProportionCi::Wilson),
    ("clopper-pearson", "Clopper–Pearson", ProportionCi::ClopperPearson),
    ("mid-p", "mid-p", ProportionCi::MidP),
    ("jeffreys", "Jeffreys", ProportionCi::Jeffreys),
];

/// The rates behind the mean counts of a release, one outcome of one arm.
///
/// # Errors
/// The rates have no intervals.
pub fn rates_of_release(release: &Release, found: &ReportedRates, level: f64, lang: Lang) -> Result<Plane, Missing> {
    // After over before, as every other ratio of a release; the rates still stand in the order of time.
    let ratio = RateRatio { first: found.ratio.second, second: found.ratio.first };
    let document = rates_document(ratio.first, Some(&ratio), level);
    let mut result: CountsResult = serde_json::from_value(document).map_err(|error| error.to_string())?;
    result.rates.reverse();
    let outcome = release.outcome(&found.outcome).ok_or("the release has no such outcome")?;
    let occasion = |id: &String| release.occasion(id).map_or(id.as_str(), |one| one.label.get(lang)).to_owned();
    let unit = outcome.unit.as_ref().map_or("", |unit| unit.get(lang));
    let exposure = outcome.exposure.as_ref();
    let time = exposure.and_then(|exposure| Some((exposure.time.as_ref()?.text(), exposure.unit.get(lang))));
    let (time, time_unit) = time.ok_or("the outcome has no exposure")?;
    let names = found.occasions.each_ref().map(occasion);
    let [before, after] = names.clone();
    let mut chart = rates_and_ratio(&result, &names, &[after, before], unit, lang)?;
    let what = outcome.label.get(lang);
    let [first, second] = &found.printed;
    let (n, events) = (found.n, [found.ratio.first.events(), found.ratio.second.events()]);
    chart.caption.title = with_release(release, what, lang);
    chart.caption.footnotes.insert(0, match lang {
        Lang::En => format!(
                "Events follow from the printed means: {first} and {second} in {n} people leave only {} and {} events. \
                 Person-time: {n} × {time} {time_unit}.",
                events[0], events[1]
            ),
            Lang::Ja => format!(
            "件数は発表された平均から求めた：{n}人の平均が{first}と{second}になるのは、{}件と{}件のときだけである。観察期間の合計は{n} × {time}{time_unit}。",
            events[0], events[1]),
    });
    chart.caption.source = source(release, lang);
    Ok(chart)
}

/// The rates of events of two arms, and their ratio.
///
/// # Errors
/// The rates have no intervals.
pub fn rates_of_arms(release: &Release, found: &ReleaseRateRatio, level: f64, lang: Lang) -> Result<Plane, Missing> {
    let document = rates_document(found.ratio.first, Some(&found.ratio), level);
    let result: CountsResult = serde_json::from_value(document).map_err(|error| error.to_string())?;
    let outcome = release.outcome(&found.outcome).ok_or("the release has no such outcome")?;
    let time_unit = outcome.exposure.as_ref().map_or("", |exposure| exposure.unit.get(lang));
    let unit = outcome.unit.as_ref().map_or_else(
        || match lang {
            Lang::En => format!("events / {time_unit}"),
            Lang::Ja => format!("件／{time_unit}"),
        },
        |unit| unit.get(lang).to_owned(),
    );
    let names =
        found.arms.each_ref().map(|arm| release.arm(arm).map_or(arm.as_str(), |arm| arm.label.get(lang)).to_owned());
    let mut chart = rates_and_ratio(&result, &names, &names, &unit, lang)?;
    chart.caption.title = with_release(release, outcome.label.get(lang), lang);
    chart.caption.source = source(release, lang);
    Ok(chart)
}

/// Every proportion that a release reports; none where there is none.
pub fn proportions_of_releases(
    releases: &[(&Release, ReleaseEffects)],
    level: f64,
    rounding: Rounding,
    lang: Lang,
) -> Option<Icons> {
    let (mut rows, mut sources, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (release, effects) in releases {
        let (of_arms, not_counted) = shares_of_arms(release, rounding, lang);
        let names: Vec<String> = shares_left_out(release, effects, lang).into_iter().chain(not_counted).collect();
        left_out.extend(if releases.len() > 1 { of_release(release, names, lang).collect() } else { names });
        for reported in &effects.proportions {
            let number = release.numbers.iter().find(|number| number.id == reported.number);
            let label = number.map_or(reported.number.as_str(), |number| number.label.get(lang));
            let name = if releases.len() > 1 { with_release(release, label, lang) } else { label.to_owned() };
            let own = |method| reported.proportion.interval(method, level);
            rows.push(row(name, reported.proportion, own, lang));
        }
        if !effects.proportions.is_empty() || !of_arms.is_empty() {
            sources.push(*release);
        }
        rows.extend(of_arms.into_iter().map(|(label, proportion)| {
            let name = if releases.len() > 1 { with_release(release, &label, lang) } else { label };
            row(name, proportion, |method| proportion.interval(method, level), lang)
        }));
    }
    let title = say(lang, "Reported proportions", "報告された割合");
    let mut chart = icons(rows, title, sources_of(&sources, lang), level, lang);
    chart.caption.footnotes.extend(not_drawn(&left_out, lang));
    Some(chart).filter(|chart| !chart.rows.is_empty())
}

/// The counts of people of each arm, with its size, where only one number of people prints so; and the names of the
/// others with the reason.
fn shares_of_arms(release: &Release, rounding: Rounding, lang: Lang) -> (Vec<(String, Proportion)>, Vec<String>) {
    let (mut shares, mut left_out) = (Vec::new(), Vec::new());
    for outcome in &release.outcomes {
        let at_occasions = outcome.results.iter().any(|row| row.cells.len() > 1);
        let cells = outcome.results.iter().flat_map(|row| row.cells.iter().map(move |of| (row, of)));
        for (row, (occasion, cell)) in cells.filter(|(_, (_, cell))| is_count(cell)) {
            let proportion = CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding)
                .and_then(|counts| Proportion::new(counts.only_one(cell)?, counts.n));
            let arm = release.arm(&row.arm).map_or(row.arm.as_str(), |arm| arm.label.get(lang));
            let occasion = release.occasion(occasion).map_or(occasion.as_str(), |of| of.label.get(lang));
            let parts = [outcome.label.get(lang), arm].into_iter().chain(at_occasions.then_some(occasion));
            let name = parts.collect::<Vec<_>>().join(" · ");
            match proportion {
                Ok(proportion) => shares.push((name, proportion)),
                Err(reason) => left_out.push(with_reason(&name, &in_language(reason.reason(), lang), lang)),
            }
        }
    }
    (shares, left_out)
}

fn in_language(reason: &str, lang: Lang) -> String {
    match lang {
        Lang::En => reason.to_owned(),
        Lang::Ja => translated(reason).unwrap_or_else(|| reason.to_owned()),
    }
}

/// The percentages of a release that stand for no known count, each with the reason.
fn shares_left_out(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Vec<String> {
    let told = |number: &ReportedNumber, reason: &str| with_reason(number.label.get(lang), reason, lang);
    let without_whole = effects.percentages.iter().filter_map(|of| release.number(&of.number)).map(|number| {
        let reason = lang.choose(" of an unknown whole", "（全体の数が不明）");
        told(number, &format!("{}{reason}", number.form.text()))
    });
    let refused = effects.refusals.iter().filter_map(|refusal| {
        let number = release.number(refusal.subject.as_deref()?)?;
        Some(told(number, &in_language(&refusal.reason, lang)))
    });
    without_whole.chain(refused).collect()
}

/// The proportion of `reffect effect --proportion --json`.
///
/// # Errors
/// The document has no proportion, or one that cannot be.
pub fn proportions_of_json(result: &CountsResult, lang: Lang, name: &str) -> Result<Icons, Missing> {
    let of = result.proportion.as_ref().ok_or("it has no `proportion`")?;
    let proportion = Proportion::new(of.k, of.n)?;
    let mut known = Vec::new();
    for (code, _, method) in METHODS {
        let ends = of.intervals.get(code).ok_or_else(|| format!("its proportion has no interval `{code}`"))?;
        known.push((method, Interval::between(ends[0], ends[1])));
    }
    let own = |method: ProportionCi| {
        // Every method was found above.
        let found = known.iter().find(|(other, _)| *other == method);
        found.map_or_else(|| proportion.interval(method, of.level), |(_, interval)| *interval)
    };
    let shown = if name.is_empty() { say(lang, "Proportion", "割合") } else { name.to_owned() };
    Ok(icons(vec![row(shown.clone(), proportion, own, lang)], shown, String::new(), of.level, lang))
}

fn row(name: String, of: Proportion, interval: impl Fn(ProportionCi) -> Interval, lang: Lang) -> IconRow {
    let intervals = METHODS.iter().map(|(_, method, code)| {
        let interval = interval(*code);
        let printed = percent_sign(lang, percent_interval(interval).replace(" to ", "–"));
        MethodInterval { method: (*method).to_owned(), printed, interval }
    });
    let share = percent_sign(lang, percent(of.estimate()));
    let printed = match lang {
        Lang::En => format!("{}/{} ({share})", of.k(), of.n()),
        Lang::Ja => format!("{}/{}（{share}）", of.k(), of.n()),
    };
    IconRow { name, printed, k: of.k(), n: of.n(), intervals: intervals.collect() }
}

fn icons(rows: Vec<IconRow>, title: String, source: String, level: f64, lang: Lang) -> Icons {
    let ci = level_in(lang, level);
    Icons {
        caption: Caption {
            title,
            subtitle: match lang {
                Lang::En => format!(
                    "Each circle is one person or other unit, filled where it is counted; a bar stands for many. {ci} intervals \
                     by four methods."
                ),
                Lang::Ja => format!(
                    "丸1つが1人（1施設など）を表し、該当するものを塗る。多数の場合は棒で示す。区間は4つの方法による{ci}信頼区間。"
                ),
            },
            footnotes: vec![say(
                lang,
                "Clopper–Pearson never covers less than it states; Wilson and mid-p cover it on average.",
                "Clopper–Pearson 法の被覆確率は名目水準を下回らない。Wilson 法と mid-p 法の被覆確率は平均して名目水準に近い。",
            )],
            source,
            lang,
        },
        legend: [say(lang, "counted", "該当"), say(lang, "not counted", "非該当")],
        rows,
        axis_title: say(lang, "Share, %", "割合（%）"),
    }
}

/// Events per person-time of one or two groups, and their ratio.
///
/// # Errors
/// The document has no rates.
pub fn rates(result: &CountsResult, names: &[String], unit: &str, lang: Lang) -> Result<Plane, Missing> {
    rates_and_ratio(result, names, names, unit, lang)
}

/// The same, with the ratio of what `of_ratio` names first to what it names second.
fn rates_and_ratio(
    result: &CountsResult,
    names: &[String],
    of_ratio: &[String],
    unit: &str,
    lang: Lang,
) -> Result<Plane, Missing> {
    if result.rates.is_empty() {
        return Err("it has no `rates`: write it with `reffect effect --rate1 20/7 --rate2 3/7 --json`".to_owned());
    }
    if result.rates.iter().any(|rate| !rate.intervals.contains_key("garwood")) {
        return Err("a rate has no interval `garwood`".to_owned());
    }
    let mut panels = vec![rates_panel(result, names, unit, lang)];
    panels.extend(result.rate_ratio.as_ref().and_then(|ratio| ratio_panel(ratio, of_ratio, lang)));
    let no_ratio = (result.rate_ratio.is_some() && panels.len() < 2).then(|| {
        say(
            lang,
            "No ratio is drawn: without an event every ratio is possible.",
            "事象がなく、どの率比もありうるため、率比は示していない。",
        )
    });
    let columns = panels.len();
    let ci = level_in(lang, result.level.unwrap_or(0.95));
    Ok(Plane {
        caption: Caption {
            title: say(lang, "Events per person-time", "観察期間あたりの発生率"),
            subtitle: match lang {
                Lang::En => format!("Exact {ci} intervals (Garwood); events / person-time beside the names."),
                Lang::Ja => format!("正確な{ci}信頼区間（Garwood）。名前の横は件数／観察期間の合計。"),
            },
            footnotes: [say(
                lang,
                "The intervals take the events as independent; they are too narrow if single people had several events.",
                "区間は事象どうしの独立を前提とする（1人に複数の事象があれば、区間は狭すぎる）。",
            )]
            .into_iter()
            .chain(no_ratio)
            .collect(),
            source: String::new(),
            lang,
        },
        facts: Vec::new(),
        panels,
        columns,
        aspect: 0.36,
    })
}

/// The rates with their exact intervals.
fn rates_panel(result: &CountsResult, names: &[String], unit: &str, lang: Lang) -> Frame {
    let count = result.rates.len();
    let name = |at: usize| {
        names.get(at).cloned().unwrap_or_else(|| match lang {
            Lang::En => format!("Group {}", at + 1),
            Lang::Ja => format!("群{}", at + 1),
        })
    };
    let place = |at: usize| (count - 1 - at) as f64;
    let labels: Vec<(f64, String)> = result
        .rates
        .iter()
        .enumerate()
        .map(|(at, rate)| {
            (place(at), format!("{}{}{} / {}", name(at), lang.choose(", ", "、"), rate.events, rate.time))
        })
        .collect();
    let mut layers = Vec::new();
    for (at, rate) in result.rates.iter().enumerate() {
        let (ink, shape) = if at == 0 { (Ink::Before, Shape::Disc) } else { (Ink::After, Shape::Square) };
        if let Some(ends) = rate.intervals.get("garwood") {
            let (lower, upper) = (ends[0].unwrap_or(f64::NEG_INFINITY), ends[1].unwrap_or(f64::INFINITY));
            layers.push(Layer::lying("", ink, 2.2, vec![Span { at: place(at), lower, upper, name: name(at) }]));
        }
        if let Some(estimate) = rate.estimate {
            layers.push(Layer::dots(name(at), ink, shape, vec![Dot::new(estimate, place(at), 6.0, name(at))]));
        }
    }
    // The axis of a rate starts at 0.
    layers.push(Layer::wall("", Ink::Reference, 0.0, Dash::Solid));
    let printed = |(at, rate): (usize, &RateOf)| {
        let [lower, upper] = rate.intervals.get("garwood")?.map(|end| end.map(brief));
        let (lower, upper) = (lower?, upper?);
        Some(match lang {
            Lang::En => format!("{} {} ({lower} to {upper})", name(at), brief(rate.estimate?)),
            Lang::Ja => format!("{} {}（{lower}〜{upper}）", name(at), brief(rate.estimate?)),
        })
    };
    let per = match (unit, lang) {
        ("", Lang::En) => "Events per person-time".to_owned(),
        ("", Lang::Ja) => "観察期間あたりの件数".to_owned(),
        (unit, _) => unit.to_owned(),
    };
    Frame {
        heading: say(lang, "Rates", "発生率"),
        x: Axis::linear(per),
        y: Axis::default().over(-0.6, count as f64 - 0.4).named(labels),
        right: None,
        layers,
        remark: result.rates.iter().enumerate().filter_map(printed).collect::<Vec<_>>().join(lang.choose("; ", "；")),
    }
}

fn ratio_panel(ratio: &RatioOf, names: &[String], lang: Lang) -> Option<Frame> {
    let methods = [("exact", say(lang, "exact", "正確法")), ("mid-p", "mid-p".to_owned()), ("wald", "Wald".to_owned())];
    let present: Vec<(&str, String, [Option<f64>; 2])> = methods
        .into_iter()
        .filter_map(|(code, name)| Some((code, name, ratio.intervals.get(code).copied().flatten()?)))
        .collect();
    let count = present.len();
    let place = |at: usize| (count - 1 - at) as f64;
    let spans = present.iter().enumerate().map(|(at, (_, name, ends))| Span {
        at: place(at),
        lower: ends[0].filter(|end| *end > 0.0).unwrap_or(0.0),
        upper: ends[1].unwrap_or(f64::INFINITY),
        name: name.clone(),
    });
    let spans: Vec<Span> = spans.collect();
    // A ratio of 0 or ∞ has no place on a logarithmic axis; its interval has one finite end.
    let placed = ratio.estimate.filter(|estimate| *estimate > 0.0);
    let dots: Vec<Dot> = placed
        .map(|estimate| (0..count).map(|at| Dot::new(estimate, place(at), 5.0, present[at].1.clone())).collect())
        .unwrap_or_default();
    let remark = ratio_in_words(ratio, lang);
    let axis = Axis::logarithmic(say(lang, "Rate ratio (log scale)", "率比（対数目盛）"));
    let axis = if placed.is_some() { axis } else { towards_nothing(axis, &spans, ratio.estimate == Some(0.0))? };
    Some(Frame {
        heading: match (names, lang) {
            ([first, second], Lang::En) => format!("Rate ratio, {first} / {second}"),
            ([first, second], Lang::Ja) => format!("率比（{first} ÷ {second}）"),
            _ => say(lang, "Rate ratio, group 1 / group 2", "率比（群1 ÷ 群2）"),
        },
        x: axis,
        y: Axis::default()
            .over(-0.6, count as f64 - 0.4)
            .named(present.iter().enumerate().map(|(at, one)| (place(at), one.1.clone()))),
        right: None,
        layers: vec![
            Layer::wall(say(lang, "No difference", "差なし"), Ink::Reference, 1.0, Dash::Solid),
            Layer::lying(say(lang, "Intervals", "区間"), Ink::Ink, 2.2, spans),
            Layer::dots(say(lang, "Rate ratio", "率比"), Ink::Ink, Shape::Diamond, dots),
        ],
        remark,
    })
}

/// An axis with room for arrows to a ratio of 0 or ∞; none where no interval has a finite end.
fn towards_nothing(axis: Axis, spans: &[Span], is_zero: bool) -> Option<Axis> {
    let ends = spans.iter().flat_map(|span| [span.lower, span.upper]);
    let finite: Vec<f64> = ends.filter(|end| end.is_finite() && *end > 0.0).collect();
    if finite.is_empty() {
        return None;
    }
    let low = finite.iter().copied().fold(1.0, f64::min);
    let high = finite.iter().copied().fold(1.0, f64::max);
    Some(if is_zero { axis.over(low / 10.0, 2.0 * high) } else { axis.over(low / 2.0, 10.0 * high) })
}

/// The ratio with its exact interval, which nobody reads off a logarithmic axis, and its exact p.
fn ratio_in_words(ratio: &RatioOf, lang: Lang) -> String {
    let p = ratio.p.as_ref().and_then(|p| p.get("exact").copied().flatten()).map(p_is);
    let p = p.map(|p| lang.choose(format!("; exact {p}"), format!("、正確法 {p}"))).unwrap_or_default();
    let name = say(lang, "Ratio", "率比");
    let undefined = || say(lang, "infinite or undefined", "無限大または定義されない");
    let estimate = ratio
        .estimate
        .map_or_else(undefined, |value| if value == 0.0 { "0".to_owned() } else { significant(value, 2) });
    let exact = ratio.intervals.get("exact").copied().flatten();
    let interval = exact.map(|[lower, upper]| {
        let [lower, upper] = [lower, upper].map(|end| match end {
            None => "∞".to_owned(),
            Some(0.0) => "0".to_owned(),
            Some(end) => brief(end),
        });
        lang.choose(format!(" (exact {lower} to {upper})"), format!("（正確法 {lower}〜{upper}）"))
    });
    format!("{name} {estimate}{}{p}", interval.unwrap_or_default())
}
