//! The combinations of levels and values that means are taken over.

use super::MeansOf;
use crate::diagnostic::listed;
use crate::formula::{Column, Expr, Factor, Frame, Node, Term};
use crate::mixed::data::{ModelData, unknown_column};
use crate::mixed::error::MixedError;

/// A column over whose values the means go.
pub(super) struct Axis {
    pub column: String,
    pub levels: Vec<String>,
    /// Its values, where the column holds numbers.
    numbers: Option<Vec<f64>>,
}

impl MeansOf {
    /// Whether a column is held at values or levels.
    pub(in crate::mixed) fn holds(&self, column: &str) -> bool {
        self.at.iter().map(|(name, _)| name).chain(self.levels.iter().map(|(name, _)| name)).any(|name| name == column)
    }

    /// The same without what is held of some columns.
    pub(in crate::mixed) fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut other = self.clone();
        other.at.retain(|(name, _)| !is_left_out(name));
        other.levels.retain(|(name, _)| !is_left_out(name));
        other
    }
}

/// The columns of the table, checked, over whose levels and values there are means.
pub(super) fn axes(frame: &Frame, data: &ModelData, uses: &[Use], of: &MeansOf) -> Result<Vec<Axis>, MixedError> {
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
    check_levels(frame, data, uses, of)?;
    let known = |name: &String| {
        let used = uses.iter().find(|used| used.column == *name)?;
        if let Some((_, levels)) = of.levels.iter().find(|(held, _)| held == name) {
            return Some(Axis { column: name.clone(), levels: levels.clone(), numbers: None });
        }
        if let Some((_, values)) = of.at.iter().find(|(at, _)| at == name) {
            return Some(covariate(name, values));
        }
        let (factor, numbers) = factor_of(frame, data, used)?;
        Some(Axis { column: name.clone(), levels: factor.levels, numbers })
    };
    let mut axes = Vec::new();
    for written in &of.factors {
        // As the formula may say it: factor(visit) is visit.
        let called = ["factor(", "ordered("].into_iter().find_map(|call| written.strip_prefix(call));
        let inside = called.and_then(|inside| inside.strip_suffix(')'));
        let name = &inside.map_or_else(|| written.clone(), str::to_owned);
        let axis = known(name).ok_or_else(|| no_factor(name, frame, uses, data))?;
        if axes.iter().any(|other: &Axis| other.column == axis.column) {
            return Err(MixedError::data(
                format!("the list of factors (--emmeans, --slopes) names {name} twice"),
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
    for (name, levels) in of.levels.iter().filter(|(_, levels)| levels.len() > 1) {
        if !axes.iter().any(|axis| axis.column == *name) {
            axes.push(Axis { column: name.clone(), levels: levels.clone(), numbers: None });
        }
    }
    Ok(axes)
}

/// That the factors that are held are such, and have these levels.
fn check_levels(frame: &Frame, data: &ModelData, uses: &[Use], of: &MeansOf) -> Result<(), MixedError> {
    for (place, (name, levels)) in of.levels.iter().enumerate() {
        if of.levels[..place].iter().any(|(earlier, _)| earlier == name) {
            let hint = format!("give several levels of one column with commas (--at {name}=a,b)");
            return Err(MixedError::data(format!("the list of levels (--at) names {name} twice"), hint));
        }
        let used = uses.iter().find(|used| used.column == *name);
        let factor = match (frame.column(name), used.and_then(|used| factor_of(frame, data, used))) {
            (None, _) => return Err(unknown_column(name, frame)),
            (Some(Column::Texts { .. }), Some((factor, _))) => factor,
            _ => {
                let message =
                    format!("no level can be given for {name} (--at): it is no factor of texts of the fixed part");
                return Err(MixedError::data(message, covariates(frame, uses)));
            }
        };
        if let Some(unknown) = levels.iter().find(|level| !factor.levels.contains(level)) {
            let message = format!("{name} has no level `{unknown}` (--at) in the rows of the model");
            return Err(MixedError::data(message, format!("the levels are {}", listed(&factor.levels))));
        }
    }
    Ok(())
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
        _ if is_covariate => format!(
            "{name} is a number in the formula: write factor({name}) there for a mean for each of its values, or add --at \
             {name}=VALUE,VALUE for means at values of the covariate"
        ),
        [] => "the fixed part has no factor".to_owned(),
        known => format!("the factors are {}; several go with a colon: \"arm:visit\"", known.join(", ")),
    };
    MixedError::data(message, hint)
}

/// The levels of a column that the fixed part takes as a factor, with its values where these are numbers.
pub(super) fn factor_of(frame: &Frame, data: &ModelData, used: &Use) -> Option<(Factor, Option<Vec<f64>>)> {
    let column = frame.column(&used.column)?;
    match column {
        Column::Texts { reference, .. } => {
            let in_order = column.factor(&data.rows).in_number_order();
            let own = in_formula(data, &used.column, &in_order);
            Some((own.unwrap_or_else(|| in_order.with_first(reference.as_deref())), None))
        }
        Column::Numbers(values) if used.is_factor => {
            let levels = column.factor(&data.rows).with_first(frame.factor_reference(&used.column));
            let first = |level: usize| levels.codes.iter().position(|code| *code == Some(level));
            let values = (0..levels.levels.len()).filter_map(first).map(|at| values[data.rows[at]]).collect();
            Some((levels, Some(values)))
        }
        Column::Numbers(_) => None,
    }
}

/// The levels of a column of texts as `factor(arm, levels = c("placebo", "drug"))` or `ordered(…)` in the formula have
/// them.
fn in_formula(data: &ModelData, column: &str, plain: &Factor) -> Option<Factor> {
    let is_own = |expr: &Expr| match &expr.node {
        Node::Call(name, arguments) if matches!(name.as_str(), "factor" | "ordered") => {
            matches!(arguments.first(), Some((_, Expr { node: Node::Name(own), .. })) if own == column)
        }
        _ => false,
    };
    let (label, _) = data.formula.terms.variables.iter().find(|(_, expr)| is_own(expr))?;
    let levels = data.design.levels(label)?;
    let places: Option<Vec<usize>> =
        plain.levels.iter().map(|level| levels.iter().position(|own| own == level)).collect();
    let places = places.filter(|places| places.len() == levels.len())?;
    let codes = plain.codes.iter().map(|code| code.map(|code| places[code])).collect();
    Some(Factor { levels: levels.to_vec(), codes })
}

/// The combinations of the levels of the axes, and over which of those of the other factors the parts of the model are
/// averaged in each.
pub(super) struct Grid {
    pub parts: Vec<Part>,
    /// How many combinations of the axes there are.
    pub cells: usize,
}

/// Rows with every combination of the levels of the axes and of some of the other factors; these stand for all of them
/// in the terms that depend on no further factor. Covariates are at one value each.
pub(super) struct Part {
    pub frame: Frame,
    /// The combination of the axes in each row.
    pub cell: Vec<usize>,
    /// The terms of the fixed part, counted from 1 on, with 0 for the intercept.
    pub terms: Vec<usize>,
    /// Whether the offset is averaged here.
    pub has_offset: bool,
}

/// More numbers than these are not made for one part of a grid.
const MOST_NUMBERS: usize = 50_000_000;

impl Grid {
    pub fn new(table: &Frame, data: &ModelData, uses: &[Use], axes: &[Axis], of: &MeansOf) -> Result<Self, MixedError> {
        let at = &of.at;
        // A number that the model takes as a factor is held like any other where --at names it.
        let is_open = |used: &&Use| {
            !axes.iter().any(|axis| axis.column == used.column) && !at.iter().any(|(name, _)| *name == used.column)
        };
        let held = |name: &str| of.levels.iter().find(|(held, _)| held == name).map(|(_, levels)| levels.clone());
        let others = uses.iter().filter(is_open);
        let others: Vec<Axis> = others
            .filter_map(|used| {
                let (factor, numbers) = factor_of(table, data, used)?;
                let levels = held(&used.column).unwrap_or(factor.levels);
                Some(Axis { column: used.column.clone(), levels, numbers })
            })
            .collect();
        let width = table.names().count() + data.p() + data.dropped.len();
        let sizes = |all: &[Axis], chosen: &dyn Fn(usize) -> bool| {
            let mut all = all.iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, axis)| axis.levels.len());
            all.try_fold(1usize, usize::checked_mul)
        };
        let cells = sizes(axes, &|_| true).ok_or_else(|| too_many(axes.iter()))?;
        let mut parts = Vec::new();
        for (own, terms, has_offset) in together(data, &others) {
            let count = sizes(&others, &|at| own.contains(&at)).and_then(|count| count.checked_mul(cells));
            let count = count.filter(|count| count.checked_mul(width).is_some_and(|all| all <= MOST_NUMBERS));
            let chosen = own.iter().map(|&at| &others[at]);
            let count = count.ok_or_else(|| too_many(axes.iter().chain(chosen.clone())))?;
            let mut frame = Frame::default();
            let mut repeat = 1;
            for axis in axes.iter().chain(chosen) {
                let size = axis.levels.len();
                axis.fill(&mut frame, (0..count).map(|row| row / repeat % size));
                repeat *= size;
            }
            for (_, axis) in others.iter().enumerate().filter(|(at, _)| !own.contains(at)) {
                axis.fill(&mut frame, std::iter::repeat_n(0, count));
            }
            for name in table.names() {
                if let (None, Some(Column::Numbers(values))) = (frame.column(name), table.column(name)) {
                    let mean = || mean_of(data, values);
                    let value =
                        at.iter().find(|(held, _)| held == name).and_then(|(_, values)| values.first().copied());
                    frame.numbers(name, vec![value.unwrap_or_else(mean); count]);
                }
            }
            frame.derive_as(table, |name| is_given(of, name))?;
            parts.push(Part { frame, cell: (0..count).map(|row| row % cells).collect(), terms, has_offset });
        }
        Ok(Self { parts, cells })
    }

    /// The level of each axis in a cell.
    pub fn names(&self, axes: &[Axis], cell: usize) -> Vec<(String, String)> {
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

impl Axis {
    /// Gives a table this column with a level for each row.
    fn fill(&self, frame: &mut Frame, codes: impl Iterator<Item = usize>) {
        match &self.numbers {
            Some(values) => frame.numbers(&self.column, codes.map(|code| values[code]).collect()),
            None => frame.texts(&self.column, codes.map(|code| Some(self.levels[code].clone()))),
        }
    }
}

fn too_many<'a>(axes: impl Iterator<Item = &'a Axis>) -> MixedError {
    let sizes: Vec<String> = axes.map(|axis| format!("{} of {}", axis.levels.len(), axis.column)).collect();
    let message = format!("the means go over too many combinations of levels: {}", listed(&sizes));
    MixedError::data(message, "name fewer factors, or hold some of them at one level (--at)")
}

/// The other factors on which terms depend together, with these terms and whether the offset is among them: a set of
/// factors that lies in another one has none of its own.
fn together(data: &ModelData, others: &[Axis]) -> Vec<(Vec<usize>, Vec<usize>, bool)> {
    let place = |column: &str| others.iter().position(|axis| axis.column == column);
    let of = |exprs: &mut dyn Iterator<Item = &Expr>| {
        let columns = exprs.flat_map(Expr::columns).flat_map(|name| {
            let sources = data.frame.derived_from(name).unwrap_or_default();
            std::iter::once(name).chain(sources)
        });
        let mut own: Vec<usize> = columns.filter_map(place).collect();
        own.sort_unstable();
        own.dedup();
        own
    };
    let terms = &data.formula.terms;
    let of_term = |term: &Term| of(&mut term.variables.iter().map(|&at| &terms.variables[at].1));
    let offset = of(&mut data.offsets.iter().map(|(expr, _)| expr));
    let mut all: Vec<(Vec<usize>, Option<usize>)> =
        terms.terms.iter().enumerate().map(|(at, term)| (of_term(term), Some(at + 1))).collect();
    all.extend([(Vec::new(), Some(0)), (offset, None)]);
    // The largest first, so that those that lie in one find it.
    all.sort_by_key(|(own, _)| std::cmp::Reverse(own.len()));
    let mut found: Vec<(Vec<usize>, Vec<usize>, bool)> = Vec::new();
    for (own, term) in all {
        let at = found.iter().position(|(known, ..)| own.iter().all(|at| known.contains(at)));
        let at = at.unwrap_or_else(|| {
            found.push((own, Vec::new(), false));
            found.len() - 1
        });
        found[at].1.extend(term);
        found[at].2 |= term.is_none();
    }
    found
}

/// Whether the values of a column are asked for, and do not follow from other columns.
pub(super) fn is_given(of: &MeansOf, column: &str) -> bool {
    of.holds(column) || of.factors.iter().any(|factor| factor == column)
}

/// The mean over the rows of the fit.
pub(super) fn mean_of(data: &ModelData, values: &[f64]) -> f64 {
    data.rows.iter().map(|&row| values[row]).sum::<f64>() / data.rows.len() as f64
}

/// A column of the table that the fixed part uses.
pub(super) struct Use {
    pub column: String,
    pub is_factor: bool,
}

/// Adds the columns of an expression.
pub(super) fn walk(expr: &Expr, is_factor: bool, uses: &mut Vec<Use>) {
    match &expr.node {
        Node::Name(name) => match uses.iter_mut().find(|known| known.column == *name) {
            Some(known) => known.is_factor |= is_factor,
            None => uses.push(Use { column: name.clone(), is_factor }),
        },
        Node::Call(function, arguments) => {
            let is_factor = matches!(function.as_str(), "factor" | "as.factor" | "ordered" | "interaction");
            arguments.iter().for_each(|(_, argument)| walk(argument, is_factor, uses));
        }
        Node::Negative(inner) | Node::Positive(inner) | Node::Not(inner) | Node::Parenthesis(inner) => {
            walk(inner, is_factor, uses);
        }
        Node::Binary(_, left, right) => [left, right].into_iter().for_each(|side| walk(side, is_factor, uses)),
        Node::Number(_) | Node::Text(_) => {}
    }
}

pub(super) fn used_columns(data: &ModelData) -> Vec<Use> {
    let mut uses = Vec::new();
    data.formula.terms.variables.iter().for_each(|(_, expr)| walk(expr, false, &mut uses));
    data.offsets.iter().for_each(|(expr, _)| walk(expr, false, &mut uses));
    uses
}
