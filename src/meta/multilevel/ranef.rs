//! Predictions of random effects.

use super::blocks::Block;
use super::components::Component;
use super::fit::{Multilevel, MultilevelFit, possible_block};
use super::likelihood::{Likelihood, State};
use crate::meta::deletion::Blup;
use crate::meta::fit::Test;
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::statistics::critical;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};
use std::sync::Arc;

/// One random effect.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RandomEffect {
    /// The group, with the level inside it where something varies there.
    pub level: String,
    /// The prediction.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
}

/// The best linear unbiased predictions GZ′M⁻¹(y − Xb) of every component, with the standard errors of
/// √diag(G − GZ′PZG).
///
/// Source: Robinson (1991), Stat Sci 6:15.
///
/// # Errors
/// If the covariance is not positive definite.
#[doc(alias = "ranef")]
pub fn random_effects(
    model: &Multilevel,
    problem: &Problem,
    fit: &MultilevelFit,
) -> Result<Vec<(String, Vec<RandomEffect>)>, MetaError> {
    let (likelihood, state) = model.state_at_fit(problem, fit)?;
    let information = state.information.inverse();
    let mut result = Vec::new();
    for (at, component) in model.components.iter().enumerate() {
        let parameters = likelihood.own(at, &fit.parameters);
        let mut effects = Vec::new();
        for (block, inverse) in likelihood.blocks.iter().zip(&state.inverses) {
            let rows = &block.rows;
            let pull = inverse.times_vector(&likelihood.residuals(rows, &state.gamma));
            let weighted = inverse.times(&likelihood.q(rows));
            for (level, member) in members(component, rows) {
                // The covariances of the effect with the rows of the block.
                let with: Vec<f64> = rows.iter().map(|&row| component.covariance(parameters, member, row)).collect();
                let along: Vec<f64> = weighted.transposed().times_vector(&with);
                let explained = inverse.quadratic(&with) - information.quadratic(&along);
                let variance = component.covariance(parameters, member, member);
                let estimate = with.iter().zip(&pull).map(|(a, b)| a * b).sum();
                effects.push((
                    level,
                    RandomEffect { level: String::new(), estimate, se: (variance - explained).max(0.0).sqrt() },
                ));
            }
        }
        effects.sort_by_key(|(level, _)| *level);
        let named = effects
            .into_iter()
            .map(|((group, inner), effect)| RandomEffect { level: name(component, group, inner), ..effect });
        result.push((component.name.clone(), named.collect()));
    }
    Ok(result)
}

/// The true effect of every row: x′b with all random effects of the row together. With c the covariances of its
/// random effects with the rows of its block, x′b + c′M⁻¹(y − Xb), and the variance of its error
/// g − c′M⁻¹c + d′(X′M⁻¹X)⁻¹d with d = x − X′M⁻¹c.
///
/// Source: Robinson (1991), Stat Sci 6:15, section 5.1.
///
/// # Errors
/// If the covariance is not positive definite.
pub fn true_effects(model: &Multilevel, problem: &Problem, fit: &MultilevelFit) -> Result<Vec<Blup>, MetaError> {
    possible_level(model.level)?;
    let (likelihood, state) = model.state_at_fit(problem, fit)?;
    let information = state.information.inverse();
    let half = critical(model.level, (model.test != Test::Z).then(|| problem.residual_df()));
    let mut blups = vec![None; problem.k()];
    for (block, inverse) in likelihood.blocks.iter().zip(&state.inverses) {
        let rows = &block.rows;
        let q = likelihood.q(rows);
        let pull = inverse.times_vector(&likelihood.residuals(rows, &state.gamma));
        let weighted = inverse.times(&q).transposed();
        for (place, &row) in rows.iter().enumerate() {
            let shared = |other: &usize| {
                let of = |(at, component): (usize, &Component)| {
                    component.covariance(likelihood.own(at, &fit.parameters), row, *other)
                };
                model.components.iter().enumerate().map(of).sum::<f64>()
            };
            let with: Vec<f64> = rows.iter().map(shared).collect();
            let explained = weighted.times_vector(&with);
            let rest: Vec<f64> = q.row(place).iter().zip(&explained).map(|(q, part)| q - part).collect();
            let estimate = dot(q.row(place), &state.gamma) + dot(&with, &pull);
            let variance = with[place] - inverse.quadratic(&with) + information.quadratic(&rest);
            let se = variance.max(0.0).sqrt();
            let pi = Interval::around(estimate, half * se);
            blups[row] = Some(Blup { estimate, se, pi });
        }
    }
    Ok(blups.into_iter().flatten().collect())
}

/// The effects of a component in a block, each with a row that has it.
fn members(component: &Component, rows: &[usize]) -> Vec<((usize, usize), usize)> {
    let level = |row: usize| (component.groups[row], component.inner.as_ref().map_or(0, |inner| inner.values[row]));
    let mut members: Vec<((usize, usize), usize)> = rows.iter().map(|&row| (level(row), row)).collect();
    members.sort_unstable();
    members.dedup_by_key(|(level, _)| *level);
    members
}

fn name(component: &Component, group: usize, inner: usize) -> String {
    match &component.inner {
        None => component.levels[group].clone(),
        Some(of) => format!("{} | {}", of.levels[inner], component.levels[group]),
    }
}

impl Multilevel {
    /// The likelihood with the blocks of a fit.
    ///
    /// # Errors
    /// If the fit is of other studies, moderators or random effects.
    pub(super) fn at_fit<'a>(&'a self, problem: &'a Problem, fit: &MultilevelFit) -> Result<Likelihood<'a>, MetaError> {
        problem.is_that_of(fit.blocks.iter().map(|block| block.rows.len()).sum(), fit.coefficients.len())?;
        if self.components.iter().map(Component::parameters).sum::<usize>() != fit.parameters.len() {
            return Err(MetaError::Option("the fit has other random effects than the model".to_owned()));
        }
        Ok(Likelihood {
            problem,
            v: &self.v,
            components: &self.components,
            blocks: fit.blocks.clone(),
            offsets: self.offsets(),
            restricted: self.restricted,
            basis: Arc::new(problem.basis()),
        })
    }

    /// The likelihood of a fit, at its estimates.
    pub(super) fn state_at_fit<'a>(
        &'a self,
        problem: &'a Problem,
        fit: &MultilevelFit,
    ) -> Result<(Likelihood<'a>, State), MetaError> {
        let likelihood = self.at_fit(problem, fit)?;
        let state = likelihood.at(&fit.parameters);
        let state = state.ok_or_else(|| MetaError::Option("the covariance is singular".to_owned()))?;
        Ok((likelihood, state))
    }

    /// The covariances of the blocks at the estimates.
    pub(super) fn covariances(
        &self,
        problem: &Problem,
        fit: &MultilevelFit,
    ) -> Result<Vec<(Vec<usize>, Matrix)>, MetaError> {
        let likelihood = self.at_fit(problem, fit)?;
        let of = |block: &Block| {
            possible_block(block.rows.len())?;
            Ok((block.rows.clone(), likelihood.covariance(&block.rows, &fit.parameters)))
        };
        likelihood.blocks.iter().map(of).collect()
    }
}
