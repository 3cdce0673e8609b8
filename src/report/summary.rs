//! The main results of several releases on one screen.

use super::behind::{self, Findings};
use super::cautions::of_summary;
use super::document::{Align, Document, Table};
use super::effects::{NamedContrast, contrast_name, percentage, refusals};
use super::number::{correlation, fixed, percent, percent_interval, short_ratio, significant};
use super::words::{self, Wording};
use crate::check::readings::excludes;
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::contrast::Correlation;
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects, ReportedProportion};
use crate::effect::proportion::ProportionCi;
use crate::estimate::Measure;
use crate::numeric::rounding::Rounding;
use crate::reported::{Lang, Release, SpreadMeaning};

/// How a summary is to be made.
#[derive(Clone, Copy, Debug)]
pub struct SummaryOptions {
    /// The level of intervals.
    pub level: f64,
    /// How the printed numbers were rounded.
    pub rounding: Rounding,
    /// The language of labels.
    pub lang: Lang,
}

/// The main results of several releases, those with a contrast first; `findings` holds what follows for
/// the data behind each release.
pub fn summary(
    releases: &[(&Release, ReleaseEffects)],
    findings: &[Findings<'_>],
    options: SummaryOptions,
) -> Document {
    let SummaryOptions { level, rounding, lang } = options;
    let screen = Wording::screen(lang);
    let mut document = Document::default();
    document.heading(1, "What the releases report, and what follows from it");
    document.text(
        "Change and ratio need no correlation; dav is the change over the square root of the average of both variances. \
         The last column is what the paired t-test needs of r, the correlation between before and after, \
         which is hardly ever reported, at the printed numbers and (in brackets) with their rounding.",
    );
    let mut ordered: Vec<_> = releases.iter().zip(findings).collect();
    ordered.sort_by_key(|((_, effects), _)| effects.contrasts.is_empty());
    for ((release, effects), findings) in ordered {
        document.heading(2, format!("{} · {}", release.id, release.label.get(lang)));
        document.table(changes(release, effects, lang));
        document.table(super::between::in_lines(release, effects, screen));
        document.table(super::between::tables_in_lines(release, effects, level, screen));
        document.table(super::rates::in_lines(release, effects, level, lang));
        document.table(super::reported::table(release, effects, screen));
        document.append(behind::document(release, findings, rounding, lang));
        document.table(shares(release, effects, level, lang));
        let mut points: Vec<String> = caveats(release, effects, findings, lang);
        points.extend(super::between::readings(release, effects, lang));
        points.extend(effects.percentages.iter().map(|p| percentage(release, p, lang)));
        points.extend(refusals(release, &effects.refusals, lang));
        points.extend(of_summary(release, effects, lang));
        document.list(points);
    }
    document
}

/// What was read into the numbers: once where it is about all contrasts, by name where it is not.
fn caveats(release: &Release, effects: &ReleaseEffects, findings: &Findings<'_>, lang: Lang) -> Vec<String> {
    // Where no data can be behind the ± as an SE, nobody needs to know what would follow if it were one.
    let is_excluded = findings.readings.as_ref().is_some_and(|readings| excludes(readings, SpreadMeaning::Se));
    let mut notes: Vec<String> = Vec::new();
    let all = || effects.contrasts.iter();
    for named in all() {
        let other = named.contrast.other_reading.as_ref().filter(|_| !is_excluded);
        for caveat in named.contrast.caveats.iter().chain(other) {
            let is_shared = all().all(|other| other.contrast.caveats.contains(caveat));
            let name = contrast_name(release, effects, named, lang);
            let note = if is_shared { caveat.clone() } else { format!("{name}: {caveat}") };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

pub(super) fn changes(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Table {
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("n", Align::Right),
        ("reported", Align::Left),
        ("change", Align::Right),
        ("ratio", Align::Right),
        ("dav", Align::Right),
        ("p < 0.05 needs", Align::Left),
    ]);
    for named in &effects.contrasts {
        let contrast = &named.contrast;
        let view = NamedContrast::of_release(release, effects, named, lang);
        let estimate = |measure: Measure| contrast.estimate(measure).and_then(|estimate| estimate.estimate);
        let needed = contrast.r_needed.map_or_else(
            || format!("—: {}", words::why_no_test(contrast, Lang::En)),
            |needed| {
                if let Correlation::Recovered { found, .. } = &contrast.correlation {
                    return format!("r = {}, from the change", correlation(found.r.value));
                }
                let at_printed = match needed {
                    CorrelationNeeded::Any { .. } => "any r".to_owned(),
                    CorrelationNeeded::None { .. } => "no r will do".to_owned(),
                    CorrelationNeeded::AtLeast { r, .. } => format!("r ≥ {}", correlation(r)),
                };
                match needed.rounding().map(|range| range.ends().map(correlation)) {
                    Some([lower, upper]) => format!("{at_printed} ({lower} to {upper})"),
                    None => at_printed,
                }
            },
        );
        table.row([
            contrast_name(release, effects, named, lang),
            contrast.input.n.map(|n| n.to_string()).unwrap_or_default(),
            format!("{} → {}", view.before, view.after),
            estimate(Measure::Mc).map(|change| fixed(change, view.decimals)).unwrap_or_default(),
            contrast.ratio.map_or("—".to_owned(), |ratio| format!("×{}", short_ratio(ratio.ratio))),
            estimate(Measure::Dav).map_or("—".to_owned(), |d| significant(d, 3)),
            needed,
        ]);
    }
    table
}

/// The proportions that estimate something. The parts of a whole, such as women and men, describe the sample.
pub(super) fn outcomes<'a>(
    release: &'a Release,
    effects: &'a ReleaseEffects,
) -> impl Iterator<Item = &'a ReportedProportion> {
    let is_part = |number: &str| release.number(number).is_some_and(|number| number.split.is_some());
    effects.proportions.iter().filter(move |reported| !is_part(&reported.number))
}

/// How many results a release has: contrasts of occasions and of arms, changes, reported effects, and proportions.
pub(super) fn results(release: &Release, effects: &ReleaseEffects) -> usize {
    let between = effects.between.len() + effects.tables.len() + effects.rates.len();
    effects.contrasts.len()
        + effects.changes.len()
        + between
        + effects.reported.len()
        + outcomes(release, effects).count()
}

pub(super) fn shares(release: &Release, effects: &ReleaseEffects, level: f64, lang: Lang) -> Table {
    let wilson = format!("Wilson {} CI", super::number::level_text(level));
    let mut columns =
        vec![("share", Align::Left), ("k/n", Align::Right), ("%", Align::Right), (wilson.as_str(), Align::Left)];
    let is_rounded = outcomes(release, effects).any(|reported| reported.rounding.is_some());
    columns.extend(is_rounded.then_some(("rounding alone", Align::Left)));
    let mut table = Table::new(&columns);
    for reported in outcomes(release, effects) {
        let number = release.number(&reported.number);
        let proportion = reported.proportion;
        table.row([
            number.map_or("", |number| number.label.get(lang)).to_owned(),
            format!("{}/{}", proportion.k(), proportion.n()),
            percent(proportion.estimate()),
            percent_interval(proportion.interval(ProportionCi::Wilson, level)),
            reported.rounding.filter(|_| is_rounded).map(percent_interval).unwrap_or_default(),
        ]);
    }
    table
}

/// One sentence a contrast, ready to paste.
pub fn sentence(release: &Release, effects: &ReleaseEffects, named: &ReleaseContrast, lang: Lang) -> String {
    let view = NamedContrast::of_release(release, effects, named, lang);
    let contrast = &named.contrast;
    let name = contrast_name(release, effects, named, lang);
    let change = contrast.estimate(Measure::Mc).and_then(|e| e.estimate).map(|d| fixed(d, view.decimals));
    let enough = words::r_is_enough(contrast, lang);
    let enough = enough.map(|enough| format!("{}{enough}", lang.choose("; ", "。"))).unwrap_or_default();
    let needed = words::r_needed(contrast, lang).map(|needed| format!("{needed}{enough}"));
    // A sentence goes its own way, so what it rests on goes with it.
    let assumed = named.cells(release).any(|cell| cell.spread() == Some(SpreadMeaning::Unexplained));
    if lang == Lang::Ja {
        let n = contrast.input.n.map(|n| format!("（n = {n}）")).unwrap_or_default();
        let change = change.map(|change| format!("、平均変化 {change}")).unwrap_or_default();
        let condition = if assumed { "± が SD であれば（出典に説明なし）、" } else { "" };
        let told = match needed {
            Some(needed) => {
                // No space stands between two Japanese words.
                let space = if needed.starts_with(|c: char| c.is_ascii()) { " " } else { "" };
                format!("{condition}対応のある t 検定では{space}{needed}。")
            }
            None => format!("区間も検定も計算できない（{}）。", words::why_no_test(contrast, lang)),
        };
        return format!("{name}{n}：{} → {}{change}。{told}", view.before, view.after);
    }
    let n = contrast.input.n.map(|n| format!(" (n = {n})")).unwrap_or_default();
    let change = change.map(|change| format!(", a mean change of {change}")).unwrap_or_default();
    let condition = if assumed { "if the ± is the SD, which the source does not say, " } else { "" };
    let told = match needed {
        Some(needed) => format!("; {condition}by the paired t-test {needed}."),
        None => format!("; no interval and no test can be computed: {}.", words::why_no_test(contrast, lang)),
    };
    format!("{name}{n}: {} → {}{change}{told}", view.before, view.after)
}
