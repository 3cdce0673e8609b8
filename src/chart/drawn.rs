//! What every chart can do once it is laid out.

use super::caption::Caption;
use super::laid_out::LaidOut;
use super::scene::Scene;
use super::text::Fonts;
use super::{ChartError, Style};

/// A chart as a picture.
pub trait Chart: Layout {
    /// The chart with all its marks in their places: for more than one question or picture of the same style.
    ///
    /// # Errors
    /// [`ChartError`] names the character, number or size that cannot be drawn.
    fn laid_out<'a>(&self, style: &'a Style) -> Result<LaidOut<'a>, ChartError> {
        LaidOut::new(self, style)
    }

    /// The chart as an SVG document.
    ///
    /// # Errors
    /// As [`Chart::laid_out`].
    fn svg(&self, style: &Style) -> Result<String, ChartError> {
        self.laid_out(style)?.svg()
    }

    /// The chart as a PNG file, `scale` picture points to a pixel.
    ///
    /// # Errors
    /// As [`Chart::laid_out`]; also a scale that makes the picture too large.
    fn png(&self, style: &Style, scale: f64) -> Result<Vec<u8>, ChartError> {
        self.laid_out(style)?.png(scale)
    }

    /// The chart as a PDF file of one page.
    ///
    /// # Errors
    /// As [`Chart::laid_out`].
    #[cfg(feature = "pdf")]
    fn pdf(&self, style: &Style) -> Result<Vec<u8>, ChartError> {
        self.laid_out(style)?.pdf()
    }

    /// The plotted numbers as a CSV table with full precision.
    fn data(&self) -> String {
        self.plotted().csv()
    }
}

impl<T: Layout + ?Sized> Chart for T {}

/// In how many steps texts and free space are taken towards their least sizes, until a chart fits.
const STEPS: u32 = 8;

/// The chart laid out in the height that was asked for: where that is too low for the usual sizes in smaller ones,
/// and at last without what it can do without.
pub(super) fn scene<T: Layout + ?Sized>(chart: &T, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError> {
    let Some(height) = style.height else { return chart.layout(fonts, style) };
    let mut least = f64::INFINITY;
    let mut fitting = |found: Result<Scene, ChartError>| match found {
        Ok(scene) if scene.height <= height.round() => Ok(Some(Scene { height: height.round(), ..scene })),
        Ok(Scene { height, .. }) | Err(ChartError::TooLow { least: height, .. }) => {
            least = least.min(height);
            Ok(None)
        }
        Err(other) => Err(other),
    };
    let tighter =
        |step: u32| Style { theme: style.theme.tightened(f64::from(step) / f64::from(STEPS)), ..style.clone() };
    let styles: Vec<Style> = (0..=STEPS).map(tighter).collect();
    for style in &styles {
        if let Some(scene) = fitting(chart.layout(fonts, style))? {
            return Ok(scene);
        }
    }
    for shorter in chart.shorter() {
        for style in &styles {
            if let Some(scene) = fitting(shorter.layout(fonts, style))? {
                return Ok(scene);
            }
        }
    }
    Err(ChartError::TooLow { height, least: least.ceil() })
}

/// A chart of panels whose plots are as high as the picture leaves room for, `least` or more, and `usual` where no
/// height is asked for; less where the theme is tighter than usual. `drawn` lays it out with plots of a height, and
/// tells in how many rows they stand.
pub(super) fn filled(
    style: &Style,
    (least, usual): (f64, f64),
    drawn: impl Fn(f64) -> Result<(Scene, usize), ChartError>,
) -> Result<Scene, ChartError> {
    let (whole, rows) = drawn(usual)?;
    let Some(height) = style.height else { return Ok(whole) };
    let left = ((height.round() - whole.height) / rows as f64).floor();
    if left >= 0.0 {
        let (higher, _) = drawn(usual + left)?;
        return Ok(if higher.height <= height.round() { higher } else { whole });
    }
    // Plots stay of a fair height as long as texts can still become smaller.
    let low = style.theme.between(least, (least + usual) / 2.0);
    let (scene, rows) = drawn(low)?;
    let room = (height.round() - scene.height) / rows as f64;
    if room <= 0.0 {
        return Ok(scene);
    }
    let (higher, _) = drawn((low + room.floor()).min(usual))?;
    Ok(if higher.height <= height.round() { higher } else { scene })
}

/// The numbers of a chart: some columns of texts, then columns of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Plotted {
    lines: Vec<String>,
}

impl Plotted {
    /// A table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        Plotted { lines: vec![columns.join(",")] }
    }

    /// Adds a row; a number that is not there, or has no end, is an empty field.
    pub fn row(&mut self, texts: &[&str], numbers: &[Option<f64>]) {
        self.row_with(texts, numbers, &[]);
    }

    /// Adds a row with further texts behind its numbers.
    pub fn row_with(&mut self, texts: &[&str], numbers: &[Option<f64>], more: &[&str]) {
        let mut fields: Vec<String> = texts.iter().map(|text| field(text)).collect();
        let number =
            |value: &Option<f64>| value.filter(|value| value.is_finite()).map_or(String::new(), |v| v.to_string());
        fields.extend(numbers.iter().map(number));
        fields.extend(more.iter().map(|text| field(text)));
        self.lines.push(fields.join(","));
    }

    fn csv(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

/// A text as a field of a CSV file.
fn field(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.contains([',', '"', ';']) { format!("\"{}\"", line.replace('"', "\"\"")) } else { line }
}

/// What a chart knows of itself. It stays inside: charts are data, and their layout is ours.
pub trait Layout {
    /// The words around it.
    fn caption(&self) -> &Caption;

    /// The words around it, to change them.
    fn caption_mut(&mut self) -> &mut Caption;

    /// Its numbers in words, for readers who do not see it.
    fn description(&self) -> String;

    /// Its numbers as a table.
    fn plotted(&self) -> Plotted;

    /// The same chart without parts that it can do without, each named in the caption, for a picture that is too low:
    /// the more that is left out the later.
    fn shorter(&self) -> Vec<Box<dyn Layout>> {
        Vec::new()
    }

    /// Where everything goes.
    fn layout(&self, fonts: &Fonts<'_>, style: &Style) -> Result<Scene, ChartError>;
}
