//! Fits without one study, and fits that grow by one study.

use super::fit::{Fit, Model, Weighting, residual};
use super::levels::numbered;
use super::predict::PredictionInterval;
use super::problem::{MetaError, Problem};
use super::projection::Projection;
use super::refits::{Refits, growing};
use super::tau2::Tau2Interval;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::parallel::each_in_parallel;

/// The fits without each study in turn; none where the rest cannot be fitted.
///
/// # Errors
/// If there are moderators.
///
/// ```
/// use reffect::meta::{Model, Problem, deletion::leave_one_out};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let fits = leave_one_out(&Model::default(), &trials)?;
/// let without_first = fits[0].as_ref().ok_or("it is fitted")?;
/// // metafor 3.8-1: leave1out(rma(yi, vi))
/// assert!((without_first.coefficients[0].estimate + 0.707_083_788).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "leave1out")]
pub fn leave_one_out(model: &Model, problem: &Problem) -> Result<Vec<Option<Fit>>, MetaError> {
    without_moderators(problem, "leave-one-out")?;
    let model = &without_interval(model);
    let refits = Refits::new(model, problem);
    Ok(each_in_parallel(problem.k(), |study| refits.without(&[study])))
}

/// The fits without each group of studies in turn, in the order of the groups' numbers; `groups` has that of each
/// study, which may be any. None where the rest cannot be fitted.
///
/// # Errors
/// If there are moderators, or `groups` has not one entry for each study.
pub fn leave_groups_out(model: &Model, problem: &Problem, groups: &[usize]) -> Result<Vec<Option<Fit>>, MetaError> {
    without_moderators(problem, "leave-one-out")?;
    problem.each_has("the list of groups", groups.len())?;
    let model = &without_interval(model);
    let (groups, count) = numbered(groups);
    let mut members = vec![Vec::new(); count];
    groups.iter().enumerate().for_each(|(study, group)| members[*group].push(study));
    let refits = Refits::new(model, problem);
    Ok(each_in_parallel(count, |group| refits.without(&members[group])))
}

/// The fits of the first study, the first two, and so on, in the given order.
///
/// # Errors
/// If there are moderators, or the order names a study that there is not; studies are counted from 0.
#[doc(alias = "cumul")]
pub fn cumulative(model: &Model, problem: &Problem, order: &[usize]) -> Result<Vec<Option<Fit>>, MetaError> {
    without_moderators(problem, "cumulative meta-analysis")?;
    if let Some(beyond) = order.iter().find(|&&study| study >= problem.k()) {
        let message = format!("the order names study {beyond}, counted from 0, of {}", problem.k());
        return Err(MetaError::Option(message));
    }
    Ok(growing(&without_interval(model), problem, order))
}

/// One of many fits, of which nobody reads the weights: all of them together would be the square of the studies.
pub(crate) fn without_weights(fit: Fit) -> Fit {
    Fit { weights: Vec::new(), ..fit }
}

/// Many fits, of which nobody reads the interval of τ².
pub(super) fn without_interval(model: &Model) -> Model {
    Model { tau2_interval: Tau2Interval::None, ..*model }
}

pub(super) fn without_moderators(problem: &Problem, what: &'static str) -> Result<(), MetaError> {
    if problem.is_intercept_only() {
        return Ok(());
    }
    Err(MetaError::HasModerators { what })
}

/// What a study does to the fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Influence {
    /// The leverage.
    pub hat: f64,
    /// The weight in percent.
    pub weight: f64,
    /// What changes without it; none where the rest cannot be fitted.
    pub deletion: Option<Deletion>,
    /// Whether the study counts as influential.
    pub is_influential: bool,
}

/// Whether a study counts as influential: |DFFITS| > 3√(p/(k − p)), or P(χ²ₚ < Cook's distance) > ½, or its leverage
/// above 3p/k, or any |DFBETAS| > 1.
///
/// Source: Viechtbauer & Cheung (2010), Res Synth Methods 1:112, as metafor's `influence` has it.
fn is_influential(leverage: f64, deletion: Option<&Deletion>, k: usize, p: usize) -> bool {
    let (k, p) = (k as f64, p as f64);
    let Some(of) = deletion else { return leverage > 3.0 * p / k };
    of.dffits.abs() > 3.0 * (p / (k - p)).sqrt()
        || 1.0 - chi_squared_sf(of.cook_d, p) > 0.5
        || leverage > 3.0 * p / k
        || of.dfbetas.iter().any(|value| value.abs() > 1.0)
}

/// What changes without a study.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Deletion {
    /// The residual of the study from the fit without it, over its standard error.
    pub rstudent: f64,
    /// How far the study moves its own fitted value, in standard errors.
    pub dffits: f64,
    /// How far it moves all coefficients together.
    pub cook_d: f64,
    /// The ratio of the generalised variances of the coefficients, without the study to with it.
    pub cov_r: f64,
    /// τ² without the study.
    pub tau2_del: f64,
    /// Q without the study.
    pub qe_del: f64,
    /// How far the study moves each coefficient, in standard errors.
    pub dfbetas: Vec<f64>,
}

/// The influence of each study.
///
/// Source: Viechtbauer & Cheung (2010), Res Synth Methods 1:112.
///
/// # Errors
/// If the model cannot be fitted to all studies.
///
/// ```
/// use reffect::meta::{Model, Problem, deletion::influence};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let all = influence(&Model::default(), &trials)?;
/// // metafor 3.8-1: influence(rma(yi, vi)): the fourth trial moves the mean most, and none counts as influential.
/// let fourth = all[3].deletion.as_ref().ok_or("the rest is fitted")?;
/// assert!((fourth.cook_d - 0.229_481).abs() < 1e-5 && !all.iter().any(|of| of.is_influential));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn influence(model: &Model, problem: &Problem) -> Result<Vec<Influence>, MetaError> {
    let model = &without_interval(model);
    let mut fit = model.fit(problem)?;
    // All but dfbetas is the same in the coordinates of orthonormal columns, where a moderator such as a year costs no
    // digits.
    let basis = (problem.p() > 1).then(|| problem.basis());
    let inner = basis.as_ref().map(|basis| Problem { columns: basis.columns.clone(), ..problem.clone() });
    let problem = inner.as_ref().unwrap_or(problem);
    if basis.is_some() {
        fit = model.fit(problem)?;
    }
    let mut at = Projection::new(problem);
    at.at_weights(&fit.weights);
    let leverages: Vec<f64> = (0..problem.k()).map(|study| at.leverage(study)).collect();
    let whole = fit.covariance.cholesky();
    let beta = fit.beta();
    let has_own_weights = problem.weights.is_some() || fit.model.weighting == Weighting::Equal;
    let refits = Refits::new(model, problem);
    let deletion = |study: usize| {
        let (whole, rest) = (whole.as_ref()?, refits.without(&[study])?);
        let fewer = rest.beta();
        let x: Vec<f64> = problem.columns.iter().map(|column| column[study]).collect();
        let marginal = problem.vi[study] + rest.tau2;
        let deleted = residual(problem, &fewer, study);
        let moved: Vec<f64> = beta.iter().zip(&fewer).map(|(all, rest)| all - rest).collect();
        let scale = rest.scale.unwrap_or(1.0);
        // What the coefficients of all studies vary with τ² of the others.
        let (spread, fitted) = if has_own_weights {
            let marginal: Vec<f64> = problem.vi.iter().map(|v| v + rest.tau2).collect();
            let mut at = Projection::new(problem);
            at.at_weights(&fit.weights);
            let spread = at.sandwich(&marginal);
            let fitted = spread.quadratic(&x);
            (spread, fitted)
        } else {
            (refits.inverse_information(rest.tau2), leverages[study] * marginal)
        };
        let (moved_b, spread) = match &basis {
            None => (moved.clone(), spread),
            Some(basis) => (basis.coefficients(&moved), basis.covariance(&spread)),
        };
        let dfbeta = |(moved, variance): (&f64, f64)| moved / (scale * variance).sqrt();
        Some(Deletion {
            rstudent: deleted / (scale * marginal + rest.covariance.quadratic(&x)).sqrt(),
            dffits: dot(&x, &moved) / (scale * fitted).sqrt(),
            cook_d: dot(&moved, &whole.solve(&moved)),
            cov_r: (rest.covariance.cholesky()?.log_determinant() - whole.log_determinant()).exp(),
            tau2_del: rest.tau2,
            qe_del: rest.qe,
            dfbetas: moved_b.iter().zip(spread.diagonal()).map(dfbeta).collect(),
        })
    };
    let of = |study: usize| {
        let (hat, deletion) = (leverages[study], deletion(study));
        let is_influential = is_influential(hat, deletion.as_ref(), problem.k(), problem.p());
        Influence { hat, weight: 100.0 * fit.weights[study] / fit.total_weight, deletion, is_influential }
    };
    Ok(each_in_parallel(problem.k(), of))
}

/// Where a study stands in the plot of Baujat et al. (2002), Stat Med 21:2641.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Baujat {
    /// Its share in the heterogeneity: the squared residual over v + τ².
    pub heterogeneity: f64,
    /// How far the fitted value moves without it, squared, over the variance of that value; NaN where that is 0.
    pub influence: f64,
}

/// The point of each study; none where the rest cannot be fitted.
///
/// # Errors
/// If the model cannot be fitted to all studies.
pub fn baujat(model: &Model, problem: &Problem) -> Result<Vec<Option<Baujat>>, MetaError> {
    let model = &without_interval(model);
    let fit = model.fit(problem)?;
    let beta = fit.beta();
    let refits = Refits::new(model, problem);
    let of = |study: usize| {
        let rest = refits.without(&[study])?;
        let x: Vec<f64> = problem.columns.iter().map(|column| column[study]).collect();
        let moved = dot(&x, &beta) - dot(&x, &rest.beta());
        let variance = rest.covariance.quadratic(&x);
        Some(Baujat {
            heterogeneity: residual(problem, &beta, study).powi(2) / (problem.vi[study] + fit.tau2),
            influence: if variance > 0.0 { moved * moved / variance } else { f64::NAN },
        })
    };
    Ok(each_in_parallel(problem.k(), of))
}

/// The best linear unbiased prediction of the true effect of one study.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Blup {
    /// The prediction.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Its interval.
    pub pi: crate::numeric::interval::Interval,
}

/// The true effect of each study: λ y + (1 − λ) x′b with λ = τ²/(τ² + v).
///
/// Source: Raudenbush & Bryk (1985), J Educ Stat 10:75, eq. 12 and 13.
///
/// # Errors
/// If the fit is of other studies or of other moderators.
#[doc(alias = "blup")]
pub fn blups(fit: &Fit, problem: &Problem) -> Result<Vec<Blup>, MetaError> {
    problem.is_that_of(fit.k, fit.p)?;
    let of = |study: usize| {
        let x: Vec<f64> = problem.columns.iter().map(|column| column[study]).collect();
        let mean = fit.at(&x, PredictionInterval::Default);
        let v = problem.vi[study];
        let lambda = fit.tau2 / (fit.tau2 + v);
        let estimate = lambda * problem.yi[study] + (1.0 - lambda) * mean.estimate;
        let se = (lambda * v + (1.0 - lambda).powi(2) * mean.se * mean.se).sqrt();
        let half = super::statistics::critical(fit.model.level, fit.df()) * se;
        let pi = crate::numeric::interval::Interval::around(estimate, half);
        Blup { estimate, se, pi }
    };
    Ok((0..problem.k()).map(of).collect())
}

/// How much larger the variance of a coefficient is than without the other ones.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VarianceInflation {
    /// The name of the coefficient.
    pub name: String,
    /// The factor.
    pub factor: f64,
}

/// The variance inflation factor of each coefficient but the intercept: the diagonal of the inverse
/// of their correlations, from the covariance of all coefficients. Empty where that is singular, or has another size.
///
/// Source: Fox & Monette (1992), JASA 87:178.
#[doc(alias = "vif")]
pub fn variance_inflation(problem: &Problem, covariance: &Matrix) -> Vec<VarianceInflation> {
    if [covariance.rows(), covariance.columns()] != [problem.p(); 2] {
        return Vec::new();
    }
    let chosen: Vec<usize> = (usize::from(problem.intercept)..problem.p()).collect();
    let part = covariance.part(&chosen);
    let Some(cholesky) = part.cholesky() else { return Vec::new() };
    let inverse = cholesky.inverse();
    let of = |(at, &j): (usize, &usize)| VarianceInflation {
        name: problem.names[j].clone(),
        factor: part[(at, at)] * inverse[(at, at)],
    };
    chosen.iter().enumerate().map(of).collect()
}
