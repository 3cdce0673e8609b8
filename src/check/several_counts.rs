//! The usual tests of how many of several groups had an event.

use crate::numeric::dist::{chi_squared_sf, ln_choose};

/// A test of a table of K groups and two answers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CountTest {
    /// Its name.
    pub name: &'static str,
    /// χ², where it has one.
    pub statistic: Option<f64>,
    /// The degrees of freedom of that, K − 1 or, of a trend, 1.
    pub df: f64,
    /// The p.
    pub p: f64,
}

/// Doubles hold no larger numbers of people exactly.
const MOST_PEOPLE: f64 = 9e15;

/// So many tables with the same margins are looked at for the exact test.
const MOST_TABLES: f64 = 200_000.0;

/// Pearson's χ² test, that of the likelihood ratio, the exact test of Fisher, Freeman and Halton where there are not too
/// many tables, and two of a linear trend over the groups in their order: of Cochran and Armitage, and the same with N − 1
/// in the place of N, as the linear-by-linear association of Mantel has it. None where nobody or everybody has an event.
///
/// Source: Pearson (1900), Philos Mag 50:157; Freeman & Halton (1951), Biometrika 38:141; Armitage (1955), Biometrics
/// 11:375; Mantel (1963), J Am Stat Assoc 58:690.
///
/// ```
/// use reffect::check::several_counts::tests_of_several_counts;
///
/// // R 4.2.2: chisq.test(rbind(c(12, 20, 9), c(23, 15, 26))) has χ² = 7.762957, p = 0.0206; fisher.test 0.0229785.
/// let found = tests_of_several_counts(&[12, 20, 9], &[35, 35, 35]);
/// assert!(found[0].statistic.is_some_and(|of| (of - 7.762_957).abs() < 1e-6) && (found[2].p - 0.022_978_5).abs() < 1e-7);
/// ```
pub fn tests_of_several_counts(events: &[u64], n: &[u64]) -> Vec<CountTest> {
    let sum = |of: &[u64]| of.iter().map(|of| *of as f64).sum::<f64>();
    let (with, all) = (sum(events), sum(n));
    let is_table = events.len() == n.len() && n.iter().zip(events).all(|(n, events)| events <= n && *n > 0);
    if !is_table || all > MOST_PEOPLE || with <= 0.0 || with >= all {
        return Vec::new();
    }
    let share = with / all;
    let (mut pearson, mut likelihood) = (0.0, 0.0);
    for (events, n) in events.iter().zip(n) {
        for (observed, share) in [(*events as f64, share), ((n - events) as f64, 1.0 - share)] {
            let expected = *n as f64 * share;
            pearson += (observed - expected).powi(2) / expected;
            likelihood += if observed > 0.0 { 2.0 * observed * (observed / expected).ln() } else { 0.0 };
        }
    }
    let of = |name, statistic: f64, df: f64| CountTest {
        name,
        statistic: Some(statistic),
        df,
        p: chi_squared_sf(statistic.max(0.0), df),
    };
    let df = n.len() as f64 - 1.0;
    let exact = exact_p(events, n).map(|p| CountTest { name: EXACT, statistic: None, df, p });
    let trend = trend(events, n, share);
    let of_trend = [(TREND, trend), ("the linear-by-linear association", trend * (all - 1.0) / all)];
    [of("Pearson's χ² test", pearson, df), of("the likelihood-ratio test", likelihood, df)]
        .into_iter()
        .chain(exact)
        .chain(of_trend.map(|(name, statistic)| of(name, statistic, 1.0)))
        .collect()
}

pub(super) const EXACT: &str = "the Fisher–Freeman–Halton test";
const TREND: &str = "the Cochran–Armitage test of trend";

/// χ² of a linear trend of the shares over the numbers of the groups.
fn trend(events: &[u64], n: &[u64], share: f64) -> f64 {
    let each = || events.iter().zip(n).enumerate().map(|(at, (e, n))| (at as f64, *e as f64, *n as f64));
    let all: f64 = each().map(|(.., n)| n).sum();
    let middle = each().map(|(score, _, n)| score * n).sum::<f64>() / all;
    let slope: f64 = each().map(|(score, events, n)| (score - middle) * (events - n * share)).sum();
    let spread: f64 = each().map(|(score, _, n)| n * (score - middle).powi(2)).sum();
    slope * slope / (share * (1.0 - share) * spread)
}

/// The sum of the probabilities of all tables with these margins that are no more likely than this one; none where there
/// are too many.
fn exact_p(events: &[u64], n: &[u64]) -> Option<f64> {
    let (with, all): (u64, u64) = (events.iter().sum(), n.iter().sum());
    // The tables of those without an event are the same.
    let fewer: Vec<u64> = match 2 * with <= all {
        true => events.to_vec(),
        false => n.iter().zip(events).map(|(n, events)| n - events).collect(),
    };
    let rare = with.min(all - with);
    let others = n.len() as u64 - 1;
    let by_boxes: f64 = n[1..].iter().map(|n| (rare.min(*n) + 1) as f64).product();
    let by_sums = ln_choose((rare + others) as f64, others as f64).exp();
    if by_boxes.min(by_sums).max(rare as f64) > MOST_TABLES {
        return None;
    }
    let total = ln_choose(all as f64, rare as f64);
    let chances: Vec<Vec<f64>> =
        n.iter().map(|n| (0..=rare.min(*n)).map(|of| ln_choose(*n as f64, of as f64)).collect()).collect();
    let own: f64 = fewer.iter().zip(&chances).map(|(of, chances)| chances[*of as usize]).sum();
    // As R's fisher.test, which counts what is as likely but for rounding.
    let most = own - total + 1e-7;
    let mut p = 0.0;
    add_tables(&chances, rare as usize, -total, &mut |chance: f64| {
        if chance <= most {
            p += chance.exp();
        }
    });
    Some(p.min(1.0))
}

/// Gives the logarithm of the probability of each table.
fn add_tables(chances: &[Vec<f64>], left: usize, known: f64, add: &mut impl FnMut(f64)) {
    match chances {
        [] => {}
        [last] => last.get(left).into_iter().for_each(|chance| add(known + chance)),
        [first, rest @ ..] => {
            let room: usize = rest.iter().map(|of| of.len() - 1).sum();
            let possible = first.iter().enumerate().take(left + 1).skip(left.saturating_sub(room));
            for (of, chance) in possible {
                add_tables(rest, left - of, known + chance, add);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::counts::two_by_two::TwoByTwo;

    /// Of two groups they are those of a 2×2 table.
    #[test]
    fn two_groups_are_a_table_of_four_cells() {
        for (a, n1, c, n2) in [(12, 35, 20, 35), (0, 7, 5, 9), (30, 31, 18, 40)] {
            let table = TwoByTwo::new([a, n1 - a, c, n2 - c]).unwrap();
            let found = tests_of_several_counts(&[a, c], &[n1, n2]);
            let exact = found.iter().find(|test| test.name == EXACT).unwrap();
            assert!((exact.p - table.fisher_p()).abs() < 1e-9, "{a} {c}");
            assert!((found[0].statistic.unwrap() - table.chi_squared(false).unwrap()).abs() < 1e-9);
            assert!((found[1].statistic.unwrap() - table.likelihood_ratio().unwrap()).abs() < 1e-9);
            // A trend over two groups is their difference.
            assert!((found[3].statistic.unwrap() - found[0].statistic.unwrap()).abs() < 1e-9);
        }
    }

    #[test]
    fn tables_without_a_test_have_none() {
        assert!(tests_of_several_counts(&[0, 0, 0], &[5, 6, 7]).is_empty());
        assert!(tests_of_several_counts(&[5, 6, 7], &[5, 6, 7]).is_empty());
        assert!(tests_of_several_counts(&[8, 1, 0], &[5, 6, 7]).is_empty());
        let large = tests_of_several_counts(&[300, 250, 280, 290], &[600, 600, 600, 600]);
        assert!(large.len() == 4 && large.iter().all(|test| test.name != EXACT));
    }
}
