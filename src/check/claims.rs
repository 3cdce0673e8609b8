//! Whether what is claimed follows from the numbers: certainly, possibly or not at all.

use super::claims_of_effects::of_effects_alone;
use super::claims_of_rows::About;
use super::named_test::is_or_less;
use super::other_tests::{Leeway, rank_floor};
use super::readings::possible_readings;
use super::{Check, DOUBTFUL, NOT_DECIDABLE, Status};
use crate::diagnostic::Refused;
use crate::effect::of_release::ReleaseEffects;
use crate::numeric::format::{fixed, p_interval, p_value};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::Unreconstructable;
use crate::reconstruct::of_release::Behind;
use crate::reconstruct::paired::{Claimed, JointTables, Paired, RNeeded, claimed};
use crate::reported::{Claim, Release, Statement};

/// So many joint tables are visited for the tests of ranks.
const MOST_TABLES: u64 = 100_000;

/// The test of two means, whatever their correlation.
const OF_MEANS: &str = "paired t-test";

/// The test of what is reported of a change.
pub(super) const OF_CHANGE: &str = "paired t-test of the reported change";

/// The same by the SE or the interval of the change, which may be those of a model.
pub(super) const OF_ITS_PRECISION: &str = "t-test by the precision of the reported change";

/// It is told where it alone does not make a claim impossible.
const UNCORRECTED: &str = "signed-rank test by normal approximation without correction";

/// That of an effect with its interval.
pub(super) const OF_INTERVAL: &str = "interval of the reported effect";

/// The level of a claim that names none.
const USUAL_ALPHA: f64 = 0.05;

/// What a test makes of a claim.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TestVerdict {
    /// Which test.
    pub test: &'static str,
    /// What it makes of the claim.
    pub claimed: Claimed,
    /// Its p over every pairing of every data set.
    pub p: Interval,
}

/// What is known of tests of ranks, and of other tests, of which the claim may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They are among those that were made, or too far from the t-test to bear the claim out.
    LookedAt,
    /// They may bear it out as far as the t-test goes.
    Near,
    /// Nothing: there are too many tables to visit.
    NotLookedAt,
    /// Nothing: it is not known which values people can have.
    WithoutValues,
}

impl Others {
    /// Where only means and SDs were looked at: there are too many data sets, or it is not known which there can be.
    fn of_no_tables(row: &Behind) -> Self {
        let is_without = row.cells.iter().any(|cell| matches!(cell.sets, Err(Unreconstructable::NoSteps(_))));
        if is_without { Self::WithoutValues } else { Self::NotLookedAt }
    }
}

/// What the data behind two cells make of a claim, test by test; the paired t-test stands first.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClaimVerdict {
    /// The claim as a condition on p: `p < 0.05`.
    pub condition: String,
    /// A verdict for each test.
    pub tests: Vec<TestVerdict>,
    /// What is known of other tests than those.
    pub others: Others,
    /// The correlation that the t-test needs, for claims of a p below a level.
    pub r_needed: Option<RNeeded>,
    /// Whether the printed p is half of one that a two-sided test has, where no test has it itself.
    pub may_be_one_sided: bool,
    /// Whether no test bears it out, and none comes near.
    pub is_far: bool,
}

/// Every claim of significance about the change of an outcome in an arm.
pub fn claims(release: &Release, behind: &[Behind], effects: &ReleaseEffects, rounding: Rounding) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    let readings = possible_readings(behind);
    for statement in release.statements.iter().filter(|statement| statement.claims_significance()) {
        for row in behind.iter().filter(|row| statement.is_about(&row.outcome, &row.arm)) {
            let about = About { release, effects, statement, rounding };
            add_worst(&mut checks, about.row(row, &readings));
        }
        for outcome in statement.outcomes.iter().filter_map(|id| release.outcome(id)) {
            let found = of_effects_alone(release, effects, statement, outcome, rounding);
            found.into_iter().for_each(|check| add_worst(&mut checks, check));
        }
    }
    checks
}

/// The occasions of a row up to which something may have changed: those of later values with their place, and those of
/// changes alone.
pub(super) fn later_occasions<'a>(effects: &'a ReleaseEffects, row: &'a Behind) -> Vec<(&'a str, Option<usize>)> {
    let mut all: Vec<_> = row.later().map(|at| (row.cells[at].occasion.as_str(), Some(at))).collect();
    for of in effects.changes.iter().filter(|of| (&of.outcome, &of.arm) == (&row.outcome, &row.arm)) {
        if all.iter().all(|(known, _)| *known != of.occasion) {
            all.push((&of.occasion, None));
        }
    }
    all
}

/// Adds a check, or puts it in the place of one of the same subject that is better: two statements may claim different
/// things beside the same p.
pub(super) fn add_worst(checks: &mut Vec<Check>, check: Check) {
    let badness = |of: &Check| match of.status {
        Status::Fail => 2,
        Status::Pass => 0,
        _ => 1,
    };
    match checks.iter_mut().find(|known| known.subject == check.subject) {
        Some(known) if badness(&check) > badness(known) => *known = check,
        Some(_) => {}
        None => checks.push(check),
    }
}

/// A claim about several comparisons: it holds if it holds for each, and is impossible if it is for each.
pub(super) fn all_agree(told: &[(String, (Status, String))], several: &str) -> Option<(Status, String)> {
    let words = told.iter().map(|(name, (_, words))| format!("{name} {words}")).collect::<Vec<_>>().join(". And ");
    match told {
        [] => None,
        [(_, only)] => Some(only.clone()),
        [(_, (status, _)), others @ ..] if others.iter().all(|(_, (other, _))| other == status) => {
            Some((*status, words))
        }
        _ => Some(super::refused(format!("{several}: {words}"))),
    }
}

/// A verdict of what is claimed in words beside a p. At no usual level is a p above 0.1 significant; between 0.05 and
/// 0.1 another level may have been meant, and a stricter one where a p below 0.05 is called not significant, or a
/// tendency: a test of several, or one that others had to precede. That is told whatever the numbers make of the p.
pub(super) fn as_called(statement: &Statement, (status, words): (Status, String)) -> (Status, String) {
    /// The largest level that trials are planned for.
    const LARGEST: f64 = 0.1;
    let Some(p) = &statement.p else { return (status, words) };
    let is_below = |level: f64| p.says_significant(level);
    let is_above = matches!(p.relation, Relation::Greater | Relation::GreaterOrEqual);
    let of_stricter_level = |called: &str| {
        let told = format!("{p} is called {called}, and is significant at the level of {USUAL_ALPHA}");
        match status {
            Status::Fail => (status, format!("{told}; {words}")),
            _ => super::refused(format!("{told}; {}", words.trim_start_matches(NOT_DECIDABLE))),
        }
    };
    match statement.claim {
        Claim::Significant if is_below(LARGEST) == Some(false) && (is_above || p.bound.value() > LARGEST) => {
            (Status::Fail, format!("{p} is printed and called significant; {words}"))
        }
        Claim::Significant if is_below(USUAL_ALPHA) == Some(false) && status == Status::Pass => {
            super::refused(format!("{p} is called significant, and is not at the level of {USUAL_ALPHA}; {words}"))
        }
        Claim::NotSignificant if is_below(USUAL_ALPHA) == Some(true) => of_stricter_level("not significant"),
        Claim::Tendency if is_below(USUAL_ALPHA) == Some(true) => of_stricter_level("a tendency"),
        _ => (status, words),
    }
}

/// The claim as a condition on p.
pub(super) fn condition(statement: &Statement) -> String {
    match (&statement.p, statement.claim) {
        (Some(p), _) => p.to_string(),
        (None, Claim::NotSignificant) => format!("p ≥ {USUAL_ALPHA}"),
        (None, _) => format!("p < {USUAL_ALPHA}"),
    }
}

/// What is known of a change besides the values behind its means.
pub(super) struct Known {
    /// The tests of what the source reports of it, with their p.
    pub(super) of_source: Vec<(&'static str, Interval)>,
    /// The paired t-test over every correlation: its p, and the correlation that the level of the claim needs.
    pub(super) of_means: Option<(Interval, RNeeded)>,
}

/// The tests of ranks and signs over all joint tables: their p, and whether a table has the one that is printed.
fn of_tables(tables: &JointTables) -> [(&'static str, Interval, Option<bool>); 5] {
    let attained = tables.attained;
    [
        ("exact signed-rank test", tables.wilcoxon_p, attained.map(|of| of.wilcoxon)),
        ("exact signed-rank test with zeros ranked", tables.pratt_p, attained.map(|of| of.pratt)),
        ("signed-rank test by normal approximation", tables.normal_p, attained.map(|of| of.normal)),
        (UNCORRECTED, tables.uncorrected_p, attained.map(|of| of.uncorrected)),
        ("sign test", tables.sign_p, attained.map(|of| of.sign)),
    ]
}

/// What a p makes of a claim, where it is known whether a table has the one that is printed.
fn claimed_of(
    statement: &Statement,
    p: Interval,
    exact: bool,
    is_attained: Option<bool>,
    rounding: Rounding,
) -> Claimed {
    match (of_claim(statement, p, exact, rounding), is_attained) {
        // The range holds the printed p, and no table has it.
        (Claimed::Possible | Claimed::Open, Some(false)) => Claimed::Impossible,
        (claimed, _) => claimed,
    }
}

const NO_DATA: &str = "no data set prints as one of the cells (see existence)";

/// What the data behind the first and a later value of a row make of a claim, after the tests of what the source
/// reports itself. Where there are too many data sets to look at, or no step tells which there are, means and SDs at
/// every correlation say it.
///
/// # Errors
/// Why nothing can be said.
pub(super) fn verdict(
    statement: &Statement,
    row: &Behind,
    later: Option<usize>,
    known: &Known,
    rounding: Rounding,
) -> Result<ClaimVerdict, Refused> {
    let (of_source, level) = (&known.of_source[..], level(statement));
    let mut tests = Vec::new();
    let mut add = |test: &'static str, p: Option<Interval>, exact: bool, is_attained: Option<bool>| {
        let found = p.map(|p| TestVerdict { test, claimed: claimed_of(statement, p, exact, is_attained, rounding), p });
        tests.extend(found.clone());
        found.is_some_and(|found| found.claimed == Claimed::Certain)
    };
    let is_borne_out = of_source.iter().fold(false, |is, (test, p)| add(test, Some(*p), true, None) || is);
    let paired = match later {
        // What pairings make of it would change nothing, and takes seconds.
        Some(_) if is_borne_out => Err("the reported change decides".to_owned()),
        Some(at) => row.paired(0, at, level).map_err(|reason| reason.to_string()),
        None => Err("only a change is reported".to_owned()),
    };
    // Means that no data set has say nothing.
    let of_means = known.of_means.filter(|_| paired.is_err() && of_source.is_empty());
    let paired: Result<Paired, String> = paired.and_then(|found| found.ok_or_else(|| NO_DATA.to_owned()));
    let is_constant = |paired: &&Paired| of_source.is_empty() && paired.p.is_none();
    if let Some(paired) = paired.as_ref().ok().filter(is_constant) {
        return where_nothing_varies(statement, paired, rounding);
    }
    let mut others = Others::LookedAt;
    if let Some((p, _)) = of_means {
        add(OF_MEANS, Some(p), false, None);
        if !is_below_floor(statement, row.n, rounding) {
            others = Others::of_no_tables(row);
        }
    }
    if let Some(after) = later.filter(|_| is_borne_out || paired.is_ok()) {
        let tables = row.tables_asking(0, after, level, asked(statement, rounding), MOST_TABLES);
        let attained = tables.and_then(|tables| tables.attained);
        if let Ok(paired) = &paired
            && of_source.iter().all(|(test, _)| *test != OF_CHANGE)
        {
            add(OF_MEANS, paired.p, paired.exact, attained.map(|of| of.t));
        }
        match tables {
            Some(tables) => {
                for (test, p, is_attained) in of_tables(&tables) {
                    add(test, Some(p), true, is_attained);
                }
            }
            None if is_below_floor(statement, row.n, rounding) => {}
            None => others = Others::NotLookedAt,
        }
        if let Ok(paired) = &paired {
            keep_to_defined(&mut tests, statement, paired);
        }
    }
    let is_near = |(test, p): &(&str, Interval)| match (*test, paired.is_err()) {
        // A precision that may be a model's says nothing of another test, where none was looked at.
        (OF_ITS_PRECISION, true) => true,
        (OF_CHANGE, false) => false,
        _ => is_near_claim(statement, row.n, *p, rounding),
    };
    if others == Others::LookedAt && of_source.iter().chain(&of_means.map(|(p, _)| (OF_MEANS, p))).any(is_near) {
        others = Others::Near;
    }
    keep_uncorrected_where_it_decides(&mut tests);
    let is_impossible = others == Others::LookedAt && tests.iter().all(|test| test.claimed == Claimed::Impossible);
    let may_be_one_sided = is_impossible && is_half_of_one(statement, row, later, &tests, rounding);
    let is_far = are_all_far(statement, row.n, &tests, rounding);
    // One of them that bears the claim out is enough.
    tests.sort_by_key(|test| !(is_of_source(test.test) && test.claimed == Claimed::Certain));
    let r_needed = if of_source.is_empty() { needed(statement, paired, of_means)? } else { None };
    Ok(ClaimVerdict { condition: condition(statement), tests, others, r_needed, may_be_one_sided, is_far })
}

/// The correlation that a claim of a small p needs, by the data sets or else by the means; none of other claims.
///
/// # Errors
/// Why neither says it.
fn needed(
    statement: &Statement,
    paired: Result<Paired, String>,
    of_means: Option<(Interval, RNeeded)>,
) -> Result<Option<RNeeded>, Refused> {
    let needed = match (paired, of_means) {
        (Ok(paired), _) => paired.r_needed,
        (_, Some((_, needed))) => needed,
        (Err(reason), None) => return Err(reason.into()),
    };
    Ok(is_of_small_p(statement).then_some(needed))
}

/// What is said where no value differs from another, before or after.
const NOTHING_VARIES: &str = "nothing varies, and nothing changed, so that no test has a p but one of 1";

/// The verdict on a claim about values that are the same in everybody, before and after.
fn where_nothing_varies(statement: &Statement, paired: &Paired, rounding: Rounding) -> Result<ClaimVerdict, Refused> {
    match of_claim(statement, Interval::point(1.0), paired.exact, rounding) {
        Claimed::Impossible => Ok(ClaimVerdict {
            condition: condition(statement),
            tests: Vec::new(),
            others: Others::LookedAt,
            r_needed: None,
            may_be_one_sided: false,
            is_far: true,
        }),
        _ => Err(NOTHING_VARIES.into()),
    }
}

/// Whether no test bears a claim out, and none comes near.
fn are_all_far(statement: &Statement, n: Option<u64>, tests: &[TestVerdict], rounding: Rounding) -> bool {
    let is_far = |of: &TestVerdict| of.claimed == Claimed::Impossible && !is_near_claim(statement, n, of.p, rounding);
    tests.iter().all(is_far)
}

/// Whether a claim is one of a p below a bound.
fn is_of_small_p(statement: &Statement) -> bool {
    statement.p.as_ref().map_or(statement.claim != Claim::NotSignificant, |p| {
        matches!(p.relation, Relation::Less | Relation::LessOrEqual)
    })
}

/// The signed-rank test without correction is told where it alone leaves a claim possible.
fn keep_uncorrected_where_it_decides(tests: &mut Vec<TestVerdict>) {
    let is_impossible = |test: &TestVerdict| test.claimed == Claimed::Impossible;
    let decides = tests.iter().all(|test| (test.test == UNCORRECTED) != is_impossible(test));
    tests.retain(|test| test.test != UNCORRECTED || decides);
}

/// Whether twice the printed p is that of a test: of a table, where tables can be looked at.
fn is_half_of_one(
    statement: &Statement,
    row: &Behind,
    later: Option<usize>,
    tests: &[TestVerdict],
    rounding: Rounding,
) -> bool {
    let Some(doubled) = doubled(statement, rounding).filter(|p| p.lower < 1.0) else { return false };
    let tables = later.and_then(|at| row.tables_asking(0, at, level(statement), Some(doubled), MOST_TABLES));
    match tables.and_then(|tables| tables.attained) {
        Some(of) => of.t || of.wilcoxon || of.pratt || of.normal || of.uncorrected || of.sign,
        None => tests.iter().any(|test| doubled.meets(test.p)),
    }
}

/// Whether a claim is of a p that no test of signs or ranks of so few people has.
fn is_below_floor(statement: &Statement, n: Option<u64>, rounding: Rounding) -> bool {
    let floor = rank_floor(n.map(|n| n as f64));
    match (&statement.p, asked(statement, rounding)) {
        (_, Some(printed)) => printed.upper < floor,
        (Some(Comparison { relation: Relation::Less | Relation::LessOrEqual, bound, .. }), _) => bound.value() <= floor,
        (Some(_), None) => false,
        (None, None) => statement.claim != Claim::NotSignificant && USUAL_ALPHA <= floor,
    }
}

/// The two-sided p-values of which half is as printed; none where a claim is in words, or that a p is above a bound, as
/// twice any p above it is.
pub(super) fn doubled(statement: &Statement, rounding: Rounding) -> Option<Interval> {
    let printed = statement.p.as_ref()?;
    let bound = printed.bound.rounded(rounding).range;
    match printed.relation {
        Relation::Equal => Some(bound.scaled(2.0)),
        Relation::Less | Relation::LessOrEqual => Some(Interval { lower: 0.0, upper: 2.0 * printed.bound.value() }),
        _ => None,
    }
}

/// The range in which an exact p was printed.
fn asked(statement: &Statement, rounding: Rounding) -> Option<Interval> {
    let exact = statement.p.as_ref().filter(|p| p.relation == Relation::Equal)?;
    Some(exact.bound.rounding_interval(rounding).to_interval())
}

/// Whether another usual test of the same people may bear out a claim that a p does not.
pub(super) fn is_near_claim(statement: &Statement, n: Option<u64>, p: Interval, rounding: Rounding) -> bool {
    let leeway = Leeway::of_claim(n);
    let level = Interval::point(USUAL_ALPHA);
    match &statement.p {
        Some(printed) => leeway.admits_printed(printed, p, rounding),
        None if statement.claim == Claim::NotSignificant => leeway.admits(Relation::GreaterOrEqual, level, p),
        None => leeway.admits(Relation::Less, level, p),
    }
}

pub(super) fn level(statement: &Statement) -> f64 {
    statement.p.as_ref().map(|p| p.bound.value()).filter(|p| *p > 0.0 && *p < 1.0).unwrap_or(USUAL_ALPHA)
}

/// What is left of a verdict of the paired t-test where nobody changes in some pairing: no p is printed of that one,
/// and nothing in it is significant.
fn keep_to_defined(tests: &mut [TestVerdict], statement: &Statement, paired: &Paired) {
    let is_in_words = statement.p.is_none() && statement.claim == Claim::NotSignificant;
    let too_much = if is_in_words { Claimed::Impossible } else { Claimed::Certain };
    let is_meant = |of: &&mut TestVerdict| of.test == OF_MEANS && of.claimed == too_much;
    for of_means in tests.iter_mut().filter(is_meant).filter(|_| paired.is_sometimes_undefined) {
        of_means.claimed = paired.at_most();
    }
}

/// What a range of p makes of a claim.
pub(super) fn of_claim(statement: &Statement, p: Interval, exact: bool, rounding: Rounding) -> Claimed {
    let not = |verdict: Claimed| match verdict {
        Claimed::Certain => Claimed::Impossible,
        Claimed::Impossible => Claimed::Certain,
        other => other,
    };
    match &statement.p {
        None if statement.claim == Claim::NotSignificant => not(claimed(Some(p), USUAL_ALPHA, exact)),
        None => claimed(Some(p), USUAL_ALPHA, exact),
        Some(Comparison { relation: Relation::Less | Relation::LessOrEqual, bound, .. }) => {
            claimed(Some(p), bound.value(), exact)
        }
        Some(Comparison { relation: Relation::Greater | Relation::GreaterOrEqual, bound, .. }) => {
            not(claimed(Some(p), bound.value(), exact))
        }
        Some(own @ Comparison { relation: Relation::Equal, bound, .. }) => {
            let printed = bound.rounding_interval(rounding).to_interval();
            if is_or_less(own, p, rounding) {
                // A program that prints no smaller p prints this one.
                Claimed::Possible
            } else if !printed.meets(p) {
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

fn is_of_source(test: &str) -> bool {
    [OF_CHANGE, OF_ITS_PRECISION, OF_INTERVAL].contains(&test)
}

impl ClaimVerdict {
    /// Whether the change is reported with its precision, so that who had which value does not matter to its test.
    fn is_of_source(&self) -> bool {
        self.tests.first().is_some_and(|test| is_of_source(test.test))
    }

    /// The verdict and its reasons. It is certain if the paired t-test says so, and impossible only if
    /// every test does: the claim does not say which test was made.
    pub fn in_words(&self) -> (Status, String) {
        let Some(first) = self.tests.first().map(|test| test.claimed) else {
            return (Status::Fail, format!("impossible: {NOTHING_VARIES}"));
        };
        let all_impossible = self.tests.iter().all(|test| test.claimed == Claimed::Impossible);
        let spoken = |test: &TestVerdict| {
            let range = p_interval(test.p);
            let is_one = range == p_value(test.p.lower);
            match test.claimed {
                Claimed::Open if !is_one => {
                    format!("the {} leaves it open: p is anywhere from {range}", test.test)
                }
                _ => format!("{} by the {} (p {range})", test.claimed.name(), test.test),
            }
        };
        let mut reasons: Vec<String> = self.tests.iter().map(spoken).collect();
        let status = match (first, all_impossible, self.others) {
            (Claimed::Certain, ..) => Status::Pass,
            (_, true, Others::LookedAt) if !self.may_be_one_sided => Status::Fail,
            _ => Status::Refused,
        };
        if let Some(first_reason) = reasons.first_mut().filter(|_| !self.is_of_source()) {
            let whoever = matches!(first, Claimed::Certain | Claimed::Impossible);
            let depends = if whoever { "whoever had which value" } else { "depending on the pairing" };
            *first_reason = format!("{first_reason}, {depends}");
        }
        match self.others {
            Others::NotLookedAt if all_impossible => {
                reasons.push("tests of ranks were not looked at: there are too many data sets".to_owned());
            }
            Others::WithoutValues if all_impossible => {
                reasons.push("tests of ranks were not looked at: the scale has no known step".to_owned());
            }
            Others::LookedAt if self.may_be_one_sided => {
                reasons.push("twice that p is one of them: a one-sided one may have been meant".to_owned());
            }
            Others::Near if all_impossible => reasons.push("another test of the change may bear it out".to_owned()),
            _ => {}
        }
        if let (Status::Refused, Some(RNeeded::Between { r, .. })) = (status, self.r_needed) {
            let r = range_of_r(r);
            reasons.insert(
                1,
                format!("it needs a correlation of before and after of at least {r}, which is not reported"),
            );
        }
        let doubt = if status == Status::Refused && self.is_far && !self.may_be_one_sided { DOUBTFUL } else { "" };
        (status, format!("{doubt}{}", reasons.join("; ")))
    }
}

/// One correlation, or from one to another.
pub fn range_of_r(r: Interval) -> String {
    let [lower, upper] = [r.lower, r.upper].map(|r| fixed(r, 3));
    if lower == upper { lower } else { format!("{lower} to {upper} (by data set)") }
}
