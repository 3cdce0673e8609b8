//! Effect sizes row by row, written as they come, and the catalogue of measures.

use super::csv::csv_field;
use super::document::{Align, Document, Table, escape_markdown};
use super::number::{full, interval, json_number, level_text, significant};
use crate::effect::measures::{EffectMeasure, Field, Options, Vtype, measures};
use crate::numeric::interval::Interval;

/// What became of one row of a table.
#[derive(Clone, Debug, Default)]
pub struct RowResult {
    /// The effect.
    pub yi: Option<f64>,
    /// Its sampling variance.
    pub vi: Option<f64>,
    /// Its confidence interval.
    pub ci: Option<Interval>,
    /// What is absent and why, and what was done to the numbers.
    pub note: Option<String>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// Text for a terminal.
    Text,
    /// Markdown.
    Markdown,
    /// The columns of the file, and behind them those of the results.
    Csv,
    /// One document.
    Json,
}

/// The columns that are written; those of the file with the same names give way to them.
pub const RESULT_COLUMNS: [&str; 6] = ["yi", "vi", "sei", "ci_lower", "ci_upper", "notes"];

impl RowFormat {
    /// Whether a row is written with its number.
    pub fn is_numbered(self) -> bool {
        matches!(self, Self::Text | Self::Markdown)
    }

    /// What stands before each row but the first.
    pub fn separator(self) -> &'static str {
        if self == Self::Json { ",\n" } else { "" }
    }

    /// What stands before the rows of a measure, as it was asked for.
    pub fn head(self, measure: &EffectMeasure, options: &Options, level: f64) -> String {
        let interval = format!("{} CI", level_text(level));
        let told = told_of_options(measure, options).into_iter().map(|told| format!(", {told}")).collect::<String>();
        let title = format!("{}: {}{told}", measure.code, measure.name_where(options.correct));
        match self {
            Self::Json => format!("{{\"measure\":\"{}\",\"level\":{level},\"rows\":[\n", measure.code),
            Self::Csv => format!("{}\n", RESULT_COLUMNS.join(",")),
            Self::Text => {
                let [row, yi, vi, sei] = ["row", "yi", "vi", "sei"];
                format!("{title}\n{row:>8}{yi:>12}{vi:>12}{sei:>12}   {interval}\n")
            }
            Self::Markdown => {
                let columns = format!("| row | yi | vi | sei | {interval} | notes |");
                format!("## {title}\n\n{columns}\n| ---: | ---: | ---: | ---: | --- | --- |\n")
            }
        }
    }

    /// Appends one row, with what stands before it.
    pub fn row(self, out: &mut Vec<u8>, row: &RowResult, number: u64) {
        match self {
            Self::Json => json_row(out, row),
            Self::Csv => csv_row(out, row),
            Self::Text | Self::Markdown => out.extend_from_slice(text_row(row, number, self).as_bytes()),
        }
    }

    /// What stands behind so many rows, of which some have no value, with what is told of the whole: how it was asked for,
    /// and why there are no more rows where that is not the end of the table.
    pub fn tail(self, rows: u64, without: u64, told: &[String]) -> String {
        match self {
            Self::Json if told.is_empty() => "\n]}\n".to_owned(),
            Self::Json => format!("\n],\n\"notes\":{}}}\n", serde_json::json!(told)),
            Self::Text if without > 0 => format!("{without} of {rows} rows have no value\n"),
            _ => String::new(),
        }
    }
}

/// What a measure was asked for otherwise than it is by itself.
pub fn told_of_options(measure: &EffectMeasure, options: &Options) -> Vec<String> {
    let plain = (measure.corrects && !options.correct).then(|| "not corrected for bias (--no-correct)".to_owned());
    let vtype = (options.vtype != Vtype::Ls).then(|| format!("sampling variances {} (--vtype)", options.vtype));
    plain.into_iter().chain(vtype).collect()
}

fn json_row(out: &mut Vec<u8>, row: &RowResult) {
    out.extend_from_slice(b",\n{\"yi\":");
    json_number(out, row.yi);
    out.extend_from_slice(b",\"vi\":");
    json_number(out, row.vi);
    out.extend_from_slice(b",\"sei\":");
    json_number(out, row.vi.map(f64::sqrt));
    out.extend_from_slice(b",\"ci\":");
    match row.ci {
        Some(ci) => {
            out.push(b'[');
            json_number(out, Some(ci.lower));
            out.push(b',');
            json_number(out, Some(ci.upper));
            out.push(b']');
        }
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"notes\":[");
    if let Some(note) = &row.note {
        out.extend_from_slice(serde_json::Value::from(note.as_str()).to_string().as_bytes());
    }
    out.extend_from_slice(b"]}");
}

fn csv_row(out: &mut Vec<u8>, row: &RowResult) {
    let [lower, upper] = [row.ci.map(|ci| ci.lower), row.ci.map(|ci| ci.upper)];
    for value in [row.yi, row.vi, row.vi.map(f64::sqrt), lower, upper] {
        full(out, value);
        out.push(b',');
    }
    csv_field(out, row.note.as_deref().unwrap_or_default().as_bytes());
    out.push(b'\n');
}

fn text_row(row: &RowResult, number: u64, format: RowFormat) -> String {
    let show = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| significant(value, 4));
    let interval = row.ci.map_or_else(|| "—".to_owned(), interval);
    let [yi, vi, sei] = [row.yi, row.vi, row.vi.map(f64::sqrt)].map(show);
    let note = row.note.as_deref().unwrap_or_default();
    if format == RowFormat::Markdown {
        let note = escape_markdown(note);
        return format!("| {number} | {yi} | {vi} | {sei} | {interval} | {note} |\n");
    }
    let line = format!("{number:>8}{yi:>12}{vi:>12}{sei:>12}   {interval:<20}  {note}");
    format!("{}\n", line.trim_end())
}

/// Every measure with its columns, formulas and source.
pub fn catalogue() -> Document {
    let mut document = Document::default();
    let mut titles: Vec<&str> = Vec::new();
    for measure in measures() {
        if !titles.contains(&measure.family.title()) {
            titles.push(measure.family.title());
        }
    }
    for title in titles {
        document.heading(2, title);
        let mut table = Table::new(&[("code", Align::Left), ("what it is, from which columns, and how", Align::Left)]);
        for measure in measures().filter(|measure| measure.family.title() == title) {
            table.row([codes(measure), description(measure)]);
        }
        document.table(table);
    }
    let mut table = Table::new(&[("column", Align::Left), ("what stands in it", Align::Left)]);
    Field::ALL.iter().for_each(|field| table.row([field.name(), field.meaning()]));
    document.heading(2, "columns");
    document.table(table);
    document
}

fn codes(measure: &EffectMeasure) -> String {
    [&[measure.code], measure.aliases].concat().join(", ")
}

fn columns(measure: &EffectMeasure) -> String {
    let set = |fields: &&[Field]| fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(" ");
    measure.columns.iter().map(set).collect::<Vec<_>>().join(", or ")
}

fn description(measure: &EffectMeasure) -> String {
    let back = match measure.back.formula() {
        "y" => "back: y itself".to_owned(),
        formula => format!("back: {formula}"),
    };
    let EffectMeasure { name, estimate, variance, reference, .. } = measure;
    format!("{name}, from {}. y = {estimate}; variance {variance}; {back}. {reference}", columns(measure))
}

/// The catalogue as JSON.
pub fn catalogue_json() -> serde_json::Value {
    let row = |measure: &EffectMeasure| {
        serde_json::json!({
            "code": measure.code,
            "aliases": measure.aliases,
            "name": measure.name,
            "family": measure.family.title(),
            "columns": measure.columns.iter().map(|set| set.iter().map(|f| f.name()).collect()).collect::<Vec<Vec<_>>>(),
            "estimate": measure.estimate,
            "variance": measure.variance,
            "back_transformation": measure.back.formula(),
            "vtypes": measure.vtypes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "bias_corrected": measure.corrects,
            "reference": measure.reference,
        })
    };
    serde_json::json!({ "measures": measures().map(row).collect::<Vec<_>>() })
}

/// The catalogue as a flat table.
pub fn catalogue_csv() -> String {
    let rows = measures().map(|measure| {
        let EffectMeasure { name, estimate, variance, reference, .. } = measure;
        let texts = [name, measure.family.title(), estimate, variance, measure.back.formula(), reference];
        [codes(measure), columns(measure)].into_iter().chain(texts.map(str::to_owned)).collect()
    });
    super::csv::table(
        &["code", "columns", "name", "family", "estimate", "variance", "back_transformation", "reference"],
        rows,
    )
}
