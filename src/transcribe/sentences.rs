//! Where sentences begin and end.

use super::flow::Flow;
use crate::numeric::numeral::fold_char;
use std::ops::Range;

/// The characters of the sentence around a place.
pub(super) fn sentence(flow: &Flow, at: usize) -> Range<usize> {
    let starts = &flow.sentences;
    let next = starts.partition_point(|start| *start <= at);
    let start = next.checked_sub(1).map_or(0, |own| starts[own]);
    start..starts.get(next).copied().unwrap_or(flow.chars.len())
}

/// Whether a sentence in small letters gives values in the order of their names.
pub(super) fn lists_in_order(sentence: &str) -> bool {
    ["respectively", "それぞれ", "順に"].iter().any(|word| sentence.contains(word))
}

/// Where the sentences behind the first one begin. What runs on for long without a full stop is a list of lines, and each
/// of these begins one; what runs on in one line for longer than any sentence is none, and is divided at a blank, so
/// that nobody looks through all of it for each number.
pub(super) fn sentence_starts(flow: &Flow) -> Vec<usize> {
    const LONGEST: usize = 1500;
    const ENDLESS: usize = 5000;
    let mut starts = Vec::new();
    let mut last = 0;
    for start in 1..flow.chars.len() {
        let is_list = start - last > LONGEST && flow.starts_line[start];
        if begins(flow, start) || is_list || start - last > ENDLESS && flow.chars[start - 1] == ' ' {
            starts.push(start);
            last = start;
        }
    }
    starts
}

/// Whether a place stands in brackets that close before another: what is said there is not said of the number outside.
pub(super) fn is_closed_off(flow: &Flow, place: usize, before: usize) -> bool {
    let mut depth = 0;
    (place..before).any(|at| {
        let is_note = depth == 0 && is_of_note(flow, at);
        depth += if is_note { 0 } else { step_in(flow, at) };
        depth < 0
    })
}

/// How much deeper in brackets what stands behind a place is.
fn step_in(flow: &Flow, at: usize) -> i32 {
    match fold_char(flow.chars[at]) {
        '(' | '[' => 1,
        ')' | ']' => -1,
        _ => 0,
    }
}

/// Whether a bracket closes the mark of a note, and none that was open: 注1)
fn is_of_note(flow: &Flow, at: usize) -> bool {
    if fold_char(flow.chars[at]) != ')' {
        return false;
    }
    let digits = flow.chars[..at].iter().rev().take_while(|c| fold_char(**c).is_ascii_digit()).count();
    let mark = (at - digits).checked_sub(1).map(|place| flow.chars[place]);
    digits > 0 && matches!(mark, Some('注' | '※' | '*'))
}

/// The text in front of a number without what stands in brackets of its own.
pub(super) fn said_before(flow: &Flow, from: usize, at: usize) -> String {
    // From the number back: how deep in brackets what is said there stands at least until they close.
    let mut deepest = 0i32;
    let mut said: Vec<char> = Vec::with_capacity(at.saturating_sub(from));
    for place in (from..at).rev() {
        let step = if is_of_note(flow, place) { 0 } else { step_in(flow, place) };
        deepest = step + deepest.min(0);
        if deepest >= 0 {
            said.push(flow.chars[place]);
        }
    }
    said.iter().rev().collect()
}

/// What is shortened in front of a number that belongs to it, in small letters.
const SHORTENED: [&str; 36] = [
    "vs", "v", "approx", "appr", "ca", "c", "no", "nos", "nr", "n", "fig", "figs", "tab", "eq", "ref", "refs", "p",
    "pp", "vol", "al", "cf", "incl", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
    "nov", "dec", "ver",
];

/// Whether a sentence ends right before a place: before a mark of a list, before and behind the row of a table, below
/// an empty line where a capital letter follows (a sentence may go on over a page), behind 。 and its kin, and behind a
/// full stop with a blank, if no small letter follows as in "approx. five", and no number behind what is shortened, as
/// in "vs. 5".
fn begins(flow: &Flow, at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| flow.chars.get(place)).copied();
    let is_listed = flow.chars.get(at).is_some_and(|c| matches!(c, '■' | '●' | '•' | '◆' | '□' | '◇' | '▼'))
        || begins_item(flow, at);
    // Each row of a table, and what stands below it, behind the blank in front of its line.
    let is_row = |place: Option<usize>| place.and_then(|place| flow.in_row.get(place)) == Some(&true);
    let is_below_row = || is_row(at.checked_sub(if before(1) == Some(' ') { 2 } else { 1 }));
    let is_of_table = flow.starts_line.get(at) == Some(&true) && (is_row(Some(at)) || is_below_row());
    match before(1) {
        _ if is_listed || is_of_table || flow.heads_paragraph(at) => true,
        Some('。' | '！' | '？') => true,
        Some('．') => !is_decimal_point(&flow.chars, at - 1),
        Some(' ') => matches!(before(2), Some('.' | '!' | '?')) && !goes_on(flow, at),
        _ => false,
    }
}

/// Whether a line begins at a place, and as an item of a list; behind a comma or within a bracket it goes on.
pub(super) fn begins_item(flow: &Flow, at: usize) -> bool {
    /// So far back a bracket may be open.
    const FAR: usize = 60;
    let front = &flow.chars[at.saturating_sub(FAR).min(flow.chars.len())..at.min(flow.chars.len())];
    let bracket = front.iter().rev().map(|c| fold_char(*c)).find(|c| matches!(c, '(' | ')'));
    let last = front.iter().rev().find(|c| **c != ' ');
    flow.starts_line.get(at) == Some(&true)
        && is_mark_of_item(&flow.chars[at..])
        && bracket != Some('(')
        && !matches!(last, Some(',' | '、'))
}

/// Whether a line begins as an item of a list does: "- ", ①, （1）, "2)".
fn is_mark_of_item(line: &[char]) -> bool {
    const MOST: usize = 2;
    let folded = |at: usize| line.get(at).map(|c| fold_char(*c));
    let is_numbered = |from: usize| {
        let digits = line[from..].iter().take_while(|c| fold_char(**c).is_ascii_digit()).count();
        (1..=MOST).contains(&digits) && folded(from + digits) == Some(')')
    };
    match line.first() {
        Some('・' | '○' | '◎' | '▶' | '➢' | '✓' | '▪' | '※' | '①'..='⑳') => true,
        Some('-' | '–' | '*' | '+') => line.get(1) == Some(&' '),
        Some('(' | '（') => is_numbered(1),
        Some(c) if fold_char(*c).is_ascii_digit() => is_numbered(0),
        _ => false,
    }
}

/// Whether a full-width point stands between digits; elsewhere it ends a sentence.
pub(super) fn is_decimal_point(chars: &[char], at: usize) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| fold_char(*c).is_ascii_digit());
    is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))
}

/// Whether a sentence goes on behind a full stop with a blank.
fn goes_on(flow: &Flow, at: usize) -> bool {
    match flow.chars.get(at) {
        Some(c) if c.is_lowercase() => true,
        Some(c) if c.is_numeric() => {
            let front = &flow.chars[..at.saturating_sub(2)];
            let word: Vec<char> = front.iter().rev().take_while(|c| c.is_alphabetic() || **c == '.').copied().collect();
            let word: String = word.into_iter().rev().collect();
            // "i.e. 5", and no "drug A. 5 of 7".
            let has_points = word.trim_start_matches('.').contains('.');
            let is_small = word.chars().count() > 1 || word.chars().all(char::is_lowercase);
            has_points || is_small && SHORTENED.contains(&word.to_lowercase().as_str())
        }
        _ => false,
    }
}
