//! Contrasts between the arms of a release, and changes that it reports as such.

use super::between::BetweenContrast;
use super::change::ChangeContrast;
use super::contrast::ContrastOptions;
use super::of_logarithms::{are_on_logarithms, by_logarithms};
use super::of_release::{ReleaseEffects, moments, read_as_se};
use super::pre_post_control::{Arm as PrePostArm, PrePostControl};
use super::rates_of_arms::is_events;
use super::tables_of_arms::is_count;
use super::two_groups::TwoGroups;
use crate::diagnostic::{Refused, keep_each_once};
use crate::estimate::{Estimate, Measure, TestResult};
use crate::numeric::format::{fixed, level_text, p_interval, p_is, p_value};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{
    ArmOrder, ArmPair, Cell, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, ReportedMeasure, Statement,
};

/// A contrast between two arms at one occasion.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReleaseBetween {
    /// The outcome.
    pub outcome: String,
    /// The arms, in the order of the file.
    pub arms: [String; 2],
    /// When.
    pub occasion: String,
    /// What is compared: the values, or the changes up to then.
    pub quantity: Quantity,
    /// What follows.
    pub contrast: BetweenContrast,
    /// What would follow if a ± that the source does not explain were the standard error.
    pub if_standard_errors: Option<BetweenContrast>,
    /// The difference as the release reports it itself, plain ones before those of models.
    pub reported: Vec<ReportedDifference>,
    /// The change of the first arm less that of the second, where both are reported before as well.
    pub changes: Option<ChangesOfArms>,
}

/// The changes of two arms since an occasion that both report.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangesOfArms {
    /// Since when.
    pub since: String,
    /// The first arm as the treated one, the second as its control.
    pub design: PrePostControl,
}

impl ChangesOfArms {
    /// Those up to one value of both arms, from the first that both report. None where values are not plain ones, or
    /// where the release reports the changes themselves.
    fn new(release: &Release, pair: &ArmPair<'_>, rounding: Rounding) -> Option<Self> {
        let &ArmPair { rows, occasion, quantity, .. } = pair;
        let first = ArmPair::all(rows, Quantity::Value).next()?;
        let has_its_own = ArmPair::at(rows, Quantity::Change, occasion).is_some();
        if quantity != Quantity::Value || first.occasion == occasion || has_its_own {
            return None;
        }
        let arm = |at: usize| {
            let [before, after] = [first.cells[at], pair.cells[at]];
            let n = [before, after].map(|cell| release.size_at(&rows[at].arm, cell));
            let read = |cell, n| moments(cell, n, rounding, &mut Vec::new()).ok();
            let is_comparable =
                before.is_comparable_with(after) && before.adjusted.is_none() && after.adjusted.is_none();
            let n_of_both = n[0].filter(|_| n[0] == n[1]);
            Some(PrePostArm { n: n_of_both, before: read(before, n[0])?, after: read(after, n[1])? })
                .filter(|_| is_comparable)
        };
        let design = PrePostControl { treated: arm(0)?, control: arm(1)? };
        Some(Self { since: first.occasion.to_owned(), design })
    }
}

/// A mean change of one arm.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReleaseChange {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// When.
    pub occasion: String,
    /// What follows.
    pub contrast: ChangeContrast,
}

impl ReleaseBetween {
    /// What the release reports of one of the arms.
    pub fn cell<'a>(&self, release: &'a Release, arm: &str) -> Option<&'a Cell> {
        release.outcome(&self.outcome)?.of_arm(arm)?.get(self.quantity, &self.occasion)
    }
}

/// What follows from the cells of two arms, with what was read into them.
fn contrast_of_cells(
    pair: &ArmPair<'_>,
    n: [Option<u64>; 2],
    level: f64,
    rounding: Rounding,
) -> Result<BetweenContrast, Refused> {
    let [first, second] = pair.cells;
    if pair.quantity == Quantity::Value && are_on_logarithms(pair.cells, rounding) {
        return by_logarithms(pair.cells.map(|cell| &cell.form), n, level, rounding);
    }
    let mut notes = Vec::new();
    let groups = [moments(first, n[0], rounding, &mut notes)?, moments(second, n[1], rounding, &mut notes)?];
    keep_each_once(&mut notes);
    let contrast = BetweenContrast { caveats: notes, ..BetweenContrast::new(TwoGroups { n, groups }, level) };
    Ok(contrast.with_interval_by_those_of_arms(pair.cells, rounding))
}

/// The statements about the difference of two arms at an occasion.
fn statements_about<'a>(
    release: &'a Release,
    outcome: &Outcome,
    pair: &ArmPair<'_>,
) -> impl Iterator<Item = &'a Statement> {
    let is_another = |other: ArmPair<'_>| other.arms() == pair.arms() && other.occasion != pair.occasion;
    // Nobody claims a difference before anything was done, where there is one later.
    let is_start = release.is_start(pair.occasion) && release.pairs_of_arms(outcome).any(is_another);
    release.statements.iter().filter(move |of| {
        of.is_at(pair.occasion) && of.compares(&outcome.id, pair.arms()) && (of.occasion.is_some() || !is_start)
    })
}

impl ReleaseEffects {
    /// Every pair of arms at every occasion that both report.
    pub(super) fn add_between(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        options: &ContrastOptions,
        rounding: Rounding,
    ) {
        for pair in release.pairs_of_arms(outcome) {
            self.add_pair(release, outcome, &pair, options, rounding);
        }
    }

    fn add_pair(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        pair: &ArmPair<'_>,
        options: &ContrastOptions,
        rounding: Rounding,
    ) {
        let &ArmPair { rows, occasion, quantity, cells: [first, second] } = pair;
        if is_count(first) && is_count(second) {
            return self.add_table(release, outcome, rows, occasion, rounding);
        }
        if is_events(first) && is_events(second) {
            return self.add_rate_ratio(release, outcome, pair);
        }
        if !first.is_comparable_with(second) {
            self.refuse_between(outcome, pair.arms(), "they report different statistics or units");
            return;
        }
        let n = [release.size_at(&rows[0].arm, first), release.size_at(&rows[1].arm, second)];
        let mut contrast = match contrast_of_cells(pair, n, options.level, rounding) {
            Ok(contrast) => contrast,
            Err(reason) => return self.refuse_between(outcome, pair.arms(), reason),
        };
        if quantity == Quantity::Change {
            for of in contrast.estimates.iter_mut().filter(|of| matches!(of.measure, Measure::Rom | Measure::Cvr)) {
                let reason =
                    format!("no {}: these are changes, and a ratio of mean changes is no ratio of means", of.measure);
                *of = Estimate::absent(of.measure, of.r, reason);
            }
        }
        // Before anything was done, nobody needed to be treated.
        contrast.number_needed = contrast.number_needed.filter(|_| !release.is_start(occasion));
        contrast.number_needed = contrast.number_needed.map(|needed| needed.where_better(outcome.better));
        let claimed = statements_about(release, outcome, pair);
        let beside: Vec<String> = claimed.filter_map(|statement| beside_reported(statement, &contrast)).collect();
        contrast.notes.extend(beside);
        let reported = differences_of(release, outcome, pair);
        contrast.notes.extend(reported.iter().map(|of| {
            let turned = if of.is_turned { format!(" ({} − {})", rows[1].arm, rows[0].arm) } else { String::new() };
            let adjusted = if of.is_adjusted { ", adjusted," } else { "" };
            format!("the release reports {}{turned}{adjusted} for this difference itself", of.printed)
        }));
        let groups = contrast.input.groups;
        let larger = [(groups[0], first, n[0]), (groups[1], second, n[1])].map(read_as_se);
        let if_standard_errors = larger.iter().any(Option::is_some).then(|| {
            let groups = [larger[0].unwrap_or(groups[0]), larger[1].unwrap_or(groups[1])];
            BetweenContrast::new(TwoGroups { n, groups }, options.level)
        });
        contrast.other_reading = if_standard_errors.as_ref().and_then(|other| {
            let difference = other.estimates.iter().find(|of| of.measure == Measure::Md);
            reading(difference, other.welch_t(), options.level)
        });
        self.between.push(ReleaseBetween {
            outcome: outcome.id.clone(),
            arms: rows.map(|row| row.arm.clone()),
            occasion: occasion.to_owned(),
            quantity,
            contrast,
            if_standard_errors,
            reported,
            changes: ChangesOfArms::new(release, pair, rounding),
        });
    }

    /// Every mean change that a row reports.
    pub(super) fn add_changes(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        result: &OutcomeResult,
        options: &ContrastOptions,
        rounding: Rounding,
    ) {
        for (occasion, cell) in &result.changes {
            let mut notes = Vec::new();
            let n = release.size_at(&result.arm, cell);
            match moments(cell, n, rounding, &mut notes) {
                Ok(change) => {
                    let mut contrast =
                        ChangeContrast::new(n, change, options.level).with_printed_interval(cell, rounding);
                    contrast.caveats = notes;
                    if let Some(larger) = read_as_se((change, cell, n)) {
                        let other = ChangeContrast::new(n, larger, options.level);
                        let change = other.estimates.iter().find(|of| of.measure == Measure::Mc);
                        contrast.other_reading = reading(change, other.test.as_ref(), options.level);
                    }
                    let (outcome, arm) = (outcome.id.clone(), result.arm.clone());
                    self.changes.push(ReleaseChange { outcome, arm, occasion: occasion.clone(), contrast });
                }
                Err(reason) => self.refuse_row(outcome, result, reason),
            }
        }
    }
}

/// A difference of two arms as a release reports it itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedDifference {
    /// As printed, with its p: `0.42 (0.03 to 0.81), p = 0.03`.
    pub printed: String,
    /// Whether it is that of a model.
    pub is_adjusted: bool,
    /// Whether it is the second arm less the first.
    pub is_turned: bool,
}

impl ReportedDifference {
    fn new(reported: &ReportedEstimate, is_turned: bool) -> Self {
        let p = reported.p.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        Self { printed: format!("{}{p}", reported.printed()), is_adjusted: reported.adjusted.is_some(), is_turned }
    }
}

/// Whether a reported effect is the difference of these arms, in either direction.
fn is_difference_of(reported: &ReportedEstimate, outcome: &Outcome, rows: [&OutcomeResult; 2]) -> bool {
    reported.measure == ReportedMeasure::MeanDifference
        && reported.outcome.as_ref() == Some(&outcome.id)
        && order(reported, rows).is_some()
}

/// How the arms of a reported effect stand to those of two rows.
fn order(reported: &ReportedEstimate, rows: [&OutcomeResult; 2]) -> Option<ArmOrder> {
    ArmOrder::of([reported.arm.as_deref()?, reported.versus.as_deref()?], rows.map(|row| row.arm.as_str()))
}

/// Whether a reported difference is no nearer to that of the other quantity, where the arms report values and changes
/// at the same occasion: it is one of both, and the source need not say of which.
fn is_nearest(reported: &ReportedEstimate, pair: &ArmPair<'_>) -> bool {
    let other = match pair.quantity {
        Quantity::Value => Quantity::Change,
        Quantity::Change => Quantity::Value,
    };
    let Some(other) = ArmPair::at(pair.rows, other, pair.occasion) else { return true };
    let is_turned = order(reported, pair.rows) == Some(ArmOrder::Reversed);
    let value = if is_turned { -reported.value.value() } else { reported.value.value() };
    let distance = |pair: &ArmPair<'_>| {
        let [first, second] = pair.cells.map(|cell| cell.center().value());
        (first - second - value).abs()
    };
    let (own, other) = (distance(pair), distance(&other));
    own < other || (own == other && pair.quantity == Quantity::Value)
}

/// A p that is reported of two arms, beside that of these values.
fn beside_reported(statement: &Statement, contrast: &BetweenContrast) -> Option<String> {
    let reported = statement.p.as_ref()?;
    let welch = contrast.welch_t()?;
    let told = |range: Interval| match p_interval(range) {
        p if p == p_value(welch.p) => " whatever the rounding".to_owned(),
        p => format!(" ({p} with rounding)"),
    };
    let rounding = welch.p_rounding.map(told).unwrap_or_default();
    Some(format!(
        "{reported} is reported between the arms; Welch's t-test of these values has {}{rounding}, tests of changes or \
         of adjusted values have others",
        p_is(welch.p)
    ))
}

/// What the interval and the test would be in another reading.
fn reading(raw: Option<&Estimate>, test: Option<&TestResult>, level: f64) -> Option<String> {
    let (ci, p) = (raw?.ci?, p_is(test?.p));
    let level = level_text(level);
    let [lower, upper] = ci.ends().map(|end| fixed(end, 2));
    Some(format!("if the ± were the SE, the {level} CI would be {lower} to {upper} with {p}"))
}

/// The differences of two arms that a release reports itself, those of models last.
fn differences_of(release: &Release, outcome: &Outcome, pair: &ArmPair<'_>) -> Vec<ReportedDifference> {
    let &ArmPair { rows, occasion, .. } = pair;
    let is_meant = |of: &&ReportedEstimate| {
        is_difference_of(of, outcome, rows) && release.is_estimate_at(of, occasion) && is_nearest(of, pair)
    };
    let of_pair = release.estimates.iter().filter(is_meant);
    let mut all: Vec<ReportedDifference> =
        of_pair.map(|of| ReportedDifference::new(of, order(of, rows) == Some(ArmOrder::Reversed))).collect();
    all.sort_by_key(|of| of.is_adjusted);
    all
}
