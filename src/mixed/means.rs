//! Estimated marginal means, and the differences between them.

use super::data::{ModelData, unknown_column};
use super::error::MixedError;
use super::fit::MixedFit;
use super::linear::linear;
use super::result::{Coefficient, MarginalMean, MarginalMeans};
use crate::diagnostic::listed;
use crate::formula::{Column, Expr, Factor, Frame, Node, Term};
use crate::numeric::format::significant;

/// The marginal means that are asked for: see [`MixedFit::means`].
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearMixedModel, MeansOf, MixedFit, ModelData};
/// let frame = reffect::read::read_frame("data/published/orthodont.csv")?;
/// let formula = Formula::parse("distance ~ age * Sex + (age | Subject)")?;
/// let fit = LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default())?)?;
/// // Boys and girls at 8 and at 14 years.
/// let of = MeansOf { factors: vec!["Sex".to_owned()], at: vec![("age".to_owned(), vec![8.0, 14.0])] };
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
}

/// Factors with at most this many levels are compared each with each, others with their first level.
const MOST_FOR_PAIRS: usize = 4;

/// The mean for each combination of the levels of some factors: see [`MixedFit::means`].
pub(super) fn marginal_means(fit: &(impl MixedFit + ?Sized), of: &MeansOf) -> Result<MarginalMeans, MixedError> {
    let data = fit.data();
    let frame = &*data.frame;
    let uses = used_columns(data);
    let axes = axes(frame, data, &uses, of)?;
    let grid = Grid::new(frame, data, &uses, &axes, &of.at);
    let rows: Vec<usize> = (0..grid.frame.len()).collect();
    let matrix = data.columns_for(&grid.frame, &rows)?;
    let offset = data.offset_for(&grid.frame, &rows)?;
    let mut means = Vec::new();
    let mut functions = Vec::new();
    for cell in 0..grid.cells {
        let chosen: Vec<usize> = rows.iter().copied().filter(|&row| grid.cell[row] == cell).collect();
        let over = |column: &[f64]| chosen.iter().map(|&row| column[row]).sum::<f64>() / chosen.len() as f64;
        let all: Vec<f64> = matrix.columns.iter().map(|column| over(column)).collect();
        let names = grid.names(&axes, cell);
        let name = names.iter().map(|(_, level)| level.as_str()).collect::<Vec<_>>().join(":");
        let function = data.estimable(&all);
        let mut mean = match &function {
            Some(function) => linear(fit, &name, function)?,
            None => Coefficient::new(&name, f64::NAN, f64::NAN, None, fit.level()),
        };
        let shift = over(&offset);
        mean.estimate += shift;
        mean.ci.lower += shift;
        mean.ci.upper += shift;
        means.push(MarginalMean { mean, levels: names });
        functions.push(function);
    }
    let contrasts = pairs(axes.first().map_or(0, |axis| axis.levels.len()), grid.cells)
        .into_iter()
        .filter_map(|(later, earlier)| {
            let (one, two) = (functions[later].as_ref()?, functions[earlier].as_ref()?);
            let difference: Vec<f64> = one.iter().zip(two).map(|(a, b)| a - b).collect();
            let own = &means[later].levels;
            let rest: Vec<&str> = own[1..].iter().map(|(_, level)| level.as_str()).collect();
            let rest = if rest.is_empty() { String::new() } else { format!(" | {}", rest.join(":")) };
            let name = format!("{} - {}{rest}", own[0].1, means[earlier].levels[0].1);
            Some(linear(fit, &name, &difference))
        })
        .collect::<Result<_, _>>()?;
    let single = of.at.iter().filter(|(_, values)| values.len() == 1);
    let at: Vec<String> = single.map(|(name, values)| format!("{name} = {}", values[0])).collect();
    let names: Vec<&str> = axes.iter().map(|axis| axis.column.as_str()).collect();
    let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(", ")) };
    let mut notes = where_taken(frame, data, &uses, &axes, &of.at);
    let undetermined: Vec<&str> = means
        .iter()
        .zip(&functions)
        .filter(|(_, function)| function.is_none())
        .map(|(mean, _)| mean.mean.name.as_str())
        .collect();
    if !undetermined.is_empty() {
        let which = listed(undetermined);
        notes.push(format!(
            "no mean of {which}, and no difference from it: the data do not determine it (combinations without rows)"
        ));
    }
    Ok(MarginalMeans { title: format!("{}{at}", names.join(":")), means, contrasts, notes })
}

/// Where covariates are held, over which factors the means go, and that they depend on both in an interaction.
fn where_taken(frame: &Frame, data: &ModelData, uses: &[Use], axes: &[Axis], at: &[(String, Vec<f64>)]) -> Vec<String> {
    let is_axis = |column: &str| axes.iter().any(|axis| axis.column == column);
    let is_held = |column: &str| at.iter().any(|(name, _)| name == column);
    let (mut means, mut over) = (Vec::new(), Vec::new());
    for used in uses.iter().filter(|used| !is_axis(&used.column)) {
        let column = &used.column;
        match frame.column(column) {
            _ if is_held(column) => {}
            _ if factor_of(frame, data, used).is_some() => over.push(column.clone()),
            Some(Column::Numbers(values)) => {
                // The rounding of a centred column is no place.
                let largest = values.iter().fold(0.0f64, |most, value| most.max(value.abs()));
                let mean = Some(mean_of(data, values)).filter(|mean| mean.abs() > 1e-12 * largest).unwrap_or(0.0);
                means.push(format!("{column} = {}", significant(mean, 4)));
            }
            _ => {}
        }
    }
    let mut notes = Vec::new();
    let held = at.iter().filter(|(name, values)| values.len() == 1 && !is_axis(name));
    let held: Vec<String> = held.map(|(name, values)| format!("{name} = {}", values[0])).collect();
    if !held.is_empty() {
        notes.push(format!("means are taken at {}", held.join(" and ")));
    }
    if !means.is_empty() {
        let is = if means.len() == 1 { "its mean" } else { "their means" };
        notes.push(format!("means are taken at {}, {is}; --at takes another value", means.join(" and ")));
    }
    if !over.is_empty() {
        notes.push(format!("means go over the levels of {} with equal weights", over.join(" and ")));
    }
    let columns: Vec<Vec<String>> = data.formula.terms.variables.iter().map(|(_, expr)| columns_of(expr)).collect();
    let is_mixed = |term: &&Term| {
        let all: Vec<&String> = term.variables.iter().flat_map(|&at| &columns[at]).collect();
        all.iter().any(|column| is_axis(column)) && all.iter().any(|column| !is_axis(column))
    };
    if let Some(term) = data.formula.terms.terms.iter().find(is_mixed) {
        let names: Vec<&str> = term.variables.iter().map(|&at| data.formula.terms.variables[at].0.as_str()).collect();
        notes.push(format!(
            "the interaction {} makes the means and their differences depend on where the others are held, or over \
             what they go",
            names.join(":")
        ));
    }
    notes
}

/// The columns of the table in an expression.
fn columns_of(expr: &Expr) -> Vec<String> {
    let mut uses = Vec::new();
    walk(expr, false, &mut uses);
    uses.into_iter().map(|used| used.column).collect()
}

/// The mean over the rows of the fit.
fn mean_of(data: &ModelData, values: &[f64]) -> f64 {
    data.rows.iter().map(|&row| values[row]).sum::<f64>() / data.rows.len() as f64
}

/// Places of the cells that are compared: in each run of `count` cells a later one with an earlier one.
fn pairs(count: usize, cells: usize) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for start in (0..cells).step_by(count.max(1)) {
        for later in 1..count {
            let earlier = if count <= MOST_FOR_PAIRS { 0..later } else { 0..1 };
            all.extend(earlier.map(|earlier| (start + later, start + earlier)));
        }
    }
    all
}

/// A column over whose values the means go.
struct Axis {
    column: String,
    levels: Vec<String>,
    /// Its values, where the column holds numbers.
    numbers: Option<Vec<f64>>,
}

fn axes(frame: &Frame, data: &ModelData, uses: &[Use], of: &MeansOf) -> Result<Vec<Axis>, MixedError> {
    for (place, (name, _)) in of.at.iter().enumerate() {
        if of.at[..place].iter().any(|(earlier, _)| earlier == name) {
            let hint = format!("give several values of one column with commas (--at {name}=1,2)");
            return Err(MixedError::data(format!("the list of values (--at) names {name} twice"), hint));
        }
        match frame.column(name) {
            None => return Err(unknown_column(name, frame)),
            Some(Column::Texts { .. }) => {
                let message = format!("no value can be given for {name} (--at): the column holds texts");
                return Err(MixedError::data(message, format!("name it among the factors (--emmeans \"{name}\")")));
            }
            Some(_) if !uses.iter().any(|used| used.column == *name) => {
                let message = format!("no value can be given for {name} (--at): the fixed part has no such covariate");
                return Err(MixedError::data(message, covariates(frame, uses)));
            }
            Some(_) => {}
        }
    }
    let known = |name: &String| {
        let used = uses.iter().find(|used| used.column == *name)?;
        if let Some((_, values)) = of.at.iter().find(|(at, _)| at == name) {
            return Some(covariate(name, values));
        }
        let (factor, numbers) = factor_of(frame, data, used)?;
        Some(Axis { column: name.clone(), levels: factor.levels, numbers })
    };
    let mut axes = Vec::new();
    for written in &of.factors {
        // As the formula may say it: factor(visit) is visit.
        let inside = written.strip_prefix("factor(").and_then(|inside| inside.strip_suffix(')'));
        let name = &inside.map_or_else(|| written.clone(), str::to_owned);
        let axis = known(name).ok_or_else(|| no_factor(name, frame, uses, data))?;
        if axes.iter().any(|other: &Axis| other.column == axis.column) {
            return Err(MixedError::data(
                format!("the list of factors (--emmeans) names {name} twice"),
                "name each factor once",
            ));
        }
        axes.push(axis);
    }
    for (name, values) in of.at.iter().filter(|(_, values)| values.len() > 1) {
        if !axes.iter().any(|axis| axis.column == *name) {
            axes.push(covariate(name, values));
        }
    }
    Ok(axes)
}

fn covariate(name: &str, values: &[f64]) -> Axis {
    let levels = values.iter().map(f64::to_string).collect();
    Axis { column: name.to_owned(), levels, numbers: Some(values.to_vec()) }
}

fn covariates(frame: &Frame, uses: &[Use]) -> String {
    let is_covariate = |of: &&Use| !of.is_factor && matches!(frame.column(&of.column), Some(Column::Numbers(_)));
    let known: Vec<&str> = uses.iter().filter(is_covariate).map(|of| of.column.as_str()).collect();
    match known.as_slice() {
        [] => "it has none".to_owned(),
        known => format!("the covariates are {}", known.join(", ")),
    }
}

fn no_factor(name: &str, frame: &Frame, uses: &[Use], data: &ModelData) -> MixedError {
    let known: Vec<&str> =
        uses.iter().filter(|of| factor_of(frame, data, of).is_some()).map(|of| of.column.as_str()).collect();
    let message = format!("`{name}` is no factor of the fixed part");
    let is_covariate = uses.iter().any(|of| of.column == name);
    let hint = match known.as_slice() {
        _ if is_covariate => format!("for means at values of a covariate add --at {name}=VALUE,VALUE"),
        [] => "the fixed part has no factor".to_owned(),
        known => format!("the factors are {}; several go with a colon: \"arm:visit\"", known.join(", ")),
    };
    MixedError::data(message, hint)
}

/// The levels of a column that the fixed part takes as a factor, with its values where these are numbers.
fn factor_of(frame: &Frame, data: &ModelData, used: &Use) -> Option<(Factor, Option<Vec<f64>>)> {
    match frame.column(&used.column)? {
        Column::Texts { values, reference } => {
            let chosen: Vec<Option<String>> = data.rows.iter().map(|&row| values[row].clone()).collect();
            let in_order = Factor::of_texts(&chosen, None).in_number_order();
            Some((in_order.with_first(reference.as_deref()), None))
        }
        Column::Numbers(values) if used.is_factor => {
            let chosen: Vec<f64> = data.rows.iter().map(|&row| values[row]).collect();
            let levels = Factor::of_numbers(&chosen).with_first(frame.factor_reference(&used.column));
            let first = |level: usize| levels.codes.iter().position(|code| *code == Some(level));
            let values = (0..levels.levels.len()).filter_map(first).map(|row| chosen[row]).collect();
            Some((levels, Some(values)))
        }
        Column::Numbers(_) => None,
    }
}

/// Every combination of the levels of all factors, with covariates at one value each.
struct Grid {
    frame: Frame,
    /// The combination of the axes in each row.
    cell: Vec<usize>,
    cells: usize,
}

impl Grid {
    fn new(table: &Frame, data: &ModelData, uses: &[Use], axes: &[Axis], at: &[(String, Vec<f64>)]) -> Self {
        // A number that the model takes as a factor is held like any other where --at names it.
        let is_open = |used: &&Use| {
            !axes.iter().any(|axis| axis.column == used.column) && !at.iter().any(|(name, _)| *name == used.column)
        };
        let others = uses.iter().filter(is_open);
        let others: Vec<Axis> = others
            .filter_map(|used| {
                let (factor, numbers) = factor_of(table, data, used)?;
                Some(Axis { column: used.column.clone(), levels: factor.levels, numbers })
            })
            .collect();
        let cells = axes.iter().map(|axis| axis.levels.len()).product();
        let count: usize = others.iter().map(|axis| axis.levels.len()).product::<usize>() * cells;
        let mut frame = Frame::default();
        let mut repeat = 1;
        for axis in axes.iter().chain(&others) {
            let size = axis.levels.len();
            let code = |row: usize| row / repeat % size;
            match &axis.numbers {
                Some(values) => frame.numbers(&axis.column, (0..count).map(|row| values[code(row)]).collect()),
                None => frame.texts(&axis.column, (0..count).map(|row| Some(axis.levels[code(row)].clone()))),
            }
            repeat *= size;
        }
        for name in table.names() {
            if let (None, Some(Column::Numbers(values))) = (frame.column(name), table.column(name)) {
                let mean = || mean_of(data, values);
                let held = at.iter().find(|(held, _)| held == name).and_then(|(_, values)| values.first().copied());
                frame.numbers(name, vec![held.unwrap_or_else(mean); count]);
            }
        }
        Self { frame, cell: (0..count).map(|row| row % cells).collect(), cells }
    }

    /// The level of each axis in a cell.
    fn names(&self, axes: &[Axis], cell: usize) -> Vec<(String, String)> {
        let mut rest = cell;
        axes.iter()
            .map(|axis| {
                let level = axis.levels[rest % axis.levels.len()].clone();
                rest /= axis.levels.len();
                (axis.column.clone(), level)
            })
            .collect()
    }
}

/// A column of the table that the fixed part uses.
struct Use {
    column: String,
    is_factor: bool,
}

/// Adds the columns of an expression.
fn walk(expr: &Expr, is_factor: bool, uses: &mut Vec<Use>) {
    match &expr.node {
        Node::Name(name) => match uses.iter_mut().find(|known| known.column == *name) {
            Some(known) => known.is_factor |= is_factor,
            None => uses.push(Use { column: name.clone(), is_factor }),
        },
        Node::Call(function, arguments) => {
            let is_factor = matches!(function.as_str(), "factor" | "as.factor");
            arguments.iter().for_each(|(_, argument)| walk(argument, is_factor, uses));
        }
        Node::Negative(inner) | Node::Positive(inner) | Node::Not(inner) | Node::Parenthesis(inner) => {
            walk(inner, is_factor, uses);
        }
        Node::Binary(_, left, right) => [left, right].into_iter().for_each(|side| walk(side, is_factor, uses)),
        Node::Number(_) | Node::Text(_) => {}
    }
}

fn used_columns(data: &ModelData) -> Vec<Use> {
    let mut uses = Vec::new();
    data.formula.terms.variables.iter().for_each(|(_, expr)| walk(expr, false, &mut uses));
    data.offsets.iter().for_each(|(expr, _)| walk(expr, false, &mut uses));
    uses
}
