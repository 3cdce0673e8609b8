//! `reffect fit` for linear mixed models.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::Input;
use crate::mixed::linear::{anova, contrast, marginal_means};
use crate::mixed::lmm::LinearMixedModel;
use crate::mixed::{DfMethod, Summary};

pub fn fitted(args: &FitArgs, input: &Input, common: &Common) -> Result<Summary, Failure> {
    let reml = !args.model.ml;
    let default_df = if reml { DfMethod::Satterthwaite } else { DfMethod::None };
    let model = LinearMixedModel { reml, df: args.inference.df.unwrap_or(default_df) };
    let fit = model.fit(&input.data)?;
    let mut summary = fit.summary(common.level);
    if args.inference.ranef {
        summary.ranef = fit.ranef();
    }
    if args.inference.anova.is_some() {
        summary.extras.anova = Some(anova(&fit, &input.data, &input.frame)?);
    }
    if !args.inference.contrast.is_empty() {
        let test = |(name, weights): &(String, Vec<f64>)| contrast(&fit, &input.data, name, weights, common.level);
        summary.extras.contrasts = Some(args.inference.contrast.iter().map(test).collect::<Result<_, _>>()?);
    }
    if let Some(factor) = &args.inference.emmeans {
        let means = marginal_means(&fit, &input.data, &input.frame, factor, common.level)?;
        summary.extras.emmeans = Some((factor.clone(), means));
    }
    Ok(summary)
}
