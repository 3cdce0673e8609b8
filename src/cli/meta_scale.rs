//! `reffect meta --scale`: location–scale models.

use super::args::Common;
use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::Studies;
use super::output::{Outputs, write_results};
use crate::formula::{Contrasts, Design, Formula};
use crate::meta::Estimator;
use crate::meta::location_scale::location_scale;
use crate::numeric::matrix::dependent_columns;
use crate::report::csv;
use crate::report::json::meta_scale as json;
use crate::report::meta_scale::{ScaleResults, document};

pub fn run(args: &MetaArgs, formula: &str, studies: &Studies, common: &Common) -> Result<(), Failure> {
    if !matches!(args.model.method, Estimator::Reml | Estimator::Ml) {
        return Err(Failure::call("--scale takes the method REML or ML", "leave --method out for REML"));
    }
    if args.around.any() || args.bias.any() || args.levels.cluster.is_some() || !args.levels.random.is_empty() {
        return Err(Failure::call("what surrounds a fit is not built for --scale", "leave it out"));
    }
    let terms = Formula::parse(formula)?.terms;
    let missing = terms.missing(&studies.frame)?;
    if let Some(name) = studies.rows.iter().find_map(|&row| missing[row].as_ref()) {
        return Err(Failure::call(format!("{name} is missing in a study"), "fill it, or drop the row"));
    }
    let design = Design::new(&terms, &studies.frame, &studies.rows, Contrasts::Treatment)?;
    let mut scale = design.matrix(&studies.frame, &studies.rows, "intrcpt")?;
    let dependent = dependent_columns(&scale.columns);
    let mut notes = studies.notes.clone();
    if !dependent.is_empty() {
        let names: Vec<&str> = dependent.iter().map(|&at| scale.names[at].as_str()).collect();
        notes.push(format!(
            "left out of the scale, because it follows from the columns before it: {}",
            names.join(", ")
        ));
        scale.remove(&dependent);
    }
    notes.push("tau2 is that of each study; it has no interval, and I² and H² are null".to_owned());
    let restricted = args.model.method == Estimator::Reml;
    let fit = location_scale(&studies.problem, &scale, restricted, args.model.test, common.level)?;
    let results = ScaleResults {
        fit: &fit,
        problem: &studies.problem,
        restricted,
        test: args.model.test,
        level: common.level,
        notes,
    };
    let outputs = Outputs {
        document: &|| document(&results),
        json: &|| json::document(&results),
        csv: &|| csv::coefficients(&[results.fit.coefficients.clone(), results.fit.scale.clone()].concat()),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
