//! Where a profile of a likelihood crosses a line, and the profile of a fixed effect of any model.

use super::data::ModelData;
use super::result::ProfilePoint;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;

/// One side of a profile: from the estimate in the direction of `width`, at most to the limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub estimate: f64,
    /// A guess of the distance, below 0 to the left.
    pub width: f64,
    pub limit: f64,
    /// An estimate that is no farther from the limit than this is at it.
    pub least: f64,
}

/// How near a value of the size of 1 lies to its limit where it is at it.
pub(super) const AT_LIMIT: f64 = 1e-9;

impl Side {
    /// A value just inside the limit, where everything is still defined.
    pub fn inside(&self, value: f64) -> f64 {
        let margin = 1e-7 * (self.estimate - self.limit).abs().max(self.width.abs() * 1e-3);
        if self.width < 0.0 { value.max(self.limit + margin) } else { value.min(self.limit - margin) }
    }
}

/// The value at which the root of the criterion's rise reaches `target`; the limit where it never does, and
/// NaN where the search fails: where the rise is no number, or leaps over the target.
pub(super) fn interval_end(risen: &mut dyn FnMut(f64) -> f64, side: &Side, target: f64) -> f64 {
    let Side { estimate, width, limit, least } = *side;
    if limit.is_finite() && (estimate - limit).abs() <= least {
        return limit;
    }
    let mut root = |value: f64| match risen(value) {
        rise if rise.is_nan() => f64::NAN,
        rise => rise.max(0.0).sqrt() - target,
    };
    let (mut a, mut fa) = (estimate, -target);
    let mut b = side.inside(estimate + width);
    let mut fb = root(b);
    let mut tries = 0;
    while fb < 0.0 {
        let next = side.inside(b + (b - a).abs().max(width.abs()) * 1.5 * width.signum());
        if tries >= 40 || next == b {
            return limit;
        }
        (a, fa, b) = (b, fb, next);
        fb = root(b);
        tries += 1;
    }
    // Where nothing is defined, the end lies nearer.
    for _ in 0..40 {
        if !fb.is_nan() {
            break;
        }
        let middle = 0.5 * (a + b);
        match root(middle) {
            f if f < 0.0 => (a, fa) = (middle, f),
            f => (b, fb) = (middle, f),
        }
    }
    // The signed root is nearly a line: the secant with a bracket (Illinois).
    for _ in 0..60 {
        if fb.is_nan() {
            return f64::NAN;
        }
        let mut next = b - fb * (b - a) / (fb - fa);
        if !next.is_finite() || (next - a) * (next - b) > 0.0 {
            next = 0.5 * (a + b);
        }
        let f = root(next);
        if f.abs() <= CLOSE {
            // One more step along the secant needs no search.
            let last = next - f * (next - b) / (f - fb);
            return if last.is_finite() && (last - next).abs() <= (next - b).abs() { last } else { next };
        }
        // Where one side is not defined, a leap needs no more digits.
        let width = if fb.is_finite() { 1e-11 } else { 1e-6 };
        if (b - a).abs() <= width * b.abs() {
            return if f.abs() <= MOST_LEAP { next } else { f64::NAN };
        }
        if (f < 0.0) == (fb < 0.0) {
            fa *= 0.5;
        } else {
            (a, fa) = (b, fb);
        }
        (b, fb) = (next, f);
    }
    if fb.abs() <= MOST_LEAP { b } else { f64::NAN }
}

/// How near the root of the rise comes to its target before the last step, which squares what is left.
const CLOSE: f64 = 1e-6;

/// Where no nearer value is found, the root of the rise may miss its target by this, and an end is still told.
const MOST_LEAP: f64 = 1e-4;

/// An interval, as the user sees its values, with the points of its profile.
pub(super) type Profiled = (Interval, Option<Vec<ProfilePoint>>);

/// Both ends of an interval, and points of the profile if `with_points`.
pub(super) fn profiled(
    risen: &mut dyn FnMut(f64) -> f64,
    sides: &[Side; 2],
    target: f64,
    user: &dyn Fn(f64) -> f64,
    with_points: bool,
) -> Profiled {
    let [lower, upper] = [0, 1].map(|at| interval_end(risen, &sides[at], target));
    let points = with_points.then(|| trace(risen, sides, [lower, upper], user));
    (Interval { lower: user(lower), upper: user(upper) }, points)
}

/// Where points lie between the estimate (0) and the end of the interval (1), and beyond.
const STEPS: [f64; 6] = [0.2, 0.4, 0.6, 0.8, 1.0, 1.25];

/// Points of a profile on both sides of the estimate, as the user sees their values: ζ is the signed root of
/// the criterion's rise.
///
/// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.
pub(super) fn trace(
    risen: &mut dyn FnMut(f64) -> f64,
    sides: &[Side; 2],
    ends: [f64; 2],
    user: &dyn Fn(f64) -> f64,
) -> Vec<ProfilePoint> {
    let mut points = vec![ProfilePoint { value: user(sides[0].estimate), zeta: 0.0 }];
    let turned = if user(ends[1]) < user(ends[0]) { -1.0 } else { 1.0 };
    for (side, end) in sides.iter().zip(ends) {
        let width = end - side.estimate;
        if !width.is_finite() || width * side.width <= 0.0 {
            continue;
        }
        for step in STEPS {
            let at = side.inside(side.estimate + step * width);
            let risen = risen(at);
            let value = user(at);
            let is_new = points.iter().all(|known| known.value != value);
            if risen.is_finite() && value.is_finite() && is_new {
                points.push(ProfilePoint { value, zeta: turned * width.signum() * risen.max(0.0).sqrt() });
            }
        }
    }
    points.sort_by(|a, b| a.value.total_cmp(&b.value));
    points
}

/// The profile of one fixed effect of any model: it is held at a value by taking its column, times the value, as an
/// offset. `criterion` fits the model to such data by full maximum likelihood; it may keep where its last search
/// ended, from which the next one sets out.
///
/// Source: Venzon & Moolgavkar (1988), Appl Stat 37:87.
pub(super) fn fixed_effect(
    data: &ModelData,
    (at, estimate, se): (usize, f64, f64),
    (level, minimum): (f64, f64),
    criterion: &mut dyn FnMut(&ModelData) -> Option<f64>,
    with_points: bool,
) -> Profiled {
    let target = chi_squared_quantile(level, 1.0).sqrt();
    let mut risen = |value: f64| criterion(&held(data, at, value)).map_or(f64::INFINITY, |found| found - minimum);
    let side = |sign: f64| Side { estimate, width: sign * target * se, limit: sign * f64::INFINITY, least: AT_LIMIT };
    let sides = [-1.0, 1.0].map(side);
    profiled(&mut risen, &sides, target, &|value| value, with_points)
}

/// The data with one coefficient held at a value.
fn held(data: &ModelData, at: usize, value: f64) -> ModelData {
    let mut held = data.clone();
    let known = |row: usize| data.offset.as_ref().map_or(0.0, |offset| offset[row]);
    let column = &data.x.columns[at];
    held.offset = Some(column.iter().enumerate().map(|(row, x)| known(row) + value * x).collect());
    held.x.remove(&[at]);
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(risen: &mut dyn FnMut(f64) -> f64) -> f64 {
        let side = Side { estimate: 1.0, width: 1.0, limit: f64::INFINITY, least: AT_LIMIT };
        interval_end(risen, &side, 1.96)
    }

    #[test]
    fn an_end_is_where_the_rise_reaches_the_target() {
        assert!((end(&mut |value| (value - 1.0).powi(2)) - 2.96).abs() < 1e-9);
        assert_eq!(end(&mut |_| 0.5), f64::INFINITY);
    }

    #[test]
    fn a_failed_search_has_no_end() {
        assert!(end(&mut |_| f64::NAN).is_nan());
        assert!(end(&mut |value| if value < 2.5 { (value - 1.0).powi(2) } else { f64::NAN }).is_nan());
        // A leap over the target is no end either.
        assert!(end(&mut |value| if value < 2.5 { 0.1 } else { f64::INFINITY }).is_nan());
    }
}
