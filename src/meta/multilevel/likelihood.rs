//! The likelihood of a multilevel model with its score and information, as sums over blocks.
//!
//! The columns of X are made orthonormal, X = QR, and the coefficients here are γ = Rb of Q: neither the unit of a
//! moderator nor where it begins, such as that of a year, costs digits or matters to a search.

use super::blocks::{Block, Member, Split};
use super::components::Component;
use super::inverse::{Derivative, Inverse, Parts};
use super::sampling::SamplingCovariance;
use crate::meta::problem::Problem;
use crate::numeric::matrix::{Cholesky, Matrix, dot, trace_of_product};
use crate::numeric::orthogonal::Orthonormal;
use std::f64::consts::PI;
use std::sync::Arc;

/// A model at one set of parameters.
pub(super) struct State {
    /// The inverse of the covariance of each block.
    pub inverses: Vec<Inverse>,
    /// Q′M⁻¹Q.
    pub information: Cholesky,
    /// The coefficients γ of Q.
    pub gamma: Vec<f64>,
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

/// The product of the first columns of a matrix, as many as the other one has rows, with that one.
fn leading_times(one: &Matrix, other: &Matrix) -> Matrix {
    let size = other.rows();
    Matrix::from_fn(one.rows(), size, |row, column| (0..size).map(|at| one[(row, at)] * other[(at, column)]).sum())
}

/// What the likelihood is computed from.
pub(super) struct Likelihood<'a> {
    pub problem: &'a Problem,
    pub v: &'a SamplingCovariance,
    pub components: &'a [Component],
    pub blocks: Vec<Block>,
    /// The first parameter of each component.
    pub offsets: Vec<usize>,
    pub restricted: bool,
    /// X = QR.
    pub basis: Arc<Orthonormal>,
}

impl Likelihood<'_> {
    /// The parameters of one component.
    pub fn own<'b>(&self, component: usize, all: &'b [f64]) -> &'b [f64] {
        let end = self.offsets.get(component + 1).copied().unwrap_or(all.len());
        &all[self.offsets[component]..end]
    }

    /// The covariance of some rows.
    pub fn covariance(&self, rows: &[usize], parameters: &[f64]) -> Matrix {
        self.covariance_by(rows, parameters, |_| true)
    }

    /// The covariance of some rows by the sampling errors and some of the components.
    fn covariance_by(&self, rows: &[usize], parameters: &[f64], is_counted: impl Fn(usize) -> bool) -> Matrix {
        let counted: Vec<(&Component, &[f64])> = (0..self.components.len())
            .filter(|at| is_counted(*at))
            .map(|at| (&self.components[at], self.own(at, parameters)))
            .collect();
        let mut matrix = Matrix::zeros(rows.len(), rows.len());
        for (a, &i) in rows.iter().enumerate() {
            for (b, &j) in rows.iter().enumerate().take(a + 1) {
                let effects = counted.iter().map(|(component, own)| component.covariance(own, i, j));
                let value = effects.fold(self.v.of(&self.problem.vi, i, j), |sum, effect| sum + effect);
                matrix[(a, b)] = value;
                matrix[(b, a)] = value;
            }
        }
        matrix
    }

    /// The inverse of the covariance of a block with the logarithm of its determinant; none where it is not positive
    /// definite.
    fn inverse(&self, block: &Block, parameters: &[f64]) -> Option<(Inverse, f64)> {
        let by_parts = block.split.as_ref().and_then(|split| self.by_parts(&block.rows, split, parameters));
        by_parts.or_else(|| {
            let cholesky = self.covariance(&block.rows, parameters).cholesky()?;
            Some((Inverse::Whole(cholesky.inverse()), cholesky.log_determinant()))
        })
    }

    /// The same by parts; none where a part without the shared effects is singular.
    fn by_parts(&self, rows: &[usize], split: &Arc<Split>, parameters: &[f64]) -> Option<(Inverse, f64)> {
        let mut bases = Vec::with_capacity(split.parts.len());
        let mut log_determinant = 0.0;
        for part in &split.parts {
            let own: Vec<usize> = part.iter().map(|&at| rows[at]).collect();
            let cholesky = self.covariance_by(&own, parameters, |component| !split.shares(component)).cholesky()?;
            log_determinant += cholesky.log_determinant();
            bases.push(cholesky.inverse());
        }
        let own = |member: &Member| self.own(member.component, parameters)[0];
        let variances: Vec<Vec<f64>> =
            split.shared.iter().map(|shared| shared.members.iter().map(own).collect()).collect();
        let (parts, beside) = Parts::new(Arc::clone(split), bases, &variances)?;
        Some((Inverse::Parts(parts), log_determinant + beside))
    }

    /// The model at some parameters; none where a covariance is not positive definite.
    pub fn at(&self, parameters: &[f64]) -> Option<State> {
        let (problem, p) = (self.problem, self.problem.p());
        let mut inverses = Vec::with_capacity(self.blocks.len());
        let mut log_determinant = 0.0;
        let mut qq = Matrix::zeros(p, p);
        let mut qy = vec![0.0; p];
        for block in &self.blocks {
            let (inverse, own_determinant) = self.inverse(block, parameters)?;
            log_determinant += own_determinant;
            let q = self.q(&block.rows);
            let weighted = inverse.times(&q);
            qq.add(&weighted.transposed_times(&q), 1.0);
            for (own, &row) in block.rows.iter().enumerate() {
                qy.iter_mut().zip(weighted.row(own)).for_each(|(sum, w)| *sum += w * problem.yi[row]);
            }
            inverses.push(inverse);
        }
        let information = qq.cholesky()?;
        let gamma = information.solve(&qy);
        let mut rss = 0.0;
        for (block, inverse) in self.blocks.iter().zip(&inverses) {
            rss += inverse.quadratic(&self.residuals(&block.rows, &gamma));
        }
        let constant = if self.restricted {
            problem.residual_df() * (2.0 * PI).ln() + information.log_determinant()
        } else {
            problem.k() as f64 * (2.0 * PI).ln()
        };
        let log_likelihood = -0.5 * (constant + log_determinant + rss);
        log_likelihood.is_finite().then_some(State {
            inverses,
            information,
            gamma,
            rss,
            log_determinant,
            log_likelihood,
        })
    }

    /// y − Qγ in some rows.
    pub fn residuals(&self, rows: &[usize], gamma: &[f64]) -> Vec<f64> {
        let fitted = |row: usize| self.basis.columns.iter().zip(gamma).map(|(q, of)| q[row] * of).sum::<f64>();
        rows.iter().map(|&row| self.problem.yi[row] - fitted(row)).collect()
    }

    /// The columns of Q in some rows.
    pub fn q(&self, rows: &[usize]) -> Matrix {
        Matrix::from_fn(rows.len(), self.problem.p(), |a, b| self.basis.columns[b][rows[a]])
    }

    /// The coefficients of X.
    pub fn beta(&self, state: &State) -> Vec<f64> {
        self.basis.coefficients(&state.gamma)
    }

    /// Their covariance (X′M⁻¹X)⁻¹.
    pub fn covariance_of_beta(&self, state: &State) -> Matrix {
        self.basis.covariance(&state.information.inverse())
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
        // tr (Q′M⁻¹Q)⁻¹Q′M⁻¹KM⁻¹LM⁻¹Q of each pair of derivatives.
        let mut double = Matrix::zeros(count, count);
        let information_inverse = state.information.inverse();
        for (block, inverse) in self.blocks.iter().zip(&state.inverses) {
            let rows = &block.rows;
            let pull = inverse.times_vector(&self.residuals(rows, &state.gamma));
            let weighted = inverse.times(&self.q(rows));
            // The pull goes along as one more column.
            let both = Matrix::from_fn(rows.len(), p + 1, |row, j| if j < p { weighted[(row, j)] } else { pull[row] });
            let derivatives = self.derivatives(block, inverse, parameters);
            let (own_traces, pairs) = inverse.traces(&derivatives);
            direct.add(&pairs, 1.0);
            let along: Vec<Matrix> = derivatives.iter().map(|k| inverse.along(k, &both)).collect();
            for a in 0..count {
                traces[a] += own_traces[a];
                let once = both.transposed_times(&along[a]);
                forms[a] += once[(p, p)];
                sides[a].iter_mut().enumerate().for_each(|(j, side)| *side += once[(j, p)]);
                single[a].add(&once.leading(p), 1.0);
                let twice = inverse.times(&along[a]);
                let turned =
                    if self.restricted { leading_times(&twice, &information_inverse) } else { Matrix::zeros(0, 0) };
                for b in 0..=a {
                    average[(a, b)] += (0..rows.len()).map(|row| twice[(row, p)] * along[b][(row, p)]).sum::<f64>();
                    double[(a, b)] +=
                        (0..turned.rows()).map(|row| dot(turned.row(row), &along[b].row(row)[..p])).sum::<f64>();
                }
            }
        }
        let inverse = information_inverse;
        let reduced: Vec<Matrix> = single.iter().map(|m| inverse.times(m)).collect();
        let mut information = Matrix::zeros(count, count);
        let mut observed = Matrix::zeros(count, count);
        for a in 0..count {
            for b in 0..=a {
                let correction = if self.restricted {
                    trace_of_product(&reduced[a], &reduced[b]) - 2.0 * double[(a, b)]
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

    /// ½(pp′ − P) of each block with p = M⁻¹(y − Qγ): the derivatives of the log-likelihood by the entries of M.
    pub fn pulls(&self, state: &State) -> Vec<Matrix> {
        let information = state.information.inverse();
        let of = |(block, inverse): (&Block, &Inverse)| {
            let rows = &block.rows;
            let pull = inverse.times_vector(&self.residuals(rows, &state.gamma));
            let mut p = inverse.whole();
            if self.restricted {
                let weighted = inverse.times(&self.q(rows));
                p.add(&weighted.times(&information).times(&weighted.transposed()), -1.0);
            }
            Matrix::from_fn(rows.len(), rows.len(), |a, b| 0.5 * (pull[a] * pull[b] - p[(a, b)]))
        };
        self.blocks.iter().zip(&state.inverses).map(of).collect()
    }

    /// The sum of these derivatives times those of the covariances of pairs of rows.
    pub fn contracted(&self, pulls: &[Matrix], derivative: impl Fn(usize, usize) -> f64) -> f64 {
        let of = |(block, pull): (&Block, &Matrix)| {
            let mut sum = 0.0;
            for (a, &i) in block.rows.iter().enumerate() {
                sum += block.rows.iter().enumerate().map(|(b, &j)| pull[(a, b)] * derivative(i, j)).sum::<f64>();
            }
            sum
        };
        self.blocks.iter().zip(pulls).map(of).sum()
    }

    /// The derivatives of the covariance of a block by each parameter, in the form of its inverse.
    fn derivatives(&self, block: &Block, inverse: &Inverse, parameters: &[f64]) -> Vec<Derivative> {
        let split = block.split.as_ref().filter(|_| matches!(inverse, Inverse::Parts(_)));
        let mut all = Vec::with_capacity(parameters.len());
        for (at, component) in self.components.iter().enumerate() {
            let own = self.own(at, parameters);
            let of = |which: usize, rows: &[usize]| {
                Matrix::from_fn(rows.len(), rows.len(), |a, b| component.derivative(own, which, rows[a], rows[b]))
            };
            for which in 0..own.len() {
                all.push(match split {
                    None => Derivative::Whole(of(which, &block.rows)),
                    Some(split) => match split.place(at) {
                        Some((shared, member)) => Derivative::Shared(shared, member),
                        None => {
                            let rows = |part: &Vec<usize>| part.iter().map(|&at| block.rows[at]).collect::<Vec<_>>();
                            Derivative::Parts(split.parts.iter().map(|part| of(which, &rows(part))).collect())
                        }
                    },
                });
            }
        }
        all
    }
}
