//! `reffect effect --measure`: a measure for each row of a table.

use super::args::{Common, EffectArgs, Format};
use super::failure::Failure;
use super::output::{Outputs, only_check, stream, write_results};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::effect::measures::{EffectMeasure, Field, Inputs, Options, Survey, escalc, measure};
use crate::numeric::dist::normal_quantile;
use crate::read::{Column, Row, Table};
use crate::report::measures::{
    RESULT_COLUMNS, RowFormat, RowResult, RowWriter, catalogue, catalogue_csv, catalogue_json,
};
use csv::ByteRecord;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Lists the measures.
pub fn list(args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let outputs = Outputs { document: &catalogue, json: &catalogue_json, csv: &catalogue_csv };
    write_results(&outputs, args.output.as_deref(), common)
}

pub fn run(code: &str, args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    let [path] = args.paths.as_slice() else {
        return Err(Failure::call("a measure is computed for one table at a time", "name one CSV file, or -"));
    };
    let measure = measure(code).map_err(|message| Failure::call(message, ""))?;
    let mut options = args.table.escalc.options();
    options.check(measure).map_err(|message| Failure::call(message, "leave that option out"))?;
    if options.needs_all_rows() {
        options.across = survey(path, args, measure, &options)?;
    }
    let rows = Rows::open(path, args.table.delimiter, measure, options)?;
    let format = match common.format() {
        Format::Table => RowFormat::Text,
        Format::Markdown => RowFormat::Markdown,
        Format::Csv => RowFormat::Csv,
        Format::Json => RowFormat::Json,
        Format::Junit | Format::Github => return Err(only_check()),
    };
    stream(args.output.as_deref(), common, |out| write(rows, out, format, common.level))
}

fn survey(
    path: &Path,
    args: &EffectArgs,
    measure: &'static EffectMeasure,
    options: &Options,
) -> Result<crate::effect::measures::Across, Failure> {
    if path == Path::new("-") {
        return Err(Failure::call(
            "--to if0all and --vtype AV read the table twice, and standard input can be read once only",
            "write the table to a file first",
        ));
    }
    let mut rows = Rows::open(path, args.table.delimiter, measure, *options)?;
    let mut survey = Survey::default();
    while let Some(row) = rows.table.next_row().map_err(input)? {
        // A row that cannot be read is told of when it is computed.
        if read(&row, &rows.columns, &mut rows.inputs).is_ok() {
            survey.add(measure, &rows.inputs, options);
        }
    }
    Ok(survey.across())
}

fn input(diagnostic: Diagnostic) -> Failure {
    Failure::Input(Diagnostics(vec![diagnostic]))
}

/// A table that is being computed.
struct Rows {
    table: Table,
    columns: Vec<(Field, Column)>,
    inputs: Inputs,
    measure: &'static EffectMeasure,
    options: Options,
}

impl Rows {
    fn open(
        path: &Path,
        delimiter: Option<u8>,
        measure: &'static EffectMeasure,
        options: Options,
    ) -> Result<Self, Failure> {
        let table = Table::open(path, delimiter).map_err(input)?;
        let columns: Vec<(Field, Column)> =
            measure.fields().into_iter().filter_map(|field| Some((field, table.column(field.name())?))).collect();
        let lacks = |set: &[Field]| -> Vec<&'static str> {
            let absent = set.iter().filter(|field| !columns.iter().any(|(known, _)| known == *field));
            absent.map(|field| field.name()).collect()
        };
        // The set of columns that is nearest to being there.
        let missing = measure.columns.iter().map(|set| lacks(set)).min_by_key(Vec::len).unwrap_or_default();
        if !missing.is_empty() {
            let mut diagnostic = table.missing(&missing);
            let sets: Vec<String> = measure
                .columns
                .iter()
                .map(|set| set.iter().map(|field| field.name()).collect::<Vec<_>>().join(" "))
                .collect();
            diagnostic.message = format!("{} needs {}: {}", measure.code, sets.join(", or "), diagnostic.message);
            return Err(input(diagnostic));
        }
        Ok(Self { table, columns, inputs: Inputs::default(), measure, options })
    }

    /// The columns of the file that are written again, and how many others stand before each.
    fn kept(&self) -> (Vec<usize>, Vec<String>) {
        let (mut skipped, mut kept) = (0, (Vec::new(), Vec::new()));
        for name in self.table.columns() {
            if RESULT_COLUMNS.contains(&name.as_str()) {
                skipped += 1;
            } else {
                kept.0.push(std::mem::take(&mut skipped));
                kept.1.push(name.clone());
            }
        }
        kept
    }

    /// Computes rows and sends them in batches; ends early where nobody listens any more.
    fn compute(mut self, kept: &[usize], level: f64, sender: &SyncSender<Vec<RowResult>>) -> Result<(), Diagnostic> {
        const BATCH: usize = 512;
        let quantile = normal_quantile(0.5 + 0.5 * level);
        let mut batch = Vec::with_capacity(BATCH);
        let mut is_empty = true;
        while let Some(row) = self.table.next_row()? {
            is_empty = false;
            let mut result = match read(&row, &self.columns, &mut self.inputs) {
                Ok(()) => computed(self.measure, &self.inputs, &self.options, quantile),
                Err(diagnostic) => RowResult { note: Some(diagnostic.to_string()), ..RowResult::default() },
            };
            if !kept.is_empty() {
                let mut again = ByteRecord::with_capacity(128, kept.len());
                let mut fields = row.fields();
                kept.iter().for_each(|skip| again.push_field(fields.nth(*skip).unwrap_or_default()));
                result.fields = Some(again);
            }
            batch.push(result);
            if batch.len() == BATCH {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                if sender.send(full).is_err() {
                    return Ok(());
                }
            }
        }
        // If nobody listens, the writer knows why.
        let _ = sender.send(batch);
        if is_empty { Err(self.table.without_rows()) } else { Ok(()) }
    }
}

/// The numbers of a row.
fn read(row: &Row<'_>, columns: &[(Field, Column)], inputs: &mut Inputs) -> Result<(), Diagnostic> {
    row.whole()?;
    for (field, column) in columns {
        inputs.set(*field, row.number(*column)?);
    }
    Ok(())
}

fn computed(measure: &EffectMeasure, inputs: &Inputs, options: &Options, quantile: f64) -> RowResult {
    match escalc(measure, inputs, options) {
        Ok(answer) => RowResult {
            yi: Some(answer.yi),
            vi: answer.vi,
            ci: answer.interval(quantile),
            note: answer.note.map(|note| note.to_string()),
            ..RowResult::default()
        },
        Err(reason) => RowResult { note: Some(reason.to_string()), ..RowResult::default() },
    }
}

/// Reads and computes here, and writes in a thread of its own; the order of rows stays.
fn write(rows: Rows, out: Box<dyn Write + Send>, format: RowFormat, level: f64) -> io::Result<Result<(), Failure>> {
    let measure = rows.measure;
    let (kept, names) = if format == RowFormat::Csv { rows.kept() } else { (Vec::new(), Vec::new()) };
    let (sender, receiver) = sync_channel(8);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || -> io::Result<()> {
            write_batches(RowWriter::begin(out, format, measure, level, &names)?, receiver)
        });
        let computed = rows.compute(&kept, level, &sender);
        drop(sender);
        match writer.join() {
            Ok(written) => written?,
            Err(_) => return Err(io::Error::other("the thread that writes has ended")),
        }
        Ok(computed.map_err(input))
    })
}

fn write_batches(mut writer: RowWriter<impl Write>, receiver: Receiver<Vec<RowResult>>) -> io::Result<()> {
    for batch in receiver {
        for row in &batch {
            writer.row(row)?;
        }
    }
    writer.finish()
}
