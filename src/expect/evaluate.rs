//! From an expectation to a verdict.

use super::compare::{Answer, Tolerance, compare, rewritten};
use super::of_release::{self, Answers, EffectAsked};
use super::update::Update;
use crate::check::{Check, ChosenCodes, Status, of_behind};
use crate::diagnostic::Refused;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::{Behind, behind as reconstructed};
use crate::reported::{Asked, Expectation, ExpectedPart, Release};
use std::path::Path;

/// Runs a command of the program and selects a field of its JSON result. It is given the words of the
/// command, the field and the folder of the file that asks.
pub type Commands<'a> = &'a (dyn Fn(&[String], &str, &Path) -> Result<Answer, Refused> + Sync);

/// The code of their check.
pub const EXPECTATION: &str = "expectation";

/// What expectations are judged with.
pub struct Context<'a> {
    /// The name of the file in results.
    pub name: &'a str,
    /// The folder of the file: commands find their tables there.
    pub folder: &'a Path,
    /// The release, with what has been found out about it, where the file belongs to one.
    pub release: Option<(&'a Release, &'a [Behind], &'a [Check])>,
    /// How numbers were rounded, unless the expectation says otherwise.
    pub rounding: Rounding,
    /// Runs commands, where there is a program to run them with.
    pub commands: Option<Commands<'a>>,
}

/// The verdict on an expectation, and what would have to be rewritten for it to hold.
pub fn evaluate(expectation: &Expectation, context: &Context<'_>) -> (Check, Vec<Update>) {
    let verdict = answers(&expectation.result, context, expectation.rounding.unwrap_or(context.rounding));
    let expected = expectation.values.iter().map(told).collect::<Vec<_>>().join(", ");
    // A check is not refused: it is not decidable.
    let is_verdict = matches!(expectation.result, Asked::Verdict { .. });
    let spoken = match expected.strip_prefix("refused: ").filter(|_| is_verdict) {
        Some(reason) => format!("not decidable: {reason}"),
        None => expected.clone(),
    };
    let mut check = Check {
        release: context.name.to_owned(),
        subject: expectation.result.to_string(),
        code: EXPECTATION,
        status: Status::Pass,
        message: match &expectation.within {
            Some(within) => format!("it is within {within} of {spoken}; source: {}", expectation.source),
            None => format!("it is {spoken}; source: {}", expectation.source),
        },
        expected: Some(expected),
        found: None,
        place: Some(expectation.place.clone()),
    };
    if matches!(expectation.result, Asked::Run { .. }) && context.commands.is_none() {
        check.status = Status::Refused;
        check.message = "not decidable: commands are run by `reffect check`".to_owned();
        return (check, Vec::new());
    }
    let answers = match verdict {
        Ok(answers) => answers,
        Err(problem) => {
            check.status = Status::Fail;
            check.message = format!("{problem} (source of the expectation: {})", expectation.source);
            return (check, Vec::new());
        }
    };
    let tolerance =
        Tolerance { rounding: expectation.rounding.unwrap_or(context.rounding), within: expectation.within };
    let (mut missed, mut found, mut updates) = (Vec::new(), Vec::new(), Vec::new());
    for part in &expectation.values {
        let Some((_, answer)) = answers.iter().find(|(key, _)| *key == part.key) else {
            let known = answers.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
            missed.push(format!("this result has no `{}`; it has {known}", part.key));
            continue;
        };
        let Some(difference) = compare(&part.value, answer, tolerance) else { continue };
        missed.push(format!("{}found {}: {}", prefix(part), difference.found, difference.why));
        found.push(format!("{}{}", prefix(part), difference.found));
        for (span, text) in part.spans.iter().zip(rewritten(&part.value, answer, tolerance).unwrap_or_default()) {
            updates.push(Update { place: expectation.place.clone(), span: span.clone(), text });
        }
    }
    if !missed.is_empty() {
        check.status = Status::Fail;
        check.message = format!("{} (source of the expectation: {})", missed.join("; "), expectation.source);
        check.found = Some(found.join(", "));
    }
    (check, updates)
}

fn told(part: &ExpectedPart) -> String {
    let value = part.value.to_string();
    match part.key.as_str() {
        "ci" => format!("CI {value}"),
        "rounding_range" => format!("rounding alone {value}"),
        // A comparison says of what it is one.
        "p" if value.starts_with('p') => value,
        _ => format!("{}{value}", prefix(part)),
    }
}

fn prefix(part: &ExpectedPart) -> String {
    if part.key == "is" { String::new() } else { format!("{} ", part.key) }
}

fn answers(asked: &Asked, context: &Context<'_>, rounding: Rounding) -> Result<Answers, Refused> {
    let of_release = || {
        let name = context.name;
        let absent = || format!("there is no release {name}.toml beside this file: only `run` can be expected here");
        context.release.ok_or_else(absent)
    };
    let (release, behind, checks) = match asked {
        Asked::Run { words, at } => {
            let commands = context.commands.ok_or("there is no program to run commands with")?;
            return Ok(vec![("is", commands(words, at, context.folder)?)]);
        }
        _ => of_release()?,
    };
    // What was found out of the release so far is of the rounding of the whole run.
    let anew = (rounding != context.rounding).then(|| reconstructed(release, rounding));
    let behind = anew.as_deref().unwrap_or(behind);
    match asked {
        Asked::Cell(cell) => of_release::cell(release, cell),
        Asked::Number { number } => of_release::number(release, number),
        Asked::Proportion { number } => of_release::proportion(release, number, rounding),
        Asked::Effect { cell, versus, measure, r, level } => {
            let asked = EffectAsked { cell, versus: versus.as_deref(), measure, r: *r, level: *level };
            of_release::effect(release, &asked, rounding)
        }
        Asked::Verdict { check, subject } => {
            let select = std::slice::from_ref(check);
            let anew =
                anew.as_ref().map(|behind| of_behind(release, behind, ChosenCodes { select, ignore: &[] }, rounding));
            // Those of the source know no rounding.
            let checks = anew.as_deref().filter(|made| !made.is_empty()).unwrap_or(checks);
            of_release::verdict(checks, check, subject.as_deref())
        }
        Asked::Sets(cell) => of_release::sets(release, behind, cell),
        Asked::Pairing { cell, quantity } => of_release::pairing(release, behind, cell, quantity),
        Asked::Run { .. } => Err("commands are answered above".into()),
    }
}
