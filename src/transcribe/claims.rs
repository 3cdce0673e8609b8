//! What the words beside a probability claim.

use super::flow::Flow;
use super::sentences::sentence;
use crate::numeric::numeral::fold;
use crate::reported::Claim;
use std::ops::Range;

/// The claim that words between the numbers before and behind a probability make: those in front, or else those behind.
pub(super) fn claim(flow: &Flow, p: &Range<usize>, around: Range<usize>) -> Claim {
    /// So far behind its number a claim may end.
    const BEHIND: usize = 24;
    let own = sentence(flow, p.start);
    let front = flow.text(around.start.max(own.start).min(p.start)..p.start);
    let behind = flow.text(p.end..around.end.min(own.end).min(p.end + BEHIND).max(p.end));
    // The next number, with its words, has a claim of its own: "(p = 0.18), but significantly at week 12".
    let behind = behind.split([',', '、', ';', '；']).next().unwrap_or_default().to_owned();
    said(clause(&front)).or_else(|| said(&behind)).unwrap_or(Claim::Other)
}

/// The last clause of a text, before the bracket in which its p stands.
fn clause(front: &str) -> &str {
    let is_open = |c: char| matches!(c, '(' | '（' | '[' | '［');
    let before = front.rfind(is_open).filter(|at| !front[*at..].contains([')', '）', ']', '］']));
    let front = before.map_or(front, |at| &front[..at]);
    let words = [",", ";", "、", "；", "し、", "が、", " but ", " whereas ", " while ", " although ", " however "];
    let start = words.iter().filter_map(|word| Some(front.trim_end().rfind(word)? + word.len())).max().unwrap_or(0);
    &front[start..]
}

/// Whether words say that something is significant; the last of them decide.
fn said(text: &str) -> Option<Claim> {
    /// So many words in front may hold the one that denies it.
    const NEAR: usize = 4;
    let text = fold(text).to_lowercase();
    let japanese = text.rfind("有意").map(|at| {
        // 有意水準 is a level, and 有意傾向 a tendency.
        let rest = &text[at + "有意".len()..];
        let is_negated = ["ない", "なく", "なかっ", "なし", "ません", "せず", "認めず", "られず", "ではな"]
            .iter()
            .any(|word| rest.contains(word));
        let claim = if is_negated { Claim::NotSignificant } else { Claim::Significant };
        (!rest.starts_with("水準")).then_some(if rest.starts_with("傾向") { Claim::Tendency } else { claim })
    });
    let english = || {
        let place = text.rfind("significan")?;
        let clause = text[..place].rsplit([',', ';', '.']).next().unwrap_or_default();
        if ["trend", "tend", "toward", "fail", "lost", "level"].iter().any(|word| clause.contains(word)) {
            return None;
        }
        let mut words = clause.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).rev();
        // "Nonsignificant" and "insignificant" end with their syllable here.
        let is_negated = |word: &str| {
            ["no", "not", "non", "in", "without", "nor", "neither"].contains(&word) || word.ends_with("n't")
        };
        let is_negated = words.by_ref().take(NEAR).any(is_negated);
        Some(if is_negated { Claim::NotSignificant } else { Claim::Significant })
    };
    japanese.or_else(|| english().map(Some)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_both_languages() {
        for (text, expected) in [
            ("有意に減少した", Some(Claim::Significant)),
            ("６か月後には有意差は認められませんでした", Some(Claim::NotSignificant)),
            ("有意な差を認めた", Some(Claim::Significant)),
            ("有意差を認めなかった", Some(Claim::NotSignificant)),
            ("改善の有意傾向", Some(Claim::Tendency)),
            ("有意水準は", None),
            ("pain fell significantly", Some(Claim::Significant)),
            ("a statistically significant reduction", Some(Claim::Significant)),
            ("there was no statistically significant difference", Some(Claim::NotSignificant)),
            ("it did not change significantly", Some(Claim::NotSignificant)),
            ("it didn't fall significantly", Some(Claim::NotSignificant)),
            ("a nonsignificant fall", Some(Claim::NotSignificant)),
            ("not in one, but significant in the other", Some(Claim::Significant)),
            ("pain fell", None),
            ("a trend toward a significant fall", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
