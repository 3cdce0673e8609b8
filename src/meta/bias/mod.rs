//! Small-study effects and selective publication.

mod asymmetry;
mod counts;
mod excess;
mod failsafe;
mod henmi_copas;
mod selection;
mod trimfill;

pub use asymmetry::{Asymmetry, RankTest, RegressionModel, begg, egger};
pub use counts::{Table, harbord, peters};
pub use excess::{Excess, excess_significance};
pub use failsafe::{FailSafe, FailSafeKind, MOST_ADDED, fail_safe, fail_safe_general};
pub use henmi_copas::{HenmiCopas, henmi_copas};
pub use selection::{Alternative, Selection, SelectionKind, selection};
pub use trimfill::{Side, TrimFill, TrimFillEstimator, trim_and_fill};
