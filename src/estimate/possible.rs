//! What a confidence level, a correlation, and a mean with its SD can be.

use super::Moments;
use crate::diagnostic::Refused;

/// Whether a number is a confidence level: a share between 0 and 1, such as 0.95.
pub(crate) fn is_level(level: f64) -> bool {
    level > 0.0 && level < 1.0
}

/// That a confidence level is one.
pub(crate) fn possible_level(level: f64) -> Result<(), Refused> {
    if is_level(level) {
        return Ok(());
    }
    Err(format!("the confidence level is {level}, and it must lie between 0 and 1, such as 0.95").into())
}

/// That a correlation between before and after is one.
pub(crate) fn possible_correlation(r: f64) -> Result<(), Refused> {
    if r.abs() <= 1.0 { Ok(()) } else { Err(format!("r is {r}, and a correlation lies between −1 and 1").into()) }
}

impl Moments {
    /// That the mean is a finite number, and the SD, where there is one, a finite one of at least 0; `which` says of
    /// what they are: `before`, `of group 1`.
    pub(crate) fn possible(&self, which: &str) -> Result<(), Refused> {
        let mean = self.mean.value;
        if !mean.is_finite() {
            return Err(format!("the mean {which} is {mean}, and a finite number was expected").into());
        }
        match self.sd.map(|sd| sd.value) {
            Some(sd) if !(sd >= 0.0 && sd.is_finite()) => {
                Err(format!("the SD {which} is {sd}, and a finite number of at least 0 was expected").into())
            }
            _ => Ok(()),
        }
    }
}
