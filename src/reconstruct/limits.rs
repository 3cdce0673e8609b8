//! The smallest and the largest SD that people on a scale can have beside a reported mean.

use super::space::{most_even, most_extreme};
use super::{Grid, Summary, Unreconstructable};
use crate::numeric::interval::Interval;

/// The sample SDs from the most even to the most extreme data with a total that prints as the mean;
/// none where no total does. The grid has both limits.
///
/// Source: the largest SD is that of Bhatia & Davis (2000), Am Math Mon 107:353, in whole numbers.
///
/// # Errors
/// If a limit of the scale is missing, n is below 2 or the numbers are too large.
///
/// ```
/// use reffect::reconstruct::{Grid, Summary, limits::sd_limits};
///
/// let sd = sd_limits(&Summary::sample(&"3.81 ± 3.09".parse()?, 156), &Grid::items(1, 1, 7)?)?;
/// assert!(sd.is_some_and(|sd| sd.upper < 3.05));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sd_limits(summary: &Summary, grid: &Grid) -> Result<Option<Interval>, Unreconstructable> {
    let (Some(low), Some(high)) = grid.limits() else {
        return Err(Unreconstructable::Scale("the scale needs a smallest and a largest value".to_owned()));
    };
    if summary.n < 2 {
        return Err(Unreconstructable::Summary("an SD needs at least 2 people".to_owned()));
    }
    let lattice = grid.lattice();
    let n = summary.n as i64;
    // Counted in steps from the smallest value.
    let top = (high - low) / lattice.step;
    let (first, last) = summary.totals(lattice.denominator)?;
    let least_total = i128::from(n) * i128::from(low);
    let steps = |total: i128| (total - least_total).div_euclid(i128::from(lattice.step));
    let ends = (-steps(-first + 2 * least_total)).max(0)..=steps(last).min(i128::from(n) * i128::from(top));
    let mut found: Option<(i128, i128)> = None;
    for total in ends {
        let (total, wide) = (total as i64, total);
        let dispersion = |squares: i64| i128::from(n) * i128::from(squares) - wide * wide;
        let (even, extreme) = (dispersion(most_even(n, total)), dispersion(most_extreme(n, total, 0, top)));
        found = Some(found.map_or((even, extreme), |(least, most)| (least.min(even), most.max(extreme))));
    }
    let unit = lattice.step as f64 / lattice.denominator as f64;
    let sd = |dispersion: i128| (dispersion as f64 / (n as f64 * (n as f64 - 1.0))).sqrt() * unit;
    Ok(found.map(|(least, most)| Interval { lower: sd(least), upper: sd(most) }))
}
