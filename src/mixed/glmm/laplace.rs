//! The model as it is searched: standardised columns, and where the products of its rows stand.
//!
//! With a = ZΛ, η = Xβ + offset + au and u standard normal, −2 ln L is approximated by
//! f = −2 Σ ln f(y | η) + u′u + ln |H| at the mode û, where H = a′Wa + I and W = −∂²ln f/∂η². The weights
//! are the observed ones, so that H is the second derivative also for links that are not canonical.
//!
//! Source: Bates, Maechler, Bolker & Walker (2015), J Stat Softw 67(1), for the model; Skaug & Fournier
//! (2006), Comput Stat Data Anal 51:699, for the gradient through the mode.

use super::family::Likelihood;
use super::sparse::Pattern;
use crate::numeric::matrix::{Matrix, dot, unit};
use crate::numeric::orthogonal::Orthonormal;

/// A random term: columns of Z with the level of each row.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// Where its columns start in u.
    pub start: usize,
    /// How many effects a level has.
    pub width: usize,
    pub codes: Vec<u32>,
    /// Row by row: orthogonal columns z of size 1 with Z = zL for a lower triangle L.
    pub z: Vec<f64>,
    /// L: the factor Λ of the user's effects becomes LΛ.
    pub lower: Matrix,
    /// L⁻¹, which leads back.
    pub inverse: Matrix,
}

impl Term {
    /// A term of independent columns, made orthogonal from the last one on, so that factors stay lower
    /// triangles. `start` is where its columns start in u.
    pub fn new(start: usize, columns: &[Vec<f64>], codes: Vec<u32>) -> Self {
        let (k, n) = (columns.len(), codes.len());
        let root = (n as f64).sqrt();
        let backwards = Orthonormal::new(columns.iter().rev().cloned());
        let of = |column: usize| &backwards.columns[k - 1 - column];
        let lower = Matrix::from_fn(k, k, |i, j| if i < j { 0.0 } else { dot(of(i), &columns[j]) / root });
        let solved: Vec<Vec<f64>> = (0..k).map(|at| backwards.coefficients(&unit(k, at))).collect();
        let inverse = Matrix::from_fn(k, k, |i, j| if i < j { 0.0 } else { root * solved[k - 1 - j][k - 1 - i] });
        let z = (0..n).flat_map(|row| (0..k).map(move |column| root * of(column)[row])).collect();
        Self { start, width: k, codes, z, lower, inverse }
    }

    /// How many parameters its factor has.
    pub fn parameters(&self) -> usize {
        self.width * (self.width + 1) / 2
    }

    /// How many levels it has.
    pub fn levels(&self) -> usize {
        self.codes.iter().map(|code| *code as usize + 1).max().unwrap_or(0)
    }

    /// The factor of the user's effects, from its parameters.
    pub fn factor(&self, theta: &[f64]) -> Matrix {
        self.inverse.times(&triangle_of(theta, self.width))
    }
}

/// A lower triangle from its entries by columns.
pub(super) fn triangle_of(theta: &[f64], k: usize) -> Matrix {
    let place = |row: usize, column: usize| column * k - column * (column + 1) / 2 + row;
    Matrix::from_fn(k, k, |row, column| if row < column { 0.0 } else { theta[place(row, column)] })
}

/// The entries of a lower triangle by columns.
pub(super) fn entries_of(lower: &Matrix) -> Vec<f64> {
    let k = lower.rows();
    (0..k).flat_map(|column| (column..k).map(move |row| (row, column))).map(|at| lower[at]).collect()
}

/// What a model is fitted to, standardised.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub likelihood: Likelihood,
    pub y: Vec<f64>,
    pub trials: Vec<f64>,
    /// Prior weights of the log-likelihood.
    pub weights: Option<Vec<f64>>,
    pub offset: Option<Vec<f64>>,
    /// Orthogonal columns of unit size, row by row.
    pub x: Vec<f64>,
    pub coefficients: usize,
    pub terms: Vec<Term>,
    /// Σ of what does not depend on the parameters.
    pub constant: f64,
    /// How far rounding moves the sum of the log-likelihoods.
    pub rounding: f64,
    pub pattern: Pattern,
    /// For each row, where the products of its entries of a stand in the pattern.
    pub places: Vec<u32>,
    /// The columns of a row of a, and how many, at least one.
    pub columns: Vec<u32>,
    pub width: usize,
}

impl Problem {
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        likelihood: Likelihood,
        y: Vec<f64>,
        trials: Vec<f64>,
        weights: Option<Vec<f64>>,
        offset: Option<Vec<f64>>,
        x: Vec<f64>,
        coefficients: usize,
        terms: Vec<Term>,
    ) -> Self {
        let n = y.len();
        let weight = |row: usize| weights.as_ref().map_or(1.0, |weights| weights[row]);
        let size_of = |row: usize| weight(row) * likelihood.constant(y[row], trials[row]).abs();
        let rounding = f64::EPSILON * (0..n).map(size_of).sum::<f64>();
        let constant = (0..n).map(|row| weight(row) * likelihood.constant(y[row], trials[row])).sum();
        let columns_of = |row: usize| {
            terms.iter().flat_map(move |term| {
                let first = term.start as u32 + term.codes[row] * term.width as u32;
                (0..term.width as u32).map(move |c| first + c)
            })
        };
        // Without random effects there is one that no row has: f is then −2 ln L itself.
        let (width, size, columns): (usize, usize, Vec<u32>) = match terms.last() {
            None => (1, 1, vec![0; n]),
            Some(last) => (
                terms.iter().map(|term| term.width).sum(),
                last.start + last.width * last.levels(),
                (0..n).flat_map(columns_of).collect(),
            ),
        };
        let mut below: Vec<Vec<u32>> = vec![Vec::new(); size];
        for own in columns.chunks_exact(width) {
            for (at, &column) in own.iter().enumerate() {
                below[column as usize].extend_from_slice(&own[at + 1..]);
            }
            // Repeated entries are thinned now and then.
            for &column in own {
                let list = &mut below[column as usize];
                if list.len() > 64 && list.len().is_power_of_two() {
                    list.sort_unstable();
                    list.dedup();
                }
            }
        }
        let pattern = Pattern::new(below);
        let place = |own: &[u32]| {
            let pairs = (0..own.len()).flat_map(|i| (0..=i).map(move |j| (i, j)));
            pairs.map(|(i, j)| pattern.place(own[i], own[j]) as u32).collect::<Vec<u32>>()
        };
        let places = columns.chunks_exact(width).flat_map(place).collect();
        Self {
            likelihood,
            y,
            trials,
            weights,
            offset,
            x,
            coefficients,
            terms,
            constant,
            rounding,
            pattern,
            places,
            columns,
            width,
        }
    }

    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// The length of θ.
    pub fn thetas(&self) -> usize {
        self.terms.iter().map(Term::parameters).sum()
    }

    /// All parameters of the search.
    pub fn parameters(&self) -> usize {
        self.thetas() + self.coefficients + usize::from(self.likelihood.has_dispersion())
    }

    /// The dispersion that a point stands for.
    pub fn dispersion(&self, at: &[f64]) -> f64 {
        if self.likelihood.has_dispersion() { at[self.parameters() - 1].exp() } else { 1.0 }
    }

    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// Xβ + offset of each row.
    pub fn fixed_part(&self, beta: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; self.rows()];
        self.fixed_into(beta, &mut all);
        all
    }

    /// Writes Xβ + offset of each row into a buffer.
    pub fn fixed_into(&self, beta: &[f64], all: &mut [f64]) {
        match &self.offset {
            Some(offset) => all.copy_from_slice(offset),
            None => all.fill(0.0),
        }
        if self.coefficients > 0 {
            for (sum, x) in all.iter_mut().zip(self.x.chunks_exact(self.coefficients)) {
                *sum += x.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>();
            }
        }
    }

    /// The columns of the fixed part in a row.
    pub fn x_of(&self, row: usize) -> &[f64] {
        &self.x[row * self.coefficients..(row + 1) * self.coefficients]
    }

    /// The rows of ZΛ.
    pub fn scaled_into(&self, theta: &[f64], a: &mut [f64]) {
        let (mut at, mut column) = (0, 0);
        for term in &self.terms {
            let k = term.width;
            for (own, z) in a.chunks_exact_mut(self.width).zip(term.z.chunks_exact(k)) {
                let mut parameter = at;
                for c in 0..k {
                    // Column c of the lower triangle, from its diagonal down.
                    own[column + c] = z[c..].iter().zip(&theta[parameter..]).map(|(z, theta)| z * theta).sum();
                    parameter += k - c;
                }
            }
            at += term.parameters();
            column += k;
        }
    }

    /// How many random effects there are.
    pub fn effects(&self) -> usize {
        self.pattern.size()
    }
}
