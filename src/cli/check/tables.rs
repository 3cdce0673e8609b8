//! `reffect check` of several tables: one after the other, so that memory does not grow with them.

use super::table::{Written, csv_header, in_words, verdict_on, write_table};
use super::table_names::named;
use crate::check::Status;
use crate::cli::args::{CheckArgs, Common, Format};
use crate::cli::failure::Failure;
use crate::cli::output::{ToTheEnd, stream};
use crate::cli::row_stream::Tally;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::read::Table;
use crate::report::checks::{JUNIT_END, JUNIT_START, annotation, suite_of_one};
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is left when the verdicts have been written.
#[derive(Default)]
pub struct OfTables {
    /// The rows of all tables.
    pub tally: Tally,
    /// The tables that could not be read, or not to their end.
    pub errors: Vec<Diagnostic>,
}

/// How a table of a name is opened.
pub type Opener<'a> = &'a (dyn Fn(&Path) -> Result<Table, Diagnostic> + Sync);

/// Checks tables and nothing else.
pub fn run(tables: &[PathBuf], open: Opener<'_>, args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let found = stream(args.output.as_deref(), common, |out| {
        let mut out = ToTheEnd::new(out);
        let (start, end) = match common.format() {
            Format::Json => ("{", "\n}\n"),
            Format::Junit => (JUNIT_START, JUNIT_END),
            _ => ("", ""),
        };
        out.write_all(start.as_bytes())?;
        let written = write((tables, open), &mut out, false, args, common)?;
        out.write_all(end.as_bytes())?;
        out.flush()?;
        Ok(written)
    })?;
    if !found.errors.is_empty() {
        return Err(Failure::Input(Diagnostics(found.errors)));
    }
    verdict_on(&found.tally, args.strict)
}

/// Writes the verdicts on tables, also where something stands before them in the same document. A table that cannot
/// be read is told there, and the others are checked.
pub fn write(
    (tables, open): (&[PathBuf], Opener<'_>),
    out: &mut (dyn Write + Send),
    is_behind: bool,
    args: &CheckArgs,
    common: &Common,
) -> io::Result<Result<OfTables, Failure>> {
    let format = common.format();
    let start = match format {
        Format::Json if is_behind => ",\n\"tables\":[".to_owned(),
        Format::Json => "\"tables\":[".to_owned(),
        Format::Csv => csv_header(true),
        Format::Table | Format::Markdown if is_behind => "\n".to_owned(),
        _ => String::new(),
    };
    out.write_all(start.as_bytes())?;
    let mut found = OfTables::default();
    for (at, path) in tables.iter().enumerate() {
        if format == Format::Json {
            out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        }
        let written = match open(path).and_then(named) {
            Ok((table, names)) => match names.refuse_doubtful(table.name(), args.strict) {
                Ok(()) => write_table((table, names), &mut *out, true, args, common)?,
                Err(failure) => return Ok(Err(failure)),
            },
            Err(diagnostic) => {
                Written { tally: Tally::default(), ended: Err(Failure::Input(Diagnostics(vec![diagnostic]))) }
            }
        };
        found.tally.plus(written.tally);
        match written.ended {
            Ok(()) => {}
            Err(Failure::Input(Diagnostics(errors))) => {
                let told = Untold { name: path, errors: &errors, has_rows: written.tally.rows > 0 };
                out.write_all(told.shown(format).as_bytes())?;
                found.errors.extend(errors);
            }
            Err(failure) => return Ok(Err(failure)),
        }
    }
    let end = match format {
        Format::Json => {
            format!("\n],\n\"total\":{},\"inconsistent\":{}", found.tally.rows, found.tally.contradictory)
        }
        Format::Table | Format::Markdown | Format::Github => {
            let s = if tables.len() == 1 { "" } else { "s" };
            let unread = match found.errors.len() {
                0 => String::new(),
                count => format!(" ({count} could not be read)"),
            };
            format!("{} table{s}{unread}, {}\n", tables.len(), in_words(found.tally))
        }
        Format::Csv | Format::Junit => String::new(),
    };
    out.write_all(end.as_bytes())?;
    Ok(Ok(found))
}

/// A table or a text that could not be read, or not to its end.
pub struct Untold<'a> {
    pub name: &'a Path,
    pub errors: &'a [Diagnostic],
    pub has_rows: bool,
}

impl Untold<'_> {
    /// What stands for it among the verdicts; standard error tells it to people.
    pub fn shown(&self, format: Format) -> String {
        let name = self.name.display().to_string();
        let message = self.errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("; ");
        match format {
            // The rows before the error are told by their own document.
            Format::Json if self.has_rows => String::new(),
            Format::Json => {
                json!({ "file": name, "rows": [], "total": 0, "inconsistent": 0, "notes": [message] }).to_string()
            }
            Format::Junit => suite_of_one(&name, "file", Status::Fail, &message),
            Format::Github => annotation(&name, Some((&name, 1)), "file", &message),
            Format::Table | Format::Markdown | Format::Csv => String::new(),
        }
    }
}
