//! What stays on one line in a Japanese text: between any two characters of which a browser may end a line.

use maud::{Markup, html};

/// What is counted or measured; a number before one of them belongs to it. Longer ones before those that begin alike.
const UNITS: [&str; 19] = [
    "信頼区間",
    "通り",
    "か月",
    "項目",
    "行目",
    "施設",
    "人年",
    "研究",
    "人",
    "件",
    "例",
    "年",
    "倍",
    "組",
    "回",
    "名",
    "群",
    "日",
    "週",
];
/// A word that is no unit and yet never parted.
const WORD: &str = "信頼区間";
/// What a number is made of.
const NUMBER: &str = "0123456789.,%％−–+±〜/／";
/// What stands between two numbers, or between a name and its number.
const SIGNS: &str = "=<>≥≤±";
/// Nothing longer is kept together: a narrow column has to hold it.
const LONGEST: usize = 22;

/// A text whose numbers stay with their units, and `n = 7` with itself.
pub fn unbroken(text: &str) -> Markup {
    html! { @for (piece, is_bound) in pieces(text) {
        @if is_bound { span.n { (piece) } } @else { (piece) }
    } }
}

/// The pieces of a text, each with whether it stays on one line.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = text[at..].chars().next() {
        let end = at + bound(&text[at..]);
        let is_word_before = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let run = &text[at..end];
        if is_word_before || !is_worth(run) {
            at += if run.is_empty() { next.len_utf8() } else { run.len() };
            continue;
        }
        if start < at {
            pieces.push((&text[start..at], false));
        }
        pieces.push((run, true));
        (start, at) = (end, end);
    }
    if start < text.len() {
        pieces.push((&text[start..], false));
    }
    pieces
}

/// Whether a run can be broken at all and is not too long to be kept together.
fn is_worth(run: &str) -> bool {
    let count = run.chars().count();
    let is_breakable = run.contains(' ') || !run.is_ascii();
    (2..=LONGEST).contains(&count) && is_breakable
}

/// The length of what begins a text and stays together: `95%信頼区間`, `n = 7`, `−2.5`, `6 か月`.
fn bound(text: &str) -> usize {
    if text.starts_with(WORD) {
        return WORD.len();
    }
    let mut end = 0;
    // A name before its number.
    if let Some(name) = text.chars().next().filter(char::is_ascii_alphabetic) {
        let rest = &text[name.len_utf8()..];
        let is_named = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c| SIGNS.contains(c)));
        if !is_named {
            return 0;
        }
        end = name.len_utf8();
    }
    loop {
        let rest = &text[end..];
        let digits = rest.find(|c| !NUMBER.contains(c)).unwrap_or(rest.len());
        let sign = rest.strip_prefix(' ').and_then(|rest| rest.chars().next().filter(|c| SIGNS.contains(*c)));
        match (digits, sign) {
            (0, Some(sign)) => end += 1 + sign.len_utf8(),
            (0, None) if rest.starts_with(' ') && text[..end].ends_with(|c| SIGNS.contains(c)) => end += 1,
            (0, None) => break,
            (digits, _) => end += digits,
        }
    }
    if !text[..end].contains(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let rest = &text[end..];
    let unit = rest.strip_prefix(' ').unwrap_or(rest);
    match UNITS.iter().find(|known| unit.starts_with(**known)) {
        Some(known) => end + (rest.len() - unit.len()) + known.len(),
        None => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_units() {
        let bound = |text| -> Vec<String> {
            pieces(text).into_iter().filter(|(_, is_bound)| *is_bound).map(|(piece, _)| piece.to_owned()).collect()
        };
        assert_eq!(bound("平均変化とその95%信頼区間（n = 7）"), ["95%信頼区間", "n = 7"]);
        assert_eq!(bound("区間は−0.68〜−0.12、p < 0.0001"), ["−0.68〜−0.12", "p < 0.0001"]);
        assert_eq!(bound("データ 369 通り、6 か月、5人"), ["369 通り", "6 か月", "5人"]);
        assert_eq!(bound("2.9 ± 1.1 → 0.4 ± 0.8"), ["2.9 ± 1.1", "0.4 ± 0.8"]);
        assert!(bound("AQP4 と r によらない、信頼").is_empty());
        let text = "平均が 0.47（5人）となるには、3、6 か月";
        assert_eq!(pieces(text).into_iter().map(|(piece, _)| piece).collect::<String>(), text);
    }
}
