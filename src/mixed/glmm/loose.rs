//! Terms whose (co)variances the data do not determine.

use super::laplace::{Term, triangle_of};
use crate::numeric::matrix::{Matrix, dot};

/// A part of a direction, or of a square, that is smaller than this beside the whole is rounding.
const ROUNDING: f64 = 1e-8;

/// A step along a direction, beside the largest variance, and how far below 0 rounding takes a variance after it.
const STEP: f64 = 1e-6;
const BELOW_ZERO: f64 = 1e-9;

/// A term with less than this of a direction has no part in it.
const PART: f64 = 1e-3;

/// The terms that have other (co)variances of the same likelihood: of two arms where each centre has one of them alone,
/// or of effects that stand for each other, as in (1 | g) + (0 + f | g). None where a variance of 0 is in the way.
///
/// A group whose rows of the columns of all terms that have these groups span the directions b says of their covariance
/// G, which has blocks, what b′Gb for all sums of these say; together the squares of the directions of all groups have to
/// span all such matrices.
pub(super) fn loose_terms(terms: &[Term], theta: &[f64]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut from = 0;
    for term in terms {
        places.push(&theta[from..from + term.parameters()]);
        from += term.parameters();
    }
    let partitions: Vec<Vec<u32>> = terms.iter().map(|term| by_first_row(&term.codes)).collect();
    let mut loose = vec![false; terms.len()];
    for first in (0..terms.len()).filter(|&at| !partitions[..at].contains(&partitions[at])) {
        let set: Vec<usize> = (first..terms.len()).filter(|&at| partitions[at] == partitions[first]).collect();
        let own: Vec<&Term> = set.iter().map(|&at| &terms[at]).collect();
        let covariances: Vec<Matrix> = set
            .iter()
            .map(|&at| triangle_of(places[at], terms[at].width))
            .map(|factor| factor.times(&factor.transposed()))
            .collect();
        for direction in open_directions(&own) {
            if can_move(&covariances, &direction) {
                let has_part = |of: &Matrix| (0..of.rows()).any(|i| of.row(i).iter().any(|part| part.abs() > PART));
                set.iter().zip(&direction).filter(|(_, of)| has_part(of)).for_each(|(&at, _)| loose[at] = true);
            }
        }
    }
    (0..terms.len()).filter(|&at| loose[at]).collect()
}

/// Groups numbered by their first rows: the same for two terms with the same groups.
fn by_first_row(codes: &[u32]) -> Vec<u32> {
    let mut number = std::collections::BTreeMap::new();
    codes
        .iter()
        .map(|&code| {
            let next = number.len() as u32;
            *number.entry(code).or_insert(next)
        })
        .collect()
}

/// Directions of the covariances of terms with the same groups of which the rows say nothing: a matrix for each term.
fn open_directions(terms: &[&Term]) -> Vec<Vec<Matrix>> {
    let width: usize = terms.iter().map(|term| term.width).sum();
    if width < 2 {
        return Vec::new();
    }
    let mut bases: Vec<Vec<Vec<f64>>> = vec![Vec::new(); terms[0].levels()];
    for (row, &code) in terms[0].codes.iter().enumerate() {
        let basis = &mut bases[code as usize];
        if basis.len() < width {
            let whole = terms.iter().flat_map(|term| &term.z[row * term.width..][..term.width]).copied().collect();
            basis.extend(beyond(basis, whole));
        }
    }
    if bases.iter().any(|basis| basis.len() == width) {
        return Vec::new();
    }
    // The entries of the blocks: term, row and column in it, and where the block begins.
    let mut start = 0;
    let mut entries = Vec::new();
    for (at, term) in terms.iter().enumerate() {
        entries.extend((0..term.width).flat_map(|i| (0..=i).map(move |j| (at, i, j))).map(|of| (of, start)));
        start += term.width;
    }
    let mut products = Matrix::zeros(entries.len(), entries.len());
    for basis in &bases {
        for (at, one) in basis.iter().enumerate() {
            for other in &basis[..=at] {
                let of = |&((_, i, j), start): &((usize, usize, usize), usize)| {
                    let (i, j) = (start + i, start + j);
                    if i == j { one[i] * other[i] } else { one[i] * other[j] + one[j] * other[i] }
                };
                let square: Vec<f64> = entries.iter().map(of).collect();
                products.add(&Matrix::from_fn(square.len(), square.len(), |a, b| square[a] * square[b]), 1.0);
            }
        }
    }
    let (values, vectors) = products.symmetric_eigen();
    let largest = values.last().copied().unwrap_or(0.0);
    let open = (0..values.len()).filter(|&at| values[at] <= ROUNDING * largest);
    open.map(|column| {
        let mut direction: Vec<Matrix> = terms.iter().map(|term| Matrix::zeros(term.width, term.width)).collect();
        for (row, &((term, i, j), _)) in entries.iter().enumerate() {
            direction[term][(i, j)] = vectors[(row, column)];
            direction[term][(j, i)] = vectors[(row, column)];
        }
        direction
    })
    .collect()
}

/// What a basis leaves of a direction, of unit length.
fn beyond(basis: &[Vec<f64>], mut own: Vec<f64>) -> Option<Vec<f64>> {
    let size = dot(&own, &own);
    for known in basis.iter().chain(basis) {
        let share = dot(known, &own);
        own.iter_mut().zip(known).for_each(|(value, known)| *value -= share * known);
    }
    let left = dot(&own, &own);
    (left > ROUNDING * size).then(|| own.iter().map(|value| value / left.sqrt()).collect())
}

/// Whether covariances remain such a small step along a direction, to one side or the other.
fn can_move(covariances: &[Matrix], direction: &[Matrix]) -> bool {
    let size = covariances.iter().flat_map(Matrix::diagonal).fold(0.0, f64::max);
    size > 0.0
        && [STEP, -STEP].into_iter().any(|step| {
            covariances.iter().zip(direction).all(|(covariance, along)| {
                let (values, _) = covariance.plus(&along.scaled(step * size)).symmetric_eigen();
                values.first().is_none_or(|least| *least >= -BELOW_ZERO * size)
            })
        })
}
