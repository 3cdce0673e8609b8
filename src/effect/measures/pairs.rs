//! 2×2 tables of pairs: both members, or one person under both treatments, with and without an
//! event.

use super::counts::add_up;
use super::inputs::COUNT;
use super::zeros::adjusted;
use super::{Answer, Back, EffectMeasure, Family, Field, Inputs, Options, Reason, YiVi};
use Field::{Ai, Bi, Ci, Di, Pi, Ri};

/// Pairs with the event under both, the first only, the second only, and neither.
struct Pairs {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    note: Option<Reason>,
}

impl Pairs {
    fn read(inputs: &Inputs, options: &Options) -> Result<Self, Reason> {
        let cells = inputs.not_negative([Ai, Bi, Ci, Di], COUNT)?;
        if cells == [0.0; 4] {
            return Err(Reason::Undefined("the table has no pairs"));
        }
        let ([a, b, c, d], note) = adjusted(cells, "cell", options);
        Ok(Self { a, b, c, d, note })
    }

    /// The discordant pairs, of which alone some measures are: how many others there are need not be known.
    fn discordant(inputs: &Inputs, options: &Options) -> Result<Self, Reason> {
        let mut known = *inputs;
        for field in [Ai, Di] {
            known.set(field, inputs.get(field).or(Some(1.0)));
        }
        Self::read(&known, options)
    }

    fn n(&self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    fn answer(self, yi: f64, vi: f64) -> Answer {
        Ok(YiVi::new(yi, vi)?.noted(self.note))
    }
}

const EMPTY: Reason = Reason::Undefined("a margin of the table is 0, and nothing was added to its cells");

fn mprr(inputs: &Inputs, options: &Options) -> Answer {
    let pairs = Pairs::read(inputs, options)?;
    let (first, second) = (pairs.a + pairs.b, pairs.a + pairs.c);
    if first == 0.0 || second == 0.0 {
        return Err(EMPTY);
    }
    let vi = (pairs.b + pairs.c) / (first * second);
    pairs.answer((first / second).ln(), vi)
}

fn mpor(inputs: &Inputs, options: &Options) -> Answer {
    let pairs = Pairs::read(inputs, options)?;
    let (first, second) = ([pairs.a + pairs.b, pairs.c + pairs.d], [pairs.a + pairs.c, pairs.b + pairs.d]);
    if first.contains(&0.0) || second.contains(&0.0) {
        return Err(EMPTY);
    }
    let (of_first, of_second) = (first[0] * first[1], second[0] * second[1]);
    let cross = pairs.a * pairs.d - pairs.b * pairs.c;
    let vi = pairs.n() * (1.0 / of_first + 1.0 / of_second - 2.0 * cross / of_first / of_second);
    pairs.answer((first[0] / first[1] * (second[1] / second[0])).ln(), vi)
}

fn mprd(inputs: &Inputs, options: &Options) -> Answer {
    let pairs = Pairs::read(inputs, options)?;
    let n = pairs.n();
    let difference = (pairs.b - pairs.c) / n;
    let vi = ((pairs.b + pairs.c) / n - difference * difference) / n;
    pairs.answer(difference, vi)
}

fn mporc(inputs: &Inputs, options: &Options) -> Answer {
    let pairs = Pairs::discordant(inputs, options)?;
    if pairs.b == 0.0 || pairs.c == 0.0 {
        return Err(Reason::Undefined("one kind of discordant pair is missing, and nothing was added"));
    }
    let (yi, vi) = ((pairs.b / pairs.c).ln(), 1.0 / pairs.b + 1.0 / pairs.c);
    pairs.answer(yi, vi)
}

fn mppeto(inputs: &Inputs, options: &Options) -> Answer {
    let pairs = Pairs::discordant(inputs, options)?;
    let discordant = pairs.b + pairs.c;
    if discordant == 0.0 {
        return Err(Reason::Undefined("no pair is discordant"));
    }
    let yi = 2.0 * (pairs.b - pairs.c) / discordant;
    pairs.answer(yi, 4.0 / discordant)
}

/// The marginal log odds ratio from the margins and a correlation, or the share of pairs with the
/// event under both.
fn mporm(inputs: &Inputs, options: &Options) -> Answer {
    let [first, second] = [[Ai, Bi], [Ci, Di]].map(|fields| inputs.need(fields).map(|counts| counts[0] + counts[1]));
    let (first, second) = (first?, second?);
    if !add_up(second, first, first) {
        return Err(Reason::Undefined("both margins are of the same people, and ai + bi is not ci + di"));
    }
    let margins = Pairs::read(inputs, options)?;
    let Pairs { a, b, c, d, .. } = margins;
    if [a, b, c, d].contains(&0.0) {
        return Err(EMPTY);
    }
    let yi = (a / b * (d / c)).ln();
    let (n1, n2) = (a + b, c + d);
    let (p1, p2) = (a / n1, c / n2);
    let scale = (p1 * (1.0 - p1) * p2 * (1.0 - p2)).sqrt();
    let r = match inputs.get(Ri) {
        Some(r) => r,
        None => match inputs.get(Pi) {
            Some(both) => (both - p1 * p2) / scale,
            None => return Err(Reason::MissingAny(vec![Ri, Pi])),
        },
    };
    // Both margins bound the share of pairs with the event under both.
    let both = p1 * p2 + r * scale;
    let slack = 8.0 * f64::EPSILON;
    if both < (p1 + p2 - 1.0).max(0.0) - slack || both > p1.min(p2) + slack {
        let reason = Reason::Undefined("the margins allow no such correlation");
        return Ok(YiVi::without_variance(yi, reason));
    }
    let (v1, v2) = (1.0 / a + 1.0 / b, 1.0 / c + 1.0 / d);
    margins.answer(yi, v1 + v2 - 2.0 * r * (v1 * v2).sqrt())
}

/// What measures of the discordant pairs need.
const DISCORDANT: &[&[Field]] = &[&[Bi, Ci], &[Ai, Bi, Ci, Di]];

const BASE: EffectMeasure = EffectMeasure {
    code: "MPRR",
    aliases: &[],
    name: "marginal log risk ratio",
    family: Family::Pairs,
    columns: &[&[Ai, Bi, Ci, Di]],
    estimate: "ln((a + b)/(a + c))",
    variance: "(b + c)/((a + b)(a + c))",
    back: Back::Exp,
    vtypes: &[],
    corrects: false,
    adds: true,
    reference: "Zou 2007, Stat Med 26:2958; Fagerland et al. 2014",
    compute: mprr,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "MPOR",
        name: "marginal log odds ratio",
        estimate: "ln((a + b)(b + d)/((c + d)(a + c)))",
        variance: "n(1/((a + b)(c + d)) + 1/((a + c)(b + d)) − 2(ad − bc)/((a + b)(c + d)(a + c)(b + d)))",
        reference: "Becker & Balagtas 1993, Biometrics 49:997",
        compute: mpor,
        ..BASE
    },
    EffectMeasure {
        code: "MPRD",
        name: "marginal risk difference",
        estimate: "(b − c)/n",
        variance: "(b + c)/n² − (b − c)²/n³",
        back: Back::Identity,
        reference: "May & Johnson 1997; Newcombe 1998, Stat Med 17:2635",
        compute: mprd,
        ..BASE
    },
    EffectMeasure {
        code: "MPORC",
        columns: DISCORDANT,
        name: "conditional log odds ratio",
        estimate: "ln(b/c)",
        variance: "1/b + 1/c",
        reference: "Curtin et al. 2002, Stat Med 21:2131",
        compute: mporc,
        ..BASE
    },
    EffectMeasure {
        code: "MPPETO",
        columns: DISCORDANT,
        name: "conditional log odds ratio by Peto's method",
        estimate: "2(b − c)/(b + c)",
        variance: "4/(b + c)",
        reference: "Curtin et al. 2002; Zou 2007",
        compute: mppeto,
        ..BASE
    },
    EffectMeasure {
        code: "MPORM",
        name: "marginal log odds ratio from the margins and r",
        columns: &[&[Ai, Bi, Ci, Di, Ri], &[Ai, Bi, Ci, Di, Pi]],
        estimate: "ln(ad/(bc)), with the margins of both treatments in the rows",
        variance: "v₁ + v₂ − 2r√(v₁v₂), v₁ = 1/a + 1/b, v₂ = 1/c + 1/d",
        reference: "Elbourne et al. 2002, Int J Epidemiol 31:140",
        compute: mporm,
        ..BASE
    },
];
