//! Ranges over all data sets and pairings.

use super::statistics::PairedStatistics;
use super::{Paired, Pairing, RNeeded};
use crate::numeric::interval::Interval;
use crate::reconstruct::sets::Class;
use crate::reconstruct::space::{most_even, wide_ceil_div};
use crate::reconstruct::tilted::FEW_STEPS;
use crate::reconstruct::{DataSets, Unreconstructable};
use std::collections::HashMap;

/// So many products are formed for exact ranges, which takes a second or two.
const MOST_PRODUCTS: usize = 4_000_000_000;

/// So many pairs of sums are remembered; where there are more, so many pairs of data sets are looked at.
const MOST_SUMS: usize = 4_000_000;
const MOST_PAIRS: usize = 20_000_000;

/// So many data sets of one cell are held, and so many numbers of theirs: 200 MB.
const MOST_SETS: usize = 2_000_000;
const MOST_HELD: usize = 25_000_000;

/// So many pairs of total and sum of squares are looked at for each cell.
const MOST_CLASSES: usize = 5_000;

/// So many products are formed for what is attained beside a bracket.
const MOST_WITNESSED: usize = 500_000_000;

/// So many lattice inequalities are worked out at most.
const MOST_INEQUALITIES: usize = 50_000_000;

/// Coefficients of the lattice inequalities up to this bound the sum of products.
const LATTICE: usize = 12;

/// Exact ranges where the data sets can be paired one by one, and a certified bracket otherwise.
pub(super) fn ranges(
    before: &DataSets,
    after: &DataSets,
    alpha: f64,
    critical: f64,
) -> Result<Paired, Unreconstructable> {
    let context = Context { n: before.n() as i64, denominator: before.grid().denominator(), alpha, critical };
    // A data set is held as its values in both orders.
    let most = MOST_SETS.min(MOST_HELD / (2 * before.n() as usize)).max(1);
    let listed = before.list(most).and_then(|xs| Some((xs, after.list(most)?)));
    if let Some((xs, ys)) = listed
        && xs.len().saturating_mul(ys.len()).saturating_mul(before.n() as usize) <= MOST_PRODUCTS
    {
        let expand = |sets: &DataSets, list: Vec<Vec<u32>>| -> Vec<Ordered> {
            list.iter().map(|counts| Ordered::new(sets.expanded(counts))).collect()
        };
        let (xs, ys) = (expand(before, xs), expand(after, ys));
        let widest = |sets: &[Ordered]| {
            let ends = sets.iter().filter_map(|set| Some([*set.rising.first()?, *set.rising.last()?]));
            ends.flatten().map(|code| code.unsigned_abs()).max().unwrap_or(0)
        };
        // Sums of products are whole numbers that doubles hold.
        let largest = u128::from(widest(&xs)) * u128::from(widest(&ys)) * u128::from(before.n());
        let pairs = xs.len() * ys.len();
        let is_quick = pairs <= MOST_PAIRS || kinds(&xs).0.saturating_mul(kinds(&ys).0) <= MOST_SUMS;
        if largest < 1 << 53 && is_quick {
            return Ok(context.exact(&xs, &ys));
        }
    }
    context.bracket(before, after)
}

/// A data set with its sums.
struct Ordered {
    rising: Vec<i64>,
    sums: (i64, i64),
}

impl Ordered {
    fn new(rising: Vec<i64>) -> Self {
        let sums = (rising.iter().sum(), rising.iter().map(|code| code * code).sum());
        Self { rising, sums }
    }

    fn ordered(&self, is_falling: bool) -> Vec<i64> {
        if is_falling { self.rising.iter().rev().copied().collect() } else { self.rising.clone() }
    }
}

/// How many different sums there are, and which of them each data set has.
fn kinds(sets: &[Ordered]) -> (usize, Vec<usize>) {
    let mut known = HashMap::new();
    let of = |set: &Ordered| {
        let next = known.len();
        *known.entry(set.sums).or_insert(next)
    };
    let kinds = sets.iter().map(of).collect();
    (known.len(), kinds)
}

/// So many data sets of each cell are drawn to be paired, where they are too many to pair all, in some tenths of a
/// second.
const DRAWN_WITNESSES: usize = 100;
const WITNESS_STEPS: u64 = FEW_STEPS / 10;

/// So many data sets go through the products together, so that those of the other cell stay at hand.
const TOGETHER: usize = 32;

/// As many data sets as a processor multiplies side by side.
const BESIDE: usize = 8;

/// Data sets side by side: for each block of them the smallest values, the second smallest, and so on.
struct Blocks {
    values: Vec<Vec<[f64; BESIDE]>>,
    count: usize,
}

impl Blocks {
    fn new(sets: &[Ordered]) -> Self {
        let block = |sets: &[Ordered]| -> Vec<[f64; BESIDE]> {
            let of = |place: usize| {
                let mut values = [0.0; BESIDE];
                values.iter_mut().zip(sets).for_each(|(value, set)| *value = set.rising[place] as f64);
                values
            };
            (0..sets.first().map_or(0, |set| set.rising.len())).map(of).collect()
        };
        Self { values: sets.chunks(BESIDE).map(block).collect(), count: sets.len() }
    }

    /// Room for [`Blocks::products`]: new memory for each part would take longer than they do.
    fn room(&self) -> Vec<Vec<(f64, f64)>> {
        (0..TOGETHER).map(|_| Vec::with_capacity(self.count + BESIDE)).collect()
    }

    /// For each of some data sets the largest and the smallest sum of products with each of these.
    fn products(&self, of: &[Ordered], all: &mut [Vec<(f64, f64)>]) {
        all.iter_mut().for_each(Vec::clear);
        for block in &self.values {
            for (set, products) in of.iter().zip(&mut *all) {
                let (mut high, mut low) = ([0.0; BESIDE], [0.0; BESIDE]);
                for ((values, up), down) in block.iter().zip(&set.rising).zip(set.rising.iter().rev()) {
                    let (up, down) = (*up as f64, *down as f64);
                    for at in 0..BESIDE {
                        high[at] += up * values[at];
                        low[at] += down * values[at];
                    }
                }
                products.extend(high.into_iter().zip(low));
            }
        }
    }
}

struct Context {
    n: i64,
    denominator: i64,
    alpha: f64,
    critical: f64,
}

impl Context {
    fn statistics(&self, before: (i64, i64), after: (i64, i64), products: i64) -> PairedStatistics {
        PairedStatistics { n: self.n, denominator: self.denominator, before, after, products }
    }

    /// Both extreme pairings of every pair of data sets.
    ///
    /// With the same totals and sums of squares every statistic rises or falls with the sum of products, so that
    /// a pair whose products lie between those seen before with its sums moves no range.
    fn exact(&self, xs: &[Ordered], ys: &[Ordered]) -> Paired {
        let mut ranges = Ranges::new(self);
        let ((x_sums, x_kinds), (y_sums, y_kinds)) = (kinds(xs), kinds(ys));
        let is_table = x_sums.saturating_mul(y_sums) <= MOST_SUMS;
        let mut seen = vec![(f64::INFINITY, f64::NEG_INFINITY); if is_table { x_sums * y_sums } else { 0 }];
        let blocks = Blocks::new(ys);
        let mut products = blocks.room();
        for (xs, x_kinds) in xs.chunks(TOGETHER).zip(x_kinds.chunks(TOGETHER)) {
            blocks.products(xs, &mut products);
            for ((x, kind), products) in xs.iter().zip(x_kinds).zip(&products) {
                for ((y, y_kind), (high, low)) in ys.iter().zip(&y_kinds).zip(products.iter().copied()) {
                    if let Some(known) = seen.get_mut(kind * y_sums + y_kind) {
                        if low >= known.0 && high <= known.1 {
                            continue;
                        }
                        *known = (known.0.min(low), known.1.max(high));
                    }
                    for (is_falling, products) in [(false, high), (true, low)] {
                        let pairing = self.statistics(x.sums, y.sums, products as i64);
                        ranges.add(pairing, || (x.rising.clone(), y.ordered(is_falling)));
                    }
                }
            }
        }
        ranges.finish(true)
    }

    /// From outside, bounds of the sum of products for each pair of totals and sums of squares;
    /// from inside, the extreme pairings of one data set each.
    fn bracket(&self, before: &DataSets, after: &DataSets) -> Result<Paired, Unreconstructable> {
        let classes = |sets: &DataSets| {
            sets.classes(MOST_CLASSES).ok_or_else(|| {
                let message = "the printed digits leave too many totals and sums of squares for bounds".to_owned();
                Unreconstructable::TooLarge(message)
            })
        };
        let (xs, ys) = (classes(before)?, classes(after)?);
        let (mut outer, mut inner) = (Ranges::new(self), Ranges::new(self));
        let lattice = if xs.len() * ys.len() * LATTICE * LATTICE <= MOST_INEQUALITIES { LATTICE } else { 2 };
        for x in &xs {
            for y in &ys {
                let sums = [x, y].map(|class| (class.sum, class.squares));
                for products in self.products(x, y, lattice as i64) {
                    outer.add(self.statistics(sums[0], sums[1], products), || (Vec::new(), Vec::new()));
                }
            }
        }
        // Where there are many, some of them, spread over all.
        let most = (MOST_WITNESSED / (2 * self.n as usize)).isqrt().max(2);
        let witnesses = |classes: &[Class], sets: &DataSets| -> Vec<Ordered> {
            let chosen = classes.iter().step_by(classes.len().div_ceil(most).max(1));
            let chosen = chosen.map(|class| Ordered::new(class.witness.clone()));
            // The first of each class are odd shapes: those that are drawn look more like each other.
            let drawn = sets.drawn_within(WITNESS_STEPS, most.min(DRAWN_WITNESSES), 1);
            chosen.chain(drawn.iter().map(|counts| Ordered::new(sets.expanded(counts)))).collect()
        };
        let (xs, ys) = (witnesses(&xs, before), witnesses(&ys, after));
        for x in &xs {
            for y in &ys {
                for is_falling in [false, true] {
                    let order = y.ordered(is_falling);
                    let products = x.rising.iter().zip(&order).map(|(a, b)| a * b).sum();
                    inner.add(self.statistics(x.sums, y.sums, products), || (x.rising.clone(), order.clone()));
                }
            }
        }
        let inner = inner.finish(true);
        let mut outer = outer.finish(false);
        outer.exact = outer.t == inner.t && outer.r == inner.r && outer.sd_change == inner.sd_change;
        outer.most_significant = inner.most_significant.clone();
        outer.least_significant = inner.least_significant.clone();
        outer.attained = (!outer.exact).then(|| Box::new(inner));
        Ok(outer)
    }

    /// Bounds of the sum of products: |n·C − Sx·Sy| ≤ √(Vx·Vy) (Cauchy & Schwarz), and, since all are
    /// whole numbers, Σ(a·x ± b·y)² is never less than that of the most even split of its total.
    fn products(&self, x: &Class, y: &Class, lattice: i64) -> [i64; 2] {
        let n = i128::from(self.n);
        let dispersion = |class: &Class| n * i128::from(class.squares) - i128::from(class.sum).pow(2);
        let center = i128::from(x.sum) * i128::from(y.sum);
        let root = (dispersion(x).max(0) * dispersion(y).max(0)).isqrt();
        let mut low = wide_ceil_div(center - root, n);
        let mut high = (root + center).div_euclid(n);
        for a in 1..=lattice {
            for b in 1..=lattice {
                let both = i128::from(a * a) * i128::from(x.squares) + i128::from(b * b) * i128::from(y.squares);
                let least = |sign: i64| i128::from(most_even(self.n, a * x.sum + sign * b * y.sum));
                let twice = i128::from(2 * a * b);
                high = high.min((both - least(-1)).div_euclid(twice));
                low = low.max(wide_ceil_div(least(1) - both, twice));
            }
        }
        [low, high].map(|products| products as i64)
    }
}

/// Grows with every pairing.
struct Ranges<'a> {
    context: &'a Context,
    r: Option<Interval>,
    sd_change: Option<Interval>,
    t: Option<Interval>,
    size: Option<Interval>,
    /// The correlations that some data sets need, of those that exist.
    r_at: Option<Interval>,
    needs: Needs,
    /// Whether nobody changes in a pairing, so that it has no t.
    is_undefined: bool,
    most: Option<(f64, Pairing)>,
    least: Option<(f64, Pairing)>,
}

impl<'a> Ranges<'a> {
    fn new(context: &'a Context) -> Self {
        Self {
            context,
            r: None,
            sd_change: None,
            t: None,
            size: None,
            r_at: None,
            needs: Needs::default(),
            is_undefined: false,
            most: None,
            least: None,
        }
    }

    fn add(&mut self, pairing: PairedStatistics, data: impl Fn() -> (Vec<i64>, Vec<i64>)) {
        Interval::widen(&mut self.r, pairing.r());
        Interval::widen(&mut self.sd_change, Some(pairing.sd_change()));
        self.need(pairing.r_at(self.context.critical));
        let Some(t) = pairing.t() else {
            self.is_undefined = true;
            return;
        };
        Interval::widen(&mut self.t, Some(t));
        Interval::widen(&mut self.size, Some(t.abs()));
        let joined = || {
            let (x, y) = data();
            Pairing(x.into_iter().zip(y).collect())
        };
        if self.most.as_ref().is_none_or(|(known, _)| t.abs() > *known) {
            self.most = Some((t.abs(), joined()));
        }
        if self.least.as_ref().is_none_or(|(known, _)| t.abs() < *known) {
            self.least = Some((t.abs(), joined()));
        }
    }

    fn need(&mut self, r: Option<f64>) {
        match r {
            None => {}
            Some(r) if r >= 1.0 => self.needs.none = true,
            Some(r) => {
                self.needs.not_any |= r >= -1.0;
                Interval::widen(&mut self.r_at, Some(r.max(-1.0)));
            }
        }
    }

    fn finish(self, exact: bool) -> Paired {
        let df = (self.context.n - 1) as f64;
        let p_of = |t: f64| if t.is_infinite() { 0.0 } else { crate::numeric::dist::t_two_sided_p(t, df) };
        let pairing = |found: Option<(f64, Pairing)>| found.map(|(_, pairing)| pairing).filter(|p| !p.0.is_empty());
        Paired {
            n: self.context.n as u64,
            r: self.r,
            sd_change: self.sd_change.unwrap_or(Interval::point(0.0)),
            dz: self.t.map(|t| t.scaled(1.0 / (self.context.n as f64).sqrt())),
            t: self.t,
            p: self.size.map(|size| size.map_monotone(p_of)),
            r_needed: needed(self.r_at, self.needs),
            alpha: self.context.alpha,
            exact,
            is_sometimes_undefined: self.is_undefined,
            attained: None,
            most_significant: pairing(self.most),
            least_significant: pairing(self.least),
        }
    }
}

/// What was seen of the correlations that data sets need.
#[derive(Clone, Copy, Default)]
struct Needs {
    /// Some data sets need more than any correlation can give.
    none: bool,
    /// Some need more than −1.
    not_any: bool,
}

fn needed(r_at: Option<Interval>, needs: Needs) -> RNeeded {
    match r_at {
        None if needs.none => RNeeded::None,
        None => RNeeded::Undefined,
        Some(_) if !needs.not_any && !needs.none => RNeeded::Any,
        Some(r) => RNeeded::Between { r, sometimes_none: needs.none },
    }
}
