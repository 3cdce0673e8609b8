//! `reffect meta --scale`: location–scale models.

use super::args::MetaArgs;
use super::around::{check_names, contrast_weights, note_on_predictions, note_on_vif, row_of_design};
use super::csv::csv_of;
use super::input::{Studies, moderators_of};
use super::joint::{joint_tests, note_on_joint};
use super::refusals::Kind;
use super::shown::shown;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, tell_notes_beside_csv, write_results};
use crate::formula::{Contrasts, Design, ModelMatrix};
use crate::meta::deletion::variance_inflation;
use crate::meta::location_scale::{LocationScale, location_scale};
use crate::meta::{Estimator, Model, Prediction, Tau2Interval};
use crate::numeric::matrix::dependent_columns;
use crate::report::json::meta_scale as json;
use crate::report::meta::scale::{ScaleAround, ScaleResults, document};
use crate::report::r_call;
use std::cell::LazyCell;

pub fn run(args: &MetaArgs, formula: &str, studies: &Studies, common: &Common) -> Result<(), Failure> {
    if !matches!(args.model.method, Estimator::Reml | Estimator::Ml) {
        return Err(Failure::call("--scale takes the method REML or ML", "leave --method out for REML"));
    }
    Kind::Scale.refuse(args)?;
    if args.model.tau2_ci != Tau2Interval::QProfile {
        return Err(Failure::call(
            "--tau2-ci does not go with --scale: each study has a tau2 of its own",
            "leave it out",
        ));
    }
    let terms = moderators_of("--scale", formula)?.terms;
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
    let extras = Extras { args, studies, design: &design, left_out: &dependent, scale: &scale };
    notes.push("tau2 is that of each study: it has no interval, and there are no I² and H² of all".to_owned());
    let restricted = args.model.method == Estimator::Reml;
    let model = Model { estimator: args.model.method, test: args.model.test, level: common.level, ..Model::default() };
    let fit = location_scale(&model, &studies.problem, &scale)?;
    let around = extras.around(&fit)?;
    notes.extend(notes_on(args, &around));
    let shown = shown(args, studies)?;
    notes.extend(shown.note());
    let results = ScaleResults {
        fit: &fit,
        problem: &studies.problem,
        slab: &studies.slab,
        moderators: &studies.moderators,
        omitted: &studies.omitted,
        restricted,
        test: args.model.test,
        level: common.level,
        measure: args.counts.code(),
        transformation: shown.transformation,
        around: &around,
        r_call: r_call(args, formula, studies, common.level),
        notes,
        facts: &studies.facts,
    };
    let whole = LazyCell::new(|| json::document(&results));
    tell_notes_beside_csv(&whole, common);
    let outputs = Outputs {
        document: &|| document(&results),
        json: &|| json::document(&results),
        csv: &|| {
            let all = [results.fit.coefficients.clone(), results.fit.scale.clone()].concat();
            csv_of(args, &whole, &all, results.problem)
        },
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// The call of R that fits the same.
fn r_call(args: &MetaArgs, formula: &str, studies: &Studies, level: f64) -> String {
    let in_file = |formula: &str| r_call::in_file(formula, &args.table.map);
    let mods = args.model.mods.as_deref().map(in_file);
    let (source, method, test) = (&studies.source, args.model.method.name(), args.model.test);
    let call = r_call::location_scale(source, method, test, level, mods.as_deref(), &in_file(formula));
    args.of_its_rows(call, &source.incomplete)
}

/// What is to be known of it.
fn notes_on(args: &MetaArgs, around: &ScaleAround) -> impl Iterator<Item = String> {
    let of_predictions = note_on_predictions(around.predict.as_deref());
    of_predictions.into_iter().chain(note_on_vif(args)).chain(note_on_joint(around.joint.as_deref()))
}

/// What was asked for around a location–scale model.
struct Extras<'a> {
    args: &'a MetaArgs,
    studies: &'a Studies,
    /// The columns of the scale, with those that were left out.
    design: &'a Design,
    left_out: &'a [usize],
    scale: &'a ModelMatrix,
}

impl Extras<'_> {
    fn around(&self, fit: &LocationScale) -> Result<ScaleAround, Failure> {
        let (asked, problem) = (&self.args.around, &self.studies.problem);
        let mut around = ScaleAround::default();
        if asked.predict {
            around.predict = Some(self.predictions(fit)?);
            around.are_of_studies = asked.newmods.is_none();
        }
        if asked.vif {
            around.vif = Some(variance_inflation(problem, &fit.covariance));
        }
        if !asked.contrast.is_empty() {
            let one = |text: &String| {
                let (name, x) = contrast_weights(text, problem.p())?;
                Ok(fit.contrast(&name, &x)?)
            };
            around.contrasts = Some(asked.contrast.iter().map(one).collect::<Result<_, Failure>>()?);
        }
        around.joint = joint_tests(self.args, &problem.names, |places| fit.joint_test(places))?;
        Ok(around)
    }

    /// Predictions of new studies, or of each study.
    fn predictions(&self, fit: &LocationScale) -> Result<Vec<(String, Option<Prediction>)>, Failure> {
        let (studies, kind) = (self.studies, self.args.model.pi_type);
        let Some(values) = &self.args.around.newmods else {
            let row = |columns: &[Vec<f64>], at: usize| columns.iter().map(|column| column[at]).collect::<Vec<f64>>();
            let of = |at: usize| {
                let (x, z) = (row(&studies.problem.columns, at), row(&self.scale.columns, at));
                Ok((studies.slab[at].clone(), Some(fit.predict(&x, &z, kind)?)))
            };
            return (0..studies.problem.k()).map(of).collect();
        };
        let new = |entry: &str| {
            check_names(entry, studies, &[&studies.design, self.design], &[])?;
            let x = row_of_design(entry, studies, &studies.design, &studies.left_out)?;
            let z = row_of_design(entry, studies, self.design, self.left_out)?;
            Ok((entry.to_owned(), x.zip(z).map(|(x, z)| fit.predict(&x, &z, kind)).transpose()?))
        };
        values.split(';').map(str::trim).filter(|entry| !entry.is_empty()).map(new).collect()
    }
}
