//! Joint tables: how many people had which value before and which after.

use super::statistics::PairedStatistics;
use super::{DataSets, Pairing};
use crate::numeric::dist::{SignedRankPlan, sign_test, t_of_two_sided_p};
use crate::numeric::interval::Interval;
use std::ops::ControlFlow;

/// The tests of ranks hold a plan for each pattern of ties, of which there are 2ⁿ.
const MOST_PEOPLE: u64 = 16;

/// So many pairs of data sets are tried to see how many tables there will be.
const TRIED: usize = 12;

/// Every joint table behind two cells of the same people, counted. A share of tables is no
/// probability: nothing makes one table as likely as another.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct JointTables {
    /// How many there are.
    pub tables: u128,
    /// In how many of them the two-sided p of the paired t-test is below the level.
    pub significant: u128,
    /// In how many of them that of the exact signed-rank test is, zeros dropped.
    pub wilcoxon_significant: u128,
    /// The p of the exact signed-rank test, zeros dropped.
    pub wilcoxon_p: Interval,
    /// The p of Pratt's exact signed-rank test, zeros ranked.
    pub pratt_p: Interval,
    /// The normal approximation.
    pub normal_p: Interval,
    /// The normal approximation without correction for continuity.
    pub uncorrected_p: Interval,
    /// The sign test.
    pub sign_p: Interval,
    /// The smallest correlation of a table whose t-test is significant.
    pub least_r_significant: Option<f64>,
    /// The largest correlation of a table whose t-test is not.
    pub most_r_not_significant: Option<f64>,
    /// Which tests have a p in the range that was asked for in some table; none where none was.
    pub attained: Option<Attained>,
}

/// Which tests have a p in a range in at least one table. The p of tests of ranks are few, and a range between the
/// smallest and the largest may hold none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attained {
    /// The paired t-test.
    pub t: bool,
    /// The exact signed-rank test, zeros dropped.
    pub wilcoxon: bool,
    /// Pratt's exact signed-rank test, zeros ranked.
    pub pratt: bool,
    /// The normal approximation.
    pub normal: bool,
    /// The normal approximation without correction for continuity.
    pub uncorrected: bool,
    /// The sign test.
    pub sign: bool,
}

impl JointTables {
    /// Visits every table; none where there are no data sets, more than `most` tables, or too many
    /// people for the tests of ranks.
    ///
    /// ```
    /// use reffect::reconstruct::{DataSets, Grid, Summary, paired::JointTables};
    /// use reffect::reported::Scale;
    ///
    /// let nrs = Grid::of_scale(&Scale::Nrs)?;
    /// let behind = |cell: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(DataSets::new(&Summary::sample(&cell.parse()?, 7), &nrs, &[])?)
    /// };
    /// let tables = JointTables::new(&behind("6.1 ± 2.0")?, &behind("3.0 ± 1.4")?, 0.05, 1_000_000);
    /// let tables = tables.ok_or("there are few")?;
    /// assert_eq!((tables.tables, tables.significant), (6_554, 6_551));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(before: &DataSets, after: &DataSets, alpha: f64, most: u64) -> Option<Self> {
        Self::asking(before, after, alpha, None, most)
    }

    /// Visits every table, and notes which tests have a p in a range.
    pub fn asking(before: &DataSets, after: &DataSets, alpha: f64, asked: Option<Interval>, most: u64) -> Option<Self> {
        if before.n() != after.n() || before.n() < 2 || before.n() > MOST_PEOPLE {
            return None;
        }
        // Every pair of data sets has a table.
        let counts = [before, after].map(|sets| sets.count_up_to(u128::from(most)));
        if counts[0]?.saturating_mul(counts[1]?) > u128::from(most) {
            return None;
        }
        let held = usize::try_from(most).unwrap_or(usize::MAX);
        let (xs, ys) = (margins(before, held)?, margins(after, held)?);
        if expected(&xs, &ys, most) > most as f64 {
            return None;
        }
        let codes = || xs.iter().chain(&ys).flat_map(|margin| margin.codes.iter().copied());
        let reach = codes().max().unwrap_or(0) - codes().min().unwrap_or(0);
        let walk = |xs: &[Margin]| {
            let mut visit = Visit::new(reach, before.n(), alpha, asked, most);
            let walked = xs.iter().try_for_each(|x| ys.iter().try_for_each(|y| visit.pair(x, y)));
            walked.is_continue().then_some(visit)
        };
        // Each thread walks through the data sets before of its own; sums and extremes do not depend on
        // how many threads there are.
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let visits: Option<Vec<Visit>> = std::thread::scope(|scope| {
            let parts = xs.chunks(xs.len().div_ceil(threads));
            let running: Vec<_> = parts.map(|part| scope.spawn(|| walk(part))).collect();
            running.into_iter().map(|one| one.join().ok().flatten()).collect()
        });
        let all = visits?.into_iter().reduce(Visit::merge)?;
        if all.tables > most { None } else { all.finish() }
    }

    /// Every table of one pair of data sets, as pairs of codes; for tests and for drawing.
    pub fn pairings(before: &DataSets, x: &[u32], after: &DataSets, y: &[u32], most: usize) -> Vec<Pairing> {
        let (x, y) = (Margin::new(&before.codes(), x), Margin::new(&after.codes(), y));
        let mut found = Vec::new();
        let mut cells = vec![vec![0u32; y.codes.len()]; x.codes.len()];
        let mut left = y.counts.clone();
        let _ = fill(&x, &y, 0, 0, x.counts.first().copied().unwrap_or(0), &mut left, &mut cells, &mut |cells| {
            let pairs = cells.iter().zip(&x.codes).flat_map(|(row, a)| {
                let pair = move |(count, b): (&u32, &i64)| std::iter::repeat_n((*a, *b), *count as usize);
                row.iter().zip(&y.codes).flat_map(pair)
            });
            found.push(Pairing(pairs.collect()));
            if found.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found
    }
}

/// The values that occur in a data set, and how often.
pub(super) struct Margin {
    pub codes: Vec<i64>,
    pub counts: Vec<u32>,
    /// Σx and Σx².
    pub sums: (i64, i64),
}

/// All data sets of a cell; none where there is none, or more than `most`.
pub(super) fn margins(sets: &DataSets, most: usize) -> Option<Vec<Margin>> {
    let codes = sets.codes();
    let list = sets.list(most)?;
    (!list.is_empty()).then(|| list.iter().map(|counts| Margin::new(&codes, counts)).collect())
}

/// The sum of products above which the t-test is significant: t² = (n − 1)·(Σd)²/V with
/// V = n·(Σx² + Σy² − 2C) − (Σd)² exceeds the square of the critical value. Infinite without a mean
/// change, where it never does.
pub(super) fn products_needed(n: f64, x: &Margin, y: &Margin, critical_squared: f64) -> f64 {
    let change = (y.sums.0 - x.sums.0) as f64;
    if change == 0.0 {
        return f64::INFINITY;
    }
    let allowed = (n - 1.0) * change * change / critical_squared;
    ((x.sums.1 + y.sums.1) as f64 - (allowed + change * change) / n) / 2.0
}

impl Margin {
    fn new(codes: &[i64], counts: &[u32]) -> Self {
        let (codes, counts): (Vec<i64>, Vec<u32>) =
            codes.iter().zip(counts).filter(|(_, count)| **count > 0).map(|(code, count)| (*code, *count)).unzip();
        let total = |f: &dyn Fn(i64) -> i64| codes.iter().zip(&counts).map(|(c, k)| i64::from(*k) * f(*c)).sum();
        let sums = (total(&|code| code), total(&|code| code * code));
        Self { codes, counts, sums }
    }
}

/// About how many tables there are, from a few pairs of data sets spread over all.
fn expected(xs: &[Margin], ys: &[Margin], most: u64) -> f64 {
    let spread = |length: usize, i: usize| (length * (2 * i + 1)) / (2 * TRIED);
    let pairs = xs.len() as f64 * ys.len() as f64;
    // With more tables in those that are tried, there are too many in all.
    let enough = most as f64 * TRIED as f64 / pairs;
    let mut tables = 0.0;
    for i in 0..TRIED {
        let (x, y) = (&xs[spread(xs.len(), i)], &ys[spread(ys.len(), (i * 7) % TRIED)]);
        let mut count = 0u64;
        let mut cells = vec![vec![0u32; y.codes.len()]; x.codes.len()];
        let mut left = y.counts.clone();
        let _ = fill(x, y, 0, 0, x.counts[0], &mut left, &mut cells, &mut |_| {
            count += 1;
            let goes_on = count < most / 10 && tables + count as f64 <= enough;
            if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        tables += count as f64;
        if tables > enough {
            return f64::INFINITY;
        }
    }
    tables / TRIED as f64 * pairs
}

/// Fills a table row by row: `rest` people of row i are left for columns j and on.
#[allow(clippy::too_many_arguments)]
fn fill(
    x: &Margin,
    y: &Margin,
    i: usize,
    j: usize,
    rest: u32,
    left: &mut [u32],
    cells: &mut [Vec<u32>],
    visit: &mut impl FnMut(&[Vec<u32>]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if i == x.codes.len() {
        return visit(cells);
    }
    if j + 1 == y.codes.len() {
        if rest > left[j] {
            return ControlFlow::Continue(());
        }
        cells[i][j] = rest;
        left[j] -= rest;
        let next = x.counts.get(i + 1).copied().unwrap_or(0);
        let done = fill(x, y, i + 1, 0, next, left, cells, visit);
        left[j] += rest;
        return done;
    }
    for count in 0..=rest.min(left[j]) {
        cells[i][j] = count;
        left[j] -= count;
        let done = fill(x, y, i, j + 1, rest - count, left, cells, visit);
        left[j] += count;
        done?;
    }
    ControlFlow::Continue(())
}

/// A range of p, and the squares of t that have it.
#[derive(Clone, Copy)]
struct Asked {
    p: Interval,
    t_squared: Interval,
    is_attained_by_t: bool,
}

impl Asked {
    fn new(p: Interval, n: u64) -> Self {
        let t_squared = |p: f64| t_of_two_sided_p(p.clamp(0.0, 1.0), n as f64 - 1.0).powi(2);
        Self { p, t_squared: p.map_monotone(t_squared), is_attained_by_t: false }
    }

    /// The sums of products of a pair of data sets whose t has such a p.
    fn products(&self, n: f64, x: &Margin, y: &Margin) -> Interval {
        if x.sums.0 == y.sums.0 {
            // Without a mean change t is 0, and p is 1.
            let all = Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
            return if self.p.contains(1.0) { all } else { Interval::point(f64::INFINITY) };
        }
        self.t_squared.map_monotone(|t_squared| products_needed(n, x, y, t_squared))
    }
}

/// Walks through the tables of all pairs of data sets.
struct Visit {
    n: u32,
    alpha: f64,
    critical_squared: f64,
    asked: Option<Asked>,
    most: u64,
    tables: u64,
    significant: u64,
    least_r_significant: Option<f64>,
    most_r_not_significant: Option<f64>,
    /// How many people changed by each amount, from −`reach` to +`reach`.
    changes: Vec<u32>,
    reach: i64,
    /// How many tables have each statistic of ranks, by their pattern of ties. The pattern is written
    /// in bits, a 1 ending each tie; the statistic is twice the sum of positive midranks, times n + 1,
    /// and how many are positive.
    ranked: Vec<Option<Box<[u64]>>>,
}

/// Distances below this are noted in the bits of a number.
const FURTHEST: usize = 128;

/// The bit of a distance; nobody who did not change has a rank.
#[inline]
fn bit(change: i64) -> u128 {
    let distance = change.unsigned_abs() as usize;
    if distance == 0 || distance >= FURTHEST { 0 } else { 1 << distance }
}

/// Where a table is being filled: `rest` people of row i are left for columns j and on.
#[derive(Clone, Copy)]
struct Cell {
    i: usize,
    j: usize,
    rest: u32,
}

/// One pair of data sets on its way through the table.
struct Pair<'a> {
    x: &'a Margin,
    y: &'a Margin,
    left: Vec<u32>,
    /// Above this sum of products the t-test is significant.
    products_needed: f64,
    /// Within these the t-test has the p that was asked for.
    products_asked: Option<Interval>,
    /// The smallest significant sum of products, and the largest that is not.
    least_significant: i64,
    most_not: i64,
}

impl Visit {
    fn new(reach: i64, n: u64, alpha: f64, asked: Option<Interval>, most: u64) -> Self {
        Self {
            n: n as u32,
            alpha,
            asked: asked.map(|p| Asked::new(p, n)),
            critical_squared: t_of_two_sided_p(alpha, n as f64 - 1.0).powi(2),
            most,
            tables: 0,
            significant: 0,
            least_r_significant: None,
            most_r_not_significant: None,
            changes: vec![0; 2 * reach as usize + 1],
            reach,
            ranked: vec![None; 1 << (n + 1)],
        }
    }

    fn pair(&mut self, x: &Margin, y: &Margin) -> ControlFlow<()> {
        let products_needed = products_needed(f64::from(self.n), x, y, self.critical_squared);
        let left = y.counts.clone();
        let products_asked = self.asked.map(|asked| asked.products(f64::from(self.n), x, y));
        let mut pair =
            Pair { x, y, left, products_needed, products_asked, least_significant: i64::MAX, most_not: i64::MIN };
        self.row(&mut pair, 0, 0, 0)?;
        let r = |products: i64| {
            let pairing =
                PairedStatistics { n: i64::from(self.n), denominator: 1, before: x.sums, after: y.sums, products };
            pairing.r().filter(|_| products != i64::MAX && products != i64::MIN)
        };
        let (least, most) = (r(pair.least_significant), r(pair.most_not));
        self.least_r_significant = [self.least_r_significant, least].into_iter().flatten().reduce(f64::min);
        self.most_r_not_significant = [self.most_r_not_significant, most].into_iter().flatten().reduce(f64::max);
        ControlFlow::Continue(())
    }

    fn row(&mut self, pair: &mut Pair<'_>, i: usize, products: i64, distances: u128) -> ControlFlow<()> {
        if i + 1 == pair.x.codes.len() {
            return self.last_row(pair, i, products, distances);
        }
        let cell = Cell { i, j: 0, rest: pair.x.counts[i] };
        self.cell(pair, cell, products, distances)
    }

    fn cell(&mut self, pair: &mut Pair<'_>, cell: Cell, products: i64, distances: u128) -> ControlFlow<()> {
        let Cell { i, j, rest } = cell;
        let (a, b) = (pair.x.codes[i], pair.y.codes[j]);
        let is_last = j + 1 == pair.y.codes.len();
        let available = pair.left[j];
        if is_last && rest > available {
            return ControlFlow::Continue(());
        }
        let position = (b - a + self.reach) as usize;
        let first = if is_last { rest } else { 0 };
        for count in first..=rest.min(available) {
            pair.left[j] = available - count;
            self.changes[position] += count;
            let products = products + i64::from(count) * a * b;
            let distances = if count > 0 { distances | bit(b - a) } else { distances };
            let done = match rest - count {
                0 => self.row(pair, i + 1, products, distances),
                rest => self.cell(pair, Cell { i, j: j + 1, rest }, products, distances),
            };
            self.changes[position] -= count;
            pair.left[j] = available;
            done?;
        }
        ControlFlow::Continue(())
    }

    /// Who is left has the last value before.
    fn last_row(&mut self, pair: &mut Pair<'_>, i: usize, mut products: i64, mut distances: u128) -> ControlFlow<()> {
        let a = pair.x.codes[i];
        for (b, count) in pair.y.codes.iter().zip(&pair.left).filter(|(_, count)| **count > 0) {
            products += i64::from(*count) * a * b;
            distances |= bit(b - a);
            self.changes[(b - a + self.reach) as usize] += count;
        }
        self.tables += 1;
        if products as f64 > pair.products_needed {
            self.significant += 1;
            pair.least_significant = pair.least_significant.min(products);
        } else {
            pair.most_not = pair.most_not.max(products);
        }
        if let (Some(asked), Some(range)) = (&mut self.asked, pair.products_asked) {
            asked.is_attained_by_t |= range.contains(products as f64);
        }
        self.rank(distances);
        for (b, count) in pair.y.codes.iter().zip(&pair.left).filter(|(_, count)| **count > 0) {
            self.changes[(b - a + self.reach) as usize] -= count;
        }
        if self.tables > self.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Notes the statistics of ranks of the changes of one table, of which these distances occur.
    fn rank(&mut self, mut distances: u128) {
        let zero = self.reach as usize;
        let (mut pattern, mut below, mut sum, mut positive) = (1usize, 0, 0, 0);
        let mut take = |distance: usize| {
            let (up, down) = (self.changes[zero + distance], self.changes[zero - distance]);
            let people = up + down;
            if people > 0 {
                pattern = pattern << people | 1;
                sum += up * (2 * below + people + 1);
                positive += up;
                below += people;
            }
        };
        if zero < FURTHEST {
            while distances != 0 {
                take(distances.trailing_zeros() as usize);
                distances &= distances - 1;
            }
        } else {
            (1..=zero).for_each(take);
        }
        let statistics = ((self.n * (self.n + 1) + 1) * (self.n + 1)) as usize;
        let counts = self.ranked[pattern].get_or_insert_with(|| vec![0; statistics].into_boxed_slice());
        counts[(sum * (self.n + 1) + positive) as usize] += 1;
    }

    /// What two threads have found together.
    fn merge(mut self, other: Self) -> Self {
        self.tables += other.tables;
        if let (Some(own), Some(other)) = (&mut self.asked, other.asked) {
            own.is_attained_by_t |= other.is_attained_by_t;
        }
        self.significant += other.significant;
        let both =
            |a: Option<f64>, b: Option<f64>, pick: fn(f64, f64) -> f64| [a, b].into_iter().flatten().reduce(pick);
        self.least_r_significant = both(self.least_r_significant, other.least_r_significant, f64::min);
        self.most_r_not_significant = both(self.most_r_not_significant, other.most_r_not_significant, f64::max);
        for (own, other) in self.ranked.iter_mut().zip(other.ranked) {
            match (own.as_mut(), other) {
                (Some(own), Some(other)) => own.iter_mut().zip(other.iter()).for_each(|(own, other)| *own += other),
                (None, other) => *own = other,
                (Some(_), None) => {}
            }
        }
        self
    }

    fn finish(self) -> Option<JointTables> {
        let one = Interval::point(1.0);
        let mut found: Option<[Interval; 5]> = None;
        let mut wilcoxon_significant = 0;
        let mut attained = self.asked.map(|asked| Attained { t: asked.is_attained_by_t, ..Attained::default() });
        for (pattern, counts) in self.ranked.iter().enumerate() {
            let Some(counts) = counts else { continue };
            let ties = ties(pattern);
            let people: u32 = ties.iter().sum();
            let plan = SignedRankPlan::new(&ties, self.n - people);
            for (statistic, tables) in counts.iter().enumerate().filter(|(_, tables)| **tables > 0) {
                let (sum, positive) = (statistic as u32 / (self.n + 1), statistic as u32 % (self.n + 1));
                let p = plan.p(u64::from(sum), positive, sign_test(positive, people));
                wilcoxon_significant += if p.exact < self.alpha { *tables } else { 0 };
                if let (Some(attained), Some(asked)) = (&mut attained, &self.asked) {
                    attained.wilcoxon |= asked.p.contains(p.exact);
                    attained.pratt |= asked.p.contains(p.pratt);
                    attained.normal |= asked.p.contains(p.normal);
                    attained.uncorrected |= asked.p.contains(p.uncorrected);
                    attained.sign |= asked.p.contains(p.sign);
                }
                let each = [p.exact, p.pratt, p.normal, p.uncorrected, p.sign].map(Interval::point);
                let known = found.unwrap_or(each);
                found = Some(std::array::from_fn(|i| {
                    Interval::hull([known[i].lower, known[i].upper, each[i].lower]).unwrap_or(one)
                }));
            }
        }
        found.map(|[wilcoxon_p, pratt_p, normal_p, uncorrected_p, sign_p]| JointTables {
            tables: u128::from(self.tables),
            significant: u128::from(self.significant),
            wilcoxon_significant: u128::from(wilcoxon_significant),
            wilcoxon_p,
            pratt_p,
            normal_p,
            uncorrected_p,
            sign_p,
            least_r_significant: self.least_r_significant,
            most_r_not_significant: self.most_r_not_significant,
            attained,
        })
    }
}

/// The ties of a pattern, from the smallest differences to the largest.
fn ties(pattern: usize) -> Vec<u32> {
    let bits = usize::BITS - 1 - pattern.leading_zeros();
    let (mut ties, mut people) = (Vec::new(), 0);
    for bit in (0..bits).rev() {
        people += 1;
        if pattern >> bit & 1 == 1 {
            ties.push(people);
            people = 0;
        }
    }
    ties
}
