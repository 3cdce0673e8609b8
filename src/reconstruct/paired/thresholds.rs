//! At which correlations a pairing can be significant, without visiting every joint table.

use super::DataSets;
use super::joint::{Margin, margins, products_needed};
use super::statistics::PairedStatistics;
use crate::numeric::dist::t_of_two_sided_p;

/// People up to this number can be paired in so few ways that one pair of data sets is visited whole.
const MOST_PEOPLE: u64 = 9;

/// So many pairs of data sets are looked at.
const MOST_PAIRS: usize = 4_000_000;

/// The correlations at which the paired t-test is significant in some pairing, and in every one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Thresholds {
    /// The smallest correlation of a pairing that is significant.
    pub least_significant: Option<f64>,
    /// The largest correlation of a pairing that is not.
    pub most_not_significant: Option<f64>,
}

/// Looks for both correlations; none where there is no data, or too many people or data sets.
///
/// Each pair of data sets has a sum of products from which on it is significant, which bounds its
/// correlation. Pairs are taken in the order of these bounds, and the search ends when none that is
/// left can be better than what was found.
pub fn thresholds(before: &DataSets, after: &DataSets, alpha: f64) -> Option<Thresholds> {
    let n = before.n();
    if n != after.n() || !(2..=MOST_PEOPLE).contains(&n) {
        return None;
    }
    let (xs, ys) = (margins(before, MOST_PAIRS)?, margins(after, MOST_PAIRS)?);
    if xs.len().saturating_mul(ys.len()) > MOST_PAIRS {
        return None;
    }
    let critical_squared = t_of_two_sided_p(alpha, n as f64 - 1.0).powi(2);
    let pairs: Vec<(&Margin, &Margin, f64)> = xs
        .iter()
        .flat_map(|x| ys.iter().map(move |y| (x, y, products_needed(n as f64, x, y, critical_squared))))
        .collect();
    let r = |x: &Margin, y: &Margin, products: i64| {
        PairedStatistics { n: n as i64, denominator: 1, before: x.sums, after: y.sums, products }.unclamped_r()
    };
    // The nearest sum of products on either side, if it could be attained.
    let search = |above: bool| {
        let bound = |(x, y, needed): &(&Margin, &Margin, f64)| match (needed.is_finite(), above) {
            (true, true) => r(x, y, needed.floor() as i64 + 1),
            (true, false) => r(x, y, needed.floor() as i64),
            // Without a mean change nothing is significant, whatever the correlation.
            (false, true) => None,
            (false, false) => r(x, y, 0).map(|_| 1.0),
        };
        let mut order: Vec<(f64, usize)> =
            pairs.iter().enumerate().filter_map(|(index, pair)| Some((bound(pair)?, index))).collect();
        let sign = if above { 1.0 } else { -1.0 };
        order.sort_unstable_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
        let mut best: Option<f64> = None;
        for (bound, index) in order {
            if best.is_some_and(|best| sign * bound >= sign * best) {
                break;
            }
            let (x, y, needed) = pairs[index];
            let found = Nearest::new(x, y, needed, above).find().and_then(|products| r(x, y, products));
            best = match (best, found) {
                (Some(best), Some(found)) if sign * found >= sign * best => Some(best),
                (best, found) => found.or(best),
            };
        }
        best.map(|r| r.clamp(-1.0, 1.0))
    };
    Some(Thresholds { least_significant: search(true), most_not_significant: search(false) })
}

/// The attained sum of products nearest to a bound, above it or not.
struct Nearest<'a> {
    x: &'a Margin,
    y: &'a Margin,
    needed: f64,
    above: bool,
    left: Vec<u32>,
    best: Option<i64>,
}

impl<'a> Nearest<'a> {
    fn new(x: &'a Margin, y: &'a Margin, needed: f64, above: bool) -> Self {
        Self { x, y, needed, above, left: y.counts.clone(), best: None }
    }

    fn find(mut self) -> Option<i64> {
        self.row(0, 0);
        self.best
    }

    fn row(&mut self, i: usize, products: i64) {
        if i + 1 < self.x.codes.len() {
            return self.cell(i, 0, self.x.counts[i], products);
        }
        let a = self.x.codes[i];
        let last: i64 = self.y.codes.iter().zip(&self.left).map(|(b, count)| i64::from(*count) * a * b).sum();
        let products = products + last;
        if self.above && products as f64 > self.needed {
            self.best = Some(self.best.map_or(products, |best| best.min(products)));
        } else if !self.above && products as f64 <= self.needed {
            self.best = Some(self.best.map_or(products, |best| best.max(products)));
        }
    }

    fn cell(&mut self, i: usize, j: usize, rest: u32, products: i64) {
        let is_last = j + 1 == self.y.codes.len();
        let available = self.left[j];
        if is_last && rest > available {
            return;
        }
        let first = if is_last { rest } else { 0 };
        for count in first..=rest.min(available) {
            self.left[j] = available - count;
            let products = products + i64::from(count) * self.x.codes[i] * self.y.codes[j];
            match rest - count {
                0 => self.row(i + 1, products),
                rest => self.cell(i, j + 1, rest, products),
            }
        }
        self.left[j] = available;
    }
}
