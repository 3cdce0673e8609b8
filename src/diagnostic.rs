//! What is wrong with an input, where it stands, and what to do.

use std::borrow::Cow;
use std::fmt;

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What was found and what was expected.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A place in a user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path as the user gave it, or `<stdin>`.
    pub file: String,
    /// Where in the file; none if the file could not be read at all.
    pub excerpt: Option<Excerpt>,
}

/// A stretch of one line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The line, counted from 1.
    pub line: usize,
    /// The first character, counted from 1.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
    /// The whole line.
    pub text: String,
}

impl Excerpt {
    /// The stretch of `text` between two byte positions, cut at the end of its first line.
    ///
    /// ```
    /// use reffect::diagnostic::Excerpt;
    /// let excerpt = Excerpt::of("n = 7\nscale = \"nsr\"\n", 14..19);
    /// assert_eq!((excerpt.line, excerpt.column, excerpt.length), (2, 9, 5));
    /// assert_eq!(excerpt.text, "scale = \"nsr\"");
    /// ```
    pub fn of(text: &str, span: std::ops::Range<usize>) -> Self {
        let start = floor_boundary(text, span.start);
        let end = floor_boundary(text, span.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        Self {
            line: text[..line_start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            length: text[start..end.clamp(start, line_end)].trim_end().chars().count().max(1),
            text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }
}

fn floor_boundary(text: &str, position: usize) -> usize {
    (0..=position.min(text.len())).rev().find(|&p| text.is_char_boundary(p)).unwrap_or(0)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.excerpt {
            Some(excerpt) => write!(f, "{}:{}:{}", self.file, excerpt.line, excerpt.column),
            None => f.write_str(&self.file),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}

/// Everything that is wrong with an input, in the order in which it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, diagnostic) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\n" };
            write!(f, "{separator}{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Why something cannot be computed, or why a word is none of the known ones: the one sentence that a user reads.
///
/// It is an error like any other (`?` into `Box<dyn Error>` and the like), and its text is for people: it says what was
/// missing or impossible, and promises no wording.
///
/// ```
/// use reffect::diagnostic::Refused;
/// use reffect::effect::before_after::BeforeAfter;
/// use reffect::numeric::rounding::Rounding;
///
/// let means = BeforeAfter::reported(&"0.47".parse()?, &"0.25".parse()?, Some(5), Rounding::default());
/// let refused: Refused = means.paired_t(0.5).expect_err("no SD is reported");
/// assert!(refused.reason().contains("SD"));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refused(String);

impl Refused {
    /// The sentence.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}

impl From<&str> for Refused {
    fn from(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl From<Refused> for String {
    fn from(refused: Refused) -> Self {
        refused.0
    }
}

/// "did you mean …?" for a name that is none of the known ones, if one of them is close.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    let close = |candidate: &'a str| {
        let count = candidate.chars().count();
        let most = 1 + count / 4;
        // So many characters must at least be added or taken away; the comparison itself costs their product.
        if length.abs_diff(count) > most || count > LONGEST_NAME {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase());
        (distance <= most).then_some((distance, candidate))
    };
    let near = known.into_iter().filter_map(close).min();
    near.map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// The place of a name among those of values, each with the other names that it is known by; upper and lower case are
/// alike.
///
/// # Errors
/// If it is none of them.
pub(crate) fn place_of_name(name: &str, what: &str, values: &[&[&str]]) -> Result<usize, Refused> {
    let is_known = |names: &&[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    values.iter().position(is_known).ok_or_else(|| {
        let with_others = |names: &&[&str]| match names {
            [first, others @ ..] if !others.is_empty() => format!("{first} (also {})", others.join(", ")),
            names => names.concat(),
        };
        let known: Vec<String> = values.iter().map(with_others).collect();
        let meant = did_you_mean(name, values.concat()).map_or_else(String::new, |meant| format!("; {meant}"));
        let name = shortened(name, LONGEST_NAME);
        format!("`{name}` is no {what}; one of {} was expected{meant}", known.join(", ")).into()
    })
}

/// The names of the values of an enum, as they are asked for and printed: `ALL`, `name`, `Display` and `FromStr`. Other
/// names stand behind a `|`; what the program asks for and nobody else comes last, `beside` these.
macro_rules! named {
    (
        $kind:ty, $what:literal,
        [$($variant:ident $name:literal $(| $other:literal)*),+ $(,)?]
        $(beside [$($own:ident $own_name:literal),+])?
    ) => {
        impl $kind {
            /// All that can be asked for.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name under which it is asked for.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    $($(Self::$own => $own_name,)+)?
                }
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $kind {
            type Err = $crate::diagnostic::Refused;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                const NAMES: &[&[&str]] = &[$(&[$name $(, $other)*]),+];
                $crate::diagnostic::place_of_name(name, $what, NAMES).map(|place| Self::ALL[place])
            }
        }
    };
}
pub(crate) use named;

/// "did you mean …?" for a name, or else what there is: "the columns are …".
pub fn meant_or_known<'a>(name: &str, what: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    did_you_mean(name, known.clone()).unwrap_or_else(|| match listed(known) {
        none if none.is_empty() => "there is none".to_owned(),
        known => format!("the {what} are {known}"),
    })
}

/// Longer names than this are not compared, and are shown shortened.
const LONGEST_NAME: usize = 60;

/// So many names are shown.
const MOST_NAMES: usize = 20;

/// Keeps each text once, where it stands first.
///
/// ```
/// use reffect::diagnostic::keep_each_once;
/// let mut notes = vec!["a", "b", "a"];
/// keep_each_once(&mut notes);
/// assert_eq!(notes, ["a", "b"]);
/// ```
pub fn keep_each_once<S: PartialEq>(notes: &mut Vec<S>) {
    let mut at = 0;
    while at < notes.len() {
        if notes[..at].contains(&notes[at]) {
            notes.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Each of what comes once, as it first comes.
///
/// ```
/// use reffect::diagnostic::each_once;
/// assert_eq!(each_once(["a", "b", "a"]), ["a", "b"]);
/// ```
pub fn each_once<S: PartialEq>(all: impl IntoIterator<Item = S>) -> Vec<S> {
    let mut found = all.into_iter().collect();
    keep_each_once(&mut found);
    found
}

/// Names in a row: the first of them, and how many more there are.
///
/// ```
/// use reffect::diagnostic::listed;
/// assert_eq!(listed(["yi", "vi"]), "yi, vi");
/// assert!(listed(["a"; 100]).ends_with(", a, a and 80 more"));
/// ```
pub fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> =
        names.by_ref().take(MOST_NAMES).map(|name| shortened(name.as_ref(), LONGEST_NAME).into_owned()).collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The first characters of a text that has more than so many, with `…` behind them.
///
/// ```
/// assert_eq!(reffect::diagnostic::shortened("１２３４５", 3), "１２３…");
/// assert_eq!(reffect::diagnostic::shortened("123", 3), "123");
/// ```
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Characters that nobody sees and that could make a text read otherwise than it stands: controls, and
/// the marks that turn the direction of writing. No release file holds them.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text for a terminal or a page, with `�` for each hidden character but the ends of lines: an escape sequence in
/// a name does nothing there.
///
/// ```
/// assert_eq!(reffect::diagnostic::inert("a\u{1b}[31m b"), "a�[31m b");
/// assert_eq!(reffect::diagnostic::inert("a\nb"), "a\nb");
/// ```
pub fn inert(text: &str) -> Cow<'_, str> {
    let harms = |c: char| is_hidden(c) && c != '\n';
    if !text.contains(harms) {
        return Cow::Borrowed(text);
    }
    // Tabs only move what follows.
    let told = |c: char| if c == '\t' { ' ' } else { '\u{FFFD}' };
    Cow::Owned(text.chars().map(|c| if harms(c) { told(c) } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_count_characters_and_end_with_their_line() {
        let text = "a = \"年\"\r\nb = \"２．９\"\r\n";
        let start = text.find("\"２").unwrap();
        let excerpt = Excerpt::of(text, start..text.len());
        assert_eq!((excerpt.line, excerpt.column, excerpt.length), (2, 5, 5));
        assert_eq!(excerpt.text, "b = \"２．９\"");
        assert_eq!(Excerpt::of("", 5..9), Excerpt { line: 1, column: 1, length: 1, text: String::new() });
        let inside = text.find('年').unwrap() + 1;
        assert_eq!(Excerpt::of(text, inside..inside).column, 6);
    }

    #[test]
    fn near_names_are_proposed_and_far_ones_are_not() {
        assert_eq!(did_you_mean("outcme", ["arm", "outcome"]), Some("did you mean `outcome`?".to_owned()));
        assert_eq!(did_you_mean("weather", ["arm", "outcome"]), None);
    }
}
