//! Quantiles of a sample.

/// The quantile of sorted values, between the order statistics: R's type 7; none of no values, or
/// beyond the probabilities from 0 to 1.
///
/// Source: Hyndman & Fan (1996), Am Stat 50:361, definition 7.
///
/// ```
/// use reffect::numeric::quantile::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let at = p * sorted.len().checked_sub(1)? as f64;
    let below = at.floor() as usize;
    let lower = *sorted.get(below)?;
    let upper = *sorted.get(below + 1).unwrap_or(&lower);
    // Also where one or both are infinite.
    Some(if lower == upper || at.fract() == 0.0 { lower } else { lower + at.fract() * (upper - lower) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_neighbours_make_no_nan() {
        let values = [0.0, f64::INFINITY, f64::INFINITY];
        assert_eq!(quantile(&values, 0.9), Some(f64::INFINITY));
        assert_eq!(quantile(&values, 1.0), Some(f64::INFINITY));
        assert_eq!(quantile(&values, 0.0), Some(0.0));
        assert_eq!(quantile(&values, 1.1), None);
    }
}
