//! Analyses of variance of several groups by their means and SDs, over all numbers that print as reported.

use crate::diagnostic::Refused;
use crate::numeric::dist::{chi_squared_sf, f_sf, t_two_sided_p};
use crate::numeric::interval::Interval;

/// With more groups there are too many corners to visit.
pub const MOST_GROUPS: usize = 12;

/// A group of n people whose mean and SD lie in these intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanOfGroup {
    /// How many people, 2 or more.
    pub n: u64,
    /// The mean.
    pub mean: Interval,
    /// The sample SD, not below 0.
    pub sd: Interval,
}

/// An analysis of variance of one factor, for all means and SDs of the intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FTest {
    /// `one-way ANOVA` or `Welch's ANOVA`.
    pub name: &'static str,
    /// F, whose ends the numbers have; those of Welch's may lie a little further apart.
    pub f: Interval,
    /// Its degrees of freedom between the groups, K − 1.
    pub df1: f64,
    /// Its degrees of freedom within, N − K or Welch's.
    pub df2: Interval,
    /// Its p.
    pub p: Interval,
}

/// The usual and Welch's analysis of variance of three groups or more.
///
/// F is the least and the most of all means and SDs in the intervals: the sum of squares between is convex in the means,
/// so that it is largest in a corner, and smallest where each mean is as near to the common one as it can be; that within
/// is a sum of one term for each SD. Welch's numerator is so, too, and rises with each weight n/SD²; its denominator,
/// which is near 1, is bounded by itself.
///
/// # Errors
/// There are fewer than 3 groups or more than [`MOST_GROUPS`], one has fewer than two people, or all SDs are 0.
///
/// Source: Fisher (1925), Statistical Methods for Research Workers; Welch (1951), Biometrika 38:330.
///
/// ```
/// use reffect::check::several_means::{MeanOfGroup, f_tests};
/// use reffect::numeric::interval::Interval;
///
/// let of = |mean, sd| MeanOfGroup { n: 10, mean: Interval::point(mean), sd: Interval::point(sd) };
/// let [usual, welch] = f_tests(&[of(5.0, 1.0), of(6.0, 2.0), of(7.0, 1.5)])?;
/// // 10·2/2 = 10 between, and (1 + 4 + 2.25)/3 within.
/// assert!((usual.f.upper - 10.0 / (7.25 / 3.0)).abs() < 1e-12 && usual.df2 == Interval::point(27.0));
/// // R 4.2.2: oneway.test of three samples with these means and SDs has F = 6.068911, df 2 and 16.67987, p = 0.01046031.
/// assert!((welch.f.lower - 6.068911).abs() < 1e-6 && (welch.p.upper - 0.010_460_31).abs() < 1e-8);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn f_tests(groups: &[MeanOfGroup]) -> Result<[FTest; 2], Refused> {
    let k = groups.len();
    if !(3..=MOST_GROUPS).contains(&k) {
        return Err(format!("{k} groups, and 3 to {MOST_GROUPS} were expected").into());
    }
    if groups.iter().any(|of| of.n < 2) {
        return Err("a group of one person has no SD".into());
    }
    if groups.iter().all(|of| of.sd.upper <= 0.0) {
        return Err("there is no analysis of variance of groups whose SDs are 0".into());
    }
    Ok([usual(groups), welch(groups)])
}

/// F and its degrees of freedom as a test.
fn test(name: &'static str, f: Interval, df1: f64, df2: Interval) -> FTest {
    /// Between its ends, degrees of freedom that are not whole are tried at so many places.
    const STEPS: u32 = 8;
    let steps = if df2.width() > 0.0 { STEPS } else { 0 };
    let dfs = (0..=steps).map(|step| df2.lower + df2.width() * f64::from(step) / f64::from(STEPS));
    let tail = |f: f64, df2: f64| if f.is_finite() { f_sf(f, df1, df2) } else { 0.0 };
    let p = Interval::hull(dfs.flat_map(|df2| f.ends().map(|f| tail(f, df2)))).unwrap_or(Interval::between(0.0, 1.0));
    FTest { name, f, df1, df2, p }
}

fn usual(groups: &[MeanOfGroup]) -> FTest {
    let df1 = groups.len() as f64 - 1.0;
    let (df2, within) = within(groups);
    let weights = groups.iter().map(|of| of.n as f64).collect::<Vec<_>>();
    let between = Interval { lower: least_between(groups, &weights), upper: most_between(groups, &weights) };
    let f = ratio(between.scaled(1.0 / df1), within.scaled(1.0 / df2));
    test("one-way ANOVA", f, df1, Interval::point(df2))
}

/// N − K, and the sum of squares within.
fn within(groups: &[MeanOfGroup]) -> (f64, Interval) {
    let each = groups.iter().map(|of| (of.n as f64 - 1.0, of.sd.map_monotone(|sd| sd * sd)));
    each.fold((0.0, Interval::point(0.0)), |(df, sum), (own, square)| (df + own, sum.plus(square.scaled(own))))
}

fn welch(groups: &[MeanOfGroup]) -> FTest {
    let k = groups.len() as f64;
    let weight = |n: u64, sd: f64| n as f64 / (sd * sd);
    let low: Vec<f64> = groups.iter().map(|of| weight(of.n, of.sd.upper)).collect();
    let high: Vec<f64> = groups.iter().map(|of| weight(of.n, of.sd.lower)).collect();
    // A group whose SD prints as 0 may weigh as much as one likes.
    let is_bounded = high.iter().all(|weight| weight.is_finite());
    let most = if is_bounded { most_between(groups, &high) } else { f64::INFINITY };
    let least = if low.iter().all(|weight| weight.is_finite()) { least_between(groups, &low) } else { 0.0 };
    let lambda = (0..groups.len()).fold(Interval::point(0.0), |sum, at| {
        let others = |of: &[f64]| of.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, w)| w).sum::<f64>();
        let share = |own: f64, others: f64| if own.is_finite() { own / (own + others) } else { 1.0 };
        let own = Interval { lower: share(low[at], others(&high)), upper: share(high[at], others(&low)) };
        let rest = Interval { lower: (1.0 - own.upper).max(0.0), upper: (1.0 - own.lower).min(1.0) };
        sum.plus(rest.map_monotone(|rest| rest * rest / (groups[at].n as f64 - 1.0)))
    });
    let lambda = match is_bounded && low.iter().all(|weight| *weight > 0.0) {
        true => lambda_of(groups, &low, &high),
        // The shares are 1 together, so that the least of the sum is where each is in proportion to n − 1.
        false => {
            let total: f64 = groups.iter().map(|of| of.n as f64 - 1.0).sum();
            Interval { lower: lambda.lower.max((k - 1.0).powi(2) / total), upper: lambda.upper }
        }
    };
    let correction = lambda.map_monotone(|of| 1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * of);
    let f = ratio(Interval { lower: least, upper: most }.scaled(1.0 / (k - 1.0)), correction);
    let df2 = lambda.map_monotone(|of| (k * k - 1.0) / (3.0 * of));
    test("Welch's ANOVA", f, k - 1.0, df2)
}

/// Σ(1 − wⱼ/Σw)²/(nⱼ − 1) of Welch's test for weights between these.
///
/// It is convex in the shares s of the weights, which are 1 together and, for some u, lie between u times both ends: it is
/// largest in a corner, and the least over u of a convex function, for each u of which every 1 − sⱼ is in proportion to
/// nⱼ − 1 as far as the ends allow.
fn lambda_of(groups: &[MeanOfGroup], low: &[f64], high: &[f64]) -> Interval {
    const STEPS: u32 = 60;
    const LEFT: f64 = 1e-9;
    let df: Vec<f64> = groups.iter().map(|of| of.n as f64 - 1.0).collect();
    let of = |shares: &dyn Fn(usize) -> f64| (0..df.len()).map(|at| (1.0 - shares(at)).powi(2) / df[at]).sum::<f64>();
    let corner = |mask: u32| {
        let weight = |at: usize| if mask >> at & 1 == 0 { low[at] } else { high[at] };
        let sum: f64 = (0..df.len()).map(weight).sum();
        of(&|at| weight(at) / sum)
    };
    let most = (0..1_u32 << df.len()).map(corner).fold(0.0, f64::max);
    let at_u = |u: f64| {
        let share = |at: usize, factor: f64| (1.0 - factor * df[at]).max(u * low[at]).min(u * high[at]);
        let (mut few, mut many) = (0.0, 1.0 / df.iter().copied().fold(f64::INFINITY, f64::min));
        for _ in 0..STEPS {
            let middle = 0.5 * (few + many);
            let sum: f64 = (0..df.len()).map(|at| share(at, middle)).sum();
            (few, many) = if sum > 1.0 { (middle, many) } else { (few, middle) };
        }
        of(&|at| share(at, many))
    };
    let (mut first, mut last) = (1.0 / high.iter().sum::<f64>(), 1.0 / low.iter().sum::<f64>());
    for _ in 0..STEPS {
        let third = (last - first) / 3.0;
        let (one, other) = (first + third, last - third);
        (first, last) = if at_u(one) < at_u(other) { (first, other) } else { (one, last) };
    }
    // What the search leaves is far less than that.
    let least = if low == high { most } else { at_u(0.5 * (first + last)) * (1.0 - LEFT) };
    Interval { lower: least.min(most), upper: most }
}

/// A ratio of numbers that are not below 0, infinite where the divisor may be 0.
fn ratio(over: Interval, under: Interval) -> Interval {
    let upper = if under.lower > 0.0 { over.upper / under.lower } else { f64::INFINITY };
    Interval { lower: over.lower / under.upper, upper }
}

/// The largest weighted sum of squares of means about their weighted mean: that of a corner.
fn most_between(groups: &[MeanOfGroup], weights: &[f64]) -> f64 {
    let corner = |mask: u32| groups.iter().enumerate().map(move |(at, of)| of.mean.ends()[(mask >> at & 1) as usize]);
    let sum = weights.iter().sum::<f64>();
    let between = |mask: u32| {
        let middle = corner(mask).zip(weights).map(|(mean, weight)| mean * weight).sum::<f64>() / sum;
        corner(mask).zip(weights).map(|(mean, weight)| weight * (mean - middle).powi(2)).sum::<f64>()
    };
    (0..1_u32 << groups.len()).map(between).fold(0.0, f64::max)
}

/// The smallest one: where each mean is as near as it can be to a number c, of the c that makes the sum least.
///
/// Its derivative rises with c, and is linear between the ends of the intervals.
fn least_between(groups: &[MeanOfGroup], weights: &[f64]) -> f64 {
    let apart = |at: usize, c: f64| c - groups[at].mean.clamp(c);
    let slope = |c: f64| (0..groups.len()).map(|at| weights[at] * apart(at, c)).sum::<f64>();
    let sum = |c: f64| (0..groups.len()).map(|at| weights[at] * apart(at, c).powi(2)).sum::<f64>();
    let mut ends: Vec<f64> = groups.iter().flat_map(|of| of.mean.ends()).collect();
    ends.sort_by(f64::total_cmp);
    let found = ends.windows(2).find(|pair| slope(pair[0]) <= 0.0 && slope(pair[1]) >= 0.0);
    let Some(&[low, high]) = found else { return ends.iter().map(|c| sum(*c)).fold(f64::INFINITY, f64::min) };
    let (below, above) = (slope(low), slope(high));
    let c = if above > below { low - below * (high - low) / (above - below) } else { low };
    sum(c).max(0.0)
}

/// The p of linear trends over the groups in their order, by the variance within all of them, with N − K degrees of
/// freedom: of the contrast whose weights are the numbers of the groups, and of the slope of a regression on these, where
/// larger groups weigh more.
pub(super) fn p_of_trends(groups: &[MeanOfGroup]) -> [Interval; 2] {
    let total: f64 = groups.iter().map(|of| of.n as f64).sum();
    let even = 0.5 * (groups.len() as f64 - 1.0);
    let middle = groups.iter().enumerate().map(|(at, of)| at as f64 * of.n as f64).sum::<f64>() / total;
    let contrast: Vec<f64> = (0..groups.len()).map(|at| at as f64 - even).collect();
    let slope: Vec<f64> = groups.iter().enumerate().map(|(at, of)| of.n as f64 * (at as f64 - middle)).collect();
    [p_of_contrast(groups, &contrast), p_of_contrast(groups, &slope)]
}

/// The p of the difference of two groups by the same variance: Fisher's least significant difference.
pub(super) fn p_of_pair(groups: &[MeanOfGroup], pair: [usize; 2]) -> Interval {
    let weight = |at: usize| {
        if at == pair[0] {
            1.0
        } else if at == pair[1] {
            -1.0
        } else {
            0.0
        }
    };
    p_of_contrast(groups, &(0..groups.len()).map(weight).collect::<Vec<_>>())
}

fn p_of_contrast(groups: &[MeanOfGroup], weights: &[f64]) -> Interval {
    let (df, within) = within(groups);
    let each = || groups.iter().zip(weights);
    let contrast = each().fold(Interval::point(0.0), |sum, (of, weight)| sum.plus(of.mean.scaled(*weight))).abs();
    let factor: f64 = each().map(|(of, weight)| weight * weight / of.n as f64).sum();
    let t = ratio(contrast, within.map_monotone(|sum| (sum / df * factor).sqrt()));
    t.map_monotone(|t| if t.is_finite() { t_two_sided_p(t, df) } else { 0.0 })
}

/// The smallest p that the test of Kruskal and Wallis (1952) has of groups of these sizes in this order, by χ²: where no
/// value of one group lies among those of another.
pub(super) fn rank_floor(sizes: &[u64]) -> f64 {
    let total: f64 = sizes.iter().map(|n| *n as f64).sum();
    let mut below = 0.0;
    let mut sum = 0.0;
    for n in sizes.iter().map(|n| *n as f64) {
        let mean_rank = below + 0.5 * (n + 1.0);
        sum += n * (mean_rank - 0.5 * (total + 1.0)).powi(2);
        below += n;
    }
    chi_squared_sf(12.0 * sum / (total * (total + 1.0)), sizes.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(n: u64, mean: f64, sd: f64) -> MeanOfGroup {
        MeanOfGroup { n, mean: Interval::point(mean), sd: Interval::point(sd) }
    }

    #[test]
    fn what_has_no_f_is_refused() {
        let of = |n, sd| point(n, 1.0, sd);
        assert!(f_tests(&[of(5, 1.0), of(5, 1.0)]).is_err());
        assert!(f_tests(&[of(5, 1.0), of(1, 1.0), of(5, 1.0)]).is_err());
        assert!(f_tests(&[of(5, 0.0); 3]).is_err());
        let with_zero = f_tests(&[of(5, 0.0), of(5, 1.0), point(5, 2.0, 1.0)]).unwrap();
        assert!(with_zero.iter().all(|test| !test.p.lower.is_nan() && !test.f.lower.is_nan()), "{with_zero:?}");
        // SDs that all print as 0 leave everything open.
        let all = MeanOfGroup { sd: Interval::between(0.0, 0.5), ..of(5, 0.0) };
        let [_, welch] = f_tests(&[all; 3]).unwrap();
        assert!(welch.p.contains(0.5) && welch.df2.upper.is_finite(), "{welch:?}");
    }

    /// R 4.2.2: kruskal.test(1:15, rep(1:3, each = 5)) has H = 12.5 and p = 0.00193.
    #[test]
    fn ranks_of_groups_that_do_not_overlap() {
        assert!((rank_floor(&[5, 5, 5]) - 0.001_930_454).abs() < 1e-8);
    }

    proptest! {
        /// Whatever means and SDs lie in the intervals, their F, degrees of freedom and p do so as well; and a search
        /// from any of them comes no nearer than a rounding error to an F outside.
        #[test]
        fn every_choice_lies_within(
            boxes in prop::collection::vec((3u64..30, 0.0..3.0f64, 0.01..1.0f64, 0.2..2.0f64, 0.01..0.9f64), 3..6),
            at in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 6),
        ) {
            let groups: Vec<MeanOfGroup> = boxes.iter().map(|(n, mean, half, sd, share)| MeanOfGroup {
                n: *n, mean: Interval::around(*mean, *half), sd: Interval::around(*sd, sd * share),
            }).collect();
            let found = f_tests(&groups).unwrap();
            let chosen: Vec<MeanOfGroup> = groups.iter().zip(&at).map(|(of, (a, b))| {
                point(of.n, of.mean.lower + a * of.mean.width(), of.sd.lower + b * of.sd.width())
            }).collect();
            for (all, own) in found.iter().zip(f_tests(&chosen).unwrap()) {
                prop_assert!(own.f.width() <= 1e-9 * own.f.upper, "{own:?}");
                for (all, own) in [(all.f, own.f), (all.df2, own.df2), (all.p, own.p)] {
                    prop_assert!(all.lower <= own.lower * (1.0 + 1e-9) && own.upper <= all.upper * (1.0 + 1e-9) + 1e-12);
                }
            }
            // The least between is no more than that of any choice, and one of a choice: projected descent reaches it.
            let weights: Vec<f64> = groups.iter().map(|of| of.n as f64).collect();
            let mut means: Vec<f64> = chosen.iter().map(|of| of.mean.lower).collect();
            let total: f64 = weights.iter().sum();
            let middle = |means: &[f64]| means.iter().zip(&weights).map(|(m, w)| m * w).sum::<f64>() / total;
            for _ in 0..3000 {
                let c = middle(&means);
                means = groups.iter().map(|of| of.mean.clamp(c)).collect();
            }
            let c = middle(&means);
            let reached: f64 = means.iter().zip(&weights).map(|(m, w)| w * (m - c).powi(2)).sum();
            prop_assert!((reached - least_between(&groups, &weights)).abs() <= 1e-6 * (1.0 + reached), "{reached}");
        }
    }
}
