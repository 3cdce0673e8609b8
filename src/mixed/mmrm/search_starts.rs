//! Several starts for the residuals: beside the minimum to which the moments lead there can be a lower one.

use super::super::options::ResidualStructure as S;
use super::likelihood::Problem;
use super::search::{FIRST_LOOK, Found, SMALLEST_FALL, moments, search_over, start_below};
use super::search_simpler::{LOWER, MOST_FOR_BESIDE, from_simpler};

/// Correlations to start from beside those that were seen. Where the coefficients differ from those of ordinary least
/// squares, residuals of visits that are nearly as one look less alike than they are.
const CORRELATIONS: [f64; 5] = [0.999, 0.99, 0.9, 0.5, -0.5];

/// Where the squares of rows and parameters come to more than this over the patterns of visits, the starts are tried on
/// some of the patterns; where those of one do, there are none but the moments and a simpler structure.
const MOST_WORK: usize = 400_000;

/// The minimum over the residuals' parameters, with random effects, if there are any, at 0: that to which the moments
/// lead, or a lower one.
pub(super) fn search_residuals(problem: &Problem) -> Option<Found> {
    let first = search_first(problem);
    let others = match some(problem) {
        Some(some) if some.patterns.is_empty() && problem.rows > MOST_FOR_BESIDE => Vec::new(),
        Some(some) if some.patterns.is_empty() => from_simpler(problem, search_residuals).into_iter().take(1).collect(),
        Some(some) => start_of(&some).into_iter().collect(),
        None => [from_simpler(problem, search_residuals), starts(problem)].concat(),
    };
    others.into_iter().filter_map(|start| search_alone(problem, start)).fold(first, |best, other| {
        let Some(best) = best else { return Some(other) };
        Some(lower(problem, best, other))
    })
}

/// From moments.
fn search_first(problem: &Problem) -> Option<Found> {
    search_alone(problem, start_below(problem, 1.0)?)
}

/// With random effects at 0.
fn search_alone(problem: &Problem, mut start: Vec<f64>) -> Option<Found> {
    let free: Vec<usize> = (0..problem.of_residuals()).collect();
    start.resize(free.len() + problem.random.places.len(), 0.0);
    search_over(problem, start, &free, SMALLEST_FALL)
}

/// The lower one of two minima inside, with whether the criterion is lower where the covariance has lost rank.
fn lower(problem: &Problem, best: Found, other: Found) -> Found {
    let is_lower = other.at.value < best.at.value - LOWER;
    let [first, second] = [&best, &other].map(|of| !problem.is_degenerate(&of.theta));
    match (first, second) {
        (true, true) if best.converged && !other.converged => Found { is_local: best.is_local || is_lower, ..best },
        (true, true) if is_lower => Found { is_local: best.is_local, ..other },
        // What seems to go on without end may lead there.
        (true, false) if is_lower && !best.converged => other,
        (true, false) => Found { is_local: best.is_local || is_lower, ..best },
        (false, true) if other.converged => Found { is_local: best.at.value < other.at.value - LOWER, ..other },
        _ => best,
    }
}

/// Some of the patterns of visits, where all are too many; without any where one is too large.
fn some(problem: &Problem) -> Option<Problem> {
    let work = |rows: usize| rows * rows * problem.of_residuals() * problem.of_residuals();
    let each = problem.patterns.iter().map(|pattern| work(pattern.rows)).sum::<usize>().div_ceil(MOST_WORK);
    let is_large = problem.patterns.iter().any(|pattern| work(pattern.rows) > MOST_WORK);
    let kept = if is_large { 0 } else { problem.patterns.len() };
    let patterns = problem.patterns.iter().step_by(each.max(1)).take(kept).cloned().collect::<Vec<_>>();
    let rows = patterns.iter().map(|pattern| pattern.rows * pattern.count as usize).sum();
    (each > 1).then(|| Problem { patterns, rows, ..problem.clone() })
}

/// θ at the lowest minimum, where it is not that of the moments.
fn start_of(problem: &Problem) -> Option<Vec<f64>> {
    let (first, lowest) = (search_first(problem)?, search_residuals(problem)?);
    (lowest.at.value < first.at.value - LOWER).then_some(lowest.theta)
}

/// Each correlation with the variances that go with it.
fn starts(problem: &Problem) -> Vec<Vec<f64>> {
    let (size, covariance) = (problem.covariance.parameters(), &problem.covariance);
    let start = |&correlation: &f64| {
        let groups = (0..problem.groups).map(|group| of_correlation(problem, group, correlation));
        let theta = rescaled(problem, groups.collect::<Option<Vec<_>>>()?.concat())?;
        if !covariance.structure.is_heterogeneous() {
            return Some(theta);
        }
        let deviations: Vec<usize> =
            (0..problem.of_residuals()).filter(|place| place % size < covariance.deviations()).collect();
        search_over(problem, theta, &deviations, FIRST_LOOK).map(|found| found.theta)
    };
    CORRELATIONS.iter().filter_map(start).collect()
}

/// The variances times that c at which n ln c + Q / c is least. At c = 1 its slope by ln c is n − Q.
fn rescaled(problem: &Problem, mut theta: Vec<f64>) -> Option<Vec<f64>> {
    let (residuals, covariance) = (theta.len(), &problem.covariance);
    theta.resize(residuals + problem.random.places.len(), 0.0);
    let at = problem.evaluate(&theta)?;
    // What one unit of ln c adds to each parameter.
    let along: Vec<f64> = (0..residuals)
        .map(|place| match covariance.is_linear() {
            true => theta[place],
            false if place % covariance.parameters() < covariance.deviations() => 0.5,
            false => 0.0,
        })
        .collect();
    let slope: f64 = along.iter().zip(&at.gradient).map(|(along, slope)| along * slope).sum();
    let free = if problem.reml { problem.rows.saturating_sub(problem.coefficients) } else { problem.rows } as f64;
    let c = Some(1.0 - slope / free).filter(|c| *c > 0.0 && c.is_finite())?;
    let by = if covariance.is_linear() { c - 1.0 } else { c.ln() };
    theta.iter_mut().zip(along).for_each(|(value, along)| *value += by * along);
    Some(theta)
}

/// θ of one group with one variance for all visits and a correlation between neighbouring ones.
fn of_correlation(problem: &Problem, group: usize, correlation: f64) -> Option<Vec<f64>> {
    let (covariance, total) = (&problem.covariance, moments(problem, group).total);
    let (m, widest) = (covariance.visits(), covariance.widest() as f64);
    let deviations = || std::iter::repeat_n(0.5 * total.ln(), covariance.deviations());
    let compound = if correlation < 0.0 { -correlation * covariance.lowest() } else { correlation };
    Some(match covariance.structure {
        S::Independent | S::HeterogeneousIndependent | S::Unstructured => return None,
        S::CompoundSymmetry => vec![total * (1.0 + (widest - 1.0) * compound), total * (1.0 - compound)],
        S::Toeplitz => (0..m).map(|lag| total * correlation.powi(lag as i32)).collect(),
        S::HeterogeneousToeplitz => deviations().chain((1..m).map(|lag| correlation.powi(lag as i32))).collect(),
        S::HeterogeneousCompoundSymmetry => deviations().chain([covariance.eta_of(compound)]).collect(),
        S::ContinuousAutoregressive if correlation < 0.0 => return None,
        S::Autoregressive | S::HeterogeneousAutoregressive | S::ContinuousAutoregressive => {
            deviations().chain([covariance.eta_of(correlation)]).collect()
        }
    })
}
