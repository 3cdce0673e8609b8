//! Effect sizes from numbers as they were reported.
//!
//! | module | what is there |
//! |---|---|
//! | [`before_after`] | one group, measured twice: change, standardised change, ratio of means |
//! | [`measures`] | the catalogue of effect sizes under metafor's codes |
//! | [`pre_post_control`] | the change of one group less the change of another |
//! | [`proportion`] | a part of a whole, and the wholes that a percentage allows |
//! | [`change`] | a mean change that was reported with its own SD |
//! | [`contrast`], [`between`] | everything that can be said of one contrast, within a group or between two |
//! | [`counts`] | 2×2 tables, pairs, events over person-time |
//! | [`common_language`] | standardised differences in other words, and numbers needed to treat |
//! | [`of_release`] | every contrast of a release, and what had to be refused |
//! | [`for_pooling`] | one effect of each release, to be pooled |
//! | [`rates_of_arms`] | events of all people of an arm over their person-time |
//! | [`rates_of_release`] | events per person-time behind printed mean counts |
//! | [`reported`] | standard error and p of an effect that the source reports itself |
//! | [`implied`] | what the reported values imply for such an effect |
//! | [`two_groups`] | two groups: differences, standardised differences, ratios |
//! | [`small_sample`] | Hedges' correction |

pub mod before_after;
pub mod between;
pub mod change;
pub mod common_language;
pub mod contrast;
pub mod counts;
pub mod for_pooling;
pub mod implied;
pub mod measures;
mod of_arms;
mod of_intervals;
pub(crate) mod of_logarithms;
pub mod of_release;
pub mod pre_post_control;
pub mod proportion;
mod ranges;
pub mod rates_of_arms;
pub mod rates_of_release;
pub mod reported;
mod reported_change;
mod sampling;
pub mod small_sample;
pub mod tables_of_arms;
pub mod two_groups;

pub use crate::estimate::Moments;
use crate::numeric::rounding::Rounding;
use crate::reported::MeanSd;

/// A cell as it is printed, its ± as the SD.
fn moments(cell: &MeanSd, rounding: Rounding) -> Moments {
    Moments { mean: cell.mean.rounded(rounding), sd: cell.spread.as_ref().map(|sd| sd.rounded(rounding)) }
}
