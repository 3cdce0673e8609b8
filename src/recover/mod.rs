//! What was not reported, recovered from what was. Every answer names its formula.

mod correlation;
mod spread;

pub use correlation::{ImpossibleCorrelation, ReportedChange, correlation_of, correlation_range, recover_correlation};
pub use spread::{RecoveredSd, sd_from_spread};
