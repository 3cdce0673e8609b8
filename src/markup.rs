//! Text inside XML and HTML.

/// Text as XML: markup escaped, and what XML 1.0 forbids even when escaped left out.
///
/// ```
/// use reffect::markup::escape_xml;
/// assert_eq!(escape_xml("a < b & \u{0}c"), "a &lt; b &amp; c");
/// ```
pub fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            '\n' => out.push('\n'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
