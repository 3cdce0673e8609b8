//! A plain table with named columns, as CSV, JSON and text.

use super::document::{Align, Document, Table};
use super::json::finite;
use serde_json::{Map, Value, json};

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
            Self::Number(value) if value.is_finite() => value.to_string(),
            Self::Number(_) => String::new(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl From<f64> for Field {
    fn from(value: f64) -> Self {
        Self::Number(value)
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
        let header = std::iter::once(self.header.clone());
        super::csv::lines(header.chain(self.rows.iter().map(|row| row.iter().map(Field::text).collect())))
    }

    /// The rows alone, as CSV with every digit.
    pub fn csv_rows(&self) -> String {
        super::csv::lines(self.rows.iter().map(|row| row.iter().map(Field::text).collect()))
    }

    /// As an array of objects.
    pub fn json(&self) -> Value {
        let value = |field: &Field| match field {
            Field::Number(value) => json!(finite(*value)),
            Field::Text(text) => json!(text),
        };
        let object = |row: &Vec<Field>| {
            let fields: Map<String, Value> = self.header.iter().cloned().zip(row.iter().map(value)).collect();
            Value::Object(fields)
        };
        self.rows.iter().map(object).collect()
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
