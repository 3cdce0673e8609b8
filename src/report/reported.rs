//! Effects that a release reports itself, for people.

use super::document::{Align, Table};
use super::number::{interval, p_interval, significant};
use super::words::Wording;
use crate::effect::of_release::{ReleaseEffects, ReleaseEstimate};
use crate::numeric::format::level_text;
use crate::numeric::rounding::Rounded;
use crate::reported::{EffectScale, Lang, Release, ReportedEstimate, ReportedMeasure, USUAL_LEVEL};

const COLUMNS: [(&str, Align); 7] = [
    ("reported effect", Align::Left),
    ("measure", Align::Left),
    ("reported", Align::Left),
    ("its p", Align::Left),
    ("p by its CI", Align::Left),
    ("SE", Align::Right),
    ("rounding alone", Align::Left),
];

/// One effect that belongs to no release.
pub fn one(reported: &ReportedEstimate, found: &ReleaseEstimate) -> Table {
    let mut table = Table::new(&COLUMNS);
    table.row(row(reported.label.en.clone(), reported, found));
    table
}

/// The effects that a release reports, with what follows from their intervals.
pub fn table(release: &Release, effects: &ReleaseEffects, lang: Wording) -> Table {
    let mut table = Table::new(&COLUMNS);
    // Arms that are the same everywhere need no name.
    let arms = |of: &ReportedEstimate| (of.arm.clone(), of.versus.clone());
    let shared = release.arms.len() < 3 && release.estimates.windows(2).all(|two| arms(&two[0]) == arms(&two[1]));
    for found in &effects.reported {
        let Some(reported) = release.estimate(&found.id) else { continue };
        table.row(row(
            if shared { reported.label.get(lang.names).to_owned() } else { name(release, reported, lang) },
            reported,
            found,
        ));
    }
    table
}

fn row(name: String, reported: &ReportedEstimate, found: &ReleaseEstimate) -> [String; 7] {
    let (se, range) = found.se.map_or(("—".to_owned(), "—".to_owned()), standard_error);
    [
        name,
        measure(found, reported),
        with_level(reported),
        reported.p.as_ref().map_or("—".to_owned(), |p| p.text.clone()),
        found.p.map_or("—".to_owned(), p_interval),
        se,
        range,
    ]
}

/// The label, with the arms that are compared.
pub(super) fn name(release: &Release, reported: &ReportedEstimate, lang: Wording) -> String {
    let arm = |id: &Option<String>| {
        id.as_deref().map(|id| release.arm(id).map_or(id, |arm| arm.label.get(lang.names)).to_owned())
    };
    let label = reported.label.get(lang.names);
    let arms = match (arm(&reported.arm), arm(&reported.versus), lang.words) {
        (Some(arm), Some(versus), Lang::En) => format!(" ({arm} against {versus})"),
        (Some(arm), Some(versus), Lang::Ja) => format!("（{arm} 対 {versus}）"),
        (Some(arm), None, Lang::En) => format!(" ({arm})"),
        (Some(arm), None, Lang::Ja) => format!("（{arm}）"),
        (None, ..) => String::new(),
    };
    format!("{label}{arms}")
}

/// What it is, and of what its SE is.
fn measure(found: &ReleaseEstimate, reported: &ReportedEstimate) -> String {
    let name = match (reported.measure, reported.measure.code()) {
        (ReportedMeasure::Correlation, _) => "r".to_owned(),
        (ReportedMeasure::MeanReduction, _) | (_, None) => reported.measure.in_words(),
        (_, Some(code)) => code.to_owned(),
    };
    let name = if reported.adjusted.is_some() { format!("{name}, adjusted") } else { name };
    match found.on_scale.scale {
        EffectScale::Identity => name,
        EffectScale::FisherZ => format!("{name} (SE of z)"),
        EffectScale::Log | EffectScale::LogOfIncrease | EffectScale::LogOfReduction => format!("{name} (SE of ln)"),
    }
}

/// The numbers as printed, with the level of an interval that is not the usual one.
pub(super) fn with_level(reported: &ReportedEstimate) -> String {
    match &reported.interval {
        Some(of) if of.level != USUAL_LEVEL => {
            format!("{} ({} CI {} to {})", reported.value, level_text(of.level), of.lower, of.upper)
        }
        _ => reported.printed(),
    }
}

fn standard_error(se: Rounded) -> (String, String) {
    (significant(se.value, 3), if se.range.is_finite() { interval(se.range) } else { "unbounded".to_owned() })
}
