//! Whether a claim about three arms or more follows from the values that are reported of them.

use super::claims::{add_worst, all_agree, as_called, condition};
use super::claims_between::{TestOfArms, in_words};
use super::several_counts::{EXACT, tests_of_several_counts};
use super::several_means::{FTest, MeanOfGroup, f_tests};
use super::{Check, Status, occasion_in_subject, refused};
use crate::diagnostic::Refused;
use crate::effect::of_release::moments;
use crate::effect::tables_of_arms::{CountsBehind, is_count};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, Outcome, OutcomeResult, Quantity, Release, SpreadMeaning, Statement};

/// Every claim of significance between the arms that a statement names by `between`.
///
/// It is certain where Welch's analysis of variance of the reported means and SDs, or the exact test of the reported
/// counts (Pearson's where there are too many tables), bears it out whatever the rounding hides, at each occasion but
/// `before` where it names none; and otherwise not decidable, as a claim between two arms is.
pub(super) fn claims_of_several(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    for statement in release.statements.iter().filter(|of| !of.between.is_empty() && of.claims_significance()) {
        for outcome in statement.outcomes.iter().filter_map(|id| release.outcome(id)) {
            let arms = statement.between.join(", ");
            let named = match &statement.between[..] {
                [front @ .., last] => format!("{} and {last}", front.join(", ")),
                [] => String::new(),
            };
            let subject =
                format!("{}{} ({arms}): {}", outcome.id, occasion_in_subject(statement), condition(statement));
            let told: Vec<(String, (Status, String))> = comparisons(release, statement, outcome)
                .into_iter()
                .map(|of| {
                    let verdict = of.verdict(release, statement, rounding).unwrap_or_else(refused);
                    (format!("{named} at `{}`:", of.occasion), verdict)
                })
                .collect();
            let verdict = all_agree(&told, "the statement is about several comparisons")
                .unwrap_or_else(|| refused("the release does not report all of these arms at one occasion"));
            add_worst(&mut checks, Check::of(release, "claim", &subject, as_called(statement, verdict)));
        }
    }
    checks
}

/// Several arms of an outcome at an occasion that all of them report.
struct Comparison<'a> {
    occasion: &'a str,
    rows: Vec<&'a OutcomeResult>,
}

/// Every comparison that a statement is about: at every occasion but that `before`, where it names none.
fn comparisons<'a>(release: &'a Release, statement: &Statement, outcome: &'a Outcome) -> Vec<Comparison<'a>> {
    let rows: Option<Vec<_>> = statement.between.iter().map(|arm| outcome.of_arm(arm)).collect();
    let Some(rows) = rows else { return Vec::new() };
    let occasions = release.occasions.iter().map(|occasion| occasion.id.as_str());
    let is_of_all =
        |id: &&str| Quantity::BOTH.into_iter().any(|quantity| rows.iter().all(|row| row.get(quantity, id).is_some()));
    let mut found: Vec<&str> = occasions.filter(|id| statement.is_at(id)).filter(is_of_all).collect();
    let is_later = |id: &&str| !release.is_start(id);
    if statement.occasion.is_none() && found.iter().any(is_later) {
        found.retain(is_later);
    }
    found.into_iter().map(|occasion| Comparison { occasion, rows: rows.clone() }).collect()
}

impl Comparison<'_> {
    fn verdict(
        &self,
        release: &Release,
        statement: &Statement,
        rounding: Rounding,
    ) -> Result<(Status, String), Refused> {
        let arms = || self.rows.iter().map(|row| row.arm.as_str());
        let part = arms().find_map(|part| Some((part, arms().find(|whole| release.is_within([part, whole]))?)));
        if let Some((part, whole)) = part {
            return Err(format!(
                "the people of {part} are some of those of {whole}, so that no usual test compares both"
            )
            .into());
        }
        let mut tests = Vec::new();
        let mut missing = None;
        for quantity in Quantity::BOTH {
            let cells: Option<Vec<&Cell>> = self.rows.iter().map(|row| row.get(quantity, self.occasion)).collect();
            let Some(cells) = cells else { continue };
            match self.tests(release, &cells, quantity, rounding) {
                Ok(found) => tests.extend(found),
                Err(reason) => missing = missing.or(Some(reason)),
            }
        }
        if tests.is_empty() {
            return Err(missing.unwrap_or_else(|| "the release does not report all of these arms".into()));
        }
        let sizes = self.rows.iter().map(|row| match row.reported_at(self.occasion) {
            Some((_, cell)) => release.size_at(&row.arm, cell),
            None => release.size(&row.arm),
        });
        let fewest = sizes.collect::<Option<Vec<u64>>>().and_then(|sizes| sizes.into_iter().min());
        Ok(in_words(statement, fewest, &tests, rounding))
    }

    fn tests(
        &self,
        release: &Release,
        cells: &[&Cell],
        quantity: Quantity,
        rounding: Rounding,
    ) -> Result<Vec<TestOfArms>, Refused> {
        let of = format!("the {}s `{}`", quantity.name(), self.occasion);
        let test =
            |name, p, if_standard_errors| TestOfArms { name, of: of.clone(), p, if_standard_errors, is_enough: false };
        if cells.iter().all(|cell| is_count(cell)) {
            let tests = self.of_counts(release, cells, rounding)?;
            return Ok(tests.into_iter().map(|(name, p)| test(name, p, None)).collect());
        }
        let [usual, welch] = self.of_means(release, cells, rounding)?;
        let is_unexplained = |cell: &&Cell| cell.spread() == Some(SpreadMeaning::Unexplained);
        let as_errors: Vec<Cell> = cells.iter().map(|cell| cell.read_as(SpreadMeaning::Se)).collect();
        let other = cells.iter().any(is_unexplained);
        let other = other.then(|| self.of_means(release, &as_errors.iter().collect::<Vec<_>>(), rounding));
        let other = other.and_then(Result::ok).map(|tests| tests.map(|test| test.p));
        let [usual_if, welch_if] = other.map_or([None, None], |of| of.map(Some));
        Ok(vec![test(welch.name, welch.p, welch_if), test(usual.name, usual.p, usual_if)])
    }

    fn of_means(&self, release: &Release, cells: &[&Cell], rounding: Rounding) -> Result<[FTest; 2], Refused> {
        let group = |(row, cell): (&&OutcomeResult, &&Cell)| {
            let n = release.size_at(&row.arm, cell).ok_or("the number of people of an arm is not stated")?;
            let found = moments(cell, Some(n), rounding, &mut Vec::new())?;
            let sd = found.sd.ok_or_else(|| format!("`{cell}` has no SD"))?.range;
            Ok(MeanOfGroup { n, mean: found.mean.range, sd })
        };
        f_tests(&self.rows.iter().zip(cells).map(group).collect::<Result<Vec<_>, Refused>>()?)
    }

    /// The p of the usual tests over all counts that print so; that which decides stands first.
    fn of_counts(
        &self,
        release: &Release,
        cells: &[&Cell],
        rounding: Rounding,
    ) -> Result<Vec<(&'static str, Interval)>, Refused> {
        /// So many choices of counts are tried.
        const MOST: u64 = 100;
        let behind = self.rows.iter().zip(cells);
        let behind = behind.map(|(row, cell)| CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding));
        let behind = behind.collect::<Result<Vec<_>, Refused>>()?;
        let choices = behind.iter().fold(1, |product: u64, of| product.saturating_mul(of.possibilities()));
        if choices > MOST {
            return Err("too many counts print so".into());
        }
        let n: Vec<u64> = behind.iter().map(|of| of.n).collect();
        let mut found: Vec<(&'static str, Interval)> = Vec::new();
        for choice in 0..choices {
            let mut left = choice;
            let pick = |of: &CountsBehind| {
                let at = left % of.possibilities();
                left /= of.possibilities();
                of.events.start() + at
            };
            let events: Vec<u64> = behind.iter().map(pick).collect();
            // A trend needs an order, which a release does not say.
            let tests = tests_of_several_counts(&events, &n);
            for test in tests.iter().filter(|test| test.statistic.is_none() || test.df > 1.0) {
                match found.iter_mut().find(|(name, _)| *name == test.name) {
                    Some((_, known)) => *known = known.including(test.p),
                    None => found.push((test.name, Interval::point(test.p))),
                }
            }
        }
        found.sort_by_key(|(name, _)| *name != EXACT);
        if found.is_empty() { Err("there is no test of as many people".into()) } else { Ok(found) }
    }
}
