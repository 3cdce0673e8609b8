//! Tables of a mixed model with a row for each row, group or new row: as text and as CSV.

use super::document::{Align, Table};
use super::fit::number_or_dash;
use crate::mixed::result::{Influence, RowResidual};

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

/// The residuals of the rows.
pub fn residuals(rows: &[RowResidual]) -> Table {
    let names = ["fitted", "response", "Pearson", "scaled", "leverage"];
    let mut columns = vec![("row", Align::Right)];
    columns.extend(names.map(|name| (name, Align::Right)));
    let mut table = Table::new(&columns);
    for row in rows {
        let shown = row.numbers().into_iter().map(|value| number_or_dash(value, 4));
        table.row([row.row.to_string()].into_iter().chain(shown));
    }
    table
}
