//! The search for the highest maximum of the likelihood of a selection model.

use super::Likelihood;
use super::weight::SelectionKind;
use crate::meta::Estimator;
use crate::meta::fit::{Fit, Model};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::minimum::{Lowest, descend, minimise};

/// A maximum of the likelihood.
pub(super) struct Fitted {
    pub beta: Vec<f64>,
    pub tau2: f64,
    pub delta: Vec<f64>,
    /// Minus the likelihood.
    pub value: f64,
    pub converged: bool,
    /// By how much the likelihood is higher than where the ordinary search ends.
    pub gain: f64,
}

impl Fitted {
    /// Whether the curve is one without selection.
    pub fn is_unselected(&self, kind: &SelectionKind) -> bool {
        kind.is_curve() && self.delta[0] < 1e-7
    }

    /// Whether it is a maximum inside the range, or at the end of δ.
    fn is_maximum(&self, kind: &SelectionKind) -> bool {
        self.converged || self.is_unselected(kind)
    }
}

/// The likelihood over numbers without bounds: the coefficients, τ unless it is held at 0, and those of δ.
struct Search<'a> {
    likelihood: &'a Likelihood<'a>,
    has_tau: bool,
}

impl Search<'_> {
    /// How many numbers come before those of δ.
    fn before_delta(&self) -> usize {
        self.likelihood.problem.p() + usize::from(self.has_tau)
    }

    fn natural(&self, x: &[f64]) -> (Vec<f64>, f64, Vec<f64>) {
        let p = self.likelihood.problem.p();
        let tau2 = if self.has_tau { x[p] * x[p] } else { 0.0 };
        let own = || x[self.before_delta()..].iter().map(|x| self.likelihood.kind.natural(*x)).collect();
        (x[..p].to_vec(), tau2, self.likelihood.given.clone().unwrap_or_else(own))
    }

    fn value(&self, x: &[f64]) -> f64 {
        let (beta, tau2, delta) = self.natural(x);
        self.likelihood.at(&beta, tau2, &delta).value
    }

    fn slopes(&self, x: &[f64]) -> Vec<f64> {
        let (beta, tau2, delta) = self.natural(x);
        let here = self.likelihood.at(&beta, tau2, &delta);
        let mut slopes = here.beta;
        slopes.extend(self.has_tau.then(|| 2.0 * x[self.likelihood.problem.p()] * here.tau2));
        let of_delta = x[self.before_delta()..].iter().zip(here.delta);
        slopes.extend(of_delta.map(|(x, slope)| self.likelihood.kind.natural_slope(*x) * slope));
        slopes
    }

    fn descend(&self, start: Vec<f64>) -> Lowest {
        descend(|x| self.value(x), |x| self.slopes(x), start)
    }

    fn polished(&self, from: Vec<f64>) -> Fitted {
        let found = minimise(|x| self.value(x), |x| self.slopes(x), from);
        let (beta, tau2, delta) = self.natural(&found.at);
        Fitted { beta, tau2, delta, value: found.value, converged: found.converged, gain: 0.0 }
    }
}

/// How far other starts lie from the means without selection, in standard deviations of a typical effect.
const SHIFTS: [f64; 3] = [0.0, -4.0, 4.0];

/// With more studies than these the data leave no room for maxima far from the ordinary start.
const FEW: usize = 200;

/// Searches that end this close have the same maximum.
const SAME: f64 = 1e-6;

/// The highest maximum that searches from several starts find, in τ and in numbers without bounds for δ. The
/// likelihood can have several: one near the means without selection, and others where a strong selection hides means
/// that are far from them. The problem has effects and moderators of an ordinary size.
///
/// # Errors
/// If the ordinary search rises higher than any maximum without reaching one.
pub(super) fn highest(likelihood: &Likelihood<'_>, plain: &Fit, common: bool) -> Result<Fitted, MetaError> {
    let kind = likelihood.kind;
    let whole = Search { likelihood, has_tau: !common };
    let starts = starts(likelihood, plain, common);
    let mut ends: Vec<(bool, Lowest)> =
        starts.into_iter().enumerate().map(|(at, start)| (at == 0, whole.descend(start))).collect();
    let ordinary = ends[0].1.value;
    ends.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let (mut best, mut endless) = (None::<Fitted>, f64::INFINITY);
    for (is_ordinary, end) in ends {
        if best.as_ref().is_some_and(|best| end.value > best.value - SAME) {
            break;
        }
        let found = whole.polished(end.at);
        if found.is_maximum(kind) {
            best = Some(found);
        } else if is_ordinary {
            endless = found.value;
        }
    }
    // The maximum may lie at τ² = 0, where a search in τ stands still but is not told from others.
    if !common {
        let without = Search { likelihood, has_tau: false };
        let mut start = plain.beta();
        let is_given = likelihood.given.is_some();
        start.extend(vec![kind.start(); if is_given { 0 } else { kind.parameters() }]);
        let at_zero = without.polished(start);
        let limit = best.as_ref().map_or(endless, |best| best.value);
        if at_zero.value <= limit + 1e-9 && at_zero.converged {
            best = Some(at_zero);
        }
    }
    let best =
        best.filter(|best| best.value <= endless + 1e-9).map(|best| Fitted { gain: ordinary - best.value, ..best });
    best.ok_or_else(|| {
        let why = "the likelihood has no clear maximum; too few studies may stand in some range of p-values";
        MetaError::not_converged("the selection model", why)
    })
}

/// The ordinary start, and others with shifted means and other weights.
fn starts(likelihood: &Likelihood<'_>, plain: &Fit, common: bool) -> Vec<Vec<f64>> {
    let (kind, problem) = (likelihood.kind, likelihood.problem);
    let spread = (1.0 + plain.tau2).sqrt();
    let along = means_of_one(problem);
    let mut starts = Vec::new();
    let is_wide = !matches!(kind, SelectionKind::Beta) && problem.k() <= FEW;
    for shift in if is_wide { &SHIFTS[..] } else { &SHIFTS[..1] } {
        let weights = if likelihood.given.is_some() { vec![Vec::new()] } else { kind.starts() };
        for delta in weights {
            let mut start: Vec<f64> =
                plain.beta().iter().zip(&along).map(|(beta, one)| beta + shift * spread * one).collect();
            start.extend((!common).then(|| plain.tau2.max(0.05).sqrt()));
            start.extend(delta);
            starts.push(start);
        }
    }
    starts
}

/// The coefficients whose means are closest to 1.
fn means_of_one(problem: &Problem) -> Vec<f64> {
    let ones = Problem { yi: vec![1.0; problem.k()], ..problem.clone() };
    let fit = Model { estimator: Estimator::Ee, ..Model::default() }.fit(&ones);
    fit.map_or_else(|_| vec![0.0; problem.p()], |fit| fit.beta())
}
