//! Charts of mixed models: from a table and what `reffect fit --json` wrote.

use super::args::{ChartKind, PlotArgs};
use super::options::{Source, refuse_without_effect};
use super::{is_result, lacking, only_path, read_json};
use crate::chart::Chart;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::meta::input::{input_error, numbers};
use crate::formula::{Column, Frame};
use crate::report::plots::{self, FitResult, Rows};
use std::path::Path;

const OF_MEANS: &str = "reffect fit FORMULA TABLE.csv --emmeans FACTOR:FACTOR --json";
const COMMAND: &str = "reffect fit FORMULA TABLE.csv --predict TABLE.csv --ranef --json";
const OF_RESIDUALS: &str = "reffect fit FORMULA TABLE.csv --residuals --json";

pub fn chart(args: &PlotArgs, common: &Common) -> Result<Box<dyn Chart>, Failure> {
    let is_alone = args.kind == ChartKind::Residuals && matches!(&args.paths[..], [one] if is_result(one));
    let is_of_result = is_alone || matches!(args.kind, ChartKind::Caterpillar | ChartKind::Means);
    let source = if is_of_result { Source::Result } else { Source::Table };
    refuse_without_effect(args.kind, source, common)?;
    let lacks = |reason: String| lacking(args, &reason);
    if args.kind == ChartKind::Means {
        let fit: FitResult = read_json(only_path(args, "one result")?, OF_MEANS)?;
        let (time, group) = (args.fitted.time.as_deref(), args.fitted.group.as_deref());
        let in_rows = if time.is_none() && group.is_none() { plots::means_in_rows(&fit, common.lang) } else { None };
        if let Some(chart) = in_rows {
            return Ok(Box::new(chart));
        }
        return Ok(Box::new(plots::means(&fit, time, group, common.lang).map_err(lacks)?));
    }
    if args.kind == ChartKind::Caterpillar {
        let fit: FitResult = read_json(only_path(args, "one result")?, COMMAND)?;
        let (group, term) = (args.fitted.group.as_deref(), args.fitted.term.as_deref());
        return Ok(Box::new(plots::caterpillar(&fit, group, term, common.lang).map_err(lacks)?));
    }
    if args.kind == ChartKind::Residuals {
        return residuals(args, common);
    }
    let (table, fit) = match &args.paths[..] {
        [table] => (table, None),
        [table, result] => (table, Some(after_table(result, COMMAND)?)),
        _ => {
            return Err(Failure::call(
                "a table and a result were expected",
                "reffect plot trajectory data.csv fit.json -o t.svg",
            ));
        }
    };
    let rows = rows(args, table, fit.as_ref())?;
    Ok(Box::new(plots::trajectory(&rows, fit.as_ref(), common.lang).map_err(lacks)?))
}

/// The result that stands after a table.
fn after_table(path: &Path, command: &str) -> Result<FitResult, Failure> {
    if is_result(path) {
        return read_json(path, command);
    }
    let message = format!("{} is no result: a .json file, or -, was expected after the table", path.display());
    Err(Failure::call(message, format!("write it with `{command}`")))
}

/// Residuals of a result that has them, by itself or with the table that says whose they are; of one with predictions,
/// as they follow from the values of the table.
fn residuals(args: &PlotArgs, common: &Common) -> Result<Box<dyn Chart>, Failure> {
    let lacks = |reason: String| lacking(args, &reason);
    let (table, fit) = match &args.paths[..] {
        [result] if is_result(result) => (None, read_json(result, OF_RESIDUALS)?),
        [_] => {
            return Err(Failure::call(
                "residuals need what a model predicts",
                format!(
                    "give the result after the table, data.csv fit.json; or by itself, as `{OF_RESIDUALS}` writes it"
                ),
            ));
        }
        [table, result] => (Some(table), after_table(result, OF_RESIDUALS)?),
        _ => {
            return Err(Failure::call(
                "a result, or a table and a result, was expected",
                "reffect plot residuals fit.json -o r.svg",
            ));
        }
    };
    let rows = match table {
        None if fit.residuals.is_none() => {
            return Err(lacks("it has no `residuals`: pass --residuals to `fit`".to_owned()));
        }
        None => Rows::default(),
        Some(table) if fit.residuals.is_some() => whose(args, table)?,
        Some(table) => rows(args, table, Some(&fit))?,
    };
    Ok(Box::new(plots::residuals(&rows, &fit, common.lang).map_err(lacks)?))
}

/// Whose each row of a table is. Its values are not asked for: they can be texts, or more than a column.
fn whose(args: &PlotArgs, path: &Path) -> Result<Rows, Failure> {
    let table = args.pooled.table.open(path).map_err(input_error)?;
    let (subject, response) = (args.fitted.subject.as_deref(), args.fitted.response.as_deref());
    let absent: Vec<&str> =
        [subject, response].into_iter().flatten().filter(|name| table.column(name).is_none()).collect();
    if !absent.is_empty() {
        return Err(input_error(table.missing(&absent)));
    }
    let (frame, lines) = table.into_frame(&[]).map_err(input_error)?;
    let subject = names(&frame, &lines, subject);
    Ok(Rows { subject, response: response.unwrap_or_default().to_owned(), ..Rows::default() })
}

/// The texts of a column, empty where one is missing; or the lines where there is no column.
fn names(frame: &Frame, lines: &[u64], column: Option<&str>) -> Vec<String> {
    match column.and_then(|name| frame.column(name)) {
        Some(Column::Texts { values, .. }) => values.iter().map(|value| value.clone().unwrap_or_default()).collect(),
        Some(Column::Numbers(values)) => {
            values.iter().map(|value| if value.is_nan() { String::new() } else { value.to_string() }).collect()
        }
        None => lines.iter().map(u64::to_string).collect(),
    }
}

/// The names of groups; numbers alone would not say of what they are.
fn named_groups(column: &str, values: Option<&Column>, texts: Vec<String>) -> Vec<String> {
    match values {
        Some(Column::Numbers(_)) => {
            texts.into_iter().map(|text| if text.is_empty() { text } else { format!("{column} {text}") }).collect()
        }
        _ => texts,
    }
}

/// The columns of time, subject and value; the value is the response of the model where none is named.
fn rows(args: &PlotArgs, path: &Path, fit: Option<&FitResult>) -> Result<Rows, Failure> {
    let asked = &args.fitted;
    let subject = asked.subject.as_deref();
    let time = asked.time.as_deref();
    // What is modelled can be more than a column: `log(days)`, `cbind(events, n - events)`.
    let modelled = fit.and_then(FitResult::response).filter(|name| !name.contains('('));
    let response = asked.response.as_deref().or(modelled);
    let of_people = args.kind == ChartKind::Trajectory;
    let is_lacking = [
        ("response", response.is_none()),
        ("subject", of_people && subject.is_none()),
        ("time", of_people && time.is_none()),
    ];
    let lacking: Vec<&str> = is_lacking.into_iter().filter(|(_, lacks)| *lacks).map(|(what, _)| what).collect();
    let response = match (response, &lacking[..]) {
        (Some(response), []) => response,
        _ => {
            let flags: Vec<String> = lacking.iter().map(|what| format!("--{what} COLUMN")).collect();
            return Err(Failure::call(
                format!("the chart needs to know the column of {}", lacking.join(", of ")),
                format!("add {}", flags.join(" ")),
            ));
        }
    };
    let table = args.pooled.table.open(path).map_err(input_error)?;
    let group = asked.group.as_deref().filter(|_| args.kind == ChartKind::Trajectory);
    let needed: Vec<&str> = [Some(response), subject, time, group].into_iter().flatten().collect();
    let absent: Vec<&str> = needed.iter().copied().filter(|name| table.column(name).is_none()).collect();
    if !absent.is_empty() {
        return Err(input_error(table.missing(&absent)));
    }
    let of_numbers: Vec<&str> = [Some(response), time].into_iter().flatten().collect();
    let (frame, lines) = table.into_frame(&of_numbers).map_err(input_error)?;
    Ok(Rows {
        subject: names(&frame, &lines, subject),
        time: time.map_or_else(|| vec![f64::NAN; frame.len()], |name| numbers(&frame, name)),
        value: numbers(&frame, response),
        response: response.to_owned(),
        time_name: time.unwrap_or_default().to_owned(),
        change_at: asked.change_at,
        group: group
            .map(|name| named_groups(name, frame.column(name), names(&frame, &lines, Some(name))))
            .unwrap_or_default(),
        has_numbered_groups: matches!(group.and_then(|name| frame.column(name)), Some(Column::Numbers(_))),
    })
}
