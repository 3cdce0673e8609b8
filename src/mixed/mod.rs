//! Mixed models of repeated measurements.
//!
//! | module | what is there |
//! |---|---|
//! | [`data`] | from a formula and a table to response, design and random terms |
//! | [`options`] | families, links, residual structures, methods |
//! | [`result`] | what a fitted model reports |
//! | [`glmm`] | counts and proportions |
//! | [`mmrm`] | models of repeated visits by the covariance of residuals |
//! | [`lmm`] | linear mixed models |
//! | [`change`] | slopes that change, and the analysis in two stages |
//! | [`influence`] | what the fit would be without one group |
//! | [`simulate`] | trials from numbers of patients, means, SDs and correlations |
//! | [`linear`] | tests of linear functions of the coefficients: contrasts, F tests |
//! | [`means`] | marginal means and their differences |

pub mod change;
pub mod data;
mod df;
mod error;
pub mod glmm;
mod groups;
pub mod influence;
mod likelihood_ratio;
pub mod linear;
pub mod lmm;
pub mod means;
pub mod mmrm;
mod nested;
pub mod options;
mod orthogonal;
mod parallel;
mod predict;
mod profiling;
pub mod result;
pub mod simulate;
mod type_three;

pub use data::{DataOptions, ModelData, RandomTermData};
pub use error::MixedError;
pub use options::{DfMethod, Family, Information, IntervalMethod, Link, ResidualStructure};
pub use result::{Coefficient, Summary};
