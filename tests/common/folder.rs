//! Folders for what tests write.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder that goes when the test ends.
pub struct Folder(pub(super) PathBuf);

impl Folder {
    /// A new, empty folder; `name` says whose it is to someone who looks for what a test left.
    pub fn new(name: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let at = MADE.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{at}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A new folder with a copy of `data/`.
    pub fn with_data(name: &str) -> Self {
        let folder = Self::new(name);
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        for (from, to) in [
            (data.clone(), "data"),
            (data.join("published"), "data/published"),
            (data.join("trials"), "data/trials"),
            (data.join("examples"), "data/examples"),
        ] {
            std::fs::create_dir(folder.path(to)).unwrap();
            for entry in std::fs::read_dir(from).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    std::fs::copy(&path, folder.path(to).join(path.file_name().unwrap())).unwrap();
                }
            }
        }
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
