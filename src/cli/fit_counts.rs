//! `reffect fit --family`: counts and proportions.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::{Input, new_rows, other_data};
use super::fit_lmm::{WITHOUT_CONTROL, tests};
use crate::mixed::change::compares_occasions;
use crate::mixed::glmm::{GeneralisedModel, GeneralisedOptions};
use crate::mixed::result::Extras;
use crate::mixed::{DfMethod, Family, IntervalMethod, Summary};

/// The model of this family.
pub fn fitted(args: &FitArgs, family: Family, input: &Input, common: &Common) -> Result<Summary, Failure> {
    refuse_what_does_not_fit(args, family)?;
    let options = GeneralisedOptions {
        family,
        link: args.model.link.unwrap_or(GeneralisedOptions::usual_link(family)),
        points: args.model.agq as usize,
        level: common.level,
    };
    let fit = GeneralisedModel::fit(&input.data, options, &input.lines)?;
    let mut summary = fit.summary(&input.data, args.inference.ranef);
    if compares_occasions(&input.data) || !summary.extras.tables.is_empty() {
        summary.notes.push(WITHOUT_CONTROL.to_owned());
    }
    let own = tests(&fit, args, input, common.level)?;
    summary.extras = Extras { tables: summary.extras.tables, ..own };
    if let Some(path) = &args.inference.predict {
        summary.extras.predict = Some(fit.predict(&input.data, &new_rows(args, path)?)?);
    }
    if !args.inference.compare.is_empty() {
        let test = |formula: &String| -> Result<_, Failure> {
            Ok(fit.compare(&input.data, &other_data(args, input, formula)?)?)
        };
        summary.extras.compare = Some(args.inference.compare.iter().map(test).collect::<Result<_, _>>()?);
    }
    if summary.extras.emmeans.is_some() || summary.extras.predict.is_some() {
        summary.notes.push(format!("means and predictions are on the scale of the link, {}", options.link));
    }
    Ok(summary)
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
    if args.inference.ci != IntervalMethod::Wald {
        return refuse(
            format!("--ci {} is for gaussian models so far", args.inference.ci),
            "leave out --ci: Wald intervals come from the joint second derivatives",
        );
    }
    Ok(())
}
