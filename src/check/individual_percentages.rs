//! How far the mean of each one's percentage of change may lie from the percentage of the means.

use crate::effect::of_release::moments;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::target::READINGS;
use crate::reported::{Cell, CellForm, Release, ReportedEstimate, SpreadMeaning, Statistic};

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
        let (sd, is_known) = largest_sd(cell, release.size_at(&row.arm, cell), rounding)?;
        Some((cell.center().value().abs(), sd, is_known))
    };
    let Some(((before, sd_before, is_known), (after, sd_after, is_also))) =
        first.and_then(of).zip(row.at(occasion).and_then(of)).filter(|((before, ..), _)| *before > 0.0)
    else {
        return Some(WITHOUT_SD);
    };
    let variation = sd_before / before;
    if variation > NEAR_0 {
        return Some(f64::INFINITY);
    }
    let points = 100.0 * MORE * (after / before * variation * variation + variation * sd_after / before);
    Some(points.max(if is_known && is_also { BETWEEN_ARMS } else { WITHOUT_SD }))
}

/// The largest SD that a spread can be, whatever an unexplained ± is, and whether it is that: of an SE or an interval of
/// nobody knows how many people the SD is at least as large as itself.
fn largest_sd(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Option<(f64, bool)> {
    let readings = match cell.spread()? {
        SpreadMeaning::Unexplained => READINGS.map(|(_, meaning)| meaning).to_vec(),
        meaning => vec![meaning],
    };
    let is_known = n.is_some() || readings.iter().all(|meaning| meaning.is_sd());
    let sd = |meaning: &SpreadMeaning| {
        let found = moments(&cell.read_as(*meaning), n, rounding, &mut Vec::new()).ok()?;
        found.sd.map(|sd| sd.range.upper)
    };
    let printed = || match &cell.form {
        CellForm::PlusMinus { spread, .. } => Some(spread.rounded(rounding).range.upper),
        _ => None,
    };
    let largest = readings.iter().filter_map(sd).reduce(f64::max).or_else(printed)?;
    Some((largest, is_known))
}
