//! Whether a standard error that stands beside a ratio and its interval is that of the logarithm, or of the ratio itself.

use super::cells::Verdict;
use super::{Status, range, refused};
use crate::effect::reported::{DegreesOfFreedom, OnScale};
use crate::numeric::dist::normal_critical;
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{EffectScale, ReportedEstimate};

/// What is further off than this, by so many times, is no other way to calculate. A convention.
const OFF: f64 = 1.25;

/// The verdict that it is neither; none where it is one of them, or nearly. Nobody says which one is printed, so that it
/// is not decidable.
///
/// Source: the standard error of the ratio is the ratio times that of its logarithm (delta method), or that of an
/// interval that is symmetric about the ratio.
pub(super) fn of_se_beside_ratio(
    reported: &ReportedEstimate,
    on_scale: &OnScale,
    df: DegreesOfFreedom,
    rounding: Rounding,
) -> Option<Verdict> {
    let (se, interval) = (reported.se.as_ref()?, reported.interval.as_ref()?);
    if on_scale.scale != EffectScale::Log {
        return None;
    }
    let of_log = on_scale.standard_errors(interval.level, df)?;
    let ratio = reported.value.rounding_interval(rounding).to_interval();
    let of_ratio = Interval { lower: of_log.lower * ratio.lower.max(0.0), upper: of_log.upper * ratio.upper };
    let [lower, upper] = [&interval.lower, &interval.upper].map(|end| end.rounding_interval(rounding).to_interval());
    let half = upper.minus(lower).scaled(0.5);
    let as_printed = half.scaled(1.0 / normal_critical(interval.level));
    let printed = se.rounding_interval(rounding).to_interval();
    let is_near = |of: Interval| printed.lower <= OFF * of.upper && OFF * printed.upper >= of.lower;
    let is_known = [of_log, of_ratio, as_printed].into_iter().any(is_near);
    (!is_known).then(|| {
        let [of_log, of_ratio] = [of_log, of_ratio].map(range);
        refused(format!(
            "the interval makes the standard error of the logarithm {of_log}, and that of the ratio {of_ratio}; {se} is printed"
        ))
    })
}

/// Whether a p is that of a ratio and its standard error, which nobody says to be that of the ratio or of its logarithm: it
/// holds by one of them, or is not decidable. None without both.
pub(super) fn p_beside_error_of_ratio(
    reported: &ReportedEstimate,
    on_scale: &OnScale,
    df: DegreesOfFreedom,
    rounding: Rounding,
) -> Option<Verdict> {
    let (se, p) = (reported.se.as_ref()?, reported.p.as_ref()?);
    let se = se.rounded(rounding).not_negative().range;
    let ratio = reported.value.rounding_interval(rounding).to_interval();
    let of_log = [Some(se), se.divided_by(ratio)].into_iter().flatten();
    let mut values = of_log.filter_map(|se| on_scale.p_by_standard_error(se, df));
    Some(match values.find(|of| p.holds_in(*of, rounding)) {
        Some(of) => (Status::Pass, format!("the standard error goes with a p of {}", p_interval(of))),
        None => {
            refused("a standard error beside a ratio may be that of the ratio or of its logarithm, and p is of neither")
        }
    })
}
