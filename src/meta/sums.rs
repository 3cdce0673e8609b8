//! Effects with a common mean, of which everything is a function of a few sums: fits of nearly the same studies.
//!
//! At weights w = 1/(v + τ²) a mean needs Σ w, Σ w², Σ w³, Σ wy, Σ wy², Σ w²y, Σ w²y² and Σ ln(v + τ²). Without a study
//! they are those of all less its own, so that a fit costs nothing that grows with the number of studies, once the
//! sums of all are known at each τ². They are analytic in τ² except at −v, and polynomials through their values at
//! Chebyshev's points give them to the last digits.

use super::problem::Problem;

/// How many sums there are.
const SUMS: usize = 8;

/// The sums of some studies at one τ²; the effects are taken from the centre of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    /// How many studies.
    pub k: f64,
    /// Σ ln(v + τ²), Σ w, Σ w², Σ w³, Σ wy, Σ wy², Σ w²y, Σ w²y².
    all: [f64; SUMS],
}

impl Sums {
    pub fn log_variances(&self) -> f64 {
        self.all[0]
    }

    /// Σ w.
    pub fn total(&self) -> f64 {
        self.all[1]
    }

    /// Σ w².
    pub fn squares(&self) -> f64 {
        self.all[2]
    }

    /// The mean, from the centre.
    pub fn mean(&self) -> f64 {
        self.all[4] / self.total()
    }

    /// Σ w(y − b)².
    pub fn q(&self) -> f64 {
        self.all[5] - self.all[4] * self.mean()
    }

    /// y′PPy = Σ w²(y − b)².
    pub fn y_pp_y(&self) -> f64 {
        let b = self.mean();
        self.all[7] + b * (b * self.squares() - 2.0 * self.all[6])
    }

    /// tr P.
    pub fn trace_p(&self) -> f64 {
        self.total() - self.squares() / self.total()
    }

    /// tr PΣPΣ of Σ = V + sI, where these weights are those of another τ² by `s` below it.
    pub fn trace_with(&self, s: f64) -> f64 {
        let [_, one, two, three, ..] = self.all;
        let direct = self.k + s * (2.0 * one + s * two);
        let along = one + s * (2.0 * two + s * three);
        let crossed = (one + s * two) / one;
        direct - 2.0 * along / one + crossed * crossed
    }

    /// tr PP.
    pub fn trace_pp(&self) -> f64 {
        let [_, one, two, three, ..] = self.all;
        two - 2.0 * three / one + (two / one) * (two / one)
    }

    /// Whether what was taken away, and what squares lose to their mean, leaves at least twelve digits; `centre` is
    /// what the effects are taken from.
    pub fn keep_digits_of(&self, whole: &Self, centre: f64) -> bool {
        const MOST: f64 = 1e4;
        let are_left = [1, 2, 3, 5, 7].iter().all(|&at| self.all[at] * MOST > whole.all[at]);
        let are_apart = self.q() * MOST > self.all[5] && self.y_pp_y() * MOST > self.all[7];
        let is_spread = self.q() * MOST * MOST > self.total() * centre * centre;
        are_left && are_apart && is_spread && self.trace_p() * MOST > self.total()
    }
}

fn of_one(v: f64, y: f64, tau2: f64) -> [f64; SUMS] {
    let marginal = v + tau2;
    let w = 1.0 / marginal;
    let wy = w * y;
    [marginal.ln(), w, w * w, w * w * w, wy, wy * y, w * wy, wy * wy]
}

/// The sums of some studies at 0, and at the points of intervals of τ² that follow each other.
pub(super) struct Table<'a> {
    problem: &'a Problem,
    /// What the effects are taken from: their mean, so that no digits are lost in the sums.
    pub centre: f64,
    /// The first end above 0, and the last one; the ends between grow by a ratio.
    pub ends: [f64; 2],
    log_ratio: f64,
    /// The values of τ²: those of the interval from 0 on, of the next one, and so on.
    points: Vec<f64>,
    sums: Vec<[f64; SUMS]>,
    /// At 0.
    at_zero: [f64; SUMS],
    k: f64,
}

/// How many points an interval has: with ends whose ratio is 10^¼, polynomials lose nothing to the next poles.
const POINTS: usize = 24;

/// How many intervals a factor of ten has.
const A_DECADE: f64 = 4.0;

/// So many intervals are worth a table.
const MOST_INTERVALS: f64 = 100.0;

impl<'a> Table<'a> {
    /// A table without studies, for τ² up to the end; none where the intercept is not alone, or τ² has too many sizes.
    pub fn empty(problem: &'a Problem, needs_all: bool) -> Option<Self> {
        let is_plain = problem.is_intercept_only() && problem.columns[0].iter().all(|x| *x == 1.0);
        if !is_plain || problem.weights.is_some() {
            return None;
        }
        let centre = problem.yi.iter().sum::<f64>() / problem.k() as f64;
        let most = problem.yi.iter().fold(0.0f64, |most, y| most.max((y - centre).abs()));
        let smallest = problem.vi.iter().copied().fold(f64::INFINITY, f64::min);
        // Some of the effects lie within twice the distance from their own mean; with residuals up to r, (4r)² leaves
        // y′PPy far below tr P.
        let (first, last) = (0.03 * smallest, (64.0 * most * most).max(smallest));
        let intervals = ((last / first).log10() * A_DECADE).ceil();
        if intervals.is_nan() || intervals > MOST_INTERVALS {
            return None;
        }
        let log_ratio = (last / first).ln() / intervals;
        let end = |at: f64| if at < 0.0 { 0.0 } else { first * (log_ratio * at).exp() };
        let of_interval = |at: i32| {
            let [lower, upper] = [end(f64::from(at) - 1.0), end(f64::from(at))];
            (0..POINTS).map(move |point| 0.5 * ((lower + upper) + (upper - lower) * chebyshev(point)))
        };
        let intervals = if needs_all { intervals as i32 } else { -1 };
        let points: Vec<f64> = (0..=intervals).flat_map(of_interval).collect();
        let sums = vec![[0.0; SUMS]; points.len()];
        Some(Self { problem, centre, ends: [first, last], log_ratio, points, sums, at_zero: [0.0; SUMS], k: 0.0 })
    }

    /// The table of all studies.
    pub fn of(problem: &'a Problem, needs_all: bool) -> Option<Self> {
        let mut table = Self::empty(problem, needs_all)?;
        (0..problem.k()).for_each(|study| table.add(study));
        Some(table)
    }

    pub fn add(&mut self, study: usize) {
        let (v, y) = (self.problem.vi[study], self.problem.yi[study] - self.centre);
        let add = |sums: &mut [f64; SUMS], tau2: f64| {
            sums.iter_mut().zip(of_one(v, y, tau2)).for_each(|(sum, part)| *sum += part);
        };
        self.sums.iter_mut().zip(&self.points).for_each(|(sums, tau2)| add(sums, *tau2));
        add(&mut self.at_zero, 0.0);
        self.k += 1.0;
    }

    /// The sums at a τ² between 0 and the last end, by the barycentric formula: Berrut & Trefethen (2004), SIAM Rev
    /// 46:501, eq. 4.2 and 5.4.
    pub fn at(&self, tau2: f64) -> Sums {
        let first = self.ends[0];
        if tau2 <= 0.0 {
            return Sums { k: self.k, all: self.at_zero };
        }
        let last = (self.points.len() / POINTS).saturating_sub(1);
        let interval = if tau2 <= first { 0 } else { ((tau2 / first).ln() / self.log_ratio) as usize + 1 };
        let from = interval.min(last) * POINTS;
        let (mut all, mut total) = ([0.0; SUMS], 0.0);
        let known = self.points[from..].iter().zip(&self.sums[from..]).take(POINTS);
        for (at, (point, sums)) in known.enumerate() {
            if tau2 == *point {
                return Sums { k: self.k, all: *sums };
            }
            let share = if at == 0 || at + 1 == POINTS { 0.5 } else { 1.0 } / (tau2 - point);
            let share = if at % 2 == 0 { share } else { -share };
            all.iter_mut().zip(sums).for_each(|(sum, known)| *sum += share * known);
            total += share;
        }
        Sums { k: self.k, all: all.map(|sum| sum / total) }
    }

    /// The same without some of the studies.
    pub fn without(&self, studies: &[usize], tau2: f64) -> Sums {
        let mut sums = self.at(tau2);
        for &study in studies {
            let own = of_one(self.problem.vi[study], self.problem.yi[study] - self.centre, tau2);
            sums.all.iter_mut().zip(own).for_each(|(sum, part)| *sum -= part);
        }
        sums.k -= studies.len() as f64;
        sums
    }
}

/// Chebyshev's points of the second kind, from −1 to 1.
fn chebyshev(point: usize) -> f64 {
    -(std::f64::consts::PI * point as f64 / (POINTS - 1) as f64).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Random;

    /// Between the points the table has the sums that a pass over the studies gives, also next to a very small variance.
    #[test]
    fn sums_between_the_points_are_those_of_the_studies() {
        let mut random = Random::seeded(4);
        let vi: Vec<f64> = (0..60).map(|at| 1e-4 + 0.3 * random.uniform() * f64::from(at % 7)).collect();
        let yi: Vec<f64> = vi.iter().map(|v| 0.2 + v.sqrt() * random.normal()).collect();
        let problem = Problem::new(yi, vi).unwrap();
        let table = Table::of(&problem, true).unwrap();
        for at in 0..400 {
            let tau2 = if at == 0 { 0.0 } else { table.ends[1] * (-0.04 * f64::from(at)).exp() };
            let found = table.without(&[3, 17], tau2);
            let mut expected = [0.0; SUMS];
            for study in (0..60).filter(|study| ![3, 17].contains(study)) {
                let own = of_one(problem.vi[study], problem.yi[study] - table.centre, tau2);
                expected.iter_mut().zip(own).for_each(|(sum, part)| *sum += part);
            }
            let sizes = table.at(tau2).all.map(f64::abs);
            for ((found, expected), size) in found.all.iter().zip(expected).zip(sizes) {
                assert!((found - expected).abs() < 1e-12 * size.max(1.0), "{tau2}: {found} {expected}");
            }
        }
    }
}
