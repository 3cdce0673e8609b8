//! Predictions for new rows, of any fit.

use super::error::MixedError;
use super::fit::MixedFit;
use super::groups::level_key;
use super::result::Prediction;
use crate::formula::Frame;
use crate::numeric::matrix::dot;
use std::collections::HashMap;

/// The prediction of each row of a table: see [`MixedFit::predict`].
pub(super) fn predictions(fit: &(impl MixedFit + ?Sized), frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
    let data = fit.data();
    MixedError::check_lengths(frame)?;
    let rows: Vec<usize> = (0..frame.len()).collect();
    let matrix = data.columns_for(frame, &rows)?;
    let offset = data.offset_for(frame, &rows)?;
    let missing = data.formula.terms.missing(frame)?;
    let of_row = |row: usize| -> Result<Prediction, MixedError> {
        if let Some(name) = &missing[row] {
            return Ok(open(format!("{name} is missing")));
        }
        if !offset[row].is_finite() {
            return Ok(open("the offset is missing or not finite".to_owned()));
        }
        let all: Vec<f64> = matrix.columns.iter().map(|column| column[row]).collect();
        let Some(x) = data.estimable(&all) else {
            let absent = "the data of the fit do not determine this combination of columns";
            return Ok(open(absent.to_owned()));
        };
        let population = offset[row] + dot(&x, fit.fixef());
        let se = fit.vcov().quadratic(&x).max(0.0).sqrt();
        let df = fit.df(&x)?;
        Ok(Prediction { population: Some(population), conditional: Some(population), se: Some(se), df, note: None })
    };
    let mut predictions: Vec<Prediction> = rows.iter().map(|&row| of_row(row)).collect::<Result<_, _>>()?;
    for (term, effects) in data.random.iter().zip(fit.ranef()) {
        if term.group_columns.iter().any(|name| frame.column(name).is_none()) {
            continue;
        }
        let places: HashMap<&str, usize> = term.keys.iter().enumerate().map(|(at, key)| (key.as_str(), at)).collect();
        let columns = term.design.matrix(frame, &rows, "(Intercept)")?.columns;
        let missing = term.design.terms().missing(frame)?;
        for (row, prediction) in predictions.iter_mut().enumerate() {
            let Some(key) = level_key(&term.group_columns, &term.of_numbers, frame, row) else { continue };
            let Some(conditional) = prediction.conditional.as_mut() else { continue };
            let Some(&at) = places.get(key.as_str()) else {
                let told = || format!("{} is new to the fit, and its random effects are taken as 0", term.group);
                prediction.note.get_or_insert_with(told);
                continue;
            };
            if let Some(name) = &missing[row] {
                prediction.conditional = None;
                prediction.note = Some(format!("{name}, which varies by {}, is missing", term.group));
                continue;
            }
            let own = &effects.levels[at].values;
            *conditional += columns.iter().zip(own).map(|(column, b)| column[row] * b).sum::<f64>();
        }
    }
    Ok(predictions)
}

/// No prediction, and why.
fn open(why: String) -> Prediction {
    Prediction { population: None, conditional: None, se: None, df: None, note: Some(why) }
}
