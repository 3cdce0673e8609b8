//! How far the axis of an overview reaches: one row far from all others does not squeeze them.
//!
//! Distances are those of logarithms from 1, no change. What a row needs is the distance of its point and of the ends
//! of its intervals, whichever is the greatest; the typical row needs the (upper) median of these, which fewer than
//! half of the rows can move wherever they lie. A point beyond [`FAR_POINT`] times that distance, and the part of an
//! interval beyond [`FAR_END`] times it, are cut at the edge.

use super::{Overview, Row};
use crate::chart::axis::upper_median;

/// How far an interval may stretch the axis beyond the points, as a factor.
const STRETCH: f64 = 12.0;
/// How far a point may lie, in distances of the typical row, and what is never too far, as a factor.
const FAR_POINT: (f64, f64) = (8.0, 20.0);
/// The same of an end of an interval.
const FAR_END: (f64, f64) = (4.0, 4.0);

/// What the axis takes in: 1, every point, and intervals up to a factor beyond the points, as far as they are not far
/// from those of the other rows.
pub(super) fn reach(chart: &Overview) -> (f64, f64) {
    let typical = typical(chart);
    let limit = |(times, least): (f64, f64)| (times * typical).max(f64::ln(least));
    let near = |point: &f64| point.ln().abs() <= limit(FAR_POINT);
    let points = chart.rows().filter_map(|row| row.ratio).filter(near).chain([1.0]);
    let (low, high) = points.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let far = limit(FAR_END);
    // A limit of an unbounded typical row is infinite, and cuts nothing.
    let least = (low / STRETCH).max((-far).exp().min(low));
    let most = (high * STRETCH).min(far.exp().max(high));
    chart.rows().flat_map(Row::ends).fold((low, high), |(from, to), end| {
        let shown = end.clamp(least, most);
        (from.min(shown), to.max(shown))
    })
}

/// The distance of the upper median of the rows that have a point.
fn typical(chart: &Overview) -> f64 {
    // An interval that reaches 0 or beyond has no end.
    let distance = |end: f64| if end > 0.0 { end.ln().abs() } else { f64::INFINITY };
    let needs = |row: &Row| Some(row.ends().chain([row.ratio?]).map(distance).fold(0.0, f64::max));
    upper_median(chart.rows().filter_map(needs).collect()).unwrap_or(0.0)
}
