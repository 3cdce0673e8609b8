//! The words of the options: families, links, covariance structures, degrees of freedom.

use crate::diagnostic::named;
use crate::numeric::dist::normal_cdf;

/// The distribution of the response given the random effects.
///
/// ```
/// use reffect::mixed::Family;
/// assert_eq!("nbinom2".parse(), Ok(Family::NegativeBinomial2));
/// ```
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

/// The link g with g(μ) = Xβ + Zb.
///
/// ```
/// use reffect::mixed::Link;
/// assert_eq!("cloglog".parse(), Ok(Link::Cloglog));
/// ```
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
    /// The usual link of a family: the logit of proportions, the logarithm of counts.
    ///
    /// ```
    /// use reffect::mixed::{Family, Link};
    /// assert_eq!((Link::usual(Family::Binomial), Link::usual(Family::Poisson)), (Link::Logit, Link::Log));
    /// ```
    pub fn usual(family: Family) -> Self {
        match family {
            Family::Gaussian => Self::Identity,
            Family::Binomial => Self::Logit,
            Family::Poisson | Family::NegativeBinomial2 | Family::NegativeBinomial1 => Self::Log,
        }
    }

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

/// The covariance of the residuals of one subject over its m visits.
///
/// Source: Jennrich & Schluchter (1986), Biometrics 42:805; the codes are those of R's mmrm, which has no `id` and
/// `idh`.
///
/// ```
/// use reffect::mixed::ResidualStructure;
/// assert_eq!("ar1h".parse(), Ok(ResidualStructure::HeterogeneousAutoregressive));
/// assert_eq!(ResidualStructure::Unstructured.name(), "us");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidualStructure {
    /// σ² on the diagonal and 0 beside it: 1 parameter.
    Independent,
    /// σⱼ² on the diagonal and 0 beside it: a variance per visit, m parameters.
    HeterogeneousIndependent,
    /// σ² and σ²ρ: compound symmetry, 2 parameters.
    CompoundSymmetry,
    /// σⱼσₖρ: compound symmetry with a variance per visit, m + 1 parameters.
    HeterogeneousCompoundSymmetry,
    /// σ²ρ^|j − k|: autoregressive of order 1 over the order of visits, 2 parameters.
    Autoregressive,
    /// σⱼσₖρ^|j − k|: autoregressive of order 1 with a variance per visit, m + 1 parameters.
    HeterogeneousAutoregressive,
    /// σ²ρ^|tⱼ − tₖ|: autoregressive over the distance in time, 2 parameters.
    ContinuousAutoregressive,
    /// σ²ρ₍|j − k|₎: a correlation per lag, m parameters.
    Toeplitz,
    /// σⱼσₖρ₍|j − k|₎: a correlation per lag with a variance per visit, 2m − 1 parameters.
    HeterogeneousToeplitz,
    /// Every variance and covariance free: m(m + 1)/2 parameters.
    Unstructured,
}

named!(ResidualStructure, "covariance of residuals", [
    Independent "id",
    HeterogeneousIndependent "idh",
    CompoundSymmetry "cs",
    HeterogeneousCompoundSymmetry "csh",
    Autoregressive "ar1",
    HeterogeneousAutoregressive "ar1h",
    ContinuousAutoregressive "car1",
    Toeplitz "toep",
    HeterogeneousToeplitz "toeph",
    Unstructured "us",
]);

/// The method for the degrees of freedom of t and F tests.
///
/// ```
/// use reffect::mixed::DfMethod;
/// assert_eq!("kenward-roger".parse(), Ok(DfMethod::KenwardRoger));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DfMethod {
    /// 2v²/(g′Ag) for the variance v of the function, its gradient g and the covariance A of the (co)variances.
    ///
    /// Source: Giesbrecht & Burns (1985), Biometrics 41:477; Fai & Cornelius (1996), J Stat Comput Simul 54:363.
    Satterthwaite,
    /// From moments of the statistic, with standard errors adjusted for the estimation of the (co)variances, in which
    /// the model is taken as linear.
    ///
    /// Source: Kenward & Roger (1997), Biometrics 53:983.
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
    /// The method that is taken where none is asked for: Satterthwaite's for restricted maximum likelihood, none
    /// otherwise.
    ///
    /// ```
    /// use reffect::mixed::{DfMethod, Family};
    /// assert_eq!(DfMethod::usual(Family::Gaussian, true), DfMethod::Satterthwaite);
    /// assert_eq!(DfMethod::usual(Family::Poisson, true), DfMethod::None);
    /// ```
    pub fn usual(family: Family, reml: bool) -> Self {
        if family == Family::Gaussian && reml { Self::Satterthwaite } else { Self::None }
    }
}

/// Which hypotheses the F tests of the terms are about, as SAS numbers them.
///
/// ```
/// use reffect::mixed::AnovaType;
/// assert_eq!("II".parse(), Ok(AnovaType::II));
/// assert_eq!(AnovaType::default().to_string(), "III");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnovaType {
    /// What a term adds to those in front of it in the formula.
    I,
    /// What a term adds to those that do not contain it.
    II,
    /// A term over the mean of the levels of those that contain it.
    #[default]
    III,
}

named!(AnovaType, "type of hypotheses", [ I "I", II "II", III "III" ]);

/// The second derivatives from which the covariance of the (co)variances comes under Kenward and Roger's method.
///
/// ```
/// use reffect::mixed::Information;
/// assert_eq!(Information::default(), Information::Observed);
/// ```
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
///
/// ```
/// use reffect::mixed::IntervalMethod;
/// assert_eq!("profile".parse(), Ok(IntervalMethod::Profile));
/// ```
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

/// How the tests of several differences are adjusted for their number.
///
/// ```
/// use reffect::mixed::options::Adjustment;
/// assert_eq!(("tukey".parse(), Adjustment::default()), (Ok(Adjustment::Tukey), Adjustment::None));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adjustment {
    /// Each on its own.
    #[default]
    None,
    /// p times the number of tests.
    Bonferroni,
    /// From the smallest p on, p times the number of tests that are left: never larger than Bonferroni's.
    ///
    /// Source: Holm (1979), Scand J Stat 6:65.
    Holm,
    /// By the studentized range, for all pairs of means; exact where they have one variance and are independent.
    ///
    /// Source: Kramer (1956), Biometrics 12:307.
    Tukey,
    /// By the multivariate t distribution with the correlations of the comparisons, for those with one reference.
    ///
    /// Source: Dunnett (1955), J Am Stat Assoc 50:1096.
    Dunnett,
    /// By the multivariate t distribution with the correlations of the tests, for any of them.
    ///
    /// Source: Hothorn, Bretz & Westfall (2008), Biom J 50:346.
    MultivariateT,
}

impl Adjustment {
    /// Whether it takes the correlations of the tests.
    pub(crate) fn takes_correlations(self) -> bool {
        matches!(self, Self::Dunnett | Self::MultivariateT)
    }
}

named!(Adjustment, "adjustment", [
    None "none",
    Bonferroni "bonferroni",
    Holm "holm",
    Tukey "tukey",
    Dunnett "dunnett",
    MultivariateT "mvt",
]);

/// Which levels of a factor are compared.
///
/// ```
/// use reffect::mixed::options::Pairs;
/// assert_eq!(("first".parse(), Pairs::default()), (Ok(Pairs::First), Pairs::All));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pairs {
    /// Each with each.
    #[default]
    All,
    /// Each with the first one.
    First,
}

named!(Pairs, "choice of pairs", [ All "all", First "first" ]);
