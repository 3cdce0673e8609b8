//! What is searched: values, targets, and the cases that constraints leave.

use super::grid::gcd;
use super::target::{Quantile, Summary, Target};
use super::{Constraint, Grid, Unreconstructable, constraint};

/// More people than this are not searched; counts of people are held in 32 bits.
pub(crate) const MOST_PEOPLE: u64 = 1_000_000;

/// A search for how many people have each value.
///
/// Codes are taken in their common step and shifted so that they lie about 0: the sums of squares are small then, the
/// most even split of a total is cheap to bound, and no total between two steps is searched.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub n: i64,
    /// The codes in rising order, as so many `step`s above `origin`.
    pub values: Vec<i64>,
    pub origin: i64,
    pub step: i64,
    /// Totals and sums of squares of these values.
    pub targets: Vec<Target>,
    pub cases: Vec<Case>,
}

/// One way to meet the constraints: limits of how many have each value, and of how many lie above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub counts: Vec<(u32, u32)>,
    pub above: Vec<(u32, u32)>,
    pub possible: bool,
}

impl Case {
    pub fn free(values: usize, n: u32) -> Self {
        Self { counts: vec![(0, n); values], above: vec![(0, n); values], possible: true }
    }

    pub fn is_possible(&self) -> bool {
        self.possible && self.counts.iter().chain(&self.above).all(|(low, high)| low <= high)
    }

    /// Whether nothing is limited.
    pub fn is_free(&self, n: u32) -> bool {
        self.counts.iter().chain(&self.above).all(|limits| *limits == (0, n))
    }

    /// Limits how many have a value; no index stands for a value that nobody can have.
    pub fn limit_count(&mut self, index: Option<usize>, low: u32, high: u32) {
        match index {
            Some(index) => narrow(&mut self.counts[index], low, high),
            None => self.possible &= low == 0,
        }
    }

    /// Limits how many lie above a value; no index stands for one below all values.
    pub fn limit_above(&mut self, index: Option<usize>, low: u32, high: u32, n: u32) {
        match index {
            Some(index) => narrow(&mut self.above[index], low, high),
            None => self.possible &= (low..=high).contains(&n),
        }
    }
}

fn narrow(limits: &mut (u32, u32), low: u32, high: u32) {
    *limits = (limits.0.max(low), limits.1.min(high));
}

impl Space {
    pub fn new(
        summary: &Summary,
        by: Quantile,
        grid: &Grid,
        constraints: &[Constraint],
    ) -> Result<Self, Unreconstructable> {
        if summary.n > MOST_PEOPLE {
            let message = format!("n is {}, and at most {MOST_PEOPLE} people are searched", summary.n);
            return Err(Unreconstructable::TooLarge(message));
        }
        let n = summary.n as i64;
        let targets = summary.targets_by(by, grid.denominator())?;
        let mut codes = reachable(grid, &targets, summary, n)?;
        let mut cases = constraint::cases(constraints, grid, &codes, n as u32)?;
        // What the constraints leave to nobody is no value of the scale here: its limits bound the SD.
        let kept = usable(&codes, &cases, n as u32);
        if kept.len() < codes.len() {
            cases = constraint::cases(constraints, grid, &kept, n as u32)?;
            codes = kept;
        }
        let (first, step) = (codes.first().copied().unwrap_or(0), common_step(&codes));
        // Everybody is some steps above the first code, and so is the total of n people above n times it.
        let steps = |sum: i64| i128::from(sum) - i128::from(n) * i128::from(first);
        let targets: Vec<Target> =
            targets.into_iter().filter(|target| steps(target.sum) % i128::from(step) == 0).collect();
        let sums: i128 = targets.iter().map(|target| steps(target.sum) / i128::from(step)).sum();
        let people = i128::from(n) * targets.len().max(1) as i128;
        let shift = i64::try_from((2 * sums + people).div_euclid(2 * people)).unwrap_or(0);
        let origin = first + shift * step;
        let values: Vec<i64> = codes.iter().map(|code| (code - origin) / step).collect();
        let widest = values.iter().map(|value| i128::from(value.abs())).max().unwrap_or(0);
        let most = widest * widest * i128::from(n);
        if most >= 1 << 60 {
            let message = "the values of the scale lie too far apart for so many people".to_owned();
            return Err(Unreconstructable::TooLarge(message));
        }
        let [wide, origin_wide, step_wide] = [n, origin, step].map(i128::from);
        let moved = |target: &Target| {
            let sum = i128::from(target.sum);
            // Σ(c − o)² = Σc² − 2oΣc + no², in steps.
            let turn = wide * origin_wide * origin_wide - 2 * origin_wide * sum;
            let [least, most_here] = [target.least, target.most].map(|squares| i128::from(squares) + turn);
            let area = step_wide * step_wide;
            Target {
                sum: ((sum - wide * origin_wide) / step_wide) as i64,
                least: wide_ceil_div(least, area).clamp(0, i128::from(i64::MAX)) as i64,
                most: most_here.div_euclid(area).clamp(-1, most) as i64,
            }
        };
        let mut space = Self { n, values, origin, step, targets: targets.iter().map(moved).collect(), cases };
        space.drop_impossible_targets();
        Ok(space)
    }

    /// The code of a value.
    pub fn code(&self, value: i64) -> i64 {
        self.origin + self.step * value
    }

    /// The total and the sum of squares of codes from those of the values.
    pub fn of_codes(&self, sum: i64, squares: i64) -> (i64, i64) {
        let Self { n, origin, step, .. } = *self;
        (step * sum + n * origin, step * step * squares + 2 * origin * step * sum + n * origin * origin)
    }

    /// Leaves out totals whose sums of squares no data of these values can have.
    fn drop_impossible_targets(&mut self) {
        let (Some(first), Some(last)) = (self.values.first().copied(), self.values.last().copied()) else {
            self.targets.clear();
            return;
        };
        let n = self.n;
        self.targets.retain(|target| {
            (n * first..=n * last).contains(&target.sum)
                && most_even(n, target.sum) <= target.most
                && most_extreme(n, target.sum, first, last) >= target.least
        });
    }
}

/// The codes that somebody can have in some case.
fn usable(codes: &[i64], cases: &[Case], n: u32) -> Vec<i64> {
    let mut is_used = vec![false; codes.len()];
    for case in cases.iter().filter(|case| case.is_possible()) {
        // Nobody lies above the first value of which that is said, nor at or below the last above which all lie.
        let end = case.above.iter().position(|(_, high)| *high == 0).map_or(codes.len(), |at| at + 1);
        let start = case.above.iter().rposition(|(low, _)| *low >= n).map_or(0, |at| at + 1);
        for (used, (_, most)) in is_used.iter_mut().zip(&case.counts).take(end).skip(start) {
            *used |= *most > 0;
        }
    }
    let used = codes.iter().zip(&is_used).filter(|(_, used)| **used).map(|(code, _)| *code).collect::<Vec<_>>();
    // No case that is possible is told as before.
    if used.is_empty() { codes.to_vec() } else { used }
}

/// The largest step in which all codes lie; 1 where there is one code at most.
fn common_step(codes: &[i64]) -> i64 {
    let gaps = codes.windows(2).map(|pair| i128::from(pair[1] - pair[0]));
    i64::try_from(gaps.fold(0, gcd)).unwrap_or(1).max(1)
}

/// The codes that somebody can have: nobody lies further from the mean than √(n − 1) population
/// SDs (Samuelson 1968, J Am Stat Assoc 63:1522).
fn reachable(grid: &Grid, targets: &[Target], summary: &Summary, n: i64) -> Result<Vec<i64>, Unreconstructable> {
    let (min, max) = grid.limits();
    if summary.spread.is_none() {
        return without_spread(grid, targets, n);
    }
    let wide = i128::from(n);
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for target in targets {
        let sum = i128::from(target.sum);
        let dispersion = (wide * i128::from(target.most) - sum * sum).max(0);
        // |n·x − S| ≤ √((n − 1)·V), rounded outwards.
        let reach = (((wide - 1) * dispersion) as f64).sqrt() * (1.0 + 1e-12) + 1.0;
        let center = sum as f64;
        low = low.min(((center - reach) / n as f64).floor() as i64);
        high = high.max(((center + reach) / n as f64).ceil() as i64);
    }
    if low > high {
        return Ok(Vec::new());
    }
    grid.between(low.max(min.unwrap_or(low)), high.min(max.unwrap_or(high)))
}

/// The same without a spread: where the scale has one limit, nobody lies further from it than the total allows with
/// everyone else at it.
fn without_spread(grid: &Grid, targets: &[Target], n: i64) -> Result<Vec<i64>, Unreconstructable> {
    let sums = targets.iter().map(|target| target.sum);
    let (Some(least), Some(most)) = (sums.clone().min(), sums.max()) else { return Ok(Vec::new()) };
    let (low, high) = match grid.limits() {
        (Some(min), Some(max)) => (min, max),
        (Some(min), None) => (min, most.saturating_sub((n - 1).saturating_mul(min))),
        (None, Some(max)) => (least.saturating_sub((n - 1).saturating_mul(max)), max),
        (None, None) => {
            let message = "without a spread the scale needs a smallest or a largest value".to_owned();
            return Err(Unreconstructable::Summary(message));
        }
    };
    if low > high { Ok(Vec::new()) } else { grid.between(low, high) }
}

/// The smallest whole number that is not below a quotient; b is above 0.
#[inline]
pub(super) fn ceil_div(a: i64, b: i64) -> i64 {
    -((-a).div_euclid(b))
}

/// The same of wider numbers.
#[inline]
pub(super) fn wide_ceil_div(a: i128, b: i128) -> i128 {
    -((-a).div_euclid(b))
}

/// The smallest sum of squares of k whole numbers with the total r: the most even split.
#[inline]
pub(super) fn most_even(k: i64, r: i64) -> i64 {
    if k == 0 {
        return 0;
    }
    let (each, rest) = (r.div_euclid(k), r.rem_euclid(k));
    (k - rest) * each * each + rest * (each + 1) * (each + 1)
}

/// The largest sum of squares of k whole numbers from `low` to `high` with the total r: all but one
/// at an end (Bhatia & Davis 2000, Am Math Mon 107:353, in whole numbers).
#[inline]
pub(super) fn most_extreme(k: i64, r: i64, low: i64, high: i64) -> i64 {
    if k == 0 || high == low {
        return k * low * low;
    }
    let (at_high, rest) = ((r - k * low) / (high - low), (r - k * low) % (high - low));
    if at_high >= k {
        return k * high * high;
    }
    let between = low + rest;
    at_high * high * high + between * between + (k - at_high - 1) * low * low
}
