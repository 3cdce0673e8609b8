//! What a fitted model reports, whichever kind of model it is.

pub use super::adjust::{Adjusted, AdjustedFamily, adjust};
use super::data::RandomTermData;
use super::intervals::lower_triangle;
pub use super::intervals::{Bootstrapped, Estimates, Intervals, ProfilePoint, ProfileTrace, Profiles};
pub use super::linear::FTest;
use super::options::{Adjustment, AnovaType, DfMethod, Family, IntervalMethod, Link};
pub use super::ranges::{CoefficientRange, Ranges, RangesModel};
use crate::estimate::ChiSquared;
pub use crate::estimate::Coefficient;
use crate::formula::Column;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};

/// What a fitted model reports: see [`MixedFit::summary`](super::MixedFit::summary). With p fixed effects and r random
/// terms, `fixef` has p entries, `vcov` is p × p, and `varcorr` has r entries.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The kind of model in words: "Linear mixed model".
    pub kind: String,
    /// The formula as it was given.
    pub formula: String,
    /// The rows of the fit.
    pub n: usize,
    /// The grouping factors.
    pub groups: Vec<Group>,
    /// REML, ML, Laplace or AGQ.
    pub method: String,
    /// −2 times the log-likelihood (restricted under REML), with every constant.
    pub criterion: f64,
    /// All parameters that AIC counts.
    pub parameters: usize,
    /// AIC.
    pub aic: f64,
    /// BIC.
    pub bic: f64,
    /// The residual standard deviation, where the family has one.
    pub sigma: Option<f64>,
    /// The relative covariance factors, column by column, in lme4's order.
    pub theta: Vec<f64>,
    /// The fixed effects.
    pub fixef: Vec<Coefficient>,
    /// How their degrees of freedom were found.
    pub df_method: DfMethod,
    /// How their intervals were found.
    pub ci_method: IntervalMethod,
    /// The level of intervals.
    pub level: f64,
    /// Their covariance matrix.
    pub vcov: Matrix,
    /// Standard deviations and correlations of the random effects.
    pub varcorr: Vec<VarCorr>,
    /// The interval of the residual standard deviation, where it was asked for.
    pub sigma_ci: Option<Interval>,
    /// Points of the profile of each parameter, where profile intervals were asked for.
    pub profile: Vec<ProfileTrace>,
    /// The random effects of each level, where [`MixedFit::ranef`](super::MixedFit::ranef) was added.
    pub ranef: Vec<RandomEffects>,
    /// The dispersion of the family, such as the size k of a negative binomial distribution.
    pub dispersion: Option<f64>,
    /// The covariance of residuals within a subject.
    pub residual: Vec<ResidualCovariance>,
    /// Whether a variance is 0 or a correlation ±1.
    pub singular: bool,
    /// Whether the gradient vanishes and the second derivatives are those of a minimum.
    pub converged: bool,
    /// The steps of the search.
    pub history: Vec<Step>,
    /// Shares of variance, where the model has them.
    pub shares: Option<Shares>,
    /// What was asked for beside the fit.
    pub extras: Extras,
    /// What is to be known.
    pub notes: Vec<String>,
}

impl Summary {
    /// Takes intervals that were made in another way than by standard errors.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, IntervalMethod, LinearMixedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/dyestuff.csv")?;
    /// let data = ModelData::new(Formula::parse("Yield ~ 1 + (1 | Batch)")?, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().fit(data)?;
    /// let mut summary = fit.summary();
    /// summary.set_intervals(fit.profile(false)?.intervals, IntervalMethod::Profile);
    /// // lme4: confint(lmer(Yield ~ 1 + (1 | Batch), Dyestuff))
    /// let sigma = summary.sigma_ci.ok_or("an interval")?;
    /// assert!((sigma.lower - 38.230).abs() < 0.01 && (sigma.upper - 67.657).abs() < 0.01);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_intervals(&mut self, intervals: Intervals, method: IntervalMethod) {
        self.ci_method = method;
        self.fixef.iter_mut().zip(intervals.fixef).for_each(|(coefficient, ci)| coefficient.ci = ci);
        self.sigma_ci = intervals.sigma.or_else(|| intervals.residual.first().copied());
        for ((term, sd), cor) in self.varcorr.iter_mut().zip(intervals.sd).zip(intervals.cor) {
            term.sd_ci = Some(sd);
            term.cor_ci = Some(cor);
        }
        let parameters = self.residual.iter_mut().flat_map(|of| &mut of.parameters);
        parameters.zip(intervals.residual).for_each(|(parameter, ci)| parameter.ci = Some(ci));
        self.extras.dispersion_ci = intervals.dispersion;
    }

    /// Notes every interval with an end that was searched for and not found.
    pub fn note_open_intervals(&mut self) {
        let of = self.parameters_with_intervals();
        let names = of.into_iter().filter(|of| of.ci.lower.is_nan() || of.ci.upper.is_nan()).map(|of| of.name);
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            self.notes.push(format!(
                "the search for an end of the interval failed, and it is left open: {}",
                names.join(", ")
            ));
        }
    }

    /// Notes every profile interval that leaves out the estimate beside it: the profiles are those of the full
    /// likelihood, about its own estimates, which a fit by REML can be far from.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, IntervalMethod, LinearMixedModel, MixedFit, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("id", vec![0.0, 0.0, 1.0, 1.0]);
    /// frame.numbers("y", vec![3.7, 4.2, 7.3, 8.1]);
    /// frame.numbers("x", vec![0.2, 0.2, 0.9, 0.8]);
    /// let data = ModelData::new(Formula::parse("y ~ x + (1 | id)")?, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().fit(data)?;
    /// let mut summary = fit.summary();
    /// let profiles = fit.profile(false)?;
    /// summary.set_intervals(profiles.intervals, IntervalMethod::Profile);
    /// summary.note_estimates_outside(&profiles.estimates);
    /// let note = summary.notes.last().ok_or("a note")?;
    /// // lme4: fixef of the fits with REML = TRUE and FALSE
    /// assert!(note.contains("x (−6.184 by REML, 5.608 by ML)"), "{note}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn note_estimates_outside(&mut self, full: &Estimates) {
        let own = self.parameters_with_intervals();
        let outside = own.iter().zip(full.in_order()).filter(|(of, full)| {
            // At a limit, digits beyond those of a search say nothing.
            let slack = 1e-6 * (of.estimate - full).abs();
            of.estimate < of.ci.lower - slack || of.estimate > of.ci.upper + slack
        });
        let told = |(of, full): (&WithInterval, f64)| {
            format!("{} ({} by REML, {} by ML)", of.name, significant(of.estimate, 4), significant(full, 4))
        };
        let told: Vec<String> = outside.map(told).collect();
        if !told.is_empty() {
            self.notes.push(format!(
                "the profile is that of the full likelihood, so that its interval lies about the estimate by ML, and \
                 leaves out the one by REML: {}. By ML (--ml) estimates and intervals are of one likelihood",
                told.join(", ")
            ));
        }
    }

    /// The parameters whose intervals may come from profiles, in the order of [`Estimates::in_order`].
    fn parameters_with_intervals(&self) -> Vec<WithInterval> {
        let of = |name: String, estimate: f64, ci: Interval| WithInterval { name, estimate, ci };
        let mut all: Vec<WithInterval> =
            self.fixef.iter().map(|one| of(one.name.clone(), one.estimate, one.ci)).collect();
        for term in &self.varcorr {
            let (names, group) = (&term.names, &term.group);
            let deviations = term.sd_ci.iter().flatten().zip(names.iter().zip(&term.sd));
            all.extend(deviations.map(|(ci, (name, sd))| of(format!("the SD of {name} by {group}"), *sd, *ci)));
            let correlations = term.cor_ci.iter().flatten().zip(lower_triangle(names.len()));
            all.extend(correlations.map(|(ci, (i, j))| {
                of(format!("the correlation of {} and {} by {group}", names[j], names[i]), term.cor[(i, j)], *ci)
            }));
        }
        let residual = self.residual.iter().flat_map(|of| &of.parameters);
        all.extend(residual.filter_map(|one| Some(of(one.name.clone(), one.estimate, one.ci?))));
        if let (true, Some(sigma), Some(ci)) = (self.residual.is_empty(), self.sigma, self.sigma_ci) {
            all.push(of("sigma".to_owned(), sigma, ci));
        }
        if let (Some(dispersion), Some(ci)) = (self.dispersion, self.extras.dispersion_ci) {
            all.push(of("the dispersion".to_owned(), dispersion, ci));
        }
        all
    }

    /// The log-likelihood, restricted under REML: −½ × criterion.
    pub fn loglik(&self) -> f64 {
        -0.5 * self.criterion
    }
}

/// A parameter as a note names it.
struct WithInterval {
    name: String,
    estimate: f64,
    ci: Interval,
}

/// A grouping factor with its number of levels: see [`ModelData::groups`](super::ModelData::groups).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// Its name, such as `patient` or `cask:batch`.
    pub name: String,
    /// How many levels it has in the rows of the fit.
    pub levels: usize,
}

/// Standard deviations and correlations of one random term with k effects: see
/// [`MixedFit::varcorr`](super::MixedFit::varcorr).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VarCorr {
    /// The grouping factor.
    pub group: String,
    /// What varies.
    pub names: Vec<String>,
    /// Its standard deviations.
    pub sd: Vec<f64>,
    /// Its correlations, a whole matrix with 1 on the diagonal; NaN beside a standard deviation of 0.
    pub cor: Matrix,
    /// Intervals of the standard deviations.
    pub sd_ci: Option<Vec<Interval>>,
    /// Intervals of the correlations: the lower triangle by columns.
    pub cor_ci: Option<Vec<Interval>>,
}

impl VarCorr {
    /// Of a term with covariance ΛΛ′ for a factor Λ in the units of its columns.
    pub(super) fn new(term: &RandomTermData, factor: &Matrix) -> Self {
        let (sd, cor) = deviations(factor);
        Self { group: term.group.clone(), names: term.names.clone(), sd, cor, sd_ci: None, cor_ci: None }
    }
}

/// The lengths of the rows of Λ and the correlations of ΛΛ′; NaN beside a length of 0.
pub(super) fn deviations(factor: &Matrix) -> (Vec<f64>, Matrix) {
    let k = factor.rows();
    let sd: Vec<f64> = (0..k).map(|row| dot(factor.row(row), factor.row(row)).sqrt()).collect();
    let cor = Matrix::from_fn(k, k, |i, j| {
        if i == j { 1.0 } else { (dot(factor.row(i), factor.row(j)) / (sd[i] * sd[j])).clamp(-1.0, 1.0) }
    });
    (sd, cor)
}

/// The random effects of the levels of one grouping factor: see [`MixedFit::ranef`](super::MixedFit::ranef).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RandomEffects {
    /// The grouping factor.
    pub group: String,
    /// What varies.
    pub names: Vec<String>,
    /// The levels.
    pub levels: Vec<LevelEffects>,
}

/// The random effects of one level, one for each of [`RandomEffects::names`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LevelEffects {
    /// The level.
    pub level: String,
    /// The conditional modes.
    pub values: Vec<f64>,
    /// Their conditional standard deviations.
    pub se: Vec<f64>,
}

/// The covariance of residuals within a subject over its m visits: see
/// [`MarginalFit::residual_covariance`](super::MarginalFit::residual_covariance).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResidualCovariance {
    /// The code of its structure.
    pub structure: &'static str,
    /// The group that has it, where groups differ.
    pub by: Option<String>,
    /// The visits.
    pub times: Vec<String>,
    /// The matrix, m × m.
    pub cov: Matrix,
    /// The standard deviations and correlations that make it.
    pub parameters: Vec<ResidualParameter>,
}

/// A standard deviation or correlation of residuals.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResidualParameter {
    /// Its name: `sd`, `sd V2`, `cor`, `cor lag 2` or `cor V3.V1`, and after a bar the group.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its interval, where it was asked for.
    pub ci: Option<Interval>,
}

/// One step of the search.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The evaluations up to here.
    pub evaluations: usize,
    /// The criterion reached.
    pub criterion: f64,
    /// The largest entry of the gradient.
    pub gradient: f64,
}

/// Shares of variance, by those of the fixed effects (f), the random effects (r) and the residuals (e): Nakagawa &
/// Schielzeth (2013), Methods Ecol Evol 4:133; with the variance of random slopes of Johnson (2014), ibid. 5:944.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Shares {
    /// R² of the fixed effects: f/(f + r + e).
    pub r2_marginal: f64,
    /// R² of fixed and random effects: (f + r)/(f + r + e).
    pub r2_conditional: f64,
    /// The share of the random effects in what fixed effects leave, adjusted intraclass correlation: r/(r + e).
    pub icc: f64,
}

/// What was asked for beside the fit.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Extras {
    /// F tests of terms.
    pub anova: Option<Anova>,
    /// Contrasts of coefficients.
    pub contrasts: Option<Vec<Coefficient>>,
    /// Their tests adjusted for their number, one for each contrast, none for those of another kind; empty without
    /// adjustment.
    pub contrasts_adjusted: Vec<Option<Adjusted>>,
    /// How tests of contrasts, means and slopes are adjusted.
    pub adjustment: Adjustment,
    /// Likelihood-ratio tests.
    pub compare: Option<Vec<Comparison>>,
    /// Predictions for new rows.
    pub predict: Option<Vec<Prediction>>,
    /// The columns that tell the new rows apart.
    pub predict_columns: Vec<RowColumn>,
    /// Estimated marginal means.
    pub emmeans: Vec<MarginalMeans>,
    /// Slopes of covariates.
    pub slopes: Vec<MarginalMeans>,
    /// What the fit would be without each level of a group.
    pub influence: Option<Influence>,
    /// The residual of each row of the table.
    pub residuals: Option<Vec<RowResidual>>,
    /// For each row of the table, why it has no residual, in a sentence.
    pub without_residual: Vec<Option<String>>,
    /// The columns that tell the rows of the table apart: groups, subjects, times and what varies between groups.
    pub row_columns: Vec<RowColumn>,
    /// The interval of the dispersion, where it was asked for; an end may be infinite.
    pub dispersion_ci: Option<Interval>,
    /// Tables of a particular kind of analysis, such as slopes before and after a change.
    pub tables: Vec<NamedEstimates>,
    /// The distribution of the response, and the link on whose scale predictions and means are.
    pub scale: (Family, Link),
    /// What was said of the data beside the formula: `offset`, `weights`, `contrasts` and `ref`.
    pub reading: Vec<(&'static str, String)>,
    /// The call of R that fits the same model, with the table as `data`; none where no single one does.
    pub r_call: Option<String>,
}

/// A column of the table, with a value for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowColumn {
    /// Its name.
    pub name: String,
    /// The values.
    pub values: Column,
}

/// Estimated marginal means or slopes with their differences: see [`MixedFit::means`](super::MixedFit::means) and
/// [`MixedFit::slopes`](super::MixedFit::slopes).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarginalMeans {
    /// Over what they go: `arm:visit at month = 12`.
    pub title: String,
    /// What they are: `mean`, `slope of month`, `slope before`.
    pub what: String,
    /// The columns over whose levels and values they go.
    pub axes: Vec<String>,
    /// The means, or slopes.
    pub means: Vec<MarginalMean>,
    /// Differences of the levels of the first factor, within each combination of the others.
    pub contrasts: Vec<Coefficient>,
    /// How these are adjusted for their number.
    pub adjustment: Adjustment,
    /// Their adjusted tests, one for each difference; empty without adjustment.
    pub adjusted: Vec<Option<Adjusted>>,
    /// Where covariates are held, over what the means go, and which are not determined.
    pub taken: Vec<String>,
    /// The same with what else is to be known of them, and options of the command.
    pub notes: Vec<String>,
}

/// The mean of a combination of levels.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarginalMean {
    /// The mean, under the levels with colons between them.
    pub mean: Coefficient,
    /// Each column with its level.
    pub levels: Vec<(String, String)>,
}

/// The residual of one row of the table: see [`MixedFit::residuals`](super::MixedFit::residuals).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RowResidual {
    /// The row of the table, counted from 1.
    pub row: usize,
    /// Its residual; none where the row was left out.
    pub residual: Option<Residual>,
}

/// How far a value lies from the fitted one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Residual {
    /// The value of the response; of several trials the share of events.
    pub observed: f64,
    /// The fitted value with the random effects.
    pub fitted: f64,
    /// Response minus fitted value.
    pub response: f64,
    /// Response minus fitted value, times the root of the weight; of counts and proportions over the root of their
    /// variance, with a covariance of residuals over their standard deviation.
    pub pearson: f64,
    /// In units of its standard deviation: over σ; with correlated residuals each visit given those before (given the
    /// random effects, where there are some).
    pub scaled: f64,
    /// The derivative of the fitted value by the response; none where it cannot be had in a reasonable time.
    pub leverage: Option<f64>,
}

impl Residual {
    /// Fitted value, the residual in three units, and leverage, as tables have them.
    pub(crate) fn numbers(&self) -> [Option<f64>; 5] {
        [Some(self.fitted), Some(self.response), Some(self.pearson), Some(self.scaled), self.leverage]
    }
}

impl RowResidual {
    /// The numbers of the residual; none of a row that was left out.
    pub(crate) fn numbers(&self) -> [Option<f64>; 5] {
        self.residual.map_or([None; 5], |residual| residual.numbers())
    }
}

/// What the fit would be without each level of a group: see [`MixedFit::influence`](super::MixedFit::influence).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Influence {
    /// The group.
    pub group: String,
    /// The fixed effects.
    pub names: Vec<String>,
    /// The standard deviations of the random effects: `sd_(Intercept)|patient`.
    pub deviations: Vec<String>,
    /// Its levels.
    pub levels: Vec<LevelInfluence>,
}

/// The fit without one level, with a value for each of [`Influence::names`] and [`Influence::deviations`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LevelInfluence {
    /// The level.
    pub level: String,
    /// How many rows it has.
    pub rows: usize,
    /// The fixed effects without it; none where the other rows do not determine one.
    pub fixef: Vec<Option<f64>>,
    /// (with − without) over the standard error without.
    pub dfbetas: Vec<Option<f64>>,
    /// Cook's distance of all fixed effects; none where some are not determined.
    pub cook_d: Option<f64>,
    /// The residual standard deviation without it.
    pub sigma: Option<f64>,
    /// The standard deviations of the random effects without it.
    pub sd: Vec<Option<f64>>,
    /// What is to be known.
    pub notes: Vec<String>,
}

/// Estimates under a heading.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NamedEstimates {
    /// The name of the field in JSON.
    pub key: &'static str,
    /// What they are.
    pub title: String,
    /// The estimates.
    pub rows: Vec<Coefficient>,
}

/// The F tests of the terms: see [`MixedFit::anova`](super::MixedFit::anova).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Anova {
    /// Which hypotheses they are about.
    pub kind: AnovaType,
    /// One test for each term.
    pub tests: Vec<TermTest>,
}

/// The F test of a term: see [`MixedFit::anova`](super::MixedFit::anova).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TermTest {
    /// The term.
    pub term: String,
    /// The test; none where nothing of the term is left beside the others, or it cannot be computed.
    pub test: Option<FTest>,
    /// Why it cannot be computed.
    pub note: Option<String>,
}

/// Two models of the same rows: see [`MixedFit::compare`](super::MixedFit::compare).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The formula of the model with fewer parameters; of this one, where both have equally many.
    pub smaller: String,
    /// Of the other one.
    pub larger: String,
    /// How both were fitted for it: REML, ML, Laplace or AGQ.
    pub method: String,
    /// The likelihoods of the two.
    pub models: [ComparedModel; 2],
    /// The likelihood-ratio test: twice the difference of the log-likelihoods; df says how many parameters fewer the
    /// smaller one has. None where neither model lies within the other.
    pub test: Option<ChiSquared>,
    /// By the mixture for a variance on its boundary, where one random effect more is tested.
    pub p_boundary: Option<f64>,
    /// What was done.
    pub notes: Vec<String>,
}

/// One of two models that are compared.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ComparedModel {
    /// Its formula.
    pub formula: String,
    /// How many parameters AIC and BIC count.
    pub parameters: usize,
    /// The log-likelihood, restricted where both models were fitted by REML with the same fixed part.
    pub loglik: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
}

/// The prediction for a row; no numbers where the row or the data of the fit do not determine them: see
/// [`MixedFit::predict`](super::MixedFit::predict).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// From the fixed effects alone.
    pub population: Option<f64>,
    /// With the random effects of the row's groups, as far as the fit knows them; the same where the model has none.
    pub conditional: Option<f64>,
    /// The standard error of the population's prediction.
    pub se: Option<f64>,
    /// The degrees of freedom of the population's prediction; none for the normal distribution, and no number where the
    /// method has none.
    pub df: Option<f64>,
    /// Why a number is absent, or what it lacks.
    pub note: Option<String>,
}

impl Prediction {
    /// The interval of the population's prediction: t where there are degrees of freedom, z otherwise.
    pub fn ci(&self, level: f64) -> Option<Interval> {
        let (population, se) = (self.population?, self.se?);
        Some(Coefficient::new("", population, se, self.df, level).ci)
    }
}
