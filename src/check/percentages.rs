//! A percentage of change that is the mean of each one's percentage: its interval is one of per cent, and not of a
//! ratio.

use super::cells::Verdict;
use super::{Status, refused};
use crate::effect::reported::{DegreesOfFreedom, OnScale, sizes};
use crate::numeric::dist::alpha_of;
use crate::numeric::format::p_interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{Release, ReportedEstimate, ReportedMeasure, USUAL_LEVEL};

/// How many times a p is beyond the level of its interval where no other scale or test brings it back.
const FAR: f64 = 4.0;

/// The verdicts on interval and p of such a percentage; none where the effect does not lie in the middle of its
/// interval as it is printed, or does so on the scale of the ratio as well.
pub(super) fn of_percentages(
    release: &Release,
    reported: &ReportedEstimate,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let Some(on_scale) = OnScale::of_percentages(reported, rounding) else { return Vec::new() };
    let told = "the effect lies in the middle of its interval as it is printed, like the mean of each one's percentage";
    let mut verdicts = vec![("interval", (Status::Pass, told.to_owned()))];
    let of_means = if reported.compares_arms() { ReportedMeasure::MeanDifference } else { ReportedMeasure::MeanChange };
    let df = DegreesOfFreedom::of(of_means, &sizes(release, reported));
    let p = reported.interval.as_ref().and_then(|interval| on_scale.p(interval.level, df).ok());
    if let Some((p, printed)) = p.zip(reported.p.as_ref()) {
        let told = format!("the interval, of means of percentages, goes with a p of {}", p_interval(p));
        let alpha = alpha_of(reported.interval.as_ref().map_or(USUAL_LEVEL, |interval| interval.level));
        // On no scale is an interval that leaves out 0 by far one of no difference, nor the other way round.
        let is_contrary = match printed.says_significant(alpha) {
            Some(true) => p.lower > FAR * alpha,
            Some(false) => p.upper < alpha / FAR,
            None => false,
        };
        let verdict = match (printed.holds_in(p, rounding), is_contrary) {
            (true, _) => (Status::Pass, told),
            (false, true) => (Status::Fail, format!("{told}, and {printed} is printed")),
            (false, false) => refused(format!("{told}, and {printed} is printed")),
        };
        verdicts.push(("p-value", verdict));
    }
    verdicts
}
