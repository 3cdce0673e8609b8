//! `reffect completions` and `reffect man`: what shells and manuals want of a program.

use super::args::Common;
use super::failure::Failure;
use super::output::{print, write_file};
use super::program::program;
use crate::diagnostic::meant_or_known;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect completions bash
  reffect completions zsh")]
pub struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect man
  reffect man -o reffect.1")]
pub struct ManArgs {
    /// The command whose page is written; without one, that of the program
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The completions of a shell, for its folder of them.
pub fn completions(args: &CompletionsArgs, common: &Common) -> Result<(), Failure> {
    common.given.none_of_every_command("completions")?;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program(), "reffect", &mut script);
    match &args.output {
        Some(path) => write_file(path, &script),
        None => print(&String::from_utf8_lossy(&script)),
    }
}

/// A manual page, as `man -l` shows it.
pub fn man(args: &ManArgs, common: &Common) -> Result<(), Failure> {
    common.given.none_of_every_command("a manual page")?;
    let mut whole = program();
    whole.build();
    let page = match &args.command {
        None => whole,
        Some(name) => {
            let found = whole.find_subcommand(name).cloned();
            let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
            found
                .ok_or_else(|| {
                    Failure::call(format!("there is no command `{name}`"), meant_or_known(name, "commands", known))
                })?
                .version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(page).render(&mut text);
    rendered.map_err(|error| Failure::call(format!("the page could not be made: {error}"), ""))?;
    match &args.output {
        Some(path) => write_file(path, &text),
        None => print(&String::from_utf8_lossy(&text)),
    }
}
