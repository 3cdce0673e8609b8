//! Meta-analyses as CSV: one table, the coefficients or what was asked for beside them.

use super::args::MetaArgs;
use crate::cli::args::{Common, Format};
use crate::cli::failure::Failure;
use crate::diagnostic::meant_or_known;
use crate::meta::{Coefficient, Problem};
use crate::report::csv;
use crate::report::meta::around::Unavailable;
use crate::report::transformation::Transformation;
use serde_json::{Map, Value, json};

/// The flags of the extras that were asked for.
fn asked(args: &MetaArgs) -> Vec<&'static str> {
    let own = [("--ranef", args.levels.ranef), ("--compare-random", !args.levels.compare_random.is_empty())];
    let own = own.into_iter().filter_map(|(flag, is_asked)| is_asked.then_some(flag));
    args.around.asked().into_iter().chain(args.bias.asked()).chain(own).collect()
}

/// The tables that every result has, beside those of the extras that were asked for.
const OF_ALL: [&str; 4] = ["coefficients", "model", "studies", "vcov"];

/// The names of the tables of a call.
fn names(args: &MetaArgs) -> Vec<String> {
    let own = [("variances", !args.levels.random.is_empty()), ("mh", args.counts.mh)];
    let own = own.into_iter().filter_map(|(name, is_there)| is_there.then_some(name));
    let asked = asked(args).into_iter().map(|flag| flag.trim_start_matches("--"));
    OF_ALL.into_iter().chain(own).chain(asked).map(str::to_owned).collect()
}

/// Refuses CSV for several tables, and a table that there is not.
pub fn refuse_several(args: &MetaArgs, common: &Common) -> Result<(), Failure> {
    if let Some(name) = &args.csv_table {
        if common.format() != Format::Csv {
            return Err(Failure::call("--table has no effect: it chooses the table of CSV", "add --format csv"));
        }
        let names = names(args);
        if !names.contains(name) {
            let hint = meant_or_known(name, "tables", names.iter().map(String::as_str));
            return Err(Failure::call(format!("this result has no table `{name}` (--table)"), hint));
        }
        return Ok(());
    }
    let asked = asked(args);
    if common.format() != Format::Csv || asked.len() < 2 {
        return Ok(());
    }
    Err(Failure::call(
        format!("CSV holds one table, and {} were asked for: {}", asked.len(), asked.join(", ")),
        "name the table (--table), ask for one at a time, or pass --json",
    ))
}

/// Whether CSV holds the extra of a flag, and no other table.
pub fn is_table_of(args: &MetaArgs, flag: &str) -> bool {
    match &args.csv_table {
        Some(name) => flag.trim_start_matches("--") == name,
        None => asked(args) == [flag],
    }
}

/// The name of the table: that of --table, or of the only extra, or the coefficients.
fn chosen(args: &MetaArgs) -> String {
    match (&args.csv_table, asked(args).as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [flag]) => flag.trim_start_matches("--").to_owned(),
        _ => "coefficients".to_owned(),
    }
}

/// That the table which is to be written as CSV is none of those that these data do not allow.
pub fn refuse_empty_table(args: &MetaArgs, common: &Common, unavailable: &[Unavailable]) -> Result<(), Failure> {
    let is_asked = |of: &&Unavailable| common.format() == Format::Csv && is_table_of(args, of.flag);
    match unavailable.iter().find(is_asked) {
        None => Ok(()),
        Some(of) => {
            Err(Failure::call(format!("there is nothing to write as CSV: {of}"), "--json gives the fit without it"))
        }
    }
}

/// The coefficients, or the table that was asked for.
pub fn csv_of(args: &MetaArgs, document: &Value, coefficients: &[Coefficient], problem: &Problem) -> String {
    let name = chosen(args);
    let shown = shown(args, document);
    let key = match name.as_str() {
        "contrast" => "contrasts".to_owned(),
        "selmodel" if !args.bias.delta.is_empty() => "selmodel_given".to_owned(),
        other => other.replace('-', "_"),
    };
    let part = document.get(&key).unwrap_or(&Value::Null);
    match name.as_str() {
        "coefficients" => of_coefficients(args, document, coefficients, shown.of_coefficients(problem)),
        "model" => csv::of_json("model", &json!([model(document)])),
        "vcov" => vcov(part, coefficients),
        "variances" => csv::of_json("variances", &variances(document)),
        "vif" => vif(document, coefficients),
        "btt" => csv::of_json("btt", &with_joined(part, "coefficients")),
        "profile" => csv::of_json("profile", &points(part)),
        _ => csv::of_json(&key, &with_shown(&key, part, shown, shown.of_coefficients(problem))),
    }
}

fn of_coefficients(args: &MetaArgs, document: &Value, coefficients: &[Coefficient], shown: Transformation) -> String {
    let on_scale = |value: f64| shown.of(value);
    let on_scale: Option<&dyn Fn(f64) -> f64> = (shown != Transformation::None).then_some(&on_scale);
    match args.model.scale {
        None => csv::coefficients_shown(coefficients, on_scale, &of_the_fit(document)),
        Some(_) => {
            let means = document["coefficients"].as_array().map_or(0, Vec::len);
            csv::coefficients_in_parts(coefficients, means, on_scale, &of_the_fit(document))
        }
    }
}

/// Everything that is known of the whole fit, as one row.
fn model(document: &Value) -> Value {
    const PARTS: [&str; 31] = [
        "k",
        "p",
        "method",
        "test",
        "level",
        "measure",
        "tau2",
        "se_tau2",
        "tau2_ci",
        "I2",
        "I2_ci",
        "H2",
        "H2_ci",
        "R2",
        "QE",
        "QE_df",
        "QE_p",
        "QE_Wld",
        "QE_Wld_p",
        "QM",
        "QM_df",
        "QM_df2",
        "QM_p",
        "prediction",
        "fit",
        "sigma2",
        "rho",
        "gamma2",
        "phi",
        "converged",
        "r_call",
    ];
    let mut row = Map::new();
    for name in PARTS {
        let value = document.get(name).unwrap_or(&Value::Null);
        let ends = || json!({ "lower": value.get(0), "upper": value.get(1) });
        let is_range = name.ends_with("_ci") || name == "prediction";
        let is_empty = value.as_array().is_some_and(Vec::is_empty);
        // What only some models have takes no column of the others.
        if is_empty || (value.is_null() && ["sigma2", "rho", "gamma2", "phi", "QE_Wld", "QE_Wld_p"].contains(&name)) {
            continue;
        }
        // A range of several variances stands in the table of these.
        let is_of_several = is_range && value.get(0).is_some_and(Value::is_array);
        let value = if is_of_several {
            continue;
        } else if is_range {
            ends()
        } else {
            value.clone()
        };
        row.insert(name.to_owned(), value);
    }
    // The moderators of tau2 are tested as those of the mean are.
    for name in ["QS", "QS_df", "QS_p"] {
        row.extend(document["scale"].get(name).map(|value| (name.to_owned(), value.clone())));
    }
    Value::Object(row)
}

/// The covariance of the coefficients, with their names.
fn vcov(part: &Value, coefficients: &[Coefficient]) -> String {
    let rows = part.as_array().into_iter().flatten().zip(coefficients).map(|(row, of)| {
        let mut fields = Map::from_iter([("name".to_owned(), json!(of.name))]);
        let cells = row.as_array().into_iter().flatten().zip(coefficients);
        fields.extend(cells.map(|(value, other)| (other.name.clone(), value.clone())));
        Value::Object(fields)
    });
    csv::of_json("vcov", &rows.collect())
}

/// Variances and correlations, and the share of each variance as I², in percent.
fn variances(document: &Value) -> Value {
    let of = |key: &str, kind: &str| {
        let all = document.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let named = all
            .iter()
            .map(|row| json!({ "name": row["name"], "kind": kind, "estimate": row["estimate"], "ci": row["ci"] }));
        named.collect::<Vec<Value>>()
    };
    let share = |name: &Value, i2: &Value| json!({ "name": name, "kind": "I2", "estimate": i2, "ci": null });
    let i2 = &document["I2_levels"];
    let parts = i2["parts"].as_array().into_iter().flatten().map(|part| share(&part["name"], &part["I2"]));
    let total = i2.get("total").map(|total| share(&json!("total"), total));
    let i2: Vec<Value> = parts.chain(total).collect();
    [of("variances", "variance"), of("correlations", "correlation"), i2].concat().into()
}

fn vif(document: &Value, coefficients: &[Coefficient]) -> String {
    let names = coefficients.iter().map(|of| of.name.as_str()).filter(|name| *name != "intrcpt");
    let values = document.get("vif").and_then(Value::as_array).into_iter().flatten();
    let rows = names.zip(values).map(|(name, vif)| json!({ "name": name, "vif": vif }));
    let table = csv::of_json("vif", &rows.collect());
    // Without moderators there is a header alone.
    if values_of_vif(document) == 0 { "name,vif\n".to_owned() } else { table }
}

/// The rows with the texts of one field in one cell.
fn with_joined(part: &Value, field: &str) -> Value {
    let mut part = part.clone();
    for row in part.as_array_mut().into_iter().flatten() {
        let texts = row.get(field).and_then(Value::as_array).into_iter().flatten();
        let joined = texts.filter_map(Value::as_str).collect::<Vec<&str>>().join("; ");
        row[field] = json!(joined);
    }
    part
}

/// The points of all profiles.
fn points(part: &Value) -> Value {
    let of_one = |of: &Value| {
        let name = of.get("parameter").cloned();
        let points = of.get("points").and_then(Value::as_array).cloned().unwrap_or_default();
        let named = move |point: Value| json!({ "parameter": name, "value": point["value"], "loglik": point["loglik"], "zeta": point["zeta"] });
        points.into_iter().map(named).collect::<Vec<Value>>()
    };
    part.as_array().into_iter().flatten().flat_map(of_one).collect()
}

/// How effects are shown: for the size that the document names.
fn shown(args: &MetaArgs, document: &Value) -> Transformation {
    let size = document.get("transf_size").and_then(Value::as_f64);
    args.model.transf.unwrap_or_default().with_size(size.unwrap_or(f64::NAN))
}

/// A table of effects with columns for how they are shown, by another transformation where they are coefficients. What
/// has several coefficients has a row for each.
fn with_shown(key: &str, part: &Value, shown: Transformation, of_coefficients: Transformation) -> Value {
    const OF_EFFECTS: [&str; 8] =
        ["predict", "leave_one_out", "cumulative", "blup", "subgroup", "studies", "hc", "egger"];
    const OF_COEFFICIENTS: [&str; 4] = ["contrasts", "trimfill", "selmodel", "selmodel_given"];
    let mut part = part.clone();
    // What part a row has is told by its note, which has a column.
    let rows = part.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
    rows.for_each(|row| drop(row.shift_remove("part")));
    if key == "subgroup" {
        put_in_groups(&mut part, &["QB", "QB_df", "QB_p"]);
    }
    let mut shown = if OF_COEFFICIENTS.contains(&key) { of_coefficients } else { shown };
    if let Some(rows) = of_each_coefficient(&part) {
        (part, shown) = (rows, of_coefficients);
    }
    if key == "studies" {
        // A study that was left out may have no row of moderators, and needs no column for that.
        let rows = part.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
        rows.filter(|row| row.get("x").is_some_and(Value::is_null)).for_each(|row| drop(row.shift_remove("x")));
    }
    if shown == Transformation::None || !(OF_EFFECTS.contains(&key) || OF_COEFFICIENTS.contains(&key)) {
        return part;
    }
    if let Some(limit) = part.get_mut("limit").and_then(Value::as_object_mut) {
        put_shown(limit, shown);
    }
    let rows: Vec<&mut Value> = if part.get("groups").is_some() {
        part.get_mut("groups").and_then(Value::as_array_mut).into_iter().flatten().collect()
    } else if part.is_array() {
        part.as_array_mut().into_iter().flatten().collect()
    } else {
        vec![&mut part]
    };
    for row in rows.into_iter().filter_map(Value::as_object_mut) {
        // The effect of each study is shown for its own size, where that counts.
        let shown = row.get("size").and_then(Value::as_f64).map_or(shown, |size| shown.with_size(size));
        put_shown(row, shown);
    }
    part
}

/// Puts how its effects are shown beside them.
fn put_shown(fields: &mut Map<String, Value>, shown: Transformation) {
    for field in ["estimate", "yi", "ci", "pi"] {
        if let Some(value) = fields.get(field) {
            let of = value_shown(value, shown);
            fields.insert(format!("transf_{field}"), of);
        }
    }
}

/// The rows of a part in which some have a list of coefficients: a row for each of these, with what belongs to all.
fn of_each_coefficient(part: &Value) -> Option<Value> {
    let listed = |row: &Value| row["coefficients"].as_array().filter(|all| all.iter().any(Value::is_object)).cloned();
    let rows = part.as_array().map_or_else(|| vec![part], |rows| rows.iter().collect());
    rows.iter().any(|row| listed(row).is_some()).then_some(())?;
    let of_row = |row: &Value| match (row.as_object(), listed(row)) {
        (Some(fields), Some(all)) => all
            .iter()
            .map(|of| {
                let mut fields = fields.clone();
                fields.shift_remove("coefficients");
                fields.extend(of.as_object().cloned().unwrap_or_default());
                Value::Object(fields)
            })
            .collect(),
        _ => vec![row.clone()],
    };
    Some(rows.into_iter().flat_map(of_row).collect())
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
