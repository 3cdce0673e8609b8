//! What must hold of every result whatever the numbers: symmetries, round trips, orders and limits.

use proptest::prelude::*;
use reffect::check::debit::debit;
use reffect::check::grim::{grim, grim_percentage};
use reffect::check::grimmer::grimmer;
use reffect::effect::before_after::BeforeAfter;
use reffect::effect::counts::Intervals;
use reffect::effect::counts::person_time::{Rate, RateRatio};
use reffect::effect::counts::two_by_two::TwoByTwo;
use reffect::effect::proportion::{Proportion, ProportionCi};
use reffect::effect::two_groups::TwoGroups;
use reffect::estimate::{Estimate, Measure, Moments};
use reffect::numeric::decimal::Decimal;
use reffect::numeric::dist::beta_cdf;
use reffect::numeric::interval::Interval;
use reffect::numeric::numeral::{Numeral, plain_decimal, plain_number};
use reffect::numeric::rounding::{Rounded, Rounding};
use reffect::reconstruct::paired::Paired;
use reffect::reconstruct::{DataSets, Grid, Lattice, Summary};
use reffect::recover::{ReportedChange, recover_correlation, sd_from_spread, variance_from_interval};
use reffect::reported::SpreadMeaning;

fn near(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a - b).abs() <= relative * (1.0 + a.abs().max(b.abs()))
}

fn printed(value: Decimal) -> Numeral {
    value.to_string().parse().unwrap()
}

/// A number rounded to some decimals: halves go up or, at random, down.
fn rounded(value: f64, decimals: i32, half_up: bool) -> Numeral {
    let scaled = value * 10f64.powi(decimals);
    let near_half = (scaled - scaled.floor() - 0.5).abs() < 1e-7;
    let whole = match (near_half, half_up) {
        (true, true) => scaled.floor() + 1.0,
        (true, false) => scaled.floor(),
        (false, _) => scaled.round(),
    };
    printed(Decimal::new(whole as i128, -decimals))
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

mod numbers {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Full width, a printed minus sign and commas between thousands change nothing.
        #[test]
        fn one_number_in_every_dress(whole in -9_999_999i64..10_000_000, cents in 0u32..100) {
            let plain = format!("{}{}.{cents:02}", if whole < 0 { "-" } else { "" }, whole.abs());
            let digits = whole.abs().to_string();
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let grouped = format!("{}{grouped}.{cents:02}", if whole < 0 { "−" } else { "" });
            let wide: String = plain
                .chars()
                .map(|c| match c {
                    '-' => '－',
                    '.' => '．',
                    digit => char::from_u32(digit as u32 - '0' as u32 + '０' as u32).unwrap(),
                })
                .collect();
            let read = |text: &str| text.parse::<Numeral>().unwrap();
            for dress in [&grouped, &wide, &format!("  {plain} ")] {
                prop_assert_eq!(read(dress).decimal(), read(&plain).decimal(), "{}", dress);
                prop_assert_eq!(read(dress).unit(), read(&plain).unit());
            }
            let value = plain.parse::<f64>().unwrap();
            prop_assert_eq!(read(&plain).value(), value);
            prop_assert_eq!(plain_decimal(plain.as_bytes()), Some(value));
            prop_assert_eq!(plain_number(&plain), Some(value));
        }

        /// The fast reading of doubles is that of the standard library, or declines; a number that a double can only
        /// write as 0 is none.
        #[test]
        fn plain_numbers_are_those_of_the_standard_library(text in "[-+]?[0-9]{0,18}[.]?[0-9]{0,18}(e[-+]?[0-9]{1,3})?") {
            let is_zero = !text.split('e').next().unwrap().contains(|c: char| matches!(c, '1'..='9'));
            let stays = |value: &f64| value.is_finite() && (*value != 0.0 || is_zero);
            let expected = text.parse::<f64>().ok().filter(stays);
            if let Some(value) = plain_decimal(text.as_bytes()) {
                prop_assert_eq!(Some(value), expected, "{}", text);
            }
            prop_assert_eq!(plain_number(&text), expected, "{}", text);
        }

        /// The interval of a number holds it and what the convention rounds to it, closed intervals hold the
        /// half-open ones, larger numbers have intervals that lie higher, and another digit never widens one.
        #[test]
        fn intervals_of_rounding(mantissa in -100_000i128..100_000, decimals in 0i32..5, more in 0i128..10) {
            let value = Decimal::new(mantissa, -decimals);
            let next = Decimal::new(mantissa + 1, -decimals);
            let closed = printed(value).rounding_interval(Rounding::UpOrDown);
            for (_, rounding) in Rounding::ALL {
                let interval = printed(value).rounding_interval(rounding);
                prop_assert!(interval.contains(value));
                let above = printed(next).rounding_interval(rounding);
                prop_assert!(interval.lower < above.lower && interval.upper < above.upper);
                if !matches!(rounding, Rounding::Floor | Rounding::Ceil) {
                    prop_assert!(closed.lower <= interval.lower && interval.upper <= closed.upper);
                }
                if rounding == Rounding::Floor {
                    let finer = Decimal::new(10 * mantissa + more, -decimals - 1);
                    let finer = printed(finer).rounding_interval(rounding);
                    prop_assert!(interval.lower <= finer.lower && finer.upper <= interval.upper);
                }
            }
        }
    }
}

mod effects {
    use super::*;

    fn of(estimates: &[Estimate], measure: Measure) -> &Estimate {
        estimates.iter().find(|estimate| estimate.measure == measure).unwrap()
    }

    fn turned(ci: Option<Interval>) -> Option<(f64, f64)> {
        ci.map(|ci| (-ci.upper, -ci.lower))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Standardised changes have no unit and no origin; a mean change has the unit.
        #[test]
        fn changes_in_another_unit(
            n in 3u64..50, m in 1.0f64..9.0, change in -3.0f64..3.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0,
            r in -0.9f64..0.95, unit in 0.01f64..100.0, origin in -50.0f64..50.0,
        ) {
            let input = |a: f64, b: f64| BeforeAfter {
                n: Some(n),
                before: Moments::exact(a * m + b, a * s1),
                after: Moments::exact(a * (m + change) + b, a * s2),
            };
            let (own, other) = (input(1.0, 0.0).estimates(Some(r), 0.95), input(unit, origin).estimates(Some(r), 0.95));
            for measure in [Measure::Dz, Measure::Gz, Measure::Smcc, Measure::Smcr, Measure::Smcrh, Measure::Dav, Measure::Drm, Measure::Vrc] {
                let (a, b) = (of(&own, measure), of(&other, measure));
                prop_assert!(near(a.estimate.unwrap(), b.estimate.unwrap(), 1e-8), "{}", measure);
                prop_assert!(near(a.se.unwrap_or(0.0), b.se.unwrap_or(0.0), 1e-8), "{}", measure);
            }
            let (a, b) = (of(&own, Measure::Mc), of(&other, Measure::Mc));
            prop_assert!(near(unit * a.estimate.unwrap(), b.estimate.unwrap(), 1e-8));
            prop_assert!(near(unit * a.se.unwrap(), b.se.unwrap(), 1e-8));
        }

        /// After and before, exchanged, turn the sign of everything that has the two SDs alike.
        #[test]
        fn changes_turned_round(
            n in 3u64..50, m in 1.0f64..9.0, change in -3.0f64..3.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0,
            r in -0.9f64..0.95,
        ) {
            let (x, y) = (Moments::exact(m, s1), Moments::exact(m + change, s2));
            let there = BeforeAfter { n: Some(n), before: x, after: y };
            let back = BeforeAfter { n: Some(n), before: y, after: x };
            let (a, b) = (there.estimates(Some(r), 0.9), back.estimates(Some(r), 0.9));
            for measure in [Measure::Mc, Measure::Dz, Measure::Gz, Measure::Smcc, Measure::Dav, Measure::Gav, Measure::Drm, Measure::Vrc] {
                let (a, b) = (of(&a, measure), of(&b, measure));
                prop_assert!(near(a.estimate.unwrap(), -b.estimate.unwrap(), 1e-9), "{}", measure);
                let (a, b) = (a.ci.map(|ci| (ci.lower, ci.upper)), turned(b.ci));
                if let (Some(a), Some(b)) = (a, b) {
                    prop_assert!(near(a.0, b.0, 1e-7) && near(a.1, b.1, 1e-7), "{} {:?} {:?}", measure, a, b);
                }
            }
            prop_assert!(near(there.paired_t(r).unwrap().p, back.paired_t(r).unwrap().p, 1e-12));
        }

        /// The closer before and after go together, the smaller the SD of change, the SE and p.
        #[test]
        fn a_larger_correlation_never_widens(
            n in 3u64..50, change in 0.1f64..3.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0, r in -0.95f64..0.9, step in 0.001f64..0.09,
        ) {
            let input = BeforeAfter { n: Some(n), before: Moments::exact(5.0, s1), after: Moments::exact(5.0 + change, s2) };
            let at = |r: f64| (input.estimates(Some(r), 0.95), input.paired_t(r).unwrap());
            let ((low, low_test), (high, high_test)) = (at(r), at(r + step));
            prop_assert!(of(&high, Measure::Mc).se.unwrap() <= of(&low, Measure::Mc).se.unwrap());
            prop_assert!(of(&high, Measure::Dz).estimate.unwrap() >= of(&low, Measure::Dz).estimate.unwrap());
            prop_assert!(high_test.p <= low_test.p);
            let bounds = input.r_bounds().unwrap();
            let p = bounds.p;
            prop_assert!(p.lower.unwrap() <= high_test.p + 1e-12 && low_test.p <= p.upper.unwrap() + 1e-12, "{:?}", p);
        }

        /// Exchanged groups turn the sign of differences and of log ratios; a level below leaves a shorter interval.
        #[test]
        fn groups_turned_round(
            n1 in 3u64..40, n2 in 3u64..40, m1 in 1.0f64..9.0, m2 in 1.0f64..9.0, s1 in 0.3f64..3.0, s2 in 0.3f64..3.0,
        ) {
            let groups = |(n1, m1, s1), (n2, m2, s2)| TwoGroups {
                n: [Some(n1), Some(n2)], groups: [Moments::exact(m1, s1), Moments::exact(m2, s2)],
            };
            let (one, two) = ((n1, m1, s1), (n2, m2, s2));
            let (there, back) = (groups(one, two), groups(two, one));
            let (a, b, short) = (there.estimates(0.95), back.estimates(0.95), there.estimates(0.8));
            for measure in [Measure::Md, Measure::Smd, Measure::Smdh, Measure::Rom, Measure::Vr, Measure::Cvr, Measure::D, Measure::G] {
                let (x, y, z) = (of(&a, measure), of(&b, measure), of(&short, measure));
                prop_assert!(near(x.estimate.unwrap(), -y.estimate.unwrap(), 1e-10), "{}", measure);
                let (x, y, z) = (x.ci.unwrap(), turned(y.ci).unwrap(), z.ci.unwrap());
                prop_assert!(near(x.lower, y.0, 1e-7) && near(x.upper, y.1, 1e-7), "{}", measure);
                prop_assert!(x.lower < z.lower && z.upper < x.upper, "{}", measure);
            }
            prop_assert!(near(there.welch_t().unwrap().p, back.welch_t().unwrap().p, 1e-12));
        }
    }
}

mod round_trips {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// An SD that is reported as an SE, as a population SD or as half an interval comes back.
        #[test]
        fn spreads(n in 2u64..500, sd in 0.01f64..50.0) {
            let size = n as f64;
            let back = |spread: f64, meaning| sd_from_spread(Rounded::exact(spread), meaning, n).unwrap().sd.value;
            prop_assert!(near(back(sd / size.sqrt(), SpreadMeaning::Se), sd, 1e-12));
            prop_assert!(near(back(sd * ((size - 1.0) / size).sqrt(), SpreadMeaning::PopulationSd), sd, 1e-12));
            let half = sd / back(1.0, SpreadMeaning::Ci95);
            prop_assert!(near(back(half, SpreadMeaning::Ci95), sd, 1e-12));
        }

        /// The correlation that made a t, a p, an SD, an SE or an interval of change is recovered from it.
        #[test]
        fn correlations(
            n in 3u64..60, change in 0.3f64..3.0, s1 in 0.5f64..3.0, s2 in 0.5f64..3.0, r in -0.9f64..0.95, level in 0.8f64..0.99,
        ) {
            let input = BeforeAfter { n: Some(n), before: Moments::exact(5.0, s1), after: Moments::exact(5.0 + change, s2) };
            let sd = (s1 * s1 + s2 * s2 - 2.0 * r * s1 * s2).sqrt();
            let test = input.paired_t(r).unwrap();
            let ci = input.estimate(Measure::Mc, Some(r), level).ci.unwrap();
            let exact = Rounded::exact;
            for (reported, precision) in [
                (ReportedChange::Sd(exact(sd)), 1e-9),
                (ReportedChange::Se(exact(sd / (n as f64).sqrt())), 1e-9),
                (ReportedChange::T(exact(test.statistic)), 1e-9),
                (ReportedChange::Ci { lower: exact(ci.lower), upper: exact(ci.upper), level }, 1e-6),
                (ReportedChange::P(exact(test.p)), 1e-5),
            ] {
                // A p near 0 holds no digits of t.
                if matches!(reported, ReportedChange::P(_)) && test.p < 1e-9 {
                    continue;
                }
                let found = recover_correlation(&input.before, &input.after, n, reported).unwrap().r;
                prop_assert!(near(found.value, r, precision), "{:?}: {} and {r}", reported, found.value);
                prop_assert!(found.range.lower <= found.value && found.value <= found.range.upper);
            }
        }

        /// A variance comes back from its interval.
        #[test]
        fn variances(yi in -3.0f64..3.0, se in 0.01f64..2.0, level in 0.5f64..0.999) {
            let z = reffect::numeric::dist::normal_quantile(0.5 + 0.5 * level);
            let found = variance_from_interval(yi, yi - z * se, yi + z * se, level).unwrap();
            prop_assert!(near(found.vi, se * se, 1e-9) && near(found.yi, yi, 1e-12));
        }
    }
}

mod counts {
    use super::*;

    fn by(intervals: &Intervals, name: &str) -> Option<Interval> {
        intervals.by.iter().find(|(known, _)| *known == name).map(|(_, interval)| *interval)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Every interval lies from 0 to 1 and grows with its level, and the exact one inverts the exact test:
        /// P(X ≥ k) at the lower end and P(X ≤ k) at the upper end are half of what is left out.
        #[test]
        fn proportions(n in 1u64..300, share in 0.0f64..=1.0, level in 0.5f64..0.999) {
            let k = (share * n as f64).round() as u64;
            let proportion = Proportion::new(k, n).unwrap();
            for (name, method) in ProportionCi::ALL {
                // That of Agresti and Coull may leave 0 … 1, and its centre moves with the level.
                if method == ProportionCi::AgrestiCoull {
                    continue;
                }
                let (wide, narrow) = (proportion.interval(method, level), proportion.interval(method, 0.9 * level));
                prop_assert!(0.0 <= wide.lower && wide.lower <= wide.upper && wide.upper <= 1.0, "{}", name);
                let is_nested = wide.lower <= narrow.lower + 1e-12 && narrow.upper <= wide.upper + 1e-12;
                prop_assert!(is_nested, "{}", name);
            }
            let exact = proportion.interval(ProportionCi::ClopperPearson, level);
            let (k, n, tail) = (k as f64, n as f64, 0.5 * (1.0 - level));
            // P(X ≥ k | p) is the beta distribution function with k and n − k + 1.
            if k > 0.0 {
                prop_assert!(near(beta_cdf(exact.lower, k, n - k + 1.0), tail, 1e-8));
            }
            if k < n {
                prop_assert!(near(1.0 - beta_cdf(exact.upper, k + 1.0, n - k), tail, 1e-8));
            }
        }

        /// Groups exchanged invert ratios and turn differences round; events and non-events exchanged invert odds;
        /// Fisher's p knows neither.
        #[test]
        fn two_by_two(a in 0u64..30, b in 0u64..30, c in 0u64..30, d in 0u64..30) {
            prop_assume!(a + b > 0 && c + d > 0);
            let table = TwoByTwo::new([a, b, c, d]).unwrap();
            let groups = TwoByTwo::new([c, d, a, b]).unwrap();
            let events = TwoByTwo::new([b, a, d, c]).unwrap();
            let (here, there) = (table.risk_difference(0.95), groups.risk_difference(0.95));
            for (name, interval) in &here.by {
                let other = by(&there, name).unwrap();
                prop_assert!(near(interval.lower, -other.upper, 1e-6) && near(interval.upper, -other.lower, 1e-6), "{}", name);
                prop_assert!((-1.0..=1.0).contains(&interval.lower) && (-1.0..=1.0).contains(&interval.upper));
            }
            let inverse = |one: &Intervals, other: &Intervals| -> Result<(), TestCaseError> {
                for (name, interval) in &one.by {
                    let Some(other) = by(other, name) else { continue };
                    prop_assert!(near(interval.lower, 1.0 / other.upper, 1e-5), "{}: {:?} {:?}", name, interval, other);
                    prop_assert!(near(1.0 / interval.upper, other.lower, 1e-5), "{}: {:?} {:?}", name, interval, other);
                }
                Ok(())
            };
            inverse(&table.odds_ratio(0.95), &groups.odds_ratio(0.95))?;
            inverse(&table.odds_ratio(0.95), &events.odds_ratio(0.95))?;
            inverse(&table.risk_ratio(0.95), &groups.risk_ratio(0.95))?;
            for other in [&groups, &events] {
                prop_assert!(near(table.fisher_p(), other.fisher_p(), 1e-10));
            }
            prop_assert!((0.0..=1.0).contains(&table.fisher_p()));
        }

        /// Rates exchanged invert their ratio; person-time in another unit changes nothing but the rates.
        #[test]
        fn rates(x1 in 0u64..40, x2 in 0u64..40, t1 in 0.5f64..50.0, t2 in 0.5f64..50.0, unit in 0.01f64..100.0) {
            prop_assume!(x1 + x2 > 0);
            let ratio = |x1, t1, x2, t2| RateRatio { first: Rate::new(x1, t1).unwrap(), second: Rate::new(x2, t2).unwrap() };
            let (own, turned) = (ratio(x1, t1, x2, t2), ratio(x2, t2, x1, t1));
            let scaled = ratio(x1, unit * t1, x2, unit * t2);
            for (name, interval) in &own.intervals(0.95).by {
                let other = by(&turned.intervals(0.95), name).unwrap();
                prop_assert!(near(interval.lower, 1.0 / other.upper, 1e-7) && near(1.0 / interval.upper, other.lower, 1e-7), "{}", name);
                let other = by(&scaled.intervals(0.95), name).unwrap();
                prop_assert!(near(interval.lower, other.lower, 1e-9) && near(1.0 / interval.upper, 1.0 / other.upper, 1e-9), "{}", name);
            }
            let (p, q) = (own.p_values().unwrap(), turned.p_values().unwrap());
            prop_assert!(near(p.exact, q.exact, 1e-10) && near(p.mid_p, q.mid_p, 1e-10));
        }
    }
}

mod real_data {
    use super::*;

    fn summary(values: &[f64], decimals: i32, half_up: bool) -> Summary {
        let (mean, sd) = mean_and_sd(values);
        Summary {
            mean: rounded(mean, decimals, half_up),
            spread: Some(rounded(sd, decimals, half_up)),
            meaning: SpreadMeaning::Sd,
            n: values.len() as u64,
            rounding: Rounding::UpOrDown,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// What is printed of real data passes every check, and the data are among those behind it.
        #[test]
        fn pass_every_check(values in prop::collection::vec(0i64..=10, 2..12), decimals in 1i32..4, half_up: bool) {
            let data: Vec<f64> = values.iter().map(|value| *value as f64).collect();
            let summary = summary(&data, decimals, half_up);
            prop_assert!(grim(&summary, Lattice::whole(1)).unwrap().is_consistent(), "{:?}", summary);
            prop_assert!(grimmer(&summary, Lattice::whole(1)).unwrap().is_consistent(), "{:?}", summary);
            let grid = Grid::range(Some(Decimal::from_integer(0)), Some(Decimal::from_integer(10)), Decimal::from_integer(1)).unwrap();
            let sets = DataSets::new(&summary, &grid, &[]).unwrap();
            prop_assert!(sets.exist().unwrap());
            let mut sorted = data.clone();
            sorted.sort_by(f64::total_cmp);
            let mut is_there = false;
            let _ = sets.for_each(|counts| {
                is_there |= sets.values(counts) == sorted;
                std::ops::ControlFlow::Continue(())
            });
            prop_assert!(is_there, "{:?}", summary);
        }

        /// So do zeros and ones, and their percentages.
        #[test]
        fn zeros_and_ones(n in 2u64..80, share in 0.0f64..=1.0, decimals in 1i32..4, half_up: bool) {
            let k = (share * n as f64).round() as u64;
            let data: Vec<f64> = (0..n).map(|at| f64::from(u8::from(at < k))).collect();
            prop_assert!(debit(&summary(&data, decimals, half_up)).unwrap().contains(&k));
            let percentage = rounded(100.0 * k as f64 / n as f64, decimals, half_up);
            prop_assert!(grim_percentage(&percentage, n, Rounding::UpOrDown).unwrap().is_consistent());
        }

        /// Whatever data lie behind two cells, and whoever had which value: the ranges hold what it gives.
        #[test]
        fn paired_ranges_hold_the_data(pairs in prop::collection::vec((0i64..=6, 0i64..=6), 3..8), half_up: bool) {
            let side = |of: fn(&(i64, i64)) -> i64| pairs.iter().map(|pair| of(pair) as f64).collect::<Vec<f64>>();
            let (x, y) = (side(|pair| pair.0), side(|pair| pair.1));
            let grid = Grid::range(Some(Decimal::from_integer(0)), Some(Decimal::from_integer(6)), Decimal::from_integer(1)).unwrap();
            let sets = |values: &[f64]| DataSets::new(&summary(values, 1, half_up), &grid, &[]).unwrap();
            let paired = Paired::new(&sets(&x), &sets(&y), 0.05).unwrap().unwrap();
            let changes: Vec<f64> = y.iter().zip(&x).map(|(y, x)| y - x).collect();
            let (change, sd) = mean_and_sd(&changes);
            let holds = |range: Interval, value: f64| range.lower <= value + 1e-9 && value <= range.upper + 1e-9;
            prop_assert!(holds(paired.sd_change, sd));
            if sd > 0.0 {
                let t = change / (sd / (x.len() as f64).sqrt());
                prop_assert!(holds(paired.t.unwrap(), t) && holds(paired.dz.unwrap(), change / sd));
            }
            let ((mx, sx), (my, sy)) = (mean_and_sd(&x), mean_and_sd(&y));
            if sx > 0.0 && sy > 0.0 {
                let products: f64 = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum();
                prop_assert!(holds(paired.r.unwrap(), products / ((x.len() as f64 - 1.0) * sx * sy)));
            }
        }
    }
}

#[cfg(feature = "models")]
mod pooling {
    use super::*;
    use reffect::meta::deletion::{cumulative, leave_one_out};
    use reffect::meta::subgroup::{GroupTau2, subgroups};
    use reffect::meta::{Fit, Model, Problem};

    const METHODS: [&str; 9] = ["FE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM"];

    fn studies() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((-2.0f64..2.0, 0.05f64..1.5), 3..10)
    }

    fn problem(studies: &[(f64, f64)]) -> Problem {
        Problem::new(studies.iter().map(|study| study.0).collect(), studies.iter().map(|study| study.1).collect())
            .unwrap()
    }

    fn model(method: usize) -> Model {
        Model { estimator: METHODS[method].parse().unwrap(), ..Model::default() }
    }

    fn same(a: &Fit, b: &Fit) -> bool {
        let (x, y) = (&a.coefficients[0], &b.coefficients[0]);
        near(x.estimate, y.estimate, 1e-7)
            && near(x.se, y.se, 1e-7)
            && near(a.tau2, b.tau2, 1e-7)
            && near(a.qe, b.qe, 1e-9)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        /// Without a study is as if it had never been there; the last cumulative fit is that of all, in any order.
        #[test]
        fn studies_taken_out_and_put_in(studies in studies(), method in 0..METHODS.len(), turn in 1usize..9) {
            let (all, model) = (problem(&studies), model(method));
            let whole = model.fit(&all).unwrap();
            for (at, fit) in leave_one_out(&model, &all).unwrap().iter().enumerate() {
                let mut rest = studies.clone();
                rest.remove(at);
                prop_assert!(same(fit.as_ref().unwrap(), &model.fit(&problem(&rest)).unwrap()));
            }
            let mut order: Vec<usize> = (0..studies.len()).collect();
            order.rotate_left(turn % studies.len());
            let grown = cumulative(&model, &all, &order).unwrap();
            prop_assert!(same(grown.last().unwrap().as_ref().unwrap(), &whole));
            prop_assert_eq!(grown.len(), studies.len());
        }

        /// A group is the fit of its studies, and Q of all is Q within and between under a common effect.
        #[test]
        fn groups(studies in studies(), others in studies(), method in 0..METHODS.len()) {
            let all: Vec<(f64, f64)> = studies.iter().chain(&others).copied().collect();
            let levels: Vec<String> = (0..all.len()).map(|at| if at < studies.len() { "a" } else { "b" }.to_owned()).collect();
            let model = model(method);
            let found = subgroups(&model, &problem(&all), &levels, GroupTau2::Own).unwrap();
            for (group, members) in found.groups.iter().zip([&studies, &others]) {
                let own = model.fit(&problem(members)).unwrap();
                prop_assert!(near(group.effect.estimate, own.coefficients[0].estimate, 1e-7) && near(group.tau2, own.tau2, 1e-7));
            }
            if METHODS[method] == "FE" {
                let within: f64 = found.groups.iter().map(|group| group.qe).sum();
                let whole = model.fit(&problem(&all)).unwrap();
                prop_assert!(near(within + found.qb.statistic, whole.qe, 1e-9));
            }
        }

        /// m copies of every study: the same common effect, m times the precision and m times Q; the effect of a
        /// random-effects model stays within the effects of the studies.
        #[test]
        fn copies(studies in studies(), m in 2usize..5, method in 0..METHODS.len()) {
            let copied: Vec<(f64, f64)> = studies.iter().flat_map(|study| vec![*study; m]).collect();
            let common = model(0);
            let (one, many) = (common.fit(&problem(&studies)).unwrap(), common.fit(&problem(&copied)).unwrap());
            let times = m as f64;
            prop_assert!(near(one.coefficients[0].estimate, many.coefficients[0].estimate, 1e-10));
            prop_assert!(near(one.coefficients[0].se, many.coefficients[0].se * times.sqrt(), 1e-10));
            prop_assert!(near(one.qe * times, many.qe, 1e-9));
            let pooled = model(method).fit(&problem(&studies)).unwrap();
            let effects = Interval::hull(studies.iter().map(|study| study.0)).unwrap();
            let estimate = pooled.coefficients[0].estimate;
            prop_assert!(effects.lower - 1e-12 <= estimate && estimate <= effects.upper + 1e-12);
            prop_assert!(pooled.tau2 >= 0.0 && pooled.i2.is_some_and(|i2| (0.0..=100.0).contains(&i2)) && pooled.h2 >= Some(0.0));
        }
    }
}
