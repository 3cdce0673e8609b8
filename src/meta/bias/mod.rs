//! Small-study effects and selective publication.

mod asymmetry;
mod excess;
mod failsafe;
mod henmi_copas;
mod selection;
mod trimfill;

pub use asymmetry::{Asymmetry, RankTest, RegressionModel, begg, egger};
pub use excess::{Excess, excess_significance};
pub use failsafe::{FailSafe, FailSafeKind, fail_safe};
pub use henmi_copas::{HenmiCopas, henmi_copas};
pub use selection::{Selection, step_selection};
pub use trimfill::{Side, TrimFill, TrimFillEstimator, trim_and_fill};
