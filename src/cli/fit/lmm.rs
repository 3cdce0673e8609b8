//! `reffect fit` for linear mixed models.

use super::args::FitArgs;
use super::beside::{add_extras, add_intervals};
use super::input::Input;
use crate::cli::args::Common;
use crate::cli::failure::{Failure, tell};
use crate::diagnostic::listed;
use crate::formula::quoted_name;
use crate::mixed::change::{Occasions, TwoStage, compares_occasions, two_stage};
use crate::mixed::result::NamedEstimates;
use crate::mixed::{DfMethod, Family, LinearMixedModel, Link, MixedFit, Summary};
use crate::numeric::matrix::unit;
use std::io::IsTerminal;
use std::sync::Arc;

pub fn fitted(args: &FitArgs, input: &Input, common: &Common) -> Result<(Summary, Box<dyn MixedFit>), Failure> {
    refuse_what_does_not_fit(args)?;
    let reml = !args.model.ml;
    let df = args.inference.df.unwrap_or(DfMethod::usual(Family::Gaussian, reml));
    if df == DfMethod::KenwardRoger {
        announce_long_work(input, common)?;
    }
    let fit = LinearMixedModel::default().reml(reml).df(df).level(common.level).fit(Arc::clone(&input.data))?;
    let mut summary = fit.summary();
    if args.inference.ranef {
        summary.ranef = fit.ranef();
    }
    add_intervals(&mut summary, &fit, args, common, "the full likelihood, as in lme4")?;
    add_extras(&mut summary, &fit, args, input, common)?;
    if summary.extras.residuals.iter().flatten().any(|row| row.residual.is_some_and(|of| of.leverage.is_none())) {
        summary.notes.push(
            "leverages are left open: crossed factors link so many levels that they would take too long".to_owned(),
        );
    }
    if input.data.y.iter().all(|y| *y == 0.0 || *y == 1.0) {
        summary.notes.push(
            "the response is 0 or 1 in every row: for events --family binomial is made, and this fit takes them as \
             measurements"
                .to_owned(),
        );
    }
    before_and_after(&mut summary, input, common.level)?;
    Ok((summary, Box::new(fit)))
}

/// With more linked random effects than this, Kenward and Roger's method takes its time.
const LONG: usize = 2000;

/// Says on a terminal, before it begins, that Kenward and Roger's method will take long, and what does not.
fn announce_long_work(input: &Input, common: &Common) -> Result<(), Failure> {
    if common.quiet || !std::io::stderr().is_terminal() || input.data.random.is_empty() {
        return Ok(());
    }
    let linked = LinearMixedModel::linked_effects(&input.data)?;
    if linked > LONG {
        tell(&format!(
            "Kenward and Roger's method: the rows link {linked} random effects beside those of the largest group, and the \
             time grows with the cube of their number, to minutes at 4000; --df satterthwaite, the default, is much \
             faster. Ctrl-C stops."
        ));
    }
    Ok(())
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
    if args.inference.information.is_some() {
        let message = "--information is for --residual: a model with random effects takes the expected information";
        return Err(Failure::call(message, "leave it out"));
    }
    Ok(())
}

/// What is to be known of a comparison of the same patients at two times.
pub fn without_control(of: &Occasions) -> String {
    let cause = "the change cannot be told apart from regression to the mean, learning, survivorship (who was still \
                 measured) and floor or ceiling effects of the scale";
    if of.is_named {
        return format!("before and after without a control group: {cause}");
    }
    format!("if {} is before and after, it is so without a control group: {cause}", of.column)
}

/// The same of a change of slope that was asked for (--change-at), unless it is compared with that of others.
pub fn change_without_control(input: &Input) -> Result<Option<String>, Failure> {
    let Some(change) = &input.change else { return Ok(None) };
    let is_compared = change.is_compared(&input.data)?;
    Ok((!is_compared).then(|| without_control(&Occasions::named(&quoted_name(&change.column())))))
}

/// Fewer patients than this get the analysis in two stages beside the model.
const FEW: usize = 10;

/// What belongs to a comparison of the same patients before and after: the analysis in two stages of few patients, and
/// that there is no control.
pub fn before_and_after(summary: &mut Summary, input: &Input, level: f64) -> Result<(), Failure> {
    let data = &input.data;
    let occasions = match &input.change {
        Some(change) => Some(Occasions::named(&quoted_name(&change.column()))),
        None => compares_occasions(data),
    };
    let Some(occasions) = occasions else { return Ok(()) };
    let functions: Vec<(String, Vec<f64>)> = match input.change.as_ref().and_then(|change| change.functions(data)) {
        Some(functions) => functions.into_iter().map(|(name, weights)| (name.to_owned(), weights)).collect(),
        None => data.x.names.iter().enumerate().map(|(at, name)| (name.clone(), unit(data.p(), at))).collect(),
    };
    if let Some(TwoStage { group, levels, rows, .. }) = two_stage(data, &functions, level)?.filter(|of| of.all < FEW) {
        let title = format!("in two stages, {levels} levels of {group}");
        let same: Vec<&str> = rows.iter().filter(|row| row.se == 0.0).map(|row| row.name.as_str()).collect();
        if !same.is_empty() {
            summary.notes.push(format!(
                "in two stages, {} is the same in all levels of {group}: without spread there is no t test of it",
                listed(&same)
            ));
        }
        summary.extras.tables.push(NamedEstimates { key: "two_stage", title, rows });
        summary.notes.push(format!(
            "in two stages: a regression for each {group}, then a one-sample t test of its coefficients; with so few \
             of them this is the safer test, since the model's variances are hardly determined"
        ));
    }
    summary.notes.extend(match &input.change {
        Some(_) => change_without_control(input)?,
        None => Some(without_control(&occasions)),
    });
    Ok(())
}
