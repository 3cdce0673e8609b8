//! Reading a TOML table field by field, so that each mistake is told with its place.

use super::text::whole_file;
use crate::diagnostic::{Diagnostic, Excerpt, Place, did_you_mean};
use crate::reported::is_hidden;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of a file and what was found wrong in it so far.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    found: RefCell<Vec<Diagnostic>>,
    /// What was found after so much else that it is only counted.
    more: Cell<usize>,
}

/// So many mistakes of a file are told.
const MOST_TOLD: usize = 50;

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: RefCell::default(), more: Cell::default() }
    }

    pub(super) fn report(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        if self.is_full() {
            return self.more.set(self.more.get() + 1);
        }
        let place = Place { file: self.file.to_owned(), excerpt: Some(Excerpt::of(self.text, span)) };
        let hint = Some(hint.into()).filter(|hint: &String| !hint.is_empty());
        self.found.borrow_mut().push(Diagnostic { message: message.into(), place, hint });
    }

    /// Whether what else is wrong is only counted.
    fn is_full(&self) -> bool {
        self.found.borrow().len() == MOST_TOLD
    }

    /// What was found, in the order of the file.
    pub(super) fn into_found(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|diagnostic| diagnostic.place.excerpt.as_ref().map(|e| (e.line, e.column)));
        if self.more.get() > 0 {
            let message = format!("{} more mistakes are not shown", self.more.get());
            found.push(whole_file(self.file, message, "correct these first"));
        }
        found
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// One table. It remembers which keys were asked for: any other is unknown.
pub(super) struct Fields<'s, 'a> {
    source: &'s Source<'a>,
    table: &'s DeTable<'a>,
    /// How to speak of the table: "the outcome".
    name: &'static str,
    span: Range<usize>,
    asked: RefCell<Vec<String>>,
}

impl<'s, 'a> Fields<'s, 'a> {
    pub(super) fn new(source: &'s Source<'a>, table: &'s DeTable<'a>, span: Range<usize>, name: &'static str) -> Self {
        Self { source, table, name, span, asked: RefCell::default() }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The file that it stands in.
    pub(super) fn file(&self) -> &'a str {
        self.source.file
    }

    /// The line on which it begins, counted from 1.
    pub(super) fn line(&self) -> usize {
        Excerpt::of(self.source.text, self.span()).line
    }

    pub(super) fn report(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.source.report(span, message, hint);
    }

    /// Reports what a parser said.
    pub(super) fn explain(&self, span: Range<usize>, error: &impl Explained) {
        self.report(span, error.problem(), error.hint());
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<&'s Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key.to_owned());
        self.table.get(key)
    }

    /// Whether the key is there, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether it has fields, and none of these.
    pub(super) fn has_only_others(&self, keys: &[&str]) -> bool {
        self.table.iter().next().is_some() && !keys.iter().any(|key| self.has(key))
    }

    /// Reports that a field is missing.
    pub(super) fn missing(&self, key: &str, hint: &str) {
        self.report(self.span(), format!("{} has no `{key}`", self.name), hint);
    }

    /// A text; a number without quotes counts, with its digits as they stand in the file.
    pub(super) fn text(&self, key: &str) -> Option<Located<Cow<'s, str>>> {
        let value = self.get(key)?;
        let text = self.printed(value);
        if text.is_none() {
            let message = format!("`{key}` of {} is {}, and a text was expected", self.name, kind(value.get_ref()));
            self.report(value.span(), message, "write it in quotes");
        }
        let text = text.filter(|text| self.is_clean(text, value.span()));
        text.map(|value_text| Located { value: value_text, span: value.span() })
    }

    /// Reports characters that nobody sees and that could make a text read otherwise than it stands:
    /// controls, and the marks that turn the direction of writing.
    fn is_clean(&self, text: &str, span: Range<usize>) -> bool {
        let hidden = text.chars().find(|c| is_hidden(*c));
        if let Some(c) = hidden {
            let message = format!("a text of {} holds the hidden character U+{:04X}", self.name, c as u32);
            self.report(span, message, "write the text on one line, without control characters");
        }
        hidden.is_none()
    }

    /// A text that must be there.
    pub(super) fn required_text(&self, key: &str, hint: &str) -> Option<Located<Cow<'s, str>>> {
        if !self.has(key) {
            self.asked.borrow_mut().push(key.to_owned());
            self.missing(key, hint);
            return None;
        }
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            self.report(text.span, format!("`{key}` of {} is empty", self.name), hint);
            return None;
        }
        Some(text)
    }

    /// A text that parses as `T`, if it is there.
    pub(super) fn parsed<T: FromStr<Err: Explained>>(&self, key: &str) -> Option<Located<T>> {
        let text = self.text(key)?;
        match text.value.parse() {
            Ok(value) => Some(Located { value, span: text.span }),
            Err(error) => {
                self.report(text.span, format!("`{key}` of {}: {}", self.name, error.problem()), error.hint());
                None
            }
        }
    }

    /// One of a table of names, if the key is there.
    pub(super) fn named<T: Clone>(&self, key: &str, names: &[(&str, T)]) -> Option<Located<T>> {
        let text = self.text(key)?;
        let found = names.iter().find(|(name, _)| *name == text.value).map(|(_, value)| value.clone());
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            let hint = did_you_mean(&text.value, known.iter().copied());
            let message =
                format!("`{key}` of {} is \"{}\", and one of {} was expected", self.name, text.value, known.join(", "));
            self.report(text.span.clone(), message, hint.unwrap_or_default());
        }
        found.map(|value| Located { value, span: text.span })
    }

    /// A table inside this one, if it is there.
    pub(super) fn table(&self, key: &str, name: &'static str) -> Option<Fields<'s, 'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.source, table, value.span(), name)),
            other => {
                let message = format!("`{key}` of {} is {}, and a table was expected", self.name, kind(other));
                self.report(value.span(), message, format!("write [{key}] and its fields on the lines below"));
                None
            }
        }
    }

    /// The tables of an array: `[[arm]]` … `[[arm]]` …. The header is what stands in the brackets.
    pub(super) fn tables(&self, header: &str, name: &'static str) -> Vec<Fields<'s, 'a>> {
        let key = header.rsplit('.').next().unwrap_or(header);
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("`{key}` of {} is {}, and a list was expected", self.name, kind(value.get_ref()));
            self.report(value.span(), message, format!("write [[{header}]] in double brackets"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Fields::new(self.source, table, item.span(), name)),
                other => {
                    let message = format!("`{key}` holds {}, and tables were expected", kind(other));
                    self.report(item.span(), message, format!("write [[{header}]] and its fields on the lines below"));
                }
            }
        }
        tables
    }

    /// The texts of an array, or one text alone.
    pub(super) fn texts(&self, key: &str) -> Vec<Located<Cow<'s, str>>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items: Vec<&'s Spanned<DeValue<'a>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut texts = Vec::new();
        for item in items {
            match self.printed(item) {
                Some(text) if !self.is_clean(&text, item.span()) => {}
                Some(text) => texts.push(Located { value: text, span: item.span() }),
                None => {
                    let message = format!("`{key}` of {} holds {}", self.name, kind(item.get_ref()));
                    self.report(item.span(), message, "write texts in quotes");
                }
            }
        }
        texts
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self) {
        self.finish_with("");
    }

    /// The same, with something to do about a key that is close to none.
    pub(super) fn finish_with(self, advice: &str) {
        let asked = self.asked.into_inner();
        for (key, _) in self.table.iter() {
            if asked.iter().any(|known| known == key.get_ref()) {
                continue;
            }
            // Looking for what was meant takes long where thousands of keys are unknown.
            if self.source.is_full() {
                self.source.report(key.span(), "", "");
                continue;
            }
            let close = did_you_mean(key.get_ref(), asked.iter().map(String::as_str));
            let known = || {
                let first = |(at, name): &(usize, &String)| !asked[..*at].contains(name);
                let names = asked.iter().enumerate().filter(first).map(|(_, name)| name.as_str());
                format!("known here: {}", names.collect::<Vec<_>>().join(", "))
            };
            let hint =
                close.unwrap_or_else(|| if advice.is_empty() { known() } else { format!("{advice}; {}", known()) });
            self.source.report(key.span(), format!("{} has no field `{}`", self.name, key.get_ref()), hint);
        }
    }

    /// A scalar as text. Numbers and dates keep the digits that stand in the file: `5.20` is not 5.2.
    fn printed(&self, value: &'s Spanned<DeValue<'a>>) -> Option<Cow<'s, str>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Cow::Borrowed(text.as_ref())),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
                self.source.text.get(value.span()).map(Cow::Borrowed)
            }
            _ => None,
        }
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// An error of parsing that can say what to do.
pub(super) trait Explained {
    fn problem(&self) -> String;
    fn hint(&self) -> String;
}

impl Explained for crate::numeric::numeral::NumeralError {
    fn problem(&self) -> String {
        self.to_string()
    }

    fn hint(&self) -> String {
        self.hint.clone().unwrap_or_default()
    }
}

impl Explained for String {
    fn problem(&self) -> String {
        self.clone()
    }

    fn hint(&self) -> String {
        String::new()
    }
}
