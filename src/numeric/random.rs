//! Random streams that are the same on every machine for the same seed.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

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
