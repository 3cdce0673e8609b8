//! `reffect check`: whether numbers are transcribed right, and fit together.

use super::args::{CheckArgs, Common, Format};
use super::check_table;
use super::explain::unknown;
use super::failure::Failure;
use super::output::{print, width, write_file};
use crate::check::explain::page;
use crate::check::{self, Check, Status, provenance};
use crate::read::{Dataset, Table, read_stream};
use crate::report::{checks, csv};
use crate::reported::Release;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub fn run(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    if let Some(code) = args.select.iter().chain(&args.ignore).find(|code| page(code).is_none()) {
        return Err(unknown(code));
    }
    if !args.select.is_empty() && args.select.iter().all(|code| args.ignore.contains(code)) {
        return Err(Failure::call("every check that --select names is ignored", "leave one of them"));
    }
    if let [path] = &args.paths[..] {
        if path == Path::new("-") {
            return standard_input(args, common);
        }
        if is_table(path) || args.delimiter.is_some() {
            return check_table::run(Table::open(path, args.delimiter), args, common);
        }
    }
    if args.paths.iter().any(|path| is_table(path)) {
        return Err(Failure::call("a table is checked by itself", "give one table, or release files and folders"));
    }
    let dataset = Dataset::load_all(&args.paths)?;
    releases(dataset.releases(), args, common)
}

fn is_table(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    matches!(ending.as_str(), "csv" | "tsv")
}

/// Standard input holds a release if its first line is one of TOML, and a table otherwise.
fn standard_input(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let mut input = BufReader::new(std::io::stdin());
    let start = input.fill_buf().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let first = start.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if args.delimiter.is_some() || !(first.starts_with(['#', '[']) || first.contains('=')) {
        let table = Table::from_reader("<stdin>", input, args.delimiter.unwrap_or(b','));
        return check_table::run(table, args, common);
    }
    let release = read_stream("stdin", "<stdin>", input)?;
    releases(&[release], args, common)
}

fn releases(releases: &[Release], args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let mut results = Vec::new();
    for release in releases {
        results.extend(check::of_release(release, common.rounding));
        if let Some(folder) = &args.sources {
            results.extend(sources(release, folder)?);
        }
    }
    results.retain(|check| is_chosen(check.code, args));
    let text = match common.format() {
        Format::Table => checks::document(&results, args.verbose).to_text(width()),
        Format::Markdown => checks::document(&results, args.verbose).to_markdown(),
        Format::Json => format!("{:#}\n", checks::json(&results)),
        Format::Csv => csv::checks(&results),
        Format::Junit => checks::junit(&results),
        Format::Github => checks::github(&results),
    };
    if args.output.is_some() || !common.quiet {
        match args.output.as_deref() {
            Some(path) => write_file(path, text.as_bytes())?,
            None => print(&text)?,
        }
    }
    checks_hold(&results)
}

/// Whether a check is among those that were asked for.
pub fn is_chosen(code: &str, args: &CheckArgs) -> bool {
    let is_in = |codes: &[String]| codes.iter().any(|known| known == code);
    (args.select.is_empty() || is_in(&args.select)) && !is_in(&args.ignore)
}

/// Whether no check failed.
pub fn checks_hold(results: &[Check]) -> Result<(), Failure> {
    match results.iter().filter(|check| check.status == Status::Fail).count() {
        0 => Ok(()),
        failed => Err(Failure::Contradiction(format!("{failed} of {} checks failed", results.len()))),
    }
}

fn sources(release: &Release, folder: &Path) -> Result<Vec<Check>, Failure> {
    let path = folder.join(&release.source.file);
    let bytes = std::fs::read(&path).map_err(|error| {
        let message = format!("{}: the source {} could not be read: {error}", release.id, path.display());
        Failure::call(message, "name the folder with the texts of the sources: --sources DIR")
    })?;
    let mut results = vec![provenance::source_hash(release, &bytes)];
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let message = format!("{}: the source {} is not UTF-8: {error}", release.id, path.display());
        Failure::call(message, "save the text of the source as UTF-8")
    })?;
    results.extend(provenance::quotes_in_source(release, text));
    Ok(results)
}
