//! The profile of a mixed model: zeta against each parameter.

use super::{FitResult, Missing};
use crate::chart::{Axis, Caption, Frame, Ink, Layer, Plane};
use crate::numeric::dist::normal_critical;
use crate::report::number::level_in;
use crate::report::words::say;
use crate::reported::Lang;
use serde::Deserialize;

/// A parameter with its profile.
#[derive(Debug, Clone, Deserialize)]
pub struct Profiled {
    /// The name of the parameter.
    pub parameter: String,
    /// The points of its profile.
    pub points: Vec<ZetaPoint>,
}

/// A value of a parameter, and the signed root of what the deviance rises by there.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct ZetaPoint {
    /// The value.
    pub value: Option<f64>,
    /// Zeta.
    pub zeta: Option<f64>,
}

/// Zeta, the signed square root of the rise of the deviance (Bates et al. 2015, J Stat Softw 67(1), section
/// 5.1), against the value of each parameter. Where it meets the two lines, the interval ends; a straight
/// line means a symmetric one.
///
/// # Errors
/// The document has no profile, or no parameter has two points.
pub fn zeta(fit: &FitResult, lang: Lang) -> Result<Plane, Missing> {
    let all = fit.profile.as_ref().ok_or("it has no `profile`: pass --ci profile")?;
    let confidence = fit.level.unwrap_or(0.95);
    let panels: Vec<Frame> = all.iter().filter_map(|one| panel(one, confidence, lang)).collect();
    if panels.is_empty() {
        return Err("no parameter of its `profile` has two points".to_owned());
    }
    let ci = level_in(lang, confidence);
    Ok(Plane {
        caption: Caption {
            title: say(lang, "Profile of the parameters", "パラメータのプロファイル"),
            subtitle: match lang {
                Lang::En => {
                    format!(
                        "ζ, the signed root of the rise in deviance; the {ci} interval lies between the dashed lines."
                    )
                }
                Lang::Ja => format!("ζ：逸脱度の増加の符号付き平方根。破線の間が{ci}信頼区間。"),
            },
            footnotes: of_full_likelihood(fit, lang).into_iter().collect(),
            source: fit.formula.clone().unwrap_or_default(),
            lang,
        },
        facts: Vec::new(),
        columns: panels.len().min(3),
        panels,
        aspect: 0.8,
    })
}

/// What is to be known where the model itself was fitted by another likelihood.
fn of_full_likelihood(fit: &FitResult, lang: Lang) -> Option<String> {
    (fit.method.as_deref() == Some("REML")).then(|| {
        say(
            lang,
            "The profiles are those of the full likelihood: ζ is 0 at the estimates by ML, and not at those by REML.",
            "プロファイルは最尤法（ML）の尤度による。ζが0となるのはML推定値で、REML推定値ではない。",
        )
    })
}

fn panel(one: &Profiled, confidence: f64, lang: Lang) -> Option<Frame> {
    let mut points: Vec<(f64, f64)> = one.points.iter().filter_map(|point| Some((point.value?, point.zeta?))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    if points.len() < 2 {
        return None;
    }
    let z = normal_critical(confidence);
    let ends = [points[0].0, points[points.len() - 1].0];
    let line = |at: f64| Layer::dashed("", Ink::Series(1), 1.4, vec![(ends[0], at), (ends[1], at)]);
    Some(Frame {
        heading: one.parameter.clone(),
        x: Axis::linear(one.parameter.clone()),
        y: Axis::linear("ζ"),
        layers: vec![
            Layer::level("", Ink::Reference, 0.0),
            line(-z),
            line(z),
            Layer::curve(say(lang, "Profile", "プロファイル"), Ink::Series(0), 2.0, points),
        ],
        ..Frame::default()
    })
}
