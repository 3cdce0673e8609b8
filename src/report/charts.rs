//! Charts of releases: which numbers and words a chart gets.

use super::cautions::Caution;
use super::effects::{NamedContrast, contrast_name};
use super::not_drawn::{left_out, not_drawn, of_release, whole_release};
use super::number::{correlation_given, fixed, level_in};
use super::words::{self, say};
use crate::chart::{BeforeAfter, Caption, Difference, LabelledInterval, Occasion, Panel, ScaleLimits};
use crate::diagnostic::{each_once, keep_each_once};
use crate::effect::contrast::{Contrast, Correlation};
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::estimate::{Estimate, Measure};
use crate::numeric::interval::Interval;
use crate::reported::{Cell, CellForm, Lang, Release, SpreadMeaning, stated};

pub use super::chart_ensemble::{ReconstructedChanges, ensemble, without_panel};
pub use super::chart_overview::overview;

/// One panel for each contrast of a release; none where it has no contrast.
pub fn before_after(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Option<BeforeAfter> {
    let told_below = meanings(release, effects).len() > 1;
    let panels = panels(release, effects, told_below, lang);
    let mut notes = footnotes(release, effects, lang);
    notes.extend(about_arrows(&panels, lang));
    notes.extend(not_drawn(&left_out(release, effects, |_| true, lang), lang));
    Some(BeforeAfter {
        caption: Caption {
            title: release.label.get(lang).to_owned(),
            subtitle: match told_below {
                false => spread(release, effects, lang),
                true => say(
                    lang,
                    "Mean and the printed spread, which is not the same in every panel: see below each.",
                    "平均と出典のばらつき。その意味はパネルごとに異なる（下に記載）。",
                ),
            },
            footnotes: notes,
            source: source(release, lang),
            lang,
        },
        panels,
    })
    .filter(|chart| !chart.panels.is_empty())
}

/// The panels of several releases in one chart, each with the name of its release; none where no
/// release has a contrast.
pub fn before_after_of_all(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> Option<BeforeAfter> {
    let with_results: Vec<_> = releases.iter().filter(|(_, effects)| !effects.contrasts.is_empty()).collect();
    if let [(release, effects)] = with_results[..] {
        return before_after(release, effects, lang);
    }
    let mut all = BeforeAfter {
        caption: Caption {
            title: say(lang, "Before and after, as reported", "発表された治療前後の値"),
            subtitle: say(
                lang,
                "What the points and bars are stands under each panel.",
                "点と棒の意味は各パネルの下に記す。",
            ),
            footnotes: Vec::new(),
            source: String::new(),
            lang,
        },
        panels: Vec::new(),
    };
    let (mut sources, mut missing) = (Vec::new(), Vec::new());
    for (release, effects) in releases {
        if effects.contrasts.is_empty() {
            missing.push(whole_release(release, lang));
            continue;
        }
        missing.extend(of_release(release, left_out(release, effects, |_| true, lang), lang));
        for mut panel in panels(release, effects, true, lang) {
            panel.outcome = with_release(release, &panel.outcome, lang);
            all.panels.push(panel);
        }
        all.caption.footnotes.extend(footnotes(release, effects, lang));
        sources.push(*release);
    }
    keep_each_once(&mut all.caption.footnotes);
    all.caption.footnotes.extend(about_arrows(&all.panels, lang));
    all.caption.footnotes.extend(not_drawn(&missing, lang));
    all.caption.source = sources_of(&sources, lang);
    Some(all).filter(|chart| !chart.panels.is_empty())
}

fn panels(release: &Release, effects: &ReleaseEffects, tell_bars: bool, lang: Lang) -> Vec<Panel> {
    effects.contrasts.iter().map(|named| panel(release, effects, named, tell_bars, lang)).collect()
}

/// What stands behind the means, each meaning once.
pub(super) fn meanings(release: &Release, effects: &ReleaseEffects) -> Vec<SpreadMeaning> {
    let cells = effects.contrasts.iter().flat_map(|named| named.cells(release));
    each_once(cells.filter_map(Cell::spread))
}

/// What the points and bars of one contrast are, where they are not the same in all of its release; empty otherwise.
#[cfg_attr(not(all(feature = "json", feature = "models")), allow(dead_code))]
pub(super) fn own_spread(release: &Release, effects: &ReleaseEffects, named: &ReleaseContrast, lang: Lang) -> String {
    if meanings(release, effects).len() < 2 {
        return String::new();
    }
    each_once(named.cells(release).filter_map(Cell::spread))
        .into_iter()
        .map(|meaning| bars(Some(meaning), lang))
        .collect::<Vec<_>>()
        .join(lang.choose(" ", ""))
}

/// What the points and bars of a release are.
pub(super) fn spread(release: &Release, effects: &ReleaseEffects, lang: Lang) -> String {
    match meanings(release, effects)[..] {
        [] => bars(None, lang),
        [one] => bars(Some(one), lang),
        _ => say(
            lang,
            "Mean and the printed spread, which is not the same in every panel.",
            "平均と出典のばらつき。その意味はパネルごとに異なる。",
        ),
    }
}

/// How the spread was read where it is no SD, in a few words; empty where it is one.
#[cfg_attr(not(all(feature = "json", feature = "models")), allow(dead_code))]
pub(super) fn spread_read(release: &Release, effects: &ReleaseEffects, lang: Lang) -> String {
    read_as(meanings(release, effects).into_iter(), lang)
}

/// The same for the spreads of any cells.
#[cfg_attr(not(all(feature = "json", feature = "models")), allow(dead_code))]
pub(super) fn read_as(meanings: impl Iterator<Item = SpreadMeaning>, lang: Lang) -> String {
    let all = each_once(meanings);
    let is_made = |of: &SpreadMeaning| matches!(of, SpreadMeaning::Se | SpreadMeaning::Ci95);
    let is_unexplained = |of: &SpreadMeaning| *of == SpreadMeaning::Unexplained;
    let mut parts = Vec::new();
    // What holds for some of the numbers only says for which.
    if all.iter().all(is_unexplained) && !all.is_empty() {
        parts.push(lang.choose("± read as the SD", "± は SD と解釈"));
    } else if all.iter().any(is_unexplained) {
        parts.push(lang.choose("± read as the SD where it is not explained", "説明のない ± は SD と解釈"));
    }
    if all.iter().all(is_made) && !all.is_empty() {
        parts.push(
            lang.choose("SDs made of the reported SE or interval", "SD は報告された標準誤差または信頼区間から計算"),
        );
    } else if all.iter().any(is_made) {
        parts.push(lang.choose(
            "SDs made of the SE or interval where that is what was reported",
            "標準誤差または信頼区間が報告された値では、それから SD を計算",
        ));
    }
    parts.join(lang.choose(", ", "、"))
}

/// What they are on either side of a contrast.
fn bars_of_each(release: &Release, named: &ReleaseContrast, lang: Lang) -> String {
    let side = |id: &str| {
        let label = release.occasion(id).map_or(id, |occasion| occasion.label.get(lang));
        let told = bars(named.cell(release, id).and_then(Cell::spread), lang);
        format!("{label}{}{told}", lang.choose(": ", "："))
    };
    [&named.before, &named.after].map(|id| side(id)).join(lang.choose(" ", ""))
}

/// What the points and bars are.
fn bars(meaning: Option<SpreadMeaning>, lang: Lang) -> String {
    let Some(meaning) = meaning else {
        return say(lang, "Means as printed; no spread was reported.", "出典の平均値。ばらつきは報告されていない。");
    };
    match meaning {
        SpreadMeaning::Unexplained => say(
            lang,
            "Mean ± what the source prints behind its ±, which it does not explain; intervals read it as the SD.",
            "点は平均、棒は出典の ± の値（何であるかは説明されていない）。区間では SD と解釈した。",
        ),
        SpreadMeaning::Sd | SpreadMeaning::PopulationSd => {
            say(lang, "Mean and standard deviation (SD).", "平均と標準偏差（SD）。")
        }
        SpreadMeaning::Se => say(
            lang,
            "Mean and standard error (SE); the spread of the patients is larger.",
            "平均と標準誤差（SE）。患者のばらつきはこれより大きい。",
        ),
        SpreadMeaning::Ci95 => say(lang, "Mean and 95 % confidence interval.", "平均と95%信頼区間。"),
        SpreadMeaning::Quartiles => say(lang, "Mean and quartiles.", "平均と四分位数。"),
        SpreadMeaning::Range => say(lang, "Mean and range.", "平均と範囲。"),
    }
}

/// What is known of the correlation behind the intervals of a chart, in which several values of it may be shown.
pub(super) fn about_r<'a>(
    contrasts: impl Iterator<Item = &'a ReleaseContrast>,
    shows_several: bool,
    lang: Lang,
) -> String {
    let all: Vec<&ReleaseContrast> = contrasts.collect();
    // What a call gives is of all of them.
    if all.iter().any(|of| matches!(of.contrast.correlation, Correlation::Given(_))) {
        return say(
            lang,
            "r is the correlation between before and after in the same patients; it was given for this chart and does not follow from what is reported.",
            "r は同じ患者の前後の値の相関。この図のために与えた値で、報告から求めたものではない。",
        );
    }
    let is_recovered = |of: &ReleaseContrast| matches!(of.contrast.correlation, Correlation::Recovered { .. });
    let (recovered, unknown): (Vec<_>, Vec<_>) = all.into_iter().map(is_recovered).partition(|known| *known);
    match (recovered.is_empty(), unknown.is_empty(), shows_several) {
        (true, _, true) => say(
            lang,
            "r is the correlation between before and after in the same patients. It was not reported, and none of the values shown is a default.",
            "r は同じ患者の前後の値の相関。報告されていないため複数の値で示した（どれも標準値ではない）。",
        ),
        (true, _, false) => say(
            lang,
            "r, the correlation between before and after in the same patients, was not reported.",
            "r は同じ患者の前後の値の相関で、報告されていない。",
        ),
        (false, true, _) => say(
            lang,
            "r, the correlation between before and after in the same patients, follows from what is reported of the change.",
            "r は同じ患者の前後の値の相関で、報告された変化量から求めた。",
        ),
        (false, false, _) => say(
            lang,
            "r is the correlation between before and after in the same patients. Where a single value stands it follows from what is reported of the change; elsewhere it was not reported, and none of the values is a default.",
            "r は同じ患者の前後の値の相関。値が1つのものは報告された変化量から求めた。ほかは報告されていない（示した値はどれも標準値ではない）。",
        ),
    }
}

/// What arrows are, where there are some.
fn about_arrows(panels: &[Panel], lang: Lang) -> Option<String> {
    let note = || say(lang, "An arrow marks an end beyond the axis.", "矢印は軸の外に続くことを示す。");
    Panel::go_beyond(panels, lang).then(note)
}

fn footnotes(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Vec<String> {
    let mut notes = vec![say(
        lang,
        "Individual data were not reported: the line joins means, not people.",
        "個人のデータは報告されていない。線は平均どうしを結んだもので、個人の経過ではない。",
    )];
    let has_intervals = |named: &ReleaseContrast| changes(&named.contrast).any(|change| change.ci.is_some());
    notes.extend(effects.contrasts.iter().any(has_intervals).then(|| about_r(effects.contrasts.iter(), true, lang)));
    notes.extend(Some(Caution::NoControlGroup).filter(|of| of.applies(release, effects)).map(|of| of.text(lang)));
    notes
}

/// A thing with the name of its release before it.
pub(super) fn with_release(release: &Release, what: &str, lang: Lang) -> String {
    format!("{}{}{what}", release.label.get(lang), lang.choose(": ", "："))
}

/// Where the numbers of a release come from.
pub(super) fn source(release: &Release, lang: Lang) -> String {
    sources_of(&[release], lang)
}

/// Where the numbers of several releases come from.
pub(super) fn sources_of(releases: &[&Release], lang: Lang) -> String {
    if releases.is_empty() {
        return String::new();
    }
    let all: Vec<String> = releases.iter().map(|release| citation(release, lang)).collect();
    format!("{}{}", lang.choose("Source: ", "出典："), all.join(lang.choose("; ", "／")))
}

/// Who published it and when: the publisher, else the paper, else the title, of which nothing is printed that is not
/// stated.
fn citation(release: &Release, lang: Lang) -> String {
    let paper = release.paper.as_ref();
    let publisher = release.publisher.as_ref().and_then(|publisher| stated(publisher.get(lang)));
    let of_paper = paper.filter(|_| publisher.is_none()).map(|paper| {
        let known = [paper.authors.trim_end_matches('.'), &paper.journal].into_iter().filter_map(stated);
        known.map(str::to_owned).chain([paper.year.to_string()]).collect::<Vec<_>>()
    });
    let title = stated(release.title.get(lang)).unwrap_or(release.label.get(lang));
    let named = of_paper.unwrap_or_else(|| vec![publisher.unwrap_or(title).to_owned()]);
    let date = release.date.map(|date| date.to_string());
    let doi = paper.and_then(|paper| paper.doi.as_ref()).map(|doi| format!("doi {doi}"));
    named.into_iter().chain(date).chain(doi).collect::<Vec<_>>().join(lang.choose(", ", "、"))
}

fn panel(release: &Release, effects: &ReleaseEffects, named: &ReleaseContrast, tell_bars: bool, lang: Lang) -> Panel {
    let outcome = release.outcome(&named.outcome);
    let contrast = &named.contrast;
    let label =
        |occasion: &str| release.occasion(occasion).map_or(occasion, |occasion| occasion.label.get(lang)).to_owned();
    let occasion = |id: &str| {
        let cell = named.cell(release, id);
        Occasion {
            label: label(id),
            printed: cell.map(|cell| cell.text.clone()).unwrap_or_default(),
            mean: cell.map_or(f64::NAN, |cell| cell.center().value()),
            bar: cell.and_then(bar),
        }
    };
    let told = tell_bars.then(|| match each_once(named.cells(release).filter_map(Cell::spread))[..] {
        [] => bars(None, lang),
        [one] => bars(Some(one), lang),
        _ => bars_of_each(release, named, lang),
    });
    let needed: Vec<String> =
        words::r_needed(contrast, lang).into_iter().chain(words::r_is_enough(contrast, lang)).collect();
    let needed = Some(needed.join(lang.choose("; ", "、"))).filter(|needed| !needed.is_empty());
    let remarks: Vec<String> = told.into_iter().chain(needed).collect();
    Panel {
        outcome: contrast_name(release, effects, named, lang),
        unit: outcome.and_then(|outcome| outcome.unit.as_ref()).map(|unit| unit.get(lang).to_owned()),
        n: contrast.input.n.map(|n| n.to_string()),
        better: outcome.and_then(|outcome| outcome.better),
        limits: outcome.map(limits).unwrap_or_default(),
        before: occasion(&named.before),
        after: occasion(&named.after),
        difference: difference(release, effects, named, &label(&named.before), &label(&named.after), lang),
        remark: Some(remarks.join(" ")).filter(|remark| !remark.is_empty()),
        shares: Some(format!("{} {}", release.id, named.outcome)),
    }
}

pub(super) fn limits(outcome: &crate::reported::Outcome) -> ScaleLimits {
    let [min, max] = [outcome.scale.min(), outcome.scale.max()].map(|end| end.map(|end| end.to_f64()));
    ScaleLimits { min, max }
}

/// What was printed around a mean.
pub(super) fn bar(cell: &Cell) -> Option<Interval> {
    match &cell.form {
        CellForm::PlusMinus { center, spread, .. } => {
            let (center, spread) = (center.value(), spread.value());
            Some(Interval::between(center - spread, center + spread))
        }
        CellForm::Pair { lower, upper, .. } => Some(Interval::between(lower.value(), upper.value())),
        _ => None,
    }
}

fn difference(
    release: &Release,
    effects: &ReleaseEffects,
    named: &ReleaseContrast,
    before: &str,
    after: &str,
    lang: Lang,
) -> Difference {
    let contrast = &named.contrast;
    let view = NamedContrast::of_release(release, effects, named, lang);
    let change = contrast.input.mean_change().value;
    let intervals = changes(contrast)
        .filter_map(|estimate| {
            Some(LabelledInterval { label: r_name(contrast, estimate.r?, lang), interval: estimate.ci? })
        })
        .collect::<Vec<_>>();
    let level = level_in(lang, contrast.level);
    let why = words::why_no_test(contrast, lang);
    let absent = match lang {
        Lang::En => format!("{why}: no interval can be computed"),
        Lang::Ja => format!("{why}：区間は計算できない"),
    };
    Difference {
        label: say(lang, "difference", "差"),
        printed: if change > 0.0 { format!("+{}", fixed(change, view.decimals)) } else { fixed(change, view.decimals) },
        estimate: change,
        absent: intervals.is_empty().then_some(absent),
        intervals,
        axis_title: format!("{after} − {before}"),
        intervals_title: match lang {
            Lang::En => format!("{level} CI if r ="),
            Lang::Ja => format!("{level}信頼区間 r ="),
        },
    }
}

/// A correlation by its number; any of them where an SD is 0, so that nothing depends on it.
fn r_name(contrast: &Contrast, r: f64, lang: Lang) -> String {
    match (&contrast.correlation, contrast.input.is_constant()) {
        (Correlation::Unknown, true) => say(lang, "any", "任意"),
        _ => correlation_given(r),
    }
}

/// The mean change at every correlation that there is a result for.
fn changes(contrast: &Contrast) -> impl Iterator<Item = &Estimate> {
    let scenarios = contrast.scenarios.iter().flat_map(|scenario| &scenario.estimates);
    contrast.estimates.iter().chain(scenarios).filter(|estimate| estimate.measure == Measure::Mc)
}
