//! Sparse Cholesky factors of one pattern: the pattern once, the numbers many times.
//!
//! Columns are eliminated as they stand, terms with more levels first, so that nested groups make no
//! fill and crossed ones only among the later terms.
//!
//! Source: Davis (2006), Direct Methods for Sparse Linear Systems, chapter 4; the entries of the inverse
//! on the pattern of the factor by Takahashi, Fagan & Chen (1973), as in Erisman & Tinney (1975), Commun
//! ACM 18:177.

/// The pattern of a lower triangle by columns, the diagonal first, with room for numbers.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Where each column starts.
    starts: Vec<usize>,
    rows: Vec<u32>,
    /// For each row, the earlier columns that reach it, and where.
    by_row: Vec<(u32, u32)>,
    row_starts: Vec<usize>,
}

impl Pattern {
    /// The pattern of the factor of a symmetric matrix; `below` has, for each column, the rows below the
    /// diagonal.
    pub fn new(mut below: Vec<Vec<u32>>) -> Self {
        let size = below.len();
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); size];
        let mut starts = vec![0];
        let mut rows: Vec<u32> = Vec::new();
        for column in 0..size {
            let mut own = std::mem::take(&mut below[column]);
            for &child in &children[column] {
                let child = child as usize;
                // Without the child's diagonal and this column itself, its first entry below.
                own.extend_from_slice(&rows[starts[child] + 2..starts[child + 1]]);
            }
            own.sort_unstable();
            own.dedup();
            if let Some(&parent) = own.first() {
                children[parent as usize].push(column as u32);
            }
            rows.push(column as u32);
            rows.extend(own);
            starts.push(rows.len());
        }
        let mut counts = vec![0usize; size + 1];
        for column in 0..size {
            rows[starts[column] + 1..starts[column + 1]].iter().for_each(|&row| counts[row as usize + 1] += 1);
        }
        (0..size).for_each(|row| counts[row + 1] += counts[row]);
        let row_starts = counts.clone();
        let mut by_row = vec![(0, 0); counts[size]];
        for column in 0..size {
            for at in starts[column] + 1..starts[column + 1] {
                let place = &mut counts[rows[at] as usize];
                by_row[*place] = (column as u32, at as u32);
                *place += 1;
            }
        }
        Self { starts, rows, by_row, row_starts }
    }

    /// How many columns there are.
    pub fn size(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many entries.
    pub fn entries(&self) -> usize {
        self.rows.len()
    }

    /// Where the diagonal stands.
    pub fn diagonal(&self) -> &[usize] {
        &self.starts[..self.size()]
    }

    /// Where the entry (row, column ≤ row) stands, which must be in the pattern.
    pub fn place(&self, row: u32, column: u32) -> usize {
        let (start, end) = (self.starts[column as usize], self.starts[column as usize + 1]);
        start + self.rows[start..end].binary_search(&row).unwrap_or(0)
    }

    /// Turns the numbers of a matrix into those of its factor; whether it is positive definite.
    pub fn factorise(&self, values: &mut [f64], work: &mut [f64]) -> bool {
        for column in 0..self.size() {
            let (start, end) = (self.starts[column], self.starts[column + 1]);
            let updates = &self.by_row[self.row_starts[column]..self.row_starts[column + 1]];
            if !updates.is_empty() {
                for at in start..end {
                    work[self.rows[at] as usize] = values[at];
                }
                for &(earlier, at) in updates {
                    let at = at as usize;
                    let factor = values[at];
                    let last = self.starts[earlier as usize + 1];
                    for (row, value) in self.rows[at..last].iter().zip(&values[at..last]) {
                        work[*row as usize] -= factor * value;
                    }
                }
                for at in start..end {
                    values[at] = work[self.rows[at] as usize];
                }
            }
            let pivot = values[start];
            // Also NaN is refused.
            if pivot.is_nan() || pivot <= 0.0 || pivot.is_infinite() {
                return false;
            }
            let root = pivot.sqrt();
            values[start] = root;
            values[start + 1..end].iter_mut().for_each(|value| *value /= root);
        }
        true
    }

    /// ln of the determinant of the matrix whose factor this is.
    pub fn log_determinant(&self, factor: &[f64]) -> f64 {
        2.0 * self.starts[..self.size()].iter().map(|&start| factor[start].ln()).sum::<f64>()
    }

    /// Replaces b by A⁻¹b.
    pub fn solve(&self, factor: &[f64], b: &mut [f64]) {
        for column in 0..self.size() {
            let (start, end) = (self.starts[column], self.starts[column + 1]);
            let value = b[column] / factor[start];
            b[column] = value;
            for at in start + 1..end {
                b[self.rows[at] as usize] -= factor[at] * value;
            }
        }
        for column in (0..self.size()).rev() {
            let (start, end) = (self.starts[column], self.starts[column + 1]);
            let sum: f64 = (start + 1..end).map(|at| factor[at] * b[self.rows[at] as usize]).sum();
            b[column] = (b[column] - sum) / factor[start];
        }
    }

    /// The entries of A⁻¹ on the pattern of the factor.
    pub fn inverse_entries(&self, factor: &[f64]) -> Vec<f64> {
        let size = self.size();
        let mut inverse = vec![0.0; factor.len()];
        let mut places = vec![usize::MAX; size];
        let mut sums: Vec<f64> = Vec::new();
        for column in (0..size).rev() {
            let (start, end) = (self.starts[column], self.starts[column + 1]);
            let own = &self.rows[start + 1..end];
            let root = factor[start];
            if own.is_empty() {
                inverse[start] = 1.0 / (root * root);
                continue;
            }
            sums.clear();
            sums.resize(own.len(), 0.0);
            own.iter().enumerate().for_each(|(at, &row)| places[row as usize] = at);
            for (at, &row) in own.iter().enumerate() {
                let value = factor[start + 1 + at];
                let (from, to) = (self.starts[row as usize], self.starts[row as usize + 1]);
                sums[at] += value * inverse[from];
                for entry in from + 1..to {
                    let other = places[self.rows[entry] as usize];
                    if other != usize::MAX {
                        sums[other] += value * inverse[entry];
                        sums[at] += factor[start + 1 + other] * inverse[entry];
                    }
                }
            }
            own.iter().for_each(|&row| places[row as usize] = usize::MAX);
            let mut diagonal = 1.0 / (root * root);
            for (at, sum) in sums.iter().enumerate() {
                inverse[start + 1 + at] = -sum / root;
                diagonal += factor[start + 1 + at] * sum / (root * root);
            }
            inverse[start] = diagonal;
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::matrix::Matrix;

    #[test]
    fn factor_and_inverse_agree_with_dense_ones() {
        // Two crossed factors of 5 and 4 levels.
        let rows: Vec<(u32, u32)> = (0..14).map(|at| (at * 7 % 5, 5 + (at * 3 + at / 5) % 4)).collect();
        let mut dense = Matrix::identity(9);
        let mut below = vec![Vec::new(); 9];
        for (at, &(a, b)) in rows.iter().enumerate() {
            let w = 0.3 + 0.1 * at as f64;
            for (i, j) in [(a, a), (b, b), (a, b), (b, a)] {
                dense[(i as usize, j as usize)] += w;
            }
            below[a as usize].push(b);
        }
        let pattern = Pattern::new(below);
        let mut values = vec![0.0; pattern.entries()];
        for i in 0..9u32 {
            for j in 0..=i {
                if dense[(i as usize, j as usize)] != 0.0 {
                    values[pattern.place(i, j)] = dense[(i as usize, j as usize)];
                }
            }
        }
        assert!(pattern.factorise(&mut values, &mut [0.0; 9]));
        let cholesky = dense.cholesky().unwrap();
        assert!((pattern.log_determinant(&values) - cholesky.log_determinant()).abs() < 1e-12);
        let b: Vec<f64> = (0..9).map(|at| f64::from(at) - 3.0).collect();
        let mut solved = b.clone();
        pattern.solve(&values, &mut solved);
        let expected = cholesky.solve(&b);
        assert!(solved.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12));
        let (entries, inverse) = (pattern.inverse_entries(&values), cholesky.inverse());
        for i in 0..9u32 {
            for at in pattern.starts[i as usize]..pattern.starts[i as usize + 1] {
                let exact = inverse[(pattern.rows[at] as usize, i as usize)];
                assert!((entries[at] - exact).abs() < 1e-12, "{i} {at}");
            }
        }
    }
}
