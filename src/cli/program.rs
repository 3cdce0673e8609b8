//! The program as clap sees it, with texts that flow.

use super::args::Cli;
use super::failure::Failure;
use super::plot::args::ChartKind;
use crate::numeric::numeral::plain_number;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, ValueEnum};
use std::ffi::OsString;

/// All commands. The texts under the options are written in lines for the source's sake; here they become
/// paragraphs, which are broken where the terminal ends.
pub fn program() -> Command {
    Cli::command().mut_subcommands(|command| {
        // A number may be below 0 behind any option, also where none makes sense: that is told by the option.
        let command = command.mut_args(|option| {
            let takes_number = option.get_action().takes_values() && !option.is_allow_hyphen_values_set();
            option.allow_negative_numbers(takes_number)
        });
        match command.get_after_help().map(ToString::to_string) {
            Some(text) => command.after_help(flowing(&text)),
            None => command,
        }
    })
}

/// The arguments, in which a value behind its option that begins with a minus sign and no letter, such as −1/5, "−5 points"
/// or −,+, is joined to it: by itself it would be taken for an option. Numbers below 0 are known as such.
pub fn with_values_below_zero(program: &Command, arguments: Vec<OsString>) -> Vec<OsString> {
    let named = arguments.iter().skip(1).find_map(|word| program.find_subcommand(word));
    let takes_value = |option: &str| {
        let option = named?.get_arguments().find(|known| known.get_long() == Some(option))?;
        Some(option.get_action().takes_values())
    };
    let mut joined: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut is_over = false;
    for word in arguments {
        is_over |= word == "--";
        let option = joined.last().and_then(|option| option.to_str()?.strip_prefix("--"));
        let begins_below = word.to_str().and_then(|text| text.strip_prefix('-')).is_some_and(|rest| {
            rest.starts_with(|first: char| first != '-' && !first.is_alphabetic()) && plain_number(rest).is_none()
        });
        match option.and_then(takes_value) {
            Some(true) if begins_below && !is_over => {
                if let Some(option) = joined.last_mut() {
                    option.push("=");
                    option.push(word);
                }
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// What to do where a chart is called as if it were a command.
pub fn chart_as_command(error: &clap::Error) -> Option<Failure> {
    match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) if ChartKind::from_str(name, true).is_ok() => {
            Some(Failure::call(format!("`{name}` is a chart, and no command"), format!("reffect plot {name} …")))
        }
        _ => None,
    }
}

/// What to do instead of an option that other programs have, or that stands elsewhere here: better than the name that
/// happens to look like it.
pub fn option_from_elsewhere(error: &clap::Error) -> Option<Failure> {
    const OPTIONS: [(&str, &str); 10] = [
        ("--forest", "`reffect plot forest` draws it, with the same options"),
        ("--funnel", "`reffect plot funnel` draws it, with the same options"),
        (
            "--order",
            "`reffect plot` has it, for charts; `meta --cumulative COLUMN` adds studies in the order of a column",
        ),
        ("--digits", "there is no such option: --json and --format csv have every digit"),
        ("--fixed", "--method EE is the equal-effects model, and --method FE the fixed-effects model"),
        ("--random-effects", "--method REML is the random-effects model; it is what is fitted unless asked otherwise"),
        ("--data", "the table stands by itself, without an option"),
        ("--conf-level", "--level 0.95"),
        ("--reml", "restricted maximum likelihood is what is fitted unless asked otherwise: leave it out"),
        ("--robust", "`meta --cluster COLUMN` has robust standard errors, for effects that belong together"),
    ];
    const METHODS: [(&str, &str); 2] = [
        ("MH", "--mh is the method of Mantel and Haenszel; --method names how τ² is estimated"),
        ("PETO", "--peto is the method of Peto; --method names how τ² is estimated"),
    ];
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg)?;
    if error.kind() == ErrorKind::UnknownArgument {
        let name = option.split(['=', ' ']).next().unwrap_or_default();
        let (name, hint) = OPTIONS.iter().find(|(known, _)| *known == name)?;
        return Some(Failure::call(format!("there is no option `{name}` here"), *hint));
    }
    let value = text(ContextKind::InvalidValue)?;
    let (_, hint) =
        METHODS.iter().find(|(known, _)| option.starts_with("--method") && value.eq_ignore_ascii_case(known))?;
    Some(Failure::call(format!("--method has no `{value}`"), *hint))
}

/// Which of the words of a call exclude each other: clap names every option that another one excludes, also those that
/// nobody gave, and a way of calling that is refused in turn.
pub fn excluded(error: &clap::Error, arguments: &[OsString]) -> Option<Failure> {
    if error.kind() != ErrorKind::ArgumentConflict {
        return None;
    }
    let Some(ContextValue::String(one)) = error.get(ContextKind::InvalidArg) else { return None };
    let others = match error.get(ContextKind::PriorArg)? {
        ContextValue::String(other) => std::slice::from_ref(other),
        ContextValue::Strings(others) => others,
        _ => return None,
    };
    let is_given = |shown: &str| {
        let option = option_of(shown);
        let short = option.strip_prefix('-').and_then(|name| name.get(..2));
        let names =
            |word: &str| word.split('=').next() == Some(option) || short.is_some_and(|name| word.starts_with(name));
        !option.starts_with('-') || arguments.iter().filter_map(|word| word.to_str()).any(names)
    };
    let other = others.iter().find(|other| is_given(other))?;
    let (one, other) = (option_of(one), option_of(other));
    Some(if one == other {
        Failure::call(format!("{one} is given twice"), "give it once")
    } else {
        Failure::call(format!("{one} and {other} exclude each other"), "leave one of them out")
    })
}

/// The name of an option that stands with its value, such as `--r <R>`.
fn option_of(shown: &str) -> &str {
    shown.split([' ', '=', '[']).find(|part| !part.is_empty()).unwrap_or(shown).trim_end_matches([']', '.'])
}

/// Joins the lines of paragraphs; indented lines, such as examples, and empty ones stay as they are.
fn flowing(text: &str) -> String {
    let mut flowing = String::with_capacity(text.len());
    let mut is_open = false;
    for line in text.lines() {
        let is_text = !line.is_empty() && !line.starts_with(' ');
        if !flowing.is_empty() {
            flowing.push(if is_open && is_text { ' ' } else { '\n' });
        }
        flowing.push_str(line);
        is_open = is_text;
    }
    flowing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exclusions_name_what_was_given() {
        let told = |words: &[&str]| {
            let arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
            let error = program().try_get_matches_from(arguments.clone()).expect_err("a call that excludes itself");
            excluded(&error, &arguments).map(|failure| failure.message())
        };
        let named = |words: &[&str], message: &str| assert!(told(words).is_some_and(|told| told.contains(message)));
        named(&["reffect", "effect", "--table", "1,2,3,4", "--r", "0.3"], "--table and --r exclude");
        named(&["reffect", "meta", "--sei=a", "--vi", "b", "t.csv"], "--sei and --vi exclude");
        named(&["reffect", "reconstruct", "1 ± 1", "-n", "3", "-n", "4"], "--n is given twice");
        assert!(told(&["reffect", "show", "--nothing"]).is_none());
    }

    #[test]
    fn paragraphs_are_joined_and_examples_are_not() {
        let text = "Examples:\n  reffect a\n  reffect b\n\nOne\ntwo.\n\nThree";
        assert_eq!(flowing(text), "Examples:\n  reffect a\n  reffect b\n\nOne two.\n\nThree");
    }
}
