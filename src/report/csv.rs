//! Results as flat tables, one row a value, with full precision.

use super::counts::{Named, note_on_needed};
pub use super::csv_effects::{between, change, contrast, control, effects, estimates, reported};
use crate::check::Check;
use crate::effect::common_language::NumberNeeded;
use crate::effect::counts::Intervals;
use crate::effect::proportion::{Proportion, ProportionCi};
#[cfg(feature = "models")]
use crate::meta::Coefficient;
#[cfg(feature = "models")]
use crate::mixed;
use crate::numeric::interval::Interval;
use csv::Writer;
#[cfg(all(feature = "models", feature = "json"))]
use serde_json::Value;

/// Rows of texts as CSV. Rows of one length that are written to memory cannot fail.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(row));
    }
    written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Appends one field, in quotes where it needs them.
pub fn csv_field(out: &mut Vec<u8>, field: &[u8]) {
    if !field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(field);
    }
    out.push(b'"');
    for byte in field {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// A number with every digit, very small and very large ones with an exponent; empty where there is none.
pub(super) fn number(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return String::new() };
    let size = value.abs();
    if value != 0.0 && !(1e-5..1e16).contains(&size) { format!("{value:e}") } else { (value + 0.0).to_string() }
}

/// Both ends of an interval, if there is one.
pub(super) fn ends(range: Option<Interval>) -> [Option<f64>; 2] {
    [range.map(|range| range.lower), range.map(|range| range.upper)]
}

/// Every interval with its estimate; none beside an estimate that has none.
pub(super) fn each_interval<'a>(
    named: &'a [(&'static str, Intervals)],
) -> impl Iterator<Item = (&'static str, &'a Intervals, Option<(&'static str, Interval)>)> {
    named.iter().flat_map(|(name, of)| {
        let alone = of.by.is_empty().then_some((*name, of, None));
        of.by.iter().map(move |by| (*name, of, Some(*by))).chain(alone)
    })
}

/// Every interval of a proportion.
pub fn proportion(proportion: Proportion, level: f64) -> String {
    let rows = ProportionCi::ALL.map(|(name, method)| {
        let [lower, upper] = ends(Some(proportion.interval(method, level))).map(number);
        let counts = [proportion.k().to_string(), proportion.n().to_string(), proportion.estimate().to_string()];
        counts.into_iter().chain([name.to_owned(), lower, upper]).collect()
    });
    table(&["k", "n", "estimate", "method", "ci_lower", "ci_upper"], rows)
}

/// A test of counts as a row.
#[derive(Clone, Copy, Debug)]
pub struct CountTest {
    /// What is tested.
    pub name: &'static str,
    /// By which method.
    pub method: &'static str,
    /// Its statistic, where it has one; it stands as the estimate.
    pub statistic: Option<f64>,
    /// Its p-value.
    pub p: Option<f64>,
    /// Why there is no test.
    pub note: Option<&'static str>,
}

/// Estimates of counts with every interval, and behind them tests. An end that is infinite is empty.
pub fn counts(named: &Named, needed: &[(&'static str, NumberNeeded)], tests: &[CountTest]) -> String {
    let row = |name: &str, method: &str, [estimate, lower, upper, p]: [Option<f64>; 4], notes: &[String]| {
        let numbers = [lower, upper, p].map(number);
        [name.to_owned(), number(estimate), method.to_owned()]
            .into_iter()
            .chain(numbers)
            .chain([notes.join("; ")])
            .collect()
    };
    let intervals = each_interval(named).map(|(name, of, by)| {
        let (method, range) = by.unzip();
        let [lower, upper] = ends(range);
        row(name, method.unwrap_or_default(), [of.estimate, lower, upper, None], &of.notes)
    });
    let needed = needed.iter().map(|(method, of)| {
        let notes = note_on_needed(of).map(str::to_owned);
        row(name_of_needed(of), method, [of.estimate, of.ends[0], of.ends[1], None], notes.as_slice())
    });
    let tests = tests.iter().map(|of| {
        let note = of.note.map(str::to_owned);
        row(of.name, of.method, [of.statistic, None, None, of.p], note.as_slice())
    });
    table(
        &["measure", "estimate", "method", "ci_lower", "ci_upper", "p", "notes"],
        intervals.chain(needed).chain(tests),
    )
}

/// What the ends of a number needed to treat are: an interval through infinity is what lies outside of them.
pub(super) fn name_of_needed(of: &NumberNeeded) -> &'static str {
    if of.through_infinity { "NNT, outside of the ends" } else { "NNT" }
}

/// Every verdict of a check, with the file and the line where the entry stands, as far as that is known.
pub fn checks(checks: &[Check]) -> String {
    let rows = checks.iter().map(|check| {
        let texts = [&check.release, &check.subject, check.code, check.status.name(), &check.message];
        let ends = [&check.expected, &check.found].map(|text| text.clone().unwrap_or_default());
        let place = check.place.as_ref();
        let line = place.and_then(|place| place.line).map(|line| line.to_string());
        let place = [place.map(|place| place.file.clone()), line].map(Option::unwrap_or_default);
        texts.map(str::to_owned).into_iter().chain(ends).chain(place).collect()
    });
    table(&["release", "subject", "check", "status", "message", "expected", "found", "file", "line"], rows)
}

#[cfg(feature = "models")]
const COEFFICIENT_COLUMNS: [&str; 8] = ["name", "estimate", "se", "statistic", "df", "p", "ci_lower", "ci_upper"];

/// Every coefficient of a meta-analysis.
#[cfg(feature = "models")]
pub fn coefficients(coefficients: &[Coefficient]) -> String {
    coefficients_with(coefficients, &[])
}

/// Every coefficient of a meta-analysis, with columns for what belongs to the whole fit.
#[cfg(feature = "models")]
pub fn coefficients_with(coefficients: &[Coefficient], of_fit: &[(&str, Option<f64>)]) -> String {
    coefficients_shown(coefficients, None, of_fit)
}

/// The same with three columns more, where estimates and their intervals are shown on another scale as well; a number
/// that has no place there is none.
#[cfg(feature = "models")]
pub fn coefficients_shown(
    coefficients: &[Coefficient],
    shown: Option<&dyn Fn(f64) -> f64>,
    of_fit: &[(&str, Option<f64>)],
) -> String {
    coefficient_table(coefficients, None, shown, of_fit)
}

/// The same of a location–scale model, whose first coefficients are those of the `mean` and the others those of `ln
/// tau2`, as a column `part` says; on another scale are the first ones alone.
#[cfg(feature = "models")]
pub fn coefficients_in_parts(
    coefficients: &[Coefficient],
    means: usize,
    shown: Option<&dyn Fn(f64) -> f64>,
    of_fit: &[(&str, Option<f64>)],
) -> String {
    coefficient_table(coefficients, Some(means), shown, of_fit)
}

#[cfg(feature = "models")]
fn coefficient_table(
    coefficients: &[Coefficient],
    means: Option<usize>,
    shown: Option<&dyn Fn(f64) -> f64>,
    of_fit: &[(&str, Option<f64>)],
) -> String {
    let rows = coefficients.iter().enumerate().map(|(at, of)| {
        let is_mean = means.is_none_or(|means| at < means);
        let part = means.map(|_| if is_mean { "mean" } else { "ln tau2" }.to_owned());
        let on_scale = shown
            .map(|shown| [of.estimate, of.ci.lower, of.ci.upper].map(|value| number(is_mean.then(|| shown(value)))));
        let [lower, upper] = ends(Some(of.ci)).map(number);
        let numbers = [Some(of.estimate), Some(of.se), Some(of.statistic), of.df, Some(of.p)].map(number);
        let whole = of_fit.iter().map(|(_, value)| number(*value));
        [of.name.clone()]
            .into_iter()
            .chain(numbers)
            .chain([lower, upper])
            .chain(on_scale.into_iter().flatten())
            .chain(whole)
            .chain(part)
            .collect()
    });
    let on_scale = shown.map(|_| ["transf_estimate", "transf_ci_lower", "transf_ci_upper"]);
    let columns = COEFFICIENT_COLUMNS.into_iter().chain(on_scale.into_iter().flatten());
    let header: Vec<&str> = columns.chain(of_fit.iter().map(|(name, _)| *name)).chain(means.map(|_| "part")).collect();
    table(&header, rows)
}

/// A part of a JSON document as a table: a row for each object of an array (or of its `groups`), and for each
/// object of an object of objects; nested objects and arrays of numbers take a column for each of their values, and
/// arrays of objects are left out.
#[cfg(all(feature = "models", feature = "json"))]
pub fn of_json(name: &str, part: &Value) -> String {
    let rows: Vec<Vec<(String, String)>> = match part {
        Value::Array(all) => all.iter().map(|one| flat(name, one)).collect(),
        Value::Object(fields) => match fields.get("groups") {
            Some(Value::Array(groups)) => groups.iter().map(|one| flat(name, one)).collect(),
            _ if !fields.is_empty() && fields.values().all(Value::is_object) => fields
                .iter()
                .flat_map(|(term, levels)| levels.as_object().into_iter().flatten().map(move |of| (term, of)))
                .map(|(term, (level, of))| {
                    let names = [("term".to_owned(), term.clone()), ("level".to_owned(), level.clone())];
                    names.into_iter().chain(flat("", of)).collect()
                })
                .collect(),
            _ => vec![flat(name, part)],
        },
        _ => Vec::new(),
    };
    let mut header: Vec<&str> = Vec::new();
    for (key, _) in rows.iter().flatten() {
        if !header.contains(&key.as_str()) {
            header.push(key);
        }
    }
    let cell = |row: &Vec<(String, String)>, key: &&str| {
        row.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    table(&header, rows.iter().map(|row| header.iter().map(|key| cell(row, key)).collect()))
}

/// Whether a field holds two ends.
#[cfg(all(feature = "models", feature = "json"))]
fn is_interval(name: &str) -> bool {
    matches!(name.trim_start_matches("transf_"), "ci" | "pi")
}

/// The columns of one value.
#[cfg(all(feature = "models", feature = "json"))]
fn flat(name: &str, value: &Value) -> Vec<(String, String)> {
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}_{key}") };
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match value {
                // An interval that is null keeps its columns.
                Value::Null if is_interval(key) => {
                    ["lower", "upper"].map(|end| (format!("{key}_{end}"), String::new())).to_vec()
                }
                Value::Object(_) => {
                    flat("", value).into_iter().map(|(sub, text)| (format!("{key}_{sub}"), text)).collect()
                }
                _ => flat(key, value),
            })
            .collect(),
        Value::Array(all) if all.iter().any(|one| one.is_object() || one.is_array()) => Vec::new(),
        Value::Array(all) if all.len() == 2 && is_interval(name) => {
            ["lower", "upper"].iter().zip(all).map(|(end, one)| (below(end), scalar(one))).collect()
        }
        Value::Array(all) if name == "studies" || name == "notes" => {
            vec![(name.to_owned(), all.iter().map(scalar).collect::<Vec<_>>().join(" "))]
        }
        Value::Array(all) => {
            all.iter().enumerate().map(|(at, one)| (below(&(at + 1).to_string()), scalar(one))).collect()
        }
        one => vec![(name.to_owned(), scalar(one))],
    }
}

#[cfg(all(feature = "models", feature = "json"))]
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The range of every fixed effect over many data sets.
#[cfg(feature = "models")]
pub fn coefficient_ranges(of: &mixed::result::Ranges) -> String {
    let header = [
        "name",
        "estimate_lower",
        "estimate_upper",
        "se_lower",
        "se_upper",
        "statistic_lower",
        "statistic_upper",
        "p_lower",
        "p_upper",
        "significant",
        "fitted",
        "mean",
        "sd",
        "section",
        "tested",
    ];
    let rows = of.rows.iter().map(|row| {
        let ranges =
            [row.estimate, row.se, row.statistic, row.p].into_iter().flat_map(|range| ends(Some(range)).map(number));
        let counts = [row.significant.to_string(), row.fitted.to_string()];
        let moments = [Some(row.mean), Some(row.sd())].map(number);
        [row.name.clone()]
            .into_iter()
            .chain(ranges)
            .chain(counts)
            .chain(moments)
            .chain([row.section.clone(), row.tested.to_string()])
            .collect()
    });
    table(&header, rows)
}
