//! Two groups, each measured once.

use super::measures::{Field, Inputs, Options, YiVi, escalc, measure as catalogued};
use super::moments;
use super::ranges::{
    LARGE_CORRECTION, POSITIVE_MEAN, RATIO_OF_SIZES, both_rising, is_large_correction, log, log_cv, log_mean,
    of_one_sign, pooled_sd, root_mean_square, standardised,
};
use super::sampling::{Sampling, limits_of_d};
use super::small_sample::hedges_j;
use crate::diagnostic::Refused;
use crate::estimate::{Estimate, Measure, Moments, TWO_GROUP_MEASURES, TestKind, TestResult, possible_level};
use crate::numeric::dist::{normal_critical, t_two_sided_p};
use crate::numeric::golden::minimum_between;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::numeric::two_samples::welch_df;
use crate::reported::MeanSd;

/// Means, and where they are known standard deviations and sizes, of two groups.
///
/// ```
/// use reffect::effect::two_groups::TwoGroups;
/// use reffect::estimate::Measure;
/// use reffect::numeric::rounding::Rounding;
///
/// let printed = ["0.4 ± 0.8".parse()?, "2.1 ± 1.2".parse()?];
/// let arms = TwoGroups::reported(&printed, [Some(7), Some(8)], Rounding::default());
/// let g = arms.estimate(Measure::G, 0.95);
/// // The interval leaves out 0 exactly where Student's t-test has p < 0.05.
/// assert!(g.ci.is_some_and(|ci| ci.upper < 0.0) && arms.student_t()?.p < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoGroups {
    /// The sizes of the groups.
    pub n: [Option<u64>; 2],
    /// Group 1 and group 2.
    pub groups: [Moments; 2],
}

/// Everything that an interval needs.
#[derive(Clone, Copy, Debug)]
struct Complete {
    n: [f64; 2],
    m: [Rounded; 2],
    s: [Rounded; 2],
}

impl Complete {
    fn difference(&self) -> Rounded {
        self.m[0].minus(self.m[1])
    }

    /// The degrees of freedom of the pooled SD.
    fn df(&self) -> f64 {
        self.n[0] + self.n[1] - 2.0
    }

    fn pooled_sd(&self) -> Rounded {
        pooled_sd(self.s, self.n)
    }

    /// √(1/n₁ + 1/n₂), by which d is t.
    fn unit(&self) -> f64 {
        (1.0 / self.n[0] + 1.0 / self.n[1]).sqrt()
    }

    /// √(s₁²/n₁ + s₂²/n₂)
    fn standard_error(&self) -> Rounded {
        let [n1, n2] = self.n;
        both_rising(self.s[0], self.s[1], |s1, s2| (s1 * s1 / n1 + s2 * s2 / n2).sqrt())
    }

    /// s₁²/n₁ and s₂²/n₂ for some SDs.
    fn squared_errors(&self, s: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| s[i] * s[i] / self.n[i])
    }

    /// The degrees of freedom of Welch (1938) at the printed SDs.
    fn printed_df(&self) -> f64 {
        welch_df(self.squared_errors(self.s.map(|s| s.value)), self.n)
    }

    /// The two-sided p-values of Welch's t-test over all numbers that print so; t is to be bounded.
    ///
    /// With a/b fixed df is, and p rises in a and b, so that p is least where a or b is and largest where one of them
    /// is. Along such an edge p rises in b from b = a(n₂ − 1)/(n₁ − 1) on, since df falls there as t does; up to there
    /// df rises, and p may turn.
    fn welch_p(&self) -> Interval {
        let change = self.difference().range.abs();
        let [s1, s2] = self.s.map(|s| s.not_negative().range);
        let (least, most) = (self.squared_errors([s1.lower, s2.lower]), self.squared_errors([s1.upper, s2.upper]));
        let p = |change: f64, errors: [f64; 2]| match change {
            0.0 => 1.0,
            _ => t_two_sided_p(change / (errors[0] + errors[1]).sqrt(), welch_df(errors, self.n)),
        };
        // Where the square of group i has one value, and the other goes as far as p may turn.
        let turned = |i: usize, value: f64, objective: &dyn Fn([f64; 2]) -> f64| {
            let other = 1 - i;
            let turn = value * (self.n[other] - 1.0) / (self.n[i] - 1.0);
            let at = |x: f64| if i == 0 { [value, x] } else { [x, value] };
            let end = turn.min(most[other]);
            (end > least[other]).then(|| at(minimum_between(|x| objective(at(x)), least[other], end)))
        };
        let extreme = |corner: [f64; 2], objective: &dyn Fn([f64; 2]) -> f64| {
            let turns = [0, 1].into_iter().filter_map(|i| turned(i, corner[i], objective));
            turns.chain([corner]).map(objective).fold(f64::INFINITY, f64::min)
        };
        let lower = extreme(least, &|errors| p(change.upper, errors));
        let upper = -extreme(most, &|errors| -p(change.lower, errors));
        Interval { lower, upper }
    }

    /// The row of the catalogue's table for the printed numbers.
    fn inputs(&self) -> Inputs {
        Inputs::from([
            (Field::M1i, self.m[0].value),
            (Field::Sd1i, self.s[0].value),
            (Field::N1i, self.n[0]),
            (Field::M2i, self.m[1].value),
            (Field::Sd2i, self.s[1].value),
            (Field::N2i, self.n[1]),
        ])
    }
}

impl TwoGroups {
    /// Numbers as they are printed, each ± as the SD.
    pub fn reported(groups: &[MeanSd; 2], n: [Option<u64>; 2], rounding: Rounding) -> Self {
        Self { n, groups: [moments(&groups[0], rounding), moments(&groups[1], rounding)] }
    }

    /// The second group first.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let ([n, other_n], [group, other]) = (self.n, self.groups);
        Self { n: [other_n, n], groups: [other, group] }
    }

    /// The mean of group 1 less that of group 2.
    pub fn mean_difference(&self) -> Rounded {
        self.groups[0].mean.minus(self.groups[1].mean)
    }

    /// That means and SDs can be those of data.
    fn possible(&self) -> Result<(), Refused> {
        self.groups[0].possible("of group 1")?;
        self.groups[1].possible("of group 2")
    }

    fn complete(&self) -> Result<Complete, Refused> {
        self.possible()?;
        let [Some(s1), Some(s2)] = self.groups.map(|group| group.sd) else {
            let which = match self.groups.map(|group| group.sd.is_some()) {
                [false, false] => "of either group",
                [false, true] => "of group 1",
                _ => "of group 2",
            };
            return Err(format!("no SD {which} is reported").into());
        };
        let [Some(n1), Some(n2)] = self.n else {
            return Err("the sizes of the groups are not both reported".into());
        };
        if n1 < 2 || n2 < 2 {
            return Err("a group of one has no spread".into());
        }
        let m = self.groups.map(|group| group.mean);
        Ok(Complete { n: [n1 as f64, n2 as f64], m, s: [s1, s2] })
    }

    /// Whether SDs and sizes of both groups are there, as every interval needs them.
    pub fn is_complete(&self) -> bool {
        self.complete().is_ok()
    }

    /// Every measure, in the order of [`TWO_GROUP_MEASURES`].
    pub fn estimates(&self, level: f64) -> Vec<Estimate> {
        TWO_GROUP_MEASURES.iter().map(|info| self.estimate(info.measure, level)).collect()
    }

    /// One measure, with an interval of the given level.
    ///
    /// Whatever the numbers do not allow is absent, and the notes say why: everything, where a mean is no finite number
    /// or an SD none of at least 0; the interval, where the level is no share between 0 and 1.
    pub fn estimate(&self, measure: Measure, level: f64) -> Estimate {
        let mut estimate = Estimate::of_point(measure, None, self.possible().and_then(|()| self.point(measure)));
        if estimate.estimate.is_none() {
            return estimate;
        }
        if measure == Measure::Rom && !self.is_complete() {
            estimate.notes.push("not corrected for bias, which needs both sizes and SDs".to_owned());
        }
        if measure == Measure::Rom && self.groups.iter().all(|group| group.mean.value < 0.0) {
            estimate.notes.push(RATIO_OF_SIZES.to_owned());
        }
        let means = self.groups.map(|group| group.mean.value);
        let plain = (means[0] / means[1]).ln();
        if measure == Measure::Rom && estimate.estimate.is_some_and(|found| is_large_correction(plain, found)) {
            estimate.notes.push(LARGE_CORRECTION.to_owned());
        }
        let all = possible_level(level).and_then(|()| self.complete());
        Sampling::complete(all.and_then(|all| sampling(&all, measure, level)), estimate)
    }

    /// The estimate over the printed numbers and over all that print so.
    fn point(&self, measure: Measure) -> Result<Rounded, Refused> {
        let all = self.complete();
        let corrected = |point: Result<Rounded, Refused>, df: f64| {
            let j = hedges_j(df).ok_or_else(|| format!("the correction J is not defined for {df} degrees of freedom"));
            Ok::<_, Refused>(point?.scaled(j?))
        };
        match measure {
            Measure::Md => Ok(self.mean_difference()),
            Measure::Rom => self.log_ratio_of_means(),
            _ => {
                let all = all?;
                let by = |spread: Rounded| standardised(all.difference(), spread);
                match measure {
                    Measure::D => by(all.pooled_sd()),
                    Measure::G | Measure::Smd => corrected(by(all.pooled_sd()), all.df()),
                    Measure::Smdh => corrected(by(root_mean_square(all.s[0], all.s[1])), all.df()),
                    Measure::Smd1 | Measure::Smd1h => corrected(by(all.s[1]), all.n[1] - 1.0),
                    Measure::Vr => log_ratio_of_sds(&all),
                    Measure::Cvr => log_ratio_of_cvs(&all),
                    _ => Err("it compares before with after".into()),
                }
            }
        }
    }

    /// The differences in units of an SD that go by the name of a standardised one: by the pooled SD, by that of either
    /// group and by the root of the mean of both squares, each without and with Hedges' correction.
    ///
    /// Source: Glass (1976), Educ Res 5:3; Cohen (1988), Statistical Power Analysis, p. 44; Hedges (1981), J Educ Stat
    /// 6:107.
    ///
    /// # Errors
    /// If SDs or sizes are not reported, or a number is none of data.
    pub(crate) fn standardised_differences(&self) -> Result<Vec<(String, Interval)>, Refused> {
        let all = self.complete()?;
        let by = [
            ("pooled SD", all.pooled_sd(), all.df()),
            ("SD of the second arm", all.s[1], all.n[1] - 1.0),
            ("SD of the first arm", all.s[0], all.n[0] - 1.0),
            ("mean square of both SDs", root_mean_square(all.s[0], all.s[1]), all.df()),
        ];
        let mut found = Vec::new();
        for (name, spread, df) in by {
            let Ok(plain) = standardised(all.difference(), spread) else { continue };
            let corrected = hedges_j(df).map(|j| (format!("{name}, corrected"), plain.scaled(j).range));
            found.extend([(name.to_owned(), plain.range)].into_iter().chain(corrected));
        }
        found.retain(|(_, range)| range.is_finite());
        Ok(found)
    }

    /// ln(m₁/m₂), with its correction for bias where SDs and sizes are there.
    fn log_ratio_of_means(&self) -> Result<Rounded, Refused> {
        let means = of_one_sign(self.groups.map(|group| group.mean))?;
        let [first, second] = match self.complete() {
            Ok(all) => [0, 1].map(|i| log_mean(means[i], all.s[i], all.n[i])),
            Err(_) => means.map(|mean| log_mean(mean, Rounded::exact(0.0), 1.0)),
        };
        Ok(first.minus(second))
    }

    /// Student's t-test, for equal SDs.
    ///
    /// Source: Student (1908), Biometrika 6:1; Fisher (1925), Metron 5:90.
    ///
    /// # Errors
    /// If SDs or sizes are not reported, both SDs are 0, a mean is no finite number or an SD none of at least 0.
    pub fn student_t(&self) -> Result<TestResult, Refused> {
        let all = self.complete()?;
        let d = standardised(all.difference(), all.pooled_sd()).map_err(|_| "no test: both SDs are 0".to_owned())?;
        let statistic = d.scaled(1.0 / all.unit());
        // p falls in |t|.
        let p = |t: Interval| t.abs().map_monotone(|t| t_two_sided_p(t, all.df()));
        Ok(test(TestKind::StudentT, statistic, all.df(), p))
    }

    /// Welch's t-test, for unequal SDs.
    ///
    /// Source: Welch (1938), Biometrika 29:350; Satterthwaite (1946), Biometrics Bull 2:110.
    ///
    /// # Errors
    /// As for [`TwoGroups::student_t`].
    pub fn welch_t(&self) -> Result<TestResult, Refused> {
        let all = self.complete()?;
        let statistic =
            standardised(all.difference(), all.standard_error()).map_err(|_| "no test: both SDs are 0".to_owned())?;
        Ok(test(TestKind::WelchT, statistic, all.printed_df(), |_| all.welch_p()))
    }
}

fn log_ratio_of_sds(all: &Complete) -> Result<Rounded, Refused> {
    if all.s.iter().any(|s| s.value <= 0.0) {
        return Err("a ratio needs SDs above 0".into());
    }
    let plain = log(all.s[0]).minus(log(all.s[1]));
    let [a, b] = all.n.map(|n| 1.0 / (2.0 * (n - 1.0)));
    Ok(plain.minus(Rounded::exact(b - a)))
}

fn log_ratio_of_cvs(all: &Complete) -> Result<Rounded, Refused> {
    log_ratio_of_sds(all)?;
    if all.m.iter().any(|m| m.value <= 0.0) {
        return Err(POSITIVE_MEAN.into());
    }
    let [first, second] = [0, 1].map(|i| log_cv(all.m[i], all.s[i], all.n[i]));
    let [a, b] = all.n.map(|n| 1.0 / (2.0 * (n - 1.0)));
    Ok(first.minus(second).minus(Rounded::exact(b - a)))
}

/// A test, with the p-values of a range of its statistic.
fn test(kind: TestKind, statistic: Rounded, df: f64, p_rounding: impl Fn(Interval) -> Interval) -> TestResult {
    let finite = Some(statistic.range).filter(|range| range.is_finite());
    TestResult {
        kind,
        r: None,
        statistic: statistic.value,
        df,
        p: t_two_sided_p(statistic.value, df),
        statistic_rounding: finite,
        p_rounding: finite.map(p_rounding),
    }
}

fn sampling(all: &Complete, measure: Measure, level: f64) -> Result<Sampling, Refused> {
    match measure {
        Measure::Md => {
            let (se, df) = (all.standard_error().value, all.printed_df());
            if se <= 0.0 {
                return Err("both SDs are 0".into());
            }
            Ok(Sampling::by_t(all.difference().value, se, df, level))
        }
        Measure::D => noncentral(all, level),
        Measure::G => {
            let j = hedges_j(all.df()).ok_or("the correction J is not defined")?;
            Ok(noncentral(all, level)?.scaled(j))
        }
        _ if all.s.iter().all(|sd| sd.value == 0.0) => Err("both SDs are 0".into()),
        _ => {
            let row = catalogued(measure.code())?;
            let answer: YiVi = escalc(row, &all.inputs(), &Options::default()).map_err(|reason| reason.to_string())?;
            let ci = answer.interval(normal_critical(level));
            match (answer.vi, ci) {
                (Some(vi), Some(ci)) => Ok(Sampling { se: vi.sqrt(), df: None, ci }),
                _ => Err(answer.note.map_or("its variance is not defined".into(), |note| note.to_string().into())),
            }
        }
    }
}

/// The interval of d from the noncentrality of Student's t, and its large-sample standard error.
fn noncentral(all: &Complete, level: f64) -> Result<Sampling, Refused> {
    let d = standardised(all.difference(), all.pooled_sd())?.value;
    let (unit, df) = (all.unit(), all.df());
    let se = (unit * unit + d * d / (2.0 * (all.n[0] + all.n[1]))).sqrt();
    Ok(Sampling { se, df: Some(df), ci: limits_of_d(d, unit, df, level)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln(0.4/2.1) = −1.66, and ½·(s₁²/(n₁·m₁²) − s₂²/(n₂·m₂²)) = 1.84 with SDs of 2.1 and 3.4 of 7 and 8.
    #[test]
    fn a_correction_larger_than_the_ratio_is_told() {
        let told = |s: [f64; 2]| {
            let note = groups([0.4, 2.1], s, [7, 8], 0.0).estimate(Measure::Rom, 0.95).notes;
            note.iter().any(|note| note.contains("larger than the log ratio itself"))
        };
        assert_eq!([told([2.1, 3.4]), told([0.2, 0.4])], [true, false]);
    }

    /// The ratio of two means below 0 is that of their sizes: ln(2.9/0.4), 1.98100146886658 by `escalc("ROM", …)$yi` of
    /// metafor 3.8-1, with the correction of Lajeunesse (2015), eq. 8, ½(1.1²/(7·2.9²) − 0.8²/(9·0.4²)), which metafor
    /// 5 makes too.
    #[test]
    fn means_below_zero_have_a_ratio() {
        const ROM: f64 = 1.981_001_468_866_58 + 0.5 * (1.21 / (7.0 * 8.41) - 0.64 / (9.0 * 0.16));
        let printed = ["-2.9 ± 1.1", "-0.4 ± 0.8"].map(|text| text.parse().unwrap());
        let groups = TwoGroups::reported(&printed, [Some(7), Some(9)], Rounding::default());
        let found = groups.estimate(Measure::Rom, 0.95);
        assert!((found.estimate.unwrap() - ROM).abs() < 1e-12, "{found:?}");
        assert!(found.rounding.is_some_and(|range| range.contains(ROM)));
        assert_eq!(found.notes, ["both means are negative: the ratio is that of their sizes"]);
        let mixed = ["2.9 ± 1.1", "-0.4 ± 0.8"].map(|text| text.parse().unwrap());
        let groups = TwoGroups::reported(&mixed, [Some(7), Some(9)], Rounding::default());
        assert_eq!(groups.estimate(Measure::Rom, 0.95).estimate, None);
    }

    fn groups(m: [f64; 2], s: [f64; 2], n: [u64; 2], half: f64) -> TwoGroups {
        let rounded = |value: f64| Rounded { value, range: Interval::between(value - half, value + half) };
        let group = |i: usize| Moments { mean: rounded(m[i]), sd: Some(rounded(s[i])) };
        TwoGroups { n: n.map(Some), groups: [group(0), group(1)] }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// The interval leaves out 0 exactly where its test has p below its level.
        #[test]
        fn intervals_agree_with_their_tests(
            m in -3.0f64..3.0, k in -3.0f64..3.0, s in 0.3f64..2.0, u in 0.3f64..2.0, n in 2u64..30, l in 2u64..30,
            level in 0.5f64..0.999,
        ) {
            let arms = groups([m, k], [s, u], [n, l], 0.0);
            for (measure, test) in
                [(Measure::Md, arms.welch_t()), (Measure::D, arms.student_t()), (Measure::G, arms.student_t())]
            {
                let Some(ci) = arms.estimate(measure, level).ci else { continue };
                let p = test.unwrap().p;
                proptest::prop_assert_eq!(!ci.contains(0.0), p < 1.0 - level, "{}: {:?}, p = {}", measure, ci, p);
            }
        }

        /// No numbers that print as the given ones give anything outside the rounding ranges.
        #[test]
        fn rounding_holds_every_point(
            m in 1.0f64..5.0, k in 1.0f64..5.0, s in 0.3f64..4.0, u in 0.3f64..4.0, n in 3u64..9, l in 3u64..9,
            shift in proptest::array::uniform4(-1.0f64..=1.0),
        ) {
            let half = 0.05;
            let printed = groups([m, k], [s, u], [n, l], half);
            let moved = |x: f64, i: usize| x + half * shift[i];
            let real = groups([moved(m, 0), moved(k, 1)], [moved(s, 2), moved(u, 3)], [n, l], 0.0);
            for info in TWO_GROUP_MEASURES {
                let range = printed.estimate(info.measure, 0.95).rounding.unwrap();
                let value = real.estimate(info.measure, 0.95).estimate.unwrap();
                let slack = 1e-12 * (1.0 + value.abs());
                proptest::prop_assert!(range.lower - slack <= value && value <= range.upper + slack, "{}", info.code);
            }
            for (printed, real) in [(printed.student_t(), real.student_t()), (printed.welch_t(), real.welch_t())] {
                let (printed, real) = (printed.unwrap(), real.unwrap());
                let holds = |range: Option<Interval>, value: f64| {
                    range.is_some_and(|range| range.lower - 1e-12 <= value && value <= range.upper + 1e-12)
                };
                proptest::prop_assert!(holds(printed.statistic_rounding, real.statistic), "{}", printed.kind.name());
                proptest::prop_assert!(holds(printed.p_rounding, real.p), "{}", printed.kind.name());
            }
        }
    }

    /// The least and the largest p over 801 × 801 SDs that print so, at both ends of the difference of the means: scipy
    /// 1.x, `2*t.sf(d/sqrt(a + b), (a + b)**2/(a*a/(n1 - 1) + b*b/(n2 - 1)))`.
    #[test]
    fn the_range_of_welch_p_is_what_a_grid_finds() {
        for (m, s, n, half, least, most) in [
            ([2.7, 6.3], [0.5, 0.9], [3, 2], 0.05, 0.052_663_909_9, 0.085_939_285_2),
            ([-3.9, -1.8], [1.3, 1.7], [4, 20], 0.05, 0.026_241_667_7, 0.048_346_167_7),
            ([0.0, 0.0], [1.0, 1.0], [10, 25], 0.5, 5.753_945_2e-5, 1.0),
            ([-1.0, -1.0], [1.0, 1.0], [3, 60], 0.5, 0.042_902_166, 1.0),
        ] {
            let found = groups(m, s, n, half).welch_t().unwrap().p_rounding.unwrap();
            let close = |found: f64, grid: f64| (found / grid - 1.0).abs() < 1e-5;
            assert!(close(found.lower, least) && close(found.upper, most), "{found:?} {least} {most}");
        }
    }

    #[test]
    fn estimates_are_those_of_the_catalogue() {
        let arms = groups([2.9, 0.4], [1.1, 0.8], [7, 9], 0.05);
        let all = arms.complete().unwrap();
        for info in TWO_GROUP_MEASURES.iter().filter(|info| catalogued(info.code).is_ok()) {
            let row = escalc(catalogued(info.code).unwrap(), &all.inputs(), &Options::default()).unwrap();
            let estimate = arms.estimate(info.measure, 0.95);
            assert!((estimate.estimate.unwrap() / row.yi - 1.0).abs() < 1e-13, "{}", info.code);
            assert!((estimate.se.unwrap().powi(2) / row.vi.unwrap() - 1.0).abs() < 1e-13, "{}", info.code);
        }
    }

    #[test]
    fn what_is_missing_is_told() {
        let bare = |mean: f64| Moments { mean: Rounded::exact(mean), sd: None };
        let arms = TwoGroups { n: [Some(5), Some(5)], groups: [bare(0.5), bare(0.25)] };
        assert_eq!(arms.estimate(Measure::Md, 0.95).estimate, Some(0.25));
        assert!((arms.estimate(Measure::Rom, 0.95).estimate.unwrap() - 2f64.ln()).abs() < 1e-15);
        assert!(arms.estimate(Measure::D, 0.95).notes[0].contains("no SD of either group is reported"));
        assert!(arms.welch_t().is_err() && !arms.is_complete());
    }
}
