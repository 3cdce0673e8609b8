//! A chart whose marks all have their places, to be asked and written as often as needed.

use super::caption::Caption;
use super::drawn::{Layout, scene};
use super::scene::{Mark, Scene};
use super::svg::{Names, hex};
use super::text::Fonts;
use super::theme::Colour;
use super::{ChartError, Style, paint, svg_in_page};
use crate::reported::Lang;
use std::collections::BTreeSet;

/// A chart that is laid out in a style: its size, its characters and its pictures come from one layout.
///
/// ```
/// # #[cfg(feature = "font-ja")] {
/// use reffect::chart::{Caption, Chart, IconRow, Icons, Style};
/// let row = IconRow { name: "relapse".into(), printed: "5/7".into(), k: 5, n: 7, intervals: vec![] };
/// let legend = ["yes".to_owned(), "no".to_owned()];
/// let chart = Icons { caption: Caption::default(), legend, rows: vec![row], axis_title: "Share, %".into() };
/// let style = Style::default();
/// let laid_out = chart.laid_out(&style).unwrap();
/// assert!(laid_out.height() > 100.0);
/// assert_eq!(laid_out.svg().unwrap(), chart.svg(&style).unwrap());
/// # }
/// ```
#[derive(Debug)]
pub struct LaidOut<'a> {
    scene: Scene,
    fonts: Fonts<'a>,
    style: &'a Style,
    title: String,
    description: String,
    lang: Lang,
}

impl<'a> LaidOut<'a> {
    /// Lays a chart out.
    pub(super) fn new<T: Layout + ?Sized>(chart: &T, style: &'a Style) -> Result<Self, ChartError> {
        let fonts = style.typeface.open()?;
        let scene = scene(chart, &fonts, style)?;
        let Caption { title, lang, .. } = chart.caption();
        Ok(Self { scene, fonts, style, title: title.clone(), description: chart.description(), lang: *lang })
    }

    fn names(&self) -> Names<'_> {
        let Self { title, description, .. } = self;
        Names { prefix: &self.style.id_prefix, lang: self.lang, title, description }
    }

    /// The chart as an SVG document.
    ///
    /// # Errors
    /// [`ChartError`] names what cannot be written.
    pub fn svg(&self) -> Result<String, ChartError> {
        paint::svg(&self.scene, &self.fonts, &self.names(), self.style.millimetres)
    }

    /// The chart as an SVG element for a page that has the font of `chart::embedded_subset`: its text is left to that
    /// font, which is much smaller than outlines. Characters of a font of the user's stay outlines. Each colour stands
    /// in an attribute of its own, `fill` or `stroke`, where a style sheet finds it.
    ///
    /// `named_by` is the [`Style::id_prefix`] of another chart of the page with the same title and description, where
    /// this one shall not repeat them.
    #[must_use]
    pub fn svg_in_page(&self, named_by: Option<&str>) -> String {
        svg_in_page::written(&self.scene, &self.fonts, &self.names(), named_by)
    }

    /// The colour of the ground, and that of each mark, as `#rrggbb`: in the same order for the same chart in any
    /// colours.
    pub fn colours(&self) -> impl Iterator<Item = String> {
        let of_marks = self.scene.marks.iter().map(Mark::colour);
        std::iter::once(self.scene.paper).chain(of_marks).map(|Colour(red, green, blue)| hex((red, green, blue)))
    }

    /// The chart as a PNG file, `scale` picture points to a pixel.
    ///
    /// # Errors
    /// [`ChartError::Size`] for a scale that makes the picture too large.
    pub fn png(&self, scale: f64) -> Result<Vec<u8>, ChartError> {
        paint::png(&self.scene, &self.fonts, scale, self.style.millimetres)
    }

    /// The chart as a PDF file of one page.
    ///
    /// # Errors
    /// As [`LaidOut::svg`].
    #[cfg(feature = "pdf")]
    pub fn pdf(&self) -> Result<Vec<u8>, ChartError> {
        paint::pdf(&self.scene, &self.fonts, &self.names(), self.style.millimetres)
    }

    /// How high the picture is, in pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.scene.height
    }

    /// The characters in place of which 〓 is drawn, each once; empty for a typeface without
    /// [`Typeface::with_stand_in`](super::Typeface::with_stand_in), which refuses them.
    #[must_use]
    pub fn stood_in(&self) -> BTreeSet<char> {
        let texts = self.scene.marks.iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some(text.text.chars()),
            _ => None,
        });
        texts.flatten().filter(|&c| self.fonts.stands_in(c)).collect()
    }
}
