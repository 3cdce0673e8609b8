//! 2×2 tables of two groups with and without an event.

use super::inputs::COUNT;
use super::two_groups::{COX, logistic_sd};
use super::zeros::{adjusted, average_share};
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi};
use crate::numeric::dist::normal_quantile;
use Field::{Ai, Bi, Ci, Di, N1i, N2i};
use std::f64::consts::PI;

/// Events and non-events of group 1, then of group 2, with the constant that was added.
pub(super) struct Counts {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    note: Option<Reason>,
}

/// Whether two numbers that should be the same part of n are: what was computed elsewhere differs in its last digits.
pub(super) fn add_up(given: f64, expected: f64, n: f64) -> bool {
    (given - expected).abs() <= 1e-9 * n
}

impl Counts {
    pub(super) fn read(inputs: &Inputs, options: &Options) -> Result<Self, Reason> {
        let ([a, c], [b, d]) = cells(inputs)?;
        if options.drop00 && ((a == 0.0 && c == 0.0) || (b == 0.0 && d == 0.0)) {
            return Err(Reason::Dropped);
        }
        let ([a, b, c, d], note) = adjusted([a, b, c, d], "cell", options);
        Ok(Self { a, b, c, d, note })
    }

    /// The group sizes.
    pub(super) fn n(&self) -> [f64; 2] {
        [self.a + self.b, self.c + self.d]
    }

    fn risks(&self) -> [f64; 2] {
        let [n1, n2] = self.n();
        [self.a / n1, self.c / n2]
    }

    pub(super) fn log_odds_ratio(&self) -> Result<f64, Reason> {
        if self.a == 0.0 || self.b == 0.0 || self.c == 0.0 || self.d == 0.0 {
            return Err(Reason::Undefined("a cell is 0, and nothing was added to it"));
        }
        Ok((self.a / self.b * (self.d / self.c)).ln())
    }

    /// 1/a + 1/b + 1/c + 1/d
    pub(super) fn reciprocals(&self) -> f64 {
        1.0 / self.a + 1.0 / self.b + 1.0 / self.c + 1.0 / self.d
    }

    pub(super) fn answer(self, yi: f64, vi: f64) -> Answer {
        Ok(YiVi::new(yi, vi)?.noted(self.note))
    }
}

/// Events and non-events of both groups; non-events follow from group sizes where they are missing.
fn cells(inputs: &Inputs) -> Result<([f64; 2], [f64; 2]), Reason> {
    let events = inputs.not_negative([Ai, Ci], COUNT)?;
    let mut others = [0.0; 2];
    for (i, (field, size)) in [(Bi, N1i), (Di, N2i)].into_iter().enumerate() {
        others[i] = match (inputs.get(field), inputs.get(size)) {
            (None, None) => return Err(Reason::MissingAny(vec![field, size])),
            (Some(_), None) => inputs.not_negative([field], COUNT)?[0],
            (given, Some(n)) => {
                let rest = n - events[i];
                let event = [Ai, Ci][i];
                if rest < 0.0 {
                    return Err(Reason::Contradiction(event, events[i], size, n, "more events than members"));
                }
                if let Some(given) = given.filter(|given| !add_up(*given, rest, n)) {
                    return Err(Reason::Contradiction(field, given, size, n, "cells and size do not add up"));
                }
                rest
            }
        };
        if events[i] + others[i] == 0.0 {
            return Err(Reason::Undefined("a group has no members"));
        }
    }
    Ok((events, others))
}

fn or(inputs: &Inputs, options: &Options) -> Answer {
    scaled_or(inputs, options, 1.0)
}

/// The log odds ratio divided by a constant.
fn scaled_or(inputs: &Inputs, options: &Options, by: f64) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let (yi, vi) = (counts.log_odds_ratio()? / by, counts.reciprocals() / (by * by));
    counts.answer(yi, vi)
}

fn rr(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    if counts.a == 0.0 || counts.c == 0.0 {
        return Err(Reason::Undefined("a group has no events, and nothing was added to them"));
    }
    let ([p1, p2], [n1, n2]) = (counts.risks(), counts.n());
    // 1/a − 1/n = b/(a n) has no difference of near numbers in it.
    let vi = counts.b / (counts.a * n1) + counts.d / (counts.c * n2);
    counts.answer((p1 / p2).ln(), vi)
}

fn rd(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let ([p1, p2], [n1, n2]) = (counts.risks(), counts.n());
    let vi = match options.vtype {
        Vtype::Ub if n1 <= 1.0 || n2 <= 1.0 => {
            return Ok(YiVi::without_variance(p1 - p2, Reason::Undefined("one member has no unbiased variance")));
        }
        Vtype::Ub => p1 * (counts.b / n1) / (n1 - 1.0) + p2 * (counts.d / n2) / (n2 - 1.0),
        Vtype::Av => {
            let [first, second] = [average_share(options, 0)?, average_share(options, 1)?];
            first * (1.0 - first) / n1 + second * (1.0 - second) / n2
        }
        _ => p1 * (counts.b / n1) / n1 + p2 * (counts.d / n2) / n2,
    };
    counts.answer(p1 - p2, vi)
}

/// Events and members of both groups, for shares of all rows together. A row that tells one group alone tells that one.
pub(super) fn groups(inputs: &Inputs, options: &Options) -> [Option<(f64, f64)>; 2] {
    if let Ok(counts) = Counts::read(inputs, options) {
        return [(counts.a, counts.n()[0]), (counts.c, counts.n()[1])].map(Some);
    }
    match [(Ai, Bi, N1i), (Ci, Di, N2i)].map(|fields| one_group(inputs, fields, options)) {
        // Two groups that make no row contradict each other, or were dropped.
        [Some(_), Some(_)] => [None; 2],
        alone => alone,
    }
}

fn one_group(inputs: &Inputs, fields: (Field, Field, Field), options: &Options) -> Option<(f64, f64)> {
    let (event, other, size) = fields;
    let events = inputs.get(event)?;
    let others = inputs.get(other).or_else(|| Some(inputs.get(size)? - events))?;
    let ([events, others], _) = adjusted([events, others], "cell", options);
    (events >= 0.0 && others >= 0.0).then_some((events, events + others))
}

fn arcsine(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let ([p1, p2], [n1, n2]) = (counts.risks(), counts.n());
    counts.answer(p1.sqrt().asin() - p2.sqrt().asin(), 1.0 / (4.0 * n1) + 1.0 / (4.0 * n2))
}

fn peto(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let [n1, n2] = counts.n();
    let n = n1 + n2;
    let (events, others) = (counts.a + counts.c, counts.b + counts.d);
    let v = events * others * (n1 / n) * (n2 / n) / (n - 1.0);
    if v <= 0.0 || n <= 1.0 {
        return Err(Reason::Undefined("all members have the event, or none has: O − E has no variance"));
    }
    let o_minus_e = counts.a - events * n1 / n;
    counts.answer(o_minus_e / v, 1.0 / v)
}

fn probit(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let (risks, n) = (counts.risks(), counts.n());
    let z = risks.map(normal_quantile);
    if z.iter().any(|z| z.is_infinite()) {
        return Err(Reason::Undefined("a risk is 0 or 1, and nothing was added to its cells"));
    }
    let of = |i: usize| 2.0 * PI * risks[i] * (1.0 - risks[i]) * (z[i] * z[i]).exp() / n[i];
    counts.answer(z[0] - z[1], of(0) + of(1))
}

pub(super) const CELLS: &[&[Field]] = &[&[Ai, Bi, Ci, Di], &[Ai, N1i, Ci, N2i]];

const BASE: EffectMeasure = EffectMeasure {
    code: "OR",
    aliases: &[],
    name: "log odds ratio",
    family: Family::Counts,
    columns: CELLS,
    estimate: "ln(ad/(bc))",
    variance: "1/a + 1/b + 1/c + 1/d",
    back: Back::Exp,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "Woolf 1955, Ann Hum Genet 19:251",
    compute: or,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    EffectMeasure {
        code: "RR",
        name: "log risk ratio",
        estimate: "ln((a/n₁)/(c/n₂))",
        variance: "1/a − 1/n₁ + 1/c − 1/n₂",
        reference: "Katz et al. 1978, Biometrics 34:469",
        compute: rr,
        ..BASE
    },
    BASE,
    EffectMeasure {
        code: "RD",
        name: "risk difference",
        estimate: "a/n₁ − c/n₂",
        variance: "ab/n₁³ + cd/n₂³; UB: with n − 1 for one n; AV: at the shares of all rows",
        vtypes: &[Vtype::Ub, Vtype::Av],
        back: Back::Identity,
        reference: "Fleiss & Berlin 2009, eq. 13.5",
        compute: rd,
        ..BASE
    },
    EffectMeasure {
        code: "AS",
        adds: false,
        name: "arcsine risk difference",
        estimate: "arcsin √(a/n₁) − arcsin √(c/n₂)",
        variance: "1/(4n₁) + 1/(4n₂)",
        back: Back::Identity,
        reference: "Rücker et al. 2009, Stat Med 28:721",
        compute: arcsine,
        ..BASE
    },
    EffectMeasure {
        code: "PETO",
        name: "log odds ratio by Peto's method",
        estimate: "(a − E)/V, E = (a + c)n₁/n, V = (a + c)(b + d)n₁n₂/(n²(n − 1))",
        variance: "1/V",
        reference: "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335",
        compute: peto,
        ..BASE
    },
    EffectMeasure {
        code: "PBIT",
        name: "probit difference, as a standardised mean difference",
        estimate: "Φ⁻¹(a/n₁) − Φ⁻¹(c/n₂)",
        variance: "Σ 2πp_i(1 − p_i)exp(z_i²)/n_i",
        back: Back::Identity,
        reference: "Sánchez-Meca et al. 2003, Psychol Methods 8:448",
        compute: probit,
        ..BASE
    },
    EffectMeasure {
        code: "OR2DL",
        aliases: &["OR2D"],
        name: "log odds ratio as a standardised mean difference, logistic distributions",
        estimate: "√3/π·ln(ad/(bc))",
        variance: "3/π²·(1/a + 1/b + 1/c + 1/d)",
        back: Back::Identity,
        reference: "Hasselblad & Hedges 1995; Chinn 2000",
        compute: |inputs, options| scaled_or(inputs, options, logistic_sd()),
        ..BASE
    },
    EffectMeasure {
        code: "OR2DN",
        name: "log odds ratio as a standardised mean difference, normal distributions",
        estimate: "ln(ad/(bc))/1.65",
        variance: "(1/a + 1/b + 1/c + 1/d)/1.65²",
        back: Back::Identity,
        reference: "Cox & Snell 1989",
        compute: |inputs, options| scaled_or(inputs, options, COX),
        ..BASE
    },
];
