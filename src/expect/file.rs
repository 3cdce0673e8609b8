//! Every check and every expectation of one file.

use super::evaluate::{Commands, Context, EXPECTATION, evaluate};
use super::place::Places;
use super::update::Update;
use crate::check::explain::{PAGES, page};
use crate::check::{self, Check, ChosenCodes, Status, provenance};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, meant_or_known};
use crate::numeric::rounding::Rounding;
use crate::read::{DataFile, Expectations};
use crate::reconstruct::of_release::{Behind, behind};
use crate::reported::{Expectation, FilePlace, Ignored, Release};
use std::path::{Path, PathBuf};

/// How files are checked.
#[derive(Clone, Copy, Default)]
pub struct CheckOptions<'a> {
    /// How the printed numbers were rounded.
    pub rounding: Rounding,
    /// The folder with the texts of the sources: with it, quotes and hashes are checked.
    pub sources: Option<&'a Path>,
    /// The checks whose verdicts are wanted.
    pub chosen: ChosenCodes<'a>,
    /// Whether the [`Update`]s are wanted: expectations are then judged where `chosen` leaves them out as well.
    pub updates: bool,
    /// Runs the commands of `[[expect]] run = …`; without it, they cannot be decided. The program has
    /// `reffect::cli::answer` for it (feature `cli`).
    pub commands: Option<Commands<'a>>,
}

impl std::fmt::Debug for CheckOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let runs = self.commands.is_some();
        f.debug_struct("CheckOptions")
            .field("rounding", &self.rounding)
            .field("sources", &self.sources)
            .field("commands", &runs)
            .finish()
    }
}

/// What came out for one file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct FileChecks {
    /// The name of the file in results.
    pub name: String,
    /// The verdicts.
    pub checks: Vec<Check>,
    /// Why the file, or its source, could not be read; each also stands among the verdicts.
    pub errors: Vec<Diagnostic>,
    /// What would have to be rewritten for the expectations to hold, by file.
    pub updates: Vec<Update>,
}

impl FileChecks {
    /// Those of files that there are none of, or that cannot be read.
    pub fn unreadable(name: impl Into<String>, errors: Diagnostics) -> Self {
        let mut checks = Self { name: name.into(), ..Self::default() };
        checks.fail(errors);
        checks
    }

    fn fail(&mut self, errors: Diagnostics) {
        for error in errors.0 {
            let line = Some(error.place.excerpt.as_ref().map_or(1, |excerpt| excerpt.line));
            self.checks.push(Check {
                release: self.name.clone(),
                subject: error.place.file.clone(),
                code: "file",
                status: Status::Fail,
                message: error.to_string(),
                expected: None,
                found: None,
                place: Some(FilePlace { file: error.place.file.clone(), line }),
            });
            self.errors.push(error);
        }
    }
}

/// Every check and every expectation of a file, with those of `NAME.expect.toml` beside it. A file that
/// cannot be read is a verdict like others.
///
/// ```
/// use reffect::expect::{CheckOptions, check_file};
/// use reffect::check::Status;
/// use reffect::read::data_files;
///
/// for file in data_files(["data/nmo-tocilizumab-2014.toml"])? {
///     let found = check_file(&file, &CheckOptions::default());
///     assert!(found.checks.iter().all(|check| check.status != Status::Fail));
/// }
/// # Ok::<(), reffect::diagnostic::Diagnostics>(())
/// ```
pub fn check_file(file: &DataFile, options: &CheckOptions<'_>) -> FileChecks {
    let mut found = FileChecks { name: file.name(), ..FileChecks::default() };
    let beside = match file.expectations() {
        Ok(beside) => beside,
        Err(errors) => {
            found.fail(errors);
            Expectations::default()
        }
    };
    let folder = file.folder();
    match file.release() {
        Ok(Some(release)) => {
            let behind = behind(&release, options.rounding);
            check_release(&release, &behind, &beside, &folder, options, &mut found);
        }
        Ok(None) => {
            if are_judged(options, &beside.ignored) {
                judge(beside.expectations.iter(), &folder, None, options, &mut found);
            }
            accept(&mut found, beside.ignored.iter(), options);
        }
        Err(errors) => found.fail(errors),
    }
    // Also what stands outside of a release.
    found.checks.retain(|check| is_shown(check, options));
    if let Some(path) = file.release_path() {
        let is_looked_up = |check: &Check| check.place.is_none() && check.status != Status::Pass;
        let text =
            if found.checks.iter().any(is_looked_up) { std::fs::read_to_string(path) } else { Ok(String::new()) };
        let text = text.unwrap_or_default();
        let places = Places::of(&text);
        for check in found.checks.iter_mut().filter(|check| check.place.is_none()) {
            // What passes needs no looking up, and there is much of it.
            let line = (check.status != Status::Pass).then(|| places.line_of(check));
            check.place = Some(FilePlace { file: path.display().to_string(), line });
        }
    }
    found
}

/// Whether a verdict is asked for; that a file cannot be read is told unless it is ignored.
fn is_shown(check: &Check, options: &CheckOptions<'_>) -> bool {
    options.chosen.holds(check.code)
        || check.code == "file" && !options.chosen.ignore.iter().any(|code| code == check.code)
}

/// Every check and expectation of a release that has been read, and whose data have been reconstructed, already.
pub fn check_release(
    release: &Release,
    behind: &[Behind],
    beside: &Expectations,
    folder: &Path,
    options: &CheckOptions<'_>,
    found: &mut FileChecks,
) {
    found.name.clone_from(&release.id);
    // What is expected of checks, and what is accepted of them, needs those that nobody asked to see.
    let asks = |beside: &Expectations| !beside.expectations.is_empty() || !beside.ignored.is_empty();
    let are_asked_for = asks(beside) || !release.expectations.is_empty() || !release.ignored.is_empty();
    let made = if are_asked_for { ChosenCodes::default() } else { options.chosen };
    found.checks.extend(check::of_behind(release, behind, made, options.rounding));
    if let Some(sources) = options.sources
        && let Err(error) = sourced(release, sources, &mut found.checks)
    {
        found.fail(Diagnostics(vec![error]));
    }
    // What was found out so far is there to be asked for, and stays in front.
    let known = std::mem::take(&mut found.checks);
    let expected = release.expectations.iter().chain(&beside.expectations);
    if are_judged(options, release.ignored.iter().chain(&beside.ignored)) {
        judge(expected, folder, Some((release, behind, &known)), options, found);
    }
    let judged = std::mem::replace(&mut found.checks, known);
    found.checks.extend(judged);
    accept(found, release.ignored.iter().chain(&beside.ignored), options);
    found.checks.retain(|check| is_shown(check, options));
}

/// Whether anybody asks for the verdicts on expectations, which take time: also who accepts what fails of them.
fn are_judged<'a>(options: &CheckOptions<'_>, ignored: impl IntoIterator<Item = &'a Ignored>) -> bool {
    let is_accepted = |of: &Ignored| of.check == EXPECTATION;
    options.chosen.holds(EXPECTATION) || options.updates || ignored.into_iter().any(is_accepted)
}

/// Judges expectations.
fn judge<'a>(
    expectations: impl Iterator<Item = &'a Expectation>,
    folder: &Path,
    release: Option<(&Release, &[Behind], &[Check])>,
    options: &CheckOptions<'_>,
    found: &mut FileChecks,
) {
    let name = found.name.clone();
    let context = Context { name: &name, folder, release, rounding: options.rounding, commands: options.commands };
    for expectation in expectations {
        let (check, updates) = evaluate(expectation, &context);
        found.checks.push(check);
        found.updates.extend(updates);
    }
}

/// Whether what an entry accepts was looked at: sources are where their folder is named, and commands where there is
/// a program to run them.
fn is_looked_at(entry: &Ignored, options: &CheckOptions<'_>) -> bool {
    match entry.check.as_str() {
        "quote-source" | "source-hash" => options.sources.is_some(),
        EXPECTATION => options.commands.is_some(),
        _ => true,
    }
}

/// Marks what fails and is accepted; what is accepted and does not fail, fails for that, if it was looked at.
fn accept<'a>(found: &mut FileChecks, ignored: impl Iterator<Item = &'a Ignored>, options: &CheckOptions<'_>) {
    for entry in ignored {
        let is_meant = |check: &&mut Check| check.status == Status::Fail && entry.accepts(check.code, &check.subject);
        let mut is_used = false;
        for check in found.checks.iter_mut().filter(is_meant) {
            check.status = Status::Accepted;
            check.message = format!("{}; accepted: {}", check.message, entry.reason);
            is_used = true;
        }
        if !is_used && is_looked_at(entry, options) {
            let subject = entry.subject.as_ref().map(|subject| format!(" of {subject}")).unwrap_or_default();
            found.checks.push(Check {
                release: found.name.clone(),
                subject: format!("{}{subject}", entry.check),
                code: "ignore",
                status: Status::Fail,
                message: unused(&entry.check),
                expected: None,
                found: None,
                place: Some(entry.place.clone()),
            });
        }
    }
}

/// What is wrong with an entry that accepts nothing.
fn unused(code: &str) -> String {
    if page(code).is_some() {
        return "nothing of this kind fails any more: take the [[ignore]] out".to_owned();
    }
    let meant = meant_or_known(code, "codes", PAGES.iter().map(|page| page.code));
    format!("`{code}` is the code of no check: {meant}")
}

/// The quotes of a release in its source, and whether that is the one that was transcribed.
fn sourced(release: &Release, folder: &Path, checks: &mut Vec<Check>) -> Result<(), Diagnostic> {
    let path: PathBuf = folder.join(&release.source.file);
    let told = |message: String, hint: &str| Diagnostic {
        message,
        place: Place { file: path.display().to_string(), excerpt: None },
        hint: Some(hint.to_owned()),
    };
    let bytes = std::fs::read(&path).map_err(|error| {
        told(
            format!("the source of {} could not be read: {error}", release.id),
            "name the folder with the texts of the sources: --sources DIR",
        )
    })?;
    #[cfg(feature = "sources")]
    checks.push(provenance::source_hash(release, &bytes));
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        told(format!("the source of {} is not UTF-8: {error}", release.id), "save the text of the source as UTF-8")
    })?;
    checks.extend(provenance::quotes_in_source(release, text));
    Ok(())
}
