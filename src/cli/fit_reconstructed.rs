//! `reffect fit --reconstructed`: a mixed model of the data sets behind a release's printed numbers.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::options;
use super::interrupt::Watch;
use super::output::{Outputs, write_results};
use crate::formula::{Expr, Formula, Frame, Node, Response};
use crate::mixed::lmm::LinearMixedModel;
use crate::mixed::result::Ranges;
use crate::mixed::{DfMethod, Family, ModelData};
use crate::numeric::random::Random;
use crate::read::Dataset;
use crate::reconstruct::DataSets;
use crate::reconstruct::of_release::{Behind, behind};
use crate::report::csv;
use crate::report::fit as text;
use crate::report::json::fit as json;
use std::path::Path;

/// The cells of one arm, each with its occasion and the data sets that were drawn.
struct Arm {
    name: String,
    cells: Vec<(String, Vec<Vec<f64>>)>,
}

pub fn run(args: &FitArgs, release: &Path, common: &Common) -> Result<(), Failure> {
    if args.model.family != Family::Gaussian || args.model.residual.is_some() {
        let message = "--reconstructed fits linear mixed models";
        return Err(Failure::call(message, "leave --family and --residual out"));
    }
    let formula = Formula::parse(&args.formula)?;
    let dataset = Dataset::load(release)?;
    let all: Vec<Behind> = dataset.releases().iter().flat_map(|release| behind(release, common.rounding)).collect();
    let wanted = response_names(&formula);
    let chosen: Vec<&Behind> = all.iter().filter(|row| wanted.contains(&column_name(&row.outcome))).collect();
    let Some(first) = chosen.first() else {
        let mut known: Vec<String> = all.iter().map(|row| column_name(&row.outcome)).collect();
        known.dedup();
        let message = "the response of the formula is no outcome of the release".to_owned();
        return Err(Failure::call(message, format!("the outcomes are {}", known.join(", "))));
    };
    let outcome = first.outcome.clone();
    let replicates = args.replicates();
    let mut notes = Vec::new();
    let arms = chosen
        .iter()
        .map(|row| arm(row, replicates, args.inference.seed(), &mut notes))
        .collect::<Result<Vec<Arm>, Failure>>()?;
    let reml = !args.model.ml;
    let default_df = if reml { DfMethod::Satterthwaite } else { DfMethod::None };
    let model = LinearMixedModel { reml, df: args.inference.df.unwrap_or(default_df) };
    let mut ranges = Ranges {
        formula: args.formula.clone(),
        outcome,
        fitted: 0,
        failed: 0,
        singular: 0,
        alpha: 1.0 - common.level,
        df_method: model.df,
        rows: Vec::new(),
        notes,
    };
    fit_all(args, &formula, &arms, model, common, &mut ranges)?;
    let outputs = Outputs {
        document: &|| text::ranges(&ranges),
        json: &|| json::ranges(&ranges),
        csv: &|| csv::coefficient_ranges(&ranges),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// Fits the model to one pairing after another.
fn fit_all(
    args: &FitArgs,
    formula: &Formula,
    arms: &[Arm],
    model: LinearMixedModel,
    common: &Common,
    ranges: &mut Ranges,
) -> Result<(), Failure> {
    let replicates = args.replicates();
    let mut random = Random::seeded(args.inference.seed());
    let mut watch = Watch::new(Some(replicates as u128), "data sets", common.quiet);
    let column = column_name(&ranges.outcome);
    let mut refusals: Vec<(String, usize)> = Vec::new();
    for replicate in 0..replicates {
        let frame = paired(arms, replicate, &column, &mut random);
        let data = ModelData::new(formula.clone(), &frame, &options(args))?;
        match model.fit(&data) {
            Ok(fit) => ranges.add(&fit.summary(common.level).fixef, fit.singular()),
            Err(error) => {
                ranges.failed += 1;
                let told = error.to_string();
                match refusals.iter_mut().find(|(known, _)| *known == told) {
                    Some((_, count)) => *count += 1,
                    None => refusals.push((told, 1)),
                }
            }
        }
        if !watch.go_on(replicate as u128) {
            watch.finish();
            return Err(Failure::Interrupted("stopped before all data sets were fitted".to_owned()));
        }
    }
    watch.finish();
    ranges.notes.push(format!(
        "{replicates} data sets, each drawn uniformly from those behind its cell, in random pairings (seed {}): the \
         ranges are those of these, and may be wider over all",
        args.inference.seed()
    ));
    ranges.notes.extend(refusals.into_iter().map(|(told, count)| format!("{count} not fitted: {told}")));
    match ranges.fitted {
        0 => Err(Failure::Contradiction(format!("no data set could be fitted: {}", ranges.notes.join("; ")))),
        _ => Ok(()),
    }
}

/// The names that stand in the response.
fn response_names(formula: &Formula) -> Vec<String> {
    fn walk(expr: &Expr, names: &mut Vec<String>) {
        match &expr.node {
            Node::Name(name) => names.push(column_name(name)),
            Node::Call(_, arguments) => arguments.iter().for_each(|(_, argument)| walk(argument, names)),
            Node::Negative(inner) | Node::Positive(inner) | Node::Parenthesis(inner) => walk(inner, names),
            Node::Binary(_, left, right) => [left, right].into_iter().for_each(|side| walk(side, names)),
            Node::Number(_) | Node::Text(_) => {}
        }
    }
    let mut names = Vec::new();
    match &formula.response {
        Some(Response::One(expr)) => walk(expr, &mut names),
        Some(Response::Pair(a, b)) => [a, b].into_iter().for_each(|side| walk(side, &mut names)),
        None => {}
    }
    names
}

/// An outcome as the name of a column: `relapse-rate` is `relapse_rate`.
fn column_name(outcome: &str) -> String {
    outcome.replace('-', "_")
}

fn arm(row: &Behind, replicates: usize, seed: u64, notes: &mut Vec<String>) -> Result<Arm, Failure> {
    let mut cells = Vec::new();
    for (number, cell) in row.cells.iter().enumerate() {
        let named = format!("{} of {} at {}", cell.text, row.outcome, cell.occasion);
        let sets: &DataSets = cell.sets.as_ref().map_err(|reason| {
            Failure::call(format!("{named} has no data sets to fit: {reason}"), "choose another outcome")
        })?;
        let drawn = sets
            .sample(replicates, seed.wrapping_add(number as u64))
            .map_err(|reason| Failure::call(format!("{named}: {reason}"), "choose another outcome"))?;
        if drawn.is_empty() {
            return Err(Failure::Contradiction(format!("no data set prints as {named}")));
        }
        if !cell.is_explained {
            notes.push(format!("{named}: what follows ± is read as an SD, which the source does not say"));
        }
        cells.push((cell.occasion.clone(), drawn.iter().map(|counts| sets.values(counts)).collect()));
    }
    if cells.len() < 2 {
        let message = format!("{} is reported at one occasion only", row.outcome);
        return Err(Failure::call(message, "a model of repeated measurements needs two"));
    }
    Ok(Arm { name: row.arm.clone(), cells })
}

/// One data set for each cell, paired at random: columns patient, arm, occasion, after and the outcome.
fn paired(arms: &[Arm], replicate: usize, column: &str, random: &mut Random) -> Frame {
    let (mut patients, mut names, mut occasions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut after, mut values) = (Vec::new(), Vec::new());
    for arm in arms {
        for (number, (occasion, drawn)) in arm.cells.iter().enumerate() {
            let mut own = drawn[replicate % drawn.len()].clone();
            random.shuffle(&mut own);
            for (patient, value) in own.into_iter().enumerate() {
                patients.push(Some(format!("{}:{}", arm.name, patient + 1)));
                names.push(Some(arm.name.clone()));
                occasions.push(Some(occasion.clone()));
                after.push(number as f64);
                values.push(value);
            }
        }
    }
    let mut frame = Frame::default();
    frame.texts("patient", patients);
    frame.texts("arm", names);
    frame.texts("occasion", occasions);
    frame.numbers("after", after);
    frame.numbers(column, values);
    frame
}
