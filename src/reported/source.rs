//! Where something was said.

/// The document that a release was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceDocument {
    /// The name of the file that holds its text.
    pub file: String,
    /// The SHA-256 of that file in hexadecimal digits, so that a changed source is noticed.
    pub sha256: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
}

/// The paper behind a release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paper {
    /// The authors, as they would be cited.
    pub authors: String,
    /// The title.
    pub title: Option<String>,
    /// The journal.
    pub journal: String,
    /// The year of publication.
    pub year: u16,
    /// The volume.
    pub volume: Option<String>,
    /// The pages.
    pub pages: Option<String>,
    /// The digital object identifier, without a host.
    pub doi: Option<String>,
    /// The number in PubMed.
    pub pmid: Option<String>,
}

/// A text of a source or a paper; none where the file says `not stated`.
///
/// ```
/// use reffect::reported::stated;
/// assert_eq!(stated("Lancet"), Some("Lancet"));
/// assert_eq!(stated("not stated"), None);
/// ```
pub fn stated(text: &str) -> Option<&str> {
    (!text.is_empty() && text != "not stated").then_some(text)
}

/// Which document a passage stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The release itself.
    #[default]
    Release,
    /// The paper behind it.
    Paper,
}

/// The short phrase that something was read from, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage {
    /// In which document.
    pub origin: Origin,
    /// The words that bear the number.
    pub quote: String,
    /// The line of the source's text on which the phrase begins, counted from 1.
    pub line: Option<u32>,
    /// The heading or part of the document, such as `abstract`.
    pub section: Option<String>,
}
