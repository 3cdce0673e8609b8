//! The options that stand in a call, so that one without effect is refused and not passed over.

use super::failure::Failure;
use crate::diagnostic::{keep_each_once, listed, meant_or_known};
use crate::effect::measures::{Field, measure};
use crate::read::{DataFile, data_files, tables_of_folder};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The options that a call gives, by their long names; those of every command are not among them.
#[derive(Clone, Debug, Default)]
pub struct Given {
    options: Vec<String>,
    of_every_command: Vec<String>,
}

impl Given {
    /// The options of the subcommand that was called.
    pub fn of(program: &Command, matches: &ArgMatches) -> Self {
        let Some((name, matches)) = matches.subcommand() else { return Self::default() };
        let Some(command) = program.find_subcommand(name) else { return Self::default() };
        let mut given = Self::default();
        for option in command.get_arguments() {
            let is_given = matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine);
            if let (true, Some(long)) = (is_given, option.get_long()) {
                let list = if option.is_global_set() { &mut given.of_every_command } else { &mut given.options };
                list.push(long.to_owned());
            }
        }
        given
    }

    /// Refuses an output that is one of the files that the call reads, also as one of a folder or beside another: it
    /// would be gone, exit status 0.
    pub fn refuse_to_overwrite_input(matches: &ArgMatches) -> Result<(), Failure> {
        const OUTPUTS: [&str; 2] = ["output", "data"];
        let Some((command, matches)) = matches.subcommand() else { return Ok(()) };
        let paths = |id: &str| paths_of(matches, id).into_iter().filter_map(|path| path.canonicalize().ok());
        let outputs: Vec<PathBuf> = OUTPUTS.iter().flat_map(|id| paths(id)).filter(|path| path.is_file()).collect();
        if outputs.is_empty() {
            return Ok(());
        }
        let ids = matches.ids().map(|id| id.as_str()).filter(|id| !OUTPUTS.contains(id));
        let named: Vec<PathBuf> = ids.flat_map(|id| paths_of(matches, id)).collect();
        let sources = paths_of(matches, "sources");
        let is_table_read = command == "check";
        let read = named.iter().flat_map(|path| read_of(path, sources.first(), is_table_read)).chain(named.clone());
        let inputs: Vec<PathBuf> = read.filter_map(|path| path.canonicalize().ok()).collect();
        match outputs.iter().find(|output| inputs.contains(output)) {
            Some(output) => {
                let name = output.file_name().unwrap_or_default().display();
                Err(Failure::call(
                    format!("{name} is read, and would be written over"),
                    "give the output a name of its own",
                ))
            }
            None => Ok(()),
        }
    }

    /// Refuses a `--map` of a name by which nothing asks for a column: its column would be gone under its own name.
    pub fn refuse_unused_map(matches: &ArgMatches) -> Result<(), Failure> {
        let Some((command, matches)) = matches.subcommand() else { return Ok(()) };
        let Ok(Some(map)) = matches.try_get_many::<(String, String)>("map") else { return Ok(()) };
        let known: Vec<&str> = match command {
            "convert" => super::convert::column_names().collect(),
            "check" => super::check::table_columns::names().collect(),
            _ => columns_of(command, matches),
        };
        let others = matches.ids().map(|id| id.as_str()).filter(|id| *id != "map");
        let values = others.filter_map(|id| matches.try_get_raw(id).ok().flatten()).flatten();
        let values: Vec<String> = values.map(|value| value.to_string_lossy().into_owned()).collect();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let is_named = |name: &str| {
            let stands_in = |value: &String| {
                value == name
                    || value.contains(&format!("`{name}`"))
                    || value.split(|c| !is_part(c)).any(|word| word == name)
            };
            known.contains(&name) || values.iter().any(stands_in)
        };
        match map.map(|(name, _)| name.as_str()).find(|name| !is_named(name)) {
            Some(name) => {
                let hint = meant_or_known(name, "columns", known.iter().copied());
                let hint = format!("{hint}; a column of a formula or an option goes by the name that stands there");
                Err(Failure::call(format!("--map {name}: nothing in this call is named {name}"), hint))
            }
            None => Ok(()),
        }
    }

    /// Refuses an option of every command where none has an effect.
    pub fn none_of_every_command(&self, what: &str) -> Result<(), Failure> {
        match self.of_every_command.first() {
            None => Ok(()),
            Some(option) => Err(Failure::call(format!("--{option} has no effect on {what}"), "leave it out")),
        }
    }

    /// Whether the call gives an option, also one of every command.
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().chain(&self.of_every_command).any(|given| given == option)
    }

    /// Refuses an option that has no effect, because it is not among those that have; `what` names what has no use
    /// for it.
    pub fn only(&self, with_effect: &[&[&str]], what: &str) -> Result<(), Failure> {
        let has_effect = |option: &str| option == "output" || with_effect.iter().any(|list| list.contains(&option));
        match self.options.iter().find(|option| !has_effect(option)) {
            None => Ok(()),
            Some(option) => {
                let mut names: Vec<String> = with_effect.concat().iter().map(|name| format!("--{name}")).collect();
                keep_each_once(&mut names);
                let hint = match &names[..] {
                    [] => "leave it out".to_owned(),
                    names => format!("leave it out; {} can be given there", listed(names)),
                };
                Err(Failure::call(format!("--{option} has no effect on {what}"), hint))
            }
        }
    }
}

/// The names by which a command asks for columns that no option names: those of the measure that is made.
fn columns_of(command: &str, matches: &ArgMatches) -> Vec<&'static str> {
    let code = matches.try_get_one::<String>("measure").ok().flatten();
    let of_code = |code: &String| measure(code).or_else(|_| measure(&code.to_ascii_uppercase())).ok();
    let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect::<Vec<_>>();
    match (command, code.and_then(of_code)) {
        ("effect", Some(made)) => names(&made.fields()),
        // The sizes of studies are asked for by what is plotted or regressed on them.
        (_, Some(made)) => names(&[&made.fields()[..], &[Field::Ni]].concat()),
        ("fit", None) => Vec::new(),
        _ => names(Field::ALL),
    }
}

/// The values of an option as paths, also those behind a name: `--known-cor COLUMN=FILE`.
fn paths_of(matches: &ArgMatches, id: &str) -> Vec<PathBuf> {
    let values = matches.try_get_raw(id).ok().flatten().into_iter().flatten();
    let both = |value: &OsStr| {
        let behind = value.to_str().and_then(|text| text.split_once('=')).map(|(_, path)| PathBuf::from(path.trim()));
        behind.into_iter().chain([PathBuf::from(value)])
    };
    values.flat_map(both).collect()
}

/// The files that are read where a path is named: the release files of a folder, the expectations beside a release,
/// the texts of their sources, and the tables of a folder without releases. What cannot be read is told later.
fn read_of(path: &Path, sources: Option<&PathBuf>, is_table_read: bool) -> Vec<PathBuf> {
    if !path.is_dir() && path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("toml")) {
        return Vec::new();
    }
    let files = data_files([path]).unwrap_or_default();
    let source = |file: &DataFile| Some(sources?.join(file.release().ok()??.source.file));
    let texts: Vec<PathBuf> = files.iter().filter_map(source).collect();
    let tables = Some(path).filter(|path| is_table_read && path.is_dir()).and_then(|path| tables_of_folder(path).ok());
    let tables = tables.filter(|(_, are_beside_releases)| !are_beside_releases).map(|(tables, _)| tables);
    files.iter().flat_map(DataFile::paths).chain(texts).chain(tables.unwrap_or_default()).collect()
}
