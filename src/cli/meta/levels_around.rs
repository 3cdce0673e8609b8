//! What `reffect meta --random` computes around a fit.

use super::args::MetaArgs;
use super::around::{contrast_weights, new_row, note_on_predictions, note_on_vif, pairs, with_moderators};
use super::input::Studies;
use super::joint::{joint_tests, note_on_joint};
use super::levels::{all_components, levels};
use super::methods::of_levels;
use super::profile::notes_on_profiles;
use crate::cli::failure::Failure;
use crate::diagnostic::meant_or_known;
use crate::formula::RandomTerm;
use crate::meta::deletion::variance_inflation;
use crate::meta::multilevel::{
    Component, Inner, Multilevel, MultilevelFit, compare_moderators, compare_random, true_effects, without_each,
};
use crate::meta::{Prediction, PredictionInterval};
use crate::report::meta::multilevel_around::{LevelsAround, OfGroup};

/// A multilevel model with what was asked for around it.
pub struct Asked<'a> {
    pub args: &'a MetaArgs,
    pub studies: &'a Studies,
    pub model: &'a Multilevel,
    /// The fit with the standard errors of the model.
    pub plain: &'a MultilevelFit,
}

/// The column before the bar of a component, with its levels.
fn inner_of(component: &Component) -> Option<(&str, &Inner)> {
    Some((component.name.split(" | ").next()?, component.inner.as_ref()?))
}

impl Asked<'_> {
    /// Everything that was asked for; `fit` has the standard errors that were asked for.
    pub fn around(&self, fit: &MultilevelFit) -> Result<LevelsAround, Failure> {
        let (asked, problem, model) = (&self.args.around, &self.studies.problem, self.model);
        let of_errors = self.args.levels.v_shared.as_ref().map(|column| {
            format!("Effects of one {column} with a group in common have the covariance of that group's part (Gleser and Olkin 2009).")
        });
        let methods = of_errors.into_iter().chain(of_levels(self.args)).collect();
        let mut around = LevelsAround { methods, ..LevelsAround::default() };
        if asked.predict {
            around.predict = Some(self.predictions(fit)?);
            around.are_of_studies = asked.newmods.is_none() && !problem.is_intercept_only();
        }
        if asked.blup {
            around.blup = Some(true_effects(model, problem, self.plain)?);
        }
        if asked.vif {
            around.vif = Some(variance_inflation(problem, &fit.covariance));
        }
        if let Some(formula) = &asked.compare {
            around.compare = Some(compare_moderators(model, problem, &with_moderators(self.studies, formula)?)?);
        }
        let other = &self.args.levels.compare_random;
        if !other.is_empty() {
            let components = all_components(self.args, self.studies, other, &mut Vec::new())?;
            around.compare_random = Some(compare_random(model, &Multilevel { components, ..model.clone() }, problem)?);
        }
        if !asked.contrast.is_empty() {
            let one = |text: &String| {
                let (name, x) = contrast_weights(text, problem.p())?;
                Ok(fit.contrast(&name, &x)?)
            };
            around.contrasts = Some(asked.contrast.iter().map(one).collect::<Result<_, Failure>>()?);
        }
        around.joint = joint_tests(self.args, &problem.names, |places| fit.joint_test(places))?;
        if asked.profile && model.profile {
            around.profile = Some(model.profiles(problem, self.plain)?).filter(|all| !all.is_empty());
        }
        if asked.leave_one_out || asked.influence {
            let (groups, names) = self.groups()?;
            let deleted = without_each(model, problem, self.plain, &groups)?;
            let of = |(level, deleted)| OfGroup { level, deleted };
            around.groups = names.into_iter().zip(deleted).map(of).collect();
            around.leave_one_out = asked.leave_one_out;
            around.influence = asked.influence;
        }
        Ok(around)
    }

    /// What --leave-one-out and --influence take out: the groups of a column, or the outermost ones.
    fn groups(&self) -> Result<(Vec<usize>, Vec<String>), Failure> {
        if let Some(column) = &self.args.around.delete_by {
            return levels(self.studies, &[column.as_str()]);
        }
        let Some(first) = self.args.levels.random.first() else {
            let cluster = self.args.levels.v_cluster.as_deref().or(self.args.levels.v_shared.as_deref());
            return levels(self.studies, &cluster.into_iter().collect::<Vec<_>>());
        };
        let outer = RandomTerm::parse(first)?.groupings()?.into_iter().next().unwrap_or_default();
        levels(self.studies, &outer.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Predictions of new rows, of each row, or of the mean; the last one for each level where levels differ.
    fn predictions(&self, fit: &MultilevelFit) -> Result<Vec<(String, Option<Prediction>)>, Failure> {
        let (problem, model, kind) = (&self.studies.problem, self.model, self.args.model.pi_type);
        if let Some(values) = &self.args.around.newmods {
            let inner: Vec<&str> = model.components.iter().filter_map(inner_of).map(|(column, _)| column).collect();
            let new = |entry: &str| {
                let Some(x) = new_row(entry, self.studies, &inner)? else {
                    return Ok((entry.to_owned(), None));
                };
                Ok((entry.to_owned(), Some(fit.predict(&x, &self.levels_of(entry)?, kind)?)))
            };
            return values.split(';').map(str::trim).filter(|entry| !entry.is_empty()).map(new).collect();
        }
        if !problem.is_intercept_only() {
            let row = |at: usize| {
                let x: Vec<f64> = problem.columns.iter().map(|column| column[at]).collect();
                let prediction = fit.predict(&x, &model.levels_of_row(at), kind)?;
                Ok((self.studies.slab[at].clone(), Some(prediction)))
            };
            return (0..problem.k()).map(row).collect();
        }
        if fit.total_variance(&[]).is_some() {
            return Ok(vec![("mean".to_owned(), Some(fit.predict(&[1.0], &[], kind)?))]);
        }
        let mut seen: Vec<Vec<Option<usize>>> = Vec::new();
        for row in 0..problem.k() {
            let levels = model.levels_of_row(row);
            if !seen.contains(&levels) {
                seen.push(levels);
            }
        }
        seen.sort();
        let of = |levels: Vec<Option<usize>>| {
            let inner = model
                .components
                .iter()
                .zip(&levels)
                .filter_map(|(component, level)| Some(component.inner.as_ref()?.levels[(*level)?].clone()));
            let name = format!("mean, {}", inner.collect::<Vec<_>>().join(", "));
            Ok((name, Some(fit.predict(&[1.0], &levels, kind)?)))
        };
        seen.into_iter().map(of).collect()
    }

    /// The levels of a new row, as far as its values name them.
    fn levels_of(&self, entry: &str) -> Result<Vec<Option<usize>>, Failure> {
        let pairs = pairs(entry)?;
        let of = |component: &Component| {
            let Some((column, inner)) = inner_of(component) else { return Ok(None) };
            let Some((_, value)) = pairs.iter().find(|(name, _)| *name == column) else { return Ok(None) };
            let at = inner.levels.iter().position(|level| level == value);
            at.map(Some).ok_or_else(|| {
                let hint = meant_or_known(value, "levels", inner.levels.iter().map(String::as_str));
                Failure::call(format!("{column} has no level `{value}` in the model"), hint)
            })
        };
        self.model.components.iter().map(of).collect()
    }

    /// What is to be known of them.
    pub fn notes(&self, prediction: Option<Prediction>, around: &LevelsAround) -> Vec<String> {
        let mut notes: Vec<String> = note_on_predictions(around.predict.as_deref()).into_iter().collect();
        notes.extend(note_on_vif(self.args));
        notes.extend(notes_on_profiles(around.profile.as_deref()));
        notes.extend(note_on_joint(around.joint.as_deref()));
        let lost = around.groups.iter().filter(|group| group.deleted.is_none()).count();
        if lost > 0 {
            notes.push(format!("without {lost} of the groups in turn the rest cannot be fitted"));
        }
        if prediction.is_some_and(|of| of.pi.is_none()) {
            notes.push(match self.args.model.pi_type {
                PredictionInterval::Default | PredictionInterval::Simple => {
                    "the prediction interval depends on the level; --predict gives one for each".to_owned()
                }
                _ => "there are too few effects for this prediction interval".to_owned(),
            });
        }
        let asked = &self.args.around;
        if self.args.levels.cluster.is_some() && (asked.leave_one_out || asked.influence || asked.blup) {
            notes.push(
                "--leave-one-out, --influence and --blup have the standard errors of the model; --cluster is for the \
                 coefficients, predictions and contrasts"
                    .to_owned(),
            );
        }
        notes
    }
}
