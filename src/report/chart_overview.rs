//! The chart of all releases: after as a multiple of before.

use super::charts::{about_r, meanings};
use super::effects::{NamedContrast, contrast_name};
use super::not_drawn::{left_out, not_drawn, of_release};
use super::number::{correlation_given, level_in, plain, ratio_with_interval, short_ratio};
use super::summary::results;
use super::words::{self, say};
use crate::chart::{Caption, Group, Headings, Legend, Overview, Row};
use crate::diagnostic::keep_each_once;
use crate::effect::before_after::{self, RatioOfMeans};
use crate::effect::contrast::Correlation;
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::reported::{Lang, Release, SpreadMeaning, StudyDesign, StudyKind};

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
