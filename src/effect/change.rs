//! A mean change that was reported with its own standard deviation: no correlation is needed.

use super::before_after::BeforeAfter;
use crate::estimate::{Estimate, Measure, Moments, TestResult};
use crate::numeric::rounding::Rounded;

/// The measures that need nothing but the change.
const OF_CHANGE: [Measure; 4] = [Measure::Mc, Measure::Dz, Measure::Gz, Measure::Smcc];

/// A mean change and what follows from it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangeContrast {
    /// The number of patients who were measured twice.
    pub n: Option<u64>,
    /// The mean change and its SD.
    pub change: Moments,
    /// The level of the intervals.
    pub level: f64,
    /// Mean change, dz, gz and SMCC.
    pub estimates: Vec<Estimate>,
    /// The paired t-test, where there is one.
    pub test: Option<TestResult>,
    /// What was read into the printed numbers.
    pub caveats: Vec<String>,
    /// What would follow if a ± that the source does not explain were the SE.
    pub other_reading: Option<String>,
    /// What is absent and why.
    pub notes: Vec<String>,
}

impl ChangeContrast {
    /// Computes what a mean change allows: nothing, where the mean is no finite number or the SD none of at least 0,
    /// and no interval, where the level is no share between 0 and 1; the notes say why.
    ///
    /// ```
    /// use reffect::effect::change::ChangeContrast;
    /// use reffect::estimate::Moments;
    /// use reffect::numeric::rounding::Rounded;
    ///
    /// let change = Moments { mean: Rounded::exact(-1.0), sd: Some(Rounded::exact(1.5)) };
    /// let contrast = ChangeContrast::new(Some(7), change, 0.95);
    /// assert_eq!(contrast.test.map(|test| test.statistic), Some(-7f64.sqrt() / 1.5));
    /// ```
    pub fn new(n: Option<u64>, change: Moments, level: f64) -> Self {
        // The change is a contrast with something constant: its SD is that of the change whatever r
        // is taken to be.
        let constant = Moments { mean: Rounded::exact(0.0), sd: change.sd.map(|_| Rounded::exact(0.0)) };
        let input = BeforeAfter { n, before: constant, after: change };
        let impossible = change.possible("of the change").err();
        let estimates = OF_CHANGE.map(|measure| {
            if let Some(reason) = &impossible {
                return Estimate::absent(measure, None, format!("no {measure}: {reason}"));
            }
            let mut estimate = input.estimate(measure, Some(0.0), level);
            estimate.r = None;
            if change.sd.is_none() {
                estimate.notes = vec!["no SD of the change is reported".to_owned()];
            }
            estimate
        });
        let (test, notes) = match input.paired_t(0.0) {
            _ if impossible.is_some() => {
                (None, impossible.map(|reason| format!("no test: {reason}")).into_iter().collect())
            }
            Ok(test) => (Some(TestResult { r: None, ..test }), Vec::new()),
            Err(_) if change.sd.is_none() => (None, vec!["no test: no SD of the change is reported".to_owned()]),
            Err(_) if n.is_none() => (None, vec!["no test: the number of patients is not reported".to_owned()]),
            Err(_) => (None, vec!["no test: the SD of change is 0, or n below 2".to_owned()]),
        };
        Self { n, change, level, estimates: estimates.to_vec(), test, caveats: Vec::new(), other_reading: None, notes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_gives_what_before_and_after_give_at_their_r() {
        let both = BeforeAfter { n: Some(7), before: Moments::exact(5.1, 1.7), after: Moments::exact(4.1, 1.6) };
        let r = 0.6;
        let sd = super::super::before_after::sd_of_change(1.7, 1.6, r);
        let change = ChangeContrast::new(Some(7), Moments::exact(4.1 - 5.1, sd), 0.95);
        for estimate in &change.estimates {
            let other = both.estimate(estimate.measure, Some(r), 0.95);
            let (ci, expected) = (estimate.ci.unwrap(), other.ci.unwrap());
            assert!((ci.lower - expected.lower).abs() < 1e-9 && (ci.upper - expected.upper).abs() < 1e-9);
        }
        let bare = ChangeContrast::new(Some(7), Moments { sd: None, ..Moments::exact(-1.0, 1.0) }, 0.95);
        assert!(
            bare.test.is_none() && bare.estimates[0].estimate == Some(-1.0) && bare.estimates[1].estimate.is_none()
        );
    }
}
