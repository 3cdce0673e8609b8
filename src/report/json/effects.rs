//! Contrasts, proportions and refusals.

use super::{finite, pair, value};
use crate::effect::before_after::{Bound, CorrelationNeeded, RatioOfMeans};
use crate::effect::contrast::{Contrast, Correlation};
use crate::effect::of_release::{Refusal, ReleaseEffects, ReleaseShare, ReportedPercentage, ReportedProportion};
use crate::effect::proportion::{Proportion, ProportionCi};
use crate::effect::tables_of_arms::ReleaseTable;
use crate::estimate::{Estimate, Moments, TestResult};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::recover::ReportedChange;
use crate::reported::{Cell, Release, SpreadMeaning};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Serialize)]
pub(super) struct EstimateView {
    measure: &'static str,
    r: Option<f64>,
    estimate: Option<f64>,
    se: Option<f64>,
    df: Option<f64>,
    ci: Option<[Option<f64>; 2]>,
    ci_method: Option<&'static str>,
    rounding: Option<[Option<f64>; 2]>,
    notes: Vec<String>,
}

pub(super) fn estimate(estimate: &Estimate) -> EstimateView {
    EstimateView {
        measure: estimate.measure.code(),
        r: estimate.r,
        estimate: estimate.estimate.and_then(finite),
        se: estimate.se.and_then(finite),
        df: estimate.df,
        ci: pair(estimate.ci),
        ci_method: estimate.ci.map(|_| estimate.ci_method.name()),
        rounding: pair(estimate.rounding),
        notes: estimate.notes.clone(),
    }
}

pub(super) fn test(test: &TestResult) -> Value {
    json!({
        "name": test.kind.name(),
        "r": test.r,
        "statistic": finite(test.statistic),
        "df": test.df,
        "p": finite(test.p),
        "statistic_rounding": pair(test.statistic_rounding),
        "p_rounding": pair(test.p_rounding),
    })
}

pub(super) fn moments(moments: &Moments) -> Value {
    json!({ "mean": moments.mean.value, "sd": moments.sd.map(|sd| sd.value) })
}

/// Cells as they were given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a, const CELLS: usize = 2> {
    /// Their texts: `2.9 ± 0.4`.
    pub texts: [&'a str; CELLS],
    /// What each spread was read as; none where there is no spread.
    pub spreads: [Option<SpreadMeaning>; CELLS],
    /// How the numbers were taken to be rounded.
    pub rounding: Rounding,
    /// Where the correlations that were given come from, where it is said.
    pub r_source: Option<&'a str>,
}

impl<const CELLS: usize> Given<'_, CELLS> {
    /// Tells the cells of these names as they were given.
    pub(super) fn tell(self, names: [&str; CELLS], fields: &mut Map<String, Value>) {
        tell_printed(names, self.texts, self.spreads, fields);
        fields.insert("rounding".to_owned(), json!(self.rounding.name()));
        fields.insert("r_source".to_owned(), json!(self.r_source));
    }
}

/// Tells texts, and what their spreads are, in place of what follows from means and SDs.
fn tell_printed<const CELLS: usize>(
    names: [&str; CELLS],
    texts: [&str; CELLS],
    spreads: [Option<SpreadMeaning>; CELLS],
    fields: &mut Map<String, Value>,
) {
    let of = |values: [Value; CELLS]| -> Value { names.map(str::to_owned).into_iter().zip(values).collect() };
    fields.insert("printed".to_owned(), of(texts.map(|text| json!(text))));
    fields.insert("spread".to_owned(), of(spreads.map(|spread| json!(spread.map(SpreadMeaning::name)))));
}

/// Both as they were printed, with the decimals that their ranges tell.
pub(super) fn printed(of: &Moments) -> String {
    let text = |number: Rounded| {
        let decimals = -number.range.width().log10();
        let is_printed = (decimals - decimals.round()).abs() < 1e-6 && (0.0..=15.0).contains(&decimals.round());
        // A number that is not rounded to a digit is exact, or follows from others.
        if is_printed { format!("{:.*}", decimals.round() as usize, number.value) } else { number.value.to_string() }
    };
    let mean = text(of.mean);
    of.sd.map_or(mean.clone(), |sd| format!("{mean} ± {}", text(sd)))
}

fn bound(bound: Bound) -> Value {
    json!([bound.lower.and_then(finite), bound.upper.and_then(finite)])
}

fn ratio(of: Option<RatioOfMeans>) -> Value {
    json!(
        of.map(|of| json!({ "r": of.r, "ratio": finite(of.ratio), "ci": pair(of.ci), "rounding": pair(of.rounding) }))
    )
}

fn r_needed(contrast: &Contrast) -> Value {
    let (r, holds_for) = match contrast.r_needed {
        None => (None, None),
        Some(CorrelationNeeded::Any { .. }) => (None, Some("any")),
        Some(CorrelationNeeded::None { .. }) => (None, Some("none")),
        Some(CorrelationNeeded::AtLeast { r, .. }) => (Some(r), Some("at-least")),
    };
    let rounding = pair(contrast.r_needed.and_then(|needed| needed.rounding()));
    json!({ "p": contrast.alpha, "r": r, "holds_for": holds_for, "rounding": rounding })
}

/// The notes of a contrast with that on a needed correlation that is no number.
fn notes(contrast: &Contrast) -> Vec<String> {
    let alpha = contrast.alpha;
    let needed = match contrast.r_needed {
        Some(CorrelationNeeded::AtLeast { .. }) => None,
        Some(needed) => Some(format!("r_needed is null: p < {alpha} {needed}")),
        None => contrast.input.r_needed(alpha).err().map(|reason| format!("r_needed is null: {reason}")),
    };
    contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes).cloned().chain(needed).collect()
}

/// What was reported of a change, from which r was recovered; charts of a result read it again.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum ChangeView {
    T(RoundedView),
    P(RoundedView),
    Sd(RoundedView),
    Se(RoundedView),
    Ci { lower: RoundedView, upper: RoundedView, level: f64 },
}

/// A printed number, and the numbers that round to it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct RoundedView {
    value: f64,
    rounding: [f64; 2],
}

impl From<Rounded> for RoundedView {
    fn from(of: Rounded) -> Self {
        Self { value: of.value, rounding: of.range.ends() }
    }
}

impl From<RoundedView> for Rounded {
    fn from(of: RoundedView) -> Self {
        let [one, other] = of.rounding;
        Self { value: of.value, range: Interval::between(one, other) }
    }
}

impl From<ReportedChange> for ChangeView {
    fn from(of: ReportedChange) -> Self {
        match of {
            ReportedChange::T(t) => Self::T(t.into()),
            ReportedChange::P(p) => Self::P(p.into()),
            ReportedChange::Sd(sd) => Self::Sd(sd.into()),
            ReportedChange::Se(se) => Self::Se(se.into()),
            ReportedChange::Ci { lower, upper, level } => Self::Ci { lower: lower.into(), upper: upper.into(), level },
        }
    }
}

impl From<ChangeView> for ReportedChange {
    fn from(of: ChangeView) -> Self {
        match of {
            ChangeView::T(t) => Self::T(t.into()),
            ChangeView::P(p) => Self::P(p.into()),
            ChangeView::Sd(sd) => Self::Sd(sd.into()),
            ChangeView::Se(se) => Self::Se(se.into()),
            ChangeView::Ci { lower, upper, level } => Self::Ci { lower: lower.into(), upper: upper.into(), level },
        }
    }
}

/// The fields of a contrast, behind those that name it.
fn contrast_fields(fields: &mut Map<String, Value>, contrast: &Contrast) {
    let input = &contrast.input;
    let recovered = match &contrast.correlation {
        Correlation::Recovered { found, from } => {
            let change = ChangeView::from(found.reported);
            Some(json!({ "r": found.r.value, "rounding": pair(Some(found.r.range)), "from": from, "change": change }))
        }
        _ => None,
    };
    let scenarios = contrast.scenarios.iter().map(|scenario| {
        json!({
            "r": scenario.r,
            "estimates": value(scenario.estimates.iter().map(estimate).collect::<Vec<_>>()),
            "test": scenario.test.as_ref().map(test),
            "ratio": ratio(scenario.ratio),
        })
    });
    let words = contrast.common_language.iter().map(|told| {
        let mut entries = Map::from_iter([("r".to_owned(), json!(told.r))]);
        entries.extend(super::between::common_language(&told.words));
        Value::Object(entries)
    });
    let bounds = contrast.r_bounds.map(|bounds| {
        json!({
            "sd_change": bound(bounds.sd_change),
            "t": bound(bounds.t),
            "dz": bound(bounds.dz),
            "p": bound(bounds.p),
        })
    });
    let entries = [
        ("design", json!("before-after")),
        ("n", json!(input.n)),
        ("before", moments(&input.before)),
        ("after", moments(&input.after)),
        ("printed", json!({ "before": printed(&input.before), "after": printed(&input.after) })),
        ("level", json!(contrast.level)),
        ("r_recovered", json!(recovered)),
        ("estimates", value(contrast.estimates.iter().map(estimate).collect::<Vec<_>>())),
        ("ratio", ratio(contrast.ratio)),
        ("ratios", contrast.ratios().into_iter().map(|of| ratio(Some(of))).collect()),
        ("test", contrast.tests.iter().map(test).collect()),
        ("common_language", words.collect()),
        ("scenarios", scenarios.collect()),
        ("widest_ci", json!(contrast.widest.as_ref().map(|widest| pair(widest.ci)))),
        ("r_bounds", json!(bounds)),
        ("r_needed", r_needed(contrast)),
        ("notes", json!(notes(contrast))),
    ];
    fields.extend(entries.map(|(name, entry)| (name.to_owned(), entry)));
}

/// One contrast that belongs to no release, of the cells before and after.
pub fn contrast_document(contrast: &Contrast, given: Given<'_>) -> Value {
    let mut fields = Map::new();
    for name in ["release", "outcome", "arm"] {
        fields.insert(name.to_owned(), Value::Null);
    }
    contrast_fields(&mut fields, contrast);
    given.tell(["before", "after"], &mut fields);
    json!({ "contrasts": [fields] })
}

/// Everything that several releases allow.
pub fn release_effects_document(releases: &[(&Release, ReleaseEffects)], level: f64) -> Value {
    let all = |of: &dyn Fn(&Release, &ReleaseEffects) -> Vec<Value>| -> Vec<Value> {
        releases.iter().flat_map(|(release, effects)| of(release, effects)).collect()
    };
    json!({
        "contrasts": all(&contrasts),
        "tables": all(&|release, effects| tables(release, effects, level)),
        "rates": all(&|release, effects| rates(release, effects, level)),
        "reported": all(&super::reported::estimates),
        "proportions": all(&|release, effects| proportions(release, effects, level)),
        "shares": all(&|release, effects| shares(release, effects, level)),
        "percentages": all(&percentages),
        "refusals": all(&refusals),
    })
}

/// Fields that name what others belong to.
fn named<const N: usize>(names: [(&str, Value); N]) -> Map<String, Value> {
    names.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Changes within arms, reported changes, and differences between arms.
fn contrasts(release: &Release, effects: &ReleaseEffects) -> Vec<Value> {
    let within = effects.contrasts.iter().map(|of| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(of.outcome)),
            ("arm", json!(of.arm)),
            ("occasions", json!([of.before, of.after])),
        ]);
        contrast_fields(&mut fields, &of.contrast);
        let row = release.outcome(&of.outcome).and_then(|outcome| outcome.of_arm(&of.arm));
        let cell = |occasion: &str| row.and_then(|row| row.at(occasion));
        if let (Some(before), Some(after)) = (cell(&of.before), cell(&of.after)) {
            let cells = [before, after];
            let texts = cells.map(|cell| cell.text.as_str());
            tell_printed(["before", "after"], texts, cells.map(Cell::spread), &mut fields);
        }
        Value::Object(fields)
    });
    let reported = effects.changes.iter().map(|of| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(of.outcome)),
            ("arm", json!(of.arm)),
            ("occasion", json!(of.occasion)),
        ]);
        fields.extend(super::between::change_fields(&of.contrast));
        Value::Object(fields)
    });
    let between = effects.between.iter().map(|of| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(of.outcome)),
            ("arm", Value::Null),
            ("arms", json!(of.arms)),
            ("occasion", json!(of.occasion)),
            ("quantity", json!(of.quantity.name())),
        ]);
        fields.extend(super::between::fields(&of.contrast));
        fields.extend(of.changes.as_ref().map(super::between::changes_of_arms));
        Value::Object(fields)
    });
    within.chain(reported).chain(between).collect()
}

/// 2×2 tables of the counts of two arms.
fn tables(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Value> {
    let table = |of: &ReleaseTable| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(of.outcome)),
            ("arms", json!(of.arms)),
            ("occasion", json!(of.occasion)),
        ]);
        fields.extend(super::counts::table_fields(&of.table, &of.number_needed(level), level));
        Value::Object(fields)
    };
    effects.tables.iter().map(table).collect()
}

/// Events over person-time: the rate of each arm, and the ratio of every two.
fn rates(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Value> {
    let own = |outcome: &str, arms: Value, occasion: &str, of: Value| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(outcome)),
            ("arms", arms),
            ("occasion", json!(occasion)),
        ]);
        fields.extend(of.as_object().cloned().unwrap_or_default());
        Value::Object(fields)
    };
    let single = effects.rates.iter().map(|of| {
        let rates = super::counts::rates_document(of.rate, None, level);
        own(&of.outcome, json!([of.arm]), &of.occasion, rates)
    });
    let both = effects.rate_ratios.iter().map(|of| {
        let rates = super::counts::rates_document(of.ratio.first, Some(&of.ratio), level);
        own(&of.outcome, json!(of.arms), &of.occasion, rates)
    });
    single.chain(both).collect()
}

fn proportions(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Value> {
    let proportion = |of: &ReportedProportion| {
        let mut fields = named([("release", json!(release.id)), ("number", json!(of.number))]);
        proportion_fields(&mut fields, of.proportion, level);
        fields.insert("rounding".to_owned(), json!(pair(of.rounding)));
        Value::Object(fields)
    };
    effects.proportions.iter().map(proportion).collect()
}

/// How many of each arm an outcome counts.
fn shares(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Value> {
    let share = |of: &ReleaseShare| {
        let mut fields = named([
            ("release", json!(release.id)),
            ("outcome", json!(of.outcome)),
            ("arm", json!(of.arm)),
            ("occasion", json!(of.occasion)),
            ("printed", json!(of.printed)),
        ]);
        proportion_fields(&mut fields, of.proportion, level);
        Value::Object(fields)
    };
    effects.shares.iter().map(share).collect()
}

fn percentages(release: &Release, effects: &ReleaseEffects) -> Vec<Value> {
    let percentage = |of: &ReportedPercentage| {
        let denominators: Vec<[u64; 2]> = of.denominators.iter().map(|d| [d.k, d.n]).collect();
        json!({ "release": release.id, "number": of.number, "denominators": denominators })
    };
    effects.percentages.iter().map(percentage).collect()
}

fn refusals(release: &Release, effects: &ReleaseEffects) -> Vec<Value> {
    let refusal =
        |of: &Refusal| json!({ "release": release.id, "subject": of.subject, "arm": of.arm, "reason": of.reason });
    effects.refusals.iter().map(refusal).collect()
}

fn proportion_fields(fields: &mut Map<String, Value>, proportion: Proportion, level: f64) {
    let intervals: Map<String, Value> = ProportionCi::ALL
        .into_iter()
        .map(|(name, method)| (name.to_owned(), json!(pair(Some(proportion.interval(method, level))))))
        .collect();
    let entries = [
        ("k", json!(proportion.k())),
        ("n", json!(proportion.n())),
        ("estimate", json!(proportion.estimate())),
        ("level", json!(level)),
        ("intervals", Value::Object(intervals)),
    ];
    fields.extend(entries.map(|(name, entry)| (name.to_owned(), entry)));
}

/// One proportion that belongs to no release.
pub fn proportion_document(proportion: Proportion, level: f64) -> Value {
    let mut fields = Map::new();
    proportion_fields(&mut fields, proportion, level);
    json!({ "proportion": fields })
}
