//! One grouping factor: the blocks of the levels do not touch each other.
//!
//! Levels with the same Z'Z (every patient at the same visits) share one factorisation, and their
//! Z'[Q y] are replaced by as few as have the same sum of products, so that the cost of an evaluation
//! does not grow with the patients of a balanced design.

use super::pieces::Pieces;
use super::problem::{Place, Problem};

/// The largest number of random effects of a level that is handled here.
pub(super) const MOST_EFFECTS: usize = 5;

/// The sums of products by level.
#[derive(Clone, Debug)]
pub(super) struct Products {
    pub k: usize,
    /// Fixed columns and the response.
    pub q: usize,
    /// Z'Z of each level.
    pub g: Vec<f64>,
    /// Z'[Q y] of each level.
    pub h: Vec<f64>,
    /// [Q y]'[Q y].
    pub a: Vec<f64>,
}

impl Products {
    /// Sums over the rows; the only place that sees them.
    pub fn new(problem: &Problem) -> Self {
        let factor = &problem.factors[0];
        let (k, p) = (factor.k, problem.p());
        let q = p + 1;
        let mut g = vec![0.0; factor.levels * k * k];
        let mut h = vec![0.0; factor.levels * k * q];
        let mut z = vec![0.0; k];
        let mut x = vec![0.0; q];
        for row in 0..problem.n {
            let level = factor.codes[row] as usize;
            z.iter_mut().zip(&factor.columns).for_each(|(place, column)| *place = column[row]);
            x.iter_mut().zip(&problem.x.columns).for_each(|(place, column)| *place = column[row]);
            x[p] = problem.y[row];
            let (g, h) = (&mut g[level * k * k..(level + 1) * k * k], &mut h[level * k * q..(level + 1) * k * q]);
            for i in 0..k {
                for j in 0..=i {
                    g[i * k + j] += z[i] * z[j];
                }
                for (place, value) in h[i * q..(i + 1) * q].iter_mut().zip(&x) {
                    *place += z[i] * value;
                }
            }
        }
        for level in g.chunks_exact_mut(k * k) {
            (0..k).for_each(|i| (0..i).for_each(|j| level[j * k + i] = level[i * k + j]));
        }
        Self { k, q, g, h, a: total_products(problem, &problem.y) }
    }

    /// The same levels with another response.
    pub fn respond(&mut self, problem: &Problem, y: &[f64]) {
        let factor = &problem.factors[0];
        let (k, q) = (self.k, self.q);
        self.h.iter_mut().skip(q - 1).step_by(q).for_each(|value| *value = 0.0);
        for (row, value) in y.iter().enumerate() {
            let base = factor.codes[row] as usize * k * q + q - 1;
            for (i, column) in factor.columns.iter().enumerate() {
                self.h[base + i * q] += column[row] * value;
            }
        }
        self.a = total_products(problem, y);
    }
}

/// [Q y]'[Q y]: Q is orthonormal, and y orthogonal to it.
pub(super) fn total_products(problem: &Problem, y: &[f64]) -> Vec<f64> {
    let q = problem.p() + 1;
    let mut a = vec![0.0; q * q];
    (0..q - 1).for_each(|i| a[i * q + i] = 1.0);
    a[q * q - 1] = y.iter().map(|value| value * value).sum();
    a
}

/// Levels with the same Z'Z.
#[derive(Clone, Copy, Debug)]
struct Pattern<const K: usize> {
    g: [[f64; K]; K],
    count: f64,
    /// The range of their Z'[Q y] in [`OneFactor::h`].
    first: usize,
    last: usize,
}

/// The matrices of a level at some θ: λ, R and I − GN.
struct Level<const K: usize> {
    lambda: [[f64; K]; K],
    r: [[f64; K]; K],
    t: [[f64; K]; K],
}

/// The evaluation for K random effects a level.
#[derive(Clone, Debug)]
pub(super) struct OneFactor<const K: usize> {
    patterns: Vec<Pattern<K>>,
    q: usize,
    h: Vec<f64>,
    a: Vec<f64>,
    places: Vec<Place>,
    /// K and D of a level, see [`OneFactor::evaluate`], and the sums W.
    work: Vec<f64>,
    w: Vec<f64>,
}

impl<const K: usize> OneFactor<K> {
    pub fn new(products: &Products, places: &[Place]) -> Self {
        let (k, q) = (K, products.q);
        let mut seen: std::collections::HashMap<Vec<u64>, usize> = std::collections::HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for (level, g) in products.g.chunks_exact(k * k).enumerate() {
            let key: Vec<u64> = g.iter().map(|value| value.to_bits()).collect();
            let at = *seen.entry(key).or_insert(members.len());
            if at == members.len() {
                members.push(Vec::new());
            }
            members[at].push(level);
        }
        let mut patterns = Vec::with_capacity(members.len());
        let mut h: Vec<f64> = Vec::new();
        for levels in &members {
            let first = h.len() / (k * q);
            let own = |level: usize| &products.h[level * k * q..(level + 1) * k * q];
            if levels.len() > k * q {
                h.extend(compressed(levels.iter().map(|&level| own(level)), k * q));
            } else {
                levels.iter().for_each(|&level| h.extend_from_slice(own(level)));
            }
            let base = levels[0] * k * k;
            let g = std::array::from_fn(|i| std::array::from_fn(|j| products.g[base + i * k + j]));
            patterns.push(Pattern { g, count: levels.len() as f64, first, last: h.len() / (k * q) });
        }
        let (work, w) = (vec![0.0; 3 * k * q], vec![0.0; places.len() * q * q]);
        Self { patterns, q, h, a: products.a.clone(), places: places.to_vec(), work, w }
    }

    /// With M = λ'Gλ + I, R = M⁻¹λ' and N = λR of a level: log|M|; S −= H'NH; and, with D = RH and
    /// K = (I − GN)H = Z'V⁻¹[Q y], dS = −(K'dλD + D'dλ'K), d log|M| = 2 tr(RG dλ).
    pub fn evaluate(&mut self, theta: &[f64], pieces: &mut Pieces) {
        let q = self.q;
        let mut lambda = [[0.0; K]; K];
        for (place, value) in self.places.iter().zip(theta) {
            lambda[place.row][place.column] = *value;
        }
        pieces.s.copy_from_slice(&self.a);
        self.w.fill(0.0);
        let mut e = [[0.0; K]; K];
        let (mut log_det, mut product) = (0.0, 1.0f64);
        for at in 0..self.patterns.len() {
            let pattern = self.patterns[at];
            let (r, det) = inverse_times(&lambda, &pattern.g);
            if pattern.count == 1.0 {
                product *= det;
                if !(1e-200..1e200).contains(&product) {
                    log_det += product.ln();
                    product = 1.0;
                }
            } else {
                log_det += pattern.count * det.ln();
            }
            let rg = times(&r, &pattern.g);
            (0..K).for_each(|i| (0..K).for_each(|j| e[i][j] += pattern.count * rg[i][j]));
            // I − GN = I − GλR; GN is the transpose of λ(RG).
            let ng = times(&lambda, &rg);
            let t: [[f64; K]; K] =
                std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j)) - ng[j][i]));
            self.add_members(pattern.first..pattern.last, &Level { lambda, r, t }, &mut pieces.s);
        }
        pieces.log_det = log_det + product.ln();
        for row in 0..q {
            for column in 0..row {
                pieces.s[column * q + row] = pieces.s[row * q + column];
            }
        }
        for (at, place) in self.places.iter().enumerate() {
            pieces.d_log_det[at] = 2.0 * e[place.column][place.row];
        }
        symmetric_derivatives(&self.w, q, &mut pieces.d_s);
    }

    /// The share of some levels with the same matrices in S and in the sums of K'D.
    #[inline]
    fn add_members(&mut self, members: std::ops::Range<usize>, of: &Level<K>, s: &mut [f64]) {
        let q = self.q;
        let (u_place, rest) = self.work.split_at_mut(K * q);
        let (d_place, k_place) = rest.split_at_mut(K * q);
        for h in self.h[members.start * K * q..members.end * K * q].chunks_exact(K * q) {
            for i in 0..K {
                for column in 0..q {
                    let (mut u, mut d, mut z) = (0.0, 0.0, 0.0);
                    for j in 0..K {
                        let value = h[j * q + column];
                        u += of.lambda[j][i] * value;
                        d += of.r[i][j] * value;
                        z += of.t[i][j] * value;
                    }
                    (u_place[i * q + column], d_place[i * q + column], k_place[i * q + column]) = (u, d, z);
                }
            }
            for i in 0..K {
                let (u, d) = (&u_place[i * q..(i + 1) * q], &d_place[i * q..(i + 1) * q]);
                for (row, &u) in u.iter().enumerate() {
                    for (place, &d) in s[row * q..row * q + row + 1].iter_mut().zip(d) {
                        *place -= u * d;
                    }
                }
            }
            for (place, w) in self.places.iter().zip(self.w.chunks_exact_mut(q * q)) {
                let left = &k_place[place.row * q..(place.row + 1) * q];
                let right = &d_place[place.column * q..(place.column + 1) * q];
                for (w, &a) in w.chunks_exact_mut(q).zip(left) {
                    for (w, &b) in w.iter_mut().zip(right) {
                        *w += a * b;
                    }
                }
            }
        }
    }
}

/// dS = −(W + W').
pub(super) fn symmetric_derivatives(w: &[f64], q: usize, d_s: &mut [f64]) {
    for (w, d_s) in w.chunks_exact(q * q).zip(d_s.chunks_exact_mut(q * q)) {
        for i in 0..q {
            for j in 0..q {
                d_s[i * q + j] = -(w[i * q + j] + w[j * q + i]);
            }
        }
    }
}

/// M⁻¹λ' and |M| for M = λ'Gλ + I.
#[allow(clippy::needless_range_loop)] // indices say which entries of two rows meet
fn inverse_times<const K: usize>(lambda: &[[f64; K]; K], g: &[[f64; K]; K]) -> ([[f64; K]; K], f64) {
    let gl = times(g, lambda);
    let mut c = [[0.0; K]; K];
    let mut det = 1.0;
    for i in 0..K {
        for j in 0..=i {
            let mut m = f64::from(u8::from(i == j));
            for at in 0..K {
                m += lambda[at][i] * gl[at][j];
            }
            for at in 0..j {
                m -= c[i][at] * c[j][at];
            }
            if i == j {
                det *= m;
                c[i][i] = 1.0 / m.sqrt();
            } else {
                c[i][j] = m * c[j][j];
            }
        }
    }
    // The diagonal of c holds reciprocals. Forward and back for each column of λ'.
    let mut r = [[0.0; K]; K];
    for column in 0..K {
        for i in 0..K {
            let mut value = lambda[column][i];
            for at in 0..i {
                value -= c[i][at] * r[at][column];
            }
            r[i][column] = value * c[i][i];
        }
        for i in (0..K).rev() {
            let mut value = r[i][column];
            for at in i + 1..K {
                value -= c[at][i] * r[at][column];
            }
            r[i][column] = value * c[i][i];
        }
    }
    (r, det)
}

fn times<const K: usize>(a: &[[f64; K]; K], b: &[[f64; K]; K]) -> [[f64; K]; K] {
    let mut product = [[0.0; K]; K];
    for i in 0..K {
        for at in 0..K {
            for j in 0..K {
                product[i][j] += a[i][at] * b[at][j];
            }
        }
    }
    product
}

/// As many vectors as they are long with the same sum of products: the triangle of their QR
/// decomposition, by Givens' rotations.
fn compressed<'a>(vectors: impl Iterator<Item = &'a [f64]>, size: usize) -> Vec<f64> {
    let mut triangle = vec![0.0; size * size];
    let mut vector = vec![0.0; size];
    for next in vectors {
        vector.copy_from_slice(next);
        for row in 0..size {
            if vector[row] == 0.0 {
                continue;
            }
            let (x, y): (f64, f64) = (triangle[row * size + row], vector[row]);
            let length = x.hypot(y);
            let (c, s) = (x / length, y / length);
            for column in row..size {
                let (u, v) = (triangle[row * size + column], vector[column]);
                triangle[row * size + column] = c * u + s * v;
                vector[column] = c * v - s * u;
            }
        }
    }
    triangle
}
