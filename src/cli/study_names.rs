//! Names of studies where no column was named for them.

use super::meta::input::label;
use crate::formula::{Column, Frame};
use crate::numeric::numeral::plain_number;
use crate::report::meta::{Omitted, Part};
use std::collections::{HashMap, HashSet};

/// What a column of authors is called.
const AUTHORS: [&str; 4] = ["author", "authors", "author name", "authorname"];

/// What a column of names is called.
const NAMES: [&str; 9] =
    ["slab", "author", "authors", "author name", "authorname", "study", "study or subgroup", "trial", "name"];

/// Author and year, or a column that usually holds names, if that tells all rows apart; in a multilevel model
/// with the columns of `--random`, or those alone. Texts that still repeat are numbered, as metafor does
/// (`Ross 1990.1`, `Ross 1990.2`); the numbers of the rows are the names of all others.
pub fn usual_names(frame: &Frame, rows: &[usize], random: &[String]) -> Vec<String> {
    let all = names_of_all(frame, rows, random);
    rows.iter().map(|&row| all[row].clone()).collect()
}

/// The usual names of all rows of the table, those that are analysed and the others: one that is left out keeps its
/// number among rows of one name, and its own number where it has no name.
fn names_of_all(frame: &Frame, analysed: &[usize], random: &[String]) -> Vec<String> {
    let rows: Vec<usize> = (0..frame.len()).collect();
    let of = |name: &str| {
        let column = frame.column(named(frame, name)?)?;
        let all: Vec<Option<String>> = rows.iter().map(|&row| label(column, row)).collect();
        analysed.iter().all(|&row| all[row].is_some()).then_some(all)
    };
    let filled = |names: Vec<Option<String>>| -> Vec<String> {
        names
            .into_iter()
            .enumerate()
            .map(|(row, name)| name.unwrap_or_else(|| frame.number_of(row).to_string()))
            .collect()
    };
    let with_year = || {
        let (authors, years) = (AUTHORS.into_iter().find_map(of)?, of("year")?);
        Some(authors.into_iter().zip(years).map(|(author, year)| Some(format!("{} {}", author?, year?))).collect())
    };
    let known = NAMES.into_iter();
    let column = |name: &str| named(frame, name).and_then(|name| frame.column(name));
    let is_text = |name: &&str| matches!(column(name), Some(Column::Texts { .. }));
    let nested = nested_columns(random, frame);
    // Numbers of studies say less than the columns of the model.
    let alone = known.filter(|name| nested.is_empty() || is_text(name)).filter_map(of);
    let differ = |names: &Vec<String>| names.iter().collect::<HashSet<_>>().len() == names.len();
    let mut first = None;
    for names in with_year().into_iter().chain(alone).map(filled) {
        if differ(&names) {
            return names;
        }
        first.get_or_insert(names);
    }
    let is_number = |name: &String| plain_number(name).is_some();
    let numbered = first.as_deref().filter(|names| !names.iter().all(is_number)).map(numbered);
    let with_nested = first.map(|names| made_different(&names, &nested, frame, &rows));
    let nested_alone = (!nested.is_empty()).then(|| joined(&nested, frame, &rows));
    let numbers = || rows.iter().map(|&row| frame.number_of(row).to_string()).collect();
    with_nested.into_iter().chain(nested_alone).chain(numbered).find(differ).unwrap_or_else(numbers)
}

/// The names of the studies as the table has them, also where they repeat: those of a column, or of author and year, or
/// of a column that usually holds names.
pub fn names_as_written(frame: &Frame, slab: Option<&str>) -> Option<Vec<Option<String>>> {
    let of = |name: &str| {
        let column = frame.column(named(frame, name)?)?;
        Some((0..frame.len()).map(|row| label(column, row)).collect::<Vec<Option<String>>>())
    };
    if let Some(slab) = slab {
        let column = frame.column(slab)?;
        return Some((0..frame.len()).map(|row| label(column, row)).collect());
    }
    let with_year = || {
        let (authors, years) = (AUTHORS.into_iter().find_map(of)?, of("year")?);
        let both = |(author, year): (Option<String>, Option<String>)| Some(format!("{} {}", author?, year?));
        Some(authors.into_iter().zip(years).map(both).collect())
    };
    with_year().or_else(|| NAMES.into_iter().find_map(of))
}

/// Names of which those that repeat have a number behind them.
fn numbered(names: &[String]) -> Vec<String> {
    let mut all: HashMap<&str, usize> = HashMap::new();
    names.iter().for_each(|name| *all.entry(name).or_default() += 1);
    let mut so_far: HashMap<&str, usize> = HashMap::new();
    let mut numbered = Vec::with_capacity(names.len());
    for name in names {
        let at = so_far.entry(name).or_default();
        *at += 1;
        numbered.push(if all[name.as_str()] > 1 { format!("{name}.{at}") } else { name.clone() });
    }
    numbered
}

/// A column as the table writes its name: exactly so, or else the only one that differs in capitals and blanks alone.
fn named<'a>(frame: &'a Frame, name: &str) -> Option<&'a str> {
    let simple = |text: &str| {
        let words: Vec<String> = text.split([' ', '_', '.', '-']).map(str::to_lowercase).collect();
        words.join(" ")
    };
    let mut same = frame.names().filter(|known| simple(known) == name);
    let only = same.next().filter(|_| same.next().is_none());
    frame.names().find(|known| *known == name).or(only)
}

/// What a row has that was not analysed.
pub struct Left {
    /// Its effect and the variance of it, not finite where it has none.
    pub effect: (f64, f64),
    /// What it counts in the pooled effect all the same, in percent.
    pub weight: Option<f64>,
    /// Why it was left out.
    pub reason: String,
    /// What part it has all the same.
    pub part: Part,
}

/// The rows without a part in the analysis; `left` says what one of them has, and is none for the others.
pub fn omitted(
    frame: &Frame,
    slab: Option<&str>,
    random: &[String],
    rows: &[usize],
    left: impl Fn(usize) -> Option<Left>,
) -> Vec<Omitted> {
    let names = names_of_all(frame, rows, random);
    let row = |row: usize| {
        let Left { effect: (yi, vi), weight, reason, part } = left(row)?;
        let given = slab.and_then(|name| frame.column(name)).and_then(|column| label(column, row));
        let name = given.unwrap_or_else(|| names[row].clone());
        let known = |value: f64| value.is_finite().then_some(value);
        let above = rows.partition_point(|&kept| kept < row);
        Some(Omitted { above, name, yi: known(yi), vi: known(vi), weight, reason, part })
    };
    (0..frame.len()).filter_map(row).collect()
}

/// Names with the columns that tell studies of one name apart.
fn made_different(names: &[String], nested: &[String], frame: &Frame, rows: &[usize]) -> Vec<String> {
    let distinct: HashSet<&String> = names.iter().collect();
    // A column that says no more than the name does not make names differ.
    let adds = |column: &&String| {
        let own = texts(frame, column, rows);
        names.iter().zip(&own).collect::<HashSet<_>>().len() > distinct.len()
    };
    let telling: Vec<String> = nested.iter().filter(adds).cloned().collect();
    names.iter().zip(joined(&telling, frame, rows)).map(|(name, more)| format!("{name}, {more}")).collect()
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
            // As many decimals in each row: 1.5 and 2.0.
            let decimals = |row: &usize| values[*row].to_string().split_once('.').map_or(0, |(_, after)| after.len());
            let most = rows.iter().map(decimals).max().unwrap_or(0);
            let text = |value: f64| if value.is_nan() { String::new() } else { format!("{value:.most$}") };
            rows.iter().map(|&row| text(values[row])).collect()
        }
        None => vec![String::new(); rows.len()],
    }
}
