//! Two groups, each measured before and after: the change of one less the change of the other.

use super::ranges::{pooled_sd, standardised};
use super::sampling::Sampling;
use super::small_sample::hedges_j;
use crate::diagnostic::Refused;
use crate::estimate::{Estimate, Measure, Moments, possible_correlation, possible_level};
use crate::numeric::rounding::Rounded;

/// One group before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// Its size.
    pub n: Option<u64>,
    /// Before.
    pub before: Moments,
    /// After; its SD is not used.
    pub after: Moments,
}

/// A treated group and a control group, each before and after.
///
/// ```
/// use reffect::effect::pre_post_control::{Arm, PrePostControl};
/// use reffect::estimate::Moments;
/// use reffect::numeric::rounding::Rounded;
///
/// // Morris (2008), table 5, first study.
/// let treated = Arm { n: Some(20), before: Moments::exact(30.6, 15.0), after: Moments::exact(38.5, 11.6) };
/// let control = Arm { n: Some(20), before: Moments::exact(23.1, 13.8), after: Moments::exact(19.7, 14.8) };
/// let d = PrePostControl { treated, control }.d_ppc2(Some(0.47), 0.95);
/// assert!(d.estimate.is_some_and(|d| (d - 0.77).abs() < 5e-3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrePostControl {
    /// The group that was treated.
    pub treated: Arm,
    /// The group that was not.
    pub control: Arm,
}

impl PrePostControl {
    /// The change of the treated less that of the controls.
    pub fn difference_of_changes(&self) -> Rounded {
        let change = |arm: &Arm| arm.after.mean.minus(arm.before.mean);
        change(&self.treated).minus(change(&self.control))
    }

    /// d_ppc2: that difference in units of the pooled SD before, corrected by J(n₁ + n₂ − 2). The
    /// point needs no correlation; its interval needs that between before and after, taken to be the
    /// same in both groups. Absent with the reason where r is no correlation (−1 to 1), a mean no finite number or an
    /// SD none of at least 0; without its interval where the level is no share between 0 and 1.
    ///
    /// Source: Morris (2008), Organ Res Methods 11:364, eq. 8 to 10 and 25.
    pub fn d_ppc2(&self, r: Option<f64>, level: f64) -> Estimate {
        let absent =
            |r: Option<f64>, reason: Refused| Estimate::absent(Measure::Dppc2, r, format!("no d_ppc2: {reason}"));
        if let Err(reason) = r.map_or(Ok(()), possible_correlation) {
            return absent(None, reason);
        }
        match self.point() {
            Err(reason) => absent(r, reason),
            Ok((d, n)) => {
                let unknown = "it depends on the correlation between before and after, which is not reported";
                let variance = r.ok_or_else(|| unknown.into()).and_then(|r| variance(d.value, n, r));
                let variance = possible_level(level).and(variance);
                let sampling = variance.map(|variance| Sampling::by_z(d.value, variance.sqrt(), level));
                Sampling::complete(sampling, Estimate::of_point(Measure::Dppc2, r, Ok(d)))
            }
        }
    }

    fn point(&self) -> Result<(Rounded, [f64; 2]), Refused> {
        let arms = [&self.treated, &self.control];
        for (arm, of) in arms.iter().zip(["treated", "controls"]) {
            arm.before.possible(&format!("before of the {of}"))?;
            // The SD after is not used.
            Moments { sd: None, ..arm.after }.possible(&format!("after of the {of}"))?;
        }
        let [Some(s1), Some(s2)] = arms.map(|arm| arm.before.sd) else {
            return Err("the SDs before are not both reported".into());
        };
        let n = match arms.map(|arm| arm.n) {
            [Some(n1), Some(n2)] if n1 >= 2 && n2 >= 2 => [n1 as f64, n2 as f64],
            [Some(_), Some(_)] => return Err("a group of one has no spread".into()),
            _ => return Err("the sizes of both groups are not reported".into()),
        };
        let df = n[0] + n[1] - 2.0;
        let j = hedges_j(df).ok_or("the correction J is not defined")?;
        Ok((standardised(self.difference_of_changes(), pooled_sd([s1, s2], n))?.scaled(j), n))
    }
}

/// Morris (2008), eq. 25, with the exact J.
fn variance(d: f64, n: [f64; 2], r: f64) -> Result<f64, Refused> {
    let total = n[0] + n[1];
    if total <= 4.0 {
        return Err("the variance of d_ppc2 needs more than 4 members in all".into());
    }
    let j = hedges_j(total - 2.0).ok_or("the correction J is not defined")?;
    let of_means = 2.0 * (1.0 - r) * total / (n[0] * n[1]);
    // eq. 25: J² · of_means · (n − 2)/(n − 4) · (1 + d²/of_means) − d², multiplied out so that r = 1
    // divides by nothing.
    let variance = j * j * (total - 2.0) / (total - 4.0) * (of_means + d * d) - d * d;
    Ok(variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Morris (2008), table 5: means before and after, SD before and size of both groups, and d.
    #[test]
    fn published_values_are_met() {
        let rows = [
            ([30.6, 38.5, 15.0], 20, [23.1, 19.7, 13.8], 20, 0.77),
            ([23.5, 26.8, 3.1], 50, [24.9, 25.3, 4.1], 42, 0.80),
            ([0.5, 0.7, 0.1], 9, [0.6, 0.6, 0.2], 9, 1.20),
            ([53.4, 75.9, 14.5], 10, [55.7, 60.7, 17.3], 11, 1.05),
            ([35.6, 36.0, 4.7], 14, [34.8, 33.4, 3.1], 14, 0.44),
        ];
        for (treated, n1, control, n2, printed) in rows {
            let arm = |[before, after, sd]: [f64; 3], n| Arm {
                n: Some(n),
                before: Moments { mean: Rounded::exact(before), sd: Some(Rounded::exact(sd)) },
                after: Moments { mean: Rounded::exact(after), sd: None },
            };
            let design = PrePostControl { treated: arm(treated, n1), control: arm(control, n2) };
            let found = design.d_ppc2(None, 0.95);
            assert!((found.estimate.unwrap() - printed).abs() <= 6e-3, "{found:?} for {printed}");
            assert!(found.ci.is_none() && found.notes[0].contains("correlation"));
            let (low, high) = (design.d_ppc2(Some(0.9), 0.95), design.d_ppc2(Some(0.1), 0.95));
            assert!(low.se.unwrap() < high.se.unwrap(), "a closer correlation is more precise");
        }
    }

    #[test]
    fn what_is_missing_is_told() {
        let bare = Arm {
            n: Some(7),
            before: Moments { mean: Rounded::exact(1.0), sd: None },
            after: Moments { mean: Rounded::exact(2.0), sd: None },
        };
        let design = PrePostControl { treated: bare, control: bare };
        assert!(design.d_ppc2(Some(0.5), 0.95).notes[0].contains("SDs before"));
    }
}
