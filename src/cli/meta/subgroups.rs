//! `reffect meta --subgroup`: each group of studies by itself, and the test between them.

use super::around::available;
use super::input::{Studies, is_missing, labels};
use crate::cli::failure::Failure;
use crate::diagnostic::listed;
use crate::formula::Frame;
use crate::meta::mantel_haenszel::{Counts, MantelHaenszel};
use crate::meta::subgroup::{GroupTau2, levels_in_order, subgroups, subgroups_of_fits};
use crate::meta::{Fit, MetaError, Model};
use crate::report::meta::around::Around;

/// The studies that have a group, as places among `rows`, and their groups; the others are told of.
fn grouped(
    column: &str,
    frame: &Frame,
    rows: &[usize],
    slab: &[String],
    around: &mut Around,
) -> Result<(Vec<usize>, Vec<String>), Failure> {
    let (with, without): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|&study| !is_missing(frame, column, rows[study]));
    let own: Vec<usize> = with.iter().map(|&study| rows[study]).collect();
    let levels = labels(frame, column, &own)?;
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(|&study| slab[study].as_str()).collect();
        let (what, are) = if names.len() == 1 { ("study", "is") } else { ("studies", "are") };
        around.notes.push(format!(
            "{} {what} without {column} {are} part of the overall result, and of no subgroup: {}",
            names.len(),
            listed(names)
        ));
    }
    around.subgroup_column = Some(column.to_owned());
    Ok((with, levels))
}

/// The subgroups of the studies that have one; the others remain in the overall result.
pub fn in_subgroups(
    column: &str,
    studies: &Studies,
    model: &Model,
    tau2: GroupTau2,
    around: &mut Around,
) -> Result<(), Failure> {
    let (with, levels) = grouped(column, &studies.frame, &studies.rows, &studies.slab, around)?;
    around.subgroup_levels = vec![None; studies.rows.len()];
    with.iter().zip(&levels).for_each(|(&study, level)| around.subgroup_levels[study] = Some(level.clone()));
    let found = subgroups(model, &studies.problem.subset(&with), &levels, tau2);
    around.subgroup = available(found, "--subgroup", around)?;
    if let Some(found) = &around.subgroup {
        around.notes.extend(found.notes.iter().cloned());
    }
    Ok(())
}

/// Studies whose counts are pooled.
pub struct CountedStudies<'a> {
    pub frame: &'a Frame,
    /// Their rows in the table.
    pub rows: &'a [usize],
    pub slab: &'a [String],
    pub counts: &'a [Counts],
    /// Those with an effect of their own.
    pub shown: &'a [usize],
}

/// The same of counts that are pooled by Mantel & Haenszel or Peto.
pub fn counts_in_subgroups(
    column: &str,
    of: &CountedStudies<'_>,
    pool: &dyn Fn(&[Counts]) -> Result<MantelHaenszel, MetaError>,
    around: &mut Around,
) -> Result<(), Failure> {
    let (with, levels) = grouped(column, of.frame, of.rows, of.slab, around)?;
    let mut all: Vec<Option<String>> = vec![None; of.rows.len()];
    with.iter().zip(&levels).for_each(|(&study, level)| all[study] = Some(level.clone()));
    let mut fits: Vec<(&str, Fit)> = Vec::new();
    for level in levels_in_order(&levels) {
        let own = with.iter().zip(&levels).filter(|(_, other)| *other == level);
        let counts: Vec<Counts> = own.map(|(&study, _)| of.counts[study]).collect();
        match pool(&counts).map(|found| found.fit) {
            Ok(fit) if fit.coefficients[0].estimate.is_finite() && fit.coefficients[0].se > 0.0 => {
                fits.push((level, fit))
            }
            Ok(_) => around.notes.push(format!("{column} {level} is no subgroup: its counts allow no estimate")),
            Err(error) => around.notes.push(format!("{column} {level} is no subgroup: {error}")),
        }
    }
    around.subgroup = available(subgroups_of_fits(fits), "--subgroup", around)?;
    around.subgroup_levels = of.shown.iter().map(|&study| all[study].clone()).collect();
    Ok(())
}
