//! Whether the t or z of a reported effect is the number over its standard error.

use super::cells::Verdict;
use super::{Status, range};
use crate::effect::reported::OnScale;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{EffectScale, ReportedEstimate, ReportedMeasure};

/// The verdict on the statistic that stands beside a standard error; none where either is missing, or nobody says of
/// which scale the error is.
///
/// Its sign is not looked at, as |t| is usual in print. Wald's statistic is also printed squared, as a χ² of one degree
/// of freedom.
pub(super) fn of_statistic(reported: &ReportedEstimate, on_scale: &OnScale, rounding: Rounding) -> Option<Verdict> {
    let (printed, se) = (reported.statistic.as_ref()?, reported.se.as_ref()?);
    // The z of a difference of risks, and the t of a standardised one, have other errors.
    let is_over_its_error = matches!(
        reported.measure,
        ReportedMeasure::MeanDifference
            | ReportedMeasure::MeanChange
            | ReportedMeasure::MeanReduction
            | ReportedMeasure::RegressionCoefficient
    );
    if !is_over_its_error {
        return None;
    }
    let of = over(on_scale, se, rounding)?;
    let told = format!("{} over {se} is {}", reported.value, range(of));
    let shown = printed.rounding_interval(rounding).to_interval().abs();
    let squared = of.map_monotone(|t| t * t);
    Some(match [of, squared].into_iter().any(|of| of.nearly_meets(shown)) {
        true => (Status::Pass, told),
        false => (Status::Fail, format!("{told}, and the statistic {printed} is printed")),
    })
}

/// The standard errors that print so and give the printed statistic; those that print so, where none is printed or it is
/// the statistic of another number.
pub(super) fn errors_of(reported: &ReportedEstimate, on_scale: &OnScale, rounding: Rounding) -> Option<Interval> {
    let printed = reported.se.as_ref()?.rounded(rounding).not_negative().range;
    let statistic = reported.statistic.as_ref().map(|of| of.rounding_interval(rounding).to_interval().abs());
    let by_statistic = statistic.and_then(|of| on_scale.estimate.range.abs().divided_by(of));
    Some(by_statistic.and_then(|of| of.common(printed)).unwrap_or(printed))
}

/// The sizes of the number over the standard error, for all that print so.
fn over(on_scale: &OnScale, se: &Numeral, rounding: Rounding) -> Option<Interval> {
    let se = se.rounded(rounding).not_negative().range;
    on_scale.estimate.range.abs().divided_by(se).filter(|_| on_scale.scale == EffectScale::Identity)
}

#[cfg(test)]
mod tests {
    use super::super::effect_itself::of_itself;
    use super::*;
    use crate::effect::reported::DegreesOfFreedom;

    /// Made-up numbers: 0.42/0.10 lies between 0.415/0.105 = 3.95 and 0.425/0.095 = 4.47, its square between 15.6 and 20.0.
    #[test]
    fn a_statistic_is_the_number_over_its_error() {
        let verdict = |measure: ReportedMeasure, statistic: &str| {
            let plain = ReportedEstimate::new(measure, "0.42".parse().unwrap());
            let of = ReportedEstimate {
                se: Some("0.10".parse().unwrap()),
                statistic: Some(statistic.parse().unwrap()),
                ..plain
            };
            let df = DegreesOfFreedom::of(measure, &[]);
            of_itself(&of, df, false, None, Rounding::default()).first().map(|(_, (status, _))| *status)
        };
        let coefficient = ReportedMeasure::RegressionCoefficient;
        for statistic in ["4.20", "-4.2", "3.95", "4.47", "17.64", "4"] {
            assert_eq!(verdict(coefficient, statistic), Some(Status::Pass), "{statistic}");
        }
        for statistic in ["4.48", "3.94", "5.20", "42.0", "0.42"] {
            assert_eq!(verdict(coefficient, statistic), Some(Status::Fail), "{statistic}");
        }
        assert_eq!(verdict(ReportedMeasure::StandardizedMeanDifference, "5.20"), None);
    }
}
