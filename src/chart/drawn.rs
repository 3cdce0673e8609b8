//! What every chart can do once it is laid out.

use super::scene::Scene;
use super::svg::Names;
use super::text::Fonts;
use super::{ChartError, Style, paint};
use crate::reported::Lang;

/// A chart as a picture.
pub trait Chart: Layout {
    /// The chart as an SVG document.
    ///
    /// # Errors
    /// [`ChartError`] names the character, number or size that cannot be drawn.
    fn svg(&self, style: &Style) -> Result<String, ChartError> {
        let fonts = style.typeface.open()?;
        let scene = self.layout(&fonts, style)?;
        let description = self.description();
        let (title, lang) = (self.title(), self.lang());
        paint::svg(&scene, &fonts, &Names { prefix: &style.id_prefix, lang, title, description: &description })
    }

    /// The chart as a PNG file, `scale` picture points to a pixel.
    ///
    /// # Errors
    /// As [`Chart::svg`]; also a scale that makes the picture too large.
    fn png(&self, style: &Style, scale: f64) -> Result<Vec<u8>, ChartError> {
        let fonts = style.typeface.open()?;
        paint::png(&self.layout(&fonts, style)?, &fonts, scale)
    }
}

impl<T: Layout> Chart for T {}

/// What a chart knows of itself. It stays inside: charts are data, and their layout is ours.
pub trait Layout {
    /// The headline.
    fn title(&self) -> &str;

    /// The language of its texts.
    fn lang(&self) -> Lang;

    /// Its numbers in words, for readers who do not see it.
    fn description(&self) -> String;

    /// Where everything goes.
    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError>;
}
