//! Whether what is claimed follows from the numbers: certainly, possibly or not at all.

use super::estimates::{bound_of, is_near};
use super::{Check, Status, arm_in_subject, occasion_in_subject};
use crate::diagnostic::Refused;
use crate::effect::contrast::{ContrastOptions, Correlation};
use crate::effect::of_release::{ReleaseEffects, effects};
use crate::numeric::dist::sign_test;
use crate::numeric::format::{fixed, p_value, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::Behind;
use crate::reconstruct::paired::{Claimed, Paired, RNeeded, claimed};
use crate::reported::{Claim, Release, Statement};

/// So many joint tables are visited for the tests of ranks.
const MOST_TABLES: u64 = 100_000;

/// The test of what is reported of a change.
const OF_CHANGE: &str = "paired t-test of the reported change";

/// The level of a claim that names none.
const USUAL_LEVEL: f64 = 0.05;

/// What a test makes of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct TestVerdict {
    /// Which test.
    pub test: &'static str,
    /// What it makes of the claim.
    pub claimed: Claimed,
    /// Its p over every pairing of every data set.
    pub p: Interval,
}

/// What the data behind two cells make of a claim, test by test; the paired t-test stands first.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimVerdict {
    /// The claim as a condition on p: `p < 0.05`.
    pub condition: String,
    /// A verdict for each test.
    pub tests: Vec<TestVerdict>,
    /// Whether only the test of the reported change was made, and another usual test may differ from it so much.
    pub is_near: bool,
    /// The correlation that the t-test needs, for claims of a p below a level.
    pub r_needed: Option<RNeeded>,
}

/// Every claim of significance about the change of an outcome in an arm.
pub fn claims(release: &Release, behind: &[Behind], rounding: Rounding) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    let effects = effects(release, &ContrastOptions::default(), rounding);
    for statement in release.statements.iter().filter(|statement| statement.claims_significance()) {
        for row in behind.iter().filter(|row| statement.is_about(&row.outcome, &row.arm)) {
            let check = of_row(release, &effects, statement, row, rounding);
            if !checks.iter().any(|known| known.subject == check.subject) {
                checks.push(check);
            }
        }
    }
    checks
}

/// The p-values of the paired t-test that what the release reports of a change gives.
fn p_by_change(effects: &ReleaseEffects, row: &Behind, occasion: &str) -> Option<Interval> {
    let is_own = |outcome: &str, arm: &str, at: &str| (outcome, arm, at) == (&row.outcome, &row.arm, occasion);
    let change = effects.changes.iter().find(|of| is_own(&of.outcome, &of.arm, &of.occasion));
    let of_change = change.filter(|of| of.contrast.other_reading.is_none()).and_then(|of| of.contrast.test.as_ref());
    let of_values = || {
        let mut contrasts = effects.contrasts.iter();
        let found = contrasts.find(|of| is_own(&of.outcome, &of.arm, &of.after))?;
        let is_recovered = matches!(found.contrast.correlation, Correlation::Recovered { .. });
        found.contrast.tests.first().filter(|_| is_recovered)
    };
    of_change.or_else(of_values)?.p_rounding
}

/// The occasions of a row up to which something may have changed: those of later values with their place, and those of
/// changes alone.
fn later_occasions<'a>(effects: &'a ReleaseEffects, row: &'a Behind) -> Vec<(&'a str, Option<usize>)> {
    let mut all: Vec<_> = row.later().map(|at| (row.cells[at].occasion.as_str(), Some(at))).collect();
    for of in effects.changes.iter().filter(|of| (&of.outcome, &of.arm) == (&row.outcome, &row.arm)) {
        if all.iter().all(|(known, _)| *known != of.occasion) {
            all.push((&of.occasion, None));
        }
    }
    all
}

fn of_row(
    release: &Release,
    effects: &ReleaseEffects,
    statement: &Statement,
    row: &Behind,
    rounding: Rounding,
) -> Check {
    let condition = condition(statement);
    let arm = arm_in_subject(release, &row.outcome, &row.arm);
    let occasion = occasion_in_subject(statement);
    let subject = format!("{}{occasion}{arm}: {condition}", row.outcome);
    let refused = |reason: String| {
        let least = row.n.filter(|n| *n <= 12 && row.cells.len() > 1).map(|n| {
            let least = significant(sign_test(0, n as u32), 3);
            format!("; with n = {n} the exact two-sided p of signed ranks, and of signs, is never below {least}")
        });
        (Status::Refused, format!("not decidable: {reason}{}", least.unwrap_or_default()))
    };
    let later = later_occasions(effects, row).into_iter().filter(|(occasion, _)| statement.is_at(occasion));
    let verdicts = later.map(|(occasion, at)| {
        let by_change = p_by_change(effects, row, occasion);
        (occasion, verdict(statement, (row, at), by_change, rounding))
    });
    let verdict = match verdicts.collect::<Vec<_>>().as_slice() {
        [] if statement.occasion.is_some() => {
            refused("nothing is reported of this occasion and one before it".to_owned())
        }
        [] => refused("only one occasion is reported".to_owned()),
        [(_, Ok(verdict))] => verdict.in_words(),
        [(_, Err(reason))] => refused(reason.to_string()),
        several => at_several_occasions(several),
    };
    Check::of(release, "claim", &subject, verdict)
}

/// A claim that names none of several later occasions: it holds if it holds at each, and is impossible if it is at
/// each.
fn at_several_occasions(verdicts: &[(&str, Result<ClaimVerdict, Refused>)]) -> (Status, String) {
    let told: Vec<(Status, String)> = verdicts
        .iter()
        .map(|(occasion, verdict)| {
            let (status, words) = match verdict {
                Ok(verdict) => verdict.in_words(),
                Err(reason) => (Status::Refused, format!("not decidable: {reason}")),
            };
            (status, format!("at `{occasion}` {words}"))
        })
        .collect();
    let words = told.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(". And ");
    match told.first().map(|(status, _)| *status) {
        Some(status) if told.iter().all(|(other, _)| *other == status) => (status, words),
        _ => (Status::Refused, format!("not decidable: the statement names no `occasion`: {words}")),
    }
}

/// The claim as a condition on p.
pub(super) fn condition(statement: &Statement) -> String {
    match (&statement.p, statement.claim) {
        (Some(p), _) => p.to_string(),
        (None, Claim::NotSignificant) => format!("p ≥ {USUAL_LEVEL}"),
        (None, _) => format!("p < {USUAL_LEVEL}"),
    }
}

/// What the data behind the first and a later value of a row make of a claim, and the test of what is reported of the
/// change, which comes first.
fn verdict(
    statement: &Statement,
    (row, later): (&Behind, Option<usize>),
    by_change: Option<Interval>,
    rounding: Rounding,
) -> Result<ClaimVerdict, Refused> {
    let level = level(statement);
    let mut tests = Vec::new();
    let mut add = |test: &'static str, p: Option<Interval>, exact: bool| {
        if let Some(p) = p {
            tests.push(TestVerdict { test, claimed: of_claim(statement, p, exact, rounding), p });
        }
    };
    add(OF_CHANGE, by_change, true);
    let paired = match later {
        Some(at) => row.paired(0, at, level).map_err(|reason| reason.to_string()),
        None => Err("only a change is reported".to_owned()),
    };
    let paired: Result<Paired, String> =
        paired.and_then(|found| found.ok_or_else(|| "no data set prints as one of the cells (see existence)".into()));
    if let (Ok(paired), Some(after)) = (&paired, later) {
        if by_change.is_none() {
            add("paired t-test", paired.p, paired.exact);
        }
        if let Some(tables) = row.tables(0, after, level, MOST_TABLES) {
            add("exact signed-rank test", Some(tables.wilcoxon_p), true);
            add("exact signed-rank test with zeros ranked", Some(tables.pratt_p), true);
            add("signed-rank test by normal approximation", Some(tables.normal_p), true);
            add("sign test", Some(tables.sign_p), true);
        }
    }
    let below = statement.p.as_ref().map_or(statement.claim != Claim::NotSignificant, |p| p.relation == Relation::Less);
    let r_needed = match (paired, by_change) {
        (_, Some(_)) => None,
        (Ok(paired), None) => below.then_some(paired.r_needed),
        (Err(reason), None) => return Err(reason.into()),
    };
    let is_near = tests.len() == 1 && by_change.is_some_and(|p| is_near_claim(statement, p, rounding));
    Ok(ClaimVerdict { condition: condition(statement), tests, is_near, r_needed })
}

/// Whether another usual test of the same data may bear out a claim that a p does not.
fn is_near_claim(statement: &Statement, p: Interval, rounding: Rounding) -> bool {
    match &statement.p {
        Some(printed) => is_near(printed.relation, bound_of(printed, rounding), p),
        None if statement.claim == Claim::NotSignificant => {
            is_near(Relation::GreaterOrEqual, Interval::point(USUAL_LEVEL), p)
        }
        None => is_near(Relation::Less, Interval::point(USUAL_LEVEL), p),
    }
}

fn level(statement: &Statement) -> f64 {
    statement.p.as_ref().map(|p| p.bound.value()).filter(|p| *p > 0.0 && *p < 1.0).unwrap_or(USUAL_LEVEL)
}

/// What a range of p makes of a claim.
pub(super) fn of_claim(statement: &Statement, p: Interval, exact: bool, rounding: Rounding) -> Claimed {
    let not = |verdict: Claimed| match verdict {
        Claimed::Certain => Claimed::Impossible,
        Claimed::Impossible => Claimed::Certain,
        other => other,
    };
    match &statement.p {
        None if statement.claim == Claim::NotSignificant => not(claimed(Some(p), USUAL_LEVEL, exact)),
        None => claimed(Some(p), USUAL_LEVEL, exact),
        Some(Comparison { relation: Relation::Less | Relation::LessOrEqual, bound, .. }) => {
            claimed(Some(p), bound.value(), exact)
        }
        Some(Comparison { relation: Relation::Greater | Relation::GreaterOrEqual, bound, .. }) => {
            not(claimed(Some(p), bound.value(), exact))
        }
        Some(Comparison { relation: Relation::Equal, bound, .. }) => {
            let printed = bound.rounding_interval(rounding).to_interval();
            if !printed.meets(p) {
                Claimed::Impossible
            } else if printed.contains(p.lower) && printed.contains(p.upper) {
                Claimed::Certain
            } else if exact {
                Claimed::Possible
            } else {
                Claimed::Open
            }
        }
    }
}

impl ClaimVerdict {
    /// Whether the change is reported with its precision, so that who had which value does not matter to the t-test.
    fn is_by_change(&self) -> bool {
        self.tests.first().is_some_and(|test| test.test == OF_CHANGE)
    }

    /// The verdict and its reasons. It is certain if the paired t-test says so, and impossible only if
    /// every test does: the claim does not say which test was made.
    pub fn in_words(&self) -> (Status, String) {
        let first = self.tests.first().map_or(Claimed::Open, |test| test.claimed);
        let all_impossible = self.tests.iter().all(|test| test.claimed == Claimed::Impossible);
        let spoken = |test: &TestVerdict| {
            let [lower, upper] = [test.p.lower, test.p.upper].map(p_value);
            format!("{} by the {} (p {lower} to {upper})", test.claimed.name(), test.test)
        };
        let mut reasons: Vec<String> = self.tests.iter().map(spoken).collect();
        let (status, depends) = match (first, all_impossible) {
            (Claimed::Certain, _) => (Status::Pass, "whoever had which value"),
            (_, true) if self.is_near => (Status::Refused, "and another test may be meant"),
            (_, true) => (Status::Fail, "whoever had which value"),
            _ => (Status::Refused, "depending on who had which value"),
        };
        if let Some(first) = reasons.first_mut().filter(|_| !self.is_by_change() || self.is_near) {
            *first = format!("{first}, {depends}");
        }
        if let (Status::Refused, Some(RNeeded::Between { r, .. })) = (status, self.r_needed) {
            let r = range_of_r(r);
            reasons.insert(
                1,
                format!("it needs a correlation of before and after of at least {r}, which is not reported"),
            );
        }
        (status, reasons.join("; "))
    }
}

/// One correlation, or from one to another.
pub fn range_of_r(r: Interval) -> String {
    let [lower, upper] = [r.lower, r.upper].map(|r| fixed(r, 3));
    if lower == upper { lower } else { format!("{lower} to {upper} (by data set)") }
}
