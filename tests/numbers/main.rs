//! Numbers of the library against published tables and other programs, and what must not change them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod baseline;
mod before_after;
mod coherence;
mod consistency;
#[cfg(feature = "models")]
mod convert;
mod counts;
mod dist;
mod drafts;
mod drafts_of_arms;
mod drafts_of_papers;
mod drafts_of_sentences;
mod drafts_of_trials;
mod drafts_of_whom;
mod escalc;
mod expectations;
mod formula_curves;
mod formula_ordered;
mod invariances;
mod multivariate_t;
mod printed_tests;
mod proportions;
mod reconstruct;
mod refusals;
mod releases;
mod several;
