//! Outcomes, and what was reported of them at which occasion.

use super::text::name_in;
use super::{Cell, Localized, Scale};
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
}

/// A point in time at which outcomes were measured, such as `before` or `month-6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The key under which results stand in the file.
    pub id: String,
    /// What people call it.
    pub label: Localized,
}

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
    /// What was reported, a row for each arm.
    pub results: Vec<OutcomeResult>,
}

impl Outcome {
    /// Every two rows of different arms with every occasion that both report, in the order of the file.
    pub fn pairs_of_arms(&self) -> impl DoubleEndedIterator<Item = ([&OutcomeResult; 2], &str)> {
        let pairs = self.results.iter().enumerate().flat_map(|(at, first)| {
            self.results[at + 1..].iter().filter(|second| second.arm != first.arm).map(move |second| [first, second])
        });
        pairs.flat_map(|[first, second]| {
            let both = first.cells.iter().filter(|(id, _)| second.at(id).is_some());
            both.map(move |(id, _)| ([first, second], id.as_str()))
        })
    }
}

/// The time over which the events of each person were counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// How long.
    pub time: Numeral,
    /// The unit of person-time, such as “person-years”.
    pub unit: Localized,
}

/// What was reported of one outcome in one arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeResult {
    /// The arm.
    pub arm: String,
    /// A cell for each occasion, in the order of the occasions.
    pub cells: Vec<(String, Cell)>,
}

impl OutcomeResult {
    /// What was reported at an occasion.
    pub fn at(&self, occasion: &str) -> Option<&Cell> {
        self.cells.iter().find(|(id, _)| id == occasion).map(|(_, cell)| cell)
    }
}
