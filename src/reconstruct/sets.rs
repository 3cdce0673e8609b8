//! The data sets behind one cell: counted, listed.

use super::counting::{Tally, Ways, bits, has_at_most};
use super::search::search;
use super::sinks::{Counter, Glancer, Lister, Picker, first_of_target, first_within};
use super::space::Space;
use super::target::{Quantile, Target};
use super::{Constraint, Grid, Summary, Unreconstructable};
use crate::reported::SpreadMeaning;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// A search of this many branches takes some 20 milliseconds; where it needs more, a table may be faster.
const QUICK: u64 = 2_000_000;

/// Searches of this many branches take some 20 and 2 microseconds: the data of a handful of people are worth
/// counting, those of many are so many that nobody misses the number.
const AT_ONCE: [u64; 2] = [2_000, 200];

/// A handful.
const HANDFUL: i64 = 10;

/// A search of more branches than this would take more than some seconds.
const MOST_BRANCHES: u64 = 100_000_000;

/// A table of so many states, each of 16 bytes at most, is no burden: 256 MB.
const MODEST_STATES: usize = 1 << 24;

/// So many branches are entered between two questions whether to go on.
pub(super) const ASK_EVERY: u64 = 1 << 20;

/// So many data sets are listed for their totals and sums of squares.
const MOST_LISTED: usize = 200_000;

/// So many counts of people are held in a list: 200 MB.
const MOST_HELD: usize = 50_000_000;

/// Every data set that prints as a reported cell.
///
/// A data set is a *count vector*: how many people have each of [`DataSets::codes`]. The order of
/// data sets is fixed: by the case of the constraints that they meet, by total, then by how many people
/// have the smallest value, and so on.
///
/// ```
/// use reffect::reconstruct::{DataSets, Grid, Summary};
/// use reffect::reported::Scale;
///
/// let relapses = Summary::sample(&"0.4 ± 0.8".parse()?, 7);
/// let behind = DataSets::new(&relapses, &Grid::of_scale(&Scale::Count)?, &[])?;
/// assert_eq!(behind.count()?, 1);
/// assert_eq!(behind.first().map(|counts| behind.values(&counts)), Some(vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DataSets {
    grid: Grid,
    pub(super) space: Space,
    count: OnceLock<Result<Counted, Unreconstructable>>,
}

/// What is seen of data sets at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Glance {
    /// Whether there is any; none where some millions of branches do not decide it.
    pub exists: Option<bool>,
    /// The first.
    pub first: Option<Vec<u32>>,
    /// How many there are, where they are quickly counted.
    pub count: Option<u128>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counted {
    pub(super) total: u128,
    /// How many people have each value on average, where a table was made that says so; none after a search.
    pub(super) by_table: Option<Vec<f64>>,
    pub(super) by_search: bool,
    /// Whether a search of some 20 milliseconds counted them.
    is_quick: bool,
}

impl DataSets {
    /// The data sets of n people on a grid that print as a cell and meet the constraints.
    ///
    /// # Errors
    /// If the scale has no end where it needs one, a constraint names a value that the scale does
    /// not have, n is too small for the spread, or the numbers are too large.
    pub fn new(summary: &Summary, grid: &Grid, constraints: &[Constraint]) -> Result<Self, Unreconstructable> {
        Self::by(Quantile::T, summary, grid, constraints)
    }

    /// Whether there are any, with the half-width of an interval made by the normal quantile, 1.96, in place of t; none
    /// of another spread, and where that cannot be said.
    pub fn existence_by_normal(summary: &Summary, grid: &Grid) -> Option<bool> {
        if summary.meaning != SpreadMeaning::Ci95 {
            return None;
        }
        Self::by(Quantile::Normal, summary, grid, &[]).ok()?.existence()
    }

    /// The same data sets as of [`DataSets::new`] or, where a half-width of an interval made by t has none on the grid and
    /// one made by the normal quantile, 1.96, has some, those of the latter; and whether it is these.
    ///
    /// # Errors
    /// As of [`DataSets::new`].
    ///
    /// ```
    /// use reffect::numeric::rounding::Rounding;
    /// use reffect::reconstruct::{DataSets, Grid, Summary};
    /// use reffect::reported::{Scale, SpreadMeaning};
    ///
    /// // 0, 0 and 1: a mean of 0.333, an SD of 0.577, and 1.96·0.577/√3 = 0.653; by t it is 4.303·0.577/√3 = 1.434.
    /// let of = |spread: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     let cell = format!("0.333 ± {spread}").parse()?;
    ///     let summary = Summary { meaning: SpreadMeaning::Ci95, ..Summary::sample(&cell, 3) };
    ///     let (sets, is_by_normal) = DataSets::by_either(&summary, &Grid::of_scale(&Scale::Count)?, &[])?;
    ///     Ok((sets.count()?, is_by_normal))
    /// };
    /// assert_eq!([of("1.434")?, of("0.653")?], [(1, false), (1, true)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_either(
        summary: &Summary,
        grid: &Grid,
        constraints: &[Constraint],
    ) -> Result<(Self, bool), Unreconstructable> {
        let by_t = Self::new(summary, grid, constraints)?;
        let has_none = || match constraints {
            [] => by_t.existence() == Some(false),
            _ => Self::new(summary, grid, &[]).is_ok_and(|free| free.existence() == Some(false)),
        };
        let is_of_interval = summary.meaning == SpreadMeaning::Ci95;
        if is_of_interval && has_none() && Self::existence_by_normal(summary, grid) == Some(true) {
            return Ok((Self::by(Quantile::Normal, summary, grid, constraints)?, true));
        }
        Ok((by_t, false))
    }

    fn by(
        quantile: Quantile,
        summary: &Summary,
        grid: &Grid,
        constraints: &[Constraint],
    ) -> Result<Self, Unreconstructable> {
        let space = Space::new(summary, quantile, grid, constraints)?;
        Ok(Self { grid: grid.clone(), space, count: OnceLock::new() })
    }

    /// The values that somebody can have, in rising order, as codes of the grid.
    pub fn codes(&self) -> Vec<i64> {
        self.space.values.iter().map(|value| self.space.code(*value)).collect()
    }

    /// The grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// How many people.
    pub fn n(&self) -> u64 {
        self.space.n as u64
    }

    /// How many data sets there are, without listing them.
    ///
    /// # Errors
    /// If that would take more memory and more time than is reasonable.
    pub fn count(&self) -> Result<u128, Unreconstructable> {
        self.counted().map(|counted| counted.total)
    }

    /// Whether the data sets are counted, and drawn from, in a second and in some 256 MB: what a report takes for one
    /// cell among many. [`DataSets::count`] goes further.
    #[must_use]
    pub fn are_soon_counted(&self) -> bool {
        // Whether they have been counted already, and how, changes no report.
        let is_quick = || match self.count.get() {
            Some(known) => known.as_ref().is_ok_and(|counted| counted.is_quick),
            None => self.count_by_search(QUICK).is_some(),
        };
        has_at_most(&self.space, MODEST_STATES) || is_quick()
    }

    /// The first data set and, where that takes no more than some microseconds, how many there are, in one
    /// search.
    pub fn glance(&self) -> Glance {
        let more = AT_ONCE[usize::from(self.space.n > HANDFUL)];
        let mut sink = Glancer { first: None, total: 0, branches: QUICK, more };
        let ended = search(&self.space, &mut sink);
        let known = self.count.get().and_then(|counted| counted.as_ref().ok());
        Glance {
            exists: if sink.first.is_some() { Some(true) } else { ended.is_continue().then_some(false) },
            first: sink.first,
            count: known.map(|counted| counted.total).or(ended.is_continue().then_some(sink.total)),
        }
    }

    pub(super) fn counted(&self) -> Result<Counted, Unreconstructable> {
        self.count.get_or_init(|| self.count_anew()).clone()
    }

    fn count_anew(&self) -> Result<Counted, Unreconstructable> {
        if let Some(total) = self.count_by_search(QUICK) {
            return Ok(Counted { total, by_table: None, by_search: true, is_quick: true });
        }
        if let Some(counted) = self.count_by_table() {
            return Ok(counted);
        }
        let by_search = |total| Counted { total, by_table: None, by_search: true, is_quick: false };
        self.count_by_search(MOST_BRANCHES).map(by_search).ok_or_else(|| {
            let message = format!(
                "there are too many data sets to be counted: a table would need more than a gigabyte, a search more \
                 than {MOST_BRANCHES} branches; all multisets of {} values are about 10^{:.0}",
                self.space.values.len(),
                bits(&self.space) * std::f64::consts::LOG10_2
            );
            Unreconstructable::TooLarge(message)
        })
    }

    fn count_by_search(&self, branches: u64) -> Option<u128> {
        self.count_within(branches, u128::MAX)
    }

    /// How many there are, if no more than `most`: many more are told from those in no time, where to count them all
    /// takes seconds.
    pub(super) fn count_up_to(&self, most: u128) -> Option<u128> {
        match self.count.get() {
            Some(known) => known.as_ref().ok().map(|counted| counted.total).filter(|total| *total <= most),
            None => self.count_within(MOST_BRANCHES, most),
        }
    }

    fn count_within(&self, branches: u64, most: u128) -> Option<u128> {
        let mut counter = Counter { total: 0, branches, most };
        search(&self.space, &mut counter).is_continue().then_some(counter.total)
    }

    fn count_by_table(&self) -> Option<Counted> {
        if bits(&self.space) < 63.0 { self.table::<u64>() } else { self.table::<u128>() }
    }

    /// The table is large and soon made again, and so it is asked for everything that it says at once.
    fn table<T: Tally>(&self) -> Option<Counted> {
        let mut counted = Counted { total: 0, by_table: None, by_search: false, is_quick: false };
        if self.space.targets.is_empty() {
            return Some(counted);
        }
        // Counts of more than 127 bits would run over.
        let cases = if bits(&self.space) < 127.0 { &self.space.cases[..] } else { return None };
        for case in cases {
            let ways = Ways::<T>::new(&self.space, case)?;
            let total = ways.total();
            counted.total += total;
            counted.by_table = if cases.len() == 1 { ways.mean_frequencies(total) } else { None };
        }
        Some(counted)
    }

    /// Whether there is any data set.
    ///
    /// # Errors
    /// If a search of some seconds does not decide it.
    pub fn exist(&self) -> Result<bool, Unreconstructable> {
        self.existence_within(MOST_BRANCHES).ok_or_else(|| {
            let message = format!("a search of {MOST_BRANCHES} branches does not decide whether there is any data set");
            Unreconstructable::TooLarge(message)
        })
    }

    /// Whether there is any data set; none where some millions of branches do not decide it.
    pub fn existence(&self) -> Option<bool> {
        self.existence_within(QUICK)
    }

    fn existence_within(&self, branches: u64) -> Option<bool> {
        first_within(&self.space, &mut { branches }).map(|first| first.is_some())
    }

    /// The first data set, where there is any.
    pub fn first(&self) -> Option<Vec<u32>> {
        let mut first = None;
        let _ = self.for_each(|counts| {
            first = Some(counts.to_vec());
            ControlFlow::Break(())
        });
        first
    }

    /// Hands every data set to a function, until that says to stop; nothing is held in memory.
    pub fn for_each(&self, visit: impl FnMut(&[u32]) -> ControlFlow<()>) -> ControlFlow<()> {
        self.for_each_while(|| true, visit)
    }

    /// Hands every data set to a function until that or `go_on` says to stop; the latter is asked from time to time
    /// also where the search finds nothing.
    pub fn for_each_while(
        &self,
        go_on: impl FnMut() -> bool,
        visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        search(&self.space, &mut Lister { visit, go_on, entered: 0 })
    }

    /// Hands data sets to a function for some seconds at most.
    pub fn for_each_quickly(&self, visit: impl FnMut(&[u32]) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut left = MOST_BRANCHES / ASK_EVERY;
        let go_on = || {
            left = left.saturating_sub(1);
            left > 0
        };
        self.for_each_while(go_on, visit)
    }

    /// Every data set, if there are no more than `most` and a search of some seconds finds them all.
    pub fn list(&self, most: usize) -> Option<Vec<Vec<u32>>> {
        let most = most.min(MOST_HELD / self.space.values.len().max(1));
        let mut all = Vec::new();
        let listed = self.for_each_quickly(|counts| {
            if all.len() == most {
                return ControlFlow::Break(());
            }
            all.push(counts.to_vec());
            ControlFlow::Continue(())
        });
        listed.is_continue().then_some(all)
    }

    /// The data set of this rank, from 0 on in the order of listing.
    ///
    /// # Errors
    /// If there are not so many, or a search of some seconds does not come so far.
    pub fn nth(&self, rank: u128) -> Result<Vec<u32>, Unreconstructable> {
        // Skipping is as fast as counting, so that listing order is kept whatever the size.
        let mut picker = Picker { ranks: &[rank], seen: 0, picked: Vec::new(), branches: MOST_BRANCHES };
        let ended = search(&self.space, &mut picker);
        let (seen, picked) = (picker.seen, picker.picked.pop());
        picked.ok_or_else(|| match ended {
            ControlFlow::Continue(()) => Unreconstructable::Summary(format!(
                "there are {seen} data sets, counted from 0; there is none of rank {rank}"
            )),
            ControlFlow::Break(()) => Unreconstructable::TooLarge(format!(
                "a search of {MOST_BRANCHES} branches has found {seen} data sets, and not yet that of rank {rank}"
            )),
        })
    }

    /// The values of a data set, in rising order.
    pub fn values(&self, counts: &[u32]) -> Vec<f64> {
        expand(&self.codes(), counts).map(|code| self.grid.value(code)).collect()
    }

    /// The values of a data set as people write them, in rising order.
    pub fn texts(&self, counts: &[u32]) -> Vec<String> {
        expand(&self.codes(), counts).map(|code| self.grid.text(code)).collect()
    }

    /// The codes of a data set, in rising order.
    pub fn expanded(&self, counts: &[u32]) -> Vec<i64> {
        expand(&self.codes(), counts).collect()
    }

    /// The same by a visit of every data set, where those are few: a scale of few and odd values leaves many sums of
    /// squares that no data set has.
    fn classes_of_list(&self, most: usize) -> Option<Vec<Class>> {
        let mut classes: BTreeMap<(i64, i64), Vec<i64>> = BTreeMap::new();
        for counts in self.list(MOST_LISTED)? {
            let codes = self.expanded(&counts);
            let sums = (codes.iter().sum(), codes.iter().map(|code| code * code).sum());
            classes.entry(sums).or_insert(codes);
        }
        let class = |((sum, squares), witness)| Class { sum, squares, witness };
        (classes.len() <= most).then(|| classes.into_iter().map(class).collect())
    }

    /// Every total and sum of squares that prints as reported and has data, with the first data set
    /// that has them; none where more than `most` would have to be tried, or a search of some seconds does not
    /// find them all.
    pub(super) fn classes(&self, most: usize) -> Option<Vec<Class>> {
        let tried: i64 = self.space.targets.iter().map(|target| (target.most - target.least) / 2 + 1).sum();
        if usize::try_from(tried).ok()? > most {
            return self.classes_of_list(most);
        }
        let (mut classes, mut branches) = (Vec::new(), MOST_BRANCHES);
        for target in &self.space.targets {
            // A sum of squares is even where the total is.
            let first = target.least + (target.least - target.sum).rem_euclid(2);
            for squares in (first..=target.most).step_by(2) {
                let one = Target { least: squares, most: squares, ..*target };
                if let Some(counts) = first_of_target(&self.space, &one, &mut branches)? {
                    let (sum, squares) = self.space.of_codes(target.sum, squares);
                    classes.push(Class { sum, squares, witness: self.expanded(&counts) });
                }
            }
        }
        Some(classes)
    }
}

/// A total and a sum of squares of codes that data sets have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub sum: i64,
    pub squares: i64,
    /// The codes of one such data set, in rising order.
    pub witness: Vec<i64>,
}

fn expand<'a>(codes: &'a [i64], counts: &'a [u32]) -> impl Iterator<Item = i64> + 'a {
    codes.iter().zip(counts).flat_map(|(code, count)| std::iter::repeat_n(*code, *count as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::decimal::Decimal;
    use crate::reported::Scale;

    /// The table of a scale of 11 values grows with the cube of n.
    #[test]
    fn large_groups_are_told_from_those_soon_counted() {
        assert!(sets("6.2 ± 1.4", 24, &[]).are_soon_counted());
        assert!(sets("6.2 ± 1.4", 150, &[]).are_soon_counted());
        assert!(!sets("6.2 ± 1.4", 400, &[]).are_soon_counted());
        assert!(!sets("6.2 ± 1.4", 100_000, &[]).are_soon_counted());
        // Many people, but few data sets.
        assert!(sets("0.0 ± 0.1", 400, &["> 2 = 0"]).are_soon_counted());
    }

    fn sets(cell: &str, n: u64, constraints: &[&str]) -> DataSets {
        let constraints: Vec<Constraint> = constraints.iter().map(|text| text.parse().unwrap()).collect();
        let grid = Grid::of_scale(&Scale::Nrs).unwrap();
        DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), &grid, &constraints).unwrap()
    }

    /// The search and the table are two algorithms, and agree with and without constraints.
    #[test]
    fn search_and_table_count_the_same() {
        for n in [2, 5, 9, 14] {
            for cell in ["3 ± 2", "4.5 ± 2.1", "6.0 ± 1.0", "0.4 ± 0.8", "9.0 ± 2"] {
                for constraints in
                    [&[][..], &["3 >= 1"], &["4 <= 1"], &["5 = 2"], &["> 4 = 3"], &["median = 4", "2 <= 1", "> 6 >= 1"]]
                {
                    let sets = sets(cell, n, constraints);
                    let found = sets.count_by_search(u64::MAX).unwrap();
                    assert_eq!(sets.table::<u64>().map(|of| of.total), Some(found), "{cell}, n = {n}, {constraints:?}");
                    assert_eq!(sets.table::<u128>().map(|of| of.total), Some(found));
                }
            }
        }
    }

    /// The unit of a scale changes nothing: a scale in tens, from zero or from five, has the data sets of one in ones.
    #[test]
    fn the_unit_of_a_scale_does_not_matter() {
        for (ones, tens, fives) in [
            ("4.5 ± 2.1", "45 ± 21", "50 ± 21"),
            ("6.0 ± 1.0", "60 ± 10", "65 ± 10"),
            ("5.9 ± 3.1", "59 ± 31", "64 ± 31"),
        ] {
            for n in [2, 7, 13, 18] {
                let expected = sets(ones, n, &[]);
                for (cell, min) in [(tens, 0), (fives, 5)] {
                    let [low, high, step] = [min, min + 100, 10].map(|whole| Decimal::new(whole, 0));
                    let grid = Grid::range(Some(low), Some(high), step).unwrap();
                    let found = DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), &grid, &[]).unwrap();
                    assert_eq!(found.count().unwrap(), expected.count().unwrap(), "{cell}, n = {n}");
                    let in_ones = |of: &DataSets, min: i64, step: i64| -> Vec<Vec<i64>> {
                        let codes =
                            |counts: &Vec<u32>| of.expanded(counts).iter().map(|code| (code - min) / step).collect();
                        of.list(100_000).unwrap().iter().map(codes).collect()
                    };
                    assert_eq!(in_ones(&found, min as i64, 10), in_ones(&expected, 0, 1));
                    let classes = [&found, &expected].map(|of| of.classes(100_000).unwrap().len());
                    assert_eq!(classes[0], classes[1]);
                }
            }
        }
    }

    /// Drawing every rank from the table gives every data set once.
    #[test]
    fn every_rank_is_one_data_set() {
        for constraints in [&[][..], &["3 >= 1"], &["4 <= 1"], &["> 4 = 3", "5 >= 1"]] {
            let sets = sets("4.6 ± 2.1", 9, constraints);
            let mut listed = sets.list(100_000).unwrap();
            let ranks: Vec<u128> = (0..listed.len() as u128).collect();
            let mut drawn = sets.draw::<u64>(&ranks).unwrap();
            listed.sort();
            drawn.sort();
            assert_eq!(drawn, listed, "{constraints:?}");
            assert_eq!(sets.pick(&ranks), sets.list(100_000).unwrap());
        }
    }

    /// The table's mean frequencies are those of the listed data sets.
    #[test]
    fn mean_frequencies_agree() {
        let sets = sets("4.5 ± 2.1", 12, &[]);
        let visited = sets.frequencies().unwrap();
        let total = sets.count().unwrap();
        let table = Ways::<u64>::new(&sets.space, &sets.space.cases[0]).unwrap().mean_frequencies(total).unwrap();
        for (a, b) in visited.mean.iter().zip(&table) {
            assert!((a - b).abs() < 1e-9 * (1.0 + b), "{visited:?} {table:?}");
        }
    }
}
