//! Whether one model lies within another.

use super::data::{ModelData, RandomTermData};
use crate::numeric::matrix::{dot, lie_within};
use crate::numeric::random::Random;

/// What keeps a model of the same rows from lying within another; none where it does.
///
/// The fixed part lies within where each of its columns is a combination of the other's, and so does what its
/// offset has beside the other's. The random part lies within where each covariance matrix that it can give the
/// rows is one that the other can: matrices are compared by their products with random vectors.
pub(super) fn outside(smaller: &ModelData, larger: &ModelData) -> Option<&'static str> {
    let mut columns = smaller.x.columns.clone();
    columns.extend(difference_of_offsets(smaller, larger));
    if !lie_within(&columns, &larger.x.columns) {
        return Some("fixed");
    }
    let entries = |data: &ModelData| data.random.iter().map(|term| of_entries(term.names.len())).sum::<usize>();
    // More products than matrices, so that none is a combination of others by chance.
    let pairs = entries(smaller) + entries(larger) + 8;
    let mut random = Random::seeded(1);
    let mut draw = || (0..larger.n()).map(|_| random.normal()).collect::<Vec<f64>>();
    let probes: Vec<[Vec<f64>; 2]> = (0..pairs).map(|_| [draw(), draw()]).collect();
    let of = |data: &ModelData| {
        let products = data.random.iter().flat_map(|term| products(term, &probes));
        products.collect::<Vec<Vec<f64>>>()
    };
    (!lie_within(&of(smaller), &of(larger))).then_some("random")
}

fn of_entries(effects: usize) -> usize {
    effects * (effects + 1) / 2
}

fn difference_of_offsets(one: &ModelData, other: &ModelData) -> Option<Vec<f64>> {
    let zero = || vec![0.0; one.n()];
    let of = |data: &ModelData| data.offset.clone().unwrap_or_else(zero);
    let difference: Vec<f64> = of(one).iter().zip(&of(other)).map(|(a, b)| a - b).collect();
    difference.iter().any(|value| *value != 0.0).then_some(difference)
}

/// For each variance and covariance of a term, x′Gy for each pair of vectors, where G is the covariance matrix of the
/// rows for one unit of it.
fn products(term: &RandomTermData, probes: &[[Vec<f64>; 2]]) -> Vec<Vec<f64>> {
    let effects = term.names.len();
    let sums = |of: &[f64]| {
        let mut sums = vec![vec![0.0; term.levels.len()]; effects];
        for (own, column) in sums.iter_mut().zip(&term.columns) {
            for ((value, factor), &level) in column.iter().zip(of).zip(&term.codes) {
                own[level as usize] += value * factor;
            }
        }
        sums
    };
    let mut all = vec![Vec::with_capacity(probes.len()); of_entries(effects)];
    for [x, y] in probes {
        let (x, y) = (sums(x), sums(y));
        let entries = (0..effects).flat_map(|i| (0..=i).map(move |j| (i, j)));
        for (found, (i, j)) in all.iter_mut().zip(entries) {
            found.push(dot(&x[i], &y[j]) + if i == j { 0.0 } else { dot(&x[j], &y[i]) });
        }
    }
    all
}
