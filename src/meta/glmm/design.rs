//! The linear predictors of the studies, on columns that a search can walk along.

use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::orthogonal::Orthonormal;

/// The columns of the moderators made orthogonal, each with a mean square of 1: X = Q R/√k with coefficients γ of Q, so
/// that neither the unit of a moderator nor where it begins matters to a search.
pub(super) struct Design {
    basis: Orthonormal,
    /// The rows of Q.
    rows: Vec<Vec<f64>>,
    /// √k.
    scale: f64,
}

impl Design {
    /// The design of a problem, whose effects do not matter here.
    ///
    /// # Errors
    /// If a moderator follows from the others.
    pub fn new(problem: &Problem) -> Result<Self, MetaError> {
        let mut at = Projection::new(problem);
        at.at_weights(&vec![1.0; problem.k()]);
        at.check()?;
        let basis = problem.basis();
        let scale = (problem.k() as f64).sqrt();
        let row = |study: usize| basis.columns.iter().map(|column| scale * column[study]).collect();
        let rows = (0..problem.k()).map(row).collect();
        Ok(Self { basis, rows, scale })
    }

    /// How many coefficients there are.
    pub fn p(&self) -> usize {
        self.basis.columns.len()
    }

    /// The row of Q of each study.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// η of each study; what stands behind γ in a list of parameters has no part in it.
    pub fn eta<'a>(&'a self, parameters: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.rows.iter().map(|row| dot(row, &parameters[..self.p()]))
    }

    /// The coefficients of X.
    pub fn coefficients(&self, gamma: &[f64]) -> Vec<f64> {
        let scaled: Vec<f64> = gamma[..self.p()].iter().map(|value| self.scale * value).collect();
        self.basis.coefficients(&scaled)
    }

    /// Their covariance, from that of γ.
    pub fn covariance(&self, of: &Matrix) -> Matrix {
        self.basis.covariance(&of.leading(self.p()).scaled(self.scale * self.scale))
    }
}
