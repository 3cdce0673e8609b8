//! Whether a reported effect, its interval, its standard error and its p belong together, whatever stands beside them.

use super::cells::Verdict;
use super::named_test::{as_another_p, is_p_of};
use super::other_tests::Leeway;
use super::precision::WIDENED;
use super::reported_test::Tails;
use super::se_of_ratio::{of_se_beside_ratio, p_beside_error_of_ratio};
use super::statistic_of_effect::{errors_of, of_statistic};
use super::{Status, range, refused};
use crate::effect::reported::{DegreesOfFreedom, OnScale};
use crate::numeric::dist::{alpha_of, normal_critical};
use crate::numeric::format::{level_text, p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{EffectScale, ReportedEstimate, ReportedInterval, ReportedMeasure, USUAL_LEVEL};

/// The checks that need nothing but the effect: its interval and its p.
///
/// `is_one_of_several` says that other arms are compared as well, so that its interval may be wider than its standard
/// error makes it. `tails` says how many its p counts, where that is known.
pub fn of_itself(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    is_one_of_several: bool,
    tails: Option<Tails>,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let verdicts = [
        ("interval", of_interval(reported, df, is_one_of_several, rounding)),
        ("p-value", of_p(reported, df, tails, rounding)),
    ];
    let in_doubt = |verdict: Verdict| match verdict {
        (Status::Fail, told) if may_be_standardised(reported) => refused(format!("{told}; {OF_THE_OTHER}")),
        verdict => verdict,
    };
    verdicts.into_iter().filter_map(|(code, verdict)| Some((code, in_doubt(verdict?)))).collect()
}

/// What is said where it may not be decided for that reason.
const OF_THE_OTHER: &str = "a standardised coefficient is often printed beside the error of the other";

/// Whether an effect may be a coefficient in standard deviations, beside which many papers print the error or the interval
/// of the one in units.
fn may_be_standardised(reported: &ReportedEstimate) -> bool {
    // The quote may go on to the next one, and begin with the one before.
    let quote = reported.passage.quote.to_lowercase();
    let front = quote.split(&reported.value.text().to_lowercase()).next().unwrap_or_default();
    let name = front.rsplit(['.', ';']).next().unwrap_or_default();
    let is_called = || ["β", "beta", "standardi"].iter().any(|word| name.contains(word));
    reported.measure == ReportedMeasure::RegressionCoefficient && is_called()
}

/// The effect lies in its interval, and in its middle; a standard error beside it is that of the interval.
fn of_interval(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    is_one_of_several: bool,
    rounding: Rounding,
) -> Option<Verdict> {
    let interval = reported.interval.as_ref()?;
    let on_scale = match OnScale::of(reported, rounding) {
        Ok(on_scale) => on_scale,
        Err(reason) => return Some(refused(reason)),
    };
    let [lower, upper] = on_scale.ends?;
    if ![on_scale.estimate.value, lower.value, upper.value].iter().all(|number| number.is_finite()) {
        return Some(refused(format!("{} the interval has no end", on_scale.scale.name())));
    }
    let possible = Interval { lower: lower.range.lower, upper: upper.range.upper };
    if !on_scale.estimate.range.nearly_meets(possible) {
        return Some((Status::Fail, "the effect lies outside of its interval".to_owned()));
    }
    let (name, middle) = (on_scale.scale.name(), on_scale.middle()?);
    if !middle.nearly_meets(on_scale.estimate.range) {
        let printed = printed_middle(reported.measure.scale(), middle);
        let text = format!("{name} the middle of the interval is {}, and {} is printed", printed, reported.value);
        if let Some(method) = reported.method {
            let told = if method.is_symmetric() { "has it in its middle" } else { "need not have it there" };
            let text = format!("{text}; an interval by the method `{}` {told}", method.name());
            return Some(if method.is_symmetric() { (Status::Fail, text) } else { refused(text) });
        }
        return Some(if reported.measure.has_symmetric_interval() && may_be_bootstrapped(reported, &on_scale) {
            refused(format!("{text}; a bootstrap interval need not have it there"))
        } else if reported.measure.has_symmetric_interval()
            && (is_hardly_beside(&on_scale, middle) || may_be_of_profile(reported, &on_scale))
        {
            refused(format!(
                "{text}; by so little, one of the profile likelihood or adjusted for interim analyses need not have it there"
            ))
        } else if reported.measure.has_symmetric_interval() {
            (Status::Fail, format!("{text}; intervals of a {} have it in their middle", reported.measure.in_words()))
        } else if is_too_lopsided(reported, &on_scale, rounding) {
            (Status::Fail, format!("{text}; no usual interval of this width lies so far to one side"))
        } else {
            refused(format!("{text}; exact, score, profile and bootstrap intervals need not have it there"))
        });
    }
    let of_se = of_standard_error(reported, (&on_scale, interval), df, is_one_of_several, rounding);
    if let Some(verdict) = of_se.or_else(|| of_se_beside_ratio(reported, &on_scale, df, rounding)) {
        return Some(verdict);
    }
    Some((Status::Pass, format!("the effect lies in the middle of its interval, {name}")))
}

/// Whether an effect lies beside the middle of its interval by less than a hundredth of half its width, beyond what
/// rounding explains. A convention: TORCH (Calverley et al. 2007, N Engl J Med 356:775), whose interval is adjusted for
/// interim analyses, prints 0.825 (0.681 to 1.002) and lies beside it by a four-thousandth.
fn is_hardly_beside(on_scale: &OnScale, middle: Interval) -> bool {
    const HARDLY: f64 = 0.01;
    let Some([lower, upper]) = on_scale.ends else { return false };
    let slack = HARDLY * 0.5 * (upper.value - lower.value);
    let printed = on_scale.estimate.range;
    middle.meets(Interval { lower: printed.lower - slack, upper: printed.upper + slack })
}

/// Whether the interval of a hazard ratio is no more lopsided than that of a profile likelihood. Of 687 simulated ones of two
/// arms of 8 to 80 people (R 4.2.2, survival: coxph with an offset) none had halves of a larger ratio than 1 and a fifth of
/// its width, on the scale of the logarithm. A convention.
fn may_be_of_profile(reported: &ReportedEstimate, on_scale: &OnScale) -> bool {
    const SLOPE: f64 = 0.2;
    let Some([lower, upper]) = on_scale.ends else { return false };
    let width = upper.value - lower.value;
    reported.measure == ReportedMeasure::HazardRatio && !on_scale.is_more_lopsided_than(1.0 + SLOPE * width)
}

/// The halves of bootstrap intervals of means have ratios of up to these: of most, and of much skewed values, as costs
/// are. Conventions: of 170 percentile intervals of two groups of 8 to 60 people with exponential values (800 resamples,
/// R 4.2.2) 2 had more than 1.3, and with log-normal ones (σ = 1.2) 29, none more than 1.74; of 340 BCa intervals 7 had
/// more than 3.
pub(super) const OF_BOOTSTRAP: f64 = 1.3;
pub(super) const OF_SKEWED: f64 = 3.0;

/// Whether an interval of means is no more lopsided than resampling makes one.
fn may_be_bootstrapped(reported: &ReportedEstimate, on_scale: &OnScale) -> bool {
    let is_of_means = matches!(
        reported.measure,
        ReportedMeasure::MeanDifference | ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction
    );
    is_of_means && on_scale.ends.is_some() && !on_scale.is_more_lopsided_than(OF_BOOTSTRAP)
}

/// Whether an interval of a ratio is more lopsided, for all numbers that print so, than exact intervals are.
///
/// On the scale of the logarithm the halves of 6,000 exact intervals (Fisher's of odds ratios, Poisson's of rate
/// ratios) have ratios of up to 1.04 where the whole is narrower than 1, 1.23 below 2, 1.6 below 4, and 2.1 beyond; the
/// bound of 1.3 + 0.3·width leaves room for profile and bootstrap intervals. Fieller's interval of a ratio of means is
/// R/(1 + u) to R/(1 − u) where all of the uncertainty is that of the denominator, with a ratio of 1.3 at a width of
/// 0.5, 2.1 at 1.5, 3.1 at 2.5 and 4.9 at 4: there the bound is 1.5 + 1.5·width. Conventions.
fn is_too_lopsided(reported: &ReportedEstimate, on_scale: &OnScale, rounding: Rounding) -> bool {
    // Of risks near 1, whose ratio is near 1 as well, score intervals are as lopsided as can be.
    let estimate = on_scale.estimate.value.abs();
    let slope = match reported.measure {
        ReportedMeasure::OddsRatio | ReportedMeasure::RateRatio => Some(0.3),
        ReportedMeasure::RiskRatio => (estimate > std::f64::consts::LN_2).then_some(0.3),
        ReportedMeasure::RatioOfMeans => Some(1.5),
        // A mean of each one's percentage has its interval about what is printed.
        ReportedMeasure::PercentIncrease | ReportedMeasure::PercentReduction => {
            OnScale::of_percentages(reported, rounding).is_none().then_some(1.5)
        }
        _ => None,
    };
    let Some((ends, slope)) = on_scale.ends.zip(slope) else { return false };
    // The unit of what an odds ratio of no two arms is of, a year or ten, is not known, and its width says nothing:
    // of 1,500 profile intervals of logistic regressions on 15 to 150 people 99 % had ratios of up to 2.2 where z was
    // above 1 and 3.4 where it was below. Conventions.
    const OF_A_REGRESSION: [f64; 2] = [2.5, 3.0];
    let width = ends[1].range.upper - ends[0].range.lower;
    let of_regression = match reported.measure {
        ReportedMeasure::OddsRatio if reported.versus.is_none() => {
            OF_A_REGRESSION[usize::from(2.0 * normal_critical(USUAL_LEVEL) * estimate < width)]
        }
        _ => 0.0,
    };
    let least = if reported.measure.is_of_events() { 1.3 } else { 1.5 };
    on_scale.is_more_lopsided_than((least + slope * width).max(of_regression))
}

/// The middle of an interval as it would be printed.
fn printed_middle(scale: EffectScale, middle: Interval) -> String {
    range(match scale {
        EffectScale::Identity => middle,
        EffectScale::Log => middle.exp(),
        EffectScale::LogOfIncrease => middle.map_monotone(|x| 100.0 * x.exp_m1()),
        EffectScale::LogOfReduction => middle.map_monotone(|x| -100.0 * (-x).exp_m1()),
        EffectScale::FisherZ => middle.map_monotone(f64::tanh),
    })
}

/// A standard error beside an interval that gives another one.
fn of_standard_error(
    reported: &ReportedEstimate,
    (on_scale, interval): (&OnScale, &ReportedInterval),
    df: DegreesOfFreedom,
    is_one_of_several: bool,
    rounding: Rounding,
) -> Option<Verdict> {
    let se = reported.se.as_ref().filter(|_| on_scale.scale == EffectScale::Identity)?;
    let of_interval = on_scale.standard_errors(interval.level, df)?;
    let printed = se.rounding_interval(rounding).to_interval();
    let told = |of: Interval| {
        let (level, of) = (level_text(interval.level), range(of));
        format!("the {level} interval has a standard error of {of}, and {se} is printed")
    };
    if printed.meets(of_interval) {
        let likely = df.likely().and_then(|df| on_scale.standard_errors(interval.level, df));
        let unlikely = likely.filter(|likely| !printed.meets(*likely))?;
        return Some(refused(format!("{}; {OF_VERY_FEW}", told(unlikely))));
    }
    let told = told(of_interval);
    if is_one_of_several && of_interval.lower > printed.upper && of_interval.lower < WIDENED[1] * printed.upper {
        return Some(refused(format!("{told}; an interval that is one of several comparisons is wider")));
    }
    Some((Status::Fail, told))
}

/// Of fewer people the sides of a p are not told apart. A convention.
pub(super) const FEW: f64 = 10.0;

/// What is said where the sizes are not known, and no usual ones bear a number out.
const OF_VERY_FEW: &str = "n is not given, and only of very few people it could be so";

/// The p that is printed beside an interval, or beside a standard error alone, is that of it.
fn of_p(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    tails: Option<Tails>,
    rounding: Rounding,
) -> Option<Verdict> {
    let on_scale = OnScale::of(reported, rounding).ok()?;
    let of_statistic = of_statistic(reported, &on_scale, rounding);
    if let Some(verdict @ (Status::Fail, _)) = of_statistic {
        return Some(verdict);
    }
    let Some(printed) = &reported.p else { return of_statistic };
    let holds = |p: Interval| printed.holds_in(p, rounding);
    let by_se = |df| on_scale.p_by_standard_error(errors_of(reported, &on_scale, rounding)?, df);
    let (p, likely, what, level) = match (&reported.interval, &reported.se) {
        (Some(interval), _) => match on_scale.p(interval.level, df) {
            Ok(p) => {
                let likely = df.likely().and_then(|df| on_scale.p(interval.level, df).ok());
                (p, likely, "interval", interval.level)
            }
            Err(reason) => return Some(without_p(reported, &on_scale, interval.level, &reason.to_string())),
        },
        (None, Some(_)) if on_scale.scale == EffectScale::Log => {
            return p_beside_error_of_ratio(reported, &on_scale, df, rounding);
        }
        (None, Some(_)) if on_scale.scale == EffectScale::Identity => {
            (by_se(df)?, df.likely().and_then(by_se), "standard error", USUAL_LEVEL)
        }
        _ => return None,
    };
    let is_one = tails == Some(Tails::One);
    let (own, side) = if is_one { (p.scaled(0.5), " of one side") } else { (p, "") };
    let told = |p: Interval| format!("the {what} goes with a p{side} of {}", p_interval(p));
    let is_of = |p: Interval| is_p_of(printed, p, tails, rounding);
    if is_of(p) {
        return Some(match likely.filter(|likely| !is_of(*likely)) {
            Some(likely) => {
                let likely = if is_one { likely.scaled(0.5) } else { likely };
                refused(format!("{}, and {printed} is printed; {OF_VERY_FEW}", told(likely)))
            }
            None => (Status::Pass, told(own)),
        });
    }
    let told = format!("{}, and {printed} is printed", told(own));
    if let Some(method) = reported.method.filter(|method| !method.is_symmetric()) {
        return Some(refused(format!(
            "{told}; an interval by the method `{}` need not have the p of a test",
            method.name()
        )));
    }
    if let Some(test) = &reported.test {
        return Some(refused(format!("{told}, which is that of another test ({test})")));
    }
    // Of few people the p by t and by the normal quantile differ by more than both sides from one.
    if is_one && holds(p) && df.fewest_people.is_none_or(|n| n >= FEW) {
        return Some((Status::Fail, format!("{told}; it is said to be one-sided, and is that of both sides")));
    }
    let other = as_another_p(printed, p, tails, rounding);
    Some(if Leeway::of(reported.measure, &on_scale, level, df).admits_sided(printed, p, tails, rounding) {
        refused(format!("{told}; another test than that of the {what} may have given it"))
    } else if let Some(other) = other {
        refused(format!("{told}; {other}"))
    } else {
        (Status::Fail, format!("{told}; no common test of these data is likely to give this p"))
    })
}

/// What can be said of a p where the interval gives none: whether both are on the same side of the level.
fn without_p(reported: &ReportedEstimate, on_scale: &OnScale, level: f64, reason: &str) -> Verdict {
    let sides = (on_scale.leaves_out_nothing(), reported.p.as_ref().and_then(|p| p.says_significant(alpha_of(level))));
    let (level, none) = (level_text(level), significant(reported.measure.none(), 1));
    match (sides, &reported.p) {
        ((Some(true), Some(false)), Some(p)) => {
            refused(format!("{reason}; the {level} interval leaves out {none}, and {p} is printed"))
        }
        ((Some(false), Some(true)), Some(p)) => {
            refused(format!("{reason}; the {level} interval holds {none}, and {p} is printed"))
        }
        _ => refused(reason),
    }
}
