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
//! | `total` | the parts of a whole add up to it |

pub mod provenance;
pub mod totals;

use crate::reported::Release;

/// The verdict of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It cannot be decided.
    Refused,
}

impl Status {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Refused => "refused",
        }
    }
}

/// One check of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// Every check that needs nothing but the release.
pub fn of_release(release: &Release) -> Vec<Check> {
    let mut checks = provenance::numbers_in_quotes(release);
    checks.extend(totals::totals(release));
    checks
}
