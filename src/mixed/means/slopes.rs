//! Slopes of a covariate for each combination of levels.

use super::grid::{Use, is_given, used_columns};
use super::{Cell, MeansOf, Place};
use crate::diagnostic::meant_or_known;
use crate::formula::{Column, Frame};
use crate::mixed::data::{ModelData, unknown_column};
use crate::mixed::error::MixedError;
use crate::mixed::fit::MixedFit;
use crate::mixed::result::MarginalMeans;

/// Columns that change together, each so fast.
pub(crate) type Direction<'a> = [(&'a str, f64)];

/// The slope over a covariate for each combination of the levels of some factors: see [`MixedFit::slopes`].
pub(crate) fn slopes(
    fit: &(impl MixedFit + ?Sized),
    covariate: &str,
    of: &MeansOf,
) -> Result<MarginalMeans, MixedError> {
    let data = fit.data();
    let used = used_columns(data);
    let is_used = |used: &&Use| used.column == covariate;
    let known = || {
        let numbers = |of: &&Use| !of.is_factor && matches!(data.frame.column(&of.column), Some(Column::Numbers(_)));
        used.iter().filter(numbers).map(|of| of.column.as_str()).collect::<Vec<_>>()
    };
    match (data.frame.column(covariate), used.iter().find(is_used)) {
        (None, _) => return Err(unknown_column(covariate, &data.frame)),
        (Some(Column::Numbers(_)), Some(used)) if !used.is_factor => {}
        _ => {
            let message = format!("`{covariate}` is no covariate of the fixed part, and has no slope (--slopes)");
            return Err(MixedError::data(message, meant_or_known(covariate, "covariates", known())));
        }
    }
    if of.factors.iter().any(|factor| factor == covariate)
        || of.at.iter().any(|(name, at)| name == covariate && at.len() > 1)
    {
        let message = format!("a slope over {covariate} cannot be taken for each of its values (--slopes, --at)");
        return Err(MixedError::data(message, format!("give one value: --at {covariate}=VALUE")));
    }
    slopes_along(fit, &[(covariate, 1.0)], &format!("slope of {covariate}"), of)
}

/// The change of the linear predictor as columns change together, for each combination of the levels of some factors;
/// `what` it is.
pub(crate) fn slopes_along(
    fit: &(impl MixedFit + ?Sized),
    direction: &Direction<'_>,
    what: &str,
    of: &MeansOf,
) -> Result<MarginalMeans, MixedError> {
    let along: Vec<&str> = direction.iter().map(|(column, _)| *column).collect();
    let place = Place::new(fit.data(), of, &along)?;
    let mut found = place.tested(fit, &place.derivatives(direction)?, Some(place.step(direction)))?;
    found.means.iter_mut().filter(|of| of.levels.is_empty()).for_each(|of| of.mean.name = what.to_owned());
    found.notes.extend(place.bends(direction)?);
    let by: Vec<&str> = place.axes.iter().map(|axis| axis.column.as_str()).collect();
    let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(":")) };
    Ok(MarginalMeans { title: format!("{what}{by}{}", place.held()), what: what.to_owned(), ..found })
}

impl Place<'_> {
    /// What the averages change by along a direction: (4 D(h/2) − D(h))/3 of central differences D, exact for
    /// polynomials up to degree 4.
    ///
    /// Source: Richardson (1911), Phil Trans R Soc A 210:307.
    fn derivatives(&self, direction: &Direction<'_>) -> Result<Vec<Cell>, MixedError> {
        let step = self.step(direction);
        let [whole, half] = [step, 0.5 * step].map(|h| -> Result<Vec<Cell>, MixedError> {
            let [above, below] = [h, -h].map(|shift| self.averages(|frame| self.shifted(frame, direction, shift)));
            let change = |a: f64, b: f64| (a - b) / (2.0 * h);
            let of = |(a, b): (&Cell, &Cell)| Cell {
                columns: a.columns.iter().zip(&b.columns).map(|(a, b)| change(*a, *b)).collect(),
                offset: change(a.offset, b.offset),
            };
            Ok(above?.iter().zip(&below?).map(of).collect())
        });
        let better = |whole: f64, half: f64| (4.0 * half - whole) / 3.0;
        let of = |(whole, half): (&Cell, &Cell)| Cell {
            columns: whole.columns.iter().zip(&half.columns).map(|(a, b)| better(*a, *b)).collect(),
            offset: better(whole.offset, half.offset),
        };
        Ok(whole?.iter().zip(&half?).map(of).collect())
    }

    /// The step of differences.
    fn step(&self, direction: &Direction<'_>) -> f64 {
        let step = SHARE * direction.iter().map(|(column, _)| range(self.data, column)).fold(0.0, f64::max);
        if step > 0.0 { step } else { SHARE }
    }

    /// That a column which follows from others has two slopes where these are taken.
    fn bends(&self, direction: &Direction<'_>) -> Result<Vec<String>, MixedError> {
        let (step, mut notes) = (self.step(direction), Vec::new());
        let Some(part) = self.grid.parts.first() else { return Ok(notes) };
        let [below, here, above] = [-step, 0.0, step].map(|by| self.shifted(&part.frame, direction, by));
        let frames = [below?, here?, above?];
        for name in frames[1].names() {
            let Some(from) = frames[1].derived_from(name) else { continue };
            let [Some(Column::Numbers(below)), Some(Column::Numbers(here)), Some(Column::Numbers(above))] =
                [0, 1, 2].map(|at: usize| frames[at].column(name))
            else {
                continue;
            };
            let bend = |row: usize| (above[row] - 2.0 * here[row] + below[row]).abs();
            if (0..here.len()).any(|row| bend(row) > 0.1 * step) {
                let from = from.join(" and ");
                notes.push(format!(
                    "{name} begins to rise where {from} is: the slope is the mean of those before and after; --at takes \
                     another value of {from}"
                ));
            }
        }
        Ok(notes)
    }

    /// Rows of the grid with their columns moved along a direction, and with them the columns that follow from others
    /// and do not move by themselves.
    fn shifted(&self, rows: &Frame, direction: &Direction<'_>, by: f64) -> Result<Frame, MixedError> {
        let mut frame = rows.clone();
        for (column, speed) in direction {
            if let Some(Column::Numbers(values)) = rows.column(column) {
                frame.numbers(column, values.iter().map(|value| value + speed * by).collect());
            }
        }
        let is_given = |name: &str| direction.iter().any(|(column, _)| *column == name) || is_given(self.of, name);
        frame.derive_as(&self.data.frame, is_given)?;
        Ok(frame)
    }
}

/// The step of differences, as a share of the range of the covariate.
const SHARE: f64 = 1e-3;

/// From the smallest to the largest value in the rows of the fit.
fn range(data: &ModelData, column: &str) -> f64 {
    let Some(Column::Numbers(values)) = data.frame.column(column) else { return 0.0 };
    let own = data.rows.iter().map(|&row| values[row]);
    let (low, high) = own.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low <= high { high - low } else { 0.0 }
}
