//! Effects against their precision: funnel and radial plot.

use super::{Filled, Look, MetaResult, Missing, TrimFill, both, counted};
use crate::chart::{Axis, Caption, Dot, Frame, Ink, Layer, Plane, Shape};
use crate::numeric::dist::{normal_critical, normal_quantile};
use crate::report::number::{level_in, percent_sign};
use crate::reported::Lang;

/// Radius of a study's mark.
const RADIUS: f64 = 4.2;

/// The funnel plot with contours of p, and with studies that trim and fill adds where there are any.
///
/// # Errors
/// The document lists no studies.
pub fn funnel(result: &MetaResult, look: &Look) -> Result<Plane, Missing> {
    if result.studies.is_empty() {
        return Err("it lists no studies".to_owned());
    }
    let (centre, _) = result.pooled().ok_or("a regression has no single effect: leave --mods out")?;
    let filled = result.trimfill.as_ref().map(|of| of.filled.as_slice()).unwrap_or_default();
    let errors = result.studies.iter().map(|study| study.vi).chain(filled.iter().map(|one| one.vi)).map(f64::sqrt);
    let largest = 1.06 * errors.fold(0.0, f64::max);
    let effects = || result.studies.iter().map(|study| study.yi).chain(filled.iter().map(|one| one.yi));
    // Wide enough for all studies, for the funnel, and for a contour as wide where there are contours.
    let half = normal_critical(result.level) * largest;
    let contour = if look.one_group { centre } else { 0.0 };
    let low = effects().fold((centre - half).min(contour - half), f64::min);
    let high = effects().fold((centre + half).max(contour + half), f64::max);
    let margin = 0.04 * (high - low);
    let range = (low - margin, high + margin);
    // Without a value of no effect there is no p.
    let mut layers = if look.one_group { Vec::new() } else { contours(look, range, largest) };
    let point = |value: f64, se: f64| (look.shown(value), se);
    layers.push(
        Layer::curve(
            look.say("Pooled effect", "統合効果"),
            Ink::Ink,
            1.4,
            vec![point(centre, 0.0), point(centre, largest)],
        )
        .listed(),
    );
    let share = level_in(look.lang, result.level);
    let name = match look.lang {
        Lang::En => format!("{share} of studies if all share one effect"),
        Lang::Ja => format!("効果が共通なら研究の{share}が入る範囲"),
    };
    let sides = vec![point(centre - half, largest), point(centre, 0.0), point(centre + half, largest)];
    layers.push(Layer::dashed(name, Ink::Line, 1.2, sides).listed());
    let dot = |(study, name): (&super::Study, String)| Dot::new(look.shown(study.yi), study.vi.sqrt(), RADIUS, name);
    let dots = result.studies.iter().zip(result.names()).map(dot).collect();
    layers.push(Layer::dots(look.say("Studies", "研究"), Ink::Series(0), Shape::Disc, dots).listed());
    let mut facts: Vec<String> = result.heterogeneity(look.lang).into_iter().collect();
    if let Some(trimfill) = &result.trimfill {
        layers.extend(filled_in(trimfill, look));
        facts.extend(with_filled(result, trimfill, look));
    }
    let axis = look.axis().over(look.shown(range.0), look.shown(range.1));
    let y = Axis { reversed: true, ..Axis::linear(look.say("Standard error", "標準誤差")).over(0.0, largest) };
    let remark = facts.last().filter(|_| result.trimfill.is_some()).cloned().unwrap_or_default();
    Ok(Plane {
        caption: Caption {
            title: look.title_or("Funnel plot", "ファンネルプロット"),
            // Its lines are the limits of the funnel, and no intervals.
            subtitle: result.model_alone(look),
            footnotes: [look.say(
                "Asymmetry has many causes besides missing studies, such as real differences between small and large \
                 ones.",
                "非対称の原因は出版バイアスとは限らない（小規模研究と大規模研究の真の違いなど）。",
            )]
            .into_iter()
            .chain(result.without_effect(look))
            .collect(),
            source: look.source.clone(),
            lang: look.lang,
        },
        facts,
        panels: vec![Frame { x: axis, y, layers, remark, ..Frame::default() }],
        columns: 1,
        aspect: 0.66,
    })
}

/// The studies that trim and fill adds; none where it adds none.
fn filled_in(trimfill: &TrimFill, look: &Look) -> Option<Layer> {
    let dot = |one: &Filled| Dot::new(look.shown(one.yi), one.vi.sqrt(), RADIUS, "");
    let name = look.say("Filled in by trim and fill", "トリムアンドフィルで補った研究");
    let dots: Vec<Dot> = trimfill.filled.iter().map(dot).collect();
    (!dots.is_empty()).then(|| Layer::dots(name, Ink::Series(1), Shape::Ring, dots).listed())
}

/// How many these are, and the pooled effect with them.
fn with_filled(result: &MetaResult, trimfill: &TrimFill, look: &Look) -> Option<String> {
    let pooled = trimfill.coefficients.first()?;
    let text = in_words(result, look, pooled.estimate?, both(pooled.ci));
    Some(match look.lang {
        Lang::En => {
            let added = counted(trimfill.k0 as usize, "study", "studies");
            format!("Trim and fill adds {added}; pooled effect then {text}.")
        }
        Lang::Ja => format!("トリムアンドフィルは{}研究を補い、統合効果は{text}となる。", trimfill.k0),
    })
}

/// A pooled effect with as many digits as the studies have, or as its interval needs, and its unit.
fn in_words(result: &MetaResult, look: &Look, effect: f64, ci: Option<[f64; 2]>) -> String {
    let widths = result.studies.iter().map(|study| look.shown(study.ci[1]) - look.shown(study.ci[0]));
    let digits = look.digits(widths);
    let shown = look.shown(effect);
    let text = ci.map_or_else(|| digits.text(shown), |ci| digits.beside(shown, ci.map(|end| look.shown(end))));
    if look.percent { percent_sign(look.lang, format!("{text} %")) } else { text }
}

/// Areas of p around no effect.
fn contours(look: &Look, (low, high): (f64, f64), largest: f64) -> Vec<Layer> {
    let bounds = [normal_quantile(0.95), normal_quantile(0.975), normal_quantile(0.995)];
    let texts = ["0.01 < p < 0.05", "0.05 < p < 0.10", "p > 0.10"];
    let inks = [Ink::Contour(0), Ink::Contour(1), Ink::Contour(2)];
    let mut layers = Vec::new();
    let corner = |value: f64, se: f64| (look.shown(value), se);
    // Outwards the tints grow lighter; beyond the last contour lies paper.
    for (z, (text, ink)) in bounds.iter().rev().zip(texts.into_iter().zip(inks)) {
        let half = z * largest;
        // Cut at the edges of the plot along the slope of the contour.
        let side = |end: f64, sign: f64| {
            let reach = (end * sign).max(0.0);
            if half > reach {
                vec![corner(sign * reach, reach / z), corner(sign * reach, largest)]
            } else {
                vec![corner(sign * half, largest)]
            }
        };
        let mut corners = vec![corner(0.0, 0.0)];
        corners.extend(side(high, 1.0));
        corners.extend(side(low, -1.0).into_iter().rev());
        layers.push(Layer::area(text, ink, corners).listed());
    }
    layers
}

/// The radial plot (Galbraith): standardised effect against precision; slopes are effects.
///
/// # Errors
/// The document lists no studies.
pub fn radial(result: &MetaResult, look: &Look) -> Result<Plane, Missing> {
    if result.studies.is_empty() {
        return Err("it lists no studies".to_owned());
    }
    if result.is_multilevel() || !result.variances.is_empty() || (result.has_tau2() && result.tau2.is_none()) {
        let reason =
            "its model has no single variance between studies, which a radial plot divides by beside their own";
        return Err(reason.to_owned());
    }
    let (slope, ci) = result.pooled().ok_or("a regression has no single effect: leave --mods out")?;
    let points: Vec<(f64, f64)> = result
        .studies
        .iter()
        .map(|study| (study.vi + result.tau2.unwrap_or(0.0)).sqrt())
        .zip(&result.studies)
        .map(|(se, study)| (1.0 / se, study.yi / se))
        .collect();
    let reach = 1.08 * points.iter().map(|point| point.0).fold(0.0, f64::max);
    let z = normal_critical(result.level);
    let line = |by: f64, shift: f64| vec![(0.0, shift), (reach, by * reach + shift)];
    let dots = points.iter().zip(result.names()).map(|((x, y), name)| Dot::new(*x, *y, RADIUS, name).named()).collect();
    let ci_level = level_in(look.lang, result.level);
    let band = vec![(0.0, -z, z), (reach, slope * reach - z, slope * reach + z)];
    let (band_name, ci_name) = match look.lang {
        Lang::En => (format!("{ci_level} of studies around the line"), format!("{ci_level} CI of the slope")),
        Lang::Ja => (format!("研究の{ci_level}が入る帯"), format!("傾きの{ci_level}信頼区間")),
    };
    let layers = vec![
        Layer::band(band_name, Ink::Shade(0), band).listed(),
        Layer::level("", Ink::Reference, 0.0),
        Layer::dashed(ci_name.clone(), Ink::Line, 1.1, line(ci[0], 0.0)).listed(),
        Layer::dashed(ci_name, Ink::Line, 1.1, line(ci[1], 0.0)),
        Layer::curve(look.say("Pooled effect (slope)", "統合効果（傾き）"), Ink::Ink, 1.6, line(slope, 0.0)).listed(),
        Layer::dots(look.say("Studies", "研究"), Ink::Series(0), Shape::Disc, dots).listed(),
    ];
    let (x, y) = match look.lang {
        // A radical sign whose bar ends before what it is over says something else; the root is written in words.
        Lang::En => ("Precision: 1 / SE, where SE² = v + τ²", "Standardised effect: y / SE"),
        Lang::Ja => ("精度：1 / SE（SE² ＝ v + τ²）", "標準化した効果：y / SE"),
    };
    let effect = in_words(result, look, slope, Some(ci));
    let facts = vec![match look.lang {
        Lang::En => {
            format!("Pooled effect {effect}{}.", if look.ratio { " as a ratio; y is its logarithm" } else { "" })
        }
        Lang::Ja => format!("統合効果 {effect}{}。", if look.ratio { "（比。y はその対数）" } else { "" }),
    }];
    Ok(Plane {
        caption: Caption {
            title: look.title_or("Radial plot", "ラジアルプロット"),
            subtitle: format!("{} {}", result.model(look), facts[0]),
            footnotes: [look.say(
                "The line from the origin to a study has the slope of its effect.",
                "原点から各研究への直線の傾きがその効果。",
            )]
            .into_iter()
            .chain(result.without_effect(look))
            .collect(),
            source: look.source.clone(),
            lang: look.lang,
        },
        facts,
        panels: vec![Frame { x: Axis::linear(x).over(0.0, reach), y: Axis::linear(y), layers, ..Frame::default() }],
        columns: 1,
        aspect: 0.66,
    })
}
