//! The same model fitted many times, to nearly the same studies.

use super::deletion::without_weights;
use super::fit::{Estimated, Fit, Heterogeneity, Model, Parts, Weighting, scale_of};
use super::problem::Problem;
use super::projection::Projection;
use super::statistics::FitStatistics;
use super::sums::{Sums, Table};
use super::tau2::{self, Estimator, Tau2, boundary, falling_zeros, note_at_zero};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::matrix::Matrix;
use std::f64::consts::PI;

/// With fewer studies a table costs more than it saves.
const FEWEST: usize = 150;

/// Fits of a model to parts of the studies: from a table of sums where there are many studies with nothing but a mean,
/// and one by one otherwise. Both find the same to some twelve digits.
pub(super) struct Refits<'a> {
    model: &'a Model,
    problem: &'a Problem,
    table: Option<Table<'a>>,
}

impl<'a> Refits<'a> {
    pub fn new(model: &'a Model, problem: &'a Problem) -> Self {
        let is_large = problem.k() >= FEWEST && has_sums(model);
        Self { model, problem, table: is_large.then(|| Table::of(problem, needs_all(model))).flatten() }
    }

    /// The fit without some studies; none where the rest cannot be fitted.
    pub fn without(&self, studies: &[usize]) -> Option<Fit> {
        if let Some(fit) = self.table.as_ref().and_then(|table| self.from(table, studies)) {
            return Some(fit);
        }
        let mut is_kept = vec![true; self.problem.k()];
        studies.iter().for_each(|&study| is_kept[study] = false);
        let kept: Vec<usize> = (0..self.problem.k()).filter(|&study| is_kept[study]).collect();
        one_by_one(self.model, self.problem, &kept)
    }

    /// The fit from the table; none where it would lose digits.
    fn from(&self, table: &Table<'_>, without: &[usize]) -> Option<Fit> {
        let at = |tau2: f64| table.without(without, tau2);
        of_sums(self.model, self.problem, table, &at)
    }

    /// (X′WX)⁻¹ of all studies at a τ².
    pub fn inverse_information(&self, tau2: f64) -> Matrix {
        match &self.table {
            Some(table) if tau2 == 0.0 || (needs_all(self.model) && tau2 <= table.ends[1]) => {
                Matrix::from_fn(1, 1, |_, _| 1.0 / table.at(tau2).total())
            }
            _ => {
                let mut at = Projection::new(self.problem);
                at.at_tau2(tau2);
                at.inverse_information()
            }
        }
    }
}

/// The fits of the first study of an order, the first two, and so on.
pub(super) fn growing(model: &Model, problem: &Problem, order: &[usize]) -> Vec<Option<Fit>> {
    let is_large = order.len() >= FEWEST && has_sums(model);
    let table = is_large.then(|| Table::empty(problem, needs_all(model))).flatten();
    let until = |last: usize| one_by_one(model, problem, &order[..=last]);
    let Some(mut table) = table else {
        return crate::numeric::parallel::each_in_parallel(order.len(), until);
    };
    let next = |(last, study): (usize, &usize)| {
        table.add(*study);
        let found = (last >= FEWEST).then(|| of_sums(model, problem, &table, &|tau2| table.at(tau2))).flatten();
        found.or_else(|| until(last))
    };
    order.iter().enumerate().map(next).collect()
}

fn one_by_one(model: &Model, problem: &Problem, kept: &[usize]) -> Option<Fit> {
    (!kept.is_empty()).then(|| model.fit(&problem.subset(kept)).ok().map(without_weights)).flatten()
}

/// Whether the estimator of τ² is a function of the sums.
fn has_sums(model: &Model) -> bool {
    let is_function = matches!(
        model.estimator,
        Estimator::Fe
            | Estimator::Ee
            | Estimator::Dl
            | Estimator::Ml
            | Estimator::Reml
            | Estimator::Eb
            | Estimator::Pm
            | Estimator::Pmm
    );
    is_function && model.tau2.is_none() && model.weighting == Weighting::Inverse
}

/// Whether the fit needs the sums at more than a τ² of 0.
fn needs_all(model: &Model) -> bool {
    !model.estimator.is_common()
}

/// The fit whose sums are those; none where it needs another look.
fn of_sums(model: &Model, problem: &Problem, table: &Table<'_>, at: &dyn Fn(f64) -> Sums) -> Option<Fit> {
    let at_zero = at(0.0);
    let (k, df) = (at_zero.k, at_zero.k - 1.0);
    if k < 3.0 || !at_zero.keep_digits_of(&table.at(0.0), table.centre) {
        return None;
    }
    let tau2 = tau2_of(model.estimator, table, at)?;
    let sums = at(tau2.value);
    if tau2.value > table.ends[1] || !sums.keep_digits_of(&table.at(tau2.value), table.centre) {
        return None;
    }
    let mut notes = tau2.notes.clone();
    let scale = scale_of(model.test, sums.q(), df, &mut notes);
    let variance = scale.unwrap_or(1.0) / sums.total();
    let estimated = Estimated {
        beta: vec![table.centre + sums.mean()],
        covariance: Matrix::from_fn(1, 1, |_, _| variance),
        scale,
        weights: Vec::new(),
        total_weight: sums.total(),
        excess: 0.0,
    };
    let heterogeneity = Heterogeneity::of(model.estimator, tau2.value, (at_zero.q(), df), at_zero.trace_p());
    let statistics = statistics(model, &sums, &at_zero);
    let (model, names, tested) = (*model, &problem.names[..1], &[0]);
    let parts = Parts { model, k: k as usize, names, tested, estimated, tau2, heterogeneity, statistics, notes };
    Some(parts.together())
}

/// The estimate of τ², as [`tau2::estimate`] has it.
fn tau2_of(estimator: Estimator, table: &Table<'_>, at: &dyn Fn(f64) -> Sums) -> Option<Tau2> {
    let zero = at(0.0);
    let df = zero.k - 1.0;
    let root = |f: &dyn Fn(&Sums) -> f64| {
        let [first, last] = table.ends;
        let falls = |tau2: f64| f(&at(tau2));
        let zeros = if falls(last) <= 0.0 { falling_zeros(falls, first, last).ok()? } else { return None };
        // Of several maxima the likelihoods are to be compared.
        match (zeros.as_slice(), falls(0.0) <= 0.0) {
            ([], true) => Some(0.0),
            ([only], false) => Some(*only),
            _ => None,
        }
    };
    match estimator {
        Estimator::Dl => {
            let value = (zero.q() - df) / zero.trace_p();
            let se = (2.0 * zero.trace_with(value.max(0.0))).sqrt() / zero.trace_p();
            Some(tau2::truncated(value, Some(se)))
        }
        Estimator::Ml | Estimator::Reml => {
            let is_reml = estimator == Estimator::Reml;
            let value = root(&|sums| sums.y_pp_y() - if is_reml { sums.trace_p() } else { sums.total() })?;
            let sums = at(value);
            let information = if is_reml { sums.trace_pp() } else { sums.squares() };
            let notes = if value == 0.0 { vec![note_at_zero(sums.q(), df)] } else { Vec::new() };
            Some(Tau2 { value, se: Some((2.0 / information).sqrt()), notes })
        }
        Estimator::Eb | Estimator::Pm | Estimator::Pmm => {
            let target = if estimator == Estimator::Pmm { chi_squared_quantile(0.5, df) } else { df };
            let value = root(&|sums| sums.q() - target)?;
            let notes = if value == 0.0 { vec![boundary()] } else { Vec::new() };
            let se = (2.0 * zero.k * zero.k / df).sqrt() / at(value).total();
            Some(Tau2 { value, se: Some(se), notes })
        }
        _ => Some(Tau2 { value: 0.0, se: None, notes: Vec::new() }),
    }
}

/// Likelihood and criteria, restricted for REML.
fn statistics(model: &Model, sums: &Sums, at_zero: &Sums) -> FitStatistics {
    let (k, parameters) = (sums.k, if model.estimator.is_common() { 1.0 } else { 2.0 });
    let full = |n: f64| n * (2.0 * PI).ln() + sums.log_variances() + sums.q();
    if model.estimator == Estimator::Reml {
        let log_likelihood = -0.5 * (full(k - 1.0) + sums.total().ln() - k.ln());
        return FitStatistics::from_parts(log_likelihood, 0.0, parameters, k - 1.0);
    }
    let saturated = -0.5 * (k * (2.0 * PI).ln() + at_zero.log_variances());
    FitStatistics::from_parts(-0.5 * full(k), saturated, parameters, k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::deletion::without_interval;
    use crate::meta::{MetaError, Test};
    use crate::numeric::random::Random;

    fn many(k: usize, tau2: f64) -> Result<Problem, MetaError> {
        let mut random = Random::seeded(9);
        let vi: Vec<f64> = (0..k).map(|_| 0.002 + 0.3 * random.uniform().powi(3)).collect();
        let yi = vi.iter().map(|v| 3.0 + (tau2 + v).sqrt() * random.normal()).collect();
        Problem::new(yi, vi)
    }

    fn assert_same(found: &Fit, expected: &Fit) {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * b.abs().max(1e-3);
        let numbers = |of: &Fit| {
            let (b, s) = (&of.coefficients[0], &of.statistics);
            let own = [b.estimate, b.se, b.statistic, b.p, b.ci.lower, b.ci.upper, of.tau2, of.qe, of.qe_p];
            let more = [of.tau2_se, of.i2, of.h2, of.typical_variance, of.scale, b.df, of.qm.map(|of| of.statistic)];
            let fit = [s.log_likelihood, s.deviance, s.aic, s.bic, s.aicc, of.total_weight, of.k as f64, of.qe_df];
            own.into_iter().chain(more.map(|of| of.unwrap_or(-1.0))).chain(fit).collect::<Vec<f64>>()
        };
        for (at, (a, b)) in numbers(found).into_iter().zip(numbers(expected)).enumerate() {
            assert!(close(a, b), "{:?}, number {at}: {a} {b}", found.model);
        }
        assert_eq!(found.notes, expected.notes);
        assert!(found.weights.is_empty() && expected.weights.is_empty());
    }

    /// Fits from sums are those to the studies themselves, with and without heterogeneity.
    #[test]
    fn fits_from_sums_are_those_of_the_studies() {
        use Estimator::{Dl, Eb, Ee, Fe, Ml, Pm, Pmm, Reml};
        for tau2 in [0.0, 0.04] {
            let problem = many(FEWEST + 3, tau2).unwrap();
            for (at, estimator) in [Dl, Eb, Ee, Fe, Ml, Pm, Pmm, Reml, Reml].into_iter().enumerate() {
                let test = [Test::Z, Test::T, Test::Knha, Test::Adhoc][at % 4];
                let model = without_interval(&Model { estimator, test, ..Model::default() });
                let refits = Refits::new(&model, &problem);
                let table = refits.table.as_ref().unwrap();
                for studies in [&[at][..], &[7 * at + 1], &[1, 5, 40 + at, 99]] {
                    let kept: Vec<usize> = (0..problem.k()).filter(|study| !studies.contains(study)).collect();
                    let expected = one_by_one(&model, &problem, &kept).unwrap();
                    assert_same(&refits.from(table, studies).unwrap(), &expected);
                }
                let order: Vec<usize> = (0..problem.k()).rev().collect();
                let grown = growing(&model, &problem, &order);
                let expected = one_by_one(&model, &problem, &order[..=FEWEST]).unwrap();
                assert_same(grown[FEWEST].as_ref().unwrap(), &expected);
                assert_eq!(grown.len(), problem.k());
            }
        }
    }

    /// What dominates all sums is not taken out of them: the rest is fitted anew.
    #[test]
    fn a_study_that_dominates_is_not_taken_out_of_the_sums() {
        let problem = many(FEWEST, 0.04).unwrap();
        let [mut yi, mut vi] = [problem.yi.clone(), problem.vi.clone()];
        (yi[3], vi[3]) = (2.9, 1e-9);
        let problem = Problem::new(yi, vi).unwrap();
        let model = without_interval(&Model::default());
        let refits = Refits::new(&model, &problem);
        assert!(refits.from(refits.table.as_ref().unwrap(), &[3]).is_none());
        assert_same(
            &refits.without(&[3]).unwrap(),
            &one_by_one(&model, &problem, &[&[0, 1, 2][..], &(4..FEWEST).collect::<Vec<_>>()].concat()).unwrap(),
        );
    }
}
