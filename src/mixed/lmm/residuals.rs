//! Leverage.

use super::fit::LinearFit;
use super::kenward_roger::{Connected, blocks};
use super::many::Many;
use super::problem::Factor;
use crate::numeric::matrix::{Matrix, dot};

/// Leverages that take more operations than this are not computed.
const MOST_OPERATIONS: f64 = 1e11;

impl LinearFit {
    /// The leverage of each row of the fit: the diagonal of the matrix H with ŷ = Hy at the estimated variances,
    /// |L⁻¹a|² + x̃′Cx̃ with a the row of ZΛ, LL′ = Λ′Z′ZΛ + I, x̃ what the random effects leave of x, and C = (X′V⁻¹X)⁻¹. None
    /// where crossed factors link too many levels.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), equation 24 and section 5.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
    /// let formula = Formula::parse("Reaction ~ Days + (Days | Subject)")?;
    /// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
    /// let leverage = fit.leverage().ok_or("few levels")?;
    /// // lme4: hatvalues(fm1), whose sum is the effective number of parameters
    /// assert!((leverage[0] - 0.229_303).abs() < 1e-5 && (leverage.iter().sum::<f64>() - 29.022_1).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn leverage(&self) -> Option<Vec<f64>> {
        self.leverage_by(&self.solved()?)
    }

    /// The same from equations that are solved.
    pub(super) fn leverage_by(&self, many: &Many) -> Option<Vec<f64>> {
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
        let mut leverage = vec![0.0; problem.n];
        for block in &connected {
            self.add_leverage(block, &lambdas, many, &mut leverage)?;
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
}
