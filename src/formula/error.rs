//! What is wrong with a formula, and where in it.

use crate::diagnostic::{Diagnostic, Excerpt, Place};
use std::fmt;
use std::ops::Range;

/// What is wrong with a formula, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// What was found and what was expected.
    pub message: String,
    /// The formula as it was given.
    pub formula: String,
    /// The bytes of the formula that it is about.
    pub span: Range<usize>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl FormulaError {
    /// An error about some bytes of a formula.
    pub fn new(message: impl Into<String>, formula: &str, span: Range<usize>) -> Self {
        Self { message: message.into(), formula: formula.to_owned(), span, hint: None }
    }

    /// The error with what to do about it.
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The error as a diagnostic whose excerpt is the formula.
    pub fn diagnostic(&self) -> Diagnostic {
        let excerpt = Some(Excerpt::of(&self.formula, self.span.clone()));
        let place = Place { file: "formula".to_owned(), excerpt };
        Diagnostic { message: self.message.clone(), place, hint: self.hint.clone() }
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let excerpt = Excerpt::of(&self.formula, self.span.clone());
        let (indent, carets) = (" ".repeat(excerpt.column - 1), "^".repeat(excerpt.length));
        write!(f, "{}\n  {}\n  {indent}{carets}", self.message, excerpt.text)?;
        match &self.hint {
            Some(hint) => write!(f, "\n{hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FormulaError {}
