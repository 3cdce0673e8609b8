//! Whether the data tell the random effects apart from the covariance of the residuals.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::likelihood::Problem;
use super::parameters::Parameter;
use super::problem::Layout;
use super::search::start_below;
use super::search_effects::linear;

/// Directions in which the information is less than this beside the others are not determined.
const LEAST_INFORMATION: f64 = 1e-9;

/// A parameter with less than this of a direction does not name it.
const LEAST_SHARE: f64 = 0.05;

/// Refuses a sum ZGZ′ + R of which the data determine the sum alone: where the derivatives of the covariance of the
/// rows (those that the fixed part leaves, under REML) depend on each other.
///
/// # Errors
/// If they do, with what stands for what.
pub(super) fn check(problem: &Problem, data: &ModelData, layout: &Layout) -> Result<(), MixedError> {
    if problem.random.is_empty() {
        return Ok(());
    }
    let Some(direction) = undetermined(problem) else { return Ok(()) };
    let most = direction.iter().fold(0.0f64, |most, share| most.max(share.abs()));
    let is_named = |at: usize| direction[at].abs() > LEAST_SHARE * most;
    let first = problem.of_residuals();
    let places = problem.random.places.iter().enumerate().filter(|(at, _)| is_named(first + at));
    let mut effects: Vec<String> = Vec::new();
    for (_, place) in places {
        let term = &data.random[place.term];
        let name = format!("({} | {})", term.names.join(" + "), term.group);
        if !effects.contains(&name) {
            effects.push(name);
        }
    }
    let has_residual = (0..first).any(is_named);
    let structure = problem.covariance.structure;
    let message = if effects.is_empty() {
        let names: Vec<String> =
            Parameter::all(problem).iter().map(|of| of.name(&layout.times, &layout.groups)).collect();
        format!("the data do not determine the {} covariance of residuals ({})", structure.title(), names.join(", "))
    } else if has_residual {
        format!(
            "the data do not tell the random effects {} apart from {} residuals: one can stand for the other, and only \
             their sum is determined",
            effects.join(", "),
            structure.title()
        )
    } else {
        format!("the data do not determine the random effects {}", effects.join(", "))
    };
    let hint = if has_residual {
        "leave the random term out, leave --residual out, or let residuals correlate over time (car1, ar1), or vary alone (id)"
            .to_owned()
    } else {
        "let fewer things vary, such as (1 | group)".to_owned()
    };
    Err(MixedError::data(message, hint))
}

/// A direction of the parameters along which the likelihood does not change, each in units in which its information is
/// 1.
fn undetermined(problem: &Problem) -> Option<Vec<f64>> {
    let mut theta = start_below(problem, 0.5)?;
    // Standard deviations by visit that are equal by chance would look like one.
    let (size, covariance) = (problem.covariance.parameters(), &problem.covariance);
    if !covariance.is_linear() && covariance.deviations() > 1 {
        for (at, value) in theta.iter_mut().enumerate().filter(|(at, _)| at % size < covariance.deviations()) {
            *value += 0.1 * (1.0 + at as f64).sin();
        }
    }
    // A correlation of 0 between neighbours would hide those further apart.
    let each = |place: &super::random::Place| if place.row == place.column { 0.5 } else { 0.1 };
    theta.extend(problem.random.places.iter().map(each));
    let (linear, theta, at) = linear(problem, &theta)?;
    let information = if problem.reml { linear.expected_information(&theta, &at)? } else { at.expected.clone() };
    let roots: Vec<f64> = information.diagonal().iter().map(|value| value.max(0.0).sqrt()).collect();
    if let Some(none) = roots.iter().position(|root| *root <= 1e-12) {
        return Some((0..roots.len()).map(|at| f64::from(u8::from(at == none))).collect());
    }
    let scaled = crate::numeric::matrix::Matrix::from_fn(roots.len(), roots.len(), |i, j| {
        information[(i, j)] / (roots[i] * roots[j])
    });
    let (values, vectors) = scaled.symmetric_eigen();
    let is_flat = values.first().is_some_and(|least| *least < LEAST_INFORMATION);
    is_flat.then(|| (0..roots.len()).map(|at| vectors[(at, 0)]).collect())
}
