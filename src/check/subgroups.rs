//! Whether the results of subgroups make that of the whole arm.

use super::cells::Verdict;
use super::changes::by_either_quantile;
use super::totals::stands_for;
use super::{Check, Status, both, range, refused};
use crate::effect::of_release::moments;
use crate::numeric::golden::minimum_between;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::target::READINGS;
use crate::reported::{Arm, Cell, CellForm, Outcome, Quantity, Release, SpreadMeaning, Statistic};

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
                && let Some(verdict) = verdict(cell, n, &of_parts, outcome.is_time(), rounding)
            {
                let subject = format!("{} {occasion} ({}): {}", outcome.id, arm.id, cell.text);
                checks.push(Check::of(release, "total", &subject, verdict));
            }
        }
    }
    checks
}

/// The mean of a whole is that of the means of its parts, weighted by how many people they have, and its SD that of
/// theirs and of how far their means lie apart; its median lies among theirs; a count is their sum. None where the parts
/// overlap, or leave some out, and of other statistics.
fn verdict(cell: &Cell, n: u64, parts: &[(&Cell, u64)], is_time: bool, rounding: Rounding) -> Option<Verdict> {
    let is_whole = parts.iter().map(|(_, size)| size).sum::<u64>() == n;
    let mut all = parts.iter().map(|(part, _)| *part).chain([cell]);
    if !is_whole || all.any(|of| of.statistic != cell.statistic || of.adjusted.is_some()) {
        return None;
    }
    match cell.statistic {
        Statistic::Median => of_median(cell, parts, is_time, rounding),
        Statistic::Mean | Statistic::Change => {
            let of_mean = of_center(cell, n, parts, rounding)?;
            let of_sd = of_sd(cell, n, parts, rounding);
            Some(of_sd.map_or(of_mean.clone(), |of_sd| both(of_mean, of_sd)))
        }
        _ => of_center(cell, n, parts, rounding),
    }
}

fn of_center(cell: &Cell, n: u64, parts: &[(&Cell, u64)], rounding: Rounding) -> Option<Verdict> {
    let all = || parts.iter().map(|(part, _)| *part).chain([cell]);
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

/// The median of a whole lies between the smallest and the largest of those of its parts, since half of each part lies
/// on either side of its own.
fn of_median(cell: &Cell, parts: &[(&Cell, u64)], is_time: bool, rounding: Rounding) -> Option<Verdict> {
    if parts.iter().any(|(part, _)| part.center().is_percent() != cell.center().is_percent()) {
        return None;
    }
    let range_of = |cell: &Cell| cell.center().rounding_interval(rounding).to_interval();
    let among = Interval::hull(parts.iter().flat_map(|(part, _)| range_of(part).ends()))?;
    let texts = parts.iter().map(|(part, size)| format!("{} of {size}", part.center())).collect::<Vec<_>>();
    let told = format!("the subgroups have medians of {}", texts.join(" and "));
    if among.nearly_meets(range_of(cell)) {
        return Some((Status::Pass, told));
    }
    let told = format!("{told}, and {}, which lies beyond all of them, is printed", cell.center());
    let is_of_curve = is_time || parts.iter().map(|(part, _)| *part).chain([cell]).any(Cell::has_interval);
    Some(match is_of_curve {
        // Where people leave before the end, the whole has not the curve of its parts in the middle.
        true => refused(format!("{told}; medians of curves may")),
        false => (Status::Fail, told),
    })
}

/// The SD of a whole by those of its parts and by how far their means lie apart: (n − 1)·s² = Σ (nᵢ − 1)·sᵢ² +
/// Σ nᵢ·(mᵢ − m)². None where they have no SDs.
///
/// Source: Cochrane Handbook (2024), table 6.5.a, for any number of groups.
fn of_sd(cell: &Cell, n: u64, parts: &[(&Cell, u64)], rounding: Rounding) -> Option<Verdict> {
    let all = || parts.iter().map(|(part, _)| *part).chain([cell]);
    let meaning = cell.spread()?;
    let has_other = |of: &Cell| of.spread() != Some(meaning) || matches!(of.form, CellForm::Fraction { .. });
    if n < 2 || all().any(|of| has_other(of) || of.is_geometric(rounding)) {
        return None;
    }
    // An SD by n is often called by the name of that by n − 1, and an unexplained ± can be anything.
    let readings: Vec<SpreadMeaning> = match meaning {
        SpreadMeaning::Unexplained => READINGS.iter().map(|(_, reading)| *reading).collect(),
        SpreadMeaning::Sd => vec![SpreadMeaning::Sd, SpreadMeaning::PopulationSd],
        SpreadMeaning::Quartiles | SpreadMeaning::Range => return None,
        meaning => vec![meaning],
    };
    let mut of_whole: Option<(Interval, bool)> = None;
    for reading in readings {
        let sd = |of: &Cell, size: u64| {
            let of = of.read_as(reading);
            let found = moments(&of, Some(size), rounding, &mut Vec::new()).ok()?;
            // One alone has no SD, and needs none.
            let sd =
                if size == 1 { Interval::point(0.0) } else { by_either_quantile(&of, Some(size), found.sd?.range) };
            Some((found.mean.range, sd, size as f64))
        };
        let of_parts: Option<Vec<_>> = parts.iter().map(|(part, size)| sd(part, *size)).collect();
        let Some((of_parts, (_, printed, _))) = of_parts.zip(sd(cell, n)) else { continue };
        let together = together(&of_parts);
        if together.nearly_meets(printed) {
            return Some((Status::Pass, format!("their SDs make {} of the whole", range(together))));
        }
        // The first reading is the one that is told.
        of_whole = of_whole.or(Some((together, meaning.is_sd())));
    }
    let (together, is_sd) = of_whole?;
    let spread = match &cell.form {
        CellForm::PlusMinus { spread, .. } => spread.to_string(),
        _ => cell.text.clone(),
    };
    let told = format!("their SDs make {} of the whole, and {spread} is printed", range(together));
    let may_be_of_model = cell.statistic == Statistic::Change || !is_sd;
    Some(if may_be_of_model { refused(format!("{told}; models may differ")) } else { (Status::Fail, told) })
}

/// The SD of people of several groups, with their means, SDs and sizes.
///
/// The sum of squares between them is least, and no more than it can be, about one common mean: Σ n·(m − c)² has its
/// minimum over c at the mean of all.
fn together(groups: &[(Interval, Interval, f64)]) -> Interval {
    let n: f64 = groups.iter().map(|(.., n)| n).sum();
    let within = |sd: fn(Interval) -> f64| groups.iter().map(|(_, s, n)| (n - 1.0) * sd(*s).powi(2)).sum::<f64>();
    let least = |center: f64| groups.iter().map(|(m, _, n)| n * m.gap(Interval::point(center)).powi(2)).sum::<f64>();
    let farthest = |m: Interval, center: f64| (m.upper - center).abs().max((m.lower - center).abs());
    let most = |center: f64| groups.iter().map(|(m, _, n)| n * farthest(*m, center).powi(2)).sum::<f64>();
    let ends = Interval::hull(groups.iter().flat_map(|(m, ..)| m.ends())).unwrap_or(Interval::UNKNOWN);
    let at_least = |sum: &dyn Fn(f64) -> f64| sum(minimum_between(sum, ends.lower, ends.upper));
    let [lower, upper] = [within(|s| s.lower) + at_least(&least), within(|s| s.upper) + at_least(&most)];
    Interval { lower, upper }.map_monotone(|sum| (sum / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The SD of all values is among those that the printed moments of their groups make.
        #[test]
        fn the_sd_of_all_is_among_them(
            groups in prop::collection::vec(prop::collection::vec(-20.0..20.0f64, 2..15), 2..5),
            decimals in 0i32..3,
        ) {
            let moments = |data: &[f64]| {
                let n = data.len() as f64;
                let mean = data.iter().sum::<f64>() / n;
                (mean, (data.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt(), n)
            };
            let unit = 10f64.powi(-decimals);
            let printed = |x: f64| {
                let x = (x / unit).round() * unit;
                Interval { lower: x - 0.5 * unit, upper: x + 0.5 * unit }
            };
            let (_, sd, _) = moments(&groups.concat());
            let exact: Vec<_> = groups.iter().map(|of| moments(of)).collect();
            let of_points: Vec<_> =
                exact.iter().map(|(m, s, n)| (Interval::point(*m), Interval::point(*s), *n)).collect();
            let found = together(&of_points);
            prop_assert!((found.lower / sd - 1.0).abs() < 1e-9 && (found.upper / sd - 1.0).abs() < 1e-9, "{found:?} {sd}");
            let rounded: Vec<_> = exact.iter().map(|(m, s, n)| (printed(*m), printed(*s), *n)).collect();
            prop_assert!(together(&rounded).contains(sd));
        }
    }
}
