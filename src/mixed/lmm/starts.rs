//! Other starts of the search: with few groups the criterion can have several minima.

use super::kernel::Kernel;
use super::problem::{Place, Problem};
use super::search::{Found, awake, search};

/// With more rows than this the criterion has lost its lesser minima.
pub(super) const MOST_FOR_GRID: usize = 5000;

/// The lowest minimum: of this search, of one from a point of a grid that lies below it, and, where this one ended at
/// none, of searches from smaller and larger starts.
pub(super) fn best_of_several(kernel: &mut Kernel, problem: &Problem, first: Found, fine: bool) -> Found {
    let mut best = first;
    let identity = |size: f64| {
        let entry = |place: &Place| if place.row == place.column { size } else { 0.0 };
        problem.places.iter().map(entry).collect::<Vec<f64>>()
    };
    let mut starts: Vec<Vec<f64>> = elsewhere(kernel, problem, &best.theta).into_iter().collect();
    if !best.converged && !best.flat {
        starts.extend([0.2, 4.0].map(identity));
    }
    for start in starts {
        let other = search(kernel, problem, Some(&start), fine);
        let close = 1e-7 * (1.0 + best.criterion.abs());
        let is_lower = other.criterion < best.criterion - close;
        if is_lower || (other.converged && !best.converged && other.criterion < best.criterion + close) {
            best = other;
        }
    }
    // The kernel stands at the minimum that is returned.
    kernel.criterion(problem, &best.theta);
    best
}

/// A point of a coarse grid that lies below a minimum: with few groups the criterion can have several, one of them
/// often where a variance is 0.
fn elsewhere(kernel: &mut Kernel, problem: &Problem, theta: &[f64]) -> Option<Vec<f64>> {
    let found = kernel.criterion(problem, theta);
    let diagonals: Vec<usize> =
        (0..theta.len()).filter(|&at| problem.places[at].row == problem.places[at].column).collect();
    let sizes: &[f64] = match diagonals.len() {
        1 => &[0.0, 0.05, 0.2, 0.7, 2.0, 8.0],
        2 => &[0.0, 0.2, 1.0, 5.0],
        3 => &[0.0, 0.7],
        _ => &[0.0],
    };
    let combinations = sizes.len().pow(diagonals.len().min(3) as u32);
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut consider = |point: Vec<f64>, value: f64| {
        if value < best.as_ref().map_or(found - 1e-7 * (1.0 + found.abs()), |(least, _)| *least) {
            best = Some((value, point));
        }
    };
    for combination in 0..combinations {
        let mut point = vec![0.0; theta.len()];
        for (place, &at) in diagonals.iter().enumerate() {
            point[at] = sizes[combination / sizes.len().pow(place.min(3) as u32) % sizes.len()];
        }
        let value = kernel.criterion(problem, &point);
        consider(point, value);
    }
    // Each variance alone at 0, the rest as it was found.
    for &at in &diagonals {
        let own = problem.places[at];
        let in_column = |other: &usize| {
            let of = problem.places[*other];
            of.factor == own.factor && (of.column == own.column || of.row == own.row)
        };
        let mut point = theta.to_vec();
        (0..theta.len()).filter(in_column).for_each(|other| point[other] = 0.0);
        let value = kernel.criterion(problem, &point);
        consider(point, value);
    }
    // Slopes of 0 at 0 tell no search where to go.
    best.map(|(_, point)| awake(problem, &point, 1e-2))
}
