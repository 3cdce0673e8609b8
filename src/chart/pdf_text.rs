//! The text layer of a PDF: every line of text once more, invisible, above its outlines, for those who search, select
//! and copy and for programs that read.
//!
//! The layer has a font of its own whose glyphs have widths and no outlines, so that no font of the chart has to be
//! embedded and none is looked for. ISO 32000-1: text rendering mode 3 in 9.3.6, composite fonts in 9.7, ToUnicode in
//! 9.10.3; the tables of the font after the OpenType specification 1.9.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};

use super::text::{EM, Fonts, Run, turned};

/// What the font is called in the page, and in itself.
pub(super) const FONT: Name<'static> = Name(b"words");
const BASE: Name<'static> = Name(b"AAAAAA+ReffectWords");
const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Height above and below the baseline in thousandths of an em, which is what a selection covers.
const ABOVE: i16 = 880;
const BELOW: i16 = -200;

/// The lines of text of a page.
#[derive(Default)]
pub(super) struct Words {
    /// The operators of the lines.
    lines: Vec<u8>,
    /// The glyph of each character, from 1 on, and its width in thousandths of an em.
    glyphs: BTreeMap<char, (u16, f64)>,
}

impl Words {
    /// Adds a line of text where its outlines stand.
    pub fn add(&mut self, text: &str, run: &Run, fonts: &Fonts<'_>) {
        let mut codes = Vec::with_capacity(2 * text.len());
        for c in text.chars() {
            let next = u16::try_from(self.glyphs.len() + 1).unwrap_or(u16::MAX);
            let (glyph, _) = self.glyphs.entry(c).or_insert_with(|| (next, fonts.advance(c)));
            codes.extend(glyph.to_be_bytes());
        }
        if self.glyphs.len() < usize::from(u16::MAX) && !codes.is_empty() {
            // The page counts downwards, and text upwards.
            let ((a, b), (c, d)) = (turned((run.size, 0.0), run.turn), turned((0.0, -run.size), run.turn));
            let matrix = [a, b, c, d, run.origin.0, run.origin.1].map(|value| value as f32);
            let mut line = Content::new();
            line.set_text_matrix(matrix).show(Str(&codes));
            self.lines.extend_from_slice(line.finish().as_slice());
            self.lines.push(b'\n');
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.glyphs.is_empty()
    }

    /// The operators of the layer, to stand behind those of the page.
    pub fn operators(&self) -> Vec<u8> {
        let mut begin = Content::new();
        begin.begin_text().set_font(FONT, 1.0).set_text_rendering_mode(TextRenderingMode::Invisible);
        [begin.finish().as_slice(), b"\n", &self.lines, b"ET"].concat()
    }

    /// Writes the font as five objects from this number on; the first is that of the font.
    pub fn write(&self, pdf: &mut Pdf, first: Ref, compression: u8) {
        let number = |further: i32| Ref::new(first.get() + further);
        let [font, cid, descriptor, file, unicode] = [0, 1, 2, 3, 4].map(number);
        let mut ordered: Vec<(u16, char, f64)> = self.glyphs.iter().map(|(c, (glyph, w))| (*glyph, *c, *w)).collect();
        ordered.sort_unstable_by_key(|(glyph, ..)| *glyph);
        let name = Name(b"Identity-H");
        pdf.type0_font(font).base_font(BASE).encoding_predefined(name).descendant_font(cid).to_unicode(unicode);
        let mut own = pdf.cid_font(cid);
        own.subtype(CidFontType::Type2).base_font(BASE).system_info(SYSTEM).font_descriptor(descriptor);
        own.default_width(EM as f32).cid_to_gid_map_predefined(Name(b"Identity"));
        own.widths().consecutive(1, ordered.iter().map(|(.., width)| *width as f32));
        own.finish();
        pdf.font_descriptor(descriptor)
            .name(BASE)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(0.0, f32::from(BELOW), EM as f32, f32::from(ABOVE)))
            .italic_angle(0.0)
            .ascent(f32::from(ABOVE))
            .descent(f32::from(BELOW))
            .cap_height(700.0)
            .stem_v(80.0)
            .font_file2(file);
        let widths: Vec<u16> = ordered.iter().map(|(.., width)| width.round().clamp(0.0, 65_535.0) as u16).collect();
        let program = font_without_outlines(&widths);
        let data = miniz_oxide::deflate::compress_to_vec_zlib(&program, compression);
        pdf.stream(file, &data).filter(Filter::FlateDecode).pair(Name(b"Length1"), program.len() as i32);
        let mut map = UnicodeCmap::new(Name(b"words"), SYSTEM);
        ordered.iter().for_each(|(glyph, c, _)| map.pair(*glyph, *c));
        let map = map.finish();
        let data = miniz_oxide::deflate::compress_to_vec_zlib(map.as_slice(), compression);
        pdf.cmap(unicode, &data).filter(Filter::FlateDecode);
    }
}

/// A TrueType font with glyphs of these widths behind the one for missing characters, none with an outline.
fn font_without_outlines(widths: &[u16]) -> Vec<u8> {
    let count = (widths.len() + 1) as u16;
    let signed = |values: &[i16]| values.iter().flat_map(|value| value.to_be_bytes()).collect::<Vec<u8>>();
    let unsigned = |values: &[u16]| values.iter().flat_map(|value| value.to_be_bytes()).collect::<Vec<u8>>();
    let widest = widths.iter().copied().max().unwrap_or(0).max(EM as u16);
    // Version, revision, place of the checksum, mark; then flags, units of an em, two times, box, style, least size,
    // direction, short offsets, format.
    let mut head = unsigned(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, EM as u16, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.extend(signed(&[0, BELOW, EM as i16, ABOVE, 0, 8, 2, 0, 0]));
    // Version, ascender, descender, gap; widest advance, bearings, extent, caret, reserved, format, number of widths.
    let mut hhea = unsigned(&[1, 0]);
    hhea.extend(signed(&[ABOVE, BELOW, 0]));
    hhea.extend(unsigned(&[widest, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, count]));
    let mut maxp = unsigned(&[1, 0, count]);
    maxp.extend(unsigned(&[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
    let hmtx =
        unsigned(&[EM as u16, 0].into_iter().chain(widths.iter().flat_map(|width| [*width, 0])).collect::<Vec<_>>());
    let loca = vec![0; 2 * (usize::from(count) + 1)];
    let tables: [(&[u8; 4], Vec<u8>); 6] =
        [(b"glyf", vec![0; 4]), (b"head", head), (b"hhea", hhea), (b"hmtx", hmtx), (b"loca", loca), (b"maxp", maxp)];
    // Six tables: the greatest power of two is 4, its exponent 2.
    let mut file = unsigned(&[1, 0, 6, 64, 2, 32]);
    let mut at = file.len() + 16 * tables.len();
    for (tag, table) in &tables {
        file.extend_from_slice(*tag);
        for value in [checksum(table), at as u32, table.len() as u32] {
            file.extend(value.to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, mut table) in tables {
        table.resize(table.len().next_multiple_of(4), 0);
        file.extend(table);
    }
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&file));
    let head = 12 + 16 * 6 + 4;
    if let Some(place) = file.get_mut(head + 8..head + 12) {
        place.copy_from_slice(&adjustment.to_be_bytes());
    }
    file
}

/// The sum of a table as 32-bit words.
fn checksum(table: &[u8]) -> u32 {
    let word = |bytes: &[u8]| (0..4).fold(0u32, |sum, at| sum << 8 | u32::from(bytes.get(at).copied().unwrap_or(0)));
    table.chunks(4).fold(0u32, |sum, bytes| sum.wrapping_add(word(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use skrifa::prelude::{LocationRef, Size};
    use skrifa::{FontRef, GlyphId, MetadataProvider};

    /// Each character has one code, told back by the map, and the place of the line is that of its outlines.
    #[cfg(feature = "font-ja")]
    #[test]
    fn a_line_stands_where_it_is_seen() {
        use crate::chart::Typeface;
        use crate::chart::text::{Across, Along};
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let mut words = Words::default();
        for (text, turn) in [("再発1再", 0), ("1", 90)] {
            let run = fonts.run(text, 20.0, (100.0, 50.0), (Along::Start, Across::Baseline), turn);
            words.add(text, &run, &fonts);
        }
        let glyphs: Vec<(char, u16)> = words.glyphs.iter().map(|(c, (glyph, _))| (*c, *glyph)).collect();
        assert_eq!(glyphs, [('1', 3), ('再', 1), ('発', 2)]);
        assert_eq!(words.glyphs[&'再'].1, 1000.0);
        let lines = r"20 0 0 -20 100 50 Tm|(\000\001\000\002\000\003\000\001) Tj|0 20 20 0 100 50 Tm|(\000\003) Tj|";
        assert_eq!(String::from_utf8_lossy(&words.lines).replace('\n', "|"), lines);
    }

    #[test]
    fn the_font_has_the_widths_and_nothing_to_see() {
        let file = font_without_outlines(&[300, 1000, 0]);
        let font = FontRef::new(&file).unwrap();
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let widths: Vec<Option<f32>> = (0..4).map(|glyph| metrics.advance_width(GlyphId::new(glyph))).collect();
        assert_eq!(widths, [Some(1000.0), Some(300.0), Some(1000.0), Some(0.0)]);
        assert_eq!(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em, 1000);
        assert_eq!(checksum(&file), 0xB1B0_AFBA, "the sum of the whole file");
    }
}
