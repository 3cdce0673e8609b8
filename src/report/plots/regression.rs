//! Effects against a moderator: the bubble plot.

use super::{Look, MetaResult, Missing, Study};
use crate::chart::{Axis, Caption, Dot, Frame, Ink, Layer, Plane, Shape};
use crate::report::number::{level_in, p_is, significant};
use crate::reported::Lang;

/// Largest and smallest radius of a bubble.
const RADII: (f64, f64) = (17.0, 3.0);
/// Points along the line.
const STEPS: usize = 60;

/// Bubbles whose area is the weight, the line of the regression and its band. The other moderators
/// are held at their means.
///
/// # Errors
/// The document has no such moderator, or lists no studies.
pub fn regression(result: &MetaResult, look: &Look, moderator: Option<&str>) -> Result<Plane, Missing> {
    let at = place_of(result, moderator)?;
    let name = result.coefficients[at].name.as_str();
    let mut points = Vec::new();
    for (study, label) in result.studies.iter().zip(result.names()) {
        points.push((*study.x.get(name).ok_or("its studies have no moderators")?, study, label));
    }
    if points.is_empty() {
        return Err("it lists no studies".to_owned());
    }
    let bubbles = bubbles(&points, look);
    let low = points.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    let reach = if high > low { 0.05 * (high - low) } else { 0.5 };
    let line = line(result, at, (low - reach, high + reach))?;
    let band = line.iter().map(|(x, y, half)| (*x, look.shown(y - half), look.shown(y + half))).collect();
    let fitted = line.iter().map(|(x, y, _)| (*x, look.shown(*y))).collect();
    let ci = level_in(look.lang, result.level);
    let band_name = match look.lang {
        Lang::En => format!("{ci} CI of the mean effect"),
        Lang::Ja => format!("平均効果の{ci}信頼区間"),
    };
    let layers = vec![
        Layer::band(band_name, Ink::Tint(0), band).listed(),
        Layer::level("", Ink::Reference, look.nothing()),
        Layer::dots(look.say("Studies (area: weight)", "研究（面積は重み）"), Ink::Line, Shape::Ring, bubbles).listed(),
        Layer::curve(look.say("Regression", "回帰直線"), Ink::Series(0), 2.0, fitted).listed(),
    ];
    let slope = &result.coefficients[at];
    let mut facts = vec![result.heterogeneity(look.lang)];
    if let (Some(estimate), Some(p)) = (slope.estimate, slope.p) {
        facts.push(match look.lang {
            Lang::En => format!("Slope of {name}: {} per unit{}, {}.", significant(estimate, 3), log(look), p_is(p)),
            Lang::Ja => format!("{name}の傾き：1単位あたり{}{}、{}。", significant(estimate, 3), log(look), p_is(p)),
        });
    }
    let title = look.title_or("Meta-regression", "メタ回帰");
    let remark = facts.join(&look.say("; ", "；"));
    let y = Axis { sides: Default::default(), ..look.axis() };
    let x = Axis::linear(name).over(low - reach, high + reach);
    Ok(Plane {
        caption: Caption {
            title,
            subtitle: result.model(look),
            footnotes: if result.coefficients.len() > 2 {
                vec![look.say("The other moderators are held at their means.", "他の調整変数は平均に固定した。")]
            } else {
                Vec::new()
            },
            source: look.source.clone(),
            lang: look.lang,
        },
        facts,
        panels: vec![Frame { x, y, layers, remark, ..Frame::default() }],
        columns: 1,
        aspect: 0.6,
    })
}

/// Which coefficient is the moderator that was asked for, or the first one.
fn place_of(result: &MetaResult, moderator: Option<&str>) -> Result<usize, Missing> {
    let names: Vec<&str> = result.coefficients.iter().map(|one| one.name.as_str()).collect();
    let own = names.iter().position(|name| match moderator {
        Some(asked) => *name == asked,
        None => *name != "intrcpt",
    });
    own.ok_or_else(|| match moderator {
        Some(asked) => format!("it has no moderator `{asked}`: its coefficients are {}", names.join(", ")),
        None => "it has no moderator: pass --mods COLUMN".to_owned(),
    })
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

fn log(look: &Look) -> String {
    if look.ratio { look.say(" on the log scale", "（対数）") } else { String::new() }
}

/// x, fitted value and half the interval along a moderator.
fn line(result: &MetaResult, at: usize, (low, high): (f64, f64)) -> Result<Vec<(f64, f64, f64)>, Missing> {
    let p = result.coefficients.len();
    let mean = |name: &str| {
        let values: Vec<f64> = result.studies.iter().filter_map(|study| study.x.get(name)).copied().collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    };
    let means: Vec<f64> = result.coefficients.iter().map(|one| mean(&one.name)).collect();
    let missing = || "it has no covariance of its coefficients (`vcov`)".to_owned();
    let one = &result.coefficients[at];
    let (estimate, se) = one.estimate.zip(one.se).ok_or_else(missing)?;
    // The critical value of the coefficients' own intervals, of t or z.
    let critical = (super::both(one.ci).ok_or_else(missing)?[1] - estimate) / se;
    let covariance = |i: usize, j: usize| result.vcov.get(i)?.get(j).copied().flatten();
    (0..=STEPS)
        .map(|step| {
            let x = low + (high - low) * step as f64 / STEPS as f64;
            let row: Vec<f64> = (0..p).map(|i| if i == at { x } else { means[i] }).collect();
            let mut fitted = 0.0;
            let mut variance = 0.0;
            for i in 0..p {
                fitted += row[i] * result.coefficients[i].estimate.ok_or_else(missing)?;
                for j in 0..p {
                    variance += row[i] * row[j] * covariance(i, j).ok_or_else(missing)?;
                }
            }
            Ok((x, fitted, critical * variance.max(0.0).sqrt()))
        })
        .collect()
}
