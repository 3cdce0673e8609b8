//! Small dense matrices: Cholesky, symmetric eigenvalues, orthogonal columns and dependent ones.
//!
//! They are as large as a model has coefficients or a cluster has rows, so that plain loops are fast.

use std::ops::{Index, IndexMut};

/// A matrix of numbers, stored by rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.values[row * self.columns + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.values[row * self.columns + column]
    }
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// The identity.
    pub fn identity(size: usize) -> Self {
        Self::from_fn(size, size, |row, column| if row == column { 1.0 } else { 0.0 })
    }

    /// The matrix with these entries.
    pub fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> f64) -> Self {
        let values = (0..rows * columns).map(|at| f(at / columns, at % columns)).collect();
        Self { rows, columns, values }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The diagonal.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.rows.min(self.columns)).map(|at| self[(at, at)]).collect()
    }

    /// The sum of the diagonal.
    pub fn trace(&self) -> f64 {
        self.diagonal().iter().sum()
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |row, column| self[(column, row)])
    }

    /// Every entry times a number.
    pub fn scaled(&self, factor: f64) -> Self {
        Self { values: self.values.iter().map(|value| value * factor).collect(), ..*self }
    }

    /// The sum with a matrix of the same size.
    pub fn plus(&self, other: &Self) -> Self {
        Self { values: self.values.iter().zip(&other.values).map(|(a, b)| a + b).collect(), ..*self }
    }

    /// Adds a matrix of the same size times a number.
    pub fn add(&mut self, other: &Self, factor: f64) {
        self.values.iter_mut().zip(&other.values).for_each(|(sum, value)| *sum += factor * value);
    }

    /// The product with another matrix.
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for row in 0..self.rows {
            for (inner, &factor) in self.row(row).iter().enumerate() {
                for column in 0..other.columns {
                    product[(row, column)] += factor * other[(inner, column)];
                }
            }
        }
        product
    }

    /// The product with a vector.
    pub fn times_vector(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|row| dot(self.row(row), vector)).collect()
    }

    /// x′Ax for a vector x.
    pub fn quadratic(&self, vector: &[f64]) -> f64 {
        dot(&self.times_vector(vector), vector)
    }

    /// Some rows and the same columns.
    pub fn part(&self, positions: &[usize]) -> Self {
        Self::from_fn(positions.len(), positions.len(), |row, column| self[(positions[row], positions[column])])
    }

    /// The lower Cholesky factor; none unless the matrix is positive definite.
    pub fn cholesky(&self) -> Option<Cholesky> {
        let n = self.rows;
        let mut factor = Self::zeros(n, n);
        for row in 0..n {
            for column in 0..=row {
                let sum = dot(&factor.row(row)[..column], &factor.row(column)[..column]);
                let rest = self[(row, column)] - sum;
                if row == column {
                    // Also NaN is refused.
                    if rest.is_nan() || rest <= 0.0 || rest.is_infinite() {
                        return None;
                    }
                    factor[(row, row)] = rest.sqrt();
                } else {
                    factor[(row, column)] = rest / factor[(column, column)];
                }
            }
        }
        Some(Cholesky { factor })
    }

    /// Eigenvalues in ascending order with eigenvectors as columns, of a symmetric matrix, by Jacobi's
    /// rotations; Golub & Van Loan (2013), Matrix Computations, section 8.5.
    pub fn symmetric_eigen(&self) -> (Vec<f64>, Self) {
        let n = self.rows;
        let mut a = self.clone();
        let mut vectors = Self::identity(n);
        for _ in 0..100 {
            let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|at| a[at] * a[at]).sum();
            let size: f64 = a.values.iter().map(|value| value * value).sum();
            if off <= 1e-34 * size || off == 0.0 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut vectors, p, q);
                }
            }
        }
        let values = a.diagonal();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
        let sorted = Self::from_fn(n, n, |row, column| vectors[(row, order[column])]);
        (order.iter().map(|&at| values[at]).collect(), sorted)
    }
}

fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    if a[(p, q)] == 0.0 {
        return;
    }
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * a[(p, q)]);
    let t = 1f64.copysign(theta) / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for i in 0..a.rows {
        let (x, y) = (a[(i, p)], a[(i, q)]);
        (a[(i, p)], a[(i, q)]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (vectors[(i, p)], vectors[(i, q)]);
        (vectors[(i, p)], vectors[(i, q)]) = (c * x - s * y, s * x + c * y);
    }
    for i in 0..a.rows {
        let (x, y) = (a[(p, i)], a[(q, i)]);
        (a[(p, i)], a[(q, i)]) = (c * x - s * y, s * x + c * y);
    }
}

/// A lower triangular L with LL′ the matrix that it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky {
    factor: Matrix,
}

impl Cholesky {
    /// The triangle itself.
    pub fn lower(&self) -> &Matrix {
        &self.factor
    }

    /// The logarithm of the determinant of the matrix.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.factor.diagonal().iter().map(|value| value.ln()).sum::<f64>()
    }

    /// L⁻¹b.
    pub fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for row in 0..x.len() {
            let sum = dot(&self.factor.row(row)[..row], &x[..row]);
            x[row] = (x[row] - sum) / self.factor[(row, row)];
        }
        x
    }

    /// A⁻¹b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.forward(b);
        for row in (0..x.len()).rev() {
            x[row] /= self.factor[(row, row)];
            let value = x[row];
            for (column, place) in x[..row].iter_mut().enumerate() {
                *place -= self.factor[(row, column)] * value;
            }
        }
        x
    }

    /// A⁻¹B.
    pub fn solve_matrix(&self, b: &Matrix) -> Matrix {
        let mut solved = Matrix::zeros(b.rows, b.columns);
        for column in 0..b.columns {
            let right: Vec<f64> = (0..b.rows).map(|row| b[(row, column)]).collect();
            for (row, value) in self.solve(&right).into_iter().enumerate() {
                solved[(row, column)] = value;
            }
        }
        solved
    }

    /// A⁻¹.
    pub fn inverse(&self) -> Matrix {
        self.solve_matrix(&Matrix::identity(self.factor.rows))
    }
}

/// The sum of products.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Columns that depend on those before them, ascending: the ones that R's `lm` drops.
///
/// Each column is made orthogonal to the earlier ones, twice, so that nothing is lost where they
/// nearly agree; what keeps less than 10⁻⁷ of its length depends on them, which is the bound of R's
/// `qr`.
pub fn dependent_columns(columns: &[Vec<f64>]) -> Vec<usize> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut dependent = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        let length = dot(column, column).sqrt();
        let mut rest = column.clone();
        for _ in 0..2 {
            for direction in &basis {
                let share = dot(direction, &rest);
                rest.iter_mut().zip(direction).for_each(|(value, along)| *value -= share * along);
            }
        }
        let left = dot(&rest, &rest).sqrt();
        if left <= 1e-7 * length || left.is_nan() {
            dependent.push(number);
        } else {
            rest.iter_mut().for_each(|value| *value /= left);
            basis.push(rest);
        }
    }
    dependent
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

    #[test]
    fn a_year_is_no_multiple_of_the_intercept_but_twice_a_column_is() {
        let years: Vec<f64> = (0..9).map(|i| 2000.0 + f64::from(i)).collect();
        let twice: Vec<f64> = years.iter().map(|year| 2.0 * year - 3.0).collect();
        assert_eq!(dependent_columns(&[vec![1.0; 9], years, twice, vec![0.0; 9]]), [2, 3]);
    }
}
