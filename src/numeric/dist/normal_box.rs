//! How likely one of several correlated normal values is far from 0.

use super::normal::{normal_cdf, normal_density, normal_quantile, normal_sf};
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Random;

/// Correlated standard normal values, written so that the probability that one of them is beyond ±x can be computed.
#[derive(Clone, Debug)]
pub(super) enum NormalBox {
    /// Correlations λᵢλⱼ: given one normal value, all are independent.
    Product(Vec<f64>),
    /// Any others.
    General(Box<General>),
}

/// A correlation that differs from a product by no more than this is one.
const NEAR: f64 = 1e-10;

/// More values than these take minutes, unless their correlations are products.
const MOST_VALUES: usize = 50;

/// The widest step of an integral over a normal value.
const STEP: f64 = 0.125;

/// Below this share of a variance nothing is left but rounding.
const SMALLEST: f64 = 1e-9;

impl NormalBox {
    /// Of a matrix of correlations; none where there are too many to integrate over.
    pub fn new(correlation: &Matrix) -> Option<Self> {
        match loadings(correlation) {
            Some(loadings) => Some(Self::Product(loadings)),
            None if correlation.rows() > MOST_VALUES => None,
            None => Some(Self::General(Box::new(General::new(correlation)))),
        }
    }

    /// Whether probabilities are exact but for rounding.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Product(_))
    }

    /// The probabilities that one of the values is beyond ±x, for each x, and an estimate of the largest relative error
    /// of these; 0 where they are exact.
    pub fn beyond(&self, limits: &[f64]) -> (Vec<f64>, f64) {
        match self {
            Self::Product(loadings) => (limits.iter().map(|&x| beyond_product(loadings, x)).collect(), 0.0),
            Self::General(general) => general.beyond(limits),
        }
    }
}

/// λ with ρᵢⱼ = λᵢλⱼ, if there are such below 1; of Dunnett's comparisons with one reference there are.
///
/// Source: Dunnett & Sobel (1955), Biometrika 42:258.
fn loadings(correlation: &Matrix) -> Option<Vec<f64>> {
    let k = correlation.rows();
    let at = |i: usize, j: usize| correlation[(i, j)];
    let mut loadings = vec![0.0; k];
    if k == 2 {
        let root = at(0, 1).abs().sqrt();
        loadings = vec![root, root.copysign(at(0, 1))];
    } else if let Some((i, j, l)) = triple(correlation) {
        // λᵢ² = ρᵢⱼρᵢₗ/ρⱼₗ of three that are correlated, and the others by the first.
        let square = at(i, j) * at(i, l) / at(j, l);
        if square <= 0.0 {
            return None;
        }
        loadings[i] = square.sqrt();
        (0..k).filter(|&other| other != i).for_each(|other| loadings[other] = at(i, other) / loadings[i]);
    } else if let Some((i, j)) = (0..k).flat_map(|i| (0..i).map(move |j| (i, j))).find(|&(i, j)| at(i, j) != 0.0) {
        let root = at(i, j).abs().sqrt();
        (loadings[i], loadings[j]) = (root, root.copysign(at(i, j)));
    }
    let is_product = (0..k).all(|i| (0..i).all(|j| (at(i, j) - loadings[i] * loadings[j]).abs() < NEAR));
    // So that no condition is as good as a step, which would take a narrow grid.
    (is_product && loadings.iter().all(|own| own.abs() < 0.999)).then_some(loadings)
}

/// Three values of which each two are correlated, with the largest of the products.
fn triple(correlation: &Matrix) -> Option<(usize, usize, usize)> {
    let k = correlation.rows();
    let size = |i: usize, j: usize| correlation[(i, j)].abs();
    let (i, j) =
        (0..k).flat_map(|i| (0..i).map(move |j| (i, j))).max_by(|a, b| size(a.0, a.1).total_cmp(&size(b.0, b.1)))?;
    let both = |l: &usize| size(i, *l).min(size(j, *l));
    let l = (0..k).filter(|l| *l != i && *l != j).max_by(|a, b| both(a).total_cmp(&both(b)))?;
    (both(&l) > 1e-6).then_some((i, j, l))
}

/// 1 − ∫φ(z)Π[Φ((x − λᵢz)/τᵢ) − Φ((−x − λᵢz)/τᵢ)]dz with τᵢ² = 1 − λᵢ², by the trapezoidal rule, as what is beyond, so
/// that small probabilities keep their digits.
fn beyond_product(loadings: &[f64], x: f64) -> f64 {
    let rests: Vec<f64> = loadings.iter().map(|own| (1.0 - own * own).sqrt()).collect();
    // Half the width in which a condition turns.
    let narrowest = loadings.iter().zip(&rests).map(|(own, rest)| rest / own.abs().max(rest / 4.0)).fold(4.0, f64::min);
    let step = (0.5 * narrowest).min(STEP);
    let end = 9.0 + x;
    let count = (end / step).ceil() as i64;
    let mut sum = 0.0;
    for at in -count..=count {
        let z = step * at as f64;
        let inside: f64 = loadings
            .iter()
            .zip(&rests)
            .map(|(own, rest)| normal_sf((x - own * z) / rest) + normal_sf((x + own * z) / rest))
            .map(|outside| (-outside.min(1.0)).ln_1p())
            .sum();
        sum -= normal_density(z) * inside.exp_m1();
    }
    (step * sum).min(1.0)
}

/// Values with any correlations: all together, and for each of them those before it.
#[derive(Clone, Debug)]
pub(super) struct General {
    all: Conditions,
    firsts: Vec<Conditions>,
}

impl General {
    fn new(correlation: &Matrix) -> Self {
        let k = correlation.rows();
        let all: Vec<usize> = (0..k).collect();
        let first = |own: usize| {
            let own_and_earlier: Vec<usize> = std::iter::once(own).chain(0..own).collect();
            Conditions::new(correlation, &own_and_earlier, true)
        };
        Self { all: Conditions::new(correlation, &all, false), firsts: (0..k).map(first).collect() }
    }

    /// By the lattice of Richtmyer, the square roots of primes, under random shifts and the baker's transform.
    ///
    /// Source: Genz & Bretz (2009), Computation of Multivariate Normal and t Probabilities, sections 4.1 and 4.2; for
    /// matrices of less than full rank Genz & Kwong (2000), J Stat Comput Simul 68:1.
    fn beyond(&self, limits: &[f64]) -> (Vec<f64>, f64) {
        let most = (MOST * 10 / self.firsts.len().max(10) as u32).max(FEWEST);
        let mut points = FEWEST;
        loop {
            let (means, error) = self.mean_of_shifts(limits, points);
            if error <= ENOUGH || 2 * points > most {
                return (means, error);
            }
            points *= 2;
        }
    }

    /// The means over all shifts, and the largest relative standard error of these.
    fn mean_of_shifts(&self, limits: &[f64], points: u32) -> (Vec<f64>, f64) {
        let roots: Vec<f64> = primes(self.all.ending.len()).map(f64::sqrt).collect();
        let mut random = Random::seeded(SEED);
        let mut all: Vec<Vec<f64>> = Vec::new();
        for _ in 0..SHIFTS {
            let shift: Vec<f64> = roots.iter().map(|_| random.uniform()).collect();
            let mut sums = vec![0.0; limits.len()];
            for point in 1..=points {
                let u: Vec<f64> = roots
                    .iter()
                    .zip(&shift)
                    .map(|(root, shift)| (2.0 * (f64::from(point) * root + shift).fract() - 1.0).abs())
                    .collect();
                // Far out a sum over the first to be beyond keeps its digits, and there few points tell it.
                let is_needed = |x: f64| x < TAIL || point.is_multiple_of(8);
                for (sum, &x) in sums.iter_mut().zip(limits).filter(|(_, x)| is_needed(**x)) {
                    *sum += match x < TAIL {
                        true => self.all.beyond(x, &u),
                        false => 8.0 * self.firsts.iter().map(|first| first.first_beyond(x, &u)).sum::<f64>(),
                    };
                }
            }
            all.push(sums.into_iter().map(|sum| sum / f64::from(points)).collect());
        }
        let count = f64::from(SHIFTS);
        let mut error = 0.0f64;
        let of = |at: usize| {
            let mean = all.iter().map(|own| own[at]).sum::<f64>() / count;
            let squares: f64 = all.iter().map(|own| (own[at] - mean).powi(2)).sum();
            error = error.max((squares / (count * (count - 1.0))).sqrt() / mean.max(f64::MIN_POSITIVE));
            mean
        };
        ((0..limits.len()).map(of).collect::<Vec<f64>>(), error)
    }
}

/// The conditions −x ≤ Lᵢy ≤ x of independent normal values y, each under the last of the y that it needs.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    /// For each of the independent values the rows of L that end with it.
    ending: Vec<Vec<Vec<f64>>>,
}

impl Conditions {
    /// Of some of the values: Cholesky's factor with the largest remaining variance first, or after the first of them,
    /// which may end before the values do.
    fn new(correlation: &Matrix, which: &[usize], has_first: bool) -> Self {
        let k = which.len();
        let at = |i: usize, j: usize| correlation[(which[i], which[j])];
        let mut rest: Vec<f64> = vec![1.0; k];
        let mut factor: Vec<Vec<f64>> = vec![Vec::new(); k];
        let mut order: Vec<usize> = (0..k).collect();
        for step in 0..k {
            let is_given = has_first && step == 0;
            let largest = (step..k).max_by(|&a, &b| rest[order[a]].total_cmp(&rest[order[b]]));
            let Some(largest) = largest.map(|largest| if is_given { 0 } else { largest }) else { break };
            if rest[order[largest]] <= SMALLEST {
                break;
            }
            order.swap(step, largest);
            let pivot = order[step];
            let root = rest[pivot].sqrt();
            let of_pivot = factor[pivot].clone();
            for &row in &order[step..] {
                let known: f64 = factor[row].iter().zip(&of_pivot).map(|(a, b)| a * b).sum();
                let value = if row == pivot { root } else { (at(row, pivot) - known) / root };
                factor[row].push(value);
                rest[row] -= value * value;
            }
            rest[pivot] = 0.0;
        }
        let rank = factor.iter().map(Vec::len).max().unwrap_or(0);
        let mut ending: Vec<Vec<Vec<f64>>> = vec![Vec::new(); rank];
        for row in order {
            let mut own = std::mem::take(&mut factor[row]);
            while own.last().is_some_and(|last| last.abs() < 1e-7) {
                own.pop();
            }
            if let Some(last) = own.len().checked_sub(1) {
                ending[last].push(own);
            }
        }
        Self { ending }
    }

    /// Between which values the next one has to lie for its conditions to hold, given those before it.
    fn limits(ending: &[Vec<f64>], drawn: &[f64], x: f64) -> (f64, f64) {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for row in ending {
            let known: f64 = row.iter().zip(drawn).map(|(l, y)| l * y).sum();
            let last = row[row.len() - 1];
            let ends = [(-x - known) / last, (x - known) / last];
            low = low.max(ends[0].min(ends[1]));
            high = high.min(ends[0].max(ends[1]));
        }
        (low, high)
    }

    /// The probability that a condition fails, one value after the other drawn between its limits.
    fn beyond(&self, x: f64, u: &[f64]) -> f64 {
        let mut drawn: Vec<f64> = Vec::with_capacity(u.len());
        let (mut failed, mut alive) = (0.0, 1.0);
        for (ending, u) in self.ending.iter().zip(u) {
            let (low, high) = Self::limits(ending, &drawn, x);
            if low >= high {
                return failed + alive;
            }
            let outside = normal_cdf(low) + normal_sf(high);
            failed += alive * outside;
            alive *= 1.0 - outside;
            if drawn.len() + 1 < self.ending.len() {
                drawn.push(between(low, outside, *u));
            }
        }
        failed
    }

    /// The probability that the first of the values is beyond ±x and all others are not.
    fn first_beyond(&self, x: f64, u: &[f64]) -> f64 {
        let tail = normal_sf(x);
        // Drawn above x, which stands for below −x as well.
        let mut drawn = vec![-normal_quantile((u[0] * tail).max(f64::MIN_POSITIVE))];
        // What is wholly correlated with it is beyond as well, and was so before.
        if self.ending.first().is_some_and(|same| same.len() > 1) {
            return 0.0;
        }
        let mut alive = 2.0 * tail;
        for (ending, u) in self.ending.iter().zip(u).skip(1) {
            let (low, high) = Self::limits(ending, &drawn, x);
            if low >= high {
                return 0.0;
            }
            let outside = normal_cdf(low) + normal_sf(high);
            alive *= 1.0 - outside;
            if drawn.len() + 1 < self.ending.len() {
                drawn.push(between(low, outside, *u));
            }
        }
        alive
    }
}

/// A normal value above `low` and below what leaves so much outside of both.
fn between(low: f64, outside: f64, u: f64) -> f64 {
    let level = normal_cdf(low) + u * (1.0 - outside);
    normal_quantile(level.clamp(1e-300, 1.0 - 1e-16))
}

/// From here on the first value beyond is looked for.
const TAIL: f64 = 2.5;

/// How often the lattice is shifted.
const SHIFTS: u32 = 8;
/// The first number of points, and the largest with ten values.
const FEWEST: u32 = 1024;
const MOST: u32 = 8192;
/// A relative standard error with which more points are not needed.
const ENOUGH: f64 = 2e-5;
/// So that a result is the same on every run.
const SEED: u64 = 20_260_101;

/// The first prime numbers.
fn primes(count: usize) -> impl Iterator<Item = f64> {
    let is_prime =
        |number: &u32| (2..).take_while(|divisor| divisor * divisor <= *number).all(|d| !number.is_multiple_of(d));
    (2u32..).filter(is_prime).take(count).map(f64::from)
}
