//! Linear mixed models.
//!
//! y = Xβ + Zb + e with b = σΛ(θ)u, u and e/σ independent standard normal (e divided by the roots of the
//! weights). β and σ are profiled out of the likelihood; θ is found with exact derivatives.

mod answers;
mod bootstrap;
mod compare;
mod fit;
mod kenward_roger;
mod kenward_roger_sums;
mod kernel;
mod many;
mod one;
mod pieces;
mod problem;
mod profile;
mod ranef;
mod residuals;
mod satterthwaite;
mod scalar;
mod search;
mod starts;
mod summary;
mod trace;
mod written;

pub use fit::{LinearFit, LinearMixedModel};
pub(super) use problem::{lower_of, standard_columns};
pub(super) use satterthwaite::inverse;
pub(super) use summary::singular;

#[cfg(test)]
mod tests;
