//! `reffect fit` for linear mixed models.

use super::args::{Common, Format};
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::{Input, new_rows, other_data};
use super::interrupt::Watch;
use crate::mixed::change::{compares_occasions, two_stage};
use crate::mixed::linear::{Tested, anova, contrast, linear, marginal_means};
use crate::mixed::lmm::{Intervals, LinearFit, LinearMixedModel};
use crate::mixed::result::{Extras, NamedEstimates};
use crate::mixed::{DfMethod, IntervalMethod, Link, Summary};

pub fn fitted(args: &FitArgs, input: &Input, common: &Common) -> Result<Summary, Failure> {
    refuse_what_does_not_fit(args)?;
    let reml = !args.model.ml;
    let default_df = if reml { DfMethod::Satterthwaite } else { DfMethod::None };
    let model = LinearMixedModel { reml, df: args.inference.df.unwrap_or(default_df) };
    let fit = model.fit(&input.data)?;
    let mut summary = fit.summary(common.level);
    if args.inference.ranef {
        summary.ranef = fit.ranef();
    }
    summary.extras = extras(&fit, args, input, common.level)?;
    if !args.inference.compare.is_empty() {
        let test = |formula: &String| -> Result<_, Failure> {
            let other = other_data(args, input, formula)?;
            Ok(fit.compare(&other)?)
        };
        summary.extras.compare = Some(args.inference.compare.iter().map(test).collect::<Result<_, _>>()?);
    }
    match args.inference.ci {
        IntervalMethod::Wald => {}
        IntervalMethod::Profile => {
            let intervals = fit.profile(common.level);
            if common.format() == Format::Json {
                summary.profile = fit.profile_traces(common.level, &intervals);
            }
            set_intervals(&mut summary, intervals, IntervalMethod::Profile);
            summary.notes.push("profile intervals are those of the full likelihood, as in lme4".to_owned());
        }
        IntervalMethod::Bootstrap => bootstrap(&fit, &mut summary, args, common)?,
    }
    before_and_after(&mut summary, input, common.level);
    Ok(summary)
}

/// What was asked for and is no part of a linear mixed model.
fn refuse_what_does_not_fit(args: &FitArgs) -> Result<(), Failure> {
    if let Some(link) = args.model.link.filter(|link| *link != Link::Identity) {
        let message = format!("--link {link} is for other families than gaussian");
        return Err(Failure::call(message, "transform the response instead, as in log(y) ~ …"));
    }
    if args.model.agq != 1 {
        let message = "--agq is for other families than gaussian: the likelihood of a linear mixed model is exact";
        return Err(Failure::call(message, "leave it out"));
    }
    Ok(())
}

/// What every fit that can be tested gives beside itself.
pub fn extras(fit: &LinearFit<'_>, args: &FitArgs, input: &Input, level: f64) -> Result<Extras, Failure> {
    let mut extras = tests(fit, args, input, level)?;
    if let Some(path) = &args.inference.predict {
        extras.predict = Some(fit.predict(&new_rows(args, path)?)?);
    }
    Ok(extras)
}

/// F tests, contrasts and marginal means of any fit.
pub fn tests(fit: &dyn Tested, args: &FitArgs, input: &Input, level: f64) -> Result<Extras, Failure> {
    let mut extras = Extras::default();
    if args.inference.anova.is_some() {
        extras.anova = Some(anova(fit, &input.data, &input.frame)?);
    }
    let mut contrasts = Vec::new();
    if let Some(functions) = input.change.as_ref().and_then(|change| change.functions(&input.data)) {
        contrasts.extend(functions.iter().map(|(name, weights)| linear(fit, name, weights, level)));
    }
    for (name, weights) in &args.inference.contrast {
        contrasts.push(contrast(fit, &input.data, name, weights, level)?);
    }
    extras.contrasts = (!contrasts.is_empty()).then_some(contrasts);
    if let Some(factor) = &args.inference.emmeans {
        extras.emmeans = Some((factor.clone(), marginal_means(fit, &input.data, &input.frame, factor, level)?));
    }
    Ok(extras)
}

fn bootstrap(fit: &LinearFit<'_>, summary: &mut Summary, args: &FitArgs, common: &Common) -> Result<(), Failure> {
    let replicates = usize::try_from(args.inference.replicates).unwrap_or(usize::MAX);
    let mut watch = Watch::new(Some(replicates as u128), "refits", common.quiet);
    let intervals = fit.bootstrap(replicates, args.inference.seed, common.level, &mut |done| watch.go_on(done as u128));
    watch.finish();
    let Some(intervals) = intervals else {
        return Err(Failure::Interrupted("stopped before all refits were done".to_owned()));
    };
    set_intervals(summary, intervals, IntervalMethod::Bootstrap);
    let seed = args.inference.seed;
    summary.notes.push(format!("percentiles of {replicates} refits to simulated responses, seed {seed}"));
    Ok(())
}

fn set_intervals(summary: &mut Summary, intervals: Intervals, method: IntervalMethod) {
    summary.ci_method = method;
    summary.fixef.iter_mut().zip(intervals.fixef).for_each(|(coefficient, ci)| coefficient.ci = ci);
    summary.sigma_ci = Some(intervals.sigma);
    for ((term, sd), cor) in summary.varcorr.iter_mut().zip(intervals.sd).zip(intervals.cor) {
        term.sd_ci = Some(sd);
        term.cor_ci = Some(cor);
    }
}

/// What is to be known of a comparison of the same patients at two times.
pub const WITHOUT_CONTROL: &str = "before and after without a control group: the change cannot be told apart from \
    regression to the mean, learning, survivorship (who was still measured) and floor or ceiling effects of the scale";

/// Fewer patients than this get the analysis in two stages beside the model.
const FEW: usize = 10;

fn before_and_after(summary: &mut Summary, input: &Input, level: f64) {
    let data = &input.data;
    let is_change = input.change.is_some();
    if !is_change && !compares_occasions(data) {
        return;
    }
    let few = data.groups().iter().map(|group| group.levels).min().is_some_and(|levels| levels < FEW);
    if few {
        let functions: Vec<(String, Vec<f64>)> = match input.change.as_ref().and_then(|change| change.functions(data)) {
            Some(functions) => functions.into_iter().map(|(name, weights)| (name.to_owned(), weights)).collect(),
            None => {
                let unit = |at: usize| (0..data.p()).map(|other| f64::from(u8::from(other == at))).collect();
                data.x.names.iter().enumerate().map(|(at, name)| (name.clone(), unit(at))).collect()
            }
        };
        if let Some((rows, levels)) = two_stage(data, &functions, level) {
            let title = format!("in two stages, {levels} patients");
            summary.extras.tables.push(NamedEstimates { key: "two_stage", title, rows });
            summary.notes.push(
                "in two stages: a regression for each patient, then a one-sample t test of its coefficients; with so \
                 few patients this is the safer test, since the model's variances are hardly determined"
                    .to_owned(),
            );
        }
    }
    summary.notes.push(WITHOUT_CONTROL.to_owned());
}
