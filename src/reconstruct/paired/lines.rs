//! Who may have gone from which value to which: the mean joint table.

use super::{DataSets, JointTables};
use crate::numeric::random::Random;
use crate::reconstruct::Unreconstructable;
use std::collections::BTreeMap;

/// How many people went from one value to another, on average.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MeanTable {
    /// A code before, a code after, and the mean number of people.
    pub cells: Vec<(i64, i64, f64)>,
    /// Whether every joint table counts once; otherwise data sets and pairings were drawn.
    pub is_complete: bool,
}

/// The mean over all joint tables, where there are no more than `most`; otherwise over `drawn` pairs of
/// data sets, each drawn uniformly and paired at random. Neither is a probability: nothing makes one
/// table as likely as another. None where a cell has no data set.
///
/// # Errors
/// If the data sets cannot be counted.
///
/// ```
/// use reffect::reconstruct::{DataSets, Grid, Summary, paired::mean_table};
/// use reffect::reported::Scale;
///
/// let relapses = Grid::of_scale(&Scale::Count)?;
/// let behind = |cell: &str| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(DataSets::new(&Summary::sample(&cell.parse()?, 7), &relapses, &[])?)
/// };
/// let mean = mean_table(&behind("2.9 ± 1.1")?, &behind("0.4 ± 0.8")?, 10_000, 1_000, 1)?.ok_or("there is data")?;
/// let people: f64 = mean.cells.iter().map(|(_, _, people)| people).sum();
/// assert!(mean.is_complete && (people - 7.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mean_table(
    before: &DataSets,
    after: &DataSets,
    most: usize,
    drawn: usize,
    seed: u64,
) -> Result<Option<MeanTable>, Unreconstructable> {
    if !before.exist()? || !after.exist()? {
        return Ok(None);
    }
    if let Some(cells) = complete(before, after, most) {
        return Ok(Some(MeanTable { cells, is_complete: true }));
    }
    let mut sums = BTreeMap::new();
    let mut random = Random::seeded(seed);
    let (xs, ys) = (before.sample(drawn, seed)?, after.sample(drawn, seed.wrapping_add(1))?);
    for (x, y) in xs.iter().zip(&ys) {
        let (x, mut y) = (before.expanded(x), after.expanded(y));
        random.shuffle(&mut y);
        for pair in x.into_iter().zip(y) {
            *sums.entry(pair).or_insert(0u64) += 1;
        }
    }
    Ok(Some(MeanTable { cells: means(sums, drawn as f64), is_complete: false }))
}

fn complete(before: &DataSets, after: &DataSets, most: usize) -> Option<Vec<(i64, i64, f64)>> {
    let (xs, ys) = (before.list(most)?, after.list(most)?);
    if xs.len().saturating_mul(ys.len()) > most {
        return None;
    }
    let (mut sums, mut tables) = (BTreeMap::new(), 0usize);
    for x in &xs {
        for y in &ys {
            let found = JointTables::pairings(before, x, after, y, most + 1 - tables);
            tables += found.len();
            if tables > most {
                return None;
            }
            for pair in found.into_iter().flat_map(|pairing| pairing.0) {
                *sums.entry(pair).or_insert(0u64) += 1;
            }
        }
    }
    Some(means(sums, tables as f64))
}

fn means(sums: BTreeMap<(i64, i64), u64>, tables: f64) -> Vec<(i64, i64, f64)> {
    sums.into_iter().map(|((x, y), people)| (x, y, people as f64 / tables)).collect()
}
