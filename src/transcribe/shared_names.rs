//! Groups that share one word, or are told apart by a letter: "the drug and placebo groups", "group A", "groups 1 and
//! 2".

use super::named::Named;
use std::ops::Range;

/// The groups of "drug and placebo groups", each called as it is alone: "drug group".
pub(super) fn sharing(folded: &[char]) -> Vec<Named<String>> {
    let mut all = Vec::new();
    for at in 0..folded.len() {
        let Some(noun) = [("groups", "group"), ("arms", "arm")].into_iter().find(|(many, _)| is_word(folded, at, many))
        else {
            continue;
        };
        let Some(end) = at.checked_sub(1).filter(|blank| folded[*blank] == ' ') else { continue };
        let parts = parts_before(folded, end);
        if parts.len() < 2 {
            continue;
        }
        let last = parts.len() - 1;
        for (place, part) in parts.into_iter().enumerate() {
            let what = format!("{} {}", folded[part.clone()].iter().collect::<String>(), noun.1);
            let end = if place == last { at + noun.0.len() } else { part.end };
            all.push(Named { what, range: part.start..end });
        }
    }
    all
}

/// What "and" and commas divide in front of a place, back to a word that begins anew: "drug A, drug B and placebo".
fn parts_before(folded: &[char], end: usize) -> Vec<Range<usize>> {
    /// So many words make a name, and so many names a list.
    const WORDS: usize = 3;
    const PARTS: usize = 5;
    const BEGIN: [&str; 14] =
        ["the", "in", "of", "for", "with", "between", "both", "two", "three", "to", "from", "by", "than", "was"];
    const NO_NAMES: [&str; 12] =
        ["age", "sex", "patient", "study", "ethnic", "racial", "race", "risk", "subgroup", "all", "these", "other"];
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut part = end..end;
    let mut words = 0;
    let mut at = end;
    let ends = loop {
        let length = folded[..at].iter().rev().take_while(|c| c.is_ascii_alphanumeric() || **c == '-').count();
        let word: String = folded[at - length..at].iter().collect::<String>().to_lowercase();
        let is_comma = at > 0 && folded[at - 1] == ',';
        if length == 0 && !is_comma || BEGIN.contains(&word.as_str()) {
            break true;
        }
        if NO_NAMES.contains(&word.as_str()) || parts.len() > PARTS {
            break false;
        }
        if is_comma || word == "and" {
            if !part.is_empty() {
                parts.push(part.clone());
            }
            words = 0;
            at -= length.max(1);
            part = at..at;
        } else {
            words += 1;
            if words > WORDS {
                break false;
            }
            let begin = at - length;
            part = if part.is_empty() { begin..at } else { begin..part.end };
            at = begin;
        }
        // One blank between words.
        at -= usize::from(at > 0 && folded[at - 1] == ' ');
    };
    if !part.is_empty() {
        parts.push(part);
    }
    let begins = |part: &Range<usize>| folded[part.start].is_ascii_alphanumeric();
    if !ends || !parts.iter().all(begins) {
        return Vec::new();
    }
    parts.reverse();
    parts
}

/// The groups that a letter or a number tells apart, if there are several: "group A", "groups A and B".
pub(super) fn numbered(folded: &[char]) -> Vec<Named<String>> {
    let mut all: Vec<Named<String>> = Vec::new();
    for at in 0..folded.len() {
        let noun =
            ["groups ", "group ", "Groups ", "Group ", "arms ", "arm ", "Arms ", "Arm "].into_iter().find(|noun| {
                begins_with(folded, at, noun) && !at.checked_sub(1).is_some_and(|before| is_part(folded[before]))
            });
        let Some(noun) = noun.filter(|_| !is_of_kind(folded, at)) else { continue };
        let one = noun.trim_end().trim_end_matches('s').to_lowercase();
        let mut start = at;
        let mut sign = at + noun.len();
        while let Some(name) = sign_at(folded, sign) {
            all.push(Named { what: format!("{one} {name}"), range: start..sign + 1 });
            let joint = [", and ", " and ", ", "].into_iter().find(|joint| begins_with(folded, sign + 1, joint));
            let Some(joint) = joint.filter(|_| noun.trim_end().ends_with('s')) else { break };
            sign += 1 + joint.len();
            start = sign;
        }
    }
    let is_several = all.iter().any(|named| named.what != all[0].what);
    if is_several { all } else { Vec::new() }
}

/// The one capital letter or digit of a place.
fn sign_at(folded: &[char], at: usize) -> Option<char> {
    let sign = folded.get(at).copied().filter(|c| matches!(c, 'A'..='H' | '1'..='9'))?;
    let is_end = match folded.get(at + 1) {
        Some('.' | ',') => !folded.get(at + 2).is_some_and(char::is_ascii_digit),
        Some(next) => !is_part(*next) && *next != '%',
        None => true,
    };
    let behind: String = folded[(at + 1).min(folded.len())..].iter().take(8).collect();
    let behind = behind.trim_start();
    // "In both groups 5 patients" counts, and does not name.
    const GOES_ON: [&str; 16] =
        [")", ",", ".", ":", ";", "(", "and ", "was ", "were ", "had ", "vs", "versus ", "than ", "at ", "or ", "to "];
    let is_named =
        sign.is_ascii_alphabetic() || behind.is_empty() || GOES_ON.iter().any(|word| behind.starts_with(word));
    (is_end && is_named && !behind.starts_with("strep")).then_some(sign)
}

/// Whether "group" at a place is a kind of something else, or stands for all: "blood group A", "both groups".
fn is_of_kind(folded: &[char], at: usize) -> bool {
    const KINDS: [&str; 9] = ["blood", "age", "risk", "serogroup", "ethnic", "both", "all", "two", "three"];
    let front: String = folded[at.saturating_sub(10)..at].iter().collect::<String>().to_lowercase();
    KINDS.iter().any(|kind| front.trim_end().ends_with(kind))
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn begins_with(folded: &[char], at: usize, words: &str) -> bool {
    folded.get(at..at + words.len()).is_some_and(|here| here.iter().copied().eq(words.chars()))
}

fn is_word(folded: &[char], at: usize, word: &str) -> bool {
    begins_with(folded, at, word) && !folded.get(at + word.len()).is_some_and(|c| is_part(*c))
}
