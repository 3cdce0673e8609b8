//! The variance between studies.

mod generalised;
mod interval;
mod iterated;
mod moments;
mod roots;

pub use interval::Tau2Interval;
pub(super) use interval::{Tau2Limits, interval};
pub(super) use iterated::{boundary, log_likelihood, note_at_zero, restricted_log_likelihood};
pub(super) use moments::truncated;
pub(super) use roots::falling_zeros;

use crate::diagnostic::named;

use super::problem::{MetaError, Problem};
use super::projection::Projection;

/// How the variance between studies is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Estimator {
    /// No heterogeneity in the model, which then speaks of these studies alone.
    Fe,
    /// The studies share one true effect.
    Ee,
    /// DerSimonian & Laird (1986).
    Dl,
    /// Hedges (1983), also called Cochran's.
    He,
    /// Hunter & Schmidt (1990).
    Hs,
    /// Hunter–Schmidt with the correction of Brannick et al. (2019) for few studies.
    Hsk,
    /// Sidik & Jonkman (2005).
    Sj,
    /// Maximum likelihood.
    Ml,
    /// Restricted maximum likelihood.
    #[default]
    Reml,
    /// Empirical Bayes: Morris (1983). It has the same solution as Paule & Mandel.
    Eb,
    /// Paule & Mandel (1982).
    Pm,
    /// Paule–Mandel with the median of the distribution of Q: Viechtbauer (2021).
    Pmm,
    /// Generalised Q with the user's weights: Jackson et al. (2014).
    Genq,
    /// DerSimonian–Laird, iterated until it no longer changes.
    Dlit,
    /// Sidik–Jonkman, iterated until it no longer changes.
    Sjit,
    /// Generalised Q with the median of its distribution.
    Genqm,
}

impl Estimator {
    /// Whether the model has no variance between studies.
    pub fn is_common(self) -> bool {
        matches!(self, Self::Fe | Self::Ee)
    }

    /// Whether it needs weights of the user's.
    pub fn needs_weights(self) -> bool {
        matches!(self, Self::Genq | Self::Genqm)
    }

    /// What it is called in a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Fe => "fixed effects",
            Self::Ee => "an equal effect",
            Self::Dl => "DerSimonian–Laird",
            Self::He => "Hedges",
            Self::Hs => "Hunter–Schmidt",
            Self::Hsk => "Hunter–Schmidt for few studies",
            Self::Sj => "Sidik–Jonkman",
            Self::Ml => "maximum likelihood",
            Self::Reml => "restricted maximum likelihood",
            Self::Eb => "empirical Bayes",
            Self::Pm => "Paule–Mandel",
            Self::Pmm => "median-unbiased Paule–Mandel",
            Self::Genq => "generalised Q",
            Self::Genqm => "median-unbiased generalised Q",
            Self::Dlit => "iterated DerSimonian–Laird",
            Self::Sjit => "iterated Sidik–Jonkman",
        }
    }
}

named!(
    Estimator,
    "estimator of tau2",
    [
        Fe "FE", Ee "EE" | "CE", Dl "DL", He "HE" | "VC" | "CO", Hs "HS", Hsk "HSk", Sj "SJ", Ml "ML", Reml "REML",
        Eb "EB", Pm "PM" | "MP", Pmm "PMM", Genq "GENQ", Genqm "GENQM", Dlit "DLIT", Sjit "SJIT"
    ]
);

/// An estimate of τ².
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tau2 {
    /// The estimate, never below 0.
    pub value: f64,
    /// Its standard error.
    pub se: Option<f64>,
    /// What is to be known of it.
    pub notes: Vec<String>,
}

/// Estimates τ².
pub(super) fn estimate(problem: &Problem, estimator: Estimator, at: &mut Projection<'_>) -> Result<Tau2, MetaError> {
    match estimator {
        Estimator::Fe | Estimator::Ee => Ok(Tau2 { value: 0.0, se: None, notes: Vec::new() }),
        Estimator::Dl | Estimator::He | Estimator::Hs | Estimator::Hsk | Estimator::Sj | Estimator::Genq => {
            moments::estimate(problem, estimator, at)
        }
        Estimator::Genqm => generalised::median_unbiased(problem, at),
        _ => iterated::estimate(problem, estimator, at),
    }
}
