//! Results as flat tables, one row a value, with full precision.

use super::counts::{Named, table_of};
use super::number::p_reported;
use crate::check::Check;
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::between::BetweenContrast;
use crate::effect::change::ChangeContrast;
use crate::effect::common_language::NumberNeeded;
use crate::effect::contrast::Contrast;
use crate::effect::counts::Intervals;
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::of_release::{ReleaseEffects, ReleaseEstimate};
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::estimate::{Estimate, TestResult};
#[cfg(feature = "models")]
use crate::meta::Coefficient;
#[cfg(feature = "models")]
use crate::mixed;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Relation;
use crate::reported::{Quantity, Release, ReportedEstimate};
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
fn ends(range: Option<Interval>) -> [Option<f64>; 2] {
    [range.map(|range| range.lower), range.map(|range| range.upper)]
}

/// A row a value. `kind` says what it is: an `effect` at the correlation `r` (or at none), the same in
/// a `scenario`, a `test` with its statistic as the estimate, `r-needed` for the p-value in `p`, an
/// interval of a `proportion`, a possible fraction behind a percentage, a `ratio` of the means after and before, a
/// number `needed-to-treat`, a difference `in-other-words`, an effect as it is `reported`, or a `refusal`.
const EFFECT_COLUMNS: [&str; 18] = [
    "release",
    "subject",
    "arm",
    "kind",
    "measure",
    "r",
    "n",
    "estimate",
    "se",
    "df",
    "p",
    "ci_lower",
    "ci_upper",
    "ci_method",
    "rounding_lower",
    "rounding_upper",
    "occasions",
    "notes",
];

/// A row in the making: most fields of most rows are empty.
#[derive(Clone, Default)]
struct Row {
    names: [String; 3],
    kind: &'static str,
    measure: String,
    r: Option<f64>,
    n: Option<u64>,
    estimate: Option<f64>,
    se: Option<f64>,
    df: Option<f64>,
    p: Option<f64>,
    /// The ends of the interval; of a number needed to treat one may be infinite, or it is what lies outside of them.
    ci: [Option<f64>; 2],
    ci_method: &'static str,
    rounding: Option<Interval>,
    occasions: String,
    notes: String,
}

impl Row {
    fn fields(self) -> Vec<String> {
        let [ci_lower, ci_upper] = self.ci.map(number);
        let [rounding_lower, rounding_upper] = ends(self.rounding).map(number);
        let mut fields = self.names.to_vec();
        fields.extend([self.kind.to_owned(), self.measure, number(self.r)]);
        fields.push(self.n.map(|n| n.to_string()).unwrap_or_default());
        fields.extend([self.estimate, self.se, self.df, self.p].map(number));
        fields.extend([ci_lower, ci_upper, self.ci_method.to_owned(), rounding_lower, rounding_upper]);
        fields.extend([self.occasions, self.notes]);
        fields
    }
}

fn effect_row(base: &Row, kind: &'static str, estimate: &Estimate) -> Row {
    Row {
        kind,
        measure: estimate.measure.code().to_owned(),
        r: estimate.r,
        estimate: estimate.estimate,
        se: estimate.se,
        df: estimate.df,
        ci: ends(estimate.ci),
        ci_method: estimate.ci.map(|_| estimate.ci_method.name()).unwrap_or_default(),
        rounding: estimate.rounding,
        notes: estimate.notes.join("; "),
        ..base.clone()
    }
}

fn test_row(base: &Row, test: &TestResult) -> Row {
    Row {
        kind: "test",
        measure: test.kind.name().to_owned(),
        r: test.r,
        estimate: Some(test.statistic),
        df: Some(test.df),
        p: Some(test.p),
        rounding: test.statistic_rounding,
        ..base.clone()
    }
}

fn effect_rows(base: &Row, contrast: &Contrast) -> Vec<Row> {
    let base = Row { n: contrast.input.n, ..base.clone() };
    let effect = |kind: &'static str, estimate: &Estimate| effect_row(&base, kind, estimate);
    let test = |test: &TestResult| test_row(&base, test);
    let mut rows: Vec<Row> = contrast.estimates.iter().map(|estimate| effect("effect", estimate)).collect();
    rows.extend(contrast.tests.iter().map(test));
    rows.extend(contrast.ratios().into_iter().map(|of| Row {
        kind: "ratio",
        measure: "after/before".to_owned(),
        r: of.r,
        estimate: Some(of.ratio),
        ci: ends(of.ci),
        ci_method: of.ci.map(|_| "delta").unwrap_or_default(),
        rounding: of.rounding,
        ..base.clone()
    }));
    for scenario in &contrast.scenarios {
        rows.extend(scenario.estimates.iter().map(|estimate| effect("scenario", estimate)));
        rows.extend(scenario.test.iter().map(test));
    }
    let Some(needed) = contrast.r_needed else { return rows };
    let (r, notes) = match needed {
        CorrelationNeeded::AtLeast { r, .. } => (Some(r), String::new()),
        needed => (None, needed.to_string()),
    };
    let (p, rounding) = (Some(contrast.alpha), needed.rounding());
    rows.push(Row { kind: "r-needed", measure: "paired-t".to_owned(), estimate: r, p, rounding, notes, ..base });
    rows
}

/// Every estimate of one contrast.
pub fn contrast(contrast: &Contrast) -> String {
    table(&EFFECT_COLUMNS, effect_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

fn between_rows(base: &Row, contrast: &BetweenContrast) -> Vec<Row> {
    let n = contrast.input.n[0].zip(contrast.input.n[1]).map(|(n1, n2)| n1 + n2);
    let base = Row { n, ..base.clone() };
    let mut rows: Vec<Row> = contrast.estimates.iter().map(|estimate| effect_row(&base, "effect", estimate)).collect();
    rows.extend(contrast.tests.iter().map(|test| test_row(&base, test)));
    rows.extend(contrast.common_language.iter().map(|word| Row {
        kind: "in-other-words",
        measure: word.name.to_owned(),
        estimate: Some(word.estimate),
        ci: ends(word.ci),
        rounding: word.rounding,
        ..base.clone()
    }));
    rows
}

/// A row for each interval of each estimate, and one for an estimate without an interval, with the reason.
fn interval_rows(base: &Row, named: &[(&'static str, Intervals)]) -> Vec<Row> {
    let row = |(measure, of, by): (&'static str, &Intervals, Option<(&'static str, Interval)>)| Row {
        kind: "effect",
        measure: measure.to_owned(),
        estimate: of.estimate,
        ci: ends(by.map(|(_, range)| range)),
        ci_method: by.map(|(method, _)| method).unwrap_or_default(),
        notes: of.notes.join("; "),
        ..base.clone()
    };
    each_interval(named).map(row).collect()
}

/// Every interval with its estimate; none beside an estimate that has none.
fn each_interval<'a>(
    named: &'a [(&'static str, Intervals)],
) -> impl Iterator<Item = (&'static str, &'a Intervals, Option<(&'static str, Interval)>)> {
    named.iter().flat_map(|(name, of)| {
        let alone = of.by.is_empty().then_some((*name, of, None));
        of.by.iter().map(move |by| (*name, of, Some(*by))).chain(alone)
    })
}

/// The measures of a 2×2 table, a row for each interval, the numbers needed to treat, and its exact test.
fn table_rows(base: &Row, table: &TwoByTwo, needed: &[(&'static str, NumberNeeded)], level: f64) -> Vec<Row> {
    let base = Row { n: Some(table.cells().iter().sum()), ..base.clone() };
    let mut rows = interval_rows(&base, &table_of(table, level));
    rows.extend(needed.iter().map(|(ci_method, of)| Row {
        kind: "needed-to-treat",
        measure: name_of_needed(of).to_owned(),
        estimate: of.estimate,
        ci_method,
        ci: of.ends,
        ..base.clone()
    }));
    rows.push(Row { kind: "test", measure: "fisher-exact".to_owned(), p: Some(table.fisher_p()), ..base });
    rows
}

fn change_rows(base: &Row, contrast: &ChangeContrast) -> Vec<Row> {
    let base = Row { n: contrast.n, ..base.clone() };
    let estimates = contrast.estimates.iter().map(|estimate| effect_row(&base, "effect", estimate));
    estimates.chain(contrast.test.iter().map(|test| test_row(&base, test))).collect()
}

/// Estimates that belong to no release.
pub fn estimates(all: &[Estimate]) -> String {
    let base = Row::default();
    table(&EFFECT_COLUMNS, all.iter().map(|estimate| effect_row(&base, "effect", estimate).fields()))
}

/// Every estimate of a mean change.
pub fn change(contrast: &ChangeContrast) -> String {
    table(&EFFECT_COLUMNS, change_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

/// Every estimate of one contrast between two groups.
pub fn between(contrast: &BetweenContrast) -> String {
    table(&EFFECT_COLUMNS, between_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

/// An effect that is reported, on the scale of its interval.
fn reported_row(release: &str, reported: &ReportedEstimate, found: &ReleaseEstimate) -> Row {
    let arms = [&reported.arm, &reported.versus].into_iter().flatten().cloned().collect::<Vec<_>>();
    let p = reported.p.as_ref();
    let bound = p.filter(|p| p.relation != Relation::Equal).map(p_reported);
    let ends = found.on_scale.ends.map(|ends| ends.map(|end| Some(end.value)));
    Row {
        names: [release.to_owned(), reported.id.clone(), arms.join(" − ")],
        kind: "reported",
        occasions: reported.occasion.clone().unwrap_or_default(),
        measure: reported.measure.name().to_owned(),
        estimate: Some(found.on_scale.estimate.value),
        se: found.se.map(|se| se.value),
        p: p.filter(|p| p.relation == Relation::Equal).map(|p| p.bound.value()),
        ci: ends.unwrap_or_default(),
        ci_method: ends.map(|_| "reported").unwrap_or_default(),
        rounding: Some(found.on_scale.estimate.range),
        notes: bound.into_iter().chain(found.notes.iter().cloned()).collect::<Vec<_>>().join("; "),
        ..Row::default()
    }
}

/// One effect that belongs to no release.
pub fn reported(reported: &ReportedEstimate, found: &ReleaseEstimate) -> String {
    table(&EFFECT_COLUMNS, [reported_row("", reported, found).fields()])
}

/// Everything that several releases allow, and every refusal.
pub fn effects(releases: &[(&Release, ReleaseEffects)], level: f64) -> String {
    let mut rows = Vec::new();
    for (release, effects) in releases {
        let about = |subject: &str, kind| Row {
            names: [release.id.clone(), subject.to_owned(), String::new()],
            kind,
            ..Row::default()
        };
        rows.extend(contrast_rows(release, effects, level));
        for found in &effects.reported {
            rows.extend(release.estimate(&found.id).map(|reported| reported_row(&release.id, reported, found)));
        }
        for reported in &effects.proportions {
            let proportion = reported.proportion;
            rows.extend(ProportionCi::ALL.map(|(ci_method, method)| Row {
                measure: format!("{}/{}", proportion.k(), proportion.n()),
                n: Some(proportion.n()),
                estimate: Some(proportion.estimate()),
                ci: ends(Some(proportion.interval(method, level))),
                ci_method,
                rounding: reported.rounding,
                ..about(&reported.number, "proportion")
            }));
        }
        for reported in &effects.percentages {
            rows.extend(reported.denominators.iter().map(|d| Row {
                measure: format!("{}/{}", d.k, d.n),
                n: Some(d.n),
                estimate: Some(d.k as f64 / d.n as f64),
                ..about(&reported.number, "fraction")
            }));
        }
        for refusal in &effects.refusals {
            let subject = refusal.subject.as_deref().unwrap_or_default();
            let names = [release.id.clone(), subject.to_owned(), refusal.arm.clone().unwrap_or_default()];
            rows.push(Row { names, notes: refusal.reason.clone(), ..about(subject, "refusal") });
        }
    }
    table(&EFFECT_COLUMNS, rows.into_iter().map(Row::fields))
}

/// Rows of contrasts: of occasions, of arms, of counts and of rates.
fn contrast_rows(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Row> {
    let mut rows = Vec::new();
    for named in &effects.contrasts {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let occasions = format!("{} {}", named.before, named.after);
        rows.extend(effect_rows(&Row { names, occasions, ..Row::default() }, &named.contrast));
    }
    for named in &effects.changes {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(change_rows(&base, &named.contrast));
    }
    for named in &effects.between {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let occasions = match named.quantity {
            Quantity::Value => named.occasion.clone(),
            Quantity::Change => format!("{} (change)", named.occasion),
        };
        let base = Row { names, occasions, ..Row::default() };
        rows.extend(between_rows(&base, &named.contrast));
    }
    for named in &effects.tables {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(table_rows(&base, &named.table, &named.number_needed(level), level));
    }
    for named in &effects.rates {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(interval_rows(&base, &[("rate", named.rate.intervals(level))]));
    }
    for named in &effects.rate_ratios {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(interval_rows(&base, &[("IRR", named.ratio.intervals(level))]));
        let p = named.ratio.p_values().map(|p| p.exact);
        rows.push(Row { kind: "test", measure: "exact-rates".to_owned(), p, ..base });
    }
    rows
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

/// Estimates of counts with every interval, and behind them tests: what is tested, by which method, p. An end that is
/// infinite is empty.
pub fn counts(named: &Named, needed: &[(&'static str, NumberNeeded)], tests: &[(&str, &str, Option<f64>)]) -> String {
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
    let needed = needed
        .iter()
        .map(|(method, of)| row(name_of_needed(of), method, [of.estimate, of.ends[0], of.ends[1], None], &[]));
    let tests = tests.iter().map(|(name, method, p)| row(name, method, [None, None, None, *p], &[]));
    table(
        &["measure", "estimate", "method", "ci_lower", "ci_upper", "p", "notes"],
        intervals.chain(needed).chain(tests),
    )
}

/// What the ends of a number needed to treat are: an interval through infinity is what lies outside of them.
fn name_of_needed(of: &NumberNeeded) -> &'static str {
    if of.through_infinity { "NNT, outside of the ends" } else { "NNT" }
}

/// Every verdict of a check.
pub fn checks(checks: &[Check]) -> String {
    let rows = checks.iter().map(|check| {
        let texts = [&check.release, &check.subject, check.code, check.status.name(), &check.message];
        let ends = [&check.expected, &check.found].map(|text| text.clone().unwrap_or_default());
        texts.map(str::to_owned).into_iter().chain(ends).collect()
    });
    table(&["release", "subject", "check", "status", "message", "expected", "found"], rows)
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
    let rows = coefficients.iter().map(|of| {
        let on_scale =
            shown.map(|shown| [of.estimate, of.ci.lower, of.ci.upper].map(|value| number(Some(shown(value)))));
        let [lower, upper] = ends(Some(of.ci)).map(number);
        let numbers = [Some(of.estimate), Some(of.se), Some(of.statistic), of.df, Some(of.p)].map(number);
        let whole = of_fit.iter().map(|(_, value)| number(*value));
        [of.name.clone()]
            .into_iter()
            .chain(numbers)
            .chain([lower, upper])
            .chain(on_scale.into_iter().flatten())
            .chain(whole)
            .collect()
    });
    let on_scale = shown.map(|_| ["transf_estimate", "transf_ci_lower", "transf_ci_upper"]);
    let columns = COEFFICIENT_COLUMNS.into_iter().chain(on_scale.into_iter().flatten());
    let header: Vec<&str> = columns.chain(of_fit.iter().map(|(name, _)| *name)).collect();
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
        [row.name.clone()].into_iter().chain(ranges).chain(counts).chain(moments).chain([row.section.clone(), row.tested.to_string()]).collect()
    });
    table(&header, rows)
}
