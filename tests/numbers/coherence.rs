//! An interval leaves out the null if and only if p of its test is below its level.

use proptest::prelude::*;
use reffect::effect::before_after::BeforeAfter;
use reffect::effect::between::BetweenContrast;
use reffect::effect::change::ChangeContrast;
use reffect::effect::counts::pairs::Pairs;
use reffect::effect::counts::person_time::{Rate, RateRatio};
use reffect::effect::proportion::{Proportion, ProportionCi};
use reffect::effect::two_groups::TwoGroups;
use reffect::estimate::{Estimate, Measure, Moments};
use reffect::numeric::dist::beta_cdf;
use reffect::numeric::interval::Interval;

/// Whether interval and test agree; too near to the level, neither is asked.
fn agree(ci: Interval, null: f64, p: f64, level: f64) -> bool {
    (p - (1.0 - level)).abs() < 1e-9 || ci.contains(null) == (p > 1.0 - level)
}

fn ci(estimates: &[Estimate], measure: Measure) -> Interval {
    estimates.iter().find(|estimate| estimate.measure == measure).and_then(|estimate| estimate.ci).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changes(
        n in 2u64..60, change in -4.0f64..4.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0, r in -0.95f64..0.99,
        level in 0.5f64..0.999,
    ) {
        let input = BeforeAfter { n: Some(n), before: Moments::exact(5.0, s1), after: Moments::exact(5.0 + change, s2) };
        let (estimates, test) = (input.estimates(Some(r), level), input.paired_t(r).unwrap());
        let mut measures = vec![Measure::Mc, Measure::Dz];
        // J needs two degrees of freedom.
        if n > 2 {
            measures.push(Measure::Gz);
        }
        for measure in measures {
            prop_assert!(agree(ci(&estimates, measure), 0.0, test.p, level), "{}: {:?}", measure, test);
        }
    }

    #[test]
    fn changes_with_their_own_sd(n in 2u64..60, mean in -4.0f64..4.0, sd in 0.3f64..3.0, level in 0.5f64..0.999) {
        let contrast = ChangeContrast::new(Some(n), Moments::exact(mean, sd), level);
        let test = contrast.test.as_ref().unwrap();
        for measure in [Measure::Mc, Measure::Dz] {
            prop_assert!(agree(ci(&contrast.estimates, measure), 0.0, test.p, level), "{}: {:?}", measure, test);
        }
    }

    #[test]
    fn two_groups(
        n1 in 2u64..60, n2 in 2u64..60, difference in -4.0f64..4.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0,
        level in 0.5f64..0.999,
    ) {
        let input = TwoGroups { n: [Some(n1), Some(n2)], groups: [Moments::exact(5.0 + difference, s1), Moments::exact(5.0, s2)] };
        let contrast = BetweenContrast::new(input, level);
        let p = |name: &str| contrast.tests.iter().find(|test| test.kind.name() == name).unwrap().p;
        for measure in [Measure::D, Measure::G] {
            prop_assert!(agree(ci(&contrast.estimates, measure), 0.0, p("student-t"), level), "{}", measure);
        }
        prop_assert!(agree(ci(&contrast.estimates, Measure::Md), 0.0, p("welch-t"), level));
        // What is said in other words is said of the same d.
        let cles = contrast.common_language.iter().find(|word| word.name == "CLES").unwrap();
        prop_assert!(agree(cles.ci.unwrap(), 0.5, p("student-t"), level));
    }

    #[test]
    fn counts(a in 0u64..30, b in 0u64..30, time in 0.5f64..9.0, level in 0.5f64..0.999) {
        prop_assume!(a + b > 0);
        let ratio = RateRatio { first: Rate::new(a, time).unwrap(), second: Rate::new(b, 3.0).unwrap() };
        let (intervals, p) = (ratio.intervals(level), ratio.p_values().unwrap());
        let by = |intervals: &[(&str, Interval)], name: &str| intervals.iter().find(|(of, _)| *of == name).unwrap().1;
        prop_assert!(agree(by(&intervals.by, "exact"), 1.0, p.exact, level));
        prop_assert!(agree(by(&intervals.by, "mid-p"), 1.0, p.mid_p, level));
        let pairs = Pairs::new([3, a, b, 4]).unwrap();
        let (odds, test) = (pairs.odds_ratio(level), pairs.mcnemar().unwrap());
        prop_assert!(agree(by(&odds.by, "exact"), 1.0, test.p_values.exact, level));
    }

    /// The exact test of a share of one half: twice the smaller tail.
    #[test]
    fn shares(n in 1u64..60, part in 0.0f64..1.0, level in 0.5f64..0.999) {
        let k = (part * (n + 1) as f64).floor() as u64;
        let proportion = Proportion::new(k.min(n), n).unwrap();
        let k = k.min(n);
        let at_most = |k: u64| if k >= n { 1.0 } else { beta_cdf(0.5, (n - k) as f64, k as f64 + 1.0) };
        let at_least = if k == 0 { 1.0 } else { 1.0 - at_most(k - 1) };
        let p = (2.0 * at_most(k).min(at_least)).min(1.0);
        prop_assert!(agree(proportion.interval(ProportionCi::ClopperPearson, level), 0.5, p, level), "{} of {}: {}", k, n, p);
    }
}
