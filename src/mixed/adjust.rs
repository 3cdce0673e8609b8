//! Several differences at once: p-values and intervals for all of them together.

use super::error::MixedError;
use super::fit::MixedFit;
use super::options::Adjustment;
use super::result::Coefficient;
use crate::numeric::dist::{
    LargestOf, normal_critical, studentized_range_quantile_upper, studentized_range_sf, t_critical,
};
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};
use std::f64::consts::SQRT_2;

/// The test of a difference among others: see [`Adjustment`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Adjusted {
    /// The adjusted p-value; NaN where there is no p-value.
    pub p: f64,
    /// The interval that holds for all of the family together; none where the method, Holm's, has none.
    pub ci: Option<Interval>,
}

/// The tests of a family of differences, adjusted for their number; none without adjustment, and for the methods that
/// take the correlations of the tests, which [`MixedFit::adjusted`](crate::mixed::MixedFit::adjusted) knows. `means`
/// counts the means of whose pairs Tukey's method takes them to be all.
///
/// Source: Holm (1979), Scand J Stat 6:65; Tukey (1953) and Kramer (1956), Biometrics 12:307.
///
/// ```
/// use reffect::mixed::Adjustment;
/// use reffect::mixed::result::{Coefficient, adjust};
/// let family = [1.0, 2.5].map(|estimate| Coefficient::new("d", estimate, 1.0, None, 0.95));
/// let tests = adjust(&family, Adjustment::Holm, 2, 0.95).ok_or("two tests")?;
/// assert!((tests[1].p - 2.0 * family[1].p).abs() < 1e-15 && tests[0].p == family[0].p);
/// # Ok::<(), &str>(())
/// ```
pub fn adjust(family: &[Coefficient], adjustment: Adjustment, means: usize, level: f64) -> Option<Vec<Adjusted>> {
    let count = family.iter().filter(|of| !of.p.is_nan()).count() as f64;
    let around = |of: &Coefficient, critical: f64| Some(Interval::around(of.estimate, critical * of.se));
    Some(match adjustment {
        Adjustment::None | Adjustment::Dunnett | Adjustment::MultivariateT => return None,
        Adjustment::Bonferroni => {
            let within = 1.0 - (1.0 - level) / count;
            let critical = |of: &Coefficient| match of.df {
                Some(df) => t_critical(within, df),
                None => normal_critical(within),
            };
            family
                .iter()
                .map(|of| Adjusted { p: (count * of.p).min(at_most(of)), ci: around(of, critical(of)) })
                .collect()
        }
        Adjustment::Holm => holm(family),
        Adjustment::Tukey => {
            // In balanced data all tests have the same degrees of freedom, but for rounding.
            let mut known = (f64::NAN, f64::NAN);
            let of = |of: &Coefficient| {
                let df = of.df.unwrap_or(f64::INFINITY);
                let is_known = df == known.0 || (df - known.0).abs() < 1e-9 * df;
                if !is_known {
                    known = (df, studentized_range_quantile_upper(1.0 - level, means, df) / SQRT_2);
                }
                let critical = known.1;
                let p = studentized_range_sf(of.statistic.abs() * SQRT_2, means, df);
                Adjusted { p, ci: around(of, critical) }
            };
            family.iter().map(of).collect()
        }
    })
}

/// A family of tests adjusted for their number, and how exact that is: see
/// [`MixedFit::adjusted`](crate::mixed::MixedFit::adjusted).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AdjustedFamily {
    /// One for each test.
    pub tests: Vec<Adjusted>,
    /// The relative standard error of the probabilities behind them; 0 where they are exact but for rounding.
    pub error: f64,
}

/// Linear functions of the fixed effects of a fit, adjusted for their number; none without adjustment.
pub(super) fn adjusted(
    fit: &(impl MixedFit + ?Sized),
    (family, functions): (&[Coefficient], &[Vec<f64>]),
    adjustment: Adjustment,
    means: usize,
) -> Result<Option<AdjustedFamily>, MixedError> {
    if !adjustment.takes_correlations() {
        let tests = adjust(family, adjustment, means, fit.level());
        return Ok(tests.map(|tests| AdjustedFamily { tests, error: 0.0 }));
    }
    let is_tested: Vec<usize> = (0..family.len()).filter(|&at| !family[at].p.is_nan()).collect();
    let none = Adjusted { p: f64::NAN, ci: None };
    let mut all = AdjustedFamily { tests: vec![none; family.len()], error: 0.0 };
    let covariance = |a: usize, b: usize| dot(&fit.vcov().times_vector(&functions[a]), &functions[b]);
    let roots: Vec<f64> = is_tested.iter().map(|&at| covariance(at, at).sqrt()).collect();
    let correlation = Matrix::from_fn(is_tested.len(), is_tested.len(), |i, j| {
        covariance(is_tested[i], is_tested[j]) / (roots[i] * roots[j])
    });
    if is_tested.is_empty() {
        return Ok(Some(all));
    }
    let Some(largest) = LargestOf::new(&correlation) else {
        let message = format!("{} tests are too many for one multivariate t distribution", is_tested.len());
        let hint = "at most fifty are taken (without a common reference); compare with the first level alone (--pairs first), \
                    or adjust by Holm's method (--adjust holm) or Tukey's (--adjust tukey)";
        return Err(MixedError::data(message, hint));
    };
    all.error = largest.error();
    // In balanced data all tests have the same degrees of freedom, but for rounding.
    let mut known = (f64::NAN, f64::NAN);
    for at in is_tested {
        let of = &family[at];
        let df = of.df.unwrap_or(f64::INFINITY);
        if !(df == known.0 || (df - known.0).abs() < 1e-9 * df) {
            known = (df, largest.critical(fit.level(), df));
        }
        let ci = Some(Interval::around(of.estimate, known.1 * of.se));
        // The lattice may err by more than the test of one alone differs from that of several.
        all.tests[at] = Adjusted { p: largest.sf(of.statistic, df).max(of.p).min(1.0), ci };
    }
    Ok(Some(all))
}

/// The largest p-value, which is none where the test has none.
fn at_most(of: &Coefficient) -> f64 {
    if of.p.is_nan() { f64::NAN } else { 1.0 }
}

/// p times the number of tests whose p is not smaller, and no smaller than that of a test with a smaller p.
fn holm(family: &[Coefficient]) -> Vec<Adjusted> {
    let mut order: Vec<usize> = (0..family.len()).filter(|&at| !family[at].p.is_nan()).collect();
    order.sort_by(|&a, &b| family[a].p.total_cmp(&family[b].p));
    let mut all = vec![Adjusted { p: f64::NAN, ci: None }; family.len()];
    let mut before = 0.0f64;
    for (rank, &at) in order.iter().enumerate() {
        let left = (order.len() - rank) as f64;
        before = before.max((left * family[at].p).min(1.0));
        all[at].p = before;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_p(values: &[f64]) -> Vec<Coefficient> {
        values.iter().map(|p| Coefficient { p: *p, ..Coefficient::new("d", 1.0, 0.5, Some(10.0), 0.95) }).collect()
    }

    /// R: p.adjust(c(0.01, 0.04, 0.03, 0.2), "holm") and "bonferroni".
    #[test]
    fn p_values_are_those_of_p_adjust() {
        let family = with_p(&[0.01, 0.04, 0.03, 0.2]);
        let p =
            |adjustment| -> Vec<f64> { adjust(&family, adjustment, 4, 0.95).unwrap().iter().map(|of| of.p).collect() };
        let close = |found: Vec<f64>, expected: [f64; 4]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
        };
        close(p(Adjustment::Holm), [0.04, 0.09, 0.09, 0.2]);
        close(p(Adjustment::Bonferroni), [0.04, 0.16, 0.12, 0.8]);
        assert!(adjust(&family, Adjustment::None, 4, 0.95).is_none());
        // What has no p-value counts in no rank and gets none.
        let found = holm(&with_p(&[0.02, f64::NAN, 0.03]));
        assert!((found[0].p - 0.04).abs() < 1e-15 && found[1].p.is_nan() && (found[2].p - 0.04).abs() < 1e-15);
    }

    /// An interval that ends at 0 belongs to the p-value that the level leaves.
    #[test]
    fn simultaneous_intervals_agree_with_their_p_values() {
        for adjustment in [Adjustment::Bonferroni, Adjustment::Tukey] {
            for df in [Some(7.5), Some(80.0), None] {
                let wide = adjust(&[Coefficient::new("d", 0.0, 1.0, df, 0.95); 1], adjustment, 4, 0.95).unwrap();
                let edge = wide[0].ci.unwrap().upper;
                let found = adjust(&[Coefficient::new("d", edge, 1.0, df, 0.95)], adjustment, 4, 0.95).unwrap();
                assert!((found[0].p - 0.05).abs() < 1e-9, "{adjustment} {df:?}: {}", found[0].p);
                assert!(found[0].ci.unwrap().lower.abs() < 1e-9);
            }
        }
    }
}
