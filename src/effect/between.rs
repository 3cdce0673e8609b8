//! Everything that can be said of one contrast between two groups.

use super::common_language::{CommonLanguage, NumberNeeded, in_other_words};
use super::ranges::told_of_correction;
use super::two_groups::TwoGroups;
use crate::diagnostic::keep_each_once;
use crate::estimate::{Estimate, Measure, TestKind, TestResult};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

/// A contrast between two groups and what follows from it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BetweenContrast {
    /// The numbers.
    pub input: TwoGroups,
    /// The logarithms behind means whose intervals are those of logarithms; their ratio alone is computed.
    pub logarithms: Option<TwoGroups>,
    /// The level of the intervals.
    pub level: f64,
    /// One result for each measure.
    pub estimates: Vec<Estimate>,
    /// Student's and Welch's t-tests, where there are any.
    pub tests: Vec<TestResult>,
    /// d in other words.
    pub common_language: Vec<CommonLanguage>,
    /// The number needed to treat that goes with d.
    pub number_needed: Option<NumberNeeded>,
    /// What was read into the printed numbers, such as a ± that the source does not explain.
    pub caveats: Vec<String>,
    /// What would follow if a ± that the source does not explain were the SE.
    pub other_reading: Option<String>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

impl BetweenContrast {
    /// Student's t-test, where it could be made.
    pub fn student_t(&self) -> Option<&TestResult> {
        self.tests.iter().find(|test| test.kind == TestKind::StudentT)
    }

    /// Welch's t-test, where it could be made.
    pub fn welch_t(&self) -> Option<&TestResult> {
        self.tests.iter().find(|test| test.kind == TestKind::WelchT)
    }

    /// The second group less the first.
    #[must_use]
    pub fn reversed(&self) -> Self {
        match self.logarithms {
            Some(logarithms) => Self::of_logarithms(self.input.reversed(), logarithms.reversed(), self.level),
            None => Self::new(self.input.reversed(), self.level),
        }
    }

    /// Computes every measure.
    pub fn new(input: TwoGroups, level: f64) -> Self {
        let (tests, untested): (Vec<_>, Vec<_>) =
            [input.student_t(), input.welch_t()].into_iter().partition(Result::is_ok);
        let d = input.estimate(Measure::D, level);
        let mut notes: Vec<String> = untested.into_iter().filter_map(Result::err).map(String::from).collect();
        keep_each_once(&mut notes);
        if !input.is_complete() {
            notes = notes
                .into_iter()
                .map(|reason| format!("{reason}: no interval, no test, no standardised difference"))
                .collect();
        }
        let estimates = input.estimates(level);
        notes.extend(told_of_correction(&estimates));
        let words = d.estimate.map(|value| Rounded { value, range: d.rounding.unwrap_or(Interval::UNBOUNDED) });
        Self {
            input,
            logarithms: None,
            level,
            estimates,
            tests: tests.into_iter().flatten().collect(),
            common_language: words.map(|of| in_other_words(of, d.ci)).unwrap_or_default(),
            number_needed: d.estimate.zip(d.ci).map(|(d, ci)| NumberNeeded::of_d(d, ci)),
            caveats: Vec::new(),
            other_reading: None,
            notes,
        }
    }
}
