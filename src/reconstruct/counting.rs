//! Counting without listing: how many ways there are to fill up k people with total s and sum of
//! squares q, for every k, s and q that a solution passes through.
//!
//! With values taken from the largest to the smallest, one more person at value v turns the ways of
//! (k, s, q) into ways of (k + 1, s + v, q + v²), in place, as coins make change. Each such step can be
//! undone, so that one table serves to count, to draw uniformly and to find the mean frequency of
//! each value. Only states that can still reach a target are held, and since q − s is always even
//! (x² ≡ x), every second q.

use super::space::{Case, Space, most_even};
use super::target::Target;
use crate::numeric::dist::ln_choose;
use crate::numeric::random::Random;

/// More memory than this is not taken.
const MOST_BYTES: usize = 1 << 30;

/// So many states are filled, each once for every value, which takes some seconds.
const MOST_STEPS: usize = 10_000_000_000;

/// A whole number that counts ways.
pub(super) trait Tally: Copy + Default {
    fn one() -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn wide(self) -> u128;
}

macro_rules! tally {
    ($type:ty) => {
        impl Tally for $type {
            fn one() -> Self {
                1
            }
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            fn wide(self) -> u128 {
                u128::from(self)
            }
        }
    };
}

tally!(u64);
tally!(u128);

/// The ways of one k and s: for q = least, least + 2, … they stand at `start`, `start + 1`, ….
#[derive(Clone, Copy)]
struct Row {
    start: usize,
    length: usize,
    least: i64,
}

/// The rows of one k, from the smallest s on.
struct Layer {
    first: i64,
    rows: Vec<Row>,
}

/// Where the ways of each state stand.
struct Layout {
    layers: Vec<Layer>,
    size: usize,
}

impl Layout {
    /// The states that a solution can pass through; none where they would take too much memory.
    fn new(space: &Space, bytes_each: usize) -> Option<Self> {
        let mut layout = Self { layers: Vec::with_capacity(space.n as usize + 1), size: 0 };
        for k in 0..=space.n {
            let (low, high) = sums_of(space, k)?;
            let mut rows = Vec::new();
            for s in low..=high {
                let (least, length) = squares_of(space, k, s)?;
                rows.push(Row { start: layout.size, length, least });
                layout.size += length;
                let steps = layout.size.saturating_mul(space.values.len());
                if layout.size.saturating_mul(bytes_each) > MOST_BYTES || steps > MOST_STEPS {
                    return None;
                }
            }
            layout.layers.push(Layer { first: low, rows });
        }
        Some(layout)
    }

    fn row(&self, k: i64, s: i64) -> Option<Row> {
        let layer = self.layers.get(usize::try_from(k).ok()?)?;
        layer.rows.get(usize::try_from(s - layer.first).ok()?).copied()
    }

    fn position(&self, k: i64, s: i64, q: i64) -> Option<usize> {
        let row = self.row(k, s)?;
        let step = usize::try_from(q - row.least).ok()?;
        (step % 2 == 0 && step / 2 < row.length).then_some(row.start + step / 2)
    }

    /// Where the ways of a row go when `copies` people of a value join: from, to, and how many.
    fn joins(&self, k: i64, row_index: usize, copies: i64, value: i64) -> Option<(usize, usize, usize)> {
        let layer = &self.layers[k as usize];
        let source = layer.rows[row_index];
        let target = self.row(k + copies, layer.first + row_index as i64 + copies * value)?;
        let gap = source.least + copies * value * value - target.least;
        // The most even split with more people is never larger than this one with them added.
        let skip = (gap / 2) as usize;
        let length = source.length.min(target.length.saturating_sub(skip));
        (length > 0).then_some((source.start, target.start + skip, length))
    }
}

/// The ways of all states for one case, with values `i` and above counted in.
pub(super) struct Ways<'a, T> {
    space: &'a Space,
    case: &'a Case,
    layout: Layout,
    ways: Vec<T>,
    /// Tables from before a limit on how many lie above a value was applied, by that value.
    saved: Vec<(usize, Vec<T>)>,
}

impl<'a, T: Tally> Ways<'a, T> {
    /// The ways with all values counted in; none where they would take too much memory.
    pub fn new(space: &'a Space, case: &'a Case) -> Option<Self> {
        let n = space.n as u32;
        let limited = case.above.iter().filter(|limits| **limits != (0, n)).count();
        let layout = Layout::new(space, size_of::<T>() * (1 + limited))?;
        let mut ways = Self { space, case, ways: vec![T::default(); layout.size], layout, saved: Vec::new() };
        if let Some(nobody) = ways.layout.position(0, 0, 0) {
            ways.ways[nobody] = T::one();
        }
        for i in (0..space.values.len()).rev() {
            ways.add(i);
        }
        Some(ways)
    }

    /// How many solutions there are.
    pub fn total(&self) -> u128 {
        self.space.targets.iter().map(|target| self.reaching(target, 0, 0)).sum()
    }

    /// How many ways lead to a target from which so many people of a value have been taken away.
    fn reaching(&self, target: &Target, copies: i64, value: i64) -> u128 {
        let (k, s) = (self.space.n - copies, target.sum - copies * value);
        let Some(row) = self.layout.row(k, s) else { return 0 };
        let squares = copies * value * value;
        let first = (target.least - squares - row.least).max(0).div_euclid(2);
        // The first even step at or above the smallest sum of squares.
        let first = if row.least + 2 * first < target.least - squares { first + 1 } else { first };
        let end = (target.most - squares - row.least).div_euclid(2) + 1;
        let end = end.clamp(0, row.length as i64);
        (first..end).map(|step| self.ways[row.start + step as usize].wide()).sum()
    }

    /// The mean number of people at each value over all solutions, where nothing is limited: a
    /// value stands x times or more in as many solutions as there are ways without x of it.
    pub fn mean_frequencies(&self, total: u128) -> Option<Vec<f64>> {
        let mean = |value: &i64| {
            let at_least = |x: i64| -> u128 { self.space.targets.iter().map(|t| self.reaching(t, x, *value)).sum() };
            let ways = (1..=self.space.n).map(at_least).take_while(|ways| *ways > 0);
            // The sum of no floating-point numbers is −0.
            ways.fold(0.0, |sum, ways| sum + ways as f64) / total as f64
        };
        (self.case.is_free(self.space.n as u32) && total > 0).then(|| self.space.values.iter().map(mean).collect())
    }

    /// Draws the solutions of these ranks, each below the total. The order of ranks is not that in
    /// which the search lists.
    pub fn draw(mut self, ranks: &[u128]) -> Vec<Vec<u32>> {
        let mut drawn: Vec<Drawn> = ranks.iter().map(|rank| self.start(*rank)).collect();
        for i in 0..self.space.values.len() {
            self.remove(i);
            for one in &mut drawn {
                let x = self.choose(i, one);
                one.take(x, self.space.values[i]);
            }
        }
        drawn.into_iter().map(|one| one.counts).collect()
    }

    /// Finds the target and the sum of squares to which a rank belongs.
    fn start(&self, mut rank: u128) -> Drawn {
        for target in &self.space.targets {
            for q in target.least..=target.most {
                let ways = self.of(self.space.n, target.sum, q);
                if rank < ways {
                    return Drawn { k: self.space.n, s: target.sum, q, rank, counts: Vec::new() };
                }
                rank -= ways;
            }
        }
        Drawn { k: 0, s: 0, q: 0, rank: 0, counts: Vec::new() }
    }

    /// How many people the solution has at value i, which has just been taken out.
    fn choose(&self, i: usize, one: &mut Drawn) -> i64 {
        let value = self.space.values[i];
        let (low, high) = self.case.counts[i];
        let (above_low, above_high) = self.case.above[i];
        let x_low = i64::from(low).max(one.k - i64::from(above_high));
        let x_high = i64::from(high).min(one.k - i64::from(above_low));
        for x in x_low..=x_high {
            let ways = self.of(one.k - x, one.s - x * value, one.q - x * value * value);
            if one.rank < ways {
                return x;
            }
            one.rank -= ways;
        }
        x_high.max(0)
    }

    fn of(&self, k: i64, s: i64, q: i64) -> u128 {
        self.layout.position(k, s, q).map_or(0, |position| self.ways[position].wide())
    }

    /// Counts a value in.
    fn add(&mut self, i: usize) {
        let n = self.space.n;
        let (low, high) = self.case.above[i];
        if (low, high) != (0, n as u32) {
            self.saved.push((i, self.ways.clone()));
            for k in (0..=n).filter(|k| !(i64::from(low)..=i64::from(high)).contains(k)) {
                self.clear(k);
            }
        }
        let (low, high) = (i64::from(self.case.counts[i].0), i64::from(self.case.counts[i].1).min(n));
        let value = self.space.values[i];
        if low > 0 {
            // Everybody moves up by `low` people of this value, from the most people on.
            for k in (0..=n).rev() {
                self.clear(k);
                if k >= low {
                    self.join(k - low, low, value, T::plus);
                }
            }
        }
        for k in 0..n {
            self.join(k, 1, value, T::plus);
        }
        if high < n {
            let width = high - low + 1;
            for k in (0..=n - width).rev() {
                self.join(k, width, value, T::minus);
            }
        }
    }

    /// Takes a value out again.
    fn remove(&mut self, i: usize) {
        if let Some(position) = self.saved.iter().position(|(value, _)| *value == i) {
            self.ways = self.saved.swap_remove(position).1;
            return;
        }
        let n = self.space.n;
        let (low, high) = (i64::from(self.case.counts[i].0), i64::from(self.case.counts[i].1).min(n));
        let value = self.space.values[i];
        if high < n {
            let width = high - low + 1;
            for k in 0..=n - width {
                self.join(k, width, value, T::plus);
            }
        }
        for k in (0..n).rev() {
            self.join(k, 1, value, T::minus);
        }
        if low > 0 {
            for k in 0..=n {
                self.clear(k);
                self.part(k, low, value);
            }
        }
    }

    fn clear(&mut self, k: i64) {
        for row in &self.layout.layers[k as usize].rows {
            self.ways[row.start..row.start + row.length].fill(T::default());
        }
    }

    /// Adds the ways of k people to those of k + copies people, or takes them away again.
    fn join(&mut self, k: i64, copies: i64, value: i64, combine: impl Fn(T, T) -> T) {
        if k + copies > self.space.n {
            return;
        }
        for row in 0..self.layout.layers[k as usize].rows.len() {
            if let Some((from, to, length)) = self.layout.joins(k, row, copies, value) {
                // Rows of more people stand behind those of fewer.
                let (low, high) = self.ways.split_at_mut(to);
                for (target, source) in high[..length].iter_mut().zip(&low[from..from + length]) {
                    *target = combine(*target, *source);
                }
            }
        }
    }

    /// Brings the ways of k + copies people back to k people.
    fn part(&mut self, k: i64, copies: i64, value: i64) {
        if k + copies > self.space.n {
            return;
        }
        for row in 0..self.layout.layers[k as usize].rows.len() {
            if let Some((to, from, length)) = self.layout.joins(k, row, copies, value) {
                self.ways.copy_within(from..from + length, to);
            }
        }
    }
}

/// A solution that is being drawn: what is left, and the rank among what is left.
struct Drawn {
    k: i64,
    s: i64,
    q: i64,
    rank: u128,
    counts: Vec<u32>,
}

impl Drawn {
    fn take(&mut self, x: i64, value: i64) {
        self.k -= x;
        self.s -= x * value;
        self.q -= x * value * value;
        self.counts.push(x as u32);
    }
}

/// An upper bound for the number of solutions, as a power of two: all multisets of the values.
pub(super) fn bits(space: &Space) -> f64 {
    let (n, m) = (space.n as f64, space.values.len() as f64);
    (ln_choose(n + m - 1.0, n) / std::f64::consts::LN_2).max(0.0) + (space.cases.len().max(1) as f64).log2()
}

/// Uniform ranks below a total.
pub(super) fn ranks(total: u128, how_many: usize, random: &mut Random) -> Vec<u128> {
    (0..how_many).map(|_| random.below(total)).collect()
}

/// The least and the greatest total of k people on the way to a target; none where there is no target.
fn sums_of(space: &Space, k: i64) -> Option<(i64, i64)> {
    let (first, last) = (*space.values.first()?, *space.values.last()?);
    let sums = space.targets.iter().map(|target| target.sum);
    let (least, most) = (sums.clone().min()?, sums.max()?);
    let others = space.n - k;
    Some(((k * first).max(least - others * last), (k * last).min(most - others * first)))
}

/// The least sum of squares of k people with a total, and how many there are from there on on the way to a target.
fn squares_of(space: &Space, k: i64, s: i64) -> Option<(i64, usize)> {
    let least = most_even(k, s);
    let others = space.n - k;
    let most = space.targets.iter().map(|target| target.most - most_even(others, target.sum - s)).max()?;
    Some((least, if most < least { 0 } else { ((most - least) / 2 + 1) as usize }))
}

/// Whether the table of ways has no more states than that, without making it.
pub(super) fn has_at_most(space: &Space, states: usize) -> bool {
    let mut size = 0;
    (0..=space.n).filter_map(|k| Some((k, sums_of(space, k)?))).all(|(k, (low, high))| {
        (low..=high).all(|s| {
            size += squares_of(space, k, s).map_or(0, |(_, length)| length);
            size <= states
        })
    })
}
