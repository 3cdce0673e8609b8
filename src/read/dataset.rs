//! A folder of releases.

use super::files::{is_expectations, load_file, release_files};
use super::text::whole_file;
use crate::diagnostic::{Diagnostics, meant_or_known};
use crate::reported::Release;
use std::path::Path;

/// Releases, in the order of the paths and of the file names within a folder.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    releases: Vec<Release>,
}

/// A release was asked for that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no release `{id}`; {hint}")]
#[non_exhaustive]
pub struct NoSuchRelease {
    /// The name that was asked for.
    pub id: String,
    /// A name that is close to it, or the names that there are.
    pub hint: String,
}

/// Releases that were read one by one.
impl FromIterator<Release> for Dataset {
    fn from_iter<T: IntoIterator<Item = Release>>(releases: T) -> Self {
        Self { releases: releases.into_iter().collect() }
    }
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

    /// The releases of several files and folders. Expectations among several files are no releases, and left aside:
    /// they stand beside these, so that `*.toml` names both.
    ///
    /// # Errors
    /// As [`Dataset::load`].
    pub fn load_all(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Diagnostics> {
        let mut releases: Vec<Release> = Vec::new();
        let mut found = Vec::new();
        let paths: Vec<_> = paths.into_iter().collect();
        let is_one_of_several = |path: &Path| paths.len() > 1 && is_expectations(path);
        for path in paths.iter().filter(|path| !is_one_of_several(path.as_ref())) {
            let files = match release_files(path.as_ref()) {
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
        self.releases
            .iter()
            .find(|release| release.id == id)
            .ok_or_else(|| NoSuchRelease { id: id.to_owned(), hint: meant_or_known(id, "releases", names()) })
    }
}
