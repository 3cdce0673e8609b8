//! Any number of grouping factors, nested or crossed, by a Cholesky factorisation in blocks.
//!
//! The factor with most levels is eliminated level by level; so is the next one as long as every level
//! of those before lies in one level of it (nesting), since nothing then links its levels. What remains
//! is one dense block, the root. Each level that is eliminated has a *front*: its own columns, those of
//! the later levels that share a row with it, and the columns [Q y].
//!
//! Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5, for the equations;
//! Duff & Reid (1983), ACM Trans Math Softw 9:302, for fronts; Takahashi, Fagan & Chen (1973) for the
//! entries of the inverse that the derivatives need.

use super::one::{symmetric_derivatives, total_products};
use super::pieces::Pieces;
use super::problem::{Place, Problem};
use crate::numeric::dense::{cholesky_in_place, inverse_of_cholesky};
use crate::numeric::matrix::Matrix;
use std::collections::HashMap;

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
        let eliminated = eliminated(problem);
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

    /// The fronts with their links.
    fn lay_out(&mut self, problem: &Problem) {
        let count: usize = self.levels[..self.eliminated].iter().sum();
        let mut links: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
        let mut first = 0;
        for factor in 0..self.eliminated {
            for row in 0..problem.n {
                let own = &mut links[first + problem.factors[factor].codes[row] as usize];
                own.extend((factor + 1..self.k.len()).map(|later| (later, problem.factors[later].codes[row] as usize)));
                // Long lists are made short now and then, so that they do not grow with the rows.
                if own.len() > 4096 {
                    own.sort_unstable();
                    own.dedup();
                }
            }
            first += self.levels[factor];
        }
        let front_of = |factor: usize, level: usize| self.levels[..factor].iter().sum::<usize>() + level;
        let mut start = 0;
        let nodes = (0..self.eliminated).flat_map(|factor| (0..self.levels[factor]).map(move |level| (factor, level)));
        for ((factor, level), mut own) in nodes.zip(links) {
            own.sort_unstable();
            own.dedup();
            let mut at = self.k[factor];
            let mut made = Vec::with_capacity(own.len());
            for (factor, level) in own {
                let node = Node { factor, level };
                let target = if factor < self.eliminated {
                    Target::Front(front_of(factor, level))
                } else {
                    Target::Root(self.base[factor] + level * self.k[factor] - self.base[self.eliminated])
                };
                made.push(Link { node, at, target });
                at += self.k[factor];
            }
            let width = at + self.q;
            let node = Node { factor, level };
            self.fronts.push(Front { node, start, width, links: made, positions: Vec::new() });
            start += self.k[factor] * width;
        }
        self.a = vec![0.0; start];
        for at in 0..self.fronts.len() {
            let positions = self.positions(&self.fronts[at]);
            self.fronts[at].positions = positions;
        }
    }

    /// Where the columns of later links stand in the fronts of earlier ones.
    fn positions(&self, front: &Front) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        for (number, link) in front.links.iter().enumerate() {
            let Target::Front(parent) = link.target else { break };
            let parent = &self.fronts[parent];
            let find =
                |later: &Link| parent.links.iter().find(|link| link.node == later.node).map_or(0, |link| link.at);
            all.push(front.links[number + 1..].iter().map(find).collect());
        }
        all
    }

    /// The sums over rows.
    fn add_products(&mut self, problem: &Problem, y: &[f64]) {
        let mut blocks: HashMap<(usize, usize, usize, usize), usize> = HashMap::new();
        let p = problem.p();
        let factors = &problem.factors;
        let z = |factor: usize, column: usize, row: usize| factors[factor].columns[column][row];
        let x = |column: usize, row: usize| if column < p { problem.q[column][row] } else { y[row] };
        for row in 0..problem.n {
            let level = |factor: usize| factors[factor].codes[row] as usize;
            let mut first = 0;
            for factor in 0..self.eliminated {
                let front = &self.fronts[first + level(factor)];
                first += self.levels[factor];
                for i in 0..self.k[factor] {
                    let own = z(factor, i, row);
                    let values = &mut self.a[front.start + i * front.width..front.start + (i + 1) * front.width];
                    (0..self.k[factor]).for_each(|j| values[j] += own * z(factor, j, row));
                    for later in factor + 1..self.k.len() {
                        let wanted = (later, level(later));
                        let found =
                            front.links.binary_search_by_key(&wanted, |link| (link.node.factor, link.node.level));
                        let Some(link) = found.ok().map(|at| &front.links[at]) else { continue };
                        (0..self.k[later]).for_each(|j| values[link.at + j] += own * z(later, j, row));
                    }
                    let right = front.width - self.q;
                    (0..self.q).for_each(|j| values[right + j] += own * x(j, row));
                }
            }
            for factor in self.eliminated..self.k.len() {
                let start = self.base[factor] + level(factor) * self.k[factor] - self.base[self.eliminated];
                for i in 0..self.k[factor] {
                    let own = z(factor, i, row);
                    (0..self.q).for_each(|j| self.root_right[(start + i) * self.q + j] += own * x(j, row));
                }
                // The later node stands in the row, so that the block lies below the diagonal.
                for earlier in self.eliminated..=factor {
                    let key = (factor, level(factor), earlier, level(earlier));
                    let next = self.root_blocks.len();
                    let at = *blocks.entry(key).or_insert(next);
                    if at == next {
                        let node = |factor: usize| Node { factor, level: level(factor) };
                        let values = vec![0.0; self.k[factor] * self.k[earlier]];
                        self.root_blocks.push(RootBlock { row: node(factor), column: node(earlier), values });
                    }
                    let values = &mut self.root_blocks[at].values;
                    for i in 0..self.k[factor] {
                        for j in 0..self.k[earlier] {
                            values[i * self.k[earlier] + j] += z(factor, i, row) * z(earlier, j, row);
                        }
                    }
                }
            }
        }
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
        for factor in self.eliminated..self.k.len() {
            let k = self.k[factor];
            for level in 0..self.levels[factor] {
                let start = self.base[factor] + level * k - self.base[self.eliminated];
                for i in 0..k {
                    for column in 0..q {
                        self.root_y[(start + i) * q + column] =
                            (i..k).map(|j| lambdas[factor][(j, i)] * self.root_right[(start + j) * q + column]).sum();
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

    /// The entries of M⁻¹ where Z'Z has some, from the last front to the first.
    fn invert_back(&mut self) {
        inverse_of_cholesky(&self.root_m, self.root, &mut self.root_inverse);
        let mut block = std::mem::take(&mut self.block);
        let mut f = std::mem::take(&mut self.f);
        for number in (0..self.fronts.len()).rev() {
            let front = &self.fronts[number];
            let (k, width) = (self.k[front.node.factor], front.width);
            let linked = width - self.q - k;
            self.gather(front, &mut block);
            // F = C⁻ᵀB for the linked columns.
            f.clear();
            f.resize(k * linked, 0.0);
            let own = &self.m[front.start..front.start + k * width];
            for i in (0..k).rev() {
                for column in 0..linked {
                    let mut value = own[i * width + k + column];
                    for later in i + 1..k {
                        value -= own[later * width + i] * f[later * linked + column];
                    }
                    f[i * linked + column] = value / own[i * width + i];
                }
            }
            let target = &mut self.inverse[front.start..front.start + k * width];
            for i in 0..k {
                for column in 0..linked {
                    let row = &block[column * linked..(column + 1) * linked];
                    let sum: f64 = f[i * linked..(i + 1) * linked].iter().zip(row).map(|(a, b)| a * b).sum();
                    target[i * width + k + column] = -sum;
                }
            }
            if k == 1 {
                let through: f64 = target[1..=linked].iter().zip(&f).map(|(a, b)| a * b).sum();
                target[0] = 1.0 / (own[0] * own[0]) - through;
                continue;
            }
            let own_inverse = inverse_from_factor(own, k, width);
            for i in 0..k {
                for j in 0..k {
                    let through: f64 =
                        (0..linked).map(|column| target[i * width + k + column] * f[j * linked + column]).sum();
                    target[i * width + j] = own_inverse[i * k + j] - through;
                }
            }
        }
        (self.block, self.f) = (block, f);
    }

    /// The inverse between the linked columns of a front.
    fn gather(&self, front: &Front, block: &mut Vec<f64>) {
        let k = self.k[front.node.factor];
        let linked = front.width - self.q - k;
        block.clear();
        block.resize(linked * linked, 0.0);
        for (at, link) in front.links.iter().enumerate() {
            let k_link = self.k[link.node.factor];
            let from = link.at - k;
            match link.target {
                Target::Root(place) => {
                    for i in 0..k_link {
                        for other in &front.links[..=at] {
                            let Target::Root(other_place) = other.target else { continue };
                            for j in 0..self.k[other.node.factor] {
                                let value = self.root_inverse[(place + i) * self.root + other_place + j];
                                block[(from + i) * linked + other.at - k + j] = value;
                                block[(other.at - k + j) * linked + from + i] = value;
                            }
                        }
                    }
                }
                Target::Front(parent) => {
                    let parent = &self.fronts[parent];
                    let values = &self.inverse[parent.start..];
                    for i in 0..k_link {
                        let row = &values[i * parent.width..(i + 1) * parent.width];
                        (0..k_link).for_each(|j| block[(from + i) * linked + from + j] = row[j]);
                        for (later, position) in front.links[at + 1..].iter().zip(&front.positions[at]) {
                            for j in 0..self.k[later.node.factor] {
                                block[(from + i) * linked + later.at - k + j] = row[position + j];
                                block[(later.at - k + j) * linked + from + i] = row[position + j];
                            }
                        }
                    }
                }
            }
        }
    }

    /// d log|M| = 2 tr(E dλ) with E the sum of (M⁻¹Λ'A) over the levels of a factor, and the derivatives
    /// of S from Z'V⁻¹[Q y] = Z'[Q y] − AΛD.
    fn derivatives(&mut self, lambdas: &[Matrix], pieces: &mut Pieces) {
        let q = self.q;
        let mut ld = std::mem::take(&mut self.ld);
        ld.fill(0.0);
        for (factor, lambda) in lambdas.iter().enumerate() {
            let k = self.k[factor];
            for level in 0..self.levels[factor] {
                let row = self.row(factor, level);
                for i in 0..k {
                    for j in 0..=i {
                        for column in 0..q {
                            ld[(row + i) * q + column] += lambda[(i, j)] * self.d[(row + j) * q + column];
                        }
                    }
                }
            }
        }
        for e in &mut self.e {
            let k = e.rows();
            (0..k).for_each(|i| (0..k).for_each(|j| e[(i, j)] = 0.0));
        }
        self.kx.fill(0.0);
        let base = self.base[self.eliminated];
        self.kx[base * q..].copy_from_slice(&self.root_right);
        for front in &self.fronts {
            let (k, width) = (self.k[front.node.factor], front.width);
            let row = self.row_of(front.node);
            let a = &self.a[front.start..front.start + k * width];
            let inverse = &self.inverse[front.start..front.start + k * width];
            for i in 0..k {
                for column in 0..q {
                    self.kx[(row + i) * q + column] += a[i * width + width - q + column];
                }
            }
            let own = Block { values: a, inverse, stride: width, at: 0 };
            apply(&mut self.kx, &ld, q, &own, [row, row], [k, k]);
            trace_share(&mut self.e[front.node.factor], &own, &lambdas[front.node.factor], [k, k], false);
            for link in &front.links {
                let k_link = self.k[link.node.factor];
                let there = self.base[link.node.factor] + link.node.level * k_link;
                let block = Block { values: a, inverse, stride: width, at: link.at };
                apply(&mut self.kx, &ld, q, &block, [row, there], [k, k_link]);
                apply_transposed(&mut self.kx, &ld, q, &block, [row, there], [k, k_link]);
                trace_share(&mut self.e[front.node.factor], &block, &lambdas[link.node.factor], [k, k_link], false);
                trace_share(&mut self.e[link.node.factor], &block, &lambdas[front.node.factor], [k, k_link], true);
            }
        }
        for block in &self.root_blocks {
            let (rows, columns) = (self.k[block.row.factor], self.k[block.column.factor]);
            let (row, column) = (self.row_of(block.row), self.row_of(block.column));
            self.f.clear();
            for i in 0..rows {
                let start = (row - base + i) * self.root + column - base;
                self.f.extend_from_slice(&self.root_inverse[start..start + columns]);
            }
            let part = Block { values: &block.values, inverse: &self.f, stride: columns, at: 0 };
            apply(&mut self.kx, &ld, q, &part, [row, column], [rows, columns]);
            trace_share(&mut self.e[block.row.factor], &part, &lambdas[block.column.factor], [rows, columns], false);
            if block.row != block.column {
                apply_transposed(&mut self.kx, &ld, q, &part, [row, column], [rows, columns]);
                trace_share(&mut self.e[block.column.factor], &part, &lambdas[block.row.factor], [rows, columns], true);
            }
        }
        self.ld = ld;
        self.w.fill(0.0);
        for (place, w) in self.places.iter().zip(self.w.chunks_exact_mut(q * q)) {
            for level in 0..self.levels[place.factor] {
                let row = self.base[place.factor] + level * self.k[place.factor];
                let left = &self.kx[(row + place.row) * q..(row + place.row + 1) * q];
                let right = &self.d[(row + place.column) * q..(row + place.column + 1) * q];
                for (w, &a) in w.chunks_exact_mut(q).zip(left) {
                    w.iter_mut().zip(right).for_each(|(w, b)| *w += a * b);
                }
            }
        }
        for (at, place) in self.places.iter().enumerate() {
            pieces.d_log_det[at] = 2.0 * self.e[place.factor][(place.column, place.row)];
        }
        symmetric_derivatives(&self.w, q, &mut pieces.d_s);
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

/// How many factors, from the first, are eliminated level by level.
fn eliminated(problem: &Problem) -> usize {
    let mut count = 1;
    while count < problem.factors.len() {
        let later = &problem.factors[count];
        let nests = problem.factors[..count].iter().all(|earlier| {
            let mut inside: Vec<Option<u32>> = vec![None; earlier.levels];
            earlier
                .codes
                .iter()
                .zip(&later.codes)
                .all(|(&own, &code)| *inside[own as usize].get_or_insert(code) == code)
        });
        if !nests {
            break;
        }
        count += 1;
    }
    count
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

/// (CC')⁻¹ from the factor in the first k columns.
fn inverse_from_factor(own: &[f64], k: usize, width: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; k * k];
    let mut x = vec![0.0; k];
    for column in 0..k {
        for i in 0..k {
            let known: f64 = (0..i).map(|j| own[i * width + j] * x[j]).sum();
            x[i] = (f64::from(u8::from(i == column)) - known) / own[i * width + i];
        }
        for i in (0..k).rev() {
            let known: f64 = (i + 1..k).map(|j| own[j * width + i] * x[j]).sum();
            x[i] = (x[i] - known) / own[i * width + i];
            inverse[i * k + column] = x[i];
        }
    }
    inverse
}

/// The lower triangle of S minus rr'.
fn subtract_square(s: &mut [f64], row: &[f64]) {
    let q = row.len();
    for (i, &factor) in row.iter().enumerate() {
        s[i * q..i * q + i + 1].iter_mut().zip(row).for_each(|(place, value)| *place -= factor * value);
    }
}

/// A block of Z'Z with the same block of M⁻¹.
struct Block<'a> {
    values: &'a [f64],
    inverse: &'a [f64],
    stride: usize,
    at: usize,
}

impl Block<'_> {
    fn value(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.stride + self.at + j]
    }

    fn inverse(&self, i: usize, j: usize) -> f64 {
        self.inverse[i * self.stride + self.at + j]
    }
}

/// K −= A(ΛD) for a block.
fn apply(
    kx: &mut [f64],
    ld: &[f64],
    q: usize,
    block: &Block<'_>,
    [row, column]: [usize; 2],
    [rows, columns]: [usize; 2],
) {
    for i in 0..rows {
        for j in 0..columns {
            let factor = block.value(i, j);
            let from = &ld[(column + j) * q..(column + j + 1) * q];
            kx[(row + i) * q..(row + i + 1) * q]
                .iter_mut()
                .zip(from)
                .for_each(|(place, value)| *place -= factor * value);
        }
    }
}

/// The same for the block on the other side of the diagonal.
fn apply_transposed(
    kx: &mut [f64],
    ld: &[f64],
    q: usize,
    block: &Block<'_>,
    [row, column]: [usize; 2],
    [rows, columns]: [usize; 2],
) {
    for i in 0..rows {
        for j in 0..columns {
            let factor = block.value(i, j);
            let from = &ld[(row + i) * q..(row + i + 1) * q];
            let target = &mut kx[(column + j) * q..(column + j + 1) * q];
            target.iter_mut().zip(from).for_each(|(place, value)| *place -= factor * value);
        }
    }
}

/// E += P λ'A' for a block, with λ of its columns; transposed: E += P'λ'A with λ of its rows.
fn trace_share(e: &mut Matrix, block: &Block<'_>, lambda: &Matrix, [rows, columns]: [usize; 2], transposed: bool) {
    let (own, other) = if transposed { (columns, rows) } else { (rows, columns) };
    let value = |i: usize, j: usize| if transposed { block.value(j, i) } else { block.value(i, j) };
    let inverse = |i: usize, j: usize| if transposed { block.inverse(j, i) } else { block.inverse(i, j) };
    for i in 0..own {
        for j in 0..own {
            let mut sum = 0.0;
            for a in 0..other {
                for b in a..other {
                    sum += inverse(i, a) * lambda[(b, a)] * value(j, b);
                }
            }
            e[(i, j)] += sum;
        }
    }
}
