//! Whether means, SDs and medians of a row of a table are possible on the scale of its values.

use super::Status;
use super::cells::between_limits;
use super::debit::debit;
use super::grim::grim;
use super::grimmer::grimmer;
use super::medians::median_exists;
use super::near_misses::near_misses;
use super::several_groups::{SeveralRow, SeveralValues};
use super::table::{RowVerdict, TableRow};
use super::table_groups::{GroupValues, GroupsRow};
use crate::numeric::decimal::Decimal;
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::{DataSets, Grid, Lattice, Summary, Unreconstructable};
use crate::reported::{Scale, SpreadMeaning};

/// Whether values on the scale have a median.
pub(super) fn judge_median(row: &TableRow, median: &Numeral, n: u64, rounding: Rounding, verdict: &mut RowVerdict) {
    if row.has_no_steps() {
        return;
    }
    let found = grid(row).and_then(|grid| {
        let lattice = lattice(row, grid.as_ref())?;
        Ok(median_exists(median, Some(n), lattice, grid.as_ref(), rounding))
    });
    match found {
        Ok(found) => verdict.median = found,
        Err(reason) => verdict.notes.push(format!("median: {reason}")),
    }
    if verdict.median == Some(false) {
        let told = if n % 2 == 1 {
            format!("of {n} people the median is a value of one of them, and none is {median}")
        } else {
            format!("of {n} people the median is the middle between two values, and none is {median}")
        };
        verdict.notes.push(format!("median: {told}"));
    }
}

/// Whether a median lies in its interval, which need not have it in the middle. Beside a mean an interval is that of the
/// mean.
pub(super) fn judge_interval_of_median(row: &TableRow, median: &Numeral, rounding: Rounding, verdict: &mut RowVerdict) {
    let Some((lower, upper)) = row.ci.as_ref().filter(|_| row.mean.is_none()) else { return };
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let whole = Interval { lower: range(lower).lower, upper: range(upper).upper };
    let wrong = if lower.decimal() > upper.decimal() {
        Some(format!("the interval {lower} to {upper} ends below its beginning"))
    } else {
        (!range(median).meets(whole))
            .then(|| format!("the median {median} lies outside of its interval {lower} to {upper}"))
    };
    match wrong {
        Some(told) => {
            verdict.interval = Some(false);
            verdict.notes.push(format!("interval: {told}"));
        }
        None => {
            let told = "the median lies in its interval, and that of a median need not have it in the middle";
            verdict.absent.push(format!("interval: {told}"));
        }
    }
}

/// Whether a mean, its SD and a median of the same people belong together: mean and median are no further apart than the
/// population SD, SD·√((n − 1)/n).
///
/// Source: Hotelling & Solomons (1932), Ann Math Stat 3:141.
pub(super) fn judge_mean_and_median(row: &TableRow, rounding: Rounding, verdict: &mut RowVerdict) {
    let Some((((mean, n), (median, of)), sd)) = row.mean.as_ref().zip(row.median.as_ref()).zip(row.sd.as_ref()) else {
        return;
    };
    let factor = match row.meaning {
        SpreadMeaning::Sd if *n > 1 => (1.0 - 1.0 / *n as f64).sqrt(),
        SpreadMeaning::PopulationSd => 1.0,
        _ => return,
    };
    let [mean, median, sd] = [mean, median, sd].map(|number| number.rounding_interval(rounding).to_interval());
    let most = factor * sd.upper;
    if n == of && !row.is_percent && mean.gap(median) > most * (1.0 + 1e-12) {
        verdict.median = Some(false);
        let told = format!(
            "no values with this mean and SD have this median: they lie at most {} apart",
            significant(most, 3)
        );
        verdict.notes.push(format!("median: {told}"));
    }
}

/// The mean, the SD and the size of a group.
type OfGroup<'a> = (&'a Numeral, &'a Numeral, u64);

impl TableRow {
    /// The mean, the SD and the size of each group, where the scale of their values is named; and what the SDs are.
    pub(super) fn groups_on_scale(&self) -> Option<(Vec<OfGroup<'_>>, SpreadMeaning)> {
        let is_named = self.scale.is_some() || self.items > 1 || self.step.or(self.min).or(self.max).is_some();
        let (means, sds, n, meaning) = match (&self.groups, &self.several) {
            (Some(GroupsRow { values: GroupValues::Means(of), n, .. }), _) => {
                (&of.means[..], &of.sds[..], &n[..], of.meaning)
            }
            (_, Some(SeveralRow { values: SeveralValues::Means(of), n, .. })) => {
                (&of.means[..], &of.sds[..], &n[..], of.meaning)
            }
            _ => return None,
        };
        let each = means.iter().zip(sds).zip(n).map(|((mean, sd), n)| (mean, sd, *n));
        is_named.then(|| (each.collect(), meaning))
    }

    /// Whether the values are known to have no steps.
    pub(super) fn has_no_steps(&self) -> bool {
        self.scale.as_ref().is_some_and(|scale| matches!(Grid::of_scale(scale), Err(Unreconstructable::NoSteps(_))))
    }
}

pub(super) fn judge_mean(row: &TableRow, summary: &Summary, verdict: &mut RowVerdict) {
    if let Some(scale) = row.scale.as_ref().filter(|_| row.has_no_steps()) {
        return judge_between_limits(scale, summary, verdict);
    }
    let grid = match grid(row) {
        Ok(grid) => grid,
        Err(reason) => {
            verdict.notes.push(format!("existence: {reason}"));
            None
        }
    };
    let lattice = match lattice(row, grid.as_ref()) {
        Ok(lattice) => lattice,
        Err(reason) => return verdict.notes.push(format!("grim: {reason}")),
    };
    let fits = |of: &Summary| fits_all(of, lattice, grid.as_ref());
    judge_total(summary, lattice, &fits, verdict);
    if row.sd.is_some() {
        match grimmer(summary, lattice) {
            Ok(found) => {
                verdict.grimmer = Some(found.is_consistent());
                // That no total prints as the mean is GRIM's to say.
                if !found.is_consistent() && verdict.grim != Some(false) {
                    let near = near_misses_of_sd(summary, &fits);
                    verdict.notes.push(format!("grimmer: {}{near}", found.finding()));
                }
            }
            Err(reason) => verdict.notes.push(format!("grimmer: {reason}")),
        }
    }
    let Some(grid) = grid else { return };
    if row.sd.is_some() && is_binary(&grid) {
        match debit(summary) {
            Ok(counts) => verdict.debit = Some(!counts.is_empty()),
            Err(reason) => verdict.notes.push(format!("debit: {reason}")),
        }
    }
    judge_existence(row, summary, &grid, verdict);
}

/// Whether the means and SDs of all groups are possible, as a mean and an SD of their own are, where the row names the
/// scale of the values: without one nothing says that these are whole numbers.
pub(super) fn judge_groups_on_scale(row: &TableRow, rounding: Rounding, verdict: &mut RowVerdict) {
    let Some((groups, meaning)) = row.groups_on_scale() else { return };
    for (at, (mean, sd, n)) in groups.into_iter().enumerate() {
        let of_group = TableRow { sd: Some(sd.clone()), ..row.clone() };
        let summary = Summary { mean: mean.clone(), spread: Some(sd.clone()), meaning, n, rounding };
        let mut found = RowVerdict::default();
        judge_mean(&of_group, &summary, &mut found);
        let is_first = at == 0 && row.mean.is_none();
        for (own, other) in [
            (&mut verdict.grim, found.grim),
            (&mut verdict.grimmer, found.grimmer),
            (&mut verdict.debit, found.debit),
            (&mut verdict.exists, found.exists),
        ] {
            *own = match (*own, other) {
                (_, other) if is_first => other,
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        let of_group = |note: String| match note.split_once(": ") {
            Some((code, told)) => format!("{code}: group {}: {told}", at + 1),
            None => note,
        };
        verdict.notes.extend(found.notes.into_iter().map(of_group));
    }
}

/// What limits say of a mean and an SD whose values have no steps.
fn judge_between_limits(scale: &Scale, summary: &Summary, verdict: &mut RowVerdict) {
    let mean = summary.mean.rounded(summary.rounding).range;
    let is_beyond = scale.min().is_some_and(|min| mean.upper < min.to_f64())
        || scale.max().is_some_and(|max| mean.lower > max.to_f64());
    if is_beyond {
        verdict.exists = Some(false);
        return verdict.notes.push(format!("existence: the mean {} lies outside of the scale", summary.mean));
    }
    let limits = scale.min().zip(scale.max()).map(|(min, max)| Interval::between(min.to_f64(), max.to_f64()));
    match limits.and_then(|limits| between_limits(summary, limits)) {
        Some((Status::Fail, told)) => {
            verdict.exists = Some(false);
            verdict.notes.push(format!("existence: {told}"));
        }
        Some((Status::Pass, _)) => verdict.exists = Some(true),
        _ => {}
    }
}

/// The numbers on which the values of a row lie.
fn lattice(row: &TableRow, grid: Option<&Grid>) -> Result<Lattice, Unreconstructable> {
    match (grid, row.step) {
        (Some(grid), _) => Ok(grid.lattice()),
        // One limit alone makes no scale, and yet the values are steps away from it.
        (None, _) if row.items == 1 => {
            Grid::range(row.min, row.max, row.step.unwrap_or(WHOLE)).map(|grid| grid.lattice())
        }
        (None, Some(step)) if step != WHOLE => Err(steps_of_items()),
        (None, _) if [row.min, row.max].into_iter().flatten().any(|limit| limit.to_integer().is_none()) => {
            Err(steps_of_items())
        }
        (None, _) => Ok(Lattice::whole(row.items)),
    }
}

/// Whether a mean and the SD beside it, if there is one, have a total, a sum of squares and, on a scale, data.
fn fits_all(summary: &Summary, lattice: Lattice, grid: Option<&Grid>) -> bool {
    let has_sd = summary.spread.is_some();
    grim(summary, lattice).is_ok_and(|found| found.is_consistent())
        && (!has_sd || grimmer(summary, lattice).map_or(true, |found| found.is_consistent()))
        && grid.is_none_or(|grid| match DataSets::new(summary, grid, &[]) {
            Ok(sets) => sets.existence() != Some(false),
            Err(_) => true,
        })
}

/// Whether a total prints as the mean, and which means are next where none does.
fn judge_total(summary: &Summary, lattice: Lattice, fits: &dyn Fn(&Summary) -> bool, verdict: &mut RowVerdict) {
    let found = match grim(summary, lattice) {
        Ok(found) => found,
        Err(reason) => return verdict.notes.push(format!("grim: {reason}")),
    };
    verdict.grim = Some(found.is_consistent());
    if !found.is_consistent() {
        let (mean, n) = (&summary.mean, summary.n);
        let parts = n.saturating_mul(lattice.denominator.unsigned_abs());
        let [below, above] = found.beside().map(|total| beside(mean, total, parts, 1.0));
        let told = format!("no total of {n} people prints as the mean {mean}: the next ones are {below} and {above}");
        let fits = |of: Summary| fits(&of);
        let near = near_misses(
            n,
            &|n| fits(Summary { n, ..summary.clone() }),
            &[("the mean", mean, &|mean| fits(Summary { mean: mean.clone(), ..summary.clone() }))],
        );
        verdict.notes.push(format!("grim: {told}{near}"));
    }
}

/// What would fit in place of a mean and an SD that no whole numbers have.
fn near_misses_of_sd(summary: &Summary, fits: &dyn Fn(&Summary) -> bool) -> String {
    /// Of more people every number would be tried with all their totals.
    const MOST_PEOPLE: u64 = 10_000;
    let Some(sd) = summary.spread.as_ref().filter(|_| summary.n <= MOST_PEOPLE) else { return String::new() };
    let fits = |of: Summary| fits(&of);
    near_misses(
        summary.n,
        &|n| fits(Summary { n, ..summary.clone() }),
        &[
            ("the SD", sd, &|sd| fits(Summary { spread: Some(sd.clone()), ..summary.clone() })),
            ("the mean", &summary.mean, &|mean| fits(Summary { mean: mean.clone(), ..summary.clone() })),
        ],
    )
}

/// Whether data on the scale print as mean and SD; where none do, the limit that says so, if one does.
fn judge_existence(row: &TableRow, summary: &Summary, grid: &Grid, verdict: &mut RowVerdict) {
    // No data exist beyond the limits of the scale, however many people there are.
    let named = row.scale.as_ref().map_or((row.min, row.max), |scale| (scale.min(), scale.max()));
    let limits = named.0.zip(named.1).map(|(min, max)| Interval::between(min.to_f64(), max.to_f64()));
    let by_limits = limits.and_then(|limits| between_limits(summary, limits));
    let beyond = by_limits.filter(|(status, _)| *status == Status::Fail).map(|(_, told)| told);
    let found = match DataSets::new(summary, grid, &[]).map(|sets| sets.existence()) {
        Ok(Some(exists)) => Ok(exists),
        // No search is needed where no whole numbers of steps have such a mean and SD.
        Ok(None) if [verdict.grim, verdict.grimmer].contains(&Some(false)) => Ok(false),
        _ if beyond.is_some() => Ok(false),
        Ok(None) => Err("too many combinations would have to be tried".to_owned()),
        Err(reason) => Err(reason.to_string()),
    };
    verdict.exists = found.as_ref().ok().copied();
    let told = match found {
        Ok(true) => return,
        Ok(false) => beyond.unwrap_or_else(|| "no data set on the scale prints so".to_owned()),
        Err(reason) => reason,
    };
    verdict.notes.push(format!("existence: {told}"));
}

/// A mean of a total of so many parts, in digits that tell it from the printed one.
pub(super) fn beside(printed: &Numeral, total: i128, parts: u64, unit: f64) -> String {
    fixed(unit * total as f64 / parts as f64, printed.decimal().decimals() as usize + 1)
}

/// The step between values where none is named.
const WHOLE: Decimal = Decimal::from_integer(1);

/// The values of a row's scale, where it has both limits, or one and a spread.
fn grid(row: &TableRow) -> Result<Option<Grid>, Unreconstructable> {
    if let Some(scale) = &row.scale {
        return Grid::of_scale(scale).map(Some);
    }
    let is_whole = |limit: Decimal| row.step.is_some() || limit.to_integer().is_some();
    let (min, max) = match (row.min, row.max) {
        (Some(min), Some(max)) => (min, max),
        // A spread bounds the values where the scale does not: counts have no largest value.
        (one, other) if row.items == 1 && row.sd.is_some() && one.or(other).is_some_and(is_whole) => {
            return Grid::range(one, other, row.step.unwrap_or(WHOLE)).map(Some);
        }
        _ => return Ok(None),
    };
    if row.items == 1 {
        return Grid::range(Some(min), Some(max), row.step.unwrap_or(WHOLE)).map(Some);
    }
    let whole = |value: Decimal| value.to_integer().and_then(|value| i64::try_from(value).ok());
    match (whole(min), whole(max), row.step.is_none_or(|step| step == WHOLE)) {
        (Some(min), Some(max), true) => Grid::items(row.items, min, max).map(Some),
        _ => Err(steps_of_items()),
    }
}

fn steps_of_items() -> Unreconstructable {
    Unreconstructable::Scale("items with limits or steps that are no whole numbers are not supported".to_owned())
}

fn is_binary(grid: &Grid) -> bool {
    grid.denominator() == 1 && grid.limits() == (Some(0), Some(1))
}
