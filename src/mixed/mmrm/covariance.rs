//! The covariance of the rows of a cluster with its derivatives: residuals by subject, and random effects beside them.

use super::super::options::ResidualStructure;
use super::likelihood::Problem;
use super::patterns::Part;
use super::random::{AtRows, TermRows};
use super::structure::AtVisits;
use crate::numeric::matrix::{Cholesky, Matrix};

/// A covariance whose eigenvalues differ by more than this is not positive definite for what data can tell.
const SMALLEST_SHARE: f64 = 1e-9;

/// Beside the variance of a random effect a smaller variance of residuals is the rounding of the sums of both.
const SMALLEST_RESIDUAL: f64 = 1e-10;

/// The covariance of a pattern with what follows from it.
pub(super) struct Prepared<'a> {
    /// Each subject of a cluster.
    parts: Vec<(&'a Part, AtVisits<'a>)>,
    random: AtRows<'a>,
    /// How many parameters the residuals of a group have, and those of all groups.
    sizes: [usize; 2],
    pub cholesky: Cholesky,
    pub inverse: Matrix,
}

/// A parameter, with the entries of the derivative of the covariance by it that are not 0.
type Derivative = (usize, Vec<(usize, usize, f64)>);

impl<'a> Prepared<'a> {
    /// The random part over the rows of the cluster.
    pub fn random(&self) -> &AtRows<'a> {
        &self.random
    }

    /// The covariance of the residuals of each subject, with its first row in the cluster.
    pub fn residuals(&self) -> impl Iterator<Item = (usize, Matrix)> + '_ {
        self.parts.iter().map(|(part, at)| (part.start, at.matrix()))
    }

    /// The derivatives by each parameter that this pattern has, in the order of θ.
    pub fn entries(&self) -> Vec<Derivative> {
        let [size, all] = self.sizes;
        let mut groups: Vec<usize> = self.parts.iter().map(|(part, _)| part.group).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut entries = Vec::new();
        for group in groups {
            for r in 0..size {
                let mut own = Vec::new();
                for (part, at) in self.parts.iter().filter(|(part, _)| part.group == group) {
                    let (v, m) = (at.first(r), part.visits.len());
                    let pairs = (0..m).flat_map(|j| (0..m).map(move |k| (j, k))).filter(|at| v[*at] != 0.0);
                    own.extend(pairs.map(|(j, k)| (part.start + j, part.start + k, v[(j, k)])));
                }
                entries.push((group * size + r, own));
            }
        }
        entries.extend((0..self.random.parameters()).map(|at| (all + at, self.random.first(at))));
        entries
    }

    /// The second derivative by two parameters; none where it is 0.
    pub fn second(&self, r: usize, s: usize) -> Option<Matrix> {
        let [size, all] = self.sizes;
        if r >= all && s >= all {
            return self.random.second(r - all, s - all);
        }
        if r >= all || s >= all || r / size != s / size || self.parts.iter().all(|(_, at)| at.is_linear()) {
            return None;
        }
        if let [(part, at)] = self.parts.as_slice() {
            return (part.group == r / size).then(|| at.second(r % size, s % size));
        }
        let mut second = Matrix::zeros(self.inverse.rows(), self.inverse.rows());
        for (part, at) in self.parts.iter().filter(|(part, _)| part.group == r / size) {
            put(&mut second, part.start, &at.second(r % size, s % size));
        }
        Some(second)
    }
}

/// Puts a matrix on the diagonal of a larger one.
fn put(into: &mut Matrix, start: usize, own: &Matrix) {
    for j in 0..own.rows() {
        (0..own.rows()).for_each(|k| into[(start + j, start + k)] = own[(j, k)]);
    }
}

impl Problem {
    /// How many parameters the residuals have, over all groups.
    pub fn of_residuals(&self) -> usize {
        self.groups * self.covariance.parameters()
    }

    /// The length of θ: parameters of the residuals by group, then those of the random effects.
    pub fn parameters(&self) -> usize {
        self.of_residuals() + self.random.places.len()
    }

    /// The parameters of the residuals of one group.
    pub fn part<'a>(&self, theta: &'a [f64], group: usize) -> &'a [f64] {
        let size = self.covariance.parameters();
        &theta[group * size..(group + 1) * size]
    }

    /// The parameters of the random effects.
    pub fn random_part<'a>(&self, theta: &'a [f64]) -> &'a [f64] {
        &theta[self.of_residuals()..]
    }

    pub(super) fn prepared<'a>(&'a self, theta: &'a [f64]) -> Option<Vec<Prepared<'a>>> {
        self.patterns.iter().map(|pattern| self.prepared_of(theta, &pattern.parts, &pattern.random)).collect()
    }

    /// The covariance of a cluster of these subjects; none where it, or that of the residuals, is not positive
    /// definite.
    pub(super) fn prepared_of<'a>(
        &'a self,
        theta: &'a [f64],
        parts: &'a [Part],
        random: &'a [TermRows],
    ) -> Option<Prepared<'a>> {
        let at = |part: &'a Part| (part, self.covariance.at(self.part(theta, part.group), &part.visits));
        let parts: Vec<(&Part, AtVisits<'_>)> = parts.iter().map(at).collect();
        let random = self.random.at(self.random_part(theta), random);
        let v = match parts.as_slice() {
            [(_, at)] if self.random.is_empty() => at.matrix(),
            parts => {
                let rows = parts.iter().map(|(part, _)| part.visits.len()).sum();
                let mut v = Matrix::zeros(rows, rows);
                for (part, at) in parts {
                    let own = at.matrix();
                    own.cholesky()?;
                    put(&mut v, part.start, &own);
                }
                random.add_to(&mut v);
                v
            }
        };
        let cholesky = v.cholesky()?;
        let inverse = cholesky.inverse();
        let sizes = [self.covariance.parameters(), self.of_residuals()];
        Some(Prepared { parts, random, sizes, cholesky, inverse })
    }

    /// Whether the covariance of residuals over all visits is not positive definite for what data can tell, or with
    /// compound symmetry that over the visits of a subject; or residuals are nothing beside the random effects.
    pub fn is_degenerate(&self, theta: &[f64]) -> bool {
        let largest = self.largest_effect(theta);
        if largest > 0.0 && self.smallest_residual(theta) < SMALLEST_RESIDUAL * largest {
            return true;
        }
        // Times of different subjects may lie as close as they like.
        let is_ordinal = self.covariance.structure != ResidualStructure::ContinuousAutoregressive;
        is_ordinal && self.smallest_share(theta) < SMALLEST_SHARE
    }

    /// The smallest variance of a residual.
    fn smallest_residual(&self, theta: &[f64]) -> f64 {
        let of = |group: usize, visit: usize| self.covariance.matrix(self.part(theta, group), &[visit])[(0, 0)];
        let visits = self.covariance.visits();
        let all = (0..self.groups).flat_map(|group| (0..visits).map(move |visit| (group, visit)));
        all.map(|(group, visit)| of(group, visit)).fold(f64::INFINITY, f64::min)
    }

    /// The largest variance of a random effect in the unit of its standardised column.
    fn largest_effect(&self, theta: &[f64]) -> f64 {
        let of = |term: usize| self.random.covariance(self.random_part(theta), term).diagonal();
        (0..self.random.terms.len()).flat_map(of).fold(0.0, f64::max)
    }

    /// The smallest eigenvalue of the covariance over these visits beside the largest, in the group where it is least.
    fn smallest_share(&self, theta: &[f64]) -> f64 {
        let of = |group: usize, visits: &[usize]| {
            let (values, _) = self.covariance.matrix(self.part(theta, group), visits).symmetric_eigen();
            values.first().copied().unwrap_or(1.0) / values.last().copied().unwrap_or(1.0)
        };
        if self.covariance.is_compound() {
            let widest = self.covariance.widest();
            let parts = self.patterns.iter().flat_map(|pattern| &pattern.parts);
            let widest = parts.filter(|part| part.visits.len() == widest);
            return widest.map(|part| of(part.group, &part.visits)).fold(f64::INFINITY, f64::min);
        }
        let all: Vec<usize> = (0..self.covariance.visits()).collect();
        (0..self.groups).map(|group| of(group, &all)).fold(f64::INFINITY, f64::min)
    }
}
