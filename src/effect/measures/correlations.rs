//! Correlations, partial correlations and coefficients of determination.

use super::two_groups::{fisher_z, t_of_p};
use super::zeros::average;
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi};
use crate::numeric::dist::f_quantile_upper;
use crate::numeric::hypergeometric::gauss_2f1;
use Field::{Fi, Mi, Ni, Pi, R2i, Ri, Ti};

const RANGE: &str = "a correlation lies within −1 to 1";
const SHARE: &str = "R² lies within 0 to 1";

fn bounded(r: f64) -> Result<f64, Reason> {
    if r.abs() <= 1.0 { Ok(r) } else { Err(Reason::Impossible { field: Ri, value: r, expected: RANGE }) }
}

/// The correlation, as it was reported or by a rule from t, which may come from p.
fn correlation(inputs: &Inputs, df: f64, of_t: impl Fn(f64) -> Result<f64, Reason>) -> Result<f64, Reason> {
    if let Some(r) = inputs.get(Ri) {
        return bounded(r);
    }
    match (inputs.get(Ti), inputs.get(Pi)) {
        (Some(t), _) => bounded(of_t(t)?),
        (None, Some(p)) => bounded(of_t(t_of_p(p, df)?)?),
        (None, None) => Err(Reason::MissingAny(vec![Ri, Ti, Pi])),
    }
}

/// r = t/√(t² + df)
fn r_of_t(t: f64, df: f64) -> f64 {
    t / t.hypot(df.sqrt())
}

/// A simple correlation with its sample size.
fn simple(inputs: &Inputs) -> Result<(f64, f64), Reason> {
    let [n] = inputs.all([Ni], |n| n >= 2.0, "a correlation needs at least 2 members")?;
    let few = Reason::Impossible { field: Ni, value: n, expected: "t and p of a correlation need at least 3 members" };
    let r = correlation(inputs, n - 2.0, |t| if n > 2.0 { Ok(r_of_t(t, n - 2.0)) } else { Err(few.clone()) })?;
    Ok((r, n))
}

const FEW: Reason = Reason::Undefined("its variance needs at least 4 members");

fn with_variance(yi: f64, n: f64, options: &Options) -> Answer {
    if n <= 3.0 {
        return Ok(YiVi::without_variance(yi, FEW));
    }
    let at = if options.vtype == Vtype::Av { average(options)? } else { yi };
    YiVi::new(yi, (1.0 - at * at).powi(2) / (n - 1.0))
}

fn cor(inputs: &Inputs, options: &Options) -> Answer {
    let (r, n) = simple(inputs)?;
    with_variance(r, n, options)
}

fn ucor(inputs: &Inputs, options: &Options) -> Answer {
    let (r, n) = simple(inputs)?;
    if n <= 4.0 {
        return Err(Reason::Undefined("the unbiased correlation needs more than 4 members"));
    }
    let rest = (1.0 - r) * (1.0 + r);
    let yi = r * gauss_2f1(0.5, 0.5, 0.5 * (n - 2.0), rest, r * r);
    if options.vtype != Vtype::Ub {
        return with_variance(yi, n, options);
    }
    let squared = 1.0 - (n - 3.0) / (n - 2.0) * rest * gauss_2f1(1.0, 1.0, 0.5 * n, rest, r * r);
    YiVi::new(yi, yi * yi - squared)
}

fn zcor(inputs: &Inputs, _: &Options) -> Answer {
    let (r, n) = simple(inputs)?;
    let z = fisher_z(YiVi { yi: r, vi: None, note: None })?.yi;
    if n <= 3.0 { Ok(YiVi::without_variance(z, FEW)) } else { YiVi::new(z, 1.0 / (n - 3.0)) }
}

/// Sample size, number of predictors and degrees of freedom of a regression.
fn regression(inputs: &Inputs) -> Result<[f64; 3], Reason> {
    let [n] = inputs.all([Ni], |n| n > 0.0, "a sample has members")?;
    let [m] = inputs.all([Mi], |m| m > 0.0, "a regression has at least one predictor")?;
    let df = n - m - 1.0;
    if df <= 0.0 {
        return Err(Reason::Contradiction(Mi, m, Ni, n, "the regression has no degrees of freedom"));
    }
    Ok([n, m, df])
}

fn partial(inputs: &Inputs) -> Result<(f64, f64, f64), Reason> {
    let [n, m, df] = regression(inputs)?;
    Ok((correlation(inputs, df, |t| Ok(r_of_t(t, df)))?, n, m))
}

fn pcor(inputs: &Inputs, options: &Options) -> Answer {
    let (yi, n, m) = partial(inputs)?;
    let at = if options.vtype == Vtype::Av { average(options)? } else { yi };
    YiVi::new(yi, (1.0 - at * at).powi(2) / (n - m))
}

fn zpcor(inputs: &Inputs, _: &Options) -> Answer {
    let (r, n, m) = partial(inputs)?;
    let z = fisher_z(YiVi { yi: r, vi: None, note: None })?.yi;
    if n - m <= 2.0 {
        return Ok(YiVi::without_variance(z, Reason::Undefined("its variance needs n − m above 2")));
    }
    YiVi::new(z, 1.0 / (n - m - 2.0))
}

fn spcor(inputs: &Inputs, options: &Options) -> Answer {
    let [n, _, df] = regression(inputs)?;
    let [r2] = inputs.all([R2i], |r2| (0.0..=1.0).contains(&r2), SHARE)?;
    let yi = correlation(inputs, df, |t| Ok(t * (1.0 - r2).sqrt() / df.sqrt()))?;
    // What R² would be without the focal predictor.
    let r = if options.vtype == Vtype::Av { average(options)? } else { yi };
    let others = r2 - r * r;
    YiVi::new(yi, (r2 * r2 - 2.0 * r2 + others + 1.0 - others * others) / n)
}

/// R² as it was reported, from F, or from the p of F.
fn determination(inputs: &Inputs) -> Result<(f64, [f64; 3]), Reason> {
    let [n, m, df] = regression(inputs)?;
    if inputs.get(R2i).is_some() {
        let [r2] = inputs.all([R2i], |r2| (0.0..=1.0).contains(&r2), SHARE)?;
        return Ok((r2, [n, m, df]));
    }
    let f = match (inputs.get(Fi), inputs.get(Pi)) {
        (Some(_), _) => inputs.not_negative([Fi], "an F statistic is never below 0")?[0],
        (None, Some(_)) => {
            let [p] = inputs.all([Pi], |p| p > 0.0 && p <= 1.0, "a p-value lies above 0 and up to 1")?;
            f_quantile_upper(p, m, df)
        }
        (None, None) => return Err(Reason::MissingAny(vec![R2i, Fi, Pi])),
    };
    Ok((m * f / (m * f + df), [n, m, df]))
}

fn r2(inputs: &Inputs, options: &Options) -> Answer {
    let (yi, [n, _, df]) = determination(inputs)?;
    let at = if options.vtype.is_average() { average(options)? } else { yi };
    let per_size =
        if matches!(options.vtype, Vtype::Ls2 | Vtype::Av2) { df * df / ((n * n - 1.0) * (n + 3.0)) } else { 1.0 / n };
    YiVi::new(yi, 4.0 * at * (1.0 - at).powi(2) * per_size)
}

fn zr2(inputs: &Inputs, _: &Options) -> Answer {
    let (r2, [n, ..]) = determination(inputs)?;
    let z = fisher_z(YiVi { yi: r2.sqrt(), vi: None, note: None })?.yi;
    YiVi::new(z, 1.0 / n)
}

const SIMPLE: &[&[Field]] = &[&[Ri, Ni], &[Ti, Ni], &[Pi, Ni]];
const PARTIAL: &[&[Field]] = &[&[Ti, Ni, Mi], &[Ri, Ni, Mi], &[Pi, Ni, Mi]];
const SEMI: &[&[Field]] = &[&[Ti, Ni, Mi, R2i], &[Ri, Ni, Mi, R2i], &[Pi, Ni, Mi, R2i]];
const SQUARED: &[&[Field]] = &[&[R2i, Ni, Mi], &[Fi, Ni, Mi], &[Pi, Ni, Mi]];

const BASE: EffectMeasure = EffectMeasure {
    code: "COR",
    aliases: &[],
    name: "correlation",
    family: Family::Correlations,
    columns: SIMPLE,
    estimate: "r, or t/√(t² + n − 2)",
    variance: "(1 − r²)²/(n − 1); AV: at the average r",
    back: Back::Identity,
    vtypes: &[Vtype::Av],
    corrects: false,
    adds: true,
    reference: "Borenstein 2009, eq. 12.27",
    compute: cor,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "UCOR",
        name: "correlation without bias",
        estimate: "r·₂F₁(½, ½; (n − 2)/2; 1 − r²)",
        variance: "(1 − y²)²/(n − 1); UB: y² − 1 + (n − 3)/(n − 2)(1 − r²)·₂F₁(1, 1; n/2; 1 − r²)",
        vtypes: &[Vtype::Ub, Vtype::Av],
        reference: "Olkin & Pratt 1958, Ann Math Stat 29:201, eq. 2.3; Hedges 1989",
        compute: ucor,
        ..BASE
    },
    EffectMeasure {
        code: "ZCOR",
        name: "Fisher's z of a correlation",
        estimate: "artanh r",
        variance: "1/(n − 3)",
        back: Back::Tanh,
        vtypes: &[],
        reference: "Fisher 1921, Metron 1:3",
        compute: zcor,
        ..BASE
    },
    EffectMeasure {
        code: "PCOR",
        name: "partial correlation",
        columns: PARTIAL,
        estimate: "t/√(t² + n − m − 1)",
        variance: "(1 − r²)²/(n − m)",
        reference: "Aloe & Thompson 2013, J Soc Soc Work Res 4:390",
        compute: pcor,
        ..BASE
    },
    EffectMeasure {
        code: "ZPCOR",
        name: "Fisher's z of a partial correlation",
        columns: PARTIAL,
        estimate: "artanh r",
        variance: "1/(n − m − 2)",
        back: Back::Tanh,
        vtypes: &[],
        reference: "Fisher 1924, Metron 3:329",
        compute: zpcor,
        ..BASE
    },
    EffectMeasure {
        code: "SPCOR",
        name: "semi-partial correlation",
        columns: SEMI,
        estimate: "t√(1 − R²)/√(n − m − 1)",
        variance: "(R⁴ − 2R² + q + 1 − q²)/n, q = R² − r²; AV: with the average r",
        vtypes: &[Vtype::Av],
        reference: "Aloe & Becker 2012, J Educ Behav Stat 37:278, eq. 3 and 5",
        compute: spcor,
        ..BASE
    },
    EffectMeasure {
        code: "ZSPCOR",
        name: "SPCOR as Fisher's z",
        columns: SEMI,
        estimate: "artanh r",
        variance: "v(r)/(1 − r²)²",
        back: Back::Tanh,
        vtypes: &[],
        reference: "Aloe & Becker 2012; Fisher 1921",
        compute: |inputs, options| fisher_z(spcor(inputs, options)?),
        ..BASE
    },
    EffectMeasure {
        code: "R2",
        name: "coefficient of determination",
        columns: SQUARED,
        estimate: "R², or mF/(mF + n − m − 1)",
        variance: "4R²(1 − R²)²/n; LS2: 4R²(1 − R²)²(n − m − 1)²/((n² − 1)(n + 3)); AV, AV2: both at the average R²",
        vtypes: &[Vtype::Ls2, Vtype::Av, Vtype::Av2],
        reference: "Kendall & Stuart 1979, eq. 27.88 and 27.87",
        compute: r2,
        ..BASE
    },
    EffectMeasure {
        code: "ZR2",
        name: "R² as Fisher's z",
        columns: SQUARED,
        estimate: "artanh √R²",
        variance: "1/n",
        back: Back::TanhSquared,
        vtypes: &[],
        reference: "Olkin & Finn 1995, Psychol Bull 118:155",
        compute: zr2,
        ..BASE
    },
];
