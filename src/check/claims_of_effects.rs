//! Claims about an arm of which an effect is reported and no values.

use super::claim_sources::is_of_another_test;
use super::claims::{
    ClaimVerdict, OF_INTERVAL, Others, TestVerdict, all_agree, as_called, condition, doubled, is_near_claim, of_claim,
};
use super::{Check, Status, occasion_in_subject};
use crate::effect::of_release::{ReleaseEffects, ReleaseEstimate};
use crate::numeric::dist::alpha_of;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::paired::Claimed;
use crate::reported::{Outcome, Release, ReportedEstimate, Statement};

/// The p-values of a reported effect: those that belong to its interval, or, where the effect does not lie in the
/// middle of that, those below or above its level.
fn p_of_effect(reported: &ReportedEstimate, found: &ReleaseEstimate) -> Option<Interval> {
    let beside = |level: f64| {
        let alpha = alpha_of(level);
        match found.on_scale.leaves_out_nothing()? {
            true => Some(Interval::between(0.0, alpha.next_down())),
            false => Some(Interval::between(alpha, 1.0)),
        }
    };
    found.p.or_else(|| beside(reported.interval.as_ref()?.level))
}

/// A claim about an arm of which no values are reported, and an effect is: the interval of that effect judges it.
pub(super) fn of_effects_alone(
    release: &Release,
    effects: &ReleaseEffects,
    statement: &Statement,
    outcome: &Outcome,
    rounding: Rounding,
) -> Option<Check> {
    let is_meant = |reported: &&ReportedEstimate| {
        let arms = release.arms_of(reported);
        let is_alone = arms.iter().all(|arm| outcome.of_arm(arm).is_none() && statement.is_about(&outcome.id, arm));
        reported.outcome.as_ref() == Some(&outcome.id)
            && !reported.compares_arms()
            && reported.measure.is_of_change()
            && !statement.compares_arms()
            && is_alone
            && release.occasion_of(reported).is_none_or(|occasion| statement.is_at(occasion))
    };
    let judged = |reported: &ReportedEstimate| {
        let found = effects.reported.iter().find(|found| found.id == reported.id);
        let Some(p) = found.and_then(|found| p_of_effect(reported, found)) else {
            let reason = "no values of the arm are reported, and no interval of the effect that says so";
            return (Status::Refused, format!("not decidable: {reason}"));
        };
        let n = release.arms_of(reported).first().and_then(|arm| release.size(arm));
        let claimed = of_claim(statement, p, true, rounding);
        let is_near = is_of_another_test(reported.measure) || is_near_claim(statement, n, p, rounding);
        let others = if is_near { Others::Near } else { Others::LookedAt };
        let may_be_one_sided =
            claimed == Claimed::Impossible && doubled(statement, rounding).is_some_and(|doubled| p.meets(doubled));
        let tests = vec![TestVerdict { test: OF_INTERVAL, claimed, p }];
        let is_far = claimed == Claimed::Impossible && others == Others::LookedAt;
        ClaimVerdict { condition: condition(statement), tests, others, r_needed: None, may_be_one_sided, is_far }
            .in_words()
    };
    let meant = release.estimates.iter().filter(is_meant);
    let told: Vec<_> = meant.map(|reported| (format!("by `{}`", reported.id), judged(reported))).collect();
    let verdict = as_called(statement, all_agree(&told, "several effects are reported")?);
    let arm = statement.arm.as_ref().map(|arm| format!(" ({arm})")).unwrap_or_default();
    let subject = format!("{}{}{arm}: {}", outcome.id, occasion_in_subject(statement), condition(statement));
    Some(Check::of(release, "claim", &subject, verdict))
}
