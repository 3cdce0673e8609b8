//! Charts of results: which numbers and words a chart gets.
//!
//! Each reads the document that the matching command writes with `--json`, so that a chart can be
//! drawn from a file as well as from a table that is computed on the spot; [`MetaResult::of`] and [`FitResult::of`]
//! make the same of a fit of the library.

mod between_arms;
mod design;
mod estimation;
mod fit;
mod forest;
mod funnel;
mod look;
mod means;
mod means_rows;
mod meta_facts;
mod meta_result;
mod meta_words;
mod older;
mod points;
mod regression;
mod releases;
mod reported;
mod rounding;
mod sensitivity;
mod titles;
mod trajectory;
mod visits;
mod zeta;

pub use super::transformation::Transformation;
pub use between_arms::between_arms;
pub use estimation::{Arrangement, estimation};
pub use fit::{FitResult, Predicted, Residual, Rows, caterpillar, residuals};
pub use forest::{cumulative, forest, leave_one_out};
pub use funnel::{funnel, radial};
pub use look::Look;
pub use means::{Mean, Taken, means};
pub use means_rows::means_in_rows;
pub use meta_result::{
    Baujat, Filled, GroupOf, Influence, MetaResult, Pooled, Refit, Study, Subgroup, Subset, TrimFill, Variance,
};
pub use points::{Arms, baujat, gosh, labbe, likelihood, qq};
pub use regression::regression;
pub use releases::{
    CountsResult, ProportionOf, RateOf, RatioOf, proportions_of_json, proportions_of_releases, rates, rates_of_arms,
    rates_of_release,
};
pub use reported::reported;
pub use rounding::rounding;
pub use sensitivity::{PossibleR, sensitivity};
pub use trajectory::trajectory;
pub use zeta::{ProfileResult, Profiled, ZetaPoint, zeta};

use look::Digits;
use meta_result::{both, counted};

use super::number::{decimals_for, fixed, p_is, significant};
use crate::reported::Lang;

/// Why a chart cannot be drawn from a document.
pub type Missing = String;

/// How many decimals an I² needs: none, unless it would come out as all or as nothing without being it.
fn decimals_of_i2(i2: f64) -> usize {
    match i2 {
        99.5..100.0 => decimals_for(100.0 - i2, 1),
        0.05..0.5 => 1,
        _ => 0,
    }
}

/// τ², I² and Q with its degrees of freedom and p-value, as far as they are known. A Q without degrees of freedom
/// says nothing, and so does the I² that rests on it.
fn heterogeneity(lang: Lang, tau2: Option<f64>, i2: Option<f64>, q: Option<(f64, f64, Option<f64>)>) -> Vec<String> {
    let is_empty = q.is_some_and(|(_, df, _)| df < 1.0);
    let (i2, q) = (i2.filter(|_| !is_empty), q.filter(|_| !is_empty));
    let mut parts: Vec<String> = tau2.map(|tau2| format!("τ² = {}", significant(tau2, 2))).into_iter().collect();
    parts.extend(i2.map(|i2| match lang {
        Lang::En => format!("I² = {} %", fixed(i2, decimals_of_i2(i2))),
        Lang::Ja => format!("I² = {}%", fixed(i2, decimals_of_i2(i2))),
    }));
    parts.extend(q.map(|(q, df, p)| {
        let p = p.map(|p| format!(", {}", p_is(p))).unwrap_or_default();
        format!("Q = {} (df = {df}){p}", fixed(q, 1))
    }));
    parts
}
