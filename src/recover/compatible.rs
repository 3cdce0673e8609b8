//! The numbers behind printed ones that go together: means, SDs and what is reported of the change, with a correlation
//! from −1 to 1.

use super::correlation::{ReportedChange, correlation_range, extremal_sds, t_of_p};
use crate::numeric::dist::t_critical;
use crate::numeric::golden::minimum_between;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

/// A mean change x and an SD of change y.
type Point = [f64; 2];

/// A convex region of such pairs, by its corners in turn.
#[derive(Clone, Debug, PartialEq)]
struct Region(Vec<Point>);

impl Region {
    fn rectangle(x: Interval, y: Interval) -> Self {
        Self(vec![[x.lower, y.lower], [x.upper, y.lower], [x.upper, y.upper], [x.lower, y.upper]])
    }

    /// The part where ax + by ≥ c. Numbers that were computed and not printed lie on such a border but for their last
    /// digits.
    ///
    /// Source: Sutherland & Hodgman (1974), Commun ACM 17:32.
    fn cut(self, [a, b]: Point, c: f64) -> Self {
        let excess = |[x, y]: Point| {
            let sum = a * x + b * y - c;
            if sum.abs() <= 1e-12 * ((a * x).abs() + (b * y).abs() + c.abs()) { 0.0 } else { sum }
        };
        let mut kept = Vec::with_capacity(self.0.len() + 2);
        for (i, &here) in self.0.iter().enumerate() {
            let next = self.0[(i + 1) % self.0.len()];
            let (e, f) = (excess(here), excess(next));
            if e >= 0.0 {
                kept.push(here);
            }
            if e * f < 0.0 {
                kept.push(between(here, next, e / (e - f)));
            }
        }
        Self(kept)
    }

    fn mirrored(self) -> Self {
        Self(self.0.into_iter().map(|[x, y]| [-x, y]).collect())
    }

    fn spreads(&self) -> Option<Interval> {
        Interval::hull(self.0.iter().map(|[_, y]| *y))
    }

    /// The mean changes that go with SDs of change.
    fn changes_within(&self, spreads: Interval) -> Option<Interval> {
        let corners = self.0.iter().filter(|[_, y]| spreads.contains(*y)).map(|[x, _]| *x);
        let ends = spreads.ends().into_iter().filter_map(|y| self.changes_at(y)).flat_map(Interval::ends);
        Interval::hull(corners.chain(ends))
    }

    /// The mean changes in units of the SD of change, where that lies within limits; none where it may be 0.
    fn quotients_within(&self, spreads: Interval) -> Option<Interval> {
        let within = self.clone().cut([0.0, 1.0], spreads.lower).cut([0.0, -1.0], -spreads.upper);
        Interval::hull(within.0.iter().map(|[x, y]| x / y)).filter(|quotients| quotients.is_finite())
    }

    /// The mean changes that go with an SD of change.
    fn changes_at(&self, y: f64) -> Option<Interval> {
        let on_edge = |(i, &here): (usize, &Point)| {
            let next = self.0[(i + 1) % self.0.len()];
            if here[1] == next[1] {
                return (here[1] == y).then_some(here[0]);
            }
            let share = (y - here[1]) / (next[1] - here[1]);
            (0.0..=1.0).contains(&share).then(|| between(here, next, share)[0])
        };
        Interval::hull(self.0.iter().enumerate().filter_map(on_edge))
    }
}

/// A part of the numbers that go together, in one region: SDs before and after and SDs of change.
#[derive(Clone, Copy)]
struct Part<'a> {
    region: &'a Region,
    sides: [Interval; 3],
    /// What holds the values there.
    values: Interval,
}

fn between(a: Point, b: Point, share: f64) -> Point {
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

/// All means, SDs and reports of the change that print as given and have a correlation: |s₁ − s₂| ≤ s_d ≤ s₁ + s₂.
///
/// What is reported of the change restricts the mean change x and the SD of change y together: to a rectangle where the
/// latter or its standard error is reported; to the wedge t ≤ x√n/y ≤ t′ where the paired t is; and where a confidence
/// interval is, to those with both of its ends, x ± yt/√n, in what prints as they do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compatible {
    regions: Vec<Region>,
    s: [Interval; 2],
    /// The paired t, where that or its p was reported.
    t: Option<Interval>,
    n: f64,
}

impl Compatible {
    /// Of SDs above 0, a mean change, and what is reported of it with the SD of change that it gives.
    pub(super) fn new(s: [Rounded; 2], change: Rounded, n: u64, reported: ReportedChange, sd_change: Interval) -> Self {
        let s = s.map(|sd| sd.not_negative().range);
        let possible = Interval { lower: s[0].minus(s[1]).abs().lower, upper: s[0].upper + s[1].upper };
        // Numbers that were computed and not printed may miss it in their last digits.
        let spread = sd_change.common(possible).unwrap_or(sd_change);
        let n = n as f64;
        let all = Region::rectangle(change.range, spread);
        let mut t = None;
        let regions = match reported {
            ReportedChange::Sd(_) | ReportedChange::Se(_) => vec![all.clone()],
            ReportedChange::T(_) | ReportedChange::P(_) => {
                let size = match reported {
                    ReportedChange::T(t) => t.range.abs(),
                    ReportedChange::P(p) => t_of_p(p, n - 1.0).range,
                    _ => Interval { lower: 0.0, upper: f64::INFINITY },
                };
                t = Some(size.scaled(change.value.signum()));
                let of = |change: Interval| wedge(Region::rectangle(change, possible), size, n);
                vec![of(change.range), of(change.range.scaled(-1.0)).mirrored()]
            }
            ReportedChange::Ci { lower, upper, level } => {
                let half = t_critical(level, n - 1.0) / n.sqrt();
                let within = |sign| within_ends(&all, [lower.range, upper.range], half, sign);
                vec![within(1.0), within(-1.0)]
            }
        };
        let mut regions: Vec<Region> = regions.into_iter().filter(|region| !region.0.is_empty()).collect();
        if regions.is_empty() {
            regions.push(all);
        }
        Self { regions, s, t, n }
    }

    /// The mean changes.
    pub(crate) fn changes(&self) -> Option<Interval> {
        Interval::hull(self.regions.iter().flat_map(|region| &region.0).map(|[x, _]| *x))
    }

    /// The SDs of change.
    pub(crate) fn spreads(&self) -> Option<Interval> {
        Interval::hull(self.regions.iter().flat_map(|region| &region.0).map(|[_, y]| *y))
    }

    /// The statistics of the paired t-test, up to infinite ones where the SD of change may be 0. Over a convex region
    /// the quotient x/y has its extremes at corners.
    pub(crate) fn paired_t(&self) -> Option<Interval> {
        let root = self.n.sqrt();
        // The corner without any change and spread has every t that its neighbours have.
        let corners = self.regions.iter().flat_map(|region| &region.0).filter(|[x, y]| *x != 0.0 || *y != 0.0);
        let Some(t) = self.t else { return Interval::hull(corners.map(|[x, y]| x / y * root)) };
        // Of both signs of the change the printed one.
        let is_meant = |[x, _]: &&Point| x * (t.lower + t.upper) >= 0.0;
        let found = Interval::hull(corners.filter(is_meant).map(|[x, y]| x / y * root))?;
        let near = |end: f64, printed: f64| if (end - printed).abs() < 1e-9 * printed.abs() { printed } else { end };
        Some(Interval { lower: near(found.lower, t.lower), upper: near(found.upper, t.upper) })
    }

    /// The changes in units of the SD before.
    pub(crate) fn by_sd_before(&self) -> Option<Interval> {
        self.range(|y| {
            let [least, most] = self.sds_at(y);
            Interval { lower: 1.0 / most[0], upper: 1.0 / least[0].max(y - self.s[1].upper) }
        })
    }

    /// The changes in units of √((s₁² + s₂²)/2). The nearest point to the origin on s₁ + s₂ = y is its middle.
    pub(crate) fn by_average_sd(&self) -> Option<Interval> {
        let unit = |[a, b]: Point| 1.0 / (0.5 * (a * a + b * b)).sqrt();
        self.range(|y| {
            let [least, most] = self.sds_at(y);
            let nearest = if least[0] + least[1] >= y {
                least
            } else {
                let first = (0.5 * y).min(y - least[1]).min(most[0]).max(least[0]).max(y - most[1]);
                [first, y - first]
            };
            Interval { lower: unit(most), upper: unit(nearest) }
        })
    }

    /// The changes in units of (s₁ + s₂)/2.
    pub(crate) fn by_mean_of_sds(&self) -> Option<Interval> {
        self.range(|y| {
            let [least, most] = self.sds_at(y);
            Interval { lower: 2.0 / (most[0] + most[1]), upper: 2.0 / (least[0] + least[1]).max(y) }
        })
    }

    /// The changes in units of the raw SDs: x√(2(1 − r))/y = x√((1 − (s₁ − s₂)²/y²)/(s₁s₂)), which is 0 where r is 1
    /// and 2x/y where it is −1.
    pub(crate) fn by_raw_sd(&self) -> Option<Interval> {
        self.range(|y| {
            let square = |[a, b]: Point| ((1.0 - ((a - b) / y).powi(2)) / (a * b)).clamp(0.0, 4.0 / (y * y));
            let squares = extremal_sds(self.s, y).into_iter().map(square);
            Interval::hull(squares).unwrap_or(Interval::UNKNOWN).map_monotone(f64::sqrt)
        })
    }

    /// s₂/s₁
    pub(crate) fn ratios_of_sds(&self) -> Option<Interval> {
        let y = self.spreads()?;
        let most = |first: Interval, second: Interval| {
            let least = first.lower.max(second.lower - y.upper).max(y.lower - second.upper);
            second.upper.min(least + y.upper) / least
        };
        let [s1, s2] = self.s;
        Some(Interval { lower: 1.0 / most(s2, s1), upper: most(s1, s2) }).filter(|ratios| ratios.is_finite())
    }

    /// The least and the largest SDs that differ by no more than y: each of a pair has its own bound.
    fn sds_at(&self, y: f64) -> [Point; 2] {
        let [s1, s2] = self.s;
        [
            [s1.lower.max(s2.lower - y), s2.lower.max(s1.lower - y)],
            [s1.upper.min(s2.upper + y), s2.upper.min(s1.upper + y)],
        ]
    }

    /// From the smallest to the largest difference f(m₂) − f(m₁) over both means in their ranges that differ by a mean
    /// change, where `of` gives the range of f over those of a mean; none where it is unbounded. A sign of −1 is that
    /// of means below 0 without their sign.
    ///
    /// For every m₁ the range of m₂ is that of the mean after with the changes that go with m₁. Between the points from
    /// which one or the other bounds it both are smooth.
    pub(crate) fn over_means(
        &self,
        [before, after]: [Interval; 2],
        sign: f64,
        of: [&dyn Fn(Interval) -> Interval; 2],
    ) -> Option<Interval> {
        let changes = self.changes()?.scaled(sign);
        let within = |m1: f64| {
            let beside = changes.plus(Interval::point(m1));
            beside.common(after).unwrap_or(Interval::point(after.clamp(0.5 * (beside.lower + beside.upper))))
        };
        let at = |m1: f64| of[1](within(m1)).minus(of[0](Interval::point(m1)));
        let turns = after.ends().into_iter().flat_map(|end| changes.ends().map(|change| end - change));
        // An end less a change and the same change again is that end but for the last digit of a double.
        let possible = |m1: &f64| before.contains(*m1) && changes.plus(Interval::point(*m1)).nearly_meets(after);
        let mut stops: Vec<f64> = turns.chain(before.ends()).filter(possible).collect();
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        let inside = stops.windows(2).flat_map(|pair| {
            let lowest = minimum_between(|m1| at(m1).lower, pair[0], pair[1]);
            let highest = minimum_between(|m1| -at(m1).upper, pair[0], pair[1]);
            [lowest, highest]
        });
        let inside: Vec<f64> = inside.collect();
        Interval::hull(stops.into_iter().chain(inside).flat_map(|m1| at(m1).ends())).filter(|range| range.is_finite())
    }

    /// Bounds of the products of the mean change with a factor of at least 0, of which an interval is given for every
    /// interval of correlations, of both SDs and of the SD of change; none where they are unbounded. No product lies
    /// beyond, and some come close: the part that may reach farthest is halved again and again.
    ///
    /// `most` is how large the factor can be in units of 1/y for correlations in an interval. A paired t ties the mean
    /// change to the SD of change, and all of those that are tied so may reach equally far: halving alone would not
    /// come near.
    pub(crate) fn bounds(
        &self,
        factor: impl Fn(Interval, [Interval; 3]) -> Interval,
        most: impl Fn(Interval) -> f64,
    ) -> Option<Interval> {
        const HALVINGS: usize = 400;
        let part = |region, sides: [Interval; 3]| {
            let [s1, s2, y] = sides;
            let r = correlation_range(s1, s2, y)?.common(Interval { lower: -1.0, upper: 1.0 })?;
            let mut values = product(Region::changes_within(region, y)?, factor(r, sides))?;
            if let Some(quotients) = Region::quotients_within(region, y) {
                let most = most(r);
                values.lower = values.lower.max(most * quotients.lower.min(0.0));
                values.upper = values.upper.min(most * quotients.upper.max(0.0));
            }
            Some(Part { region, sides, values })
        };
        let whole = |region| part(region, [self.s[0], self.s[1], Region::spreads(region)?]);
        let parts: Vec<Part<'_>> = self.regions.iter().filter_map(whole).collect();
        let reach = |sign: f64| {
            let mut parts = parts.clone();
            let end = |part: &Part<'_>| if sign > 0.0 { part.values.upper } else { -part.values.lower };
            let farthest =
                |parts: &[Part<'_>]| (0..parts.len()).max_by(|i, j| end(&parts[*i]).total_cmp(&end(&parts[*j])));
            for _ in 0..HALVINGS {
                let next = farthest(&parts)?;
                let Part { region, sides, .. } = parts[next];
                let size = |side: usize| sides[side].width() / (sides[side].upper + f64::MIN_POSITIVE);
                let widest = (0..3).max_by(|i, j| size(*i).total_cmp(&size(*j)))?;
                if size(widest) == 0.0 {
                    break;
                }
                parts.swap_remove(next);
                parts.extend(sides[widest].halves().into_iter().filter_map(|half| {
                    let mut sides = sides;
                    sides[widest] = half;
                    part(region, sides)
                }));
            }
            farthest(&parts).map(|i| sign * end(&parts[i]))
        };
        Some(Interval { lower: reach(-1.0)?, upper: reach(1.0)? }).filter(|range| range.is_finite())
    }

    /// The products of the mean change with a factor of at least 0, whose values over all SDs that go with an SD of
    /// change are given; none where they are unbounded.
    ///
    /// Between the corners of a region and of the printed SDs both are smooth in the SD of change, and their product
    /// has its extremes at the ends or where one gains what the other loses.
    pub(crate) fn range(&self, factors: impl Fn(f64) -> Interval) -> Option<Interval> {
        let [s1, s2] = self.s;
        let sums = s1.ends().into_iter().flat_map(|a| s2.ends().map(|b| [a + b, (a - b).abs()])).flatten();
        let sums: Vec<f64> = sums.collect();
        let mut values = Vec::new();
        for region in &self.regions {
            let spreads = region.spreads()?;
            let at = |y: f64| product(region.changes_at(y)?, factors(y));
            // The limit at 0 is that of small ones.
            let least = spreads.lower.max(1e-6 * spreads.upper);
            let corners = region.0.iter().map(|[_, y]| *y).chain(sums.iter().copied());
            let mut stops: Vec<f64> = corners.filter(|y| *y > least && *y <= spreads.upper).chain([least]).collect();
            stops.sort_by(f64::total_cmp);
            stops.dedup();
            for pair in stops.windows(2) {
                let lowest = minimum_between(|y| at(y).map_or(f64::NAN, |of| of.lower), pair[0], pair[1]);
                let highest = minimum_between(|y| at(y).map_or(f64::NAN, |of| -of.upper), pair[0], pair[1]);
                values.extend([lowest, highest].into_iter().filter_map(at).flat_map(Interval::ends));
            }
            values.extend(stops.into_iter().filter_map(at).flat_map(Interval::ends));
        }
        Interval::hull(values).filter(|range| range.is_finite())
    }
}

/// All products of a mean change with a factor of at least 0.
fn product(x: Interval, factor: Interval) -> Option<Interval> {
    Interval::hull(x.ends().into_iter().flat_map(|x| factor.ends().map(|factor| x * factor)))
}

/// Changes upwards whose paired t lies within sizes of t.
fn wedge(region: Region, t: Interval, n: f64) -> Region {
    let region = region.cut([1.0, 0.0], 0.0).cut([n.sqrt(), -t.lower], 0.0);
    // A p that prints as 0 bounds t by nothing.
    if t.upper.is_finite() { region.cut([-n.sqrt(), t.upper], 0.0) } else { region }
}

/// The part that has both ends of a confidence interval, where a sign of −1 stands for a source that counts before −
/// after.
fn within_ends(region: &Region, [lower, upper]: [Interval; 2], half: f64, sign: f64) -> Region {
    region
        .clone()
        .cut([sign, -half], lower.lower)
        .cut([-sign, half], -lower.upper)
        .cut([sign, half], upper.lower)
        .cut([-sign, -half], -upper.upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Moments;
    use crate::numeric::dist::t_of_two_sided_p;
    use crate::recover::{correlation_of, recover_correlation};

    fn boxed(value: f64, half: f64) -> Rounded {
        Rounded { value, range: Interval::around(value, half) }
    }

    /// One of the numbers that print so: the ends of its range are more likely than what lies between.
    fn pick(of: Rounded, share: f64) -> f64 {
        of.range.lower + of.range.width() * (1.5 * share - 0.25).clamp(0.0, 1.0)
    }

    /// Every range, and what a mean change, an SD of change and the SDs give for it.
    fn ranges(of: &Compatible, [x, y, a, b]: [f64; 4]) -> [(&'static str, Option<Interval>, f64); 8] {
        let r = correlation_of(a, b, y);
        let factor = |r: Interval, [a, b, _]: [Interval; 3]| {
            let r = r.abs();
            Interval {
                lower: 1.0 / (1.0 + r.upper * r.upper) / (a.upper + b.upper),
                upper: 1.0 / (1.0 + r.lower * r.lower) / (a.lower + b.lower),
            }
        };
        // The sum of both SDs is no less than the SD of change.
        let most = |r: Interval| 1.0 / (1.0 + r.abs().lower.powi(2));
        [
            ("change", of.changes(), x),
            ("spread", of.spreads(), y),
            ("t", of.paired_t(), x / y * of.n.sqrt()),
            ("before", of.by_sd_before(), x / a),
            ("average", of.by_average_sd(), x / (0.5 * (a * a + b * b)).sqrt()),
            ("mean", of.by_mean_of_sds(), 2.0 * x / (a + b)),
            ("raw", of.by_raw_sd(), x / y * (2.0 * (1.0 - r)).max(0.0).sqrt()),
            ("bounds", of.bounds(factor, most), x / (1.0 + r * r) / (a + b)),
        ]
    }

    /// 2.600 ± 1.550 and 0.350 ± 1.250 of three people with a change of −2.9952 to −1.5048 print as 2.6 ± 1.5, 0.3 ± 1.3
    /// and −3.0 to −1.5; there 0.25 + 2.35 is not 2.6 in doubles.
    #[test]
    fn no_turn_is_lost_by_the_last_digit() {
        let [s1, s2] = [boxed(1.5, 0.05), boxed(1.3, 0.05)];
        let [before, after] =
            [(2.6, s1), (0.3, s2)].map(|(mean, sd)| Moments { mean: boxed(mean, 0.05), sd: Some(sd) });
        let reported = ReportedChange::Ci { lower: boxed(-3.0, 0.05), upper: boxed(-1.5, 0.05), level: 0.95 };
        let found = recover_correlation(&before, &after, 3, reported).unwrap();
        let ln = |of: Interval| of.map_monotone(f64::ln);
        let range = found.compatible.over_means([before.mean.range, after.mean.range], 1.0, [&ln, &ln]).unwrap();
        assert!(range.contains((0.35f64 / 2.6).ln()), "{range:?}");
        // Turned round, it is the same with the other sign.
        let reported = ReportedChange::Ci { lower: boxed(1.5, 0.05), upper: boxed(3.0, 0.05), level: 0.95 };
        let turned = recover_correlation(&after, &before, 3, reported).unwrap();
        let turned = turned.compatible.over_means([after.mean.range, before.mean.range], 1.0, [&ln, &ln]).unwrap();
        assert!((turned.lower + range.upper).abs() < 1e-9 && (turned.upper + range.lower).abs() < 1e-9, "{turned:?}");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]

        /// No numbers that print so and have a correlation lie outside of any range.
        #[test]
        fn ranges_hold_all_that_goes_together(
            n in 3u64..30, change in 0.2f64..3.0, s in 0.6f64..2.0, u in 0.6f64..2.0, r in -0.8f64..0.9, half in 0.01f64..0.3,
            kind in 0usize..5, shares in proptest::collection::vec(proptest::array::uniform6(0.0f64..1.0), 60),
        ) {
            let sd = (s * s + u * u - 2.0 * r * s * u).sqrt();
            let root = (n as f64).sqrt();
            let critical = t_critical(0.95, n as f64 - 1.0);
            let wide = critical * sd / root;
            let p = crate::numeric::dist::t_two_sided_p(change / sd * root, n as f64 - 1.0);
            let (p, [lower, upper]) = (Rounded { value: p, range: Interval::between(0.9 * p, p.mul_add(0.9, 0.1)) }, [change - wide, change + wide].map(|end| boxed(end, half)));
            let reported = [
                ReportedChange::Sd(boxed(sd, half)),
                ReportedChange::Se(boxed(sd / root, half / root)),
                ReportedChange::T(boxed(change / sd * root, half)),
                ReportedChange::P(p),
                ReportedChange::Ci { lower, upper, level: 0.95 },
            ][kind];
            let [before, after] = [(5.0, s), (5.0 + change, u)].map(|(mean, sd)| Moments { mean: boxed(mean, half), sd: Some(boxed(sd, half)) });
            let found = recover_correlation(&before, &after, n, reported).unwrap();
            let means = after.mean.minus(before.mean).range;
            for share in shares {
                let [a, b] = [(before, share[2]), (after, share[3])].map(|(of, share)| pick(of.sd.unwrap(), share));
                let x = pick(after.mean, share[0]) - pick(before.mean, share[1]);
                let (x, y) = match reported {
                    ReportedChange::Sd(sd) => (x, pick(sd, share[4])),
                    ReportedChange::Se(se) => (x, pick(se, share[4]) * root),
                    ReportedChange::T(t) => (x, x * root / pick(t, share[4])),
                    ReportedChange::P(p) => (x, x * root / t_of_two_sided_p(pick(p, share[4]), n as f64 - 1.0)),
                    ReportedChange::Ci { lower, upper, .. } => {
                        let [lower, upper] = [pick(lower, share[4]), pick(upper, share[5])];
                        (0.5 * (lower + upper), 0.5 * (upper - lower) * root / critical)
                    }
                };
                if !means.contains(x) || x <= 0.0 || y < (a - b).abs() || y > a + b || y <= 0.0 {
                    continue;
                }
                for (name, range, value) in ranges(&found.compatible, [x, y, a, b]) {
                    let slack = 1e-9 * (1.0 + value.abs());
                    proptest::prop_assert!(
                        range.is_some_and(|range| range.lower - slack <= value && value <= range.upper + slack),
                        "{} {:?} {} {:?}", name, range, value, reported
                    );
                }
            }
        }
    }

    /// 7 ± 1 → 12 ± 1 with an SD of change of 2: s_d of 1.5 at least asks for SDs of 0.75, and the mean change is 6 at
    /// most.
    #[test]
    fn sds_allow_the_sd_of_change() {
        let [before, after] = [7.0, 12.0].map(|mean| Moments { mean: boxed(mean, 0.5), sd: Some(boxed(1.0, 0.5)) });
        let found = recover_correlation(&before, &after, 5, ReportedChange::Sd(boxed(2.0, 0.5))).unwrap().compatible;
        for range in [found.by_average_sd(), found.by_mean_of_sds(), found.by_raw_sd()] {
            let range = range.unwrap();
            assert!((range.lower - 4.0 / 1.5).abs() < 1e-9 && (range.upper - 8.0).abs() < 1e-9, "{range:?}");
        }
        // One SD of 0.5 leaves the other at 1.
        assert!(found.by_sd_before().is_some_and(|range| (range.upper - 12.0).abs() < 1e-9));
        assert!(found.ratios_of_sds().is_some_and(|range| (range.upper - 3.0).abs() < 1e-9));
    }

    /// 4 ± 1 → 5 ± 1 in 30 with a CI from 1 to 2: t is t₀(lower + upper)/(upper − lower), 3t₀/2 at least, from 0.5 to
    /// 2.5, and unbounded where both are 1.5; the mean change is at most 2, and the middle at least 1.
    #[test]
    fn an_interval_lies_about_the_mean_change() {
        let [before, after] = [4.0, 5.0].map(|mean| Moments { mean: boxed(mean, 0.5), sd: Some(boxed(1.0, 0.5)) });
        let reported = ReportedChange::Ci { lower: boxed(1.0, 0.5), upper: boxed(2.0, 0.5), level: 0.95 };
        let found = recover_correlation(&before, &after, 30, reported).unwrap().compatible;
        let critical = t_critical(0.95, 29.0);
        let t = found.paired_t();
        assert!(t.is_some_and(|t| (t.lower / critical - 1.5).abs() < 1e-9 && t.upper.is_infinite()), "{t:?}");
        assert!(
            found.changes().is_some_and(|range| (range.lower - 1.0).abs() < 1e-9 && (range.upper - 2.0).abs() < 1e-9)
        );
        // −1 to 0: both ends may be −0.5, and t then has no bound.
        let reported = ReportedChange::Ci { lower: boxed(-1.0, 0.5), upper: boxed(0.0, 0.5), level: 0.95 };
        let found = recover_correlation(&after, &before, 7, reported).unwrap().compatible;
        assert_eq!(found.paired_t(), Some(Interval { lower: f64::NEG_INFINITY, upper: 0.0 }));
    }
}
