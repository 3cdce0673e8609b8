//! `reffect fit --family`: counts and proportions.

use super::args::FitArgs;
use super::beside::{add_extras, add_intervals};
use super::input::Input;
use super::lmm::{change_without_control, without_control};
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::mixed::change::{Occasions, compares_occasions};
use crate::mixed::{DfMethod, Family, GeneralisedModel, Link, MixedFit, Summary};
use std::sync::Arc;

/// The model of this family.
pub fn fitted(
    args: &FitArgs,
    family: Family,
    input: &Input,
    common: &Common,
) -> Result<(Summary, Box<dyn MixedFit>), Failure> {
    refuse_what_does_not_fit(args, family, input)?;
    let link = args.model.link.unwrap_or(Link::usual(family));
    let model = GeneralisedModel::new(family).link(link).points(args.model.agq as usize).level(common.level);
    let fit = model.fit(Arc::clone(&input.data))?;
    let mut summary = fit.summary();
    if args.inference.ranef {
        summary.ranef = fit.ranef();
    }
    let exact = summary.extras.tables.iter().flat_map(|table| &table.rows).next();
    let occasions = compares_occasions(&input.data).or_else(|| exact.map(|row| Occasions::unnamed(&row.name)));
    summary.notes.extend(match &input.change {
        Some(_) => change_without_control(input)?,
        None => occasions.as_ref().map(without_control),
    });
    add_intervals(&mut summary, &fit, args, common, "the likelihood")?;
    add_extras(&mut summary, &fit, args, input, common)?;
    if summary.extras.residuals.is_some() {
        summary.notes.push(
            "residuals are given the random effects; leverage is that of the weighted regression at the last step"
                .to_owned(),
        );
    }
    Ok((summary, Box::new(fit)))
}

fn refuse_what_does_not_fit(args: &FitArgs, family: Family, input: &Input) -> Result<(), Failure> {
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
    if args.inference.ranef && input.data.random.is_empty() {
        let hint = "leave it out, or write a random term, such as (1 | patient)";
        return refuse("--ranef: the formula has no random effects".to_owned(), hint);
    }
    Ok(())
}
