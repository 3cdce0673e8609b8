//! `reffect meta --mh` and `--peto`: from a table of counts to a pooled effect.

use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::{input_error, labels, numbers};
use crate::meta::mantel_haenszel::{Counts, MantelHaenszel, mantel_haenszel, peto};
use crate::read::Table;

/// A pooled effect with the names of its studies.
pub struct Pooled {
    pub result: MantelHaenszel,
    pub slab: Vec<String>,
    pub notes: Vec<String>,
}

pub fn pool_counts(args: &MetaArgs, level: f64) -> Result<Pooled, Failure> {
    let measure = args.counts.count_measure();
    let is_rate = measure.as_ref().is_ok_and(|measure| measure.is_rate());
    let table = Table::open(&args.file, args.delimiter).map_err(input_error)?;
    let has = |name: &str| table.column(name).is_some();
    let names: Vec<&str> = match (is_rate, has("n1i") && has("n2i")) {
        (true, _) => vec!["x1i", "t1i", "x2i", "t2i"],
        (false, true) => vec!["ai", "n1i", "ci", "n2i"],
        (false, false) => vec!["ai", "bi", "ci", "di"],
    };
    let missing: Vec<&str> =
        names.iter().copied().chain(args.input.slab.as_deref()).filter(|name| !has(name)).collect();
    if !missing.is_empty() {
        return Err(input_error(table.missing(&missing)));
    }
    let (frame, lines) = table.into_frame(&names).map_err(input_error)?;
    let columns: Vec<Vec<f64>> = names.iter().map(|name| numbers(&frame, name)).collect();
    let is_whole = |row: &usize| columns.iter().all(|column| !column[*row].is_nan());
    let rows: Vec<usize> = (0..frame.len()).filter(is_whole).collect();
    let mut notes: Vec<String> = (0..frame.len())
        .filter(|row| !is_whole(row))
        .map(|row| format!("line {} left out: a count is missing", lines[row]))
        .collect();
    let is_cells = names[1] == "bi";
    let counts: Vec<Counts> = rows
        .iter()
        .map(|&row| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|column: usize| columns[column][row]);
            let (size1, size2) = if is_cells { (a + b, c + d) } else { (b, d) };
            Counts { events1: a, size1, events2: c, size2 }
        })
        .collect();
    let result = if args.counts.peto {
        peto(&counts, level)?
    } else {
        let measure = measure
            .map_err(|expected| Failure::call(format!("--measure: {expected}"), "for example --mh --measure OR"))?;
        mantel_haenszel(measure, &counts, args.counts.mh_add, level)?
    };
    if result.studies.len() < counts.len() {
        notes.push(format!(
            "{} studies without an event, or with nothing but events, have no effect of their own",
            counts.len() - result.studies.len()
        ));
    }
    let slab = match &args.input.slab {
        Some(column) => labels(&frame, column, &rows)?,
        None => rows.iter().map(|row| (row + 1).to_string()).collect(),
    };
    let slab = result.studies.iter().map(|&study| slab[study].clone()).collect();
    Ok(Pooled { result, slab, notes })
}
