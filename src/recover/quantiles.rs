//! Mean and standard deviation from quantiles: the smallest value, quartiles, median, the largest.

use crate::diagnostic::Refused;
use crate::numeric::dist::normal_quantile;

/// What was reported of a sample. What was not is absent.
///
/// ```
/// use reffect::recover::{FiveNumbers, Skewness};
///
/// let reported = FiveNumbers { q1: Some(12.0), median: Some(15.0), q3: Some(19.0), n: 80.0, ..FiveNumbers::default() };
/// let recovered = reported.mean_and_sd()?;
/// assert!((recovered.mean.ok_or("a mean")? - 15.352_437_5).abs() < 1e-9);
/// assert!(matches!(reported.skewness(), Some(Skewness { is_significant: false, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FiveNumbers {
    /// The smallest value.
    pub min: Option<f64>,
    /// The lower quartile.
    pub q1: Option<f64>,
    /// The median.
    pub median: Option<f64>,
    /// The upper quartile.
    pub q3: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The size of the sample.
    pub n: f64,
}

/// A mean and an SD, and how each was obtained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FromQuantiles {
    /// The mean, where the median is there.
    pub mean: Option<f64>,
    /// The SD.
    pub sd: f64,
    /// The papers and equations.
    pub method: &'static str,
    /// What else the method found.
    pub notes: Vec<String>,
}

/// How a mean and an SD come from quantiles, under the names of metafor's `conv.fivenum`; the feature `models`
/// brings those that fit a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantileMethod {
    /// Luo et al. (2018), Wan et al. (2014) and Shi et al. (2020), for data from a normal distribution.
    #[default]
    LuoWanShi,
    /// Quantile estimation, McGrath et al. (2020).
    #[cfg(feature = "models")]
    Qe,
    /// Box–Cox, McGrath et al. (2020).
    #[cfg(feature = "models")]
    Bc,
    /// The method for unknown non-normal distributions, Cai et al. (2021).
    #[cfg(feature = "models")]
    Mln,
}

/// The test of whether quantiles belong to a symmetric distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skewness {
    /// The statistic.
    pub statistic: f64,
    /// Its critical value at the level 0.05.
    pub critical: f64,
    /// Whether the statistic reaches it.
    pub is_significant: bool,
}

/// Fewer than these are too few for the formulas.
const LEAST: f64 = 5.0;

impl FiveNumbers {
    /// Mean and SD by one of the methods.
    ///
    /// # Errors
    /// If the numbers are not finite or not in order, not enough, or n is below 5; beside the first method, if the
    /// median is missing, and for the last two, if a number is not above 0 or two are the same.
    pub fn mean_and_sd_by(&self, method: QuantileMethod) -> Result<FromQuantiles, Refused> {
        match method {
            QuantileMethod::LuoWanShi => self.mean_and_sd(),
            #[cfg(feature = "models")]
            QuantileMethod::Qe => self.by_quantile_estimation(),
            #[cfg(feature = "models")]
            QuantileMethod::Bc => self.by_box_cox(),
            #[cfg(feature = "models")]
            QuantileMethod::Mln => self.by_unknown_distribution(),
        }
    }

    /// All numbers that are there, in order, the median among them.
    #[cfg(feature = "models")]
    pub(super) fn with_median(&self) -> Result<Vec<f64>, Refused> {
        self.check()?;
        if self.median.is_none() {
            return Err("missing: median, without which only luo/wan/shi gives an SD".into());
        }
        let (range, quartiles) = (self.range(), self.quartiles());
        let ends = [range.map(|ends| ends.0), quartiles.map(|ends| ends.0)];
        let others = [self.median, quartiles.map(|ends| ends.1), range.map(|ends| ends.1)];
        Ok(ends.into_iter().chain(others).flatten().collect())
    }

    /// The normal scores of the largest value and of the upper quartile: Wan et al. (2014).
    pub(super) fn scores(&self) -> (f64, f64) {
        let n = self.n;
        (normal_quantile((n - 0.375) / (n + 0.25)), normal_quantile((0.75 * n - 0.125) / (n + 0.25)))
    }

    pub(super) fn range(&self) -> Option<(f64, f64)> {
        self.min.zip(self.max)
    }

    pub(super) fn quartiles(&self) -> Option<(f64, f64)> {
        self.q1.zip(self.q3)
    }

    /// Whether the numbers are finite, stand in order, and are enough.
    ///
    /// # Errors
    /// What contradicts what, or what is missing.
    pub fn check(&self) -> Result<(), Refused> {
        let named = [("min", self.min), ("q1", self.q1), ("median", self.median), ("q3", self.q3), ("max", self.max)];
        let there: Vec<(&str, f64)> = named.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        if let Some((name, value)) = there.iter().find(|(_, value)| !value.is_finite()) {
            return Err(format!("{name} is {value}, and a finite number was expected").into());
        }
        if let Some(pair) = there.windows(2).find(|pair| pair[0].1 > pair[1].1) {
            let [(low, a), (high, b)] = [pair[0], pair[1]];
            return Err(format!("{low} = {a} is above {high} = {b}").into());
        }
        if self.range().is_none() && self.quartiles().is_none() {
            return Err("an SD needs min and max, or q1 and q3".into());
        }
        if !(self.n >= LEAST && self.n.is_finite()) {
            return Err(format!("n = {}: these formulas need at least 5 members", self.n).into());
        }
        Ok(())
    }

    /// Mean and SD for data from a normal distribution: the mean by Luo et al. (2018), Stat Methods
    /// Med Res 27:1785, the SD by Wan et al. (2014), BMC Med Res Methodol 14:135, from the range or
    /// the quartiles, and by Shi et al. (2020), Res Synth Methods 11:641, from all five.
    ///
    /// # Errors
    /// If the numbers are not finite or not in order, too few, or n is below 5.
    pub fn mean_and_sd(&self) -> Result<FromQuantiles, Refused> {
        self.check()?;
        let n = self.n;
        let (extreme, quartile) = self.scores();
        let middle = |(a, b): (f64, f64)| 0.5 * (a + b);
        let width = |(a, b): (f64, f64)| b - a;
        let of_median = |weighted: f64, rest: f64| self.median.map(|median| weighted + rest * median);
        Ok(match (self.range(), self.quartiles()) {
            (Some(range), None) => {
                let w = 4.0 / (4.0 + n.powf(0.75));
                let sd = width(range) / (2.0 * extreme);
                let method = "mean: Luo 2018, eq. 7; SD: Wan 2014, eq. 9";
                FromQuantiles { mean: of_median(w * middle(range), 1.0 - w), sd, method, notes: Vec::new() }
            }
            (None, Some(quartiles)) => {
                let w = 0.7 + 0.39 / n;
                let sd = width(quartiles) / (2.0 * quartile);
                let method = "mean: Luo 2018, eq. 11; SD: Wan 2014, eq. 16";
                FromQuantiles { mean: of_median(w * middle(quartiles), 1.0 - w), sd, method, notes: Vec::new() }
            }
            (Some(range), Some(quartiles)) => {
                let (w1, w2) = (2.2 / (2.2 + n.powf(0.75)), 0.7 - 0.72 / n.powf(0.55));
                let root = n.powf(0.6);
                let sd = width(range) / ((2.0 + 0.14 * root) * extreme)
                    + width(quartiles) / ((2.0 + 2.0 / (0.07 * root)) * quartile);
                let method = "mean: Luo 2018, eq. 15; SD: Shi 2020, eq. 10";
                let weighted = w1 * middle(range) + w2 * middle(quartiles);
                FromQuantiles { mean: of_median(weighted, 1.0 - w1 - w2), sd, method, notes: Vec::new() }
            }
            // `check` has seen one of them.
            (None, None) => return Err("an SD needs min and max, or q1 and q3".into()),
        })
    }

    /// The test of Shi et al. (2023), Stat Methods Med Res 32:1338, at its level 0.05. None without a
    /// median, or where all numbers are the same.
    pub fn skewness(&self) -> Option<Skewness> {
        let (n, median) = (self.n, self.median?);
        let lopsided = |(a, b): (f64, f64)| (a + b - 2.0 * median).abs() / (b - a);
        let (statistic, critical) = match (self.range(), self.quartiles()) {
            (Some(range), None) => (lopsided(range), 1.0 / (n + 9.0).ln() + 2.5 / (n + 1.0)),
            (None, Some(quartiles)) => (lopsided(quartiles), 2.65 / n.sqrt() - 6.0 / (n * n)),
            (Some(range), Some(quartiles)) => {
                let factor = 2.65 * (0.6 * n).ln() / n.sqrt();
                ((factor * lopsided(range)).max(lopsided(quartiles)), 3.0 / n.sqrt() - 40.0 / n.powi(3))
            }
            (None, None) => return None,
        };
        statistic.is_finite().then_some(Skewness { statistic, critical, is_significant: statistic >= critical })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of a normal distribution give back its mean and its SD, whatever their number.
    #[test]
    fn normal_scores_give_back_their_distribution() {
        for n in [5.0, 7.0, 20.0, 101.0, 1000.0] {
            let (mean, sd) = (50.0, 8.0);
            let at = |p: f64| mean + sd * normal_quantile(p);
            let (low, quarter) = ((0.625) / (n + 0.25), 1.0 - (0.75 * n - 0.125) / (n + 0.25));
            let all = FiveNumbers {
                min: Some(at(low)),
                q1: Some(at(quarter)),
                median: Some(mean),
                q3: Some(at(1.0 - quarter)),
                max: Some(at(1.0 - low)),
                n,
            };
            for numbers in [all, FiveNumbers { q1: None, ..all }, FiveNumbers { max: None, ..all }] {
                let found = numbers.mean_and_sd().unwrap();
                assert!((found.mean.unwrap() - mean).abs() < 1e-10, "n = {n}");
                // The weights of Shi et al. sum to one only approximately.
                let tolerance = if numbers == all { 0.02 } else { 1e-10 };
                assert!((found.sd / sd - 1.0).abs() < tolerance, "n = {n}: {}", found.sd);
                assert!(numbers.skewness().is_some_and(|test| !test.is_significant));
            }
        }
    }

    #[test]
    fn contradictions_and_gaps_are_told() {
        let numbers = |min: f64, max: f64, n: f64| FiveNumbers {
            min: Some(min),
            max: Some(max),
            median: Some(3.0),
            n,
            ..FiveNumbers::default()
        };
        assert!(numbers(4.0, 5.0, 9.0).mean_and_sd().unwrap_err().reason().contains("min = 4 is above median = 3"));
        assert!(numbers(1.0, 5.0, 4.0).mean_and_sd().unwrap_err().reason().contains("at least 5"));
        let alone = FiveNumbers { median: Some(3.0), n: 9.0, ..FiveNumbers::default() };
        assert!(alone.mean_and_sd().unwrap_err().reason().contains("needs min and max"));
        let skewed = numbers(2.9, 30.0, 50.0);
        assert!(skewed.skewness().is_some_and(|test| test.is_significant));
        assert_eq!(numbers(3.0, 3.0, 9.0).skewness(), None);
    }
}
