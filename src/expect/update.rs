//! Writing new expected values into a file, everything else as it stands.

use crate::markup::toml_string;
use crate::reported::FilePlace;
use std::ops::Range;

/// A value of a file that no longer holds, and the text that would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Where the expectation stands.
    pub place: FilePlace,
    /// Where the value stands, as byte positions of the file.
    pub span: Range<usize>,
    /// The text that takes its place, without quotation marks.
    pub text: String,
}

/// What stands there now.
pub fn current<'a>(update: &Update, file: &'a str) -> &'a str {
    file.get(update.span.clone()).unwrap_or_default()
}

/// Whether the text stands there already, as one end of an interval may.
pub fn is_there(update: &Update, file: &str) -> bool {
    current(update, file).trim_matches('"') == update.text
}

/// The text of a file with all updates made: comments, order and spacing stay as they are.
///
/// ```
/// use reffect::expect::update::{Update, updated};
/// use reffect::reported::FilePlace;
///
/// let file = "is = \"−2.5\"  # Table 2\n";
/// let update = Update { place: FilePlace::default(), span: 5..13, text: "−2.4".to_owned() };
/// assert_eq!(updated(file, &[update]), "is = \"−2.4\"  # Table 2\n");
/// ```
pub fn updated(file: &str, updates: &[Update]) -> String {
    let mut sorted: Vec<&Update> = updates.iter().collect();
    sorted.sort_by_key(|update| update.span.start);
    let mut out = String::with_capacity(file.len());
    let mut done = 0;
    for update in sorted {
        let Some(between) = file.get(done..update.span.start) else { continue };
        out.push_str(between);
        out.push_str(&toml_string(&update.text));
        done = update.span.end;
    }
    out.push_str(file.get(done..).unwrap_or_default());
    out
}
