//! Columns made orthonormal, so that neither scale nor shift of a covariate matters to a search.

use crate::numeric::matrix::{Matrix, dot, unit};

/// X = QR with orthonormal columns Q.
#[derive(Clone, Debug)]
pub(crate) struct Orthonormal {
    /// The columns of Q.
    pub columns: Vec<Vec<f64>>,
    /// R, upper triangular.
    pub r: Matrix,
}

impl Orthonormal {
    /// Of independent columns; each is made orthogonal to the earlier ones, twice.
    pub fn new(columns: impl IntoIterator<Item = Vec<f64>>) -> Self {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut shares = Vec::new();
        for mut column in columns {
            let mut own = take_out(&basis, &mut column);
            let length = dot(&column, &column).sqrt();
            own.push(length);
            column.iter_mut().for_each(|value| *value /= length);
            basis.push(column);
            shares.push(own);
        }
        let r =
            Matrix::from_fn(basis.len(), basis.len(), |row, column| shares[column].get(row).copied().unwrap_or(0.0));
        Self { columns: basis, r }
    }

    /// Makes a column orthogonal to Q; how much of each of its columns was taken out.
    pub fn take_out(&self, column: &mut [f64]) -> Vec<f64> {
        take_out(&self.columns, column)
    }

    /// A linear function of the coefficients of X as one of those of Q: R⁻ᵀl.
    pub fn function(&self, of: &[f64]) -> Vec<f64> {
        solve_transposed(&self.r, of)
    }

    /// The coefficients of X from those of Q: R⁻¹b.
    pub fn coefficients(&self, of: &[f64]) -> Vec<f64> {
        solve_upper(&self.r, of)
    }

    /// The covariance matrix of the coefficients of X from that of those of Q.
    pub fn covariance(&self, of: &Matrix) -> Matrix {
        let p = self.columns.len();
        let along: Vec<Vec<f64>> = (0..p).map(|at| self.function(&unit(p, at))).collect();
        let times: Vec<Vec<f64>> = along.iter().map(|function| of.times_vector(function)).collect();
        Matrix::from_fn(p, p, |row, column| dot(&along[row.max(column)], &times[row.min(column)]))
    }

    /// ln |R|.
    pub fn log_determinant(&self) -> f64 {
        self.r.diagonal().iter().map(|value| value.abs().ln()).sum()
    }
}

/// R⁻¹b for an upper triangular R.
pub(crate) fn solve_upper(r: &Matrix, of: &[f64]) -> Vec<f64> {
    let mut solved = of.to_vec();
    for row in (0..solved.len()).rev() {
        let sum: f64 = (row + 1..solved.len()).map(|column| r[(row, column)] * solved[column]).sum();
        solved[row] = (solved[row] - sum) / r[(row, row)];
    }
    solved
}

/// R⁻¹A for an upper triangular R.
pub(crate) fn solve_upper_matrix(r: &Matrix, a: &Matrix) -> Matrix {
    let of = |column: usize| (0..a.rows()).map(|row| a[(row, column)]).collect::<Vec<f64>>();
    let solved: Vec<Vec<f64>> = (0..a.columns()).map(|column| solve_upper(r, &of(column))).collect();
    Matrix::from_fn(a.rows(), a.columns(), |row, column| solved[column][row])
}

/// R⁻ᵀl for an upper triangular R.
pub(crate) fn solve_transposed(r: &Matrix, of: &[f64]) -> Vec<f64> {
    let mut solved = of.to_vec();
    for row in 0..solved.len() {
        let sum: f64 = (0..row).map(|above| r[(above, row)] * solved[above]).sum();
        solved[row] = (solved[row] - sum) / r[(row, row)];
    }
    solved
}

/// Takes the part along orthonormal columns away, twice; how much of each was taken.
fn take_out(basis: &[Vec<f64>], column: &mut [f64]) -> Vec<f64> {
    let mut shares = vec![0.0; basis.len()];
    for _ in 0..2 {
        for (direction, share) in basis.iter().zip(&mut shares) {
            let found = dot(direction, column);
            column.iter_mut().zip(direction).for_each(|(value, along)| *value -= found * along);
            *share += found;
        }
    }
    shares
}
