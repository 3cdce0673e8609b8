//! Random streams that are the same on every machine for the same seed.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// The seed of one of many parts under a seed. Adding would make the parts of one seed those of the next one.
///
/// ```
/// use reffect::numeric::random::derived_seed;
/// assert_ne!(derived_seed(1, 1), derived_seed(2, 0));
/// assert_eq!(derived_seed(3, 4), derived_seed(3, 4));
/// ```
pub fn derived_seed(seed: u64, part: u64) -> u64 {
    // 2⁶⁴ over the golden ratio: seeds lie far from each other and from each other's parts.
    seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(part)
}

/// A stream of random numbers.
///
/// ```
/// use reffect::numeric::random::Random;
/// let draw = |seed| Random::seeded(seed).below(1_000_000);
/// assert_eq!(draw(7), draw(7));
/// assert_ne!(draw(7), draw(8));
/// ```
#[derive(Clone, Debug)]
pub struct Random(Pcg64);

impl Random {
    /// The stream of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// The stream of one of many replicates under a seed: streams of neighbouring seeds are unrelated, since
    /// the generator spreads the seed first.
    pub fn of_replicate(seed: u64, replicate: u64) -> Self {
        Self::seeded(derived_seed(seed, replicate))
    }

    /// A uniform whole number below `end`, without bias; 0 where `end` is 0.
    pub fn below(&mut self, end: u128) -> u128 {
        if end <= 1 {
            return 0;
        }
        // Numbers of as many bits as the largest one are drawn until one is below the end.
        let mask = u128::MAX >> (end - 1).leading_zeros();
        loop {
            let drawn = (u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64())) & mask;
            if drawn < end {
                return drawn;
            }
        }
    }

    /// A uniform number above 0 and below 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// A standard normal number: the radius and the angle of Box & Muller (1958), Ann Math Stat 29:610.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Goes on as if so many standard normal numbers had been drawn.
    pub fn skip_normals(&mut self, count: usize) {
        // Each takes two numbers of the generator.
        self.0.advance(2 * count as u128);
    }

    /// A gamma number of this shape and scale 1: 0 for a shape of 0, and NaN where it is below 0 or not finite.
    ///
    /// Source: Marsaglia & Tsang (2000), ACM Trans Math Softw 26:363.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if !(shape >= 0.0 && shape.is_finite()) {
            return f64::NAN;
        }
        if shape == 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// A Poisson count with this mean, by gamma numbers while the mean is large: Ahrens & Dieter (1974),
    /// Computing 12:223. NaN where the mean is below 0 or not finite.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if !(mean >= 0.0 && mean.is_finite()) {
            return f64::NAN;
        }
        let (mut mean, mut count) = (mean, 0.0);
        while mean > 20.0 {
            let k = (0.875 * mean).floor();
            let x = self.gamma(k);
            if x > mean {
                return count + self.binomial(k - 1.0, mean / x);
            }
            (mean, count) = (mean - x, count + k);
        }
        let limit = (-mean).exp();
        let mut product = self.uniform();
        while product > limit {
            product *= self.uniform();
            count += 1.0;
        }
        count
    }

    /// How many of `trials` succeed, by the median of the uniform numbers while there are many: Ahrens &
    /// Dieter (1974), Computing 12:223. NaN where the trials are below 0 or not finite, or p is no probability.
    pub fn binomial(&mut self, trials: f64, p: f64) -> f64 {
        if !(trials >= 0.0 && trials.is_finite() && (0.0..=1.0).contains(&p)) {
            return f64::NAN;
        }
        let (mut trials, mut p, mut count) = (trials, p, 0.0);
        while trials > 40.0 {
            let a = 1.0 + (0.5 * trials).floor();
            let b = trials + 1.0 - a;
            let (x, y) = (self.gamma(a), self.gamma(b));
            let median = x / (x + y);
            if median >= p {
                (trials, p) = (a - 1.0, p / median);
            } else {
                count += a;
                (trials, p) = (b - 1.0, (p - median) / (1.0 - median));
            }
        }
        let mut left = trials;
        while left > 0.5 {
            count += f64::from(u8::from(self.uniform() < p));
            left -= 1.0;
        }
        count
    }

    /// Puts things in a uniformly random order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last as u128 + 1) as usize;
            things.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean, variance and the share beyond 1.96 lie within four standard errors.
    #[test]
    fn normal_numbers_have_the_moments_of_the_normal_distribution() {
        let mut random = Random::seeded(3);
        let draws: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / n;
        let beyond = draws.iter().filter(|x| x.abs() > 1.959_963_984_540_054).count() as f64 / n;
        assert!(mean.abs() < 4.0 / n.sqrt() && (variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{mean} {variance}");
        assert!((beyond - 0.05).abs() < 4.0 * (0.05 * 0.95 / n).sqrt(), "{beyond}");
    }

    /// Means and variances of 40,000 draws lie within four standard errors; fourth moments from the families.
    #[test]
    fn counts_have_the_moments_of_their_families() {
        let draws = 40_000;
        let check = |what: &str, mean: f64, variance: f64, kurtosis: f64, draw: &mut dyn FnMut() -> f64| {
            let all: Vec<f64> = (0..draws).map(|_| draw()).collect();
            let n = draws as f64;
            let found = all.iter().sum::<f64>() / n;
            let spread = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            assert!((found - mean).abs() < 4.0 * (variance / n).sqrt(), "{what}: mean {found} for {mean}");
            let error = variance * ((kurtosis - 1.0) / n).sqrt();
            assert!((spread - variance).abs() < 4.0 * error, "{what}: variance {spread} for {variance}");
        };
        let mut random = Random::seeded(11);
        for shape in [0.3, 1.0, 7.5] {
            check("gamma", shape, shape, 3.0 + 6.0 / shape, &mut || random.gamma(shape));
        }
        for mean in [0.2, 6.0, 45.0, 900.0] {
            check("poisson", mean, mean, 3.0 + 1.0 / mean, &mut || random.poisson(mean));
        }
        for (trials, p) in [(5.0, 0.3), (40.0, 0.9), (41.0, 0.02), (1000.0, 0.45)] {
            let variance = trials * p * (1.0 - p);
            let kurtosis = 3.0 + (1.0 - 6.0 * p * (1.0 - p)) / variance;
            check("binomial", trials * p, variance, kurtosis, &mut || random.binomial(trials, p));
        }
    }

    #[test]
    fn no_family_has_such_parameters() {
        let mut random = Random::seeded(2);
        for shape in [f64::NAN, -1.0, -1e9, f64::INFINITY] {
            assert!(random.gamma(shape).is_nan(), "{shape}");
        }
        assert!(random.poisson(f64::INFINITY).is_nan() && random.poisson(f64::NAN).is_nan());
        assert!(random.binomial(f64::INFINITY, 0.5).is_nan() && random.binomial(50.0, 1.5).is_nan());
        assert_eq!((random.poisson(0.0), random.binomial(0.0, 0.3)), (0.0, 0.0));
    }

    #[test]
    fn normals_can_be_skipped() {
        let mut drawn = Random::seeded(5);
        let mut skipped = drawn.clone();
        (0..7).for_each(|_| {
            drawn.normal();
        });
        skipped.skip_normals(7);
        assert_eq!(drawn.normal().to_bits(), skipped.normal().to_bits());
    }

    /// Each of the 6 orders of 3 things comes up about as often as the others: χ² with 5 degrees of
    /// freedom lies below its 99.99 % point.
    #[test]
    fn orders_are_uniform() {
        let mut random = Random::seeded(1);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut things = [0, 1, 2];
            random.shuffle(&mut things);
            *seen.entry(things).or_insert(0) += 1;
        }
        let chi_squared: f64 = seen.values().map(|count| (f64::from(*count) - 1000.0).powi(2) / 1000.0).sum();
        assert!(seen.len() == 6 && chi_squared < 25.7, "{seen:?}");
    }
}
