//! How many studies without an effect would change the result.

use crate::meta::problem::{MetaError, Problem};
use crate::numeric::dist::{normal_quantile, normal_sf};
use std::str::FromStr;

/// Which fail-safe number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailSafeKind {
    /// Rosenthal (1979): the sum of z-values is no longer significant.
    #[default]
    Rosenthal,
    /// Orwin (1983): the mean effect falls to a target.
    Orwin,
    /// Rosenberg (2005): the weighted mean is no longer significant.
    Rosenberg,
}

impl FromStr for FailSafeKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "rosenthal" => Ok(Self::Rosenthal),
            "orwin" => Ok(Self::Orwin),
            "rosenberg" => Ok(Self::Rosenberg),
            "general" => Err("the general fail-safe number is not built yet".to_owned()),
            _ => Err("one of rosenthal, orwin or rosenberg was expected".to_owned()),
        }
    }
}

/// A fail-safe number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailSafe {
    /// The number of studies.
    pub number: f64,
    /// The p-value that the studies have as they are; none for Orwin's.
    pub p: Option<f64>,
    /// The effect that is aimed at, for Orwin's.
    pub target: Option<f64>,
}

/// The fail-safe number, at the level 0.05 (Rosenthal: one-sided).
///
/// Sources: Rosenthal (1979), Psychol Bull 86:638; Orwin (1983), J Educ Stat 8:157; Rosenberg (2005),
/// Evolution 59:464.
///
/// # Errors
/// If the target of Orwin's number is 0.
pub fn fail_safe(problem: &Problem, kind: FailSafeKind, target: Option<f64>) -> Result<FailSafe, MetaError> {
    const ALPHA: f64 = 0.05;
    let k = problem.k() as f64;
    let studies = || problem.yi.iter().zip(&problem.vi);
    Ok(match kind {
        FailSafeKind::Rosenthal => {
            let z = studies().map(|(y, v)| y / v.sqrt()).sum::<f64>() / k.sqrt();
            let number = k * (z / normal_quantile(1.0 - ALPHA)).powi(2) - k;
            FailSafe { number: number.max(0.0).ceil(), p: Some(normal_sf(z.abs())), target: None }
        }
        FailSafeKind::Orwin => {
            let mean = problem.yi.iter().sum::<f64>() / k;
            let target = target.unwrap_or(0.5 * mean);
            if target == 0.0 {
                return Err(MetaError::Option("the target of Orwin's number must differ from 0".to_owned()));
            }
            let number =
                if target.signum() == mean.signum() { (k * (mean - target) / target).max(0.0).ceil() } else { 0.0 };
            FailSafe { number, p: None, target: Some(target) }
        }
        FailSafeKind::Rosenberg => {
            let total: f64 = problem.vi.iter().map(|v| 1.0 / v).sum();
            let sum: f64 = studies().map(|(y, v)| y / v).sum();
            let z = sum / total.sqrt();
            let needed = (sum / normal_quantile(1.0 - 0.5 * ALPHA)).powi(2) - total;
            FailSafe { number: (k * needed / total).max(0.0).ceil(), p: Some(2.0 * normal_sf(z.abs())), target: None }
        }
    })
}
