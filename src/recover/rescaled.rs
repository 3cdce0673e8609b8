//! An estimate with its variance on another scale: the delta method.

use super::wald::Wald;
use crate::diagnostic::{Refused, meant_or_known};
use std::f64::consts::PI;
use std::str::FromStr;

/// A change of scale of an estimate y to f(y), whose sampling variance becomes f′(y)² v.
///
/// Sources: the delta method, as metafor's `conv.delta` has it, and its names; d and the logarithm of odds: Hasselblad &
/// Hedges (1995), Psychol Bull 117:167; d and r: Borenstein et al. (2009), Introduction to Meta-Analysis, eq. 7.5 to 7.9,
/// with the exact factor of two groups of known size.
///
/// ```
/// use reffect::recover::Rescaling;
/// // Borenstein et al. (2009), 7.3: d = 0.5 with a variance of 0.01 is a log odds ratio of 0.9069 with 0.0329.
/// let found = "dtolnor".parse::<Rescaling>()?.with_variance(0.5, 0.01, None)?;
/// assert!((found.yi - 0.9069).abs() < 5e-5 && (found.vi - 0.0329).abs() < 5e-5);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rescaling {
    /// ln y, of a ratio.
    Log,
    /// e^y, of the logarithm of a ratio.
    Exp,
    /// ln(y/(1 − y)), of a proportion.
    Logit,
    /// 1/(1 + e^−y), of a logit.
    InverseLogit,
    /// √y, of a rate.
    Root,
    /// y², of the root of a rate.
    Square,
    /// arcsin √y, of a proportion.
    ArcsineOfRoot,
    /// sin² y, of such an arcsine.
    SinSquared,
    /// artanh r, Fisher's z of a correlation.
    RToZ,
    /// tanh z.
    ZToR,
    /// π/√3·d: the log odds ratio behind a standardised mean difference.
    DToLogOdds,
    /// √3/π·ln OR.
    LogOddsToD,
    /// d/√(d² + h), the point-biserial correlation; h is (n₁ + n₂ − 2)(1/n₁ + 1/n₂), or 4 where these are not known.
    DToR,
    /// √h·r/√(1 − r²).
    RToD,
}

impl Rescaling {
    /// Every change of scale with its name and its formula.
    pub const ALL: [(&'static str, Self, &'static str); 14] = [
        ("log", Self::Log, "ln y"),
        ("exp", Self::Exp, "e^y"),
        ("logit", Self::Logit, "ln(y/(1 − y))"),
        ("ilogit", Self::InverseLogit, "1/(1 + e^−y)"),
        ("sqrt", Self::Root, "√y"),
        ("isqrt", Self::Square, "y²"),
        ("arcsin", Self::ArcsineOfRoot, "arcsin √y"),
        ("iarcsin", Self::SinSquared, "sin² y"),
        ("rtoz", Self::RToZ, "artanh y"),
        ("ztor", Self::ZToR, "tanh y"),
        ("dtolnor", Self::DToLogOdds, "π/√3·y"),
        ("lnortod", Self::LogOddsToD, "√3/π·y"),
        ("dtorpb", Self::DToR, "y/√(y² + h)"),
        ("rpbtod", Self::RToD, "√h·y/√(1 − y²)"),
    ];

    /// The formula, in which y is the estimate.
    #[must_use]
    pub fn formula(self) -> &'static str {
        Self::ALL.iter().find(|(_, known, _)| *known == self).map_or("", |(.., formula)| formula)
    }

    /// Whether the sizes of two groups enter.
    #[must_use]
    pub fn has_sizes(self) -> bool {
        matches!(self, Self::DToR | Self::RToD)
    }

    /// The number on the new scale; `sizes` are those of two groups, where they are known.
    ///
    /// # Errors
    /// If it is none of its old scale, such as a logarithm of a number below 0, or comes out as no finite number.
    pub fn of(self, y: f64, sizes: Option<[f64; 2]>) -> Result<f64, Refused> {
        Ok(self.with_slope(y, sizes)?[0])
    }

    /// The estimate on the new scale with its variance.
    ///
    /// # Errors
    /// As [`Rescaling::of`]; also if the variance is no finite number above 0, or the slope of the change is 0 there, so
    /// that it leaves no variance.
    pub fn with_variance(self, y: f64, variance: f64, sizes: Option<[f64; 2]>) -> Result<Wald, Refused> {
        if !(variance.is_finite() && variance > 0.0) {
            return Err(format!("a variance of {variance}: a number above 0 was expected").into());
        }
        let [yi, slope] = self.with_slope(y, sizes)?;
        let vi = slope * slope * variance;
        if !(vi.is_finite() && vi > 0.0) {
            return Err(format!("{} is too flat or too steep at {y} for a variance", self.formula()).into());
        }
        Ok(Wald { yi, vi, method: "v = f′(y)²·v", note: None })
    }

    /// f(y) and f′(y).
    fn with_slope(self, y: f64, sizes: Option<[f64; 2]>) -> Result<[f64; 2], Refused> {
        let needs = |is_so: bool, what: &str| {
            let message = format!("{} of {y}: {what} was expected", self.formula());
            if is_so { Ok(()) } else { Err(Refused::from(message)) }
        };
        let h = sizes.map_or(4.0, |[n1, n2]| (n1 + n2 - 2.0) * (1.0 / n1 + 1.0 / n2));
        if self.has_sizes() && !(h.is_finite() && h > 0.0) {
            return Err("groups of fewer than 3 people together have no such correlation".into());
        }
        let of = match self {
            Self::Log => {
                needs(y > 0.0, "a ratio above 0")?;
                [y.ln(), 1.0 / y]
            }
            Self::Exp => [y.exp(), y.exp()],
            Self::Logit => {
                needs(y > 0.0 && y < 1.0, "a proportion between 0 and 1")?;
                [(y / (1.0 - y)).ln(), 1.0 / (y * (1.0 - y))]
            }
            Self::InverseLogit => {
                let share = 1.0 / (1.0 + (-y).exp());
                [share, share / (1.0 + y.exp())]
            }
            Self::Root => {
                needs(y > 0.0, "a rate above 0")?;
                [y.sqrt(), 0.5 / y.sqrt()]
            }
            Self::Square => {
                needs(y > 0.0, "a root above 0")?;
                [y * y, 2.0 * y]
            }
            Self::ArcsineOfRoot => {
                needs(y > 0.0 && y < 1.0, "a proportion between 0 and 1")?;
                [y.sqrt().asin(), 0.5 / (y * (1.0 - y)).sqrt()]
            }
            Self::SinSquared => {
                needs(y > 0.0 && y < 0.5 * PI, "an arcsine between 0 and π/2")?;
                [y.sin().powi(2), (2.0 * y).sin()]
            }
            Self::RToZ => {
                needs(y.abs() < 1.0, "a correlation between −1 and 1")?;
                [y.atanh(), 1.0 / ((1.0 - y) * (1.0 + y))]
            }
            Self::ZToR => [y.tanh(), y.cosh().powi(-2)],
            Self::DToLogOdds => [y * PI / 3f64.sqrt(), PI / 3f64.sqrt()],
            Self::LogOddsToD => [y * 3f64.sqrt() / PI, 3f64.sqrt() / PI],
            Self::DToR => {
                let root = y.hypot(h.sqrt());
                [y / root, h / root.powi(3)]
            }
            Self::RToD => {
                needs(y.abs() < 1.0, "a correlation between −1 and 1")?;
                let rest = (1.0 - y) * (1.0 + y);
                [h.sqrt() * y / rest.sqrt(), h.sqrt() / (rest * rest.sqrt())]
            }
        };
        if of.iter().all(|number| number.is_finite()) {
            Ok(of)
        } else {
            Err(format!("{} of {y} is no number that a computer holds", self.formula()).into())
        }
    }
}

impl FromStr for Rescaling {
    type Err = Refused;

    fn from_str(name: &str) -> Result<Self, Refused> {
        let known = Self::ALL.iter().find(|(known, ..)| *known == name).map(|(_, known, _)| *known);
        let names = Self::ALL.map(|(name, ..)| name);
        let hint = || meant_or_known(name, "changes of scale", names);
        known.ok_or_else(|| format!("there is no change of scale `{name}`: {}", hint()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2.2 with metafor 3.8-1: transf.dtorpb(0.5, 25, 22), transf.dtorpb(-0.8, 3, 40), transf.dtorpb(0.5),
    /// transf.rtoz(0.31), transf.ztor(-1.2), transf.logit(0.07), transf.ilogit(-2.3), transf.arcsin(0.31) and
    /// transf.iarcsin(0.59).
    #[test]
    fn numbers_agree_with_those_of_metafor() {
        for (name, y, sizes, expected) in [
            ("dtorpb", 0.5, Some([25.0, 22.0]), 0.247_069_393_569_142_3),
            ("dtorpb", -0.8, Some([3.0, 40.0]), -0.204_312_671_633_399_1),
            ("dtorpb", 0.5, None, 0.242_535_625_036_333),
            ("rtoz", 0.31, None, 0.320_545_409_301_946_1),
            ("ztor", -1.2, None, -0.833_654_607_012_155_2),
            ("logit", 0.07, None, -2.586_689_344_097_942),
            ("ilogit", -2.3, None, 0.091_122_961_014_856_16),
            ("arcsin", 0.31, None, 0.590_500_015_160_318),
            ("iarcsin", 0.59, None, 0.309_537_587_816_559_1),
        ] {
            let of: Rescaling = name.parse().unwrap();
            let found = of.of(y, sizes).unwrap();
            assert!((found - expected).abs() < 1e-13 * expected.abs().max(1.0), "{name}: {found}");
        }
    }

    /// Each slope is the limit of differences, and each way back ends where it began, with the variance.
    #[test]
    fn slopes_are_those_of_their_functions_and_ways_lead_back() {
        let back = |of: Rescaling| match of {
            Rescaling::Log => Rescaling::Exp,
            Rescaling::Logit => Rescaling::InverseLogit,
            Rescaling::Root => Rescaling::Square,
            Rescaling::ArcsineOfRoot => Rescaling::SinSquared,
            Rescaling::RToZ => Rescaling::ZToR,
            Rescaling::DToLogOdds => Rescaling::LogOddsToD,
            Rescaling::DToR => Rescaling::RToD,
            other => other,
        };
        for (name, of, _) in Rescaling::ALL {
            for (y, sizes) in [(0.07, None), (0.31, Some([25.0, 22.0])), (0.8, Some([3.0, 40.0]))] {
                let step = 1e-5;
                let difference = (of.of(y + step, sizes).unwrap() - of.of(y - step, sizes).unwrap()) / (2.0 * step);
                let there = of.with_variance(y, 0.04, sizes).unwrap();
                assert!((there.vi / (0.04 * difference * difference) - 1.0).abs() < 1e-5, "{name} at {y}");
                if back(of) != of {
                    let again = back(of).with_variance(there.yi, there.vi, sizes).unwrap();
                    assert!(
                        (again.yi - y).abs() < 1e-13 && (again.vi - 0.04).abs() < 1e-13,
                        "{name} at {y}: {again:?}"
                    );
                }
            }
        }
        for (name, y) in [("log", 0.0), ("logit", 1.0), ("rtoz", -1.0), ("exp", 800.0), ("arcsin", -0.1)] {
            assert!(name.parse::<Rescaling>().unwrap().with_variance(y, 0.1, None).is_err(), "{name} {y}");
        }
        assert!("lnortd".parse::<Rescaling>().unwrap_err().to_string().contains("lnortod"));
    }
}
