//! Events of all people of an arm over their person-time, and the ratio of the rates of two arms.

use super::counts::person_time::{Rate, RateRatio};
use super::of_release::ReleaseEffects;
use crate::diagnostic::Refused;
use crate::reported::{ArmPair, Cell, Outcome, OutcomeResult, Release, Statistic};

/// The rate of events of one arm up to an occasion.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReleaseRate {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// When.
    pub occasion: String,
    /// Events over person-time.
    pub rate: Rate,
}

/// The rates of events of two arms.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReleaseRateRatio {
    /// The outcome.
    pub outcome: String,
    /// The arms, in the order of the file: rate 1 and rate 2.
    pub arms: [String; 2],
    /// When.
    pub occasion: String,
    /// Both rates.
    pub ratio: RateRatio,
}

/// Whether a cell counts the events of all people.
pub(crate) fn is_events(cell: &Cell) -> bool {
    cell.statistic == Statistic::Events
}

/// Events of an arm over its person-time: its own, or the time of each person times how many there are.
///
/// # Errors
/// It is no whole number of events, or over which time they were counted is not reported.
pub fn rate(release: &Release, outcome: &Outcome, arm: &str, cell: &Cell) -> Result<Rate, Refused> {
    let events = cell.center().count().ok_or_else(|| format!("`{cell}` is no whole number of events"))?;
    let of_each = outcome.exposure.as_ref().and_then(|exposure| exposure.time.as_ref());
    let time = match (&cell.time, of_each, release.size_at(arm, cell)) {
        (Some(time), ..) => time.value(),
        (None, Some(each), Some(n)) => each.value() * n as f64,
        (None, ..) => {
            let reason = "over which person-time these events were counted is not reported: write `time` beside them";
            return Err(format!("`{cell}`: {reason}").into());
        }
    };
    Rate::new(events, time)
}

impl ReleaseEffects {
    /// The rates of a row that counts events.
    pub(super) fn add_rates(&mut self, release: &Release, outcome: &Outcome, row: &OutcomeResult) {
        for (occasion, cell) in row.cells.iter().filter(|(_, cell)| is_events(cell)) {
            match rate(release, outcome, &row.arm, cell) {
                Ok(rate) => self.rates.push(ReleaseRate {
                    outcome: outcome.id.clone(),
                    arm: row.arm.clone(),
                    occasion: occasion.clone(),
                    rate,
                }),
                Err(reason) => self.refuse_row(outcome, row, reason),
            }
        }
    }

    /// The ratio of the rates of two arms.
    pub(super) fn add_rate_ratio(&mut self, release: &Release, outcome: &Outcome, pair: &ArmPair<'_>) {
        let [arm, versus] = pair.arms();
        let rates =
            [(arm, pair.cells[0]), (versus, pair.cells[1])].map(|(arm, cell)| rate(release, outcome, arm, cell));
        match rates {
            [Ok(first), Ok(second)] => self.rate_ratios.push(ReleaseRateRatio {
                outcome: outcome.id.clone(),
                arms: pair.arms().map(str::to_owned),
                occasion: pair.occasion.to_owned(),
                ratio: RateRatio { first, second },
            }),
            [Err(reason), _] | [_, Err(reason)] => {
                self.refuse_between(outcome, pair.arms(), reason);
            }
        }
    }
}
