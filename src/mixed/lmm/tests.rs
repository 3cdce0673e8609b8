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
    let data = ModelData::new(Formula::parse(formula).unwrap(), frame(), &options).unwrap();
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
        let found = search(&mut kernel, &problem, None, true);
        assert!(found.converged, "{formula} {found:?}");
        let mut other = Kernel::new(&problem, Likelihood::Restricted);
        let start: Vec<f64> = some_theta(&problem).iter().map(|value| 0.3 * value).collect();
        let again = search(&mut other, &problem, Some(&start), false);
        assert!((again.criterion - found.criterion).abs() < 1e-9 * found.criterion.abs(), "{formula}");
    }
}

/// Kenward and Roger's quantities by n × n matrices, as their paper defines them: the adjusted covariance, and A₁ and
/// A₂ of section 3 for the hypothesis that some rows are 0.
fn dense_kenward_roger(data: &ModelData, problem: &Problem, theta: &[f64], rows: &Matrix) -> (Matrix, f64, f64) {
    let n = data.n();
    let residual = Matrix::from_fn(n, n, |i, j| {
        let weight = data.weights.as_ref().map_or(1.0, |weights| weights[i]);
        if i == j { 1.0 / weight } else { 0.0 }
    });
    let (mut v, mut parts) = (residual.clone(), Vec::new());
    for (at, term) in data.random.iter().enumerate() {
        let lambda = problem.term_lambda(theta, at);
        let psi = lambda.times(&lambda.transposed());
        for a in 0..term.columns.len() {
            for b in a..term.columns.len() {
                let entry = |i: usize, j: usize| {
                    let (za, zb) = (&term.columns[a], &term.columns[b]);
                    let both = if a == b { za[i] * za[j] } else { za[i] * zb[j] + zb[i] * za[j] };
                    if term.codes[i] == term.codes[j] { both } else { 0.0 }
                };
                let g = Matrix::from_fn(n, n, entry);
                v = v.plus(&g.scaled(psi[(a, b)]));
                parts.push(g);
            }
        }
    }
    parts.push(residual);
    let inverse = v.cholesky().unwrap().inverse();
    let x = Matrix::from_fn(n, data.p(), |row, column| data.x.columns[column][row]);
    let phi = x.transposed().times(&inverse).times(&x).cholesky().unwrap().inverse();
    let vg: Vec<Matrix> = parts.iter().map(|g| inverse.times(g)).collect();
    let p: Vec<Matrix> = vg.iter().map(|vg| x.transposed().times(vg).times(&inverse).times(&x).scaled(-1.0)).collect();
    let q = |r: usize, s: usize| x.transposed().times(&vg[r]).times(&vg[s]).times(&inverse).times(&x);
    let m = parts.len();
    let information = Matrix::from_fn(m, m, |r, s| {
        vg[r].times(&vg[s]).trace() - 2.0 * phi.times(&q(r, s)).trace()
            + phi.times(&p[r]).times(&phi).times(&p[s]).trace()
    });
    let w = information.cholesky().unwrap().inverse().scaled(2.0);
    let mut middle = Matrix::zeros(data.p(), data.p());
    let (mut a1, mut a2) = (0.0, 0.0);
    // Θ = L(L′ΦL)⁻¹L′, and ΘΦPᵣΦ.
    let inner = rows.times(&phi).times(&rows.transposed()).cholesky().unwrap().inverse();
    let theta = rows.transposed().times(&inner).times(rows);
    let share = |r: usize| theta.times(&phi).times(&p[r]).times(&phi);
    for r in 0..m {
        for s in 0..m {
            let crossed = p[r].times(&phi).times(&p[s]).scaled(-1.0);
            middle = middle.plus(&q(r, s).plus(&crossed).scaled(w[(r, s)]));
            a1 += w[(r, s)] * share(r).trace() * share(s).trace();
            a2 += w[(r, s)] * share(r).times(&share(s)).trace();
        }
    }
    (phi.plus(&phi.times(&middle).times(&phi).scaled(2.0)), a1, a2)
}

#[test]
fn kenward_and_roger_by_blocks_is_kenward_and_roger_by_whole_matrices() {
    use crate::mixed::{DfMethod, LinearMixedModel, MixedFit};
    for formula in [
        "y ~ x + (1 | a)",
        "y ~ x + (1 | a) + (1 | b)",
        "y ~ x + (1 | a/s)",
        "y ~ x + (0 + x | a) + (1 | b)",
        "y ~ x + (x | a) + (0 + x | b)",
        "y ~ x + (1 | a) + (x | b)",
    ] {
        for weights in [false, true] {
            let (data, problem) = problem(formula, weights);
            let fit = LinearMixedModel::default().df(DfMethod::KenwardRoger).fit(&data).unwrap();
            let theta = &fit.found.theta;
            for of in [[1.0, 0.0], [0.0, 1.0], [1.0, 2.5]] {
                let row = Matrix::from_fn(1, 2, |_, at| of[at]);
                let (adjusted, a1, a2) = dense_kenward_roger(&data, &problem, theta, &row);
                // For one function A₁ = A₂, and the degrees of freedom are 2/A₂.
                assert!((a1 - a2).abs() < 1e-9 * a2, "{formula} {of:?}: {a1} {a2}");
                let df = 2.0 / a2;
                let expected = fit.residual_sd() * adjusted.quadratic(&of).sqrt();
                let found = fit.vcov().quadratic(&of).sqrt();
                assert!((found - expected).abs() < 1e-9 * expected, "{formula} {of:?}: {found} {expected}");
                let found = fit.df(&of).unwrap().unwrap();
                assert!((found - df).abs() < 1e-8 * df, "{formula} {of:?}: {found} {df}");
            }
            // Both coefficients together, by the moments of the statistic as section 3 writes them, q = 2.
            let both = Matrix::identity(2);
            let (adjusted, a1, a2) = dense_kenward_roger(&data, &problem, theta, &both);
            let b = (a1 + 6.0 * a2) / 4.0;
            let g = (3.0 * a1 - 6.0 * a2) / (4.0 * a2);
            let c = 6.0 + 2.0 * (1.0 - g);
            let mean = 1.0 / (1.0 - a2 / 2.0);
            let variance = (1.0 + g / c * b) / ((1.0 - (2.0 - g) / c * b).powi(2) * (1.0 - (4.0 - g) / c * b));
            let rho = variance / (2.0 * mean * mean);
            let df = 4.0 + 4.0 / (2.0 * rho - 1.0);
            let scale = df / (mean * (df - 2.0));
            let test = fit.joint(&both).unwrap().unwrap();
            let wald = adjusted.cholesky().unwrap().inverse().quadratic(fit.fixef()) / fit.residual_sd().powi(2) / 2.0;
            assert!((test.den_df.unwrap() - df).abs() < 1e-6 * df, "{formula}: {test:?} {df}");
            assert!((test.f - scale * wald).abs() < 1e-6 * test.f, "{formula}: {test:?} {}", scale * wald);
        }
    }
}

/// Conditional modes and their variances from the joint normal distribution of b and y.
#[test]
fn random_effects_are_conditional_expectations() {
    use crate::mixed::{LinearMixedModel, MixedFit};
    for formula in ["y ~ x + (x | a)", "y ~ x + (1 | a/s) + (x | b)"] {
        let (data, problem) = problem(formula, false);
        let fit = LinearMixedModel::default().fit(&data).unwrap();
        let effects = fit.ranef();
        let population = data.population(fit.fixef());
        let n = data.n();
        let mut v = Matrix::identity(n);
        let psi: Vec<Matrix> = (0..data.random.len())
            .map(|at| problem.term_lambda(&fit.found.theta, at))
            .map(|lambda| lambda.times(&lambda.transposed()))
            .collect();
        for (psi, term) in psi.iter().zip(&data.random) {
            let z = |row: usize| term.columns.iter().map(|column| column[row]).collect::<Vec<f64>>();
            for i in 0..n {
                for j in (0..n).filter(|&j| term.codes[i] == term.codes[j]) {
                    v[(i, j)] += dot(&psi.times_vector(&z(i)), &z(j));
                }
            }
        }
        let cholesky = v.cholesky().unwrap();
        let rest: Vec<f64> = data.y.iter().zip(&population).map(|(y, fitted)| y - fitted).collect();
        let solved = cholesky.solve(&rest);
        for ((psi, term), effects) in psi.iter().zip(&data.random).zip(&effects) {
            for (code, level) in effects.levels.iter().enumerate() {
                let k = term.columns.len();
                let inside = |row: usize| term.codes[row] as usize == code;
                let z = Matrix::from_fn(n, k, |row, at| if inside(row) { term.columns[at][row] } else { 0.0 });
                let b = psi.times_vector(&z.transposed().times_vector(&solved));
                let explained = psi.times(&z.transposed()).times(&cholesky.solve_matrix(&z)).times(psi);
                for at in 0..k {
                    assert!((b[at] - level.values[at]).abs() < 1e-8, "{formula} {}", level.level);
                    let se = fit.residual_sd() * (psi[(at, at)] - explained[(at, at)]).max(0.0).sqrt();
                    assert!((se - level.se[at]).abs() < 1e-7, "{formula} {}: {se} {}", level.level, level.se[at]);
                }
            }
        }
    }
}

/// 1,200 rows: 300 levels of a in 60 of n, which are in 12 of m; 90 levels of b crossed with them but near
/// each other, so that the root is sparse; 5 levels of c.
fn wide() -> Frame {
    let noise = |i: usize, by: f64| (f64::from(u32::try_from(i).unwrap()) * by).sin();
    let (a, b) = (|i: usize| i / 4, |i: usize| (i / 14 + i * 7 % 5) % 90);
    let mut frame = Frame::default();
    let rows = 0..1200usize;
    let mut factor = |name: &str, of: &dyn Fn(usize) -> usize| {
        frame.texts(name, rows.clone().map(|i| Some(format!("{name}{}", of(i)))));
    };
    factor("a", &a);
    factor("n", &|i| i / 20);
    factor("m", &|i| i / 100);
    factor("b", &b);
    factor("c", &|i| i * 3 % 5);
    frame.numbers("x", rows.clone().map(|i| noise(i, 1.3)).collect());
    let level = |i: usize| noise(a(i), 3.1) + 1.5 * noise(b(i), 2.3) + 0.7 * noise(i / 20, 5.0);
    frame.numbers("y", rows.map(|i| level(i) + 0.4 * noise(i, 1.3) + noise(i, 7.7)).collect());
    frame
}

/// The way for one effect a level against the one for any design.
#[test]
fn one_effect_a_level_is_a_case_of_many() {
    let formulas = [
        "y ~ x + (1 | a) + (1 | b) + (1 | c)",
        "y ~ x + (1 | a) + (0 + x | b)",
        "y ~ x + (1 | a) + (1 | n) + (1 | m)",
        "y ~ x + (1 | a) + (1 | n) + (1 | m) + (1 | b)",
        "y ~ 1 + (1 | n) + (1 | b) + (1 | c)",
    ];
    for formula in formulas {
        let data = ModelData::new(Formula::parse(formula).unwrap(), wide(), &DataOptions::default()).unwrap();
        let problem = Problem::new(&data).unwrap();
        let mut one = Kernel::new(&problem, Likelihood::Restricted);
        let mut many = Kernel::general(&problem, Likelihood::Restricted);
        for theta in [some_theta(&problem), vec![0.05; problem.places.len()], vec![30.0; problem.places.len()]] {
            let (found, expected) = (one.criterion(&problem, &theta), many.criterion(&problem, &theta));
            assert!((found - expected).abs() < 1e-12 * expected.abs(), "{formula}: {found} {expected}");
            for (found, expected) in one.profiled.gradient.iter().zip(&many.profiled.gradient) {
                assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{formula}: {found} {expected}");
            }
            let curvatures = [&one, &many].map(|kernel| kernel.rough_curvature(&problem).unwrap());
            for i in 0..theta.len() {
                for j in 0..theta.len() {
                    let [found, expected] = [curvatures[0][(i, j)], curvatures[1][(i, j)]];
                    let size = (curvatures[1][(i, i)] * curvatures[1][(j, j)]).sqrt();
                    assert!((found - expected).abs() < 1e-9 * size + 1e-12, "{formula}: {found} {expected}");
                }
            }
        }
        // Another response, and θ at 0, where slopes vanish.
        let other: Vec<f64> = problem.y.iter().enumerate().map(|(row, y)| y * (row % 7) as f64).collect();
        let (other, _) = problem.standardised(&other);
        one.respond(&problem, &other);
        many.respond(&problem, &other);
        let mut theta = some_theta(&problem);
        theta[0] = 0.0;
        let (found, expected) = (one.criterion(&problem, &theta), many.criterion(&problem, &theta));
        assert!((found - expected).abs() < 1e-12 * expected.abs(), "{formula}: {found} {expected}");
        assert_eq!(one.profiled.gradient[0], 0.0);
        assert!(many.profiled.gradient[0].abs() < 1e-12);
        assert!((one.profiled.gradient[1] - many.profiled.gradient[1]).abs() < 1e-9);
    }
}

#[test]
fn crossed_factors_that_no_memory_holds_are_refused() {
    let mut frame = Frame::default();
    let rows = 0..60_000usize;
    frame.numbers("y", rows.clone().map(|i| (i as f64).sin()).collect());
    frame.texts("a", rows.clone().map(|i| Some(format!("a{}", i % 20_000))));
    frame.texts("b", rows.map(|i| Some(format!("b{}", i % 19_999))));
    let formula = Formula::parse("y ~ 1 + (1 | a) + (1 | b)").unwrap();
    let data = ModelData::new(formula, &frame, &DataOptions::default()).unwrap();
    let told = Problem::new(&data).unwrap_err().to_string();
    assert!(told.contains("leave 19999 random effects to be solved at once"), "{told}");
}
