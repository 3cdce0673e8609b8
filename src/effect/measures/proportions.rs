//! Parts of a whole.

use super::counts::add_up;
use super::inputs::COUNT;
use super::zeros::{adjusted, average_share};
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, YiVi};
use crate::numeric::dist::normal_quantile;
use Field::{Mi, Ni, Xi};
use std::f64::consts::PI;

/// Those with the event and those without, and the constant that was added.
struct Part {
    x: f64,
    m: f64,
    note: Option<Reason>,
}

impl Part {
    fn read(inputs: &Inputs, options: &Options) -> Result<Self, Reason> {
        let [x] = inputs.not_negative([Xi], COUNT)?;
        let m = match (inputs.get(Mi), inputs.get(Ni)) {
            (None, None) => return Err(Reason::MissingAny(vec![Mi, Ni])),
            (Some(_), None) => inputs.not_negative([Mi], COUNT)?[0],
            (_, Some(n)) if x > n => {
                return Err(Reason::Contradiction(Xi, x, Ni, n, "more events than members"));
            }
            (Some(m), Some(n)) if !add_up(m, n - x, n) => {
                return Err(Reason::Contradiction(Mi, m, Ni, n, "counts and size do not add up"));
            }
            (Some(m), Some(_)) => m,
            (None, Some(n)) => n - x,
        };
        if x + m == 0.0 {
            return Err(Reason::Undefined("the group has no members"));
        }
        let ([x, m], note) = adjusted([x, m], "count", options);
        Ok(Self { x, m, note })
    }

    fn n(&self) -> f64 {
        self.x + self.m
    }

    fn share(&self) -> f64 {
        self.x / self.n()
    }

    fn answer(self, yi: f64, vi: f64) -> Answer {
        Ok(YiVi::new(yi, vi)?.noted(self.note))
    }
}

const NONE: Reason = Reason::Undefined("there are no events, and nothing was added to them");
const ALL_OR_NONE: Reason = Reason::Undefined("none or all have the event, and nothing was added");

/// Events and members, for the share of all rows together.
pub(super) fn groups(inputs: &Inputs, options: &Options) -> [Option<(f64, f64)>; 2] {
    let part = Part::read(inputs, options).ok();
    [part.map(|part| (part.x, part.n())), None]
}

fn pr(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    let (share, n) = (part.share(), part.n());
    let size = if options.vtype == Vtype::Ub { n - 1.0 } else { n };
    if size <= 0.0 {
        return Ok(YiVi::without_variance(share, Reason::Undefined("one member has no unbiased variance")));
    }
    let vi = match options.vtype {
        Vtype::Av => {
            let average = average_share(options, 0)?;
            average * (1.0 - average) / n
        }
        _ => share * (part.m / n) / size,
    };
    part.answer(share, vi)
}

fn pln(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    if part.x == 0.0 {
        return Err(NONE);
    }
    let vi = match options.vtype {
        Vtype::Av => (1.0 / average_share(options, 0)? - 1.0) / part.n(),
        _ => part.m / (part.x * part.n()),
    };
    let yi = part.share().ln();
    part.answer(yi, vi)
}

fn plo(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    if part.x == 0.0 || part.m == 0.0 {
        return Err(ALL_OR_NONE);
    }
    let yi = (part.x / part.m).ln();
    let vi = match options.vtype {
        Vtype::Av => {
            let average = average_share(options, 0)?;
            (1.0 / average + 1.0 / (1.0 - average)) / part.n()
        }
        _ => 1.0 / part.x + 1.0 / part.m,
    };
    part.answer(yi, vi)
}

fn prz(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    if part.x == 0.0 || part.m == 0.0 {
        return Err(ALL_OR_NONE);
    }
    let yi = normal_quantile(part.share());
    let vi = 2.0 * PI * part.share() * (part.m / part.n()) * (yi * yi).exp() / part.n();
    part.answer(yi, vi)
}

fn pas(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    let (yi, vi) = (part.share().sqrt().asin(), 1.0 / (4.0 * part.n()));
    part.answer(yi, vi)
}

fn pft(inputs: &Inputs, options: &Options) -> Answer {
    let part = Part::read(inputs, options)?;
    let n = part.n();
    let of = |x: f64| (x / (n + 1.0)).sqrt().asin();
    let yi = 0.5 * (of(part.x) + of(part.x + 1.0));
    part.answer(yi, 1.0 / (4.0 * n + 2.0))
}

const BASE: EffectMeasure = EffectMeasure {
    code: "PR",
    aliases: &[],
    name: "proportion",
    family: Family::Proportions,
    columns: &[&[Xi, Ni], &[Xi, Mi]],
    estimate: "x/n",
    variance: "p(1 − p)/n; UB: p(1 − p)/(n − 1); AV: at the share of all rows",
    back: Back::Identity,
    vtypes: &[Vtype::Ub, Vtype::Av],
    corrects: false,
    adds: true,
    reference: "Fleiss et al. 2003, chapter 2",
    compute: pr,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "PLN",
        name: "log proportion",
        estimate: "ln(x/n)",
        variance: "1/x − 1/n; AV: at the share of all rows",
        back: Back::Exp,
        vtypes: &[Vtype::Av],
        compute: pln,
        ..BASE
    },
    EffectMeasure {
        code: "PLO",
        name: "logit proportion",
        estimate: "ln(x/(n − x))",
        variance: "1/x + 1/(n − x); AV: at the share of all rows",
        back: Back::Logistic,
        vtypes: &[Vtype::Av],
        compute: plo,
        ..BASE
    },
    EffectMeasure {
        code: "PRZ",
        name: "probit proportion",
        estimate: "Φ⁻¹(x/n)",
        variance: "2πp(1 − p)exp(y²)/n",
        back: Back::NormalCdf,
        vtypes: &[],
        reference: "by the delta method from PR",
        compute: prz,
        ..BASE
    },
    EffectMeasure {
        code: "PAS",
        adds: false,
        name: "arcsine proportion",
        estimate: "arcsin √(x/n)",
        variance: "1/(4n)",
        back: Back::SinSquared,
        vtypes: &[],
        compute: pas,
        ..BASE
    },
    EffectMeasure {
        code: "PFT",
        adds: false,
        name: "Freeman–Tukey double arcsine proportion",
        estimate: "(arcsin √(x/(n + 1)) + arcsin √((x + 1)/(n + 1)))/2",
        variance: "1/(4n + 2)",
        back: Back::DoubleArcsine,
        vtypes: &[],
        reference: "Freeman & Tukey 1950, Ann Math Stat 21:607; Miller 1978",
        compute: pft,
        ..BASE
    },
];
