//! Commands of the program as functions: what `[[expect]] run = …` asks for.

use super::args::{Cli, Command};
use super::failure::Failure;
use super::output::Capture;
use crate::diagnostic::Refused;
use crate::expect::Answer;
use crate::expect::select::select;
use std::path::Path;

/// Runs a command and selects a field of its JSON result. Words that name a file in the folder stand
/// for that file; commands that write files cannot be asked for.
///
/// # Errors
/// What the command says is wrong, or that its result has no such field.
///
/// ```
/// use reffect::cli::answer;
/// use reffect::expect::Answer;
///
/// let words = ["effect", "--proportion", "5/7"].map(str::to_owned);
/// assert_eq!(answer(&words, "proportion.k", std::path::Path::new("."))?, Answer::Number(5.0));
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn answer(words: &[String], at: &str, folder: &Path) -> Result<Answer, Refused> {
    select(&json(words, folder)?, at)
}

/// The JSON result of a command.
fn json(words: &[String], folder: &Path) -> Result<serde_json::Value, String> {
    let told = |problem: String| format!("`{}`: {problem}", words.join(" "));
    if let Some(word) = words.iter().find(|word| word.starts_with("-o") || word.starts_with("--output")) {
        return Err(told(format!("{word} writes a file, and an expectation only reads")));
    }
    // As it is typed in a terminal: the name of the program in front, and JSON, which it is anyway.
    let is_name = words.first().is_some_and(|word| word == "reffect");
    let own = words.iter().skip(usize::from(is_name)).filter(|word| *word != "--json");
    let mut resolved = own.map(|word| {
        let file = folder.join(word);
        if !word.starts_with('-') && file.exists() { file.display().to_string() } else { word.clone() }
    });
    // Behind the name of the command: at the end it would be taken for the value of an option that has none.
    let command = resolved.next().into_iter().chain(["--json".to_owned()]);
    let line = ["reffect".to_owned()].into_iter().chain(command).chain(resolved);
    let (Cli { command, mut common }, refused) = super::read(line.map(Into::into).collect()).map_err(|error| {
        let text = error.to_string();
        told(text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned())
    })?;
    refused.map_err(|failure| told(failure.message()))?;
    if !matches!(
        command,
        Command::Effect(_)
            | Command::Convert(_)
            | Command::Reconstruct(_)
            | Command::Meta(_)
            | Command::Fit(_)
            | Command::Show(_)
    ) {
        return Err(told("only effect, convert, reconstruct, meta, fit and show have a result to compare".to_owned()));
    }
    let capture = Capture::default();
    common.capture = Some(capture.clone());
    match super::execute(&command, &common) {
        // A contradiction has a result beside its exit status.
        Ok(()) => {}
        Err(failure @ Failure::Contradiction(_)) if capture.is_empty() => return Err(told(failure.message())),
        Err(Failure::Contradiction(_)) => {}
        Err(failure) => return Err(told(failure.message())),
    }
    serde_json::from_slice(&capture.take()).map_err(|error| told(format!("its result is no JSON: {error}")))
}
