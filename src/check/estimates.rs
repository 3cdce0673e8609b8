//! Whether an effect that a source reports itself fits its interval, its p and the values beside it.

use super::cells::Verdict;
use super::{Check, Status};
use crate::effect::implied::{Implied, implied};
use crate::effect::reported::{DegreesOfFreedom, OnScale, says_significant, sizes};
use crate::numeric::format::{level, p_value, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reported::{EffectScale, Release, ReportedEstimate, ReportedInterval, ReportedMeasure};

/// Two p-values of one effect by different tests, such as log-rank and Cox, differ by no more than this factor.
const TESTS_DIFFER: f64 = 3.0;

/// Every check of every reported effect.
pub fn estimates(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for reported in &release.estimates {
        let subject = format!("{}: {}", reported.id, reported.printed());
        let df = DegreesOfFreedom::of(reported.measure, &sizes(release, reported));
        let of_values = of_values(release, reported, rounding).map(|verdict| ("estimate", verdict));
        let made = of_itself(reported, df, rounding).into_iter().chain(of_values);
        checks.extend(made.map(|(code, verdict)| Check::of(release, code, &subject, verdict)));
    }
    checks
}

/// The checks that need nothing but the effect: its interval and its p.
pub fn of_itself(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    rounding: Rounding,
) -> Vec<(&'static str, Verdict)> {
    let verdicts = [("interval", of_interval(reported, df, rounding)), ("p-value", of_p(reported, df, rounding))];
    verdicts.into_iter().filter_map(|(code, verdict)| Some((code, verdict?))).collect()
}

fn refused(reason: impl std::fmt::Display) -> Verdict {
    (Status::Refused, format!("not decidable: {reason}"))
}

/// Digits of a range that is told beside printed numbers.
fn range(of: Interval) -> String {
    let [lower, upper] = of.ends().map(|end| significant(end, 3));
    if lower == upper { lower } else { format!("{lower} to {upper}") }
}

/// The effect lies in its interval, and in its middle; a standard error beside it is that of the interval.
fn of_interval(reported: &ReportedEstimate, df: DegreesOfFreedom, rounding: Rounding) -> Option<Verdict> {
    let interval = reported.interval.as_ref()?;
    let on_scale = match OnScale::of(reported, rounding) {
        Ok(on_scale) => on_scale,
        Err(reason) => return Some(refused(reason)),
    };
    let [lower, upper] = on_scale.ends?;
    let possible = Interval { lower: lower.range.lower, upper: upper.range.upper };
    if !on_scale.estimate.range.meets(possible) {
        return Some((Status::Fail, "the effect lies outside of its interval".to_owned()));
    }
    let (name, middle) = (on_scale.scale.name(), on_scale.middle()?);
    if !middle.meets(on_scale.estimate.range) {
        let printed = printed_middle(reported.measure.scale(), middle);
        let text = format!("{name} the middle of the interval is {}, and {} is printed", printed, reported.value);
        return Some(if reported.measure.has_symmetric_interval() {
            (Status::Fail, format!("{text}; intervals of a {} have it in their middle", spoken(reported.measure)))
        } else {
            refused(format!("{text}; exact, score, profile and bootstrap intervals need not have it there"))
        });
    }
    if let Some(verdict) = of_standard_error(reported, &on_scale, interval, df, rounding) {
        return Some(verdict);
    }
    Some((Status::Pass, format!("the effect lies in the middle of its interval, {name}")))
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

fn spoken(measure: ReportedMeasure) -> String {
    measure.name().replace('-', " ")
}

/// A standard error beside an interval that gives another one.
fn of_standard_error(
    reported: &ReportedEstimate,
    on_scale: &OnScale,
    interval: &ReportedInterval,
    df: DegreesOfFreedom,
    rounding: Rounding,
) -> Option<Verdict> {
    let se = reported.se.as_ref().filter(|_| on_scale.scale == EffectScale::Identity)?;
    let by_t = on_scale.standard_error(interval.level, df).ok()?;
    let by_z = on_scale.standard_error(interval.level, DegreesOfFreedom { usual: None, ..df }).ok()?;
    let of_interval = Interval { lower: by_t.range.lower.min(by_z.range.lower), upper: by_z.range.upper };
    let fits = se.rounding_interval(rounding).to_interval().meets(of_interval);
    (!fits).then(|| {
        let of = range(of_interval);
        (
            Status::Fail,
            format!("the {} interval has a standard error of {of}, and {se} is printed", level(interval.level)),
        )
    })
}

/// The p that is printed beside an interval is that of the interval.
fn of_p(reported: &ReportedEstimate, df: DegreesOfFreedom, rounding: Rounding) -> Option<Verdict> {
    let (printed, interval) = (reported.p.as_ref()?, reported.interval.as_ref()?);
    let on_scale = OnScale::of(reported, rounding).ok()?;
    let p = match on_scale.p(interval.level, df) {
        Ok(p) => p,
        Err(reason) => return Some(without_p(reported, &on_scale, interval.level, &reason.to_string())),
    };
    let [lower, upper] = p.ends().map(p_value);
    let told = if lower == upper { lower } else { format!("{lower} to {upper}") };
    let told = format!("the interval goes with a p of {told}");
    if fits(printed, p, rounding) {
        return Some((Status::Pass, told));
    }
    let told = format!("{told}, and {printed} is printed");
    if let Some(test) = &reported.test {
        return Some(refused(format!("{told}, which is that of another test ({test})")));
    }
    let is_near = apart(printed, p, rounding) <= TESTS_DIFFER;
    Some(if reported.measure == ReportedMeasure::HazardRatio && is_near {
        refused(format!("{told}; it may be that of a log-rank test: write `test` where the source says so"))
    } else {
        (Status::Fail, format!("{told}; where another test gave it, `test` says which"))
    })
}

/// What can be said of a p where the interval gives none: whether both are on the same side of the level.
fn without_p(reported: &ReportedEstimate, on_scale: &OnScale, confidence: f64, reason: &str) -> Verdict {
    let sides = (on_scale.leaves_out_nothing(), says_significant(reported, confidence));
    let (level, none) = (level(confidence), significant(reported.measure.none(), 1));
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

/// Whether a printed p is one of a range.
fn fits(printed: &Comparison, p: Interval, rounding: Rounding) -> bool {
    let bound = printed.bound.value();
    match printed.relation {
        Relation::Equal => printed.bound.rounding_interval(rounding).to_interval().meets(p),
        Relation::Less => p.lower < bound,
        Relation::LessOrEqual => p.lower <= bound,
        Relation::Greater => p.upper > bound,
        Relation::GreaterOrEqual => p.upper >= bound,
    }
}

/// By which factor a printed p is away from a range.
fn apart(printed: &Comparison, p: Interval, rounding: Rounding) -> f64 {
    let bound = printed.bound.rounding_interval(rounding).to_interval();
    let (over, under) = (bound.lower / p.upper, p.lower / bound.upper);
    match printed.relation {
        Relation::Equal => over.max(under),
        Relation::Less | Relation::LessOrEqual => under,
        Relation::Greater | Relation::GreaterOrEqual => over,
    }
}

/// The values that are reported beside the effect give it.
fn of_values(release: &Release, reported: &ReportedEstimate, rounding: Rounding) -> Option<Verdict> {
    let outcome = release.outcome(reported.outcome.as_deref()?)?;
    if outcome.results.is_empty() {
        return None;
    }
    let found = match implied(release, reported, rounding) {
        Ok(found) => found,
        Err(reason) => return Some(refused(reason)),
    };
    let printed = reported.value.rounding_interval(rounding).to_interval();
    if let Some(fitting) = found.iter().find(|implied| implied.range.meets(printed)) {
        return Some((Status::Pass, format!("the values give {}", in_words(fitting))));
    }
    let others: Vec<String> = found.iter().map(in_words).collect();
    let open = match reported.measure {
        ReportedMeasure::RateRatio => Some("a model of the events need not give the ratio of the printed rates"),
        ReportedMeasure::StandardizedMeanDifference => Some("another SD may stand below the difference"),
        _ => None,
    };
    if let Some(open) = open {
        let told = format!("the values give {}, and {} is printed", others.join(" or "), reported.value);
        return Some(refused(format!("{told}; {open}")));
    }
    let turned = |of: Interval| of.scaled(-1.0).meets(printed);
    let is_turned = reported.measure.scale() == EffectScale::Identity && found.iter().any(|of| turned(of.range));
    let advice = match (is_turned, reported.versus.is_some()) {
        (true, true) => "the sign is that of the other direction: change `arm` and `versus` with each other",
        (true, false) => "the sign is that of the other direction: a fall without a sign is a mean-reduction",
        _ => "where it is that of a model, `adjusted` says of which",
    };
    Some((
        Status::Fail,
        format!("the values give {}, and {} is printed; {advice}", others.join(" or "), reported.value),
    ))
}

/// A value that is implied, and by what.
fn in_words(implied: &Implied) -> String {
    format!("{} ({})", range(implied.range), implied.from)
}
