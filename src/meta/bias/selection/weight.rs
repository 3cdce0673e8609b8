//! How often a study is published, as a function of its p-value.

use crate::numeric::dist::{normal_cdf, normal_density, normal_quantile, normal_sf};
use crate::numeric::quadrature::over_panels;
use std::f64::consts::PI;
use std::str::FromStr;

/// What the weight of a study depends on.
///
/// | kind | w(p) | no selection | source |
/// |---|---|---|---|
/// | steps | δ of the interval of p | all 1 | Hedges (1992); Vevea & Hedges (1995) |
/// | beta | p^(δ₁−1) (1 − p)^(δ₂−1), p at least 1e-5 and at most 1 − 1e-5 | 1, 1 | Citkowicz & Vevea (2017), Psychol Methods 22:28 |
/// | halfnorm | exp(−δp²) | 0 | Preston, Ashby & Smyth (2004), J Eval Clin Pract 10:313 |
/// | negexp | exp(−δp) | 0 | the same |
/// | logistic | 2 exp(−δp)/(1 + exp(−δp)) | 0 | the same |
/// | power | (1 − p)^δ | 0 | Viechtbauer (2010), as in metafor |
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SelectionKind {
    /// A weight for each interval of p-values, relative to the first; the ends of the intervals.
    Steps(Vec<f64>),
    /// A beta density.
    Beta,
    /// Half of a normal density.
    HalfNormal,
    /// An exponential.
    NegativeExponential,
    /// A logistic curve.
    Logistic,
    /// A power.
    Power,
}

/// The beta weight of smaller p-values is that of this one, as in metafor: with δ₁ < 1 it would grow without
/// bounds, and a single study would decide.
const LEAST_P: f64 = 1e-5;

impl SelectionKind {
    /// The kinds without steps, with their names.
    pub const SMOOTH: [(&'static str, Self); 5] = [
        ("beta", Self::Beta),
        ("halfnorm", Self::HalfNormal),
        ("negexp", Self::NegativeExponential),
        ("logistic", Self::Logistic),
        ("power", Self::Power),
    ];

    /// Its name.
    pub fn name(&self) -> &'static str {
        Self::SMOOTH.iter().find(|(_, kind)| kind == self).map_or("stepfun", |(name, _)| name)
    }

    /// How many δ are estimated.
    pub(super) fn parameters(&self) -> usize {
        match self {
            Self::Steps(ends) => ends.len() - 1,
            Self::Beta => 2,
            _ => 1,
        }
    }

    /// δ from a number without bounds, and a start for that. Weights relative to others are above 0; those of
    /// a curve may be 0, where there is no selection.
    pub(super) fn natural(&self, x: f64) -> f64 {
        if self.is_curve() { x * x } else { x.exp() }
    }

    pub(super) fn start(&self) -> f64 {
        if self.is_curve() { 1.0 } else { 0.0 }
    }

    pub(super) fn is_curve(&self) -> bool {
        !matches!(self, Self::Steps(_) | Self::Beta)
    }

    /// ln w at a p-value whose logarithm and that of 1 − p are given.
    pub(super) fn log_weight(&self, log_p: f64, log_rest: f64, delta: &[f64]) -> f64 {
        let p = log_p.exp();
        match self {
            Self::Steps(ends) => {
                let interval = ends.iter().position(|end| p <= *end).unwrap_or(ends.len() - 1);
                if interval == 0 { 0.0 } else { delta[interval - 1].ln() }
            }
            Self::Beta => {
                // At least 1e-5, and at most 1 − 1e-5.
                let (least, most) = (LEAST_P.ln(), (-LEAST_P).ln_1p());
                let (log_p, log_rest) = (log_p.clamp(least, most), log_rest.clamp(least, most));
                (delta[0] - 1.0) * log_p + (delta[1] - 1.0) * log_rest
            }
            Self::HalfNormal => -delta[0] * p * p,
            Self::NegativeExponential => -delta[0] * p,
            Self::Logistic => 2f64.ln() - delta[0] * p - (-delta[0] * p).exp().ln_1p(),
            Self::Power => delta[0] * log_rest,
        }
    }
}

impl FromStr for SelectionKind {
    type Err = String;

    /// The steps of a step function are given by [`SelectionKind::Steps`] itself.
    fn from_str(name: &str) -> Result<Self, String> {
        if name == "stepfun" {
            return Ok(Self::Steps(vec![0.025, 1.0]));
        }
        let known = Self::SMOOTH.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind.clone());
        known.ok_or_else(|| "one of stepfun, beta, halfnorm, negexp, logistic or power was expected".to_owned())
    }
}

/// In which direction an effect must go to be published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alternative {
    /// Large effects have small p-values.
    #[default]
    Greater,
    /// Small, or very negative, effects have small p-values.
    Less,
    /// Both have.
    TwoSided,
}

impl Alternative {
    /// ln p and ln(1 − p) of a z-value.
    pub(super) fn log_p(self, z: f64) -> (f64, f64) {
        match self {
            Self::Greater => (log_sf(z), log_sf(-z)),
            Self::Less => (log_sf(-z), log_sf(z)),
            Self::TwoSided => {
                let tail = log_sf(z.abs());
                (2f64.ln() + tail, (-2.0 * tail.exp()).ln_1p())
            }
        }
    }
}

impl FromStr for Alternative {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "greater" => Ok(Self::Greater),
            "less" => Ok(Self::Less),
            "two.sided" | "two-sided" => Ok(Self::TwoSided),
            _ => Err("one of greater, less or two-sided was expected".to_owned()),
        }
    }
}

/// ln P(Z > z), also where the probability itself is 0 as a number.
fn log_sf(z: f64) -> f64 {
    if z < 30.0 {
        return normal_sf(z).ln();
    }
    // Abramowitz & Stegun (1964), eq. 26.2.12.
    let t = 1.0 / (z * z);
    -0.5 * z * z - 0.5 * (2.0 * PI).ln() - z.ln() + (-t * (1.0 - 3.0 * t * (1.0 - 5.0 * t * (1.0 - 7.0 * t)))).ln_1p()
}

/// ln E w(p) over effects N(mean, spread²) whose p-values are those of effects over the standard error √v.
pub(super) fn log_expected(
    kind: &SelectionKind,
    alternative: Alternative,
    delta: &[f64],
    mean: f64,
    spread: f64,
    v: f64,
) -> f64 {
    let se = v.sqrt();
    if let SelectionKind::Steps(ends) = kind {
        return expected_of_steps(ends, alternative, delta, mean / spread, se / spread).ln();
    }
    let weight = |z: f64| {
        let (log_p, log_rest) = alternative.log_p(z);
        kind.log_weight(log_p, log_rest, delta).exp()
    };
    let (centre, width) = (mean / se, spread / se);
    if *kind == SelectionKind::Beta {
        return expected_of_beta(weight, alternative, centre, width).ln();
    }
    // The weights are at most 1 and smooth. The trapezoidal rule is exact to rounding for a smooth function on
    // the whole line, once its step is short beside both the distribution and the width of the curve.
    let step = 0.3 * (1.0 / width).min(1.0);
    let points = (8.6 / step).ceil() as i32;
    let at = |point: i32| step * f64::from(point);
    let sum: f64 =
        (-points..=points).map(|point| weight(centre + width * at(point)) * (-0.5 * at(point) * at(point)).exp()).sum();
    (sum * step * normal_density(0.0)).ln()
}

/// The weight is smooth between the z-values of the least p and the least 1 − p, and the same beyond them.
fn expected_of_beta(weight: impl Fn(f64) -> f64, alternative: Alternative, centre: f64, width: f64) -> f64 {
    let border = match alternative {
        Alternative::TwoSided => normal_quantile(1.0 - 0.5 * LEAST_P),
        _ => normal_quantile(1.0 - LEAST_P),
    };
    let beyond = border + 1.0;
    let outside = weight(beyond) * normal_sf((border - centre) / width)
        + weight(-beyond) * normal_cdf((-border - centre) / width);
    let density = |z: f64| [weight(z) * normal_density((z - centre) / width) / width];
    // A two-sided weight has another border at 0, where 1 − p is least.
    let inner = if alternative == Alternative::TwoSided { normal_quantile(0.5 + 0.5 * LEAST_P) } else { 0.0 };
    let mut breaks: Vec<f64> = (0..=4).map(|panel| inner + (border - inner) * f64::from(panel) / 4.0).collect();
    let mut lower: Vec<f64> = breaks.iter().rev().map(|z| -z).collect();
    lower.append(&mut breaks);
    let [inside] = over_panels(density, &lower);
    outside + inside
}

/// Σ δ P(the p-value lies in the interval).
fn expected_of_steps(ends: &[f64], alternative: Alternative, delta: &[f64], mean: f64, se: f64) -> f64 {
    let up_to = |end: f64| {
        if end >= 1.0 {
            return 1.0;
        }
        match alternative {
            Alternative::Greater => normal_cdf(mean - normal_quantile(1.0 - end) * se),
            Alternative::Less => normal_cdf(-mean - normal_quantile(1.0 - end) * se),
            Alternative::TwoSided => {
                let border = normal_quantile(1.0 - 0.5 * end) * se;
                normal_cdf(mean - border) + normal_cdf(-mean - border)
            }
        }
    };
    let (mut sum, mut before) = (0.0, 0.0);
    for (interval, end) in ends.iter().enumerate() {
        let here = up_to(*end);
        sum += if interval == 0 { 1.0 } else { delta[interval - 1] } * (here - before);
        before = here;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_continuous() {
        let (below, above) = (log_sf(30.0 - 1e-9), log_sf(30.0 + 1e-9));
        assert!((below - above).abs() < 1e-6, "{below} {above}");
    }

    /// With no heterogeneity, no effect and w a density of p, the expectation is an integral over p.
    #[test]
    fn expectations_have_their_closed_forms() {
        let at_null =
            |kind: SelectionKind, delta: &[f64]| log_expected(&kind, Alternative::Greater, delta, 0.0, 0.3, 0.09).exp();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-10, "{found} {expected}");
        close(at_null(SelectionKind::NegativeExponential, &[2.0]), (1.0 - (-2f64).exp()) / 2.0);
        close(at_null(SelectionKind::Power, &[3.0]), 0.25);
        assert!((at_null(SelectionKind::Beta, &[2.0, 3.0]) - 1.0 / 12.0).abs() < 1e-9);
        // ∫ p^(−½)(1 − p)^(−½) dp between 1e-5 and 1 − 1e-5, and the constant weight beyond.
        let arc = PI - 4.0 * 1e-5f64.sqrt().asin();
        close(at_null(SelectionKind::Beta, &[0.5, 0.5]), arc + 2.0 * 1e-5 / (1e-5f64 * (1.0 - 1e-5)).sqrt());
        close(at_null(SelectionKind::Logistic, &[1.0]), 2.0 * (2f64.ln() - (1.0 + (-1f64).exp()).ln()));
    }
}
