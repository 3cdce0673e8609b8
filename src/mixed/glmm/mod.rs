//! Counts and proportions with normal random effects (GLMM), by Laplace's approximation or adaptive
//! Gauss–Hermite quadrature.
//!
//! θ, β and the dispersion are searched together with the exact gradient; the mode of the random effects
//! is found to the last digits in each evaluation, and standard errors come from the joint second
//! derivatives.
//!
//! Source: Breslow & Clayton (1993), J Am Stat Assoc 88:9; Bates, Maechler, Bolker & Walker (2015), J Stat
//! Softw 67(1).

mod answers;
mod before_and_after;
mod correlation;
mod exact;
mod family;
mod fit;
mod gradient;
mod laplace;
mod loose;
mod mode;
mod polygamma;
mod profile;
mod quadrature;
mod report;
mod resample;
mod residuals;
mod response;
mod search;
mod several;
mod sparse;
mod start;

pub use exact::{ConditionalTest, Events, Exposure, conditional_test};
pub use fit::{GeneralisedFit, GeneralisedModel};
