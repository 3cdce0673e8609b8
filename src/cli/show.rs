//! `reffect show`: what releases report.

use super::args::{Common, Format, ShowArgs};
use super::failure::Failure;
use super::output::{Outputs, print, write_file, write_results};
use crate::read::Dataset;
use crate::report::document::Document;
use crate::report::release_toml::release_toml;
use crate::report::{json, show, show_csv};

pub fn run(args: &ShowArgs, common: &Common) -> Result<(), Failure> {
    let dataset = Dataset::load_all(&args.paths)?;
    let releases = dataset.releases();
    if args.toml {
        if common.format() != Format::Table {
            let hint = "leave --toml out, or --format and --json";
            return Err(Failure::call("--toml writes release files, and another format was asked for", hint));
        }
        let [release] = releases else {
            let message = format!("a release file holds one release, and --toml was asked for {}", releases.len());
            return Err(Failure::call(message, "name one at a time"));
        };
        let text = release_toml(release);
        return match &args.output {
            Some(path) => write_file(path, text.as_bytes()),
            None => print(&text),
        };
    }
    let document = || {
        let mut document = Document::default();
        releases.iter().for_each(|release| document.append(show::show(release, common.lang)));
        document
    };
    let outputs = Outputs {
        document: &document,
        json: &|| json::releases_document(releases, common.rounding),
        csv: &|| show_csv::show(releases, common.lang),
    };
    write_results(&outputs, args.output.as_deref(), common)
}
