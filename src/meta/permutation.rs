//! Permutation tests.

use super::deletion::without_interval;
use super::fit::{Fit, Model};
use super::problem::{MetaError, Problem};
use crate::numeric::random::Random;

/// The result of a permutation test.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Permutation {
    /// The p-value of each coefficient; none of one without a statistic.
    pub p: Vec<Option<f64>>,
    /// The p-value of the moderators together.
    pub qm_p: Option<f64>,
    /// How many permutations there were.
    pub permutations: usize,
    /// Whether these were all that there are.
    pub exact: bool,
}

/// Up to so many permutations are all taken.
pub const MOST_EXACT: usize = 20_000;

/// Without moderators the signs of the effects are flipped, with them their rows are permuted; all
/// distinct ways where there are few, otherwise `random` of them, the observed one included.
///
/// Sources: Follmann & Proschan (1999), Biometrics 55:732; Higgins & Thompson (2004), Stat Med 23:1663.
///
/// # Errors
/// If the model cannot be fitted.
///
/// ```
/// use reffect::meta::{Model, Problem, permutation::permutation_test};
///
/// let (yi, vi) = (vec![-0.89, -1.59, -1.35, -1.44, -0.22, -0.79], vec![0.33, 0.19, 0.42, 0.02, 0.05, 0.01]);
/// let test = permutation_test(&Model::default(), &Problem::new(yi, vi)?, 1000, 1)?;
/// // All of six effects lie below 0: of the 2⁶ signs two are as extreme.
/// assert!(test.exact && test.permutations == 64 && test.p == [Some(2.0 / 64.0)]);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
#[doc(alias = "permutest")]
pub fn permutation_test(model: &Model, problem: &Problem, random: usize, seed: u64) -> Result<Permutation, MetaError> {
    let model = without_interval(model);
    let observed = model.fit(problem)?;
    let mut counter = Counter::new(&observed);
    let k = problem.k();
    let mut draws = Random::seeded(seed);
    let alike = rows_alike(problem);
    let ways = if problem.is_intercept_only() { 2f64.powi(k as i32) } else { distinct_orders(&alike) };
    let exact = ways <= MOST_EXACT as f64;
    if problem.is_intercept_only() {
        let mut flipped = problem.clone();
        for number in 0..if exact { ways as usize } else { random } {
            for (study, y) in flipped.yi.iter_mut().enumerate() {
                let flips = if exact { number >> study & 1 == 1 } else { number > 0 && draws.below(2) == 1 };
                *y = if flips { -problem.yi[study] } else { problem.yi[study] };
            }
            counter.count(&model.statistics_of(&flipped)?);
        }
    } else {
        let mut permuted = problem.clone();
        let mut order = if exact { alike } else { (0..k).collect() };
        order.sort_unstable();
        let mut number = 0;
        loop {
            for (column, rows) in permuted.columns.iter_mut().zip(&problem.columns) {
                column.iter_mut().zip(&order).for_each(|(value, &row)| *value = rows[row]);
            }
            counter.count(&model.statistics_of(&permuted)?);
            number += 1;
            let more = if exact { next_permutation(&mut order) } else { number < random };
            if !more {
                break;
            }
            if !exact {
                draws.shuffle(&mut order);
            }
        }
    }
    Ok(counter.result(exact))
}

/// For each study the first one with the same moderators: to change these with each other changes nothing.
fn rows_alike(problem: &Problem) -> Vec<usize> {
    let is_same = |one: usize, other: usize| problem.columns.iter().all(|column| column[one] == column[other]);
    let first = |row: usize| (0..row).find(|&other| is_same(other, row)).unwrap_or(row);
    (0..problem.k()).map(first).collect()
}

/// In how many orders members can stand of which some are alike: k!/∏mᵢ!.
fn distinct_orders(alike: &[usize]) -> f64 {
    let mut so_far = vec![0usize; alike.len()];
    let with_each = |(number, &of): (usize, &usize)| {
        so_far[of] += 1;
        (number + 1) as f64 / so_far[of] as f64
    };
    alike.iter().enumerate().map(with_each).product::<f64>().round()
}

struct Counter<'a> {
    observed: &'a Fit,
    beyond: Vec<usize>,
    qm_beyond: usize,
    all: usize,
}

/// Rounding must not make a tie of the observed statistic smaller than it.
const TIE: f64 = 1.0 - 1e-9;

impl<'a> Counter<'a> {
    fn new(observed: &'a Fit) -> Self {
        Self { observed, beyond: vec![0; observed.p], qm_beyond: 0, all: 0 }
    }

    fn count(&mut self, (statistics, qm): &(Vec<f64>, Option<f64>)) {
        self.all += 1;
        for ((beyond, here), there) in self.beyond.iter_mut().zip(statistics).zip(&self.observed.coefficients) {
            *beyond += usize::from(here.abs() >= TIE * there.statistic.abs());
        }
        let qm = qm.zip(self.observed.qm);
        self.qm_beyond += usize::from(qm.is_some_and(|(here, there)| here >= TIE * there.statistic));
    }

    fn result(self, exact: bool) -> Permutation {
        // Where the observed statistic is no number, nothing is beyond it and nothing is not.
        let share = |count: usize, observed: f64| (!observed.is_nan()).then(|| count as f64 / self.all as f64);
        let observed = self.observed.coefficients.iter().map(|coefficient| coefficient.statistic);
        let p = self.beyond.iter().zip(observed).map(|(&count, statistic)| share(count, statistic)).collect();
        let qm = self.observed.qm.map_or(0.0, |test| test.statistic);
        Permutation { p, qm_p: share(self.qm_beyond, qm), permutations: self.all, exact }
    }
}

/// The next order of the numbers, if there is one.
fn next_permutation(order: &mut [usize]) -> bool {
    let Some(pivot) = (1..order.len()).rev().find(|&i| order[i - 1] < order[i]).map(|i| i - 1) else { return false };
    let Some(swap) = (pivot + 1..order.len()).rev().find(|&i| order[i] > order[pivot]) else { return false };
    order.swap(pivot, swap);
    order[pivot + 1..].reverse();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_comes_once() {
        let mut order = [0, 1, 2, 3];
        let mut seen = std::collections::BTreeSet::from([order]);
        while next_permutation(&mut order) {
            assert!(seen.insert(order));
        }
        assert_eq!(seen.len(), 24);
    }

    #[test]
    fn orders_of_alike_members_come_once() {
        let alike = [0, 0, 2, 0, 2, 5];
        assert_eq!(distinct_orders(&alike), 60.0);
        let mut order = alike;
        order.sort_unstable();
        let mut seen = std::collections::BTreeSet::from([order]);
        while next_permutation(&mut order) {
            assert!(seen.insert(order));
        }
        assert_eq!(seen.len(), 60);
    }
}
