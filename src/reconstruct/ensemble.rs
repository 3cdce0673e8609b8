//! Any statistic over the data sets behind a cell.

use super::tilted::FEW_STEPS;
use super::{DataSets, Unreconstructable};
use crate::numeric::interval::Interval;
use crate::numeric::quantile::quantile;
use std::ops::ControlFlow;

/// So many data sets are visited one by one; more are sampled.
const MOST_VISITED: u128 = 2_000_000;

/// A statistic over data sets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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
/// more than two million; of more than can be counted, for as many as are found in some seconds. The function is given
/// the values in rising order; none stands for a data set that has no such statistic. None where no data set has one.
///
/// # Errors
/// If the data sets can neither be counted nor drawn.
///
/// ```
/// use reffect::reconstruct::{DataSets, Grid, Summary, ensemble::over};
/// use reffect::reported::Scale;
///
/// let pain = Summary::sample(&"3.0 ± 1.5".parse()?, 7);
/// let behind = DataSets::new(&pain, &Grid::of_scale(&Scale::Nrs)?, &[])?;
/// let medians = over(&behind, 1_000, 1, |values| Some(values[3]))?.ok_or("there is data")?;
/// assert_eq!((medians.range.lower, medians.range.upper, medians.sets), (2.0, 4.0, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn over(
    sets: &DataSets,
    sample: usize,
    seed: u64,
    mut statistic: impl FnMut(&[f64]) -> Option<f64>,
) -> Result<Option<Ensemble>, Unreconstructable> {
    let count = match sets.count() {
        Err(reason @ Unreconstructable::TooLarge(_)) => Err(reason),
        count => Ok(count?),
    };
    let is_complete = count.as_ref().is_ok_and(|count| *count <= MOST_VISITED);
    let (mut range, mut sum, mut defined, mut undefined) = (None::<Interval>, 0.0, 0u128, 0u128);
    let mut note = |counts: &[u32]| match statistic(&sets.values(counts)) {
        Some(value) => {
            range = Interval::grown(range, value);
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
        let drawn = match count {
            Ok(_) => sets.sample(sample, seed)?,
            Err(reason) => {
                Some(sets.drawn_within(FEW_STEPS, sample, seed)).filter(|drawn| !drawn.is_empty()).ok_or(reason)?
            }
        };
        drawn.iter().for_each(|counts| note(counts));
    }
    Ok(range.map(|range| Ensemble {
        range,
        mean: sum / defined as f64,
        sets: defined + undefined,
        is_complete,
        undefined,
    }))
}

/// A statistic of ordered values; none where they have none.
pub type Statistic = fn(&[f64]) -> Option<f64>;

/// Statistics that go by a name. Quartiles are R's default (type 7 of Hyndman & Fan 1996, Am Stat
/// 50:361), the skewness is g₁ = m₃/m₂^(3/2).
pub const STATISTICS: [(&str, Statistic); 10] = [
    ("mean", |values| Some(mean(values))),
    ("sd", sd),
    ("min", |values| values.first().copied()),
    ("q1", |values| quantile(values, 0.25)),
    ("median", |values| quantile(values, 0.5)),
    ("q3", |values| quantile(values, 0.75)),
    ("max", |values| values.last().copied()),
    ("iqr", |values| Some(quantile(values, 0.75)? - quantile(values, 0.25)?)),
    ("mad", mad),
    ("skewness", skewness),
];

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean of a power of the deviations from the mean.
fn moment(values: &[f64], power: i32) -> f64 {
    let center = mean(values);
    values.iter().map(|x| (x - center).powi(power)).sum::<f64>() / values.len() as f64
}

/// Whether ordered values are all the same: their mean need not be a double, and deviations from it are no 0 then.
fn are_constant(values: &[f64]) -> bool {
    values.first() == values.last()
}

fn sd(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let sd = || if are_constant(values) { 0.0 } else { (moment(values, 2) * n / (n - 1.0)).sqrt() };
    (n > 1.0).then(sd)
}

/// The median of the absolute deviations from the median.
fn mad(values: &[f64]) -> Option<f64> {
    let center = quantile(values, 0.5)?;
    let mut deviations: Vec<f64> = values.iter().map(|x| (x - center).abs()).collect();
    deviations.sort_by(f64::total_cmp);
    quantile(&deviations, 0.5)
}

fn skewness(values: &[f64]) -> Option<f64> {
    (!are_constant(values)).then(|| moment(values, 3) / moment(values, 2).powf(1.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2: summary(c(0, 1, 1, 4, 9)), mad(x, constant = 1), and g₁ by hand.
    #[test]
    fn statistics_are_those_of_r() {
        let values = [0.0, 1.0, 1.0, 4.0, 9.0];
        let expected = [3.0, 3.674_234_614_174_767, 0.0, 1.0, 1.0, 4.0, 9.0, 3.0, 1.0, 34.8 / 10.8f64.powf(1.5)];
        for ((name, statistic), expected) in STATISTICS.iter().zip(expected) {
            let found = statistic(&values).unwrap();
            assert!((found - expected).abs() < 1e-12, "{name}: {found} and not {expected}");
        }
        assert_eq!((sd(&[1.0]), skewness(&[2.0, 2.0])), (None, None));
        // (0.1 + 0.1 + 0.1)/3 is not 0.1.
        assert_eq!((sd(&[0.1; 3]), skewness(&[0.1; 3])), (Some(0.0), None));
    }
}
