//! A sample standard deviation from whatever stands behind `±`.

use crate::diagnostic::Refused;
use crate::numeric::dist::t_quantile;
use crate::numeric::rounding::Rounded;
use crate::reported::SpreadMeaning;

/// A sample standard deviation and how it was obtained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecoveredSd {
    /// The standard deviation.
    pub sd: Rounded,
    /// What is to be said of it, if it is not simply what was reported.
    pub note: Option<&'static str>,
}

/// The sample SD that a number behind `±` stands for, given what it is said to be and the size of
/// the sample.
///
/// Source: Cochrane Handbook (2024), 6.5.2.2: SD = SE·√n, and SD = √n·(half-width)/t for an
/// interval, with t at n − 1 degrees of freedom.
///
/// # Errors
/// If the meaning is no spread of one number, or n is too small for it.
///
/// ```
/// use reffect::numeric::rounding::Rounded;
/// use reffect::recover::sd_from_spread;
/// use reffect::reported::SpreadMeaning;
///
/// // Edaravone: a change of −5.01 ± 0.64 (SE) with n = 68.
/// let recovered = sd_from_spread(Rounded::exact(0.64), SpreadMeaning::Se, 68)?;
/// assert!((recovered.sd.value - 0.64 * 68f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn sd_from_spread(spread: Rounded, meaning: SpreadMeaning, n: u64) -> Result<RecoveredSd, Refused> {
    let spread = spread.not_negative();
    let size = n as f64;
    let too_small = || format!("an SD cannot be had from n = {n}");
    let (factor, note) = match meaning {
        SpreadMeaning::Sd => (1.0, None),
        SpreadMeaning::Unexplained => {
            (1.0, Some("the source does not say what its ± is; it is read as the sample SD here"))
        }
        SpreadMeaning::PopulationSd if n >= 2 => {
            ((size / (size - 1.0)).sqrt(), Some("sample SD = population SD · √(n/(n − 1))"))
        }
        SpreadMeaning::Se if n >= 2 => (size.sqrt(), Some("SD = SE · √n")),
        SpreadMeaning::Ci95 if n >= 2 => {
            (size.sqrt() / t_quantile(0.975, size - 1.0), Some("SD = half-width of the 95 % CI · √n / t(n − 1)"))
        }
        SpreadMeaning::PopulationSd | SpreadMeaning::Se | SpreadMeaning::Ci95 => return Err(too_small().into()),
        SpreadMeaning::Quartiles | SpreadMeaning::Range => {
            return Err("an SD from quartiles or a range needs a model of the data".into());
        }
    };
    Ok(RecoveredSd { sd: spread.scaled(factor), note })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_meaning_has_its_factor() {
        let two = Rounded { value: 2.0, range: crate::numeric::interval::Interval::between(1.5, 2.5) };
        for (meaning, sd) in [
            (SpreadMeaning::Sd, 2.0),
            (SpreadMeaning::Unexplained, 2.0),
            (SpreadMeaning::Se, 2.0 * 3.0),
            (SpreadMeaning::PopulationSd, 2.0 * (9.0f64 / 8.0).sqrt()),
            // t(0.975, 8) = 2.306004135204167 from Abramowitz & Stegun, table 26.10
            (SpreadMeaning::Ci95, 2.0 * 3.0 / 2.306_004_135_204_167),
        ] {
            let recovered = sd_from_spread(two, meaning, 9).unwrap();
            assert!((recovered.sd.value - sd).abs() < 1e-12, "{meaning:?}");
            assert!((recovered.sd.range.width() / recovered.sd.value - 0.5).abs() < 1e-12);
        }
        assert!(sd_from_spread(two, SpreadMeaning::Ci95, 1).is_err());
        assert!(sd_from_spread(two, SpreadMeaning::Range, 9).is_err());
    }
}
