//! `reffect fit --family`: counts and proportions.

use super::args::{Common, Format};
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_case::{Case, FROM_ELSEWHERE, Generalised, add_extras, bootstrap_note, watched};
use super::fit_input::Input;
use super::fit_lmm::without_control;
use crate::mixed::change::{Occasions, compares_occasions};
use crate::mixed::glmm::{GeneralisedFit, GeneralisedOptions};
use crate::mixed::{DfMethod, Family, IntervalMethod, Summary};

/// The model of this family.
pub fn fitted<'a>(
    args: &FitArgs,
    family: Family,
    input: &'a Input,
    common: &Common,
) -> Result<(Summary, Box<dyn Case + 'a>), Failure> {
    refuse_what_does_not_fit(args, family)?;
    let options = GeneralisedOptions {
        family,
        link: args.model.link.unwrap_or(GeneralisedOptions::usual_link(family)),
        points: args.model.agq as usize,
        level: common.level,
    };
    let fit = GeneralisedFit::fit(&input.data, options, &input.lines)?;
    let mut summary = fit.summary(args.inference.ranef);
    let exact = summary.extras.tables.iter().flat_map(|table| &table.rows).next();
    let occasions = compares_occasions(&input.data).or_else(|| exact.map(|row| Occasions::unnamed(&row.name)));
    summary.notes.extend(occasions.as_ref().map(without_control));
    match args.inference.ci {
        IntervalMethod::Wald => {}
        IntervalMethod::Profile => {
            let with_points = common.format() == Format::Json;
            let run = |go_on: &mut dyn FnMut(usize) -> bool| Ok(fit.profile_watched(with_points, go_on));
            let profiles = watched(fit.profiled(), "profiles", common, run)?;
            summary.set_intervals(profiles.intervals, IntervalMethod::Profile);
            (summary.profile, summary.extras.dispersion_ci) = (profiles.traces, profiles.dispersion);
            summary.notes.push(format!("profile intervals are those of the likelihood; {FROM_ELSEWHERE}"));
            summary.note_open_intervals();
        }
        IntervalMethod::Bootstrap => {
            let (replicates, seed) = (args.replicates(), args.inference.seed());
            let run = |go_on: &mut dyn FnMut(usize) -> bool| fit.bootstrap(replicates, seed, go_on);
            let (intervals, dispersion, failed) = watched(replicates, "refits", common, run)?;
            summary.set_intervals(intervals, IntervalMethod::Bootstrap);
            summary.extras.dispersion_ci = dispersion;
            summary.notes.push(bootstrap_note(replicates, seed, failed));
        }
    }
    summary.notes.extend(fit.ratios(&summary.fixef));
    let case = Generalised(fit);
    add_extras(&mut summary, &case, args, input, common)?;
    if summary.extras.emmeans.is_some() || summary.extras.predict.is_some() {
        summary.notes.push(format!("means and predictions are on the scale of the link, {}", options.link));
    }
    if let Some(means) = &summary.extras.emmeans {
        summary.notes.extend(case.0.back_transformed(means));
    }
    if summary.extras.residuals.is_some() {
        summary.notes.push(
            "residuals are given the random effects; leverage is that of the weighted regression at the last step"
                .to_owned(),
        );
    }
    Ok((summary, Box::new(case)))
}

fn refuse_what_does_not_fit(args: &FitArgs, family: Family) -> Result<(), Failure> {
    let refuse = |message: String, hint: &str| Err(Failure::call(message, hint));
    if args.model.residual.is_some() {
        return refuse(
            format!("--residual is for gaussian responses, and --family {family} has no residual covariance"),
            "leave out --residual, or use a random term",
        );
    }
    if let Some(df) = args.inference.df.filter(|df| *df != DfMethod::None) {
        return refuse(
            format!("--df {df} is for gaussian models: with --family {family} p-values are by the normal distribution"),
            "leave out --df, or use --df none",
        );
    }
    if args.inference.information.is_some() {
        return refuse("--information is for --residual".to_owned(), "leave it out");
    }
    Ok(())
}
