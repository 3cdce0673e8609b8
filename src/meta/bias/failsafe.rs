//! How many studies without an effect would change the result.

use crate::diagnostic::named;
use crate::meta::deletion::{without_interval, without_moderators};
use crate::meta::fit::Model;
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::dist::{normal_of_two_sided_p, normal_quantile, normal_sf, normal_two_sided_p};

/// Which fail-safe number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailSafeKind {
    /// Rosenthal (1979): the sum of z-values is no longer significant.
    #[default]
    Rosenthal,
    /// Orwin (1983): the mean effect, with weights 1/v, falls to a target.
    Orwin,
    /// Rosenberg (2005): the weighted mean is no longer significant.
    Rosenberg,
    /// The pooled effect of the model is no longer significant, or falls to a target.
    General,
}

named!(
    FailSafeKind,
    "fail-safe number",
    [Rosenthal "rosenthal", Orwin "orwin", Rosenberg "rosenberg", General "general"]
);

/// A fail-safe number.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FailSafe {
    /// The number of studies, a whole one; none where even [`MOST_ADDED`] are too few, or no number is large enough.
    pub number: Option<f64>,
    /// The p-value that the studies have as they are; none for Orwin's.
    pub p: Option<f64>,
    /// The effect that is aimed at, for Orwin's and the general one.
    pub target: Option<f64>,
}

/// The fail-safe number, at the level 0.05 (Rosenthal: one-sided). The model is that of the general number; the
/// others take the effects with their variances alone.
///
/// Sources: Rosenthal (1979), Psychol Bull 86:638; Orwin (1983), J Educ Stat 8:157; Rosenberg (2005),
/// Evolution 59:464. As in metafor 5, the mean of Orwin's number has the weights 1/v.
///
/// # Errors
/// If there are moderators; if the target is 0 or no finite number, or the mean of Orwin's number is 0 and there is no
/// target; for the general number, if there are weights, or the model cannot be fitted.
#[doc(alias = "fsn")]
pub fn fail_safe(
    model: &Model,
    problem: &Problem,
    kind: FailSafeKind,
    target: Option<f64>,
) -> Result<FailSafe, MetaError> {
    const ALPHA: f64 = 0.05;
    without_moderators(problem, "a fail-safe number")?;
    let k = problem.k() as f64;
    let studies = || problem.yi.iter().zip(&problem.vi);
    Ok(match kind {
        FailSafeKind::Rosenthal => {
            let z = studies().map(|(y, v)| y / v.sqrt()).sum::<f64>() / k.sqrt();
            let number = k * (z / normal_quantile(1.0 - ALPHA)).powi(2) - k;
            FailSafe { number: whole(number), p: Some(normal_sf(z.abs())), target: None }
        }
        FailSafeKind::Orwin => {
            let total: f64 = problem.vi.iter().map(|v| 1.0 / v).sum();
            let mean = studies().map(|(y, v)| y / v).sum::<f64>() / total;
            let target = towards(mean, target)?;
            let number = whole(k * (mean - target) / target - 1e-9);
            FailSafe { number, p: None, target: Some(target) }
        }
        FailSafeKind::General => general(model, problem, target)?,
        FailSafeKind::Rosenberg => {
            let total: f64 = problem.vi.iter().map(|v| 1.0 / v).sum();
            let sum: f64 = studies().map(|(y, v)| y / v).sum();
            let z = sum / total.sqrt();
            let needed = (sum / normal_of_two_sided_p(ALPHA)).powi(2) - total;
            FailSafe { number: whole(k * needed / total), p: Some(normal_two_sided_p(z)), target: None }
        }
    })
}

/// The least whole number that is no smaller, and not below 0.
fn whole(number: f64) -> Option<f64> {
    Some(number.max(0.0).ceil()).filter(|number| number.is_finite())
}

/// The target, half of the mean without one, on the side of the mean.
fn towards(mean: f64, target: Option<f64>) -> Result<f64, MetaError> {
    if target.is_none() && mean == 0.0 {
        return Err(MetaError::Data("the mean is 0 without further studies, and half of it is no target".to_owned()));
    }
    let target = target.unwrap_or(0.5 * mean);
    if target == 0.0 || !target.is_finite() {
        let message =
            format!("the target of a fail-safe number is {target}, and a finite number other than 0 was expected");
        return Err(MetaError::Option(message));
    }
    Ok(target.abs() * mean.signum())
}

/// More studies than these are not tried.
pub const MOST_ADDED: usize = 100_000;

/// How many studies that average 0 make the pooled effect of the model insignificant at 0.05, or bring it down
/// to a target. They have the harmonic mean of the sampling variances, and effects that lie about 0 as far as
/// those of the model about its mean: at the quantiles (i − ½)/n of N(0, v + τ²). The model, τ² included, is
/// fitted again each time; none where even [`MOST_ADDED`] are too few.
///
/// Source: the generalisation of Rosenberg (2005) and Orwin (1983) to random effects in metafor's `fsn` with
/// `exact = TRUE`.
fn general(model: &Model, problem: &Problem, target: Option<f64>) -> Result<FailSafe, MetaError> {
    if problem.weights.is_some() {
        return Err(MetaError::Option("the general fail-safe number takes no weights of the user's".to_owned()));
    }
    let model = without_interval(model);
    let harmonic = problem.k() as f64 / problem.vi.iter().map(|v| 1.0 / v).sum::<f64>();
    // Where the model has no heterogeneity, the sum of the effects is all that counts.
    let spread = if model.estimator.is_common() { 0.0 } else { (harmonic + model.fit(problem)?.tau2).sqrt() };
    let pooled = |added: usize| {
        let mut all = problem.clone();
        let null = |i: usize| spread * normal_quantile((i as f64 + 0.5) / added as f64);
        all.yi.extend((0..added).map(null));
        all.vi.resize(problem.k() + added, harmonic);
        all.columns[0].resize(problem.k() + added, 1.0);
        model.fit(&all).map(|fit| fit.coefficients[0].clone())
    };
    let now = pooled(0)?;
    let target = target.map(|target| towards(now.estimate, Some(target))).transpose()?;
    let is_enough = |added: usize| {
        let fit = pooled(added)?;
        Ok::<bool, MetaError>(match target {
            Some(target) => fit.estimate.abs() <= target.abs(),
            None => fit.p > 0.05,
        })
    };
    let answer = |number: Option<f64>| FailSafe { number, p: Some(now.p), target };
    if is_enough(0)? {
        return Ok(answer(Some(0.0)));
    }
    let (mut low, mut high) = (0, 1);
    while !is_enough(high)? {
        if high >= MOST_ADDED {
            return Ok(answer(None));
        }
        (low, high) = (high, (2 * high).min(MOST_ADDED));
    }
    while high - low > 1 {
        let middle = (low + high) / 2;
        if is_enough(middle)? { high = middle } else { low = middle }
    }
    Ok(answer(Some(high as f64)))
}
