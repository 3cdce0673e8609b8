//! Outcomes, and what was reported of them at which occasion.

use super::text::name_in;
use super::{Cell, Localized, ReportedMeasure, Scale, Statistic};
use crate::numeric::numeral::Numeral;

/// Which way is better for the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Fewer relapses, less pain.
    LowerIsBetter,
    /// More function.
    HigherIsBetter,
}

impl Direction {
    /// Both directions with their name in a release file.
    pub const ALL: [(&'static str, Self); 2] = [("lower", Self::LowerIsBetter), ("higher", Self::HigherIsBetter)];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The other one.
    pub fn reversed(self) -> Self {
        match self {
            Self::LowerIsBetter => Self::HigherIsBetter,
            Self::HigherIsBetter => Self::LowerIsBetter,
        }
    }
}

/// A point in time at which outcomes were measured, such as `before` or `month-6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The key under which results stand in the file.
    pub id: String,
    /// What people call it.
    pub label: Localized,
}

/// Units of time, as releases write them.
const TIMES: [&str; 22] = [
    "second", "seconds", "s", "minute", "minutes", "min", "hour", "hours", "h", "day", "days", "d", "week", "weeks",
    "month", "months", "year", "years", "日", "週", "か月", "年",
];

/// One thing that was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The name by which other parts of the file and commands refer to it.
    pub id: String,
    /// What people call it.
    pub label: Localized,
    /// The unit, if it has one.
    pub unit: Option<Localized>,
    /// Which way is better, if either is.
    pub better: Option<Direction>,
    /// Which values one patient can have.
    pub scale: Scale,
    /// The scale of the score whose change per unit of time this is, where it is one.
    pub slope_of: Option<Scale>,
    /// The time over which each person's events were counted, where the outcome counts them.
    pub exposure: Option<Exposure>,
    /// What was reported, one row for each arm.
    pub results: Vec<OutcomeResult>,
}

impl Outcome {
    /// Which way a reported effect of this outcome is better; none where that does not follow from `better` of the
    /// outcome.
    ///
    /// What is better of a time until an event is the other way round for the event: where a longer survival is better,
    /// a smaller hazard is. Where people with the event are counted, the event is that of the outcome. Of a score
    /// nobody says what the event was.
    ///
    /// ```
    /// use reffect::reported::{Direction, Localized, Outcome, ReportedMeasure, Scale};
    /// let survival = Outcome {
    ///     id: "survival".to_owned(),
    ///     label: Localized::same("Survival"),
    ///     unit: Some(Localized::same("months")),
    ///     better: Some(Direction::HigherIsBetter),
    ///     scale: Scale::Continuous,
    ///     slope_of: None,
    ///     exposure: None,
    ///     results: Vec::new(),
    /// };
    /// assert_eq!(survival.direction_of(ReportedMeasure::HazardRatio), Some(Direction::LowerIsBetter));
    /// assert_eq!(survival.direction_of(ReportedMeasure::MeanDifference), Some(Direction::HigherIsBetter));
    /// ```
    pub fn direction_of(&self, measure: ReportedMeasure) -> Option<Direction> {
        let better = self.better?;
        match measure {
            // By how much less: the way round is that of the words of the source.
            ReportedMeasure::MeanReduction | ReportedMeasure::PercentReduction => None,
            _ if !measure.is_of_events() => Some(better),
            _ if self.is_time() => Some(better.reversed()),
            // Of people who survive, the hazard is that of the others.
            ReportedMeasure::HazardRatio if better == Direction::HigherIsBetter => None,
            _ => Some(better).filter(|_| self.is_of_events()),
        }
    }

    /// Whether the outcome is a time, such as that until an event: its unit is one of time and its numbers are no
    /// counts.
    pub fn is_time(&self) -> bool {
        let unit = self.unit.as_ref().map(|unit| unit.en.trim().to_lowercase());
        let is_of_time = unit.is_some_and(|unit| TIMES.contains(&unit.as_str()));
        is_of_time && self.exposure.is_none() && !self.has(&[Statistic::Count, Statistic::Events, Statistic::Percent])
    }

    /// Whether people with an event, or events, are what the outcome counts.
    fn is_of_events(&self) -> bool {
        self.scale == Scale::Count
            || self.exposure.is_some()
            || self.has(&[Statistic::Count, Statistic::Events, Statistic::Percent])
    }

    fn has(&self, statistics: &[Statistic]) -> bool {
        let mut reported = self.results.iter().flat_map(OutcomeResult::reported);
        reported.any(|(_, cell)| statistics.contains(&cell.statistic))
    }

    /// What was reported in an arm.
    pub fn of_arm(&self, arm: &str) -> Option<&OutcomeResult> {
        self.results.iter().find(|row| row.arm == arm)
    }

    /// What was reported, where that is of one arm alone.
    pub fn only_result(&self) -> Option<&OutcomeResult> {
        let [only] = self.results.as_slice() else { return None };
        Some(only)
    }

    /// Every two arms with every occasion at which both report a value, and behind those every one up to which both
    /// report a change; in the order of the file.
    pub(super) fn pairs_of_arms(&self) -> impl DoubleEndedIterator<Item = ArmPair<'_>> {
        let pairs = self
            .results
            .iter()
            .enumerate()
            .flat_map(|(at, first)| self.results[at + 1..].iter().map(move |second| [first, second]));
        pairs.flat_map(|rows| Quantity::BOTH.into_iter().flat_map(move |quantity| ArmPair::all(rows, quantity)))
    }
}

/// Two arms that report the same at one occasion.
#[derive(Clone, Copy, Debug)]
pub struct ArmPair<'a> {
    /// What was reported of each, in the order of the file.
    pub rows: [&'a OutcomeResult; 2],
    /// When.
    pub occasion: &'a str,
    /// What is compared.
    pub quantity: Quantity,
    /// As printed.
    pub cells: [&'a Cell; 2],
}

impl<'a> ArmPair<'a> {
    /// The two at every occasion that both report, in the order of the file.
    pub fn all(rows: [&'a OutcomeResult; 2], quantity: Quantity) -> impl DoubleEndedIterator<Item = Self> {
        let [first, second] = rows;
        first.all(quantity).iter().filter_map(move |(occasion, cell)| {
            let other = second.get(quantity, occasion)?;
            Some(Self { rows, occasion, quantity, cells: [cell, other] })
        })
    }

    /// The two at one occasion, where both report it.
    pub fn at(rows: [&'a OutcomeResult; 2], quantity: Quantity, occasion: &str) -> Option<Self> {
        Self::all(rows, quantity).find(|pair| pair.occasion == occasion)
    }

    /// The names of the arms.
    pub fn arms(&self) -> [&'a str; 2] {
        self.rows.map(|row| row.arm.as_str())
    }
}

/// The time over which events were counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// How long each person was observed, where that is the same for all.
    pub time: Option<Numeral>,
    /// The unit of person-time, such as “person-years”.
    pub unit: Localized,
}

/// What a number of an arm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// A value at an occasion.
    Value,
    /// The change from the first occasion up to this one.
    Change,
}

impl Quantity {
    /// Values, and changes.
    pub const BOTH: [Self; 2] = [Self::Value, Self::Change];

    /// Its name in the output of programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Change => "change",
        }
    }
}

/// What was reported of one outcome in one arm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutcomeResult {
    /// The arm.
    pub arm: String,
    /// The values, each with its occasion, in the order of the occasions.
    pub cells: Vec<(String, Cell)>,
    /// The changes, each with the occasion up to which it is, in the order of the occasions.
    pub changes: Vec<(String, Cell)>,
}

impl OutcomeResult {
    /// What was reported of an arm, by what its numbers are.
    pub fn new(arm: String, reported: Vec<(String, Cell)>) -> Self {
        let (changes, cells) = reported.into_iter().partition(|(_, cell)| cell.statistic == Statistic::Change);
        Self { arm, cells, changes }
    }

    /// The value that was reported at an occasion.
    pub fn at(&self, occasion: &str) -> Option<&Cell> {
        self.get(Quantity::Value, occasion)
    }

    /// The value at an occasion, or the change up to it.
    pub fn get(&self, quantity: Quantity, occasion: &str) -> Option<&Cell> {
        self.all(quantity).iter().find(|(id, _)| id == occasion).map(|(_, cell)| cell)
    }

    /// Every value, or every change, each with its occasion.
    pub fn all(&self, quantity: Quantity) -> &[(String, Cell)] {
        match quantity {
            Quantity::Value => &self.cells,
            Quantity::Change => &self.changes,
        }
    }

    /// All that was reported: values, and behind them changes.
    pub fn reported(&self) -> impl Iterator<Item = &(String, Cell)> {
        self.cells.iter().chain(&self.changes)
    }

    /// The value or the change that was reported of an occasion; the value where both were.
    pub fn reported_at(&self, occasion: &str) -> Option<(Quantity, &Cell)> {
        Quantity::BOTH.into_iter().find_map(|quantity| Some((quantity, self.get(quantity, occasion)?)))
    }
}
