//! The correlation between before and after, from anything that is reported of the change.

use super::compatible::Compatible;
use crate::diagnostic::Refused;
use crate::estimate::{Moments, possible_level};
use crate::numeric::dist::{t_critical, t_of_two_sided_p};
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

/// Something that is reported of the change, from which its SD follows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ReportedChange {
    /// The statistic of the paired t-test.
    T(Rounded),
    /// Its two-sided p-value.
    P(Rounded),
    /// The SD of change.
    Sd(Rounded),
    /// The standard error of the mean change.
    Se(Rounded),
    /// A confidence interval for the mean change.
    Ci {
        /// The lower end.
        lower: Rounded,
        /// The upper end.
        upper: Rounded,
        /// Its level, such as 0.95.
        level: f64,
    },
}

impl ReportedChange {
    /// That it can be one: that its numbers are finite, a spread at least 0, a p from 0 to 1 and a level a share
    /// between 0 and 1.
    fn possible(self) -> Result<(), Refused> {
        let (what, numbers, least, most) = match self {
            Self::T(t) => ("t", [t.value; 2], f64::MIN, f64::MAX),
            Self::P(p) => ("p", [p.value; 2], 0.0, 1.0),
            Self::Sd(sd) => ("the SD of change", [sd.value; 2], 0.0, f64::MAX),
            Self::Se(se) => ("the SE of change", [se.value; 2], 0.0, f64::MAX),
            Self::Ci { lower, upper, level } => {
                possible_level(level)?;
                ("an end of the CI of change", [lower.value, upper.value], f64::MIN, f64::MAX)
            }
        };
        match numbers.iter().find(|number| !(least..=most).contains(*number)) {
            Some(number) => Err(format!("{what} is {number}, which it cannot be").into()),
            None => Ok(()),
        }
    }
}

/// The numbers that were reported cannot belong to one set of patients.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImpossibleCorrelation {
    /// The correlation would lie outside −1 … 1.
    #[error("{formula} gives r = {}, and a correlation lies between −1 and 1{}", beyond_one(*.r), within_rounding(*.rounding))]
    OutOfRange {
        /// The number that comes out.
        r: f64,
        /// The numbers that come out over all numbers that print so.
        rounding: Option<Interval>,
        /// The formula.
        formula: &'static str,
    },
    /// The confidence interval does not lie about the mean change.
    #[error("the CI of change lies about {}, and the means change by {}: they contradict each other", fixed(*.center, 3), fixed(*.change, 3))]
    OffCenter {
        /// The middle of the interval.
        center: f64,
        /// The change of the means.
        change: f64,
    },
    /// A test of no change, and a change in the means that no correlation makes so small.
    #[error("t = 0 means that the mean does not change, and the means change by {}, {} at least after rounding, which gives a t of {} at least: they contradict each other", fixed(*.change, 3), fixed(*.least, 3), significant(*.least_t, 3))]
    NoChange {
        /// The change of the means.
        change: f64,
        /// The smallest size that it has for all numbers that print so.
        least: f64,
        /// The smallest size of t that goes with it, at a correlation of −1.
        least_t: f64,
    },
    /// Something is missing or has no meaning.
    #[error("{0}")]
    Missing(String),
}

/// An impossible correlation with as many decimals as show that it is one.
fn beyond_one(r: f64) -> String {
    let is_one = |text: &str| text.trim_start_matches('−').trim_end_matches('0') == "1.";
    (3..12).map(|decimals| fixed(r, decimals)).find(|text| !is_one(text)).unwrap_or_else(|| r.to_string())
}

fn within_rounding(rounding: Option<Interval>) -> String {
    let Some(range) = rounding else { return String::new() };
    let [lower, upper] = range.ends().map(|end| fixed(end, 3));
    if range.lower <= 1.0 && range.upper >= -1.0 {
        return format!("; rounding of the printed numbers allows {lower} to {upper}, so that it may still be one");
    }
    format!("; rounding of the printed numbers allows only {lower} to {upper}: they contradict each other")
}

/// The correlation for SDs `s1` and `s2` and the SD of change: (s₁² + s₂² − s_d²)/(2 s₁ s₂).
///
/// Source: Cochrane Handbook (2024), 6.5.2.8.
pub fn correlation_of(s1: f64, s2: f64, sd_change: f64) -> f64 {
    // Written with (s₁ − s₂)² the two squares do not cancel where the SDs are close.
    let gap = s1 - s2;
    1.0 + (gap - sd_change) * (gap + sd_change) / (2.0 * s1 * s2)
}

/// The correlations over all SDs in three intervals; none where an SD before or after may be 0.
///
/// The function falls in the SD of change. In s₁ it falls up to √(s₂² − s_d²) and rises from there,
/// likewise in s₂, and it has no stationary point inside the box unless s_d = 0, where its minimum 1
/// lies on s₁ = s₂ and meets the boundary. So the extremes are at corners or at those points of the
/// edges.
pub fn correlation_range(s1: Interval, s2: Interval, sd_change: Interval) -> Option<Interval> {
    if s1.lower <= 0.0 || s2.lower <= 0.0 {
        return None;
    }
    let at = |s_d: f64| extremal_sds([s1, s2], s_d).map(|[a, b]| correlation_of(a, b, s_d));
    Interval::hull(sd_change.ends().into_iter().flat_map(at))
}

/// The SDs among which the correlation has its extremes for an SD of change: see [`correlation_range`].
pub(super) fn extremal_sds([s1, s2]: [Interval; 2], s_d: f64) -> [[f64; 2]; 8] {
    let turn = |s: f64| (s * s - s_d * s_d).max(0.0).sqrt();
    let ([a, b], [c, d]) = (s1.ends(), s2.ends());
    [
        [a, c],
        [a, d],
        [b, c],
        [b, d],
        [a, s2.clamp(turn(a))],
        [b, s2.clamp(turn(b))],
        [s1.clamp(turn(c)), c],
        [s1.clamp(turn(d)), d],
    ]
}

/// A correlation that was recovered.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecoveredCorrelation {
    /// The correlation, and the range that rounding leaves it.
    pub r: Rounded,
    /// What was reported of the change.
    pub reported: ReportedChange,
    /// The numbers behind the printed ones that go together with a correlation.
    pub(crate) compatible: Compatible,
}

/// The correlation that follows from something reported of the change in `n` patients.
///
/// # Errors
/// If the numbers do not allow it: an SD is missing, the mean does not change where t or p is to be used, or the
/// correlation comes out beyond ±1; also if a mean or what is reported of the change is no finite number, a spread none
/// of at least 0, p none from 0 to 1, or the level of an interval no share between 0 and 1.
///
/// ```
/// use reffect::estimate::Moments;
/// use reffect::numeric::rounding::Rounded;
/// use reffect::recover::{ReportedChange, recover_correlation};
///
/// let reported = ReportedChange::Sd(Rounded::exact(1.5));
/// let found = recover_correlation(&Moments::exact(5.1, 1.7), &Moments::exact(4.1, 1.6), 7, reported)?;
/// assert!((found.r.value - (1.7 * 1.7 + 1.6 * 1.6 - 1.5 * 1.5) / (2.0 * 1.7 * 1.6)).abs() < 1e-15);
/// # Ok::<(), reffect::recover::ImpossibleCorrelation>(())
/// ```
pub fn recover_correlation(
    before: &Moments,
    after: &Moments,
    n: u64,
    reported: ReportedChange,
) -> Result<RecoveredCorrelation, ImpossibleCorrelation> {
    let missing = |text: &str| ImpossibleCorrelation::Missing(text.to_owned());
    before.possible("before").and_then(|()| after.possible("after")).map_err(|reason| missing(reason.reason()))?;
    reported.possible().map_err(|reason| missing(reason.reason()))?;
    let (Some(s1), Some(s2)) = (before.sd, after.sd) else {
        return Err(missing("r cannot be recovered without the SDs before and after"));
    };
    if s1.value <= 0.0 || s2.value <= 0.0 {
        return Err(missing("r has no meaning where an SD is 0"));
    }
    if n < 2 {
        return Err(missing("r cannot be recovered from one patient"));
    }
    let (sd_change, formula) = sd_of_change(before, after, n, reported)?;
    /// An SD of change of just |s₁ − s₂| or s₁ + s₂ gives ±1 but for the last digits of doubles.
    const LAST_DIGITS: f64 = 1e-12;
    let r = correlation_of(s1.value, s2.value, sd_change.value);
    let r = if (r.abs() - 1.0).abs() <= LAST_DIGITS { r.signum() } else { r };
    let rounding = correlation_range(s1.range, s2.range, sd_change.range);
    if r.abs() > 1.0 || r.is_nan() {
        return Err(ImpossibleCorrelation::OutOfRange { r, rounding, formula });
    }
    let compatible = Compatible::new([s1, s2], after.mean.minus(before.mean), n, reported, sd_change.range);
    let spreads = compatible.spreads().unwrap_or(sd_change.range);
    let range = correlation_range(s1.range, s2.range, spreads).unwrap_or(Interval::between(-1.0, 1.0));
    let range = Interval { lower: range.lower.max(-1.0), upper: range.upper.min(1.0) }.including(r);
    let r = Rounded { value: r, range };
    Ok(RecoveredCorrelation { r, reported, compatible })
}

/// The size of the t statistic that has a two-sided p.
pub(super) fn t_of_p(p: Rounded, df: f64) -> Rounded {
    // A p that prints as 0 bounds t by nothing.
    let t = |p: f64| t_of_two_sided_p(p.clamp(0.0, 1.0), df);
    Rounded { value: t(p.value), range: p.range.map_monotone(t) }
}

fn sd_of_change(
    before: &Moments,
    after: &Moments,
    n: u64,
    reported: ReportedChange,
) -> Result<(Rounded, &'static str), ImpossibleCorrelation> {
    let size = n as f64;
    let df = size - 1.0;
    let from_t = |t: Rounded, of_none: &str| {
        let (size_of_change, t) = (after.mean.minus(before.mean).abs(), t.abs());
        if size_of_change.value == 0.0 {
            let text = "t and p say nothing about r where the mean does not change";
            return Err(ImpossibleCorrelation::Missing(text.to_owned()));
        }
        if t.value == 0.0 {
            return Err(without_t((t, of_none), size_of_change, before, after, size));
        }
        let upper = if t.range.lower > 0.0 { size_of_change.range.upper / t.range.lower } else { f64::INFINITY };
        let range = Interval { lower: size_of_change.range.lower / t.range.upper, upper };
        Ok(Rounded { value: size_of_change.value / t.value, range }.scaled(size.sqrt()))
    };
    match reported {
        ReportedChange::Sd(sd) => Ok((sd.not_negative(), "the SD of change")),
        ReportedChange::Se(se) => Ok((se.not_negative().scaled(size.sqrt()), "the SE of change, s_d = SE·√n,")),
        ReportedChange::T(t) => Ok((from_t(t, "t = 0")?, "the paired t, s_d = |MD|·√n/|t|,")),
        ReportedChange::P(p) => Ok((from_t(t_of_p(p, df), "p = 1")?, "the p of a paired t-test")),
        ReportedChange::Ci { lower, upper, level } => {
            check_center(before, after, lower, upper)?;
            let factor = 0.5 * size.sqrt() / t_critical(level, df);
            Ok((upper.minus(lower).not_negative().scaled(factor), "the CI of change, s_d = half-width·√n/t,"))
        }
    }
}

/// What follows where t is 0 as printed, or p is 1, which `of_none` says: at r = −1 the SD of change is largest, s₁ +
/// s₂, and t smallest. Where not even that prints as 0, the numbers contradict each other; otherwise no single r
/// follows.
fn without_t(
    (t, of_none): (Rounded, &str),
    change: Rounded,
    before: &Moments,
    after: &Moments,
    n: f64,
) -> ImpossibleCorrelation {
    let least = change.range.lower;
    let most_spread: f64 = [before.sd, after.sd].iter().flatten().map(|sd| sd.range.upper).sum();
    let least_t = least * n.sqrt() / most_spread;
    if least_t > t.range.upper {
        let change = after.mean.minus(before.mean).value;
        return ImpossibleCorrelation::NoChange { change, least, least_t };
    }
    let text = if least > 0.0 {
        format!(
            "{of_none} as printed gives no single r: every t up to {} prints so, and the means ask for {} at least",
            significant(t.range.upper, 3),
            significant(least_t, 3)
        )
    } else {
        format!("{of_none} says nothing about r: the means may be equal before they were rounded")
    };
    ImpossibleCorrelation::Missing(text)
}

/// A confidence interval of t lies about the change, or about its negative where the source counts
/// before − after.
fn check_center(
    before: &Moments,
    after: &Moments,
    lower: Rounded,
    upper: Rounded,
) -> Result<(), ImpossibleCorrelation> {
    let ends = [lower.range.lower + upper.range.lower, lower.range.upper + upper.range.upper];
    let change = after.mean.minus(before.mean);
    // Numbers that were computed and not printed differ in their last digits.
    let slack = 1e-9 * (ends[0].abs() + ends[1].abs() + before.mean.value.abs() + after.mean.value.abs());
    let center = Interval { lower: 0.5 * ends[0] - slack, upper: 0.5 * ends[1] + slack };
    if center.meets(change.range) || center.meets(change.range.scaled(-1.0)) {
        return Ok(());
    }
    Err(ImpossibleCorrelation::OffCenter { center: 0.5 * (lower.value + upper.value), change: change.value })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// s₁ = 0.35, s₂ = 0.75, s_d = 1.1 and a change of −1.1 all print so, and r is −1 there: drm is −2.
    #[test]
    fn drm_ends_where_the_sds_sum_to_that_of_the_change() {
        let moments = |mean: &str, sd: &str| Moments {
            mean: mean
                .parse::<crate::numeric::numeral::Numeral>()
                .unwrap()
                .rounded(crate::numeric::rounding::Rounding::UpOrDown),
            sd: Some(
                sd.parse::<crate::numeric::numeral::Numeral>()
                    .unwrap()
                    .rounded(crate::numeric::rounding::Rounding::UpOrDown),
            ),
        };
        let reported = ReportedChange::Sd(Rounded { value: 1.0, range: Interval { lower: 0.5, upper: 1.5 } });
        let found = recover_correlation(&moments("5.0", "0.4"), &moments("4.0", "0.8"), 9, reported).unwrap();
        let range = found.compatible.by_raw_sd().unwrap();
        assert!((range.lower + 2.0).abs() < 1e-12 && range.upper.abs() < 1e-12, "{range:?}");
        // Means that print alike can differ either way.
        let reported = ReportedChange::Sd(Rounded { value: 0.2, range: Interval { lower: 0.15, upper: 0.25 } });
        let found = recover_correlation(&moments("5.0", "1.4"), &moments("5.0", "1.2"), 9, reported).unwrap();
        let range = found.compatible.by_raw_sd().unwrap();
        assert!(range.lower < 0.0 && (range.lower + range.upper).abs() < 1e-12, "{range:?}");
    }

    /// 0.3 − 0.1 is a little less than 0.2 in doubles, and (0.01 + 0.09 − 0.04)/0.06 a little less than 1.
    #[test]
    fn a_correlation_of_one_is_one() {
        for (s1, s2, sd) in [(0.1, 0.3, 0.2), (0.2, 0.5, 0.3), (1.0, 3.0, 2.0), (0.1, 0.2, 0.3)] {
            let reported = ReportedChange::Sd(Rounded::exact(sd));
            let found = recover_correlation(&Moments::exact(5.0, s1), &Moments::exact(4.0, s2), 9, reported).unwrap();
            assert_eq!(found.r.value.abs(), 1.0, "{s1} {s2} {sd}");
        }
    }

    /// A dense grid over the box never leaves the range, and comes close to both of its ends.
    #[test]
    fn range_of_r_is_what_a_grid_finds() {
        for (s1, s2, s_d) in [
            ((1.65, 1.75), (1.55, 1.65), (1.07, 1.10)),
            ((0.5, 3.0), (0.9, 1.1), (0.4, 0.6)),
            ((1.0, 2.0), (1.0, 2.0), (0.0, 0.0)),
        ] {
            let boxed = |(a, b): (f64, f64)| Interval::between(a, b);
            let range = correlation_range(boxed(s1), boxed(s2), boxed(s_d)).unwrap();
            let steps = 60;
            let at = |(a, b): (f64, f64), i: i32| a + (b - a) * f64::from(i) / f64::from(steps);
            let mut grid = Vec::new();
            for i in 0..=steps {
                for j in 0..=steps {
                    for k in [0, steps / 2, steps] {
                        grid.push(correlation_of(at(s1, i), at(s2, j), at(s_d, k)));
                    }
                }
            }
            let found = Interval::hull(grid).unwrap();
            assert!(range.lower <= found.lower + 1e-12 && found.upper <= range.upper + 1e-12, "{range:?} {found:?}");
            assert!(found.width() > 0.999 * range.width() - 1e-12, "{range:?} {found:?}");
        }
    }

    #[test]
    fn every_route_leads_to_the_same_r() {
        let exact = Rounded::exact;
        let before = Moments::exact(5.1, 1.7);
        let after = Moments::exact(4.1, 1.6);
        let (n, r) = (7, 0.6);
        let sd_change = (1.7f64 * 1.7 + 1.6 * 1.6 - 2.0 * r * 1.7 * 1.6).sqrt();
        let se = sd_change / 7f64.sqrt();
        let half = t_critical(0.95, 6.0) * se;
        let p = crate::numeric::dist::t_two_sided_p(-1.0 / se, 6.0);
        for reported in [
            ReportedChange::Sd(exact(sd_change)),
            ReportedChange::Se(exact(se)),
            ReportedChange::T(exact(-1.0 / se)),
            ReportedChange::T(exact(1.0 / se)),
            ReportedChange::P(exact(p)),
            ReportedChange::Ci { lower: exact(-1.0 - half), upper: exact(-1.0 + half), level: 0.95 },
        ] {
            let recovered = recover_correlation(&before, &after, n, reported).unwrap();
            assert!((recovered.r.value - r).abs() < 1e-10, "{reported:?}: {recovered:?}");
        }
        let impossible = recover_correlation(&before, &after, n, ReportedChange::Sd(exact(4.0)));
        assert!(matches!(impossible, Err(ImpossibleCorrelation::OutOfRange { .. })), "{impossible:?}");
    }

    /// √(2(1 − r))·MD/s_d over a grid of the box that was printed, where r follows from each point of it.
    #[test]
    fn range_of_drm_is_what_a_grid_finds() {
        let boxed = |value: f64, half: f64| Rounded { value, range: Interval::between(value - half, value + half) };
        let moments = |mean, sd| Moments { mean: boxed(mean, 0.05), sd: Some(boxed(sd, 0.05)) };
        let (before, after, n) = (moments(1.7, 3.0), moments(3.7, 4.4), 4);
        let at = |range: Interval, i: i32| range.lower + range.width() * f64::from(i) / 10.0;
        for reported in [ReportedChange::T(boxed(0.9, 0.05)), ReportedChange::Sd(boxed(4.0, 0.05))] {
            let found = recover_correlation(&before, &after, n, reported).unwrap().compatible.by_raw_sd().unwrap();
            let change = after.mean.minus(before.mean).range;
            let (s1, s2) = (before.sd.unwrap().range, after.sd.unwrap().range);
            let mut grid = Vec::new();
            for (i, j, k, l) in (0..14641).map(|cell| (cell % 11, cell / 11 % 11, cell / 121 % 11, cell / 1331)) {
                let md = at(change, i);
                let s_d = match reported {
                    ReportedChange::T(t) => md * 2.0 / at(t.range, j),
                    ReportedChange::Sd(sd) => at(sd.range, j),
                    _ => unreachable!(),
                };
                grid.push(md / s_d * (2.0 * (1.0 - correlation_of(at(s1, k), at(s2, l), s_d))).sqrt());
            }
            let exact = Interval::hull(grid).unwrap();
            assert!((found.lower - exact.lower).abs() < 1e-12 && (found.upper - exact.upper).abs() < 1e-12);
        }
    }

    /// Means 0.2 apart with a t that prints as 0.0: possible with SDs of 2, impossible with SDs of 0.1.
    #[test]
    fn a_t_of_zero_is_a_small_one() {
        let boxed = |value: f64| Rounded { value, range: Interval::between(value - 0.05, value + 0.05) };
        let of = |sd| {
            let moments = |mean| Moments { mean: boxed(mean), sd: Some(boxed(sd)) };
            recover_correlation(&moments(1.0), &moments(0.8), 3, ReportedChange::T(boxed(0.0))).unwrap_err()
        };
        assert!(matches!(of(2.0), ImpossibleCorrelation::Missing(text) if text.contains("up to 0.0500")));
        assert!(matches!(of(0.1), ImpossibleCorrelation::NoChange { least_t, .. } if least_t > 0.5));
        // What was printed is named: 5.1 ± 1.7 → 4.1 ± 1.6 with a p of 1.
        let p = ReportedChange::P(Rounded { value: 1.0, range: Interval::between(0.4, 1.0) });
        let found = recover_correlation(&Moments::exact(5.1, 1.7), &Moments::exact(4.1, 1.6), 7, p).unwrap_err();
        assert!(found.to_string().starts_with("p = 1 as printed"), "{found}");
    }
}
