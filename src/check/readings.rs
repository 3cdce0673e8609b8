//! What an unexplained ± can be.

use super::{Check, Status, arm_in_subject};
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reconstruct::target::READINGS;
use crate::reported::{Release, SpreadMeaning};

/// One reading of the ± of a release, and the cells for which no data set prints so under it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// What the ± would be.
    pub meaning: SpreadMeaning,
    /// The cells without data.
    pub impossible: Vec<CellWithout>,
}

/// A cell for which no data set prints so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CellWithout {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// The occasion.
    pub occasion: String,
}

/// How people say what a ± is.
pub fn spoken(meaning: SpreadMeaning) -> &'static str {
    match meaning {
        SpreadMeaning::Sd => "the sample SD",
        SpreadMeaning::PopulationSd => "the population SD",
        SpreadMeaning::Se => "the standard error",
        SpreadMeaning::Ci95 => "half of a 95 % interval",
        SpreadMeaning::Quartiles | SpreadMeaning::Range | SpreadMeaning::Unexplained => "something else",
    }
}

/// Every reading of the unexplained ± of a release, if one and the same holds for all its cells; none
/// where every ± is explained, or no cell can be decided.
pub fn readings(behind: &[Behind]) -> Option<Vec<Reading>> {
    let unexplained = |cell: &&CellBehind| !cell.is_explained && cell.sets.is_ok();
    let cells = behind.iter().flat_map(|row| row.cells.iter().filter(unexplained).map(move |cell| (row, cell)));
    let mut readings = READINGS.map(|(_, meaning)| Reading { meaning, impossible: Vec::new() });
    let mut is_decided = false;
    for (row, cell) in cells {
        let exist = READINGS.map(|(_, meaning)| cell.exists_as(meaning));
        // A cell without data under any reading is wrong in itself, and says nothing of its ±.
        if exist.iter().all(|exists| *exists == Some(false)) {
            continue;
        }
        is_decided = true;
        for (reading, exists) in readings.iter_mut().zip(exist) {
            if exists == Some(false) {
                reading.impossible.push(CellWithout {
                    outcome: row.outcome.clone(),
                    arm: row.arm.clone(),
                    occasion: cell.occasion.clone(),
                });
            }
        }
    }
    is_decided.then(|| readings.to_vec())
}

/// What an unexplained ± of a release can be: the readings for which every cell has data; the sample SD alone, which it
/// is mostly, where no cell can be decided, or none holds for all.
pub fn possible_readings(behind: &[Behind]) -> Vec<SpreadMeaning> {
    let found = readings(behind).unwrap_or_default();
    let possible: Vec<SpreadMeaning> =
        found.iter().filter(|reading| reading.impossible.is_empty()).map(|reading| reading.meaning).collect();
    if possible.is_empty() { vec![SpreadMeaning::Sd] } else { possible }
}

/// Whether a reading has no data set in some cell.
pub fn excludes(readings: &[Reading], meaning: SpreadMeaning) -> bool {
    readings.iter().any(|reading| reading.meaning == meaning && !reading.impossible.is_empty())
}

/// What the readings say, in a sentence; the function names a cell.
pub fn sentence(readings: &[Reading], name: &dyn Fn(&CellWithout) -> String) -> String {
    let names = |reading: &Reading| -> String { reading.impossible.iter().map(name).collect::<Vec<_>>().join(", ") };
    let possible: Vec<&str> = readings
        .iter()
        .filter(|reading| reading.impossible.is_empty())
        .map(|reading| spoken(reading.meaning))
        .collect();
    let excluded: Vec<String> = readings
        .iter()
        .filter(|reading| !reading.impossible.is_empty())
        .map(|reading| format!("{} has no data set for {}", spoken(reading.meaning), names(reading)))
        .collect();
    let can = match &possible[..] {
        [] => "the unexplained ± cannot be one and the same thing in all cells".to_owned(),
        [only] => format!("the unexplained ± can only be {only}"),
        several => format!("the unexplained ± can be {}", several.join(" or ")),
    };
    if excluded.is_empty() { can } else { format!("{can}: {}", excluded.join("; ")) }
}

/// Whether some reading of an unexplained ± has data in every cell.
pub fn plus_minus(release: &Release, behind: &[Behind]) -> Vec<Check> {
    let Some(readings) = readings(behind) else { return Vec::new() };
    let is_possible = readings.iter().any(|reading| reading.impossible.is_empty());
    let status = if is_possible { Status::Pass } else { Status::Fail };
    let name = |cell: &CellWithout| {
        let arm = arm_in_subject(release, &cell.outcome, &cell.arm);
        format!("{} {}{arm}", cell.outcome, cell.occasion)
    };
    vec![Check::of(release, "plus-minus", "±", (status, sentence(&readings, &name)))]
}
