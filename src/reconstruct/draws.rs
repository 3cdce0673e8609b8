//! Data sets drawn from all that print as a cell, and how often each value stands in them.

use super::Unreconstructable;
use super::counting::{Tally, Ways, bits, ranks};
use super::search::search;
use super::sets::{Counted, DataSets};
use super::sinks::{Census, Picker};
use super::tilted::{CountEstimate, FEW_STEPS, MOST_STEPS, Tilted};
use crate::numeric::random::Random;

/// So many data sets are drawn for the frequencies of those that cannot be counted.
const DRAWN_FOR_FREQUENCIES: usize = 400;
const SEED_OF_FREQUENCIES: u64 = 1;

/// How often each value stands in the data sets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Frequencies {
    /// The mean number of people at each value, over all data sets.
    pub mean: Vec<f64>,
    /// The smallest and the largest number of people at each value, where all were visited.
    pub range: Option<Vec<(u32, u32)>>,
    /// From how many draws the means are; none where they are exact.
    pub draws: Option<usize>,
}

impl DataSets {
    /// About how many data sets there are, where [`DataSets::count`] does not say it: from draws, so that it has a
    /// standard error. None where draws do not find enough that print as reported.
    ///
    /// ```
    /// use reffect::numeric::decimal::Decimal;
    /// use reffect::reconstruct::{DataSets, Grid, Summary};
    ///
    /// let pain = Summary::sample(&"58.3 ± 12.1".parse()?, 60);
    /// let whole = Decimal::from_integer;
    /// let behind = DataSets::new(&pain, &Grid::range(Some(whole(0)), Some(whole(100)), whole(1))?, &[])?;
    /// assert!(behind.count().is_err());
    /// let about = behind.estimated_count().ok_or("they can be drawn")?;
    /// assert!((about.log10 - 29.28).abs() < 0.1 && about.relative_se < 0.05);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn estimated_count(&self) -> Option<CountEstimate> {
        let is_too_large = matches!(self.count(), Err(Unreconstructable::TooLarge(_)));
        is_too_large.then(|| Tilted::new(&self.space)?.count()).flatten()
    }

    /// Data sets drawn uniformly and independently, in the order in which they were drawn; none
    /// where there is no data set. Those that are too many to be counted are drawn by rejection.
    ///
    /// # Errors
    /// If they can neither be counted nor found by drawing for some seconds.
    ///
    /// ```
    /// use reffect::reconstruct::{DataSets, Grid, Summary};
    /// use reffect::reported::Scale;
    ///
    /// let fatigue = Summary::sample(&"6.1 ± 2.0".parse()?, 50);
    /// let behind = DataSets::new(&fatigue, &Grid::of_scale(&Scale::Nrs)?, &[])?;
    /// assert_eq!(behind.count()?, 14_579_951);
    /// let drawn = behind.sample(3, 1)?;
    /// assert!(drawn.iter().all(|counts| counts.iter().sum::<u32>() == 50));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample(&self, how_many: usize, seed: u64) -> Result<Vec<Vec<u32>>, Unreconstructable> {
        let Counted { total, by_search, .. } = match self.counted() {
            Err(reason @ Unreconstructable::TooLarge(_)) => return self.sample_by_rejection(how_many, seed, reason),
            counted => counted?,
        };
        if total == 0 {
            return Ok(Vec::new());
        }
        let ranks = ranks(total, how_many, &mut Random::seeded(seed));
        if by_search {
            return Ok(self.pick(&ranks));
        }
        let drawn = if bits(&self.space) < 63.0 { self.draw::<u64>(&ranks) } else { self.draw::<u128>(&ranks) };
        drawn.ok_or_else(|| Unreconstructable::TooLarge("the table of counts takes too much memory".to_owned()))
    }

    fn sample_by_rejection(
        &self,
        how_many: usize,
        seed: u64,
        reason: Unreconstructable,
    ) -> Result<Vec<Vec<u32>>, Unreconstructable> {
        let drawn = Tilted::new(&self.space).ok_or(reason)?.draw(how_many, seed, MOST_STEPS);
        if drawn.kept.len() == how_many {
            return Ok(drawn.kept);
        }
        Err(Unreconstructable::TooLarge(format!(
            "{} of {how_many} data sets were found in {} draws, since so few of all print as reported: draw fewer",
            drawn.kept.len(),
            drawn.proposals
        )))
    }

    /// Data sets drawn uniformly, without counting: as many as so many steps find.
    pub(super) fn drawn_within(&self, steps: u64, most: usize, seed: u64) -> Vec<Vec<u32>> {
        Tilted::new(&self.space).map(|of| of.draw(most, seed, steps).kept).unwrap_or_default()
    }

    /// The data sets of these ranks, in one walk.
    pub(super) fn pick(&self, ranks: &[u128]) -> Vec<Vec<u32>> {
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_unstable_by_key(|index| ranks[*index]);
        let sorted: Vec<u128> = order.iter().map(|index| ranks[*index]).collect();
        let picked = Vec::with_capacity(ranks.len());
        let mut picker = Picker { ranks: &sorted, seen: 0, picked, branches: u64::MAX };
        let _ = search(&self.space, &mut picker);
        let mut picked = vec![Vec::new(); ranks.len()];
        for (index, counts) in order.into_iter().zip(picker.picked) {
            picked[index] = counts;
        }
        picked
    }

    /// The same from tables of counts: each rank belongs to one case, and to one data set of it.
    pub(super) fn draw<T: Tally>(&self, ranks: &[u128]) -> Option<Vec<Vec<u32>>> {
        let mut drawn = vec![Vec::new(); ranks.len()];
        let mut before = 0u128;
        for case in &self.space.cases {
            let ways = Ways::<T>::new(&self.space, case)?;
            let after = before + ways.total();
            let own: Vec<usize> = (0..ranks.len()).filter(|index| (before..after).contains(&ranks[*index])).collect();
            let within: Vec<u128> = own.iter().map(|index| ranks[*index] - before).collect();
            for (index, counts) in own.into_iter().zip(ways.draw(&within)) {
                drawn[index] = counts;
            }
            before = after;
        }
        Some(drawn)
    }

    /// How often each value stands in the data sets: exact, by a visit of all of them, or by the table
    /// of counts where those are too many; from draws where they cannot be counted, or constraints limit the table;
    /// none where there is no data set, or none of that can be done.
    pub fn frequencies(&self) -> Option<Frequencies> {
        let Counted { total, by_table, by_search, .. } = match self.counted() {
            Err(_) => return self.drawn_frequencies(),
            Ok(counted) => Some(counted).filter(|counted| counted.total > 0)?,
        };
        if by_search {
            let m = self.space.values.len();
            let mut census = Census { sums: vec![0; m], range: vec![(u32::MAX, 0); m] };
            let _ = search(&self.space, &mut census);
            let mean = census.sums.iter().map(|sum| *sum as f64 / total as f64).collect();
            return Some(Frequencies { mean, range: Some(census.range), draws: None });
        }
        match by_table {
            Some(mean) => Some(Frequencies { mean, range: None, draws: None }),
            None => {
                let from_table = || self.frequencies_of(&self.sample(DRAWN_FOR_FREQUENCIES, SEED_OF_FREQUENCIES).ok()?);
                self.drawn_frequencies().or_else(from_table)
            }
        }
    }

    fn drawn_frequencies(&self) -> Option<Frequencies> {
        self.frequencies_of(&self.drawn_within(FEW_STEPS, DRAWN_FOR_FREQUENCIES, SEED_OF_FREQUENCIES))
    }

    /// The mean frequencies of draws, where they are as many as were asked for.
    fn frequencies_of(&self, draws: &[Vec<u32>]) -> Option<Frequencies> {
        let mut sums = vec![0u64; self.space.values.len()];
        for counts in draws {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += u64::from(*count));
        }
        let mean = sums.iter().map(|sum| *sum as f64 / draws.len() as f64).collect();
        (draws.len() == DRAWN_FOR_FREQUENCIES).then_some(Frequencies { mean, range: None, draws: Some(draws.len()) })
    }
}
