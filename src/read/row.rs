//! One row of a table, and its fields as text and as numbers.

use super::decimal::{has_unclear_comma, with_point};
use super::records::Fields;
use super::table::{Column, Header};
use crate::diagnostic::{Diagnostic, Excerpt, Place, shortened};
use crate::numeric::numeral::{Numeral, plain_decimal, plain_number};
use std::borrow::Cow;
use std::fmt;

/// One row of a table.
pub struct Row<'a> {
    pub(super) header: &'a Header,
    pub(super) fields: Fields<'a>,
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("header", self.header).finish_non_exhaustive()
    }
}

impl Row<'_> {
    /// The line of the file on which it begins, counted from 1.
    pub fn line(&self) -> u64 {
        self.fields.line
    }

    /// Whether it has as many fields as the header.
    ///
    /// # Errors
    /// If it has not.
    pub fn whole(&self) -> Result<(), Diagnostic> {
        let (found, expected) = (self.fields.len(), self.header.columns.len());
        if found == expected {
            return Ok(());
        }
        let fields = if found == 1 { "field" } else { "fields" };
        let message = format!("the row has {found} {fields}, and the header has {expected}");
        let hint = if self.fields.iter().any(|field| field.contains(&b'\n')) {
            "a quote opens on this line and closes on a later one, or never: close it, or take it out"
        } else if found > expected && self.fields.iter().skip(expected).all(<[u8]>::is_empty) {
            "the row ends in empty fields: take the last commas out, or give the header as many"
        } else {
            "a comma inside a field needs quotes round the field"
        };
        Err(self.diagnostic(None, message, hint))
    }

    /// Every field as it stands in the file.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.fields.iter()
    }

    /// The line as it stands in the file, without its end; none where a quote is in it.
    pub fn line_as_it_stands(&self) -> Option<&[u8]> {
        self.fields.as_it_stands
    }

    /// The text of a field without blanks round it; none where it is missing.
    ///
    /// # Errors
    /// If the row is too short or the text is not UTF-8.
    pub fn text(&self, column: Column) -> Result<Option<&str>, Diagnostic> {
        let Some(field) = self.fields.get(column.place()) else {
            return self.whole().map(|()| None);
        };
        let text = std::str::from_utf8(field).map_err(|_| {
            let message = format!("{}: the text is not UTF-8", self.column_name(column));
            self.diagnostic(Some(column), message, "save the file as UTF-8; old Japanese files are often Shift_JIS")
        })?;
        let text = text.trim();
        Ok((!text.is_empty() && text != "NA").then_some(text))
    }

    /// The number in a field as a double; none where it is missing.
    ///
    /// # Errors
    /// If the field holds something else.
    #[inline]
    pub fn number(&self, column: Column) -> Result<Option<f64>, Diagnostic> {
        match self.fields.get(column.place()).and_then(plain_decimal) {
            Some(value) if self.header.decimal != Some(b',') => Ok(Some(value)),
            _ => self.other_number(column),
        }
    }

    /// What is not as plain as nearly every field of a table.
    #[cold]
    fn other_number(&self, column: Column) -> Result<Option<f64>, Diagnostic> {
        let Some(text) = self.number_text(column)? else { return Ok(None) };
        match plain_number(&text) {
            Some(value) => Ok(Some(value)),
            None => match self.numeral(column)? {
                Some(read) if read.is_percent() => {
                    let message = format!(
                        "{}: `{text}` is a percentage, and a plain number was expected",
                        self.column_name(column)
                    );
                    Err(self.diagnostic(
                        Some(column),
                        message,
                        "write it without %, as a share of 1 or as the number that is meant",
                    ))
                }
                read => Ok(read.map(|numeral| numeral.value())),
            },
        }
    }

    /// The number in a field with its printed digits; none where it is missing.
    ///
    /// # Errors
    /// If the field holds something else.
    pub fn numeral(&self, column: Column) -> Result<Option<Numeral>, Diagnostic> {
        let Some(text) = self.number_text(column)? else { return Ok(None) };
        let read = text.parse::<Numeral>().and_then(|numeral| numeral.exact().cloned());
        read.map(Some).map_err(|error| {
            let message = format!("{}: {error}", self.column_name(column));
            let hint = match error.hint.as_deref() {
                // A field without a digit stands for nothing, in one of many ways.
                Some(_) if self.header.decimal.is_none() && has_decimal_comma(&text) => {
                    "with --decimal ',' 3,45 is read as 3.45; otherwise write 3.45"
                }
                Some(hint) if text.contains(|c: char| c.is_numeric()) => hint,
                _ => "write a plain number; a missing value is an empty field or NA",
            };
            self.diagnostic(Some(column), message, hint)
        })
    }

    /// The text of a field that holds numbers, with a decimal point; none where it is missing.
    ///
    /// # Errors
    /// As [`Row::text`]; if a comma may divide decimals as well as thousands; or if a number does not go with what
    /// was said of the table by [`Table::with_decimal`](super::Table::with_decimal).
    pub fn number_text(&self, column: Column) -> Result<Option<Cow<'_, str>>, Diagnostic> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        let wrong = |message: &str, hint: &str| {
            let message = format!("{}: `{text}` {message}", self.column_name(column));
            Err(self.diagnostic(Some(column), message, hint))
        };
        match self.header.decimal {
            Some(b',') => match with_point(text) {
                Some(text) => Ok(Some(Cow::Owned(text))),
                None => wrong("has a point that separates no thousands", "with --decimal ',' write 1,5 and 1.500"),
            },
            None if self.header.delimiter == b';' && text.contains(',') && plain_number(text).is_none()
                || self.header.is_comma_unclear && has_unclear_comma(text) =>
            {
                let hint = "say which: --decimal ',' reads 1,250 as 1.25, and --decimal . as 1250";
                wrong("has a comma, which may divide decimals or thousands", hint)
            }
            _ => Ok(Some(Cow::Borrowed(text))),
        }
    }

    /// The text of a field that may hold a number, which then has a decimal point.
    pub(super) fn value_text(&self, column: Column) -> Result<Option<Cow<'_, str>>, Diagnostic> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        if self.header.decimal != Some(b',') {
            return Ok(Some(Cow::Borrowed(text)));
        }
        match with_point(text) {
            Some(number) if plain_number(&number).is_some() => Ok(Some(Cow::Owned(number))),
            // A number with a point that separates no thousands.
            None if plain_number(text).is_some() => self.number_text(column),
            _ => Ok(Some(Cow::Borrowed(text))),
        }
    }

    /// An error about a field of this row, or about the row.
    pub fn diagnostic(&self, column: Option<Column>, message: impl Into<String>, hint: &str) -> Diagnostic {
        let fields: Vec<_> = self.fields.iter().map(|field| self.in_quotes(&String::from_utf8_lossy(field))).collect();
        let index = column.map_or(0, |column| column.place()).min(fields.len());
        let separator = self.header.separator();
        let start: usize = fields[..index].iter().map(|field| field.len() + separator.len()).sum();
        let text = fields.join(&separator);
        let end = if column.is_some() { start + fields.get(index).map_or(1, |field| field.len()) } else { text.len() };
        let excerpt =
            Excerpt { line: usize::try_from(self.line()).unwrap_or(usize::MAX), ..Excerpt::of(&text, start..end) };
        let place = Place { file: self.header.name.clone(), excerpt: Some(excerpt) };
        Diagnostic { message: message.into(), place, hint: Some(hint.to_owned()) }
    }

    /// A field as a file has it, with quotes where it needs them, so that what follows it stands in its column.
    fn in_quotes(&self, field: &str) -> String {
        if field.contains([char::from(self.header.delimiter), '"', '\n']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.to_owned()
        }
    }

    /// Its fields, separated as in the file; of many or long ones the beginning.
    pub fn as_written(&self) -> String {
        const MOST: usize = 200;
        // No more bytes than the characters that are shown can have.
        let beginning = |field: &'_ [u8]| String::from_utf8_lossy(&field[..field.len().min(4 * MOST + 4)]).into_owned();
        let fields: Vec<String> = self.fields.iter().take(MOST).map(beginning).collect();
        shortened(&fields.join(&self.header.separator()), MOST).into_owned()
    }

    /// The name of a column as it stands in messages.
    pub fn column_name(&self, column: Column) -> String {
        format!("column `{}`", self.header.columns.get(column.place()).map_or("", String::as_str))
    }
}

/// Whether a comma can only divide decimals: digits on both sides, and not three behind it.
fn has_decimal_comma(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.trim_start_matches(['-', '−'])
        .split_once(',')
        .is_some_and(|(whole, decimals)| is_number(whole) && is_number(decimals) && decimals.len() != 3)
}
