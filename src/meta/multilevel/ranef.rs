//! Predictions of random effects.

use super::components::Component;
use super::fit::{Multilevel, MultilevelFit};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::matrix::Matrix;

/// One random effect.
#[derive(Clone, Debug, PartialEq)]
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
pub fn random_effects(
    model: &Multilevel,
    problem: &Problem,
    fit: &MultilevelFit,
) -> Result<Vec<(String, Vec<RandomEffect>)>, MetaError> {
    let likelihood = model.at_fit(problem, fit)?;
    let state =
        likelihood.at(&fit.parameters).ok_or_else(|| MetaError::Option("the covariance is singular".to_owned()))?;
    let information = state.information.inverse();
    let mut result = Vec::new();
    for (at, component) in model.components.iter().enumerate() {
        let parameters = likelihood.own(at, &fit.parameters);
        let mut effects = Vec::new();
        for (rows, inverse) in likelihood.blocks.iter().zip(&state.inverses) {
            let pull = inverse.times_vector(&likelihood.residuals(rows, &state.beta));
            let weighted = inverse.times(&likelihood.x(rows));
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
    pub(super) fn at_fit<'a>(
        &'a self,
        problem: &'a Problem,
        fit: &MultilevelFit,
    ) -> Result<super::likelihood::Likelihood<'a>, MetaError> {
        let mut offsets = Vec::new();
        let mut next = 0;
        for component in &self.components {
            offsets.push(next);
            next += component.ranges(1.0).len();
        }
        Ok(super::likelihood::Likelihood {
            problem,
            v: &self.v,
            components: &self.components,
            blocks: fit.blocks.clone(),
            offsets,
            restricted: self.restricted,
            log_xx: 0.0,
        })
    }

    /// The covariances of the blocks at the estimates.
    pub(super) fn covariances(
        &self,
        problem: &Problem,
        fit: &MultilevelFit,
    ) -> Result<Vec<(Vec<usize>, Matrix)>, MetaError> {
        let likelihood = self.at_fit(problem, fit)?;
        let of = |rows: &Vec<usize>| (rows.clone(), likelihood.covariance(rows, &fit.parameters));
        Ok(likelihood.blocks.iter().map(of).collect())
    }
}
