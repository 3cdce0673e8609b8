//! A folder of releases.

use super::release::{read_release, read_stream};
use super::text::{read_file, whole_file};
use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::reported::Release;
use std::path::{Path, PathBuf};

/// Releases, in the order of the paths and of the file names within a folder.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    releases: Vec<Release>,
}

/// A release was asked for that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no release `{id}`{}", hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default())]
pub struct NoSuchRelease {
    /// The name that was asked for.
    pub id: String,
    /// A name that is close to it, or the names that there are.
    pub hint: Option<String>,
}

impl Dataset {
    /// The releases of a file, of every `*.toml` in a folder, or of standard input (`-`).
    ///
    /// # Errors
    /// If any of them cannot be read; the error names every mistake of every file.
    ///
    /// ```
    /// use reffect::read::Dataset;
    ///
    /// let trials = Dataset::load("data")?;
    /// let release = trials.release("nmo-tocilizumab-2014")?;
    /// let outcome = release.outcome("relapse-rate").expect("the release has this outcome");
    /// assert_eq!(outcome.results[0].at("before").expect("a value before").text, "2.9 ± 1.1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        Self::load_all([path])
    }

    /// The releases of several files and folders.
    ///
    /// # Errors
    /// As [`Dataset::load`].
    pub fn load_all(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Diagnostics> {
        let mut releases: Vec<Release> = Vec::new();
        let mut found = Vec::new();
        for path in paths {
            let files = match files_of(path.as_ref()) {
                Ok(files) => files,
                Err(diagnostics) => {
                    found.extend(diagnostics.0);
                    continue;
                }
            };
            for file in files {
                match load_file(&file) {
                    Ok(release) if releases.iter().any(|known| known.id == release.id) => {
                        let message = format!("another release has the name `{}` already", release.id);
                        let name = file.display().to_string();
                        found.push(whole_file(&name, message, "rename one of the files, or give each path once"));
                    }
                    Ok(release) => releases.push(release),
                    Err(diagnostics) => found.extend(diagnostics.0),
                }
            }
        }
        if found.is_empty() { Ok(Self { releases }) } else { Err(Diagnostics(found)) }
    }

    /// All releases.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release of this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn release(&self, id: &str) -> Result<&Release, NoSuchRelease> {
        let names = || self.releases.iter().map(|release| release.id.as_str());
        self.releases.iter().find(|release| release.id == id).ok_or_else(|| NoSuchRelease {
            id: id.to_owned(),
            hint: did_you_mean(id, names())
                .or_else(|| Some(format!("there are {}", names().collect::<Vec<_>>().join(", ")))),
        })
    }
}

/// A path itself, or the release files of a folder. Expectations beside the data are no releases.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Diagnostics> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let message = format!("the folder could not be read: {error}");
        Diagnostics(vec![whole_file(&name, message, "check the path and its permissions")])
    };
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let file_name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if file_name.ends_with(".toml") && !file_name.ends_with(".expect.toml") && file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        let hint = "name a folder with release files, or a release file itself";
        return Err(Diagnostics(vec![whole_file(&name, "the folder holds no release file (*.toml)", hint)]));
    }
    files.sort();
    Ok(files)
}

fn load_file(path: &Path) -> Result<Release, Diagnostics> {
    if path == Path::new("-") {
        return read_stream("stdin", "<stdin>", std::io::stdin().lock());
    }
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    let text = read_file(path).map_err(|diagnostic| Diagnostics(vec![diagnostic]))?;
    read_release(&id, &path.display().to_string(), &text)
}
