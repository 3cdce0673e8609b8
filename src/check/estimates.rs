//! Whether an effect that a source reports itself fits its interval, its p and the values beside it.

use super::cells::Verdict;
use super::correlations::of_correlation;
pub use super::effect_itself::of_itself;
use super::effect_itself::{OF_BOOTSTRAP, OF_SKEWED};
use super::individual_percentages::most_points_apart;
use super::named_test::{is_of_skewed, of_counts, of_fisher, of_p_alone, told_by_counts};
use super::other_analysis::{as_other_measure, is_of_another_analysis, of_named_method, too_lopsided_for_counts};
use super::p_of_means::of_p_of_means;
use super::percentages::of_percentages;
use super::precision::{has_other_arms, impossible_precision, of_another_precision};
use super::{Check, Status, range, refused};
use crate::effect::implied::{Implied, has_other_sign, implied, of_fewer_people, were_sds_standard_errors};
use crate::effect::reported::{DegreesOfFreedom, OnScale, is_risk_in_percent, sizes, standard_error};
use crate::numeric::format::{from_to, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{
    Cell, EffectScale, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure, Statistic,
};

/// Every check of every reported effect.
pub fn estimates(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for reported in &release.estimates {
        let subject = format!("{}: {}", reported.id, reported.printed());
        let df = DegreesOfFreedom::of(reported.measure, &sizes(release, reported));
        let of_values = of_values(release, reported, rounding).map(|verdict| ("estimate", verdict));
        let by_counts = || of_counts(release, reported, rounding);
        let alone = || of_p_alone(release, reported, rounding);
        let of_test = of_fisher(release, reported, rounding).or_else(by_counts).or_else(alone);
        let of_test = of_test.map(|verdict| ("p-value", verdict));
        let mut made = of_itself(reported, df, has_other_arms(release, reported), None, rounding);
        for (_, verdict) in made.iter_mut().filter(|(code, _)| *code == "p-value") {
            *verdict = beside_values(release, reported, verdict.clone(), rounding);
        }
        let of_plain = too_lopsided_for_counts(release, reported, rounding)
            .or_else(|| of_named_method(release, reported, rounding))
            .or_else(|| of_another_precision(release, reported, rounding))
            .map(|verdict| ("interval", verdict));
        let others = of_percentages(release, reported, rounding)
            .into_iter()
            .chain(of_correlation(reported, df, None, rounding))
            .chain(of_plain);
        for other in others {
            put_in_place(&mut made, other);
        }
        let has_p = made.iter().any(|(code, _)| *code == "p-value");
        let of_means = || of_p_of_means(release, reported, rounding).map(|verdict| ("p-value", verdict));
        let of_test = of_test.or_else(|| if has_p { None } else { of_means() });
        for (_, verdict) in made.iter_mut().filter(|(code, _)| *code == "interval") {
            *verdict = of_skewed_values(release, reported, verdict.clone(), rounding);
        }
        made.retain(|(code, _)| of_test.is_none() || *code != "p-value");
        let made = made.into_iter().chain(of_test).chain(of_values);
        checks.extend(made.map(|(code, (status, message))| {
            let is_of_no_test = code == "p-value" && status == Status::Fail && reported.test.is_none();
            let hint = if is_of_no_test { NAME_THE_TEST } else { "" };
            Check::of(release, code, &subject, (status, message + hint))
        }));
    }
    checks
}

/// What the check of a p says beside its verdict to those who write the file.
pub const NAME_THE_TEST: &str = "; if another was used, name it in `test`";

/// What the check of an effect says to them, where the values do not give it.
pub const NAME_THE_MODEL: &str = "where it is that of a model, `adjusted` says of which";

/// Puts a verdict in the place of one of the same code, where both do not pass and that is no worse.
pub(super) fn put_in_place(made: &mut Vec<(&'static str, Verdict)>, other: (&'static str, Verdict)) {
    match made.iter_mut().find(|(code, _)| *code == other.0) {
        Some(known) if known.1.0 == Status::Pass && other.1.0 == Status::Pass => {}
        Some(known) if known.1.0 == Status::Fail && other.1.0 == Status::Refused => {}
        Some(known) => *known = other,
        None => made.push(other),
    }
}

/// A verdict on an interval that is lopsided, beside values that are much skewed: resampling makes such ones.
fn of_skewed_values(
    release: &Release,
    reported: &ReportedEstimate,
    (status, told): Verdict,
    rounding: Rounding,
) -> Verdict {
    let is_lopsided = |of: OnScale| of.is_more_lopsided_than(OF_BOOTSTRAP) && !of.is_more_lopsided_than(OF_SKEWED);
    let may_be = status == Status::Fail && OnScale::of(reported, rounding).is_ok_and(is_lopsided);
    match may_be && is_of_skewed(release, reported, rounding) {
        true => {
            refused(format!("{told}; the SDs say that the values are skewed, as a bootstrap interval of such ones is"))
        }
        false => (status, told),
    }
}

/// A verdict on a p that its interval does not give, beside what is known of the values.
fn beside_values(
    release: &Release,
    reported: &ReportedEstimate,
    (status, told): Verdict,
    rounding: Rounding,
) -> Verdict {
    if status == Status::Pass {
        return (status, told);
    }
    let by_counts = told_by_counts(release, reported, rounding).map(|by_counts| format!("; {by_counts}"));
    let told = format!("{told}{}", by_counts.unwrap_or_default());
    if status == Status::Fail && is_of_skewed(release, reported, rounding) {
        let reason = "the SDs say that the values are skewed, and a test of ranks may give another p";
        return refused(format!("{told}; {reason}"));
    }
    (status, told)
}

/// The values that are reported beside the effect give it.
fn of_values(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    if outcome.results.is_empty() {
        return None;
    }
    let found = match implied(release, reported, rounding) {
        Ok(found) => found,
        Err(reason) => return Some(of_other_sign(release, reported, rounding).unwrap_or_else(|| refused(reason))),
    };
    if let Some(verdict) = without_per_cent(release, reported, &found, rounding) {
        return Some(verdict);
    }
    if let Some(other) = as_other_measure(release, reported, &found, rounding) {
        let values = found.iter().map(in_words).collect::<Vec<_>>().join(", or ");
        let told = format!("the values give {values}, and {} is printed", reported.value);
        return Some((Status::Fail, format!("{told}; the {} of the counts is, with its interval", other.in_words())));
    }
    if let Some(verdict) = impossible_precision(release, reported, rounding) {
        return Some(verdict);
    }
    let printed = reported.value.rounding_interval(rounding).to_interval();
    // An effect that lies on the end of what prints so is no other one by the last digit of a double.
    let nearly =
        |of: Interval| Interval { lower: of.lower - 1e-12 * of.lower.abs(), upper: of.upper + 1e-12 * of.upper.abs() };
    if let Some(fitting) = found.iter().find(|implied| nearly(implied.range).meets(printed)) {
        return Some((Status::Pass, format!("the values give {}", in_words(fitting))));
    }
    // The many SDs of a standardised difference are named by the usual ones.
    let told = if reported.measure == ReportedMeasure::StandardizedMeanDifference { 3 } else { found.len() };
    let others: Vec<String> = found.iter().take(told).map(|of| apart(of, printed)).collect();
    let is_turned = is_turned(reported, &found, printed, rounding);
    let advice = other_direction(reported);
    if let Some(reason) = of_fewer_people(release, reported) {
        let hint = if is_turned { format!("; of all people, {advice}") } else { String::new() };
        return Some(refused(format!(
            "the values give {}, and {} is printed; {reason}{hint}",
            others.join(", "),
            reported.value
        )));
    }
    let others = others.join(", or ");
    let is_slip =
        || reported.measure == ReportedMeasure::StandardizedMeanDifference && middle_fits(reported, &found, rounding);
    if !is_turned && is_slip() {
        let told = format!("the values give {}, and {} is printed", others, reported.value);
        return Some((Status::Fail, format!("{told}; the middle of its interval is what the values give")));
    }
    let open = if is_turned { None } else { of_another_analysis(release, reported, &found, printed, rounding) };
    if let Some(open) = open {
        let told = format!("the values give {}, and {} is printed", others, reported.value);
        return Some(refused(format!("{told}; {open}")));
    }
    let misnamed = were_sds_standard_errors(release, reported, rounding);
    if let Some(fitting) = misnamed.iter().find(|of| of.range.meets(printed)) {
        let told = format!("the values give {}, and {} is printed", others, reported.value);
        let hint = format!("were their SDs standard errors, they would give {}", range(fitting.range));
        return Some((Status::Fail, format!("{told}; {hint}")));
    }
    let advice = match is_turned {
        true if are_changes_above_0(release, reported) => {
            "the sign is that of the other direction: changes that are falls are written below 0, also where the source \
             prints them without their sign; or `arm` and `versus` are to change with each other"
        }
        true => advice,
        false => NAME_THE_MODEL,
    };
    Some((Status::Fail, format!("the values give {}, and {} is printed; {advice}", others, reported.value)))
}

/// What else an effect may be that the values do not give; none where it is one of them, and wrong.
fn of_another_analysis(
    release: &Release,
    reported: &ReportedEstimate,
    found: &[Implied],
    printed: Interval,
    rounding: Rounding,
) -> Option<&'static str> {
    match reported.measure {
        ReportedMeasure::RateRatio if found.iter().any(|of| is_of_a_model(of.range, reported, rounding)) => {
            Some("a model of the events need not give the ratio of the printed rates")
        }
        ReportedMeasure::OddsRatio | ReportedMeasure::RiskRatio | ReportedMeasure::RiskDifference
            if is_of_another_analysis(release, reported, found, rounding) =>
        {
            Some("its interval is none of the plain counts: a stratified or adjusted analysis need not give theirs")
        }
        ReportedMeasure::StandardizedMeanDifference if found.iter().any(|of| is_by_another_sd(of.range, printed)) => {
            Some("another SD may stand below the difference")
        }
        ReportedMeasure::PercentIncrease | ReportedMeasure::PercentReduction => {
            match most_points_apart(release, reported, rounding) {
                Some(most) if found.iter().any(|of| of.range.gap(printed) <= most) => {
                    Some("it may be the mean of each one's percentage, or that of a model")
                }
                // Counts have no percentage of each one.
                None if reported.interval.is_some()
                    && found.iter().any(|of| is_of_a_model(of.range, reported, rounding)) =>
                {
                    Some("it may be that of a model")
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a standardised difference may be of the same means over another SD: that of the change, of the other group
/// or of all people. The SD of the change is a quarter of that of the values at a correlation of 0.97. A convention.
fn is_by_another_sd(implied: Interval, printed: Interval) -> bool {
    const FACTOR: f64 = 4.0;
    let most = FACTOR * implied.lower.abs().max(implied.upper.abs());
    let least = if implied.contains(0.0) { 0.0 } else { implied.lower.abs().min(implied.upper.abs()) / FACTOR };
    let size = [printed.lower, printed.upper].map(f64::abs);
    size[0].min(size[1]) <= most && size[0].max(size[1]) >= least
}

/// Whether an effect compares changes or slopes of both arms that are written above 0.
fn are_changes_above_0(release: &Release, reported: &ReportedEstimate) -> bool {
    let found = reported.outcome.as_deref().and_then(|id| release.outcome(id)).zip(release.occasion_of(reported));
    let Some((outcome, occasion)) = found else { return false };
    let rows = release.arms_of(reported).into_iter().map(|arm| outcome.of_arm(arm)).collect::<Option<Vec<_>>>();
    let is_change = |cell: &Cell| matches!(cell.statistic, Statistic::Change | Statistic::Slope);
    let above = |row: &&OutcomeResult| {
        let cell = row.get(Quantity::Change, occasion).or_else(|| row.at(occasion).filter(|cell| is_change(cell)));
        cell.is_some_and(|cell| cell.center().value() > 0.0)
    };
    rows.is_some_and(|rows| rows.len() == 2 && rows.iter().all(above))
}

/// What to change in an effect of the other direction.
fn other_direction(reported: &ReportedEstimate) -> &'static str {
    match (reported.measure.scale(), reported.versus.is_some()) {
        (EffectScale::Identity, true) => {
            "the sign is that of the other direction: change `arm` and `versus` with each other"
        }
        (EffectScale::Identity, false) => {
            "the sign is that of the other direction: a fall without a sign is a mean-reduction"
        }
        (_, true) => "it is the effect of the other direction: change `arm` and `versus` with each other",
        (_, false) => "it is the effect of the other direction",
    }
}

/// Whether an effect is that of the other direction: of two arms that changed places, or with a sign that is left out.
fn is_turned(reported: &ReportedEstimate, found: &[Implied], printed: Interval, rounding: Rounding) -> bool {
    let scale = reported.measure.scale();
    let turned = |of: Interval| match scale {
        EffectScale::Identity => of.scaled(-1.0).meets(printed),
        EffectScale::FisherZ => false,
        EffectScale::Log | EffectScale::LogOfIncrease | EffectScale::LogOfReduction => {
            let on = |number: f64| scale.of(scale.domain().clamp(number));
            let ends = |of: Interval| Some(Interval { lower: on(of.lower)?, upper: on(of.upper)? });
            // Ratios near 1 are near their reciprocals.
            let is_in_interval = is_of_a_model(of, reported, rounding);
            let is_reciprocal = ends(of).zip(ends(printed)).is_some_and(|(of, own)| of.scaled(-1.0).meets(own));
            reported.compares_arms() && !is_in_interval && is_reciprocal
        }
    };
    match reported.measure {
        ReportedMeasure::StandardizedMeanDifference => has_other_sign(found, printed),
        _ => found.iter().any(|of| turned(of.range)),
    }
}

/// Whether the middle of the interval is what the values give, and the effect does not lie in it.
fn middle_fits(reported: &ReportedEstimate, found: &[Implied], rounding: Rounding) -> bool {
    let Ok(on_scale) = OnScale::of(reported, rounding) else { return false };
    let middle = on_scale.middle().filter(|middle| !middle.meets(on_scale.estimate.range));
    middle.is_some_and(|middle| found.iter().any(|of| of.range.meets(middle)))
}

/// An adjusted difference so far from the values, and so near to them with the other sign, that no model made it.
fn of_other_sign(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    /// In standard errors. Conventions.
    const FAR: f64 = 6.0;
    const NEAR: f64 = 2.0;
    let is_difference = matches!(
        reported.measure,
        ReportedMeasure::MeanDifference | ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction
    );
    let adjusted = reported.adjusted.as_ref().filter(|_| is_difference)?;
    let plain = ReportedEstimate { adjusted: None, ..reported.clone() };
    let found = implied(release, &plain, rounding).ok()?;
    let df = DegreesOfFreedom::of(reported.measure, &sizes(release, reported));
    let (se, _) = standard_error(reported, df, rounding).ok()?;
    let printed = reported.value.rounding_interval(rounding).to_interval();
    let is_far = found.iter().all(|of| of.range.gap(printed) > FAR * se.range.upper);
    let is_near = found.iter().any(|of| of.range.scaled(-1.0).gap(printed) <= NEAR * se.range.upper);
    let others: Vec<String> = found.iter().map(in_words).collect();
    (is_far && is_near).then(|| {
        let advice = other_direction(reported);
        let told = format!("the values give {}, and {} is printed", others.join(", or "), reported.value);
        (Status::Fail, format!("{told}; that it is adjusted ({}) hardly turns it round: {advice}", adjusted.en))
    })
}

/// A difference of percentages below 1 may be in points, and lack its sign.
fn without_per_cent(
    release: &Release,
    reported: &ReportedEstimate,
    found: &[Implied],
    rounding: Rounding,
) -> Option<Verdict> {
    if reported.measure != ReportedMeasure::RiskDifference || is_risk_in_percent(release, reported) {
        return None;
    }
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    let cells = outcome.results.iter().flat_map(|row| row.cells.iter().map(|(_, cell)| cell));
    let are_percent = cells.into_iter().any(|cell| cell.center().is_percent());
    let printed = reported.value.rounding_interval(rounding).to_interval();
    let fits = |unit: f64| found.iter().any(|of| of.range.scaled(unit).meets(printed));
    (are_percent && !fits(1.0) && fits(100.0)).then(|| {
        refused(format!("it fits in per cent, and has no sign of it: write {}% where it is so", reported.value))
    })
}

/// Whether a model of events may have moved a ratio of rates so far: within its interval, or by this factor where it
/// has none. A convention.
fn is_of_a_model(implied: Interval, reported: &ReportedEstimate, rounding: Rounding) -> bool {
    const FACTOR: f64 = 1.5;
    let ends = |of: &Numeral| of.rounding_interval(rounding).to_interval();
    let around = match &reported.interval {
        Some(ci) => Interval { lower: ends(&ci.lower).lower, upper: ends(&ci.upper).upper },
        None => Interval { lower: ends(&reported.value).lower / FACTOR, upper: ends(&reported.value).upper * FACTOR },
    };
    implied.meets(around)
}

/// The same in as many digits as tell it from what is printed: 0.8255, and not 0.825 beside 0.82.
fn apart(implied: &Implied, printed: Interval) -> String {
    let at = |digits: usize| implied.range.ends().map(|end| significant(end, digits));
    // What is shown has to lie outside, too.
    let is_apart = |digits: &usize| {
        let shown = implied.range.ends().map(|end| format!("{end:.0$e}", digits - 1).parse().unwrap_or(end));
        !Interval { lower: shown[0], upper: shown[1] }.meets(printed)
    };
    format!("{} ({})", from_to(at((3..=6).find(is_apart).unwrap_or(3))), implied.from)
}

/// A value that is implied, and by what.
fn in_words(implied: &Implied) -> String {
    format!("{} ({})", range(implied.range), implied.from)
}
