//! Models of repeated visits by the covariance of residuals (MMRM): y = Xβ + e, where the residuals of
//! one subject have a covariance Σ(θ) over its visits; with random effects beside it where the formula has them,
//! y = Xβ + Zb + e.
//!
//! Subjects seen at the same visits are taken together, the columns of X are made orthonormal first,
//! and the search has exact first and second derivatives, so that an evaluation costs as much for ten
//! thousand subjects as for ten.
//!
//! Source: Jennrich & Schluchter (1986), Biometrics 42:805; Mallinckrodt, Lane, Schnell, Peng & Mancuso
//! (2008), Drug Inf J 42:303; with random effects Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS,
//! chapter 5.

mod answers;
mod clusters;
mod covariance;
mod effects;
mod fit;
mod identified;
mod likelihood;
mod notes;
mod parameters;
mod patterns;
mod problem;
mod profile;
mod random;
mod resample;
mod search;
mod search_effects;
mod search_simpler;
mod search_starts;
mod structure;
mod tested;

pub use fit::{MarginalFit, MarginalModel};
