//! Names of studies, from the columns that usually hold them.

use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::labels;
use crate::formula::{Column, Frame};
use std::collections::HashSet;

/// Columns of texts that name a study, the most telling first.
const NAMES: [&str; 7] = ["slab", "author", "study", "trial", "name", "label", "source"];

/// The names of studies: of the column that `--slab` asks for, or guessed; the numbers of the rows where nothing
/// names them.
pub fn study_names(args: &MetaArgs, frame: &Frame, rows: &[usize]) -> Result<Vec<String>, Failure> {
    match &args.input.slab {
        Some(column) => labels(frame, column, rows),
        None => {
            Ok(guessed(args, frame, rows).unwrap_or_else(|| rows.iter().map(|row| (row + 1).to_string()).collect()))
        }
    }
}

/// Names from the columns that usually hold them, made different by the columns that `--random` names;
/// numbers alone name nothing unless they are those of `--random`.
fn guessed(args: &MetaArgs, frame: &Frame, rows: &[usize]) -> Option<Vec<String>> {
    let nested = nested_columns(&args.levels.random, frame);
    let Some(names) = named(frame, rows) else {
        let first = ["study", "trial"].into_iter().find(|name| frame.column(name).is_some());
        return match (nested.is_empty(), first) {
            (true, first) => first.map(|name| texts(frame, name, rows)),
            (false, _) => Some(joined(&nested, frame, rows)),
        };
    };
    let distinct: HashSet<&String> = names.iter().collect();
    if distinct.len() == names.len() || nested.is_empty() {
        return Some(names);
    }
    // A column that says no more than the name does not make names differ.
    let adds = |column: &&String| {
        let own = texts(frame, column, rows);
        let pairs: HashSet<(&String, &String)> = names.iter().zip(&own).collect();
        pairs.len() > distinct.len()
    };
    let telling: Vec<String> = nested.iter().filter(adds).cloned().collect();
    let more = joined(&telling, frame, rows);
    Some(names.into_iter().zip(more).map(|(name, more)| [name, more].join(", ")).collect())
}

/// Author with year, or the first column of texts that names studies.
fn named(frame: &Frame, rows: &[usize]) -> Option<Vec<String>> {
    if frame.column("author").is_some() && frame.column("year").is_some() {
        let pairs = texts(frame, "author", rows).into_iter().zip(texts(frame, "year", rows));
        return Some(pairs.map(|(author, year)| format!("{author} {year}").trim().to_owned()).collect());
    }
    let is_text = |name: &&&str| matches!(frame.column(name), Some(Column::Texts { .. }));
    NAMES.iter().find(is_text).map(|name| texts(frame, name, rows))
}

/// The columns of `--random`, outer ones first: `1 | district/school`, `outcome | trial`.
fn nested_columns(random: &[String], frame: &Frame) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for term in random {
        let (inner, outer) = term.split_once('|').unwrap_or(("", term));
        let words = [outer, inner].map(|side| side.split(|c: char| !(c.is_alphanumeric() || "_.".contains(c))));
        for word in words.into_iter().flatten().filter(|word| frame.column(word).is_some()) {
            if !found.iter().any(|known| known == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// “district 11, school 2”; texts speak for themselves.
fn joined(columns: &[String], frame: &Frame, rows: &[usize]) -> Vec<String> {
    let all: Vec<(Option<&String>, Vec<String>)> = columns
        .iter()
        .map(|name| {
            let is_number = matches!(frame.column(name), Some(Column::Numbers(_)));
            (is_number.then_some(name), texts(frame, name, rows))
        })
        .collect();
    let part = |name: &Option<&String>, text: &String| name.map_or(text.clone(), |name| format!("{name} {text}"));
    let of_row = |at: usize| all.iter().map(|(name, own)| part(name, &own[at])).collect::<Vec<_>>().join(", ");
    (0..rows.len()).map(of_row).collect()
}

/// The texts of a column; empty where one is missing.
pub fn texts(frame: &Frame, name: &str, rows: &[usize]) -> Vec<String> {
    match frame.column(name) {
        Some(Column::Texts { values, .. }) => rows.iter().map(|&row| values[row].clone().unwrap_or_default()).collect(),
        Some(Column::Numbers(values)) => {
            let text = |value: f64| if value.is_nan() { String::new() } else { value.to_string() };
            rows.iter().map(|&row| text(values[row])).collect()
        }
        None => vec![String::new(); rows.len()],
    }
}
