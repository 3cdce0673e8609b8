//! Showing results: text, Markdown, CSV, JSON and HTML. What is shown was computed elsewhere, but for a p or an
//! interval that is read off a result.
//!
//! | module | what is there |
//! |---|---|
//! | [`number`] | numbers for people |
//! | [`document`] | headings, paragraphs and tables, written as text, Markdown or CSV |
//! | [`show`] | what a release reports |
//! | [`release_toml`] | a release as a file that reads back the same |
//! | `json` | results as JSON documents |
//! | `csv` | results as flat tables with full precision |
//! | `of_models` | meta-analyses and mixed models as the program shows them |
//! | `r_call` | the call of metafor that gives the same |
//! | `charts` | charts of releases |
//! | `plots` | charts of meta-analyses, counts and mixed models, and more charts of releases |
//! | [`behind`], [`summary`], [`parts`] | what is told of a release, for its report |
//! | [`markdown`] | the report for a repository |
//! | `html` | the report page |
//!
//! The other modules arrange the results of the program, each its own.

pub mod behind;
pub(crate) mod between;
mod cautions;
#[cfg(feature = "chart")]
mod chart_ensemble;
#[cfg(feature = "chart")]
mod chart_overview;
#[cfg(feature = "chart")]
pub mod charts;
pub(crate) mod checks;
#[cfg(feature = "cli")]
pub(crate) mod convert;
pub(crate) mod counts;
#[cfg(feature = "csv")]
pub mod csv;
#[cfg(feature = "csv")]
mod csv_effects;
pub mod document;
pub(crate) mod effects;
#[cfg(feature = "models")]
pub(crate) mod fit;
#[cfg(feature = "html")]
pub mod html;
pub(crate) mod japanese;
#[cfg(feature = "json")]
pub mod json;
pub mod markdown;
#[cfg(feature = "cli")]
pub(crate) mod measures;
#[cfg(feature = "models")]
pub(crate) mod meta;
#[cfg(feature = "chart")]
mod not_drawn;
pub mod number;
#[cfg(feature = "models")]
pub mod of_models;
pub mod parts;
#[cfg(all(feature = "chart", feature = "json", feature = "models"))]
pub mod plots;
#[cfg(feature = "models")]
pub mod r_call;
pub mod rates;
pub(crate) mod reconstruct;
pub mod release_toml;
pub(crate) mod reported;
pub(crate) mod sets;
#[cfg(feature = "cli")]
pub(crate) mod sheet;
pub mod show;
#[cfg(feature = "csv")]
pub mod show_csv;
pub mod summary;
#[cfg(feature = "models")]
pub mod transformation;
#[cfg(feature = "cli")]
pub(crate) mod verdicts;
pub(crate) mod words;
