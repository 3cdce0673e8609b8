//! Selection models: studies with larger p-values are published less often.

mod expected;
mod given;
mod search;
mod units;
mod weight;

pub use given::{VEVEA_WOODS, VEVEA_WOODS_STEPS, selection_with_weights};
pub use weight::{Alternative, SelectionKind};

use crate::estimate::ChiSquared;
use crate::meta::Estimator;
use crate::meta::fit::{Coefficient, Fit, Model, Test, Weighting, residual};
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::numeric::format::significant;
use crate::numeric::matrix::Matrix;
use crate::numeric::minimum::hessian;
use expected::Selecting;
use search::Fitted;
use std::f64::consts::PI;
use units::Units;

/// A fitted selection model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Selection {
    /// What the weight of a study depends on.
    pub kind: SelectionKind,
    /// Which effects have small p-values.
    pub alternative: Alternative,
    /// τ².
    pub tau2: f64,
    /// Its standard error; none at 0.
    pub tau2_se: Option<f64>,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// The parameters of the weight; for steps, how often the studies of each interval of p-values are
    /// selected, relative to the first.
    pub delta: Vec<f64>,
    /// Their standard errors; none for the first of steps, at the end of a range, and of weights that are given.
    pub delta_se: Vec<Option<f64>>,
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// The likelihood-ratio test of no selection; none where the weights are given.
    pub lrt: Option<ChiSquared>,
    /// How many studies each interval of p-values has.
    pub counts: Vec<usize>,
    /// What is to be known of the fit.
    pub notes: Vec<String>,
}

/// The likelihood of effects that were selected by their p-value.
struct Likelihood<'a> {
    problem: &'a Problem,
    kind: &'a SelectionKind,
    alternative: Alternative,
    selecting: Selecting<'a>,
    /// ln p and ln(1 − p) of each study.
    log_p: Vec<(f64, f64)>,
    /// δ where they are given and not estimated.
    given: Option<Vec<f64>>,
}

/// Minus a log-likelihood with its derivatives.
struct Slopes {
    value: f64,
    beta: Vec<f64>,
    tau2: f64,
    delta: Vec<f64>,
}

impl Likelihood<'_> {
    /// Minus the log-likelihood: each density is weighted with w of its p-value, and divided by the
    /// probability A of being selected at all. With s² = v + τ², e the residual, c the mean and S the spread of z:
    /// ∂/∂μ = e/s² − A_c/(A√v), ∂/∂τ² = ½(e²/s⁴ − 1/s²) − A_S/(2 A s √v), ∂/∂δ = ∂ln w/∂δ − A_δ/A.
    fn at(&self, beta: &[f64], tau2: f64, delta: &[f64]) -> Slopes {
        let weights = self.selecting.weights(delta);
        let mut total = Slopes { value: 0.0, beta: vec![0.0; beta.len()], tau2: 0.0, delta: vec![0.0; delta.len()] };
        for (study, (log_p, log_rest)) in self.log_p.iter().enumerate() {
            let v = self.problem.vi[study];
            let (variance, se) = (v + tau2, v.sqrt());
            let spread = variance.sqrt();
            let e = residual(self.problem, beta, study);
            let mean = self.problem.yi[study] - e;
            let chance = self.selecting.expected(&weights, mean / se, spread / se);
            let (log_weight, own) = self.kind.log_weight(*log_p, *log_rest, delta);
            total.value -= -0.5 * (2.0 * PI).ln() - spread.ln() - 0.5 * e * e / variance;
            total.value -= log_weight - chance.value.ln();
            let along_mean = e / variance - chance.along_mean / (chance.value * se);
            for (slope, column) in total.beta.iter_mut().zip(&self.problem.columns) {
                *slope -= along_mean * column[study];
            }
            total.tau2 -=
                0.5 * (e * e / variance - 1.0) / variance - chance.along_spread / (chance.value * 2.0 * spread * se);
            for (slope, along) in total.delta.iter_mut().zip(&chance.along_delta) {
                *slope += along / chance.value;
            }
            match self.kind {
                SelectionKind::Steps(ends) => match self.kind.interval(ends, log_p.exp()) {
                    0 => {}
                    interval => total.delta[interval - 1] -= own[0],
                },
                _ => total.delta.iter_mut().zip(own).for_each(|(slope, own)| *slope -= own),
            }
        }
        total
    }
}

/// The ends of the intervals in order, with 1 as the last.
fn ordered_ends(steps: &[f64]) -> Result<Vec<f64>, MetaError> {
    let mut ends: Vec<f64> = steps.iter().copied().filter(|step| *step != 1.0).collect();
    ends.sort_by(f64::total_cmp);
    let are_different = ends.windows(2).all(|pair| pair[0] < pair[1]);
    if ends.is_empty() || !are_different || ends.iter().any(|step| !(*step > 0.0 && *step < 1.0)) {
        let message = "steps are different numbers between 0 and 1, such as 0.025,0.5";
        return Err(MetaError::Option(message.to_owned()));
    }
    ends.push(1.0);
    Ok(ends)
}

/// How many studies each interval has.
fn counted(ends: &[f64], log_p: &[(f64, f64)]) -> Vec<usize> {
    let mut counts = vec![0; ends.len()];
    for (log_p, _) in log_p {
        counts[ends.iter().position(|end| log_p.exp() <= *end).unwrap_or(ends.len() - 1)] += 1;
    }
    counts
}

/// Refuses a model that a selection model has no place for.
fn checked_model(model: &Model, problem: &Problem) -> Result<(), MetaError> {
    possible_level(model.level)?;
    if model.tau2.is_some() {
        return Err(MetaError::Option("a selection model estimates tau2, and takes none".to_owned()));
    }
    if problem.weights.is_some() || model.weighting == Weighting::Equal {
        return Err(MetaError::Option(
            "a selection model weights by its likelihood, and takes no other weights".to_owned(),
        ));
    }
    Ok(())
}

/// The kind with its steps in order, and how many studies each interval has.
fn checked(
    kind: &SelectionKind,
    log_p: &[(f64, f64)],
    notes: &mut Vec<String>,
) -> Result<(SelectionKind, Vec<usize>), MetaError> {
    let SelectionKind::Steps(steps) = kind else { return Ok((kind.clone(), Vec::new())) };
    let ends = ordered_ends(steps)?;
    let counts = counted(&ends, log_p);
    // The others are compared with the first.
    let is_lone = counts.iter().filter(|count| **count > 0).count() < 2;
    if counts[0] == 0 || is_lone {
        let empty = counts.iter().position(|count| *count == 0).unwrap_or(0);
        let instead = if counts.len() > 2 { "take other steps" } else { "take another step, or the other alternative" };
        let message = format!("no study has a p-value in interval {} of the steps; {instead}", empty + 1);
        return Err(MetaError::Option(message));
    }
    for empty in (0..counts.len()).filter(|at| counts[*at] == 0) {
        notes.push(format!(
            "no study has a p-value in interval {} of the steps: nothing says more of its weight than that it is not \
             large, and 0 fits best",
            empty + 1
        ));
    }
    if counts.iter().any(|count| *count < 4) {
        notes.push("an interval of p-values with fewer than four studies says little".to_owned());
    }
    Ok((SelectionKind::Steps(ends), counts))
}

/// Fits a selection model by maximum likelihood, with tests and intervals by z at the level of the model: τ² is
/// estimated, unless the estimator of the model says that there is none.
/// The steps of a step function are the ends of the intervals of p-values; 1 is added.
///
/// Source: Hedges (1992), Stat Sci 7:246; Vevea & Hedges (1995), Psychometrika 60:419, eq. 6 to 9; for the
/// others see [`SelectionKind`].
///
/// # Errors
/// If the steps are no increasing numbers below 1, an interval has no study, the model gives τ² or other weights, or
/// there is no maximum.
///
/// ```
/// use reffect::meta::bias::{Alternative, SelectionKind, selection};
/// use reffect::meta::{Model, Problem};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let steps = SelectionKind::Steps(vec![0.025]);
/// let fit = selection(&Model::default(), &trials, &steps, Alternative::Less)?;
/// // metafor 3.8-1: selmodel(rma(yi, vi), type = "stepfun", steps = 0.025, alternative = "less")
/// let test = fit.lrt.ok_or("the weights are estimated")?;
/// assert!((fit.coefficients[0].estimate + 0.620_56).abs() < 1e-4 && (test.p - 0.622_4).abs() < 1e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "selmodel")]
pub fn selection(
    model: &Model,
    problem: &Problem,
    kind: &SelectionKind,
    alternative: Alternative,
) -> Result<Selection, MetaError> {
    checked_model(model, problem)?;
    let units = Units::of(problem);
    let fit = in_units_of_its_own(model, &units.standardised(problem), kind, alternative)?;
    Ok(units.of_the_data(fit, problem.k(), model.level))
}

/// The fit with weights that are given, relative to the first.
fn fit_of_given(
    model: &Model,
    problem: &Problem,
    kind: &SelectionKind,
    given: Vec<f64>,
    alternative: Alternative,
) -> Result<Selection, MetaError> {
    let units = Units::of(problem);
    let problem = &units.standardised(problem);
    let log_p = p_values(problem, alternative);
    let counts = match kind {
        SelectionKind::Steps(ends) => counted(ends, &log_p),
        _ => Vec::new(),
    };
    let selecting = Selecting::new(kind, alternative);
    let likelihood = Likelihood { problem, kind, alternative, selecting, log_p, given: Some(given) };
    let common = model.estimator.is_common();
    let best = search::highest(&likelihood, &plain_fit(problem, common)?, common)?;
    let mut notes = Vec::new();
    notes.extend(note_on_gain(best.gain));
    let fit = assembled(&likelihood, best, counts, notes, None, model.level)?;
    Ok(units.of_the_data(fit, problem.k(), model.level))
}

/// ln p and ln(1 − p) of each study.
fn p_values(problem: &Problem, alternative: Alternative) -> Vec<(f64, f64)> {
    problem.yi.iter().zip(&problem.vi).map(|(y, v)| alternative.log_p(y / v.sqrt())).collect()
}

/// The fit without selection.
fn plain_fit(problem: &Problem, common: bool) -> Result<Fit, MetaError> {
    let estimator = if common { Estimator::Ee } else { Estimator::Ml };
    Model { estimator, test: Test::Z, ..Model::default() }.fit(problem)
}

fn note_on_gain(gain: f64) -> Option<String> {
    (gain > OTHER).then(|| {
        format!(
            "the likelihood has several maxima: this one is far from the fit without selection, and higher by {} than \
             the one that is near to it",
            significant(gain, 3)
        )
    })
}

/// A likelihood that is higher by more than this than that of the ordinary search has another maximum.
const OTHER: f64 = 1e-3;

/// The fit to effects and moderators of an ordinary size.
fn in_units_of_its_own(
    model: &Model,
    problem: &Problem,
    kind: &SelectionKind,
    alternative: Alternative,
) -> Result<Selection, MetaError> {
    let log_p = p_values(problem, alternative);
    let mut notes = Vec::new();
    let (kind, counts) = checked(kind, &log_p, &mut notes)?;
    let likelihood = Likelihood {
        problem,
        kind: &kind,
        alternative,
        selecting: Selecting::new(&kind, alternative),
        log_p,
        given: None,
    };
    let common = model.estimator.is_common();
    let plain = plain_fit(problem, common)?;
    let mut best = search::highest(&likelihood, &plain, common)?;
    if best.is_unselected(&kind) {
        best.delta[0] = 0.0;
        notes.push("delta is estimated as 0, the end of its range: there is no sign of selection".to_owned());
    }
    notes.extend(note_on_gain(best.gain));
    // The search nears 0 on a logarithmic scale where no study speaks against it.
    for (_, delta) in counts.iter().skip(1).zip(&mut best.delta).filter(|(count, _)| **count == 0) {
        *delta = 0.0;
    }
    let df = kind.parameters() as f64;
    let lrt = ChiSquared::of_likelihoods(-best.value, plain.statistics.log_likelihood, df);
    assembled(&likelihood, best, counts, notes, Some(lrt), model.level)
}

fn assembled(
    likelihood: &Likelihood<'_>,
    found: Fitted,
    counts: Vec<usize>,
    notes: Vec<String>,
    lrt: Option<ChiSquared>,
    level: f64,
) -> Result<Selection, MetaError> {
    let (kind, problem) = (likelihood.kind, likelihood.problem);
    let p = problem.p();
    let tau2 = if found.tau2 < 1e-8 { 0.0 } else { found.tau2 };
    let singular = || MetaError::not_converged("the selection model", "its information is singular");
    let covariance = natural_covariance(likelihood, &found.beta, tau2, &found.delta).ok_or_else(singular)?;
    let se = |at: usize| covariance[(at, at)].sqrt();
    let shift = usize::from(tau2 > 0.0);
    let is_steps = matches!(kind, SelectionKind::Steps(_));
    // The first interval of a step function is what the others are compared with.
    let first = is_steps.then_some(1.0);
    let estimated_before = |j: usize| found.delta[..j].iter().filter(|delta| **delta > 0.0).count();
    let is_given = likelihood.given.is_some();
    let own_se = (0..found.delta.len())
        .map(|j| (found.delta[j] > 0.0 && !is_given).then(|| se(p + shift + estimated_before(j))));
    Ok(Selection {
        kind: kind.clone(),
        alternative: likelihood.alternative,
        tau2,
        tau2_se: (tau2 > 0.0).then(|| se(p)),
        coefficients: (0..p).map(|j| Coefficient::new(&problem.names[j], found.beta[j], se(j), None, level)).collect(),
        delta_se: first.map(|_| None).into_iter().chain(own_se).collect(),
        delta: first.into_iter().chain(found.delta.iter().copied()).collect(),
        log_likelihood: -found.value,
        lrt,
        counts,
        notes,
    })
}

/// The inverse of the second derivatives in the coefficients, τ² (unless it is 0) and δ themselves.
fn natural_covariance(likelihood: &Likelihood<'_>, beta: &[f64], tau2: f64, delta: &[f64]) -> Option<Matrix> {
    let p = beta.len();
    let mut at = beta.to_vec();
    at.extend((tau2 > 0.0).then_some(tau2));
    // A δ at 0, the end of its range, is held there.
    let is_given = likelihood.given.is_some();
    let estimated: Vec<usize> = (0..delta.len()).filter(|&j| delta[j] > 0.0 && !is_given).collect();
    at.extend(estimated.iter().map(|&j| delta[j]));
    // In units of the estimates, so that a small τ² is not stepped over.
    let unit: Vec<f64> = at.iter().enumerate().map(|(j, value)| if j < p { 1.0 } else { value.abs() }).collect();
    let slopes = |x: &[f64]| {
        let value: Vec<f64> = x.iter().zip(&unit).map(|(x, unit)| x * unit).collect();
        let (own_tau2, rest) = if tau2 > 0.0 { (value[p], &value[p + 1..]) } else { (0.0, &value[p..]) };
        let mut whole = delta.to_vec();
        estimated.iter().zip(rest).for_each(|(&j, own)| whole[j] = *own);
        let here = likelihood.at(&value[..p], own_tau2, &whole);
        let mut slopes = here.beta;
        slopes.extend((tau2 > 0.0).then_some(here.tau2));
        slopes.extend(estimated.iter().map(|&j| here.delta[j]));
        slopes.iter().zip(&unit).map(|(slope, unit)| slope * unit).collect::<Vec<f64>>()
    };
    let scaled: Vec<f64> = at.iter().zip(&unit).map(|(value, unit)| value / unit).collect();
    let inverse = hessian(slopes, &scaled).cholesky()?.inverse();
    Some(Matrix::from_fn(at.len(), at.len(), |i, j| inverse[(i, j)] * unit[i] * unit[j]))
}
