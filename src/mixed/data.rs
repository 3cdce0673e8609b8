//! From a formula and a table to what a model is fitted to.

use super::error::MixedError;
pub use super::random_terms::RandomTermData;
use super::random_terms::random_terms;
use super::rows::{Sourced, Values, missing, no_rows, offsets, response_values, sum_of_offsets, weights};
use crate::diagnostic::meant_or_known;
use crate::formula::{Contrasts, Design, Expr, Formula, FormulaError, Frame, ModelMatrix, Node};
use crate::numeric::matrix::dependent_columns;
use crate::numeric::orthogonal::Orthonormal;
use std::sync::Arc;

/// How a table becomes the data of a model.
///
/// ```
/// use reffect::formula::{Formula, Frame};
/// use reffect::mixed::{DataOptions, ModelData};
/// let mut frame = Frame::default();
/// frame.numbers("relapses", vec![4.0, 1.0, 2.0, 0.0]);
/// frame.numbers("years", vec![1.0, 2.0, 1.0, f64::NAN]);
/// let options = DataOptions { offset: Some("log(years)".to_owned()), ..DataOptions::default() };
/// let data = ModelData::new(Formula::parse("relapses ~ 1")?, &frame, &options)?;
/// // A row that lacks its offset is left out, and stands among the missing ones.
/// assert_eq!((data.n(), data.missing[3].as_deref()), (3, Some("log(years)")));
/// assert_eq!(data.offset, Some(vec![0.0, 2f64.ln(), 0.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataOptions {
    /// How factors become columns.
    pub contrasts: Contrasts,
    /// The column of weights.
    pub weights: Option<String>,
    /// An offset beside those in the formula: an expression such as `log(years)`.
    pub offset: Option<String>,
    /// More columns that must not be missing, such as time and subject of a residual structure.
    pub needed: Vec<String>,
    /// Whether the response may be a column of two texts, of which the second one counts as 1.
    pub binary_response: bool,
    /// The line of the file in which each row of the table stands, for messages; empty where there is no file.
    pub lines: Vec<u64>,
}

/// What a model is fitted to: the rows that have everything.
///
/// Fits hold their data in an [`Arc`]: one that is given by reference is copied, one that is given away or shared
/// already is not.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelData {
    /// The formula.
    pub formula: Formula,
    /// Which rows of the table are used.
    pub rows: Vec<usize>,
    /// For each row of the table, what is missing in it.
    pub missing: Vec<Option<String>>,
    /// The response; of `cbind(events, non_events)` the events.
    pub y: Vec<f64>,
    /// Events and non-events together, for a response of `cbind`.
    pub trials: Option<Vec<f64>>,
    /// What makes the columns of the fixed part, for new rows.
    pub design: Design,
    /// The columns of the fixed part that are kept.
    pub x: ModelMatrix,
    /// The columns that depend on others and were left out.
    pub dropped: Vec<DroppedColumn>,
    /// The sum of all offsets.
    pub offset: Option<Vec<f64>>,
    /// Weights, all above 0.
    pub weights: Option<Vec<f64>>,
    /// The random terms in lme4's order: by falling number of levels.
    pub random: Vec<RandomTermData>,
    /// How factors became columns.
    pub contrasts: Contrasts,
    /// Of a response of two texts, the one that counts as 0 and the one that counts as 1.
    pub texts: Option<[String; 2]>,
    /// The expressions of the offsets, each with the text in which it stands.
    pub offsets: Vec<(Expr, String)>,
    /// The whole table, for what is asked of a fit later: means, other groups, visits.
    pub frame: Arc<Frame>,
    /// The line of the file in which each row of the table stands, for messages; empty where there is no file.
    pub lines: Vec<u64>,
}

/// A copy for a fit that keeps its data.
impl From<&ModelData> for Arc<ModelData> {
    fn from(data: &ModelData) -> Self {
        Self::new(data.clone())
    }
}

/// A column of the fixed part that follows from the ones that are kept: see [`ModelData::estimable`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DroppedColumn {
    /// Its place among all columns.
    pub position: usize,
    /// Its name.
    pub name: String,
    /// The coefficients with which the kept columns make it.
    pub combination: Vec<f64>,
    /// Its largest value in the rows of the model, without its sign.
    size: f64,
}

impl ModelData {
    /// Reads the columns that a formula needs. Rows with a missing value are left out.
    ///
    /// The data keep the table: one that is given by reference is copied, one that is given away or is in an
    /// [`Arc`] already is not.
    ///
    /// # Errors
    /// If the formula does not fit the table, the response is none, or no row is left.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let data = ModelData::new(Formula::parse("y ~ t + (1 | id)")?, &frame, &DataOptions::default())?;
    /// assert_eq!((data.n(), data.p(), data.random[0].levels.len()), (4, 2, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(formula: Formula, frame: impl Into<Arc<Frame>>, options: &DataOptions) -> Result<Self, MixedError> {
        Self::of_shared(formula, frame.into(), options)
    }

    fn of_shared(formula: Formula, shared: Arc<Frame>, options: &DataOptions) -> Result<Self, MixedError> {
        let frame = &*shared;
        MixedError::check_lengths(frame)?;
        let response = formula.response.clone().ok_or_else(|| no_response(&formula))?;
        let offsets = offsets(&formula, options)?;
        let missing = missing(&formula, &response, &offsets, frame, options)?;
        let rows: Vec<usize> = (0..frame.len()).filter(|&row| missing[row].is_none()).collect();
        if rows.is_empty() {
            return Err(no_rows(frame, &missing));
        }
        let Values { y, trials, texts } = response_values(&response, &formula.source, frame, &rows, options)?;
        let design = Design::new(&formula.terms, frame, &rows, options.contrasts)?;
        let mut x = design.matrix(frame, &rows, "(Intercept)")?;
        let dropped = drop_dependent(&mut x);
        let offset = sum_of_offsets(&offsets, frame, &rows)?;
        let weights = match &options.weights {
            Some(name) => Some(weights(frame, name, &rows)?),
            None => None,
        };
        let random = random_terms(&formula, frame, &rows, options.contrasts)?;
        let contrasts = options.contrasts;
        let offsets = offsets.into_iter().map(|offset| (offset.expr, offset.source.to_owned())).collect();
        Ok(Self {
            formula,
            rows,
            offsets,
            missing,
            y,
            trials,
            design,
            x,
            dropped,
            offset,
            weights,
            random,
            contrasts,
            texts,
            frame: shared,
            lines: options.lines.clone(),
        })
    }

    /// Whether a formula and options fit a table, whatever its values are: for tables that are fitted part by part.
    ///
    /// # Errors
    /// If the response is none, or a column or function is unknown or misused.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5]);
    /// let check = |formula: &str| ModelData::check(&Formula::parse(formula)?, &frame, &DataOptions::default());
    /// assert!(check("y ~ 1").is_ok() && check("y ~ month").is_err());
    /// ```
    pub fn check(formula: &Formula, frame: &Frame, options: &DataOptions) -> Result<(), MixedError> {
        let response = formula.response.as_ref().ok_or_else(|| no_response(formula))?;
        missing(formula, response, &offsets(formula, options)?, frame, options)?;
        Ok(())
    }

    /// Where a row of the model stands, for messages: the line of the file where that is known, else the row of the
    /// table.
    pub(super) fn place_of(&self, at: usize) -> String {
        let row = self.rows.get(at).copied().unwrap_or(at);
        self.lines.get(row).map_or_else(|| format!("row {}", row + 1), |line| format!("line {line}"))
    }

    /// The formula as it was given, with the columns that were added to its terms.
    pub(super) fn called(&self) -> String {
        let source = &self.formula.source;
        let is_added = |(_, expr): &&(String, Expr)| match &expr.node {
            Node::Name(name) => self.frame.derived_from(name).is_some() && !source.contains(name.as_str()),
            _ => false,
        };
        let added: Vec<&str> =
            self.formula.terms.variables.iter().filter(is_added).map(|(label, _)| label.as_str()).collect();
        if added.is_empty() { source.clone() } else { format!("{source} with {}", added.join(", ")) }
    }

    /// How many rows the model has.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let formula = Formula::parse("y ~ t + offset(2 * t) + (1 | id)")?;
    /// let data = ModelData::new(formula, &frame, &DataOptions::default())?;
    /// assert_eq!(data.n(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn n(&self) -> usize {
        self.y.len()
    }

    /// How many columns the fixed part has, those that were left out not counted.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let formula = Formula::parse("y ~ t + offset(2 * t) + (1 | id)")?;
    /// let data = ModelData::new(formula, &frame, &DataOptions::default())?;
    /// assert_eq!(data.p(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn p(&self) -> usize {
        self.x.columns.len()
    }

    /// What the fixed part says of each row, without the offset: Xβ.
    pub(super) fn fixed_part(&self, beta: &[f64]) -> Vec<f64> {
        let of = |row: usize| self.x.columns.iter().zip(beta).map(|(column, beta)| column[row] * beta).sum();
        (0..self.n()).map(of).collect()
    }

    /// What the fixed part says of each row, with the offset: Xβ + o.
    pub(super) fn population(&self, beta: &[f64]) -> Vec<f64> {
        let mut all = self.fixed_part(beta);
        all.iter_mut().zip(self.offset.iter().flatten()).for_each(|(value, offset)| *value += offset);
        all
    }

    /// The distinct grouping factors with their numbers of levels, in the order of the random terms.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let formula = Formula::parse("y ~ t + offset(2 * t) + (1 | id)")?;
    /// let data = ModelData::new(formula, &frame, &DataOptions::default())?;
    /// assert_eq!((data.groups()[0].name.as_str(), data.groups()[0].levels), ("id", 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn groups(&self) -> Vec<super::result::Group> {
        let mut groups: Vec<super::result::Group> = Vec::new();
        for term in &self.random {
            if !groups.iter().any(|group| group.name == term.group) {
                groups.push(super::result::Group { name: term.group.clone(), levels: term.levels.len() });
            }
        }
        groups
    }

    /// Of each group with few levels, that it has few.
    pub(super) fn few_levels(&self) -> Vec<String> {
        let few = self.groups().into_iter().filter(|group| group.levels < 5);
        let told = |group: super::result::Group| {
            format!("{} has {} levels: a variance between so few is hardly determined", group.name, group.levels)
        };
        few.map(told).collect()
    }

    /// A linear function of all columns as one of those that are kept; none where the data do not
    /// determine it, because it involves a column that was left out in another way than its twins.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("days", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.numbers("hours", vec![0.0, 24.0, 0.0, 24.0]);
    /// let data = ModelData::new(Formula::parse("y ~ days + hours")?, &frame, &DataOptions::default())?;
    /// assert_eq!(data.dropped[0].name, "hours");
    /// assert_eq!(data.estimable(&[1.0, 2.0, 48.0]), Some(vec![1.0, 2.0]));
    /// assert_eq!(data.estimable(&[1.0, 2.0, 0.0]), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn estimable(&self, all: &[f64]) -> Option<Vec<f64>> {
        self.estimable_within(all, &|column| 1e-8 * column.size)
    }

    /// The same for a change of the columns, made of differences over a step: beside it, their sizes say nothing but how
    /// far rounding goes.
    pub(super) fn estimable_change(&self, all: &[f64], step: f64) -> Option<Vec<f64>> {
        let size = |column: &Vec<f64>| column.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        let sizes: Vec<f64> = self.x.columns.iter().map(size).collect();
        let largest = |column: &DroppedColumn| {
            let shares = sizes.iter().zip(&column.combination).map(|(size, share)| size * share.abs());
            shares.fold(column.size, f64::max)
        };
        self.estimable_within(all, &|column| 1e-14 * largest(column) / step)
    }

    /// The same where the two sides of what a column follows from may differ by so much.
    fn estimable_within(&self, all: &[f64], least: &dyn Fn(&DroppedColumn) -> f64) -> Option<Vec<f64>> {
        let is_dropped = |at: usize| self.dropped.iter().any(|column| column.position == at);
        let kept: Vec<f64> = (0..all.len()).filter(|&at| !is_dropped(at)).map(|at| all[at]).collect();
        // Each in its own unit.
        let fits = |column: &DroppedColumn| {
            let (own, shares) = (all[column.position], kept.iter().zip(&column.combination).map(|(x, b)| x * b));
            let size = shares.clone().fold(own.abs(), |most, share| most.max(share.abs()));
            (own - shares.sum::<f64>()).abs() <= least(column).max(1e-8 * size)
        };
        self.dropped.iter().all(fits).then_some(kept)
    }

    /// The data of some of the rows, with the levels and columns that these determine; and the columns of the fixed
    /// part that these do not, as combinations of those that are left.
    pub(super) fn part(&self, keep: &[usize]) -> (Self, Vec<DroppedColumn>) {
        let chosen = |values: &Vec<f64>| keep.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let mut part = self.clone();
        part.rows = keep.iter().map(|&row| self.rows[row]).collect();
        part.y = chosen(&self.y);
        part.trials = self.trials.as_ref().map(chosen);
        part.offset = self.offset.as_ref().map(chosen);
        part.weights = self.weights.as_ref().map(chosen);
        part.x.columns = self.x.columns.iter().map(chosen).collect();
        let lost = drop_dependent(&mut part.x);
        for term in &mut part.random {
            term.columns = term.columns.iter().map(chosen).collect();
            let mut place: Vec<Option<u32>> = vec![None; term.levels.len()];
            keep.iter().for_each(|&row| place[term.codes[row] as usize] = Some(0));
            let used: Vec<usize> = (0..place.len()).filter(|&level| place[level].is_some()).collect();
            used.iter().enumerate().for_each(|(at, &level)| place[level] = Some(at as u32));
            term.codes = keep.iter().map(|&row| place[term.codes[row] as usize].unwrap_or(0)).collect();
            term.levels = used.iter().map(|&level| term.levels[level].clone()).collect();
        }
        (part, lost)
    }

    /// The residuals of the rows of the model among all rows of the table.
    pub(super) fn for_all_rows(
        &self,
        of: impl Fn(usize) -> super::result::Residual,
    ) -> Vec<super::result::RowResidual> {
        let absent = |row| super::result::RowResidual { row, residual: None };
        let mut all: Vec<_> = (1..=self.missing.len()).map(absent).collect();
        self.rows.iter().enumerate().for_each(|(at, &row)| all[row].residual = Some(of(at)));
        all
    }

    /// The sum of the offsets for rows of another table; 0 where the model has none.
    ///
    /// # Errors
    /// If a column is missing.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let formula = Formula::parse("y ~ t + offset(2 * t) + (1 | id)")?;
    /// let data = ModelData::new(formula, &frame, &DataOptions::default())?;
    /// assert_eq!(data.offset_for(&frame, &[1, 2])?, [2.0, 0.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn offset_for(&self, frame: &Frame, rows: &[usize]) -> Result<Vec<f64>, MixedError> {
        let sourced = |(expr, source): &(Expr, String)| Sourced { expr: expr.clone(), source: source.clone() };
        let offsets: Vec<Sourced> = self.offsets.iter().map(sourced).collect();
        Ok(sum_of_offsets(&offsets, frame, rows)?.unwrap_or_else(|| vec![0.0; rows.len()]))
    }

    /// The columns of the fixed part for rows of another table, those that were left out included.
    ///
    /// # Errors
    /// If a column is missing or has an unknown level.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// use reffect::mixed::{DataOptions, ModelData};
    /// let mut frame = Frame::default();
    /// frame.numbers("y", vec![2.0, 3.5, 1.0, 2.0]);
    /// frame.numbers("t", vec![0.0, 1.0, 0.0, 1.0]);
    /// frame.texts("id", ["a", "a", "b", "b"].map(|id| Some(id.to_owned())));
    /// let formula = Formula::parse("y ~ t + offset(2 * t) + (1 | id)")?;
    /// let data = ModelData::new(formula, &frame, &DataOptions::default())?;
    /// assert_eq!(data.columns_for(&frame, &[1, 2])?.columns, [[1.0, 1.0], [1.0, 0.0]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn columns_for(&self, frame: &Frame, rows: &[usize]) -> Result<ModelMatrix, MixedError> {
        Ok(self.design.matrix(frame, rows, "(Intercept)")?)
    }
}

fn no_response(formula: &Formula) -> MixedError {
    FormulaError::new("the formula has no response", &formula.source, 0..formula.source.len())
        .with_hint("write the response in front of ~, as in \"y ~ month + (month | patient)\"")
        .into()
}

/// The columns that an option names: one, or several with colons between them.
pub(super) fn parts<'a>(name: &'a str, frame: &Frame) -> Vec<&'a str> {
    if frame.column(name).is_some() { vec![name] } else { name.split(':').collect() }
}

/// The error for a column that was named by an option.
pub fn unknown_column(name: &str, frame: &Frame) -> MixedError {
    MixedError::data(format!("there is no column `{name}`"), meant_or_known(name, "columns", frame.names()))
}

/// Takes the columns away that follow from those before them.
fn drop_dependent(x: &mut ModelMatrix) -> Vec<DroppedColumn> {
    let positions = dependent_columns(&x.columns);
    let taken: Vec<(usize, String, Vec<f64>)> =
        positions.iter().map(|&at| (at, x.names[at].clone(), x.columns[at].clone())).collect();
    x.remove(&positions);
    let q = Orthonormal::new(if taken.is_empty() { Vec::new() } else { x.columns.clone() });
    let dropped = |(position, name, mut column): (usize, String, Vec<f64>)| {
        let size = column.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        let combination = q.coefficients(&q.take_out(&mut column));
        DroppedColumn { position, name, combination, size }
    };
    taken.into_iter().map(dropped).collect()
}
