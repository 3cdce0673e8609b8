//! Showing results: text, Markdown, CSV, JSON and HTML. What is shown was computed elsewhere, but for a p or an interval
//! that is read off a result.
//!
//! | module | what is there |
//! |---|---|
//! | [`number`] | numbers for people |
//! | [`document`] | headings, paragraphs and tables, written as text, Markdown or CSV |
//! | [`show`] | what a release reports |
//! | [`release_toml`] | a release as a file that reads back the same |
//! | `json` | results as JSON documents |
//! | `csv` | results as flat tables with full precision |
//! | `charts` | charts of releases |
//! | `plots` | charts of meta-analyses, counts and mixed models, and more charts of releases |
//! | [`markdown`] | the report for a repository |
//! | `html` | the report page |
//!
//! The other modules are how the program arranges each of its results; they are not part of what a version promises.

#[doc(hidden)]
pub mod behind;
#[doc(hidden)]
pub mod between;
mod cautions;
#[cfg(feature = "chart")]
mod chart_ensemble;
#[cfg(feature = "chart")]
pub mod charts;
#[doc(hidden)]
pub mod checks;
#[cfg(all(feature = "json", feature = "csv"))]
#[doc(hidden)]
pub mod convert;
#[doc(hidden)]
pub mod counts;
#[cfg(feature = "csv")]
pub mod csv;
pub mod document;
#[doc(hidden)]
pub mod effects;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod fit;
#[cfg(all(feature = "models", feature = "csv", feature = "json"))]
#[doc(hidden)]
pub mod fit_csv;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod fit_rows;
#[cfg(feature = "html")]
pub mod html;
#[doc(hidden)]
pub mod japanese;
#[cfg(feature = "json")]
pub mod json;
pub mod markdown;
#[cfg(all(feature = "json", feature = "csv"))]
#[doc(hidden)]
pub mod measures;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta_around;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta_bias;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta_multilevel;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta_multilevel_around;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod meta_scale;
// Half of it is for the charts of `plots`.
#[cfg(feature = "chart")]
#[cfg_attr(not(all(feature = "json", feature = "models")), allow(dead_code))]
mod not_drawn;
pub mod number;
#[doc(hidden)]
pub mod parts;
#[cfg(all(feature = "chart", feature = "json", feature = "models"))]
pub mod plots;
#[cfg(feature = "models")]
#[doc(hidden)]
pub mod r_call;
pub mod rates;
#[doc(hidden)]
pub mod reconstruct;
pub mod release_toml;
#[doc(hidden)]
pub mod reported;
#[doc(hidden)]
pub mod sets;
#[cfg(all(feature = "models", feature = "csv", feature = "json"))]
#[doc(hidden)]
pub mod sheet;
pub mod show;
#[doc(hidden)]
pub mod summary;
#[cfg(all(feature = "json", feature = "csv"))]
#[doc(hidden)]
pub mod verdicts;
#[doc(hidden)]
pub mod words;
