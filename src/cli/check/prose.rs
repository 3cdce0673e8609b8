//! `reffect check PAPER.txt`: the tests, effects and shares that a text reports, each with its verdict.

use super::table::{Form, Judged, choose, one_line, spoken};
use super::tables::Untold;
use crate::check::prose::tests_in;
use crate::check::table::RowVerdict;
use crate::cli::args::{CheckArgs, Common, Format};
use crate::cli::failure::{Failure, tell};
use crate::cli::output::{ToTheEnd, stream};
use crate::cli::row_stream::Tally;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::numeric::dist::alpha_of;
use crate::report::checks::{JUNIT_END, JUNIT_START};
use crate::report::csv::csv_field;
use crate::transcribe::results_in;
use serde_json::json;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Whether a path is that of a text.
pub fn is_prose(path: &Path) -> bool {
    let is_ending = |ending: &str| ["txt", "text", "md"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    path.extension().and_then(|ending| ending.to_str()).is_some_and(is_ending)
}

/// Checks the tests of texts, one text after the other; a text that cannot be read is told, the others are checked.
pub fn run(paths: &[PathBuf], args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let mut texts: Vec<(&PathBuf, Result<String, Diagnostic>)> = paths.iter().map(|path| (path, read(path))).collect();
    let is_for_a_build = matches!(common.format(), Format::Junit | Format::Github);
    if let ([(_, text)], false) = (&mut texts[..], is_for_a_build) {
        // A text alone that cannot be read leaves no file behind.
        *text = Ok(std::mem::replace(text, Ok(String::new())).map_err(unread)?);
    }
    let format = common.format();
    let tally = stream(args.output.as_deref(), common, |out| {
        let mut out = ToTheEnd::new(out);
        let is_one = texts.len() == 1;
        let start = match format {
            Format::Json if !is_one => "{\"texts\":[\n",
            Format::Junit => JUNIT_START,
            Format::Csv => "file,line,text,p_value,notes,interval,grim\n",
            _ => "",
        };
        out.write_all(start.as_bytes())?;
        let mut all = Tally::default();
        for (at, (path, text)) in texts.iter().enumerate() {
            if format == Format::Json && at > 0 {
                out.write_all(b",\n")?;
            }
            match text {
                Ok(text) => {
                    let name = path.display().to_string();
                    all.plus(write_text(&name, text, !is_one, &mut out, args, common)?);
                }
                Err(error) => {
                    let told = Untold { name: path, errors: std::slice::from_ref(error), has_rows: false };
                    out.write_all(told.shown(format).as_bytes())?;
                }
            }
        }
        let end = match format {
            Format::Json if !is_one => {
                let (rows, wrong, open) = (all.rows, all.contradictory, all.undecided);
                format!("\n],\n\"total\":{rows},\"inconsistent\":{wrong},\"undecided\":{open}\n}}\n")
            }
            Format::Junit => JUNIT_END.to_owned(),
            Format::Table | Format::Markdown | Format::Github if !is_one => {
                let unread = match texts.iter().filter(|(_, text)| text.is_err()).count() {
                    0 => String::new(),
                    count => format!(" ({count} could not be read)"),
                };
                format!("{} texts{unread}, {}\n", texts.len(), in_words(all))
            }
            _ => String::new(),
        };
        out.write_all(end.as_bytes())?;
        out.flush()?;
        Ok(Ok(all))
    })?;
    let errors: Vec<Diagnostic> = texts.into_iter().filter_map(|(_, text)| text.err()).collect();
    if !errors.is_empty() {
        return Err(Failure::Input(Diagnostics(errors)));
    }
    verdict_on(tally, args.strict)
}

/// The exit of a run whose texts were all read.
fn verdict_on(tally: Tally, is_strict: bool) -> Result<(), Failure> {
    match tally {
        Tally { contradictory: 1.., .. } => {
            let verb = if tally.contradictory == 1 { "is" } else { "are" };
            Err(Failure::Contradiction(format!(
                "{} of {} {verb} inconsistent",
                tally.contradictory,
                results(tally.rows)
            )))
        }
        Tally { undecided: 1.., .. } if is_strict => Err(Failure::Contradiction(format!(
            "{} of {} not decidable, and --strict asks for all",
            tally.undecided,
            results(tally.rows)
        ))),
        _ => Ok(()),
    }
}

fn unread(error: Diagnostic) -> Failure {
    Failure::Input(Diagnostics(vec![error]))
}

fn read(path: &Path) -> Result<String, Diagnostic> {
    let wrong = |message: String, hint: &str| Diagnostic {
        message,
        place: Place { file: path.display().to_string(), excerpt: None },
        hint: Some(hint.to_owned()),
    };
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes
        .map_err(|error| wrong(format!("the file could not be read: {error}"), "check the path and its permissions"))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        wrong("the text is not UTF-8".to_owned(), "save it as UTF-8; of a PDF save the text, as by pdftotext")
    })?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// A result of a text: where it stands, its phrase and the verdict on it.
struct Printed {
    line: u64,
    text: String,
    verdict: RowVerdict,
}

/// The tests of a text, the effects with their intervals and the shares with their counts, in the order of the lines.
fn judged(text: &str, common: &Common) -> Vec<Printed> {
    let (level, rounding) = (common.level, common.rounding);
    let tests = tests_in(text, alpha_of(level)).into_iter().map(|test| {
        let verdict = test.judge(level, rounding);
        Printed { line: test.line, text: test.text, verdict }
    });
    let others = results_in(text).into_iter().map(|result| {
        let verdict = result.judge(level, rounding);
        Printed { line: result.line, text: result.text, verdict }
    });
    let mut all: Vec<Printed> = tests.chain(others).collect();
    all.sort_by_key(|printed| printed.line);
    all
}

/// What a verdict is on. Programs that read JUnit take two cases of a name for one: a result that a line has twice is
/// numbered.
fn subject(line: u64, text: &str, format: Format, times: &mut HashMap<(u64, String), u64>) -> String {
    let count = times.entry((line, text.to_owned())).and_modify(|times| *times += 1).or_insert(1);
    match (format, *count) {
        (Format::Junit, 2..) => format!("{text} ({count})"),
        _ => text.to_owned(),
    }
}

fn write_csv(name: &str, line: u64, judged: &Judged, written: &mut Vec<u8>) -> io::Result<()> {
    csv_field(written, name.as_bytes());
    write!(written, ",{line},")?;
    csv_field(written, judged.subject.as_bytes());
    write!(written, ",{},", spoken(judged.verdict.p_value))?;
    csv_field(written, judged.verdict.notes.join("; ").as_bytes());
    writeln!(written, ",{},{}", spoken(judged.verdict.interval), spoken(judged.verdict.grim))
}

/// Writes the verdicts on one text.
fn write_text(
    name: &str,
    text: &str,
    is_one_of_several: bool,
    out: &mut dyn Write,
    args: &CheckArgs,
    common: &Common,
) -> io::Result<Tally> {
    let format = common.format();
    let form = Form::of(format, args.verbose, is_one_of_several, name);
    let found = judged(text, common);
    if found.is_empty() && !common.quiet {
        tell(&format!(
            "note: {}: no result such as t(18) = 2.31, p = .03, no effect with its interval and no count with its \
             percentage was found",
            one_line(name)
        ));
    }
    let mut tally = Tally::default();
    let mut written = Vec::new();
    let mut times = HashMap::new();
    for (at, Printed { line, text, mut verdict }) in found.into_iter().enumerate() {
        let is_beside = choose(&mut verdict, args);
        let judged = Judged { subject: subject(line, &text, format, &mut times), verdict, is_read: true, is_beside };
        if format == Format::Json && at > 0 {
            written.push(b',');
        }
        match format {
            Format::Json => {
                let RowVerdict { p_value, interval, grim, notes, .. } = &judged.verdict;
                let row = json!({ "line": line, "text": text, "p_value": p_value, "interval": interval, "grim": grim,
                                  "notes": notes });
                write!(written, "\n{row}")?;
            }
            Format::Csv => write_csv(name, line, &judged, &mut written)?,
            _ => form.write_row(line, &judged, &mut written)?,
        }
        tally.add(judged.outcome());
    }
    let (head, tail) = around(name, is_one_of_several, &form, tally, format);
    out.write_all(head.as_bytes())?;
    out.write_all(&written)?;
    out.write_all(tail.as_bytes())?;
    Ok(tally)
}

/// What stands in front of the verdicts on a text, and behind them.
fn around(name: &str, is_one_of_several: bool, form: &Form, tally: Tally, format: Format) -> (String, String) {
    let counts = in_words(tally);
    let head = || String::from_utf8_lossy(&form.head()).into_owned();
    match format {
        Format::Json => {
            let file = if is_one_of_several { format!("\"file\":{},", json!(name)) } else { String::new() };
            let (rows, wrong, open) = (tally.rows, tally.contradictory, tally.undecided);
            let end = if is_one_of_several { "" } else { "\n" };
            (
                format!("{{{file}\"rows\":["),
                format!("\n],\"total\":{rows},\"inconsistent\":{wrong},\"undecided\":{open}}}{end}"),
            )
        }
        Format::Junit => form.suite(tally),
        Format::Csv => (String::new(), String::new()),
        Format::Github if is_one_of_several => (String::new(), String::new()),
        Format::Github => (String::new(), format!("{counts}\n")),
        Format::Markdown => (head(), format!("\n{counts}\n")),
        Format::Table if is_one_of_several => (head(), format!("  {counts}\n\n")),
        Format::Table => (head(), format!("{counts}\n")),
    }
}

fn results(count: u64) -> String {
    if count == 1 { "1 result".to_owned() } else { format!("{count} results") }
}

/// How many results there were, and how many of which kind.
fn in_words(tally: Tally) -> String {
    let open = if tally.undecided > 0 { format!(", {} not decidable", tally.undecided) } else { String::new() };
    format!("{}: {} inconsistent{open}", results(tally.rows), tally.contradictory)
}
