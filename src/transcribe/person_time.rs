//! The time that people were observed together: "120.5 patient-years", 125.0人年.

use super::scan::{Form, Found, Scanner, Step};
use crate::numeric::numeral::Numeral;
use crate::reported::Localized;

/// Units of person-time in Japanese, and what they are called in English.
const JAPANESE: [(&str, &str); 6] = [
    ("人年", "person-years"),
    ("人・年", "person-years"),
    ("患者年", "patient-years"),
    ("患者・年", "patient-years"),
    ("人月", "person-months"),
    ("人・月", "person-months"),
];

/// Words that begin and end a unit of person-time in English.
const PEOPLE: [&str; 4] = ["patient", "person", "subject", "participant"];
const TIMES: [(&str, &str); 3] = [("year", "年"), ("month", "月"), ("day", "日")];

/// A unit of person-time and how many characters name it.
pub(super) struct Unit {
    pub(super) unit: Localized,
    pub(super) length: usize,
}

impl Scanner<'_> {
    /// The unit of person-time that stands at a place, behind a blank or none.
    pub(super) fn person_time(&self, at: usize) -> Option<Unit> {
        let begin = self.skip_blanks(at);
        let japanese = JAPANESE.iter().find_map(|(name, english)| {
            let end = begin + name.chars().count();
            // 15人年齢 is no time.
            let is_whole = self.holds(begin, name) && self.folded.get(end) != Some(&'齢');
            is_whole.then(|| Unit { unit: Localized::new(*english, *name), length: end - at })
        });
        japanese.or_else(|| self.english_person_time(at, begin))
    }

    fn english_person_time(&self, at: usize, begin: usize) -> Option<Unit> {
        let people = PEOPLE.iter().find(|word| self.holds(begin, word))?;
        let sign = begin + people.len();
        self.folded.get(sign).filter(|c| matches!(c, '-' | ' '))?;
        let (time, japanese) = TIMES.iter().find(|(word, _)| self.holds(sign + 1, word))?;
        let singular = sign + 1 + time.len();
        let end = singular + usize::from(self.folded.get(singular) == Some(&'s'));
        let is_word = !self.folded.get(end).is_some_and(char::is_ascii_alphabetic);
        let unit = Localized::new(format!("{people}-{time}s"), format!("人{japanese}"));
        is_word.then_some(Unit { unit, length: end - at })
    }

    /// A number of which the unit is a person-time; that behind "per" is part of the unit of a rate, and no time of
    /// anybody.
    pub(super) fn observed(&self, at: usize, end: usize) -> Option<Step> {
        let unit = self.person_time(end)?;
        let behind = self.skip_blanks(end + unit.length);
        let is_of_rate = self.ends_before(at, "per")
            || self.ends_before(at, "each")
            || ["あたり", "当たり", "当り", "対"].iter().any(|word| self.holds(behind, word));
        if is_of_rate {
            return Some(Step::Skip(end));
        }
        let text = self.flow.text(at..end);
        let time = text.parse::<Numeral>().ok().filter(|time| time.value() > 0.0 && time.exact().is_ok())?;
        let form = Form::PersonTime { time, unit: unit.unit };
        Some(Step::Found(Box::new(Found { form, text, range: at..end })))
    }
}
