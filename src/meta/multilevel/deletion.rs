//! Fits without one group of rows after the other.

use super::fit::{Multilevel, MultilevelFit};
use crate::meta::fit::residual;
use crate::meta::levels::numbered;
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::parallel::each_in_parallel;

/// What a group of rows does to a fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Deleted {
    /// Its rows.
    pub rows: Vec<usize>,
    /// The fit without them.
    pub fit: MultilevelFit,
    /// The residual of each of its rows from the fit without the group, and its standard error.
    pub residuals: Vec<(f64, f64)>,
    /// These residuals together: e′(Var e)⁻¹e, on as many degrees of freedom as there are rows.
    pub chi_squared: f64,
    /// How far the group moves all coefficients together.
    pub cook_d: f64,
    /// How far it moves each coefficient, in standard errors.
    pub dfbetas: Vec<f64>,
}

/// The model fitted without each group of rows in turn, variances estimated anew; none where the rest cannot be
/// fitted. `groups` has the group of each row, counted from 0.
///
/// With M the covariance of the deleted rows at the estimates of the others, and b and V the coefficients of
/// these with their covariance, the residuals are y − Xb with the variance M + XVX′. Cook's distance is
/// (b₀ − b)′V₀⁻¹(b₀ − b) with those of all rows; dfbetas divide b₀ − b by the standard errors that all rows have
/// at the variances of the fit without the group.
///
/// Sources: Viechtbauer & Cheung (2010), Res Synth Methods 1:112, for one study each; Viechtbauer (2021), in
/// Handbook of Meta-Analysis (Schmid, Stijnen & White), chapter 11, for groups.
///
/// # Errors
/// If the covariance of all rows is singular, or `groups` has not one entry for each row.
pub fn without_each(
    model: &Multilevel,
    problem: &Problem,
    fit: &MultilevelFit,
    groups: &[usize],
) -> Result<Vec<Option<Deleted>>, MetaError> {
    problem.each_has("the list of groups", groups.len())?;
    let (groups, count) = numbered(groups);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    groups.iter().enumerate().for_each(|(row, &group)| members[group].push(row));
    let (likelihood, state) = model.state_at_fit(problem, fit)?;
    let columns = problem.columns();
    let of = |deleted: &Vec<usize>| {
        let kept: Vec<usize> = (0..problem.k()).filter(|row| deleted.binary_search(row).is_err()).collect();
        let components: Option<Vec<_>> = model.components.iter().map(|component| component.subset(&kept)).collect();
        let part = Multilevel { components: components?, v: model.v.subset(&kept), profile: false, ..model.clone() };
        let rest = part.fit_from(&problem.subset(&kept), Some(&fit.parameters)).ok().filter(|rest| rest.converged)?;
        let beta = rest.beta();
        let x = Matrix::from_fn(deleted.len(), problem.p(), |row, j| columns[j][deleted[row]]);
        let fitted = x.times(&rest.covariance).times(&x.transposed());
        let variance = likelihood.covariance(deleted, &rest.parameters).plus(&fitted);
        let residuals: Vec<f64> = deleted.iter().map(|&row| residual(problem, &beta, row)).collect();
        let solved = variance.cholesky()?.solve(&residuals);
        let moved: Vec<f64> = fit.beta().iter().zip(&beta).map(|(all, rest)| all - rest).collect();
        let spread = likelihood.covariance_of_beta(&likelihood.at(&rest.parameters)?).diagonal();
        // (b₀ − b)′V₀⁻¹(b₀ − b) in the coordinates of Q.
        let far = state.information.lower().transposed().times_vector(&likelihood.basis.r.times_vector(&moved));
        let errors = variance.diagonal().into_iter().map(f64::sqrt);
        Some(Deleted {
            chi_squared: dot(&residuals, &solved),
            residuals: residuals.iter().copied().zip(errors).collect(),
            cook_d: dot(&far, &far),
            dfbetas: moved.iter().zip(spread).map(|(moved, variance)| moved / variance.sqrt()).collect(),
            rows: deleted.clone(),
            fit: rest,
        })
    };
    Ok(each_in_parallel(members.len(), |group| of(&members[group])))
}
