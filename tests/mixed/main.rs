//! Mixed models against lme4, nlme, glmmTMB and published tables, as library and as command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "models")]

#[path = "../common/mod.rs"]
mod common;

#[cfg(feature = "csv")]
mod adjusted;
mod around;
#[cfg(feature = "cli")]
mod as_asked;
#[cfg(feature = "cli")]
mod as_given;
#[cfg(feature = "csv")]
mod beside;
mod cells;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod differences;
mod fits;
#[cfg(feature = "csv")]
mod given_otherwise;
mod glmm;
#[cfg(feature = "csv")]
mod glmm_around;
mod invariance;
#[cfg(feature = "cli")]
mod joint;
#[cfg(feature = "cli")]
mod kinds;
mod lmm;
#[cfg(feature = "cli")]
mod minima;
#[cfg(feature = "csv")]
mod mmrm;
mod more;
#[cfg(feature = "cli")]
mod nested;
#[cfg(feature = "cli")]
mod r_calls;
mod refusals;
mod starts;
#[cfg(feature = "cli")]
mod told;
#[cfg(feature = "cli")]
mod verdicts;
#[cfg(feature = "cli")]
mod walk;
