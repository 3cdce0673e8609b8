//! Subjects with the same visits taken together.
//!
//! The likelihood needs of a subject only Σⱼₖ Mⱼₖ zⱼzₖ′ for matrices M of its visits, with z = (x, y) a
//! row of the data. Summed over the subjects of a pattern, zⱼzₖ′ are blocks that are made once, so that an
//! evaluation costs as much for ten thousand subjects as for ten. Where a pattern has few subjects, their
//! rows are cheaper than their blocks.
//!
//! Random effects link the rows of several subjects, or make those of one depend on its covariates: then what is taken
//! together are clusters of subjects with the same visits and the same columns of the random part.

use super::random::{RandomPart, TermRows};
use crate::numeric::matrix::{Matrix, dot};
use std::collections::BTreeMap;

/// Clusters with the same covariance.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// The subjects of a cluster; one where nothing links subjects.
    pub parts: Vec<Part>,
    /// The rows of a cluster in each random term.
    pub random: Vec<TermRows>,
    /// How many rows a cluster has.
    pub rows: usize,
    /// How many clusters there are.
    pub count: f64,
    store: Store,
}

/// A subject of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Its first row in the cluster.
    pub start: usize,
    pub group: usize,
    pub visits: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Store {
    /// For each pair j ≤ k of visits the packed triangle of Σ zⱼzₖ′ + zₖzⱼ′ (once where j = k).
    Blocks(Vec<f64>),
    /// The rows of the subjects, one after the other.
    Rows(Vec<f64>),
}

/// The length of the packed lower triangle of a q × q matrix.
pub(super) fn packed(q: usize) -> usize {
    q * (q + 1) / 2
}

/// Where (row, column ≤ row) stands in a triangle packed by rows.
pub(super) fn place(row: usize, column: usize) -> usize {
    row * (row + 1) / 2 + column
}

/// A symmetric matrix out of the leading part of its packed triangle.
pub(super) fn unpacked(triangle: &[f64], size: usize) -> Matrix {
    Matrix::from_fn(size, size, |row, column| triangle[place(row.max(column), row.min(column))])
}

/// One subject: its group, and for each of its rows the visit and the place in the data, by visit.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub group: usize,
    pub rows: Vec<(usize, usize)>,
}

/// Subjects whose rows are independent of those of all others.
pub(super) type Cluster = Vec<Subject>;

/// The places in the data of the rows of a cluster.
pub(super) fn rows_of(cluster: &Cluster) -> Vec<usize> {
    cluster.iter().flat_map(|subject| subject.rows.iter().map(|(_, row)| *row)).collect()
}

/// The subjects of a cluster as parts of a pattern.
pub(super) fn parts_of(cluster: &Cluster) -> Vec<Part> {
    let mut start = 0;
    let part = |subject: &Subject| {
        let visits: Vec<usize> = subject.rows.iter().map(|(visit, _)| *visit).collect();
        let first = start;
        start += visits.len();
        Part { start: first, group: subject.group, visits }
    };
    cluster.iter().map(part).collect()
}

/// What clusters of one pattern have in common: subjects, and bit by bit the rows of the random part.
type Key = (Vec<Part>, Vec<usize>, Vec<u64>);

/// The clusters by pattern; `z` holds the rows of the data, `q` numbers each.
pub(super) fn patterns(clusters: &[Cluster], random: &RandomPart, z: &[f64], q: usize) -> Vec<Pattern> {
    let mut alike: BTreeMap<Key, (Vec<TermRows>, Vec<Vec<usize>>)> = BTreeMap::new();
    for cluster in clusters {
        let rows = rows_of(cluster);
        let own = random.rows(&rows);
        let levels = own.iter().flat_map(|term| term.levels.iter().copied()).collect();
        let bits = own.iter().flat_map(TermRows::values).map(f64::to_bits).collect();
        alike.entry((parts_of(cluster), levels, bits)).or_insert_with(|| (own, Vec::new())).1.push(rows);
    }
    let made = |((parts, ..), (random, members)): (Key, (Vec<TermRows>, Vec<Vec<usize>>))| {
        let m = members.first().map_or(0, Vec::len);
        let by_rows = members.len() * (m * m * q + m * packed(q));
        let store = if by_rows < packed(m) * packed(q) {
            Store::Rows(members.iter().flatten().flat_map(|row| &z[row * q..][..q]).copied().collect())
        } else {
            Store::Blocks(blocks(&members, m, z, q))
        };
        Pattern { parts, random, rows: m, count: members.len() as f64, store }
    };
    alike.into_iter().map(made).collect()
}

fn blocks(members: &[Vec<usize>], m: usize, z: &[f64], q: usize) -> Vec<f64> {
    let mut blocks = vec![0.0; packed(m) * packed(q)];
    for rows in members {
        let row = |at: usize| &z[rows[at] * q..][..q];
        for k in 0..m {
            for j in 0..=k {
                add_products(row(j), row(k), j == k, &mut blocks[place(k, j) * packed(q)..][..packed(q)]);
            }
        }
    }
    blocks
}

/// Adds the packed triangle of xy′ + yx′, or of xx′ where both are the same.
fn add_products(left: &[f64], right: &[f64], is_same: bool, block: &mut [f64]) {
    let mut at = 0;
    for a in 0..left.len() {
        let (la, ra) = (left[a], if is_same { 0.0 } else { right[a] });
        let row = &mut block[at..=at + a];
        row.iter_mut().zip(left.iter().zip(right)).for_each(|(sum, (l, r))| *sum += la * r + ra * l);
        at += a + 1;
    }
}

impl Pattern {
    /// Adds `factor` Σ Mⱼₖ zⱼzₖ′ over the subjects to a packed triangle, for a symmetric M.
    pub fn add(&self, matrix: &Matrix, factor: f64, q: usize, sum: &mut [f64]) {
        let m = self.rows;
        match &self.store {
            Store::Blocks(blocks) => {
                for k in 0..m {
                    for j in 0..=k {
                        let weight = factor * matrix[(k, j)];
                        if weight != 0.0 {
                            let block = &blocks[place(k, j) * packed(q)..][..packed(q)];
                            sum.iter_mut().zip(block).for_each(|(sum, value)| *sum += weight * value);
                        }
                    }
                }
            }
            Store::Rows(rows) => {
                let mut weighted = vec![0.0; q];
                for subject in rows.chunks_exact(m * q) {
                    for j in 0..m {
                        weighted.fill(0.0);
                        for (k, row) in subject.chunks_exact(q).enumerate() {
                            let weight = factor * matrix[(j, k)];
                            weighted.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
                        }
                        let mut at = 0;
                        for (a, value) in subject[j * q..][..q].iter().enumerate() {
                            for (sum, other) in sum[at..=at + a].iter_mut().zip(&weighted) {
                                *sum += value * other;
                            }
                            at += a + 1;
                        }
                    }
                }
            }
        }
    }

    /// For each pair j ≤ k of visits the packed triangle of Σ z̃ⱼz̃ₖ′ + z̃ₖz̃ⱼ′ (once where j = k), with rows
    /// z̃ = Sz that were multiplied by a symmetric matrix; none where adding SVᵣS for each of so many parameters costs
    /// less.
    pub fn transformed(&self, s: &Matrix, parameters: usize, q: usize) -> Option<Vec<f64>> {
        let m = self.rows;
        let Store::Rows(rows) = &self.store else { return None };
        let by_pairs = m * m * q + packed(m) * packed(q);
        if parameters * (m * m * q + m * packed(q)) < by_pairs {
            return None;
        }
        let mut all = vec![0.0; packed(m) * packed(q)];
        let mut moved = vec![0.0; m * q];
        for subject in rows.chunks_exact(m * q) {
            moved.fill(0.0);
            for (j, into) in moved.chunks_exact_mut(q).enumerate() {
                for (k, row) in subject.chunks_exact(q).enumerate() {
                    let weight = s[(j, k)];
                    into.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
                }
            }
            for k in 0..m {
                for j in 0..=k {
                    let block = &mut all[place(k, j) * packed(q)..][..packed(q)];
                    add_products(&moved[j * q..][..q], &moved[k * q..][..q], j == k, block);
                }
            }
        }
        Some(all)
    }

    /// The m × m matrix of Σ zⱼ′ G zₖ over the subjects, for a symmetric G in full.
    pub fn inner(&self, g: &Matrix) -> Matrix {
        let (m, q) = (self.rows, g.rows());
        match &self.store {
            Store::Blocks(blocks) => {
                // Twice off the diagonal, for the two triangles of G.
                let twice: Vec<f64> = (0..q)
                    .flat_map(|a| (0..=a).map(move |b| (a, b)))
                    .map(|(a, b)| if a == b { g[(a, b)] } else { 2.0 * g[(a, b)] })
                    .collect();
                let of = |j: usize, k: usize| {
                    let block = &blocks[place(j.max(k), j.min(k)) * packed(q)..][..packed(q)];
                    dot(block, &twice) * if j == k { 1.0 } else { 0.5 }
                };
                Matrix::from_fn(m, m, of)
            }
            Store::Rows(rows) => {
                let mut sum = Matrix::zeros(m, m);
                for subject in rows.chunks_exact(m * q) {
                    for j in 0..m {
                        let along = g.times_vector(&subject[j * q..][..q]);
                        for k in 0..=j {
                            sum[(j, k)] += dot(&along, &subject[k * q..][..q]);
                        }
                    }
                }
                Matrix::from_fn(m, m, |j, k| sum[(j.max(k), j.min(k))])
            }
        }
    }

    /// Σ yⱼyₖ over the subjects for each pair of visits.
    pub fn products(&self, q: usize) -> Matrix {
        let mut g = Matrix::zeros(q, q);
        g[(q - 1, q - 1)] = 1.0;
        self.inner(&g)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_rows_say_the_same() {
        let q = 3;
        let z: Vec<f64> = (0..12 * q).map(|at| ((at * 7 % 11) as f64 - 5.0) / 3.0).collect();
        let clusters: Vec<Cluster> =
            (0..6).map(|i| vec![Subject { group: 0, rows: vec![(0, 2 * i), (2, 2 * i + 1)] }]).collect();
        let by_blocks = patterns(&clusters, &RandomPart::default(), &z, q);
        assert!(by_blocks.len() == 1 && matches!(by_blocks[0].store, Store::Blocks(_)));
        let mut by_rows = by_blocks[0].clone();
        by_rows.store = Store::Rows(z.clone());
        let m = Matrix::from_fn(2, 2, |j, k| [[1.5, -0.3], [-0.3, 0.8]][j][k]);
        let (mut one, mut two) = (vec![0.0; packed(q)], vec![0.0; packed(q)]);
        by_blocks[0].add(&m, 2.0, q, &mut one);
        by_rows.add(&m, 2.0, q, &mut two);
        assert!(one.iter().zip(&two).all(|(a, b)| (a - b).abs() < 1e-12), "{one:?} {two:?}");
        let g = Matrix::from_fn(3, 3, |j, k| 1.0 / (1.0 + (j + k) as f64));
        let (one, two) = (by_blocks[0].inner(&g), by_rows.inner(&g));
        assert!((0..4).all(|at| (one[(at / 2, at % 2)] - two[(at / 2, at % 2)]).abs() < 1e-12), "{one:?} {two:?}");
    }
}
