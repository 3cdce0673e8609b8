//! The test of excess significance.

use crate::meta::fit::{Fit, fitted};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::dist::{normal_cdf, normal_quantile, normal_sf};

/// How many studies are significant, and how many should be.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Excess {
    /// How many are.
    pub observed: f64,
    /// How many are expected by their power.
    pub expected: f64,
    /// The one-sided p-value: that so many or more are.
    pub p: f64,
}

/// With more ways than these for so many studies or more to be significant, the test is χ², as in metafor.
const MOST_WAYS: f64 = 1e6;

/// Counts studies with p ≤ 0.05, whatever the level of the fit, and compares with the sum of their powers, each
/// averaged over true effects N(x′b, τ²): about the fitted value of the study, without moderators the pooled effect.
/// The number of significant studies is a sum of events with different probabilities; for many studies the test is χ².
///
/// # Errors
/// If the fit is of other studies or of other moderators.
///
/// Source: Ioannidis & Trikalinos (2007), Clin Trials 4:245; Francis (2013) for the exact test.
#[doc(alias = "tes")]
pub fn excess_significance(fit: &Fit, problem: &Problem) -> Result<Excess, MetaError> {
    problem.is_that_of(fit.k, fit.p)?;
    let critical = normal_quantile(0.975);
    let beta = fit.beta();
    let k = problem.k() as f64;
    let power = |study: usize| {
        let (v, mean) = (problem.vi[study], fitted(problem, &beta, study));
        let (border, spread) = (critical * v.sqrt(), (v + fit.tau2).sqrt());
        normal_sf((border - mean) / spread) + normal_cdf((-border - mean) / spread)
    };
    let powers: Vec<f64> = (0..problem.k()).map(power).collect();
    let expected: f64 = powers.iter().sum();
    let significant = problem.yi.iter().zip(&problem.vi).filter(|(y, v)| y.abs() >= critical * v.sqrt());
    let observed = significant.count();
    let p = if ways(problem.k(), problem.k() - observed) <= MOST_WAYS {
        at_least(&powers, observed)
    } else {
        // The signed root of χ² with one degree of freedom.
        normal_sf((observed as f64 - expected) / (expected * (k - expected) / k).sqrt())
    };
    Ok(Excess { observed: observed as f64, expected, p })
}

/// In how many ways up to `most` of `k` studies can be left out: those that are not significant.
fn ways(k: usize, most: usize) -> f64 {
    let (mut choices, mut sum) = (1.0, 1.0);
    for taken in 1..=most {
        choices *= (k + 1 - taken) as f64 / taken as f64;
        sum += choices;
    }
    sum
}

/// The probability that at least `count` of independent events with these probabilities happen.
fn at_least(probabilities: &[f64], count: usize) -> f64 {
    let mut share = vec![1.0];
    for p in probabilities {
        let mut next = vec![0.0; share.len() + 1];
        for (at, value) in share.iter().enumerate() {
            next[at] += value * (1.0 - p);
            next[at + 1] += value * p;
        }
        share = next;
    }
    share[count..].iter().sum()
}
