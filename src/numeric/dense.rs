//! Large symmetric matrices, by blocks: the Cholesky factor and the inverse of some hundred to some
//! thousand rows.
//!
//! Matrices are slices stored by rows. The work is done by one product of blocks whose innermost loop
//! runs along rows; Golub & Van Loan (2013), Matrix Computations, section 4.2.6.

use super::matrix::dot;

const BLOCK: usize = 64;
/// The part of a product that is held in registers.
const HIGH: usize = 4;
const WIDE: usize = 8;

/// A part of a matrix: where it begins, and the length of a row of the whole.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    stride: usize,
}

/// C −= AB for parts of `rows` × `inner` and `inner` × `columns`.
fn subtract_product(c: &mut [f64], at: Part, a: &[f64], b: &[f64], of: [Part; 2], [rows, inner, columns]: [usize; 3]) {
    let [pa, pb] = of;
    for i in (0..rows).step_by(HIGH) {
        let high = HIGH.min(rows - i);
        for j in (0..columns).step_by(WIDE) {
            let wide = WIDE.min(columns - j);
            let mut sums = [[0.0; WIDE]; HIGH];
            if high == HIGH && wide == WIDE {
                let rows_of_a: [&[f64]; HIGH] =
                    std::array::from_fn(|h| &a[pa.start + (i + h) * pa.stride..pa.start + (i + h) * pa.stride + inner]);
                for k in 0..inner {
                    let start = pb.start + k * pb.stride + j;
                    let Some(row) = b.get(start..start + WIDE).and_then(|row| <&[f64; WIDE]>::try_from(row).ok())
                    else {
                        continue;
                    };
                    for (sums, left) in sums.iter_mut().zip(&rows_of_a) {
                        let factor = left[k];
                        for (sum, value) in sums.iter_mut().zip(row) {
                            *sum += factor * value;
                        }
                    }
                }
            } else {
                for k in 0..inner {
                    let row = &b[pb.start + k * pb.stride + j..pb.start + k * pb.stride + j + wide];
                    for (h, sums) in sums.iter_mut().enumerate().take(high) {
                        let factor = a[pa.start + (i + h) * pa.stride + k];
                        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
                    }
                }
            }
            for (h, sums) in sums.iter().enumerate().take(high) {
                let start = at.start + (i + h) * at.stride + j;
                c[start..start + wide].iter_mut().zip(sums).for_each(|(place, sum)| *place -= sum);
            }
        }
    }
}

/// Matrices with more rows than this are shared among threads.
const MANY: usize = 400;

/// Works on strips of rows, each with the number of its first row; on several threads where that pays.
fn strips(matrix: &mut [f64], n: usize, work: impl Fn(usize, &mut [f64]) + Sync) {
    if n == 0 {
        return;
    }
    let each = matrix.chunks_mut(BLOCK * n).enumerate().map(|(at, strip)| (at * BLOCK, strip));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    if n < MANY || threads == 1 {
        each.for_each(|(first, strip)| work(first, strip));
        return;
    }
    let mut shares: Vec<Vec<(usize, &mut [f64])>> = (0..threads).map(|_| Vec::new()).collect();
    each.enumerate().for_each(|(at, strip)| shares[at % threads].push(strip));
    let work = &work;
    std::thread::scope(|scope| {
        for share in shares {
            scope.spawn(move || share.into_iter().for_each(|(first, strip)| work(first, strip)));
        }
    });
}

/// The lower Cholesky factor in place of the lower triangle; whether the matrix is positive definite.
pub fn cholesky_in_place(a: &mut [f64], n: usize) -> bool {
    let mut panel: Vec<f64> = Vec::new();
    let mut transposed: Vec<f64> = Vec::new();
    for from in (0..n).step_by(BLOCK) {
        let to = (from + BLOCK).min(n);
        let width = to - from;
        for row in from..n {
            for column in from..to.min(row + 1) {
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
        strips(&mut a[to * n..], n, |first, strip| {
            let rows = strip.len() / n;
            let of = [Part { start: first * width, stride: width }, Part { start: 0, stride: below }];
            subtract_product(strip, Part { start: to, stride: n }, panel, transposed, of, [rows, width, first + rows]);
        });
    }
    true
}

/// The inverse of a matrix, both triangles, from the lower Cholesky factor in the lower triangle.
pub fn inverse_of_cholesky(l: &[f64], n: usize, inverse: &mut [f64]) {
    // L⁻¹ by block rows, first into `lower`.
    let mut lower = vec![0.0; n * n];
    let mut strip = vec![0.0; BLOCK * n];
    for from in (0..n).step_by(BLOCK) {
        let to = (from + BLOCK).min(n);
        let rows = to - from;
        strip[..rows * n].fill(0.0);
        if from > 0 {
            let of = [Part { start: from * n, stride: n }, Part { start: 0, stride: n }];
            subtract_product(&mut strip, Part { start: 0, stride: n }, l, &lower, of, [rows, from, from]);
        }
        for row in 0..rows {
            strip[row * n + from + row] += 1.0;
            let (done, rest) = strip.split_at_mut(row * n);
            let own = &mut rest[..to];
            for earlier in 0..row {
                let factor = l[(from + row) * n + from + earlier];
                let known = &done[earlier * n..earlier * n + from + earlier + 1];
                own.iter_mut().zip(known).for_each(|(place, value)| *place -= factor * value);
            }
            let diagonal = l[(from + row) * n + from + row];
            own.iter_mut().for_each(|value| *value /= diagonal);
        }
        for row in 0..rows {
            lower[(from + row) * n..(from + row) * n + to].copy_from_slice(&strip[row * n..row * n + to]);
        }
    }
    // L⁻ᵀL⁻¹, the lower triangle by strips of rows; the first factor is transposed for it.
    inverse.fill(0.0);
    let lower = &lower;
    strips(inverse, n, |from, strip| {
        let rows = strip.len() / n;
        let (to, inner) = (from + rows, n - from);
        let mut transposed = vec![0.0; rows * inner];
        for k in from..n {
            (from..to).for_each(|row| transposed[(row - from) * inner + k - from] = -lower[k * n + row]);
        }
        let of = [Part { start: 0, stride: inner }, Part { start: from * n, stride: n }];
        subtract_product(strip, Part { start: 0, stride: n }, &transposed, lower, of, [rows, inner, to]);
    });
    for row in 0..n {
        (0..row).for_each(|column| inverse[column * n + row] = inverse[row * n + column]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::matrix::Matrix;

    #[test]
    fn blocks_do_what_small_matrices_do() {
        for n in [0, 1, 5, 63, 64, 65, 150, 201, 430] {
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
            let expected = cholesky.inverse();
            for row in 0..n {
                for column in 0..n {
                    if column <= row {
                        assert!((a[row * n + column] - cholesky.lower()[(row, column)]).abs() < 1e-12);
                    }
                    assert!((inverse[row * n + column] - expected[(row, column)]).abs() < 1e-12, "{n} {row} {column}");
                }
            }
            a.fill(-1.0);
            assert_eq!(cholesky_in_place(&mut a, n), n == 0);
        }
    }
}
