//! Rows of two groups of which counts are reported: whether their percentages, χ² and p are those of the counts.

use super::Status;
use super::cells::Verdict;
use super::named_test::{as_another_p, is_p_of};
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::several_counts::wald_p_of_odds;
use super::table_groups::{BesideGroups, GroupValues, GroupsRow};
use super::test_names::tests_of_counts;
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::proportion::parts_of;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral, Relation};
use crate::numeric::rounding::Rounding;

/// A percentage beside a count that is not that of it.
pub(super) fn wrong_share(
    shares: &[Option<Numeral>],
    events: &[u64],
    n: &[u64],
    rounding: Rounding,
) -> Option<Verdict> {
    let mut each = shares.iter().zip(events.iter().zip(n));
    let told = each.find_map(|(share, (events, n))| {
        let share = share.as_ref()?;
        let is_own = parts_of(share.rounding_interval(rounding), *n).contains(events);
        let own = fixed(100.0 * *events as f64 / *n as f64, share.decimal().decimals() as usize + 1);
        (!is_own).then(|| format!("{events}/{n} is {own} %, and {share} is printed"))
    })?;
    Some((Status::Fail, told))
}

/// The tests of a 2×2 table that are usual: their names, χ² where they have one, and p.
pub(super) fn tests_of_table(table: &TwoByTwo) -> Vec<(&'static str, Option<f64>, f64)> {
    let mut tests = vec![("Fisher's exact test", None, table.fisher_p())];
    for (name, statistic) in [
        ("Pearson's χ² test", table.chi_squared(false)),
        ("Yates' χ² test", table.chi_squared(true)),
        ("the likelihood-ratio test", table.likelihood_ratio()),
    ] {
        tests.extend(statistic.map(|statistic| (name, Some(statistic), chi_squared_sf(statistic, 1.0))));
    }
    tests
}

pub(super) fn of_counts(row: &GroupsRow, events: [u64; 2], rounding: Rounding) -> Option<Verdict> {
    let BesideGroups { t, df, se, ci, .. } = &row.beside;
    let unread = [("t", t.is_some()), ("df", df.is_some()), ("se", se.is_some()), ("interval", ci.is_some())];
    let unread: Vec<&str> = unread.iter().filter(|(_, is_given)| *is_given).map(|(name, _)| *name).collect();
    let left_aside = || format!("{}: of no measure that is named beside the counts; left aside", unread.join(", "));
    if row.beside.chi2.is_none() && row.beside.p.is_none() {
        return (!unread.is_empty()).then(|| (Status::Refused, left_aside()));
    }
    let cells = [events[0], row.n[0].checked_sub(events[0])?, events[1], row.n[1].checked_sub(events[1])?];
    let table = match TwoByTwo::new(cells) {
        Ok(table) => table,
        Err(reason) => return Some((Status::Refused, reason.to_string())),
    };
    let tests = tests_of_table(&table);
    let mut told = Vec::new();
    let mut status = Status::Pass;
    if let Some(chi2) = &row.beside.chi2 {
        let range = chi2.rounding_interval(rounding).to_interval();
        let fits = |statistic: &f64| range.nearly_meets(Interval::point(*statistic));
        match tests.iter().find(|(_, statistic, _)| statistic.as_ref().is_some_and(fits)) {
            Some((name, ..)) => told.push(format!("χ² by {name}")),
            None => {
                status = Status::Fail;
                let all = tests.iter().filter_map(|(name, of, _)| Some(format!("{} ({name})", significant((*of)?, 4))));
                told.push(format!("χ²: the counts give {}", all.collect::<Vec<_>>().join(", ")));
            }
        }
    }
    if let Some(p) = &row.beside.p {
        let (of_p, said) = p_of_counts(row, p, &table, &tests, rounding);
        status = if status == Status::Pass || of_p == Status::Fail { of_p } else { status };
        told.push(said);
    }
    if !unread.is_empty() {
        told.push(left_aside());
    }
    Some((status, told.join("; ")))
}

/// Whether a p is that of a usual test of the counts.
pub(super) fn is_p_of_counts(row: &GroupsRow, p: &Comparison, rounding: Rounding) -> bool {
    let GroupValues::Counts(events) = &row.values else { return false };
    let table = || {
        let without = [0, 1].map(|at| row.n[at].checked_sub(events[at]));
        TwoByTwo::new([events[0], without[0]?, events[1], without[1]?]).ok()
    };
    table().is_some_and(|table| p_of_counts(row, p, &table, &tests_of_table(&table), rounding).0 == Status::Pass)
}

/// Whether a p is the least one of the 2000 tables that R simulates, where tests give one below it.
pub(super) fn is_least_simulated(
    printed: &Comparison,
    mut tests: impl Iterator<Item = f64>,
    rounding: Rounding,
) -> bool {
    const LEAST: f64 = 1.0 / 2001.0;
    printed.relation == Relation::Equal
        && printed.holds_in(Interval::point(LEAST), rounding)
        && tests.any(|p| p < LEAST)
}

/// The verdict on the p of two counts.
fn p_of_counts(
    row: &GroupsRow,
    p: &Comparison,
    table: &TwoByTwo,
    tests: &[(&'static str, Option<f64>, f64)],
    rounding: Rounding,
) -> Verdict {
    let holds = |value: f64| p.holds_in(Interval::point(value), rounding);
    let is_one = row.beside.tails == Some(Tails::One);
    let one_sided = table.fisher_one_sided();
    let fits = tests.iter().find(|(_, _, value)| is_p_of(p, Interval::point(*value), row.beside.tails, rounding));
    if let Some((name, ..)) = fits {
        return (Status::Pass, format!("p by {name}"));
    }
    if is_one && one_sided.into_iter().any(holds) {
        return (Status::Pass, "p by Fisher's exact test of one side".to_owned());
    }
    let all = tests.iter().map(|(name, _, value)| format!("{} ({name})", significant(*value, 3)));
    let told = format!("p: the counts give {}", all.collect::<Vec<_>>().join(", "));
    if let Some(name) = row.beside.named_test.as_ref().filter(|name| tests_of_counts(name).is_none()) {
        return (Status::Refused, format!("{told}; the p is said to be that of another test: {name}"));
    }
    if is_one && tests.iter().any(|(_, _, value)| holds(*value)) {
        return (Status::Fail, format!("{told}; it is said to be one-sided, and is that of both sides"));
    }
    let one = (row.beside.tails.is_none() && one_sided.into_iter().any(holds))
        .then(|| "that of one side: a one-sided one may have been meant".to_owned());
    let twice = || {
        let is_twice = one_sided.into_iter().any(|p| holds((2.0 * p).min(1.0)));
        is_twice.then(|| "twice the p of one side, as some programs have Fisher's exact test".to_owned())
    };
    let others =
        || tests.iter().find_map(|(_, _, value)| as_another_p(p, Interval::point(*value), row.beside.tails, rounding));
    // Wald's test of a logistic regression finds nothing in a table with a 0.
    let has_no_error = table.cells().contains(&0) && p.relation == Relation::Equal && p.bound.value() > 0.9;
    let cells = table.cells();
    let near = || {
        let is_near = has_no_error
            || holds(wald_p_of_odds(&[cells[0], cells[2]], &row.n))
            || is_least_simulated(p, tests.iter().map(|(_, _, value)| *value), rounding)
            || tests.iter().any(|(_, _, value)| {
                Leeway::usual().admits_sided(p, Interval::point(*value), row.beside.tails, rounding)
            });
        is_near.then(|| "a test of trends, of rates or of a model may give it".to_owned())
    };
    let is_of_any = row.beside.named_test.is_none() && row.beside.chi2.is_none();
    match one.or_else(twice).or_else(others).or_else(|| if is_of_any { near() } else { None }) {
        Some(reason) => (Status::Refused, format!("{told}; {reason}")),
        None => (Status::Fail, told),
    }
}
