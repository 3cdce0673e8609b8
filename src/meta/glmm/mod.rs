//! Binomial and Poisson models with a normal random effect: counts without approximate variances.

mod design;
mod limit;
mod random_studies;
mod study;

pub use random_studies::{POINTS, RandomStudies, glmm_random_studies, glmm_random_studies_with_moderators};
pub use study::StudyLikelihood;

use crate::diagnostic::named;
use crate::meta::fit::{Coefficient, Fit, Model, Test, heterogeneity_of_tau2};
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::projection::Projection;
use crate::meta::statistics::{FitStatistics, Omnibus, tested, wald};
use crate::meta::tau2::Estimator;
use crate::numeric::dist::{chi_squared_sf, f_sf};
use crate::numeric::matrix::{Matrix, dependent_columns};
use crate::numeric::minimum::{Minimum, minimise};
use design::Design;
use limit::{refuse_endless, refuse_unbound};

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
    let problem = Problem::new(vec![0.0; studies.len()], vec![1.0; studies.len()])?;
    glmm_with_moderators(studies, &problem, Estimator::Ml, level)
}

/// Fits η ~ N(x′β, τ²) by maximum likelihood, or η = x′β with the estimators [`Estimator::Fe`] and [`Estimator::Ee`]:
/// of the problem, a study for each likelihood, the columns of moderators count, and not the effects.
///
/// Q is the likelihood-ratio test against an effect of its own for every study, with k − p degrees of freedom, and
/// [`Fit::qe_wald`] the Wald test of the same. QM is Wald's test of the moderators.
///
/// Sources: as for [`glmm`]; moderators as in metafor's `rma.glmm`: they move the effect, and not the level of a study.
///
/// # Errors
/// As for [`glmm`]; also if the estimator is another one, there is not one row for each study, a moderator follows from
/// the others, or the counts put no bound on its coefficient.
///
/// ```
/// use reffect::meta::glmm::{StudyLikelihood, glmm_with_moderators};
/// use reffect::meta::{Estimator, Problem};
/// // Events of patients in four studies, two of them of a higher dose.
/// let counts = [(3.0, 40.0), (5.0, 52.0), (9.0, 38.0), (14.0, 61.0)];
/// let studies = counts.map(|(events, patients)| StudyLikelihood::binomial(events, patients, 0.0));
/// let names = vec!["intrcpt".to_owned(), "high".to_owned()];
/// let columns = vec![vec![1.0; 4], vec![0.0, 0.0, 1.0, 1.0]];
/// let moderators = Problem::with_columns(vec![0.0; 4], vec![1.0; 4], names, columns, true)?;
/// let fit = glmm_with_moderators(&studies, &moderators, Estimator::Fe, 0.95)?;
/// // The logits of 8 of 92 and of 23 of 99.
/// assert!((fit.coefficients[0].estimate - (8.0f64 / 84.0).ln()).abs() < 1e-8);
/// assert!((fit.coefficients[1].estimate - (23.0f64 / 76.0 * 84.0 / 8.0).ln()).abs() < 1e-8);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
#[doc(alias = "rma.glmm")]
pub fn glmm_with_moderators(
    studies: &[StudyLikelihood],
    problem: &Problem,
    estimator: Estimator,
    level: f64,
) -> Result<Fit, MetaError> {
    possible_level(level)?;
    possible_estimator(estimator)?;
    problem.each_has("the likelihoods", studies.len())?;
    let design = Design::new(problem)?;
    let Searched { common, random } = searched(studies, &design, !estimator.is_common())?;
    let mut notes = notes_on(estimator, problem, random.is_none());
    let (at, tau2) = random.as_ref().map_or((&common, 0.0), |found| (found, found.at[design.p()].powi(2)));
    let inverse = at.hessian.cholesky().ok_or_else(|| failed("its information is singular"))?.inverse();
    let wald = wald_of_heterogeneity(studies, problem, &mut notes)?;
    // A study of two groups has a level of its own, which is estimated, too, and gives two counts.
    let levels = studies.iter().filter(|study| matches!(study, StudyLikelihood::TwoGroups { .. })).count();
    let found = Found {
        beta: design.coefficients(&at.at),
        covariance: design.covariance(&inverse),
        tau2,
        value: at.value,
        common: common.value,
        saturated: studies.iter().map(StudyLikelihood::own_maximum).sum(),
        wald: Some(wald),
        parameters: problem.p() + usize::from(estimates_tau2(estimator, problem)) + levels,
        counts: studies.len() + levels,
    };
    Ok(found.fit(problem, estimator, notes, level))
}

/// Where the searches ended: without heterogeneity, and with it where that is likelier.
struct Searched {
    common: Minimum,
    random: Option<Minimum>,
}

/// Searches γ, and τ behind it where there is one.
fn searched(studies: &[StudyLikelihood], design: &Design, is_random: bool) -> Result<Searched, MetaError> {
    let p = design.p();
    let minus = |x: &[f64]| {
        let tau = x.get(p).map_or(0.0, |tau| tau.abs());
        let value = |(study, eta): (&StudyLikelihood, f64)| study.profiled(eta, tau).value;
        if tau <= MOST_TAU { -studies.iter().zip(design.eta(x)).map(value).sum::<f64>() } else { f64::INFINITY }
    };
    let slopes = |x: &[f64]| {
        let tau = x.get(p).copied().unwrap_or(0.0);
        let mut total = vec![0.0; x.len()];
        for ((study, eta), row) in studies.iter().zip(design.eta(x)).zip(design.rows()) {
            let of = study.profiled(eta, tau.abs());
            total.iter_mut().zip(row).for_each(|(total, value)| *total -= of.along_theta * value);
            if let Some(last) = total.get_mut(p) {
                *last -= of.along_tau * if tau < 0.0 { -1.0 } else { 1.0 };
            }
        }
        total
    };
    let common = minimise(minus, slopes, vec![0.0; p]);
    refuse_unbound(design, &common)?;
    let mut random = None;
    if is_random && studies.len() > p {
        let start = common.at.iter().copied().chain([0.5]).collect();
        let found = minimise(minus, slopes, start);
        refuse_endless(studies, design, common.value, &found)?;
        random = Some(found)
            .filter(|found| found.converged && found.value < common.value - 1e-10 && found.at[p].abs() > 1e-4);
    }
    Ok(Searched { common, random })
}

/// That an estimator is one of these models.
fn possible_estimator(estimator: Estimator) -> Result<(), MetaError> {
    if estimator.is_common() || estimator == Estimator::Ml {
        return Ok(());
    }
    let told = format!("models of counts are fitted by ML, FE or EE, and not by {}", estimator.name());
    Err(MetaError::Option(told))
}

/// Whether τ² is a parameter: without residual degrees of freedom nothing tells of it.
fn estimates_tau2(estimator: Estimator, problem: &Problem) -> bool {
    !estimator.is_common() && problem.residual_df() >= 1.0
}

/// What is to be known of Q and of a τ² of 0.
fn notes_on(estimator: Estimator, problem: &Problem, is_zero: bool) -> Vec<String> {
    let mut notes = vec!["Q is the likelihood-ratio test against an effect of its own for every study".to_owned()];
    match (estimator.is_common(), is_zero) {
        (true, _) | (_, false) => {}
        _ if !estimates_tau2(estimator, problem) && problem.k() > 1 => notes.push(
            "no more studies than coefficients show no heterogeneity: tau2 is set to 0 and nothing is known of it"
                .to_owned(),
        ),
        _ => notes.push("tau2 is estimated as 0".to_owned()),
    }
    notes
}

/// Wald's test of heterogeneity, with a note on the studies without a part in it: with an effect of its own, each study
/// has the likeliest one with the variance that the information gives it, and the test is the least Σ (η − x′β)²/v. A
/// study whose likeliest effect is infinite has an infinite variance, and adds nothing.
fn wald_of_heterogeneity(
    studies: &[StudyLikelihood],
    problem: &Problem,
    notes: &mut Vec<String>,
) -> Result<f64, MetaError> {
    let own: Vec<Option<(f64, f64)>> = studies.iter().map(StudyLikelihood::own_effect).collect();
    let rows: Vec<usize> = (0..own.len()).filter(|&study| own[study].is_some()).collect();
    if rows.len() < own.len() && problem.residual_df() >= 1.0 {
        let left_out = own.len() - rows.len();
        let what = if left_out == 1 { "study whose" } else { "studies whose" };
        notes.push(format!(
            "Wald's test of heterogeneity (QE_Wld) is without {left_out} {what} own effect is likeliest to be infinite"
        ));
    }
    let (yi, vi): (Vec<f64>, Vec<f64>) = own.into_iter().flatten().unzip();
    let mut columns: Vec<Vec<f64>> =
        problem.columns.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
    let dependent = dependent_columns(&columns);
    dependent.iter().rev().for_each(|&at| drop(columns.remove(at)));
    if columns.is_empty() || columns.len() >= yi.len() {
        return Ok(0.0);
    }
    let names = columns.iter().enumerate().map(|(at, _)| at.to_string()).collect();
    let own = Problem::with_columns(yi, vi, names, columns, false)?;
    let mut at = Projection::new(&own);
    at.at_tau2(0.0);
    Ok(at.rss())
}

/// The largest τ that is searched, far beyond any that counts can tell from others.
const MOST_TAU: f64 = 50.0;

fn failed(why: &str) -> MetaError {
    MetaError::not_converged("the model with random effects", why)
}

impl Fit {
    /// The fit of a model of counts with t of k − p degrees of freedom in place of z; none of no more studies than
    /// coefficients.
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
        let as_f = |of: Omnibus| {
            let statistic = of.statistic / of.df;
            Omnibus { statistic, df2: Some(df), p: f_sf(statistic, of.df, df), ..of }
        };
        self.qm = self.qm.map(as_f);
        self.model.test = Test::T;
        Some(self)
    }

    /// The fit with I² and H² from τ² and the typical sampling variance of the effects of the single studies, which a
    /// likelihood of counts does not have.
    ///
    /// Source: Higgins & Thompson (2002), Stat Med 21:1539, eq. 9; so in metafor's `rma.glmm`.
    pub fn with_typical_variance(mut self, problem: &Problem) -> Self {
        let mut at = Projection::new(problem);
        at.at_tau2(0.0);
        let typical = problem.residual_df() / at.trace_p();
        let is_common = self.model.estimator.is_common();
        let note = if typical.is_finite() && typical > 0.0 {
            let (i2, h2) = heterogeneity_of_tau2(self.tau2, typical);
            (self.typical_variance, self.i2, self.h2) = (Some(typical), Some(i2), Some(h2));
            match is_common {
                true => "I² and H² belong to tau2, which this model holds at 0: Q tells of heterogeneity",
                false => {
                    "I² and H² take the typical variance of the effects of single studies (half an event added where \
                     there is none), and tau2 has no interval"
                }
            }
        } else if problem.p() == 1 {
            "I² and H² need two studies, and tau2 has no interval"
        } else {
            "I² and H² need more studies than coefficients, and tau2 has no interval"
        };
        self.notes.push(note.to_owned());
        self
    }
}

/// What the searches found.
struct Found {
    /// The coefficients.
    beta: Vec<f64>,
    /// Their covariance.
    covariance: Matrix,
    tau2: f64,
    /// Minus the log-likelihood there.
    value: f64,
    /// Minus the log-likelihood without heterogeneity.
    common: f64,
    /// The highest log-likelihood of studies with effects of their own.
    saturated: f64,
    /// Wald's statistic of heterogeneity, where it is computed.
    wald: Option<f64>,
    /// The estimated parameters.
    parameters: usize,
    /// The counts that are modelled: as in metafor, two for each study where those of both groups are.
    counts: usize,
}

impl Found {
    fn fit(self, problem: &Problem, estimator: Estimator, notes: Vec<String>, level: f64) -> Fit {
        let df = problem.residual_df();
        let p_of = |q: f64| if df > 0.0 { chi_squared_sf(q, df) } else { 1.0 };
        let qe = 2.0 * (self.saturated + self.common).max(0.0);
        let coefficient = |(j, name): (usize, &String)| {
            Coefficient::new(name, self.beta[j], self.covariance[(j, j)].sqrt(), None, level)
        };
        Fit {
            model: Model { estimator, level, ..Model::default() },
            k: problem.k(),
            p: problem.p(),
            coefficients: problem.names.iter().enumerate().map(coefficient).collect(),
            qm: wald(&self.beta, &self.covariance, &tested(problem), None),
            covariance: self.covariance,
            tau2: self.tau2,
            tau2_se: None,
            tau2_ci: None,
            typical_variance: None,
            i2: None,
            h2: None,
            r2: None,
            qe,
            qe_df: df,
            qe_p: p_of(qe),
            qe_wald: self.wald.filter(|_| df > 0.0).map(|statistic| Omnibus {
                statistic,
                df,
                df2: None,
                p: p_of(statistic),
            }),
            statistics: FitStatistics::from_parts(
                -self.value,
                self.saturated,
                self.parameters as f64,
                self.counts as f64,
            ),
            scale: None,
            robust: None,
            // The likelihood gives no study a weight.
            weights: Vec::new(),
            total_weight: 0.0,
            notes,
        }
    }
}
