//! Results as JSON documents.
//!
//! Numbers have full double precision, an interval is `[lower, upper]`, and what could not be
//! computed is `null` with a note that says why.

mod between;
mod counts;
mod effects;
#[cfg(feature = "models")]
pub(crate) mod fit;
#[cfg(feature = "models")]
pub(crate) mod meta;
#[cfg(feature = "models")]
mod meta_around;
#[cfg(feature = "models")]
pub(crate) mod meta_multilevel;
#[cfg(feature = "models")]
pub(crate) mod meta_scale;
mod reconstruct;
mod release;
mod reported;

pub use between::{between_document, change_document, control_document};
pub use counts::{pairs_document, rates_document, table_document};
pub(crate) use effects::ChangeView;
pub use effects::{Given, contrast_document, proportion_document, release_effects_document};
#[cfg(feature = "models")]
pub use fit::document as fit_document;
#[cfg(feature = "models")]
pub(crate) use meta::weighting;
#[cfg(feature = "models")]
pub(crate) use meta_around::{UP_TO_IT, WITHOUT_IT, subset};
pub(crate) use reconstruct::reconstruct_document;
pub use release::releases_document;
pub use reported::reported_document;

use crate::numeric::interval::Interval;
use serde::Serialize;
use serde_json::Value;

/// JSON has no NaN and no infinity.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn pair(range: Option<Interval>) -> Option<[Option<f64>; 2]> {
    range.map(|range| range.ends().map(finite))
}

/// Structures of texts and finite numbers always have a JSON value.
fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}
