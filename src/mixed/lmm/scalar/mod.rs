//! Any number of grouping factors with one random effect a level each, nested or crossed.
//!
//! As the module `many` does it, the factor with most levels is eliminated level by level, and so are those
//! in which it is nested; here each level is one row of M = ΛZ'ZΛ + I, and M = LDL'. With D = M⁻¹ΛZ'[Q y],
//! ΛZ'V⁻¹[Q y] is D itself, so that the derivatives of S by the θ of a factor are −2/θ ΣD'D over its levels;
//! they and those of the determinant vanish at θ = 0.
//!
//! Source: as for the module `many`.

mod layout;
mod root;

use super::one::total_products;
use super::pieces::{LogProduct, Pieces, subtract_square};
use super::problem::Problem;
use crate::numeric::matrix::{Matrix, dot};
use root::Root;

/// The evaluation. Levels, here nodes, are numbered so that those eliminated come first.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    q: usize,
    /// The factor of each node.
    factor_of: Vec<u32>,
    /// The factor of each entry of θ.
    factors: Vec<usize>,
    /// The node of each level, factor by factor, and where the factors begin.
    nodes: Vec<u32>,
    base: Vec<usize>,
    /// The nodes before this one are eliminated one by one.
    eliminated: usize,
    /// The diagonal of Z'Z.
    diagonal: Vec<f64>,
    /// For each eliminated node: where its links begin.
    starts: Vec<usize>,
    /// How many of its links, the first ones, are eliminated themselves.
    among: Vec<u32>,
    /// The later nodes that it shares rows with, ascending; those of the root are counted from 0.
    links: Vec<u32>,
    /// Z'Z for them.
    a: Vec<f64>,
    /// For each link to an eliminated node, where the later links stand in the links of that one.
    positions: Vec<u32>,
    position_starts: Vec<usize>,
    /// Z'Z between nodes of the root: the later node, the earlier one, and the value.
    root_links: Vec<(u32, u32, f64)>,
    root: Root,
    /// Z'[Q y] by nodes.
    right: Vec<f64>,
    total: Vec<f64>,
    /// The θ of each node.
    theta: Vec<f64>,
    /// D of LDL', with the diagonal of M⁻¹, and L with the entries of M⁻¹ for the links.
    pivots: Vec<f64>,
    inverse_diagonal: Vec<f64>,
    lower: Vec<f64>,
    inverse: Vec<f64>,
    /// The right sides, then the solutions D by nodes.
    d: Vec<f64>,
    v: Vec<f64>,
    /// Sums of M⁻¹ ∘ Z'Z by pairs of factors.
    traces: Vec<f64>,
    w: Vec<f64>,
}

impl Scalar {
    /// Whether every factor has one random effect a level.
    pub fn fits(problem: &Problem) -> bool {
        problem.factors.iter().all(|factor| factor.k == 1)
    }

    /// The same design with another response.
    pub fn respond(&mut self, problem: &Problem, y: &[f64]) {
        let q = self.q;
        self.right.iter_mut().skip(q - 1).step_by(q).for_each(|value| *value = 0.0);
        for (factor, &first) in problem.factors.iter().zip(&self.base) {
            for ((&code, z), y) in factor.codes.iter().zip(&factor.columns[0]).zip(y) {
                self.right[(self.nodes[first + code as usize] as usize + 1) * q - 1] += z * y;
            }
        }
        self.total = total_products(problem, y);
    }

    /// The factorisation at θ, and the derivatives; whether it succeeded, which only overflow prevents.
    pub fn evaluate(&mut self, theta: &[f64], pieces: &mut Pieces) -> bool {
        self.scale(theta);
        pieces.s.copy_from_slice(&self.total);
        let mut log = LogProduct::default();
        let q = self.q;
        for node in 0..self.eliminated {
            if !self.eliminate(node, &mut pieces.s, &mut log) {
                return false;
            }
        }
        let from = self.eliminated * q;
        if !self.root.factor(&mut self.d[from..], q, &mut pieces.s, &mut log) {
            return false;
        }
        pieces.log_det = log.ln();
        for row in 0..q {
            (0..row).for_each(|column| pieces.s[column * q + row] = pieces.s[row * q + column]);
        }
        self.root.solve_back(&mut self.d[from..], q);
        self.root.invert();
        self.traces.fill(0.0);
        self.go_back();
        self.trace_root();
        self.derivatives(theta, pieces);
        true
    }

    /// M = ΛZ'ZΛ + I, and ΛZ'[Q y].
    fn scale(&mut self, theta: &[f64]) {
        let mut by_factor = vec![0.0; theta.len()];
        self.factors.iter().zip(theta).for_each(|(&factor, value)| by_factor[factor] = *value);
        for (place, &factor) in self.theta.iter_mut().zip(&self.factor_of) {
            *place = by_factor[factor as usize];
        }
        let rows = self.d.chunks_exact_mut(self.q).zip(self.right.chunks_exact(self.q));
        for (((pivot, a), theta), (d, right)) in self.pivots.iter_mut().zip(&self.diagonal).zip(&self.theta).zip(rows) {
            *pivot = 1.0 + theta * theta * a;
            d.iter_mut().zip(right).for_each(|(place, value)| *place = theta * value);
        }
        let (fronts, roots) = self.theta.split_at(self.eliminated);
        for (node, own) in fronts.iter().enumerate() {
            let range = self.starts[node]..self.starts[node + 1];
            let among = self.among[node] as usize;
            let (links, a) = (&self.links[range.clone()], &self.a[range.clone()]);
            let lower = &mut self.lower[range];
            for (at, ((place, a), &link)) in lower.iter_mut().zip(a).zip(links).enumerate() {
                let other = if at < among { fronts[link as usize] } else { roots[link as usize] };
                *place = own * other * a;
            }
        }
        self.root.clear();
        for &(row, column, a) in &self.root_links {
            *self.root.entry(row as usize, column as usize) = roots[row as usize] * roots[column as usize] * a;
        }
        for (node, pivot) in self.pivots[self.eliminated..].iter().enumerate() {
            *self.root.entry(node, node) = *pivot;
        }
    }

    /// Factors a row and takes its share from what comes after.
    fn eliminate(&mut self, node: usize, s: &mut [f64], log: &mut LogProduct) -> bool {
        let q = self.q;
        let range = self.starts[node]..self.starts[node + 1];
        let among = self.among[node] as usize;
        let pivot = self.pivots[node];
        if !log.times(pivot) {
            return false;
        }
        let inverse = 1.0 / pivot;
        let (before, after) = self.lower.split_at_mut(range.end);
        let w = &mut before[range.start..];
        let links = &self.links[range.clone()];
        self.v.clear();
        self.v.extend_from_slice(w);
        w.iter_mut().for_each(|w| *w *= inverse);
        let (own, later) = self.d[node * q..].split_at_mut(q);
        let mut positions = self.positions[self.position_starts[node]..].iter();
        for at in 0..among {
            let parent = links[at] as usize;
            self.pivots[parent] -= w[at] * self.v[at];
            for (value, &position) in self.v[at + 1..].iter().zip(&mut positions) {
                after[position as usize - range.end] -= w[at] * value;
            }
            let y = &mut later[(parent - node - 1) * q..(parent - node) * q];
            y.iter_mut().zip(&*own).for_each(|(y, value)| *y -= w[at] * value);
        }
        self.root.subtract(&links[among..], &w[among..], &self.v[among..]);
        let roots = &mut later[(self.eliminated - node - 1) * q..];
        for (&link, w) in links[among..].iter().zip(&w[among..]) {
            let y = &mut roots[link as usize * q..(link as usize + 1) * q];
            y.iter_mut().zip(&*own).for_each(|(y, value)| *y -= w * value);
        }
        let root = inverse.sqrt();
        own.iter_mut().for_each(|value| *value *= root);
        subtract_square(s, own);
        own.iter_mut().for_each(|value| *value *= root);
        true
    }

    /// Solutions and entries of the inverse from the last eliminated node to the first.
    fn go_back(&mut self) {
        let (q, count) = (self.q, self.factors.len());
        for node in (0..self.eliminated).rev() {
            let range = self.starts[node]..self.starts[node + 1];
            let among = self.among[node] as usize;
            let (links, w) = (&self.links[range.clone()], &self.lower[range.clone()]);
            let (own, later) = self.d[node * q..].split_at_mut(q);
            let (before, after) = self.inverse.split_at_mut(range.end);
            let z = &mut before[range.start..];
            z.fill(0.0);
            let mut positions = self.positions[self.position_starts[node]..].iter();
            for at in 0..among {
                let mut sum = w[at] * self.inverse_diagonal[links[at] as usize];
                for (later, &position) in (at + 1..links.len()).zip(&mut positions) {
                    let value = after[position as usize - range.end];
                    sum += w[later] * value;
                    z[later] -= w[at] * value;
                }
                z[at] -= sum;
            }
            self.root.subtract_solved(&links[among..], &w[among..], &mut z[among..]);
            let factor = self.factor_of[node] as usize;
            let mut through = 0.0;
            for (at, &link) in links.iter().enumerate() {
                let other = if at < among { link as usize } else { self.eliminated + link as usize };
                through += w[at] * z[at];
                self.traces[factor * count + self.factor_of[other] as usize] += self.a[range.start + at] * z[at];
                let solution = &later[(other - node - 1) * q..(other - node) * q];
                own.iter_mut().zip(solution).for_each(|(d, value)| *d -= w[at] * value);
            }
            let inverse = 1.0 / self.pivots[node] - through;
            self.inverse_diagonal[node] = inverse;
            self.traces[factor * count + factor] += self.diagonal[node] * inverse;
        }
    }

    fn trace_root(&mut self) {
        let count = self.factors.len();
        for node in 0..self.root.size {
            let factor = self.factor_of[self.eliminated + node] as usize;
            self.traces[factor * count + factor] +=
                self.diagonal[self.eliminated + node] * self.root.inverse(node, node);
        }
        for &(row, column, a) in &self.root_links {
            let of = |node: u32| self.factor_of[self.eliminated + node as usize] as usize;
            self.traces[of(row) * count + of(column)] += a * self.root.inverse(row as usize, column as usize);
        }
    }

    /// d log|M| = 2 tr(M⁻¹ΛZ'Z dΛ), and dS = −2/θ ΣD'D over the levels of a factor.
    fn derivatives(&mut self, theta: &[f64], pieces: &mut Pieces) {
        let (q, count) = (self.q, self.factors.len());
        self.w.fill(0.0);
        for (d, &factor) in self.d.chunks_exact(q).zip(&self.factor_of) {
            let w = &mut self.w[factor as usize * q * q..(factor as usize + 1) * q * q];
            for (row, &own) in d.iter().enumerate() {
                w[row * q..=row * q + row].iter_mut().zip(d).for_each(|(w, value)| *w += own * value);
            }
        }
        for (at, &factor) in self.factors.iter().enumerate() {
            let trace = |other: usize| {
                let both = self.traces[factor * count + other] + self.traces[other * count + factor];
                if other == factor { 0.5 * both } else { both }
            };
            let sum: f64 = (0..count).map(|other| theta[other] * trace(self.factors[other])).sum();
            pieces.d_log_det[at] = 2.0 * sum;
            let scale = if theta[at] == 0.0 { 0.0 } else { -2.0 / theta[at] };
            let (w, d_s) = (&self.w[factor * q * q..(factor + 1) * q * q], pieces.d_s_mut(at));
            for row in 0..q {
                for column in 0..=row {
                    let value = scale * w[row * q + column];
                    (d_s[row * q + column], d_s[column * q + row]) = (value, value);
                }
            }
        }
    }

    /// y'PVᵢPVⱼPy for all entries of θ, at the last evaluation; Vᵢ is the derivative of V, and P takes out
    /// the fixed part: v = (−β, 1) are the weights of the columns [Q y], and the covariance is that of β.
    ///
    /// With u = Dv, Vᵢ Py is Zh for h = 2u over the levels of a factor, and Z'V⁻¹Z = A − AΛM⁻¹ΛA.
    ///
    /// Source: Gilmour, Thompson & Cullis (1995), Biometrics 51:1440, section 2.
    pub fn average_information(&self, v: &[f64], covariance: &Matrix) -> Matrix {
        let (q, p) = (self.q, self.q - 1);
        let mut moved = Vec::with_capacity(self.factors.len());
        for &factor in &self.factors {
            let mut through_x = vec![0.0; p];
            let h: Vec<f64> = (self.factor_of.iter().zip(&self.theta).zip(self.d.chunks_exact(q)))
                .map(|((&of, &theta), d)| {
                    if of as usize != factor || theta == 0.0 {
                        return 0.0;
                    }
                    let h = 2.0 * dot(d, v);
                    through_x.iter_mut().zip(d).for_each(|(place, d)| *place += d / theta * h);
                    h
                })
                .collect();
            let products = self.products(&h);
            let mut solved: Vec<f64> = products.iter().zip(&self.theta).map(|(value, theta)| value * theta).collect();
            self.solve_forward(&mut solved);
            moved.push((h, products, solved, through_x));
        }
        let fixed: Vec<Vec<f64>> = moved.iter().map(|(.., x)| covariance.times_vector(x)).collect();
        Matrix::from_fn(moved.len(), moved.len(), |i, j| {
            let (i, j) = (i.max(j), i.min(j));
            dot(&moved[i].0, &moved[j].1) - dot(&moved[i].2, &moved[j].2) - dot(&moved[i].3, &fixed[j])
        })
    }

    /// Ah.
    fn products(&self, h: &[f64]) -> Vec<f64> {
        let mut products: Vec<f64> = self.diagonal.iter().zip(h).map(|(a, h)| a * h).collect();
        let mut add = |row: usize, column: usize, a: f64| {
            products[row] += a * h[column];
            products[column] += a * h[row];
        };
        for node in 0..self.eliminated {
            let among = self.starts[node] + self.among[node] as usize;
            for at in self.starts[node]..self.starts[node + 1] {
                let link = self.links[at] as usize;
                add(node, if at < among { link } else { self.eliminated + link }, self.a[at]);
            }
        }
        for &(row, column, a) in &self.root_links {
            add(self.eliminated + row as usize, self.eliminated + column as usize, a);
        }
        products
    }

    /// L⁻¹x in place, for M = LL'.
    fn solve_forward(&self, x: &mut [f64]) {
        for node in 0..self.eliminated {
            let among = self.starts[node] + self.among[node] as usize;
            let value = x[node];
            for at in self.starts[node]..self.starts[node + 1] {
                let link = self.links[at] as usize;
                x[if at < among { link } else { self.eliminated + link }] -= self.lower[at] * value;
            }
            x[node] = value / self.pivots[node].sqrt();
        }
        self.root.solve_forward(&mut x[self.eliminated..]);
    }
}
