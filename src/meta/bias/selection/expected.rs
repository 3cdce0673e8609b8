//! How likely a study is to be selected: the mean of the weight over the effects that it may find.

use super::weight::{Alternative, LEAST_P, SelectionKind};
use crate::numeric::dist::{normal_cdf, normal_density, normal_of_two_sided_p, normal_quantile, normal_sf};
use crate::numeric::quadrature::legendre_nodes;

/// A mean of weights, and its derivatives in the mean and the spread of z and in δ.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expected {
    pub value: f64,
    pub along_mean: f64,
    pub along_spread: f64,
    pub along_delta: Vec<f64>,
}

/// A z-value at which the weight is needed.
#[derive(Clone, Copy, Debug)]
struct Node {
    z: f64,
    /// Its weight in the quadrature.
    share: f64,
    log_p: f64,
    log_rest: f64,
}

/// The weight as a function of z = y/√v, which is the same for all studies, so that its values are computed once for
/// each δ.
pub(super) struct Selecting<'a> {
    kind: &'a SelectionKind,
    alternative: Alternative,
    /// Between the tails, where the weight changes.
    inside: Vec<Node>,
    /// Beyond z = −border and z = border it is the same everywhere.
    border: f64,
    tails: [Node; 2],
}

/// The weights of all nodes at one δ.
pub(super) struct Weights {
    /// The weight of each node times its share, and its derivatives in δ over itself.
    inside: Vec<(f64, f64, [f64; 2])>,
    tails: [(f64, [f64; 2]); 2],
    delta: Vec<f64>,
}

/// Beyond this z, p or 1 − p is below 1e-19 and smooth weights no longer change.
const FLAT: f64 = 9.2;
/// Panels between the inner border and 1.
const GROWING: i32 = 9;
/// The weight of a power still falls where 1 − p is small; beyond this z the density of any study is 0.
const FAR: f64 = 38.0;

impl<'a> Selecting<'a> {
    pub fn new(kind: &'a SelectionKind, alternative: Alternative) -> Self {
        let border = match (kind, alternative) {
            (SelectionKind::Beta, Alternative::TwoSided) => normal_of_two_sided_p(LEAST_P),
            (SelectionKind::Beta, _) => normal_quantile(1.0 - LEAST_P),
            (SelectionKind::Power, Alternative::Greater | Alternative::Less) => FAR,
            _ => FLAT,
        };
        let node = |z: f64, share: f64| {
            let (log_p, log_rest) = alternative.log_p(z);
            Node { z, share, log_p, log_rest }
        };
        // A two-sided beta weight has another border at 0, where 1 − p is least, and one that is a power of 1 − p a
        // cusp.
        let is_cut = matches!(kind, SelectionKind::Beta | SelectionKind::Power) && alternative == Alternative::TwoSided;
        let inner = if is_cut { normal_quantile(0.5 + 0.5 * LEAST_P) } else { 0.0 };
        // Beyond that border the weight is a power of z: panels that grow with it follow.
        let mut upper: Vec<f64> = if is_cut {
            (0..GROWING).map(|at| inner * (1.0 / inner).powf(f64::from(at) / f64::from(GROWING))).collect()
        } else {
            Vec::new()
        };
        let start = if is_cut { 1.0 } else { inner };
        let panels = ((border - start) / 1.2).ceil();
        upper.extend((0..=panels as usize).map(|at| start + (border - start) * at as f64 / panels));
        let mut breaks: Vec<f64> = upper.iter().rev().map(|z| -z).collect();
        breaks.extend(upper);
        let mut inside = Vec::new();
        if !matches!(kind, SelectionKind::Steps(_)) {
            for panel in breaks.windows(2).filter(|panel| panel[1] > panel[0]) {
                inside.extend(legendre_nodes(panel[0], panel[1]).into_iter().map(|(z, share)| node(z, share)));
            }
        }
        Self { kind, alternative, inside, border, tails: [node(-border - 1.0, 0.0), node(border + 1.0, 0.0)] }
    }

    /// The weights at one δ.
    pub fn weights(&self, delta: &[f64]) -> Weights {
        if matches!(self.kind, SelectionKind::Steps(_)) {
            return Weights { inside: Vec::new(), tails: [(0.0, [0.0; 2]); 2], delta: delta.to_vec() };
        }
        let at = |node: &Node| self.kind.log_weight(node.log_p, node.log_rest, delta);
        let inside = self.inside.iter().map(|node| {
            let (log, slopes) = at(node);
            (node.z, node.share * log.exp(), slopes)
        });
        let tails = [0, 1].map(|end: usize| {
            let (log, slopes) = at(&self.tails[end]);
            (log.exp(), slopes)
        });
        Weights { inside: inside.collect(), tails, delta: delta.to_vec() }
    }

    /// The mean of the weight over z ~ N(mean, spread²).
    pub fn expected(&self, weights: &Weights, mean: f64, spread: f64) -> Expected {
        if let SelectionKind::Steps(ends) = self.kind {
            return self.expected_of_steps(ends, &weights.delta, mean, spread);
        }
        let (mut value, mut first, mut second) = (0.0, 0.0, 0.0);
        let mut along = [0.0; 2];
        for (z, weight, slopes) in &weights.inside {
            let t = (z - mean) / spread;
            let part = weight * (-0.5 * t * t).exp();
            value += part;
            first += part * t;
            second += part * (t * t - 1.0);
            along[0] += part * slopes[0];
            along[1] += part * slopes[1];
        }
        let density = normal_density(0.0) / spread;
        let mut total = Expected {
            value: value * density,
            along_mean: first * density / spread,
            along_spread: second * density / spread,
            along_delta: along.map(|slope| slope * density).to_vec(),
        };
        for (side, (weight, slopes)) in [-1.0, 1.0].into_iter().zip(&weights.tails) {
            // P(side · z > border).
            let t = (self.border - side * mean) / spread;
            let beyond = normal_sf(t);
            total.value += weight * beyond;
            total.along_mean += weight * side * normal_density(t) / spread;
            total.along_spread += weight * t * normal_density(t) / spread;
            total.along_delta.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += weight * slope * beyond);
        }
        total.along_delta.truncate(self.kind.parameters());
        total
    }

    /// Σ δ P(the p-value lies in the interval).
    fn expected_of_steps(&self, ends: &[f64], delta: &[f64], mean: f64, spread: f64) -> Expected {
        // P(p ≤ end) with its derivatives.
        let up_to = |end: f64| {
            if end >= 1.0 {
                return [1.0, 0.0, 0.0];
            }
            let one = |side: f64, tail: f64| {
                let t = (side * mean + normal_quantile(tail)) / spread;
                let density = normal_density(t) / spread;
                [normal_cdf(t), side * density, -t * density]
            };
            match self.alternative {
                Alternative::Greater => one(1.0, end),
                Alternative::Less => one(-1.0, end),
                Alternative::TwoSided => {
                    let (a, b) = (one(1.0, 0.5 * end), one(-1.0, 0.5 * end));
                    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
                }
            }
        };
        let mut total = Expected { along_delta: vec![0.0; delta.len()], ..Expected::default() };
        let mut before = [0.0; 3];
        for (interval, end) in ends.iter().enumerate() {
            let here = up_to(*end);
            let weight = if interval == 0 { 1.0 } else { delta[interval - 1] };
            total.value += weight * (here[0] - before[0]);
            total.along_mean += weight * (here[1] - before[1]);
            total.along_spread += weight * (here[2] - before[2]);
            if interval > 0 {
                total.along_delta[interval - 1] = here[0] - before[0];
            }
            before = here;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn at(kind: &SelectionKind, alternative: Alternative, delta: &[f64], mean: f64, spread: f64) -> Expected {
        let selecting = Selecting::new(kind, alternative);
        selecting.expected(&selecting.weights(delta), mean, spread)
    }

    /// With no heterogeneity, no effect and w a function of p alone, the expectation is an integral over p.
    #[test]
    fn expectations_have_their_closed_forms() {
        let at_null = |kind: SelectionKind, delta: &[f64]| at(&kind, Alternative::Greater, delta, 0.0, 1.0).value;
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
        for delta in [0.0f64, 0.3, 2.0, 50.0] {
            let negexp = if delta == 0.0 { 1.0 } else { (1.0 - (-delta).exp()) / delta };
            close(at_null(SelectionKind::NegativeExponential, &[delta]), negexp);
            close(at_null(SelectionKind::Power, &[delta]), 1.0 / (1.0 + delta));
        }
        close(at_null(SelectionKind::HalfNormal, &[4.0]), PI.sqrt() / 4.0 * libm::erf(2.0));
        assert!((at_null(SelectionKind::Beta, &[2.0, 3.0]) - 1.0 / 12.0).abs() < 1e-9);
        // ∫ p^(−½)(1 − p)^(−½) dp between 1e-5 and 1 − 1e-5, and the constant weight beyond.
        let arc = PI - 4.0 * 1e-5f64.sqrt().asin();
        close(at_null(SelectionKind::Beta, &[0.5, 0.5]), arc + 2.0 * 1e-5 / (1e-5f64 * (1.0 - 1e-5)).sqrt());
        close(at_null(SelectionKind::Logistic, &[1.0]), 2.0 * (2f64.ln() - (1.0 + (-1f64).exp()).ln()));
    }

    /// Against the trapezoidal rule over the density, and its derivatives against differences; also where nearly all
    /// effects go the wrong way.
    #[test]
    fn expectations_and_derivatives_agree_with_another_rule() {
        let kinds = [
            (SelectionKind::Steps(vec![0.025, 0.5, 1.0]), vec![0.4, 0.1]),
            (SelectionKind::Beta, vec![0.7, 1.4]),
            (SelectionKind::HalfNormal, vec![5.0]),
            (SelectionKind::NegativeExponential, vec![3.0]),
            (SelectionKind::Logistic, vec![8.0]),
            (SelectionKind::Power, vec![2.5]),
        ];
        for (kind, delta) in &kinds {
            for alternative in [Alternative::Greater, Alternative::Less, Alternative::TwoSided] {
                for (mean, spread) in [(0.4, 1.0), (-6.0, 1.3), (2.0, 7.0)] {
                    let found = at(kind, alternative, delta, mean, spread);
                    // Weights with borders are no case for it.
                    if kind.is_curve() && alternative != Alternative::TwoSided {
                        let terms = (-4000..=4000).map(|j| {
                            let t = f64::from(j) * 0.005;
                            let (log_p, log_rest) = alternative.log_p(mean + spread * t);
                            kind.log_weight(log_p, log_rest, delta).0.exp() * normal_density(t) * 0.005
                        });
                        let other: f64 = terms.sum();
                        assert!((found.value / other - 1.0).abs() < 1e-11, "{kind:?} {mean}: {} {other}", found.value);
                    }
                    let step = 1e-5;
                    let difference = |up: Expected, down: Expected| (up.value - down.value) / (2.0 * step);
                    let close = |a: f64, b: f64| {
                        assert!((a - b).abs() < 1e-7 * (1.0 + b.abs()), "{kind:?} {alternative:?}: {a} {b}")
                    };
                    let moved = |by: f64| at(kind, alternative, delta, mean + by, spread);
                    close(found.along_mean, difference(moved(step), moved(-step)));
                    let moved = |by: f64| at(kind, alternative, delta, mean, spread + by);
                    close(found.along_spread, difference(moved(step), moved(-step)));
                    for j in 0..delta.len() {
                        let moved = |by: f64| {
                            let mut delta = delta.clone();
                            delta[j] += by;
                            at(kind, alternative, &delta, mean, spread)
                        };
                        close(found.along_delta[j], difference(moved(step), moved(-step)));
                    }
                }
            }
        }
    }
}
