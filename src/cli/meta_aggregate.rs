//! `reffect meta --aggregate`: one effect from those of each level of a column.

use super::failure::Failure;
use super::meta_input::{Read, labels};
use crate::formula::{Column, Frame};
use crate::meta::aggregate::aggregate;
use std::collections::HashMap;

/// The table with a row for each level. Other columns keep what all rows of a level share; numbers that differ
/// within a level are averaged, and texts that differ are missing.
pub fn aggregated(read: Read, column: &str, rho: f64) -> Result<Read, Failure> {
    if !(-1.0..=1.0).contains(&rho) {
        return Err(Failure::call("--rho is a correlation between −1 and 1", "for example --rho 0.5"));
    }
    let all: Vec<usize> = (0..read.frame.len()).collect();
    let levels = labels(&read.frame, column, &all)?;
    let mut order: Vec<(&String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&String, usize> = HashMap::new();
    for (row, level) in levels.iter().enumerate() {
        let place = *places.entry(level).or_insert(order.len());
        if place == order.len() {
            order.push((level, Vec::new()));
        }
        order[place].1.push(row);
    }
    let (mut yi, mut vi) = (Vec::new(), Vec::new());
    for (_, rows) in &order {
        let whole: Vec<usize> =
            rows.iter().copied().filter(|&row| !read.yi[row].is_nan() && !read.vi[row].is_nan()).collect();
        let pick = |values: &[f64]| whole.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        if whole.is_empty() {
            yi.push(f64::NAN);
            vi.push(f64::NAN);
            continue;
        }
        let one = aggregate(&pick(&read.yi), &pick(&read.vi), rho)?;
        yi.push(one.yi);
        vi.push(one.vi);
    }
    let mut notes = read.notes;
    notes.push(format!(
        "{} effects were aggregated into {}, one for each level of {column}, with a correlation of {rho} between the \
         sampling errors of a level",
        read.yi.len(),
        order.len()
    ));
    let mut frame = Frame::default();
    let mut averaged = Vec::new();
    for name in read.frame.names() {
        match read.frame.column(name) {
            Some(Column::Numbers(values)) => {
                let differs = |rows: &Vec<usize>| rows.iter().any(|&row| values[row] != values[rows[0]]);
                if order.iter().any(|(_, rows)| differs(rows)) {
                    averaged.push(name.to_owned());
                }
                let mean = |rows: &Vec<usize>| rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64;
                frame.numbers(name, order.iter().map(|(_, rows)| mean(rows)).collect());
            }
            Some(Column::Texts { values, .. }) => {
                let shared = |rows: &Vec<usize>| {
                    values[rows[0]].clone().filter(|first| rows.iter().all(|&row| values[row].as_ref() == Some(first)))
                };
                frame.texts(name, order.iter().map(|(_, rows)| shared(rows)));
            }
            None => {}
        }
    }
    averaged.retain(|name| !read.names.contains(name));
    if !averaged.is_empty() && averaged.len() <= 12 {
        notes.push(format!("columns that differ within a level are averaged: {}", averaged.join(", ")));
    }
    let lines = order.iter().map(|(_, rows)| read.lines[rows[0]]).collect();
    // The levels name the rows; a column that --slab names comes before it.
    let slab = Some(column.to_owned());
    let source = read.source.aggregated(column, rho);
    Ok(Read { frame, lines, names: read.names, yi, vi, notes, slab, source })
}
