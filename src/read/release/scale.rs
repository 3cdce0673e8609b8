//! Which values an outcome can take.

use super::super::fields::Fields;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::reported::Scale;
use toml::de::DeValue;

const HINT: &str = "write edss, nrs, alsfrs-r, percent, count, continuous, { min = 0, max = 8, step = 1 }, \
                    { min = 0, max = 6, items = 6 } or { values = [0, 1, 1.5] }";

/// The scores whose mean change per unit of time a release may report: those with steps.
pub(super) const SCORES: [(&str, Scale); 3] =
    [("alsfrs-r", Scale::AlsfrsR), ("nrs", Scale::Nrs), ("edss", Scale::Edss)];

/// The scale of an outcome: a name, limits, or a list of values.
pub(super) fn scale(outcome: &Fields<'_, '_>) -> Option<Scale> {
    let Some(value) = outcome.get("scale") else {
        outcome.missing("scale", HINT);
        return None;
    };
    if !matches!(value.get_ref(), DeValue::Table(_)) {
        return outcome.named("scale", &Scale::NAMED).map(|located| located.value);
    }
    let fields = outcome.table("scale", "the scale")?;
    let values = values(&fields);
    let [min, max, step] = ["min", "max", "step"].map(|key| number(&fields, key));
    let span = fields.span();
    if fields.has("items") {
        let scale = items(&fields, [min, max]);
        if values.is_some() || step.is_some() {
            fields.report(span, "the scale has items, and values or a step beside them", HINT);
        }
        fields.finish();
        return scale;
    }
    let scale = match (values, min, max, step) {
        (Some(values), None, None, None) if !values.is_empty() => Some(Scale::Values(values)),
        (Some(_), ..) => {
            fields.report(span, "the scale has an empty list of values, or limits beside it", HINT);
            None
        }
        (None, None, None, None) => {
            fields.report(span, "the scale has neither values nor limits", HINT);
            None
        }
        (None, Some(min), Some(max), _) if min >= max => {
            fields.report(span, format!("the scale ends at {max}, and it begins at {min}"), HINT);
            None
        }
        (None, _, _, Some(step)) if step.signum() <= 0 => {
            fields.report(span, format!("the step of the scale is {step}"), "a step is above 0");
            None
        }
        (None, min, max, step) => Some(Scale::Range { min, max, step }),
    };
    fields.finish();
    scale
}

/// Means of items: how many, and the limits of one.
fn items(fields: &Fields<'_, '_>, limits: [Option<Decimal>; 2]) -> Option<Scale> {
    const HINT: &str = "write { min = 0, max = 6, items = 6 } for the mean of six items of 0 to 6";
    let items = fields.parsed::<Numeral>("items")?;
    let whole = |of: Option<Decimal>| i64::try_from(of?.to_integer()?).ok();
    let count = items.value.count().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
    match (count, limits.map(whole)) {
        (Some(items), [Some(min), Some(max)]) if min < max => Some(Scale::Items { items, min, max }),
        (None, _) => {
            fields.report(items.span, format!("`items` is {}, and a count was expected", items.value), HINT);
            None
        }
        _ => {
            fields.report(items.span, "items need `min` and `max`, the limits of one of them, as whole numbers", HINT);
            None
        }
    }
}

fn number(fields: &Fields<'_, '_>, key: &str) -> Option<Decimal> {
    fields.parsed::<Numeral>(key).map(|located| located.value.decimal())
}

fn values(fields: &Fields<'_, '_>) -> Option<Vec<Decimal>> {
    fields.get("values")?;
    let mut values = Vec::new();
    for text in fields.texts("values") {
        match text.value.parse::<Numeral>() {
            Ok(numeral) => values.push(numeral.decimal()),
            Err(error) => fields.explain(text.span, &error),
        }
    }
    values.sort();
    values.dedup();
    Some(values)
}
