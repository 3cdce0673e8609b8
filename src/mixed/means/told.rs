//! Where means are taken, in sentences.

use super::grid::{Axis, Use, factor_of, mean_of, walk};
use super::{MeansOf, held};
use crate::formula::{Column, Expr, Node, Term};
use crate::mixed::data::ModelData;
use crate::numeric::format::significant;

/// What else can be asked for, for those who call the command.
pub(super) const OTHERWISE: &str = "; --at takes another value";

/// Where covariates are held, and over which factors the means go.
///
/// Slopes along some columns depend on those that stand in a term with one of them alone.
pub(super) fn where_taken(
    data: &ModelData,
    uses: &[Use],
    axes: &[Axis],
    of: &MeansOf,
    along: &[String],
) -> Vec<String> {
    let frame = &*data.frame;
    let what = if along.is_empty() { "means" } else { "slopes" };
    let matters = partners(data, along);
    let is_axis = |column: &str| axes.iter().any(|axis| axis.column == column);
    let is_held = |column: &str| of.holds(column);
    let (mut means, mut over) = (Vec::new(), Vec::new());
    let matters = |column: &str| along.is_empty() || matters.iter().any(|own| own == column);
    for used in uses.iter().filter(|used| !is_axis(&used.column) && matters(&used.column)) {
        let column = &used.column;
        match frame.column(column) {
            _ if is_held(column) || frame.derived_from(column).is_some() => {}
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
    let held = held(&of.without(|column| is_axis(column) || !matters(column)));
    if !held.is_empty() {
        notes.push(format!("{what} are taken at {}", held.join(" and ")));
    }
    if !means.is_empty() {
        let is = if means.len() == 1 { "its mean" } else { "their means" };
        notes.push(format!("{what} are taken at {}, {is}{OTHERWISE}", means.join(" and ")));
    }
    if !over.is_empty() {
        notes.push(format!("{what} go over the levels of {} with equal weights", over.join(" and ")));
    }
    notes
}

/// That means depend on where the others are held, where an interaction has both.
pub(super) fn about_interaction(data: &ModelData, axes: &[Axis]) -> Option<String> {
    let is_axis = |column: &str| axes.iter().any(|axis| axis.column == column);
    // A column that follows from others is where these are.
    let sources_of = |expr: &Expr| match &expr.node {
        Node::Name(name) => match data.frame.derived_from(name) {
            Some(columns) => columns.into_iter().map(str::to_owned).collect(),
            None => vec![name.clone()],
        },
        _ => columns_of(expr),
    };
    let columns: Vec<Vec<String>> = data.formula.terms.variables.iter().map(|(_, expr)| sources_of(expr)).collect();
    let is_mixed = |term: &&Term| {
        let all: Vec<&String> = term.variables.iter().flat_map(|&at| &columns[at]).collect();
        all.iter().any(|column| is_axis(column)) && all.iter().any(|column| !is_axis(column))
    };
    let term = data.formula.terms.terms.iter().find(is_mixed)?;
    let names: Vec<&str> = term.variables.iter().map(|&at| data.formula.terms.variables[at].0.as_str()).collect();
    Some(format!(
        "the interaction {} makes the means and their differences depend on where the others are held, or over what they go",
        names.join(":")
    ))
}

/// The columns on which slopes along some others depend: those beside one of them in a term, and these themselves where
/// they bend, as where a column that follows from one of them moves with it.
fn partners(data: &ModelData, along: &[String]) -> Vec<String> {
    let terms = &data.formula.terms;
    let part = |expr: &Expr| match &expr.node {
        Node::Name(name) => match data.frame.derived_from(name).filter(|_| !along.contains(name)) {
            Some(columns) => (false, columns.into_iter().map(str::to_owned).collect()),
            None => (true, vec![name.clone()]),
        },
        _ => (false, columns_of(expr)),
    };
    let is_along = |column: &String| along.contains(column);
    let mut found = Vec::new();
    for term in &terms.terms {
        let parts: Vec<(bool, Vec<String>)> = term.variables.iter().map(|&at| part(&terms.variables[at].1)).collect();
        if !parts.iter().any(|(_, columns)| columns.iter().any(is_along)) {
            continue;
        }
        for (is_plain, columns) in parts {
            found.extend(columns.into_iter().filter(|column| !is_plain || !is_along(column)));
        }
    }
    found
}

/// The columns of the table in an expression.
fn columns_of(expr: &Expr) -> Vec<String> {
    let mut uses = Vec::new();
    walk(expr, false, &mut uses);
    uses.into_iter().map(|used| used.column).collect()
}
