//! How often a study is published, as a function of its p-value.

use crate::diagnostic::{Refused, named, place_of_name};
use crate::numeric::dist::normal_sf;
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
pub(super) const LEAST_P: f64 = 1e-5;

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

    /// The derivative of [`Self::natural`].
    pub(super) fn natural_slope(&self, x: f64) -> f64 {
        if self.is_curve() { 2.0 * x } else { x.exp() }
    }

    pub(super) fn start(&self) -> f64 {
        if self.is_curve() { 1.0 } else { 0.0 }
    }

    /// Starts for the numbers of all δ: the ordinary one, and weights that rise or fall more.
    pub(super) fn starts(&self) -> Vec<Vec<f64>> {
        let ordinary = vec![self.start(); self.parameters()];
        let others = match self {
            Self::Steps(_) => vec![vec![-2.0; self.parameters()], vec![2.0; self.parameters()]],
            // Its weights are those of a p of 1e-5 for all smaller ones, and starts far from the ordinary one end in
            // maxima that this limit alone makes.
            Self::Beta => Vec::new(),
            _ => vec![vec![3.0]],
        };
        std::iter::once(ordinary).chain(others).collect()
    }

    pub(super) fn is_curve(&self) -> bool {
        !matches!(self, Self::Steps(_) | Self::Beta)
    }

    /// ln w at a p-value whose logarithm and that of 1 − p are given, and its derivatives in the δ of the kind; for
    /// steps, the δ are the weights themselves.
    pub(super) fn log_weight(&self, log_p: f64, log_rest: f64, delta: &[f64]) -> (f64, [f64; 2]) {
        let p = log_p.exp();
        match self {
            Self::Steps(ends) => match self.interval(ends, p) {
                0 => (0.0, [0.0; 2]),
                // Of this one δ alone; see `Likelihood`.
                interval => (delta[interval - 1].ln(), [1.0 / delta[interval - 1], 0.0]),
            },
            Self::Beta => {
                // At least 1e-5, and at most 1 − 1e-5.
                let (least, most) = (LEAST_P.ln(), (-LEAST_P).ln_1p());
                let (log_p, log_rest) = (log_p.clamp(least, most), log_rest.clamp(least, most));
                ((delta[0] - 1.0) * log_p + (delta[1] - 1.0) * log_rest, [log_p, log_rest])
            }
            Self::HalfNormal => (-delta[0] * p * p, [-p * p, 0.0]),
            Self::NegativeExponential => (-delta[0] * p, [-p, 0.0]),
            Self::Logistic => {
                let small = (-delta[0] * p).exp();
                (2f64.ln() - delta[0] * p - small.ln_1p(), [-p / (1.0 + small), 0.0])
            }
            Self::Power => (delta[0] * log_rest, [log_rest, 0.0]),
        }
    }

    /// Which interval of the steps a p-value is in.
    pub(super) fn interval(&self, ends: &[f64], p: f64) -> usize {
        ends.iter().position(|end| p <= *end).unwrap_or(ends.len() - 1)
    }
}

impl FromStr for SelectionKind {
    type Err = Refused;

    /// The steps of a step function are given by [`SelectionKind::Steps`] itself.
    fn from_str(name: &str) -> Result<Self, Refused> {
        const NAMES: [&[&str]; 6] = [&["stepfun"], &["beta"], &["halfnorm"], &["negexp"], &["logistic"], &["power"]];
        Ok(match place_of_name(name, "selection model", &NAMES)?.checked_sub(1) {
            None => Self::Steps(vec![0.025, 1.0]),
            Some(place) => Self::SMOOTH[place].1.clone(),
        })
    }
}

/// In which direction an effect must go to be published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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

named!(Alternative, "alternative", [Greater "greater", Less "less", TwoSided "two-sided" | "two.sided"]);

/// ln P(Z > z), also where the probability itself is 0 as a number.
fn log_sf(z: f64) -> f64 {
    if z < 30.0 {
        return normal_sf(z).ln();
    }
    // Abramowitz & Stegun (1964), eq. 26.2.12.
    let t = 1.0 / (z * z);
    -0.5 * z * z - 0.5 * (2.0 * PI).ln() - z.ln() + (-t * (1.0 - 3.0 * t * (1.0 - 5.0 * t * (1.0 - 7.0 * t)))).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_continuous() {
        let (below, above) = (log_sf(30.0 - 1e-9), log_sf(30.0 + 1e-9));
        assert!((below - above).abs() < 1e-6, "{below} {above}");
    }
}
