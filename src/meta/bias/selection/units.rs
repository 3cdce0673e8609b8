//! Effects and moderators in units of their own, so that a search does not depend on those of the data.

use super::Selection;
use crate::meta::fit::Coefficient;
use crate::meta::problem::Problem;

/// What effects and columns are divided by.
pub(super) struct Units {
    effect: f64,
    columns: Vec<f64>,
}

impl Units {
    /// The root of the mean sampling variance, and of the mean square of each column.
    pub fn of(problem: &Problem) -> Self {
        let root = |squares: f64| Some((squares / problem.k() as f64).sqrt()).filter(|root| *root > 0.0).unwrap_or(1.0);
        let of_column = |column: &Vec<f64>| root(column.iter().map(|x| x * x).sum());
        Self { effect: root(problem.vi.iter().sum()), columns: problem.columns.iter().map(of_column).collect() }
    }

    /// The problem in these units.
    pub fn standardised(&self, problem: &Problem) -> Problem {
        let over = |values: &[f64], unit: f64| values.iter().map(|value| value / unit).collect::<Vec<f64>>();
        Problem {
            yi: over(&problem.yi, self.effect),
            vi: over(&problem.vi, self.effect * self.effect),
            columns: problem.columns.iter().zip(&self.columns).map(|(column, unit)| over(column, *unit)).collect(),
            ..problem.clone()
        }
    }

    /// A fit to the problem in these units, as one to the data.
    pub fn of_the_data(&self, fit: Selection, studies: usize, level: f64) -> Selection {
        let square = self.effect * self.effect;
        let in_unit = |(of, column): (&Coefficient, &f64)| {
            let unit = self.effect / column;
            Coefficient::new(&of.name, of.estimate * unit, of.se * unit, None, level)
        };
        Selection {
            tau2: fit.tau2 * square,
            tau2_se: fit.tau2_se.map(|se| se * square),
            coefficients: fit.coefficients.iter().zip(&self.columns).map(in_unit).collect(),
            // The density of an effect is that of its multiple, divided by the unit.
            log_likelihood: fit.log_likelihood - studies as f64 * self.effect.ln(),
            ..fit
        }
    }
}
