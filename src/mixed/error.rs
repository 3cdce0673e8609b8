//! Why a model could not be fitted.

use super::options::DfMethod;
use crate::estimate::is_level;
use crate::formula::{FormulaError, Frame};

/// Why a model could not be fitted.
///
/// ```
/// use reffect::formula::{Formula, Frame};
/// use reffect::mixed::{DataOptions, LinearMixedModel, MixedError, ModelData};
/// let mut frame = Frame::default();
/// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
/// let data = ModelData::new(Formula::parse("y ~ 1")?, frame, &DataOptions::default())?;
/// let Err(MixedError::Data { message, hint }) = LinearMixedModel::default().fit(data) else { panic!("no random part") };
/// assert_eq!(message, "the formula has no random part: this is no mixed model");
/// assert!(hint.contains("(1 | patient)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// What to do about it.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/dyestuff.csv")?;
    /// let error = ModelData::new(Formula::parse("Yield ~ 1 + (1 | batch)")?, frame, &DataOptions::default()).unwrap_err();
    /// assert!(error.hint().is_some_and(|hint| hint.contains("Batch")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Formula(error) => error.hint.as_deref(),
            Self::Data { hint, .. } | Self::NoRows { hint, .. } => Some(hint),
            Self::NotConverged(_) => Some("simplify the random part, or look at the data"),
        }
    }

    /// An error of the data, with what to do.
    pub fn data(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Data { message: message.into(), hint: hint.into() }
    }

    /// Whether intervals can have this level.
    pub(super) fn check_level(level: f64) -> Result<(), Self> {
        if is_level(level) {
            return Ok(());
        }
        let message = format!("the level of intervals is {level}, and a number between 0 and 1 was expected");
        Err(Self::data(message, "0.95 stands for 95 %"))
    }

    /// Whether the columns of a table are equally long.
    pub(super) fn check_lengths(frame: &Frame) -> Result<(), Self> {
        let Some((name, length)) = frame.uneven() else { return Ok(()) };
        let first = frame.names().next().unwrap_or_default();
        let message = format!("the column {name} has {length} rows, and {first} has {}", frame.len());
        Err(Self::data(message, "columns of a frame are equally long; what is missing is NaN or none"))
    }

    /// Whether the method for degrees of freedom is one for this likelihood.
    pub(super) fn check_df(df: DfMethod, reml: bool) -> Result<(), Self> {
        if df == DfMethod::KenwardRoger && !reml {
            let message = "Kenward and Roger's adjustment is defined for REML";
            return Err(Self::data(
                message,
                "fit by REML (leave --ml out), or take Satterthwaite's method (--df satterthwaite)",
            ));
        }
        Ok(())
    }

    /// That a bootstrap has nothing to take percentiles of.
    pub(super) fn no_refit() -> Self {
        Self::NotConverged("no refit to a simulated response found a maximum".to_owned())
    }
}
