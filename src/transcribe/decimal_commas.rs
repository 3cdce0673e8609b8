//! Commas in front of decimals, as most of Europe writes them: "2,9 ± 1,1".

/// Which characters of a text are such commas: none where any comma may stand between thousands, or a point in front of
/// decimals.
///
/// Of each number one comma is looked at: `1,2,3` is a list. Three digits behind a comma may be thousands but behind a
/// zero. Two numbers of the text have to be of this form, and one of them has to begin with a zero or to stand beside ±:
/// "references 3,4 and 5,6" have no decimals.
pub(super) fn decimal_commas(text: &[char]) -> Vec<usize> {
    let mut commas = Vec::new();
    let mut is_certain = false;
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = end_of_number(text, at);
        let number = &text[at..end];
        let signs: Vec<usize> = (0..number.len()).filter(|place| !number[*place].is_ascii_digit()).collect();
        match signs[..] {
            [sign] if number[sign] == '.' && !is_in_code(text, at, end) => return Vec::new(),
            [sign] if number[sign] == ',' => {
                let is_zero = number[..sign] == ['0'];
                let decimals = number.len() - sign - 1;
                if decimals == 3 && !is_zero {
                    return Vec::new();
                }
                if !is_reference(text, at, end) {
                    commas.push(at + sign);
                    is_certain |= is_zero || is_beside_sign(text, at, end);
                }
            }
            _ => {}
        }
        at = end;
    }
    if is_certain && commas.len() > 1 { commas } else { Vec::new() }
}

/// Where the digits end that single points and commas divide.
fn end_of_number(text: &[char], start: usize) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    let mut end = start;
    while is_digit(end) || matches!(text.get(end), Some('.' | ',')) && is_digit(end + 1) {
        end += 1;
    }
    end
}

/// Whether a number is part of a code or an address: `10.1212/WNL`, `v2.1`.
fn is_in_code(text: &[char], start: usize, end: usize) -> bool {
    let is_part = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '@' | ':'));
    is_part(start.checked_sub(1).and_then(|at| text.get(at))) || is_part(text.get(end))
}

/// Whether a number stands behind a word without a blank, or alone in square brackets, as those of references do.
fn is_reference(text: &[char], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    before.is_some_and(|c| c.is_alphabetic()) || before == Some(&'[') && text.get(end) == Some(&']')
}

fn is_beside_sign(text: &[char], start: usize, end: usize) -> bool {
    let before = text[..start].iter().rev().find(|c| !c.is_whitespace());
    let behind = text[end..].iter().find(|c| !c.is_whitespace());
    [before, behind].contains(&Some(&'±'))
}

#[cfg(test)]
mod tests {
    use crate::transcribe::draft;

    fn texts(text: &str) -> Vec<String> {
        let draft = draft("t", "t.txt", text).unwrap();
        draft.passages().into_iter().flat_map(|(_, texts)| texts).map(str::to_owned).collect()
    }

    #[test]
    fn commas_in_front_of_decimals_are_points() {
        let text = "The rate fell from 2,9 ± 1,1 to 0,4 ± 0,8 (p = 0,004) in 12 patients. Pain fell by 7,9 points (95% CI \
                    −13,1 to −2,2; p = 0,022).";
        let release = draft("t", "t.txt", text).unwrap();
        let cells = &release.outcomes[0].results[0].cells;
        assert_eq!((cells[0].1.text.as_str(), cells[1].1.text.as_str()), ("2.9 ± 1.1", "0.4 ± 0.8"));
        assert!(cells[0].1.passage.quote.contains("2,9 ± 1,1"), "{}", cells[0].1.passage.quote);
        assert!(release.label.en.contains("commas"), "{}", release.label.en);
        assert_eq!(release.estimates[0].printed(), "-7.9 (−13.1 to −2.2)");
        for check in crate::check::provenance::numbers_in_quotes(&release) {
            assert_eq!(check.status, crate::check::Status::Pass, "{check:?}");
        }
        for check in crate::check::provenance::quotes_in_source(&release, text) {
            assert_eq!(check.status, crate::check::Status::Pass, "{check:?}");
        }
    }

    #[test]
    fn where_a_comma_may_divide_thousands_none_is_a_point() {
        for text in [
            "Of 1,234 patients the rate fell from 2,9 ± 1,1 to 0,4 ± 0,8.",
            "The rate fell from 2,9 ± 1,1 to 0,4 ± 0,8 and 5.1 of it was lost.",
            "As others found [3,4], and in weeks 2,4 and 8 of 12 patients, 5,6",
        ] {
            let found = texts(text);
            assert!(!found.iter().any(|text| text.contains('.') && text != "5.1"), "{found:?}");
        }
    }
}
