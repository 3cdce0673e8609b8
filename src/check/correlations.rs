//! Whether the interval and the p of a correlation are those of the number of people.

use super::cells::Verdict;
use super::named_test::{as_another_p, is_p_of};
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::{Status, range, refused};
use crate::effect::reported::{DegreesOfFreedom, OnScale, p_of_pairs};
use crate::numeric::format::{level_text, p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{ReportedEstimate, USUAL_LEVEL};

/// Of fewer people than this share of an arm is no correlation, and ranks have a standard error that is larger by no
/// more. A convention.
const FEWEST: f64 = 0.5;

/// The verdicts on a correlation of a known number of people that is not adjusted; none where its interval, or its p,
/// is that of the number.
pub(super) fn of_correlation(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    tails: Option<Tails>,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let Some(n) = df.pairs.filter(|_| reported.adjusted.is_none()) else { return Vec::new() };
    let Ok(on_scale) = OnScale::of(reported, rounding) else { return Vec::new() };
    let of_interval = of_interval(reported, &on_scale, df, n).map(|verdict| ("interval", verdict));
    let of_p = of_p(reported, &on_scale, (df, n), tails, rounding).map(|verdict| ("p-value", verdict));
    of_interval.into_iter().chain(of_p).collect()
}

/// The width of the interval, by Fisher's z.
///
/// Source: Fisher (1921), Metron 1:3: the standard error of z is 1/√(n − 3).
fn of_interval(reported: &ReportedEstimate, on_scale: &OnScale, df: DegreesOfFreedom, n: f64) -> Option<Verdict> {
    let level = reported.interval.as_ref()?.level;
    let found =
        on_scale.standard_errors(level, df).or_else(|| on_scale.standard_error(level, df).ok().map(|se| se.range))?;
    let expected = 1.0 / (n - 3.0).sqrt();
    if found.contains(expected) || !found.is_finite() {
        return None;
    }
    let told = format!(
        "the {} interval has a standard error of {} on Fisher's scale, and n = {n} gives {}",
        level_text(level),
        range(found),
        significant(expected, 3)
    );
    let fewest = 1.0 / (FEWEST * n - 3.0).max(1.0).sqrt();
    let is_of_fewer = found.lower > expected && found.lower <= fewest;
    Some(if is_of_fewer {
        refused(format!("{told}; it may be that of ranks, or of fewer people"))
    } else {
        (Status::Fail, told)
    })
}

/// The p, by the t-test of the correlation.
fn of_p(
    reported: &ReportedEstimate,
    on_scale: &OnScale,
    (df, n): (DegreesOfFreedom, f64),
    tails: Option<Tails>,
    rounding: Rounding,
) -> Option<Verdict> {
    let printed = reported.p.as_ref()?;
    let r = on_scale.estimate.range.abs().map_monotone(f64::tanh);
    let p = Interval::between(p_of_pairs(r.upper, n), p_of_pairs(r.lower, n));
    let is_one = tails == Some(Tails::One);
    let (own, side) = if is_one { (p.scaled(0.5), " of one side") } else { (p, "") };
    let told = format!("a correlation of {n} people goes with a p{side} of {}", p_interval(own));
    if is_p_of(printed, p, tails, rounding) {
        return reported.interval.is_none().then_some((Status::Pass, told));
    }
    if reported.interval.is_some() {
        return None;
    }
    let told = format!("{told}, and {printed} is printed");
    if let Some(test) = &reported.test {
        return Some(refused(format!("{told}, which is that of another test ({test})")));
    }
    if is_one && printed.holds_in(p, rounding) {
        return Some((Status::Fail, format!("{told}; it is said to be one-sided, and is that of both sides")));
    }
    if let Some(other) = as_another_p(printed, p, tails, rounding) {
        return Some(refused(format!("{told}; {other}")));
    }
    let fewer = Interval::between(p.lower, p_of_pairs(r.lower, (FEWEST * n).max(3.0)));
    let is_near = Leeway::of(reported.measure, on_scale, USUAL_LEVEL, df).admits_sided(printed, p, tails, rounding);
    Some(if is_near || is_p_of(printed, fewer, tails, rounding) {
        refused(format!("{told}; it may be that of ranks, or of fewer people"))
    } else {
        (Status::Fail, told)
    })
}
