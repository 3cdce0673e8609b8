//! The paired t-test.

use super::BeforeAfter;
use super::point::spread_of_change;
use crate::diagnostic::Refused;
use crate::estimate::{TestKind, TestResult, possible_correlation};
use crate::numeric::dist::t_two_sided_p;
use crate::numeric::interval::Interval;

impl BeforeAfter {
    /// The paired t-test at correlation `r`.
    ///
    /// # Errors
    /// If SDs or n are not reported, the SD of change is 0, r is no correlation (−1 to 1), a mean no finite number or
    /// an SD none of at least 0.
    ///
    /// Source: t = MD √n/s_d with n − 1 degrees of freedom; Student (1908), Biometrika 6:1.
    pub fn paired_t(&self, r: f64) -> Result<TestResult, Refused> {
        possible_correlation(r).map_err(|reason| format!("no test: {reason}"))?;
        let all = self.complete()?;
        let spread = spread_of_change(&all, r);
        if spread.value <= 0.0 {
            return Err(format!("no test: the SD of change is 0 at r = {r}").into());
        }
        let root = all.n.sqrt();
        let statistic = root * all.change().value / spread.value;
        let range = all.change().range.divided_by(spread.range).map(|range| range.scaled(root));
        Ok(TestResult {
            kind: TestKind::PairedT,
            r: Some(r),
            statistic,
            df: all.df(),
            p: t_two_sided_p(statistic, all.df()),
            statistic_rounding: range,
            p_rounding: range.map(|range| p_range(range, all.df())),
        })
    }
}

impl TestResult {
    /// Replaces what rounding contributes by other statistics, which may be infinite, and by that at the printed
    /// numbers.
    pub(crate) fn round_with(&mut self, statistic: Option<Interval>) {
        let range = statistic.map(|range| range.including(self.statistic));
        self.statistic_rounding = range.filter(|range| range.is_finite());
        self.p_rounding = range.map(|range| p_range(range, self.df));
    }
}

/// The two-sided p-values of an interval of t statistics: p falls in |t|.
fn p_range(t: Interval, df: f64) -> Interval {
    t.abs().map_monotone(|end| t_two_sided_p(end, df))
}
