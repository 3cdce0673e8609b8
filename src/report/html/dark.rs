//! Charts on a dark screen: each colour of a light chart with that of the dark theme.
//!
//! The same chart is laid out in either theme, its marks in the same order. The style sheet then turns the colours of
//! the one into those of the other, so that the page holds each chart once, and paper, which has no dark scheme, shows
//! it as it is.

use super::{Drawn, Page};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The rules for the charts of a page on a dark screen.
pub(super) fn rules(page: &Page<'_>) -> String {
    let of_releases = page.charts.iter().flat_map(|of| [&of.before_after, &of.between, &of.reported, &of.ensemble]);
    let all = of_releases.flatten().chain(page.overview);
    let pairs: BTreeMap<&String, &String> = all.flat_map(|drawn: &Drawn| &drawn.on_dark).collect();
    let mut rules = String::from("@media screen and (prefers-color-scheme: dark) {");
    for (light, dark) in pairs {
        let _ = write!(rules, " figure [fill=\"{light}\"] {{ fill: {dark} }}");
        let _ = write!(rules, " figure [stroke=\"{light}\"] {{ stroke: {dark} }}");
    }
    rules + " }"
}
