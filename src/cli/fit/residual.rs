//! `reffect fit --residual`: models of repeated visits by the covariance of residuals, also beside random effects.

use super::args::FitArgs;
use super::beside::{add_extras, add_intervals};
use super::input::Input;
use super::lmm::{before_and_after, change_without_control};
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::mixed::{DfMethod, Family, MarginalModel, MixedFit, ResidualStructure, Summary};
use std::sync::Arc;

/// The model with this covariance of residuals.
pub fn fitted(
    args: &FitArgs,
    structure: ResidualStructure,
    input: &Input,
    common: &Common,
) -> Result<(Summary, Box<dyn MixedFit>), Failure> {
    refuse_what_does_not_fit(args, input)?;
    let asked = &args.model;
    let of_rows = (structure == ResidualStructure::Independent && asked.time.is_none()).then(MarginalModel::of_rows);
    let of_visits = || {
        let (time, subject) = asked.time.as_ref().zip(asked.subject.as_ref())?;
        Some(MarginalModel::new(structure, time, subject))
    };
    let Some(model) = of_rows.or_else(of_visits) else {
        let message = "--residual needs to know whose residuals belong together, and at which visits";
        return Err(Failure::call(message, "add --time VISIT --subject PATIENT, each a column of the table"));
    };
    let mut model = model.reml(!asked.ml).level(common.level);
    model.by.clone_from(&asked.residual_by);
    model.df = args.inference.df.unwrap_or(DfMethod::usual(Family::Gaussian, model.reml));
    model.information = args.inference.information;
    let fit = model.fit(Arc::clone(&input.data))?;
    let mut summary = fit.summary();
    if asked.time.is_none() && asked.subject.is_some() {
        summary.notes.push("--subject changes nothing: without --time the rows are independent".to_owned());
    }
    if args.inference.ranef {
        summary.ranef = fit.ranef();
    }
    add_intervals(&mut summary, &fit, args, common, "the full likelihood")?;
    add_extras(&mut summary, &fit, args, input, common)?;
    match input.data.random.is_empty() {
        true => summary.notes.extend(change_without_control(input)?),
        false => before_and_after(&mut summary, input, common.level)?,
    }
    Ok((summary, Box::new(fit)))
}

fn refuse_what_does_not_fit(args: &FitArgs, input: &Input) -> Result<(), Failure> {
    let refuse = |message: &str, hint: &str| Err(Failure::call(message, hint));
    if args.inference.information.is_some() && args.inference.df != Some(DfMethod::KenwardRoger) {
        return refuse("--information is for --df kenward-roger", "add it, or leave --information out");
    }
    if args.inference.ranef && input.data.random.is_empty() {
        let hint = "leave it out, or write a random term beside --residual, such as (1 | patient)";
        return refuse("--ranef: the formula has no random effects", hint);
    }
    if args.model.agq != 1 || args.model.link.is_some() {
        return refuse("--agq and --link are for counts and proportions (--family)", "leave them out");
    }
    if input.data.trials.is_some() {
        return refuse("a response of cbind() is for --family binomial", "give one column of numbers as the response");
    }
    Ok(())
}
