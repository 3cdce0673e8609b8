//! Everything that can be said of one before/after contrast.

use super::before_after::{BeforeAfter, Bound, CorrelationNeeded, RBounds, RatioOfMeans, smcrp_correction};
use super::common_language::{PairedLanguage, change_in_other_words};
use super::ranges::told_of_correction;
use super::small_sample::hedges_j;
use crate::diagnostic::keep_each_once;
use crate::estimate::{Estimate, Measure, TestResult};
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::recover::RecoveredCorrelation;
use crate::reported::Scale;

/// The correlations at which results are shown where none is reported. They are scenarios: no
/// result is computed at any of them unless it says so.
pub const SCENARIOS: [f64; 5] = [0.0, 0.3, 0.5, 0.7, 0.9];

/// What is known of the correlation between before and after.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Correlation {
    /// Nothing.
    #[default]
    Unknown,
    /// It was given, as one value or several from −1 to 1.
    Given(Vec<f64>),
    /// It follows from something reported.
    Recovered {
        /// The correlation, and what rounding leaves of it and of the paired t.
        found: RecoveredCorrelation,
        /// What it was recovered from.
        from: String,
    },
}

/// How a contrast is to be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct ContrastOptions {
    /// What is known of the correlation.
    pub correlation: Correlation,
    /// The level of confidence intervals, a share between 0 and 1.
    pub level: f64,
    /// The p-value for which the needed correlation is given.
    pub alpha: f64,
}

impl Default for ContrastOptions {
    fn default() -> Self {
        Self { correlation: Correlation::Unknown, level: 0.95, alpha: 0.05 }
    }
}

/// The results at one assumed correlation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Scenario {
    /// The correlation.
    pub r: f64,
    /// A result for each measure.
    pub estimates: Vec<Estimate>,
    /// The paired t-test, where there is one.
    pub test: Option<TestResult>,
    /// The ratio of means with its interval, where both means are above 0, or both below.
    pub ratio: Option<RatioOfMeans>,
}

/// A before/after contrast and what follows from it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Contrast {
    /// The numbers.
    pub input: BeforeAfter,
    /// What was known of the correlation.
    pub correlation: Correlation,
    /// The level of the intervals.
    pub level: f64,
    /// One result for each measure and each correlation that was given or recovered; for each
    /// measure once, with what needs no correlation, where it is unknown.
    pub estimates: Vec<Estimate>,
    /// The paired t-test at each of those correlations.
    pub tests: Vec<TestResult>,
    /// What would follow at several correlations, where it is unknown.
    pub scenarios: Vec<Scenario>,
    /// The change in other words, at each of those correlations.
    pub common_language: Vec<PairedLanguage>,
    /// The ratio of means, where both are above 0, or both below.
    pub ratio: Option<RatioOfMeans>,
    /// The interval of the mean change at r = −1, which holds that for every other r.
    pub widest: Option<Estimate>,
    /// Bounds over all correlations.
    pub r_bounds: Option<RBounds>,
    /// The p-value for which `r_needed` is.
    pub alpha: f64,
    /// The smallest correlation at which the paired t-test reaches `alpha`.
    pub r_needed: Option<CorrelationNeeded>,
    /// What was read into the printed numbers, such as a ± that the source does not explain.
    pub caveats: Vec<String>,
    /// What would follow if a ± that the source does not explain were the SE.
    pub other_reading: Option<String>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

impl Contrast {
    /// Computes every measure. A correlation that is none, a mean that is no finite number, an SD below 0 and a level
    /// that is no share between 0 and 1 are refused as by [`BeforeAfter::estimate`]: the notes say so.
    ///
    /// ```
    /// use reffect::effect::before_after::BeforeAfter;
    /// use reffect::effect::contrast::{Contrast, ContrastOptions};
    /// use reffect::estimate::Moments;
    /// use reffect::numeric::rounding::Rounded;
    ///
    /// let slope = |mean| Moments { mean: Rounded::exact(mean), sd: None };
    /// let decline = BeforeAfter { n: Some(5), before: slope(0.47), after: slope(0.25) };
    /// let contrast = Contrast::new(decline, &ContrastOptions::default());
    /// // Without SDs there is a difference and a ratio, and a reason for everything else.
    /// assert!(contrast.estimates.iter().all(|e| e.ci.is_none()));
    /// assert!(contrast.notes[0].contains("no SD before and after is reported"));
    /// ```
    pub fn new(input: BeforeAfter, options: &ContrastOptions) -> Self {
        // Where an SD is 0 there is no correlation, and whatever stands for it changes nothing.
        let is_constant = input.is_constant();
        let known: Vec<f64> = match &options.correlation {
            Correlation::Unknown if is_constant => vec![0.0],
            Correlation::Unknown => Vec::new(),
            Correlation::Given(values) => values.clone(),
            Correlation::Recovered { found, .. } => vec![found.r.value],
        };
        let (tests, untested): (Vec<_>, Vec<_>) = known.iter().map(|r| input.paired_t(*r)).partition(Result::is_ok);
        let bounds = input.r_bounds();
        let rs: Vec<Option<f64>> =
            if known.is_empty() { vec![None] } else { known.iter().copied().map(Some).collect() };
        let words = |r: &Option<f64>| {
            let of = |measure| input.estimate(measure, *r, options.level);
            Some(change_in_other_words(&of(Measure::Dav), &of(Measure::Dz))).filter(|told| !told.words.is_empty())
        };
        let mut contrast = Self {
            input,
            common_language: rs.iter().filter_map(words).collect(),
            correlation: options.correlation.clone(),
            level: options.level,
            estimates: rs.into_iter().flat_map(|r| input.estimates(r, options.level)).collect(),
            tests: tests.into_iter().flatten().collect(),
            scenarios: Vec::new(),
            ratio: input.ratio_of_means(known.first().copied(), options.level).ok(),
            widest: None,
            r_bounds: bounds.as_ref().ok().copied(),
            alpha: options.alpha,
            r_needed: input.r_needed(options.alpha).ok(),
            caveats: Vec::new(),
            other_reading: None,
            notes: untested.into_iter().filter_map(Result::err).map(String::from).collect(),
        };
        if let Correlation::Recovered { found, .. } = &options.correlation {
            contrast.round_with(found);
        }
        contrast.notes.extend(told_of_correction(&contrast.estimates));
        keep_each_once(&mut contrast.notes);
        // By measure, so that what is compared stands side by side; within one the order stays.
        contrast.estimates.sort_by_key(|estimate| estimate.measure.position());
        match (bounds, &options.correlation) {
            (Ok(_), Correlation::Unknown) if is_constant => {
                contrast.notes.push("an SD is 0: there is no correlation, and results do not depend on r".to_owned());
            }
            (Err(reason), _) if contrast.r_needed.is_none() && contrast.tests.is_empty() => {
                contrast.notes.retain(|note| note != reason.reason());
                let absent = if input.lacks_n_alone() { "no correction for bias" } else { "no standardised change" };
                contrast.notes.push(format!("{reason}: no interval, no test, {absent}"));
            }
            (Ok(_), Correlation::Unknown) => contrast.add_scenarios(),
            _ => {}
        }
        contrast
    }

    /// The ratio of the means with its interval at each correlation that is known; without an interval where none is.
    pub fn ratios(&self) -> Vec<RatioOfMeans> {
        let known: Vec<f64> = match (&self.correlation, self.ratio) {
            (Correlation::Given(values), Some(_)) => values.clone(),
            _ => return self.ratio.into_iter().collect(),
        };
        known.into_iter().filter_map(|r| self.input.ratio_of_means(Some(r), self.level).ok()).collect()
    }

    /// What was reported of the change says which numbers behind the printed ones go together: more than their rounding
    /// at one correlation does.
    ///
    /// A printed mean change may not be among them, where a confidence interval has more digits: the range then reaches
    /// from what is to the estimate.
    fn round_with(&mut self, found: &RecoveredCorrelation) {
        let compatible = &found.compatible;
        let t = compatible.paired_t();
        if let Some(test) = self.tests.first_mut() {
            test.round_with(t);
            let statistic = test.statistic;
            let finite = t.filter(|t| t.is_finite());
            self.round_multiples(&[Measure::Dz, Measure::Gz, Measure::Smcc], statistic, finite);
        }
        let multiples: [(&[Measure], Option<Interval>); 5] = [
            (&[Measure::Mc], compatible.changes()),
            (&[Measure::Dpre, Measure::Gpre, Measure::Smcr, Measure::Smcrh], compatible.by_sd_before()),
            (&[Measure::Dav, Measure::Gav], compatible.by_average_sd()),
            (&[Measure::DavLakens], compatible.by_mean_of_sds()),
            (&[Measure::Drm, Measure::Grm], compatible.by_raw_sd()),
        ];
        for (measures, range) in multiples {
            if let Some(of) = self.estimate(measures[0]).and_then(|estimate| estimate.estimate) {
                self.round_multiples(measures, of, range);
            }
        }
        if let Some(vrc) = self.estimate(Measure::Vrc).and_then(|estimate| estimate.estimate) {
            self.round_multiples(&[Measure::Vrc], vrc, compatible.ratios_of_sds().map(|of| of.map_monotone(f64::ln)));
        }
        self.round_smcrp(found);
        self.round_logs_of_means(found);
        if let (Some(dav), Some(dz)) = (self.estimate(Measure::Dav), self.estimate(Measure::Dz)) {
            let told = change_in_other_words(dav, dz);
            self.common_language = Some(told).filter(|told| !told.words.is_empty()).into_iter().collect();
        }
    }

    /// These are dav with a correction that falls in the size of r.
    fn round_smcrp(&mut self, found: &RecoveredCorrelation) {
        let Some(n) = self.input.n.map(|n| n as f64) else { return };
        let Some(smcrp) = self.estimate(Measure::Smcrp).and_then(|smcrp| smcrp.estimate) else { return };
        // The sum of both SDs is no less than the SD of change, and √((s₁² + s₂²)/2) no less than half of the sum.
        let factor = |r: Interval, [s1, s2, y]: [Interval; 3]| {
            let spread = |a: f64, b: f64| (0.5 * (a * a + b * b)).sqrt();
            let j = |r: f64| smcrp_correction(n, r).unwrap_or(f64::NAN);
            let r = r.abs();
            let least = spread(s1.lower, s2.lower).max(0.5 * y.lower);
            Interval { lower: j(r.upper) / spread(s1.upper, s2.upper), upper: j(r.lower) / least }
        };
        // (s₁² + s₂²)/2 = y²/2 + r s₁s₂ is no less than y²/(2(1 − r)) where r is below 0, and y²/2 where it is not.
        let most = |r: Interval| {
            const PARTS: usize = 8;
            let step = r.width() / PARTS as f64;
            let of_part = |part: usize| {
                let lower = r.lower + step * part as f64;
                let j =
                    smcrp_correction(n, Interval { lower, upper: lower + step }.abs().lower).unwrap_or(f64::INFINITY);
                j * (2.0 * (1.0 - lower.min(0.0))).sqrt()
            };
            (0..PARTS).map(of_part).fold(0.0, f64::max)
        };
        self.round_multiples(&[Measure::Smcrp, Measure::Smcrph], smcrp, found.compatible.bounds(factor, most));
    }

    /// Logarithms of means and of coefficients of variation rest on both means and not on their difference alone; but
    /// they differ by a change that goes with what was reported.
    fn round_logs_of_means(&mut self, found: &RecoveredCorrelation) {
        let ranges = self.input.logs_over(&|means, sign, of| found.compatible.over_means(means, sign, of));
        let Some([plain, corrected, of_cvs]) = ranges else { return };
        for (measure, range) in [(Measure::Romc, corrected), (Measure::Cvrc, of_cvs)] {
            for estimate in self.estimates.iter_mut().filter(|estimate| estimate.measure == measure) {
                let known =
                    estimate.rounding.zip(range).and_then(|(known, range)| known.common(range)).or(estimate.rounding);
                estimate.rounding = known.zip(estimate.estimate).map(|(range, of)| range.including(of));
            }
        }
        if let (Some(ratio), Some(plain)) = (&mut self.ratio, plain) {
            ratio.rounding = Some(plain.map_monotone(f64::exp).including(ratio.ratio));
        }
    }

    /// Measures that are multiples of a quantity get multiples of its range.
    fn round_multiples(&mut self, measures: &[Measure], of: f64, range: Option<Interval>) {
        let n = self.input.n.map(|n| n as f64);
        for estimate in &mut self.estimates {
            let Some(value) = estimate.estimate.filter(|_| measures.contains(&estimate.measure)) else { continue };
            // Where the quantity is 0 so are its multiples, and the factor has to be known otherwise.
            let factor = if of != 0.0 { Some(value / of) } else { n.and_then(|n| multiple(estimate.measure, n)) };
            estimate.rounding = range.zip(factor).map(|(range, factor)| range.including(of).scaled(factor));
        }
    }

    /// What would follow at several correlations, where none is known.
    fn add_scenarios(&mut self) {
        let (input, level) = (self.input, self.level);
        let scenario = |r| Scenario {
            r,
            estimates: input.estimates(Some(r), level),
            test: input.paired_t(r).ok(),
            ratio: input.ratio_of_means(Some(r), level).ok(),
        };
        self.scenarios = SCENARIOS.map(scenario).to_vec();
        self.widest = Some(input.estimate(Measure::Mc, Some(-1.0), level));
        self.notes.push(
            "the correlation r between before and after is not reported; what depends on it is shown for several r, \
             none of which is a default"
                .to_owned(),
        );
    }

    /// The first estimate of a measure.
    pub fn estimate(&self, measure: Measure) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.measure == measure)
    }

    /// The changes that the scale allows, given the mean before: from its lower to its upper end.
    pub fn possible_change(&self, scale: &Scale) -> Bound {
        let before = self.input.before.mean.value;
        let [lower, upper] = [scale.min(), scale.max()].map(|end| end.map(|end| end.to_f64() - before));
        Bound { lower, upper }
    }

    /// Adds a note where an interval of the mean change leaves what the scale allows.
    pub fn check_scale(&mut self, scale: &Scale) {
        let possible = self.possible_change(scale);
        let scenarios = self.scenarios.iter().flat_map(|scenario| &scenario.estimates);
        let changes = self.estimates.iter().chain(scenarios).filter(|estimate| estimate.measure == Measure::Mc);
        let leaves: Vec<(f64, f64, f64)> = changes
            .filter_map(|estimate| {
                let (ci, r) = (estimate.ci?, estimate.r?);
                let below = possible.lower.filter(|limit| ci.lower < *limit).map(|limit| (r, ci.lower, limit));
                below.or_else(|| possible.upper.filter(|limit| ci.upper > *limit).map(|limit| (r, ci.upper, limit)))
            })
            .collect();
        if let Some((r, end, limit)) = leaves.first() {
            self.notes.push(format!(
                "the interval of the mean change leaves the scale: at r = {} it reaches {}, \
                 and from the mean before the scale allows no mean change beyond {}",
                significant(*r, 1),
                fixed(*end, 2),
                fixed(*limit, 2),
            ));
        }
    }
}

/// What a measure is times the quantity that its range of rounding comes from: the paired t for dz and its kin, and for
/// others the first of theirs.
fn multiple(measure: Measure, n: f64) -> Option<f64> {
    match measure {
        Measure::Dz => Some(1.0 / n.sqrt()),
        Measure::Gz | Measure::Smcc => Some(hedges_j(n - 1.0)? / n.sqrt()),
        Measure::Gpre | Measure::Smcr | Measure::Smcrh | Measure::Gav | Measure::Grm => hedges_j(n - 1.0),
        _ => Some(1.0),
    }
}
