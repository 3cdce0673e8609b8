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
