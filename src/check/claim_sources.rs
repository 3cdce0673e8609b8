//! What is known of a change beside the data behind its values: what the source reports of it, means at every
//! correlation, and counts of the same people.

use super::claims::{OF_CHANGE, OF_INTERVAL, OF_ITS_PRECISION, of_claim};
use super::claims_of_rows::About;
use crate::effect::before_after::CorrelationNeeded;
use crate::effect::contrast::Correlation;
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects};
use crate::effect::tables_of_arms::CountsBehind;
use crate::numeric::dist::sign_test;
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::Behind;
use crate::reconstruct::paired::{Claimed, RNeeded};
use crate::reported::{Cell, Quantity, Release, ReportedMeasure, SpreadMeaning};

/// The p-values of the paired t-test that what the release reports of a change gives, and whether it does so by the SD
/// of the change: its SE or interval may be that of a model.
fn p_by_change(release: &Release, effects: &ReleaseEffects, row: &Behind, occasion: &str) -> Option<(Interval, bool)> {
    let of_row = release.outcome(&row.outcome)?.of_arm(&row.arm)?;
    let spread = of_row.get(Quantity::Change, occasion).and_then(Cell::spread);
    let is_by_sd = spread.is_some_and(SpreadMeaning::is_sd);
    let is_own = |outcome: &str, arm: &str, at: &str| (outcome, arm, at) == (&row.outcome, &row.arm, occasion);
    let change = effects.changes.iter().find(|of| is_own(&of.outcome, &of.arm, &of.occasion));
    let of_change = change.filter(|of| of.contrast.other_reading.is_none()).and_then(|of| of.contrast.test.as_ref());
    let of_values = || {
        let mut contrasts = effects.contrasts.iter();
        let found = contrasts.find(|of| is_own(&of.outcome, &of.arm, &of.after))?;
        let is_recovered = matches!(found.contrast.correlation, Correlation::Recovered { .. });
        found.contrast.tests.first().filter(|_| is_recovered)
    };
    of_change.or_else(of_values)?.p_rounding.map(|p| (p, is_by_sd))
}

/// Whether the interval of a change is that of logarithms, or of each one's percentage: the test of the means is another
/// one, and may bear out what that does not.
pub(super) fn is_of_another_test(measure: ReportedMeasure) -> bool {
    matches!(
        measure,
        ReportedMeasure::PercentIncrease
            | ReportedMeasure::PercentReduction
            | ReportedMeasure::RatioOfMeans
            | ReportedMeasure::RatioOfGeometricMeans
    )
}

/// What the source says of the p of a change: that of the t-test by the change that it reports, and those of the
/// intervals of effects of the arm, of ratios only where they bear the claim out.
pub(super) fn p_of_source(
    About { release, effects, statement, rounding }: About<'_>,
    row: &Behind,
    occasion: &str,
) -> Vec<(&'static str, Interval)> {
    let of_change = p_by_change(release, effects, row, occasion);
    let of_change = of_change.map(|(p, is_by_sd)| (if is_by_sd { OF_CHANGE } else { OF_ITS_PRECISION }, p));
    let of_effects = effects.reported.iter().filter_map(|found| {
        let reported = release.estimate(&found.id)?;
        let is_own = reported.outcome.as_ref() == Some(&row.outcome)
            && !reported.compares_arms()
            && reported.measure.is_of_change()
            && release.arms_of(reported) == [row.arm.as_str()]
            && release.is_estimate_at(reported, occasion);
        let p = found.p.filter(|_| is_own)?;
        let is_told =
            !is_of_another_test(reported.measure) || of_claim(statement, p, true, rounding) == Claimed::Certain;
        is_told.then_some((OF_INTERVAL, p))
    });
    of_change.into_iter().chain(of_effects).collect()
}

/// The paired t-test over every correlation, where the values behind the printed means need not be known.
pub(super) fn of_means(
    effects: &ReleaseEffects,
    row: &Behind,
    occasion: &str,
    level: f64,
) -> Option<(Interval, RNeeded)> {
    // Where sizes differ it is not known who was measured twice.
    row.n?;
    let first = &row.cells.first()?.occasion;
    let is_own = |of: &&ReleaseContrast| {
        (&of.outcome, &of.arm, &of.before, of.after.as_str()) == (&row.outcome, &row.arm, first, occasion)
    };
    let contrast = &effects.contrasts.iter().find(is_own)?.contrast;
    if contrast.other_reading.is_some() {
        return None;
    }
    let needed = match contrast.input.r_needed(level).ok()? {
        CorrelationNeeded::Any { rounding: None } => RNeeded::Any,
        CorrelationNeeded::None { rounding: None } => RNeeded::None,
        CorrelationNeeded::Any { rounding: Some(r) } => RNeeded::Between { r, sometimes_none: false },
        CorrelationNeeded::AtLeast { rounding: r, .. } => RNeeded::Between { r, sometimes_none: false },
        CorrelationNeeded::None { rounding: Some(r) } => RNeeded::Between { r, sometimes_none: true },
    };
    Some((contrast.input.p_over_correlations().ok()?, needed))
}

/// The exact p of McNemar's test of two counts of the same n people, whoever has changed: from as few as can be to as
/// many.
///
/// Source: McNemar (1947), Psychometrika 12:153, with the binomial distribution of those who changed.
pub(super) fn mcnemar_range([before, after]: [u32; 2], n: u32) -> Interval {
    let p = |lost: u32| sign_test(lost, lost + (lost + after - before));
    let [fewest, most] = [before.saturating_sub(after), before.min(n - after)].map(p);
    Interval::between(fewest, most)
}

/// What is known of a claim about counts of the same people before and after: who changed is not reported, and both
/// counts bound the exact p of McNemar's test.
pub(super) fn of_paired_counts(release: &Release, row: &Behind, occasion: &str, rounding: Rounding) -> Option<String> {
    let of_row = release.outcome(&row.outcome)?.of_arm(&row.arm)?;
    let (_, first) = of_row.cells.first()?;
    let counts = |cell: &Cell| {
        let found = CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding).ok()?;
        Some((u32::try_from(found.only()?).ok()?, u32::try_from(found.n).ok()?))
    };
    let ((before, n), (after, same)) = (counts(first)?, counts(of_row.at(occasion)?)?);
    if n != same {
        return None;
    }
    let p = p_interval(mcnemar_range([before, after], n));
    Some(format!(
        "it is about counts of the same people before and after, and who changed is not reported: the exact p of McNemar's \
         test of {first} and {} is {p}, whoever changed",
        of_row.at(occasion)?
    ))
}
