//! Large symmetric matrices, by blocks: the Cholesky factor and the inverse of some hundred to some
//! thousand rows.
//!
//! Matrices are slices stored by rows. The work is done by one product of blocks whose innermost loop
//! runs along rows; Golub & Van Loan (2013), Matrix Computations, section 4.2.6.

use super::matrix::dot;

const BLOCK: usize = 64;
/// Matrices with at most as many rows are inverted without blocks.
const SMALL: usize = 12;
/// The part of a product that is held in registers.
const HIGH: usize = 4;
const WIDE: usize = 4;

/// A part of a matrix: where it begins, and the length of a row of the whole.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    stride: usize,
}

/// The sums over `inner` of four rows of A times four columns of B, which lie side by side in `packed`.
fn tile(rows: [&[f64]; HIGH], packed: &[f64]) -> [[f64; WIDE]; HIGH] {
    let mut sums = [[0.0; WIDE]; HIGH];
    let [a, b, c, d] = rows;
    for ((((columns, a), b), c), d) in packed.as_chunks::<WIDE>().0.iter().zip(a).zip(b).zip(c).zip(d) {
        for (sums, factor) in sums.iter_mut().zip([a, b, c, d]) {
            sums.iter_mut().zip(columns).for_each(|(sum, value)| *sum += factor * value);
        }
    }
    sums
}

/// C −= AB for parts of `rows` × `inner` and `inner` × `columns`. Four columns of B at a time are copied
/// side by side, so that the innermost loop walks through memory in order.
fn subtract_product(c: &mut [f64], at: Part, a: &[f64], b: &[f64], of: [Part; 2], [rows, inner, columns]: [usize; 3]) {
    let [pa, pb] = of;
    let mut packed = vec![0.0; inner * WIDE];
    for j in (0..columns).step_by(WIDE) {
        let wide = WIDE.min(columns - j);
        for (k, packed) in packed.as_chunks_mut::<WIDE>().0.iter_mut().enumerate() {
            let columns = &b[pb.start + k * pb.stride + j..];
            // A copy of known length is a few instructions.
            match columns.first_chunk::<WIDE>() {
                Some(columns) if wide == WIDE => *packed = *columns,
                _ => packed[..wide].copy_from_slice(&columns[..wide]),
            }
        }
        for i in (0..rows).step_by(HIGH) {
            let high = HIGH.min(rows - i);
            // A row that is not there is the last one again.
            let row = |h: usize| pa.start + (i + h.min(high - 1)) * pa.stride;
            let sums = tile(std::array::from_fn(|h| &a[row(h)..row(h) + inner]), &packed);
            for (h, sums) in sums.iter().enumerate().take(high) {
                let start = at.start + (i + h) * at.stride + j;
                c[start..start + wide].iter_mut().zip(sums).for_each(|(place, sum)| *place -= sum);
            }
        }
    }
}

/// Matrices with more rows than this are shared among threads.
const MANY: usize = 400;

/// Does pieces of work that do not depend on each other; on several threads where that pays.
fn share<T: Send>(pieces: impl Iterator<Item = T>, n: usize, work: impl Fn(T) + Sync) {
    // To ask for the number of processors takes longer than to factor a small matrix.
    let threads = if n < MANY { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(8) };
    if threads == 1 {
        pieces.for_each(work);
        return;
    }
    let mut shares: Vec<Vec<T>> = (0..threads).map(|_| Vec::new()).collect();
    pieces.enumerate().for_each(|(at, piece)| shares[at % threads].push(piece));
    let work = &work;
    std::thread::scope(|scope| {
        for share in shares {
            scope.spawn(move || share.into_iter().for_each(work));
        }
    });
}

/// The strips of `BLOCK` rows, each with the number of its first row.
fn strips(matrix: &mut [f64], n: usize) -> impl Iterator<Item = (usize, &mut [f64])> {
    matrix.chunks_mut((BLOCK * n).max(1)).enumerate().map(|(at, strip)| (at * BLOCK, strip))
}

/// The Cholesky factor of the block from row and column `from` to `to`; whether it is positive definite.
fn factor_block(a: &mut [f64], n: usize, from: usize, to: usize) -> bool {
    for row in from..to {
        for column in from..=row {
            let sum = dot(&a[row * n + from..row * n + column], &a[column * n + from..column * n + column]);
            let rest = a[row * n + column] - sum;
            if row == column {
                if rest.is_nan() || rest <= 0.0 || rest.is_infinite() {
                    return false;
                }
                a[row * n + row] = rest.sqrt();
            } else {
                a[row * n + column] = rest / a[column * n + column];
            }
        }
    }
    true
}

/// The lower Cholesky factor in place of the lower triangle; whether the matrix is positive definite.
pub fn cholesky_in_place(a: &mut [f64], n: usize) -> bool {
    let mut panel: Vec<f64> = Vec::new();
    let mut transposed: Vec<f64> = Vec::new();
    for from in (0..n).step_by(BLOCK) {
        let to = (from + BLOCK).min(n);
        let width = to - from;
        if !factor_block(a, n, from, to) {
            return false;
        }
        if to == n {
            break;
        }
        // The transposed block: what a column of the factor takes from later columns lies side by side.
        let mut block = [0.0; BLOCK * BLOCK];
        for row in 0..width {
            (0..=row).for_each(|column| block[column * BLOCK + row] = a[(from + row) * n + from + column]);
        }
        share(strips(&mut a[to * n..], n), n - to, |(_, strip)| {
            for row in strip.chunks_exact_mut(n) {
                let own = &mut row[from..to];
                for (column, factors) in block.chunks_exact(BLOCK).enumerate().take(width) {
                    let (done, rest) = own.split_at_mut(column + 1);
                    done[column] /= factors[column];
                    let known = done[column];
                    rest.iter_mut().zip(&factors[column + 1..]).for_each(|(place, factor)| *place -= factor * known);
                }
            }
        });
        let below = n - to;
        panel.clear();
        (to..n).for_each(|row| panel.extend_from_slice(&a[row * n + from..row * n + to]));
        transposed.clear();
        transposed.resize(width * below, 0.0);
        for row in 0..below {
            (0..width).for_each(|k| transposed[k * below + row] = panel[row * width + k]);
        }
        // Below the diagonal alone, by strips of rows.
        let (panel, transposed) = (&panel, &transposed);
        share(strips(&mut a[to * n..], n), below, |(first, strip)| {
            let rows = strip.len() / n;
            let of = [Part { start: first * width, stride: width }, Part { start: 0, stride: below }];
            subtract_product(strip, Part { start: to, stride: n }, panel, transposed, of, [rows, width, first + rows]);
        });
    }
    true
}

/// The columns of L⁻¹ from `from` on, as many as a block has, from row `from` on.
fn invert_columns(l: &[f64], n: usize, from: usize, columns: &mut Vec<f64>) {
    let width = BLOCK.min(n - from);
    columns.resize((n - from) * width, 0.0);
    (0..width).for_each(|at| columns[at * width + at] = 1.0);
    for first in (from..n).step_by(BLOCK) {
        let rows = BLOCK.min(n - first);
        let (done, rest) = columns.split_at_mut((first - from) * width);
        let own = &mut rest[..rows * width];
        let of = [Part { start: first * n + from, stride: n }, Part { start: 0, stride: width }];
        subtract_product(own, Part { start: 0, stride: width }, l, done, of, [rows, first - from, width]);
        for row in 0..rows {
            let (done, rest) = own.split_at_mut(row * width);
            let own = &mut rest[..width];
            let factors = &l[(first + row) * n + first..=(first + row) * n + first + row];
            for (known, factor) in done.chunks_exact(width).zip(factors) {
                own.iter_mut().zip(known).for_each(|(place, value)| *place -= factor * value);
            }
            own.iter_mut().for_each(|value| *value /= factors[row]);
        }
    }
}

/// The inverse of a small matrix: L⁻¹ in its lower triangle, then L⁻ᵀL⁻¹ column by column.
fn small_inverse(l: &[f64], n: usize, inverse: &mut [f64]) {
    for column in 0..n {
        inverse[column * n + column] = 1.0 / l[column * n + column];
        for row in column + 1..n {
            let known: f64 = (column..row).map(|at| l[row * n + at] * inverse[at * n + column]).sum();
            inverse[row * n + column] = -known / l[row * n + row];
        }
    }
    for row in 0..n {
        for column in 0..=row {
            let value: f64 = (row..n).map(|at| inverse[at * n + row] * inverse[at * n + column]).sum();
            inverse[row * n + column] = value;
        }
    }
    mirror(inverse, n);
}

/// The lower triangle into the upper one.
fn mirror(matrix: &mut [f64], n: usize) {
    for row in 0..n {
        (0..row).for_each(|column| matrix[column * n + row] = matrix[row * n + column]);
    }
}

/// The inverse of a matrix, both triangles, from the lower Cholesky factor in the lower triangle.
pub fn inverse_of_cholesky(l: &[f64], n: usize, inverse: &mut [f64]) {
    if n <= SMALL {
        return small_inverse(l, n, inverse);
    }
    let mut lower: Vec<Vec<f64>> = (0..n.div_ceil(BLOCK)).map(|_| Vec::new()).collect();
    share(lower.iter_mut().enumerate(), n, |(at, columns)| invert_columns(l, n, at * BLOCK, columns));
    // L⁻ᵀL⁻¹, the lower triangle by strips of rows; the first factor is transposed for it.
    inverse.fill(0.0);
    let lower = &lower;
    share(strips(inverse, n), n, |(from, strip)| {
        let (rows, inner) = (strip.len() / n, n - from);
        let own = &lower[from / BLOCK];
        let mut transposed = vec![0.0; rows * inner];
        for (k, row) in own.chunks_exact(rows).enumerate() {
            row.iter().enumerate().for_each(|(column, value)| transposed[column * inner + k] = -value);
        }
        for (at, columns) in lower[..=from / BLOCK].iter().enumerate() {
            let first = at * BLOCK;
            let width = BLOCK.min(n - first);
            let of = [Part { start: 0, stride: inner }, Part { start: (from - first) * width, stride: width }];
            let place = Part { start: first, stride: n };
            subtract_product(strip, place, &transposed, columns, of, [rows, inner, width]);
        }
    });
    mirror(inverse, n);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::matrix::Matrix;

    #[test]
    fn blocks_do_what_small_matrices_do() {
        for n in [0, 1, 5, 12, 13, 63, 64, 65, 150, 201, 430] {
            let entry = |i: usize, j: usize| {
                let (i, j) = (i.min(j) as f64, i.max(j) as f64);
                if i == j { 3.0 + i.sqrt() } else { (0.7 * i + 1.3 * j).sin() / (1.0 + j - i) }
            };
            let matrix = Matrix::from_fn(n, n, entry);
            let mut a: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
            let cholesky = matrix.cholesky().unwrap();
            assert!(cholesky_in_place(&mut a, n));
            let mut inverse = vec![0.0; n * n];
            inverse_of_cholesky(&a, n, &mut inverse);
            let (lower, expected) = (cholesky.lower(), cholesky.inverse());
            for row in 0..n {
                for column in 0..n {
                    if column <= row {
                        assert!((a[row * n + column] - lower[(row, column)]).abs() < 1e-12);
                    }
                    assert!((inverse[row * n + column] - expected[(row, column)]).abs() < 1e-12, "{n} {row} {column}");
                }
            }
            a.fill(-1.0);
            assert_eq!(cholesky_in_place(&mut a, n), n == 0);
        }
    }
}
