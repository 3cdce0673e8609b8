//! Two groups as one.

/// The size, mean and sample SD of two groups together, each given as its size, mean and sample SD: those of the people
/// of both. None where a group has nobody, an SD is below 0, or both have one person in all.
///
/// Source: Cochrane Handbook (2024), table 6.5.a.
///
/// ```
/// use reffect::recover::combined;
/// // 1, 2, 3 and 5, 9 have the means 2 and 7; all five the mean 4, with squares about it that sum to 40.
/// let all = combined([3.0, 2.0, 1.0], [2.0, 7.0, 8.0f64.sqrt()]);
/// assert!(all.is_some_and(|[n, mean, sd]| n == 5.0 && mean == 4.0 && (sd * sd - 10.0).abs() < 1e-12));
/// ```
pub fn combined([n1, mean1, sd1]: [f64; 3], [n2, mean2, sd2]: [f64; 3]) -> Option<[f64; 3]> {
    let n = n1 + n2;
    let is_possible = n1 >= 1.0 && n2 >= 1.0 && n > 2.0 && sd1 >= 0.0 && sd2 >= 0.0;
    if !is_possible {
        return None;
    }
    let (first, second) = (n1 / n, n2 / n);
    let between = n1 * second * (mean1 - mean2).powi(2);
    let squares = (n1 - 1.0) * sd1 * sd1 + (n2 - 1.0) * sd2 * sd2 + between;
    let all = [n, first * mean1 + second * mean2, (squares / (n - 1.0)).sqrt()];
    all.iter().all(|number| number.is_finite()).then_some(all)
}
