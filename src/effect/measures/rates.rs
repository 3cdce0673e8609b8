//! Events over person-time, in two groups and in one.

use super::inputs::{COUNT, TIME};
use super::zeros::adjusted;
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, YiVi};
use Field::{T1i, T2i, Ti, X1i, X2i, Xi};

/// Events, times and the constant that was added.
struct Events<const N: usize> {
    x: [f64; N],
    t: [f64; N],
    note: Option<Reason>,
}

impl<const N: usize> Events<N> {
    fn read(inputs: &Inputs, x: [Field; N], t: [Field; N], options: &Options) -> Result<Self, Reason> {
        let x = inputs.not_negative(x, COUNT)?;
        let t = inputs.all(t, |time| time > 0.0, TIME)?;
        if N == 2 && options.drop00 && x == [0.0; N] {
            return Err(Reason::Dropped);
        }
        let (x, note) = adjusted(x, "count", options);
        Ok(Self { x, t, note })
    }

    /// Of events above 0.
    fn logs(&self) -> Result<[f64; N], Reason> {
        if self.x.contains(&0.0) {
            return Err(Reason::Undefined("there are no events, and nothing was added to them"));
        }
        Ok(std::array::from_fn(|i| (self.x[i] / self.t[i]).ln()))
    }

    fn sum(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        (0..N).map(|i| of(self.x[i], self.t[i])).sum()
    }

    fn answer(self, yi: f64, vi: f64) -> Answer {
        Ok(YiVi::new(yi, vi)?.noted(self.note))
    }
}

fn two(inputs: &Inputs, options: &Options) -> Result<Events<2>, Reason> {
    Events::read(inputs, [X1i, X2i], [T1i, T2i], options)
}

/// Events and time of both groups.
pub(super) fn groups(inputs: &Inputs, options: &Options) -> Result<[(f64, f64); 2], Reason> {
    let Events { x, t, .. } = two(inputs, options)?;
    Ok([(x[0], t[0]), (x[1], t[1])])
}

fn one(inputs: &Inputs, options: &Options) -> Result<Events<1>, Reason> {
    Events::read(inputs, [Xi], [Ti], options)
}

fn irr(inputs: &Inputs, options: &Options) -> Answer {
    let events = two(inputs, options)?;
    let [first, second] = events.logs()?;
    let vi = events.sum(|x, _| 1.0 / x);
    events.answer(first - second, vi)
}

fn ird(inputs: &Inputs, options: &Options) -> Answer {
    let events = two(inputs, options)?;
    let yi = events.x[0] / events.t[0] - events.x[1] / events.t[1];
    let vi = events.sum(|x, t| x / (t * t));
    events.answer(yi, vi)
}

fn irsd(inputs: &Inputs, options: &Options) -> Answer {
    let events = two(inputs, options)?;
    let yi = (events.x[0] / events.t[0]).sqrt() - (events.x[1] / events.t[1]).sqrt();
    let vi = events.sum(|_, t| 1.0 / (4.0 * t));
    events.answer(yi, vi)
}

fn ir(inputs: &Inputs, options: &Options) -> Answer {
    let events = one(inputs, options)?;
    let ([x], [t]) = (events.x, events.t);
    events.answer(x / t, x / (t * t))
}

fn irln(inputs: &Inputs, options: &Options) -> Answer {
    let events = one(inputs, options)?;
    let ([yi], [x]) = (events.logs()?, events.x);
    events.answer(yi, 1.0 / x)
}

fn irs(inputs: &Inputs, options: &Options) -> Answer {
    let events = one(inputs, options)?;
    let ([x], [t]) = (events.x, events.t);
    events.answer((x / t).sqrt(), 1.0 / (4.0 * t))
}

fn irft(inputs: &Inputs, options: &Options) -> Answer {
    let events = one(inputs, options)?;
    let ([x], [t]) = (events.x, events.t);
    events.answer(0.5 * ((x / t).sqrt() + ((x + 1.0) / t).sqrt()), 1.0 / (4.0 * t))
}

const BASE: EffectMeasure = EffectMeasure {
    code: "IRR",
    aliases: &[],
    name: "log incidence rate ratio",
    family: Family::TwoRates,
    columns: &[&[X1i, T1i, X2i, T2i]],
    estimate: "ln((x₁/t₁)/(x₂/t₂))",
    variance: "1/x₁ + 1/x₂",
    back: Back::Exp,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "Rothman et al. 2008, chapter 14",
    compute: irr,
};

pub(super) const TWO_GROUPS: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "IRD",
        name: "incidence rate difference",
        estimate: "x₁/t₁ − x₂/t₂",
        variance: "x₁/t₁² + x₂/t₂²",
        back: Back::Identity,
        compute: ird,
        ..BASE
    },
    EffectMeasure {
        code: "IRSD",
        adds: false,
        name: "difference of square-root rates",
        estimate: "√(x₁/t₁) − √(x₂/t₂)",
        variance: "1/(4t₁) + 1/(4t₂)",
        back: Back::Identity,
        reference: "Bagos & Nikolopoulos 2009, Int J Biostat 5(1):21",
        compute: irsd,
        ..BASE
    },
];

const RATE: EffectMeasure = EffectMeasure {
    code: "IR",
    name: "incidence rate",
    family: Family::OneRate,
    columns: &[&[Xi, Ti]],
    estimate: "x/t",
    variance: "x/t²",
    back: Back::Identity,
    compute: ir,
    ..BASE
};

pub(super) const ONE_GROUP: &[EffectMeasure] = &[
    RATE,
    EffectMeasure {
        code: "IRLN",
        name: "log incidence rate",
        estimate: "ln(x/t)",
        variance: "1/x",
        back: Back::Exp,
        compute: irln,
        ..RATE
    },
    EffectMeasure {
        code: "IRS",
        adds: false,
        name: "square-root incidence rate",
        estimate: "√(x/t)",
        variance: "1/(4t)",
        back: Back::Square,
        compute: irs,
        ..RATE
    },
    EffectMeasure {
        code: "IRFT",
        adds: false,
        name: "Freeman–Tukey incidence rate",
        estimate: "(√(x/t) + √((x + 1)/t))/2",
        variance: "1/(4t)",
        back: Back::DoubleSquareRoot,
        reference: "Freeman & Tukey 1950, Ann Math Stat 21:607",
        compute: irft,
        ..RATE
    },
];
