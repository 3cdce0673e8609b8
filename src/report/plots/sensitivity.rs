//! How estimate and interval depend on the unreported correlation.

use crate::chart::{Axis, Caption, Dash, Frame, Ink, Layer, Plane};
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::contrast::{Contrast, Correlation};
use crate::effect::of_release::{NeededByP, ReleaseContrast, ReleaseEffects};
use crate::estimate::Measure;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounded;
use crate::report::charts::{about_r, source, spread_read};
use crate::report::effects::contrast_name;
use crate::report::not_drawn::{left_out, not_drawn};
use crate::report::number::{fixed, level_in, p_reported, plain};
use crate::report::words;
use crate::report::words::say;
use crate::reported::{Lang, Release};

/// The narrowest part of the correlations that is hatched: about a pixel of a panel.
const NARROWEST: f64 = 0.01;
/// Points along r.
const STEPS: usize = 100;
/// The lines of reported p-values, one p after the other: no two share colour and dash, and none is that of
/// the line for p < α.
const OF_REPORTED: [(Ink, Dash); 6] = [
    (Ink::Series(3), Dash::Solid),
    (Ink::Series(2), Dash::Dotted),
    (Ink::Series(3), Dash::Long),
    (Ink::Series(2), Dash::Solid),
    (Ink::Series(3), Dash::Dotted),
    (Ink::Series(2), Dash::Long),
];

/// What data behind two printed cells say of their correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PossibleR {
    /// It lies between these.
    Between(Interval),
    /// No data set prints as one of the cells.
    NoData,
}

/// One panel for each contrast with an interval. `feasible` gives the correlations that data behind
/// the printed numbers can have, where that is known.
pub fn sensitivity(
    release: &Release,
    effects: &ReleaseEffects,
    feasible: impl Fn(&ReleaseContrast) -> Option<PossibleR>,
    lang: Lang,
) -> Option<Plane> {
    let panels: Vec<(Frame, bool)> =
        effects.contrasts.iter().filter_map(|named| panel(release, effects, named, feasible(named), lang)).collect();
    if panels.is_empty() {
        return None;
    }
    let is_shaded = panels.iter().any(|(_, shaded)| *shaded);
    let ci = level_in(lang, effects.contrasts.first().map_or(0.95, |named| named.contrast.level));
    let read = spread_read(release, effects, lang);
    let read = match read.is_empty() {
        true => read,
        false => lang.choose(format!(", {read}"), format!("（{read}）")),
    };
    let r = about_r(effects.contrasts.iter(), false, lang);
    let mut footnotes = vec![match lang {
        Lang::En => format!("{r} Paired t{read}."),
        Lang::Ja => format!("{r}対応のある t 検定による{read}。"),
    }];
    if is_shaded {
        footnotes.push(say(
            lang,
            "Hatched: no data set on the outcome's scale that prints as reported has such an r.",
            "斜線：評価尺度上で発表値に丸められるどのデータも、その r をとらない。",
        ));
    }
    footnotes.extend(not_drawn(&left_out(release, effects, |named| band(&named.contrast).len() > 1, lang), lang));
    let count = panels.len();
    Some(Plane {
        caption: Caption {
            title: match lang {
                Lang::En => format!("{}: what the unreported correlation changes", release.label.en),
                Lang::Ja => format!("{}：報告されていない相関による違い", release.label.ja),
            },
            subtitle: match lang {
                Lang::En => format!("Mean change and its {ci} interval for every correlation r of before and after."),
                Lang::Ja => format!("前後の相関 r ごとの平均変化と{ci}信頼区間。"),
            },
            footnotes,
            source: source(release, lang),
            lang,
        },
        facts: Vec::new(),
        panels: panels.into_iter().map(|(panel, _)| panel).collect(),
        columns: if count == 4 { 2 } else { 3 },
        aspect: 0.72,
    })
}

/// A panel, and whether a part of it is shaded.
fn panel(
    release: &Release,
    effects: &ReleaseEffects,
    named: &ReleaseContrast,
    feasible: Option<PossibleR>,
    lang: Lang,
) -> Option<(Frame, bool)> {
    let contrast = &named.contrast;
    let band = band(contrast);
    if band.len() < 2 {
        return None;
    }
    // Panels of one outcome share their axis, so that they can be compared.
    let own = effects.contrasts.iter().filter(|other| other.outcome == named.outcome);
    let all: Vec<(f64, f64, f64)> = own.flat_map(|other| self::band(&other.contrast)).collect();
    let low = all.iter().map(|point| point.1).fold(0.0, f64::min);
    let high = all.iter().map(|point| point.2).fold(0.0, f64::max);
    let pad = 0.05 * (high - low);
    let (low, high) = (low - pad, high + pad);
    let curve = |end: fn(&(f64, f64, f64)) -> f64| band.iter().map(|point| (point.0, end(point))).collect();
    let (lower, upper) = (curve(|point| point.1), curve(|point| point.2));
    let ci = level_in(lang, contrast.level);
    let name = match lang {
        Lang::En => format!("{ci} CI"),
        Lang::Ja => format!("{ci}信頼区間"),
    };
    let mut layers = vec![Layer::band(name, Ink::Tint(0), band).listed()];
    // What cannot be lies over the band.
    layers.extend(impossible(feasible, (low, high), lang));
    let is_shaded = layers.len() > 1;
    let change = contrast.input.mean_change().value;
    let mean = vec![(-1.0, change), (1.0, change)];
    layers.push(Layer::curve("", Ink::Series(0), 1.4, lower));
    layers.push(Layer::curve("", Ink::Series(0), 1.4, upper));
    layers.push(Layer::level(say(lang, "No change", "変化なし"), Ink::Reference, 0.0));
    layers.push(Layer::curve(say(lang, "Mean change", "平均変化"), Ink::Ink, 2.0, mean).listed());
    let (walls, mut remarks) = thresholds(release, named, lang);
    layers.extend(walls);
    if feasible == Some(PossibleR::NoData) {
        remarks
            .insert(0, say(lang, "no data set on the scale prints so", "評価尺度上のどのデータもこの表示にならない"));
    }
    Some((
        Frame {
            heading: {
                let name = contrast_name(release, effects, named, lang);
                let n = contrast.input.n.map(|n| lang.choose(format!(" (n = {n})"), format!("（n = {n}）")));
                format!("{name}{}", n.unwrap_or_default())
            },
            x: Axis::linear(say(lang, "Correlation r", "相関 r")).over(-1.0, 1.0),
            y: Axis::linear(change_title(release, named, lang)).over(low, high),
            right: None,
            layers,
            remark: remarks.join(say(lang, "; ", "；").as_str()),
        },
        is_shaded,
    ))
}

/// The correlations that no data set has, hatched so that they are no shade of the band in black and white.
fn impossible(feasible: Option<PossibleR>, (low, high): (f64, f64), lang: Lang) -> Vec<Layer> {
    let parts = match feasible {
        None => Vec::new(),
        Some(PossibleR::NoData) => vec![(-1.0, 1.0)],
        Some(PossibleR::Between(of)) => vec![(-1.0, of.lower), (of.upper, 1.0)],
    };
    let layers = |(from, to): (f64, f64)| {
        let corners = vec![(from, low), (to, low), (to, high), (from, high)];
        let name = say(lang, "No data set has this r", "この r をとるデータはない");
        let area = Layer::area(name, Ink::Shade(1), corners).listed();
        [area, Layer::lines("", Ink::Reference, 0.8, hatch((from, to), (low, high)))]
    };
    // What is narrower than a stroke is not seen.
    parts.into_iter().filter(|(from, to)| to - from > NARROWEST).flat_map(layers).collect()
}

/// Strokes across a part of the panel.
fn hatch((from, to): (f64, f64), (low, high): (f64, f64)) -> Vec<(String, Vec<(f64, f64)>)> {
    // One stroke rises by as much of the panel's height as it takes of its width.
    let rise = (high - low) * (to - from) / 2.0;
    let pitch = (high - low) / 22.0;
    let first = low - rise;
    let count = ((high - first) / pitch).ceil().clamp(0.0, 200.0) as usize;
    let stroke = |at: usize| {
        let start = first + pitch * at as f64;
        // Cut at the lower and the upper edge along its slope.
        let at_height = |y: f64| from + (to - from) * (y - start) / rise;
        let left = if start < low { (at_height(low), low) } else { (from, start) };
        let right = if start + rise > high { (at_height(high), high) } else { (to, start + rise) };
        (String::new(), vec![left, right])
    };
    (0..count).map(stroke).filter(|(_, ends)| ends[0].0 < ends[1].0).collect()
}

/// r with the interval of the mean change, from −1 to 1.
fn band(contrast: &Contrast) -> Vec<(f64, f64, f64)> {
    (0..=STEPS)
        .filter_map(|step| {
            // Closer together at both ends, where the interval narrows fastest.
            let r = (std::f64::consts::FRAC_PI_2 * (2.0 * step as f64 / STEPS as f64 - 1.0)).sin();
            let ci = contrast.input.estimate(Measure::Mc, Some(r), contrast.level).ci?;
            Some((r, ci.lower, ci.upper))
        })
        .collect()
}

/// The correlations that p-values need, as lines and in words.
fn thresholds(release: &Release, named: &ReleaseContrast, lang: Lang) -> (Vec<Layer>, Vec<String>) {
    let contrast = &named.contrast;
    let mut walls = Vec::new();
    let mut remarks: Vec<String> = words::r_needed(contrast, lang).into_iter().collect();
    remarks.extend(words::r_is_enough(contrast, lang));
    let (name, known) = match &contrast.correlation {
        Correlation::Recovered { found, .. } => {
            (lang.choose("The r that the reported change gives", "報告された変化量から求めた r"), vec![found.r.value])
        }
        Correlation::Given(values) => (lang.choose("The r that was given", "与えた r"), values.clone()),
        Correlation::Unknown => ("", Vec::new()),
    };
    walls.extend(known.into_iter().map(|r| Layer::wall(name.to_owned(), Ink::Ink, r, Dash::Solid).listed()));
    if let Some(CorrelationNeeded::AtLeast { r, .. }) = contrast.r_needed {
        let name = match lang {
            Lang::En => format!("The r that p < {} needs", plain(contrast.alpha)),
            Lang::Ja => format!("p < {} に必要な r", plain(contrast.alpha)),
        };
        walls.push(Layer::wall(name, Ink::Series(1), r, Dash::Dashed).listed());
    }
    for Claimed { p, r, is_exact, place } in claimed(release, named) {
        let name = match (is_exact, lang) {
            (false, Lang::En) => format!("The r that the reported {p} needs"),
            (false, Lang::Ja) => format!("報告された {p} に必要な r"),
            (true, Lang::En) => format!("The r that goes with the reported {p}"),
            (true, Lang::Ja) => format!("報告された {p} に当たる r"),
        };
        let [value, lower, upper] = [r.value, r.range.lower, r.range.upper].map(|end| fixed(end, 2));
        remarks.push(match (is_exact, lang) {
            (false, Lang::En) => format!("the reported {p} needs r ≥ {value} ({lower} to {upper} with rounding)"),
            (false, Lang::Ja) => format!("報告された {p} には r ≥ {value} が必要（丸めを考えると {lower}〜{upper}）"),
            (true, Lang::En) => format!(
                "the reported {p}, if it is that of a paired t-test, goes with r = {value} ({lower} to {upper} with \
                 rounding)"
            ),
            (true, Lang::Ja) => format!(
                "報告された {p} は、対応のある t 検定のものなら r = {value} に当たる（丸めを考えると {lower}〜{upper}）"
            ),
        });
        let (ink, dash) = OF_REPORTED[place % OF_REPORTED.len()];
        walls.push(Layer::wall(name, ink, r.value, dash).listed());
    }
    (walls, remarks)
}

fn change_title(release: &Release, named: &ReleaseContrast, lang: Lang) -> String {
    let unit = release.outcome(&named.outcome).and_then(|outcome| outcome.unit.as_ref()).map(|unit| unit.get(lang));
    let unit = unit.map(|unit| words::unit_of_difference(unit, lang));
    words::with_unit(lang.choose("Mean change", "平均変化"), unit, lang)
}

/// A reported p-value of a change.
struct Claimed {
    /// The p-value, as charts write it.
    p: String,
    /// The smallest r that gives a p below a bound, or the one that goes with a p that equals a number; with all that
    /// rounding leaves.
    r: Rounded,
    /// Whether the p equals a number.
    is_exact: bool,
    /// Its place among the different p-values of the release.
    place: usize,
}

/// The p-values that the release reports of a change of this outcome in this arm. One that compares arms says
/// nothing of the paired test.
fn claimed(release: &Release, named: &ReleaseContrast) -> Vec<Claimed> {
    let mut all: Vec<String> = Vec::new();
    let changes = release.statements.iter().filter(|statement| statement.versus.is_none());
    // A p above its bound, as in “not significant”, needs no r at least.
    let is_upper = |p: &&Comparison| !matches!(p.relation, Relation::Greater | Relation::GreaterOrEqual);
    for p in changes.filter_map(|statement| statement.p.as_ref()).filter(is_upper).map(p_reported) {
        if !all.contains(&p) {
            all.push(p);
        }
    }
    let own = named.reported_p.iter().filter_map(|own| {
        let p = p_reported(&own.p);
        let place = all.iter().position(|known| *known == p)?;
        match own.needs {
            NeededByP::Bound(CorrelationNeeded::AtLeast { r, rounding }) => {
                Some(Claimed { p, r: Rounded { value: r, range: rounding }, is_exact: false, place })
            }
            NeededByP::Exact(r) => Some(Claimed { p, r, is_exact: true, place }),
            _ => None,
        }
    });
    own.collect()
}
