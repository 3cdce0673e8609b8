//! Cholesky factors and eigenvalues of symmetric matrices, by nalgebra.

use super::dense::inverse_of_cholesky;
use super::matrix::Matrix;
use nalgebra::{DMatrix, DVector, Dyn};

fn of(matrix: &Matrix) -> DMatrix<f64> {
    DMatrix::from_fn(matrix.rows(), matrix.columns(), |row, column| matrix[(row, column)])
}

fn matrix(from: &DMatrix<f64>) -> Matrix {
    Matrix::from_fn(from.nrows(), from.ncols(), |row, column| from[(row, column)])
}

impl Matrix {
    /// The Cholesky factor of a symmetric matrix, of which the lower triangle is read; none unless it is
    /// positive definite.
    pub fn cholesky(&self) -> Option<Cholesky> {
        let factor = nalgebra::Cholesky::new(of(self))?;
        // An infinite entry is no matrix.
        let is_finite = factor.l_dirty().diagonal().iter().all(|value| value.is_finite() && *value > 0.0);
        is_finite.then_some(Cholesky { factor })
    }

    /// Eigenvalues in ascending order with eigenvectors as columns, of a symmetric matrix; none of one without rows.
    pub fn symmetric_eigen(&self) -> (Vec<f64>, Self) {
        // What decomposes it takes no empty matrix.
        if self.rows() == 0 {
            return (Vec::new(), self.clone());
        }
        let found = of(self).symmetric_eigen();
        let mut order: Vec<usize> = (0..self.rows()).collect();
        order.sort_by(|&i, &j| found.eigenvalues[i].total_cmp(&found.eigenvalues[j]));
        let sorted = |row: usize, column: usize| found.eigenvectors[(row, order[column])];
        (order.iter().map(|&at| found.eigenvalues[at]).collect(), Self::from_fn(order.len(), order.len(), sorted))
    }
}

/// A lower triangular L with LL′ the matrix that it was made of.
#[derive(Clone, Debug)]
pub struct Cholesky {
    factor: nalgebra::Cholesky<f64, Dyn>,
}

impl Cholesky {
    /// The triangle itself.
    pub fn lower(&self) -> Matrix {
        matrix(&self.factor.l())
    }

    /// The logarithm of the determinant of the matrix.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.factor.l_dirty().diagonal().iter().map(|value| value.ln()).sum::<f64>()
    }

    /// L⁻¹b.
    pub fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x = DVector::from_column_slice(b);
        self.factor.l_dirty().solve_lower_triangular_unchecked_mut(&mut x);
        x.data.into()
    }

    /// A⁻¹b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.factor.solve(&DVector::from_column_slice(b)).data.into()
    }

    /// A⁻¹B.
    pub fn solve_matrix(&self, b: &Matrix) -> Matrix {
        matrix(&self.factor.solve(&of(b)))
    }

    /// A⁻¹.
    pub fn inverse(&self) -> Matrix {
        /// From here on blocks are faster.
        const LARGE: usize = 32;
        let lower = self.factor.l_dirty();
        let n = lower.nrows();
        if n < LARGE {
            return matrix(&self.factor.inverse());
        }
        let mut by_rows = vec![0.0; n * n];
        for (row, values) in by_rows.chunks_exact_mut(n).enumerate() {
            values.iter_mut().enumerate().take(row + 1).for_each(|(column, value)| *value = lower[(row, column)]);
        }
        let mut inverse = vec![0.0; n * n];
        inverse_of_cholesky(&by_rows, n, &mut inverse);
        Matrix::from_fn(n, n, |row, column| inverse[row * n + column])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Matrix {
        let rows = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]];
        Matrix::from_fn(3, 3, |row, column| rows[row][column])
    }

    #[test]
    fn cholesky_solves_and_refuses() {
        let matrix = sample();
        let cholesky = matrix.cholesky().unwrap();
        let inverse = cholesky.inverse();
        let unit = matrix.times(&inverse);
        for row in 0..3 {
            for column in 0..3 {
                assert!((unit[(row, column)] - f64::from(u8::from(row == column))).abs() < 1e-15);
            }
        }
        // det = 4(6 − 0.04) − 1(2 + 0.1) + 0.5(−0.2 − 1.5)
        assert!((cholesky.log_determinant() - (23.84f64 - 2.1 - 0.85).ln()).abs() < 1e-14);
        assert!(matrix.plus(&Matrix::identity(3).scaled(-5.0)).cholesky().is_none());
        assert!((cholesky.lower()[(0, 0)] - 2.0).abs() < 1e-15);
    }

    #[test]
    fn eigenvectors_diagonalise() {
        let matrix = sample();
        let (values, vectors) = matrix.symmetric_eigen();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!((values.iter().sum::<f64>() - matrix.trace()).abs() < 1e-14);
        let back = vectors.times(&Matrix::from_fn(3, 3, |i, j| if i == j { values[i] } else { 0.0 }));
        let back = back.times(&vectors.transposed());
        assert!((0..9).all(|at| (back[(at / 3, at % 3)] - matrix[(at / 3, at % 3)]).abs() < 1e-14));
    }
}
