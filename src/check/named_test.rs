//! The p of a test that the source names, where the reported values allow that test.

use super::cells::Verdict;
use super::{Status, refused};
use crate::effect::tables_of_arms::{CountsBehind, fisher_range};
use crate::numeric::format::{from_to, p_value};
use crate::numeric::rounding::Rounding;
use crate::reported::{ArmPair, Quantity, Release, ReportedEstimate};

/// What is made of the p of a reported effect whose `test` is Fisher's, by the counts of both arms; none where another
/// test is named, or the counts are not reported.
pub(super) fn of_fisher(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    /// A one-sided p of the same table is hardly a smaller part of the two-sided one.
    const ONE_SIDED: f64 = 0.4;
    let test = reported.test.as_ref()?.to_lowercase();
    let printed = reported.p.as_ref().filter(|_| ["fisher", "フィッシャー"].iter().any(|name| test.contains(name)))?;
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let rows = [outcome.of_arm(reported.arm.as_deref()?)?, outcome.of_arm(reported.versus.as_deref()?)?];
    let pair = ArmPair::at(rows, Quantity::Value, release.occasion_of(reported)?)?;
    let counts = |at: usize| {
        let size = release.size_at(pair.arms()[at], pair.cells[at]);
        CountsBehind::of(pair.cells[at], size, rounding).ok()
    };
    let p = fisher_range([&counts(0)?, &counts(1)?])?;
    let [first, second] = pair.cells;
    let told = format!("Fisher's exact test of {first} against {second} has a p of {}", from_to(p.ends().map(p_value)));
    if printed.holds_in(p, rounding) {
        return Some((Status::Pass, told));
    }
    let told = format!("{told}, and {printed} is printed");
    let bound = printed.bound.value();
    if bound < p.lower && bound >= ONE_SIDED * p.lower {
        return Some(refused(format!("{told}; a one-sided one may have been meant")));
    }
    Some((Status::Fail, told))
}
