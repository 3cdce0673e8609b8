//! A sampling variance from an estimate with a confidence interval, a statistic or a p-value; and a
//! 2×2 table from its margins and a measure of association.

use crate::diagnostic::Refused;
use crate::estimate::possible_level;
use crate::numeric::dist::{normal_critical, normal_of_two_sided_p};

/// An estimate with its sampling variance, and how that was obtained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Wald {
    /// The estimate.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
    /// The formula.
    pub method: &'static str,
    /// What is to be known of it.
    pub note: Option<String>,
}

/// From a confidence interval: v = ((upper − lower)/(2z))², with z for its level.
///
/// The estimate is to lie about half-way between the ends; a note says where it does not, since the
/// interval is of another kind then, or on another scale.
///
/// Source: Cochrane Handbook (2024), 6.3.1.
///
/// # Errors
/// If the ends are not in order or leave out the estimate, or the level is no share between 0 and 1.
///
/// ```
/// use reffect::recover::variance_from_interval;
/// // An odds ratio of 0.64 with 0.33 to 1.22, on the scale of its logarithm.
/// let wald = variance_from_interval(0.64f64.ln(), 0.33f64.ln(), 1.22f64.ln(), 0.95)?;
/// assert!((wald.vi - 0.1113).abs() < 5e-5);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn variance_from_interval(estimate: f64, lower: f64, upper: f64, level: f64) -> Result<Wald, Refused> {
    possible_level(level)?;
    let note = note_on_interval("estimate", estimate, [lower, upper])?;
    let se = (upper - lower) / (2.0 * normal_critical(level));
    if se <= 0.0 {
        return Err("the interval has no width".into());
    }
    Ok(Wald { yi: estimate, vi: se * se, method: "v = ((upper − lower)/(2z))²", note })
}

/// What is to be known of an interval that should have a number in its middle.
///
/// # Errors
/// If it is none, or the number lies outside of it.
pub(super) fn note_on_interval(what: &str, value: f64, [lower, upper]: [f64; 2]) -> Result<Option<String>, Refused> {
    if !(lower.is_finite() && upper.is_finite()) {
        return Err(format!("the interval {lower} to {upper} has an end that is no finite number").into());
    }
    if lower > upper {
        return Err(format!("the lower end {lower} is above the upper end {upper}").into());
    }
    if !(lower..=upper).contains(&value) {
        return Err(format!("the {what} {value} lies outside of its interval {lower} to {upper}").into());
    }
    let off = (value - 0.5 * (lower + upper)) / (upper - lower);
    Ok((off.abs() > 0.05).then(|| {
        format!("the {what} lies far from the middle of its interval: rounding, or another kind of interval or scale")
    }))
}

/// From the statistic of a Wald test: v = (y/z)².
///
/// # Errors
/// If the statistic or the estimate is 0 or no finite number, or their signs differ.
pub fn variance_from_z(estimate: f64, z: f64) -> Result<Wald, Refused> {
    if !(z.is_finite() && estimate.is_finite()) {
        return Err(format!("the estimate {estimate} with the statistic {z}: finite numbers were expected").into());
    }
    if z == 0.0 || estimate == 0.0 {
        return Err("a statistic or an estimate of 0 says nothing of the variance".into());
    }
    if (z > 0.0) != (estimate > 0.0) {
        return Err("the estimate and its statistic have different signs".into());
    }
    Ok(Wald { yi: estimate, vi: (estimate / z).powi(2), method: "v = (y/z)²", note: None })
}

/// From the two-sided p-value of a Wald test.
///
/// # Errors
/// If p lies outside of 0 to 1 or is one of them, or the estimate is 0 or no finite number.
pub fn variance_from_p(estimate: f64, p: f64) -> Result<Wald, Refused> {
    if !(p > 0.0 && p < 1.0) {
        return Err(format!("p = {p}: a p-value that gives a variance lies between 0 and 1").into());
    }
    let z = normal_of_two_sided_p(p);
    Ok(Wald { method: "v = (y/z)², z from p", ..variance_from_z(estimate, z.copysign(estimate))? })
}

/// What is known of a 2×2 table beside its margins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Association {
    /// The odds ratio.
    OddsRatio(f64),
    /// The phi coefficient.
    Phi(f64),
    /// Pearson's χ² with the sign of phi, with or without Yates' correction for continuity.
    ChiSquared {
        /// The statistic.
        statistic: f64,
        /// Whether it was corrected.
        corrected: bool,
    },
}

/// The cells a, b, c, d from the size `n`, the first row `row` = a + b, the first column `column` =
/// a + c and a measure of association, rounded to whole numbers.
///
/// With phi, a = row·column/n + φ√(row(n − row)column(n − column))/n. With the odds ratio θ, a is the
/// root of (1 − θ)a² + (n − row − column + θ(row + column))a − θ·row·column that all cells allow.
///
/// Source: Bonett (2007), Am Psychol 62:254, for the odds ratio.
///
/// # Errors
/// If the margins are no margins, or allow no such association.
///
/// ```
/// use reffect::recover::{Association, table_from_margins};
/// assert_eq!(table_from_margins(240.0, 122.0, 56.0, Association::OddsRatio(2.05))?, [36, 86, 20, 98]);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn table_from_margins(n: f64, row: f64, column: f64, known: Association) -> Result<[u64; 4], Refused> {
    if !(n > 0.0 && (0.0..=n).contains(&row) && (0.0..=n).contains(&column)) {
        return Err(format!("margins of {row} and {column} do not fit a table of {n}").into());
    }
    let spread = row * (n - row) * column * (n - column);
    let by_phi = |phi: f64| {
        if phi.abs() > 1.0 {
            Err(format!("phi = {phi} lies outside of −1 to 1"))
        } else {
            Ok((row * column + phi * spread.sqrt()) / n)
        }
    };
    let a = match known {
        Association::OddsRatio(odds) => by_odds(n, row, column, odds)?,
        Association::Phi(phi) => by_phi(phi)?,
        Association::ChiSquared { statistic, corrected } => {
            if spread == 0.0 {
                return Err("a margin is empty: there is no χ²".into());
            }
            let correction = if corrected { 0.5 * n } else { 0.0 };
            let cross = (statistic.abs() * spread / n).sqrt() + correction;
            // A corrected χ² of 0 is that of every small association; none is the one without a sign.
            let phi = if statistic == 0.0 { 0.0 } else { cross.copysign(statistic) / spread.sqrt() };
            match farthest_cell([n, row, column], phi, (statistic, correction)) {
                Some(a) => a,
                None => by_phi(phi)?,
            }
        }
    };
    let a = a.round();
    let cells = [a, row - a, column - a, n - row - column + a];
    match cells.iter().all(|cell| *cell >= 0.0) {
        true => Ok(cells.map(|cell| cell.round() as u64)),
        false => Err("the margins allow no such association: a cell would be below 0".into()),
    }
}

/// The cell a of the table of the strongest association that margins allow, where phi asks for a stronger one and this
/// table has the χ² that was printed.
fn farthest_cell([n, row, column]: [f64; 3], phi: f64, (statistic, correction): (f64, f64)) -> Option<f64> {
    let spread = row * (n - row) * column * (n - column);
    let farthest = if phi > 0.0 { row.min(column) } else { (row + column - n).max(0.0) };
    let asked = (row * column + phi * spread.sqrt()) / n;
    if (asked - farthest) * phi <= 0.0 {
        return None;
    }
    let distance = ((n * farthest - row * column).abs() - correction).max(0.0);
    // A number has lost the zeros at its end: statistics are printed to two decimals or more.
    let decimals = statistic.to_string().split_once('.').map_or(0, |(_, digits)| digits.len()).max(2);
    let half = 0.5 * 0.1f64.powi(i32::try_from(decimals).ok()?);
    let excess = statistic.abs() - n * distance * distance / spread;
    (excess.abs() <= half * (1.0 + 1e-9)).then_some(farthest)
}

fn by_odds(n: f64, row: f64, column: f64, odds: f64) -> Result<f64, Refused> {
    if odds.is_nan() || odds < 0.0 {
        return Err(format!("an odds ratio of {odds} gives no table: it is to be 0 or more").into());
    }
    if odds == 0.0 {
        // One of the cells a and d is empty, whichever the margins allow.
        return Ok((row + column - n).max(0.0));
    }
    let (square, linear) = (1.0 - odds, n - row - column + odds * (row + column));
    let constant = -odds * row * column;
    let root = (linear * linear - 4.0 * square * constant).max(0.0).sqrt();
    // Of both roots the one that tends to row·column/n as the odds ratio tends to 1.
    Ok(-2.0 * constant / (linear + root))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// What a table gives leads back to the table.
        #[test]
        fn tables_come_back(a in 1u64..60, b in 1u64..60, c in 1u64..60, d in 1u64..60) {
            let [x, y, z, w] = [a, b, c, d].map(|cell| cell as f64);
            let (n, row, column) = (x + y + z + w, x + y, x + z);
            let spread: f64 = row * (n - row) * column * (n - column);
            let cross = x * w - y * z;
            let phi = cross / spread.sqrt();
            let mut ways = vec![
                Association::OddsRatio(x * w / (y * z)),
                Association::Phi(phi),
                Association::ChiSquared { statistic: (n * phi * phi).copysign(phi), corrected: false },
            ];
            if cross.abs() > 0.5 * n {
                let corrected = n * (cross.abs() - 0.5 * n).powi(2) / spread;
                ways.push(Association::ChiSquared { statistic: corrected.copysign(phi), corrected: true });
            }
            for known in ways {
                proptest::prop_assert_eq!(table_from_margins(n, row, column, known), Ok([a, b, c, d]), "{:?}", known);
            }
        }
    }

    #[test]
    fn no_association_is_none_with_the_correction_as_well() {
        let none = Association::ChiSquared { statistic: 0.0, corrected: true };
        assert_eq!(table_from_margins(100.0, 50.0, 50.0, none), Ok([25, 25, 25, 25]));
        assert_eq!(table_from_margins(40.0, 10.0, 20.0, none), Ok([5, 5, 15, 15]));
        // An odds ratio of 0 has an empty cell.
        assert_eq!(table_from_margins(50.0, 20.0, 25.0, Association::OddsRatio(0.0)), Ok([0, 20, 25, 5]));
        assert_eq!(table_from_margins(50.0, 40.0, 25.0, Association::OddsRatio(0.0)), Ok([15, 25, 10, 0]));
    }

    /// The table 93, 0, 0, 1 has a corrected χ² of 22.997, which prints as 23.0 and asks for a phi beyond 1.
    #[test]
    fn the_farthest_table_has_the_chi_squared_that_it_prints() {
        let of = |statistic: f64| Association::ChiSquared { statistic, corrected: true };
        assert_eq!(table_from_margins(94.0, 93.0, 93.0, of(23.0)), Ok([93, 0, 0, 1]));
        assert!(table_from_margins(94.0, 93.0, 93.0, of(23.6)).unwrap_err().reason().contains("phi"));
        assert!(table_from_margins(94.0, 93.0, 93.0, of(23.01)).is_err());
        // R 4.2.2: chisq.test(matrix(c(2, 0, 2, 4), 2), correct = FALSE) has 2.666667.
        let plain = |statistic: f64| Association::ChiSquared { statistic, corrected: false };
        assert_eq!(table_from_margins(8.0, 4.0, 2.0, plain(2.7)), Ok([2, 2, 0, 4]));
    }

    #[test]
    fn every_way_gives_the_same_variance() {
        let (y, v): (f64, f64) = (-0.4463, 0.11);
        let half = normal_critical(0.95) * v.sqrt();
        let p = crate::numeric::dist::normal_sf((y / v.sqrt()).abs()) * 2.0;
        for wald in [
            variance_from_interval(y, y - half, y + half, 0.95),
            variance_from_z(y, y / v.sqrt()),
            variance_from_p(y, p),
        ] {
            assert!((wald.unwrap().vi / v - 1.0).abs() < 1e-12);
        }
        assert!(variance_from_interval(3.0, 1.0, 2.0, 0.95).is_err() && variance_from_p(1.0, 0.0).is_err());
        assert!(variance_from_z(1.0, -2.0).is_err());
        let note = variance_from_interval(0.64, 0.33, 1.22, 0.95).unwrap().note;
        assert!(note.is_some_and(|note| note.contains("middle")), "an odds ratio on its own scale is noticed");
        assert!(table_from_margins(400.0, 200.0, 50.0, Association::Phi(0.54)).is_err());
    }
}
