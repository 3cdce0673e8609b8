//! A p that stands alone beside an effect of means, without an interval or a standard error: whether it is that of a
//! t-test of the values that the arms report, and why nothing can be said where they give none.

use super::cells::Verdict;
use super::changes::by_either_quantile;
use super::named_test::{as_another_p, is_of_skewed, names_t_test};
use super::other_tests::Leeway;
use super::precision::has_other_arms;
use super::{Status, refused};
use crate::diagnostic::Refused;
use crate::effect::Moments;
use crate::effect::before_after::BeforeAfter;
use crate::effect::of_release::moments;
use crate::effect::reported::sizes;
use crate::effect::two_groups::TwoGroups;
use crate::numeric::dist::t_two_sided_p;
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Comparison;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{
    ArmPair, Cell, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure, SpreadMeaning,
};

/// What is made of a p that stands alone; none where there is no p, or an interval or a standard error beside it.
pub(super) fn of_p_of_means(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let printed = reported.p.as_ref().filter(|_| reported.interval.is_none() && reported.se.is_none())?;
    if let Some(adjusted) = &reported.adjusted {
        return Some(alone(format!("it is adjusted ({})", adjusted.en)));
    }
    if let Some(test) = reported.test.as_ref().filter(|test| !names_t_test(test)) {
        return Some(alone(format!("it is that of another test ({test})")));
    }
    if !reported.measure.is_of_means() {
        return Some(alone(format!("a {} alone gives none", reported.measure.in_words())));
    }
    let found = match reported.measure.is_of_one_arm() {
        true => of_change(release, reported, printed, rounding),
        false => of_arms(release, reported, printed, rounding),
    };
    Some(found.unwrap_or_else(alone))
}

/// That nothing can be said of it, and why.
fn alone(reason: impl std::fmt::Display) -> Verdict {
    refused(format!("the p has no interval and no standard error beside it, and {reason}"))
}

/// The rows of an effect, its outcome and its occasion.
fn rows<'a>(
    release: &'a Release,
    reported: &'a ReportedEstimate,
) -> Result<(&'a Outcome, Vec<&'a OutcomeResult>, &'a str), Refused> {
    const NO_VALUES: &str = "no values of its arms are reported";
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id)).ok_or(NO_VALUES)?;
    let arms = release.arms_of(reported).into_iter().map(|arm| outcome.of_arm(arm));
    let rows = arms.collect::<Option<Vec<_>>>().filter(|rows| !rows.is_empty()).ok_or(NO_VALUES)?;
    Ok((outcome, rows, release.occasion_of(reported).ok_or(NO_VALUES)?))
}

/// Mean and SD of a cell, and those that it can have by either quantile.
fn moments_of(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Result<Moments, Refused> {
    let found = moments(cell, n, rounding, &mut Vec::new())?;
    let sd = found.sd.map(|sd| Rounded { range: by_either_quantile(cell, n, sd.range), ..sd });
    Ok(Moments { sd, ..found })
}

/// By Student's and Welch's t-test of the values, or of the changes, that both arms report.
fn of_arms(
    release: &Release,
    reported: &ReportedEstimate,
    printed: &Comparison,
    rounding: Rounding,
) -> Result<Verdict, Refused> {
    let (_, rows, occasion) = rows(release, reported)?;
    let &[arm, versus] = &rows[..] else { return Err("it names no two arms".into()) };
    let pairs = Quantity::BOTH.into_iter().filter_map(|quantity| ArmPair::at([arm, versus], quantity, occasion));
    let mut tests: Vec<(&'static str, ArmPair<'_>, Interval)> = Vec::new();
    let mut missing = None;
    let mut is_unexplained = false;
    for pair in pairs {
        let n = [0, 1].map(|at| release.size_at(pair.arms()[at], pair.cells[at]));
        let of = |at: usize| moments_of(pair.cells[at], n[at], rounding);
        let found = of(0).and_then(|first| Ok(TwoGroups { n, groups: [first, of(1)?] }));
        is_unexplained |= pair.cells.iter().any(|cell| cell.spread() == Some(SpreadMeaning::Unexplained));
        for (name, test) in [
            ("Student's t-test", found.as_ref().map(TwoGroups::student_t)),
            ("Welch's t-test", found.as_ref().map(TwoGroups::welch_t)),
        ] {
            match test.map_err(Clone::clone).and_then(|test| test).map(|test| test.p_rounding) {
                Ok(p) => tests.extend(p.map(|p| (name, pair, p))),
                Err(reason) => missing = missing.or(Some(reason)),
            }
        }
    }
    if tests.is_empty() {
        return Err(missing.unwrap_or_else(|| "its arms report no occasion in common".into()));
    }
    if let Some((name, pair, p)) = tests.iter().find(|(.., p)| printed.holds_in(*p, rounding)) {
        let [first, second] = pair.cells;
        return Ok((Status::Pass, format!("{name} of {first} against {second} has a p of {}", p_interval(*p))));
    }
    let all = tests.iter().map(|(name, _, p)| format!("{name} {}", p_interval(*p))).collect::<Vec<_>>().join(", ");
    let told = format!("the values give {all}, and {printed} is printed");
    let has_earlier = ArmPair::all([arm, versus], Quantity::Value).any(|pair| pair.occasion != occasion);
    let names_t = reported.test.is_some();
    let fewest = tests
        .iter()
        .flat_map(|(_, pair, _)| [0, 1].map(|at| release.size_at(pair.arms()[at], pair.cells[at]).map(|n| n as f64)));
    let leeway = Leeway::of_means(fewest.flatten().reduce(f64::min));
    let other = tests.iter().find_map(|(.., p)| as_another_p(printed, *p, None, rounding));
    Ok(if let Some(other) = other {
        refused(format!("{told}; {other}"))
    } else if is_unexplained {
        refused(format!("{told}; the source does not say what its ± is"))
    } else if has_earlier {
        refused(format!("{told}; how much they changed, or values adjusted for those before, may have been compared"))
    } else if has_other_arms(release, reported) {
        refused(format!("{told}; an analysis of all arms may have given it"))
    } else if !names_t && reported.measure != ReportedMeasure::MeanDifference {
        refused(format!("{told}; a test of logarithms, or of each one's values, may have given it"))
    } else if !names_t && is_of_skewed(release, reported, rounding) {
        refused(format!("{told}; the SDs say that the values are skewed, and a test of ranks may give another p"))
    } else if !names_t && tests.iter().any(|(.., p)| leeway.admits_printed(printed, *p, rounding)) {
        refused(format!("{told}; another test than that of the values may have given it"))
    } else {
        (Status::Fail, format!("{told}; no common test of these data is likely to give this p"))
    })
}

/// By the t-test of a change with the SD that is reported of it, or by those that the SDs before and after allow.
fn of_change(
    release: &Release,
    reported: &ReportedEstimate,
    printed: &Comparison,
    rounding: Rounding,
) -> Result<Verdict, Refused> {
    let (_, rows, occasion) = rows(release, reported)?;
    let &[row] = &rows[..] else { return Err("it names no arm".into()) };
    if let Some(change) = row.get(Quantity::Change, occasion) {
        let n = release.size_at(&row.arm, change).filter(|n| *n > 1).ok_or("the number of people is not stated")?;
        let found = moments_of(change, Some(n), rounding)?;
        let sd = found.sd.ok_or("no SD of the change is reported")?;
        let t = found.mean.range.abs().divided_by(sd.range.scaled(1.0 / (n as f64).sqrt()));
        let t = t.ok_or("the SD of the change may be 0")?;
        let p = t.map_monotone(|t| t_two_sided_p(t, n as f64 - 1.0));
        let told = format!("the t-test of {change} has a p of {}", p_interval(p));
        return Ok(match printed.holds_in(p, rounding) {
            true => (Status::Pass, told),
            false => refused(format!("{told}, and {printed} is printed; another test may have given it")),
        });
    }
    let first = row.cells.first().filter(|(id, _)| id != occasion).map(|(_, cell)| cell);
    let (first, last) = first.zip(row.at(occasion)).ok_or("no values before and after are reported")?;
    let n = match sizes(release, reported)[..] {
        [n] => Some(n),
        _ => return Err("it is not known how many were measured twice".into()),
    };
    let of = |cell: &Cell| moments_of(cell, n, rounding);
    let p = BeforeAfter { n, before: of(first)?, after: of(last)? }.p_over_correlations()?;
    let text = format!("by the correlation of {first} and {last} the paired t-test has any p from {}", p_interval(p));
    Ok(refused(match printed.holds_in(p, rounding) {
        true => text,
        false => format!("{text}, and {printed} is printed; another test may have given it"),
    }))
}
