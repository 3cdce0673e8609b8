//! From the arguments of `reffect fit` to the data of a model.

use super::args::FitArgs;
use crate::cli::failure::Failure;
use crate::cli::meta::input::{input_error, omissions, whole_table};
use crate::diagnostic::listed;
use crate::formula::{Column, Expr, Factor, Formula, Frame, Node, Response};
use crate::mixed::change::ChangePoint;
use crate::mixed::data::unknown_column;
use crate::mixed::{DataOptions, Family, MixedError, ModelData};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

/// What a model is fitted to, with what is to be known of it.
pub struct Input {
    /// The rows that have everything, with the whole table.
    pub data: Arc<ModelData>,
    /// The change of slope that was asked for.
    pub change: Option<ChangePoint>,
    /// What is to be known of the input.
    pub notes: Vec<String>,
}

pub fn read(args: &FitArgs) -> Result<Input, Failure> {
    let (frame, lines) = table(args)?;
    of_frame(args, frame, lines)
}

/// The formula comes first: told where a table stands in its place.
fn refuse_turned_round(formula: &str, file: &Path) -> Result<(), Failure> {
    let text = file.to_string_lossy();
    if formula.contains('~') || !text.contains('~') || file.exists() {
        return Ok(());
    }
    let message = format!("`{text}` stands where the table is expected, and it is a formula");
    Err(Failure::call(message, format!("the formula comes first: reffect fit \"{text}\" {formula}")))
}

/// The table of the call and the line of each of its rows.
pub fn table(args: &FitArgs) -> Result<(Frame, Vec<u64>), Failure> {
    let file = args.file.as_deref().unwrap_or(Path::new("-"));
    refuse_turned_round(&args.formula, file)?;
    let table = args.table.open(file).map_err(input_error)?;
    let (frame, lines) = table.into_frame(&[]).map_err(input_error)?;
    args.reading.rows.of(frame, lines)
}

/// That the formula and the options fit a table, of which parts will be fitted.
pub fn check(args: &FitArgs, frame: Frame) -> Result<(), Failure> {
    let (formula, frame, _) = prepared(args, frame)?;
    Ok(ModelData::check(&formula, &frame, &options(args, Vec::new()))?)
}

/// The formula and the table with all columns that the options make.
fn prepared(args: &FitArgs, mut frame: Frame) -> Result<(Formula, Frame, Option<ChangePoint>), Failure> {
    let mut formula = Formula::parse(&args.formula)?;
    if !args.model.stack.is_empty() {
        frame = stacked(&frame, &args.model.stack)?;
    }
    for (at, (column, level)) in args.reading.reference.iter().enumerate() {
        if let Some((_, earlier)) = args.reading.reference[..at].iter().find(|(known, _)| known == column) {
            let message = format!("--ref {column}={earlier} and --ref {column}={level} name two levels of one column");
            return Err(Failure::call(message, "levels are compared with one of them"));
        }
        declare_reference(&mut frame, column, level)?;
    }
    check_references(args, &frame, &formula)?;
    let change = change_point(args);
    if let Some(change) = &change {
        change.add_to(&mut formula, &mut frame)?;
    }
    Ok((formula, frame, change))
}

/// What a model is fitted to, of any table.
pub fn of_frame(args: &FitArgs, frame: Frame, mut lines: Vec<u64>) -> Result<Input, Failure> {
    let repeated = if args.model.stack.is_empty() { None } else { repeated_rows(&frame, &lines) };
    let (formula, frame, change) = prepared(args, frame)?;
    if !args.model.stack.is_empty() {
        lines = lines.iter().flat_map(|&line| std::iter::repeat_n(line, args.model.stack.len())).collect();
    }
    let data = ModelData::new(formula, frame, &options(args, lines)).map_err(|error| match (error, &args.file) {
        (MixedError::NoRows { message, hint }, Some(file)) => input_error(whole_table(file, message, &hint)),
        (error, _) => error.into(),
    })?;
    let mut notes = notes(&data);
    notes.extend(data.formula.terms.mistaken_factors(&data.frame));
    if !args.model.stack.is_empty() {
        notes.push(format!(
            "each row of the table became {} rows, with its outcomes {} as the columns outcome and value",
            args.model.stack.len(),
            args.model.stack.join(", ")
        ));
        notes.extend(repeated);
    }
    if let Some(change) = &change {
        notes.push(format!(
            "{} = max({} {} {}, 0) was added wherever {} stands, also in the random part: its coefficient is the \
             change of slope",
            change.column(),
            change.time,
            if change.at < 0.0 { '+' } else { '−' },
            change.at.abs(),
            change.time
        ));
    }
    Ok(Input { data: Arc::new(data), change, notes })
}

/// A note on rows that are the same in every column, where each row should be of another patient or occasion.
fn repeated_rows(frame: &Frame, lines: &[u64]) -> Option<String> {
    let columns: Vec<&Column> = frame.names().filter_map(|name| frame.column(name)).collect();
    let written = |row: usize| -> Vec<String> {
        let of = |column: &&Column| match column {
            Column::Numbers(values) => values[row].to_string(),
            Column::Texts { values, .. } => format!("{:?}", values[row]),
        };
        columns.iter().map(of).collect()
    };
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for row in 0..frame.len() {
        match seen.entry(written(row)) {
            Entry::Occupied(first) => pairs.push((*first.get(), row)),
            Entry::Vacant(place) => {
                place.insert(row);
            }
        }
    }
    let &(first, second) = pairs.first()?;
    let more =
        if pairs.len() > 1 { format!(", and {} more rows repeat others so", pairs.len() - 1) } else { String::new() };
    let line = |row: usize| lines.get(row).copied().unwrap_or(row as u64 + 2);
    Some(format!(
        "lines {} and {} are the same in every column{more}: a row that stands twice by mistake counts twice",
        line(first),
        line(second)
    ))
}

/// Several outcomes of a row one below the other: the columns `outcome` and `value`, and all others again.
fn stacked(frame: &Frame, outcomes: &[String]) -> Result<Frame, Failure> {
    let count = outcomes.len();
    let mut columns = Vec::with_capacity(count);
    for (at, name) in outcomes.iter().enumerate() {
        match frame.column(name) {
            None => return Err(unknown_column(name, frame).into()),
            Some(Column::Texts { .. }) => {
                let message = format!("--stack {name}: the column holds texts");
                return Err(Failure::call(
                    message,
                    "an outcome is a column of numbers; NA or an empty field is missing",
                ));
            }
            Some(Column::Numbers(values)) => columns.push(values),
        }
        if outcomes[..at].contains(name) {
            return Err(Failure::call(format!("--stack names {name} twice"), "name each outcome once"));
        }
    }
    if let Some(taken) = ["outcome", "value"].into_iter().find(|name| frame.column(name).is_some()) {
        let message = format!("--stack makes a column `{taken}`, and the table has one already");
        return Err(Failure::call(message, "rename the column of the table"));
    }
    let rows = frame.len() * count;
    let mut stacked = repeated(frame, outcomes);
    stacked.numbers("value", (0..rows).map(|row| columns[row % count][row / count]).collect());
    Ok(stacked)
}

/// Each row once for each outcome, under the name `outcome`, without the columns of the outcomes.
fn repeated(frame: &Frame, outcomes: &[String]) -> Frame {
    let count = outcomes.len();
    let rows = frame.len() * count;
    let mut repeated = Frame::default();
    for name in frame.names().filter(|name| !outcomes.iter().any(|outcome| outcome == name)) {
        match frame.column(name) {
            Some(Column::Numbers(values)) => repeated.numbers(name, (0..rows).map(|row| values[row / count]).collect()),
            Some(Column::Texts { values, .. }) => {
                repeated.texts(name, (0..rows).map(|row| values[row / count].clone()));
            }
            None => {}
        }
    }
    repeated.texts("outcome", (0..rows).map(|row| Some(outcomes[row % count].clone())));
    repeated.set_reference("outcome", &outcomes[0]);
    repeated
}

/// The change of slope that was asked for.
fn change_point(args: &FitArgs) -> Option<ChangePoint> {
    let (at, time) = (args.model.change_at.as_ref()?, args.model.time.as_ref()?);
    Some(ChangePoint { time: time.clone(), at: at.value() })
}

/// The data of another formula over the same table.
pub fn other_data(args: &FitArgs, input: &Input, formula: &str) -> Result<ModelData, Failure> {
    let (frame, lines) = (Arc::clone(&input.data.frame), input.data.lines.clone());
    Ok(ModelData::new(Formula::parse(formula)?, frame, &options(args, lines))?)
}

/// The table of new rows; with --stack each of them once for each outcome, unless a column `outcome` says which
/// one it is for. A column that the fixed part needs must be there, with numbers or levels as in the model.
pub fn new_rows(args: &FitArgs, input: &Input, path: &Path) -> Result<Frame, Failure> {
    let table = args.table.open(path).map_err(input_error)?;
    if table.columns().is_empty() {
        return Err(input_error(table.without_rows()));
    }
    let made = [
        change_point(args).map(|change| change.column()),
        (!args.model.stack.is_empty()).then(|| "outcome".to_owned()),
    ];
    let is_made = |name: &&str| made.iter().flatten().any(|made| made == name);
    let expressions = input.data.formula.terms.variables.iter().map(|(_, expr)| expr);
    let expressions = expressions.chain(input.data.offsets.iter().map(|(expr, _)| expr));
    let used: Vec<&str> = expressions.clone().flat_map(Expr::columns).collect();
    let needed = used.iter().copied().filter(|name| input.data.frame.column(name).is_some() && !is_made(name));
    let missing: Vec<&str> = needed.filter(|name| table.column(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(input_error(table.missing(&missing)));
    }
    let is_number = |name: &&str| matches!(input.data.frame.column(name), Some(Column::Numbers(_)));
    let numbers: Vec<&str> = used.iter().copied().filter(is_number).collect();
    let factors = expressions.filter_map(|expr| match &expr.node {
        Node::Name(name) => Some((name.as_str(), Some(levels_in(input, name)?))),
        _ => None,
    });
    let mut factors: Vec<(&str, Option<Vec<&str>>)> = factors.collect();
    // What the fit has as texts are texts here as well, though all of them may look like numbers.
    let is_text = |name: &&str| matches!(input.data.frame.column(name), Some(Column::Texts { .. })) && !is_made(name);
    let groups = input.data.random.iter().flat_map(|term| &term.group_columns).map(String::as_str);
    for name in used.iter().copied().chain(groups).filter(is_text) {
        if !factors.iter().any(|(known, _)| *known == name) {
            factors.push((name, None));
        }
    }
    let (mut frame, _) = table.into_frame_of_levels(&numbers, &factors).map_err(input_error)?;
    if !args.model.stack.is_empty() && frame.column("outcome").is_none() {
        frame = repeated(&frame, &args.model.stack);
    }
    frame.derive_as(&input.data.frame, |_| false)?;
    Ok(frame)
}

/// The texts of a column in the rows of a model.
fn levels_in<'a>(input: &'a Input, name: &str) -> Option<Vec<&'a str>> {
    let Some(Column::Texts { values, .. }) = input.data.frame.column(name) else { return None };
    let mut levels: Vec<&str> = input.data.rows.iter().filter_map(|&row| values[row].as_deref()).collect();
    levels.sort_unstable();
    levels.dedup();
    Some(levels)
}

/// An error about new rows: the formula, which fits its own table, is not what is wrong.
pub fn about_new_rows(error: MixedError, path: &Path) -> Failure {
    match error {
        MixedError::Formula(error) => {
            let hint =
                error.hint.unwrap_or_else(|| "give the table the columns that the model was fitted to".to_owned());
            input_error(whole_table(path, error.message, &hint))
        }
        error => error.into(),
    }
}

/// What the arguments say of the data, for other formulas over the same table as well.
fn options(args: &FitArgs, lines: Vec<u64>) -> DataOptions {
    let model = &args.model;
    let needed = [&model.time, &model.subject, &model.residual_by];
    DataOptions {
        contrasts: args.reading.contrasts,
        weights: args.reading.weights.clone(),
        offset: args.reading.offset.clone(),
        needed: needed.into_iter().flatten().cloned().collect(),
        binary_response: model.family == Family::Binomial,
        lines,
    }
}

fn declare_reference(frame: &mut Frame, column: &str, level: &str) -> Result<(), Failure> {
    match frame.column(column) {
        None => return Err(unknown_column(column, frame).into()),
        Some(Column::Numbers(values)) => {
            let levels = Factor::of_numbers(values).levels;
            if !levels.contains(&level.to_owned()) {
                let message = format!("--ref {column}={level}: the column has no value {level}");
                return Err(Failure::call(message, format!("the values are {}", listed(&levels))));
            }
            frame.set_factor_reference(column, level);
        }
        Some(Column::Texts { values, .. }) => {
            if !values.iter().flatten().any(|value| value == level) {
                let mut known: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
                known.sort_unstable();
                known.dedup();
                let message = format!("--ref {column}={level}: the column has no level `{level}`");
                return Err(Failure::call(message, format!("the levels are {}", listed(&known))));
            }
            frame.set_reference(column, level);
        }
    }
    Ok(())
}

/// Columns have a reference level only where a formula uses them, those of numbers where it takes them as factors.
fn check_references(args: &FitArgs, frame: &Frame, formula: &Formula) -> Result<(), Failure> {
    let references = &args.reading.reference;
    let others = args.inference.compare.iter().filter_map(|other| Formula::parse(other).ok());
    let used: Vec<String> = others.chain([formula.clone()]).flat_map(|formula| used_in(&formula)).collect();
    let is_number = |column: &str| matches!(frame.column(column), Some(Column::Numbers(_)));
    let is_factor = |column: &str| {
        let as_factor = |expr: &Expr| match &expr.node {
            Node::Call(name, arguments) if matches!(name.as_str(), "factor" | "as.factor") => {
                arguments.iter().any(|(_, argument)| matches!(&argument.node, Node::Name(own) if own == column))
            }
            _ => false,
        };
        let terms = std::iter::once(&formula.terms).chain(formula.random.iter().map(|random| &random.terms));
        terms.flat_map(|terms| &terms.variables).any(|(_, expr)| as_factor(expr))
    };
    if let Some((column, level)) = references.iter().find(|(column, _)| is_number(column) && !is_factor(column)) {
        let message = format!("--ref {column}={level}: the column `{column}` holds numbers");
        let hint = format!("a number becomes a factor by writing factor({column}) in the formula");
        return Err(Failure::call(message, hint));
    }
    match references.iter().find(|(column, _)| !used.contains(column)) {
        Some((column, level)) => {
            let message = format!("--ref {column}={level} has no effect: `{column}` does not stand in the formula");
            Err(Failure::call(message, "leave it out, or name a factor of the formula"))
        }
        None => Ok(()),
    }
}

/// The columns of a formula that may have levels: of its response, of its terms and of what varies by group.
fn used_in(formula: &Formula) -> Vec<String> {
    let response = match &formula.response {
        Some(Response::One(expr)) => expr.columns(),
        Some(Response::Pair(one, other)) => [one.columns(), other.columns()].concat(),
        None => Vec::new(),
    };
    let terms = std::iter::once(&formula.terms).chain(formula.random.iter().map(|random| &random.terms));
    let variables = terms.flat_map(|terms| &terms.variables).flat_map(|(_, expr)| expr.columns());
    response.into_iter().chain(variables).map(str::to_owned).collect()
}

/// An error about the rows that are left, with those that were left out: they may be its cause.
pub fn with_omissions(error: Failure, input: &Input) -> Failure {
    let data = &input.data;
    let left_out = data.missing.iter().filter(|reason| reason.is_some()).count();
    match error {
        Failure::Call { message, hint } if left_out > 0 => {
            let all = data.missing.len();
            let why = omissions(&data.missing, &data.lines).into_iter();
            let why: Vec<String> = why.map(|told| format!("{})", told.replacen(" left out: ", " (", 1))).collect();
            let own = format!("{left_out} of {all} rows were left out before: {}", listed(&why));
            Failure::call(message, if hint.is_empty() { own } else { format!("{hint}; {own}") })
        }
        error => error,
    }
}

fn notes(data: &ModelData) -> Vec<String> {
    let mut notes = omissions(&data.missing, &data.lines);
    if !data.dropped.is_empty() {
        let names: Vec<&str> = data.dropped.iter().map(|column| column.name.as_str()).collect();
        notes.push(format!("left out, because it follows from the columns before it: {}", names.join(", ")));
    }
    notes
}

impl From<MixedError> for Failure {
    fn from(error: MixedError) -> Self {
        match error {
            MixedError::Formula(error) => error.into(),
            error => Self::call(error.to_string(), error.hint().unwrap_or_default()),
        }
    }
}
