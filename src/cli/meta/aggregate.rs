//! `reffect meta --aggregate`: one effect from those of each level of a column.

use super::input::{Done, Read, is_missing, labels, omissions};
use crate::cli::failure::Failure;
use crate::diagnostic::listed;
use crate::formula::{Column, Frame};
use crate::meta::aggregate::aggregate;
use std::collections::HashMap;

/// The table with a row for each level. Other columns keep what all rows of a level with an effect share; numbers that
/// differ within a level are averaged, and texts that differ are missing. Missing values say nothing.
pub fn aggregated(read: Read, column: &str, rho: f64) -> Result<Read, Failure> {
    if !(-1.0..=1.0).contains(&rho) {
        return Err(Failure::call("--rho is a correlation between −1 and 1", "for example --rho 0.5"));
    }
    let all = 0..read.frame.len();
    let absent: Vec<Option<String>> =
        all.clone().map(|row| is_missing(&read.frame, column, row).then(|| column.to_owned())).collect();
    let known: Vec<usize> = all.filter(|row| absent[*row].is_none()).collect();
    let levels = labels(&read.frame, column, &known)?;
    if levels.is_empty() {
        return Err(Failure::call(format!("--aggregate: the column `{column}` is empty"), "name a column of studies"));
    }
    let mut order: Vec<(&String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&String, usize> = HashMap::new();
    for (&row, level) in known.iter().zip(&levels) {
        let place = *places.entry(level).or_insert(order.len());
        if place == order.len() {
            order.push((level, Vec::new()));
        }
        order[place].1.push(row);
    }
    // As in metafor, rows without an effect are not there for the other columns either, where a level has others.
    let has_effect = |row: &usize| !read.yi[*row].is_nan() && !read.vi[*row].is_nan();
    let (mut yi, mut vi, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (_, rows) in &order {
        let whole: Vec<usize> = rows.iter().copied().filter(has_effect).collect();
        if whole.is_empty() {
            yi.push(f64::NAN);
            vi.push(f64::NAN);
            groups.push(rows.clone());
            continue;
        }
        let pick = |values: &[f64]| whole.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let one = aggregate(&pick(&read.yi), &pick(&read.vi), rho)?;
        yi.push(one.yi);
        vi.push(one.vi);
        groups.push(whole);
    }
    let mut notes = read.notes;
    notes.extend(omissions(&absent, &read.lines));
    notes.push(format!(
        "{} effects were aggregated into {}, one for each level of {column}, with a correlation of {rho} between the \
         sampling errors of a level",
        known.iter().filter(|row| has_effect(row)).count(),
        yi.iter().filter(|effect| !effect.is_nan()).count()
    ));
    let (frame, averaged) = one_row_each(&read.frame, &groups);
    let averaged: Vec<&String> = averaged.iter().filter(|name| !read.names.contains(name)).collect();
    if !averaged.is_empty() {
        notes.push(format!("columns that differ within a level are averaged: {}", listed(averaged)));
    }
    let lines = order.iter().map(|(_, rows)| read.lines[rows[0]]).collect();
    // The levels name the rows; a column that --slab names comes before it.
    let slab = Some(column.to_owned());
    let source = read.source.aggregated(column, rho);
    let constant_in = |rows: &Vec<usize>| read.done.added.iter().find(|(row, _)| rows.contains(row)).map(|of| of.1);
    let added = groups.iter().enumerate().filter_map(|(at, rows)| Some((at, constant_in(rows)?))).collect();
    Ok(Read {
        frame,
        lines,
        names: read.names,
        yi,
        vi,
        notes,
        slab,
        source,
        shared: None,
        done: Done { added, caveats: read.done.caveats },
    })
}

/// A table with a row for each group of rows, and the columns of which numbers were averaged.
fn one_row_each(frame: &Frame, groups: &[Vec<usize>]) -> (Frame, Vec<String>) {
    let (mut table, mut averaged) = (Frame::default(), Vec::new());
    for name in frame.names() {
        match frame.column(name) {
            Some(Column::Numbers(values)) => {
                let known = |rows: &Vec<usize>| -> Vec<f64> {
                    rows.iter().map(|&row| values[row]).filter(|value| !value.is_nan()).collect()
                };
                let all: Vec<Vec<f64>> = groups.iter().map(known).collect();
                if all.iter().any(|of| of.iter().any(|value| *value != of[0])) {
                    averaged.push(name.to_owned());
                }
                // Of no numbers the mean is NaN: a missing one.
                table.numbers(name, all.iter().map(|of| of.iter().sum::<f64>() / of.len() as f64).collect());
            }
            Some(Column::Texts { values, .. }) => {
                let shared = |rows: &Vec<usize>| {
                    let mut known = rows.iter().filter_map(|&row| values[row].as_ref());
                    let first = known.next()?;
                    known.all(|other| other == first).then(|| first.clone())
                };
                table.texts(name, groups.iter().map(shared));
            }
            None => {}
        }
    }
    (table, averaged)
}
