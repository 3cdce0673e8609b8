//! Effects as the source itself reports them: differences, ratios, percentages of change.

use super::text::name_in;
use super::{Localized, Origin, Passage};
use crate::diagnostic::{Refused, meant_or_known};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Expression, Numeral, NumeralError, SpreadName, fold};
use std::str::FromStr;

/// An effect that the source reports, with what it says of its uncertainty.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReportedEstimate {
    /// The name by which commands and other parts of the file refer to it.
    pub id: String,
    /// What people call it.
    pub label: Localized,
    /// What kind of effect it is.
    pub measure: ReportedMeasure,
    /// The number.
    pub value: Numeral,
    /// Its confidence interval.
    pub interval: Option<ReportedInterval>,
    /// How the interval was made, where the source says so.
    pub method: Option<IntervalMethod>,
    /// Its standard error.
    pub se: Option<Numeral>,
    /// The t or z of its test, which is the number over its standard error.
    pub statistic: Option<Numeral>,
    /// Its p-value.
    pub p: Option<Comparison>,
    /// The test that the p is of, where it is another than that of the interval: “log-rank”.
    pub test: Option<String>,
    /// For what it is adjusted, or of which model it is.
    pub adjusted: Option<Localized>,
    /// The outcome, where it is one of the file.
    pub outcome: Option<String>,
    /// The arm.
    pub arm: Option<String>,
    /// The arm that it is compared with.
    pub versus: Option<String>,
    /// The occasion up to which something changed, or at which arms were compared.
    pub occasion: Option<String>,
    /// Where it was read.
    pub passage: Passage,
}

/// A confidence interval as it was printed.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedInterval {
    /// The lower end.
    pub lower: Numeral,
    /// The upper end.
    pub upper: Numeral,
    /// Its level: 0.95.
    pub level: f64,
}

/// How a confidence interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntervalMethod {
    /// Effect ± standard error times the quantile of t.
    T,
    /// The same with the normal quantile, on the scale of the effect: Wald's, Katz' of a ratio of risks, Woolf's of odds.
    Normal,
    /// Newcombe's of a difference of risks.
    Newcombe,
    /// The score interval of Miettinen and Nurminen.
    MiettinenNurminen,
    /// Another score interval.
    Score,
    /// An exact interval.
    Exact,
    /// By the profile of the likelihood.
    Profile,
    /// By resampling.
    Bootstrap,
    /// Fieller's of a ratio.
    Fieller,
    /// A credible interval.
    Bayesian,
}

impl IntervalMethod {
    /// Every method with its names in a release file.
    pub const ALL: [(&'static str, Self); 13] = [
        ("t", Self::T),
        ("normal", Self::Normal),
        ("wald", Self::Normal),
        ("katz", Self::Normal),
        ("woolf", Self::Normal),
        ("newcombe", Self::Newcombe),
        ("miettinen-nurminen", Self::MiettinenNurminen),
        ("score", Self::Score),
        ("exact", Self::Exact),
        ("profile", Self::Profile),
        ("bootstrap", Self::Bootstrap),
        ("fieller", Self::Fieller),
        ("bayesian", Self::Bayesian),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// Whether the effect lies in the middle of such an interval, on the scale of the effect.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::T | Self::Normal)
    }
}

/// The level of an interval that names none.
pub const USUAL_LEVEL: f64 = 0.95;

impl ReportedEstimate {
    /// An effect of which nothing else is known; an interval in its text is one of 95 %.
    ///
    /// ```
    /// use reffect::reported::{ReportedEstimate, ReportedMeasure};
    ///
    /// let hazard = ReportedEstimate::new(ReportedMeasure::HazardRatio, "0.21 (95 % CI 0.06–0.76)".parse()?);
    /// assert_eq!(hazard.printed(), "0.21 (0.06 to 0.76)");
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn new(measure: ReportedMeasure, printed: PrintedEstimate) -> Self {
        let interval = printed.ends.map(|[lower, upper]| ReportedInterval { lower, upper, level: USUAL_LEVEL });
        Self {
            id: measure.name().to_owned(),
            label: Localized::same(measure.in_words()),
            measure,
            value: printed.value,
            interval,
            method: None,
            se: None,
            statistic: None,
            p: None,
            test: None,
            adjusted: None,
            outcome: None,
            arm: None,
            versus: None,
            occasion: None,
            passage: Passage { origin: Origin::Release, quote: String::new(), line: None, section: None },
        }
    }

    /// The arms that it is of.
    pub fn arms(&self) -> Vec<&str> {
        self.arm.iter().chain(&self.versus).map(String::as_str).collect()
    }

    /// Whether it compares two arms.
    pub fn compares_arms(&self) -> bool {
        self.versus.is_some()
    }

    /// Whether it is a difference of risks that is printed in per cent: with the sign, or beyond 1.
    pub fn may_be_risk_in_percent(&self) -> bool {
        let ends = self.interval.iter().flat_map(|of| [&of.lower, &of.upper]);
        let mut numbers = std::iter::once(&self.value).chain(ends);
        self.measure == ReportedMeasure::RiskDifference
            && numbers.any(|number| number.is_percent() || number.value().abs() > 1.0)
    }

    /// Its numbers as they are printed: `0.21 (0.06 to 0.76)`.
    pub fn printed(&self) -> String {
        let interval = self.interval.as_ref().map(|of| format!(" ({} to {})", of.lower, of.upper));
        format!("{}{}", self.value, interval.unwrap_or_default())
    }

    /// Every text of a number in it.
    pub fn texts(&self) -> Vec<&str> {
        let ends = self.interval.iter().flat_map(|of| [of.lower.text(), of.upper.text()]);
        let p = self.p.as_ref().map(|p| p.text.as_str());
        let of_test = [&self.se, &self.statistic].into_iter().flatten().map(Numeral::text);
        std::iter::once(self.value.text()).chain(ends).chain(of_test).chain(p).collect()
    }
}

/// An effect in one text: `0.42`, or `0.42 (95% CI 0.03 to 0.81)`.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedEstimate {
    /// The number.
    pub value: Numeral,
    /// The lower and the upper end of its interval.
    pub ends: Option<[Numeral; 2]>,
    /// The level of that, where the text names it: 0.95, since others are given by themselves.
    pub level: Option<f64>,
}

const OTHER_LEVEL: &str =
    "leave the level out of the text, and give it by itself: level = 0.9 in a release, --level 0.9";

/// Whether a text names the level of an interval that is not one of 95 %: "0.42 (90% CI 0.03 to 0.81)".
pub(super) fn names_another_level(text: &str) -> bool {
    named_level(text).is_some_and(|is_usual| !is_usual)
}

/// Whether the level that a text names is 95 %; none where it names none.
fn named_level(text: &str) -> Option<bool> {
    let text = fold(text);
    let is_interval =
        |behind: &str| ["CI", "confidence", "信頼", "Cr"].iter().any(|name| behind.trim_start().starts_with(name));
    let mut parts = text.match_indices('%').map(|(at, sign)| (&text[..at], &text[at + sign.len()..]));
    let (level, _) = parts.find(|(_, behind)| is_interval(behind))?;
    Some(level.trim_end().ends_with("95"))
}

impl FromStr for PrintedEstimate {
    type Err = NumeralError;

    fn from_str(text: &str) -> Result<Self, NumeralError> {
        let parsed = text.parse().map_err(|error: NumeralError| match names_another_level(text) {
            true => NumeralError { hint: Some(OTHER_LEVEL.to_owned()), ..error },
            false => error,
        });
        let read = match parsed? {
            Expression::Number(value) => Self { value, ends: None, level: None },
            Expression::Range { center, lower, upper, name } if name.is_none_or(|name| name == SpreadName::Ci) => {
                let level = (named_level(text) == Some(true)).then_some(USUAL_LEVEL);
                Self { value: center, ends: Some([lower, upper]), level }
            }
            _ => {
                return Err(NumeralError {
                    text: text.to_owned(),
                    problem: "is neither a number nor a number with its confidence interval".to_owned(),
                    hint: Some(
                        "give its confidence interval behind it: 0.42 (0.03–0.81); a standard error stands by itself"
                            .to_owned(),
                    ),
                });
            }
        };
        std::iter::once(&read.value)
            .chain(read.ends.iter().flatten())
            .try_for_each(|number| number.exact().map(drop))?;
        Ok(read)
    }
}

/// What a reported effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportedMeasure {
    /// The mean of one arm less that of the other.
    MeanDifference,
    /// The mean of one arm less that of the other, in units of a standard deviation.
    StandardizedMeanDifference,
    /// A difference of medians, or a median of differences.
    MedianDifference,
    /// The mean after less the mean before.
    MeanChange,
    /// The mean before less the mean after.
    MeanReduction,
    /// By how many per cent something is more.
    PercentIncrease,
    /// By how many per cent something is less.
    PercentReduction,
    /// The ratio of two means.
    RatioOfMeans,
    /// The ratio of two geometric means.
    RatioOfGeometricMeans,
    /// The ratio of two risks.
    RiskRatio,
    /// The ratio of two odds.
    OddsRatio,
    /// The difference of two risks.
    RiskDifference,
    /// The ratio of two rates of events.
    RateRatio,
    /// The ratio of two hazards.
    HazardRatio,
    /// A coefficient of correlation.
    Correlation,
    /// What the outcome is more per unit of what a regression has as a predictor.
    RegressionCoefficient,
}

/// By its name in a release file, or by the code under which effects of this kind are pooled.
///
/// ```
/// use reffect::reported::ReportedMeasure;
/// assert_eq!("hazard-ratio".parse(), Ok(ReportedMeasure::HazardRatio));
/// assert_eq!("HR".parse(), Ok(ReportedMeasure::HazardRatio));
/// let unknown = "hazard-rato".parse::<ReportedMeasure>();
/// assert!(unknown.is_err_and(|error| error.reason().contains("did you mean `hazard-ratio`?")));
/// ```
impl FromStr for ReportedMeasure {
    type Err = Refused;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_named = |(known, measure): &&(&str, Self)| {
            *known == name || measure.code().is_some_and(|code| code.eq_ignore_ascii_case(name))
        };
        let found = Self::ALL.iter().find(is_named).map(|(_, measure)| *measure);
        found.ok_or_else(|| {
            let meant = meant_or_known(name, "measures", Self::ALL.iter().map(|(known, _)| *known));
            format!("`{name}` is no measure of a reported effect; {meant}").into()
        })
    }
}

/// The scale on which an effect has an interval with the effect in its middle. No effect is 0 on each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EffectScale {
    /// The number itself.
    Identity,
    /// Its logarithm.
    Log,
    /// ln(1 + x/100), the logarithm of the ratio behind an increase in per cent.
    LogOfIncrease,
    /// −ln(1 − x/100), the same behind a reduction; larger is more.
    LogOfReduction,
    /// Fisher's z = artanh r.
    FisherZ,
}

impl EffectScale {
    /// Its name in results, such as `log`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Log => "log",
            Self::LogOfIncrease => "log(1 + x/100)",
            Self::LogOfReduction => "-log(1 - x/100)",
            Self::FisherZ => "atanh",
        }
    }
}

impl ReportedMeasure {
    /// Whether it compares how often, or how soon, an event happens.
    pub fn is_of_events(self) -> bool {
        matches!(self, Self::RiskRatio | Self::OddsRatio | Self::RiskDifference | Self::RateRatio | Self::HazardRatio)
    }

    /// Every measure with its name in a release file.
    pub const ALL: [(&'static str, Self); 16] = [
        ("mean-difference", Self::MeanDifference),
        ("standardized-mean-difference", Self::StandardizedMeanDifference),
        ("median-difference", Self::MedianDifference),
        ("mean-change", Self::MeanChange),
        ("mean-reduction", Self::MeanReduction),
        ("percent-increase", Self::PercentIncrease),
        ("percent-reduction", Self::PercentReduction),
        ("ratio-of-means", Self::RatioOfMeans),
        ("ratio-of-geometric-means", Self::RatioOfGeometricMeans),
        ("risk-ratio", Self::RiskRatio),
        ("odds-ratio", Self::OddsRatio),
        ("risk-difference", Self::RiskDifference),
        ("rate-ratio", Self::RateRatio),
        ("hazard-ratio", Self::HazardRatio),
        ("correlation", Self::Correlation),
        ("regression-coefficient", Self::RegressionCoefficient),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The code by which effects of this kind are pooled, where there is one.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::MeanDifference => Some("MD"),
            Self::StandardizedMeanDifference => Some("SMD"),
            Self::MeanChange | Self::MeanReduction => Some("MC"),
            Self::RatioOfMeans => Some("ROM"),
            Self::RiskRatio => Some("RR"),
            Self::OddsRatio => Some("OR"),
            Self::RiskDifference => Some("RD"),
            Self::RateRatio => Some("IRR"),
            Self::HazardRatio => Some("HR"),
            Self::Correlation => Some("ZCOR"),
            Self::RatioOfGeometricMeans
            | Self::MedianDifference
            | Self::PercentIncrease
            | Self::PercentReduction
            | Self::RegressionCoefficient => None,
        }
    }

    /// The scale of its interval.
    pub fn scale(self) -> EffectScale {
        match self {
            Self::MeanDifference
            | Self::StandardizedMeanDifference
            | Self::MedianDifference
            | Self::MeanChange
            | Self::MeanReduction
            | Self::RiskDifference
            | Self::RegressionCoefficient => EffectScale::Identity,
            Self::RatioOfMeans
            | Self::RatioOfGeometricMeans
            | Self::RiskRatio
            | Self::OddsRatio
            | Self::RateRatio
            | Self::HazardRatio => EffectScale::Log,
            Self::PercentIncrease => EffectScale::LogOfIncrease,
            Self::PercentReduction => EffectScale::LogOfReduction,
            Self::Correlation => EffectScale::FisherZ,
        }
    }

    /// Whether a number can be such an effect.
    ///
    /// # Errors
    /// It lies where none can.
    pub fn admits(self, number: &Numeral) -> Result<(), Refused> {
        let domain = self.scale().domain();
        if domain.contains(number.value()) {
            return Ok(());
        }
        let limits = match domain.ends().map(f64::is_finite) {
            [true, true] => format!("it lies between {} and {}", domain.lower, domain.upper),
            [true, false] => format!("it is never below {}", domain.lower),
            _ => format!("it is never above {}", domain.upper),
        };
        Err(format!("{number} is no {}: {limits}", self.in_words()).into())
    }

    /// Whether a number can be an end of its interval. That of a mean of each one's percentage lies about it as it is
    /// printed, and may end beyond what a percentage can be.
    ///
    /// # Errors
    /// It lies where none can.
    pub fn admits_end(self, number: &Numeral) -> Result<(), Refused> {
        match self {
            Self::PercentIncrease | Self::PercentReduction => Ok(()),
            _ => self.admits(number),
        }
    }

    /// The value of no effect, as it would be printed.
    pub fn none(self) -> f64 {
        if self.scale() == EffectScale::Log { 1.0 } else { 0.0 }
    }

    /// Whether sources make its interval as effect ± error on its scale, nearly always. Those of proportions, odds,
    /// rates, correlations and standardised differences are often exact or score intervals, those of medians of ranks,
    /// those of coefficients of any model of profiles or resampled.
    pub fn has_symmetric_interval(self) -> bool {
        matches!(
            self,
            Self::MeanDifference
                | Self::MeanChange
                | Self::MeanReduction
                | Self::HazardRatio
                | Self::RatioOfGeometricMeans
        )
    }

    /// Whether it is that of one arm: what changed from before to after.
    pub fn is_of_one_arm(self) -> bool {
        matches!(self, Self::MeanChange | Self::MeanReduction)
    }

    /// Whether it can be that of a change from before to after: a correlation, and what compares risks or odds of
    /// groups, is another thing.
    pub fn is_of_change(self) -> bool {
        !matches!(
            self,
            Self::Correlation
                | Self::HazardRatio
                | Self::OddsRatio
                | Self::RiskRatio
                | Self::RiskDifference
                | Self::RegressionCoefficient
        )
    }

    /// Whether it is one of means, which a t-test with degrees of freedom may have tested; percentages are often made
    /// of them.
    pub fn is_of_means(self) -> bool {
        let is_made_of_means = matches!(
            self,
            Self::StandardizedMeanDifference | Self::RatioOfMeans | Self::PercentIncrease | Self::PercentReduction
        );
        self.has_t_interval() || is_made_of_means
    }

    /// Whether its interval is that of a t-test.
    pub fn has_t_interval(self) -> bool {
        matches!(self, Self::MeanDifference | Self::MeanChange | Self::MeanReduction | Self::RatioOfGeometricMeans)
    }

    /// Its name in words.
    pub fn in_words(self) -> String {
        self.name().replace('-', " ")
    }
}

impl EffectScale {
    /// A printed number on this scale; infinite at the end of what can be printed, none beyond it.
    pub fn of(self, printed: f64) -> Option<f64> {
        let on_scale = match self {
            Self::Identity => printed,
            Self::Log => printed.ln(),
            Self::LogOfIncrease => (0.01 * printed).ln_1p(),
            Self::LogOfReduction => -(-0.01 * printed).ln_1p(),
            Self::FisherZ => printed.atanh(),
        };
        (!on_scale.is_nan()).then_some(on_scale)
    }

    /// What can be printed, ends included.
    pub fn domain(self) -> Interval {
        let (lower, upper) = match self {
            Self::Identity => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Log => (0.0, f64::INFINITY),
            Self::LogOfIncrease => (-100.0, f64::INFINITY),
            Self::LogOfReduction => (f64::NEG_INFINITY, 100.0),
            Self::FisherZ => (-1.0, 1.0),
        };
        Interval { lower, upper }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "as it is printed",
            Self::Log => "on the scale of its logarithm",
            Self::LogOfIncrease | Self::LogOfReduction => "on the scale of the logarithm of its ratio",
            Self::FisherZ => "on Fisher's scale",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_effect_is_nothing_on_every_scale_and_more_is_more() {
        for (name, measure) in ReportedMeasure::ALL {
            assert_eq!(measure.name(), name);
            let scale = measure.scale();
            assert_eq!(scale.of(measure.none()), Some(0.0), "{name}");
            assert!(scale.of(measure.none() + 0.5) > Some(0.0), "{name}");
        }
        // A reduction by 79 % is a ratio of 0.21.
        let reduction = EffectScale::LogOfReduction.of(79.0).unwrap();
        assert!((reduction + EffectScale::Log.of(0.21).unwrap()).abs() < 1e-12);
        assert_eq!(EffectScale::LogOfReduction.of(100.0), Some(f64::INFINITY));
        assert_eq!(EffectScale::LogOfReduction.of(120.0), None);
        assert_eq!(EffectScale::Log.of(-0.5), None);
    }
}
