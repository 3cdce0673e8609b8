//! Charts as PNG, with smoothed edges at any scale.

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::ChartError;
use super::paint::{GRID, anchor, degrees, text_size};
use super::scene::Scene;
use super::text::{EM, Fonts, Outline, Run, turned};

/// Draws into a pixel map; ten units of its coordinates are one pixel at scale 1.
pub(super) struct PngBackend<'a> {
    picture: &'a mut Pixmap,
    fonts: &'a Fonts<'a>,
    /// From grid units to picture points.
    to_picture: Transform,
    size: (u32, u32),
}

impl<'a> PngBackend<'a> {
    pub fn new(picture: &'a mut Pixmap, fonts: &'a Fonts<'a>, scale: f64, scene: &Scene) -> Self {
        let factor = (scale / GRID) as f32;
        let size = ((scene.width * GRID) as u32, (scene.height * GRID) as u32);
        PngBackend { picture, fonts, to_picture: Transform::from_scale(factor, factor), size }
    }

    fn fill(&mut self, path: Option<Path>, colour: BackendColor) {
        if let Some(path) = path {
            let paint = paint(colour);
            self.picture.fill_path(&path, &paint, FillRule::Winding, self.to_picture, None);
        }
    }

    fn stroke(&mut self, path: Option<Path>, colour: BackendColor, width: u32) {
        if let Some(path) = path {
            let stroke = Stroke { width: width as f32, ..Stroke::default() };
            self.picture.stroke_path(&path, &paint(colour), &stroke, self.to_picture, None);
        }
    }

    fn draw<S: BackendStyle>(&mut self, path: Option<Path>, style: &S, filled: bool) -> Drawn {
        if filled {
            self.fill(path, style.color());
        } else {
            self.stroke(path, style.color(), style.stroke_width());
        }
        Ok(())
    }
}

type Drawn = Result<(), DrawingErrorKind<ChartError>>;

impl DrawingBackend for PngBackend<'_> {
    type ErrorType = ChartError;

    fn get_size(&self) -> (u32, u32) {
        self.size
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
        let (left, right) = (a.0.min(b.0) as f32, a.0.max(b.0) as f32);
        let (top, bottom) = (a.1.min(b.1) as f32, a.1.max(b.1) as f32);
        let rect = Rect::from_ltrb(left, top, right, bottom);
        self.draw(rect.map(PathBuilder::from_rect), style, filled)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.draw(through(path).finish(), style, false)
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, filled: bool) -> Drawn {
        let path = PathBuilder::from_circle(centre.0 as f32, centre.1 as f32, radius as f32);
        self.draw(path, style, filled)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        let mut path = through(corners);
        path.close();
        self.draw(path.finish(), style, true)
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let text = self.fonts.prepare(text).map_err(DrawingErrorKind::DrawingError)?;
        let at = (f64::from(at.0), f64::from(at.1));
        let turn = degrees(style.transform());
        let run = self.fonts.run(&text, style.size(), at, anchor(style.anchor()), turn);
        let path = outlines(self.fonts, &run);
        self.fill(path, style.color());
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

fn paint(colour: BackendColor) -> Paint<'static> {
    let mut paint = Paint::default();
    let (red, green, blue) = colour.rgb;
    paint.set_color_rgba8(red, green, blue, (colour.alpha * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}

fn through(points: impl IntoIterator<Item = BackendCoord>) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (i, (x, y)) in points.into_iter().enumerate() {
        if i == 0 {
            path.move_to(x as f32, y as f32);
        } else {
            path.line_to(x as f32, y as f32);
        }
    }
    path
}

fn outlines(fonts: &Fonts<'_>, run: &Run) -> Option<Path> {
    let mut pen = Pen { path: PathBuilder::new(), run, x: 0.0 };
    for placed in &run.glyphs {
        pen.x = placed.x;
        fonts.outline(placed.key, &mut pen);
    }
    pen.path.finish()
}

/// Puts outlines of a run at their place.
struct Pen<'r> {
    path: PathBuilder,
    run: &'r Run,
    x: f64,
}

impl Pen<'_> {
    fn place(&self, p: (f64, f64)) -> (f32, f32) {
        let scale = self.run.size / EM;
        let (x, y) = turned(((p.0 + self.x) * scale, p.1 * scale), self.run.turn);
        ((self.run.origin.0 + x) as f32, (self.run.origin.1 + y) as f32)
    }
}

impl Outline for Pen<'_> {
    fn move_to(&mut self, p: (f64, f64)) {
        let (x, y) = self.place(p);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, p: (f64, f64)) {
        let (x, y) = self.place(p);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, control: (f64, f64), p: (f64, f64)) {
        let ((cx, cy), (x, y)) = (self.place(control), self.place(p));
        self.path.quad_to(cx, cy, x, y);
    }

    fn cubic_to(&mut self, first: (f64, f64), second: (f64, f64), p: (f64, f64)) {
        let ((ax, ay), (bx, by), (x, y)) = (self.place(first), self.place(second), self.place(p));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
