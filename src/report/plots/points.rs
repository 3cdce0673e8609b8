//! Studies as points: Baujat, GOSH, L'Abbé, normal quantiles, and the likelihood of τ².

use super::{Influence, Look, MetaResult, Missing, counted};
use crate::chart::{Axis, Caption, Dash, Dot, Frame, Ink, Layer, Plane, Shape};
use crate::numeric::dist::{beta_quantile, normal_critical, normal_quantile};
use crate::numeric::interval::Interval;
use crate::report::number::{grouped, level_in, significant};
use crate::reported::Lang;
use std::f64::consts::FRAC_PI_2;

/// Radius of a study's mark.
const RADIUS: f64 = 4.2;

/// A chart of one panel with the words that all of them share.
fn plane(look: &Look, title: [&str; 2], subtitle: String, frame: Frame, footnote: [&str; 2]) -> Plane {
    Plane {
        caption: Caption {
            title: look.title_or(title[0], title[1]),
            subtitle,
            footnotes: vec![look.say(footnote[0], footnote[1])].into_iter().filter(|note| !note.is_empty()).collect(),
            source: look.source.clone(),
            lang: look.lang,
        },
        facts: Vec::new(),
        panels: vec![frame],
        columns: 1,
        aspect: 0.66,
    }
}

/// Which studies make the heterogeneity, and which move the pooled effect.
///
/// # Errors
/// The document has no such points.
pub fn baujat(result: &MetaResult, look: &Look) -> Result<Plane, Missing> {
    let points = result.baujat.as_ref().ok_or("it has no `baujat`: pass --baujat")?;
    let dots: Vec<Dot> = points
        .iter()
        .enumerate()
        .filter_map(|(at, point)| {
            let name = result.name_of(point.study.as_ref(), at);
            Some(Dot::new(point.x?, point.y?, RADIUS, name).named())
        })
        .collect();
    if dots.is_empty() {
        return Err("none of its studies has a place".to_owned());
    }
    let most = dots.iter().fold((0.0_f64, 0.0_f64), |most, dot| (most.0.max(dot.x), most.1.max(dot.y)));
    let layers = vec![Layer::dots(look.say("Studies", "研究"), Ink::Series(0), Shape::Disc, dots)];
    // Only without a variance between studies do the squares add up to Q.
    let x = Axis::linear(match result.method.as_str() {
        "FE" | "EE" => look.say("Contribution to heterogeneity", "異質性への寄与"),
        _ => look.say("Squared Pearson residual", "ピアソン残差の2乗"),
    });
    let y = Axis::linear(look.say("Influence on the pooled effect", "統合効果への影響"));
    // Squares are not below 0, where an axis about a 0 by itself would go.
    let above_zero = |axis: Axis, most: f64| if most > 0.0 { axis } else { axis.over(0.0, 1.0) };
    let (x, y) = (above_zero(x, most.0), above_zero(y, most.1));
    let frame = Frame { x, y, layers, ..Frame::default() };
    Ok(plane(
        look,
        ["Baujat plot", "Baujatプロット"],
        result.model_alone(look),
        frame,
        [
            "To the right: studies that differ from the others. Up: studies that move the pooled effect when left out.",
            "右にあるほど他の研究と異なり、上にあるほど除外したとき統合効果が動く。",
        ],
    ))
}

/// Pooled effect and heterogeneity of every subset of the studies.
///
/// # Errors
/// The document has no such fits.
pub fn gosh(result: &MetaResult, look: &Look) -> Result<Plane, Missing> {
    let all = result.gosh.as_ref().ok_or("it has no `gosh`: pass --gosh")?;
    // One study has no heterogeneity: its I² of 0 would be a row of marks that say nothing.
    let subsets: Vec<_> = all.iter().filter(|one| one.k.is_none_or(|k| k > 1)).collect();
    let radius = if subsets.len() > 1000 { 1.1 } else { 2.2 };
    let dots: Vec<Dot> = subsets.iter().map(|one| Dot::new(look.shown(one.estimate), one.i2, radius, "")).collect();
    if dots.is_empty() {
        return Err("it has no subset".to_owned());
    }
    let mut layers = vec![Layer::dots(look.say("Subsets", "部分集合"), Ink::Series(0), Shape::Disc, dots)];
    if let (Some((estimate, _)), Some(i2)) = (result.pooled(), result.i2) {
        let all = Dot::new(look.shown(estimate), i2, 5.5, look.say("All studies", "全研究"));
        layers.push(Layer::dots(look.say("All studies", "全研究"), Ink::Series(1), Shape::Diamond, vec![all]).listed());
    }
    let y = Axis::linear(look.say("I², %", "I²（%）")).over(-2.0, 102.0);
    let frame = Frame { x: look.axis(), y, layers, ..Frame::default() };
    let subtitle = subsets_in_words(result, subsets.len(), look.lang);
    Ok(plane(
        look,
        ["GOSH plot", "GOSHプロット"],
        subtitle,
        frame,
        [
            "Several clouds mean that some studies pull the effect apart.",
            "雲が分かれるのは、一部の研究が効果を動かすため。",
        ],
    ))
}

/// How many subsets of how many these are, and whether they were drawn at random.
fn subsets_in_words(result: &MetaResult, shown: usize, lang: Lang) -> String {
    let k = result.k;
    let (count, all) = (grouped(shown as u128), all_subsets(k));
    match (result.gosh_exact, lang) {
        (Some(true), Lang::En) if shown == 1 => {
            format!("The only subset of two or more of {k} studies that can be fitted.")
        }
        (Some(true), Lang::En) if count == all => format!("All {all} subsets of two or more of {k} studies."),
        (Some(true), Lang::Ja) if count == all => format!("{k}研究から2研究以上を選ぶ部分集合{all}通りのすべて。"),
        (Some(true), Lang::En) => format!("The {count} subsets of two or more of {k} studies that can be fitted."),
        (Some(true), Lang::Ja) => format!("{k}研究から2研究以上を選ぶ部分集合のうち推定できた{count}通り。"),
        (Some(false), Lang::En) => format!("{count} random subsets of the {all} of two or more of {k} studies."),
        (Some(false), Lang::Ja) => {
            format!("{k}研究から2研究以上を選ぶ{all}通りの部分集合から、無作為に選んだ{count}通り。")
        }
        (None, Lang::En) => format!("{count} subsets of {}.", counted(k, "study", "studies")),
        (None, Lang::Ja) => format!("{k}研究の部分集合{count}通り。"),
    }
}

/// 2^k − 1 − k, the subsets of two studies or more.
fn all_subsets(k: usize) -> String {
    match u32::try_from(k).ok().and_then(|k| 1_u128.checked_shl(k)) {
        Some(all) if k <= 50 => grouped(all - 1 - k as u128),
        _ => format!("2^{k}"),
    }
}

/// Studentised deleted residuals against normal quantiles.
///
/// The envelope is pointwise: the i-th of k independent normal residuals lies within the quantiles
/// of a beta distribution with i and k + 1 − i (order statistics of uniform numbers).
///
/// # Errors
/// The document has no such residuals.
pub fn qq(result: &MetaResult, look: &Look) -> Result<Plane, Missing> {
    let influence = result.influence.as_ref().ok_or("it has no `influence`: pass --influence")?;
    let of_study = |(at, one): (usize, &Influence)| Some((one.rstudent?, result.name_of(one.study.as_ref(), at)));
    let mut residuals: Vec<(f64, String)> = influence.iter().enumerate().filter_map(of_study).collect();
    if residuals.len() < 2 {
        return Err("fewer than two studies have a residual".to_owned());
    }
    residuals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (band, quantiles) = envelope(residuals.len(), result.level);
    let far = normal_critical(result.level);
    let dots = residuals
        .into_iter()
        .zip(&quantiles)
        .map(|((residual, name), quantile)| {
            let dot = Dot::new(*quantile, residual, RADIUS, name);
            if residual.abs() > far { dot.named() } else { dot }
        })
        .collect();
    let ends = [quantiles[0], quantiles[quantiles.len() - 1]];
    let name = match look.lang {
        Lang::En => format!("{} of such points if residuals are normal", level_in(look.lang, result.level)),
        Lang::Ja => format!("残差が正規なら点の{}が入る範囲", level_in(look.lang, result.level)),
    };
    let layers = vec![
        Layer::band(name, Ink::Shade(0), band).listed(),
        Layer::curve("", Ink::Reference, 1.2, ends.map(|end| (end, end)).to_vec()),
        Layer::dots(look.say("Studies", "研究"), Ink::Series(0), Shape::Disc, dots),
    ];
    let x = Axis::linear(look.say("Normal quantile", "正規分位点"));
    let y = Axis::linear(look.say("Studentised deleted residual", "スチューデント化残差（除外）"));
    let frame = Frame { x, y, layers, ..Frame::default() };
    Ok(plane(
        look,
        ["Normal Q–Q plot", "正規Q–Qプロット"],
        result.model_alone(look),
        frame,
        [
            "The band holds for each point by itself and takes the residuals as independent.",
            "帯は点ごとの範囲で、残差を独立とみなしている。",
        ],
    ))
}

/// The band of the order statistics of `count` independent normal numbers, and their places.
pub(super) fn envelope(count: usize, level: f64) -> (Vec<(f64, f64, f64)>, Vec<f64>) {
    let tail = (1.0 - level) / 2.0;
    // Blom's places.
    let place = |i: usize| normal_quantile((i as f64 + 0.625) / (count as f64 + 0.25));
    let end = |p: f64, i: usize| normal_quantile(beta_quantile(p, i as f64 + 1.0, (count - i) as f64));
    let quantiles: Vec<f64> = (0..count).map(place).collect();
    let band = (0..count).map(|i| (quantiles[i], end(tail, i), end(1.0 - tail, i))).collect();
    (band, quantiles)
}

/// A study's risks in two groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    /// Its name.
    pub name: String,
    /// Risk in group 1.
    pub treated: f64,
    /// Risk in group 2.
    pub control: f64,
    /// How many took part.
    pub size: f64,
}

/// Risks of both groups of each study against one another.
///
/// # Errors
/// No study has both risks.
pub fn labbe(arms: &[Arms], result: &MetaResult, measure: &str, look: &Look) -> Result<Plane, Missing> {
    if arms.is_empty() {
        return Err("no study has both risks".to_owned());
    }
    let most = arms.iter().map(|arm| arm.size).fold(0.0, f64::max);
    let mut dots: Vec<Dot> = arms
        .iter()
        .map(|arm| {
            let radius = (15.0 * (arm.size / most).sqrt()).max(3.0);
            Dot::new(100.0 * arm.control, 100.0 * arm.treated, radius, arm.name.clone()).named()
        })
        .collect();
    dots.sort_by(|a, b| b.radius.total_cmp(&a.radius));
    let highest = arms.iter().flat_map(|arm| [arm.treated, arm.control]).fold(0.0, f64::max);
    let reach = (110.0 * highest).clamp(1e-6, 100.0);
    let mut layers = vec![
        Layer::curve(look.say("No difference", "差なし"), Ink::Reference, 1.3, vec![(0.0, 0.0), (reach, reach)])
            .listed(),
    ];
    let mut note = [String::new(), String::new()];
    if let Some((effect, _)) = result.pooled() {
        // The curve along which a study has the pooled effect.
        let at = |control: f64| match measure {
            "RR" => Some(effect.exp() * control),
            "OR" | "PETO" => Some(effect.exp() * control / (1.0 - control + effect.exp() * control)),
            "RD" => Some(control + effect),
            "AS" => {
                let angle = control.sqrt().asin() + effect;
                (0.0..=FRAC_PI_2).contains(&angle).then(|| angle.sin().powi(2))
            }
            _ => None,
        };
        let points = (0..=100).map(|step| reach / 100.0 * f64::from(step) / 100.0);
        let curve: Vec<(f64, f64)> = points.filter_map(|x| Some((100.0 * x, 100.0 * at(x)?))).collect();
        if curve.is_empty() {
            note = [
                format!(
                    "No curve of the pooled effect: its measure, {measure}, does not give one risk from the other."
                ),
                format!("統合効果の曲線はない：効果の指標（{measure}）では、一方のリスクから他方が決まらない。"),
            ];
        } else {
            let name = look.say("Pooled effect", "統合効果");
            layers.push(Layer::dashed(name, Ink::Ink, 1.4, curve).listed());
        }
    }
    layers.push(
        Layer::dots(look.say("Studies (area: size)", "研究（面積は人数）"), Ink::Series(0), Shape::Ring, dots).listed(),
    );
    // Marks of studies without events stay clear of the axes.
    let start = -0.035 * reach;
    let x = Axis::linear(look.say("Risk in group 2, %", "群2のリスク（%）")).over(start, reach);
    let y = Axis::linear(look.say("Risk in group 1, %", "群1のリスク（%）")).over(start, reach);
    let frame = Frame { x, y, layers, ..Frame::default() };
    let mut chart =
        plane(look, ["L'Abbé plot", "L'Abbéプロット"], result.model_alone(look), frame, [&note[0], &note[1]]);
    chart.aspect = 1.0;
    Ok(chart)
}

/// The (restricted) log-likelihood along τ², with the values within reach of a χ² of one degree of
/// freedom: the interval by profile likelihood.
///
/// # Errors
/// Fewer than two studies or three points.
pub fn likelihood(
    points: &[(f64, f64)],
    ci: Interval,
    result: &MetaResult,
    drop: f64,
    look: &Look,
) -> Result<Plane, Missing> {
    let tau2 = result.tau2.ok_or("it has no single tau²")?;
    if result.k < 2 {
        return Err("one study says nothing of a variance between studies: give two or more".to_owned());
    }
    let most = points.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    if points.len() < 3 || !most.is_finite() {
        return Err("the likelihood has too few points".to_owned());
    }
    let threshold = look.say(
        &format!("{} interval: within {} of the maximum", level_in(look.lang, result.level), significant(drop, 3)),
        &format!("{}信頼区間：最大値から{}以内", level_in(look.lang, result.level), significant(drop, 3)),
    );
    let layers = vec![
        Layer { listed: true, ..Layer::level(threshold, Ink::Reference, most - drop) },
        Layer::wall(look.say("Estimate", "推定値"), Ink::Series(1), tau2, Dash::Dashed).listed(),
        Layer::curve(look.say("Profile", "プロファイル"), Ink::Series(0), 2.0, points.to_vec()).listed(),
    ];
    let name = if result.method == "REML" {
        ["Restricted log-likelihood", "制限付き対数尤度"]
    } else {
        ["Log-likelihood", "対数尤度"]
    };
    let low = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min).max(most - 4.0 * drop);
    let y = Axis::linear(look.say(name[0], name[1])).over(low, most + 0.1 * (most - low));
    let end = points.iter().map(|point| point.0).fold(0.0, f64::max);
    let frame = Frame { x: Axis::linear("τ²").over(0.0, end), y, layers, ..Frame::default() };
    let [lower, upper] = ci.ends().map(|end| significant(end, 3));
    let interval = match look.lang {
        Lang::En => format!(" [{} CI {lower}, {upper}]", level_in(look.lang, result.level)),
        Lang::Ja => format!(" [{}信頼区間 {lower}, {upper}]", level_in(look.lang, result.level)),
    };
    let subtitle = format!("{} τ² = {}{interval}", result.model_alone(look), significant(tau2, 3));
    // Estimates by moments do not stand at the top of the curve.
    let footnote = match (result.method.as_str(), look.lang) {
        ("ML" | "REML", _) => String::new(),
        (method, Lang::En) => format!("The estimate is that of {method}, and not the maximum of the likelihood."),
        (method, Lang::Ja) => format!("推定値は{method}によるもので、尤度の最大値ではない。"),
    };
    Ok(plane(look, ["Profile likelihood", "プロファイル尤度"], subtitle, frame, [&footnote, &footnote]))
}
