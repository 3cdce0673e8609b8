//! Effects that releases report themselves, as they are printed.

use super::Missing;
use super::forest::about_arrows;
use crate::chart::{Axis, Caption, Column, Forest, ForestPanels, ForestRow, ForestScale, RowMark, TickNumbers};
use crate::check::estimates::{NAME_THE_MODEL, NAME_THE_TEST, estimates};
use crate::check::{Check, Status};
use crate::effect::reported::is_risk_in_percent;
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Numeral, Relation, fold};
use crate::numeric::rounding::Rounding;
use crate::report::charts::{sources_of, with_release};
use crate::report::japanese::translated;
use crate::report::not_drawn::{not_drawn, of_release, with_reason};
use crate::report::number::level_in;
use crate::report::words::{self, say};
use crate::reported::{
    Direction, EffectScale, Lang, Release, ReportedEstimate, ReportedInterval, ReportedMeasure, USUAL_LEVEL,
};

/// Every effect that the releases report themselves, a row each: ratios on a logarithmic axis, differences on a linear
/// one for each unit, percentages and correlations on their own. The numbers are those that are printed; nothing is
/// computed anew. Effects that fail a check have a hollow square.
///
/// # Errors
/// No release reports an effect that has a place on an axis; the text names those that have none.
pub fn reported(releases: &[&Release], rounding: Rounding, lang: Lang) -> Result<ForestPanels, Missing> {
    let (mut lines, mut left_out, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for release in releases {
        let failed: Vec<Check> =
            estimates(release, rounding).into_iter().filter(|check| check.status == Status::Fail).collect();
        let (placed, without): (Vec<_>, Vec<_>) = release.estimates.iter().partition(|it| has_place(it));
        let names: Vec<String> = without.into_iter().map(|it| without_place(it, lang)).collect();
        left_out.extend(if releases.len() > 1 { of_release(release, names, lang).collect() } else { names });
        if !placed.is_empty() {
            sources.push(*release);
        }
        lines.extend(placed.into_iter().map(|it| Line::new(release, it, &failed, rounding, lang)));
    }
    if lines.is_empty() {
        return Err(left_out.join("; "));
    }
    let mut kinds: Vec<Kind> = Vec::new();
    for line in &lines {
        if !kinds.contains(&line.kind) {
            kinds.push(line.kind.clone());
        }
    }
    // Ratios first, whatever comes first in the files.
    kinds.sort_by_key(|kind| *kind != Kind::Ratio);
    let several = sources.len() > 1;
    // Arms that are the same in every row of a panel stand at its axis.
    let is_told = |kind: &Kind| {
        let own = || lines.iter().filter(|line| line.kind == *kind);
        let at_axis = matches!(kind, Kind::Ratio | Kind::Difference(_));
        own().all(|line| line.reported.arms().is_empty())
            || at_axis && common(own().map(|line| line.pair(lang))).flatten().is_some()
    };
    let with_arms = !kinds.iter().all(is_told);
    let panels: Vec<Forest> = kinds.iter().map(|kind| panel(kind, &lines, several, with_arms, lang)).collect();
    let mut caption = caption(&lines, &sources, lang);
    caption.footnotes.extend(about_arrows(&panels, lang));
    caption.footnotes.extend(not_drawn(&left_out, lang));
    Ok(ForestPanels { caption, panels })
}

/// The mark of rows that fail a check.
const FAILS: &str = "×";

/// What effects must have in common to stand on one axis.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Ratio,
    /// In this unit; empty where the outcome has none.
    Difference(String),
    /// By how much less, in this unit.
    Reduction(String),
    /// By how many per cent more.
    Increase,
    /// By how many per cent less.
    PercentReduction,
    Correlation,
}

fn in_unit(what: &str, unit: &str, lang: Lang) -> String {
    let unit = Some(words::unit_of_difference(unit, lang)).filter(|unit| !unit.is_empty());
    words::with_unit(what, unit, lang)
}

impl Kind {
    fn of(release: &Release, reported: &ReportedEstimate, lang: Lang) -> Self {
        match (reported.measure.scale(), reported.measure) {
            (EffectScale::Log, _) => Kind::Ratio,
            (EffectScale::LogOfIncrease, _) => Kind::Increase,
            (EffectScale::LogOfReduction, _) => Kind::PercentReduction,
            (EffectScale::FisherZ, _) => Kind::Correlation,
            (EffectScale::Identity, ReportedMeasure::StandardizedMeanDifference) => Kind::Difference("SD".to_owned()),
            (EffectScale::Identity, ReportedMeasure::RiskDifference) => {
                Kind::Difference(match is_risk_in_percent(release, reported) {
                    true => say(lang, "percentage points", "パーセントポイント"),
                    false => say(lang, "difference of shares", "割合の差"),
                })
            }
            (EffectScale::Identity, _) => {
                let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id));
                let unit = outcome.and_then(|outcome| outcome.unit.as_ref());
                let unit = unit.map(|unit| unit.get(lang).to_owned()).unwrap_or_default();
                match reported.measure {
                    ReportedMeasure::MeanReduction => Kind::Reduction(unit),
                    _ => Kind::Difference(unit),
                }
            }
        }
    }

    fn name(&self, lang: Lang) -> String {
        match (self, lang) {
            (Kind::Ratio, _) => say(lang, "Ratios", "比"),
            (Kind::Difference(unit), _) => in_unit(lang.choose("Differences", "差"), unit, lang),
            (Kind::Reduction(unit), _) => in_unit(lang.choose("Reductions", "減少"), unit, lang),
            (Kind::Increase, _) => say(lang, "Increases in per cent", "増加率"),
            (Kind::PercentReduction, _) => say(lang, "Reductions in per cent", "減少率"),
            (Kind::Correlation, _) => say(lang, "Correlations", "相関"),
        }
    }

    /// The axis; its title says which way round arms are compared, where that is the same in every row.
    fn axis(&self, pair: Option<[&str; 2]>, lang: Lang) -> Axis {
        let of_pair = |between: &str| pair.map(|[first, second]| format!("{first} {between} {second}"));
        match self {
            Kind::Ratio => {
                let name = of_pair("÷").unwrap_or_else(|| say(lang, "Ratio", "比"));
                Axis::logarithmic(match lang {
                    Lang::En => format!("{name} (log scale)"),
                    Lang::Ja => format!("{name}（対数目盛）"),
                })
            }
            Kind::Difference(_) => Axis::linear(of_pair("−").unwrap_or_else(|| say(lang, "Difference", "差"))),
            Kind::Reduction(_) => Axis::linear(say(lang, "Reduction", "減少")),
            Kind::Increase => Axis::linear(say(lang, "Increase", "増加率")).written(TickNumbers::Percentages(lang)),
            Kind::PercentReduction => {
                Axis::linear(say(lang, "Reduction", "減少率")).written(TickNumbers::Percentages(lang))
            }
            Kind::Correlation => Axis::linear("r"),
        }
    }
}

/// Whether the number has a place on its axis: a ratio of 0 has none.
fn has_place(reported: &ReportedEstimate) -> bool {
    reported.measure.scale() != EffectScale::Log || reported.value.value() > 0.0
}

fn without_place(reported: &ReportedEstimate, lang: Lang) -> String {
    let reason = say(lang, "0 has no place on a logarithmic axis", "対数軸に 0 は置けない");
    with_reason(&format!("{} {}", reported.label.get(lang), reported.value), &reason, lang)
}

/// An effect that is drawn.
struct Line<'a> {
    release: &'a Release,
    reported: &'a ReportedEstimate,
    kind: Kind,
    /// What the checks found that it fails: code and reason.
    failures: Vec<String>,
    rounding: Rounding,
}

impl<'a> Line<'a> {
    fn new(
        release: &'a Release,
        reported: &'a ReportedEstimate,
        failed: &[Check],
        rounding: Rounding,
        lang: Lang,
    ) -> Self {
        let subject = format!("{}: {}", reported.id, reported.printed());
        let failures = failed.iter().filter(|check| check.subject == subject).map(|check| {
            // Readers of a chart have no file to write in.
            let message = check.message.trim_end_matches(NAME_THE_TEST);
            let message = message.strip_suffix(NAME_THE_MODEL).map_or(message, |told| told.trim_end_matches("; "));
            match lang {
                Lang::En => format!("{message} ({})", check.code),
                Lang::Ja => {
                    let message = translated(message).unwrap_or_else(|| message.to_owned());
                    format!("{message}（{}）", check.code)
                }
            }
        });
        let failures = failures.collect();
        Self { release, reported, kind: Kind::of(release, reported, lang), failures, rounding }
    }

    fn arm(&self, id: &'a str, lang: Lang) -> &'a str {
        self.release.arm(id).map_or(id, |arm| arm.label.get(lang))
    }

    /// Both arms, where it compares two.
    fn pair(&self, lang: Lang) -> Option<[&'a str; 2]> {
        let [first, second] = [&self.reported.arm, &self.reported.versus].map(|id| id.as_deref());
        Some([self.arm(first?, lang), self.arm(second?, lang)])
    }

    fn arms(&self, lang: Lang) -> String {
        let names: Vec<&str> = self.reported.arms().into_iter().map(|id| self.arm(id, lang)).collect();
        names.join(lang.choose(" against ", " 対 "))
    }

    /// What it is of, with its occasion and for what it is adjusted.
    fn name(&self, lang: Lang) -> String {
        let occasion = self.reported.occasion.as_deref();
        let occasion = occasion.map(|id| self.release.occasion(id).map_or(id, |of| of.label.get(lang)));
        let adjusted = self.reported.adjusted.as_ref().map(|of| match lang {
            Lang::En => format!("adjusted: {}", of.get(lang)),
            Lang::Ja => format!("調整：{}", of.get(lang)),
        });
        let more: Vec<&str> = occasion.into_iter().chain(adjusted.as_deref()).collect();
        let label = self.reported.label.get(lang);
        if more.is_empty() { label.to_owned() } else { with_reason(label, &more.join(lang.choose(", ", "、")), lang) }
    }

    fn measure(&self, lang: Lang) -> String {
        let words = self.reported.measure.in_words();
        match lang {
            Lang::En => words,
            Lang::Ja => translated(&words).unwrap_or(words),
        }
    }

    /// The effect with its interval as printed; percentage points, long words that each number may have, are said once.
    fn printed(&self, lang: Lang) -> String {
        let value = &self.reported.value;
        let Some(ReportedInterval { lower, upper, level }) = &self.reported.interval else {
            let se = self.reported.se.as_ref().map(|se| format!(" (SE {se})"));
            return format!("{value}{}", se.unwrap_or_default());
        };
        let texts = [value, lower, upper].map(Numeral::text);
        let is_in_points = texts.iter().any(|text| without_points(text) != *text);
        let [value, lower, upper] = if is_in_points { texts.map(without_points) } else { texts };
        let own_level = if *level == USUAL_LEVEL { String::new() } else { format!(" ({})", level_in(lang, *level)) };
        let points = if is_in_points { lang.choose(" percentage points", " パーセントポイント") } else { "" };
        format!("{value} [{lower}, {upper}]{points}{own_level}")
    }

    /// The p as it is printed, without its name, with its test and the mark of a failed check.
    fn p(&self) -> String {
        let p = self.reported.p.as_ref().map(|p| match p.relation {
            Relation::Equal => fold(p.bound.text()),
            other => format!("{} {}", other.sign(), fold(p.bound.text())),
        });
        let fails = (!self.failures.is_empty()).then_some(FAILS);
        let test = self.reported.test.as_ref().map(|test| format!("({test})"));
        let parts: Vec<&str> = p.as_deref().into_iter().chain(test.as_deref()).chain(fails).collect();
        parts.join(" ")
    }

    fn row(&self, with_arms: bool, with_p: bool, lang: Lang) -> ForestRow {
        let range = |number: &Numeral| number.rounding_interval(self.rounding).to_interval();
        let ends = self.reported.interval.iter().flat_map(|of| [&of.lower, &of.upper]);
        let ci = self.reported.interval.as_ref().map(|of| Interval::between(of.lower.value(), of.upper.value()));
        let ci = ci.or_else(|| self.interval_of_se());
        ForestRow {
            cells: [self.name(lang), self.measure(lang)]
                .into_iter()
                .chain(with_arms.then(|| self.arms(lang)))
                .chain([self.printed(lang)])
                .chain(with_p.then(|| self.p()))
                .collect(),
            mark: RowMark::Reported {
                estimate: self.reported.value.value(),
                ci,
                rounding: std::iter::once(&self.reported.value).chain(ends).map(range).collect(),
                contradicted: !self.failures.is_empty(),
            },
        }
    }

    /// The interval of an effect that has a standard error and none of its own: ±1.96 SE. That of a ratio would be of
    /// its logarithm, and nobody says so.
    fn interval_of_se(&self) -> Option<Interval> {
        let is_plain = self.reported.interval.is_none() && self.reported.measure.scale() == EffectScale::Identity;
        let (value, se) = (self.reported.value.value(), self.reported.se.as_ref()?.value());
        let half = normal_critical(USUAL_LEVEL) * se;
        is_plain.then(|| Interval::between(value - half, value + half))
    }

    /// Which way is better, where higher numbers of the effect are more of the first arm.
    fn better(&self) -> Option<Direction> {
        let outcome = self.reported.outcome.as_deref().and_then(|id| self.release.outcome(id))?;
        outcome.direction_of(self.reported.measure)
    }
}

/// A number without the words for percentage points behind it.
fn without_points(text: &str) -> &str {
    let words = ["percentage points", "percentage point", "% points", "パーセントポイント", "%ポイント"];
    words.into_iter().find_map(|word| text.strip_suffix(word)).map_or(text, str::trim_end)
}

/// The rows of one kind over their axis.
fn panel(kind: &Kind, lines: &[Line<'_>], several: bool, with_arms: bool, lang: Lang) -> Forest {
    let own: Vec<&Line<'_>> = lines.iter().filter(|line| line.kind == *kind).collect();
    // A column is one of all panels.
    let has_p = lines.iter().any(|line| line.reported.p.is_some());
    let mut rows = Vec::new();
    let mut last = None;
    for line in &own {
        if several && last != Some(&line.release.id) {
            rows.push(ForestRow::heading(line.release.label.get(lang)));
            last = Some(&line.release.id);
        }
        rows.push(line.row(with_arms, has_p, lang));
    }
    let pair = common(own.iter().map(|line| line.pair(lang))).flatten();
    let better = common(own.iter().map(|line| line.better())).flatten();
    let sides = match (pair, better) {
        (Some([first, second]), Some(better)) => {
            let [lower, higher] = if better == Direction::LowerIsBetter { [first, second] } else { [second, first] };
            [words::favours(lower, lang), words::favours(higher, lang)]
        }
        _ => Default::default(),
    };
    let column = |en: &str, ja: &str, numeric: bool| Column { heading: say(lang, en, ja), numeric, spare: false };
    let reference = Some(if *kind == Kind::Ratio { 1.0 } else { 0.0 });
    Forest {
        caption: Caption { title: kind.name(lang), lang, ..Caption::default() },
        left: [column("Reported effect", "報告された効果", false), column("Measure", "指標", false)]
            .into_iter()
            .chain(with_arms.then(|| column("Arms", "群", false)))
            .collect(),
        right: [column("As printed [CI]", "発表された値 [信頼区間]", true)]
            .into_iter()
            .chain(has_p.then(|| column("Printed p", "発表された p", true)))
            .collect(),
        rows,
        scale: ForestScale { axis: Axis { sides, ..kind.axis(pair, lang) }, reference, summary: None },
    }
}

/// What is the same everywhere.
fn common<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn caption(lines: &[Line<'_>], sources: &[&Release], lang: Lang) -> Caption {
    let title = match (sources, lang) {
        ([one], Lang::En) => format!("{}: effects as reported", one.label.en),
        ([one], Lang::Ja) => format!("{}：発表された効果", one.label.ja),
        _ => say(lang, "Effects as reported", "発表された効果"),
    };
    let levels = lines.iter().filter_map(|line| Some(line.reported.interval.as_ref()?.level));
    let subtitle = match (common(levels).map(|level| level_in(lang, level)), lang) {
        (Some(ci), Lang::En) => format!("What the sources computed themselves, with their {ci} intervals."),
        (Some(ci), Lang::Ja) => format!("出典が自ら計算した効果と{ci}信頼区間。"),
        (None, _) => say(lang, "What the sources computed themselves.", "出典が自ら計算した効果。"),
    };
    let mut footnotes = vec![say(
        lang,
        "The numbers are those printed. A grey band holds every number that prints so.",
        "数値は発表されたまま。灰色の帯は、その表示桁に丸められるすべての値。",
    )];
    if lines.iter().any(|line| line.interval_of_se().is_some()) {
        footnotes.push(say(
            lang,
            "Where a standard error is printed and no interval, the line is ±1.96 SE.",
            "標準誤差だけが発表された効果の線は ±1.96 SE。",
        ));
    }
    let failing = lines.iter().filter(|line| !line.failures.is_empty());
    footnotes.extend(failing.map(|line| {
        let name = line.name(lang);
        let name = if sources.len() > 1 { with_release(line.release, &name, lang) } else { name };
        match lang {
            Lang::En => format!("{FAILS} (hollow square) {name}: {}.", line.failures.join("; ")),
            Lang::Ja => format!("{FAILS}（中空の四角）{name}：{}。", line.failures.join("；")),
        }
    }));
    let source = match sources {
        [_] => sources_of(sources, lang),
        // Each heading names its release.
        _ => say(lang, "Source: the releases named", "出典：各発表"),
    };
    Caption { title, subtitle, footnotes, source, lang }
}
