//! The search for the maximum: moments to start with, then scoring and Newton's steps.

use super::super::options::ResidualStructure as S;
use super::super::result::Step;
use super::likelihood::{Evaluation, Problem};
use super::parameters::{Kind, Parameter};
use super::patterns::{Part, Pattern};
use super::search_effects::{search_effects_from, search_with_effects};
use super::search_starts::search_residuals;
use super::structure::triangle;
use crate::numeric::matrix::{Matrix, dot};

/// Where the search ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub theta: Vec<f64>,
    pub at: Evaluation,
    pub converged: bool,
    pub history: Vec<Step>,
    /// Whether the criterion is lower where the covariance of the residuals loses rank, so that this minimum is a local
    /// one.
    pub is_local: bool,
}

/// More steps than these are not taken.
const MOST_STEPS: usize = 200;

/// A search that takes more steps than these may have none to find.
pub(super) const MOST_USUAL: usize = 20;

/// A step whose expected fall is below this is rounding.
pub(super) const SMALLEST_FALL: f64 = 1e-18;

/// What a search may promise before it is asked where it leads.
pub(super) const FIRST_LOOK: f64 = 1e-2;

/// The minimum of −2 log-likelihood: Newton's steps on the exact second derivatives where they are
/// positive definite, Fisher's scoring elsewhere, halved until they lead down.
///
/// Source: Jennrich & Schluchter (1986), Biometrics 42:805; Lindstrom & Bates (1988), J Am Stat Assoc
/// 83:1014.
pub(super) fn search(problem: &Problem) -> Option<Found> {
    if problem.random.is_empty() {
        return search_residuals(problem);
    }
    search_with_effects(problem)
}

/// The same from a point that is known to be near; done when the next step promises no more than `enough`.
pub(super) fn search_from(problem: &Problem, theta: Vec<f64>, enough: f64) -> Option<Found> {
    let free: Vec<usize> = (0..theta.len()).collect();
    search_over(problem, theta, &free, enough)
}

/// The same with random effects that have no variance there woken.
pub(super) fn search_near(problem: &Problem, theta: Vec<f64>, enough: f64) -> Option<Found> {
    if problem.random.is_empty() {
        return search_from(problem, theta, enough);
    }
    search_effects_from(problem, theta, enough)
}

/// The same over some of the parameters.
pub(super) fn search_over(problem: &Problem, mut theta: Vec<f64>, free: &[usize], enough: f64) -> Option<Found> {
    let mut at = problem.evaluate(&theta)?;
    let mut history = Vec::new();
    let mut evaluations = 1;
    let mut converged = false;
    for step in 0..MOST_STEPS {
        // Ever nearer to a border there is no minimum.
        if step >= MOST_USUAL && problem.is_degenerate(&theta) {
            break;
        }
        let slope: Vec<f64> = free.iter().map(|&place| at.gradient[place]).collect();
        let largest = slope.iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        history.push(Step { evaluations, criterion: at.value, gradient: largest });
        let newton = at.hessian.part(free).cholesky().map(|cholesky| cholesky.solve(&slope));
        let is_newton = newton.is_some();
        let Some(short) = newton.or_else(|| Some(damped(&at.expected.part(free))?.solve(&slope))) else { break };
        let fall = dot(&short, &slope);
        converged = is_newton && fall <= 1e-10;
        if fall <= enough {
            break;
        }
        let mut step = vec![0.0; theta.len()];
        free.iter().zip(short).for_each(|(&place, by)| step[place] = by);
        let Some((next, better)) = down(problem, &theta, &at, &step, fall, &mut evaluations) else { break };
        (theta, at) = (next, better);
    }
    Some(Found { theta, at, converged, history, is_local: false })
}

/// The factor of a matrix whose diagonal is raised until it is positive definite.
pub(super) fn damped(matrix: &Matrix) -> Option<crate::numeric::matrix::Cholesky> {
    let mut share = 0.0;
    for _ in 0..30 {
        let raised = Matrix::from_fn(matrix.rows(), matrix.rows(), |r, s| {
            if r == s { matrix[(r, s)] * (1.0 + share) + 1e-12 } else { matrix[(r, s)] }
        });
        if let Some(cholesky) = raised.cholesky() {
            return Some(cholesky);
        }
        share = if share == 0.0 { 1e-8 } else { share * 10.0 };
    }
    None
}

fn down(
    problem: &Problem,
    theta: &[f64],
    at: &Evaluation,
    step: &[f64],
    fall: f64,
    evaluations: &mut usize,
) -> Option<(Vec<f64>, Evaluation)> {
    let mut share = 1.0;
    for _ in 0..40 {
        let next: Vec<f64> = theta.iter().zip(step).map(|(value, by)| value - share * by).collect();
        *evaluations += 1;
        // Rounding may hide the last falls.
        let bound = at.value - 1e-4 * share * fall + 1e-13 * at.value.abs().max(1.0);
        if let Some(better) = problem.evaluate(&next).filter(|better| better.value <= bound) {
            return Some((next, better));
        }
        share *= 0.5;
    }
    None
}

/// Whether the likelihood grows without end as the correlation of compound symmetry nears its lowest value: the mean
/// over as many visits as a subject has at most has no variance there, and few such subjects can have residuals without
/// one.
pub(super) fn is_unbounded(problem: &Problem, theta: &[f64], group: usize) -> bool {
    let covariance = &problem.covariance;
    let is_whole = |of: &&Part| of.group == group && of.visits.len() == covariance.widest();
    let wholes = |of: &Pattern| of.count * of.parts.iter().filter(is_whole).count() as f64;
    let whole: f64 = problem.patterns.iter().map(wholes).sum();
    if !covariance.is_compound() || whole > problem.coefficients as f64 {
        return false;
    }
    let parameter = Parameter { group, kind: Kind::Correlation };
    let near = |share: f64| {
        let value = covariance.lowest() * (1.0 - share);
        let own = parameter.held(problem, theta, value);
        let mut moved = theta.to_vec();
        moved[own.place] = own.value;
        problem.evaluate(&moved).map(|at| at.value)
    };
    let [Some(far), Some(nearer), Some(nearest)] = [1e-4, 1e-7, 1e-10].map(near) else { return false };
    nearer < far - 1.0 && nearest < nearer - 1.0
}

/// Sums of squares and products of the residuals of ordinary least squares in one group.
pub(super) struct Moments {
    variances: Vec<f64>,
    /// Mean products by pair, where the structure has a parameter for each pair or lag.
    pairs: Option<Matrix>,
    /// The mean correlation of neighbouring visits of a subject, and their mean distance in visits.
    neighbours: (f64, f64),
    /// The mean correlation of all pairs.
    all: f64,
    /// The variance over all visits.
    pub total: f64,
}

pub(super) fn moments(problem: &Problem, group: usize) -> Moments {
    let (m, q) = (problem.covariance.visits(), problem.coefficients + 1);
    let wanted = problem.covariance.structure.needs_pairs();
    let mut sums = vec![(0.0, 0.0); m];
    let mut products = wanted.then(|| (Matrix::zeros(m, m), Matrix::zeros(m, m)));
    let (mut near, mut far) = ((0.0, 0.0, 0.0), (0.0, 0.0));
    let all_products: Vec<Matrix> = problem.patterns.iter().map(|pattern| pattern.products(q)).collect();
    let parts = problem.patterns.iter().zip(&all_products).flat_map(|(of, products)| {
        of.parts.iter().filter(move |part| part.group == group).map(move |part| (part, of.count, products))
    });
    for (part, subjects, of) in parts {
        let of = |j: usize, k: usize| of[(part.start + j, part.start + k)];
        for (j, &visit) in part.visits.iter().enumerate() {
            sums[visit].0 += of(j, j);
            sums[visit].1 += subjects;
            for (k, &other) in part.visits.iter().enumerate().take(j) {
                if let Some((sum, count)) = &mut products {
                    sum[(visit, other)] += of(j, k);
                    count[(visit, other)] += subjects;
                }
                far = (far.0 + of(j, k), far.1 + subjects);
                if k + 1 == j {
                    let distance = problem.covariance.distance(visit, other);
                    near = (near.0 + of(j, k), near.1 + subjects, near.2 + distance * subjects);
                }
            }
        }
    }
    let (square, count) = sums.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let total: f64 = square / f64::max(count, 1.0);
    let variances: Vec<f64> =
        sums.iter().map(|of| if of.1 > 0.0 { (of.0 / of.1).max(1e-3 * total) } else { total }).collect();
    let mean = |of: (f64, f64)| if of.1 > 0.0 { of.0 / of.1 / total } else { 0.0 };
    let pairs = products.map(|(sum, count)| {
        Matrix::from_fn(m, m, |j, k| {
            let (j, k) = (j.max(k), j.min(k));
            if j == k { variances[j] } else { sum[(j, k)] / count[(j, k)].max(1.0) }
        })
    });
    let distance = if near.1 > 0.0 { near.2 / near.1 } else { 1.0 };
    Moments { variances, pairs, neighbours: (mean((near.0, near.1)), distance), all: mean(far), total }
}

/// Moments as a starting point, with at most this share of the correlations that were seen, and drawn towards
/// independence until they are positive definite.
pub(super) fn start_below(problem: &Problem, most: f64) -> Option<Vec<f64>> {
    let mut theta = Vec::new();
    for group in 0..problem.groups {
        let moments = moments(problem, group);
        let covariance = &problem.covariance;
        let known = if covariance.is_compound() { covariance.widest() } else { covariance.visits() };
        let visits: Vec<usize> = (0..known.min(covariance.visits())).collect();
        let shares = [0.9, 0.7, 0.5, 0.25, 0.0];
        let tried = shares.into_iter().filter(|share| *share <= most).map(|share| of_moments(problem, &moments, share));
        theta.extend(tried.into_iter().find(|own| problem.covariance.matrix(own, &visits).cholesky().is_some())?);
    }
    Some(theta)
}

/// θ of one group with correlations at a share of those observed.
fn of_moments(problem: &Problem, of: &Moments, share: f64) -> Vec<f64> {
    let covariance = &problem.covariance;
    let m = covariance.visits();
    let deviations = || of.variances.iter().map(|variance| 0.5 * variance.ln()).collect::<Vec<f64>>();
    let lag = |d: usize, scaled: bool| {
        let pairs = of.pairs.iter().flat_map(|all| {
            (d..m).map(move |j| all[(j, j - d)] / if scaled { (all[(j, j)] * all[(j - d, j - d)]).sqrt() } else { 1.0 })
        });
        pairs.sum::<f64>() / (m - d) as f64
    };
    let widest = covariance.widest() as f64;
    let all = of.all.clamp(-0.5 / (widest - 1.0), 0.95) * share;
    match covariance.structure {
        S::Independent => vec![of.total],
        S::CompoundSymmetry => {
            vec![of.total * (1.0 + (widest - 1.0) * all), of.total * (1.0 - all)]
        }
        S::Toeplitz => {
            let total = lag(0, false);
            std::iter::once(total).chain((1..m).map(|d| share * lag(d, false))).collect()
        }
        S::Unstructured => {
            let mut theta = vec![0.0; m * (m + 1) / 2];
            for j in 0..m {
                for k in 0..=j {
                    let value = of.pairs.as_ref().map_or(0.0, |pairs| pairs[(j, k)]);
                    theta[triangle(m, j, k)] = if j == k { value } else { share * value };
                }
            }
            theta
        }
        S::HeterogeneousIndependent => deviations(),
        S::HeterogeneousToeplitz => deviations().into_iter().chain((1..m).map(|d| share * lag(d, true))).collect(),
        S::HeterogeneousCompoundSymmetry => {
            deviations().into_iter().chain(std::iter::once(covariance.eta(all))).collect()
        }
        S::Autoregressive | S::HeterogeneousAutoregressive | S::ContinuousAutoregressive => {
            // The correlation at distance 1.
            let (rho, distance) = of.neighbours;
            let rho = share * rho.abs().min(0.98).powf(1.0 / distance.max(1e-6)).copysign(rho);
            let heterogeneous = covariance.structure == S::HeterogeneousAutoregressive;
            let mut theta = if heterogeneous { deviations() } else { vec![0.5 * of.total.ln()] };
            theta.push(covariance.eta(rho));
            theta
        }
    }
}
