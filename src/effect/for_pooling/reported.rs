//! Effects that a release reports itself, pooled as they are reported.

use super::arm_moments::ArmMoments;
use super::{Design, Pool, PoolableEffect, Question};
use crate::effect::implied::{has_other_sign, implied};
use crate::effect::reported::{DegreesOfFreedom, OnScale, is_risk_in_percent, sizes, standard_error};
use crate::numeric::format::significant;
use crate::reported::{ArmOrder, OutcomeResult, Release, ReportedEstimate, ReportedMeasure};

impl Question<'_> {
    /// The reported effects of a release that answer the question, in the order of the file.
    pub(super) fn reported<'r>(&self, release: &'r Release) -> Vec<&'r ReportedEstimate> {
        let is_named = |id: &String| self.outcomes.contains(id);
        let answers = |of: &&ReportedEstimate| {
            let is_at = self.occasion.is_none_or(|asked| release.is_estimate_at(of, asked));
            of.measure.code() == Some(self.measure.code)
                && is_at
                && (is_named(&of.id) || of.outcome.iter().any(is_named))
        };
        release.estimates.iter().filter(answers).collect()
    }
}

impl Question<'_> {
    /// What a release reports under the name that is asked for, by another measure.
    pub(super) fn of_other_measure(&self, release: &Release) -> Option<String> {
        let is_named = |id: &String| self.outcomes.contains(id);
        let other = release.estimates.iter().find(|of| is_named(&of.id) || of.outcome.iter().any(is_named))?;
        let code = other.measure.code().map(|code| format!(": --measure {code}")).unwrap_or_default();
        Some(format!("its reported `{}` is a {}{code}", other.id, other.measure.in_words()))
    }
}

impl Pool {
    /// The first reported effect that answers the question; whether there is one.
    pub(super) fn add_reported(&mut self, release: &Release, question: &Question<'_>) -> bool {
        let found = question.reported(release);
        let Some(reported) = found.first() else { return false };
        let effect = match effect(release, reported, question) {
            Ok(effect) => effect,
            Err(reason) => {
                self.refuse(&release.id, format!("its reported {}: {reason}", reported.printed()));
                return false;
            }
        };
        let mut caveats = effect.caveats;
        if found.len() > 1 {
            caveats.push(format!(
                "of {} reported effects the first is used, {}; --outcome can name another",
                found.len(),
                reported.id
            ));
        }
        self.effects.push(PoolableEffect { caveats, ..effect });
        true
    }
}

fn effect(release: &Release, reported: &ReportedEstimate, question: &Question<'_>) -> Result<PoolableEffect, String> {
    let on_scale = OnScale::of(reported, question.rounding).map_err(|reason| reason.to_string())?;
    if let Some(reason) = contradicts_values(release, reported, question) {
        return Err(reason);
    }
    if let Some([lower, upper]) = on_scale.ends {
        let effect = on_scale.estimate.range;
        if effect.upper < lower.range.lower || effect.lower > upper.range.upper {
            return Err(format!("the effect lies outside of its interval: {}", reported.printed()));
        }
    }
    let of_arms = sizes(release, reported);
    let df = DegreesOfFreedom::of(reported.measure, &of_arms);
    let (se, from) = standard_error(reported, df, question.rounding).map_err(|reason| reason.to_string())?;
    let is_turned = is_turned(release, reported);
    let sign = if reported.measure == ReportedMeasure::MeanReduction || is_turned { -1.0 } else { 1.0 };
    let unit = if is_risk_in_percent(release, reported) { 0.01 } else { 1.0 };
    let (yi, sei) = (sign * unit * on_scale.estimate.value, unit * se.value);
    if !yi.is_finite() || sei <= 0.0 {
        return Err("it has no finite effect with a standard error above 0".to_owned());
    }
    let mut arms = reported.arms();
    if is_turned {
        arms.reverse();
    }
    let n = (!of_arms.is_empty()).then(|| of_arms.iter().sum());
    let range = se.range.scaled(unit);
    let adjusted = reported.adjusted.as_ref().map(|of| format!(", adjusted ({})", of.en)).unwrap_or_default();
    let p = reported.p.as_ref().filter(|_| from == "the exact p").map(|p| format!(", {p}")).unwrap_or_default();
    let caveat = format!(
        "the effect is taken as reported{adjusted}: {}{p}; its standard error, {} ({} to {} with rounding), follows from {from}",
        reported.printed(),
        significant(sei, 3),
        significant(range.lower, 3),
        significant(range.upper, 3),
    );
    let mut caveats = vec![caveat];
    if is_turned {
        caveats.push(format!("it is turned round, to {}, as the release compares them first", arms.join(" − ")));
    }
    if reported.interval.is_some() && on_scale.middle().is_some_and(|middle| !middle.meets(on_scale.estimate.range)) {
        caveats.push(
            "the effect does not lie in the middle of its interval: its standard error is a rough one".to_owned(),
        );
    }
    let occasion = release.occasion_of(reported);
    let spread_of = |row: &OutcomeResult| {
        let (_, cell) = row.reported_at(occasion?)?;
        Some(ArmMoments::of(cell, release.size_at(&row.arm, cell), question).ok()?.spread())
    };
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id));
    let rows = arms.iter().filter_map(|arm| outcome?.of_arm(arm));
    Ok(PoolableEffect {
        spreads: rows.filter_map(spread_of).collect(),
        occasion: occasion.map(str::to_owned),
        is_r_assumed: false,
        name: release.id.clone(),
        release: release.id.clone(),
        outcome: reported.outcome.clone(),
        arms: arms.into_iter().map(str::to_owned).collect(),
        design: if reported.measure.is_of_one_arm() { Design::BeforeAfter } else { Design::TwoGroups },
        n,
        yi,
        vi: sei * sei,
        is_reported: true,
        is_from_median: false,
        is_in_percent: reported.value.is_percent(),
        caveats,
    })
}

/// Why an effect cannot be pooled beside the values of its release: it has another sign, or another unit.
fn contradicts_values(release: &Release, reported: &ReportedEstimate, question: &Question<'_>) -> Option<String> {
    let is_standardised = reported.measure == ReportedMeasure::StandardizedMeanDifference;
    let by_values = implied(release, reported, question.rounding).unwrap_or_default();
    if is_standardised && has_other_sign(&by_values, reported.value.rounded(question.rounding).range) {
        let reason = "the values of the release give one of the other sign: change its `arm` and `versus` with each other, \
                      or write the sign";
        return Some(reason.to_owned());
    }
    is_in_other_unit(release, reported)
}

/// Why a difference or change is in another unit than the values beside it.
fn is_in_other_unit(release: &Release, reported: &ReportedEstimate) -> Option<String> {
    let is_raw = matches!(
        reported.measure,
        ReportedMeasure::MeanDifference | ReportedMeasure::MeanChange | ReportedMeasure::MeanReduction
    );
    let outcome = release.outcome(reported.outcome.as_deref().filter(|_| is_raw)?)?;
    let arms = release.arms_of(reported);
    let values = &arms.first().and_then(|arm| outcome.of_arm(arm))?.cells;
    let are_in_percent = values.first()?.1.center().is_percent();
    (are_in_percent != reported.value.is_percent() && reported.value.is_percent()).then(|| {
        "it is in per cent, and the values of its outcome are not: a percentage of the value before is a \
         percent-reduction or percent-increase"
            .to_owned()
    })
}

/// Whether the release compares the same arms the other way round first, as its values are then pooled.
fn is_turned(release: &Release, reported: &ReportedEstimate) -> bool {
    let Some(outcome) = reported.outcome.as_deref().and_then(|id| release.outcome(id)) else { return false };
    let Some(own) = reported.arm.as_deref().zip(reported.versus.as_deref()).map(<[&str; 2]>::from) else {
        return false;
    };
    let said = release.comparisons(outcome);
    let first = said.iter().find_map(|rows| ArmOrder::of(own, rows.map(|row| row.arm.as_str())));
    first == Some(ArmOrder::Reversed)
}
