//! Multilevel and multivariate models: y ~ N(Xb, V + Σ ZGZ′).
//!
//! Rows that share neither a group nor a sampling covariance are independent, so that everything is a sum
//! over blocks of rows, and time and memory grow with the blocks and not with the square of the table.

mod adjustment;
mod beside;
mod blocks;
mod compare;
mod components;
mod cone;
mod deletion;
mod fit;
mod flat;
mod heterogeneity;
mod inverse;
mod likelihood;
mod predict;
mod profile;
mod ranef;
mod robust;
mod sampling;
mod search;

pub use compare::{compare_moderators, compare_random};
pub use components::{Component, Given, Inner, Structure};
pub use deletion::{Deleted, without_each};
pub use fit::{Multilevel, MultilevelFit};
pub use heterogeneity::LevelsOfI2;
pub use predict::{WeightsOfRow, weights_of_rows};
pub use profile::ParameterIntervals;
pub use ranef::{RandomEffect, random_effects, true_effects};
pub use robust::{Robust, RobustDf, SandwichKind, robust, robust_univariate};
pub use sampling::SamplingCovariance;
