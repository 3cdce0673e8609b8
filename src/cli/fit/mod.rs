//! `reffect fit`: mixed models of a table.

pub(super) mod args;
mod beside;
mod counts;
mod input;
mod lmm;
mod many;
mod means;
mod r_call;
pub(super) mod reconstructed;
mod refusals;
mod residual;
mod row_columns;
mod simulate;

use crate::cli::args::{Common, Format};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, tell_notes_beside_csv, write_results};
use crate::diagnostic::{listed, meant_or_known};
use crate::formula::{Contrasts, FormulaError};
use crate::mixed::{Family, IntervalMethod, MixedError, MixedFit, Summary};
use crate::report::fit as text;
use crate::report::fit::csv;
use crate::report::fit::csv::Named;
use crate::report::json::fit as json;
use crate::report::sheet::Sheet;
use args::FitArgs;
use input::Input;
use r_call::r_call;
use refusals::{notes_without_effect, refuse_without_effect};
use std::cell::LazyCell;

pub fn run(args: &FitArgs, common: &Common) -> Result<(), Failure> {
    refuse_without_effect(args, common)?;
    if let Some(release) = &args.model.reconstructed {
        return reconstructed::run(args, release, common);
    }
    if let Some(column) = &args.model.each {
        return many::each(args, column, common);
    }
    let input = input::read(args)?;
    let (mut summary, fit) = fitted(args, &input, common).map_err(|error| input::with_omissions(error, &input))?;
    summary.notes.splice(0..0, input.notes.iter().cloned());
    if let Some(count) = args.inference.simulate {
        return simulate::run(args, &input, (fit.as_ref(), &summary.notes), count, common);
    }
    summary.extras.reading = reading(args);
    summary.extras.r_call = r_call(args, &input);
    summary.notes.extend(notes_without_effect(args, &input));
    summary.notes.extend(note_on_intervals(&summary));
    write(&summary, args, common)
}

/// That intervals by another method are those of the model's parameters alone.
fn note_on_intervals(fit: &Summary) -> Option<String> {
    let of = &fit.extras;
    let has_combined =
        of.contrasts.is_some() || !of.emmeans.is_empty() || !of.slopes.is_empty() || of.predict.is_some();
    let is_other = fit.ci_method != IntervalMethod::Wald && has_combined;
    is_other.then(|| "intervals of contrasts, means, slopes and predictions are Wald's".to_owned())
}

/// What was said of the data beside the formula, which makes it another model.
pub(super) fn reading(args: &FitArgs) -> Vec<(&'static str, String)> {
    let of = &args.reading;
    let contrasts = match of.contrasts {
        Contrasts::Treatment => None,
        Contrasts::Sum => Some("sum".to_owned()),
        Contrasts::Helmert => Some("Helmert".to_owned()),
    };
    let reference: Vec<String> = of.reference.iter().map(|(column, level)| format!("{column} {level}")).collect();
    let all = [
        ("offset", of.offset.clone()),
        ("weights", of.weights.clone()),
        ("coding", contrasts),
        ("ref", (!reference.is_empty()).then(|| reference.join(", "))),
        ("subset", (!of.rows.subset.is_empty()).then(|| of.rows.subset.join(", "))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The model of the kind that was asked for.
pub fn fitted(args: &FitArgs, input: &Input, common: &Common) -> Result<(Summary, Box<dyn MixedFit>), Failure> {
    match (args.model.family, args.model.residual) {
        (Family::Gaussian, None) if input.data.random.is_empty() => Err(no_random_part(&args.formula)),
        (Family::Gaussian, None) => lmm::fitted(args, input, common),
        (Family::Gaussian, Some(structure)) => residual::fitted(args, structure, input, common),
        (family, _) => counts::fitted(args, family, input, common),
    }
}

/// A model without random effects is none of these.
fn no_random_part(formula: &str) -> Failure {
    let start = formula.find('~').map_or(0, |at| at + 1);
    let start = start + formula[start..].len() - formula[start..].trim_start().len();
    let error =
        FormulaError::new("the formula has no random part: this is no mixed model", formula, start..formula.len());
    let hint = "add what varies between patients, such as (1 | patient) or (month | patient); for repeated visits \
                without random effects use --residual us --time VISIT --subject PATIENT; for independent rows \
                ordinary regression suffices (--family takes counts and proportions without a random part)";
    MixedError::from(error.with_hint(hint)).into()
}

fn write(summary: &Summary, args: &FitArgs, common: &Common) -> Result<(), Failure> {
    tell_notes_beside_csv(&LazyCell::new(|| json::document(summary)), common);
    let tables = if common.format() == Format::Csv { csv::tables(summary) } else { Vec::new() };
    let chosen = chosen_table(&tables, args, common)?;
    let outputs = Outputs {
        document: &|| text::document(summary),
        json: &|| json::document(summary),
        csv: &|| chosen.map_or_else(String::new, Sheet::csv),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// The table that CSV holds: the one that --table names, or the one that an option asks for, or the fixed effects.
fn chosen_table<'a>(tables: &'a [Named], args: &FitArgs, common: &Common) -> Result<Option<&'a Sheet>, Failure> {
    if let Some(name) = &args.inference.table {
        if common.format() != Format::Csv {
            return Err(Failure::call("--table has no effect: it chooses the table of CSV", "add --format csv"));
        }
        let known = tables.iter().map(|table| table.name);
        let found = tables.iter().find(|table| table.name == name).map(|table| &table.sheet);
        let message = || format!("this fit has no table `{name}` (--table)");
        return found.map(Some).ok_or_else(|| Failure::call(message(), meant_or_known(name, "tables", known)));
    }
    let asked: Vec<(&str, &Sheet)> = tables.iter().filter_map(|table| Some((table.option?, &table.sheet))).collect();
    if asked.len() > 1 {
        let options: Vec<&str> = asked.iter().map(|(option, _)| *option).collect();
        let message = format!("CSV holds one table, and {} ask for one each", listed(&options));
        return Err(Failure::call(message, "name the table (--table), ask for one of them, or use --json"));
    }
    Ok(asked.first().map(|(_, sheet)| *sheet).or_else(|| tables.first().map(|table| &table.sheet)))
}
