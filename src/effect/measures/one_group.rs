//! Mean and standard deviation of one group.

use super::inputs::SD;
use super::zeros::pooled_of_rows;
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi, correction};
use Field::{Mi, Ni, Sdi};

/// Mean, SD and size.
fn read(inputs: &Inputs) -> Result<[f64; 3], Reason> {
    let [m] = inputs.need([Mi])?;
    let [s, n] = spread(inputs)?;
    Ok([m, s, n])
}

fn spread(inputs: &Inputs) -> Result<[f64; 2], Reason> {
    let [s] = inputs.not_negative([Sdi], SD)?;
    let [n] = inputs.sizes([Ni])?;
    Ok([s, n])
}

fn positive_mean(m: f64) -> Result<f64, Reason> {
    if m > 0.0 {
        Ok(m)
    } else {
        Err(Reason::Impossible { field: Mi, value: m, expected: "a logarithm needs a mean above 0" })
    }
}

fn positive_sd(s: f64) -> Result<f64, Reason> {
    if s > 0.0 { Ok(s) } else { Err(Reason::Undefined("the SD is 0")) }
}

fn mn(inputs: &Inputs, options: &Options) -> Answer {
    let [m, s, n] = read(inputs)?;
    let variance = if options.vtype == Vtype::Ho { pooled_of_rows(options)? } else { s * s };
    YiVi::new(m, variance / n)
}

fn smn(inputs: &Inputs, options: &Options) -> Answer {
    let [m, s, n] = read(inputs)?;
    let yi = correction(n - 1.0, options)? * m / positive_sd(s)?;
    YiVi::new(yi, 1.0 / n + yi * yi / (2.0 * n))
}

fn mnln(inputs: &Inputs, _: &Options) -> Answer {
    let [m, s, n] = read(inputs)?;
    YiVi::new(positive_mean(m)?.ln(), (s / m).powi(2) / n)
}

fn cvln(inputs: &Inputs, options: &Options) -> Answer {
    let [m, s, n] = read(inputs)?;
    let of_sd = 1.0 / (2.0 * (n - 1.0));
    let plain = (positive_sd(s)? / positive_mean(m)?).ln();
    YiVi::new(if options.correct { plain + of_sd } else { plain }, of_sd + (s / m).powi(2) / n)
}

fn sdln(inputs: &Inputs, options: &Options) -> Answer {
    let [s, n] = spread(inputs)?;
    let of_sd = 1.0 / (2.0 * (n - 1.0));
    let plain = positive_sd(s)?.ln();
    YiVi::new(if options.correct { plain + of_sd } else { plain }, of_sd)
}

const BASE: EffectMeasure = EffectMeasure {
    code: "MN",
    aliases: &[],
    name: "mean",
    family: Family::OneGroup,
    columns: &[&[Mi, Sdi, Ni]],
    estimate: "m",
    variance: "s²/n; HO: with the pooled variance of all rows",
    back: Back::Identity,
    vtypes: &[Vtype::Ho],
    corrects: false,
    adds: true,
    reference: "Student 1908, Biometrika 6:1",
    compute: mn,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "SMN",
        name: "standardised mean",
        estimate: "J(n − 1)·m/s",
        variance: "1/n + y²/(2n)",
        corrects: true,
        reference: "Hedges 1981, J Educ Stat 6:107",
        compute: smn,
        ..BASE
    },
    EffectMeasure {
        code: "MNLN",
        name: "log mean",
        estimate: "ln m",
        variance: "s²/(nm²)",
        back: Back::Exp,
        reference: "Nakagawa et al. 2015, Methods Ecol Evol 6:143",
        compute: mnln,
        ..BASE
    },
    EffectMeasure {
        code: "CVLN",
        name: "log coefficient of variation, bias-corrected",
        estimate: "ln(s/m) + 1/(2(n − 1))",
        variance: "1/(2(n − 1)) + s²/(nm²)",
        back: Back::Exp,
        corrects: true,
        reference: "Nakagawa et al. 2015, eq. 27",
        compute: cvln,
        ..BASE
    },
    EffectMeasure {
        code: "SDLN",
        name: "log SD, bias-corrected",
        columns: &[&[Sdi, Ni]],
        estimate: "ln s + 1/(2(n − 1))",
        variance: "1/(2(n − 1))",
        back: Back::Exp,
        corrects: true,
        reference: "Raudenbush & Bryk 1987; Nakagawa et al. 2015",
        compute: sdln,
        ..BASE
    },
];
