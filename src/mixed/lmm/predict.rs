//! Predictions for new rows.

use super::fit::LinearFit;
use crate::formula::Frame;
use crate::mixed::error::MixedError;
use crate::mixed::predict::predictions;
use crate::mixed::result::Prediction;

impl LinearFit<'_> {
    /// For each row of a table, the prediction of the population with its standard error, and with the
    /// random effects of the row's groups. A group that the fit does not know has none.
    ///
    /// # Errors
    /// If a column is missing, or a factor of the fixed part has an unknown level.
    pub fn predict(&self, frame: &Frame) -> Result<Vec<Prediction>, MixedError> {
        predictions(self, self.data, &self.ranef(), frame)
    }
}
