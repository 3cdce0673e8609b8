//! `reffect check PAPER.txt`: the tests, effects and shares that a text reports, each with its verdict.

use super::table::{Form, Judged, choose, one_line, spoken};
use super::tables::Untold;
use crate::check::prose::tests_in;
use crate::check::prose_effects::effects_of;
use crate::check::prose_markup::plain_text;
use crate::check::prose_shares::shares_of;
use crate::check::table::RowVerdict;
use crate::cli::args::{CheckArgs, Common, Format};
use crate::cli::failure::{Failure, tell};
use crate::cli::output::{ToTheEnd, stream};
use crate::cli::row_stream::Tally;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::numeric::dist::alpha_of;
use crate::report::checks::{JUNIT_END, JUNIT_START};
use crate::report::csv::csv_field;
use crate::transcribe::draft;
use serde_json::json;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Whether a path is that of a text.
pub fn is_prose(path: &Path) -> bool {
    let is_ending = |ending: &str| ["txt", "text", "md"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    path.extension().and_then(|ending| ending.to_str()).is_some_and(is_ending)
}

/// The paths, with the texts that a folder holds in its place, by name.
fn texts_among(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut texts = Vec::new();
    for path in paths {
        if !path.is_dir() {
            texts.push(path.clone());
            continue;
        }
        let wrong = |message: String, hint: &str| {
            let place = Place { file: path.display().to_string(), excerpt: None };
            unread(Diagnostic { message, place, hint: Some(hint.to_owned()) })
        };
        let entries = std::fs::read_dir(path)
            .map_err(|error| wrong(format!("the folder could not be read: {error}"), "check its permissions"))?;
        let files = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut found: Vec<PathBuf> = files.filter(|path| is_prose(path) && path.is_file()).collect();
        if found.is_empty() {
            let message = "the folder holds no text (.txt, .text, .md)".to_owned();
            return Err(wrong(message, "name a folder with texts, or a text itself"));
        }
        found.sort();
        texts.extend(found);
    }
    Ok(texts)
}

/// Checks the tests and effects of texts, one text after the other; a text that cannot be read is told, the others are checked.
pub fn run(paths: &[PathBuf], args: &CheckArgs, common: &Common) -> Result<(), Failure> {
    let paths = &texts_among(paths)?;
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

/// A result of a text with its verdict.
struct Reported {
    line: u64,
    text: String,
    verdict: RowVerdict,
}

/// Every test, effect and share of a text with its verdict, in the order of the lines.
fn reported(text: &str, common: &Common) -> Vec<Reported> {
    let text = &plain_text(text);
    let tests = tests_in(text, alpha_of(common.level)).into_iter().map(|test| {
        let verdict = test.judge(common.level, common.rounding);
        Reported { line: test.line, text: test.text, verdict }
    });
    let draft = draft("text", "text", text);
    let effects = draft.iter().flat_map(|draft| effects_of(draft, text)).map(|effect| {
        let verdict = effect.judge(common.rounding);
        Reported { line: effect.line, text: effect.text, verdict }
    });
    let shares = draft.iter().flat_map(|draft| shares_of(draft, text)).map(|share| {
        let verdict = share.judge(common.level, common.rounding);
        Reported { line: share.line, text: share.text, verdict }
    });
    let mut all: Vec<Reported> = tests.chain(effects).chain(shares).collect();
    all.sort_by_key(|of| of.line);
    all
}

/// What a verdict is on. Programs that read JUnit take two cases of a name for one: a result that a line has twice is
/// numbered.
fn subject(of: &Reported, format: Format, times: &mut HashMap<(u64, String), u64>) -> String {
    let count = times.entry((of.line, of.text.clone())).and_modify(|times| *times += 1).or_insert(1);
    match (format, *count) {
        (Format::Junit, 2..) => format!("{} ({count})", of.text),
        _ => of.text.clone(),
    }
}

fn write_csv(name: &str, (line, text): (u64, &str), judged: &Judged, written: &mut Vec<u8>) -> io::Result<()> {
    csv_field(written, name.as_bytes());
    write!(written, ",{line},")?;
    csv_field(written, text.as_bytes());
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
    let all = reported(text, common);
    if all.is_empty() && !common.quiet {
        let forms = "t(18) = 2.31, p = .03, hazard ratio 0.74 (95% CI 0.65 to 0.85) or 8 of 60 (13.3%)";
        tell(&format!("note: {}: no result such as {forms} was found", one_line(name)));
    }
    let mut tally = Tally::default();
    let mut written = Vec::new();
    let mut times: HashMap<(u64, String), u64> = HashMap::new();
    for (at, of) in all.into_iter().enumerate() {
        let subject = subject(&of, format, &mut times);
        let Reported { line, text, mut verdict } = of;
        let is_beside = choose(&mut verdict, args);
        let judged = Judged { subject, verdict, is_read: true, is_beside };
        if format == Format::Json && at > 0 {
            written.push(b',');
        }
        match format {
            Format::Json => {
                let row = json!({ "line": line, "text": text, "p_value": judged.verdict.p_value,
                                  "notes": judged.verdict.notes, "interval": judged.verdict.interval,
                                  "grim": judged.verdict.grim });
                write!(written, "\n{row}")?;
            }
            Format::Csv => write_csv(name, (line, &text), &judged, &mut written)?,
            _ => form.write_row(line, &judged, &mut written)?,
        }
        tally.add(judged.outcome());
    }
    let counts = in_words(tally);
    let (head, tail) = match format {
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
        Format::Markdown => (String::from_utf8_lossy(&form.head()).into_owned(), format!("\n{counts}\n")),
        Format::Table => {
            let indent = if is_one_of_several { "  " } else { "" };
            (
                String::from_utf8_lossy(&form.head()).into_owned(),
                format!("{indent}{counts}\n{}", if is_one_of_several { "\n" } else { "" }),
            )
        }
    };
    out.write_all(head.as_bytes())?;
    out.write_all(&written)?;
    out.write_all(tail.as_bytes())?;
    Ok(tally)
}

fn results(count: u64) -> String {
    if count == 1 { "1 result".to_owned() } else { format!("{count} results") }
}

/// How many results there were, and how many of which kind.
fn in_words(tally: Tally) -> String {
    let open = if tally.undecided > 0 { format!(", {} not decidable", tally.undecided) } else { String::new() };
    format!("{}: {} inconsistent{open}", results(tally.rows), tally.contradictory)
}
