//! The probability that a member of group 1 has more than one of group 2.

use super::two_groups::{TwoGroups, reported_d};
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi};
use crate::numeric::dist::{normal_cdf, normal_quantile};
use Field::{Ai, Di, M1i, M2i, Mi, N1i, N2i, Pi, Sd1i, Sd2i, Ti};
use std::f64::consts::{PI, SQRT_2};

fn area(inputs: &Inputs) -> Result<f64, Reason> {
    let [area] = inputs.all([Ai], |a| (0.0..=1.0).contains(&a), "a probability lies within 0 to 1")?;
    Ok(area)
}

fn cles(inputs: &Inputs, options: &Options) -> Answer {
    let a = area(inputs)?;
    let [n1, n2] = inputs.sizes([N1i, N2i])?;
    let (pairs, complement) = ((n1 - 1.0) * (n2 - 1.0), a * (1.0 - a));
    // A share that cannot be is refused whether the variance takes it or not.
    let ties = match inputs.get(Mi) {
        Some(_) => inputs.all([Mi], |m| (0.0..=1.0).contains(&m), "a share of ties lies within 0 to 1")?[0],
        None => 0.0,
    };
    let vi = match options.vtype {
        Vtype::Ls2 => {
            let (both_above, both_below) = (a / (2.0 - a) - a * a, 2.0 * a * a / (1.0 + a) - a * a);
            (complement - ties / 4.0 + (n1 - 1.0) * both_above + (n2 - 1.0) * both_below) / pairs
        }
        _ => {
            let mean = 0.5 * (n1 + n2);
            complement / pairs * (2.0 * mean - 1.0 - (3.0 * mean - 3.0) / ((2.0 - a) * (1.0 + a)))
        }
    };
    YiVi::new(a, vi)
}

/// The difference on the scale where Φ(d/√2) is the probability, and how its variance is made.
fn binormal(inputs: &Inputs, options: &Options) -> Result<(f64, [f64; 2], Option<f64>), Reason> {
    if let Some((d, n)) = reported_d(inputs)? {
        return Ok((d, n, None));
    }
    if inputs.get(Ai).is_some() && [M1i, M2i, Sd1i, Sd2i].iter().any(|field| inputs.get(*field).is_none()) {
        let d = SQRT_2 * normal_quantile(area(inputs)?);
        return Ok((d, inputs.sizes([N1i, N2i])?, None));
    }
    if options.vtype == Vtype::Ho {
        let (d, n) = super::two_groups::cohens_d(inputs)?;
        return Ok((d, n, None));
    }
    let (d, n, share) = TwoGroups::read(inputs)?.by_average_sd()?;
    Ok((d, n, Some(share)))
}

fn clesn(inputs: &Inputs, options: &Options) -> Answer {
    let (d, n, share) = binormal(inputs, options)?;
    let slope = (-0.5 * d * d).exp() / (4.0 * PI);
    let vi = match share {
        None => slope * super::two_groups::variance_of_d(d, n),
        Some(share) => {
            let shares = [share, 1.0 - share];
            let less = |by: f64| n.map(|n| n - by);
            let (of_means, of_sds) = match options.vtype {
                Vtype::Ls2 => (less(0.0), less(0.0)),
                Vtype::Ls3 => (less(0.0), less(1.0)),
                _ => (less(1.0), less(1.0)),
            };
            let term = |i: usize| 2.0 * shares[i] / of_means[i] + 0.5 * (d * shares[i]).powi(2) / of_sds[i];
            slope * (term(0) + term(1))
        }
    };
    YiVi::new(normal_cdf(d / SQRT_2), vi)
}

const BASE: EffectMeasure = EffectMeasure {
    code: "CLES",
    aliases: &["AUC"],
    name: "common language effect size, area under the curve",
    family: Family::TwoGroups,
    columns: &[&[Ai, N1i, N2i], &[Ai, N1i, N2i, Mi]],
    estimate: "P(X₁ > X₂), as given (U/(n₁n₂))",
    variance: "a(1 − a)/((n₁ − 1)(n₂ − 1))·(2n̄ − 1 − (3n̄ − 3)/((2 − a)(1 + a))); \
               LS2: (a(1 − a) − t/4 + (n₁ − 1)(a/(2 − a) − a²) + (n₂ − 1)(2a²/(1 + a) − a²))/((n₁ − 1)(n₂ − 1)), with a share t of ties in mi",
    back: Back::Identity,
    vtypes: &[Vtype::Ls2],
    corrects: false,
    adds: true,
    reference: "Newcombe 2006, Stat Med 25:559; Hanley & McNeil 1982; Cho et al. 2019, sect. 2.4",
    compute: cles,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "CLESN",
        aliases: &["AUCN"],
        name: "common language effect size of normal distributions",
        columns: &[
            &[M1i, Sd1i, N1i, M2i, Sd2i, N2i],
            &[Di, N1i, N2i],
            &[Ti, N1i, N2i],
            &[Pi, N1i, N2i],
            &[Ai, N1i, N2i],
        ],
        estimate: "Φ((m₁ − m₂)/√(s₁² + s₂²))",
        variance: "φ²(d/√2)/2·v(d), v(d) of SMDH without J; from d, t, p or HO: of SMD without J",
        vtypes: &[Vtype::Ls2, Vtype::Ls3, Vtype::Ho],
        reference: "McGraw & Wong 1992, Psychol Bull 111:361; Ruscio 2008",
        compute: clesn,
        ..BASE
    },
];
