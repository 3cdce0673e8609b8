//! Effects that releases report themselves.

use super::{finite, pair};
use crate::check::cells::Verdict;
use crate::effect::of_release::{ReleaseEffects, ReleaseEstimate};
use crate::reported::{Release, ReportedEstimate};
use serde_json::{Value, json};

/// The effects of one release with what follows from them.
pub(super) fn estimates(release: &Release, effects: &ReleaseEffects) -> Vec<Value> {
    let view = |found: &ReleaseEstimate| {
        let reported = release.estimate(&found.id)?;
        Some(estimate(Some(&release.id), reported, found))
    };
    effects.reported.iter().filter_map(view).collect()
}

/// One effect that belongs to no release, with the verdicts on its interval and its p.
pub fn reported_document(
    reported: &ReportedEstimate,
    found: &ReleaseEstimate,
    verdicts: &[(&'static str, Verdict)],
) -> Value {
    let checks = verdicts
        .iter()
        .map(|(code, (status, message))| json!({ "check": code, "status": status.name(), "message": message }));
    json!({ "reported": [estimate(None, reported, found)], "checks": checks.collect::<Vec<_>>() })
}

fn estimate(release: Option<&str>, reported: &ReportedEstimate, found: &ReleaseEstimate) -> Value {
    let interval = reported.interval.as_ref();
    json!({
        "release": release,
        "id": reported.id,
        "outcome": reported.outcome,
        "arm": reported.arm,
        "versus": reported.versus,
        "occasion": reported.occasion,
        "measure": reported.measure.name(),
        "adjusted": reported.adjusted.as_ref().map(|of| &of.en),
        "value": reported.value.value(),
        "ci": interval.map(|of| [of.lower.value(), of.upper.value()]),
        "level": interval.map(|of| of.level),
        "p": reported.p.as_ref().map(|p| &p.text),
        "scale": found.on_scale.scale.code(),
        "estimate": finite(found.on_scale.estimate.value),
        "se": found.se.and_then(|se| finite(se.value)),
        "se_from": found.se_from,
        "p_of_interval": pair(found.p),
        "rounding": pair(Some(found.on_scale.estimate.range)),
        "se_rounding": pair(found.se.map(|se| se.range)),
        "notes": found.notes,
    })
}
