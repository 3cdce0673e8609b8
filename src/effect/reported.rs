//! What follows from an effect that a source reports itself: its standard error and its p from its interval, on the
//! scale on which the effect stands in the middle.

use crate::diagnostic::Refused;
use crate::numeric::dist::{
    normal_critical, normal_of_two_sided_p, normal_two_sided_p, t_critical, t_of_two_sided_p, t_two_sided_p,
};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Numeral, Relation};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{EffectScale, Quantity, Release, ReportedEstimate, ReportedMeasure};

/// A reported effect on the scale of its interval.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OnScale {
    /// The scale.
    pub scale: EffectScale,
    /// The effect, and all that print so.
    pub estimate: Rounded,
    /// The lower and the upper end of its interval, where one is reported.
    pub ends: Option<[Rounded; 2]>,
}

/// The degrees of freedom that a test of the effect can have: from `least` to infinity, where t is the normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DegreesOfFreedom {
    /// Those of the simplest analysis, where they are known.
    pub usual: Option<f64>,
    /// The fewest.
    pub least: f64,
    /// How many people a correlation is of, where that is known and more than three.
    pub pairs: Option<f64>,
    /// How many people the smallest arm has, where the sizes of all are known and more than one.
    pub fewest_people: Option<f64>,
}

/// Fewer degrees of freedom has hardly any regression that is reported. A convention.
const OF_A_REGRESSION: f64 = 3.0;

impl DegreesOfFreedom {
    /// Those of a reported effect. Means of two arms have n₁ + n₂ − 2, and, where people were assigned one by one, no
    /// fewer than the smaller arm has alone; changes of one arm have n − 1; coefficients of regressions, the people of
    /// which are not known, have three and more. Everything else is tested by the normal distribution.
    ///
    /// `sizes` are those of the arm, or of both arms; empty where they are not known.
    pub fn of(measure: ReportedMeasure, sizes: &[u64]) -> Self {
        let sizes: Vec<f64> = sizes.iter().map(|n| *n as f64).collect();
        let fewest_people = match sizes[..] {
            [n] if measure.is_of_one_arm() => Some(n),
            [first, second] if !measure.is_of_one_arm() => Some(first.min(second)),
            _ => None,
        };
        // One alone is no group with a test.
        let fewest_people = fewest_people.filter(|n| *n > 1.0);
        match sizes[..] {
            _ if measure == ReportedMeasure::RegressionCoefficient => {
                Self { usual: None, least: OF_A_REGRESSION, pairs: None, fewest_people: None }
            }
            _ if !measure.is_of_means() => {
                let pairs = match (measure, sizes[..].first()) {
                    (ReportedMeasure::Correlation, Some(n)) if sizes.len() == 1 && *n > 3.0 => Some(*n),
                    _ => None,
                };
                Self { usual: None, least: f64::INFINITY, pairs, fewest_people }
            }
            [n] if n > 1.0 => {
                let usual = Some(n - 1.0).filter(|_| measure.is_of_one_arm());
                Self { usual, least: n - 1.0, pairs: None, fewest_people }
            }
            [first, second] if !measure.is_of_one_arm() && first.min(second) > 1.0 => {
                let usual = Some(first + second - 2.0).filter(|_| measure.has_t_interval());
                Self { usual, least: first.min(second) - 1.0, pairs: None, fewest_people }
            }
            _ => Self { usual: None, least: 1.0, pairs: None, fewest_people },
        }
    }

    /// The same with as few as are likely where the sizes are not known: with one or two, t is so far from the normal
    /// distribution that nearly every standard error goes with an interval. None where they are known. A convention.
    pub fn likely(self) -> Option<Self> {
        const FEWEST: f64 = 3.0;
        (self.usual.is_none() && self.least <= 1.0).then_some(Self { least: FEWEST, ..self })
    }

    /// How many standard errors an interval of this level reaches to either side, at the usual degrees of freedom.
    pub fn critical(self, level: f64) -> f64 {
        self.usual.map_or_else(|| normal_critical(level), |df| t_critical(level, df))
    }
}

/// The sizes of the arms that an effect is of, as its outcome has them at its occasion; none where any of them is not
/// reported.
pub fn sizes(release: &Release, reported: &ReportedEstimate) -> Vec<u64> {
    let outcome = reported.outcome.as_deref().and_then(|id| release.outcome(id));
    let occasion = release.occasion_of(reported);
    let size = |arm: &str| {
        let at = outcome.and_then(|outcome| outcome.of_arm(arm)).zip(occasion);
        let Some((row, occasion)) = at else { return release.size(arm) };
        let first = row.cells.first().filter(|(id, _)| id != occasion).map(|(_, cell)| cell);
        match (row.get(Quantity::Change, occasion), first, row.at(occasion)) {
            (Some(change), ..) if reported.measure.is_of_one_arm() => release.size_at(arm, change),
            (_, Some(first), Some(last)) if reported.measure.is_of_one_arm() => {
                release.size_of_both(arm, [first, last])
            }
            (_, _, Some(last)) => release.size_at(arm, last),
            (Some(change), ..) => release.size_at(arm, change),
            _ => release.size(arm),
        }
    };
    release.arms_of(reported).into_iter().map(size).collect::<Option<_>>().unwrap_or_default()
}

/// Whether a difference of risks is printed in per cent: with the sign, or beyond 1 where it cannot be a fraction.
///
/// A Wald interval of a fraction may reach beyond ±1, of few people: with a difference of d its standard error is no
/// larger than √((1 − d²)/4·(1/n₁ + 1/n₂)), where both risks lie equally far from ½. One of per cent read as a fraction
/// would be far beyond that. Without the sizes of both arms nothing tells them apart, and numbers beyond 1 are per
/// cent.
pub fn is_risk_in_percent(release: &Release, reported: &ReportedEstimate) -> bool {
    /// By t, with a correction for continuity, or of a stratified analysis it is somewhat larger. A convention.
    const WIDENED: f64 = 1.5;
    let numbers =
        || std::iter::once(&reported.value).chain(reported.interval.iter().flat_map(|of| [&of.lower, &of.upper]));
    if !reported.may_be_risk_in_percent() || numbers().any(Numeral::is_percent) || reported.value.value().abs() > 1.0 {
        return reported.may_be_risk_in_percent();
    }
    let (Some(interval), &[first, second]) = (&reported.interval, sizes(release, reported).as_slice()) else {
        return true;
    };
    let se = 0.5 * (interval.upper.value() - interval.lower.value()) / normal_critical(interval.level);
    let spread = 0.25 * (1.0 - reported.value.value().powi(2));
    se > WIDENED * (spread * (1.0 / first as f64 + 1.0 / second as f64)).sqrt()
}

/// The numbers that print so, as far as the scale has them.
fn on_scale(scale: EffectScale, printed: &Numeral, rounding: Rounding) -> Result<Rounded, Refused> {
    let outside = || format!("{printed} is nothing that such an effect can be");
    let value = scale.of(printed.value()).ok_or_else(outside)?;
    let range = printed.rounding_interval(rounding).to_interval();
    let [lower, upper] = range.ends().map(|end| scale.of(scale.domain().clamp(end)));
    let (lower, upper) = lower.zip(upper).ok_or_else(outside)?;
    Ok(Rounded { value, range: Interval { lower, upper } })
}

impl OnScale {
    /// The effect and its interval.
    ///
    /// # Errors
    /// A number lies where no such effect can be.
    pub fn of(reported: &ReportedEstimate, rounding: Rounding) -> Result<Self, Refused> {
        let scale = reported.measure.scale();
        let estimate = on_scale(scale, &reported.value, rounding)?;
        let ends = match &reported.interval {
            None => None,
            Some(interval) => {
                Some([on_scale(scale, &interval.lower, rounding)?, on_scale(scale, &interval.upper, rounding)?])
            }
        };
        Ok(Self { scale, estimate, ends })
    }

    /// A percentage of change as it is printed, where it lies in the middle of its interval there and not on the scale
    /// of its ratio: that of a mean of each one's percentage.
    pub fn of_percentages(reported: &ReportedEstimate, rounding: Rounding) -> Option<Self> {
        let is_percentage =
            matches!(reported.measure, ReportedMeasure::PercentIncrease | ReportedMeasure::PercentReduction);
        let interval = reported.interval.as_ref().filter(|_| is_percentage)?;
        let is_centred = |of: &Self| of.centred().is_some();
        if Self::of(reported, rounding).is_ok_and(|of| is_centred(&of)) {
            return None;
        }
        let scale = EffectScale::Identity;
        let on = |number: &Numeral| on_scale(scale, number, rounding).ok();
        let ends = Some([on(&interval.lower)?, on(&interval.upper)?]);
        Some(Self { scale, estimate: on(&reported.value)?, ends }).filter(is_centred)
    }

    /// The middles of all intervals that print so.
    pub fn middle(&self) -> Option<Interval> {
        let [lower, upper] = self.ends?;
        Some(lower.range.middle_to(upper.range)).filter(|middle| !middle.lower.is_nan() && !middle.upper.is_nan())
    }

    /// Half the width of the interval: of what is printed, and of all that prints so.
    fn half(&self) -> Option<Rounded> {
        let [lower, upper] = self.ends?;
        let half = upper.minus(lower).scaled(0.5).not_negative();
        (half.value > 0.0 && !half.range.lower.is_nan() && !half.range.upper.is_nan()).then_some(half)
    }

    /// The effects in the middle of their intervals that print as both do; none where they are not in the middle.
    fn centred(&self) -> Option<Interval> {
        self.estimate.range.common(self.middle()?)
    }

    /// Whether one half of the interval is more than so many times as long as the other, for all numbers that print so;
    /// not where there is no interval.
    pub fn is_more_lopsided_than(&self, factor: f64) -> bool {
        let Some([lower, upper]) = self.ends else { return false };
        let [below, above] = [self.estimate.minus(lower), upper.minus(self.estimate)].map(|half| half.range);
        let is_longer = |one: Interval, other: Interval| one.lower > factor * other.upper.max(0.0);
        is_longer(below, above) || is_longer(above, below)
    }

    /// The standard error: half the width of the interval over its critical value.
    ///
    /// Source: Cochrane Handbook (2024), 6.3.1 and 6.5.2.3.
    ///
    /// # Errors
    /// There is no interval, or it has no width or no end.
    pub fn standard_error(&self, level: f64, df: DegreesOfFreedom) -> Result<Rounded, Refused> {
        let half = self.half().ok_or("no standard error: no interval of some width is reported")?;
        let se = half.scaled(1.0 / df.critical(level));
        if se.value.is_finite() { Ok(se) } else { Err("no standard error: the interval has no end".into()) }
    }

    /// All standard errors that give the interval: by t with as few degrees of freedom as can be, up to the normal
    /// distribution.
    pub fn standard_errors(&self, level: f64, df: DegreesOfFreedom) -> Option<Interval> {
        let by = |usual: Option<f64>| self.standard_error(level, DegreesOfFreedom { usual, ..df }).ok();
        let (least, most) = (by(Some(df.least).filter(|least| least.is_finite()))?, by(None)?);
        Some(Interval { lower: least.range.lower, upper: most.range.upper })
    }

    /// The two-sided p-values that belong to the interval, whatever the rounding hides: for every effect in the middle
    /// of its interval, by the normal distribution and by t with as few degrees of freedom as can be.
    ///
    /// With h = |effect|/half the width, z = h·z(level) and t = h·t(level, df). At a given h, p moves in one direction
    /// as df grows, so that both ends of df bound it.
    ///
    /// Source: Altman & Bland (2011), BMJ 343:d2304, whose example this is:
    ///
    /// ```
    /// use reffect::effect::reported::{DegreesOfFreedom, OnScale};
    /// use reffect::numeric::rounding::Rounding;
    /// use reffect::reported::{ReportedEstimate, ReportedMeasure};
    ///
    /// let ratio = ReportedEstimate::new(ReportedMeasure::OddsRatio, "0.81 (0.70 to 0.94)".parse()?);
    /// let df = DegreesOfFreedom::of(ratio.measure, &[]);
    /// let p = OnScale::of(&ratio, Rounding::default())?.p(0.95, df)?;
    /// assert!(p.contains(0.005) && !p.contains(0.01));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// There is no interval of some width, or the effect does not lie in its middle.
    pub fn p(&self, level: f64, df: DegreesOfFreedom) -> Result<Interval, Refused> {
        let half = self.half().ok_or("no interval of some width is reported")?;
        let half = if half.value.is_finite() { half.range } else { return Err("the interval has no end".into()) };
        let effect = self.centred().ok_or("the effect does not lie in the middle of its interval")?.abs();
        let ratio = |effect: f64, half: f64| if effect == 0.0 { 0.0 } else { effect / half };
        let share = Interval { lower: ratio(effect.lower, half.upper), upper: ratio(effect.upper, half.lower) };
        let normal = |h: f64| normal_two_sided_p(h * normal_critical(level));
        let student = |h: f64| match df.least {
            least if least.is_finite() => t_two_sided_p(h * t_critical(level, least), least),
            _ => normal(h),
        };
        let ends = share.ends();
        let of_pearson = (self.scale == EffectScale::FisherZ).then(|| self.p_of_pearson(half, level)).flatten();
        let all = ends
            .map(normal)
            .into_iter()
            .chain(ends.map(student))
            .chain(of_pearson.into_iter().flat_map(Interval::ends));
        Interval::hull(all)
            .filter(|p| !p.lower.is_nan() && !p.upper.is_nan())
            .ok_or_else(|| "the interval has no end".into())
    }

    /// The two-sided p-values that belong to a standard error, in the same way.
    ///
    /// ```
    /// use reffect::effect::reported::{DegreesOfFreedom, OnScale};
    /// use reffect::numeric::interval::Interval;
    /// use reffect::numeric::rounding::Rounding;
    /// use reffect::reported::{ReportedEstimate, ReportedMeasure};
    ///
    /// let difference = ReportedEstimate::new(ReportedMeasure::MeanDifference, "-2.1".parse()?);
    /// let df = DegreesOfFreedom::of(difference.measure, &[40, 40]);
    /// let p = OnScale::of(&difference, Rounding::default())?.p_by_standard_error(Interval::point(0.7), df);
    /// assert!(p.is_some_and(|p| p.contains(0.0036) && !p.contains(0.01)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn p_by_standard_error(&self, se: Interval, df: DegreesOfFreedom) -> Option<Interval> {
        let statistic = self.estimate.range.abs().divided_by(se)?;
        let student = |t: f64| if df.least.is_finite() { t_two_sided_p(t, df.least) } else { normal_two_sided_p(t) };
        let [least, most] = statistic.ends();
        Interval::hull([normal_two_sided_p(least), normal_two_sided_p(most), student(least), student(most)])
            .filter(|p| !p.lower.is_nan() && !p.upper.is_nan())
    }

    /// The p of the t-test of a correlation, t = r·√((n − 2)/(1 − r²)), which usually stands beside Fisher's interval;
    /// n follows from the width of that, since the standard error of z is 1/√(n − 3).
    fn p_of_pearson(&self, half: Interval, level: f64) -> Option<Interval> {
        let sizes = half.map_monotone(|half| 3.0 + (normal_critical(level) / half).powi(2));
        let effect = self.estimate.range.abs().map_monotone(f64::tanh);
        let p = p_of_pairs;
        let [least, most] = effect.ends();
        Interval::hull([p(least, sizes.lower), p(least, sizes.upper), p(most, sizes.lower), p(most, sizes.upper)])
            .filter(|p| !p.lower.is_nan() && !p.upper.is_nan())
    }

    /// Whether the interval leaves out no effect: certainly, certainly not, or as the rounding may be.
    pub fn leaves_out_nothing(&self) -> Option<bool> {
        let [lower, upper] = self.ends?;
        let nothing = Interval::point(0.0);
        match (lower.range, upper.range) {
            (lower, _) if lower.lower > 0.0 => Some(true),
            (_, upper) if upper.upper < 0.0 => Some(true),
            (lower, upper) if lower.upper < nothing.lower && upper.lower > nothing.upper => Some(false),
            _ => None,
        }
    }
}

/// The two-sided p of a correlation r of n people, by t = r·√((n − 2)/(1 − r²)).
///
/// ```
/// use reffect::effect::reported::p_of_pairs;
/// // R 4.2.2: 2 * pt(-0.5 * sqrt(18 / 0.75), 18)
/// assert!((p_of_pairs(0.5, 20.0) - 0.024_769_5).abs() < 1e-6);
/// ```
pub fn p_of_pairs(r: f64, n: f64) -> f64 {
    t_two_sided_p(r * ((n - 2.0) / (1.0 - r * r)).sqrt(), n - 2.0)
}

/// The standard error of a reported effect with where it comes from: of a correlation from the number of people, and of
/// others as it is reported, from the interval, or from an exact p.
///
/// # Errors
/// None of these is reported, or what is gives none.
pub fn standard_error(
    reported: &ReportedEstimate,
    df: DegreesOfFreedom,
    rounding: Rounding,
) -> Result<(Rounded, &'static str), Refused> {
    if OnScale::of_percentages(reported, rounding).is_some() {
        let reason = "the effect lies in the middle of its interval as it is printed, like the mean of each one's \
                      percentage, and not on the scale of its logarithm";
        return Err(format!("no standard error of a logarithm: {reason}").into());
    }
    let on_scale = OnScale::of(reported, rounding)?;
    // Fisher (1921), Metron 1:3.
    if let Some(n) = df.pairs.filter(|_| reported.adjusted.is_none()) {
        return Ok((Rounded::exact(1.0 / (n - 3.0).sqrt()), "the number of people"));
    }
    if let Some(se) = reported.interval.as_ref().and_then(|of| on_scale.standard_error(of.level, df).ok()) {
        let from = if df.usual.is_some() { "the interval, by t" } else { "the interval, by the normal distribution" };
        return Ok((se, from));
    }
    // On another scale nobody says whether it is that of the number or of its logarithm.
    if let Some(se) = reported.se.as_ref().filter(|_| on_scale.scale == EffectScale::Identity) {
        return Ok((se.rounded(rounding), "the reported standard error"));
    }
    let exact = reported.p.as_ref().filter(|p| p.relation == Relation::Equal && reported.test.is_none());
    let Some(p) = exact else {
        let reason = match (&reported.interval, &reported.se, &reported.p) {
            (Some(_), ..) => "the interval has no width or no end",
            (None, Some(_), _) => "whether the standard error is that of the number or of its logarithm is not said",
            (None, None, Some(_)) => "no interval is reported, and the p is no exact one of its own",
            (None, None, None) => "no interval is reported, and nothing else of its precision",
        };
        return Err(format!("no standard error: {reason}").into());
    };
    let statistic = |p: f64| match df.usual {
        Some(df) => t_of_two_sided_p(p, df),
        None => normal_of_two_sided_p(p),
    };
    let bound = p.bound.rounding_interval(rounding).to_interval();
    let range = bound.map_monotone(|p| statistic(p.clamp(0.0, 1.0)));
    let effect = on_scale.estimate.abs();
    let (value, range) = (effect.value / statistic(p.bound.value()), effect.range.divided_by(range));
    match range {
        Some(range) if value.is_finite() && value > 0.0 => Ok((Rounded { value, range }, "the exact p")),
        _ => Err(format!("{p} gives no standard error").into()),
    }
}

/// A reported effect with what follows from it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReleaseEstimate {
    /// Its name in the release.
    pub id: String,
    /// It on the scale of its interval.
    pub on_scale: OnScale,
    /// The standard error there.
    pub se: Option<Rounded>,
    /// From what that follows.
    pub se_from: Option<&'static str>,
    /// The p-values that belong to the interval.
    pub p: Option<Interval>,
    /// What is absent and why.
    pub notes: Vec<String>,
}

impl ReleaseEstimate {
    /// What follows from a reported effect.
    ///
    /// # Errors
    /// A number lies where no such effect can be.
    pub fn of(reported: &ReportedEstimate, df: DegreesOfFreedom, rounding: Rounding) -> Result<Self, Refused> {
        let on_scale = OnScale::of(reported, rounding)?;
        let mut notes = Vec::new();
        let mut told = |reason: Refused| {
            notes.push(reason.to_string());
        };
        let se = standard_error(reported, df, rounding).map_err(&mut told).ok();
        let p = reported.interval.as_ref().and_then(|interval| {
            on_scale.p(interval.level, df).map_err(|reason| told(format!("no p of the interval: {reason}").into())).ok()
        });
        let (se, se_from) = se.unzip();
        Ok(Self { id: reported.id.clone(), on_scale, se, se_from, p, notes })
    }
}
