//! Effects as flat tables: of releases, of contrasts and of effects that are reported.

use super::counts::{note_on_needed, table_of};
use super::csv::{each_interval, ends, name_of_needed, number, table};
use super::number::p_reported;
use crate::check::cells::Verdict;
use crate::effect::before_after::{CorrelationNeeded, RatioOfMeans};
use crate::effect::between::BetweenContrast;
use crate::effect::change::ChangeContrast;
use crate::effect::common_language::{CommonLanguage, NumberNeeded};
use crate::effect::contrast::{Contrast, Correlation};
use crate::effect::counts::Intervals;
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::of_release::{ReleaseEffects, ReleaseEstimate};
use crate::effect::pre_post_control::PrePostControl;
use crate::effect::proportion::ProportionCi;
use crate::estimate::{Estimate, TestResult};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Relation;
use crate::reported::{EffectScale, Quantity, Release, ReportedEstimate};

/// A row a value. `kind` says what it is: an `effect` at the correlation `r` (or at none), the same in a `scenario`, a
/// `test` with its statistic as the estimate, `r-needed` for the p-value in `p`, a correlation `r-recovered`, an interval
/// of a `proportion`, a possible fraction behind a percentage, a `ratio` of the means after and before, a number
/// `needed-to-treat`, a difference `in-other-words`, an effect as it is `reported`, on the scale of its interval, and its
/// standard error (`se`), a `check` of one, what holds for `every-r` between its ends, a `note` on the contrast above it, or
/// a `refusal`.
const EFFECT_COLUMNS: [&str; 21] = [
    "release",
    "subject",
    "arm",
    "kind",
    "measure",
    "r",
    "n",
    "estimate",
    "se",
    "df",
    "p",
    "ci_lower",
    "ci_upper",
    "ci_method",
    "rounding_lower",
    "rounding_upper",
    "occasions",
    "notes",
    "level",
    "p_rounding_lower",
    "p_rounding_upper",
];

/// A row in the making: most fields of most rows are empty.
#[derive(Clone, Default)]
struct Row {
    names: [String; 3],
    kind: &'static str,
    measure: String,
    r: Option<f64>,
    n: Option<u64>,
    estimate: Option<f64>,
    se: Option<f64>,
    df: Option<f64>,
    p: Option<f64>,
    /// The ends of the interval; of a number needed to treat one may be infinite, or it is what lies outside of them.
    ci: [Option<f64>; 2],
    ci_method: &'static str,
    rounding: Option<Interval>,
    occasions: String,
    notes: String,
    /// The level of the interval.
    level: Option<f64>,
    /// The p that all numbers behind the printed ones give.
    p_rounding: Option<Interval>,
}

impl Row {
    fn fields(self) -> Vec<String> {
        let has_no_ci = self.ci == [None; 2];
        let [ci_lower, ci_upper] = self.ci.map(number);
        let [rounding_lower, rounding_upper] = ends(self.rounding).map(number);
        let mut fields = self.names.to_vec();
        fields.extend([self.kind.to_owned(), self.measure, number(self.r)]);
        fields.push(self.n.map(|n| n.to_string()).unwrap_or_default());
        fields.extend([self.estimate, self.se, self.df, self.p].map(number));
        fields.extend([ci_lower, ci_upper, self.ci_method.to_owned(), rounding_lower, rounding_upper]);
        // A level belongs to an interval.
        let level = self.level.filter(|_| !has_no_ci);
        let [p_lower, p_upper] = ends(self.p_rounding).map(number);
        fields.extend([self.occasions, self.notes, number(level), p_lower, p_upper]);
        fields
    }
}

fn effect_row(base: &Row, kind: &'static str, estimate: &Estimate) -> Row {
    Row {
        kind,
        measure: estimate.measure.code().to_owned(),
        r: estimate.r,
        estimate: estimate.estimate,
        se: estimate.se,
        df: estimate.df,
        ci: ends(estimate.ci),
        ci_method: estimate.ci.map(|_| estimate.ci_method.name()).unwrap_or_default(),
        rounding: estimate.rounding,
        notes: estimate.notes.join("; "),
        ..base.clone()
    }
}

fn test_row(base: &Row, test: &TestResult) -> Row {
    Row {
        kind: "test",
        measure: test.kind.name().to_owned(),
        r: test.r,
        estimate: Some(test.statistic),
        df: Some(test.df),
        p: Some(test.p),
        rounding: test.statistic_rounding,
        p_rounding: test.p_rounding,
        ..base.clone()
    }
}

fn effect_rows(base: &Row, contrast: &Contrast) -> Vec<Row> {
    let base = Row { n: contrast.input.n, level: Some(contrast.level), ..base.clone() };
    let effect = |kind: &'static str, estimate: &Estimate| effect_row(&base, kind, estimate);
    let test = |test: &TestResult| test_row(&base, test);
    let mut rows: Vec<Row> = contrast.estimates.iter().map(|estimate| effect("effect", estimate)).collect();
    rows.extend(contrast.tests.iter().map(test));
    rows.extend(contrast.ratios().into_iter().map(|of| ratio_row(&base, of)));
    for scenario in &contrast.scenarios {
        rows.extend(scenario.estimates.iter().map(|estimate| effect("scenario", estimate)));
        rows.extend(scenario.test.iter().map(test));
        rows.extend(scenario.ratio.map(|of| ratio_row(&base, of)));
    }
    rows.extend(contrast.common_language.iter().flat_map(|of| words(&Row { r: of.r, ..base.clone() }, &of.words)));
    rows.extend(of_every_r(&base, contrast));
    if let Correlation::Recovered { found, from } = &contrast.correlation {
        rows.push(Row {
            kind: "r-recovered",
            measure: "correlation".to_owned(),
            estimate: Some(found.r.value),
            rounding: Some(found.r.range),
            notes: format!("recovered from {from}"),
            ..base.clone()
        });
    }
    rows.extend(notes(&base, contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes)));
    let (r, notes) = match contrast.r_needed {
        Some(CorrelationNeeded::AtLeast { r, .. }) => (Some(r), String::new()),
        Some(needed) => (None, needed.to_string()),
        None => (None, contrast.input.r_needed(contrast.alpha).err().map(|why| why.to_string()).unwrap_or_default()),
    };
    let (p, rounding) = (Some(contrast.alpha), contrast.r_needed.and_then(|needed| needed.rounding()));
    rows.push(Row { kind: "r-needed", measure: "paired-t".to_owned(), estimate: r, p, rounding, notes, ..base });
    rows
}

fn ratio_row(base: &Row, of: RatioOfMeans) -> Row {
    Row {
        kind: "ratio",
        measure: "after/before".to_owned(),
        r: of.r,
        estimate: Some(of.ratio),
        ci: ends(of.ci),
        ci_method: of.ci.map(|_| "delta").unwrap_or_default(),
        rounding: of.rounding,
        ..base.clone()
    }
}

/// What holds whatever the correlation is: the widest interval of the change, and bounds of what depends on it.
fn of_every_r(base: &Row, contrast: &Contrast) -> Vec<Row> {
    let row = |measure: &str, ci: [Option<f64>; 2], ci_method: &'static str| Row {
        kind: "every-r",
        measure: measure.to_owned(),
        ci,
        ci_method,
        level: None,
        ..base.clone()
    };
    let widest = contrast.widest.iter().filter_map(|of| Some((of, of.ci?)));
    let widest =
        widest.map(|(of, ci)| Row { level: base.level, ..row(of.measure.code(), ends(Some(ci)), of.ci_method.name()) });
    let bounds = contrast.r_bounds.iter().flat_map(|of| {
        let all = [("sd_change", of.sd_change), ("t", of.t), ("dz", of.dz), ("p", of.p)];
        all.map(|(name, bound)| row(name, [bound.lower, bound.upper], "bounds"))
    });
    widest.chain(bounds).collect()
}

/// A standardised difference in other words.
fn words(base: &Row, all: &[CommonLanguage]) -> Vec<Row> {
    let row = |word: &CommonLanguage| Row {
        kind: "in-other-words",
        measure: word.name.to_owned(),
        estimate: Some(word.estimate),
        ci: ends(word.ci),
        rounding: word.rounding,
        ..base.clone()
    };
    all.iter().map(row).collect()
}

/// What is to be known of a contrast.
fn notes<'a>(base: &Row, all: impl Iterator<Item = &'a String>) -> Vec<Row> {
    all.map(|note| Row { kind: "note", n: None, notes: note.clone(), ..base.clone() }).collect()
}

/// Every estimate of one contrast.
pub fn contrast(contrast: &Contrast) -> String {
    table(&EFFECT_COLUMNS, effect_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

fn between_rows(base: &Row, contrast: &BetweenContrast) -> Vec<Row> {
    let n = contrast.input.n[0].zip(contrast.input.n[1]).map(|(n1, n2)| n1 + n2);
    let base = Row { n, level: Some(contrast.level), ..base.clone() };
    let mut rows: Vec<Row> = contrast.estimates.iter().map(|estimate| effect_row(&base, "effect", estimate)).collect();
    rows.extend(contrast.tests.iter().map(|test| test_row(&base, test)));
    rows.extend(words(&base, &contrast.common_language));
    rows.extend(contrast.number_needed.map(|of| needed_row(&base, "kraemer-kupfer", &of)));
    rows.extend(notes(&base, contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes)));
    rows
}

/// A row for each interval of each estimate, and one for an estimate without an interval, with the reason.
fn interval_rows(base: &Row, named: &[(&'static str, Intervals)]) -> Vec<Row> {
    let row = |(measure, of, by): (&'static str, &Intervals, Option<(&'static str, Interval)>)| Row {
        kind: "effect",
        measure: measure.to_owned(),
        estimate: of.estimate,
        ci: ends(by.map(|(_, range)| range)),
        ci_method: by.map(|(method, _)| method).unwrap_or_default(),
        notes: of.notes.join("; "),
        ..base.clone()
    };
    each_interval(named).map(row).collect()
}

/// The measures of a 2×2 table, a row for each interval, the numbers needed to treat, and its exact test.
fn table_rows(base: &Row, table: &TwoByTwo, needed: &[(&'static str, NumberNeeded)], level: f64) -> Vec<Row> {
    let base = Row { n: Some(table.cells().iter().sum()), level: Some(level), ..base.clone() };
    let mut rows = interval_rows(&base, &table_of(table, level));
    rows.extend(needed.iter().map(|(method, of)| needed_row(&base, method, of)));
    rows.push(Row { kind: "test", measure: "fisher-exact".to_owned(), p: Some(table.fisher_p()), ..base });
    rows
}

fn needed_row(base: &Row, ci_method: &'static str, of: &NumberNeeded) -> Row {
    Row {
        notes: note_on_needed(of).unwrap_or_default().to_owned(),
        kind: "needed-to-treat",
        measure: name_of_needed(of).to_owned(),
        estimate: of.estimate,
        ci_method,
        ci: of.ends,
        ..base.clone()
    }
}

fn change_rows(base: &Row, contrast: &ChangeContrast) -> Vec<Row> {
    let base = Row { n: contrast.n, level: Some(contrast.level), ..base.clone() };
    let estimates = contrast.estimates.iter().map(|estimate| effect_row(&base, "effect", estimate));
    let tests = contrast.test.iter().map(|test| test_row(&base, test));
    let told = notes(&base, contrast.caveats.iter().chain(&contrast.other_reading).chain(&contrast.notes));
    estimates.chain(tests).chain(told).collect()
}

/// By how much the changes of two arms differ.
fn difference_of_changes(base: &Row, design: &PrePostControl) -> Row {
    let difference = design.difference_of_changes();
    let n = design.treated.n.zip(design.control.n).map(|(treated, control)| treated + control);
    Row {
        kind: "effect",
        measure: "difference-of-changes".to_owned(),
        n,
        estimate: Some(difference.value),
        rounding: Some(difference.range),
        ..base.clone()
    }
}

/// Every estimate of a change beside that of a control group, and what is to be known of it.
pub fn control(design: &PrePostControl, all: &[Estimate], level: f64, told: &[String]) -> String {
    let base = difference_of_changes(&Row { level: Some(level), ..Row::default() }, design);
    let of_both = Row { n: base.n, level: base.level, ..Row::default() };
    let effects = all.iter().map(|estimate| effect_row(&of_both, "effect", estimate));
    let rows = effects.chain([base]).chain(notes(&of_both, told.iter()));
    table(&EFFECT_COLUMNS, rows.map(Row::fields))
}

/// Estimates that belong to no release.
pub fn estimates(all: &[Estimate]) -> String {
    let base = Row::default();
    table(&EFFECT_COLUMNS, all.iter().map(|estimate| effect_row(&base, "effect", estimate).fields()))
}

/// Every estimate of a mean change.
pub fn change(contrast: &ChangeContrast) -> String {
    table(&EFFECT_COLUMNS, change_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

/// Every estimate of one contrast between two groups.
pub fn between(contrast: &BetweenContrast) -> String {
    table(&EFFECT_COLUMNS, between_rows(&Row::default(), contrast).into_iter().map(Row::fields))
}

/// An effect that is reported, on the scale of its interval.
fn reported_row(release: &str, reported: &ReportedEstimate, found: &ReleaseEstimate) -> Row {
    let arms = [&reported.arm, &reported.versus].into_iter().flatten().cloned().collect::<Vec<_>>();
    let p = reported.p.as_ref();
    let bound = p.filter(|p| p.relation != Relation::Equal).map(p_reported);
    let ends = found.on_scale.ends.map(|ends| ends.map(|end| Some(end.value)));
    let printed = match &reported.interval {
        Some(of) => format!("reported as {} ({} to {})", reported.value, of.lower, of.upper),
        None => format!("reported as {}", reported.value),
    };
    let is_transformed = found.on_scale.scale != EffectScale::Identity;
    let scale = is_transformed.then(|| format!("here {}", found.on_scale.scale.name()));
    let of_print = [printed].into_iter().chain(scale);
    let adjusted = reported.adjusted.as_ref().map(|of| format!("adjusted: {}", of.en));
    Row {
        names: [release.to_owned(), reported.id.clone(), arms.join(" − ")],
        kind: "reported",
        occasions: reported.occasion.clone().unwrap_or_default(),
        measure: reported.measure.name().to_owned(),
        estimate: Some(found.on_scale.estimate.value),
        se: found.se.map(|se| se.value),
        p: p.filter(|p| p.relation == Relation::Equal).map(|p| p.bound.value()),
        ci: ends.unwrap_or_default(),
        ci_method: ends.map(|_| "reported").unwrap_or_default(),
        rounding: Some(found.on_scale.estimate.range),
        level: reported.interval.as_ref().map(|of| of.level),
        notes: of_print.chain(adjusted).chain(bound).chain(found.notes.iter().cloned()).collect::<Vec<_>>().join("; "),
        ..Row::default()
    }
}

/// The standard error of a reported effect, with what rounding leaves of it.
fn se_of_reported(of: &Row, found: &ReleaseEstimate) -> Option<Row> {
    let (se, from) = (found.se?, found.se_from.map(|from| format!("from {from}")));
    Some(Row {
        kind: "se",
        estimate: Some(se.value),
        rounding: Some(se.range),
        notes: from.unwrap_or_default(),
        names: of.names.clone(),
        measure: of.measure.clone(),
        occasions: of.occasions.clone(),
        ..Row::default()
    })
}

/// The p that the interval of a reported effect gives, where it has one.
fn p_of_interval(of: &Row, found: &ReleaseEstimate) -> Option<Row> {
    let names = of.names.clone();
    let measure = "p-of-interval".to_owned();
    found.p.map(|p| Row { names, kind: "test", measure, p_rounding: Some(p), ..Row::default() })
}

/// One effect that belongs to no release, with the verdicts on its interval and its p.
pub fn reported(reported: &ReportedEstimate, found: &ReleaseEstimate, verdicts: &[(&'static str, Verdict)]) -> String {
    let own = reported_row("", reported, found);
    let of_it = se_of_reported(&own, found).into_iter().chain(p_of_interval(&own, found));
    let checks = verdicts.iter().map(|(code, (status, message))| Row {
        kind: "check",
        measure: (*code).to_owned(),
        notes: format!("{}: {message}", status.name()),
        ..Row::default()
    });
    table(&EFFECT_COLUMNS, [own.clone()].into_iter().chain(of_it).chain(checks).map(Row::fields))
}

/// Everything that several releases allow, and every refusal.
pub fn effects(releases: &[(&Release, ReleaseEffects)], level: f64) -> String {
    let mut rows = Vec::new();
    for (release, effects) in releases {
        let about = |subject: &str, kind| Row {
            names: [release.id.clone(), subject.to_owned(), String::new()],
            kind,
            ..Row::default()
        };
        rows.extend(contrast_rows(release, effects, level));
        for found in &effects.reported {
            if let Some(reported) = release.estimate(&found.id) {
                let own = reported_row(&release.id, reported, found);
                let of_it = se_of_reported(&own, found).into_iter().chain(p_of_interval(&own, found));
                rows.extend([own.clone()].into_iter().chain(of_it));
            }
        }
        for reported in &effects.proportions {
            let proportion = reported.proportion;
            rows.extend(ProportionCi::ALL.map(|(ci_method, method)| Row {
                measure: format!("{}/{}", proportion.k(), proportion.n()),
                n: Some(proportion.n()),
                estimate: Some(proportion.estimate()),
                ci: ends(Some(proportion.interval(method, level))),
                ci_method,
                rounding: reported.rounding,
                level: Some(level),
                ..about(&reported.number, "proportion")
            }));
        }
        for share in &effects.shares {
            let proportion = share.proportion;
            rows.extend(ProportionCi::ALL.map(|(ci_method, method)| Row {
                names: [release.id.clone(), share.outcome.clone(), share.arm.clone()],
                occasions: share.occasion.clone(),
                measure: format!("{}/{}", proportion.k(), proportion.n()),
                n: Some(proportion.n()),
                estimate: Some(proportion.estimate()),
                ci: ends(Some(proportion.interval(method, level))),
                ci_method,
                level: Some(level),
                ..about(&share.outcome, "share")
            }));
        }
        for reported in &effects.percentages {
            rows.extend(reported.denominators.iter().map(|d| Row {
                measure: format!("{}/{}", d.k, d.n),
                n: Some(d.n),
                estimate: Some(d.k as f64 / d.n as f64),
                ..about(&reported.number, "fraction")
            }));
        }
        for refusal in &effects.refusals {
            let subject = refusal.subject.as_deref().unwrap_or_default();
            let names = [release.id.clone(), subject.to_owned(), refusal.arm.clone().unwrap_or_default()];
            rows.push(Row { names, notes: refusal.reason.clone(), ..about(subject, "refusal") });
        }
    }
    table(&EFFECT_COLUMNS, rows.into_iter().map(Row::fields))
}

/// Rows of contrasts: of occasions, of arms, of counts and of rates.
fn contrast_rows(release: &Release, effects: &ReleaseEffects, level: f64) -> Vec<Row> {
    let mut rows = Vec::new();
    for named in &effects.contrasts {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let occasions = format!("{} {}", named.before, named.after);
        rows.extend(effect_rows(&Row { names, occasions, ..Row::default() }, &named.contrast));
    }
    for named in &effects.changes {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(change_rows(&base, &named.contrast));
    }
    for named in &effects.between {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let occasions = match named.quantity {
            Quantity::Value => named.occasion.clone(),
            Quantity::Change => format!("{} (change)", named.occasion),
        };
        let base = Row { names, occasions, ..Row::default() };
        rows.extend(between_rows(&base, &named.contrast));
        if let Some(changes) = &named.changes {
            let base = Row { occasions: format!("{} {}", changes.since, named.occasion), ..base };
            rows.push(difference_of_changes(&base, &changes.design));
            rows.push(effect_row(&base, "effect", &changes.design.d_ppc2(None, level)));
        }
    }
    for named in &effects.tables {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let base = Row { names, occasions: named.occasion.clone(), ..Row::default() };
        rows.extend(table_rows(&base, &named.table, &named.number_needed(level), level));
    }
    for named in &effects.rates {
        let names = [release.id.clone(), named.outcome.clone(), named.arm.clone()];
        let base = Row { names, occasions: named.occasion.clone(), level: Some(level), ..Row::default() };
        rows.extend(interval_rows(&base, &[("rate", named.rate.intervals(level))]));
    }
    for named in &effects.rate_ratios {
        let names = [release.id.clone(), named.outcome.clone(), named.arms.join(" − ")];
        let base = Row { names, occasions: named.occasion.clone(), level: Some(level), ..Row::default() };
        rows.extend(interval_rows(&base, &[("IRR", named.ratio.intervals(level))]));
        let p = named.ratio.p_values().map(|p| p.exact);
        rows.push(Row { kind: "test", measure: "exact-rates".to_owned(), p, ..base });
    }
    rows
}
