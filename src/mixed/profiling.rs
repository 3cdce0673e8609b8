//! Where a profile of a likelihood crosses a line, and profiles of fixed effects of any model.

use super::data::ModelData;
use super::parallel::in_parallel;
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
}

impl Side {
    /// A value just inside the limit, where everything is still defined.
    pub fn inside(&self, value: f64) -> f64 {
        let margin = 1e-7 * (self.estimate - self.limit).abs().max(self.width.abs() * 1e-3);
        if self.width < 0.0 { value.max(self.limit + margin) } else { value.min(self.limit - margin) }
    }
}

/// The value at which the root of the criterion's rise reaches `target`; the limit where it never does, and
/// NaN where the search fails.
pub(super) fn interval_end(risen: &mut dyn FnMut(f64) -> f64, side: &Side, target: f64) -> f64 {
    let Side { estimate, width, limit } = *side;
    if limit.is_finite() && (estimate - limit).abs() <= 1e-9 {
        return limit;
    }
    let mut root = |value: f64| risen(value).max(0.0).sqrt() - target;
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
    // The signed root is nearly a line: the secant with a bracket (Illinois).
    for _ in 0..60 {
        let mut next = b - fb * (b - a) / (fb - fa);
        if !next.is_finite() || (next - a) * (next - b) > 0.0 {
            next = 0.5 * (a + b);
        }
        let f = root(next);
        if f.abs() <= 1e-9 || (b - a).abs() <= 1e-11 * b.abs() {
            return next;
        }
        if (f < 0.0) == (fb < 0.0) {
            fa *= 0.5;
        } else {
            (a, fa) = (b, fb);
        }
        (b, fb) = (next, f);
    }
    b
}

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

/// Profile intervals of the fixed effects of any model: a coefficient is held at a value by taking its column,
/// times the value, as an offset. `criterion` fits a model to such data by full maximum likelihood.
///
/// Source: Venzon & Moolgavkar (1988), Appl Stat 37:87.
pub(super) fn fixed_effects(
    data: &ModelData,
    (estimates, se): (&[f64], &[f64]),
    level: f64,
    minimum: f64,
    criterion: &(dyn Fn(&ModelData) -> Option<f64> + Sync),
    with_points: bool,
) -> Vec<Profiled> {
    let target = chi_squared_quantile(level, 1.0).sqrt();
    let of = |(): &mut (), at: usize| {
        let mut risen = |value: f64| criterion(&held(data, at, value)).map_or(f64::INFINITY, |found| found - minimum);
        let sides = [-1.0, 1.0].map(|sign| {
            let width = sign * target * se[at];
            Side { estimate: estimates[at], width, limit: sign * f64::INFINITY }
        });
        profiled(&mut risen, &sides, target, &|value| value, with_points)
    };
    in_parallel(estimates.len(), || (), of, &mut |_| true).unwrap_or_default()
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
