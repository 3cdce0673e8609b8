//! Charts of releases: which numbers and words a chart gets.

use super::cautions::Caution;
use super::effects::{NamedContrast, contrast_name};
use super::not_drawn::{left_out, not_drawn, of_release, whole_release};
use super::number::{correlation_given, fixed, level_in, plain, ratio_with_interval, short_ratio};
use super::summary::results;
use super::words::{self, say};
use crate::chart::{
    BeforeAfter, Caption, Difference, Group, Headings, LabelledInterval, Legend, Occasion, Overview, Panel, Row,
    ScaleLimits,
};
use crate::diagnostic::{each_once, keep_each_once};
use crate::effect::before_after::{self, RatioOfMeans};
use crate::effect::contrast::{Contrast, Correlation};
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::estimate::{Estimate, Measure};
use crate::numeric::interval::Interval;
use crate::reported::{Cell, CellForm, Lang, Release, SpreadMeaning, StudyDesign, StudyKind, stated};

pub use super::chart_ensemble::{ReconstructedChanges, ensemble, without_panel};

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
fn meanings(release: &Release, effects: &ReleaseEffects) -> Vec<SpreadMeaning> {
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

/// After as a multiple of before, for every outcome of every release.
pub fn overview(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> Overview {
    let contrasts = releases.iter().flat_map(|(_, effects)| &effects.contrasts);
    let level = level_in(lang, contrasts.map(|named| named.contrast.level).next().unwrap_or(0.95));
    let is_recovered = |named: &ReleaseContrast| matches!(named.contrast.correlation, Correlation::Recovered { .. });
    let recovered = releases.iter().flat_map(|(_, effects)| &effects.contrasts).filter(|of| is_recovered(of)).count();
    let all = releases.iter().map(|(_, effects)| effects.contrasts.len()).sum::<usize>();
    let ci = |r: &str| match lang {
        Lang::En => format!("{level} CI if r = {r}"),
        Lang::Ja => format!("{level}信頼区間（r = {r}）"),
    };
    let [lowest, highest] = shown_r(releases.iter().flat_map(|(_, effects)| &effects.contrasts)).map(plain);
    let wide = match (recovered, lang) {
        (0, _) => ci(&lowest),
        (some, Lang::En) if some == all => format!("{level} CI at the r in the row"),
        (some, Lang::Ja) if some == all => format!("{level}信頼区間（r は各行）"),
        (_, Lang::En) => format!("{level} CI if r = {lowest}, or at the r in the row"),
        (_, Lang::Ja) => format!("{level}信頼区間（r = {lowest}、または各行の r）"),
    };
    // A release without a row says in its place why.
    let missing =
        releases.iter().filter(|(_, effects)| !effects.contrasts.is_empty()).flat_map(|(release, effects)| {
            let names = left_out(release, effects, |_| true, lang);
            if releases.len() > 1 { of_release(release, names, lang).collect() } else { names }
        });
    let missing = not_drawn(&missing.collect::<Vec<_>>(), lang);
    let mut groups: Vec<Group> = releases.iter().map(|(release, effects)| group(release, effects, lang)).collect();
    // Results first, otherwise in the order of the releases.
    groups.sort_by_key(|group| group.rows.is_empty());
    let [lower, higher] = sides(releases, lang);
    let [title, subtitle, axis_title] = overview_titles(are_crossed(releases), lang);
    Overview {
        caption: Caption {
            title,
            subtitle,
            footnotes: vec![
                say(
                    lang,
                    "The outcomes differ: compare each with 1, not with one another. On a rating scale this is a ratio of means; it does not say what share of the symptoms remains.",
                    "評価項目は互いに異なる。それぞれ 1 と比べること。評価尺度では平均どうしの比であり、症状がどれだけ残るかは示さない。",
                ),
                by_delta(releases, lang),
            ]
            .into_iter()
            .chain(missing)
            .collect(),
            source: say(lang, "Source: the releases named", "出典：各発表"),
            lang,
        },
        headings: Headings {
            outcome: say(lang, "Outcome", "評価項目"),
            printed: say(lang, "As printed", "発表された値"),
            n: "n".to_owned(),
            estimate: match lang {
                Lang::En => format!("Ratio ({wide})"),
                Lang::Ja => format!("比、{wide}"),
            },
            remark: say(lang, "Paired t-test", "対応のある t 検定"),
        },
        legend: Legend { wide, narrow: ci(&highest), hollow: without_interval(releases, lang) },
        axis_title,
        lower,
        higher,
        arrows: say(
            lang,
            "An arrow marks a ratio or an interval that goes on beyond the axis; its numbers stand beside it.",
            "矢印は比または区間が軸の外に及ぶことを示す（数値は右に記す）。",
        ),
        groups,
    }
}

/// Headline, subtitle and the title of the axis of an overview.
fn overview_titles(crossed: bool, lang: Lang) -> [String; 3] {
    let titles = if crossed {
        [
            ("What the releases report under either treatment", "発表された各治療での値"),
            (
                "Each person had both treatments: the second mean as a multiple of the first; 1 is no difference.",
                "各人が両方の治療を受けた。2番目の平均は1番目の何倍か。1 は差なし。",
            ),
            ("second / first (log scale)", "2番目 ÷ 1番目（対数目盛）"),
        ]
    } else {
        [
            ("What the releases report before and after", "発表された治療前後の値"),
            (
                "The mean after as a multiple of the mean before; 1 is no change.",
                "治療後の平均は治療前の何倍か。1 は変化なし。",
            ),
            ("after / before (log scale)", "後 ÷ 前（対数目盛）"),
        ]
    };
    titles.map(|(en, ja)| say(lang, en, ja))
}

/// Whether all results are of people who had one treatment after the other, so that nothing is before or after.
fn are_crossed(releases: &[(&Release, ReleaseEffects)]) -> bool {
    let mut drawn = releases.iter().filter(|(_, effects)| !effects.contrasts.is_empty()).peekable();
    drawn.peek().is_some() && drawn.all(|(release, _)| release.design == Some(StudyDesign::Crossover))
}

/// What lies left and right of 1: the ratio of two means below 0 falls as they rise.
fn sides(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> [String; 2] {
    let is_below_zero = releases.iter().flat_map(|(_, effects)| &effects.contrasts).any(|named| {
        let input = &named.contrast.input;
        named.contrast.ratio.is_some() && input.before.mean.value < 0.0 && input.after.mean.value < 0.0
    });
    let (lower, higher) = match (is_below_zero, are_crossed(releases)) {
        (false, false) => (("← lower after", "← 治療後に低い"), ("higher after →", "治療後に高い →")),
        (true, false) => (("← nearer 0 after", "← 治療後に0に近い"), ("farther from 0 after →", "治療後に0から遠い →")),
        (false, true) => (("← second lower", "← 2番目が低い"), ("second higher →", "2番目が高い →")),
        (true, true) => (("← second nearer 0", "← 2番目が0に近い"), ("second farther from 0 →", "2番目が0から遠い →")),
    };
    [lower, higher].map(|(en, ja)| say(lang, en, ja))
}

/// How the intervals of ratios came about.
fn by_delta(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> String {
    let is_unexplained = |(release, effects): &(&Release, ReleaseEffects)| {
        meanings(release, effects).contains(&SpreadMeaning::Unexplained)
    };
    let (en, ja) = match releases.iter().any(is_unexplained) {
        true => (", reading an unexplained ± as the SD", "（説明のない ± は SD と解釈）"),
        false => ("", ""),
    };
    let r = about_r(releases.iter().flat_map(|(_, effects)| &effects.contrasts), false, lang);
    match lang {
        Lang::En => format!("Intervals of the log ratio by the delta method{en}. {r}"),
        Lang::Ja => format!("区間は対数比のデルタ法による{ja}。{r}"),
    }
}

/// Why some rows have no interval: for one reason, or for several.
fn without_interval(releases: &[(&Release, ReleaseEffects)], lang: Lang) -> String {
    let contrasts = releases.iter().flat_map(|(_, effects)| &effects.contrasts);
    let mut reasons: Vec<&str> = contrasts
        .filter(|named| named.contrast.r_bounds.is_none())
        .map(|named| words::why_no_test(&named.contrast, lang))
        .collect();
    reasons.sort_unstable();
    keep_each_once(&mut reasons);
    match &reasons[..] {
        [one] => format!("{one}{}", lang.choose(", no interval", "、区間なし")),
        _ => say(lang, "no interval", "区間なし"),
    }
}

fn group(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Group {
    let others = results(release, effects) - effects.contrasts.len();
    let has_values = release.outcomes.iter().any(|outcome| !outcome.results.is_empty());
    Group {
        name: release.label.get(lang).to_owned(),
        rows: effects.contrasts.iter().map(|named| row(release, effects, named, lang)).collect(),
        absent: match release.kind {
            _ if others > 0 => match lang {
                Lang::En => {
                    format!("no pair of before and after; {others} other result{}", if others > 1 { "s" } else { "" })
                }
                Lang::Ja => format!("前後の組はない（その他の結果 {others}件）"),
            },
            _ if has_values => {
                say(lang, "printed results, but none that allows a change", "数値の報告はあるが、変化は計算できない")
            }
            StudyKind::Announcement => say(lang, "no trial outcome at all", "臨床試験の結果はない"),
            StudyKind::Registry => say(lang, "registry counts, no before/after result", "登録数のみ。前後の値はない"),
            StudyKind::AnimalStudy | StudyKind::Trial | StudyKind::MetaAnalysis => {
                say(lang, "comparisons in words only, no printed result", "言葉での比較のみ。数値の報告はない")
            }
        },
    }
}

/// The lowest and the highest correlation that intervals are drawn for, where none follows from the release: 0 and 0.9,
/// or those that were given.
fn shown_r<'a>(mut contrasts: impl Iterator<Item = &'a ReleaseContrast>) -> [f64; 2] {
    let given = contrasts.find_map(|named| match &named.contrast.correlation {
        Correlation::Given(values) if !values.is_empty() => Some(values),
        _ => None,
    });
    given.map_or([0.0, 0.9], |values| {
        [values.iter().copied().fold(1.0, f64::min), values.iter().copied().fold(-1.0, f64::max)]
    })
}

/// Why two means have no ratio.
fn no_ratio(input: &before_after::BeforeAfter, lang: Lang) -> String {
    if [input.before.mean.value, input.after.mean.value].contains(&0.0) {
        return say(lang, "no ratio: a mean is 0", "平均が0のため比はない");
    }
    say(lang, "no ratio: the means differ in sign", "平均の符号が異なるため比はない")
}

fn row(release: &Release, effects: &ReleaseEffects, named: &ReleaseContrast, lang: Lang) -> Row {
    let view = NamedContrast::of_release(release, effects, named, lang);
    let ratio = named.contrast.ratio;
    let at = |r: f64| named.contrast.scenarios.iter().find(|s| s.r == r).and_then(|s| s.ratio?.ci);
    let (wide, narrow) = match named.contrast.correlation {
        // Without scenarios, where an SD is 0, the interval depends on no r.
        Correlation::Unknown => (at(0.0).or_else(|| ratio.and_then(|ratio| ratio.ci)), at(0.9)),
        // The ratio itself is that of the first.
        Correlation::Given(_) => {
            let [lowest, highest] = shown_r([named].into_iter());
            let at = |r| named.contrast.input.ratio_of_means(Some(r), named.contrast.level).ok().and_then(|of| of.ci);
            (at(lowest), at(highest).filter(|_| highest > lowest))
        }
        _ => (ratio.and_then(|ratio| ratio.ci), None),
    };
    let estimate = match (ratio, wide) {
        (Some(RatioOfMeans { ratio, .. }), Some(ci)) => match &named.contrast.correlation {
            Correlation::Recovered { found, .. } => {
                let and = lang.choose("; ", "；");
                format!("{}{and}r = {}", ratio_with_interval(ratio, ci), correlation_given(found.r.value))
            }
            _ => ratio_with_interval(ratio, ci),
        },
        (Some(RatioOfMeans { ratio, .. }), None) => short_ratio(ratio),
        (None, _) => no_ratio(&named.contrast.input, lang),
    };
    let estimate = match (ratio, lang) {
        (Some(_), Lang::En) if named.contrast.input.are_negative() => format!("{estimate}; both means negative"),
        (Some(_), Lang::Ja) if named.contrast.input.are_negative() => format!("{estimate}；両平均とも負"),
        _ => estimate,
    };
    Row {
        outcome: contrast_name(release, effects, named, lang),
        printed: format!("{} → {}", view.before, view.after),
        n: named.contrast.input.n.map(|n| n.to_string()),
        ratio: ratio.map(|ratio| ratio.ratio),
        wide,
        narrow,
        estimate,
        remark: words::r_needed_briefly(&named.contrast, lang),
    }
}
