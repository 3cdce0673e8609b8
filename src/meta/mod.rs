//! Meta-analysis and meta-regression of effect sizes from anywhere.
//!
//! | module | what is there |
//! |---|---|
//! | [`problem`] | effects with sampling variances and moderators, checked |
//! | [`tau2`] | estimators of the variance between studies, and its intervals |
//! | [`fit`](mod@fit) | pooling and meta-regression: coefficients, heterogeneity, tests |
//! | [`deletion`] | leave-one-out, cumulative, influence, BLUPs |
//! | [`subgroup`] | subgroups and the test between them |
//! | [`permutation`] | permutation tests |
//! | [`bias`] | funnel asymmetry, trim and fill, fail-safe numbers, excess significance |
//! | [`mantel_haenszel`] | pooling of counts: Mantel–Haenszel and Peto |
//! | [`glmm`] | counts with a normal random effect, without approximate variances |
//! | [`gosh`](mod@gosh) | the model fitted to every subset of the studies |
//! | [`comparison`] | likelihood-ratio tests between models |
//! | [`aggregate`](mod@aggregate) | one effect from several that depend on each other |
//! | [`location_scale`] | models in which τ² depends on moderators |
//! | [`multilevel`] | nested, crossed and correlated effects; cluster-robust tests |
//! | [`profile`] | profile likelihoods of variances and correlations |
//! | [`predict`] | predictions with prediction intervals |
//!
//! Nothing here makes a matrix with a row and a column for each study: with k studies and p
//! coefficients a fit costs O(k p²) a step.

pub mod aggregate;
pub mod bias;
pub mod comparison;
mod counts;
pub mod deletion;
pub mod fit;
pub mod glmm;
pub mod gosh;
mod joint;
pub(crate) mod levels;
pub mod location_scale;
pub mod mantel_haenszel;
pub mod multilevel;
pub mod permutation;
pub mod predict;
pub mod problem;
pub mod profile;
mod projection;
mod refits;
pub mod statistics;
pub mod subgroup;
mod sums;
pub mod tau2;

pub use fit::{Coefficient, Fit, Model, Test, Weighting};
pub use predict::{Prediction, PredictionInterval};
pub use problem::{MetaError, Problem};
pub use statistics::{FitStatistics, Omnibus};
pub use tau2::{Estimator, Tau2Interval};
