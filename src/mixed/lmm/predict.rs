//! Predictions for new rows.

use super::fit::LinearFit;
use crate::formula::Frame;
use crate::mixed::error::MixedError;
use crate::mixed::groups::level_name;
use crate::mixed::linear::Tested;
use crate::mixed::result::Prediction;
use std::collections::HashMap;

impl LinearFit<'_> {
    /// For each row of a table, the prediction of the population with its standard error, and with the
    /// random effects of the row's groups. A group that the fit does not know has none.
    ///
    /// # Errors
    /// If a column is missing, or a factor of the fixed part has an unknown level.
    pub fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        let data = self.data;
        let rows: Vec<usize> = (0..frame.len()).collect();
        let mut matrix = data.columns_for(frame, &rows)?;
        matrix.remove(&data.dropped.iter().map(|column| column.position).collect::<Vec<_>>());
        let offset = data.offset_for(frame, &rows)?;
        let mut predictions: Vec<Prediction> = rows
            .iter()
            .map(|&row| {
                let x: Vec<f64> = matrix.columns.iter().map(|column| column[row]).collect();
                let population = offset[row] + crate::numeric::matrix::dot(&x, &self.beta);
                let se = self.covariance().quadratic(&x).max(0.0).sqrt();
                Prediction { population, conditional: population, se }
            })
            .collect();
        for (term, effects) in data.random.iter().zip(self.ranef()) {
            if term.group_columns.iter().any(|name| frame.column(name).is_none()) {
                continue;
            }
            let places: HashMap<&str, usize> =
                effects.levels.iter().enumerate().map(|(at, level)| (level.level.as_str(), at)).collect();
            let columns = term.design.matrix(frame, &rows, "(Intercept)")?.columns;
            for (row, prediction) in predictions.iter_mut().enumerate() {
                let level = level_name(&term.group_columns, frame, row);
                let Some(&at) = level.and_then(|level| places.get(level.as_str())) else { continue };
                let own = &effects.levels[at].values;
                prediction.conditional += columns.iter().zip(own).map(|(column, b)| column[row] * b).sum::<f64>();
            }
        }
        Ok(predictions)
    }
}
