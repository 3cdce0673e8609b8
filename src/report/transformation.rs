//! The ways back from the scales on which effects are pooled.

use super::number::{correlation, significant};
use crate::diagnostic::Refused;
use crate::effect::measures::Back;
use crate::meta::{Coefficient, Problem};
use crate::numeric::dist::normal_cdf;
use std::f64::consts::FRAC_PI_2;
use std::str::FromStr;

/// How effects are shown to people; documents for programs keep the scale of the model.
///
/// ```
/// use reffect::report::transformation::Transformation;
///
/// let back: Transformation = "ipft".parse()?;
/// // The double arcsine of 25 among 42 patients.
/// let of = |x: f64| (x / 43.0).sqrt().asin();
/// assert!((back.with_size(42.0).of(0.5 * (of(25.0) + of(26.0))) - 25.0 / 42.0).abs() < 1e-12);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Transformation {
    /// As they are.
    #[default]
    None,
    /// e^x, for logarithms of ratios.
    Exp,
    /// 1/(1 + e^−x), for logits.
    InverseLogit,
    /// tanh x, for Fisher's z.
    FisherToR,
    /// tanh² x, for Fisher's z of R.
    FisherToR2,
    /// Φ(x), for probits.
    NormalCdf,
    /// sin² x, for arcsines of roots of proportions.
    SinSquared,
    /// The inverse of Freeman and Tukey's double arcsine for so many patients: Miller (1978), The American
    /// Statistician 32:138.
    DoubleArcsine(f64),
    /// x², for roots of rates.
    Square,
    /// The inverse of Freeman and Tukey's roots of rates for so much time.
    DoubleRoot(f64),
    /// 1 − (1 − x)³, for alphas of Hakstian and Whalen.
    CubeComplement,
    /// 1 − e^−x, for alphas of Bonett.
    ExpComplement,
}

impl Transformation {
    /// Every transformation with its name; those that need sizes have none yet.
    pub const ALL: [(&'static str, Self); 11] = [
        ("exp", Self::Exp),
        ("ilogit", Self::InverseLogit),
        ("ztor", Self::FisherToR),
        ("ztor2", Self::FisherToR2),
        ("iprobit", Self::NormalCdf),
        ("iarcsin", Self::SinSquared),
        ("ipft", Self::DoubleArcsine(f64::NAN)),
        ("isqrt", Self::Square),
        ("iirft", Self::DoubleRoot(f64::NAN)),
        ("iahw", Self::CubeComplement),
        ("iabt", Self::ExpComplement),
    ];

    /// The names of all.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|(name, _)| *name).collect()
    }

    /// The way back of a measure.
    pub fn of_measure(back: Back) -> Self {
        match back {
            Back::Identity => Self::None,
            Back::Exp => Self::Exp,
            Back::Logistic => Self::InverseLogit,
            Back::Tanh => Self::FisherToR,
            Back::TanhSquared => Self::FisherToR2,
            Back::NormalCdf => Self::NormalCdf,
            Back::SinSquared => Self::SinSquared,
            Back::DoubleArcsine => Self::DoubleArcsine(f64::NAN),
            Back::Square => Self::Square,
            Back::DoubleSquareRoot => Self::DoubleRoot(f64::NAN),
            Back::CubeComplement => Self::CubeComplement,
            Back::ExpComplement => Self::ExpComplement,
        }
    }

    /// Whether it is the same but for the sizes.
    pub fn is_kind(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// The column of sizes that it needs, if any.
    pub fn needs(self) -> Option<&'static str> {
        match self {
            Self::DoubleArcsine(_) => Some("ni"),
            Self::DoubleRoot(_) => Some("ti"),
            _ => None,
        }
    }

    /// The same for a size: patients, or time.
    pub fn with_size(self, size: f64) -> Self {
        match self {
            Self::DoubleArcsine(_) => Self::DoubleArcsine(size),
            Self::DoubleRoot(_) => Self::DoubleRoot(size),
            other => other,
        }
    }

    /// The size that it has.
    pub fn size(self) -> Option<f64> {
        match self {
            Self::DoubleArcsine(size) | Self::DoubleRoot(size) => Some(size).filter(|size| size.is_finite()),
            _ => None,
        }
    }

    /// The transformed number. Beyond what a proportion, a rate or a root can be, it is the nearest that it can be.
    /// Without the size that it needs it is none.
    pub fn of(self, x: f64) -> f64 {
        match self {
            Self::None => x,
            Self::Exp => x.exp(),
            Self::InverseLogit => 1.0 / (1.0 + (-x).exp()),
            Self::FisherToR => x.tanh(),
            Self::FisherToR2 => x.max(0.0).tanh().powi(2),
            Self::NormalCdf => normal_cdf(x),
            Self::SinSquared => x.clamp(0.0, FRAC_PI_2).sin().powi(2),
            Self::DoubleArcsine(n) => share_of_double_arcsine(x, n),
            Self::Square => x.max(0.0).powi(2),
            Self::DoubleRoot(t) => rate_of_double_root(x, t),
            Self::CubeComplement => 1.0 - (1.0 - x.clamp(0.0, 1.0)).powi(3),
            Self::ExpComplement => -(-x.max(0.0)).exp_m1(),
        }
    }

    /// The transformed number with its digits: a proportion or a correlation near 1 with more of them.
    pub(super) fn text(self, x: f64) -> String {
        let shown = self.of(x);
        if shown.is_nan() {
            return "—".to_owned();
        }
        let can_near_one = !matches!(self, Self::None | Self::Exp | Self::Square | Self::DoubleRoot(_));
        if can_near_one && shown.abs() > 0.9 { correlation(shown) } else { significant(shown, 3) }
    }

    /// Its name among the options; none if the numbers are as they are.
    pub fn option(self) -> Option<&'static str> {
        Self::ALL.iter().find(|(_, known)| known.is_kind(self)).map(|(name, _)| *name)
    }

    /// What is shown, or none if the numbers are as they are.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Exp => Some("ratio"),
            Self::InverseLogit | Self::NormalCdf | Self::SinSquared | Self::DoubleArcsine(_) => Some("proportion"),
            Self::FisherToR => Some("correlation"),
            Self::FisherToR2 => Some("R²"),
            Self::Square | Self::DoubleRoot(_) => Some("rate"),
            Self::CubeComplement | Self::ExpComplement => Some("alpha"),
        }
    }

    /// What it leads back from.
    pub fn scale(self) -> &'static str {
        match self {
            Self::None => "none of these scales",
            Self::Exp => "the logarithm of a ratio",
            Self::InverseLogit => "a logit",
            Self::FisherToR => "Fisher's z",
            Self::FisherToR2 => "Fisher's z of R",
            Self::NormalCdf => "a probit",
            Self::SinSquared => "the arcsine of a root",
            Self::DoubleArcsine(_) => "a double arcsine",
            Self::Square => "the root of a rate",
            Self::DoubleRoot(_) => "a double root of a rate",
            Self::CubeComplement => "a cube root of 1 − alpha",
            Self::ExpComplement => "a logarithm of 1 − alpha",
        }
    }

    /// Whether a number lies where no share or rate of its size does: below that of nothing, or above that of all.
    fn is_beyond(self, x: f64) -> bool {
        match self {
            Self::DoubleArcsine(n) => x < double_arcsine(0.0, n) || x > double_arcsine(n, n),
            Self::DoubleRoot(t) => x < 0.5 / t.sqrt(),
            _ => false,
        }
    }

    /// That a pooled effect lies where its way back has no value, and is shown at the border: the inverse is for one
    /// size, and the studies have others.
    ///
    /// Source: Schwarzer et al. (2019), Res Synth Methods 10:476.
    pub(super) fn note_at_border(self, problem: &Problem, coefficients: &[Coefficient]) -> Option<String> {
        let [only] = coefficients else { return None };
        (problem.intercept && self.is_beyond(only.estimate)).then(|| {
            let border = significant(self.of(only.estimate), 1);
            let instead = if self.needs() == Some("ni") { "PLO, or --glmm" } else { "IRLN, or --glmm" };
            format!(
                "the pooled effect lies beyond {border} on the way back by this size, and is shown as that: the studies are of \
                 very different size, and {instead}, has no such border"
            )
        })
    }

    /// What coefficients are shown with, where they are means or slopes: e^b is the ratio for a step of 1, while a
    /// slope of a logit or of Fisher's z is no proportion and no correlation.
    pub fn of_coefficients(self, problem: &Problem) -> Self {
        if self == Self::Exp || problem.has_only_means() { self } else { Self::None }
    }

    /// What is to be known where coefficients are not shown like the rest.
    pub(super) fn note_on_coefficients(self, problem: &Problem) -> Option<String> {
        if self == Self::Exp {
            let of = problem.names.iter().find(|name| name.contains(':'))?;
            return Some(format!(
                "the ratio of an interaction such as {of} is a ratio of ratios, and main effects hold where the others \
                 are 0 or at their reference level"
            ));
        }
        let what = self.name().filter(|_| !self.of_coefficients(problem).is_kind(self))?;
        let scale = match self {
            Self::InverseLogit => "logit",
            of => of.scale(),
        };
        Some(format!("coefficients stand on the scale of {scale}: a slope there is no {what}; --predict gives means"))
    }

    /// The article of its name.
    pub fn article(self) -> &'static str {
        if matches!(self, Self::CubeComplement | Self::ExpComplement | Self::FisherToR2) { "an" } else { "a" }
    }

    /// The heading of estimates.
    pub fn heading(self) -> &'static str {
        self.name().unwrap_or("estimate")
    }

    /// The heading of standard errors, which stay on the scale of the model.
    pub(super) fn se_heading(self) -> &'static str {
        match self {
            Self::None => "SE",
            Self::Exp => "SE of log",
            Self::InverseLogit => "SE of logit",
            Self::FisherToR | Self::FisherToR2 => "SE of z",
            Self::NormalCdf => "SE of probit",
            Self::SinSquared => "SE of arcsine",
            Self::DoubleArcsine(_) => "SE of double arcsine",
            Self::Square => "SE of root",
            Self::DoubleRoot(_) => "SE of double root",
            Self::CubeComplement => "SE of cube root",
            Self::ExpComplement => "SE of log",
        }
    }
}

impl FromStr for Transformation {
    type Err = Refused;

    fn from_str(name: &str) -> Result<Self, Refused> {
        // The name that metafor gives the inverse at the harmonic mean.
        let asked = if name == "ipft.hm" { "ipft" } else { name };
        let known = Self::ALL.iter().find(|(known, _)| *known == asked).map(|(_, it)| *it);
        known.ok_or_else(|| format!("one of {} was expected", Self::names().join(", ")).as_str().into())
    }
}

/// The harmonic mean of the sizes that are known, for which a pooled effect is taken back.
pub fn harmonic_mean(sizes: &[f64]) -> f64 {
    let known = || sizes.iter().filter(|size| **size > 0.0);
    known().count() as f64 / known().map(|size| 1.0 / size).sum::<f64>()
}

/// The double arcsine of x events among n.
fn double_arcsine(events: f64, n: f64) -> f64 {
    let of = |x: f64| (x / (n + 1.0)).sqrt().asin();
    0.5 * (of(events) + of(events + 1.0))
}

fn share_of_double_arcsine(x: f64, n: f64) -> f64 {
    if n.is_nan() {
        return f64::NAN;
    }
    if x <= double_arcsine(0.0, n) {
        return 0.0;
    }
    if x >= double_arcsine(n, n) {
        return 1.0;
    }
    let (sine, cosine) = (2.0 * x).sin_cos();
    let root = (1.0 - (sine + (sine - 1.0 / sine) / n).powi(2)).max(0.0).sqrt();
    // Of half of them the root is 0, and its sign nothing.
    0.5 * (1.0 - cosine.signum() * root)
}

fn rate_of_double_root(x: f64, t: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN;
    }
    if x <= 0.5 / t.sqrt() {
        return 0.0;
    }
    // (1/t − 8x² + 16tx⁴)/(16tx²) is a square.
    (x - 1.0 / (4.0 * t * x)).powi(2)
}
