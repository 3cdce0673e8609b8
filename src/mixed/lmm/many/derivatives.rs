//! The entries of M⁻¹ that the derivatives need, and the derivatives.

use super::{Front, Many, Target};
use crate::mixed::lmm::one::symmetric_derivatives;
use crate::mixed::lmm::pieces::Pieces;
use crate::numeric::dense::inverse_of_cholesky;
use crate::numeric::matrix::Matrix;

impl Many {
    /// The entries of M⁻¹ where Z'Z has some, from the last front to the first.
    pub(super) fn invert_back(&mut self) {
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
    pub(super) fn derivatives(&mut self, lambdas: &[Matrix], pieces: &mut Pieces) {
        let q = self.q;
        self.scale_solutions(lambdas);
        for e in &mut self.e {
            let k = e.rows();
            (0..k).for_each(|i| (0..k).for_each(|j| e[(i, j)] = 0.0));
        }
        let mut kx = std::mem::take(&mut self.kx);
        for front in &self.fronts {
            let (k, width) = (self.k[front.node.factor], front.width);
            let rows = &mut kx[self.row_of(front.node) * q..][..k * q];
            for (row, a) in rows.chunks_exact_mut(q).zip(self.a[front.start..].chunks_exact(width)) {
                row.copy_from_slice(&a[width - q..]);
            }
        }
        kx[self.base[self.eliminated] * q..].copy_from_slice(&self.root_right);
        self.subtract_products(&self.ld, &mut kx, q);
        self.kx = kx;
        self.sweep_fronts(lambdas);
        self.sweep_root(lambdas);
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

    /// ΛD.
    fn scale_solutions(&mut self, lambdas: &[Matrix]) {
        let q = self.q;
        self.ld.fill(0.0);
        for (factor, lambda) in lambdas.iter().enumerate() {
            let k = self.k[factor];
            for level in 0..self.levels[factor] {
                let row = self.row(factor, level);
                for i in 0..k {
                    for j in 0..=i {
                        for column in 0..q {
                            self.ld[(row + i) * q + column] += lambda[(i, j)] * self.d[(row + j) * q + column];
                        }
                    }
                }
            }
        }
    }

    fn sweep_fronts(&mut self, lambdas: &[Matrix]) {
        for front in &self.fronts {
            let (own, k, width) = (front.node.factor, self.k[front.node.factor], front.width);
            let a = &self.a[front.start..front.start + k * width];
            let inverse = &self.inverse[front.start..front.start + k * width];
            let block = Block { values: a, inverse, stride: width, at: 0 };
            trace_share(&mut self.e[own], &block, &lambdas[own], [k, k], false);
            for link in &front.links {
                let other = link.node.factor;
                let size = [k, self.k[other]];
                let block = Block { values: a, inverse, stride: width, at: link.at };
                trace_share(&mut self.e[own], &block, &lambdas[other], size, false);
                trace_share(&mut self.e[other], &block, &lambdas[own], size, true);
            }
        }
    }

    fn sweep_root(&mut self, lambdas: &[Matrix]) {
        let base = self.base[self.eliminated];
        for block in &self.root_blocks {
            let (own, other) = (block.row.factor, block.column.factor);
            let size = [self.k[own], self.k[other]];
            let at = [self.row_of(block.row), self.row_of(block.column)];
            self.f.clear();
            for i in 0..size[0] {
                let start = (at[0] - base + i) * self.root + at[1] - base;
                self.f.extend_from_slice(&self.root_inverse[start..start + size[1]]);
            }
            let part = Block { values: &block.values, inverse: &self.f, stride: size[1], at: 0 };
            trace_share(&mut self.e[own], &part, &lambdas[other], size, false);
            if block.row != block.column {
                trace_share(&mut self.e[other], &part, &lambdas[own], size, true);
            }
        }
    }

    /// `to` −= A `from`, both with q columns.
    pub(super) fn subtract_products(&self, from: &[f64], to: &mut [f64], q: usize) {
        for front in &self.fronts {
            let (k, width) = (self.k[front.node.factor], front.width);
            let row = self.row_of(front.node);
            let a = &self.a[front.start..front.start + k * width];
            subtract_block(to, from, q, |i, j| a[i * width + j], [row, row], [k, k]);
            for link in &front.links {
                let (there, size) = (self.row_of(link.node), self.k[link.node.factor]);
                subtract_block(to, from, q, |i, j| a[i * width + link.at + j], [row, there], [k, size]);
                subtract_block(to, from, q, |i, j| a[j * width + link.at + i], [there, row], [size, k]);
            }
        }
        for block in &self.root_blocks {
            let (rows, columns) = (self.k[block.row.factor], self.k[block.column.factor]);
            let (row, there) = (self.row_of(block.row), self.row_of(block.column));
            subtract_block(to, from, q, |i, j| block.values[i * columns + j], [row, there], [rows, columns]);
            if block.row != block.column {
                subtract_block(to, from, q, |i, j| block.values[j * columns + i], [there, row], [columns, rows]);
            }
        }
    }
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

/// `to` −= A `from` for one block of A between the rows from `row` and from `column` on.
fn subtract_block(
    to: &mut [f64],
    from: &[f64],
    q: usize,
    value: impl Fn(usize, usize) -> f64,
    [row, column]: [usize; 2],
    [rows, columns]: [usize; 2],
) {
    for i in 0..rows {
        let to = &mut to[(row + i) * q..(row + i + 1) * q];
        for j in 0..columns {
            let (factor, from) = (value(i, j), &from[(column + j) * q..(column + j + 1) * q]);
            to.iter_mut().zip(from).for_each(|(place, value)| *place -= factor * value);
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
