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
    match text.nfc().find(|c| is_right_to_left(*c)) {
        Some(character) => Err(ChartError::RightToLeft { character, text: text.to_owned() }),
        None => Ok(any_line(text)),
    }
}

/// The same, whatever the direction of its scripts.
pub(super) fn any_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.nfc() {
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
            c => push_shaped(&mut line, c),
        }
    }
    line.trim().to_owned()
}

/// The raised digits that fonts have.
const KNOWN: [(char, char); 3] = [('¹', '1'), ('²', '2'), ('³', '3')];

/// Adds a character, or what says the same of one that few fonts have: ligatures come with text that was copied from a
/// PDF, subscripts with FEV₁ and HbA₁c, superscripts with CD4⁺ and 10⁻⁹.
fn push_shaped(line: &mut String, c: char) {
    let digit = |zero: char| char::from_digit(u32::from(c) - u32::from(zero), 10);
    let is_power = |text: &str| text.chars().all(|c| "+−0123456789".contains(c));
    let goes_on = line.rsplit_once('^').is_some_and(|(_, power)| is_power(power));
    let raised = match c {
        '⁰' | '⁴'..='⁹' => digit('⁰'),
        '⁻' => Some('−'),
        '⁺' => Some('+'),
        // Fonts have these; behind others they are as plain as they are.
        '¹' | '²' | '³' if goes_on => KNOWN.iter().find(|(known, _)| *known == c).map(|(_, plain)| *plain),
        _ => None,
    };
    if let Some(raised) = raised {
        // 10² begins as 10²⁰ does.
        let start = line.trim_end_matches(|c| KNOWN.iter().any(|(known, _)| *known == c)).len();
        if raised.is_ascii_digit() && !goes_on && start < line.len() {
            let before: Vec<char> = line.drain(start..).collect();
            line.push('^');
            line.extend(before.iter().flat_map(|c| KNOWN.iter().find(|(known, _)| known == c)).map(|(_, plain)| plain));
            return line.push(raised);
        }
        // 10⁻⁹ is no 10−9, but the sign of CD4⁺ or Cl⁻ stands for itself.
        let begins = raised.is_ascii_digit() || (raised == '−' && line.ends_with(|c: char| c.is_ascii_digit()));
        if begins && !goes_on {
            line.push('^');
        }
        return line.push(raised);
    }
    match c {
        '₀'..='₉' => line.extend(digit('₀')),
        'ﬀ' => line.push_str("ff"),
        'ﬁ' => line.push_str("fi"),
        'ﬂ' => line.push_str("fl"),
        'ﬃ' => line.push_str("ffi"),
        'ﬄ' => line.push_str("ffl"),
        'ﬅ' | 'ﬆ' => line.push_str("st"),
        '⅓' | '⅔' => {
            if line.ends_with(|c: char| c.is_ascii_digit()) {
                line.push(' ');
            }
            line.push_str(if c == '⅓' { "1/3" } else { "2/3" });
        }
        '≒' => line.push('≈'),
        '㈱' => line.push_str("（株）"),
        '㈲' => line.push_str("（有）"),
        c => line.push(c),
    }
}

/// Formatting characters: they change how others look and draw nothing themselves.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character is of Hebrew, Arabic or another script written from right to left, which charts do not set.
///
/// ```
/// assert!(reffect::chart::is_right_to_left('א') && !reffect::chart::is_right_to_left('再'));
/// ```
#[must_use]
pub fn is_right_to_left(c: char) -> bool {
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
    fn what_few_fonts_have_is_said_in_other_characters() {
        let same = [
            ("FEV₁ and HbA₁c", "FEV1 and HbA1c"),
            ("CD4⁺ cells × 10⁻⁹", "CD4+ cells × 10^−9"),
            ("10⁶ and 10², x⁴", "10^6 and 10², x^4"),
            ("10¹⁰, 10²⁰, 10¹⁴, 10¹²", "10^10, 10^20, 10^14, 10¹²"),
            ("10⁻² and 10⁻¹²; Ca²⁺, SO₄²⁻", "10^−2 and 10^−12; Ca²+, SO4²−"),
            ("the ﬁrst eﬀect, 2⅓ tablets", "the first effect, 2 1/3 tablets"),
            ("㈱製薬 ≒ 3", "（株）製薬 ≈ 3"),
        ];
        for (text, expected) in same {
            assert_eq!(one_line(text).as_deref(), Ok(expected));
        }
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
