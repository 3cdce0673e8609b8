//! Charts of mixed models: from a table and what `reffect fit --json` wrote.

use super::args::Common;
use super::failure::Failure;
use super::meta_input::{input_error, numbers};
use super::plot::{is_json, lacking, only_path, read_json};
use super::plot_args::{ChartKind, PlotArgs};
use super::plot_options::{Source, refuse_without_effect};
use crate::chart::Chart;
use crate::formula::Column;
use crate::report::plots::{self, FitResult, Rows};
use std::path::Path;

const OF_MEANS: &str = "reffect fit FORMULA TABLE.csv --emmeans FACTOR:FACTOR --json";
const COMMAND: &str = "reffect fit FORMULA TABLE.csv --predict TABLE.csv --ranef --json";

pub fn chart(args: &PlotArgs, common: &Common) -> Result<Box<dyn Chart>, Failure> {
    let is_of_result = matches!(args.kind, ChartKind::Caterpillar | ChartKind::Means);
    let source = if is_of_result { Source::Result } else { Source::Table };
    refuse_without_effect(args.kind, source, common)?;
    let lacks = |reason: String| lacking(args, &reason);
    if args.kind == ChartKind::Means {
        let fit: FitResult = read_json(only_path(args, "one result")?, OF_MEANS)?;
        let (time, group) = (args.fitted.time.as_deref(), args.fitted.group.as_deref());
        return Ok(Box::new(plots::means(&fit, time, group, common.lang).map_err(lacks)?));
    }
    if args.kind == ChartKind::Caterpillar {
        let fit: FitResult = read_json(only_path(args, "one result")?, COMMAND)?;
        let (group, term) = (args.fitted.group.as_deref(), args.fitted.term.as_deref());
        return Ok(Box::new(plots::caterpillar(&fit, group, term, common.lang).map_err(lacks)?));
    }
    let (table, result) = match &args.paths[..] {
        [table] => (table, None),
        [table, result] => (table, Some(result)),
        _ => {
            return Err(Failure::call(
                "a table and a result were expected",
                "reffect plot trajectory data.csv fit.json -o t.svg",
            ));
        }
    };
    let fit: Option<FitResult> = match result {
        Some(path) if is_json(path) => Some(read_json(path, COMMAND)?),
        Some(path) => {
            let message = format!("{} is no result: a .json file, or -, was expected after the table", path.display());
            return Err(Failure::call(message, format!("write it with `{COMMAND}`")));
        }
        None => None,
    };
    let rows = rows(args, table, fit.as_ref())?;
    if args.kind == ChartKind::Trajectory {
        return Ok(Box::new(plots::trajectory(&rows, fit.as_ref(), common.lang).map_err(lacks)?));
    }
    let fit = fit.ok_or_else(|| {
        Failure::call("residuals need what a model predicts", "give the result after the table: data.csv fit.json")
    })?;
    Ok(Box::new(plots::residuals(&rows, &fit, common.lang).map_err(lacks)?))
}

/// The names of groups; numbers alone would not say of what they are.
fn named_groups(column: &str, values: Option<&Column>, texts: Vec<String>) -> Vec<String> {
    match values {
        Some(Column::Numbers(_)) => texts.into_iter().map(|text| format!("{column} {text}")).collect(),
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
    let line = |at: usize| lines.get(at).map(u64::to_string).unwrap_or_default();
    let texts = |name: &str| match frame.column(name) {
        Some(Column::Texts { values, .. }) => values.iter().map(|value| value.clone().unwrap_or_default()).collect(),
        Some(Column::Numbers(values)) => values.iter().map(f64::to_string).collect(),
        None => (0..frame.len()).map(line).collect::<Vec<String>>(),
    };
    let subjects = subject.map_or_else(|| (0..frame.len()).map(line).collect(), texts);
    Ok(Rows {
        subject: subjects,
        time: time.map_or_else(|| vec![f64::NAN; frame.len()], |name| numbers(&frame, name)),
        value: numbers(&frame, response),
        response: response.to_owned(),
        time_name: time.unwrap_or_default().to_owned(),
        change_at: asked.change_at,
        group: group.map(|name| named_groups(name, frame.column(name), texts(name))).unwrap_or_default(),
    })
}
