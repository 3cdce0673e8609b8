//! The smallest and the largest SD that people on a scale can have beside a reported mean.

use super::space::{most_even, most_extreme, wide_ceil_div};
use super::{Grid, Summary, Unreconstructable};
use crate::numeric::interval::Interval;

/// The largest sample SD that n values between two limits can have beside a reported mean, whatever their steps; none
/// where no values within the limits have such a mean.
///
/// Beside a given total, as many values as can be stand at the limits and one between them. The sum of squares is
/// convex in the total from one such number to the next, so that it is largest at one of those or at an end.
///
/// Source: Bhatia & Davis (2000), Am Math Mon 107:353, for n values instead of a distribution.
///
/// ```
/// use reffect::numeric::interval::Interval;
/// use reffect::reconstruct::limits::most_sd_between;
///
/// let most = most_sd_between(Interval::between(58.25, 58.35), 24, Interval::between(0.0, 100.0));
/// assert!(most.is_some_and(|sd| (50.3..50.4).contains(&sd)));
/// ```
pub fn most_sd_between(mean: Interval, n: u64, limits: Interval) -> Option<f64> {
    let (n, length) = (n as f64, limits.width());
    if n < 2.0 || !length.is_finite() || !mean.meets(limits) {
        return None;
    }
    // Totals above that of the smallest value for everyone.
    let total = |mean: f64| n * (limits.clamp(mean) - limits.lower);
    let (first, last) = (total(mean.lower), total(mean.upper));
    let dispersion = |total: f64| {
        let full = if length > 0.0 { (total / length).floor().min(n) } else { 0.0 };
        let between = total - full * length;
        full * length * length + between * between - total * total / n
    };
    // Those with everyone at a limit: the one nearest to half of all at each is the largest.
    let half = (0.5 * n).floor() * length;
    let whole = |total: f64| if length > 0.0 { (total / length).floor() * length } else { 0.0 };
    let candidates = [first, last, whole(last), whole(first) + length, half, half + length];
    let inside = candidates.into_iter().filter(|total| (first..=last).contains(total));
    inside.map(dispersion).max_by(f64::total_cmp).map(|most| (most.max(0.0) / (n - 1.0)).sqrt())
}

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
    let step = i128::from(lattice.step);
    let least = wide_ceil_div(first - least_total, step).max(0);
    let ends = least..=(last - least_total).div_euclid(step).min(i128::from(n) * i128::from(top));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The SD of a sample.
    fn sd(values: &[f64]) -> f64 {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    }

    proptest::proptest! {
        #[test]
        fn no_values_exceed_the_bound_and_some_reach_it(values in proptest::collection::vec(0.0f64..10.0, 2..9), half in 0.0f64..0.6) {
            let n = values.len();
            let mean = values.iter().sum::<f64>() / n as f64;
            let means = Interval::around(mean, half);
            let most = most_sd_between(means, n as u64, Interval::between(0.0, 10.0)).unwrap();
            proptest::prop_assert!(sd(&values) <= most * (1.0 + 1e-12));
            // Every total of the range on a fine grid, with as many values as can be at the limits.
            let reached = (0..=2000)
                .map(|step| (means.lower + step as f64 / 2000.0 * means.width()).clamp(0.0, 10.0) * n as f64)
                .map(|total| {
                    let full = ((total / 10.0).floor() as usize).min(n);
                    let mut data = vec![0.0; n];
                    data[..full].fill(10.0);
                    if full < n {
                        data[full] = total - 10.0 * full as f64;
                    }
                    sd(&data)
                })
                .fold(0.0, f64::max);
            proptest::prop_assert!(reached <= most * (1.0 + 1e-9) && reached >= most * (1.0 - 2e-2), "{} {}", reached, most);
        }
    }
}
