//! The profile of a mixed model: zeta against each parameter.

use super::Missing;
use crate::chart::{Axis, Caption, Frame, Ink, Layer, Plane};
use crate::numeric::dist::normal_critical;
use crate::report::number::{decimals_for, fixed, level_in};
use crate::report::words::say;
use crate::reported::Lang;
use serde::Deserialize;

/// A result with the profiles of its parameters: of a mixed model, or of a meta-analysis.
#[derive(Debug, Clone, Deserialize)]
pub struct ProfileResult {
    /// The formula, where the document tells it.
    pub formula: Option<String>,
    /// How it was fitted.
    pub method: Option<String>,
    /// Level of the intervals.
    pub level: Option<f64>,
    /// The profiles.
    pub profile: Option<Vec<Profiled>>,
    /// The studies of a meta-analysis.
    pub studies: Option<Vec<serde::de::IgnoredAny>>,
}

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
pub fn zeta(fit: &ProfileResult, lang: Lang) -> Result<Plane, Missing> {
    let lacks = "it has no `profile`: pass --ci profile to `fit`, or --profile to `meta`";
    let all = fit.profile.as_ref().ok_or(lacks)?;
    let level = fit.level.unwrap_or(0.95);
    let times: Vec<&str> = all.iter().filter_map(|one| one.parameter.strip_prefix("sd ")).map(of_all_groups).collect();
    let panels: Vec<Frame> = all.iter().filter_map(|one| panel(one, &times, level, lang)).collect();
    if panels.is_empty() {
        return Err("no parameter of its `profile` has two points".to_owned());
    }
    let ci = level_in(lang, level);
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
fn of_full_likelihood(fit: &ProfileResult, lang: Lang) -> Option<String> {
    // Those of a meta-analysis are of its own likelihood.
    (fit.method.as_deref() == Some("REML") && fit.studies.is_none()).then(|| {
        say(
            lang,
            "The profiles are those of the full likelihood: ζ is 0 at the estimates by ML, and not at those by REML.",
            "プロファイルは最尤法（ML）の尤度による。ζが0となるのはML推定値で、REML推定値ではない。",
        )
    })
}

fn panel(one: &Profiled, times: &[&str], level: f64, lang: Lang) -> Option<Frame> {
    let mut points: Vec<(f64, f64)> = one.points.iter().filter_map(|point| Some((point.value?, point.zeta?))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    if points.len() < 2 {
        return None;
    }
    let z = normal_critical(level);
    let ends = [points[0].0, points[points.len() - 1].0];
    let line = |at: f64| Layer::dashed("", Ink::Series(1), 1.4, vec![(ends[0], at), (ends[1], at)]);
    let [lower, estimate, upper] = [-z, 0.0, z].map(|zeta| crossing(&points, zeta));
    let mut layers = vec![Layer::level("", Ink::Reference, 0.0), line(-z), line(z)];
    let drop = |(x, zeta): (f64, f64)| Layer::curve("", Ink::Series(1), 1.0, vec![(x, zeta), (x, 0.0)]);
    layers.extend([lower.zip(Some(-z)), upper.zip(Some(z))].into_iter().flatten().map(drop));
    // A profile that stays between the lines as far as the parameter goes has its interval end there.
    let limits = limits(&one.parameter);
    let nearly = 1e-6 * (ends[1] - ends[0]);
    let at_limit = |end: f64, limit: Option<f64>| limit.filter(|limit| (end - limit).abs() <= nearly);
    let lower = lower.or_else(|| at_limit(ends[0], limits[0]));
    let upper = upper.or_else(|| at_limit(ends[1], limits[1]));
    layers.push(Layer::curve(say(lang, "Profile", "プロファイル"), Ink::Series(0), 2.0, points));
    Some(Frame {
        heading: of_meta_analysis(&one.parameter, lang)
            .or_else(|| of_residuals(&one.parameter, times, lang))
            .unwrap_or_else(|| readable(&one.parameter, lang)),
        x: Axis::linear(say(lang, "Value", "値")),
        y: Axis::linear("ζ"),
        layers,
        remark: interval(estimate, [lower, upper], level_in(lang, level), lang),
        ..Frame::default()
    })
}

/// The least and the greatest value of a parameter, where it has one.
fn limits(parameter: &str) -> [Option<f64>; 2] {
    match parameter {
        name if is_symbol(name, &["tau2", "sigma2", "gamma2"]) => [Some(0.0), None],
        name if is_symbol(name, &["rho", "phi"]) => [Some(-1.0), Some(1.0)],
        name if name.starts_with("sd_") || name.starts_with("sd ") => [Some(0.0), None],
        name if name.starts_with("cor_") || name.starts_with("cor ") => [Some(-1.0), Some(1.0)],
        name if matches!(of_all_groups(name), "sd" | "sigma" | "dispersion") => [Some(0.0), None],
        name if of_all_groups(name) == "cor" => [Some(-1.0), Some(1.0)],
        _ => [None, None],
    }
}

/// Whether the first word of a name is one of the symbols of a meta-analysis.
fn is_symbol(name: &str, symbols: &[&str]) -> bool {
    symbols.contains(&name.split(' ').next().unwrap_or_default())
}

/// A parameter of a meta-analysis in words; none for others.
fn of_meta_analysis(name: &str, lang: Lang) -> Option<String> {
    let (symbol, of) = name.split_once(' ').unwrap_or((name, ""));
    let symbol = match symbol {
        "tau2" => "τ²",
        "sigma2" => "σ²",
        "gamma2" => "γ²",
        "rho" => "ρ",
        "phi" => "φ",
        _ => return None,
    };
    Some(match (of, lang) {
        ("", _) => symbol.to_owned(),
        (of, Lang::En) => format!("{symbol}, {of}"),
        (of, Lang::Ja) => format!("{symbol}（{of}）"),
    })
}

/// Where the profile has a value of zeta, between the points of the document, which has the ends of the interval among
/// them; none where it does not come so far.
fn crossing(points: &[(f64, f64)], zeta: f64) -> Option<f64> {
    let near = |point: &&(f64, f64)| (point.1 - zeta).abs() < 1e-6;
    if let Some(point) = points.iter().find(near) {
        return Some(point.0);
    }
    let pair = points.windows(2).find(|pair| (pair[0].1 - zeta) * (pair[1].1 - zeta) < 0.0)?;
    let share = (zeta - pair[0].1) / (pair[1].1 - pair[0].1);
    Some(pair[0].0 + share * (pair[1].0 - pair[0].0))
}

/// The estimate with the ends of its interval; an end that the profile does not reach is a dash.
fn interval(estimate: Option<f64>, ends: [Option<f64>; 2], ci: String, lang: Lang) -> String {
    let width = if let [Some(lower), Some(upper)] = ends { upper - lower } else { estimate.unwrap_or(1.0).abs() };
    let decimals = decimals_for(width, 3);
    let text = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| fixed(value, decimals));
    let [lower, upper] = ends.map(text);
    let estimate = text(estimate);
    match lang {
        Lang::En => format!("{estimate} [{ci} CI {lower}, {upper}]"),
        Lang::Ja => format!("{estimate} [{ci}信頼区間 {lower}, {upper}]"),
    }
}

/// The name of a parameter without the group of whose residuals it is.
fn of_all_groups(name: &str) -> &str {
    name.rsplit_once('|').map_or(name, |(own, _)| own)
}

/// A parameter of residuals with a structure in words: `cor 10.8` is the correlation of 8 and 10; none for others. The
/// times tell where a name of two ends, since times can have points themselves.
fn of_residuals(name: &str, times: &[&str], lang: Lang) -> Option<String> {
    let own = of_all_groups(name);
    let kind = own.split_once(' ').map_or((own, None), |(kind, rest)| (kind, Some(rest)));
    let words = match kind {
        ("sd", None) => say(lang, "SD", "SD"),
        ("sd", Some(time)) => say(lang, &format!("SD at {time}"), &format!("{time}のSD")),
        ("cor", None) => say(lang, "Correlation", "相関"),
        ("cor", Some(rest)) => match (rest.strip_prefix("lag "), pair_of(rest, times)) {
            (Some(lag), _) => say(lang, &format!("Correlation at lag {lag}"), &format!("ラグ{lag}の相関")),
            (None, Some((later, first))) => {
                say(lang, &format!("Correlation of {first} and {later}"), &format!("{first}と{later}の相関"))
            }
            (None, None) => say(lang, &format!("Correlation {rest}"), &format!("相関 {rest}")),
        },
        _ => return None,
    };
    let group = name.rsplit_once('|').map(|(_, group)| group);
    Some(match (group, lang) {
        (None, _) => words,
        (Some(group), Lang::En) => format!("{words}, {group}"),
        (Some(group), Lang::Ja) => format!("{words}（{group}）"),
    })
}

/// Both times of a name that a point divides.
fn pair_of<'a>(name: &'a str, times: &[&str]) -> Option<(&'a str, &'a str)> {
    let split = |(at, _): (usize, &str)| (&name[..at], &name[at + 1..]);
    name.match_indices('.').map(split).find(|(one, other)| times.contains(one) && times.contains(other))
}

/// A parameter in words: `sd_(Intercept)|subject` is the SD of the intercepts of subjects.
fn readable(name: &str, lang: Lang) -> String {
    let effect = |name: &str| if name == "(Intercept)" { say(lang, "intercepts", "切片") } else { name.to_owned() };
    if let Some((of, group)) = name.strip_prefix("sd_").and_then(|rest| rest.rsplit_once('|')) {
        return match lang {
            Lang::En => format!("SD of {}, {group}", effect(of)),
            Lang::Ja => format!("{}のSD（{group}）", effect(of)),
        };
    }
    if let Some((of, group)) = name.strip_prefix("cor_").and_then(|rest| rest.rsplit_once('|')) {
        let both = of.strip_suffix(".(Intercept)").map(|one| (one, "(Intercept)")).or_else(|| of.split_once('.'));
        if let Some((one, other)) = both {
            return match lang {
                Lang::En => format!("Correlation of {} and {}, {group}", effect(one), effect(other)),
                Lang::Ja => format!("{}と{}の相関（{group}）", effect(one), effect(other)),
            };
        }
    }
    match name {
        "sigma" => say(lang, "Residual SD", "残差SD"),
        "dispersion" => say(lang, "Dispersion", "分散パラメータ"),
        "(Intercept)" => say(lang, "Intercept", "切片"),
        other => other.to_owned(),
    }
}
