//! How far the p of another usual test of the same data may be from that of an interval, or of a paired t-test.

use super::reported_test::Tails;
use crate::effect::reported::{DegreesOfFreedom, OnScale};
use crate::numeric::dist::normal_of_two_sided_p;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reported::{EffectScale, ReportedMeasure};

/// How far, as normal quantiles. Conventions: what simulated honest data do not exceed, or hardly ever, while a digit
/// that moved by one place changes a quantile by more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leeway {
    /// The quantiles differ by no more than this, or by [`SHARE`] of the larger one.
    quantile: f64,
    /// The same where both p are beyond 0.05.
    of_no_effect: Option<f64>,
    /// Where people are few, tests of ranks cannot follow a small p, since theirs has this floor: with n = 7 it is
    /// 1/64. Any printed p up to it, or to 0.05, may stand beside one below 0.05; that a p is above a number says as
    /// much only where that is below either.
    rank_floor: Option<f64>,
    /// How many times as large the quantile of a test may be whose standard error is that of no effect.
    by_no_effect: f64,
}

/// No wider than the quantile itself.
const NONE: Leeway = Leeway { quantile: 0.0, of_no_effect: None, rank_floor: None, by_no_effect: 1.0 };

/// Log-rank and Cox, Fisher's and Wald's, profile and score tests.
const USUAL: f64 = 0.5;
const SHARE: f64 = 0.15;

/// Fisher's test beside Wald's interval of a difference of risks, and any test of counts beside that of their ratio,
/// whose standard error is small where risks are near 1; tests of ranks beside the steps of an interval of a median
/// difference.
const OF_RISKS: f64 = 1.3;
const OF_MEDIANS: f64 = 1.5;

/// Tests of ranks beside t.
const OF_LARGE_GROUPS: f64 = 0.7;
const OF_SMALL_GROUPS: f64 = 0.85;

/// Tests of ranks of three groups or more beside F.
const OF_SEVERAL: f64 = 1.0;

/// Groups of this size and more are large.
const LARGE: f64 = 30.0;

/// Fisher's test beside Wald's interval of a ratio, in standard errors of its logarithm: counts of one or two differ.
const OF_SPARSE_COUNTS: f64 = 0.9;

/// Fisher's p, which is often 1, beside Wald's where both are beyond 0.05.
const OF_NO_EFFECT: f64 = 1.0;

/// Claims in words: a test of logarithms, of ranks, of a model.
const OF_CLAIMS: f64 = 1.5;

/// The same where both p are beyond 0.05: a sign test has a p of 1 beside any of them.
const OF_NO_CLAIM: f64 = 2.0;

/// Both sides of it are told apart.
const LEVEL: f64 = 0.05;

impl Leeway {
    /// That beside the interval of a reported effect.
    pub(super) fn of(measure: ReportedMeasure, on_scale: &OnScale, level: f64, df: DegreesOfFreedom) -> Self {
        if measure == ReportedMeasure::MedianDifference {
            return Self { quantile: OF_MEDIANS, ..Self::of_means(df.fewest_people) };
        }
        if measure.is_of_means() {
            return Self::of_means(df.fewest_people);
        }
        let se = on_scale.standard_error(level, df).ok().filter(|_| on_scale.scale == EffectScale::Log);
        let quantile = match (measure, se) {
            (ReportedMeasure::RiskDifference | ReportedMeasure::RiskRatio, _) => OF_RISKS,
            (_, Some(se)) => USUAL.max(OF_SPARSE_COUNTS * se.value),
            (_, None) => USUAL,
        };
        let counts = [ReportedMeasure::RiskRatio, ReportedMeasure::OddsRatio, ReportedMeasure::RiskDifference];
        // The log-rank and the likelihood-ratio test of a large effect with few events in one arm are far from Wald's, whose
        // standard error is √(1/d₁ + 1/d₂) in place of 2/√(d₁ + d₂): with d₁/d₂ = e^θ they are cosh(θ/2) apart. Of 5,980
        // simulated trials with 10 to 80 people in an arm (R 4.2.2, survival: coxph) 230 had a likelihood-ratio and 207
        // a log-rank test beyond the other allowances, and none beyond this one.
        let by_no_effect = match measure {
            ReportedMeasure::HazardRatio => (0.5 * on_scale.estimate.value).cosh().max(1.0),
            _ => 1.0,
        };
        let of_no_effect = counts.contains(&measure).then_some(OF_NO_EFFECT);
        Self { quantile, of_no_effect, by_no_effect, ..NONE }
    }

    /// That beside a t-test of means, the smallest group of which has n people; none where that is not known.
    pub(super) fn of_means(n: Option<f64>) -> Self {
        match n {
            Some(n) if n >= LARGE => Self { quantile: OF_LARGE_GROUPS, ..NONE },
            _ => Self { quantile: OF_SMALL_GROUPS, rank_floor: Some(rank_floor(n)), ..NONE },
        }
    }

    /// That beside an analysis of variance of three groups or more: of 1,314 simulated p of Kruskal and Wallis's test, half of
    /// them of skewed values or such with outliers, 4 lie further from both analyses.
    pub(super) fn of_several() -> Self {
        Self { quantile: OF_SEVERAL, ..NONE }
    }

    /// That of usual tests of counts with each other.
    pub(super) fn usual() -> Self {
        Self { quantile: USUAL, of_no_effect: Some(OF_NO_EFFECT), ..NONE }
    }

    /// That beside the t-test of a change of n people, for a claim that names no test.
    pub(super) fn of_claim(n: Option<u64>) -> Self {
        Self { quantile: OF_CLAIMS, of_no_effect: Some(OF_NO_CLAIM), ..Self::of_means(n.map(|n| n as f64)) }
    }

    /// Whether another test may have a p that stands so to a bound, where these are the ones that were found.
    pub(super) fn admits(self, relation: Relation, bound: Interval, p: Interval) -> bool {
        let quantile = |p: f64| normal_of_two_sided_p(p.clamp(f64::MIN_POSITIVE, 1.0));
        let (found, said) = (p.map_monotone(quantile), bound.map_monotone(quantile));
        let found = Interval { upper: found.upper * self.by_no_effect, ..found };
        let (above, below) = (said.lower - found.upper, found.lower - said.upper);
        // As a share of the quantile that is nearest: over many correlations p may come near 0.
        let near = |apart: f64, nearest: f64| {
            let beyond = p.lower >= LEVEL && bound.lower > LEVEL;
            let most = self.of_no_effect.filter(|_| beyond).unwrap_or(self.quantile).max(self.quantile);
            apart <= most.max(SHARE * nearest)
        };
        // Where no p is below the floor, all that is said of larger ones may be so.
        let is_above_floor = self.rank_floor.filter(|_| p.upper < LEVEL).is_some_and(|floor| match relation {
            // Of a p above 0.05 that floor alone can be the reason.
            Relation::Greater | Relation::GreaterOrEqual => bound.lower < LEVEL || bound.lower <= floor,
            _ => bound.lower <= floor.max(LEVEL),
        });
        match relation {
            Relation::Equal if below > 0.0 => near(below, found.lower) || is_above_floor,
            Relation::Equal => near(above, found.upper),
            // A p below a bound has a quantile above it.
            Relation::Less | Relation::LessOrEqual => near(above, found.upper),
            Relation::Greater | Relation::GreaterOrEqual => near(below, found.lower) || is_above_floor,
        }
    }

    /// The same of a printed p, which counts as many tails as it is said to: one, in either direction, or both.
    pub(super) fn admits_sided(
        self,
        printed: &Comparison,
        two_sided: Interval,
        tails: Option<Tails>,
        rounding: Rounding,
    ) -> bool {
        if tails != Some(Tails::One) {
            return self.admits_printed(printed, two_sided, rounding);
        }
        let half = two_sided.scaled(0.5);
        // That of the other direction is 1 less it.
        let bound = printed.bound.rounding_interval(rounding).to_interval();
        let turned = Interval { lower: 1.0 - bound.upper, upper: 1.0 - bound.lower };
        self.admits_printed(printed, half, rounding)
            || printed.relation == Relation::Equal && self.admits(Relation::Equal, turned, half)
    }

    /// The same of a printed p of both sides.
    pub(super) fn admits_printed(self, printed: &Comparison, p: Interval, rounding: Rounding) -> bool {
        let bound = match printed.relation {
            Relation::Equal => printed.bound.rounding_interval(rounding).to_interval(),
            _ => Interval::point(printed.bound.value()),
        };
        self.admits(printed.relation, bound, p)
    }
}

/// The smallest two-sided p of n signs, or of their ranks: 2·2⁻ⁿ.
pub(super) fn rank_floor(n: Option<f64>) -> f64 {
    n.map_or(0.0, |n| (1.0 - n).exp2())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reported::ReportedEstimate;

    /// R 4.2.2: z <- c(-1, -2.1, -2.2, -2.9, -3.05, -4, -2.75); t.test(z) has p = 0.00029, wilcox.test(z) 0.0156.
    #[test]
    fn ranks_of_few_people_have_a_floor() {
        let (t, ranks) = (Interval::point(0.000_29), Interval::point(0.015_6));
        assert!(Leeway::of_means(Some(7.0)).admits(Relation::Equal, ranks, t));
        assert!(!Leeway::of_means(Some(40.0)).admits(Relation::Equal, ranks, t));
        // R 4.2.2: wilcox.test of five people has no p below 0.0625.
        let below = Interval::point(0.05);
        assert!(Leeway::of_claim(Some(5)).admits(Relation::GreaterOrEqual, below, Interval::point(1e-6)));
        assert!(!Leeway::of_claim(Some(20)).admits(Relation::Greater, Interval::point(0.2), Interval::point(1e-6)));
        // With 25 people ranks have p far below 0.05, and so they have with nobody knows how many.
        for n in [Some(25.0), Some(7.0), None] {
            assert!(!Leeway::of_means(n).admits(Relation::Greater, below, Interval::point(1e-6)), "{n:?}");
        }
        assert!(Leeway::of_means(Some(25.0)).admits(Relation::Greater, Interval::point(0.01), Interval::point(1e-6)));
        // The floor is one of small p alone: the other way round, and beyond 0.05, tests differ little.
        assert!(!Leeway::of_means(Some(7.0)).admits(Relation::Equal, t, ranks));
        assert!(!Leeway::of_means(Some(7.0)).admits(Relation::Equal, Interval::point(0.4), t));
    }

    /// A p of one side and 1 less it are those of one test in both directions.
    #[test]
    fn either_direction_has_the_same_leeway() {
        let leeway = Leeway::of_means(Some(54.0));
        for (p, two_sided, is_near) in [(0.061, 0.118, true), (0.06, 0.118, true), (0.3, 0.118, false)] {
            for printed in [format!("p = {p:.3}"), format!("p = {:.3}", 1.0 - p)] {
                let printed: Comparison = printed.parse().unwrap();
                let two_sided = Interval::point(two_sided);
                let found = leeway.admits_sided(&printed, two_sided, Some(Tails::One), Rounding::default());
                assert_eq!(found, is_near, "{printed}");
            }
        }
    }

    /// R 4.2.2, survival: of 60 people in each arm, with 2 and 20 events, coxph has a hazard ratio of 0.084 (0.020 to
    /// 0.361), Wald's p of 0.00086, a likelihood-ratio p of 6.7e-06 and a log-rank p of 2.2e-05.
    #[test]
    fn few_events_of_a_large_effect_set_tests_apart() {
        let of = |text: &str, p: &str| {
            let ratio = ReportedEstimate::new(ReportedMeasure::HazardRatio, text.parse().unwrap());
            let on_scale = OnScale::of(&ratio, Rounding::default()).unwrap();
            let df = DegreesOfFreedom::of(ratio.measure, &[]);
            let leeway = Leeway::of(ratio.measure, &on_scale, 0.95, df);
            leeway.admits_printed(&p.parse().unwrap(), on_scale.p(0.95, df).unwrap(), Rounding::default())
        };
        assert!(of("0.084 (0.020 to 0.361)", "p = 0.0000067") && of("0.084 (0.020 to 0.361)", "p = 0.000022"));
        // Not the other way round, and not where the effect is small.
        assert!(!of("0.084 (0.020 to 0.361)", "p = 0.04") && !of("0.70 (0.36 to 1.37)", "p = 0.03"));
    }

    #[test]
    fn a_digit_that_moved_is_too_far() {
        for (printed, found) in [(0.03, 0.3), (0.3, 0.03), (0.002, 0.02), (0.001, 0.01), (0.6, 0.06)] {
            let [printed, found] = [printed, found].map(Interval::point);
            assert!(!Leeway::of_means(Some(50.0)).admits(Relation::Equal, printed, found), "{printed:?} {found:?}");
        }
    }
}
