//! Reading a release file. The format is taught by example in `data/README.md`.

mod entries;
mod estimates;
mod expectations;
mod outcomes;
mod scale;

pub use expectations::Expectations;

use super::fields::{Fields, Located, Source};
use super::text::whole_file;
use crate::diagnostic::Diagnostics;
use crate::reported::{
    Date, Lang, Localized, Occasion, Origin, Paper, Passage, Release, SourceDocument, StudyDesign, StudyKind,
};
use std::borrow::Cow;
use std::ops::Range;
use toml::de::DeTable;

/// The names of the kinds of things that others refer to, with the place where each is defined.
#[derive(Default)]
struct Names(Vec<(String, Range<usize>)>);

impl Names {
    fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|(known, _)| known == id)
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }

    /// Whether a name is defined; if it is not, that is reported.
    fn check(&self, fields: &Fields<'_, '_>, kind: &str, id: &Located<Cow<'_, str>>) -> bool {
        let is_known = self.contains(&id.value);
        if !is_known {
            fields.report(id.span.clone(), format!("there is no {kind} `{}`", id.value), self.hint(&id.value));
        }
        is_known
    }

    /// A hint that names what there is.
    fn hint(&self, id: &str) -> String {
        let known = || self.ids().collect::<Vec<_>>().join(", ");
        let close = Some(id).filter(|id| !id.is_empty()).and_then(|id| crate::diagnostic::did_you_mean(id, self.ids()));
        close.unwrap_or_else(|| match known() {
            none if none.is_empty() => "none is defined in this file".to_owned(),
            known => format!("defined in this file: {known}"),
        })
    }
}

/// What stands in the place of a publisher, a date or a size that the source does not have.
pub(super) const NOT_STATED: &str = "not stated";

/// Reads a release from a stream; errors give it the name.
///
/// # Errors
/// As [`read_release`], and if the stream cannot be read or is no UTF-8.
pub fn read_stream(id: &str, name: &str, stream: impl std::io::Read) -> Result<Release, Diagnostics> {
    let text = super::text::read_all(stream, name).map_err(|diagnostic| Diagnostics(vec![diagnostic]))?;
    read_release(id, name, &text)
}

/// Reads the text of a release file.
///
/// `id` becomes the name of the release, `file` is how errors call the file.
///
/// # Errors
/// Everything that is wrong with the text, each with its line and column.
///
/// ```
/// let text = r#"
/// label = "A drug in a rare disease"
/// title = "Relapses fall"
/// publisher = "A hospital"
/// date = 2014-03-15
/// language = "en"
/// kind = "trial"
/// source = { file = "release.txt" }
///
/// [[arm]]
/// id = "treated"
/// label = "treated"
/// n = 7
/// quote = "seven patients"
///
/// [[outcome]]
/// id = "relapse-rate"
/// label = "Annual relapse rate"
/// better = "lower"
/// scale = "count"
///   [[outcome.result]]
///   before = "2.9 ± 1.1"
///   after = "0.4 ± 0.8"
///   spread = "unexplained"
///   quote = "from 2.9 ± 1.1 to 0.4 ± 0.8"
/// "#;
/// let release = reffect::read::read_release("example", "example.toml", text)?;
/// assert_eq!(release.outcomes[0].results[0].arm, "treated");
/// # Ok::<(), reffect::diagnostic::Diagnostics>(())
/// ```
pub fn read_release(id: &str, file: &str, text: &str) -> Result<Release, Diagnostics> {
    if text.trim().is_empty() {
        return Err(Diagnostics(vec![whole_file(file, "the file is empty", WITHOUT_FIELDS)]));
    }
    document(file, text, "the release", |top| release(id, top))
}

/// Reads the text of a file that holds expectations alone: `[[expect]]` and `[[ignore]]`.
///
/// # Errors
/// Everything that is wrong with the text, each with its line and column.
///
/// ```
/// let text = r#"
/// [[expect]]
/// run = "effect --proportion 5/7"
/// at = "proportion.estimate"
/// is = "71.4%"
/// source = "5/7"
/// "#;
/// let read = reffect::read::read_expectations("five.expect.toml", text)?;
/// assert_eq!(read.expectations[0].place.line, Some(2));
/// # Ok::<(), reffect::diagnostic::Diagnostics>(())
/// ```
pub fn read_expectations(file: &str, text: &str) -> Result<Expectations, Diagnostics> {
    document(file, text, "the file", |top| {
        let (expectations, ignored) = (expectations::expectations(&top), expectations::ignored(&top));
        top.finish();
        Some(Expectations { expectations, ignored })
    })
}

/// Reads a TOML document; everything that is wrong is reported at once.
fn document<T>(
    file: &str,
    text: &str,
    name: &'static str,
    read: impl FnOnce(Fields<'_, '_>) -> Option<T>,
) -> Result<T, Diagnostics> {
    let source = Source::new(file, text);
    if let Some(hint) = other_format(text) {
        source.report(0..first_line_end(text), format!("{name} is no TOML"), hint);
        return Err(Diagnostics(source.into_found()));
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let is_date = error.message().contains("date");
            let hint = if is_date { DATE_HINT } else { "the file is no valid TOML at this place" };
            source.report(span, error.message().to_owned(), hint);
        }
        return Err(Diagnostics(source.into_found()));
    }
    let found = read(Fields::new(&source, document.get_ref(), 0..first_line_end(text), name));
    match (found, source.into_found()) {
        (Some(found), problems) if problems.is_empty() => Ok(found),
        (_, problems) => Err(Diagnostics(problems)),
    }
}

/// What to do with a text that is no TOML from its beginning: a result of this program, or the press release itself.
fn other_format(text: &str) -> Option<&'static str> {
    /// So many lines are looked at.
    const LINES: usize = 20;
    if text.trim_start().starts_with('{') {
        return Some(
            "it looks like JSON: a result is drawn by `reffect plot KIND`, one at a time; a release is a file with lines \
             such as `label = \"…\"`, as `reffect transcribe` drafts it",
        );
    }
    if text.trim_start().starts_with('<') {
        return Some(
            "it looks like HTML or XML: save its text as .txt; `reffect check` reads the results in that, and `reffect \
             transcribe` drafts a release file",
        );
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).collect();
    let is_key = |key: &str| key.trim_end().chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let is_toml = |line: &&&str| {
        line.starts_with(['#', '[', '"', '\'', ']', '}']) || line.split_once('=').is_some_and(|(key, _)| is_key(key))
    };
    (lines.len() > 2 && !lines.iter().any(|line| is_toml(&line))).then_some(
        "it looks like a text: `reffect transcribe FILE.txt` drafts a release file of it, and `reffect check FILE.txt` \
         checks the results that it prints; a table is a file named .csv or .tsv",
    )
}

fn first_line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The fields of which a release has at least one.
const FIELDS: [&str; 18] = [
    "label",
    "title",
    "publisher",
    "date",
    "language",
    "kind",
    "design",
    "source",
    "paper",
    "registrations",
    "occasion",
    "arm",
    "outcome",
    "number",
    "estimate",
    "statement",
    "expect",
    "ignore",
];

fn release(id: &str, top: Fields<'_, '_>) -> Option<Release> {
    if top.has_only_others(&FIELDS) {
        top.report(top.span(), "the file is TOML, but no release: it has none of the fields of one", WITHOUT_FIELDS);
        return None;
    }
    let label = localized(&top, "label", "write in a few words what the release is about");
    let title = localized(&top, "title", "write the title as it is printed");
    let publisher = localized(&top, "publisher", "write who published the release, or \"not stated\"");
    let date = date(&top);
    let languages = Lang::ALL.map(|lang| (lang.code(), lang));
    let language = required_name(&top, "language", &languages, "write the language of the source: en or ja");
    let kind = required_name(
        &top,
        "kind",
        &StudyKind::ALL,
        "write trial, registry, animal-study, meta-analysis or announcement",
    );
    let design = top.named("design", &StudyDesign::ALL).map(|located| located.value);
    let document = match top.table("source", "the source") {
        Some(fields) => source_document(fields),
        None if top.has("source") => None,
        None => {
            top.missing("source", "write source = { file = \"release.txt\" }, or [source] with file, sha256 and url");
            None
        }
    };
    let paper = top.table("paper", "the paper").map(paper);
    let registrations = top.texts("registrations").into_iter().map(owned).collect();
    let occasions = occasions(&top);
    let (arms, arm_names) = entries::arms(&top);
    let (outcomes, outcome_names) = outcomes::outcomes(&top, &arm_names, &occasions);
    let numbers = entries::numbers(&top, &arms, &arm_names);
    let occasion_names = Names(occasions.iter().map(|known| (known.value.id.clone(), known.span.clone())).collect());
    let estimates = estimates::estimates(&top, &arm_names, &outcome_names, &occasion_names);
    let statements = entries::statements(&top, &arm_names, &outcome_names, &occasion_names);
    let (expectations, ignored) = (expectations::expectations(&top), expectations::ignored(&top));
    top.finish();
    Some(Release {
        id: id.to_owned(),
        kind: kind?,
        design,
        label: label?,
        title: title?,
        publisher: Some(publisher?).filter(|publisher| publisher.en != NOT_STATED),
        date,
        language: language?,
        source: document?,
        paper: paper.flatten(),
        registrations,
        arms,
        occasions: occasions.into_iter().map(|located| located.value).collect(),
        outcomes,
        numbers,
        estimates,
        statements,
        expectations,
        ignored,
    })
}

const WITHOUT_FIELDS: &str =
    "a release begins with label, title, publisher, date, language, kind and source; see data/README.md";

const DATE_HINT: &str = "write the day as 2014-03-15, or \"not stated\"";

/// The day of publication; `"not stated"` where the source has none.
fn date(top: &Fields<'_, '_>) -> Option<Date> {
    let text = top.required_text("date", "write date = 2014-03-15, or date = \"not stated\"")?;
    if text.value == NOT_STATED {
        return None;
    }
    match text.value.parse() {
        Ok(date) => Some(date),
        Err(problem) => {
            top.report(text.span, problem, DATE_HINT);
            None
        }
    }
}

fn source_document(fields: Fields<'_, '_>) -> Option<SourceDocument> {
    let file = fields.required_text("file", "write the name of the file with the text of the source");
    if let Some(file) = &file
        && file.value.contains(['/', '\\'])
    {
        let hint = "write the name alone; `reffect check --sources DIR` names the folder";
        fields.report(file.span.clone(), format!("`file` of the source is a path: {}", file.value), hint);
    }
    let sha256 = fields.text("sha256").and_then(|text| {
        let good = text.value.len() == 64 && text.value.chars().all(|c| c.is_ascii_hexdigit());
        if !good {
            fields.report(text.span, "`sha256` is no hash", "write the 64 hexadecimal digits that sha256sum prints");
        }
        good.then(|| text.value.to_lowercase())
    });
    let url = fields.text("url").map(owned);
    fields.finish();
    Some(SourceDocument { file: owned(file?), sha256, url })
}

fn paper(fields: Fields<'_, '_>) -> Option<Paper> {
    let authors = fields.required_text("authors", "write the authors as they would be cited");
    let journal = fields.required_text("journal", "write the name of the journal");
    let year = fields.required_text("year", "write the year of publication");
    let year = year.and_then(|text| match text.value.parse::<u16>() {
        Ok(year) if (1800..=2999).contains(&year) => Some(year),
        _ => {
            fields.report(text.span, format!("`year` of the paper is {}", text.value), "write it as 2014");
            None
        }
    });
    let [title, volume, pages, doi, pmid] =
        ["title", "volume", "pages", "doi", "pmid"].map(|key| fields.text(key).map(owned));
    fields.finish();
    Some(Paper { authors: owned(authors?), title, journal: owned(journal?), year: year?, volume, pages, doi, pmid })
}

/// The occasion that is there without more, and that nothing comes before.
const BEFORE: &str = "before";

/// The occasions that the file declares, or `before` and `after` where it declares none.
fn occasions(top: &Fields<'_, '_>) -> Vec<Located<Occasion>> {
    let mut occasions: Vec<Located<Occasion>> = Vec::new();
    for fields in top.tables("occasion", "the occasion") {
        let label = localized(&fields, "label", "write what people call it");
        let id = id(&fields, "occasion", |id| occasions.iter().any(|known| known.value.id == id));
        if let (Some(id), Some(label)) = (id, label) {
            if id.value == BEFORE && !occasions.is_empty() {
                let message = format!("nothing comes before `{BEFORE}`, and another occasion stands above it");
                fields.report(
                    id.span.clone(),
                    message,
                    "declare it first, or give it another name, such as baseline: occasions stand in the order of time",
                );
            }
            if outcomes::RESULT_FIELDS.contains(&id.value.as_str()) {
                let message = format!("an occasion cannot be called `{}`: that is a field of a result", id.value);
                fields.report(id.span.clone(), message, "choose another name, such as month-6");
            }
            occasions.push(Located { value: Occasion { id: id.value, label }, span: id.span });
        }
        fields.finish();
    }
    if occasions.is_empty() {
        let default = [(BEFORE, "前"), ("after", "後")];
        occasions.extend(default.map(|(id, ja)| Located {
            value: Occasion { id: id.to_owned(), label: Localized::new(id, ja) },
            span: 0..0,
        }));
    }
    occasions
}

// What several kinds of entries share.

fn owned(text: Located<Cow<'_, str>>) -> String {
    text.value.into_owned()
}

fn required_name<T: Clone>(fields: &Fields<'_, '_>, key: &str, names: &[(&str, T)], hint: &str) -> Option<T> {
    fields.required_text(key, hint)?;
    fields.named(key, names).map(|located| located.value)
}

/// A label: one text for both languages, or `{ en = "…", ja = "…" }`.
fn localized(fields: &Fields<'_, '_>, key: &str, hint: &str) -> Option<Localized> {
    let Some(value) = fields.get(key) else {
        fields.missing(key, hint);
        return None;
    };
    if !matches!(value.get_ref(), toml::de::DeValue::Table(_)) {
        return fields.required_text(key, hint).map(|text| Localized::same(text.value));
    }
    let table = fields.table(key, "the label")?;
    let [en, ja] = ["en", "ja"].map(|lang| table.text(lang).map(owned).filter(|text| !text.trim().is_empty()));
    if en.is_none() && ja.is_none() {
        table.report(table.span(), format!("`{key}` has no text"), "write { en = \"…\", ja = \"…\" }");
    }
    table.finish();
    match (en, ja) {
        (Some(en), Some(ja)) => Some(Localized::new(en, ja)),
        (one, other) => one.or(other).map(Localized::same),
    }
}

/// The name of an entry, which no other entry of its kind has.
fn id(fields: &Fields<'_, '_>, kind: &str, is_taken: impl Fn(&str) -> bool) -> Option<Located<String>> {
    let text = fields.required_text("id", "write a short name in small letters, such as relapse-rate")?;
    let id = text.value.as_ref();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(allowed) || id.starts_with('-') {
        let message = format!("`{id}` is no name: names have small letters, digits and hyphens");
        fields.report(text.span, message, "write a short name such as relapse-rate");
        return None;
    }
    if is_taken(id) {
        let message = format!("there is another {kind} with the name `{id}`");
        fields.report(
            text.span,
            message,
            "every name of a kind stands once; one outcome may have a result for each arm",
        );
        return None;
    }
    Some(Located { value: id.to_owned(), span: text.span })
}

/// A phrase longer than this is a sentence of the source, and those stay in the source.
const MAX_QUOTE: usize = 100;

/// The passage that an entry was read from.
fn passage(fields: &Fields<'_, '_>) -> Option<Passage> {
    let origins = [("release", Origin::Release), ("paper", Origin::Paper)];
    let origin = fields.named("from", &origins).map_or(Origin::Release, |located| located.value);
    let section = fields.text("section").map(owned);
    let line = fields.text("line").and_then(|text| match text.value.parse::<u32>() {
        Ok(line) if line > 0 => Some(line),
        _ => {
            fields.report(text.span, format!("`line` is {}", text.value), "write a line number, counted from 1");
            None
        }
    });
    let quote = fields.required_text("quote", "write the short phrase of the source that it was read from")?;
    let length = quote.value.chars().count();
    if length > MAX_QUOTE {
        let message = format!("`quote` has {length} characters, and a short phrase has at most {MAX_QUOTE}");
        fields.report(quote.span.clone(), message, "keep the words right around the number");
    }
    Some(Passage { origin, quote: owned(quote), line, section })
}
