//! Intervals of parameters by profiles of the likelihood and by refits to simulated responses.

use super::fit::MixedFit;
use super::result::ResidualCovariance;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;
use crate::numeric::quantile::quantile;

/// Intervals of every parameter of a model, by its profile or by refits; what the family lacks is empty.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
/// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
/// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
/// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
/// let found = fit.profile(false)?.intervals;
/// // lme4: confint(fm1): the standard deviation of the slopes 3.801 to 8.753, the correlation −0.481 to 0.685
/// assert!((found.sd[0][1].lower - 3.801).abs() < 1e-2 && (found.cor[0][0].upper - 0.685).abs() < 1e-2);
/// assert!((found.fixef.len(), found.sigma.is_some(), found.residual.len(), found.dispersion) == (2, true, 0, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Intervals {
    /// Of the fixed effects.
    pub fixef: Vec<Interval>,
    /// Of the residual standard deviation, where there is one for all rows.
    pub sigma: Option<Interval>,
    /// Of the standard deviations, by term.
    pub sd: Vec<Vec<Interval>>,
    /// Of the correlations, by term: the lower triangle by columns.
    pub cor: Vec<Vec<Interval>>,
    /// Of the standard deviations and correlations of residuals by visit, in the order of
    /// [`ResidualCovariance::parameters`](super::result::ResidualCovariance).
    pub residual: Vec<Interval>,
    /// Of the dispersion, where the family has one; an end may be infinite.
    pub dispersion: Option<Interval>,
}

/// The estimates by full maximum likelihood that profiles go out from: those of the fit itself, unless it is one by
/// REML. Each stands where its interval stands in [`Intervals`]; what the family lacks is empty.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
/// let frame = reffect::read::read_frame("data/published/dyestuff.csv")?;
/// let data = ModelData::new(Formula::parse("Yield ~ 1 + (1 | Batch)")?, frame, &DataOptions::default())?;
/// let fit = LinearMixedModel::default().fit(data)?;
/// // lme4: the standard deviations between batches by REML and by ML
/// let (reml, ml) = (fit.varcorr()[0].sd[0], fit.profile(false)?.estimates.sd[0][0]);
/// assert!((reml - 42.000_6).abs() < 1e-3 && (ml - 37.260_3).abs() < 1e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Estimates {
    /// The fixed effects.
    pub fixef: Vec<f64>,
    /// The residual standard deviation, where there is one for all rows.
    pub sigma: Option<f64>,
    /// Standard deviations, by term.
    pub sd: Vec<Vec<f64>>,
    /// Correlations, by term: the lower triangle by columns; NaN beside a standard deviation of 0.
    pub cor: Vec<Vec<f64>>,
    /// Standard deviations and correlations of residuals by visit.
    pub residual: Vec<f64>,
    /// The dispersion, where the family has one.
    pub dispersion: Option<f64>,
}

impl Estimates {
    pub(super) fn of(fit: &dyn MixedFit, residual: &[ResidualCovariance], dispersion: Option<f64>) -> Self {
        let terms = fit.varcorr();
        let triangle = |cor: &Matrix| lower_triangle(cor.rows()).map(|(i, j)| cor[(i, j)]).collect();
        Self {
            fixef: fit.fixef().to_vec(),
            sigma: if residual.is_empty() { fit.sigma() } else { None },
            cor: terms.iter().map(|term| triangle(&term.cor)).collect(),
            sd: terms.into_iter().map(|term| term.sd).collect(),
            residual: residual.iter().flat_map(|of| &of.parameters).map(|of| of.estimate).collect(),
            dispersion,
        }
    }

    /// Fixed effects; of each term its standard deviations, then its correlations; residuals, σ and dispersion.
    pub(super) fn in_order(&self) -> impl Iterator<Item = f64> {
        let terms = self.sd.iter().zip(&self.cor).flat_map(|(sd, cor)| sd.iter().chain(cor));
        let last = self.residual.iter().chain(&self.sigma).chain(&self.dispersion);
        self.fixef.iter().chain(terms).chain(last).copied()
    }
}

/// Where the correlations of k effects stand: row and column, by columns.
pub(super) fn lower_triangle(k: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..k).flat_map(move |j| (j + 1..k).map(move |i| (i, j)))
}

/// The profiles of every parameter of a fit: see [`MixedFit::profile`](super::MixedFit::profile).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Profiles {
    /// Where each profile has risen to the quantile of the level.
    pub intervals: Intervals,
    /// The estimates that they go out from.
    pub estimates: Estimates,
    /// Points of each profile, where they were asked for: variances, correlations and σ before the fixed effects, and
    /// the dispersion last.
    pub traces: Vec<ProfileTrace>,
}

/// What refits to simulated responses say: see [`MixedFit::bootstrap`](super::MixedFit::bootstrap).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Bootstrapped {
    /// Between the percentiles of the refits.
    pub intervals: Intervals,
    /// How many responses were simulated.
    pub replicates: usize,
    /// How many of them have no finite maximum, and do not count.
    pub failed: usize,
}

/// The profile of one parameter: see [`MixedFit::profile`](super::MixedFit::profile).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProfileTrace {
    /// Its name: of the fixed effect, `sigma`, or as `sd_(Intercept)|patient`.
    pub parameter: String,
    /// Its points by rising value.
    pub points: Vec<ProfilePoint>,
}

/// A point of a profile: ζ is 0 at the estimate, and ±1.96 at the ends of the 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProfilePoint {
    /// The value at which the parameter was held.
    pub value: f64,
    /// The signed square root of the rise of −2 log-likelihood over its minimum.
    pub zeta: f64,
}

/// The interval between two quantiles that leave the same share out on both sides.
pub(super) fn percentile_interval(mut values: Vec<f64>, level: f64) -> Interval {
    values.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    let [lower, upper] = [tail, 1.0 - tail].map(|p| quantile(&values, p).unwrap_or(f64::NAN));
    Interval { lower, upper }
}
