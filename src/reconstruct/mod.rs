//! The data sets behind a printed mean and spread.
//!
//! With n = 7 and one decimal, `0.4 ± 0.8` relapses can only be 0, 0, 0, 0, 0, 1, 2. Whoever knows
//! the values that one person can have knows, from the few printed digits, all data sets that print
//! so: how many there are, what they look like, and what every statistic of them can be.
//!
//! | module | what is there |
//! |---|---|
//! | [`grid`] | the values that one person can have, as whole numbers of a common step |
//! | [`target`] | the totals and sums of squares that print as reported, in exact integers |
//! | [`constraint`] | what else is known: `0 = 5`, `> 0 = 2`, `median = 1` |
//! | [`sets`] | the data sets: counted, listed |
//! | [`draws`] | those that are drawn, and how often each value stands in them |
//! | [`paired`] | two cells of the same people: every pairing of every data set |
//! | [`independent`] | two cells of different people |
//! | [`limits`] | the SDs that a scale allows beside a mean |
//! | [`of_release`] | all this for the cells of a release |
//! | [`ensemble`] | any statistic over the data sets |
//!
//! The idea of listing the data behind a mean and an SD is that of CLOSURE (Larigaldie & Heathers)
//! and SPRITE (Heathers et al. 2018, PeerJ Preprints 26968). Here the search chooses how many people
//! have each *value* rather than which value each *person* has, decides every rounding in integers,
//! and prunes from both sides: given how many people and which total are left, the smallest sum of
//! squares is that of the most even split and the largest that of the most extreme one.

pub mod constraint;
mod counting;
pub mod draws;
pub mod ensemble;
pub mod grid;
pub mod independent;
pub mod limits;
pub mod of_release;
pub mod paired;
mod search;
pub mod sets;
mod sinks;
mod space;
pub mod target;
mod tilted;

pub use constraint::Constraint;
pub use draws::Frequencies;
pub use grid::{Fraction, Grid, Lattice};
pub use sets::{DataSets, Glance};
pub(crate) use space::MOST_PEOPLE;
pub use target::Summary;
pub use tilted::CountEstimate;

/// Why data sets cannot be reconstructed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreconstructable {
    /// The scale has no steps, so that every printed mean and SD has data behind it.
    #[error("a scale without steps has too many data sets to say anything: {0}")]
    NoSteps(&'static str),
    /// Something about the scale is wrong.
    #[error("{0}")]
    Scale(String),
    /// Something about the printed numbers is wrong.
    #[error("{0}")]
    Summary(String),
    /// A constraint is wrong.
    #[error("{0}")]
    Constraint(String),
    /// The problem is too large to be decided here.
    #[error("{0}")]
    TooLarge(String),
}
