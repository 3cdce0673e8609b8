//! Tests of some coefficients together.

use super::fit::Fit;
use super::location_scale::LocationScale;
use super::multilevel::{MultilevelFit, RobustDf};
use super::problem::MetaError;
use super::statistics::{Omnibus, wald};
use crate::estimate::Coefficient;
use crate::numeric::matrix::Matrix;

/// What the test of some coefficients needs.
struct Tested<'a> {
    coefficients: &'a [Coefficient],
    covariance: &'a Matrix,
    robust: Option<&'a RobustDf>,
}

impl Tested<'_> {
    /// The test that all coefficients in these places are 0.
    fn together(&self, places: &[usize]) -> Result<Option<Omnibus>, MetaError> {
        let count = self.coefficients.len();
        if let Some(beyond) = places.iter().find(|place| **place >= count) {
            let message =
                format!("a joint test names the coefficient in place {beyond}, and there are {count} from 0 on");
            return Err(MetaError::Option(message));
        }
        if places.is_empty() || (1..places.len()).any(|at| places[..at].contains(&places[at])) {
            let message = "a joint test takes at least one coefficient, and each once";
            return Err(MetaError::Option(message.to_owned()));
        }
        let beta: Vec<f64> = self.coefficients.iter().map(|of| of.estimate).collect();
        Ok(match self.robust {
            Some(robust) => robust.joint(&beta, self.covariance, places),
            None => wald(&beta, self.covariance, places, self.coefficients[0].df),
        })
    }
}

impl Fit {
    /// The test that all coefficients in these places are 0: b′V⁻¹b as χ², or over their number as F where coefficients
    /// are tested by t (also by Hartung and Knapp); with robust standard errors Hotelling's T² of CR2 (Tipton and
    /// Pustejovsky 2015), or F with the degrees of freedom of the clusters. None where the test has none: the
    /// covariance is singular, or the clusters are too few.
    ///
    /// # Errors
    /// If there is no place, one twice, or one beyond the coefficients.
    ///
    /// ```
    /// use reffect::meta::{Model, Problem};
    /// let trials = Problem::new(vec![-0.9, -0.2, -0.4], vec![0.10, 0.02, 0.05])?;
    /// let fit = Model::default().fit(&trials)?;
    /// // Of one coefficient it is the square of its z.
    /// let test = fit.joint_test(&[0])?.ok_or("a test")?;
    /// assert!((test.statistic - fit.coefficients[0].statistic.powi(2)).abs() < 1e-12 && test.df == 1.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "btt")]
    pub fn joint_test(&self, places: &[usize]) -> Result<Option<Omnibus>, MetaError> {
        let Self { coefficients, covariance, robust, .. } = self;
        Tested { coefficients, covariance, robust: robust.as_ref() }.together(places)
    }
}

impl MultilevelFit {
    /// The test that all coefficients in these places are 0, as [`Fit::joint_test`].
    ///
    /// # Errors
    /// If there is no place, one twice, or one beyond the coefficients.
    #[doc(alias = "btt")]
    pub fn joint_test(&self, places: &[usize]) -> Result<Option<Omnibus>, MetaError> {
        let Self { coefficients, covariance, robust, .. } = self;
        Tested { coefficients, covariance, robust: robust.as_ref() }.together(places)
    }
}

impl LocationScale {
    /// The test that all coefficients of the mean in these places are 0, as [`Fit::joint_test`].
    ///
    /// # Errors
    /// If there is no place, one twice, or one beyond the coefficients.
    #[doc(alias = "btt")]
    pub fn joint_test(&self, places: &[usize]) -> Result<Option<Omnibus>, MetaError> {
        let Self { coefficients, covariance, .. } = self;
        Tested { coefficients, covariance, robust: None }.together(places)
    }
}

#[cfg(test)]
mod tests {
    use crate::meta::{Model, Problem};

    #[test]
    fn places_that_are_none_are_refused() {
        let fit = Model::default().fit(&Problem::new(vec![0.1, 0.3, 0.2], vec![0.02; 3]).unwrap()).unwrap();
        for places in [&[][..], &[1], &[0, 0]] {
            assert!(fit.joint_test(places).is_err(), "{places:?}");
        }
    }
}
