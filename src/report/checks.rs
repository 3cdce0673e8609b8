//! Verdicts of checks.

use super::document::Document;
use crate::check::{Check, Status, Tally};
use crate::diagnostic::inert;
use crate::markup::escape_xml;

/// What does not hold, or everything, release by release, and one line that counts. What is accepted or doubtful, and
/// that a draft is not finished, is always shown.
pub fn document(checks: &[Check], verbose: bool) -> Document {
    let mut document = Document::default();
    for of_release in checks.chunk_by(|a, b| a.release == b.release) {
        document.append(of_file(of_release, verbose));
    }
    document.text(counted(&Tally::of(checks)));
    document
}

pub(super) fn of_file(checks: &[Check], verbose: bool) -> Document {
    let mut document = Document::default();
    // A draft that nobody finished is no release of which all is well.
    let is_shown = |check: &&Check| {
        let is_bad = matches!(check.status, Status::Fail | Status::Accepted) || check.is_doubtful();
        verbose || is_bad || check.code == "to-do"
    };
    let lines: Vec<String> = checks.iter().filter(is_shown).map(line).collect();
    if let (false, Some(first)) = (lines.is_empty(), checks.first()) {
        document.heading(2, first.release.clone());
        document.list(lines);
    }
    document
}

/// How many passed, failed and were refused.
pub fn counted(tally: &Tally) -> String {
    let Tally { passed, failed, refused, accepted, .. } = tally;
    let accepted = if *accepted > 0 { format!(", {accepted} accepted") } else { String::new() };
    format!("checks: {passed} passed, {failed} failed, {refused} not decidable{accepted}")
}

/// One check in a line.
fn line(check: &Check) -> String {
    let Check { status, code, subject, .. } = check;
    if check.code == "file" {
        // The error begins with the file.
        return format!("{} {code} · {}", status.name(), told(check));
    }
    format!("{} {code} · {subject}: {}", status.name(), told(check))
}

/// What a quote that fails was looked for with.
pub(super) fn details(check: &Check) -> String {
    match (check.status, check.code, &check.expected, &check.found) {
        (Status::Fail, "quote-number", Some(expected), Some(found)) => format!(" (expected {expected} in \"{found}\")"),
        _ => String::new(),
    }
}

/// What was found, and where, if it does not hold.
pub(super) fn told(check: &Check) -> String {
    let Check { status, code, message, place, .. } = check;
    let details = details(check);
    let place = match (code, place) {
        // The error of a file that cannot be read begins with its place.
        (&"file", _) | (_, None) => String::new(),
        (_, Some(place)) if *status == Status::Fail => format!(" [{place}]"),
        _ => String::new(),
    };
    format!("{message}{details}{place}")
}

/// One case of a JUnit suite.
pub fn case(class: &str, name: &str, status: Status, message: &str) -> String {
    let (class, name, message) = (xml(class), xml(name), xml(message));
    let inner = match status {
        Status::Pass => return format!("    <testcase classname=\"{class}\" name=\"{name}\"/>\n"),
        Status::Fail => format!("<failure message=\"{message}\"/>"),
        Status::Refused | Status::Accepted => format!("<skipped message=\"{message}\"/>"),
    };
    format!("    <testcase classname=\"{class}\" name=\"{name}\">{inner}</testcase>\n")
}

/// A suite with one case.
pub fn suite_of_one(class: &str, name: &str, status: Status, message: &str) -> String {
    let count = |of: &[Status]| usize::from(of.contains(&status));
    format!(
        "  <testsuite name=\"{}\" tests=\"1\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n",
        xml(class),
        count(&[Status::Fail]),
        count(&[Status::Refused, Status::Accepted]),
        case(class, name, status, message)
    )
}

/// One annotation of an error; with a file and a line it stands beside that line.
pub fn annotation(title: &str, place: Option<(&str, usize)>, code: &str, message: &str) -> String {
    annotated("error", title, place, code, message)
}

/// One annotation of a kind, `error` or `notice`.
pub(super) fn annotated(kind: &str, title: &str, place: Option<(&str, usize)>, code: &str, message: &str) -> String {
    let escape = |text: &str| {
        let lines = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        inert(&lines).into_owned()
    };
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let place = place.map(|(file, line)| format!("file={},line={line},", property(file))).unwrap_or_default();
    format!("::{kind} {place}title={}::{}\n", property(&format!("{code} in {title}")), escape(message))
}

/// What stands before the suites of a JUnit document.
pub const JUNIT_START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"reffect\">\n";

/// What stands behind them.
pub const JUNIT_END: &str = "</testsuites>\n";

/// Text of an attribute, on one line.
pub fn xml(text: &str) -> String {
    escape_xml(text).replace('\n', " ")
}
