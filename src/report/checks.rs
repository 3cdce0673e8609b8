//! Verdicts of checks.

use super::document::Document;
use crate::check::{Check, Status};
use crate::markup::escape_xml;

fn count(checks: &[Check], status: Status) -> usize {
    checks.iter().filter(|check| check.status == status).count()
}

/// What does not hold, or everything, release by release, and one line that counts.
pub fn document(checks: &[Check], verbose: bool) -> Document {
    let mut document = Document::default();
    for of_release in checks.chunk_by(|a, b| a.release == b.release) {
        let shown = of_release.iter().filter(|check| verbose || check.status == Status::Fail);
        let lines: Vec<String> = shown.map(line).collect();
        if let (false, Some(first)) = (lines.is_empty(), of_release.first()) {
            document.heading(2, first.release.clone());
            document.list(lines);
        }
    }
    document.text(counted(checks));
    document
}

/// How many passed, failed and were refused.
pub fn counted(checks: &[Check]) -> String {
    let counts = [Status::Pass, Status::Fail, Status::Refused].map(|status| count(checks, status));
    format!("checks: {} passed, {} failed, {} not decidable", counts[0], counts[1], counts[2])
}

/// One check in a line.
fn line(check: &Check) -> String {
    let Check { status, code, subject, message, expected, found, .. } = check;
    // A quote that fails says where it was looked for.
    let details = match (status, code, expected, found) {
        (Status::Fail, &"quote-number", Some(expected), Some(found)) => {
            format!(" (expected {expected} in \"{found}\")")
        }
        _ => String::new(),
    };
    format!("{} {code} · {subject}: {message}{details}", status.name())
}

/// Every verdict as a JSON document.
#[cfg(feature = "json")]
pub fn json(checks: &[Check]) -> serde_json::Value {
    let list: Vec<_> = checks
        .iter()
        .map(|check| {
            serde_json::json!({
                "release": check.release,
                "subject": check.subject,
                "check": check.code,
                "status": check.status.name(),
                "message": check.message,
                "expected": check.expected,
                "found": check.found,
            })
        })
        .collect();
    serde_json::json!({
        "checks": list,
        "passed": count(checks, Status::Pass),
        "failed": count(checks, Status::Fail),
        "refused": count(checks, Status::Refused),
    })
}

/// Every verdict as JUnit XML: a suite for each release, a case for each check; what is not decidable
/// counts as skipped.
pub fn junit(checks: &[Check]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"reffect\">\n");
    for suite in checks.chunk_by(|a, b| a.release == b.release) {
        let name = suite.first().map_or("", |check| check.release.as_str());
        let (failures, skipped) = (count(suite, Status::Fail), count(suite, Status::Refused));
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n",
            xml(name),
            suite.len()
        ));
        for check in suite {
            out.push_str(&case(
                &check.release,
                &format!("{} {}", check.code, check.subject),
                check.status,
                &check.message,
            ));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// One case of a JUnit suite.
pub fn case(class: &str, name: &str, status: Status, message: &str) -> String {
    let (class, name, message) = (xml(class), xml(name), xml(message));
    let inner = match status {
        Status::Pass => return format!("    <testcase classname=\"{class}\" name=\"{name}\"/>\n"),
        Status::Fail => format!("<failure message=\"{message}\"/>"),
        Status::Refused => format!("<skipped message=\"{message}\"/>"),
    };
    format!("    <testcase classname=\"{class}\" name=\"{name}\">{inner}</testcase>\n")
}

/// What fails as annotations of GitHub Actions.
pub fn github(checks: &[Check]) -> String {
    let failed = checks.iter().filter(|check| check.status == Status::Fail);
    let mut out: String = failed
        .map(|check| annotation(&check.release, check.code, &format!("{}: {}", check.subject, check.message)))
        .collect();
    out.push_str(&format!("{}\n", counted(checks)));
    out
}

/// One annotation.
pub fn annotation(place: &str, code: &str, message: &str) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let title = escape(&format!("{code} in {place}")).replace(':', "%3A").replace(',', "%2C");
    format!("::error title={title}::{}\n", escape(message))
}

/// Text of an attribute, on one line.
fn xml(text: &str) -> String {
    escape_xml(text).replace('\n', " ")
}
