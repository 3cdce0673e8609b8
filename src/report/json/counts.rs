//! Counts: rates, 2×2 tables and pairs.

use super::between::number_needed;
use super::{finite, pair};
use crate::effect::common_language::NumberNeeded;
use crate::effect::counts::Intervals;
use crate::effect::counts::pairs::Pairs;
use crate::effect::counts::person_time::{PValues, Rate, RateRatio};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::report::counts::{NO_PAIR_IS_DISCORDANT, RISKS_DO_NOT_DIFFER, SIGN_OF_NEEDED};
use serde_json::{Map, Value, json};

/// The intervals of these methods; one that is not defined is null, and so is an end that is infinite.
fn intervals(of: &Intervals, methods: &[&str]) -> Map<String, Value> {
    let by: Map<String, Value> =
        methods.iter().map(|method| ((*method).to_owned(), json!(pair(of.by_method(method))))).collect();
    let mut notes = of.notes.clone();
    if of.by.iter().any(|(_, range)| !range.is_finite()) {
        notes.push("an end that is null is infinite".to_owned());
    }
    let mut fields = Map::new();
    fields.insert("estimate".to_owned(), json!(of.estimate.and_then(finite)));
    fields.insert("intervals".to_owned(), Value::Object(by));
    fields.insert("notes".to_owned(), json!(notes));
    fields
}

fn p_values(p: PValues) -> Value {
    json!({ "exact": p.exact, "mid-p": p.mid_p })
}

fn rate(of: Rate, level: f64) -> Value {
    let mut fields = Map::new();
    fields.insert("events".to_owned(), json!(of.events()));
    fields.insert("time".to_owned(), json!(of.time()));
    fields.extend(intervals(&of.intervals(level), &["garwood", "byar"]));
    Value::Object(fields)
}

/// One rate, or two with their ratio.
pub fn rates_document(first: Rate, ratio: Option<&RateRatio>, level: f64) -> Value {
    let mut document = Map::new();
    if let Some(ratio) = ratio {
        let mut fields = intervals(&ratio.intervals(level), &["exact", "mid-p", "wald"]);
        let p = ratio.p_values().map_or_else(|| json!({ "exact": null, "mid-p": null }), p_values);
        fields.insert("p".to_owned(), p);
        document.insert("rate_ratio".to_owned(), Value::Object(fields));
    }
    let rates = [Some(first), ratio.map(|ratio| ratio.second)];
    document.insert("rates".to_owned(), rates.into_iter().flatten().map(|of| rate(of, level)).collect());
    document.insert("level".to_owned(), json!(level));
    Value::Object(document)
}

/// A 2×2 table.
pub fn table_document(table: &TwoByTwo, level: f64) -> Value {
    json!({ "table": table_fields(table, &table.number_needed(level), level) })
}

/// What follows from a 2×2 table, with these numbers needed to treat; there are none before anything was done.
pub(super) fn table_fields(
    table: &TwoByTwo,
    needed: &[(&'static str, NumberNeeded)],
    level: f64,
) -> Map<String, Value> {
    let by: Map<String, Value> =
        needed.iter().map(|(name, of)| ((*name).to_owned(), number_needed(*of)["ci"].clone())).collect();
    let through_infinity: Map<String, Value> =
        needed.iter().map(|(name, of)| ((*name).to_owned(), json!(of.through_infinity))).collect();
    let estimate = needed.first().and_then(|(_, of)| of.estimate);
    let mut notes = Vec::new();
    if needed.iter().any(|(_, of)| of.is_of_benefit) {
        notes.push(SIGN_OF_NEEDED);
    }
    if needed.iter().any(|(_, of)| of.through_infinity) {
        notes.push("where through_infinity is true, the interval is what lies outside of its two ends");
    }
    if needed.is_empty() {
        notes.push("no number needed to treat before anything was done");
    } else if estimate.is_none() {
        notes.push(RISKS_DO_NOT_DIFFER);
    }
    let number_needed =
        json!({ "estimate": estimate, "intervals": by, "through_infinity": through_infinity, "notes": notes });
    let odds_methods = ["woolf", "exact", "mid-p", "miettinen-nurminen"];
    let fields = [
        ("cells", json!(table.cells())),
        ("level", json!(level)),
        ("RR", Value::Object(intervals(&table.risk_ratio(level), &["katz", "miettinen-nurminen"]))),
        ("OR", Value::Object(intervals(&table.odds_ratio(level), &odds_methods))),
        ("RD", Value::Object(intervals(&table.risk_difference(level), &["newcombe", "miettinen-nurminen"]))),
        ("NNT", number_needed),
        ("fisher_p", json!(table.fisher_p())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A table of pairs.
pub fn pairs_document(pairs: &Pairs, level: f64) -> Value {
    let test = pairs.mcnemar().map(|test| {
        json!({
            "exact_p": test.p_values.exact,
            "mid_p": test.p_values.mid_p,
            "statistic": test.statistic,
            "p": test.p,
        })
    });
    let notes = if test.is_none() { vec![NO_PAIR_IS_DISCORDANT] } else { Vec::new() };
    json!({ "paired_table": {
        "cells": pairs.cells(),
        "level": level,
        "mcnemar": test,
        "difference": intervals(&pairs.difference(level), &["newcombe", "tango", "bonett-price"]),
        "odds_ratio": intervals(&pairs.odds_ratio(level), &["exact", "mid-p", "wald"]),
        "notes": notes,
    } })
}
