//! One model fitted to many tables: the data sets behind a release, or the levels of a column.

use super::args::Common;
use super::failure::Failure;
use super::fit;
use super::fit_args::FitArgs;
use super::fit_input::{check, of_frame, table};
use super::interrupt::Watch;
use super::output::{Outputs, write_results};
use crate::formula::{Column, Factor, Frame};
use crate::mixed::data::unknown_column;
use crate::mixed::result::Ranges;
use crate::mixed::{Adjustment, DfMethod, Family, IntervalMethod};
use crate::numeric::dist::alpha_of;
use crate::report::csv;
use crate::report::fit as text;
use crate::report::json::fit as json;

/// The model in each level of a column.
pub fn each(args: &FitArgs, column: &str, common: &Common) -> Result<(), Failure> {
    let (frame, lines) = table(args)?;
    let factor = match frame.column(column) {
        None => return Err(unknown_column(column, &frame).into()),
        Some(Column::Numbers(values)) => Factor::of_numbers(values),
        Some(Column::Texts { values, .. }) => Factor::of_texts(values, None),
    };
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); factor.levels.len()];
    factor.codes.iter().enumerate().for_each(|(row, code)| {
        if let Some(code) = code {
            members[*code].push(row);
        }
    });
    if members.is_empty() {
        return Err(Failure::call(format!("--each {column}: the column is empty"), "name a column of trials"));
    }
    check(args, frame.clone())?;
    let mut ranges = ranges(args, common, column.to_owned(), &format!("each {column}"))?;
    let absent = factor.codes.iter().filter(|code| code.is_none()).count();
    if absent > 0 {
        ranges.notes.push(format!("{absent} rows without a value of {column} left out"));
    }
    let part = |at: usize| {
        let rows = &members[at];
        let mut part = Frame::default();
        for name in frame.names() {
            match frame.column(name) {
                Some(Column::Numbers(values)) => part.numbers(name, rows.iter().map(|&row| values[row]).collect()),
                Some(Column::Texts { values, .. }) => part.texts(name, rows.iter().map(|&row| values[row].clone())),
                None => {}
            }
        }
        (part, rows.iter().map(|&row| lines[row]).collect())
    };
    fit_all(args, members.len(), part, common, &mut ranges).map_err(|error| within_levels(error, column))?;
    let told = format!(
        "over simulated trials the share with p < {:.3} is the power where there is an effect, and the error rate \
         where there is none; its standard error is √(share (1 − share) / {})",
        ranges.alpha, ranges.fitted
    );
    ranges.notes.insert(0, told);
    if args.inference.adjust != Adjustment::None {
        let is_of_pairs = args.inference.adjust == Adjustment::Tukey;
        let what = if is_of_pairs { "differences of means" } else { "contrasts and differences" };
        ranges.notes.push(format!("p of {what} is adjusted ({})", args.inference.adjust));
    }
    write(&ranges, args, common)
}

/// That an error is of the rows of one level, as all of them have it.
fn within_levels(error: Failure, column: &str) -> Failure {
    match error {
        Failure::Call { message, hint } => {
            let own = format!("--each {column} fits the model to the rows of each level alone");
            Failure::call(format!("in each level of {column}: {message}"), format!("{hint}; {own}"))
        }
        error => error,
    }
}

/// Ranges of nothing yet.
///
/// # Errors
/// If intervals are asked for by another method, which ranges do not hold.
pub fn ranges(args: &FitArgs, common: &Common, outcome: String, tables: &str) -> Result<Ranges, Failure> {
    if args.inference.ci != IntervalMethod::Wald {
        let message = format!(
            "--ci {}: ranges over {tables} hold estimates, statistics and p, and no intervals",
            args.inference.ci
        );
        return Err(Failure::call(message, "leave out --ci"));
    }
    let models = match (args.model.family, args.model.residual) {
        (Family::Gaussian, None) => "Linear mixed models",
        (Family::Gaussian, Some(_)) if !args.formula.contains('|') => "Repeated-measures models",
        (Family::Gaussian, Some(_)) => "Linear mixed models with correlated residuals",
        _ => "Generalised linear mixed models",
    };
    Ok(Ranges {
        formula: args.formula.clone(),
        title: format!("{models} of {tables}"),
        outcome,
        fitted: 0,
        failed: 0,
        singular: 0,
        unconverged: 0,
        // 1 − 0.95 is 0.05, without the rounding of the difference.
        alpha: alpha_of(common.level),
        df_method: args.inference.df.unwrap_or(DfMethod::usual(args.model.family, !args.model.ml)),
        rows: Vec::new(),
        notes: fit::reading(args).iter().map(text::reading_in_words).collect(),
    })
}

/// Fits the model to one table after another.
pub fn fit_all(
    args: &FitArgs,
    count: usize,
    mut tables: impl FnMut(usize) -> (Frame, Vec<u64>),
    common: &Common,
    ranges: &mut Ranges,
) -> Result<(), Failure> {
    let mut watch = Watch::new(Some(count as u128), "data sets", common.quiet);
    let mut refusals: Vec<(String, usize)> = Vec::new();
    let mut first: Option<Failure> = None;
    for at in 0..count {
        let (frame, lines) = tables(at);
        let input = of_frame(args, frame, lines);
        let fitted = input.and_then(|input| fit::fitted(args, &input, common).map(|(summary, _)| summary));
        match fitted {
            Ok(summary) => ranges.add(&summary),
            Err(Failure::Interrupted(told)) => return Err(Failure::Interrupted(told)),
            Err(error) => {
                ranges.failed += 1;
                let told = error.message();
                match refusals.iter_mut().find(|(known, _)| *known == told) {
                    Some((_, count)) => *count += 1,
                    None => {
                        refusals.push((told, 1));
                        first.get_or_insert(error);
                    }
                }
            }
        }
        if !watch.go_on(at as u128) {
            watch.finish();
            return Err(Failure::Interrupted("stopped before all data sets were fitted".to_owned()));
        }
    }
    watch.finish();
    // The same reason everywhere is one of the call.
    if let (0, 1, Some(error)) = (ranges.fitted, refusals.len(), first) {
        return Err(error);
    }
    ranges.notes.extend(refusals.into_iter().map(|(told, count)| format!("{count} not fitted: {told}")));
    if ranges.unconverged > 0 {
        let told = format!(
            "{} of the fits did not end in a clear minimum: a fit of such a table alone says why; the ranges and shares \
             hold them all the same",
            ranges.unconverged
        );
        ranges.notes.push(told);
    }
    if ranges.rows.iter().any(|row| row.tested < row.fitted) {
        let told = "some fits have no p-value for a coefficient: the share with a small p is of those that have one";
        ranges.notes.push(told.to_owned());
    }
    match ranges.fitted {
        0 => {
            let message = format!("no data set could be fitted: {}", ranges.notes.join("; "));
            Err(Failure::call(message, "fit the table of one of them alone, or use fewer terms"))
        }
        _ => Ok(()),
    }
}

pub fn write(ranges: &Ranges, args: &FitArgs, common: &Common) -> Result<(), Failure> {
    let outputs = Outputs {
        document: &|| text::ranges(ranges),
        json: &|| json::ranges(ranges),
        csv: &|| csv::coefficient_ranges(ranges),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
