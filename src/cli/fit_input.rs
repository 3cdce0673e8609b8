//! From the arguments of `reffect fit` to the data of a model.

use super::failure::Failure;
use super::fit_args::FitArgs;
use super::meta_input::{input_error, omissions};
use crate::formula::{Column, Formula, Frame};
use crate::mixed::change::ChangePoint;
use crate::mixed::data::unknown_column;
use crate::mixed::{DataOptions, Family, MixedError, ModelData};
use crate::read::Table;
use std::path::Path;

/// The table and what a model is fitted to.
pub struct Input {
    /// The whole table.
    pub frame: Frame,
    /// The line of each row of the table.
    pub lines: Vec<u64>,
    /// The rows that have everything.
    pub data: ModelData,
    /// The change of slope that was asked for.
    pub change: Option<ChangePoint>,
    /// What is to be known of the input.
    pub notes: Vec<String>,
}

pub fn read(args: &FitArgs) -> Result<Input, Failure> {
    let mut formula = Formula::parse(&args.formula)?;
    let file = args.file.as_deref().unwrap_or(Path::new("-"));
    let table = Table::open(file, args.delimiter).map_err(input_error)?;
    let (mut frame, lines) = table.into_frame(&[]).map_err(input_error)?;
    for (column, level) in &args.reading.reference {
        declare_reference(&mut frame, column, level)?;
    }
    let change = change_point(args);
    if let Some(change) = &change {
        change.add_to(&mut formula, &mut frame)?;
    }
    let data = ModelData::new(formula, &frame, &options(args))?;
    let mut notes = notes(&data, &lines);
    if let Some(change) = &change {
        notes.push(format!(
            "{} = max({} − {}, 0) was added wherever {} stands, also in the random part: its coefficient is the \
             change of slope",
            change.column(),
            change.time,
            change.at,
            change.time
        ));
    }
    Ok(Input { frame, lines, data, change, notes })
}

/// The change of slope that was asked for.
fn change_point(args: &FitArgs) -> Option<ChangePoint> {
    let (at, time) = (args.model.change_at.as_ref()?, args.model.time.as_ref()?);
    Some(ChangePoint { time: time.clone(), at: at.value() })
}

/// The data of another formula over the same table.
pub fn other_data(args: &FitArgs, input: &Input, formula: &str) -> Result<ModelData, Failure> {
    Ok(ModelData::new(Formula::parse(formula)?, &input.frame, &options(args))?)
}

/// The table of new rows.
pub fn new_rows(args: &FitArgs, path: &Path) -> Result<Frame, Failure> {
    let table = Table::open(path, args.delimiter).map_err(input_error)?;
    if table.columns().is_empty() {
        return Err(input_error(table.without_rows()));
    }
    let (mut frame, _) = table.into_frame(&[]).map_err(input_error)?;
    if let (Some(change), Some(Column::Numbers(times))) =
        (change_point(args), args.model.time.as_ref().and_then(|time| frame.column(time)).cloned())
    {
        frame.numbers(&change.column(), times.iter().map(|time| (time - change.at).max(0.0 * time)).collect());
    }
    Ok(frame)
}

/// What the arguments say of the data, for other formulas over the same table as well.
pub fn options(args: &FitArgs) -> DataOptions {
    let model = &args.model;
    let needed = [&model.time, &model.subject, &model.residual_by];
    DataOptions {
        contrasts: args.reading.contrasts,
        weights: args.reading.weights.clone(),
        offset: args.reading.offset.clone(),
        needed: needed.into_iter().flatten().cloned().collect(),
        binary_response: model.family == Family::Binomial,
    }
}

fn declare_reference(frame: &mut Frame, column: &str, level: &str) -> Result<(), Failure> {
    match frame.column(column) {
        None => return Err(unknown_column(column, frame).into()),
        Some(Column::Numbers(_)) => {
            let message = format!("--ref {column}={level}: the column `{column}` holds numbers");
            return Err(Failure::call(message, "only a column of texts has a reference level; rename its levels"));
        }
        Some(Column::Texts { values, .. }) => {
            if !values.iter().flatten().any(|value| value == level) {
                let mut known: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
                known.sort_unstable();
                known.dedup();
                let message = format!("--ref {column}={level}: the column has no level `{level}`");
                return Err(Failure::call(message, format!("the levels are {}", known.join(", "))));
            }
        }
    }
    frame.set_reference(column, level);
    Ok(())
}

fn notes(data: &ModelData, lines: &[u64]) -> Vec<String> {
    let mut notes = omissions(&data.missing, lines);
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
            MixedError::Data { message, hint } => Self::call(message, hint),
            MixedError::NotConverged(message) => Self::call(message, "simplify the random part, or look at the data"),
        }
    }
}
