//! `reffect check --baseline`: the p of all variables of a table in one.

use crate::check::baseline::{Baseline, Combined, VariableP, combine, of_several, of_variable};
use crate::check::table::TableRow;
use crate::numeric::format::{p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};

/// What was collected of the rows, which several threads read.
#[derive(Debug, Default)]
pub struct Collected(Mutex<(Vec<VariableP>, u64)>);

/// The variables of a table in one.
pub struct CombinedRows {
    found: Option<Baseline>,
    /// How many rows have no means of groups.
    left_out: u64,
}

/// What has to be known of both p.
const ASSUMED: &str = "one row is one variable, and variables are taken as independent: where they depend on each other, as \
                       height and weight do, both p are too near to 0 and 1";

impl Collected {
    /// Adds a row.
    pub fn add(&self, line: u64, row: Option<&TableRow>, rounding: Rounding) {
        let of_two = || of_variable(line, row?.groups.as_ref()?, rounding);
        let variable = of_two().or_else(|| of_several(line, row?.several.as_ref()?, rounding));
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match variable {
            Some(variable) => rows.0.push(variable),
            None => rows.1 += 1,
        }
    }

    /// All of them in one, in the order of the table.
    pub fn combined(&self) -> CombinedRows {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut variables = rows.0.clone();
        variables.sort_by_key(|variable| variable.line);
        CombinedRows { found: combine(variables), left_out: rows.1 }
    }
}

impl CombinedRows {
    /// In words, a line each.
    pub fn in_words(&self) -> String {
        let left_out = match self.left_out {
            0 => String::new(),
            1 => "; 1 row without means, SDs and sizes of all its groups is left out".to_owned(),
            rows => format!("; {rows} rows without means, SDs and sizes of all their groups are left out"),
        };
        let Some(found) = &self.found else {
            return "baseline: no row has means, SDs and sizes of groups (m1i sd1i n1i m2i sd2i n2i …)\n".to_owned();
        };
        let k = found.variables.len();
        let s = if k == 1 { "" } else { "s" };
        let p = |of: &Combined| format!("p = {}, by rounding {}", significant(of.p, 3), p_interval(of.range));
        format!(
            "baseline: {k} variable{s} by Stouffer's method (Carlisle 2017){left_out}\n  groups that differ as much or more: \
             {}\n  groups as alike or more: {}\n  {ASSUMED}\n",
            p(&found.as_different),
            p(&found.as_alike)
        )
    }

    /// As JSON.
    pub fn as_json(&self) -> Value {
        let ends = |of: Interval| json!(of.ends().map(|end| end.is_finite().then_some(end)));
        let combined = |of: &Combined| json!({ "p": of.p, "p_interval": ends(of.range) });
        let variable = |of: &VariableP| json!({ "line": of.line, "p": of.middle(), "p_interval": ends(of.range) });
        let Some(found) = &self.found else {
            let told = "no row has means, SDs and sizes of groups";
            return json!({ "method": "stouffer", "k": 0, "left_out": self.left_out, "z": null, "as_different": null,
                           "as_alike": null, "variables": [], "notes": [told] });
        };
        let z = found.z.is_finite().then_some(found.z);
        json!({
            "method": "stouffer", "k": found.variables.len(), "left_out": self.left_out, "z": z,
            "as_different": combined(&found.as_different), "as_alike": combined(&found.as_alike),
            "variables": found.variables.iter().map(variable).collect::<Vec<_>>(), "notes": [ASSUMED],
        })
    }
}
