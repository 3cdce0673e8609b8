//! What can keep a chart from being drawn.

use thiserror::Error;

/// Why a chart was not drawn. Nothing is ever drawn in part.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The typeface has no outline for a character. An empty box in its place would hide what was
    /// reported, so the chart is refused.
    #[error(
        "no glyph for U+{:04X} ({character}) in “{text}”",
        *character as u32
    )]
    MissingGlyph {
        /// The first character without an outline.
        character: char,
        /// The text it stands in.
        text: String,
    },
    /// A character of a script that runs from right to left; the text engine would put it in the
    /// wrong order.
    #[error(
        "U+{:04X} in “{text}” belongs to a script written from right to left, which charts do not set",
        *character as u32
    )]
    RightToLeft {
        /// The first such character.
        character: char,
        /// The text it stands in.
        text: String,
    },
    /// A chart without a single panel or group.
    #[error("the chart has nothing to show: no panel, or no group")]
    Empty,
    /// A number that cannot be placed on its axis.
    #[error("{place}: {value} cannot be placed on the axis")]
    Number {
        /// Which number: the outcome and its part.
        place: String,
        /// The number itself.
        value: f64,
    },
    /// Limits of a scale, or of an interval, in the wrong order.
    #[error("{place}: the lower limit {lower} is not below the upper limit {upper}")]
    Limits {
        /// Which limits.
        place: String,
        /// The limit given as the lower one.
        lower: f64,
        /// The limit given as the upper one.
        upper: f64,
    },
    /// Tick labels and axis title so long that no plot is left between them.
    #[error("{place}: the labels of the axes leave no room for the plot: shorten them or widen the chart")]
    Crowded {
        /// The outcome.
        place: String,
    },
    /// A picture too small, too large or without a size.
    #[error(
        "a picture of {} cannot be drawn: 320 to 8000 px in width, and at most 100 megapixels with its scale, were expected",
        size_in_words(*width, *height, *scale)
    )]
    Size {
        /// Asked-for width in pixels.
        width: f64,
        /// Resulting height in pixels; 0 where it was not reached.
        height: f64,
        /// How many picture points make a pixel; both sizes are those before it.
        scale: f64,
    },
    /// A height in which the chart has no place.
    #[error("a height of {height} px is too low: this chart needs {least} px at this width")]
    TooLow {
        /// Asked-for height in pixels.
        height: f64,
        /// What the chart needs with its smallest texts.
        least: f64,
    },
    /// Bytes that are no usable TrueType or OpenType font.
    #[error("not a usable font: {0}")]
    Font(String),
    /// The drawing layer failed.
    #[error("drawing failed: {0}")]
    Drawing(String),
}

/// `3000 px in width`, or `1000 × 20000 px at a scale of 3`.
fn size_in_words(width: f64, height: f64, scale: f64) -> String {
    // The height is not known where the width is refused.
    if height == 0.0 { format!("{width} px in width") } else { format!("{width} × {height} px at a scale of {scale}") }
}
