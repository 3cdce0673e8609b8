//! A plain table with named columns, as CSV, JSON and text.

use super::document::{Align, Document, Table};
use super::json::finite;
use csv::Writer;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// A number; one that is not finite is an empty field.
    Number(f64),
    /// A text.
    Text(String),
}

impl Field {
    fn text(&self) -> String {
        match self {
            Self::Number(value) => super::csv::number(Some(*value)),
            Self::Text(text) => text.clone(),
        }
    }
}

impl From<f64> for Field {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Option<f64>> for Field {
    /// None is an empty field.
    fn from(value: Option<f64>) -> Self {
        Self::Number(value.unwrap_or(f64::NAN))
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Rows of fields under names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Field>>,
}

impl Sheet {
    /// A sheet without rows.
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// As CSV, with every digit.
    pub fn csv(&self) -> String {
        let header: Vec<&str> = self.header.iter().map(String::as_str).collect();
        super::csv::table(&header, self.rows.iter().map(|row| row.iter().map(Field::text).collect()))
    }

    /// As an array of objects.
    pub fn json(&self) -> Value {
        self.rows.iter().map(|row| object(&self.header, row)).collect()
    }

    /// As a document of one table.
    pub fn document(&self) -> Document {
        let columns: Vec<(&str, Align)> = self.header.iter().map(|name| (name.as_str(), Align::Right)).collect();
        let mut table = Table::new(&columns);
        self.rows.iter().for_each(|row| table.row(row.iter().map(Field::text)));
        let mut document = Document::default();
        document.table(table);
        document
    }
}

fn object(header: &[String], row: &[Field]) -> Value {
    let value = |field: &Field| match field {
        Field::Number(value) => json!(finite(*value)),
        Field::Text(text) => json!(text),
    };
    let fields: Map<String, Value> = header.iter().cloned().zip(row.iter().map(value)).collect();
    Value::Object(fields)
}

/// A sheet that is written row by row, as CSV or as a JSON document `{"rows": […]}`. Nothing is written before
/// the first row.
pub struct SheetWriter<W: Write> {
    form: Form<W>,
    header: Vec<String>,
    rows: u64,
}

impl<W: Write> std::fmt::Debug for SheetWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let header = &self.header;
        f.debug_struct("SheetWriter").field("header", header).field("rows", &self.rows).finish_non_exhaustive()
    }
}

enum Form<W: Write> {
    Csv(Box<Writer<W>>),
    Json(W),
}

impl<W: Write> SheetWriter<W> {
    /// A sheet as CSV.
    pub fn csv(out: W, header: Vec<String>) -> Self {
        Self { form: Form::Csv(Box::new(Writer::from_writer(out))), header, rows: 0 }
    }

    /// A sheet as JSON.
    pub fn json(out: W, header: Vec<String>) -> Self {
        Self { form: Form::Json(out), header, rows: 0 }
    }

    /// Writes a row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn row(&mut self, row: &[Field]) -> io::Result<()> {
        match &mut self.form {
            Form::Csv(writer) => {
                if self.rows == 0 {
                    writer.write_record(&self.header).map_err(as_io)?;
                }
                writer.write_record(row.iter().map(Field::text)).map_err(as_io)?;
            }
            Form::Json(out) => {
                let text = format!("{:#}", object(&self.header, row)).replace('\n', "\n    ");
                let before = if self.rows == 0 { "{\n  \"rows\": [" } else { "," };
                write!(out, "{before}\n    {text}")?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Writes what stands behind the rows; JSON has the notes there, for which CSV has no place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self, notes: &[String]) -> io::Result<()> {
        match self.form {
            Form::Csv(mut writer) => {
                if self.rows == 0 {
                    writer.write_record(&self.header).map_err(as_io)?;
                }
                writer.flush()
            }
            Form::Json(mut out) => {
                let rows = if self.rows == 0 { "{\n  \"rows\": []" } else { "\n  ]" };
                let notes = format!("{:#}", json!(notes)).replace('\n', "\n  ");
                write!(out, "{rows},\n  \"notes\": {notes}\n}}\n")?;
                out.flush()
            }
        }
    }
}

/// The error of the output itself, so that a closed pipe is known as one.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_by_row_is_the_same_as_at_once() {
        let mut sheet = Sheet::new(["name", "x"]);
        for count in 0..3 {
            let (mut csv, mut json) = (Vec::new(), Vec::new());
            let mut writers =
                [SheetWriter::csv(&mut csv, sheet.header.clone()), SheetWriter::json(&mut json, sheet.header.clone())];
            for writer in &mut writers {
                sheet.rows.iter().for_each(|row| writer.row(row).unwrap());
            }
            let notes: Vec<String> = (0..count).map(|at| format!("note {at}")).collect();
            writers.into_iter().for_each(|writer| writer.finish(&notes).unwrap());
            assert_eq!(String::from_utf8(csv).unwrap(), sheet.csv());
            let whole = format!("{:#}\n", json!({ "rows": sheet.json(), "notes": notes }));
            assert_eq!(String::from_utf8(json).unwrap(), whole);
            sheet.rows.push(vec![Field::Text("a \"b\",\nc".to_owned()), Field::Number([f64::NAN, 0.1, 2.0][count])]);
        }
    }

    #[test]
    fn numbers_are_written_as_in_other_tables() {
        let mut sheet = Sheet::new(["a", "b", "c", "d"]);
        sheet.rows.push([1e-200, -0.0, 0.25, f64::NAN].map(Field::from).to_vec());
        assert_eq!(sheet.csv(), "a,b,c,d\n1e-200,0,0.25,\n");
    }
}
