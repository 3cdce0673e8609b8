//! Whether a change that is reported of an arm fits the values before and after.

use super::cells::Verdict;
use super::{Check, Status, arm_in_subject, range, refused};
use crate::effect::of_release::moments;
use crate::numeric::dist::{normal_critical, t_critical};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::target::READINGS;
use crate::reported::{Cell, OutcomeResult, Release, SpreadMeaning};

/// A model moves a mean change by no more than so many of its standard errors: of one with its SD, and of one with an
/// SE or interval, which more often is that of a model. Conventions.
const MODELS_DIFFER: [f64; 2] = [2.0, 4.0];

/// Patients of whom one value is missing move a mean by no more than so many standard errors of the values: one of n
/// people differs from that of half of them by one standard error of all. A convention.
const MISSING_DIFFER: f64 = 2.0;

/// Every change of a row that reports a value at the same occasion and one before it.
pub fn changes(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, change) in &row.changes {
                let subject = format!("{} {occasion}{arm}: change {change}", outcome.id);
                let verdict = of_change(release, row, occasion, change, rounding);
                checks.extend(verdict.map(|verdict| Check::of(release, "change", &subject, verdict)));
            }
        }
    }
    checks
}

fn of_change(
    release: &Release,
    row: &OutcomeResult,
    occasion: &str,
    change: &Cell,
    rounding: Rounding,
) -> Option<Verdict> {
    let (_, before) = row.cells.first().filter(|(first, _)| first != occasion)?;
    let cells = [before, row.at(occasion)?, change];
    if change.center().is_percent() != before.center().is_percent() {
        let told = if change.center().is_percent() {
            "the change is in per cent, and the values are not; a percentage of the value before is a percent-reduction or \
             percent-increase: an [[estimate]]"
        } else {
            "the values are in per cent, and the change is not; points of per cent have their sign as well"
        };
        return Some(refused(told));
    }
    if let Some(adjusted) = &change.adjusted {
        let reason = format!("it is adjusted ({}), and does not follow from the values alone", adjusted.en);
        return Some(refused(reason));
    }
    let sizes = cells.map(|cell| release.size_at(&row.arm, cell));
    let of = |at: usize| moments(cells[at], sizes[at], rounding, &mut Vec::new()).ok();
    let [before, after, change] = [of(0)?, of(1)?, of(2)?];
    let are_the_same = sizes.iter().all(|n| *n == sizes[0]);
    let all = [before, after, change];
    let sds = [0, 1, 2].map(|at| all[at].sd.and_then(|_| possible_sd(cells[at], sizes[at], rounding)));
    if let Some(impossible) = impossible_sd(cells, sds).filter(|_| are_the_same) {
        return Some(impossible);
    }
    let implied = after.mean.minus(before.mean).range;
    // The end of what prints so is not left out by the last digits of doubles.
    let slack = 1e-12 * [before.mean, after.mean].map(|mean| mean.value.abs()).iter().sum::<f64>();
    let told = format!("the values give {}", range(implied));
    let implied = Interval { lower: implied.lower - slack, upper: implied.upper + slack };
    let printed = change.mean.range;
    if implied.meets(printed) {
        return Some((Status::Pass, told));
    }
    let told = format!("{told}, and {} is printed", cells[2].center());
    let most = most_apart(sds, sizes[2], cells[2].spread());
    let is_far = |most: f64| implied.gap(printed) > most;
    if are_the_same && implied.scaled(-1.0).meets(printed) && most.is_none_or(is_far) {
        let advice = "the sign is that of the other direction: a fall is a change below 0";
        return Some((Status::Fail, format!("{told}; {advice}")));
    }
    Some(match most {
        Some(most) if are_the_same && is_far(most) => {
            let reason = "no model, and no missing value, is likely to make so much of a difference";
            (Status::Fail, format!("{told}; {reason}"))
        }
        _ if implied.scaled(-1.0).meets(printed) => refused(format!(
            "{told}; with the other sign it is what they give, and a fall is a change below 0; or a model, or missing values, \
             may have made the difference"
        )),
        _ => refused(format!("{told}; a model, or missing values, may have made the difference")),
    })
}

/// How far a change may be from the values: as far as a model moves it, by its own standard error, or missing values
/// move the means, by theirs. What a model adjusts for explains a part of the changes, so that it moves their mean by
/// no more than chance does; a value that is missing moves the mean of the others also where all change alike.
fn most_apart(
    [before, after, change]: [Option<Interval>; 3],
    n: Option<u64>,
    of: Option<SpreadMeaning>,
) -> Option<f64> {
    let root = (n? as f64).sqrt();
    let is_by_sd = !matches!(of, Some(SpreadMeaning::Se | SpreadMeaning::Ci95));
    let by_model = change.map(|sd| MODELS_DIFFER[usize::from(!is_by_sd)] * sd.upper / root);
    let by_missing = [before, after].into_iter().flatten().map(|sd| MISSING_DIFFER * sd.upper / root);
    by_missing.chain(by_model).reduce(f64::max)
}

/// A verdict where the SDs before and after allow no such SD of change. That of a change as a model estimates it is
/// another one.
fn impossible_sd(cells: [&Cell; 3], [before, after, change]: [Option<Interval>; 3]) -> Option<Verdict> {
    let possible = possible_sds([before?, after?]);
    let printed = change?;
    if printed.nearly_meets(possible) {
        return None;
    }
    let text = format!(
        "an SD of change of {}, and SDs of {} and {} allow {}{}",
        range(printed),
        cells[0],
        cells[1],
        range(possible),
        whatever_it_is(&cells)
    );
    Some(match cells[2].spread() {
        Some(meaning) if meaning.is_sd() || is_of_no_model(printed, possible) => (Status::Fail, text),
        _ => refused(format!("{text}; its precision may be that of a model")),
    })
}

/// Whether an SD that a precision makes is too large for any model: that of a model is better than that of the values,
/// or of somewhat fewer people. How many fewer is a convention.
pub(super) fn is_of_no_model(of_change: Interval, possible: Interval) -> bool {
    const OF_FEWER: f64 = 1.25;
    of_change.lower > OF_FEWER * possible.upper
}

/// The SDs that a cell can have by its spread; where nobody says what that is, by any reading of it, since what no
/// reading allows is wrong whatever was meant. None where it has no SD, or one of its readings needs a number of people
/// that is not known.
pub(super) fn possible_sd(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Option<Interval> {
    let of = |cell: &Cell| {
        let sd = moments(cell, n, rounding, &mut Vec::new()).ok()?.sd?.range;
        Some(by_either_quantile(cell, n, sd))
    };
    match cell.spread()? {
        SpreadMeaning::Unexplained => {
            let all = READINGS.map(|(_, meaning)| of(&cell.read_as(meaning)));
            let all = all.into_iter().collect::<Option<Vec<_>>>()?;
            Interval::hull(all.into_iter().flat_map(Interval::ends))
        }
        _ => of(cell),
    }
}

/// What is said where a spread that nobody explains was read in every way.
pub(super) fn whatever_it_is(cells: &[&Cell]) -> &'static str {
    let is_unexplained = |cell: &&Cell| cell.spread() == Some(SpreadMeaning::Unexplained);
    if cells.iter().any(is_unexplained) { ", whatever their ± is" } else { "" }
}

/// The SDs that a cell can have whose SD was made of an interval by t: by the normal quantile, which is used in its place,
/// it is larger.
pub(super) fn by_either_quantile(cell: &Cell, n: Option<u64>, sd: Interval) -> Interval {
    match (cell.spread(), n) {
        (Some(SpreadMeaning::Ci95), Some(n)) if n > 1 => or_by_normal(sd, t_critical(0.95, n as f64 - 1.0), 0.95),
        _ => sd,
    }
}

/// The spreads that an interval of a level has by a quantile of t, or by the normal quantile in its place, by which they
/// are a little larger.
pub(super) fn or_by_normal(of: Interval, quantile: f64, level: f64) -> Interval {
    Interval { upper: of.upper * quantile / normal_critical(level), ..of }
}

/// The SDs of change that SDs before and after allow: from their difference, at r = 1, to their sum, at r = −1.
pub(super) fn possible_sds([before, after]: [Interval; 2]) -> Interval {
    Interval { lower: before.gap(after), upper: before.upper + after.upper }
}
