//! Which files of a folder hold what.

use super::release::{Expectations, read_expectations, read_release, read_stream};
use super::text::{ends_in, read_file, whole_file};
use crate::diagnostic::{Diagnostics, inert};
use crate::reported::Release;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A release with the expectations beside it, or expectations alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    release: Option<PathBuf>,
    expectations: Option<PathBuf>,
    /// Whether a release of this name came before.
    is_second: bool,
}

/// The name of a file as that of its release, which stands in results, pages and names of charts.
fn inert_name(name: &str) -> String {
    inert(name).replace('\n', "\u{FFFD}")
}

/// What the names of files with expectations end in.
const EXPECTATIONS: &str = ".expect.toml";

impl DataFile {
    /// Its name in results: that of the file without its endings.
    pub fn name(&self) -> String {
        let path = self.release.as_ref().or(self.expectations.as_ref());
        let name = path.and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.strip_suffix(EXPECTATIONS).or_else(|| name.strip_suffix(".toml"));
        inert_name(stem.unwrap_or(&name))
    }

    /// The folder that it stands in.
    pub fn folder(&self) -> PathBuf {
        let path = self.release.as_ref().or(self.expectations.as_ref());
        path.and_then(|path| path.parent()).map(Path::to_owned).unwrap_or_default()
    }

    /// The file of the release, if it has one.
    pub fn release_path(&self) -> Option<&Path> {
        self.release.as_deref()
    }

    /// The files that it consists of: that of the release and that of the expectations, as far as they are there.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.release.iter().chain(&self.expectations).cloned().collect()
    }

    /// Reads the release; none where there are expectations alone.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn release(&self) -> Result<Option<Release>, Diagnostics> {
        match &self.release {
            Some(path) if self.is_second => {
                let message = format!("another release has the name `{}` already", self.name());
                let hint = "rename one of the files, or give each path once";
                Err(Diagnostics(vec![whole_file(&path.display().to_string(), message, hint)]))
            }
            Some(path) => load_file(path).map(Some),
            None => Ok(None),
        }
    }

    /// Reads what is expected beside the release.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn expectations(&self) -> Result<Expectations, Diagnostics> {
        let Some(path) = &self.expectations else { return Ok(Expectations::default()) };
        let text = read_file(path).map_err(|diagnostic| Diagnostics(vec![diagnostic]))?;
        read_expectations(&path.display().to_string(), &text)
    }
}

/// The files of several files and folders, in the order of the paths and of the names within a folder:
/// every release (`*.toml`) with the expectations beside it (`NAME.expect.toml`), and expectations that
/// belong to no release.
///
/// # Errors
/// If a folder cannot be read, or holds neither.
pub fn data_files(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Vec<DataFile>, Diagnostics> {
    let mut files: Vec<DataFile> = Vec::new();
    let mut problems = Vec::new();
    // Expectations bring their release along: naming it as well, as every list of changed files does, gives it once.
    let mut brought: HashSet<PathBuf> = HashSet::new();
    for path in paths {
        let path = path.as_ref();
        match files_of(path) {
            Ok(found) if is_expectations(path) => {
                let new = found.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>();
                brought.extend(new.iter().filter_map(|file| file.release.clone()));
                files.extend(new);
            }
            Ok(found) => {
                let mut is_new = |file: &DataFile| file.release.as_ref().is_none_or(|release| !brought.remove(release));
                files.extend(found.into_iter().filter(|file| is_new(file)));
            }
            Err(diagnostics) => problems.extend(diagnostics.0),
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    let mut names = HashSet::new();
    for file in files.iter_mut().filter(|file| file.release.is_some()) {
        file.is_second = !names.insert(file.name());
    }
    Ok(files)
}

fn files_of(path: &Path) -> Result<Vec<DataFile>, Diagnostics> {
    if !path.is_dir() {
        return Ok(vec![of_path(path)]);
    }
    let (releases, expectations) = folder(path)?;
    let release = |path: &PathBuf| DataFile {
        release: Some(path.clone()),
        expectations: Some(beside(path)).filter(|beside| expectations.contains(beside)),
        is_second: false,
    };
    let mut files: Vec<DataFile> = releases.iter().map(release).collect();
    let known: HashSet<PathBuf> = files.iter().filter_map(|file| file.expectations.clone()).collect();
    let alone = expectations.into_iter().filter(|path| !known.contains(path));
    files.extend(alone.map(|path| DataFile { release: None, expectations: Some(path), is_second: false }));
    if files.is_empty() {
        return Err(empty(path));
    }
    files.sort_by_key(DataFile::name);
    Ok(files)
}

/// A file that was named: a release with what stands beside it, or expectations with their release.
fn of_path(path: &Path) -> DataFile {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(stem) = name.strip_suffix(EXPECTATIONS) {
        let release = path.with_file_name(format!("{stem}.toml"));
        let release = Some(release).filter(|release| release.is_file());
        return DataFile { release, expectations: Some(path.to_owned()), is_second: false };
    }
    let expectations = Some(beside(path)).filter(|beside| beside.is_file());
    DataFile { release: Some(path.to_owned()), expectations, is_second: false }
}

/// `NAME.expect.toml` beside `NAME.toml`.
fn beside(release: &Path) -> PathBuf {
    let mut name: OsString = release.file_stem().unwrap_or_default().to_owned();
    name.push(EXPECTATIONS);
    release.with_file_name(name)
}

/// The data files in a folder, in the order of their names.
fn folder_of_data(path: &Path, is_data: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Diagnostics> {
    let unreadable = |error: std::io::Error| {
        let message = format!("the folder could not be read: {error}");
        let name = path.display().to_string();
        Diagnostics(vec![whole_file(&name, message, "check the path and its permissions")])
    };
    let mut found = Vec::new();
    for entry in path.read_dir().map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What editors and systems hide is no data; a link that leads nowhere is told when it is read.
        if is_data(&file) && !name.starts_with('.') && !file.is_dir() {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is named as one of expectations beside a release.
pub(super) fn is_expectations(path: &Path) -> bool {
    path.to_string_lossy().ends_with(EXPECTATIONS)
}

/// The release files and the files with expectations in a folder, each in the order of their names.
fn folder(path: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Diagnostics> {
    let files = folder_of_data(path, |file| ends_in(file, "toml"))?;
    Ok(files.into_iter().partition(|file| !is_expectations(file)))
}

/// The tables of a folder, and whether releases or expectations stand beside them.
///
/// # Errors
/// If the folder cannot be read.
pub fn tables_of_folder(path: &Path) -> Result<(Vec<PathBuf>, bool), Diagnostics> {
    let (releases, expectations) = folder(path)?;
    let is_alone = releases.is_empty() && expectations.is_empty();
    Ok((folder_of_data(path, is_table)?, !is_alone))
}

fn empty(path: &Path) -> Diagnostics {
    let hint = "name a folder with release files, or a release file itself";
    Diagnostics(vec![whole_file(&path.display().to_string(), "the folder holds no release file (*.toml)", hint)])
}

/// A path itself, or the release files of a folder. Expectations beside the data are no releases.
pub(super) fn release_files(path: &Path) -> Result<Vec<PathBuf>, Diagnostics> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let (releases, _) = folder(path)?;
    if releases.is_empty() { Err(empty(path)) } else { Ok(releases) }
}

/// Whether the name of a file is one of a table: `.csv` or `.tsv`, also compressed.
pub fn is_table(path: &Path) -> bool {
    let inner = if ends_in(path, "gz") { path.with_extension("") } else { path.to_owned() };
    ends_in(&inner, "csv") || ends_in(&inner, "tsv")
}

pub(super) fn load_file(path: &Path) -> Result<Release, Diagnostics> {
    if path == Path::new("-") {
        return read_stream("stdin", "<stdin>", std::io::stdin().lock());
    }
    if is_expectations(path) {
        let hint = "name the release itself, or its folder; `check` reads both";
        let message = "a release was expected, and the name is that of the expectations beside one";
        return Err(Diagnostics(vec![whole_file(&path.display().to_string(), message, hint)]));
    }
    if is_table(path) {
        let hint = "tables go to `effect --measure CODE`, `check`, `meta`, `fit` and `convert`";
        let message = "a release (a TOML file) was expected, and this is a table";
        return Err(Diagnostics(vec![whole_file(&path.display().to_string(), message, hint)]));
    }
    let id = inert_name(&path.file_stem().unwrap_or_default().to_string_lossy());
    let text = read_file(path).map_err(|diagnostic| Diagnostics(vec![diagnostic]))?;
    read_release(&id, &path.display().to_string(), &text)
}
