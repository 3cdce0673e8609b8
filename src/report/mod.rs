//! Showing results: text, Markdown, CSV, JSON and HTML. Nothing is computed here.
//!
//! | module | what is there |
//! |---|---|
//! | [`number`] | numbers for people |
//! | [`document`] | headings, paragraphs and tables, written as text, Markdown or CSV |
//! | [`show`] | what a release reports |
//! | [`effects`] | what follows from it |
//! | [`between`] | what follows from two groups |
//! | `convert` | converted rows |
//! | [`counts`] | what follows from counts |
//! | `measures` | effect sizes row by row, and the catalogue of measures |
//! | [`summary`] | the main results of several releases on one screen |
//! | [`words`] | sentences in both languages |
//! | [`release_toml`] | a release as a file that reads back the same |
//! | [`behind`] | the data behind the cells of releases |
//! | [`reconstruct`] | data sets behind cells |
//! | [`sets`] | data sets as lines of a file |
//! | [`meta`](mod@meta), [`meta_around`], [`meta_multilevel`], [`meta_multilevel_around`], [`meta_scale`] | a meta-analysis |
//! | [`r_call`] | the call of R's metafor that fits the same |
//! | [`fit`] | a mixed model |
//! | [`checks`] | verdicts of checks |
//! | `json` | results as JSON documents |
//! | `csv` | results as flat tables with full precision |
//! | `charts` | charts of releases |
//! | `plots` | charts of meta-analyses, counts and mixed models, and more charts of releases |
//! | [`japanese`] | Japanese for the English of reports |
//! | [`parts`] | what a report says of each release |
//! | [`markdown`] | the report for a repository |
//! | `html` | the report page |

pub mod behind;
pub mod between;
#[cfg(feature = "chart")]
mod chart_ensemble;
#[cfg(feature = "chart")]
pub mod charts;
pub mod checks;
#[cfg(all(feature = "json", feature = "csv"))]
pub mod convert;
pub mod counts;
#[cfg(feature = "csv")]
pub mod csv;
pub mod document;
pub mod effects;
#[cfg(feature = "models")]
pub mod fit;
#[cfg(all(feature = "models", feature = "csv", feature = "json"))]
pub mod fit_csv;
#[cfg(feature = "models")]
pub mod fit_rows;
#[cfg(feature = "html")]
pub mod html;
pub mod japanese;
#[cfg(feature = "json")]
pub mod json;
pub mod markdown;
#[cfg(all(feature = "json", feature = "csv"))]
pub mod measures;
#[cfg(feature = "models")]
pub mod meta;
#[cfg(feature = "models")]
pub mod meta_around;
#[cfg(feature = "models")]
pub mod meta_multilevel;
#[cfg(feature = "models")]
pub mod meta_multilevel_around;
#[cfg(feature = "models")]
pub mod meta_scale;
pub mod number;
pub mod parts;
#[cfg(all(feature = "chart", feature = "json"))]
pub mod plots;
#[cfg(feature = "models")]
pub mod r_call;
pub mod reconstruct;
pub mod release_toml;
pub mod sets;
#[cfg(all(feature = "models", feature = "csv", feature = "json"))]
pub mod sheet;
pub mod show;
pub mod summary;
#[cfg(all(feature = "json", feature = "csv"))]
pub mod verdicts;
pub mod words;
