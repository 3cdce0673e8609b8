//! The scale of a row: limits and a step, or a name or a list in their place.

use super::table_columns::Columns;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::read::{Column, Row};
use crate::reported::Scale;

/// What a row says of its values.
#[derive(Clone, Debug, Default)]
pub struct ScaleOfRow {
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    pub step: Option<Decimal>,
    pub scale: Option<Scale>,
    /// What is to be said of a name that is that of no scale: a questionnaire's.
    pub unknown: Option<String>,
}

/// Words for values that have no steps.
const NO_STEPS: [&str; 4] = ["any", "none", "continuous", "0"];

/// The scale of a row, where one is there.
pub fn scale_of(
    columns: &Columns,
    row: &Row<'_>,
    items: u32,
    wrong: &dyn Fn(Column, &str) -> Diagnostic,
) -> Result<ScaleOfRow, Diagnostic> {
    let decimal = |column: Option<Column>| match column {
        Some(column) => Ok::<_, Diagnostic>(row.numeral(column)?.map(|numeral| numeral.decimal())),
        None => Ok(None),
    };
    let text = |column: Option<Column>| column.map_or(Ok(None), |column| row.text(column));
    let (min, max) = (decimal(columns.min)?, decimal(columns.max)?);
    let named = text(columns.scale)?.zip(columns.scale);
    // A column of this name may tell of which questionnaire a row is.
    let is_name = |name: &str| Scale::NAMED.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let unknown = named.filter(|(name, _)| !is_name(name)).map(|(name, _)| {
        let meant = did_you_mean(name, Scale::NAMED.iter().map(|(known, _)| *known));
        let meant = meant.map(|meant| format!("; {meant}")).unwrap_or_default();
        format!("`{name}` is no scale that is known by name{meant}")
    });
    let named = named.filter(|_| unknown.is_none());
    let listed = text(columns.values)?.zip(columns.values);
    let is_without_steps = text(columns.step)?.is_some_and(|step| NO_STEPS.contains(&step.to_lowercase().as_str()));
    let step = if is_without_steps { None } else { decimal(columns.step)? };
    if let (Some(column), Some(min), Some(max)) = (columns.max, min, max)
        && max < min
    {
        return Err(wrong(column, "a largest value not below the smallest"));
    }
    if let (Some(column), Some(step)) = (columns.step, step)
        && step.signum() <= 0
    {
        return Err(wrong(column, "a step above 0, or `any` where there is none"));
    }
    let plain = ScaleOfRow { min, max, step, scale: None, unknown };
    let between = || Some(Scale::Range { min, max, step: None });
    let found = match (named, listed) {
        (Some((_, column)), Some(_)) => return Err(wrong(column, "either a scale or its values")),
        (None, None) if is_without_steps => ScaleOfRow { scale: between(), ..plain },
        (None, None) => plain,
        (None, Some((text, column))) => {
            if min.or(max).or(step).is_some() || is_without_steps {
                return Err(wrong(column, "values alone, without min, max and step"));
            }
            let values = values(text).ok_or_else(|| wrong(column, "values such as 0 1 1.5 2"))?;
            ScaleOfRow { scale: Some(Scale::Values(values)), ..ScaleOfRow::default() }
        }
        (Some((name, column)), None) => {
            let name = name.to_lowercase();
            let known = Scale::NAMED.iter().find(|(known, _)| *known == name).map(|(_, scale)| scale.clone());
            let names = || format!("one of {}", Scale::NAMED.map(|(name, _)| name).join(", "));
            let scale = known.ok_or_else(|| wrong(column, &names()))?;
            match scale {
                Scale::Continuous => ScaleOfRow { scale: between(), ..ScaleOfRow::default() },
                _ if min.or(max).or(step).is_some() || is_without_steps => {
                    return Err(wrong(column, "a scale alone, without min, max and step"));
                }
                // Scales of whole numbers are limits, which items have as well.
                Scale::Nrs | Scale::AlsfrsR | Scale::Count => {
                    let step = Some(Decimal::from_integer(1));
                    ScaleOfRow { min: scale.min(), max: scale.max(), step, ..ScaleOfRow::default() }
                }
                scale => ScaleOfRow { scale: Some(scale), ..ScaleOfRow::default() },
            }
        }
    };
    let is_of_items = items > 1 && found.scale.as_ref().is_some_and(|scale| !matches!(scale, Scale::Range { .. }));
    match columns.items {
        Some(column) if is_of_items => Err(wrong(column, "one item: those of several are whole numbers")),
        _ => Ok(found),
    }
}

/// A list of values in rising order: `0 1 1.5`, `0;1;1.5` or `0,1,1.5`; none where one is no number.
fn values(text: &str) -> Option<Vec<Decimal>> {
    let parts = text.split([' ', ';', '|', ',']).filter(|part| !part.is_empty());
    let number = |part: &str| part.parse::<Numeral>().ok()?.exact().ok().map(Numeral::decimal);
    let mut values = parts.map(number).collect::<Option<Vec<_>>>()?;
    values.sort_unstable();
    values.dedup();
    (!values.is_empty()).then_some(values)
}
