//! Numbers in words and in kanji that count something: "seven patients", 患者十二名, 五例中二例.

use super::scan::{Form, Found, LONGEST, Scanner, Step, is_kanji, is_sensible};
use crate::numeric::numeral::{Expression, Numeral, is_of_kanji_number, number_in_words};

/// What a kanji digit counts.
const COUNTED: [&str; 12] = ["年", "回", "名", "人", "例", "つ", "か月", "ヶ月", "ヵ月", "カ月", "日", "週"];

impl Scanner<'_> {
    /// "seven of 64", 五例中二例: a part of a whole that begins with a word.
    pub(super) fn part_of_whole(&self, at: usize) -> Option<Found> {
        let is_fraction =
            |of: &Expression, _: &str| matches!(of, Expression::Fraction { .. }) && is_sensible(of, false);
        let (expression, text) = self.longest(at, at + 1..=at + LONGEST, is_fraction)?;
        let range = at..at + text.chars().count();
        Some(Found { form: Form::Number(expression), text, range })
    }

    /// Whether a number in kanji begins here: behind another kanji stands the end of a word (同一人, 第三回), unless it
    /// counts people behind one of these.
    pub(super) fn begins_kanji_number(&self, at: usize) -> bool {
        const IN_FRONT: &str = "中者計性児例員群約他全";
        let Some(before) = self.before(at).filter(|before| is_kanji(*before)) else { return true };
        let counts = ["名", "人", "例"].iter().any(|people| self.holds(at + self.kanji_length(at), people));
        before == '中' || IN_FRONT.contains(before) && counts
    }

    /// How many characters of a number in kanji stand at a place.
    pub(super) fn kanji_length(&self, at: usize) -> usize {
        self.folded[at..].iter().take_while(|c| is_of_kanji_number(**c)).count()
    }

    /// 一年間, 二つ, 十二名: a number in kanji and what it counts.
    pub(super) fn counted_kanji(&self, at: usize) -> Option<Found> {
        if let Some(found) = self.part_of_whole(at) {
            return Some(found);
        }
        let length = self.kanji_length(at);
        let counter = COUNTED.iter().find(|counted| self.holds(at + length, counted))?;
        let people = usize::from(length > 1 && ["名", "人", "例"].contains(counter));
        let range = at..at + length + people;
        let text = self.flow.text(range.clone());
        let expression = Expression::Number(text.parse::<Numeral>().ok()?);
        Some(Found { form: Form::Number(expression), text, range })
    }

    /// "seven patients", "five of seven"; a number in words that counts nothing is skipped whole.
    pub(super) fn word(&self, at: usize) -> Step {
        let words: String = self.folded[at..(at + LONGEST).min(self.folded.len())].iter().collect();
        let Some((_, length)) = number_in_words(&words).filter(|_| self.before(at) != Some('-')) else {
            return Step::Nothing;
        };
        if let Some(found) = self.part_of_whole(at) {
            return Step::Found(Box::new(found));
        }
        const NOUNS: [&str; 16] = [
            "patient",
            "participant",
            "subject",
            "women",
            "men",
            "woman",
            "man ",
            "female",
            "male",
            "of ",
            "out of",
            "trial",
            "studies",
            "dose",
            "month",
            "year",
        ];
        // Number words are of letters that take one byte each.
        let end = at + length;
        let next = self.skip_blanks(end);
        let text = self.flow.text(at..end);
        match text.parse::<Numeral>() {
            Ok(read) if NOUNS.iter().any(|noun| self.holds(next, noun)) => {
                Step::Found(Box::new(Found { form: Form::Number(Expression::Number(read)), range: at..end, text }))
            }
            _ => Step::Skip(end),
        }
    }
}
