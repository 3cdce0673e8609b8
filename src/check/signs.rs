//! Signs that stand in words: "declined by 1.24 points" for −1.24.

use super::provenance::holds_number;
use crate::numeric::numeral::fold;
use crate::reported::{Release, ReportedMeasure, Statistic};

/// What texts call a fall.
const FALLS: [&str; 14] = [
    "declin", "decreas", "reduc", "fell", "fall", "drop", "lower", "lost", "loss", "減", "低下", "下降", "下が", "短縮",
];

/// What makes of it none, or less of one.
const NO_FALLS: [&str; 9] = ["slow", "less", "smaller", "no ", "rose", "increas", "加減", "増加", "上昇"];

/// The texts of numbers that a source may print without their sign: changes, slopes, and differences of them with their
/// intervals where these lie below 0 as a whole. What was there before and after has its own sign.
pub(super) fn of_changes(release: &Release) -> Vec<&str> {
    let rows = || release.outcomes.iter().flat_map(|outcome| &outcome.results);
    let changes = rows().flat_map(|row| &row.changes).map(|(_, cell)| cell);
    let slopes = rows().flat_map(|row| &row.cells).map(|(_, cell)| cell);
    let cells = changes.chain(slopes.filter(|cell| cell.statistic == Statistic::Slope)).flat_map(|cell| cell.texts());
    let is_change = |measure: ReportedMeasure| {
        matches!(
            measure,
            ReportedMeasure::MeanDifference
                | ReportedMeasure::MeanChange
                | ReportedMeasure::RiskDifference
                | ReportedMeasure::PercentIncrease
        )
    };
    let estimates = release.estimates.iter().filter(|of| is_change(of.measure)).flat_map(|of| {
        let ends = of.interval.iter().filter(|of| of.upper.value() < 0.0).flat_map(|of| [&of.lower, &of.upper]);
        std::iter::once(&of.value).chain(ends).map(|number| number.text())
    });
    cells.chain(estimates).collect()
}

/// Whether a phrase has a number below 0 without its sign, and says beside it that something fell.
pub(super) fn says_the_sign(phrase: &str, number: &str) -> bool {
    let Some(without) = number.trim_start().strip_prefix(['-', '−', '–', '－']) else { return false };
    let first: String = fold(without).chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let phrase_folded = fold(phrase).to_lowercase();
    let says = |(at, _): (usize, &str)| {
        let (front, behind) = (&phrase_folded[..at], &phrase_folded[at + first.len()..]);
        says_of_a_fall(front, behind) || says_of_all(front, behind)
    };
    !first.is_empty() && holds_number(phrase, without) && phrase_folded.match_indices(&first).any(says)
}

/// Whether the words right in front of a number, or right behind it, tell of a fall, within their clause.
fn says_of_a_fall(front: &str, behind: &str) -> bool {
    /// So many characters in front, and behind, with the spread and the unit.
    const FRONT: usize = 36;
    const BEHIND: usize = 24;
    let is_end = |text: &str, at: usize, c: char| {
        let next = text[at + c.len_utf8()..].chars().next();
        matches!(c, ';' | '。' | '、') || matches!(c, ',' | '.') && next.is_none_or(char::is_whitespace)
    };
    let start = front.char_indices().rev().take(FRONT).take_while(|(at, c)| !is_end(front, *at, *c)).last();
    let end = behind.char_indices().take(BEHIND).find(|(at, c)| is_end(behind, *at, *c)).map(|(at, _)| at);
    let end = end.or_else(|| behind.char_indices().nth(BEHIND).map(|(at, _)| at)).unwrap_or(behind.len());
    let front = start.map_or("", |(at, _)| &front[at..]);
    [front, &behind[..end]]
        .iter()
        .any(|words| FALLS.iter().any(|word| words.contains(word)) && !NO_FALLS.iter().any(|word| words.contains(word)))
}

/// Whether a word tells of a fall for several numbers, of which this is one: "declined by 8.9 points on active and by
/// 16.4 points on placebo". Nothing else may be said in their sentence.
fn says_of_all(front: &str, behind: &str) -> bool {
    const OTHERS: [&str; 3] = ["chang", "変化", "differ"];
    let is_end = |c: char| matches!(c, ';' | '。');
    let front = front.rsplit(is_end).next().unwrap_or_default();
    let front = front.rsplit(". ").next().unwrap_or_default();
    let behind = behind.split(is_end).next().unwrap_or_default();
    let whole = format!("{front} {}", behind.split(". ").next().unwrap_or_default());
    let says = |words: &[&str]| words.iter().any(|word| whole.contains(word));
    says(&FALLS) && !says(&NO_FALLS) && !says(&OTHERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_beside_the_number_is_its_sign() {
        for (phrase, number) in [
            ("ALSFRS-R declined by 1.24 points a month", "-1.24"),
            ("LDL-C は 52.3 mg/dL 低下した", "−52.3"),
            ("a mean decrease in pain of 2.1 (SD 1.0)", "-2.1 (1.0)"),
            ("HbA1cは1.2±0.8ポイント低下", "−1.2±0.8"),
            ("declined by 8.9 points on active and by 16.4 points on placebo", "-16.4"),
            ("低下は実薬群で8.9点、プラセボ群で16.4点", "−16.4"),
            ("実薬群8.9点、プラセボ群16.4点の低下", "-8.9"),
        ] {
            assert!(says_the_sign(phrase, number), "{phrase}");
        }
        for (phrase, number) in [
            ("ALSFRS-R changed by 1.24 points a month", "-1.24"),
            ("rose by 1.2 ± 1.1, no loss of function", "-1.2 ± 1.1"),
            ("1.2 ± 1.1 増加した（加減）", "−1.2 ± 1.1"),
            ("decline was slower by 0.42 (0.03 to 0.81)", "-0.42"),
            ("fell in 3 of 7; the change was 1.2", "-1.2"),
            ("declined by 1.24 points", "1.24"),
            ("declined by 8.9 points on active, and changed by 16.4 on placebo", "-16.4"),
        ] {
            assert!(!says_the_sign(phrase, number), "{phrase}");
        }
    }
}
