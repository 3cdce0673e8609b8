//! Adaptive Gauss–Hermite quadrature over one random effect for each group, with its exact gradient.
//!
//! Source: Pinheiro & Bates (1995), J Comput Graph Stat 4:12; Liu & Pierce (1994), Biometrika 81:624.

use super::gradient::Evaluation;
use super::laplace::Problem;
use super::mode::Mode;
use crate::numeric::gauss_hermite::gauss_hermite;
use std::f64::consts::{PI, SQRT_2};

/// Nodes with the logarithms of w exp(x²)/√π.
pub(super) fn nodes(points: usize) -> Vec<(f64, f64)> {
    gauss_hermite(points).into_iter().map(|(x, log_weight)| (x, log_weight + x * x - 0.5 * PI.ln())).collect()
}

/// What the parameters do to the centre and the width of a group's nodes.
struct Group {
    /// H, the curvature at the mode.
    curvature: f64,
    /// How the mode moves with each parameter.
    moves: Vec<f64>,
    /// How the curvature changes.
    bends: Vec<f64>,
}

/// −2 ln L and its gradient for a model with one random effect a group; the constant included.
pub(super) fn evaluate(problem: &Problem, at: &[f64], mode: &Mode, nodes: &[(f64, f64)]) -> Evaluation {
    let size = problem.parameters();
    let groups = groups(problem, at, mode);
    let beta = &at[1..1 + problem.coefficients];
    let fixed = problem.fixed_part(beta);
    let dispersion = problem.dispersion(at);
    let term = &problem.terms[0];
    let count = nodes.len();
    // For each group and node: q(u), its slope in u, and in each parameter.
    let stride = size + 2;
    let mut sums = vec![0.0; groups.len() * count * stride];
    let place = |group: usize, node: usize| (group * count + node) * stride;
    let point = |group: usize, x: f64| mode.u[group] + SQRT_2 * x / groups[group].curvature.sqrt();
    for (row, fixed) in fixed.iter().enumerate() {
        let (group, z, a) = (term.codes[row] as usize, term.z[row], mode.a[row]);
        let weight = problem.weight(row);
        for (node, (x, _)) in nodes.iter().enumerate() {
            let u = point(group, *x);
            let eta = fixed + a * u;
            let of = problem.likelihood.at(eta, problem.y[row], problem.trials[row], dispersion);
            let first = weight * of.first;
            let own = &mut sums[place(group, node)..][..stride];
            own[0] += weight * of.log;
            own[1] += a * first;
            own[2] += first * z * u;
            own[3..].iter_mut().zip(problem.x_of(row)).for_each(|(sum, x)| *sum += first * x);
            if problem.likelihood.has_dispersion() {
                own[stride - 1] += weight * problem.likelihood.along_dispersion(eta, problem.y[row], dispersion).log;
            }
        }
    }
    let (mut value, mut gradient) = (-2.0 * problem.constant, vec![0.0; size]);
    for (number, group) in groups.iter().enumerate() {
        let u: Vec<f64> = nodes.iter().map(|(x, _)| point(number, *x)).collect();
        let own = |node: usize| &sums[place(number, node)..][..stride];
        let logs: Vec<f64> =
            nodes.iter().enumerate().map(|(node, (_, log))| own(node)[0] - 0.5 * u[node] * u[node] + log).collect();
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logs.iter().map(|log| (log - top).exp()).sum();
        value += group.curvature.ln() - 2.0 * (top + total.ln());
        for (node, log) in logs.iter().enumerate() {
            let share = (log - top).exp() / total;
            // A node outside of where the density is defined has no slope either.
            if share == 0.0 {
                continue;
            }
            let along = own(node)[1] - u[node];
            for (r, slope) in gradient.iter_mut().enumerate() {
                let width = -0.5 * group.bends[r] / group.curvature.powf(1.5);
                let moved = group.moves[r] + SQRT_2 * nodes[node].0 * width;
                *slope -= 2.0 * share * (own(node)[2 + r] + along * moved);
            }
        }
        gradient.iter_mut().zip(&group.bends).for_each(|(slope, bend)| *slope += bend / group.curvature);
    }
    Evaluation { value, gradient }
}

/// Curvatures at the modes, and the derivatives of modes and curvatures in the parameters θ, β, τ.
fn groups(problem: &Problem, at: &[f64], mode: &Mode) -> Vec<Group> {
    let size = problem.parameters();
    let term = &problem.terms[0];
    let dispersion = problem.dispersion(at);
    let new = || Group { curvature: 1.0, moves: vec![0.0; size], bends: vec![0.0; size] };
    let mut groups: Vec<Group> = (0..term.levels()).map(|_| new()).collect();
    let row_parts = |row: usize| {
        let x = problem.x_of(row);
        let along = if problem.likelihood.has_dispersion() {
            let mut of = problem.likelihood.along_dispersion(mode.eta[row], problem.y[row], dispersion);
            let weight = problem.weight(row);
            (of.first, of.second) = (weight * of.first, weight * of.second);
            Some(of)
        } else {
            None
        };
        (term.codes[row] as usize, term.z[row], mode.a[row], &mode.slopes[row], x, along)
    };
    // The derivative of a′(∂ ln f) − u at the mode, whose zero the mode is.
    for row in 0..problem.rows() {
        let (number, z, a, of, x, along) = row_parts(row);
        let group = &mut groups[number];
        group.curvature -= a * a * of.second;
        group.moves[0] += z * of.first + a * of.second * z * mode.u[number];
        group.moves[1..].iter_mut().zip(x).for_each(|(sum, x)| *sum += a * of.second * x);
        if let Some(along) = along {
            group.moves[size - 1] += a * along.first;
        }
    }
    for group in &mut groups {
        let curvature = group.curvature;
        group.moves.iter_mut().for_each(|sum| *sum /= curvature);
    }
    for row in 0..problem.rows() {
        let (number, z, a, of, x, along) = row_parts(row);
        let group = &mut groups[number];
        let bend = -a * a * of.third;
        group.bends[0] += -2.0 * a * z * of.second + bend * (z * mode.u[number] + a * group.moves[0]);
        for (r, x) in x.iter().enumerate() {
            group.bends[1 + r] += bend * (x + a * group.moves[1 + r]);
        }
        if let Some(along) = along {
            group.bends[size - 1] += -a * a * along.second + bend * a * group.moves[size - 1];
        }
    }
    groups
}
