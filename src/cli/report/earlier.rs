//! Charts that an earlier run of `reffect report` left in its folder and that this run does not draw: beside the new
//! page they would show numbers that it no longer has.

use crate::chart::is_svg_of;
use crate::cli::failure::{Failure, tell, told};
use crate::reported::Lang;
use std::collections::BTreeSet;
use std::path::Path;

/// The kinds of charts of a release, as they stand in the names of their files.
pub const KINDS: [&str; 4] = ["before-after", "between-arms", "reported", ENSEMBLE];
pub const ENSEMBLE: &str = "ensemble";

/// The page.
pub const INDEX: &str = "index.html";

/// The page in another language, where it is too long for both in one file.
pub fn page_file(lang: Lang) -> String {
    format!("index.{lang}.html")
}

/// The `id`s of a chart begin with this.
pub fn id_prefix(name: &str, lang: Lang) -> String {
    format!("{name}-{lang}")
}

/// Removes the charts of these releases, and of all of them together, that are in the folder and not among the files
/// of this run. A file counts as a chart of an earlier run where its name is that of such a chart and it begins as
/// `report` begins the SVG of that name; any other file stays.
///
/// # Errors
/// A chart could not be removed.
pub fn remove(folder: &Path, releases: &[&str], written: &BTreeSet<&str>, is_quiet: bool) -> Result<(), Failure> {
    let of_releases = releases.iter().flat_map(|id| KINDS.iter().map(move |kind| format!("{id}.{kind}")));
    let mut removed = Vec::new();
    for name in of_releases.chain(["overview".to_owned()]) {
        for lang in Lang::ALL {
            let file = format!("{name}.{lang}.svg");
            let path = folder.join(&file);
            if written.contains(file.as_str()) || !is_own(&path, &id_prefix(&name, lang)) {
                continue;
            }
            std::fs::remove_file(&path).map_err(|error| {
                let message = format!("{} of an earlier run could not be removed: {error}", path.display());
                Failure::call(message, "remove it: this run does not draw it, and its numbers are old")
            })?;
            removed.push(file);
        }
    }
    if !removed.is_empty() && !is_quiet {
        tell(&told(&format!(
            "note: charts of an earlier run that this one does not draw are removed: {}",
            removed.join(", ")
        )));
    }
    tell_of_page(folder, written, is_quiet);
    tell_of_pages(folder, written, is_quiet);
    Ok(())
}

/// Whether a file is a chart whose `id`s begin so; a link and a folder are none.
fn is_own(path: &Path, prefix: &str) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
    is_file && std::fs::read_to_string(path).is_ok_and(|text| is_svg_of(&text, prefix))
}

/// A page in another language that is not written this time has the numbers of another run.
fn tell_of_pages(folder: &Path, written: &BTreeSet<&str>, is_quiet: bool) {
    for file in Lang::ALL.map(page_file) {
        if !is_quiet && !written.contains(file.as_str()) && folder.join(&file).is_file() {
            tell(&format!("note: {file} is of an earlier run, whose page was too long for both languages"));
        }
    }
}

/// A page in Markdown that shows charts of `report` and is not written this time has the numbers of another run.
fn tell_of_page(folder: &Path, written: &BTreeSet<&str>, is_quiet: bool) {
    if is_quiet || written.contains("index.md") {
        return;
    }
    let text = std::fs::read_to_string(folder.join("index.md")).unwrap_or_default();
    let shows = |file: &&str| file.ends_with(".svg") && text.contains(&format!("]({file})"));
    if written.iter().any(shows) {
        tell("note: index.md is of an earlier run; --format markdown writes it anew");
    }
}
