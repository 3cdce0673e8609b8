//! Hypotheses of type III where the data lack combinations of levels.
//!
//! Written with a column for each level of each factor, the columns X₀ of the fixed part depend on each other,
//! and what can be estimated are the functions l′β with l in the span of the rows of X₀. The hypothesis of a term
//! is made of those that touch no other term but the ones that contain it, and that are orthogonal to those that
//! touch the containing terms alone. Neither the coding nor the order of the levels has a part in this.
//!
//! Source: Goodnight (1978), SAS Technical Report R-101; the same as "The Four Types of Estimable Functions" in
//! the documentation of SAS/STAT.

use super::data::ModelData;
use super::error::MixedError;
use super::options::AnovaType;
use crate::formula::ModelMatrix;
use crate::numeric::matrix::{Matrix, dot, unit};
use crate::numeric::orthogonal::Orthonormal;

/// The fixed part with every factor by all its levels.
pub(super) struct AllLevels<'a> {
    data: &'a ModelData,
    matrix: ModelMatrix,
}

impl<'a> AllLevels<'a> {
    /// Of a model in which a term lost some columns and kept others; none where terms are there as a whole or not
    /// at all, so that any coding tells their hypotheses.
    pub fn new(data: &'a ModelData) -> Result<Option<Self>, MixedError> {
        let frame = &data.frame;
        let assign = data.columns_for(frame, &data.rows)?.assign;
        let is_kept = |term: usize| data.x.assign.contains(&term);
        if !data.dropped.iter().any(|column| is_kept(assign[column.position])) {
            return Ok(None);
        }
        let mut matrix = data.design.with_all_levels().matrix(frame, &data.rows, "(Intercept)")?;
        // What was left out as a whole is no part of the model.
        let without: Vec<usize> = (0..matrix.assign.len()).filter(|&at| !is_kept(matrix.assign[at])).collect();
        matrix.remove(&without);
        Ok(Some(Self { data, matrix }))
    }

    /// For each term the functions of the coefficients that are 0 under its hypothesis; none for a term of which
    /// nothing can be told apart from the others.
    pub fn hypotheses(&self) -> Vec<Matrix> {
        self.made_of(|parts, p| functions_of_type_three(&parts, p))
    }

    /// The same of type II: what a term adds to those that do not contain it.
    pub fn hypotheses_of_type_two(&self) -> Vec<Matrix> {
        self.made_of(|[others, own, _], _| {
            let mut basis = Vec::new();
            extend(&mut basis, &others);
            let spanned = basis.len();
            extend(&mut basis, &own);
            basis.split_off(spanned)
        })
    }

    /// For each term functions of the coefficients, made of the columns that do not contain it, its own, and those that
    /// contain it, among p numbers.
    fn made_of(&self, functions: impl Fn([Vec<Vec<f64>>; 3], usize) -> Vec<Vec<f64>>) -> Vec<Matrix> {
        let x = &self.data.x.columns;
        let q = Orthonormal::new(x.iter().cloned()).columns;
        // In the coordinates of an orthonormal basis of the columns, a function u is one of X₀ by K′u and one of
        // the model's coefficients by R′u.
        let k: Vec<Vec<f64>> = self.matrix.columns.iter().map(|column| along(&q, column)).collect();
        let r: Vec<Vec<f64>> = x.iter().map(|column| along(&q, column)).collect();
        let of = |term: usize| {
            let functions = functions(self.parts(term, &k), q.len());
            Matrix::from_fn(functions.len(), x.len(), |row, column| dot(&r[column], &functions[row]))
        };
        (0..self.data.formula.terms.terms.len()).map(of).collect()
    }

    /// The columns that do not contain a term, its own, and those that contain it.
    fn parts(&self, term: usize, k: &[Vec<f64>]) -> [Vec<Vec<f64>>; 3] {
        let [mut others, mut own, mut containing] = [const { Vec::new() }; 3];
        for (column, &of) in k.iter().zip(&self.matrix.assign) {
            match of {
                of if of == term + 1 => own.push(column.clone()),
                of if of > 0 && contains(self.data, of - 1, term) => containing.push(column.clone()),
                _ => others.push(column.clone()),
            }
        }
        [others, own, containing]
    }

    /// What is to be known of the tests: which combinations have no rows.
    pub fn notes_on_empty(&self, kind: AnovaType) -> Vec<String> {
        let labels = self.data.formula.terms.labels();
        let mut notes = Vec::new();
        for (number, label) in labels.iter().enumerate() {
            let all: Vec<usize> =
                (0..self.matrix.assign.len()).filter(|&at| self.matrix.assign[at] == number + 1).collect();
            let empty: Vec<&str> = all
                .iter()
                .filter(|&&at| self.matrix.columns[at].iter().all(|value| *value == 0.0))
                .map(|&at| self.matrix.names[at].as_str())
                .collect();
            if !empty.is_empty() {
                let shown = empty.iter().take(MOST_SHOWN).copied().collect::<Vec<_>>().join(", ");
                let more = if empty.len() > MOST_SHOWN { ", …" } else { "" };
                let has = if empty.len() == 1 { "has" } else { "have" };
                let about = if kind == AnovaType::II {
                    format!("the test of {label} is about those that are there")
                } else {
                    "the hypotheses of type III are about those that are there, and depend on which these are"
                        .to_owned()
                };
                notes.push(format!(
                    "{} of the {} combinations of {label} {has} no rows ({shown}{more}): {about}",
                    empty.len(),
                    all.len()
                ));
            }
        }
        notes
    }
}

/// Whether a term is another one with factors added.
pub(super) fn contains(data: &ModelData, larger: usize, smaller: usize) -> bool {
    let terms = &data.formula.terms.terms;
    let (larger, smaller) = (&terms[larger].variables, &terms[smaller].variables);
    let added = |variable: &&usize| !smaller.contains(variable);
    larger.len() > smaller.len()
        && smaller.iter().all(|variable| larger.contains(variable))
        && larger.iter().filter(added).all(|&variable| data.design.is_factor(variable))
}

/// Functions of the own and the containing columns alone, orthogonal to those of the containing ones alone.
fn functions_of_type_three([others, own, containing]: &[Vec<Vec<f64>>; 3], p: usize) -> Vec<Vec<f64>> {
    let alone = complement(others.iter().chain(own), p);
    let orthogonal: Vec<Vec<f64>> = alone
        .iter()
        .map(|function| {
            let mut sum = vec![0.0; p];
            for column in containing {
                let share = dot(column, function);
                sum.iter_mut().zip(column).for_each(|(sum, value)| *sum += share * value);
            }
            sum
        })
        .collect();
    let functions = complement(others.iter().chain(&orthogonal), p);
    let touched: Vec<&Vec<f64>> = own.iter().chain(containing).collect();
    orthonormal_over(&touched, functions)
}

/// More names than these hide the rest of a note.
const MOST_SHOWN: usize = 4;

/// The coordinates of a column in an orthonormal basis.
fn along(basis: &[Vec<f64>], column: &[f64]) -> Vec<f64> {
    basis.iter().map(|direction| dot(direction, column)).collect()
}

/// An orthonormal basis of what is orthogonal to all columns, among p numbers.
fn complement<'a>(columns: impl Iterator<Item = &'a Vec<f64>>, p: usize) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    extend(&mut basis, columns);
    let spanned = basis.len();
    while basis.len() < p {
        // The unit vector of which most is left.
        let rests = (0..p).map(|at| reduced(&basis, unit(p, at)));
        let Some((most, _)) = rests.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        basis.push(most);
    }
    basis.split_off(spanned)
}

/// Adds to an orthonormal basis what columns have beside it.
fn extend<'a>(basis: &mut Vec<Vec<f64>>, columns: impl IntoIterator<Item = &'a Vec<f64>>) {
    for column in columns {
        let length = dot(column, column).sqrt();
        let (rest, left) = reduced(basis, column.clone());
        if left > 1e-7 * length {
            basis.push(rest);
        }
    }
}

/// What a basis leaves of a vector, of length 1, and how long it was.
fn reduced(basis: &[Vec<f64>], mut vector: Vec<f64>) -> (Vec<f64>, f64) {
    for _ in 0..2 {
        for direction in basis {
            let share = dot(direction, &vector);
            vector.iter_mut().zip(direction).for_each(|(value, along)| *value -= share * along);
        }
    }
    let left = dot(&vector, &vector).sqrt();
    vector.iter_mut().for_each(|value| *value /= left);
    (vector, left)
}

/// The same span by functions that are orthonormal over the columns of X₀ that they touch: degrees of freedom that
/// are averaged over directions do not depend on the coding either.
fn orthonormal_over(touched: &[&Vec<f64>], functions: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut done: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for mut function in functions {
        let mut weights: Vec<f64> = touched.iter().map(|column| dot(column, &function)).collect();
        for _ in 0..2 {
            for (known, its_weights) in &done {
                let share = dot(its_weights, &weights);
                function.iter_mut().zip(known).for_each(|(value, along)| *value -= share * along);
                weights.iter_mut().zip(its_weights).for_each(|(value, along)| *value -= share * along);
            }
        }
        let length = dot(&weights, &weights).sqrt();
        function.iter_mut().chain(&mut weights).for_each(|value| *value /= length);
        done.push((function, weights));
    }
    done.into_iter().map(|(function, _)| function).collect()
}
