//! x
#[cfg(feature = "chart")]
pub mod chart;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod effect;
pub mod estimate;
pub mod numeric;
pub mod read;
pub mod recover;
pub mod report;
pub mod reported;
