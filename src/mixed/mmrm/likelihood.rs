//! The likelihood of a model with correlated residuals, with exact first and second derivatives.

use super::covariance::Prepared;
use super::patterns::{Pattern, packed, place, unpacked};
use super::random::RandomPart;
use super::structure::Covariance;
use crate::numeric::matrix::{Matrix, dot};

/// Standardised data: orthonormal columns, a response of unit size, subjects by pattern.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub patterns: Vec<Pattern>,
    pub covariance: Covariance,
    /// Random effects beside the residuals; none in most models.
    pub random: RandomPart,
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

impl Problem {
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
            log_determinant += pattern.count * of.cholesky.log_determinant();
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
        let q = g.rows();
        let inverse = &of.inverse;
        let k = inverse.times(&pattern.inner(g)).times(inverse);
        let n = pattern.count;
        let entries = of.entries();
        let weights = Matrix::from_fn(k.rows(), k.rows(), |a, b| n * inverse[(a, b)] - k[(a, b)]);
        let moved = pattern.transformed(inverse, entries.len(), q);
        for (at, (r, own)) in entries.iter().enumerate() {
            for &(row, column, value) in own {
                sums.gradient[*r] += value * weights[(row, column)];
            }
            // SVᵣS and KVᵣS, of which each Vₛ picks its entries.
            let [inside, around] = surrounded(own, [inverse, &k], inverse);
            let block = &mut sums.blocks[*r];
            match &moved {
                Some(moved) => {
                    for &(row, column, value) in own.iter().filter(|(row, column, _)| column <= row) {
                        let pair = &moved[place(row, column) * packed(q)..][..packed(q)];
                        block.iter_mut().zip(pair).for_each(|(sum, pair)| *sum += value * pair);
                    }
                }
                None => pattern.add(&inside, 1.0, q, block),
            }
            for (s, entries) in &entries[..=at] {
                let (mut average, mut second) = (0.0, 0.0);
                for &(j, l, value) in entries {
                    average += n * value * inside[(l, j)];
                    second += 2.0 * value * around[(l, j)];
                }
                second += of.second(*r, *s).map_or(0.0, |curve| inner(&weights, &curve));
                sums.hessian[(*r, *s)] += second - average;
                sums.expected[(*r, *s)] += average;
            }
        }
    }

    /// The expectation of the second derivatives of the restricted criterion:
    /// tr(V⁻¹VᵣV⁻¹Vₛ) − 2 tr(ΦQᵣₛ) + tr(ΦPᵣΦPₛ).
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983, section 2, and appendix A.2 of Halekoh & Højsgaard
    /// (2014), J Stat Softw 59(9).
    pub fn expected_information(&self, theta: &[f64], at: &Evaluation) -> Option<Matrix> {
        let p = self.coefficients;
        let mut sum = at.expected.clone();
        // Φ over the columns of X, 0 for the response.
        let g = Matrix::from_fn(p + 1, p + 1, |a, b| if a < p && b < p { at.phi[(a, b)] } else { 0.0 });
        for (pattern, of) in self.patterns.iter().zip(&self.prepared(theta)?) {
            let k = of.inverse.times(&pattern.inner(&g)).times(&of.inverse);
            let entries = of.entries();
            for (r, own) in &entries {
                let [around] = surrounded(own, [&k], &of.inverse);
                for (s, others) in &entries {
                    sum[(*r, *s)] -= 2.0 * others.iter().map(|&(j, l, value)| value * around[(l, j)]).sum::<f64>();
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
        let p = self.coefficients;
        let mut sum = vec![0.0; packed(p + 1)];
        for (pattern, of) in self.patterns.iter().zip(&self.prepared(theta)?) {
            let m = pattern.rows;
            let entries = of.entries();
            let mut middle = Matrix::zeros(m, m);
            for (r, own) in &entries {
                let mut along = Matrix::zeros(m, m);
                for (s, others) in &entries {
                    others.iter().for_each(|&(j, l, value)| along[(j, l)] += w[(*r, *s)] * value);
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

/// LVS for some matrices L and a matrix V with few entries.
fn surrounded<const N: usize>(entries: &[(usize, usize, f64)], left: [&Matrix; N], s: &Matrix) -> [Matrix; N] {
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
