//! A p that stands alone beside an effect of means, without an interval or a standard error: whether it is that of a
//! t-test of the values that the arms report, and why nothing can be said where they give none.

use super::cells::Verdict;
use super::changes::{by_either_quantile, possible_sd, whatever_it_is};
use super::named_test::{as_another_p, is_of_skewed};
use super::other_tests::Leeway;
use super::precision::has_other_arms;
use super::test_names::names_t_test;
use super::{Status, refused};
use crate::diagnostic::Refused;
use crate::effect::Moments;
use crate::effect::before_after::BeforeAfter;
use crate::effect::of_release::moments;
use crate::effect::reported::sizes;
use crate::effect::two_groups::TwoGroups;
use crate::estimate::TestResult;
use crate::numeric::dist::t_two_sided_p;
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Comparison;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{ArmPair, Cell, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure};

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

/// Mean and SD of a cell, and those that it can have by either quantile; where nobody says what its ± is, as the sample
/// SD.
fn moments_of(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Result<Moments, Refused> {
    let found = moments(cell, n, rounding, &mut Vec::new())?;
    let sd = found.sd.map(|sd| Rounded { range: by_either_quantile(cell, n, sd.range), ..sd });
    Ok(Moments { sd, ..found })
}

/// A t-test of the values, or of the changes, that both arms report.
struct OfPair<'a> {
    name: &'static str,
    pair: ArmPair<'a>,
    n: [Option<u64>; 2],
    /// Its p, for all numbers that print so.
    p: Interval,
    /// The same whatever a ± is that nobody explains.
    whatever: Interval,
}

/// Student's and Welch's t-test of a pair of cells.
fn tests_of<'a>(release: &Release, pair: ArmPair<'a>, rounding: Rounding) -> Result<Vec<OfPair<'a>>, Refused> {
    let n = [0, 1].map(|at| release.size_at(pair.arms()[at], pair.cells[at]));
    let moments = |at: usize| moments_of(pair.cells[at], n[at], rounding);
    let own = TwoGroups { n, groups: [moments(0)?, moments(1)?] };
    let widest = |at: usize| {
        let of: Moments = own.groups[at];
        let range = possible_sd(pair.cells[at], n[at], rounding);
        Moments { sd: of.sd.zip(range).map(|(sd, range)| Rounded { range, ..sd }).or(of.sd), ..of }
    };
    let wide = TwoGroups { groups: [0, 1].map(widest), ..own };
    let of = |name, test: Result<TestResult, Refused>, wide: Result<TestResult, Refused>| {
        let p = test?.p_rounding;
        let whatever = wide.ok().and_then(|test| test.p_rounding);
        Ok(p.map(|p| OfPair { name, pair, n, p, whatever: whatever.unwrap_or(p) }))
    };
    let tests = [
        of("Student's t-test", own.student_t(), wide.student_t()),
        of("Welch's t-test", own.welch_t(), wide.welch_t()),
    ];
    Ok(tests.into_iter().collect::<Result<Vec<_>, Refused>>()?.into_iter().flatten().collect())
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
    let mut tests = Vec::new();
    let mut missing = None;
    for pair in pairs {
        match tests_of(release, pair, rounding) {
            Ok(found) => tests.extend(found),
            Err(reason) => missing = missing.or(Some(reason)),
        }
    }
    if tests.is_empty() {
        return Err(missing.unwrap_or_else(|| "its arms report no occasion in common".into()));
    }
    if let Some(OfPair { name, pair, p, .. }) = tests.iter().find(|of| printed.holds_in(of.p, rounding)) {
        let [first, second] = pair.cells;
        return Ok((Status::Pass, format!("{name} of {first} against {second} has a p of {}", p_interval(*p))));
    }
    let all = tests.iter().map(|of| format!("{} {}", of.name, p_interval(of.whatever))).collect::<Vec<_>>().join(", ");
    let assumed = whatever_it_is(&tests.iter().flat_map(|of| of.pair.cells).collect::<Vec<_>>());
    let told = format!("the values give {all}{assumed}, and {printed} is printed");
    let has_earlier = ArmPair::all([arm, versus], Quantity::Value).any(|pair| pair.occasion != occasion);
    Ok(match may_be_another(release, reported, printed, (&tests, has_earlier), rounding) {
        Some(reason) => refused(format!("{told}; {reason}")),
        None => (Status::Fail, format!("{told}; no common test of these data is likely to give this p")),
    })
}

/// What else a p may be that is none of the t-tests of the values; none where nothing usual gives it.
fn may_be_another(
    release: &Release,
    reported: &ReportedEstimate,
    printed: &Comparison,
    (tests, has_earlier): (&[OfPair<'_>], bool),
    rounding: Rounding,
) -> Option<String> {
    let other = tests.iter().find_map(|of| as_another_p(printed, of.whatever, None, rounding));
    let names_t = reported.test.is_some();
    let fewest = tests.iter().flat_map(|of| of.n).flatten().min().map(|n| n as f64);
    let leeway = Leeway::of_means(fewest);
    if other.is_some() {
        return other;
    }
    let reason = if tests.iter().any(|of| printed.holds_in(of.whatever, rounding)) {
        "the source does not say what its ± is"
    } else if has_earlier {
        "how much they changed, or values adjusted for those before, may have been compared"
    } else if has_other_arms(release, reported) {
        "an analysis of all arms may have given it"
    } else if !names_t && reported.measure != ReportedMeasure::MeanDifference {
        "a test of logarithms, or of each one's values, may have given it"
    } else if !names_t && is_of_skewed(release, reported, rounding) {
        "the SDs say that the values are skewed, and a test of ranks may give another p"
    } else if !names_t && tests.iter().any(|of| leeway.admits_printed(printed, of.whatever, rounding)) {
        "another test than that of the values may have given it"
    } else {
        return None;
    };
    Some(reason.to_owned())
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
