//! Means and standard deviations of two groups.

use super::inputs::SD;
use super::zeros::{average, variations};
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi, correction};
use crate::effect::ranges::{POSITIVE_MEAN, is_large_correction};
use crate::numeric::dist::{normal_density, normal_quantile, t_of_two_sided_p};
use crate::numeric::two_samples::pooled_variance;
use Field::{Di, M1i, M2i, N1i, N2i, Pi, Sd1i, Sd2i, Ti};
use std::f64::consts::PI;

/// Means, SDs and sizes of two groups.
#[derive(Clone, Copy)]
pub(super) struct TwoGroups {
    pub(super) m: [f64; 2],
    pub(super) s: [f64; 2],
    pub(super) n: [f64; 2],
}

impl TwoGroups {
    pub(super) fn read(inputs: &Inputs) -> Result<Self, Reason> {
        let m = inputs.need([M1i, M2i])?;
        Ok(Self { m, ..Self::spreads(inputs)? })
    }

    /// Without the means.
    fn spreads(inputs: &Inputs) -> Result<Self, Reason> {
        let s = inputs.not_negative([Sd1i, Sd2i], SD)?;
        Ok(Self { m: [f64::NAN; 2], s, n: inputs.sizes([N1i, N2i])? })
    }

    pub(super) fn difference(&self) -> f64 {
        self.m[0] - self.m[1]
    }

    pub(super) fn df(&self) -> f64 {
        self.n[0] + self.n[1] - 2.0
    }

    /// √(((n₁ − 1)s₁² + (n₂ − 1)s₂²)/(n₁ + n₂ − 2))
    pub(super) fn pooled_sd(&self) -> f64 {
        pooled_variance(self.s.map(|s| s * s), self.n).sqrt()
    }

    /// √((s₁² + s₂²)/2)
    fn average_sd(&self) -> f64 {
        (0.5 * (self.s[0] * self.s[0] + self.s[1] * self.s[1])).sqrt()
    }

    /// The difference in units of the root mean square SD, the sizes, and the share of the sum of
    /// both variances that is group 1's.
    pub(super) fn by_average_sd(&self) -> Result<(f64, [f64; 2], f64), Reason> {
        let share = self.s[0] * self.s[0] / (self.s[0] * self.s[0] + self.s[1] * self.s[1]);
        Ok((standardised(self.difference(), self.average_sd())?, self.n, share))
    }
}

/// A difference in units of an SD.
pub(super) fn standardised(difference: f64, sd: f64) -> Result<f64, Reason> {
    if sd > 0.0 { Ok(difference / sd) } else { Err(Reason::Undefined("the SD by which it is divided is 0")) }
}

/// The t statistic of a two-sided p-value that carries the sign of the effect.
pub(super) fn t_of_p(p: f64, df: f64) -> Result<f64, Reason> {
    if p == 0.0 || p.abs() > 1.0 {
        return Err(Reason::Impossible {
            field: Pi,
            value: p,
            expected: "a signed p-value lies within −1 to 1 and is not 0",
        });
    }
    Ok(t_of_two_sided_p(p.abs(), df) * p.signum())
}

/// Cohen's d with the sizes: as it was reported, from t, from p, or from means and SDs.
pub(super) fn cohens_d(inputs: &Inputs) -> Result<(f64, [f64; 2]), Reason> {
    if let Some((d, n)) = reported_d(inputs)? {
        return Ok((d, n));
    }
    let groups = TwoGroups::read(inputs)?;
    Ok((standardised(groups.difference(), groups.pooled_sd())?, groups.n))
}

/// Cohen's d with the sizes, where d, t or p is there and not what it follows from: means and SDs come first.
pub(super) fn reported_d(inputs: &Inputs) -> Result<Option<(f64, [f64; 2])>, Reason> {
    let found = [Di, Ti, Pi].map(|field| inputs.get(field));
    let has_means = [M1i, M2i, Sd1i, Sd2i].iter().all(|field| inputs.get(*field).is_some());
    if found == [None; 3] || has_means {
        return Ok(None);
    }
    let n = inputs.sizes([N1i, N2i])?;
    let from_t = |t: f64| t * (1.0 / n[0] + 1.0 / n[1]).sqrt();
    let d = match found {
        [Some(d), ..] => d,
        [_, Some(t), _] => from_t(t),
        [.., p] => from_t(t_of_p(p.unwrap_or(f64::NAN), n[0] + n[1] - 2.0)?),
    };
    Ok(Some((d, n)))
}

/// The large-sample variance of Cohen's d: 1/n₁ + 1/n₂ + d²/(2n).
pub(super) fn variance_of_d(d: f64, n: [f64; 2]) -> f64 {
    1.0 / n[0] + 1.0 / n[1] + d * d / (2.0 * (n[0] + n[1]))
}

fn md(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::read(inputs)?;
    let ([s1, s2], [n1, n2]) = (groups.s, groups.n);
    let vi = match options.vtype {
        Vtype::Ho => groups.pooled_sd().powi(2) * (1.0 / n1 + 1.0 / n2),
        _ => s1 * s1 / n1 + s2 * s2 / n2,
    };
    YiVi::new(groups.difference(), vi)
}

fn smd(inputs: &Inputs, options: &Options) -> Answer {
    let (d, n) = cohens_d(inputs)?;
    with_pooled_sd(d, n, n[0] + n[1] - 2.0, n[0] + n[1], options)
}

fn smd1(inputs: &Inputs, options: &Options) -> Answer {
    let [m1, m2] = inputs.need([M1i, M2i])?;
    let [s2] = inputs.not_negative([Sd2i], SD)?;
    let n = inputs.sizes([N1i, N2i])?;
    with_pooled_sd(standardised(m1 - m2, s2)?, n, n[1] - 1.0, n[1], options)
}

/// A standardised difference whose SD has `m` degrees of freedom and `size` members behind it.
fn with_pooled_sd(d: f64, n: [f64; 2], m: f64, size: f64, options: &Options) -> Answer {
    let j = correction(m, options)?;
    let yi = j * d;
    let by_means = 1.0 / n[0] + 1.0 / n[1];
    let vi = match options.vtype {
        Vtype::Ls2 => j * j * (by_means + d * d / (2.0 * size)),
        Vtype::Ub => by_means + unbiased_share(m, j) * yi * yi,
        Vtype::Av => by_means + average(options)?.powi(2) / (2.0 * size),
        _ => by_means + yi * yi / (2.0 * size),
    };
    YiVi::new(yi, vi)
}

/// 1 − (m − 2)/(m J²), by which g² enters an unbiased variance: Hedges (1983), eq. 9.
pub(super) fn unbiased_share(m: f64, j: f64) -> f64 {
    1.0 - (m - 2.0) / (m * j * j)
}

/// How many degrees of freedom stand behind the means and behind the SDs of SMDH.
pub(super) fn behind_smdh(vtype: Vtype, n: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    let less = n.map(|n| n - 1.0);
    match vtype {
        Vtype::Ls2 => (n, n),
        Vtype::Ls3 => (n, less),
        _ => (less, less),
    }
}

fn smdh(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::read(inputs)?;
    let (d, n, share) = groups.by_average_sd()?;
    let yi = correction(groups.df(), options)? * d;
    let (of_means, of_sds) = behind_smdh(options.vtype, n);
    let shares = [share, 1.0 - share];
    let vi = (0..2).map(|i| 2.0 * shares[i] / of_means[i] + 0.5 * yi * yi * shares[i] * shares[i] / of_sds[i]).sum();
    YiVi::new(yi, vi)
}

fn smd1h(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::read(inputs)?;
    let ([s1, s2], [n1, n2]) = (groups.s, groups.n);
    let yi = correction(n2 - 1.0, options)? * standardised(groups.difference(), s2)?;
    YiVi::new(yi, (s1 / s2).powi(2) / (n1 - 1.0) + 1.0 / (n2 - 1.0) + yi * yi / (2.0 * (n2 - 1.0)))
}

/// What is to be known of a ratio of means, unless there is more to be said.
pub(super) fn note_on_signs(m: [f64; 2]) -> Option<Reason> {
    m.iter().all(|m| *m < 0.0).then_some(Reason::RatioOfSizes)
}

pub(super) fn note_on_correction(plain: f64, corrected: f64) -> Option<Reason> {
    is_large_correction(plain, corrected).then_some(Reason::LargeCorrection)
}

/// Coefficients of variation say nothing where a mean is not above 0.
pub(super) fn log_ratio_of_positive([m1, m2]: [f64; 2]) -> Result<f64, Reason> {
    if m1 > 0.0 && m2 > 0.0 { log_ratio(m1, m2) } else { Err(Reason::Undefined(POSITIVE_MEAN)) }
}

/// The ratio of two means, which must have the same sign.
pub(super) fn log_ratio(m1: f64, m2: f64) -> Result<f64, Reason> {
    let ratio = m1 / m2;
    if ratio > 0.0 {
        Ok(ratio.ln())
    } else {
        Err(Reason::Undefined("a log ratio needs means of the same sign, and not 0"))
    }
}

fn rom(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::read(inputs)?;
    let plain = log_ratio(groups.m[0], groups.m[1])?;
    let pooled = groups.pooled_sd();
    let of = |i: usize, s: f64| (s / groups.m[i]).powi(2) / groups.n[i];
    let own = [0, 1].map(|i| of(i, groups.s[i]));
    let yi = if options.correct { plain + 0.5 * (own[0] - own[1]) } else { plain };
    let [a, b] = match options.vtype {
        Vtype::Ho => [0, 1].map(|i| of(i, pooled)),
        Vtype::Av | Vtype::AvHo => {
            let variations = variations(options)?;
            [0, 1].map(|i| variations[i] * variations[i] / groups.n[i])
        }
        _ => own,
    };
    Ok(YiVi::new(yi, a + b)?.noted(note_on_signs(groups.m)).noted(note_on_correction(plain, yi)))
}

fn vr(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::spreads(inputs)?;
    let [a, b] = groups.n.map(|n| 1.0 / (2.0 * (n - 1.0)));
    let plain = log_ratio_of_sds(groups.s)?;
    YiVi::new(if options.correct { plain + a - b } else { plain }, a + b)
}

pub(super) fn log_ratio_of_sds(s: [f64; 2]) -> Result<f64, Reason> {
    if s[0] <= 0.0 || s[1] <= 0.0 {
        return Err(Reason::Undefined("a log ratio needs SDs above 0"));
    }
    Ok((s[0] / s[1]).ln())
}

fn cvr(inputs: &Inputs, options: &Options) -> Answer {
    let groups = TwoGroups::read(inputs)?;
    let plain = log_ratio_of_sds(groups.s)? - log_ratio_of_positive(groups.m)?;
    let [a, b] = groups.n.map(|n| 1.0 / (2.0 * (n - 1.0)));
    let [c1, c2] = [0, 1].map(|i| (groups.s[i] / groups.m[i]).powi(2) / groups.n[i]);
    let yi = if options.correct { plain + a - b + 0.5 * (c2 - c1) } else { plain };
    YiVi::new(yi, a + b + c1 + c2)
}

/// The point-biserial correlation with d and h = m/n₁ + m/n₂.
fn point_biserial(inputs: &Inputs) -> Result<(f64, f64, f64, [f64; 2]), Reason> {
    let (d, n) = cohens_d(inputs)?;
    let m = n[0] + n[1] - 2.0;
    let h = m / n[0] + m / n[1];
    Ok((d / (d * d + h).sqrt(), d, h, n))
}

fn rpb(inputs: &Inputs, options: &Options) -> Answer {
    let (yi, d, h, n) = point_biserial(inputs)?;
    let size = n[0] + n[1];
    let vi = match options.vtype {
        Vtype::Cs => {
            let y2 = yi * yi;
            (1.0 - y2).powi(2) * (size * y2 / (4.0 * n[0] * n[1]) + (2.0 - 3.0 * y2) / (2.0 * size))
        }
        _ => h * h / (h + d * d).powi(3) * variance_of_d(d, n),
    };
    YiVi::new(yi, vi)
}

fn rbis(inputs: &Inputs, _: &Options) -> Answer {
    let (r, _, _, n) = point_biserial(inputs)?;
    let size = n[0] + n[1];
    let (p, q) = (n[0] / size, n[1] / size);
    let z = -normal_quantile(p);
    let density = normal_density(z);
    let yi = (p * q).sqrt() / density * r;
    let bounded = yi.clamp(-1.0, 1.0).powi(2);
    let slope = 1.5 + (1.0 - p * z / density) * (1.0 + q * z / density);
    YiVi::new(yi, (p * q / (density * density) - slope * bounded + bounded * bounded) / (size - 1.0))
}

/// Fisher's transformation of a correlation with its variance by the delta method.
pub(super) fn fisher_z(of: YiVi) -> Answer {
    let (yi, vi) = (of.yi, of.vi);
    if yi.abs() >= 1.0 {
        return Err(Reason::Undefined("the correlation is ±1 or beyond, and its z infinite"));
    }
    let vi = vi.map(|vi| vi / (1.0 - yi * yi).powi(2));
    Ok(YiVi { yi: yi.atanh(), vi, ..of })
}

/// d times a constant, on the scale of log odds ratios.
fn scaled_d(inputs: &Inputs, factor: f64) -> Answer {
    let (d, n) = cohens_d(inputs)?;
    YiVi::new(factor * d, factor * factor * variance_of_d(d, n))
}

/// The SD of the logistic distribution, π/√3.
pub(super) fn logistic_sd() -> f64 {
    PI / 3f64.sqrt()
}

/// The constant of Cox & Snell.
pub(super) const COX: f64 = 1.65;

const MEANS: &[Field] = &[M1i, Sd1i, N1i, M2i, Sd2i, N2i];
const D: &[Field] = &[Di, N1i, N2i];
const T: &[Field] = &[Ti, N1i, N2i];
const P: &[Field] = &[Pi, N1i, N2i];
/// Means and SDs, or d, t or p instead.
pub(super) const WITH_D: &[&[Field]] = &[MEANS, D, T, P];
pub(super) const MEANS_ONLY: &[&[Field]] = &[MEANS];

const BASE: EffectMeasure = EffectMeasure {
    code: "",
    aliases: &[],
    name: "",
    family: Family::TwoGroups,
    columns: MEANS_ONLY,
    estimate: "",
    variance: "",
    back: Back::Identity,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "",
    compute: md,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    EffectMeasure {
        code: "MD",
        name: "mean difference",
        estimate: "m₁ − m₂",
        variance: "s₁²/n₁ + s₂²/n₂; HO: s_p²(1/n₁ + 1/n₂)",
        vtypes: &[Vtype::Ub, Vtype::Ho],
        reference: "Borenstein 2009, eq. 12.5 and 12.3",
        compute: md,
        ..BASE
    },
    EffectMeasure {
        code: "SMD",
        name: "standardised mean difference, Hedges' g",
        columns: WITH_D,
        estimate: "J(n − 2)·(m₁ − m₂)/s_p",
        variance: "1/n₁ + 1/n₂ + g²/(2n); LS2: J²(… d²); UB: … (1 − (m − 2)/(mJ²))g²; AV: … ḡ²",
        vtypes: &[Vtype::Ls2, Vtype::Ub, Vtype::Av],
        corrects: true,
        reference: "Hedges 1981; 1982, eq. 8; 1983, eq. 9; Borenstein 2009, eq. 12.17",
        compute: smd,
        ..BASE
    },
    EffectMeasure {
        code: "SMDH",
        name: "standardised mean difference, unequal SDs",
        estimate: "J(n − 2)·(m₁ − m₂)/√((s₁² + s₂²)/2)",
        variance: "Σ s_i²/(s²(n_i − 1)) + g² Σ s_i⁴/(8s⁴(n_i − 1)), s² = (s₁² + s₂²)/2; LS2: n_i; LS3: n_i, then n_i − 1",
        vtypes: &[Vtype::Ls2, Vtype::Ls3],
        corrects: true,
        reference: "Bonett 2008, Psychol Methods 13:99, eq. 8; 2009, eq. 5",
        compute: smdh,
        ..BASE
    },
    EffectMeasure {
        code: "SMD1",
        name: "standardised mean difference by the SD of group 2 (Glass)",
        columns: &[&[M1i, N1i, M2i, Sd2i, N2i]],
        estimate: "J(n₂ − 1)·(m₁ − m₂)/s₂",
        variance: "1/n₁ + 1/n₂ + g²/(2n₂); LS2, UB, AV as SMD",
        vtypes: &[Vtype::Ls2, Vtype::Ub, Vtype::Av],
        corrects: true,
        reference: "Hedges 1981, J Educ Stat 6:107",
        compute: smd1,
        ..BASE
    },
    EffectMeasure {
        code: "SMD1H",
        name: "SMD1, unequal SDs",
        estimate: "J(n₂ − 1)·(m₁ − m₂)/s₂",
        variance: "s₁²/(s₂²(n₁ − 1)) + 1/(n₂ − 1) + g²/(2(n₂ − 1))",
        corrects: true,
        reference: "Bonett 2008, Psychol Methods 13:99, eq. 12",
        compute: smd1h,
        ..BASE
    },
    EffectMeasure {
        code: "ROM",
        name: "log ratio of means, bias-corrected",
        estimate: "ln(m₁/m₂) + (s₁²/(n₁m₁²) − s₂²/(n₂m₂²))/2",
        variance: "s₁²/(n₁m₁²) + s₂²/(n₂m₂²); HO: with s_p; AV: with the average s_i/m_i of all rows; AVHO: of both groups",
        back: Back::Exp,
        vtypes: &[Vtype::Ho, Vtype::Av, Vtype::AvHo],
        corrects: true,
        reference: "Hedges et al. 1999, eq. 1; Lajeunesse 2015, eq. 8; Nakagawa et al. 2023",
        compute: rom,
        ..BASE
    },
    EffectMeasure {
        code: "CVR",
        name: "log ratio of coefficients of variation, bias-corrected",
        estimate: "ln((s₁/m₁)/(s₂/m₂)) + 1/(2(n₁ − 1)) − 1/(2(n₂ − 1)) + (s₂²/(n₂m₂²) − s₁²/(n₁m₁²))/2",
        variance: "Σ 1/(2(n_i − 1)) + s_i²/(n_im_i²)",
        back: Back::Exp,
        corrects: true,
        reference: "Nakagawa et al. 2015, eq. 12; Senior et al. 2020",
        compute: cvr,
        ..BASE
    },
    EffectMeasure {
        code: "VR",
        name: "log ratio of SDs, bias-corrected",
        columns: &[&[Sd1i, N1i, Sd2i, N2i]],
        estimate: "ln(s₁/s₂) + 1/(2(n₁ − 1)) − 1/(2(n₂ − 1))",
        variance: "1/(2(n₁ − 1)) + 1/(2(n₂ − 1))",
        back: Back::Exp,
        corrects: true,
        reference: "Nakagawa et al. 2015, eq. 9 and 10",
        compute: vr,
        ..BASE
    },
    EffectMeasure {
        code: "RPB",
        name: "point-biserial correlation",
        columns: WITH_D,
        estimate: "d/√(d² + h), h = m/n₁ + m/n₂, m = n − 2",
        variance: "h²/(h + d²)³·(1/n₁ + 1/n₂ + d²/(2n)); CS: (1 − r²)²(nr²/(4n₁n₂) + (2 − 3r²)/(2n))",
        vtypes: &[Vtype::St, Vtype::Cs],
        reference: "Tate 1954, Ann Math Stat 25:603",
        compute: rpb,
        ..BASE
    },
    EffectMeasure {
        code: "ZPB",
        name: "RPB as Fisher's z",
        columns: WITH_D,
        estimate: "artanh r",
        variance: "v(r)/(1 − r²)²",
        back: Back::Tanh,
        vtypes: &[Vtype::St, Vtype::Cs],
        reference: "Tate 1954; Fisher 1921",
        compute: |inputs, options| fisher_z(rpb(inputs, options)?),
        ..BASE
    },
    EffectMeasure {
        code: "RBIS",
        name: "biserial correlation",
        columns: WITH_D,
        estimate: "√(pq)/φ(z)·r_pb, p = n₁/n, z = Φ⁻¹(1 − p)",
        variance: "(pq/φ² − (3/2 + (1 − pz/φ)(1 + qz/φ))r² + r⁴)/(n − 1)",
        reference: "Soper 1914, Biometrika 10:384; Jacobs & Viechtbauer 2017",
        compute: rbis,
        ..BASE
    },
    EffectMeasure {
        code: "ZBIS",
        name: "RBIS as Fisher's z",
        columns: WITH_D,
        estimate: "artanh r",
        variance: "v(r)/(1 − r²)²",
        back: Back::Tanh,
        reference: "Soper 1914; Fisher 1921",
        compute: |inputs, options| fisher_z(rbis(inputs, options)?),
        ..BASE
    },
    EffectMeasure {
        code: "D2ORL",
        aliases: &["D2OR"],
        name: "log odds ratio from d, logistic distributions",
        columns: WITH_D,
        estimate: "d·π/√3",
        variance: "π²/3·(1/n₁ + 1/n₂ + d²/(2n))",
        back: Back::Exp,
        reference: "Hasselblad & Hedges 1995; Chinn 2000",
        compute: |inputs, _| scaled_d(inputs, logistic_sd()),
        ..BASE
    },
    EffectMeasure {
        code: "D2ORN",
        name: "log odds ratio from d, normal distributions",
        columns: WITH_D,
        estimate: "1.65·d",
        variance: "1.65²·(1/n₁ + 1/n₂ + d²/(2n))",
        back: Back::Exp,
        reference: "Cox & Snell 1989; Sánchez-Meca et al. 2003",
        compute: |inputs, _| scaled_d(inputs, COX),
        ..BASE
    },
];
