//! Counts: proportions as icons, rates with their ratio.

use super::Missing;
use crate::chart::{Axis, Dot, Frame, IconRow, Icons, Ink, Layer, MethodInterval, Plane, Shape, Span};
use crate::effect::of_release::ReleaseEffects;
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::numeric::interval::Interval;
use crate::report::charts::{say, source};
use crate::report::number::{fixed, level, p_is, percent, significant};
use crate::reported::{Lang, Release};
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
    /// Intervals by method; an end that is null is infinite.
    pub intervals: BTreeMap<String, [Option<f64>; 2]>,
    /// p-values by method.
    #[serde(default)]
    pub p: Option<BTreeMap<String, f64>>,
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

/// Every proportion that a release reports; none where there is none.
pub fn proportions_of_releases(releases: &[(&Release, ReleaseEffects)], confidence: f64, lang: Lang) -> Option<Icons> {
    let mut rows = Vec::new();
    let mut sources = Vec::new();
    for (release, effects) in releases {
        for reported in &effects.proportions {
            let number = release.numbers.iter().find(|number| number.id == reported.number);
            let label = number.map_or(reported.number.as_str(), |number| number.label.get(lang));
            let name =
                if releases.len() > 1 { format!("{}: {label}", release.label.get(lang)) } else { label.to_owned() };
            let own = |method| reported.proportion.interval(method, confidence);
            rows.push(row(name, reported.proportion, own));
        }
        if !effects.proportions.is_empty() {
            sources.push(source(release, lang));
        }
    }
    let title = say(lang, "Reported proportions", "報告された割合");
    (!rows.is_empty()).then(|| icons(rows, title, sources.join(" / "), confidence, lang))
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
    Ok(icons(vec![row(shown.clone(), proportion, own)], shown, String::new(), of.level, lang))
}

fn row(name: String, of: Proportion, interval: impl Fn(ProportionCi) -> Interval) -> IconRow {
    let intervals = METHODS.iter().map(|(_, method, code)| {
        let interval = interval(*code);
        let printed = format!("{}–{} %", fixed(100.0 * interval.lower, 1), fixed(100.0 * interval.upper, 1));
        MethodInterval { method: (*method).to_owned(), printed, interval }
    });
    let printed = format!("{}/{} ({})", of.k(), of.n(), percent(of.estimate()));
    IconRow { name, printed, k: of.k(), n: of.n(), intervals: intervals.collect() }
}

fn icons(rows: Vec<IconRow>, title: String, source: String, confidence: f64, lang: Lang) -> Icons {
    let ci = level(confidence);
    Icons {
        title,
        subtitle: match lang {
            Lang::En => format!("One circle a person; {ci} intervals by four methods."),
            Lang::Ja => format!("丸1つが1人。区間は4つの方法による{ci} 信頼区間。"),
        },
        legend: [say(lang, "counted", "該当"), say(lang, "not counted", "非該当")],
        rows,
        axis_title: say(lang, "Share, %", "割合（%）"),
        footnotes: vec![say(
            lang,
            "Clopper–Pearson never covers less than it states; Wilson and mid-p cover it on average.",
            "Clopper–Pearson は被覆率が名目を下回らない。Wilson と mid-p は平均して名目に近い。",
        )],
        source,
        lang,
    }
}

/// Events per person-time of one or two groups, and their ratio.
///
/// # Errors
/// The document has no rates.
pub fn rates(result: &CountsResult, names: &[String], unit: &str, lang: Lang) -> Result<Plane, Missing> {
    if result.rates.is_empty() {
        return Err("it has no `rates`: write it with `reffect effect --rate1 20/7 --rate2 3/7 --json`".to_owned());
    }
    if result.rates.iter().any(|rate| !rate.intervals.contains_key("garwood")) {
        return Err("a rate has no interval `garwood`".to_owned());
    }
    let mut panels = vec![rates_panel(result, names, unit, lang)];
    panels.extend(result.rate_ratio.as_ref().and_then(|ratio| ratio_panel(ratio, names, lang)));
    let columns = panels.len();
    let ci = level(result.level.unwrap_or(0.95));
    Ok(Plane {
        title: say(lang, "Events per person-time", "人時あたりの発生率"),
        subtitle: match lang {
            Lang::En => format!("Exact {ci} intervals (Garwood); events and person-time beside the names."),
            Lang::Ja => format!("正確な{ci} 信頼区間（Garwood）。名前の横に件数と観察人時。"),
        },
        facts: Vec::new(),
        panels,
        columns,
        aspect: 0.36,
        footnotes: vec![say(
            lang,
            "The intervals take the events as independent; several events of one person widen them.",
            "区間は事象が互いに独立であることを前提とする（同じ人の複数の事象では広くなる）。",
        )],
        source: String::new(),
        lang,
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
        .map(|(at, rate)| (place(at), format!("{}\n{} / {}", name(at), rate.events, rate.time)))
        .map(|(at, text)| (at, text.replace('\n', say(lang, ", ", "、").as_str())))
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
    layers.push(Layer::wall("", Ink::Reference, 0.0, false));
    let per = match (unit, lang) {
        ("", Lang::En) => "Events per person-time".to_owned(),
        ("", Lang::Ja) => "人時あたりの件数".to_owned(),
        (unit, _) => unit.to_owned(),
    };
    Frame {
        heading: say(lang, "Rates", "発生率"),
        x: Axis::linear(per),
        y: Axis::default().over(-0.6, count as f64 - 0.4).named(labels),
        right: None,
        layers,
        remark: String::new(),
    }
}

fn ratio_panel(ratio: &RatioOf, names: &[String], lang: Lang) -> Option<Frame> {
    let estimate = ratio.estimate.filter(|estimate| *estimate > 0.0)?;
    let methods = [("exact", say(lang, "exact", "正確法")), ("mid-p", "mid-p".to_owned()), ("wald", "Wald".to_owned())];
    let present: Vec<(&str, String, [Option<f64>; 2])> =
        methods.into_iter().filter_map(|(code, name)| Some((code, name, *ratio.intervals.get(code)?))).collect();
    let count = present.len();
    let place = |at: usize| (count - 1 - at) as f64;
    let spans = present.iter().enumerate().map(|(at, (_, name, ends))| Span {
        at: place(at),
        lower: ends[0].filter(|end| *end > 0.0).unwrap_or(f64::MIN_POSITIVE),
        upper: ends[1].unwrap_or(f64::INFINITY),
        name: name.clone(),
    });
    let spans: Vec<Span> = spans.collect();
    let dots = (0..count).map(|at| Dot::new(estimate, place(at), 5.0, present[at].1.clone())).collect();
    let p = ratio.p.as_ref().and_then(|p| p.get("exact")).map(|p| p_is(*p)).unwrap_or_default();
    let remark =
        format!("{} {}{}{p}", say(lang, "Ratio", "比"), significant(estimate, 2), if p.is_empty() { "" } else { ", " });
    Some(Frame {
        heading: match (names, lang) {
            ([first, second], Lang::En) => format!("Rate ratio, {first} / {second}"),
            ([first, second], Lang::Ja) => format!("率比（{first} ÷ {second}）"),
            _ => say(lang, "Rate ratio, group 1 / group 2", "率比（群1 ÷ 群2）"),
        },
        x: Axis::logarithmic(say(lang, "Rate ratio (log scale)", "率比（対数目盛）")),
        y: Axis::default()
            .over(-0.6, count as f64 - 0.4)
            .named(present.iter().enumerate().map(|(at, one)| (place(at), one.1.clone()))),
        right: None,
        layers: vec![
            Layer::wall(say(lang, "No difference", "差なし"), Ink::Reference, 1.0, false),
            Layer::lying(say(lang, "Intervals", "区間"), Ink::Ink, 2.2, spans),
            Layer::dots(say(lang, "Rate ratio", "率比"), Ink::Ink, Shape::Diamond, dots),
        ],
        remark,
    })
}
