//! Verdicts of checks in the forms that programs read, written file by file.

use super::checks::{JUNIT_END, JUNIT_START, annotated, case, counted, details, of_file, told, xml};
use crate::check::{Check, Status, Tally};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The form that verdicts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Text for a terminal of some width.
    Text(usize),
    /// Markdown, for a comment on a pull request.
    Markdown,
    /// One JSON document.
    Json,
    /// A row for each check.
    Csv,
    /// JUnit XML: a suite for each file, a case for each check; what is not decidable counts as skipped.
    Junit,
    /// Annotations of GitHub Actions for what fails, and for what is accepted.
    Github,
}

/// Writes verdicts file by file, so that none has to be kept.
#[derive(Clone, Debug)]
pub struct Verdicts {
    form: Form,
    verbose: bool,
    tally: Tally,
    is_empty: bool,
}

impl Verdicts {
    /// Begins; `verbose` shows also what holds, in forms for people.
    pub fn new(form: Form, verbose: bool) -> Self {
        Self { form, verbose, tally: Tally::default(), is_empty: true }
    }

    /// How many came out how so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What stands before the first file.
    pub fn start(&self) -> String {
        match self.form {
            Form::Text(_) | Form::Markdown | Form::Github => String::new(),
            Form::Json => "{\n  \"checks\": [".to_owned(),
            Form::Csv => super::csv::checks(&[]),
            Form::Junit => JUNIT_START.to_owned(),
        }
    }

    /// The verdicts on a file.
    pub fn file(&mut self, checks: &[Check]) -> String {
        self.tally.add(checks);
        match self.form {
            Form::Text(width) => spaced(of_file(checks, self.verbose).to_text(width)),
            Form::Markdown => spaced(of_file(checks, self.verbose).to_markdown()),
            Form::Json => checks.iter().map(|check| self.json(check)).collect(),
            Form::Csv => super::csv::checks(checks).split_once('\n').map_or(String::new(), |(_, rows)| rows.to_owned()),
            Form::Junit => suite(checks),
            Form::Github => checks.iter().filter_map(github).collect(),
        }
    }

    fn json(&mut self, check: &Check) -> String {
        let separator = if std::mem::take(&mut self.is_empty) { "\n" } else { ",\n" };
        format!("{separator}    {}", format!("{:#}", view(check)).replace('\n', "\n    "))
    }

    /// The counts, behind which something else may stand in the same document.
    pub fn counts(&self) -> String {
        let Tally { passed, failed, refused, accepted, .. } = self.tally;
        match self.form {
            Form::Text(_) | Form::Markdown | Form::Github => format!("{}\n", counted(&self.tally)),
            Form::Json => format!(
                "{}],\n  \"passed\": {passed},\n  \"failed\": {failed},\n  \"refused\": {refused},\n  \
                 \"accepted\": {accepted}",
                if self.is_empty { "" } else { "\n  " }
            ),
            Form::Csv | Form::Junit => String::new(),
        }
    }

    /// The end of the document.
    pub fn end(&self) -> &'static str {
        match self.form {
            Form::Json => "\n}\n",
            Form::Junit => JUNIT_END,
            Form::Text(_) | Form::Markdown | Form::Github | Form::Csv => "",
        }
    }
}

/// A verdict as JSON.
fn view(check: &Check) -> Value {
    json!({
        "release": check.release,
        "subject": check.subject,
        "check": check.code,
        "status": check.status.name(),
        "message": check.message,
        "expected": check.expected,
        "found": check.found,
        "file": check.place.as_ref().map(|place| &place.file),
        "line": check.place.as_ref().and_then(|place| place.line),
    })
}

/// All verdicts with their counts, as fields of another document.
pub fn fields(checks: &[Check]) -> Map<String, Value> {
    let Tally { passed, failed, refused, accepted, .. } = Tally::of(checks);
    let counts = [("passed", passed), ("failed", failed), ("refused", refused), ("accepted", accepted)];
    let all = [("checks", checks.iter().map(view).collect())];
    let all = all.into_iter().chain(counts.map(|(name, count)| (name, json!(count))));
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A text with a line below it, if there is any.
fn spaced(text: String) -> String {
    if text.is_empty() { text } else { format!("{text}\n") }
}

fn suite(checks: &[Check]) -> String {
    let Some(first) = checks.first() else { return String::new() };
    let Tally { failed, refused, accepted, .. } = Tally::of(checks);
    let mut out = format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{}\">\n",
        xml(&first.release),
        checks.len(),
        refused + accepted
    );
    // Programs that read these files take two cases of a name for one.
    let mut names: HashMap<String, usize> = HashMap::new();
    for check in checks {
        let name = format!("{} {}", check.code, check.subject);
        let times = names.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
        let name = if *times == 1 { name } else { format!("{name} ({times})") };
        out.push_str(&case(&check.release, &name, check.status, &told(check)));
    }
    out.push_str("  </testsuite>\n");
    out
}

/// What fails as an error, and what is accepted as a notice: it stays visible, and stops no build.
fn github(check: &Check) -> Option<String> {
    let kind = match check.status {
        Status::Fail => "error",
        Status::Accepted => "notice",
        Status::Pass | Status::Refused => return None,
    };
    let place = check.place.as_ref().map(|place| (place.file.as_str(), place.line.unwrap_or(1)));
    let message = match check.code {
        "file" => check.message.clone(),
        _ => format!("{}: {}{}", check.subject, check.message, details(check)),
    };
    Some(annotated(kind, &check.release, place, check.code, &message))
}
