//! Ranges over all data sets and pairings.

use super::statistics::PairedStatistics;
use super::{Paired, Pairing, RNeeded};
use crate::numeric::interval::Interval;
use crate::reconstruct::sets::Class;
use crate::reconstruct::space::most_even;
use crate::reconstruct::{DataSets, Unreconstructable};

/// So many products are formed for exact ranges, which takes a second or two.
const MOST_PRODUCTS: usize = 4_000_000_000;

/// So many data sets of one cell are held.
const MOST_SETS: usize = 2_000_000;

/// So many pairs of total and sum of squares are looked at for each cell.
const MOST_CLASSES: usize = 5_000;

/// Coefficients of the lattice inequalities up to this bound the sum of products.
const LATTICE: i64 = 12;

/// Exact ranges where the data sets can be paired one by one, and a certified bracket otherwise.
pub(super) fn ranges(
    before: &DataSets,
    after: &DataSets,
    alpha: f64,
    critical: f64,
) -> Result<Paired, Unreconstructable> {
    let context = Context { n: before.n() as i64, denominator: before.grid().denominator(), alpha, critical };
    let listed = before.list(MOST_SETS).zip(after.list(MOST_SETS));
    if let Some((xs, ys)) = listed
        && xs.len().saturating_mul(ys.len()).saturating_mul(before.n() as usize) <= MOST_PRODUCTS
    {
        let expand = |sets: &DataSets, list: Vec<Vec<u32>>| -> Vec<Ordered> {
            list.iter().map(|counts| Ordered::new(sets.expanded(counts))).collect()
        };
        return Ok(context.exact(&expand(before, xs), &expand(after, ys)));
    }
    context.bracket(before, after)
}

/// A data set with its sums.
struct Ordered {
    rising: Vec<i64>,
    falling: Vec<i64>,
    sums: (i64, i64),
}

impl Ordered {
    fn new(rising: Vec<i64>) -> Self {
        let sums = (rising.iter().sum(), rising.iter().map(|code| code * code).sum());
        let falling = rising.iter().rev().copied().collect();
        Self { rising, falling, sums }
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
    fn exact(&self, xs: &[Ordered], ys: &[Ordered]) -> Paired {
        let mut ranges = Ranges::new(self);
        for x in xs {
            for y in ys {
                let dot = |other: &[i64]| -> i64 { x.rising.iter().zip(other).map(|(a, b)| a * b).sum() };
                for (order, products) in [(&y.rising, dot(&y.rising)), (&y.falling, dot(&y.falling))] {
                    ranges.add(self.statistics(x.sums, y.sums, products), || (x.rising.clone(), order.clone()));
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
        for x in &xs {
            for y in &ys {
                let sums = [x, y].map(|class| (class.sum, class.squares));
                for products in self.products(x, y) {
                    outer.add(self.statistics(sums[0], sums[1], products), || (Vec::new(), Vec::new()));
                }
            }
        }
        let witnesses = |classes: &[Class]| -> Vec<Ordered> {
            classes.iter().map(|class| Ordered::new(class.witness.clone())).collect()
        };
        let (xs, ys) = (witnesses(&xs), witnesses(&ys));
        for x in &xs {
            for y in &ys {
                for order in [&y.rising, &y.falling] {
                    let products = x.rising.iter().zip(order).map(|(a, b)| a * b).sum();
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
    fn products(&self, x: &Class, y: &Class) -> [i64; 2] {
        let n = i128::from(self.n);
        let dispersion = |class: &Class| n * i128::from(class.squares) - i128::from(class.sum).pow(2);
        let center = i128::from(x.sum) * i128::from(y.sum);
        let root = integer_sqrt(dispersion(x).max(0) * dispersion(y).max(0));
        let mut low = -((root - center).div_euclid(n));
        let mut high = (root + center).div_euclid(n);
        for a in 1..=LATTICE {
            for b in 1..=LATTICE {
                let both = i128::from(a * a) * i128::from(x.squares) + i128::from(b * b) * i128::from(y.squares);
                let least = |sign: i64| i128::from(most_even(self.n, a * x.sum + sign * b * y.sum));
                let twice = i128::from(2 * a * b);
                high = high.min((both - least(-1)).div_euclid(twice));
                low = low.max(-((both - least(1)).div_euclid(twice)));
            }
        }
        [low, high].map(|products| products as i64)
    }
}

/// The whole part of a square root.
fn integer_sqrt(value: i128) -> i128 {
    let mut root = (value as f64).sqrt() as i128;
    while root * root > value {
        root -= 1;
    }
    while (root + 1) * (root + 1) <= value {
        root += 1;
    }
    root
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
    most: Option<(f64, Pairing)>,
    least: Option<(f64, Pairing)>,
}

fn widen(range: &mut Option<Interval>, value: Option<f64>) {
    if let Some(value) = value {
        let known = range.get_or_insert(Interval::point(value));
        *known = Interval { lower: known.lower.min(value), upper: known.upper.max(value) };
    }
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
            most: None,
            least: None,
        }
    }

    fn add(&mut self, pairing: PairedStatistics, data: impl Fn() -> (Vec<i64>, Vec<i64>)) {
        widen(&mut self.r, pairing.r());
        widen(&mut self.sd_change, Some(pairing.sd_change()));
        self.need(pairing.r_at(self.context.critical));
        let Some(t) = pairing.t() else { return };
        widen(&mut self.t, Some(t));
        widen(&mut self.size, Some(t.abs()));
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
                widen(&mut self.r_at, Some(r.max(-1.0)));
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
