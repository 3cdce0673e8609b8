//! The p behind a statistic in running text.

use super::prose::{PARAGRAPH, ends_sentence};
use super::prose_statistic::{Letter, has_word, is_latin, letter_at, number_at, spaces};
use super::reported_test::read_p;
use crate::numeric::numeral::{Comparison, Numeral, Relation};

/// So many characters may stand between a statistic and its p: an effect size, an interval.
const MOST_BETWEEN: usize = 120;

/// The p behind a statistic, where it begins and where it ends.
pub(super) fn p_behind(text: &[char], start: usize, alpha: f64) -> Option<(Comparison, usize, usize)> {
    let last = text.len().min(start + MOST_BETWEEN);
    let is_edge = |at: usize| text.get(at).is_none_or(|c| !c.is_alphanumeric());
    let mut depth = 0_i32;
    for at in start..last {
        depth += match text[at] {
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        };
        // Behind the bracket that a result stands in, a p is its own only where nothing else stands between.
        if depth < 0 {
            let next = (at + 1..last).find(|next| !matches!(text[*next], ' ' | ',' | ';'))?;
            return p_at(text, next, alpha).map(|(p, end)| (p, next, end));
        }
        let is_start = at == start || !is_latin(text[at - 1]);
        if is_start && at > start && is_next_result(text, at) {
            return None;
        }
        if ends_sentence(text, at) || text[at] == PARAGRAPH {
            return None;
        }
        if !is_start {
            continue;
        }
        if names_another_test(text, at) {
            return None;
        }
        for word in ["ns", "n.s."] {
            if has_word(text, at, word) && is_edge(at + word.len()) {
                let end = at + word.trim_end_matches('.').len();
                return Some((read_p("ns", alpha).ok()?, at, end));
            }
        }
        // Of a p between two bounds, .01 < p < .05, one alone says too little.
        if is_p(text, at) && is_behind_a_bound(text, at) {
            return None;
        }
        if let Some((p, end)) = p_at(text, at, alpha) {
            return Some((p, at, end));
        }
        // A p that is not read is that of this statistic all the same: the next one is that of another.
        if is_p(text, at) {
            return None;
        }
    }
    None
}

/// Whether a relation stands in front of a place.
fn is_behind_a_bound(text: &[char], at: usize) -> bool {
    let mut before = text[..at].iter().rev().skip_while(|c| **c == ' ');
    match before.next() {
        Some('=') => matches!(before.next(), Some('<' | '>')),
        last => matches!(last, Some('<' | '>' | '≤' | '≥')),
    }
}

/// Whether a p stands at a place, in a form that is read or in another: "p less than .05".
pub(super) fn is_p(text: &[char], at: usize) -> bool {
    let behind = spaces(text, at + 1);
    let is_said =
        || behind > at + 1 && ["less", "more", "greater", "was", "of "].iter().any(|word| has_word(text, behind, word));
    matches!(text.get(at), Some('p' | 'P'))
        && (text.get(behind).is_some_and(|c| matches!(c, '=' | '<' | '>' | '≤' | '≥' | '‹' | '›')) || is_said())
}

/// Whether the name of a test that has no degrees of freedom in brackets stands at a place: U = 33, Levene's, vs.
fn names_another_test(text: &[char], at: usize) -> bool {
    const WORDS: [&str; 16] = [
        "mann",
        "wilcoxon",
        "kruskal",
        "friedman",
        "levene",
        "shapiro",
        "kolmogorov",
        "mauchly",
        "sphericity",
        "fisher",
        "log-rank",
        "logrank",
        "bartlett",
        "mcnemar",
        "vs",
        "versus",
    ];
    const LETTERS: [&str; 7] = ["U", "W", "H", "D", "LR", "Wald", "KS"];
    let is_letter = |name: &&str| {
        let end = at + name.chars().count();
        let is_own = name.chars().enumerate().all(|(i, c)| text.get(at + i) == Some(&c));
        is_own && text.get(spaces(text, end)) == Some(&'=')
    };
    WORDS.iter().any(|word| has_word(text, at, word)) || LETTERS.iter().any(is_letter)
}

/// Whether the statistic of another result stands at a place, also where its degrees of freedom are not those that its
/// letter has: `F(4) = 3.2`.
fn is_next_result(text: &[char], at: usize) -> bool {
    /// So long is what stands in brackets, at most.
    const LONGEST: usize = 40;
    let Some((letter, end)) = letter_at(text, at) else { return false };
    let end = spaces(text, end);
    let is_compared = || {
        let close = text[end..].iter().take(LONGEST).position(|c| matches!(c, ')' | ']'))?;
        text.get(spaces(text, end + close + 1)).map(|c| matches!(c, '=' | '<' | '>'))
    };
    match text.get(end) {
        Some('(' | '[') => is_compared() == Some(true),
        Some('=') => matches!(letter, Letter::Z | Letter::T | Letter::ChiSquared),
        _ => false,
    }
}

/// `p = .03`, `P<0.001`, `p-value = 2e-5`, `p = n.s.`
fn p_at(text: &[char], at: usize, alpha: f64) -> Option<(Comparison, usize)> {
    if !matches!(text.get(at), Some('p' | 'P')) {
        return None;
    }
    let mut sign = spaces(text, at + 1);
    for word in ["-value", "value", "-val"] {
        if has_word(text, sign, word) {
            sign = spaces(text, sign + word.len());
            break;
        }
    }
    let relation = text.get(sign).filter(|c| matches!(c, '=' | '<' | '>' | '≤' | '≥'))?;
    let doubled = usize::from(text.get(sign + 1) == Some(&'=') && matches!(relation, '<' | '>'));
    let value = spaces(text, sign + 1 + doubled);
    for word in ["ns", "n.s."] {
        if has_word(text, value, word) {
            return Some((read_p("ns", alpha).ok()?, value + word.trim_end_matches('.').len()));
        }
    }
    let (number, digits_end) = number_at(text, value)?;
    let end = exponent_end(text, digits_end);
    // A percentage, or more digits in a form that is not read.
    if text.get(spaces(text, end)).is_some_and(|c| "%‰".contains(*c)) {
        return None;
    }
    let exponent: String = text[digits_end..end].iter().collect();
    let signs: String = text[sign..=sign + doubled].iter().collect();
    // No p is below 0: programs print `p < .000` for `p = .000`.
    let is_below_zero = signs == "<" && number.value() == 0.0 && exponent.is_empty();
    let signs = if is_below_zero { "=".to_owned() } else { signs };
    let printed = format!("p {signs} {}{exponent}", number.text());
    match read_p(&printed, alpha) {
        Ok(p) => Some((p, end)),
        Err(_) if signs == "=" && end == digits_end && is_no_probability(&number, text, end) => {
            Some((Comparison { text: printed, relation: Relation::Equal, bound: number }, end))
        }
        Err(_) => None,
    }
}

/// Whether a number behind `p =` is meant as a p and can be none. Whole numbers are counts of parameters (p = 3), or
/// powers of 10 that are not read; a unit makes it a pressure or a percentage.
fn is_no_probability(number: &Numeral, text: &[char], end: usize) -> bool {
    // The point of a product, `1.2·10-5`, is folded to one of decimals.
    if text.get(end + 1).is_some_and(char::is_ascii_digit) {
        return false;
    }
    let behind = text.get(spaces(text, end));
    let is_alone = behind.is_none_or(|c| !c.is_alphanumeric() && !"%‰^×*·•∙⋅/-+±".contains(*c));
    let has_words = || {
        let word: String = text[spaces(text, end)..].iter().take_while(|c| c.is_alphabetic()).collect();
        spaces(text, end) > end
            && ["and", "for", "in", "but", "while", "with", "which", "whereas"].contains(&word.as_str())
    };
    let is_outside = !(0.0..=1.0).contains(&number.value());
    is_outside && number.decimal().decimals() > 0 && !number.is_percent() && (is_alone || has_words())
}

/// Where a number ends that may have an exponent: `2.2e-16`, `1.2 × 10-5`.
fn exponent_end(text: &[char], end: usize) -> usize {
    let digits = |at: usize| text[at.min(text.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let signed = |at: usize| {
        let from = at + usize::from(matches!(text.get(at), Some('-' | '+')));
        let count = digits(from);
        (count > 0).then_some(from + count)
    };
    if matches!(text.get(end), Some('e' | 'E')) {
        return signed(end + 1).unwrap_or(end);
    }
    let times = spaces(text, end);
    if matches!(text.get(times), Some('×' | 'x' | '*')) {
        let ten = spaces(text, times + 1);
        let power = ten + 2 + usize::from(text.get(ten + 2) == Some(&'^'));
        if has_word(text, ten, "10") && text.get(power) == Some(&'-') {
            return signed(power).unwrap_or(end);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::prose::tests_in;

    fn found(text: &str) -> Vec<String> {
        tests_in(text, 0.05).into_iter().map(|test| test.text).collect()
    }

    /// Frey Nascimento et al. 2025 (BMJ EBM, open-label placebos for PMS) print an F of one number, whose p belongs to no
    /// correlation in front of it.
    #[test]
    fn a_p_behind_another_statistic_or_bracket_is_not_taken() {
        for text in [
            "intensity (F(4)=4.419, p=0.002, r(2)=0.16) and interference (F(4)=3.159, p=0.014, r(2)=0.13)",
            "r(58)=0.16, F(4)=3.159, p=0.014",
            "(t(18) = 2.31) and of age (p = .9)",
            "[t(18) = 2.31] while age did not matter, p = .9",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(found("(t(18) = 2.31), p = .033"), ["t(18) = 2.31), p = .033"]);
        assert_eq!(found("t(18) = 2.31 (d = 1.0), p = .033"), ["t(18) = 2.31 (d = 1.0), p = .033"]);
    }
}
