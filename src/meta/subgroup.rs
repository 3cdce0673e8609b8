//! Subgroups, and the test between them.

use super::fit::{Fit, Model, Test};
use super::levels::LevelOrder;
use super::predict::{Mean, PredictionInterval};
use super::problem::{MetaError, Problem};
use super::statistics::wald;
use super::{
    Coefficient,
    deletion::{without_interval, without_moderators},
};
use crate::diagnostic::listed;
use crate::estimate::ChiSquared;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;

/// A level of a subgroup with its result.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// The level.
    pub level: String,
    /// How many studies.
    pub k: usize,
    /// The pooled effect.
    pub effect: Coefficient,
    /// τ² in the group, or of all groups together.
    pub tau2: f64,
    /// I² in the group.
    pub i2: Option<f64>,
    /// Q in the group.
    pub qe: f64,
    /// Its degrees of freedom: a study without an effect of its own has none.
    pub qe_df: f64,
    /// Its p-value.
    pub qe_p: f64,
    /// What predictions rest on; none where nothing says how true effects vary.
    mean: Option<Mean>,
}

impl Group {
    fn new(level: &str, fit: &Fit, has_tau2: bool) -> Self {
        let mean = (has_tau2 && !fit.model.estimator.is_common()).then(|| fit.mean_at(&[1.0]));
        Self {
            level: level.to_owned(),
            k: fit.k,
            effect: fit.coefficients[0].clone(),
            tau2: fit.tau2,
            i2: fit.i2,
            qe: fit.qe,
            qe_df: fit.qe_df,
            qe_p: fit.qe_p,
            mean,
        }
    }

    /// The same with the effect and the predictions of the model that the common τ² is of, whose degrees of freedom are
    /// those of all groups.
    fn within(self, joint: &Fit, place: usize) -> Self {
        let row: Vec<f64> = (0..joint.p).map(|at| f64::from(u8::from(at == place))).collect();
        let effect = Coefficient { name: self.effect.name, ..joint.coefficients[place].clone() };
        Self { effect, mean: Some(joint.mean_at(&row)), ..self }
    }

    /// Where the effect of another study of the group is expected.
    pub fn prediction_interval(&self, kind: PredictionInterval) -> Option<Interval> {
        self.mean.as_ref().and_then(|mean| mean.predicted(Some(self.tau2), kind).pi)
    }
}

/// Whose τ² the subgroups have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupTau2 {
    /// Each its own.
    #[default]
    Own,
    /// All the same, of the model with the groups as moderator, from which the effects and their tests are taken too.
    Common,
}

/// Subgroups and the test between them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subgroups {
    /// The groups, by level.
    pub groups: Vec<Group>,
    /// Q between the groups.
    pub qb: ChiSquared,
    /// Whether τ² is common to all groups.
    pub common_tau2: bool,
    /// What is to be known of the intervals and the test.
    pub notes: Vec<String>,
}

/// The pooled effect of each level, with a τ² of its own or a common one, and the test between them:
/// Σ (m − m̄)²/SE² over the groups against χ², with the standard errors of the model, not adjusted by the test.
///
/// Source: Borenstein et al. (2009), Introduction to Meta-Analysis, chapter 19.
///
/// # Errors
/// If there are moderators, `levels` has not one entry for each study, there are fewer than two
/// groups, or a group cannot be fitted.
///
/// ```
/// use reffect::meta::{Model, Problem, subgroup::{GroupTau2, subgroups}};
///
/// let (yi, vi) = (vec![-0.89, -1.59, -1.35, -1.44, -0.22, -0.79], vec![0.33, 0.19, 0.42, 0.02, 0.05, 0.01]);
/// let levels = ["a", "a", "a", "b", "b", "b"].map(str::to_owned);
/// let found = subgroups(&Model::default(), &Problem::new(yi, vi)?, &levels, GroupTau2::Own)?;
/// // metafor 3.8-1: rma() of each group by REML, and Σ w (m − m̄)².
/// assert!((found.qb.statistic - 1.201_612_397).abs() < 1e-6 && found.qb.df == 1.0);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
pub fn subgroups(model: &Model, problem: &Problem, levels: &[String], tau2: GroupTau2) -> Result<Subgroups, MetaError> {
    without_moderators(problem, "a subgroup analysis")?;
    problem.each_has("the list of subgroups", levels.len())?;
    let names = levels_in_order(levels);
    if names.len() < 2 {
        return Err(MetaError::Data("a subgroup analysis needs at least two groups".to_owned()));
    }
    let joint = if tau2 == GroupTau2::Common && !model.estimator.is_common() {
        Some(without_interval(model).fit(&by_level(problem, levels, &names))?)
    } else {
        None
    };
    let common = joint.as_ref().map(|joint| joint.tau2);
    let mut groups = Vec::new();
    let mut weights = Vec::new();
    let mut notes = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let rows: Vec<usize> = (0..problem.k()).filter(|&row| levels[row] == *name).collect();
        let part = problem.subset(&rows);
        // Nobody reads the intervals of τ² of the groups.
        let own = without_interval(&Model { tau2: common.or(model.tau2), ..*model });
        let of_group = |error: MetaError| match error {
            MetaError::Weights => MetaError::Data(format!("no study of the group {name} has a weight above 0")),
            other => other,
        };
        let fit: Fit = own.fit(&part).map_err(of_group)?;
        let se = match fit.scale {
            None => fit.coefficients[0].se,
            // An adjusted standard error of few studies is far from what χ² presumes.
            Some(_) => Model { test: Test::Z, ..own }.fit(&part)?.coefficients[0].se,
        };
        weights.push(1.0 / (se * se));
        if joint.is_none() && fit.df().is_none() && model.test != Test::Z {
            notes.push(format!("{name}: one study, whose interval is by z and not by {}", model.test.name()));
        }
        let has_tau2 = fit.k > 1 || common.is_some() || model.tau2.is_some();
        let group = Group::new(name, &fit, has_tau2);
        groups.push(match &joint {
            Some(joint) => group.within(joint, place),
            None => group,
        });
    }
    let has_own = tau2 == GroupTau2::Own && !model.estimator.is_common() && model.tau2.is_none();
    let single: Vec<&str> = groups.iter().filter(|group| group.k == 1).map(|group| group.level.as_str()).collect();
    if has_own && !single.is_empty() {
        notes.push(format!(
            "{}: one study each, taken without heterogeneity, so that the test between the groups finds too much; one tau2 \
             for all groups (--common-tau2) gives them the variance of all",
            listed(single)
        ));
    }
    if model.test != Test::Z {
        notes.push(note_on_test(model.test, joint.as_ref()));
    }
    let qb = between(&groups, &weights);
    Ok(Subgroups { groups, qb, common_tau2: tau2 == GroupTau2::Common, notes })
}

/// That the test between groups is by χ², also beside another test of coefficients: with one τ² with the F test of the
/// model whose coefficients are the groups.
fn note_on_test(test: Test, joint: Option<&Fit>) -> String {
    let how = match test {
        Test::Z | Test::T => "by χ², and not by t".to_owned(),
        Test::Knha | Test::Adhoc => format!("by χ² with standard errors that {} does not adjust", test.name()),
    };
    let of_model = joint.and_then(|joint| {
        let (first, rest) = joint.coefficients.split_first()?;
        let apart: Vec<f64> = rest.iter().map(|group| group.estimate - first.estimate).collect();
        let v = &joint.covariance;
        let together = Matrix::from_fn(apart.len(), apart.len(), |i, j| {
            v[(i + 1, j + 1)] - v[(i + 1, 0)] - v[(0, j + 1)] + v[(0, 0)]
        });
        let all: Vec<usize> = (0..apart.len()).collect();
        wald(&apart, &together, &all, joint.df())
    });
    match of_model.and_then(|of| Some((of, of.df2?))) {
        Some((of, df2)) => format!(
            "the test between the groups is {how}; that of the model, by {}, gives F = {}, {} and {df2} df, p = {}",
            test.name(),
            significant(of.statistic, 4),
            of.df,
            significant(of.p, 3)
        ),
        None => {
            format!("the test between the groups is {how}; --mods with the same column tests by F, with one tau2")
        }
    }
}

/// Q between groups with weights 1/SE².
fn between(groups: &[Group], weights: &[f64]) -> ChiSquared {
    let pairs = || weights.iter().zip(groups);
    let mean = pairs().map(|(w, group)| w * group.effect.estimate).sum::<f64>() / weights.iter().sum::<f64>();
    let qb: f64 = pairs().map(|(w, group)| w * (group.effect.estimate - mean).powi(2)).sum();
    ChiSquared::new(qb, groups.len() as f64 - 1.0)
}

/// Groups whose studies were pooled by other means, such as those of Mantel & Haenszel or Peto, with the test between
/// them by the inverse variances of the pooled effects (of their logarithms, where these are ratios), as in RevMan.
///
/// Source: Deeks & Higgins (2010), Statistical algorithms in Review Manager 5, section 8.
///
/// # Errors
/// If there are fewer than two groups.
///
/// ```
/// use reffect::meta::mantel_haenszel::{CountMeasure, Counts, mantel_haenszel};
/// use reffect::meta::subgroup::subgroups_of_fits;
///
/// let pooled = |rows: &[(f64, f64)]| {
///     let all: Vec<Counts> =
///         rows.iter().map(|(a, c)| Counts { events1: *a, size1: 50.0, events2: *c, size2: 50.0 }).collect();
///     mantel_haenszel(CountMeasure::Or, &all, 0.0, 0.95).map(|found| found.fit)
/// };
/// let groups = vec![("a", pooled(&[(4.0, 9.0), (6.0, 12.0)])?), ("b", pooled(&[(9.0, 10.0), (13.0, 14.0)])?)];
/// let found = subgroups_of_fits(groups)?;
/// let [a, b] = &found.groups[..] else { panic!() };
/// let z = (a.effect.estimate - b.effect.estimate) / a.effect.se.hypot(b.effect.se);
/// assert!((found.qb.statistic - z * z).abs() < 1e-12);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
pub fn subgroups_of_fits(fits: Vec<(&str, Fit)>) -> Result<Subgroups, MetaError> {
    if fits.len() < 2 {
        return Err(MetaError::Data("a subgroup analysis needs at least two groups that can be pooled".to_owned()));
    }
    let groups: Vec<Group> = fits.into_iter().map(|(level, fit)| Group::new(level, &fit, false)).collect();
    let weights: Vec<f64> = groups.iter().map(|group| 1.0 / (group.effect.se * group.effect.se)).collect();
    let qb = between(&groups, &weights);
    Ok(Subgroups { groups, qb, common_tau2: false, notes: Vec::new() })
}

/// The levels in their order, each once.
pub fn levels_in_order(levels: &[String]) -> Vec<&String> {
    let mut names: Vec<&String> = levels.iter().collect();
    let order = LevelOrder::of(levels.iter().map(String::as_str));
    names.sort_by(|a, b| order.compare(a, b));
    names.dedup();
    names
}

/// The problem with a column for each level instead of the intercept.
fn by_level(problem: &Problem, levels: &[String], names: &[&String]) -> Problem {
    let column = |name: &String| levels.iter().map(|level| f64::from(u8::from(level == name))).collect::<Vec<f64>>();
    Problem {
        names: names.iter().map(|name| (*name).clone()).collect(),
        columns: names.iter().map(|name| column(name)).collect(),
        intercept: false,
        ..problem.clone()
    }
}
