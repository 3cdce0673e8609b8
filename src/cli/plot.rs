//! `reffect plot`: one chart.

use super::args::{ChartKind, Common, PlotArgs};
use super::effect::given;
use super::failure::Failure;
use super::output::write_file;
use crate::chart::{Chart, ChartError, Style, Typeface};
use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::{ReleaseEffects, effects};
use crate::read::Dataset;
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
    let computed: Vec<(&Release, ReleaseEffects)> =
        dataset.releases().iter().map(|release| (release, effects(release, &options, common.rounding))).collect();
    let style = Style { width: args.width, ..style(args.font.as_deref())? };
    let chart: Box<dyn Chart> = match args.kind {
        ChartKind::BeforeAfter => {
            let (release, effects) = one_with_a_chart(&computed)?;
            Box::new(charts::before_after(release, effects, common.lang).ok_or_else(|| no_chart(release))?)
        }
        ChartKind::Overview => {
            if computed.iter().all(|(_, effects)| effects.contrasts.is_empty()) {
                return Err(Failure::call(
                    "no release has a before/after result",
                    "`reffect effect` says why for each",
                ));
            }
            let pairs: Vec<(&Release, &ReleaseEffects)> = computed.iter().map(|(r, e)| (*r, e)).collect();
            Box::new(charts::overview(&pairs, common.lang))
        }
    };
    let bytes = if is_png { chart.png(&style, args.scale)? } else { chart.svg(&style)?.into_bytes() };
    write_file(&args.output, &bytes)
}

/// A before/after chart shows one release: the only one that there is, or the only one with results.
fn one_with_a_chart<'a>(
    computed: &'a [(&'a Release, ReleaseEffects)],
) -> Result<(&'a Release, &'a ReleaseEffects), Failure> {
    if let [(release, effects)] = computed {
        return Ok((release, effects));
    }
    let with: Vec<_> = computed.iter().filter(|(_, effects)| !effects.contrasts.is_empty()).collect();
    match with[..] {
        [(release, effects)] => Ok((release, effects)),
        [] => Err(Failure::call("no release has a before/after result", "`reffect effect` says why for each")),
        _ => {
            let names: Vec<&str> = with.iter().map(|(release, _)| release.id.as_str()).collect();
            Err(Failure::call(
                format!("a before/after chart shows one release, and {} have results", names.join(" and ")),
                "name one of their files, or draw all of them with `reffect plot overview`",
            ))
        }
    }
}

fn no_chart(release: &Release) -> Failure {
    Failure::call(
        format!("{} has no before/after result to draw", release.id),
        "`reffect effect` with the same file says why",
    )
}
