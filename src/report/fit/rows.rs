//! Tables of a mixed model with a row for each row, group or new row: as text and as CSV.

use super::scale::Scale;
use crate::formula::Column;
use crate::mixed::result::{Influence, Prediction, RowColumn, RowResidual, Summary};
use crate::report::document::{Align, Table};
use crate::report::fit::{number_or_dash, range_or_dash};
use crate::report::number::level_text;

/// More coefficients than these are left to JSON and CSV.
const MOST_COEFFICIENTS: usize = 6;

/// The fit without each level of a group.
pub fn influence(of: &Influence) -> Table {
    let shown = if of.names.len() > MOST_COEFFICIENTS { 0 } else { of.names.len() };
    let title = format!("without {}", of.group);
    let mut columns = vec![(title.as_str(), Align::Left), ("rows", Align::Right), ("Cook's distance", Align::Right)];
    columns.extend(of.names[..shown].iter().map(|name| (name.as_str(), Align::Right)));
    columns.extend(of.deviations.iter().map(|name| (name.as_str(), Align::Right)));
    let has_sigma = of.levels.iter().any(|level| level.sigma.is_some());
    if has_sigma {
        columns.push(("sigma", Align::Right));
    }
    let mut table = Table::new(&columns);
    for level in &of.levels {
        let mut fields = vec![level.level.clone(), level.rows.to_string(), number_or_dash(level.cook_d, 3)];
        fields.extend(level.fixef[..shown].iter().chain(&level.sd).map(|value| number_or_dash(*value, 4)));
        if has_sigma {
            fields.push(number_or_dash(level.sigma, 4));
        }
        table.row(fields);
    }
    table
}

/// The residuals of the rows, with what tells the rows apart.
pub fn residuals(rows: &[RowResidual], apart: &[RowColumn]) -> Table {
    let names = ["fitted", "response", "Pearson", "scaled", "leverage"];
    let mut columns = vec![("row", Align::Right)];
    columns.extend(apart.iter().map(|column| (column.name.as_str(), Align::Left)));
    columns.push(("observed", Align::Right));
    columns.extend(names.map(|name| (name, Align::Right)));
    let mut table = Table::new(&columns);
    for (at, row) in rows.iter().enumerate() {
        let observed = number_or_dash(row.residual.map(|of| of.observed), 4);
        let numbers = row.numbers().into_iter().map(|value| number_or_dash(value, 4));
        let own = std::iter::once(row.row.to_string()).chain(apart.iter().map(|column| written(column, at)));
        table.row(own.chain([observed]).chain(numbers));
    }
    table
}

/// The value of a row, as the table has it.
pub(super) fn written(column: &RowColumn, row: usize) -> String {
    match &column.values {
        Column::Numbers(values) => {
            let value = values.get(row).copied().filter(|value| value.is_finite());
            value.map_or_else(|| "—".to_owned(), |value| value.to_string())
        }
        Column::Texts { values, .. } => values.get(row).cloned().flatten().unwrap_or_else(|| "—".to_owned()),
    }
}

/// The predictions of new rows, also on the scale of the response where that is another one.
pub fn predictions(rows: &[Prediction], fit: &Summary) -> Table {
    let (scale, has_effects) = (Scale::of(fit), !fit.varcorr.is_empty());
    let ci = format!("{} CI", level_text(fit.level));
    let mut columns =
        vec![("row", Align::Left), ("population", Align::Right), ("SE", Align::Right), (ci.as_str(), Align::Right)];
    if has_effects {
        columns.push(("with random effects", Align::Right));
    }
    if let Some(name) = scale.response_name() {
        columns.push((name, Align::Right));
        if has_effects {
            columns.push(("with random effects", Align::Right));
        }
    }
    let mut table = Table::new(&columns);
    for (at, row) in rows.iter().enumerate() {
        let ci = row.ci(fit.level).map_or_else(|| "—".to_owned(), range_or_dash);
        let mut own = vec![(at + 1).to_string(), number_or_dash(row.population, 4), number_or_dash(row.se, 3), ci];
        own.extend(has_effects.then(|| number_or_dash(row.conditional, 4)));
        if let Some([population, conditional, ..]) = scale.predicted(row, fit.level) {
            own.push(number_or_dash(population, 4));
            own.extend(has_effects.then(|| number_or_dash(conditional, 4)));
        }
        table.row(own);
    }
    table
}
