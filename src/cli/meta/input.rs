//! From a table to what a meta-analysis is made of.

use super::aggregate::aggregated;
use super::args::MetaArgs;
use super::computed::computed;
use super::given::single;
use super::releases::{is_release, read_releases};
use super::shared::Shared;
use super::suspicions::suspicions;
use crate::cli::failure::Failure;
use crate::cli::study_names::{self, Left, usual_names};
use crate::cli::table_args::TableReading;
use crate::cli::usual_names::EffectColumns;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, listed, meant_or_known};
use crate::formula::{Column, Contrasts, Design, Formula, Frame, ModelMatrix, RandomTerm};
use crate::meta::Problem;
use crate::numeric::matrix::dependent_columns;
use crate::numeric::rounding::Rounding;
use crate::read::Table;
use crate::report::meta::{Added, Facts, Moderators, Omitted, Part};
use crate::report::r_call::Source;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// How the note on a study begins that was not analysed.
pub const LEFT_OUT: &str = "left out: ";
/// The same of a row of empty fields, as spreadsheets leave them: it is no study.
pub const EMPTY: &str = "left out: its row is empty";

/// The studies of a table.
pub struct Studies {
    /// What is fitted: the rows that have everything.
    pub problem: Problem,
    /// The names of these rows.
    pub slab: Vec<String>,
    /// The rows that lack something.
    pub omitted: Vec<Omitted>,
    /// The whole table.
    pub frame: Frame,
    /// Which rows of the table they are.
    pub rows: Vec<usize>,
    /// How many rows of the table have no effect with a sampling variance.
    pub without_effect: usize,
    /// The moderators with their levels, for predictions.
    pub design: Design,
    /// The moderators as they were asked for.
    pub moderators: Moderators,
    /// The columns of the design that depend on others and were left out.
    pub left_out: Vec<usize>,
    /// Where effects and variances stand, in the words of R.
    pub source: Source,
    /// The covariances of effects that share a group, by the rows of the table.
    pub shared: Option<Shared>,
    /// What is to be known of the input.
    pub notes: Vec<String>,
    /// What of it charts and programs have to know.
    pub facts: Facts,
}

pub fn read_studies(args: &MetaArgs, rounding: Rounding) -> Result<Studies, Failure> {
    studies_of(args, rounding, None)
}

/// The same of a table that is open already, where there is one.
pub fn studies_of(args: &MetaArgs, rounding: Rounding, opened: Option<Table>) -> Result<Studies, Failure> {
    let formula = args.model.formula()?;
    refuse_more_than_terms("--mods", &formula)?;
    let input = &args.input;
    let read = if !args.releases.outcome.is_empty() || args.paths.iter().any(|path| is_release(path)) {
        read_releases(args, rounding)?
    } else {
        let table = opened.map_or_else(|| open_table(args), Ok)?;
        match &args.counts.measure {
            Some(code) => computed(table, code, args)?,
            None => given(table, args)?,
        }
    };
    let rho = if input.aggregate.is_some() { single("--rho", &input.rho)? } else { None };
    let read = match (&input.aggregate, rho) {
        (Some(column), Some(rho)) => aggregated(read, column, rho)?,
        _ => read,
    };
    let Read { frame, lines, names, yi, vi, mut notes, slab: own_slab, source, shared, done } = read;
    if let Some(name) = &args.model.weights
        && !matches!(frame.column(name), Some(Column::Numbers(_)))
    {
        let numeric = frame.names().filter(|name| matches!(frame.column(name), Some(Column::Numbers(_))));
        let hint = meant_or_known(name, "columns of numbers", numeric);
        return Err(Failure::call(format!("--weights: there is no column `{name}` of numbers"), hint));
    }
    let weights = args.model.weights.as_ref().map(|name| numbers(&frame, name));
    let mut absent = absent(&frame, &formula, &[(&names[0], &yi), (&names[1], &vi)], weights.as_ref())?;
    mark_other_gaps(&mut absent, &frame, args)?;
    let rows: Vec<usize> = (0..frame.len()).filter(|&row| absent[row].is_none()).collect();
    let without_effect = yi.iter().zip(&vi).filter(|(y, v)| y.is_nan() || v.is_nan()).count();
    let lines_left_out = omissions(&absent, &lines);
    if rows.is_empty() && !lines_left_out.is_empty() {
        return Err(nothing_left(args, &notes, &lines_left_out));
    }
    notes.extend(lines_left_out);
    let pick = |values: &Vec<f64>| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let source = Source { incomplete: incomplete(&formula, &frame, &args.table), ..source };
    let Moderation { design, matrix, left_out } = moderation(&formula, &frame, &rows, &mut notes)?;
    let mut problem = Problem::with_moderators(pick(&yi), pick(&vi), &matrix)?;
    if let Some(weights) = weights {
        problem = problem.weighted(pick(&weights))?;
    }
    let slab = match input.slab.as_ref().or(own_slab.as_ref()) {
        Some(name) => study_names(&frame, name, &rows, &lines, &mut notes)?,
        None => usual_names(&frame, &rows, &args.levels.random),
    };
    notes.extend(suspicions(&problem, &slab, args));
    let left = |row: usize| Some(left_of(&frame, row, absent[row].as_deref()?, (yi[row], vi[row])));
    let names = input.slab.as_deref().or(own_slab.as_deref());
    let omitted = study_names::omitted(&frame, names, &args.levels.random, &rows, left);
    let moderators = Moderators { formula: args.model.mods.clone(), factors: design.factors() };
    let facts = facts(args, done, &rows);
    Ok(Studies {
        problem,
        slab,
        omitted,
        frame,
        rows,
        without_effect,
        design,
        moderators,
        left_out,
        source,
        shared,
        notes,
        facts,
    })
}

/// What was done to the rows that are analysed.
fn facts(args: &MetaArgs, Done { added, caveats }: Done, rows: &[usize]) -> Facts {
    let cluster = args.levels.cluster.as_deref().map(|column| args.table.in_file(column).to_owned());
    let changed = added.iter().filter(|(row, _)| rows.binary_search(row).is_ok()).count();
    let constant = added.first().map_or(0.0, |(_, constant)| *constant);
    Facts { cluster, added: Added::to(changed, constant, true), caveats }
}

/// The moderators of the rows that are analysed.
pub struct Moderation {
    pub design: Design,
    /// Its columns, without those that depend on others.
    pub matrix: ModelMatrix,
    /// Which columns of the design these are.
    pub left_out: Vec<usize>,
}

/// The columns of a formula, with notes on those that are left out and on numbers that may be meant as factors.
pub fn moderation(
    formula: &Formula,
    frame: &Frame,
    rows: &[usize],
    notes: &mut Vec<String>,
) -> Result<Moderation, Failure> {
    notes.extend(formula.terms.mistaken_factors(frame));
    let design = Design::new(&formula.terms, frame, rows, Contrasts::Treatment)?;
    let mut matrix = design.matrix(frame, rows, "intrcpt")?;
    if matrix.columns.is_empty() {
        let message = "--mods leaves no coefficient to estimate";
        return Err(Failure::call(message, "leave --mods out, or write --mods 1, for the pooled effect"));
    }
    let mut left_out = dependent_columns(&matrix.columns);
    if rows.is_empty() {
        left_out.clear();
    }
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|&at| matrix.names[at].as_str()).collect();
        notes.push(format!("left out, because it follows from the columns before it: {}", names.join(", ")));
        matrix.remove(&left_out);
    }
    Ok(Moderation { design, matrix, left_out })
}

/// The error of a table without a row to analyse: with what is wrong in the rows where a measure could make no effect
/// of them, since "a variance is missing" does not say which cells are to be corrected.
fn nothing_left(args: &MetaArgs, notes: &[String], left_out: &[String]) -> Failure {
    let of_cells: Vec<&str> = notes.iter().map(String::as_str).filter(|note| note.starts_with("line")).collect();
    if args.counts.measure.is_none() || of_cells.is_empty() {
        let message = format!("no row is left to analyse: {}", left_out.join("; "));
        return of_table(args, message, "fill what is missing, and see that no formula divides by 0");
    }
    let message = format!("no row is left to analyse: {}", of_cells.join("; "));
    of_table(args, message, "correct these cells, or name the columns that are meant with --map")
}

/// A table with the effect and the variance of each row; NaN where there is none.
pub struct Read {
    pub frame: Frame,
    pub lines: Vec<u64>,
    /// What the effect and its variance are called.
    pub names: [String; 2],
    pub yi: Vec<f64>,
    pub vi: Vec<f64>,
    pub notes: Vec<String>,
    /// The column with the names of the studies, where there is one without being asked for.
    pub slab: Option<String>,
    /// Where effects and variances stand, in the words of R.
    pub source: Source,
    /// The covariances of effects that share a group.
    pub shared: Option<Shared>,
    /// What was done to the numbers.
    pub done: Done,
}

/// What was done to the numbers of a table before they are analysed.
#[derive(Default)]
pub struct Done {
    /// The rows to whose counts a constant was added, with it.
    pub added: Vec<(usize, f64)>,
    /// What was assumed or read into the numbers.
    pub caveats: Vec<String>,
}

/// The only table of the call.
pub fn open_table(args: &MetaArgs) -> Result<Table, Failure> {
    match args.paths.as_slice() {
        [path] => args.table.open(path).map_err(input_error),
        _ => Err(Failure::call(
            format!("one table is analysed at a time, and {} were given", args.paths.len()),
            "name one; several releases are pooled with --outcome",
        )),
    }
}

/// An error of the only table of the call, which it names; of the call where there are others.
pub fn of_table(args: &MetaArgs, message: String, hint: &str) -> Failure {
    match args.paths.as_slice() {
        [path] => input_error(whole_table(path, message, hint)),
        _ => Failure::call(message, hint),
    }
}

/// An error of a table as a whole.
pub fn whole_table(path: &Path, message: String, hint: &str) -> Diagnostic {
    let name = if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() };
    Diagnostic { message, place: Place { file: name, excerpt: None }, hint: Some(hint.to_owned()) }
}

/// Refuses a table without some columns.
pub fn need<'a>(table: &Table, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let missing: Vec<&str> = names.filter(|name| table.column(name).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { Err(input_error(table.missing(&missing))) }
}

/// The column of variances where none is named.
const USUAL_VI: &str = "vi";

/// The column whose name is that of standard errors.
fn standard_errors(table: &Table) -> Option<&'static str> {
    ["sei", "se", "seTE", "stderr", "std_err", "std.error"].into_iter().find(|name| table.column(name).is_some())
}

/// What to do with a table that has no effects and variances under the usual names.
fn hint_on_effects(table: &Table) -> String {
    match EffectColumns::of(table) {
        Some(columns) => format!(
            "it looks like effects with their intervals: `reffect convert {} {}` makes effects and variances of them; \
             with --format csv -o NEW.csv that is a table for `reffect meta`",
            table.name(),
            columns.to_yi_vi()
        ),
        None => "name the columns of effects and variances with --yi and --vi (or --sei); or let --measure CODE make \
                 effects of counts, means and SDs: --measure RR, SMD, IRR …"
            .to_owned(),
    }
}

/// Effects and variances, or standard errors, that stand in the table.
fn given(table: Table, args: &MetaArgs) -> Result<Read, Failure> {
    let input = &args.input;
    let file = table.name().to_owned();
    let spread = input.sei.as_deref().unwrap_or(&input.vi);
    if let Some(cluster) = args
        .levels
        .v_cluster
        .as_deref()
        .filter(|_| input.sei.is_none() && spread == USUAL_VI && table.column(spread).is_none())
        .filter(|_| !args.levels.v_block.is_empty())
    {
        return with_variances_of_blocks(table, cluster, args);
    }
    let mut needed = vec![input.yi.as_str(), spread];
    needed.extend(args.model.weights.as_deref());
    let blocks: &[String] = args.levels.v_cluster.as_ref().map_or(&[], |_| &args.levels.v_block);
    if table.column(&input.yi).is_none() && table.column(spread).is_none() {
        let mut diagnostic = table.missing(&[&input.yi, spread]);
        let hint = hint_on_effects(&table);
        // A table that is read with the wrong delimiter has one column, and is told so.
        if !diagnostic.hint.as_ref().is_some_and(|hint| hint.contains("--delimiter")) {
            diagnostic.hint = Some(hint);
        }
        return Err(input_error(diagnostic));
    }
    if let Some(errors) = standard_errors(&table).filter(|_| input.sei.is_none() && table.column(spread).is_none()) {
        let mut diagnostic = table.missing(&[spread]);
        diagnostic.hint =
            Some(format!("{errors} seems to hold standard errors, which are not variances: pass --sei {errors}"));
        return Err(input_error(diagnostic));
    }
    needed.extend(blocks.iter().map(String::as_str));
    need(&table, needed.iter().copied().chain(input.slab.as_deref()))?;
    let source = Source::columns(table.in_file(&input.yi), table.in_file(spread), input.sei.is_some());
    let (frame, lines) = table.into_frame(&needed).map_err(input_error)?;
    let (frame, lines) = input.rows.of(frame, lines)?;
    let mut vi = numbers(&frame, spread);
    are_above_0(&vi, spread, &lines, &file)?;
    if input.sei.is_some() {
        vi.iter_mut().for_each(|value| *value *= *value);
    }
    let mut notes = Vec::new();
    if let (Some(cluster), false) = (&args.levels.v_cluster, blocks.is_empty()) {
        let of_blocks = diagonal_of_blocks(&frame, cluster, blocks);
        are_above_0(&of_blocks, "the variance on the diagonal of --v-block", &lines, &file)?;
        let differ = vi.iter().zip(&of_blocks).any(|(own, of)| (own - of).abs() > 1e-6 * of.abs());
        notes.extend(differ.then(|| format!("the variances are those on the diagonal of --v-block, not {spread}")));
        vi.iter_mut().zip(&of_blocks).filter(|(_, of)| !of.is_nan()).for_each(|(own, of)| *own = *of);
    }
    let yi = numbers(&frame, &input.yi);
    let is_beyond = |(y, v): (&f64, &f64)| y.is_finite() && v.is_finite() && !Problem::can_compute_with(*y, *v);
    if let Some(row) = yi.iter().zip(&vi).position(is_beyond) {
        let told = format!("the effect {:e} and its variance {:e}", yi[row], vi[row]);
        let message = format!("line {}: {told} are too large or too small to compute with", lines[row]);
        let hint = Some("change their unit; is the column right?".to_owned());
        return Err(input_error(Diagnostic { message, place: Place { file, excerpt: None }, hint }));
    }
    let names = [input.yi.clone(), spread.to_owned()];
    Ok(Read { frame, lines, names, yi, vi, notes, slab: None, source, shared: None, done: Done::default() })
}

/// That no variance or standard error is 0 or below.
fn are_above_0(values: &[f64], name: &str, lines: &[u64], file: &str) -> Result<(), Failure> {
    let Some((value, line)) = values.iter().zip(lines).find(|(value, _)| **value <= 0.0) else { return Ok(()) };
    let message = format!("line {line}: {name} is {value}, and it must be above 0");
    let place = Place { file: file.to_owned(), excerpt: None };
    let hint = Some("a study without sampling variance cannot be weighted; is the column right?".to_owned());
    Err(input_error(Diagnostic { message, place, hint }))
}

/// The variance of each row within its block of covariances; NaN where it has none.
fn diagonal_of_blocks(frame: &Frame, cluster: &str, blocks: &[String]) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = blocks.iter().map(|name| numbers(frame, name)).collect();
    let (places, _) = places_in_blocks(frame, cluster);
    places.iter().enumerate().map(|(row, place)| columns.get(*place).map_or(f64::NAN, |of| of[row])).collect()
}

/// Effects whose variances stand on the diagonal of the blocks of covariances alone.
fn with_variances_of_blocks(table: Table, cluster: &str, args: &MetaArgs) -> Result<Read, Failure> {
    let (yi, blocks) = (args.input.yi.as_str(), &args.levels.v_block);
    need(&table, [yi, cluster].into_iter().chain(blocks.iter().map(String::as_str)))?;
    let first = table.in_file(&blocks[0]).to_owned();
    let file = table.name().to_owned();
    let source = Source::columns(table.in_file(yi), &first, false);
    let needed: Vec<&str> = [yi].into_iter().chain(blocks.iter().map(String::as_str)).collect();
    let (mut frame, lines) = table.into_frame(&needed).map_err(input_error)?;
    let vi = diagonal_of_blocks(&frame, cluster, blocks);
    are_above_0(&vi, "the variance on the diagonal of --v-block", &lines, &file)?;
    frame.numbers(&args.input.vi, vi);
    let (frame, lines) = args.input.rows.of(frame, lines)?;
    let (yi, vi) = (numbers(&frame, yi), numbers(&frame, &args.input.vi));
    let names = [args.input.yi.clone(), args.input.vi.clone()];
    let notes = vec!["the variances are those on the diagonal of --v-block".to_owned()];
    Ok(Read { frame, lines, names, yi, vi, notes, slab: None, source, shared: None, done: Done::default() })
}

/// What is told of rows, each once with its lines: `lines 3, 4, 7 and 12 more`.
pub fn lines_by_reason<'a>(reasons: impl Iterator<Item = (u64, &'a str)>) -> Vec<(String, &'a str)> {
    /// So many lines are named.
    const MOST_NAMED: usize = 10;
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (line, reason) in reasons {
        let place = *places.entry(reason).or_insert(all.len());
        if place == all.len() {
            all.push((reason, Vec::new()));
        }
        all[place].1.push(line.to_string());
    }
    let told = |(reason, lines): (&'a str, Vec<String>)| {
        let plural = if lines.len() == 1 { "" } else { "s" };
        let more = lines.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (format!("line{plural} {}{more}", lines[..lines.len().min(MOST_NAMED)].join(", ")), reason)
    };
    all.into_iter().map(told).collect()
}

/// The formula of an option that takes moderators, and nothing else that a formula may have.
pub fn moderators_of(flag: &str, source: &str) -> Result<Formula, Failure> {
    let formula = Formula::parse(source)?;
    refuse_more_than_terms(flag, &formula)?;
    Ok(formula)
}

fn refuse_more_than_terms(flag: &str, formula: &Formula) -> Result<(), Failure> {
    let (what, hint) = if formula.response.is_some() {
        ("the right-hand side of a formula", "the effects stand in the column of --yi")
    } else if !formula.random.is_empty() {
        ("no random terms", "give them with --random")
    } else if !formula.terms.offsets.is_empty() {
        ("no offset", "subtract it from the effects beforehand")
    } else {
        return Ok(());
    };
    Err(Failure::call(format!("{flag} takes {what}"), hint))
}

pub fn input_error(diagnostic: Diagnostic) -> Failure {
    Failure::Input(Diagnostics(vec![diagnostic]))
}

/// The numbers of a column that was read as such.
pub fn numbers(frame: &Frame, name: &str) -> Vec<f64> {
    match frame.column(name) {
        Some(Column::Numbers(values)) => values.clone(),
        _ => vec![f64::NAN; frame.len()],
    }
}

/// The columns of moderators that are missing in some rows, with their names in the file.
pub fn incomplete(formula: &Formula, frame: &Frame, table: &TableReading) -> Vec<String> {
    let mut columns: Vec<&str> = formula.terms.variables.iter().flat_map(|(_, expr)| expr.columns()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.retain(|column| (0..frame.len()).any(|row| is_missing(frame, column, row)));
    columns.into_iter().map(|column| table.in_file(column).to_owned()).collect()
}

/// For each row, what is missing in it.
fn absent(
    frame: &Frame,
    formula: &Formula,
    columns: &[(&str, &Vec<f64>)],
    weights: Option<&Vec<f64>>,
) -> Result<Vec<Option<String>>, Failure> {
    let mut absent = formula.terms.missing(frame)?;
    let all = columns.iter().copied().chain(weights.map(|weights| ("the weight", weights)));
    for (name, values) in all {
        for (place, _) in absent.iter_mut().zip(values).filter(|(_, value)| value.is_nan()) {
            *place = Some(name.to_owned());
        }
    }
    Ok(absent)
}

/// Marks the rows without a group, a time, a covariance or a moderator of tau2 that the model needs.
fn mark_other_gaps(absent: &mut [Option<String>], frame: &Frame, args: &MetaArgs) -> Result<(), Failure> {
    let of = &args.levels;
    let mut needed: Vec<String> = Vec::new();
    needed.extend([&of.cluster, &of.v_cluster, &of.v_shared, &of.v_time].into_iter().flatten().cloned());
    needed.extend(args.around.delete_by.iter().cloned());
    for source in of.random.iter().chain(&of.compare_random) {
        let term = RandomTerm::parse(source)?;
        needed.extend(term.groupings()?.into_iter().flatten());
        needed.extend(term.terms.labels().iter().map(|label| inner_column(label).to_owned()));
    }
    let scale = match &args.model.scale {
        Some(formula) => Formula::parse(formula)?.terms.missing(frame)?,
        None => vec![None; absent.len()],
    };
    for (row, (place, of_scale)) in absent.iter_mut().zip(scale).enumerate() {
        if place.is_none() {
            *place = needed.iter().find(|name| is_missing(frame, name, row)).cloned().or(of_scale);
        }
    }
    if let Some(cluster) = &of.v_cluster {
        mark_gaps_in_blocks(absent, frame, cluster, &of.v_block);
    }
    Ok(())
}

/// Marks the rows without a covariance with a row of their block that is analysed as well; what a row has with one that
/// is left out is not needed.
fn mark_gaps_in_blocks(absent: &mut [Option<String>], frame: &Frame, cluster: &str, columns: &[String]) {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let names = frame.column(cluster);
    for row in 0..frame.len() {
        if let Some(name) = names.and_then(|names| label(names, row)) {
            blocks.entry(name).or_default().push(row);
        }
    }
    for rows in blocks.into_values() {
        for &row in rows.iter().filter(|row| absent[**row].is_none()).copied().collect::<Vec<_>>().iter() {
            let of_row = rows.iter().zip(columns).filter(|(other, _)| absent[**other].is_none());
            let gap = of_row.map(|(_, name)| name).find(|name| is_missing(frame, name, row)).cloned();
            absent[row] = gap;
        }
    }
}

/// For each row of a table its place in the block of its cluster, and the sizes of the blocks by cluster: with the rows
/// that are left out, since these have columns of the block as well.
pub fn places_in_blocks(frame: &Frame, cluster: &str) -> (Vec<usize>, BTreeMap<String, usize>) {
    let column = frame.column(cluster);
    let mut sizes = BTreeMap::new();
    let mut places = vec![0; frame.len()];
    for (row, place) in places.iter_mut().enumerate() {
        if let Some(name) = column.and_then(|column| label(column, row)) {
            let size: &mut usize = sizes.entry(name).or_default();
            (*place, *size) = (*size, *size + 1);
        }
    }
    (places, sizes)
}

/// Whether a column has no value in a row. The error for a column that is not there comes where it is used.
pub fn is_missing(frame: &Frame, name: &str, row: usize) -> bool {
    match frame.column(name) {
        Some(Column::Numbers(values)) => values[row].is_nan(),
        Some(Column::Texts { values, .. }) => values[row].is_none(),
        None => false,
    }
}

/// What a row has that lacks something, and why it is not analysed.
fn left_of(frame: &Frame, row: usize, what: &str, effect: (f64, f64)) -> Left {
    let (part, reason) = match is_empty(frame, row) {
        true => (Part::Empty, EMPTY.to_owned()),
        false => (Part::LeftOut, format!("{LEFT_OUT}{what} is missing")),
    };
    Left { effect, weight: None, reason, part }
}

/// Whether a row has nothing in any column.
pub fn is_empty(frame: &Frame, row: usize) -> bool {
    frame.names().all(|name| is_missing(frame, name, row))
}

/// The names of studies in a column; one without a name is named by its line, with a note.
pub fn study_names(
    frame: &Frame,
    column: &str,
    rows: &[usize],
    lines: &[u64],
    notes: &mut Vec<String>,
) -> Result<Vec<String>, Failure> {
    let (unnamed, named): (Vec<usize>, Vec<usize>) = rows.iter().partition(|&&row| is_missing(frame, column, row));
    let mut known = labels(frame, column, &named)?.into_iter();
    if !unnamed.is_empty() {
        let lines: Vec<String> = unnamed.iter().map(|&row| lines[row].to_string()).collect();
        let s = if lines.len() == 1 { "" } else { "s" };
        notes.push(format!("line{s} {}: {column} is empty, and the study is named by its line", listed(lines)));
    }
    let name = |&row: &usize| {
        if is_missing(frame, column, row) { Some(format!("line {}", lines[row])) } else { known.next() }
    };
    Ok(rows.iter().filter_map(name).collect())
}

/// The column before the bar of a random term.
pub fn inner_column(label: &str) -> &str {
    label.trim_start_matches("factor(").trim_end_matches(')')
}

/// One note for all rows without the same thing.
pub fn omissions(absent: &[Option<String>], lines: &[u64]) -> Vec<String> {
    let missing = lines.iter().zip(absent).filter_map(|(line, reason)| Some((*line, reason.as_deref()?)));
    let told = |(lines, reason): (String, &str)| format!("{lines} left out: {reason} is missing");
    lines_by_reason(missing).into_iter().map(told).collect()
}

/// The texts of a column in some rows; a missing one is an error.
pub fn labels(frame: &Frame, name: &str, rows: &[usize]) -> Result<Vec<String>, Failure> {
    let Some(column) = frame.column(name) else {
        let hint = meant_or_known(name, "columns", frame.names());
        return Err(Failure::call(format!("there is no column `{name}`"), hint));
    };
    let texts: Option<Vec<String>> = rows.iter().map(|&row| label(column, row)).collect();
    texts.ok_or_else(|| {
        Failure::call(format!("the column `{name}` has missing values"), "fill them, or drop these rows")
    })
}

/// The text of a column in one row; none where it is missing.
pub fn label(column: &Column, row: usize) -> Option<String> {
    match column {
        Column::Texts { values, .. } => values[row].clone(),
        // −0 is 0.
        Column::Numbers(values) => (!values[row].is_nan()).then(|| (values[row] + 0.0).to_string()),
    }
}
