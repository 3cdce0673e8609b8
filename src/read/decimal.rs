//! Numbers with decimal commas, and whether a comma is one.

/// A text with decimal commas and points between thousands as one with decimal points; none where a point is neither.
pub(super) fn with_point(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let is_inside = at > 0 && is_digit(at - 1) && is_digit(at + 1);
        match c {
            // Some programs print no 0 in front: ,033.
            ',' if is_inside || is_digit(at + 1) && begins_number(&chars[..at]) => out.push('.'),
            '.' if is_inside => {
                let three = (1..=3).all(|step| is_digit(at + step)) && !is_digit(at + 4);
                if !(three && leads_thousands(&chars[..at])) {
                    return None;
                }
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// Whether a number may begin behind a text: behind nothing, a blank, a sign, a relation or a bracket.
fn begins_number(front: &[char]) -> bool {
    front.last().is_none_or(|c| c.is_whitespace() || "-−–+=<>≤≥±(（[".contains(*c))
}

/// Whether a comma in a number may divide decimals as well as thousands: 1,250, and no 1,250,000 or 1,250.5.
pub(super) fn has_unclear_comma(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.trim().trim_start_matches(['-', '−', '+']).split_once(',');
    parts.is_some_and(|(whole, behind)| whole.len() <= 3 && behind.len() == 3 && is_number(whole) && is_number(behind))
}

/// Whether some number of a table tells that a point divides decimals, and a comma thousands: 12.5, 0.125 or 1,250,000.
pub(super) fn tells_point(table: &[u8], delimiter: u8) -> bool {
    let mut fields = table.split(|byte| *byte == delimiter || *byte == b'\n');
    fields.any(|field| std::str::from_utf8(field).is_ok_and(|text| is_with_point(text.trim())))
}

fn is_with_point(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.trim_start_matches(['-', '−', '+']);
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, behind)| (whole, Some(behind)));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let thousands: Vec<&str> = groups.collect();
    let is_whole = is_number(first) && thousands.iter().all(|group| group.len() == 3 && is_number(group));
    is_whole
        && match decimals {
            None => thousands.len() > 1,
            // 1.250 may be a thousand.
            Some(decimals) => {
                let may_be_thousands = decimals.len() == 3 && thousands.is_empty() && first.len() <= 3 && first != "0";
                is_number(decimals) && !may_be_thousands
            }
        }
}

/// Whether what stands in front of a point may have thousands behind it: one to three digits, the first of a number
/// without a leading 0, and no decimals.
fn leads_thousands(front: &[char]) -> bool {
    let digits = front.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let (rest, group) = front.split_at(front.len() - digits);
    match rest.last() {
        Some(',') => false,
        Some('.') => digits == 3,
        _ => (1..=3).contains(&digits) && group[0] != '0',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_may_lack_its_zero() {
        for (text, found) in [
            (",033", ".033"),
            ("< ,05", "< .05"),
            ("-,45", "-.45"),
            ("1,5 (,2)", "1.5 (.2)"),
            ("a,5", "a,5"),
            (",", ","),
        ] {
            assert_eq!(with_point(text).as_deref(), Some(found));
        }
    }

    #[test]
    fn one_number_tells_what_a_comma_is_in_the_others() {
        for text in ["1,250", "-12,500", "0,040", "−1,250"] {
            assert!(has_unclear_comma(text), "{text}");
        }
        for text in ["1250", "1,25", "1,250,000", "1,250.5", "1250,000", "a,bcd"] {
            assert!(!has_unclear_comma(text), "{text}");
        }
        for table in ["1,250\t12.5\r\n", "1,250\t0.125\n", "1,250,000\t2\n", "1,250\t1,250.125", "-3.1"] {
            assert!(tells_point(table.as_bytes(), b'\t'), "{table}");
        }
        for table in ["1,250\t2,040\n", "1.250\t2\n", "10.2.2014\t5\n", "a.b\t.\n", ""] {
            assert!(!tells_point(table.as_bytes(), b'\t'), "{table}");
        }
    }
}
