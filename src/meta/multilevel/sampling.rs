//! How the sampling errors of effects vary together.

use crate::meta::levels::numbered;
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::matrix::Matrix;

/// How the sampling errors of two rows vary together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SamplingCovariance {
    /// They are independent.
    Diagonal,
    /// Blocks of rows with their covariance matrices.
    Blocks {
        /// The block of each row.
        clusters: Vec<usize>,
        /// The matrix of each block, over its rows in order.
        matrices: Vec<Matrix>,
        /// The place of each row in its block.
        places: Vec<usize>,
    },
}

impl SamplingCovariance {
    /// Blocks from a function of two rows of the same block; rows belong together whose clusters have the same number,
    /// whichever that is.
    pub fn from_clusters(clusters: Vec<usize>, covariance: impl Fn(usize, usize) -> f64) -> Self {
        let (clusters, count) = numbered(&clusters);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut places = vec![0; clusters.len()];
        for (row, &cluster) in clusters.iter().enumerate() {
            places[row] = members[cluster].len();
            members[cluster].push(row);
        }
        let matrix = |rows: &Vec<usize>| Matrix::from_fn(rows.len(), rows.len(), |a, b| covariance(rows[a], rows[b]));
        let matrices = members.iter().map(matrix).collect();
        Self::Blocks { clusters, matrices, places }
    }

    /// That each row has a place in the matrix of its block.
    pub(super) fn possible(&self, problem: &Problem) -> Result<(), MetaError> {
        let Self::Blocks { clusters, matrices, places } = self else { return Ok(()) };
        problem.each_has("the list of clusters of sampling errors", clusters.len())?;
        problem.each_has("the list of places in the clusters of sampling errors", places.len())?;
        let is_within = |(cluster, place): (&usize, &usize)| {
            matrices.get(*cluster).is_some_and(|matrix| *place < matrix.rows().min(matrix.columns()))
        };
        if clusters.iter().zip(places).all(is_within) {
            return Ok(());
        }
        let message =
            "the covariances of sampling errors have no row for an effect: its cluster or its place is beyond them";
        Err(MetaError::Data(message.to_owned()))
    }

    /// Some of the rows.
    pub(super) fn subset(&self, rows: &[usize]) -> Self {
        let pick = |values: &[usize]| rows.iter().map(|&row| values[row]).collect::<Vec<usize>>();
        match self {
            Self::Diagonal => Self::Diagonal,
            Self::Blocks { clusters, matrices, places } => {
                Self::Blocks { clusters: pick(clusters), matrices: matrices.clone(), places: pick(places) }
            }
        }
    }

    /// The cluster of each row, where errors depend on each other.
    pub(super) fn groups(&self) -> Option<&[usize]> {
        match self {
            Self::Diagonal => None,
            Self::Blocks { clusters, .. } => Some(clusters),
        }
    }

    /// The covariance of two rows.
    pub(super) fn of(&self, vi: &[f64], i: usize, j: usize) -> f64 {
        match self {
            Self::Diagonal => {
                if i == j {
                    vi[i]
                } else {
                    0.0
                }
            }
            Self::Blocks { clusters, matrices, places } => {
                if clusters[i] == clusters[j] {
                    matrices[clusters[i]][(places[i], places[j])]
                } else {
                    0.0
                }
            }
        }
    }
}
