//! Maxima of the likelihood at the borders of the parameters, and those of simpler structures: with few groups they can
//! be higher than one inside that a search ends at.

use super::blocks::blocks;
use super::components::{Component, Inner, Range, Structure};
use super::likelihood::Likelihood;
use super::search::{Search, in_box_above, is_searched_variance, maximise};
use crate::meta::problem::MetaError;
use std::sync::Arc;

/// Another maximum is one that is higher by this.
const HIGHER: f64 = 1e-9;

impl Search {
    /// The highest maximum of this one and of those with a variance at 0 or a correlation at an end of its range, the
    /// others searched again. Such a border can be higher though no point of it that is at hand is.
    pub fn try_borders(&mut self, likelihood: &Likelihood<'_>, ranges: &[Range]) -> Result<(), MetaError> {
        if ranges.iter().filter(|range| !range.is_given()).count() < 2 {
            return Ok(());
        }
        for at in 0..ranges.len() {
            for end in ends(likelihood, ranges, at) {
                if self.parameters[at] == end {
                    continue;
                }
                let mut held = ranges.to_vec();
                held[at] = Range { lower: end, upper: end, start: end, ..ranges[at] };
                let mut start = self.awake(ranges);
                start[at] = end;
                let above = self.state.log_likelihood + HIGHER;
                if likelihood.at(&start).is_none() {
                    continue;
                }
                let border = in_box_above(likelihood, &held, start, None, above)?;
                if border.state.log_likelihood <= above {
                    continue;
                }
                // Beside a standard deviation of 0 its score says nothing of whether it would rise.
                let mut inside = border.parameters.clone();
                if end == 0.0 && !ranges[at].is_correlation {
                    inside[at] = 0.01 * ranges[at].start;
                }
                for start in [border.parameters, inside] {
                    self.rise_from(likelihood, ranges, start)?;
                }
            }
        }
        Ok(())
    }

    /// The same with the maxima of simpler structures, which are cases of this one.
    pub fn try_simpler(&mut self, likelihood: &Likelihood<'_>, ranges: &[Range]) -> Result<(), MetaError> {
        for (at, component) in likelihood.components.iter().enumerate() {
            let Some(simpler) = simpler(component) else { continue };
            let mut components = likelihood.components.to_vec();
            components[at] = simpler;
            let offset = likelihood.offsets[at];
            let (before, rest) = ranges.split_at(offset);
            let (own, after) = rest.split_at(component.parameters());
            let variance = if component.has_deviations() { own[0].start.powi(2) } else { own[0].start };
            let of_simpler = components[at].ranges(variance);
            let more = component.parameters() - of_simpler.len();
            let later = |other: (usize, &usize)| if other.0 > at { other.1 - more } else { *other.1 };
            let other = Likelihood {
                problem: likelihood.problem,
                v: likelihood.v,
                components: &components,
                blocks: blocks(likelihood.problem.k(), &components, likelihood.v),
                offsets: likelihood.offsets.iter().enumerate().map(later).collect(),
                basis: Arc::clone(&likelihood.basis),
                ..*likelihood
            };
            let ranges_of_other: Vec<Range> = before.iter().chain(&of_simpler).chain(after).copied().collect();
            let start = ranges_of_other.iter().map(|range| range.start).collect();
            let mut found = maximise(&other, &ranges_of_other, start, None)?;
            found.restart(&other, &ranges_of_other)?;
            let end = offset + of_simpler.len();
            let wider = widened(component, &components[at], &found.parameters[offset..end]);
            let start =
                found.parameters[..offset].iter().chain(&wider).chain(&found.parameters[end..]).copied().collect();
            self.rise_from(likelihood, ranges, start)?;
        }
        Ok(())
    }

    /// The maximum near a start, if it is a higher one.
    pub fn rise_from(
        &mut self,
        likelihood: &Likelihood<'_>,
        ranges: &[Range],
        start: Vec<f64>,
    ) -> Result<(), MetaError> {
        let other = maximise(likelihood, ranges, start, None)?;
        let least = self.state.log_likelihood + if self.converged { HIGHER } else { -HIGHER };
        if other.converged && other.state.log_likelihood > least {
            *self = other;
        }
        Ok(())
    }

    /// The parameters with no variance at 0, where the score of a standard deviation vanishes.
    fn awake(&self, ranges: &[Range]) -> Vec<f64> {
        let lift = |(value, range): (&f64, &Range)| {
            if is_searched_variance(range) && *value == 0.0 { range.start } else { *value }
        };
        self.parameters.iter().zip(ranges).map(lift).collect()
    }
}

/// The ends of the range of a parameter at which a maximum is looked for: none of those of correlations that are bound
/// by others.
fn ends(likelihood: &Likelihood<'_>, ranges: &[Range], at: usize) -> Vec<f64> {
    let range = ranges[at];
    let component = &likelihood.components[likelihood.offsets.partition_point(|offset| *offset <= at) - 1];
    if range.is_given() || component.is_bound() {
        return Vec::new();
    }
    if range.is_correlation { vec![range.lower, range.upper] } else { vec![0.0] }
}

/// A random effect whose covariance is a case of that of another one, if all of it is estimated.
fn simpler(of: &Component) -> Option<Component> {
    let inner = of.inner.as_ref().filter(|inner| inner.levels.len() > 1)?;
    let structure = match inner.structure {
        Structure::Un if inner.levels.len() > 2 => Structure::Hcs,
        Structure::Un | Structure::Hcs => Structure::Cs,
        Structure::Har => Structure::Ar,
        Structure::Id | Structure::Diag | Structure::Cs | Structure::Ar => return None,
    };
    let is_estimated = of.estimated() == of.parameters();
    is_estimated.then(|| Component { inner: Some(Inner { structure, ..inner.clone() }), ..of.clone() })
}

/// The parameters of a random effect from those of a simpler one.
fn widened(wide: &Component, simple: &Component, own: &[f64]) -> Vec<f64> {
    let (variances, correlations) = simple.split(own);
    let count = wide.variances();
    let deviation = |at: usize| variances[at.min(variances.len() - 1)].sqrt();
    let rho = correlations.first().copied().unwrap_or(0.0);
    (0..count).map(deviation).chain(vec![rho; wide.parameters() - count]).collect()
}
