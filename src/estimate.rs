//! What a calculation returns: an estimate with everything that bears on its uncertainty.

use crate::diagnostic::Refused;
use crate::numeric::dist::{chi_squared_sf, normal_critical, normal_two_sided_p, t_critical, t_two_sided_p};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;
use std::fmt;
use std::str::FromStr;

/// A mean and, where there is one, a standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The mean.
    pub mean: Rounded,
    /// The sample standard deviation.
    pub sd: Option<Rounded>,
}

impl Moments {
    /// A mean and an SD that are known exactly, as those of data are.
    pub fn exact(mean: f64, sd: f64) -> Self {
        Self { mean: Rounded::exact(mean), sd: Some(Rounded::exact(sd)) }
    }
}

/// An estimate with its test and its interval: of a coefficient of a model, or of a contrast of coefficients.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Coefficient {
    /// Its name.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// The degrees of freedom of t; none where the normal distribution is used.
    pub df: Option<f64>,
    /// Estimate over standard error.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// The interval.
    pub ci: Interval,
}

impl Coefficient {
    /// An estimate with its test and its Wald interval: t where there are degrees of freedom, z otherwise.
    ///
    /// ```
    /// use reffect::estimate::Coefficient;
    /// let change = Coefficient::new("change", -2.5, 1.0, None, 0.95);
    /// assert!((change.ci.upper + 0.540_036).abs() < 1e-6 && change.p < 0.013);
    /// ```
    pub fn new(name: &str, estimate: f64, se: f64, df: Option<f64>, level: f64) -> Self {
        // An estimate without error has neither statistic nor p-value.
        let statistic = if se == 0.0 { f64::NAN } else { estimate / se };
        let (p, critical) = match df {
            Some(df) => (t_two_sided_p(statistic, df), t_critical(level, df)),
            None => (normal_two_sided_p(statistic), normal_critical(level)),
        };
        let ci = Interval::around(estimate, critical * se);
        Self { name: name.to_owned(), estimate, se, df, statistic, p, ci }
    }
}

/// A test by a statistic that is χ² with so many degrees of freedom under the hypothesis.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// The degrees of freedom.
    pub df: f64,
    /// The p-value.
    pub p: f64,
}

impl ChiSquared {
    /// The test of a statistic.
    ///
    /// ```
    /// use reffect::estimate::ChiSquared;
    /// // R: pchisq(3.84, 1, lower.tail = FALSE)
    /// assert!((ChiSquared::new(3.84, 1.0).p - 0.050_043_521_248_705_22).abs() < 1e-12);
    /// ```
    pub fn new(statistic: f64, df: f64) -> Self {
        Self { statistic, df, p: chi_squared_sf(statistic, df) }
    }

    /// The likelihood-ratio test of a model with `df` fewer parameters: twice the difference of the log-likelihoods,
    /// taken as 0 where rounding leaves the larger model a smaller one.
    ///
    /// Source: Wilks (1938), Ann Math Stat 9:60.
    pub fn of_likelihoods(full: f64, reduced: f64, df: f64) -> Self {
        Self::new((2.0 * (full - reduced)).max(0.0), df)
    }
}

/// An effect size, under the code that the field uses.
///
/// The codes in capitals are those of metafor's `escalc`, where "1" is after or group 1, and "2" is
/// before or group 2; the others carry the names of their sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// Mean change.
    Mc,
    /// Mean change in units of the SD of change, corrected for small samples.
    Smcc,
    /// Mean change in units of the SD before, corrected; variance for equal SDs.
    Smcr,
    /// Mean change in units of the SD before, corrected; variance for unequal SDs.
    Smcrh,
    /// Log ratio of means, corrected for bias.
    Romc,
    /// Mean change in units of the root mean square of both SDs, corrected; variance for equal SDs.
    Smcrp,
    /// The same, variance for unequal SDs.
    Smcrph,
    /// Log ratio of SDs.
    Vrc,
    /// Log ratio of coefficients of variation, corrected for bias.
    Cvrc,
    /// Mean change in units of the SD of change.
    Dz,
    /// `dz` corrected for small samples.
    Gz,
    /// Mean change in units of the SD before.
    Dpre,
    /// `dpre` corrected for small samples.
    Gpre,
    /// Mean change in units of the root mean square of both SDs.
    Dav,
    /// `dav` corrected for small samples.
    Gav,
    /// Mean change in units of the mean of both SDs.
    DavLakens,
    /// `dz` times √(2(1 − r)).
    Drm,
    /// `drm` corrected for small samples.
    Grm,
    /// Mean difference of two groups.
    Md,
    /// Mean difference in units of the pooled SD.
    D,
    /// `d` corrected for small samples.
    G,
    /// `d` corrected, with a normal interval.
    Smd,
    /// Mean difference in units of the root mean square of both SDs, corrected.
    Smdh,
    /// Mean difference in units of the SD of group 2, corrected; variance for equal SDs.
    Smd1,
    /// The same, variance for unequal SDs.
    Smd1h,
    /// Log ratio of means, corrected for bias.
    Rom,
    /// Log ratio of SDs, corrected for bias.
    Vr,
    /// Log ratio of coefficients of variation, corrected for bias.
    Cvr,
    /// Difference of the changes of two groups in units of the pooled SD before, corrected.
    Dppc2,
}

/// What is to be known of a measure: one row of the table that help and documentation print.
#[derive(Clone, Copy, Debug)]
pub struct MeasureInfo {
    /// Which measure.
    pub measure: Measure,
    /// Its code on the command line and in results.
    pub code: &'static str,
    /// What it is.
    pub name: &'static str,
    /// Its formula, with MD = after − before, s₁ and s₂ the SDs before and after, s_d that of
    /// change, J = J(n − 1).
    pub formula: &'static str,
    /// How its interval is made.
    pub interval: CiMethod,
    /// Where formula and interval come from.
    pub reference: &'static str,
    /// Whether the estimate itself, and not only its interval, depends on the correlation.
    pub needs_r: bool,
    /// Whether it is the logarithm of a ratio.
    pub log_ratio: bool,
}

/// How a confidence interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CiMethod {
    /// Estimate ± normal quantile × standard error.
    Z,
    /// Estimate ± t quantile × standard error.
    T,
    /// Limits of the noncentrality of t.
    NoncentralT,
    /// Estimate ± normal quantile × the standard error of Bonett (2008).
    Bonett,
    /// No interval is defined.
    None,
}

impl CiMethod {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Z => "z",
            Self::T => "t",
            Self::NoncentralT => "nct",
            Self::Bonett => "bonett",
            Self::None => "none",
        }
    }
}

const fn info(
    measure: Measure,
    code: &'static str,
    name: &'static str,
    formula: &'static str,
    interval: CiMethod,
    reference: &'static str,
) -> MeasureInfo {
    MeasureInfo { measure, code, name, formula, interval, reference, needs_r: false, log_ratio: false }
}

const fn needs_r(info: MeasureInfo) -> MeasureInfo {
    MeasureInfo { needs_r: true, ..info }
}

const fn log_ratio(info: MeasureInfo) -> MeasureInfo {
    MeasureInfo { log_ratio: true, ..info }
}

/// Every before/after measure.
pub const MEASURES: [MeasureInfo; 18] = [
    info(Measure::Mc, "MC", "mean change", "MD", CiMethod::T, "Cochrane Handbook 6.5.2.8"),
    log_ratio(info(
        Measure::Romc,
        "ROMC",
        "log ratio of means, bias-corrected",
        "ln(m₂/m₁) + (s₂²/m₂² − s₁²/m₁²)/(2n)",
        CiMethod::Z,
        "Lajeunesse 2011, Ecology 92:2049; 2015, Methods Ecol Evol 6:1056",
    )),
    info(
        Measure::Dpre,
        "dpre",
        "change in units of the SD before",
        "MD/s₁",
        CiMethod::Bonett,
        "Bonett 2008, Psychol Methods 13:99",
    ),
    info(Measure::Gpre, "gpre", "dpre, corrected", "J·dpre", CiMethod::Bonett, "Bonett 2008; Hedges 1981"),
    info(
        Measure::Smcr,
        "SMCR",
        "dpre, corrected",
        "J·MD/s₁",
        CiMethod::Z,
        "Becker 1988, Br J Math Stat Psychol 41:257; Morris 2000",
    ),
    info(
        Measure::Smcrh,
        "SMCRH",
        "SMCR, variance for unequal SDs",
        "J·MD/s₁",
        CiMethod::Z,
        "Bonett 2008, Psychol Methods 13:99",
    ),
    info(
        Measure::Dav,
        "dav",
        "change over the root of the average variance",
        "MD/√((s₁² + s₂²)/2)",
        CiMethod::Bonett,
        "Cumming 2012, eq. 11.9; Bonett 2008",
    ),
    info(Measure::Gav, "gav", "dav, corrected", "J·dav", CiMethod::Bonett, "Cumming 2012; Hedges 1981"),
    needs_r(info(
        Measure::Smcrp,
        "SMCRP",
        "dav, corrected by its own degrees of freedom",
        "J(2(n − 1)/(1 + r²))·dav",
        CiMethod::Z,
        "Cousineau 2020, Quant Methods Psychol 16:418, eq. 2",
    )),
    needs_r(info(
        Measure::Smcrph,
        "SMCRPH",
        "SMCRP, variance for unequal SDs",
        "J(2(n − 1)/(1 + r²))·dav",
        CiMethod::Z,
        "Bonett 2008, Psychol Methods 13:99, eq. 10",
    )),
    info(
        Measure::DavLakens,
        "dav_lakens",
        "change in units of the mean of both SDs",
        "MD/((s₁ + s₂)/2)",
        CiMethod::None,
        "Lakens 2013, Front Psychol 4:863, eq. 10",
    ),
    needs_r(info(
        Measure::Dz,
        "dz",
        "change in units of the SD of change",
        "MD/s_d",
        CiMethod::NoncentralT,
        "Cohen 1988, p. 48; Lakens 2013, eq. 6",
    )),
    needs_r(info(Measure::Gz, "gz", "dz, corrected", "J·dz", CiMethod::NoncentralT, "Hedges 1981; Lakens 2013")),
    needs_r(info(
        Measure::Smcc,
        "SMCC",
        "dz, corrected",
        "J·MD/s_d",
        CiMethod::Z,
        "Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271",
    )),
    needs_r(info(
        Measure::Drm,
        "drm",
        "dz in units of the SDs, by r",
        "dz·√(2(1 − r))",
        CiMethod::NoncentralT,
        "Morris & DeShon 2002; Lakens 2013, eq. 9",
    )),
    needs_r(info(Measure::Grm, "grm", "drm, corrected", "J·drm", CiMethod::NoncentralT, "Lakens 2013; Hedges 1981")),
    log_ratio(info(
        Measure::Vrc,
        "VRC",
        "log ratio of SDs",
        "ln(s₂/s₁)",
        CiMethod::Z,
        "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553",
    )),
    log_ratio(info(
        Measure::Cvrc,
        "CVRC",
        "log ratio of coefficients of variation, bias-corrected",
        "ln((s₂/m₂)/(s₁/m₁)) + (s₁²/m₁² − s₂²/m₂²)/(2n)",
        CiMethod::Z,
        "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553",
    )),
];

/// Every measure of two groups, with MD = group 1 − group 2, s_p the pooled SD and J = J(n − 2).
pub const TWO_GROUP_MEASURES: [MeasureInfo; 10] = [
    info(Measure::Md, "MD", "mean difference", "MD", CiMethod::T, "Welch 1938, Biometrika 29:350"),
    info(
        Measure::D,
        "d",
        "difference in units of the pooled SD",
        "MD/s_p",
        CiMethod::NoncentralT,
        "Cohen 1988, eq. 2.5.1; Steiger & Fouladi 1997",
    ),
    info(Measure::G, "g", "d, corrected", "J·d", CiMethod::NoncentralT, "Hedges 1981, J Educ Stat 6:107"),
    info(Measure::Smd, "SMD", "d, corrected", "J·d", CiMethod::Z, "Hedges 1982, Psychol Bull 92:490, eq. 8"),
    info(
        Measure::Smdh,
        "SMDH",
        "difference over the root of the average variance, corrected",
        "J·MD/√((s₁² + s₂²)/2)",
        CiMethod::Z,
        "Bonett 2008, Psychol Methods 13:99, eq. 8",
    ),
    info(
        Measure::Smd1,
        "SMD1",
        "difference in units of the SD of group 2, corrected",
        "J(n₂ − 1)·MD/s₂",
        CiMethod::Z,
        "Hedges 1981; Glass 1976",
    ),
    info(
        Measure::Smd1h,
        "SMD1H",
        "SMD1, variance for unequal SDs",
        "J(n₂ − 1)·MD/s₂",
        CiMethod::Z,
        "Bonett 2008, Psychol Methods 13:99, eq. 12",
    ),
    log_ratio(info(
        Measure::Rom,
        "ROM",
        "log ratio of means, bias-corrected",
        "ln(m₁/m₂) + (s₁²/(n₁m₁²) − s₂²/(n₂m₂²))/2",
        CiMethod::Z,
        "Hedges et al. 1999, Ecology 80:1150; Lajeunesse 2015, eq. 8",
    )),
    log_ratio(info(
        Measure::Vr,
        "VR",
        "log ratio of SDs, bias-corrected",
        "ln(s₁/s₂) + 1/(2(n₁ − 1)) − 1/(2(n₂ − 1))",
        CiMethod::Z,
        "Nakagawa et al. 2015, Methods Ecol Evol 6:143",
    )),
    log_ratio(info(
        Measure::Cvr,
        "CVR",
        "log ratio of coefficients of variation, bias-corrected",
        "VR − ROM",
        CiMethod::Z,
        "Nakagawa et al. 2015; Senior et al. 2020",
    )),
];

/// Every measure of two groups before and after.
pub const PRE_POST_CONTROL_MEASURES: [MeasureInfo; 1] = [info(
    Measure::Dppc2,
    "d_ppc2",
    "difference of changes in units of the pooled SD before, corrected",
    "J(n − 2)·(MD₁ − MD₂)/s_pre",
    CiMethod::Z,
    "Morris 2008, Organ Res Methods 11:364, eq. 8 and 25",
)];

/// Every measure, one design after the other.
fn all_measures() -> impl Iterator<Item = &'static MeasureInfo> {
    MEASURES.iter().chain(&TWO_GROUP_MEASURES).chain(&PRE_POST_CONTROL_MEASURES)
}

impl Measure {
    /// What is to be known of it.
    pub fn info(self) -> &'static MeasureInfo {
        // Every variant has its row: rows are how variants come to be.
        all_measures().find(|info| info.measure == self).unwrap_or(&MEASURES[0])
    }

    /// Its place among all measures.
    pub fn position(self) -> usize {
        all_measures().position(|info| info.measure == self).unwrap_or_default()
    }

    /// The code on the command line and in results.
    pub fn code(self) -> &'static str {
        self.info().code
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Measure {
    type Err = Refused;

    fn from_str(code: &str) -> Result<Self, Refused> {
        all_measures().find(|info| info.code == code).map(|info| info.measure).ok_or_else(|| {
            let codes: Vec<&str> = all_measures().map(|info| info.code).collect();
            format!("`{code}` is no measure that is known here; one of {} was expected", codes.join(", ")).into()
        })
    }
}

/// An estimate of one measure. What could not be computed is absent, and a note says why.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Which measure.
    pub measure: Measure,
    /// The correlation between before and after that it was computed for.
    pub r: Option<f64>,
    /// The estimate.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The degrees of freedom of its interval, where it has any.
    pub df: Option<f64>,
    /// The confidence interval: what sampling contributes.
    pub ci: Option<Interval>,
    /// How that was made.
    pub ci_method: CiMethod,
    /// The estimates that all numbers behind the printed ones give: what rounding contributes.
    pub rounding: Option<Interval>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

impl Estimate {
    /// The estimate alone with what rounding contributes, before anything is known of its sampling; or
    /// why there is none.
    pub fn of_point(measure: Measure, r: Option<f64>, point: Result<Rounded, Refused>) -> Self {
        let point = match point {
            Ok(point) => point,
            Err(reason) => return Self::absent(measure, r, format!("no {measure}: {reason}")),
        };
        let rounding = Some(point.range).filter(|range| range.is_finite());
        let unbounded = "rounding of the printed numbers leaves the estimate unbounded";
        let notes = if rounding.is_none() { vec![unbounded.to_owned()] } else { Vec::new() };
        Self { estimate: Some(point.value), rounding, notes, ..Self::absent(measure, r, String::new()) }
    }

    /// An estimate that could not be computed, with the reason.
    pub fn absent(measure: Measure, r: Option<f64>, reason: impl Into<String>) -> Self {
        Self {
            measure,
            r,
            estimate: None,
            se: None,
            df: None,
            ci: None,
            ci_method: measure.info().interval,
            rounding: None,
            notes: vec![reason.into()],
        }
    }
}

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
    /// The test that there is no effect: that of the interval, where it is the estimate ± a quantile times the standard error;
    /// else the t-test of the means in whose units the effect is, the paired one of a change and Student's of two groups.
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
    /// The statistics that all numbers behind the printed ones give.
    pub statistic_rounding: Option<Interval>,
    /// The p-values that all numbers behind the printed ones give.
    pub p_rounding: Option<Interval>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_its_row_and_every_code_reads_back() {
        for info in all_measures() {
            assert_eq!(info.measure.info().code, info.code);
            assert_eq!(info.code.parse::<Measure>(), Ok(info.measure));
        }
        let mut codes: Vec<&str> = all_measures().map(|info| info.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all_measures().count());
        assert!("mc".parse::<Measure>().unwrap_err().reason().contains("SMCC"));
    }
}
