//! Random effects beside correlated residuals: what ZGZ′ adds to the covariance of the rows of a block.
//!
//! Each term has G = ΛΛ′ with Λ lower triangular, over columns that are orthogonal with mean square 1. The search goes
//! over Λ, so that a variance may reach 0; Kenward and Roger's method and the test of what the data determine go over
//! the (co)variances themselves, in which the covariance is linear.
//!
//! Source: Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, sections 2.2 and 5.1.

use super::super::data::RandomTermData;
use super::super::lmm::{lower_of, standard_columns};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::orthogonal::solve_upper_matrix;

/// What stands in θ for a term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// The entries of Λ.
    #[default]
    Factor,
    /// Variances and covariances.
    Linear,
}

/// Where an entry of θ stands: in which term, and in which row and column ≤ row of its triangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub term: usize,
    pub row: usize,
    pub column: usize,
}

/// The random terms of a model, in the order of the data.
#[derive(Clone, Debug, Default)]
pub(super) struct RandomPart {
    pub terms: Vec<Term>,
    pub places: Vec<Place>,
    pub form: Form,
}

/// A random term over all rows.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// The level of each row.
    codes: Vec<u32>,
    /// The standardised columns, times the roots of the weights.
    columns: Vec<Vec<f64>>,
    /// The columns of the user are the standardised ones times this upper triangular matrix.
    pub r: Matrix,
}

/// The rows of a block in one term.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TermRows {
    /// Which rows share a level: numbers by first appearance.
    pub levels: Vec<usize>,
    /// The columns, a row of the block each.
    pub z: Matrix,
}

impl TermRows {
    /// All values of the columns.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.z.rows()).flat_map(|row| self.z.row(row).iter().copied())
    }
}

impl RandomPart {
    /// The random terms of a model, whose columns are to be multiplied by the roots of the weights.
    pub fn new(terms: &[RandomTermData], weighted: &dyn Fn(&[f64]) -> Vec<f64>) -> Self {
        let columns = |of: &RandomTermData| of.columns.iter().map(|column| weighted(column)).collect::<Vec<_>>();
        Self::of(terms, terms.iter().map(|of| standard_columns(columns(of))).collect())
    }

    fn of(terms: &[RandomTermData], columns: Vec<(Vec<Vec<f64>>, Matrix)>) -> Self {
        let of = columns.into_iter().zip(terms);
        let terms: Vec<Term> = of.map(|((columns, r), of)| Term { codes: of.codes.clone(), columns, r }).collect();
        let lower = |(term, of): (usize, &Term)| {
            let k = of.columns.len();
            (0..k).flat_map(move |column| (column..k).map(move |row| Place { term, row, column }))
        };
        let places = terms.iter().enumerate().flat_map(lower).collect();
        Self { terms, places, form: Form::Factor }
    }

    /// The same with the columns of one term in another order, scaled alone, so that Λ begins with the standard
    /// deviation of the first of them; and θ written so.
    pub fn reordered(
        &self,
        (theta, terms): (&[f64], &[RandomTermData]),
        (term, order): (usize, &[usize]),
        weighted: &dyn Fn(&[f64]) -> Vec<f64>,
    ) -> (Self, Vec<f64>) {
        let own = self.factor(theta, term);
        let mut columns: Vec<(Vec<Vec<f64>>, Matrix)> =
            self.terms.iter().map(|of| (of.columns.clone(), of.r.clone())).collect();
        let scaled = order.iter().map(|&at| {
            let column = weighted(&terms[term].columns[at]);
            let length = (dot(&column, &column) / column.len() as f64).sqrt();
            let length = if length > 0.0 { length } else { 1.0 };
            (column.iter().map(|value| value / length).collect::<Vec<f64>>(), length)
        });
        let (new, lengths): (Vec<Vec<f64>>, Vec<f64>) = scaled.unzip();
        let k = order.len();
        columns[term] = (new, Matrix::from_fn(k, k, |i, j| if i == j { lengths[i] } else { 0.0 }));
        let factor = lower_of(&Matrix::from_fn(k, k, |i, j| lengths[i] * own[(order[i], j)]));
        let values = self
            .places
            .iter()
            .zip(theta)
            .map(|(place, value)| if place.term == term { factor[(place.row, place.column)] } else { *value });
        (Self::of(terms, columns), values.collect())
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The rows of a block in each term.
    pub fn rows(&self, rows: &[usize]) -> Vec<TermRows> {
        let of = |term: &Term| {
            let mut known: Vec<u32> = Vec::new();
            let levels = rows.iter().map(|&row| {
                let code = term.codes[row];
                known.iter().position(|own| *own == code).unwrap_or_else(|| {
                    known.push(code);
                    known.len() - 1
                })
            });
            let levels = levels.collect();
            let z = Matrix::from_fn(rows.len(), term.columns.len(), |at, column| term.columns[column][rows[at]]);
            TermRows { levels, z }
        };
        self.terms.iter().map(of).collect()
    }

    /// The triangle of a term out of its part of θ: Λ, or the lower half of G.
    pub fn triangle(&self, theta: &[f64], term: usize) -> Matrix {
        let k = self.terms[term].columns.len();
        let mut own = Matrix::zeros(k, k);
        for (place, value) in self.places.iter().zip(theta).filter(|(place, _)| place.term == term) {
            own[(place.row, place.column)] = *value;
        }
        own
    }

    /// G of a term.
    pub fn covariance(&self, theta: &[f64], term: usize) -> Matrix {
        let own = self.triangle(theta, term);
        match self.form {
            Form::Factor => own.times(&own.transposed()),
            Form::Linear => Matrix::from_fn(own.rows(), own.rows(), |i, j| own[(i.max(j), i.min(j))]),
        }
    }

    /// The factor of a term in the user's columns: lower triangular with a diagonal that is not negative.
    pub fn factor(&self, theta: &[f64], term: usize) -> Matrix {
        lower_of(&solve_upper_matrix(&self.terms[term].r, &self.triangle(theta, term)))
    }

    /// θ over the (co)variances that stands for a θ over Λ, and the part itself over these.
    pub fn linear(&self, theta: &[f64]) -> (Self, Vec<f64>) {
        let all: Vec<Matrix> = (0..self.terms.len()).map(|term| self.covariance(theta, term)).collect();
        let values = self.places.iter().map(|place| all[place.term][(place.row, place.column)]).collect();
        (Self { form: Form::Linear, ..self.clone() }, values)
    }

    /// What ZGZ′ and its derivatives over the rows of a block are made of.
    pub fn at<'a>(&'a self, theta: &[f64], rows: &'a [TermRows]) -> AtRows<'a> {
        let along = rows.iter().enumerate().map(|(term, own)| match self.form {
            Form::Factor => own.z.times(&self.triangle(theta, term)),
            Form::Linear => own.z.times(&self.covariance(theta, term)),
        });
        AtRows { part: self, rows, along: along.collect() }
    }
}

/// The random part over the rows of a block.
#[derive(Clone, Debug)]
pub(super) struct AtRows<'a> {
    part: &'a RandomPart,
    rows: &'a [TermRows],
    /// ZΛ of each term, or ZG.
    along: Vec<Matrix>,
}

impl AtRows<'_> {
    pub fn parameters(&self) -> usize {
        self.part.places.len()
    }

    /// Adds ZGZ′.
    pub fn add_to(&self, v: &mut Matrix) {
        for (own, along) in self.rows.iter().zip(&self.along) {
            let other = if self.part.form == Form::Factor { along } else { &own.z };
            for j in 0..v.rows() {
                for k in (0..v.rows()).filter(|&k| own.levels[j] == own.levels[k]) {
                    v[(j, k)] += dot(along.row(j), other.row(k));
                }
            }
        }
    }

    /// The entries of the derivative by one entry of θ that are not 0.
    pub fn first(&self, at: usize) -> Vec<(usize, usize, f64)> {
        let Place { term, row, column } = self.part.places[at];
        let (own, along) = (&self.rows[term], &self.along[term]);
        let z = &own.z;
        let value = |j: usize, k: usize| match self.part.form {
            Form::Factor => z[(j, row)] * along[(k, column)] + along[(j, column)] * z[(k, row)],
            Form::Linear if row == column => z[(j, row)] * z[(k, row)],
            Form::Linear => z[(j, row)] * z[(k, column)] + z[(j, column)] * z[(k, row)],
        };
        self.pairs(own).map(|(j, k)| (j, k, value(j, k))).filter(|(_, _, value)| *value != 0.0).collect()
    }

    /// The second derivative by two entries of θ; none where it is 0.
    pub fn second(&self, a: usize, b: usize) -> Option<Matrix> {
        let (one, two) = (self.part.places[a], self.part.places[b]);
        if self.part.form == Form::Linear || one.term != two.term || one.column != two.column {
            return None;
        }
        let own = &self.rows[one.term];
        let mut second = Matrix::zeros(own.levels.len(), own.levels.len());
        for (j, k) in self.pairs(own) {
            second[(j, k)] = own.z[(j, one.row)] * own.z[(k, two.row)] + own.z[(j, two.row)] * own.z[(k, one.row)];
        }
        Some(second)
    }

    /// Pairs of rows with one level.
    fn pairs<'b>(&self, own: &'b TermRows) -> impl Iterator<Item = (usize, usize)> + 'b {
        let m = own.levels.len();
        (0..m).flat_map(move |j| (0..m).map(move |k| (j, k))).filter(|&(j, k)| own.levels[j] == own.levels[k])
    }

    /// ZG of a term for the rows of each of its levels in the block, with the rows.
    pub fn by_level(&self, theta: &[f64], term: usize) -> Vec<(Vec<usize>, Matrix)> {
        let own = &self.rows[term];
        let g = self.part.covariance(theta, term);
        let count = own.levels.iter().max().map_or(0, |last| last + 1);
        let of = |level: usize| {
            let rows: Vec<usize> = (0..own.levels.len()).filter(|&row| own.levels[row] == level).collect();
            let z = Matrix::from_fn(rows.len(), g.rows(), |at, column| own.z[(rows[at], column)]);
            (rows, z.times(&g))
        };
        (0..count).map(of).collect()
    }
}
