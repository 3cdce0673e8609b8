//! `reffect fit --residual`: models of repeated visits by the covariance of residuals.

use super::args::{Common, Format};
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_case::{Case, FROM_ELSEWHERE, Marginal, add_extras, bootstrap_note, watched};
use super::fit_input::Input;
use crate::mixed::mmrm::{Layout, MarginalFit, MarginalOptions, VisitColumns};
use crate::mixed::{DfMethod, Family, IntervalMethod, ResidualStructure, Summary};

/// The model with this covariance of residuals.
pub fn fitted<'a>(
    args: &'a FitArgs,
    structure: ResidualStructure,
    input: &'a Input,
    common: &Common,
) -> Result<(Summary, Box<dyn Case + 'a>), Failure> {
    refuse_what_does_not_fit(args, input)?;
    let model = &args.model;
    let (Some(time), Some(subject)) = (&model.time, &model.subject) else {
        let message = "--residual needs to know whose residuals belong together, and at which visits";
        return Err(Failure::call(message, "add --time VISIT --subject PATIENT, each a column of the table"));
    };
    let by = model.residual_by.as_deref();
    let columns = VisitColumns { time, subject, by };
    let layout = Layout::new(&input.data, &input.frame, &columns, &input.lines)?;
    let df = args.inference.df.unwrap_or(DfMethod::usual(Family::Gaussian, !model.ml));
    let information = args.inference.information.unwrap_or_default();
    let options = MarginalOptions { structure, restricted: !model.ml, df, information, level: common.level };
    let fit = MarginalFit::fit(&input.data, layout, options)?;
    let mut summary = fit.summary(subject);
    match args.inference.ci {
        IntervalMethod::Wald => {}
        IntervalMethod::Profile => {
            let with_points = common.format() == Format::Json;
            let run = |go_on: &mut dyn FnMut(usize) -> bool| fit.profile_watched(with_points, go_on);
            let profiles = watched(fit.profiled(), "profiles", common, run)?;
            summary.set_intervals(profiles.intervals, IntervalMethod::Profile);
            summary.set_residual_intervals(profiles.residual);
            summary.profile = profiles.traces;
            summary.notes.push(format!("profile intervals are those of the full likelihood; {FROM_ELSEWHERE}"));
            summary.note_open_intervals();
        }
        IntervalMethod::Bootstrap => {
            let (replicates, seed) = (args.replicates(), args.inference.seed());
            let run = |go_on: &mut dyn FnMut(usize) -> bool| Ok(fit.bootstrap(replicates, seed, go_on));
            let (intervals, residual, failed) = watched(replicates, "refits", common, run)?;
            summary.set_intervals(intervals, IntervalMethod::Bootstrap);
            summary.set_residual_intervals(residual);
            summary.notes.push(bootstrap_note(replicates, seed, failed));
        }
    }
    let case = Marginal { fit, input, columns };
    add_extras(&mut summary, &case, args, input, common)?;
    Ok((summary, Box::new(case)))
}

fn refuse_what_does_not_fit(args: &FitArgs, input: &Input) -> Result<(), Failure> {
    let refuse = |message: &str, hint: &str| Err(Failure::call(message, hint));
    if args.inference.information.is_some() && args.inference.df != Some(DfMethod::KenwardRoger) {
        return refuse("--information is for --df kenward-roger", "add it, or leave --information out");
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
