//! Minima of simpler structures as starts: a structure is not to fit worse than one that is a case of it.

use super::super::options::ResidualStructure as S;
use super::likelihood::Problem;
use super::search::{Found, SMALLEST_FALL, search_from};

/// With more rows than this no searches are made beside those from moments.
pub(super) const MOST_FOR_BESIDE: usize = 1000;

/// Another minimum is one that is lower by this.
pub(super) const LOWER: f64 = 1e-7;

/// A structure that is a case of another one.
fn simpler(structure: S) -> Option<S> {
    match structure {
        S::Toeplitz | S::HeterogeneousCompoundSymmetry => Some(S::CompoundSymmetry),
        S::HeterogeneousToeplitz => Some(S::HeterogeneousCompoundSymmetry),
        S::HeterogeneousAutoregressive => Some(S::Autoregressive),
        _ => None,
    }
}

/// θ at the minimum of a simpler structure, which `search` finds.
pub(super) fn from_simpler(problem: &Problem, search: impl Fn(&Problem) -> Option<Found>) -> Option<Vec<f64>> {
    let mut case = problem.clone();
    case.covariance.structure = simpler(problem.covariance.structure)?;
    let found = search(&case)?;
    let covariance = &problem.covariance;
    let visits: Vec<usize> = (0..covariance.visits()).collect();
    let mut theta = Vec::new();
    for group in 0..problem.groups {
        let own = case.covariance.matrix(case.part(&found.theta, group), &visits);
        if covariance.is_linear() {
            theta.extend(visits.iter().map(|&lag| own[(lag, 0)]));
            continue;
        }
        let correlation = |lag: usize| own[(lag, 0)] / (own[(lag, lag)] * own[(0, 0)]).sqrt();
        theta.extend(visits.iter().map(|&visit| 0.5 * own[(visit, visit)].ln()));
        match covariance.structure {
            S::HeterogeneousToeplitz => theta.extend(visits[1..].iter().map(|&lag| correlation(lag))),
            _ => theta.push(covariance.eta(correlation(1))),
        }
    }
    theta.extend(case.random_part(&found.theta));
    Some(theta)
}

/// The lower one of a minimum and of that to which the minimum of a simpler structure leads.
pub(super) fn not_above_simpler(
    problem: &Problem,
    mut found: Found,
    search: impl Fn(&Problem) -> Option<Found>,
) -> Found {
    if problem.rows > MOST_FOR_BESIDE || problem.is_degenerate(&found.theta) {
        return found;
    }
    let from = |start| search_from(problem, start, SMALLEST_FALL);
    let other = from_simpler(problem, search).and_then(from);
    let Some(other) = other.filter(|other| other.at.value < found.at.value - LOWER) else { return found };
    if problem.is_degenerate(&other.theta) || (found.converged && !other.converged) {
        found.is_local = true;
        return found;
    }
    other
}
