//! Converted rows, for people and as data, written as they come.

use super::csv::csv_field;
use super::document::escape_markdown;
use super::measures::RowFormat;
use super::number::{full, json_number, significant};
use serde_json::{Value, json};

/// What became of one row.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// The values, in the order of the names of [`Conversion`].
    pub values: Vec<Option<f64>>,
    /// How they were obtained.
    pub method: Option<String>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

impl Converted {
    /// Whether it has a value.
    pub fn has_value(&self) -> bool {
        self.values.iter().flatten().any(|value| value.is_finite())
    }
}

/// What rows are converted to.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// What the values are.
    pub names: Vec<String>,
    /// What the columns of the method and of the notes are called.
    pub about: [String; 2],
    /// Whether the values are whole numbers.
    pub whole: bool,
}

impl Conversion {
    fn values<'a>(&'a self, row: &'a Converted) -> impl Iterator<Item = Option<f64>> + 'a {
        let value = |position| row.values.get(position).copied().flatten();
        (0..self.names.len()).map(move |position| value(position).filter(|value| value.is_finite()))
    }

    /// What stands before the rows.
    pub fn head(&self, format: RowFormat) -> String {
        let names = &self.names;
        match format {
            RowFormat::Json => "{\"rows\":[\n".to_owned(),
            RowFormat::Csv => {
                let mut line = Vec::new();
                for name in names.iter().chain(&self.about) {
                    csv_field(&mut line, name.as_bytes());
                    line.push(b',');
                }
                line.pop();
                format!("{}\n", String::from_utf8_lossy(&line))
            }
            RowFormat::Text => {
                let columns: String = names.iter().map(|name| format!(" {name:>11}")).collect();
                format!("{:>8}{columns}   method; notes\n", "row")
            }
            RowFormat::Markdown => {
                let ends = "---: | ".repeat(names.len() + 1);
                format!("| row | {} | method | notes |\n| {ends}--- | --- |\n", names.join(" | "))
            }
        }
    }

    /// Appends one row, with what stands before it.
    pub fn row(&self, format: RowFormat, out: &mut Vec<u8>, row: &Converted, number: u64) {
        match format {
            RowFormat::Json => self.json_row(out, row),
            RowFormat::Csv => {
                for value in self.values(row) {
                    self.digits(out, value);
                    out.push(b',');
                }
                csv_field(out, row.method.as_deref().unwrap_or_default().as_bytes());
                out.push(b',');
                csv_field(out, row.notes.join("; ").as_bytes());
                out.push(b'\n');
            }
            RowFormat::Text | RowFormat::Markdown => {
                out.extend_from_slice(self.text_row(format, row, number).as_bytes());
            }
        }
    }

    fn digits(&self, out: &mut Vec<u8>, value: Option<f64>) {
        match value {
            // Counts are whole.
            Some(value) if self.whole => out.extend_from_slice((value as u64).to_string().as_bytes()),
            value => full(out, value),
        }
    }

    fn json_row(&self, out: &mut Vec<u8>, row: &Converted) {
        out.extend_from_slice(b",\n{");
        for (name, value) in self.names.iter().zip(self.values(row)) {
            out.extend_from_slice(format!("{}:", json!(name)).as_bytes());
            match value {
                Some(_) => self.digits(out, value),
                None => json_number(out, None),
            }
            out.push(b',');
        }
        let (method, notes): (Value, Value) = (json!(row.method), json!(row.notes));
        out.extend_from_slice(format!("\"method\":{method},\"notes\":{notes}}}").as_bytes());
    }

    fn text_row(&self, format: RowFormat, row: &Converted, number: u64) -> String {
        let show = |value: f64| if self.whole { value.to_string() } else { significant(value, 4) };
        let values: Vec<String> = self.values(row).map(|value| value.map_or_else(|| "—".to_owned(), show)).collect();
        let (method, notes) = (row.method.as_deref().unwrap_or_default(), row.notes.join("; "));
        if format == RowFormat::Markdown {
            let [method, notes] = [method, &notes].map(escape_markdown);
            return format!("| {number} | {} | {method} | {notes} |\n", values.join(" | "));
        }
        let columns: String = values.iter().map(|value| format!(" {value:>11}")).collect();
        let words: Vec<&str> = [method, &notes].into_iter().filter(|text| !text.is_empty()).collect();
        format!("{number:>8}{columns}   {}\n", words.join("; "))
    }
}
