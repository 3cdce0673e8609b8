//! The effect sizes that are known here, with formula, interval and source of each.

use crate::diagnostic::Refused;
use std::fmt;
use std::str::FromStr;

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
    /// Mean change in units of the root mean square of both SDs, corrected; variance for unequal SDs.
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
    /// Mean difference in units of the SD of group 2, corrected; variance for unequal SDs.
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
    /// From the intervals of both groups (Zou & Donner 2008).
    Mover,
    /// The interval that the source prints.
    Printed,
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
            Self::Mover => "mover",
            Self::Printed => "printed",
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
    MeasureInfo { measure, code, name, formula, interval, reference, needs_r: false }
}

const fn needs_r(info: MeasureInfo) -> MeasureInfo {
    MeasureInfo { needs_r: true, ..info }
}

/// Every before/after measure.
pub const MEASURES: [MeasureInfo; 18] = [
    info(Measure::Mc, "MC", "mean change", "MD", CiMethod::T, "Cochrane Handbook 6.5.2.8"),
    info(
        Measure::Romc,
        "ROMC",
        "log ratio of means, bias-corrected",
        "ln(m₂/m₁) + (s₂²/m₂² − s₁²/m₁²)/(2n)",
        CiMethod::Z,
        "Lajeunesse 2011, Ecology 92:2049; 2015, Methods Ecol Evol 6:1056",
    ),
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
    info(
        Measure::Vrc,
        "VRC",
        "log ratio of SDs",
        "ln(s₂/s₁)",
        CiMethod::Z,
        "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553",
    ),
    info(
        Measure::Cvrc,
        "CVRC",
        "log ratio of coefficients of variation, bias-corrected",
        "ln((s₂/m₂)/(s₁/m₁)) + (s₁²/m₁² − s₂²/m₂²)/(2n)",
        CiMethod::Z,
        "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553",
    ),
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
    info(
        Measure::Rom,
        "ROM",
        "log ratio of means, bias-corrected",
        "ln(m₁/m₂) + (s₁²/(n₁m₁²) − s₂²/(n₂m₂²))/2",
        CiMethod::Z,
        "Hedges et al. 1999, Ecology 80:1150; Lajeunesse 2015, eq. 8",
    ),
    info(
        Measure::Vr,
        "VR",
        "log ratio of SDs, bias-corrected",
        "ln(s₁/s₂) + 1/(2(n₁ − 1)) − 1/(2(n₂ − 1))",
        CiMethod::Z,
        "Nakagawa et al. 2015, Methods Ecol Evol 6:143",
    ),
    info(
        Measure::Cvr,
        "CVR",
        "log ratio of coefficients of variation, bias-corrected",
        "VR − ROM",
        CiMethod::Z,
        "Nakagawa et al. 2015; Senior et al. 2020",
    ),
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
