//! The control that moves r: what it shows is computed here, for every step, and only looked up in the page.

use super::blocks::foreign;
use super::title;
use crate::effect::contrast::Correlation;
use crate::effect::of_release::ReleaseContrast;
use crate::estimate::Measure;
use crate::report::effects::{NamedContrast, contrast_name};
use crate::report::number::{correlation, fixed, interval_end, level_in, p_value, significant};
use crate::report::parts::Told;
use crate::reported::Lang;
use maud::{Markup, html};
use serde::Serialize;
use std::collections::BTreeMap;

/// Steps of r from −1 to 1.
const STEPS: usize = 200;
/// r = 0 is where the control stands at first: an analysis as of two groups. It is no default.
const FIRST: usize = STEPS / 2;

fn r_of(step: usize) -> f64 {
    (step as f64 - FIRST as f64) / FIRST as f64
}

/// The results of a contrast at each step, as they are shown.
#[derive(Clone, Debug, Serialize)]
struct Looked {
    lower: Shown,
    upper: Shown,
    p: Shown,
    dz: Shown,
    /// The first and the last step between the smallest and the largest correlation of data behind the numbers, in the
    /// wrong order where no step lies between them; none where those are not known.
    possible: Option<[usize; 2]>,
    /// From the smallest to the largest of those.
    range: String,
    #[serde(skip)]
    named: [Named; 2],
}

/// A contrast in a language.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    change: String,
}

/// A value at each step as it is shown.
#[derive(Clone, Debug, Default)]
struct Shown(Vec<String>);

impl Shown {
    fn push(&mut self, value: Option<String>) {
        self.0.push(value.unwrap_or_else(|| NOTHING.to_owned()));
    }

    fn first(&self) -> &str {
        self.0.get(FIRST).map_or(NOTHING, String::as_str)
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|value| value == NOTHING)
    }
}

/// What stands where there is no result.
const NOTHING: &str = "—";

impl Serialize for Shown {
    /// As one text with bars between the values, of which those that are as the one before are left out.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let before = std::iter::once("").chain(self.0.iter().map(String::as_str));
        let told = self.0.iter().zip(before).map(|(own, before)| if own == before { "" } else { own.as_str() });
        serializer.serialize_str(&told.collect::<Vec<_>>().join("|"))
    }
}

/// What the page's script is given.
#[derive(Serialize)]
pub struct Numbers {
    r: Vec<String>,
    contrasts: BTreeMap<String, Looked>,
    words: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    #[serde(skip)]
    level: f64,
}

impl Numbers {
    /// The numbers of every contrast that has an interval.
    pub fn of(all: &[Told<'_>], level: f64) -> Self {
        let mut contrasts = BTreeMap::new();
        for (at, told) in all.iter().enumerate() {
            for (number, named) in told.effects.contrasts.iter().enumerate() {
                contrasts.extend(looked(told, named).map(|looked| (format!("{at}.{number}"), looked)));
            }
        }
        let words = |lang: Lang| {
            BTreeMap::from([
                ("title", title(lang)),
                ("copy", lang.choose("Copy", "コピー")),
                ("copied", lang.choose("Copied", "コピーしました")),
                ("copyTable", lang.choose("Copy the table, separated by tabs", "表をタブ区切りでコピー")),
                ("possible", POSSIBLE[lang as usize]),
                (
                    "impossible",
                    lang.choose(
                        "impossible: the data behind the numbers allow r ",
                        "不可能：背後のデータで可能な r は ",
                    ),
                ),
                ("unknown", lang.choose("not known", "不明")),
            ])
        };
        Self {
            r: (0..=STEPS).map(|step| fixed(r_of(step), 2)).collect(),
            contrasts,
            words: Lang::ALL.map(|lang| (lang.code(), words(lang))).into(),
            level,
        }
    }

    /// The numbers as JSON that ends no script.
    pub fn json(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned());
        json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
    }

    /// The control of a release; nothing where no contrast of it has an interval.
    pub fn control(&self, release: usize, lang: Lang) -> Markup {
        let prefix = format!("{release}.");
        let mut own: Vec<_> = self.contrasts.iter().filter(|(id, _)| id.starts_with(&prefix)).collect();
        // As numbers, 10 comes after 2.
        own.sort_by_key(|(id, _)| id[prefix.len()..].parse::<usize>().ok());
        if own.is_empty() {
            return html! {};
        }
        let id = format!("r-{release}-{}", lang.code());
        let ci = level_in(lang, self.level);
        let columns: [String; 7] = match lang {
            Lang::En => {
                ["outcome", "mean change", "lower", "upper", "p, paired t-test", "dz", "this r"].map(str::to_owned)
            }
            Lang::Ja => {
                ["評価項目", "平均変化", "下限", "上限", "p（対応のある t 検定）", "dz", "この r は"].map(str::to_owned)
            }
        };
        html! {
            div.what-if {
                h3 { (lang.choose("If r were …", "もし r が …")) }
                div.control hidden {
                    label for=(id) { (lang.choose("Correlation r between before and after", "前後の相関 r")) }
                    input id=(id) type="range" min="0" max=(STEPS) step="1" value=(FIRST) autocomplete="off"
                        aria-valuetext={ "r = " (self.r[FIRST]) };
                    output for=(id) aria-live="polite" { "r = " (self.r[FIRST]) }
                }
                p.quiet { @match lang {
                    Lang::En => { "Mean change with its " (ci) " interval, at first for r = 0. r was not reported of these, and no value of it is a default." }
                    Lang::Ja => { "平均変化とその" (ci) "信頼区間（はじめは r = 0）。これらの r は報告されておらず、どの値も標準値ではない。" }
                } }
                div.scroll tabindex="0" role="group" aria-label=(lang.choose("Results at this r", "この r での結果")) {
                    table {
                        thead { tr { @for (column, name) in columns.iter().enumerate() {
                            th scope="col" class=[(1..6).contains(&column).then_some("right")] { (name) }
                        } } }
                        tbody { @for (id, looked) in own { (row(id, looked, lang)) } }
                    }
                }
            }
        }
    }
}

const POSSIBLE: [&str; 2] = ["possible", "可能"];

fn row(id: &str, looked: &Looked, lang: Lang) -> Markup {
    let field = |of: &'static str, values: &Shown| html! { td.right data-of=(of) { (values.first()) } };
    let named = &looked.named[lang as usize];
    html! {
        tr data-contrast=(id) {
            th scope="row" { (foreign(&named.name, lang)) }
            td.right { (named.change) }
            (field("lower", &looked.lower))
            (field("upper", &looked.upper))
            (field("p", &looked.p))
            (field("dz", &looked.dz))
            td.can { @match looked.possible.map(|[from, to]| (from..=to).contains(&FIRST)) {
                None => { (lang.choose("not known", "不明")) }
                Some(true) => { (POSSIBLE[lang as usize]) }
                Some(false) => {
                    (lang.choose("impossible: the data behind the numbers allow r ", "不可能：背後のデータで可能な r は "))
                    (looked.range)
                }
            } }
        }
    }
}

/// The results of a contrast; none where it has no interval at any r.
fn looked(told: &Told<'_>, named: &ReleaseContrast) -> Option<Looked> {
    // Where the correlation follows from the change, no other one can be.
    if matches!(named.contrast.correlation, Correlation::Recovered { .. }) {
        return None;
    }
    let input = &named.contrast.input;
    let level = named.contrast.level;
    let possible = told.findings.correlations(&named.outcome, &named.arm, [&named.before, &named.after]);
    let mut looked = Looked {
        lower: Shown::default(),
        upper: Shown::default(),
        p: Shown::default(),
        dz: Shown::default(),
        possible: possible.map(|range| {
            let within = |step: &usize| (range.lower..=range.upper).contains(&r_of(*step));
            [(0..=STEPS).find(within).unwrap_or(1), (0..=STEPS).rev().find(within).unwrap_or(0)]
        }),
        range: possible.map(|r| format!("{} … {}", correlation(r.lower), correlation(r.upper))).unwrap_or_default(),
        named: Lang::ALL.map(|lang| {
            let view = NamedContrast::of_release(told.release, told.effects, named, lang);
            let change = fixed(input.mean_change().value, view.decimals);
            Named { name: contrast_name(told.release, told.effects, named, lang), change }
        }),
    };
    for r in (0..=STEPS).map(r_of) {
        // Where the SD of change is 0 there is no test, and an interval without width says nothing.
        let test = input.paired_t(r).ok();
        let ci = input.estimate(Measure::Mc, Some(r), level).ci.filter(|_| test.is_some());
        looked.lower.push(ci.map(|ci| interval_end(ci.lower, ci)));
        looked.upper.push(ci.map(|ci| interval_end(ci.upper, ci)));
        looked.p.push(test.map(|test| p_value(test.p)));
        looked.dz.push(input.estimate(Measure::Dz, Some(r), level).estimate.map(|dz| significant(dz, 3)));
    }
    (!looked.lower.is_empty()).then_some(looked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_one_text_without_those_that_are_as_the_one_before() {
        let mut shown = Shown::default();
        for value in [None, Some("1.0"), Some("1.0"), None, None, Some("1.0")] {
            shown.push(value.map(str::to_owned));
        }
        assert_eq!(serde_json::to_string(&shown).unwrap_or_default(), "\"—|1.0||—||1.0\"");
    }
}
