//! The standard deviation of change.

use crate::numeric::interval::Interval;

/// √(s₁² + s₂² − 2 r s₁ s₂), the SD of change at correlation `r`.
///
/// Source: Cochrane Handbook (2024), 6.5.2.8.
///
/// ```
/// use reffect::effect::before_after::sd_of_change;
/// assert!((sd_of_change(1.1, 0.8, 0.5) - 0.97f64.sqrt()).abs() < 1e-15);
/// ```
pub fn sd_of_change(s1: f64, s2: f64, r: f64) -> f64 {
    // (s₁ − s₂)² + 2(1 − r) s₁ s₂ has no difference of large squares in it.
    let gap = s1 - s2;
    (gap * gap + 2.0 * (1.0 - r) * s1 * s2).max(0.0).sqrt()
}

/// The SDs of change over all SDs in two intervals of numbers that are not negative.
///
/// The square is convex, so its maximum is at a corner. Its minimum without bounds is at s₁ = s₂ = 0,
/// which is no inner point of the box, so the minimum over the box lies on an edge: at an end, or
/// where the edge is nearest, s₂ = r s₁ or s₁ = r s₂.
pub fn sd_of_change_range(s1: Interval, s2: Interval, r: f64) -> Interval {
    let mut values = Vec::with_capacity(12);
    for a in s1.ends() {
        for b in [s2.lower, s2.upper, s2.clamp(r * a)] {
            values.push(sd_of_change(a, b, r));
        }
    }
    for b in s2.ends() {
        values.push(sd_of_change(s1.clamp(r * b), b, r));
    }
    Interval::hull(values).unwrap_or(Interval::point(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// No point of the box gives a value outside the range.
        #[test]
        fn range_holds_every_point(
            a in 0.0f64..5.0, wa in 0.0f64..1.0, b in 0.0f64..5.0, wb in 0.0f64..1.0,
            r in -1.0f64..1.0, u in 0.0f64..1.0, v in 0.0f64..1.0,
        ) {
            let (s1, s2) = (Interval::between(a, a + wa), Interval::between(b, b + wb));
            let range = sd_of_change_range(s1, s2, r);
            let inside = sd_of_change(a + u * wa, b + v * wb, r);
            proptest::prop_assert!(range.lower <= inside + 1e-12 && inside <= range.upper + 1e-12);
        }
    }

    #[test]
    fn perfect_correlation_of_overlapping_sds_allows_no_change_at_all() {
        let range = sd_of_change_range(Interval::between(1.0, 1.2), Interval::between(1.1, 1.3), 1.0);
        assert!(range.lower.abs() < 1e-15);
        assert!((range.upper - 0.3).abs() < 1e-15);
    }
}
