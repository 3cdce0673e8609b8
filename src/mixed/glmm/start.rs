//! Where the search starts: the model without random effects. Whether its coefficients are finite.

use super::family::Likelihood;
use super::laplace::{Problem, entries_of, triangle_of};
use super::mode::{Mode, Work};
use crate::numeric::matrix::{Cholesky, Matrix, dot};

/// The model without random effects.
pub(super) struct Start {
    pub beta: Vec<f64>,
    /// A direction along which the likelihood only grows, for which no finite estimate exists.
    pub separates: Option<Vec<f64>>,
}

/// Maximum likelihood without random effects, by Newton's steps.
pub(super) fn start(problem: &Problem, dispersion: f64) -> Option<Start> {
    let p = problem.coefficients;
    let mut beta = first(problem)?;
    let mut here = state(problem, &beta, dispersion);
    if !here.log.is_finite() {
        // A log link of proportions must start below 0: the first column is the most even one.
        for _ in 0..60 {
            let worst = problem.fixed_part(&beta).into_iter().fold(f64::NEG_INFINITY, f64::max);
            beta[0] -= (worst + 0.1).max(0.1) / problem.x[0].abs().max(1e-3) * problem.x[0].signum();
            here = state(problem, &beta, dispersion);
            if here.log.is_finite() {
                break;
            }
        }
    }
    let mut last = vec![0.0; p];
    let mut is_settled = false;
    for _ in 0..60 {
        let Some(cholesky) = here.information.cholesky() else { break };
        let step = cholesky.solve(&here.score);
        let rise = dot(&step, &here.score);
        if rise < 1e-12 {
            is_settled = true;
            break;
        }
        let mut share = 1.0;
        let next = loop {
            let tried: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + share * s).collect();
            let there = state(problem, &tried, dispersion);
            if there.log >= here.log {
                break Some((tried, there));
            }
            share *= 0.5;
            if share < 1e-8 {
                break None;
            }
        };
        let Some((tried, there)) = next else { break };
        last = tried.iter().zip(&beta).map(|(new, old)| new - old).collect();
        (beta, here) = (tried, there);
    }
    let far = problem.fixed_part(&beta).iter().any(|&eta| is_far(problem.likelihood, eta));
    let separates = ((!is_settled || far) && is_separating(problem, &last)).then_some(last);
    Some(Start { beta, separates })
}

/// Whether a linear predictor makes a mean so extreme that it may be on its way to where no maximum is: how far
/// that is depends on the link, since the tails of a probit end sooner than those of a logit.
fn is_far(likelihood: Likelihood, eta: f64) -> bool {
    match likelihood {
        Likelihood::Binomial(_) => {
            let mean = likelihood.mean(eta);
            mean < EXTREME || 1.0 - mean < EXTREME
        }
        _ => eta.abs() > -EXTREME.ln(),
    }
}

/// A probability that fitted values rarely have: that of a logit of −12.
const EXTREME: f64 = 6.144e-6;

/// How often coefficients and variances are moved together before the search.
const ROUNDS: usize = 4;

/// Moves θ and β near the maximum: at each mode one step of Newton's for the coefficients, given the weights
/// there, and one of the EM algorithm for the variances. It stops where it cannot go on; the search decides.
///
/// Source: Breslow & Clayton (1993), J Am Stat Assoc 88:9, section 2; Laird & Ware (1982), Biometrics 38:963.
pub(super) fn warm(problem: &Problem, at: &mut [f64]) {
    let thetas = problem.thetas();
    let (mut mode, mut next, mut work) = (Mode::of(problem), Mode::of(problem), Work::of(problem));
    let mut last: Option<Vec<f64>> = None;
    for _ in 0..ROUNDS {
        let near = last.as_ref().map(|from| (from.as_slice(), &mode));
        if !problem.find_mode(at, near, &mut next, &mut work) {
            return;
        }
        (mode, next) = (next, mode);
        last = Some(at.to_vec());
        let Some(step) = coefficients_step(problem, &mode) else { return };
        let Some(theta) = variances(problem, &mode, &at[..thetas]) else { return };
        // A jump is no step towards anything.
        if step.iter().any(|step| !step.is_finite() || step.abs() > 2.0) {
            return;
        }
        at[..thetas].copy_from_slice(&theta);
        at[thetas..].iter_mut().zip(&step).for_each(|(b, step)| *b += step);
    }
}

/// Newton's step of the coefficients with the random effects following: S⁻¹X′∂ln f.
fn coefficients_step(problem: &Problem, mode: &Mode) -> Option<Vec<f64>> {
    let mut score = vec![0.0; problem.coefficients];
    for (row, of) in mode.slopes.iter().enumerate() {
        score.iter_mut().zip(problem.x_of(row)).for_each(|(sum, x)| *sum += of.first * x);
    }
    Some(information(problem, mode)?.0.solve(&score))
}

/// S = X′WX − X′WaH⁻¹a′WX, the information of the coefficients with the random effects following, and the
/// columns of H⁻¹a′WX.
pub(super) fn information(problem: &Problem, mode: &Mode) -> Option<(Cholesky, Vec<Vec<f64>>)> {
    let (p, w) = (problem.coefficients, problem.width);
    let mut inside = Matrix::zeros(p, p);
    let mut across = vec![vec![0.0; problem.effects()]; p];
    for (row, of) in mode.slopes.iter().enumerate() {
        let x = problem.x_of(row);
        for i in 0..p {
            let left = -of.second * x[i];
            (0..=i).for_each(|j| inside[(i, j)] += left * x[j]);
            for at in row * w..(row + 1) * w {
                across[i][problem.columns[at] as usize] += left * mode.a[at];
            }
        }
    }
    let solve = |column: &Vec<f64>| {
        let mut solved = column.clone();
        problem.pattern.solve(&mode.factor, &mut solved);
        solved
    };
    let solved: Vec<Vec<f64>> = across.iter().map(solve).collect();
    let schur = |i: usize, j: usize| inside[(i.max(j), i.min(j))] - dot(&across[i.max(j)], &solved[i.min(j)]);
    Some((Matrix::from_fn(p, p, schur).cholesky()?, solved))
}

/// θ of the mean over the levels of bb′ + Var b.
fn variances(problem: &Problem, mode: &Mode, theta: &[f64]) -> Option<Vec<f64>> {
    let inverse = problem.inverse_entries(mode);
    let mut all = Vec::with_capacity(theta.len());
    for term in &problem.terms {
        let (k, levels) = (term.width, term.levels());
        let mut inside = Matrix::zeros(k, k);
        for level in 0..levels {
            let first = term.start + level * k;
            let own = problem.conditional_variance(&inverse, first, k);
            for i in 0..k {
                for j in 0..k {
                    inside[(i, j)] += (own[i * k + j] + mode.u[first + i] * mode.u[first + j]) / levels as f64;
                }
            }
        }
        let factor = triangle_of(&theta[all.len()..all.len() + term.parameters()], k);
        let moved = factor.times(&inside).times(&factor.transposed());
        all.extend(entries_of(&moved.cholesky()?.lower()));
    }
    Some(all)
}

/// Least squares of a linear predictor near the data.
fn first(problem: &Problem) -> Option<Vec<f64>> {
    let p = problem.coefficients;
    let (mut gram, mut right) = (Matrix::zeros(p, p), vec![0.0; p]);
    for row in 0..problem.rows() {
        let x = &problem.x[row * p..(row + 1) * p];
        let offset = problem.offset.as_ref().map_or(0.0, |offset| offset[row]);
        let target = problem.likelihood.start(problem.y[row], problem.trials[row]) - offset;
        for i in 0..p {
            right[i] += x[i] * target;
            (0..p).for_each(|j| gram[(i, j)] += x[i] * x[j]);
        }
    }
    Some(gram.cholesky()?.solve(&right))
}

struct State {
    log: f64,
    score: Vec<f64>,
    information: Matrix,
}

fn state(problem: &Problem, beta: &[f64], dispersion: f64) -> State {
    let p = problem.coefficients;
    let mut state = State { log: 0.0, score: vec![0.0; p], information: Matrix::zeros(p, p) };
    for (row, eta) in problem.fixed_part(beta).into_iter().enumerate() {
        let of = problem.likelihood.at(eta, problem.y[row], problem.trials[row], dispersion);
        let weight = problem.weight(row);
        let x = &problem.x[row * p..(row + 1) * p];
        state.log += weight * of.log;
        for i in 0..p {
            state.score[i] += weight * of.first * x[i];
            for j in 0..p {
                state.information[(i, j)] += weight * (-of.second).max(0.0) * x[i] * x[j];
            }
        }
    }
    if state.log.is_nan() {
        state.log = f64::NEG_INFINITY;
    }
    state
}

/// Whether the likelihood of each row does not fall along a direction, and that of some row rises: then
/// no maximum exists, whatever the random effects.
///
/// Source: Albert & Anderson (1984), Biometrika 71:1; for counts Santos Silva & Tenreyro (2010), Econ Lett
/// 107:310.
fn is_separating(problem: &Problem, direction: &[f64]) -> bool {
    let p = problem.coefficients;
    let along: Vec<f64> = (0..problem.rows()).map(|row| dot(&problem.x[row * p..(row + 1) * p], direction)).collect();
    let size = along.iter().fold(0.0f64, |most, a| most.max(a.abs()));
    let near = 1e-5 * size;
    let is_binomial = matches!(problem.likelihood, Likelihood::Binomial(_));
    let fits = |row: usize| {
        let (y, a) = (problem.y[row], along[row]);
        match (y == 0.0, is_binomial && y == problem.trials[row]) {
            (true, _) => a <= near,
            (_, true) => a >= -near,
            _ => a.abs() <= near,
        }
    };
    size > 1e-3 && (0..problem.rows()).all(fits)
}
