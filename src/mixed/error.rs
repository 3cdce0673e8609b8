//! Why a model could not be fitted.

use crate::formula::FormulaError;

/// Why a model could not be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MixedError {
    /// The formula is wrong, or does not fit the data; the error has the place.
    #[error("{0}")]
    Formula(#[from] FormulaError),
    /// The data do not allow the model.
    #[error("{message}")]
    Data {
        /// What was found and what was expected.
        message: String,
        /// What to do.
        hint: String,
    },
    /// No row has everything that the model needs.
    #[error("{message}")]
    NoRows {
        /// What they lack.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The search for the maximum of the likelihood found none.
    #[error("{0}")]
    NotConverged(String),
}

impl MixedError {
    /// An error of the data, with what to do.
    pub fn data(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Data { message: message.into(), hint: hint.into() }
    }
}
