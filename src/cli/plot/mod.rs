//! `reffect plot`: one chart.

pub(super) mod args;
mod fit;
mod meta;
mod numbers;
mod options;

use crate::cli::args::Common;
use crate::cli::chosen::{tell_of_height, tell_of_stand_ins};
use crate::cli::effect::{BORROWED, given};
use crate::cli::failure::Failure;
use crate::cli::output::write_file;
use args::{ChartKind, LookArgs, PlotArgs};
use options::{Source, refuse_documents, refuse_without_effect};

use crate::chart::{Chart, ChartError, Ensemble, Style, Typeface};
use crate::diagnostic::Refused;
use crate::effect::contrast::{ContrastOptions, Correlation};
use crate::effect::of_release::{ReleaseContrast, ReleaseEffects, ReleaseRateRatio, effects};
use crate::effect::rates_of_release::{ReportedRates, rates_of_release};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::DataSets;
use crate::reconstruct::of_release::{Behind, behind};
use crate::recover::recover_correlation;
use crate::report::charts;
use crate::report::plots::{self, CountsResult, PossibleR};
use crate::reported::{Lang, Release};
use serde::de::DeserializeOwned;
use std::io::Read;
use std::path::Path;

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        let hint = match &error {
            ChartError::TooLow { .. } => "give a larger --height, or leave it out",
            ChartError::Number { .. } => {
                "its numbers, or their logarithms taken back, are too large for an axis: leave --transf or that row out"
            }
            ChartError::Crowded { .. } => "give a larger --width, or a wider column than this --journal has",
            _ => "",
        };
        Self::call(format!("the chart could not be drawn: {error}"), hint)
    }
}

/// More intervals do not fit beside each other.
const MOST_INTERVALS: usize = 8;
/// A pixel of a chart that has a width on paper, in points: the smallest text is then 7 pt.
const PIXEL: f64 = 7.0 / 11.5;
/// Points of a millimetre, and dots of a millimetre at 300 an inch.
const POINTS: f64 = 72.0 / 25.4;
const DOTS: f64 = 300.0 / 25.4;

/// The usual style, with a font of the user's behind the built-in one, and a mark for what neither has.
pub fn style(font: Option<&Path>) -> Result<Style, Failure> {
    let Some(path) = font else { return Ok(Style::new(Typeface::embedded().with_stand_in())) };
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::call(format!("the font {} could not be read: {error}", path.display()), "name a TTF or OTF file")
    })?;
    let own = Typeface::from_bytes(bytes)
        .map_err(|error| Failure::call(format!("{} is no font: {error}", path.display()), "name a TTF or OTF file"))?;
    Ok(Style::new(Typeface::embedded().or(own).with_stand_in()))
}

/// The style that was asked for, and the dots of a pixel.
fn styled(look: &LookArgs) -> Result<(Style, f64), Failure> {
    let plain = style(look.font.as_deref())?;
    let style = Style { theme: look.theme.0.clone(), width: look.width, height: look.height, ..plain };
    let Some(paper) = look.journal else { return Ok((style, look.scale)) };
    let width = (paper.0 * POINTS / PIXEL).round();
    Ok((Style { width: Some(width), millimetres: Some(paper.0), ..style }, paper.0 * DOTS / width))
}

/// The forms of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Png,
    Pdf,
}

fn form(output: &Path) -> Result<Form, Failure> {
    match output.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
        Some("svg") => Ok(Form::Svg),
        Some("png") => Ok(Form::Png),
        Some("pdf") => Ok(Form::Pdf),
        other => {
            let found = other.map_or("no ending".to_owned(), |ending| format!(".{ending}"));
            let message = format!("{} has {found}, and charts are written as .svg, .png or .pdf", output.display());
            Err(Failure::call(message, "name the file as in -o chart.svg"))
        }
    }
}

pub fn run(args: &PlotArgs, common: &Common) -> Result<(), Failure> {
    refuse_documents(common)?;
    let form = form(&args.output)?;
    if form != Form::Png && common.given.has("scale") {
        return Err(Failure::call(
            format!("--scale has no effect on {}: it is the dots of a PNG for each pixel", args.output.display()),
            "leave it out; --width is the size of texts against the whole",
        ));
    }
    if args.data.as_ref().is_some_and(|data| is_same_place(data, &args.output)) {
        return Err(Failure::call(
            "the chart and its numbers would be written to the same file",
            "name another --data",
        ));
    }
    let (style, scale) = styled(&args.look)?;
    let mut chart = match args.kind {
        ChartKind::Trajectory | ChartKind::Caterpillar | ChartKind::Residuals | ChartKind::Means => {
            fit::chart(args, common)?
        }
        ChartKind::Rate | ChartKind::Proportion => shares_or_rates(args, common)?,
        kind if meta::takes(kind) => meta::chart(args, common)?,
        _ => of_releases(args, common, || numbers::of_paths(&args.paths))?,
    };
    let caption = chart.caption_mut();
    for (own, words) in [(&args.look.title, &mut caption.title), (&args.look.source, &mut caption.source)] {
        if !own.is_empty() {
            words.clone_from(own);
        }
    }
    let laid_out = chart.laid_out(&style)?;
    let name = format!("the {} chart", args.kind.name());
    if args.kind.is_of_releases() {
        tell_of_height(&laid_out, &style, &name, common.quiet);
    }
    tell_of_stand_ins(&laid_out, &name, common.quiet);
    let bytes = match form {
        Form::Svg => laid_out.svg()?.into_bytes(),
        Form::Png => laid_out.png(scale)?,
        Form::Pdf => laid_out.pdf()?,
    };
    write_file(&args.output, &bytes)?;
    args.data.as_ref().map_or(Ok(()), |data| write_file(data, chart.data().as_bytes()))
}

/// Whether two paths lead to the same place, where there may be no file yet.
fn is_same_place(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some((folder.canonicalize().ok()?, path.file_name()?.to_owned()))
    };
    one == other || place(one).is_some_and(|place_of_one| Some(place_of_one) == place(other))
}

/// Counts of a result, or those of releases.
fn shares_or_rates(args: &PlotArgs, common: &Common) -> Result<Box<dyn Chart>, Failure> {
    let result = if is_result(&args.paths[0]) { Some(only_path(args, "one result")?) } else { None };
    let text = result.map(|path| Ok::<_, Failure>((path, read_text(path)?))).transpose()?;
    let drawn = || match &text {
        Some((path, text)) => numbers::of_text(text, path),
        None => numbers::of_paths(&args.paths),
    };
    match &text {
        Some((path, text)) if text.trim_start().starts_with('{') => counts(args, common, path, text),
        _ if args.kind == ChartKind::Rate => rates(args, common, drawn),
        _ => of_releases(args, common, drawn),
    }
}

/// Whether a path holds a result: standard input, a .json file, or a file of another name that begins as one does.
pub fn is_result(path: &Path) -> bool {
    let is_json = || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    path == Path::new("-") || is_json() || begins_as_result(path)
}

/// Whether the first character of a file that is no blank opens an object of JSON, which no table begins with.
fn begins_as_result(path: &Path) -> bool {
    /// So many bytes are looked at.
    const START: u64 = 64;
    // A folder of releases and a pipe have no beginning that could be read again.
    if !path.is_file() {
        return false;
    }
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_ok() && start.trim_ascii_start().starts_with(b"{")
}

/// The only path, where a chart takes one.
pub fn only_path<'a>(args: &'a PlotArgs, what: &str) -> Result<&'a Path, Failure> {
    match &args.paths[..] {
        [one] => Ok(one),
        _ => Err(Failure::call(format!("{} takes {what}, and several paths are given", args.kind.name()), "name one")),
    }
}

/// A result that another command wrote.
pub fn read_json<T: DeserializeOwned>(path: &Path, command: &str) -> Result<T, Failure> {
    parsed(&read_text(path)?, path, command)
}

/// A result from its text.
pub fn parsed<T: DeserializeOwned>(text: &str, path: &Path, command: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("{} is no result of `{command}`: {error}", called(path));
        Failure::call(message, format!("write it with `{command}`"))
    })
}

/// The text of a file, or of standard input.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|whole| text = whole)
    };
    read.map_err(|error| Failure::call(format!("{} could not be read: {error}", called(path)), "check the path"))?;
    Ok(text)
}

fn called(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// A document that lacks what a chart needs.
pub fn lacking(args: &PlotArgs, reason: &str) -> Failure {
    let name = args.kind.name();
    Failure::call(
        format!("the {name} chart cannot be drawn of this result: {reason}"),
        format!("see `reffect plot --help` for {name}"),
    )
}

/// Refuses names of groups that are not those of two.
pub fn refuse_other_than_two(groups: &[String]) -> Result<(), Failure> {
    match groups {
        [] | [_, _] => Ok(()),
        _ => Err(Failure::call("--groups takes two names", "such as \"vaccine,control\"")),
    }
}

fn counts(args: &PlotArgs, common: &Common, path: &Path, text: &str) -> Result<Box<dyn Chart>, Failure> {
    refuse_without_effect(args.kind, Source::Result, common)?;
    let command = if args.kind == ChartKind::Rate {
        "reffect effect --rate1 20/7 --rate2 3/7 --json"
    } else {
        "reffect effect --proportion 5/7 --json"
    };
    let result: CountsResult = parsed(text, path, command)?;
    let lacking = |reason: String| lacking(args, &reason);
    let (look, lang) = (&args.look, common.lang);
    refuse_other_than_two(&look.groups)?;
    if args.kind == ChartKind::Rate {
        return Ok(Box::new(plots::rates(&result, &look.groups, &look.unit, lang).map_err(lacking)?));
    }
    Ok(Box::new(plots::proportions_of_json(&result, lang, &look.title).map_err(lacking)?))
}

/// The rates of the only outcome whose events follow from what is printed.
fn rates(
    args: &PlotArgs,
    common: &Common,
    drawn: impl FnOnce() -> Result<numbers::Drawn, Failure>,
) -> Result<Box<dyn Chart>, Failure> {
    refuse_without_effect(args.kind, Source::Releases, common)?;
    let releases = args.chosen.parts(&drawn()?.dataset)?;
    let found: Vec<(&Release, Result<ReportedRates, Refused>)> = releases
        .iter()
        .flat_map(|release| rates_of_release(release, common.rounding).into_iter().map(move |one| (release, one)))
        .collect();
    let known: Vec<_> = found.iter().filter_map(|(release, one)| Some((*release, one.as_ref().ok()?))).collect();
    let computed = args.chosen.effects(&releases, &ContrastOptions::default(), common.rounding);
    let of_arms: Vec<(&Release, &ReleaseRateRatio)> = computed
        .iter()
        .flat_map(|(release, effects)| effects.rate_ratios.iter().map(move |ratio| (*release, ratio)))
        .collect();
    let drawn = match (&known[..], &of_arms[..]) {
        ([(release, one)], []) => plots::rates_of_release(release, one, common.level, common.lang),
        ([], [(release, ratio)]) => plots::rates_of_arms(release, ratio, common.level, common.lang),
        ([], []) => {
            let reasons: Vec<&str> = found.iter().filter_map(|(_, one)| Some(one.as_ref().err()?.reason())).collect();
            let reason = if reasons.is_empty() {
                "no outcome says over which time its events were counted (`exposure`)".to_owned()
            } else {
                reasons.join("; ")
            };
            return Err(Failure::call(
                format!("no release has rates to draw: {reason}"),
                "data/README.md describes `exposure`; or give the counts:\n\
                 reffect effect --rate1 20/7 --rate2 3/7 --json | reffect plot rate - -o rates.svg",
            ));
        }
        _ => {
            return Err(Failure::call(
                "this chart shows one outcome, and several have rates",
                "name one with --outcome, or one file",
            ));
        }
    };
    let mut chart = drawn.map_err(|reason| lacking(args, &reason))?;
    args.chosen.write_under(&mut chart, &releases.iter().collect::<Vec<_>>(), common.lang);
    Ok(Box::new(chart))
}

/// The numbers of a result are rounded as it says: under another convention its data sets are others.
fn as_rounded(common: &Common, rounding: Option<Rounding>) -> Result<Common, Failure> {
    let rounding = rounding.unwrap_or(common.rounding);
    if common.given.has("rounding") && rounding != common.rounding {
        return Err(Failure::call(
            format!(
                "the result is of --rounding {rounding}, and the chart is asked for with --rounding {}",
                common.rounding
            ),
            "leave --rounding out, or write the result with it",
        ));
    }
    let mut common = common.clone();
    common.rounding = rounding;
    Ok(common)
}

/// What is known of r: what the call gives, or what a result says, which may tell what was reported of the change.
fn correlation(args: &PlotArgs, drawn: &numbers::Drawn, releases: &[Release], common: &Common) -> Correlation {
    if !args.r.is_empty() {
        return given(&args.r);
    }
    let recovered = || {
        let (Some(numbers::Recovered { from, change }), [release]) = (drawn.r_recovered.clone(), releases) else {
            return None;
        };
        let plain = effects(release, &ContrastOptions::default(), common.rounding);
        let input = plain.contrasts.first()?.contrast.input;
        let found = recover_correlation(&input.before, &input.after, input.n?, change.into()).ok()?;
        Some(Correlation::Recovered { found, from })
    };
    recovered().unwrap_or_else(|| given(&drawn.r))
}

fn of_releases(
    args: &PlotArgs,
    common: &Common,
    drawn: impl FnOnce() -> Result<numbers::Drawn, Failure>,
) -> Result<Box<dyn Chart>, Failure> {
    refuse_without_effect(args.kind, Source::Releases, common)?;
    let drawn = drawn()?;
    let common = &as_rounded(common, drawn.rounding)?;
    let level = drawn.level.filter(|_| !common.given.has("level")).unwrap_or(common.level);
    let releases = args.chosen.parts(&drawn.dataset)?;
    let r = if args.r.is_empty() { &drawn.r } else { &args.r };
    if r.len() > MOST_INTERVALS {
        let message = format!("{} correlations are too many to be told apart in a chart", r.len());
        return Err(Failure::call(message, format!("give at most {MOST_INTERVALS}")));
    }
    if args.kind == ChartKind::Overview && r.len() > 2 {
        let message = format!("an overview has two intervals in each row, and {} correlations are given", r.len());
        return Err(Failure::call(message, "give the lowest and the highest"));
    }
    let options = ContrastOptions {
        correlation: correlation(args, &drawn, &releases, common),
        level,
        alpha: drawn.alpha.unwrap_or(ContrastOptions::default().alpha),
    };
    let computed = args.chosen.effects(&releases, &options, common.rounding);
    let nothing_to_draw = || {
        let names: Vec<&str> = computed.iter().map(|(release, _)| release.id.as_str()).collect();
        let part = if args.chosen.is_everything() { "" } else { "what --outcome and --arm name of " };
        let message = format!("there is no before/after result to draw in {part}{}", names.join(", "));
        Failure::call(message, "`reffect effect` with the same files says why")
    };
    let before_after = || charts::before_after_of_all(&computed, common.lang).ok_or_else(nothing_to_draw);
    let lang = common.lang;
    let mut chart: Box<dyn Chart> = match args.kind {
        ChartKind::Overview if computed.iter().all(|(_, effects)| effects.contrasts.is_empty()) => {
            return Err(nothing_to_draw());
        }
        ChartKind::Overview => Box::new(charts::overview(&computed, lang)),
        ChartKind::Ensemble => Box::new(ensemble(&releases, common)?),
        ChartKind::Estimation => {
            Box::new(single(&computed, |release, effects| plots::estimation(release, effects, args.arrangement, lang))?)
        }
        ChartKind::BetweenArms => {
            Box::new(plots::between_arms(&computed, lang).map_err(|reason| without_arms(&computed, &reason))?)
        }
        ChartKind::Reported => {
            let chart = plots::reported(&releases.iter().collect::<Vec<_>>(), common.rounding, lang);
            Box::new(chart.map_err(|reason| without_reported(&computed, &reason))?)
        }
        ChartKind::Sensitivity => Box::new(single(&computed, |release, effects| {
            let sets = behind(release, common.rounding);
            plots::sensitivity(release, effects, |named| feasible(&sets, named), lang)
        })?),
        ChartKind::Rounding => Box::new(single(&computed, |release, effects| plots::rounding(release, effects, lang))?),
        ChartKind::Proportion => {
            let chart = plots::proportions_of_releases(&computed, common.level, common.rounding, lang);
            Box::new(chart.ok_or_else(|| without_share(args))?)
        }
        _ => Box::new(before_after()?),
    };
    args.chosen.write_under(&mut *chart, &releases.iter().collect::<Vec<_>>(), lang);
    // Where a correlation comes from goes with the picture.
    let source = drawn.r_source.filter(|_| args.r.is_empty()).map(|[r, source]| match lang {
        Lang::En => format!("{r}{BORROWED}{source}."),
        Lang::Ja => format!("{r}の出典：{source}。"),
    });
    chart.caption_mut().footnotes.extend(source);
    Ok(chart)
}

/// That some releases have nothing of a kind to draw, with the reasons that are known.
fn nothing_of(what: &str, computed: &[(&Release, ReleaseEffects)], reason: &str) -> String {
    let names: Vec<&str> = computed.iter().map(|(release, _)| release.id.as_str()).collect();
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("there is no {what} to draw in {}{reason}", names.join(", "))
}

/// Releases, or what was chosen of them, without a part of a known whole.
fn without_share(args: &PlotArgs) -> Failure {
    if args.chosen.is_everything() {
        return Failure::call("no release reports a part of a known whole", "see `reffect show`");
    }
    let message = "nothing of what --outcome and --arm name is a part of a known whole";
    Failure::call(message, "`reffect show` with the same files names those that are")
}

/// Releases without an effect of their own.
fn without_reported(computed: &[(&Release, ReleaseEffects)], reason: &str) -> Failure {
    Failure::call(
        nothing_of("effect that the source reports itself", computed, reason),
        "an [[estimate]] in the release, with its measure and value, would be one; data/README.md describes it",
    )
}

/// Releases without a contrast between arms.
fn without_arms(computed: &[(&Release, ReleaseEffects)], reason: &str) -> Failure {
    Failure::call(
        nothing_of("contrast between two arms", computed, reason),
        "an outcome whose results name two arms, each with a mean, an SD (or SE, or interval) and n at the same occasion, \
         would allow one",
    )
}

/// The chart of the only release that has one.
fn single<T>(
    computed: &[(&Release, ReleaseEffects)],
    draw: impl Fn(&Release, &ReleaseEffects) -> Option<T>,
) -> Result<T, Failure> {
    let mut drawn = computed.iter().filter_map(|(release, effects)| draw(release, effects));
    match (drawn.next(), drawn.next()) {
        (Some(chart), None) => Ok(chart),
        (Some(_), Some(_)) => {
            Err(Failure::call("this chart shows one release, and several have results", "name one file"))
        }
        (None, _) => {
            let message =
                "no release has the results that this chart shows: means and SDs before and after with n, and a change";
            Err(Failure::call(message, "`reffect effect` with the same files says what is missing"))
        }
    }
}

/// The correlations that the data sets behind a contrast can have.
fn feasible(sets: &[Behind], named: &ReleaseContrast) -> Option<PossibleR> {
    let row = sets.iter().find(|row| row.outcome == named.outcome && row.arm == named.arm)?;
    let place = |occasion: &str| row.cells.iter().position(|cell| cell.occasion == occasion);
    let (before, after) = (place(&named.before)?, place(&named.after)?);
    let existence = |at: usize| row.cells[at].sets.as_ref().ok().and_then(DataSets::existence);
    if [before, after].into_iter().any(|at| existence(at) == Some(false)) {
        return Some(PossibleR::NoData);
    }
    row.paired(before, after, named.contrast.alpha).ok()??.r.map(PossibleR::Between)
}

/// The data sets behind the only release that has some.
fn ensemble(releases: &[Release], common: &Common) -> Result<Ensemble, Failure> {
    let behind: Vec<Vec<Behind>> = releases.iter().map(|release| behind(release, common.rounding)).collect();
    let reconstructed: Vec<_> = behind.iter().map(|rows| charts::ReconstructedChanges::of(rows)).collect();
    let all = || releases.iter().zip(&reconstructed);
    let mut drawn = all().filter_map(|(release, found)| charts::ensemble(release, found, common.lang));
    match (drawn.next(), drawn.next()) {
        (Some(chart), None) => Ok(chart),
        (Some(_), Some(_)) => {
            Err(Failure::call("an ensemble chart shows one release, and several have data to show", "name one file"))
        }
        (None, _) => {
            let notes = all().flat_map(|(release, found)| charts::without_panel(release, found, common.lang));
            Err(without_ensemble(&notes.collect::<Vec<_>>()))
        }
    }
}

/// Releases without data sets to show: since none can be, or since no data set prints as reported.
fn without_ensemble(notes: &[String]) -> Failure {
    let message = match notes.is_empty() {
        true => "no release has means and SDs on a scale with steps, so that data could be behind them".to_owned(),
        false => format!("there is no data set to show. {}", notes.join(" ")),
    };
    Failure::call(message, "`reffect check --verbose` with the same files says why")
}
