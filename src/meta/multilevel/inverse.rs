//! The inverse of the covariance of a block: whole, or by the parts that shared effects join.
//!
//! With M = B + ZDZ′, where B is made of small parts, Z says which row has which shared effect, and D = SS′ is their
//! covariance, M⁻¹ = B⁻¹ − B⁻¹ZTZ′B⁻¹ with T = S(I + S′AS)⁻¹S′ and A = Z′B⁻¹Z. Work and memory grow with the
//! number of shared effects and not with the rows; T exists where variances are 0 as well. D is diagonal but where
//! effects have known correlations C: there it is the sum of σ²C, and of σ²I of other effects of the same groups.
//!
//! Source: Henderson & Searle (1981), SIAM Rev 23:53, eq. 17.

use super::blocks::{Member, Split};
use crate::numeric::matrix::{Matrix, dot, trace_of_product};
use std::sync::Arc;

/// M⁻¹ of a block.
pub(super) enum Inverse {
    /// As a matrix.
    Whole(Matrix),
    /// By its parts.
    Parts(Parts),
}

/// The parts of M⁻¹.
pub(super) struct Parts {
    split: Arc<Split>,
    /// The inverse of each part of B.
    bases: Vec<Matrix>,
    /// A.
    across: Matrix,
    /// T.
    inner: Matrix,
}

/// The derivative K of M by one parameter.
pub(super) enum Derivative {
    /// As a matrix.
    Whole(Matrix),
    /// Of each part of B.
    Parts(Vec<Matrix>),
    /// The place of a variance of shared effects, and that of its component among those of the same groups: K = ZZ′, or
    /// ZCZ′ with known correlations C.
    Shared(usize, usize),
}

impl Inverse {
    /// M⁻¹x for each column of a matrix.
    pub fn times(&self, x: &Matrix) -> Matrix {
        match self {
            Self::Whole(inverse) => inverse.times(x),
            Self::Parts(parts) => parts.times(x),
        }
    }

    /// M⁻¹x.
    pub fn times_vector(&self, x: &[f64]) -> Vec<f64> {
        match self {
            Self::Whole(inverse) => inverse.times_vector(x),
            Self::Parts(parts) => values(&parts.times(&column(x))),
        }
    }

    /// x′M⁻¹x.
    pub fn quadratic(&self, x: &[f64]) -> f64 {
        match self {
            Self::Whole(inverse) => inverse.quadratic(x),
            Self::Parts(parts) => {
                let base = parts.base(&column(x));
                dot(&values(&base), x) - parts.inner.quadratic(&values(&parts.gathered(&base)))
            }
        }
    }

    /// The diagonal of M⁻¹.
    pub fn diagonal(&self) -> Vec<f64> {
        match self {
            Self::Whole(inverse) => inverse.diagonal(),
            Self::Parts(parts) => parts.diagonal(),
        }
    }

    /// M⁻¹ as a matrix.
    pub fn whole(&self) -> Matrix {
        match self {
            Self::Whole(inverse) => inverse.clone(),
            Self::Parts(parts) => parts.times(&Matrix::identity(parts.rows())),
        }
    }

    /// Kx for each column of a matrix.
    pub fn along(&self, k: &Derivative, x: &Matrix) -> Matrix {
        match (k, self) {
            (Derivative::Whole(k), _) => k.times(x),
            (Derivative::Parts(of), Self::Parts(parts)) => parts.by_part(of, x),
            (Derivative::Shared(at, member), Self::Parts(parts)) => parts.grouped(*at, *member, x),
            // Derivatives are made for the inverse that they stand beside.
            (_, Self::Whole(_)) => Matrix::from_fn(x.rows(), x.columns(), |_, _| f64::NAN),
        }
    }

    /// tr M⁻¹K for each derivative, and tr M⁻¹KM⁻¹K for each pair of them (the lower triangle).
    pub fn traces(&self, derivatives: &[Derivative]) -> (Vec<f64>, Matrix) {
        match self {
            Self::Whole(inverse) => whole_traces(inverse, derivatives),
            Self::Parts(parts) => parts.traces(derivatives),
        }
    }
}

fn column(x: &[f64]) -> Matrix {
    Matrix::from_fn(x.len(), 1, |row, _| x[row])
}

fn values(column: &Matrix) -> Vec<f64> {
    (0..column.rows()).map(|row| column[(row, 0)]).collect()
}

fn whole_traces(inverse: &Matrix, derivatives: &[Derivative]) -> (Vec<f64>, Matrix) {
    let product = |k: &Derivative| match k {
        Derivative::Whole(k) => product(k, inverse),
        _ => Matrix::from_fn(inverse.rows(), inverse.rows(), |_, _| f64::NAN),
    };
    let products: Vec<Matrix> = derivatives.iter().map(product).collect();
    let mut pairs = Matrix::zeros(products.len(), products.len());
    for (a, one) in products.iter().enumerate() {
        products[..=a].iter().enumerate().for_each(|(b, other)| pairs[(a, b)] = trace_of_product(one, other));
    }
    (products.iter().map(Matrix::trace).collect(), pairs)
}

/// The product of a symmetric matrix and a derivative K in either order, which have the same traces: in a large block
/// most entries of K are 0, and rows of one group often the same.
fn product(k: &Matrix, other: &Matrix) -> Matrix {
    const LARGE: usize = 32;
    let columns = other.columns();
    if columns < LARGE {
        return other.times(k);
    }
    let mut product = Matrix::zeros(k.rows(), columns);
    for row in 0..k.rows() {
        let factors = k.row(row);
        let Some(first) = factors.iter().position(|factor| *factor != 0.0) else { continue };
        // The first member of a group stands on the diagonal.
        if first < row && k.row(first) == factors {
            (0..columns).for_each(|column| product[(row, column)] = product[(first, column)]);
            continue;
        }
        for (inner, &factor) in factors.iter().enumerate().skip(first).filter(|(_, factor)| **factor != 0.0) {
            for (column, value) in other.row(inner).iter().enumerate() {
                product[(row, column)] += factor * value;
            }
        }
    }
    product
}

impl Parts {
    /// From the inverse of each part of B and the variances of the shared components, with ln |M| − ln |B|; none
    /// where these are no variances.
    pub fn new(split: Arc<Split>, bases: Vec<Matrix>, variances: &[Vec<f64>]) -> Option<(Self, f64)> {
        if variances.iter().flatten().any(|variance| !variance.is_finite() || *variance < 0.0) {
            return None;
        }
        let across = spread(&split, &bases);
        let (size, root) = (split.width, Root::of(&split, variances)?);
        let mut beside = root.around(&across);
        (0..size).for_each(|at| beside[(at, at)] += 1.0);
        let beside = beside.cholesky()?;
        let inner = root.outside(&beside.inverse());
        Some((Self { split, bases, across, inner }, beside.log_determinant()))
    }

    fn rows(&self) -> usize {
        self.split.parts.iter().map(Vec::len).sum()
    }

    /// A product with a matrix for each part.
    fn by_part(&self, matrices: &[Matrix], x: &Matrix) -> Matrix {
        let mut product = Matrix::zeros(x.rows(), x.columns());
        for (part, matrix) in self.split.parts.iter().zip(matrices) {
            for (a, &row) in part.iter().enumerate() {
                for (&factor, &other) in matrix.row(a).iter().zip(part) {
                    (0..x.columns()).for_each(|column| product[(row, column)] += factor * x[(other, column)]);
                }
            }
        }
        product
    }

    /// B⁻¹x.
    fn base(&self, x: &Matrix) -> Matrix {
        self.by_part(&self.bases, x)
    }

    /// Z′x.
    fn gathered(&self, x: &Matrix) -> Matrix {
        let mut sums = Matrix::zeros(self.split.width, x.columns());
        for shared in &self.split.shared {
            for (row, &at) in shared.columns.iter().enumerate() {
                (0..x.columns()).for_each(|column| sums[(at, column)] += x[(row, column)]);
            }
        }
        sums
    }

    /// Zx.
    fn scattered(&self, x: &Matrix) -> Matrix {
        let of = |row: usize, column: usize| {
            self.split.shared.iter().map(|shared| x[(shared.columns[row], column)]).sum::<f64>()
        };
        Matrix::from_fn(self.rows(), x.columns(), of)
    }

    /// ZZ′x with the columns of one component alone, or ZCZ′x.
    fn grouped(&self, at: usize, member: usize, x: &Matrix) -> Matrix {
        let shared = &self.split.shared[at];
        let first = shared.range.start;
        let mut sums = Matrix::zeros(shared.range.len(), x.columns());
        for (row, &at) in shared.columns.iter().enumerate() {
            (0..x.columns()).for_each(|column| sums[(at - first, column)] += x[(row, column)]);
        }
        if let Some(known) = &shared.members[member].known {
            sums = known.times(&sums);
        }
        Matrix::from_fn(x.rows(), x.columns(), |row, column| sums[(shared.columns[row] - first, column)])
    }

    fn times(&self, x: &Matrix) -> Matrix {
        let mut product = self.base(x);
        let joined = self.inner.times(&self.gathered(&product));
        product.add(&self.base(&self.scattered(&joined)), -1.0);
        product
    }

    fn diagonal(&self) -> Vec<f64> {
        let mut diagonal = vec![0.0; self.rows()];
        for (part, base) in self.split.parts.iter().zip(&self.bases) {
            for (a, &row) in part.iter().enumerate() {
                // Z′B⁻¹ times the unit vector of the row has entries in the columns of its part.
                let mut along: Vec<(usize, f64)> = Vec::new();
                for shared in &self.split.shared {
                    along.extend(base.row(a).iter().zip(part).map(|(value, &other)| (shared.columns[other], *value)));
                }
                let taken: f64 = along
                    .iter()
                    .flat_map(|one| along.iter().map(move |other| one.1 * self.inner[(one.0, other.0)] * other.1))
                    .sum();
                diagonal[row] = base[(a, a)] - taken;
            }
        }
        diagonal
    }

    /// With S = Z′B⁻¹KB⁻¹Z: tr M⁻¹K = tr B⁻¹K − tr TS, and
    /// tr M⁻¹KM⁻¹L = tr B⁻¹KB⁻¹L − 2 tr TZ′B⁻¹KB⁻¹LB⁻¹Z + tr TS_KTS_L.
    fn traces(&self, derivatives: &[Derivative]) -> (Vec<f64>, Matrix) {
        let traced: Vec<Traced<'_>> = derivatives.iter().map(|k| self.traced(k)).collect();
        let mut pairs = Matrix::zeros(traced.len(), traced.len());
        for (a, one) in traced.iter().enumerate() {
            for (b, other) in traced[..=a].iter().enumerate() {
                let (of_base, mixed) = self.pair(one, other);
                pairs[(a, b)] = of_base - 2.0 * mixed + trace_of_product(&one.joined, &other.joined);
            }
        }
        (traced.iter().map(|of| of.of_base - of.joined.trace()).collect(), pairs)
    }

    fn traced<'a>(&self, k: &'a Derivative) -> Traced<'a> {
        let (products, sums, of_base) = match k {
            Derivative::Shared(at, member) => {
                let shared = &self.split.shared[*at];
                let range = shared.range.clone();
                let part = Matrix::from_fn(range.len(), self.split.width, |row, column| {
                    self.across[(range.start + row, column)]
                });
                let (products, of_base) = match &shared.members[*member].known {
                    None => (part.transposed_times(&part), range.map(|at| self.across[(at, at)]).sum()),
                    Some(known) => {
                        let beside = known.times(&part);
                        let of_base = range.clone().map(|at| beside[(at - range.start, at)]).sum();
                        (part.transposed_times(&beside), of_base)
                    }
                };
                (Vec::new(), products, of_base)
            }
            Derivative::Parts(of) => {
                let products: Vec<Matrix> = self.bases.iter().zip(of).map(|(base, k)| base.times(k)).collect();
                let between: Vec<Matrix> = products.iter().zip(&self.bases).map(|(of, base)| of.times(base)).collect();
                let of_base = products.iter().map(Matrix::trace).sum();
                let sums = spread(&self.split, &between);
                (products, sums, of_base)
            }
            Derivative::Whole(_) => (Vec::new(), Matrix::zeros(0, 0), f64::NAN),
        };
        Traced { k, products, joined: self.inner.times(&sums), sums, of_base }
    }

    /// tr B⁻¹KB⁻¹L and tr TZ′B⁻¹KB⁻¹LB⁻¹Z.
    fn pair(&self, one: &Traced<'_>, other: &Traced<'_>) -> (f64, f64) {
        let (of, shared) = match (one.k, other.k) {
            (_, Derivative::Shared(at, member)) => (one, (*at, *member)),
            (Derivative::Shared(at, member), _) => (other, (*at, *member)),
            _ => {
                let pairs = || one.products.iter().zip(&other.products);
                let of_base = pairs().map(|(a, b)| trace_of_product(a, b)).sum();
                let between: Vec<Matrix> =
                    pairs().zip(&self.bases).map(|((a, b), base)| a.times(&b.times(base))).collect();
                return (of_base, trace_of_product(&self.inner, &spread(&self.split, &between)));
            }
        };
        let (shared, member) = (&self.split.shared[shared.0], shared.1);
        let range = shared.range.clone();
        if let Some(known) = &shared.members[member].known {
            // The traces of C times a square of both.
            let with = |values: &dyn Fn(usize, usize) -> f64| {
                let row = |a: usize| known.row(a).iter().enumerate().map(move |(b, factor)| factor * values(a, b));
                (0..known.rows()).flat_map(row).sum::<f64>()
            };
            let width = self.split.width;
            let part = Matrix::from_fn(range.len(), width, |row, column| self.across[(range.start + row, column)]);
            let joined = Matrix::from_fn(width, range.len(), |row, column| of.joined[(row, range.start + column)]);
            let mixed = part.times(&joined);
            let of_base = with(&|a, b| of.sums[(range.start + b, range.start + a)]);
            return (of_base, with(&|a, b| mixed[(b, a)]));
        }
        let of_base = range.clone().map(|at| of.sums[(at, at)]).sum();
        let column = |at: usize| (0..self.split.width).map(move |row| of.joined[(row, at)] * self.across[(at, row)]);
        (of_base, range.flat_map(column).sum())
    }
}

/// S with SS′ = D.
enum Root {
    /// A diagonal.
    Scale(Vec<f64>),
    /// A lower triangle.
    Lower(Matrix),
}

impl Root {
    /// Of the shared effects with these variances of their components; none where known correlations make no
    /// covariance.
    fn of(split: &Split, variances: &[Vec<f64>]) -> Option<Self> {
        let mut scale = vec![0.0; split.width];
        let mut lower = None;
        for (shared, own) in split.shared.iter().zip(variances) {
            let range = shared.range.clone();
            let is_known = |(member, variance): (&Member, &f64)| member.known.is_some() && *variance > 0.0;
            if !shared.members.iter().zip(own).any(is_known) {
                scale[range].fill(own.iter().sum::<f64>().sqrt());
                continue;
            }
            let mut covariance = Matrix::zeros(range.len(), range.len());
            for (member, variance) in shared.members.iter().zip(own) {
                match &member.known {
                    Some(known) => covariance.add(known, *variance),
                    None => (0..range.len()).for_each(|at| covariance[(at, at)] += variance),
                }
            }
            let triangle = covariance.cholesky()?.lower();
            let whole = lower.get_or_insert_with(|| Matrix::zeros(split.width, split.width));
            for row in 0..range.len() {
                (0..=row).for_each(|column| whole[(range.start + row, range.start + column)] = triangle[(row, column)]);
            }
        }
        let Some(mut lower) = lower else { return Some(Self::Scale(scale)) };
        scale.iter().enumerate().filter(|(_, sd)| **sd > 0.0).for_each(|(at, sd)| lower[(at, at)] = *sd);
        Some(Self::Lower(lower))
    }

    /// S′MS.
    fn around(&self, m: &Matrix) -> Matrix {
        match self {
            Self::Scale(scale) => Matrix::from_fn(m.rows(), m.rows(), |a, b| scale[a] * m[(a, b)] * scale[b]),
            Self::Lower(lower) => {
                // M is symmetric, and so is the product.
                let once = sparse_product(&lower.transposed(), m);
                sparse_product(&lower.transposed(), &once.transposed())
            }
        }
    }

    /// SMS′.
    fn outside(&self, m: &Matrix) -> Matrix {
        match self {
            Self::Scale(_) => self.around(m),
            Self::Lower(lower) => sparse_product(lower, &sparse_product(lower, m).transposed()),
        }
    }
}

/// A product whose first factor is 0 in most places: half of a triangle, and all between the effects of other groups.
fn sparse_product(one: &Matrix, other: &Matrix) -> Matrix {
    let mut product = Matrix::zeros(one.rows(), other.columns());
    for row in 0..one.rows() {
        let mut sums = vec![0.0; other.columns()];
        for (inner, &factor) in one.row(row).iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
            sums.iter_mut().zip(other.row(inner)).for_each(|(sum, value)| *sum += factor * value);
        }
        sums.into_iter().enumerate().for_each(|(column, sum)| product[(row, column)] = sum);
    }
    product
}

/// A derivative with what its traces are made of.
struct Traced<'a> {
    k: &'a Derivative,
    /// B⁻¹K of each part; empty for shared effects.
    products: Vec<Matrix>,
    /// S.
    sums: Matrix,
    /// TS.
    joined: Matrix,
    /// tr B⁻¹K.
    of_base: f64,
}

/// Z′CZ for a C made of a matrix for each part.
fn spread(split: &Split, matrices: &[Matrix]) -> Matrix {
    let mut sums = Matrix::zeros(split.width, split.width);
    for (part, matrix) in split.parts.iter().zip(matrices) {
        for one in &split.shared {
            for (a, &row) in part.iter().enumerate() {
                let at = one.columns[row];
                for other in &split.shared {
                    for (value, &column) in matrix.row(a).iter().zip(part) {
                        sums[(at, other.columns[column])] += value;
                    }
                }
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::blocks::blocks;
    use super::super::components::{Component, Inner, Structure};
    use super::super::likelihood::Likelihood;
    use super::super::sampling::SamplingCovariance;
    use super::*;
    use crate::meta::Problem;

    /// 60 effects of 20 studies and 7 species, of outcomes a and b within the studies.
    fn components() -> [Component; 4] {
        let names = |count: usize| (0..count).map(|level| level.to_string()).collect::<Vec<_>>();
        let by = |name: &str, of: fn(usize) -> usize, count: usize| {
            Component::intercepts(name, (0..60).map(of).collect(), names(count))
        };
        let inner = Inner { structure: Structure::Cs, values: (0..60).map(|row| row % 2).collect(), levels: names(2) };
        [
            by("species", |row| row * row % 7, 7),
            by("continent", |row| row % 5 / 3, 2),
            by("row", |row| row, 60),
            Component { inner: Some(inner), ..by("outcome | study", |row| row / 3, 20) },
        ]
    }

    fn problem() -> Problem {
        let wave = |row: usize, pace: f64| (pace * row as f64).sin();
        let yi = (0..60).map(|row| wave(row, 1.3) + wave(row, 0.11)).collect();
        let vi = (0..60).map(|row| 0.05 + 0.04 * wave(row, 2.7)).collect();
        let x = (0..60).map(|row| wave(row, 0.7)).collect();
        Problem::with_columns(yi, vi, vec!["intrcpt".to_owned(), "x".to_owned()], vec![vec![1.0; 60], x], true).unwrap()
    }

    fn likelihood<'a>(
        problem: &'a Problem,
        components: &'a [Component],
        v: &'a SamplingCovariance,
        restricted: bool,
        is_split: bool,
    ) -> Likelihood<'a> {
        let mut blocks = blocks(60, components, v);
        assert_eq!((blocks.len(), blocks[0].split.is_some()), (1, true));
        if !is_split {
            blocks[0].split = None;
        }
        let basis = Arc::new(problem.basis());
        Likelihood { problem, v, components, blocks, offsets: vec![0, 1, 2, 3], restricted, basis }
    }

    fn close(one: f64, other: f64) {
        assert!((one - other).abs() <= 1e-10 * (1.0 + one.abs()), "{one} {other}");
    }

    fn all_close(one: &Matrix, other: &Matrix) {
        for row in 0..one.rows() {
            one.row(row).iter().zip(other.row(row)).for_each(|(a, b)| close(*a, *b));
        }
    }

    #[test]
    fn parts_and_the_whole_agree_on_likelihood_and_derivatives() {
        let (problem, components) = (problem(), components());
        let v = SamplingCovariance::from_clusters((0..60).map(|row| row / 3).collect(), |i, j| {
            if i == j { problem.vi[i] } else { 0.4 * (problem.vi[i] * problem.vi[j]).sqrt() }
        });
        for restricted in [true, false] {
            let [parts, whole] =
                [true, false].map(|is_split| likelihood(&problem, &components, &v, restricted, is_split));
            // The second lies where two variances are 0.
            for at in [[0.3, 0.1, 0.2, 0.5, 0.4], [0.0, 2.0, 0.0, 0.1, -0.3]] {
                let (ours, theirs) = (parts.at(&at).unwrap(), whole.at(&at).unwrap());
                close(ours.log_likelihood, theirs.log_likelihood);
                close(ours.rss, theirs.rss);
                let (of, slope) = (parts.score(&at, &ours), whole.score(&at, &theirs));
                of.score.iter().zip(&slope.score).for_each(|(a, b)| close(*a, *b));
                all_close(&of.expected, &slope.expected);
                let (one, other) = (&ours.inverses[0], &theirs.inverses[0]);
                assert!(matches!(one, Inverse::Parts(_)) && matches!(other, Inverse::Whole(_)));
                all_close(&one.whole(), &other.whole());
                one.diagonal().iter().zip(other.diagonal()).for_each(|(a, b)| close(*a, b));
                close(one.quadratic(&problem.yi), other.quadratic(&problem.yi));
            }
        }
    }

    #[test]
    fn the_observed_information_agrees_where_there_is_one() {
        let (problem, components) = (problem(), components());
        let [parts, whole] = [true, false].map(|is_split| {
            let linear = &components[..3];
            likelihood(&problem, linear, &SamplingCovariance::Diagonal, true, is_split)
        });
        let at = [0.3, 0.1, 0.2];
        let [ours, theirs] = [&parts, &whole].map(|of| of.score(&at, &of.at(&at).unwrap()).observed.unwrap());
        all_close(&ours, &theirs);
    }

    #[test]
    fn a_part_that_is_singular_by_itself_takes_the_whole() {
        let problem = problem();
        // Pairs with a correlation of 1, which species join to a chain.
        let v = SamplingCovariance::from_clusters((0..60).map(|row| row / 2).collect(), |i, j| {
            (problem.vi[i] * problem.vi[j]).sqrt()
        });
        let names = (0..31).map(|level| level.to_string()).collect();
        let species = [Component::intercepts("species", (0..60).map(|row| row % 31).collect(), names)];
        let state = likelihood(&problem, &species, &v, true, true).at(&[0.5]).unwrap();
        assert!(matches!(state.inverses[0], Inverse::Whole(_)));
    }
}
