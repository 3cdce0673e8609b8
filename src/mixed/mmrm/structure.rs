//! How the residuals of one subject vary together over its visits.

use super::super::options::ResidualStructure;
use super::super::options::ResidualStructure as S;
use crate::numeric::matrix::Matrix;

impl ResidualStructure {
    /// The name in words.
    pub fn title(self) -> &'static str {
        match self {
            S::Independent => "independent",
            S::HeterogeneousIndependent => "heterogeneous independent",
            S::CompoundSymmetry => "compound symmetry",
            S::HeterogeneousCompoundSymmetry => "heterogeneous compound symmetry",
            S::Autoregressive => "AR(1)",
            S::HeterogeneousAutoregressive => "heterogeneous AR(1)",
            S::ContinuousAutoregressive => "continuous-time AR(1)",
            S::Toeplitz => "Toeplitz",
            S::HeterogeneousToeplitz => "heterogeneous Toeplitz",
            S::Unstructured => "unstructured",
        }
    }

    /// Whether each visit has a variance of its own.
    pub fn is_heterogeneous(self) -> bool {
        matches!(
            self,
            S::HeterogeneousIndependent
                | S::HeterogeneousCompoundSymmetry
                | S::HeterogeneousAutoregressive
                | S::HeterogeneousToeplitz
                | S::Unstructured
        )
    }

    /// Whether there is a parameter for each pair of visits or each lag.
    pub(super) fn needs_pairs(self) -> bool {
        matches!(self, S::Unstructured | S::Toeplitz | S::HeterogeneousToeplitz)
    }

    /// How many parameters it has with this many visits.
    pub fn parameters(self, visits: usize) -> usize {
        match self {
            S::Independent => 1,
            _ if visits < 2 => 1,
            S::CompoundSymmetry | S::Autoregressive | S::ContinuousAutoregressive => 2,
            S::HeterogeneousCompoundSymmetry | S::HeterogeneousAutoregressive => visits + 1,
            S::Toeplitz | S::HeterogeneousIndependent => visits,
            S::HeterogeneousToeplitz => 2 * visits - 1,
            S::Unstructured => visits * (visits + 1) / 2,
        }
    }
}

/// A structure over given visits: the covariance matrix and its derivatives as functions of θ.
///
/// Structures that are linear in (co)variances have those as θ: `id` (σ²), `cs` (the eigenvalues
/// σ²(1 + (m − 1)ρ) and σ²(1 − ρ) of the m visits that a subject has at most), `toep` (the covariance of each lag),
/// `us` (the lower triangle by columns). The others have the logarithms of the SDs, followed by what makes the
/// correlations: a logistic for `csh`, arctanh ρ for `ar1` and `ar1h`, ln(−ln ρ) in units of the mean gap for `car1`,
/// and the correlations themselves for `toeph`; `idh` has none.
#[derive(Clone, Debug)]
pub(super) struct Covariance {
    pub structure: ResidualStructure,
    /// The place of each visit: its number for the ordinal structures, its time for `car1`.
    times: Vec<f64>,
    /// The mean gap between neighbouring times.
    pub gap: f64,
    /// The most visits that one subject has.
    widest: usize,
}

impl Covariance {
    /// `widest` is the most visits that one subject has.
    pub fn new(structure: ResidualStructure, times: Vec<f64>, widest: usize) -> Self {
        let m = times.len();
        let gap = if m > 1 { (times[m - 1] - times[0]) / (m - 1) as f64 } else { 1.0 };
        let structure = if m < 2 { S::Independent } else { structure };
        Self { structure, times, gap, widest }
    }

    pub fn visits(&self) -> usize {
        self.times.len()
    }

    pub fn parameters(&self) -> usize {
        self.structure.parameters(self.visits())
    }

    /// Whether second derivatives of the covariance vanish.
    pub fn is_linear(&self) -> bool {
        matches!(self.structure, S::Independent | S::CompoundSymmetry | S::Toeplitz | S::Unstructured)
    }

    /// Log SDs come first where the structure is not linear: this many.
    pub fn deviations(&self) -> usize {
        match self.structure {
            S::Autoregressive | S::ContinuousAutoregressive => 1,
            _ => self.visits(),
        }
    }

    /// Where the log SD of a visit stands in θ.
    fn deviation(&self, visit: usize) -> usize {
        if self.deviations() == 1 { 0 } else { visit }
    }

    fn lag(&self, j: usize, k: usize) -> f64 {
        match self.structure {
            S::ContinuousAutoregressive => (self.times[j] - self.times[k]).abs() / self.gap,
            _ => j.abs_diff(k) as f64,
        }
    }

    /// How far two visits are apart, in the unit of the correlation's parameter.
    pub fn distance(&self, j: usize, k: usize) -> f64 {
        self.lag(j, k)
    }

    /// Whether any two visits have one correlation.
    pub fn is_compound(&self) -> bool {
        matches!(self.structure, S::CompoundSymmetry | S::HeterogeneousCompoundSymmetry)
    }

    /// How many visits a covariance of compound symmetry has to be positive definite for: as many as one subject has.
    pub fn widest(&self) -> usize {
        self.widest.max(2)
    }

    /// The lowest correlation of compound symmetry over so many visits.
    pub fn lowest(&self) -> f64 {
        -1.0 / (self.widest() as f64 - 1.0)
    }

    /// ρ(η) with its first and second derivative.
    fn correlation(&self, eta: f64) -> [f64; 3] {
        match self.structure {
            S::HeterogeneousCompoundSymmetry => {
                let (low, share) = (self.lowest(), 1.0 / (1.0 + (-eta).exp()));
                let width = 1.0 - low;
                let slope = width * share * (1.0 - share);
                [low + width * share, slope, slope * (1.0 - 2.0 * share)]
            }
            S::ContinuousAutoregressive => {
                let decay = eta.exp();
                let rho = (-decay).exp();
                [rho, -decay * rho, decay * (decay - 1.0) * rho]
            }
            _ => {
                let rho = eta.tanh();
                let slope = 1.0 - rho * rho;
                [rho, slope, -2.0 * rho * slope]
            }
        }
    }

    /// The η whose correlation is nearest to this one, away from the limits.
    pub fn eta(&self, rho: f64) -> f64 {
        let low = if self.is_compound() { self.lowest() } else { 0.0 };
        self.eta_of(match self.structure {
            S::HeterogeneousCompoundSymmetry => rho.clamp(low + 0.02 * (1.0 - low), low + 0.98 * (1.0 - low)),
            S::ContinuousAutoregressive => rho.clamp(0.02, 0.98),
            _ => rho.clamp(-0.95, 0.95),
        })
    }

    /// The η of a correlation within its limits.
    pub fn eta_of(&self, rho: f64) -> f64 {
        match self.structure {
            S::HeterogeneousCompoundSymmetry => ((rho - self.lowest()) / (1.0 - rho)).ln(),
            S::ContinuousAutoregressive => (-rho.ln()).ln(),
            _ => rho.atanh(),
        }
    }

    /// The correlation of two different visits, with its first and second derivative in η.
    fn pair(&self, theta: &[f64], j: usize, k: usize) -> [f64; 3] {
        let d = self.lag(j, k);
        if self.structure == S::HeterogeneousIndependent {
            return [0.0; 3];
        }
        if self.structure == S::HeterogeneousToeplitz {
            return [theta[self.deviations() + j.abs_diff(k) - 1], 1.0, 0.0];
        }
        let eta = theta[self.deviations()];
        if self.structure == S::ContinuousAutoregressive {
            // exp(−d e^η)
            let decay = d * eta.exp();
            let rho = (-decay).exp();
            return [rho, -decay * rho, decay * (decay - 1.0) * rho];
        }
        let [rho, first, second] = self.correlation(eta);
        if self.structure == S::HeterogeneousCompoundSymmetry {
            return [rho, first, second];
        }
        let power = |exponent: f64| rho.powi(exponent as i32);
        let slope = d * power(d - 1.0);
        let curve = if d < 2.0 { 0.0 } else { d * (d - 1.0) * power(d - 2.0) };
        [power(d), slope * first, curve * first * first + slope * second]
    }

    /// The covariance of the residuals at some visits.
    pub fn matrix(&self, theta: &[f64], visits: &[usize]) -> Matrix {
        self.at(theta, visits).matrix()
    }

    /// What the covariance and its derivatives at some visits are made of.
    pub fn at<'a>(&'a self, theta: &'a [f64], visits: &'a [usize]) -> AtVisits<'a> {
        // θ begins with logarithms of SDs where the structure is not linear.
        let pairs = if self.is_linear() { &[] } else { visits };
        let entry = |&j: &usize, &k: &usize| {
            let scale = (theta[self.deviation(j)] + theta[self.deviation(k)]).exp();
            let pair = if j == k { [1.0, 0.0, 0.0] } else { self.pair(theta, j, k) };
            pair.map(|of| scale * of)
        };
        let entries = pairs.iter().flat_map(|j| pairs.iter().map(move |k| entry(j, k))).collect();
        AtVisits { covariance: self, theta, visits, entries }
    }

    /// How often the log SD `at` enters the entry (j, k), if `at` is one.
    fn enters(&self, at: usize, j: usize, k: usize) -> Option<f64> {
        let count = |visit: usize| f64::from(u8::from(self.deviation(visit) == at));
        (at < self.deviations()).then(|| count(j) + count(k))
    }

    /// Whether the correlation parameter `at` makes the entry (j, k).
    fn makes(&self, at: usize, j: usize, k: usize) -> bool {
        j != k && (self.structure != S::HeterogeneousToeplitz || at - self.deviations() + 1 == j.abs_diff(k))
    }
}

/// A covariance at given parameters and visits, with what its entries and their derivatives have in common.
#[derive(Clone, Debug)]
pub(super) struct AtVisits<'a> {
    covariance: &'a Covariance,
    theta: &'a [f64],
    visits: &'a [usize],
    /// For each pair of visits the product of their SDs times their correlation and its derivatives in its own
    /// parameter; none where θ holds (co)variances.
    entries: Vec<[f64; 3]>,
}

impl AtVisits<'_> {
    /// Whether second derivatives vanish.
    pub fn is_linear(&self) -> bool {
        self.covariance.is_linear()
    }

    fn filled(&self, of: impl Fn(usize, usize, [f64; 3]) -> f64) -> Matrix {
        let m = self.visits.len();
        Matrix::from_fn(m, m, |row, column| {
            let entry = self.entries.get(row * m + column).copied().unwrap_or_default();
            of(self.visits[row], self.visits[column], entry)
        })
    }

    /// The covariance.
    pub fn matrix(&self) -> Matrix {
        let (own, theta) = (self.covariance, self.theta);
        let m = own.widest() as f64;
        self.filled(|j, k, entry| match own.structure {
            S::Independent => theta[0] * f64::from(u8::from(j == k)),
            S::CompoundSymmetry => (theta[0] - theta[1]) / m + theta[1] * f64::from(u8::from(j == k)),
            S::Toeplitz => theta[j.abs_diff(k)],
            S::Unstructured => theta[triangle(own.visits(), j.max(k), j.min(k))],
            _ => entry[0],
        })
    }

    /// Its derivative with respect to θ[at].
    pub fn first(&self, at: usize) -> Matrix {
        let own = self.covariance;
        let m = own.widest() as f64;
        let unit = |is: bool| f64::from(u8::from(is));
        self.filled(|j, k, entry| match own.structure {
            S::Independent => unit(j == k),
            S::CompoundSymmetry if at == 0 => 1.0 / m,
            S::CompoundSymmetry => unit(j == k) - 1.0 / m,
            S::Toeplitz => unit(j.abs_diff(k) == at),
            S::Unstructured => unit(triangle(own.visits(), j.max(k), j.min(k)) == at),
            _ => match own.enters(at, j, k) {
                Some(times) => times * entry[0],
                None if own.makes(at, j, k) => entry[1],
                None => 0.0,
            },
        })
    }

    /// Its second derivative with respect to θ[a] and θ[b]; for structures that are not linear.
    pub fn second(&self, a: usize, b: usize) -> Matrix {
        let own = self.covariance;
        self.filled(|j, k, entry| match (own.enters(a, j, k), own.enters(b, j, k)) {
            (Some(x), Some(y)) => x * y * entry[0],
            (Some(times), None) if own.makes(b, j, k) => times * entry[1],
            (None, Some(times)) if own.makes(a, j, k) => times * entry[1],
            (None, None) if a == b && own.makes(a, j, k) => entry[2],
            _ => 0.0,
        })
    }
}

/// Where row `j` and column `k ≤ j` of an m × m lower triangle stand, by columns.
pub(super) fn triangle(m: usize, j: usize, k: usize) -> usize {
    k * m - k * (k + 1) / 2 + j
}

/// Parameters of each structure over four visits, for tests.
#[cfg(test)]
pub(super) fn sample(structure: ResidualStructure) -> Vec<f64> {
    match structure {
        S::Independent => vec![1.3],
        S::HeterogeneousIndependent => vec![0.1, -0.3, 0.4, 0.2],
        S::CompoundSymmetry => vec![2.0, 0.7],
        S::HeterogeneousCompoundSymmetry | S::HeterogeneousAutoregressive => vec![0.1, -0.3, 0.4, 0.2, 0.6],
        S::Autoregressive => vec![0.2, -0.4],
        S::ContinuousAutoregressive => vec![0.2, -0.7],
        S::Toeplitz => vec![2.0, 0.9, 0.4, -0.1],
        S::HeterogeneousToeplitz => vec![0.1, -0.3, 0.4, 0.2, 0.5, 0.3, 0.1],
        S::Unstructured => vec![2.0, 0.5, 0.4, 0.3, 1.5, 0.6, 0.2, 1.2, 0.1, 0.9],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_matrix() {
        let visits = [0, 2, 3];
        for structure in ResidualStructure::ALL.iter().copied() {
            let name = structure.name();
            let covariance = Covariance::new(structure, vec![0.0, 1.0, 2.5, 4.0], 4);
            let theta = sample(structure);
            assert_eq!(theta.len(), covariance.parameters(), "{name}");
            for a in 0..theta.len() {
                let moved = |by: f64| {
                    let mut at = theta.clone();
                    at[a] += by;
                    at
                };
                let (up, down) = (covariance.matrix(&moved(1e-5), &visits), covariance.matrix(&moved(-1e-5), &visits));
                let slope = covariance.at(&theta, &visits).first(a);
                for at in (0..9).map(|at| (at / 3, at % 3)) {
                    assert!((slope[at] - (up[at] - down[at]) / 2e-5).abs() < 1e-8, "{name} {a} {at:?}");
                }
                for b in (0..theta.len()).filter(|_| !covariance.is_linear()) {
                    let first = |by: f64| covariance.at(&moved(by), &visits).first(b);
                    let (up, down) = (first(1e-5), first(-1e-5));
                    let curve = covariance.at(&theta, &visits).second(a, b);
                    for at in (0..9).map(|at| (at / 3, at % 3)) {
                        assert!((curve[at] - (up[at] - down[at]) / 2e-5).abs() < 1e-8, "{name} {a} {b} {at:?}");
                    }
                }
            }
        }
    }
}
