//! The usual tests of how many of several groups had an event.

use crate::numeric::dist::{chi_squared_sf, ln_choose};
use crate::numeric::interval::Interval;

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

/// So many tables of half of the groups are looked at for the exact test.
const MOST_TABLES: f64 = 300_000.0;

/// Pearson's χ² test, that of the likelihood ratio, the exact test of Fisher, Freeman and Halton where there are not too
/// many tables, and two of a linear trend over the groups in their order: of Cochran and Armitage, and the same with N − 1
/// in the place of N, as the linear-by-linear association of Mantel has it. Where nobody or everybody has an event, χ² is 0
/// and p 1. None of what is no table.
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
    if !is_table || all > MOST_PEOPLE {
        return Vec::new();
    }
    let share = with / all;
    let varies = with > 0.0 && with < all;
    let (mut pearson, mut likelihood) = (0.0, 0.0);
    for (events, n) in events.iter().zip(n) {
        for (observed, share) in [(*events as f64, share), ((n - events) as f64, 1.0 - share)] {
            let expected = *n as f64 * share;
            pearson += if varies { (observed - expected).powi(2) / expected } else { 0.0 };
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
    let trend = if varies { trend(events, n, share) } else { 0.0 };
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

/// Every χ² that a linear trend may have whose scores rise from group to group, as doses do.
///
/// Such scores are sums of steps, so that the least is that of one step, of the groups below it against those above, where
/// all steps have a difference of one sign; and the most is that of the shares made to rise, or to fall, by pooling those
/// next to each other (Barlow et al. 1972, Statistical Inference under Order Restrictions).
pub(super) fn trend_range(events: &[u64], n: &[u64]) -> Interval {
    let sum = |of: &[u64]| of.iter().map(|of| *of as f64).sum::<f64>();
    let (with, all) = (sum(events), sum(n));
    let share = with / all;
    if with <= 0.0 || with >= all {
        return Interval::point(0.0);
    }
    let variance = share * (1.0 - share);
    let steps = (1..n.len()).map(|at| {
        let below = sum(&n[..at]);
        (sum(&events[..at]) - below * share) / (variance * below * (all - below) / all).sqrt()
    });
    let steps = Interval::hull(steps).unwrap_or(Interval::point(0.0)).abs();
    let pooled = |sign: f64| {
        let mut blocks: Vec<(f64, f64)> = Vec::new();
        for (events, n) in events.iter().zip(n) {
            let mut block = (*events as f64, *n as f64);
            while let Some((events, n)) = blocks.pop_if(|last| sign * (last.0 / last.1 - block.0 / block.1) > 0.0) {
                block = (block.0 + events, block.1 + n);
            }
            blocks.push(block);
        }
        blocks.iter().map(|(events, n)| n * (events / n - share).powi(2)).sum::<f64>() / variance
    };
    // With N − 1 in the place of N it is a little less.
    Interval { lower: steps.lower.powi(2) * (all - 1.0) / all, upper: pooled(1.0).max(pooled(-1.0)) }
}

/// The p of the test of the likelihood ratio of rates, by Poisson's law, where everybody is watched as long.
pub(super) fn poisson_p(events: &[u64], n: &[u64]) -> f64 {
    let sum = |of: &[u64]| of.iter().map(|of| *of as f64).sum::<f64>();
    let rate = sum(events) / sum(n);
    let each = events.iter().zip(n).filter(|(events, _)| **events > 0);
    let statistic: f64 = each.map(|(e, n)| 2.0 * *e as f64 * (*e as f64 / (*n as f64 * rate)).ln()).sum();
    chi_squared_sf(statistic.max(0.0), n.len() as f64 - 1.0)
}

/// The p of Wald's test that the log odds of all groups are the same, by χ² with K − 1 degrees of freedom, as a logistic
/// regression of the groups gives it. A group in which nobody or everybody has an event has no weight: its error is boundless.
pub(super) fn wald_p_of_odds(events: &[u64], n: &[u64]) -> f64 {
    let cells = || events.iter().zip(n).map(|(events, n)| (*events as f64, (n - events) as f64));
    let each = || cells().filter(|(with, without)| *with > 0.0 && *without > 0.0);
    let weight = |(with, without): (f64, f64)| 1.0 / (1.0 / with + 1.0 / without);
    let odds = |(with, without): (f64, f64)| (with / without).ln();
    let sum: f64 = each().map(weight).sum();
    if sum <= 0.0 {
        return 1.0;
    }
    let middle = each().map(|of| weight(of) * odds(of)).sum::<f64>() / sum;
    let statistic: f64 = each().map(|of| weight(of) * (odds(of) - middle).powi(2)).sum();
    chi_squared_sf(statistic, n.len() as f64 - 1.0)
}

/// The sum of the probabilities of all tables with these margins that are no more likely than this one; none where there
/// are too many.
///
/// The groups are dealt to two halves, and the tables of each half are sorted by their likelihood for each number of
/// events in it: then those of the other half that are no more likely together with one are all up to a place that moves
/// one way, and their probabilities a sum that is known. So a million times a million tables take as long as two million.
fn exact_p(events: &[u64], n: &[u64]) -> Option<f64> {
    let (with, all): (u64, u64) = (events.iter().sum(), n.iter().sum());
    // The tables of those without an event are the same.
    let fewer: Vec<u64> = match 2 * with <= all {
        true => events.to_vec(),
        false => n.iter().zip(events).map(|(n, events)| n - events).collect(),
    };
    let rare = with.min(all - with);
    let [first, second] = halves(n, rare)?;
    let own: f64 = n.iter().zip(&fewer).map(|(n, of)| ln_choose(*n as f64, *of as f64)).sum();
    let total = ln_choose(all as f64, rare as f64);
    // As R's fisher.test, which counts what is as likely but for rounding.
    let most = own + 1e-7;
    let (first, second) = (tables_of(&first, rare), tables_of(&second, rare));
    let mut p = 0.0;
    for (one, other) in first.iter().zip(second.iter().rev()) {
        let Some(largest) = other.last() else { continue };
        let (mut at, mut sum) = (0, 0.0);
        // The likelier a table of the first half is, the fewer of the second one are no more likely together.
        for known in one.iter().rev() {
            while let Some(chance) = other.get(at).filter(|chance| *known + **chance <= most) {
                sum += (chance - largest).exp();
                at += 1;
            }
            p += (known + largest - total).exp() * sum;
        }
    }
    Some(p.min(1.0))
}

/// The sizes of the groups in two halves that have about as many tables; none where one has too many.
fn halves(n: &[u64], rare: u64) -> Option<[Vec<u64>; 2]> {
    let mut sizes = n.to_vec();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    let count = |half: &[u64]| {
        let by_boxes: f64 = half.iter().map(|n| (rare.min(*n) + 1) as f64).product();
        by_boxes.min(ln_choose(rare as f64 + half.len() as f64, half.len() as f64).exp())
    };
    let mut both = [Vec::new(), Vec::new()];
    for size in sizes {
        let at = usize::from(count(&both[0]) > count(&both[1]));
        both[at].push(size);
    }
    (both.iter().all(|half| count(half) <= MOST_TABLES)).then_some(both)
}

/// For each number of events from 0 to the given one, the logarithms of the numbers of ways to have it, table by table,
/// sorted.
fn tables_of(n: &[u64], events: u64) -> Vec<Vec<f64>> {
    let mut known: Vec<Vec<f64>> = vec![Vec::new(); events as usize + 1];
    known[0].push(0.0);
    for size in n {
        let ways: Vec<f64> = (0..=events.min(*size)).map(|of| ln_choose(*size as f64, of as f64)).collect();
        let mut longer: Vec<Vec<f64>> = vec![Vec::new(); known.len()];
        for (before, tables) in known.iter().enumerate() {
            for (slot, ways) in longer[before..].iter_mut().zip(&ways) {
                slot.extend(tables.iter().map(|table| table + ways));
            }
        }
        known = longer;
    }
    known.iter_mut().for_each(|tables| tables.sort_unstable_by(f64::total_cmp));
    known
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
        for events in [[0, 0, 0], [5, 6, 7]] {
            let found = tests_of_several_counts(&events, &[5, 6, 7]);
            assert!(found.len() == 5 && found.iter().all(|test| test.p == 1.0), "{found:?}");
            assert!(found.iter().all(|test| test.statistic.is_none_or(|of| of == 0.0)), "{found:?}");
        }
        assert!(tests_of_several_counts(&[8, 1, 0], &[5, 6, 7]).is_empty());
        let large = tests_of_several_counts(&[300, 250, 280, 290], &[600, 600, 600, 600]);
        assert!(large.len() == 4 && large.iter().all(|test| test.name != EXACT));
    }
    /// R 4.2.2, fisher.test(rbind(x, n - x), workspace = 2e8): more than a million tables have these margins.
    #[test]
    fn the_exact_test_of_many_tables_is_that_of_r() {
        for (events, n, p) in [
            (&[12, 11, 16, 13, 15][..], &[39; 5][..], 0.769_407_941_9),
            (&[77, 26, 34, 95], &[265, 90, 103, 272], 0.468_736_931_7),
            (&[1, 0, 2, 5, 3, 4, 6, 2, 7], &[8, 9, 7, 10, 8, 9, 10, 6, 9], 0.023_251_125_88),
        ] {
            let found = tests_of_several_counts(events, n);
            let exact = found.iter().find(|test| test.name == EXACT).unwrap();
            assert!((exact.p / p - 1.0).abs() < 1e-6, "{events:?} {}", exact.p);
        }
    }

    /// Whatever scores rise, their trend lies between the ends, and some come near them.
    #[test]
    fn trends_over_any_scores_that_rise_lie_in_the_range() {
        for (events, n) in
            [([4_u64, 9, 13, 11], [40_u64; 4]), ([2, 9, 5, 20], [10, 40, 30, 35]), ([9, 5, 3, 1], [20, 21, 22, 23])]
        {
            let range = trend_range(&events, &n);
            let all: f64 = n.iter().sum::<u64>() as f64;
            let share = events.iter().sum::<u64>() as f64 / all;
            let mut found: Vec<f64> = Vec::new();
            for code in 1..1000_u32 {
                let gaps = [code % 10, code / 10 % 10, code / 100].map(|of| f64::from(of).powi(3));
                let scores = [0.0, gaps[0], gaps[0] + gaps[1], gaps[0] + gaps[1] + gaps[2]];
                let middle = scores.iter().zip(n).map(|(score, n)| score * n as f64).sum::<f64>() / all;
                let each = || scores.iter().map(|score| score - middle).zip(events.iter().zip(n));
                let slope: f64 = each().map(|(score, (e, n))| score * (*e as f64 - n as f64 * share)).sum();
                let spread: f64 = each().map(|(score, (_, n))| n as f64 * score * score).sum();
                found.push(slope * slope / (share * (1.0 - share) * spread));
            }
            let (least, most) = found.iter().fold((f64::INFINITY, 0.0_f64), |(l, m), of| (l.min(*of), m.max(*of)));
            assert!(range.lower <= least && most <= range.upper * (1.0 + 1e-12), "{range:?} {least} {most}");
            assert!(least - range.lower < 0.03 * most && range.upper - most < 0.03 * most, "{range:?} {least} {most}");
        }
    }

    /// R 4.2.2: anova(glm(x ~ factor(1:3) + offset(log(n)), poisson), test = "Chisq").
    #[test]
    fn rates_have_their_likelihood() {
        assert!((poisson_p(&[4, 9, 13], &[40, 50, 40]) - 0.074_962_428_672_1).abs() < 1e-8);
    }

    /// R 4.2.2: V <- vcov(m)[-1, -1]; b <- coef(m)[-1]; pchisq(c(b %*% solve(V, b)), 2, lower = FALSE) of the logistic
    /// regression m <- glm(cbind(x, n - x) ~ factor(1:3), binomial).
    #[test]
    fn odds_have_walds_test() {
        assert!((wald_p_of_odds(&[1, 6, 14], &[40, 40, 40]) - 0.005_394_588_443).abs() < 1e-6);
        // A group without events leaves the other two, with 2 degrees of freedom.
        let two = wald_p_of_odds(&[6, 14], &[40, 40]);
        let chi = crate::numeric::dist::normal_quantile(0.5 * two).powi(2);
        assert!((wald_p_of_odds(&[0, 6, 14], &[40; 3]) - chi_squared_sf(chi, 2.0)).abs() < 1e-9);
    }
}
