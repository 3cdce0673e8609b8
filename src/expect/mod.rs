//! Expected results: the numbers of a file, and what follows from them, come out as they were printed.
//!
//! An expectation stands beside the data, as `[[expect]]` in a release file or in a file
//! `NAME.expect.toml`. It names a result, the value that is expected of it *as it was printed* and where
//! that value comes from. Printed digits are the tolerance: "−2.5" holds for everything that prints so.
//!
//! ```toml
//! [[expect]]
//! result = "effect"
//! outcome = "relapse-rate"
//! measure = "MC"
//! r = 0.5
//! is = "−2.5"
//! ci = ["−3.41", "−1.59"]
//! source = "R 4.2.2, t.test of two vectors with these moments"
//! ```
//!
//! | to look up | in |
//! |---|---|
//! | all checks and expectations of a file or folder | [`check_file`], [`run_folder`] |
//! | a test of its own name for each | [`harness`] |
//! | one number in a test | [`assert_reported!`](crate::assert_reported), [`assert_consistent!`](crate::assert_consistent) |
//! | what a result may be compared with | [`Expected`](crate::reported::Expected), [`compare`] |
//!
//! # In somebody's own repository
//!
//! `Cargo.toml` takes the lean library, for tests only:
//!
//! ```toml
//! [dev-dependencies]
//! reffect = { version = "0.1", default-features = false }
//! ```
//!
//! `tests/reported.rs` is then a whole test program:
//!
//! ```
//! use reffect::{assert_consistent, assert_reported};
//! use reffect::effect::contrast::ContrastOptions;
//! use reffect::effect::of_release::effects;
//! use reffect::estimate::Measure;
//! use reffect::numeric::rounding::Rounding;
//! use reffect::read::Dataset;
//!
//! // #[test]
//! fn every_file_holds() {
//!     // Every check and every [[expect]] of the folder; the message lists what does not hold.
//!     reffect::expect::assert_folder("data");
//! }
//!
//! // #[test]
//! fn the_relapse_rate_fell() -> Result<(), Box<dyn std::error::Error>> {
//!     let trials = Dataset::load("data")?;
//!     let release = trials.release("nmo-tocilizumab-2014")?;
//!     assert_consistent!(release);
//!     let allowed = effects(release, &ContrastOptions::default(), Rounding::default());
//!     let change = allowed.contrasts[0].contrast.estimate(Measure::Mc).ok_or("there is a change")?;
//!     assert_reported!(change, "−2.5");
//!     Ok(())
//! }
//! # every_file_holds();
//! # the_relapse_rate_fell().unwrap();
//! ```

mod assert;
mod compare;
mod evaluate;
mod file;
mod folder;
pub mod harness;
mod of_release;
mod place;
#[cfg(feature = "json")]
pub mod select;
pub mod update;

pub use assert::{Consistent, Printed, Reported, consistency, reported};
pub use compare::{Answer, Difference, Tolerance, compare};
pub use evaluate::Commands;
pub use file::{CheckOptions, FileChecks, check_file, check_release};
pub use folder::{assert_folder, run_folder};
