//! `reffect plot`: one chart.

use super::args::{ChartKind, Common, PlotArgs};
use super::effect::given;
use super::failure::Failure;
use super::output::write_file;
use crate::chart::{Chart, ChartError, Ensemble, Style, Typeface};
use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::effects_of_all;
use crate::read::Dataset;
use crate::reconstruct::of_release::behind;
use crate::report::charts;
use crate::reported::Release;
use std::path::Path;

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        let hint = match &error {
            ChartError::MissingGlyph { .. } => "give a font that has it with --font FILE, or reword the text",
            _ => "",
        };
        Self::call(format!("the chart could not be drawn: {error}"), hint)
    }
}

/// More intervals do not fit beside each other.
const MOST_INTERVALS: usize = 8;

/// The usual style, with a font of the user's behind the built-in one.
pub fn style(font: Option<&Path>) -> Result<Style, Failure> {
    let Some(path) = font else { return Ok(Style::default()) };
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::call(format!("the font {} could not be read: {error}", path.display()), "name a TTF or OTF file")
    })?;
    let own = Typeface::from_bytes(bytes)
        .map_err(|error| Failure::call(format!("{} is no font: {error}", path.display()), "name a TTF or OTF file"))?;
    Ok(Style::new(Typeface::embedded().or(own)))
}

pub fn run(args: &PlotArgs, common: &Common) -> Result<(), Failure> {
    let ending = args.output.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_png = match ending.as_deref() {
        Some("svg") => false,
        Some("png") => true,
        other => {
            let found = other.map_or("no ending".to_owned(), |ending| format!(".{ending}"));
            return Err(Failure::call(
                format!("{} has {found}, and charts are written as .svg or .png", args.output.display()),
                "name the file as in -o chart.svg",
            ));
        }
    };
    let dataset = Dataset::load_all(&args.paths)?;
    if args.r.len() > MOST_INTERVALS {
        let message = format!("{} correlations are too many to be told apart in a chart", args.r.len());
        return Err(Failure::call(message, format!("give at most {MOST_INTERVALS}")));
    }
    let options = ContrastOptions { correlation: given(&args.r), level: common.level, ..ContrastOptions::default() };
    let computed = effects_of_all(dataset.releases(), &options, common.rounding);
    let style = Style { width: args.width, ..style(args.font.as_deref())? };
    let nothing_to_draw = || {
        let names: Vec<&str> = computed.iter().map(|(release, _)| release.id.as_str()).collect();
        let message = format!("there is no before/after result to draw in {}", names.join(", "));
        Failure::call(message, "`reffect effect` with the same files says why")
    };
    let before_after = || charts::before_after_of_all(&computed, common.lang).ok_or_else(nothing_to_draw);
    let chart: Box<dyn Chart> = match args.kind {
        ChartKind::BeforeAfter => Box::new(before_after()?),
        ChartKind::Overview => before_after().map(|_| Box::new(charts::overview(&computed, common.lang)))?,
        ChartKind::Ensemble => Box::new(ensemble(dataset.releases(), common)?),
    };
    let bytes = if is_png { chart.png(&style, args.scale)? } else { chart.svg(&style)?.into_bytes() };
    write_file(&args.output, &bytes)
}

/// The data sets behind the only release that has some.
fn ensemble(releases: &[Release], common: &Common) -> Result<Ensemble, Failure> {
    let mut charts =
        releases.iter().filter_map(|release| charts::ensemble(release, &behind(release, common.rounding), common.lang));
    match (charts.next(), charts.next()) {
        (Some(chart), None) => Ok(chart),
        (Some(_), Some(_)) => {
            Err(Failure::call("an ensemble chart shows one release, and several have data to show", "name one file"))
        }
        (None, _) => {
            let message = "no release has means and SDs on a scale with steps, so that data could be behind them";
            Err(Failure::call(message, "`reffect check --verbose` with the same files says why"))
        }
    }
}
