//! What a source calls its test, read strictly: a name is that of a test that is made here only where each of its words
//! says so. Any other word, such as `log`, `adjusted`, `repeated` or `paired`, makes it another analysis.

use super::reported_test::{Tails, tails_in};
use crate::numeric::numeral::fold;

/// A test that is made of the values of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Student's or Welch's t-test of two independent groups.
    T,
    /// The analysis of variance of one factor, of either kind.
    Variance,
    /// Welch's.
    Welch,
    /// A χ² test of counts: Pearson's, Yates', or that of the likelihood ratio.
    ChiSquared,
    /// The exact test of Fisher, or that of Freeman and Halton.
    Exact,
    /// One of a trend of shares over the groups.
    Trend,
}

/// The names of a test: one of the first words is there, and all others are among both.
type Words = (Named, &'static [&'static str], &'static [&'static str]);

const KNOWN: [Words; 6] = [
    (
        Named::T,
        &["t", "ttest", "student", "students", "welch", "welchs"],
        &[
            "unpaired",
            "independent",
            "two",
            "2",
            "sample",
            "samples",
            "group",
            "groups",
            "equal",
            "unequal",
            "variance",
            "variances",
            "satterthwaite",
        ],
    ),
    (
        Named::Variance,
        &["anova", "aov", "oneway", "f", "ftest"],
        &[
            "omnibus", "overall", "global", "single", "1", "factor", "fisher", "fishers", "usual", "ordinary",
            "standard",
        ],
    ),
    (Named::Welch, &["welch", "welchs"], &["anova", "oneway", "f", "unequal", "variances"]),
    (
        Named::ChiSquared,
        &[
            "chi",
            "chisquare",
            "chisquared",
            "chisq",
            "chi2",
            "chi²",
            "χ",
            "χ2",
            "χ²",
            "x2",
            "x²",
            "pearson",
            "pearsons",
            "yates",
            "likelihood",
            "g",
            "gtest",
        ],
        &[
            "square",
            "squared",
            "sq",
            "2",
            "continuity",
            "uncorrected",
            "independence",
            "homogeneity",
            "association",
            "ratio",
        ],
    ),
    (
        Named::Exact,
        &["fisher", "fishers", "freeman", "exact"],
        &["halton", "irwin", "probability", "extension", "extended", "generalized", "generalised"],
    ),
    (
        Named::Trend,
        &["trend", "armitage", "linear"],
        &[
            "cochran",
            "chi",
            "chisquare",
            "χ²",
            "χ2",
            "χ",
            "square",
            "squared",
            "association",
            "mantel",
            "haenszel",
            "linearbylinear",
        ],
    ),
];

/// What is written differently, and words that several others make. Those in front come first.
const SPELLINGS: [(&str, &str); 36] = [
    ("対応のない", " unpaired "),
    ("一元配置", " oneway "),
    ("一要因", " oneway "),
    ("分散分析", " anova "),
    ("検定", " test "),
    ("による", " by "),
    ("の", " "),
    ("法", " "),
    ("カイ二乗", " chi "),
    ("カイ2乗", " chi "),
    ("カイ自乗", " chi "),
    ("χ二乗", " chi "),
    ("χ2乗", " chi "),
    ("ピアソン", " pearson "),
    ("イェーツ", " yates "),
    ("イエーツ", " yates "),
    ("フィッシャー", " fisher "),
    ("直接確率", " exact "),
    ("正確確率", " exact "),
    ("直接", " exact "),
    ("正確", " exact "),
    ("スチューデント", " student "),
    ("ウェルチ", " welch "),
    ("ウエルチ", " welch "),
    ("または", " or "),
    ("もしくは", " or "),
    ("コクラン", " cochran "),
    ("アーミテージ", " armitage "),
    ("傾向", " trend "),
    ("両側", " "),
    ("/", " or "),
    ("analysis of variance", " anova "),
    ("analyses of variance", " anova "),
    ("one way", " oneway "),
    ("1 way", " oneway "),
    ("linear by linear", " linear "),
];

/// Words that say nothing of which test it is.
const NEUTRAL: [&str; 17] = [
    "test",
    "tests",
    "of",
    "the",
    "a",
    "an",
    "s",
    "p",
    "value",
    "values",
    "by",
    "using",
    "for",
    "statistic",
    "in",
    "with",
    "without",
];

/// Words of the correction of one test: of others it is one for several comparisons.
const CORRECTION: [&str; 2] = ["correction", "corrected"];
const CORRECTED: [&str; 4] = ["welch", "welchs", "yates", "continuity"];

impl Named {
    /// The tests that a name is of, more than one where it says `or`; none where one of its words belongs to no test that
    /// is made here.
    pub(super) fn all(name: &str) -> Option<Vec<Self>> {
        let folded = fold(name).to_lowercase().replace(['-', '–', '‑', '\'', '’', '‘', '`', '_', '.'], " ");
        let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = SPELLINGS.iter().fold(folded, |text, (from, to)| text.replace(from, to));
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut parts = vec![Vec::new()];
        let mut at = 0;
        while let Some(word) = words.get(at) {
            // How many tails a p counts is read elsewhere.
            let is_number = ["one", "two", "1", "2"].contains(word);
            let is_of_sides =
                is_number && words.get(at + 1).is_some_and(|next| ["sided", "tailed", "tail"].contains(next));
            match (*word, parts.last_mut()) {
                _ if is_of_sides => at += 1,
                ("or" | "and", _) => parts.push(Vec::new()),
                (word, Some(part)) if !NEUTRAL.contains(&word) => part.push(word),
                _ => {}
            }
            at += 1;
        }
        parts.iter().map(|part| Self::of(part)).collect()
    }

    fn of(words: &[&str]) -> Option<Self> {
        let is_of = |(_, first, others): &&Words| {
            let is_corrected = words.iter().any(|word| CORRECTED.contains(word));
            let is_own = |word: &&str| first.contains(word) || others.contains(word);
            words.iter().any(|word| first.contains(word))
                && words.iter().all(|word| is_own(word) || is_corrected && CORRECTION.contains(word))
        };
        // `Welch` alone is a t-test of two groups, and that of several where it says so.
        let is_of_several = words.iter().any(|word| ["anova", "oneway", "f"].contains(word));
        let found = KNOWN.iter().filter(|(named, ..)| *named != Self::Welch || is_of_several).find(is_of);
        found.map(|(named, ..)| *named)
    }
}

/// Whether a name is that of a t-test of two independent groups.
pub(super) fn names_t_test(name: &str) -> bool {
    let of_means = |named: &Named| matches!(named, Named::T | Named::Variance | Named::Welch);
    Named::all(name).is_some_and(|all| {
        all.contains(&Named::T) && all.iter().filter(|named| of_means(named)).all(|named| *named == Named::T)
    })
}

/// Which analysis of variance a name is of: Welch's or either; none of any other test.
pub(super) fn analysis_of_variance(name: &str) -> Option<Named> {
    let is_of_counts = |named: &Named| matches!(named, Named::ChiSquared | Named::Exact | Named::Trend);
    // An analysis of variance has no sides.
    let all = Named::all(name).filter(|_| tails_in(name) != Some(Tails::One))?;
    let mut of_means = all.into_iter().filter(|named| !is_of_counts(named));
    let first = of_means.next().filter(|named| *named != Named::T)?;
    of_means.try_fold(first, |known, named| match named {
        Named::T => None,
        _ if named == known => Some(known),
        _ => Some(Named::Variance),
    })
}

/// The tests of counts that a name is of; none where it is that of any other test.
pub(super) fn tests_of_counts(name: &str) -> Option<Vec<Named>> {
    let is_of_counts = |named: &Named| matches!(named, Named::ChiSquared | Named::Exact | Named::Trend);
    let found: Vec<Named> = Named::all(name)?.into_iter().filter(is_of_counts).collect();
    (!found.is_empty()).then_some(found)
}

/// Whether a name is that of Fisher's exact test alone.
pub(super) fn names_exact_test(name: &str) -> bool {
    Named::all(name).is_some_and(|all| all.iter().all(|named| *named == Named::Exact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_says_which_test_it_is() {
        for (named, names) in [
            (
                Named::T,
                &[
                    "t-test",
                    "t",
                    "Student's t-test",
                    "Student’s t test (two-sided)",
                    "unpaired t test with Welch's correction",
                    "Welch's t-test",
                    "two-sample t-test",
                    "independent samples t-test",
                    "Welch",
                    "t検定",
                    "対応のないｔ検定",
                    "スチューデントのt検定",
                    "ウェルチのt検定",
                ][..],
            ),
            (
                Named::Variance,
                &[
                    "ANOVA",
                    "one-way ANOVA",
                    "One way analysis of variance",
                    "1-way ANOVA",
                    "omnibus ANOVA",
                    "F",
                    "F-test",
                    "one-way",
                    "oneway.test",
                    "aov",
                    "分散分析",
                    "一元配置分散分析",
                ],
            ),
            (Named::Welch, &["Welch's ANOVA", "ANOVA, Welch-corrected", "Welch’s one-way ANOVA", "Welch's F"]),
            (
                Named::ChiSquared,
                &[
                    "χ² test",
                    "chi-square",
                    "Pearson's chi-squared test",
                    "X²",
                    "chi2",
                    "Yates-corrected chi-square",
                    "chi-square test with continuity correction",
                    "likelihood-ratio chi-square",
                    "G-test",
                    "カイ二乗検定",
                ],
            ),
            (
                Named::Exact,
                &[
                    "Fisher",
                    "Fisher's exact test",
                    "Fisher–Freeman–Halton exact test",
                    "exact test",
                    "Fisherの正確確率検定",
                    "フィッシャーの直接確率法",
                ],
            ),
            (
                Named::Trend,
                &["Cochran–Armitage trend test", "chi-square for trend", "linear-by-linear association", "傾向検定"],
            ),
        ] {
            for name in names {
                assert_eq!(Named::all(name), Some(vec![named]), "{name}");
            }
        }
        let both = Some(vec![Named::ChiSquared, Named::Exact]);
        assert_eq!(Named::all("chi-square or Fisher's exact test"), both);
        assert_eq!(Named::all("χ²/Fisher"), both);
    }

    #[test]
    fn any_other_word_says_that_it_is_another_analysis() {
        for name in [
            "ANOVA on log-transformed values",
            "RM-ANOVA",
            "repeated-measures ANOVA",
            "2-way ANOVA",
            "two-factor ANOVA",
            "ANOVA adjusted for baseline",
            "linear contrast (ANOVA)",
            "ANOVA with Tukey's post hoc test",
            "Friedman's ANOVA",
            "Brown-Forsythe ANOVA",
            "F-test of variances",
            "multivariate analysis of variance",
            "MANOVA",
            "多変量分散分析",
            "順位による分散分析",
            "対数変換後の分散分析",
            "共分散分析",
            "二元配置分散分析",
            "反復測定分散分析",
            "paired t-test",
            "t-test on log-transformed values",
            "t-test, adjusted",
            "t-test (corrected)",
            "対応のあるt検定",
            "one-sample t-test",
            "Wald chi-square",
            "Cochran-Mantel-Haenszel chi-square",
            "chi-square, simulated p",
            "Rao-Scott chi-square",
            "logistic regression, likelihood ratio",
            "linear regression",
            "McNemar's chi-square",
            "exact logistic regression",
            "log-rank",
            "chi-square with Bonferroni correction",
            "Barnard's exact test",
            "Fisher's LSD",
            "ANOVA or Kruskal-Wallis",
            "",
            "test",
        ] {
            assert_eq!(Named::all(name), None, "{name}");
        }
        assert!(names_t_test("t-test or χ² test") && !names_t_test("t-test or ANOVA") && !names_t_test("χ² test"));
    }
}
