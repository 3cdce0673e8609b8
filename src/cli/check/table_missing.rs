//! What a table that `reffect check` reads lacks of what its columns begin.

use super::several_columns::without_size;
use super::table_groups::GroupColumns;
use crate::diagnostic::Diagnostic;
use crate::read::{Column, Table};

/// For each test statistic that a table has beside its p, the columns of its degrees of freedom that are not there.
pub(super) fn absent_degrees(table: &Table) -> Vec<Vec<&'static str>> {
    const TESTS: [(&str, &[&str]); 5] =
        [("t", &["df"]), ("z", &[]), ("f", &["df1", "df2"]), ("r", &["df"]), ("chi2", &["df"])];
    let has = |name: &str| table.column(name).is_some();
    let absent = |names: &[&'static str]| names.iter().copied().filter(|name| !has(name)).collect();
    TESTS.iter().filter(|(name, _)| has("p") && has(name)).map(|(_, degrees)| absent(degrees)).collect()
}

/// Whether something is reported of the difference of groups.
pub(super) fn has_beside(table: &Table) -> bool {
    ["p", "t", "f", "df", "chi2", "se", "ci_lower"].iter().any(|name| table.column(name).is_some())
}

/// The error for a table of which nothing can be judged: what lacks of what it has begun.
pub(super) fn missing_of(
    table: &Table,
    x: Option<Column>,
    n: Option<Column>,
    degrees: &[Vec<&'static str>],
) -> Diagnostic {
    let has = |name: &str| table.column(name).is_some();
    if let Some(lacking) = GroupColumns::lacking(table).filter(|_| x.is_none()) {
        // A name that is near is that of the mean.
        let of_size = ["n1i", "n2i"].iter().position(|name| lacking.first() == Some(name));
        if let Some(at) = of_size {
            return without_size(table, at + 1, lacking[0]);
        }
        return table.missing(if lacking.is_empty() { &["p"] } else { &lacking });
    }
    if has("estimate") && !has("measure") && x.is_none() {
        return table.missing(&["measure"]);
    }
    if let (Some(degrees), None) = (degrees.first(), x) {
        return table.missing(degrees);
    }
    // A statistic of which no p is told.
    if x.is_none() && ["t", "z", "f", "r", "chi2"].into_iter().any(has) {
        return table.missing(&["p"]);
    }
    if has("median") && x.is_none() {
        return table.missing(&["n"]);
    }
    let has_mean = table.columns().iter().any(|name| name.eq_ignore_ascii_case("mean"));
    let mean = if has_mean { "mean" } else { "x" };
    let missing = [(mean, x), ("n", n)].into_iter().filter(|(_, column)| column.is_none()).map(|(name, _)| name);
    table.missing(&missing.collect::<Vec<_>>())
}
