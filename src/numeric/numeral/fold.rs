//! One spelling for the many that print the same: full width, minus signs, spaces.

/// The text with full-width forms made narrow, every kind of minus and hyphen made `-`, and every
/// kind of blank made a space. It has as many characters as the text has.
///
/// Unicode's own compatibility folding (NFKC) is no help here: it leaves `−` and `–` as they are,
/// and it turns `10²` into `102`.
///
/// ```
/// use reffect::numeric::numeral::fold;
/// assert_eq!(fold("２．９　±　１．１％"), "2.9 ± 1.1%");
/// assert_eq!(fold("−0.4–0.8"), "-0.4-0.8");
/// ```
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// What [`fold`] makes of one character.
pub fn fold_char(c: char) -> char {
    match c {
        // The full-width forms of the printable ASCII characters stand in the same order.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        // Hyphens, dashes and minus signs; the long-vowel mark is none of them.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{2043}' => '-',
        '\u{301C}' | '\u{FF5F}' => '~',
        '\u{FE62}' => '+',
        c if c.is_whitespace() => ' ',
        c => c,
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
}
