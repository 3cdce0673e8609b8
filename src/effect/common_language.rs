//! Standardised differences in words of everyday: how often one group has more than the other, how
//! far the groups overlap, how many have to be treated.

use crate::estimate::Estimate;
use crate::numeric::dist::normal_cdf;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;
use crate::reported::Direction;
use std::f64::consts::SQRT_2;

/// A standardised difference in other words, for two normal distributions with the same SD.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CommonLanguage {
    /// Its name: `U1`, `U2`, `U3`, `overlap`, `CLES`.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// The share.
    pub estimate: f64,
    /// Its confidence interval: that of d, transformed.
    pub ci: Option<Interval>,
    /// The shares that all numbers behind the printed ones give.
    pub rounding: Option<Interval>,
}

/// Φ(|d|/2)
fn u2(d: f64) -> f64 {
    normal_cdf(0.5 * d.abs())
}

/// Names, meanings and functions of d, and whether they do not notice its sign.
type Translation = (&'static str, &'static str, fn(f64) -> f64, bool);

const TRANSLATIONS: [Translation; 5] = [
    (
        "CLES",
        "a random member of group 1 scores higher than a random member of group 2",
        |d| normal_cdf(d / SQRT_2),
        false,
    ),
    ("U3", "of group 2 lies below the mean of group 1", normal_cdf, false),
    ("U1", "both groups together that the other does not cover", |d| (2.0 * u2(d) - 1.0) / u2(d), true),
    ("U2", "the higher group that exceeds the same share of the lower", u2, true),
    ("overlap", "the two distributions have in common", |d| 2.0 * normal_cdf(-0.5 * d.abs()), true),
];

/// d in other words.
///
/// Source: Cohen (1988), Statistical Power Analysis, section 2.2, for U1, U2 and U3; McGraw & Wong
/// (1992), Psychol Bull 111:361, for CLES; Reiser & Faraggi (1999), Statistician 48:413, for the
/// overlap. Each is monotone in d or in |d|, so that intervals are transformed end by end.
///
/// ```
/// use reffect::effect::common_language::in_other_words;
/// use reffect::numeric::rounding::Rounded;
/// let words = in_other_words(Rounded::exact(0.8), None);
/// let u3 = words.iter().find(|word| word.name == "U3").map(|word| word.estimate);
/// assert!(u3.is_some_and(|u3| (u3 - 0.788).abs() < 5e-4));
/// ```
pub fn in_other_words(d: Rounded, ci: Option<Interval>) -> Vec<CommonLanguage> {
    let translate = |(name, meaning, f, is_even): Translation| {
        let image = |range: Interval| if is_even { range.abs().map_monotone(f) } else { range.map_monotone(f) };
        CommonLanguage {
            name,
            meaning,
            estimate: f(d.value),
            ci: ci.map(image),
            rounding: Some(d.range).filter(|range| range.is_finite()).map(image),
        }
    };
    TRANSLATIONS.map(translate).to_vec()
}

/// One group before and after, in other words at one correlation or at none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PairedLanguage {
    /// The correlation, on which intervals and `CLES` hang.
    pub r: Option<f64>,
    /// `superiority`, `U3`, `U1`, `U2` and `overlap` of the two distributions, and `CLES` of pairs.
    pub words: Vec<CommonLanguage>,
}

/// A change in other words: dav for the two distributions of values, before and after, and dz for the
/// pairs, which need a correlation.
///
/// Source: as [`in_other_words`]; McGraw & Wong (1992) for pairs, with Φ(dz). A number needed to treat
/// belongs to two groups, and there is none here.
pub fn change_in_other_words(dav: &Estimate, dz: &Estimate) -> PairedLanguage {
    const MEANINGS: [(&str, &str, &str); 5] = [
        ("CLES", "superiority", "a value after is above one of another member before"),
        ("U3", "U3", "values before that lie below the mean after"),
        ("U1", "U1", "both distributions together that the other does not cover"),
        ("U2", "U2", "the higher distribution that exceeds the same share of the lower"),
        ("overlap", "overlap", "the two distributions have in common"),
    ];
    let rounded =
        |of: &Estimate| of.estimate.map(|value| Rounded { value, range: of.rounding.unwrap_or(Interval::UNBOUNDED) });
    let mut words = rounded(dav).map(|d| in_other_words(d, dav.ci)).unwrap_or_default();
    for word in &mut words {
        if let Some((_, name, meaning)) = MEANINGS.iter().find(|(name, ..)| *name == word.name) {
            (word.name, word.meaning) = (name, meaning);
        }
    }
    words.extend(rounded(dz).map(|d| CommonLanguage {
        name: "CLES",
        meaning: "a member has more after than before",
        estimate: normal_cdf(d.value),
        ci: dz.ci.map(|ci| ci.map_monotone(normal_cdf)),
        rounding: Some(d.range).filter(|range| range.is_finite()).map(|range| range.map_monotone(normal_cdf)),
    }));
    PairedLanguage { r: dav.r.or(dz.r), words }
}

/// How many have to be treated for one more with the event, or one fewer where it is negative.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NumberNeeded {
    /// The reciprocal of the difference; none where that is 0.
    pub estimate: Option<f64>,
    /// The reciprocals of the ends of its interval, the lower number first; none for an end of 0.
    pub ends: [Option<f64>; 2],
    /// Whether the interval runs from the upper end through infinity to the lower one, because that
    /// of the difference holds 0.
    pub through_infinity: bool,
    /// Whether it is known which way is better: positive numbers are then those of a benefit of group 1, negative ones
    /// those of a harm.
    pub is_of_benefit: bool,
}

impl NumberNeeded {
    /// The reciprocal of a difference of probabilities.
    ///
    /// Source: Altman (1998), BMJ 317:1309.
    ///
    /// ```
    /// use reffect::effect::common_language::NumberNeeded;
    /// use reffect::numeric::interval::Interval;
    /// let needed = NumberNeeded::of_difference(0.1, Interval::between(-0.05, 0.25));
    /// assert!(needed.through_infinity);
    /// assert_eq!((needed.estimate, needed.ends), (Some(10.0), [Some(-20.0), Some(4.0)]));
    /// ```
    pub fn of_difference(difference: f64, ci: Interval) -> Self {
        let reciprocal = |value: f64| (value != 0.0).then(|| 1.0 / value);
        let through_infinity = ci.contains(0.0);
        let ends = if through_infinity { ci.ends() } else { [ci.upper, ci.lower] };
        Self { estimate: reciprocal(difference), ends: ends.map(reciprocal), through_infinity, is_of_benefit: false }
    }

    /// The number needed, counted the other way: for outcomes of which less is better.
    ///
    /// ```
    /// use reffect::effect::common_language::NumberNeeded;
    /// use reffect::numeric::interval::Interval;
    /// let needed = NumberNeeded::of_difference(-0.2, Interval::between(-0.5, -0.1)).reversed();
    /// assert_eq!((needed.estimate, needed.ends), (Some(5.0), [Some(2.0), Some(10.0)]));
    /// ```
    #[must_use]
    pub fn reversed(self) -> Self {
        let [lower, upper] = self.ends.map(|end| end.map(|end| -end));
        Self { estimate: self.estimate.map(|value| -value), ends: [upper, lower], ..self }
    }

    /// The number needed where this direction of the outcome is better, if one is.
    ///
    /// ```
    /// use reffect::effect::common_language::NumberNeeded;
    /// use reffect::numeric::interval::Interval;
    /// use reffect::reported::Direction;
    /// let fewer = NumberNeeded::of_difference(-0.2, Interval::between(-0.5, -0.1));
    /// let needed = fewer.where_better(Some(Direction::LowerIsBetter));
    /// assert_eq!((needed.estimate, needed.is_of_benefit), (Some(5.0), true));
    /// ```
    #[must_use]
    pub fn where_better(self, better: Option<Direction>) -> Self {
        let turned = if better == Some(Direction::LowerIsBetter) { self.reversed() } else { self };
        Self { is_of_benefit: better.is_some(), ..turned }
    }

    /// The number needed that goes with d, as the reciprocal of P(X₁ > X₂) − P(X₁ < X₂).
    ///
    /// Source: Kraemer & Kupfer (2006), Biol Psychiatry 59:990.
    pub fn of_d(d: f64, ci: Interval) -> Self {
        let success = |d: f64| 2.0 * normal_cdf(d / SQRT_2) - 1.0;
        Self::of_difference(success(d), ci.map_monotone(success))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cohens_table_is_met() {
        // Cohen (1988), table 2.2.1, per cent: d, U1, U2, U3.
        for (d, u1, u2, u3) in
            [(0.2, 14.7, 54.0, 57.9), (0.5, 33.0, 59.9, 69.1), (0.8, 47.4, 65.5, 78.8), (2.0, 81.1, 84.1, 97.7)]
        {
            let words = in_other_words(Rounded::exact(d), None);
            for (name, expected) in [("U1", u1), ("U2", u2), ("U3", u3)] {
                let found = words.iter().find(|word| word.name == name).unwrap().estimate;
                assert!((100.0 * found - expected).abs() <= 0.06, "{name} at {d}: {found}");
            }
        }
    }

    /// The distribution after has mean 4.1 and that before 5.1, and the difference of two independent
    /// values the SD √(1.7² + 1.6²); that of pairs has the SD of change.
    #[test]
    fn a_change_is_told_by_its_distributions_and_by_its_pairs() {
        use crate::effect::before_after::BeforeAfter;
        use crate::estimate::{Measure, Moments};
        let input = BeforeAfter { n: Some(7), before: Moments::exact(5.1, 1.7), after: Moments::exact(4.1, 1.6) };
        let told =
            |r| change_in_other_words(&input.estimate(Measure::Dav, r, 0.95), &input.estimate(Measure::Dz, r, 0.95));
        let of = |told: &PairedLanguage, name: &str| told.words.iter().find(|word| word.name == name).cloned();
        let (without, with) = (told(None), told(Some(0.5)));
        assert!(of(&without, "CLES").is_none() && of(&without, "superiority").is_some_and(|word| word.ci.is_none()));
        let superiority = of(&with, "superiority").unwrap();
        assert!((superiority.estimate - normal_cdf(-1.0 / (1.7f64.powi(2) + 1.6f64.powi(2)).sqrt())).abs() < 1e-12);
        let cles = of(&with, "CLES").unwrap();
        let sd = (1.7f64.powi(2) + 1.6f64.powi(2) - 1.7 * 1.6).sqrt();
        assert!((cles.estimate - normal_cdf(-1.0 / sd)).abs() < 1e-12);
        assert!(cles.ci.is_some_and(|ci| ci.contains(cles.estimate) && ci.contains(0.5)));
        assert!(of(&with, "U3").is_some_and(|word| word.ci.is_some_and(|ci| ci.contains(word.estimate))));
    }

    #[test]
    fn intervals_across_zero_turn_at_zero() {
        let words = in_other_words(Rounded::exact(0.1), Some(Interval::between(-0.4, 0.6)));
        let of = |name: &str| words.iter().find(|word| word.name == name).unwrap().ci.unwrap();
        assert_eq!(of("overlap").upper, 1.0);
        assert_eq!(of("U2").lower, 0.5);
        assert!(of("U3").contains(0.5) && of("CLES").contains(0.5));
        let needed = NumberNeeded::of_d(0.8, Interval::between(0.3, 1.3));
        assert!(!needed.through_infinity && needed.ends[0] < needed.estimate && needed.estimate < needed.ends[1]);
    }
}
