//! Parameters that the data do not determine.

use super::components::{Component, Range, Structure};
use super::likelihood::Likelihood;
use super::search::Search;
use crate::numeric::matrix::{Matrix, dot};
use std::sync::Arc;

/// The share of its information that a direction of parameters keeps beside the coefficients and the other
/// parameters; one with less has none.
const FLAT: f64 = 1e-9;

/// The square of the score in units of its information, below which it is zero: a parameter ends at a border because
/// the likelihood is level there, and not because it rises towards it.
const LEVEL: f64 = 1e-10;

/// What a parameter is called in a sentence.
pub(super) fn label(component: &Component, which: usize) -> String {
    let name = &component.name;
    let Some(inner) = &component.inner else { return format!("the variance of {name}") };
    let (levels, count) = (&inner.levels, component.split(&vec![0.0; component.parameters()]).0.len());
    if which < count {
        return if count == 1 {
            format!("the variance of {name}")
        } else {
            format!("the variance of {} in {name}", levels[which])
        };
    }
    if inner.structure == Structure::Un {
        let mut pairs = (0..levels.len()).flat_map(|a| (a + 1..levels.len()).map(move |b| (a, b)));
        if let Some((a, b)) = pairs.nth(which - count) {
            return format!("the correlation of {} and {} in {name}", levels[a], levels[b]);
        }
    }
    format!("the correlation of {name}")
}

/// The variances of random intercepts of which restricted likelihood says nothing at any value: the coefficients take
/// the mean of each of their groups, as of an only one.
pub(super) fn beyond_reml(likelihood: &Likelihood<'_>, ranges: &[Range]) -> Vec<(usize, String)> {
    let columns = &likelihood.basis.columns;
    let is_within = |component: &Component| {
        let mut sums = vec![vec![0.0; columns.len()]; component.levels.len()];
        let mut sizes = vec![0.0; component.levels.len()];
        for (row, &group) in component.groups.iter().enumerate() {
            sizes[group] += 1.0;
            sums[group].iter_mut().zip(columns).for_each(|(sum, column)| *sum += column[row]);
        }
        sums.iter().zip(&sizes).all(|(sums, size)| size - dot(sums, sums) <= WITHIN * size)
    };
    let is_lost = |&(component, &offset): &(&Component, &usize)| {
        likelihood.restricted && component.inner.is_none() && !ranges[offset].is_given() && is_within(component)
    };
    let all = likelihood.components.iter().zip(&likelihood.offsets).filter(is_lost);
    all.map(|(component, &offset)| (offset, label(component, 0))).collect()
}

/// The part of a column that others leave of it, where they leave none.
const WITHIN: f64 = 1e-10;

/// The parameters along which the likelihood is flat, with their names. Those at a border towards which it rises are
/// left out, and correlations of a variance of 0, which is told of itself.
///
/// A direction is flat where the expected information ½ tr PKPK vanishes, as it does where the coefficients take all
/// that the data say of it. It is measured by the information ½ tr M⁻¹KM⁻¹K of known coefficients.
pub(super) fn undetermined(likelihood: &Likelihood<'_>, ranges: &[Range], search: &Search) -> Vec<(usize, String)> {
    let parameters = &search.parameters;
    let known = Likelihood {
        blocks: likelihood.blocks.clone(),
        offsets: likelihood.offsets.clone(),
        basis: Arc::clone(&likelihood.basis),
        restricted: false,
        ..*likelihood
    };
    let of_known = known.score(parameters, &search.state).expected;
    let slope = likelihood.score(parameters, &search.state);
    let mut names = Vec::new();
    let mut considered = Vec::new();
    for (at, component) in likelihood.components.iter().enumerate() {
        let (own, offset) = (likelihood.own(at, parameters), likelihood.offsets[at]);
        let (variances, _) = component.split(own);
        let has_zero = variances.contains(&0.0);
        for which in 0..own.len() {
            let (value, range) = (own[which], ranges[offset + which]);
            if range.is_given() {
                continue;
            }
            let is_correlation = which >= variances.len();
            let is_inside = value > range.lower && value < range.upper;
            // The derivative along a standard deviation is 0 wherever it is 0.
            let can_be_level = is_correlation || !component.has_deviations();
            let is_level = slope.score[offset + which].powi(2) <= LEVEL * of_known[(offset + which, offset + which)];
            if (is_inside || (can_be_level && is_level)) && !(has_zero && is_correlation) {
                considered.push(offset + which);
                names.push(label(component, which));
            }
        }
    }
    let whole = of_known.part(&considered).diagonal();
    let left = slope.expected.part(&considered);
    let flat = flat_among(&whole, &left);
    // A likelihood of the square of a correlation has no information at 0, and falls beside it.
    let falls_beside = |at: usize| {
        let moved = |by: f64| {
            let mut moved = parameters.clone();
            moved[at] = (moved[at] + by).clamp(ranges[at].lower, ranges[at].upper);
            if likelihood.is_covariance(&moved) { likelihood.at(&moved) } else { None }
        };
        let falls = |by: f64| moved(by).is_some_and(|of| of.log_likelihood < search.state.log_likelihood - SAME);
        ranges[at].is_correlation && of_known[(at, at)] <= 0.0 && falls(0.5) && falls(-0.5)
    };
    let flat: Vec<bool> = flat.iter().zip(&considered).map(|(flat, &at)| *flat && !falls_beside(at)).collect();
    let inside = considered.into_iter().zip(names).zip(flat).filter_map(|(of, is_flat)| is_flat.then_some(of));
    inside.chain(level_at_zero(likelihood, ranges, search)).collect()
}

/// Likelihoods this close are the same.
const SAME: f64 = 1e-8;

/// The standard deviations that ended at 0, where no derivative tells, though the likelihood is the same elsewhere.
fn level_at_zero(likelihood: &Likelihood<'_>, ranges: &[Range], search: &Search) -> Vec<(usize, String)> {
    let mut level = Vec::new();
    for (at, component) in likelihood.components.iter().enumerate().filter(|(_, of)| of.has_deviations()) {
        let (variances, _) = component.split(likelihood.own(at, &search.parameters));
        for which in (0..variances.len()).filter(|&which| variances[which] == 0.0) {
            let place = likelihood.offsets[at] + which;
            let mut moved = search.parameters.clone();
            moved[place] = ranges[place].start;
            let elsewhere = if likelihood.is_covariance(&moved) { likelihood.at(&moved) } else { None };
            let is_level = elsewhere.is_some_and(|of| (of.log_likelihood - search.state.log_likelihood).abs() < SAME);
            if is_level && !ranges[place].is_given() {
                level.push((place, label(component, which)));
            }
        }
    }
    level
}

/// Which parameters belong to a direction without information: what is left of it, beside its whole.
fn flat_among(whole: &[f64], left: &Matrix) -> Vec<bool> {
    let mut flat: Vec<bool> = whole.iter().map(|information| *information <= 0.0).collect();
    let rest: Vec<usize> = (0..whole.len()).filter(|&at| !flat[at]).collect();
    if !rest.is_empty() {
        let of = |a: usize, b: usize| left[(rest[a], rest[b])] / (whole[rest[a]] * whole[rest[b]]).sqrt();
        let (values, vectors) = Matrix::from_fn(rest.len(), rest.len(), of).symmetric_eigen();
        for (column, _) in values.iter().enumerate().filter(|(_, value)| **value < FLAT) {
            let part = |row: usize| vectors[(row, column)].abs() > 0.05;
            (0..rest.len()).filter(|&row| part(row)).for_each(|row| flat[rest[row]] = true);
        }
    }
    flat
}
