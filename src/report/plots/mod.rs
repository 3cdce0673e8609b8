//! Charts of results: which numbers and words a chart gets.
//!
//! Each reads the document that the matching command writes with `--json`, so that a chart can be
//! drawn from a file as well as from a table that is computed on the spot.

mod between_arms;
mod design;
mod estimation;
mod fit;
mod forest;
mod funnel;
mod points;
mod regression;
mod releases;
mod reported;
mod rounding;
mod sensitivity;
mod trajectory;
mod zeta;

pub use between_arms::between_arms;
pub use estimation::{Arrangement, estimation};
pub use fit::{FitResult, Rows, caterpillar, residuals};
pub use forest::{cumulative, forest, leave_one_out};
pub use funnel::{funnel, radial};
pub use points::{Arms, baujat, gosh, labbe, likelihood, qq};
pub use regression::regression;
pub use releases::{
    CountsResult, proportions_of_json, proportions_of_releases, rates, rates_of_arms, rates_of_release,
};
pub use reported::reported;
pub use rounding::rounding;
pub use sensitivity::{PossibleR, sensitivity};
pub use trajectory::trajectory;
pub use zeta::zeta;

use super::number::{decimals_for, fixed, level_in, p_is, percent_sign, plain, significant};
use super::words::say;
use crate::chart::TickNumbers;
use crate::reported::Lang;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A meta-analysis as `reffect meta --json` writes it, as far as charts need it.
#[derive(Debug, Clone, Deserialize)]
pub struct MetaResult {
    /// Number of studies.
    pub k: usize,
    /// The method under its code.
    pub method: String,
    /// Level of the intervals.
    pub level: f64,
    /// Variance between studies, where there is one, and not one of each outcome.
    #[serde(deserialize_with = "one_number", default)]
    pub tau2: Option<f64>,
    /// The variances of nested terms, outermost first; also empty where a multivariate model has none.
    pub sigma2: Option<Vec<Option<f64>>>,
    /// The variances of a multilevel model, by name.
    #[serde(default)]
    pub variances: Vec<Variance>,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
    /// The test of the moderators: χ², or F where it has second degrees of freedom.
    #[serde(rename = "QM")]
    pub qm: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QM_df")]
    pub qm_df: Option<f64>,
    /// Its second degrees of freedom.
    #[serde(rename = "QM_df2")]
    pub qm_df2: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QM_p")]
    pub qm_p: Option<f64>,
    /// Cochran's Q.
    #[serde(rename = "QE")]
    pub qe: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QE_df")]
    pub qe_df: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QE_p")]
    pub qe_p: Option<f64>,
    /// The coefficients.
    pub coefficients: Vec<Pooled>,
    /// Their covariance.
    #[serde(default)]
    pub vcov: Vec<Vec<Option<f64>>>,
    /// Where the effect of another study is expected.
    pub prediction: Option<[Option<f64>; 2]>,
    /// The measure that was made of each study's numbers.
    #[serde(default)]
    pub measure: Option<String>,
    /// How effects were asked to be shown: `exp`.
    #[serde(default)]
    pub transf: Option<String>,
    /// What is to be known of the result.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The call of R that fits the same, which tells the measure.
    pub r_call: Option<String>,
    /// What was pooled.
    #[serde(default, deserialize_with = "analysed")]
    pub studies: Vec<Study>,
    /// Each group pooled on its own.
    pub subgroup: Option<Subgroup>,
    /// The fit without each study.
    #[serde(default, deserialize_with = "of_analysed")]
    pub leave_one_out: Option<Vec<Refit>>,
    /// The fit with one study more each time.
    #[serde(default, deserialize_with = "of_analysed")]
    pub cumulative: Option<Vec<Refit>>,
    /// What each study does to the fit.
    #[serde(default, deserialize_with = "of_analysed")]
    pub influence: Option<Vec<Influence>>,
    /// The points of the plot of Baujat.
    #[serde(default, deserialize_with = "of_analysed")]
    pub baujat: Option<Vec<Baujat>>,
    /// Studies that trim and fill adds.
    pub trimfill: Option<TrimFill>,
    /// The fits of all subsets of studies.
    pub gosh: Option<Vec<Subset>>,
    /// Whether these are all subsets, and no random ones.
    pub gosh_exact: Option<bool>,
    /// The moderators, as the right-hand side of a formula.
    #[serde(default)]
    pub formula: Option<String>,
    /// Its factors with their levels, the first of which the others are compared with.
    #[serde(default)]
    pub factors: BTreeMap<String, Vec<String>>,
    /// Text columns beside the names of the studies: heading and a text for each study.
    #[serde(skip)]
    pub columns: Vec<(String, Vec<String>)>,
}

/// A variance of a multilevel model.
#[derive(Debug, Clone, Deserialize)]
pub struct Variance {
    /// What varies.
    pub name: String,
    /// How much.
    pub estimate: Option<f64>,
}

/// A coefficient.
#[derive(Debug, Clone, Deserialize)]
pub struct Pooled {
    /// Its name.
    pub name: String,
    /// Its value.
    pub estimate: Option<f64>,
    /// Standard error.
    pub se: Option<f64>,
    /// Its z, or its t where it has degrees of freedom.
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Its p-value.
    pub p: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
}

/// The studies that were analysed: the document lists the other rows of the table too, with null for what they lack.
fn analysed<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Study>, D::Error> {
    #[derive(Deserialize)]
    struct Listed {
        yi: Option<f64>,
        vi: Option<f64>,
        ci: Option<[f64; 2]>,
        weight: Option<f64>,
        x: Option<BTreeMap<String, f64>>,
        slab: Option<String>,
        subgroup: Option<String>,
    }
    let listed = Vec::<Listed>::deserialize(from)?;
    let have_moderators = listed.iter().any(|of| of.x.is_some());
    let study = |of: Listed| {
        let (x, is_analysed) = (of.x.clone().unwrap_or_default(), of.x.is_some() || !have_moderators);
        let (Some(yi), Some(vi), Some(ci), true) = (of.yi, of.vi, of.ci, is_analysed) else { return None };
        Some(Study { slab: of.slab, yi, vi, ci, weight: of.weight, x, subgroup: of.subgroup })
    };
    Ok(listed.into_iter().filter_map(study).collect())
}

/// The same of results of studies: those of rows that were not analysed have a note, and no part in a chart.
fn of_analysed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Vec<T>>, D::Error> {
    #[derive(Deserialize)]
    struct Noted<T> {
        #[serde(default)]
        notes: Vec<String>,
        #[serde(flatten)]
        result: T,
    }
    let all = Option::<Vec<Noted<T>>>::deserialize(from)?;
    Ok(all.map(|all| all.into_iter().filter(|one| one.notes.is_empty()).map(|one| one.result).collect()))
}

/// One study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Its name.
    pub slab: Option<String>,
    /// Its effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
    /// Its interval.
    pub ci: [f64; 2],
    /// Its weight in percent.
    pub weight: Option<f64>,
    /// Its row of the model matrix.
    pub x: BTreeMap<String, f64>,
    /// Its group.
    pub subgroup: Option<String>,
}

/// Groups of studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Subgroup {
    /// The groups.
    pub groups: Vec<GroupOf>,
    /// Test between them.
    #[serde(rename = "QB")]
    pub qb: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QB_df")]
    pub qb_df: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QB_p")]
    pub qb_p: Option<f64>,
}

/// One group of studies.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupOf {
    /// Its name.
    pub level: String,
    /// How many studies it has.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
    /// Variance between its studies.
    pub tau2: f64,
    /// Share of variance between its studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
    /// Q in the group.
    #[serde(rename = "QE")]
    pub qe: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QE_p")]
    pub qe_p: Option<f64>,
}

/// A fit with fewer studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Refit {
    /// The study left out or added.
    pub study: Option<String>,
    /// How many studies it rests on.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
    /// Its p-value.
    pub p: Option<f64>,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
}

/// What a study does to the fit.
#[derive(Debug, Clone, Deserialize)]
pub struct Influence {
    /// Studentised deleted residual.
    pub rstudent: Option<f64>,
}

/// A point of the plot of Baujat.
#[derive(Debug, Clone, Deserialize)]
pub struct Baujat {
    /// Contribution to heterogeneity.
    pub x: Option<f64>,
    /// Influence on the pooled effect.
    pub y: Option<f64>,
}

/// Trim and fill.
#[derive(Debug, Clone, Deserialize)]
pub struct TrimFill {
    /// How many studies are missing.
    pub k0: f64,
    /// Pooled effect with the filled studies.
    pub coefficients: Vec<Pooled>,
    /// The filled studies.
    pub filled: Vec<Filled>,
}

/// A study that is filled in.
#[derive(Debug, Clone, Deserialize)]
pub struct Filled {
    /// Its effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
}

/// The fit of a subset of the studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Subset {
    /// Number of its studies; none where the document does not tell it.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: f64,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: f64,
}

/// What the user says about a chart.
#[derive(Debug, Clone)]
pub struct Look {
    /// Language.
    pub lang: Lang,
    /// Effects are logarithms, shown as ratios.
    pub ratio: bool,
    /// Effects are logits, shown as shares.
    pub logit: bool,
    /// What is shown are shares, written in per cent.
    pub percent: bool,
    /// What the effect is called; empty for the usual word.
    pub effect: String,
    /// What the lower and the higher side mean.
    pub sides: [String; 2],
    /// Effects are of one group, such as proportions: none of their values stands for no effect.
    pub one_group: bool,
    /// The values that effects can have, such as 0 to 1.
    pub bounds: Option<(f64, f64)>,
    /// Headline; empty for the usual one.
    pub title: String,
    /// Where the numbers come from.
    pub source: String,
}

impl Look {
    fn say(&self, en: &str, ja: &str) -> String {
        say(self.lang, en, ja)
    }

    fn title_or(&self, en: &str, ja: &str) -> String {
        if self.title.is_empty() { self.say(en, ja) } else { self.title.clone() }
    }

    /// A value as it is shown.
    fn shown(&self, value: f64) -> f64 {
        match (self.ratio, self.logit) {
            (true, _) => value.exp(),
            (false, true) => 1.0 / (1.0 + (-value).exp()),
            (false, false) => value,
        }
    }

    /// The value of no effect; none where there is no such value.
    fn nothing(&self) -> Option<f64> {
        let nothing = if self.ratio { 1.0 } else { 0.0 };
        (!self.one_group).then_some(nothing)
    }

    /// The name of the effect with its scale.
    fn effect_title(&self) -> String {
        let name = match (self.effect.as_str(), self.ratio) {
            ("", true) => self.say("Ratio", "比"),
            ("", false) => self.say("Effect", "効果"),
            (own, _) => own.to_owned(),
        };
        match (self.ratio, self.lang) {
            (false, _) => name,
            (true, Lang::En) => format!("{name} (log scale)"),
            (true, Lang::Ja) => format!("{name}（対数目盛）"),
        }
    }

    fn effect_name(&self) -> String {
        match (self.effect.as_str(), self.ratio) {
            ("", true) => self.say("Ratio", "比"),
            ("", false) => self.say("Effect", "効果"),
            (own, _) => own.to_owned(),
        }
    }

    /// The same over a column of numbers, with the unit of these.
    fn effect_heading(&self) -> String {
        let name = self.effect_name();
        match (self.percent, self.lang) {
            (false, _) => name,
            (true, Lang::En) => format!("{name}, %"),
            (true, Lang::Ja) => format!("{name}（%）"),
        }
    }

    /// How numbers are written, of intervals of these widths.
    fn digits(&self, widths: impl Iterator<Item = f64>) -> Digits {
        let usual = Digits::of(widths, self.ratio);
        if self.percent { Digits { decimals: 1, percent: true, ..usual } } else { usual }
    }

    /// An end of what values can be, as the axis writes it.
    fn end(&self, value: f64) -> String {
        if self.percent { percent_sign(self.lang, format!("{} %", plain(100.0 * value))) } else { plain(value) }
    }

    /// The axis of effects.
    fn axis(&self) -> crate::chart::Axis {
        let title = self.effect_title();
        let axis = if self.ratio { crate::chart::Axis::logarithmic(title) } else { crate::chart::Axis::linear(title) };
        let ticks = if self.percent { TickNumbers::Shares(self.lang) } else { TickNumbers::Plain };
        crate::chart::Axis { sides: self.sides.clone(), ticks, ..axis }
    }
}

/// A number; nothing where there is none or a list of them.
fn one_number<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Found {
        One(f64),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Option::<Found>::deserialize(source)? {
        Some(Found::One(value)) => Some(value),
        Some(Found::Other(_)) | None => None,
    })
}

impl MetaResult {
    /// The model in a few words, with the level of its intervals.
    fn model(&self, look: &Look) -> String {
        let (model, ci) = (self.model_alone(look), level_in(look.lang, self.level));
        match look.lang {
            Lang::En => format!("{}, {ci} intervals.", model.trim_end_matches('.')),
            Lang::Ja => format!("{}、{ci}信頼区間。", model.trim_end_matches('。')),
        }
    }

    /// The model in a few words, for charts without intervals: how many studies, which method.
    fn model_alone(&self, look: &Look) -> String {
        let (k, method) = (self.k, &self.method);
        if self.sigma2.is_some() {
            return match look.lang {
                Lang::En => format!("{}, multilevel model ({method}).", counted(k, "effect", "effects")),
                Lang::Ja => format!("{k}個の効果、マルチレベルモデル（{method}）。"),
            };
        }
        let model = match method.as_str() {
            "FE" => look.say("fixed-effects", "固定効果"),
            "EE" | "MH" | "PETO" => look.say("equal-effects", "共通効果"),
            _ if self.coefficients.len() > 1 => look.say("mixed-effects", "混合効果"),
            _ => look.say("random-effects", "変量効果"),
        };
        match look.lang {
            Lang::En => format!("{}, {model} model ({method}).", counted(k, "study", "studies")),
            Lang::Ja => format!("{k}研究、{model}モデル（{method}）。"),
        }
    }

    /// Whether the model has a variance between studies.
    fn has_tau2(&self) -> bool {
        !matches!(self.method.as_str(), "FE" | "EE" | "MH" | "PETO")
    }

    /// Whether effects depend on moderators.
    fn is_regression(&self) -> bool {
        self.coefficients.len() > 1
    }

    /// The variances of the model, I² and Q on one line; none of one study.
    fn heterogeneity(&self, lang: Lang) -> Option<String> {
        let q = || Some((self.qe?, self.qe_df?, self.qe_p?));
        let name = match self.is_regression() {
            true => say(lang, "Residual heterogeneity: ", "残差異質性："),
            false => say(lang, "Heterogeneity: ", "異質性："),
        };
        let own = |of: &Variance| Some(format!("σ²({}) = {}", of.name, significant(of.estimate?, 2)));
        let mut parts: Vec<String> = self.variances.iter().filter_map(own).collect();
        let tau2 = self.tau2.filter(|_| self.has_tau2() && self.variances.is_empty());
        parts.extend(heterogeneity(lang, tau2, self.i2, q().map(|(q, df, p)| (q, df, Some(p)))));
        (!parts.is_empty()).then(|| format!("{name}{}", parts.join(", ")))
    }

    /// The only coefficient; none in a regression.
    fn pooled(&self) -> Option<(f64, [f64; 2])> {
        let [one] = &self.coefficients[..] else { return None };
        Some((one.estimate?, both(one.ci)?))
    }

    /// The code of the measure that was made of each study's numbers; none where effects were given.
    #[must_use]
    pub fn measure(&self) -> Option<&str> {
        self.measure.as_deref().or_else(|| self.measure_of_call())
    }

    /// What was assumed or read into the numbers, which belongs under every chart of them.
    pub fn caveats(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().filter_map(|note| note.strip_prefix("caveat: "))
    }

    /// How many studies had a constant added to their counts, and which, for the caption.
    #[must_use]
    pub fn added(&self, lang: Lang) -> Option<String> {
        let constant = |note: &String| {
            let (_, rest) = note.strip_prefix("line ")?.split_once(": ")?;
            Some(rest.split_once(" was added to each ")?.0.to_owned())
        };
        let all: Vec<String> = self.notes.iter().filter_map(constant).collect();
        let (constant, count, k) = (all.first()?, all.len(), self.k);
        Some(match lang {
            Lang::En => format!("{constant} was added to the counts of {count} of {}.", counted(k, "study", "studies")),
            Lang::Ja => format!("{k}研究のうち{count}研究の度数に{constant}を加えた。"),
        })
    }

    fn measure_of_call(&self) -> Option<&str> {
        self.r_call.as_deref()?.split_once("measure = \"")?.1.split('"').next()
    }

    fn name(&self, at: usize) -> String {
        let slab = self.studies.get(at).and_then(|study| study.slab.clone());
        slab.unwrap_or_else(|| (at + 1).to_string())
    }

    fn names(&self) -> impl Iterator<Item = String> {
        (0..self.studies.len()).map(|at| self.name(at))
    }
}

/// A number with its noun.
fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Both ends, where both are there.
fn both(ends: Option<[Option<f64>; 2]>) -> Option<[f64; 2]> {
    let [lower, upper] = ends?;
    Some([lower?, upper?])
}

/// How the numbers of a column of effects are written.
#[derive(Clone, Copy, Debug)]
struct Digits {
    decimals: usize,
    /// Around 1 instead of 0.
    ratio: bool,
    /// Shares, written in per cent without the sign.
    percent: bool,
}

impl Digits {
    /// Two decimals or more for ratios; for other effects two significant digits of the typical interval,
    /// and no fewer than two decimals where that is narrower than 10.
    fn of(widths: impl Iterator<Item = f64>, ratio: bool) -> Self {
        let mut widths: Vec<f64> = widths.filter(|width| width.is_finite() && *width > 0.0).collect();
        widths.sort_by(f64::total_cmp);
        let typical = widths.get(widths.len() / 2).copied().unwrap_or(1.0);
        let least = if typical < 10.0 { 2 } else { 0 };
        Self { decimals: if ratio { 2 } else { decimals_for(typical, 2).max(least) }, ratio, percent: false }
    }

    /// A number by itself.
    fn text(self, value: f64) -> String {
        self.with(value, self.decimals)
    }

    fn with(self, value: f64, decimals: usize) -> String {
        match (self.ratio && !self.percent, if self.percent { 100.0 * value } else { value }) {
            (true, value) if value > 0.0 && value < 0.1 => significant(value, decimals),
            (true, value) if value >= 1000.0 => significant(value, 3),
            // Shares of less than a tenth of a per cent would round to none.
            (false, value) if self.percent && value > 0.0 && value < 0.1 => significant(value, 2),
            (_, value) => fixed(value, decimals),
        }
    }

    /// “0.41 [0.13, 1.26]”, with so many digits that each end shows on which side of no effect it lies.
    fn with_interval(self, estimate: f64, ends: [f64; 2]) -> String {
        let nothing = if self.ratio { 1.0 } else { 0.0 };
        let is_clear = |decimals: &usize| {
            let nothing_text = self.with(nothing, *decimals);
            self.percent || ends.iter().all(|end| *end == nothing || self.with(*end, *decimals) != nothing_text)
        };
        let most = self.decimals + 3;
        let decimals = (self.decimals..=most).find(is_clear).unwrap_or(self.decimals);
        let [lower, upper] = ends.map(|end| self.with(end, decimals));
        format!("{} [{lower}, {upper}]", self.with(estimate, decimals))
    }
}

/// Why a chart cannot be drawn from a document.
pub type Missing = String;

/// τ², I² and Q with its degrees of freedom and p-value, as far as they are known. A Q without degrees of freedom
/// says nothing, and so does the I² that rests on it.
fn heterogeneity(lang: Lang, tau2: Option<f64>, i2: Option<f64>, q: Option<(f64, f64, Option<f64>)>) -> Vec<String> {
    let is_empty = q.is_some_and(|(_, df, _)| df < 1.0);
    let (i2, q) = (i2.filter(|_| !is_empty), q.filter(|_| !is_empty));
    let mut parts: Vec<String> = tau2.map(|tau2| format!("τ² = {}", significant(tau2, 2))).into_iter().collect();
    parts.extend(i2.map(|i2| match lang {
        Lang::En => format!("I² = {} %", fixed(i2, 0)),
        Lang::Ja => format!("I² = {}%", fixed(i2, 0)),
    }));
    parts.extend(q.map(|(q, df, p)| {
        let p = p.map(|p| format!(", {}", p_is(p))).unwrap_or_default();
        format!("Q = {} (df = {df}){p}", fixed(q, 1))
    }));
    parts
}
