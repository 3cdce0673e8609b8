//! Whether the results of subgroups make that of the whole arm.

use super::cells::Verdict;
use super::totals::stands_for;
use super::{Check, Status, range, refused};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{Arm, Cell, Outcome, Quantity, Release, Statistic};

/// Every result of an arm whose subgroups report the same and have its people between them.
pub fn subgroups(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for arm in &release.arms {
        let parts: Vec<&Arm> = release.arms.iter().filter(|part| part.of.as_ref() == Some(&arm.id)).collect();
        for outcome in release.outcomes.iter().filter(|_| parts.len() > 1) {
            checks.extend(of_outcome(release, outcome, arm, &parts, rounding));
        }
    }
    checks
}

fn of_outcome(release: &Release, outcome: &Outcome, arm: &Arm, parts: &[&Arm], rounding: Rounding) -> Vec<Check> {
    let Some(whole) = outcome.of_arm(&arm.id) else { return Vec::new() };
    let mut checks = Vec::new();
    for quantity in Quantity::BOTH {
        for (occasion, cell) in whole.all(quantity) {
            let own = |part: &&Arm| {
                let of = outcome.of_arm(&part.id)?.get(quantity, occasion)?;
                Some((of, release.size_at(&part.id, of)?))
            };
            let of_parts: Option<Vec<(&Cell, u64)>> = parts.iter().map(own).collect();
            let n = release.size_at(&arm.id, cell);
            if let Some((of_parts, n)) = of_parts.zip(n)
                && let Some(verdict) = verdict(cell, n, &of_parts, rounding)
            {
                let subject = format!("{} {occasion} ({}): {}", outcome.id, arm.id, cell.text);
                checks.push(Check::of(release, "total", &subject, verdict));
            }
        }
    }
    checks
}

/// The mean of a whole is that of the means of its parts, weighted by how many people they have; a count is their sum.
/// None where the parts overlap, or leave some out, and of other statistics.
fn verdict(cell: &Cell, n: u64, parts: &[(&Cell, u64)], rounding: Rounding) -> Option<Verdict> {
    let is_whole = parts.iter().map(|(_, size)| size).sum::<u64>() == n;
    let all = || parts.iter().map(|(part, _)| *part).chain([cell]);
    if !is_whole || all().any(|of| of.statistic != cell.statistic || of.adjusted.is_some()) {
        return None;
    }
    let texts =
        parts.iter().map(|(part, size)| format!("{} of {size}", part.center())).collect::<Vec<_>>().join(" and ");
    let printed = cell.center().rounding_interval(rounding).to_interval();
    match cell.statistic {
        Statistic::Count => {
            let sum: u64 = parts.iter().map(|(part, _)| part.center().count()).sum::<Option<u64>>()?;
            let own = cell.center().count()?;
            let told = format!("the subgroups have {texts}, {sum} together");
            let possible =
                parts.iter().fold(Interval::point(0.0), |sum, (part, _)| sum.plus(stands_for(part.center(), rounding)));
            Some(if possible.nearly_meets(stands_for(cell.center(), rounding)) {
                (Status::Pass, told)
            } else {
                (Status::Fail, format!("{told}, and {own} is printed"))
            })
        }
        Statistic::Mean | Statistic::Percent | Statistic::Change => {
            if all().any(|of| of.is_geometric(rounding) || of.center().is_percent() != cell.center().is_percent()) {
                return None;
            }
            let weighted = parts.iter().fold(Interval::point(0.0), |sum, (part, size)| {
                let share = *size as f64 / n as f64;
                sum.plus(part.center().rounding_interval(rounding).to_interval().scaled(share))
            });
            let fits = weighted.nearly_meets(printed);
            let told = format!("the subgroups have {texts}, {} together", range(weighted));
            Some(match (fits, cell.statistic) {
                (true, _) => (Status::Pass, told),
                // A mean change of a model is that of the whole, and not the mean of those of its parts.
                (false, Statistic::Change) => {
                    refused(format!("{told}, and {} is printed: models may differ", cell.center()))
                }
                // Those at a time of a curve, where people leave before it, have no such weights.
                (false, Statistic::Percent) if all().any(Cell::has_interval) => refused(format!(
                    "{told}, and {} is printed: of curves and of models they may differ",
                    cell.center()
                )),
                (false, _) => (Status::Fail, format!("{told}, and {} is printed", cell.center())),
            })
        }
        _ => None,
    }
}
