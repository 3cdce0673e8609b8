//! Contrasts between two groups.

use super::effects::{Given, estimate, moments, printed, test};
use super::{finite, pair, value};
use crate::effect::between::BetweenContrast;
use crate::effect::change::ChangeContrast;
use crate::effect::common_language::{CommonLanguage, NumberNeeded};
use crate::effect::of_release::ChangesOfArms;
use crate::effect::pre_post_control::{Arm, PrePostControl};
use crate::estimate::Estimate;
use serde_json::{Map, Value, json};

/// The fields of a contrast, behind those that name it.
pub(super) fn fields(contrast: &BetweenContrast) -> Map<String, Value> {
    let input = &contrast.input;
    let words = common_language(&contrast.common_language);
    let entries = [
        ("design", json!("two-group")),
        ("n1", json!(input.n[0])),
        ("n2", json!(input.n[1])),
        ("group1", moments(&input.groups[0])),
        ("group2", moments(&input.groups[1])),
        ("printed", json!({ "group1": printed(&input.groups[0]), "group2": printed(&input.groups[1]) })),
        ("before", Value::Null),
        ("after", Value::Null),
        ("level", json!(contrast.level)),
        ("estimates", value(contrast.estimates.iter().map(estimate).collect::<Vec<_>>())),
        ("test", contrast.tests.iter().map(test).collect()),
        ("r_bounds", Value::Null),
        ("r_needed", Value::Null),
        ("common_language", Value::Object(words)),
        ("NNT", json!(contrast.number_needed.map(number_needed))),
        (
            "notes",
            json!(contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes).collect::<Vec<_>>()),
        ),
    ];
    entries.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect()
}

/// A standardised difference in other words, by name.
pub(super) fn common_language(words: &[CommonLanguage]) -> Map<String, Value> {
    let of = |word: &CommonLanguage| json!({ "estimate": word.estimate, "ci": pair(word.ci), "rounding": pair(word.rounding) });
    words.iter().map(|word| (word.name.to_owned(), of(word))).collect()
}

/// A number needed to treat. Where it runs through infinity, its interval is what lies outside of
/// the two ends.
pub(super) fn number_needed(needed: NumberNeeded) -> Value {
    let ends = needed.ends.map(|end| end.and_then(finite));
    json!({ "estimate": needed.estimate, "ci": ends, "through_infinity": needed.through_infinity })
}

/// The fields of a mean change that was reported as such.
pub(super) fn change_fields(contrast: &ChangeContrast) -> Map<String, Value> {
    let entries = [
        ("design", json!("before-after")),
        ("n", json!(contrast.n)),
        ("change", moments(&contrast.change)),
        ("before", Value::Null),
        ("after", Value::Null),
        ("level", json!(contrast.level)),
        ("estimates", value(contrast.estimates.iter().map(estimate).collect::<Vec<_>>())),
        ("test", contrast.test.iter().map(test).collect()),
        ("r_bounds", Value::Null),
        ("r_needed", Value::Null),
        (
            "notes",
            json!(contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes).collect::<Vec<_>>()),
        ),
    ];
    entries.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect()
}

/// A mean change that belongs to no release.
pub fn change_document(contrast: &ChangeContrast, given: Given<'_, 1>) -> Value {
    let mut fields = change_fields(contrast);
    given.tell(["change"], &mut fields);
    json!({ "contrasts": [nameless(fields)] })
}

/// Two groups before and after.
pub fn control_document(design: &PrePostControl, all: &[Estimate], level: f64, notes: &[String]) -> Value {
    let arm = |arm: &Arm| json!({ "n": arm.n, "before": moments(&arm.before), "after": moments(&arm.after) });
    let difference = design.difference_of_changes();
    let entries = [
        ("design", json!("pre-post-control")),
        ("treated", arm(&design.treated)),
        ("control", arm(&design.control)),
        ("level", json!(level)),
        ("difference_of_changes", json!({ "estimate": difference.value, "rounding": pair(Some(difference.range)) })),
        ("estimates", value(all.iter().map(estimate).collect::<Vec<_>>())),
        ("notes", json!(notes)),
    ];
    let fields = entries.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect();
    json!({ "contrasts": [nameless(fields)] })
}

/// By how much the changes of two arms of a release differ.
pub(super) fn changes_of_arms(changes: &ChangesOfArms) -> (String, Value) {
    let difference = changes.design.difference_of_changes();
    let standardised = changes.design.d_ppc2(None, 0.95);
    let found = json!({
        "since": changes.since, "estimate": difference.value, "rounding": pair(Some(difference.range)),
        "dppc2": { "estimate": standardised.estimate, "rounding": pair(standardised.rounding), "notes": standardised.notes },
    });
    ("difference_of_changes".to_owned(), found)
}

fn nameless(fields: Map<String, Value>) -> Map<String, Value> {
    ["release", "outcome", "arm"].map(|name| (name.to_owned(), Value::Null)).into_iter().chain(fields).collect()
}

/// One contrast that belongs to no release, of the cells of two groups.
pub fn between_document(contrast: &BetweenContrast, given: Given<'_>) -> Value {
    let mut fields = nameless(fields(contrast));
    given.tell(["group1", "group2"], &mut fields);
    json!({ "contrasts": [fields] })
}
