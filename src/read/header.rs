//! The first line of a table: the names of its columns.

use super::records::Fields;
use super::text::{is_archive, is_utf16, whole_file};
use crate::diagnostic::{Diagnostic, Excerpt, Place, shortened};
use std::collections::HashSet;

/// Of longer names the beginning is shown.
pub(super) const LONGEST_SHOWN: usize = 50;

/// The names of the columns, as they stand in the file.
pub(super) fn columns(name: &str, record: &Fields<'_>, delimiter: u8) -> Result<Vec<String>, Diagnostic> {
    let mut columns: Vec<String> = Vec::with_capacity(record.len());
    let mut known = HashSet::new();
    for field in record.iter() {
        let other = || {
            let message = format!("the header is not UTF-8{}", other_encoding(record));
            whole_file(name, message, "save the file as CSV (UTF-8)")
        };
        let text = std::str::from_utf8(field).map_err(|_| other())?;
        if text.contains('\0') {
            return Err(other());
        }
        if text.trim_matches(['\r', '\n', ' ']).contains('\r') {
            let message = "the lines end with a carriage return alone, as on old Macs";
            return Err(whole_file(name, message, "save the file with line feeds as ends of lines"));
        }
        let column = text.trim().to_owned();
        if !column.is_empty() && !known.insert(column.clone()) {
            let message = format!("the header names the column `{}` twice", shortened(&column, LONGEST_SHOWN));
            let separator = char::from(delimiter).to_string();
            let written: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            let start = written[..columns.len()].iter().map(|field| field.len() + separator.len()).sum::<usize>();
            let end = start + written[columns.len()].len();
            let excerpt = Excerpt::of(&written.join(&separator), start..end);
            let line = usize::try_from(record.line).unwrap_or(usize::MAX);
            let place = Place { file: name.to_owned(), excerpt: Some(Excerpt { line, ..excerpt }) };
            let hint = Some("give each column a name of its own".to_owned());
            return Err(Diagnostic { message, place, hint });
        }
        columns.push(column);
    }
    Ok(columns)
}

/// What the bytes of a header look like.
fn other_encoding(record: &Fields<'_>) -> &'static str {
    match record.get(0).unwrap_or_default() {
        bytes if is_archive(bytes) => ": the file is a workbook or another zip archive, and no CSV",
        bytes if bytes.starts_with(b"%PDF") => ": the file is a PDF, and no CSV",
        bytes if is_utf16(bytes) => ": the file is UTF-16, as Excel's \"Unicode text\"",
        _ => ": it may be Shift_JIS, as old Japanese files are, or Windows-1252",
    }
}
