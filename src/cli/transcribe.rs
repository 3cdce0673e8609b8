//! `reffect transcribe`: the draft of a release file from the text of its source.

use super::args::{Common, Format};
use super::failure::Failure;
use super::output::{print, write_file};
use crate::check::provenance::sha256;
use crate::read::{Dataset, read_source};
use crate::report::release_toml::release_toml;
use crate::reported::Release;
use crate::transcribe::{Missing, draft, missing};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reffect transcribe data/examples/release.txt -o nerve-pain.toml   complete what says \"to do\"
  reffect transcribe data/examples/release.txt --compare data/examples/release.toml
                                                what only one of the two has

It finds means with their spread, differences and ratios with their SE, interval and p, events over person-time, n of m,
percentages, p-values, counts and numbers with a unit, in Japanese and English, in any width, broken over lines. Times (\"at
week 24\", \"cycle 3 day 1\", 投与前, 12か月後) become occasions; groups with results or a size (\"the placebo group\", 実薬群,
\"drug A (n = 36)\", \"5.0 ± 1.1 with placebo\") become arms; values that are listed for them become one outcome. Dates,
names, references, doses, ranges of scores, page and telephone numbers are left out where their form tells them. Commas in
front of decimals (\"2,9 ± 1,1\") are read as points where no comma of the text can divide thousands, and the draft says so.
The draft reads back without error. A value of which the text does not say of whom it is stays a number without an arm. What
was measured, and whether each number is where it belongs, is for a person to say. What a ± means is taken from its own
sentence or from a sentence without results; otherwise it is left open. data/README.md is the guide to the format.")]
pub struct TranscribeArgs {
    /// The text of the source (UTF-8), or - for standard input
    #[arg(value_name = "SOURCE.txt")]
    pub source: PathBuf,
    /// Compare with a finished release file: numbers that it lacks, and numbers that the text lacks
    #[arg(long, value_name = "RELEASE.toml")]
    pub compare: Option<PathBuf>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

const HEADER: &str = "\
# A draft: every number of the text that looks like a result, with its line and the phrase around it.
# Complete what says \"to do\", name outcomes and arms, say what each ± is, and take out what is no result.
# `reffect check FILE --sources DIR` then says what does not fit.

";

pub fn run(args: &TranscribeArgs, common: &Common) -> Result<(), Failure> {
    if !matches!(common.format(), Format::Table) {
        return Err(Failure::call("a draft is a release file, in TOML", "leave --format out"));
    }
    let text = read_source(&args.source)?;
    if let Some(path) = &args.compare {
        let dataset = Dataset::load(path)?;
        let [release] = dataset.releases() else {
            return Err(Failure::call("--compare takes one release file", "name the file that belongs to the text"));
        };
        return compare(release, &missing(release, &text), args, common);
    }
    let stem = args.source.file_stem().unwrap_or_default().to_string_lossy();
    let file = args.source.file_name().unwrap_or_default().to_string_lossy();
    let file = if file == "-" { "source.txt".into() } else { file };
    let Some(mut drafted) = draft(&stem, &file, &text) else {
        let message = format!("{} holds no text", args.source.display());
        return Err(Failure::call(message, "extract the text of the document first, such as with pdftotext"));
    };
    // The hash is that of the file, of which a byte order mark is no text.
    if args.source.as_os_str() != "-"
        && let Ok(bytes) = std::fs::read(&args.source)
    {
        drafted.source.sha256 = Some(sha256(&bytes));
    }
    let written = format!("{HEADER}{}", release_toml(&drafted));
    match &args.output {
        // A source, or hours of somebody's work, may be in it.
        Some(path) if path.is_file() => Err(Failure::call(
            format!("{} is there already, and a draft would overwrite it", path.display()),
            "write to another file; --compare says what a finished one lacks",
        )),
        Some(path) => write_file(path, written.as_bytes()),
        None if common.is_mute() => Ok(()),
        None => print(&written),
    }
}

/// Numbers that the file lacks are for a person to look through; numbers that the text lacks are wrong.
fn compare(release: &Release, missing: &Missing, args: &TranscribeArgs, common: &Common) -> Result<(), Failure> {
    let mut out = String::new();
    for (line, number, quote) in &missing.from_file {
        out.push_str(&format!("line {line}: {number} is not in {}: {quote}\n", release.id));
    }
    for (line, number) in &missing.from_text {
        let line = line.map(|line| format!("near line {line}")).unwrap_or_default();
        out.push_str(&format!("{number} of {} was not found in the text {line}\n", release.id));
    }
    let counts = (missing.from_file.len(), missing.from_text.len());
    out.push_str(&format!(
        "numbers of the text that are not in the file: {}; of the file that are not in the text: {}\n",
        counts.0, counts.1
    ));
    match &args.output {
        Some(path) => write_file(path, out.as_bytes())?,
        None if common.quiet => {}
        None => print(&out)?,
    }
    match counts.1 {
        0 => Ok(()),
        1 => Err(Failure::Contradiction(format!("1 number of {} was not found in the text", release.id))),
        count => Err(Failure::Contradiction(format!("{count} numbers of {} were not found in the text", release.id))),
    }
}
