//! The likelihood of a model with correlated residuals, with exact first and second derivatives.

use super::super::options::ResidualStructure;
use super::patterns::{Pattern, packed, place, unpacked};
use super::structure::{AtVisits, Covariance};
use crate::numeric::matrix::{Cholesky, Matrix, dot};

/// Standardised data: orthonormal columns, a response of unit size, subjects by pattern.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub patterns: Vec<Pattern>,
    pub covariance: Covariance,
    pub groups: usize,
    pub rows: usize,
    pub coefficients: usize,
    pub reml: bool,
}

/// −2 log-likelihood (restricted or not) of the standardised data with its derivatives in θ.
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    pub value: f64,
    pub gradient: Vec<f64>,
    /// Exact second derivatives.
    pub hessian: Matrix,
    /// What the second derivatives are on average at the truth, without the part of X.
    pub expected: Matrix,
    /// The coefficients of the standardised columns.
    pub beta: Vec<f64>,
    /// Their covariance (X′V⁻¹X)⁻¹.
    pub phi: Matrix,
    /// X′V⁻¹(∂V/∂θᵣ)V⁻¹X for each parameter: minus Pᵣ of Kenward & Roger.
    pub slopes: Vec<Matrix>,
}

/// A covariance whose eigenvalues differ by more than this is not positive definite for what data can tell.
const SMALLEST_SHARE: f64 = 1e-9;

/// The covariance of a pattern with what follows from it.
struct Prepared<'a> {
    at: AtVisits<'a>,
    cholesky: Cholesky,
    inverse: Matrix,
}

impl Prepared<'_> {
    /// The entries of the derivatives of Σ that are not 0, for each of so many parameters.
    fn entries(&self, parameters: usize) -> Vec<Vec<(usize, usize, f64)>> {
        let m = self.inverse.rows();
        let of = |r: usize| {
            let v = self.at.first(r);
            let all = (0..m).flat_map(|j| (0..m).map(move |k| (j, k))).map(|at| (at.0, at.1, v[at]));
            all.filter(|(_, _, value)| *value != 0.0).collect()
        };
        (0..parameters).map(of).collect()
    }
}

impl Problem {
    /// The length of θ, over all groups.
    pub fn parameters(&self) -> usize {
        self.groups * self.covariance.parameters()
    }

    /// The parameters of one group.
    pub fn part<'a>(&self, theta: &'a [f64], group: usize) -> &'a [f64] {
        let size = self.covariance.parameters();
        &theta[group * size..(group + 1) * size]
    }

    fn prepared<'a>(&'a self, theta: &'a [f64]) -> Option<Vec<Prepared<'a>>> {
        let of = |pattern: &'a Pattern| {
            let at = self.covariance.at(self.part(theta, pattern.group), &pattern.visits);
            let cholesky = at.matrix().cholesky()?;
            let inverse = cholesky.inverse();
            Some(Prepared { at, cholesky, inverse })
        };
        self.patterns.iter().map(of).collect()
    }

    /// Whether the covariance over all visits is not positive definite for what data can tell, or with compound symmetry that
    /// over the visits of a subject.
    pub fn is_degenerate(&self, theta: &[f64]) -> bool {
        // Times of different subjects may lie as close as they like.
        let is_ordinal = self.covariance.structure != ResidualStructure::ContinuousAutoregressive;
        is_ordinal && self.smallest_share(theta) < SMALLEST_SHARE
    }

    /// The smallest eigenvalue of the covariance over these visits beside the largest, in the group where it is least.
    fn smallest_share(&self, theta: &[f64]) -> f64 {
        let of = |group: usize, visits: &[usize]| {
            let (values, _) = self.covariance.matrix(self.part(theta, group), visits).symmetric_eigen();
            values.first().copied().unwrap_or(1.0) / values.last().copied().unwrap_or(1.0)
        };
        if self.covariance.is_compound() {
            let widest = self.covariance.widest();
            let is_widest = |pattern: &&Pattern| pattern.visits.len() == widest;
            let shares = self.patterns.iter().filter(is_widest).map(|pattern| of(pattern.group, &pattern.visits));
            return shares.fold(f64::INFINITY, f64::min);
        }
        let all: Vec<usize> = (0..self.covariance.visits()).collect();
        (0..self.groups).map(|group| of(group, &all)).fold(f64::INFINITY, f64::min)
    }

    /// The likelihood at θ; none where a covariance is not positive definite.
    ///
    /// With S = Σ⁻¹ of a pattern, Vᵣ the derivative of Σ, D = Σᵢ(rᵢrᵢ′ + XᵢΦXᵢ′) over its subjects (the
    /// second part under REML alone), K = SDS and P = V⁻¹ − V⁻¹XΦX′V⁻¹:
    /// ∂ᵣ = Σ N tr(SVᵣ) − tr(KVᵣ) and
    /// ∂ᵣₛ = Σ N tr(SVᵣₛ) − tr(KVᵣₛ) − N tr(SVᵣSVₛ) + 2 tr(KVᵣSVₛ) − tr(ΦPᵣΦPₛ) − 2aᵣ′Φaₛ, where
    /// aᵣ = X′V⁻¹VᵣV⁻¹r.
    ///
    /// Source: Lindstrom & Bates (1988), J Am Stat Assoc 83:1014, sections 3 and 4; Wolfinger, Tobias &
    /// Sall (1994), SIAM J Sci Comput 15:1294.
    pub fn evaluate(&self, theta: &[f64]) -> Option<Evaluation> {
        let (p, q) = (self.coefficients, self.coefficients + 1);
        let prepared = self.prepared(theta)?;
        let (mut base, mut log_determinant) = (vec![0.0; packed(q)], 0.0);
        for (pattern, of) in self.patterns.iter().zip(&prepared) {
            pattern.add(&of.inverse, 1.0, q, &mut base);
            log_determinant += pattern.subjects * of.cholesky.log_determinant();
        }
        let information = unpacked(&base, p).cholesky()?;
        let (phi, right) = (information.inverse(), last_row(&base, p));
        let beta = information.solve(right);
        let residual = base[place(p, p)] - dot(&beta, right);
        let mut value = log_determinant + residual;
        let mut g = Matrix::from_fn(q, q, |a, b| {
            let (x, y) = (beta.get(a).map_or(-1.0, |b| *b), beta.get(b).map_or(-1.0, |b| *b));
            x * y
        });
        if self.reml {
            value += information.log_determinant();
            (0..p).for_each(|a| (0..p).for_each(|b| g[(a, b)] += phi[(a, b)]));
        }
        let mut sums = Sums::new(self.parameters(), q);
        for (pattern, of) in self.patterns.iter().zip(&prepared) {
            self.add_derivatives(pattern, of, &g, &mut sums);
        }
        sums.finish(p, &beta, &phi, self.reml);
        let Sums { gradient, hessian, expected, blocks } = sums;
        let slopes = blocks.iter().map(|block| unpacked(block, p)).collect();
        value.is_finite().then_some(Evaluation { value, gradient, hessian, expected, beta, phi, slopes })
    }

    fn add_derivatives(&self, pattern: &Pattern, of: &Prepared<'_>, g: &Matrix, sums: &mut Sums) {
        let (size, q) = (self.covariance.parameters(), g.rows());
        let first = pattern.group * size;
        let inverse = &of.inverse;
        let k = inverse.times(&pattern.inner(g)).times(inverse);
        let n = pattern.subjects;
        let entries = of.entries(size);
        let weights = Matrix::from_fn(k.rows(), k.rows(), |a, b| n * inverse[(a, b)] - k[(a, b)]);
        let moved = pattern.transformed(inverse, size, q);
        for (r, own) in entries.iter().enumerate() {
            for &(row, column, value) in own {
                sums.gradient[first + r] += value * weights[(row, column)];
            }
            // SVᵣS and KVᵣS, of which each Vₛ picks its entries.
            let [inside, around] = surrounded(own, [inverse, &k], inverse);
            let block = &mut sums.blocks[first + r];
            match &moved {
                Some(moved) => {
                    for &(row, column, value) in own.iter().filter(|(row, column, _)| column <= row) {
                        let pair = &moved[place(row, column) * packed(q)..][..packed(q)];
                        block.iter_mut().zip(pair).for_each(|(sum, pair)| *sum += value * pair);
                    }
                }
                None => pattern.add(&inside, 1.0, q, block),
            }
            for (s, entries) in entries.iter().enumerate().take(r + 1) {
                let (mut average, mut second) = (0.0, 0.0);
                for &(j, l, value) in entries {
                    average += n * value * inside[(l, j)];
                    second += 2.0 * value * around[(l, j)];
                }
                if !self.covariance.is_linear() {
                    second += inner(&weights, &of.at.second(r, s));
                }
                sums.hessian[(first + r, first + s)] += second - average;
                sums.expected[(first + r, first + s)] += average;
            }
        }
    }

    /// The expectation of the second derivatives of the restricted criterion:
    /// tr(V⁻¹VᵣV⁻¹Vₛ) − 2 tr(ΦQᵣₛ) + tr(ΦPᵣΦPₛ).
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, section 2, and appendix A.2 of Halekoh & Højsgaard
    /// (2014), J Stat Softw 59(9).
    pub fn expected_information(&self, theta: &[f64], at: &Evaluation) -> Option<Matrix> {
        let (size, p) = (self.covariance.parameters(), self.coefficients);
        let mut sum = at.expected.clone();
        // Φ over the columns of X, 0 for the response.
        let g = Matrix::from_fn(p + 1, p + 1, |a, b| if a < p && b < p { at.phi[(a, b)] } else { 0.0 });
        for (pattern, of) in self.patterns.iter().zip(&self.prepared(theta)?) {
            let k = of.inverse.times(&pattern.inner(&g)).times(&of.inverse);
            let first: Vec<Matrix> = (0..size).map(|r| of.at.first(r)).collect();
            for (r, one) in first.iter().enumerate() {
                let left = one.times(&of.inverse);
                for (s, other) in first.iter().enumerate() {
                    let place = (pattern.group * size + r, pattern.group * size + s);
                    sum[place] -= 2.0 * left.times(other).times(&k).trace();
                }
            }
        }
        let through: Vec<Matrix> = at.slopes.iter().map(|slope| at.phi.times(slope)).collect();
        for r in 0..through.len() {
            for s in 0..through.len() {
                sum[(r, s)] += through[r].times(&through[s]).trace();
            }
        }
        Some(Matrix::from_fn(sum.rows(), sum.rows(), |r, s| 0.5 * (sum[(r, s)] + sum[(s, r)])))
    }

    /// Σ over patterns of X′S(Σᵣₛ Wᵣₛ VᵣSVₛ)SX: the sum of WᵣₛQᵣₛ of Kenward & Roger.
    pub fn weighted_products(&self, theta: &[f64], w: &Matrix) -> Option<Matrix> {
        let (size, p) = (self.covariance.parameters(), self.coefficients);
        let mut sum = vec![0.0; packed(p + 1)];
        for (pattern, of) in self.patterns.iter().zip(&self.prepared(theta)?) {
            let (first, m) = (pattern.group * size, pattern.visits.len());
            let entries = of.entries(size);
            let mut middle = Matrix::zeros(m, m);
            for (r, own) in entries.iter().enumerate() {
                let mut along = Matrix::zeros(m, m);
                for (s, others) in entries.iter().enumerate() {
                    others.iter().for_each(|&(j, l, value)| along[(j, l)] += w[(first + r, first + s)] * value);
                }
                let product = of.inverse.times(&along);
                for &(j, l, value) in own {
                    (0..m).for_each(|column| middle[(j, column)] += value * product[(l, column)]);
                }
            }
            let outer = of.inverse.times(&middle).times(&of.inverse);
            let symmetric = outer.plus(&outer.transposed()).scaled(0.5);
            pattern.add(&symmetric, 1.0, p + 1, &mut sum);
        }
        Some(unpacked(&sum, p))
    }
}

/// LVS for two matrices L and a matrix V with few entries.
fn surrounded(entries: &[(usize, usize, f64)], left: [&Matrix; 2], s: &Matrix) -> [Matrix; 2] {
    let m = s.rows();
    let mut times = Matrix::zeros(m, m);
    let mut touched = vec![false; m];
    for &(row, column, value) in entries {
        touched[row] = true;
        (0..m).for_each(|at| times[(row, at)] += value * s[(column, at)]);
    }
    left.map(|left| {
        let mut product = Matrix::zeros(m, m);
        for row in (0..m).filter(|row| touched[*row]) {
            for a in 0..m {
                let weight = left[(a, row)];
                (0..m).for_each(|b| product[(a, b)] += weight * times[(row, b)]);
            }
        }
        product
    })
}

/// The row of the response in a packed triangle, without its last entry.
fn last_row(triangle: &[f64], p: usize) -> &[f64] {
    &triangle[place(p, 0)..place(p, 0) + p]
}

/// The sum of products of entries.
fn inner(a: &Matrix, b: &Matrix) -> f64 {
    (0..a.rows()).map(|row| dot(a.row(row), b.row(row))).sum()
}

struct Sums {
    gradient: Vec<f64>,
    hessian: Matrix,
    expected: Matrix,
    blocks: Vec<Vec<f64>>,
}

impl Sums {
    fn new(parameters: usize, q: usize) -> Self {
        Self {
            gradient: vec![0.0; parameters],
            hessian: Matrix::zeros(parameters, parameters),
            expected: Matrix::zeros(parameters, parameters),
            blocks: vec![vec![0.0; packed(q)]; parameters],
        }
    }

    /// Adds what goes through the coefficients, and fills the upper triangles.
    fn finish(&mut self, p: usize, beta: &[f64], phi: &Matrix, reml: bool) {
        let size = self.gradient.len();
        let mut along = Vec::with_capacity(size);
        let mut inside = Vec::with_capacity(size);
        for block in &self.blocks {
            let slope = unpacked(block, p);
            let a: Vec<f64> = last_row(block, p).iter().zip(slope.times_vector(beta)).map(|(xy, xb)| xy - xb).collect();
            along.push((phi.times_vector(&a), a));
            let product = if reml { phi.times(&slope) } else { Matrix::zeros(0, 0) };
            inside.push((product.transposed(), product));
        }
        for r in 0..size {
            for s in 0..=r {
                let through = 2.0 * dot(&along[r].0, &along[s].1) + inner(&inside[r].0, &inside[s].1);
                self.hessian[(r, s)] -= through;
                self.hessian[(s, r)] = self.hessian[(r, s)];
                self.expected[(s, r)] = self.expected[(r, s)];
            }
        }
    }
}
