//! Whether a test statistic, its degrees of freedom and its p belong together, and an SD its SE and
//! interval: each printed number stands for all that round to it.

use crate::diagnostic::Refused;
use crate::numeric::dist::{chi_squared_sf, f_sf, normal_critical, normal_sf, t_critical, t_sf};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::recover::sd_from_spread;
use crate::reported::SpreadMeaning;

/// A reported test statistic.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TestStatistic {
    /// Student's t with its degrees of freedom.
    T {
        /// The statistic.
        value: Numeral,
        /// Its degrees of freedom, as printed: Welch's have decimals, which are rounded as well.
        df: Numeral,
    },
    /// A standard normal statistic.
    Z(Numeral),
    /// F with the degrees of freedom of its numerator and its denominator.
    F {
        /// The statistic.
        value: Numeral,
        /// Of the numerator.
        df1: Numeral,
        /// Of the denominator.
        df2: Numeral,
    },
    /// χ² with its degrees of freedom.
    ChiSquared {
        /// The statistic.
        value: Numeral,
        /// Its degrees of freedom.
        df: Numeral,
    },
    /// Pearson's correlation of n pairs, by t = r·√(df/(1 − r²)) with df = n − 2.
    R {
        /// The correlation.
        value: Numeral,
        /// n − 2.
        df: Numeral,
    },
}

/// Which degrees of freedom a printed number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Degrees {
    /// A whole number is exact, and one with decimals stands for all that print so.
    AsPrinted,
    /// A whole number as well stands for all that round to it: Welch's t-test is printed so.
    Rounded,
}

impl Degrees {
    /// The smallest, the middle and the largest of them, above 0.
    fn of(self, printed: &Numeral, rounding: Rounding) -> [f64; 3] {
        /// Fewer degrees of freedom than these are no test's.
        const LEAST: f64 = 0.01;
        let is_exact = printed.decimal().decimals() == 0 && self == Self::AsPrinted;
        let range = match is_exact {
            true => Interval::point(printed.value()),
            false => printed.rounding_interval(rounding).to_interval(),
        };
        [range.lower, 0.5 * (range.lower + range.upper), range.upper].map(|df| df.max(LEAST))
    }
}

/// Which tails a p counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Both.
    Two,
    /// The upper one: the effect is expected to be positive.
    Greater,
    /// The lower one.
    Less,
}

/// Whether a reported p belongs to its statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PVerdict {
    /// The p of every statistic that prints as the reported one.
    pub p: Interval,
    /// Whether the reported p is among them.
    pub is_consistent: bool,
    /// Whether the reported p lies on the other side of the level than every recomputed one.
    pub is_decision_error: bool,
}

impl TestStatistic {
    /// How papers write it.
    pub fn letter(&self) -> &'static str {
        match self {
            Self::T { .. } => "t",
            Self::Z(_) => "z",
            Self::F { .. } => "F",
            Self::ChiSquared { .. } => "χ²",
            Self::R { .. } => "r",
        }
    }

    /// The p of every statistic, with every degree of freedom, that prints as this one. A whole number of degrees of
    /// freedom is exact; 14.8, as Welch's t-test has them, stands for 14.75 to 14.85.
    pub fn p(&self, sides: Sides, rounding: Rounding) -> Interval {
        self.p_with(Degrees::AsPrinted, sides, rounding)
    }

    /// The two-sided p where whole degrees of freedom may be rounded ones, as Welch's are that are printed without
    /// decimals; none where they have decimals, or the statistic knows no such degrees of freedom. Those of the
    /// numerator of F are a number of groups, and exact.
    pub fn p_of_rounded_degrees(&self, rounding: Rounding) -> Option<Interval> {
        let (Self::T { df, .. } | Self::F { df2: df, .. }) = self else { return None };
        (df.decimal().decimals() == 0).then(|| self.p_with(Degrees::Rounded, Sides::Two, rounding))
    }

    /// Whether there is a one-sided test of this statistic: F and χ² have a sign where they are the square of t and z.
    pub fn has_sides(&self) -> bool {
        match self {
            Self::T { .. } | Self::Z(_) | Self::R { .. } => true,
            Self::F { df1: df, .. } | Self::ChiSquared { df, .. } => df.decimal().to_integer() == Some(1),
        }
    }

    fn p_with(&self, degrees: Degrees, sides: Sides, rounding: Rounding) -> Interval {
        let of = |value: &Numeral, upper_tail: &dyn Fn(f64) -> f64| {
            let range = value.rounding_interval(rounding).to_interval();
            match sides {
                Sides::Greater => range.map_monotone(upper_tail),
                Sides::Less => range.map_monotone(|x| upper_tail(-x)),
                Sides::Two => range.abs().map_monotone(|x| 2.0 * upper_tail(x)),
            }
        };
        // Of these the upper tail alone counts.
        let upper = |value: &Numeral, tail: &dyn Fn(f64) -> f64| {
            value.rounding_interval(rounding).to_interval().map_monotone(|x| tail(x.max(0.0)))
        };
        // Between two degrees of freedom that print alike a tail is as good as monotone.
        let over = |df: &Numeral, p: &dyn Fn(f64) -> Interval| {
            let ends = degrees.of(df, rounding).into_iter().flat_map(|df| p(df).ends());
            Interval::hull(ends).unwrap_or(Interval::UNKNOWN)
        };
        match self {
            Self::T { value, df } => over(df, &|df| of(value, &|t| t_sf(t, df))),
            Self::Z(value) => of(value, &normal_sf),
            Self::R { value, df } => {
                let t = |r: f64, df: f64| r.clamp(-1.0, 1.0) * (df / (1.0 - r * r).max(f64::MIN_POSITIVE)).sqrt();
                over(df, &|df| of(value, &|r| t_sf(t(r, df), df)))
            }
            Self::F { value, df1, df2 } => {
                let of_numerator = Degrees::AsPrinted.of(df1, rounding).into_iter();
                let ends = of_numerator.flat_map(|df1| over(df2, &|df2| upper(value, &|f| f_sf(f, df1, df2))).ends());
                Interval::hull(ends).unwrap_or(Interval::UNKNOWN)
            }
            Self::ChiSquared { value, df } => over(df, &|df| upper(value, &|x| chi_squared_sf(x, df))),
        }
    }

    /// Whether a reported p belongs to this statistic, and whether the decision at a level changes.
    ///
    /// Source: the rule of Nuijten et al. (2016), Behav Res 48:1205 (statcheck), on intervals; a
    /// one-tailed p keeps its sign. Unlike there, `p = .000` is that of everything that prints so: no p is 0, and
    /// programs print it all the same.
    ///
    /// ```
    /// use reffect::check::test_statistic::{Sides, TestStatistic};
    /// use reffect::numeric::rounding::Rounding;
    ///
    /// let t = TestStatistic::T { value: "2.20".parse()?, df: "28".parse()? };
    /// assert!(t.check(&"p = 0.036".parse()?, Sides::Two, 0.05, Rounding::default()).is_consistent);
    /// let wrong = t.check(&"p = 0.063".parse()?, Sides::Two, 0.05, Rounding::default());
    /// assert!(!wrong.is_consistent && wrong.is_decision_error);
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn check(&self, reported: &Comparison, sides: Sides, alpha: f64, rounding: Rounding) -> PVerdict {
        let p = self.p(sides, rounding);
        let is_consistent = reported.holds_in(p, rounding);
        PVerdict { p, is_consistent, is_decision_error: is_other_decision(reported, p, alpha) }
    }
}

/// Whether a printed p lies on the other side of a level than every recomputed one.
pub(super) fn is_other_decision(printed: &Comparison, p: Interval, alpha: f64) -> bool {
    match printed.says_significant(alpha) {
        Some(true) => p.lower >= alpha,
        Some(false) => p.upper < alpha,
        None => false,
    }
}

/// The standard error of the mean of n people, from the spread that is printed beside it: SD/√n, with the sample SD.
/// The value is that of the spread as printed, the range that of all spreads that print so.
///
/// # Errors
/// Where no SD follows from such a spread, or n is too small for one.
pub fn standard_error(
    spread: &Numeral,
    meaning: SpreadMeaning,
    n: u64,
    rounding: Rounding,
) -> Result<Rounded, Refused> {
    let sd = sd_from_spread(spread.rounded(rounding), meaning, n)?.sd;
    Ok(sd.scaled(1.0 / (n as f64).sqrt()))
}

/// The confidence interval mean ± t·SE of the numbers as they are printed.
pub fn ci_around(mean: &Numeral, se: Rounded, n: u64, level: f64) -> Interval {
    let half = t_critical(level, n as f64 - 1.0) * se.value;
    Interval { lower: mean.value() - half, upper: mean.value() + half }
}

/// Which quantile a confidence interval is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    /// That of t.
    T,
    /// The normal one in place of t, which is as common: 1.96.
    Normal,
}

/// Whether a confidence interval prints from a mean and one of some standard errors: mean ± t·SE, or with the normal
/// quantile in place of t; and with which. Mean, standard error and both ends have to fit at once.
pub fn ci_fits(
    mean: &Numeral,
    se: Interval,
    n: u64,
    (lower, upper): (&Numeral, &Numeral),
    level: f64,
    rounding: Rounding,
) -> Option<Quantile> {
    let [mean, lower, upper] = [mean, lower, upper].map(|number| number.rounding_interval(rounding).to_interval());
    let t = Interval::point(t_critical(level, n as f64 - 1.0));
    let fits = |quantile: Interval| {
        let half = Interval { lower: se.lower * quantile.lower, upper: se.upper * quantile.upper };
        interval_has_half(mean, half, [lower, upper])
    };
    let quantiles = [(Quantile::T, t), (Quantile::Normal, normal_quantiles(level))];
    quantiles.into_iter().find(|(_, quantile)| fits(*quantile)).map(|(name, _)| name)
}

/// The normal quantile of a level, from its exact value to that in two decimals, which most calculate with: 1.96.
pub(super) fn normal_quantiles(level: f64) -> Interval {
    let exact = normal_critical(level);
    Interval::between(exact, (100.0 * exact).round() / 100.0)
}

/// Whether ends of an interval lie around one of some middles by one of some halves.
pub(super) fn interval_has_half(middle: Interval, half: Interval, [lower, upper]: [Interval; 2]) -> bool {
    // For a half-width h some middle fits if each two of M, L + h and U − h meet; each pair bounds h.
    let bounds = [
        half,
        Interval { lower: middle.lower - lower.upper, upper: middle.upper - lower.lower },
        Interval { lower: upper.lower - middle.upper, upper: upper.upper - middle.lower },
        Interval { lower: 0.5 * (upper.lower - lower.upper), upper: 0.5 * (upper.upper - lower.lower) },
    ];
    let least = bounds.iter().map(|bound| bound.lower).fold(0.0, f64::max);
    let most = bounds.iter().map(|bound| bound.upper).fold(f64::INFINITY, f64::min);
    // Ends that belong to a range are not left out by the last digits of a double.
    least <= most + 1e-12 * (most.abs() + middle.upper.abs().max(upper.upper.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Numeral {
        text.parse().unwrap()
    }

    fn t(value: &str, df: &str) -> TestStatistic {
        TestStatistic::T { value: n(value), df: n(df) }
    }

    /// One-tailed tests keep their sign: an effect in the wrong direction has a large p.
    #[test]
    fn tails_know_their_sign() {
        let wrong_way = t("-2.20", "28");
        assert!(wrong_way.p(Sides::Greater, Rounding::default()).lower > 0.98);
        assert!(wrong_way.p(Sides::Less, Rounding::default()).upper < 0.02);
        let two = wrong_way.p(Sides::Two, Rounding::default());
        assert!(two.contains(0.036_25) && two.width() < 1e-3, "{two:?}");
    }

    /// t² with df degrees of freedom is F with 1 and df; r of n pairs is a t.
    #[test]
    fn statistics_agree_with_each_other() {
        let rounding = Rounding::default();
        let (t, f) = (t("3", "9"), TestStatistic::F { value: n("9.0"), df1: n("1"), df2: n("9") });
        let exact = crate::numeric::dist::t_two_sided_p(3.0, 9.0);
        assert!(t.p(Sides::Two, rounding).contains(exact) && f.p(Sides::Two, rounding).contains(exact));
        let chi = TestStatistic::ChiSquared { value: n("3.84"), df: n("1") };
        assert!(chi.p(Sides::Two, rounding).contains(0.05));
        let r = TestStatistic::R { value: n("0.5"), df: n("10") };
        let exact = crate::numeric::dist::t_two_sided_p(0.5 * (10.0f64 / 0.75).sqrt(), 10.0);
        assert!(r.p(Sides::Two, rounding).contains(exact));
    }

    #[test]
    fn spreads_fit_their_standard_errors_and_intervals() {
        let se = |sd: &str, meaning, of| standard_error(&n(sd), meaning, of, Rounding::default()).unwrap();
        // 5.25/√68 = 0.6367 and 5.35/√68 = 0.6488.
        let range = se("5.3", SpreadMeaning::Sd, 68).range;
        assert!(range.contains(0.64) && !range.contains(0.63) && !range.contains(0.65));
        // Of the population SD with n, the standard error is SD/√(n − 1).
        let population = se("1.1", SpreadMeaning::PopulationSd, 7).value;
        assert!((population - 1.1 / 6f64.sqrt()).abs() < 1e-15);
        assert!(standard_error(&n("1.1"), SpreadMeaning::PopulationSd, 1, Rounding::default()).is_err());
        // t(0.975, 6) = 2.4469: 2.9 ± 2.4469·1.1/√7 = 1.88 to 3.92
        let of_seven = se("1.1", SpreadMeaning::Sd, 7);
        let fits = |lower: &str, upper: &str| {
            ci_fits(&n("2.9"), of_seven.range, 7, (&n(lower), &n(upper)), 0.95, Rounding::default())
        };
        assert_eq!(fits("1.9", "3.9"), Some(Quantile::T));
        // 2.9 ± 1.96·1.1/√7 = 2.09 to 3.71
        assert_eq!([fits("2.1", "3.7"), fits("1.0", "4.8")], [Some(Quantile::Normal), None]);
        // 1.96 and no more digits: 1685.49 ± 1.96·722.13 where the quantile is 1.959964.
        let normal = normal_quantiles(0.95);
        assert!(normal.upper == 1.96 && (normal.lower - 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn a_p_of_nothing_is_wrong() {
        let verdict = |p: &str| t("2.20", "28").check(&p.parse().unwrap(), Sides::Two, 0.05, Rounding::default());
        assert!(verdict("p < 0.05").is_consistent && verdict("p > 0.03").is_consistent);
        assert!(!verdict("p < 0.01").is_consistent && !verdict("p = 0.000").is_consistent);
        assert!(verdict("p > 0.05").is_decision_error && !verdict("p > 0.05").is_consistent);
        // The p is 1.6e-5, and prints as 0.000; that of 2.20 does not.
        let tiny = |p: &str| t("5.20", "28").check(&p.parse().unwrap(), Sides::Two, 0.05, Rounding::default());
        for p in ["p = 0.000", ".000", "p < 0.001", "p < 0.0001"] {
            assert!(tiny(p).is_consistent, "{p}");
        }
        assert!(!verdict("p = 0.000").is_consistent && !tiny("p = 0.00000").is_consistent);
    }

    /// R 4.2.2: t.test(len ~ supp, ToothGrowth) prints t = 1.9153, df = 55.309, p = 0.06063, and of 55.3 as an exact
    /// number the p is 0.060636; a whole number is exact unless it is taken for a rounded one.
    #[test]
    fn degrees_of_freedom_are_as_printed() {
        let p: Comparison = "0.163".parse().unwrap();
        // R 4.2.2: 2 * pt(-1.667, 4.46) = 0.1634, and with 4 degrees of freedom 0.1708.
        let of = |df: &str| t("1.667", df).check(&p, Sides::Two, 0.05, Rounding::default()).is_consistent;
        assert_eq!(["4", "4.5", "4.46"].map(of), [false, true, true]);
        let rounded = t("1.667", "4").p_of_rounded_degrees(Rounding::default()).unwrap();
        assert!(p.holds_in(rounded, Rounding::default()), "{rounded:?}");
        assert_eq!(t("1.667", "4.5").p_of_rounded_degrees(Rounding::default()), None);
        let f = |df2: &str| TestStatistic::F { value: n("2.78"), df1: n("1"), df2: n(df2) };
        assert!(f("4.5").check(&p, Sides::Two, 0.05, Rounding::default()).is_consistent && f("4").has_sides());
    }
}
