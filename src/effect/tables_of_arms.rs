//! Counts of two arms side by side: how many of each had an event.

use super::common_language::NumberNeeded;
use super::counts::two_by_two::TwoByTwo;
use super::of_release::ReleaseEffects;
use super::proportion::{NO_PARTS, Proportion, parts_of};
use crate::diagnostic::Refused;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, CellForm, Direction, Outcome, OutcomeResult, Release, SpreadMeaning, Statistic};
use std::ops::RangeInclusive;

/// So many tables are visited for the range of a p-value.
const MOST_TABLES: u64 = 10_000;

/// The 2×2 table of two arms at one occasion.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReleaseTable {
    /// The outcome.
    pub outcome: String,
    /// The arms, in the order of the file: group 1 and group 2.
    pub arms: [String; 2],
    /// When.
    pub occasion: String,
    /// The cells as printed.
    pub printed: [String; 2],
    /// Events and non-events of both.
    pub table: TwoByTwo,
    /// Whether more events or fewer are better, if either is.
    pub better: Option<Direction>,
    /// Whether it is that before anything was done.
    pub is_start: bool,
}

impl ReleaseTable {
    /// How many have to be treated for one more with the better result, with each interval of the difference; none
    /// before anything was done.
    pub fn number_needed(&self, level: f64) -> Vec<(&'static str, NumberNeeded)> {
        if self.is_start {
            return Vec::new();
        }
        let needed = self.table.number_needed(level).into_iter();
        needed.map(|(method, needed)| (method, needed.where_better(self.better))).collect()
    }
}

/// How many of an arm an outcome counts at one occasion.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReleaseShare {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// When.
    pub occasion: String,
    /// The cell as printed.
    pub printed: String,
    /// Their number, and that of all.
    pub proportion: Proportion,
    /// Whether a 2×2 table of two arms has it as well.
    pub is_compared: bool,
}

/// The numbers of events that print as a cell does, and how many people there were.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CountsBehind {
    /// Every number of events; at least one.
    pub events: RangeInclusive<u64>,
    /// How many people.
    pub n: u64,
}

impl CountsBehind {
    /// The counts behind `5/7`, or behind a percentage or a count of an arm of `n` people.
    ///
    /// # Errors
    /// It is none of these, the size is not reported, or no number of events prints so.
    pub fn of(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Result<Self, Refused> {
        let (part, n) = match &cell.form {
            CellForm::Fraction { part, whole } => (part, whole.count()),
            CellForm::Single(part) | CellForm::Pair { center: part, meaning: SpreadMeaning::Ci95, .. }
                if is_count(cell) =>
            {
                (part, n)
            }
            _ => return Err(format!("`{cell}` is no count of people").into()),
        };
        let n = n.ok_or_else(|| format!("`{cell}`: of how many people is not reported"))?;
        let events = if part.is_percent() {
            parts_of(part.rounding_interval(rounding), n)
        } else {
            counts_that_print(part, n, rounding)
        };
        if events.is_empty() {
            Err(format!("no count of {n} prints as `{cell}`").into())
        } else {
            Ok(Self { events, n })
        }
    }

    /// The number of events, where only one prints so.
    pub fn only(&self) -> Option<u64> {
        (self.events.start() == self.events.end()).then_some(*self.events.start())
    }

    /// The number of events behind a cell.
    ///
    /// # Errors
    /// More than one prints so.
    pub fn only_one(&self, cell: &Cell) -> Result<u64, Refused> {
        let (n, first, count) = (self.n, self.events.start(), self.possibilities());
        self.only().ok_or_else(|| format!("{count} counts of {n}, from {first} on, print as `{cell}`").into())
    }

    /// How many numbers of events print so.
    pub fn possibilities(&self) -> u64 {
        (self.events.end() - self.events.start()).saturating_add(1)
    }
}

/// The counts of at most n people that print so: one, unless it was rounded to more than a person.
fn counts_that_print(part: &Numeral, n: u64, rounding: Rounding) -> RangeInclusive<u64> {
    let Some(events) = part.count() else { return NO_PARTS };
    if part.is_whole() {
        return if events <= n { events..=events } else { NO_PARTS };
    }
    let printed = part.rounding_interval(rounding);
    let least = printed.lower.least_integer(1, printed.lower_included).map(|least| least.max(0));
    let most = printed.upper.greatest_integer(1, printed.upper_included).map(|most| most.min(i128::from(n)));
    let ends = least.zip(most).map(|(least, most)| (u64::try_from(least), u64::try_from(most)));
    match ends {
        Some((Ok(least), Ok(most))) => least..=most,
        _ => NO_PARTS,
    }
}

/// Whether a cell counts people.
pub(crate) fn is_count(cell: &Cell) -> bool {
    matches!(cell.statistic, Statistic::Count | Statistic::Percent) || matches!(cell.form, CellForm::Fraction { .. })
}

/// Every table that prints so, the first counts in its first row; none where there are more than `most`.
pub(crate) fn possible_tables<'a>(
    [first, second]: [&'a CountsBehind; 2],
    most: u64,
) -> Option<impl Iterator<Item = TwoByTwo> + use<'a>> {
    if first.possibilities().saturating_mul(second.possibilities()) > most {
        return None;
    }
    let pairs = first.events.clone().flat_map(|a| second.events.clone().map(move |c| (a, c)));
    Some(pairs.filter_map(|(a, c)| TwoByTwo::new([a, first.n - a, c, second.n - c]).ok()))
}

/// The p-values of Fisher's exact test over every pair of counts; none where there are too many.
///
/// Source: Fisher (1935), J R Stat Soc 98:39; two-sided by the sum of the tables that are no more probable.
pub fn fisher_range(counts: [&CountsBehind; 2]) -> Option<Interval> {
    p_range(counts, |table| table.fisher_p())
}

/// The p-values of a test over every pair of counts; none where there are too many.
pub fn p_range([first, second]: [&CountsBehind; 2], p: impl Fn(&TwoByTwo) -> f64) -> Option<Interval> {
    let tables = possible_tables([first, second], MOST_TABLES)?;
    tables.map(|table| p(&table)).fold(None, Interval::grown)
}

impl ReleaseEffects {
    /// The shares of each arm; its tables have to be known.
    pub(super) fn add_shares(&mut self, release: &Release, outcome: &Outcome, rounding: Rounding) {
        let cells = outcome.results.iter().flat_map(|row| row.cells.iter().map(move |of| (row, of)));
        for (row, (occasion, cell)) in cells.filter(|(_, (_, cell))| is_count(cell)) {
            let counts = CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding);
            let Ok(proportion) = counts.and_then(|counts| Proportion::new(counts.only_one(cell)?, counts.n)) else {
                continue;
            };
            let has_it = |table: &ReleaseTable| {
                (&table.outcome, &table.occasion) == (&outcome.id, occasion) && table.arms.contains(&row.arm)
            };
            self.shares.push(ReleaseShare {
                outcome: outcome.id.clone(),
                arm: row.arm.clone(),
                occasion: occasion.clone(),
                printed: cell.text.clone(),
                proportion,
                is_compared: self.tables.iter().any(has_it),
            });
        }
    }

    /// The table of two arms at an occasion, or why there is none.
    pub(super) fn add_table(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        rows: [&OutcomeResult; 2],
        occasion: &str,
        rounding: Rounding,
    ) {
        let behind = rows.map(|row| {
            let cell = row.at(occasion).ok_or("it is not reported")?;
            let counts = CountsBehind::of(cell, release.size_at(&row.arm, cell), rounding)?;
            Ok((cell.text.clone(), counts.only_one(cell)?, counts.n))
        });
        let table = match behind {
            [Ok((first, a, n1)), Ok((second, c, n2))] => {
                TwoByTwo::new([a, n1 - a, c, n2 - c]).map(|table| ([first, second], table))
            }
            [Err(reason), _] | [_, Err(reason)] => Err(reason),
        };
        match table {
            Ok((printed, table)) => self.tables.push(ReleaseTable {
                outcome: outcome.id.clone(),
                arms: rows.map(|row| row.arm.clone()),
                occasion: occasion.to_owned(),
                printed,
                table,
                better: outcome.better,
                is_start: release.is_start(occasion),
            }),
            Err(reason) => self.refuse_between(outcome, rows.map(|row| row.arm.as_str()), reason),
        }
    }
}
