//! A fitted linear mixed model.

use super::kenward_roger::{KenwardRoger, most_linked};
use super::kernel::Kernel;
use super::pieces::{Likelihood, Profiled};
use super::problem::Problem;
use super::satterthwaite::Satterthwaite;
use super::search::{Found, search};
use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::options::DfMethod;
use crate::numeric::matrix::Matrix;
use std::sync::Arc;

/// A linear mixed model: how it is fitted and tested.
///
/// y = Xβ + Zb + e with b = σΛ(θ)u, u and e/σ independent standard normal, e divided by the roots of the weights.
///
/// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1).
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, DfMethod, LinearMixedModel, MixedFit, ModelData};
/// // Belenky et al. (2003), J Sleep Res 12:1: reaction times of 18 people over ten days with three hours of sleep.
/// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
/// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
/// let data = ModelData::new(formula, frame, &DataOptions::default())?;
/// let fit = LinearMixedModel::default().df(DfMethod::KenwardRoger).fit(data)?;
/// let days = &fit.coefficients()[1];
/// // lmerTest: 10.4673, SE 1.5458, df 17
/// assert!((days.estimate - 10.467_286).abs() < 1e-5 && (days.se - 1.545_789).abs() < 1e-5);
/// assert!((days.df.ok_or("a t test")? - 17.0).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LinearMixedModel {
    /// Restricted instead of full maximum likelihood; it is by default.
    pub reml: bool,
    /// Degrees of freedom of t and F tests; Satterthwaite's by default.
    pub df: DfMethod,
    /// The level of intervals; 0.95 by default.
    pub level: f64,
}

impl Default for LinearMixedModel {
    fn default() -> Self {
        Self { reml: true, df: DfMethod::Satterthwaite, level: 0.95 }
    }
}

/// A fitted linear mixed model, made by [`LinearMixedModel::fit`]; what it can be asked is in
/// [`MixedFit`](crate::mixed::MixedFit).
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearFit, LinearMixedModel, MixedFit, ModelData};
///
/// /// A fit holds its data and can leave the function that read them.
/// fn sleep() -> Result<LinearFit, Box<dyn std::error::Error>> {
///     let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
///     let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
///     Ok(LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?)
/// }
///
/// let fit = sleep()?;
/// assert_eq!(fit.data().n(), 180);
/// assert!((fit.criterion() - 1_743.628_272).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LinearFit {
    pub(super) data: Arc<ModelData>,
    pub(super) model: LinearMixedModel,
    pub(super) problem: Problem,
    pub(super) kernel: Kernel,
    pub(super) found: Found,
    pub(super) beta: Vec<f64>,
    /// The covariance of β that tests take: adjusted under Kenward–Roger.
    pub(super) vcov: Matrix,
    pub(super) inference: Inference,
}

#[derive(Clone, Debug)]
pub(super) enum Inference {
    Satterthwaite(Satterthwaite),
    KenwardRoger(KenwardRoger),
    /// Kenward and Roger's method where the data do not determine the variances: it has no degrees of freedom.
    Undetermined,
    Residual(f64),
    None,
}

impl LinearMixedModel {
    /// Sets whether the likelihood is the restricted one (REML) or the full one (ML).
    ///
    /// ```
    /// use reffect::mixed::{DfMethod, LinearMixedModel};
    /// let model = LinearMixedModel::default().reml(false).df(DfMethod::None).level(0.9);
    /// assert_eq!((model.reml, model.df, model.level), (false, DfMethod::None, 0.9));
    /// ```
    #[must_use]
    pub fn reml(self, reml: bool) -> Self {
        Self { reml, ..self }
    }

    /// Sets the method for degrees of freedom.
    ///
    /// # Errors
    /// [`LinearMixedModel::fit`] refuses Kenward and Roger's method without REML.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, LinearMixedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// let df = |method| LinearMixedModel::default().df(method).fit(&data)?.df(&[0.0, 1.0]);
    /// assert!((df(DfMethod::Satterthwaite)?.ok_or("t")? - 17.0).abs() < 1e-4);
    /// assert_eq!((df(DfMethod::Residual)?, df(DfMethod::None)?), (Some(178.0), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn df(self, df: DfMethod) -> Self {
        Self { df, ..self }
    }

    /// Sets the level of intervals.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, DfMethod, LinearMixedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().df(DfMethod::None).level(0.99).fit(data)?;
    /// // Estimate and standard error times 2.5758.
    /// let ci = fit.coefficients()[1].ci;
    /// assert!((ci.lower - (10.467_286 - 2.575_829 * 1.545_789)).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Fits the model. β and σ are profiled out of the likelihood, and θ is found with exact derivatives.
    ///
    /// The fit keeps the data: those that are given by reference are copied, those that are given away or are in an
    /// [`Arc`] already are not.
    ///
    /// # Errors
    /// If the formula has no random part, fixed and random effects together fit every row, Kenward and Roger's method
    /// is asked for without REML, the level is not between 0 and 1, or the data determine no maximum.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 3.9, 1.0, 2.0, 3.4, 2.5, 2.9, 4.8]);
    /// frame.numbers("t", [0.0, 1.0, 2.0].repeat(3));
    /// frame.texts("id", ["a", "a", "a", "b", "b", "b", "c", "c", "c"].map(|id| Some(id.to_owned())));
    /// let data = ModelData::new(Formula::parse("y ~ t + (1 | id)")?, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().fit(&data)?;
    /// assert!((fit.fixef()[1] - 1.1).abs() < 1e-10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(&self, data: impl Into<Arc<ModelData>>) -> Result<LinearFit, MixedError> {
        self.fit_shared(data.into())
    }

    /// How many random effects rows link with each other, directly or through others, at most, those of the largest
    /// grouping factor not counted. Kenward and Roger's method takes products of matrices of this size, whose time grows
    /// with its cube.
    ///
    /// # Errors
    /// If the data do not allow a mixed model.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/penicillin.csv")?;
    /// let formula = Formula::parse("diameter ~ 1 + (1 | plate) + (1 | sample)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// // 6 samples, each on each of 24 plates.
    /// assert_eq!(LinearMixedModel::linked_effects(&data)?, 6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn linked_effects(data: &ModelData) -> Result<usize, MixedError> {
        Ok(most_linked(&Problem::new(data)?))
    }

    fn fit_shared(&self, data: Arc<ModelData>) -> Result<LinearFit, MixedError> {
        MixedError::check_level(self.level)?;
        if data.random.is_empty() {
            let message = "the formula has no random part: this is no mixed model";
            return Err(MixedError::data(message, "add what varies between groups, such as (1 | patient)"));
        }
        if data.trials.is_some() {
            let message = "a response of cbind(events, non_events) is for the binomial family (--family binomial)";
            return Err(MixedError::data(message, "choose that family, or give one column as the response"));
        }
        MixedError::check_df(self.df, self.reml)?;
        let problem = Problem::new(&data)?;
        let likelihood = if self.reml { Likelihood::Restricted } else { Likelihood::Full };
        let mut kernel = Kernel::new(&problem, likelihood);
        let found = search(&mut kernel, &problem, None, self.df == DfMethod::Satterthwaite);
        if !found.criterion.is_finite() {
            return Err(MixedError::NotConverged(
                "the likelihood has no finite maximum that could be found".to_owned(),
            ));
        }
        if let Some(error) = far_apart(data.weights.as_deref()).filter(|_| !found.converged) {
            return Err(error);
        }
        let largest = found.theta.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        let is_unbounded = || is_unbounded(&kernel, &problem, &found);
        if largest > ROUNDING || ((!found.converged || largest > SUSPICIOUS) && is_unbounded()) {
            return Err(far_apart(data.weights.as_deref()).unwrap_or_else(fits_exactly));
        }
        Ok(LinearFit::new(data, *self, problem, kernel, found))
    }
}

/// Random effects so many times as large as residuals are looked at twice.
const SUSPICIOUS: f64 = 100.0;

/// Where they are so many times as large, what is left for residuals is the rounding of the sums that they are made of.
const ROUNDING: f64 = 1e5;

/// Whether the criterion falls without end as the residual variance goes to 0 beside the others: where fixed and
/// random effects together fit every row.
fn is_unbounded(kernel: &Kernel, problem: &Problem, found: &Found) -> bool {
    let mut kernel = kernel.clone();
    let mut at = |factor: f64| {
        let theta: Vec<f64> = found.theta.iter().map(|value| value * factor).collect();
        kernel.criterion(problem, &theta)
    };
    let [here, further, furthest] = [1.0, 30.0, 900.0].map(&mut at);
    further < here - 1.0 && furthest < further - 1.0
}

/// The error of weights so far apart that rows of little weight vanish in the sums, as if nothing were left for
/// residuals.
fn far_apart(weights: Option<&[f64]>) -> Option<MixedError> {
    /// Squares of such numbers leave few digits of a double.
    const WIDEST: f64 = 1e6;
    let least = weights?.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = weights?.iter().copied().fold(0.0, f64::max);
    (greatest > WIDEST * least).then(|| {
        MixedError::data(
            format!("the weights lie between {least} and {greatest}: rows of the least are lost in the rounding of the others"),
            "is one of them a slip? Rows with as good as no weight, or rows that outweigh all others, can be left out",
        )
    })
}

fn fits_exactly() -> MixedError {
    MixedError::data(
        "the fixed and random effects together fit every row exactly: nothing is left for the residual variance, and \
         the likelihood has no maximum",
        "is the response computed from columns of the formula? With a simpler random part something may be left",
    )
}

impl LinearFit {
    fn new(data: Arc<ModelData>, model: LinearMixedModel, problem: Problem, kernel: Kernel, found: Found) -> Self {
        let of_q: Vec<f64> =
            problem.ols.iter().zip(&kernel.profiled.beta).map(|(ols, beta)| ols + problem.scale * beta).collect();
        let beta = problem.x.coefficients(&of_q);
        let inference = match model.df {
            DfMethod::Satterthwaite => Inference::Satterthwaite(Satterthwaite::new(&problem, &kernel, &found)),
            // The adjustment divides by an information, which vanishes where variances are not determined.
            DfMethod::KenwardRoger => {
                let found = KenwardRoger::new(&problem, &kernel, &found.theta);
                found.map_or(Inference::Undetermined, Inference::KenwardRoger)
            }
            DfMethod::Residual => Inference::Residual((problem.n - problem.p()) as f64),
            DfMethod::None => Inference::None,
        };
        let in_q = match &inference {
            Inference::KenwardRoger(kr) => kr.adjusted.clone(),
            _ => kernel.profiled.covariance.clone(),
        };
        let mut fit = Self { data, model, problem, kernel, found, beta, vcov: in_q, inference };
        let sigma2 = fit.residual_sd().powi(2);
        fit.vcov = fit.in_user_units(&fit.vcov).scaled(sigma2);
        fit
    }

    /// R⁻¹CR⁻ᵀ for a matrix over the columns Q.
    pub(super) fn in_user_units(&self, of_q: &Matrix) -> Matrix {
        self.problem.x.covariance(of_q)
    }

    /// The residual standard deviation.
    pub(super) fn residual_sd(&self) -> f64 {
        let degrees = Profiled::degrees(&self.problem, self.kernel.likelihood);
        self.problem.scale * (self.kernel.profiled.r2 / degrees).sqrt()
    }

    /// The relative covariance factors θ in lme4's order, term by term, each lower triangle by columns:
    /// `getME(fit, "theta")`.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// let theta = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?.theta();
    /// // lme4: 0.96673, 0.01517, 0.23091
    /// assert!((theta[0] - 0.966_733).abs() < 1e-5 && (theta[2] - 0.230_910).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn theta(&self) -> Vec<f64> {
        let mut theta = Vec::with_capacity(self.problem.places.len());
        for term in 0..self.problem.terms.len() {
            let lambda = self.lambda(term);
            let k = lambda.rows();
            theta.extend((0..k).flat_map(|column| (column..k).map(move |row| (row, column))).map(|at| lambda[at]));
        }
        theta
    }

    /// The relative covariance factor of a term in the units of its columns.
    pub(super) fn lambda(&self, term: usize) -> Matrix {
        self.problem.term_lambda(&self.found.theta, term)
    }

    /// Whether the method for degrees of freedom has none here, so that there are no p-values.
    pub(super) fn is_untested(&self) -> bool {
        matches!(self.inference, Inference::Undetermined)
    }
}
