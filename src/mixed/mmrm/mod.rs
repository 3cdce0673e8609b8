//! Models of repeated visits by the covariance of residuals (MMRM): y = Xβ + e, where the residuals of
//! one subject have a covariance Σ(θ) over its visits.
//!
//! Subjects seen at the same visits are taken together, the columns of X are made orthonormal first,
//! and the search has exact first and second derivatives, so that an evaluation costs as much for ten
//! thousand subjects as for ten.
//!
//! Source: Jennrich & Schluchter (1986), Biometrics 42:805; Mallinckrodt, Lane, Schnell, Peng & Mancuso
//! (2008), Drug Inf J 42:303.

mod answers;
mod fit;
mod likelihood;
mod parameters;
mod patterns;
mod problem;
mod profile;
mod resample;
mod search;
mod structure;

pub use fit::{MarginalFit, MarginalModel};
