//! Cronbach's alpha, relative excess heterozygosity, and effects that were computed elsewhere.

use super::inputs::COUNT;
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, YiVi};
use Field::{Ai, Bi, Ci, Mi, Ni, Sei, Vi, Yi};

/// Alpha, the number of items and the size of the sample.
fn alpha(inputs: &Inputs) -> Result<[f64; 3], Reason> {
    let [alpha] = inputs.all([Ai], |alpha| alpha <= 1.0, "alpha is never above 1")?;
    let [m] = inputs.all([Mi], |m| m >= 2.0, "alpha needs at least 2 items")?;
    let [n] = inputs.sizes([Ni])?;
    Ok([alpha, m, n])
}

/// The same where the variance is over n − 2.
fn alpha_of_more(inputs: &Inputs) -> Result<[f64; 3], Reason> {
    let known = alpha(inputs)?;
    inputs.all([Ni], |n| n > 2.0, "the variance of alpha needs more than 2 members")?;
    Ok(known)
}

fn araw(inputs: &Inputs, _: &Options) -> Answer {
    let [alpha, m, n] = alpha_of_more(inputs)?;
    YiVi::new(alpha, 2.0 * m * (1.0 - alpha).powi(2) / ((m - 1.0) * (n - 2.0)))
}

fn ahw(inputs: &Inputs, _: &Options) -> Answer {
    let [alpha, m, n] = alpha(inputs)?;
    let root = (1.0 - alpha).cbrt();
    YiVi::new(1.0 - root, 18.0 * m * (n - 1.0) * root * root / ((m - 1.0) * (9.0 * n - 11.0).powi(2)))
}

fn abt(inputs: &Inputs, _: &Options) -> Answer {
    let [alpha, m, n] = alpha_of_more(inputs)?;
    if alpha == 1.0 {
        return Err(Reason::Undefined("alpha is 1, and ln(1 − alpha) infinite"));
    }
    YiVi::new(-(-alpha).ln_1p(), 2.0 * m / ((m - 1.0) * (n - 2.0)))
}

fn reh(inputs: &Inputs, _: &Options) -> Answer {
    let [a, b, c] = inputs.not_negative([Ai, Bi, Ci], COUNT)?;
    if [a, b, c].contains(&0.0) {
        return Err(Reason::Undefined("a genotype was not seen"));
    }
    // As one logarithm: near equilibrium the two of a difference would cancel.
    YiVi::new((b / (2.0 * (a * c).sqrt())).ln(), 1.0 / b + 1.0 / (4.0 * a) + 1.0 / (4.0 * c))
}

fn generic(inputs: &Inputs, _: &Options) -> Answer {
    let [yi] = inputs.need([Yi])?;
    if inputs.get(Vi).is_some() {
        let [vi] = inputs.not_negative([Vi], "a variance is never below 0")?;
        return YiVi::new(yi, vi);
    }
    if inputs.get(Sei).is_none() {
        return Err(Reason::MissingAny(vec![Vi, Sei]));
    }
    let [sei] = inputs.not_negative([Sei], "a standard error is never below 0")?;
    YiVi::new(yi, sei * sei)
}

const BASE: EffectMeasure = EffectMeasure {
    code: "ARAW",
    aliases: &[],
    name: "Cronbach's alpha",
    family: Family::Other,
    columns: &[&[Ai, Mi, Ni]],
    estimate: "α",
    variance: "2m(1 − α)²/((m − 1)(n − 2)), with m items",
    back: Back::Identity,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "Bonett 2010, Psychol Methods 15:368",
    compute: araw,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "AHW",
        name: "alpha by Hakstian & Whalen",
        estimate: "1 − (1 − α)^⅓",
        variance: "18m(n − 1)(1 − α)^⅔/((m − 1)(9n − 11)²)",
        back: Back::CubeComplement,
        reference: "Hakstian & Whalen 1976, Psychometrika 41:219",
        compute: ahw,
        ..BASE
    },
    EffectMeasure {
        code: "ABT",
        name: "alpha by Bonett",
        estimate: "−ln(1 − α)",
        variance: "2m/((m − 1)(n − 2))",
        back: Back::ExpComplement,
        reference: "Bonett 2002, J Educ Behav Stat 27:335",
        compute: abt,
        ..BASE
    },
    EffectMeasure {
        code: "REH",
        name: "log relative excess heterozygosity",
        columns: &[&[Ai, Bi, Ci]],
        estimate: "ln(b/(2√(ac)))",
        variance: "1/b + 1/(4a) + 1/(4c)",
        back: Back::Exp,
        reference: "Ziegler, Steen & Wellek 2011, Breast Cancer Res Treat 128:197",
        compute: reh,
        ..BASE
    },
];

pub(super) const GENERIC: &[EffectMeasure] = &[
    ANY,
    EffectMeasure { code: "HR", name: "log hazard ratio, computed elsewhere", back: Back::Exp, ..ANY },
    EffectMeasure { code: "HD", name: "hazard difference, computed elsewhere", ..ANY },
];

const ANY: EffectMeasure = EffectMeasure {
    code: "GEN",
    name: "any effect with its variance or standard error",
    columns: &[&[Yi, Vi], &[Yi, Sei]],
    estimate: "y",
    variance: "v, or se²",
    reference: "as in the source of the effect",
    compute: generic,
    ..BASE
};
