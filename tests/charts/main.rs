//! Charts: their structure, where their marks are, their pictures, the numbers that they plot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

#[path = "../common/mod.rs"]
mod common;

mod arms;
mod as_given;
mod beside;
mod drawing;
mod every_kind;
mod extremes;
mod facts;
mod kinds;
mod look;
mod marks;
mod named;
mod pictures;
mod plot_calls;
mod plot_numbers;
mod plots;
mod samples;
mod told;
mod whole;
