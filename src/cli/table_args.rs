//! What `reffect effect --measure` takes.

use super::args::number;
use super::failure::Failure;
use super::failure::tell;
use crate::diagnostic::Diagnostic;
use crate::effect::measures::{AddTo, EffectMeasure, Field, Options, Vtype};
use crate::formula::{Expr, Frame, quoted_name};
use crate::read::{Row, Table};
use crate::report::csv::csv_field;
use crate::report::r_call::in_file;
use clap::Args;
use std::io::Read;
use std::path::Path;

/// A measure for each row of a table, and its options.
#[derive(Debug, Args)]
#[command(next_help_heading = "A measure for each row of a table, with columns and options as in metafor's escalc")]
pub struct TableArgs {
    /// Compute this measure for each row of a CSV file
    #[arg(long, value_name = "CODE", requires = "paths", conflicts_with_all = ["r", "t", "p", "sd_change", "se", "ci", "n", "change", "group1", "rate1", "table", "paired_table"])]
    pub measure: Option<String>,
    /// List every measure with its columns, formulas and source
    #[arg(long, exclusive = false, conflicts_with_all = ["measure", "paths", "before", "proportion"])]
    pub measures: bool,
    #[command(flatten)]
    pub escalc: EscalcArgs,
    #[command(flatten)]
    pub reading: TableReading,
}

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct TableReading {
    /// What separates the columns of a table: one character, or tab
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// What divides decimals in a table: a point, or a comma as in many European spreadsheets (the other one then
    /// stands between thousands); without it a comma between semicolons or tabs that may be either is asked about
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    pub decimal: Option<u8>,
    /// Which column of the table is meant: --map ai=events,n1i=patients takes `events` for ai
    #[arg(long, value_name = "NAME=COLUMN", value_delimiter = ',', value_parser = mapping)]
    pub map: Vec<(String, String)>,
}

/// Which rows of a table are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct SubsetArgs {
    /// Take only the rows for which a condition holds: "outcome == 'DFS'", "year > 1990 & year <= 2000", "arm %in%
    /// c('a', 'b') | !(dose == 0)"; may be repeated, and then each has to hold
    #[arg(long, value_name = "CONDITION", allow_hyphen_values = true)]
    pub subset: Vec<String>,
}

impl SubsetArgs {
    /// The rows of a table that are taken, each with its line in the file.
    pub fn of(&self, frame: Frame, lines: Vec<u64>) -> Result<(Frame, Vec<u64>), Failure> {
        let (mut frame, mut lines) = (frame, lines);
        for condition in &self.subset {
            let rows = frame.rows_where(condition)?;
            if rows.is_empty() {
                let message = format!("--subset {condition}: of {} rows it holds for none", frame.len());
                return Err(Failure::call(message, "texts are compared as they stand in the table, capitals included"));
            }
            frame = frame.of_rows(&rows);
            lines = rows.iter().map(|&row| lines[row]).collect();
        }
        Ok((frame, lines))
    }

    /// The condition in R, with the names that columns have in the file; none without one.
    pub fn in_r(&self, columns: &[(String, String)]) -> Option<String> {
        // Where something is missing, R's %in% is FALSE, so that its opposite holds.
        let known = |condition: &String| {
            let is_turned = condition.contains("%in%") && condition.contains('!');
            let names =
                Expr::parse(condition).map(|expr| expr.columns().iter().map(|name| quoted_name(name)).collect());
            let names: Vec<String> = names.unwrap_or_default();
            if is_turned { format!("complete.cases({}) & ({condition})", names.join(", ")) } else { condition.clone() }
        };
        let mut all: Vec<String> = self.subset.iter().map(|condition| in_file(&known(condition), columns)).collect();
        if all.len() > 1 {
            all.iter_mut().filter(|one| one.contains('|')).for_each(|one| *one = format!("({one})"));
        }
        (!all.is_empty()).then(|| all.join(" & "))
    }
}

impl TableReading {
    /// The table of a file, or of standard input for `-`.
    pub fn open(&self, path: &Path) -> Result<Table, Diagnostic> {
        self.as_said(Table::open(path, self.delimiter)?)
    }

    /// The table of a stream, with commas unless the call says otherwise; errors give it the name.
    pub fn read(&self, name: &str, stream: impl Read + Send + 'static) -> Result<Table, Diagnostic> {
        self.as_said(Table::from_reader(name, stream, self.delimiter.unwrap_or(b','))?)
    }

    /// The table with its columns and decimals as the call says.
    fn as_said(&self, table: Table) -> Result<Table, Diagnostic> {
        let table = match self.decimal {
            Some(mark) => table.with_decimal(mark),
            None => table,
        };
        table.called(&self.map)
    }

    /// The name that a column has in the file.
    pub fn in_file<'a>(&'a self, column: &'a str) -> &'a str {
        self.map.iter().find(|(called, _)| called == column).map_or(column, |(_, column)| column)
    }

    /// Whether anything is asked for that only a table has.
    pub fn is_given(&self) -> bool {
        *self != Self::default()
    }
}

/// The columns of a table that stand again before its results, as CSV.
#[derive(Clone, Debug, Default)]
pub struct KeptColumns {
    kept: Vec<(usize, String)>,
    /// How many columns the table has.
    all: usize,
    delimiter: u8,
}

impl KeptColumns {
    /// All columns but those that have the name of a result. Of words that are lost so, standard error tells.
    pub fn of(table: &Table, results: &[&str]) -> Self {
        const WORDS: [&str; 2] = ["notes", "method"];
        for name in WORDS.iter().filter(|name| results.contains(name) && table.columns().iter().any(|of| of == *name)) {
            tell(&format!(
                "note: the table's own column `{name}` gives way to that of the results; rename it to keep it"
            ));
        }
        let columns = table.columns().iter().cloned().enumerate();
        let kept = columns.filter(|(_, name)| !results.contains(&name.as_str())).collect();
        Self { kept, all: table.columns().len(), delimiter: table.delimiter() }
    }

    /// Their names, a comma behind each.
    pub fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (_, name) in &self.kept {
            csv_field(&mut out, name.as_bytes());
            out.push(b',');
        }
        out
    }

    /// Appends their fields in a row, a comma behind each.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        let is_whole = || self.delimiter == b',' && self.kept.len() == self.all && row.whole().is_ok();
        if let Some(line) = row.line_as_it_stands().filter(|_| !self.kept.is_empty() && is_whole()) {
            out.extend_from_slice(line);
            out.push(b',');
            return;
        }
        let fields: Vec<&[u8]> = if self.kept.is_empty() { Vec::new() } else { row.fields().collect() };
        for (position, _) in &self.kept {
            csv_field(out, fields.get(*position).copied().unwrap_or_default());
            out.push(b',');
        }
    }
}

/// How effects and variances are made from the numbers of a study.
#[derive(Clone, Debug, Args)]
pub struct EscalcArgs {
    /// What is added to counts with a zero; 0.5 unless given, and 0 for AS, PHI, RTET, IRSD, PAS, PFT, IRS, IRFT
    #[arg(long, requires = "measure", allow_hyphen_values = true, value_parser = number)]
    pub add: Option<f64>,
    /// To which rows it is added: only0, all, if0all or none
    #[arg(long, requires = "measure", default_value_t, value_parser = |name: &str| name.parse::<AddTo>())]
    pub to: AddTo,
    /// Leave out tables without events, or with nothing but events
    #[arg(long, requires = "measure")]
    pub drop00: bool,
    /// The kind of sampling variance: LS, LS2, LS3, UB, AV, AV2, HO, AVHO, ST or CS, as far as the measure has it
    #[arg(long, requires = "measure", default_value_t, value_parser = |name: &str| name.parse::<Vtype>())]
    pub vtype: Vtype,
    /// Leave out the correction for bias
    #[arg(long, requires = "measure")]
    pub no_correct: bool,
}

impl EscalcArgs {
    pub fn options(&self) -> Options {
        Options {
            add: self.add,
            to: self.to,
            drop00: self.drop00,
            vtype: self.vtype,
            correct: !self.no_correct,
            ..Options::default()
        }
    }
}

/// Whether a column happens to have the name of another quantity: `di` beside `ai`, `bi` and `ci` is a cell of a 2×2
/// table and no Cohen's d.
fn is_cell_of_table(field: Field, measure: &EffectMeasure, table: &Table) -> bool {
    let has = |cell: &Field| table.column(cell.name()).is_some();
    let is_of_counts = measure.fields().contains(&Field::Bi);
    field == Field::Di && !is_of_counts && !table.is_named("di") && [Field::Ai, Field::Bi, Field::Ci].iter().all(has)
}

/// Whether a size or a cell was named by `--map`, and the other one, from which it follows, was not.
fn is_said_otherwise(field: Field, table: &Table) -> bool {
    const SAY_THE_SAME: [(Field, Field); 2] = [(Field::Bi, Field::N1i), (Field::Di, Field::N2i)];
    let is_named = |field: Field| table.is_named(field.name());
    let others = SAY_THE_SAME.into_iter().flat_map(|(cell, size)| [(cell, size), (size, cell)]);
    let of_counts = table.column("ai").is_some();
    of_counts && others.into_iter().any(|(own, other)| field == own && is_named(other) && !is_named(own))
}

/// The columns of a table from which a measure can be computed. What `--map` names comes before what happens to have
/// the name.
///
/// # Errors
/// If none of the sets that are enough is there: what the nearest one lacks.
pub fn fields_in(measure: &EffectMeasure, table: &Table) -> Result<Vec<Field>, Diagnostic> {
    fields_without(measure, table, &[])
}

/// The same where a table may lack some of the columns.
///
/// # Errors
/// As [`fields_in`].
pub fn fields_without(measure: &EffectMeasure, table: &Table, may_lack: &[Field]) -> Result<Vec<Field>, Diagnostic> {
    let is_of_counts = measure.fields().contains(&Field::Bi);
    let is_meant = |field: &Field| {
        table.column(field.name()).is_some()
            && !is_cell_of_table(*field, measure, table)
            && !(is_of_counts && is_said_otherwise(*field, table))
    };
    let mut found: Vec<Field> = measure.fields().into_iter().filter(is_meant).collect();
    let is_there = |found: &[Field], field: &Field| found.contains(field) || may_lack.contains(field);
    let is_enough = |found: &[Field]| measure.columns.iter().any(|set| set.iter().all(|field| is_there(found, field)));
    // What was not named counts where the named ones alone are not enough.
    if !is_enough(&found) {
        let has_it = |field: &Field| table.column(field.name()).is_some() && !is_cell_of_table(*field, measure, table);
        found = measure.fields().into_iter().filter(has_it).collect();
    }
    let lacks = |set: &[Field]| -> Vec<&'static str> {
        set.iter().filter(|field| !is_there(&found, field)).map(|field| field.name()).collect()
    };
    // `m1` is nearly `m1i`: a table of such names lacks less than one of other columns.
    let is_near = |name: &&str| name.strip_suffix('i').is_some_and(|short| table.column(short).is_some());
    let far = |lacking: &Vec<&'static str>| (lacking.iter().filter(|name| !is_near(name)).count(), lacking.len());
    let missing = measure.columns.iter().map(|set| lacks(set)).min_by_key(far).unwrap_or_default();
    if missing.is_empty() {
        return Ok(found);
    }
    let words = |set: &&[Field]| set.iter().map(|field| field.name()).collect::<Vec<_>>().join(" ");
    let sets: Vec<String> = measure.columns.iter().map(words).collect();
    let mut diagnostic = table.missing(&missing);
    diagnostic.message = format!("{} needs {}: {}", measure.code, sets.join(", or "), diagnostic.message);
    if measure.fields().iter().any(|field| is_cell_of_table(*field, measure, table)) {
        let told =
            "`di` stands beside ai, bi and ci as a cell of a 2×2 table; where it is Cohen's d, say so by --map di=di";
        diagnostic.hint = Some(told.to_owned());
    }
    Err(diagnostic)
}

/// A name and the column that is meant by it.
fn mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, column)) if !name.trim().is_empty() && !column.trim().is_empty() => {
            Ok((name.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err("NAME=COLUMN was expected, such as ai=events".to_owned()),
    }
}

/// One ASCII character, or its name.
fn decimal(text: &str) -> Result<u8, String> {
    match text {
        "," | "comma" => Ok(b','),
        "." | "point" => Ok(b'.'),
        _ => Err("a point or a comma was expected".to_owned()),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() && !one.is_ascii_alphanumeric() && *one != b'"' => Ok(*one),
        _ => Err("one character was expected, such as ';', or tab".to_owned()),
    }
}
