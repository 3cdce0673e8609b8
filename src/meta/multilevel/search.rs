//! The search for the maximum of the likelihood.

use super::components::Range;
use super::cone::Cone;
use super::likelihood::{Likelihood, Slope, State};
use crate::meta::problem::MetaError;
use crate::numeric::matrix::{Matrix, dot};

/// The decrement of a Newton step at which the maximum is reached.
const ENOUGH: f64 = 1e-18;
/// The same on a profile, of which the value alone counts: it lies half as far below its maximum.
const ENOUGH_OF_PROFILE: f64 = 1e-10;

/// Where a search ended.
pub(super) struct Search {
    pub parameters: Vec<f64>,
    pub state: State,
    pub iterations: usize,
    /// Whether the score is zero, or points out of the range at its border.
    pub converged: bool,
}

/// With more effects than this, the likelihood has lost most of its lesser maxima, and a grid of starts costs too much.
const MOST_FOR_GRID: usize = 2000;

/// How many of the best points of the grid are searched from: more where it is coarse for the number of variances.
fn searched(ranges: &[Range]) -> usize {
    if ranges.iter().filter(|range| is_searched_variance(range)).count() > MOST_CROSSED { 5 } else { 2 }
}

/// Whether a parameter is a variance that is not given.
pub(super) fn is_searched_variance(range: &Range) -> bool {
    !range.is_correlation && !range.is_given()
}

/// With more variances than these, they are no longer varied against each other.
const MOST_CROSSED: usize = 3;

impl Search {
    /// The highest maximum of this search and of those from elsewhere: with few groups the likelihood can have several,
    /// one of them often at a variance of 0. Elsewhere are the highest points of a coarse grid over the range.
    pub fn restart(&mut self, likelihood: &Likelihood<'_>, ranges: &[Range]) -> Result<(), MetaError> {
        if ranges.iter().all(Range::is_given) {
            return Ok(());
        }
        let mut starts: Vec<(f64, Vec<f64>)> = grid(ranges, likelihood.problem.k() <= MOST_FOR_GRID)
            .into_iter()
            .filter(|start| likelihood.is_covariance(start))
            .filter_map(|start| Some((likelihood.at(&start)?.log_likelihood, start)))
            .collect();
        starts.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, start) in starts.into_iter().take(searched(ranges)) {
            self.rise_from(likelihood, ranges, start)?;
        }
        for start in self.with_other_signs(likelihood, ranges) {
            self.rise_from(likelihood, ranges, start)?;
        }
        if likelihood.problem.k() <= MOST_FOR_GRID {
            self.try_borders(likelihood, ranges)?;
            self.try_simpler(likelihood, ranges)?;
        }
        Ok(())
    }

    /// The end of this search with the other sign of an autocorrelation. Where the variance of a time is 0, its
    /// neighbours on either side say little of the sign, and the variance may grow under the other one.
    fn with_other_signs(&self, likelihood: &Likelihood<'_>, ranges: &[Range]) -> Vec<Vec<f64>> {
        let mut starts = Vec::new();
        for (at, component) in likelihood.components.iter().enumerate() {
            let (variances, correlations) = component.split(likelihood.own(at, &self.parameters));
            let is_temporal = component.inner.as_ref().is_some_and(|inner| inner.structure.is_temporal());
            let place = likelihood.offsets[at] + variances.len();
            let is_searched = !correlations.is_empty() && !ranges[place].is_given();
            if is_temporal && variances.contains(&0.0) && is_searched {
                let mut start = self.parameters.clone();
                start[place] = -start[place];
                starts.push(start);
            }
        }
        starts
    }

    /// Holds variances that the data do not determine near their starts, where the search has taken them far from
    /// these, or to 0, for nothing. Gives the coefficients whose estimates, or standard errors alone, move with them, also
    /// where these were near already, and whether it is the estimate.
    pub fn hold(
        &mut self,
        likelihood: &Likelihood<'_>,
        ranges: &[Range],
        undetermined: &[(usize, String)],
    ) -> Result<Vec<(usize, bool)>, MetaError> {
        let coefficients =
            |of: &Self| (likelihood.beta(&of.state), likelihood.covariance_of_beta(&of.state).diagonal());
        let before = coefficients(self);
        for (at, _) in undetermined {
            let range = ranges[*at];
            let value = self.parameters[*at];
            if range.is_correlation || (value > 0.0 && value < FAR * range.start) {
                continue;
            }
            let mut start = self.parameters.clone();
            start[*at] = range.start;
            let held = maximise(likelihood, ranges, start, Some(*at))?;
            if held.state.log_likelihood > self.state.log_likelihood - SAME {
                *self = held;
            }
        }
        let mut all = vec![before];
        for (at, _) in undetermined {
            let (range, mut start) = (ranges[*at], self.parameters.clone());
            start[*at] = match range.is_correlation {
                true => (start[*at] - 0.5f64.copysign(start[*at])).clamp(range.lower, range.upper),
                false => 4.0 * start[*at].max(range.start),
            };
            if !likelihood.is_covariance(&start) || likelihood.at(&start).is_none() {
                continue;
            }
            let other = maximise(likelihood, ranges, start, Some(*at))?;
            if (other.state.log_likelihood - self.state.log_likelihood).abs() < SAME {
                all.push(coefficients(&other));
            }
        }
        let (own, variances) = coefficients(self);
        let moves = |j: usize| {
            let is_other = |other: &(Vec<f64>, Vec<f64>)| (other.0[j] - own[j]).abs() > 1e-3 * variances[j].sqrt();
            let is_wider = |other: &(Vec<f64>, Vec<f64>)| (other.1[j] / variances[j] - 1.0).abs() > 1e-2;
            let moves_estimate = all.iter().any(is_other);
            (moves_estimate || all.iter().any(is_wider)).then_some((j, moves_estimate))
        };
        Ok((0..own.len()).filter_map(moves).collect())
    }
}

/// A variance, or standard deviation, that ends so many times its start is beyond what any data tell.
const FAR: f64 = 1e3;

/// Likelihoods this close are the same to a search along a direction without information.
const SAME: f64 = 1e-5;

/// Points of the range: multiples of the start for the variances, and weak, strong and negative correlations. Up to
/// three variances are varied against each other; of more, each is small or large alone, and all are together.
fn grid(ranges: &[Range], is_fine: bool) -> Vec<Vec<f64>> {
    const MULTIPLES: [f64; 4] = [0.01, 0.3, 4.0, 30.0];
    const ALONE: [f64; 2] = [0.01, 4.0];
    let variances: Vec<usize> = (0..ranges.len()).filter(|&at| is_searched_variance(&ranges[at])).collect();
    if !is_fine {
        let far = |range: &Range| match (range.is_given(), range.is_correlation) {
            (true, _) => range.start,
            (_, true) => 0.1,
            (_, false) => 4.0 * range.start,
        };
        return vec![ranges.iter().map(far).collect()];
    }
    let count = variances.len() as u32;
    let scales: Vec<Vec<f64>> = if variances.len() <= MOST_CROSSED {
        let digit =
            |combination: usize, place: u32| MULTIPLES[combination / MULTIPLES.len().pow(place) % MULTIPLES.len()];
        let combination = |at: usize| (0..count).map(|place| digit(at, place)).collect();
        (0..MULTIPLES.len().pow(count)).map(combination).collect()
    } else {
        let together = MULTIPLES.iter().map(|multiple| vec![*multiple; variances.len()]);
        let alone = (0..variances.len()).flat_map(|one| {
            ALONE.map(|multiple| (0..variances.len()).map(|at| if at == one { multiple } else { 1.0 }).collect())
        });
        together.chain(alone).collect()
    };
    let correlations: &[f64] = match ranges.iter().any(|range| range.is_correlation && !range.is_given()) {
        true if variances.len() > MOST_CROSSED => &[0.1, 0.9, -0.5, -0.9],
        true => &[0.1, 0.9, -0.5],
        false => &[0.0],
    };
    let mut points = Vec::with_capacity(scales.len() * correlations.len());
    for scale in &scales {
        for rho in correlations {
            let mut point: Vec<f64> = ranges
                .iter()
                .map(|range| if range.is_given() { range.start } else { rho.max(0.95 * range.lower) })
                .collect();
            for (&at, multiple) in variances.iter().zip(scale) {
                point[at] = multiple * ranges[at].start;
            }
            points.push(point);
        }
    }
    points
}

/// The maximum near a start, with one parameter fixed there. Where correlations between −1 and 1 may be those of
/// no covariance and steps lead there, the search goes on over the covariances alone.
pub(super) fn maximise(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    start: Vec<f64>,
    fixed: Option<usize>,
) -> Result<Search, MetaError> {
    if !likelihood.has_cone() {
        return in_box(likelihood, ranges, start, fixed);
    }
    let inside = likelihood.is_covariance(&start);
    let search = if inside { Some(in_box(likelihood, ranges, start.clone(), fixed)?) } else { None };
    let (begin, iterations) = match search {
        Some(search) if search.converged => return Ok(search),
        Some(search) => (search.parameters, search.iterations),
        None => (start, 0),
    };
    let cone = Cone::new(likelihood, ranges, fixed.map(|at| (at, begin[at])));
    let mut found = cone.maximise(&begin)?;
    if fixed.is_none() {
        let own: Vec<f64> = ranges.iter().map(|range| range.start).collect();
        let other = cone.maximise(&own)?;
        if other.state.log_likelihood > found.state.log_likelihood {
            found = other;
        }
    }
    Ok(Search { parameters: found.parameters, state: found.state, iterations, converged: found.converged })
}

/// A parameter with no more information than this, in its own unit, and no larger slope, stays where it is.
const STILL: f64 = 1e-10;

/// Steps that may lead out of the covariances before the box is left for them.
const MOST_CUT: usize = 5;

/// Where the promise of a step is so many times as large, what is left to rise is no more than that.
const MOST_LEFT: f64 = 100.0;

/// Newton's steps, or Fisher's scoring, inside a box: a parameter at a border stays there while its score points
/// outwards. A step that does not raise the likelihood is halved, and so is one to parameters of no covariance.
fn in_box(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    start: Vec<f64>,
    fixed: Option<usize>,
) -> Result<Search, MetaError> {
    in_box_above(likelihood, ranges, start, fixed, f64::NEG_INFINITY)
}

/// The same as long as it may lead above a likelihood.
pub(super) fn in_box_above(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    start: Vec<f64>,
    fixed: Option<usize>,
    above: f64,
) -> Result<Search, MetaError> {
    let mut parameters = start;
    let mut cut = 0;
    let enough = if fixed.is_some() { ENOUGH_OF_PROFILE } else { ENOUGH };
    let singular = || MetaError::Option("the covariance matrix of the effects is not positive definite".to_owned());
    let mut state = likelihood.at(&parameters).ok_or_else(singular)?;
    for iterations in 0..MOST_STEPS {
        let Slope { score, expected, observed } = likelihood.score(&parameters, &state);
        let free: Vec<usize> = (0..parameters.len())
            .filter(|&at| {
                let (value, range) = (parameters[at], ranges[at]);
                let outwards = (value <= range.lower && score[at] <= 0.0) || (value >= range.upper && score[at] >= 0.0);
                // As a correlation at 0 of which the likelihood has the square alone; rounding gives it a direction.
                let unit = if range.is_correlation { 1.0 } else { range.start };
                let is_still = expected[(at, at)] * unit * unit <= STILL && (score[at] * unit).abs() <= STILL;
                !outwards && !is_still && fixed != Some(at)
            })
            .collect();
        let part: Vec<f64> = free.iter().map(|&at| score[at]).collect();
        // Newton's step where the likelihood is concave, and Fisher's elsewhere.
        let newton = observed.and_then(|observed| Some(observed.part(&free).cholesky()?.solve(&part)));
        let direction = newton.unwrap_or_else(|| ascent(&expected.part(&free), &part));
        let decrement = dot(&direction, &part);
        if free.is_empty() || decrement <= enough {
            return Ok(Search { parameters, state, iterations, converged: true });
        }
        if state.log_likelihood + MOST_LEFT * decrement < above {
            return Ok(Search { parameters, state, iterations, converged: false });
        }
        let mut step = 1.0;
        let mut is_cut = false;
        let improved = loop {
            let mut tried = parameters.clone();
            for (&at, along) in free.iter().zip(&direction) {
                tried[at] = (tried[at] + step * along).clamp(ranges[at].lower, ranges[at].upper);
            }
            let inside = likelihood.is_covariance(&tried);
            is_cut |= !inside;
            let next = if inside { likelihood.at(&tried) } else { None };
            if let Some(next) = next.filter(|next| next.log_likelihood > state.log_likelihood) {
                break Some((tried, next));
            }
            step *= 0.5;
            if step < 1e-12 {
                break None;
            }
        };
        cut += usize::from(is_cut);
        match improved {
            Some((tried, next)) if cut > MOST_CUT => {
                return Ok(Search { parameters: tried, state: next, iterations, converged: false });
            }
            Some((tried, next)) => (parameters, state) = (tried, next),
            None if is_cut => return Ok(Search { parameters, state, iterations, converged: false }),
            // Rounding hides any further rise; at a maximum the decrement is small.
            None if decrement < 1e-8 => return Ok(Search { parameters, state, iterations, converged: true }),
            None => match without_correlations(likelihood, ranges, (&parameters, &state), &free) {
                Some((tried, next)) => (parameters, state) = (tried, next),
                None => return Ok(Search { parameters, state, iterations, converged: false }),
            },
        }
    }
    Ok(Search { parameters, state, iterations: MOST_STEPS, converged: false })
}

/// The same with the free correlations at 0, if they are not there and the likelihood is no lower for it: where it has
/// the square of one alone, information vanishes faster than the slope, and no step leads on.
fn without_correlations(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    (parameters, state): (&[f64], &State),
    free: &[usize],
) -> Option<(Vec<f64>, State)> {
    let mut tried = parameters.to_vec();
    let may_be_0 = |at: &&usize| ranges[**at].is_correlation && ranges[**at].lower <= 0.0 && ranges[**at].upper >= 0.0;
    free.iter().filter(may_be_0).for_each(|&at| tried[at] = 0.0);
    let is_other = tried != parameters && likelihood.is_covariance(&tried);
    let next = if is_other { likelihood.at(&tried) } else { None };
    next.filter(|next| next.log_likelihood >= state.log_likelihood - 1e-9).map(|next| (tried, next))
}

const MOST_STEPS: usize = 500;

/// I⁻¹s, with the diagonal raised where the information is singular.
fn ascent(information: &Matrix, score: &[f64]) -> Vec<f64> {
    let size = information.rows();
    let mut ridge = 0.0;
    loop {
        let raised = Matrix::from_fn(size, size, |a, b| {
            information[(a, b)] * if a == b { 1.0 + ridge } else { 1.0 } + if a == b { ridge * 1e-12 } else { 0.0 }
        });
        if let Some(cholesky) = raised.cholesky() {
            return cholesky.solve(score);
        }
        ridge = if ridge == 0.0 { 1e-8 } else { ridge * 100.0 };
        if ridge > 1e20 {
            return score.to_vec();
        }
    }
}
