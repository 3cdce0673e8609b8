//! Charts as SVG: the same picture on every machine, and text that stays text.
//!
//! A visible line of text is a row of outlines, each distinct outline written once and placed with
//! `<use>`. Above it lies the same line as a `<text>` element without colour, stretched to the
//! measured length, which browsers search, select and copy and programs read.

use crate::markup::escape_xml;
use std::collections::BTreeMap;
use std::fmt::Write;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::ChartError;
use super::paint::{GRID, anchor, degrees, text_size};
use super::text::{EM, Fonts, GlyphKey, Outline, Run};
use crate::reported::Lang;

/// What an SVG calls itself.
pub(super) struct Names<'a> {
    pub prefix: &'a str,
    pub lang: Lang,
    pub title: &'a str,
    pub description: &'a str,
}

/// Whether a text is an SVG that a chart wrote with this start of its `id`s
/// ([`Style::id_prefix`](super::Style::id_prefix)): it begins as such a file does.
///
/// ```
/// assert!(!reffect::chart::is_svg_of("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "chart"));
/// ```
#[must_use]
pub fn is_svg_of(text: &str, id_prefix: &str) -> bool {
    let prefix = identifier(id_prefix);
    let Some((first, rest)) = text.split_once('\n') else { return false };
    first.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        && first.ends_with(&format!(" aria-labelledby=\"{prefix}-title {prefix}-desc\">"))
        && rest.starts_with(&format!("<title id=\"{prefix}-title\">"))
}

/// A document in the making. Writing to its strings cannot fail, so results of `write!` are
/// ignored here.
pub(super) struct Document {
    width: f64,
    height: f64,
    prefix: String,
    shapes: String,
    words: String,
    glyphs: BTreeMap<GlyphKey, String>,
}

impl Document {
    pub fn new(width: f64, height: f64, names: &Names<'_>) -> Self {
        Document {
            width,
            height,
            prefix: identifier(names.prefix),
            shapes: String::new(),
            words: String::new(),
            glyphs: BTreeMap::new(),
        }
    }

    /// The whole document.
    pub fn finish(self, names: &Names<'_>, millimetres: Option<f64>) -> String {
        let Document { width, height, prefix, shapes, words, glyphs } = self;
        let lang = match names.lang {
            Lang::En => "en",
            Lang::Ja => "ja",
        };
        let (wide, high) = match millimetres {
            Some(mm) => (format!("{}mm", short(mm, 2)), format!("{}mm", short(mm * height / width, 2))),
            None => (width.to_string(), height.to_string()),
        };
        let mut out = String::with_capacity(shapes.len() + words.len() + glyphs.len() * 400 + 2000);
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"{lang}\" xml:lang=\"{lang}\" \
             aria-labelledby=\"{prefix}-title {prefix}-desc\">"
        );
        let _ = writeln!(out, "<title id=\"{prefix}-title\">{}</title>", escape_xml(names.title));
        let _ = writeln!(out, "<desc id=\"{prefix}-desc\">{}</desc>", escape_xml(names.description));
        out.push_str("<defs>\n");
        for ((face, glyph), path) in glyphs.iter().filter(|(_, path)| !path.is_empty()) {
            let _ = writeln!(out, "<path id=\"{prefix}-{face}-{glyph}\" d=\"{path}\"/>");
        }
        out.push_str("</defs>\n");
        out.push_str(&shapes);
        out.push_str("<g fill-opacity=\"0\" font-family=\"sans-serif\">\n");
        out.push_str(&words);
        out.push_str("</g>\n</svg>\n");
        out
    }

    fn text(&mut self, text: &str, run: &Run, colour: BackendColor, fonts: &Fonts<'_>) {
        let (x, y) = (short(run.origin.0, 2), short(run.origin.1, 2));
        let turn = if run.turn == 0 { String::new() } else { format!(" rotate({})", run.turn) };
        let _ = write!(
            self.shapes,
            "<g {} transform=\"translate({x} {y}){turn} scale({})\">",
            fill(colour),
            short(run.size / EM, 6)
        );
        for placed in &run.glyphs {
            let path = self.glyphs.entry(placed.key).or_insert_with(|| path(fonts, placed.key));
            if path.is_empty() {
                continue;
            }
            let (face, glyph) = placed.key;
            let _ = write!(self.shapes, "<use href=\"#{}-{face}-{glyph}\"", self.prefix);
            if placed.x != 0.0 {
                let _ = write!(self.shapes, " x=\"{}\"", short(placed.x, 0));
            }
            self.shapes.push_str("/>");
        }
        self.shapes.push_str("</g>\n");
        self.words.push_str(&line(text, run));
    }
}

/// A line of text as a `<text>` of the measured length.
fn line(text: &str, run: &Run) -> String {
    let (x, y) = (short(run.origin.0, 2), short(run.origin.1, 2));
    let turn = if run.turn == 0 { String::new() } else { format!(" transform=\"rotate({} {x} {y})\"", run.turn) };
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" textLength=\"{}\" \
         lengthAdjust=\"spacingAndGlyphs\"{turn}>{}</text>\n",
        short(run.size, 2),
        short(run.width, 2),
        escape_xml(text)
    )
}

/// Draws into a [`Document`]; ten units of its coordinates are one pixel.
pub(super) struct SvgBackend<'a> {
    document: &'a mut Document,
    fonts: &'a Fonts<'a>,
}

impl<'a> SvgBackend<'a> {
    pub fn new(document: &'a mut Document, fonts: &'a Fonts<'a>) -> Self {
        SvgBackend { document, fonts }
    }

    fn shape(&mut self, name: &str, geometry: &str, paint: &str) {
        let _ = writeln!(self.document.shapes, "<{name} {geometry} {paint}/>");
    }
}

type Drawn = Result<(), DrawingErrorKind<ChartError>>;

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = ChartError;

    fn get_size(&self) -> (u32, u32) {
        ((self.document.width * GRID) as u32, (self.document.height * GRID) as u32)
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
        let geometry = format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            px(a.0.min(b.0)),
            px(a.1.min(b.1)),
            px((b.0 - a.0).abs()),
            px((b.1 - a.1).abs())
        );
        self.shape("rect", &geometry, &paint(style, filled));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.shape("polyline", &points(path), &paint(style, false));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, filled: bool) -> Drawn {
        let radius = short(f64::from(radius) / GRID, 1);
        let geometry = format!("cx=\"{}\" cy=\"{}\" r=\"{radius}\"", px(centre.0), px(centre.1));
        self.shape("circle", &geometry, &paint(style, filled));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.shape("polygon", &points(corners), &paint(style, true));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let text = self.fonts.prepare(text).map_err(DrawingErrorKind::DrawingError)?;
        if text.is_empty() {
            return Ok(());
        }
        let at = (f64::from(at.0) / GRID, f64::from(at.1) / GRID);
        let turn = degrees(style.transform());
        let run = self.fonts.run(&text, style.size() / GRID, at, anchor(style.anchor()), turn);
        self.document.text(&text, &run, style.color(), self.fonts);
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

/// Grid units as pixels.
fn px(units: i32) -> String {
    short(f64::from(units) / GRID, 1)
}

/// A number without the zeros it does not need.
pub(super) fn short(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let places: Vec<String> = path.into_iter().map(|(x, y)| format!("{},{}", px(x), px(y))).collect();
    format!("points=\"{}\"", places.join(" "))
}

pub(super) fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn fill(colour: BackendColor) -> String {
    let mut paint = format!("fill=\"{}\"", hex(colour.rgb));
    if colour.alpha < 1.0 {
        let _ = write!(paint, " fill-opacity=\"{}\"", short(colour.alpha, 3));
    }
    paint
}

fn paint(style: &impl BackendStyle, filled: bool) -> String {
    let colour = style.color();
    if filled {
        return fill(colour);
    }
    let width = short(f64::from(style.stroke_width()) / GRID, 1);
    let mut paint = format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"", hex(colour.rgb));
    if colour.alpha < 1.0 {
        let _ = write!(paint, " stroke-opacity=\"{}\"", short(colour.alpha, 3));
    }
    paint
}

/// A prefix that may start an XML identifier; different prefixes stay different.
pub(super) fn identifier(prefix: &str) -> String {
    let mut out = String::with_capacity(prefix.len() + 1);
    if !prefix.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.push_str("c-");
    }
    for c in prefix.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            out.push(c);
        } else {
            let _ = write!(out, "_{:x}_", u32::from(c));
        }
    }
    out
}

/// An outline as path data in whole thousandths of an em, with relative commands, which are short.
pub(super) fn path(fonts: &Fonts<'_>, key: GlyphKey) -> String {
    let mut data = PathData { out: String::new(), here: (0, 0), start: (0, 0) };
    fonts.outline(key, &mut data);
    data.out
}

struct PathData {
    out: String,
    here: (i32, i32),
    start: (i32, i32),
}

impl PathData {
    fn command(&mut self, letter: char, stops: &[(f64, f64)]) {
        self.out.push(letter);
        let mut numbers = Vec::with_capacity(6);
        let mut last = self.here;
        for stop in stops {
            last = (stop.0.round() as i32, stop.1.round() as i32);
            numbers.extend([last.0 - self.here.0, last.1 - self.here.1]);
        }
        self.here = last;
        self.numbers(&numbers);
    }

    fn numbers(&mut self, numbers: &[i32]) {
        for (i, number) in numbers.iter().enumerate() {
            if i > 0 && *number >= 0 {
                self.out.push(' ');
            }
            let _ = write!(self.out, "{number}");
        }
    }
}

impl Outline for PathData {
    fn move_to(&mut self, p: (f64, f64)) {
        self.command('m', &[p]);
        self.start = self.here;
    }

    fn line_to(&mut self, p: (f64, f64)) {
        let (dx, dy) = (p.0.round() as i32 - self.here.0, p.1.round() as i32 - self.here.1);
        if dx != 0 && dy != 0 {
            self.command('l', &[p]);
        } else if dx != 0 || dy != 0 {
            let (letter, by) = if dy == 0 { ('h', dx) } else { ('v', dy) };
            let _ = write!(self.out, "{letter}{by}");
            self.here = (self.here.0 + dx, self.here.1 + dy);
        }
    }

    fn quad_to(&mut self, control: (f64, f64), p: (f64, f64)) {
        self.command('q', &[control, p]);
    }

    fn cubic_to(&mut self, first: (f64, f64), second: (f64, f64), p: (f64, f64)) {
        self.command('c', &[first, second, p]);
    }

    fn close(&mut self) {
        self.out.push('z');
        self.here = self.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([short(12.50, 2), short(-0.04, 1), short(300.0, 0), short(7.0, 2)], ["12.5", "0", "300", "7"]);
        assert_eq!(px(-15), "-1.5");
    }

    #[test]
    fn xml_is_safe() {
        assert_eq!(escape_xml("a<b>&\"'\u{0}\u{1F}\u{FFFF}é"), "a&lt;b&gt;&amp;&quot;&#39;é");
    }

    #[test]
    fn prefixes_stay_apart_and_valid() {
        assert_eq!(identifier("nmo-1"), "nmo-1");
        assert_eq!(identifier("1 \""), "c-1_20__22_");
        assert_eq!(identifier(""), "c-");
        assert_ne!(identifier("a b"), identifier("ab"));
    }

    #[test]
    fn paths_are_relative() {
        let mut data = PathData { out: String::new(), here: (0, 0), start: (0, 0) };
        data.move_to((10.0, -20.0));
        data.line_to((10.0, -50.0));
        data.quad_to((20.0, -60.0), (30.0, -50.0));
        data.close();
        data.move_to((0.0, 0.0));
        assert_eq!(data.out, "m10-20v-30q10-10 20 0zm-10 20");
    }
}
