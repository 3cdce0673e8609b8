//! Where sentences begin and end.

use super::flow::Flow;
use std::ops::Range;

/// The characters of the sentence around a place.
pub(super) fn sentence(flow: &Flow, at: usize) -> Range<usize> {
    let start = (1..=at.min(flow.chars.len())).rev().find(|&start| begins(flow, start)).unwrap_or(0);
    let end = (at + 1..flow.chars.len()).find(|&end| begins(flow, end)).unwrap_or(flow.chars.len());
    start..end
}

/// Whether a sentence ends right before a place: behind 。 and its kin, and behind a full stop with a blank, if no small
/// letter and no digit follow as in "vs. 5" and "approx. five".
fn begins(flow: &Flow, at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| flow.chars.get(place)).copied();
    let goes_on = flow.chars.get(at).is_some_and(|c| c.is_lowercase() || c.is_numeric());
    match before(1) {
        Some('。' | '！' | '？') => true,
        Some(' ') => matches!(before(2), Some('.' | '!' | '?')) && !goes_on,
        _ => false,
    }
}
