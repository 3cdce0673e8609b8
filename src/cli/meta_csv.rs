//! Meta-analyses as CSV: the coefficients, or the table of the one extra that was asked for.

use super::args::{Common, Format};
use super::failure::Failure;
use super::meta_args::MetaArgs;
use crate::meta::Coefficient;
use crate::report::csv;
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
    let extra = key.and_then(|key| Some(csv::of_json(&key, document.get(&key)?)));
    extra.unwrap_or_else(|| csv::coefficients_with(coefficients, &of_the_fit(document)))
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
