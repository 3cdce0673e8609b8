//! 2×2 tables of two features that a member has or has not.

use super::counts::{CELLS, Counts};
use super::two_groups::fisher_z;
use super::{Answer, Back, EffectMeasure, Family, Inputs, Options, Reason, Vtype};
use crate::numeric::dist::{bivariate_normal_cdf, bivariate_normal_density, normal_cdf, normal_quantile};
use crate::numeric::roots::brent;

/// Shares of the rows, shares of the columns, and phi.
fn margins(counts: &Counts) -> Result<([f64; 2], [f64; 2], f64), Reason> {
    let [n1, n2] = counts.n();
    let (x, y) = (counts.a + counts.c, counts.b + counts.d);
    if x == 0.0 || y == 0.0 {
        return Err(Reason::Undefined("a column of the table is empty"));
    }
    let n = n1 + n2;
    let phi = (counts.a * counts.d - counts.b * counts.c) / (n1.sqrt() * n2.sqrt() * x.sqrt() * y.sqrt());
    Ok(([n1 / n, n2 / n], [x / n, y / n], phi))
}

fn phi(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    let ([r1, r2], [c1, c2], yi) = margins(&counts)?;
    if counts.b == 0.0 && counts.c == 0.0 || counts.a == 0.0 && counts.d == 0.0 {
        // Both variances vanish there, which rounding must not turn into something below 0.
        return counts.answer(yi.signum(), 0.0);
    }
    let [n1, n2] = counts.n();
    let vi = match options.vtype {
        Vtype::St => {
            // The delta method for two independent risks at fixed row totals.
            let root = (r1 * r2 / (c1 * c2)).sqrt();
            let by_risk = |share: f64, sign: f64| root * sign - 0.5 * yi * (c2 - c1) / (c1 * c2) * share;
            let of = |events: f64, others: f64, size: f64| events * others / size.powi(3);
            by_risk(r1, 1.0).powi(2) * of(counts.a, counts.b, n1)
                + by_risk(r2, -1.0).powi(2) * of(counts.c, counts.d, n2)
        }
        _ => {
            let (rows, columns) = (r1 * r2, c1 * c2);
            let skew = (r1 - r2) * (c1 - c2) / (rows * columns).sqrt();
            let gaps = (r1 - r2).powi(2) / rows + (c1 - c2).powi(2) / columns;
            (1.0 - yi * yi + yi * (1.0 + 0.5 * yi * yi) * skew - 0.75 * yi * yi * gaps) / (n1 + n2)
        }
    };
    counts.answer(yi, vi)
}

/// Yule's Q at power 1 and his Y at power ½ of the odds ratio.
fn yule(inputs: &Inputs, options: &Options, power: f64) -> Answer {
    let counts = Counts::read(inputs, options)?;
    // (θ − 1)/(θ + 1) = tanh(½ ln θ)
    let yi = (0.5 * power * counts.log_odds_ratio()?).tanh();
    let slope = 0.5 * power * (1.0 - yi * yi);
    let vi = slope * slope * counts.reciprocals();
    counts.answer(yi, vi)
}

/// The correlation of a bivariate normal distribution that is cut at both margins.
///
/// The table has three free shares and the model three parameters, so the maximum of the
/// likelihood fits it exactly: thresholds from the margins, r from the upper left cell.
fn tetrachoric(inputs: &Inputs, options: &Options) -> Answer {
    let counts = Counts::read(inputs, options)?;
    if [counts.a, counts.b, counts.c, counts.d].contains(&0.0) {
        return Err(Reason::Undefined("a cell is 0, and nothing was added to it"));
    }
    let ([r1, _], [c1, _], _) = margins(&counts)?;
    let [n1, n2] = counts.n();
    let n = n1 + n2;
    let (h, k) = (normal_quantile(r1), normal_quantile(c1));
    let excess = |r: f64| bivariate_normal_cdf(h, k, r) - counts.a / n;
    let none = Reason::Undefined("the tetrachoric correlation is ±1 to all digits");
    let r = brent(excess, -1.0, 1.0, 0.0).map_err(|_| none.clone())?;
    let density = bivariate_normal_density(h, k, r);
    let rest = ((1.0 - r) * (1.0 + r)).sqrt();
    if rest == 0.0 || density == 0.0 {
        return Err(none);
    }
    // The slopes of the cell in the two thresholds, less a half.
    let (s1, s2) = (normal_cdf((k - r * h) / rest) - 0.5, normal_cdf((h - r * k) / rest) - 0.5);
    let Counts { a, b, c, d, .. } = counts;
    let sum = (a + d) * (b + c) / 4.0
        + s1 * s1 * (a + b) * (c + d)
        + s2 * s2 * (a + c) * (b + d)
        + 2.0 * s1 * s2 * (a * d - b * c)
        - s2 * (a * b - c * d)
        - s1 * (a * c - b * d);
    counts.answer(r, sum / (n.powi(3) * density * density))
}

const BASE: EffectMeasure = EffectMeasure {
    code: "PHI",
    aliases: &[],
    name: "phi coefficient",
    family: Family::Association,
    columns: CELLS,
    estimate: "(ad − bc)/√(n₁n₂(a + c)(b + d))",
    variance: "Yule's, for cross-sectional sampling (also CS); ST: by the delta method for fixed n₁ and n₂",
    back: Back::Identity,
    vtypes: &[Vtype::St, Vtype::Cs],
    corrects: false,
    adds: false,
    reference: "Yule 1912, J R Stat Soc 75:579",
    compute: phi,
};

pub(super) const MEASURES: &[EffectMeasure] = &[
    BASE,
    EffectMeasure {
        code: "ZPHI",
        name: "PHI as Fisher's z",
        estimate: "artanh φ",
        variance: "v(φ)/(1 − φ²)²",
        back: Back::Tanh,
        reference: "Yule 1912; Fisher 1921",
        compute: |inputs, options| fisher_z(phi(inputs, options)?),
        ..BASE
    },
    EffectMeasure {
        code: "YUQ",
        adds: true,
        name: "Yule's Q",
        estimate: "(ad − bc)/(ad + bc)",
        variance: "(1 − Q²)²/4·(1/a + 1/b + 1/c + 1/d)",
        vtypes: &[],
        compute: |inputs, options| yule(inputs, options, 1.0),
        ..BASE
    },
    EffectMeasure {
        code: "YUY",
        adds: true,
        name: "Yule's Y",
        estimate: "(√(ad) − √(bc))/(√(ad) + √(bc))",
        variance: "(1 − Y²)²/16·(1/a + 1/b + 1/c + 1/d)",
        vtypes: &[],
        compute: |inputs, options| yule(inputs, options, 0.5),
        ..BASE
    },
    EffectMeasure {
        code: "RTET",
        name: "tetrachoric correlation",
        estimate: "the r with Φ₂(Φ⁻¹(n₁/n), Φ⁻¹((a + c)/n), r) = a/n",
        variance: "Pearson's, with both thresholds estimated",
        vtypes: &[],
        reference: "Pearson 1900, Philos Trans A 195:1; Hamdan 1970, Biometrika 57:212",
        compute: tetrachoric,
        ..BASE
    },
    EffectMeasure {
        code: "ZTET",
        name: "RTET as Fisher's z",
        estimate: "artanh r",
        variance: "v(r)/(1 − r²)²",
        back: Back::Tanh,
        vtypes: &[],
        reference: "Pearson 1900; Fisher 1921",
        compute: |inputs, options| fisher_z(tetrachoric(inputs, options)?),
        ..BASE
    },
];
