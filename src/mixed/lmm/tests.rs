//! The criterion against the density of the multivariate normal distribution, and derivatives against
//! differences.

use super::kernel::Kernel;
use super::pieces::{Likelihood, Profiled};
use super::problem::Problem;
use super::search::search;
use crate::formula::{Formula, Frame};
use crate::mixed::{DataOptions, ModelData};
use crate::numeric::matrix::{Matrix, dot};

/// 36 rows: factors a (6 levels), b crossed (4), s nested in a (12), covariates, weights.
fn frame() -> Frame {
    let noise = |i: usize, by: f64| (f64::from(u32::try_from(i).unwrap()) * by).sin();
    let mut frame = Frame::default();
    let rows = 0..36usize;
    frame.numbers("x", rows.clone().map(|i| (i % 6) as f64 + 0.3 * noise(i, 1.7)).collect());
    frame.numbers("w", rows.clone().map(|i| 1.0 + 0.5 * noise(i, 0.9)).collect());
    frame.texts("a", rows.clone().map(|i| Some(format!("a{}", i / 6))));
    frame.texts("b", rows.clone().map(|i| Some(format!("b{}", (i * 7 + i / 5) % 4))));
    frame.texts("s", rows.clone().map(|i| Some(format!("s{}", i / 3 % 2))));
    let level = |i: usize| 2.0 * noise(i / 6, 3.1) + 1.5 * noise((i * 7 + i / 5) % 4, 2.3) + noise(i / 3, 5.0);
    frame.numbers(
        "y",
        rows.map(|i| 3.0 + level(i) + (0.5 + noise(i / 6, 4.1)) * (i % 6) as f64 + noise(i, 7.7)).collect(),
    );
    frame
}

fn problem(formula: &str, weights: bool) -> (ModelData, Problem) {
    let options = DataOptions { weights: weights.then(|| "w".to_owned()), ..DataOptions::default() };
    let data = ModelData::new(Formula::parse(formula).unwrap(), &frame(), &options).unwrap();
    let problem = Problem::new(&data).unwrap();
    (data, problem)
}

const FORMULAS: [&str; 8] = [
    "y ~ x + (1 | a)",
    "y ~ x + (x | a)",
    "y ~ x + (x || a)",
    "y ~ 1 + (1 | a) + (1 | b)",
    "y ~ x + (1 | a/s)",
    "y ~ x + (x | a) + (1 | b)",
    "y ~ x + (x | a/s) + (0 + x | b)",
    "y ~ x + (1 | a/s) + (x | b)",
];

/// −2 log-likelihood by the n × n covariance matrix, profiled over σ.
fn dense_criterion(data: &ModelData, problem: &Problem, theta: &[f64], likelihood: Likelihood) -> f64 {
    let n = data.n();
    let mut v = Matrix::from_fn(n, n, |i, j| match (i == j, &data.weights) {
        (true, Some(weights)) => 1.0 / weights[i],
        (true, None) => 1.0,
        _ => 0.0,
    });
    for (at, term) in data.random.iter().enumerate() {
        let lambda = problem.term_lambda(theta, at);
        let covariance = lambda.times(&lambda.transposed());
        let z = |row: usize| term.columns.iter().map(|column| column[row]).collect::<Vec<f64>>();
        for i in 0..n {
            for j in (0..n).filter(|&j| term.codes[i] == term.codes[j]) {
                v[(i, j)] += dot(&covariance.times_vector(&z(i)), &z(j));
            }
        }
    }
    let cholesky = v.cholesky().unwrap();
    let x = Matrix::from_fn(n, data.p(), |row, column| data.x.columns[column][row]);
    let vx = cholesky.solve_matrix(&x);
    let information = x.transposed().times(&vx).cholesky().unwrap();
    let beta = information.solve(&vx.transposed().times_vector(&data.y));
    let fitted = x.times_vector(&beta);
    let rest: Vec<f64> = data.y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    let r2 = dot(&rest, &cholesky.solve(&rest));
    let degrees = Profiled::degrees(problem, likelihood);
    let mut value = cholesky.log_determinant() + degrees * (1.0 + (std::f64::consts::TAU * r2 / degrees).ln());
    if likelihood == Likelihood::Restricted {
        value += information.log_determinant();
    }
    value
}

fn some_theta(problem: &Problem) -> Vec<f64> {
    let value = |(at, place): (usize, &super::problem::Place)| {
        if place.row == place.column { 0.6 + 0.2 * at as f64 } else { 0.25 - 0.1 * at as f64 }
    };
    problem.places.iter().enumerate().map(value).collect()
}

#[test]
fn the_criterion_is_the_normal_likelihood() {
    for formula in FORMULAS {
        for weights in [false, true] {
            let (data, problem) = problem(formula, weights);
            let theta = some_theta(&problem);
            for likelihood in [Likelihood::Restricted, Likelihood::Full] {
                let expected = dense_criterion(&data, &problem, &theta, likelihood);
                for mut kernel in [Kernel::new(&problem, likelihood), Kernel::general(&problem, likelihood)] {
                    let found = kernel.criterion(&problem, &theta);
                    assert!((found - expected).abs() < 1e-10 * expected.abs(), "{formula}: {found} {expected}");
                }
            }
        }
    }
}

#[test]
fn gradients_agree_with_differences() {
    for formula in FORMULAS {
        let (_, problem) = problem(formula, false);
        let theta = some_theta(&problem);
        for likelihood in [Likelihood::Restricted, Likelihood::Full] {
            for mut kernel in [Kernel::new(&problem, likelihood), Kernel::general(&problem, likelihood)] {
                kernel.criterion(&problem, &theta);
                let exact = kernel.profiled.gradient.clone();
                for at in 0..theta.len() {
                    let step = 1e-4;
                    let mut moved = |by: f64| {
                        let mut x = theta.clone();
                        x[at] += by;
                        kernel.criterion(&problem, &x)
                    };
                    let slope =
                        (8.0 * (moved(step) - moved(-step)) - (moved(2.0 * step) - moved(-2.0 * step))) / (12.0 * step);
                    assert!(
                        (slope - exact[at]).abs() < 1e-7 * (1.0 + slope.abs()),
                        "{formula} {at}: {slope} {}",
                        exact[at]
                    );
                }
            }
        }
    }
}

#[test]
fn searches_end_where_the_gradient_vanishes() {
    for formula in FORMULAS {
        let (_, problem) = problem(formula, false);
        let mut kernel = Kernel::new(&problem, Likelihood::Restricted);
        let found = search(&mut kernel, &problem, None);
        println!("{formula} {:?} {} {:?} {}", found.theta, found.criterion, found.fixed, kernel.evaluations);
        assert!(found.converged, "{formula} {found:?}");
        let mut other = Kernel::new(&problem, Likelihood::Restricted);
        let start: Vec<f64> = some_theta(&problem).iter().map(|value| 0.3 * value).collect();
        let again = search(&mut other, &problem, Some(&start));
        assert!((again.criterion - found.criterion).abs() < 1e-9 * found.criterion.abs(), "{formula}");
    }
}
