//! The main results of several releases on one screen.

use super::document::{Align, Document, Table};
use super::effects::{NamedContrast, percentage, refusals};
use super::number::{fixed, interval, percent, percent_interval, significant};
use super::words;
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::of_release::ReleaseEffects;
use crate::effect::proportion::ProportionCi;
use crate::estimate::Measure;
use crate::reported::{Lang, Release};

/// The main results of several releases.
pub fn summary(releases: &[(&Release, &ReleaseEffects)], confidence: f64, lang: Lang) -> Document {
    let mut document = Document::default();
    document.heading(1, "What the releases report, and what follows from it");
    document.table(changes(releases, lang));
    document.text(
        "Change and ratio need no correlation; dav is the change in units of both SDs. The last column is what \
         the paired t-test needs of r, the correlation between before and after, which is not reported.",
    );
    document.table(shares(releases, confidence, lang));
    for (release, effects) in releases {
        let percentages = effects.percentages.iter().map(|p| percentage(release, p, lang));
        let mut points: Vec<String> = caveats(effects);
        points.extend(percentages);
        points.extend(refusals(release, &effects.refusals, lang));
        if !points.is_empty() {
            document.heading(2, release.id.clone());
            document.list(points);
        }
    }
    document
}

/// What was read into the numbers, once for each release.
fn caveats(effects: &ReleaseEffects) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for caveat in effects.contrasts.iter().flat_map(|named| &named.contrast.caveats) {
        if !notes.contains(caveat) {
            notes.push(caveat.clone());
        }
    }
    notes
}

fn changes(releases: &[(&Release, &ReleaseEffects)], lang: Lang) -> Table {
    let mut table = Table::new(&[
        ("release", Align::Left),
        ("outcome", Align::Left),
        ("n", Align::Right),
        ("reported", Align::Left),
        ("change", Align::Right),
        ("ratio", Align::Right),
        ("dav", Align::Right),
        ("p < 0.05 needs", Align::Left),
    ]);
    for (release, effects) in releases {
        for named in &effects.contrasts {
            let contrast = &named.contrast;
            let view = NamedContrast::of_release(release, named, lang);
            let estimate = |measure: Measure| contrast.estimate(measure).and_then(|estimate| estimate.estimate);
            let needed = contrast.r_needed.map_or("—: no SD reported".to_owned(), |needed| match needed {
                CorrelationNeeded::Any => "any r".to_owned(),
                CorrelationNeeded::None => "no r will do".to_owned(),
                CorrelationNeeded::AtLeast { r, rounding } => format!("r ≥ {} ({})", fixed(r, 3), interval(rounding)),
            });
            table.row([
                release.id.clone(),
                release.outcome(&named.outcome).map_or("", |outcome| outcome.label.get(lang)).to_owned(),
                contrast.input.n.map(|n| n.to_string()).unwrap_or_default(),
                format!("{} → {}", view.before, view.after),
                estimate(Measure::Mc).map(|change| fixed(change, view.decimals)).unwrap_or_default(),
                contrast.ratio.map_or("—".to_owned(), |ratio| format!("×{}", significant(ratio.ratio, 2))),
                estimate(Measure::Dav).map_or("—".to_owned(), |d| significant(d, 3)),
                needed,
            ]);
        }
    }
    table
}

fn shares(releases: &[(&Release, &ReleaseEffects)], confidence: f64, lang: Lang) -> Table {
    let wilson = format!("Wilson {} CI", super::number::level(confidence));
    let mut table = Table::new(&[
        ("release", Align::Left),
        ("share", Align::Left),
        ("k/n", Align::Right),
        ("", Align::Right),
        (wilson.as_str(), Align::Left),
    ]);
    for (release, effects) in releases {
        for reported in &effects.proportions {
            let number = release.number(&reported.number);
            // The parts of a whole, such as women and men, describe the sample and estimate nothing.
            if number.is_some_and(|number| number.split.is_some()) {
                continue;
            }
            let proportion = reported.proportion;
            table.row([
                release.id.clone(),
                number.map_or("", |number| number.label.get(lang)).to_owned(),
                format!("{}/{}", proportion.k(), proportion.n()),
                percent(proportion.estimate()),
                percent_interval(proportion.interval(ProportionCi::Wilson, confidence)),
            ]);
        }
    }
    table
}

/// One sentence a contrast, ready to paste.
pub fn sentence(release: &Release, named: &crate::effect::of_release::ReleaseContrast) -> String {
    let view = NamedContrast::of_release(release, named, Lang::En);
    let contrast = &named.contrast;
    let label = release.outcome(&named.outcome).map_or("", |outcome| outcome.label.get(Lang::En));
    let change = contrast.estimate(Measure::Mc).and_then(|e| e.estimate).map(|d| fixed(d, view.decimals));
    let n = contrast.input.n.map(|n| format!(" (n = {n})")).unwrap_or_default();
    let mut text = format!("{label}{n}: {} → {}", view.before, view.after);
    if let Some(change) = change {
        text.push_str(&format!(", a mean change of {change}"));
    }
    match words::r_needed(contrast, Lang::En) {
        Some(needed) => text.push_str(&format!("; by the paired t-test {needed}.")),
        None => text.push_str("; no interval and no test can be computed, since no SD is reported."),
    }
    text
}
