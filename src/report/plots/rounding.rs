//! How far rounding alone can move each result.

use super::forest::with_arrows_explained;
use crate::chart::{Axis, Caption, Column, Forest, ForestRow, ForestScale, RowMark};
use crate::effect::contrast::Correlation;
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::estimate::{Estimate, Measure};
use crate::numeric::interval::Interval;
use crate::report::charts::source;
use crate::report::effects::contrast_name;
use crate::report::not_drawn::{left_out_since, not_drawn};
use crate::report::number::{correlation_given, decimals_for, fixed, level_in};
use crate::report::words::{say, why_no_test};
use crate::reported::{Cell, Lang, Release};

/// The results that are shown, with their names.
const SHOWN: [(Measure, &str, &str); 4] = [
    (Measure::Mc, "mean change", "平均変化"),
    (Measure::Romc, "log ratio of means", "平均の比の対数"),
    (Measure::Dpre, "d, SD before", "d（前のSD）"),
    (Measure::Dav, "d, average variance", "d（分散の平均）"),
];

/// A row for each result: how far it moves, in percent of itself, when the printed numbers move
/// within what they round from; none where no result has a range.
pub fn rounding(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Option<Forest> {
    let (mut rows, mut drawn) = (Vec::new(), Vec::new());
    for named in &effects.contrasts {
        let own: Vec<ForestRow> = SHOWN.iter().filter_map(|shown| row(named, shown, lang)).collect();
        if !own.is_empty() {
            rows.push(ForestRow::heading(contrast_name(release, effects, named, lang)));
            rows.extend(own);
            drawn.push(named);
        }
    }
    let first = *drawn.first()?;
    let is_drawn = |named: &ReleaseContrast| drawn.iter().any(|own| std::ptr::eq(*own, named));
    let numeric = |heading: String| Column { heading, numeric: true, spare: false };
    let ci = level_in(lang, first.contrast.level);
    let known: Vec<Option<f64>> = drawn.iter().map(|named| known_r(named)).collect();
    let r = match known[..] {
        [Some(one), ref others @ ..] if others.iter().all(|other| *other == Some(one)) => {
            format!("r = {}", correlation_given(one))
        }
        _ if known.iter().all(Option::is_some) => say(lang, "known r", "既知の r"),
        _ if known.iter().any(Option::is_some) => say(lang, "known r, or 0.5", "既知の r、なければ 0.5"),
        _ => "r = 0.5".to_owned(),
    };
    let share = match lang {
        Lang::En => format!("Width, % of the {ci} CI ({r})"),
        Lang::Ja => format!("幅：{ci}信頼区間に対する%（{r}）"),
    };
    let chart = Forest {
        caption: Caption {
            title: match lang {
                Lang::En => format!("{}: what rounding alone can change", release.label.en),
                Lang::Ja => format!("{}：丸めだけで変わりうる範囲", release.label.ja),
            },
            subtitle: what_is_tried(release, first, lang),
            footnotes: [say(
                lang,
                "This is not a confidence interval: it says nothing of the sampling of patients.",
                "信頼区間ではなく、患者の標本抽出による不確かさは含まない。",
            )]
            .into_iter()
            .chain(not_drawn(
                &left_out_since(release, effects, is_drawn, |named| why_no_range(named, lang), lang),
                lang,
            ))
            .collect(),
            source: source(release, lang),
            lang,
        },
        left: vec![Column { heading: say(lang, "Result", "結果"), numeric: false, spare: false }],
        right: vec![
            numeric(say(lang, "At the printed values", "表示値では")),
            numeric(say(lang, "Range", "範囲")),
            numeric(share),
        ],
        rows,
        scale: ForestScale {
            axis: Axis::linear(say(lang, "Change of the result, %", "結果の変化（%）")),
            reference: Some(0.0),
            summary: None,
        },
    };
    Some(with_arrows_explained(chart))
}

/// The correlation of a contrast, where one is given or follows from the release.
fn known_r(named: &ReleaseContrast) -> Option<f64> {
    match &named.contrast.correlation {
        Correlation::Given(values) => values.first().copied().filter(|_| values.len() == 1),
        Correlation::Recovered { found, .. } => Some(found.r.value),
        Correlation::Unknown => None,
    }
}

/// What a printed number stands for, by the first of those that are drawn.
fn what_is_tried(release: &Release, named: &ReleaseContrast, lang: Lang) -> String {
    let (mean, printed) = (named.contrast.input.before.mean, named.cell(release, &named.before).map(Cell::center));
    let printed = printed.filter(|printed| !printed.is_percent() && mean.range.is_finite());
    let example = printed.map(|printed| {
        let decimals = printed.decimal().decimals() as usize;
        let [lower, upper] = mean.range.ends().map(|end| fixed(end, decimals + 1));
        (fixed(mean.value, decimals), lower, upper)
    });
    match (example, lang) {
        (Some((value, lower, upper)), Lang::En) => {
            format!("Every number behind the printed digits is tried: {value} stands for {lower} to {upper}.")
        }
        (Some((value, lower, upper)), Lang::Ja) => {
            format!("表示桁に丸められるすべての値を考える（{value} は {lower}〜{upper}）。")
        }
        (None, _) => {
            say(lang, "Every number behind the printed digits is tried.", "表示桁に丸められるすべての値を考える。")
        }
    }
}

/// Why a contrast has no range of which the printed value is a part.
fn why_no_range(named: &ReleaseContrast, lang: Lang) -> &'static str {
    if named.contrast.input.mean_change().value == 0.0 {
        return lang.choose("no change, of which nothing is a percentage", "変化が0で、その%はない");
    }
    why_no_test(&named.contrast, lang)
}

fn row(named: &ReleaseContrast, (measure, en, ja): &(Measure, &str, &str), lang: Lang) -> Option<ForestRow> {
    // Of a known r the contrast itself knows what else goes with the reported change.
    let known = known_r(named).and_then(|_| named.contrast.estimate(*measure).cloned());
    let estimate: Estimate =
        known.unwrap_or_else(|| named.contrast.input.estimate(*measure, Some(0.5), named.contrast.level));
    let (value, range) = (estimate.estimate?, estimate.rounding?);
    if value == 0.0 || !range.is_finite() {
        return None;
    }
    let share = |end: f64| 100.0 * (end - value) / value.abs();
    let moved = Interval::between(share(range.lower), share(range.upper));
    let ci = estimate.ci.filter(|ci| ci.is_finite() && ci.width() > 0.0);
    let decimals = decimals_for(range.width(), 2);
    let cells = vec![
        say(lang, en, ja),
        fixed(value, decimals),
        format!("[{}, {}]", fixed(range.lower, decimals), fixed(range.upper, decimals)),
        ci.map(|ci| fixed(100.0 * range.width() / ci.width(), 0)).unwrap_or_default(),
    ];
    Some(ForestRow { cells, mark: RowMark::Study { estimate: 0.0, ci: Some(moved), weight: None, fitted: None } })
}
