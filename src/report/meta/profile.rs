//! Profile likelihoods for people.

use crate::meta::profile::Profile;
use crate::report::document::{Align, Table};
use crate::report::meta::variance_interval;
use crate::report::number::{fixed, interval, level_text, significant};

/// A row for each profile.
pub(super) fn profile_table(all: &[Profile], level: f64) -> Table {
    let ci = format!("{} CI by its profile", level_text(level));
    let mut table = Table::new(&[
        ("profile of", Align::Left),
        ("estimate", Align::Right),
        (ci.as_str(), Align::Left),
        ("highest log-likelihood", Align::Right),
        ("points", Align::Right),
    ]);
    for of in all {
        // A correlation may be below 0.
        let is_variance = ["tau2", "sigma2", "gamma2"].iter().any(|symbol| of.parameter.starts_with(symbol));
        let shown = if is_variance { variance_interval } else { interval };
        let most = of.points.iter().map(|point| point.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
        table.row([
            of.parameter.clone(),
            significant(of.estimate, 3),
            of.ci.map_or_else(|| "—".to_owned(), shown),
            if most.is_finite() { fixed(most, 4) } else { "—".to_owned() },
            of.points.len().to_string(),
        ]);
    }
    table
}
