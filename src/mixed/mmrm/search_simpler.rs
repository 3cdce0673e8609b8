//! Minima of simpler models as starts: a structure is not to fit worse than one that is a case of it.

use super::super::options::ResidualStructure as S;
use super::likelihood::Problem;
use super::search::Found;

/// With more rows than this no searches are made beside those from moments.
pub(super) const MOST_FOR_BESIDE: usize = 1000;

/// Another minimum is one that is lower by this.
pub(super) const LOWER: f64 = 1e-7;

/// Structures that are cases of another one.
fn simpler(structure: S) -> &'static [S] {
    match structure {
        S::Toeplitz => &[S::CompoundSymmetry, S::Autoregressive],
        S::HeterogeneousCompoundSymmetry => &[S::CompoundSymmetry],
        S::HeterogeneousToeplitz => &[S::HeterogeneousCompoundSymmetry, S::HeterogeneousAutoregressive, S::Toeplitz],
        S::HeterogeneousAutoregressive => &[S::Autoregressive],
        _ => &[],
    }
}

/// θ at the minima of simpler models, which `search` finds: of simpler structures, and of one covariance for all groups.
pub(super) fn from_simpler(problem: &Problem, search: impl Fn(&Problem) -> Option<Found>) -> Vec<Vec<f64>> {
    let of_structure = |&structure: &S| {
        let mut case = problem.clone();
        case.covariance.structure = structure;
        let found = search(&case)?;
        let own = (0..problem.groups).flat_map(|group| written(problem, &case, case.part(&found.theta, group)));
        Some(own.chain(case.random_part(&found.theta).iter().copied()).collect())
    };
    let mut starts: Vec<Vec<f64>> = simpler(problem.covariance.structure).iter().filter_map(of_structure).collect();
    if problem.groups > 1 {
        let mut case = Problem { groups: 1, ..problem.clone() };
        case.patterns.iter_mut().flat_map(|pattern| &mut pattern.parts).for_each(|part| part.group = 0);
        starts.extend(search(&case).map(|found| {
            let own = case.part(&found.theta, 0);
            [own.repeat(problem.groups).as_slice(), case.random_part(&found.theta)].concat()
        }));
    }
    starts
}

/// A group's θ of a simpler structure as that of this one.
fn written(problem: &Problem, case: &Problem, own: &[f64]) -> Vec<f64> {
    let covariance = &problem.covariance;
    let visits: Vec<usize> = (0..covariance.visits()).collect();
    let own = case.covariance.matrix(own, &visits);
    let correlation = |lag: usize| own[(lag, 0)] / (own[(lag, lag)] * own[(0, 0)]).sqrt();
    let deviations = visits.iter().map(|&visit| 0.5 * own[(visit, visit)].ln());
    match covariance.structure {
        S::Toeplitz => visits.iter().map(|&lag| own[(lag, 0)]).collect(),
        S::HeterogeneousToeplitz => deviations.chain(visits[1..].iter().map(|&lag| correlation(lag))).collect(),
        _ => deviations.chain([covariance.eta_of(correlation(1))]).collect(),
    }
}
