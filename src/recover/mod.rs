//! What was not reported, recovered from what was. Every answer names its formula.

mod combined;
mod compatible;
mod correlation;
#[cfg(feature = "models")]
mod power_normal;
#[cfg(feature = "models")]
mod quantile_fit;
mod quantiles;
mod rescaled;
mod spread;
mod wald;

pub use combined::combined;
pub use correlation::{
    ImpossibleCorrelation, RecoveredCorrelation, ReportedChange, correlation_of, correlation_range, recover_correlation,
};
pub use quantiles::{FiveNumbers, FromQuantiles, QuantileMethod, Skewness};
pub use rescaled::Rescaling;
pub use spread::{OfMean, RecoveredSd, SdOfMean, sd_from_spread, sd_of_difference, sd_of_mean};
pub use wald::{Association, Wald, table_from_margins, variance_from_interval, variance_from_p, variance_from_z};
