//! Meta-analyses as CSV: the coefficients, or the table of the one extra that was asked for.

use super::args::{Common, Format};
use super::failure::Failure;
use super::meta_args::MetaArgs;
use crate::meta::Coefficient;
use crate::report::csv;
use crate::report::transformation::Transformation;
use serde_json::Value;

/// The flags of the extras that were asked for.
fn asked(args: &MetaArgs) -> Vec<&'static str> {
    let own = [("--ranef", args.levels.ranef), ("--compare-random", !args.levels.compare_random.is_empty())];
    let own = own.into_iter().filter_map(|(flag, is_asked)| is_asked.then_some(flag));
    args.around.asked().into_iter().chain(args.bias.asked()).chain(own).collect()
}

/// Refuses CSV for several tables.
pub fn refuse_several(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    let asked = asked(args);
    if common.format() != Format::Csv || asked.len() < 2 {
        return Ok(());
    }
    Err(Failure::call(
        format!("CSV holds one table, and {} were asked for: {}", asked.len(), asked.join(", ")),
        "ask for one at a time, or pass --json",
    ))
}

/// The coefficients, or the only extra.
pub fn csv_of(args: &MetaArgs, document: &Value, coefficients: &[Coefficient]) -> String {
    let key = match asked(args).as_slice() {
        ["--contrast"] => Some("contrasts".to_owned()),
        ["--selmodel"] if !args.bias.delta.is_empty() => Some("selmodel_given".to_owned()),
        [flag] => Some(flag.trim_start_matches("--").replace('-', "_")),
        _ => None,
    };
    if key.as_deref() == Some("vif") {
        let names = coefficients.iter().map(|of| of.name.as_str()).filter(|name| *name != "intrcpt");
        let values = document.get("vif").and_then(Value::as_array).into_iter().flatten();
        let rows = names.zip(values).map(|(name, vif)| serde_json::json!({ "name": name, "vif": vif }));
        let table = csv::of_json("vif", &rows.collect());
        // Without moderators there is a header alone.
        return if values_of_vif(document) == 0 { "name,vif\n".to_owned() } else { table };
    }
    let shown = shown(args, document);
    let extra = key.and_then(|key| Some(csv::of_json(&key, &with_shown(&key, document.get(&key)?, shown))));
    extra.unwrap_or_else(|| {
        // Slopes of other scales than logarithms are on no scale that people think on, and ln tau2 is no effect.
        let has_slopes = coefficients.len() > 1 && coefficients.iter().any(|of| of.name == "intrcpt");
        let fits = args.model.scale.is_none() && (!has_slopes || shown == Transformation::Exp);
        let on_scale = |value: f64| shown.of(value);
        let on_scale: Option<&dyn Fn(f64) -> f64> =
            if fits && shown != Transformation::None { Some(&on_scale) } else { None };
        csv::coefficients_shown(coefficients, on_scale, &of_the_fit(document))
    })
}

/// How effects are shown: for the size that the document names.
fn shown(args: &MetaArgs, document: &Value) -> Transformation {
    let size = document.get("transf_size").and_then(Value::as_f64);
    args.model.transf.unwrap_or_default().with_size(size.unwrap_or(f64::NAN))
}

/// A table of effects with columns for how they are shown.
fn with_shown(key: &str, part: &Value, shown: Transformation) -> Value {
    const OF_EFFECTS: [&str; 5] = ["predict", "leave_one_out", "cumulative", "blup", "subgroup"];
    let mut part = part.clone();
    if key == "subgroup" {
        put_in_groups(&mut part, &["QB", "QB_df", "QB_p"]);
    }
    if shown == Transformation::None || !OF_EFFECTS.contains(&key) {
        return part;
    }
    let rows = if part.is_array() { Some(&mut part) } else { part.get_mut("groups") };
    for row in rows.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        for field in ["estimate", "ci", "pi"] {
            if let Some(value) = row.get(field) {
                let of = value_shown(value, shown);
                row.insert(format!("transf_{field}"), of);
            }
        }
    }
    part
}

/// Puts what belongs to all groups into each of them.
fn put_in_groups(part: &mut Value, names: &[&str]) {
    let of_all: Vec<(String, Value)> =
        names.iter().filter_map(|name| Some(((*name).to_owned(), part.get(*name)?.clone()))).collect();
    for group in part.get_mut("groups").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = group.as_object_mut() {
            fields.extend(of_all.iter().cloned());
        }
    }
}

/// A number, or both ends of an interval, on the scale that is shown.
fn value_shown(value: &Value, shown: Transformation) -> Value {
    match value {
        Value::Array(ends) => ends.iter().map(|end| value_shown(end, shown)).collect(),
        one => one.as_f64().map(|x| shown.of(x)).filter(|x| x.is_finite()).map_or(Value::Null, Value::from),
    }
}

fn values_of_vif(document: &Value) -> usize {
    document.get("vif").and_then(Value::as_array).map_or(0, Vec::len)
}

/// What belongs to the whole fit and stands in each row: tau², where there is one, I² and Q.
fn of_the_fit(document: &Value) -> Vec<(&'static str, Option<f64>)> {
    let one = |name: &'static str| {
        let value = document.get(name)?;
        (value.is_number() || value.is_null()).then(|| (name, value.as_f64()))
    };
    ["tau2", "I2", "QE", "QE_df", "QE_p"].into_iter().filter_map(one).collect()
}
