//! Likelihood-ratio tests between multilevel models.

use super::components::{Component, Structure};
use super::fit::{Multilevel, MultilevelFit};
use crate::estimate::ChiSquared;
use crate::meta::comparison::{Comparison, nested};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::format::significant;
use std::collections::HashMap;

/// Compares two sets of moderators, one within the other, by maximum likelihood: restricted likelihoods of
/// different coefficients cannot be compared.
///
/// Source: Wilks (1938), Ann Math Stat 9:60.
///
/// # Errors
/// If neither model is within the other, or one cannot be fitted.
pub fn compare_moderators(model: &Multilevel, first: &Problem, second: &Problem) -> Result<Comparison, MetaError> {
    let (full, reduced) = nested(first, second)?;
    let mut notes = Vec::new();
    if model.restricted {
        notes.push(
            "the models were fitted again by maximum likelihood: those of REML with other moderators cannot be \
             compared"
                .to_owned(),
        );
    }
    let model = Multilevel { restricted: false, profile: false, ..model.clone() };
    let (large, small) = (model.fit(full)?, model.fit(reduced)?);
    tested(&large, &small, full.p() as f64 - reduced.p() as f64, notes)
}

/// Compares two sets of random effects for the same moderators, by the likelihood of the first model: REML will do.
///
/// Source: Wilks (1938), Ann Math Stat 9:60; on variances at 0 Self & Liang (1987), J Am Stat Assoc 82:605.
///
/// # Errors
/// If both have as many parameters, or neither can be within the other, or one cannot be fitted.
pub fn compare_random(first: &Multilevel, second: &Multilevel, problem: &Problem) -> Result<Comparison, MetaError> {
    let of = |model: &Multilevel| Multilevel { profile: false, restricted: first.restricted, ..model.clone() };
    let (mut large, mut small) = (of(first).fit(problem)?, of(second).fit(problem)?);
    let (mut outer, mut inner) = (&first.components, &second.components);
    if large.estimated < small.estimated {
        std::mem::swap(&mut large, &mut small);
        std::mem::swap(&mut outer, &mut inner);
    }
    let df = large.estimated as f64 - small.estimated as f64;
    let rise = large.statistics.log_likelihood - small.statistics.log_likelihood;
    if df == 0.0 || !are_within(inner, outer) {
        let message = "neither random part is within the other: a likelihood-ratio test needs one with fewer \
                       variances or correlations that the other contains";
        return Err(MetaError::Option(message.to_owned()));
    }
    if rise < -1e-6 {
        let why = format!(
            "the random part with more parameters has a log-likelihood that is lower by {}: the search for its maximum \
             ended at a lesser one",
            significant(-rise, 2)
        );
        return Err(MetaError::not_converged("the comparison", &why));
    }
    let note = "a variance of 0 lies at the border of its range, where the p-value is larger than it should be";
    tested(&large, &small, df, vec![note.to_owned()])
}

/// Whether each random effect is a case of one among others.
fn are_within(small: &[Component], large: &[Component]) -> bool {
    // The sum of two covariances of these structures is none of the same structure.
    let is_for_one = |of: &Component| {
        of.inner.as_ref().is_some_and(|of| matches!(of.structure, Structure::Hcs | Structure::Ar | Structure::Har))
    };
    let mut taken = vec![false; large.len()];
    small.iter().all(|own| {
        let mut others = (0..large.len()).filter(|&at| !taken[at] && is_case(own, &large[at]));
        let found = others.clone().find(|&at| !is_for_one(&large[at])).or_else(|| others.next());
        found.inspect(|&at| taken[at] = is_for_one(&large[at])).is_some()
    })
}

/// Whether every covariance of one random effect is one of another.
fn is_case(small: &Component, large: &Component) -> bool {
    // With some of its numbers given, a random effect has itself as a case, whose others may be given, too.
    if large.estimated() < large.parameters() {
        return small.is_held_like(large);
    }
    // A covariance with known correlations is that of no other kind.
    if small.known != large.known {
        return false;
    }
    if large.known.is_some() {
        return has_same_classes(&small.groups, &large.groups);
    }
    let is_independent = small.inner.as_ref().is_none_or(|inner| inner.structure == Structure::Id);
    if is_independent && has_same_classes(&cells(small), &cells(large)) {
        // One variance for all cells and no correlation is a case of every structure.
        return true;
    }
    let has_same_groups = has_same_classes(&small.groups, &large.groups);
    has_same_groups
        && match (&small.inner, &large.inner) {
            (None, None) => true,
            // All levels of a group share one effect: their correlation is 1.
            (None, Some(large)) => !matches!(large.structure, Structure::Id | Structure::Diag),
            (Some(small), Some(large)) => {
                has_same_classes(&small.values, &large.values) && is_special(small.structure, large.structure)
            }
            (Some(_), None) => false,
        }
}

/// The combination of group and inner level of each row.
fn cells(component: &Component) -> Vec<(usize, usize)> {
    let inner = |row: usize| component.inner.as_ref().map_or(0, |inner| inner.values[row]);
    component.groups.iter().enumerate().map(|(row, &group)| (group, inner(row))).collect()
}

/// Whether two lists put the same rows together, whatever they call them.
fn has_same_classes<T: Copy + Eq + std::hash::Hash>(one: &[T], other: &[T]) -> bool {
    let (mut there, mut back) = (HashMap::new(), HashMap::new());
    one.iter().zip(other).all(|(&a, &b)| *there.entry(a).or_insert(b) == b && *back.entry(b).or_insert(a) == a)
}

/// Whether a structure is a case of another one of the same levels.
fn is_special(small: Structure, large: Structure) -> bool {
    use Structure::{Ar, Cs, Diag, Har, Hcs, Id, Un};
    small == large
        || match large {
            Id => false,
            Diag | Cs | Ar => small == Id,
            Hcs => matches!(small, Id | Diag | Cs),
            Har => matches!(small, Id | Diag | Ar),
            Un => true,
        }
}

fn tested(large: &MultilevelFit, small: &MultilevelFit, df: f64, notes: Vec<String>) -> Result<Comparison, MetaError> {
    if !(large.converged && small.converged) {
        let why = "one of the two likelihoods did not reach its maximum";
        return Err(MetaError::not_converged("the comparison", why));
    }
    let (full, reduced) = (large.statistics, small.statistics);
    let test = ChiSquared::of_likelihoods(full.log_likelihood, reduced.log_likelihood, df);
    Ok(Comparison { full, reduced, test, tau2: None, notes })
}

#[cfg(test)]
mod tests {
    use super::super::components::Inner;
    use super::*;

    fn component(groups: &[usize], inner: Option<(&[usize], Structure)>) -> Component {
        let names = |of: &[usize]| of.iter().map(ToString::to_string).collect::<Vec<String>>();
        let inner =
            inner.map(|(values, structure)| Inner { structure, values: values.to_vec(), levels: names(values) });
        Component { inner, ..Component::intercepts("g", groups.to_vec(), names(groups)) }
    }

    #[test]
    fn random_effects_lie_within_others_by_what_they_share() {
        let (group, turned, other, cell) = ([0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1], [0, 1, 2, 3]);
        let visits = |structure| component(&group, Some((&other, structure)));
        let shared = component(&group, None);
        let cases = [
            (vec![component(&turned, None)], vec![shared.clone(), component(&cell, None)], true),
            (vec![component(&other, None)], vec![shared.clone(), component(&cell, None)], false),
            (vec![shared.clone()], vec![visits(Structure::Cs)], true),
            (vec![shared.clone()], vec![visits(Structure::Diag)], false),
            (vec![shared.clone(), component(&cell, None)], vec![visits(Structure::Un)], true),
            // A shared effect beside an independent one is no covariance of this kind.
            (vec![shared.clone(), component(&cell, None)], vec![visits(Structure::Har)], false),
            (vec![component(&cell, None)], vec![visits(Structure::Diag)], true),
            (vec![visits(Structure::Cs)], vec![visits(Structure::Hcs)], true),
            (vec![visits(Structure::Ar)], vec![visits(Structure::Hcs)], false),
            (vec![visits(Structure::Cs)], vec![shared], false),
        ];
        for (small, large, expected) in cases {
            assert_eq!(are_within(&small, &large), expected, "{small:?} in {large:?}");
        }
    }
}
