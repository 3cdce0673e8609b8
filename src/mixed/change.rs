//! Before and after: a slope that changes, and the analysis in two stages.

use super::data::ModelData;
use super::error::MixedError;
use super::result::Coefficient;
use crate::formula::{Column, Expr, Formula, Frame, Node, Term, Terms};
use crate::numeric::matrix::{Matrix, dot};

/// A slope over time that changes at some time.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangePoint {
    /// The column of time.
    pub time: String,
    /// When the slope changes.
    pub at: f64,
}

impl ChangePoint {
    /// The column that is 0 before and counts time after: max(time − at, 0).
    pub fn column(&self) -> String {
        format!("{}_after_{}", self.time, self.at)
    }

    /// Adds this column to the table, and to the formula a twin of each term that holds time, in the
    /// fixed part and in the random ones: a random change left out makes p-values too small.
    ///
    /// # Errors
    /// If time is no column of numbers, or no term of the fixed part.
    pub fn add_to(&self, formula: &mut Formula, frame: &mut Frame) -> Result<(), MixedError> {
        let values = match frame.column(&self.time) {
            None => return Err(super::data::unknown_column(&self.time, frame)),
            Some(Column::Texts { .. }) => {
                let message = format!("the column `{}` of time holds texts", self.time);
                return Err(MixedError::data(message, "time is a column of numbers"));
            }
            Some(Column::Numbers(values)) => values.iter().map(|time| (time - self.at).max(0.0 * time)).collect(),
        };
        frame.numbers(&self.column(), values);
        if !self.double(&mut formula.terms) {
            let message = format!("`{}` is no term of the fixed part", self.time);
            let hint = format!("write for example \"y ~ {0} + ({0} | patient)\"", self.time);
            return Err(MixedError::data(message, hint));
        }
        for term in &mut formula.random {
            self.double(&mut term.terms);
        }
        Ok(())
    }

    fn double(&self, terms: &mut Terms) -> bool {
        let is_time = |expr: &Expr| matches!(&expr.node, Node::Name(name) if *name == self.time);
        let Some(time) = terms.variables.iter().position(|(_, expr)| is_time(expr)) else { return false };
        let name = self.column();
        let span = terms.variables[time].1.span.clone();
        terms.variables.push((name.clone(), Expr { node: Node::Name(name), span }));
        let added = terms.variables.len() - 1;
        let twins: Vec<Term> = terms
            .terms
            .iter()
            .filter(|term| term.variables.contains(&time))
            .map(|term| {
                let others = term.variables.iter().copied().filter(|variable| *variable != time);
                Term { variables: others.chain([added]).collect() }
            })
            .collect();
        let found = !twins.is_empty();
        terms.terms.extend(twins);
        terms.terms.sort_by_key(|term| term.variables.len());
        found
    }

    /// Slope before, slope after and their change as weights of the coefficients that are kept.
    pub fn functions(&self, data: &ModelData) -> Option<[(&'static str, Vec<f64>); 3]> {
        let place = |name: &str| data.x.names.iter().position(|known| known == name);
        let (before, change) = (place(&self.time)?, place(&self.column())?);
        let weights = |on: &[usize]| (0..data.p()).map(|at| f64::from(u8::from(on.contains(&at)))).collect();
        Some([
            ("slope before", weights(&[before])),
            ("slope after", weights(&[before, change])),
            ("change of slope", weights(&[change])),
        ])
    }
}

/// The one-sample t test of each coefficient's patients: regressions within each level of the outermost
/// factor, then their mean with n − 1 degrees of freedom. None unless everything but the intercept
/// varies within levels and at least two levels determine all coefficients; the second part is how many
/// levels do.
///
/// It is exact where all have the same visits, whatever the covariance within a patient. Source:
/// Matthews, Altman, Campbell & Royston (1990), BMJ 300:230, on summary measures.
pub fn two_stage(data: &ModelData, functions: &[(String, Vec<f64>)], level: f64) -> Option<(Vec<Coefficient>, usize)> {
    let outer = data.random.iter().min_by_key(|term| term.levels.len())?;
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); outer.levels.len()];
    outer.codes.iter().enumerate().for_each(|(row, &code)| members[code as usize].push(row));
    let constant = |column: &[f64]| members.iter().all(|rows| rows.iter().all(|&row| column[row] == column[rows[0]]));
    if data.weights.is_some() || data.x.columns.iter().zip(&data.x.assign).any(|(c, &term)| term > 0 && constant(c)) {
        return None;
    }
    let within: Vec<Vec<f64>> = members.iter().filter_map(|rows| regression(data, rows)).collect();
    if within.len() < 2 {
        return None;
    }
    let n = within.len() as f64;
    let test = |(name, weights): &(String, Vec<f64>)| {
        let values: Vec<f64> = within.iter().map(|beta| dot(weights, beta)).collect();
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Coefficient::new(name, mean, (variance / n).sqrt(), Some(n - 1.0), level)
    };
    Some((functions.iter().map(test).collect(), within.len()))
}

/// The coefficients of one patient's rows; none where these do not determine them.
fn regression(data: &ModelData, rows: &[usize]) -> Option<Vec<f64>> {
    let columns: Vec<Vec<f64>> =
        data.x.columns.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
    if rows.len() < columns.len() || !crate::numeric::matrix::dependent_columns(&columns).is_empty() {
        return None;
    }
    let offset = |row: usize| data.offset.as_ref().map_or(0.0, |offset| offset[row]);
    let y: Vec<f64> = rows.iter().map(|&row| data.y[row] - offset(row)).collect();
    let length: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    let gram =
        Matrix::from_fn(columns.len(), columns.len(), |i, j| dot(&columns[i], &columns[j]) / (length[i] * length[j]));
    let right: Vec<f64> = columns.iter().zip(&length).map(|(column, length)| dot(column, &y) / length).collect();
    let solved = gram.cholesky()?.solve(&right);
    Some(solved.iter().zip(&length).map(|(value, length)| value / length).collect())
}

/// Whether the model compares two occasions of the same patients and nothing else: one column has two values that both
/// stand in a patient, once each or under a name of time, and no column tells groups of patients apart.
pub fn compares_occasions(data: &ModelData) -> bool {
    let Some(outer) = data.random.iter().min_by_key(|term| term.levels.len()) else { return false };
    let levels = outer.levels.len();
    // One of several columns of a factor tells a level apart, and no two occasions.
    let single = |term: usize| data.x.assign.iter().filter(|own| **own == term).count() == 1;
    let mut occasions = 0;
    for ((column, &term), name) in data.x.columns.iter().zip(&data.x.assign).zip(&data.x.names) {
        let first = column[0];
        let Some(other) = column.iter().copied().find(|value| *value != first) else { continue };
        let mut seen = vec![[0usize; 2]; levels];
        column
            .iter()
            .zip(&outer.codes)
            .for_each(|(value, &code)| seen[code as usize][usize::from(*value != first)] += 1);
        let varies = seen.iter().any(|[a, b]| *a > 0 && *b > 0);
        if !varies {
            return false;
        }
        let two = column.iter().all(|value| *value == first || *value == other);
        let once = seen.iter().flatten().all(|count| *count <= 1);
        if term > 0 && two && single(term) && (once || is_name_of_time(name)) {
            occasions += 1;
        }
    }
    occasions == 1
}

/// Whether a column is called like an occasion.
fn is_name_of_time(name: &str) -> bool {
    const WORDS: [&str; 10] =
        ["after", "before", "post", "pre", "period", "phase", "occasion", "visit", "time", "baseline"];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word)))
        || name.contains(['前', '後'])
}
