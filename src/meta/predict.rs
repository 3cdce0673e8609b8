//! Predictions: the mean at given moderators, and where the effect of another study may lie.

use super::fit::{Fit, Test, critical};
use crate::numeric::dist::t_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::dot;
use std::str::FromStr;

/// How a prediction interval is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PredictionInterval {
    /// Mean ± c √(SE² + τ²), with c of z, or of t with k − p degrees of freedom where the test is t.
    #[default]
    Default,
    /// Mean ± c τ, as if the mean were known.
    Simple,
    /// As the default with t, k − p degrees of freedom.
    T,
    /// With t, k − p − 1 degrees of freedom: Higgins, Thompson & Spiegelhalter (2009), Riley, Higgins &
    /// Deeks (2011).
    Riley,
}

impl FromStr for PredictionInterval {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "default" => Ok(Self::Default),
            "simple" => Ok(Self::Simple),
            "t" => Ok(Self::T),
            "riley" | "hts" => Ok(Self::Riley),
            _ => Err("one of default, simple, t, riley or hts was expected".to_owned()),
        }
    }
}

/// A prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
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

impl Fit {
    /// The prediction at moderators x, in the order of the coefficients.
    pub fn predict(&self, x: &[f64], kind: PredictionInterval) -> Prediction {
        let estimate = dot(&self.beta(), x);
        let variance = self.covariance.quadratic(x);
        let se = variance.max(0.0).sqrt();
        let around = |half: f64| Interval { lower: estimate - half, upper: estimate + half };
        let ci = around(critical(self.model.level, self.df()) * se);
        let upper = 0.5 + 0.5 * self.model.level;
        let df = self.residual_df();
        let spread = (variance + self.tau2).sqrt();
        let half = match kind {
            PredictionInterval::Default => critical(self.model.level, self.df()) * spread,
            PredictionInterval::Simple => critical(self.model.level, self.df()) * self.tau2.sqrt(),
            PredictionInterval::T => t_quantile(upper, df) * spread,
            PredictionInterval::Riley => t_quantile(upper, df - 1.0) * spread,
        };
        let has_tau2 = !self.model.estimator.is_common();
        Prediction { estimate, se, ci, pi: (has_tau2 && half.is_finite()).then(|| around(half)) }
    }

    /// The prediction of a model with an intercept alone.
    pub fn prediction(&self, kind: PredictionInterval) -> Option<Prediction> {
        (self.p == 1 && self.coefficients[0].name == "intrcpt").then(|| self.predict(&[1.0], kind))
    }

    /// What the test is called in a sentence.
    pub fn test_in_words(&self) -> &'static str {
        match self.model.test {
            Test::Z => "normal distribution",
            Test::T => "t distribution",
            Test::Knha => "Hartung–Knapp–Sidik–Jonkman",
            Test::Adhoc => "Hartung–Knapp–Sidik–Jonkman, factor at least 1",
        }
    }
}
