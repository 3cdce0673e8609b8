//! Whether a claim about two arms follows from the values that are reported of them.

use super::claims::{add_worst, all_agree, as_called, condition, is_near_claim, of_claim};
use super::{Check, DOUBTFUL, Status, occasion_in_subject, refused};
use crate::diagnostic::Refused;
use crate::effect::between::BetweenContrast;
use crate::effect::counts::person_time::{Rate, RateRatio};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::of_release::{
    Refusal, RefusalKind, ReleaseBetween, ReleaseEffects, ReleaseEstimate, ReleaseRateRatio,
};
use crate::effect::reported::{DegreesOfFreedom, sizes};
use crate::effect::tables_of_arms::{CountsBehind, p_range};
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::format::p_interval;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::paired::Claimed;
use crate::reported::{
    ArmOrder, ArmPair, EffectScale, Outcome, Quantity, Release, ReportedEstimate, ReportedMeasure, Statement,
};

const BOTH_ARE_MISSING: &str = "the release does not report both arms at one occasion";

/// Every claim of significance between two arms.
///
/// The claim is certain where the interval that the release reports for the difference, or else Welch's t-test of the
/// values (Fisher's exact test for counts, the exact tests for rates), bears it out whatever the rounding hides. A
/// claim that names one arm, or no occasion, has to hold for each pair of arms and at each occasion, but for `before`.
/// It is never impossible: a release does not say whether values, changes or adjusted values were compared, and the
/// reported values leave the tests of the others open. It is doubtful where no usual test of what is reported comes
/// near.
pub fn claims_between(release: &Release, effects: &ReleaseEffects, rounding: Rounding) -> Vec<Check> {
    let claims = release.statements.iter().filter(|of| of.versus.is_some() && of.claims_significance());
    let mut checks: Vec<Check> = Vec::new();
    for statement in claims {
        let (arm, versus) = (statement.arm.as_deref(), statement.versus.as_deref().unwrap_or_default());
        let arms = arm.map_or_else(|| format!("against {versus}"), |arm| format!("{arm} against {versus}"));
        for outcome in statement.outcomes.iter().filter_map(|id| release.outcome(id)) {
            // An outcome that is compared in words only has nothing to check.
            let is_own = |of: &ReportedEstimate| of.outcome.as_ref() == Some(&outcome.id) && of.compares_arms();
            if outcome.results.is_empty() && !release.estimates.iter().any(is_own) {
                continue;
            }
            let occasion = occasion_in_subject(statement);
            let subject = format!("{}{occasion} ({arms}): {}", outcome.id, condition(statement));
            let told: Vec<(String, (Status, String))> = Comparison::all(release, statement, outcome)
                .into_iter()
                .map(|comparison| {
                    let tests = comparison.tests(release, effects, rounding);
                    let told = |tests: Vec<TestOfArms>| {
                        let tests = without_idle(statement, tests, rounding);
                        in_words(statement, comparison.fewest(release), &tests, rounding)
                    };
                    (comparison.name(), tests.map_or_else(refused, told))
                })
                .collect();
            let verdict = all_agree(&told, "the statement is about several comparisons")
                .unwrap_or_else(|| refused(BOTH_ARE_MISSING));
            let verdict = as_called(statement, verdict);
            add_worst(&mut checks, Check::of(release, "claim", &subject, verdict));
        }
    }
    checks
}

/// Two arms of an outcome at one occasion.
struct Comparison<'a> {
    outcome: &'a Outcome,
    arms: [&'a str; 2],
    /// None where a reported effect alone compares them, of no occasion that is known.
    occasion: Option<&'a str>,
}

/// A test of the values of two arms or more, with the p that the numbers behind the printed ones give.
pub(super) struct TestOfArms {
    pub(super) name: &'static str,
    /// Of what: values at an occasion, or a reported effect.
    pub(super) of: String,
    pub(super) p: Interval,
    /// The same, were a ± that the source does not explain the standard error.
    pub(super) if_standard_errors: Option<Interval>,
    /// Whether it bears a claim out by itself where it is not the first: one of two tests of the same name.
    pub(super) is_enough: bool,
}

impl TestOfArms {
    /// What it makes of a claim: possible where that depends on what an unexplained ± is.
    fn claimed(&self, statement: &Statement, rounding: Rounding) -> Claimed {
        let of = |p: Interval| of_claim(statement, p, true, rounding);
        let own = of(self.p);
        match self.if_standard_errors.map(of) {
            Some(other) if other != own => Claimed::Possible,
            _ => own,
        }
    }
}

/// The p-values that go with the standard error of an effect that has no interval.
fn by_standard_error(release: &Release, reported: &ReportedEstimate, found: &ReleaseEstimate) -> Option<Interval> {
    let is_as_printed = reported.interval.is_none() && found.on_scale.scale == EffectScale::Identity;
    let se = found.se.filter(|_| is_as_printed && reported.se.is_some())?;
    let df = DegreesOfFreedom::of(reported.measure, &sizes(release, reported));
    found.on_scale.p_by_standard_error(se.not_negative().range, df)
}

impl<'a> Comparison<'a> {
    /// Every comparison that a statement is about: at every occasion but that `before`, where it names none.
    fn all(release: &'a Release, statement: &Statement, outcome: &'a Outcome) -> Vec<Self> {
        let of_values = release.pairs_of_arms(outcome).map(|pair| (pair.arms(), Some(pair.occasion)));
        let of_effects = release.estimates.iter().filter(|of| of.outcome.as_ref() == Some(&outcome.id));
        let of_effects = of_effects.filter_map(|of| {
            let arms = [of.arm.as_deref()?, of.versus.as_deref()?];
            Some((arms, release.occasion_of(of)))
        });
        let mut found: Vec<Self> = Vec::new();
        for (arms, occasion) in of_values.chain(of_effects) {
            let is_meant = statement.compares(&outcome.id, arms) && occasion.is_none_or(|id| statement.is_at(id));
            if is_meant && !found.iter().any(|known| known.is_of(arms) && known.occasion == occasion) {
                found.push(Self { outcome, arms, occasion });
            }
        }
        // Nobody claims a difference before anything was done.
        let is_later = |of: &Self| of.occasion.is_none_or(|occasion| !release.is_start(occasion));
        if statement.occasion.is_none() && found.iter().any(is_later) {
            found.retain(is_later);
        }
        found
    }

    fn is_of(&self, arms: [&str; 2]) -> bool {
        ArmOrder::of(self.arms, arms).is_some()
    }

    /// How many people the smaller arm has, where both are known.
    fn fewest(&self, release: &Release) -> Option<u64> {
        let size = |arm: &str| {
            let cell = self.occasion.and_then(|occasion| self.outcome.of_arm(arm)?.at(occasion));
            cell.map_or_else(|| release.size(arm), |cell| release.size_at(arm, cell))
        };
        let [first, second] = self.arms.map(size);
        Some(first?.min(second?))
    }

    fn name(&self) -> String {
        let [arm, versus] = self.arms;
        let at = self.occasion.map(|id| format!(" at `{id}`")).unwrap_or_default();
        format!("{arm} and {versus}{at}:")
    }

    /// The tests of what the release reports of both arms; the one that decides stands first.
    fn tests(
        &self,
        release: &Release,
        effects: &ReleaseEffects,
        rounding: Rounding,
    ) -> Result<Vec<TestOfArms>, Refused> {
        let mut tests = self.of_reported(release, effects);
        match self.of_values(release, effects, rounding) {
            Ok(others) => tests.extend(others),
            Err(reason) if tests.is_empty() => return Err(reason),
            Err(_) => {}
        }
        Ok(tests)
    }

    /// The intervals that the release reports for the difference of both arms.
    fn of_reported(&self, release: &Release, effects: &ReleaseEffects) -> Vec<TestOfArms> {
        let is_own = |of: &ReportedEstimate| {
            let arms = of.arm.as_deref().zip(of.versus.as_deref());
            of.outcome.as_ref() == Some(&self.outcome.id)
                && of.measure != ReportedMeasure::Correlation
                && arms.is_some_and(|(arm, versus)| self.is_of([arm, versus]))
                && (release.occasion_of(of).is_none() || release.occasion_of(of) == self.occasion)
        };
        let test = |found: &ReleaseEstimate| {
            let reported = release.estimate(&found.id).filter(|of| is_own(of))?;
            let of = format!("{} ({})", reported.id, reported.printed());
            let (name, p) = match found.p {
                Some(p) => ("the reported interval", p),
                None => ("the reported standard error", by_standard_error(release, reported, found)?),
            };
            Some(TestOfArms { name, of, p, if_standard_errors: None, is_enough: false })
        };
        effects.reported.iter().filter_map(test).collect()
    }

    /// The tests of the values, and of the changes, of both arms.
    fn of_values(
        &self,
        release: &Release,
        effects: &ReleaseEffects,
        rounding: Rounding,
    ) -> Result<Vec<TestOfArms>, Refused> {
        let is_own = |outcome: &str, arms: &[String; 2], occasion: &str| {
            outcome == self.outcome.id && self.is_of([&arms[0], &arms[1]]) && self.occasion == Some(occasion)
        };
        let compared = |of: &&ReleaseBetween| is_own(&of.outcome, &of.arms, &of.occasion);
        let of_quantity =
            |quantity: Quantity| effects.between.iter().find(|of| of.quantity == quantity && compared(of));
        let found: Vec<&ReleaseBetween> = Quantity::BOTH.into_iter().filter_map(of_quantity).collect();
        if let Some(first) = found.first() {
            let tests = t_tests(&found);
            let reason = || match first.contrast.notes.first() {
                _ if first.contrast.logarithms.is_some() => ON_LOGARITHMS.to_owned(),
                Some(note) => note.clone(),
                None => "the arms have no test".to_owned(),
            };
            return if tests.is_empty() { Err(reason().into()) } else { Ok(tests) };
        }
        if let Some(found) = effects.rate_ratios.iter().find(|of| is_own(&of.outcome, &of.arms, &of.occasion)) {
            return of_rates(release, found, rounding);
        }
        match self.of_counts(release, rounding) {
            Some(tests) => Ok(tests),
            None => {
                let is_own = |of: &&Refusal| {
                    of.kind == RefusalKind::BetweenArms
                        && of.subject.as_ref() == Some(&self.outcome.id)
                        && of.between.as_ref().is_some_and(|[arm, versus]| self.is_of([arm, versus]))
                };
                let reason = effects.refusals.iter().find(is_own).map(|refusal| refusal.reason.as_str());
                Err(reason.unwrap_or(BOTH_ARE_MISSING).into())
            }
        }
    }

    /// Fisher's exact test of the counts that both arms report, and behind it the others that are usual.
    fn of_counts(&self, release: &Release, rounding: Rounding) -> Option<Vec<TestOfArms>> {
        let is_own = |pair: &ArmPair<'_>| self.is_of(pair.arms()) && self.occasion == Some(pair.occasion);
        let ArmPair { rows, occasion, cells, .. } = release.pairs_of_arms(self.outcome).find(is_own)?;
        let counts = |at: usize| CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), rounding).ok();
        let counts = [counts(0)?, counts(1)?];
        let test = |(name, p): TestOfCounts| {
            let p = p_range([&counts[0], &counts[1]], p)?;
            let of = format!("the values `{occasion}`");
            Some(TestOfArms { name, of, p, if_standard_errors: None, is_enough: false })
        };
        let fisher = test((FISHER, TwoByTwo::fisher_p))?;
        Some([fisher].into_iter().chain(OTHERS_OF_COUNTS.into_iter().filter_map(test)).collect())
    }
}

/// A test of a table with its name.
type TestOfCounts = (&'static str, fn(&TwoByTwo) -> f64);

const FISHER: &str = "Fisher's exact test";

/// The tests of counts beside Fisher's, which bear out no claim by themselves: a release does not say which was made.
const OTHERS_OF_COUNTS: [TestOfCounts; 3] = [
    ("Pearson's χ² test", |table| table.chi_squared_p(false)),
    ("Yates' χ² test", |table| table.chi_squared_p(true)),
    ("the likelihood-ratio test", |table| {
        table.likelihood_ratio().map_or(1.0, |statistic| chi_squared_sf(statistic, 1.0))
    }),
];

/// Leaves out the other tests of counts where Fisher's bears the claim out.
fn without_idle(statement: &Statement, mut tests: Vec<TestOfArms>, rounding: Rounding) -> Vec<TestOfArms> {
    let is_certain = |test: &TestOfArms| test.name == FISHER && test.claimed(statement, rounding) == Claimed::Certain;
    if tests.iter().any(is_certain) {
        tests.retain(|test| OTHERS_OF_COUNTS.iter().all(|(name, _)| test.name != *name));
    }
    tests
}

/// Why means with intervals of logarithms decide no claim.
const ON_LOGARITHMS: &str =
    "the intervals are those of logarithms, and may be those of a model, which has a test of its own";

/// Both t-tests of each contrast but those on logarithms.
fn t_tests(found: &[&ReleaseBetween]) -> Vec<TestOfArms> {
    let tests_of = |of: &&ReleaseBetween| {
        let of_both =
            |of: &BetweenContrast| [of.welch_t(), of.student_t()].map(|test| test.and_then(|test| test.p_rounding));
        let other = of.if_standard_errors.as_ref().map_or([None; 2], of_both);
        let named = ["Welch's t-test", "Student's t-test"].into_iter().zip(of_both(&of.contrast)).zip(other);
        let what = format!("the {}s `{}`", of.quantity.name(), of.occasion);
        let test = |((name, p), if_standard_errors): ((&'static str, Option<Interval>), Option<Interval>)| {
            Some(TestOfArms { name, of: what.clone(), p: p?, if_standard_errors, is_enough: false })
        };
        named.filter_map(test).collect::<Vec<_>>()
    };
    found.iter().filter(|of| of.contrast.logarithms.is_none()).flat_map(tests_of).collect()
}

/// The exact tests of two rates, over the person-times that print so: twice the smaller tail, and the probability of
/// what is no more likely.
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
    let test = |(name, p): (&'static str, Option<Interval>)| {
        Some(TestOfArms { name, of: of(), p: p?, if_standard_errors: None, is_enough: true })
    };
    let tests: Vec<TestOfArms> = names.into_iter().zip(both).filter_map(test).collect();
    if tests.is_empty() { Err("neither arm had an event".into()) } else { Ok(tests) }
}

/// The verdict on a claim about two arms or more, the smallest of which has n people.
pub(super) fn in_words(
    statement: &Statement,
    n: Option<u64>,
    tests: &[TestOfArms],
    rounding: Rounding,
) -> (Status, String) {
    // The range is that of all values behind the printed ones: each of its p-values can be.
    let claimed: Vec<Claimed> = tests.iter().map(|test| test.claimed(statement, rounding)).collect();
    let spoken = tests.iter().zip(&claimed).map(|(test, claimed)| {
        let other = test.if_standard_errors.map(|other| format!(", or {} were the ± the SE", p_interval(other)));
        let other = other.unwrap_or_default();
        format!("{} by {} of {} (p {}{other})", claimed.name(), test.name, test.of, p_interval(test.p))
    });
    let mut reasons: Vec<String> = spoken.collect();
    let mut certain = tests.iter().zip(&claimed).filter(|(_, claimed)| **claimed == Claimed::Certain);
    let is_certain = claimed.first() == Some(&Claimed::Certain) || certain.any(|(test, _)| test.is_enough);
    if !is_certain {
        let is_consistent = claimed.iter().any(|of| matches!(of, Claimed::Certain | Claimed::Possible));
        let told = match is_consistent {
            true if statement.p.is_some() => {
                "consistent with the printed p, but the release does not say which analysis it rests on"
            }
            true => "consistent with the claim, but the release does not say which analysis it rests on",
            false => "the release does not say which analysis it rests on",
        };
        reasons.push(told.to_owned());
    }
    let is_far = |test: &TestOfArms| {
        let mut p = [Some(test.p), test.if_standard_errors].into_iter().flatten();
        !p.any(|p| is_near_claim(statement, n, p, rounding))
    };
    let told = reasons.join("; ");
    match (is_certain, tests.iter().all(is_far)) {
        (true, _) => (Status::Pass, told),
        (false, true) => (Status::Refused, format!("{DOUBTFUL}{told}")),
        (false, false) => (Status::Refused, told),
    }
}
