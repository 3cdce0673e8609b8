//! Before/after effects against 50-digit values (`tests/ref/before_after.py`) and against metafor
//! (`tests/ref/metafor.R`).

use crate::common::{Comparison, golden, number};
use reffect::effect::before_after::{BeforeAfter, Bound, CorrelationNeeded};
use reffect::effect::contrast::{Contrast, ContrastOptions, Correlation};
use reffect::estimate::{Estimate, Measure, Moments};
use reffect::numeric::interval::Interval;
use reffect::numeric::numeral::Numeral;
use reffect::numeric::rounding::Rounding;
use reffect::recover::{ReportedChange, recover_correlation};

/// Everything here is closed form or the root of a smooth function.
const TOLERANCE: f64 = 1e-10;

fn moments(mean: &str, sd: &str) -> Moments {
    let read = |text: &str| text.parse::<Numeral>().unwrap().rounded(Rounding::UpOrDown);
    Moments { mean: read(mean), sd: Some(read(sd)) }
}

fn case(row: &[String]) -> BeforeAfter {
    BeforeAfter {
        n: Some(row[1].parse().unwrap()),
        before: moments(&row[2], &row[3]),
        after: moments(&row[4], &row[5]),
    }
}

/// The measure that a quantity is about, and what of it.
fn parts(quantity: &str) -> Option<(Measure, &str)> {
    let (code, part) = quantity.split_once('.').unwrap_or((quantity, "estimate"));
    let part = part.strip_prefix("estimate.").unwrap_or(part);
    Some((code.parse().ok()?, part))
}

fn of(estimate: &Estimate, part: &str) -> Option<f64> {
    match part {
        "estimate" => estimate.estimate,
        "se" => estimate.se,
        "var" => estimate.se.map(|se| se * se),
        "lower" => estimate.ci.map(|ci| ci.lower),
        "upper" => estimate.ci.map(|ci| ci.upper),
        "rounding.lower" => estimate.rounding.map(|range| range.lower),
        "rounding.upper" => estimate.rounding.map(|range| range.upper),
        _ => panic!("{part}"),
    }
}

#[test]
fn estimates_intervals_and_rounding_agree_with_independent_values() {
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv").iter().filter(|row| !row[6].is_empty()) {
        // Without their correction for bias: the ratio of means is tested below, CVRC is not offered.
        let Some((measure, part)) = parts(&row[7]).filter(|(_, part)| !part.starts_with("plain")) else { continue };
        let r = number(&row[6]);
        let found = of(&case(row).estimate(measure, r, 0.95), part);
        match number(&row[8]) {
            Some(expected) => {
                comparison.close(&row.join(","), found.unwrap_or(f64::NAN), expected, TOLERANCE, 1e-12);
            }
            None => assert_eq!(found, None, "{}", row.join(",")),
        }
    }
    comparison.finish(3500);
}

#[test]
fn without_sds_the_ratio_of_means_has_no_correction() {
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv") {
        let Some(part) = row[7].strip_prefix("ROMC.plain") else { continue };
        let full = case(&row);
        let bare = |moments: Moments| Moments { sd: None, ..moments };
        let means = BeforeAfter { n: full.n, before: bare(full.before), after: bare(full.after) };
        let part = part.strip_prefix('.').unwrap_or("estimate");
        let found = of(&means.estimate(Measure::Romc, None, 0.95), part).unwrap();
        comparison.close(&row.join(","), found, number(&row[8]).unwrap(), TOLERANCE, 1e-12);
    }
    comparison.finish(200);
}

#[test]
fn paired_t_tests_agree_with_independent_values() {
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv").iter().filter(|row| !row[6].is_empty()) {
        let (name, part) = row[7].split_once('.').unwrap_or((&row[7], ""));
        if !matches!(name, "t" | "p") {
            continue;
        }
        let test = case(row).paired_t(number(&row[6]).unwrap()).unwrap();
        let (value, range) = match name {
            "t" => (test.statistic, test.statistic_rounding),
            _ => (test.p, test.p_rounding),
        };
        let found = match part {
            "" => value,
            "rounding.lower" => range.unwrap().lower,
            _ => range.unwrap().upper,
        };
        comparison.close(&row.join(","), found, number(&row[8]).unwrap(), TOLERANCE, 0.0);
    }
    comparison.finish(450);
}

#[test]
fn bounds_over_all_correlations_agree_with_independent_values() {
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv").iter().filter(|row| row[7].starts_with("bounds.")) {
        let bounds = case(row).r_bounds().unwrap();
        let parts: Vec<&str> = row[7].split('.').collect();
        let Bound { lower, upper } = match parts[1] {
            "sd_change" => bounds.sd_change,
            "t" => bounds.t,
            "dz" => bounds.dz,
            "p" => bounds.p,
            other => panic!("{other}"),
        };
        let found = if parts[2] == "lower" { lower } else { upper };
        match number(&row[8]) {
            Some(expected) => {
                comparison.close(&row.join(","), found.unwrap_or(f64::NAN), expected, TOLERANCE, 1e-14);
            }
            None => assert_eq!(found, None, "{}", row.join(",")),
        }
    }
    comparison.finish(70);
}

#[test]
fn correlation_needed_agrees_with_independent_values() {
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv") {
        let Some(digits) = row[7].strip_prefix("r_needed.") else { continue };
        let needed = case(&row).r_needed(format!("0.{digits}").parse().unwrap()).unwrap();
        let expected = number(&row[8]).unwrap();
        match needed {
            CorrelationNeeded::AtLeast { r, .. } => comparison.close(&row.join(","), r, expected, TOLERANCE, 1e-12),
            CorrelationNeeded::Any { .. } => assert!(expected <= -1.0, "{}", row.join(",")),
            CorrelationNeeded::None { .. } => assert!(expected > 1.0, "{}", row.join(",")),
        }
    }
    // Of 20, one is below −1, and four are above 1.
    comparison.finish(15);
}

#[test]
fn metafor_gives_the_same_where_its_formulas_are_ours() {
    let inputs = golden("before_after.csv");
    let mut comparison = Comparison::default();
    for row in golden("metafor.csv") {
        let input = inputs.iter().find(|input| input[0] == row[1]).map(|input| case(input)).unwrap();
        let measure: Measure = row[0].parse().unwrap();
        let estimate = input.estimate(measure, number(&row[2]), 0.95);
        let variance = estimate.se.unwrap().powi(2);
        comparison.close(&format!("vi {}", row.join(",")), variance, number(&row[4]).unwrap(), TOLERANCE, 0.0);
        // Version 3.8 has no correction of the log ratio for bias; version 5 corrects, as we do.
        if measure != Measure::Romc {
            let yi = number(&row[3]).unwrap();
            comparison.close(&format!("yi {}", row.join(",")), estimate.estimate.unwrap(), yi, TOLERANCE, 0.0);
        }
    }
    comparison.finish(280);
}

/// The range of the needed correlation is what a grid over the rounding box finds.
#[test]
fn rounding_moves_the_needed_correlation_as_far_as_a_grid_finds() {
    let edges = |range: reffect::numeric::interval::Interval| {
        (0..=20).map(move |i| range.lower + range.width() * f64::from(i) / 20.0).collect::<Vec<f64>>()
    };
    for (m1, s1, m2, s2) in [("5.1", "1.7", "4.1", "1.6"), ("3.0", "1.5", "0.9", "1.2"), ("3.0", "1.5", "2.6", "1.2")] {
        let printed = BeforeAfter { n: Some(7), before: moments(m1, s1), after: moments(m2, s2) };
        let CorrelationNeeded::AtLeast { rounding, .. } = printed.r_needed(0.05).unwrap() else { panic!("{m1} {m2}") };
        let (mut lower, mut upper) = (f64::INFINITY, f64::NEG_INFINITY);
        let t = reffect::numeric::dist::t_quantile(0.975, 6.0);
        for change in edges(printed.mean_change().range) {
            for a in edges(printed.before.sd.unwrap().range) {
                for b in edges(printed.after.sd.unwrap().range) {
                    let needed = (a * a + b * b - 7.0 * change * change / (t * t)) / (2.0 * a * b);
                    lower = needed.min(lower);
                    upper = needed.max(upper);
                }
            }
        }
        let (lower, upper) = (lower.max(-1.0), upper.min(1.0));
        assert!(rounding.lower <= lower + 1e-12 && upper <= rounding.upper + 1e-12, "{rounding:?} {lower} {upper}");
        assert!((upper - lower) > 0.99 * rounding.width(), "{rounding:?} {lower} {upper}");
    }
}

/// The same through the release file: what `reffect effect data/nmo-tocilizumab-2014.toml` shows.
#[test]
fn effects_of_the_release_agree_with_independent_values() {
    let trials = reffect::read::Dataset::load(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).unwrap();
    let release = trials.release("nmo-tocilizumab-2014").unwrap();
    let options = reffect::effect::contrast::ContrastOptions::default();
    let effects = reffect::effect::of_release::effects(release, &options, Rounding::UpOrDown);
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv") {
        let Some(named) = effects.contrasts.iter().find(|named| named.outcome == row[0]) else { continue };
        let scenario = named.contrast.scenarios.iter().find(|scenario| number(&row[6]) == Some(scenario.r));
        let Some((measure, part)) = parts(&row[7]).filter(|(_, part)| !part.starts_with("plain")) else { continue };
        let Some(scenario) = scenario else { continue };
        let estimate = scenario.estimates.iter().find(|estimate| estimate.measure == measure).unwrap();
        let found = of(estimate, part).unwrap_or(f64::NAN);
        comparison.close(&row.join(","), found, number(&row[8]).unwrap(), TOLERANCE, 1e-12);
    }
    // 4 outcomes at 5 correlations.
    comparison.finish(4 * 5 * 40);
}

/// What `reffect effect --before --after` and `reffect effect --measure` say is the same.
#[test]
fn the_catalogue_gives_the_same() {
    use reffect::effect::measures::{Field, Inputs, Options, escalc, measure};
    let mut comparison = Comparison::default();
    for row in golden("before_after.csv").iter().filter(|row| !row[6].is_empty()) {
        let (input, r) = (case(row), number(&row[6]).unwrap());
        let value = |moments: Moments| (moments.mean.value, moments.sd.unwrap().value);
        let ((m1, s1), (m2, s2)) = (value(input.before), value(input.after));
        for code in ["MC", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH", "ROMC", "VRC", "CVRC"] {
            // metafor's 1 is after, but SMCR and SMCRH divide by its SD 1, which is that before.
            let by_first = ["SMCR", "SMCRH"].contains(&code);
            let (sd1, sd2) = if by_first { (s1, s2) } else { (s2, s1) };
            let n = input.n.unwrap() as f64;
            let inputs = Inputs::from([
                (Field::M1i, m2),
                (Field::M2i, m1),
                (Field::Sd1i, sd1),
                (Field::Sd2i, sd2),
                (Field::Ri, r),
                (Field::Ni, n),
            ]);
            let estimate = input.estimate(code.parse().unwrap(), Some(r), 0.95);
            match escalc(measure(code).unwrap(), &inputs, &Options::default()) {
                Ok(answer) => {
                    comparison.close(code, estimate.estimate.unwrap(), answer.yi, 1e-12, 1e-15);
                    comparison.close(code, estimate.se.unwrap().powi(2), answer.vi.unwrap(), 1e-12, 1e-15);
                }
                Err(_) => assert_eq!(estimate.estimate, None, "{code} {}", row.join(",")),
            }
        }
    }
    comparison.finish(1000);
}

/// metafor 3.8-1: `escalc("ROMC", m1i = -3, sd1i = 1, m2i = -2, sd2i = 1, ni = 10, ri = 0.5)` gives ln 1.5 for two
/// means below 0, and no number for `CVRC`; the ratio of an overview is the same.
#[test]
fn two_means_below_zero_have_a_ratio_and_no_cv() {
    let both = |before: &str, after: &str| BeforeAfter {
        n: Some(10),
        before: moments(before, "1"),
        after: moments(after, "1"),
    };
    let negative = both("-2", "-3");
    let romc = negative.estimate(Measure::Romc, Some(0.5), 0.95);
    // ln(3/2) and half of 1/(10·9) − 1/(10·4), the correction of metafor 5.
    assert!((romc.estimate.unwrap() - (1.5_f64.ln() + 0.5 * (1.0 / 90.0 - 1.0 / 40.0))).abs() < 1e-12, "{romc:?}");
    assert!(romc.notes.iter().any(|note| note.contains("both means are negative")), "{romc:?}");
    assert_eq!(negative.estimate(Measure::Cvrc, Some(0.5), 0.95).estimate, None);
    let ratio = negative.ratio_of_means(Some(0.5), 0.95).unwrap();
    assert!((ratio.ratio - 1.5).abs() < 1e-12 && ratio.ci.unwrap().contains(1.5));
    for (before, after) in [("-2", "3"), ("2", "-3"), ("0", "3")] {
        let mixed = both(before, after);
        assert!(mixed.ratio_of_means(Some(0.5), 0.95).is_err());
        assert_eq!(mixed.estimate(Measure::Romc, Some(0.5), 0.95).estimate, None);
    }
}

/// 5 ± 1 → 4 ± 1 in 7 with a CI of the change that prints as −1 to 0: means of 4.9 and 4.4 with SDs of 1 and a CI from
/// −0.51 to −0.49 print so, and have a t of −122.
#[test]
fn a_t_that_rounding_does_not_bound_has_no_range() {
    let read = |text: &str| text.parse::<Numeral>().unwrap().rounded(Rounding::UpOrDown);
    let input = BeforeAfter { n: Some(7), before: moments("5", "1"), after: moments("4", "1") };
    let reported = ReportedChange::Ci { lower: read("-1"), upper: read("0"), level: 0.95 };
    let found = recover_correlation(&input.before, &input.after, 7, reported).unwrap();
    let correlation = Correlation::Recovered { found, from: "its interval".to_owned() };
    let contrast = Contrast::new(input, &ContrastOptions { correlation, ..ContrastOptions::default() });
    assert_eq!(contrast.tests[0].statistic_rounding, None);
    assert_eq!(contrast.tests[0].p_rounding, Some(Interval { lower: 0.0, upper: 1.0 }));
    let rounding = |measure| contrast.estimate(measure).unwrap().rounding;
    assert_eq!([Measure::Dz, Measure::Gz, Measure::Smcc].map(rounding), [None; 3]);
    // The middle of the interval is between −1 and 0, and SDs of 0.5 make that −2.
    let near = |range: Option<Interval>, lower: f64| range.is_some_and(|of| (of.lower - lower).abs() < 1e-9);
    assert!(near(rounding(Measure::Mc), -1.0) && near(rounding(Measure::Dav), -2.0));
    let words = &contrast.common_language[0].words;
    assert!(words.iter().any(|word| word.name == "CLES" && word.rounding.is_none()), "{words:?}");
}

/// A contrast whose correlation follows from what was reported of the change.
fn recovered(before: [&str; 2], after: [&str; 2], n: u64, reported: ReportedChange) -> Contrast {
    let [before, after] = [before, after].map(|[mean, sd]| moments(mean, sd));
    let found = recover_correlation(&before, &after, n, reported).unwrap();
    let correlation = Correlation::Recovered { found, from: "what was reported".to_owned() };
    let input = BeforeAfter { n: Some(n), before, after };
    Contrast::new(input, &ContrastOptions { correlation, ..ContrastOptions::default() })
}

fn is_within(range: Option<Interval>, [lower, upper]: [f64; 2], slack: f64) -> bool {
    range.is_some_and(|of| {
        of.lower <= lower && upper <= of.upper && of.lower > lower - slack && of.upper < upper + slack
    })
}

/// 5 ± 1 → 6 ± 1 in 100 with a CI of 0.803 to 1.197: the change is 1, and both means move together. A grid over all
/// numbers that print so, with the correction of metafor's ROMC, finds logs from 0.16664 to 0.20107.
#[test]
fn the_change_ties_both_means_of_a_ratio() {
    let read = |text: &str| text.parse::<Numeral>().unwrap().rounded(Rounding::UpOrDown);
    let ci = |ends: [&str; 2]| ReportedChange::Ci { lower: read(ends[0]), upper: read(ends[1]), level: 0.95 };
    let contrast = recovered(["5", "1"], ["6", "1"], 100, ci(["0.803", "1.197"]));
    let rounding = |measure| contrast.estimate(measure).unwrap().rounding;
    assert!(is_within(rounding(Measure::Romc), [0.16664, 0.20107], 1e-5), "{:?}", rounding(Measure::Romc));
    // 6.5/5.5 to 5.5/4.5, but for half of the last digit of the change.
    let ratio = contrast.ratio.and_then(|ratio| ratio.rounding);
    assert!(is_within(ratio, [6.5 / 5.5, 5.5 / 4.5], 2e-4), "{ratio:?}");
    // Of two means below 0 the ratio is that of their sizes.
    let contrast = recovered(["-5", "1"], ["-6", "1"], 100, ci(["-1.197", "-0.803"]));
    let negative = contrast.estimate(Measure::Romc).unwrap().rounding;
    assert!(is_within(negative, [0.16664, 0.20107], 1e-5), "{negative:?}");
}

/// 2 ± 1 → 4 ± 1 in 7 with a t of 2.78: two million numbers that print so, drawn at random with those at r = −1 among
/// them, give an SMCRP from 0.59558 to 1.82869; the bounds enclose them and come within one part in a hundred.
#[test]
fn the_paired_t_ties_the_change_to_its_spread() {
    let t = ReportedChange::T("2.78".parse::<Numeral>().unwrap().rounded(Rounding::UpOrDown));
    let contrast = recovered(["2", "1"], ["4", "1"], 7, t);
    for measure in [Measure::Smcrp, Measure::Smcrph] {
        let range = contrast.estimate(measure).unwrap().rounding;
        assert!(is_within(range, [0.59558, 1.82868], 0.0183), "{range:?}");
    }
}
