//! Tests of funnel plots for tables of counts.

use super::asymmetry::least_squares;
use crate::meta::counts::{CountMeasure, Counts};
use crate::meta::fit::Coefficient;
use crate::meta::problem::{MetaError, Problem, possible_level};

/// Weighted least squares of effects on a predictor, with weights 1/v; the slope is tested.
fn slope(yi: Vec<f64>, vi: Vec<f64>, predictor: Vec<f64>, level: f64) -> Result<Coefficient, MetaError> {
    if yi.len() < 3 {
        let what = "a regression test needs at least three studies";
        return Err(MetaError::TooFewStudies { needed: 3, found: yi.len(), what });
    }
    let mut problem = Problem::new(yi, vi)?;
    problem.names.push("predictor".to_owned());
    problem.columns.push(predictor);
    least_squares(&problem, level)?.pop().ok_or(MetaError::NoStudies)
}

/// Harbord's test: the score Z/V of the log odds ratio on its standard error 1/√V, weighted by V, with
/// Z = a − n₁ m/n and V = n₁ n₂ m (n − m)/(n²(n − 1)) for m events among n patients. Tables without events, or
/// with nothing but events, say nothing and are left out.
///
/// Source: Harbord, Egger & Sterne (2006), Stat Med 25:3443.
///
/// # Errors
/// If fewer than three studies are left.
pub fn harbord(tables: &[Counts], level: f64) -> Result<Coefficient, MetaError> {
    possible_level(level)?;
    let scores: Vec<(f64, f64)> = tables
        .iter()
        .map(|table| {
            let (n, m) = (table.total(), table.events());
            let z = table.events1 - table.size1 * m / n;
            (z, table.size1 * table.size2 * m * (n - m) / (n * n * (n - 1.0)))
        })
        .filter(|(_, v)| *v > 0.0)
        .collect();
    let yi = scores.iter().map(|(z, v)| z / v).collect();
    let vi: Vec<f64> = scores.iter().map(|(_, v)| 1.0 / v).collect();
    let predictor = vi.iter().map(|v| v.sqrt()).collect();
    slope(yi, vi, predictor, level)
}

/// Peters' test: log odds ratios on 1/n, weighted by m(n − m)/n for m events among n patients. Half an event
/// is added to all cells of tables with an empty one for the log odds ratio.
///
/// Source: Peters et al. (2006), JAMA 295:676.
///
/// # Errors
/// If fewer than three studies are left.
pub fn peters(tables: &[Counts], level: f64) -> Result<Coefficient, MetaError> {
    possible_level(level)?;
    let chosen: Vec<&Counts> =
        tables.iter().filter(|table| table.events() > 0.0 && table.events() < table.total()).collect();
    let log_odds_ratio = |table: &&Counts| table.corrected(CountMeasure::Or, 0.5).effect(CountMeasure::Or).0;
    let yi = chosen.iter().map(log_odds_ratio).collect();
    let vi = chosen.iter().map(|table| 1.0 / table.events() + 1.0 / (table.total() - table.events())).collect();
    let predictor = chosen.iter().map(|table| 1.0 / table.total()).collect();
    slope(yi, vi, predictor, level)
}
