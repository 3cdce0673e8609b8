//! Which outcomes of a release a chart leaves out, and why: said under the chart, so that nobody takes what is
//! missing for what was not reported.

use super::charts::with_release;
use super::words::{self, say};
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::reported::{CellForm, Lang, Outcome, OutcomeResult, Release, SpreadMeaning, Statistic};

/// The outcomes of a release of which a chart of before and after shows nothing, each with the reason in
/// parentheses, and with its arm where another arm is drawn.
pub(super) fn left_out(
    release: &Release,
    effects: &ReleaseEffects,
    is_drawn: impl Fn(&ReleaseContrast) -> bool,
    lang: Lang,
) -> Vec<String> {
    let mut names = Vec::new();
    for outcome in &release.outcomes {
        let reason = |row: &OutcomeResult| {
            let own = |named: &&ReleaseContrast| named.outcome == outcome.id && named.arm == row.arm;
            let mut contrasts = effects.contrasts.iter().filter(own);
            match contrasts.clone().any(&is_drawn) {
                true => None,
                false => Some(
                    contrasts
                        .next()
                        .map_or_else(|| without_contrast(row, lang), |named| words::why_no_test(&named.contrast, lang)),
                ),
            }
        };
        names.extend(by_arm(release, outcome, outcome.results.iter().map(|row| (row, reason(row))).collect(), lang));
    }
    names
}

/// The footnote that names what [`left_out`] found; none where everything is drawn.
pub(super) fn not_drawn(names: &[String], lang: Lang) -> Option<String> {
    (!names.is_empty()).then(|| match lang {
        Lang::En => format!("Not drawn: {}.", names.join("; ")),
        Lang::Ja => format!("図にない項目：{}。", names.join("、")),
    })
}

/// The same names with their release, in a chart of several.
pub(super) fn of_release(release: &Release, names: Vec<String>, lang: Lang) -> impl Iterator<Item = String> {
    names.into_iter().map(move |name| with_release(release, &name, lang))
}

/// A name with a reason in parentheses.
pub(super) fn with_reason(name: &str, reason: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{name} ({reason})"),
        Lang::Ja => format!("{name}（{reason}）"),
    }
}

/// Why an outcome that has no row of results is left out.
pub(super) fn unreported(release: &Release, outcome: &Outcome, lang: Lang) -> &'static str {
    match release.statements.iter().any(|statement| statement.outcomes.contains(&outcome.id)) {
        true => lang.choose("compared in words only", "言葉での比較のみ"),
        false => lang.choose("nothing reported of it", "結果の報告なし"),
    }
}

/// Why nothing can be computed of a cell without a model of the data; none where its mean can be used.
pub(super) fn without_mean(statistic: Statistic, form: &CellForm, lang: Lang) -> Option<&'static str> {
    match (statistic, form) {
        (Statistic::Median, _) => Some(lang.choose("a median", "中央値のみ")),
        (Statistic::Percent | Statistic::Count, _) | (_, CellForm::Fraction { .. }) => {
            Some(lang.choose("a share of the patients", "患者の割合"))
        }
        (_, CellForm::Pair { meaning, .. }) if *meaning != SpreadMeaning::Ci95 => {
            Some(lang.choose("a range that gives no SD", "SD を計算できない範囲"))
        }
        _ => None,
    }
}

/// One name where all rows are left out for one reason, otherwise one for each row that is.
fn by_arm(
    release: &Release,
    outcome: &Outcome,
    rows: Vec<(&OutcomeResult, Option<&'static str>)>,
    lang: Lang,
) -> Vec<String> {
    let label = outcome.label.get(lang);
    let Some((_, first)) = rows.first() else {
        return vec![with_reason(label, unreported(release, outcome, lang), lang)];
    };
    if let (Some(reason), true) = (first, rows.iter().all(|(_, other)| other == first)) {
        return vec![with_reason(label, reason, lang)];
    }
    let of_arm = |(row, reason): &(&OutcomeResult, Option<&'static str>)| {
        let arm = release.arm(&row.arm).map_or(row.arm.as_str(), |arm| arm.label.get(lang));
        Some(with_reason(&format!("{label} · {arm}"), (*reason)?, lang))
    };
    rows.iter().filter_map(of_arm).collect()
}

/// Why a row has no contrast of before and after.
fn without_contrast(row: &OutcomeResult, lang: Lang) -> &'static str {
    let cells = || row.cells.iter().map(|(_, cell)| cell);
    if cells().any(|cell| cell.statistic == Statistic::Change) {
        return lang.choose("reported as a change only", "変化量のみの報告");
    }
    let unusable = cells().find_map(|cell| without_mean(cell.statistic, &cell.form, lang));
    match (unusable, row.cells.len()) {
        (Some(reason), _) => reason,
        (None, 0 | 1) => lang.choose("only one occasion", "1時点のみ"),
        _ => lang.choose("the values cannot be compared", "前後の値は比較できない"),
    }
}

/// A release of which a chart of several shows nothing.
pub(super) fn whole_release(release: &Release, lang: Lang) -> String {
    let reason = say(lang, "no before/after result", "前後の結果なし");
    with_reason(release.label.get(lang), &reason, lang)
}
