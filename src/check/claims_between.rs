//! Whether a claim about two arms follows from the values that are reported of them.

use super::claims::{condition, of_claim};
use super::{Check, Status, occasion_in_subject};
use crate::diagnostic::Refused;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::of_release::{
    Refusal, RefusalKind, ReleaseBetween, ReleaseEffects, ReleaseEstimate, ReleaseRateRatio,
};
use crate::effect::tables_of_arms::{CountsBehind, fisher_range};
use crate::numeric::format::{from_to, p_value};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::paired::Claimed;
use crate::reported::{ArmPair, Quantity, Release, ReportedEstimate, Statement};

/// Every claim of significance between two arms.
///
/// The claim is certain where the interval that the release reports for the difference, or else Welch's t-test of the
/// values at the last occasion (Fisher's exact test, for counts), bears it out whatever the rounding hides. It is never
/// impossible: a release does not say whether values, changes or
/// adjusted values were compared, and the reported values leave the tests of the others open.
pub fn claims_between(release: &Release, effects: &ReleaseEffects, rounding: Rounding) -> Vec<Check> {
    let claims = release.statements.iter().filter(|of| of.versus.is_some() && of.claims_significance());
    let mut checks: Vec<Check> = Vec::new();
    for statement in claims {
        let (arm, versus) = (statement.arm.as_deref(), statement.versus.as_deref().unwrap_or_default());
        let arms = arm.map_or_else(|| format!("against {versus}"), |arm| format!("{arm} against {versus}"));
        // An outcome that is compared in words only has nothing to check.
        let has_results = |id: &&String| release.outcome(id).is_some_and(|outcome| !outcome.results.is_empty());
        for outcome in statement.outcomes.iter().filter(has_results) {
            let occasion = occasion_in_subject(statement);
            let subject = format!("{outcome}{occasion} ({arms}): {}", condition(statement));
            let verdict = match tests(release, effects, statement, outcome, rounding) {
                Ok(tests) => in_words(statement, &tests, rounding),
                Err(reason) => (Status::Refused, format!("not decidable: {reason}")),
            };
            if !checks.iter().any(|known| known.subject == subject) {
                checks.push(Check::of(release, "claim", &subject, verdict));
            }
        }
    }
    checks
}

/// A test of the values of two arms, with the p that the numbers behind the printed ones give.
struct TestOfArms {
    name: &'static str,
    /// Of what: values at an occasion, or a reported effect.
    of: String,
    p: Interval,
    /// Whether it bears a claim out by itself where it is not the first: one of two tests of the same name.
    is_enough: bool,
}

/// The tests of what the release reports of both arms; the one that decides stands first.
fn tests(
    release: &Release,
    effects: &ReleaseEffects,
    statement: &Statement,
    outcome: &str,
    rounding: Rounding,
) -> Result<Vec<TestOfArms>, Refused> {
    let mut tests = of_reported(release, effects, statement, outcome);
    match of_values(release, effects, statement, outcome, rounding) {
        Ok(others) => tests.extend(others),
        Err(reason) if tests.is_empty() => return Err(reason),
        Err(_) => {}
    }
    Ok(tests)
}

/// The intervals that the release reports for the difference of both arms.
fn of_reported(release: &Release, effects: &ReleaseEffects, statement: &Statement, outcome: &str) -> Vec<TestOfArms> {
    let compared = |of: &ReportedEstimate| {
        let arms = [of.arm.as_deref().unwrap_or_default(), of.versus.as_deref().unwrap_or_default()];
        let is_at = release.occasion_of(of).is_none_or(|occasion| statement.is_at(occasion));
        of.outcome.as_deref() == Some(outcome) && of.compares_arms() && is_at && statement.compares(outcome, arms)
    };
    let test = |found: &ReleaseEstimate| {
        let reported = release.estimate(&found.id).filter(|of| compared(of))?;
        let of = format!("{} ({})", reported.id, reported.printed());
        Some(TestOfArms { name: "the reported interval", of, p: found.p?, is_enough: false })
    };
    effects.reported.iter().filter_map(test).collect()
}

/// The tests of the occasion that the statement names, or of the last one that both arms report.
fn of_values(
    release: &Release,
    effects: &ReleaseEffects,
    statement: &Statement,
    outcome: &str,
    rounding: Rounding,
) -> Result<Vec<TestOfArms>, Refused> {
    let compared = |of: &&ReleaseBetween| {
        of.outcome == outcome
            && statement.is_at(&of.occasion)
            && statement.compares(outcome, [&of.arms[0], &of.arms[1]])
    };
    let found: Vec<&ReleaseBetween> = Quantity::BOTH
        .into_iter()
        .filter_map(|quantity| effects.between.iter().rfind(|of| of.quantity == quantity && compared(of)))
        .collect();
    if let Some(first) = found.first() {
        let mut tests: Vec<TestOfArms> = Vec::new();
        for of in &found {
            for (test, name) in
                [(of.contrast.welch_t(), "Welch's t-test"), (of.contrast.student_t(), "Student's t-test")]
            {
                let p = test.and_then(|test| test.p_rounding);
                let of = format!("the {}s `{}`", of.quantity.name(), of.occasion);
                tests.extend(p.map(|p| TestOfArms { name, of, p, is_enough: false }));
            }
        }
        if !tests.is_empty() {
            return Ok(tests);
        }
        return Err(first.contrast.notes.first().cloned().unwrap_or_else(|| "the arms have no test".to_owned()).into());
    }
    let is_own = |of: &&ReleaseRateRatio| {
        of.outcome == outcome
            && statement.is_at(&of.occasion)
            && statement.compares(outcome, [&of.arms[0], &of.arms[1]])
    };
    if let Some(found) = effects.rate_ratios.iter().rfind(is_own) {
        return of_rates(release, found, rounding);
    }
    match of_counts(release, statement, outcome, rounding) {
        Some(test) => Ok(vec![test]),
        None => {
            let is_own = |of: &&Refusal| of.kind == RefusalKind::BetweenArms && of.subject.as_deref() == Some(outcome);
            let reason = effects.refusals.iter().find(is_own).map(|refusal| refusal.reason.as_str());
            Err(reason.unwrap_or("the release does not report both arms at one occasion").into())
        }
    }
}

/// The exact tests of two rates, over the person-times that print so: twice the smaller tail, and the probability of what is
/// no more likely.
fn of_rates(release: &Release, found: &ReleaseRateRatio, rounding: Rounding) -> Result<Vec<TestOfArms>, Refused> {
    let times = |at: usize| {
        let rate = [found.ratio.first, found.ratio.second][at];
        let row = release.outcome(&found.outcome).and_then(|outcome| outcome.of_arm(&found.arms[at]));
        let printed = row.and_then(|row| row.at(&found.occasion)?.time.as_ref());
        let range = printed.map_or(Interval::point(rate.time()), |time| time.rounded(rounding).range);
        [range.lower.max(f64::MIN_POSITIVE), rate.time(), range.upper].map(|time| Rate::new(rate.events(), time))
    };
    let mut both = [None, None];
    for first in times(0).into_iter().flatten() {
        for second in times(1).into_iter().flatten() {
            let ratio = RateRatio { first, second };
            let p = [ratio.p_values().map(|p| p.exact), ratio.likelihood_p()];
            for (known, p) in both.iter_mut().zip(p) {
                *known = p.map_or(*known, |p| Interval::grown(*known, p));
            }
        }
    }
    let names = ["the exact test of the rates", "the exact test of the rates by likelihood"];
    let of = || format!("the events `{}`", found.occasion);
    let test =
        |(name, p): (&'static str, Option<Interval>)| Some(TestOfArms { name, of: of(), p: p?, is_enough: true });
    let tests: Vec<TestOfArms> = names.into_iter().zip(both).filter_map(test).collect();
    if tests.is_empty() { Err("neither arm had an event".into()) } else { Ok(tests) }
}

/// Fisher's exact test of the last occasion at which both arms report counts.
fn of_counts(release: &Release, statement: &Statement, outcome: &str, rounding: Rounding) -> Option<TestOfArms> {
    let compared = |pair: &ArmPair<'_>| statement.is_at(pair.occasion) && statement.compares(outcome, pair.arms());
    let ArmPair { rows, occasion, cells, .. } = release.pairs_of_arms(release.outcome(outcome)?).rfind(compared)?;
    let counts = |at: usize| CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), rounding).ok();
    let p = fisher_range([&counts(0)?, &counts(1)?])?;
    Some(TestOfArms { name: "Fisher's exact test", of: format!("the values `{occasion}`"), p, is_enough: false })
}

fn in_words(statement: &Statement, tests: &[TestOfArms], rounding: Rounding) -> (Status, String) {
    // The range is that of all values behind the printed ones: each of its p-values can be.
    let claimed: Vec<Claimed> = tests.iter().map(|test| of_claim(statement, test.p, true, rounding)).collect();
    let spoken = tests.iter().zip(&claimed).map(|(test, claimed)| {
        let p = from_to(test.p.ends().map(p_value));
        format!("{} by {} of {} (p {p})", claimed.name(), test.name, test.of)
    });
    let mut reasons: Vec<String> = spoken.collect();
    let mut certain = tests.iter().zip(&claimed).filter(|(_, claimed)| **claimed == Claimed::Certain);
    let is_certain = claimed.first() == Some(&Claimed::Certain) || certain.any(|(test, _)| test.is_enough);
    if !is_certain {
        reasons
            .push("the release does not say whether these values, changes or adjusted values were compared".to_owned());
    }
    (if is_certain { Status::Pass } else { Status::Refused }, reasons.join("; "))
}
