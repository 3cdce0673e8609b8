//! Effect sizes from numbers as they were reported.
//!
//! | module | what is there |
//! |---|---|
//! | [`before_after`] | one group, measured twice: change, standardised change, ratio of means |
//! | [`measures`] | the catalogue of effect sizes under metafor's codes |
//! | [`proportion`] | a part of a whole, and the wholes that a percentage allows |
//! | [`contrast`] | everything that can be said of one contrast |
//! | [`of_release`] | every contrast of a release, and what had to be refused |
//! | [`small_sample`] | Hedges' correction |

pub mod before_after;
pub mod contrast;
pub mod measures;
pub mod of_release;
pub mod proportion;
pub mod small_sample;
