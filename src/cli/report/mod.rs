//! `reffect report`: everything that the releases allow, in one folder.

mod earlier;

use crate::chart::{Chart, ChartError, LaidOut, Style, Theme};
use crate::check::Check;
use crate::cli::args::{Common, Format, ReportArgs};
use crate::cli::check::checks_hold;
use crate::cli::chosen::{ChosenArgs, stand_ins, tell_of_height};
use crate::cli::commands::answer;
use crate::cli::failure::{Failure, tell, told as fitting_line};
use crate::cli::output::{Outputs, only_check, print, write_file, write_results};
use crate::cli::plot::style;
use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::{ReleaseEffects, effects_of_all};
use crate::expect::{CheckOptions, FileChecks, check_file, check_release};
use crate::numeric::parallel::each_in_parallel;
use crate::numeric::rounding::Rounding;
use crate::read::{Dataset, data_files};
use crate::reconstruct::of_release::{Behind, behind};
use crate::report::behind::Findings;
use crate::report::html::{Charts, Drawn, Page, page, page_alone};
use crate::report::markdown::{self, Picture};
use crate::report::parts::{Told, told};
use crate::report::summary::{SummaryOptions, summary};
use crate::report::{charts, checks, csv, json, plots, verdicts};
use crate::reported::{Lang, Release};
use earlier::{ENSEMBLE, INDEX, KINDS, id_prefix, page_file};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

pub fn run(args: &ReportArgs, common: &Common) -> Result<(), Failure> {
    let is_whole = args.chosen.is_everything();
    if args.output.is_none() && !is_whole {
        return Err(Failure::call(
            "--outcome and --arm choose what charts show, and without a folder there are none",
            "give the folder with -o DIR, or leave them out",
        ));
    }
    if args.output.is_none() && args.font.is_some() {
        return Err(Failure::call(
            "--font is for charts, and without a folder there are none",
            "give the folder with -o DIR, or leave it out",
        ));
    }
    if matches!(common.format(), Format::Junit | Format::Github) {
        return Err(only_check());
    }
    let dataset = Dataset::load_all(&args.paths)?;
    let options = ContrastOptions { level: common.level, ..ContrastOptions::default() };
    let all_computed = effects_of_all(dataset.releases(), &options, common.rounding);
    let all_behind = behind_all(dataset.releases(), common);
    let checks = checks_of(&args.paths, dataset.releases(), &all_behind, common)?;
    let all_findings = findings_of(&all_behind);
    let known = Known { releases: &all_computed, findings: &all_findings, checks: &checks };
    let parts = if is_whole { Vec::new() } else { args.chosen.parts(&dataset)? };
    let computed = args.chosen.effects(&parts, &options, common.rounding);
    let behind = behind_all(&parts, common);
    let findings = findings_of(&behind);
    let part = Known { releases: &computed, findings: &findings, checks: &checks };
    let drawn = Pictured { known: if is_whole { &known } else { &part }, chosen: &args.chosen };
    let is_markdown = common.format() == Format::Markdown;
    let written = match &args.output {
        Some(folder) => write_folder(folder, &known, &drawn, is_markdown, &style(args.font.as_deref())?, common)?,
        None => Vec::new(),
    };
    if let (true, None) = (is_markdown, &args.output) {
        if !common.quiet {
            print(&markdown::report(&known.told(), &checks, &[], &[], options_of(common)))?;
        }
        return checks_hold(&checks);
    }
    let outputs = Outputs {
        document: &|| {
            let mut document = summary(&all_computed, &all_findings, options_of(common));
            document.append(checks::document(&checks, false));
            document
        },
        json: &|| {
            let mut document = json::release_effects_document(&all_computed, common.level);
            if let Some(fields) = document.as_object_mut() {
                fields.extend(verdicts::fields(&checks));
            }
            document
        },
        csv: &|| csv::effects(&all_computed, common.level),
    };
    if !is_markdown {
        write_results(&outputs, None, common)?;
    }
    if let (Some(folder), Format::Table | Format::Markdown, false) = (&args.output, common.format(), common.quiet) {
        let page = folder.join(if is_markdown { "index.md" } else { "index.html" });
        print(&format!("\n{} files written; open {}\n", written.len(), page.display()))?;
    }
    checks_hold(&checks)
}

/// The data behind the numbers of each release.
fn behind_all(releases: &[Release], common: &Common) -> Vec<Vec<Behind>> {
    each_in_parallel(releases.len(), |at| behind(&releases[at], common.rounding))
}

/// What follows for it.
fn findings_of(behind: &[Vec<Behind>]) -> Vec<Findings<'_>> {
    each_in_parallel(behind.len(), |at| Findings::of(&behind[at]))
}

/// What is drawn: everything that is known, or the part of it that was asked for.
struct Pictured<'a> {
    known: &'a Known<'a>,
    chosen: &'a ChosenArgs,
}

impl Pictured<'_> {
    /// The charts of a release; none where nothing of it was asked for.
    fn charts_of(&self, release: &Release, by: &Brush<'_>) -> Result<OfRelease, ChartError> {
        let Known { releases, findings, .. } = self.known;
        let mut own = releases.iter().zip(*findings).filter(|((part, _), _)| part.id == release.id);
        own.next().map_or(Ok(OfRelease::default()), |(computed, findings)| OfRelease::draw(computed, findings, by))
    }

    /// The chart of all releases; of rows it says nothing where there is none.
    fn overview(&self, by: &Brush<'_>) -> Result<Vec<Sheet>, ChartError> {
        let releases = self.known.releases;
        let has_rows = releases.iter().any(|(_, effects)| !effects.contrasts.is_empty());
        let all: Vec<&Release> = releases.iter().map(|(release, _)| *release).collect();
        by.sheets("overview", &all, &|lang| {
            has_rows.then(|| Box::new(charts::overview(releases, lang)) as Box<dyn Chart>)
        })
    }
}

/// The files of charts, by their language and the characters that they lack.
type StoodIn = BTreeMap<(Lang, BTreeSet<char>), BTreeSet<String>>;

/// How charts are drawn.
struct Brush<'a> {
    style: &'a Style,
    rounding: Rounding,
    chosen: &'a ChosenArgs,
    is_quiet: bool,
    /// Whether there are so many results that the largest charts, those of data sets, have no second picture for
    /// telephones: they scroll there.
    is_long: bool,
    /// The files in which 〓 stands for characters, by these.
    stood_in: Mutex<StoodIn>,
}

/// Everything that was read and computed.
struct Known<'a> {
    releases: &'a [(&'a Release, ReleaseEffects)],
    findings: &'a [Findings<'a>],
    checks: &'a [Check],
}

impl Known<'_> {
    fn told(&self) -> Vec<Told<'_>> {
        told(self.releases, self.findings, self.checks)
    }
}

/// Every check and every expectation, release by release, and those of files with expectations alone.
fn checks_of(
    paths: &[PathBuf],
    releases: &[Release],
    behind: &[Vec<Behind>],
    common: &Common,
) -> Result<Vec<Check>, Failure> {
    let options = CheckOptions { rounding: common.rounding, commands: Some(&answer), ..CheckOptions::default() };
    let mut checks = Vec::new();
    let mut remaining = releases.iter().zip(behind);
    for file in data_files(paths)? {
        let next = file.release_path().and_then(|_| remaining.next());
        let Some((release, behind)) = next else {
            checks.extend(check_file(&file, &options).checks);
            continue;
        };
        let mut found = FileChecks::default();
        check_release(release, behind, &file.expectations()?, &file.folder(), &options, &mut found);
        checks.extend(found.checks);
    }
    Ok(checks)
}

fn options_of(common: &Common) -> SummaryOptions {
    SummaryOptions { level: common.level, rounding: common.rounding, lang: common.lang }
}

/// A chart in one language: the SVG of its own file, and that for the page.
struct Sheet {
    lang: Lang,
    file: String,
    alt: String,
    own: String,
    in_page: Drawn,
}

/// The width of charts for narrow screens, in pixels: that of a telephone less the edges of the page.
const NARROW: f64 = 360.0;

impl Brush<'_> {
    /// A chart of releases in both languages.
    fn sheets(
        &self,
        name: &str,
        releases: &[&Release],
        chart: &(dyn Fn(Lang) -> Option<Box<dyn Chart>> + Sync),
    ) -> Result<Vec<Sheet>, ChartError> {
        let drawn = each_in_parallel(Lang::ALL.len(), |at| {
            let lang = Lang::ALL[at];
            let Some(mut chart) = chart(lang) else { return Ok(None) };
            self.chosen.write_under(&mut *chart, releases, lang);
            let style = self.style.clone().with_id_prefix(id_prefix(name, lang));
            let file = format!("{name}.{lang}.svg");
            let laid_out = chart.laid_out(&style)?;
            tell_of_height(&laid_out, &style, &format!("the chart {file}"), self.is_quiet);
            let stood_in = laid_out.stood_in();
            if !stood_in.is_empty() {
                let mut all = self.stood_in.lock().unwrap_or_else(PoisonError::into_inner);
                all.entry((lang, stood_in)).or_default().insert(file.clone());
            }
            let own = laid_out.svg()?;
            let wide = laid_out.svg_in_page(None);
            let narrow_style = style.clone().with_id_prefix(format!("{name}-{lang}-narrow")).with_width(NARROW);
            let is_wide_alone = self.is_long && name.ends_with(ENSEMBLE);
            let narrow = match (!is_wide_alone).then(|| chart.laid_out(&narrow_style)).transpose() {
                Ok(narrow) => narrow,
                // What cannot be so narrow scrolls.
                Err(ChartError::Crowded { .. }) => None,
                Err(other) => return Err(other),
            };
            let mut on_dark = paired(&laid_out, &*chart, &style)?;
            if let Some(narrow) = narrow.as_ref().filter(|it| it.colours().any(|own| !on_dark.contains_key(&own))) {
                on_dark.extend(paired(narrow, &*chart, &narrow_style)?);
            }
            let narrow = narrow.map(|narrow| narrow.svg_in_page(Some(&style.id_prefix)));
            let in_page = Drawn { lang, wide, narrow, on_dark };
            let alt = chart.caption().title.clone();
            Ok(Some(Sheet { lang, file, alt, own, in_page }))
        });
        drawn.into_iter().filter_map(Result::transpose).collect()
    }
}

/// Each colour of a chart with that which stands in its place on a dark ground.
fn paired(light: &LaidOut<'_>, chart: &dyn Chart, style: &Style) -> Result<BTreeMap<String, String>, ChartError> {
    let style = Style { theme: Theme::dark(), ..style.clone() };
    let dark = chart.laid_out(&style)?;
    Ok(light.colours().zip(dark.colours()).collect())
}

impl Brush<'_> {
    /// What is to be said of the charts: which characters they lack. English goes to standard error as well.
    fn remarks(&self) -> Vec<(Lang, String)> {
        let mut remarks = Vec::new();
        for ((lang, characters), files) in &*self.stood_in.lock().unwrap_or_else(PoisonError::into_inner) {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let told = |lang: Lang| stand_ins(characters, &files.join(lang.choose(", ", "、")), lang);
            if !self.is_quiet {
                tell(&fitting_line(&format!("note: {}", told(Lang::En))));
            }
            remarks.push((*lang, told(*lang)));
        }
        remarks
    }
}

fn in_page(sheets: &[Sheet]) -> Vec<Drawn> {
    sheets.iter().map(|sheet| sheet.in_page.clone()).collect()
}

/// The charts of a release: before and after, the arms against one another, the effects that it reports itself, and
/// the data sets behind its numbers.
#[derive(Default)]
struct OfRelease([Vec<Sheet>; 4]);

impl OfRelease {
    fn draw(
        computed: &(&Release, ReleaseEffects),
        findings: &Findings<'_>,
        by: &Brush<'_>,
    ) -> Result<Self, ChartError> {
        let (release, effects) = computed;
        let of = |kind: &str, chart: &(dyn Fn(Lang) -> Option<Box<dyn Chart>> + Sync)| {
            by.sheets(&format!("{}.{kind}", release.id), &[*release], chart)
        };
        let [before_after, between_arms, reported, ensemble] = KINDS;
        let reconstructed = OnceLock::new();
        let reconstructed = || reconstructed.get_or_init(|| charts::ReconstructedChanges::of(findings.behind));
        Ok(Self([
            of(before_after, &|lang| Some(Box::new(charts::before_after(release, effects, lang)?)))?,
            of(between_arms, &|lang| Some(Box::new(plots::between_arms(std::slice::from_ref(computed), lang).ok()?)))?,
            of(reported, &|lang| Some(Box::new(plots::reported(&[*release], by.rounding, lang).ok()?)))?,
            of(ensemble, &|lang| Some(Box::new(charts::ensemble(release, reconstructed(), lang)?)))?,
        ]))
    }

    fn in_page(&self) -> Charts {
        let [before_after, between, reported, ensemble] = self.0.each_ref().map(|sheets| in_page(sheets));
        Charts { before_after, between, reported, ensemble }
    }
}

/// In a report of more changes than these the charts of data sets are drawn at one width.
const MOST_NARROW: usize = 150;
/// A page of more bytes than these has a file for each language: nobody reads both, and everybody loads both.
const MOST_BYTES: usize = 8_000_000;

/// The page, first in the language that was asked for; a long one as a file for each language.
fn pages(whole: &Page<'_>, options: SummaryOptions, most: usize) -> Vec<(String, String)> {
    let both = page(whole, options);
    if both.len() <= most {
        return vec![(INDEX.to_owned(), both)];
    }
    let other = options.lang.choose(Lang::Ja, Lang::En);
    let file = page_file(other);
    let own = page_alone(whole, options, (other, &file));
    let beside = page_alone(whole, SummaryOptions { lang: other, ..options }, (options.lang, INDEX));
    vec![(INDEX.to_owned(), own), (file, beside)]
}

/// Draws every chart in both languages and writes it with the page. Everything is drawn before the
/// first file is written, so that a chart that fails leaves the folder as it was.
fn write_folder(
    folder: &Path,
    known: &Known<'_>,
    pictured: &Pictured<'_>,
    is_markdown: bool,
    style: &Style,
    common: &Common,
) -> Result<Vec<String>, Failure> {
    let by = Brush {
        style,
        rounding: common.rounding,
        chosen: pictured.chosen,
        is_quiet: common.quiet,
        is_long: known.releases.iter().map(|(_, effects)| effects.contrasts.len()).sum::<usize>() > MOST_NARROW,
        stood_in: Mutex::default(),
    };
    let of_releases = each_in_parallel(known.releases.len(), |at| pictured.charts_of(known.releases[at].0, &by));
    let of_releases: Vec<OfRelease> = of_releases.into_iter().collect::<Result<_, _>>()?;
    let overview = pictured.overview(&by)?;
    let charts: Vec<Charts> = of_releases.iter().map(OfRelease::in_page).collect();
    let told = known.told();
    let overview_in_page = in_page(&overview);
    let remarks = by.remarks();
    let whole =
        Page { told: &told, charts: &charts, overview: &overview_in_page, remarks: &remarks, checks: known.checks };
    let mut files = pages(&whole, options_of(common), MOST_BYTES);
    let html = files.len();
    if is_markdown {
        let pictures = |sheets: &mut dyn Iterator<Item = &Sheet>| -> Vec<Picture> {
            let own = sheets.filter(|sheet| sheet.lang == common.lang);
            own.map(|sheet| Picture { alt: sheet.alt.clone(), file: sheet.file.clone() }).collect()
        };
        let own: Vec<Vec<Picture>> = of_releases.iter().map(|of| pictures(&mut of.0.iter().flatten())).collect();
        let text = markdown::report(&told, known.checks, &pictures(&mut overview.iter()), &own, options_of(common));
        files.push(("index.md".to_owned(), text));
    }
    let all = of_releases.into_iter().flat_map(|of| of.0).chain([overview]).flatten();
    files.extend(all.map(|sheet| (sheet.file, sheet.own)));
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("the folder {} could not be made: {error}", folder.display());
        let hint = if folder.is_file() {
            "a file has this name: name a folder, or one that does not exist yet"
        } else {
            "check its name and the permissions of the folder above it"
        };
        Failure::call(message, hint)
    })?;
    // The page last, when everything that belongs to it is there and nothing else.
    for (name, text) in files.iter().skip(html).rev() {
        write_file(&folder.join(name), text.as_bytes())?;
    }
    let ids: Vec<&str> = known.releases.iter().map(|(release, _)| release.id.as_str()).collect();
    let names = files.iter().map(|(name, _)| name.as_str()).collect();
    earlier::remove(folder, &ids, &names, common.quiet)?;
    for (name, text) in files.iter().take(html).rev() {
        write_file(&folder.join(name), text.as_bytes())?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page of both languages where it is short; a long one in two files that lead to each other.
    #[test]
    fn a_long_page_has_a_file_for_each_language() {
        let dataset = Dataset::load(Path::new("data/als-muse-2023.toml")).unwrap();
        let computed = effects_of_all(dataset.releases(), &ContrastOptions::default(), Rounding::default());
        let behind = [Vec::new()];
        let findings = findings_of(&behind);
        let known = Known { releases: &computed, findings: &findings, checks: &[] };
        let (told, charts) = (known.told(), [Charts::default()]);
        let whole = Page { told: &told, charts: &charts, overview: &[], remarks: &[], checks: &[] };
        let options = SummaryOptions { level: 0.95, rounding: Rounding::default(), lang: Lang::Ja };
        let [(name, both)] = &pages(&whole, options, MOST_BYTES)[..] else { panic!("one file") };
        assert_eq!(name, INDEX);
        assert!(both.contains("data-page=\"ja\"") && both.contains("data-page=\"en\""));
        let [(first, japanese), (second, english)] = &pages(&whole, options, 1000)[..] else { panic!("two files") };
        assert_eq!([first, second], ["index.html", "index.en.html"]);
        for (page, own, other, file) in [(japanese, "ja", "en", second), (english, "en", "ja", first)] {
            assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{own}\">")), "{}", &page[..80]);
            assert!(page.contains(&format!("data-page=\"{own}\"")), "{own}");
            assert!(!page.contains(&format!("data-page=\"{other}\"")), "{own}");
            assert!(page.contains(&format!("<a href=\"{file}\" hreflang=\"{other}\"")), "{own}");
        }
        assert!(english.len() + japanese.len() < both.len() * 3 / 2);
    }
}
