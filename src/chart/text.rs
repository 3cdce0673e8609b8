//! The text engine: which outline each character has, how wide a line is, where it sits.
//!
//! Measuring and drawing go through the same code, so what was laid out is what is drawn. There is
//! no kerning and no ligature: one outline per character, at its own advance width.

use skrifa::GlyphId;
use skrifa::outline::OutlinePen;

use super::ChartError;
use super::clean::{any_line, is_right_to_left, one_line};
use super::font::Face;

/// Units of an em in which glyphs are placed and outlined, whatever the font itself uses.
pub(super) const EM: f64 = 1000.0;

/// Parsed fonts, asked in order.
#[derive(Debug)]
pub struct Fonts<'a> {
    faces: Vec<Face<'a>>,
    /// What is drawn in place of a character that cannot be drawn; without it such a character is an error.
    stand_in: Option<(usize, GlyphId)>,
}

/// The geta mark, which in Japanese print stands for a character that the printer does not have.
const STAND_IN: char = '〓';

/// Names an outline: the font in the chain, the glyph in the font.
pub type GlyphKey = (usize, u32);

/// A glyph at its place in a line, in 1/1000 em from the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    pub key: GlyphKey,
    pub x: f64,
}

/// Where the given point lies along a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    Start,
    Middle,
    End,
}

/// Where the given point lies across a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// On the baseline.
    Baseline,
    /// Halfway up a capital letter or digit.
    Middle,
    /// At the top of a capital letter or digit.
    Top,
}

/// A line of text with its place worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Start of the baseline.
    pub origin: (f64, f64),
    /// Clockwise turn in degrees: 0, 90, 180 or 270.
    pub turn: u16,
    /// Length along the baseline.
    pub width: f64,
    /// Size of the em.
    pub size: f64,
    pub glyphs: Vec<Placed>,
}

impl<'a> Fonts<'a> {
    /// A chain of fonts; the first sets the height of capitals.
    pub fn new(faces: Vec<Face<'a>>) -> Self {
        Fonts { faces, stand_in: None }
    }

    /// The same fonts, with 〓 for what they cannot draw, where one of them has that mark.
    pub fn with_stand_in(mut self) -> Self {
        self.stand_in = self.outlined(STAND_IN);
        self
    }

    /// Whether some font has an outline (or, for a space, a width) for the character.
    pub fn has(&self, c: char) -> bool {
        self.outlined(c).is_some()
    }

    /// Whether 〓 stands for the character.
    pub fn stands_in(&self, c: char) -> bool {
        self.stand_in.is_some() && (!self.has(c) || is_right_to_left(c))
    }

    /// Makes a text fit for drawing: one line, every character with a glyph or with what stands in for it.
    pub fn prepare(&self, text: &str) -> Result<String, ChartError> {
        if self.stand_in.is_some() {
            return Ok(any_line(text));
        }
        let line = one_line(text)?;
        match line.chars().find(|&c| !self.has(c)) {
            Some(character) => Err(ChartError::MissingGlyph { character, text: line }),
            None => Ok(line),
        }
    }

    /// Length of a line at a size.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        text.chars().map(|c| self.advance(c)).sum::<f64>() * size / EM
    }

    /// Height of capitals and digits at a size.
    pub fn cap_height(&self, size: f64) -> f64 {
        let own = self.faces.first().and_then(Face::cap_height);
        // A common height of sans-serif capitals, for fonts that do not say.
        own.unwrap_or(0.72) * size
    }

    /// Works out the place of a line whose point named by `along` and `across` is to lie at `at`.
    pub fn run(&self, text: &str, size: f64, at: (f64, f64), (along, across): (Along, Across), turn: u16) -> Run {
        let mut x = 0.0;
        let mut glyphs = Vec::with_capacity(text.len());
        for c in text.chars() {
            if let Some((face, id)) = self.find(c) {
                glyphs.push(Placed { key: (face, id.to_u32()), x });
            }
            x += self.advance(c);
        }
        let width = x * size / EM;
        let back = match along {
            Along::Start => 0.0,
            Along::Middle => width / 2.0,
            Along::End => width,
        };
        let down = match across {
            Across::Baseline => 0.0,
            Across::Middle => self.cap_height(size) / 2.0,
            Across::Top => self.cap_height(size),
        };
        let (right, below) = turned((-back, down), turn);
        Run { origin: (at.0 + right, at.1 + below), turn, width, size, glyphs }
    }

    /// Sends an outline in 1/1000 em, y downwards, to `sink`.
    pub fn outline(&self, (face, glyph): GlyphKey, sink: &mut impl Outline) {
        if let Some(face) = self.faces.get(face) {
            face.outline(GlyphId::new(glyph), &mut Downwards { sink, scale: EM / face.units_per_em() });
        }
    }

    fn find(&self, c: char) -> Option<(usize, GlyphId)> {
        if self.stand_in.is_some() && is_right_to_left(c) {
            return self.stand_in;
        }
        self.outlined(c).or(self.stand_in)
    }

    fn outlined(&self, c: char) -> Option<(usize, GlyphId)> {
        self.faces.iter().enumerate().find_map(|(number, face)| Some((number, face.glyph(c)?)))
    }

    /// How far a character moves on, in 1/1000 em.
    pub fn advance(&self, c: char) -> f64 {
        let known = self.find(c).and_then(|(number, id)| {
            let face = self.faces.get(number)?;
            Some(face.advance(id)? * EM / face.units_per_em())
        });
        known.unwrap_or(0.0)
    }
}

/// Turns a vector clockwise (y points down) by a quarter, a half or three quarters.
pub(super) fn turned((x, y): (f64, f64), degrees: u16) -> (f64, f64) {
    match degrees {
        90 => (-y, x),
        180 => (-x, -y),
        270 => (y, -x),
        _ => (x, y),
    }
}

/// Takes the curves of an outline; both picture formats build their paths with it.
pub trait Outline {
    fn move_to(&mut self, p: (f64, f64));
    fn line_to(&mut self, p: (f64, f64));
    fn quad_to(&mut self, control: (f64, f64), p: (f64, f64));
    fn cubic_to(&mut self, first: (f64, f64), second: (f64, f64), p: (f64, f64));
    fn close(&mut self);
}

/// Fonts count upwards, pictures downwards.
struct Downwards<'s, S: Outline> {
    sink: &'s mut S,
    scale: f64,
}

impl<S: Outline> Downwards<'_, S> {
    fn point(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) * self.scale, -f64::from(y) * self.scale)
    }
}

impl<S: Outline> OutlinePen for Downwards<'_, S> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.sink.move_to(self.point(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.sink.line_to(self.point(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.sink.quad_to(self.point(x1, y1), self.point(x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.sink.cubic_to(self.point(x1, y1), self.point(x2, y2), self.point(x, y));
    }

    fn close(&mut self) {
        self.sink.close();
    }
}

#[cfg(all(test, feature = "font-ja"))]
mod tests {
    use super::*;
    use crate::chart::Typeface;

    #[test]
    fn kanji_are_one_em_and_digits_are_even() {
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        assert_eq!(fonts.width("脊髄", 10.0), 20.0);
        assert_eq!(fonts.width("11", 10.0), fonts.width("80", 10.0));
        assert_eq!(fonts.width("", 10.0), 0.0);
    }

    #[test]
    fn anchors_move_the_origin_by_the_measured_width_and_cap_height() {
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let run = fonts.run("EDSS", 20.0, (100.0, 50.0), (Along::End, Across::Middle), 0);
        assert!((run.origin.0 + run.width - 100.0).abs() < 1e-9);
        assert!((run.origin.1 - 50.0 - fonts.cap_height(20.0) / 2.0).abs() < 1e-9);
        // Turned a quarter clockwise, the text reads downwards and its foot lies to the left.
        let run = fonts.run("EDSS", 20.0, (100.0, 50.0), (Along::Middle, Across::Middle), 90);
        assert!((run.origin.1 + run.width / 2.0 - 50.0).abs() < 1e-9);
        assert!(run.origin.0 < 100.0);
    }

    #[test]
    fn a_character_without_glyph_is_named() {
        let typeface = Typeface::embedded();
        let fonts = typeface.open().unwrap();
        let error = fonts.prepare("pain 😀").unwrap_err();
        assert!(error.to_string().contains("U+1F600"), "{error}");
    }

    #[test]
    fn the_geta_mark_stands_for_what_no_font_has() {
        let typeface = Typeface::embedded().with_stand_in();
        let fonts = typeface.open().unwrap();
        let line = fonts.prepare("痛み😀 שלום").unwrap();
        assert_eq!(line, "痛み😀 שלום", "the text that programs read stays");
        let run = |text: &str| fonts.run(text, 10.0, (0.0, 0.0), (Along::Start, Across::Baseline), 0);
        assert_eq!(run(&line).glyphs, run("痛み〓 〓〓〓〓").glyphs);
        assert_eq!(fonts.width(&line, 10.0), fonts.width("痛み〓 〓〓〓〓", 10.0));
        assert_eq!(line.chars().filter(|&c| fonts.stands_in(c)).count(), 5);
    }
}
