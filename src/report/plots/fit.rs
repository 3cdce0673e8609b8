//! Mixed models: random effects, residuals.

use super::forest::with_arrows_explained;
use super::points::envelope;
use super::{Look, Missing};
use crate::chart::{
    Axis, Caption, Column, Dot, Forest, ForestRow, ForestScale, Frame, Ink, Layer, Plane, RowMark, Shape,
};
use crate::mixed::options::Link;
use crate::mixed::result::Summary;
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::report::json::fit_document;
use crate::report::number::{level_in, significant};
use crate::report::words::say;
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
    /// The distribution of the response; none in documents of older versions.
    pub family: Option<String>,
    /// The link, on whose scale the predictions are; none in documents of older versions.
    pub link: Option<String>,
    /// How it was fitted.
    pub method: Option<String>,
    /// Level of the intervals.
    pub level: Option<f64>,
    /// The residual SD.
    pub sigma: Option<f64>,
    /// The column of weights, where there are any: the variance of a residual is σ² over its own.
    pub weights: Option<String>,
    /// The covariance of the residuals, where it has a structure.
    pub residual: Option<Value>,
    /// The random effects by grouping factor.
    pub ranef: Option<Map<String, Value>>,
    /// Predictions for the rows of a table.
    pub predict: Option<Vec<Predicted>>,
    /// The residual of each row.
    pub residuals: Option<Vec<Residual>>,
    /// Marginal means.
    pub emmeans: Option<Vec<super::means::Mean>>,
    /// Where they are taken, for each set of them; none in documents of older versions.
    pub emmeans_taken: Option<Vec<super::means::Taken>>,
    /// What is to be known of it.
    #[serde(default)]
    pub notes: Vec<String>,
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
    /// The interval of the first; none in documents of older versions.
    pub ci: Option<[Option<f64>; 2]>,
}

/// The residual of a row.
#[derive(Debug, Clone, Deserialize)]
pub struct Residual {
    /// Which row of the data it is, from 1; none in documents of older versions.
    pub row: Option<usize>,
    /// The fitted value with the random effects, on the scale of the response.
    pub fitted: Option<f64>,
    /// Response minus fitted value.
    pub response: Option<f64>,
    /// The residual over the standard deviation at that value.
    pub pearson: Option<f64>,
    /// The residual over its own standard deviation, given the visits before where they are correlated.
    pub scaled: Option<f64>,
}

impl FitResult {
    /// What charts need of a fit: its summary, with random effects, predictions, residuals or means where the chart
    /// shows them.
    ///
    /// ```
    /// use reffect::chart::{Chart, Style};
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// use reffect::read::read_frame;
    /// use reffect::report::plots::{FitResult, caterpillar};
    /// use reffect::reported::Lang;
    ///
    /// let frame = read_frame("data/examples/als-40.csv")?;
    /// let formula = Formula::parse("alsfrs ~ month + post + (month | patient)")?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// let mut summary = fit.summary();
    /// summary.ranef = fit.ranef();
    /// let chart = caterpillar(&FitResult::of(&summary)?, None, Some("month"), Lang::En)?;
    /// assert!(chart.svg(&Style::default())?.starts_with("<svg"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The summary has a number that its document cannot hold.
    pub fn of(summary: &Summary) -> Result<Self, Missing> {
        serde_json::from_value(fit_document(summary)).map_err(|error| error.to_string())
    }

    /// What is modelled: the left side of the formula.
    pub fn response(&self) -> Option<&str> {
        self.formula.as_deref()?.split_once('~').map(|(left, _)| left.trim())
    }

    /// The link that predictions are taken back through.
    pub(super) fn link(&self) -> Result<Link, Missing> {
        let is_approximate =
            self.method.as_deref().is_some_and(|method| method == "Laplace" || method.starts_with("AGQ"));
        match &self.link {
            Some(name) => Ok(name.parse::<Link>()?),
            None if is_approximate => {
                Err("it does not name the link of its model: write it anew with this version of `reffect fit`"
                    .to_owned())
            }
            None => Ok(Link::Identity),
        }
    }
}

/// Refuses a column that is not what was modelled, such as the times themselves where the model is of their logarithms.
/// Of shares, `cbind(…)`, a table has several columns.
pub(super) fn same_response(fit: &FitResult, rows: &Rows) -> Result<(), Missing> {
    let Some(modelled) = fit.response() else { return Ok(()) };
    if modelled.starts_with("cbind(") || modelled.trim_matches('`') == rows.response {
        return Ok(());
    }
    let column = if modelled.contains(['(', '/', '*', '+']) {
        "a column of it is needed in the table, named with --response (residuals are drawn without one, of a result \
         of `fit --residuals`)"
    } else {
        "name it with --response"
    };
    Err(format!("its model is of `{}`, and the column is `{}`: {column}", modelled.trim_matches('`'), rows.response))
}

/// The columns of the data that a chart needs, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The person or other unit of each row; empty where it is missing.
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
    /// The group of each row, such as the arm of a trial, with an empty name where it is missing; none where there are
    /// no groups.
    pub group: Vec<String>,
    /// Whether these are values of a column of numbers, each behind the name of the column.
    pub has_numbered_groups: bool,
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
    let level = fit.level.unwrap_or(0.95);
    let z = normal_critical(level);
    let effects = sorted_effects(levels, effect);
    let has_intervals = effects.iter().any(|one| one.2.is_some());
    let widths = effects.iter().filter_map(|one| Some(2.0 * z * one.2?));
    let intervals =
        effects.iter().filter_map(|(_, value, se)| Some((*value, Interval::around(*value, z * (*se)?).ends())));
    let digits = Look::default().digits_of_column(widths, &intervals.collect::<Vec<_>>(), &[]);
    let row = |(name, value, se): (String, f64, Option<f64>)| {
        let ci = se.map(|se| Interval::around(value, z * se));
        let text = match ci {
            Some(ci) => digits.with_interval(value, [ci.lower, ci.upper]),
            None => significant(value, 3),
        };
        ForestRow { cells: vec![name, text], mark: RowMark::Study { estimate: value, ci, weight: None, fitted: None } }
    };
    let rows: Vec<ForestRow> = effects.into_iter().map(row).collect();
    let ci = level_in(lang, level);
    let name = format!("{group}: {effect}");
    Ok(with_arrows_explained(Forest {
        caption: Caption {
            title: match lang {
                Lang::En => format!("Random effects of {group}"),
                Lang::Ja => format!("{group} の変量効果"),
            },
            subtitle: match (lang, has_intervals) {
                (Lang::En, true) => format!("{effect}: conditional modes with {ci} intervals, sorted."),
                (Lang::En, false) => {
                    format!("{effect}: conditional modes, sorted; the document has no standard errors.")
                }
                (Lang::Ja, true) => format!("{effect}：条件付き最頻値と{ci}信頼区間（降順）。"),
                (Lang::Ja, false) => format!("{effect}：条件付き最頻値（降順）。標準誤差の記載なし。"),
            },
            footnotes: no_variance(&rows, lang),
            source: fit.formula.clone().unwrap_or_default(),
            lang,
        },
        left: vec![Column { heading: group.to_owned(), numeric: false, spare: false }],
        right: vec![Column {
            heading: match (has_intervals, lang) {
                (true, Lang::En) => format!("Estimate [{ci} CI]"),
                (true, Lang::Ja) => format!("推定値 [{ci}信頼区間]"),
                (false, _) => say(lang, "Estimate", "推定値"),
            },
            numeric: true,
            spare: false,
        }],
        rows,
        scale: ForestScale { axis: Axis::linear(name), reference: Some(0.0), summary: None },
    }))
}

/// Why effects are all 0: their variance is.
fn no_variance(rows: &[ForestRow], lang: Lang) -> Vec<String> {
    let is_zero = |row: &ForestRow| matches!(row.mark, RowMark::Study { estimate: 0.0, .. });
    if !rows.iter().all(is_zero) {
        return Vec::new();
    }
    vec![say(
        lang,
        "All are 0: the model estimates their variance as 0.",
        "すべて0：モデルによる分散の推定値が0である。",
    )]
}

/// The name, the value and the standard error of an effect at each level, the largest first.
fn sorted_effects(levels: &[Value], effect: &str) -> Vec<(String, f64, Option<f64>)> {
    let of_level = |level: &Value| {
        let name = match level.get("level")? {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        };
        let se = level.get("se").and_then(|se| se.get(effect)).and_then(Value::as_f64);
        Some((name, level.get(effect)?.as_f64()?, se))
    };
    let mut effects: Vec<_> = levels.iter().filter_map(of_level).collect();
    effects.sort_by(|a, b| b.1.total_cmp(&a.1));
    effects
}

/// The residual of a row.
struct Point {
    fitted: f64,
    residual: f64,
    /// Over its standard deviation.
    divided: f64,
    /// Whose it is.
    subject: String,
}

/// Residuals as they are drawn.
struct Drawn {
    points: Vec<Point>,
    /// What they are called, and what they are called once divided.
    names: [String; 2],
    subtitle: String,
    footnotes: Vec<String>,
}

/// Residuals against fitted values, and against normal quantiles; of counts and shares those of Pearson. A document
/// that has residuals needs nothing of the rows but whose they are; rows that tell nothing are named by their numbers.
///
/// # Errors
/// The document has no residuals and no predictions, no residuals where it needs them, or not for the rows of the
/// table.
pub fn residuals(rows: &Rows, fit: &FitResult, lang: Lang) -> Result<Plane, Missing> {
    if !rows.response.is_empty() {
        same_response(fit, rows)?;
    }
    let Drawn { mut points, names: [raw, divided], subtitle, footnotes } = match fit.link()? {
        Link::Identity => of_normal(rows, fit, lang)?,
        link => of_pearson(rows, fit, link, lang)?,
    };
    let fitted = against_fitted(&points, raw, lang);
    let panels = vec![fitted, against_normal(&mut points, divided, fit.level.unwrap_or(0.95), lang)];
    Ok(Plane {
        caption: Caption {
            title: say(lang, "Residuals", "残差"),
            subtitle,
            footnotes,
            source: fit.formula.clone().unwrap_or_default(),
            lang,
        },
        facts: Vec::new(),
        panels,
        columns: 2,
        aspect: 0.8,
    })
}

fn same_rows(what: &str, found: usize, expected: usize) -> Result<(), Missing> {
    if found == expected { Ok(()) } else { Err(format!("its `{what}` has {found} rows and the table {expected}")) }
}

/// Observed less fitted values, over their own SD, or over that of each where they differ. The residual SD of the
/// model is that of the errors; residuals are smaller, by what the fitted values take from them.
fn of_normal(rows: &Rows, fit: &FitResult, lang: Lang) -> Result<Drawn, Missing> {
    let differ = match (&fit.weights, &fit.residual) {
        (_, Some(structure)) if !structure.is_null() => Some("residuals that are correlated"),
        (Some(_), _) => Some("weights"),
        _ => None,
    };
    if let Some(why) = differ {
        return of_each_own(rows, fit, why, lang);
    }
    let found = match &fit.residuals {
        Some(all) => {
            let named = named(all, rows)?;
            named.filter_map(|(of, subject)| Some((of.fitted?, of.response?, subject))).collect()
        }
        None => of_predictions(rows, fit)?,
    };
    let squares: f64 = found.iter().map(|of| of.1 * of.1).sum();
    let sd = (squares / found.len() as f64).sqrt();
    let point = |(fitted, residual, subject)| Point { fitted, residual, divided: residual / sd, subject };
    let points = enough(found.into_iter().map(point))?;
    let sigma = fit.sigma.unwrap_or(sd);
    let subtitle = match lang {
        Lang::En => format!("{} rows; residual SD {}.", points.len(), significant(sigma, 3)),
        Lang::Ja => format!("{}行、残差SD {}。", points.len(), significant(sigma, 3)),
    };
    let names = [say(lang, "Residual", "残差"), say(lang, "Residual / SD of the residuals", "残差 ÷ 残差全体のSD")];
    Ok(Drawn { points, names, subtitle, footnotes: Vec::new() })
}

/// The fitted value, the residual and the name of each row of the table that has a value.
fn of_predictions(rows: &Rows, fit: &FitResult) -> Result<Vec<(f64, f64, String)>, Missing> {
    let predicted = fit
        .predict
        .as_ref()
        .ok_or("it has neither `residuals` nor `predict`: write it with --residuals, and no table is needed")?;
    same_rows("predict", predicted.len(), rows.value.len())?;
    let residual = |at: usize| {
        let fitted = predicted[at].conditional?;
        rows.value[at].is_finite().then(|| (fitted, rows.value[at] - fitted, rows.subject[at].clone()))
    };
    Ok((0..predicted.len()).filter_map(residual).collect())
}

/// The residuals of the document, each with the name of its row.
fn named<'a>(all: &'a [Residual], rows: &'a Rows) -> Result<impl Iterator<Item = (&'a Residual, String)>, Missing> {
    if !rows.subject.is_empty() {
        same_rows("residuals", all.len(), rows.subject.len())?;
    }
    let name = |at: usize| rows.subject.get(at).cloned();
    let number = |at: usize, of: &Residual| of.row.unwrap_or(at + 1).to_string();
    Ok(all.iter().enumerate().map(move |(at, of)| (of, name(at).unwrap_or_else(|| number(at, of)))))
}

/// Residuals that have no standard deviation in common, as the document has them.
fn of_each_own(rows: &Rows, fit: &FitResult, why: &str, lang: Lang) -> Result<Drawn, Missing> {
    let all = fit.residuals.as_ref().ok_or_else(|| {
        format!("its model has {why}, so that residuals differ in their SD, and it has no `residuals`: pass --residuals to `fit`")
    })?;
    let point = |(of, subject): (&Residual, String)| {
        Some(Point { fitted: of.fitted?, residual: of.response?, divided: of.scaled?, subject })
    };
    let points = enough(named(all, rows)?.filter_map(point))?;
    Ok(Drawn {
        names: [say(lang, "Residual", "残差"), say(lang, "Residual / its own SD", "残差 ÷ 各自のSD")],
        subtitle: match lang {
            Lang::En => format!("{} rows.", points.len()),
            Lang::Ja => format!("{}行。", points.len()),
        },
        footnotes: vec![say(
            lang,
            "Right: each residual over its own SD; where visits are correlated, given the visits before it.",
            "右：各残差をそれ自身のSDで割った値（測定時点どうしが相関する場合は、前の時点を与えた値）。",
        )],
        points,
    })
}

/// Three or more points, which a chart of residuals needs.
fn enough(points: impl Iterator<Item = Point>) -> Result<Vec<Point>, Missing> {
    let points: Vec<_> = points.collect();
    if points.len() < 3 { Err("fewer than three rows have a residual".to_owned()) } else { Ok(points) }
}

/// Residuals over the standard deviation at each fitted value, which differs from row to row in models of
/// counts and shares.
fn of_pearson(rows: &Rows, fit: &FitResult, link: Link, lang: Lang) -> Result<Drawn, Missing> {
    let family = fit.family.as_deref().unwrap_or("unknown");
    let all = fit.residuals.as_ref().ok_or_else(|| {
        format!(
            "its model is {family} with the link {link}, whose residuals differ in their SD, and it has no \
             `residuals`: pass --residuals to `fit`"
        )
    })?;
    let point = |(of, subject): (&Residual, String)| {
        Some(Point { fitted: of.fitted?, residual: of.pearson?, divided: of.pearson?, subject })
    };
    let points = enough(named(all, rows)?.filter_map(point))?;
    let name = say(lang, "Pearson residual", "ピアソン残差");
    Ok(Drawn {
        names: [name.clone(), name],
        subtitle: match lang {
            Lang::En => format!(
                "{} rows, {family} model with {link} link; fitted values on the scale of the response.",
                points.len()
            ),
            Lang::Ja => format!("{}行、{family}モデル（リンク：{link}）。当てはめ値は反応の尺度。", points.len()),
        },
        footnotes: vec![say(
            lang,
            "A Pearson residual is observed − fitted over the SD that the model has at the fitted value. Those of small \
             counts and of yes or no are not normal even where the model is right.",
            "ピアソン残差 ＝（観測値 − 当てはめ値）÷ その当てはめ値でのモデルのSD。件数が小さい場合や二値の場合は、\
             モデルが正しくても正規分布にならない。",
        )],
        points,
    })
}

fn residual_dot(x: f64, y: f64, name: &str) -> Dot {
    Dot::new(x, y, 3.2, name)
}

fn against_fitted(points: &[Point], residual: String, lang: Lang) -> Frame {
    let dots = points.iter().map(|of| residual_dot(of.fitted, of.residual, &of.subject)).collect();
    Frame {
        x: Axis::linear(say(lang, "Fitted value", "当てはめ値")),
        y: Axis::linear(residual.clone()),
        layers: vec![Layer::level("", Ink::Reference, 0.0), Layer::dots(residual, Ink::Series(0), Shape::Disc, dots)],
        ..Frame::default()
    }
}

/// Sorts the points by their residuals.
fn against_normal(points: &mut [Point], title: String, level: f64, lang: Lang) -> Frame {
    points.sort_by(|a, b| a.divided.total_cmp(&b.divided));
    let (band, quantiles) = envelope(points.len(), level);
    let placed = points.iter().zip(&quantiles);
    let dots = placed.map(|(of, x)| residual_dot(*x, of.divided, &of.subject)).collect();
    let ends = [quantiles[0], quantiles[quantiles.len() - 1]].map(|end| (end, end));
    let name = match lang {
        Lang::En => format!("{} of such points if residuals are normal", level_in(lang, level)),
        Lang::Ja => format!("残差が正規なら点の{}が入る範囲", level_in(lang, level)),
    };
    Frame {
        x: Axis::linear(say(lang, "Normal quantile", "正規分位点")),
        y: Axis::linear(title),
        layers: vec![
            Layer::band(name, Ink::Shade(0), band).listed(),
            Layer::curve("", Ink::Reference, 1.2, ends.to_vec()),
            Layer::dots(say(lang, "Residual", "残差"), Ink::Series(0), Shape::Disc, dots),
        ],
        ..Frame::default()
    }
}
