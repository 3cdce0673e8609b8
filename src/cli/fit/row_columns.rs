//! The columns that tell the rows of `--residuals` and `--predict` apart.

use super::args::FitArgs;
use crate::formula::{Expr, Frame};
use crate::mixed::ModelData;
use crate::mixed::result::RowColumn;

/// Groups, and what varies between them.
fn of_random_part(data: &ModelData) -> Vec<&str> {
    let groups = data.random.iter().rev().flat_map(|term| term.group_columns.iter().map(String::as_str));
    let terms = data.formula.random.iter().flat_map(|term| &term.terms.variables);
    groups.chain(terms.flat_map(|(_, expr)| expr.columns())).collect()
}

/// The columns by which rows of the table of a fit are known: groups and what varies between them, subject, time and
/// the groups of residuals.
pub fn columns_that_tell<'a>(data: &'a ModelData, args: &'a FitArgs) -> Vec<&'a str> {
    let asked = [&args.model.subject, &args.model.residual_by, &args.model.time];
    of_random_part(data).into_iter().chain(asked.into_iter().flatten().map(String::as_str)).collect()
}

/// The columns by which new rows are known: groups and every column of the model.
pub fn columns_of_model(data: &ModelData) -> Vec<&str> {
    let fixed = data.formula.terms.variables.iter().map(|(_, expr)| expr);
    let fixed = fixed.chain(data.offsets.iter().map(|(expr, _)| expr)).flat_map(Expr::columns);
    of_random_part(data).into_iter().chain(fixed).collect()
}

/// Those of these columns that a table has, each once.
pub fn columns_of_rows(frame: &Frame, names: &[&str]) -> Vec<RowColumn> {
    let mut columns: Vec<RowColumn> = Vec::new();
    for name in names {
        if let (Some(values), false) = (frame.column(name), columns.iter().any(|known| known.name == *name)) {
            columns.push(RowColumn { name: (*name).to_owned(), values: values.clone() });
        }
    }
    columns
}
