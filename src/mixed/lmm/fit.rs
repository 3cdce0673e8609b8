//! A fitted linear mixed model.

use super::kenward_roger::KenwardRoger;
use super::kernel::Kernel;
use super::pieces::{Likelihood, Profiled};
use super::problem::Problem;
use super::satterthwaite::Satterthwaite;
use super::search::{Found, search};
use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::linear::{FTest, Tested};
use crate::mixed::options::DfMethod;
use crate::mixed::result::VarCorr;
use crate::numeric::matrix::{Matrix, dot};

/// How a linear mixed model is fitted and tested.
///
/// ```
/// use reffect::formula::{Formula, Frame};
/// use reffect::mixed::lmm::LinearMixedModel;
/// use reffect::mixed::{DataOptions, ModelData};
/// let mut frame = Frame::default();
/// frame.numbers("y", vec![2.0, 3.5, 3.9, 1.0, 2.0, 3.4, 2.5, 2.9, 4.8]);
/// frame.numbers("t", [0.0, 1.0, 2.0].repeat(3));
/// frame.texts("id", ["a", "a", "a", "b", "b", "b", "c", "c", "c"].map(|id| Some(id.to_owned())));
/// let data = ModelData::new(Formula::parse("y ~ t + (1 | id)")?, &frame, &DataOptions::default())?;
/// let fit = LinearMixedModel::default().fit(&data)?;
/// assert!((fit.beta()[1] - 1.1).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearMixedModel {
    /// Restricted instead of full maximum likelihood.
    pub reml: bool,
    /// Degrees of freedom.
    pub df: DfMethod,
}

impl Default for LinearMixedModel {
    fn default() -> Self {
        Self { reml: true, df: DfMethod::Satterthwaite }
    }
}

/// A fitted linear mixed model.
#[derive(Clone, Debug)]
pub struct LinearFit<'a> {
    pub(super) data: &'a ModelData,
    pub(super) model: LinearMixedModel,
    pub(super) problem: Problem,
    pub(super) kernel: Kernel,
    pub(super) found: Found,
    pub(super) beta: Vec<f64>,
    /// The covariance of β that tests take: adjusted under Kenward–Roger.
    pub(super) vcov: Matrix,
    inference: Inference,
}

#[derive(Clone, Debug)]
enum Inference {
    Satterthwaite(Satterthwaite),
    KenwardRoger(KenwardRoger),
    /// Kenward and Roger's method where the data do not determine the variances: it has no degrees of freedom.
    Undetermined,
    Residual(f64),
    None,
}

impl LinearMixedModel {
    /// Fits the model.
    ///
    /// # Errors
    /// If the data do not allow it.
    pub fn fit<'a>(&self, data: &'a ModelData) -> Result<LinearFit<'a>, MixedError> {
        if data.random.is_empty() {
            let message = "the formula has no random part: this is no mixed model";
            return Err(MixedError::data(message, "add what varies between groups, such as (1 | patient)"));
        }
        if data.trials.is_some() {
            let message = "a response of cbind(events, non_events) is for --family binomial";
            return Err(MixedError::data(message, "choose that family, or give one column as the response"));
        }
        if self.df == DfMethod::KenwardRoger && !self.reml {
            let message = "Kenward and Roger's adjustment is defined for REML";
            return Err(MixedError::data(message, "leave --ml out, or choose --df satterthwaite"));
        }
        let problem = Problem::new(data)?;
        let likelihood = if self.reml { Likelihood::Restricted } else { Likelihood::Full };
        let mut kernel = Kernel::new(&problem, likelihood);
        let found = search(&mut kernel, &problem, None, self.df == DfMethod::Satterthwaite);
        if !found.criterion.is_finite() {
            return Err(MixedError::NotConverged(
                "the likelihood has no finite maximum that could be found".to_owned(),
            ));
        }
        let largest = found.theta.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        let is_unbounded = || is_unbounded(&kernel, &problem, &found);
        if largest > ROUNDING || ((!found.converged || largest > SUSPICIOUS) && is_unbounded()) {
            return Err(fits_exactly());
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

fn fits_exactly() -> MixedError {
    MixedError::data(
        "the fixed and random effects together fit every row exactly: nothing is left for the residual variance, and \
         the likelihood has no maximum",
        "is the response computed from columns of the formula? With a simpler random part something may be left",
    )
}

impl<'a> LinearFit<'a> {
    fn new(
        data: &'a ModelData,
        model: LinearMixedModel,
        problem: Problem,
        kernel: Kernel,
        found: Found,
    ) -> LinearFit<'a> {
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
        let sigma2 = fit.sigma().powi(2);
        fit.vcov = fit.in_user_units(&fit.vcov).scaled(sigma2);
        fit
    }

    /// R⁻¹CR⁻ᵀ for a matrix over the columns Q.
    pub(super) fn in_user_units(&self, of_q: &Matrix) -> Matrix {
        self.problem.x.covariance(of_q)
    }

    /// What the model was fitted to.
    pub fn data(&self) -> &ModelData {
        self.data
    }

    /// The fixed effects.
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// The residual standard deviation.
    pub fn sigma(&self) -> f64 {
        let degrees = Profiled::degrees(&self.problem, self.kernel.likelihood);
        self.problem.scale * (self.kernel.profiled.r2 / degrees).sqrt()
    }

    /// −2 log-likelihood, restricted under REML.
    pub fn criterion(&self) -> f64 {
        self.found.criterion
    }

    /// The parameters that AIC counts: fixed effects, θ and σ.
    pub fn parameters(&self) -> usize {
        self.problem.p() + self.problem.places.len() + 1
    }

    /// Relative covariance factors in lme4's order: term by term, each by columns.
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

    /// Whether a variance is 0 or a correlation ±1.
    pub fn singular(&self) -> bool {
        self.problem
            .places
            .iter()
            .zip(&self.found.theta)
            .any(|(place, value)| place.row == place.column && *value == 0.0)
    }

    /// Whether the method for degrees of freedom has none here, so that there are no p-values.
    pub fn is_untested(&self) -> bool {
        matches!(self.inference, Inference::Undetermined)
    }

    /// Whether the search ended at a minimum.
    pub fn converged(&self) -> bool {
        self.found.converged
    }

    /// Standard deviations and correlations of the random effects.
    pub fn varcorr(&self) -> Vec<VarCorr> {
        let sigma = self.sigma();
        let terms = self.data.random.iter().enumerate();
        terms.map(|(at, term)| VarCorr::new(term, &self.lambda(at).scaled(sigma))).collect()
    }
}

impl Tested for LinearFit<'_> {
    fn coefficients(&self) -> &[f64] {
        &self.beta
    }

    fn covariance(&self) -> &Matrix {
        &self.vcov
    }

    fn df(&self, of: &[f64]) -> Option<f64> {
        let of_q = self.problem.x.function(of);
        match &self.inference {
            Inference::Satterthwaite(s) => Some(s.df(&of_q)),
            Inference::KenwardRoger(kr) => {
                let adjusted = kr.df(&Matrix::from_fn(1, of_q.len(), |_, at| of_q[at]));
                Some(adjusted.map_or(f64::NAN, |adjusted| adjusted.df))
            }
            Inference::Undetermined => Some(f64::NAN),
            Inference::Residual(df) => Some(*df),
            Inference::None => None,
        }
    }

    fn joint(&self, rows: &Matrix) -> Option<FTest> {
        let estimates = rows.times_vector(&self.beta);
        let covariance = rows.times(&self.vcov).times(&rows.transposed());
        // Directions in which the rows are independent; Fai & Cornelius (1996).
        let (values, vectors) = covariance.symmetric_eigen();
        let largest = values.last().copied().unwrap_or(0.0);
        let used: Vec<usize> = (0..values.len()).rev().filter(|&at| values[at] > 1.5e-8 * largest).collect();
        if used.is_empty() {
            return None;
        }
        let direction = |at: usize| -> Vec<f64> { (0..rows.rows()).map(|row| vectors[(row, at)]).collect() };
        let num_df = used.len();
        let f =
            used.iter().map(|&at| dot(&direction(at), &estimates).powi(2) / values[at]).sum::<f64>() / num_df as f64;
        let functions: Vec<Vec<f64>> = used
            .iter()
            .map(|&at| {
                let weights = direction(at);
                let function: Vec<f64> = (0..rows.columns())
                    .map(|column| (0..rows.rows()).map(|row| weights[row] * rows[(row, column)]).sum())
                    .collect();
                self.problem.x.function(&function)
            })
            .collect();
        match &self.inference {
            Inference::Satterthwaite(s) => {
                let each: Vec<f64> = functions.iter().map(|function| s.df(function)).collect();
                Some(FTest::new(f, num_df, Some(crate::mixed::df::fai_cornelius(&each))))
            }
            Inference::KenwardRoger(kr) => {
                let rows = Matrix::from_fn(functions.len(), self.beta.len(), |row, column| functions[row][column]);
                let (scale, df) = kr.df(&rows).map_or((1.0, f64::NAN), |adjusted| (adjusted.scale, adjusted.df));
                Some(FTest::new(scale * f, num_df, Some(df)))
            }
            Inference::Undetermined => Some(FTest::new(f, num_df, Some(f64::NAN))),
            Inference::Residual(df) => Some(FTest::new(f, num_df, Some(*df))),
            Inference::None => Some(FTest::new(f, num_df, None)),
        }
    }
}
