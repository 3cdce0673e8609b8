//! The words of the options: families, links, covariance structures, degrees of freedom.

use crate::diagnostic::named;
use crate::numeric::dist::normal_cdf;

/// The distribution of the response given the random effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Family {
    /// Normal.
    #[default]
    Gaussian,
    /// Events out of trials.
    Binomial,
    /// Counts.
    Poisson,
    /// Counts with variance μ + μ²/k.
    NegativeBinomial2,
    /// Counts with variance μ(1 + φ).
    NegativeBinomial1,
}

named!(Family, "family", [
    Gaussian "gaussian",
    Binomial "binomial",
    Poisson "poisson",
    NegativeBinomial2 "nbinom2",
    NegativeBinomial1 "nbinom1",
]);

/// What the linear predictor is of the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// The mean itself.
    #[default]
    Identity,
    /// Its logarithm.
    Log,
    /// The logarithm of the odds.
    Logit,
    /// The normal quantile.
    Probit,
    /// log(−log(1 − μ)).
    Cloglog,
}

impl Link {
    /// The mean that belongs to a linear predictor.
    ///
    /// ```
    /// use reffect::mixed::options::Link;
    /// assert_eq!((Link::Identity.inverse(0.3), Link::Log.inverse(0.0), Link::Logit.inverse(0.0)), (0.3, 1.0, 0.5));
    /// ```
    pub fn inverse(self, eta: f64) -> f64 {
        match self {
            Self::Identity => eta,
            Self::Log => eta.exp(),
            Self::Logit => 1.0 / (1.0 + (-eta).exp()),
            Self::Probit => normal_cdf(eta),
            Self::Cloglog => -(-eta.exp()).exp_m1(),
        }
    }
}

named!(Link, "link", [ Identity "identity", Log "log", Logit "logit", Probit "probit", Cloglog "cloglog" ]);

/// The covariance of the residuals of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidualStructure {
    /// Independent, of equal variance.
    Independent,
    /// Compound symmetry.
    CompoundSymmetry,
    /// Compound symmetry with a variance per visit.
    HeterogeneousCompoundSymmetry,
    /// Autoregressive of order 1 over the order of visits.
    Autoregressive,
    /// The same with a variance per visit.
    HeterogeneousAutoregressive,
    /// Autoregressive over the distance in time.
    ContinuousAutoregressive,
    /// A correlation per lag.
    Toeplitz,
    /// The same with a variance per visit.
    HeterogeneousToeplitz,
    /// Every variance and covariance free.
    Unstructured,
}

named!(ResidualStructure, "covariance of residuals", [
    Independent "id",
    CompoundSymmetry "cs",
    HeterogeneousCompoundSymmetry "csh",
    Autoregressive "ar1",
    HeterogeneousAutoregressive "ar1h",
    ContinuousAutoregressive "car1",
    Toeplitz "toep",
    HeterogeneousToeplitz "toeph",
    Unstructured "us",
]);

/// How many degrees of freedom a t or F distribution gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DfMethod {
    /// Giesbrecht & Burns (1985), Fai & Cornelius (1996): matched to the variance of the variance.
    Satterthwaite,
    /// Kenward & Roger (1997), in the (co)variances themselves.
    KenwardRoger,
    /// Rows minus coefficients.
    Residual,
    /// None: the normal and the χ² distribution.
    None,
}

named!(DfMethod, "method for degrees of freedom", [
    Satterthwaite "satterthwaite",
    KenwardRoger "kenward-roger",
    Residual "residual",
    None "none",
]);

impl DfMethod {
    /// What is taken where none is asked for: Satterthwaite's for restricted maximum likelihood, none otherwise.
    pub fn usual(family: Family, restricted: bool) -> Self {
        if family == Family::Gaussian && restricted { Self::Satterthwaite } else { Self::None }
    }
}

/// Which second derivatives the covariance of the (co)variances comes from under Kenward and Roger's method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Information {
    /// Those of the data, as SAS and mmrm take them.
    #[default]
    Observed,
    /// Their expectation, as in Kenward & Roger (1997).
    Expected,
}

named!(Information, "kind of information", [ Observed "observed", Expected "expected" ]);

/// How intervals are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntervalMethod {
    /// Estimate ± quantile × standard error.
    #[default]
    Wald,
    /// From the profile of the likelihood.
    Profile,
    /// From refits to simulated responses.
    Bootstrap,
}

named!(IntervalMethod, "kind of interval", [ Wald "wald", Profile "profile", Bootstrap "bootstrap" ]);
