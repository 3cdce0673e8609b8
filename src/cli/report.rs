//! `reffect report`: everything that the releases allow, in one folder.

use super::args::{Common, Format, ReportArgs};
use super::check::checks_hold;
use super::commands::answer;
use super::failure::Failure;
use super::output::{Outputs, print, write_file, write_results};
use super::plot::style;
use crate::chart::{Chart, ChartError, Style};
use crate::check::Check;
use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::{ReleaseEffects, effects_of_all};
use crate::expect::{CheckOptions, FileChecks, check_file, check_release};
use crate::read::{Dataset, data_files};
use crate::reconstruct::of_release::{Behind, behind};
use crate::report::behind::Findings;
use crate::report::html::{Charts, page};
use crate::report::summary::{SummaryOptions, summary};
use crate::report::{charts, checks, csv, json};
use crate::reported::{Lang, Release};
use std::path::{Path, PathBuf};

pub fn run(args: &ReportArgs, common: &Common) -> Result<(), Failure> {
    let dataset = Dataset::load_all(&args.paths)?;
    let options = ContrastOptions { level: common.level, ..ContrastOptions::default() };
    let computed = effects_of_all(dataset.releases(), &options, common.rounding);
    let behind: Vec<Vec<Behind>> = dataset.releases().iter().map(|release| behind(release, common.rounding)).collect();
    let checks = checks_of(&args.paths, dataset.releases(), &behind, common)?;
    let findings: Vec<Findings<'_>> = behind.iter().map(|behind| Findings::of(behind)).collect();
    let written = match &args.output {
        Some(folder) => write_folder(folder, &computed, &findings, &checks, &style(args.font.as_deref())?, common)?,
        None => Vec::new(),
    };
    let outputs = Outputs {
        document: &|| {
            let mut document = summary(&computed, &findings, options_of(common));
            document.append(checks::document(&checks, false));
            document
        },
        json: &|| json::release_effects_document(&computed, common.level),
        csv: &|| csv::effects(&computed, common.level),
    };
    write_results(&outputs, None, common)?;
    if let (Some(folder), Format::Table, false) = (&args.output, common.format(), common.quiet) {
        let page = folder.join("index.html");
        print(&format!("\n{} files written; open {}\n", written.len(), page.display()))?;
    }
    checks_hold(&checks)
}

/// Every check and every expectation, release by release, and those of files with expectations alone.
fn checks_of(
    paths: &[PathBuf],
    releases: &[Release],
    behind: &[Vec<Behind>],
    common: &Common,
) -> Result<Vec<Check>, Failure> {
    let options = CheckOptions { rounding: common.rounding, sources: None, commands: Some(&answer) };
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

/// Draws every chart in both languages and writes it with the page. Everything is drawn before the
/// first file is written, so that a chart that fails leaves the folder as it was.
fn write_folder(
    folder: &Path,
    releases: &[(&Release, ReleaseEffects)],
    findings: &[Findings<'_>],
    checks: &[Check],
    style: &Style,
    common: &Common,
) -> Result<Vec<String>, Failure> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut draw = |name: &str, chart: &dyn Fn(Lang) -> Option<Box<dyn Chart>>| {
        let mut drawn = Vec::new();
        for lang in Lang::ALL {
            let Some(chart) = chart(lang) else { continue };
            let svg = chart.svg(&style.clone().with_id_prefix(format!("{name}-{lang}")))?;
            files.push((format!("{name}.{lang}.svg"), svg.clone()));
            drawn.push((lang, svg));
        }
        Ok::<_, ChartError>(drawn)
    };
    let mut drawn = Vec::new();
    for ((release, effects), findings) in releases.iter().zip(findings) {
        let before_after = draw(&format!("{}.before-after", release.id), &|lang| {
            charts::before_after(release, effects, lang).map(|chart| Box::new(chart) as Box<dyn Chart>)
        })?;
        let ensemble = draw(&format!("{}.ensemble", release.id), &|lang| {
            charts::ensemble(release, findings.behind, lang).map(|chart| Box::new(chart) as Box<dyn Chart>)
        })?;
        drawn.push(Charts { before_after, ensemble });
    }
    let overview = draw("overview", &|lang| Some(Box::new(charts::overview(releases, lang))))?;
    files.push((
        "index.html".to_owned(),
        page(releases, findings, &drawn, &overview, &checks::document(checks, false), options_of(common)),
    ));
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("the folder {} could not be made: {error}", folder.display());
        Failure::call(message, "check its name and the permissions of the folder above it")
    })?;
    for (name, text) in &files {
        write_file(&folder.join(name), text.as_bytes())?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}
