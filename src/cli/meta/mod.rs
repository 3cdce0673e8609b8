//! `reffect meta`: pooling and meta-regression of a table.

mod aggregate;
pub(super) mod args;
pub(super) mod around;
pub(super) mod computed;
mod counts;
mod csv;
mod given;
pub(super) mod input;
mod joint;
mod known;
mod levels;
mod levels_around;
mod methods;
mod profile;
pub(super) mod refusals;
pub(super) mod releases;
mod scale;
mod selection;
mod shared;
pub(super) mod shown;
mod subgroups;
mod subsets;
mod suspicions;

use crate::cli::args::{Common, Format};
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, tell_notes_beside_csv, write_results};
use crate::diagnostic::Diagnostics;
use crate::formula::FormulaError;
use crate::meta::deletion::Influence;
use crate::meta::{Fit, MetaError, Model, Prediction, Test, Weighting};
use crate::report::json::meta as json;
use crate::report::meta::around::Around;
use crate::report::meta::{self as text, Moderators, Results};
use args::MetaArgs;
use around::{around, around_counts, note_on_predictions, note_on_vif};
use counts::{Pooled, RandomCounts, model_counts, pool_counts};
use csv::{csv_of, is_table_of, refuse_empty_table, refuse_several};
use given::single;
use input::{Studies, read_studies};
use refusals::refuse_what_does_not_fit;
use shown::shown;
use std::cell::LazyCell;

pub fn run(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    refuse_what_does_not_fit(args, &common.given)?;
    refuse_several(args, common)?;
    if args.counts.glmm.is_some() {
        return random_counts(args, common);
    }
    if args.counts.any() {
        return counts(args, common);
    }
    let studies = read_studies(args, common.rounding)?;
    if let Some(formula) = &args.model.scale {
        return scale::run(args, formula, &studies, common);
    }
    if args.levels.is_dependent() {
        return levels::run(args, &studies, common);
    }
    let Studies { problem, slab, .. } = &studies;
    let model = Model {
        estimator: args.model.method,
        test: args.model.test,
        weighting: if args.model.unweighted { Weighting::Equal } else { Weighting::Inverse },
        tau2: single("--tau2", &args.model.tau2)?,
        tau2_interval: args.model.tau2_ci,
        level: common.level,
    };
    let fit = levels::made_robust(args, &studies, model.fit(problem)?)?;
    let prediction = if problem.is_intercept_only() { fit.prediction(args.model.pi_type) } else { None };
    let mut around = around(args, &studies, &model, &fit)?;
    let shown = shown(args, &studies)?;
    let mut notes = studies.notes.clone();
    notes.extend(shown.note());
    around.sizes = shown.sizes;
    notes.extend(notes_on_extras(args, &fit, prediction, &around));
    if !common.given.has("test") {
        notes.extend(note_on_few_studies(args, &fit));
    }
    let results = Results {
        fit: &fit,
        problem,
        slab,
        omitted: &studies.omitted,
        input_notes: &notes,
        method: fit.model.estimator.name(),
        around: &around,
        prediction,
        transformation: shown.transformation,
        moderators: &studies.moderators,
        pi_type: args.model.pi_type,
        sigma2: None,
        measure: args.counts.code(),
        facts: &studies.facts,
    };
    write(&results, args, common)
}

/// With fewer studies the quantiles of t are far from those of z, and τ² is hardly known: simulations of 2 to 20 trials
/// by IntHout, Ioannidis & Borm (2014), BMC Med Res Methodol 14:25. Of two studies no method tells much.
const FEW: std::ops::Range<usize> = 3..10;

/// That another test than z, which nobody asked for, is recommended where studies are few: Cochrane Handbook 6.5,
/// section 10.10.4.4; Röver, Knapp & Friede (2015), BMC Med Res Methodol 15:99.
fn note_on_few_studies(args: &MetaArgs, fit: &Fit) -> Option<String> {
    let is_by_z = fit.model.test == Test::Z && args.levels.cluster.is_none() && !fit.model.estimator.is_common();
    (is_by_z && FEW.contains(&fit.k) && fit.residual_df() > 1.0).then(|| {
        format!(
            "with {} studies, intervals by the normal distribution tend to be too narrow: Cochrane recommends those of \
             Hartung and Knapp (--test knha; --test adhoc never makes them narrower than these)",
            fit.k
        )
    })
}

/// What is to be known of what is null, and of what is not robust.
fn notes_on_extras(args: &MetaArgs, fit: &Fit, prediction: Option<Prediction>, around: &Around) -> Vec<String> {
    let mut notes = around.notes.clone();
    notes.extend(note_on_predictions(around.predict.as_deref()));
    notes.extend(note_on_vif(args));
    if around.trimfill.as_ref().is_some_and(|of| of.k0_se.is_none()) {
        notes.push("k0 of --trimfill has no standard error: its variance would be below 0".to_owned());
    }
    let without_statistic = |of: &crate::meta::permutation::Permutation| of.p.iter().any(Option::is_none);
    if around.permutest.as_ref().is_some_and(without_statistic) {
        notes.push("a coefficient without a statistic has no p-value of --permutest".to_owned());
    }
    let lacks_interval = |of: &Prediction| of.pi.is_none() && !fit.model.estimator.is_common();
    if prediction.as_ref().is_some_and(lacks_interval) {
        notes.push("there are too few studies for this prediction interval".to_owned());
    }
    notes.extend(note_on_refits(around));
    let lost = around.influence.as_ref().map_or(0, |all| all.iter().filter(|one| one.deletion.is_none()).count());
    match lost {
        0 => {}
        1 => notes.push("what 1 study moves is not known: the rest cannot be fitted without it".to_owned()),
        _ => notes.push(format!("what {lost} studies move is not known: the rest cannot be fitted without them")),
    }
    if let Some(all) = around.influence.as_ref().filter(|all| lost < all.len()) {
        notes.push(note_on_influence(all));
    }
    let unplaced = around.baujat.as_ref().map_or(0, |all| all.iter().filter(|one| one.is_none()).count());
    if unplaced > 0 {
        notes.push(format!("--baujat has no point for {unplaced} studies: the rest cannot be fitted without them"));
    }
    let of_the_fit = ["--predict", "--contrast", "--btt", "--vif", "--blup"];
    let asked: Vec<&str> =
        args.around.asked().into_iter().chain(args.bias.asked()).filter(|flag| !of_the_fit.contains(flag)).collect();
    if args.levels.cluster.is_some() && !asked.is_empty() {
        notes.push(format!(
            "{} as if all studies were independent, with the standard errors of the model; --cluster is for the \
             coefficients, predictions and contrasts",
            asked.join(", ")
        ));
    }
    notes
}

/// How many of the studies, or of the groups of them, cannot be left out.
fn note_on_refits(around: &Around) -> Option<String> {
    let lost = around.leave_one_out.as_ref()?.iter().filter(|fit| fit.is_none()).count();
    let what = if around.are_groups { "groups" } else { "studies" };
    (lost > 0).then(|| format!("without {lost} of the {what} in turn the rest cannot be fitted"))
}

/// Which studies are influential, and by what rule.
fn note_on_influence(all: &[Influence]) -> String {
    let found = match all.iter().filter(|one| one.is_influential).count() {
        0 => "no study is influential".to_owned(),
        1 => "1 study is influential (*)".to_owned(),
        count => format!("{count} studies are influential (*)"),
    };
    format!(
        "{found} by the rule of Viechtbauer and Cheung (2010): |dffits| above 3√(p/(k − p)), Cook's d beyond the median \
         of χ² with p df, hat above 3p/k, or any |dfbetas| above 1 (these stand in --json)"
    )
}

/// `--mh` and `--peto`.
fn counts(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    let Pooled { result, slab, omitted, around, mut notes, facts } = pool_counts(args, common.level)?;
    notes.extend(note_on_refits(&around));
    let results = Results {
        fit: &result.fit,
        problem: &result.problem,
        slab: &slab,
        omitted: &omitted,
        input_notes: &notes,
        method: if args.counts.mh { "MH" } else { "PETO" },
        around: &around,
        prediction: None,
        transformation: args.model.transf.unwrap_or_default(),
        moderators: &Moderators::default(),
        pi_type: args.model.pi_type,
        sigma2: None,
        measure: args.counts.code(),
        facts: &facts,
    };
    write(&results, args, common)
}

/// `--glmm`.
fn random_counts(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    let RandomCounts { fit, studies, name, sigma2, r_call } = model_counts(args, common.level)?;
    let prediction = fit.prediction(args.model.pi_type);
    let around = around_counts(args, &studies, &fit, r_call)?;
    let mut notes = studies.notes.clone();
    notes.extend(around.notes.iter().cloned());
    let results = Results {
        fit: &fit,
        problem: &studies.problem,
        slab: &studies.slab,
        omitted: &studies.omitted,
        input_notes: &notes,
        method: &name,
        around: &around,
        prediction,
        transformation: args.model.transf.unwrap_or_default(),
        moderators: &studies.moderators,
        pi_type: args.model.pi_type,
        sigma2,
        measure: args.counts.code(),
        facts: &studies.facts,
    };
    write(&results, args, common)
}

fn write(results: &Results<'_>, args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    let is_csv = common.format() == Format::Csv;
    refuse_empty_table(args, common, &results.around.unavailable)?;
    if let Some(gosh) = &results.around.gosh
        && (!is_csv || is_table_of(args, "--gosh"))
        && subsets::are_written(results, gosh, args.output.as_deref(), common)?
    {
        return Ok(());
    }
    let whole = LazyCell::new(|| json::document(results));
    tell_notes_beside_csv(&whole, common);
    let outputs = Outputs {
        document: &|| text::document(results),
        json: &|| json::document(results),
        csv: &|| csv_of(args, &whole, &results.fit.coefficients, results.problem),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

impl From<MetaError> for Failure {
    fn from(error: MetaError) -> Self {
        let hint = match &error {
            MetaError::TooManyCoefficients { .. } => "use fewer moderators",
            MetaError::Dependent { .. } => "leave it out",
            MetaError::NotConverged { what, .. } => match *what {
                "the location–scale model" => "leave --scale out, or take fewer moderators in it",
                "the selection model" => "take another --selmodel, or fewer steps",
                "the model with random effects" => {
                    "--peto or --mh --mh-add 0.5 give an estimate for two groups; PLO and IRLN have none"
                }
                "the comparison" => "compare simpler models",
                _ => "try another method, such as PM, which always has one solution",
            },
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
