//! Multilevel and multivariate models: y ~ N(Xb, V + Σ ZGZ′).
//!
//! Rows that share neither a group nor a sampling covariance are independent, so that everything is a sum
//! over blocks of rows, and time and memory grow with the blocks and not with the square of the table.

mod components;
mod fit;
mod likelihood;
mod ranef;
mod robust;

pub use components::{Component, Inner, SamplingCovariance, Structure};
pub use fit::{Multilevel, MultilevelFit};
pub use ranef::{RandomEffect, random_effects};
pub use robust::{Robust, SandwichKind, robust, robust_univariate};
