//! The program as its users meet it: screens, files, refusals, signals, the page in a browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../fuzz/targets.rs"]
mod targets;

mod arms;
mod as_papers_write;
mod as_printed;
mod browser;
mod changes;
mod checks;
mod claims;
mod comparisons;
mod csv_as_json;
mod directions;
mod estimates;
mod expectations;
mod forensic;
mod fuzz_corpus;
mod honest;
#[cfg(unix)]
mod interrupted;
mod intervals_alone;
mod japanese_page;
mod judgements;
mod kept;
mod limits;
mod occasions;
mod options;
mod other_analyses;
mod p_values;
mod precision;
mod prose;
mod rates_of_arms;
mod readme;
mod reconstructions;
mod report;
mod screens;
mod shapes;
mod tables;
mod tables_of_models;
mod typed;
mod wrong_files;
