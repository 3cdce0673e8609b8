//! The levels that remain when levels without links among each other are eliminated.
//!
//! Where few of them share rows, their matrix is sparse: as long as the one with the fewest neighbours has
//! at most half of those left, it is eliminated by a list of its neighbours. What then remains, the core, is
//! one dense block. Nodes are numbered so that the core comes first and the node that is eliminated first is
//! the last one; the entry of two nodes stands in the row of the later one.
//!
//! Source: Tinney & Walker (1967), Proc IEEE 55:1801, scheme 2, for the order; Takahashi, Fagan & Chen
//! (1973) for the entries of the inverse.

use crate::mixed::lmm::pieces::{LogProduct, subtract_square};
use crate::numeric::dense::{cholesky_in_place, inverse_of_cholesky};

/// With fewer nodes than this all are the core.
const SMALL: usize = 64;

/// A symmetric matrix, its factors, and the inverse where the matrix or its factors have entries.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub size: usize,
    core: usize,
    /// The rows of the core, then its Cholesky factor.
    dense: Vec<f64>,
    dense_inverse: Vec<f64>,
    /// The rows of the nodes after the core, each as long as the matrix.
    rows: Vec<f64>,
    inverse_rows: Vec<f64>,
    /// Where the neighbours of each node after the core begin, and those neighbours.
    starts: Vec<usize>,
    neighbours: Vec<u32>,
    /// L of LDL′ for them.
    lower: Vec<f64>,
    /// A row before it is divided by its pivot.
    row: Vec<f64>,
}

impl Root {
    /// The matrix for nodes that are linked so, with the place of each of them.
    pub fn new(size: usize, linked: impl FnOnce(&mut Graph)) -> (Self, Vec<u32>) {
        let mut places: Vec<u32> = (0..size as u32).collect();
        let (mut starts, mut neighbours) = (vec![0], Vec::new());
        if size >= SMALL {
            let mut graph = Graph::new(size);
            linked(&mut graph);
            let order = graph.eliminate();
            let core = size - order.len();
            let mut next = 0;
            for (node, place) in places.iter_mut().enumerate() {
                if !graph.gone[node] {
                    *place = next;
                    next += 1;
                }
            }
            order.iter().enumerate().for_each(|(at, &node)| places[node] = (size - 1 - at) as u32);
            for &node in order.iter().rev() {
                let first = neighbours.len();
                neighbours.extend(graph.left[node].iter().map(|&other| places[other as usize]));
                neighbours[first..].sort_unstable();
                starts.push(neighbours.len());
            }
            debug_assert_eq!(starts.len(), size - core + 1);
        }
        let later = starts.len() - 1;
        let core = size - later;
        let root = Self {
            size,
            core,
            dense: vec![0.0; core * core],
            dense_inverse: vec![0.0; core * core],
            rows: vec![0.0; later * size],
            inverse_rows: vec![0.0; later * size],
            starts,
            lower: vec![0.0; neighbours.len()],
            neighbours,
            row: Vec::new(),
        };
        (root, places)
    }

    pub fn clear(&mut self) {
        self.dense.fill(0.0);
        self.rows.fill(0.0);
    }

    fn row_mut(&mut self, node: usize) -> &mut [f64] {
        match node.checked_sub(self.core) {
            None => &mut self.dense[node * self.core..(node + 1) * self.core],
            Some(later) => &mut self.rows[later * self.size..(later + 1) * self.size],
        }
    }

    fn inverse_row(&self, node: usize) -> &[f64] {
        match node.checked_sub(self.core) {
            None => &self.dense_inverse[node * self.core..(node + 1) * self.core],
            Some(later) => &self.inverse_rows[later * self.size..(later + 1) * self.size],
        }
    }

    /// The entry of a node and one that is not later.
    pub fn entry(&mut self, node: usize, other: usize) -> &mut f64 {
        &mut self.row_mut(node)[other]
    }

    /// The inverse for a node and one that is not later.
    pub fn inverse(&self, node: usize, other: usize) -> f64 {
        self.inverse_row(node)[other]
    }

    /// Takes wv′ away from the rows and columns of some ascending nodes.
    pub fn subtract(&mut self, nodes: &[u32], w: &[f64], v: &[f64]) {
        for (at, (&node, &factor)) in nodes.iter().zip(w).enumerate() {
            let row = self.row_mut(node as usize);
            nodes[..=at].iter().zip(v).for_each(|(&other, value)| row[other as usize] -= factor * value);
        }
    }

    /// `z` −= M⁻¹w for some ascending nodes, with w 0 at all others.
    pub fn subtract_solved(&self, nodes: &[u32], w: &[f64], z: &mut [f64]) {
        for (at, &node) in nodes.iter().enumerate() {
            let row = self.inverse_row(node as usize);
            let own = w[at];
            let mut sum = own * row[node as usize];
            for ((&other, w), z) in nodes[..at].iter().zip(w).zip(&mut *z) {
                let value = row[other as usize];
                sum += w * value;
                *z -= own * value;
            }
            z[at] -= sum;
        }
    }

    /// Factors the matrix and takes its share from S, with the right sides Λ′Z′[Q y] in the rows of `y`:
    /// afterwards these are divided by the factor. Whether it succeeded.
    pub fn factor(&mut self, y: &mut [f64], q: usize, s: &mut [f64], log: &mut LogProduct) -> bool {
        let mut v = std::mem::take(&mut self.row);
        for node in (self.core..self.size).rev() {
            let range = self.starts[node - self.core]..self.starts[node - self.core + 1];
            let row = &self.rows[(node - self.core) * self.size..(node - self.core + 1) * self.size];
            let neighbours = std::mem::take(&mut self.neighbours);
            let mut lower = std::mem::take(&mut self.lower);
            let (own, w) = (&neighbours[range.clone()], &mut lower[range]);
            let pivot = row[node];
            v.clear();
            v.extend(own.iter().map(|&other| row[other as usize]));
            w.iter_mut().zip(&v).for_each(|(w, v)| *w = v / pivot);
            self.subtract(own, w, &v);
            let (before, right) = y.split_at_mut(node * q);
            for (&other, w) in own.iter().zip(&*w) {
                let place = &mut before[other as usize * q..(other as usize + 1) * q];
                place.iter_mut().zip(&*right).for_each(|(place, value)| *place -= w * value);
            }
            (self.neighbours, self.lower) = (neighbours, lower);
            if !log.times(pivot) {
                return false;
            }
            let root = pivot.sqrt();
            right[..q].iter_mut().for_each(|value| *value /= root);
            subtract_square(s, &right[..q]);
        }
        self.row = v;
        self.factor_core(y, q, s, log)
    }

    fn factor_core(&mut self, y: &mut [f64], q: usize, s: &mut [f64], log: &mut LogProduct) -> bool {
        let n = self.core;
        if !cholesky_in_place(&mut self.dense, n) {
            return false;
        }
        for row in 0..n {
            let (done, rest) = y.split_at_mut(row * q);
            let own = &mut rest[..q];
            let factors = &self.dense[row * n..=row * n + row];
            for (values, factor) in done.chunks_exact(q).zip(factors) {
                own.iter_mut().zip(values).for_each(|(place, value)| *place -= factor * value);
            }
            let diagonal = factors[row];
            own.iter_mut().for_each(|value| *value /= diagonal);
            if !log.times(diagonal * diagonal) {
                return false;
            }
            subtract_square(s, own);
        }
        true
    }

    /// D from what [`Root::factor`] made of the right sides.
    pub fn solve_back(&self, y: &mut [f64], q: usize) {
        let n = self.core;
        for row in (0..n).rev() {
            let (done, rest) = y.split_at_mut(row * q);
            let own = &mut rest[..q];
            let factors = &self.dense[row * n..=row * n + row];
            own.iter_mut().for_each(|value| *value /= factors[row]);
            for (values, factor) in done.chunks_exact_mut(q).zip(factors) {
                values.iter_mut().zip(&*own).for_each(|(place, value)| *place -= factor * value);
            }
        }
        for node in n..self.size {
            let (done, rest) = y.split_at_mut(node * q);
            let own = &mut rest[..q];
            let (neighbours, lower) = self.eliminated(node);
            let root = self.rows[(node - n) * self.size + node].sqrt();
            own.iter_mut().for_each(|value| *value /= root);
            for (&other, factor) in neighbours.iter().zip(lower) {
                let values = &done[other as usize * q..(other as usize + 1) * q];
                own.iter_mut().zip(values).for_each(|(place, value)| *place -= factor * value);
            }
        }
    }

    /// L⁻¹x in place, for the matrix as LL′.
    pub fn solve_forward(&self, x: &mut [f64]) {
        for node in (self.core..self.size).rev() {
            let (neighbours, lower) = self.eliminated(node);
            let value = x[node];
            neighbours.iter().zip(lower).for_each(|(&other, factor)| x[other as usize] -= factor * value);
            x[node] = value / self.rows[(node - self.core) * self.size + node].sqrt();
        }
        for row in 0..self.core {
            let factors = &self.dense[row * self.core..=row * self.core + row];
            let known = crate::numeric::matrix::dot(&factors[..row], &x[..row]);
            x[row] = (x[row] - known) / factors[row];
        }
    }

    fn eliminated(&self, node: usize) -> (&[u32], &[f64]) {
        let range = self.starts[node - self.core]..self.starts[node - self.core + 1];
        (&self.neighbours[range.clone()], &self.lower[range])
    }

    /// The entries of the inverse.
    pub fn invert(&mut self) {
        inverse_of_cholesky(&self.dense, self.core, &mut self.dense_inverse);
        let mut z = std::mem::take(&mut self.row);
        for node in self.core..self.size {
            let (neighbours, lower) = self.eliminated(node);
            z.clear();
            z.resize(neighbours.len(), 0.0);
            self.subtract_solved(neighbours, lower, &mut z);
            let start = (node - self.core) * self.size;
            let through: f64 = lower.iter().zip(&z).map(|(a, b)| a * b).sum();
            let own = 1.0 / self.rows[start + node] - through;
            let neighbours = &self.neighbours[self.starts[node - self.core]..self.starts[node - self.core + 1]];
            let row = &mut self.inverse_rows[start..start + self.size];
            neighbours.iter().zip(&z).for_each(|(&other, value)| row[other as usize] = *value);
            row[node] = own;
        }
        self.row = z;
    }
}

/// Which nodes share rows, as bits.
pub(super) struct Graph {
    words: usize,
    bits: Vec<u64>,
    gone: Vec<bool>,
    /// The neighbours of an eliminated node that were left then.
    left: Vec<Vec<u32>>,
}

impl Graph {
    fn new(size: usize) -> Self {
        let words = size.div_ceil(64);
        Self { words, bits: vec![0; size * words], gone: vec![false; size], left: vec![Vec::new(); size] }
    }

    /// Every two of these nodes share a row.
    pub fn link(&mut self, nodes: &[u32]) {
        for &node in nodes {
            let row = &mut self.bits[node as usize * self.words..(node as usize + 1) * self.words];
            nodes.iter().for_each(|&other| row[other as usize / 64] |= 1 << (other % 64));
        }
    }

    fn degree(&self, node: usize) -> u32 {
        let row = &self.bits[node * self.words..(node + 1) * self.words];
        // A node is its own neighbour in the bits, or has none at all.
        row.iter().map(|word| word.count_ones()).sum::<u32>().saturating_sub(1)
    }

    /// Eliminates the node of the lowest degree as long as that is lower than half of those left; the order.
    fn eliminate(&mut self) -> Vec<usize> {
        let size = self.gone.len();
        let mut degrees: Vec<u32> = (0..size).map(|node| self.degree(node)).collect();
        let mut order = Vec::new();
        for left in (1..=size).rev() {
            let alive = (0..size).filter(|&node| !self.gone[node]);
            let Some(node) = alive.min_by_key(|&node| degrees[node]) else { break };
            if 2 * degrees[node] as usize > left {
                break;
            }
            self.gone[node] = true;
            order.push(node);
            let mut own = self.bits[node * self.words..(node + 1) * self.words].to_vec();
            own[node / 64] &= !(1 << (node % 64));
            let neighbours: Vec<u32> =
                (0..size as u32).filter(|other| own[*other as usize / 64] >> (other % 64) & 1 == 1).collect();
            for &other in &neighbours {
                let other = other as usize;
                let row = &mut self.bits[other * self.words..(other + 1) * self.words];
                row.iter_mut().zip(&own).for_each(|(row, own)| *row |= own);
                row[node / 64] &= !(1 << (node % 64));
                degrees[other] = self.degree(other);
            }
            self.left[node] = neighbours;
        }
        order
    }
}
