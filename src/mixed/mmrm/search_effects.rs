//! The search where random effects stand beside correlated residuals: several starts, and variances that are exactly 0.

use super::likelihood::{Evaluation, Problem};
use super::random::Place;
use super::search::{FIRST_LOOK, Found, SMALLEST_FALL, search_from, search_over, start_below};
use super::search_simpler::{LOWER, MOST_FOR_BESIDE, from_simpler};
use super::search_starts::search_residuals;
use crate::numeric::matrix::Matrix;

/// Shares of the variance that random effects have at a start, with the share of the correlations seen that the
/// residuals keep: what is common to the rows of a group can be of either.
const STARTS: [(f64, f64); 4] = [(0.1, 0.9), (0.5, 0.5), (0.5, 0.0), (0.85, 0.25)];

/// With clusters of more rows than these each search takes long, and only two are made.
const WIDE: usize = 100;

/// A column of Λ smaller than this beside the response may be 0.
const SMALL: f64 = 1e-3;

/// By so much the criterion may rise where a small column becomes 0.
const MOST_RISE: f64 = 1e-9;

/// The lowest minimum that the starts lead to, with columns of Λ that are as good as 0 at 0; a point where the
/// covariance of the residuals is as good as singular only if there is no other.
pub(super) fn search_with_effects(problem: &Problem) -> Option<Found> {
    let is_wide = problem.patterns.iter().any(|pattern| pattern.rows > WIDE);
    let starts = if is_wide { &STARTS[1..3] } else { &STARTS[..] };
    let found =
        starts.iter().filter_map(|&(share, kept)| search_from(problem, start(problem, share, kept)?, SMALLEST_FALL));
    let (inside, border): (Vec<Found>, Vec<Found>) = found.partition(|found| !problem.is_degenerate(&found.theta));
    let lowest = |all: Vec<Found>| all.into_iter().min_by(|a, b| a.at.value.total_cmp(&b.at.value));
    let border = lowest(border);
    let Some(best) = lowest(inside) else { return border };
    let mut settled = settled(problem, best);
    if !is_lowest_inside(problem, &settled) {
        let awake = search_from(problem, awake(problem, &settled.theta), SMALLEST_FALL);
        let other =
            awake.filter(|found| !problem.is_degenerate(&found.theta)).map(|found| self::settled(problem, found));
        settled = other.filter(|other| other.at.value < settled.at.value).unwrap_or(settled);
    }
    let mut border = border.map_or(f64::INFINITY, |border| border.at.value);
    if !is_wide && problem.rows <= MOST_FOR_BESIDE {
        (settled, border) = lowest_without(problem, settled, border);
    }
    settled.is_local = border < settled.at.value - 1e-6;
    Some(settled)
}

/// The lowest minimum of this one and of searches with each variance of a random effect at 0: such a border can be
/// lower though the search never came near it; also of residuals alone, from their own start. With it the lowest value
/// that was seen where the covariance of the residuals is as good as singular.
fn lowest_without(problem: &Problem, first: Found, mut border: f64) -> (Found, f64) {
    let mut starts: Vec<Vec<f64>> = Vec::new();
    for place in problem.random.places.iter().filter(|place| place.row == place.column) {
        let mut theta = first.theta.clone();
        if diagonal(problem, &theta, (place.term, place.row)) != Some(0.0) {
            without(problem, &mut theta, (place.term, place.row));
            starts.push(theta);
        }
        starts.extend(lowest_without_effect(problem, (place.term, place.row), first.at.value));
    }
    starts.extend(search_residuals(problem).map(|alone| alone.theta));
    starts.extend(from_simpler(problem, search_with_effects));
    let mut best = first;
    for start in starts {
        let Some(found) = search_below(problem, start, best.at.value) else { continue };
        if problem.is_degenerate(&found.theta) {
            border = border.min(found.at.value);
            continue;
        }
        if best.converged && !found.converged {
            continue;
        }
        let mut found = settled(problem, found);
        if !is_lowest_inside(problem, &found) {
            let awake = search_from(problem, awake(problem, &found.theta), SMALLEST_FALL);
            let inside = awake.filter(|inside| !problem.is_degenerate(&inside.theta));
            let inside = inside.map(|inside| settled(problem, inside));
            found = inside.filter(|inside| inside.at.value < found.at.value).unwrap_or(found);
        }
        if found.at.value < best.at.value - LOWER {
            best = found;
        }
    }
    (best, border)
}

/// The lowest minimum of the model that lacks a random effect, if it is lower than a value.
fn lowest_without_effect(problem: &Problem, (term, at): (usize, usize), value: f64) -> Option<Vec<f64>> {
    let first = problem.of_residuals();
    let places = &problem.random.places;
    let is_of = |place: &Place| place.term == term && (place.row == at || place.column == at);
    let free: Vec<usize> =
        (0..first).chain((0..places.len()).filter(|&at| !is_of(&places[at])).map(|at| first + at)).collect();
    let from = |&(share, kept): &(f64, f64)| {
        let mut theta = start(problem, share, kept)?;
        theta[first..].iter_mut().zip(places).filter(|(_, place)| is_of(place)).for_each(|(value, _)| *value = 0.0);
        let look = search_over(problem, theta, &free, FIRST_LOOK)?;
        let may_be_lower = look.at.value <= value + MOST_LEFT * FIRST_LOOK;
        let found = if may_be_lower { search_over(problem, look.theta, &free, SMALLEST_FALL)? } else { return None };
        (found.at.value < value - LOWER && !problem.is_degenerate(&found.theta)).then_some(found)
    };
    let lowest = STARTS.iter().filter_map(from).min_by(|a, b| a.at.value.total_cmp(&b.at.value));
    lowest.map(|found| found.theta)
}

/// How much more than its promise at a first look can be left to fall.
const MOST_LEFT: f64 = 100.0;

/// The minimum from a point with columns of Λ at 0, which stay there; none where it soon shows that it is no lower than
/// a value.
fn search_below(problem: &Problem, start: Vec<f64>, value: f64) -> Option<Found> {
    let free = free(problem, &start);
    let look = search_over(problem, start, &free, FIRST_LOOK)?;
    if look.at.value > value + MOST_LEFT * FIRST_LOOK {
        return None;
    }
    let found = search_over(problem, look.theta, &free, SMALLEST_FALL)?;
    (found.at.value < value - LOWER).then_some(found)
}

/// The same from a point that is known to be near.
pub(super) fn search_effects_from(problem: &Problem, near: Vec<f64>, enough: f64) -> Option<Found> {
    let found = search_from(problem, awake(problem, &near), enough)?;
    (!problem.is_degenerate(&found.theta)).then(|| settled(problem, found))
}

/// Residuals as their moments say, with a share of their variance given to the random effects.
fn start(problem: &Problem, share: f64, kept: f64) -> Option<Vec<f64>> {
    let mut theta = start_below(problem, kept)?;
    let (size, covariance) = (problem.covariance.parameters(), &problem.covariance);
    let rest: f64 = 1.0 - share;
    for (at, value) in theta.iter_mut().enumerate() {
        if covariance.is_linear() {
            *value *= rest;
        } else if at % size < covariance.deviations() {
            *value += 0.5 * rest.ln();
        }
    }
    let columns = problem.random.places.iter().filter(|place| place.row == place.column).count();
    let each = (share / columns.max(1) as f64).sqrt();
    theta.extend(problem.random.places.iter().map(|place| if place.row == place.column { each } else { 0.0 }));
    Some(theta)
}

/// Away from variances of 0, at which the derivatives by Λ vanish.
fn awake(problem: &Problem, theta: &[f64]) -> Vec<f64> {
    let first = problem.of_residuals();
    let mut awake = theta.to_vec();
    for (value, place) in awake[first..].iter_mut().zip(&problem.random.places) {
        if place.row == place.column && value.abs() < 0.1 {
            *value = 0.1;
        }
    }
    awake
}

/// Small columns of Λ become 0 where the criterion does not rise by it, the others are searched again, and what is
/// found is written with a diagonal that is not negative.
fn settled(problem: &Problem, found: Found) -> Found {
    let mut best = rectified(problem, found);
    for place in problem.random.places.iter().filter(|place| place.row == place.column) {
        let mut theta = best.theta.clone();
        let Some(value) = diagonal(problem, &theta, (place.term, place.row)).filter(|value| *value != 0.0) else {
            continue;
        };
        if value.abs() > SMALL {
            continue;
        }
        without(problem, &mut theta, (place.term, place.row));
        let free = free(problem, &theta);
        let Some(mut other) = search_over(problem, theta, &free, SMALLEST_FALL) else { continue };
        if other.at.value <= best.at.value + MOST_RISE {
            let mut history = std::mem::take(&mut best.history);
            history.append(&mut other.history);
            best = rectified(problem, Found { history, ..other });
        }
    }
    best.converged |= is_flat(&best.at, &free(problem, &best.theta));
    best
}

/// Whether the criterion is as good as flat in the directions in which it has no minimum, such as that of a correlation
/// at its limit.
fn is_flat(at: &Evaluation, free: &[usize]) -> bool {
    let is_level = free.iter().all(|&place| at.gradient[place].abs() < 1e-6);
    let (values, _) = at.hessian.part(free).symmetric_eigen();
    let largest = values.last().copied().unwrap_or(0.0).abs();
    is_level && values.first().is_none_or(|least| *least > -1e-6 * largest)
}

/// The parameters that are not in a column of Λ that is 0.
pub(super) fn free(problem: &Problem, theta: &[f64]) -> Vec<usize> {
    let first = problem.of_residuals();
    let of_effects = problem.random.places.iter().enumerate();
    let alive = of_effects.filter(|(_, of)| diagonal(problem, theta, (of.term, of.column)) != Some(0.0));
    (0..first).chain(alive.map(|(at, _)| first + at)).collect()
}

/// An entry of the diagonal of Λ.
fn diagonal(problem: &Problem, theta: &[f64], (term, at): (usize, usize)) -> Option<f64> {
    let mut places = problem.random.places.iter().zip(problem.random_part(theta));
    places.find(|(of, _)| (of.term, of.row, of.column) == (term, at, at)).map(|(_, value)| *value)
}

/// Takes a column of Λ away: what stands below its diagonal is turned into the columns of these rows.
fn without(problem: &Problem, theta: &mut [f64], (term, column): (usize, usize)) {
    let mut own = problem.random.triangle(problem.random_part(theta), term);
    let k = own.rows();
    own[(column, column)] = 0.0;
    for row in column + 1..k {
        let (x, y) = (own[(row, row)], own[(row, column)]);
        let length = x.hypot(y);
        if y == 0.0 || length == 0.0 {
            continue;
        }
        let (c, s) = (x / length, y / length);
        for at in row..k {
            let (u, v) = (own[(at, row)], own[(at, column)]);
            (own[(at, row)], own[(at, column)]) = (c * u + s * v, c * v - s * u);
        }
        own[(row, column)] = 0.0;
    }
    write(problem, theta, term, &own);
}

fn write(problem: &Problem, theta: &mut [f64], term: usize, own: &Matrix) {
    let first = problem.of_residuals();
    for (value, place) in theta[first..].iter_mut().zip(&problem.random.places) {
        if place.term == term {
            *value = own[(place.row, place.column)];
        }
    }
}

/// The same Λ with a diagonal that is not negative.
fn rectified(problem: &Problem, found: Found) -> Found {
    let mut theta = found.theta.clone();
    for term in 0..problem.random.terms.len() {
        let mut own = problem.random.triangle(problem.random_part(&theta), term);
        for column in (0..own.rows()).filter(|&at| own[(at, at)] < 0.0).collect::<Vec<usize>>() {
            (column..own.rows()).for_each(|row| own[(row, column)] = -own[(row, column)]);
        }
        write(problem, &mut theta, term, &own);
    }
    if theta == found.theta {
        return found;
    }
    match problem.evaluate(&theta) {
        Some(at) => Found { theta, at, ..found },
        None => found,
    }
}

/// Whether no random effect that has no variance would lower the criterion if it had one: at Λ = 0 its slopes say
/// nothing.
fn is_lowest_inside(problem: &Problem, found: &Found) -> bool {
    let free = free(problem, &found.theta);
    if free.len() == found.theta.len() {
        return true;
    }
    let Some((_, _, at)) = linear(problem, &found.theta) else { return true };
    (0..problem.random.terms.len()).all(|term| {
        let slopes = slopes_by_covariance(problem, &at, term);
        let (values, _) = slopes.symmetric_eigen();
        values.first().is_none_or(|least| *least > -1e-4)
    })
}

/// The problem over the (co)variances of the random effects, with its θ and the likelihood there.
pub(super) fn linear(problem: &Problem, theta: &[f64]) -> Option<(Problem, Vec<f64>, Evaluation)> {
    let (random, of_effects) = problem.random.linear(problem.random_part(theta));
    let linear = Problem { random, ..problem.clone() };
    let theta: Vec<f64> = theta[..problem.of_residuals()].iter().copied().chain(of_effects).collect();
    let at = linear.evaluate(&theta)?;
    Some((linear, theta, at))
}

/// The derivatives of the criterion by the entries of G of a term.
fn slopes_by_covariance(problem: &Problem, at: &Evaluation, term: usize) -> Matrix {
    let first = problem.of_residuals();
    let k = problem.random.terms[term].r.rows();
    let mut slopes = Matrix::zeros(k, k);
    for (place, slope) in problem.random.places.iter().zip(&at.gradient[first..]) {
        if place.term == term {
            // A covariance stands twice in G.
            let value = if place.row == place.column { *slope } else { 0.5 * slope };
            (slopes[(place.row, place.column)], slopes[(place.column, place.row)]) = (value, value);
        }
    }
    slopes
}
