//! The signed-rank test and the sign test of paired differences.

use super::{ln_choose, normal_cdf, normal_sf};
use std::f64::consts::LN_2;

/// Two-sided p-values of paired differences by the signed-rank test, exact and by the normal approximation, and by the
/// sign test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRankP {
    /// Wilcoxon's signed-rank test, exact, with zeros dropped before ranking.
    pub exact: f64,
    /// Pratt's signed-rank test, exact: zeros are ranked first and dropped then.
    pub pratt: f64,
    /// The normal approximation with zeros dropped, corrected for ties and continuity.
    pub normal: f64,
    /// The normal approximation, corrected for ties alone.
    pub uncorrected: f64,
    /// The sign test, exact, with zeros dropped.
    pub sign: f64,
}

/// The tests of a list of differences.
///
/// Sources: Wilcoxon 1945, Biometrics Bull 1:80; Pratt 1959, J Am Stat Assoc 54:655; the exact p is
/// that of the permutation distribution of the midranks, twice the smaller tail and at most 1, and with more than
/// 1000 differences that of the normal approximation; the
/// approximation is that of Hollander, Wolfe & Chicken (2014), section 3.1, with a continuity
/// correction of ½.
///
/// ```
/// use reffect::numeric::dist::signed_rank_test;
/// // Five people, all improved: two-sided, no exact p can be smaller.
/// assert_eq!(signed_rank_test(&[-1, -2, -3, -4, -5]).exact, 0.0625);
/// ```
pub fn signed_rank_test(differences: &[i64]) -> SignedRankP {
    let mut sizes: Vec<i64> = differences.iter().copied().filter(|d| *d != 0).collect();
    sizes.sort_unstable_by_key(|d| d.unsigned_abs());
    let (mut ties, mut below, mut sum) = (Vec::new(), 0, 0u64);
    for equal in sizes.chunk_by(|a, b| a.unsigned_abs() == b.unsigned_abs()) {
        let people = equal.len() as u32;
        let up = equal.iter().filter(|d| **d > 0).count() as u64;
        sum += up * doubled_rank(below, people);
        below += people;
        ties.push(people);
    }
    let positive = differences.iter().filter(|d| **d > 0).count() as u32;
    let zeros = differences.len() as u32 - below;
    if differences.len() > MOST_RANKED {
        let ranked = sum + 2 * u64::from(zeros) * u64::from(positive);
        let (dropped, pratt) = (normal_ranks(&ties, below, 0), normal_ranks(&ties, below, zeros));
        let (normal, uncorrected) = (dropped.p(sum), dropped.uncorrected_p(sum));
        let (pratt, sign) = (pratt.p(ranked), sign_test(positive, below));
        return SignedRankP { exact: normal, pratt, normal, uncorrected, sign };
    }
    SignedRankPlan::new(&ties, zeros).p(sum, positive, sign_test(positive, below))
}

/// The p-values of every statistic for one pattern of ties.
#[derive(Clone, Debug)]
pub struct SignedRankPlan {
    people: u32,
    zeros: u32,
    exact: Vec<f64>,
    pratt: Vec<f64>,
    normal: Vec<f64>,
    uncorrected: Vec<f64>,
}

impl SignedRankPlan {
    /// For ties of these numbers of people, from the smallest differences to the largest, beside so
    /// many differences of 0.
    pub fn new(ties: &[u32], zeros: u32) -> Self {
        let people: u32 = ties.iter().sum();
        Self {
            people,
            zeros,
            exact: two_sided(ties, 0),
            pratt: two_sided(ties, zeros),
            normal: approximate(ties, people, NormalRanks::p),
            uncorrected: approximate(ties, people, NormalRanks::uncorrected_p),
        }
    }

    /// The p-values for twice the sum of the positive midranks, zeros dropped, of so many people with
    /// a positive difference; the sign test's is known to the caller.
    ///
    /// The sum must be one that these ties can have.
    #[inline]
    pub(crate) fn p(&self, doubled_sum: u64, positive: u32, sign: f64) -> SignedRankP {
        if self.people == 0 {
            return SignedRankP { exact: 1.0, pratt: 1.0, normal: 1.0, uncorrected: 1.0, sign: 1.0 };
        }
        let dropped = doubled_sum as usize;
        // Ranking the zeros first lifts every rank by their number.
        let ranked = (doubled_sum + 2 * u64::from(self.zeros) * u64::from(positive)) as usize;
        SignedRankP {
            exact: self.exact[dropped],
            pratt: self.pratt[ranked],
            normal: self.normal[dropped],
            uncorrected: self.uncorrected[dropped],
            sign,
        }
    }
}

/// Twice the midrank of so many equal sizes with so many smaller ones.
fn doubled_rank(below: u32, people: u32) -> u64 {
    2 * u64::from(below) + u64::from(people) + 1
}

/// The exact distribution of the ranks of more differences takes seconds.
const MOST_RANKED: usize = 1000;

/// With more people the chance of one pattern of signs is no longer a normal double.
const MOST_EXACT: u32 = 1000;

/// The two-sided p of the sign test: so many of the people have a positive difference, and nobody a
/// difference of 0. Source: Dixon & Mood 1946, J Am Stat Assoc 41:557.
pub fn sign_test(positive: u32, people: u32) -> f64 {
    let fewer = positive.min(people.saturating_sub(positive));
    if people > MOST_EXACT {
        return (2.0 * lower_tail(fewer, people)).min(1.0);
    }
    let mut term = 0.5f64.powi(people as i32);
    let mut tail = term;
    for k in 0..fewer {
        term *= f64::from(people - k) / f64::from(k + 1);
        tail += term;
    }
    (2.0 * tail).min(1.0)
}

/// The chance of at most k heads among n tosses, from the chance of k downwards.
fn lower_tail(k: u32, n: u32) -> f64 {
    let (n, k) = (f64::from(n), f64::from(k));
    let log = ln_choose(n, k) - n * LN_2;
    let (mut share, mut sum, mut at) = (1.0, 1.0, k);
    while at > 0.0 && share > 1e-17 * sum {
        share *= at / (n - at + 1.0);
        sum += share;
        at -= 1.0;
    }
    log.exp() * sum
}

/// The two-sided p of every value of twice the sum of positive midranks, with `zeros` ranks below
/// them. Halving is exact, and so are the sums up to 50 people.
fn two_sided(ties: &[u32], zeros: u32) -> Vec<f64> {
    let mut probability = vec![1.0];
    let mut below = zeros;
    for people in ties {
        let rank = doubled_rank(below, *people) as usize;
        for _ in 0..*people {
            let mut next = vec![0.0; probability.len() + rank];
            for (sum, p) in probability.iter().enumerate() {
                next[sum] += 0.5 * p;
                next[sum + rank] += 0.5 * p;
            }
            probability = next;
        }
        below += people;
    }
    let mut p = vec![1.0f64; probability.len()];
    let mut tail = 0.0f64;
    for (sum, mass) in probability.iter().enumerate() {
        tail += mass;
        // The distribution is symmetric, and so each tail serves for both ends.
        let doubled = (2.0 * tail).min(1.0);
        let mirrored = probability.len() - 1 - sum;
        p[sum] = p[sum].min(doubled);
        p[mirrored] = p[mirrored].min(doubled);
    }
    p
}

fn approximate(ties: &[u32], people: u32, p: fn(&NormalRanks, u64) -> f64) -> Vec<f64> {
    let largest = u64::from(people) * (u64::from(people) + 1);
    let normal = normal_ranks(ties, people, 0);
    (0..=largest).map(|doubled| p(&normal, doubled)).collect()
}

/// The normal distribution of the sum of the positive midranks.
struct NormalRanks {
    mean: f64,
    sd: f64,
}

/// Of so many people with ties of these numbers, whose ranks lie above those of the zeros.
fn normal_ranks(ties: &[u32], people: u32, zeros: u32) -> NormalRanks {
    let (n, zeros) = (f64::from(people) + f64::from(zeros), f64::from(zeros));
    let tied: f64 = ties.iter().map(|t| f64::from(*t).powi(3) - f64::from(*t)).sum();
    let (sum, squares) = (|n: f64| n * (n + 1.0), |n: f64| n * (n + 1.0) * (2.0 * n + 1.0));
    let variance = (squares(n) - squares(zeros)) / 24.0 - tied / 48.0;
    NormalRanks { mean: (sum(n) - sum(zeros)) / 4.0, sd: variance.sqrt() }
}

impl NormalRanks {
    /// The two-sided p of twice a sum, corrected for continuity.
    fn p(&self, doubled: u64) -> f64 {
        let distance = 0.5 * doubled as f64 - self.mean;
        let corrected = distance - 0.5 * if distance == 0.0 { 0.0 } else { distance.signum() };
        let z = corrected / self.sd;
        (2.0 * normal_cdf(z).min(normal_sf(z))).min(1.0)
    }

    /// The same without that correction, as some programs print it.
    fn uncorrected_p(&self, doubled: u64) -> f64 {
        let z = (0.5 * doubled as f64 - self.mean) / self.sd;
        (2.0 * normal_cdf(z).min(normal_sf(z))).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many differences end, and agree with the exact test where that is still taken.
    #[test]
    fn many_differences_have_the_normal_approximation() {
        let differences = |n: i64| (1..=n).map(|i| if i % 9 < 5 { i % 40 } else { -(i % 37) }).collect::<Vec<i64>>();
        let (few, many) = (signed_rank_test(&differences(900)), signed_rank_test(&differences(100_000)));
        let (own, pratt) = (normal_of(&differences(900), false), normal_of(&differences(900), true));
        assert!((few.exact - own).abs() < 1e-3 && (few.pratt - pratt).abs() < 1e-3, "{few:?} {own} {pratt}");
        assert!(many.exact == many.normal && (0.0..=1.0).contains(&many.pratt), "{many:?}");
    }

    /// The approximation by ranks that are made one by one.
    fn normal_of(differences: &[i64], pratt: bool) -> f64 {
        let sizes: Vec<u64> = differences.iter().map(|d| d.unsigned_abs()).filter(|d| pratt || *d > 0).collect();
        let rank = |size: u64| {
            let below = sizes.iter().filter(|other| **other < size).count() as f64;
            below + 0.5 * (sizes.iter().filter(|other| **other == size).count() as f64 + 1.0)
        };
        let signed: Vec<(f64, bool)> =
            differences.iter().filter(|d| **d != 0).map(|d| (rank(d.unsigned_abs()), *d > 0)).collect();
        let positive: f64 = signed.iter().filter(|(_, up)| *up).map(|(rank, _)| rank).sum();
        let mean = 0.5 * signed.iter().map(|(rank, _)| rank).sum::<f64>();
        let sd = (0.25 * signed.iter().map(|(rank, _)| rank * rank).sum::<f64>()).sqrt();
        let distance = positive - mean;
        2.0 * normal_sf((distance.abs() - 0.5) / sd)
    }

    /// All 2^n signs, one by one.
    fn brute(differences: &[i64], pratt: bool) -> f64 {
        let sizes: Vec<u64> = differences.iter().map(|d| d.unsigned_abs()).filter(|d| pratt || *d > 0).collect();
        let doubled = |size: u64| -> u64 {
            let below = sizes.iter().filter(|other| **other < size).count() as u64;
            let equal = sizes.iter().filter(|other| **other == size).count() as u64;
            2 * below + equal + 1
        };
        let ranks: Vec<u64> = sizes.iter().filter(|size| **size > 0).map(|size| doubled(*size)).collect();
        let observed: u64 = differences.iter().filter(|d| **d > 0).map(|d| doubled(d.unsigned_abs())).sum();
        let (mut low, mut high) = (0u32, 0u32);
        for signs in 0u32..1 << ranks.len() {
            let sum: u64 = ranks.iter().enumerate().filter(|(i, _)| signs >> i & 1 == 1).map(|(_, rank)| rank).sum();
            low += u32::from(sum <= observed);
            high += u32::from(sum >= observed);
        }
        (2.0 * f64::from(low.min(high)) / f64::from(1u32 << ranks.len())).min(1.0)
    }

    #[test]
    fn exact_p_is_that_of_all_signs() {
        for differences in [
            &[1, 2, 3, 4, 5][..],
            &[-1, -1, 2, 0, 3, 3],
            &[0, 0, -1, -1, -1, -2, 5],
            &[2, -2],
            &[0, 0],
            &[-7, 1, 1, 1, 1, 1, 1, 0],
        ] {
            let test = signed_rank_test(differences);
            assert_eq!(test.exact, brute(differences, false), "{differences:?}");
            assert_eq!(test.pratt, brute(differences, true), "{differences:?}");
        }
    }

    #[test]
    fn sign_test_counts_tails_of_coins() {
        assert_eq!(sign_test(0, 5), 0.0625);
        assert_eq!(sign_test(1, 7), 2.0 * 8.0 / 128.0);
        assert_eq!(sign_test(3, 6), 1.0);
        assert_eq!(sign_test(0, 0), 1.0);
    }

    #[test]
    fn sign_test_of_thousands_of_people() {
        // R 4.2.2: 2 * pbinom(c(900, 999), 2000, 0.5) and 2 * pbinom(24700, 50000, 0.5)
        for (positive, people, expected) in [
            (900, 2000, 8.457_089_535_503_95e-6),
            (24_700, 50_000, 0.007_387_834_518_035_48),
            (999, 2000, 0.982_160_988_854_146),
        ] {
            let found = sign_test(positive, people);
            assert!((found - expected).abs() < 1e-9 * expected, "{positive} of {people}: {found:e}");
        }
        assert_eq!(sign_test(1000, 2000), 1.0);
    }
}
