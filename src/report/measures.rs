//! Effect sizes row by row, written as they come, and the catalogue of measures.

use super::document::{Align, Document, Table, escape_markdown};
use super::number::{interval, level, significant};
use crate::effect::measures::{EffectMeasure, Field, measures};
use crate::numeric::interval::Interval;
use std::io::{self, Write};

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
    /// The fields of the row as they stood in the file, where they are to be written again.
    pub fields: Option<csv::ByteRecord>,
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

/// Writes rows one at a time, so that memory does not grow with the table.
pub struct RowWriter<W: Write> {
    out: Sink<W>,
    format: RowFormat,
    count: u64,
    without: u64,
    /// One number, or one row, in the making.
    digits: Vec<u8>,
}

/// Where rows go: as they are, or as fields that may need quotes.
enum Sink<W: Write> {
    Plain(W),
    Fields(Box<csv::Writer<W>>),
}

impl<W: Write> RowWriter<W> {
    /// Begins the output. `columns` are those of the file that are written again.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(
        mut out: W,
        format: RowFormat,
        measure: &EffectMeasure,
        confidence: f64,
        columns: &[String],
    ) -> io::Result<Self> {
        let interval = format!("{} CI", level(confidence));
        let out = match format {
            RowFormat::Json => {
                writeln!(out, "{{\"measure\":\"{}\",\"level\":{confidence},\"rows\":[", measure.code)?;
                Sink::Plain(out)
            }
            RowFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns.iter().map(String::as_str).chain(RESULT_COLUMNS))?;
                Sink::Fields(Box::new(writer))
            }
            RowFormat::Text => {
                writeln!(out, "{}: {}", measure.code, measure.name)?;
                writeln!(out, "{:>8}{:>12}{:>12}{:>12}   {interval}", "row", "yi", "vi", "sei")?;
                Sink::Plain(out)
            }
            RowFormat::Markdown => {
                writeln!(out, "| row | yi | vi | sei | {interval} | notes |")?;
                writeln!(out, "| ---: | ---: | ---: | ---: | --- | --- |")?;
                Sink::Plain(out)
            }
        };
        Ok(Self { out, format, count: 0, without: 0, digits: Vec::with_capacity(32) })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn row(&mut self, row: &RowResult) -> io::Result<()> {
        self.count += 1;
        self.without += u64::from(row.yi.is_none());
        match (&mut self.out, self.format) {
            (Sink::Fields(writer), _) => csv_row(writer, &mut self.digits, row),
            (Sink::Plain(out), RowFormat::Json) => {
                self.digits.clear();
                json_row(&mut self.digits, row, self.count == 1)?;
                out.write_all(&self.digits)
            }
            (Sink::Plain(out), format) => text_row(out, row, self.count, format),
        }
    }

    /// Ends the output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match (self.out, self.format) {
            (Sink::Fields(mut writer), _) => writer.flush(),
            (Sink::Plain(mut out), format) => {
                match format {
                    RowFormat::Json => out.write_all(b"\n]}\n")?,
                    RowFormat::Text if self.without > 0 => {
                        writeln!(out, "{} of {} rows have no value", self.without, self.count)?;
                    }
                    _ => {}
                }
                out.flush()
            }
        }
    }
}

fn json_row(out: &mut Vec<u8>, row: &RowResult, is_first: bool) -> io::Result<()> {
    out.write_all(if is_first { b"{\"yi\":" } else { b",\n{\"yi\":" })?;
    number(out, row.yi)?;
    out.write_all(b",\"vi\":")?;
    number(out, row.vi)?;
    out.write_all(b",\"sei\":")?;
    number(out, row.vi.map(f64::sqrt))?;
    match row.ci {
        Some(ci) => {
            out.write_all(b",\"ci\":[")?;
            number(out, Some(ci.lower))?;
            out.write_all(b",")?;
            number(out, Some(ci.upper))?;
            out.write_all(b"]")?;
        }
        None => out.write_all(b",\"ci\":null")?,
    }
    out.write_all(b",\"notes\":[")?;
    if let Some(note) = &row.note {
        serde_json::to_writer(&mut *out, note)?;
    }
    out.write_all(b"]}")
}

fn csv_row(writer: &mut csv::Writer<impl Write>, digits: &mut Vec<u8>, row: &RowResult) -> io::Result<()> {
    for field in row.fields.iter().flatten() {
        writer.write_field(field)?;
    }
    let [lower, upper] = [row.ci.map(|ci| ci.lower), row.ci.map(|ci| ci.upper)];
    for value in [row.yi, row.vi, row.vi.map(f64::sqrt), lower, upper] {
        digits.clear();
        if value.is_some() {
            number(digits, value)?;
        }
        writer.write_field(&*digits)?;
    }
    writer.write_field(row.note.as_deref().unwrap_or_default())?;
    Ok(writer.write_record(None::<&[u8]>)?)
}

fn text_row(out: &mut impl Write, row: &RowResult, count: u64, format: RowFormat) -> io::Result<()> {
    let show = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| significant(value, 4));
    let interval = row.ci.map_or_else(|| "—".to_owned(), interval);
    let [yi, vi, sei] = [row.yi, row.vi, row.vi.map(f64::sqrt)].map(show);
    let note = row.note.as_deref().unwrap_or_default();
    if format == RowFormat::Markdown {
        let note = escape_markdown(note);
        return writeln!(out, "| {count} | {yi} | {vi} | {sei} | {interval} | {note} |");
    }
    let line = format!("{count:>8}{yi:>12}{vi:>12}{sei:>12}   {interval:<20}  {note}");
    writeln!(out, "{}", line.trim_end())
}

/// A number with all its digits, or null.
fn number(out: &mut impl Write, value: Option<f64>) -> io::Result<()> {
    Ok(serde_json::to_writer(out, &value.filter(|value| value.is_finite()))?)
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
        "y" => String::new(),
        formula => format!("; back: {formula}"),
    };
    let EffectMeasure { name, estimate, variance, reference, .. } = measure;
    format!("{name}, from {}. y = {estimate}; variance {variance}{back}. {reference}", columns(measure))
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
        let texts = [measure.name, measure.family.title(), measure.estimate, measure.variance, measure.reference];
        [codes(measure), columns(measure)].into_iter().chain(texts.map(str::to_owned)).collect()
    });
    super::csv::table(&["code", "columns", "name", "family", "estimate", "variance", "reference"], rows)
}
