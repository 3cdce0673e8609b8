//! `reffect check TABLE.csv`: a verdict for each row, while the table is read.

use super::baseline::{Collected, CombinedRows};
use super::chosen;
use super::table_columns::Columns;
use super::table_names::{TableNames, named};
use crate::check::Status;
use crate::check::table::{RowVerdict, judge};
use crate::cli::args::{CheckArgs, Common, Format};
use crate::cli::failure::{Failure, tell};
use crate::cli::meta::input::input_error;
use crate::cli::output::{ToTheEnd, is_silent, stream};
use crate::cli::row_stream::{Frame, RowOutcome, Tally, Work, write_rows};
use crate::diagnostic::{Diagnostic, inert};
use crate::read::{Row, Table};
use crate::report::checks::{self, annotation, case, xml};
use crate::report::csv::csv_field;
use crate::report::document::escape_markdown;
use serde_json::json;
use std::cell::Cell;
use std::io::{self, Write};

/// What became of a row.
pub struct Judged {
    /// The row in a few words, or its fields where it could not be read; empty where it is not shown.
    pub subject: String,
    pub verdict: RowVerdict,
    pub is_read: bool,
    /// Whether none of the checks that --select and --ignore leave has anything to judge in it.
    pub is_beside: bool,
}

/// Leaves the checks that were asked for; whether there is nothing for them to judge.
pub fn choose(verdict: &mut RowVerdict, args: &CheckArgs) -> bool {
    verdict.retain(|code| chosen(args).holds(code));
    let is_part = !args.select.is_empty() || !args.ignore.is_empty();
    is_part && verdict.is_undecided() && verdict.notes.is_empty()
}

/// Checks a table of a file, or of a stream that has been opened, by itself.
pub fn run(table: Result<Table, Diagnostic>, args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let (table, names) = table.and_then(named).map_err(input_error)?;
    // A table without the columns that are needed leaves no file behind.
    Columns::of(&table).map_err(input_error)?;
    names.refuse_doubtful(table.name(), args.strict)?;
    let table = (table, names);
    let tally = stream(args.output.as_deref(), common, |out| {
        let mut out = ToTheEnd::new(out);
        let is_junit = common.format() == Format::Junit;
        out.write_all(if is_junit { checks::JUNIT_START } else { "" }.as_bytes())?;
        let written = write_table(table, &mut out, false, args, common)?;
        out.write_all(if is_junit { checks::JUNIT_END } else { "" }.as_bytes())?;
        out.flush()?;
        Ok(written.ended.map(|()| written.tally))
    })?;
    verdict_on(&tally, args.strict)
}

/// How many rows contradict themselves.
pub fn inconsistent(rows: u64, all: u64) -> String {
    format!("{rows} of {all} rows {} inconsistent", if rows == 1 { "is" } else { "are" })
}

/// The exit of a run whose rows were all written.
pub fn verdict_on(tally: &Tally, is_strict: bool) -> Result<(), Failure> {
    match tally {
        Tally { contradictory: 1.., .. } => Err(Failure::Contradiction(inconsistent(tally.contradictory, tally.rows))),
        Tally { undecided: 1.., unreadable: 0, .. } if is_strict => Err(Failure::Contradiction(format!(
            "{} of {} rows not decidable, and --strict asks for all",
            tally.undecided, tally.rows
        ))),
        _ => tally.all_readable(),
    }
}

/// What became of a table.
pub struct Written {
    /// The rows that were written.
    pub tally: Tally,
    /// Why there are no more of them.
    pub ended: Result<(), Failure>,
}

/// Writes the verdicts on a table row by row; nothing where it has no row.
pub fn write_table(
    (table, names): (Table, TableNames),
    out: &mut (dyn Write + Send),
    is_one_of_several: bool,
    args: &CheckArgs,
    common: &Common,
) -> io::Result<Written> {
    let columns = match Columns::of(&table) {
        Ok(columns) => columns,
        Err(diagnostic) => return Ok(Written { tally: Tally::default(), ended: Err(input_error(diagnostic)) }),
    };
    let notes = names.notes();
    if common.format() != Format::Json && !common.quiet {
        notes.iter().for_each(|note| tell(&format!("note: {}: {note}", one_line(table.name()))));
    }
    let form = Form {
        format: common.format(),
        verbose: args.verbose,
        is_one_of_several,
        name: table.name().to_owned(),
        notes,
        baseline: args.baseline.then(Collected::default),
    };
    let frame = Frame { head: form.head(), separator: form.separator(), is_numbered: false };
    let row = |(): &mut (), row: &Row<'_>, _: u64, out: &mut Vec<u8>| {
        let judged = judge_row(row, &columns, args, common, form.baseline.as_ref());
        // A write to memory does not fail.
        let _ = form.write_row(row.line(), &judged, out);
        judged.outcome()
    };
    let all = Cell::new(Tally::default());
    let tail = |tally, stopped: Option<&Failure>| {
        all.set(tally);
        form.tail(tally, stopped, common.quiet)
    };
    let work = Work { frame, state: (), row, tail };
    let is_quiet = is_silent(args.output.as_deref(), common);
    let ended = if form.format == Format::Junit {
        let mut suite = Suite { out, name: &form.name, held: Some(Vec::new()) };
        let ended = write_rows(table, &mut suite, work, is_quiet)?;
        suite.close(&all.get())?;
        ended
    } else {
        write_rows(table, out, work, is_quiet)?
    };
    Ok(Written { tally: all.get(), ended: ended.map(|_| ()) })
}

/// The suite of a table, whose head counts its cases. They are held back until their number is known; more of them
/// than memory is to hold go out below a head without counts.
struct Suite<'a> {
    out: &'a mut (dyn Write + Send),
    name: &'a str,
    held: Option<Vec<u8>>,
}

/// So many bytes of cases are held back.
const MOST_HELD: usize = 1 << 24;

impl Suite<'_> {
    /// Writes the head and what was held back.
    fn open(&mut self, tally: Option<&Tally>) -> io::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        self.out.write_all(suite_head(self.name, tally).as_bytes())?;
        self.out.write_all(&held)
    }

    fn close(&mut self, tally: &Tally) -> io::Result<()> {
        if tally.rows == 0 {
            return Ok(());
        }
        self.open(Some(tally))?;
        self.out.write_all(SUITE_END.as_bytes())
    }
}

/// What stands in front of the cases of a suite, with how many there are of each kind where that is known.
fn suite_head(name: &str, tally: Option<&Tally>) -> String {
    let counts = tally.map(|tally| {
        let failed = tally.contradictory + tally.without;
        format!(" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{}\"", tally.rows, tally.undecided)
    });
    format!("  <testsuite name=\"{}\"{}>\n", xml(name), counts.unwrap_or_default())
}

const SUITE_END: &str = "  </testsuite>\n";

impl Write for Suite<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.held {
            Some(held) if held.len() + bytes.len() <= MOST_HELD => held.extend_from_slice(bytes),
            Some(_) => {
                self.open(None)?;
                self.out.write_all(bytes)?;
            }
            None => self.out.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The verdict on a row; a row that cannot be read has none, and a note that says why.
fn judge_row(
    row: &Row<'_>,
    columns: &Columns,
    args: &CheckArgs,
    common: &Common,
    baseline: Option<&Collected>,
) -> Judged {
    let is_shown = !matches!(common.format(), Format::Csv | Format::Json);
    let noted = |note: String| RowVerdict { notes: vec![note], ..RowVerdict::default() };
    let as_written = || if is_shown { row.as_written() } else { String::new() };
    let found = columns.read(row, args.sd, common.level);
    if let Some(collected) = baseline {
        // Also a row without numbers, which is counted among those that are left out.
        let read = found.as_ref().ok().and_then(|of| Some(&of.as_ref()?.0));
        collected.add(row.line(), read, common.rounding);
    }
    match found {
        Ok(Some((read, unread))) => {
            let mut verdict = judge(&read, common.level, common.rounding);
            verdict.notes.extend(unread);
            let is_beside = choose(&mut verdict, args);
            let subject = || match (&read.mean, &read.estimate) {
                (Some((mean, n)), _) => {
                    let sd = read.sd.as_ref().map(|sd| format!(" ± {sd}")).unwrap_or_default();
                    format!("{mean}{sd}, n = {n}")
                }
                (None, Some(estimate)) => {
                    let p = estimate.reported.p.as_ref().map(|p| format!(", p {} {}", p.relation.sign(), p.bound));
                    format!("{}{}", estimate.reported.printed(), p.unwrap_or_default())
                }
                (None, None) => match &read.median {
                    Some((median, n)) => format!("median {median}, n = {n}"),
                    None => as_written(),
                },
            };
            Judged { subject: if is_shown { subject() } else { String::new() }, verdict, is_read: true, is_beside }
        }
        Ok(None) => {
            let verdict = noted(
                "missing: no mean or median with n, no test with its p, and no estimate with its measure".to_owned(),
            );
            Judged { subject: as_written(), verdict, is_read: true, is_beside: false }
        }
        Err(diagnostic) => {
            let hint = diagnostic.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            let verdict = noted(format!("{NOT_READ}{}{hint}", diagnostic.message));
            Judged { subject: as_written(), verdict, is_read: false, is_beside: false }
        }
    }
}

impl Judged {
    fn failing(&self) -> Vec<&'static str> {
        let verdicts = self.verdict.verdicts().into_iter();
        verdicts.filter(|(_, verdict)| *verdict == Some(false)).map(|(code, _)| code).collect()
    }

    fn in_words(&self) -> String {
        match &self.failing()[..] {
            _ if !self.is_read => "not read".to_owned(),
            _ if self.is_beside => "nothing to judge".to_owned(),
            [] => match &self.verdict.open()[..] {
                [] if self.verdict.is_undecided() => "not decidable".to_owned(),
                [] => "consistent".to_owned(),
                open => format!("not decidable: {}", open.join(", ")),
            },
            failing => format!("fails {}", failing.join(", ")),
        }
    }

    /// The notes; where there are none and nothing could be judged, the first reason for that.
    fn notes(&self) -> String {
        match &self.verdict.notes[..] {
            [] if self.verdict.is_undecided() => self.verdict.absent.first().cloned().unwrap_or_default(),
            notes => notes.join("; "),
        }
    }

    /// Whether something of the row that applies is not decided.
    fn is_open(&self) -> bool {
        !self.is_beside && (self.verdict.is_undecided() || !self.verdict.open().is_empty())
    }

    pub fn outcome(&self) -> RowOutcome {
        match self.is_read {
            false => RowOutcome::Unreadable,
            true if self.verdict.is_inconsistent() => RowOutcome::Contradictory,
            true if self.is_open() => RowOutcome::Undecided,
            true => RowOutcome::Value,
        }
    }
}

/// What the note on a row begins with that could not be read.
const NOT_READ: &str = "not read: ";

/// How verdicts are written.
pub struct Form {
    format: Format,
    verbose: bool,
    /// Then every verdict names its file.
    is_one_of_several: bool,
    name: String,
    /// What is to be said of the table as a whole.
    notes: Vec<String>,
    /// The p of each variable, where they are to be combined.
    baseline: Option<Collected>,
}

/// A verdict in CSV.
pub fn spoken(verdict: Option<bool>) -> &'static str {
    verdict.map_or("", |verdict| if verdict { "true" } else { "false" })
}

/// The columns of verdicts as CSV, on one table or on several.
pub fn csv_header(is_of_several: bool) -> String {
    let file = if is_of_several { "file," } else { "" };
    format!("{file}line,grim,grimmer,debit,exists,median,groups,spread,p_value,interval,notes\n")
}

impl Form {
    /// One of which nothing is said as a whole.
    pub fn of(format: Format, verbose: bool, is_one_of_several: bool, name: &str) -> Self {
        Self { format, verbose, is_one_of_several, name: name.to_owned(), notes: Vec::new(), baseline: None }
    }

    /// What stands round the cases of a suite.
    pub fn suite(&self, tally: Tally) -> (String, String) {
        if tally.rows == 0 {
            return (String::new(), String::new());
        }
        (suite_head(&self.name, Some(&tally)), SUITE_END.to_owned())
    }

    /// What stands before the rows.
    pub fn head(&self) -> Vec<u8> {
        let of_rows = "| line | row | verdict | notes |\n| ---: | --- | --- | --- |\n";
        let head = match (self.format, self.is_one_of_several) {
            (Format::Json, false) => "{\"rows\":[".to_owned(),
            (Format::Json, true) => format!("{{\"file\":{},\"rows\":[", json!(self.name)),
            (Format::Csv, false) => csv_header(false),
            (Format::Markdown, false) => of_rows.to_owned(),
            (Format::Markdown, true) => format!("## {}\n\n{of_rows}", escape_markdown(&one_line(&self.name))),
            (Format::Table, true) => format!("{}\n", one_line(&self.name)),
            (Format::Csv, true) | (Format::Table, false) | (Format::Junit | Format::Github, _) => String::new(),
        };
        head.into_bytes()
    }

    /// What stands between two rows.
    fn separator(&self) -> &'static str {
        if self.format == Format::Json { "," } else { "" }
    }

    pub fn write_row(&self, line: u64, judged: &Judged, out: &mut Vec<u8>) -> io::Result<()> {
        let (failing, words, found) = (judged.failing(), judged.in_words(), &judged.verdict);
        // Only the forms for programs hold a field as it stands.
        let (notes, subject) = match self.format {
            Format::Csv | Format::Junit | Format::Github => (judged.notes(), judged.subject.clone()),
            _ => (one_line(&judged.notes()), one_line(&judged.subject)),
        };
        // Words say already that it was not read; the other forms have the notes alone.
        let rest = notes.strip_prefix(NOT_READ).unwrap_or(&notes);
        let told = if notes.is_empty() { words.clone() } else { format!("{words}; {rest}") };
        let is_shown = self.verbose || !failing.is_empty() || judged.is_open() || !judged.is_read;
        match self.format {
            Format::Json => {
                let notes: Vec<&String> = found.notes.iter().chain(&found.absent).collect();
                let row = json!({
                    "line": line, "grim": found.grim, "grimmer": found.grimmer, "debit": found.debit, "exists": found.exists,
                    "median": found.median, "groups": found.groups,
                    "spread": found.spread, "p_value": found.p_value, "interval": found.interval, "notes": notes,
                });
                write!(out, "{}\n{row}", self.separator())
            }
            Format::Csv => {
                if self.is_one_of_several {
                    csv_field(out, self.name.as_bytes());
                    out.push(b',');
                }
                let verdicts: Vec<&str> = found.verdicts().iter().map(|(_, verdict)| spoken(*verdict)).collect();
                writeln!(out, "{line},{},\"{}\"", verdicts.join(","), notes.replace('"', "\"\""))
            }
            Format::Junit => {
                let status = match (judged.is_read && failing.is_empty(), judged.is_open()) {
                    (true, true) => Status::Refused,
                    (true, false) => Status::Pass,
                    (false, _) => Status::Fail,
                };
                out.write_all(case(&self.name, &format!("line {line}: {subject}"), status, &told).as_bytes())
            }
            Format::Github if !failing.is_empty() || !judged.is_read => {
                let code = if judged.is_read { failing.join(" ") } else { "not read".to_owned() };
                let place = usize::try_from(line).ok().map(|line| (self.name.as_str(), line));
                out.write_all(annotation(&self.name, place, &code, &format!("{subject}: {told}")).as_bytes())
            }
            Format::Markdown if is_shown => {
                writeln!(out, "| {line} | {} | {words} | {} |", escape_markdown(&subject), escape_markdown(rest))
            }
            Format::Table if is_shown => {
                let notes = if notes.is_empty() { String::new() } else { format!(" ({rest})") };
                writeln!(out, "  line {line}: {subject}: {words}{notes}")
            }
            _ => Ok(()),
        }
    }

    /// What stands behind the rows.
    fn tail(&self, tally: Tally, stopped: Option<&Failure>, is_quiet: bool) -> String {
        let combined = self.baseline.as_ref().map(Collected::combined);
        if let (Some(combined), false, Format::Csv | Format::Junit | Format::Github) =
            (&combined, is_quiet, self.format)
        {
            tell(combined.in_words().trim_end());
        }
        let baseline = combined.as_ref().map(CombinedRows::in_words).unwrap_or_default();
        match (self.format, self.is_one_of_several) {
            (Format::Json, several) => {
                let end = if several { "" } else { "\n" };
                let stopped = stopped.map(Failure::on_rows);
                let notes: Vec<&String> = self.notes.iter().chain(&stopped).collect();
                let more = match notes.is_empty() {
                    true => String::new(),
                    false => format!(",\"notes\":{}", json!(notes)),
                };
                let baseline = combined.map(|of| format!(",\"baseline\":{}", of.as_json())).unwrap_or_default();
                let (rows, wrong, open) = (tally.rows, tally.contradictory, tally.undecided);
                let unread = tally.unreadable;
                format!(
                    "\n],\"total\":{rows},\"inconsistent\":{wrong},\"undecided\":{open},\"unread\":{unread}{baseline}{more}}}{end}"
                )
            }
            (Format::Markdown, false) => format!("\n{}\n{}", in_words(tally), spaced(&baseline)),
            (Format::Markdown, true) => format!("\n{}\n\n{}", in_words(tally), spaced(&baseline)),
            (Format::Table, true) => format!("  {}\n{baseline}\n", in_words(tally)),
            (Format::Table, false) => format!("{}\n{baseline}", in_words(tally)),
            (Format::Github, false) => format!("{}\n", in_words(tally)),
            (Format::Csv | Format::Junit, _) | (Format::Github, true) => String::new(),
        }
    }
}

/// A paragraph of its own, if it is one.
fn spaced(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n{text}\n") }
}

/// A text that breaks no line.
pub fn one_line(text: &str) -> String {
    inert(text).replace('\n', " ")
}

/// How many rows there were, and how many of which kind.
pub fn in_words(tally: Tally) -> String {
    let some = |count: u64, what: &str| if count > 0 { format!(", {count} {what}") } else { String::new() };
    let open = some(tally.undecided, "not decidable");
    let unread = some(tally.unreadable, "could not be read");
    let rows = if tally.rows == 1 { "1 row" } else { &format!("{} rows", tally.rows) };
    format!("{rows}: {} inconsistent{open}{unread}", tally.contradictory)
}
