//! One model fitted to many tables: the data sets behind a release, or the levels of a column.

use super::args::FitArgs;
use super::input::{Input, check, of_frame, table};
use super::r_call::is_curve;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::fit;
use crate::cli::interrupt::Watch;
use crate::cli::output::{Outputs, tell_notes_beside_csv, write_results};
use crate::diagnostic::listed;
use crate::formula::{Contrasts, Formula, Frame};
use crate::mixed::data::unknown_column;
use crate::mixed::result::Ranges;
use crate::mixed::{Adjustment, DfMethod, Family, IntervalMethod};
use crate::numeric::dist::alpha_of;
use crate::report::csv;
use crate::report::fit as text;
use crate::report::json::fit as json;
use std::cell::LazyCell;

/// The model in each level of a column.
pub fn each(args: &FitArgs, column: &str, common: &Common) -> Result<(), Failure> {
    let (frame, lines) = table(args)?;
    let of = frame.column(column).ok_or_else(|| unknown_column(column, &frame))?;
    let factor = of.factor(&(0..frame.len()).collect::<Vec<_>>());
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
        (frame.of_rows(rows), rows.iter().map(|&row| lines[row]).collect())
    };
    let variables = Formula::parse(&args.formula).map(|of| of.terms.variables).unwrap_or_default();
    let curves: Vec<&str> = variables.iter().map(|(name, _)| name.as_str()).filter(|name| is_curve(name)).collect();
    if !curves.is_empty() {
        ranges.notes.push(format!(
            "{} {} made of the rows of each level alone: where these have other values of the column, the coefficients \
             mean something else",
            listed(&curves),
            if curves.len() == 1 { "is" } else { "are" }
        ));
    }
    // Where the whole cannot be read no part can, and each says why.
    let whole = of_frame(args, frame.clone(), lines.clone()).ok();
    let has_same_levels = |part: &Input| whole.as_ref().map_or(Ok(()), |whole| same_levels(whole, part));
    fit_all(args, members.len(), part, has_same_levels, common, &mut ranges)
        .map_err(|error| within_levels(error, column))?;
    let asked = [("--emmeans", &args.inference.emmeans), ("--slopes", &args.inference.slopes)];
    let has_differences = ranges.rows.iter().any(|row| !["", "contrast"].contains(&row.section.as_str()));
    if let (Some((option, _)), false) = (asked.iter().find(|(_, names)| !names.is_empty()), has_differences) {
        let message = format!("--each holds differences of means and slopes, and {option} gives none here");
        return Err(Failure::call(message, "name a factor with two levels or more, or leave it out"));
    }
    let told = format!(
        "over simulated trials the share with p < {:.3} is the power where there is an effect, and the error rate \
         where there is none; of n fits its standard error is √(share (1 − share) / n)",
        ranges.alpha
    );
    ranges.notes.insert(0, told);
    if args.inference.adjust != Adjustment::None {
        let is_of_pairs = args.inference.adjust == Adjustment::Tukey;
        let what = if is_of_pairs { "differences of means" } else { "contrasts and differences" };
        ranges.notes.push(format!("p of {what} is adjusted ({})", args.inference.adjust));
    }
    write(&ranges, args, common)
}

/// That the coefficients of a part mean what they mean in the whole table: its factors have the level that the others
/// are compared with, and all levels where they are compared with their mean.
fn same_levels(whole: &Input, part: &Input) -> Result<(), Failure> {
    let (all, own) = (&whole.data.design, &part.data.design);
    for (at, (name, _)) in whole.data.formula.terms.variables.iter().enumerate() {
        let (Some(levels), Some(known)) = (all.levels(name), own.levels(name)) else { continue };
        let has_reference = whole.data.contrasts == Contrasts::Treatment && !all.is_ordered(at);
        let needed = if has_reference { &levels[..1] } else { levels };
        let Some(absent) = needed.iter().find(|level| !known.contains(level)) else { continue };
        let message = format!("{name} has no level `{absent}` there, and its coefficients would mean something else");
        let hint = format!("name a level that is everywhere (--ref {name}=LEVEL), or leave these rows out");
        return Err(Failure::call(message, hint));
    }
    Ok(())
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
    let has_effects = !Formula::parse(&args.formula)?.random.is_empty();
    let models = match (args.model.family, args.model.residual) {
        (Family::Gaussian, None) => "Linear mixed models",
        (Family::Gaussian, Some(_)) if !has_effects => "Repeated-measures models",
        (Family::Gaussian, Some(_)) => "Linear mixed models with correlated residuals",
        _ if !has_effects => "Generalised linear models",
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
        model: None,
        rows: Vec::new(),
        notes: fit::reading(args).iter().map(text::reading_in_words).collect(),
    })
}

/// Fits the model to one table after another, each of which passes a check of its own.
pub fn fit_all(
    args: &FitArgs,
    count: usize,
    mut tables: impl FnMut(usize) -> (Frame, Vec<u64>),
    check: impl Fn(&Input) -> Result<(), Failure>,
    common: &Common,
    ranges: &mut Ranges,
) -> Result<(), Failure> {
    let mut watch = Watch::new(Some(count as u128), "data sets", common.quiet);
    let mut refusals: Vec<(String, usize)> = Vec::new();
    let mut first: Option<Failure> = None;
    let mut left_out = 0;
    for at in 0..count {
        let (frame, lines) = tables(at);
        let input = of_frame(args, frame, lines);
        left_out += input.as_ref().map_or(0, |input| input.data.frame.len().saturating_sub(input.data.rows.len()));
        let input = input.and_then(|input| check(&input).map(|()| input));
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
    if left_out > 0 {
        let (rows, are) = if left_out == 1 { ("row", "is") } else { ("rows", "are") };
        ranges.notes.push(format!("{left_out} {rows} of all tables {are} left out: a value is missing"));
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
    tell_notes_beside_csv(&LazyCell::new(|| json::ranges(ranges)), common);
    let outputs = Outputs {
        document: &|| text::ranges(ranges),
        json: &|| json::ranges(ranges),
        csv: &|| csv::coefficient_ranges(ranges),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
