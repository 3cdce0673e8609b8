//! Cuts lines at the edges of a plot before they are drawn.
//!
//! A drawing layer that clamps each coordinate by itself turns a line that leaves the plot into one
//! of another slope. Cutting keeps the slope and tells where an arrow belongs.

/// The part of an interval inside a range, and on which sides it went further.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cut {
    /// Lower end of what is shown.
    pub lower: f64,
    /// Upper end of what is shown.
    pub upper: f64,
    /// The interval goes on below.
    pub below: bool,
    /// The interval goes on above.
    pub above: bool,
}

/// Cuts `lower..=upper` to `range`; infinite ends are fine. An interval wholly outside is shown as
/// a point on the nearer edge, with the arrow that points to it.
pub(super) fn interval(lower: f64, upper: f64, range: (f64, f64)) -> Cut {
    let (from, to) = range;
    Cut { lower: lower.clamp(from, to), upper: upper.clamp(from, to), below: lower < from, above: upper > to }
}

/// The part of the segment from `a` to `b` inside the rectangle from `min` to `max` (by the
/// parameters where the segment enters and leaves, after Liang and Barsky), or nothing.
pub(super) fn segment(
    a: (f64, f64),
    b: (f64, f64),
    min: (f64, f64),
    max: (f64, f64),
) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let mut enters = 0.0_f64;
    let mut leaves = 1.0_f64;
    let sides = [(-dx, a.0 - min.0), (dx, max.0 - a.0), (-dy, a.1 - min.1), (dy, max.1 - a.1)];
    for (outward, room) in sides {
        if outward == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if outward < 0.0 {
            enters = enters.max(room / outward);
        } else {
            leaves = leaves.min(room / outward);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    (enters <= leaves).then(|| (at(enters), at(leaves)))
}

/// The part of a filled outline inside the rectangle (after Sutherland and Hodgman, one side after
/// the other).
pub(super) fn polygon(corners: &[(f64, f64)], min: (f64, f64), max: (f64, f64)) -> Vec<(f64, f64)> {
    // Each side by the distance inwards of a point.
    type Inwards = fn((f64, f64), (f64, f64), (f64, f64)) -> f64;
    let sides: [Inwards; 4] =
        [|p, min, _| p.0 - min.0, |p, _, max| max.0 - p.0, |p, min, _| p.1 - min.1, |p, _, max| max.1 - p.1];
    let mut all = corners.to_vec();
    for side in sides {
        let mut kept = Vec::with_capacity(all.len() + 4);
        for (i, &to) in all.iter().enumerate() {
            let from = all[(i + all.len() - 1) % all.len()];
            let (a, b) = (side(from, min, max), side(to, min, max));
            if (a < 0.0) != (b < 0.0) {
                let share = a / (a - b);
                kept.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
            }
            if b >= 0.0 {
                kept.push(to);
            }
        }
        all = kept;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_cut_at_every_side() {
        let (min, max) = ((0.0, 0.0), (10.0, 10.0));
        let square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)];
        let cut = polygon(&square, min, max);
        assert_eq!(cut.len(), 4);
        assert!(cut.iter().all(|p| (0.0..=5.0).contains(&p.0) && (0.0..=5.0).contains(&p.1)), "{cut:?}");
        let outside = [(-5.0, -5.0), (-1.0, -5.0), (-1.0, -1.0)];
        assert!(polygon(&outside, min, max).is_empty());
        assert_eq!(polygon(&[(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)], min, max).len(), 3);
    }

    #[test]
    fn a_cut_line_keeps_its_slope() {
        // (0,0)-(10,100) in a window up to 40 ends at x = 4, not at (10, 40).
        assert_eq!(segment((0.0, 0.0), (10.0, 100.0), (0.0, 0.0), (10.0, 40.0)), Some(((0.0, 0.0), (4.0, 40.0))));
    }

    #[test]
    fn lines_inside_stay_and_lines_outside_go() {
        let (min, max) = ((0.0, 0.0), (4.0, 4.0));
        assert_eq!(segment((1.0, 1.0), (3.0, 2.0), min, max), Some(((1.0, 1.0), (3.0, 2.0))));
        assert_eq!(segment((1.0, 5.0), (3.0, 6.0), min, max), None);
        assert_eq!(segment((-3.0, 2.0), (2.0, 9.0), min, max), None);
        assert_eq!(segment((5.0, 0.0), (5.0, 4.0), min, max), None);
        assert_eq!(segment((-2.0, 2.0), (6.0, 2.0), min, max), Some(((0.0, 2.0), (4.0, 2.0))));
    }

    #[test]
    fn intervals_say_where_they_go_on() {
        let cut = interval(-3.0, f64::INFINITY, (0.0, 5.0));
        assert_eq!(cut, Cut { lower: 0.0, upper: 5.0, below: true, above: true });
        let cut = interval(1.0, 2.0, (0.0, 5.0));
        assert_eq!(cut, Cut { lower: 1.0, upper: 2.0, below: false, above: false });
        let cut = interval(7.0, 9.0, (0.0, 5.0));
        assert_eq!(cut, Cut { lower: 5.0, upper: 5.0, below: false, above: true });
    }
}
