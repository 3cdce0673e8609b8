//! Why a command did not do what it was asked.

use super::args::Color;
use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, inert, shortened};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The input is wrong.
    Input(Diagnostics),
    /// The call is wrong, or something could not be written.
    Call {
        /// What was found and what was expected.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The numbers contradict each other: a claim does not hold.
    Contradiction(String),
    /// The user stopped it.
    Interrupted(String),
    /// Standard output was closed by its reader.
    ClosedPipe,
}

impl Failure {
    /// A wrong call.
    pub fn call(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Call { message: message.into(), hint: hint.into() }
    }

    /// 1 where a claim does not hold, 2 where the input or the call is wrong.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Contradiction(_) => ExitCode::from(1),
            Self::ClosedPipe => ExitCode::SUCCESS,
            // What shells report for a program that Ctrl-C ended.
            Self::Interrupted(_) => ExitCode::from(130),
            Self::Input(_) | Self::Call { .. } => ExitCode::from(2),
        }
    }

    /// The reason in one text.
    pub fn message(&self) -> String {
        match self {
            Self::Input(diagnostics) => diagnostics.to_string(),
            Self::Call { message, hint } if hint.is_empty() => message.clone(),
            Self::Call { message, hint } => format!("{message} ({hint})"),
            Self::Contradiction(message) | Self::Interrupted(message) => message.clone(),
            Self::ClosedPipe => "standard output was closed".to_owned(),
        }
    }

    /// That rows which are written end before their table, without the place and the advice that standard error tells.
    pub fn on_rows(&self) -> String {
        let reason = match self {
            Self::Input(errors) => errors.0.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "),
            other => other.message(),
        };
        format!("the rows end before the table does: {reason}")
    }

    /// Writes the reason to standard error.
    pub fn print(&self, color: Color) {
        let is_styled = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        let renderer = if is_styled { Renderer::styled() } else { Renderer::plain() };
        match self {
            Self::Input(Diagnostics(diagnostics)) => {
                for diagnostic in diagnostics {
                    tell(&format!("{}\n", render(diagnostic, &renderer)));
                }
                if diagnostics.len() > 1 {
                    tell(&format!("{} errors", diagnostics.len()));
                }
            }
            Self::Call { message, hint } => {
                let (message, hint) = (told(message), told(hint));
                let title = Level::ERROR.primary_title(&*message);
                let report = match &*hint {
                    "" => Group::with_title(title),
                    hint => title.element(Level::HELP.message(hint)),
                };
                tell(&renderer.render(&[report]).to_string());
            }
            Self::Contradiction(message) | Self::Interrupted(message) => {
                tell(&format!("reffect: {}", told(message)));
            }
            Self::ClosedPipe => {}
        }
    }
}

/// A message that quotes the whole of a long input is cut.
const LONGEST_MESSAGE: usize = 2000;

/// A message as it is shown.
pub fn told(text: &str) -> String {
    inert(&shortened(text, LONGEST_MESSAGE)).into_owned()
}

/// Writes a line to standard error; where nobody reads that, there is nobody to tell.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Input(diagnostics)
    }
}

/// The message, the line of the file with the place marked, and what to do.
fn render(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let message = told(&diagnostic.message);
    let title = Level::ERROR.primary_title(&*message);
    let file = &*inert(&diagnostic.place.file);
    // One sign for one, so that the places stay where they are.
    let line = diagnostic.place.excerpt.as_ref().map(|excerpt| inert(&excerpt.text).into_owned());
    let mut report = match &diagnostic.place.excerpt {
        Some(excerpt) => title.element(
            Snippet::source(line.as_deref().unwrap_or_default())
                .line_start(excerpt.line)
                .path(file)
                .annotation(AnnotationKind::Primary.span(span(excerpt, line.as_deref().unwrap_or_default()))),
        ),
        None => title.element(annotate_snippets::Origin::path(file)),
    };
    let hint = diagnostic.hint.as_deref().map(told);
    if let Some(hint) = &hint {
        report = report.element(Level::HELP.message(&**hint));
    }
    renderer.render(&[report])
}

/// The stretch as byte positions of its line.
fn span(excerpt: &Excerpt, line: &str) -> std::ops::Range<usize> {
    let position = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(position, _)| position);
    position(excerpt.column - 1)..position(excerpt.column - 1 + excerpt.length)
}
