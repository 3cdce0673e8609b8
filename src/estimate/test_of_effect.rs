//! Tests of means, and the one that belongs to an effect.

use super::{CiMethod, Estimate};
use crate::numeric::dist::{normal_two_sided_p, t_two_sided_p};
use crate::numeric::interval::Interval;

/// The test that belongs to an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct TestOfEffect {
    /// The test statistic.
    pub statistic: f64,
    /// Its degrees of freedom; none where it is normal.
    pub df: Option<f64>,
    /// The two-sided p-value.
    pub p: f64,
}

impl Estimate {
    /// The test that there is no effect: that of the interval, where it is the estimate ± a quantile times the standard
    /// error; else the t-test of the means in whose units the effect is, the paired one of a change and Student's of
    /// two groups.
    pub fn test(&self, tests: &[TestResult]) -> Option<TestOfEffect> {
        let by_interval = || {
            let statistic = self.estimate? / self.se?;
            match (self.ci_method, self.df) {
                (CiMethod::Z, _) => Some(TestOfEffect { statistic, df: None, p: normal_two_sided_p(statistic) }),
                (CiMethod::T, Some(df)) => {
                    Some(TestOfEffect { statistic, df: Some(df), p: t_two_sided_p(statistic, df) })
                }
                _ => None,
            }
        };
        let of_means = || {
            let meant = |test: &&TestResult| matches!(test.kind, TestKind::PairedT | TestKind::StudentT);
            let test = tests.iter().find(meant).filter(|_| self.ci_method != CiMethod::Z)?;
            Some(TestOfEffect { statistic: test.statistic, df: Some(test.df), p: test.p })
        };
        by_interval().filter(|test| test.p.is_finite()).or_else(of_means)
    }
}

/// A test of means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestKind {
    /// The t-test of changes.
    PairedT,
    /// The t-test of two groups with equal SDs.
    StudentT,
    /// The t-test of two groups with SDs of their own.
    WelchT,
}

impl TestKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::PairedT => "paired-t",
            Self::StudentT => "student-t",
            Self::WelchT => "welch-t",
        }
    }
}

/// The result of a significance test.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TestResult {
    /// Which test.
    pub kind: TestKind,
    /// The correlation that it was computed for.
    pub r: Option<f64>,
    /// The test statistic.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// The statistics that all numbers behind the printed ones give, and the one at the printed numbers; none where
    /// they are unbounded.
    pub statistic_rounding: Option<Interval>,
    /// The p-values that the same give.
    pub p_rounding: Option<Interval>,
}
