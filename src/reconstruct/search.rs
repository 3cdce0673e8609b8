//! The search for how many people have each value.
//!
//! Values are taken from the smallest to the largest; what is left are k people with total r and a
//! range for the sum of squares. The last three values, if evenly spaced, need no search: k and r
//! leave one free number a (people move in pairs from the middle value to both sides), in which the
//! sum of squares is linear, so that the solutions are an arithmetic range.

use super::space::{Case, Space, ceil_div, most_even, most_extreme};
use super::target::Target;
use std::ops::ControlFlow;

/// Takes what the search finds.
pub(super) trait Sink {
    /// `counts` is a solution; further ones follow from it by [`advance`], `solutions` in all.
    fn found(&mut self, counts: &mut [u32], solutions: u64) -> ControlFlow<()>;

    /// A branch is entered; a sink that has had enough says so.
    fn entered(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// From one solution of a range to the next: one person of the third value from the end and one of
/// the last for two of the value between them.
#[inline]
pub(super) fn advance(counts: &mut [u32]) {
    if let [.., first, middle, last] = counts {
        *first += 1;
        *middle = middle.wrapping_sub(2);
        *last += 1;
    }
}

/// Hands every solution to the sink, in a fixed order: by case, by total, then by how many people
/// have the smallest value, and so on.
pub(super) fn search(space: &Space, sink: &mut impl Sink) -> ControlFlow<()> {
    search_for(space, &space.targets, sink)
}

/// The same for these totals and sums of squares instead of those of the space.
pub(super) fn search_for(space: &Space, targets: &[Target], sink: &mut impl Sink) -> ControlFlow<()> {
    let m = space.values.len();
    let even = m >= 3 && space.values[m - 1] - space.values[m - 2] == space.values[m - 2] - space.values[m - 3];
    let (mut counts, mut levels) = (vec![0; m], Vec::with_capacity(m));
    for case in &space.cases {
        for target in targets {
            let mut walk = Walk { values: &space.values, case, even, counts: &mut counts, levels: &mut levels };
            walk.run(Rest { people: space.n, total: target.sum, ..Rest::of(target) }, sink)?;
        }
    }
    ControlFlow::Continue(())
}

struct Walk<'a> {
    values: &'a [i64],
    case: &'a Case,
    even: bool,
    counts: &'a mut [u32],
    /// The values that have been taken, from the smallest on. Calls within calls would use up the stack where a
    /// scale has many thousands.
    levels: &'a mut Vec<Level>,
}

/// A value that has been taken.
#[derive(Clone, Copy)]
struct Level {
    /// What was left before it.
    rest: Rest,
    /// How many people it gets next.
    next: i64,
    /// How many at most.
    most: i64,
}

/// What is left for the values that have not been taken.
#[derive(Clone, Copy)]
struct Rest {
    people: i64,
    total: i64,
    least: i64,
    most: i64,
}

impl Rest {
    fn of(target: &Target) -> Self {
        Self { people: 0, total: target.sum, least: target.least, most: target.most }
    }

    #[inline]
    fn without(self, people: i64, value: i64) -> Self {
        let squares = people * value * value;
        Self {
            people: self.people - people,
            total: self.total - people * value,
            least: self.least - squares,
            most: self.most - squares,
        }
    }
}

impl Walk<'_> {
    /// Tries for every value, from the smallest on, every number of people that it can have.
    fn run(&mut self, rest: Rest, sink: &mut impl Sink) -> ControlFlow<()> {
        self.levels.clear();
        self.enter(rest, sink)?;
        let Some(last) = self.values.last().copied() else { return ControlFlow::Continue(()) };
        while let Some(level) = self.levels.last_mut() {
            let Level { rest, next: x, most } = *level;
            if x > most {
                self.levels.pop();
                continue;
            }
            level.next += 1;
            let i = self.levels.len() - 1;
            let left = rest.without(x, self.values[i]);
            if most_even(left.people, left.total) <= left.most
                && most_extreme(left.people, left.total, self.values[i + 1], last) >= left.least
            {
                self.counts[i] = x as u32;
                self.enter(left, sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Takes the next value; the last ones need no search.
    #[inline(always)]
    fn enter(&mut self, rest: Rest, sink: &mut impl Sink) -> ControlFlow<()> {
        sink.entered()?;
        let i = self.levels.len();
        match self.values.len() - i {
            0 => ControlFlow::Continue(()),
            1 => self.close_one(i, rest, sink),
            2 => self.close_two(i, rest, sink),
            3 if self.even => self.close_three(i, rest, sink),
            _ => {
                self.levels.push(self.level(i, rest));
                ControlFlow::Continue(())
            }
        }
    }

    /// The numbers of people that a value can have.
    #[inline(always)]
    fn level(&self, i: usize, rest: Rest) -> Level {
        let (value, next, last) = (self.values[i], self.values[i + 1], self.values[self.values.len() - 1]);
        let Rest { people: k, total: r, .. } = rest;
        // The k − x others lie between the next value and the last one, and so does their mean.
        let first = ceil_div(k * next - r, next - value).max(i64::from(self.case.counts[i].0));
        let end = (k * last - r).div_euclid(last - value).min(k).min(i64::from(self.case.counts[i].1));
        let (above_low, above_high) = (i64::from(self.case.above[i].0), i64::from(self.case.above[i].1));
        Level { rest, next: first.max(0).max(k - above_high), most: end.min(k - above_low) }
    }

    fn close_one(&mut self, i: usize, rest: Rest, sink: &mut impl Sink) -> ControlFlow<()> {
        let done = rest.without(rest.people, self.values[i]);
        if done.total != 0 || done.least > 0 || done.most < 0 || !self.allows(i, rest.people, 0) {
            return ControlFlow::Continue(());
        }
        self.counts[i] = rest.people as u32;
        sink.found(self.counts, 1)
    }

    /// People and total leave one solution at most.
    fn close_two(&mut self, i: usize, rest: Rest, sink: &mut impl Sink) -> ControlFlow<()> {
        let (low, high) = (self.values[i], self.values[i + 1]);
        let excess = rest.total - rest.people * low;
        let x = excess.div_euclid(high - low);
        if excess.rem_euclid(high - low) != 0 || x < 0 || x > rest.people {
            return ControlFlow::Continue(());
        }
        let done = rest.without(rest.people - x, low).without(x, high);
        if done.least > 0 || done.most < 0 || !self.allows(i, rest.people - x, x) || !self.allows(i + 1, x, 0) {
            return ControlFlow::Continue(());
        }
        (self.counts[i], self.counts[i + 1]) = ((rest.people - x) as u32, x as u32);
        sink.found(self.counts, 1)
    }

    /// With a people at the first of three even values, k − 2a − c are at the middle one and c + a
    /// at the last; the sum of squares is `squares + 2·step²·a`.
    fn close_three(&mut self, i: usize, rest: Rest, sink: &mut impl Sink) -> ControlFlow<()> {
        let (middle, step) = (self.values[i + 1], self.values[i + 1] - self.values[i]);
        let k = rest.people;
        let excess = rest.total - k * middle;
        if excess.rem_euclid(step) != 0 {
            return ControlFlow::Continue(());
        }
        let c = excess.div_euclid(step);
        let squares = (k - c) * middle * middle + c * (middle + step) * (middle + step);
        let slope = 2 * step * step;
        let mut a = Bounds { low: 0, high: k };
        a.at_least(ceil_div(rest.least - squares, slope));
        a.at_most((rest.most - squares).div_euclid(slope));
        let counts = |j: usize| (i64::from(self.case.counts[j].0), i64::from(self.case.counts[j].1));
        let above = |j: usize| (i64::from(self.case.above[j].0), i64::from(self.case.above[j].1));
        // a itself and k − a above it.
        a.at_least(counts(i).0.max(k - above(i).1));
        a.at_most(counts(i).1.min(k - above(i).0));
        // k − 2a − c at the middle value.
        a.at_least(ceil_div(k - c - counts(i + 1).1, 2));
        a.at_most((k - c - counts(i + 1).0.max(0)).div_euclid(2));
        // c + a at the last value, which is also what lies above the middle one.
        a.at_least(counts(i + 2).0.max(above(i + 1).0).max(0) - c);
        a.at_most(counts(i + 2).1.min(above(i + 1).1) - c);
        if a.low > a.high || above(i + 2).0 > 0 {
            return ControlFlow::Continue(());
        }
        self.counts[i] = a.low as u32;
        self.counts[i + 1] = (k - 2 * a.low - c) as u32;
        self.counts[i + 2] = (c + a.low) as u32;
        sink.found(self.counts, (a.high - a.low + 1) as u64)
    }

    fn allows(&self, i: usize, people: i64, above: i64) -> bool {
        let within = |(low, high): (u32, u32), number: i64| (i64::from(low)..=i64::from(high)).contains(&number);
        within(self.case.counts[i], people) && within(self.case.above[i], above)
    }
}

struct Bounds {
    low: i64,
    high: i64,
}

impl Bounds {
    fn at_least(&mut self, low: i64) {
        self.low = self.low.max(low);
    }

    fn at_most(&mut self, high: i64) {
        self.high = self.high.min(high);
    }
}
