//! What a release reports of a change beside the values before and after, and the correlation that follows.

use super::of_release::moments;
use super::reported::sizes;
use crate::diagnostic::Refused;
use crate::numeric::rounding::Rounding;
use crate::recover::{ImpossibleCorrelation, RecoveredCorrelation, ReportedChange, recover_correlation};
use crate::reported::{
    Cell, CellForm, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure, SpreadMeaning,
    USUAL_LEVEL,
};

/// The correlation between two values of a row, and from what it follows: what the release reports of the change up to
/// the later occasion, its SD, SE or interval as a result of its own, or as a reported effect that is not adjusted.
/// None where nothing is reported of it.
///
/// # Errors
/// No correlation gives such a change; what was reported stands in the text.
pub(super) fn correlation_by_change(
    release: &Release,
    outcome: &Outcome,
    row: &OutcomeResult,
    cells: [&Cell; 2],
    occasion: &str,
    rounding: Rounding,
) -> Result<Option<(RecoveredCorrelation, String)>, Refused> {
    let Some(n) = release.size_of_both(&row.arm, cells) else { return Ok(None) };
    // That of other people, or of fewer, says nothing of those who have both values.
    let is_of_same = |change: &&Cell| release.size_at(&row.arm, change) == Some(n);
    let of_result = || {
        let change = row.get(Quantity::Change, occasion).filter(is_of_same)?;
        of_result(change, n, rounding)
    };
    let of_estimates = || {
        let is_own = |of: &&ReportedEstimate| is_of(release, of, outcome, row, occasion) && sizes(release, of) == [n];
        let mut own = release.estimates.iter().filter(is_own);
        own.find_map(|reported| of_estimate(reported, rounding))
    };
    let Some((reported, from)) = of_result().or_else(of_estimates) else { return Ok(None) };
    let [before, after] = cells.map(|cell| moments(cell, Some(n), rounding, &mut Vec::new()));
    match recover_correlation(&before?, &after?, n, reported) {
        Ok(found) => Ok(Some((found, from))),
        Err(ImpossibleCorrelation::Missing(_)) => Ok(None),
        Err(impossible) => Err(format!("{from}: {impossible}").into()),
    }
}

/// A plain change of n people with a spread that the source explains.
fn of_result(cell: &Cell, n: u64, rounding: Rounding) -> Option<(ReportedChange, String)> {
    if cell.adjusted.is_some() || cell.center().is_percent() {
        return None;
    }
    let meaning = cell.explained_spread()?;
    let from = format!("the reported change, {cell}");
    if let (CellForm::Pair { lower, upper, .. }, SpreadMeaning::Ci95) = (&cell.form, meaning) {
        let (lower, upper) = (lower.rounded(rounding), upper.rounded(rounding));
        return Some((ReportedChange::Ci { lower, upper, level: USUAL_LEVEL }, from + UNLESS_OF_A_MODEL));
    }
    let sd = moments(cell, Some(n), rounding, &mut Vec::new()).ok()?.sd?;
    Some((ReportedChange::Sd(sd), if meaning.is_sd() { from } else { from + UNLESS_OF_A_MODEL }))
}

/// The precision of a least-squares mean is better than that of a plain mean, and gives too large a correlation.
const UNLESS_OF_A_MODEL: &str = ", taken as a plain mean and none of a model (which `adjusted` would say)";

/// Whether a reported effect is the plain change of a row up to an occasion.
fn is_of(
    release: &Release,
    reported: &ReportedEstimate,
    outcome: &Outcome,
    row: &OutcomeResult,
    occasion: &str,
) -> bool {
    matches!(reported.measure, ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction)
        && reported.adjusted.is_none()
        && reported.outcome.as_ref() == Some(&outcome.id)
        && release.arms_of(reported) == [row.arm.as_str()]
        && release.occasion_of(reported) == Some(occasion)
}

fn of_estimate(reported: &ReportedEstimate, rounding: Rounding) -> Option<(ReportedChange, String)> {
    let of_interval = reported.interval.as_ref().map(|ci| {
        let (lower, upper, level) = (ci.lower.rounded(rounding), ci.upper.rounded(rounding), ci.level);
        match reported.measure {
            ReportedMeasure::MeanReduction => {
                ReportedChange::Ci { lower: upper.scaled(-1.0), upper: lower.scaled(-1.0), level }
            }
            _ => ReportedChange::Ci { lower, upper, level },
        }
    });
    let of_se = || reported.se.as_ref().map(|se| ReportedChange::Se(se.rounded(rounding)));
    let se = reported.se.as_ref().filter(|_| reported.interval.is_none()).map(|se| format!(", SE {se}"));
    let from = format!("the reported change, {}{}{UNLESS_OF_A_MODEL}", reported.printed(), se.unwrap_or_default());
    Some((of_interval.or_else(of_se)?, from))
}
