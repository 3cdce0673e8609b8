//! The sums over blocks that Kenward and Roger's method takes, without matrices over the largest grouping factor.
//!
//! V = V₁ + Z₂GZ₂′, where V₁ has the effects of the first factor alone and falls apart into its levels. With
//! B = Z₁′V₁⁻¹Z₁, of small blocks, C = Z₁′V₁⁻¹Z₂, of few entries, A = Z₂′V₁⁻¹Z₂ and R = Λ₂(I + Λ₂′AΛ₂)⁻¹Λ₂′, the
//! matrix J = Z′V⁻¹Z is [B − CRC′, CT; T′C′, AT] for T = I − RA. So traces over the levels of the first factor are
//! those of matrices over the levels of the others: tr(E_rJE_sJ) = tr(E_rBE_sB) − 2tr(E_rBE_sCRC′) + tr(G_rRG_sR) for
//! G_r = C′E_rC, and tr(G_rTE_sT′) with a parameter of another factor.

use super::kenward_roger::{Connected, Parameter};
use super::problem::Problem;
use crate::numeric::matrix::{Matrix, trace_of_product};

/// Sums over blocks; the last parameter is σ².
pub(super) struct Sums {
    /// P_r = −K′E_rK.
    pub p: Vec<Matrix>,
    /// Q_rs = K′E_rJE_sK.
    pub q: Vec<Vec<Matrix>>,
    /// tr(E_rJE_sJ).
    pub traces: Matrix,
    /// tr(E_rJ).
    pub single: Vec<f64>,
}

/// One level of the first factor in a block.
struct Level {
    /// Its block of B.
    own: Matrix,
    /// Its rows of C: column, and what stands there.
    across: Vec<(usize, Vec<f64>)>,
    /// Its rows of K = Z′V⁻¹X.
    k: Matrix,
    /// Its block of CRC′.
    through: Matrix,
}

/// A block of rows and levels that are linked.
struct Block {
    levels: Vec<Level>,
    /// For each factor but the first one: the first column among theirs, and the number of levels.
    starts: Vec<(usize, usize)>,
    width: Vec<usize>,
    /// R, T, and J and K of the other factors.
    r: Matrix,
    t: Matrix,
    j: Matrix,
    k: Matrix,
}

/// The entries of a row of Z₂.
type Others<'a> = &'a dyn Fn(usize) -> Vec<(usize, f64)>;

/// E_r times a matrix, of one level.
fn chosen([a, b]: [usize; 2], matrix: &Matrix) -> Matrix {
    let from = |row: usize| if row == a { Some(b) } else { (row == b).then_some(a) };
    Matrix::from_fn(matrix.rows(), matrix.columns(), |row, column| from(row).map_or(0.0, |from| matrix[(from, column)]))
}

/// ΛM⁻¹Λ′ for M = I + Λ′AΛ.
fn shrunk(a: &Matrix, lambda: &Matrix) -> Matrix {
    let m = lambda.transposed_times(&a.times(lambda)).plus(&Matrix::identity(a.rows()));
    // M is I plus a matrix that is not negative: it always has a factor.
    let solved = m.cholesky().map(|cholesky| cholesky.solve_matrix(&lambda.transposed()));
    solved.map_or_else(|| Matrix::zeros(a.rows(), a.rows()), |solved| lambda.times(&solved))
}

/// ΣᵢCᵢ′M over rows of few entries, added to a matrix.
fn add_transposed(across: &[(usize, Vec<f64>)], of: &Matrix, into: &mut Matrix) {
    for (row, values) in across {
        for (at, value) in values.iter().enumerate() {
            (0..of.columns()).for_each(|column| into[(*row, column)] += value * of[(at, column)]);
        }
    }
}

/// C′NC of such rows, added to a matrix.
fn add_square(across: &[(usize, Vec<f64>)], n: &Matrix, factor: f64, into: &mut Matrix) {
    for (row, left) in across {
        let moved: Vec<f64> =
            (0..n.columns()).map(|j| left.iter().enumerate().map(|(i, v)| v * n[(i, j)]).sum()).collect();
        for (column, right) in across {
            into[(*row, *column)] += factor * moved.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
        }
    }
}

/// The same rows times a matrix from the left.
fn moved(by: &Matrix, across: &[(usize, Vec<f64>)]) -> Vec<(usize, Vec<f64>)> {
    across.iter().map(|(column, values)| (*column, by.times_vector(values))).collect()
}

impl Block {
    fn new(problem: &Problem, connected: &Connected, lambdas: &[Matrix]) -> Self {
        let width: Vec<usize> = problem.factors[1..].iter().map(|factor| factor.k).collect();
        let mut starts = Vec::new();
        let mut size = 0;
        for (levels, k) in connected.levels[1..].iter().zip(&width) {
            starts.push((size, levels.len()));
            size += levels.len() * k;
        }
        let first = |factor: usize, row: usize| {
            let level = problem.factors[factor + 1].codes[row] as usize;
            starts[factor].0 + connected.levels[factor + 1].binary_search(&level).unwrap_or(0) * width[factor]
        };
        let others = |row: usize| -> Vec<(usize, f64)> {
            let of = |factor: usize| {
                let start = first(factor, row);
                problem.factors[factor + 1].columns.iter().enumerate().map(move |(at, z)| (start + at, z[row]))
            };
            (0..width.len()).flat_map(of).collect()
        };
        let (mut a, mut h) = (Matrix::zeros(size, size), Matrix::zeros(size, problem.p()));
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); connected.levels[0].len()];
        for &row in &connected.rows {
            let level = problem.factors[0].codes[row] as usize;
            rows[connected.levels[0].binary_search(&level).unwrap_or(0)].push(row);
            let entries = others(row);
            for &(i, left) in &entries {
                entries.iter().for_each(|&(j, right)| a[(i, j)] += left * right);
                problem.x.columns.iter().enumerate().for_each(|(j, column)| h[(i, j)] += left * column[row]);
            }
        }
        let mut place = vec![usize::MAX; size];
        let mut levels = Vec::with_capacity(rows.len());
        for rows in rows {
            levels.push(Level::alone(problem, &rows, (&others, &mut place), &lambdas[0], (&mut a, &mut h)));
        }
        let mut block =
            Self { levels, starts, width, r: Matrix::zeros(size, size), t: Matrix::identity(size), j: a, k: h };
        if size > 0 {
            block.join(&lambdas[1..]);
        }
        block
    }

    /// Goes from V₁ to V.
    fn join(&mut self, lambdas: &[Matrix]) {
        let size = self.j.rows();
        let mut lambda = Matrix::zeros(size, size);
        for ((&(start, levels), &k), own) in self.starts.iter().zip(&self.width).zip(lambdas) {
            for level in (0..levels).map(|level| start + level * k) {
                (0..k).for_each(|i| (0..=i).for_each(|j| lambda[(level + i, level + j)] = own[(i, j)]));
            }
        }
        // Λ is 0 outside of its small blocks.
        let on_right = |of: &Matrix, by: &Matrix| self.by_blocks(of, by);
        let al = on_right(&self.j, &lambda);
        let m = on_right(&al.transposed(), &lambda).plus(&Matrix::identity(size));
        let inverse = m.cholesky().map_or_else(|| Matrix::zeros(size, size), |cholesky| cholesky.inverse());
        let lower = lambda.transposed();
        let half = on_right(&inverse, &lower);
        self.r = on_right(&half.transposed(), &lower);
        self.t = Matrix::identity(size).plus(&self.r.times(&self.j).scaled(-1.0));
        let u = self.r.times(&self.k);
        self.k = self.k.plus(&self.j.times(&u).scaled(-1.0));
        self.j = self.j.times(&self.t);
        for level in &mut self.levels {
            let k = level.own.rows();
            let mut shift = Matrix::zeros(k, u.columns());
            for (at, values) in &level.across {
                for (i, value) in values.iter().enumerate() {
                    (0..u.columns()).for_each(|column| shift[(i, column)] += value * u[(*at, column)]);
                    for (other, right) in &level.across {
                        let weight = value * self.r[(*at, *other)];
                        right.iter().enumerate().for_each(|(j, right)| level.through[(i, j)] += weight * right);
                    }
                }
            }
            level.k.add(&shift, -1.0);
        }
    }

    /// A matrix times one that is 0 outside of the blocks of single levels.
    fn by_blocks(&self, of: &Matrix, by: &Matrix) -> Matrix {
        let mut product = Matrix::zeros(of.rows(), of.columns());
        for (&(start, levels), &k) in self.starts.iter().zip(&self.width) {
            for level in (0..levels).map(|level| start + level * k) {
                for row in 0..of.rows() {
                    for column in level..level + k {
                        product[(row, column)] = (level..level + k).map(|at| of[(row, at)] * by[(at, column)]).sum();
                    }
                }
            }
        }
        product
    }

    /// E_r times a matrix over the other factors.
    fn selected(&self, of: &Parameter, matrix: &Matrix) -> Matrix {
        let mut result = Matrix::zeros(matrix.rows(), matrix.columns());
        let (start, levels) = self.starts[of.factor - 1];
        let [a, b] = of.columns;
        for row in (0..levels).map(|level| start + level * self.width[of.factor - 1]) {
            for column in 0..matrix.columns() {
                result[(row + a, column)] += matrix[(row + b, column)];
                if a != b {
                    result[(row + b, column)] += matrix[(row + a, column)];
                }
            }
        }
        result
    }
}

impl Level {
    /// A level under V₁ alone; what it takes from A and Z₂′V₁⁻¹X is taken there.
    fn alone(
        problem: &Problem,
        rows: &[usize],
        (others, place): (Others<'_>, &mut [usize]),
        lambda: &Matrix,
        (a, h): (&mut Matrix, &mut Matrix),
    ) -> Self {
        let columns = &problem.factors[0].columns;
        let k = columns.len();
        let (mut own, mut x) = (Matrix::zeros(k, k), Matrix::zeros(k, problem.p()));
        let mut across: Vec<(usize, Vec<f64>)> = Vec::new();
        for &row in rows {
            for i in 0..k {
                (0..k).for_each(|j| own[(i, j)] += columns[i][row] * columns[j][row]);
                problem.x.columns.iter().enumerate().for_each(|(j, column)| x[(i, j)] += columns[i][row] * column[row]);
            }
            for (column, value) in others(row) {
                if place[column] == usize::MAX {
                    place[column] = across.len();
                    across.push((column, vec![0.0; k]));
                }
                let into = &mut across[place[column]].1;
                into.iter_mut().zip(columns).for_each(|(into, z)| *into += z[row] * value);
            }
        }
        across.iter().for_each(|(column, _)| place[*column] = usize::MAX);
        let n = shrunk(&own, lambda);
        add_square(&across, &n, -1.0, a);
        add_transposed(&across, &n.times(&x).scaled(-1.0), h);
        let rest = Matrix::identity(k).plus(&own.times(&n).scaled(-1.0));
        Self { own: rest.times(&own), across: moved(&rest, &across), k: rest.times(&x), through: Matrix::zeros(k, k) }
    }
}

impl Sums {
    /// Of all blocks, for p coefficients.
    pub fn of(problem: &Problem, blocks: &[Connected], lambdas: &[Matrix], parameters: &[Parameter]) -> Self {
        let (p, m) = (problem.p(), parameters.len());
        let mut sums = Self {
            p: vec![Matrix::zeros(p, p); m + 1],
            q: vec![vec![Matrix::zeros(p, p); m + 1]; m + 1],
            traces: Matrix::zeros(m + 1, m + 1),
            single: vec![0.0; m + 1],
        };
        for block in blocks {
            sums.add(&Block::new(problem, block, lambdas), parameters);
        }
        sums
    }

    fn add(&mut self, block: &Block, parameters: &[Parameter]) {
        let (first, others): (Vec<usize>, Vec<usize>) = (0..parameters.len()).partition(|&r| parameters[r].factor == 0);
        for level in &block.levels {
            self.add_level(level, parameters, &first);
        }
        if block.j.rows() == 0 {
            return;
        }
        let ek: Vec<Matrix> = others.iter().map(|&s| block.selected(&parameters[s], &block.k)).collect();
        let ej: Vec<Matrix> = others.iter().map(|&s| block.selected(&parameters[s], &block.j)).collect();
        for (at, &r) in others.iter().enumerate() {
            self.p[r].add(&block.k.transposed_times(&ek[at]), -1.0);
            self.single[r] += ej[at].trace();
            let left = block.j.times(&ek[at]);
            for (other, &s) in others.iter().enumerate() {
                self.q[s][r].add(&ek[other].transposed_times(&left), 1.0);
                self.traces[(r, s)] += trace_of_product(&ej[at], &ej[other]);
            }
        }
        let across: Vec<Across> = first.iter().map(|&r| Across::new(block, &parameters[r])).collect();
        for (at, &r) in first.iter().enumerate() {
            let own = &across[at];
            for (other, &s) in first.iter().enumerate() {
                self.q[r][s].add(&own.f.transposed_times(&block.r.times(&across[other].f)), -1.0);
                self.traces[(r, s)] += trace_of_product(&own.gr, &across[other].gr);
            }
            let left = own.f.transposed_times(&block.t);
            for (other, &s) in others.iter().enumerate() {
                let q = left.times(&ek[other]);
                self.q[s][r].add(&q.transposed(), 1.0);
                self.q[r][s].add(&q, 1.0);
                let trace = block.selected(&parameters[s], &own.u).trace();
                self.traces[(r, s)] += trace;
                self.traces[(s, r)] += trace;
            }
        }
    }

    /// What a level of the first factor adds by itself.
    fn add_level(&mut self, level: &Level, parameters: &[Parameter], first: &[usize]) {
        let each = |of: &Matrix| first.iter().map(|&r| chosen(parameters[r].columns, of)).collect::<Vec<Matrix>>();
        let [ek, eb, ed] = [&level.k, &level.own, &level.through].map(each);
        for (at, &r) in first.iter().enumerate() {
            self.p[r].add(&level.k.transposed_times(&ek[at]), -1.0);
            self.single[r] += eb[at].trace() - ed[at].trace();
            let left = ek[at].transposed_times(&level.own);
            for (other, &s) in first.iter().enumerate() {
                self.q[r][s].add(&left.times(&ek[other]), 1.0);
                self.traces[(r, s)] +=
                    trace_of_product(&eb[at], &eb[other]) - 2.0 * trace_of_product(&eb[at], &ed[other]);
            }
        }
    }

    /// The quantities of σ², from those of the others and of V itself: Σ γ_rG_r + σ²I = V.
    pub fn add_residual(&mut self, information: &Matrix, parameters: &[Parameter], n: f64) {
        let m = parameters.len();
        let mut p = information.scaled(-1.0);
        for (of, own) in parameters.iter().zip(&self.p) {
            p = p.plus(&own.scaled(-of.value));
        }
        for r in 0..m {
            let mut q = self.p[r].scaled(-1.0);
            let mut trace = self.single[r];
            for (s, of) in parameters.iter().enumerate() {
                q = q.plus(&self.q[r][s].scaled(-of.value));
                trace -= of.value * self.traces[(r, s)];
            }
            self.q[m][r] = q.transposed();
            self.q[r][m] = q;
            self.traces[(r, m)] = trace;
            self.traces[(m, r)] = trace;
        }
        let mut q = p.scaled(-1.0);
        let mut trace = n;
        for (s, of) in parameters.iter().enumerate() {
            q = q.plus(&self.q[m][s].scaled(-of.value));
            trace -= of.value * self.single[s];
        }
        for (s, of) in parameters.iter().enumerate() {
            trace -= of.value * self.traces[(m, s)];
        }
        self.p[m] = p;
        self.q[m][m] = q;
        self.traces[(m, m)] = trace;
    }
}

/// What a parameter of the first factor is over the others: C′E_rK, G_rR and T′G_rT.
struct Across {
    f: Matrix,
    gr: Matrix,
    u: Matrix,
}

impl Across {
    fn new(block: &Block, of: &Parameter) -> Self {
        let size = block.j.rows();
        let (mut f, mut g) = (Matrix::zeros(size, block.k.columns()), Matrix::zeros(size, size));
        for level in &block.levels {
            let k = level.own.rows();
            add_transposed(&level.across, &chosen(of.columns, &level.k), &mut f);
            add_square(&level.across, &chosen(of.columns, &Matrix::identity(k)), 1.0, &mut g);
        }
        Self { f, gr: g.times(&block.r), u: block.t.transposed_times(&g.times(&block.t)) }
    }
}
