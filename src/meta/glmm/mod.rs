//! Binomial and Poisson models with a normal random effect: counts without approximate variances.

mod random_studies;
mod study;

pub use random_studies::{RandomStudies, glmm_random_studies};
pub use study::StudyLikelihood;

use crate::diagnostic::named;
use crate::meta::fit::{Coefficient, Fit, FitStatistics, Model, Omnibus, Test, heterogeneity_of_tau2};
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::tau2::Estimator;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::matrix::Matrix;
use crate::numeric::minimum::{Minimum, minimise};
use study::End;

/// How two groups are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GlmmModel {
    /// Unconditional, with a fixed effect for each study.
    UmFs,
    /// Unconditional, with a random effect for each study.
    UmRs,
    /// Conditional on the margins, with the hypergeometric likelihood approximated by a binomial.
    CmAl,
    /// Conditional on the margins, exact.
    CmEl,
}

named!(GlmmModel, "model of counts", [UmFs "UM.FS", UmRs "UM.RS", CmAl "CM.AL", CmEl "CM.EL"]);

/// Fits η ~ N(θ, τ²) by maximum likelihood, every integral by quadrature to about 1e-12.
///
/// Sources: Stijnen, Hamza & Özdemir (2010), Stat Med 29:3046, sections 3 and 4; Jackson et al. (2018),
/// Stat Med 37:1059 (models with fixed study effects, α ± η/2).
///
/// # Errors
/// If no study says anything, or the likelihood has no maximum.
///
/// ```
/// use reffect::meta::glmm::{StudyLikelihood, glmm};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// // Cases of tuberculosis with and without BCG in 13 trials: Colditz et al. (1994), JAMA 271:698.
/// let [a, b, c, d] = ["ai", "bi", "ci", "di"].map(numbers);
/// let table = |i: usize| StudyLikelihood::two_binomials((a[i], a[i] + b[i]), (c[i], c[i] + d[i]));
/// let studies: Vec<StudyLikelihood> = (0..a.len()).map(table).collect();
/// let fit = glmm(&studies, 0.95)?;
/// // metafor 3.8-1 with lme4: rma.glmm(measure = "OR", …, model = "UM.FS"), whose search ends near the maximum
/// assert!((fit.coefficients[0].estimate + 0.745_01).abs() < 1e-3 && (fit.tau2 - 0.294_9).abs() < 2e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "rma.glmm")]
pub fn glmm(studies: &[StudyLikelihood], level: f64) -> Result<Fit, MetaError> {
    possible_level(level)?;
    if studies.is_empty() {
        return Err(MetaError::NoStudies);
    }
    let minus = |x: &[f64]| {
        let is_bounded = x[1].abs() <= MOST_TAU;
        let value = |study: &StudyLikelihood| study.profiled(x[0], x[1].abs()).value;
        if is_bounded { -studies.iter().map(value).sum::<f64>() } else { f64::INFINITY }
    };
    let slopes = |x: &[f64]| {
        let (mut theta, mut tau) = (0.0, 0.0);
        for of in studies.iter().map(|study| study.profiled(x[0], x[1].abs())) {
            theta -= of.along_theta;
            tau -= of.along_tau * if x[1] < 0.0 { -1.0 } else { 1.0 };
        }
        vec![theta, tau]
    };
    let common = |x: &[f64]| minus(&[x[0], 0.0]);
    let fixed = minimise(common, |x| vec![slopes(&[x[0], 0.0])[0]], vec![0.0]);
    if !fixed.converged || fixed.at[0].abs() > 20.0 {
        return Err(failed("the counts put no bound on the effect"));
    }
    let mut best = None;
    if studies.len() > 1 {
        let found = minimise(minus, slopes, vec![fixed.at[0], 0.5]);
        refuse_endless(studies, fixed.value, &found)?;
        if found.converged && found.value < fixed.value - 1e-10 && found.at[1].abs() > 1e-4 {
            best = Some(found);
        }
    }
    let mut notes = vec!["Q is the likelihood-ratio test against an effect of its own for every study".to_owned()];
    let (theta, tau2, variance, value) = match &best {
        Some(found) => {
            let inverse = found.hessian.cholesky().ok_or_else(|| failed("its information is singular"))?.inverse();
            (found.at[0], found.at[1].powi(2), inverse[(0, 0)], found.value)
        }
        None => {
            notes.push("tau2 is estimated as 0".to_owned());
            (fixed.at[0], 0.0, 1.0 / fixed.hessian[(0, 0)], fixed.value)
        }
    };
    let saturated: f64 = studies.iter().map(StudyLikelihood::own_maximum).sum();
    let qe = 2.0 * (saturated + fixed.value).max(0.0);
    // A study of two groups has a level of its own, which is estimated, too, and gives two counts.
    let levels = studies.iter().filter(|study| matches!(study, StudyLikelihood::TwoGroups { .. })).count();
    let parameters = 1 + usize::from(studies.len() > 1) + levels;
    let size = Size { parameters, counts: studies.len() + levels };
    Ok(assembled_fit(studies.len(), [theta, tau2, variance], [value, saturated, qe], size, notes, level))
}

/// The largest τ that is searched, far beyond any that counts can tell from others.
const MOST_TAU: f64 = 50.0;

/// The log-likelihood that τ → ∞ approaches where every study that says anything is at an end of its range: its
/// likelihood rises to 1 towards one end of η, and η lies on either side with probability 1 − q or q, which is best
/// at the share of the studies at the upper end. None where a study has a likelihood that falls on either side, so that
/// its integral vanishes as 1/τ.
fn limit_of_tau(studies: &[StudyLikelihood]) -> Option<f64> {
    let (mut lower, mut upper) = (0.0, 0.0);
    for end in studies.iter().map(StudyLikelihood::end) {
        match end {
            End::Lower => lower += 1.0,
            End::Upper => upper += 1.0,
            End::Both => {}
            End::Neither => return None,
        }
    }
    let of = |count: f64| if count > 0.0 { count * (count / (lower + upper)).ln() } else { 0.0 };
    Some(of(lower) + of(upper))
}

/// That the likelihood has a maximum: no limit is as high as the best that the searches found.
fn refuse_endless(studies: &[StudyLikelihood], common: f64, found: &Minimum) -> Result<(), MetaError> {
    let highest = -found.value.min(common);
    if limit_of_tau(studies).is_some_and(|limit| limit >= highest - 1e-7) {
        let why = "the likelihood has no maximum in tau2, and rises as it grows without end: each study lies at an end of \
                   its range (all of its events in one group, or an event in all or in none of a group), some at the one \
                   and some at the other";
        return Err(failed(why));
    }
    if !found.converged && found.value < common - 1e-6 {
        return Err(failed("the likelihood has no maximum in tau2 that a search can find"));
    }
    Ok(())
}

fn failed(why: &str) -> MetaError {
    MetaError::not_converged("the model with random effects", why)
}

impl Fit {
    /// The fit of a model of counts with t of k − 1 degrees of freedom in place of z; none of a single study.
    ///
    /// Source: so in metafor's `rma.glmm` with `test = "t"`.
    #[must_use]
    pub fn with_t(mut self) -> Option<Self> {
        let (model, df) = (&self.model, self.residual_df());
        if df < 1.0 || model.test != Test::Z {
            return None;
        }
        let level = model.level;
        let by_t = |of: &Coefficient| Coefficient::new(&of.name, of.estimate, of.se, Some(df), level);
        self.coefficients = self.coefficients.iter().map(by_t).collect();
        let (statistic, p) = (self.coefficients[0].statistic.powi(2), self.coefficients[0].p);
        self.qm = Some(Omnibus { statistic, df: 1.0, df2: Some(df), p });
        self.model.test = Test::T;
        Some(self)
    }

    /// The fit with I² and H² from τ² and the typical sampling variance of the effects of the single studies, which a
    /// likelihood of counts does not have.
    ///
    /// Source: Higgins & Thompson (2002), Stat Med 21:1539, eq. 9; so in metafor's `rma.glmm`.
    pub fn with_typical_variance(mut self, problem: &Problem) -> Self {
        let weights = || problem.vi.iter().map(|v| 1.0 / v);
        let (total, squares) = (weights().sum::<f64>(), weights().map(|w| w * w).sum::<f64>());
        let typical = (problem.k() as f64 - 1.0) / (total - squares / total);
        let note = if typical.is_finite() && typical > 0.0 {
            let (i2, h2) = heterogeneity_of_tau2(self.tau2, typical);
            (self.typical_variance, self.i2, self.h2) = (Some(typical), Some(i2), Some(h2));
            "I² and H² take the typical variance of the effects of single studies (half an event added where there is \
             none), and tau2 has no interval"
        } else {
            "I² and H² need two studies, and tau2 has no interval"
        };
        self.notes.push(note.to_owned());
        self
    }
}

/// What the criteria of a model of counts count.
struct Size {
    /// The estimated parameters.
    parameters: usize,
    /// The counts that are modelled: as in metafor, two for each study where those of both groups are.
    counts: usize,
}

/// The fit from θ, τ² and the variance of θ; minus the log-likelihood, the highest one that studies with
/// effects of their own have, and Q.
fn assembled_fit(
    count: usize,
    [theta, tau2, variance]: [f64; 3],
    [value, saturated, qe]: [f64; 3],
    size: Size,
    notes: Vec<String>,
    level: f64,
) -> Fit {
    let k = count as f64;
    let effect = Coefficient::new("intrcpt", theta, variance.sqrt(), None, level);
    Fit {
        model: Model { estimator: Estimator::Ml, level, ..Model::default() },
        k: count,
        p: 1,
        covariance: Matrix::from_fn(1, 1, |_, _| variance),
        tau2,
        tau2_se: None,
        tau2_ci: None,
        typical_variance: None,
        i2: None,
        h2: None,
        r2: None,
        qe,
        qe_p: if k > 1.0 { chi_squared_sf(qe, k - 1.0) } else { 1.0 },
        qm: Some(Omnibus { statistic: effect.statistic.powi(2), df: 1.0, df2: None, p: effect.p }),
        statistics: FitStatistics::from_parts(-value, saturated, size.parameters as f64, size.counts as f64),
        scale: None,
        robust: None,
        // The likelihood gives no study a weight.
        weights: Vec::new(),
        total_weight: 0.0,
        notes,
        coefficients: vec![effect],
    }
}
