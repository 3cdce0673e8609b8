//! Location–scale models: ln τᵢ² depends on moderators.

use super::fit::{Coefficient, Model, Test, Weighting};
use super::predict::{Mean, Prediction, PredictionInterval};
use super::problem::{MetaError, Problem, possible_combination, possible_level};
use super::projection::Projection;
use super::statistics::{FitStatistics, Omnibus, heterogeneity_p, tested, tested_of, wald};
use super::tau2::Estimator;
use crate::formula::ModelMatrix;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::minimum::{Lowest, descend, minimise};
use crate::numeric::orthogonal::Orthonormal;
use std::f64::consts::PI;

/// A fitted location–scale model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LocationScale {
    /// The coefficients of the mean.
    pub coefficients: Vec<Coefficient>,
    /// The coefficients of ln τ².
    pub scale: Vec<Coefficient>,
    /// τ² of each study.
    pub tau2: Vec<f64>,
    /// Q of the residuals with τ² = 0.
    pub qe: f64,
    /// Its p-value.
    pub qe_p: f64,
    /// The test of the moderators of the mean.
    pub qm: Option<Omnibus>,
    /// The test of the moderators of τ².
    pub qs: Option<Omnibus>,
    /// The covariance of the coefficients of the mean.
    pub covariance: Matrix,
    /// The weights of the studies, 1/(v + τ²).
    pub weights: Vec<f64>,
    /// Likelihood, restricted for REML, and criteria.
    pub statistics: FitStatistics,
    /// The level of intervals.
    pub level: f64,
}

impl LocationScale {
    /// The mean at moderators x, and where true effects lie at the columns z of the scale.
    ///
    /// # Errors
    /// If x or z has not a finite number for each coefficient of the mean or of the scale.
    pub fn predict(&self, x: &[f64], z: &[f64], kind: PredictionInterval) -> Result<Prediction, MetaError> {
        possible_combination(x, self.coefficients.len())?;
        possible_combination(z, self.scale.len())?;
        let beta: Vec<f64> = self.coefficients.iter().map(|of| of.estimate).collect();
        let log_tau2: f64 = self.scale.iter().zip(z).map(|(of, z)| of.estimate * z).sum();
        let mean = Mean {
            estimate: dot(&beta, x),
            variance: self.covariance.quadratic(x),
            df: self.coefficients.first().and_then(|first| first.df),
            residual_df: self.tau2.len() as f64 - beta.len() as f64,
            parameters: self.scale.len() as f64,
            level: self.level,
        };
        Ok(mean.predicted(Some(log_tau2.exp()), kind))
    }

    /// The combination x′b of the coefficients of the mean with its test.
    ///
    /// # Errors
    /// If x has not a finite number for each coefficient.
    pub fn contrast(&self, name: &str, x: &[f64]) -> Result<Coefficient, MetaError> {
        possible_combination(x, self.coefficients.len())?;
        let beta: Vec<f64> = self.coefficients.iter().map(|of| of.estimate).collect();
        let df = self.coefficients.first().and_then(|first| first.df);
        Ok(Coefficient::new(name, dot(&beta, x), self.covariance.quadratic(x).max(0.0).sqrt(), df, self.level))
    }
}

/// Fits y ~ N(x′b, v + τ²) with τ² = exp(z′a) by ML or REML, with the test (z or t) and the level of the model. With w
/// = 1/(v + τ²), the score of a is ½ Σ w τ² (w e² − 1 + h) z, where the leverage h is there for REML alone.
///
/// Source: Viechtbauer & López-López (2022), Res Synth Methods 13:697, eq. 6 to 9.
///
/// # Errors
/// If the model has another estimator or test, or gives τ² or other weights; if the likelihood has no maximum, as where
/// a group of studies shows no heterogeneity.
///
/// ```
/// use reffect::formula::{Contrasts, Design, Formula};
/// use reffect::meta::{Model, Problem, location_scale::location_scale};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let rows: Vec<usize> = (0..trials.k()).collect();
/// let terms = Formula::parse("ablat")?.terms;
/// let scale = Design::new(&terms, &frame, &rows, Contrasts::Treatment)?.matrix(&frame, &rows, "intrcpt")?;
/// let fit = location_scale(&Model::default(), &trials, &scale)?;
/// // metafor 3.8-1: rma(yi, vi, scale = ~ ablat), whose search ends near the maximum
/// assert!((fit.coefficients[0].estimate + 0.715_638).abs() < 1e-3 && (fit.scale[0].estimate + 1.153_586).abs() < 1e-2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn location_scale(model: &Model, problem: &Problem, scale: &ModelMatrix) -> Result<LocationScale, MetaError> {
    possible_level(model.level)?;
    let restricted = match model.estimator {
        Estimator::Reml => true,
        Estimator::Ml => false,
        other => {
            let message = format!("a location–scale model is fitted by ML or REML, and not by {}", other.name());
            return Err(MetaError::Option(message));
        }
    };
    if model.tau2.is_some() || model.weighting == Weighting::Equal || problem.weights.is_some() {
        let message = "a location–scale model estimates tau2 and weights by its likelihood, and takes no others";
        return Err(MetaError::Option(message.to_owned()));
    }
    if scale.columns.is_empty() {
        let message = "the scale has no column: it needs an intercept or a moderator, such as 1 or year";
        return Err(MetaError::Option(message.to_owned()));
    }
    let mut at = Projection::new(problem);
    at.at_weights(&vec![1.0; problem.k()]);
    at.check()?;
    let standardised = Standardised::of(scale).ok_or_else(|| {
        MetaError::Option("a column of the scale depends on the others: leave one of them out".to_owned())
    })?;
    let columns = &standardised.columns;
    let log_xx = at.log_determinant();
    let spread = at.rss() / problem.residual_df();
    let tau2 = |a: &[f64]| -> Vec<f64> {
        (0..problem.k()).map(|i| columns.iter().zip(a).map(|(z, a)| z[i] * a).sum::<f64>().exp()).collect()
    };
    let solved = |a: &[f64]| {
        let mut at = Projection::new(problem);
        let weights: Vec<f64> = tau2(a).iter().zip(&problem.vi).map(|(t, v)| 1.0 / (v + t)).collect();
        at.at_weights(&weights);
        at
    };
    let n = if restricted { problem.residual_df() } else { problem.k() as f64 };
    let minus_likelihood = |a: &[f64]| {
        let at = solved(a);
        let logs: f64 = at.w.iter().map(|w| w.ln()).sum();
        let extra = if restricted { at.log_determinant() - log_xx } else { 0.0 };
        0.5 * (n * (2.0 * PI).ln() - logs + extra + at.rss())
    };
    let slope = |a: &[f64]| {
        let (at, tau2) = (solved(a), tau2(a));
        let one = |i: usize| {
            let leverage = if restricted { at.leverage(i) } else { 0.0 };
            -0.5 * at.w[i] * tau2[i] * (at.rest[i] * at.rest[i] - 1.0 + leverage)
        };
        let parts: Vec<f64> = (0..problem.k()).map(one).collect();
        columns.iter().map(|z| dot(z, &parts)).collect::<Vec<f64>>()
    };
    let typical = problem.mean_variance();
    let lowest = lowest_end(minus_likelihood, slope, standardised.starts((spread - typical).max(0.1 * spread).ln()));
    let found = minimise(minus_likelihood, slope, lowest);
    let has_maximum = found.converged && !is_flat(columns, &found.hessian);
    let covariance = found.hessian.cholesky().filter(|_| has_maximum).map(|cholesky| cholesky.inverse());
    let covariance = covariance.ok_or_else(|| {
        let why = "the likelihood has no maximum: some studies may show no heterogeneity at all";
        MetaError::not_converged("the location–scale model", why)
    })?;
    let parameters = (problem.p() + found.at.len()) as f64;
    let statistics = FitStatistics::of(-found.value, parameters, problem, restricted);
    let (a, covariance) = standardised.of_the_data(&found.at, &covariance);
    let of = Scale { tau2: tau2(&found.at), a, covariance, statistics };
    assembled(model, problem, scale, &solved(&found.at), of)
}

/// The columns of the scale made orthogonal one after the other, each with a mean square of 1: the search then depends
/// neither on their units nor on where their 0 is, and the same holds for products of columns.
struct Standardised {
    columns: Vec<Vec<f64>>,
    /// The same with length 1, and what the given columns are of them.
    basis: Orthonormal,
    /// The length of the columns: √k.
    length: f64,
}

impl Standardised {
    /// None where a column depends on those before it.
    fn of(scale: &ModelMatrix) -> Option<Self> {
        let basis = Orthonormal::new(scale.columns.iter().cloned());
        let is_left = |(left, given): (&f64, &Vec<f64>)| *left > 1e-12 * dot(given, given).sqrt();
        let length = (scale.columns.first()?.len() as f64).sqrt();
        let scaled = |column: &Vec<f64>| column.iter().map(|value| length * value).collect();
        let columns = basis.columns.iter().map(scaled).collect();
        basis.r.diagonal().iter().zip(&scale.columns).all(is_left).then_some(Self { columns, basis, length })
    }

    /// The coefficients of a constant, as far as the columns have it.
    fn constant(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.iter().sum::<f64>() / column.len() as f64).collect()
    }

    /// The start with the same τ² in all studies, as far as the columns allow, and others where it is that at one end
    /// of a column and falls along it: the likelihood can have several maxima, and may rise without end as τ² goes to 0
    /// in all studies but some.
    fn starts(&self, log_tau2: f64) -> Vec<Vec<f64>> {
        /// By how much ln τ² changes over a standard deviation.
        const STEEP: [f64; 2] = [3.0, 6.0];
        let constant = self.constant();
        let mut all = vec![constant.iter().map(|part| part * log_tau2).collect::<Vec<f64>>()];
        for (j, column) in self.columns.iter().enumerate() {
            let [least, most] = [f64::min, f64::max].map(|of| column.iter().copied().fold(column[0], of));
            if most - least <= 1e-12 {
                continue;
            }
            for (sign, end) in [(1.0, most), (-1.0, least)] {
                all.extend(STEEP.map(|steep| {
                    let level = log_tau2 - sign * steep * end;
                    let mut other: Vec<f64> = constant.iter().map(|part| part * level).collect();
                    other[j] += sign * steep;
                    other
                }));
            }
        }
        all
    }

    /// The coefficients of the columns as they were given, with their covariance.
    fn of_the_data(&self, a: &[f64], covariance: &Matrix) -> (Vec<f64>, Matrix) {
        let of_basis: Vec<f64> = a.iter().map(|a| self.length * a).collect();
        let covariance = self.basis.covariance(&covariance.scaled(self.length * self.length));
        (self.basis.coefficients(&of_basis), covariance)
    }
}

/// The share of the largest possible information, Σ zz′, below which a direction has none: τ² has gone to 0 there,
/// and the likelihood rises for ever as its logarithm falls.
const FLAT: f64 = 1e-9;

/// Whether the likelihood hardly changes along some combination of the coefficients of the scale.
fn is_flat(columns: &[Vec<f64>], hessian: &Matrix) -> bool {
    let size = columns.len();
    let Some(most) = Matrix::from_fn(size, size, |a, b| dot(&columns[a], &columns[b])).cholesky() else {
        return false;
    };
    let half: Vec<Vec<f64>> = (0..size).map(|row| most.forward(hessian.row(row))).collect();
    let half: Vec<Vec<f64>> =
        (0..size).map(|row| most.forward(&half.iter().map(|column| column[row]).collect::<Vec<f64>>())).collect();
    let (values, _) = Matrix::from_fn(size, size, |a, b| 0.5 * (half[a][b] + half[b][a])).symmetric_eigen();
    values.first().is_some_and(|least| *least < FLAT)
}

/// Where the lowest of the descents from several starts ends: the first, unless another is truly lower.
fn lowest_end(f: impl Fn(&[f64]) -> f64, slope: impl Fn(&[f64]) -> Vec<f64>, starts: Vec<Vec<f64>>) -> Vec<f64> {
    let mut best: Option<Lowest> = None;
    for end in starts.into_iter().map(|start| descend(&f, &slope, start)) {
        if best.as_ref().is_none_or(|best| end.value < best.value - 1e-6) {
            best = Some(end);
        }
    }
    best.map_or_else(Vec::new, |best| best.at)
}

struct Scale {
    a: Vec<f64>,
    covariance: Matrix,
    tau2: Vec<f64>,
    statistics: FitStatistics,
}

fn assembled(
    model: &Model,
    problem: &Problem,
    scale: &ModelMatrix,
    at: &Projection<'_>,
    of: Scale,
) -> Result<LocationScale, MetaError> {
    let (k, q) = (problem.k() as f64, of.a.len() as f64);
    let level = model.level;
    let (df, scale_df) = match model.test {
        Test::Z => (None, None),
        Test::T => (Some(problem.residual_df()), Some(k - q)),
        Test::Knha | Test::Adhoc => {
            return Err(MetaError::Option("a location–scale model takes the test z or t".to_owned()));
        }
    };
    let (beta, covariance) = (at.beta(), at.inverse_information());
    let mut equal = Projection::new(problem);
    equal.at_tau2(0.0);
    let qe = equal.rss();
    let has_intercept = scale.assign.first() == Some(&0);
    Ok(LocationScale {
        qm: wald(&beta, &covariance, &tested(problem), df),
        qs: wald(&of.a, &of.covariance, &tested_of(has_intercept, of.a.len()), scale_df),
        coefficients: (0..beta.len())
            .map(|j| Coefficient::new(&problem.names[j], beta[j], covariance[(j, j)].sqrt(), df, level))
            .collect(),
        scale: (0..of.a.len())
            .map(|j| Coefficient::new(&scale.names[j], of.a[j], of.covariance[(j, j)].sqrt(), scale_df, level))
            .collect(),
        tau2: of.tau2,
        qe,
        qe_p: heterogeneity_p(qe, problem.residual_df()),
        covariance,
        weights: at.w.clone(),
        statistics: of.statistics,
        level,
    })
}
