//! What may stand between a statistic and its p: what measures the same effect, and how its p was made. Behind any other
//! word the p is that of another clause: "t(18) = 2.31, whereas age had no effect, p = .5".

/// Words that leave a p that of the statistic in front of it: effect sizes, errors and intervals, what it is called, and
/// how it was made. Another noun, a contrast and a negation are none.
const WORDS: &str = "df dfs se sd sem ms mse md ci cis cl cri hdi bca bf bayes factor confidence credible interval limits level size \
    sizes power partial semi squared square cohen cohens cohen's hedges hedges' hedge's hedges's glass glass's \
    cramer cramer's cramers cramér cramér's cramér’s cohen’s hedges’ phi eta omega epsilon beta rho tau lambda \
    generalized generalised adj mean difference diff estimate slope coefficient error standard deviation \
    standardized standardised ηp gη or rr mdiff which was is were being significant nonsignificant non significantly \
    statistically marginally highly very clearly did reach reaching reached significance with and an the its of at \
    to from for by in using after this associated corresponding value values approximate asymptotic exact yielding \
    giving yields gives i.e ie small medium moderate large one two tailed sided tail side tails sides directional \
    test tests corrected uncorrected correction corrections corr adjusted unadjusted adjustment bonferroni holm \
    hochberg tukey tukey's tukey’s hsd sidak šidák dunnett dunnett's scheffe scheffé benjamini games howell fdr fwe \
    fwer family familywise wise false discovery rate greenhouse geisser huynh feldt gg hf permutation permuted \
    permutations bootstrapped bootstrap cluster voxel peak multiple comparisons testing post hoc welch welch's yates \
    yates' yates's continuity satterthwaite kenward roger robust method procedure";

/// The same in Japanese.
const PIECES: &str = "効果量 信頼区間 標準誤差 標準偏差 自由度 有意水準 有意確率 有意差 有意 両側 片側 検定 確率 補正 調整 済み 後 偏 値 イータ 二乗 平均 差 であり であった あり で は が の と に を よる した し \
    α";

/// Whether the p behind these characters is that of the statistic in front of them.
pub(super) fn leaves_its_p(between: &[char]) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
    let mut last = String::new();
    let (mut at, mut depth) = (0, 0_i32);
    while at < between.len() {
        if !is_letter(between[at]) {
            depth += match between[at] {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => 0,
            };
            at += 1;
            continue;
        }
        let is_behind_digit = at > 0 && between[at - 1].is_ascii_digit();
        let start = at;
        while at < between.len() && is_letter(between[at]) {
            at += 1;
        }
        let word: String = between[start..at].iter().flat_map(|c| c.to_lowercase()).collect();
        // `BF10`, `η2`, `R^2`, `r_s`.
        let end = at + between[at..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '^' | '_')).count();
        let sign = between[end..].iter().position(|c| *c != ' ').map(|blanks| between[end + blanks]);
        let is_named = matches!(sign, Some('=' | '<' | '>' | '≤' | '≥' | '≈'));
        // `pFWE = .03`, `p(FWE) = .03` and `p_tukey = .03` are p as well, and not the one behind.
        if word.starts_with('p') && (is_named && word != "prep" || word == "p" && sign == Some('(')) {
            return false;
        }
        let is_known = match word.as_str() {
            "not" => true,
            "effect" | "effects" => {
                ["small", "medium", "moderate", "large"].contains(&last.as_str()) || is_followed(between, at, "size")
            }
            word => is_japanese(word) || WORDS.split(' ').any(|known| known == word),
        };
        // What stands in brackets begins no other clause.
        if depth > 0 && between[at..].iter().any(|c| matches!(c, ')' | ']')) {
            continue;
        }
        let is_short = word.chars().filter(|c| c.is_alphabetic()).count() == 1;
        if !(is_known || is_named || is_short || is_behind_digit && word.len() < 3) {
            return false;
        }
        // Of a negation that of significance alone is one of the same effect.
        if last == "not"
            && !["significant", "statistically", "significantly", "reach", "reaching"].contains(&word.as_str())
        {
            return false;
        }
        last = word;
    }
    last != "not"
}

fn is_followed(text: &[char], at: usize, word: &str) -> bool {
    let behind: String = text[at..].iter().skip_while(|c| matches!(c, ' ' | '-')).take(word.len()).collect();
    behind == word
}

/// Whether a word is made of the pieces of Japanese ones.
fn is_japanese(word: &str) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let Some(piece) = PIECES.split(' ').find(|piece| rest.starts_with(*piece)) else { return false };
        rest = &rest[piece.len()..];
    }
    true
}

/// Whether a p is the first of several, which belong to several statistics in their order: "p = .03 and p = .29,
/// respectively".
pub(super) fn is_one_of_several(sentence: &str, behind: &[char]) -> bool {
    if !["respectively", "それぞれ", "順に"].iter().any(|word| sentence.contains(word)) {
        return false;
    }
    let behind: String = behind.iter().take(12).flat_map(|c| c.to_lowercase()).collect();
    let next = behind.trim_start_matches([' ', ',', ';', '、', '，', '&']);
    let next = next.strip_prefix("and ").unwrap_or(next).trim_start_matches(['=', '<', '>', ' ']);
    next.len() < behind.len() && next.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'p') || c == 'ｐ')
}

#[cfg(test)]
mod tests {
    use super::super::prose::tests_in;

    fn count(text: &str) -> usize {
        tests_in(text, 0.05).len()
    }

    #[test]
    fn a_p_of_another_clause_is_not_taken() {
        for text in [
            "t(18) = 2.31, whereas age had no effect, p = .5",
            "t(18) = 2.31, but not in the control group, p = .5",
            "t(18) = 2.31, with no interaction, p = .5",
            "t(18) = 2.31, d = 0.5, and that of age was not, p = .5",
            "t(18) = 4.31, pFWE = .03; p(FWE) = .03, p = .5",
            "t(18) = 2.31、年齢の効果はp = .5",
            "F(1, 38) = 1.25e+03, p < .001; F(1, 98) = 1.3 × 10^3, p < .001",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
    }

    #[test]
    fn what_joins_a_statistic_and_its_p_is_passed_over() {
        for text in [
            "t(18) = 2.31, which was not significant, p = .033",
            "t(18) = 2.31, Cohen's d = 1.0, 95% CI [0.1, 1.9], SE = 0.4, one-tailed p = .033",
            "t(18) = 2.31 (Mdiff = 3.2, SD = 1.1), p = .033",
            "F(2, 76) = 3.40, partial η2 = .08, Greenhouse–Geisser corrected p = .052",
            "t(18) = 2.31, with a medium effect size, BF10 = 3.2, two-sided p = .033",
            "t(18) = 2.31 (as Table 3 shows), p = .033",
            "t(18) = 2.31、効果量d = 1.0、両側検定でp = .033",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn of_several_p_none_is_taken_for_another() {
        for text in [
            "The effects were t(18) = 2.31 and t(18) = 1.10, p = .03 and p = .29, respectively.",
            "The effects were F(1, 38) = 5.2 and F(1, 38) = 0.3, p = .028 and .59, respectively.",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
        assert_eq!(count("They were 3 and 4, respectively, t(18) = 2.31, p = .03."), 1);
    }
}
