//! Sentences that several outputs share, in both languages.

use super::number::{correlation, fixed, level_text, p_interval, p_value, plain};
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::contrast::{Contrast, Correlation};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::reconstruct::of_release::Behind;
use crate::reported::{Direction, Lang, Outcome, Quantity, Release};

/// What is said in a language, as a text of its own.
pub fn say(lang: Lang, en: &str, ja: &str) -> String {
    lang.choose(en, ja).to_owned()
}

/// The title of an axis with its unit.
pub fn with_unit(what: &str, unit: Option<&str>, lang: Lang) -> String {
    match (unit, lang) {
        (None, _) => what.to_owned(),
        (Some(unit), Lang::En) => format!("{what} ({unit})"),
        (Some(unit), Lang::Ja) => format!("{what}（{unit}）"),
    }
}

/// The unit of a difference of two values: percentages differ by percentage points.
pub fn unit_of_difference(unit: &str, lang: Lang) -> &str {
    if matches!(unit, "%" | "％") { lang.choose("percentage points", "パーセントポイント") } else { unit }
}

/// The language of names and that of the words between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Of outcomes, arms and occasions.
    pub names: Lang,
    /// Of everything else.
    pub words: Lang,
}

impl Wording {
    /// On a screen, where English sentences may hold names of another language.
    pub fn screen(names: Lang) -> Self {
        Self { names, words: Lang::En }
    }

    /// On a page of one language.
    pub fn page(lang: Lang) -> Self {
        Self { names: lang, words: lang }
    }
}

/// When something was reported, and that it is a change where it is one.
pub fn occasion(release: &Release, id: &str, quantity: Quantity, wording: Wording) -> String {
    let label = release.occasion(id).map_or(id, |occasion| occasion.label.get(wording.names));
    match (quantity, wording.words) {
        (Quantity::Value, _) => label.to_owned(),
        (Quantity::Change, Lang::En) => format!("{label}, change"),
        (Quantity::Change, Lang::Ja) => format!("{label}（変化量）"),
    }
}

/// The name of a row of results: the outcome, with the arm where several arms report it.
pub fn row_name(release: &Release, outcome: &str, arm: &str, lang: Lang) -> String {
    let Some(found) = release.outcome(outcome) else { return outcome.to_owned() };
    let name = found.label.get(lang);
    if found.results.iter().all(|row| row.arm == arm || arm.is_empty()) {
        return name.to_owned();
    }
    format!("{name} · {}", release.arm(arm).map_or(arm, |arm| arm.label.get(lang)))
}

/// The name of a change of a row: where there are several later occasions, it tells which.
pub fn change_name(release: &Release, row: &Behind, after: usize, lang: Lang) -> String {
    let name = row_name(release, &row.outcome, &row.arm, lang);
    if row.later().len() < 2 {
        return name;
    }
    let id = &row.cells[after].occasion;
    format!("{name} · {}", release.occasion(id).map_or(id.as_str(), |occasion| occasion.label.get(lang)))
}

/// The side of an axis on which results speak for an arm.
pub fn favours(arm: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("favours {arm}"),
        Lang::Ja => format!("{arm}に有利"),
    }
}

/// Which correlation the paired t-test needs for p < α.
pub fn r_needed(contrast: &Contrast, lang: Lang) -> Option<String> {
    let alpha = plain(contrast.alpha);
    Some(match (contrast.r_needed?, lang) {
        (needed, Lang::En) => format!("p < {alpha} {needed}"),
        (CorrelationNeeded::Any { rounding: None }, Lang::Ja) => format!("r によらず p < {alpha}"),
        (CorrelationNeeded::Any { rounding: Some(range) }, Lang::Ja) => {
            format!("発表値では r によらず p < {alpha}（丸めによっては r ≥ {} が必要）", correlation(range.upper))
        }
        (CorrelationNeeded::None { rounding: None }, Lang::Ja) => format!("どの r でも p < {alpha} にならない"),
        (CorrelationNeeded::None { rounding: Some(range) }, Lang::Ja) => {
            format!(
                "発表値ではどの r でも p < {alpha} にならない（丸めによっては r = {} 以上でなりうる）",
                correlation(range.lower)
            )
        }
        (CorrelationNeeded::AtLeast { r, rounding }, Lang::Ja) => {
            let [r, lower, upper] = [r, rounding.lower, rounding.upper].map(correlation);
            format!("p < {alpha} には r ≥ {r} が必要（丸めを考えると {lower}〜{upper}）")
        }
    })
}

/// Whether the correlation that was recovered is the one that the paired t-test needs, where both are known.
///
/// Rounding moves both together, so that what decides is the range of the p of the test, over the numbers that go with
/// what was reported; both correlations are compared where there is none.
pub fn r_is_enough(contrast: &Contrast, lang: Lang) -> Option<String> {
    let (Correlation::Recovered { found, .. }, Some(CorrelationNeeded::AtLeast { rounding, .. })) =
        (&contrast.correlation, contrast.r_needed)
    else {
        return None;
    };
    let [r, lower, upper] = [found.r.value, found.r.range.lower, found.r.range.upper].map(|r| fixed(r, 3));
    let (is_enough, is_too_small) = match contrast.tests.first().and_then(|test| test.p_rounding) {
        Some(p) => (p.upper <= contrast.alpha, p.lower > contrast.alpha),
        None => (found.r.range.lower >= rounding.upper, found.r.range.upper < rounding.lower),
    };
    Some(match (is_enough, is_too_small, lang) {
        (true, _, Lang::En) => format!("the recovered r of {r} ({lower} to {upper}) is enough for that"),
        (_, true, Lang::En) => format!("the recovered r of {r} ({lower} to {upper}) is too small for that"),
        (_, _, Lang::En) => format!("the recovered r of {r} ({lower} to {upper}) leaves that open"),
        (true, _, Lang::Ja) => format!("復元した r = {r}（{lower}〜{upper}）はこれを満たす"),
        (_, true, Lang::Ja) => format!("復元した r = {r}（{lower}〜{upper}）はこれに足りない"),
        (_, _, Lang::Ja) => format!("復元した r = {r}（{lower}〜{upper}）では決まらない"),
    })
}

/// What the caveat of a contrast of different numbers of people says.
const OTHER_PEOPLE: &str = "people are reported before and";

/// Why nothing can be said of the paired t-test, where nothing can.
pub fn why_no_test(contrast: &Contrast, lang: Lang) -> &'static str {
    let input = &contrast.input;
    match (input.before.sd, input.after.sd, input.n) {
        (None, _, _) | (_, None, _) => lang.choose("no SD reported", "SD の報告なし"),
        (_, _, None) if contrast.caveats.iter().any(|caveat| caveat.contains(OTHER_PEOPLE)) => {
            lang.choose("other people before than after", "前後で人数が異なる")
        }
        (_, _, None) => lang.choose("n not stated", "n の記載なし"),
        (_, _, Some(n)) if n < 2 => lang.choose("one person has no spread", "1例では散らばりが求められない"),
        _ => lang.choose("both SDs are 0", "両時点の SD が 0"),
    }
}

/// What can be said of the paired t-test whatever the correlation is.
pub fn whatever_r_is(contrast: &Contrast) -> Vec<String> {
    let Some(bounds) = contrast.r_bounds else { return Vec::new() };
    let end = |end: Option<f64>| end.map_or("unbounded".to_owned(), |end| super::number::significant(end, 3));
    let p = |end: Option<f64>| end.map_or("unbounded".to_owned(), p_value);
    let p = match (bounds.p.lower, bounds.p.upper) {
        (Some(lower), Some(upper)) => p_interval(Interval::between(lower, upper)),
        (lower, upper) => format!("{} to {}", p(lower), p(upper)),
    };
    let mut lines = vec![format!(
        "over every r from −1 to 1: SD of change {} to {}, t {} to {}, p {p}",
        end(bounds.sd_change.lower),
        end(bounds.sd_change.upper),
        end(bounds.t.lower),
        end(bounds.t.upper),
    )];
    if let Some(ci) = contrast.widest.as_ref().and_then(|widest| widest.ci) {
        let ci = super::number::interval(ci);
        lines.push(format!(
            "at the printed numbers the {} CI of the mean change lies within {ci} whatever r is",
            level_text(contrast.level)
        ));
    }
    lines.extend(r_needed(contrast, Lang::En).map(|needed| format!("paired t-test: {needed}")));
    lines.extend(r_is_enough(contrast, Lang::En));
    lines
}

/// Which way is better.
pub fn better(direction: Direction, lang: Lang) -> &'static str {
    match (direction, lang) {
        (Direction::LowerIsBetter, Lang::En) => "lower is better",
        (Direction::HigherIsBetter, Lang::En) => "higher is better",
        (Direction::LowerIsBetter, Lang::Ja) => "低いほど良い",
        (Direction::HigherIsBetter, Lang::Ja) => "高いほど良い",
    }
}

/// The unit of an outcome and which way is better, in brackets; nothing where neither is known.
pub fn details(outcome: &Outcome, lang: Lang) -> String {
    let unit = outcome.unit.as_ref().map(|unit| unit.get(lang));
    let better = outcome.better.map(|way| better(way, lang));
    let details: Vec<&str> = unit.into_iter().chain(better).collect();
    match lang {
        _ if details.is_empty() => String::new(),
        Lang::En => format!(" ({})", details.join(", ")),
        Lang::Ja => format!("（{}）", details.join("、")),
    }
}

/// How many, as a number where it is one: “Ten” and “12例” are printed words.
pub fn count(n: &Numeral) -> String {
    n.count().map_or_else(|| n.text().to_owned(), |count| count.to_string())
}

/// Two decimals, or three of a correlation that would read as 1.
fn briefly(r: f64) -> usize {
    if r.abs() > 0.985 { 3 } else { 2 }
}

/// [`r_needed`] without what rounding does to it.
pub fn r_needed_briefly(contrast: &Contrast, lang: Lang) -> Option<String> {
    match (contrast.r_needed?, lang) {
        (CorrelationNeeded::AtLeast { r, .. }, Lang::En) => {
            Some(format!("p < {} needs r ≥ {}", plain(contrast.alpha), fixed(r, briefly(r))))
        }
        (CorrelationNeeded::AtLeast { r, .. }, Lang::Ja) => {
            Some(format!("p < {} には r ≥ {} が必要", plain(contrast.alpha), fixed(r, briefly(r))))
        }
        _ => r_needed(contrast, lang),
    }
}
