//! Where numbers begin: with their sign, and with words that belong to them.

use super::scan::Scanner;
use crate::numeric::numeral::is_minus_behind;

/// Words in front of a number that belong to it.
const BEFORE: [&str; 23] = [
    "約",
    "およそ",
    "approximately ",
    "about ",
    "around ",
    "at least ",
    "more than ",
    "fewer than ",
    "less than ",
    "up to ",
    "at most ",
    "over ",
    "ca. ",
    "approx. ",
    "≈",
    "minus ",
    "マイナス",
    "▲",
    "△",
    "≥",
    "≤",
    "<",
    ">",
];

impl Scanner<'_> {
    /// Where a number begins with its sign and the words that belong to it.
    pub(super) fn start(&self, at: usize) -> usize {
        let mut start = at;
        // ".45" without its zero.
        if self.before(at) == Some('.') && at.checked_sub(2).is_none_or(|place| !self.folded[place].is_alphanumeric()) {
            start -= 1;
        }
        let is_sign = |place: usize| matches!(self.folded[place], '-' | '+');
        // "0.8×10³–1.9×10³" is a range.
        let is_raised = |at: usize| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(self.folded[at]);
        let is_joined = start.checked_sub(2).is_some_and(is_raised);
        if start > 0
            && is_sign(start - 1)
            && !is_joined
            && (is_minus_behind(self.folded[..start - 1].iter().rev().copied())
                || self.is_minus_behind_abbreviation(at))
        {
            start -= 1;
        } else if self.is_behind_spaced_minus(start) {
            start -= 2;
        }
        for words in BEFORE {
            // "over 52 weeks" is how long, and no limit.
            let is_time = words == "over " && self.is_time(self.run(at));
            if self.ends_before(start, words) && !is_time {
                let mut begin = start;
                while begin > 0 && self.folded[begin - 1] == ' ' {
                    begin -= 1;
                }
                return begin - words.trim_end().chars().count();
            }
        }
        start
    }

    /// Whether a minus stands in front of a number with a blank between, and joins it to nothing: "(− 3.58 mm Hg, 95% CI
    /// − 5.19 to − 1.97)". A dash of another kind may be one of a sentence, but right behind a bracket or
    /// the border of a cell.
    fn is_behind_spaced_minus(&self, start: usize) -> bool {
        const WORDS: [&str; 14] =
            ["to", "ci", "of", "was", "were", "is", "and", "by", "from", "vs", "versus", "than", "interval", "between"];
        let Some(sign) = start.checked_sub(2).filter(|sign| self.holds(*sign, "- ")) else { return false };
        let front = self.folded[..sign].iter().rposition(|c| *c != ' ').map_or(0, |last| last + 1);
        if matches!(self.before(front), Some('(' | '[' | '=' | '|')) {
            return true;
        }
        let word = || self.folded[..front].iter().rev().take_while(|c| c.is_ascii_alphabetic());
        let is_word = || {
            let word: String = word().collect::<Vec<_>>().into_iter().rev().map(char::to_ascii_lowercase).collect();
            WORDS.contains(&word.as_str())
        };
        self.flow.chars[sign] == '−'
            && front < sign
            && (matches!(self.before(front), Some(',' | ';' | ':')) || is_word())
    }

    /// Whether a unit of time stands here.
    fn is_time(&self, at: usize) -> bool {
        let next = self.skip_blanks(at + usize::from(self.folded.get(at) == Some(&'-')));
        ["week", "month", "year", "day", "hour"].iter().any(|unit| self.holds(next, unit))
    }
}
