//! Breaks a text into lines of a width: Latin at spaces, Japanese between characters.

use super::text::Fonts;

/// Japanese line-start prohibition: closing marks, sound marks, small kana (JIS X 4051 in short).
const NOT_FIRST: &str = "、。，．,.:;!?)]}）］｝」』】〉》〕”’・：；？！％%‰°℃ー〜～…‥々ゝゞヽヾ\
                         ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜";
/// Opening marks, which belong to what follows.
const NOT_LAST: &str = "（［｛「『【〈《〔“‘([{";
/// Signs that belong to the numbers at both sides: “2.9 ± 1.1”, “n = 7”, “r ≥ 0.79”.
const BINDING: &str = "±=<>≤≥≠≈×÷＝＜＞";
/// Signs that open a line rather than end one: “→ 0.4 ± 0.8”.
const LEADING: &str = "→←+−";

/// Signs inside numbers.
const IN_NUMBERS: &str = ".,．，±+−＋－";

/// So far a text shrinks rather than have a word cut.
const LEAST_OF_WORDS: f64 = 0.8;
/// No text becomes smaller than this, which can still be read.
pub(super) const LEAST_SIZE: f64 = 11.0;

/// How hard to look for a place to break.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Where a careful typesetter would.
    Good,
    /// At spaces before a sign too.
    Spaces,
    /// After any character but those of a number: for a word wider than the line.
    InWords,
    /// After any character: the last resort for a number wider than the line.
    Anywhere,
}

/// Lines no wider than `width`, as far as a single character allows. No text, no line.
pub(super) fn wrap(fonts: &Fonts<'_>, text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    fill(fonts, text, size, width, Effort::Good, &mut line, &mut lines);
    push_line(&mut line, &mut lines);
    lines
}

/// Adds the pieces of `text` to the line as they fit; a piece too wide by itself is cut harder.
fn fill(
    fonts: &Fonts<'_>,
    text: &str,
    size: f64,
    width: f64,
    effort: Effort,
    line: &mut String,
    lines: &mut Vec<String>,
) {
    for piece in pieces(text, effort) {
        let joined = fonts.width(line, size) + fonts.width(piece.trim_end(), size);
        if joined > width && !line.is_empty() {
            push_line(line, lines);
        }
        if fonts.width(piece.trim_end(), size) > width && effort != Effort::Anywhere {
            let harder = match effort {
                Effort::Good => Effort::Spaces,
                Effort::Spaces => Effort::InWords,
                Effort::InWords | Effort::Anywhere => Effort::Anywhere,
            };
            fill(fonts, piece, size, width, harder, line, lines);
        } else {
            line.push_str(piece);
        }
    }
}

fn push_line(line: &mut String, lines: &mut Vec<String>) {
    let full = line.trim().to_owned();
    if !full.is_empty() {
        lines.push(full);
    }
    line.clear();
}

/// Cuts a text where a line may end; spaces stay at the end of the piece before.
fn pieces(text: &str, effort: Effort) -> Vec<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    for (i, pair) in chars.windows(2).enumerate() {
        let [(_, a), (at, b)] = [pair[0], pair[1]];
        let before = i.checked_sub(1).and_then(|earlier| chars.get(earlier)).map(|c| c.1);
        // “higher after →”: an arrow at the very end opens nothing.
        let is_last = i + 2 == chars.len();
        if is_last && a == ' ' && LEADING.contains(b) && effort == Effort::Good {
            continue;
        }
        // “[0.13, 1.26]” is one thing.
        if !matches!(effort, Effort::InWords | Effort::Anywhere) && is_within_interval(&text[..at], &text[at..]) {
            continue;
        }
        if may_break(before, a, b, effort) {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Whether the place between two pieces of a text lies inside brackets that hold numbers only.
fn is_within_interval(before: &str, after: &str) -> bool {
    // “[95 % CI]” and “[6.1e−10, 1.8e−9]” too.
    let numeric = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ".,−-+∞% eCI信頼区間".contains(c));
    let open = before.rfind('[').map(|at| &before[at + 1..]);
    let close = after.find(']').map(|at| &after[..at]);
    matches!((open, close), (Some(open), Some(close)) if numeric(open) && numeric(close))
}

/// The widest piece that stays whole where lines end at spaces: the least width of a column.
pub(super) fn widest_piece(fonts: &Fonts<'_>, text: &str, size: f64) -> f64 {
    pieces(text, Effort::Good).iter().map(|piece| fonts.width(piece.trim_end(), size)).fold(0.0, f64::max)
}

/// The widest word, also where Japanese could be broken within it, but no more than so many ems.
pub(super) fn widest_word(fonts: &Fonts<'_>, text: &str, size: f64, ems: f64) -> f64 {
    let words = pieces(text, Effort::Spaces).into_iter();
    words.map(|word| fonts.width(word.trim_end(), size)).fold(0.0, f64::max).min(ems * size)
}

/// Whether a number of the text is wider than this even at the least size, and would be cut.
pub(super) fn cuts_number(fonts: &Fonts<'_>, text: &str, size: f64, width: f64) -> bool {
    widest_number(fonts, text, size.min(LEAST_SIZE)) > width
}

/// The widest number of a text.
pub(super) fn widest_number(fonts: &Fonts<'_>, text: &str, size: f64) -> f64 {
    let pieces = pieces(text, Effort::InWords).into_iter();
    let numbers = pieces.filter(|piece| piece.contains(|c: char| c.is_numeric()));
    numbers.map(|piece| fonts.width(piece.trim_end(), size)).fold(0.0, f64::max)
}

/// By how much a text shrinks so that no word of it, or at least no number, is cut at this width; 1 where it fits as it
/// is, or where it would become too small to be read.
pub(super) fn shrinking(fonts: &Fonts<'_>, text: &str, size: f64, width: f64) -> f64 {
    let least = (LEAST_SIZE / size).min(1.0);
    // Japanese ends a line anywhere, and has no words to cut.
    let good = pieces(text, Effort::Good);
    let words = good.iter().flat_map(|piece| pieces(piece, Effort::Spaces));
    let for_words = width / words.map(|word| fonts.width(word.trim_end(), size)).fold(0.0, f64::max);
    if for_words >= least.max(LEAST_OF_WORDS) {
        return for_words.min(1.0);
    }
    let for_numbers = width / widest_number(fonts, text, size);
    if for_numbers >= 1.0 { 1.0 } else { for_numbers.max(least) }
}

/// Whether a line may end between `a` and `b`; `before` stands before `a`.
fn may_break(before: Option<char>, a: char, b: char, effort: Effort) -> bool {
    if b == ' ' || b == '　' || (effort != Effort::Anywhere && is_within_number(before, a, b)) {
        return false;
    }
    let bound = |c: char| BINDING.contains(c);
    let after_sign = a == ' ' && before.is_some_and(|c| bound(c) || LEADING.contains(c));
    match effort {
        Effort::Anywhere | Effort::InWords => true,
        Effort::Spaces => matches!(a, ' ' | '　') && !after_sign,
        Effort::Good if NOT_FIRST.contains(b) || NOT_LAST.contains(a) => false,
        Effort::Good if a == ' ' => !bound(b) && !after_sign,
        Effort::Good => {
            let hyphen = a == '-' && b.is_alphabetic() && before.is_some_and(char::is_alphabetic);
            a == '　' || hyphen || is_wide(a) || is_wide(b)
        }
    }
}

/// Whether both characters belong to one number, so that “６．２±１．７” is as whole as “6.2±1.7”.
fn is_within_number(before: Option<char>, a: char, b: char) -> bool {
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let sign = |c: char| IN_NUMBERS.contains(c);
    // A comma or stop after no digit ends a sentence.
    (digit(a) && (digit(b) || sign(b))) || (sign(a) && digit(b) && (before.is_some_and(digit) || !".,．，".contains(a)))
}

/// Characters set without spaces between words: kana, kanji, full-width forms.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(all(test, feature = "font-ja"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::chart::Typeface;

    fn lines(text: &str, width: f64) -> Vec<String> {
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let lines = wrap(&fonts, text, 10.0, width);
        for line in &lines {
            let one = line.chars().count() == 1;
            assert!(one || fonts.width(line, 10.0) <= width + 1e-9, "{line}");
        }
        lines
    }

    #[test]
    fn latin_breaks_at_spaces_and_keeps_numbers_together() {
        assert_eq!(lines("annual relapse rate", 70.0), ["annual relapse", "rate"]);
        assert_eq!(lines("falls to 2.9 ± 1.1 → 0.4 ± 0.8", 60.0), ["falls to", "2.9 ± 1.1", "→ 0.4 ± 0.8"]);
        assert_eq!(lines("p < 0.05 needs r ≥ 0.79", 70.0), ["p < 0.05 needs", "r ≥ 0.79"]);
        assert_eq!(lines("higher after →", 60.0), ["higher", "after →"]);
        assert_eq!(lines("95 % CI", 30.0), ["95 %", "CI"]);
        assert_eq!(lines("0.41 [0.13, 1.26]", 65.0), ["0.41", "[0.13, 1.26]"]);
        assert_eq!(lines("2.4e−9 [1.5e−9, 3.3e−9]", 75.0), ["2.4e−9", "[1.5e−9, 3.3e−9]"]);
        assert_eq!(lines("Correlation [95 % CI]", 75.0), ["Correlation", "[95 % CI]"]);
    }

    #[test]
    fn japanese_breaks_between_characters_but_not_before_a_stop() {
        assert_eq!(lines("年間再発率は、低下。", 60.0), ["年間再発率", "は、低下。"]);
        assert_eq!(lines("あいうえおー", 50.0), ["あいうえ", "おー"]);
        assert_eq!(lines("再発率（回", 40.0), ["再発率", "（回"]);
        assert_eq!(lines("シャープ", 20.0), ["シャ", "ープ"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut() {
        let cut = lines(&"x".repeat(80), 60.0);
        assert!(cut.len() > 5);
        assert_eq!(cut.concat(), "x".repeat(80));
        assert_eq!(lines("12.25 ± 11.75", 40.0), ["12.25", "± 11.75"]);
    }

    #[test]
    fn a_number_that_fits_is_never_cut() {
        assert_eq!(lines("６．２±１．７ → ２．５±１．９", 90.0), ["６．２±１．７", "→ ２．５±１．９"]);
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let width = fonts.width("12345.25−3", 10.0);
        assert_eq!(wrap(&fonts, "xxxxx12345.25−3yyyyy", 10.0, width), ["xxxxx", "12345.25−3", "yyyyy"]);
        // A stop ends a sentence, and what follows may stand on another line.
        assert_eq!(lines("１回。２回", 30.0), ["１回。", "２回"]);
    }

    #[test]
    fn a_text_shrinks_before_a_number_of_it_is_cut() {
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let width = fonts.width("12345.25", 20.0);
        assert_eq!(shrinking(&fonts, "12345.25 ± 11.75", 20.0, width), 1.0);
        assert!((shrinking(&fonts, "12345.25 ± 11.75", 20.0, 0.6 * width) - 0.6).abs() < 1e-9);
        // What would be too small to be read stays as large as it is, or becomes no smaller.
        assert_eq!(shrinking(&fonts, "12345.25 ± 11.75", 20.0, 0.2 * width), 0.55);
        // A word is cut where it would have to become much smaller.
        assert_eq!(shrinking(&fonts, &"x".repeat(80), 20.0, 60.0), 1.0);
        assert!(shrinking(&fonts, "placebo", 20.0, 0.9 * fonts.width("placebo", 20.0)) < 1.0);
    }

    #[test]
    fn no_text_no_line() {
        assert!(lines("", 50.0).is_empty());
        assert_eq!(lines("脊", 1.0), ["脊"]);
    }
}
