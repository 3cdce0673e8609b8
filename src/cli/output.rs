//! Writing results: to standard output, or whole files or none.

use super::args::{Common, Format};
use super::failure::Failure;
use crate::report::document::Document;
use std::fs::Permissions;
use std::io::Write;
use std::path::Path;

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
    match file {
        Some(path) => write_file(path, text.as_bytes()),
        None if common.quiet => Ok(()),
        None => print(&text),
    }
}

/// The error for formats of verdicts where there are none.
pub fn only_check() -> Failure {
    Failure::call("only `reffect check` writes junit and github", "choose table, json, csv or markdown")
}

pub fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width >= 40).unwrap_or(WIDTH)
}

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(closed)
}

/// Writes a file as a whole: beside its place first, and then there in one step. What is no regular
/// file, such as a device or a pipe, is written to and not replaced; a link keeps leading to its file.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_streaming(path, |out| out.write_all(bytes))
}

/// The same with a function that writes bit by bit, so that nothing is held in memory.
pub fn write_streaming<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<T>) -> Result<T, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("{} could not be written: {error}", path.display());
        Failure::call(message, "check that the folder exists, may be written to and has room")
    };
    match std::fs::metadata(path) {
        Ok(there) if there.is_file() => {
            let target = path.canonicalize().map_err(failed)?;
            replace(&target, Some(there.permissions()), write).map_err(failed)
        }
        Ok(_) => fill(std::fs::OpenOptions::new().write(true).open(path).map_err(failed)?, write).map_err(failed),
        Err(_) => replace(path, None, write).map_err(failed),
    }
}

fn fill<T>(file: std::fs::File, write: impl FnOnce(&mut dyn Write) -> std::io::Result<T>) -> std::io::Result<T> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, file);
    let written = write(&mut out)?;
    out.flush()?;
    Ok(written)
}

fn replace<T>(
    path: &Path,
    permissions: Option<Permissions>,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<T>,
) -> std::io::Result<T> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = std::fs::File::create(&temporary).and_then(|file| fill(file, write)).and_then(|written| {
        permissions.map_or(Ok(()), |it| std::fs::set_permissions(&temporary, it))?;
        std::fs::rename(&temporary, path)?;
        Ok(written)
    });
    if written.is_err() {
        // Nothing half-written stays behind; that this may fail as well changes nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// Writes to a file, or to standard output where there is none, bit by bit.
pub fn stream<T>(file: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> std::io::Result<T>) -> Result<T, Failure> {
    match file {
        Some(path) => write_streaming(path, write),
        None => {
            let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
            write(&mut out).and_then(|written| out.flush().map(|()| written)).map_err(closed)
        }
    }
}

fn closed(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::call(format!("standard output could not be written: {error}"), "check where it leads"),
    }
}
