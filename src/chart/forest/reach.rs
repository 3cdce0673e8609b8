//! How far the axis of a forest reaches: one row far from all others does not squeeze them.

use super::{Forest, ForestRow, RowMark};
use crate::chart::ChartError;
use crate::chart::axes::is_placeable;
use crate::chart::axis::upper_median;

/// How far an interval may stretch an axis beyond the estimates, in spans (or log spans) of these.
const STRETCH: f64 = 1.6;
/// The room of an arrow towards nothing or infinity, as a share of the axis.
const ARROW: f64 = 0.1;
/// How far an estimate may lie from the others, in distances of the typical row.
const FAR: f64 = 12.0;

/// The axis takes in the line of no effect, every estimate that is not far from the others, and intervals up to a
/// stretch beyond.
pub(super) fn domain(chart: &Forest) -> Result<(f64, f64), ChartError> {
    let axis = &chart.scale.axis;
    if axis.range.is_some() {
        return axis.domain(std::iter::empty());
    }
    let is_log = axis.logarithmic;
    let of = |value: f64| if is_log { value.ln() } else { value };
    let back = |value: f64| if is_log { value.exp() } else { value };
    let is_far = far(chart);
    let rows = || chart.rows.iter().filter(|row| !is_far(row));
    let numbers = || rows().map(ForestRow::numbers);
    let points = numbers().filter_map(|row| row[0]).chain(chart.scale.reference);
    let placed: Vec<f64> = points.filter(|value| is_placeable(*value, is_log)).map(of).collect();
    let low = placed.iter().copied().fold(f64::INFINITY, f64::min);
    let high = placed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Summaries are shown whole, intervals of studies as far as they do not crush the rest.
    let summaries = rows().filter(|row| matches!(row.mark, RowMark::Summary { .. }));
    let fitted = rows().filter_map(ForestRow::fitted).flat_map(|of| [of.ci.lower, of.ci.upper]);
    let summaries = summaries.flat_map(|row| row.numbers()).flatten();
    let whole: Vec<f64> = summaries.chain(fitted).filter(|v| is_placeable(*v, is_log)).map(of).collect();
    let widths: Vec<f64> = numbers()
        .filter_map(|row| Some(of(row[2]?) - of(row[1]?)))
        .filter(|width| width.is_finite() && *width > 0.0)
        .collect();
    // Where all estimates are one, as those of rounding are 0, the intervals are what is to be seen.
    let widest = widths.iter().copied().fold(0.0, f64::max);
    let typical = if high > low { upper_median(widths).unwrap_or(0.0) } else { widest };
    let reach = STRETCH * (high - low).max(typical);
    let (mut from, mut to) = (low, high);
    // A band of rounding around an estimate or an end that is shown is shown whole too.
    let bands = rows().flat_map(|row| match &row.mark {
        RowMark::Reported { rounding, .. } => rounding.as_slice(),
        _ => &[],
    });
    let bands = bands.flat_map(|range| range.ends()).map(Some);
    let ends = numbers().flat_map(|row| [row[1], row[2], row[4], row[5]]).chain(bands).flatten();
    let ends: Vec<f64> = ends.map(|end| if is_log && end <= 0.0 { f64::NEG_INFINITY } else { of(end) }).collect();
    for end in ends.iter().filter(|end| end.is_finite()) {
        from = from.min(end.max(low - reach));
        to = to.max(end.min(high + reach));
    }
    for end in whole {
        (from, to) = (from.min(end), to.max(end));
    }
    // No stretch shows an end at nothing or at infinity any better: its arrow needs some room and no more.
    let room = ARROW * (to - from).max(if is_log { 1.0 } else { 0.0 });
    if ends.contains(&f64::NEG_INFINITY) {
        from -= room;
    }
    if ends.contains(&f64::INFINITY) {
        to += room;
    }
    axis.domain([back(from), back(to)].into_iter())
}

/// Which rows lie so far from the others that they would squeeze these: their marks are arrows at the edge.
///
/// A row needs the distance of its estimate and its ends from the median estimate; the typical row needs the (upper)
/// median of these distances, which fewer than half of the rows can move wherever they lie. Summaries are never far.
fn far(chart: &Forest) -> impl Fn(&ForestRow) -> bool {
    let is_log = chart.scale.axis.logarithmic;
    let of = move |value: f64| if is_log { value.ln() } else { value };
    let estimate = move |row: &ForestRow| match row.mark {
        RowMark::Study { estimate, .. } | RowMark::Reported { estimate, .. } => Some(of(estimate)),
        _ => None,
    };
    let middle = upper_median(chart.rows.iter().filter_map(estimate).collect()).unwrap_or(0.0);
    let needs = |row: &ForestRow| {
        let own = estimate(row)?;
        let [_, lower, upper, ..] = row.numbers();
        let ends = [lower, upper].into_iter().flatten().filter(|end| is_placeable(*end, is_log)).map(of);
        Some(ends.chain([own]).map(|end| (end - middle).abs()).fold(0.0, f64::max))
    };
    // The line of no effect is on the axis wherever the rows lie.
    let reference = chart.scale.reference.filter(|value| is_placeable(*value, is_log)).map(of);
    let to_reference = reference.map_or(0.0, |reference| (reference - middle).abs());
    let typical = upper_median(chart.rows.iter().filter_map(needs).collect()).unwrap_or(0.0).max(to_reference);
    move |row| typical > 0.0 && estimate(row).is_some_and(|own| (own - middle).abs() > FAR * typical)
}

/// Whether an estimate lies beyond the axis.
pub(super) fn hides_estimate(chart: &Forest) -> bool {
    let Ok((from, to)) = domain(chart) else { return false };
    chart.rows.iter().filter_map(|row| row.numbers()[0]).any(|estimate| estimate < from || estimate > to)
}

/// Whether an interval ends beyond the axis, in an arrow.
pub(super) fn goes_beyond(chart: &Forest) -> bool {
    let Ok((from, to)) = domain(chart) else { return false };
    let is_beyond = |row: &ForestRow| {
        let [_, lower, upper, _, below, above] = row.numbers();
        let of_model = row.fitted().map(|of| of.ci);
        [lower, below, of_model.map(|ci| ci.lower)].into_iter().flatten().any(|end| end < from)
            || [upper, above, of_model.map(|ci| ci.upper)].into_iter().flatten().any(|end| end > to)
    };
    chart.rows.iter().any(is_beyond)
}
