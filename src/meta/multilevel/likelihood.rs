//! The likelihood of a multilevel model with its score and information, as sums over blocks.

use super::components::{Component, SamplingCovariance};
use crate::meta::problem::Problem;
use crate::numeric::matrix::{Cholesky, Matrix, dot, trace_of_product};
use std::f64::consts::PI;

/// Rows that depend on each other, as lists.
pub(super) fn blocks(k: usize, components: &[Component], v: &SamplingCovariance) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..k).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    let mut join = |groups: &[usize]| {
        let mut first: Vec<Option<usize>> = vec![None; groups.iter().max().map_or(0, |last| last + 1)];
        for (row, &group) in groups.iter().enumerate() {
            match first[group] {
                None => first[group] = Some(row),
                Some(other) => {
                    let (a, b) = (root(&mut parent, row), root(&mut parent, other));
                    parent[a.max(b)] = a.min(b);
                }
            }
        }
    };
    components.iter().for_each(|component| join(&component.groups));
    if let SamplingCovariance::Blocks { clusters, .. } = v {
        join(clusters);
    }
    let mut place: Vec<Option<usize>> = vec![None; k];
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for row in 0..k {
        let root = root(&mut parent, row);
        let block = *place[root].get_or_insert_with(|| {
            blocks.push(Vec::new());
            blocks.len() - 1
        });
        blocks[block].push(row);
    }
    blocks
}

/// The product of a symmetric matrix and a derivative K in either order, which have the same traces: in a large block most
/// entries of K are 0, and rows of one group often the same.
fn product(k: &Matrix, other: &Matrix) -> Matrix {
    const LARGE: usize = 32;
    let columns = other.columns();
    if columns < LARGE {
        return other.times(k);
    }
    let mut product = Matrix::zeros(k.rows(), columns);
    for row in 0..k.rows() {
        let factors = k.row(row);
        let Some(first) = factors.iter().position(|factor| *factor != 0.0) else { continue };
        // The first member of a group stands on the diagonal.
        if first < row && k.row(first) == factors {
            (0..columns).for_each(|column| product[(row, column)] = product[(first, column)]);
            continue;
        }
        for (inner, &factor) in factors.iter().enumerate().skip(first).filter(|(_, factor)| **factor != 0.0) {
            for (column, value) in other.row(inner).iter().enumerate() {
                product[(row, column)] += factor * value;
            }
        }
    }
    product
}

/// A model at one set of parameters.
pub(super) struct State {
    /// The inverse of the covariance of each block.
    pub inverses: Vec<Matrix>,
    /// X′M⁻¹X.
    pub information: Cholesky,
    /// The coefficients.
    pub beta: Vec<f64>,
    /// e′M⁻¹e.
    pub rss: f64,
    /// ln |M|.
    pub log_determinant: f64,
    /// The log-likelihood, restricted or full.
    pub log_likelihood: f64,
}

/// How the likelihood changes at one set of parameters.
pub(super) struct Slope {
    /// The first derivatives.
    pub score: Vec<f64>,
    /// The expected information.
    pub expected: Matrix,
    /// The observed information, where the covariance is linear in the parameters.
    pub observed: Option<Matrix>,
}

/// What the likelihood is computed from.
pub(super) struct Likelihood<'a> {
    pub problem: &'a Problem,
    pub v: &'a SamplingCovariance,
    pub components: &'a [Component],
    pub blocks: Vec<Vec<usize>>,
    /// The first parameter of each component.
    pub offsets: Vec<usize>,
    pub restricted: bool,
    /// ln |X′X|.
    pub log_xx: f64,
}

impl Likelihood<'_> {
    /// The parameters of one component.
    pub fn own<'b>(&self, component: usize, all: &'b [f64]) -> &'b [f64] {
        let end = self.offsets.get(component + 1).copied().unwrap_or(all.len());
        &all[self.offsets[component]..end]
    }

    /// The covariance of a block.
    pub fn covariance(&self, rows: &[usize], parameters: &[f64]) -> Matrix {
        let mut matrix = Matrix::zeros(rows.len(), rows.len());
        for (a, &i) in rows.iter().enumerate() {
            for (b, &j) in rows.iter().enumerate().take(a + 1) {
                let mut value = self.v.of(&self.problem.vi, i, j);
                for (at, component) in self.components.iter().enumerate() {
                    value += component.covariance(self.own(at, parameters), i, j);
                }
                matrix[(a, b)] = value;
                matrix[(b, a)] = value;
            }
        }
        matrix
    }

    /// The model at some parameters; none where a covariance is not positive definite.
    pub fn at(&self, parameters: &[f64]) -> Option<State> {
        let (problem, p) = (self.problem, self.problem.p());
        let mut inverses = Vec::with_capacity(self.blocks.len());
        let mut log_determinant = 0.0;
        let mut xx = Matrix::zeros(p, p);
        let mut xy = vec![0.0; p];
        for rows in &self.blocks {
            let cholesky = self.covariance(rows, parameters).cholesky()?;
            log_determinant += cholesky.log_determinant();
            let inverse = cholesky.inverse();
            let x = self.x(rows);
            let weighted = inverse.times(&x);
            xx.add(&weighted.transposed_times(&x), 1.0);
            for (own, &row) in rows.iter().enumerate() {
                xy.iter_mut().zip(weighted.row(own)).for_each(|(sum, w)| *sum += w * problem.yi[row]);
            }
            inverses.push(inverse);
        }
        let information = xx.cholesky()?;
        let beta = information.solve(&xy);
        let mut rss = 0.0;
        for (rows, inverse) in self.blocks.iter().zip(&inverses) {
            rss += inverse.quadratic(&self.residuals(rows, &beta));
        }
        let constant = if self.restricted {
            problem.residual_df() * (2.0 * PI).ln() - self.log_xx + information.log_determinant()
        } else {
            problem.k() as f64 * (2.0 * PI).ln()
        };
        let log_likelihood = -0.5 * (constant + log_determinant + rss);
        log_likelihood.is_finite().then_some(State {
            inverses,
            information,
            beta,
            rss,
            log_determinant,
            log_likelihood,
        })
    }

    pub fn residuals(&self, rows: &[usize], beta: &[f64]) -> Vec<f64> {
        rows.iter().map(|&row| crate::meta::fit::residual(self.problem, beta, row)).collect()
    }

    /// The columns of X in some rows.
    pub fn x(&self, rows: &[usize]) -> Matrix {
        Matrix::from_fn(rows.len(), self.problem.p(), |a, b| self.problem.columns[b][rows[a]])
    }

    /// The score and the information: with K the derivatives of M, −½ tr PK + ½ y′PKPy, and the expectation
    /// ½ tr PKPK, where P = M⁻¹ for the full likelihood's traces. Where M is linear in the parameters, the
    /// observed information y′PKPKPy − ½ tr PKPK costs little more, and Newton's steps with it need half as many
    /// rounds.
    ///
    /// Sources: Harville (1977), JASA 72:320, section 5; Gilmour, Thompson & Cullis (1995), Biometrics 51:1440.
    pub fn score(&self, parameters: &[f64], state: &State) -> Slope {
        let (count, p) = (parameters.len(), self.problem.p());
        let mut traces = vec![0.0; count];
        let mut forms = vec![0.0; count];
        let mut average = Matrix::zeros(count, count);
        let mut sides = vec![vec![0.0; p]; count];
        let mut direct = Matrix::zeros(count, count);
        let mut single = vec![Matrix::zeros(p, p); count];
        let mut double: Vec<Vec<Matrix>> = (0..count).map(|a| vec![Matrix::zeros(p, p); a + 1]).collect();
        for (rows, inverse) in self.blocks.iter().zip(&state.inverses) {
            let pull = inverse.times_vector(&self.residuals(rows, &state.beta));
            let weighted = inverse.times(&self.x(rows));
            let derivatives = self.derivatives(rows, parameters);
            let products: Vec<Matrix> = derivatives.iter().map(|k| product(k, inverse)).collect();
            let along: Vec<Matrix> = derivatives.iter().map(|k| k.times(&weighted)).collect();
            let pulled: Vec<Vec<f64>> = derivatives.iter().map(|k| k.times_vector(&pull)).collect();
            let solved: Vec<Vec<f64>> = pulled.iter().map(|f| inverse.times_vector(f)).collect();
            for a in 0..count {
                for (j, side) in sides[a].iter_mut().enumerate() {
                    *side += (0..rows.len()).map(|row| weighted[(row, j)] * pulled[a][row]).sum::<f64>();
                }
                for b in 0..=a {
                    average[(a, b)] += dot(&solved[a], &pulled[b]);
                }
                traces[a] += products[a].trace();
                forms[a] += dot(&pulled[a], &pull);
                single[a].add(&weighted.transposed_times(&along[a]), 1.0);
                let twice = inverse.times(&along[a]);
                for b in 0..=a {
                    direct[(a, b)] += trace_of_product(&products[a], &products[b]);
                    double[a][b].add(&twice.transposed_times(&along[b]), 1.0);
                }
            }
        }
        let inverse = state.information.inverse();
        let reduced: Vec<Matrix> = single.iter().map(|m| inverse.times(m)).collect();
        let mut information = Matrix::zeros(count, count);
        let mut observed = Matrix::zeros(count, count);
        for a in 0..count {
            for b in 0..=a {
                let correction = if self.restricted {
                    trace_of_product(&reduced[a], &reduced[b]) - 2.0 * trace_of_product(&inverse, &double[a][b])
                } else {
                    0.0
                };
                let value = 0.5 * (direct[(a, b)] + correction);
                information[(a, b)] = value;
                information[(b, a)] = value;
                let form = average[(a, b)] - dot(&sides[a], &inverse.times_vector(&sides[b]));
                observed[(a, b)] = form - value;
                observed[(b, a)] = form - value;
            }
        }
        let score = (0..count)
            .map(|a| {
                let trace = traces[a] - if self.restricted { reduced[a].trace() } else { 0.0 };
                0.5 * (forms[a] - trace)
            })
            .collect();
        let observed = self.components.iter().all(Component::is_linear).then_some(observed);
        Slope { score, expected: information, observed }
    }

    /// ½(pp′ − P) of each block with p = M⁻¹(y − Xb): the derivatives of the log-likelihood by the entries of M.
    pub fn pulls(&self, state: &State) -> Vec<Matrix> {
        let information = state.information.inverse();
        let of = |(rows, inverse): (&Vec<usize>, &Matrix)| {
            let pull = inverse.times_vector(&self.residuals(rows, &state.beta));
            let mut p = inverse.clone();
            if self.restricted {
                let weighted = inverse.times(&self.x(rows));
                p.add(&weighted.times(&information).times(&weighted.transposed()), -1.0);
            }
            Matrix::from_fn(rows.len(), rows.len(), |a, b| 0.5 * (pull[a] * pull[b] - p[(a, b)]))
        };
        self.blocks.iter().zip(&state.inverses).map(of).collect()
    }

    /// The sum of these derivatives times those of the covariances of pairs of rows.
    pub fn contracted(&self, pulls: &[Matrix], derivative: impl Fn(usize, usize) -> f64) -> f64 {
        let of = |(rows, pull): (&Vec<usize>, &Matrix)| {
            let mut sum = 0.0;
            for (a, &i) in rows.iter().enumerate() {
                sum += rows.iter().enumerate().map(|(b, &j)| pull[(a, b)] * derivative(i, j)).sum::<f64>();
            }
            sum
        };
        self.blocks.iter().zip(pulls).map(of).sum()
    }

    fn derivatives(&self, rows: &[usize], parameters: &[f64]) -> Vec<Matrix> {
        let mut all = Vec::with_capacity(parameters.len());
        for (at, component) in self.components.iter().enumerate() {
            let own = self.own(at, parameters);
            for which in 0..own.len() {
                all.push(Matrix::from_fn(rows.len(), rows.len(), |a, b| {
                    component.derivative(own, which, rows[a], rows[b])
                }));
            }
        }
        all
    }
}
