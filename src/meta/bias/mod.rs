//! Small-study effects and selective publication.

mod asymmetry;
mod counts;
mod excess;
mod failsafe;
mod henmi_copas;
mod selection;
mod trimfill;

pub use asymmetry::{Asymmetry, Predictor, RankTest, RegressionModel, begg, egger};
pub use counts::{harbord, peters};
pub use excess::{Excess, excess_significance};
pub use failsafe::{FailSafe, FailSafeKind, MOST_ADDED, fail_safe};
pub use henmi_copas::{HenmiCopas, henmi_copas};
pub use selection::{
    Alternative, Selection, SelectionKind, VEVEA_WOODS, VEVEA_WOODS_STEPS, selection, selection_with_weights,
};
pub use trimfill::{Filled, Side, TrimFill, TrimFillEstimator, trim_and_fill};
