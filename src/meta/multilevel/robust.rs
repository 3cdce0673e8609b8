//! Tests that hold also where the covariance of the effects is wrong: cluster-robust variances.

use super::adjustment::adjusted_scores;
use super::blocks::blocks;
use super::fit::{Multilevel, MultilevelFit};
use crate::diagnostic::named;
use crate::meta::fit::{Coefficient, Fit, HARTUNG_KNAPP, residual};
use crate::meta::levels::numbered;
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::statistics::{Omnibus, tested, wald};
use crate::numeric::dist::f_sf;
use crate::numeric::matrix::{Matrix, dot, trace_of_product, unit};
use crate::numeric::orthogonal::{Orthonormal, solve_transposed};

/// Which sandwich.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SandwichKind {
    /// No correction for few clusters.
    Cr0,
    /// Times n/(n − p).
    Cr1,
    /// Residuals adjusted so that the variance is unbiased if the model holds, with Satterthwaite's
    /// degrees of freedom.
    Cr2,
}

named!(SandwichKind, "cluster-robust covariance", [Cr0 "CR0", Cr1 "CR1", Cr2 "CR2"]);

/// Coefficients with robust standard errors.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Robust {
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: Matrix,
    /// The test of the moderators; with CR2 and several of them, Hotelling's with approximate degrees of
    /// freedom, and none where there are too few clusters for it.
    pub qm: Option<Omnibus>,
    /// The degrees of freedom of combinations of coefficients.
    pub df: RobustDf,
    /// How many clusters.
    pub clusters: usize,
    /// What is to be known of it.
    pub notes: Vec<String>,
}

/// Robust tests of a multilevel model, by the clusters of the rows.
///
/// Sources: Hedges, Tipton & Johnson (2010), Res Synth Methods 1:39; CR2 with its degrees of freedom: Pustejovsky &
/// Tipton (2018), J Bus Econ Stat 36:672.
///
/// # Errors
/// If clusters cut through rows that depend on each other in the model, or there are too few.
pub fn robust(
    model: &Multilevel,
    problem: &Problem,
    fit: &MultilevelFit,
    clusters: &[usize],
    kind: SandwichKind,
) -> Result<Robust, MetaError> {
    let beta: Vec<f64> = fit.coefficients.iter().map(|coefficient| coefficient.estimate).collect();
    sandwich(problem, &beta, &model.covariances(problem, fit)?, clusters, kind, model.level)
}

/// Robust tests of a univariate model with weights 1/(v + τ²).
///
/// Sources: as for [`robust`].
///
/// # Errors
/// As for [`robust`]; also if the model has other weights.
///
/// ```
/// use reffect::meta::multilevel::{SandwichKind, robust_univariate};
/// use reffect::meta::{Model, Problem};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let fit = Model::default().fit(&trials)?;
/// // How patients were allocated: at random, alternating, or systematically.
/// let allocation = [0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2];
/// let robust = robust_univariate(&trials, &fit, &allocation, SandwichKind::Cr1)?;
/// // metafor 3.8-1: robust(rma(yi, vi), cluster = alloc)
/// assert!((robust.coefficients[0].se - 0.187_818).abs() < 1e-5 && robust.coefficients[0].df == Some(2.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn robust_univariate(
    problem: &Problem,
    fit: &Fit,
    clusters: &[usize],
    kind: SandwichKind,
) -> Result<Robust, MetaError> {
    if problem.weights.is_some() || fit.model.weighting == crate::meta::Weighting::Equal {
        return Err(MetaError::Option("robust variances are built for the weights 1/(v + tau2) only".to_owned()));
    }
    problem.is_that_of(fit.k, fit.p)?;
    let one = |row: usize| (vec![row], Matrix::from_fn(1, 1, |_, _| problem.vi[row] + fit.tau2));
    let blocks: Vec<(Vec<usize>, Matrix)> = (0..problem.k()).map(one).collect();
    sandwich(problem, &fit.beta(), &blocks, clusters, kind, fit.model.level)
}

impl Robust {
    /// A fit with these standard errors and tests instead of its own; a factor of Hartung & Knapp's on the variances
    /// goes with these, and what was to be known of it.
    pub fn applied(self, fit: Fit) -> Fit {
        let mut notes = fit.notes;
        notes.retain(|note| !note.contains(HARTUNG_KNAPP));
        notes.extend(self.notes);
        Fit {
            coefficients: self.coefficients,
            covariance: self.covariance,
            qm: self.qm,
            scale: None,
            robust: Some(self.df),
            notes,
            ..fit
        }
    }

    /// A multilevel fit with these standard errors and tests instead of its own.
    pub fn applied_to(self, fit: MultilevelFit) -> MultilevelFit {
        let mut notes = fit.notes;
        notes.extend(self.notes);
        let robust = Some(self.df);
        MultilevelFit {
            coefficients: self.coefficients,
            covariance: self.covariance,
            qm: self.qm,
            robust,
            notes,
            ..fit
        }
    }
}

/// The degrees of freedom of the test of a combination of coefficients.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RobustDf {
    /// The clusters less the coefficients, for every combination.
    Clusters(f64),
    /// Satterthwaite's, (Σ Ω_cc)²/Σ Ω_cd² over pairs of clusters with Ω_cd = u_c′(M − XCX′)u_d and
    /// u_c = A′M⁻¹XCx: Pustejovsky & Tipton (2018), J Bus Econ Stat 36:672, eq. 12.
    ///
    /// Combinations are those of the coefficients of Q in X = QR, whose columns are orthonormal.
    Satterthwaite {
        /// C = (Q′M⁻¹Q)⁻¹.
        c: Matrix,
        /// U′MU and Q′U of each cluster, with U = A′M⁻¹Q.
        pieces: Vec<(Matrix, Matrix)>,
        /// R.
        r: Matrix,
    },
}

impl RobustDf {
    /// Of x′b. The sum over all pairs of clusters is done with matrices of the size of the coefficients.
    pub fn of(&self, x: &[f64]) -> f64 {
        match self {
            Self::Clusters(df) => *df,
            Self::Satterthwaite { c, pieces, r } => Self::satterthwaite(c, pieces, &solve_transposed(r, x)),
        }
    }

    /// Satterthwaite's of a combination of the coefficients of Q.
    fn satterthwaite(c: &Matrix, pieces: &[(Matrix, Matrix)], of: &[f64]) -> f64 {
        let p = c.rows();
        let direction = c.times_vector(of);
        let (mut trace, mut squares) = (0.0, 0.0);
        let mut outer = Matrix::zeros(p, p);
        for (own, across) in pieces {
            let t = across.times_vector(&direction);
            let (own, shared) = (own.quadratic(&direction), c.quadratic(&t));
            trace += own - shared;
            squares += own * own - 2.0 * own * shared;
            outer = outer.plus(&Matrix::from_fn(p, p, |a, b| t[a] * t[b]));
        }
        let product = c.times(&outer);
        let crossed: f64 = (0..p).map(|a| dot(product.row(a), product.transposed().row(a))).sum();
        trace * trace / (squares + crossed)
    }

    /// The test that the coefficients in these places are all 0. None where the clusters are too few for it.
    pub(in crate::meta) fn joint(&self, beta: &[f64], covariance: &Matrix, places: &[usize]) -> Option<Omnibus> {
        let inner = |place: &usize| match self {
            Self::Clusters(_) => Vec::new(),
            Self::Satterthwaite { r, .. } => solve_transposed(r, &unit(beta.len(), *place)),
        };
        self.together(beta, covariance, places, &places.iter().map(inner).collect::<Vec<_>>())
    }

    /// The same, with the combinations of the coefficients of Q that these are.
    fn together(&self, beta: &[f64], covariance: &Matrix, places: &[usize], of: &[Vec<f64>]) -> Option<Omnibus> {
        match (self, of) {
            (Self::Clusters(df), _) => wald(beta, covariance, places, Some(*df)),
            (Self::Satterthwaite { c, pieces, .. }, [one]) => {
                wald(beta, covariance, places, Some(Self::satterthwaite(c, pieces, one)))
            }
            (Self::Satterthwaite { c, pieces, .. }, several) => {
                hotelling(c, pieces, several, &wald(beta, covariance, places, None)?)
            }
        }
    }
}

/// The rows of a cluster with Q, M⁻¹Q, M, the effects and the residuals.
pub(super) struct Cluster {
    pub q: Matrix,
    y: Vec<f64>,
    pub weighted: Matrix,
    pub m: Matrix,
    /// Whether M is diagonal: the rows are independent in the model.
    pub is_diagonal: bool,
    e: Vec<f64>,
}

#[cfg(test)]
impl Cluster {
    /// Of rows that are independent in the model, without effects.
    pub fn of_independent(q: Matrix, weighted: Matrix, m: Matrix) -> Self {
        Self { q, y: Vec::new(), weighted, m, is_diagonal: true, e: Vec::new() }
    }
}

/// C (Σ Q′WA ee′A′WQ) C with W = M⁻¹ and C = (Q′WQ)⁻¹, for the coefficients of Q in X = QR: a moderator such as a year
/// loses no digits there.
///
/// Sources: Hedges, Tipton & Johnson (2010), Res Synth Methods 1:39, eq. 6 (CR0); Pustejovsky & Tipton
/// (2018), J Bus Econ Stat 36:672, eq. 10 to 12 (CR2).
fn sandwich(
    problem: &Problem,
    beta: &[f64],
    blocks: &[(Vec<usize>, Matrix)],
    clusters: &[usize],
    kind: SandwichKind,
    level: f64,
) -> Result<Robust, MetaError> {
    possible_level(level)?;
    let basis = problem.basis();
    let parts = gathered(problem, &basis, beta, blocks, clusters)?;
    let (n, p) = (parts.len() as f64, problem.p());
    enough_clusters(n, problem, kind)?;
    let mut information = Matrix::zeros(p, p);
    for part in &parts {
        information = information.plus(&part.q.transposed_times(&part.weighted));
    }
    let c =
        information.cholesky().ok_or_else(|| MetaError::Option("the moderators are dependent".to_owned()))?.inverse();
    let scale = if kind == SandwichKind::Cr1 { n / (n - p as f64) } else { 1.0 };
    // The covariances of the coefficients of Q and of X are sums of squares, so that a variance of 0 is one.
    let (mut inner, mut covariance) = (Matrix::zeros(p, p), Matrix::zeros(p, p));
    let squared = |of: &[f64]| Matrix::from_fn(p, p, |a, b| of[a] * of[b]);
    // A′WQ of each cluster; without adjustment WQ.
    let mut adjusted = Vec::with_capacity(parts.len());
    for part in &parts {
        let pulled = match kind {
            SandwichKind::Cr2 => adjusted_scores(part, &c)?,
            _ => part.weighted.clone(),
        };
        let score = pulled.transposed().times_vector(&part.e);
        let moved = c.times_vector(&score);
        inner.add(&squared(&moved), scale);
        covariance.add(&squared(&basis.coefficients(&moved)), scale);
        adjusted.push(pulled);
    }
    let all_df = match kind {
        SandwichKind::Cr0 | SandwichKind::Cr1 => RobustDf::Clusters(n - p as f64),
        SandwichKind::Cr2 => {
            let piece =
                |(part, u): (&Cluster, &Matrix)| (u.transposed_times(&part.m).times(u), part.q.transposed_times(u));
            let pieces = parts.iter().zip(&adjusted).map(piece).collect();
            RobustDf::Satterthwaite { c: c.clone(), pieces, r: basis.r.clone() }
        }
    };
    let tested = tested(problem);
    let mut notes = vec![format!("standard errors and tests are robust to any dependence within {n} clusters")];
    let lost = of_one_cluster(problem, &basis, &parts, &c, &covariance);
    if !lost.is_empty() {
        let names: Vec<&str> = lost.iter().map(|&j| problem.names[j].as_str()).collect();
        notes.push(format!(
            "the residuals of each cluster say nothing of {}, which one cluster alone determines: no robust standard error",
            names.join(" and ")
        ));
        let is_lost = |j: usize| lost.contains(&j);
        covariance = Matrix::from_fn(p, p, |a, b| if is_lost(a) || is_lost(b) { 0.0 } else { covariance[(a, b)] });
    }
    let coefficient = |j: usize| {
        let se = if lost.contains(&j) { f64::NAN } else { covariance[(j, j)].sqrt() };
        Coefficient::new(&problem.names[j], beta[j], se, Some(all_df.of(&unit(p, j))), level)
    };
    let coefficients: Vec<Coefficient> = (0..p).map(coefficient).collect();
    // The last coefficients, all or all but the first, are 0 where those of Q are.
    let of: Vec<Vec<f64>> = tested.iter().map(|&j| unit(p, j)).collect();
    let has_test = !tested.iter().any(|j| lost.contains(j));
    let qm = has_test.then(|| all_df.together(&basis.r.times_vector(beta), &inner, &tested, &of)).flatten();
    if qm.is_none() && has_test && kind == SandwichKind::Cr2 && tested.len() > 1 {
        notes.push("the clusters are too few for a joint test of the coefficients".to_owned());
    }
    Ok(Robust { coefficients, covariance, qm, df: all_df, clusters: parts.len(), notes })
}

/// That there are enough clusters, and residuals, for robust tests.
fn enough_clusters(n: f64, problem: &Problem, kind: SandwichKind) -> Result<(), MetaError> {
    let p = problem.p();
    // CR2 has degrees of freedom of its own.
    if kind != SandwichKind::Cr2 && n <= p as f64 || n < 2.0 {
        let count = |of: f64, one: &str| if of == 1.0 { format!("1 {one}") } else { format!("{of} {one}s") };
        let message = format!(
            "{} {} too few for robust tests of {}",
            count(n, "cluster"),
            if n == 1.0 { "is" } else { "are" },
            count(p as f64, "coefficient")
        );
        return Err(MetaError::Option(message));
    }
    if problem.k() <= p {
        let message = "the model has a coefficient for each effect and fits them all: no residual is left that would tell \
                       of their precision";
        return Err(MetaError::Option(message.to_owned()));
    }
    Ok(())
}

/// The coefficients whose scores add up to 0 within each cluster, and whose variance is that of rounding.
fn of_one_cluster(
    problem: &Problem,
    basis: &Orthonormal,
    parts: &[Cluster],
    c: &Matrix,
    covariance: &Matrix,
) -> Vec<usize> {
    /// The part of what it is made of that rounding leaves of a standard error of 0.
    const ROUNDING: f64 = 1e-10;
    let is_lost = |j: &usize| {
        let direction = c.times_vector(&basis.function(&unit(problem.p(), *j)));
        let size = |part: &Cluster| {
            part.weighted.times_vector(&direction).iter().zip(&part.y).map(|(a, y)| (a * y).abs()).sum::<f64>()
        };
        let whole = parts.iter().map(|part| size(part).powi(2)).sum::<f64>().sqrt();
        covariance[(*j, *j)].sqrt() <= ROUNDING * whole
    };
    (0..problem.p()).filter(is_lost).collect()
}

/// The cluster of rows that depend on each other.
fn only_cluster(block: &[usize], clusters: &[usize]) -> Result<usize, MetaError> {
    let cluster = clusters[block[0]];
    if block.iter().all(|&row| clusters[row] == cluster) {
        return Ok(cluster);
    }
    let message = "the clusters cut through effects that depend on each other in the model; name an outer grouping";
    Err(MetaError::Option(message.to_owned()))
}

impl Multilevel {
    /// That no clusters cut through effects that depend on each other, which can be known before a fit.
    ///
    /// # Errors
    /// If they do, or are not one for each row, or the parts of the model do not go with the rows.
    pub fn check_clusters(&self, problem: &Problem, clusters: &[usize]) -> Result<(), MetaError> {
        problem.each_has("the list of clusters", clusters.len())?;
        self.check_parts(problem)?;
        let all = blocks(problem.k(), &self.components, &self.v);
        all.iter().try_for_each(|block| only_cluster(&block.rows, clusters).map(drop))
    }
}

/// The clusters, each with the covariance of its rows.
fn gathered(
    problem: &Problem,
    basis: &Orthonormal,
    beta: &[f64],
    blocks: &[(Vec<usize>, Matrix)],
    clusters: &[usize],
) -> Result<Vec<Cluster>, MetaError> {
    problem.each_has("the list of clusters", clusters.len())?;
    let (clusters, count) = numbered(clusters);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut pieces: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, (block, _)) in blocks.iter().enumerate() {
        let cluster = only_cluster(block, &clusters)?;
        rows[cluster].extend(block);
        pieces[cluster].push(at);
    }
    let mut gathered = Vec::new();
    for (rows, pieces) in rows.iter().zip(&pieces) {
        let mut m = Matrix::zeros(rows.len(), rows.len());
        let mut offset = 0;
        for &piece in pieces {
            let (block, covariance) = &blocks[piece];
            for a in 0..block.len() {
                for b in 0..block.len() {
                    m[(offset + a, offset + b)] = covariance[(a, b)];
                }
            }
            offset += block.len();
        }
        let q = Matrix::from_fn(rows.len(), problem.p(), |a, b| basis.columns[b][rows[a]]);
        let cholesky = m.cholesky().ok_or_else(|| MetaError::Option("the covariance is singular".to_owned()))?;
        let weighted = cholesky.solve_matrix(&q);
        let e = rows.iter().map(|&row| residual(problem, beta, row)).collect();
        let y = rows.iter().map(|&row| problem.yi[row]).collect();
        gathered.push(Cluster { q, y, weighted, m, is_diagonal: pieces.len() == rows.len(), e });
    }
    Ok(gathered)
}

/// The joint test of q coefficients with CR2: Hotelling's T² with η degrees of freedom, as
/// F = (η − q + 1)/(ηq) b′V⁻¹b on q and η − q + 1. With D = Ω^(−½) V Ω^(−½), where Ω is the expectation of V
/// if the model holds, η = q(q + 1)/Σ Var D_st, and Var D_st = Σ_ij (P_ij[s,t] P_ij[t,s] + P_ij[s,s] P_ij[t,t])
/// over pairs of clusters with P_ij = δ_ij u_i′M u_i − t_i′C t_j, t_i = Q_i′u_i. The sum over pairs is done with
/// matrices of the size of the coefficients.
///
/// Source: Tipton & Pustejovsky (2015), J Educ Behav Stat 40:604, eq. 14 to 17 (their HTZ).
fn hotelling(c: &Matrix, pieces: &[(Matrix, Matrix)], of: &[Vec<f64>], wald: &Omnibus) -> Option<Omnibus> {
    let (p, q) = (c.rows(), of.len());
    let root = c.cholesky()?.lower().transposed();
    let chosen = c.times(&Matrix::from_fn(p, q, |row, column| of[column][row]));
    // u′Mu and L′t of each cluster, before Ω is taken out.
    let pieces: Vec<(Matrix, Matrix)> = pieces
        .iter()
        .map(|(own, across)| (chosen.transposed_times(&own.times(&chosen)), root.times(&across.times(&chosen))))
        .collect();
    let mut omega = Matrix::zeros(q, q);
    for (own, y) in &pieces {
        omega = omega.plus(&own.plus(&y.transposed_times(y).scaled(-1.0)));
    }
    // Any root of Ω does: the sum of the variances does not change under rotations.
    let lower = omega.cholesky()?;
    let standardised = |m: &Matrix| {
        let half = Matrix::from_fn(q, m.rows(), |row, column| lower.forward(m.row(column))[row]);
        half.transposed()
    };
    let mut outer = vec![Matrix::zeros(p, p); q * q];
    let mut sum = 0.0;
    let squares = |m: &Matrix| trace_of_product(m, m) + m.trace() * m.trace();
    for (own, y) in &pieces {
        let y = standardised(y);
        let own = standardised(&standardised(own).transposed());
        let shared = y.transposed_times(&y);
        sum += squares(&own.plus(&shared.scaled(-1.0))) - squares(&shared);
        for s in 0..q {
            for t in 0..q {
                let term = Matrix::from_fn(p, p, |a, b| y[(a, s)] * y[(b, t)]);
                outer[s * q + t] = outer[s * q + t].plus(&term);
            }
        }
    }
    for matrix in &outer {
        let all: f64 = (0..p).map(|row| dot(matrix.row(row), matrix.row(row))).sum();
        sum += trace_of_product(matrix, matrix) + all;
    }
    let q = q as f64;
    let eta = q * (q + 1.0) / sum;
    let df2 = eta - q + 1.0;
    let statistic = df2 / (eta * q) * wald.statistic;
    (df2 > 0.0).then(|| Omnibus { statistic, df: q, df2: Some(df2), p: f_sf(statistic, q, df2) })
}
