//! Mixed models of repeated measurements.
//!
//! [`ModelData`] is what a formula makes of a table. A model says how it is fitted: [`LinearMixedModel`] with random
//! effects, [`MarginalModel`] by the covariance of residuals over visits (MMRM), [`GeneralisedModel`] of counts and
//! proportions. Its fit answers lme4's questions, whichever family it is of: [`MixedFit`].
//!
//! | module | what is there |
//! |---|---|
//! | [`data`] | from a formula and a table to response, design and random terms |
//! | [`options`] | families, links, residual structures, methods |
//! | [`result`] | what a fitted model reports |
//! | [`lmm`] | linear mixed models |
//! | [`glmm`] | counts and proportions |
//! | [`mmrm`] | models of repeated visits by the covariance of residuals |
//! | [`change`] | slopes that change, and the analysis in two stages |
//! | [`simulate`] | trials from numbers of patients, means, SDs and correlations |

mod adjust;
pub mod change;
mod contrast;
pub mod data;
mod df;
mod error;
mod fit;
pub mod glmm;
mod groups;
mod influence;
mod intervals;
mod likelihood_ratio;
mod linear;
pub mod lmm;
mod means;
pub mod mmrm;
mod nested;
pub mod options;
mod predict;
mod profiling;
mod random_terms;
mod ranges;
pub mod result;
mod rows;
mod sequential;
pub mod simulate;
mod type_three;

pub use data::{DataOptions, ModelData, RandomTermData};
pub use error::MixedError;
pub use fit::MixedFit;
pub use glmm::{GeneralisedFit, GeneralisedModel};
pub use linear::FTest;
pub use lmm::{LinearFit, LinearMixedModel};
pub use means::{MeansOf, about_error};
pub use mmrm::{MarginalFit, MarginalModel};
pub use options::{
    Adjustment, AnovaType, DfMethod, Family, Information, IntervalMethod, Link, Pairs, ResidualStructure,
};
pub use result::{Coefficient, Summary};
