//! How the p of a test in running text was made, where its sentence says so: an exact p beside a Z, one that is corrected
//! for several comparisons, or one of permutations.

use super::test_statistic::{Sides, TestStatistic};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;

/// What is said of how a p was made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Methods {
    /// A test whose p may be exact: of ranks, or Fisher's.
    is_exact: bool,
    /// Corrected or adjusted for several comparisons, or for continuity.
    is_corrected: bool,
    /// Of permutations, of resampling, with robust errors, or with other degrees of freedom than those that are printed.
    is_otherwise: bool,
    /// The whole text speaks of corrections.
    elsewhere: Elsewhere,
}

/// What a text says of all of its tests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Elsewhere {
    of_degrees: bool,
    of_comparisons: bool,
}

const OF_DEGREES: [&str; 3] = ["greenhouse", "geisser", "huynh"];

const OF_COMPARISONS: [&str; 22] = [
    "tukey",
    "bonferroni",
    "holm",
    "hochberg",
    "benjamini",
    "idak",
    "idák",
    "dunnett",
    "scheff",
    "howell",
    "fdr",
    "fwe",
    "false discovery",
    "familywise",
    "family-wise",
    "multiple comparison",
    "multiple testing",
    "多重比較",
    "多重性",
    "ボンフェローニ",
    "ボンフェロー二",
    "テューキー",
];

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

impl Elsewhere {
    pub(super) fn of(text: &str) -> Self {
        let text = text.to_lowercase();
        Self { of_degrees: says(&text, &OF_DEGREES), of_comparisons: says(&text, &OF_COMPARISONS) }
    }
}

impl Methods {
    pub(super) fn of(sentence: &str, elsewhere: Elsewhere) -> Self {
        const OF_RANKS: [&str; 11] = [
            "wilcoxon",
            "mann",
            "whitney",
            "kruskal",
            "friedman",
            "rank",
            "exact",
            "fisher",
            "順位",
            "正確",
            "直接確率",
        ];
        const CORRECTED: [&str; 9] =
            ["correct", "adjust", "post hoc", "post-hoc", "yates", "continuity", "補正", "調整", "修正"];
        const OTHERWISE: [&str; 14] = [
            "permut",
            "cluster",
            "tfce",
            "bootstrap",
            "resampl",
            "robust",
            "monte carlo",
            "randomization test",
            "randomisation test",
            "simulat",
            "sandwich",
            "並べ替え",
            "ブートストラップ",
            "ロバスト",
        ];
        let mut sentence = sentence.to_lowercase();
        // These are none, and the adjusted R² is none of a p.
        for other in ["uncorrected", "unadjusted", "adjusted r", "未補正", "未調整", "修正済み決定係数"] {
            sentence = sentence.replace(other, "");
        }
        Self {
            is_exact: says(&sentence, &OF_RANKS),
            is_corrected: says(&sentence, &CORRECTED) || says(&sentence, &OF_COMPARISONS),
            is_otherwise: says(&sentence, &OTHERWISE) || says(&sentence, &OF_DEGREES),
            elsewhere,
        }
    }

    /// Why a p that does not belong to its statistic may be right all the same.
    pub(super) fn excuse(
        self,
        statistic: &TestStatistic,
        printed: &Comparison,
        rounding: Rounding,
    ) -> Option<&'static str> {
        let p = statistic.p(Sides::Two, rounding);
        let bound = printed.bound.value();
        let is_above = printed.relation != Relation::Less && bound > p.lower;
        if self.is_otherwise {
            return Some("its sentence speaks of permutations, resampling or corrected degrees of freedom");
        }
        if self.is_corrected && is_above {
            return Some("its sentence speaks of a correction, which makes it larger");
        }
        if self.is_exact && printed.relation == Relation::Equal && may_be_exact(statistic, bound, p) {
            return Some("its sentence names a test whose p may be exact, and that of the statistic is not");
        }
        let of_fewest_degrees = || self.elsewhere.of_degrees.then(|| of_fewest_degrees(statistic, rounding)).flatten();
        if is_above && of_fewest_degrees().is_some_and(|most| bound <= most) {
            return Some("the text speaks of corrected degrees of freedom, and with fewer it fits");
        }
        let is_multiple = |times: u32| printed.holds_in(p.map_monotone(|p| (f64::from(times) * p).min(1.0)), rounding);
        if self.elsewhere.of_comparisons && printed.relation == Relation::Equal && (2..=MOST).any(is_multiple) {
            return Some("the text speaks of corrections for several comparisons, and it is a multiple");
        }
        None
    }
}

/// So many comparisons are thought of where a text speaks of corrections for them. A convention: with more of them
/// nearly every larger p is a multiple.
const MOST: u32 = 10;

/// Whether a p is as near to that of a statistic as an exact one is. Conventions: of 3 and more people the exact p of the
/// signed-rank test is up to 2.3 times that of Z without correction (3 people: Z = 1.60, p = 0.109 and 0.25), and in the
/// far tail, below 0.01, a small part of it; Fisher's p is up to 7 times that of χ² (3 of 3 against 0 of 3: 0.1 and 0.014).
fn may_be_exact(statistic: &TestStatistic, bound: f64, p: Interval) -> bool {
    const FAR: f64 = 0.01;
    let [least, most] = match statistic {
        TestStatistic::Z(_) if p.lower > FAR => [0.5, 3.0],
        TestStatistic::Z(_) => [0.1, 3.0],
        TestStatistic::ChiSquared { .. } => [0.1, 10.0],
        _ => return false,
    };
    bound >= least * p.lower && bound <= most * p.upper
}

/// The largest p that correction of the degrees of freedom can give an F: that of one degree in place of several.
///
/// Source: the lower bound of ε is 1/df1 (Geisser & Greenhouse 1958, Ann Math Stat 29:885).
fn of_fewest_degrees(statistic: &TestStatistic, rounding: Rounding) -> Option<f64> {
    let TestStatistic::F { value, df1, df2 } = statistic else { return None };
    let least = df2.value() / df1.value();
    let is_several = df1.value() > 1.0;
    let [df1, df2] = ["1".to_owned(), format!("{:.2}", (least - 0.01).max(0.01))].map(|text| text.parse().ok());
    let fewest = TestStatistic::F { value: value.clone(), df1: df1?, df2: df2? };
    is_several.then(|| fewest.p(Sides::Two, rounding).upper)
}

#[cfg(test)]
mod tests {
    use super::super::prose::tests_in;
    use crate::numeric::rounding::Rounding;

    fn verdicts(text: &str) -> Vec<Option<bool>> {
        tests_in(text, 0.05).iter().map(|test| test.judge(0.95, Rounding::default()).p_value).collect()
    }

    /// R 4.2.2: 2*psignrank(0, 5) = 0.0625 beside Z = -2.0226; 2*pwilcox(12, 8, 8) = 0.0379 beside p = 0.0357.
    #[test]
    fn exact_p_are_not_those_of_z() {
        for text in [
            "Wilcoxon signed-rank test, Z = −2.02, p = .063 (exact).",
            "Mann–Whitney U = 55, Z = −2.10, exact p = .038",
            "Of few people, χ2(1, N = 6) = 6.00, p = .100 (Fisher's exact test).",
        ] {
            assert_eq!(verdicts(text), [None], "{text}");
        }
        assert_eq!(verdicts("Wilcoxon signed-rank test, Z = −2.02, p = .63. Z = −2.02, p = .063."), [Some(false); 2]);
    }

    /// F(2, 76) = 3.40 has p = 0.0385, and with ε = 0.768 0.052; t(57) = 2.31 has p = 0.0245.
    #[test]
    fn corrected_p_are_larger() {
        for text in [
            "F(2, 76) = 3.40, p = .052 (Greenhouse–Geisser corrected).",
            "Degrees of freedom were corrected by Greenhouse and Geisser. We saw F(2, 76) = 3.40, p = .052.",
            "t(57) = 2.31, Tukey p = .062",
            "With Holm's correction, t(57) = 2.31, p = .17.",
            "t(57) = 2.31, ns after Bonferroni correction",
            "t(18) = 2.31, permutation p = .071",
            "t(18) = 4.31, cluster-level p = .03 (FWE-corrected)",
            "Bonferroni's method was used. We saw t(57) = 2.31, p = .123.",
            "補正後のp値を示す t(57) = 2.31, p = .17",
        ] {
            assert_eq!(verdicts(text), [None], "{text}");
        }
        for text in [
            "With Holm's correction, t(57) = 2.31, p = .0017.",
            "Greenhouse and Geisser correct. We saw F(2, 76) = 3.40, p = .38.",
            "R2 = .28, adjusted R2 = .24, F(3, 56) = 7.26, p = .3",
            "Uncorrected, t(57) = 2.31, p = .17.",
        ] {
            assert_eq!(verdicts(text), [Some(false)], "{text}");
        }
    }
}
