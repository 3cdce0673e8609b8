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
                if !three {
                    return None;
                }
            }
            c => out.push(c),
        }
    }
    Some(out)
}
