//! Converted rows, for people and as data.

use super::document::{Align, Document, Table};
use super::number::significant;
use serde_json::{Map, Value, json};

/// What became of one row.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// The values, in the order of the names of [`ConvertedTable`].
    pub values: Vec<Option<f64>>,
    /// How they were obtained.
    pub method: Option<String>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

/// All rows of a table.
#[derive(Clone, Debug)]
pub struct ConvertedTable {
    /// What the values are.
    pub names: &'static [&'static str],
    /// Whether they are whole numbers.
    pub whole: bool,
    /// The rows, in the order of the file.
    pub rows: Vec<Converted>,
}

impl ConvertedTable {
    fn value(&self, row: &Converted, position: usize) -> Option<f64> {
        row.values.get(position).copied().flatten().filter(|value| value.is_finite())
    }

    /// The rows on a screen.
    pub fn document(&self) -> Document {
        let mut columns = vec![("row", Align::Right)];
        columns.extend(self.names.iter().map(|name| (*name, Align::Right)));
        columns.extend([("method", Align::Left), ("notes", Align::Left)]);
        let mut table = Table::new(&columns);
        for (number, row) in self.rows.iter().enumerate() {
            let show = |value: f64| if self.whole { value.to_string() } else { significant(value, 4) };
            let mut fields = vec![(number + 1).to_string()];
            fields.extend((0..self.names.len()).map(|i| self.value(row, i).map_or_else(|| "—".to_owned(), show)));
            fields.extend([row.method.clone().unwrap_or_default(), row.notes.join("; ")]);
            table.row(fields);
        }
        let mut document = Document::default();
        document.table(table);
        document
    }

    /// The rows as JSON.
    pub fn json(&self) -> Value {
        let row = |row: &Converted| {
            let mut fields = Map::new();
            for (i, name) in self.names.iter().enumerate() {
                let value = self.value(row, i);
                // Counts are whole.
                let value = if self.whole { json!(value.map(|value| value as u64)) } else { json!(value) };
                fields.insert((*name).to_owned(), value);
            }
            fields.insert("method".to_owned(), json!(row.method));
            fields.insert("notes".to_owned(), json!(row.notes));
            Value::Object(fields)
        };
        json!({ "rows": self.rows.iter().map(row).collect::<Vec<_>>() })
    }

    /// The rows as a flat table.
    pub fn csv(&self) -> String {
        let mut header = self.names.to_vec();
        header.extend(["method", "notes"]);
        let rows = self.rows.iter().map(|row| {
            let values = (0..self.names.len()).map(|i| self.value(row, i).map(|value| value.to_string()));
            let mut fields: Vec<String> = values.map(Option::unwrap_or_default).collect();
            fields.extend([row.method.clone().unwrap_or_default(), row.notes.join("; ")]);
            fields
        });
        super::csv::table(&header, rows)
    }
}
