//! Any statistic over the data sets behind a cell.

use super::{DataSets, Unreconstructable};
use crate::numeric::interval::Interval;
use std::ops::ControlFlow;

/// So many data sets are visited one by one; more are sampled.
const MOST_VISITED: u128 = 2_000_000;

/// A statistic over data sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    /// The smallest and the largest value. Over a sample this says nothing of what was not drawn.
    pub range: Interval,
    /// The mean.
    pub mean: f64,
    /// How many data sets it was computed for.
    pub sets: u128,
    /// Whether those were all of them.
    pub is_complete: bool,
    /// For how many of them it could not be computed.
    pub undefined: u128,
}

/// Computes a statistic for every data set, or for a uniform sample of `sample` ones where there are
/// more than two million. The function is given the values in rising order; none stands for a data
/// set that has no such statistic. None where no data set has one.
///
/// # Errors
/// If the data sets cannot be counted.
///
/// ```
/// use reffect::reconstruct::{DataSets, Grid, Summary, ensemble::over};
/// use reffect::reported::Scale;
///
/// let pain = Summary::sample(&"3.0 ± 1.5".parse()?, 7);
/// let behind = DataSets::new(&pain, &Grid::of_scale(&Scale::Nrs)?, &[])?;
/// let medians = over(&behind, 1_000, 1, |values| Some(values[3]))?.ok_or("there is data")?;
/// assert_eq!((medians.range.lower, medians.range.upper, medians.sets), (2.0, 3.0, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn over(
    sets: &DataSets,
    sample: usize,
    seed: u64,
    mut statistic: impl FnMut(&[f64]) -> Option<f64>,
) -> Result<Option<Ensemble>, Unreconstructable> {
    let is_complete = sets.count()? <= MOST_VISITED;
    let (mut range, mut sum, mut defined, mut undefined) = (None::<Interval>, 0.0, 0u128, 0u128);
    let mut note = |counts: &[u32]| match statistic(&sets.values(counts)) {
        Some(value) => {
            let known = range.map_or(vec![value], |known| vec![known.lower, known.upper, value]);
            range = Interval::hull(known);
            sum += value;
            defined += 1;
        }
        None => undefined += 1,
    };
    if is_complete {
        let _ = sets.for_each(|counts| {
            note(counts);
            ControlFlow::Continue(())
        });
    } else {
        sets.sample(sample, seed)?.iter().for_each(|counts| note(counts));
    }
    Ok(range.map(|range| Ensemble {
        range,
        mean: sum / defined as f64,
        sets: defined + undefined,
        is_complete,
        undefined,
    }))
}
