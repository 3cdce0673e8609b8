//! Numbers that no data have, and levels that are none: nothing is computed from them, and the reason is told.

use reffect::effect::before_after::BeforeAfter;
use reffect::effect::change::ChangeContrast;
use reffect::effect::contrast::{Contrast, ContrastOptions, Correlation};
use reffect::effect::counts::pairs::Pairs;
use reffect::effect::counts::person_time::{Rate, RateRatio};
use reffect::effect::counts::two_by_two::TwoByTwo;
use reffect::effect::pre_post_control::{Arm, PrePostControl};
use reffect::effect::proportion::{Proportion, ProportionCi};
use reffect::effect::two_groups::TwoGroups;
use reffect::estimate::{Estimate, MEASURES, Measure, Moments, TWO_GROUP_MEASURES};
use reffect::numeric::rounding::{Rounded, Rounding};
use reffect::recover::{
    FiveNumbers, OfMean, ReportedChange, recover_correlation, sd_of_mean, variance_from_interval, variance_from_z,
};
use reffect::reported::LARGEST_COUNT;

const NO_CORRELATIONS: [f64; 6] = [f64::NAN, 1.9, -2.0, 1.0 + 1e-12, f64::INFINITY, f64::NEG_INFINITY];
const NO_LEVELS: [f64; 6] = [95.0, -1.0, 0.0, 1.0, f64::NAN, f64::INFINITY];

fn relapses() -> BeforeAfter {
    BeforeAfter::reported(&"2.9 ± 1.1".parse().unwrap(), &"0.4 ± 0.8".parse().unwrap(), Some(7), Rounding::default())
}

fn arms() -> TwoGroups {
    let printed = ["0.4 ± 0.8", "2.1 ± 1.2"].map(|text| text.parse().unwrap());
    TwoGroups::reported(&printed, [Some(7), Some(8)], Rounding::default())
}

/// Whether nothing at all was computed, for a reason that holds a word.
fn is_refused(estimate: &Estimate, why: &str) -> bool {
    let nothing = [estimate.estimate, estimate.se, estimate.df, estimate.r].iter().all(Option::is_none);
    nothing && estimate.ci.is_none() && estimate.rounding.is_none() && estimate.notes.iter().any(|n| n.contains(why))
}

/// Whether only the interval is missing, because of the level.
fn lacks_its_interval(estimate: &Estimate) -> bool {
    let nothing = estimate.se.is_none() && estimate.df.is_none() && estimate.ci.is_none();
    nothing && estimate.estimate.is_some() && estimate.notes.iter().any(|note| note.contains("the confidence level is"))
}

#[test]
fn impossible_correlations_are_refused() {
    let change = relapses();
    for r in NO_CORRELATIONS {
        for info in MEASURES {
            let found = change.estimate(info.measure, Some(r), 0.95);
            assert!(is_refused(&found, "a correlation lies between −1 and 1"), "{r}: {found:?}");
        }
        assert!(change.paired_t(r).unwrap_err().reason().contains("a correlation lies between −1 and 1"), "{r}");
        assert!(change.ratio_of_means(Some(r), 0.95).is_err());
        let options = ContrastOptions { correlation: Correlation::Given(vec![r]), ..ContrastOptions::default() };
        let contrast = Contrast::new(change, &options);
        assert!(contrast.tests.is_empty() && contrast.ratio.is_none() && contrast.common_language.is_empty());
        assert!(contrast.estimates.iter().all(|of| is_refused(of, "between −1 and 1")), "{contrast:?}");
        assert!(contrast.notes.iter().any(|note| note.contains("between −1 and 1")), "{:?}", contrast.notes);
    }
    for r in [-1.0, 0.0, 1.0] {
        assert!(change.estimate(Measure::Mc, Some(r), 0.95).ci.is_some() && change.paired_t(r).is_ok());
    }
}

#[test]
fn impossible_means_and_sds_are_refused() {
    let fine = Moments::exact(2.9, 1.1);
    let bad = [(f64::NAN, 1.1), (f64::INFINITY, 1.1), (2.9, -1.1), (2.9, f64::NAN), (2.9, f64::INFINITY)];
    for other in bad.map(|(mean, sd)| Moments::exact(mean, sd)) {
        for (before, after) in [(fine, other), (other, fine)] {
            let change = BeforeAfter { n: Some(7), before, after };
            assert!(!change.is_complete());
            assert!(change.estimates(Some(0.5), 0.95).iter().all(|of| of.estimate.is_none() && of.ci.is_none()));
            assert!(is_refused(&change.estimate(Measure::Mc, None, 0.95), "a finite number"));
            assert!(change.paired_t(0.5).unwrap_err().reason().contains("a finite number"));
            assert!(change.r_needed(0.05).is_err() && change.r_bounds().is_err());
            assert!(change.p_over_correlations().is_err() && change.ratio_of_means(None, 0.95).is_err());
            assert!(recover_correlation(&before, &after, 7, ReportedChange::Sd(Rounded::exact(1.0))).is_err());
            let groups = TwoGroups { n: [Some(7), Some(8)], groups: [before, after] };
            assert!(groups.estimates(0.95).iter().all(|of| is_refused(of, "a finite number")));
            assert!(groups.student_t().is_err() && groups.welch_t().is_err());
            let arm = |before: Moments| Arm { n: Some(20), before, after: fine };
            let control = PrePostControl { treated: arm(before), control: arm(after) };
            assert!(is_refused(&control.d_ppc2(None, 0.95), "a finite number"));
        }
        let change = ChangeContrast::new(Some(7), other, 0.95);
        assert!(change.test.is_none() && change.estimates.iter().all(|of| is_refused(of, "of the change is")));
        assert!(change.notes[0].contains("a finite number"), "{:?}", change.notes);
    }
    // An SD of 0 is one.
    assert!(TwoGroups { n: [Some(7), Some(8)], groups: [fine, Moments::exact(1.0, 0.0)] }.welch_t().is_ok());
}

#[test]
fn impossible_levels_leave_no_interval() {
    let (change, groups) = (relapses(), arms());
    let table = TwoByTwo::new([56, 14, 48, 32]).unwrap();
    let pairs = Pairs::new([3, 4, 5, 2]).unwrap();
    let [first, second] = [Rate::new(3, 7.0).unwrap(), Rate::new(9, 8.0).unwrap()];
    for level in NO_LEVELS {
        assert!(lacks_its_interval(&change.estimate(Measure::Mc, Some(0.5), level)), "{level}");
        assert!(change.ratio_of_means(Some(0.5), level).is_err());
        let contrasts = TWO_GROUP_MEASURES.iter().map(|info| groups.estimate(info.measure, level));
        assert!(contrasts.into_iter().all(|of| of.estimate.is_none() || lacks_its_interval(&of)), "{level}");
        let arm = Arm { n: Some(20), before: Moments::exact(3.0, 1.0), after: Moments::exact(2.0, 1.0) };
        let control = PrePostControl { treated: arm, control: arm };
        assert!(lacks_its_interval(&control.d_ppc2(Some(0.5), level)));
        let all = [
            table.risk_ratio(level),
            table.odds_ratio(level),
            table.risk_difference(level),
            pairs.difference(level),
            pairs.odds_ratio(level),
            first.intervals(level),
            RateRatio { first, second }.intervals(level),
        ];
        for found in all {
            assert!(found.by.is_empty() && found.estimate.is_some(), "{level}: {found:?}");
            assert!(found.notes[0].contains("the confidence level is"), "{found:?}");
        }
        assert!(table.number_needed(level).is_empty());
        for (_, method) in ProportionCi::ALL {
            let interval = Proportion::new(0, 7).unwrap().interval(method, level);
            assert!(interval.lower.is_nan() && interval.upper.is_nan());
        }
        assert!(variance_from_interval(1.0, 0.5, 1.5, level).is_err());
        assert!(sd_of_mean(5.0, 25.0, OfMean::Interval { lower: 4.0, upper: 6.0, level }).is_err());
        let [lower, upper] = [Rounded::exact(-3.0), Rounded::exact(-2.0)];
        let reported = ReportedChange::Ci { lower, upper, level };
        let refused = recover_correlation(&change.before, &change.after, 7, reported).unwrap_err();
        assert!(refused.to_string().contains("the confidence level is"), "{refused}");
    }
}

#[test]
fn what_is_no_number_gives_no_variance_and_no_sd() {
    for bad in [f64::NAN, f64::INFINITY] {
        assert!(variance_from_z(bad, 2.0).is_err() && variance_from_z(1.0, bad).is_err());
        assert!(variance_from_interval(bad, 0.5, 1.5, 0.95).is_err());
        assert!(variance_from_interval(1.0, 0.5, bad, 0.95).is_err());
        let fine =
            FiveNumbers { q1: Some(12.0), median: Some(15.0), q3: Some(19.0), n: 80.0, ..FiveNumbers::default() };
        assert!(fine.mean_and_sd().is_ok());
        assert!(FiveNumbers { median: Some(bad), ..fine }.mean_and_sd().is_err());
        assert!(FiveNumbers { n: bad, ..fine }.mean_and_sd().is_err());
        let [before, after] = [Moments::exact(5.1, 1.7), Moments::exact(4.1, 1.6)];
        let of = |reported| recover_correlation(&before, &after, 7, reported);
        assert!(
            of(ReportedChange::Sd(Rounded::exact(bad))).is_err() && of(ReportedChange::T(Rounded::exact(bad))).is_err()
        );
        assert!(of(ReportedChange::Sd(Rounded::exact(-1.0))).is_err());
        assert!(of(ReportedChange::P(Rounded::exact(1.5))).is_err());
    }
}

#[test]
fn counts_that_are_too_large_are_refused_and_the_largest_are_computed_with() {
    for cells in [[u64::MAX, 0, 1, 1], [1, 1, u64::MAX, u64::MAX], [u64::MAX / 4; 4]] {
        assert!(TwoByTwo::new(cells).unwrap_err().reason().contains("too large"), "{cells:?}");
    }
    let half = u64::try_from(LARGEST_COUNT).unwrap() / 2;
    let largest = TwoByTwo::new([half, half, half - 20_000, half + 20_000]).unwrap();
    // 2 * pnorm(-z) with z = 20000/sqrt(5e8/1) in R 4.2.2, to which Fisher's test tends.
    let z: f64 = 20_000.0 / 5e8f64.sqrt();
    let p = reffect::numeric::dist::normal_two_sided_p(z);
    assert!((largest.fisher_p() / p - 1.0).abs() < 1e-3, "{} {p}", largest.fisher_p());
    assert!(largest.risk_ratio(0.95).by_method("katz").is_some());
    assert!(Rate::new(u64::MAX, 1.0).is_err());
    let most = Rate::new(Rate::MOST_EVENTS, 1.0).unwrap();
    assert_eq!(RateRatio { first: most, second: most }.likelihood_p(), None);
    assert!(RateRatio { first: most, second: most }.p_values().is_some());
}
