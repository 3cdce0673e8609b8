//! The random effects of a model with correlated residuals, and what depends on them row by row.

use super::super::result::{LevelEffects, RandomEffects, Residual, VarCorr};
use super::covariance::Prepared;
use super::fit::MarginalFit;
use super::likelihood::Problem;
use super::patterns::{Part, parts_of, patterns, rows_of};
use super::random::{RandomPart, TermRows};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::orthogonal::{solve_upper, solve_upper_matrix};

/// Rows that depend on each other: which they are, and how.
pub(super) struct ClusterRows {
    pub rows: Vec<usize>,
    parts: Vec<Part>,
    random: Vec<TermRows>,
}

impl MarginalFit {
    /// The clusters of rows that depend on each other.
    pub(super) fn clusters(&self) -> Vec<ClusterRows> {
        // The fit was made with these clusters, so that they are no error.
        let all = self.layout.clusters(&self.data).unwrap_or_default();
        let of = |cluster| {
            let rows = rows_of(&cluster);
            ClusterRows { parts: parts_of(&cluster), random: self.problem.random.rows(&rows), rows }
        };
        all.into_iter().map(of).collect()
    }

    pub(super) fn prepared<'a>(&'a self, of: &'a ClusterRows) -> Option<Prepared<'a>> {
        self.problem.prepared_of(&self.theta, &of.parts, &of.random)
    }

    /// The same data with the columns of the random part written otherwise.
    pub(super) fn with_random(&self, random: RandomPart) -> Problem {
        let (columns, n) = (&self.scaling.columns.columns, self.data.n());
        let offset = |row: usize| self.data.offset.as_ref().map_or(0.0, |offset| offset[row]);
        let mut rest: Vec<f64> = (0..n).map(|row| self.root(row) * (self.data.y[row] - offset(row))).collect();
        self.scaling.columns.take_out(&mut rest);
        let row = |row: usize| columns.iter().map(move |column| column[row]);
        let z: Vec<f64> = (0..n).flat_map(|at| row(at).chain(std::iter::once(rest[at] / self.scaling.size))).collect();
        let clusters = self.layout.clusters(&self.data).unwrap_or_default();
        Problem { patterns: patterns(&clusters, &random, &z, columns.len() + 1), random, ..self.problem.clone() }
    }

    fn of_effects(&self) -> &[f64] {
        self.problem.random_part(&self.theta)
    }

    /// The root of the weight of a row.
    pub(super) fn root(&self, row: usize) -> f64 {
        self.data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt())
    }

    /// Standard deviations and correlations of the random effects.
    pub(super) fn deviations(&self) -> Vec<VarCorr> {
        let size = self.scaling.size;
        let factor = |term: usize| self.problem.random.factor(self.of_effects(), term).scaled(size);
        self.data.random.iter().enumerate().map(|(term, of)| VarCorr::new(of, &factor(term))).collect()
    }

    /// The factors of the random effects relative to the residual standard deviation, as lme4 writes θ.
    pub(super) fn relative_factors(&self, sigma: Option<f64>) -> Vec<f64> {
        let Some(sigma) = sigma else { return Vec::new() };
        let random = &self.problem.random;
        let factors = (0..random.terms.len()).map(|term| random.factor(self.of_effects(), term));
        let lower = |of: Matrix| {
            let k = of.rows();
            let places = (0..k).flat_map(move |column| (column..k).map(move |row| (row, column)));
            places.map(move |at| of[at] * self.scaling.size / sigma).collect::<Vec<f64>>()
        };
        factors.flat_map(lower).collect()
    }

    /// Whether a random effect, or a combination of some, has no variance.
    pub(super) fn has_no_variance(&self) -> bool {
        let places = self.problem.random.places.iter().zip(self.of_effects());
        places.filter(|(place, _)| place.row == place.column).any(|(_, value)| *value == 0.0)
    }

    /// The conditional modes b = GZ′V⁻¹(y − Xβ) of each level, with their conditional standard deviations
    /// √diag(G − GZ′V⁻¹ZG).
    ///
    /// Source: Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, section 2.2.
    pub(super) fn random_effects(&self) -> Vec<RandomEffects> {
        let named = |of: &super::super::data::RandomTermData| {
            let k = of.names.len();
            let none = |level: &String| LevelEffects { level: level.clone(), values: vec![0.0; k], se: vec![0.0; k] };
            RandomEffects {
                group: of.group.clone(),
                names: of.names.clone(),
                levels: of.levels.iter().map(none).collect(),
            }
        };
        let mut all: Vec<RandomEffects> = self.data.random.iter().map(named).collect();
        let fitted = self.data.population(&self.coefficients);
        let size = self.scaling.size;
        for cluster in self.clusters() {
            let Some(of) = self.prepared(&cluster) else { continue };
            let rest = cluster.rows.iter().map(|&row| self.root(row) * (self.data.y[row] - fitted[row]) / size);
            let solved = of.cholesky.solve(&rest.collect::<Vec<f64>>());
            for (term, effects) in all.iter_mut().enumerate() {
                let r = &self.problem.random.terms[term].r;
                let g = self.problem.random.covariance(self.of_effects(), term);
                for (rows, zg) in of.random().by_level(self.of_effects(), term) {
                    let own: Vec<f64> = rows.iter().map(|&at| solved[at]).collect();
                    let b: Vec<f64> = (0..g.rows())
                        .map(|i| rows.iter().enumerate().map(|(at, _)| zg[(at, i)] * own[at]).sum())
                        .collect();
                    let inner = of.inverse.part(&rows);
                    let spread = g.plus(&zg.transposed_times(&inner.times(&zg)).scaled(-1.0));
                    let half = solve_upper_matrix(r, &spread).transposed();
                    let variances = solve_upper_matrix(r, &half).diagonal();
                    let level = self.data.random[term].codes[cluster.rows[rows[0]]] as usize;
                    effects.levels[level].values = solve_upper(r, &b).iter().map(|value| size * value).collect();
                    effects.levels[level].se = variances.iter().map(|value| size * value.max(0.0).sqrt()).collect();
                }
            }
        }
        all
    }

    /// The fitted value of each row, with the random effects.
    fn fitted(&self) -> Vec<f64> {
        let mut fitted = self.data.population(&self.coefficients);
        for (term, effects) in self.data.random.iter().zip(self.random_effects()) {
            term.add_effects(|level| &effects.levels[level].values, &mut fitted);
        }
        fitted
    }

    /// The residual of each row of the model. With random effects these are in the fitted value, and the residual is in
    /// units of the covariance of residuals alone; the leverage is the derivative of the fitted value by the response,
    /// the diagonal of I − RP with P = V⁻¹ − V⁻¹X(X′V⁻¹X)⁻¹X′V⁻¹, where R is V without random effects.
    pub(super) fn residuals_of_rows(&self) -> Vec<Residual> {
        let fitted = self.fitted();
        let none = |row: usize| Residual {
            observed: self.data.y[row],
            fitted: fitted[row],
            response: self.data.y[row] - fitted[row],
            pearson: f64::NAN,
            scaled: f64::NAN,
            leverage: None,
        };
        let mut all: Vec<Residual> = (0..self.data.n()).map(none).collect();
        let columns = &self.scaling.columns.columns;
        for cluster in self.clusters() {
            let Some(of) = self.prepared(&cluster) else { continue };
            let x = Matrix::from_fn(cluster.rows.len(), columns.len(), |at, column| columns[column][cluster.rows[at]]);
            let solved = of.inverse.times(&x);
            let p = of.inverse.plus(&solved.times(&self.at.phi).times(&solved.transposed()).scaled(-1.0));
            for (start, covariance) in of.residuals() {
                let rows = &cluster.rows[start..start + covariance.rows()];
                let rest: Vec<f64> =
                    rows.iter().map(|&row| self.root(row) * all[row].response / self.scaling.size).collect();
                let scaled = covariance.cholesky().map(|cholesky| cholesky.forward(&rest));
                for (at, &row) in rows.iter().enumerate() {
                    let along: Vec<f64> = (0..rows.len()).map(|other| p[(start + other, start + at)]).collect();
                    all[row].pearson = rest[at] / covariance[(at, at)].sqrt();
                    all[row].scaled = scaled.as_ref().map_or(f64::NAN, |scaled| scaled[at]);
                    all[row].leverage = Some(1.0 - dot(covariance.row(at), &along));
                }
            }
        }
        all
    }
}
