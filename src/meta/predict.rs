//! Predictions: the mean at given moderators, and where the effect of another study may lie.

use super::fit::{Fit, Test};
use super::problem::{MetaError, possible_combination};
use super::statistics::critical;
use crate::diagnostic::named;
use crate::numeric::dist::t_critical;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::dot;

/// How a prediction interval is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PredictionInterval {
    /// Mean ± c √(SE² + τ²), with c of z, or of t with k − p degrees of freedom where the test is t.
    #[default]
    Default,
    /// Mean ± z τ, as if the mean were known.
    Simple,
    /// As the default with t, k − p degrees of freedom.
    T,
    /// With t, k − p − 1 degrees of freedom (one less for each variance that is estimated): Higgins, Thompson &
    /// Spiegelhalter (2009), Riley, Higgins & Deeks (2011).
    Riley,
}

named!(PredictionInterval, "prediction interval", [Default "default", Simple "simple", T "t", Riley "riley" | "hts"]);

/// A prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// The mean.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Its confidence interval.
    pub ci: Interval,
    /// Where the true effect of another such study may lie; none where the model has no τ², or there
    /// are too few studies for it.
    pub pi: Option<Interval>,
}

/// What a prediction is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mean {
    /// The mean.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
    /// The degrees of freedom of its test; none for the normal distribution.
    pub df: Option<f64>,
    /// k − p.
    pub residual_df: f64,
    /// How many parameters the variance of true effects has.
    pub parameters: f64,
    /// The level of intervals.
    pub level: f64,
}

impl Mean {
    /// The prediction where true effects vary by `tau2` about the mean; without it, without an interval for them.
    pub fn predicted(&self, tau2: Option<f64>, kind: PredictionInterval) -> Prediction {
        let around = |half: f64| Interval::around(self.estimate, half);
        let se = self.variance.max(0.0).sqrt();
        // Robust standard errors have degrees of freedom of their own.
        let df = self.df.unwrap_or(self.residual_df);
        let half = |tau2: f64| {
            let spread = (self.variance + tau2).sqrt();
            match kind {
                PredictionInterval::Default => critical(self.level, self.df) * spread,
                PredictionInterval::Simple => critical(self.level, None) * tau2.sqrt(),
                PredictionInterval::T => t_critical(self.level, df) * spread,
                PredictionInterval::Riley => t_critical(self.level, df - self.parameters) * spread,
            }
        };
        let pi = tau2.map(half).filter(|half| half.is_finite()).map(around);
        Prediction { estimate: self.estimate, se, ci: around(critical(self.level, self.df) * se), pi }
    }
}

impl Fit {
    /// The prediction at moderators x, in the order of the coefficients.
    ///
    /// # Errors
    /// If x has not a finite number for each coefficient.
    pub fn predict(&self, x: &[f64], kind: PredictionInterval) -> Result<Prediction, MetaError> {
        possible_combination(x, self.p)?;
        Ok(self.at(x, kind))
    }

    /// The same at a row of the model's own columns.
    pub(super) fn at(&self, x: &[f64], kind: PredictionInterval) -> Prediction {
        self.mean_at(x).predicted((!self.model.estimator.is_common()).then_some(self.tau2), kind)
    }

    /// The mean at a row of the model's own columns, with what is known of it.
    pub(super) fn mean_at(&self, x: &[f64]) -> Mean {
        Mean {
            estimate: dot(&self.beta(), x),
            variance: self.covariance.quadratic(x),
            df: self.df_at(x),
            residual_df: self.residual_df(),
            // A τ² that was given is not estimated.
            parameters: if self.model.tau2.is_some() { 0.0 } else { 1.0 },
            level: self.model.level,
        }
    }

    /// The prediction of a model with an intercept alone.
    pub fn prediction(&self, kind: PredictionInterval) -> Option<Prediction> {
        (self.p == 1 && self.coefficients[0].name == "intrcpt").then(|| self.at(&[1.0], kind))
    }

    /// What the test is called in a sentence.
    pub fn test_in_words(&self) -> &'static str {
        match self.model.test {
            Test::Z => "normal distribution",
            Test::T => "t distribution",
            Test::Knha => "t distribution with the standard errors of Hartung–Knapp–Sidik–Jonkman",
            Test::Adhoc => {
                "t distribution with the standard errors of Hartung–Knapp–Sidik–Jonkman, their factor at least 1"
            }
        }
    }
}
