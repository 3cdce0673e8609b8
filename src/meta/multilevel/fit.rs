//! Fitting multilevel models.

use super::blocks::{Block, blocks};
use super::components::{Component, Range};
use super::flat::{beyond_reml, label, undetermined};
use super::heterogeneity::typical_variance;
use super::likelihood::Likelihood;
use super::profile::ParameterIntervals;
use super::robust::RobustDf;
use super::sampling::SamplingCovariance;
use super::search::{Search, maximise};
use crate::meta::fit::{Coefficient, Test};
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::projection::Projection;
use crate::meta::statistics::{FitStatistics, Omnibus, heterogeneity_p, tested, wald};
use crate::numeric::matrix::Matrix;
use std::sync::Arc;

/// A multilevel model before it is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Multilevel {
    /// The random effects, from outer to inner.
    pub components: Vec<Component>,
    /// The covariance of the sampling errors.
    pub v: SamplingCovariance,
    /// Whether the likelihood is restricted.
    pub restricted: bool,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
    /// Whether variances and correlations get profile-likelihood intervals.
    pub profile: bool,
}

/// A fitted multilevel model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MultilevelFit {
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: Matrix,
    /// The parameters of each component: variances, and correlations.
    pub components: Vec<(Vec<f64>, Vec<f64>)>,
    /// The intervals of these parameters.
    pub intervals: Vec<ParameterIntervals>,
    /// Q of the residuals with τ² = 0.
    pub qe: f64,
    /// Its p-value.
    pub qe_p: f64,
    /// The test of the moderators.
    pub qm: Option<Omnibus>,
    /// Likelihood and criteria.
    pub statistics: FitStatistics,
    /// Steps that were taken.
    pub iterations: usize,
    /// Whether the score is zero, or points out of the range at its border.
    pub converged: bool,
    /// How many effects there are more than coefficients.
    pub residual_df: f64,
    /// The degrees of freedom of combinations of coefficients, where standard errors are robust.
    pub robust: Option<RobustDf>,
    /// The level of intervals.
    pub level: f64,
    /// What is to be known of the fit.
    pub notes: Vec<String>,
    /// How many variances and correlations are estimated, and not given.
    pub estimated: usize,
    /// The typical variance of a sampling error, for I².
    pub(super) typical_variance: Option<f64>,
    pub(super) parameters: Vec<f64>,
    pub(super) blocks: Vec<Block>,
}

/// Refuses matrices that take too much memory.
pub(super) fn possible_block(size: usize) -> Result<(), MetaError> {
    const LARGEST: usize = 4000;
    if size <= LARGEST {
        return Ok(());
    }
    let message = format!(
        "{size} effects, or groups of effects, depend on each other through what they share, and {LARGEST} can be handled"
    );
    Err(MetaError::Option(message))
}

impl Multilevel {
    /// Fits the model.
    ///
    /// # Errors
    /// If there are too few rows, a matrix is not positive definite, or too many rows depend on each other; also if a
    /// random effect or the covariance of the sampling errors has not an entry for each row, or one that points beyond
    /// its names.
    #[doc(alias = "rma.mv")]
    pub fn fit(&self, problem: &Problem) -> Result<MultilevelFit, MetaError> {
        self.fit_from(problem, None)
    }

    /// That random effects and sampling errors go with the rows.
    pub(super) fn check_parts(&self, problem: &Problem) -> Result<(), MetaError> {
        self.components.iter().try_for_each(|component| component.possible(problem))?;
        self.v.possible(problem)
    }

    /// The same with a search that begins at the parameters of a similar fit, too.
    pub(super) fn fit_from(&self, problem: &Problem, start: Option<&[f64]>) -> Result<MultilevelFit, MetaError> {
        possible_level(self.level)?;
        self.check_parts(problem)?;
        // With known covariances alone nothing is estimated from what the coefficients leave.
        let is_saturated = problem.residual_df() < 1.0;
        if is_saturated && (!self.components.is_empty() || problem.k() < problem.p()) {
            let what = "a multilevel model needs more effects than coefficients";
            return Err(MetaError::TooFewStudies { needed: problem.p() + 1, found: problem.k(), what });
        }
        let mut at = Projection::new(problem);
        at.at_weights(&vec![1.0; problem.k()]);
        at.check()?;
        let spread = if is_saturated { 0.0 } else { at.rss() / problem.residual_df() };
        let likelihood = self.likelihood(problem)?;
        let typical = problem.mean_variance();
        let share = ((spread - typical).max(0.1 * spread)) / self.components.len().max(1) as f64;
        let mut ranges: Vec<Range> = self.components.iter().flat_map(|component| component.ranges(share)).collect();
        let lost = hold_what_reml_does_not_see(&likelihood, &mut ranges);
        let mut search = maximise(&likelihood, &ranges, starts(&ranges), None)?;
        // Beside the start that these rows have by themselves, lest they end elsewhere than when they are fitted alone.
        if let Some(start) = start {
            let start = start.iter().zip(&ranges).map(|(of, range)| of.clamp(range.lower, range.upper)).collect();
            search.rise_from(&likelihood, &ranges, start)?;
        }
        search.restart(&likelihood, &ranges)?;
        let mut notes = Vec::new();
        if !search.converged {
            notes.push(format!(
                "the likelihood did not reach its maximum in {} steps; use the result with care",
                search.iterations
            ));
        }
        if !lost.is_empty() {
            search.converged = false;
            notes.extend(notes_on_lost(&lost));
        }
        let unknown = undetermined(&likelihood, &ranges, &search);
        if !unknown.is_empty() {
            let moved = search.hold(&likelihood, &ranges, &unknown)?;
            search.converged = false;
            notes.extend(notes_on_undetermined(&unknown, &moved, problem));
        }
        let intervals =
            if self.profile { self.intervals(&likelihood, &ranges, &search, &mut notes) } else { self.no_intervals() };
        self.result(problem, likelihood, &ranges, search, intervals, notes)
    }

    /// The first parameter of each component.
    pub(super) fn offsets(&self) -> Vec<usize> {
        let begin = |next: &mut usize, component: &Component| {
            let begin = *next;
            *next += component.parameters();
            Some(begin)
        };
        self.components.iter().scan(0, begin).collect()
    }

    /// The likelihood of some rows.
    pub(super) fn likelihood_of<'a>(&'a self, problem: &'a Problem) -> Result<Likelihood<'a>, MetaError> {
        let mut at = Projection::new(problem);
        at.at_weights(&vec![1.0; problem.k()]);
        at.check()?;
        self.likelihood(problem)
    }

    fn likelihood<'a>(&'a self, problem: &'a Problem) -> Result<Likelihood<'a>, MetaError> {
        let blocks = blocks(problem.k(), &self.components, &self.v);
        let offsets = self.offsets();
        let restricted = self.restricted;
        let basis = Arc::new(problem.basis());
        let likelihood =
            Likelihood { problem, v: &self.v, components: &self.components, blocks, offsets, restricted, basis };
        let needs_whole = likelihood.has_cone();
        let largest = |block: &Block| if needs_whole { block.rows.len() } else { block.largest() };
        possible_block(likelihood.blocks.iter().map(largest).max().unwrap_or(0))?;
        Ok(likelihood)
    }

    fn result(
        &self,
        problem: &Problem,
        likelihood: Likelihood<'_>,
        ranges: &[Range],
        search: Search,
        intervals: Vec<ParameterIntervals>,
        mut notes: Vec<String>,
    ) -> Result<MultilevelFit, MetaError> {
        let df = (self.test != Test::Z).then(|| problem.residual_df());
        let (beta, covariance) = (likelihood.beta(&search.state), likelihood.covariance_of_beta(&search.state));
        let coefficients: Vec<Coefficient> = (0..problem.p())
            .map(|j| Coefficient::new(&problem.names[j], beta[j], covariance[(j, j)].sqrt(), df, self.level))
            .collect();
        // The last coefficients, all or all but the first, are 0 where those of Q are.
        let qm = wald(&search.state.gamma, &search.state.information.inverse(), &tested(problem), df);
        let alone = blocks(problem.k(), &[], &self.v);
        let none = Likelihood { components: &[], offsets: Vec::new(), blocks: alone, ..likelihood };
        let singular =
            || MetaError::Option("the covariance matrix of the sampling errors is not positive definite".to_owned());
        let of_errors = none.at(&[]).ok_or_else(singular)?;
        // As many coefficients as effects leave nothing but rounding.
        let qe = if problem.residual_df() > 0.0 { of_errors.rss } else { 0.0 };
        let typical_variance = typical_variance(&none, &of_errors);
        let mut components = Vec::new();
        for (component, begin) in self.components.iter().zip(self.offsets()) {
            let own = &search.parameters[begin..begin + component.parameters()];
            let split = component.split(own);
            notes.extend(note_on_given(component));
            if split.0.iter().zip(&ranges[begin..]).any(|(variance, range)| *variance == 0.0 && !range.is_given()) {
                notes.push(format!("a variance of {} is estimated as 0", component.name));
            }
            notes.extend(at_border(component, own, &split.1));
            components.push(split);
        }
        let estimated = self.components.iter().map(Component::estimated).sum::<usize>();
        let count = (problem.p() + estimated) as f64;
        Ok(MultilevelFit {
            level: self.level,
            qm,
            coefficients,
            covariance,
            components,
            intervals,
            qe,
            qe_p: heterogeneity_p(qe, problem.residual_df()),
            statistics: FitStatistics::of_errors(
                search.state.log_likelihood,
                count,
                problem,
                self.restricted,
                of_errors.log_determinant,
            ),
            iterations: search.iterations,
            converged: search.converged,
            residual_df: problem.residual_df(),
            robust: None,
            notes,
            estimated,
            typical_variance,
            parameters: search.parameters,
            blocks: likelihood.blocks,
        })
    }
}

/// What is to be known of variances and correlations that the data do not determine, and of coefficients with them.
fn notes_on_undetermined(unknown: &[(usize, String)], moved: &[(usize, bool)], problem: &Problem) -> Vec<String> {
    let names: Vec<&str> = unknown.iter().map(|(_, name)| name.as_str()).collect();
    let mut notes = vec![format!(
        "these data do not determine {}: the likelihood is the same for other values",
        names.join(" and ")
    )];
    let of = |moves: bool| {
        let all = moved.iter().filter(|(_, estimate)| *estimate == moves);
        let names: Vec<&str> = all.map(|(j, _)| problem.names[*j].as_str()).collect();
        (names.len(), names.join(" and "))
    };
    let told = match of(true) {
        (0, _) => None,
        (1, name) => Some(format!("{name} would be another: its estimate, standard error and p-value say nothing")),
        (_, all) => Some(format!("{all} would be others: their estimates, standard errors and p-values say nothing")),
    };
    let of_errors = match of(false) {
        (0, _) => None,
        (1, name) => Some(format!("the standard error of {name} would be another: it and the p-value say nothing")),
        (_, all) => Some(format!("the standard errors of {all} would be others: they and the p-values say nothing")),
    };
    notes.extend(told.into_iter().chain(of_errors).map(|told| format!("with other values of these, {told}")));
    notes
}

fn starts(ranges: &[Range]) -> Vec<f64> {
    ranges.iter().map(|range| range.start).collect()
}

/// Holds variances of which nothing can be known beside the coefficients at 0, as metafor does where a random effect
/// has one level, unless the sampling errors alone have a singular covariance.
fn hold_what_reml_does_not_see(likelihood: &Likelihood<'_>, ranges: &mut Vec<Range>) -> Vec<(usize, String)> {
    let lost = beyond_reml(likelihood, ranges);
    let mut held = ranges.clone();
    lost.iter().for_each(|&(at, _)| held[at] = Range { lower: 0.0, upper: 0.0, start: 0.0, ..held[at] });
    if lost.is_empty() || likelihood.at(&starts(&held)).is_none() {
        return Vec::new();
    }
    *ranges = held;
    lost
}

/// What is to be known of variances of which nothing can be known beside the coefficients.
fn notes_on_lost(lost: &[(usize, String)]) -> [String; 2] {
    let names: Vec<&str> = lost.iter().map(|(_, name)| name.as_str()).collect();
    let names = names.join(" and ");
    [
        format!("these data do not determine {names}: the likelihood is the same for other values"),
        format!("{names} beside these coefficients is held at 0: their standard errors are for these levels alone"),
    ]
}

/// What is to be known of variances and correlations that are given.
fn note_on_given(component: &Component) -> Option<String> {
    let all = component.given_values().into_iter().enumerate();
    let told: Vec<String> =
        all.filter_map(|(at, value)| Some(format!("{} ({})", label(component, at), value?))).collect();
    let (is, has) = if told.len() == 1 { ("is", "has") } else { ("are", "have") };
    (!told.is_empty()).then(|| {
        format!("{} {is} given and not estimated, {has} no interval, and no part in AIC and BIC", told.join(", "))
    })
}

/// What is to be known of correlations that cannot go further.
fn at_border(component: &Component, own: &[f64], correlations: &[f64]) -> Option<String> {
    let ranges = component.ranges(1.0);
    let ranges = &ranges[ranges.len() - correlations.len()..];
    let is_at_border =
        |(rho, range): (&f64, &Range)| !range.is_given() && (*rho < range.lower + 1e-6 || *rho > range.upper - 1e-6);
    if correlations.iter().zip(ranges).any(is_at_border) {
        return Some(format!("a correlation of {} lies at the border of its range", component.name));
    }
    let least = component.least_eigenvalue(own)?;
    (least < 1e-6).then(|| {
        format!(
            "the correlations of {} lie at the border of what correlations together can be: their matrix is singular",
            component.name
        )
    })
}
