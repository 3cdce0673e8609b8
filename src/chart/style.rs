//! What the caller decides about a picture: typeface, theme, width, names of its parts.

use super::{ChartError, Theme, Typeface};

/// How a chart is drawn; what it shows is in the chart itself.
#[derive(Debug, Clone)]
pub struct Style {
    /// The outlines of the text.
    pub typeface: Typeface,
    /// Colours and sizes.
    pub theme: Theme,
    /// Width in pixels; without it the chart chooses one that suits its content.
    pub width: Option<f64>,
    /// Height in pixels; without it the height follows from the content. Plots of points grow and
    /// shrink to it, charts of rows and panels get free space below. Where it is too low, texts, margins and plots
    /// become smaller, down to texts of 11 px, and forests lose side columns, which a note then names; what still
    /// finds no place is refused with the height that it needs.
    pub height: Option<f64>,
    /// Width on paper in millimetres, which an SVG and a PDF state; without it a pixel is 1/96 inch.
    pub millimetres: Option<f64>,
    /// Start of every `id` in an SVG. Two charts inlined in one HTML page need different ones.
    pub id_prefix: String,
}

impl Style {
    /// The default theme and width with the given typeface.
    #[must_use]
    pub fn new(typeface: Typeface) -> Self {
        Style {
            typeface,
            theme: Theme::default(),
            width: None,
            height: None,
            millimetres: None,
            id_prefix: "chart".to_owned(),
        }
    }

    /// The same style with another start of the `id`s.
    #[must_use]
    pub fn with_id_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.id_prefix = prefix.into();
        self
    }

    /// The same style with a fixed width in pixels.
    #[must_use]
    pub fn with_width(mut self, width: f64) -> Self {
        self.width = Some(width);
        self
    }

    /// The width to draw, a whole number of pixels.
    pub(super) fn width_or(&self, natural: f64) -> Result<f64, ChartError> {
        let width = self.width.unwrap_or(natural);
        if (320.0..=8000.0).contains(&width) {
            Ok(width.round())
        } else {
            Err(ChartError::Size { width, height: 0.0, scale: 1.0 })
        }
    }
}

#[cfg(feature = "font-ja")]
impl Default for Style {
    /// The embedded typeface in the default theme.
    fn default() -> Self {
        Style::new(Typeface::embedded())
    }
}
