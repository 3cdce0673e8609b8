//! Several doses of one treatment with its name once: "drug X 10 mg, 20 mg and placebo".

use super::named::Named;
use std::ops::Range;

/// Units of doses.
const UNITS: [&str; 16] =
    ["mg", "µg", "μg", "mcg", "ug", "g", "kg", "ml", "iu", "kiu", "u", "units", "gy", "ppm", "mg/kg", "dose"];

pub(super) fn is_unit_of_dose(word: &str) -> bool {
    let word = word.to_lowercase();
    let base = word.split('/').next().unwrap_or_default();
    UNITS.contains(&base) || matches!(base, "㎎" | "㎍" | "㎖")
}

/// Whether a word says how often a dose is given.
pub(super) fn is_how_often(word: &str) -> bool {
    ["once", "twice", "daily", "weekly", "monthly", "bid", "qd", "tid"].contains(&word) || word.starts_with("twice-")
}

const JOINTS: [&str; 7] = [", and ", ", or ", " and ", " or ", ", ", "/", " vs "];

const CONTROLS: [&str; 4] = ["placebo", "sham", "vehicle", "control"];

/// Words that say that people were given these, or that values follow in their order.
const GIVEN: [&str; 5] = ["respectively", "randomi", "assigned", "allocated", "received"];

/// The groups of several doses, each with the name that stands in front of the first: "drug X 10 mg", "drug X 20 mg".
pub(super) fn dosed(folded: &[char], sentence: impl Fn(usize) -> Range<usize>) -> Vec<Named<String>> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let begins =
            folded[at].is_ascii_alphabetic() && !at.checked_sub(1).is_some_and(|before| is_part(folded[before]));
        let listed = if begins { list_at(folded, at) } else { None };
        let Some((doses, end)) = listed else {
            at += 1;
            continue;
        };
        let is_given = || {
            let own: String = folded[sentence(at)].iter().collect::<String>().to_lowercase();
            GIVEN.iter().any(|word| own.contains(word))
        };
        if doses.last().is_some_and(|last| CONTROLS.contains(&last.what.as_str())) || is_given() {
            all.extend(doses);
        }
        at = end;
    }
    all
}

/// The doses that are listed behind a name at a place, two and more, and where they end.
fn list_at(folded: &[char], at: usize) -> Option<(Vec<Named<String>>, usize)> {
    /// Words in front of a dose that are no name: these doses have none.
    const NO_NAMES: [&str; 12] =
        ["with", "of", "to", "on", "in", "for", "at", "and", "receiving", "received", "given", "taking"];
    let text = |range: Range<usize>| folded[range].iter().collect::<String>();
    let name = at..at + folded[at..].iter().take_while(|c| is_part(**c)).count();
    let mut end = dose_at(folded, name.end + 1).filter(|_| folded.get(name.end) == Some(&' '))?;
    let has_name = !NO_NAMES.contains(&text(name.clone()).to_lowercase().as_str());
    let begin = if has_name { at } else { name.end + 1 };
    let mut doses = vec![Named { what: text(begin..end), range: begin..end }];
    let mut is_short = false;
    while let Some(next) = JOINTS.iter().find(|joint| holds(folded, end, joint)).map(|joint| end + joint.len()) {
        if let Some(control) = CONTROLS.into_iter().find(|word| is_word(folded, next, word)) {
            end = next + control.len();
            doses.push(Named { what: control.to_owned(), range: next..end });
            break;
        }
        let own = next + name.len() + 1;
        let is_named = has_name && holds(folded, next, &text(name.clone()).to_lowercase());
        let Some(dose) = dose_at(folded, if is_named { own } else { next }) else { break };
        is_short |= !is_named;
        let is_whole = is_named || !has_name;
        let what = if is_whole { text(next..dose) } else { format!("{} {}", text(name.clone()), text(next..dose)) };
        doses.push(Named { what, range: next..dose });
        end = dose;
    }
    is_short.then_some((doses, end))
}

/// Where a dose ends that begins at a place, with how often it is given: "60 mg twice daily", "5 mg every 4 weeks".
fn dose_at(folded: &[char], at: usize) -> Option<usize> {
    let is_digit = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let digits = folded.get(at..)?.iter().take_while(|c| is_digit(c)).count();
    let unit = at + digits + usize::from(folded.get(at + digits) == Some(&' '));
    let is_of_unit = |c: &&char| c.is_alphabetic() || **c == '/';
    let named: String = folded[unit.min(folded.len())..].iter().take_while(is_of_unit).collect();
    let mut end = unit + named.chars().count();
    let is_whole = !folded.get(end).is_some_and(|c| is_part(*c));
    if digits == 0 || !is_whole || !is_unit_of_dose(&named) {
        return None;
    }
    while folded.get(end) == Some(&' ') {
        let next = end + 1;
        let count = folded[next..].iter().take_while(|c| c.is_ascii_digit()).count();
        let is_count = count > 0 && folded[next + count..].starts_with(&[' ', 'w', 'e', 'e', 'k']);
        let word = word_at(folded, next);
        let is_often = is_how_often(&word) || ["every", "weeks", "months"].contains(&word.as_str());
        let often =
            if is_word(folded, next, "a day") { Some("a day".len()) } else { Some(word.len()).filter(|_| is_often) };
        let Some(length) = often.or(Some(count).filter(|_| is_count)) else { break };
        end = next + length;
    }
    Some(end)
}

/// The word at a place, in small letters.
fn word_at(folded: &[char], at: usize) -> String {
    let rest = folded.get(at..).unwrap_or_default();
    rest.iter().take_while(|c| is_part(**c)).map(char::to_ascii_lowercase).collect()
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Whether words in small letters stand at a place.
fn holds(folded: &[char], at: usize, words: &str) -> bool {
    let here = folded[at.min(folded.len())..].iter().map(char::to_ascii_lowercase);
    here.take(words.chars().count()).eq(words.chars())
}

fn is_word(folded: &[char], at: usize, word: &str) -> bool {
    holds(folded, at, word) && !folded.get(at + word.chars().count()).is_some_and(|c| is_part(*c))
}
