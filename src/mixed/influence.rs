//! Influence of groups: the fit without one of them.

use super::data::{DroppedColumn, ModelData, unknown_column};
use super::error::MixedError;
use super::fit::MixedFit;
use super::result::{Influence, LevelInfluence, VarCorr};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::parallel::in_parallel;

/// What is compared of a fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The fixed effects.
    pub names: Vec<String>,
    /// Their estimates.
    pub fixef: Vec<f64>,
    /// Their covariance, not adjusted for small samples.
    pub covariance: Matrix,
    /// The residual standard deviation.
    pub sigma: Option<f64>,
    /// The standard deviations of the random effects.
    pub sd: Vec<f64>,
    /// Whether the search ended in a minimum.
    pub converged: bool,
}

impl Snapshot {
    /// Of a fit, with the covariance that is not adjusted.
    pub(super) fn of(fit: &impl MixedFit, covariance: Matrix) -> Self {
        Self {
            names: fit.data().x.names.clone(),
            fixef: fit.fixef().to_vec(),
            covariance,
            sigma: fit.sigma(),
            sd: fit.varcorr().into_iter().flat_map(|term| term.sd).collect(),
            converged: fit.converged(),
        }
    }
}

/// A fit that can be repeated without some of its rows; every family of this crate is one, and no other type.
pub trait Refit: Sync {
    /// What is compared.
    fn snapshot(&self) -> Snapshot;

    /// What is compared, of the model fitted to fewer rows.
    fn refitted(&self, data: ModelData) -> Result<Snapshot, MixedError>;
}

/// The fits without each level of a group; none if `go_on`, which is told how many are done, said no.
pub(super) fn influence(
    fit: &(impl MixedFit + ?Sized),
    group: &str,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<Option<Influence>, MixedError> {
    let (data, full) = (fit.data(), fit.snapshot());
    let deviations = deviation_names(&fit.varcorr());
    let (codes, levels) = levels_of(data, group)?;
    if levels.len() < 2 {
        let message = format!("the influence of {group} (--influence): the group has {} level", levels.len());
        return Err(MixedError::data(message, "name a column of several groups, such as the patients"));
    }
    let inverse = full.covariance.cholesky();
    let without = |(): &mut (), level: usize| {
        let keep: Vec<usize> = (0..data.n()).filter(|&row| codes[row] != level).collect();
        let rows = data.n() - keep.len();
        let mut notes: Vec<String> = Vec::new();
        let (part, lost) = data.part(&keep);
        let open = undetermined(&part, &lost);
        let fitted = fit.refitted(part);
        if let Err(error) = &fitted {
            notes.push(format!("the others could not be fitted: {}", error.to_string().lines().next().unwrap_or("")));
        }
        let fitted = fitted.ok();
        if fitted.as_ref().is_some_and(|fitted| !fitted.converged) {
            notes.push("the search did not end in a minimum".to_owned());
        }
        let place =
            |name: &String| Some((fitted.as_ref()?, fitted.as_ref()?.names.iter().position(|own| own == name)?));
        let fixef: Vec<Option<f64>> =
            full.names.iter().map(|name| place(name).map(|(fitted, at)| fitted.fixef[at])).collect();
        let fixef: Vec<Option<f64>> =
            full.names.iter().zip(fixef).map(|(name, own)| own.filter(|_| !open.contains(name))).collect();
        let change: Vec<Option<f64>> =
            full.fixef.iter().zip(&fixef).map(|(with, without)| Some(with - (*without)?)).collect();
        let over_se = |(name, change): (&String, &Option<f64>)| {
            let (fitted, at) = place(name)?;
            Some((*change)? / fitted.covariance[(at, at)].sqrt())
        };
        let dfbetas = full.names.iter().zip(&change).map(over_se).collect();
        let lost: Vec<&str> =
            full.names.iter().zip(&fixef).filter(|(_, b)| b.is_none()).map(|(name, _)| name.as_str()).collect();
        if !lost.is_empty() && fitted.is_some() {
            notes.push(format!("the others do not determine {}", lost.join(", ")));
        }
        let change: Option<Vec<f64>> = change.into_iter().collect();
        let cook_d =
            inverse.as_ref().zip(change).map(|(c, change)| dot(&c.solve(&change), &change) / change.len() as f64);
        LevelInfluence {
            level: levels[level].clone(),
            rows,
            fixef,
            dfbetas,
            cook_d,
            sigma: fitted.as_ref().and_then(|fitted| fitted.sigma),
            sd: fitted.map_or_else(|| vec![None; deviations.len()], |fitted| fitted.sd.into_iter().map(Some).collect()),
            notes,
        }
    };
    let all = in_parallel(levels.len(), || (), without, go_on);
    let names = full.names.clone();
    Ok(all.map(|levels| Influence { group: group.to_owned(), names, deviations, levels }))
}

/// The coefficients that rows do not determine: those of the columns that follow from others in these rows, and those
/// of the others, which stand for both together.
fn undetermined(part: &ModelData, lost: &[DroppedColumn]) -> Vec<String> {
    let size = |column: &[f64]| dot(column, column).sqrt();
    let mut names: Vec<String> = lost.iter().map(|column| column.name.clone()).collect();
    for (at, (name, own)) in part.x.names.iter().zip(&part.x.columns).enumerate() {
        let has_share = |column: &DroppedColumn| {
            let whole = column.combination.iter().zip(&part.x.columns).map(|(share, own)| share.abs() * size(own));
            column.combination[at].abs() * size(own) > 1e-8 * whole.fold(0.0, f64::max)
        };
        if lost.iter().any(has_share) {
            names.push(name.clone());
        }
    }
    names
}

/// The names of the standard deviations of random terms.
fn deviation_names(varcorr: &[VarCorr]) -> Vec<String> {
    let of = |term: &VarCorr| term.names.iter().map(|name| format!("sd_{name}|{}", term.group)).collect::<Vec<_>>();
    varcorr.iter().flat_map(of).collect()
}

/// The level of each row of a model: of a grouping factor by its name, or of any column.
fn levels_of(data: &ModelData, group: &str) -> Result<(Vec<usize>, Vec<String>), MixedError> {
    if let Some(term) = data.random.iter().find(|term| term.group == group) {
        return Ok((term.codes.iter().map(|&code| code as usize).collect(), term.levels.clone()));
    }
    let column = data.frame.column(group).ok_or_else(|| unknown_column(group, &data.frame))?;
    let factor = column.factor(&data.rows);
    if factor.codes.iter().any(Option::is_none) {
        let message = format!("the influence of {group} (--influence): the column lacks a value in a row of the model");
        return Err(MixedError::data(message, "fill it in, or leave the row out of the table"));
    }
    Ok((factor.codes.iter().map(|code| code.unwrap_or(0)).collect(), factor.levels))
}
