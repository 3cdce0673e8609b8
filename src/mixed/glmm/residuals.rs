//! Leverage, given the random effects.

use super::fit::GeneralisedFit;
use super::start::information;
use crate::numeric::matrix::dot;

impl GeneralisedFit {
    /// The leverage of each row: the diagonal of W^½[ZΛ X](…)⁻¹[ZΛ X]′W^½ with the weights W of the last Newton step,
    /// which with random effects takes the place of the hat matrix of a generalised linear model; its sum is the number
    /// of effects that the rows determine. wᵢ(aᵢ′H⁻¹aᵢ + dᵢ′S⁻¹dᵢ), d = x − X′WaH⁻¹a, S the information of β given the
    /// random effects' weights; NaN where they cannot be computed.
    ///
    /// Source: McCullagh & Nelder (1989), Generalized Linear Models, section 12.5.
    pub(super) fn leverages(&self) -> Vec<f64> {
        let (problem, mode) = (&self.problem, &self.mode);
        let inverse = problem.inverse_entries(mode);
        let (_, random) = problem.solved_rows(&mode.a, &inverse);
        let Some((information, solved)) = information(problem, mode) else { return vec![f64::NAN; problem.rows()] };
        let w = problem.width;
        let of = |row: usize| {
            let own = row * w..(row + 1) * w;
            let rest: Vec<f64> = problem
                .x_of(row)
                .iter()
                .zip(&solved)
                .map(|(x, solved)| {
                    let through = mode.a[own.clone()].iter().zip(&problem.columns[own.clone()]);
                    x - through.map(|(a, &column)| a * solved[column as usize]).sum::<f64>()
                })
                .collect();
            -mode.slopes[row].second * (random[row] + dot(&rest, &information.solve(&rest)))
        };
        (0..problem.rows()).map(of).collect()
    }
}
