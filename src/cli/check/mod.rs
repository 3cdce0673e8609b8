//! `reffect check`: whether numbers are transcribed right, fit together, and come out as expected.

mod baseline;
mod prose;
mod several_columns;
mod table;
pub(super) mod table_columns;
mod table_groups;
mod table_missing;
pub(super) mod table_names;
mod table_scale;
mod tables;

use crate::check::explain::page;
use crate::check::table::RowVerdict;
use crate::check::{Check, ChosenCodes, Status, Tally};
use crate::cli::args::{CheckArgs, Common, Format};
use crate::cli::commands;
use crate::cli::explain::unknown;
use crate::cli::failure::{Failure, tell};
use crate::cli::interrupt::Watch;
use crate::cli::output::{ToTheEnd, print, stream, width, write_file};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expect::update::{Update, current, is_there, updated};
use crate::expect::{CheckOptions, FileChecks, check_file, check_release};
use crate::read::{DataFile, Expectations, data_files, is_table, read_stream, tables_of_folder};
use crate::reconstruct::of_release::behind;
use crate::report::verdicts::{Form, Verdicts};
use prose::is_prose;
use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use table::{inconsistent, verdict_on};
use table_columns::Columns;
use table_names::named;
use tables::OfTables;

/// So many files are checked before their verdicts are written: enough for both cores, few to keep.
const BATCH: usize = 128;

/// The options that have an effect on each kind of input.
const OF_TABLES: &[&str] = &["sd", "select", "ignore", "verbose", "strict", "baseline", "delimiter", "decimal", "map"];
const OF_TEXTS: &[&str] = &["text", "select", "ignore", "verbose", "strict"];
const OF_RELEASES: &[&str] = &["sources", "select", "ignore", "verbose", "strict", "update", "accept"];

/// Refuses a call of which something has no sense, whatever is checked.
fn refuse_nonsense(args: &CheckArgs) -> Result<(), Failure> {
    if let Some(code) = args.select.iter().chain(&args.ignore).find(|code| page(code).is_none()) {
        return Err(unknown(code));
    }
    if !args.select.is_empty() && args.select.iter().all(|code| args.ignore.contains(code)) {
        return Err(Failure::call("every check that --select names is ignored", "leave one of them"));
    }
    let of_sources = args.select.iter().find(|code| ["quote-source", "source-hash"].contains(&code.as_str()));
    if let (Some(code), None) = (of_sources, &args.sources) {
        return Err(Failure::call(
            format!("the check {code} looks at the sources, and --sources does not say where they are"),
            "add --sources DIR, the folder that holds their texts",
        ));
    }
    if let Some(file) = args.sources.as_deref().filter(|path| path.is_file()) {
        return Err(Failure::call(
            format!("--sources {}: a folder was expected, and this is a file", file.display()),
            "name the folder that holds the texts of the sources",
        ));
    }
    Ok(())
}

pub fn run(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    refuse_nonsense(args)?;
    let is_text = |path: &PathBuf| is_prose(path) && !args.table.is_given();
    match args.paths.iter().filter(|path| is_text(path)).count() {
        0 if !args.text => {}
        texts if args.text || texts == args.paths.len() => {
            no_update(args)?;
            common.given.only(&[OF_TEXTS], "the check of texts")?;
            refuse_without_effect(args, &["p-value", "interval", "grim"], "texts")?;
            return prose::run(&args.paths, args, common);
        }
        _ => {
            let message = "texts and other files are to be checked";
            return Err(Failure::call(message, "check the texts in a call of their own"));
        }
    }
    if let [path] = &args.paths[..] {
        if path == Path::new("-") {
            return standard_input(args, common);
        }
        if is_table(path) || (args.table.is_given() && !path.is_dir()) {
            no_update(args)?;
            common.given.only(&[OF_TABLES], "the check of a table")?;
            refuse_without_effect(args, &RowVerdict::codes(), "tables")?;
            // What a build reads has to say as well that there is nothing to read.
            return match is_for_a_build(common) {
                true => tables::run(std::slice::from_ref(path), &|path| args.table.open(path), args, common),
                false => table::run(args.table.open(path), args, common),
            };
        }
    }
    let (tables, others) = tables_and_others(args, common)?;
    match (tables.is_empty(), others.is_empty()) {
        (true, _) => {
            common.given.only(&[OF_RELEASES], "the check of releases")?;
            refuse_codes_of_tables(args)?;
        }
        (false, true) => {
            no_update(args)?;
            common.given.only(&[OF_TABLES], "the check of tables")?;
            refuse_without_effect(args, &RowVerdict::codes(), "tables")?;
            return tables::run(&tables, &|path| args.table.open(path), args, common);
        }
        (false, false) if common.format() == Format::Csv => {
            let message = "CSV has the columns of releases or those of tables, and both are to be checked";
            return Err(Failure::call(message, "check them in two calls, or pass --json"));
        }
        (false, false) => {}
    }
    let found = match data_files(&others).map_err(|errors| of_empty_folders(errors, &others)) {
        Ok(files) => {
            let options = options(args, common);
            let checked = |file: &DataFile| check_file(file, &options);
            write(args, common, (files.len(), &tables), &|from, to| in_parallel(&files[from..to], &checked))?
        }
        Err(errors) if is_for_a_build(common) => {
            let unread = FileChecks::unreadable("reffect", errors);
            write(args, common, (1, &[]), &|_, _| vec![unread.clone()])?
        }
        Err(errors) => return Err(errors.into()),
    };
    finish(found, args, common)
}

/// The errors, with the tables that an empty folder might hold as well.
fn of_empty_folders(mut errors: Diagnostics, paths: &[PathBuf]) -> Diagnostics {
    let holds_nothing = |path: &&PathBuf| {
        path.is_dir() && tables_of_folder(path).is_ok_and(|(tables, has_releases)| tables.is_empty() && !has_releases)
    };
    for path in paths.iter().filter(holds_nothing).map(|path| path.display().to_string()) {
        for error in errors.0.iter_mut().filter(|error| error.place.file == path) {
            error.message = "the folder holds no release file (*.toml) and no table (.csv, .tsv)".to_owned();
            let texts = "; --text checks the texts (.txt, .md) of a folder";
            error.hint = Some(format!("name a folder with release files or tables, or a file itself{texts}"));
        }
    }
    errors
}

/// Refuses a selection of which nothing is judged in this kind of input: whoever asks for it is not to see that all is
/// well.
fn refuse_without_effect(args: &CheckArgs, judged: &[&str], kind: &str) -> Result<(), Failure> {
    let Some(code) = args.select.first() else { return Ok(()) };
    if args.select.iter().any(|code| judged.contains(&code.as_str())) {
        return Ok(());
    }
    Err(Failure::call(
        format!("the check {code} is none of {kind}, and no other is selected"),
        format!("in {kind} these are made: {}", judged.join(", ")),
    ))
}

/// Refuses a selection of checks that rows of tables alone have.
fn refuse_codes_of_tables(args: &CheckArgs) -> Result<(), Failure> {
    const OF_ROWS: [&str; 3] = ["debit", "groups", "spread"];
    match args.select.first() {
        Some(code) if args.select.iter().all(|code| OF_ROWS.contains(&code.as_str())) => Err(Failure::call(
            format!("the check {code} is none of releases, and no other is selected"),
            "it is made of the rows of tables; `reffect check --help` names the checks of releases",
        )),
        _ => Ok(()),
    }
}

/// Whether the document is read by what runs builds, which shows that and not standard error.
fn is_for_a_build(common: &Common) -> bool {
    matches!(common.format(), Format::Junit | Format::Github)
}

/// The tables among the paths, with those of folders that hold no release, and the paths of releases.
fn tables_and_others(args: &CheckArgs, common: &Common) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let (mut tables, mut others) = (Vec::new(), Vec::new());
    let mut left_out = Vec::new();
    for path in &args.paths {
        if path.is_dir() {
            let (of_folder, are_beside_releases) = tables_of_folder(path)?;
            if of_folder.is_empty() || are_beside_releases {
                others.push(path.clone());
                left_out.extend(of_folder);
            } else {
                tables.extend(of_folder);
            }
        } else {
            let is_read_as_one = args.table.is_given() && path.extension().is_none_or(|ending| ending != "toml");
            let list = if is_table(path) || is_read_as_one { &mut tables } else { &mut others };
            list.push(path.clone());
        }
    }
    // Tables of studies stand beside releases as well, and nothing of them is checked.
    let is_checkable = |path: &PathBuf| {
        let table = args.table.open(path).and_then(named);
        table.is_ok_and(|(table, _)| Columns::of(&table).is_ok_and(|columns| columns.are_of_results(&table)))
    };
    for table in left_out.iter().filter(|table| !tables.contains(table) && !common.quiet && is_checkable(table)) {
        let name = table.display();
        tell(&format!("note: {name} stands in a folder of releases and was not checked; name it to check it as well"));
    }
    let mut seen = HashSet::new();
    match tables.iter().find(|path| !seen.insert(path.canonicalize().unwrap_or_else(|_| (*path).clone()))) {
        Some(path) => {
            let message = format!("{} is named twice, and its rows would be counted twice", path.display());
            Err(Failure::call(message, "name it once, or its folder"))
        }
        None => Ok((tables, others)),
    }
}

fn options<'a>(args: &'a CheckArgs, common: &Common) -> CheckOptions<'a> {
    CheckOptions {
        rounding: common.rounding,
        sources: args.sources.as_deref(),
        chosen: chosen(args),
        updates: args.update || args.accept,
        commands: Some(&commands::answer),
    }
}

fn no_update(args: &CheckArgs) -> Result<(), Failure> {
    if args.update || args.accept {
        let option = if args.accept { "--accept" } else { "--update" };
        return Err(Failure::call(
            format!("{option} rewrites expectations, and here are none"),
            "give release files and folders",
        ));
    }
    Ok(())
}

/// Standard input holds a release if its first line is one of TOML, and a table otherwise.
fn standard_input(args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    no_update(args)?;
    let mut input = BufReader::new(std::io::stdin());
    let start = input.fill_buf().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let start = start.strip_prefix('\u{FEFF}').unwrap_or(&start);
    let first = start.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if args.table.is_given() || !(first.starts_with(['#', '[']) || first.contains('=')) {
        common.given.only(&[OF_TABLES], "the check of a table")?;
        refuse_without_effect(args, &RowVerdict::codes(), "tables")?;
        if !is_for_a_build(common) {
            return table::run(args.table.read("<stdin>", input), args, common);
        }
        let input = Mutex::new(Some(input));
        let open = |path: &Path| match input.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
            Some(input) => args.table.read("<stdin>", input),
            None => args.table.open(path),
        };
        return tables::run(&[PathBuf::from("<stdin>")], &open, args, common);
    }
    common.given.only(&[OF_RELEASES], "the check of releases")?;
    refuse_codes_of_tables(args)?;
    let checks = match read_stream("stdin", "<stdin>", input) {
        Ok(release) => {
            let mut checks = FileChecks::default();
            let (behind, none) = (behind(&release, common.rounding), Expectations::default());
            check_release(&release, &behind, &none, Path::new(""), &options(args, common), &mut checks);
            checks
        }
        Err(errors) if is_for_a_build(common) => FileChecks::unreadable("stdin", errors),
        Err(mut errors) => {
            for hint in errors.0.iter_mut().filter_map(|error| error.hint.as_mut()) {
                hint.push_str("; with --text the results of a text are checked");
            }
            return Err(errors.into());
        }
    };
    finish(write(args, common, (1, &[]), &|_, _| vec![checks.clone()])?, args, common)
}

/// What is left when the verdicts have been written.
#[derive(Default)]
struct Found {
    tally: Tally,
    errors: Vec<Diagnostic>,
    updates: Vec<Update>,
    tables: OfTables,
}

/// Writes the verdicts, batch by batch, and below them those on tables.
fn write(
    args: &CheckArgs,
    common: &Common,
    (count, tables): (usize, &[PathBuf]),
    batch: &dyn Fn(usize, usize) -> Vec<FileChecks>,
) -> Result<Found, Failure> {
    let form = match common.format() {
        Format::Table => Form::Text(width()),
        Format::Markdown => Form::Markdown,
        Format::Json => Form::Json,
        Format::Csv => Form::Csv,
        Format::Junit => Form::Junit,
        Format::Github => Form::Github,
    };
    let mut verdicts = Verdicts::new(form, args.verbose);
    // On one screen the errors, which say more, are told once.
    let is_one_screen = matches!(form, Form::Text(_))
        && args.output.is_none()
        && common.capture.is_none()
        && std::io::stdout().is_terminal()
        && std::io::stderr().is_terminal();
    let mut watch = Watch::new(Some(count as u128), "files", common.quiet);
    stream(args.output.as_deref(), common, |out| {
        let mut out = ToTheEnd::new(out);
        let mut found = Found::default();
        out.write_all(verdicts.start().as_bytes())?;
        let mut done = 0;
        while done < count {
            let next = (done + BATCH).min(count);
            for file in batch(done, next) {
                let written = verdicts.file(&file.checks);
                let is_told =
                    is_one_screen && !file.errors.is_empty() && file.checks.iter().all(|of| of.code == "file");
                out.write_all(if is_told { &[] } else { written.as_bytes() })?;
                found.errors.extend(file.errors);
                found.updates.extend(file.updates);
            }
            done = next;
            if !watch.go_on(done as u128) {
                watch.finish();
                return Ok(Err(Failure::Interrupted(format!("stopped after {done} of {count} files"))));
            }
        }
        watch.finish();
        out.write_all(verdicts.counts().as_bytes())?;
        if !tables.is_empty() {
            match tables::write((tables, &|path| args.table.open(path)), &mut out, true, args, common)? {
                Ok(of_tables) => found.tables = of_tables,
                Err(failure) => return Ok(Err(failure)),
            }
        }
        out.write_all(verdicts.end().as_bytes())?;
        out.flush()?;
        found.tally = *verdicts.tally();
        Ok(Ok(found))
    })
}

/// The results for some files in their order, worked out on all cores.
fn in_parallel(files: &[DataFile], checked: &(dyn Fn(&DataFile) -> FileChecks + Sync)) -> Vec<FileChecks> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(files.len());
    if cores < 2 {
        return files.iter().map(checked).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, FileChecks)>> = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index) else { return };
            let result = (index, checked(file));
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, found)| found).collect()
}

/// Shows or makes the updates, and says how the run ends.
fn finish(found: Found, args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    if args.update || args.accept {
        let shown = update(&found.updates, args.accept, !found.errors.is_empty())?;
        // Beside a document of another form, what is for people goes to standard error.
        match common.format() {
            _ if common.quiet => {}
            Format::Table if args.output.is_none() => print(&shown)?,
            _ => tell(shown.trim_end()),
        }
    }
    let (mut errors, of_tables) = (found.errors, found.tables);
    errors.extend(of_tables.errors);
    if !errors.is_empty() {
        return Err(Failure::Input(Diagnostics(errors)));
    }
    let left = if args.accept && !found.updates.is_empty() { "; what was accepted holds from now on" } else { "" };
    match (found.tally.failed, of_tables.tally.contradictory) {
        (0, 0) if args.strict && found.tally.refused > found.tally.inapplicable => {
            let beside = match found.tally.inapplicable {
                0 => String::new(),
                count => format!(" ({count} more have nothing to judge, which is allowed)"),
            };
            Err(Failure::Contradiction(format!(
                "{} of {} checks not decidable{beside}, and --strict asks for all",
                found.tally.refused - found.tally.inapplicable,
                found.tally.total()
            )))
        }
        (0, _) => verdict_on(&of_tables.tally, args.strict),
        (failed, 0) => Err(Failure::Contradiction(format!("{failed} of {} checks failed{left}", found.tally.total()))),
        (failed, rows) => Err(Failure::Contradiction(format!(
            "{failed} of {} checks failed{left}, and {}",
            found.tally.total(),
            inconsistent(rows, of_tables.tally.rows)
        ))),
    }
}

/// Shows what would be rewritten, and rewrites it where that was asked for.
fn update(updates: &[Update], accept: bool, has_errors: bool) -> Result<String, Failure> {
    let mut by_file: BTreeMap<&str, Vec<&Update>> = BTreeMap::new();
    for update in updates {
        by_file.entry(&update.place.file).or_default().push(update);
    }
    let unreadable = |file: &str, error: std::io::Error| {
        Failure::call(format!("{file} could not be read again: {error}"), "check the path and its permissions")
    };
    let (mut shown, mut count) = (String::new(), 0usize);
    for (file, updates) in &by_file {
        let bytes = std::fs::read_to_string(file).map_err(|error| unreadable(file, error))?;
        // Places were counted without the mark.
        let (mark, text) = bytes.strip_prefix('\u{FEFF}').map_or(("", bytes.as_str()), |text| ("\u{FEFF}", text));
        let updates: Vec<&&Update> = updates.iter().filter(|update| !is_there(update, text)).collect();
        count += updates.len();
        for update in &updates {
            shown.push_str(&format!("{}: {} → \"{}\"\n", update.place, current(update, text), update.text));
        }
        if accept {
            let owned: Vec<Update> = updates.iter().map(|update| (**update).clone()).collect();
            write_file(Path::new(file), format!("{mark}{}", updated(text, &owned)).as_bytes())?;
        }
    }
    shown.push_str(&match (count, accept) {
        (0, _) if has_errors => String::new(),
        (0, _) => "no expectation has another result: nothing to update\n".to_owned(),
        (1, true) => "1 value written; look whether the `source` beside it still prints it\n".to_owned(),
        (1, false) => "1 value differs; --accept writes it\n".to_owned(),
        (count, true) => format!("{count} values written; look whether the `source` beside each still prints it\n"),
        (count, false) => format!("{count} values differ; --accept writes them\n"),
    });
    if has_errors {
        shown.push_str("files that could not be read were not evaluated: mend them, and call this again\n");
    }
    Ok(shown)
}

/// The checks that were asked for.
pub fn chosen(args: &CheckArgs) -> ChosenCodes<'_> {
    ChosenCodes { select: &args.select, ignore: &args.ignore }
}

/// Whether no check failed.
pub fn checks_hold(results: &[Check]) -> Result<(), Failure> {
    match results.iter().filter(|check| check.status == Status::Fail).count() {
        0 => Ok(()),
        failed => Err(Failure::Contradiction(format!("{failed} of {} checks failed", results.len()))),
    }
}
