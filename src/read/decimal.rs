//! Numbers with decimal commas.

/// A text with decimal commas and points between thousands as one with decimal points; none where a point is neither.
pub(super) fn with_point(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let is_inside = at > 0 && is_digit(at - 1) && is_digit(at + 1);
        match c {
            ',' if is_inside => out.push('.'),
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
