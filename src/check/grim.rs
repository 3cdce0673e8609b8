//! GRIM: whether any whole-number total prints as the reported mean or percentage.

use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::{Rounding, RoundingInterval};
use crate::reconstruct::target::totals;
use crate::reconstruct::{Lattice, Summary, Unreconstructable};

/// The totals of codes that print as a reported mean.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Grim {
    /// The smallest one; larger than `last` where there is none.
    pub first: i128,
    /// The largest one.
    pub last: i128,
    /// The distance between neighbouring ones.
    pub step: i128,
    /// How likely a mean of random digits would have been caught: 0 where every mean is possible.
    pub power: f64,
}

impl Grim {
    /// Whether any total prints so.
    pub fn is_consistent(&self) -> bool {
        self.first <= self.last
    }

    /// The totals below and above a mean that none prints as.
    pub fn beside(&self) -> [i128; 2] {
        [self.first - self.step, self.first]
    }

    /// The totals, in rising order.
    pub fn totals(&self) -> impl Iterator<Item = i128> + use<> {
        let (first, last, step) = (self.first, self.last, self.step);
        (0..).map(move |i| first + i * step).take_while(move |total| *total <= last)
    }
}

/// GRIM of a mean of n people whose values lie on a lattice.
///
/// Source: Brown & Heathers (2017), Soc Psychol Personal Sci 8:363; the power is their probability
/// 1 − n·items·u that a mean printed to a unit u, 10^−d of d decimals, falls between two possible ones.
///
/// # Errors
/// If n is 0 or the numbers are too large.
///
/// ```
/// use reffect::check::grim::grim;
/// use reffect::reconstruct::{Lattice, Summary};
///
/// let mean = |text: &str, n| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(grim(&Summary::sample(&text.parse()?, n), Lattice::whole(1))?)
/// };
/// assert!(!mean("5.19", 28)?.is_consistent());
/// assert_eq!(mean("5.18", 28)?.totals().collect::<Vec<_>>(), [145]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grim(summary: &Summary, lattice: Lattice) -> Result<Grim, Unreconstructable> {
    let printed = summary.mean.rounding_interval(summary.rounding);
    let parts = i128::from(summary.n) * i128::from(lattice.denominator);
    let (first, last) = bounds(printed, parts)?;
    // Totals are n·origin plus a multiple of the step.
    let step = i128::from(lattice.step);
    let offset = (first - i128::from(summary.n) * i128::from(lattice.origin)).rem_euclid(step);
    let first = if offset == 0 { first } else { first + step - offset };
    let power = power(parts as f64 / step as f64, summary.mean.unit().to_f64());
    Ok(Grim { first, last, step, power })
}

/// GRIM of a percentage: the counts k for which 100·k/n prints so. Nothing keeps a percentage from
/// lying above 100.
///
/// # Errors
/// If n is 0 or the numbers are too large.
///
/// ```
/// use reffect::check::grim::grim_percentage;
/// use reffect::numeric::rounding::Rounding;
///
/// let sevenths = grim_percentage(&"85.7%".parse()?, 7, Rounding::UpOrDown)?;
/// assert_eq!(sevenths.totals().collect::<Vec<_>>(), [6]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grim_percentage(percentage: &Numeral, n: u64, rounding: Rounding) -> Result<Grim, Unreconstructable> {
    let printed = percentage.rounding_interval(rounding).hundredth();
    let (first, last) = bounds(printed, i128::from(n))?;
    Ok(Grim { first: first.max(0), last, step: 1, power: power(n as f64, 0.01 * percentage.unit().to_f64()) })
}

fn bounds(printed: RoundingInterval, parts: i128) -> Result<(i128, i128), Unreconstructable> {
    if parts == 0 {
        return Err(Unreconstructable::Summary("n is 0; at least one person was expected".to_owned()));
    }
    totals(printed, parts)
}

/// So many means of a unit are possible, and the others would be caught.
fn power(possible: f64, unit: f64) -> f64 {
    (1.0 - possible * unit).max(0.0)
}
