//! Checks of reported numbers.
//!
//! Every check has a stable code and one of three verdicts: it passes, it fails, or it cannot be
//! decided, and then it says why.
//!
//! | code | what it checks |
//! |---|---|
//! | `quote-number` | every number stands in the phrase that it was read from |
//! | `quote-source` | every phrase stands in the source, on the line that the file gives |
//! | `source-hash` | the source is the text that the release was transcribed from |
//! | `to-do` | a draft is finished |
//! | `total` | the parts of a whole add up to it |
//! | `percentage` | a percentage is that of a count |
//! | `grim` | a total prints as the mean |
//! | `grimmer` | whole numbers print as mean and SD |
//! | `sd-limits` | the scale allows the SD beside the mean |
//! | `existence` | data on the scale print as mean and SD |
//! | `median` | a median is one of the values, or the middle between two |
//! | `plus-minus` | what an unexplained ± can be |
//! | `interval` | a reported effect lies in the middle of its interval |
//! | `p-value` | its p is that of the interval |
//! | `estimate` | the values beside it give it |
//! | `change` | the values before and after give a reported change |
//! | `slope` | which follow-up gives a mean slope of a score |
//! | `claim` | a claim of significance follows from the numbers |
//!
//! A file as a whole, what is expected of it and what is accepted in it are checked by
//! [`expect`](crate::expect): `file`, `expectation`, `ignore`.
//!
//! Tables of numbers are judged row by row ([`table`]), with three codes of their own: `debit`, where data are zeros
//! and ones ([`debit`](mod@debit)), `spread`, where an SD, an SE and an interval stand beside each other, and
//! `groups`, where two groups are compared ([`table_groups`], [`baseline`]); `p-value` is there where a test statistic
//! stands beside its p ([`reported_test`], [`test_statistic`]), also in running text ([`prose`]), where `interval` and
//! `p-value` judge effects as well ([`prose_effects`]), and `grim` counts with their percentage ([`prose_shares`]). [`explain`] holds a page for each code.

pub mod baseline;
pub mod cells;
mod changes;
mod claim_sources;
pub mod claims;
pub mod claims_between;
mod claims_of_effects;
mod claims_of_rows;
mod claims_of_several;
mod correlations;
pub mod debit;
mod effect_beside_groups;
mod effect_itself;
pub mod estimates;
pub mod explain;
pub mod grim;
pub mod grimmer;
mod group_counts;
mod groups_beside;
mod individual_percentages;
mod intervals_of_shares;
mod mean_intervals;
pub mod medians;
mod named_test;
mod near_misses;
pub mod nearby;
mod other_analysis;
mod other_tests;
mod p_of_means;
mod percentages;
mod precision;
pub mod prose;
mod prose_between;
mod prose_correlations;
pub mod prose_effects;
mod prose_latex;
pub mod prose_markup;
mod prose_methods;
mod prose_p;
mod prose_percentages;
mod prose_places;
mod prose_r_tables;
pub mod prose_shares;
mod prose_statistic;
mod prose_wholes;
pub mod provenance;
pub mod readings;
pub mod reported_test;
mod row_verdict;
mod se_of_ratio;
pub mod several_counts;
mod several_group_counts;
pub mod several_groups;
pub mod several_means;
mod signs;
pub mod slopes;
mod spread_on_scale;
mod statistic_of_effect;
mod subgroups;
pub mod table;
pub mod table_groups;
mod table_percentages;
mod table_scale;
mod test_names;
pub mod test_statistic;
pub mod totals;

use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::effects;
use crate::numeric::format::{from_to, significant};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::{Behind, NO_MEAN, behind};
use crate::reported::{FilePlace, Release, Statement};

/// The verdict of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It cannot be decided.
    Refused,
    /// It does not hold, and somebody has looked at it and accepted that.
    Accepted,
}

impl Status {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
        }
    }
}

/// Which checks are made, by their codes; every one by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChosenCodes<'a> {
    /// These alone, unless there are none.
    pub select: &'a [String],
    /// Not these.
    pub ignore: &'a [String],
}

impl ChosenCodes<'_> {
    /// Whether a check is among them.
    pub fn holds(self, code: &str) -> bool {
        let is_in = |codes: &[String]| codes.iter().any(|known| known == code);
        (self.select.is_empty() || is_in(self.select)) && !is_in(self.ignore)
    }
}

/// How many checks came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// How many hold.
    pub passed: usize,
    /// How many do not.
    pub failed: usize,
    /// How many cannot be decided.
    pub refused: usize,
    /// How many of these have nothing to judge: the existence of data is not asked of a count.
    pub inapplicable: usize,
    /// How many do not hold and are accepted.
    pub accepted: usize,
}

impl Tally {
    /// The tally of some checks.
    pub fn of(checks: &[Check]) -> Self {
        let mut tally = Self::default();
        tally.add(checks);
        tally
    }

    /// Counts more checks.
    pub fn add(&mut self, checks: &[Check]) {
        for check in checks {
            match check.status {
                Status::Pass => self.passed += 1,
                Status::Fail => self.failed += 1,
                Status::Refused => {
                    self.refused += 1;
                    self.inapplicable += usize::from(check.message.starts_with(DOES_NOT_APPLY));
                }
                Status::Accepted => self.accepted += 1,
            }
        }
    }

    /// How many checks there were.
    pub fn total(&self) -> usize {
        self.passed + self.failed + self.refused + self.accepted
    }
}

/// One check of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The release.
    pub release: String,
    /// What was checked.
    pub subject: String,
    /// The code of the check.
    pub code: &'static str,
    /// The verdict.
    pub status: Status,
    /// The verdict in a sentence.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// Where the entry stands, as far as that is known.
    pub place: Option<FilePlace>,
}

impl Check {
    /// Whether what is reported speaks against it, though it is not decided: worth a look.
    pub fn is_doubtful(&self) -> bool {
        self.status == Status::Refused && self.message.starts_with(DOUBTFUL)
    }

    fn of(release: &Release, code: &'static str, subject: &str, (status, message): (Status, String)) -> Self {
        let subject = subject.to_owned();
        Self { release: release.id.clone(), subject, code, status, message, expected: None, found: None, place: None }
    }
}

/// Every check that needs nothing but the release.
pub fn of_release(release: &Release, rounding: Rounding) -> Vec<Check> {
    of_behind(release, &behind(release, rounding), ChosenCodes::default(), rounding)
}

/// Those that are chosen, for a release whose data have been reconstructed already.
pub fn of_behind(release: &Release, behind: &[Behind], chosen: ChosenCodes<'_>, rounding: Rounding) -> Vec<Check> {
    let mut checks = provenance::numbers_in_quotes(release);
    checks.extend(provenance::unfinished(release));
    checks.extend(totals::totals(release, rounding));
    checks.extend(subgroups::subgroups(release, rounding));
    checks.extend(medians::medians(release, rounding));
    checks.extend(cells::percentages(release, rounding));
    checks.extend(cells::cells(release, behind));
    checks.extend(slopes::slopes(release, rounding));
    checks.extend(spread_on_scale::spreads_on_scale(release, rounding));
    checks.extend(readings::plus_minus(release, behind));
    checks.extend(mean_intervals::mean_intervals(release, rounding));
    checks.extend(intervals_of_shares::intervals_of_shares(release, rounding));
    checks.extend(changes::changes(release, rounding));
    checks.extend(estimates::estimates(release, rounding));
    // Claims take all pairings of the data, far longer than the rest.
    if chosen.holds("claim") && release.statements.iter().any(Statement::claims_significance) {
        let mut effects = effects(release, &ContrastOptions::default(), rounding);
        // An interval that the values beside it contradict bears no claim out.
        effects.reported.retain(|found| {
            let reported = release.estimate(&found.id);
            !reported.is_some_and(|reported| precision::is_impossible(release, reported, rounding))
        });
        checks.extend(claims::claims(release, behind, &effects, rounding));
        checks.extend(claims_between::claims_between(release, &effects, rounding));
        checks.extend(claims_of_several::claims_of_several(release, rounding));
    }
    checks.retain(|check| chosen.holds(check.code));
    checks
}

/// How the message of a check begins that has nothing to judge.
const DOES_NOT_APPLY: &str = "does not apply: ";

/// How the message of a check begins that is not decided, and that the usual tests speak against.
const DOUBTFUL: &str = "doubtful: ";

/// How the message of a check begins that cannot be decided.
const NOT_DECIDABLE: &str = "not decidable: ";

/// The verdict that nothing can be said, and why.
fn refused(reason: impl std::fmt::Display) -> cells::Verdict {
    let reason = reason.to_string();
    match reason == NO_MEAN {
        true => inapplicable(reason),
        false => (Status::Refused, format!("{NOT_DECIDABLE}{reason}")),
    }
}

/// Two verdicts on one thing in one, the worse of both.
fn both((status, told): cells::Verdict, (other, also): cells::Verdict) -> cells::Verdict {
    let is_worse = other == Status::Fail || other == Status::Refused && status == Status::Pass;
    let [told, also] = [told, also].map(|text| text.trim_start_matches(NOT_DECIDABLE).to_owned());
    let told = format!("{told}; {also}");
    match if is_worse { other } else { status } {
        Status::Refused => refused(told),
        status => (status, told),
    }
}

/// The verdict that there is nothing to judge, and why.
fn inapplicable(reason: impl std::fmt::Display) -> cells::Verdict {
    (Status::Refused, format!("{DOES_NOT_APPLY}{reason}"))
}

/// Digits of a range that is told beside printed numbers.
fn range(of: Interval) -> String {
    from_to(of.ends().map(|end| significant(end, 3)))
}

/// The occasion that a statement names, as the subjects of its checks have it.
fn occasion_in_subject(statement: &Statement) -> String {
    statement.occasion.as_ref().map(|occasion| format!(" {occasion}")).unwrap_or_default()
}

/// What names the arm of a row in the subject of a check: nothing where the outcome has one arm only.
fn arm_in_subject(release: &Release, outcome: &str, arm: &str) -> String {
    let is_one = release.outcome(outcome).is_none_or(|outcome| outcome.results.iter().all(|row| row.arm == arm));
    if is_one { String::new() } else { format!(" ({arm})") }
}
