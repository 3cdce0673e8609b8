//! Data sets behind cells, and what they make of a pair of cells.

use super::{finite, pair};
use crate::numeric::interval::Interval;
use crate::reconstruct::Grid;
use crate::reconstruct::paired::{JointTables, Paired, Pairing, RNeeded};
use crate::reconstruct::sets::DataSets;
use crate::reconstruct::target::READINGS;
use crate::report::reconstruct::{
    CellFound, FailedReading, Found, Listing, TOO_MANY_TABLES, UNDEFINED, UNDEFINED_IN_ALL, undefined_between,
};
use crate::reported::SpreadMeaning;
use serde_json::{Map, Value, json};

/// What was found under one reading of the ±, or under several, some of which cannot be.
pub fn reconstruct_document(found: &[Found], failed: &[FailedReading], is_unknown: bool) -> Value {
    match found {
        [one] if !is_unknown => Value::Object(one_reading(one)),
        several => {
            let (has_second, are_groups) =
                several.first().map_or((false, false), |one| (one.after.is_some(), one.are_groups));
            let [first, second] = names(are_groups);
            let reading = |meaning: SpreadMeaning, of: Map<String, Value>| {
                let mut reading = Map::from_iter([("sd".to_owned(), json!(name_of(meaning)))]);
                reading.extend(of);
                Value::Object(reading)
            };
            let absent = |is_none: bool| json!({ "count": is_none.then_some("0"), "samples": [] });
            let both = |are_none: [bool; 2]| {
                let mut document = Map::from_iter([(first.to_owned(), absent(are_none[0]))]);
                if has_second {
                    document.insert(second.to_owned(), absent(are_none[1]));
                    document.insert(comparison(are_groups).to_owned(), Value::Null);
                }
                document
            };
            let of_failed = |one: &FailedReading| {
                let mut own = both([false; 2]);
                own.insert("notes".to_owned(), json!([one.reason]));
                reading(one.meaning, own)
            };
            let own = several.iter().map(|one| (one.meaning, reading(one.meaning, one_reading(one))));
            let mut readings: Vec<(SpreadMeaning, Value)> =
                own.chain(failed.iter().map(|one| (one.meaning, of_failed(one)))).collect();
            readings.sort_by_key(|(meaning, _)| READINGS.iter().position(|(_, known)| known == meaning));
            // What no reading has, nothing has.
            let is_none = |of: &dyn Fn(&Found) -> bool| failed.is_empty() && several.iter().all(of);
            let before = is_none(&|one| one.before.count == Ok(0));
            let after = is_none(&|one| one.after.as_ref().is_none_or(|after| after.count == Ok(0)));
            let mut document = both([before, after]);
            document.insert("readings".to_owned(), readings.into_iter().map(|(_, reading)| reading).collect());
            let note = "what the ± is was not said: see the readings";
            document.insert("notes".to_owned(), json!([note]));
            Value::Object(document)
        }
    }
}

/// What two cells are called.
fn names(are_groups: bool) -> [&'static str; 2] {
    if are_groups { ["group1", "group2"] } else { ["before", "after"] }
}

/// What their comparison is called.
fn comparison(are_groups: bool) -> &'static str {
    if are_groups { "independent" } else { "paired" }
}

fn name_of(meaning: SpreadMeaning) -> Option<&'static str> {
    READINGS.iter().find(|(_, known)| *known == meaning).map(|(name, _)| *name)
}

fn one_reading(found: &Found) -> Map<String, Value> {
    let [first, second] = names(found.are_groups);
    let mut document = Map::from_iter([(first.to_owned(), cell(&found.before, found.meaning))]);
    let mut notes: Vec<String> = found.uncompared.iter().chain(&found.notes).cloned().collect();
    if let Some(after) = &found.after {
        document.insert(second.to_owned(), cell(after, found.meaning));
        if !found.are_groups {
            let paired = found.paired.as_ref();
            let view = paired.map(|paired| self::paired(paired, found.tables.as_ref(), &found.before.sets, &mut notes));
            document.insert("paired".to_owned(), view.unwrap_or(Value::Null));
        }
    }
    if found.are_groups {
        let independent = found.independent.as_ref().map(|found| {
            json!({
                "difference": pair(Some(found.difference)),
                "student_t": pair(found.student_t),
                "student_p": pair(found.student_p),
                "welch_t": pair(found.welch_t),
                "welch_df": pair(found.welch_df),
                "welch_p": pair(found.welch_p),
                "g": pair(found.g),
            })
        });
        document.insert("independent".to_owned(), json!(independent));
        if let Some(found) = &found.independent {
            let ends = infinite_ends(found.student_t);
            notes.extend(ends.map(|ends| format!("t and g: {ends}, where nobody differs within either group")));
            notes.extend(undefined_between(found).map(str::to_owned));
        }
    }
    if found.after.is_some() && found.paired.is_none() && found.independent.is_none() && found.uncompared.is_none() {
        let a_cell = if found.are_groups { "a group" } else { "a cell" };
        notes.push(format!("{}: {a_cell} has no data set", comparison(found.are_groups)));
    }
    document.insert("notes".to_owned(), json!(notes));
    document
}

/// The values that one person can have, as exact texts: limits and step, or a list.
fn scale(grid: &Grid) -> Value {
    let text = |code: i64| grid.text(code);
    match (grid.listed(), grid.limits()) {
        (Some(codes), _) => json!({ "values": codes.iter().map(|code| text(*code)).collect::<Vec<_>>() }),
        (None, (min, max)) => json!({ "min": min.map(text), "max": max.map(text), "step": grid.step().map(text) }),
    }
}

fn cell(found: &CellFound, meaning: SpreadMeaning) -> Value {
    let sets = &found.sets;
    let samples: Vec<Vec<f64>> = found.listed.iter().map(|counts| sets.values(counts)).collect();
    let frequencies = found.frequencies.as_ref().map(|frequencies| {
        let of_value = |(index, code): (usize, &i64)| {
            let range = frequencies.range.as_ref().map(|range| range[index]);
            let (value, text) = (sets.grid().value(*code), sets.grid().text(*code));
            json!({ "value": value, "text": text, "mean": frequencies.mean[index], "range": range })
        };
        sets.codes().iter().enumerate().map(of_value).collect::<Vec<_>>()
    });
    let statistics: Vec<Value> = found
        .statistics
        .iter()
        .map(|(name, ensemble)| match ensemble {
            None => json!({ "name": name, "range": null, "mean": null, "sets": null, "complete": null }),
            Some(found) => json!({
                "name": name,
                "range": pair(Some(found.range)),
                "mean": finite(found.mean),
                "sets": found.sets.to_string(),
                "complete": found.is_complete,
            }),
        })
        .collect();
    let mut notes: Vec<String> = found.count.as_ref().err().map(ToString::to_string).into_iter().collect();
    notes.extend(found.failing.clone());
    if samples.is_empty() && found.count.as_ref().is_ok_and(|count| *count > 0) && found.listing == Listing::None {
        notes.push(
            "samples: not listed; --count, or too many for one document: --limit and --sample list some".to_owned(),
        );
    }
    if found.count.is_err() && found.listing == Listing::Drawn {
        notes.push("samples: drawn uniformly, since the data sets are too many to be counted".to_owned());
    }
    if found.frequencies.as_ref().is_some_and(|frequencies| frequencies.range.is_none()) {
        let means = match found.frequencies.as_ref().and_then(|frequencies| frequencies.draws) {
            None => "the means are exact".to_owned(),
            Some(draws) => format!("the means are those of {draws} draws"),
        };
        notes.push(format!("range of frequencies: there are too many data sets to visit them; {means}"));
    }
    let about = found.about.map(|about| json!({ "log10": about.log10, "relative_se": about.relative_se }));
    json!({
        "printed": found.text,
        "n": sets.n(),
        "spread": meaning.name(),
        "rounding": found.rounding.name(),
        "scale": scale(sets.grid()),
        "where": found.constraints,
        "count": found.count.as_ref().ok().map(u128::to_string),
        "count_estimate": about,
        "samples": samples,
        "frequencies": frequencies,
        "statistics": statistics,
        "notes": notes,
    })
}

/// Which ends of a range are infinite, which JSON has as null; none where none is.
fn infinite_ends(range: Option<Interval>) -> Option<String> {
    let named = |name: &str, end: f64| {
        end.is_infinite().then(|| format!("the {name} end is {}", if end > 0.0 { "∞" } else { "−∞" }))
    };
    let ends: Vec<String> =
        range.iter().flat_map(|range| [named("lower", range.lower), named("upper", range.upper)]).flatten().collect();
    (!ends.is_empty()).then(|| ends.join(" and "))
}

fn paired(found: &Paired, tables: Option<&JointTables>, sets: &DataSets, notes: &mut Vec<String>) -> Value {
    if let Some(ends) = infinite_ends(found.t) {
        notes.push(format!("t and dz: {ends}, where everybody changed by the same amount"));
    }
    if found.t.is_none() {
        notes.push(format!("dz, t and p: {UNDEFINED_IN_ALL}"));
    } else if found.is_sometimes_undefined {
        notes.push(format!("dz, t and p: {UNDEFINED}"));
    }
    let r_needed = match found.r_needed {
        RNeeded::Between { r, sometimes_none } => {
            if sometimes_none {
                notes.push(format!("r_needed: there are data sets in which no correlation makes p < {}", found.alpha));
            }
            pair(Some(r))
        }
        RNeeded::Undefined => {
            notes.push("r and r_needed: before or after does not vary, so that there is no correlation".to_owned());
            None
        }
        RNeeded::Any => {
            notes.push(format!("r_needed: every correlation makes p < {}, in every data set", found.alpha));
            None
        }
        RNeeded::None => {
            notes.push(format!("r_needed: no correlation makes p < {}, in any data set", found.alpha));
            None
        }
    };
    if tables.is_none() {
        notes.push(format!("tables, significant, wilcoxon_p and sign_p: {TOO_MANY_TABLES}"));
    }
    let p = |of: fn(&JointTables) -> Interval| pair(tables.map(of));
    json!({
        "r": pair(found.r),
        "sd_change": pair(Some(found.sd_change)),
        "dz": pair(found.dz),
        "t": pair(found.t),
        "p": pair(found.p),
        "wilcoxon_p": p(|tables| tables.wilcoxon_p),
        "pratt_p": p(|tables| tables.pratt_p),
        "normal_p": p(|tables| tables.normal_p),
        "sign_p": p(|tables| tables.sign_p),
        "tables": tables.map(|tables| tables.tables.to_string()),
        "significant": tables.map(|tables| tables.significant.to_string()),
        "wilcoxon_significant": tables.map(|tables| tables.wilcoxon_significant.to_string()),
        "r_needed": r_needed,
        "alpha": found.alpha,
        "claim": found.claim().name(),
        "exact": found.exact,
        "attained": found.attained.as_ref().map(|inner| json!({
            "r": pair(inner.r),
            "sd_change": pair(Some(inner.sd_change)),
            "dz": pair(inner.dz),
            "t": pair(inner.t),
            "p": pair(inner.p),
        })),
        "most_significant": found.most_significant.as_ref().map(|pairing| pairs(pairing, sets)),
        "least_significant": found.least_significant.as_ref().map(|pairing| pairs(pairing, sets)),
    })
}

fn pairs(pairing: &Pairing, sets: &DataSets) -> Vec<[f64; 2]> {
    pairing.0.iter().map(|(x, y)| [sets.grid().value(*x), sets.grid().value(*y)]).collect()
}
