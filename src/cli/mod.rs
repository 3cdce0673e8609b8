//! The command-line program: the only place that prints or exits.

mod args;
mod check;
mod chosen;
mod commands;
mod convert;
mod effect;
mod explain;
mod failure;
mod fit;
mod given;
mod interrupt;
mod meta;
mod output;
mod plot;
mod program;
mod reconstruct;
mod report;
mod row_stream;
mod shell;
mod show;
mod simulate;
mod study_names;
mod table_args;
mod transcribe;
mod usual_names;

pub use commands::answer;

use args::{Cli, Color, Command, Common};
use clap::{FromArgMatches, ValueEnum};
use failure::Failure;
use given::Given;
use std::ffi::OsString;
use std::process::ExitCode;

/// The arguments, in which `help measures` stands for the catalogue of measures, which is help
/// that is made from a table.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1..3).is_some_and(|words| words == ["help", "measures"]) {
        arguments.splice(1..3, ["effect".into(), "--measures".into()]);
    }
    arguments
}

/// Reads the arguments, runs the command and returns the exit status: 0 done, 1 a claim does not
/// hold, 2 the input or the call is wrong.
pub fn run() -> ExitCode {
    let arguments = arguments();
    let color = color(&arguments);
    let (Cli { command, common }, refused) = match read(arguments.clone()) {
        Ok(call) => call,
        Err(told) => return show(&told, &arguments, color),
    };
    match refused.and_then(|()| execute(&command, &common)) {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads any more, as in `reffect show data | head`: that is no error.
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(common.color);
            failure.exit_code()
        }
    }
}

/// The colours that a call asks for, which hold also where it cannot be read.
fn color(arguments: &[OsString]) -> Color {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let value = |at: usize| match words[at].strip_prefix("--color") {
        Some("") => words.get(at + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    };
    let said = (0..words.len()).rev().find_map(value);
    said.and_then(|name| Color::from_str(name, false).ok()).unwrap_or(Color::Auto)
}

/// Reads the arguments, and whether their output would destroy their input or two of their forms exclude each other.
fn read(arguments: Vec<OsString>) -> Result<(Cli, Result<(), Failure>), clap::Error> {
    let mut program = program::program().color(color(&arguments).choice());
    let matches = program.try_get_matches_from_mut(program::with_values_below_zero(&program, arguments))?;
    let mut call = Cli::from_arg_matches(&matches)?;
    call.common.given = Given::of(&program, &matches);
    let refused = call.common.refuse_two_formats().and_then(|()| Given::refuse_to_overwrite_input(&matches));
    let refused = refused.and_then(|()| Given::refuse_unused_map(&matches));
    Ok((call, refused))
}

/// Shows what the reading of the arguments says: help, the version, or what is wrong with them.
fn show(told: &clap::Error, arguments: &[OsString], color: Color) -> ExitCode {
    let code = ExitCode::from(u8::try_from(told.exit_code()).unwrap_or(2));
    let better = program::chart_as_command(told)
        .or_else(|| program::option_from_elsewhere(told))
        .or_else(|| program::excluded(told, arguments));
    if let Some(failure) = better {
        failure.print(color);
        return failure.exit_code();
    }
    let text = told.render().to_string();
    let inert: Vec<String> = text.lines().map(failure::told).collect();
    if told.use_stderr() && !inert.iter().eq(text.lines()) {
        failure::tell(inert.join("\n").trim_end());
        return code;
    }
    let Some(error) = told.print().err().filter(|_| !told.use_stderr()) else { return code };
    let failure = output::no_output(&error);
    match failure {
        Failure::ClosedPipe => ExitCode::SUCCESS,
        failure => {
            failure.print(color);
            failure.exit_code()
        }
    }
}

fn execute(command: &Command, common: &Common) -> Result<(), Failure> {
    match command {
        Command::Show(args) => show::run(args, common),
        Command::Effect(args) => effect::run(args, common),
        Command::Convert(args) => convert::run(args, common),
        Command::Check(args) => check::run(args, common),
        Command::Reconstruct(args) => reconstruct::run(args, common),
        Command::Explain(args) => explain::run(args, common),
        Command::Transcribe(args) => transcribe::run(args, common),
        Command::Meta(args) => meta::run(args, common),
        Command::Fit(args) => fit::run(args, common),
        Command::Simulate(args) => simulate::run(args, common),
        Command::Plot(args) => plot::run(args, common),
        Command::Report(args) => report::run(args, common),
        Command::Completions(args) => shell::completions(args, common),
        Command::Man(args) => shell::man(args, common),
    }
}
