//! Residuals and leverage, and what the influence of groups takes of a fit.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::influence::Snapshot;
use super::super::linear::Tested;
use super::super::options::DfMethod;
use super::super::result::{Residual, RowResidual};
use super::fit::{MarginalFit, MarginalOptions};
use super::problem::{Layout, VisitColumns};
use crate::formula::Frame;
use crate::numeric::matrix::{Matrix, dot};

impl MarginalFit<'_> {
    /// The residual of each row of the table. Pearson's residual is over the visit's standard deviation; the
    /// scaled one is that of each visit given the visits before it, L⁻¹r with LL′ the subject's covariance.
    /// Leverage is the diagonal of X(X′V⁻¹X)⁻¹X′V⁻¹.
    pub fn residuals(&self) -> Vec<RowResidual> {
        let n = self.data.n();
        let fitted = self.data.population(self.coefficients());
        let (mut pearson, mut scaled, mut leverage) = (vec![f64::NAN; n], vec![f64::NAN; n], vec![f64::NAN; n]);
        for subject in self.layout.by_subject() {
            let visits: Vec<usize> = subject.rows.iter().map(|(visit, _)| *visit).collect();
            let covariance = self.problem.covariance.matrix(self.problem.part(&self.theta, subject.group), &visits);
            let Some(cholesky) = covariance.cholesky() else { continue };
            let root = |row: usize| self.data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt());
            let rest: Vec<f64> = subject
                .rows
                .iter()
                .map(|&(_, row)| root(row) * (self.data.y[row] - fitted[row]) / self.scaling.size)
                .collect();
            let conditional = cholesky.forward(&rest);
            let columns = &self.scaling.columns.columns;
            let x = Matrix::from_fn(visits.len(), columns.len(), |at, column| columns[column][subject.rows[at].1]);
            let solved = cholesky.solve_matrix(&x);
            for (at, &(_, row)) in subject.rows.iter().enumerate() {
                pearson[row] = rest[at] / covariance[(at, at)].sqrt();
                scaled[row] = conditional[at];
                leverage[row] = dot(x.row(at), &self.at.phi.times_vector(solved.row(at)));
            }
        }
        self.data.for_all_rows(|at| Residual {
            fitted: fitted[at],
            response: self.data.y[at] - fitted[at],
            pearson: pearson[at],
            scaled: scaled[at],
            leverage: Some(leverage[at]),
        })
    }

    /// What the influence of groups compares; the covariance of the fixed effects is the unadjusted one.
    pub fn snapshot(&self) -> (Snapshot, Matrix) {
        let size = self.scaling.size;
        let covariance = self.scaling.columns.covariance(&self.at.phi).scaled(size * size);
        let snapshot = Snapshot {
            names: self.data.x.names.clone(),
            fixef: self.coefficients().to_vec(),
            se: covariance.diagonal().iter().map(|variance| variance.sqrt()).collect(),
            sigma: self.residual_covariance().first().map(|of| of.cov[(0, 0)].sqrt()),
            sd: Vec::new(),
            converged: self.converged,
        };
        (snapshot, covariance)
    }

    /// The same for a fit to fewer rows of the same table.
    ///
    /// # Errors
    /// If the model cannot be fitted to them.
    pub fn refitted(
        &self,
        data: &ModelData,
        frame: &Frame,
        columns: &VisitColumns<'_>,
    ) -> Result<Snapshot, MixedError> {
        let layout = Layout::new(data, frame, columns, &[])?;
        let options = MarginalOptions { df: DfMethod::None, ..self.options };
        Ok(MarginalFit::fit(data, layout, options)?.snapshot().0)
    }
}
