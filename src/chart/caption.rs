//! The words that every chart has around it.

use crate::reported::Lang;

/// Headline, what is shown, notes and source of a chart, in one language.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Caption {
    /// Headline.
    pub title: String,
    /// What the chart shows.
    pub subtitle: String,
    /// Notes under the chart.
    pub footnotes: Vec<String>,
    /// Where the numbers come from.
    pub source: String,
    /// Language of the texts.
    pub lang: Lang,
}
