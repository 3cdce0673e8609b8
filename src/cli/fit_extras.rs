//! What `reffect fit` adds to a fit of any kind: contrasts, type III tests, marginal means.

use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::Input;
use crate::mixed::Summary;
use crate::mixed::linear::{self, Tested};

/// Adds what was asked for.
pub fn add_extras(
    summary: &mut Summary,
    fit: &dyn Tested,
    args: &FitArgs,
    input: &Input,
    level: f64,
) -> Result<(), Failure> {
    let asked = &args.inference;
    if asked.anova.is_some() {
        summary.extras.anova = Some(linear::anova(fit, &input.data, &input.frame)?);
    }
    if !asked.contrast.is_empty() {
        let made = asked.contrast.iter().map(|(name, of)| linear::contrast(fit, &input.data, name, of, level));
        summary.extras.contrasts = Some(made.collect::<Result<_, _>>()?);
    }
    if let Some(factor) = &asked.emmeans {
        let means = linear::marginal_means(fit, &input.data, &input.frame, factor, level)?;
        summary.extras.emmeans = Some((factor.clone(), means));
    }
    Ok(())
}
