//! Other starts of the search: with few groups the criterion can have several minima.

use super::kernel::Kernel;
use super::problem::{Place, Problem};
use super::search::{Found, awake, descend, search, search_lightly};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::random::Random;

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
    let mut starts = elsewhere(kernel, problem, &best);
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
    best = lowest_at_borders(kernel, problem, best, fine);
    best = lowest_beside(kernel, problem, best, fine);
    // The kernel stands at the minimum that is returned.
    kernel.criterion(problem, &best.theta);
    best
}

/// The lowest minimum of this one and of searches from where a variance is 0 or a correlation 1 or -1: such a border
/// can be lower than the minimum although no point of it that is at hand is.
fn lowest_at_borders(kernel: &mut Kernel, problem: &Problem, first: Found, fine: bool) -> Found {
    // One variance alone, and its border is a point of the grid.
    if problem.places.len() < 2 || problem.n > MOST_FOR_BORDERS {
        return first;
    }
    let mut best = first;
    for (start, held) in borders(problem, &best.theta) {
        let close = 1e-7 * (1.0 + best.criterion.abs());
        let target = best.criterion - close;
        let Some(there) = below(kernel, problem, start, &held, target) else { continue };
        let other = search(kernel, problem, Some(&awake(problem, &there, 1e-2)), fine);
        if other.criterion < target && (other.converged || !best.converged) {
            best = other;
        }
    }
    best
}

/// With more rows than this borders are looked at on the grid alone.
const MOST_FOR_BORDERS: usize = 1000;

/// Points with a column of λ at 0, or an effect without its variance, and the entries that are held there; and with
/// correlations of the other sign.
fn borders(problem: &Problem, theta: &[f64]) -> Vec<(Vec<f64>, Vec<bool>)> {
    let places = &problem.places;
    let mut all: Vec<(Vec<f64>, Vec<bool>)> = Vec::new();
    for own in places.iter().filter(|place| place.row == place.column) {
        let in_column = |of: &Place| of.factor == own.factor && of.column == own.column;
        let in_either = |of: &Place| in_column(of) || (of.factor == own.factor && of.row == own.column);
        let held = |is_held: &dyn Fn(&Place) -> bool| places.iter().map(is_held).collect::<Vec<bool>>();
        for held in [held(&in_column), held(&in_either)] {
            let moves = theta.iter().zip(&held).any(|(value, held)| *held && *value != 0.0);
            if moves && all.last().is_none_or(|(_, last)| *last != held) {
                // What is not held must be away from 0, where its slope vanishes.
                let zero = |(value, held): (&f64, &bool)| if *held { 0.0 } else { *value };
                let start: Vec<f64> = awake(problem, theta, AWAKE).iter().zip(&held).map(zero).collect();
                all.push((start, held));
            }
        }
    }
    let turned: Vec<f64> =
        theta.iter().zip(places).map(|(value, of)| if of.row == of.column { *value } else { -value }).collect();
    if turned.iter().zip(theta).any(|(one, other)| one != other) {
        all.push((awake(problem, &turned, AWAKE), vec![false; theta.len()]));
    }
    all
}

/// Beside a residual of 1, a standard deviation from which a variance of 0 can grow.
const AWAKE: f64 = 0.1;

/// Where a descent with some entries held at 0 leads below a criterion; none where it soon shows that it does not.
fn below(kernel: &mut Kernel, problem: &Problem, start: Vec<f64>, held: &[bool], target: f64) -> Option<Vec<f64>> {
    let mut theta = start;
    for enough in [FIRST_LOOK, SECOND_LOOK, LAST_LOOK] {
        theta = descend(kernel, problem, theta, held, enough, &mut Vec::new());
        let above = kernel.criterion(problem, &theta) - target;
        if above.is_nan() || above > MOST_LEFT * enough {
            return None;
        }
        if above < -enough {
            break;
        }
    }
    (kernel.criterion(problem, &theta) < target).then_some(theta)
}

/// With more rows than this other minima are looked for on a grid alone.
const MOST_FOR_SCATTERED: usize = 500;

/// So many effects in one term, or more, have minima that differ in their correlations.
const SEVERAL: usize = 3;

/// How many points are scattered.
const SCATTERED: usize = 12;

/// Points over sizes and signs, always the same ones, where few rows tell of a minimum at a border of several
/// correlations: a grid of sizes does not show those that differ in signs.
fn scattered(problem: &Problem, found: &Found) -> Vec<Vec<f64>> {
    let is_wide = problem.terms.iter().any(|term| term.k >= SEVERAL);
    if problem.n > MOST_FOR_SCATTERED || !is_wide || !found.converged || !found.fixed.contains(&true) {
        return Vec::new();
    }
    let mut random = Random::seeded(1);
    let mut entry = |place: &Place| {
        let value = random.normal() * 10f64.powf(3.0 * random.uniform() - 1.5);
        if place.row == place.column { value.abs() } else { value }
    };
    (0..SCATTERED).map(|_| problem.places.iter().map(&mut entry).collect()).collect()
}

/// The lowest minimum of this one and of searches from scattered points.
fn lowest_beside(kernel: &mut Kernel, problem: &Problem, first: Found, fine: bool) -> Found {
    let starts = scattered(problem, &first);
    let mut best = first;
    for start in starts {
        let Some(there) = another(kernel, problem, start, &best) else { continue };
        let close = 1e-7 * (1.0 + best.criterion.abs());
        if kernel.criterion(problem, &there) >= best.criterion - close {
            continue;
        }
        let other = search(kernel, problem, Some(&awake(problem, &there, 1e-2)), fine);
        // Few rows can leave a likelihood without end elsewhere, which is no maximum.
        if other.converged && other.criterion < best.criterion - close {
            best = other;
        }
    }
    best
}

/// What the next step of a descent from a scattered point may promise before it is asked where it leads.
const FIRST_LOOK: f64 = 1e-2;
const SECOND_LOOK: f64 = 1e-4;
const LAST_LOOK: f64 = 1e-8;

/// Where the promise is so many times as large, what is left to fall is no more than that.
const MOST_LEFT: f64 = 100.0;

/// The end of a descent from a point, unless it soon shows that it leads to a higher minimum or to the one that is
/// known: most of them do, and only the others are worth their last steps.
fn another(kernel: &mut Kernel, problem: &Problem, start: Vec<f64>, best: &Found) -> Option<Vec<f64>> {
    let nothing_fixed = vec![false; start.len()];
    let mut theta = start;
    for enough in [FIRST_LOOK, SECOND_LOOK] {
        theta = descend(kernel, problem, theta, &nothing_fixed, enough, &mut Vec::new());
        let above = kernel.criterion(problem, &theta) - best.criterion;
        let leads_higher = above.is_nan() || above > MOST_LEFT * enough;
        if leads_higher || (above > -1e-7 * (1.0 + best.criterion.abs()) && is_same(problem, &theta, &best.theta)) {
            return None;
        }
    }
    Some(search_lightly(kernel, problem, &theta))
}

/// Whether the covariances of two θ hardly differ, term by term.
fn is_same(problem: &Problem, one: &[f64], other: &[f64]) -> bool {
    const HARDLY: f64 = 0.05;
    let of = |theta: &[f64], term: usize| {
        let own = &problem.terms[term];
        let mut lambda = Matrix::zeros(own.k, own.k);
        for (place, value) in problem.places.iter().zip(theta).filter(|(place, _)| place.factor == own.factor) {
            if place.row >= own.start && place.row < own.start + own.k {
                lambda[(place.row - own.start, place.column - own.start)] = *value;
            }
        }
        lambda.times(&lambda.transposed())
    };
    let squares = |matrix: &Matrix| (0..matrix.rows()).map(|row| dot(matrix.row(row), matrix.row(row))).sum::<f64>();
    (0..problem.terms.len()).all(|term| {
        let (one, other) = (of(one, term), of(other, term));
        let k = one.rows();
        let difference = Matrix::from_fn(k, k, |row, column| one[(row, column)] - other[(row, column)]);
        squares(&difference) <= (HARDLY * HARDLY) * squares(&other).max(HARDLY * HARDLY)
    })
}

/// Where other minima are looked for: the lowest point of a coarse grid, if it lies below the one that was found, and
/// where that is at a variance of 0, the lowest points of the grid without one and with large ones alone. With few
/// groups the criterion can have several minima, one of them often at such a border. Columns are standardised, so that
/// the sizes are those of intercepts and slopes alike.
fn elsewhere(kernel: &mut Kernel, problem: &Problem, found: &Found) -> Vec<Vec<f64>> {
    let theta = &found.theta;
    let level = kernel.criterion(problem, theta);
    let diagonals: Vec<usize> =
        (0..theta.len()).filter(|&at| problem.places[at].row == problem.places[at].column).collect();
    let at_border = found.fixed.iter().any(|fixed| *fixed);
    let mut points: Vec<Vec<f64>> = Vec::new();
    for sizes in grid(diagonals.len(), at_border) {
        let mut point = vec![0.0; theta.len()];
        diagonals.iter().zip(sizes).for_each(|(&at, size)| point[at] = size);
        points.push(point);
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
        points.push(point);
    }
    let valued = points.into_iter().map(|point| (kernel.criterion(problem, &point), point));
    let mut valued: Vec<(f64, Vec<f64>)> = valued.filter(|(value, _)| !value.is_nan()).collect();
    valued.sort_by(|a, b| a.0.total_cmp(&b.0));
    let is_beyond = |point: &[f64], least: f64| diagonals.iter().all(|&at| point[at] > least);
    let lowest = valued.first().filter(|(value, _)| *value < level - 1e-7 * (1.0 + level.abs()));
    let inside = [0.0, 2.0].map(|least| valued.iter().find(|(_, point)| is_beyond(point, least)));
    let inside = inside.into_iter().flatten().filter(|_| at_border && diagonals.len() > 1);
    let mut starts: Vec<&Vec<f64>> = lowest.into_iter().chain(inside).map(|(_, point)| point).collect();
    starts.dedup();
    // Slopes of 0 at 0 tell no search where to go.
    starts.into_iter().map(|point| awake(problem, point, 1e-2)).collect()
}

/// Sizes of the diagonal of λ: all combinations of some for up to three, and for more the same for all, or one alone. A
/// wide grid is for a minimum at a variance of 0, beside which others were seen; elsewhere a coarse one is enough.
fn grid(count: usize, is_wide: bool) -> Vec<Vec<f64>> {
    let sizes: &[f64] = match (count, is_wide) {
        (1, _) => &[0.0, 0.05, 0.2, 0.7, 2.0, 8.0],
        (2, true) => &[0.0, 0.2, 1.0, 5.0, 25.0],
        (2, false) => &[0.0, 0.2, 1.0, 5.0],
        (3, true) => &[0.0, 0.7, 6.0],
        (3, false) => &[0.0, 0.7],
        (_, true) => {
            let together = [0.0, 0.2, 1.0, 5.0].map(|size| vec![size; count]);
            let alone = (0..count).map(|one| (0..count).map(|at| if at == one { 3.0 } else { 0.3 }).collect());
            return together.into_iter().chain(alone).collect();
        }
        (_, false) => return vec![vec![0.0; count]],
    };
    let size = |combination: usize, place: u32| sizes[combination / sizes.len().pow(place) % sizes.len()];
    (0..sizes.len().pow(count as u32)).map(|at| (0..count as u32).map(|place| size(at, place)).collect()).collect()
}
