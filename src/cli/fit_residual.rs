//! `reffect fit --residual`: models of repeated visits by the covariance of residuals.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::{Input, new_rows, other_data};
use super::fit_lmm::tests;
use crate::mixed::mmrm::{Layout, MarginalModel, MarginalOptions, VisitColumns};
use crate::mixed::{DfMethod, IntervalMethod, ResidualStructure, Summary};

/// The model with this covariance of residuals.
pub fn fitted(
    args: &FitArgs,
    structure: ResidualStructure,
    input: &Input,
    common: &Common,
) -> Result<Summary, Failure> {
    refuse_what_does_not_fit(args, input)?;
    let model = &args.model;
    let (Some(time), Some(subject)) = (&model.time, &model.subject) else {
        let message = "--residual needs to know whose residuals belong together, and at which visits";
        return Err(Failure::call(message, "add --time VISIT --subject PATIENT, each a column of the table"));
    };
    let by = model.residual_by.as_deref();
    let columns = VisitColumns { time, subject, by };
    let layout = Layout::new(&input.data, &input.frame, &columns, structure, &input.lines)?;
    let df = args.inference.df.unwrap_or(if model.ml { DfMethod::None } else { DfMethod::Satterthwaite });
    let options = MarginalOptions { structure, restricted: !model.ml, df, level: common.level };
    let fit = MarginalModel::fit(&input.data, layout, options)?;
    let mut summary = fit.summary(&input.data, subject);
    summary.extras = tests(&fit, args, input, common.level)?;
    if let Some(path) = &args.inference.predict {
        summary.extras.predict = Some(fit.predict(&input.data, &new_rows(args, path)?)?);
    }
    if !args.inference.compare.is_empty() {
        let test = |formula: &String| -> Result<_, Failure> {
            Ok(fit.compare(&input.data, &other_data(args, input, formula)?)?)
        };
        summary.extras.compare = Some(args.inference.compare.iter().map(test).collect::<Result<_, _>>()?);
    }
    Ok(summary)
}

fn refuse_what_does_not_fit(args: &FitArgs, input: &Input) -> Result<(), Failure> {
    let refuse = |message: &str, hint: &str| Err(Failure::call(message, hint));
    if !input.data.random.is_empty() {
        return refuse(
            "--residual is for formulas without random effects, and this one has some",
            "leave out the random part: a structure such as us or cs takes its place; or leave out --residual",
        );
    }
    if args.inference.ci != IntervalMethod::Wald {
        return refuse("--residual has Wald intervals alone", "leave out --ci, or use --ci wald");
    }
    if args.inference.ranef {
        return refuse("--ranef: a model with --residual has no random effects", "leave it out");
    }
    if args.model.agq != 1 || args.model.link.is_some() {
        return refuse("--agq and --link are for counts and proportions (--family)", "leave them out");
    }
    if input.data.trials.is_some() {
        return refuse("a response of cbind() is for --family binomial", "give one column of numbers as the response");
    }
    Ok(())
}
