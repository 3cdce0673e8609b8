//! Results as flat tables, one row a value, with full precision.

use crate::check::Check;
use crate::effect::contrast::Contrast;
use crate::effect::of_release::ReleaseEffects;
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::estimate::Estimate;
use crate::numeric::interval::Interval;
use crate::reported::{Origin, Passage, Release};
use csv::Writer;

/// Rows of texts as CSV. Writing to memory cannot fail; if it did, the table would end there.
fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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

fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

fn ends(range: Option<Interval>) -> [String; 2] {
    [number(range.map(|range| range.lower)), number(range.map(|range| range.upper))]
}

const EFFECT_COLUMNS: [&str; 15] = [
    "release",
    "outcome",
    "arm",
    "measure",
    "r",
    "estimate",
    "se",
    "df",
    "ci_lower",
    "ci_upper",
    "ci_method",
    "rounding_lower",
    "rounding_upper",
    "scenario",
    "notes",
];

fn effect_rows(names: [&str; 3], contrast: &Contrast) -> Vec<Vec<String>> {
    let row = |estimate: &Estimate, scenario: bool| {
        let [ci_lower, ci_upper] = ends(estimate.ci);
        let [rounding_lower, rounding_upper] = ends(estimate.rounding);
        let mut row: Vec<String> = names.map(str::to_owned).to_vec();
        row.extend([estimate.measure.code().to_owned(), number(estimate.r)]);
        row.extend([number(estimate.estimate), number(estimate.se), number(estimate.df), ci_lower, ci_upper]);
        row.push(estimate.ci.map(|_| estimate.ci_method.name()).unwrap_or_default().to_owned());
        row.extend([rounding_lower, rounding_upper, scenario.to_string(), estimate.notes.join("; ")]);
        row
    };
    let known = contrast.estimates.iter().map(|estimate| row(estimate, false));
    let scenarios = contrast.scenarios.iter().flat_map(|scenario| &scenario.estimates);
    known.chain(scenarios.map(|estimate| row(estimate, true))).collect()
}

/// Every estimate of one contrast.
pub fn contrast(contrast: &Contrast) -> String {
    table(&EFFECT_COLUMNS, effect_rows([""; 3], contrast))
}

/// Every estimate of several releases.
pub fn effects(releases: &[(&Release, &ReleaseEffects)]) -> String {
    let rows = releases.iter().flat_map(|(release, effects)| {
        let contrasts = effects.contrasts.iter();
        contrasts.flat_map(|named| effect_rows([&release.id, &named.outcome, &named.arm], &named.contrast))
    });
    table(&EFFECT_COLUMNS, rows)
}

/// Every interval of a proportion.
pub fn proportion(proportion: Proportion, level: f64) -> String {
    let rows = ProportionCi::ALL.map(|(name, method)| {
        let [lower, upper] = ends(Some(proportion.interval(method, level)));
        let counts = [proportion.k().to_string(), proportion.n().to_string(), proportion.estimate().to_string()];
        counts.into_iter().chain([name.to_owned(), lower, upper]).collect()
    });
    table(&["k", "n", "estimate", "method", "ci_lower", "ci_upper"], rows)
}

/// Every printed text of several releases with its place.
pub fn show(releases: &[Release]) -> String {
    let mut rows = Vec::new();
    for release in releases {
        let mut add = |kind: &str, names: [&str; 3], text: &str, passage: &Passage| {
            let origin = match passage.origin {
                Origin::Release => "release",
                Origin::Paper => "paper",
            };
            let line = passage.line.map(|line| line.to_string()).unwrap_or_default();
            let section = passage.section.clone().unwrap_or_default();
            let mut row = vec![release.id.clone(), kind.to_owned()];
            row.extend(names.map(str::to_owned));
            row.extend([text.to_owned(), passage.quote.clone(), origin.to_owned(), line, section]);
            rows.push(row);
        };
        for arm in &release.arms {
            add("arm", [&arm.id, "", ""], arm.n.as_ref().map_or("", |n| n.text()), &arm.passage);
        }
        for outcome in &release.outcomes {
            for result in &outcome.results {
                for (occasion, cell) in &result.cells {
                    add("outcome", [&outcome.id, &result.arm, occasion], &cell.text, &result.passage);
                }
            }
        }
        for number in &release.numbers {
            add(
                "number",
                [&number.id, number.of.as_deref().unwrap_or_default(), ""],
                number.form.text(),
                &number.passage,
            );
        }
        for statement in &release.statements {
            let p = statement.p.as_ref().map_or("", |p| p.text.as_str());
            add("statement", [&statement.outcomes.join(" "), statement.claim.name(), ""], p, &statement.passage);
        }
    }
    let header = ["release", "kind", "id", "arm_or_of", "occasion", "text", "quote", "from", "line", "section"];
    table(&header, rows)
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
