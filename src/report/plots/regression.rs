//! Effects against a moderator: the bubble plot.

use super::design::{Design, Moderator, column_of};
use super::forest::is_weighted;
use super::{Look, MetaResult, Missing, Study};
use crate::chart::{Axis, Caption, Dot, Frame, Ink, Layer, Plane, Shape, Span};
use crate::report::number::{brief, level_in, p_is};
use crate::reported::Lang;

/// Largest and smallest radius of a bubble.
const RADII: (f64, f64) = (17.0, 3.0);
/// Points along the line.
const STEPS: usize = 60;
/// How far from its level a study is drawn at most, and in which steps, in distances of levels.
const FARTHEST: f64 = 0.16;
const STEP: f64 = 0.02;
/// Of a level of more studies than these, none is drawn beside another.
const CROWD: usize = 500;
/// About how many pixels the axis of levels and that of effects have.
const PIXELS: (f64, f64) = (640.0, 390.0);
/// How far the mean of a level stands beside its studies, in distances of levels.
const BESIDE: f64 = 0.28;

/// Bubbles whose area is the weight, and what the model says of the mean effect: a line with its band along
/// a number, a point with its interval at each level of a factor. The other moderators are held at their
/// means; terms that are made of the moderator move with it.
///
/// # Errors
/// The document has no such moderator, lists no studies, or has a term of the moderator that cannot be
/// rebuilt from it.
pub fn regression(result: &MetaResult, look: &Look, moderator: Option<&str>) -> Result<Plane, Missing> {
    if result.studies.is_empty() {
        return Err("it lists no studies".to_owned());
    }
    let design = Design::new(result)?;
    let moderator = design.moderator(moderator)?;
    let mut facts: Vec<String> = result.heterogeneity(look.lang).into_iter().collect();
    let (x, layers, notes) = match &moderator {
        Moderator::Number(at) => {
            let (x, layers) = along(&design, look, *at)?;
            facts.extend(slope(&design, look, *at));
            (x, layers, held(&design, look, *at))
        }
        Moderator::Factor { name, dummies } => {
            let (x, layers) = at_levels(&design, look, name, dummies)?;
            (x, layers, of_levels(&design, look, name, dummies))
        }
    };
    let notes = notes.into_iter().chain(without_intervals(&design, look)).collect();
    let remark = facts.join(&look.say("; ", "；"));
    let y = Axis { sides: Default::default(), ..look.axis() };
    Ok(Plane {
        caption: Caption {
            title: look.title_or("Meta-regression", "メタ回帰"),
            subtitle: result.model(look),
            footnotes: notes,
            source: look.source.clone(),
            lang: look.lang,
        },
        facts,
        panels: vec![Frame { x, y, layers, remark, ..Frame::default() }],
        columns: 1,
        aspect: 0.6,
    })
}

/// The line along a number with its band.
fn along(design: &Design<'_>, look: &Look, at: usize) -> Result<(Axis, Vec<Layer>), Missing> {
    let result = design.result;
    let name = design.name(at);
    let points: Vec<(f64, &Study, String)> =
        design.values(at).zip(&result.studies).zip(result.names()).map(join).collect();
    let low = points.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    let reach = if high > low { 0.05 * (high - low) } else { 0.5 };
    let (from, to) = (low - reach, high + reach);
    let line = (0..=STEPS)
        .map(|step| {
            let x = from + (to - from) * step as f64 / STEPS as f64;
            let (fitted, half) = design.fitted(&[(at, x)])?;
            Ok((x, fitted, half))
        })
        .collect::<Result<Vec<_>, Missing>>()?;
    let ends = |(x, y, half): &(f64, f64, Option<f64>)| Some((*x, look.shown(y - (*half)?), look.shown(y + (*half)?)));
    let band: Vec<_> = line.iter().filter_map(ends).collect();
    let fitted = line.iter().map(|(x, y, _)| (*x, look.shown(*y))).collect();
    let mut layers = Vec::new();
    if !band.is_empty() {
        layers.push(Layer::band(of_mean(result, look), Ink::Tint(0), band).listed());
    }
    layers.extend(look.nothing().map(|nothing| Layer::level("", Ink::Reference, nothing)));
    layers.push(Layer::dots(studies(result, look), Ink::Line, Shape::Ring, bubbles(&points, look)).listed());
    layers.push(Layer::curve(look.say("Regression", "回帰直線"), Ink::Series(0), 2.0, fitted).listed());
    Ok((Axis::linear(plainly(name)).over(from, to), layers))
}

/// The mean of each level of a factor, beside the studies of that level.
fn at_levels(design: &Design<'_>, look: &Look, factor: &str, dummies: &[usize]) -> Result<(Axis, Vec<Layer>), Missing> {
    let result = design.result;
    let levels = design.levels(factor, dummies, &look.say("reference", "基準"));
    let level_of = |study: usize| {
        let own = dummies.iter().find(|dummy| design.value(**dummy, study) == 1.0);
        levels.iter().position(|(_, dummy)| dummy.as_ref() == own).unwrap_or_default() as f64
    };
    let places = (0..result.studies.len()).map(level_of);
    let points: Vec<(f64, &Study, String)> = places.zip(&result.studies).zip(result.names()).map(join).collect();
    let mut means = Vec::new();
    let mut spans = Vec::new();
    for (place, (name, own)) in levels.iter().enumerate() {
        let set: Vec<(usize, f64)> =
            dummies.iter().map(|dummy| (*dummy, if Some(*dummy) == *own { 1.0 } else { 0.0 })).collect();
        let (fitted, half) = design.fitted(&set)?;
        let at = place as f64 + BESIDE;
        if let Some(half) = half {
            let [lower, upper] = [fitted - half, fitted + half].map(|end| look.shown(end));
            spans.push(Span { at, lower, upper, name: name.clone() });
        }
        means.push(Dot::new(at, look.shown(fitted), 6.0, name.clone()));
    }
    let mut layers: Vec<Layer> = look.nothing().map(|at| Layer::level("", Ink::Reference, at)).into_iter().collect();
    layers.push(
        Layer::dots(studies(result, look), Ink::Line, Shape::Ring, swarm(bubbles(&points, look), look, levels.len()))
            .listed(),
    );
    layers.push(Layer::upright(of_mean(result, look), Ink::Series(0), 2.2, spans));
    let mean = match look.lang {
        _ if !design.has_intervals() => look.say("Mean effect", "平均効果"),
        Lang::En => format!("Mean effect with its {} CI", level_in(look.lang, result.level)),
        Lang::Ja => format!("平均効果と{}信頼区間", level_in(look.lang, result.level)),
    };
    layers.push(Layer::dots(mean, Ink::Series(0), Shape::Diamond, means).listed());
    let names = levels.iter().enumerate().map(|(at, (name, _))| (at as f64, name.clone()));
    Ok((Axis::linear(plainly(column_of(factor))).over(-0.6, levels.len() as f64 - 0.4).named(names), layers))
}

/// A name of a column without the backticks that a formula needs around it.
fn plainly(name: &str) -> String {
    name.replace('`', "")
}

fn join(((x, study), name): ((f64, &Study), String)) -> (f64, &Study, String) {
    (x, study, name)
}

fn studies(result: &MetaResult, look: &Look) -> String {
    match (is_weighted(result), result.is_multilevel() && !result.has_shares()) {
        (false, _) => look.say("Studies", "研究"),
        (true, false) => look.say("Studies (area: weight)", "研究（面積は重み）"),
        (true, true) => look.say("Effects (area: diagonal of the weight matrix)", "効果（面積は重み行列の対角成分）"),
    }
}

fn of_mean(result: &MetaResult, look: &Look) -> String {
    match look.lang {
        Lang::En => format!("{} CI of the mean effect", level_in(look.lang, result.level)),
        Lang::Ja => format!("平均効果の{}信頼区間", level_in(look.lang, result.level)),
    }
}

/// The slope in words; none where other terms move with the moderator, so that there is no single one.
fn slope(design: &Design<'_>, look: &Look, at: usize) -> Option<String> {
    if design.moves_others(at) {
        return None;
    }
    let slope = &design.result.coefficients[at];
    let (name, estimate, p) = (plainly(&slope.name), brief(slope.estimate?), p_is(slope.p?));
    let log = if look.ratio { look.say(" on the log scale", "（対数）") } else { String::new() };
    Some(match look.lang {
        Lang::En => format!("Slope of {name}: {estimate} per unit{log}, {p}."),
        Lang::Ja => format!("{name}の傾き：1単位あたり{estimate}{log}、{p}。"),
    })
}

/// Why the mean has no interval.
pub(super) fn without_intervals(design: &Design<'_>, look: &Look) -> Option<String> {
    (!design.has_intervals()).then(|| {
        look.say(
            "The mean has no interval here: its degrees of freedom differ from value to value; `meta --predict` computes it.",
            "自由度が値ごとに異なるため、平均の信頼区間は示していない（`meta --predict` で計算できる）。",
        )
    })
}

/// What is held where.
fn held(design: &Design<'_>, look: &Look, at: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let name = plainly(design.name(at));
    if design.has_others(&[at]) {
        notes.push(look.say("The other moderators are held at their means.", "他の調整変数は平均に固定した。"));
    }
    if design.moves_others(at) {
        notes.push(match look.lang {
            Lang::En => format!("Products and powers of {name} move with it."),
            Lang::Ja => format!("{name}を含む積や累乗の項は、{name}とともに動かした。"),
        });
    }
    notes
}

/// What the points of levels are.
fn of_levels(design: &Design<'_>, look: &Look, factor: &str, dummies: &[usize]) -> Vec<String> {
    let mut notes = Vec::new();
    let shown = plainly(column_of(factor));
    let is_open = design.reference(factor, dummies).is_none();
    if is_open && design.levels(factor, dummies, "").iter().any(|(_, dummy)| dummy.is_none()) {
        notes.push(match look.lang {
            Lang::En => format!("The reference is the level of {shown} that has no coefficient of its own."),
            Lang::Ja => format!("基準は、{shown}のうち自身の係数をもたない水準。"),
        });
    }
    if design.has_others(dummies) {
        notes.push(look.say("The other moderators are held at their means.", "他の調整変数は平均に固定した。"));
    }
    notes
}

/// Circles whose area is the weight; small ones lie on large ones.
fn bubbles(points: &[(f64, &Study, String)], look: &Look) -> Vec<Dot> {
    let most = points.iter().filter_map(|(_, study, _)| study.weight).fold(0.0, f64::max);
    let radius = |weight: Option<f64>| {
        weight.filter(|_| most > 0.0).map_or(5.0, |weight| (RADII.0 * (weight / most).sqrt()).max(RADII.1))
    };
    let mut bubbles: Vec<Dot> = points
        .iter()
        .map(|(x, study, label)| Dot::new(*x, look.shown(study.yi), radius(study.weight), label.clone()).named())
        .collect();
    bubbles.sort_by(|a, b| b.radius.total_cmp(&a.radius));
    bubbles
}

/// The circles of each level beside one another where they would lie over each other: each in turn, the largest first,
/// as near to its level as it is free of those before it, or where it is most so (a beeswarm).
fn swarm(bubbles: Vec<Dot>, look: &Look, levels: usize) -> Vec<Dot> {
    let height = |dot: &Dot| if look.ratio { dot.y.ln() } else { dot.y };
    let heights = || bubbles.iter().map(height);
    let range = heights().fold(f64::NEG_INFINITY, f64::max) - heights().fold(f64::INFINITY, f64::min);
    let (wide, high) = (PIXELS.0 / levels.max(1) as f64, PIXELS.1 / range.max(f64::MIN_POSITIVE));
    let steps = (FARTHEST / STEP).round() as i32;
    let places = || (0..=steps).flat_map(|step| [step, -step]).map(|step| STEP * f64::from(step));
    let mut placed: Vec<Dot> = Vec::with_capacity(bubbles.len());
    for dot in &bubbles {
        // In a crowd each lies over others wherever it is, and the search would take long.
        if bubbles.iter().filter(|other| other.x == dot.x).nth(CROWD).is_some() {
            placed.push(dot.clone());
            continue;
        }
        // The distance to the nearest circle of the level, in sums of radii.
        let free = |beside: f64| {
            let of_level = placed.iter().filter(|other| other.x == dot.x);
            let apart = of_level.map(|other| {
                let (across, up) = (wide * (beside - other.beside), high * (height(dot) - height(other)));
                across.hypot(up) / (dot.radius + other.radius)
            });
            apart.fold(f64::INFINITY, f64::min)
        };
        let first_free = places().find(|beside| free(*beside) >= 1.0);
        let beside = first_free.or_else(|| places().max_by(|a, b| free(*a).total_cmp(&free(*b)))).unwrap_or(0.0);
        placed.push(dot.clone().drawn_beside(beside));
    }
    placed
}
