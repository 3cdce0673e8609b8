//! The many subsets of `reffect meta --gosh`, written one by one.

use crate::cli::args::{Common, Format};
use crate::cli::failure::Failure;
use crate::cli::output::stream;
use crate::meta::gosh::Gosh;
use crate::report::csv;
use crate::report::json::meta::Streamed;
use crate::report::json::subset;
use crate::report::meta::Results;
use serde_json::Value;
use std::io::Write;
use std::path::Path;

/// Writes the document or the table of the subsets, of which none is kept as text or as a value; false for the other
/// formats, which hold no subset by itself.
pub fn are_written(results: &Results<'_>, gosh: &Gosh, file: Option<&Path>, common: &Common) -> Result<bool, Failure> {
    match common.format() {
        Format::Json => stream(file, common, |mut out| {
            serde_json::to_writer_pretty(&mut out, &Streamed::new(results))?;
            out.write_all(b"\n")?;
            out.flush()?;
            Ok(Ok(true))
        }),
        Format::Csv if !gosh.subsets.is_empty() => stream(file, common, |mut out| {
            for (at, of) in gosh.subsets.iter().enumerate() {
                let table = csv::of_json("gosh", &Value::Array(vec![subset(of)]));
                let row = table.split_once('\n').map_or("", |(_, row)| row);
                out.write_all(if at == 0 { &table } else { row }.as_bytes())?;
            }
            out.flush()?;
            Ok(Ok(true))
        }),
        _ => Ok(false),
    }
}
