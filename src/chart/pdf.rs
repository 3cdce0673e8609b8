//! Charts as PDF: one page as large as the chart, every text as outlines, so that no font is needed, with the same text
//! above it, invisible, to be searched and copied.
//!
//! Each distinct outline is written once, as a form that the page places. Title, language and the
//! numbers in words are in the document's information.

use std::collections::BTreeMap;

use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::ChartError;
use super::paint::{GRID, anchor, degrees, text_size};
use super::pdf_text::{FONT, Words};
use super::scene::Scene;
use super::svg::Names;
use super::text::{EM, Fonts, GlyphKey, Outline, turned};
use crate::reported::Lang;

/// Points of a pixel where no width on paper is given: 96 pixels make an inch.
const PIXEL: f64 = 0.75;
/// Points of a millimetre.
const MILLIMETRE: f64 = 72.0 / 25.4;
/// A circle as four cubic curves: distance of the control points.
const KAPPA: f32 = 0.552_284_8;
/// Level of compression, of 10.
const COMPRESSION: u8 = 6;
/// Every outline fits into this box, in thousandths of an em.
const BOX: Rect = Rect { x1: -2000.0, y1: -3000.0, x2: 4000.0, y2: 2000.0 };

/// A page in the making.
pub(super) struct Page {
    content: Content,
    glyphs: BTreeMap<GlyphKey, Vec<u8>>,
    words: Words,
    size: (f64, f64),
    scale: f64,
}

impl Page {
    pub fn new(scene: &Scene, millimetres: Option<f64>) -> Self {
        let scale = millimetres.map_or(PIXEL, |width| width * MILLIMETRE / scene.width);
        let mut content = Content::new();
        // From pixels downwards to points upwards.
        let scaled = scale as f32;
        content.transform([scaled, 0.0, 0.0, -scaled, 0.0, (scene.height * scale) as f32]);
        content.set_line_cap(LineCapStyle::ButtCap);
        Page { content, glyphs: BTreeMap::new(), words: Words::default(), size: (scene.width, scene.height), scale }
    }

    /// The whole file.
    pub fn finish(self, names: &Names<'_>) -> Vec<u8> {
        let [catalog, tree, page, content, info] = [1, 2, 3, 4, 5].map(Ref::new);
        let mut pdf = Pdf::new();
        let lang = match names.lang {
            Lang::En => "en",
            Lang::Ja => "ja",
        };
        pdf.catalog(catalog).pages(tree).lang(TextStr(lang));
        pdf.pages(tree).kids([page]).count(1);
        pdf.document_info(info)
            .title(TextStr(names.title))
            .subject(TextStr(names.description))
            .creator(TextStr("reffect"));
        let (width, height) = (self.size.0 * self.scale, self.size.1 * self.scale);
        let mut sheet = pdf.page(page);
        sheet.media_box(Rect::new(0.0, 0.0, width as f32, height as f32)).parent(tree).contents(content);
        let mut resources = sheet.resources();
        let mut forms = resources.x_objects();
        for (at, key) in self.glyphs.keys().enumerate() {
            forms.pair(Name(name(*key).as_bytes()), form(at));
        }
        forms.finish();
        let font = form(self.glyphs.len());
        if !self.words.is_empty() {
            resources.fonts().pair(FONT, font);
        }
        resources.finish();
        sheet.finish();
        for (at, outline) in self.glyphs.values().enumerate() {
            let data = miniz_oxide::deflate::compress_to_vec_zlib(outline, COMPRESSION);
            pdf.form_xobject(form(at), &data).bbox(BOX).filter(Filter::FlateDecode);
        }
        let mut operators = self.content.finish().into_vec();
        if !self.words.is_empty() {
            operators.push(b'\n');
            operators.extend(self.words.operators());
            self.words.write(&mut pdf, font, COMPRESSION);
        }
        let data = miniz_oxide::deflate::compress_to_vec_zlib(&operators, COMPRESSION);
        pdf.stream(content, &data).filter(Filter::FlateDecode);
        // No time stands in the file: the same chart gives the same bytes.
        let id = names.title.as_bytes().to_vec();
        pdf.set_file_id((id.clone(), id));
        pdf.finish()
    }

    fn fill_colour(&mut self, colour: BackendColor) {
        let [red, green, blue] = parts(colour);
        self.content.set_fill_rgb(red, green, blue);
    }

    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>) {
        for (i, point) in points.into_iter().enumerate() {
            let (x, y) = pixels(point);
            if i == 0 {
                self.content.move_to(x, y);
            } else {
                self.content.line_to(x, y);
            }
        }
    }

    /// Ends a path.
    fn paint(&mut self, filled: bool) {
        if filled {
            self.content.fill_nonzero();
        } else {
            self.content.stroke();
        }
    }

    /// Sets colour and width for the path that follows.
    fn prepare<S: BackendStyle>(&mut self, style: &S, filled: bool) {
        let colour = style.color();
        if filled {
            self.fill_colour(colour);
        } else {
            let [red, green, blue] = parts(colour);
            self.content.set_stroke_rgb(red, green, blue);
            self.content.set_line_width((f64::from(style.stroke_width()) / GRID) as f32);
        }
    }
}

/// The number of a form; the first five belong to the document.
fn form(at: usize) -> Ref {
    Ref::new(6 + at as i32)
}

fn name((face, glyph): GlyphKey) -> String {
    format!("g{face}-{glyph}")
}

fn parts(colour: BackendColor) -> [f32; 3] {
    let (red, green, blue) = colour.rgb;
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}

fn pixels((x, y): BackendCoord) -> (f32, f32) {
    ((f64::from(x) / GRID) as f32, (f64::from(y) / GRID) as f32)
}

/// Draws into a [`Page`]; ten units of its coordinates are one pixel.
pub(super) struct PdfBackend<'a> {
    page: &'a mut Page,
    fonts: &'a Fonts<'a>,
}

impl<'a> PdfBackend<'a> {
    pub fn new(page: &'a mut Page, fonts: &'a Fonts<'a>) -> Self {
        PdfBackend { page, fonts }
    }
}

type Drawn = Result<(), DrawingErrorKind<ChartError>>;

impl DrawingBackend for PdfBackend<'_> {
    type ErrorType = ChartError;

    fn get_size(&self) -> (u32, u32) {
        ((self.page.size.0 * GRID) as u32, (self.page.size.1 * GRID) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, filled: bool) -> Drawn {
        self.page.prepare(style, filled);
        let ((left, top), (right, bottom)) = (pixels(a), pixels(b));
        self.page.content.rect(left.min(right), top.min(bottom), (right - left).abs(), (bottom - top).abs());
        self.page.paint(filled);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.page.prepare(style, false);
        self.page.path(path);
        self.page.paint(false);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, filled: bool) -> Drawn {
        self.page.prepare(style, filled);
        let ((x, y), r) = (pixels(centre), (f64::from(radius) / GRID) as f32);
        let k = KAPPA * r;
        let content = &mut self.page.content;
        content.move_to(x + r, y);
        content.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
        content.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
        content.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
        content.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
        content.close_path();
        self.page.paint(filled);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.page.prepare(style, true);
        self.page.path(corners);
        self.page.content.close_path();
        self.page.paint(true);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let text = self.fonts.prepare(text).map_err(DrawingErrorKind::DrawingError)?;
        let at = (f64::from(at.0) / GRID, f64::from(at.1) / GRID);
        let turn = degrees(style.transform());
        let run = self.fonts.run(&text, style.size() / GRID, at, anchor(style.anchor()), turn);
        self.page.content.save_state();
        self.page.fill_colour(style.color());
        let scale = run.size / EM;
        for placed in &run.glyphs {
            let outline = self.page.glyphs.entry(placed.key).or_insert_with(|| outline(self.fonts, placed.key));
            if outline.is_empty() {
                continue;
            }
            let (dx, dy) = turned((placed.x * scale, 0.0), run.turn);
            let ((a, b), (c, d)) = (turned((scale, 0.0), run.turn), turned((0.0, scale), run.turn));
            let matrix = [a, b, c, d, run.origin.0 + dx, run.origin.1 + dy].map(|value| value as f32);
            self.page.content.save_state();
            self.page.content.transform(matrix);
            self.page.content.x_object(Name(name(placed.key).as_bytes()));
            self.page.content.restore_state();
        }
        self.page.content.restore_state();
        self.page.words.add(&text, &run, self.fonts);
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<ChartError>> {
        Ok(text_size(self.fonts, text, style.size(), degrees(style.transform())))
    }
}

/// An outline as the content of a form; empty for a space.
fn outline(fonts: &Fonts<'_>, key: GlyphKey) -> Vec<u8> {
    let mut pen = Pen { content: Content::new(), here: (0.0, 0.0), is_empty: true };
    fonts.outline(key, &mut pen);
    if pen.is_empty {
        return Vec::new();
    }
    pen.content.fill_nonzero();
    pen.content.finish().into_vec()
}

struct Pen {
    content: Content,
    here: (f64, f64),
    is_empty: bool,
}

impl Outline for Pen {
    fn move_to(&mut self, p: (f64, f64)) {
        self.content.move_to(p.0 as f32, p.1 as f32);
        (self.here, self.is_empty) = (p, false);
    }

    fn line_to(&mut self, p: (f64, f64)) {
        self.content.line_to(p.0 as f32, p.1 as f32);
        self.here = p;
    }

    /// PDF knows cubic curves only; this one is the same curve.
    fn quad_to(&mut self, control: (f64, f64), p: (f64, f64)) {
        let third =
            |end: (f64, f64)| (end.0 + 2.0 / 3.0 * (control.0 - end.0), end.1 + 2.0 / 3.0 * (control.1 - end.1));
        self.cubic_to(third(self.here), third(p), p);
    }

    fn cubic_to(&mut self, first: (f64, f64), second: (f64, f64), p: (f64, f64)) {
        let [a, b, c, d, e, f] = [first.0, first.1, second.0, second.1, p.0, p.1].map(|value| value as f32);
        self.content.cubic_to(a, b, c, d, e, f);
        self.here = p;
    }

    fn close(&mut self) {
        self.content.close_path();
    }
}
