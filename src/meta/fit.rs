//! Pooling and meta-regression.

use super::multilevel::RobustDf;
use super::problem::{MetaError, Problem, possible_combination, possible_level};
use super::projection::Projection;
use super::statistics::{FitStatistics, Omnibus, critical, heterogeneity_p, tested, wald, wald_statistic};
use super::tau2::{self, Estimator, Tau2Interval, Tau2Limits, log_likelihood, restricted_log_likelihood};
use crate::diagnostic::named;
pub use crate::estimate::Coefficient;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};

/// How coefficients are tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Test {
    /// Against the normal distribution.
    #[default]
    Z,
    /// Against t with k − p degrees of freedom.
    T,
    /// Hartung & Knapp (2001), Sidik & Jonkman (2002): variances times the residual mean square, and t.
    Knha,
    /// Hartung and Knapp's test with a mean square below 1 taken as 1, so that no interval becomes narrower than
    /// that of the normal distribution by it: Röver, Knapp & Friede (2015).
    Adhoc,
}

named!(Test, "test of coefficients", [Z "z", T "t", Knha "knha" | "hk" | "hksj", Adhoc "adhoc"]);

/// How the studies are weighted in the coefficients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weighting {
    /// By 1/(v + τ²), or by the weights of the problem if it has some.
    #[default]
    Inverse,
    /// All alike.
    Equal,
}

/// A model before it is fitted: an estimator of τ², a test, a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// How τ² is estimated.
    pub estimator: Estimator,
    /// How coefficients are tested.
    pub test: Test,
    /// How the studies are weighted.
    pub weighting: Weighting,
    /// A τ² that is given and not estimated.
    pub tau2: Option<f64>,
    /// How the interval of τ² is made.
    pub tau2_interval: Tau2Interval,
    /// The level of intervals.
    pub level: f64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            estimator: Estimator::Reml,
            test: Test::Z,
            weighting: Weighting::Inverse,
            tau2: None,
            tau2_interval: Tau2Interval::QProfile,
            level: 0.95,
        }
    }
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// The model; the estimator may have changed where there are too few studies for it.
    pub model: Model,
    /// How many studies.
    pub k: usize,
    /// How many coefficients.
    pub p: usize,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance matrix, as the test uses it.
    pub covariance: Matrix,
    /// τ².
    pub tau2: f64,
    /// Its standard error.
    pub tau2_se: Option<f64>,
    /// Its interval.
    pub tau2_ci: Option<Interval>,
    /// The sampling variance of a typical study: Higgins & Thompson (2002), eq. 9. None without degrees of freedom,
    /// and of models of counts.
    pub typical_variance: Option<f64>,
    /// I² in percent; none where nothing is estimated, or no study has an effect of its own.
    pub i2: Option<f64>,
    /// H², where there is I².
    pub h2: Option<f64>,
    /// How much of τ² the moderators explain, in percent.
    pub r2: Option<f64>,
    /// Cochran's Q of the residuals, with weights 1/v.
    pub qe: f64,
    /// Its degrees of freedom: a study without an effect of its own has none.
    pub qe_df: f64,
    /// Its p-value.
    pub qe_p: f64,
    /// The Wald test of the same, of models of counts, whose Q is the likelihood-ratio test.
    pub qe_wald: Option<Omnibus>,
    /// The test of the moderators, or of the intercept where there is nothing else.
    pub qm: Option<Omnibus>,
    /// Likelihood and criteria.
    pub statistics: FitStatistics,
    /// The factor on the variances by Hartung & Knapp, if it was used.
    pub scale: Option<f64>,
    /// The degrees of freedom of combinations of coefficients, where standard errors are robust.
    pub robust: Option<RobustDf>,
    /// The weights of the studies in the coefficients; none where the likelihood gives no weights.
    pub weights: Vec<f64>,
    /// The sum of all weights, also of studies that the problem does not hold: counts without an effect of their own
    /// may count in the pooled one.
    pub total_weight: f64,
    /// What is to be known of the fit.
    pub notes: Vec<String>,
}

impl Fit {
    /// The share of a study in all weights, in percent; none where there are no weights.
    pub fn weight_in_percent(&self, study: usize) -> Option<f64> {
        self.weights.get(study).map(|weight| 100.0 * weight / self.total_weight)
    }

    /// k − p.
    pub fn residual_df(&self) -> f64 {
        self.k as f64 - self.p as f64
    }

    /// The degrees of freedom of the tests; none for the normal distribution.
    pub fn df(&self) -> Option<f64> {
        self.coefficients.first().and_then(|coefficient| coefficient.df)
    }

    /// The degrees of freedom of the test of x′b.
    pub(super) fn df_at(&self, x: &[f64]) -> Option<f64> {
        self.robust.as_ref().map(|robust| robust.of(x)).or(self.df())
    }

    /// The combination x′b of the coefficients with its test.
    ///
    /// # Errors
    /// If x has not a finite number for each coefficient.
    pub fn contrast(&self, name: &str, x: &[f64]) -> Result<Coefficient, MetaError> {
        possible_combination(x, self.p)?;
        let se = self.covariance.quadratic(x).max(0.0).sqrt();
        Ok(Coefficient::new(name, dot(&self.beta(), x), se, self.df_at(x), self.model.level))
    }

    /// The two-sided critical value of the normal distribution at the level of the fit.
    pub fn critical_z(&self) -> f64 {
        critical(self.model.level, None)
    }

    /// The coefficients as numbers.
    pub fn beta(&self) -> Vec<f64> {
        self.coefficients.iter().map(|coefficient| coefficient.estimate).collect()
    }

    /// The interval of I² that belongs to that of τ².
    pub fn i2_ci(&self) -> Option<Interval> {
        let (ci, typical) = (self.tau2_ci?, self.typical_variance?);
        Some(ci.map_monotone(|tau2| 100.0 * tau2 / (tau2 + typical)))
    }

    /// The interval of H² that belongs to that of τ².
    pub fn h2_ci(&self) -> Option<Interval> {
        let (ci, typical) = (self.tau2_ci?, self.typical_variance?);
        Some(ci.map_monotone(|tau2| tau2 / typical + 1.0))
    }
}

impl Model {
    /// Fits the model.
    ///
    /// # Errors
    /// If a moderator depends on others, the level is not between 0 and 1, a given τ² is below 0 or belongs to a
    /// method or an interval that has none, the method needs weights and has none, no study or too few of them have a
    /// weight above 0, or the search for τ² does not end.
    ///
    /// ```
    /// use reffect::meta::{Model, Problem};
    /// // Three trials of one drug: log risk ratios and their variances.
    /// let trials = Problem::new(vec![-0.9, -0.2, -0.4], vec![0.10, 0.02, 0.05])?;
    /// let fit = Model::default().fit(&trials)?;
    /// assert!(fit.coefficients[0].ci.upper < 0.0);
    /// # Ok::<(), reffect::meta::MetaError>(())
    /// ```
    #[doc(alias = "rma.uni")]
    pub fn fit(&self, problem: &Problem) -> Result<Fit, MetaError> {
        let mut at = Projection::new(problem);
        let mut notes = Vec::new();
        let (model, tau2) = self.with_tau2(problem, &mut at, &mut notes)?;
        let heterogeneity = heterogeneity(problem, &model, tau2.value, &mut at);
        let Tau2Limits { interval: tau2_ci, notes: limit_notes } =
            tau2::interval(problem, model.tau2_interval, model.estimator, tau2.value, model.level, &mut at)?;
        notes.extend(limit_notes);
        let is_weighted = problem.weights.is_some() || model.weighting != Weighting::Inverse;
        if is_weighted && model.tau2_interval == Tau2Interval::ProfileLikelihood {
            notes.push(
                "the profile-likelihood interval of tau2 is by the likelihood that tau2 is estimated by, with the \
                 weights 1/(v + tau2), and not with those of the coefficients"
                    .to_owned(),
            );
        }
        notes.extend(model.outside(tau2.value, tau2_ci));
        let estimated = coefficients(problem, &model, tau2.value, &mut at, &mut notes);
        let r2 = model.explained(problem, tau2.value)?;
        let statistics = statistics(problem, &model, estimated.excess, tau2.value, &mut at);
        // Where so few studies show no heterogeneity, τ² of the method that was asked for is 0.
        let model = Self { estimator: self.estimator, ..model };
        let (k, names, tested) = (problem.k(), problem.names.as_slice(), tested(problem));
        let parts = Parts { model, k, names, tested: &tested, estimated, tau2, heterogeneity, statistics, notes };
        Ok(Fit { tau2_ci, r2, ..parts.together() })
    }

    /// The statistics of the coefficients and that of their test together, as [`Self::fit`] has them, without what else
    /// a fit tells: for the many fits of a permutation test.
    pub(super) fn statistics_of(&self, problem: &Problem) -> Result<(Vec<f64>, Option<f64>), MetaError> {
        let mut at = Projection::new(problem);
        let mut notes = Vec::new();
        let (model, tau2) = self.with_tau2(problem, &mut at, &mut notes)?;
        let Estimated { beta, covariance, .. } = coefficients(problem, &model, tau2.value, &mut at, &mut notes);
        let statistic = |j: usize| {
            let se = covariance[(j, j)].sqrt();
            // As a coefficient has it.
            if se == 0.0 { f64::NAN } else { beta[j] / se }
        };
        let statistics = (0..problem.p()).map(statistic).collect();
        let df = (model.test != Test::Z).then(|| problem.residual_df());
        Ok((statistics, wald_statistic(&beta, &covariance, &tested(problem), df)))
    }

    /// The model that the studies allow, with its τ².
    fn with_tau2(
        &self,
        problem: &Problem,
        at: &mut Projection<'_>,
        notes: &mut Vec<String>,
    ) -> Result<(Self, tau2::Tau2), MetaError> {
        possible_level(self.level)?;
        self.check_weights(problem, at)?;
        at.at_tau2(0.0);
        at.check()?;
        let model = self.possible(problem, notes)?;
        let tau2 = match model.tau2 {
            Some(value) => tau2::Tau2 { value, se: None, notes: Vec::new() },
            None => tau2::estimate(problem, model.estimator, at)?,
        };
        notes.extend(tau2.notes.iter().cloned());
        Ok((model, tau2))
    }

    /// That the studies with a weight of the user's above 0 give all coefficients.
    fn check_weights(&self, problem: &Problem, at: &mut Projection<'_>) -> Result<(), MetaError> {
        let (Weighting::Inverse, Some(weights)) = (self.weighting, &problem.weights) else { return Ok(()) };
        let weighted = weights.iter().filter(|weight| **weight > 0.0).count();
        if weighted == 0 {
            return Err(MetaError::Weights);
        }
        if weighted < problem.p() {
            return Err(MetaError::TooManyCoefficients { coefficients: problem.p(), studies: weighted });
        }
        at.at_weights(weights);
        at.check()
    }

    /// The model that so few studies allow.
    fn possible(&self, problem: &Problem, notes: &mut Vec<String>) -> Result<Self, MetaError> {
        if self.tau2.is_some_and(|tau2| !tau2.is_finite() || tau2 < 0.0) {
            return Err(MetaError::Option("tau2 must be a number of at least 0".to_owned()));
        }
        if self.tau2.is_some() && self.estimator.is_common() {
            let message = format!("{} has no tau2; give it with another method, such as REML", self.estimator.name());
            return Err(MetaError::Option(message));
        }
        if self.tau2.is_some() && self.tau2_interval == Tau2Interval::ProfileLikelihood {
            let message = "a profile-likelihood interval belongs to a tau2 that is estimated, and this one is given; QP \
                           and GENQ do without the estimate";
            return Err(MetaError::Option(message.to_owned()));
        }
        if self.estimator.needs_weights() && problem.weights.is_none() {
            return Err(MetaError::Option(format!("{} needs weights: name their column", self.estimator.name())));
        }
        let mut model = *self;
        if problem.residual_df() < 1.0 {
            if !model.estimator.is_common() && model.tau2.is_none() {
                let studies =
                    if problem.k() == 1 { "one study shows" } else { "no more studies than coefficients show" };
                notes.push(format!("{studies} no heterogeneity: tau2 is set to 0 and nothing is known of it"));
                model.estimator = Estimator::Ee;
            }
            if model.test != Test::Z {
                notes.push("without residual degrees of freedom, z is used instead of t".to_owned());
                model.test = Test::Z;
            }
        }
        Ok(model)
    }

    /// What is to be known of an estimate of τ² that lies outside of its interval.
    fn outside(&self, tau2: f64, interval: Option<Interval>) -> Option<String> {
        let is_estimated = !self.estimator.is_common() && self.tau2.is_none();
        let interval = interval.filter(|ci| is_estimated && !(ci.lower <= tau2 && tau2 <= ci.upper))?;
        // An empty set has said so.
        let is_empty = interval.lower == 0.0 && interval.upper == 0.0;
        let has_likelihood = matches!(self.estimator, Estimator::Ml | Estimator::Reml);
        let hint = if has_likelihood { ": the profile likelihood (PL) gives one that goes with it" } else { "" };
        (!is_empty)
            .then(|| format!("the estimate of tau2 lies outside of its interval, which is made in another way{hint}"))
    }

    /// R²: how much smaller τ² is with the moderators than without; Raudenbush (2009), eq. 16.10. Without τ² in
    /// the model, the adjusted R² of weighted least squares, as in metafor.
    fn explained(&self, problem: &Problem, tau2: f64) -> Result<Option<f64>, MetaError> {
        if !problem.intercept || problem.p() < 2 || self.tau2.is_some() {
            return Ok(None);
        }
        let without = problem.intercept_only();
        if self.estimator.is_common() {
            let weights: Vec<f64> = match (self.weighting, &problem.weights) {
                (Weighting::Equal, _) => vec![1.0; problem.k()],
                (_, Some(weights)) => weights.clone(),
                (_, None) => problem.vi.iter().map(|v| 1.0 / v).collect(),
            };
            let mean_square = |of: &Problem| {
                let mut at = Projection::new(of);
                at.at_weights(&weights);
                at.rss() / of.residual_df()
            };
            let (all, rest) = (mean_square(&without), mean_square(problem));
            let total: f64 = weights.iter().zip(&problem.yi).map(|(w, y)| w * y * y).sum();
            return Ok((all > EXACT * total && rest.is_finite()).then(|| (100.0 * (1.0 - rest / all)).max(0.0)));
        }
        let alone = tau2::estimate(&without, self.estimator, &mut Projection::new(&without))?.value;
        // Where there is nothing to explain, nothing is explained, as in metafor.
        Ok(Some(if alone > 0.0 { (100.0 * (alone - tau2) / alone).max(0.0) } else { 0.0 }))
    }
}

/// What a fit is put together from.
pub(super) struct Parts<'a> {
    pub model: Model,
    pub k: usize,
    pub names: &'a [String],
    /// The coefficients that are tested together.
    pub tested: &'a [usize],
    pub estimated: Estimated,
    pub tau2: tau2::Tau2,
    pub heterogeneity: Heterogeneity,
    pub statistics: FitStatistics,
    pub notes: Vec<String>,
}

impl Parts<'_> {
    /// The fit, without an interval of τ² and without R².
    pub fn together(self) -> Fit {
        let Estimated { beta, covariance, scale, weights, total_weight, .. } = self.estimated;
        let Heterogeneity { typical_variance, i2, h2, qe } = self.heterogeneity;
        let (model, p) = (self.model, self.names.len());
        let residual_df = self.k as f64 - p as f64;
        let df = (model.test != Test::Z).then_some(residual_df);
        let coefficient =
            |(j, name): (usize, &String)| Coefficient::new(name, beta[j], covariance[(j, j)].sqrt(), df, model.level);
        Fit {
            model,
            k: self.k,
            p,
            coefficients: self.names.iter().enumerate().map(coefficient).collect(),
            qm: wald(&beta, &covariance, self.tested, df),
            covariance,
            tau2: self.tau2.value,
            tau2_se: self.tau2.se,
            tau2_ci: None,
            typical_variance,
            i2: Some(i2),
            h2: Some(h2),
            r2: None,
            qe,
            qe_df: residual_df,
            qe_p: heterogeneity_p(qe, residual_df),
            qe_wald: None,
            statistics: self.statistics,
            scale,
            robust: None,
            total_weight,
            weights,
            notes: self.notes,
        }
    }
}

pub(super) struct Heterogeneity {
    typical_variance: Option<f64>,
    i2: f64,
    h2: f64,
    qe: f64,
}

impl Heterogeneity {
    /// Of Q at the weights 1/v with its degrees of freedom, and of tr P there.
    pub fn of(estimator: Estimator, tau2: f64, (qe, df): (f64, f64), trace_p: f64) -> Self {
        let typical_variance = df / trace_p;
        let (i2, h2) = match estimator.is_common() {
            true => heterogeneity_of_q(qe, df),
            false => heterogeneity_of_tau2(tau2, typical_variance),
        };
        Self { typical_variance: Some(typical_variance), i2: if i2.is_nan() { 0.0 } else { i2 }, h2, qe }
    }
}

/// Q at the weights 1/v, and I² and H² from τ² and the typical sampling variance (k − p)/tr P; with no
/// τ² in the model, from Q.
///
/// Source: Higgins & Thompson (2002), Stat Med 21:1539, eq. 9, 10 and 13.
fn heterogeneity(problem: &Problem, model: &Model, tau2: f64, at: &mut Projection<'_>) -> Heterogeneity {
    at.at_tau2(0.0);
    let (qe, df) = (at.rss(), problem.residual_df());
    if df < 1.0 {
        return Heterogeneity { typical_variance: None, i2: 0.0, h2: 1.0, qe: 0.0 };
    }
    Heterogeneity::of(model.estimator, tau2, (qe, df), at.trace_p())
}

/// I² in percent and H² from Q.
///
/// Source: Higgins & Thompson (2002), Stat Med 21:1539, eq. 6 and 10.
pub(super) fn heterogeneity_of_q(q: f64, df: f64) -> (f64, f64) {
    let i2 = if df > 0.0 && q > 0.0 { (100.0 * (q - df) / q).max(0.0) } else { 0.0 };
    (i2, if df > 0.0 { q / df } else { 1.0 })
}

/// I² in percent and H² from τ² and the sampling variance of a typical study.
///
/// Source: Higgins & Thompson (2002), Stat Med 21:1539, eq. 9, 10 and 13.
pub(super) fn heterogeneity_of_tau2(tau2: f64, typical_variance: f64) -> (f64, f64) {
    (100.0 * tau2 / (tau2 + typical_variance), tau2 / typical_variance + 1.0)
}

/// Whose factor the notes on standard errors by [`Test::Knha`] and [`Test::Adhoc`] name.
pub(super) const HARTUNG_KNAPP: &str = "Hartung–Knapp's";

pub(super) struct Estimated {
    pub beta: Vec<f64>,
    pub covariance: Matrix,
    pub scale: Option<f64>,
    pub weights: Vec<f64>,
    pub total_weight: f64,
    /// How far Σ w e² with w = 1/(v + τ²) exceeds its minimum, because other weights were used.
    pub excess: f64,
}

/// The part of Σ w y² below which residuals are those of rounding.
pub(super) const EXACT: f64 = 1e-22;

/// The coefficients and their covariance: (X′WX)⁻¹ at W = (V + τ²I)⁻¹; with other weights A,
/// (X′AX)⁻¹X′A(V + τ²I)AX(X′AX)⁻¹. Hartung & Knapp multiply it by Σ w e²/(k − p), whose residuals are
/// those of the weights W, as in metafor, also where other weights give the coefficients.
///
/// Sources: Berkey et al. (1995), Stat Med 14:395; Hartung & Knapp (2001), Stat Med 20:3875, eq. 2.4;
/// Knapp & Hartung (2003), Stat Med 22:2693; Röver, Knapp & Friede (2015), BMC Med Res Methodol 15:99.
fn coefficients(
    problem: &Problem,
    model: &Model,
    tau2: f64,
    at: &mut Projection<'_>,
    notes: &mut Vec<String>,
) -> Estimated {
    let variances: Vec<f64> = problem.vi.iter().map(|v| v + tau2).collect();
    let own = match (model.weighting, &problem.weights) {
        (Weighting::Equal, _) => Some(vec![1.0; problem.k()]),
        (Weighting::Inverse, weights) => weights.clone(),
    };
    at.at_tau2(tau2);
    let total: f64 = at.w.iter().zip(&problem.yi).map(|(w, y)| w * y * y).sum();
    let least = if at.rss() <= EXACT * total { 0.0 } else { at.rss() };
    let (beta, mut covariance, weights, rss) = match own {
        None => (at.beta(), at.inverse_information(), at.w.clone(), least),
        Some(own) => {
            at.at_weights(&own);
            let rss = (0..own.len())
                .filter(|&i| own[i] > 0.0)
                .map(|i| at.rest[i] * at.rest[i] / (own[i] * variances[i]))
                .sum::<f64>();
            let beta = at.beta();
            let zero: f64 = (0..own.len())
                .filter(|&i| own[i] == 0.0)
                .map(|i| residual(problem, &beta, i).powi(2) / variances[i])
                .sum();
            (beta, at.sandwich(&variances), own, rss + zero)
        }
    };
    let scale = scale_of(model.test, least, problem.residual_df(), notes);
    if let Some(scale) = scale {
        covariance = covariance.scaled(scale);
    }
    let total_weight = weights.iter().sum();
    Estimated { beta, covariance, scale, weights, total_weight, excess: rss - least }
}

/// The factor on the variances by Hartung & Knapp, from Σ w e², and what is to be known of it.
pub(super) fn scale_of(test: Test, least: f64, df: f64, notes: &mut Vec<String>) -> Option<f64> {
    let factor = least / df;
    let scale = match test {
        Test::Z | Test::T => return None,
        Test::Knha => factor,
        Test::Adhoc => factor.max(1.0),
    };
    if scale < 1e-14 {
        notes.push(format!(
            "the model fits the effects exactly, and {HARTUNG_KNAPP} standard errors become 0, without statistics \
             and p-values; use the test adhoc"
        ));
    } else if scale < 1.0 - NEARLY_1 {
        notes.push(format!(
            "{HARTUNG_KNAPP} factor on the variances is {}, below 1: the interval may be narrower than \
             that of z; the test adhoc prevents it",
            below_one(scale)
        ));
    } else if test == Test::Adhoc && factor < 1.0 - NEARLY_1 {
        notes.push(format!("{HARTUNG_KNAPP} factor on the variances was {} and is taken as 1", below_one(factor)));
    }
    Some(scale)
}

/// Where tau2 is such that the factor is 1, that of Paule and Mandel or of two studies, it is so but for an iteration.
const NEARLY_1: f64 = 1e-9;

/// A number below 1 with so many digits that it is seen to be so.
fn below_one(value: f64) -> String {
    let mut texts = (3..17).map(|digits| significant(value, digits));
    texts.find(|text| !text.starts_with('1')).unwrap_or_else(|| significant(value, 17))
}

/// x′b of one study.
pub(super) fn fitted(problem: &Problem, beta: &[f64], study: usize) -> f64 {
    problem.columns.iter().zip(beta).map(|(column, b)| column[study] * b).sum()
}

/// y − x′b of one study.
pub(super) fn residual(problem: &Problem, beta: &[f64], study: usize) -> f64 {
    problem.yi[study] - fitted(problem, beta, study)
}

/// Likelihood and criteria.
fn statistics(problem: &Problem, model: &Model, excess: f64, tau2: f64, at: &mut Projection<'_>) -> FitStatistics {
    let is_restricted = model.estimator == Estimator::Reml;
    at.at_weights(&vec![1.0; problem.k()]);
    let log_xx = at.log_determinant();
    at.at_tau2(tau2);
    let log_likelihood = match is_restricted {
        true => restricted_log_likelihood(problem, at) + 0.5 * log_xx - 0.5 * excess,
        false => log_likelihood(problem, at) - 0.5 * excess,
    };
    let is_estimated = !model.estimator.is_common() && model.tau2.is_none();
    let parameters = problem.p() as f64 + f64::from(u8::from(is_estimated));
    FitStatistics::of(log_likelihood, parameters, problem, is_restricted)
}
