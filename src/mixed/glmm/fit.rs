//! A fitted model of counts or proportions.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::{Family, Link};
use super::super::result::Step;
use super::before_and_after::before_and_after;
use super::exact::ConditionalTest;
use super::family::Likelihood;
use super::gradient::Evaluation;
use super::laplace::{Problem, Term};
use super::loose::loose_terms;
use super::mode::{Mode, Work};
use super::quadrature;
use super::response::{Response, response};
use super::search::{Found, Objective};
use super::several::{LOWER, MOST_FOR_SEVERAL, searched, searched_from, unit_factors};
use super::start::start;
use crate::numeric::format::p_is;
use crate::numeric::matrix::{Matrix, dependent_columns, dot};
use crate::numeric::orthogonal::Orthonormal;
use std::sync::Arc;

/// A model of counts or proportions, with normal random effects (GLMM) or without (GLM): how it is fitted.
///
/// The mean given the random effects is that of the linear predictor Xβ + Zb under a link, b = Λ(θ)u with u standard
/// normal. The integral over u is taken by Laplace's approximation, or by adaptive Gauss–Hermite quadrature where each
/// group has one effect.
///
/// Source: Breslow & Clayton (1993), J Am Stat Assoc 88:9; Pinheiro & Bates (1995), J Comput Graph Stat 4:12.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, Family, GeneralisedModel, MixedFit, ModelData};
/// // Contagious bovine pleuropneumonia in 15 herds: Lesnoff et al. (2004), Prev Vet Med 64:151.
/// let frame = reffect::read::read_frame("data/published/cbpp.csv")?;
/// let formula = Formula::parse("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)")?;
/// let data = ModelData::new(formula, frame, &DataOptions::default())?;
/// let fit = GeneralisedModel::new(Family::Binomial).fit(&data)?;
/// // lme4: −0.9923, and a standard deviation between herds of 0.6423
/// assert!((fit.fixef()[1] + 0.992_33).abs() < 1e-4 && (fit.varcorr()[0].sd[0] - 0.642_26).abs() < 1e-4);
/// let better = GeneralisedModel::new(Family::Binomial).points(25).fit(&data)?;
/// assert_eq!(better.summary().method, "AGQ (25 points)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GeneralisedModel {
    /// The distribution of the response.
    pub family: Family,
    /// What the linear predictor is of the mean; the usual one of the family by default.
    pub link: Link,
    /// Points of adaptive Gauss–Hermite quadrature; 1, the default, is Laplace's approximation.
    pub points: usize,
    /// The level of intervals; 0.95 by default.
    pub level: f64,
}

/// Counts by Poisson's distribution.
impl Default for GeneralisedModel {
    fn default() -> Self {
        Self::new(Family::Poisson)
    }
}

/// A fitted model of counts or proportions, made by [`GeneralisedModel::fit`]; what it can be asked is in
/// [`MixedFit`](crate::mixed::MixedFit).
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, Family, GeneralisedFit, GeneralisedModel, MixedFit, ModelData};
///
/// /// A fit holds its data and can leave the function that read them.
/// fn herds() -> Result<GeneralisedFit, Box<dyn std::error::Error>> {
///     let frame = reffect::read::read_frame("data/published/cbpp.csv")?;
///     let formula = Formula::parse("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)")?;
///     let data = ModelData::new(formula, frame, &DataOptions::default())?;
///     Ok(GeneralisedModel::new(Family::Binomial).fit(data)?)
/// }
///
/// let fit = herds()?;
/// // glmer: AIC 194.1; residuals are shares of events beyond those that are fitted.
/// assert!((fit.aic() - 194.053).abs() < 1e-2 && fit.sigma().is_none());
/// let first = fit.residuals()[0].residual.ok_or("a row of the fit")?;
/// assert!((first.fitted + first.response - 2.0 / 14.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct GeneralisedFit {
    pub(super) data: Arc<ModelData>,
    pub(super) model: GeneralisedModel,
    pub(super) problem: Problem,
    pub(super) mode: Mode,
    /// Where the search ended, in standardised parameters.
    pub(super) at: Vec<f64>,
    pub(super) criterion: f64,
    pub(super) converged: bool,
    pub(super) singular: bool,
    /// Whether a negative binomial distribution went to its Poisson limit.
    pub(super) is_poisson_limit: bool,
    pub(super) history: Vec<Step>,
    pub(super) notes: Vec<String>,
    /// Λ of each term on the user's scale.
    pub(super) factors: Vec<Matrix>,
    pub(super) exact: Option<(String, ConditionalTest)>,
    pub(super) coefficients: Vec<f64>,
    pub(super) covariance: Matrix,
}

/// The likelihood with what an evaluation leaves for the next one.
#[derive(Clone)]
pub(super) struct Approximation<'a> {
    problem: &'a Problem,
    nodes: Vec<(f64, f64)>,
    /// Where the last evaluation was, and its mode.
    last: Option<(Vec<f64>, Mode)>,
    spare: Option<Mode>,
    work: Work,
}

/// Beyond so many products of rows and parameters an evaluation takes about a millisecond.
const LARGE: usize = 40_000;

impl Objective for Approximation<'_> {
    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation> {
        let mut mode = self.spare.take().unwrap_or_else(|| Mode::of(self.problem));
        let near = self.last.as_ref().map(|(from, mode)| (from.as_slice(), mode));
        if !self.problem.find_mode(at, near, &mut mode, &mut self.work) {
            self.spare = Some(mode);
            return None;
        }
        let of = if self.nodes.is_empty() {
            Evaluation { value: self.problem.value(&mode), gradient: self.problem.gradient(at, &mode) }
        } else {
            quadrature::evaluate(self.problem, at, &mode, &self.nodes)
        };
        self.spare = self.last.take().map(|(_, mode)| mode);
        self.last = Some((at.to_vec(), mode));
        Some(of)
    }

    fn rounding(&self) -> f64 {
        self.problem.rounding
    }

    fn is_large(&self) -> bool {
        self.problem.rows() * self.problem.parameters() * self.nodes.len().max(1) > LARGE
    }
}

impl GeneralisedModel {
    /// A model of this family, with its usual link, by Laplace's approximation.
    ///
    /// ```
    /// use reffect::mixed::{Family, GeneralisedModel, Link};
    /// let model = GeneralisedModel::new(Family::Binomial);
    /// assert_eq!((model.link, model.points, model.level), (Link::Logit, 1, 0.95));
    /// let model = model.link(Link::Cloglog).points(9).level(0.9);
    /// assert_eq!((model.link, model.points, model.level), (Link::Cloglog, 9, 0.9));
    /// ```
    pub fn new(family: Family) -> Self {
        Self { family, link: Link::usual(family), points: 1, level: 0.95 }
    }

    /// Sets the link: logit, probit, cloglog or log of a binomial model, log of counts.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, Link, MixedFit, ModelData};
    /// // 5 of 10 and 8 of 10: with the log link the coefficient is the logarithm of the risk ratio.
    /// let mut frame = Frame::default();
    /// frame.numbers("yes", vec![5.0, 8.0]);
    /// frame.numbers("no", vec![5.0, 2.0]);
    /// frame.numbers("after", vec![0.0, 1.0]);
    /// let data = ModelData::new(Formula::parse("cbind(yes, no) ~ after")?, frame, &DataOptions::default())?;
    /// let fit = GeneralisedModel::new(Family::Binomial).link(Link::Log).fit(data)?;
    /// assert!((fit.fixef()[1] - 1.6_f64.ln()).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn link(self, link: Link) -> Self {
        Self { link, ..self }
    }

    /// Sets the number of points of adaptive quadrature, 1 to 100, for models with one random effect a group.
    ///
    /// Source: Pinheiro & Bates (1995), J Comput Graph Stat 4:12.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/examples/relapses.csv")?;
    /// let options = DataOptions { offset: Some("log(years)".to_owned()), ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("relapses ~ after + (1 | patient)")?, frame, &options)?;
    /// let fit = GeneralisedModel::new(Family::Poisson).points(15).fit(data)?;
    /// // lme4, nAGQ = 15: −1.19469, and a standard deviation between patients of 0.48088
    /// assert!((fit.fixef()[1] + 1.194_692).abs() < 1e-4 && (fit.theta()[0] - 0.480_882).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn points(self, points: usize) -> Self {
        Self { points, ..self }
    }

    /// Sets the level of intervals.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/examples/relapses.csv")?;
    /// let options = DataOptions { offset: Some("log(years)".to_owned()), ..DataOptions::default() };
    /// let data = ModelData::new(Formula::parse("relapses ~ after + (1 | patient)")?, frame, &options)?;
    /// let width = |level: f64| -> Result<f64, Box<dyn std::error::Error>> {
    ///     Ok(GeneralisedModel::new(Family::Poisson).level(level).fit(&data)?.coefficients()[1].ci.width())
    /// };
    /// // Quantiles of the normal distribution: 2.5758 and 1.96.
    /// assert!((width(0.99)? / width(0.95)? - 2.575_829 / 1.959_964).abs() < 1e-5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Fits the model. θ, β and the dispersion are searched together with the exact gradient, and standard errors come
    /// from the joint second derivatives. Variances that vanish are exactly 0.
    ///
    /// The fit keeps the data: those that are given by reference are copied, those that are given away or are in an
    /// [`Arc`] already are not.
    ///
    /// # Errors
    /// If the response does not fit the family, family, link and quadrature do not go together, the level is not
    /// between 0 and 1, the coefficients have no finite estimates, or the search fails.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, MixedFit, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("relapses", vec![4.0, 1.0, 2.0, 0.0, 3.0, 2.0, 6.0, 1.0, 2.0, 1.0]);
    /// frame.numbers("after", (0..10).map(|at| f64::from(at % 2)).collect());
    /// frame.numbers("patient", (0..10).map(|at| f64::from(at / 2)).collect());
    /// let data = ModelData::new(Formula::parse("relapses ~ after + (1 | patient)")?, frame, &DataOptions::default())?;
    /// let fit = GeneralisedModel::new(Family::Poisson).fit(data)?;
    /// // Every patient was seen equally long: the ratio of the rates is that of the sums, 5/17.
    /// assert!((fit.fixef()[1] - (5f64 / 17.0).ln()).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(&self, data: impl Into<Arc<ModelData>>) -> Result<GeneralisedFit, MixedError> {
        MixedError::check_level(self.level)?;
        GeneralisedFit::of_shared(data.into(), *self, true)
    }

    /// The same without the exact test beside it, for fits of which estimates alone are wanted.
    pub(super) fn fit_alone(&self, data: impl Into<Arc<ModelData>>) -> Result<GeneralisedFit, MixedError> {
        GeneralisedFit::of_shared(data.into(), *self, false)
    }
}

impl GeneralisedFit {
    fn of_shared(shared: Arc<ModelData>, model: GeneralisedModel, with_exact: bool) -> Result<Self, MixedError> {
        let data = &*shared;
        let likelihood = likelihood(model)?;
        check_terms(data, model)?;
        let response = response(data, model.family)?;
        let mut notes = response.notes.clone();
        let exact = with_exact.then(|| before_and_after(data, model, &response, &mut notes)).flatten();
        let columns = Orthonormal::new(data.x.columns.iter().cloned());
        let problem = problem(data, likelihood, response, &columns);
        let beta = started(data, &problem, &columns, exact.as_ref())?;
        let found = searched(problem, beta, model)?;
        let ((problem, found, singular), is_poisson_limit) = beside_poisson(found, model);
        if is_poisson_limit {
            notes.push(
                "the negative binomial dispersion is at its Poisson limit: no overdispersion is left, and the fit is \
                 that of the family poisson"
                    .to_owned(),
            );
        }
        let mode = problem.mode(&found.at).ok_or_else(|| no_maximum_of(&problem))?;
        let thetas = problem.thetas();
        let is_loose = !loose_terms(&problem.terms, &found.at[..thetas]).is_empty();
        let (beta, of_beta) = coefficients(&problem, &found, is_loose, &columns)?;
        let factors = factors(&problem.terms, &found.at[..thetas]);
        let mut fit = Self {
            data: shared,
            model,
            criterion: found.value,
            converged: found.converged,
            singular,
            is_poisson_limit,
            history: found.history,
            notes,
            factors,
            exact,
            coefficients: beta,
            covariance: of_beta,
            at: found.at,
            mode,
            problem,
        };
        fit.add_notes();
        Ok(fit)
    }

    /// The dispersion of a negative binomial distribution: the size k of variance μ + μ²/k, or φ of μ(1 + φ); none for
    /// other families and at the Poisson limit.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/epil.csv")?;
    /// let data = ModelData::new(Formula::parse("y ~ lbase * trt + lage + V4")?, frame, &DataOptions::default())?;
    /// let fit = GeneralisedModel::new(Family::NegativeBinomial2).fit(data)?;
    /// let k = fit.dispersion().ok_or("overdispersed counts")?;
    /// assert!((k - 2.771_58).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dispersion(&self) -> Option<f64> {
        self.problem.likelihood.has_dispersion().then(|| self.problem.dispersion(&self.at))
    }
}

/// More points of quadrature change nothing but the time.
const MOST_POINTS: usize = 100;

fn likelihood(model: GeneralisedModel) -> Result<Likelihood, MixedError> {
    if model.family == Family::Gaussian {
        let message = "the family gaussian is no generalised model here: it is fitted as a linear mixed model";
        return Err(MixedError::data(message, "use LinearMixedModel, or a family of counts or proportions"));
    }
    Likelihood::new(model.family, model.link).ok_or_else(|| {
        let message = format!("the family {} does not go with the link {}", model.family, model.link);
        let links = match model.family {
            Family::Binomial => "logit, probit, cloglog or log",
            _ => "log",
        };
        MixedError::data(message, format!("its links are {links}"))
    })
}

fn check_terms(data: &ModelData, model: GeneralisedModel) -> Result<(), MixedError> {
    if !(1..=MOST_POINTS).contains(&model.points) {
        let message = format!("quadrature takes 1 to {MOST_POINTS} points (--agq), and not {}", model.points);
        return Err(MixedError::data(
            message,
            "1 is Laplace's approximation, and 25 are exact for all but extreme data",
        ));
    }
    let is_scalar = data.random.len() == 1 && data.random[0].columns.len() == 1;
    if model.points > 1 && !is_scalar {
        let message =
            "quadrature with several points (--agq above 1) is for one random effect a group, such as (1 | patient)";
        return Err(MixedError::data(
            message,
            "take one point (leave out --agq): Laplace's approximation takes any random part",
        ));
    }
    if model.points > 1 && model.family == Family::Binomial && model.link == Link::Log {
        let message = "quadrature with several points (--agq above 1) and the log link: nodes fall where a probability \
                       would exceed 1";
        return Err(MixedError::data(message, "take one point (leave out --agq), or the link cloglog or logit"));
    }
    for term in &data.random {
        if let Some(&at) = dependent_columns(&term.columns).first() {
            let message =
                format!("{} in the random part of {} follows from the others there", term.names[at], term.group);
            return Err(MixedError::data(message, "leave it out: its variance cannot be told from theirs"));
        }
    }
    if let Some(term) = data.random.iter().find(|term| term.levels.len() < 2) {
        let message = format!("the grouping factor {} has one level: nothing varies between its levels", term.group);
        return Err(MixedError::data(message, "check the column, or leave out the term"));
    }
    Ok(())
}

pub(super) fn problem(data: &ModelData, likelihood: Likelihood, response: Response, columns: &Orthonormal) -> Problem {
    let (n, p) = (data.n(), data.p());
    // Columns of unit size instead of unit length: a coefficient is of the size of η.
    let root = (n as f64).sqrt();
    let x = (0..n).flat_map(|row| columns.columns.iter().map(move |column| root * column[row])).collect();
    let mut from = 0;
    let term = |term: &super::super::data::RandomTermData| {
        let made = Term::new(from, &term.columns, term.codes.clone());
        from += made.width * term.levels.len();
        made
    };
    let terms: Vec<Term> = data.random.iter().map(term).collect();
    let Response { y, trials, weights, .. } = response;
    Problem::new(likelihood, y, trials, weights, data.offset.clone(), x, p, terms)
}

/// The coefficients without random effects, or why there are none.
fn started(
    data: &ModelData,
    problem: &Problem,
    columns: &Orthonormal,
    exact: Option<&(String, ConditionalTest)>,
) -> Result<Vec<f64>, MixedError> {
    let start = start(problem, 1.0).ok_or_else(no_maximum)?;
    let Some(direction) = start.separates else { return Ok(start.beta) };
    let direction = columns.coefficients(&direction);
    let size = |at: usize| direction[at].abs() * dot(&data.x.columns[at], &data.x.columns[at]).sqrt();
    let largest = (0..direction.len()).map(size).fold(0.0, f64::max);
    let mut names: Vec<&str> =
        (0..direction.len()).filter(|&at| size(at) > 1e-4 * largest).map(|at| data.x.names[at].as_str()).collect();
    // The intercept only follows the others.
    if names.len() > 1 {
        names.retain(|name| *name != "(Intercept)");
    }
    let message = format!(
        "separation: {} predict{} some responses perfectly, so that the likelihood grows without end and no finite \
         estimate exists",
        names.join(", "),
        if names.len() == 1 { "s" } else { "" }
    );
    let hint = match exact {
        Some((_, test)) => format!(
            "the exact test given the total of each {} needs no estimate: {}, {}",
            data.random.first().map_or("group", |term| &term.group),
            p_is(test.p),
            match test.ci.ends().map(f64::exp) {
                [lower, upper] if upper.is_infinite() => format!("ratio {lower:.3} or more"),
                [0.0, upper] => format!("ratio {upper:.3} or less"),
                [lower, upper] => format!("ratio {lower:.3} to {upper:.3}"),
            }
        ),
        None => {
            "merge levels without events, or leave out the term; an exact or penalised analysis can keep it".to_owned()
        }
    };
    Err(MixedError::data(message, hint))
}

pub(super) fn approximation(problem: &Problem, model: GeneralisedModel) -> Approximation<'_> {
    let nodes = if model.points > 1 { quadrature::nodes(model.points) } else { Vec::new() };
    Approximation { problem, nodes, last: None, spare: None, work: Work::of(problem) }
}

/// A fit with what its problem is, and whether a variance of it is 0.
type Searched = (Problem, Found, bool);

/// A fit, or that by the Poisson distribution, and whether it is that one: where it is as good as a negative binomial
/// one, and none of these that begins near it is better.
fn beside_poisson(found: Searched, model: GeneralisedModel) -> (Searched, bool) {
    let Some(limit) = at_poisson_limit(&found.0, &found.1, model) else { return (found, false) };
    if limit.1.value >= found.1.value - LOWER {
        return (limit, true);
    }
    let mut near = limit.1.at.clone();
    near.push(if found.0.likelihood == Likelihood::NegativeBinomial2 { NEAR_LIMIT } else { -NEAR_LIMIT });
    match searched_from(found.0, near, model) {
        Ok(better) if better.1.value < limit.1.value - LOWER => (better, false),
        _ => (limit, true),
    }
}

/// A logarithm of the dispersion at which little of it is left.
const NEAR_LIMIT: f64 = 3.0;

/// The fit by the Poisson distribution, where it is as good as the negative binomial one; none also where the search for
/// it fails.
fn at_poisson_limit(problem: &Problem, found: &Found, model: GeneralisedModel) -> Option<Searched> {
    let extreme = match problem.likelihood {
        Likelihood::NegativeBinomial2 => problem.dispersion(&found.at) > 1e3,
        Likelihood::NegativeBinomial1 => problem.dispersion(&found.at) < 1e-3,
        _ => false,
    };
    let has_limit = matches!(problem.likelihood, Likelihood::NegativeBinomial1 | Likelihood::NegativeBinomial2);
    if !has_limit || !(extreme || problem.rows() <= MOST_FOR_SEVERAL) {
        return None;
    }
    let mut limit = problem.clone();
    limit.likelihood = Likelihood::Poisson;
    let mut start = found.at[..found.at.len() - 1].to_vec();
    if !extreme {
        // Other variances may be those of the limit, where one of 0 has no slope.
        start[..problem.thetas()].copy_from_slice(&unit_factors(&problem.terms));
    }
    let most = if extreme { found.value + 1e-6 } else { found.value - LOWER };
    searched_from(limit, start, model).ok().filter(|(_, tried, _)| tried.value <= most)
}

/// The user's coefficients with their covariance, from the joint second derivatives.
fn coefficients(
    problem: &Problem,
    found: &Found,
    is_loose: bool,
    columns: &Orthonormal,
) -> Result<(Vec<f64>, Matrix), MixedError> {
    let (thetas, p) = (problem.thetas(), problem.coefficients);
    let root = (problem.rows() as f64).sqrt();
    let hessian = &found.hessian;
    // Along (co)variances that the data do not determine, a second derivative is rounding, of either sign.
    let inverse = if is_loose { without_flat(hessian, thetas) } else { hessian.cholesky().map(|of| of.inverse()) };
    let inverse = inverse.ok_or_else(|| no_maximum_of(problem))?;
    // The coefficients of columns of unit length are root times those of unit size.
    let inner = Matrix::from_fn(p, p, |i, j| 2.0 * root * root * inverse[(thetas + i, thetas + j)]);
    let scaled: Vec<f64> = found.at[thetas..thetas + p].iter().map(|b| root * b).collect();
    Ok((columns.coefficients(&scaled), columns.covariance(&inner)))
}

/// The inverse of second derivatives over the directions of the first parameters in which these are not flat, and all
/// others.
fn without_flat(hessian: &Matrix, first: usize) -> Option<Matrix> {
    const FLAT: f64 = 1e-6;
    let (values, vectors) = hessian.part(&(0..first).collect::<Vec<usize>>()).symmetric_eigen();
    let least = FLAT * values.last().copied().unwrap_or(0.0);
    let kept: Vec<usize> = (0..first).filter(|&at| values[at] > least).collect();
    let (size, flat) = (hessian.rows(), first - kept.len());
    // Each kept direction, and each other parameter, as a column.
    let basis = Matrix::from_fn(size, size - flat, |row, column| match kept.get(column) {
        Some(&own) if row < first => vectors[(row, own)],
        Some(_) => 0.0,
        None => f64::from(u8::from(row == column + flat)),
    });
    let inverse = basis.transposed().times(hessian).times(&basis).cholesky()?.inverse();
    Some(basis.times(&inverse).times(&basis.transposed()))
}

/// Λ of each term on the user's scale, with diagonals that are not negative.
fn factors(terms: &[Term], theta: &[f64]) -> Vec<Matrix> {
    let mut at = 0;
    let mut all = Vec::new();
    for term in terms {
        let factor = term.factor(&theta[at..at + term.parameters()]);
        at += term.parameters();
        let sign = |column: usize| if factor[(column, column)] < 0.0 { -1.0 } else { 1.0 };
        all.push(Matrix::from_fn(term.width, term.width, |row, column| sign(column) * factor[(row, column)]));
    }
    all
}

/// Why the search found nothing, where that can be told.
pub(super) fn no_maximum_of(problem: &Problem) -> MixedError {
    let is_binomial = matches!(problem.likelihood, Likelihood::Binomial(_));
    let alike = problem.terms.iter().position(|term| {
        let mut sides = vec![(true, true); term.levels()];
        for (row, &code) in term.codes.iter().enumerate() {
            let side = &mut sides[code as usize];
            *side = (side.0 && problem.y[row] == 0.0, side.1 && problem.y[row] == problem.trials[row]);
        }
        is_binomial && sides.iter().all(|(none, every)| *none || *every)
    });
    match alike {
        Some(_) => MixedError::data(
            "every group of a random term has one outcome alone: its variance grows without end, and no finite \
             estimate exists",
            "compare the groups instead of their rows: one row a group, with a table or an exact test",
        ),
        None => no_maximum(),
    }
}

fn no_maximum() -> MixedError {
    MixedError::NotConverged("the search found no maximum of the likelihood".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Formula, Frame};
    use crate::mixed::data::DataOptions;

    /// Where the search for the fit by the Poisson distribution fails, the negative binomial one stays as it is.
    #[test]
    fn a_limit_that_is_not_found_leaves_the_fit() {
        let mut frame = Frame::default();
        frame.numbers("k", [0, 3, 1, 7, 2, 9, 0, 4, 12, 1, 5, 2].map(f64::from).to_vec());
        frame.numbers("g", (0..12).map(|row| f64::from(row / 3)).collect());
        let formula = Formula::parse("k ~ 1 + (1 | g)").unwrap();
        let data = ModelData::new(formula, frame, &DataOptions::default()).unwrap();
        let model = GeneralisedModel::new(Family::NegativeBinomial2);
        let columns = Orthonormal::new(data.x.columns.iter().cloned());
        let response = response(&data, model.family).unwrap();
        let problem = problem(&data, likelihood(model).unwrap(), response, &columns);
        let beta = started(&data, &problem, &columns, None).unwrap();
        let (problem, found, singular) = searched(problem, beta, model).unwrap();
        let lost = Found { at: vec![f64::NAN; found.at.len()], ..found };
        assert!(at_poisson_limit(&problem, &lost, model).is_none());
        let value = lost.value;
        let ((_, kept, _), is_limit) = beside_poisson((problem, lost, singular), model);
        assert!(!is_limit && kept.value == value);
    }
}
