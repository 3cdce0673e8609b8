//! Whether the mean of a result lies in the middle of its confidence interval.

use super::cells::Verdict;
use super::effect_itself::OF_BOOTSTRAP;
use super::{Check, Status, arm_in_subject, range, refused};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, CellForm, Release, SpreadMeaning, Statistic};

/// Every mean and mean change with both ends of a confidence interval.
pub fn mean_intervals(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, cell) in row.reported() {
                let Some((mean, ends)) = with_interval(cell) else { continue };
                let subject = format!("{} {occasion}{arm}: {cell}", outcome.id);
                let verdict = match of_mean(mean, ends, rounding) {
                    (Status::Fail, told) if cell.adjusted.is_some() => {
                        refused(format!("{told}; those of a model on another scale need not"))
                    }
                    verdict => verdict,
                };
                checks.push(Check::of(release, "interval", &subject, verdict));
            }
        }
    }
    checks
}

fn with_interval(cell: &Cell) -> Option<(&Numeral, [&Numeral; 2])> {
    let is_mean = matches!(cell.statistic, Statistic::Mean | Statistic::Change | Statistic::Slope);
    match &cell.form {
        CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } if is_mean => {
            Some((center, [lower, upper]))
        }
        _ => None,
    }
}

/// In the middle, or in that of the logarithms, as intervals of geometric means have it.
pub(super) fn of_mean(mean: &Numeral, ends: [&Numeral; 2], rounding: Rounding) -> Verdict {
    let mean = mean.rounded(rounding);
    let [lower, upper] = ends.map(|end| end.rounded(rounding));
    let middle = lower.range.middle_to(upper.range);
    if middle.meets(mean.range) {
        return (Status::Pass, "the mean lies in the middle of its interval".to_owned());
    }
    let text = format!("the middle of the interval is {}", range(middle));
    if lower.range.lower > 0.0 {
        let geometric = lower.range.map_monotone(f64::ln).middle_to(upper.range.map_monotone(f64::ln)).exp();
        if geometric.meets(mean.range) {
            return (Status::Pass, format!("{text}, and that of the logarithms {}", range(geometric)));
        }
    }
    let halves = [mean.minus(lower), upper.minus(mean)].map(|half| half.range);
    let is_longer = |one: usize, other: usize| halves[one].lower > OF_BOOTSTRAP * halves[other].upper.max(0.0);
    if is_longer(0, 1) || is_longer(1, 0) {
        return (Status::Fail, format!("{text}, and not the mean; intervals by t have it there"));
    }
    refused(format!("{text}, and not the mean; a bootstrap interval need not have it there"))
}
