//! GRIMMER: whether any whole-number data, on no particular scale, print as the reported mean and SD.

use super::grim::grim;
use crate::reconstruct::{Lattice, Summary, Unreconstructable};

/// How far a mean and SD come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grimmer {
    /// No total prints as the mean.
    NoTotal,
    /// For no such total is there a whole-number sum of squares that prints as the SD.
    NoSumOfSquares,
    /// There are such sums of squares, and each is odd where its total is even, or the reverse.
    WrongParity,
    /// There are some of the right parity, and no data have them.
    NoData,
    /// There are data; a total and a sum of squares of codes that they have.
    Consistent {
        /// The total of the codes, counted in steps from the origin of the lattice.
        total: i128,
        /// The sum of their squares.
        squares: i128,
    },
}

impl Grimmer {
    /// Whether there are data.
    pub fn is_consistent(self) -> bool {
        matches!(self, Self::Consistent { .. })
    }

    /// What was found, in words.
    pub fn finding(self) -> &'static str {
        match self {
            Self::NoTotal => "no total of whole steps prints as the mean",
            Self::NoSumOfSquares => "no sum of squares of whole steps prints as the SD",
            Self::WrongParity => {
                "every sum of squares that prints as the SD is odd where its total is even, or the reverse"
            }
            Self::NoData => "no values in whole steps have a total and a sum of squares that print so",
            Self::Consistent { .. } => "values in whole steps exist that print so",
        }
    }
}

/// GRIMMER over every total that prints as the mean.
///
/// For n ≥ 5 a total S and a sum of squares Q belong to whole numbers if and only if Q ≡ S (mod 2)
/// and Q is at least that of the most even split of S; fewer people need more: two a square, three a
/// search, four that 4Q − S² is a sum of three squares (Legendre; Cauchy 1813).
///
/// Sources: Anaya (2016), PeerJ Preprints 4:e2400; Allard (2018), Analytic-GRIMMER, both of which look
/// at one total alone.
///
/// # Errors
/// If there is no SD, n is too small for it, or the numbers are too large.
///
/// ```
/// use reffect::check::grimmer::grimmer;
/// use reffect::reconstruct::{Lattice, Summary};
///
/// let verdict = |cell: &str, n| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(grimmer(&Summary::sample(&cell.parse()?, n), Lattice::whole(1))?.is_consistent())
/// };
/// // Tools that look at the nearest total alone flag the first and pass the second.
/// assert!(verdict("8.9 ± 2.81", 25)?);
/// assert!(!verdict("1.2 ± 0.3", 57)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grimmer(summary: &Summary, lattice: Lattice) -> Result<Grimmer, Unreconstructable> {
    let means = grim(summary, lattice)?;
    let Some((least, most)) = summary.dispersion(lattice.denominator)? else {
        return Err(Unreconstructable::Summary("no SD is reported".to_owned()));
    };
    if !means.is_consistent() {
        return Ok(Grimmer::NoTotal);
    }
    let (n, step) = (i128::from(summary.n), i128::from(lattice.step));
    // Counted in steps from the origin, n·Σz² − (Σz)² is smaller by the square of the step.
    let (least, most) = ((least + step * step - 1).div_euclid(step * step), most.div_euclid(step * step));
    let (mut furthest, mut tries) = (Grimmer::NoSumOfSquares, MOST_TRIES);
    for sum in means.totals() {
        let total = (sum - n * i128::from(lattice.origin)) / step;
        match one_total(n, total, (least, most), &mut tries).ok_or_else(too_many)? {
            found @ Grimmer::Consistent { .. } => return Ok(found),
            Grimmer::NoData => furthest = Grimmer::NoData,
            Grimmer::WrongParity if furthest == Grimmer::NoSumOfSquares => furthest = Grimmer::WrongParity,
            _ => {}
        }
    }
    Ok(furthest)
}

/// So many totals, sums of squares and values are tried, which takes less than a second.
const MOST_TRIES: u64 = 5_000_000;

fn too_many() -> Unreconstructable {
    Unreconstructable::TooLarge("so many totals and sums of squares print so that they cannot all be tried".to_owned())
}

fn spend(tries: &mut u64) -> Option<()> {
    *tries = tries.checked_sub(1)?;
    Some(())
}

/// The same for one total, with n·Q − S² between two bounds; none where there are no tries left.
fn one_total(n: i128, total: i128, (least, most): (i128, i128), tries: &mut u64) -> Option<Grimmer> {
    spend(tries)?;
    // Nothing depends on where the numbers lie: moved by whole steps, the total lies below n, and
    // the sums of squares stay small.
    let (shift, rest) = (total.div_euclid(n), total.rem_euclid(n));
    let low = (least + rest * rest + n - 1).div_euclid(n);
    let high = (most + rest * rest).div_euclid(n);
    if low > high {
        return Some(Grimmer::NoSumOfSquares);
    }
    // The most even split of a total below n is `rest` ones.
    let first = low.max(rest);
    let first = first + (first - rest).rem_euclid(2);
    if first > high {
        return Some(if low < rest { Grimmer::NoData } else { Grimmer::WrongParity });
    }
    let found = if n >= 5 { Some(first) } else { few(n, rest, (first, high), tries)? };
    Some(match found {
        Some(q) => Grimmer::Consistent { total, squares: q + 2 * shift * rest + n * shift * shift },
        None => Grimmer::NoData,
    })
}

/// A sum of squares between two, of the parity of the first, that n ≤ 4 whole numbers with a total have; the outer
/// layer is absent where there are no tries left.
fn few(n: i128, total: i128, (first, high): (i128, i128), tries: &mut u64) -> Option<Option<i128>> {
    match n {
        1 => Some((first..=high).contains(&(total * total)).then_some(total * total)),
        2 => Some(pair(total, first, high)),
        3 => {
            // One of them, x, leaves a pair; |3x − S| ≤ √(2V) (Samuelson).
            let reach = ((2 * (3 * high - total * total).max(0)) as f64).sqrt() as i128 + 1;
            for x in (total - reach).div_euclid(3)..=(total + reach).div_euclid(3) + 1 {
                spend(tries)?;
                if let Some(rest) = pair(total - x, first - x * x, high - x * x) {
                    return Some(Some(rest + x * x));
                }
            }
            Some(None)
        }
        _ => {
            for squares in (first..=high).step_by(2) {
                spend(tries)?;
                let dispersion = 4 * squares - total * total;
                if dispersion >= 0 && is_sum_of_three_squares(dispersion) {
                    return Some(Some(squares));
                }
            }
            Some(None)
        }
    }
}

/// The smallest sum of squares between two that two whole numbers with a total have: with the difference d between
/// them, which has the parity of the total, it is (total² + d²)/2.
fn pair(total: i128, first: i128, high: i128) -> Option<i128> {
    let root = (2 * first - total * total).max(0).isqrt();
    let difference = (root..=root + 2).find(|d| d * d >= 2 * first - total * total && (d - total) % 2 == 0)?;
    let squares = (total * total + difference * difference) / 2;
    (squares <= high).then_some(squares)
}

/// Legendre's three-square theorem: all but 4^a(8b + 7).
fn is_sum_of_three_squares(mut value: i128) -> bool {
    while value > 0 && value % 4 == 0 {
        value /= 4;
    }
    value % 8 != 7
}
