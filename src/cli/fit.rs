//! `reffect fit`: mixed models of a table.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_case::Case;
use super::fit_counts;
use super::fit_input::{self, Input};
use super::fit_lmm;
use super::fit_reconstructed;
use super::fit_residual;
use super::output::{Outputs, write_results};
use crate::formula::FormulaError;
use crate::mixed::{Family, MixedError, Summary};
use crate::report::csv;
use crate::report::fit as text;
use crate::report::json::fit as json;

pub fn run(args: &FitArgs, common: &Common) -> Result<(), Failure> {
    if let Some(release) = &args.model.reconstructed {
        return fit_reconstructed::run(args, release, common);
    }
    let input = fit_input::read(args)?;
    let (mut summary, _) = fitted(args, &input, common)?;
    summary.notes.splice(0..0, input.notes.iter().cloned());
    write(&summary, args, common)
}

/// The model of the kind that was asked for.
pub fn fitted<'a>(
    args: &'a FitArgs,
    input: &'a Input,
    common: &Common,
) -> Result<(Summary, Box<dyn Case + 'a>), Failure> {
    match (args.model.family, args.model.residual) {
        (Family::Gaussian, None) if input.data.random.is_empty() => Err(no_random_part(&args.formula)),
        (Family::Gaussian, None) => fit_lmm::fitted(args, input, common),
        (Family::Gaussian, Some(structure)) => fit_residual::fitted(args, structure, input, common),
        (family, _) => fit_counts::fitted(args, family, input, common),
    }
}

/// A model without random effects is none of these.
fn no_random_part(formula: &str) -> Failure {
    let start = formula.find('~').map_or(0, |at| at + 1);
    let start = start + formula[start..].len() - formula[start..].trim_start().len();
    let error =
        FormulaError::new("the formula has no random part: this is no mixed model", formula, start..formula.len());
    let hint = "add what varies between patients, such as (1 | patient) or (month | patient); for repeated visits \
                without random effects use --residual us --time VISIT --subject PATIENT; for independent rows \
                ordinary regression suffices";
    MixedError::from(error.with_hint(hint)).into()
}

fn write(summary: &Summary, args: &FitArgs, common: &Common) -> Result<(), Failure> {
    let outputs = Outputs {
        document: &|| text::document(summary),
        json: &|| json::document(summary),
        csv: &|| csv::fixed_effects(&summary.fixef),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
