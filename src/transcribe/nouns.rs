//! Groups that a text calls by their noun alone: "8 patients (20%) receiving drug A and 18 (43%) receiving placebo".

use super::groups::{is_control, is_of_word, is_sized, is_stop};
use super::named::Named;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words in front of a noun that make it that of a group.
const IN_FRONT: [&str; 9] = ["with", "for", "on", "receiving", "received", "receive", "taking", "given", "either"];

/// Words in front of these with which a noun is something else: "compared with placebo", "combined with drug A".
const OTHERS: [&str; 6] = ["compared", "comparison", "combined", "combination", "associated", "together"];

/// The nouns of groups that have the word elsewhere, "drug A" of "the drug A group": where their size stands behind them,
/// and where a sentence has several behind words that say of whom something is.
pub(super) fn of_known(
    folded: &[char],
    of_noun: &BTreeMap<String, String>,
    sentence: impl Fn(usize) -> Range<usize>,
) -> Vec<Named<String>> {
    // The nouns by their first letter.
    let mut nouns: BTreeMap<char, Vec<(Vec<char>, &String)>> = BTreeMap::new();
    for (noun, what) in of_noun {
        let noun: Vec<char> = noun.chars().collect();
        if let Some(first) = noun.first() {
            nouns.entry(*first).or_default().push((noun, what));
        }
    }
    let mut all = Vec::new();
    let (mut of_sentence, mut own) = (Vec::<Named<String>>::new(), 0..0);
    for at in (0..folded.len()).filter(|at| begins_word(folded, *at)) {
        let is_here = |noun: &[char]| {
            let here = folded.get(at..at + noun.len());
            here.is_some_and(|here| here.iter().zip(noun).all(|(c, own)| c.to_ascii_lowercase() == *own))
        };
        // Of "drug A" and "drug A plus B" the longer one.
        let of_letter = nouns.get(&folded[at].to_ascii_lowercase()).into_iter().flatten();
        let longest = of_letter.filter(|(noun, _)| is_here(noun)).max_by_key(|(noun, _)| noun.len());
        let Some((noun, what)) = longest else { continue };
        let range = at..at + noun.len();
        if folded.get(range.end).is_some_and(is_of_word) || goes_on(folded, range.end) {
            continue;
        }
        let named = Named { what: (*what).clone(), range };
        if is_sized(folded, named.range.end) {
            all.push(named);
        } else if is_behind_word(folded, at) {
            if !own.contains(&at) {
                keep_several(&mut all, &mut of_sentence);
                own = sentence(at);
            }
            of_sentence.push(named);
        }
    }
    keep_several(&mut all, &mut of_sentence);
    all
}

/// One alone may be anything: "with treatment".
fn keep_several(all: &mut Vec<Named<String>>, of_sentence: &mut Vec<Named<String>>) {
    let several: BTreeSet<&String> = of_sentence.iter().map(|named| &named.what).collect();
    if several.len() > 1 {
        all.append(of_sentence);
    }
    of_sentence.clear();
}

/// What people received, where a sentence has one treatment and a control: "174 receiving drug-A and 56 receiving placebo".
pub(super) fn received(folded: &[char], sentence: impl Fn(usize) -> Range<usize>) -> Vec<Range<usize>> {
    const RECEIVED: [&str; 5] = ["receiving", "received", "receive", "taking", "given"];
    const NO_NAMES: [&str; 12] =
        ["treatment", "therapy", "care", "medication", "drug", "drugs", "study", "active", "at", "it", "as", "more"];
    let mut all: Vec<Range<usize>> = Vec::new();
    let (mut of_sentence, mut own) = (Vec::<Range<usize>>::new(), 0..0);
    let text = |range: &Range<usize>| folded[range.clone()].iter().collect::<String>().to_lowercase();
    let close = |all: &mut Vec<Range<usize>>, of_sentence: &mut Vec<Range<usize>>| {
        let names: BTreeSet<String> = of_sentence.iter().map(text).collect();
        if names.len() == 2 && names.iter().filter(|name| is_control(name)).count() == 1 {
            all.append(of_sentence);
        }
        of_sentence.clear();
    };
    let mut lengths: BTreeMap<String, usize> = BTreeMap::new();
    for at in (0..folded.len()).filter(|at| begins_word(folded, *at) && folded[*at].is_ascii_alphabetic()) {
        let range = at..at + folded[at..].iter().take_while(|c| is_of_word(c)).count();
        let name = text(&range);
        let is_name = range.len() > 2 && !is_stop(&name) && !NO_NAMES.contains(&name.as_str());
        if is_name && RECEIVED.contains(&word_before(folded, at).as_str()) {
            let length = *lengths.entry(name).or_insert_with(|| with_second_word(folded, range.clone()).len());
            let range = at..at + length;
            if goes_on(folded, range.end) {
                continue;
            }
            if !own.contains(&at) {
                close(&mut all, &mut of_sentence);
                own = sentence(at);
            }
            of_sentence.push(range);
        }
    }
    close(&mut all, &mut of_sentence);
    all
}

/// A name with the word behind it, if that stands behind it wherever the text has it: "ferric" is no name of its own
/// where the text has "ferric carboxymaltose".
fn with_second_word(folded: &[char], name: Range<usize>) -> Range<usize> {
    let second = |end: usize| {
        let rest = folded.get(end..).and_then(|rest| rest.strip_prefix(&[' '])).unwrap_or_default();
        &rest[..rest.iter().take_while(|c| is_of_word(c)).count()]
    };
    let own = second(name.end);
    let is_same = |at: &usize| begins_word(folded, *at) && folded[*at..].starts_with(&folded[name.clone()]);
    let ends = (0..folded.len()).filter(is_same).map(|at| at + name.len());
    let mut ends = ends.filter(|end| !folded.get(*end).is_some_and(is_of_word)).peekable();
    let is_several = ends.clone().nth(1).is_some();
    let is_name = own.len() > 2 && !is_stop(&own.iter().collect::<String>());
    let is_one = is_several && is_name && ends.all(|end| second(end) == own);
    if is_one { name.start..name.end + 1 + own.len() } else { name }
}

fn begins_word(folded: &[char], at: usize) -> bool {
    is_of_word(&folded[at]) && !at.checked_sub(1).is_some_and(|before| is_of_word(&folded[before]))
}

/// The word in front of one that begins at a place, in small letters.
fn word_before(folded: &[char], at: usize) -> String {
    let Some(blank) = at.checked_sub(1).filter(|blank| folded[*blank] == ' ') else { return String::new() };
    let length = folded[..blank].iter().rev().take_while(|c| is_of_word(c)).count();
    folded[blank - length..blank].iter().collect::<String>().to_lowercase()
}

fn is_behind_word(folded: &[char], at: usize) -> bool {
    let word = word_before(folded, at);
    let in_front = at.checked_sub(word.chars().count() + 1).map(|start| word_before(folded, start)).unwrap_or_default();
    IN_FRONT.contains(&word.as_str()) && !OTHERS.contains(&in_front.as_str())
}

/// Whether a name goes on behind a place: "drug A plus B", "drug A or placebo" of those who had either.
fn goes_on(folded: &[char], end: usize) -> bool {
    let behind: String = folded[end..].iter().take(16).collect::<String>().to_lowercase();
    [" plus ", " + ", " in combination", " combined", " alone or"].iter().any(|word| behind.starts_with(word))
}
