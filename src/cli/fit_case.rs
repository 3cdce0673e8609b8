//! What every kind of fitted model can be asked, and the answers that `reffect fit` gives beside the fit.

use super::args::Common;
use super::failure::Failure;
use super::fit_args::FitArgs;
use super::fit_input::{Input, about_new_rows, new_rows, other_data};
use super::interrupt::Watch;
use crate::formula::Frame;
use crate::mixed::glmm::GeneralisedFit;
use crate::mixed::influence::{Snapshot, deviation_names, influence};
use crate::mixed::linear::{Tested, anova, anova_notes, contrast, linear};
use crate::mixed::lmm::LinearFit;
use crate::mixed::means::{MeansOf, marginal_means};
use crate::mixed::mmrm::{MarginalFit, VisitColumns};
use crate::mixed::result::{Comparison, Prediction, RowResidual};
use crate::mixed::{MixedError, ModelData, Summary};
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Random;

/// A fitted model of any kind with its data.
pub trait Case: Sync {
    fn tested(&self) -> &dyn Tested;
    fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError>;
    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError>;
    fn residuals(&self) -> Vec<RowResidual>;
    fn snapshot(&self) -> (Snapshot, Matrix);
    fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError>;
    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError>;
}

pub struct Linear<'a>(pub LinearFit<'a>);

pub struct Marginal<'a> {
    pub fit: MarginalFit<'a>,
    pub input: &'a Input,
    pub columns: VisitColumns<'a>,
}

pub struct Generalised<'a>(pub GeneralisedFit<'a>);

impl Case for Linear<'_> {
    fn tested(&self) -> &dyn Tested {
        &self.0
    }
    fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        self.0.predict(frame)
    }
    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        self.0.compare(other)
    }
    fn residuals(&self) -> Vec<RowResidual> {
        self.0.residuals()
    }
    fn snapshot(&self) -> (Snapshot, Matrix) {
        self.0.snapshot()
    }
    fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        self.0.refitted(data)
    }
    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        Ok(self.0.simulate(random))
    }
}

impl Case for Marginal<'_> {
    fn tested(&self) -> &dyn Tested {
        &self.fit
    }
    fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        self.fit.predict(frame)
    }
    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        self.fit.compare(other)
    }
    fn residuals(&self) -> Vec<RowResidual> {
        self.fit.residuals()
    }
    fn snapshot(&self) -> (Snapshot, Matrix) {
        self.fit.snapshot()
    }
    fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        self.fit.refitted(data, &self.input.frame, &self.columns)
    }
    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        Ok(self.fit.simulate(random))
    }
}

impl Case for Generalised<'_> {
    fn tested(&self) -> &dyn Tested {
        &self.0
    }
    fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        self.0.predict(frame)
    }
    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        self.0.compare(other)
    }
    fn residuals(&self) -> Vec<RowResidual> {
        self.0.residuals()
    }
    fn snapshot(&self) -> (Snapshot, Matrix) {
        self.0.snapshot()
    }
    fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        self.0.refitted(data)
    }
    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        self.0.simulate(random)
    }
}

/// F tests, contrasts, marginal means, predictions, comparisons, residuals and influence, as far as they were
/// asked for.
pub fn add_extras(
    summary: &mut Summary,
    case: &dyn Case,
    args: &FitArgs,
    input: &Input,
    common: &Common,
) -> Result<(), Failure> {
    let (fit, level, data) = (case.tested(), common.level, &input.data);
    let asked = &args.inference;
    let extras = &mut summary.extras;
    if asked.anova.is_some() {
        let tests = anova(fit, data, &input.frame)?;
        let told = tests.iter().filter_map(|of| Some(format!("{}: {}", of.term, of.note.as_ref()?)));
        summary.notes.extend(told);
        extras.anova = Some(tests);
        summary.notes.extend(anova_notes(data, &input.frame)?);
    }
    let mut contrasts = Vec::new();
    if let Some(functions) = input.change.as_ref().and_then(|change| change.functions(data)) {
        contrasts.extend(functions.iter().map(|(name, weights)| linear(fit, name, weights, level)));
        if let Some(reference) = input.change.as_ref().and_then(|change| change.reference(data)) {
            let names = functions.map(|(name, _)| name).join(", ");
            summary.notes.push(format!("{names}: those where {reference}"));
        }
    }
    for (name, weights) in &asked.contrast {
        contrasts.push(contrast(fit, data, name, weights, level)?);
    }
    extras.contrasts = (!contrasts.is_empty()).then_some(contrasts);
    if let Some(of) = means_of(args)? {
        let means = marginal_means(fit, data, &input.frame, &of, level)?;
        if !means.contrasts.is_empty() {
            summary.notes.push("differences of means are not corrected for their number".to_owned());
        }
        summary.notes.extend(means.notes.iter().cloned());
        extras.emmeans = Some(means);
    }
    if let Some(path) = &asked.predict {
        let predicted = case.predict(&new_rows(args, input, path)?).map_err(|error| about_new_rows(error, path))?;
        if !args.model.stack.is_empty() {
            let outcomes = args.model.stack.join(", ");
            summary.notes.push(format!(
                "each new row without a column outcome is predicted for {outcomes}, one after the other"
            ));
        }
        summary.notes.extend(absent_predictions(&predicted));
        extras.predict = Some(predicted);
    }
    if !asked.compare.is_empty() {
        let test = |formula: &String| -> Result<_, Failure> { Ok(case.compare(&other_data(args, input, formula)?)?) };
        extras.compare = Some(asked.compare.iter().map(test).collect::<Result<_, _>>()?);
    }
    if asked.residuals {
        extras.residuals = Some(case.residuals());
    }
    if let Some(group) = &asked.influence {
        add_influence(summary, case, group, input, common)?;
    }
    Ok(())
}

/// Which rows of --predict have no prediction or one that lacks something, and why: rows with the same reason together.
fn absent_predictions(all: &[Prediction]) -> Vec<String> {
    let mut reasons: Vec<(&str, bool, Vec<usize>)> = Vec::new();
    for (at, row) in all.iter().enumerate() {
        let Some(note) = &row.note else { continue };
        let is_there = row.population.is_some() && row.conditional.is_some();
        match reasons.iter_mut().find(|(known, there, _)| known == note && *there == is_there) {
            Some((.., rows)) => rows.push(at + 1),
            None => reasons.push((note, is_there, vec![at + 1])),
        }
    }
    let told = |(reason, is_there, rows): (&str, bool, Vec<usize>)| {
        let shown: Vec<String> = rows.iter().take(MOST_ROWS).map(usize::to_string).collect();
        let more = if rows.len() > MOST_ROWS { format!(" and {} more", rows.len() - MOST_ROWS) } else { String::new() };
        let word = if rows.len() == 1 { "row" } else { "rows" };
        let none = if is_there { "" } else { "no prediction for " };
        format!("{none}{word} {}{more} of --predict: {reason}", shown.join(", "))
    };
    reasons.into_iter().map(told).collect()
}

/// More numbers of rows than these hide the reason.
const MOST_ROWS: usize = 8;

fn means_of(args: &FitArgs) -> Result<Option<MeansOf>, Failure> {
    let at: Vec<(String, Vec<f64>)> = args.inference.at.clone();
    match &args.inference.emmeans {
        Some(factors) => {
            let factors = factors.split(':').map(|name| name.trim().to_owned()).collect();
            Ok(Some(MeansOf { factors, at }))
        }
        None if at.is_empty() => Ok(None),
        None => {
            Err(Failure::call("--at says where means are taken, and no means were asked for", "add --emmeans FACTOR"))
        }
    }
}

fn add_influence(
    summary: &mut Summary,
    case: &dyn Case,
    group: &str,
    input: &Input,
    common: &Common,
) -> Result<(), Failure> {
    let (snapshot, covariance) = case.snapshot();
    let names = deviation_names(&summary.varcorr);
    let mut watch = Watch::new(None, "groups left out", common.quiet);
    let refit = |data: &ModelData| case.refitted(data);
    let whole = (&snapshot, &covariance, names);
    let found = influence(&input.data, &input.frame, group, whole, &refit, &mut |done| watch.go_on(done as u128))?;
    watch.finish();
    let Some(found) = found else {
        return Err(Failure::Interrupted("stopped before every group was left out once".to_owned()));
    };
    if let Some((most, cook_d)) =
        found.levels.iter().filter_map(|of| Some((of, of.cook_d?))).max_by(|a, b| a.1.total_cmp(&b.1))
    {
        let told = format!("most influence on the fixed effects: {} (Cook's distance {:.3})", most.level, cook_d);
        summary.notes.push(told);
    }
    let all =
        found.levels.iter().flat_map(|of| of.notes.iter().map(move |note| format!("without {}: {note}", of.level)));
    let all: Vec<String> = all.collect();
    summary.notes.extend(all.iter().take(MOST_NOTES).cloned());
    if all.len() > MOST_NOTES {
        summary.notes.push(format!("{} more such notes stand in JSON", all.len() - MOST_NOTES));
    }
    summary.extras.influence = Some(found);
    Ok(())
}

/// More notes on single groups would hide the others.
const MOST_NOTES: usize = 5;

/// A watched bootstrap or profile: how many of its parts are done is told, and Ctrl-C stops it.
pub fn watched<T>(
    count: usize,
    what: &'static str,
    common: &Common,
    run: impl FnOnce(&mut dyn FnMut(usize) -> bool) -> Result<Option<T>, MixedError>,
) -> Result<T, Failure> {
    let mut watch = Watch::new(Some(count as u128), what, common.quiet);
    let found = run(&mut |done| watch.go_on(done as u128));
    watch.finish();
    found?.ok_or_else(|| Failure::Interrupted(format!("stopped before all {what} were done")))
}

/// What is to be known where intervals and p-values come from different methods.
pub const FROM_ELSEWHERE: &str = "SE, statistics and p are of the fit itself, and can disagree with these intervals";

/// What is said of a bootstrap.
pub fn bootstrap_note(replicates: usize, seed: u64, failed: usize) -> String {
    let lost =
        if failed == 0 { String::new() } else { format!("; {failed} of them found no maximum and do not count") };
    format!("percentiles of {replicates} refits to simulated responses, seed {seed}{lost}; {FROM_ELSEWHERE}")
}
