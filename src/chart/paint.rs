//! Sends a scene through plotters to one of the backends.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Text as Label};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontTransform, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, DrawingBackend, DrawingErrorKind};

use super::ChartError;
use super::png::PngBackend;
use super::scene::{Mark, Point, Scene, Text};
use super::svg::{Document, Names, SvgBackend};
use super::text::{Across, Along, Fonts};
use super::theme::Colour;

/// plotters counts in whole units; ten of them make a pixel, so that a mark is never more than
/// 0.05 px from its place.
pub(super) const GRID: f64 = 10.0;

/// The largest picture, in pixels: 100 megapixels take 400 MB.
const MOST_PIXELS: f64 = 1e8;

/// The scene as an SVG document.
pub(super) fn svg(
    scene: &Scene,
    fonts: &Fonts<'_>,
    names: &Names<'_>,
    millimetres: Option<f64>,
) -> Result<String, ChartError> {
    let mut document = Document::new(scene.width, scene.height, names);
    paint(scene, SvgBackend::new(&mut document, fonts))?;
    Ok(document.finish(names, millimetres))
}

/// The scene as the bytes of a PNG file, `scale` picture points to a pixel, with its resolution where it has a width in
/// millimetres.
pub(super) fn png(
    scene: &Scene,
    fonts: &Fonts<'_>,
    scale: f64,
    millimetres: Option<f64>,
) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (scene.width * scale, scene.height * scale);
    let size = || ChartError::Size { width: scene.width, height: scene.height, scale };
    // Written so that a NaN is refused too.
    if !(width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
        return Err(size());
    }
    let mut picture = tiny_skia::Pixmap::new(width.round() as u32, height.round() as u32).ok_or_else(size)?;
    // Where the sides are no whole number of points, the ground of the scene covers the last ones in part.
    let Colour(red, green, blue) = scene.paper;
    picture.fill(tiny_skia::Color::from_rgba8(red, green, blue, u8::MAX));
    paint(scene, PngBackend::new(&mut picture, fonts, scale, scene))?;
    encoded(&picture, millimetres).map_err(|error| ChartError::Drawing(error.to_string()))
}

/// The bytes of a PNG file. The paper is opaque, so that colours are not multiplied with it.
fn encoded(picture: &tiny_skia::Pixmap, millimetres: Option<f64>) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    if let Some(millimetres) = millimetres {
        let a_metre = (f64::from(picture.width()) / millimetres * 1000.0).round() as u32;
        let unit = png::Unit::Meter;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: a_metre, yppu: a_metre, unit }));
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(picture.data())?;
    writer.finish()?;
    Ok(bytes)
}

/// The scene as the bytes of a PDF file.
#[cfg(feature = "pdf")]
pub(super) fn pdf(
    scene: &Scene,
    fonts: &Fonts<'_>,
    names: &Names<'_>,
    millimetres: Option<f64>,
) -> Result<Vec<u8>, ChartError> {
    let mut page = super::pdf::Page::new(scene, millimetres);
    paint(scene, super::pdf::PdfBackend::new(&mut page, fonts))?;
    Ok(page.finish(names))
}

fn paint<DB>(scene: &Scene, backend: DB) -> Result<(), ChartError>
where
    DB: DrawingBackend<ErrorType = ChartError>,
{
    let area: DrawingArea<DB, Shift> = backend.into();
    area.fill(&rgb(scene.paper)).map_err(reason)?;
    for mark in &scene.marks {
        match mark {
            Mark::Line { points, colour, width } => area.draw(&PathElement::new(all(points), style(*colour, *width))),
            Mark::Area { points, colour } => area.draw(&Polygon::new(all(points), style(*colour, 0.0))),
            Mark::Disc { centre, radius, colour } => {
                area.draw(&Circle::new(grid(*centre), units(*radius), style(*colour, 0.0).filled()))
            }
            Mark::Text(text) => area.draw(&Label::new(text.text.as_str(), grid(text.at), text_style(text))),
        }
        .map_err(reason)?;
    }
    area.present().map_err(reason)
}

pub(super) fn units(pixels: f64) -> i32 {
    (pixels * GRID).round() as i32
}

pub(super) fn grid(point: Point) -> BackendCoord {
    (units(point.0), units(point.1))
}

fn all(points: &[Point]) -> Vec<BackendCoord> {
    points.iter().copied().map(grid).collect()
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn style(colour: Colour, width: f64) -> ShapeStyle {
    ShapeStyle { color: rgb(colour).into(), filled: false, stroke_width: units(width).unsigned_abs() }
}

fn text_style(text: &Text) -> TextStyle<'static> {
    // The family is never looked up: both backends draw with the chart's own typeface.
    let mut style = TextStyle::from((FontFamily::SansSerif, text.size * GRID));
    if text.downwards {
        style.font = style.font.transform(FontTransform::Rotate90);
    }
    let Colour(red, green, blue) = text.colour;
    style.color = BackendColor { alpha: 1.0, rgb: (red, green, blue) };
    let along = match text.along {
        Along::Start => HPos::Left,
        Along::Middle => HPos::Center,
        Along::End => HPos::Right,
    };
    let across = match text.across {
        Across::Baseline => VPos::Bottom,
        Across::Middle => VPos::Center,
        Across::Top => VPos::Top,
    };
    style.pos = Pos::new(along, across);
    style
}

/// The text engine's words for plotters' anchor.
pub(super) fn anchor(pos: Pos) -> (Along, Across) {
    let along = match pos.h_pos {
        HPos::Left => Along::Start,
        HPos::Center => Along::Middle,
        HPos::Right => Along::End,
    };
    let across = match pos.v_pos {
        VPos::Bottom => Across::Baseline,
        VPos::Center => Across::Middle,
        VPos::Top => Across::Top,
    };
    (along, across)
}

/// The clockwise turn in degrees.
pub(super) fn degrees(transform: FontTransform) -> u16 {
    match transform {
        FontTransform::None => 0,
        FontTransform::Rotate90 => 90,
        FontTransform::Rotate180 => 180,
        FontTransform::Rotate270 => 270,
    }
}

/// Size of a text on the grid, for layouts that ask the backend.
pub(super) fn text_size(fonts: &Fonts<'_>, text: &str, size: f64, turn: u16) -> (u32, u32) {
    let (length, height) = (fonts.width(text, size).ceil() as u32, size.ceil() as u32);
    if matches!(turn, 0 | 180) { (length, height) } else { (height, length) }
}

fn reason(error: DrawingAreaErrorKind<ChartError>) -> ChartError {
    match error {
        DrawingAreaErrorKind::BackendError(DrawingErrorKind::DrawingError(own)) => own,
        other => ChartError::Drawing(other.to_string()),
    }
}
