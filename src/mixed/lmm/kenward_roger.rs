//! Kenward and Roger's adjustment, linear in the (co)variances.
//!
//! V = Σ γ_r G_r + σ²I. The G_r of a random term reach from level to level, so that every quantity is a
//! sum over blocks of levels that share rows: with J = Z'V⁻¹Z and K = Z'V⁻¹X of a block,
//! X'V⁻¹G_rV⁻¹X = K'E_rK and X'V⁻¹G_rV⁻¹G_sV⁻¹X = K'E_rJE_sK. Those of σ² follow from Σ γ_r G_r + σ²I = V.
//!
//! Source: Kenward & Roger (1997), Biometrics 53:983; Halekoh & Højsgaard (2014), J Stat Softw 59(9);
//! the parametrisation by (co)variances as in Kenward & Roger (2009), Comput Stat Data Anal 53:2583.

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
struct Parameter {
    factor: usize,
    columns: [usize; 2],
    value: f64,
}

/// Sums over blocks; the last parameter is σ².
struct Sums {
    p: Vec<Matrix>,
    q: Vec<Vec<Matrix>>,
    traces: Matrix,
    single: Vec<f64>,
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
        let mut sums = Sums {
            p: vec![Matrix::zeros(p, p); m + 1],
            q: vec![vec![Matrix::zeros(p, p); m + 1]; m + 1],
            traces: Matrix::zeros(m + 1, m + 1),
            single: vec![0.0; m + 1],
        };
        for block in blocks(problem) {
            sums.add(&Block::new(problem, &block, &lambdas), &parameters);
        }
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

/// How many random effects are linked by rows that they share, directly or through others, at most: the size of the
/// matrices whose products Kenward and Roger's method takes.
pub(super) fn most_linked(problem: &Problem) -> usize {
    let size = |of: &Connected| {
        let widths = problem.factors.iter().map(|factor| factor.k);
        of.levels.iter().zip(widths).map(|(levels, k)| levels.len() * k).sum()
    };
    blocks(problem).iter().map(size).max().unwrap_or(0)
}

/// J = Z'V⁻¹Z and K = Z'V⁻¹X of a block, and where the levels of each factor begin in it.
struct Block {
    j: Matrix,
    k: Matrix,
    /// For each factor: the first row and the number of levels.
    starts: Vec<(usize, usize)>,
    width: Vec<usize>,
}

impl Block {
    fn new(problem: &Problem, connected: &Connected, lambdas: &[Matrix]) -> Self {
        let width: Vec<usize> = problem.factors.iter().map(|factor| factor.k).collect();
        let mut starts = Vec::new();
        let mut size = 0;
        for (levels, k) in connected.levels.iter().zip(&width) {
            starts.push((size, levels.len()));
            size += levels.len() * k;
        }
        let place = |factor: usize, level: usize| {
            let within = connected.levels[factor].binary_search(&level).unwrap_or(0);
            starts[factor].0 + within * width[factor]
        };
        let (mut a, mut h) = (Matrix::zeros(size, size), Matrix::zeros(size, problem.p()));
        let mut entries: Vec<(usize, f64)> = Vec::new();
        for &row in &connected.rows {
            entries.clear();
            for (at, factor) in problem.factors.iter().enumerate() {
                let start = place(at, factor.codes[row] as usize);
                entries.extend(factor.columns.iter().enumerate().map(|(column, z)| (start + column, z[row])));
            }
            for &(i, left) in &entries {
                entries.iter().for_each(|&(j, right)| a[(i, j)] += left * right);
                problem.x.columns.iter().enumerate().for_each(|(j, column)| h[(i, j)] += left * column[row]);
            }
        }
        let lambda = |at: usize| {
            let factor = (0..starts.len()).rev().find(|&factor| at >= starts[factor].0).unwrap_or(0);
            (factor, starts[factor].0 + (at - starts[factor].0) / width[factor] * width[factor])
        };
        let mut big = Matrix::zeros(size, size);
        for at in 0..size {
            let (factor, start) = lambda(at);
            (0..width[factor]).for_each(|column| big[(at, start + column)] = lambdas[factor][(at - start, column)]);
        }
        let al = a.times(&big);
        let m = big.transposed().times(&al).plus(&Matrix::identity(size));
        // M is I plus a matrix that is not negative: it always has a factor.
        let solved = m.cholesky().map(|cholesky| {
            (cholesky.solve_matrix(&al.transposed()), cholesky.solve_matrix(&big.transposed().times(&h)))
        });
        let (right_j, right_k) =
            solved.unwrap_or_else(|| (Matrix::zeros(size, size), Matrix::zeros(size, problem.p())));
        let j = a.plus(&al.times(&right_j).scaled(-1.0));
        let k = h.plus(&al.times(&right_k).scaled(-1.0));
        Self { j, k, starts, width }
    }

    /// E_r times a matrix.
    fn selected(&self, of: &Parameter, matrix: &Matrix) -> Matrix {
        let mut result = Matrix::zeros(matrix.rows(), matrix.columns());
        let (start, levels) = self.starts[of.factor];
        let [a, b] = of.columns;
        for level in 0..levels {
            let row = start + level * self.width[of.factor];
            for column in 0..matrix.columns() {
                result[(row + a, column)] += matrix[(row + b, column)];
                if a != b {
                    result[(row + b, column)] += matrix[(row + a, column)];
                }
            }
        }
        result
    }
}

impl Sums {
    fn add(&mut self, block: &Block, parameters: &[Parameter]) {
        let k_transposed = block.k.transposed();
        let ek: Vec<Matrix> = parameters.iter().map(|of| block.selected(of, &block.k)).collect();
        let ej: Vec<Matrix> = parameters.iter().map(|of| block.selected(of, &block.j)).collect();
        let jek: Vec<Matrix> = ek.iter().map(|ek| block.j.times(ek)).collect();
        for r in 0..parameters.len() {
            self.p[r] = self.p[r].plus(&k_transposed.times(&ek[r]).scaled(-1.0));
            self.single[r] += ej[r].trace();
            let left = ek[r].transposed();
            for s in 0..parameters.len() {
                self.q[r][s] = self.q[r][s].plus(&left.times(&jek[s]));
                if s <= r {
                    let size = block.j.rows();
                    let trace: f64 = (0..size)
                        .flat_map(|i| (0..size).map(move |j| (i, j)))
                        .map(|(i, j)| ej[r][(i, j)] * ej[s][(j, i)])
                        .sum();
                    self.traces[(r, s)] += trace;
                    if s < r {
                        self.traces[(s, r)] += trace;
                    }
                }
            }
        }
    }

    /// The quantities of σ², from those of the others and of V itself.
    fn add_residual(&mut self, information: &Matrix, parameters: &[Parameter], n: f64) {
        let m = parameters.len();
        let mut p = information.scaled(-1.0);
        for (of, own) in parameters.iter().zip(&self.p) {
            p = p.plus(&own.scaled(-of.value));
        }
        for r in 0..m {
            let mut q = self.p[r].scaled(-1.0);
            let mut trace = self.single[r];
            for (s, of) in parameters.iter().enumerate() {
                q = q.plus(&self.q[r][s].scaled(-of.value));
                trace -= of.value * self.traces[(r, s)];
            }
            self.q[m][r] = q.transposed();
            self.q[r][m] = q;
            self.traces[(r, m)] = trace;
            self.traces[(m, r)] = trace;
        }
        let mut q = p.scaled(-1.0);
        let mut trace = n;
        for (s, of) in parameters.iter().enumerate() {
            q = q.plus(&self.q[m][s].scaled(-of.value));
            trace -= of.value * self.single[s];
        }
        for (s, of) in parameters.iter().enumerate() {
            trace -= of.value * self.traces[(m, s)];
        }
        self.p[m] = p;
        self.q[m][m] = q;
        self.traces[(m, m)] = trace;
    }
}
