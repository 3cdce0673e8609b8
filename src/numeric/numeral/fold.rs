//! One spelling for the many that print the same: full width, minus signs, spaces.

use super::middle_dot::decimal_points;

/// The text with full-width forms made narrow, every kind of minus and hyphen made `-`, every kind of blank made a
/// space, and a raised decimal point between digits a plain one, as is the middle dot of Japanese newspapers where what
/// stands beside it says that it can be no other. It has as many characters as the text has.
///
/// Unicode's own compatibility folding (NFKC) is no help here: it leaves `−` and `–` as they are,
/// and it turns `10²` into `102`.
///
/// ```
/// use reffect::numeric::numeral::fold;
/// assert_eq!(fold("２．９　±　１．１％"), "2.9 ± 1.1%");
/// assert_eq!(fold("−0.4–0.8"), "-0.4-0.8");
/// assert_eq!(fold("0·62 (0·44–0·89); mg·kg"), "0.62 (0.44-0.89); mg·kg");
/// assert_eq!(fold("２・９％、第1・2相"), "2.9%、第1・2相");
/// ```
pub fn fold(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    fold_all(&chars).into_iter().collect()
}

/// Folds characters one by one, so that each keeps its place.
pub fn fold_all(chars: &[char]) -> Vec<char> {
    let mut folded: Vec<char> = chars.iter().map(|c| fold_char(*c)).collect();
    // Journals in English raise the decimal point: 0·62. Elsewhere the dot joins words and units.
    for at in 1..folded.len().saturating_sub(1) {
        let is_raised = matches!(folded[at], '\u{B7}' | '\u{2219}' | '\u{22C5}');
        if is_raised && folded[at - 1].is_ascii_digit() && folded[at + 1].is_ascii_digit() {
            folded[at] = '.';
        }
    }
    // The minus key of a Japanese keyboard gives the mark of a long vowel: 実薬群ー1.2.
    let is_of_word = |c: &char| ('\u{30A1}'..='\u{30FC}').contains(c);
    for at in 0..folded.len() {
        let is_sign = folded[at] == 'ー' && folded.get(at + 1).is_some_and(char::is_ascii_digit);
        if is_sign && !at.checked_sub(1).is_some_and(|before| is_of_word(&folded[before])) {
            folded[at] = '-';
        }
    }
    for at in decimal_points(&folded) {
        folded[at] = '.';
    }
    folded
}

/// What [`fold`] makes of one character by itself.
pub fn fold_char(c: char) -> char {
    match c {
        // The full-width forms of the printable ASCII characters stand in the same order.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        // Hyphens, dashes and minus signs; the long-vowel mark is none of them.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{2043}' => '-',
        '\u{301C}' | '\u{223C}' => '~',
        '\u{FE62}' => '+',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Whether a dash in front of a digit is a minus, by what stands before the dash, the nearest first, with no blank
/// between them: in "IL-6", "3-5" and "1年-3年" it joins, in "(-3.1", "群で−4.1" and "信頼区間−0.4" it is a sign.
pub fn is_minus_behind(before: impl IntoIterator<Item = char>) -> bool {
    // か月 and 週間 go on in front.
    const UNITS: [char; 21] = [
        '年', '月', '日', '週', '時', '分', '秒', '歳', '名', '人', '例', '回', '点', '度', '割', '間', 'か', 'カ',
        'ヵ', 'ヶ', '箇',
    ];
    let is_digit = |c: char| c.is_ascii_digit() || "〇一二三四五六七八九十百千".contains(c);
    let mut before = before.into_iter();
    match before.next() {
        None => true,
        // "−2.7–−1.5": the dash of a range stands in front of a sign.
        Some('-') => before.next().is_some_and(|c| c.is_ascii_digit()),
        // 実薬群（n＝60）－98.3: what stands in the bracket is said of a word. Behind a number, "(2.1)-3", it joins.
        Some(')' | ']') => {
            let inside: Vec<char> = before.by_ref().take_while(|c| !matches!(c, '(' | '[')).collect();
            let is_size = inside.contains(&'=') || inside.first().is_some_and(|c| matches!(c, '例' | '名' | '人'));
            let is_value =
                inside.iter().all(|c| is_digit(*c) || ".,;- ~±%".contains(*c)) && inside.iter().any(|c| is_digit(*c));
            let mut is_of_number = || before.find(|c| *c != ' ').is_some_and(|c| c.is_ascii_alphanumeric() || c == '%');
            is_size || !is_value && !is_of_number()
        }
        Some(unit) if UNITS.contains(&unit) => !before.find(|c| !UNITS.contains(c)).is_some_and(is_digit),
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '%' | '.' | '/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts_stay_what_they_are() {
        assert_eq!(fold("10²"), "10²");
    }

    #[test]
    fn every_dash_is_a_minus() {
        for dash in ['-', '−', '–', '—', '‐', '‑', '－'] {
            assert_eq!(fold_char(dash), '-', "{dash:?}");
        }
        assert_eq!(fold_char('ー'), 'ー');
    }

    #[test]
    fn a_dash_behind_a_number_and_its_unit_joins() {
        let is_minus = |text: &str| is_minus_behind(text.chars().rev());
        for text in [
            "",
            "(",
            "群で",
            "信頼区間",
            "障害度",
            "時間",
            "期間",
            "症例",
            "前回",
            "2.7-",
            "群(n=60)",
            "群(60例)",
            "量(%)",
        ] {
            assert!(is_minus(text), "{text}");
        }
        for text in [
            "IL",
            "3",
            "1年",
            "2週間",
            "24時間",
            "6か月",
            "三例",
            "30度",
            "(2.1)",
            "3 (SD 2.1)",
            "IL(a)",
            "12(3)",
            "-",
            "IL-",
            "--",
        ] {
            assert!(!is_minus(text), "{text}");
        }
    }
}
