//! Data sets as lines of a file, written one by one.

use crate::reconstruct::DataSets;
#[cfg(all(feature = "csv", feature = "json"))]
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::ops::ControlFlow;

/// How a data set stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The n values, in rising order.
    Values,
    /// How many people have each value.
    Counts,
}

/// Writes data sets as CSV with a header line, until there are no more, `most` are written, or `go_on`
/// says to stop; it is asked after some thousands, with how many were written. Returns how many were.
///
/// # Errors
/// If the stream cannot be written.
pub fn write_csv(
    sets: &DataSets,
    layout: Layout,
    most: Option<u128>,
    out: &mut dyn Write,
    mut go_on: impl FnMut(u128) -> bool,
) -> io::Result<u128> {
    let texts = write_header(sets, layout, out)?;
    let (mut failed, mut line) = (None, Vec::new());
    let written = Cell::new(0u128);
    let go_on = RefCell::new(&mut go_on);
    let asked = || (go_on.borrow_mut())(written.get());
    let _ = sets.for_each_while(asked, |counts| {
        let done = written.get();
        if most.is_some_and(|most| done >= most) || (done.is_multiple_of(4096) && !asked()) {
            return ControlFlow::Break(());
        }
        line.clear();
        write_line(&texts, counts, layout, &mut line);
        if let Err(error) = out.write_all(&line) {
            failed = Some(error);
            return ControlFlow::Break(());
        }
        written.set(done + 1);
        ControlFlow::Continue(())
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(written.get()),
    }
}

/// Writes some data sets as CSV with a header line.
///
/// # Errors
/// If the stream cannot be written.
pub fn write_listed(sets: &DataSets, layout: Layout, listed: &[Vec<u32>], out: &mut dyn Write) -> io::Result<()> {
    let texts = write_header(sets, layout, out)?;
    let mut line = Vec::new();
    for counts in listed {
        line.clear();
        write_line(&texts, counts, layout, &mut line);
        out.write_all(&line)?;
    }
    Ok(())
}

/// Writes the header line; returns the texts of all values.
fn write_header(sets: &DataSets, layout: Layout, out: &mut dyn Write) -> io::Result<Vec<String>> {
    let texts: Vec<String> = sets.codes().iter().map(|code| sets.grid().text(*code)).collect();
    let header: Vec<String> = match layout {
        Layout::Values => (1..=sets.n()).map(|i| format!("x{i}")).collect(),
        Layout::Counts => texts.clone(),
    };
    writeln!(out, "{}", header.join(","))?;
    Ok(texts)
}

fn write_line(texts: &[String], counts: &[u32], layout: Layout, line: &mut Vec<u8>) {
    let mut digits = DigitBuffer::default();
    for (text, count) in texts.iter().zip(counts) {
        match layout {
            Layout::Values => {
                for _ in 0..*count {
                    line.extend_from_slice(text.as_bytes());
                    line.push(b',');
                }
            }
            Layout::Counts => {
                line.extend_from_slice(digits.of(*count));
                line.push(b',');
            }
        }
    }
    line.pop();
    line.push(b'\n');
}

/// The digits of a number without an allocation.
#[derive(Default)]
struct DigitBuffer([u8; 10]);

impl DigitBuffer {
    fn of(&mut self, mut number: u32) -> &[u8] {
        let mut start = self.0.len();
        loop {
            start -= 1;
            self.0[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                return &self.0[start..];
            }
        }
    }
}

/// About how many bytes a line takes.
pub fn bytes_a_line(sets: &DataSets, layout: Layout) -> u64 {
    let texts: Vec<usize> = sets.codes().iter().map(|code| sets.grid().text(*code).len()).collect();
    let widest = texts.iter().copied().max().unwrap_or(1) as u64;
    match layout {
        Layout::Values => sets.n() * (widest + 1),
        Layout::Counts => 3 * texts.len() as u64,
    }
}

/// How many data sets there are behind each cell, and the ranges over their pairings, as a table: a row a quantity of
/// what [`reconstruct_document`](super::json::reconstruct_document) tells, with its ends or its value.
#[cfg(all(feature = "csv", feature = "json"))]
pub fn ranges_csv(document: &Value) -> String {
    let readings = match document["readings"].as_array() {
        Some(readings) => readings.iter().collect(),
        None => vec![document],
    };
    let mut rows = Vec::new();
    for reading in readings {
        let sd = reading["sd"].as_str().unwrap_or_default();
        let mut row = |quantity: String, [lower, upper, value]: [String; 3]| {
            rows.push(vec![sd.to_owned(), quantity, lower, upper, value]);
        };
        for cell in ["before", "after", "group1", "group2"] {
            let mut value = |name: &str, value: &Value| {
                row(format!("{cell}_{name}"), [String::new(), String::new(), as_field(value)]);
            };
            if let Some(count) = reading[cell].get("count") {
                value("count", count);
            }
            for (name, part) in reading[cell]["count_estimate"].as_object().into_iter().flatten() {
                value(&format!("count_{name}"), part);
            }
        }
        for part in ["paired", "independent"] {
            for (name, value) in reading[part].as_object().into_iter().flatten() {
                match value {
                    Value::Array(ends) if ends.len() == 2 && !ends[0].is_array() => {
                        row(name.clone(), [as_field(&ends[0]), as_field(&ends[1]), String::new()]);
                    }
                    // The extremes that data sets were found for, inside of bounds.
                    Value::Object(inner) => inner.iter().for_each(|(of, ends)| {
                        row(format!("{name}_{of}"), [as_field(&ends[0]), as_field(&ends[1]), String::new()]);
                    }),
                    Value::Array(_) => {}
                    value => row(name.clone(), [String::new(), String::new(), as_field(value)]),
                }
            }
        }
    }
    super::csv::table(&["sd", "quantity", "lower", "upper", "value"], rows)
}

#[cfg(all(feature = "csv", feature = "json"))]
fn as_field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
