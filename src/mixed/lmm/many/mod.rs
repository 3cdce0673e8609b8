//! Any number of grouping factors, nested or crossed, by a Cholesky factorisation in blocks. Where each level
//! has one random effect, the module `scalar` does the same with less.
//!
//! The factor with most levels is eliminated level by level; so is the next one as long as every level
//! of those before lies in one level of it (nesting), since nothing then links its levels. What remains
//! is one dense block, the root. Each level that is eliminated has a *front*: its own columns, those of
//! the later levels that share a row with it, and the columns [Q y].
//!
//! Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5, for the equations;
//! Duff & Reid (1983), ACM Trans Math Softw 9:302, for fronts; Takahashi, Fagan & Chen (1973) for the
//! entries of the inverse that the derivatives need.

mod derivatives;
mod information;
mod layout;

use super::one::total_products;
use super::pieces::{Pieces, subtract_square};
use super::problem::{Place, Problem};
use crate::numeric::dense::cholesky_in_place;
use crate::numeric::matrix::Matrix;

/// A level of a factor, as rows of the vector of all random effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    factor: usize,
    level: usize,
}

/// A later node that shares rows with a front.
#[derive(Clone, Debug)]
struct Link {
    node: Node,
    /// Its first column in the front.
    at: usize,
    /// The front of the node, if it is eliminated; its column in the root otherwise.
    target: Target,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Front(usize),
    Root(usize),
}

#[derive(Clone, Debug)]
struct Front {
    node: Node,
    /// Where its values begin; a row has `width` of them.
    start: usize,
    width: usize,
    links: Vec<Link>,
    /// For each link to a front, where the columns of the links after it stand there.
    positions: Vec<Vec<usize>>,
}

/// A block of Z'Z between two nodes of the root.
#[derive(Clone, Debug)]
struct RootBlock {
    row: Node,
    column: Node,
    values: Vec<f64>,
}

/// The evaluation, with what it leaves behind: solutions D and entries of the inverse.
#[derive(Clone, Debug)]
pub(super) struct Many {
    q: usize,
    k: Vec<usize>,
    levels: Vec<usize>,
    /// The first row of each factor among all random effects.
    base: Vec<usize>,
    places: Vec<Place>,
    /// The factors before this one are eliminated.
    eliminated: usize,
    fronts: Vec<Front>,
    a: Vec<f64>,
    m: Vec<f64>,
    inverse: Vec<f64>,
    root: usize,
    root_blocks: Vec<RootBlock>,
    root_right: Vec<f64>,
    root_m: Vec<f64>,
    root_y: Vec<f64>,
    root_inverse: Vec<f64>,
    total: Vec<f64>,
    /// D = M⁻¹Λ'Z'[Q y], by rows of random effects.
    pub d: Vec<f64>,
    /// Z'V⁻¹[Q y].
    kx: Vec<f64>,
    ld: Vec<f64>,
    w: Vec<f64>,
    e: Vec<Matrix>,
    lambdas: Vec<Matrix>,
    block: Vec<f64>,
    f: Vec<f64>,
}

impl Many {
    pub fn new(problem: &Problem, y: &[f64]) -> Self {
        let k: Vec<usize> = problem.factors.iter().map(|factor| factor.k).collect();
        let levels: Vec<usize> = problem.factors.iter().map(|factor| factor.levels).collect();
        let mut base = vec![0];
        for (k, levels) in k.iter().zip(&levels) {
            base.push(base[base.len() - 1] + k * levels);
        }
        let q = problem.p() + 1;
        let eliminated = problem.eliminated();
        let root = base[k.len()] - base[eliminated];
        let mut many = Self {
            q,
            e: k.iter().map(|&k| Matrix::zeros(k, k)).collect(),
            w: vec![0.0; problem.places.len() * q * q],
            d: vec![0.0; base[k.len()] * q],
            kx: vec![0.0; base[k.len()] * q],
            ld: vec![0.0; base[k.len()] * q],
            lambdas: k.iter().map(|&k| Matrix::zeros(k, k)).collect(),
            block: Vec::new(),
            f: Vec::new(),
            k,
            levels,
            base,
            places: problem.places.clone(),
            eliminated,
            fronts: Vec::new(),
            a: Vec::new(),
            m: Vec::new(),
            inverse: Vec::new(),
            root,
            root_blocks: Vec::new(),
            root_right: vec![0.0; root * q],
            root_m: vec![0.0; root * root],
            root_y: vec![0.0; root * q],
            root_inverse: vec![0.0; root * root],
            total: total_products(problem, y),
        };
        many.lay_out(problem);
        many.add_products(problem, y);
        many.m = vec![0.0; many.a.len()];
        many.inverse = vec![0.0; many.a.len()];
        many
    }

    /// The first row of a level among all random effects.
    pub fn row(&self, factor: usize, level: usize) -> usize {
        self.base[factor] + level * self.k[factor]
    }

    fn row_of(&self, node: Node) -> usize {
        self.row(node.factor, node.level)
    }

    fn root_column(&self, node: Node) -> usize {
        self.row_of(node) - self.base[self.eliminated]
    }

    /// The factorisation at θ, and the derivatives; whether it succeeded, which only overflow prevents.
    pub fn evaluate(&mut self, theta: &[f64], pieces: &mut Pieces) -> bool {
        let mut lambdas = std::mem::take(&mut self.lambdas);
        for (place, value) in self.places.iter().zip(theta) {
            lambdas[place.factor][(place.row, place.column)] = *value;
        }
        let succeeded = self.evaluate_at(&lambdas, pieces);
        self.lambdas = lambdas;
        succeeded
    }

    fn evaluate_at(&mut self, lambdas: &[Matrix], pieces: &mut Pieces) -> bool {
        self.scale(lambdas);
        pieces.s.copy_from_slice(&self.total);
        pieces.log_det = 0.0;
        for front in 0..self.fronts.len() {
            if !self.eliminate(front, pieces) {
                return false;
            }
        }
        if !self.factor_root(pieces) {
            return false;
        }
        let q = self.q;
        for row in 0..q {
            (0..row).for_each(|column| pieces.s[column * q + row] = pieces.s[row * q + column]);
        }
        self.solve_back();
        self.invert_back();
        self.derivatives(lambdas, pieces);
        true
    }

    /// M = Λ'AΛ + I, by blocks.
    fn scale(&mut self, lambdas: &[Matrix]) {
        for front in &self.fronts {
            let (k, width) = (self.k[front.node.factor], front.width);
            let own = &lambdas[front.node.factor];
            let a = &self.a[front.start..front.start + k * width];
            let m = &mut self.m[front.start..front.start + k * width];
            // Rows first: λ'A.
            for i in 0..k {
                let target = &mut m[i * width..(i + 1) * width];
                target.fill(0.0);
                for j in i..k {
                    let factor = own[(j, i)];
                    target.iter_mut().zip(&a[j * width..(j + 1) * width]).for_each(|(place, v)| *place += factor * v);
                }
                scale_columns(&mut target[..k], own);
                target[i] += 1.0;
                for link in &front.links {
                    let lambda = &lambdas[link.node.factor];
                    scale_columns(&mut target[link.at..link.at + lambda.rows()], lambda);
                }
            }
        }
        self.root_m.fill(0.0);
        for block in &self.root_blocks {
            let (left, right) = (&lambdas[block.row.factor], &lambdas[block.column.factor]);
            let (rows, columns) = (left.rows(), right.rows());
            let start = self.root_column(block.row) * self.root + self.root_column(block.column);
            for i in 0..rows {
                for j in 0..columns {
                    let mut sum = 0.0;
                    for a in i..rows {
                        for b in j..columns {
                            sum += left[(a, i)] * block.values[a * columns + b] * right[(b, j)];
                        }
                    }
                    self.root_m[start + i * self.root + j] += sum;
                }
            }
        }
        for at in 0..self.root {
            self.root_m[at * self.root + at] += 1.0;
        }
        let q = self.q;
        for (factor, lambda) in lambdas.iter().enumerate().skip(self.eliminated) {
            let k = self.k[factor];
            for level in 0..self.levels[factor] {
                let start = self.base[factor] + level * k - self.base[self.eliminated];
                for i in 0..k {
                    for column in 0..q {
                        self.root_y[(start + i) * q + column] =
                            (i..k).map(|j| lambda[(j, i)] * self.root_right[(start + j) * q + column]).sum();
                    }
                }
            }
        }
    }

    /// Factors a front and takes its share from what comes after.
    fn eliminate(&mut self, number: usize, pieces: &mut Pieces) -> bool {
        let front = &self.fronts[number];
        let (k, width, q) = (self.k[front.node.factor], front.width, self.q);
        let right = width - q;
        // Later fronts lie behind this one.
        let (before, after) = self.m.split_at_mut(front.start + k * width);
        let own = &mut before[front.start..];
        let Some(log) = factor_rows(own, k, width) else { return false };
        pieces.log_det += log;
        let column = |row: usize, at: usize| own[row * width + at];
        for (at, link) in front.links.iter().enumerate() {
            let k_link = self.k[link.node.factor];
            match link.target {
                Target::Root(place) => {
                    for i in 0..k_link {
                        let row_start = (place + i) * self.root;
                        for a in 0..k {
                            let factor = column(a, link.at + i);
                            for other in &front.links[..=at] {
                                let Target::Root(other_place) = other.target else { continue };
                                for j in 0..self.k[other.node.factor] {
                                    self.root_m[row_start + other_place + j] -= factor * column(a, other.at + j);
                                }
                            }
                            let y = &mut self.root_y[(place + i) * q..(place + i + 1) * q];
                            y.iter_mut()
                                .zip(&own[a * width + right..(a + 1) * width])
                                .for_each(|(y, v)| *y -= factor * v);
                        }
                    }
                }
                Target::Front(parent) => {
                    let parent = &self.fronts[parent];
                    let start = parent.start - (front.start + k * width);
                    let parent_right = parent.width - q;
                    for i in 0..k_link {
                        let target = &mut after[start + i * parent.width..start + (i + 1) * parent.width];
                        for a in 0..k {
                            let factor = column(a, link.at + i);
                            (0..k_link).for_each(|j| target[j] -= factor * column(a, link.at + j));
                            for (later, position) in front.links[at + 1..].iter().zip(&front.positions[at]) {
                                for j in 0..self.k[later.node.factor] {
                                    target[position + j] -= factor * column(a, later.at + j);
                                }
                            }
                            let y = &mut target[parent_right..];
                            y.iter_mut()
                                .zip(&own[a * width + right..(a + 1) * width])
                                .for_each(|(y, v)| *y -= factor * v);
                        }
                    }
                }
            }
        }
        for a in 0..k {
            subtract_square(&mut pieces.s, &own[a * width + right..(a + 1) * width]);
        }
        true
    }

    fn factor_root(&mut self, pieces: &mut Pieces) -> bool {
        let (n, q) = (self.root, self.q);
        if !cholesky_in_place(&mut self.root_m, n) {
            return false;
        }
        for row in 0..n {
            let (done, rest) = self.root_y.split_at_mut(row * q);
            let own = &mut rest[..q];
            for (earlier, values) in done.chunks_exact(q).enumerate() {
                let factor = self.root_m[row * n + earlier];
                own.iter_mut().zip(values).for_each(|(place, value)| *place -= factor * value);
            }
            let diagonal = self.root_m[row * n + row];
            own.iter_mut().for_each(|value| *value /= diagonal);
            pieces.log_det += 2.0 * diagonal.ln();
            subtract_square(&mut pieces.s, own);
        }
        true
    }

    /// D from the last row to the first.
    fn solve_back(&mut self) {
        let (n, q) = (self.root, self.q);
        let first = self.base[self.eliminated] * q;
        self.d[first..].copy_from_slice(&self.root_y);
        for row in (0..n).rev() {
            let (done, rest) = self.d[first..].split_at_mut(row * q);
            let own = &mut rest[..q];
            let diagonal = self.root_m[row * n + row];
            own.iter_mut().for_each(|value| *value /= diagonal);
            for (earlier, values) in done.chunks_exact_mut(q).enumerate() {
                let factor = self.root_m[row * n + earlier];
                values.iter_mut().zip(&*own).for_each(|(place, value)| *place -= factor * value);
            }
        }
        for front in self.fronts.iter().rev() {
            let (k, width) = (self.k[front.node.factor], front.width);
            let own = &self.m[front.start..front.start + k * width];
            let row = self.base[front.node.factor] + front.node.level * k;
            for i in (0..k).rev() {
                for column in 0..q {
                    let mut value = own[i * width + width - q + column];
                    for link in &front.links {
                        let k_link = self.k[link.node.factor];
                        let there = self.base[link.node.factor] + link.node.level * k_link;
                        for j in 0..k_link {
                            value -= own[i * width + link.at + j] * self.d[(there + j) * q + column];
                        }
                    }
                    for later in i + 1..k {
                        value -= own[later * width + i] * self.d[(row + later) * q + column];
                    }
                    self.d[(row + i) * q + column] = value / own[i * width + i];
                }
            }
        }
    }

    /// M⁻¹ for one level.
    pub fn inverse_block(&self, factor: usize, level: usize) -> Matrix {
        let k = self.k[factor];
        if factor < self.eliminated {
            let front = &self.fronts[self.levels[..factor].iter().sum::<usize>() + level];
            return Matrix::from_fn(k, k, |i, j| self.inverse[front.start + i * front.width + j]);
        }
        let start = self.row(factor, level) - self.base[self.eliminated];
        Matrix::from_fn(k, k, |i, j| self.root_inverse[(start + i) * self.root + start + j])
    }
}

/// A row of columns times λ from the right.
fn scale_columns(row: &mut [f64], lambda: &Matrix) {
    for j in 0..row.len() {
        let mut sum = 0.0;
        for (at, value) in row.iter().enumerate().skip(j) {
            sum += value * lambda[(at, j)];
        }
        row[j] = sum;
    }
}

/// The Cholesky factor of the first k columns in place, and C⁻¹ times the others; log of the determinant.
fn factor_rows(own: &mut [f64], k: usize, width: usize) -> Option<f64> {
    let mut log = 0.0;
    for i in 0..k {
        let (done, rest) = own.split_at_mut(i * width);
        let row = &mut rest[..width];
        for (j, earlier) in done.chunks_exact(width).enumerate() {
            let known: f64 = row[..j].iter().zip(&earlier[..j]).map(|(a, b)| a * b).sum();
            let value = (row[j] - known) / earlier[j];
            row[j] = value;
            row[k..].iter_mut().zip(&earlier[k..]).for_each(|(place, known)| *place -= value * known);
        }
        let pivot = row[i] - row[..i].iter().map(|value| value * value).sum::<f64>();
        if pivot.is_nan() || pivot <= 0.0 || pivot.is_infinite() {
            return None;
        }
        log += pivot.ln();
        let root = pivot.sqrt();
        row[i] = root;
        row[k..].iter_mut().for_each(|value| *value /= root);
    }
    Some(log)
}
