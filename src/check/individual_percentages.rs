//! How far the mean of each one's percentage of change may lie from the percentage of the means.

use crate::effect::of_release::moments;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, Release, ReportedEstimate, Statistic};

/// Percentage points between arms, or where no SD is reported. Conventions.
const BETWEEN_ARMS: f64 = 10.0;
const WITHOUT_SD: f64 = 30.0;

/// How many points the mean of each one's percentage may differ from the percentage of the means: without bound where
/// values near 0 are to be expected; none of counts, which are no means of anyone's.
///
/// For values before and after with means b and a and coefficients of variation c and d, the mean of the ratios exceeds
/// the ratio of the means by about (a/b)(c² − r·c·d), which is largest at r = −1 (delta method, second order); half as
/// much again is left for what a series of few terms leaves out.
pub(super) fn most_points_apart(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<f64> {
    /// With a larger coefficient of variation 0 is less than three SDs away: one value near it moves the mean of the
    /// ratios without bound.
    const NEAR_0: f64 = 1.0 / 3.0;
    const MORE: f64 = 1.5;
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let occasion = release.occasion_of(reported)?;
    let arms = release.arms_of(reported);
    let rows = arms.iter().filter_map(|arm| outcome.of_arm(arm));
    let is_count = |cell: &Cell| {
        matches!(cell.statistic, Statistic::Count | Statistic::Events | Statistic::Percent | Statistic::Rate)
    };
    if rows.clone().filter_map(|row| row.at(occasion)).any(is_count) {
        return None;
    }
    if reported.compares_arms() {
        return Some(BETWEEN_ARMS);
    }
    let [row] = rows.collect::<Vec<_>>()[..] else { return Some(BETWEEN_ARMS) };
    let first = row.cells.first().filter(|(id, _)| id != occasion).map(|(_, cell)| cell);
    let of = |cell: &Cell| {
        cell.explained_spread()?;
        let found = moments(cell, release.size_at(&row.arm, cell), rounding, &mut Vec::new()).ok()?;
        Some((cell.center().value().abs(), found.sd?.range.upper))
    };
    let Some(((before, sd_before), (after, sd_after))) =
        first.and_then(of).zip(row.at(occasion).and_then(of)).filter(|((before, _), _)| *before > 0.0)
    else {
        return Some(WITHOUT_SD);
    };
    let variation = sd_before / before;
    if variation > NEAR_0 {
        return Some(f64::INFINITY);
    }
    let points = 100.0 * MORE * (after / before * variation * variation + variation * sd_after / before);
    Some(points.max(BETWEEN_ARMS))
}
