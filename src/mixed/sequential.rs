//! Hypotheses of types I and II: of what a term adds to those in front of it, or to those that do not contain it.
//!
//! With the columns of the fixed part in some order, X = QR, the row of R for a column is the function of the
//! coefficients that says what this column adds to the earlier ones. Type I takes the terms in the order of the
//! formula; type II takes for each term those first that do not contain it, then the term, then those that contain it.
//! All rows count alike, as in SAS and lmerTest, whatever the covariance of the responses.
//!
//! Source: Goodnight (1978), SAS Technical Report R-101; Kuznetsova, Brockhoff & Christensen (2017), J Stat Softw
//! 82(13).

use super::data::ModelData;
use super::error::MixedError;
use super::type_three::{AllLevels, contains};
use crate::numeric::matrix::{Matrix, unit};
use crate::numeric::orthogonal::Orthonormal;

/// For each term the functions of the coefficients that are 0 where it adds nothing to those in front of it.
pub(super) fn of_type_one(data: &ModelData) -> Vec<Matrix> {
    let order: Vec<usize> = (0..data.p()).collect();
    let rows = rows_in_order(data, &order);
    terms(data).map(|term| matrix_of(data, &rows, |column| data.x.assign[column] == term + 1)).collect()
}

/// For each term the functions that are 0 where it adds nothing to those that do not contain it.
///
/// # Errors
/// If the columns cannot be made.
pub(super) fn of_type_two(data: &ModelData) -> Result<Vec<Matrix>, MixedError> {
    // Of a term that lost some columns the others do not span what it spans.
    if let Some(all) = AllLevels::new(data)? {
        return Ok(all.hypotheses_of_type_two());
    }
    let of = |term: usize| {
        let place = |column: usize| match data.x.assign[column] {
            of if of == term + 1 => 1,
            of if of > 0 && contains(data, of - 1, term) => 2,
            _ => 0,
        };
        let mut order: Vec<usize> = (0..data.p()).collect();
        order.sort_by_key(|&column| place(column));
        // Of a term that no other contains the coefficients themselves: the same hypothesis, in the form whose
        // directions Satterthwaite's df of an F test are averaged over in lmerTest.
        let is_contained = order.iter().any(|&column| place(column) == 2);
        let rows = if is_contained {
            rows_in_order(data, &order)
        } else {
            (0..data.p()).map(|at| unit(data.p(), at)).collect()
        };
        matrix_of(data, &rows, |column| place(column) == 1)
    };
    Ok(terms(data).map(of).collect())
}

fn terms(data: &ModelData) -> impl Iterator<Item = usize> {
    0..data.formula.terms.terms.len()
}

/// For each column what it adds to those before it in an order, as a function of the coefficients that has 1 for the
/// column itself.
fn rows_in_order(data: &ModelData, order: &[usize]) -> Vec<Vec<f64>> {
    let q = Orthonormal::new(order.iter().map(|&column| data.x.columns[column].clone()));
    let mut rows = vec![vec![0.0; order.len()]; order.len()];
    for (row, &column) in order.iter().enumerate() {
        for (at, &other) in order.iter().enumerate().skip(row) {
            rows[column][other] = q.r[(row, at)] / q.r[(row, row)];
        }
    }
    rows
}

/// The rows of some columns.
fn matrix_of(data: &ModelData, rows: &[Vec<f64>], is_own: impl Fn(usize) -> bool) -> Matrix {
    let own: Vec<usize> = (0..rows.len()).filter(|&column| is_own(column)).collect();
    Matrix::from_fn(own.len(), data.p(), |row, column| rows[own[row]][column])
}
