//! Text inside XML, HTML and TOML.

use crate::diagnostic::is_hidden;
use std::fmt::Write;

/// Text as XML: markup escaped; what XML 1.0 forbids even when escaped, and marks that turn the direction of writing,
/// left out.
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
            c if is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// A text as a basic string of TOML, with its quotation marks.
///
/// ```
/// use reffect::markup::toml_string;
/// assert_eq!(toml_string("a \"b\"\n"), r#""a \"b\"\n""#);
/// ```
pub fn toml_string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
