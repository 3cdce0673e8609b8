//! One font, opened for measuring and drawing.

use skrifa::charmap::Charmap;
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::prelude::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use crate::chart::ChartError;

/// A font with what is asked of it again and again.
pub struct Face<'a> {
    #[cfg(feature = "html")]
    pub(super) font: FontRef<'a>,
    characters: Charmap<'a>,
    glyphs: GlyphMetrics<'a>,
    outlines: OutlineGlyphCollection<'a>,
    units_per_em: f64,
    cap_height: Option<f64>,
}

impl std::fmt::Debug for Face<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("units_per_em", &self.units_per_em).finish_non_exhaustive()
    }
}

impl<'a> Face<'a> {
    /// The first font of a file.
    ///
    /// # Errors
    /// If the bytes are no font.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ChartError> {
        let font = FontRef::from_index(bytes, 0).map_err(|error| ChartError::Font(error.to_string()))?;
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let metrics = font.metrics(size, location);
        if metrics.units_per_em == 0 {
            return Err(ChartError::Font("it does not say how many units an em has".to_owned()));
        }
        Ok(Self {
            characters: font.charmap(),
            glyphs: font.glyph_metrics(size, location),
            outlines: font.outline_glyphs(),
            units_per_em: f64::from(metrics.units_per_em),
            cap_height: metrics.cap_height.map(f64::from),
            #[cfg(feature = "html")]
            font,
        })
    }

    /// Units in which the font counts, of an em.
    pub fn units_per_em(&self) -> f64 {
        self.units_per_em
    }

    /// The height of capitals as a part of an em, where the font says.
    pub fn cap_height(&self) -> Option<f64> {
        self.cap_height.filter(|height| *height > 0.0).map(|height| height / self.units_per_em)
    }

    /// The glyph of a character.
    pub fn glyph(&self, c: char) -> Option<GlyphId> {
        self.characters.map(c)
    }

    /// How far a glyph moves on, in units of the font.
    pub fn advance(&self, glyph: GlyphId) -> Option<f64> {
        self.glyphs.advance_width(glyph).map(f64::from)
    }

    /// Sends the outline of a glyph to a pen, in units of the font; a glyph without one sends nothing.
    pub fn outline(&self, glyph: GlyphId, pen: &mut impl OutlinePen) {
        if let Some(outline) = self.outlines.get(glyph) {
            // What of a broken outline was drawn before its end is all that can be had of it.
            let _ = outline.draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), pen);
        }
    }
}
