//! The lowest of several minima of the criterion, with variances that vanish set to exactly 0.

use super::super::error::MixedError;
use super::fit::{Approximation, GeneralisedModel, approximation, no_maximum_of};
use super::laplace::{Problem, Term, entries_of};
use super::search::{Found, Known, search, search_below};
use super::start::warm;
use crate::numeric::matrix::Matrix;

/// The search, with variances that vanish set to exactly 0.
pub(super) fn searched(
    problem: Problem,
    beta: Vec<f64>,
    model: GeneralisedModel,
) -> Result<(Problem, Found, bool), MixedError> {
    let mut at = unit_factors(&problem.terms);
    at.extend(beta);
    if problem.likelihood.has_dispersion() {
        at.push(0.0);
    }
    searched_from(problem, at, model)
}

/// Λ of each term with variances of 1, as the beginning of a start.
pub(super) fn unit_factors(terms: &[Term]) -> Vec<f64> {
    terms.iter().flat_map(|term| entries_of(&Matrix::identity(term.width))).collect()
}

/// The same from a given start.
pub(super) fn searched_from(
    problem: Problem,
    mut at: Vec<f64>,
    model: GeneralisedModel,
) -> Result<(Problem, Found, bool), MixedError> {
    warm(&problem, &mut at);
    let columns = columns_of_factors(&problem.terms);
    let mut approximation = approximation(&problem, model);
    let free = vec![true; at.len()];
    let first = settled(&mut approximation, &columns, &at, free).ok_or_else(|| no_maximum_of(&problem))?;
    let several = problem.rows() <= MOST_FOR_SEVERAL;
    let (mut found, free) = if several { lowest_beside(&mut approximation, &problem.terms, first) } else { first };
    let singular = free.contains(&false);
    // Second derivatives among the free parameters only; the others stay where they are.
    found.hessian = widened(&found.hessian, &free);
    Ok((problem, found, singular))
}

/// Where a search ended, and which parameters were free there.
type Settled = (Found, Vec<bool>);

/// The minimum near a start, with columns of Λ that nearly vanish at 0 where the criterion does not notice.
fn settled(
    approximation: &mut Approximation<'_>,
    columns: &[Vec<usize>],
    at: &[f64],
    mut free: Vec<bool>,
) -> Option<Settled> {
    let mut found = search(approximation, at, &free)?;
    for column in columns {
        if !free[column[0]] || found.at[column[0]].abs() > 1e-3 {
            continue;
        }
        let zero = without(&found.at, column);
        column.iter().for_each(|&place| free[place] = false);
        match search(approximation, &zero, &free).filter(|tried| tried.value <= found.value + 1e-8) {
            Some(tried) => {
                let history = std::mem::take(&mut found.history);
                found = Found { history, ..tried };
            }
            None => column.iter().for_each(|&place| free[place] = true),
        }
    }
    Some((found, free))
}

/// θ with a column of Λ at 0. What stood below the diagonal goes to the later diagonals, which can hold it as well.
fn without(at: &[f64], column: &[usize]) -> Vec<f64> {
    let mut zero = at.to_vec();
    let mut later = column[0];
    for (below, &place) in column.iter().enumerate() {
        if below > 0 {
            later += column.len() + 1 - below;
            zero[later] = zero[later].hypot(zero[place]);
        }
        zero[place] = 0.0;
    }
    zero
}

/// With more rows than this the criterion has lost its lesser minima, and the searches for them take long.
pub(super) const MOST_FOR_SEVERAL: usize = 1000;

/// Other minima are worth a search of their own where they are lower by this.
pub(super) const LOWER: f64 = 1e-6;

/// A standard deviation, on the scale of the search, from which a variance of 0 can grow.
const AWAKE: f64 = 0.1;

/// The lowest of a minimum and of those beside it: with few groups the criterion can have several, one of them often
/// where a variance is 0 or a correlation is 1 or -1. So each column of Λ that is not 0 is held there in turn, and the
/// other parameters are searched again.
fn lowest_beside(approximation: &mut Approximation<'_>, terms: &[Term], first: Settled) -> Settled {
    let columns = columns_of_factors(terms);
    let mut best = first;
    for (start, held) in beside(terms, &best) {
        let known = Known { value: best.0.value - LOWER, inverse: inverse_of(&best, &held) };
        let Some(lowest) = search_below(approximation, &start, &held, &known) else { continue };
        if lowest.value >= best.0.value - LOWER {
            continue;
        }
        let at_border = settled(approximation, &columns, &lowest.at, held.clone());
        // Whether a variance of 0 is a minimum, its slope does not say.
        let mut awake = lowest.at.clone();
        let asleep = columns.iter().map(|column| column[0]).filter(|&place| awake[place].abs() < AWAKE);
        asleep.collect::<Vec<usize>>().into_iter().for_each(|place| awake[place] = AWAKE);
        let inside = settled(approximation, &columns, &awake, vec![true; held.len()]);
        for (found, free) in at_border.into_iter().chain(inside) {
            let is_lower = found.value < best.0.value - LOWER;
            if is_lower || (found.converged && !best.0.converged && found.value < best.0.value) {
                let mut history = std::mem::take(&mut best.0.history);
                history.extend(found.history);
                best = (Found { history, ..found }, free);
            }
        }
    }
    best
}

/// Where other minima are looked for, and which parameters are free there: with each column of Λ at 0, and in terms of
/// several effects also with correlations of the other sign.
fn beside(terms: &[Term], (found, free): &Settled) -> Vec<(Vec<f64>, Vec<bool>)> {
    let mut starts = Vec::new();
    let mut first = 0;
    for term in terms {
        let end = first + term.parameters();
        let own = columns_of_factors(std::slice::from_ref(term));
        for column in own.into_iter().map(|column| column.iter().map(|at| first + at).collect::<Vec<usize>>()) {
            if free[column[0]] {
                starts.push(held_at_zero(terms, found, free, &column));
            }
        }
        let mut turned = found.at.clone();
        let below = diagonals(term);
        (first..end).filter(|at| !below.contains(&(at - first))).for_each(|at| turned[at] = -turned[at]);
        if turned != found.at {
            starts.push((turned, free.clone()));
        }
        first = end;
    }
    starts
}

/// The places of the diagonal among the entries of a term.
fn diagonals(term: &Term) -> Vec<usize> {
    columns_of_factors(std::slice::from_ref(term)).iter().map(|column| column[0]).collect()
}

/// A minimum with one more column of Λ at 0. Others that were at 0 may take over what it held.
fn held_at_zero(terms: &[Term], found: &Found, free: &[bool], column: &[usize]) -> (Vec<f64>, Vec<bool>) {
    let mut start = without(&found.at, column);
    let mut held = vec![true; free.len()];
    column.iter().for_each(|&place| held[place] = false);
    for other in columns_of_factors(terms) {
        if !free[other[0]] && other[0] != column[0] {
            start[other[0]] = found.at[column[0]].abs();
        }
    }
    (start, held)
}

/// About the inverse of the second derivatives among the parameters that are free elsewhere.
fn inverse_of((found, free): &Settled, held: &[bool]) -> Option<Matrix> {
    // Nothing is known of those that were held, and of correlations of the other sign.
    if held == free || (0..held.len()).any(|at| held[at] && !free[at]) {
        return None;
    }
    let whole = widened(&found.hessian, free);
    let places: Vec<usize> = (0..held.len()).filter(|&at| held[at]).collect();
    Some(whole.part(&places).cholesky()?.inverse())
}

/// The places of the entries of each column of Λ in θ, the diagonal first.
fn columns_of_factors(terms: &[Term]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for term in terms {
        for column in 0..term.width {
            let entries = term.width - column;
            found.push((start..start + entries).collect());
            start += entries;
        }
    }
    found
}

/// A matrix over all parameters, with 1 on the diagonal of those that were held.
fn widened(hessian: &Matrix, free: &[bool]) -> Matrix {
    let place = |at: usize| free[at].then(|| free[..at].iter().filter(|free| **free).count());
    Matrix::from_fn(free.len(), free.len(), |i, j| match (place(i), place(j)) {
        (Some(i), Some(j)) => hessian[(i, j)],
        _ => f64::from(u8::from(i == j)),
    })
}
