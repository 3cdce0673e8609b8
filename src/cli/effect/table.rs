//! `reffect effect --measure`: a measure for each row of a table.

use crate::cli::args::{Common, EffectArgs};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, is_silent, row_format, stream, write_results};
use crate::cli::row_stream::{Frame, RowOutcome, Tally, Work, write_rows};
use crate::cli::table_args::{KeptColumns, TableReading, fields_without};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::effect::measures::{Across, EffectMeasure, Field, Inputs, Options, Survey, escalc, measure};
use crate::numeric::dist::normal_critical;
use crate::read::{Column, Row, Table};
use crate::report::measures::{
    RESULT_COLUMNS, RowFormat, RowResult, catalogue, catalogue_csv, catalogue_json, told_of_options,
};
use std::io::{self, Read as _, Write};
use std::path::Path;
use std::sync::Arc;

/// Lists the measures.
pub fn list(args: &EffectArgs, common: &Common) -> Result<(), Failure> {
    common.given.only(&[&["measures"]], "the list of measures")?;
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
    let of_measures: &[&str] =
        &["measure", "add", "to", "drop00", "vtype", "no-correct", "delimiter", "decimal", "map"];
    common.given.only(&[of_measures], "the measures of a table")?;
    let source = Source::of(path, options.needs_all_rows(measure))?;
    if options.needs_all_rows(measure) {
        let table = source.open(&args.table.reading).map_err(input)?;
        options.across = survey(Rows::of(table, measure, options)?)?;
    }
    let rows = Rows::of(source.open(&args.table.reading).map_err(input)?, measure, options)?;
    let format = row_format(common)?;
    let is_silent = is_silent(args.output.as_deref(), common);
    stream(args.output.as_deref(), common, |mut out| write(rows, &mut *out, format, (common, is_silent)))?
        .all_readable()
}

/// What has to be known of all rows before the first is computed.
fn survey(mut rows: Rows) -> Result<Across, Failure> {
    let mut survey = Survey::default();
    while let Some(row) = rows.table.next_row().map_err(input)? {
        // A row that cannot be read is told of when it is computed.
        if read(&row, &rows.columns, &mut rows.inputs).is_ok() {
            survey.add(rows.measure, &rows.inputs, &rows.options);
        }
    }
    Ok(survey.across())
}

/// A table that is opened once or twice. Standard input can be read once only, so that it is held in memory for that.
enum Source<'a> {
    Path(&'a Path),
    Held(Arc<[u8]>),
}

impl<'a> Source<'a> {
    fn of(path: &'a Path, is_read_twice: bool) -> Result<Self, Failure> {
        if !is_read_twice || path != Path::new("-") {
            return Ok(Self::Path(path));
        }
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::call(format!("standard input could not be read: {error}"), "check its source"))?;
        Ok(Self::Held(bytes.into()))
    }

    fn open(&self, reading: &TableReading) -> Result<Table, Diagnostic> {
        match self {
            Self::Path(path) => reading.open(path),
            Self::Held(bytes) => reading.read("<stdin>", io::Cursor::new(Arc::clone(bytes))),
        }
    }
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
    fn of(table: Table, measure: &'static EffectMeasure, options: Options) -> Result<Self, Failure> {
        let of = |field: Field| table.column(field.name()).map(|column| (field, column));
        let columns: Vec<(Field, Column)> = fields_without(measure, &table, measure.sizes_it_may_lack(&options))
            .map_err(input)?
            .into_iter()
            .filter_map(of)
            .collect();
        Ok(Self { table, columns, inputs: Inputs::default(), measure, options })
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
        },
        Err(reason) => RowResult { note: Some(reason.to_string()), ..RowResult::default() },
    }
}

/// Computes and writes every row.
fn write(
    rows: Rows,
    out: &mut (dyn Write + Send),
    format: RowFormat,
    (common, is_silent): (&Common, bool),
) -> io::Result<Result<Tally, Failure>> {
    let quantile = normal_critical(common.level);
    let kept = match format {
        RowFormat::Csv => KeptColumns::of(&rows.table, &RESULT_COLUMNS),
        _ => KeptColumns::default(),
    };
    let Rows { table, columns, inputs, measure, options } = rows;
    let frame = Frame {
        head: [kept.header(), format.head(measure, &options, common.level).into_bytes()].concat(),
        separator: format.separator(),
        is_numbered: format.is_numbered(),
    };
    let work = |inputs: &mut Inputs, row: &Row<'_>, number: u64, out: &mut Vec<u8>| {
        kept.write(row, out);
        let read = read(row, &columns, inputs);
        let is_readable = read.is_ok();
        let result = match read {
            Ok(()) => computed(measure, inputs, &options, quantile),
            Err(diagnostic) => RowResult { note: Some(diagnostic.to_string()), ..RowResult::default() },
        };
        format.row(out, &result, number);
        if is_readable { RowOutcome::of(result.yi.is_some()) } else { RowOutcome::Unreadable }
    };
    let tail = |tally: Tally, stopped: Option<&Failure>| {
        let told = told_of_options(measure, &options).into_iter().chain(stopped.map(Failure::on_rows));
        format.tail(tally.rows, tally.without, &told.collect::<Vec<_>>())
    };
    write_rows(table, out, Work { frame, state: inputs, row: work, tail }, is_silent)
}
