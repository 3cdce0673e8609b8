//! What is wrong with an input, where it stands, and what to do.

use std::fmt;

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// "did you mean …?" for a name that is none of the known ones, if one of them is close.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let close = |candidate: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase());
    known
        .into_iter()
        .map(|candidate| (close(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// So many names are listed at most.
const LISTED: usize = 20;

/// What to do about a name that is none of the known ones: "did you mean …?" if one is close, and otherwise
/// which there are.
///
/// ```
/// use reffect::diagnostic::one_of;
/// assert_eq!(one_of("outcme", ["arm", "outcome"].into_iter()), "did you mean `outcome`?");
/// assert_eq!(one_of("weather", ["arm", "outcome"].into_iter()), "there are arm, outcome");
/// ```
pub fn one_of<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    did_you_mean(name, known.clone()).unwrap_or_else(|| {
        let listed: Vec<&str> = known.clone().take(LISTED).collect();
        match known.skip(LISTED).count() {
            _ if listed.is_empty() => "there is none".to_owned(),
            0 => format!("there are {}", listed.join(", ")),
            more => format!("there are {} and {more} more", listed.join(", ")),
        }
    })
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

    #[test]
    fn a_thousand_names_are_not_listed() {
        let names: Vec<String> = (0..1000).map(|number| format!("column{number:04}")).collect();
        let text = one_of("weather", names.iter().map(String::as_str));
        assert!(text.ends_with("column0019 and 980 more"), "{text}");
        assert_eq!(one_of("weather", std::iter::empty()), "there is none");
    }
}
