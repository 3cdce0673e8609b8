//! Small dense matrices, and columns that depend on others.
//!
//! They are as large as a model has coefficients or a cluster has rows, so that plain loops are fast. Their
//! factors and eigenvalues are in the module `decomposition`.

#[cfg(feature = "models")]
pub use super::decomposition::Cholesky;
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
        debug_assert!(column < self.columns, "column {column} of {}", self.columns);
        &self.values[row * self.columns + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        debug_assert!(column < self.columns, "column {column} of {}", self.columns);
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
        let mut values = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            values.extend((0..columns).map(|column| f(row, column)));
        }
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
        (0..self.rows.min(self.columns)).map(|at| self[(at, at)]).sum()
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |row, column| self[(column, row)])
    }

    /// Every entry times a number.
    pub fn scaled(&self, factor: f64) -> Self {
        Self { values: self.values.iter().map(|value| value * factor).collect(), ..*self }
    }

    /// The sum with a matrix of the same size; a matrix of NaN where the sizes differ.
    pub fn plus(&self, other: &Self) -> Self {
        if (self.rows, self.columns) != (other.rows, other.columns) {
            return Self::from_fn(self.rows, self.columns, |_, _| f64::NAN);
        }
        Self { values: self.values.iter().zip(&other.values).map(|(a, b)| a + b).collect(), ..*self }
    }

    /// Adds a matrix of the same size times a number; everything becomes NaN where the sizes differ.
    pub fn add(&mut self, other: &Self, factor: f64) {
        if (self.rows, self.columns) != (other.rows, other.columns) {
            self.values.fill(f64::NAN);
            return;
        }
        self.values.iter_mut().zip(&other.values).for_each(|(sum, value)| *sum += factor * value);
    }

    /// The product with another matrix.
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for row in 0..self.rows {
            let into = &mut product.values[row * other.columns..(row + 1) * other.columns];
            for (inner, &factor) in self.row(row).iter().enumerate() {
                add_multiple(into, other.row(inner), factor);
            }
        }
        product
    }

    /// The product of this matrix, with rows and columns exchanged, and another one.
    pub fn transposed_times(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.columns, other.columns);
        for inner in 0..self.rows.min(other.rows) {
            for (row, &factor) in self.row(inner).iter().enumerate() {
                let into = &mut product.values[row * other.columns..(row + 1) * other.columns];
                add_multiple(into, other.row(inner), factor);
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
        (0..self.rows).map(|row| dot(self.row(row), vector) * vector[row]).sum()
    }

    /// The first rows and columns.
    pub fn leading(&self, size: usize) -> Self {
        Self::from_fn(size, size, |row, column| self[(row, column)])
    }

    /// Some rows and the same columns.
    pub fn part(&self, positions: &[usize]) -> Self {
        Self::from_fn(positions.len(), positions.len(), |row, column| self[(positions[row], positions[column])])
    }
}

fn add_multiple(into: &mut [f64], values: &[f64], factor: f64) {
    into.iter_mut().zip(values).for_each(|(sum, value)| *sum += factor * value);
}

/// The trace of a product of two square matrices, without the product.
pub fn trace_of_product(a: &Matrix, b: &Matrix) -> f64 {
    (0..a.rows).map(|row| a.row(row).iter().enumerate().map(|(at, value)| value * b[(at, row)]).sum::<f64>()).sum()
}

/// The vector of a size with 1 at one place and 0 elsewhere.
///
/// ```
/// assert_eq!(reffect::numeric::matrix::unit(3, 1), [0.0, 1.0, 0.0]);
/// ```
pub fn unit(size: usize, at: usize) -> Vec<f64> {
    (0..size).map(|other| if other == at { 1.0 } else { 0.0 }).collect()
}

/// The sum of products of two lists of one length.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
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

/// Whether each of some columns is a combination of others.
pub fn lie_within(columns: &[Vec<f64>], others: &[Vec<f64>]) -> bool {
    let dependent = dependent_columns(&[others, columns].concat());
    dependent.iter().filter(|&&at| at >= others.len()).count() == columns.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unequal_sizes_have_no_sum() {
        let (one, mut two) = (Matrix::identity(2), Matrix::zeros(1, 4));
        assert!(one.plus(&two).row(0).iter().all(|value| value.is_nan()));
        two.add(&one, 1.0);
        assert!(two.row(0).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn a_year_is_no_multiple_of_the_intercept_but_twice_a_column_is() {
        let years: Vec<f64> = (0..9).map(|i| 2000.0 + f64::from(i)).collect();
        let twice: Vec<f64> = years.iter().map(|year| 2.0 * year - 3.0).collect();
        assert_eq!(dependent_columns(&[vec![1.0; 9], years, twice, vec![0.0; 9]]), [2, 3]);
    }
}
