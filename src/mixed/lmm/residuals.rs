//! Residuals and leverage, and what the influence of groups takes of a fit.

use super::fit::{LinearFit, LinearMixedModel};
use super::kenward_roger::{Connected, blocks};
use super::many::Many;
use super::pieces::Pieces;
use super::problem::Factor;
use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::influence::Snapshot;
use crate::mixed::linear::Tested;
use crate::mixed::options::DfMethod;
use crate::mixed::result::{Residual, RowResidual};
use crate::numeric::matrix::{Matrix, dot};

/// Leverages that take more operations than this are not computed.
const MOST_OPERATIONS: f64 = 1e11;

impl LinearFit<'_> {
    /// The residual of each row of the table, with its leverage where that can be had in a reasonable time.
    pub fn residuals(&self) -> Vec<RowResidual> {
        let data = self.data;
        let (_, fitted) = self.fitted(&self.ranef());
        let leverage = self.leverage();
        let sigma = self.sigma();
        data.for_all_rows(|at| {
            let response = data.y[at] - fitted[at];
            let pearson = response * data.weights.as_ref().map_or(1.0, |weights| weights[at].sqrt());
            let leverage = leverage.as_ref().map(|leverage| leverage[at]);
            Residual { fitted: fitted[at], response, pearson, scaled: pearson / sigma, leverage }
        })
    }

    /// The diagonal of the matrix H with ŷ = Hy at the estimated variances: for each row |L⁻¹a|² + x̃′Cx̃ with
    /// a its row of ZΛ, LL′ = Λ′Z′ZΛ + I, x̃ what the random effects leave of x, and C = (X′V⁻¹X)⁻¹. None
    /// where crossed factors link too many levels.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), equation 24 and section 5.
    pub fn leverage(&self) -> Option<Vec<f64>> {
        let problem = &self.problem;
        let lambdas = problem.lambdas(&self.found.theta);
        let connected = blocks(problem);
        let widths: Vec<usize> = problem.factors.iter().map(|factor| factor.k).collect();
        let size_of = |levels: &[Vec<usize>]| levels.iter().zip(&widths).map(|(all, k)| all.len() * k).sum::<usize>();
        let operations = |block: &Connected| {
            let size = size_of(&block.levels) as f64;
            block.rows.len() as f64 * size * size + size.powi(3)
        };
        if connected.iter().map(operations).sum::<f64>() > MOST_OPERATIONS {
            return None;
        }
        let q = problem.p() + 1;
        let mut many = Many::new(problem, &problem.y);
        let mut pieces = Pieces::new(q, problem.places.len());
        if !many.evaluate(&self.found.theta, &mut pieces) {
            return None;
        }
        let mut leverage = vec![0.0; problem.n];
        for block in &connected {
            self.add_leverage(block, &lambdas, &many, &mut leverage)?;
        }
        Some(leverage)
    }

    /// The leverages of the rows of one block.
    fn add_leverage(&self, block: &Connected, lambdas: &[Matrix], many: &Many, leverage: &mut [f64]) -> Option<()> {
        let problem = &self.problem;
        let q = problem.p() + 1;
        let covariance = &self.kernel.profiled.covariance;
        let mut starts = Vec::new();
        let mut size = 0;
        for (levels, factor) in block.levels.iter().zip(&problem.factors) {
            starts.push(size);
            size += levels.len() * factor.k;
        }
        // Λ'z of a row: its places in the block and among all effects, and the values.
        let entries = |row: usize| {
            let of = |(at, factor): (usize, &Factor)| {
                let level = factor.codes[row] as usize;
                let within = block.levels[at].binary_search(&level).unwrap_or(0);
                let (first, all) = (starts[at] + within * factor.k, many.row(at, level));
                let lambda = &lambdas[at];
                let value =
                    |column: usize| (0..factor.k).map(|k| factor.columns[k][row] * lambda[(k, column)]).sum::<f64>();
                (0..factor.k).map(|column| (first + column, all + column, value(column))).collect::<Vec<_>>()
            };
            problem.factors.iter().enumerate().flat_map(of).collect::<Vec<(usize, usize, f64)>>()
        };
        let mut m = Matrix::identity(size);
        for &row in &block.rows {
            let own = entries(row);
            own.iter().for_each(|a| own.iter().for_each(|b| m[(a.0, b.0)] += a.2 * b.2));
        }
        let cholesky = m.cholesky()?;
        let mut a = vec![0.0; size];
        for &row in &block.rows {
            a.fill(0.0);
            let mut x: Vec<f64> = problem.x.columns.iter().map(|column| column[row]).collect();
            for (within, all, value) in entries(row) {
                a[within] += value;
                let d = &many.d[all * q..(all + 1) * q];
                x.iter_mut().zip(d).for_each(|(x, d)| *x -= value * d);
            }
            let half = cholesky.forward(&a);
            leverage[row] = dot(&half, &half) + covariance.quadratic(&x);
        }
        Some(())
    }

    /// What the influence of groups compares; the covariance of the fixed effects is the unadjusted one.
    pub fn snapshot(&self) -> (Snapshot, Matrix) {
        let sigma = self.sigma();
        let covariance = self.in_user_units(&self.kernel.profiled.covariance).scaled(sigma * sigma);
        let snapshot = Snapshot {
            names: self.data.x.names.clone(),
            fixef: self.coefficients().to_vec(),
            se: covariance.diagonal().iter().map(|variance| variance.sqrt()).collect(),
            sigma: Some(sigma),
            sd: self.varcorr().iter().flat_map(|term| term.sd.clone()).collect(),
            converged: self.converged(),
        };
        (snapshot, covariance)
    }

    /// The same for a fit to fewer rows.
    ///
    /// # Errors
    /// If the model cannot be fitted to them.
    pub fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        let model = LinearMixedModel { reml: self.model.reml, df: DfMethod::None };
        Ok(model.fit(data)?.snapshot().0)
    }
}
