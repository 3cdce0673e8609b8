//! Yusuf et al. (1985), Prog Cardiovasc Dis 27:335, page 107 of the part: beta blockade, table 6, Peto's odds ratio.

use super::shared::*;
use crate::common::meta::published;
use reffect::meta::mantel_haenszel::{Counts, peto};

#[test]
fn peto_odds_ratio() {
    let frame = published("yusuf1985-table6.csv");
    let [a, n1, c, n2] = ["ai", "n1i", "ci", "n2i"].map(|name| crate::common::meta::column(&frame, name));
    let counts: Vec<Counts> =
        // One trial has no published counts.
        (0..a.len()).filter(|&i| !a[i].is_nan()).map(|i| Counts { events1: a[i], size1: n1[i], events2: c[i], size2: n2[i] }).collect();
    let of = &peto(&counts, 0.95).unwrap().fit.coefficients[0];
    print_as(&[of.estimate.exp(), of.ci.lower.exp(), of.ci.upper.exp()], "0.93 0.74 1.18");
}
