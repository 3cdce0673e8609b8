//! Kenward and Roger's adjustment, linear in the (co)variances.
//!
//! V = Σ γ_r G_r + σ²I. The G_r of a random term reach from level to level, so that every quantity is a
//! sum over blocks of levels that share rows ([`Sums`]): with J = Z'V⁻¹Z and K = Z'V⁻¹X of a block,
//! X'V⁻¹G_rV⁻¹X = K'E_rK and X'V⁻¹G_rV⁻¹G_sV⁻¹X = K'E_rJE_sK. Those of σ² follow from Σ γ_r G_r + σ²I = V.
//!
//! Source: Kenward & Roger (1997), Biometrics 53:983; Halekoh & Højsgaard (2014), J Stat Softw 59(9);
//! the parametrisation by (co)variances as in Kenward & Roger (2009), Comput Stat Data Anal 53:2583.

use super::kenward_roger_sums::Sums;
use super::kernel::Kernel;
use super::problem::Problem;
use super::satterthwaite::inverse;
use crate::mixed::df::kenward_roger;
use crate::numeric::matrix::Matrix;

/// What every test needs, over the columns Q and in units of σ².
#[derive(Clone, Debug)]
pub(super) struct KenwardRoger {
    /// (X'V⁻¹X)⁻¹.
    covariance: Matrix,
    /// The adjusted covariance.
    pub adjusted: Matrix,
    /// P_r = −X'V⁻¹G_rV⁻¹X.
    p: Vec<Matrix>,
    /// The covariance of the (co)variances: twice the inverse of their expected information.
    w: Matrix,
}

/// The scale of an F statistic and its denominator's degrees of freedom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adjusted {
    pub scale: f64,
    pub df: f64,
}

/// A (co)variance: two columns of a factor, and its value in units of σ².
pub(super) struct Parameter {
    pub factor: usize,
    pub columns: [usize; 2],
    pub value: f64,
}

impl KenwardRoger {
    /// The adjustment at θ; none where the data do not determine the (co)variances, and the covariance of the rows
    /// depends on them.
    pub fn new(problem: &Problem, kernel: &Kernel, theta: &[f64]) -> Option<Self> {
        let lambdas = problem.lambdas(theta);
        let mut parameters = Vec::new();
        for term in &problem.terms {
            let lambda = &lambdas[term.factor];
            let covariance = lambda.times(&lambda.transposed());
            for column in term.start..term.start + term.k {
                for row in column..term.start + term.k {
                    let value = covariance[(row, column)];
                    parameters.push(Parameter { factor: term.factor, columns: [row, column], value });
                }
            }
        }
        let p = problem.p();
        let m = parameters.len();
        let mut sums = Sums::of(problem, &blocks(problem), &lambdas, &parameters);
        sums.add_residual(&kernel.pieces.information(), &parameters, problem.n as f64);
        let covariance = kernel.profiled.covariance.clone();
        let information = Matrix::from_fn(m + 1, m + 1, |r, s| {
            let crossed = covariance.times(&sums.p[r]).times(&covariance).times(&sums.p[s]).trace();
            sums.traces[(r, s)] - 2.0 * covariance.times(&sums.q[r][s]).trace() + crossed
        });
        // What the fixed effects take away as a whole, as those of a factor do its own intercepts, leaves nothing but
        // rounding.
        if (0..=m).any(|r| information[(r, r)] <= TAKEN * sums.traces[(r, r)]) {
            return None;
        }
        // (Co)variances that stand for each other, as with a factor beside an intercept of its own, leave the
        // information singular; what follows does not depend on which of them are taken.
        let balanced = balanced(&information);
        let (values, vectors) = balanced.symmetric_eigen();
        let largest = values.last().copied().unwrap_or_default();
        let singular: Vec<usize> = (0..values.len()).filter(|&at| values[at] < SINGULAR * largest).collect();
        let of_rows = balanced_by(&sums.traces, &information);
        let direction = |at: usize| (0..values.len()).map(|row| vectors[(row, at)]).collect::<Vec<f64>>();
        if singular.iter().any(|&at| of_rows.quadratic(&direction(at)) > NOTICED) {
            return None;
        }
        let w = inverse(&balanced, !singular.is_empty()).scaled(2.0);
        let w = balanced_by(&w, &information);
        let mut middle = Matrix::zeros(p, p);
        for r in 0..=m {
            for s in 0..=m {
                let crossed = sums.p[r].times(&covariance).times(&sums.p[s]).scaled(-1.0);
                middle = middle.plus(&sums.q[r][s].plus(&crossed).scaled(w[(r, s)]));
            }
        }
        let adjusted = covariance.plus(&covariance.times(&middle).times(&covariance).scaled(2.0));
        Some(Self { covariance, adjusted, p: sums.p, w })
    }

    /// The scale and the degrees of freedom of the test that all rows are 0.
    pub fn df(&self, rows: &Matrix) -> Option<Adjusted> {
        let phi = &self.covariance;
        let inner = rows.times(phi).times(&rows.transposed()).cholesky()?.inverse();
        let theta = rows.transposed().times(&inner).times(rows);
        let theta_phi = theta.times(phi);
        let each: Vec<Matrix> = self.p.iter().map(|p| theta_phi.times(p).times(phi)).collect();
        let traces: Vec<f64> = each.iter().map(Matrix::trace).collect();
        let (mut a1, mut a2) = (0.0, 0.0);
        for r in 0..each.len() {
            for s in 0..each.len() {
                a1 += self.w[(r, s)] * traces[r] * traces[s];
                a2 += self.w[(r, s)] * each[r].times(&each[s]).trace();
            }
        }
        let q = rows.rows() as f64;
        let (scale, df) = kenward_roger(a1, a2, q);
        Some(Adjusted { scale, df })
    }
}

/// An information matrix with an eigenvalue below this share of the largest is singular.
const SINGULAR: f64 = 1e-8;

/// A (co)variance of which the response says no more than this share, once the fixed effects are taken out.
const TAKEN: f64 = 1e-10;

/// A direction of (co)variances along which the covariance of the rows changes by more than this is no redundancy.
const NOTICED: f64 = 1e-5;

/// A matrix with 1 on its diagonal, so that units of (co)variances do not matter to its inverse.
fn balanced(matrix: &Matrix) -> Matrix {
    balanced_by(matrix, matrix)
}

/// A matrix in the units in which another one has 1 on its diagonal.
fn balanced_by(matrix: &Matrix, other: &Matrix) -> Matrix {
    let d = roots(other);
    Matrix::from_fn(d.len(), d.len(), |i, j| matrix[(i, j)] / (d[i] * d[j]))
}

fn roots(matrix: &Matrix) -> Vec<f64> {
    matrix.diagonal().iter().map(|value| if *value > 0.0 { value.sqrt() } else { 1.0 }).collect()
}

/// Rows and levels that share rows, directly or through others.
pub(super) struct Connected {
    pub rows: Vec<usize>,
    /// The levels by factor, and their places in the block by factor and level.
    pub levels: Vec<Vec<usize>>,
}

pub(super) fn blocks(problem: &Problem) -> Vec<Connected> {
    let first: Vec<usize> = problem
        .factors
        .iter()
        .scan(0, |sum, factor| {
            *sum += factor.levels;
            Some(*sum - factor.levels)
        })
        .collect();
    let count: usize = problem.factors.iter().map(|factor| factor.levels).sum();
    let mut parent: Vec<usize> = (0..count).collect();
    fn find(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    let node = |factor: usize, row: usize| first[factor] + problem.factors[factor].codes[row] as usize;
    for row in 0..problem.n {
        for factor in 1..problem.factors.len() {
            let (a, b) = (find(&mut parent, node(0, row)), find(&mut parent, node(factor, row)));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut place: Vec<Option<usize>> = vec![None; count];
    let mut found: Vec<Connected> = Vec::new();
    for row in 0..problem.n {
        let root = find(&mut parent, node(0, row));
        let at = *place[root].get_or_insert_with(|| {
            found.push(Connected { rows: Vec::new(), levels: vec![Vec::new(); problem.factors.len()] });
            found.len() - 1
        });
        found[at].rows.push(row);
    }
    for (factor, of) in problem.factors.iter().enumerate() {
        for level in 0..of.levels {
            let root = find(&mut parent, first[factor] + level);
            if let Some(at) = place[root] {
                found[at].levels[factor].push(level);
            }
        }
    }
    found
}

/// How many random effects of all factors but the first are linked by rows that they share, directly or through others,
/// at most: the size of the matrices whose products Kenward and Roger's method takes.
pub(super) fn most_linked(problem: &Problem) -> usize {
    let size = |of: &Connected| {
        let widths = problem.factors.iter().map(|factor| factor.k);
        of.levels.iter().zip(widths).skip(1).map(|(levels, k)| levels.len() * k).sum()
    };
    blocks(problem).iter().map(size).max().unwrap_or(0)
}
