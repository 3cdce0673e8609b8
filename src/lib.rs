//! Statistics for trial numbers as they were reported.
//!
//! A press release says "relapse rate 2.9 ± 1.1 → 0.4 ± 0.8, n = 7, significantly improved". Nobody
//! outside has the patients' data. This crate says how large that effect is and how sure one can be,
//! and keeps apart what *sampling*, the *rounding* of the printed digits and the unreported
//! *correlation* between before and after each contribute. Nothing unreported is ever assumed
//! silently: what cannot be computed is absent, with the reason.
//!
//! # Start
//!
//! ```toml
//! [dependencies]
//! reffect = "0.1"                                                  # everything, with the program
//!
//! [dev-dependencies]
//! reffect = { version = "0.1", default-features = false }          # lean: to check numbers in tests
//! ```
//!
//! ```
//! use reffect::{BeforeAfter, Measure, Rounding};
//!
//! let change = BeforeAfter::reported(&"2.9 ± 1.1".parse()?, &"0.4 ± 0.8".parse()?, Some(7), Rounding::default());
//! let mean_change = change.estimate(Measure::Mc, Some(0.5), 0.95);
//! assert!(mean_change.estimate.is_some_and(|estimate| (estimate + 2.5).abs() < 1e-12));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The most used types stand at the root; everything else is in the modules below.
//!
//! ```text
//! release.toml ─┐                      ┌─ effect ─┐
//!               ├─> reported numbers ──┤          ├─> results ─> text, JSON, CSV, charts, one page
//! "2.9 ± 1.1" ──┘   (digits kept)      └─ check ──┘   (values)
//! ```
//!
//! # Map
//!
//! | module | what is there |
//! |---|---|
//! | [`numeric`] | mathematics without a word of the domain: printed numbers, rounding, distributions |
//! | [`reported`] | what was said, and nothing computed: releases, arms, outcomes, scales, cells |
//! | [`formula`] | R's formula language and model matrices |
//! | [`read`] | the only readers of files |
//! | [`estimate`] | what a calculation returns, and the table of measures |
//! | [`recover`] | a standard deviation or a correlation from what is reported of it |
//! | [`effect`] | effect sizes: before/after, two groups, counts, proportions, the catalogue of metafor |
//! | [`reconstruct`] | the data sets behind a printed mean and SD, and every pairing of two cells |
//! | [`check`] | whether numbers stand in their sources and fit together: of releases, tables and texts |
//! | `meta` | meta-analysis and meta-regression (feature `models`) |
//! | [`transcribe`] | from the text of a document to the draft of a release file |
//! | [`expect`] | expected results beside the data, and assertions for tests |
//! | `mixed` | mixed models of repeated measurements (feature `models`) |
//! | `chart` | charts as SVG and PNG (feature `chart`) |
//! | [`report`] | results as text, Markdown, CSV, JSON and HTML |
//! | `cli` | the command-line program (feature `cli`) |
//! | [`markup`] | text inside XML and TOML |
//! | [`diagnostic`] | what is wrong with an input, where, and what to do |
//!
//! Imports point one way: no module names one that names it, directly or through others, and a test sees to it.
//! `markup` and `diagnostic` are open to all.
//!
//! # Conventions
//!
//! * Differences are after − before and group 1 − group 2; ratio measures are logarithms.
//! * `None` is what was not reported or cannot be computed. No result holds NaN where an `Option` can say so; an
//!   infinite end of an interval is an end that does not exist.
//! * A number that *prints as* 2.9 is one that rounds to it: 2.85 to 2.95 under [`Rounding::UpOrDown`].
//! * A confidence level is a share between 0 and 1: 0.95. With any other there is no interval, or an error.
//!
//! # Three uses
//!
//! How large is an effect, straight from a sentence?
//!
//! ```
//! use reffect::effect::before_after::CorrelationNeeded;
//! use reffect::{BeforeAfter, Measure, Rounding};
//!
//! let edss = BeforeAfter::reported(&"5.1 ± 1.7".parse()?, &"4.1 ± 1.6".parse()?, Some(7), Rounding::default());
//!
//! // The change in SDs before needs no correlation; rounding alone moves it this far.
//! let dpre = edss.estimate(Measure::Dpre, None, 0.95);
//! let rounding = dpre.rounding.ok_or("the range is bounded")?;
//! assert!(rounding.lower < -0.66 && rounding.upper > -0.52);
//!
//! // A paired t-test is significant only if before and after were closely correlated.
//! let needed = edss.r_needed(0.05)?;
//! assert!(matches!(needed, CorrelationNeeded::AtLeast { r, .. } if (r - 0.787).abs() < 5e-4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What do the releases of a folder allow, and what do they not?
//!
//! ```
//! use reffect::effect::contrast::ContrastOptions;
//! use reffect::effect::of_release::effects;
//! use reffect::{Dataset, Rounding};
//!
//! let trials = Dataset::load("data")?;
//! let als = trials.release("als-muse-2023")?;
//! let allowed = effects(als, &ContrastOptions::default(), Rounding::default());
//! // Two slopes without an SD give a difference and a ratio, and a refusal of everything else.
//! assert!(allowed.refusals[0].reason.contains("the release gives no SD"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Does a transcribed number stand where it is said to stand?
//!
//! ```
//! use reffect::Dataset;
//! use reffect::check::{Status, provenance::numbers_in_quotes};
//!
//! for release in Dataset::load("data")?.releases() {
//!     assert!(numbers_in_quotes(release).iter().all(|check| check.status == Status::Pass));
//! }
//! # Ok::<(), reffect::diagnostic::Diagnostics>(())
//! ```
//!
//! `cookbook` has ten tasks from start to end.
//!
//! # Features
//!
//! With `default-features = false` the library has no command line, no charts and few dependencies: effect sizes,
//! checks, reconstruction, expectations and drafts are always there. Each feature adds one thing.
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (the default) | the program, with everything below |
//! | `models` | `meta` and `mixed` |
//! | `chart` | `chart`: SVG and PNG, with a font file of your own |
//! | `font-ja` | the font inside the library: Latin, Greek, kana and kanji; turns on `chart` |
//! | `pdf` | charts as PDF; turns on `chart` |
//! | `json` | results as JSON documents: `report::json` |
//! | `csv` | tables, also gzipped ones, are read, and results written as such |
//! | `html` | the page of a report; turns on `font-ja`, `json` and `models` |
//! | `sources` | the hash of a source, so that a changed one is noticed |

#[cfg(feature = "chart")]
pub mod chart;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(all(feature = "cli", any(doc, doctest)))]
pub mod cookbook;
pub mod diagnostic;
pub mod effect;
pub mod estimate;
pub mod expect;
pub mod formula;
pub mod markup;
#[cfg(feature = "models")]
pub mod meta;
#[cfg(feature = "models")]
pub mod mixed;
pub mod numeric;
pub mod read;
pub mod reconstruct;
pub mod recover;
// Without the program, what arranges its results is in part unused.
#[cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]
pub mod report;
pub mod reported;
pub mod transcribe;

pub use diagnostic::{Diagnostic, Diagnostics, Refused};
pub use effect::before_after::BeforeAfter;
pub use effect::two_groups::TwoGroups;
pub use estimate::{Estimate, Measure};
pub use numeric::interval::Interval;
pub use numeric::numeral::Numeral;
pub use numeric::rounding::Rounding;
pub use read::Dataset;
pub use reported::{MeanSd, Release, Scale};
