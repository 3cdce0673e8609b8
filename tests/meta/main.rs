//! Meta-analysis against published tables and metafor, as library and as command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "models")]

#[path = "../common/mod.rs"]
mod common;

#[cfg(feature = "cli")]
mod answers;
mod around;
#[cfg(feature = "cli")]
mod borders;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod corners;
mod counts;
mod glmm;
mod glmm_moderators;
#[cfg(all(feature = "cli", feature = "chart"))]
mod groups;
#[cfg(feature = "cli")]
mod invariance;
#[cfg(feature = "cli")]
mod known;
#[cfg(feature = "cli")]
mod ledger;
mod likelihood;
#[cfg(feature = "cli")]
mod maxima;
mod models;
mod multilevel;
mod names;
#[cfg(feature = "cli")]
mod nested;
#[cfg(feature = "cli")]
mod permutations;
mod published;
mod refusals;
#[cfg(feature = "cli")]
mod releases;
mod rows;
#[cfg(feature = "cli")]
mod scales;
#[cfg(feature = "cli")]
mod shared;
#[cfg(feature = "cli")]
mod tables;
#[cfg(feature = "cli")]
mod texts;
#[cfg(all(feature = "cli", feature = "chart"))]
mod told;
#[cfg(all(feature = "cli", feature = "chart"))]
mod transf;
#[cfg(feature = "cli")]
mod walk;
