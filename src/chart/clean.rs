//! Makes a caller's text fit for one line of a chart, or refuses it.

use super::ChartError;
use unicode_normalization::UnicodeNormalization;

/// Letters and their marks become one character where there is one, as macOS writes them apart; white space becomes
/// single spaces, what has no shape of its own goes, and scripts that would
/// come out in the wrong order are refused.
///
/// A direction override (U+202E) could make a printed number read backwards, so the formatting
/// characters of the bidirectional algorithm are dropped rather than kept invisible.
pub(super) fn one_line(text: &str) -> Result<String, ChartError> {
    let mut line = String::with_capacity(text.len());
    for c in text.nfc() {
        if is_right_to_left(c) {
            return Err(ChartError::RightToLeft { character: c, text: text.to_owned() });
        }
        match c {
            '\u{00A0}' | '\u{202F}' => line.push('\u{00A0}'),
            // An ideographic space is as wide as a character, on purpose.
            '\u{3000}' => line.push(c),
            c if c.is_whitespace() => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            c if c.is_control() || is_invisible(c) => {}
            c => line.push(c),
        }
    }
    Ok(line.trim().to_owned())
}

/// Formatting characters: they change how others look and draw nothing themselves.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Blocks of Hebrew, Arabic and the other scripts written from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{0590}'..='\u{061B}' | '\u{061D}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_overrides_vanish_and_space_is_single() {
        let line = one_line(" 2.9\t±\n 1.1\u{202E}\u{0} \u{FE0F}a\u{FEFF}b ");
        assert_eq!(line.as_deref(), Ok("2.9 ± 1.1 ab"));
    }

    #[test]
    fn marks_join_their_letters() {
        assert_eq!(one_line("Mu\u{308}ller か\u{3099}ん").as_deref(), Ok("Müller がん"));
    }

    #[test]
    fn ideographic_space_inside_stays() {
        assert_eq!(one_line("再発　なし").as_deref(), Ok("再発　なし"));
    }

    #[test]
    fn right_to_left_scripts_are_refused() {
        let refused = one_line("pain שלום");
        assert!(matches!(refused, Err(ChartError::RightToLeft { character: 'ש', .. })));
        assert!(one_line("ألم").is_err());
    }
}
