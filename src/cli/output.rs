//! Writing results: to standard output, or whole files or none.

use super::args::{Common, Format};
use super::failure::{Failure, tell};
use crate::report::document::Document;
use crate::report::measures::RowFormat;
use std::cell::LazyCell;
use std::fs::{File, Permissions};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How wide text is where the terminal does not say.
const WIDTH: usize = 110;

/// The same results in each form that they can be written in.
pub struct Outputs<'a> {
    pub document: &'a dyn Fn() -> Document,
    pub json: &'a dyn Fn() -> serde_json::Value,
    pub csv: &'a dyn Fn() -> String,
}

/// Writes results in the form that was asked for, to a file or to standard output.
pub fn write_results(outputs: &Outputs<'_>, file: Option<&Path>, common: &Common) -> Result<(), Failure> {
    let text = match common.format() {
        Format::Table => (outputs.document)().to_text(width()),
        Format::Markdown => (outputs.document)().to_markdown(),
        Format::Csv => (outputs.csv)(),
        Format::Json => format!("{:#}\n", (outputs.json)()),
        Format::Junit | Format::Github => return Err(only_check()),
    };
    match (file.filter(|path| !is_standard_output(path)), &common.capture) {
        (Some(path), _) => write_file(path, text.as_bytes()),
        (None, Some(capture)) => {
            capture.push(text.as_bytes());
            Ok(())
        }
        (None, None) if common.is_mute() => Ok(()),
        (None, None) => print(&text),
    }
}

/// Tells the notes of a result beside its CSV, whose table has no place for them. The document is made at most once, also
/// where the table is taken from it.
pub fn tell_notes_beside_csv<F>(document: &LazyCell<serde_json::Value, F>, common: &Common)
where
    F: FnOnce() -> serde_json::Value,
{
    if common.format() == Format::Csv && !common.quiet {
        document["notes"].as_array().into_iter().flatten().filter_map(|note| note.as_str()).for_each(tell);
    }
}

/// Whether `-o` names standard output, as `-` among the inputs names standard input.
fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-")
}

/// Results that are kept instead of printed.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    fn push(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What has been written so far.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The error for formats of verdicts where there are none.
pub fn only_check() -> Failure {
    Failure::call("only `reffect check` writes junit and github", "choose table, json, csv or markdown")
}

/// How rows are written as they come.
pub fn row_format(common: &Common) -> Result<RowFormat, Failure> {
    match common.format() {
        Format::Table => Ok(RowFormat::Text),
        Format::Markdown => Ok(RowFormat::Markdown),
        Format::Csv => Ok(RowFormat::Csv),
        Format::Json => Ok(RowFormat::Json),
        Format::Junit | Format::Github => Err(only_check()),
    }
}

/// The columns that text may have: what `COLUMNS` says, or the terminal where text goes to one.
pub fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0).min(WIDTH));
    said.or_else(found).filter(|width| *width >= 40).unwrap_or(WIDTH)
}

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| no_output(&error))
}

/// Writes a file as a whole: beside its place first, and then there in one step. What is no regular
/// file, such as a device or a pipe, is written to and not replaced; a link keeps leading to its file.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if is_standard_output(path) {
        return print_bytes(bytes);
    }
    stream_file(path, |mut file| file.write_all(bytes).map_err(|error| unwritable(path, &error)))
}

/// Writes what `work` writes, piece by piece, to a file as [`write_file`] does, or to standard output.
pub fn stream<T>(
    file: Option<&Path>,
    common: &Common,
    work: impl FnOnce(Box<dyn Write + Send>) -> std::io::Result<Result<T, Failure>>,
) -> Result<T, Failure> {
    match file.filter(|path| !is_standard_output(path)) {
        Some(path) => stream_file(path, |file| {
            work(Box::new(BufWriter::with_capacity(BUFFER, file))).map_err(|error| unwritable(path, &error))?
        }),
        None if common.is_mute() => work(Box::new(std::io::sink())).map_err(|error| no_output(&error))?,
        None if common.capture.is_some() => {
            let capture = common.capture.clone().unwrap_or_default();
            work(Box::new(capture)).map_err(|error| no_output(&error))?
        }
        None => {
            let out = BufWriter::with_capacity(BUFFER, std::io::stdout());
            work(Box::new(out)).map_err(|error| no_output(&error))?
        }
    }
}

const BUFFER: usize = 1 << 16;

/// A writer for work whose verdict counts also when nobody reads it any more: a closed pipe takes what is left.
pub struct ToTheEnd<W> {
    inner: W,
    is_closed: bool,
}

impl<W: Write> ToTheEnd<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, is_closed: false }
    }

    fn forgive<T>(&mut self, written: std::io::Result<T>, all: T) -> std::io::Result<T> {
        match written {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(all)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for ToTheEnd<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.forgive(written, bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.forgive(flushed, ())
    }
}

/// Whether progress is not to be told: it would stand between the rows that go to a terminal.
pub fn is_silent(file: Option<&Path>, common: &Common) -> bool {
    common.quiet || (file.is_none() && std::io::stdout().is_terminal())
}

/// The failure of standard output.
pub fn no_output(error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::call(format!("standard output could not be written: {error}"), "check where it leads"),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{} could not be written: {error}", path.display());
    Failure::call(message, "check that the folder exists, may be written to and has room")
}

fn stream_file<T>(path: &Path, work: impl FnOnce(File) -> Result<T, Failure>) -> Result<T, Failure> {
    let failed = |error: std::io::Error| unwritable(path, &error);
    match std::fs::metadata(path) {
        Ok(there) if there.is_file() => {
            let target = path.canonicalize().map_err(failed)?;
            replace(path, &target, Some(there.permissions()), work)
        }
        Ok(_) => work(File::options().write(true).open(path).map_err(failed)?),
        Err(_) => replace(path, path, None, work),
    }
}

/// Writes beside `target` first; `path` is what the user calls it.
fn replace<T>(
    path: &Path,
    target: &Path,
    permissions: Option<Permissions>,
    work: impl FnOnce(File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: std::io::Error| unwritable(path, &error);
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = target.with_file_name(name);
    let written = File::create(&temporary).map_err(failed).and_then(work).and_then(|written| {
        permissions
            .map_or(Ok(()), |it| std::fs::set_permissions(&temporary, it))
            .and_then(|()| std::fs::rename(&temporary, target))
            .map_err(failed)?;
        Ok(written)
    });
    if written.is_err() {
        // Nothing half-written stays behind; that this may fail as well changes nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}
