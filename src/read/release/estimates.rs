//! Effects that a source reports itself.

use super::super::fields::{Fields, Located};
use super::{Names, id, localized, passage, required_name};
use crate::numeric::numeral::{Comparison, Numeral, interval_ends};
use crate::reported::{
    IntervalMethod, PrintedEstimate, ReportedEstimate, ReportedInterval, ReportedMeasure, USUAL_LEVEL,
};

const VALUE_HINT: &str = "write the number as it is printed: value = \"0.42\", with ci = \"0.03–0.81\" beside it";

const MEASURES: &str = "write what it is: mean-difference, mean-change, percent-reduction, hazard-ratio, odds-ratio, …";

pub(super) fn estimates(
    top: &Fields<'_, '_>,
    arms: &Names,
    outcomes: &Names,
    occasions: &Names,
) -> Vec<ReportedEstimate> {
    let mut names = Names::default();
    let is_taken = |id: &str| outcomes.contains(id);
    let mut estimates = Vec::new();
    for fields in top.tables("estimate", "the estimate") {
        // `--outcome` names either.
        let id = id(&fields, "estimate or outcome", |id| names.contains(id) || is_taken(id));
        if let Some(id) = &id {
            names.0.push((id.value.clone(), id.span.clone()));
        }
        let estimate = estimate(&fields, arms, outcomes, occasions);
        fields.finish();
        estimates.extend(id.zip(estimate).map(|(id, estimate)| ReportedEstimate { id: id.value, ..estimate }));
    }
    estimates
}

/// Everything but the name.
fn estimate(fields: &Fields<'_, '_>, arms: &Names, outcomes: &Names, occasions: &Names) -> Option<ReportedEstimate> {
    let label = localized(fields, "label", "write what is estimated");
    let measure = required_name(fields, "measure", &ReportedMeasure::ALL, MEASURES);
    let value = fields.required_text("value", VALUE_HINT).and_then(|_| fields.parsed::<PrintedEstimate>("value"));
    let beside = interval(fields);
    let level = level(fields);
    let se = fields.parsed::<Numeral>("se");
    if let Some(se) = &se {
        if se.value.value() < 0.0 {
            fields.report(se.span.clone(), "a standard error is never below 0", "check the number against the source");
        }
        if let Err(error) = se.value.exact() {
            fields.explain(se.span.clone(), &error);
        }
    }
    let statistic = statistic(fields, se.is_some());
    let p = fields.parsed::<Comparison>("p").map(|located| located.value);
    let test = fields.text("test").map(|text| text.value.into_owned());
    let adjusted = fields.get("adjusted").and_then(|_| localized(fields, "adjusted", "write for what it is adjusted"));
    let named = |key: &str, kind: &str, names: &Names| {
        let text = fields.text(key)?;
        names.check(fields, kind, &text).then(|| text.value.into_owned())
    };
    let outcome = named("outcome", "outcome", outcomes);
    let [arm, versus] = ["arm", "versus"].map(|key| named(key, "arm", arms));
    let occasion = named("occasion", "occasion", occasions);
    let passage = passage(fields);
    let Located { value: PrintedEstimate { value, ends: inside, level: named }, span } = value?;
    if let Some(named) = named.filter(|named| *named != level) {
        let message = format!("`value` names the level {named}, and `level` is {level}");
        fields.report(span.clone(), message, "write the one that the source prints");
    }
    if let (Some(_), Some((_, span))) = (&inside, &beside) {
        let message = "the interval stands in `value` and in `ci`";
        fields.report(span.clone(), message, "write it once");
    }
    let span_of_ends = beside.as_ref().map_or_else(|| span.clone(), |(_, span)| span.clone());
    let ends = inside.or(beside.map(|(ends, _)| ends));
    let interval = ends.map(|[lower, upper]| ReportedInterval { lower, upper, level });
    let method = method(fields, interval.is_some());
    let measure = measure?;
    check_arms(fields, measure, arm.as_deref(), versus.as_deref());
    let ends = interval.iter().flat_map(|of| [&of.lower, &of.upper]);
    let ends = ends.map(|end| (measure.admits_end(end), &span_of_ends));
    for (admitted, span) in std::iter::once((measure.admits(&value), &span)).chain(ends) {
        if let Err(reason) = admitted {
            fields.report(span.clone(), reason.to_string(), "check `measure` and the number against the source");
        }
    }
    let plain = ReportedEstimate::new(measure, PrintedEstimate { value, ends: None, level: None });
    Some(ReportedEstimate {
        label: label?,
        interval,
        method,
        se: se.map(|se| se.value),
        statistic,
        p,
        test,
        adjusted,
        outcome,
        arm,
        versus,
        occasion,
        passage: passage?,
        ..plain
    })
}

/// The t or z of its test.
fn statistic(fields: &Fields<'_, '_>, has_se: bool) -> Option<Numeral> {
    let statistic = fields.parsed::<Numeral>("statistic")?;
    if let Err(error) = statistic.value.exact() {
        fields.explain(statistic.span, &error);
        return None;
    }
    if !has_se {
        let message = "a `statistic` is the number over its standard error, and there is none";
        fields.report(statistic.span, message, "write the standard error as `se`, or leave the statistic out");
        return None;
    }
    Some(statistic.value)
}

/// The interval beside the number: one text, or both ends.
fn interval(fields: &Fields<'_, '_>) -> Option<([Numeral; 2], std::ops::Range<usize>)> {
    let texts = fields.texts("ci");
    let span = texts.first()?.span.clone();
    let ends = match texts.as_slice() {
        [both] => interval_ends(&both.value),
        // An array reads as the text of both.
        [lower, upper] => interval_ends(&format!("{} to {}", lower.value, upper.value)),
        _ => {
            fields.report(span, format!("`ci` holds {} numbers", texts.len()), "write both ends: \"0.03–0.81\"");
            return None;
        }
    };
    match ends {
        Ok(ends) => match ends.iter().try_for_each(|end| end.exact().map(drop)) {
            Ok(()) => Some((ends, span)),
            Err(error) => {
                fields.explain(span, &error);
                None
            }
        },
        Err(error) => {
            fields.explain(span, &error);
            None
        }
    }
}

/// How the interval was made.
fn method(fields: &Fields<'_, '_>, has_interval: bool) -> Option<IntervalMethod> {
    let method = fields.named("method", &IntervalMethod::ALL)?;
    if !has_interval {
        let message = "a `method` is that of an interval, and there is none";
        fields.report(method.span, message, "write the interval as `ci`");
        return None;
    }
    Some(method.value)
}

/// The level of the interval.
fn level(fields: &Fields<'_, '_>) -> f64 {
    let Some(level) = fields.parsed::<Numeral>("level") else { return USUAL_LEVEL };
    let value = level.value.value() * if level.value.is_percent() { 0.01 } else { 1.0 };
    if !(0.5..1.0).contains(&value) {
        let message = format!("`level` is {}, and a level between 0.5 and 1 was expected", level.value);
        fields.report(level.span, message, "write level = 0.9 for an interval of 90 %; without it, it is one of 95 %");
        return USUAL_LEVEL;
    }
    value
}

fn check_arms(fields: &Fields<'_, '_>, measure: ReportedMeasure, arm: Option<&str>, versus: Option<&str>) {
    let Some(versus) = versus else { return };
    let span = || fields.text("versus").map_or_else(|| fields.span(), |text| text.span);
    match arm {
        None if !fields.has("arm") => {
            fields.missing("arm", "write the arm that is compared with `versus`: the effect is that of `arm` over it");
        }
        Some(arm) if arm == versus => {
            fields.report(span(), format!("`{arm}` is compared with itself"), "write the other arm");
        }
        _ if measure.is_of_one_arm() => {
            let message = format!("a {} is that of one arm, and `versus` names a second", measure.name());
            fields.report(span(), message, "between arms it is a mean-difference: that of `arm` less that of `versus`");
        }
        _ => {}
    }
}
