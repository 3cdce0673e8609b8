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
        // Kenward and Roger's adjustment can make a variance negative, which has no root.
        let se = Some(fit.vcov().quadratic(&x).sqrt()).filter(|se| !se.is_nan());
        let note = se.is_none().then(|| "its variance, as adjusted, is negative, and has no root".to_owned());
        let df = fit.df(&x)?;
        Ok(Prediction { population: Some(population), conditional: Some(population), se, df, note })
    };
    let mut predictions: Vec<Prediction> = rows.iter().map(|&row| of_row(row)).collect::<Result<_, _>>()?;
    for (term, effects) in data.random.iter().zip(fit.ranef()) {
        if let Some(absent) = term.group_columns.iter().find(|name| frame.column(name).is_none()) {
            let told = format!("there is no column {absent}, and the random effects of {} are taken as 0", term.group);
            let with_number = predictions.iter_mut().filter(|prediction| prediction.conditional.is_some());
            with_number.for_each(|prediction| tell(prediction, &told));
            continue;
        }
        let places: HashMap<&str, usize> = term.keys.iter().enumerate().map(|(at, key)| (key.as_str(), at)).collect();
        let columns = term.design.matrix(frame, &rows, "(Intercept)")?.columns;
        let missing = term.design.terms().missing(frame)?;
        for (row, prediction) in predictions.iter_mut().enumerate() {
            let Some(conditional) = prediction.conditional else { continue };
            let Some(key) = level_key(&term.group_columns, &term.of_numbers, frame, row) else {
                tell(prediction, &format!("{} is missing, and its random effects are taken as 0", term.group));
                continue;
            };
            let Some(&at) = places.get(key.as_str()) else {
                tell(prediction, &format!("{} is new to the fit, and its random effects are taken as 0", term.group));
                continue;
            };
            if let Some(name) = &missing[row] {
                prediction.conditional = None;
                tell(prediction, &format!("{name}, which varies by {}, is missing", term.group));
                continue;
            }
            let own = &effects.levels[at].values;
            let effect = columns.iter().zip(own).map(|(column, b)| column[row] * b).sum::<f64>();
            prediction.conditional = Some(conditional + effect);
        }
    }
    Ok(predictions)
}

/// Adds to what is said of a prediction; terms of one group say it once.
fn tell(prediction: &mut Prediction, told: &str) {
    match &mut prediction.note {
        Some(known) if known.split("; ").any(|own| own == told) => {}
        Some(known) => *known = format!("{known}; {told}"),
        None => prediction.note = Some(told.to_owned()),
    }
}

/// No prediction, and why.
fn open(why: String) -> Prediction {
    Prediction { population: None, conditional: None, se: None, df: None, note: Some(why) }
}
