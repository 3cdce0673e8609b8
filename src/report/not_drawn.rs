//! Which outcomes of a release a chart leaves out, and why: said under the chart, so that nobody takes what is
//! missing for what was not reported.

use super::charts::with_release;
use super::words::{self, say};
use crate::diagnostic::keep_each_once;
use crate::effect::of_release::{ReleaseBetween, ReleaseContrast, ReleaseEffects};
use crate::reconstruct::Unreconstructable;
use crate::reconstruct::of_release::Behind;
use crate::reported::{
    ArmPair, Cell, CellForm, Lang, Outcome, OutcomeResult, Quantity, Release, SpreadMeaning, Statistic,
};

/// The outcomes of a release of which a chart of before and after shows nothing, each with the reason in
/// parentheses, and with its arm where another arm is drawn: what a paired test lacks.
pub(super) fn left_out(
    release: &Release,
    effects: &ReleaseEffects,
    is_drawn: impl Fn(&ReleaseContrast) -> bool,
    lang: Lang,
) -> Vec<String> {
    left_out_since(release, effects, is_drawn, |named| words::why_no_test(&named.contrast, lang), lang)
}

/// The same for a chart that lacks something else.
pub(super) fn left_out_since(
    release: &Release,
    effects: &ReleaseEffects,
    is_drawn: impl Fn(&ReleaseContrast) -> bool,
    why: impl Fn(&ReleaseContrast) -> &'static str,
    lang: Lang,
) -> Vec<String> {
    let reasons = |outcome: &Outcome, row: &OutcomeResult| {
        let own = |named: &&ReleaseContrast| named.outcome == outcome.id && named.arm == row.arm;
        let contrasts: Vec<&ReleaseContrast> = effects.contrasts.iter().filter(own).collect();
        if contrasts.is_empty() {
            return Lacking::All(without_contrast(row, lang));
        }
        let of_contrasts = contrasts.iter().map(|named| (named.after.clone(), (!is_drawn(named)).then(|| why(named))));
        let is_compared =
            |at: &str| contrasts.iter().any(|named| [&named.before, &named.after].contains(&&at.to_owned()));
        let others = row.cells.iter().filter(|(at, _)| !is_compared(at));
        Lacking::of(of_contrasts.chain(others.map(|(at, cell)| (at.clone(), Some(not_compared(cell, lang))))).collect())
    };
    release.outcomes.iter().flat_map(|outcome| by_arm(release, outcome, |row| reasons(outcome, row), lang)).collect()
}

/// What of a row of results a chart leaves out, and why.
#[derive(PartialEq)]
enum Lacking {
    /// Everything.
    All(&'static str),
    /// Some occasions, which may be none.
    Some(Vec<(String, &'static str)>),
}

impl Lacking {
    /// By the occasions of a row, each with the reason why it is left out, where it is.
    fn of(occasions: Vec<(String, Option<&'static str>)>) -> Self {
        let first = occasions.first().and_then(|(_, reason)| *reason);
        match first.filter(|_| occasions.iter().all(|(_, reason)| reason.is_some())) {
            Some(reason) => Self::All(reason),
            None => Self::Some(occasions.into_iter().filter_map(|(at, reason)| Some((at, reason?))).collect()),
        }
    }
}

/// The same of a chart of two arms against one another, each outcome with its occasion where another occasion
/// is drawn.
pub(super) fn between_arms_left_out(
    release: &Release,
    is_drawn: impl Fn(&ReleaseBetween) -> bool,
    effects: &ReleaseEffects,
    lang: Lang,
) -> Vec<String> {
    let mut names = Vec::new();
    for outcome in &release.outcomes {
        let label = outcome.label.get(lang);
        let pairs: Vec<ArmPair<'_>> = release.pairs_of_arms(outcome).collect();
        let reason = |pair: &ArmPair<'_>| {
            let own = |named: &&ReleaseBetween| {
                named.outcome == outcome.id
                    && named.arms == pair.arms()
                    && (named.occasion.as_str(), named.quantity) == (pair.occasion, pair.quantity)
            };
            match effects.between.iter().find(own) {
                Some(named) if is_drawn(named) => None,
                Some(named) => Some(without_interval(named, lang)),
                None => Some(not_comparable(pair.cells, lang)),
            }
        };
        let reasons: Vec<Option<&str>> = pairs.iter().map(reason).collect();
        let whole = match (outcome.results.is_empty(), reasons.first()) {
            (true, _) => Some(unreported(release, outcome, lang)),
            (false, None) if outcome.only_result().is_some() => {
                Some(lang.choose("reported of one arm only", "1群のみの報告"))
            }
            (false, None) => Some(lang.choose("no occasion that two arms report", "2群がともに報告した時点なし")),
            (false, Some(first)) if reasons.iter().all(|reason| reason == first) => *first,
            _ => None,
        };
        if let Some(reason) = whole {
            names.push(with_reason(label, reason, lang));
            continue;
        }
        for (pair, reason) in pairs.iter().zip(reasons) {
            let Some(reason) = reason else { continue };
            let occasion = words::occasion(release, pair.occasion, pair.quantity, words::Wording::page(lang));
            let name = with_reason(&format!("{label} · {occasion}"), reason, lang);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The outcomes of a release behind which no data sets are looked for, as [`left_out`] names them.
pub(super) fn without_data(release: &Release, behind: &[Behind], lang: Lang) -> Vec<String> {
    let reasons = |outcome: &Outcome, row: &OutcomeResult| {
        let Some(own) = behind.iter().find(|of| of.outcome == outcome.id && of.arm == row.arm) else {
            return Lacking::Some(Vec::new());
        };
        if own.later().next().is_none() {
            return Lacking::All(without_contrast(row, lang));
        }
        let why = |after: usize| {
            let cells = [&own.cells[0], &own.cells[after]];
            let printed = |occasion: &str| row.cells.iter().find(|(at, _)| at == occasion).map(|(_, cell)| cell);
            let unusable = cells.iter().filter_map(|cell| printed(&cell.occasion));
            let unusable = unusable.filter_map(|cell| without_mean(cell.statistic, &cell.form, lang)).next();
            let refused = cells.into_iter().find_map(|cell| cell.sets.as_ref().err());
            unusable.unwrap_or_else(|| match refused {
                Some(Unreconstructable::NoSteps(_)) => lang.choose("a scale without steps", "刻みのない尺度"),
                Some(Unreconstructable::Summary(_)) => lang.choose("no mean with SD and n", "平均・SD・n がそろわない"),
                _ => lang.choose("too many data sets to say", "データの数が多すぎる"),
            })
        };
        let of = |after: usize| (own.cells[after].occasion.clone(), (!own.is_reconstructed(after)).then(|| why(after)));
        Lacking::of(own.later().map(of).collect())
    };
    release.outcomes.iter().flat_map(|outcome| by_arm(release, outcome, |row| reasons(outcome, row), lang)).collect()
}

/// Why two means have no standardised difference.
fn without_interval(named: &ReleaseBetween, lang: Lang) -> &'static str {
    if named.contrast.logarithms.is_some() {
        return lang.choose("means on logarithms: see their ratio", "対数での平均：比を参照");
    }
    let input = &named.contrast.input;
    if input.groups.iter().any(|group| group.sd.is_none()) {
        return lang.choose("no SD reported", "SD の報告なし");
    }
    match input.n {
        [Some(first), Some(second)] if first.min(second) < 2 => lang.choose("an arm of one", "1人の群"),
        [Some(_), Some(_)] => lang.choose("both SDs are 0", "両群の SD が 0"),
        _ => lang.choose("n not stated", "n の記載なし"),
    }
}

/// Why two cells have no difference of means.
fn not_comparable(cells: [&Cell; 2], lang: Lang) -> &'static str {
    let unusable = cells.into_iter().find_map(|cell| without_mean(cell.statistic, &cell.form, lang));
    unusable.unwrap_or_else(|| lang.choose("different statistics or units", "統計量または単位が異なる"))
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
    if release.estimates.iter().any(|reported| reported.outcome.as_ref() == Some(&outcome.id)) {
        return lang.choose("its effect alone is reported", "効果のみの報告");
    }
    match release.statements.iter().any(|statement| statement.outcomes.contains(&outcome.id)) {
        true => lang.choose("compared in words only", "言葉での比較のみ"),
        false => lang.choose("nothing reported of it", "結果の報告なし"),
    }
}

/// Why nothing can be computed of a cell without a model of the data; none where its mean can be used.
pub(super) fn without_mean(statistic: Statistic, form: &CellForm, lang: Lang) -> Option<&'static str> {
    match (statistic, form) {
        (Statistic::Median, _) => Some(lang.choose("a median", "中央値のみ")),
        (Statistic::Events, _) => Some(lang.choose("events over person-time", "人時あたりの件数")),
        (Statistic::Percent | Statistic::Count, _) | (_, CellForm::Fraction { .. }) => {
            Some(lang.choose("a share of the patients", "患者の割合"))
        }
        (_, CellForm::Pair { meaning, .. }) if *meaning != SpreadMeaning::Ci95 => {
            Some(lang.choose("a range that gives no SD", "SD を計算できない範囲"))
        }
        _ => None,
    }
}

/// One name where all rows are left out for one reason, otherwise one for each row that is, or for each of its
/// occasions where others are drawn.
fn by_arm(
    release: &Release,
    outcome: &Outcome,
    reasons: impl Fn(&OutcomeResult) -> Lacking,
    lang: Lang,
) -> Vec<String> {
    let label = outcome.label.get(lang);
    let rows: Vec<(&OutcomeResult, Lacking)> = outcome.results.iter().map(|row| (row, reasons(row))).collect();
    let Some((_, first)) = rows.first() else {
        return vec![with_reason(label, unreported(release, outcome, lang), lang)];
    };
    if let (Lacking::All(reason), true) = (first, rows.iter().all(|(_, other)| other == first)) {
        return vec![with_reason(label, reason, lang)];
    }
    let of_row = |(row, lacking): &(&OutcomeResult, Lacking)| match lacking {
        Lacking::All(reason) => {
            let arm = release.arm(&row.arm).map_or(row.arm.as_str(), |arm| arm.label.get(lang));
            vec![with_reason(&format!("{label} · {arm}"), reason, lang)]
        }
        Lacking::Some(occasions) => {
            let name = words::row_name(release, &outcome.id, &row.arm, lang);
            let at = |id: &str| words::occasion(release, id, Quantity::Value, words::Wording::page(lang));
            occasions.iter().map(|(id, reason)| with_reason(&format!("{name} · {}", at(id)), reason, lang)).collect()
        }
    };
    let mut names: Vec<String> = rows.iter().flat_map(of_row).collect();
    keep_each_once(&mut names);
    names
}

/// Why a row has no contrast of before and after.
fn without_contrast(row: &OutcomeResult, lang: Lang) -> &'static str {
    if row.cells.is_empty() && !row.changes.is_empty() {
        return lang.choose("reported as a change only", "変化量のみの報告");
    }
    let mut cells = row.cells.iter().map(|(_, cell)| cell);
    let unusable = cells.find_map(|cell| without_mean(cell.statistic, &cell.form, lang));
    match (unusable, row.cells.len()) {
        (Some(reason), _) => reason,
        (None, 0 | 1) => lang.choose("only one occasion", "1時点のみ"),
        _ => lang.choose("the values cannot be compared", "前後の値は比較できない"),
    }
}

/// Why an occasion has no contrast with another one.
fn not_compared(cell: &Cell, lang: Lang) -> &'static str {
    let unusable = without_mean(cell.statistic, &cell.form, lang);
    unusable.unwrap_or_else(|| lang.choose("the values cannot be compared", "前後の値は比較できない"))
}

/// A release of which a chart of several shows nothing.
pub(super) fn whole_release(release: &Release, lang: Lang) -> String {
    let reason = say(lang, "no before/after result", "前後の結果なし");
    with_reason(release.label.get(lang), &reason, lang)
}
