//! Means and standard deviations of one group at two times.
//!
//! As in metafor, the effect is time 1 less time 2, and SMCR and SMCRH divide by `sd1i`.

use super::inputs::SD;
use super::two_groups::{
    log_ratio, log_ratio_of_positive, log_ratio_of_sds, note_on_correction, note_on_signs, standardised, t_of_p,
    unbiased_share,
};
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi, correction};
use crate::effect::before_after::sd_of_change;
use crate::numeric::dist::normal_cdf;
use Field::{Di, M1i, M2i, Ni, Pi, Ri, Sd1i, Sd2i, Ti};
use std::f64::consts::{PI, SQRT_2};

/// Means, SDs, correlation and size.
struct Change {
    m: [f64; 2],
    s: [f64; 2],
    r: f64,
    n: f64,
}

fn size_and_r(inputs: &Inputs) -> Result<(f64, f64), Reason> {
    let [n] = inputs.sizes([Ni])?;
    let [r] = inputs.all([Ri], |r| r.abs() <= 1.0, "a correlation lies within −1 to 1")?;
    Ok((n, r))
}

impl Change {
    fn read(inputs: &Inputs) -> Result<Self, Reason> {
        let m = inputs.need([M1i, M2i])?;
        Ok(Self { m, ..Self::spreads(inputs)? })
    }

    fn spreads(inputs: &Inputs) -> Result<Self, Reason> {
        let s = inputs.not_negative([Sd1i, Sd2i], SD)?;
        let (n, r) = size_and_r(inputs)?;
        Ok(Self { m: [f64::NAN; 2], s, r, n })
    }

    fn difference(&self) -> f64 {
        self.m[0] - self.m[1]
    }

    fn sd_of_change(&self) -> f64 {
        sd_of_change(self.s[0], self.s[1], self.r)
    }

    /// (s₁² + s₂²)/2
    fn average_variance(&self) -> f64 {
        0.5 * (self.s[0] * self.s[0] + self.s[1] * self.s[1])
    }

    /// (s₁⁴ + s₂⁴ + 2r²s₁²s₂²)/(8s⁴) with s² the average variance.
    fn share_of_sds(&self) -> f64 {
        let [a, b] = self.s.map(|s| s * s / self.average_variance());
        (a * a + b * b + 2.0 * self.r * self.r * a * b) / 8.0
    }

    /// (s₁/m₁)² + (s₂/m₂)² − 2r(s₁/m₁)(s₂/m₂), over n.
    fn variance_of_log_ratio(&self) -> f64 {
        let [c1, c2] = self.cvs();
        ((c1 - c2).powi(2) + 2.0 * (1.0 - self.r) * c1 * c2) / self.n
    }

    fn cvs(&self) -> [f64; 2] {
        [self.s[0] / self.m[0], self.s[1] / self.m[1]]
    }
}

fn mc(inputs: &Inputs, _: &Options) -> Answer {
    let change = Change::read(inputs)?;
    YiVi::new(change.difference(), change.sd_of_change().powi(2) / change.n)
}

fn smcc(inputs: &Inputs, options: &Options) -> Answer {
    let [n] = inputs.sizes([Ni])?;
    let has_means = [M1i, M2i, Sd1i, Sd2i, Ri].iter().all(|field| inputs.get(*field).is_some());
    let d = match [Di, Ti, Pi].map(|field| inputs.get(field).filter(|_| !has_means)) {
        [Some(d), ..] => d,
        [_, Some(t), _] => t / n.sqrt(),
        [.., Some(p)] => t_of_p(p, n - 1.0)? / n.sqrt(),
        [None, None, None] => {
            let change = Change::read(inputs)?;
            standardised(change.difference(), change.sd_of_change())?
        }
    };
    let j = correction(n - 1.0, options)?;
    let yi = j * d;
    let vi = match options.vtype {
        Vtype::Ls2 => j * j * (1.0 / n + d * d / (2.0 * n)),
        Vtype::Ub => 1.0 / n + unbiased_share(n - 1.0, j) * yi * yi,
        _ => 1.0 / n + yi * yi / (2.0 * n),
    };
    YiVi::new(yi, vi)
}

fn smcr(inputs: &Inputs, options: &Options) -> Answer {
    let [m1, m2] = inputs.need([M1i, M2i])?;
    let [s1] = inputs.not_negative([Sd1i], SD)?;
    let (n, r) = size_and_r(inputs)?;
    let (d, j) = (standardised(m1 - m2, s1)?, correction(n - 1.0, options)?);
    let yi = j * d;
    let vi = match options.vtype {
        Vtype::Ls2 => j * j * (2.0 * (1.0 - r) / n + d * d / (2.0 * n)),
        _ => 2.0 * (1.0 - r) / n + yi * yi / (2.0 * n),
    };
    YiVi::new(yi, vi)
}

fn smcrh(inputs: &Inputs, options: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let n = change.n;
    let yi = correction(n - 1.0, options)? * standardised(change.difference(), change.s[0])?;
    let size = if options.vtype == Vtype::Ls2 { n } else { n - 1.0 };
    YiVi::new(yi, (change.sd_of_change() / change.s[0]).powi(2) / size + yi * yi / (2.0 * size))
}

/// The corrected change by the average variance, whose degrees of freedom are 2(n − 1)/(1 + r²).
fn by_average(change: &Change, options: &Options) -> Result<f64, Reason> {
    let df = 2.0 * (change.n - 1.0) / (1.0 + change.r * change.r);
    Ok(correction(df, options)? * standardised(change.difference(), change.average_variance().sqrt())?)
}

fn smcrp(inputs: &Inputs, options: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let (yi, n, r) = (by_average(&change, options)?, change.n, change.r);
    YiVi::new(yi, 2.0 * (1.0 - r) / n + yi * yi * (1.0 + r * r) / (4.0 * n))
}

fn smcrph(inputs: &Inputs, options: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let yi = by_average(&change, options)?;
    let size = if options.vtype == Vtype::Ls2 { change.n } else { change.n - 1.0 };
    YiVi::new(yi, variance_by_average(&change, yi) / size)
}

/// Bonett (2008), eq. 10, times n − 1.
fn variance_by_average(change: &Change, yi: f64) -> f64 {
    change.sd_of_change().powi(2) / change.average_variance() + yi * yi * change.share_of_sds()
}

fn clescn(inputs: &Inputs, _: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let d = standardised(change.difference(), change.average_variance().sqrt())?;
    let slope = (-0.5 * d * d).exp() / (4.0 * PI);
    YiVi::new(normal_cdf(d / SQRT_2), slope * variance_by_average(&change, d) / (change.n - 1.0))
}

fn romc(inputs: &Inputs, options: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let plain = log_ratio(change.m[0], change.m[1])?;
    let [c1, c2] = change.cvs();
    let yi = if options.correct { plain + (c1 * c1 - c2 * c2) / (2.0 * change.n) } else { plain };
    Ok(YiVi::new(yi, change.variance_of_log_ratio())?
        .noted(note_on_signs(change.m))
        .noted(note_on_correction(plain, yi)))
}

fn vrc(inputs: &Inputs, _: &Options) -> Answer {
    let change = Change::spreads(inputs)?;
    YiVi::new(log_ratio_of_sds(change.s)?, (1.0 - change.r * change.r) / (change.n - 1.0))
}

fn cvrc(inputs: &Inputs, options: &Options) -> Answer {
    let change = Change::read(inputs)?;
    let plain = log_ratio_of_sds(change.s)? - log_ratio_of_positive(change.m)?;
    let [c1, c2] = change.cvs();
    let yi = if options.correct { plain + (c2 * c2 - c1 * c1) / (2.0 * change.n) } else { plain };
    let of_sds = (1.0 - change.r * change.r) / (change.n - 1.0);
    YiVi::new(yi, of_sds + change.variance_of_log_ratio())
}

const BOTH: &[Field] = &[M1i, Sd1i, M2i, Sd2i, Ri, Ni];

const BASE: EffectMeasure = EffectMeasure {
    code: "MC",
    aliases: &[],
    name: "mean change",
    family: Family::Change,
    columns: &[BOTH],
    estimate: "m₁ − m₂",
    variance: "s_d²/n, s_d² = s₁² + s₂² − 2rs₁s₂",
    back: Back::Identity,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "Cochrane Handbook 6.5.2.8",
    compute: mc,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "SMCC",
        name: "standardised mean change by the SD of change",
        columns: &[BOTH, &[Di, Ni], &[Ti, Ni], &[Pi, Ni]],
        estimate: "J(n − 1)·(m₁ − m₂)/s_d",
        variance: "1/n + y²/(2n); LS2: J²(… d²); UB: … (1 − (m − 2)/(mJ²))y², m = n − 1",
        vtypes: &[Vtype::Ls2, Vtype::Ub],
        corrects: true,
        reference: "Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271, eq. 21; Viechtbauer 2007",
        compute: smcc,
        ..BASE
    },
    EffectMeasure {
        code: "SMCR",
        name: "standardised mean change by the SD at time 1",
        columns: &[&[M1i, Sd1i, M2i, Ri, Ni]],
        estimate: "J(n − 1)·(m₁ − m₂)/s₁",
        variance: "2(1 − r)/n + y²/(2n); LS2: J²(… d²)",
        vtypes: &[Vtype::Ls2],
        corrects: true,
        reference: "Becker 1988, Br J Math Stat Psychol 41:257, eq. 13; Morris 2000",
        compute: smcr,
        ..BASE
    },
    EffectMeasure {
        code: "SMCRH",
        name: "SMCR, unequal SDs",
        estimate: "J(n − 1)·(m₁ − m₂)/s₁",
        variance: "s_d²/(s₁²(n − 1)) + y²/(2(n − 1)); LS2: n",
        vtypes: &[Vtype::Ls2],
        corrects: true,
        reference: "Bonett 2008, Psychol Methods 13:99, eq. 13",
        compute: smcrh,
        ..BASE
    },
    EffectMeasure {
        code: "SMCRP",
        name: "standardised mean change by the average variance",
        estimate: "J(2(n − 1)/(1 + r²))·(m₁ − m₂)/√((s₁² + s₂²)/2)",
        variance: "2(1 − r)/n + y²(1 + r²)/(4n)",
        corrects: true,
        reference: "Cousineau 2020, Quant Methods Psychol 16:418, eq. 2",
        compute: smcrp,
        ..BASE
    },
    EffectMeasure {
        code: "SMCRPH",
        name: "SMCRP, unequal SDs",
        estimate: "J(2(n − 1)/(1 + r²))·(m₁ − m₂)/√((s₁² + s₂²)/2)",
        variance: "(s_d²/s² + y²(s₁⁴ + s₂⁴ + 2r²s₁²s₂²)/(8s⁴))/(n − 1), s² = (s₁² + s₂²)/2; LS2: n",
        vtypes: &[Vtype::Ls2],
        corrects: true,
        reference: "Bonett 2008, Psychol Methods 13:99, eq. 10",
        compute: smcrph,
        ..BASE
    },
    EffectMeasure {
        code: "CLESCN",
        aliases: &["AUCCN"],
        name: "common language effect size of normal distributions at two times",
        estimate: "Φ((m₁ − m₂)/√(s₁² + s₂²))",
        variance: "φ²(d/√2)/2·v(d), v(d) of SMCRPH without J",
        reference: "McGraw & Wong 1992; Bonett 2008, eq. 10",
        compute: clescn,
        ..BASE
    },
    EffectMeasure {
        code: "ROMC",
        name: "log ratio of means, bias-corrected",
        estimate: "ln(m₁/m₂) + (s₁²/m₁² − s₂²/m₂²)/(2n)",
        variance: "(s₁²/m₁² + s₂²/m₂² − 2rs₁s₂/(m₁m₂))/n",
        back: Back::Exp,
        corrects: true,
        reference: "Lajeunesse 2011, Ecology 92:2049, eq. 6; 2015, eq. 8",
        compute: romc,
        ..BASE
    },
    EffectMeasure {
        code: "CVRC",
        name: "log ratio of coefficients of variation, bias-corrected",
        estimate: "ln((s₁/m₁)/(s₂/m₂)) + (s₂²/m₂² − s₁²/m₁²)/(2n)",
        variance: "(1 − r²)/(n − 1) + v(ROMC)",
        back: Back::Exp,
        corrects: true,
        reference: "Nakagawa et al. 2015; Senior et al. 2020, Res Synth Methods 11:553",
        compute: cvrc,
        ..BASE
    },
    EffectMeasure {
        code: "VRC",
        name: "log ratio of SDs",
        columns: &[&[Sd1i, Sd2i, Ri, Ni]],
        estimate: "ln(s₁/s₂)",
        variance: "(1 − r²)/(n − 1)",
        back: Back::Exp,
        reference: "Nakagawa et al. 2015; Senior et al. 2020",
        compute: vrc,
        ..BASE
    },
];
