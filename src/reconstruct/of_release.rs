//! The data sets behind the cells of a release, and the pairings of those that belong together.

use super::paired::{JointTables, MeanTable, Paired, Thresholds, mean_table, thresholds};
use super::{DataSets, Grid, Summary, Unreconstructable};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, CellForm, Outcome, OutcomeResult, Release, SpreadMeaning, Statistic};

/// The mean joint table is taken over all tables up to this number.
const MOST_TABLES: usize = 20_000;

/// Beyond that, over so many drawn ones.
const DRAWN: usize = 4_000;

/// The data behind one row of results: an outcome in one arm.
#[derive(Debug)]
#[non_exhaustive]
pub struct Behind {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// Of how many people it is; none where that is not reported, or differs between occasions.
    pub n: Option<u64>,
    /// A cell for each occasion that was reported.
    pub cells: Vec<CellBehind>,
}

/// The data behind one cell.
#[derive(Debug)]
#[non_exhaustive]
pub struct CellBehind {
    /// The occasion.
    pub occasion: String,
    /// The cell, as printed.
    pub text: String,
    /// Mean, spread and n; an unexplained ± is read as the sample SD.
    pub summary: Option<Summary>,
    /// The mean alone, where it is one of n people on the scale and no SD is reported.
    pub mean: Option<Summary>,
    /// Whether a confidence interval stands behind it in brackets.
    pub has_interval: bool,
    /// The values of its scale.
    pub grid: Option<Grid>,
    /// Whether the source says what the ± is.
    pub is_explained: bool,
    /// The data sets, or why there are none to look at.
    pub sets: Result<DataSets, Unreconstructable>,
}

impl Behind {
    /// Two cells of the same people, with the ranges over all pairings.
    ///
    /// # Errors
    /// Why there are none.
    pub fn paired(&self, before: usize, after: usize, alpha: f64) -> Result<Option<Paired>, Unreconstructable> {
        let (before, after) = self.pair(before, after)?;
        Paired::new(before, after, alpha)
    }

    /// The joint tables of two cells, where there are no more than `most`.
    pub fn tables(&self, before: usize, after: usize, alpha: f64, most: u64) -> Option<JointTables> {
        self.tables_asking(before, after, alpha, None, most)
    }

    /// The joint tables of two cells, and which tests have a p in a range in some of them.
    pub fn tables_asking(
        &self,
        before: usize,
        after: usize,
        alpha: f64,
        asked: Option<Interval>,
        most: u64,
    ) -> Option<JointTables> {
        let (before, after) = self.pair(before, after).ok()?;
        JointTables::asking(before, after, alpha, asked, most)
    }

    /// The correlations at which some pairing, and at which every pairing, is significant.
    pub fn thresholds(&self, before: usize, after: usize, alpha: f64) -> Option<Thresholds> {
        let (before, after) = self.pair(before, after).ok()?;
        thresholds(before, after, alpha)
    }

    /// Who may have gone from which value to which, on average; none where the data sets of one of both are not soon
    /// counted.
    pub fn mean_table(&self, before: usize, after: usize) -> Option<MeanTable> {
        let (before, after) = self.pair(before, after).ok()?;
        if !before.are_soon_counted() || !after.are_soon_counted() {
            return None;
        }
        mean_table(before, after, MOST_TABLES, DRAWN, 1).ok().flatten()
    }

    /// The same cells with each unexplained ± read as something else than the sample SD.
    pub fn read_as(&self, meaning: SpreadMeaning) -> Self {
        Self {
            outcome: self.outcome.clone(),
            arm: self.arm.clone(),
            n: self.n,
            cells: self.cells.iter().map(|cell| cell.read_as(meaning)).collect(),
        }
    }

    fn pair(&self, before: usize, after: usize) -> Result<(&DataSets, &DataSets), Unreconstructable> {
        let sets = |index: usize| match self.cells.get(index) {
            Some(cell) => cell.sets.as_ref().map_err(Unreconstructable::clone),
            None => Err(Unreconstructable::Summary("only one occasion is reported".to_owned())),
        };
        let (before, after) = (sets(before)?, sets(after)?);
        if before.n() != after.n() {
            let reason = format!(
                "{} people are reported before and {} after: who was measured twice is not",
                before.n(),
                after.n()
            );
            return Err(Unreconstructable::Summary(reason));
        }
        Ok((before, after))
    }

    /// The places of the occasions after the first one.
    pub fn later(&self) -> std::ops::Range<usize> {
        1..self.cells.len()
    }

    /// Whether the first and a later occasion have data sets to look at.
    pub fn is_reconstructed(&self, after: usize) -> bool {
        self.pair(0, after).is_ok()
    }
}

impl CellBehind {
    fn read_as(&self, meaning: SpreadMeaning) -> Self {
        let summary =
            self.summary.as_ref().map(|own| if self.is_explained { own.clone() } else { own.read_as(meaning) });
        let sets = match (&self.sets, self.grid.as_ref().zip(summary.as_ref())) {
            (Ok(_), Some((grid, summary))) => DataSets::new(summary, grid, &[]),
            (Err(reason), _) => Err(reason.clone()),
            (Ok(_), None) => Err(Unreconstructable::Summary("no SD is reported".to_owned())),
        };
        Self {
            occasion: self.occasion.clone(),
            text: self.text.clone(),
            summary,
            mean: self.mean.clone(),
            has_interval: self.has_interval,
            grid: self.grid.clone(),
            is_explained: self.is_explained,
            sets,
        }
    }

    /// Whether there is any data set under another reading of the ±; none where that cannot be said.
    pub fn exists_as(&self, meaning: SpreadMeaning) -> Option<bool> {
        let (summary, grid) = self.summary.as_ref().zip(self.grid.as_ref())?;
        DataSets::new(&summary.read_as(meaning), grid, &[]).ok()?.existence()
    }
}

/// The data behind every row of results of a release.
pub fn behind(release: &Release, rounding: Rounding) -> Vec<Behind> {
    let rows = release.outcomes.iter().flat_map(|outcome| outcome.results.iter().map(move |row| (outcome, row)));
    rows.map(|(outcome, row)| of_row(release, outcome, row, rounding)).collect()
}

fn of_row(release: &Release, outcome: &Outcome, row: &OutcomeResult, rounding: Rounding) -> Behind {
    let cells = row.cells.iter().map(|(occasion, cell)| {
        let grid = Grid::of_scale(&outcome.scale);
        let summary = summary(cell, release.size_at(&row.arm, cell), rounding);
        let sets = match (&grid, &summary) {
            (_, Err(reason)) => Err(reason.clone()),
            (Err(reason), _) => Err(reason.clone()),
            (Ok(grid), Ok(summary)) => DataSets::new(summary, grid, &[]),
        };
        CellBehind {
            occasion: occasion.clone(),
            text: cell.text.clone(),
            is_explained: cell.spread() != Some(SpreadMeaning::Unexplained),
            summary: summary.ok(),
            has_interval: cell.has_interval(),
            mean: mean_alone(cell, release.size_at(&row.arm, cell), rounding),
            grid: grid.ok(),
            sets,
        }
    });
    let mut sizes = row.cells.iter().map(|(_, cell)| release.size_at(&row.arm, cell));
    let first = sizes.next().flatten();
    let n = first.filter(|_| sizes.all(|n| n == first));
    Behind { outcome: outcome.id.clone(), arm: row.arm.clone(), n, cells: cells.collect() }
}

/// Why the tests of means do not apply to a median or a count.
pub const NO_MEAN: &str = "not a mean";

/// The mean of a cell without an SD, for n people; none of what may be no mean of their values.
fn mean_alone(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Option<Summary> {
    let is_alone = matches!(cell.form, CellForm::Single(_) | CellForm::Pair { .. });
    let is_mean = cell.statistic == Statistic::Mean && cell.adjusted.is_none() && !cell.may_be_geometric(rounding);
    let mean = || cell.center().clone();
    (is_alone && is_mean)
        .then(|| Some(Summary { mean: mean(), spread: None, meaning: SpreadMeaning::Sd, n: n?, rounding }))?
}

/// Mean and spread of a cell for n people.
fn summary(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Result<Summary, Unreconstructable> {
    let refuse = |reason: &str| Err(Unreconstructable::Summary(reason.to_owned()));
    if cell.adjusted.is_some() {
        return refuse("it is adjusted: no mean of values of the scale");
    }
    let (mean, spread, meaning) = match (&cell.statistic, &cell.form) {
        (Statistic::Change, _) => return refuse("it is a change, whose values are no values of the scale"),
        (Statistic::Slope, _) => return refuse("a slope is a change over time, and no value of the scale"),
        (Statistic::Rate, _) => return refuse("it is a rate: those of people are counts over their time"),
        (Statistic::Median | Statistic::Percent | Statistic::Count | Statistic::Events, _) => {
            return refuse(NO_MEAN);
        }
        (_, CellForm::Single(_)) => return refuse("no SD is reported"),
        (_, CellForm::PlusMinus { center, spread, meaning }) => (center, spread, *meaning),
        (_, CellForm::Pair { .. }) => return refuse("a pair in brackets is no SD"),
        (_, CellForm::Fraction { .. }) => return refuse("it is a count and no mean"),
    };
    let Some(n) = n else { return refuse("the number of people is not reported") };
    let meaning = if meaning == SpreadMeaning::Unexplained { SpreadMeaning::Sd } else { meaning };
    Ok(Summary { mean: mean.clone(), spread: Some(spread.clone()), meaning, n, rounding })
}
