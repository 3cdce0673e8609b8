//! Mixed models: trajectories, random effects, residuals.

use super::points::envelope;
use super::{Missing, decimals_of, with_interval};
use crate::chart::{Axis, Column, Dot, Forest, ForestRow, ForestScale, Frame, Ink, Layer, Plane, RowMark, Shape};
use crate::numeric::dist::normal_quantile;
use crate::numeric::interval::Interval;
use crate::report::charts::say;
use crate::report::number::{fixed, level, significant};
use crate::reported::Lang;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A mixed model as `reffect fit --json` writes it, as far as charts need it.
#[derive(Debug, Clone, Deserialize)]
pub struct FitResult {
    /// The formula, where the document tells it.
    pub formula: Option<String>,
    /// Number of rows.
    pub n: usize,
    /// Level of the intervals.
    pub level: Option<f64>,
    /// The residual SD.
    pub sigma: Option<f64>,
    /// The random effects by grouping factor.
    pub ranef: Option<Map<String, Value>>,
    /// Predictions for the rows of a table.
    pub predict: Option<Vec<Predicted>>,
}

/// A prediction for a row.
#[derive(Debug, Clone, Deserialize)]
pub struct Predicted {
    /// Without the random effects.
    pub population: Option<f64>,
    /// With them.
    pub conditional: Option<f64>,
    /// Standard error of the first.
    pub se: Option<f64>,
}

/// The columns of the data that a chart needs, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The person or other unit of each row.
    pub subject: Vec<String>,
    /// The time of each row; not a number where it is missing.
    pub time: Vec<f64>,
    /// The value of each row; not a number where it is missing.
    pub value: Vec<f64>,
    /// What is measured.
    pub response: String,
    /// What time is called.
    pub time_name: String,
    /// Where something changes, such as the start of a treatment.
    pub change_at: Option<f64>,
}

/// A line for each person, and the fit of the population with its band.
///
/// # Errors
/// No row has time and value, or the predictions are not those of the rows.
pub fn trajectory(rows: &Rows, fit: Option<&FitResult>, lang: Lang) -> Result<Plane, Missing> {
    let lines = by_subject(rows);
    if lines.is_empty() {
        return Err("no row has a time and a value".to_owned());
    }
    let people = lines.len();
    let width = if people > 200 { 0.5 } else { 1.0 };
    let ink = if people > 60 { Ink::Shade(3) } else { Ink::Reference };
    let name = say(lang, "Each individual as observed", "各個体の実測値");
    let content = crate::chart::Content::Lines { lines, width };
    let mut layers = vec![Layer { name, listed: true, ink, content }];
    if let Some(predicted) = fit.and_then(|fit| fit.predict.as_ref()) {
        let confidence = fit.and_then(|fit| fit.level).unwrap_or(0.95);
        layers.extend(population(rows, predicted, confidence, lang)?);
    }
    if let Some(at) = rows.change_at {
        layers.push(Layer::wall(say(lang, "Change point", "変化点"), Ink::Series(1), at, true).listed());
    }
    let formula = fit.and_then(|fit| fit.formula.clone()).unwrap_or_default();
    let subtitle = match lang {
        Lang::En => format!("{people} individuals, {} observations. {formula}", observed(rows)),
        Lang::Ja => format!("{people}個体、{}観測。{formula}", observed(rows)),
    };
    Ok(Plane {
        title: match lang {
            Lang::En => format!("{} over {}", rows.response, rows.time_name),
            Lang::Ja => format!("{}の経過（{}）", rows.response, rows.time_name),
        },
        subtitle,
        facts: Vec::new(),
        panels: vec![Frame {
            x: Axis::linear(rows.time_name.clone()),
            y: Axis::linear(rows.response.clone()),
            layers,
            ..Frame::default()
        }],
        columns: 1,
        aspect: 0.62,
        footnotes: Vec::new(),
        source: String::new(),
        lang,
    })
}

fn is_there(rows: &Rows, at: usize) -> bool {
    rows.time[at].is_finite() && rows.value[at].is_finite()
}

fn observed(rows: &Rows) -> usize {
    (0..rows.time.len()).filter(|at| is_there(rows, *at)).count()
}

/// The points of each subject in order of time, subjects as they first come.
fn by_subject(rows: &Rows) -> Vec<(String, Vec<(f64, f64)>)> {
    let mut place: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
    for at in (0..rows.time.len()).filter(|at| is_there(rows, *at)) {
        let subject = rows.subject[at].as_str();
        let own = *place.entry(subject).or_insert_with(|| {
            lines.push((subject.to_owned(), Vec::new()));
            lines.len() - 1
        });
        lines[own].1.push((rows.time[at], rows.value[at]));
    }
    lines.iter_mut().for_each(|(_, points)| points.sort_by(|a, b| a.0.total_cmp(&b.0)));
    lines
}

/// The fitted mean at each time with its band; rows of one time share one prediction, or the chart is refused.
fn population(rows: &Rows, predicted: &[Predicted], confidence: f64, lang: Lang) -> Result<Vec<Layer>, Missing> {
    if predicted.len() != rows.time.len() {
        let (found, expected) = (predicted.len(), rows.time.len());
        return Err(format!(
            "its `predict` has {found} rows and the table {expected}: predict the rows of the same table"
        ));
    }
    let z = normal_quantile((1.0 + confidence) / 2.0);
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    for (at, one) in predicted.iter().enumerate() {
        if let (true, Some(mean), Some(se)) = (rows.time[at].is_finite(), one.population, one.se) {
            points.push((rows.time[at], mean, se));
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let differs = |pair: &[(f64, f64, f64)]| {
        pair[0].0 == pair[1].0 && (pair[0].1 - pair[1].1).abs() > 1e-9 * pair[0].1.abs().max(1.0)
    };
    if points.windows(2).any(differs) {
        return Err(
            "people of one time have different fitted means: draw each group from a table of its own".to_owned()
        );
    }
    points.dedup_by(|a, b| a.0 == b.0);
    let band = points.iter().map(|(x, mean, se)| (*x, mean - z * se, mean + z * se)).collect();
    let curve = points.iter().map(|(x, mean, _)| (*x, *mean)).collect();
    let ci = level(confidence);
    let name = match lang {
        Lang::En => format!("{ci} band of the mean"),
        Lang::Ja => format!("平均の{ci} 信頼帯"),
    };
    Ok(vec![
        Layer::band(name, Ink::Tint(0), band).listed(),
        Layer::curve(say(lang, "Model, population", "モデル（集団平均）"), Ink::Series(0), 2.6, curve).listed(),
    ])
}

/// Random effects with their intervals, sorted, one chart for each name of a grouping factor.
///
/// # Errors
/// The document has no random effects, or not of that name.
pub fn caterpillar(fit: &FitResult, group: Option<&str>, effect: Option<&str>, lang: Lang) -> Result<Forest, Missing> {
    let all = fit.ranef.as_ref().ok_or("it has no `ranef`: pass --ranef")?;
    let known = || all.keys().cloned().collect::<Vec<_>>().join(", ");
    let (group, levels) = match group {
        Some(asked) => (asked, all.get(asked).ok_or_else(|| format!("it has no group `{asked}`: it has {}", known()))?),
        None => all.iter().next().map(|(name, levels)| (name.as_str(), levels)).ok_or("its `ranef` is empty")?,
    };
    let levels = levels.as_array().ok_or("its `ranef` has no levels")?;
    let names: Vec<&str> = levels
        .first()
        .and_then(Value::as_object)
        .map(|fields| fields.keys().map(String::as_str).filter(|name| !matches!(*name, "level" | "se")).collect())
        .unwrap_or_default();
    let effect = match effect {
        Some(asked) if names.contains(&asked) => asked,
        Some(asked) => return Err(format!("{group} has no effect `{asked}`: it has {}", names.join(", "))),
        None => names.first().copied().ok_or("its `ranef` has no effects")?,
    };
    let confidence = fit.level.unwrap_or(0.95);
    let z = normal_quantile((1.0 + confidence) / 2.0);
    let mut effects: Vec<(String, f64, Option<f64>)> = levels
        .iter()
        .filter_map(|level| {
            let name = match level.get("level")? {
                Value::String(name) => name.clone(),
                other => other.to_string(),
            };
            let se = level.get("se").and_then(|se| se.get(effect)).and_then(Value::as_f64);
            Some((name, level.get(effect)?.as_f64()?, se))
        })
        .collect();
    effects.sort_by(|a, b| b.1.total_cmp(&a.1));
    let has_intervals = effects.iter().any(|one| one.2.is_some());
    let decimals = decimals_of(effects.iter().filter_map(|one| Some(2.0 * z * one.2?)), false);
    let rows = effects.into_iter().map(|(name, value, se)| {
        let ci = se.map(|se| Interval { lower: value - z * se, upper: value + z * se });
        let text = match ci {
            Some(ci) => with_interval(value, [ci.lower, ci.upper], decimals),
            None => significant(value, 3),
        };
        ForestRow { cells: vec![name, text], mark: RowMark::Study { estimate: value, ci, weight: 0.25 } }
    });
    let ci = level(confidence);
    let name = format!("{group}: {effect}");
    Ok(Forest {
        title: match lang {
            Lang::En => format!("Random effects of {group}"),
            Lang::Ja => format!("{group} の変量効果"),
        },
        subtitle: match (lang, has_intervals) {
            (Lang::En, true) => format!("{effect}: conditional modes with {ci} intervals, sorted."),
            (Lang::En, false) => format!("{effect}: conditional modes, sorted; the document has no standard errors."),
            (Lang::Ja, true) => format!("{effect}：条件付きモードと{ci} 区間（降順）。"),
            (Lang::Ja, false) => format!("{effect}：条件付きモード（降順）。標準誤差の記載なし。"),
        },
        left: vec![Column { heading: group.to_owned(), numeric: false }],
        right: vec![Column { heading: format!("[{ci}]"), numeric: true }],
        rows: rows.collect(),
        scale: ForestScale { axis: Axis::linear(name), reference: Some(0.0), summary: None },
        footnotes: Vec::new(),
        source: fit.formula.clone().unwrap_or_default(),
        lang,
    })
}

/// Residuals against fitted values, and against normal quantiles.
///
/// # Errors
/// The document has no predictions for the rows of the table.
pub fn residuals(rows: &Rows, fit: &FitResult, lang: Lang) -> Result<Plane, Missing> {
    let predicted = fit.predict.as_ref().ok_or("it has no `predict`: pass --predict with the same table")?;
    if predicted.len() != rows.value.len() {
        return Err(format!("its `predict` has {} rows and the table {}", predicted.len(), rows.value.len()));
    }
    let mut points: Vec<(f64, f64, String)> = predicted
        .iter()
        .enumerate()
        .filter_map(|(at, one)| {
            let fitted = one.conditional?;
            rows.value[at].is_finite().then(|| (fitted, rows.value[at] - fitted, rows.subject[at].clone()))
        })
        .collect();
    if points.len() < 3 {
        return Err("fewer than three rows have a value and a prediction".to_owned());
    }
    let sigma = fit.sigma.unwrap_or_else(|| {
        let squares: f64 = points.iter().map(|point| point.1 * point.1).sum();
        (squares / points.len() as f64).sqrt()
    });
    let fitted = against_fitted(&points, lang);
    let panels = vec![fitted, against_normal(&mut points, sigma, fit.level.unwrap_or(0.95), lang)];
    Ok(Plane {
        title: say(lang, "Residuals", "残差"),
        subtitle: match lang {
            Lang::En => format!("{} rows; residual SD {}.", points.len(), fixed(sigma, 2)),
            Lang::Ja => format!("{}行、残差SD {}。", points.len(), fixed(sigma, 2)),
        },
        facts: Vec::new(),
        panels,
        columns: 2,
        aspect: 0.8,
        footnotes: Vec::new(),
        source: fit.formula.clone().unwrap_or_default(),
        lang,
    })
}

fn residual_dot(x: f64, y: f64, name: &str) -> Dot {
    Dot::new(x, y, 3.2, name)
}

fn against_fitted(points: &[(f64, f64, String)], lang: Lang) -> Frame {
    let dots = points.iter().map(|(fitted, residual, name)| residual_dot(*fitted, *residual, name)).collect();
    let residual = say(lang, "Residual", "残差");
    Frame {
        x: Axis::linear(say(lang, "Fitted value", "当てはめ値")),
        y: Axis::linear(residual.clone()),
        layers: vec![Layer::level("", Ink::Reference, 0.0), Layer::dots(residual, Ink::Series(0), Shape::Disc, dots)],
        ..Frame::default()
    }
}

/// Sorts the points by their residuals.
fn against_normal(points: &mut [(f64, f64, String)], sigma: f64, confidence: f64, lang: Lang) -> Frame {
    points.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (band, quantiles) = envelope(points.len(), confidence);
    let placed = points.iter().zip(&quantiles);
    let dots = placed.map(|((_, residual, name), x)| residual_dot(*x, residual / sigma, name)).collect();
    let ends = [quantiles[0], quantiles[quantiles.len() - 1]].map(|end| (end, end));
    let name = match lang {
        Lang::En => format!("{} of such points if residuals are normal", level(confidence)),
        Lang::Ja => format!("残差が正規なら点の{}が入る範囲", level(confidence)),
    };
    Frame {
        x: Axis::linear(say(lang, "Normal quantile", "正規分位点")),
        y: Axis::linear(say(lang, "Residual / residual SD", "残差 ÷ 残差SD")),
        layers: vec![
            Layer::band(name, Ink::Shade(0), band).listed(),
            Layer::curve("", Ink::Reference, 1.2, ends.to_vec()),
            Layer::dots(say(lang, "Residual", "残差"), Ink::Series(0), Shape::Disc, dots),
        ],
        ..Frame::default()
    }
}
