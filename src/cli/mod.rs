//! The command-line program: the only place that prints or exits.

mod args;
mod check;
mod check_table;
mod convert;
mod effect;
mod effect_args;
mod effect_counts;
mod effect_table;
mod explain;
mod failure;
mod fit;
mod fit_args;
mod fit_counts;
mod fit_input;
mod fit_lmm;
mod fit_reconstructed;
mod fit_residual;
mod interrupt;
mod meta;
mod meta_args;
mod meta_around;
mod meta_counts;
mod meta_input;
mod meta_levels;
mod meta_scale;
mod output;
mod plot;
mod reconstruct;
mod reconstruct_args;
mod report;
mod show;
mod table_args;

use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

/// Reads the arguments, runs the command and returns the exit status: 0 done, 1 a claim does not
/// hold, 2 the input or the call is wrong.
pub fn run() -> ExitCode {
    let Cli { command, common } = Cli::parse();
    let done = match &command {
        Command::Show(args) => show::run(args, &common),
        Command::Effect(args) => effect::run(args, &common),
        Command::Convert(args) => convert::run(args, &common),
        Command::Check(args) => check::run(args, &common),
        Command::Reconstruct(args) => reconstruct::run(args, &common),
        Command::Explain(args) => explain::run(args, &common),
        Command::Meta(args) => meta::run(args, &common),
        Command::Fit(args) => fit::run(args, &common),
        Command::Plot(args) => plot::run(args, &common),
        Command::Report(args) => report::run(args, &common),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads any more, as in `reffect show data | head`: that is no error.
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(common.color);
            failure.exit_code()
        }
    }
}
