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
    /// two groups. The test of a change is that of the correlation for which the effect was computed.
    ///
    /// ```
    /// use reffect::effect::before_after::BeforeAfter;
    /// use reffect::effect::contrast::{Contrast, ContrastOptions, Correlation};
    /// use reffect::estimate::Moments;
    ///
    /// let input = BeforeAfter { n: Some(7), before: Moments::exact(5.1, 1.7), after: Moments::exact(4.1, 1.6) };
    /// let correlation = Correlation::Given(vec![0.3, 0.9]);
    /// let found = Contrast::new(input, &ContrastOptions { correlation, ..ContrastOptions::default() });
    /// let dz = found.estimates.iter().filter(|of| of.measure.code() == "dz");
    /// let t: Vec<f64> = dz.filter_map(|of| of.test(&found.tests)).map(|test| test.statistic).collect();
    /// assert!((t[0] + 1.354).abs() < 1e-3 && (t[1] + 3.555).abs() < 1e-3);
    /// ```
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
            // A paired test is that of one correlation; an effect that does not depend on it has whichever there is.
            let is_own = |test: &TestResult| self.r.is_none() || test.r.is_none() || test.r == self.r;
            let meant = |test: &&TestResult| match test.kind {
                TestKind::PairedT => is_own(test),
                kind => kind == TestKind::StudentT,
            };
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
