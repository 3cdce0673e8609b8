//! `reffect meta`: pooling and meta-regression of a table.

use super::args::Common;
use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::{Studies, read_studies};
use super::output::{Outputs, write_results};
use crate::diagnostic::Diagnostics;
use crate::formula::FormulaError;
use crate::meta::{MetaError, Model, Weighting};
use crate::report::csv;
use crate::report::json::meta as json;
use crate::report::meta::{self as text, Results};

pub fn run(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    let studies = read_studies(args)?;
    let Studies { problem, slab, .. } = &studies;
    let model = Model {
        estimator: args.model.method,
        test: args.model.test,
        weighting: if args.model.unweighted { Weighting::Equal } else { Weighting::Inverse },
        tau2: args.model.tau2,
        tau2_interval: args.model.tau2_ci,
        level: common.level,
    };
    let fit = model.fit(problem)?;
    let prediction = if problem.is_intercept_only() { fit.prediction(args.model.pi_type) } else { None };
    let results = Results {
        fit: &fit,
        problem,
        slab,
        input_notes: &studies.notes,
        prediction,
        exponential: args.model.transf.is_some(),
    };
    let outputs = Outputs {
        document: &|| text::document(&results),
        json: &|| json::document(&results),
        csv: &|| csv::coefficients(&fit.coefficients),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

impl From<MetaError> for Failure {
    fn from(error: MetaError) -> Self {
        let hint = match &error {
            MetaError::TooManyCoefficients { .. } => "use fewer moderators",
            MetaError::Dependent { .. } => "leave it out",
            MetaError::NotConverged { .. } => "try another method, such as PM, which always has one solution",
            MetaError::NoStudies => "check the names of the columns, and which values are missing",
            _ => "",
        };
        Self::call(error.to_string(), hint)
    }
}

impl From<FormulaError> for Failure {
    fn from(error: FormulaError) -> Self {
        Self::Input(Diagnostics(vec![error.diagnostic()]))
    }
}
