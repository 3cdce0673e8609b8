//! Estimated marginal means and slopes, and the differences between them.

mod grid;
mod slopes;
mod told;

use self::grid::{Axis, Grid, Use, axes, used_columns};
use self::told::{OTHERWISE, about_interaction, where_taken};
use super::adjust::{Adjusted, adjusted};
use super::data::ModelData;
use super::error::MixedError;
use super::fit::MixedFit;
use super::linear::linear;
use super::options::{Adjustment, Pairs};
use super::result::{Coefficient, MarginalMean, MarginalMeans};
use crate::diagnostic::listed;
use crate::formula::Frame;
use crate::numeric::format::significant;
use crate::numeric::matrix::dot;

pub(super) use self::slopes::{Direction, slopes, slopes_along};

/// The marginal means that are asked for: see [`MixedFit::means`].
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearMixedModel, MeansOf, MixedFit, ModelData};
/// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
/// let formula = Formula::parse("distance ~ age * Sex + (age | Subject)")?;
/// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
/// // Boys and girls at 8 and at 14 years.
/// let at = vec![("age".to_owned(), vec![8.0, 14.0])];
/// let of = MeansOf { factors: vec!["Sex".to_owned()], at, ..MeansOf::default() };
/// let found = fit.means(&of)?;
/// let last = found.contrasts.last().ok_or("a difference")?;
/// // emmeans: pairs(emmeans(fit, ~ Sex | age, at = list(age = c(8, 14))))
/// assert_eq!((found.means.len(), last.name.as_str()), (4, "Male - Female | 14"));
/// assert!((last.estimate - 3.235_511_4).abs() < 1e-6 && (last.se - 0.897_697).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeansOf {
    /// The factors, for each combination of whose levels there is a mean.
    pub factors: Vec<String>,
    /// Values of covariates; several values of one make means for each.
    pub at: Vec<(String, Vec<f64>)>,
    /// Levels at which factors are held, instead of a mean over all of them; several levels of one make means for each.
    pub levels: Vec<(String, Vec<String>)>,
    /// Which levels of the first factor are compared.
    pub pairs: Pairs,
    /// How the differences are adjusted for their number: all of the first factor within one combination of the others
    /// together.
    pub adjustment: Adjustment,
}

/// A factor with more levels than these, 1225 pairs, is compared with its first level alone.
const MOST_FOR_PAIRS: usize = 50;

/// The mean for each combination of the levels of some factors: see [`MixedFit::means`].
pub(super) fn marginal_means(fit: &(impl MixedFit + ?Sized), of: &MeansOf) -> Result<MarginalMeans, MixedError> {
    let place = Place::new(fit.data(), of, &[])?;
    let cells = place.averages(|frame| Ok(frame.clone()))?;
    let found = place.tested(fit, &cells, None)?;
    let names: Vec<&str> = place.axes.iter().map(|axis| axis.column.as_str()).collect();
    Ok(MarginalMeans { title: format!("{}{}", names.join(":"), place.held()), ..found })
}

/// What is averaged in one combination: the columns of the fixed part, those left out included, and the offset.
struct Cell {
    columns: Vec<f64>,
    offset: f64,
}

/// Differences with their adjusted tests, of which there are none without adjustment, how exact these are, and how many
/// differences each of them is adjusted for.
type Differences = (Vec<Coefficient>, Vec<Option<Adjusted>>, f64, Vec<usize>);

/// Where means or slopes are taken.
struct Place<'a> {
    data: &'a ModelData,
    of: &'a MeansOf,
    uses: Vec<Use>,
    axes: Vec<Axis>,
    grid: Grid,
    /// The columns along which slopes are taken; none for means.
    along: Vec<String>,
}

impl<'a> Place<'a> {
    fn new(data: &'a ModelData, of: &'a MeansOf, along: &[&str]) -> Result<Self, MixedError> {
        if of.adjustment == Adjustment::Tukey && of.pairs == Pairs::First {
            let message = "Tukey's adjustment is for all pairs, and only those with the first level are asked for";
            return Err(MixedError::data(message, "take all pairs, or adjust by Dunnett's method (--adjust dunnett)"));
        }
        if of.adjustment == Adjustment::Dunnett && of.pairs == Pairs::All {
            let message =
                "Dunnett's adjustment is for differences from the first level, and those of all pairs are asked for";
            let hint = "take those with the first level (--pairs first), or adjust by the multivariate t distribution (--adjust \
                        mvt) or by Tukey's method (--adjust tukey)";
            return Err(MixedError::data(message, hint));
        }
        let uses = used_columns(data);
        let axes = axes(&data.frame, data, &uses, of)?;
        let grid = Grid::new(&data.frame, data, &uses, &axes, of)?;
        let along = along.iter().map(|column| (*column).to_owned()).collect();
        Ok(Self { data, of, uses, axes, grid, along })
    }

    /// The averages in each combination over the rows of the grid, as `moved` has them.
    fn averages(&self, moved: impl Fn(&Frame) -> Result<Frame, MixedError>) -> Result<Vec<Cell>, MixedError> {
        let all = self.data.p() + self.data.dropped.len();
        let mut cells: Vec<Cell> =
            (0..self.grid.cells).map(|_| Cell { columns: vec![0.0; all], offset: 0.0 }).collect();
        for part in &self.grid.parts {
            let frame = moved(&part.frame)?;
            let rows: Vec<usize> = (0..frame.len()).collect();
            let each = (rows.len() / self.grid.cells.max(1)) as f64;
            let matrix = self.data.columns_for(&frame, &rows)?;
            for (at, column) in matrix.columns.iter().enumerate() {
                if part.terms.contains(&matrix.assign[at]) {
                    part.cell.iter().zip(column).for_each(|(&cell, value)| cells[cell].columns[at] += value);
                    cells.iter_mut().for_each(|cell| cell.columns[at] /= each);
                }
            }
            if part.has_offset {
                let offset = self.data.offset_for(&frame, &rows)?;
                part.cell.iter().zip(&offset).for_each(|(&cell, value)| cells[cell].offset += value);
                cells.iter_mut().for_each(|cell| cell.offset /= each);
            }
        }
        Ok(cells)
    }

    /// The estimate of each combination and the differences.
    /// `step` is that of the differences that derivatives were made of.
    fn tested(
        &self,
        fit: &(impl MixedFit + ?Sized),
        cells: &[Cell],
        step: Option<f64>,
    ) -> Result<MarginalMeans, MixedError> {
        let (mut means, mut functions) = (Vec::new(), Vec::new());
        for (at, cell) in cells.iter().enumerate() {
            let levels = self.grid.names(&self.axes, at);
            let name = levels.iter().map(|(_, level)| level.as_str()).collect::<Vec<_>>().join(":");
            let function = match step {
                Some(step) => self.data.estimable_change(&cell.columns, step),
                None => self.data.estimable(&cell.columns),
            };
            let mean = match &function {
                Some(function) => {
                    let df = fit.df(function)?;
                    // Kenward and Roger's adjustment can make a variance negative, which has no root.
                    let se = fit.vcov().quadratic(function).sqrt();
                    Coefficient::new(&name, cell.offset + dot(function, fit.fixef()), se, df, fit.level())
                }
                None => Coefficient::new(&name, f64::NAN, f64::NAN, None, fit.level()),
            };
            means.push(MarginalMean { mean, levels });
            functions.push(function);
        }
        let mut notes = where_taken(self.data, &self.uses, &self.axes, self.of, &self.along);
        let mut taken: Vec<String> =
            notes.iter().map(|note| note.strip_suffix(OTHERWISE).unwrap_or(note).to_owned()).collect();
        notes.extend(about_interaction(self.data, &self.axes).filter(|_| self.along.is_empty()));
        let undetermined = means.iter().zip(&functions).filter(|(_, function)| function.is_none());
        let undetermined: Vec<&str> = undetermined.map(|(mean, _)| mean.mean.name.as_str()).collect();
        if !undetermined.is_empty() {
            let told = undetermined_are(&undetermined, !self.along.is_empty());
            taken.push(told.clone());
            notes.push(told);
        }
        let (contrasts, adjusted, error, families) = self.differences(fit, &means, &functions)?;
        notes.extend(self.about_pairs(&families));
        notes.extend(about_error(error));
        let axes = self.axes.iter().map(|axis| axis.column.clone()).collect();
        let adjustment = self.of.adjustment;
        let (title, what) = (String::new(), "mean".to_owned());
        Ok(MarginalMeans { title, what, axes, means, contrasts, adjustment, adjusted, taken, notes })
    }

    /// The differences of the first factor's levels within each combination of the others.
    fn differences(
        &self,
        fit: &(impl MixedFit + ?Sized),
        means: &[MarginalMean],
        functions: &[Option<Vec<f64>>],
    ) -> Result<Differences, MixedError> {
        let count = self.compared();
        let (mut all, mut tests, mut error, mut families) = (Vec::new(), Vec::new(), 0.0f64, Vec::new());
        for start in (0..self.grid.cells).step_by(count.max(1)) {
            let (mut family, mut own_functions) = (Vec::new(), Vec::new());
            for (later, earlier) in pairs(count, self.pairs()) {
                let (later, earlier) = (start + later, start + earlier);
                let (Some(one), Some(two)) = (&functions[later], &functions[earlier]) else { continue };
                let difference: Vec<f64> = one.iter().zip(two).map(|(a, b)| a - b).collect();
                let own = &means[later].levels;
                let rest: Vec<&str> = own[1..].iter().map(|(_, level)| level.as_str()).collect();
                let rest = if rest.is_empty() { String::new() } else { format!(" | {}", rest.join(":")) };
                let name = format!("{} - {}{rest}", own[0].1, means[earlier].levels[0].1);
                family.push(linear(fit, &name, &difference)?);
                own_functions.push(difference);
            }
            let known = functions[start..start + count].iter().flatten().count();
            if let Some(found) = adjusted(fit, (&family, &own_functions), self.of.adjustment, known)? {
                tests.extend(found.tests.into_iter().map(Some));
                error = error.max(found.error);
            }
            families.push(family.iter().filter(|of| !of.p.is_nan()).count());
            all.extend(family);
        }
        families.retain(|count| *count > 0);
        Ok((all, tests, error, families))
    }

    /// How many levels are compared with each other.
    fn compared(&self) -> usize {
        self.axes.first().map_or(0, |axis| axis.levels.len()).min(self.grid.cells)
    }

    fn pairs(&self) -> Pairs {
        if self.compared() > MOST_FOR_PAIRS { Pairs::First } else { self.of.pairs }
    }

    /// That there are too many levels for all pairs, and what the adjustment is for.
    fn about_pairs(&self, families: &[usize]) -> Vec<String> {
        let (mut notes, count) = (Vec::new(), self.compared());
        if count > MOST_FOR_PAIRS && self.of.pairs == Pairs::All {
            notes.push(format!(
                "{} has {count} levels, more than {MOST_FOR_PAIRS}: each is compared with the first one only",
                self.axes[0].column
            ));
        }
        let ends = families.iter().min().zip(families.iter().max());
        if let Some((least, most)) = ends.filter(|_| self.of.adjustment != Adjustment::None) {
            let within = if count < self.grid.cells { " within each combination of the others" } else { "" };
            let all = match (*least, *most) {
                (1, 1) => "1 difference".to_owned(),
                (least, most) if least == most => format!("{most} differences"),
                (least, most) => format!("{least} to {most} differences"),
            };
            let what = match self.of.adjustment {
                Adjustment::Holm => "p is also given",
                _ => "p and intervals are also given",
            };
            notes.push(format!("{what} adjusted ({}) for the {all}{within}", self.of.adjustment));
        }
        notes
    }

    /// Single values and levels at which everything is taken: ` at month = 12`.
    fn held(&self) -> String {
        let all = held(self.of);
        if all.is_empty() { String::new() } else { format!(" at {}", all.join(", ")) }
    }
}

/// That means or slopes cannot be told; a slope for all combinations together has no name of its own.
fn undetermined_are(names: &[&str], is_slope: bool) -> String {
    let which = listed(names.iter().copied());
    match (is_slope, which.as_str()) {
        (true, "") => "no slope: the data do not determine it (it takes a column that was left out)".to_owned(),
        (true, _) => format!(
            "no slope of {which}, and no difference from it: the data do not determine it (combinations without rows, or \
             columns that were left out)"
        ),
        (false, _) => format!(
            "no mean of {which}, and no difference from it: the data do not determine it (combinations without rows)"
        ),
    }
}

/// How exact probabilities are that were integrated over a lattice; nothing of others.
pub fn about_error(error: f64) -> Option<String> {
    (error > 0.0).then(|| {
        format!(
            "adjusted p and intervals are by integration over a shifted lattice, with a relative standard error of about {} in p",
            significant(error, 1)
        )
    })
}

/// The columns that are held at one value or level.
fn held(of: &MeansOf) -> Vec<String> {
    let values = of.at.iter().filter(|(_, values)| values.len() == 1);
    let levels = of.levels.iter().filter(|(_, levels)| levels.len() == 1);
    let values = values.map(|(name, values)| format!("{name} = {}", values[0]));
    values.chain(levels.map(|(name, levels)| format!("{name} = {}", levels[0]))).collect()
}

/// Places of levels that are compared: a later one with an earlier one.
fn pairs(count: usize, which: Pairs) -> Vec<(usize, usize)> {
    let earlier = |later: usize| if which == Pairs::First { 0..1 } else { 0..later };
    (1..count).flat_map(|later| earlier(later).map(move |earlier| (later, earlier))).collect()
}
